//! What happens when Spotify changes something.
//!
//! Spotify adds to its answers without a word, and takes things away with little more. A program that was built today
//! goes on in most cases:
//!
//! | Spotify | the program |
//! | --- | --- |
//! | adds a member to an object | does not see it; [`send_as` or `send_raw`](super::custom) reach it |
//! | adds an endpoint or a parameter | calls it [by its path](super::custom#a-call-of-your-own), or has a [row of its own](super::custom#a-row-of-your-own) |
//! | adds a word, such as a type of album | finds it in `Other` |
//! | adds a kind of item to playlists and queues | finds [`Item::Unknown`] |
//! | leaves a member out | finds `None`, an empty list or text, or 0 |
//! | leaves out what makes an object, such as an id that every album has, or changes a member's type | in a list: the row is [missing](crate::Page::missing); elsewhere: [`Error::Decode`], until the crate is mended, and `send_as` until then |
//! | sends `null` in a list | the row is missing, the others are there |
//! | adds a market | is refused before the call is sent until the crate knows it; in answers it is passed over |
//! | adds a scope | can ask for it: `Scope::from("new-scope")` |
//! | lowers the size of a page or closes an endpoint for apps in development mode | [finds out](super::apps) where the crate has another form; else [`Error::EndpointUnavailable`] or what Spotify says |
//! | moves the next page to another server | [`Error::Paging`]: the token goes to nobody else |
//!
//! # Members that this version does not know
//!
//! They are passed over. A type of your own can have them, beside all that the model has:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use serde::Deserialize;
//! use tonearm::model::Track;
//!
//! #[derive(Deserialize)]
//! struct Mine {
//!     #[serde(flatten)]
//!     track: Track,
//!     has_lyrics: Option<bool>,
//! }
//!
//! # use tonearm::fake::{Reply, Server};
//! # let server = Server::start()?;
//! # let spotify = server.client()?;
//! # let answer = r#"{"id": "7ouMYWpwJ422jRcDASZB7P", "name": "Knights of Cydonia", "type": "track", "has_lyrics": true}"#;
//! # server.script("/tracks/{id}").then(Reply::new(200).body(answer));
//! let mine: Mine = spotify.get_track("7ouMYWpwJ422jRcDASZB7P").send_as()?;
//! assert_eq!((&*mine.track.name, mine.has_lyrics), ("Knights of Cydonia", Some(true)));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A page of them is `Page<Mine>`, from the same call: [`Page`] reads any rows.
//!
//! # Words that this version does not know
//!
//! They are kept as they came, and print and serialize as they are:
//!
//! ```
//! use tonearm::model::AlbumType;
//!
//! let kind = AlbumType::from("mixtape");
//! assert_eq!(kind, AlbumType::Other("mixtape".into()));
//! assert_eq!(kind.to_string(), "mixtape");
//! ```
//!
//! All such enumerations are `#[non_exhaustive]`: a `match` has an arm for the rest. A word that becomes a variant in a
//! later version is no longer `Other` then, so compare with [`as_str`](crate::model::AlbumType::as_str) until it is.
//!
//! # What the crate promises
//!
//! Requests, answers and errors are `#[non_exhaustive]`, and every call ends in `.send()`: so new options, members and
//! variants come in minor versions, and do not break a program. A required argument that Spotify makes optional, or a
//! member whose type changes, is a new major version.
//!
//! Spotify's [OpenAPI document] is compared with the table of this crate by `examples/table_diff`, so that changes are
//! seen; the file `CONTRIBUTING.md` tells how to add one in ten minutes.
//!
//! [`Item::Unknown`]: crate::model::Item::Unknown
//! [`Page`]: crate::Page
//! [`Error::Decode`]: crate::Error::Decode
//! [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
//! [`Error::Paging`]: crate::Error::Paging
//! [OpenAPI document]: https://developer.spotify.com/reference/web-api/open-api-schema.yaml
