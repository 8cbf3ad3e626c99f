//! The library of a user in a file: what `examples/backup` writes, and what a server can serve.
//!
//! ```json
//! {
//!   "version": 1,
//!   "user": "mira.halvorsen",
//!   "begun_at": "2026-11-30T09:00:00Z",
//!   "tracks": {
//!     "items": [
//!       {
//!         "uri": "spotify:track:7ouMYWpwJ422jRcDASZB7P",
//!         "name": "Knights of Cydonia",
//!         "by": "Muse",
//!         "added_at": "2017-05-26T00:00:00Z"
//!       }
//!     ]
//!   },
//!   "playlists": {
//!     "items": [
//!       {
//!         "id": "3cEYpjA9oz9GiPac4AsH4n",
//!         "name": "Songs for later",
//!         "owner": "mira.halvorsen"
//!       }
//!     ]
//!   },
//!   "objects": {
//!     "spotify:track:7ouMYWpwJ422jRcDASZB7P": {
//!       "name": "Knights of Cydonia",
//!       "duration_ms": 366213,
//!       "artists": [{ "id": "12Chz98pHFMPJEknJQMWvI", "type": "artist", "name": "Muse" }],
//!       "album": {
//!         "id": "0eFHYz8NmK75zSplL5qlfM",
//!         "type": "album",
//!         "name": "Black Holes and Revelations"
//!       }
//!     }
//!   }
//! }
//! ```
//!
//! The lists are in the order of Spotify: newest first. [`List`], [`Item`] and [`Playlist`] describe their fields, most of
//! which have a default, so a file can also be written by hand. `objects` contains the JSON of objects by their URI, as
//! Spotify sends it. In this file the track has an object, and its artist and album have none.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Debug, Formatter};
use std::fs;
use std::io;
use std::path::Path;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::json::error::problem_with_place;
use crate::json::value::Value;
use crate::page::Checkpoint;
use crate::types::id::{PlaylistId, SpotifyUri, UserId};
use crate::types::timestamp::Timestamp;

/// The version of the format.
const VERSION: u32 = 1;

/// The saved items, the followed artists and the playlists of a user.
///
/// [`ServerBuilder::library`](crate::fake::ServerBuilder::library) starts a server with it.
///
/// ```
/// use tonearm::fake::Library;
/// use tonearm::fake::library::Item;
///
/// let mut library = Library::new("mira.halvorsen".parse()?);
/// let uri = "spotify:track:7ouMYWpwJ422jRcDASZB7P".parse()?;
/// library.tracks.items.push(Item::new(uri, "Knights of Cydonia"));
///
/// let json = library.to_json();
/// assert!(json.starts_with("{\n  \"version\": 1,\n  \"user\": \"mira.halvorsen\",\n"));
/// assert_eq!(Library::from_json(&json)?, library);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Library {
    version: Version,
    /// The user.
    pub user: UserId,
    /// The time at which reading it began.
    pub begun_at: Timestamp,
    /// The saved tracks.
    #[serde(default, deserialize_with = "list_of::<_, 0>")]
    pub tracks: List<Item>,
    /// The saved albums.
    #[serde(default, deserialize_with = "list_of::<_, 1>")]
    pub albums: List<Item>,
    /// The saved shows.
    #[serde(default, deserialize_with = "list_of::<_, 2>")]
    pub shows: List<Item>,
    /// The saved episodes.
    #[serde(default, deserialize_with = "list_of::<_, 3>")]
    pub episodes: List<Item>,
    /// The saved audiobooks.
    #[serde(default, deserialize_with = "list_of::<_, 4>")]
    pub audiobooks: List<Item>,
    /// The followed artists.
    #[serde(default, deserialize_with = "list_of::<_, 5>")]
    pub artists: List<Item>,
    /// The playlists that the user owns or follows.
    #[serde(default)]
    pub playlists: List<Playlist>,
    #[serde(default)]
    objects: Objects,
}

/// A list, or the part of a list that has been read. By default it is empty and complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct List<T> {
    /// The number of items according to Spotify.
    #[serde(default)]
    pub total: Option<u32>,
    /// The position of the first item that has not been read; `None` after the last.
    #[serde(default)]
    pub checkpoint: Option<Checkpoint>,
    /// The JSON of the items that could not be read, by their position in Spotify's list: `null`, or something that the
    /// version of Tonearm that read it cannot decode.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "json_texts")]
    pub unreadable: BTreeMap<usize, String>,
    /// Remarks on items that are absent, such as items that were removed while the list was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The items that could be read, in Spotify's order.
    #[serde(default = "Vec::new")]
    pub items: Vec<T>,
}

/// A saved or followed item, or an item of a playlist.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Item {
    /// Its URI. A removed item of a playlist has none.
    #[serde(default, deserialize_with = "uri")]
    pub uri: Option<SpotifyUri>,
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its artists, its authors, its show or its publisher, separated by `, `.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The time at which it was added, if Spotify has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
    /// The user who added it to a playlist, if Spotify has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by: Option<UserId>,
}

/// A playlist that the user owns or follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Playlist {
    /// Its id.
    pub id: PlaylistId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its description as plain text.
    #[serde(default)]
    pub description: Option<String>,
    /// Its owner. A deleted account has no id.
    #[serde(default)]
    pub owner: Option<UserId>,
    /// `true` if it is on the profile of its owner; `None` if Spotify doesn't tell.
    #[serde(default)]
    pub public: Option<bool>,
    /// `true` if other users can change it.
    #[serde(default)]
    pub collaborative: bool,
    /// The error of Spotify in the place of its items, if Spotify doesn't return them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<Unavailable>,
    /// Its items.
    #[serde(default)]
    pub items: List<Item>,
}

/// The error with which Spotify responds to a request for the items of a playlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Unavailable {
    /// The HTTP status code.
    #[serde(deserialize_with = "error_status")]
    pub status: u16,
    /// The message.
    pub message: String,
}

impl Library {
    /// Creates a library of which nothing has been read yet, for a program that reads it. [`empty`](Library::empty) creates
    /// one for a server.
    pub fn new(user: UserId) -> Self {
        Library {
            version: Version,
            user,
            begun_at: Timestamp::now(),
            tracks: List::unread(),
            albums: List::unread(),
            shows: List::unread(),
            episodes: List::unread(),
            audiobooks: List::unread(),
            artists: List::unread(),
            playlists: List::unread(),
            objects: Objects::default(),
        }
    }

    /// Creates the library of a user who has saved and followed nothing and has no playlists.
    ///
    /// ```
    /// use tonearm::fake::library::Item;
    /// use tonearm::fake::{Library, Server};
    ///
    /// let mut library = Library::empty("mira".parse()?);
    /// let uri = "spotify:track:7ouMYWpwJ422jRcDASZB7P".parse()?;
    /// library.tracks.items.push(Item::new(uri, "Knights of Cydonia"));
    ///
    /// let server = Server::builder().library(library).start()?;
    /// assert_eq!(server.client()?.get_my_saved_tracks().send()?.total, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn empty(user: UserId) -> Self {
        Library {
            tracks: List::default(),
            albums: List::default(),
            shows: List::default(),
            episodes: List::default(),
            audiobooks: List::default(),
            artists: List::default(),
            playlists: List::default(),
            ..Library::new(user)
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// An error if the file cannot be read; [`InvalidData`](io::ErrorKind::InvalidData), with line and column, if it is not
    /// a library of this version.
    ///
    /// ```
    /// use tonearm::fake::Library;
    ///
    /// let error = Library::open("no/such/library.json").unwrap_err();
    /// assert!(error.to_string().starts_with("cannot read the library `no/such/library.json`: "));
    /// ```
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| {
            let text = format!("cannot read the library `{}`: {error}", path.display());
            io::Error::new(error.kind(), text)
        })?;
        Library::parse(&text).map_err(|problem| {
            let text = format!("`{}`{problem}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, text)
        })
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData), with line and column, if it is not a library of this version.
    ///
    /// ```
    /// use tonearm::fake::Library;
    ///
    /// let error = Library::from_json("{\n  \"version\": 1,\n  \"user\": 7\n}").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the library, line 3, column 11: invalid type: integer `7`, expected text",
    /// );
    /// ```
    pub fn from_json(text: &str) -> io::Result<Self> {
        Library::parse(text).map_err(|problem| {
            io::Error::new(io::ErrorKind::InvalidData, format!("the library{problem}"))
        })
    }

    /// The error contains line, column and problem.
    fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| {
            problem_with_version(text).unwrap_or_else(|| problem_with_place(&error))
        })
    }

    /// Returns the text of a file.
    pub fn to_json(&self) -> String {
        // Every library can be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Returns the lists except playlists, each with a name for its items: `saved track`.
    pub fn lists(&self) -> impl Iterator<Item = (&'static str, &List<Item>)> {
        [
            ("saved track", &self.tracks),
            ("saved album", &self.albums),
            ("saved show", &self.shows),
            ("saved episode", &self.episodes),
            ("saved audiobook", &self.audiobooks),
            ("followed artist", &self.artists),
        ]
        .into_iter()
    }

    /// Returns whether the whole library has been read. The items of a playlist that Spotify does not return are not
    /// needed.
    pub fn is_complete(&self) -> bool {
        self.unread().is_none()
    }

    /// Returns what has not been read completely, and the constructor of a complete one.
    pub(crate) fn unread(&self) -> Option<(String, &'static str)> {
        let list = |name: &str| (format!("only a part of the {name}s"), "Library::empty");
        let mut lists = self.lists().filter(|(_, list)| list.checkpoint.is_some());
        let playlists = || self.playlists.checkpoint.as_ref().map(|_| list("playlist"));
        let playlist = |playlist: &Playlist| {
            let (id, name) = (&playlist.id, playlist.title());
            let found = format!("the playlist `{id}` ({name}), whose items have not all been read");
            (found, "Playlist::empty")
        };
        let mut of_playlists = self.playlists.items.iter();
        lists.next().map(|(name, _)| list(name)).or_else(playlists).or_else(|| {
            let is_unread = |playlist: &&Playlist| {
                playlist.items.checkpoint.is_some() && playlist.unavailable.is_none()
            };
            of_playlists.find(is_unread).map(playlist)
        })
    }

    /// Adds an object, such as a [model](crate::model), which a server returns for its URI. It replaces an object with the
    /// same URI.
    ///
    /// Web addresses and lists of markets are left out, because the server adds them.
    ///
    /// ```
    /// use tonearm::fake::{Library, Server};
    /// use tonearm::model::Track;
    ///
    /// let track: Track = serde_json::from_str(
    ///     r#"{"id": "7ouMYWpwJ422jRcDASZB7P", "type": "track", "name": "Knights of Cydonia"}"#,
    /// )?;
    /// let mut library = Library::from_json(
    ///     r#"{"version": 1, "user": "mira", "begun_at": "2026-11-30T09:00:00Z"}"#,
    /// )?;
    /// library.add_object("spotify:track:7ouMYWpwJ422jRcDASZB7P".parse()?, &track);
    ///
    /// let server = Server::builder().library(library).start()?;
    /// let spotify = server.client()?;
    /// assert_eq!(spotify.get_track("7ouMYWpwJ422jRcDASZB7P").send()?.name, "Knights of Cydonia");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_object(&mut self, uri: SpotifyUri, object: &impl Serialize) {
        let json = json_of(object).map(|json| json.to_json());
        if let Some(Ok(json)) = json.map(RawValue::from_string) {
            self.objects.0.insert(uri, json);
        }
    }

    /// Removes the objects of items that no list contains any more, such as those removed while a list was read.
    pub fn remove_unused_objects(&mut self) {
        let lists = self.lists().map(|(_, list)| list);
        let lists = lists.chain(self.playlists.items.iter().map(|playlist| &playlist.items));
        let items = lists.flat_map(|list| &list.items).filter_map(|item| item.uri.clone());
        let owners = self.playlists.items.iter().filter_map(|playlist| playlist.owner.clone());
        let used: HashSet<SpotifyUri> = items.chain(owners.map(SpotifyUri::User)).collect();
        let user = SpotifyUri::User(self.user.clone());
        self.objects.0.retain(|uri, _| used.contains(uri) || *uri == user);
    }

    /// Returns the JSON of an object, without web addresses and without lists of markets.
    pub fn object(&self, uri: &SpotifyUri) -> Option<&str> {
        self.objects.0.get(uri).map(|json| json.get())
    }

    /// Returns the URIs of all objects.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&SpotifyUri, &str)> {
        self.objects.0.iter().map(|(uri, json)| (uri, json.get()))
    }
}

/// Returns the problem of a text without a version, or with another one.
fn problem_with_version(text: &str) -> Option<String> {
    /// The version of any file, with the other fields ignored.
    #[derive(Deserialize)]
    struct Probe {
        version: Option<Value>,
    }
    let expected = format!(": expected version {VERSION} of the format, found");
    if !text.trim_start().starts_with('{') {
        let problem =
            ": expected a library, an object with the field `version`, found something else";
        return Some(problem.to_owned());
    }
    match serde_json::from_str(text).ok()? {
        Probe { version: Some(Value::Integer(version)) } if version == i64::from(VERSION) => None,
        Probe { version: Some(version) } => Some(format!(
            "{expected} {}; read it with the version of Tonearm that wrote it",
            version.to_json(),
        )),
        Probe { version: None } => Some(format!(
            "{expected} a file without `version`; back up the library again, to another file"
        )),
    }
}

/// Returns the JSON of an object, without what the server adds to it.
pub(crate) fn json_of(object: &impl Serialize) -> Option<Value> {
    let mut json = serde_json::to_vec(object).ok().and_then(|json| Value::parse(&json))?;
    remove_addresses(&mut json);
    Some(json)
}

/// What the server adds to the objects that it serves.
const ADDED: [&str; 5] = ["href", "next", "previous", "external_urls", "available_markets"];

/// Removes web addresses and lists of markets at any depth.
fn remove_addresses(json: &mut Value) {
    match json {
        Value::List(values) => values.iter_mut().for_each(remove_addresses),
        Value::Object(fields) => {
            fields.retain(|(key, _)| !ADDED.contains(&&**key));
            fields.iter_mut().for_each(|(_, value)| remove_addresses(value));
        }
        _ => {}
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List {
            total: None,
            checkpoint: None,
            unreadable: BTreeMap::new(),
            notes: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T> List<T> {
    /// Creates a list of which nothing has been read.
    pub fn unread() -> Self {
        List { checkpoint: Some(Checkpoint::Start), ..List::default() }
    }

    /// Returns all items in Spotify's order: for one that could not be read, its JSON as the error.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = Result<&T, &str>> {
        let mut items = self.items.iter();
        let count = self.items.len() + self.unreadable.len();
        let unreadable = |position| self.unreadable.get(&position).map(String::as_str);
        // Positions after the end are ignored.
        (0..count).filter_map(move |position| match unreadable(position) {
            Some(json) => Some(Err(json)),
            None => items.next().map(Ok),
        })
    }
}

impl Item {
    /// Creates an item without the time at which it was added.
    pub fn new(uri: SpotifyUri, name: impl Into<String>) -> Self {
        Item { uri: Some(uri), name: name.into(), ..Item::default() }
    }

    /// Returns the name, and the artists if there are any.
    ///
    /// ```
    /// use tonearm::fake::library::Item;
    ///
    /// let uri = "spotify:track:7ouMYWpwJ422jRcDASZB7P".parse()?;
    /// let mut item = Item::new(uri, "Knights of Cydonia");
    /// item.by = "Muse".to_owned();
    /// assert_eq!(item.title(), "Knights of Cydonia – Muse");
    /// assert_eq!(Item::default().title(), "removed item");
    /// # Ok::<(), tonearm::InvalidId>(())
    /// ```
    pub fn title(&self) -> String {
        match (&*self.name, &*self.by) {
            ("", _) => "removed item".to_owned(),
            (name, "") => name.to_owned(),
            (name, by) => format!("{name} – {by}"),
        }
    }
}

impl Playlist {
    /// Creates a playlist whose items have not been read yet, for a program that reads them. [`empty`](Playlist::empty)
    /// creates one for a server.
    pub fn new(id: PlaylistId) -> Self {
        Playlist {
            id,
            name: String::new(),
            description: None,
            owner: None,
            public: None,
            collaborative: false,
            unavailable: None,
            items: List::unread(),
        }
    }

    /// Creates a playlist without items, whose owner is not known.
    ///
    /// ```
    /// use tonearm::fake::library::{Item, Playlist};
    /// use tonearm::fake::{Library, Server};
    ///
    /// let mut playlist = Playlist::empty("3cEYpjA9oz9GiPac4AsH4n".parse()?);
    /// (playlist.name, playlist.owner) = ("Demos".to_owned(), Some("mira".parse()?));
    /// playlist.items.items.push(Item::new("spotify:local:Muse:Attic:Rain:90".parse()?, "Rain"));
    /// let mut library = Library::empty("mira".parse()?);
    /// library.playlists.items.push(playlist);
    ///
    /// let server = Server::builder().library(library).start()?;
    /// let items = server.client()?.get_playlist_items("3cEYpjA9oz9GiPac4AsH4n").send()?.items;
    /// assert!(items[0].is_local);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn empty(id: PlaylistId) -> Self {
        Playlist { items: List::default(), ..Playlist::new(id) }
    }

    /// Returns its name. Spotify has playlists without a name, but does not create them.
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { "Untitled playlist" } else { &self.name }
    }

    /// Returns whether the user owns it.
    pub fn is_of(&self, user: &UserId) -> bool {
        self.owner.as_ref() == Some(user)
    }
}

impl Unavailable {
    /// Creates an error with this status code and message.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Unavailable { status, message: message.into() }
    }
}

/// The field `version`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Version),
            found => Err(D::Error::custom(format!("expected version {VERSION}, found {found}"))),
        }
    }
}

/// The JSON of objects, by URI.
#[derive(Clone, Default, Serialize)]
struct Objects(BTreeMap<SpotifyUri, Box<RawValue>>);

impl PartialEq for Objects {
    fn eq(&self, other: &Self) -> bool {
        let texts = |objects: &Objects| -> Vec<_> {
            objects.0.iter().map(|(uri, json)| (uri.clone(), json.get().to_owned())).collect()
        };
        texts(self) == texts(other)
    }
}

impl Debug for Objects {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys().map(ToString::to_string)).finish()
    }
}

/// The kinds of the items in the lists, in the order of [`Library::lists`].
pub(crate) const KINDS: [&str; 6] = ["track", "album", "show", "episode", "audiobook", "artist"];

impl<'de> Deserialize<'de> for Objects {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectsVisitor;

        impl<'de> Visitor<'de> for ObjectsVisitor {
            type Value = Objects;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a URI as the key of each object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Objects, A::Error> {
                let mut objects = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    let Some(uri) = key.parse().ok().filter(|_| key.starts_with("spotify:")) else {
                        let problem = format!("expected a Spotify URI, found `{key}`");
                        return Err(A::Error::custom(problem));
                    };
                    let json: Box<RawValue> = map.next_value()?;
                    if !json.get().trim_start().starts_with('{') {
                        let problem = format!("expected an object for `{key}`, found {json}");
                        return Err(A::Error::custom(problem));
                    }
                    objects.insert(uri, json);
                }
                Ok(Objects(objects))
            }
        }

        deserializer.deserialize_map(ObjectsVisitor)
    }
}

/// An item whose URI has the kind with this index.
struct OfKind<const KIND: usize>(Item);

impl<'de, const KIND: usize> Deserialize<'de> for OfKind<KIND> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let item = Item::deserialize(deserializer)?;
        let kind = KINDS.get(KIND).copied().unwrap_or_default();
        match &item.uri {
            Some(uri) if uri.kind() != kind => {
                let expected = format!("expected a URI such as `spotify:{kind}:…`, found `{uri}`");
                Err(D::Error::custom(expected))
            }
            _ => Ok(OfKind(item)),
        }
    }
}

fn list_of<'de, D: Deserializer<'de>, const KIND: usize>(
    deserializer: D,
) -> Result<List<Item>, D::Error> {
    let List { total, checkpoint, unreadable, notes, items } =
        List::<OfKind<KIND>>::deserialize(deserializer)?;
    let items = items.into_iter().map(|OfKind(item)| item).collect();
    Ok(List { total, checkpoint, unreadable, notes, items })
}

/// Reads a URI; a link or any other text is an error.
fn uri<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SpotifyUri>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    match text.parse() {
        Ok(uri) if text.starts_with("spotify:") => Ok(Some(uri)),
        _ => Err(D::Error::custom(format!("expected a Spotify URI, found `{text}`"))),
    }
}

/// Reads texts that contain JSON.
fn json_texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<usize, String>, D::Error> {
    let texts = BTreeMap::<usize, String>::deserialize(deserializer)?;
    match texts.values().find(|json| Value::parse(json.as_bytes()).is_none()) {
        Some(text) => Err(D::Error::custom(format!("expected JSON as text, found `{text}`"))),
        None => Ok(texts),
    }
}

fn error_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match u16::deserialize(deserializer)? {
        status @ 400..600 => Ok(status),
        status => {
            Err(D::Error::custom(format!("expected a status from 400 to 599, found {status}")))
        }
    }
}
