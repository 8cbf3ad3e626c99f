//! The objects of a library that a user has brought, beside the made-up ones.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use super::items::{MediaItem, PlaylistEntry};
use super::{Catalog, Cover, Object, Playlist, mixed, seed};
use crate::fake::library::{self, Item, Library, List};
use crate::json::value::{Value, json_object};
use crate::types::id::{IdKind, SpotifyUri, UserId};
use crate::types::timestamp::Timestamp;

/// The first index of objects of the library. The made-up objects have smaller ones.
const OWN: usize = 1 << 24;
/// The first index of items of the library that could not be read.
const UNREADABLE: usize = 1 << 25;
/// The first index of URIs that the library contains without an object.
const MISSING: usize = 1 << 26;

/// The library of the user, and its objects by index.
///
/// A test can add objects and local files to any server, also to one without a library.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    /// `true` if the server has the library of a user.
    pub(crate) is_library: bool,
    /// The user, as an index.
    pub(crate) me: usize,
    /// The saved items, the followed artists and the playlists, in the order of each list.
    pub(crate) saved: Vec<OwnEntry>,
    objects: Vec<(SpotifyUri, Value)>,
    indices: HashMap<SpotifyUri, usize>,
    /// The playlists with their entries, by index.
    playlists: HashMap<usize, (library::Playlist, Vec<PlaylistEntry>)>,
    locals: Vec<Item>,
    unreadable: Vec<Value>,
    /// The URIs that the library contains without an object, and the index of each.
    missing: Vec<SpotifyUri>,
    missing_indices: HashMap<SpotifyUri, usize>,
}

/// A saved item, a followed artist or a playlist.
#[derive(Clone, Debug)]
pub(crate) struct OwnEntry {
    pub(crate) uri: SpotifyUri,
    pub(crate) index: usize,
    pub(crate) added_at: Timestamp,
    pub(crate) is_public: bool,
}

impl Catalog {
    /// Returns a catalog with the objects of a library too.
    pub(crate) fn with_library(mut library: Library) -> Catalog {
        let mut catalog = Catalog::make();
        let mut own = Own { is_library: true, ..Own::default() };
        let mut users = Users::default();
        for (uri, json) in library.objects() {
            let json = Value::parse(json.as_bytes()).unwrap_or(Value::Null);
            match uri {
                SpotifyUri::User(user) => users.add(&mut catalog, user, &json),
                uri => own.add(uri.clone(), json),
            }
        }
        own.me = users.index(&mut catalog, &library.user);
        catalog.index.insert(library.user.clone().into(), own.me);
        own.find_mentioned(&library, &catalog);
        for (kind, (_, list)) in library::KINDS.into_iter().zip(library.lists()) {
            own.add_saved(kind, list, library.begun_at, &catalog);
        }
        for playlist in std::mem::take(&mut library.playlists).in_order() {
            let entry = match playlist {
                Ok(playlist) => Some(own.add_playlist(playlist, &mut catalog, &mut users)),
                Err(json) => {
                    own.add_nameless("playlist", json).map(|(uri, index)| (uri, index, true))
                }
            };
            let Some((uri, index, is_public)) = entry else { continue };
            own.saved.push(OwnEntry { uri, index, added_at: library.begun_at, is_public });
        }
        catalog.own = own;
        catalog
    }

    /// Adds an object, or replaces the one with the same URI.
    pub(crate) fn add_object(&mut self, uri: SpotifyUri, json: Value) {
        match &uri {
            SpotifyUri::User(user) => Users::default().add(self, user, &json),
            _ => self.own.resolve(&uri, json),
        }
        // The next search makes the index again.
        self.words = OnceLock::new();
    }

    /// Returns the index of the made-up object with a URI, also if another one replaces it.
    pub(crate) fn made_up(&self, uri: &SpotifyUri) -> Option<usize> {
        self.index.get(uri).copied()
    }

    /// Returns the tracks of an album, the episodes of a show or the chapters of an audiobook: the made-up ones, then the
    /// objects that contain this album, show or audiobook.
    pub(crate) fn parts_of(&self, whole: &SpotifyUri) -> Vec<usize> {
        let n = self.made_up(whole);
        let (kind, made_up) = match whole {
            SpotifyUri::Album(_) => ("track", n.and_then(|n| Some(&self.albums.get(n)?.parts))),
            SpotifyUri::Show(_) => ("episode", n.and_then(|n| Some(&self.shows.get(n)?.parts))),
            SpotifyUri::Audiobook(_) => {
                ("chapter", n.and_then(|n| Some(&self.audiobooks.get(n)?.parts)))
            }
            _ => return Vec::new(),
        };
        let whole_id = whole.to_string();
        let whole_id = whole_id.rsplit(':').next();
        self.with_own(kind, made_up.cloned().unwrap_or_default(), |json| {
            let id = json.get(whole.kind()).and_then(|whole| whole.get("id"));
            id.is_some_and(|id| id.as_str() == whole_id)
        })
    }

    /// Returns made-up objects of a kind, each one or the object that replaces it, then the other objects of this kind that
    /// `is_chosen` returns true for.
    pub(crate) fn with_own(
        &self,
        kind: &'static str,
        made_up: Range<usize>,
        is_chosen: impl Fn(&Value) -> bool,
    ) -> Vec<usize> {
        let mut all: Vec<usize> = made_up.clone().collect();
        for n in self.own.of_kind(kind) {
            let Some((uri, json)) = self.own.object(n) else { continue };
            let replaced = self.made_up(uri).filter(|replaced| made_up.contains(replaced));
            match replaced.and_then(|replaced| all.get_mut(replaced - made_up.start)) {
                Some(replaced) => *replaced = n,
                None if is_chosen(json) => all.push(n),
                None => {}
            }
        }
        all
    }

    /// Adds an item of a playlist. Returns it with the time and the user.
    pub(crate) fn add_playlist_item(&mut self, item: &Item) -> PlaylistEntry {
        let mut own = std::mem::take(&mut self.own);
        let media = own.media(item, self);
        self.own = own;
        let by = item.added_by.as_ref();
        let added_by = by.map(|user| Users::default().index(self, user));
        PlaylistEntry { item: media, added_at: item.added_at, added_by }
    }

    /// Returns the index of an object, or of a URI that the user's own library contains without an object.
    pub(crate) fn find_or_missing(&self, uri: &SpotifyUri) -> Option<usize> {
        self.find(uri).or_else(|| self.own.missing_index(uri))
    }
}

/// The users of a catalog that is being made.
#[derive(Default)]
struct Users(HashMap<UserId, usize>);

impl Users {
    /// Adds a user with an object.
    fn add(&mut self, catalog: &mut Catalog, user: &UserId, json: &Value) {
        let n = self.index(catalog, user);
        if let (Some(user), Some(name)) =
            (catalog.users.get_mut(n), json.get("display_name").and_then(Value::as_str))
        {
            name.clone_into(&mut user.name);
        }
        catalog.index.insert(user.clone().into(), n);
    }

    /// Returns the index of a user. A user whom only a library contains is not found by id.
    fn index(&mut self, catalog: &mut Catalog, user: &UserId) -> usize {
        let made_up = catalog.index.get(&SpotifyUri::User(user.clone())).copied();
        *self.0.entry(user.clone()).or_insert_with(|| {
            made_up.unwrap_or_else(|| {
                let name = user.to_string();
                catalog.users.push(Object { id: user.clone(), name, parts: 0..0 });
                catalog.users.len() - 1
            })
        })
    }
}

impl Own {
    /// Adds an object, or replaces the one with the same URI.
    fn add(&mut self, uri: SpotifyUri, json: Value) {
        let index = *self.indices.entry(uri.clone()).or_insert(OWN + self.objects.len());
        match self.objects.get_mut(index - OWN) {
            Some((_, known)) => *known = json,
            None => self.objects.push((uri, json)),
        }
    }

    /// Adds the object of a URI. Items without an object that have this URI get it.
    fn resolve(&mut self, uri: &SpotifyUri, json: Value) {
        self.add(uri.clone(), json);
        let (Some(n), Some(missing)) = (self.find(uri), self.missing_index(uri)) else { return };
        self.saved
            .iter_mut()
            .filter(|saved| saved.index == missing)
            .for_each(|saved| saved.index = n);
        let entries = self.playlists.values_mut().flat_map(|(_, entries)| entries);
        for entry in entries.filter(|entry| entry.item == MediaItem::Missing(missing)) {
            entry.item = MediaItem::with_index(uri, n).unwrap_or(MediaItem::Track(n));
        }
    }

    /// Adds a playlist. Returns its URI, its index, and whether a token without a scope may see it.
    fn add_playlist(
        &mut self,
        playlist: &library::Playlist,
        catalog: &mut Catalog,
        users: &mut Users,
    ) -> (SpotifyUri, usize, bool) {
        // A deleted account has no id.
        let owner = playlist.owner.clone().unwrap_or_else(|| UserId::from_text(""));
        let made = Playlist {
            id: playlist.id.clone(),
            name: playlist.name.clone(),
            owner: users.index(catalog, &owner),
            is_public: playlist.public.unwrap_or(false),
            is_collaborative: playlist.collaborative,
            description: playlist.description.clone().unwrap_or_default(),
            cover: None,
        };
        let uri: SpotifyUri = playlist.id.clone().into();
        let n = catalog.index.get(&uri).copied().unwrap_or(catalog.playlists.len());
        let made = Playlist { cover: Some(Cover::Generated(mixed(seed("playlist", n)))), ..made };
        match catalog.playlists.get_mut(n) {
            Some(known) => *known = made,
            None => catalog.playlists.push(made),
        }
        catalog.index.insert(uri.clone(), n);
        let entries = playlist.items.in_order().map(|item| match item {
            Ok(item) => PlaylistEntry {
                item: self.media(item, catalog),
                added_at: item.added_at,
                added_by: item.added_by.as_ref().map(|user| users.index(catalog, user)),
            },
            Err(json) => PlaylistEntry {
                item: MediaItem::Unreadable(self.add_unreadable(json)),
                added_at: None,
                added_by: None,
            },
        });
        let entries = entries.collect();
        self.playlists.insert(n, (playlist.clone(), entries));
        (uri, n, playlist.public.unwrap_or(true))
    }

    /// Returns an item of a playlist.
    fn media(&mut self, item: &Item, catalog: &Catalog) -> MediaItem {
        match &item.uri {
            Some(SpotifyUri::Local(_)) => {
                self.locals.push(item.clone());
                MediaItem::Local(OWN + self.locals.len() - 1)
            }
            Some(uri) => match (self.find(uri), catalog.find(uri)) {
                // An object of another kind, such as a video, is rendered as the library contains it.
                (Some(n), _) => MediaItem::with_index(uri, n).unwrap_or(MediaItem::Track(n)),
                (None, Some(n)) => MediaItem::with_index(uri, n).unwrap_or(MediaItem::Removed),
                (None, None) => MediaItem::Missing(self.add_missing(uri)),
            },
            None => MediaItem::Removed,
        }
    }

    /// Adds the items of a list. One that could not be read gets a made-up URI, and one without an object is null.
    fn add_saved(
        &mut self,
        kind: &'static str,
        list: &List<Item>,
        begun_at: Timestamp,
        catalog: &Catalog,
    ) {
        // An item without a time keeps its place after the one before it.
        let mut last = begun_at;
        for item in list.in_order() {
            let (uri, index, added_at) = match item {
                Ok(Item { uri: Some(uri), added_at, .. }) => {
                    let known = self.find(uri).or_else(|| catalog.find(uri));
                    let index = known.unwrap_or_else(|| self.add_missing(uri));
                    (uri.clone(), index, *added_at)
                }
                // Spotify has sent an item without any data.
                Ok(Item { added_at, .. }) => {
                    let added = added_at.map(|added_at| added_at.to_string());
                    let json = json_object! { "added_at": added }.with([(kind, json_object! {})]);
                    let added = self.add_nameless(kind, &json.to_json());
                    let Some((uri, index)) = added else { continue };
                    (uri, index, *added_at)
                }
                Err(json) => {
                    let Some((uri, index)) = self.add_nameless(kind, json) else { continue };
                    (uri, index, None)
                }
            };
            let added_at = added_at.unwrap_or(last);
            last = added_at;
            self.saved.push(OwnEntry { uri, index, added_at, is_public: true });
        }
    }

    /// Adds an item that could not be read. Returns a made-up URI and the index.
    fn add_nameless(&mut self, kind: &str, json: &str) -> Option<(SpotifyUri, usize)> {
        let index = self.add_unreadable(json);
        Some((format!("spotify:{kind}:{index:022}").parse().ok()?, index))
    }

    fn add_unreadable(&mut self, json: &str) -> usize {
        self.unreadable.push(Value::parse(json.as_bytes()).unwrap_or(Value::Null));
        UNREADABLE + self.unreadable.len() - 1
    }

    /// Collects the URIs of items and objects that have no object themselves.
    fn find_mentioned(&mut self, library: &Library, catalog: &Catalog) {
        let mut uris = HashSet::new();
        let lists = library.lists().map(|(_, list)| list);
        let lists = lists.chain(library.playlists.items.iter().map(|playlist| &playlist.items));
        uris.extend(lists.flat_map(|list| &list.items).filter_map(|item| item.uri.clone()));
        let playlists = library.playlists.items.iter();
        let users = playlists.flat_map(|playlist| {
            let by = playlist.items.items.iter().filter_map(|item| item.added_by.clone());
            by.chain(playlist.owner.clone())
        });
        uris.extend(users.map(SpotifyUri::User));
        for (_, json) in library.objects() {
            collect_uris(&Value::parse(json.as_bytes()).unwrap_or(Value::Null), &mut uris);
        }
        let is_known = |uri: &SpotifyUri| self.find(uri).or_else(|| catalog.find(uri)).is_some();
        let is_local = |uri: &SpotifyUri| matches!(uri, SpotifyUri::Local(_));
        let mut unknown: Vec<SpotifyUri> = uris.into_iter().collect();
        unknown.retain(|uri| !is_known(uri) && !is_local(uri));
        unknown.sort_unstable();
        unknown.iter().for_each(|uri| {
            self.add_missing(uri);
        });
    }

    /// Adds a URI without an object. Returns its index.
    fn add_missing(&mut self, uri: &SpotifyUri) -> usize {
        *self.missing_indices.entry(uri.clone()).or_insert_with(|| {
            self.missing.push(uri.clone());
            MISSING + self.missing.len() - 1
        })
    }

    /// Returns the index of an object of the library.
    pub(crate) fn find(&self, uri: &SpotifyUri) -> Option<usize> {
        self.indices.get(uri).copied()
    }

    /// Returns the URI and the JSON of an object of the library by its index.
    pub(crate) fn object(&self, n: usize) -> Option<(&SpotifyUri, &Value)> {
        self.objects.get(n.checked_sub(OWN)?).map(|(uri, json)| (uri, json))
    }

    /// Returns the duration of an object of the library in milliseconds.
    pub(crate) fn duration(&self, n: usize) -> Option<usize> {
        let (_, json) = self.object(n)?;
        match json.get("duration_ms") {
            Some(Value::Integer(duration)) => usize::try_from(*duration).ok(),
            _ => Some(0),
        }
    }

    /// Returns `true` if the server has only made-up objects.
    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Returns the indices of the objects of a kind.
    pub(crate) fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = usize> {
        let all = self.objects.iter().enumerate();
        all.filter(move |(_, (uri, _))| uri.kind() == kind).map(|(n, _)| OWN + n)
    }

    /// Returns a local file of the library by its index.
    pub(crate) fn local(&self, n: usize) -> Option<&Item> {
        self.locals.get(n.checked_sub(OWN)?)
    }

    /// Returns the JSON of an item that could not be read.
    pub(crate) fn unreadable(&self, n: usize) -> Option<&Value> {
        self.unreadable.get(n.checked_sub(UNREADABLE)?)
    }

    /// Returns a playlist of the library and its entries.
    pub(crate) fn playlist(&self, n: usize) -> Option<(&library::Playlist, &[PlaylistEntry])> {
        self.playlists.get(&n).map(|(playlist, entries)| (playlist, &**entries))
    }

    /// Returns a URI without an object by its index.
    pub(crate) fn missing(&self, n: usize) -> Option<&SpotifyUri> {
        self.missing.get(n.checked_sub(MISSING)?)
    }

    /// Returns the index of a URI that the library contains without an object.
    pub(crate) fn missing_index(&self, uri: &SpotifyUri) -> Option<usize> {
        self.missing_indices.get(uri).copied()
    }
}

/// Collects the URIs of an object and of those in it.
fn collect_uris(json: &Value, uris: &mut HashSet<SpotifyUri>) {
    match json {
        Value::List(values) => values.iter().for_each(|value| collect_uris(value, uris)),
        Value::Object(fields) => {
            let text = |key| json.get(key).and_then(Value::as_str);
            // Spotify's URIs of audiobooks and chapters have other kinds.
            let of_id = || Some(format!("spotify:{}:{}", text("type")?, text("id")?));
            let uri = of_id().or_else(|| text("uri").map(str::to_owned));
            uris.extend(uri.and_then(|uri| uri.parse().ok()));
            fields.iter().for_each(|(_, value)| collect_uris(value, uris));
        }
        _ => {}
    }
}
