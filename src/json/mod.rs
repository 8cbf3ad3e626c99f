//! Decoding and encoding of JSON, for models and for requests.

pub(crate) mod buffers;
pub(crate) mod decode;
pub(crate) mod error;
pub(crate) mod field;
pub(crate) mod links;
pub(crate) mod market_lists;
pub(crate) mod number;
pub(crate) mod object;
pub(crate) mod path;
#[cfg(feature = "fake")]
pub(crate) mod value;
pub(crate) mod wrapper;
