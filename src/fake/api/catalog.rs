//! The handlers of the catalog's endpoints.

use std::cmp::Reverse;

use super::check::Call;
use super::library::id_of;
use super::objects::{self, API, GENRES, View, artists_of_track, isrc, release, upc};
use super::objects_full::popularity;
use super::page::{self, listed};
use super::template::categories;
use super::{Body, Handlers, Outcome, not_found, ok_json};
use crate::endpoint::*;
use crate::fake::catalog::markets::Markets;
use crate::fake::catalog::{Catalog, Object, artist_of, mixed, names};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::json::value::{Value, json_object};

pub(super) const HANDLERS: Handlers = &[
    (&GET_ALBUM, |_, call, view| one(call, view, View::album)),
    (&GET_ALBUMS, |_, call, view| many(call, view, View::album)),
    (&GET_ALBUM_TRACKS, |_, call, view| {
        parts(call, view, &view.catalog.albums, View::simplified_track)
    }),
    (&GET_NEW_RELEASES, |_, call, view| {
        let albums = new_releases(view.catalog);
        ok_json(listed(call, view, &albums, |n| view.simplified_album(*n)))
    }),
    (&GET_ARTIST, |_, call, view| one(call, view, View::artist)),
    (&GET_ARTISTS, |_, call, view| many(call, view, View::artist)),
    (&GET_ARTIST_ALBUMS, |_, call, view| {
        let artist = subject(call, view)?;
        if let Some(albums) = view.own_works(artist, "album") {
            return ok_json(listed(call, view, &albums, Value::clone));
        }
        let albums = albums_of(artist, call, view);
        ok_json(listed(call, view, &albums, |n| view.artist_album(*n, artist)))
    }),
    (&GET_ARTIST_TOP_TRACKS, |_, call, view| {
        let artist = subject(call, view)?;
        if let Some(tracks) = view.own_works(artist, "track") {
            return ok_json(tracks.into_iter().take(10).collect::<Value>());
        }
        let top = top_tracks(artist, view.catalog);
        ok_json(top.into_iter().map(|n| view.track(n)).collect::<Value>())
    }),
    (&GET_ARTIST_RELATED_ARTISTS, |_, call, view| {
        let related = related_artists(subject(call, view)?, view.catalog);
        ok_json(related.map(|n| view.artist(n)).collect::<Value>())
    }),
    (&GET_AUDIOBOOK, |_, call, view| one(call, view, View::full_audiobook)),
    (&GET_AUDIOBOOKS, |_, call, view| many(call, view, View::full_audiobook)),
    (&GET_AUDIOBOOK_CHAPTERS, |_, call, view| {
        parts(call, view, &view.catalog.audiobooks, View::simplified_chapter)
    }),
    (&GET_CATEGORIES, |_, call, view| {
        let all: Vec<usize> = (0..categories().len()).collect();
        ok_json(listed(call, view, &all, |n| view.category(*n)))
    }),
    (&GET_CATEGORY, |_, call, view| ok_json(view.category(category(call)?))),
    (&GET_CATEGORY_PLAYLISTS, |_, call, view| {
        let category = mixed(number(category(call)?));
        let is_in = |n| (mixed(n) ^ category).is_multiple_of(5);
        playlists("Popular Playlists", call, view, is_in)
    }),
    (&GET_FEATURED_PLAYLISTS, |_, call, view| {
        playlists("Something for every hour", call, view, |n| mixed(n).is_multiple_of(2))
    }),
    (&GET_CHAPTER, |_, call, view| one(call, view, View::chapter)),
    (&GET_CHAPTERS, |_, call, view| many(call, view, View::chapter)),
    (&GET_EPISODE, |_, call, view| one(call, view, View::episode)),
    (&GET_EPISODES, |_, call, view| many(call, view, View::episode)),
    (&GET_SHOW, |_, call, view| one(call, view, View::full_show)),
    (&GET_SHOWS, |_, call, view| many(call, view, View::show)),
    (&GET_SHOW_EPISODES, |_, call, view| {
        parts(call, view, &view.catalog.shows, View::simplified_episode)
    }),
    (&GET_TRACK, |_, call, view| one(call, view, View::track)),
    (&GET_TRACKS, |_, call, view| many(call, view, View::track)),
    (&GET_GENRE_SEEDS, |_, _, _| {
        let mut genres = GENRES;
        genres.sort_unstable();
        ok_json(genres.map(Value::from).to_vec())
    }),
    (&GET_MARKETS, |_, _, _| ok_json(Markets::All.json())),
    (&GET_AUDIO_FEATURES, |_, call, view| one(call, view, View::audio_features)),
    (&GET_MANY_AUDIO_FEATURES, |_, call, view| many(call, view, View::audio_features)),
    (&GET_AUDIO_ANALYSIS, |_, call, view| one(call, view, View::audio_analysis)),
    (&GET_RECOMMENDATIONS, |_, call, view| ok_json(recommendations(call, view))),
    (&SEARCH, search),
    (&SEARCH_FOR, search),
];

/// Returns tracks in an order that depends on the seeds. The tuning parameters have no effect.
fn recommendations(call: &Call<'_>, view: &View<'_>) -> Value {
    let tracks = view.catalog.tracks.len();
    let mut seeds = Vec::new();
    let mut mix = 11;
    let mut seed = |kind: &'static str, id: &str, href: Value| {
        mix = id.bytes().fold(mix, |mix, byte| mixed(mix ^ u64::from(byte)));
        let pool = i64::try_from(tracks).unwrap_or(i64::MAX);
        seeds.push(json_object! {
            "initialPoolSize": pool, "afterFilteringSize": pool, "afterRelinkingSize": pool,
            "id": id, "type": kind, "href": href,
        });
    };
    for (key, kind, path) in
        [("seed_artists", "ARTIST", "artists"), ("seed_tracks", "TRACK", "tracks")]
    {
        for item in call.items_of(key) {
            let id = id_of(&item.uri);
            seed(kind, &id, Value::from(format!("{API}/{path}/{id}")));
        }
    }
    call.texts("seed_genres").iter().for_each(|genre| seed("GENRE", genre, Value::Null));
    let mut order: Vec<usize> = (0..tracks).collect();
    order.sort_by_cached_key(|n| mixed(mix ^ number(*n)));
    let chosen = order.into_iter().take(call.number("limit")).map(|n| view.track(n));
    json_object! { "seeds": seeds, "tracks": chosen.collect::<Value>() }
}

/// Returns the index of the object whose id is in the path.
fn subject(call: &Call<'_>, view: &View<'_>) -> Result<usize, Response> {
    call.subject().and_then(|uri| view.catalog.find(uri)).ok_or_else(|| not_found("Resource"))
}

fn one<'v>(call: &Call<'_>, view: &View<'v>, object: fn(&View<'v>, usize) -> Value) -> Outcome {
    match object(view, subject(call, view)?) {
        Value::Null => Err(not_found("Resource")),
        json => ok_json(json),
    }
}

/// Returns one object for each id, and null for an unknown id.
fn many<'v>(call: &Call<'_>, view: &View<'v>, object: fn(&View<'v>, usize) -> Value) -> Outcome {
    let found = call.items().iter().map(|item| view.catalog.find(&item.uri));
    ok_json(found.map(|n| n.map_or(Value::Null, |n| object(view, n))).collect::<Value>())
}

/// Returns a page of the parts of an object.
fn parts<'v, I>(
    call: &Call<'_>,
    view: &View<'v>,
    objects: &[Object<I>],
    part: fn(&View<'v>, usize) -> Value,
) -> Outcome {
    let n = subject(call, view)?;
    if let Some(parts) = view.own_parts(n) {
        return ok_json(listed(call, view, &parts, Value::clone));
    }
    let object = objects.get(n).ok_or_else(|| not_found("Resource"))?;
    let parts: Vec<usize> = object.parts.clone().collect();
    ok_json(listed(call, view, &parts, |n| part(view, *n)))
}

/// Returns the hundred newest albums.
fn new_releases(catalog: &Catalog) -> Vec<usize> {
    let mut albums: Vec<usize> = (0..catalog.albums.len()).collect();
    albums.sort_by_cached_key(|n| Reverse(release(*n).0));
    albums.truncate(100);
    albums
}

/// Returns the albums by an artist and those with the artist as a guest, ordered by group.
fn albums_of(artist: usize, call: &Call<'_>, view: &View<'_>) -> Vec<usize> {
    const ORDER: [&str; 4] = ["album", "single", "appears_on", "compilation"];
    let groups = call.texts("include_groups");
    let is_by = |n: &usize| {
        view.catalog.albums.get(*n).is_some_and(|album| {
            let mut tracks = album.parts.clone();
            tracks.any(|track| artists_of_track(view.catalog, track).any(|of| of == artist))
        })
    };
    let group = |n: &usize| view.album_group(*n, artist);
    let mut albums: Vec<usize> = (0..view.catalog.albums.len()).filter(is_by).collect();
    albums.retain(|n| groups.is_empty() || groups.iter().any(|name| name == group(n)));
    albums.sort_by_key(|n| ORDER.iter().position(|name| *name == group(n)));
    albums
}

fn top_tracks(artist: usize, catalog: &'static Catalog) -> Vec<usize> {
    let is_by = |n: &usize| artists_of_track(catalog, *n).any(|of| of == artist);
    let mut tracks: Vec<usize> = (0..catalog.tracks.len()).filter(is_by).collect();
    tracks.sort_by_key(|n| Reverse(popularity("track", *n)));
    tracks.truncate(10);
    tracks
}

/// Returns related artists. The relation is symmetric.
fn related_artists(artist: usize, catalog: &Catalog) -> impl Iterator<Item = usize> {
    let count = catalog.artists.len().max(1);
    (1..=10).flat_map(move |step| {
        [(artist + step * 11) % count, (artist + count - step * 11 % count) % count]
    })
}

/// Returns the index of the category in the path.
fn category(call: &Call<'_>) -> Result<usize, Response> {
    let id = call.text("category_id");
    categories().iter().position(|(of, _)| Some(&**of) == id).ok_or_else(|| not_found("Resource"))
}

/// Returns public playlists of other users, and a message.
fn playlists(
    message: &str,
    call: &Call<'_>,
    view: &View<'_>,
    is_in: impl Fn(u64) -> bool,
) -> Outcome {
    let all = view.catalog.playlists.iter().enumerate();
    let selected: Vec<_> = all
        .filter(|(n, playlist)| {
            playlist.owner != view.me && playlist.is_public && is_in(number(*n))
        })
        .collect();
    let page =
        listed(call, view, &selected, |(n, playlist)| view.playlist(playlist, *n, true, None));
    Ok(Body::WholeJson(json_object! { "message": message, "playlists": page }))
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// Returns a page for each requested type.
fn search(_: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let text = call.text("q").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Response::error(400, "No search query"));
    }
    let query = Query::of(text);
    let mut types = call.texts("type").to_vec();
    types.sort_unstable();
    types.dedup();
    let pages = types.iter().filter_map(|word| {
        let (kind, texts, object) = KINDS.iter().find(|(kind, ..)| kind == word)?;
        let found = query.find(|n| texts(view.catalog, n));
        // The links in a page contain the type of the page, and `query` instead of `q`.
        let search = [("query", text), ("type", *kind)];
        let others = page::kept(call);
        let others = others.into_iter().filter(|(key, _)| !matches!(*key, "q" | "query" | "type"));
        let carried: Vec<_> = search.into_iter().chain(others).collect();
        let window = (call.number("offset"), call.number("limit"));
        let address = page::address(call, view);
        let page = page::offset_page(&address, &carried, window, &found, |n| object(view, *n));
        Some((format!("{kind}s").into(), page))
    });
    ok_json(Value::Object(pages.collect()))
}

/// A searchable type: its name, the texts of its `n`th object, and the object as JSON. Each text has the name of a field,
/// and the first is the name of the object. After the last object, the texts are `None`.
type Kind = (
    &'static str,
    fn(&'static Catalog, usize) -> Option<Vec<(&'static str, String)>>,
    fn(&View<'_>, usize) -> Value,
);

/// The fields that a query can name. The first three match any of their words.
const FIELDS: [&str; 7] = ["album", "artist", "track", "year", "upc", "isrc", "tag"];

/// The field of a text that queries cannot name, such as a publisher.
const OTHER: &str = "";

fn is_text(field: &str) -> bool {
    matches!(field, "album" | "artist" | "track" | OTHER)
}

const KINDS: [Kind; 7] = [
    ("album", album_texts, |view, n| view.simplified_album(n)),
    (
        "artist",
        |catalog, n| Some(vec![("artist", catalog.artists.get(n)?.name.clone())]),
        |view, n| view.artist(n),
    ),
    (
        "audiobook",
        |catalog, n| {
            let name = catalog.audiobooks.get(n)?.name.clone();
            let people = objects::people_of_audiobook(n);
            Some([name].into_iter().chain(people).map(|name| (OTHER, name)).collect())
        },
        |view, n| view.audiobook(n),
    ),
    (
        "episode",
        |catalog, n| {
            let show = catalog.shows.get(catalog.episodes.get(n)?.of)?;
            Some(vec![(OTHER, names::name("episode", n)), (OTHER, show.name.clone())])
        },
        |view, n| view.simplified_episode(n),
    ),
    (
        "playlist",
        |catalog, n| {
            // A search finds public playlists only.
            let playlist = Some(catalog.playlists.get(n)?).filter(|playlist| playlist.is_public);
            Some(playlist.into_iter().map(|playlist| (OTHER, playlist.name.clone())).collect())
        },
        |view, n| {
            let playlist = view.catalog.playlists.get(n);
            playlist.map_or(Value::Null, |playlist| view.playlist(playlist, n, true, None))
        },
    ),
    (
        "show",
        |catalog, n| Some(vec![(OTHER, catalog.shows.get(n)?.name.clone())]),
        |view, n| view.show(n),
    ),
    (
        "track",
        |catalog, n| {
            let of_album = album_texts(catalog, catalog.tracks.get(n)?.of)?.into_iter();
            let of_album = of_album.filter(|(field, _)| matches!(*field, "album" | "year"));
            let artists = artists_of_track(catalog, n);
            let artists = artists.map(|artist| ("artist", artist_name(catalog, artist)));
            let texts = [("track", names::name("track", n)), ("isrc", isrc(n))];
            Some(texts.into_iter().chain(artists).chain(of_album).collect())
        },
        |view, n| view.track(n),
    ),
];

fn album_texts(catalog: &'static Catalog, n: usize) -> Option<Vec<(&'static str, String)>> {
    let album = catalog.albums.get(n)?;
    let year: String = release(n).0.chars().take(4).collect();
    let tag = (year == "2023").then(|| ("tag", "new".to_owned()));
    let texts = [
        ("album", album.name.clone()),
        ("artist", artist_name(catalog, artist_of(n))),
        ("upc", upc(n)),
        ("year", year),
    ];
    Some(texts.into_iter().chain(tag).collect())
}

fn artist_name(catalog: &Catalog, n: usize) -> String {
    catalog.artists.get(n).map(|artist| artist.name.clone()).unwrap_or_default()
}

/// The search terms, each with the field that it is restricted to, if any.
struct Query {
    terms: Vec<(Option<&'static str>, String)>,
}

impl Query {
    /// Parses `remaster track:Doxy artist:"Miles Davis"`: a field ends at the next one, or at its closing quote.
    fn of(text: &str) -> Self {
        let mut terms = Vec::new();
        let mut field = None;
        let mut is_quoted = false;
        for token in text.split_whitespace() {
            let named = token.split_once(':').filter(|_| !is_quoted);
            let named = named.and_then(|(name, rest)| {
                Some((*FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name))?, rest))
            });
            field = named.map(|(of, _)| of).or(field);
            let rest = named.map_or(token, |(_, rest)| rest);
            match field {
                Some(of) if !is_text(of) => {
                    terms.push((field, rest.trim_matches('"').to_lowercase()));
                }
                _ => terms.extend(words(rest).map(|word| (field, word))),
            }
            let has_ended = rest.matches('"').count() % 2 == usize::from(is_quoted);
            let had_quotes = is_quoted || rest.contains('"');
            is_quoted = !has_ended;
            // A field such as `year` has a single term, and a closing quote ends any field.
            if has_ended && (had_quotes || field.is_some_and(|of| !is_text(of))) {
                field = None;
            }
        }
        Query { terms }
    }

    /// Returns the indices of matching objects, with matches of the name first.
    fn find(&self, texts: impl Fn(usize) -> Option<Vec<(&'static str, String)>>) -> Vec<usize> {
        let all = (0..).map_while(|n| Some((n, texts(n)?)));
        let fitting = all.filter(|(_, texts)| self.fits(texts));
        let (mut found, others): (Vec<_>, Vec<_>) =
            fitting.partition(|(_, texts)| self.fits(texts.get(..1).unwrap_or_default()));
        found.extend(others);
        found.into_iter().map(|(n, _)| n).collect()
    }

    fn fits(&self, texts: &[(&str, String)]) -> bool {
        !self.terms.is_empty()
            && self.terms.iter().all(|(restriction, word)| {
                texts.iter().any(|(field, text)| match restriction {
                    None => is_text(field) && has_word(text, word),
                    Some(name) if name != field => false,
                    Some("year") => is_in_years(text, word),
                    Some(name) if is_text(name) => has_word(text, word),
                    Some(_) => text.eq_ignore_ascii_case(word),
                })
            })
    }
}

/// Returns the words of a text in lowercase.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Returns whether a word of the text begins with `word`.
fn has_word(text: &str, word: &str) -> bool {
    words(text).any(|of| of.starts_with(word))
}

/// Returns whether a year is in `1999` or `1990-1999`.
fn is_in_years(year: &str, years: &str) -> bool {
    let (first, last) = years.split_once('-').unwrap_or((years, years));
    (first..=last).contains(&year)
}
