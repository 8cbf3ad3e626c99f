//! Reads a library page by page, and can resume an interrupted run.

use indicatif::ProgressBar;
use tonearm::model::{Item, PlaylistItem, SimplifiedPlaylist};
use tonearm::{
    Checkpoint, CursorPage, Error, Page, Paged, Pages, Scope, Scopes, SkipReason, SkippedItem,
    Spotify, SpotifyUri, Timestamp, endpoint,
};

use super::Fallible;
use super::library::{Library, List, Playlist, Row};

/// Returns the scopes for reading the whole library.
pub fn scopes() -> Scopes {
    let calls = [&endpoint::GET_MY_SAVED_TRACKS, &endpoint::GET_MY_FOLLOWED_ARTISTS];
    // Without these two scopes, Spotify omits playlists.
    Scopes::for_endpoints(calls) | Scope::PlaylistReadPrivate | Scope::PlaylistReadCollaborative
}

/// Reads the missing parts of a library, and calls `keep` after every page.
pub fn read<K: FnMut(&Library) -> Fallible<()>>(
    spotify: &Spotify,
    library: &mut Library,
    bar: &ProgressBar,
    keep: K,
) -> Fallible<()> {
    let mut reader = Reader { library, bar, keep };
    reader.list(
        "saved tracks",
        |library| &mut library.tracks,
        |checkpoint| spotify.get_my_saved_tracks().offset(offset(checkpoint)).pages(),
        |saved| {
            row(saved.track.uri(), &saved.track.name, saved.track.artist_names(), saved.added_at)
        },
    )?;
    reader.list(
        "saved albums",
        |library| &mut library.albums,
        |checkpoint| spotify.get_my_saved_albums().offset(offset(checkpoint)).pages(),
        |saved| {
            row(saved.album.uri(), &saved.album.name, saved.album.artist_names(), saved.added_at)
        },
    )?;
    reader.list(
        "saved shows",
        |library| &mut library.shows,
        |checkpoint| spotify.get_my_saved_shows().offset(offset(checkpoint)).pages(),
        |saved| {
            let publisher = saved.show.publisher.as_deref().unwrap_or_default();
            row(saved.show.uri(), &saved.show.name, publisher.to_owned(), saved.added_at)
        },
    )?;
    reader.list(
        "saved episodes",
        |library| &mut library.episodes,
        |checkpoint| spotify.get_my_saved_episodes().offset(offset(checkpoint)).pages(),
        |saved| {
            let show = saved.episode.show.as_ref().map(|show| show.name.to_string());
            row(saved.episode.uri(), &saved.episode.name, show.unwrap_or_default(), saved.added_at)
        },
    )?;
    reader.list(
        "saved audiobooks",
        |library| &mut library.audiobooks,
        |checkpoint| spotify.get_my_saved_audiobooks().offset(offset(checkpoint)).pages(),
        |saved| {
            let book = &saved.audiobook;
            let authors: Vec<&str> = book.authors.iter().map(|author| &*author.name).collect();
            row(book.uri(), &book.name, authors.join(", "), saved.added_at)
        },
    )?;
    reader.list(
        "followed artists",
        |library| &mut library.artists,
        |checkpoint| match checkpoint {
            Checkpoint::After(artist) => spotify.get_my_followed_artists().after(&**artist).pages(),
            _ => spotify.get_my_followed_artists().pages(),
        },
        |artist| row(artist.uri(), &artist.name, String::new(), None),
    )?;
    reader.list(
        "playlists",
        |library| &mut library.playlists,
        |checkpoint| spotify.get_my_playlists().offset(offset(checkpoint)).pages(),
        playlist,
    )?;
    let count = reader.library.playlists.rows.len();
    for n in 0..count {
        let Playlist { id, closed, .. } = &reader.library.playlists.rows[n];
        if closed.is_some() {
            continue;
        }
        let id = id.clone();
        let read = reader.list(
            &format!("playlist {} of {count}", n + 1),
            |library| &mut library.playlists.rows[n].items,
            |checkpoint| spotify.get_playlist_items(&id).offset(offset(checkpoint)).pages(),
            playlist_row,
        );
        // Spotify doesn't return the items of some playlists of other users. Record the error, and continue.
        if let Err(error) = read {
            match error.downcast_ref() {
                Some(Error::NotPlaylistOwner(_) | Error::Forbidden(_) | Error::NotFound(_)) => {
                    reader.library.playlists.rows[n].closed = Some(error.to_string());
                }
                _ => return Err(error),
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// The maximum number of restarts of a list that changes while it is read.
const RESTARTS: u32 = 3;

/// Recorded for each later change, after which items may be missing or duplicated.
const CHANGED: &str = "items added or removed while the list was read";

struct Reader<'a, K> {
    library: &'a mut Library,
    bar: &'a ProgressBar,
    keep: K,
}

impl<K: FnMut(&Library) -> Fallible<()>> Reader<'_, K> {
    /// Reads a list to its end.
    fn list<P: Rows, T>(
        &mut self,
        name: &str,
        list_of: impl Fn(&mut Library) -> &mut List<T>,
        pages_from: impl Fn(&Checkpoint) -> Pages<P>,
        row: impl Fn(P::Item) -> T,
    ) -> Fallible<()> {
        let Some(checkpoint) = list_of(self.library).rest.clone() else { return Ok(()) };
        self.bar.set_prefix(name.to_owned());
        self.bar.set_position(0);
        let mut pages = pages_from(&checkpoint);
        while let Some(page) = pages.next() {
            let (rows, missing, total, is_last) = page?.split();
            let list = list_of(self.library);
            // If the list has changed since the last page, restart, because the positions of its items may have
            // changed. After
            // `RESTARTS`, continue in spite of changes.
            if list.total.is_some() && list.total != total && list.restarts < RESTARTS {
                *list = List { total, restarts: list.restarts + 1, ..List::default() };
                pages = pages_from(&Checkpoint::Start);
                continue;
            }
            if list.total.is_some() && list.total != total {
                list.missing.push(CHANGED.to_owned());
            }
            list.total = total;
            list.rows.extend(rows.into_iter().map(&row));
            list.missing.extend(missing.iter().map(describe));
            list.rest = (!is_last).then(|| pages.checkpoint().clone());
            self.bar.set_length(total.unwrap_or_default().into());
            self.bar.set_position((list.rows.len() + list.missing.len()) as u64);
            (self.keep)(self.library)?;
        }
        let list = list_of(self.library);
        list.rest = None;
        // Record the items that are missing if the list ends before its total.
        let found = list.rows.len() + list.missing.iter().filter(|row| *row != CHANGED).count();
        let total = list.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
        list.missing.extend((found..total).map(|_| "an item after the last page".to_owned()));
        (self.keep)(self.library)
    }
}

/// The common interface of both kinds of page.
trait Rows: Paged {
    /// Returns the items, the skipped items, the total of all pages, and whether this page is the last.
    fn split(self) -> (Vec<Self::Item>, Vec<SkippedItem>, Option<u32>, bool);
}

impl<T> Rows for Page<T>
where
    Page<T>: Paged<Item = T>,
{
    fn split(self) -> (Vec<T>, Vec<SkippedItem>, Option<u32>, bool) {
        (self.items, self.skipped, self.total, self.next.is_none())
    }
}

impl<T> Rows for CursorPage<T>
where
    CursorPage<T>: Paged<Item = T>,
{
    fn split(self) -> (Vec<T>, Vec<SkippedItem>, Option<u32>, bool) {
        (self.items, self.skipped, self.total, self.next.is_none())
    }
}

fn offset(checkpoint: &Checkpoint) -> u32 {
    match checkpoint {
        Checkpoint::Offset(offset) => *offset,
        _ => 0,
    }
}

fn describe(skipped: &SkippedItem) -> String {
    match &skipped.reason {
        SkipReason::Unreadable(problem) => format!("an item that cannot be decoded: {problem}"),
        _ => "an item that is null".to_owned(),
    }
}

fn row(uri: Option<impl AsRef<str>>, name: &str, by: String, added_at: Option<Timestamp>) -> Row {
    let uri = uri.and_then(|uri| uri.as_ref().parse::<SpotifyUri>().ok());
    Row { uri, name: name.to_owned(), by, added_at }
}

/// Returns the artists of a track or the show of an episode.
pub fn by_whom(item: &Item) -> String {
    match item {
        Item::Track(track) | Item::Local(track) => track.artist_names(),
        Item::Episode(episode) => {
            episode.show.as_ref().map(|show| show.name.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn playlist(playlist: SimplifiedPlaylist) -> Playlist {
    let description = playlist.description_text().map(Into::into);
    Playlist {
        id: playlist.id,
        name: playlist.name,
        description,
        owner: playlist.owner.and_then(|owner| owner.id),
        public: playlist.public,
        collaborative: playlist.collaborative,
        closed: None,
        items: List::default(),
    }
}

pub fn playlist_row(PlaylistItem { item, added_at, .. }: PlaylistItem) -> Row {
    row(item.uri(), item.name().unwrap_or_default(), by_whom(&item), added_at)
}
