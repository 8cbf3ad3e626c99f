//! Custom calls, to any path of the Web API.
//!
//! Spotify adds and changes endpoints between two releases of this crate. [`Spotify::get`], [`put`](Spotify::put),
//! [`post`](Spotify::post) and [`delete`](Spotify::delete) call them, with authorization, retries, rate limits,
//! observers, batches and pagination like every other call:
//!
//! ```
//! use tonearm::model::{Artist, SavedTrack};
//! use tonearm::{PlaylistId, Scope};
//!
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! # let ids: Vec<tonearm::AlbumId> = server.catalog().albums()[..45].to_vec();
//! # let playlist_id: PlaylistId = server.catalog().playlists()[0].clone();
//! let me: serde_json::Value = spotify.get("/me").send_as()?;
//!
//! // All pages, with `offset` or with cursors, as Spotify sends them.
//! for saved in spotify.get("/me/tracks").query("limit", 50).items::<SavedTrack>() {
//!     println!("{}", saved?.track.name);
//! }
//! // The page is a field of the response.
//! let call = spotify.get("/me/following").query("type", "artist").within("artists");
//! let artists: Vec<Artist> = call.collect_all()?;
//! # assert!(!artists.is_empty());
//!
//! // At most 20 ids in a request.
//! let call = spotify.get("/me/albums/contains").query_list("ids", &ids, 20);
//! let saved: Vec<bool> = call.send_joined()?;
//! assert_eq!(saved.len(), ids.len());
//!
//! let call = spotify
//!     .put("/playlists/{playlist_id}")
//!     .path("playlist_id", &playlist_id)
//!     .body(&serde_json::json!({ "name": "Kitchen", "public": false }))
//!     .scopes(Scope::PlaylistModifyPrivate);
//! println!("{}", call.request()?);        // sends nothing
//! call.send()?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Paths
//!
//! A path begins with a slash and is relative to the base URL. Write a part that varies as a `{name}`, and set it with
//! [`path`](CustomCall::path), which escapes it. All calls with the same method and path then count as one endpoint for
//! rate limits, errors (`GET /me`) and events.
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let call = spotify.get("/users/{user_id}/playlists").path("user_id", "anna/küche");
//! let call = call.query("limit", 50);
//! assert_eq!(
//!     call.request()?.url(),
//!     "https://api.spotify.com/v1/users/anna%2Fk%C3%BCche/playlists?limit=50",
//! );
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! The client sends the token only to the server of the base URL. It rejects a path that is a full URL, or that contains a
//! query or segments such as `..`.
//!
//! # Differences
//!
//! - The client retries a `GET`, `PUT` or `DELETE` whose response was lost, and not a `POST`; see
//!   [`idempotent`](CustomCall::idempotent).
//! - It doesn't know the maximum page size, the quota mode or the fallback of a custom call.
//! - It sends the client's [`market`](crate::SpotifyBuilder::market) only if you pass it.
//!
//! # Calls by name
//!
//! [`Spotify::call`] calls an endpoint of the table by its name, with values as text: for scripts and command lines.
//! `cargo run --example call -- --help` is such a program.
//!
//! If you make the same call in several places, add an endpoint definition for it, which makes it a method of
//! [`Spotify`]: see "Endpoint definitions in your program" in `spec/README.md`.

mod batches;
mod call;
mod named;
mod path;
mod send;
mod value;

use crate::client::Spotify;
use crate::endpoint::Method;

pub use batches::CustomBatches;
pub use call::CustomCall;
pub use named::NamedCall;
pub use value::ParamValue;

/// # Custom calls
impl Spotify {
    /// Creates a `GET` of any path below the base URL: see [`custom`](crate::custom).
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let value: serde_json::Value = spotify.get("/me/something").query("a", 1).send_as()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn get(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Get, path.into())
    }

    /// Creates a `PUT` to any path below the base URL: see [`custom`](crate::custom).
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// spotify.put("/me/something").body(&serde_json::json!({ "a": 1 })).send()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn put(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Put, path.into())
    }

    /// Creates a `POST` to any path below the base URL: see [`custom`](crate::custom). The client retries it only if it
    /// did not reach Spotify.
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// spotify.post("/me/something").query("a", 1).send()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn post(&self, path: impl Into<String>) -> CustomCall {
        CustomCall::new(self, Method::Post, path.into())
    }

    /// Creates a `DELETE` of any path below the base URL: see [`custom`](crate::custom). It may have a body.
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
