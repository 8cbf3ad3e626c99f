//! The handlers of the catalog's endpoints.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;

use super::Handler::Read;
use super::check::Call;
use super::objects::{GENRES, View, release};
use super::objects_full::popularity;
use super::own::tracks_by;
use super::page::listed;
use super::template::categories;
use super::{Body, Handlers, Outcome, not_found, ok_json, playlists, recommendations};
use crate::endpoint::*;
use crate::fake::catalog::markets::Markets;
use crate::fake::catalog::{Catalog, mixed};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::json::value::{Value, json_object};
use crate::types::id::SpotifyUri;

pub(super) const HANDLERS: Handlers = &[
    (&GET_ALBUM, Read(|_, call, view| one(call, view, View::album))),
    (&GET_ALBUMS, Read(|_, call, view| many(call, view, View::album))),
    (&GET_ALBUM_TRACKS, Read(|_, call, view| parts(call, view, View::simplified_track))),
    (
        &GET_NEW_RELEASES,
        Read(|_, call, view| {
            let albums = new_releases(view.catalog);
            ok_json(listed(call, view, &albums, |n| view.simplified_album(*n)))
        }),
    ),
    (&GET_ARTIST, Read(|_, call, view| one(call, view, View::artist))),
    (&GET_ARTISTS, Read(|_, call, view| many(call, view, View::artist))),
    (
        &GET_ARTIST_ALBUMS,
        Read(|_, call, view| {
            subject(call, view)?;
            let albums = albums_of(call, view);
            ok_json(listed(call, view, &albums, |(n, group)| view.artist_album(*n, group)))
        }),
    ),
    (
        &GET_ARTIST_TOP_TRACKS,
        Read(|_, call, view| {
            subject(call, view)?;
            let top = top_tracks(call, view.catalog);
            ok_json(top.into_iter().map(|n| view.track(n)).collect::<Value>())
        }),
    ),
    (
        &GET_ARTIST_RELATED_ARTISTS,
        Read(|_, call, view| {
            let related = related_artists(subject(call, view)?, view.catalog);
            ok_json(related.map(|n| view.artist(n)).collect::<Value>())
        }),
    ),
    (&GET_AUDIOBOOK, Read(|_, call, view| one(call, view, View::full_audiobook))),
    (&GET_AUDIOBOOKS, Read(|_, call, view| many(call, view, View::full_audiobook))),
    (&GET_AUDIOBOOK_CHAPTERS, Read(|_, call, view| parts(call, view, View::simplified_chapter))),
    (
        &GET_CATEGORIES,
        Read(|_, call, view| {
            let all: Vec<usize> = (0..categories().len()).collect();
            ok_json(listed(call, view, &all, |n| view.category(*n)))
        }),
    ),
    (&GET_CATEGORY, Read(|_, call, view| ok_json(view.category(category(call)?)))),
    (
        &GET_CATEGORY_PLAYLISTS,
        Read(|state, call, view| {
            let category = mixed(number(category(call)?));
            let is_in = |n| (mixed(n) ^ category).is_multiple_of(5);
            public_playlists("Popular Playlists", state, call, view, is_in)
        }),
    ),
    (
        &GET_FEATURED_PLAYLISTS,
        Read(|state, call, view| {
            public_playlists("Something for every hour", state, call, view, |n| {
                mixed(n).is_multiple_of(2)
            })
        }),
    ),
    (&GET_CHAPTER, Read(|_, call, view| one(call, view, View::chapter))),
    (&GET_CHAPTERS, Read(|_, call, view| many(call, view, View::chapter))),
    (&GET_EPISODE, Read(|_, call, view| one(call, view, View::episode))),
    (&GET_EPISODES, Read(|_, call, view| many(call, view, View::episode))),
    (&GET_SHOW, Read(|_, call, view| one(call, view, View::full_show))),
    (&GET_SHOWS, Read(|_, call, view| many(call, view, View::show))),
    (&GET_SHOW_EPISODES, Read(|_, call, view| parts(call, view, View::simplified_episode))),
    (&GET_TRACK, Read(|_, call, view| one(call, view, View::track))),
    (&GET_TRACKS, Read(|_, call, view| many(call, view, View::track))),
    (
        &GET_GENRE_SEEDS,
        Read(|_, _, _| {
            let mut genres = GENRES;
            genres.sort_unstable();
            ok_json(genres.map(Value::from).to_vec())
        }),
    ),
    (&GET_MARKETS, Read(|_, _, _| ok_json(Markets::All.json()))),
    (&GET_AUDIO_FEATURES, Read(|_, call, view| one(call, view, View::audio_features))),
    (&GET_MANY_AUDIO_FEATURES, Read(|_, call, view| many(call, view, View::audio_features))),
    (&GET_AUDIO_ANALYSIS, Read(|_, call, view| one(call, view, View::audio_analysis))),
    (&GET_RECOMMENDATIONS, Read(recommendations::respond)),
];

/// Returns the index of the object whose id is in the path.
fn subject(call: &Call<'_>, view: &View<'_>) -> Result<usize, Response> {
    call.subject().and_then(|uri| view.find(uri)).ok_or_else(|| not_found("Resource"))
}

fn one<'v>(call: &Call<'_>, view: &View<'v>, object: fn(&View<'v>, usize) -> Value) -> Outcome {
    match object(view, subject(call, view)?) {
        Value::Null => Err(not_found("Resource")),
        json => ok_json(json),
    }
}

/// Returns one object for each id, and null for an unknown id.
fn many<'v>(call: &Call<'_>, view: &View<'v>, object: fn(&View<'v>, usize) -> Value) -> Outcome {
    let found = call.items().iter().map(|item| view.find(&item.uri));
    ok_json(found.map(|n| n.map_or(Value::Null, |n| object(view, n))).collect::<Value>())
}

/// Returns a page of the parts of an object.
fn parts<'v>(call: &Call<'_>, view: &View<'v>, part: fn(&View<'v>, usize) -> Value) -> Outcome {
    let n = subject(call, view)?;
    if let Some(parts) = view.own_parts(n) {
        return ok_json(listed(call, view, &parts, Value::clone));
    }
    let parts = call.subject().map(|whole| view.catalog.parts_of(whole)).unwrap_or_default();
    ok_json(listed(call, view, &parts, |n| part(view, *n)))
}

/// Returns the hundred newest albums.
fn new_releases(catalog: &Catalog) -> Vec<usize> {
    let mut albums: Vec<usize> = (0..catalog.albums.len()).collect();
    albums.sort_by_cached_key(|n| Reverse(release(*n).0));
    albums.truncate(100);
    albums
}

/// Returns the albums by an artist and those with the artist as a guest, by group, and in each group the newest first.
fn albums_of<'v>(call: &Call<'_>, view: &'v View<'_>) -> Vec<(usize, Cow<'v, str>)> {
    const ORDER: [&str; 4] = ["album", "single", "appears_on", "compilation"];
    let Some(artist) = call.subject() else { return Vec::new() };
    let groups = call.texts("include_groups");
    let appears_on = albums_of_tracks(&tracks_by(artist, view.catalog), view.catalog);
    let albums = view.catalog.with_own("album", 0..view.catalog.albums.len(), |_| true);
    let albums = albums.into_iter().filter_map(|n| {
        let group = view.album_group(n, artist);
        Some((n, group.or_else(|| appears_on.contains(&n).then_some("appears_on".into()))?))
    });
    let mut albums: Vec<_> = albums
        .filter(|(_, group)| groups.is_empty() || groups.iter().any(|name| name == group))
        .collect();
    let date = |n: usize| match view.catalog.own.object(n) {
        Some((_, json)) => {
            json.get("release_date").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        None => release(n).0,
    };
    albums.sort_by_cached_key(|(n, group)| {
        (ORDER.iter().position(|name| name == group), Reverse(date(*n)))
    });
    albums
}

/// Returns the albums of tracks.
fn albums_of_tracks(tracks: &[usize], catalog: &Catalog) -> HashSet<usize> {
    let album = |n: &usize| {
        let uri: SpotifyUri = match catalog.own.object(*n) {
            Some((_, json)) => {
                let id = json.get("album")?.get("id").and_then(Value::as_str)?;
                format!("spotify:album:{id}").parse().ok()?
            }
            None => catalog.albums.get(catalog.tracks.get(*n)?.of)?.id.clone().into(),
        };
        catalog.find(&uri)
    };
    tracks.iter().filter_map(album).collect()
}

/// Returns the most popular tracks of an artist. Those of the user's own library come first.
fn top_tracks(call: &Call<'_>, catalog: &Catalog) -> Vec<usize> {
    let Some(artist) = call.subject() else { return Vec::new() };
    let mut tracks = tracks_by(artist, catalog);
    tracks.sort_by_key(|n| match catalog.own.object(*n).map(|(_, json)| json.get("popularity")) {
        Some(Some(Value::Integer(popularity))) => (false, Reverse(*popularity)),
        Some(_) => (false, Reverse(0)),
        None => (true, Reverse(popularity("track", *n))),
    });
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
fn public_playlists(
    message: &str,
    state: &State,
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
    let page = listed(call, view, &selected, |(n, _)| {
        playlists::summary(&state.playlists, view, *n, true)
    });
    Ok(Body::WholeJson(json_object! { "message": message, "playlists": page }))
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
