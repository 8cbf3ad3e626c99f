//! Decoding and encoding of JSON, for models and for requests.

pub(crate) mod buffers;
pub(crate) mod decode;
pub(crate) mod error;
pub(crate) mod field;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod market_lists;
pub(crate) mod object;
pub(crate) mod path;
pub(crate) mod scalar;
pub(crate) mod shape;
mod surrogates;
// The fake Spotify server uses all of it.
#[cfg_attr(not(feature = "fake"), allow(dead_code, unused_imports, unused_macros))]
pub(crate) mod value;
pub(crate) mod wrapper;
