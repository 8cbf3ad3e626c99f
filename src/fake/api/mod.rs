//! The endpoints of the Web API.

pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod development;
pub(crate) mod fields;
pub(crate) mod objects;
pub(crate) mod objects_full;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod player;
pub(crate) mod playlists;
pub(crate) mod responses;
pub(crate) mod route;
