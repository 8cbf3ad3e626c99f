//! The handlers of the player's endpoints.

use super::Handler::{Read, Write};
use super::check::Call;
use super::items::{accepts_episodes, uri_of_file};
use super::objects::View;
use super::own::{known_parts, tracks_by};
use super::page;
use super::template::made_up_devices;
use super::{Body, Handlers, Outcome, ok_json};
use crate::endpoint::*;
use crate::fake::catalog::items::MediaItem;
use crate::fake::catalog::mixed;
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::fake::state::player::{Play, Player};
use crate::json::value::{Value, json_object};
use crate::model::{Device, Playback};
use crate::types::enums::RepeatMode;
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

/// The maximum number of queued items that Spotify returns.
const QUEUE: usize = 20;

/// The maximum length of the queue, so a client that repeats a request forever does not use all memory. Spotify's is not
/// known.
const MAX_QUEUE: usize = 10_000;

pub(super) const HANDLERS: Handlers = &[
    (&GET_DEVICES, Read(|state, _, _| ok_json(devices(&state.player)))),
    (&GET_PLAYBACK, Read(|state, call, view| playing(&state.player, call, view, true))),
    (&GET_CURRENTLY_PLAYING, Read(|state, call, view| playing(&state.player, call, view, false))),
    (
        &GET_QUEUE,
        Read(|state, _, view| {
            let player = &state.player;
            let queue = player.following().take(QUEUE).map(|item| view.item(item, true));
            ok_json(json_object! {
                "currently_playing": player.current.map(|item| view.item(item, true)),
                "queue": queue.collect::<Value>(),
            })
        }),
    ),
    (
        &GET_RECENTLY_PLAYED,
        Read(|state, call, view| ok_json(recently_played(&state.player, call, view))),
    ),
    (&START_PLAYBACK, Write(start)),
    (
        &TRANSFER_PLAYBACK,
        Write(|state, call, _| {
            let player = &mut state.player;
            let id = call.text("device_ids").unwrap_or_default();
            player.active = Some(controllable(player, by_id(player, id)?)?);
            if call.boolean("play").unwrap_or(false) {
                player.is_playing = player.current.is_some();
            }
            player.touch();
            Ok(Body::Empty)
        }),
    ),
    (
        &PAUSE_PLAYBACK,
        Write(|state, call, _| {
            let player = &mut state.player;
            let (device, _) = loaded(player, call)?;
            if !player.is_playing {
                return Err(violated());
            }
            player.is_playing = false;
            done(player, device)
        }),
    ),
    (
        &SKIP_TO_NEXT,
        Write(|state, call, _| {
            skip(state, call, Player::skip_to_next, ("No next track", "NO_NEXT_TRACK"))
        }),
    ),
    (
        &SKIP_TO_PREVIOUS,
        Write(|state, call, _| {
            skip(state, call, Player::skip_to_previous, ("No previous track", "NO_PREV_TRACK"))
        }),
    ),
    (
        &SEEK,
        Write(|state, call, view| {
            let player = &mut state.player;
            let (device, item) = loaded(player, call)?;
            player.progress = call.integer("position_ms").unwrap_or(0);
            // After its end the next item plays.
            if player.progress >= item.duration(view.catalog) && !player.skip_to_next() {
                player.end();
            }
            done(player, device)
        }),
    ),
    (
        &SET_REPEAT,
        Write(|state, call, _| {
            let device = target(&state.player, call)?;
            state.player.repeat = call.text("state").and_then(|mode| mode.parse().ok());
            done(&mut state.player, device)
        }),
    ),
    (
        &SET_SHUFFLE,
        Write(|state, call, _| {
            let device = target(&state.player, call)?;
            state.player.shuffle(call.boolean("state").unwrap_or(false));
            done(&mut state.player, device)
        }),
    ),
    (
        &SET_VOLUME,
        Write(|state, call, _| {
            let player = &mut state.player;
            let n = target(player, call)?;
            let (Some(device), Some(volume)) =
                (devices(player).get(n).cloned(), player.volumes.get_mut(n))
            else {
                return Err(no_device());
            };
            if device.get("supports_volume") != Some(&true.into()) {
                let message = "Cannot control device volume";
                return Err(failed(403, message, "VOLUME_CONTROL_DISALLOW"));
            }
            *volume = Some(call.integer("volume_percent").unwrap_or(0));
            player.touch();
            Ok(Body::Empty)
        }),
    ),
    (
        &ADD_TO_QUEUE,
        Write(|state, call, view| {
            let device = target(&state.player, call)?;
            // URIs that the catalog lacks are ignored.
            let item = call.item("uri").and_then(|uri| MediaItem::of(view.catalog, uri));
            let item = item.filter(|item| item.is_playable());
            if state.player.queue.len() >= MAX_QUEUE {
                return Err(failed(403, "Queue size limit reached", "UNKNOWN"));
            }
            item.into_iter().for_each(|item| state.player.queue.push_back(item));
            done(&mut state.player, device)
        }),
    ),
];

/// Returns the devices of the user. Of the made-up ones, one has no id, so it accepts no commands.
fn devices(player: &Player) -> Vec<Value> {
    let device = |(n, device): (usize, &Value)| {
        let volume = player.volumes.get(n).copied().flatten();
        let json = device.clone();
        json.retained(|key| key != "is_active" && key != "volume_percent").with([
            ("is_active", (player.active == Some(n)).into()),
            ("volume_percent", volume.into()),
        ])
    };
    let devices = player.devices.as_deref().unwrap_or_else(|| made_up_devices());
    devices.iter().enumerate().map(device).collect()
}

/// Returns the current playback. `is_full` adds the device and its settings.
fn playing(player: &Player, call: &Call<'_>, view: &View<'_>, is_full: bool) -> Outcome {
    let (Some(active), Some(item)) = (player.active, player.current) else {
        return Ok(Body::Response(Response::empty(204)));
    };
    let mut json = json_object! {};
    if is_full {
        json = json_object! {
            "device": devices(player).get(active).cloned(),
            "repeat_state": player.repeat.as_ref().map_or("off", RepeatMode::as_str),
            "shuffle_state": player.is_shuffled,
            "smart_shuffle": false,
        };
    }
    let is_episode = matches!(item, MediaItem::Episode(_));
    let is_hidden = is_episode && !accepts_episodes(call);
    let disallows = [
        (if player.is_playing { "resuming" } else { "pausing" }, true),
        ("skipping_next", player.following().next().is_none()),
        ("skipping_prev", !player.has_previous()),
    ];
    let disallows = disallows.into_iter().filter(|(_, is_true)| *is_true);
    let disallows = disallows.map(|(key, is_true)| (key.into(), is_true.into())).collect();
    ok_json(
        json.with([
            ("context", context(player.context.as_ref(), view)),
            ("timestamp", player.changed_at.into()),
            ("progress_ms", player.progress.into()),
            ("is_playing", player.is_playing.into()),
            ("item", if is_hidden { Value::Null } else { view.item(item, true) }),
            (
                "currently_playing_type",
                match item {
                    MediaItem::Hidden(kind) => kind,
                    _ if is_episode => "episode",
                    _ => "track",
                }
                .into(),
            ),
            ("actions", json_object! { "disallows": Value::Object(disallows) }),
        ]),
    )
}

fn context(uri: Option<&SpotifyUri>, view: &View<'_>) -> Value {
    let json = match uri {
        Some(SpotifyUri::Album(id)) => view.linked(id),
        Some(SpotifyUri::Artist(id)) => view.linked(id),
        Some(SpotifyUri::Playlist(id)) => view.linked(id),
        Some(SpotifyUri::Show(id)) => view.linked(id),
        Some(uri) => json_object! {
            "external_urls": json_object! { "spotify": "https://open.spotify.com/collection/tracks" },
            "href": format!("{}/me/tracks", view.base),
            "type": uri.kind(),
            "uri": uri.to_string(),
        },
        None => Value::Null,
    };
    json.retained(|key| key != "id")
}

/// Returns a page of the history, newest play first. With `after` it contains the first plays after that time, otherwise
/// the last plays.
fn recently_played(player: &Player, call: &Call<'_>, view: &View<'_>) -> Value {
    let (after, before) = (call.integer("after"), call.integer("before"));
    let limit = call.number("limit");
    let within = |play: &&Play| {
        after.is_none_or(|after| play.at > after) && before.is_none_or(|before| play.at < before)
    };
    let within: Vec<&Play> = player.history.iter().filter(within).collect();
    let begin = if after.is_some() { within.len().saturating_sub(limit) } else { 0 };
    let plays: Vec<&Play> = within.iter().skip(begin).take(limit).copied().collect();
    let is_last = plays.len() == within.len();
    let (newest, oldest) = (plays.first().map(|play| play.at), plays.last().map(|play| play.at));
    let items = plays.iter().map(|play| {
        json_object! {
            "track": view.track(play.track),
            "played_at": Timestamp::from_unix_millis(play.at).to_string(),
            "context": context(play.context.as_ref(), view),
        }
    });
    let address = page::address(call, view);
    let size = limit.to_string();
    let at = |key: &'static str, cursor: Option<i64>| {
        let cursor = cursor.map(|cursor| cursor.to_string());
        let cursor = cursor.as_deref().map(|cursor| (key, cursor));
        page::link(&address, cursor.iter().chain(&[("limit", size.as_str())]))
    };
    let next = match after {
        Some(_) => at("after", newest),
        None => at("before", oldest),
    };
    // The last page has none.
    let cursors = match (newest, oldest) {
        (Some(newest), Some(oldest)) if !is_last => {
            json_object! { "after": newest.to_string(), "before": oldest.to_string() }
        }
        _ => Value::Null,
    };
    json_object! {
        "items": items.collect::<Value>(),
        "next": (!is_last).then_some(next),
        "cursors": cursors,
        "limit": limit,
        "href": match after {
            Some(_) => at("after", after),
            None => at("before", before),
        },
    }
}

fn start(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let device = target(&state.player, call)?;
    let context = call.item("context_uri");
    let is_resumed = context.is_none() && call.items().is_empty();
    if !is_resumed {
        let list = match context {
            Some(uri) => in_context(state, uri).ok_or_else(|| {
                view.report(uri);
                Response::error(404, "Context not found")
            })?,
            None => call.items().iter().map(|item| of_uri(view, &item.uri)).collect(),
        };
        // The offset counts items that cannot be played, and the player skips them.
        let first = match (call.integer("offset.position"), call.item("offset.uri")) {
            (Some(position), _) => usize::try_from(position).ok().filter(|at| *at < list.len()),
            (None, Some(uri)) => {
                let item = of_uri(view, uri);
                list.iter().position(|other| *other == item && item.is_playable())
            }
            (None, None) => Some(0),
        };
        let first = first.ok_or_else(|| Response::error(400, "Invalid offset"))?;
        let index = list.iter().take(first).filter(|item| item.is_playable()).count();
        let list: Vec<MediaItem> = list.into_iter().filter(|item| item.is_playable()).collect();
        if !list.is_empty() {
            let index = index.min(list.len() - 1);
            state.player.play(context.cloned(), list, index);
        }
    } else if state.player.current.is_none()
        || state.player.is_playing && state.player.active == Some(device)
    {
        return Err(violated());
    }
    let player = &mut state.player;
    player.is_playing = player.current.is_some();
    if let Some(position) = call.integer("position_ms") {
        player.progress = position;
    }
    done(player, device)
}

fn of_uri(view: &View<'_>, uri: &SpotifyUri) -> MediaItem {
    MediaItem::of(view.catalog, uri).unwrap_or(MediaItem::Removed)
}

/// Replaces the playback of a user. `item` is its item.
pub(crate) fn set_playback(
    state: &mut State,
    playback: &Playback,
    item: MediaItem,
) -> Result<(), String> {
    let mut devices = devices(&state.player);
    let active = match &playback.device {
        Some(device) => {
            let json = device_json(device).unwrap_or(Value::Null);
            let id = json.get("id").filter(|id| **id != Value::Null);
            let known = devices.iter().position(|other| id.is_some() && other.get("id") == id);
            match known.and_then(|n| devices.get_mut(n)) {
                Some(known) => *known = json,
                None => devices.push(json),
            }
            let active = known.unwrap_or(devices.len() - 1);
            state.player.set_devices(devices);
            active
        }
        None if devices.is_empty() => {
            return Err("set_playback: expected a device, found none; the user has no other".into());
        }
        None => state.player.active.unwrap_or(0),
    };
    let context = playback.context.as_ref().and_then(|context| context.uri.clone());
    let list = context.as_ref().and_then(|uri| in_context(state, uri)).unwrap_or_default();
    let uri = |item: MediaItem| match item {
        MediaItem::Local(n) => Some(uri_of_file(&state.catalog, n)),
        _ => None,
    };
    // The local file is a copy of the one in the context.
    let file = uri(item);
    let is_item = |other: &MediaItem| *other == item || file.is_some() && uri(*other) == file;
    let list: Vec<MediaItem> =
        list.into_iter().filter(|other| other.is_playable() || is_item(other)).collect();
    let index = list.iter().position(is_item);
    let player = &mut state.player;
    player.active = Some(active);
    player.is_shuffled = playback.shuffle_state;
    player.repeat.clone_from(&playback.repeat_state);
    match index {
        Some(index) => player.play(context, list, index),
        None => player.play(context, vec![item], 0),
    }
    player.is_playing = playback.is_playing;
    let progress = playback.progress_ms.unwrap_or(0);
    player.progress = i64::try_from(progress).unwrap_or(i64::MAX);
    player.touch();
    if let Some(timestamp) = playback.timestamp {
        player.changed_at = timestamp.unix_millis();
    }
    Ok(())
}

/// Returns the JSON of a device that a test sets.
pub(crate) fn device_json(device: &Device) -> Option<Value> {
    let json = serde_json::to_vec(device).ok().and_then(|json| Value::parse(&json))?;
    // Spotify sends these for every device.
    let is_set = |key: &str| json.get(key).is_some_and(|value| *value != Value::Null);
    let defaults = [("type", "Computer".into()), ("supports_volume", true.into())];
    let defaults: Vec<_> = defaults.into_iter().filter(|(key, _)| !is_set(key)).collect();
    let kept = json.retained(|key| defaults.iter().all(|(unset, _)| *unset != key));
    Some(kept.with(defaults))
}

/// The error for a player command of a user without Premium.
pub(crate) fn premium_required() -> Response {
    failed(403, "Premium required", "PREMIUM_REQUIRED")
}

/// Returns whether an endpoint is a command of the player.
pub(crate) fn is_command(endpoint: &Endpoint) -> bool {
    endpoint.area == "Player" && endpoint.method != Method::Get
}

/// Returns the items of an album, a playlist, a show, an artist or the saved tracks of the user.
fn in_context(state: &State, uri: &SpotifyUri) -> Option<Vec<MediaItem>> {
    let catalog = &state.catalog;
    match uri {
        SpotifyUri::Playlist(_) => {
            let n = state.playlists.find(uri)?;
            Some(state.playlists.entries(n).iter().map(|entry| entry.item).collect())
        }
        SpotifyUri::Album(_) => {
            Some(known_parts(catalog, uri)?.into_iter().map(MediaItem::Track).collect())
        }
        SpotifyUri::Show(_) => {
            Some(known_parts(catalog, uri)?.into_iter().map(MediaItem::Episode).collect())
        }
        SpotifyUri::Artist(_) => {
            catalog.find(uri)?;
            Some(tracks_by(uri, catalog).into_iter().map(MediaItem::Track).collect())
        }
        SpotifyUri::Other(collection) => {
            let me: SpotifyUri = catalog.users.get(state.me)?.id.clone().into();
            let is_mine = **collection == format!("{me}:collection");
            let saved = state.library.newest("track");
            let saved = saved.iter().filter_map(|(uri, _)| MediaItem::of(catalog, uri));
            is_mine.then(|| saved.collect())
        }
        _ => None,
    }
}

/// Returns the device of a command: the one in the request, or the active one.
fn target(player: &Player, call: &Call<'_>) -> Result<usize, Response> {
    let device = match call.text("device_id") {
        Some(id) => by_id(player, id)?,
        None => player.active.ok_or_else(no_device)?,
    };
    controllable(player, device)
}

/// Returns a device, unless it rejects commands.
fn controllable(player: &Player, device: usize) -> Result<usize, Response> {
    match devices(player).get(device).and_then(|device| device.get("is_restricted")) {
        Some(is_restricted) if *is_restricted == true.into() => {
            Err(failed(403, "Restricted device", "DEVICE_NOT_CONTROLLABLE"))
        }
        _ => Ok(device),
    }
}

fn by_id(player: &Player, id: &str) -> Result<usize, Response> {
    let is_it = |device: &Value| device.get("id").and_then(Value::as_str) == Some(id);
    let device = devices(player).iter().position(is_it);
    device.ok_or_else(|| Response::error(404, "Device not found"))
}

fn skip(
    state: &mut State,
    call: &Call<'_>,
    skip: fn(&mut Player) -> bool,
    (message, reason): (&str, &str),
) -> Outcome {
    let (device, _) = loaded(&state.player, call)?;
    if skip(&mut state.player) {
        done(&mut state.player, device)
    } else {
        Err(failed(403, message, reason))
    }
}

/// Returns the device and the current item, for a command that needs one.
fn loaded(player: &Player, call: &Call<'_>) -> Result<(usize, MediaItem), Response> {
    let device = target(player, call)?;
    Ok((device, player.current.ok_or_else(violated)?))
}

/// Responds to a command, whose device becomes the active one. Spotify documents no body, but sends a string without a
/// meaning.
fn done(player: &mut Player, device: usize) -> Outcome {
    player.active = Some(device);
    player.touch();
    let hash = mixed(player.changed_at.unsigned_abs());
    Ok(Body::Response(Response::empty(200).with_body(format!("{hash:016x}AAAA"))))
}

fn failed(status: u16, message: &str, reason: &str) -> Response {
    Response::error_for(status, &format!("Player command failed: {message}"), Some(reason))
}

fn no_device() -> Response {
    failed(404, "No active device found", "NO_ACTIVE_DEVICE")
}

/// The error for a command that is impossible in the current state.
fn violated() -> Response {
    failed(403, "Restriction violated", "UNKNOWN")
}
