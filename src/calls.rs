//! The calls of the table: a method of `Spotify` and a request type for each endpoint, in a module for each area.

use serde::de::DeserializeOwned;

use crate::page::Paged;

/// Gets the type that a call returns, from [`visit_result`]. Not part of the public API.
#[doc(hidden)]
pub trait ResultVisitor {
    /// The value that the visitor returns for a type.
    type Output;

    /// Gets the type of a result other than a page.
    fn value<T: DeserializeOwned>(self) -> Self::Output;

    /// Gets the type of a page.
    fn page<P: Paged>(self) -> Self::Output;
}

include!(concat!(env!("OUT_DIR"), "/calls.rs"));
