//! The calls of the table: a method of `Spotify` and a request type for each endpoint, in a module for each area.

include!(concat!(env!("OUT_DIR"), "/calls.rs"));
