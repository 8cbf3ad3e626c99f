//! What the calls about playlists and what is in them do and say.

use super::check::Call;
use super::objects::{self, View};
use super::page::{self, Place};
use super::responses::{Outcome, Said, State, kept, listed, not_found};
use crate::endpoint::{Endpoint, GET_PLAYLIST_ITEMS, GET_PLAYLIST_TRACKS, Method};
use crate::fake::catalog::items::{Thing, takes_episodes};
use crate::fake::catalog::{Catalog, Playlist};
use crate::fake::http::Answer;
use crate::fake::json::{Json, object};
use crate::fake::state::playlists::{self, Held, Row, Shelf};
use crate::types::scope::Scope;
use crate::types::timestamp::Timestamp;

/// What a call about playlists does and says; none if it is about something else.
pub(crate) fn answer(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Option<Outcome> {
    Some(match &*call.row.name {
        "get_playlist" => get(state, call, view),
        "get_playlist_items" | "get_playlist_tracks" => readable(state, call).map(|n| {
            let row = |row: &Row| row_json(row, key_of(call.row), call, view);
            Said::Json(listed(call, view, &state.shelf.rows(n), row))
        }),
        "add_playlist_items" | "add_playlist_tracks" => change(state, call, |held, _| {
            let end = held.rows.len();
            let at = call.integer("position").map_or(Some(end), |at| usize::try_from(at).ok());
            let at = at.filter(|at| *at <= end).ok_or_else(out_of_bounds)?;
            held.rows.splice(at..at, new_rows(call, view));
            Ok(())
        }),
        "replace_playlist_items" | "replace_playlist_tracks" => change(state, call, |held, _| {
            held.rows = new_rows(call, view);
            Ok(())
        }),
        "reorder_playlist_items" | "reorder_playlist_tracks" => {
            change(state, call, |held, _| reorder(&mut held.rows, call))
        }
        "remove_playlist_items" | "remove_playlist_tracks" => {
            change(state, call, |held, catalog| {
                let gone = things(call, catalog);
                held.rows.retain(|row| !gone.contains(&row.thing));
                Ok(())
            })
        }
        "create_playlist" => create(state, call, view),
        "create_playlist_for_user" => match state.user(call) {
            Ok(user) if user == state.me => create(state, call, view),
            _ => Err(Answer::refusal(403, "You cannot create a playlist for another user.")),
        },
        "change_playlist_details" => details(state, call),
        "get_playlist_cover" => readable(state, call).map(|n| {
            let images = summary(&state.shelf, view, n, true).get("images").cloned();
            match images {
                Some(images @ Json::List(_)) => Said::Json(images),
                _ => Said::Json(Json::List(Vec::new())),
            }
        }),
        "upload_playlist_cover" => change(state, call, |held, _| {
            owned(held, call, view.me)?;
            held.cover = Some(held.version);
            Ok(())
        })
        .map(|_| Said::Nothing),
        _ => return None,
    })
}

/// A playlist as it stands in a list, with what the user has changed.
pub(crate) fn summary(shelf: &Shelf, view: &View<'_>, n: usize, is_public: bool) -> Json {
    let Some(playlist) = shelf.playlist(n) else { return Json::Null };
    let json = view.playlist(playlist, n, is_public);
    let Some(held) = shelf.held(n) else { return json };
    let items = |json: Option<&Json>| {
        let items = json.cloned().unwrap_or(Json::Null);
        items.replaced([("total", held.rows.len().into())])
    };
    let changed = [
        ("items", items(json.get("items"))),
        ("tracks", items(json.get("tracks"))),
        ("snapshot_id", playlists::snapshot(held.version, n).into()),
    ];
    let json = json.replaced(changed);
    let json = match &held.description {
        Some(description) => json.replaced([("description", description.as_str().into())]),
        None => json,
    };
    match held.cover {
        Some(version) => {
            let seed = playlists::cover_of(version, n);
            json.replaced([("images", objects::images(seed, &[640, 300, 60]))])
        }
        None if held.is_made => json.replaced([("images", Json::Null)]),
        None => json,
    }
}

/// A playlist with the first page of its items, under the new name and the old one.
fn whole(state: &State, call: &Call<'_>, view: &View<'_>, n: usize) -> Json {
    let Some(playlist) = state.shelf.playlist(n) else { return Json::Null };
    let rows = state.shelf.rows(n);
    let query: Vec<_> = kept(call).into_iter().filter(|(key, _)| *key != "fields").collect();
    let first_page = |of: &Endpoint| {
        // As many as a page of them holds, so that its links are good.
        let (address, limit) = page::of_row(of, view.mode, view.base, playlist.id.as_str());
        let place = Place { limit, offset: 0, total: rows.len() };
        let row = |row| row_json(row, key_of(of), call, view);
        let items = place.rows(&rows).iter().map(row).collect();
        page::offset_page(&address, &query, place, items)
    };
    let is_made = state.shelf.held(n).is_some_and(|held| held.is_made);
    let followers = if is_made { 0 } else { objects::seed("followers", n) };
    let json = summary(&state.shelf, view, n, playlist.is_public)
        .retained(|key| key != "items" && key != "tracks")
        .with([("followers", objects::followers(followers))]);
    // Where its items are refused, a playlist comes without them.
    if view.mode.is_kept_to_own(&GET_PLAYLIST_ITEMS) && !state.shelf.takes_part(n) {
        return json;
    }
    let items = [("items", &GET_PLAYLIST_ITEMS), ("tracks", &GET_PLAYLIST_TRACKS)];
    json.with(items.map(|(name, row)| (name, first_page(row))))
}

fn get(state: &State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let n = readable(state, call)?;
    Ok(Said::Json(whole(state, call, view, n)))
}

/// What the rows that a call lists call their items.
fn key_of(row: &Endpoint) -> &'static str {
    if row.path.ends_with("/tracks") { "track" } else { "item" }
}

/// A row of a playlist, with its item under the name of the day.
fn row_json(row: &Row, key: &'static str, call: &Call<'_>, view: &View<'_>) -> Json {
    let user = row.added.and_then(|(_, user)| view.catalog.users.get(user));
    object! {
        "added_at": row.added.map(|(added_at, _)| added_at.to_string()),
        "added_by": user.map_or(Json::Null, |user| objects::linked(&user.id)),
        "is_local": matches!(row.thing, Thing::Local(_)),
        "primary_color": Json::Null,
        "video_thumbnail": object! { "url": Json::Null },
    }
    .with([(key, row.thing.json(view, takes_episodes(call)))])
}

/// The number of the playlist in the path.
fn number(state: &State, call: &Call<'_>) -> Result<usize, Answer> {
    let n = call.subject().and_then(|playlist| state.shelf.find(playlist));
    n.ok_or_else(|| not_found("Playlist"))
}

/// Whether a token sees a playlist of its user, as it is in the library.
pub(crate) fn may_see(call: &Call<'_>, is_collaborative: bool, is_public: bool) -> bool {
    match is_collaborative {
        true => call.has_scope(&Scope::PlaylistReadCollaborative),
        false => is_public || call.has_scope(&Scope::PlaylistReadPrivate),
    }
}

/// The number of the playlist in the path, if the token may see it.
fn readable(state: &State, call: &Call<'_>) -> Result<usize, Answer> {
    let n = number(state, call)?;
    // Whoever has the address of somebody else's playlist can see it. A cover anyone can.
    let is_hidden = |playlist: &Playlist| {
        playlist.owner == state.me && !may_see(call, playlist.is_collaborative, playlist.is_public)
    };
    let asks = !call.row.scopes.unlocks.is_empty();
    match state.shelf.playlist(n) {
        Some(playlist) if !(asks && is_hidden(playlist)) => Ok(n),
        _ => Err(not_found("Playlist")),
    }
}

/// Changes the playlist in the path, unless that fails, and says its new version.
fn change(
    state: &mut State,
    call: &Call<'_>,
    make: impl FnOnce(&mut Held, &Catalog) -> Result<(), Answer>,
) -> Outcome {
    let n = number(state, call)?;
    let catalog = state.catalog;
    let version = state.shelf.held(n).map_or(0, |held| held.version);
    let held = state.shelf.change(n).ok_or_else(|| not_owned(call))?;
    if let Err(refusal) = make(held, catalog) {
        held.version = version;
        return Err(refusal);
    }
    Ok(Said::Json(object! { "snapshot_id": playlists::snapshot(held.version, n) }))
}

/// What a call names; what the catalog does not have is passed over.
fn things(call: &Call<'_>, catalog: &Catalog) -> Vec<Thing> {
    call.items().iter().filter_map(|item| Thing::of(catalog, &item.uri)).collect()
}

fn new_rows(call: &Call<'_>, view: &View<'_>) -> Vec<Row> {
    let now = Timestamp::from_unix_seconds(Timestamp::now().unix_seconds());
    let row = |thing| Row { thing, added: Some((now, view.me)) };
    things(call, view.catalog).into_iter().map(row).collect()
}

/// Moves a range of rows before another one.
fn reorder(rows: &mut Vec<Row>, call: &Call<'_>) -> Result<(), Answer> {
    let (start, before) = (call.number("range_start"), call.number("insert_before"));
    let length = call.number("range_length");
    let end = start.saturating_add(length);
    if end > rows.len() || before > rows.len() {
        return Err(out_of_bounds());
    }
    let moved: Vec<Row> = rows.drain(start..end).collect();
    let to = match before {
        _ if before <= start => before,
        _ if before < end => start,
        _ => before - length,
    };
    rows.splice(to..to, moved);
    Ok(())
}

fn create(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let is_public = call.boolean("public").unwrap_or(true);
    let is_collaborative = call.boolean("collaborative").unwrap_or(false);
    if is_public && is_collaborative {
        return Err(both());
    }
    let (n, held) = state.shelf.make(call.text("name").unwrap_or_default());
    held.playlist.is_public = is_public;
    held.playlist.is_collaborative = is_collaborative;
    if let Some(description) = call.text("description") {
        held.description = Some(description.to_owned());
    }
    let uri = held.playlist.id.clone().into();
    state.library.own_playlist(&uri, n, is_public);
    state.library.add(&uri, None);
    Ok(Said::Json(whole(state, call, view, n)))
}

fn details(state: &mut State, call: &Call<'_>) -> Outcome {
    let (mut visible, me) = (None, state.me);
    change(state, call, |held, _| {
        owned(held, call, me)?;
        let playlist = &mut held.playlist;
        let is_public = call.boolean("public").unwrap_or(playlist.is_public);
        let is_collaborative = call.boolean("collaborative").unwrap_or(playlist.is_collaborative);
        if is_public && is_collaborative {
            return Err(both());
        }
        playlist.is_public = is_public;
        playlist.is_collaborative = is_collaborative;
        if let Some(name) = call.text("name") {
            playlist.name = name.to_owned();
        }
        if let Some(description) = call.text("description") {
            held.description = Some(description.to_owned());
        }
        visible = Some(is_public);
        Ok(())
    })?;
    let n = number(state, call)?;
    if let (Some(uri), Some(is_public)) = (call.subject(), visible) {
        state.library.own_playlist(uri, n, is_public);
    }
    Ok(Said::Nothing)
}

/// Refuses what only the owner of a playlist may change.
fn owned(held: &Held, call: &Call<'_>, me: usize) -> Result<(), Answer> {
    if held.playlist.owner == me { Ok(()) } else { Err(not_owned(call)) }
}

fn not_owned(call: &Call<'_>) -> Answer {
    let change = match call.row.method {
        Method::Post => "add tracks to",
        Method::Delete => "remove tracks from",
        _ => "change",
    };
    Answer::refusal(403, &format!("You cannot {change} a playlist you don't own."))
}

fn out_of_bounds() -> Answer {
    Answer::refusal(400, "Index out of bounds.")
}

fn both() -> Answer {
    Answer::refusal(400, "A collaborative playlist cannot be public.")
}
