//! The catalog, which is the same for every user.

use std::cmp::Reverse;
use std::ops::Range;

use super::check::Call;
use super::objects::{self, API, GENRES, View, artists_of_track, isrc, release, upc};
use super::objects_full::{CATEGORIES, popularity};
use super::page::{self, PageWindow, listed};
use super::{Body, Handlers, Outcome, not_found, ok_json};
use crate::endpoint::*;
use crate::fake::catalog::markets::Markets;
use crate::fake::catalog::{Catalog, mixed, names};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::json::value::{Value, json_object};

pub(super) const HANDLERS: Handlers = &[
    (&GET_ALBUM, |_, call, view| one(call, view, View::album)),
    (&GET_ALBUMS, |_, call, view| many(call, view, View::album)),
    (&GET_ALBUM_TRACKS, |_, call, view| {
        let tracks = |n: usize| Some(view.catalog.albums.get(n)?.tracks.clone());
        parts(call, view, tracks, View::simplified_track)
    }),
    (&GET_NEW_RELEASES, |_, call, view| {
        let albums = new_releases(view.catalog);
        ok_json(listed(call, view, &albums, |n| view.simplified_album(*n)))
    }),
    (&GET_ARTIST, |_, call, view| one(call, view, View::artist)),
    (&GET_ARTISTS, |_, call, view| many(call, view, View::artist)),
    (&GET_ARTIST_ALBUMS, |_, call, view| {
        let artist = subject(call, view)?;
        let albums = albums_of(artist, call, view);
        ok_json(listed(call, view, &albums, |n| view.artist_album(*n, artist)))
    }),
    (&GET_ARTIST_TOP_TRACKS, |_, call, view| {
        let top = top_tracks(subject(call, view)?, view.catalog);
        ok_json(top.into_iter().map(|n| view.track(n)).collect::<Value>())
    }),
    (&GET_ARTIST_RELATED_ARTISTS, |_, call, view| {
        let related = related_artists(subject(call, view)?, view.catalog);
        ok_json(related.map(|n| view.artist(n)).collect::<Value>())
    }),
    (&GET_AUDIOBOOK, |_, call, view| one(call, view, View::whole_audiobook)),
    (&GET_AUDIOBOOKS, |_, call, view| many(call, view, View::whole_audiobook)),
    (&GET_AUDIOBOOK_CHAPTERS, |_, call, view| {
        let chapters = |n: usize| Some(view.catalog.audiobooks.get(n)?.chapters.clone());
        parts(call, view, chapters, View::simplified_chapter)
    }),
    (&GET_CATEGORIES, |_, call, view| {
        let categories: Vec<usize> = (0..CATEGORIES.len()).collect();
        ok_json(listed(call, view, &categories, |n| view.category(*n)))
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
    (&GET_SHOW, |_, call, view| one(call, view, View::whole_show)),
    (&GET_SHOWS, |_, call, view| many(call, view, View::show)),
    (&GET_SHOW_EPISODES, |_, call, view| {
        let episodes = |n: usize| Some(view.catalog.shows.get(n)?.episodes.clone());
        parts(call, view, episodes, View::simplified_episode)
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

/// Tracks in an order that the seeds decide; the tuning parameters have no effect.
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
            let uri = item.uri.to_string();
            let id = uri.rsplit(':').next().unwrap_or_default();
            seed(kind, id, Value::from(format!("{API}/{path}/{id}")));
        }
    }
    call.texts("seed_genres").into_iter().for_each(|genre| seed("GENRE", genre, Value::Null));
    let mut order: Vec<usize> = (0..tracks).collect();
    order.sort_by_cached_key(|n| mixed(mix ^ number(*n)));
    let chosen = order.into_iter().take(call.number("limit")).map(|n| view.track(n));
    json_object! { "seeds": seeds, "tracks": chosen.collect::<Value>() }
}

/// What the id in the path names.
fn subject(call: &Call<'_>, view: &View<'_>) -> Result<usize, Response> {
    call.subject().and_then(|uri| view.catalog.find(uri)).ok_or_else(|| not_found("Resource"))
}

fn one<'v>(call: &Call<'_>, view: &View<'v>, object: fn(&View<'v>, usize) -> Value) -> Outcome {
    ok_json(object(view, subject(call, view)?))
}

/// One object for each id, and null for an unknown id.
fn many<'v>(call: &Call<'_>, view: &View<'v>, object: fn(&View<'v>, usize) -> Value) -> Outcome {
    let found = call.items().iter().map(|item| view.catalog.find(&item.uri));
    ok_json(found.map(|n| n.map_or(Value::Null, |n| object(view, n))).collect::<Value>())
}

/// A page of the parts of an object.
fn parts<'v>(
    call: &Call<'_>,
    view: &View<'v>,
    range: impl Fn(usize) -> Option<Range<usize>>,
    object: fn(&View<'v>, usize) -> Value,
) -> Outcome {
    let parts: Vec<usize> =
        range(subject(call, view)?).ok_or_else(|| not_found("Resource"))?.collect();
    ok_json(listed(call, view, &parts, |n| object(view, *n)))
}

/// The hundred albums that came out last.
fn new_releases(catalog: &Catalog) -> Vec<usize> {
    let mut albums: Vec<usize> = (0..catalog.albums.len()).collect();
    albums.sort_by_cached_key(|n| Reverse(release(*n).0));
    albums.truncate(100);
    albums
}

/// The albums of an artist and those with the artist as a guest, group by group.
fn albums_of(artist: usize, call: &Call<'_>, view: &View<'_>) -> Vec<usize> {
    const ORDER: [&str; 4] = ["album", "single", "appears_on", "compilation"];
    let wanted = call.texts("include_groups");
    let is_by = |n: &usize| {
        view.catalog.albums.get(*n).is_some_and(|album| {
            let mut tracks = album.tracks.clone();
            tracks.any(|track| artists_of_track(view.catalog, track).any(|of| of == artist))
        })
    };
    let group = |n: &usize| view.album_group(*n, artist);
    let mut albums: Vec<usize> = (0..view.catalog.albums.len()).filter(is_by).collect();
    albums.retain(|n| wanted.is_empty() || wanted.contains(&group(n)));
    albums.sort_by_key(|n| ORDER.iter().position(|word| *word == group(n)));
    albums
}

fn top_tracks(artist: usize, catalog: &'static Catalog) -> Vec<usize> {
    let is_by = |n: &usize| artists_of_track(catalog, *n).any(|of| of == artist);
    let mut tracks: Vec<usize> = (0..catalog.tracks.len()).filter(is_by).collect();
    tracks.sort_by_key(|n| Reverse(popularity("track", *n)));
    tracks.truncate(10);
    tracks
}

/// Of two artists, each is like the other or neither is.
fn related_artists(artist: usize, catalog: &Catalog) -> impl Iterator<Item = usize> {
    let count = catalog.artists.len().max(1);
    (1..=10).flat_map(move |step| {
        [(artist + step * 11) % count, (artist + count - step * 11 % count) % count]
    })
}

/// The category in the path.
fn category(call: &Call<'_>) -> Result<usize, Response> {
    let id = call.text("category_id");
    CATEGORIES.iter().position(|(of, _)| Some(*of) == id).ok_or_else(|| not_found("Resource"))
}

/// Public playlists of other users, and a message.
fn playlists(
    message: &str,
    call: &Call<'_>,
    view: &View<'_>,
    is_in: impl Fn(u64) -> bool,
) -> Outcome {
    let all = view.catalog.playlists.iter().enumerate();
    let some: Vec<_> = all
        .filter(|(n, playlist)| {
            playlist.owner != view.me && playlist.is_public && is_in(number(*n))
        })
        .collect();
    let page = listed(call, view, &some, |(n, playlist)| view.playlist(playlist, *n, true));
    Ok(Body::WholeJson(json_object! { "message": message, "playlists": page }))
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A page for each requested type.
fn search(_: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let text = call.text("q").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Response::error(400, "No search query"));
    }
    let query = Query::of(text);
    let mut types = call.texts("type");
    types.sort_unstable();
    types.dedup();
    let pages = types.iter().filter_map(|word| {
        let kind = KINDS.iter().find(|kind| kind.word == *word)?;
        let found = query.find((kind.count)(view.catalog), |n| (kind.texts)(view.catalog, n));
        let window = PageWindow::of(call, found.len());
        let items = window.slice(&found).iter().map(|n| (kind.object)(view, *n)).collect();
        // Each page links to pages of its own type, with `query` in place of `q`.
        let own = [("query", text), ("type", kind.word)];
        let rest = page::kept(call);
        let rest = rest.into_iter().filter(|(key, _)| !matches!(*key, "q" | "query" | "type"));
        let carried: Vec<_> = own.into_iter().chain(rest).collect();
        let page = page::offset_page(&page::address(call, view), &carried, window, items);
        Some((kind.field.into(), page))
    });
    ok_json(Value::Object(pages.collect()))
}

/// A type of object that a search finds.
struct Kind {
    word: &'static str,
    field: &'static str,
    count: fn(&Catalog) -> usize,
    /// The searched texts: its own name first.
    texts: fn(&'static Catalog, usize) -> Vec<(&'static str, String)>,
    object: fn(&View<'_>, usize) -> Value,
}

/// The fields that a query can name. The first three are found by any of their words.
const FIELDS: [&str; 7] = ["album", "artist", "track", "year", "upc", "isrc", "tag"];

/// The field of a text without a name in queries, such as a publisher.
const OTHER: &str = "";

fn is_text(field: &str) -> bool {
    matches!(field, "album" | "artist" | "track" | OTHER)
}

const KINDS: [Kind; 7] = [
    Kind {
        word: "album",
        field: "albums",
        count: |catalog| catalog.albums.len(),
        texts: album_texts,
        object: |view, n| view.simplified_album(n),
    },
    Kind {
        word: "artist",
        field: "artists",
        count: |catalog| catalog.artists.len(),
        texts: |catalog, n| vec![("artist", artist_name(catalog, n))],
        object: |view, n| view.artist(n),
    },
    Kind {
        word: "audiobook",
        field: "audiobooks",
        count: |catalog| catalog.audiobooks.len(),
        texts: |catalog, n| {
            let name = catalog.audiobooks.get(n).map(|audiobook| audiobook.name.clone());
            let people = objects::people_of_audiobook(n).map(|name| (OTHER, name));
            [(OTHER, name.unwrap_or_default())].into_iter().chain(people).collect()
        },
        object: |view, n| view.audiobook(n),
    },
    Kind {
        word: "episode",
        field: "episodes",
        count: |catalog| catalog.episodes.len(),
        texts: |catalog, n| {
            let show = catalog.episodes.get(n).and_then(|episode| catalog.shows.get(episode.show));
            let show = show.map(|show| (OTHER, show.name.clone()));
            [(OTHER, names::episode(n))].into_iter().chain(show).collect()
        },
        object: |view, n| view.simplified_episode(n),
    },
    Kind {
        word: "playlist",
        field: "playlists",
        count: |catalog| catalog.playlists.len(),
        texts: |catalog, n| {
            // A search finds public playlists only.
            let playlist = catalog.playlists.get(n).filter(|playlist| playlist.is_public);
            playlist.into_iter().map(|playlist| (OTHER, playlist.name.clone())).collect()
        },
        object: |view, n| {
            let playlist = view.catalog.playlists.get(n);
            playlist.map_or(Value::Null, |playlist| view.playlist(playlist, n, true))
        },
    },
    Kind {
        word: "show",
        field: "shows",
        count: |catalog| catalog.shows.len(),
        texts: |catalog, n| {
            let show = catalog.shows.get(n);
            show.into_iter().map(|show| (OTHER, show.name.clone())).collect()
        },
        object: |view, n| view.show(n),
    },
    Kind {
        word: "track",
        field: "tracks",
        count: |catalog| catalog.tracks.len(),
        texts: |catalog, n| {
            let album = catalog.tracks.get(n).map(|track| track.album);
            let of_album = album.into_iter().flat_map(|album| album_texts(catalog, album));
            let of_album = of_album.filter(|(field, _)| matches!(*field, "album" | "year"));
            let artists = artists_of_track(catalog, n);
            let artists = artists.map(|artist| ("artist", artist_name(catalog, artist)));
            let own = [("track", names::track(n)), ("isrc", isrc(n))];
            own.into_iter().chain(artists).chain(of_album).collect()
        },
        object: |view, n| view.track(n),
    },
];

fn album_texts(catalog: &'static Catalog, n: usize) -> Vec<(&'static str, String)> {
    let Some(album) = catalog.albums.get(n) else { return Vec::new() };
    let year: String = release(n).0.chars().take(4).collect();
    let tag = (year == "2023").then(|| ("tag", "new".to_owned()));
    let texts = [
        ("album", album.name.clone()),
        ("artist", artist_name(catalog, album.artist)),
        ("upc", upc(n)),
        ("year", year),
    ];
    texts.into_iter().chain(tag).collect()
}

fn artist_name(catalog: &Catalog, n: usize) -> String {
    catalog.artists.get(n).map(|artist| artist.name.clone()).unwrap_or_default()
}

/// The words that a search looks for, some of them in a field.
struct Query {
    terms: Vec<(Option<&'static str>, String)>,
}

impl Query {
    /// Reads `remaster track:Doxy artist:"Miles Davis"`: a field goes on to the next one, or to the end
    /// of its quotes.
    fn of(text: &str) -> Self {
        let mut terms = Vec::new();
        let mut field = None;
        let mut is_quoted = false;
        for token in text.split_whitespace() {
            let named = token.split_once(':').filter(|_| !is_quoted);
            let named = named.and_then(|(name, rest)| {
                Some((*FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name))?, rest))
            });
            let rest = match named {
                Some((of, rest)) => {
                    field = Some(of);
                    rest
                }
                None => token,
            };
            match field {
                Some(of) if !is_text(of) => {
                    terms.push((field, rest.trim_matches('"').to_lowercase()));
                }
                _ => terms.extend(words(rest).map(|word| (field, word))),
            }
            let has_ended = rest.matches('"').count() % 2 == usize::from(is_quoted);
            let had_quotes = is_quoted || rest.contains('"');
            is_quoted = !has_ended;
            // These fields take one word, and a closing quote ends the field.
            if has_ended && (had_quotes || field.is_some_and(|of| !is_text(of))) {
                field = None;
            }
        }
        Query { terms }
    }

    /// The numbers of the objects that fit, those whose own names fit first.
    fn find(
        &self,
        count: usize,
        texts: impl Fn(usize) -> Vec<(&'static str, String)>,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        let mut others = Vec::new();
        for n in 0..count {
            let texts = texts(n);
            if self.fits(&texts) {
                let is_by_name = self.fits(texts.get(..1).unwrap_or_default());
                if is_by_name { found.push(n) } else { others.push(n) }
            }
        }
        found.append(&mut others);
        found
    }

    fn fits(&self, texts: &[(&str, String)]) -> bool {
        !self.terms.is_empty()
            && self.terms.iter().all(|(wanted, word)| {
                texts.iter().any(|(field, text)| match wanted {
                    None => is_text(field) && has_word(text, word),
                    Some(wanted) if wanted != field => false,
                    Some("year") => is_in_years(text, word),
                    Some(wanted) if is_text(wanted) => has_word(text, word),
                    Some(_) => text.eq_ignore_ascii_case(word),
                })
            })
    }
}

/// The words of a text, in lowercase.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Whether a word of the text begins with this one.
fn has_word(text: &str, word: &str) -> bool {
    words(text).any(|of| of.starts_with(word))
}

/// `1999`, or `1990-1999`.
fn is_in_years(year: &str, years: &str) -> bool {
    let (first, last) = years.split_once('-').unwrap_or((years, years));
    (first..=last).contains(&year)
}
