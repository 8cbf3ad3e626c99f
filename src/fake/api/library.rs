//! The handlers of the library's endpoints, and of users.

use super::Handler::{Read, Write};
use super::check::Call;
use super::objects::View;
use super::page::{self, listed};
use super::{Body, Handlers, Outcome, not_found, ok_json, playlists};
use crate::endpoint::*;
use crate::fake::catalog::{id_of, mixed};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::fake::state::library::Entry;
use crate::json::value::{Value, json_object};
use crate::types::id::SpotifyUri;

pub(super) const HANDLERS: Handlers = &[
    (&SAVE_ALBUMS, Write(save)),
    (&SAVE_AUDIOBOOKS, Write(save)),
    (&SAVE_EPISODES, Write(save)),
    (&SAVE_SHOWS, Write(save)),
    (&SAVE_TRACKS, Write(save)),
    (&SAVE_ITEMS, Write(save)),
    (&FOLLOW_ARTISTS, Write(save)),
    (&FOLLOW_USERS, Write(save)),
    (&REMOVE_SAVED_ALBUMS, Write(remove)),
    (&REMOVE_SAVED_AUDIOBOOKS, Write(remove)),
    (&REMOVE_SAVED_EPISODES, Write(remove)),
    (&REMOVE_SAVED_SHOWS, Write(remove)),
    (&REMOVE_SAVED_TRACKS, Write(remove)),
    (&REMOVE_SAVED_ITEMS, Write(remove)),
    (&UNFOLLOW_ARTISTS, Write(remove)),
    (&UNFOLLOW_USERS, Write(remove)),
    (&ARE_ALBUMS_SAVED, Read(are_saved)),
    (&ARE_AUDIOBOOKS_SAVED, Read(are_saved)),
    (&ARE_EPISODES_SAVED, Read(are_saved)),
    (&ARE_SHOWS_SAVED, Read(are_saved)),
    (&ARE_TRACKS_SAVED, Read(are_saved)),
    (&ARE_ITEMS_SAVED, Read(are_saved)),
    (&IS_FOLLOWING_ARTISTS, Read(are_saved)),
    (&IS_FOLLOWING_USERS, Read(are_saved)),
    (
        &GET_MY_SAVED_ALBUMS,
        Read(|state, call, view| saved(state, call, view, "album", View::album)),
    ),
    (
        &GET_MY_SAVED_TRACKS,
        Read(|state, call, view| saved(state, call, view, "track", View::track)),
    ),
    (&GET_MY_SAVED_SHOWS, Read(|state, call, view| saved(state, call, view, "show", View::show))),
    (
        &GET_MY_SAVED_EPISODES,
        Read(|state, call, view| saved(state, call, view, "episode", View::episode)),
    ),
    // Spotify wraps all saved items except audiobooks.
    (
        &GET_MY_SAVED_AUDIOBOOKS,
        Read(|state, call, view| {
            let entries = state.library.newest("audiobook");
            ok_json(listed(call, view, &entries, |(uri, _)| {
                bare(state, view, uri, View::audiobook)
            }))
        }),
    ),
    (&GET_MY_FOLLOWED_ARTISTS, Read(followed_artists)),
    (&GET_MY_TOP_ITEMS, Read(top_items)),
    (&GET_ME, Read(|_, _, view| ok_json(view.own_user()))),
    (&GET_USER, Read(|state, call, view| ok_json(view.public_user(user(state, call)?)))),
    (&GET_MY_PLAYLISTS, Read(own_playlists)),
    (
        &GET_USER_PLAYLISTS,
        Read(|state, call, view| match user(state, call)? {
            user if user == state.me => own_playlists(state, call, view),
            user => {
                let playlists = state.catalog.playlists.iter().enumerate();
                let public: Vec<_> = playlists
                    .filter(|(_, playlist)| playlist.owner == user && playlist.is_public)
                    .collect();
                ok_json(listed(call, view, &public, |(n, _)| {
                    playlists::summary(&state.playlists, view, *n, true)
                }))
            }
        }),
    ),
    (
        &FOLLOW_PLAYLIST,
        Write(|state, call, _| {
            let playlist = call.subject().ok_or_else(|| not_found("Playlist"))?;
            state.playlists.find(playlist).ok_or_else(|| not_found("Playlist"))?;
            state.follow_playlist(playlist, call.boolean("public").unwrap_or(true));
            Ok(Body::Empty)
        }),
    ),
    (
        &UNFOLLOW_PLAYLIST,
        Write(|state, call, _| {
            call.subject().into_iter().for_each(|playlist| state.library.remove(playlist));
            Ok(Body::Empty)
        }),
    ),
    (
        &IS_FOLLOWING_PLAYLIST,
        Read(|state, call, _| {
            let uri = call.subject();
            let found = uri.and_then(|uri| Some((uri, state.library.get(uri)?)));
            ok_json(found.is_some_and(|(uri, entry)| is_visible(state, uri, entry, call)))
        }),
    ),
];

fn save(state: &mut State, call: &Call<'_>, _: &View<'_>) -> Outcome {
    for item in call.items() {
        state.save(&item.uri, item.added_at);
    }
    Ok(Body::Empty)
}

fn remove(state: &mut State, call: &Call<'_>, _: &View<'_>) -> Outcome {
    for item in call.items() {
        state.library.remove(&item.uri);
    }
    Ok(Body::Empty)
}

fn are_saved(state: &State, call: &Call<'_>, _: &View<'_>) -> Outcome {
    let saved = call.items().iter().map(|item| state.library.contains(&item.uri).into());
    ok_json(saved.collect::<Value>())
}

/// Returns a page of saved items, each in a field named after its kind, with the time it was added.
fn saved<'v>(
    state: &State,
    call: &Call<'_>,
    view: &View<'v>,
    kind: &'static str,
    object: fn(&View<'v>, usize) -> Value,
) -> Outcome {
    ok_json(listed(call, view, &state.library.newest(kind), |(uri, entry)| {
        let item = |n| {
            json_object! { "added_at": entry.added_at.to_string() }.with([(kind, object(view, n))])
        };
        known(state, view, uri).map_or_else(|json| json, item)
    }))
}

/// Returns the index of a saved item; if that has no object, its JSON in the user's own library.
fn known(state: &State, view: &View<'_>, uri: &SpotifyUri) -> Result<usize, Value> {
    let n = state.index(uri).ok_or(Value::Null)?;
    view.absent(n).map_or(Ok(n), Err)
}

/// Returns the object of a saved item, or its JSON in the user's own library.
fn bare<'v>(
    state: &State,
    view: &View<'v>,
    uri: &SpotifyUri,
    object: fn(&View<'v>, usize) -> Value,
) -> Value {
    known(state, view, uri).map_or_else(|json| json, |n| object(view, n))
}

/// Returns the index of the user in the path.
pub(super) fn user(state: &State, call: &Call<'_>) -> Result<usize, Response> {
    let user = call.subject().and_then(|user| state.catalog.find(user));
    user.ok_or_else(|| not_found("User"))
}

/// Returns a page with a cursor, which begins after the artist `after`.
fn followed_artists(state: &State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let library = &state.library;
    let followed = library.by_place("artist");
    let (after, limit) = (call.item("after"), call.number("limit"));
    let is_before =
        |uri: &SpotifyUri| after.is_some_and(|after| library.place(uri) <= library.place(after));
    let begin = followed.partition_point(|(uri, _)| is_before(uri));
    let (_, rest) = followed.split_at(begin);
    let artists = rest.get(..limit).unwrap_or(rest);
    let last = artists.last().filter(|_| rest.len() > limit).map(|(uri, _)| id_of(uri));
    let (address, size) = (page::address(call, view), limit.to_string());
    let at = |after: Option<String>| {
        let mut query = page::kept(call);
        query.extend(after.as_deref().map(|after| ("after", after)));
        query.push(("limit", &size));
        page::link(&address, query.iter())
    };
    ok_json(json_object! {
        "href": at(after.map(id_of)),
        "items": artists.iter().map(|(uri, _)| bare(state, view, uri, View::artist)).collect::<Value>(),
        "limit": limit,
        "next": last.clone().map(|last| at(Some(last))),
        "cursors": json_object! { "after": last },
        "total": followed.len(),
    })
}

/// Returns the playlists that the user owns or follows, and that the token may see.
fn own_playlists(state: &State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let mut entries = state.library.newest("playlist");
    entries.retain(|(uri, entry)| is_visible(state, uri, entry, call));
    ok_json(listed(call, view, &entries, |(uri, entry)| {
        let summary = |n| playlists::summary(&state.playlists, view, n, entry.is_public);
        known(state, view, uri).map_or_else(|json| json, summary)
    }))
}

/// Returns whether the token may see a playlist in the library.
fn is_visible(state: &State, uri: &SpotifyUri, entry: &Entry, call: &Call<'_>) -> bool {
    let playlist = state.playlists.find(uri).and_then(|n| state.playlists.playlist(n));
    let is_collaborative = playlist.is_some_and(|playlist| playlist.is_collaborative);
    playlists::may_see(call, is_collaborative, entry.is_public)
}

/// Returns items in a fixed order that depends on the time range.
fn top_items(_: &State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let range = call.text("time_range").unwrap_or_default();
    let seed = range.bytes().fold(7, |seed, byte| mixed(seed ^ u64::from(byte)));
    let ranked = |length: usize, count: usize| {
        let mut numbers: Vec<usize> = (0..length).collect();
        numbers.sort_by_cached_key(|n| mixed(seed ^ u64::try_from(*n).unwrap_or(0)));
        numbers.truncate(count);
        numbers
    };
    ok_json(match call.text("type") {
        Some("artists") => {
            listed(call, view, &ranked(view.catalog.artists.len(), 90), |n| view.artist(*n))
        }
        _ => listed(call, view, &ranked(view.catalog.drawn_tracks, 180), |n| view.track(*n)),
    })
}
