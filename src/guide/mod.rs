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

pub mod apps;
pub mod changes;
pub mod custom;
pub mod errors;
pub mod login;
pub mod paging;
pub mod servers;
pub mod testing;
pub mod threads;
