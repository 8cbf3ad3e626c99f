//! Results of searches.

use super::artist::Artist;
use super::audiobook::SimplifiedAudiobook;
use super::playlist::SimplifiedPlaylist;
use super::show::{SimplifiedEpisode, SimplifiedShow};
use super::simplified::SimplifiedAlbum;
use super::track::Track;
use crate::json::object::object;
use crate::page::Page;

object! {
    /// The results of a search: a page for each requested type, and `None` for the other types.
    ///
    /// Spotify sends null for some items, which are [skipped](Page::skipped). The `total` of each page is an estimate.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::SearchType;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let found = spotify.search("a", [SearchType::Album, SearchType::Artist]).limit(5).send()?;
    /// for album in found.albums.iter().flatten() {
    ///     let year = album.release_date.as_ref().and_then(|date| date.year());
    ///     println!("{} ({year:?})", album.name);
    /// }
    /// assert!(found.tracks.is_none(), "the call doesn't request tracks");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Default)]
    SearchResults {
        /// Tracks.
        tracks: Option<Page<Track>>,
        /// Artists.
        artists: Option<Page<Artist>>,
        /// Albums.
        albums: Option<Page<SimplifiedAlbum>>,
        /// Playlists. Spotify sends null for many playlists that it owns.
        playlists: Option<Page<SimplifiedPlaylist>>,
        /// Shows.
        shows: Option<Page<SimplifiedShow>>,
        /// Episodes.
        episodes: Option<Page<SimplifiedEpisode>>,
        /// Audiobooks.
        audiobooks: Option<Page<SimplifiedAudiobook>>,
    }
}
