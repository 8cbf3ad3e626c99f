//! Recordings of real responses, and their replay.

pub(crate) mod anonymize;
pub(crate) mod personal;
pub(crate) mod recorder;
pub(crate) mod recording;
pub(crate) mod replay;

/// The base URL of links in responses of Spotify.
const API: &str = "https://api.spotify.com/v1";
