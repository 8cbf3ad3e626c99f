//! front page
pub mod endpoint;
#[cfg(feature = "fake")]
pub mod fake;
pub mod model;

mod call;
mod chunk;
mod client;
mod error;
mod id;
mod market;
mod page;
mod param;
mod request;
mod response;
mod scope;
mod text;
mod time;
mod transport;
mod word;

pub use client::{Spotify, SpotifyBuilder};
pub use endpoint::Endpoint;
pub use error::{
    Decode, Error, Invalid, Link, LinkProblem, Partial, Refusal, Setup, Transport, TransportKind,
};
pub use id::*;
pub use market::{Market, MarketSet, UnknownMarket};
pub use page::{CursorPage, Cursors, Items, Missing, MissingReason, Page, Paged, Pages};
pub use param::{Arg, Opt, Param, TimestampedId};
pub use request::Request;
pub use response::RawResponse;
pub use scope::{Scope, Scopes};
pub use time::{InvalidTimestamp, Timestamp};
pub use word::*;
