//! Renders objects of the user's own library.

use percent_encoding::utf8_percent_encode;

use super::objects::{View, artists_of_track};
use super::page;
use crate::endpoint::{Endpoint, GET_ALBUM_TRACKS, GET_AUDIOBOOK_CHAPTERS, GET_SHOW_EPISODES};
use crate::fake::catalog::markets::Markets;
use crate::fake::catalog::{Catalog, id_of};
use crate::json::value::{Value, json_object};
use crate::types::id::{SEGMENT, SpotifyUri};
use crate::types::scope::Scope;

/// The form of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the endpoint of one object returns it.
    Full,
    /// As other objects and lists contain it.
    Simplified,
}

impl View<'_> {
    /// Renders the object with this index, if it is of the user's own library.
    pub(crate) fn own(&self, n: usize, form: Form) -> Option<Value> {
        let (uri, json) = self.catalog.own.object(n)?;
        let is_left_out = |key: &str| match (uri.kind(), form) {
            // These are added below.
            (_, Form::Full) => matches!(key, "tracks" | "episodes" | "chapters"),
            ("artist", Form::Simplified) => {
                matches!(key, "followers" | "genres" | "images" | "popularity")
            }
            ("track", Form::Simplified) => matches!(key, "album" | "external_ids" | "popularity"),
            ("album", Form::Simplified) => matches!(
                key,
                "tracks" | "copyrights" | "external_ids" | "genres" | "label" | "popularity"
            ),
            (_, Form::Simplified) => matches!(key, "show" | "episodes" | "chapters"),
        };
        let json = self.completed(identified(uri, json.clone()).retained(|key| !is_left_out(key)));
        type Part = fn(&View<'_>, usize) -> Value;
        let parts: Option<(_, &Endpoint, Part)> = match uri.kind() {
            "album" => Some(("tracks", &GET_ALBUM_TRACKS, |view, n| view.simplified_track(n))),
            "show" => Some(("episodes", &GET_SHOW_EPISODES, |view, n| view.simplified_episode(n))),
            "audiobook" => {
                let part: Part = |view, n| view.simplified_chapter(n);
                Some(("chapters", &GET_AUDIOBOOK_CHAPTERS, part))
            }
            _ => None,
        };
        let Some((key, endpoint, part)) = parts.filter(|_| form == Form::Full) else {
            return Some(json);
        };
        let id = id_of(uri);
        let page = match self.own_parts(n) {
            Some(parts) => {
                page::first_page(endpoint, self, &id, self.carried, &parts, Value::clone)
            }
            None => {
                let parts = self.catalog.parts_of(uri);
                page::first_page(endpoint, self, &id, self.carried, &parts, |n| part(self, *n))
            }
        };
        Some(json.with([(key, page)]))
    }

    /// Returns the parts that an object of the user's own library lists: the tracks of an album, the episodes of a show or
    /// the chapters of an audiobook. Those that it counts but lacks are null. `None` if it has no list.
    pub(crate) fn own_parts(&self, n: usize) -> Option<Vec<Value>> {
        let page = listed_parts(self.catalog, n)?;
        let Some(Value::List(items)) = page.get("items") else { return None };
        let mut parts: Vec<Value> = items.iter().map(|part| self.completed(part.clone())).collect();
        if let Some(Value::Integer(total)) = page.get("total") {
            let total = usize::try_from(*total).unwrap_or(0).min(MAX_PARTS);
            parts.resize(total.max(parts.len()), Value::Null);
        }
        Some(parts)
    }

    /// Adds what the library leaves out: web addresses and lists of markets.
    fn completed(&self, json: Value) -> Value {
        match json {
            Value::List(values) => values.into_iter().map(|json| self.completed(json)).collect(),
            Value::Object(fields) => {
                let allows_position = self.scopes.contains(&Scope::UserReadPlaybackPosition);
                let fields = fields.into_iter();
                let fields = fields.filter(|(key, _)| key != "resume_point" || allows_position);
                let json = Value::Object(
                    fields.map(|(key, value)| (key, self.completed(value))).collect(),
                );
                let text = |key| json.get(key).and_then(Value::as_str);
                let (Some(kind), Some(id)) = (text("type"), text("id")) else { return json };
                let (kind, id) = (kind.to_owned(), utf8_percent_encode(id, SEGMENT).to_string());
                let has = |key| json.get(key).is_some();
                let (knows_market, has_address) = (has("is_playable"), has("external_urls"));
                let page = match &*kind {
                    // In web addresses a chapter is an episode.
                    "chapter" => "episode",
                    kind => kind,
                };
                let page = format!("https://open.spotify.com/{page}/{id}");
                let urls = ("external_urls", json_object! { "spotify": page });
                let json = json
                    .with([("href", format!("{}/{kind}s/{id}", self.base).into())])
                    .with((!has_address).then_some(urls));
                match &*kind {
                    "album" | "track" if !knows_market => self.with_markets(json, Markets::All),
                    "show" => json.with([("available_markets", Markets::All.json())]),
                    "audiobook" => json.with([("available_markets", Markets::Audiobooks.json())]),
                    _ => json,
                }
            }
            json => json,
        }
    }
}

/// Returns the page of parts in an object of the user's own library.
fn listed_parts(catalog: &Catalog, n: usize) -> Option<&Value> {
    let (uri, json) = catalog.own.object(n)?;
    json.get(match uri.kind() {
        "album" => "tracks",
        "show" => "episodes",
        _ => "chapters",
    })
}

/// Returns the indices of the parts of an object: those that it lists and the catalog has, or else those that the catalog
/// has.
pub(crate) fn known_parts(catalog: &Catalog, whole: &SpotifyUri) -> Option<Vec<usize>> {
    let page = listed_parts(catalog, catalog.find(whole)?);
    let Some(Value::List(items)) = page.and_then(|page| page.get("items")) else {
        return Some(catalog.parts_of(whole));
    };
    let kind = match whole {
        SpotifyUri::Album(_) => "track",
        _ => "episode",
    };
    let find = |part: &Value| {
        let id = part.get("id").and_then(Value::as_str)?;
        catalog.find(&format!("spotify:{kind}:{id}").parse().ok()?)
    };
    Some(items.iter().filter_map(find).collect())
}

/// Returns whether an object names an artist; `None` if it has no list of artists.
pub(crate) fn credits(json: &Value, artist: &SpotifyUri) -> Option<bool> {
    let Some(Value::List(artists)) = json.get("artists") else { return None };
    let id = id_of(artist);
    let is_it = |artist: &Value| artist.get("id").and_then(Value::as_str) == Some(&*id);
    Some(artists.iter().any(is_it))
}

/// Returns the tracks of an artist, also as a guest.
pub(crate) fn tracks_by(artist: &SpotifyUri, catalog: &Catalog) -> Vec<usize> {
    let made_up_artist = catalog.made_up(artist);
    let is_by = |n: &usize| {
        let own = catalog.own.object(*n);
        let credited = own.and_then(|(_, json)| credits(json, artist));
        credited.unwrap_or_else(|| {
            let made_up = own.map_or(Some(*n), |(uri, _)| catalog.made_up(uri));
            made_up.is_some_and(|n| {
                artists_of_track(catalog, n).any(|artist| Some(artist) == made_up_artist)
            })
        })
    };
    let mut tracks = catalog.with_own("track", 0..catalog.tracks.len(), |_| true);
    tracks.retain(is_by);
    tracks
}

/// The maximum number of parts of an object, whatever its total is.
const MAX_PARTS: usize = 10_000;

/// Adds the fields of every object with an id, unless the object has them.
fn identified(uri: &SpotifyUri, json: Value) -> Value {
    // Objects of other kinds may have no id.
    if matches!(uri, SpotifyUri::Other(_)) {
        return json;
    }
    let (kind, id) = (uri.kind(), id_of(uri));
    let known = json_object! {
        "id": id,
        "type": kind,
        "uri": uri.to_string(),
    };
    let (Value::Object(mut known), Value::Object(fields)) = (known, json) else {
        return Value::Null;
    };
    known.retain(|(key, _)| fields.iter().all(|(of, _)| of != key));
    known.extend(fields);
    Value::Object(known)
}
