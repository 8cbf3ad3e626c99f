//! Reads a library page by page, and can resume an interrupted run.

use indicatif::ProgressBar;
use serde::Serialize;
use tonearm::model::{
    self, PlaylistItem, SavedAlbum, SavedAudiobook, SavedEpisode, SavedShow, SavedTrack,
    SimplifiedPlaylist,
};
use tonearm::{
    Checkpoint, CursorPage, Error, Page, Paged, Pages, Scope, Scopes, SkippedItem, Spotify,
    SpotifyUri, Timestamp, endpoint,
};

use super::Fallible;
use super::library::{Item, Library, List, Playlist, Unavailable};

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
        |library, SavedTrack { track, added_at, .. }| {
            let uri = library.keep(track.id.clone(), &track);
            item(uri, &track.name, track.artist_names(), added_at)
        },
    )?;
    reader.list(
        "saved albums",
        |library| &mut library.albums,
        |checkpoint| spotify.get_my_saved_albums().offset(offset(checkpoint)).pages(),
        |library, SavedAlbum { album, added_at, .. }| {
            let uri = library.keep(Some(album.id.clone()), &album);
            item(uri, &album.name, album.artist_names(), added_at)
        },
    )?;
    reader.list(
        "saved shows",
        |library| &mut library.shows,
        |checkpoint| spotify.get_my_saved_shows().offset(offset(checkpoint)).pages(),
        |library, SavedShow { show, added_at, .. }| {
            let uri = library.keep(Some(show.id.clone()), &show);
            item(uri, &show.name, show.publisher.unwrap_or_default(), added_at)
        },
    )?;
    reader.list(
        "saved episodes",
        |library| &mut library.episodes,
        |checkpoint| spotify.get_my_saved_episodes().offset(offset(checkpoint)).pages(),
        |library, SavedEpisode { episode, added_at, .. }| {
            let uri = library.keep(Some(episode.id.clone()), &episode);
            let show = episode.show.as_ref().map(|show| show.name.to_string());
            item(uri, &episode.name, show.unwrap_or_default(), added_at)
        },
    )?;
    reader.list(
        "saved audiobooks",
        |library| &mut library.audiobooks,
        |checkpoint| spotify.get_my_saved_audiobooks().offset(offset(checkpoint)).pages(),
        |library, SavedAudiobook { audiobook: book, added_at, .. }| {
            // Not its URI, which begins with `spotify:show:`.
            let uri = library.keep(Some(book.id.clone()), &book);
            let authors: Vec<&str> = book.authors.iter().map(|author| &*author.name).collect();
            item(uri, &book.name, authors.join(", "), added_at)
        },
    )?;
    reader.list(
        "followed artists",
        |library| &mut library.artists,
        |checkpoint| match checkpoint {
            Checkpoint::After(artist) => spotify.get_my_followed_artists().after(&**artist).pages(),
            _ => spotify.get_my_followed_artists().pages(),
        },
        |library, artist| {
            let uri = library.keep(Some(artist.id.clone()), &artist);
            item(uri, &artist.name, String::new(), None)
        },
    )?;
    reader.list(
        "playlists",
        |library| &mut library.playlists,
        |checkpoint| spotify.get_my_playlists().offset(offset(checkpoint)).pages(),
        playlist,
    )?;
    let count = reader.library.playlists.items.len();
    for n in 0..count {
        let Playlist { id, unavailable, .. } = &reader.library.playlists.items[n];
        if unavailable.is_some() {
            continue;
        }
        let id = id.clone();
        let read = reader.list(
            &format!("playlist {} of {count}", n + 1),
            |library| &mut library.playlists.items[n].items,
            |checkpoint| spotify.get_playlist_items(&id).offset(offset(checkpoint)).pages(),
            |library, entry| {
                library.keep_item(&entry.item);
                playlist_item(&entry)
            },
        );
        // Spotify doesn't return the items of some playlists of other users. Record the error, and continue.
        if let Err(error) = read {
            match error.downcast_ref() {
                Some(
                    Error::NotPlaylistOwner(error)
                    | Error::Forbidden(error)
                    | Error::NotFound(error),
                ) => {
                    let error = Unavailable::new(error.status, &*error.message);
                    reader.library.playlists.items[n].unavailable = Some(error);
                }
                _ => return Err(error),
            }
        }
    }
    reader.library.remove_unused_objects();
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
    fn list<P: Split, T>(
        &mut self,
        name: &str,
        list_of: impl Fn(&mut Library) -> &mut List<T>,
        pages_from: impl Fn(&Checkpoint) -> Pages<P>,
        to_item: impl Fn(&mut Library, P::Item) -> T,
    ) -> Fallible<()> {
        let Some(checkpoint) = list_of(self.library).checkpoint.clone() else { return Ok(()) };
        let mut restarts = 0;
        self.bar.set_prefix(name.to_owned());
        self.bar.set_position(0);
        let mut pages = pages_from(&checkpoint);
        while let Some(page) = pages.next() {
            let (items, skipped, total, is_last) = page?.split();
            let items: Vec<T> = items.into_iter().map(|item| to_item(self.library, item)).collect();
            let list = list_of(self.library);
            let has_changed = list.total.is_some() && list.total != total;
            // If the list has changed since the last page, restart, because the positions of its items may have
            // changed. After `RESTARTS`, continue in spite of changes.
            if has_changed && restarts < RESTARTS {
                restarts += 1;
                *list = List::unread();
                list.total = total;
                pages = pages_from(&Checkpoint::Start);
                continue;
            }
            if has_changed {
                list.notes.push(CHANGED.to_owned());
            }
            list.total = total;
            let first = list.items.len() + list.unreadable.len();
            list.items.extend(items);
            list.unreadable.extend(skipped.into_iter().map(|item| (first + item.index, item.raw)));
            list.checkpoint = (!is_last).then(|| pages.checkpoint());
            self.bar.set_length(total.unwrap_or_default().into());
            self.bar.set_position((list.items.len() + list.unreadable.len()) as u64);
            (self.keep)(self.library)?;
        }
        let list = list_of(self.library);
        list.checkpoint = None;
        // Record the items that are missing if the list ends before its total.
        let found = list.items.len() + list.unreadable.len();
        let total = list.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
        list.notes.extend((found..total).map(|_| "an item after the last page".to_owned()));
        (self.keep)(self.library)
    }
}

/// The common interface of both kinds of page.
trait Split: Paged {
    /// Returns the items, the skipped items, the total of all pages, and whether this page is the last.
    fn split(self) -> (Vec<Self::Item>, Vec<SkippedItem>, Option<u32>, bool);
}

impl<T> Split for Page<T>
where
    Page<T>: Paged<Item = T>,
{
    fn split(self) -> (Vec<T>, Vec<SkippedItem>, Option<u32>, bool) {
        (self.items, self.skipped, self.total, self.next.is_none())
    }
}

impl<T> Split for CursorPage<T>
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

/// Adds objects to a library.
trait Keep {
    /// Adds an object with an id, and returns the URI with that id.
    fn keep(
        &mut self,
        id: Option<impl Into<SpotifyUri>>,
        object: &impl Serialize,
    ) -> Option<SpotifyUri>;

    /// Adds an item of a playlist.
    fn keep_item(&mut self, item: &model::Item);
}

impl Keep for Library {
    fn keep(
        &mut self,
        id: Option<impl Into<SpotifyUri>>,
        object: &impl Serialize,
    ) -> Option<SpotifyUri> {
        let uri: SpotifyUri = id?.into();
        self.add_object(uri.clone(), object);
        Some(uri)
    }

    fn keep_item(&mut self, item: &model::Item) {
        // Local files and removed items are no objects of Spotify's catalog.
        if !matches!(item, model::Item::Local(_) | model::Item::Removed)
            && let Some(uri) = item.uri()
            && self.object(&uri).is_none()
        {
            self.add_object(uri, item);
        }
    }
}

fn item(uri: Option<SpotifyUri>, name: &str, by: String, added_at: Option<Timestamp>) -> Item {
    let mut item = Item::default();
    (item.uri, item.name, item.by, item.added_at) = (uri, name.to_owned(), by, added_at);
    item
}

/// Returns the artists of a track or the show of an episode.
pub fn by_whom(item: &model::Item) -> String {
    match item {
        model::Item::Track(track) | model::Item::Local(track) => track.artist_names(),
        model::Item::Episode(episode) => {
            episode.show.as_ref().map(|show| show.name.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn playlist(library: &mut Library, playlist: SimplifiedPlaylist) -> Playlist {
    let description = playlist.description_text().map(Into::into);
    let owner = playlist.owner.filter(|owner| owner.id.is_some());
    if let Some(owner) = &owner {
        library.keep(owner.id.clone(), owner);
    }
    let mut kept = Playlist::new(playlist.id);
    kept.name = playlist.name;
    kept.description = description;
    kept.owner = owner.and_then(|owner| owner.id);
    kept.public = playlist.public;
    kept.collaborative = playlist.collaborative;
    kept
}

pub fn playlist_item(entry: &PlaylistItem) -> Item {
    let (of, uri) = (&entry.item, entry.item.uri());
    let mut item = item(uri, of.name().unwrap_or_default(), by_whom(of), entry.added_at);
    item.added_by = entry.added_by.as_ref().and_then(|user| user.id.clone());
    item
}
