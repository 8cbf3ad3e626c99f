//! What a search finds.

use super::artist::Artist;
use super::audiobook::SimplifiedAudiobook;
use super::playlist::SimplifiedPlaylist;
use super::show::{SimplifiedEpisode, SimplifiedShow};
use super::simplified::SimplifiedAlbum;
use super::track::Track;
use crate::json::object::object;
use crate::page::Page;

object! {
    /// What a search finds: a page of each kind that was searched for, and none of the others.
    ///
    /// Rows may be null: they are [skipped](Page::skipped) from their page. How many rows there are
    /// in all is an estimate.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::SearchType;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let found = spotify.search("a", [SearchType::Album, SearchType::Artist]).limit(5).send()?;
    /// for album in found.albums.iter().flatten() {
    ///     println!("{} ({:?})", album.name, album.release_date.as_ref().and_then(|date| date.year()));
    /// }
    /// assert!(found.tracks.is_none(), "nobody searched for them");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    SearchResults {
        /// Tracks.
        tracks: Option<Page<Track>>,
        /// Artists.
        artists: Option<Page<Artist>>,
        /// Albums.
        albums: Option<Page<SimplifiedAlbum>>,
        /// Playlists; those of Spotify's own may be null rows.
        playlists: Option<Page<SimplifiedPlaylist>>,
        /// Shows.
        shows: Option<Page<SimplifiedShow>>,
        /// Episodes.
        episodes: Option<Page<SimplifiedEpisode>>,
        /// Audiobooks.
        audiobooks: Option<Page<SimplifiedAudiobook>>,
    }
}
