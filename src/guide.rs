//! The manual: one page for each thing that a program has to do.
//!
//! The [front page](crate) has the first program. These pages tell the rest, in an order in which they can be read:
//!
//! | page | what it answers |
//! | --- | --- |
//! | [`login`] | How do I get a token, keep it, and send a person through a login? |
//! | [`paging`] | How do I read a long list, stop in the middle, and go on? |
//! | [`errors`] | What can go wrong, what does the client mend by itself, and what is left to me? |
//! | [`apps`] | Why does Spotify answer my new app with 403, and what works all the same? |
//! | [`threads`] | How do I use many threads, and how do I make it fast? |
//! | [`custom`] | How do I look at a request, take the bytes, decode into a type of my own, or call what the crate lacks? |
//! | [`changes`] | What happens to my program when Spotify changes something? |
//! | [`testing`] | How do I test my program without Spotify? |
//! | [`servers`] | What does a client make of a server that is broken or hostile? |
//!
//! All examples are compiled, and all but those that need a browser run, against the fake Spotify server of
//! [`testing`]. Where an example does not say where they come from, `spotify` is a client as on the front page, and
//! `server` is that fake Spotify server.

#[doc = include_str!("guide/apps.md")]
pub mod apps {}
#[doc = include_str!("guide/changes.md")]
pub mod changes {}
#[doc = include_str!("guide/custom.md")]
#[doc = concat!(
    "[`spec/README.md`]: https://docs.rs/crate/tonearm/",
    env!("CARGO_PKG_VERSION"),
    "/source/spec/README.md"
)]
pub mod custom {}
#[doc = include_str!("guide/errors.md")]
pub mod errors {}
#[doc = include_str!("guide/login.md")]
pub mod login {}
#[doc = include_str!("guide/paging.md")]
pub mod paging {}
#[doc = include_str!("guide/servers.md")]
pub mod servers {}
#[doc = include_str!("guide/testing.md")]
#[cfg_attr(feature = "fake", doc = "[`fake`]: crate::fake")]
#[cfg_attr(not(feature = "fake"), doc = "[`fake`]: https://docs.rs/tonearm/latest/tonearm/fake/")]
pub mod testing {}
#[doc = include_str!("guide/threads.md")]
pub mod threads {}
