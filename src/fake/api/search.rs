//! Search: the syntax of queries, and the handlers.

use super::Handler::Read;
use super::check::Call;
use super::objects::{
    self, View, artists_of_track, genres_of_artist, isrc, markets_of_album, release, upc,
};
use super::objects_full::popularity;
use super::{Handlers, Outcome, ok_json, page};
use crate::endpoint::*;
use crate::fake::catalog::markets::HOME;
use crate::fake::catalog::word_index::{Objects, WordIndex, words};
use crate::fake::catalog::{Catalog, artist_of, names};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::json::value::Value;

pub(super) const HANDLERS: Handlers = &[(&SEARCH, Read(search)), (&SEARCH_FOR, Read(search))];

/// Returns a page for each requested type.
fn search(_: &State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let text = call.text("q").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Response::error(400, "No search query"));
    }
    let query = Query::of(text);
    let mut types = call.texts("type").to_vec();
    types.sort_unstable();
    types.dedup();
    let pages = types.iter().filter_map(|word| {
        let at = KINDS.iter().position(|kind| kind.name == word)?;
        let kind = KINDS.get(at)?;
        let own: Vec<usize> = view.catalog.own.of_kind(kind.name).collect();
        // The objects of the user's own library come first.
        let found = query.find(own_indices(view.catalog).get(at)?);
        let first: Vec<usize> = found.in_order().filter_map(|n| own.get(n).copied()).collect();
        let index = indices(view.catalog).get(at)?;
        let mut found = if view.serves(kind.name) { query.find(index) } else { Found::default() };
        let mut replaced = Objects::default();
        let uris = own.iter().filter_map(|n| view.catalog.own.object(*n));
        uris.filter_map(|(uri, _)| view.catalog.made_up(uri)).for_each(|n| replaced.insert(n));
        found.all.retain(&replaced, false);
        if view.market == Some(HOME) {
            found.all.retain(&index.abroad, false);
        }
        let total = first.len() + found.all.len();
        // The links in a page contain the type of the page, and `query` instead of `q`.
        let search = [("query", text), ("type", kind.name)];
        let others = page::kept(call).into_iter();
        let others = others.filter(|(key, _)| !matches!(*key, "q" | "query" | "type"));
        let carried: Vec<_> = search.into_iter().chain(others).collect();
        let (offset, limit) = (call.number("offset"), call.number("limit"));
        let all = first.into_iter().chain(found.in_order());
        let items = all.skip(offset).take(limit).map(|n| (kind.object)(view, n)).collect();
        let address = page::address(call, view);
        let page = page::page_of(&address, &carried, (offset, limit), total, items);
        Some((format!("{}s", kind.name).into(), page))
    });
    ok_json(Value::Object(pages.collect()))
}

/// Returns whether an object can be played in the user's country.
fn is_home(kind: &str, n: usize, catalog: &Catalog) -> bool {
    match kind {
        "album" => markets_of_album(n).contains(HOME),
        "track" => catalog.markets_of_track(n).contains(HOME),
        _ => true,
    }
}

/// A searchable type.
struct Kind {
    name: &'static str,
    texts: Texts,
    object: fn(&View<'_>, usize) -> Value,
}

/// Returns the texts of the `n`th object, each with the name of its field. The first is the name of the object. After the
/// last object, the texts are `None`.
type Texts = fn(&Catalog, usize) -> Option<Vec<(&'static str, String)>>;

/// The fields that a query can name.
const FIELDS: [&str; 8] = ["album", "artist", "track", "genre", "year", "upc", "isrc", "tag"];

/// The field of a text that queries cannot name, such as a publisher.
const OTHER: &str = "";

/// Returns whether terms of a query that name no field match this field.
fn is_free(field: &str) -> bool {
    matches!(field, "album" | "artist" | "track" | OTHER)
}

/// Returns whether a term matches any word of this field, not the whole text.
fn is_text(field: &str) -> bool {
    is_free(field) || field == "genre"
}

const KINDS: [Kind; 7] = [
    Kind { name: "album", texts: album_texts, object: |view, n| view.simplified_album(n) },
    Kind {
        name: "artist",
        texts: |catalog, n| {
            let name = ("artist", catalog.artists.get(n)?.name.clone());
            Some([name].into_iter().chain(genre_texts(n)).collect())
        },
        object: |view, n| view.artist(n),
    },
    Kind {
        name: "audiobook",
        texts: |catalog, n| {
            let name = catalog.audiobooks.get(n)?.name.clone();
            let people = objects::people_of_audiobook(n);
            Some([name].into_iter().chain(people).map(|name| (OTHER, name)).collect())
        },
        object: |view, n| view.audiobook(n),
    },
    Kind {
        name: "episode",
        texts: |catalog, n| {
            let show = catalog.shows.get(catalog.episodes.get(n)?.of)?;
            Some(vec![(OTHER, names::name("episode", n)), (OTHER, show.name.clone())])
        },
        object: |view, n| view.simplified_episode(n),
    },
    Kind {
        name: "playlist",
        texts: |catalog, n| {
            // A search finds public playlists only.
            let playlist = Some(catalog.playlists.get(n)?).filter(|playlist| playlist.is_public);
            Some(playlist.into_iter().map(|playlist| (OTHER, playlist.name.clone())).collect())
        },
        object: |view, n| {
            let playlist = view.catalog.playlists.get(n);
            playlist.map_or(Value::Null, |playlist| view.playlist(playlist, n, true, None))
        },
    },
    Kind {
        name: "show",
        texts: |catalog, n| Some(vec![(OTHER, catalog.shows.get(n)?.name.clone())]),
        object: |view, n| view.show(n),
    },
    Kind {
        name: "track",
        texts: |catalog, n| {
            let album = catalog.tracks.get(n)?.of;
            let of_album = album_texts(catalog, album)?.into_iter();
            let of_album = of_album.filter(|(field, _)| matches!(*field, "album" | "year"));
            let artists = artists_of_track(catalog, n);
            let artists = artists.map(|artist| ("artist", artist_name(catalog, artist)));
            let recording = catalog.recording(n);
            let texts = [("track", names::name("track", recording)), ("isrc", isrc(recording))];
            let genres = genre_texts(artist_of(album));
            Some(texts.into_iter().chain(artists).chain(of_album).chain(genres).collect())
        },
        object: |view, n| view.track(n),
    },
];

fn album_texts(catalog: &Catalog, n: usize) -> Option<Vec<(&'static str, String)>> {
    let album = catalog.albums.get(n)?;
    let year: String = release(n).0.chars().take(4).collect();
    let is_new = year == "2023";
    let is_unpopular = popularity("album", n) < 10;
    let tags = [("new", is_new), ("hipster", is_unpopular)];
    let tags = tags.into_iter().filter(|(_, has_tag)| *has_tag);
    let texts = [
        ("album", album.name.clone()),
        ("artist", artist_name(catalog, artist_of(n))),
        ("upc", upc(n)),
        ("year", year),
    ];
    Some(texts.into_iter().chain(tags.map(|(tag, _)| ("tag", tag.to_owned()))).collect())
}

fn artist_name(catalog: &Catalog, n: usize) -> String {
    catalog.artists.get(n).map(|artist| artist.name.clone()).unwrap_or_default()
}

fn genre_texts(artist: usize) -> impl Iterator<Item = (&'static str, String)> {
    genres_of_artist(artist).map(|genre| ("genre", genre.to_owned()))
}

/// Returns the index of each kind of made-up object. The first search makes them.
fn indices(catalog: &Catalog) -> &[WordIndex] {
    catalog.words.get_or_init(|| {
        let index = |kind: &Kind| {
            let mut index = WordIndex::default();
            let texts = (0..).map_while(|n| Some((n, (kind.texts)(catalog, n)?)));
            texts.for_each(|(n, texts)| index.add(texts, is_home(kind.name, n, catalog)));
            index
        };
        KINDS.iter().map(index).collect()
    })
}

/// Returns the index of the objects of each kind in the user's own library.
fn own_indices(catalog: &Catalog) -> &[WordIndex] {
    catalog.own_words.get_or_init(|| {
        let index = |kind: &Kind| {
            let mut index = WordIndex::default();
            let objects = catalog.own.of_kind(kind.name).filter_map(|n| catalog.own.object(n));
            objects.for_each(|(_, json)| index.add(own_texts(kind.name, json), true));
            index
        };
        KINDS.iter().map(index).collect()
    })
}

/// Returns the texts of an object of the user's own library.
fn own_texts(kind: &str, json: &Value) -> Vec<(&'static str, String)> {
    let text_of = |json: &Value, key| json.get(key).and_then(Value::as_str).map(str::to_owned);
    let texts_of = |key, name: Option<&'static str>| match json.get(key) {
        Some(Value::List(values)) => values
            .iter()
            .filter_map(|value| {
                name.map_or(value.as_str().map(str::to_owned), |name| text_of(value, name))
            })
            .collect(),
        Some(value) => name.and_then(|name| text_of(value, name)).into_iter().collect(),
        None => Vec::new(),
    };
    let field = FIELDS.into_iter().find(|field| *field == kind).unwrap_or(OTHER);
    let mut texts = vec![(field, text_of(json, "name").unwrap_or_default())];
    let mut add =
        |field, found: Vec<String>| texts.extend(found.into_iter().map(|text| (field, text)));
    add("artist", texts_of("artists", Some("name")));
    add("album", texts_of("album", Some("name")));
    add(OTHER, texts_of("show", Some("name")));
    add(OTHER, texts_of("authors", Some("name")));
    add("genre", texts_of("genres", None));
    add("upc", texts_of("external_ids", Some("upc")));
    add("isrc", texts_of("external_ids", Some("isrc")));
    let date =
        text_of(json, "release_date").or_else(|| text_of(json.get("album")?, "release_date"));
    add("year", date.into_iter().map(|date| date.chars().take(4).collect()).collect());
    texts
}

/// A query: an object must match every clause.
#[derive(Debug)]
struct Query {
    clauses: Vec<Clause>,
}

/// `a OR b`, or with a single alternative `a` or `NOT a`.
#[derive(Debug)]
struct Clause {
    is_negated: bool,
    alternatives: Vec<Vec<Term>>,
}

/// A word or value, with the field that it is restricted to, if any.
#[derive(Debug)]
struct Term {
    field: Option<&'static str>,
    word: String,
}

impl Query {
    /// Parses `remaster track:Doxy artist:"Miles Davis" NOT live`. A field ends at the next field or operator, or at its
    /// closing quote.
    fn of(text: &str) -> Self {
        let mut clauses: Vec<Clause> = Vec::new();
        let mut field = None;
        let mut is_quoted = false;
        let (mut is_negated, mut is_alternative) = (false, false);
        // Whether the next word belongs to the same quoted text or field as the last one.
        let mut continues = false;
        for token in text.split_whitespace() {
            if !is_quoted && matches!(token, "NOT" | "OR") {
                (is_negated, is_alternative) = (token == "NOT", token == "OR");
                (field, continues) = (None, false);
                continue;
            }
            let named = token.split_once(':').filter(|_| !is_quoted);
            let named = named.and_then(|(name, rest)| {
                Some((*FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name))?, rest))
            });
            continues &= named.is_none();
            field = named.map(|(of, _)| of).or(field);
            let rest = named.map_or(token, |(_, rest)| rest);
            let terms: Vec<Term> = match field {
                Some(of) if !is_text(of) => {
                    vec![Term { field, word: rest.trim_matches('"').to_lowercase() }]
                }
                _ => words(rest).map(|word| Term { field, word }).collect(),
            };
            match clauses.last_mut() {
                Some(Clause { alternatives, .. }) if continues => {
                    if let Some(others) = alternatives.last_mut() {
                        others.extend(terms);
                    }
                }
                Some(Clause { alternatives, .. }) if is_alternative => alternatives.push(terms),
                _ => clauses.push(Clause { is_negated, alternatives: vec![terms] }),
            }
            (is_negated, is_alternative) = (false, false);
            let has_ended = rest.matches('"').count() % 2 == usize::from(is_quoted);
            let had_quotes = is_quoted || rest.contains('"');
            is_quoted = !has_ended;
            // A field such as `year` has a single term, and a closing quote ends any field.
            if has_ended && (had_quotes || field.is_some_and(|of| !is_text(of))) {
                field = None;
            }
            continues = is_quoted || field.is_some();
        }
        for clause in &mut clauses {
            clause.alternatives.retain(|terms| !terms.is_empty());
        }
        clauses.retain(|clause| !clause.alternatives.is_empty());
        Query { clauses }
    }

    fn find(&self, index: &WordIndex) -> Found {
        if self.clauses.iter().all(|clause| clause.is_negated) {
            return Found::default();
        }
        let mut fits = Found { all: index.all(), by_name: index.all() };
        for Clause { is_negated, alternatives } in &self.clauses {
            let mut of_clause = Found::default();
            for terms in alternatives {
                let mut of_terms = terms.iter().map(|term| term.find(index));
                let Some(mut fits_all) = of_terms.next() else { continue };
                for Found { all, by_name } in of_terms {
                    fits_all.all.retain(&all, true);
                    fits_all.by_name.retain(&by_name, true);
                }
                of_clause.all.add(&fits_all.all);
                of_clause.by_name.add(&fits_all.by_name);
            }
            // No text of an object may match a negated clause.
            let by_name = if *is_negated { &of_clause.all } else { &of_clause.by_name };
            fits.by_name.retain(by_name, !is_negated);
            fits.all.retain(&of_clause.all, !is_negated);
        }
        fits
    }
}

/// The objects that match.
#[derive(Default)]
struct Found {
    all: Objects,
    /// Those that match by their names alone.
    by_name: Objects,
}

impl Found {
    /// Returns the numbers of the objects, those that match by their names first.
    fn in_order(&self) -> impl Iterator<Item = usize> {
        let (mut first, mut others) = (self.all.clone(), self.all.clone());
        first.retain(&self.by_name, true);
        others.retain(&self.by_name, false);
        first.into_numbers().chain(others.into_numbers())
    }
}

impl Term {
    fn find(&self, index: &WordIndex) -> Found {
        let mut found = Found::default();
        match self.field {
            Some(field) if !is_text(field) => {
                let texts = index.texts(field).iter().filter(|(text, _)| match field {
                    "year" => is_in_years(text, &self.word),
                    _ => text.eq_ignore_ascii_case(&self.word),
                });
                texts.for_each(|(_, object)| found.all.insert(*object));
            }
            field => {
                let is_in = |of: &str| field.map_or(is_free(of), |field| field == of);
                for occurrences in index.beginning_with(&self.word) {
                    if is_in(occurrences.field) {
                        found.all.add(&occurrences.all);
                        found.by_name.add(&occurrences.by_name);
                    }
                }
            }
        }
        found
    }
}

/// Returns whether a year is in `1999` or `1990-1999`.
fn is_in_years(year: &str, years: &str) -> bool {
    let (first, last) = years.split_once('-').unwrap_or((years, years));
    (first..=last).contains(&year)
}
