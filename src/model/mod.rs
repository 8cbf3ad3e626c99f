//! What Spotify answers.
//!
//! Models are read as Spotify sends them. A field that may be missing is an `Option`; text, numbers
//! and lists that every object has read as empty, 0 or empty if Spotify leaves them out. Words that
//! this version does not know are kept in an `Other` variant, and fields that it does not know are
//! passed over.
//!
//! An object's own addresses are methods, `href()`, `uri()` and `external_url()`: they are stored only
//! where they are not what the object's id says.
//!
//! All models serialize back to the JSON they were read from, with these exceptions: a member that is
//! null may be left out, for a model does not tell null and missing apart; text, numbers and lists that
//! every object has are written even if they were not sent; words that are known are written as
//! Spotify spells them, and markets in the order of their codes; objects that come in two shapes are
//! written in the one that Spotify uses now; null entries of lists, and members that no model has, are
//! gone. Of an object's addresses and its type missing, null and sent stay distinct.
//!
//! ```
//! use tonearm::model::Album;
//!
//! let album: Album = serde_json::from_str(
//!     r#"{
//!         "id": "382ObEPsp2rxGrnsizN5TX", "type": "album", "name": "TRON", "album_type": "album",
//!         "release_date": "2010-12", "uri": "spotify:album:382ObEPsp2rxGrnsizN5TX"
//!     }"#,
//! )?;
//! assert_eq!(album.uri().as_deref(), Some("spotify:album:382ObEPsp2rxGrnsizN5TX"));
//! assert_eq!(album.release_date.and_then(|date| date.month()), Some(12));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod album;
mod artist;
mod audio;
mod audiobook;
mod category;
mod chapter;
mod common;
mod episode;
mod item;
mod player;
mod playlist;
mod recommendations;
mod search;
mod show;
mod simplified;
mod track;
mod user;

pub use album::*;
pub use artist::*;
pub use audio::*;
pub use audiobook::*;
pub use category::*;
pub use chapter::*;
pub use common::*;
pub use episode::*;
pub use item::*;
pub use player::*;
pub use playlist::*;
pub use recommendations::*;
pub use search::*;
pub use show::*;
pub use simplified::*;
pub use track::*;
pub use user::*;
