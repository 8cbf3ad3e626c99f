//! A made-up catalog, the same in every process.

pub(crate) mod items;
pub(crate) mod markets;
pub(crate) mod names;
pub(crate) mod own;
pub(crate) mod word_index;

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use word_index::WordIndex;

use own::Own;

use crate::types::id::{
    AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, IdKind, PlaylistId, ShowId, SpotifyUri,
    TrackId, UserId,
};

/// The made-up catalog of the fake Spotify server: artists, albums, tracks and so on.
///
/// It never changes, and is the same for all servers and in all runs. The user's library initially contains a part of it,
/// and lacks at least 100 objects of each kind. The objects of a [library of your own](super::ServerBuilder::library) are
/// not in its lists.
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
#[derive(Clone)]
pub struct Catalog {
    pub(crate) artists: Vec<Object<ArtistId>>,
    pub(crate) albums: Vec<Object<AlbumId>>,
    pub(crate) tracks: Vec<Part<TrackId>>,
    pub(crate) shows: Vec<Object<ShowId>>,
    pub(crate) episodes: Vec<Part<EpisodeId>>,
    pub(crate) audiobooks: Vec<Object<AudiobookId>>,
    pub(crate) chapters: Vec<Part<ChapterId>>,
    /// The first is the current user, until the server is reset to a new user.
    pub(crate) users: Vec<Object<UserId>>,
    pub(crate) playlists: Vec<Playlist>,
    /// The tracks and the episodes that libraries, playlists and lists draw from. The others were added later, and change
    /// none of these.
    pub(crate) drawn_tracks: usize,
    pub(crate) drawn_episodes: usize,
    /// The objects of the user's own library.
    pub(crate) own: Own,
    index: HashMap<SpotifyUri, usize>,
    /// The index of each kind of made-up object that can be searched for, made by the first search.
    pub(crate) words: Arc<OnceLock<Vec<WordIndex>>>,
    /// Those of the objects of the user's own library.
    pub(crate) own_words: OnceLock<Vec<WordIndex>>,
}

/// The number of objects of each kind, without parts.
const ARTISTS: usize = 260;
pub(crate) const ALBUMS: usize = 340;
pub(crate) const SHOWS: usize = 240;
const AUDIOBOOKS: usize = 160;
const USERS: usize = 140;
/// The index of the user without any data.
pub(crate) const NEW_USER: usize = USERS - 1;
/// The users with the indices up to this one own playlists.
const OWNERS: usize = 20;
const PLAYLISTS: usize = 240;
/// The album that follows them, a new edition of another album, which cannot be played in the user's country.
const NEW_EDITION: usize = ALBUMS;
const FIRST_EDITION: usize = 17;
/// The show that follows them, which has hundreds of episodes.
const LONG_SHOW: usize = SHOWS;
/// The playlist that follows them, which has thousands of items. The user owns it.
const LONG_PLAYLIST: usize = PLAYLISTS;
/// The number of playlists that the user owns, which come first.
const OWN_PLAYLISTS: usize = 30;
/// The index of the collaborative playlist of another user.
const COLLABORATIVE: usize = 97;

/// An object with a name.
#[derive(Clone)]
pub(crate) struct Object<I> {
    pub(crate) id: I,
    pub(crate) name: String,
    /// The tracks of an album, the episodes of a show or the chapters of an audiobook, as indices.
    pub(crate) parts: Range<usize>,
}

/// A track, an episode or a chapter.
#[derive(Clone)]
pub(crate) struct Part<I> {
    pub(crate) id: I,
    /// The index of its album, show or audiobook.
    pub(crate) of: usize,
    /// Its position there.
    pub(crate) position: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Playlist {
    pub(crate) id: PlaylistId,
    pub(crate) name: String,
    /// Its owner, as an index.
    pub(crate) owner: usize,
    pub(crate) is_public: bool,
    pub(crate) is_collaborative: bool,
    pub(crate) description: String,
    pub(crate) cover: Option<Cover>,
}

/// The cover of a playlist, by the seed of its address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cover {
    /// Made by Spotify, in three sizes.
    Generated(u64),
    /// Uploaded by the owner, whose size Spotify doesn't send.
    Uploaded(u64),
}

impl Catalog {
    /// Returns the ids of all artists.
    pub fn artists(&self) -> Vec<ArtistId> {
        self.artists.iter().map(|artist| artist.id.clone()).collect()
    }

    /// Returns the ids of all albums.
    pub fn albums(&self) -> Vec<AlbumId> {
        self.albums.iter().map(|album| album.id.clone()).collect()
    }

    /// Returns the ids of all tracks, ordered by album.
    pub fn tracks(&self) -> Vec<TrackId> {
        self.tracks.iter().map(|track| track.id.clone()).collect()
    }

    /// Returns the ids of all shows. The last one has 320 episodes; the others have a few.
    pub fn shows(&self) -> Vec<ShowId> {
        self.shows.iter().map(|show| show.id.clone()).collect()
    }

    /// Returns the ids of all episodes, ordered by show.
    pub fn episodes(&self) -> Vec<EpisodeId> {
        self.episodes.iter().map(|episode| episode.id.clone()).collect()
    }

    /// Returns the ids of all audiobooks.
    pub fn audiobooks(&self) -> Vec<AudiobookId> {
        self.audiobooks.iter().map(|audiobook| audiobook.id.clone()).collect()
    }

    /// Returns the ids of all chapters, ordered by audiobook.
    pub fn chapters(&self) -> Vec<ChapterId> {
        self.chapters.iter().map(|chapter| chapter.id.clone()).collect()
    }

    /// Returns the ids of all users. The first is the current user; after
    /// [`reset_to_new_user`](super::Server::reset_to_new_user), the last is. Some contain characters that URLs escape.
    pub fn users(&self) -> Vec<UserId> {
        self.users.iter().take(USERS).map(|user| user.id.clone()).collect()
    }

    /// Returns the ids of all playlists. Those that the current user owns come first. Among the others, only the playlist
    /// with the index 97 is collaborative. The last one has 3,000 items: the current user owns it too, but has removed it
    /// from the library.
    pub fn playlists(&self) -> Vec<PlaylistId> {
        self.playlists.iter().take(LONG_PLAYLIST + 1).map(|playlist| playlist.id.clone()).collect()
    }

    /// Returns the index of the `n`th made-up user before the last one, if that user owns no playlist.
    pub(crate) fn unused_user(n: usize) -> Option<usize> {
        NEW_USER.checked_sub(n).filter(|user| *user > OWNERS)
    }

    /// Adds another made-up user, and returns the index.
    pub(crate) fn add_user(&mut self) -> usize {
        let n = self.users.len();
        let user = made_up_user(n);
        self.index.insert(user.id.clone().into(), n);
        self.users.push(user);
        n
    }

    /// Returns the catalog that all servers share.
    pub(crate) fn shared() -> &'static Arc<Catalog> {
        static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::make()));
        &CATALOG
    }

    /// Returns the index of an object among those of its kind.
    pub(crate) fn find(&self, uri: &SpotifyUri) -> Option<usize> {
        self.own.find(uri).or_else(|| self.index.get(uri).copied())
    }

    /// Returns the track whose recording a track has: itself, or the same track of the first edition.
    pub(crate) fn recording(&self, track: usize) -> usize {
        self.in_edition(track, NEW_EDITION, FIRST_EDITION).unwrap_or(track)
    }

    /// Returns the same track in the new edition of its album, if there is one.
    pub(crate) fn in_new_edition(&self, track: usize) -> Option<usize> {
        self.in_edition(track, FIRST_EDITION, NEW_EDITION)
    }

    fn in_edition(&self, track: usize, from: usize, to: usize) -> Option<usize> {
        let track = self.tracks.get(track).filter(|track| track.of == from)?;
        Some(self.albums.get(to)?.parts.start + track.position)
    }

    fn make() -> Catalog {
        let (mut albums, tracks) = with_parts(ALBUMS + 1, "album", tracks_of);
        let (shows, episodes) = with_parts(SHOWS + 1, "show", episodes_of);
        let (audiobooks, chapters) = with_parts(AUDIOBOOKS, "audiobook", chapters_of);
        let drawn_tracks = albums.last().map_or(0, |album: &Object<AlbumId>| album.parts.start);
        let drawn_episodes = shows.last().map_or(0, |show: &Object<ShowId>| show.parts.start);
        let users: Vec<Object<UserId>> = (0..USERS).map(made_up_user).collect();
        let playlists = (0..=PLAYLISTS).map(|n| {
            let is_own = n < OWN_PLAYLISTS || n == LONG_PLAYLIST;
            let is_collaborative = is_own && n % 10 == 7 || n == COLLABORATIVE;
            let owner = if is_own { 0 } else { 1 + n * 3 % OWNERS };
            let user = users.get(owner).filter(|_| !n.is_multiple_of(3));
            Playlist {
                // Those that users create have the ids that follow.
                id: if n == LONG_PLAYLIST { id(usize::MAX) } else { id(n) },
                name: names::name("playlist", n),
                owner,
                is_collaborative,
                is_public: !is_collaborative && n % 4 != 2,
                description: user.map(|user| format!("Kept by {}.", user.name)).unwrap_or_default(),
                cover: (n % 9 != 5).then(|| cover_of(n)),
            }
        });
        let playlists = playlists.collect();
        if let Some(album) = albums.last_mut() {
            album.name = format!("{} (New Edition)", names::name("album", FIRST_EDITION));
        }
        let mut catalog = Catalog {
            artists: with_parts::<_, TrackId>(ARTISTS, "artist", |_| 0).0,
            albums,
            tracks,
            shows,
            episodes,
            audiobooks,
            chapters,
            users,
            playlists,
            drawn_tracks,
            drawn_episodes,
            own: Own::default(),
            index: HashMap::new(),
            words: Arc::default(),
            own_words: OnceLock::new(),
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

/// Creates objects, and the parts of all objects in order.
fn with_parts<I: IdKind, P: IdKind>(
    count: usize,
    kind: &str,
    length: fn(usize) -> usize,
) -> (Vec<Object<I>>, Vec<Part<P>>) {
    let mut parts = Vec::new();
    let objects = (0..count).map(|of| {
        let first = parts.len();
        parts.extend((0..length(of)).map(|position| Part {
            id: id(first + position),
            of,
            position,
        }));
        Object { id: id(of), name: names::name(kind, of), parts: first..parts.len() }
    });
    (objects.collect(), parts)
}

fn made_up_user(n: usize) -> Object<UserId> {
    let (id, name) = names::user(n);
    Object { id: UserId::from_text(&id), name, parts: 0..0 }
}

/// The artist of an album.
pub(crate) fn artist_of(album: usize) -> usize {
    if album == NEW_EDITION { artist_of(FIRST_EDITION) } else { album * 7 % ARTISTS }
}

fn uris<I: Into<SpotifyUri>>(ids: Vec<I>) -> Vec<(SpotifyUri, usize)> {
    ids.into_iter().enumerate().map(|(index, id)| (id.into(), index)).collect()
}

/// Album 3 is too long for its embedded page of tracks. Singles have one to three tracks.
fn tracks_of(album: usize) -> usize {
    match album {
        3 => 62,
        NEW_EDITION => tracks_of(FIRST_EDITION),
        _ if album % 5 == 1 => 1 + album % 3,
        _ => 7 + album * 5 % 8,
    }
}

fn episodes_of(show: usize) -> usize {
    if show == LONG_SHOW { 320 } else { 2 + show % 5 }
}

/// Audiobook 5 has more chapters than fit into a page.
fn chapters_of(audiobook: usize) -> usize {
    match audiobook {
        5 => 63,
        _ => 8 + audiobook % 40,
    }
}

/// Returns the id of the object with a number: 22 random-looking characters.
pub(crate) fn id<I: IdKind>(number: usize) -> I {
    let mut state =
        I::URI.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| mixed(hash ^ u64::from(byte)));
    state = mixed(state ^ u64::try_from(number).unwrap_or(u64::MAX));
    let text = half(state) + &half(mixed(state));
    I::from_text(&text)
}

/// Returns the id of a URI whose id is not escaped.
pub(crate) fn id_of(uri: &SpotifyUri) -> String {
    uri.to_string().rsplit(':').next().unwrap_or_default().to_owned()
}

/// Eleven characters of base 62, enough for any 64 bits.
fn half(mut bits: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let digits = (0..11).filter_map(|_| {
        let digit = usize::try_from(bits % 62).ok()?;
        bits /= 62;
        DIGITS.get(digit).map(|digit| char::from(*digit))
    });
    digits.collect()
}

/// A random-looking number, the same for the same seed (splitmix64).
pub(crate) fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The seed of the `n`th object of a kind.
pub(crate) fn seed(kind: &str, n: usize) -> u64 {
    kind.bytes()
        .fold(u64::try_from(n).unwrap_or(0), |seed, byte| seed.rotate_left(8) ^ u64::from(byte))
}

fn cover_of(playlist: usize) -> Cover {
    let seed = mixed(seed("playlist", playlist));
    if playlist % 4 == 3 { Cover::Uploaded(seed) } else { Cover::Generated(seed) }
}

/// Returns the id of the `n`th playlist that a user creates, different from those of other users.
pub(crate) fn created_playlist(user: usize, n: usize) -> PlaylistId {
    id(PLAYLISTS + n + user * (1 << 20))
}

/// The number of items in the `n`th made-up playlist.
pub(crate) fn playlist_length(n: usize) -> usize {
    if n == LONG_PLAYLIST {
        return 3_000;
    }
    usize::try_from(mixed(seed("playlist", n)) % 180).unwrap_or(0)
}
