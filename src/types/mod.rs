//! Values: ids, markets, scopes, timestamps, enums, secrets.

pub(crate) mod display;
pub(crate) mod enums;
pub(crate) mod id;
pub(crate) mod market;
pub(crate) mod scope;
pub(crate) mod secret;
pub(crate) mod small_text;
pub(crate) mod text_traits;
pub(crate) mod timestamp;
