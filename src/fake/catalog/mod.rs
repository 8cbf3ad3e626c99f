//! A made-up catalog, the same in every process.

pub(crate) mod items;
pub(crate) mod markets;
pub(crate) mod names;

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::LazyLock;

use crate::types::id::{
    AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, IdKind, PlaylistId, ShowId, SpotifyUri,
    TrackId, UserId,
};

/// The catalog of the fake Spotify server: artists, albums, tracks and so on, all of them made up.
///
/// It is the same for every server and in every run, and never changes. The library of the user contains a part of it; at
/// least 100 of every kind are not in the library at first.
///
/// ```
/// use tonearm::fake;
///
/// let server = fake::Server::start()?;
/// let spotify = server.client()?;
///
/// // The albums that the user has not saved.
/// let albums = server.catalog().albums();
/// let saved = spotify.are_albums_saved(&albums).send()?;
/// let unsaved = albums.iter().zip(saved).filter(|(_, is_saved)| !is_saved);
/// assert!(unsaved.count() >= 100);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Catalog {
    pub(crate) artists: Vec<Artist>,
    pub(crate) albums: Vec<Album>,
    pub(crate) tracks: Vec<Track>,
    pub(crate) shows: Vec<Show>,
    pub(crate) episodes: Vec<Episode>,
    pub(crate) audiobooks: Vec<Audiobook>,
    pub(crate) chapters: Vec<Chapter>,
    /// The first one is the user whose token it is, to begin with.
    pub(crate) users: Vec<User>,
    pub(crate) playlists: Vec<Playlist>,
    index: HashMap<SpotifyUri, usize>,
}

/// How many objects there are of each kind; their parts come in addition.
const ARTISTS: usize = 260;
const ALBUMS: usize = 340;
const SHOWS: usize = 240;
const AUDIOBOOKS: usize = 160;
const USERS: usize = 140;
const PLAYLISTS: usize = 240;
/// The first playlists are the user's own.
const OWN_PLAYLISTS: usize = 30;
/// One of somebody else's, to which the user may add.
const TAKES_PART: usize = 97;

pub(crate) struct Artist {
    pub(crate) id: ArtistId,
    pub(crate) name: String,
}

pub(crate) struct Album {
    pub(crate) id: AlbumId,
    pub(crate) name: String,
    pub(crate) artist: usize,
    /// Its tracks, as indices.
    pub(crate) tracks: std::ops::Range<usize>,
}

pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) album: usize,
}

pub(crate) struct Show {
    pub(crate) id: ShowId,
    pub(crate) name: String,
    pub(crate) episodes: std::ops::Range<usize>,
}

pub(crate) struct Episode {
    pub(crate) id: EpisodeId,
    pub(crate) show: usize,
}

pub(crate) struct Audiobook {
    pub(crate) id: AudiobookId,
    pub(crate) name: String,
    pub(crate) chapters: std::ops::Range<usize>,
}

pub(crate) struct Chapter {
    pub(crate) id: ChapterId,
    pub(crate) audiobook: usize,
}

pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) name: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Playlist {
    pub(crate) id: PlaylistId,
    pub(crate) name: String,
    /// Its owner, as an index.
    pub(crate) owner: usize,
    pub(crate) is_public: bool,
    pub(crate) is_collaborative: bool,
}

impl Catalog {
    /// The ids of all artists.
    pub fn artists(&self) -> Vec<ArtistId> {
        self.artists.iter().map(|artist| artist.id.clone()).collect()
    }

    /// The ids of all albums.
    pub fn albums(&self) -> Vec<AlbumId> {
        self.albums.iter().map(|album| album.id.clone()).collect()
    }

    /// The ids of all tracks, album by album.
    pub fn tracks(&self) -> Vec<TrackId> {
        self.tracks.iter().map(|track| track.id.clone()).collect()
    }

    /// The ids of all shows.
    pub fn shows(&self) -> Vec<ShowId> {
        self.shows.iter().map(|show| show.id.clone()).collect()
    }

    /// The ids of all episodes, show by show.
    pub fn episodes(&self) -> Vec<EpisodeId> {
        self.episodes.iter().map(|episode| episode.id.clone()).collect()
    }

    /// The ids of all audiobooks.
    pub fn audiobooks(&self) -> Vec<AudiobookId> {
        self.audiobooks.iter().map(|audiobook| audiobook.id.clone()).collect()
    }

    /// The ids of all chapters, audiobook by audiobook.
    pub fn chapters(&self) -> Vec<ChapterId> {
        self.chapters.iter().map(|chapter| chapter.id.clone()).collect()
    }

    /// The ids of all users; the first is the current one, or after
    /// [`reset_to_new_user`](super::Server::reset_to_new_user) the last. Some contain characters that URLs escape.
    pub fn users(&self) -> Vec<UserId> {
        self.users.iter().map(|user| user.id.clone()).collect()
    }

    /// The ids of all playlists; those that the current user owns come first. Of the others one is
    /// collaborative: that with the index 97.
    pub fn playlists(&self) -> Vec<PlaylistId> {
        self.playlists.iter().map(|playlist| playlist.id.clone()).collect()
    }

    /// The one that all servers share.
    pub(crate) fn shared() -> &'static Catalog {
        static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::make);
        &CATALOG
    }

    /// The place of an item among those of its kind.
    pub(crate) fn find(&self, uri: &SpotifyUri) -> Option<usize> {
        self.index.get(uri).copied()
    }

    fn make() -> Catalog {
        let artists = (0..ARTISTS).map(|n| Artist { id: id(n), name: names::artist(n) }).collect();
        let mut tracks = Vec::new();
        let albums = (0..ALBUMS).map(|album| {
            let first = tracks.len();
            tracks.extend((0..tracks_of(album)).map(|n| Track { id: id(first + n), album }));
            Album {
                id: id(album),
                name: names::album(album),
                artist: album * 7 % ARTISTS,
                tracks: first..tracks.len(),
            }
        });
        let albums = albums.collect();
        let mut episodes = Vec::new();
        let shows = (0..SHOWS).map(|show| {
            let first = episodes.len();
            episodes.extend((0..2 + show % 5).map(|n| Episode { id: id(first + n), show }));
            Show { id: id(show), name: names::show(show), episodes: first..episodes.len() }
        });
        let shows = shows.collect();
        let mut chapters = Vec::new();
        let audiobooks = (0..AUDIOBOOKS).map(|audiobook| {
            let first = chapters.len();
            let count = chapters_of(audiobook);
            chapters.extend((0..count).map(|n| Chapter { id: id(first + n), audiobook }));
            Audiobook {
                id: id(audiobook),
                name: names::audiobook(audiobook),
                chapters: first..chapters.len(),
            }
        });
        let audiobooks = audiobooks.collect();
        let users = (0..USERS).map(|n| {
            let (id, name) = names::user(n);
            User { id: UserId::from_text(&id), name }
        });
        let playlists = (0..PLAYLISTS).map(|n| {
            let is_own = n < OWN_PLAYLISTS;
            let is_collaborative = is_own && n % 10 == 7 || n == TAKES_PART;
            Playlist {
                id: id(n),
                name: names::playlist(n),
                owner: if is_own { 0 } else { 1 + n * 3 % 20 },
                is_collaborative,
                is_public: !is_collaborative && n % 4 != 2,
            }
        });
        let mut catalog = Catalog {
            artists,
            albums,
            tracks,
            shows,
            episodes,
            audiobooks,
            chapters,
            users: users.collect(),
            playlists: playlists.collect(),
            index: HashMap::new(),
        };
        let uris: Vec<(SpotifyUri, usize)> = [
            uris(catalog.artists()),
            uris(catalog.albums()),
            uris(catalog.tracks()),
            uris(catalog.shows()),
            uris(catalog.episodes()),
            uris(catalog.audiobooks()),
            uris(catalog.chapters()),
            uris(catalog.users()),
            uris(catalog.playlists()),
        ]
        .concat();
        catalog.index = uris.into_iter().collect();
        catalog
    }
}

impl Debug for Catalog {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog").field("items", &self.index.len()).finish_non_exhaustive()
    }
}

fn uris<I: Into<SpotifyUri>>(ids: Vec<I>) -> Vec<(SpotifyUri, usize)> {
    ids.into_iter().enumerate().map(|(index, id)| (id.into(), index)).collect()
}

/// One album is too long for the page of tracks that comes with it; singles have one to three.
fn tracks_of(album: usize) -> usize {
    match album {
        3 => 62,
        _ if album % 5 == 1 => 1 + album % 3,
        _ => 7 + album * 5 % 8,
    }
}

/// One audiobook has more chapters than fit into a page.
fn chapters_of(audiobook: usize) -> usize {
    match audiobook {
        5 => 63,
        _ => 8 + audiobook % 40,
    }
}

/// The id of the object with a number: 22 characters that look random.
pub(crate) fn id<I: IdKind>(number: usize) -> I {
    let mut state =
        I::URI.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| mixed(hash ^ u64::from(byte)));
    state = mixed(state ^ u64::try_from(number).unwrap_or(u64::MAX));
    let text = half(state) + &half(mixed(state));
    I::from_text(&text)
}

/// Eleven characters of base 62, which can say any 64 bits.
fn half(mut bits: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let digits = (0..11).filter_map(|_| {
        let digit = usize::try_from(bits % 62).ok()?;
        bits /= 62;
        DIGITS.get(digit).map(|digit| char::from(*digit))
    });
    digits.collect()
}

/// A number as good as any other, but always the same for the same seed (splitmix64).
pub(crate) fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for the `n`th object of a kind.
pub(crate) fn seed(kind: &str, n: usize) -> u64 {
    kind.bytes()
        .fold(u64::try_from(n).unwrap_or(0), |seed, byte| seed.rotate_left(8) ^ u64::from(byte))
}

/// How many items the `n`th playlist has.
pub(crate) fn playlist_length(n: usize) -> usize {
    usize::try_from(mixed(seed("playlist", n)) % 180).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_one_and_is_there_once() {
        let catalog = Catalog::shared();
        let counts = [
            catalog.artists.len(),
            catalog.albums.len(),
            catalog.tracks.len(),
            catalog.shows.len(),
            catalog.episodes.len(),
            catalog.audiobooks.len(),
            catalog.chapters.len(),
            catalog.users.len(),
            catalog.playlists.len(),
        ];
        assert_eq!(catalog.index.len(), counts.iter().sum::<usize>());
        for uri in catalog.index.keys() {
            assert_eq!(uri.to_string().parse().as_ref(), Ok(uri));
        }
    }

    #[test]
    fn ids_stay_the_same() {
        let catalog = Catalog::shared();
        // A snapshot with an id in it must hold in the next version too.
        assert_eq!(catalog.albums[0].id, "kASjPRHycoCi1LxygdEgI2");
        assert_eq!(catalog.users[0].id, "mira.halvorsen");
    }
}
