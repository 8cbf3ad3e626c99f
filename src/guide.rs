//! The guide: one page for each subject.
//!
//! | page | subject |
//! | --- | --- |
//! | [`login`] | getting a token, storing it, and logging in a user |
//! | [`paging`] | reading a long list, and continuing later |
//! | [`errors`] | errors, retries, rate limits and partial writes |
//! | [`apps`] | what works in an app in development mode |
//! | [`threads`] | threads and speed |
//! | [`custom`] | dry runs, raw responses, your own types, custom calls |
//! | [`changes`] | what happens to a program when Spotify changes the Web API |
//! | [`conformance`] | checking this crate against Spotify with your account |
//! | [`recipes`] | short programs for common tasks |
//! | [`asynchronous`] | calls from async code |
//! | [`elsewhere`] | coming from rspotify, spotipy or minim |
//! | [`testing`] | testing a program without Spotify |
//! | [`rehearsal`] | trying a program on a copy of a library |
//! | [`servers`] | broken and hostile servers |
//!
//! All examples compile, and all but those that need a browser run against the fake Spotify server of [`testing`]. If an
//! example doesn't define them, `spotify` is a client as on the [front page](crate), and `server` that fake server.

#[doc = include_str!("guide/apps.md")]
pub mod apps {}
#[doc = include_str!("guide/asynchronous.md")]
pub mod asynchronous {}
#[doc = include_str!("guide/changes.md")]
pub mod changes {}
#[doc = include_str!("guide/conformance.md")]
#[cfg_attr(feature = "fake", doc = "[replaced]: crate::fake::Recorder#what-is-not-in-the-file")]
#[cfg_attr(
    not(feature = "fake"),
    doc = "[replaced]: https://docs.rs/tonearm/latest/tonearm/fake/struct.Recorder.html"
)]
pub mod conformance {}
#[doc = include_str!("guide/custom.md")]
#[doc = concat!(
    "[`spec/README.md`]: https://docs.rs/crate/tonearm/",
    env!("CARGO_PKG_VERSION"),
    "/source/spec/README.md"
)]
pub mod custom {}
#[doc = include_str!("guide/elsewhere.md")]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/elsewhere.md"))]
pub mod elsewhere {}
#[doc = include_str!("guide/errors.md")]
pub mod errors {}
#[doc = include_str!("guide/login.md")]
pub mod login {}
#[doc = include_str!("guide/paging.md")]
pub mod paging {}
#[doc = include_str!("guide/recipes.md")]
#[doc = ""]
#[doc = concat!(
    "[`spec/README.md`]: https://docs.rs/crate/tonearm/",
    env!("CARGO_PKG_VERSION"),
    "/source/spec/README.md"
)]
pub mod recipes {}
#[doc = include_str!("guide/rehearsal.md")]
#[cfg_attr(feature = "fake", doc = "[`fake::library`]: crate::fake::library")]
#[cfg_attr(
    not(feature = "fake"),
    doc = "[`fake::library`]: https://docs.rs/tonearm/latest/tonearm/fake/library/"
)]
pub mod rehearsal {}
#[doc = include_str!("guide/servers.md")]
pub mod servers {}
#[doc = include_str!("guide/testing.md")]
#[cfg_attr(feature = "fake", doc = "[`fake`]: crate::fake")]
#[cfg_attr(not(feature = "fake"), doc = "[`fake`]: https://docs.rs/tonearm/latest/tonearm/fake/")]
pub mod testing {}
#[doc = include_str!("guide/threads.md")]
pub mod threads {}
