//! Calls that the table lacks: any path, with everything else that a call has.
//!
//! Spotify adds and changes endpoints between two releases of a crate. [`Spotify::get`], [`put`](Spotify::put),
//! [`post`](Spotify::post) and [`delete`](Spotify::delete) call them:
//!
//! ```
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Profile {
//!     id: String,
//!     followers: Followers,
//! }
//!
//! #[derive(Deserialize)]
//! struct Followers {
//!     total: u32,
//! }
//!
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let profile = spotify.get("/me").send_as::<Profile>()?;
//! println!("{} has {} followers", profile.id, profile.followers.total);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Such a call is authorized, waits, is tried again and is told to observers as all others are. A limit that
//! Spotify has told of is remembered for its method and path, and errors name it by them: `GET /me`.
//!
//! # Paths
//!
//! A path stands below the base URL and begins with a slash. What differs from call to call goes into `{names}`,
//! and [`path`](CustomCall::path) fills them in, escaped: so no value can lead elsewhere, and all these calls are
//! one endpoint to limits, errors and statistics.
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let call = spotify.get("/users/{user_id}/playlists").path("user_id", "anna/küche").query("limit", 50);
//! assert_eq!(
//!     call.request()?.url(),
//!     "https://api.spotify.com/v1/users/anna%2Fk%C3%BCche/playlists?limit=50",
//! );
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! The token goes to the client's own server, whatever a path says: an address, a query and steps such as `..`
//! are refused before anything is sent.
//!
//! # Lists, page by page
//!
//! [`items`](CustomCall::items), [`pages`](CustomCall::pages) and [`collect_all`](CustomCall::collect_all) walk
//! over lists that are counted and lists that go by cursors, whichever Spotify sends:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! use tonearm::model::{Artist, SavedTrack};
//!
//! for saved in spotify.get("/me/tracks").query("limit", 50).items::<SavedTrack>() {
//!     println!("{}", saved?.track.name);
//! }
//! // The page may stand in a member of the answer.
//! let call = spotify.get("/me/following").query("type", "artist").within("artists");
//! let artists: Vec<Artist> = call.collect_all()?;
//! # assert!(!artists.is_empty());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Many ids
//!
//! A list that is longer than Spotify takes is sent in several requests, in order:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! # let ids: Vec<tonearm::AlbumId> = server.catalog().albums()[..45].to_vec();
//! # let playlist_id = server.catalog().playlists()[0].clone();
//! let saved: Vec<bool> = spotify.get("/me/albums/contains").query_list("ids", &ids, 20).send_joined()?;
//! assert_eq!(saved.len(), ids.len());
//!
//! let call = spotify.post("/playlists/{playlist_id}/items").path("playlist_id", &playlist_id);
//! call.body_list("uris", ids.iter().map(|id| format!("spotify:track:{id}")), 100).send()?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Writes
//!
//! ```
//! use tonearm::{PlaylistId, Scope};
//!
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! # let playlist_id: PlaylistId = server.catalog().playlists()[0].clone();
//! let call = spotify
//!     .put("/playlists/{playlist_id}")
//!     .path("playlist_id", &playlist_id)
//!     .body(&serde_json::json!({ "name": "Kitchen", "public": false }))
//!     .scope(Scope::PlaylistModifyPrivate);
//! println!("{}", call.request()?);        // nothing is sent
//! call.send()?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A `GET`, `PUT` or `DELETE` whose answer was lost is sent again, and a `POST` is not:
//! [`idempotent`](CustomCall::idempotent) says otherwise.
//!
//! What a table row knows and such a call does not: how large pages may be, which apps Spotify lets in, and the
//! form for those that it does not; and the client's [`market`](crate::SpotifyBuilder::market) goes only where it
//! is given. A call that a program makes in many places may get a row instead, in a folder of the program that the
//! build is told of, and is a method of [`Spotify`] then: `spec/README.md` says how, under "Endpoints of your own program".

mod batches;
mod call;
mod path;
mod send;
mod value;

use crate::client::Spotify;
use crate::endpoint::Method;

pub use batches::CustomChunks;
pub use call::CustomCall;
pub use value::Given;

/// # Calls that the table lacks
impl Spotify {
    /// A `GET` of a path of your own, below the base URL: see [`custom`](crate::custom).
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let answer: serde_json::Value = spotify.get("/me/something").query("a", 1).send_as()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn get(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Get, path.into())
    }

    /// A `PUT` to a path of your own, below the base URL: see [`custom`](crate::custom).
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// spotify.put("/me/something").body(&serde_json::json!({ "a": 1 })).send()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn put(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Put, path.into())
    }

    /// A `POST` to a path of your own, below the base URL: see [`custom`](crate::custom). It is sent again only
    /// where it surely did not reach Spotify.
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// spotify.post("/me/something").query("a", 1).send()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn post(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Post, path.into())
    }

    /// A `DELETE` of a path of your own, below the base URL: see [`custom`](crate::custom). It may have a body.
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// spotify.delete("/me/something/{id}").path("id", "4iV5W9uYEdYUVa79Axb7Rh").send()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn delete(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Delete, path.into())
    }
}
