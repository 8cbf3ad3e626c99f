//! What the calls about the player do and say.

use super::check::Call;
use super::objects::{View, linked};
use super::page;
use super::responses::{Outcome, Said, State, address};
use crate::fake::catalog::items::{Thing, takes_episodes};
use crate::fake::http::Answer;
use crate::fake::json::{Json, object};
pub(crate) use crate::fake::state::player::Player;
use crate::fake::state::player::{DEVICES, Play, Repeat};
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

/// A device of the user.
struct Device {
    /// Some devices have none, and take no commands.
    id: Option<&'static str>,
    name: &'static str,
    kind: &'static str,
    supports_volume: bool,
}

const ALL: [Device; DEVICES] = [
    Device {
        id: Some("0d1841b0976bae2a3a310dd74c0f3df354899bc8"),
        name: "Writing desk",
        kind: "Computer",
        supports_volume: true,
    },
    Device {
        id: Some("5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e"),
        name: "Mira's phone",
        kind: "Smartphone",
        supports_volume: false,
    },
    Device { id: None, name: "Kitchen", kind: "Speaker", supports_volume: true },
];

/// How much of what comes next Spotify shows.
const QUEUE: usize = 20;

/// What a call about the player does and says; none if it is about something else.
pub(crate) fn answer(state: &mut State, call: &Call<'_>, view: &View<'_>) -> Option<Outcome> {
    let player = &mut state.player;
    Some(match &*call.row.name {
        "get_devices" => {
            let devices = (0..DEVICES).filter_map(|n| device(player, n));
            Ok(Said::Json(devices.collect::<Vec<_>>().into()))
        }
        "get_playback" => Ok(playing(player, call, view, true)),
        "get_currently_playing" => Ok(playing(player, call, view, false)),
        "get_queue" => Ok(Said::Json(object! {
            "currently_playing": player.current.map_or(Json::Null, |thing| thing.json(view, true)),
            "queue": player
                .following()
                .take(QUEUE)
                .map(|thing| thing.json(view, true))
                .collect::<Vec<_>>(),
        })),
        "get_recently_played" => Ok(Said::Json(recently_played(player, call, view))),
        "start_playback" => start(state, call, view),
        "transfer_playback" => transfer(player, call),
        "pause_playback" => loaded(player, call).and_then(|_| {
            if !player.is_playing {
                return Err(violated());
            }
            player.is_playing = false;
            Ok(done(player))
        }),
        "skip_to_next" => loaded(player, call).and_then(|_| match player.skip_to_next() {
            true => Ok(done(player)),
            false => Err(refused(403, "No next track", "NO_NEXT_TRACK")),
        }),
        "skip_to_previous" => loaded(player, call).and_then(|_| match player.skip_to_previous() {
            true => Ok(done(player)),
            false => Err(refused(403, "No previous track", "NO_PREV_TRACK")),
        }),
        "seek" => loaded(player, call).map(|thing| {
            player.progress = call.integer("position_ms").unwrap_or(0);
            // Behind its end the next one plays.
            if player.progress >= thing.duration(view) && !player.skip_to_next() {
                player.end();
            }
            done(player)
        }),
        "set_repeat" => target(player, call).map(|_| {
            player.repeat = match call.text("state") {
                Some("track") => Repeat::Track,
                Some("context") => Repeat::Context,
                _ => Repeat::Off,
            };
            done(player)
        }),
        "set_shuffle" => target(player, call).map(|_| {
            player.shuffle(call.boolean("state").unwrap_or(false));
            done(player)
        }),
        "set_volume" => target(player, call).and_then(|n| {
            let (Some(device), Some(volume)) = (ALL.get(n), player.volumes.get_mut(n)) else {
                return Err(no_device());
            };
            if !device.supports_volume {
                let message = "Cannot control device volume";
                return Err(refused(403, message, "VOLUME_CONTROL_DISALLOW"));
            }
            *volume = call.integer("volume_percent").unwrap_or(0);
            player.touch();
            Ok(Said::Answer(Answer::empty(204)))
        }),
        "add_to_queue" => target(player, call).map(|_| {
            // What the catalog does not have is passed over.
            let thing = call.item("uri").and_then(|uri| Thing::of(view.catalog, uri));
            thing.into_iter().for_each(|thing| player.enqueue(thing));
            done(player)
        }),
        _ => return None,
    })
}

fn device(player: &Player, n: usize) -> Option<Json> {
    let (device, volume) = (ALL.get(n)?, player.volumes.get(n)?);
    Some(object! {
        "id": device.id.map(str::to_owned),
        "is_active": player.active == Some(n),
        "is_private_session": false,
        "is_restricted": device.id.is_none(),
        "name": device.name,
        "supports_volume": device.supports_volume,
        "type": device.kind,
        "volume_percent": *volume,
    })
}

/// What plays, with the device or without.
fn playing(player: &Player, call: &Call<'_>, view: &View<'_>, is_whole: bool) -> Said {
    let (Some(active), Some(thing)) = (player.active, player.current) else {
        return Said::Answer(Answer::empty(204));
    };
    let mut json = object! {};
    if is_whole {
        json = object! {
            "device": device(player, active).unwrap_or(Json::Null),
            "repeat_state": match player.repeat {
                Repeat::Off => "off",
                Repeat::Track => "track",
                Repeat::Context => "context",
            },
            "shuffle_state": player.is_shuffled,
            "smart_shuffle": false,
        };
    }
    let is_episode = matches!(thing, Thing::Episode(_));
    let is_hidden = is_episode && !takes_episodes(call);
    let disallows = [
        (if player.is_playing { "resuming" } else { "pausing" }, true),
        ("skipping_next", player.following().next().is_none()),
        ("skipping_prev", !player.has_previous()),
    ];
    let disallows = disallows.into_iter().filter(|(_, is_true)| *is_true);
    let disallows = disallows.map(|(key, is_true)| (key, is_true.into())).collect();
    Said::Json(json.with([
        ("context", context(player.context.as_ref())),
        ("timestamp", player.changed_at.into()),
        ("progress_ms", player.progress.into()),
        ("is_playing", player.is_playing.into()),
        ("item", if is_hidden { Json::Null } else { thing.json(view, true) }),
        ("currently_playing_type", if is_episode { "episode" } else { "track" }.into()),
        ("actions", object! { "disallows": Json::Object(disallows) }),
    ]))
}

fn context(uri: Option<&SpotifyUri>) -> Json {
    let json = match uri {
        Some(SpotifyUri::Album(id)) => linked(id),
        Some(SpotifyUri::Artist(id)) => linked(id),
        Some(SpotifyUri::Playlist(id)) => linked(id),
        Some(SpotifyUri::Show(id)) => linked(id),
        _ => Json::Null,
    };
    json.retained(|key| key != "id")
}

/// A page of what was played, the newest first. After a moment come the first plays behind it, else
/// the last ones.
fn recently_played(player: &Player, call: &Call<'_>, view: &View<'_>) -> Json {
    let (after, before) = (call.integer("after"), call.integer("before"));
    let limit = call.number("limit");
    let within = |play: &&Play| {
        after.is_none_or(|after| play.at > after) && before.is_none_or(|before| play.at < before)
    };
    let within: Vec<&Play> = player.history().filter(within).collect();
    let begin = if after.is_some() { within.len().saturating_sub(limit) } else { 0 };
    let plays: Vec<&Play> = within.iter().skip(begin).take(limit).copied().collect();
    let is_last = plays.len() == within.len();
    let (newest, oldest) = (plays.first().map(|play| play.at), plays.last().map(|play| play.at));
    let items = plays.iter().map(|play| {
        object! {
            "track": view.track(play.track),
            "played_at": Timestamp::from_unix_millis(play.at).to_string(),
            "context": context(play.context.as_ref()),
        }
    });
    let address = address(call, view);
    let size = limit.to_string();
    let at = |key: &'static str, place: Option<i64>| {
        let place = place.map(|place| place.to_string());
        let place = place.as_deref().map(|place| (key, place));
        page::link(&address, place.iter().chain(&[("limit", size.as_str())]))
    };
    let next = match after {
        Some(_) => at("after", newest),
        None => at("before", oldest),
    };
    let cursors = match (newest, oldest) {
        (Some(newest), Some(oldest)) => {
            object! { "after": newest.to_string(), "before": oldest.to_string() }
        }
        _ => Json::Null,
    };
    object! {
        "items": items.collect::<Vec<_>>(),
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
            Some(uri) => {
                in_context(state, uri).ok_or_else(|| Answer::refusal(404, "Context not found"))?
            }
            None => call.items().iter().map(|item| of_uri(view, &item.uri)).collect(),
        };
        // What cannot be played is passed over, but counts.
        let first = match (call.integer("offset.position"), call.item("offset.uri")) {
            (Some(position), _) => usize::try_from(position).ok().filter(|at| *at < list.len()),
            (None, Some(uri)) => {
                let thing = of_uri(view, uri);
                list.iter().position(|other| *other == thing && thing.is_playable())
            }
            (None, None) => Some(0),
        };
        let first = first.ok_or_else(|| Answer::refusal(400, "Invalid offset"))?;
        let index = list.iter().take(first).filter(|thing| thing.is_playable()).count();
        let list: Vec<Thing> = list.into_iter().filter(|thing| thing.is_playable()).collect();
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
    player.active = Some(device);
    player.is_playing = player.current.is_some();
    if let Some(position) = call.integer("position_ms") {
        player.progress = position;
    }
    Ok(done(player))
}

fn of_uri(view: &View<'_>, uri: &SpotifyUri) -> Thing {
    Thing::of(view.catalog, uri).unwrap_or(Thing::Gone)
}

/// What an album, a playlist, a show or an artist has to play.
fn in_context(state: &State, uri: &SpotifyUri) -> Option<Vec<Thing>> {
    let catalog = state.catalog;
    match uri {
        SpotifyUri::Playlist(_) => {
            let n = state.shelf.find(uri)?;
            Some(state.shelf.rows(n).iter().map(|row| row.thing).collect())
        }
        SpotifyUri::Album(_) => {
            let album = catalog.albums.get(catalog.find(uri)?)?;
            Some(album.tracks.clone().map(Thing::Track).collect())
        }
        SpotifyUri::Show(_) => {
            let show = catalog.shows.get(catalog.find(uri)?)?;
            Some(show.episodes.clone().map(Thing::Episode).collect())
        }
        SpotifyUri::Artist(_) => {
            let artist = catalog.find(uri)?;
            let albums = catalog.albums.iter().filter(|album| album.artist == artist);
            Some(albums.flat_map(|album| album.tracks.clone()).map(Thing::Track).collect())
        }
        _ => None,
    }
}

fn transfer(player: &mut Player, call: &Call<'_>) -> Outcome {
    let id = call.text("device_ids").unwrap_or_default();
    player.active = Some(by_id(id)?);
    if call.boolean("play").unwrap_or(false) {
        player.is_playing = player.current.is_some();
    }
    player.touch();
    Ok(Said::Answer(Answer::empty(204)))
}

/// The device that a command is for: the one it names, or the active one.
fn target(player: &Player, call: &Call<'_>) -> Result<usize, Answer> {
    match call.text("device_id") {
        Some(id) => by_id(id),
        None => player.active.ok_or_else(no_device),
    }
}

fn by_id(id: &str) -> Result<usize, Answer> {
    let device = ALL.iter().position(|device| device.id == Some(id));
    device.ok_or_else(|| Answer::refusal(404, "Device not found"))
}

/// What is in the player, for a command that needs something there.
fn loaded(player: &Player, call: &Call<'_>) -> Result<Thing, Answer> {
    target(player, call)?;
    player.current.filter(|_| player.active.is_some()).ok_or_else(violated)
}

/// A command that is done: Spotify documents no body, and sends a word that means nothing.
fn done(player: &mut Player) -> Said {
    player.touch();
    let word = crate::fake::catalog::mixed(player.changed_at.unsigned_abs());
    Said::Answer(Answer::empty(200).with_body(format!("{word:016x}AAAA")))
}

fn refused(status: u16, message: &str, reason: &str) -> Answer {
    let message = format!("Player command failed: {message}");
    let error = object! { "status": usize::from(status), "message": message, "reason": reason };
    Answer::json(status, &object! { "error": error })
}

fn no_device() -> Answer {
    refused(404, "No active device found", "NO_ACTIVE_DEVICE")
}

/// What Spotify says of a command that makes no sense now.
fn violated() -> Answer {
    refused(403, "Restriction violated", "UNKNOWN")
}
