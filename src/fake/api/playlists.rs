//! The handlers of the playlists' endpoints.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Handler::{Read, Write};
use super::check::{Call, insufficient_scope};
use super::items::accepts_episodes;
use super::objects::{self, View};
use super::page::{self, kept, listed};
use super::{Body, Handlers, Outcome, library, not_found, ok_json};
use crate::endpoint::*;
use crate::fake::catalog::items::MediaItem;
use crate::fake::catalog::{Catalog, Playlist, seed};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::fake::state::playlists::{
    EditedPlaylist, PlaylistEntry, Playlists, snapshot, uploaded_cover,
};
use crate::json::value::{Value, json_object};
use crate::types::scope::Scope;
use crate::types::timestamp::Timestamp;

/// The maximum number of items in a playlist.
pub(crate) const MAX_ITEMS: usize = 10_000;

/// The maximum number of playlists of a user, also of those that were removed from the library.
const MAX_PLAYLISTS: usize = 11_000;

pub(super) const HANDLERS: Handlers = &[
    (
        &GET_PLAYLIST,
        Read(|state, call, view| ok_json(full(state, call, view, readable(state, call)?))),
    ),
    (&GET_PLAYLIST_ITEMS, Read(|state, call, view| entries(state, call, view, "item"))),
    (&GET_PLAYLIST_TRACKS, Read(|state, call, view| entries(state, call, view, "track"))),
    (&ADD_PLAYLIST_ITEMS, Write(add)),
    (&ADD_PLAYLIST_TRACKS, Write(add)),
    (&REPLACE_PLAYLIST_ITEMS, Write(replace)),
    (&REPLACE_PLAYLIST_TRACKS, Write(replace)),
    (&REORDER_PLAYLIST_ITEMS, Write(reorder)),
    (&REORDER_PLAYLIST_TRACKS, Write(reorder)),
    (&REMOVE_PLAYLIST_ITEMS, Write(remove)),
    (&REMOVE_PLAYLIST_TRACKS, Write(remove)),
    (&CREATE_PLAYLIST, Write(create)),
    (
        &CREATE_PLAYLIST_FOR_USER,
        Write(|state, call, view| match library::user(state, call) {
            Ok(user) if user == state.me => create(state, call, view),
            _ => Err(Response::error(403, "You cannot create a playlist for another user.")),
        }),
    ),
    (&CHANGE_PLAYLIST_DETAILS, Write(details)),
    (
        &GET_PLAYLIST_COVER,
        Read(|state, call, view| {
            let images = summary(&state.playlists, view, readable(state, call)?, true)
                .get("images")
                .cloned();
            ok_json(
                images.filter(|images| *images != Value::Null).unwrap_or(Value::List(Vec::new())),
            )
        }),
    ),
    (
        &UPLOAD_PLAYLIST_COVER,
        Write(|state, call, view| {
            change(state, call, |edited| {
                owned(edited, call, view.me)?;
                edited.playlist.cover = Some(uploaded_cover(edited.version, &edited.playlist.id));
                // It has been checked.
                edited.uploaded =
                    call.image().and_then(|image| BASE64.decode(image).ok()).map(Arc::from);
                Ok(())
            })?;
            Ok(Body::Empty)
        }),
    ),
];

fn entries(state: &State, call: &Call<'_>, view: &View<'_>, key: &'static str) -> Outcome {
    let n = readable(state, call)?;
    if let Some(error) = unavailable(view.catalog, n) {
        return Err(error);
    }
    let entries = state.playlists.entries(n);
    ok_json(listed(call, view, &entries, |entry| entry_json(entry, key, call, view)))
}

fn add(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    change(state, call, |edited| {
        let end = edited.entries.len();
        let position = call.integer("position").map_or(Some(end), |at| usize::try_from(at).ok());
        let position = position.filter(|at| *at <= end).ok_or_else(out_of_bounds)?;
        let added = new_entries(call, view);
        if end + added.len() > MAX_ITEMS {
            return Err(Response::error(403, "Playlist size limit reached."));
        }
        edited.entries.splice(position..position, added);
        Ok(())
    })
}

fn replace(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    change(state, call, |edited| {
        edited.entries = new_entries(call, view);
        Ok(())
    })
}

fn remove(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    change(state, call, |edited| {
        let removed = items(call, view.catalog);
        edited.entries.retain(|entry| !removed.contains(&entry.item));
        Ok(())
    })
}

/// A playlist as in lists, with the user's changes.
pub(crate) fn summary(playlists: &Playlists, view: &View<'_>, n: usize, is_public: bool) -> Value {
    let Some(playlist) = playlists.playlist(n) else { return Value::Null };
    view.playlist(playlist, n, is_public, playlists.edited(n))
}

/// A full playlist object. The first page of its items is in `items`, and in `tracks`, its name before 2026.
fn full(state: &State, call: &Call<'_>, view: &View<'_>, n: usize) -> Value {
    let Some(playlist) = state.playlists.playlist(n) else { return Value::Null };
    let entries = state.playlists.entries(n);
    let query: Vec<_> = kept(call).into_iter().filter(|(key, _)| *key != "fields").collect();
    let first_page = |endpoint: &Endpoint, key| {
        let entry = |entry: &PlaylistEntry| entry_json(entry, key, call, view);
        page::first_page(endpoint, view, playlist.id.as_str(), &query, &entries, entry)
    };
    let is_new = state.playlists.edited(n).is_some_and(|edited| edited.is_new);
    let followers = if is_new { 0 } else { seed("followers", n) };
    let json = summary(&state.playlists, view, n, playlist.is_public)
        .retained(|key| key != "items" && key != "tracks")
        .with([("followers", objects::followers(followers))]);
    // If requests for its items fail, a playlist has no items.
    let is_foreign = view.mode.is_owner_only(&GET_PLAYLIST_ITEMS) && !state.playlists.can_edit(n);
    if is_foreign || unavailable(view.catalog, n).is_some() {
        return json;
    }
    json.with([
        ("items", first_page(&GET_PLAYLIST_ITEMS, "item")),
        ("tracks", first_page(&GET_PLAYLIST_TRACKS, "track")),
    ])
}

/// Returns the error in the place of the items of a playlist, if the user's own library contains one.
pub(super) fn unavailable(catalog: &Catalog, n: usize) -> Option<Response> {
    let (playlist, _) = catalog.own.playlist(n)?;
    let error = playlist.unavailable.as_ref()?;
    Some(Response::error(error.status, &error.message))
}

/// An entry of a playlist, with its item in the field `key`.
fn entry_json(entry: &PlaylistEntry, key: &'static str, call: &Call<'_>, view: &View<'_>) -> Value {
    if let MediaItem::Unreadable(n) = entry.item {
        return view.catalog.own.unreadable(n).cloned().unwrap_or(Value::Null);
    }
    let mut item = view.item(entry.item, accepts_episodes(call));
    if key == "track" && item.get("episode").is_none() {
        let is_episode = matches!(entry.item, MediaItem::Episode(_));
        item = item.with([("track", (!is_episode).into()), ("episode", is_episode.into())]);
    }
    let user = entry.added_by.and_then(|user| view.catalog.users.get(user));
    json_object! {
        "added_at": entry.added_at.map(|added_at| added_at.to_string()),
        "added_by": user.map(|user| view.linked(&user.id)),
        "is_local": matches!(entry.item, MediaItem::Local(_)),
        "primary_color": Value::Null,
        "video_thumbnail": json_object! { "url": Value::Null },
    }
    .with([(key, item)])
}

/// Returns the number of the playlist in the path.
fn number(state: &State, call: &Call<'_>) -> Result<usize, Response> {
    let n = call.subject().and_then(|playlist| state.playlists.find(playlist));
    n.ok_or_else(|| not_found("Playlist"))
}

/// Returns whether the token may see a playlist of its user.
pub(crate) fn may_see(call: &Call<'_>, is_collaborative: bool, is_public: bool) -> bool {
    if is_collaborative {
        call.scopes.contains(&Scope::PlaylistReadCollaborative)
    } else {
        is_public || call.scopes.contains(&Scope::PlaylistReadPrivate)
    }
}

/// Returns the number of the playlist in the path, if the token may see it.
fn readable(state: &State, call: &Call<'_>) -> Result<usize, Response> {
    let n = number(state, call)?;
    // A token may see any playlist of another user by its id, and any cover.
    let is_hidden = |playlist: &Playlist| {
        playlist.owner == state.me && !may_see(call, playlist.is_collaborative, playlist.is_public)
    };
    let needs_scope = !call.endpoint.scopes.unlocks.is_empty();
    match state.playlists.playlist(n) {
        Some(playlist) if !(needs_scope && is_hidden(playlist)) => Ok(n),
        _ => Err(not_found("Playlist")),
    }
}

/// Changes the playlist in the path, unless `edit` fails, and responds with its new version.
fn change(
    state: &mut State,
    call: &Call<'_>,
    edit: impl FnOnce(&mut EditedPlaylist) -> Result<(), Response>,
) -> Outcome {
    let n = number(state, call)?;
    let version = state.playlists.edited(n).map_or(0, |edited| edited.version);
    let edited = state.playlists.edit(n).ok_or_else(|| not_owned(call))?;
    if let Err(response) = has_scope(edited, call).and_then(|()| edit(edited)) {
        edited.version = version;
        return Err(response);
    }
    ok_json(json_object! { "snapshot_id": snapshot(edited.version, n) })
}

/// Returns the items of a call, without URIs that the catalog lacks.
fn items(call: &Call<'_>, catalog: &Catalog) -> Vec<MediaItem> {
    call.items().iter().filter_map(|item| MediaItem::of(catalog, &item.uri)).collect()
}

fn new_entries(call: &Call<'_>, view: &View<'_>) -> Vec<PlaylistEntry> {
    let now = Timestamp::from_unix_seconds(Timestamp::now().unix_seconds());
    let entry = |item| PlaylistEntry { item, added_at: Some(now), added_by: Some(view.me) };
    items(call, view.catalog).into_iter().map(entry).collect()
}

/// Moves a range of entries before another entry.
fn reorder(state: &mut State, call: &Call<'_>, _: &View<'_>) -> Outcome {
    let (start, before) = (call.number("range_start"), call.number("insert_before"));
    let length = call.number("range_length");
    let end = start.saturating_add(length);
    change(state, call, |EditedPlaylist { entries, .. }| {
        if end > entries.len() || before > entries.len() {
            return Err(out_of_bounds());
        }
        let moved: Vec<_> = entries.drain(start..end).collect();
        let to = match before {
            _ if before <= start => before,
            _ if before < end => start,
            _ => before - length,
        };
        entries.splice(to..to, moved);
        Ok(())
    })
}

fn create(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let (is_public, is_collaborative) = visibility(call, true, false)?;
    if state.playlists.created() >= MAX_PLAYLISTS {
        return Err(Response::error(403, "Playlist limit reached."));
    }
    let (n, edited) = state.playlists.create(call.text("name").unwrap_or_default());
    edited.playlist.is_public = is_public;
    edited.playlist.is_collaborative = is_collaborative;
    if let Some(description) = call.text("description") {
        edited.playlist.description = description.to_owned();
    }
    let uri = edited.playlist.id.clone().into();
    state.save(&uri, None);
    ok_json(full(state, call, view, n))
}

fn details(state: &mut State, call: &Call<'_>, _: &View<'_>) -> Outcome {
    let me = state.me;
    let mut is_public = false;
    change(state, call, |edited| {
        owned(edited, call, me)?;
        let playlist = &mut edited.playlist;
        let visibility = visibility(call, playlist.is_public, playlist.is_collaborative)?;
        (playlist.is_public, playlist.is_collaborative) = visibility;
        if let Some(name) = call.text("name") {
            playlist.name = name.to_owned();
        }
        if let Some(description) = call.text("description") {
            edited.playlist.description = description.to_owned();
        }
        is_public = visibility.0;
        Ok(())
    })?;
    call.subject().into_iter().for_each(|uri| state.library.set_public(uri, is_public));
    Ok(Body::Empty)
}

/// Returns whether a call makes a playlist public, and whether it makes it collaborative.
fn visibility(
    call: &Call<'_>,
    is_public: bool,
    is_collaborative: bool,
) -> Result<(bool, bool), Response> {
    let is_public = call.boolean("public").unwrap_or(is_public);
    let is_collaborative = call.boolean("collaborative").unwrap_or(is_collaborative);
    if is_public && is_collaborative {
        return Err(Response::error(400, "A collaborative playlist cannot be public."));
    }
    Ok((is_public, is_collaborative))
}

/// Fails unless the user owns the playlist.
fn owned(edited: &EditedPlaylist, call: &Call<'_>, me: usize) -> Result<(), Response> {
    if edited.playlist.owner == me { Ok(()) } else { Err(not_owned(call)) }
}

/// Checks the scope for a change of a public or a private playlist.
fn has_scope(edited: &EditedPlaylist, call: &Call<'_>) -> Result<(), Response> {
    let needed = match edited.playlist.is_public {
        true => Scope::PlaylistModifyPublic,
        false => Scope::PlaylistModifyPrivate,
    };
    if call.scopes.contains(&needed) { Ok(()) } else { Err(insufficient_scope()) }
}

fn not_owned(call: &Call<'_>) -> Response {
    let change = match call.endpoint.method {
        Method::Post => "add tracks to",
        Method::Delete => "remove tracks from",
        _ => "change",
    };
    Response::error(403, &format!("You cannot {change} a playlist you don't own."))
}

fn out_of_bounds() -> Response {
    Response::error(400, "Index out of bounds.")
}
