//! The calls with the examples of `spec/`, which `codegen/emit/samples.rs` generates.
#![allow(dead_code)] // Each test uses its own part of this.

use tonearm::param::{Jpeg, TimestampedId};
use tonearm::*;

pub struct Sample {
    pub endpoint: &'static Endpoint,
    pub calls: Vec<SampleCall>,
}

pub struct SampleCall {
    /// The call as a user writes it.
    pub text: &'static str,
    pub requests: fn(&Spotify) -> Result<Vec<Request>, Error>,
    pub send: fn(&Spotify) -> Result<(), Error>,
}

include!(concat!(env!("OUT_DIR"), "/samples.rs"));
