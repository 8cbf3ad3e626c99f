//! Renders objects of the user's own library.

use percent_encoding::utf8_percent_encode;

use super::library::id_of;
use super::objects::View;
use super::page;
use crate::endpoint::{Endpoint, GET_ALBUM_TRACKS, GET_AUDIOBOOK_CHAPTERS, GET_SHOW_EPISODES};
use crate::fake::catalog::markets::Markets;
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
        let parts: Option<(_, &Endpoint)> = match uri.kind() {
            "album" => Some(("tracks", &GET_ALBUM_TRACKS)),
            "show" => Some(("episodes", &GET_SHOW_EPISODES)),
            "audiobook" => Some(("chapters", &GET_AUDIOBOOK_CHAPTERS)),
            _ => None,
        };
        let Some((key, endpoint)) = parts.filter(|_| form == Form::Full) else { return Some(json) };
        let (id, parts) = (id_of(uri), self.own_parts(n)?);
        let page = page::first_page(endpoint, self, &id, self.carried, &parts, Value::clone);
        Some(json.with([(key, page)]))
    }

    /// Returns the tracks of an album, the episodes of a show or the chapters of an audiobook of the user's own library.
    /// Those that the library lacks are null.
    pub(crate) fn own_parts(&self, n: usize) -> Option<Vec<Value>> {
        let (uri, json) = self.catalog.own.object(n)?;
        let page = json.get(match uri.kind() {
            "album" => "tracks",
            "show" => "episodes",
            _ => "chapters",
        });
        if let Some(Value::List(items)) = page.and_then(|page| page.get("items")) {
            let mut parts: Vec<Value> =
                items.iter().map(|part| self.completed(part.clone())).collect();
            if let Some(Value::Integer(total)) = page.and_then(|page| page.get("total")) {
                let total = usize::try_from(*total).unwrap_or(0).min(MAX_PARTS);
                parts.resize(total.max(parts.len()), Value::Null);
            }
            return Some(parts);
        }
        let (kind, whole) = match uri.kind() {
            "album" => ("track", "album"),
            _ => ("episode", "show"),
        };
        let id = id_of(uri);
        let is_part = |json: &Value| {
            json.get(whole).and_then(|of| of.get("id")).and_then(Value::as_str) == Some(&*id)
        };
        Some(self.own_objects(kind, Form::Simplified, is_part))
    }

    /// Returns the albums or the tracks of an artist, if the artist is of the user's own library.
    pub(crate) fn own_works(&self, artist: usize, kind: &'static str) -> Option<Vec<Value>> {
        let (uri, _) = self.catalog.own.object(artist)?;
        let id = id_of(uri);
        let is_by = |json: &Value| match json.get("artists") {
            Some(Value::List(artists)) => {
                artists.iter().any(|artist| artist.get("id").and_then(Value::as_str) == Some(&*id))
            }
            _ => false,
        };
        let form = if kind == "track" { Form::Full } else { Form::Simplified };
        Some(self.own_objects(kind, form, is_by))
    }

    /// Renders the objects of a kind that `is_chosen` returns true for.
    fn own_objects(
        &self,
        kind: &'static str,
        form: Form,
        is_chosen: impl Fn(&Value) -> bool,
    ) -> Vec<Value> {
        let own = &self.catalog.own;
        let chosen =
            own.of_kind(kind).filter(|n| own.object(*n).is_some_and(|(_, json)| is_chosen(json)));
        chosen.filter_map(|n| self.own(n, form)).collect()
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
