//! Renders objects of the catalog as JSON, with every field that Spotify documents.

use std::borrow::Cow;
use std::cell::RefCell;

use percent_encoding::utf8_percent_encode;

use super::own::Form;
use super::page;
use super::route::ROOT;
use crate::client::QuotaMode;
use crate::endpoint::{Endpoint, GET_ALBUM_TRACKS};
use crate::fake::catalog::items::{duration_of_episode, duration_of_track};
use crate::fake::catalog::markets::{HOME, Markets};
use crate::fake::catalog::{
    Catalog, Cover, Object, Playlist, artist_of, mixed, names, playlist_length, seed,
};
use crate::fake::state::playlists::{EditedPlaylist, snapshot};
use crate::json::value::{Value, json_object};
use crate::types::id::{AlbumId, IdKind, SEGMENT, SpotifyUri};
use crate::types::scope::{Scope, Scopes};

/// The context of a response.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) catalog: &'a Catalog,
    /// The user, as an index.
    pub(crate) me: usize,
    /// The base URL of the Web API, for links.
    pub(crate) base: &'a str,
    pub(crate) scopes: &'a Scopes,
    pub(crate) mode: QuotaMode,
    /// `true` if the token is an app's.
    pub(crate) is_of_app: bool,
    /// The market that the response is for, if the request sets one.
    pub(crate) market: Option<&'a str>,
    /// The locale of texts, if the request sets one.
    pub(crate) locale: Option<&'a str>,
    /// The parameters that links within objects keep.
    pub(crate) carried: &'a [(&'a str, &'a str)],
    /// The URIs in the place of whose objects the response is null or an error.
    pub(crate) missing: &'a RefCell<Vec<SpotifyUri>>,
}

impl View<'_> {
    /// Returns the index of an object, unless the response has no objects of its kind.
    pub(crate) fn find(&self, uri: &SpotifyUri) -> Option<usize> {
        self.catalog.find(uri).filter(|_| self.serves(uri.kind()))
    }

    /// Reports a URI that the user's own library contains without an object.
    pub(crate) fn report(&self, uri: &SpotifyUri) {
        if self.catalog.own.missing_index(uri).is_some()
            && self.catalog.find(uri).is_none()
            && let Ok(mut missing) = self.missing.try_borrow_mut()
            && !missing.contains(uri)
        {
            missing.push(uri.clone());
        }
    }

    /// Returns the JSON of an item of the user's own library without a readable object; `None` if it has one.
    pub(crate) fn absent(&self, n: usize) -> Option<Value> {
        match self.catalog.own.missing(n) {
            Some(uri) => {
                self.report(uri);
                Some(Value::Null)
            }
            None => self.catalog.own.unreadable(n).cloned(),
        }
    }

    /// Returns whether a response has objects of a kind.
    pub(crate) fn serves(&self, kind: &str) -> bool {
        match kind {
            "audiobook" | "chapter" => {
                self.market.is_none_or(|market| Markets::Audiobooks.contains(market))
            }
            // Without a country, shows and episodes count as unavailable. An app's token has none.
            "show" | "episode" => self.market.is_some() || !self.is_of_app,
            _ => true,
        }
    }

    /// Renders the object with this index: that of the user's own library, or else the made-up one. Null if there is none.
    pub(super) fn object<T>(
        &self,
        n: usize,
        form: Form,
        made_up: &[T],
        render: impl FnOnce(&T) -> Value,
    ) -> Value {
        self.own(n, form).or_else(|| made_up.get(n).map(render)).unwrap_or(Value::Null)
    }

    /// The fields of every object with an id.
    pub(crate) fn linked<I: IdKind + Clone + Into<SpotifyUri>>(&self, id: &I) -> Value {
        // Only ids of users need to be escaped.
        let (escaped, uri) = if I::URI == "user" {
            let uri: SpotifyUri = id.clone().into();
            (utf8_percent_encode(id.text(), SEGMENT).into(), uri.to_string())
        } else {
            (Cow::Borrowed(id.text()), ["spotify:", I::URI, ":", id.text()].concat())
        };
        json_object! {
            "external_urls": json_object! { "spotify": ["https://open.spotify.com/", I::URI, "/", &*escaped].concat() },
            "href": [self.base, "/", I::PATH, "/", &*escaped].concat(),
            "id": id.text(),
            "type": I::URI,
            "uri": uri,
        }
    }

    /// Images of these heights and widths.
    pub(crate) fn images(&self, seed: u64, sizes: &[usize]) -> Value {
        sizes.iter().map(|size| self.image(seed, *size, (*size).into())).collect()
    }

    /// An image, with its size or null.
    pub(crate) fn image(&self, seed: u64, size: usize, sent_size: Value) -> Value {
        let origin = self.base.strip_suffix(ROOT).unwrap_or(self.base);
        json_object! {
            "height": sent_size.clone(),
            "url": format!("{origin}{IMAGES}{seed:016x}{size:08x}"),
            "width": sent_size,
        }
    }

    /// A full artist object.
    pub(crate) fn artist(&self, n: usize) -> Value {
        self.object(n, Form::Full, &self.catalog.artists, |artist| {
            let seed = mixed(seed("artist", n));
            self.linked(&artist.id).with([
                ("followers", followers(seed)),
                ("genres", genres_of_artist(n).map(Value::from).collect()),
                ("images", self.images(seed, &[640, 320, 160])),
                ("name", artist.name.as_str().into()),
                ("popularity", percent(seed)),
            ])
        })
    }

    pub(crate) fn simplified_artist(&self, n: usize) -> Value {
        self.object(n, Form::Simplified, &self.catalog.artists, |artist| {
            self.linked(&artist.id).with([("name", artist.name.as_str().into())])
        })
    }

    /// A full album object, with the first page of its tracks.
    pub(crate) fn album(&self, n: usize) -> Value {
        self.object(n, Form::Full, &self.catalog.albums, |album| {
            let seed = mixed(seed("album", n));
            let label = names::company(n);
            self.simplified_album(n).with([
                ("tracks", self.first_page(&GET_ALBUM_TRACKS, album, Self::simplified_track)),
                ("copyrights", vec![copyright(n, &label, "C"), copyright(n, &label, "P")].into()),
                ("external_ids", json_object! { "upc": upc(n) }),
                ("genres", Value::List(Vec::new())),
                ("label", label.into()),
                ("popularity", percent(seed)),
            ])
        })
    }

    pub(crate) fn simplified_album(&self, n: usize) -> Value {
        self.object(n, Form::Simplified, &self.catalog.albums, |album| {
            let (date, precision) = release(n);
            let artists = vec![self.simplified_artist(artist_of(n))];
            let json = self.linked(&album.id).with([
                ("album_type", album_type(n, album).into()),
                ("artists", artists.into()),
                ("images", self.images(mixed(seed("album", n)), &[640, 300, 64])),
                ("name", album.name.as_str().into()),
                ("release_date", date.into()),
                ("release_date_precision", precision.into()),
                ("total_tracks", self.total(album).into()),
            ]);
            self.with_markets(json, markets_of_album(n))
        })
    }

    /// A full track object.
    pub(crate) fn track(&self, n: usize) -> Value {
        if let Some(json) = self.own(n, Form::Full) {
            return json;
        }
        let edition = self.playable_edition(n);
        let Some(track) = self.catalog.tracks.get(edition) else { return Value::Null };
        let seed = mixed(seed("track", edition));
        self.simplified_track(n).with([
            ("album", self.simplified_album(track.of)),
            ("external_ids", json_object! { "isrc": isrc(self.catalog.recording(n)) }),
            ("popularity", percent(seed)),
        ])
    }

    /// Returns the track that replaces one that cannot be played in the market, if there is one.
    fn playable_edition(&self, n: usize) -> usize {
        let is_playable = |market| self.catalog.markets_of_track(n).contains(market);
        match self.market {
            Some(market) if !is_playable(market) => self.catalog.in_new_edition(n).unwrap_or(n),
            _ => n,
        }
    }

    pub(crate) fn simplified_track(&self, requested: usize) -> Value {
        if let Some(json) = self.own(requested, Form::Simplified) {
            return json;
        }
        let n = self.playable_edition(requested);
        let Some(track) = self.catalog.tracks.get(n) else { return Value::Null };
        let recording = self.catalog.recording(n);
        let artists = artists_of_track(self.catalog, n);
        let artists = artists.map(|artist| self.simplified_artist(artist)).collect();
        let json = self.linked(&track.id).with([
            ("artists", artists),
            // A disc has at most 31 tracks, so one album has two discs.
            ("disc_number", (1 + track.position / 31).into()),
            ("duration_ms", duration_of_track(recording).into()),
            ("explicit", (recording % 12 == 7).into()),
            ("is_local", false.into()),
            ("name", names::name("track", recording).into()),
            ("preview_url", Value::Null),
            ("track_number", (1 + track.position % 31).into()),
        ]);
        let json = self.with_markets(json, markets_of_album(track.of));
        match self.catalog.tracks.get(requested).filter(|_| requested != n) {
            Some(original) => json.with([("linked_from", self.linked(&original.id))]),
            None => json,
        }
    }

    /// A show without its episodes.
    pub(crate) fn show(&self, n: usize) -> Value {
        self.object(n, Form::Simplified, &self.catalog.shows, |show| {
            let publisher = names::company(n + 3);
            let text = format!("{} is a show about small things, told slowly.", show.name);
            // Shows have the list of markets in any request, and never `is_playable`.
            self.linked(&show.id).with([
                ("available_markets", Markets::All.json()),
                ("copyrights", vec![copyright(n, &publisher, "C")].into()),
                ("description", text.as_str().into()),
                ("explicit", (n % 10 == 3).into()),
                ("html_description", format!("<p>{text}</p>").into()),
                ("images", self.images(mixed(seed("show", n)), &[640, 300, 64])),
                ("is_externally_hosted", (n % 4 == 1).into()),
                ("languages", vec![language(n)].into()),
                ("media_type", nth(&["audio", "audio", "mixed", "video"], n)),
                ("name", show.name.as_str().into()),
                ("publisher", publisher.into()),
                ("total_episodes", self.total(show).into()),
            ])
        })
    }

    /// A full episode object, with its show.
    pub(crate) fn episode(&self, n: usize) -> Value {
        self.object(n, Form::Full, &self.catalog.episodes, |episode| {
            self.simplified_episode(n).with([("show", self.show(episode.of))])
        })
    }

    pub(crate) fn simplified_episode(&self, n: usize) -> Value {
        self.object(n, Form::Simplified, &self.catalog.episodes, |episode| {
            let text = "Two friends, one microphone, and a thing that nobody had asked about.";
            let duration = duration_of_episode(n);
            let (date, precision) = release(n);
            let json = self.linked(&episode.id).with([
                ("audio_preview_url", Value::Null),
                ("description", text.into()),
                ("duration_ms", duration.into()),
                ("explicit", (n % 10 == 3).into()),
                ("html_description", format!("<p>{text}</p>").into()),
                ("images", self.images(mixed(seed("episode", n)), &[640, 300, 64])),
                ("is_externally_hosted", (n % 4 == 1).into()),
                ("is_playable", true.into()),
                ("language", language(episode.of)),
                ("languages", vec![language(episode.of)].into()),
                ("name", names::name("episode", n).into()),
                ("release_date", date.into()),
                ("release_date_precision", precision.into()),
            ]);
            self.with_resume_point(json, n, duration)
        })
    }

    /// Adds the user's position in an episode or chapter, if the token has the scope.
    pub(crate) fn with_resume_point(&self, json: Value, n: usize, duration: usize) -> Value {
        if !self.scopes.contains(&Scope::UserReadPlaybackPosition) {
            return json;
        }
        let is_done = n.is_multiple_of(3);
        let position = if is_done { 0 } else { n * 31_337 % duration.max(1) };
        let point = json_object! { "fully_played": is_done, "resume_position_ms": position };
        json.with([("resume_point", point)])
    }

    /// An audiobook without its chapters.
    pub(crate) fn audiobook(&self, n: usize) -> Value {
        self.object(n, Form::Simplified, &self.catalog.audiobooks, |audiobook| {
            let publisher = names::company(n + 2);
            let text = format!("{}, read aloud from beginning to end.", audiobook.name);
            let [author, narrators @ ..] = people_of_audiobook(n);
            let person = |name: String| json_object! { "name": name };
            // As shows.
            self.linked(&audiobook.id).with([
                ("available_markets", Markets::Audiobooks.json()),
                ("authors", vec![person(author)].into()),
                ("copyrights", vec![copyright(n, &publisher, "C")].into()),
                ("description", text.as_str().into()),
                ("edition", "Unabridged".into()),
                ("explicit", (n % 15 == 8).into()),
                ("html_description", format!("<p>{text}</p>").into()),
                ("images", self.images(mixed(seed("audiobook", n)), &[640, 300, 64])),
                ("is_externally_hosted", false.into()),
                ("languages", vec!["English".into()].into()),
                ("media_type", "audio".into()),
                ("name", audiobook.name.as_str().into()),
                ("narrators", narrators.map(person).to_vec().into()),
                ("publisher", publisher.into()),
                ("total_chapters", self.total(audiobook).into()),
            ])
        })
    }

    /// A playlist without its items, as in lists, with the changes of the user.
    pub(crate) fn playlist(
        &self,
        playlist: &Playlist,
        n: usize,
        is_public: bool,
        edited: Option<&EditedPlaylist>,
    ) -> Value {
        let Some(owner) = self.catalog.users.get(playlist.owner) else { return Value::Null };
        let owner = self.linked(&owner.id).with([("display_name", owner.name.as_str().into())]);
        let own = self.catalog.own.playlist(n);
        let unchanged =
            || (0, own.map_or_else(|| playlist_length(n), |(_, entries)| entries.len()));
        // Texts and flags that Spotify has sent as null.
        let unset = own.filter(|_| edited.is_none()).map(|(playlist, _)| playlist);
        let (version, length) =
            edited.map_or_else(unchanged, |edited| (edited.version, edited.entries.len()));
        let items = |name| {
            let href = format!("{}/playlists/{}/{name}", self.base, playlist.id);
            json_object! { "href": href, "total": length }
        };
        self.linked(&playlist.id).with([
            ("collaborative", playlist.is_collaborative.into()),
            (
                "description",
                unset
                    .is_none_or(|playlist| playlist.description.is_some())
                    .then(|| escaped(&playlist.description))
                    .into(),
            ),
            // `null` without a cover.
            (
                "images",
                match playlist.cover {
                    Some(Cover::Generated(seed)) => self.images(seed, &[640, 300, 60]),
                    Some(Cover::Uploaded(seed)) => vec![self.image(seed, 0, Value::Null)].into(),
                    None => Value::Null,
                },
            ),
            ("name", playlist.name.as_str().into()),
            ("owner", owner),
            ("primary_color", Value::Null),
            (
                "public",
                Some(is_public)
                    .filter(|_| unset.is_none_or(|playlist| playlist.public.is_some()))
                    .into(),
            ),
            ("snapshot_id", snapshot(version, n).into()),
            ("items", items("items")),
            // The name of `items` before 2026.
            ("tracks", items("tracks")),
        ])
    }

    /// The public profile of a user.
    pub(crate) fn public_user(&self, n: usize) -> Value {
        let Some(user) = self.catalog.users.get(n) else { return Value::Null };
        let seed = mixed(seed("user", n));
        let images = match n % 3 {
            0 => self.images(seed, &[300, 64]),
            // Spotify doesn't send the size of some pictures.
            1 => vec![self.image(seed, 0, Value::Null)].into(),
            _ => Value::List(Vec::new()),
        };
        self.linked(&user.id).with([
            ("display_name", user.name.as_str().into()),
            ("followers", followers(seed)),
            ("images", images),
        ])
    }

    /// The profile of the current user, with the fields that the scopes of the token allow.
    pub(crate) fn own_user(&self) -> Value {
        let account = format!("{:016x}", seed("account", self.me));
        let mut json = self.public_user(self.me).with([("account_id", account.into())]);
        if let (true, Some(user)) =
            (self.scopes.contains(&Scope::UserReadEmail), self.catalog.users.get(self.me))
        {
            json = json.with([("email", format!("{}@example.com", user.id).into())]);
        }
        if self.scopes.contains(&Scope::UserReadPrivate) {
            json = json.with([
                ("country", HOME.into()),
                ("product", "premium".into()),
                (
                    "explicit_content",
                    json_object! { "filter_enabled": false, "filter_locked": false },
                ),
            ]);
        }
        json
    }

    /// Adds whether an object can be played in the market of the request, or the list of its markets.
    pub(super) fn with_markets(&self, json: Value, markets: Markets) -> Value {
        let Some(market) = self.market else {
            return json.with([("available_markets", markets.json())]);
        };
        let is_playable = markets.contains(market);
        let json = json.with([("is_playable", is_playable.into())]);
        if is_playable {
            json
        } else {
            json.with([("restrictions", json_object! { "reason": "market" })])
        }
    }

    /// The number of an object's parts.
    fn total<I: Clone + Into<SpotifyUri>>(&self, of: &Object<I>) -> usize {
        if self.catalog.own.is_empty() {
            return of.parts.len();
        }
        self.catalog.parts_of(&of.id.clone().into()).len()
    }

    /// The first page of an object's parts, to be embedded in the object.
    pub(crate) fn first_page<I: IdKind + Clone + Into<SpotifyUri>>(
        &self,
        endpoint: &Endpoint,
        of: &Object<I>,
        part: impl Fn(&Self, usize) -> Value,
    ) -> Value {
        let parts = self.catalog.parts_of(&of.id.clone().into());
        page::first_page(endpoint, self, of.id.text(), self.carried, &parts, |n| part(self, *n))
    }
}

/// The path of images on this server, to be followed by a number.
pub(crate) const IMAGES: &str = "/image/";

/// A description of a playlist, as Spotify escapes it.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#x27;"),
            '/' => html.push_str("&#x2F;"),
            char => html.push(char),
        }
    }
    html
}

pub(crate) fn percent(seed: u64) -> Value {
    usize::try_from(seed % 101).unwrap_or(0).into()
}

pub(crate) fn followers(seed: u64) -> Value {
    json_object! { "href": Value::Null, "total": usize::try_from(seed % 2_000_000).unwrap_or(0) }
}

pub(crate) const GENRES: [&str; 7] =
    ["harbour folk", "slow disco", "chamber pop", "kettle jazz", "dusk", "polka noir", "tape hiss"];

pub(crate) fn genres_of_artist(n: usize) -> impl Iterator<Item = &'static str> {
    (0..n % 3).filter_map(move |k| GENRES.get((n + 3 * k) % GENRES.len()).copied())
}

fn language(n: usize) -> Value {
    nth(&["en", "en-GB", "sv", "fi", "de", "pt-BR"], n)
}

/// An element of a list, by its index modulo the length.
fn nth(texts: &[&str], n: usize) -> Value {
    texts.iter().cycle().nth(n % texts.len().max(1)).copied().into()
}

fn copyright(n: usize, owner: &str, kind: &str) -> Value {
    json_object! { "text": format!("{} {owner}", 1990 + n % 34), "type": kind }
}

pub(crate) fn album_type(n: usize, album: &Object<AlbumId>) -> &'static str {
    match album.parts.len() {
        0..=3 => "single",
        _ if n % 17 == 4 => "compilation",
        _ => "album",
    }
}

/// A release date and its precision.
pub(crate) fn release(n: usize) -> (String, &'static str) {
    let (year, month, day) = (1990 + n % 34, 1 + n % 12, 1 + n * 3 % 28);
    match n % 11 {
        0 => (format!("{year}"), "year"),
        1 => (format!("{year}-{month:02}"), "month"),
        _ => (format!("{year}-{month:02}-{day:02}"), "day"),
    }
}

impl Catalog {
    pub(crate) fn markets_of_track(&self, n: usize) -> Markets {
        self.tracks.get(n).map_or(Markets::All, |track| markets_of_album(track.of))
    }
}

/// One album in thirteen cannot be played in the user's country.
pub(crate) fn markets_of_album(n: usize) -> Markets {
    if n % 13 == 4 { Markets::NotHome } else { Markets::All }
}

/// The artists of a track: the artist of its album, and for every sixth track a guest.
pub(crate) fn artists_of_track(catalog: &Catalog, n: usize) -> impl Iterator<Item = usize> {
    let artist = catalog.tracks.get(n).map(|track| artist_of(track.of));
    let n = catalog.recording(n);
    let guest = artist.filter(|_| n % 6 == 4);
    let guest = guest.map(|artist| (artist + 1 + n % 50) % catalog.artists.len().max(1));
    artist.into_iter().chain(guest)
}

pub(crate) fn isrc(n: usize) -> String {
    format!("{HOME}TNA{:02}{:05}", n % 100, mixed(seed("track", n)) % 100_000)
}

pub(crate) fn upc(n: usize) -> String {
    format!("{:012}", mixed(seed("album", n)) % 1_000_000_000_000)
}

/// The author and the two narrators of an audiobook.
pub(crate) fn people_of_audiobook(n: usize) -> [String; 3] {
    [n, n + 100, n + 217].map(|n| names::name("person", n))
}
