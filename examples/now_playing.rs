//! Shows the current playback in one line.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example now_playing
//! cargo run --example now_playing -- --fake --once                # without an account
//! ```
//!
//! It polls Spotify every five seconds, at the end of each track, and less often while nothing plays. In between it
//! updates the progress itself. If the output isn't a terminal, it writes a line when the item changes.

mod common;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use bpaf::{OptionParser, Parser, construct, long};
use common::account::{self, Choice};
use common::output::{self, println};
use common::{Fallible, exit, parse, reading};
use indicatif::{ProgressBar, ProgressStyle};
use tonearm::fake::Server;
use tonearm::model::{CurrentlyPlaying, Item, PlayingType};
use tonearm::{Error, Scopes, Spotify, endpoint};

#[derive(Clone, Debug)]
struct Arguments {
    once: bool,
    every: u64,
    account: Choice,
}

fn arguments() -> OptionParser<Arguments> {
    let once = long("once").help("Print the current playback once, and exit").switch();
    let every = long("every")
        .help("Interval between requests in seconds")
        .argument::<u64>("SECONDS")
        .guard(|seconds| (1..=3600).contains(seconds), "expected 1 to 3600 seconds")
        .fallback(5)
        .display_fallback();
    let account = account::choice();
    let all = construct!(Arguments { once, every, account });
    all.to_options().descr("Shows the current playback on Spotify in one line.")
}

fn main() -> ExitCode {
    exit(run(&parse(arguments())))
}

fn run(arguments: &Arguments) -> Fallible<()> {
    let line = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{wide_msg}")?);
    let scopes = Scopes::for_endpoints([&endpoint::GET_CURRENTLY_PLAYING]);
    let account = arguments.account.open(scopes, &line)?;
    if let Some(server) = &account.server {
        start_playback(&account.spotify, server)?;
    }
    if arguments.once {
        let playing = account.spotify.get_currently_playing().send()?;
        println!("{}", describe(playing.as_ref(), Duration::ZERO));
        return Ok(());
    }
    watch(&account.spotify, &line, Duration::from_secs(arguments.every))
}

/// Shows the playback until an error occurs that isn't transient.
fn watch(spotify: &Spotify, line: &ProgressBar, every: Duration) -> Fallible<()> {
    let mut previous = String::new();
    loop {
        let playing = match spotify.get_currently_playing().send() {
            Ok(playing) => playing,
            Err(error) if error.is_retryable() => {
                line.set_message(error.to_string());
                thread::sleep(error.retry_after().unwrap_or_default().max(every));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let title = title(playing.as_ref());
        if line.is_hidden() && title != previous {
            println!("{title}");
            previous = title;
        }
        let (received, wait) = (Instant::now(), wait(playing.as_ref(), every));
        while received.elapsed() < wait {
            line.set_message(describe(playing.as_ref(), received.elapsed()));
            thread::sleep(Duration::from_secs(1).min(wait.saturating_sub(received.elapsed())));
        }
    }
}

/// Returns the time until the next request.
pub fn wait(playing: Option<&CurrentlyPlaying>, every: Duration) -> Duration {
    match playing {
        Some(playing) if playing.is_playing => {
            let length = playing.item.as_ref().and_then(Item::duration_ms);
            let remaining =
                length.unwrap_or(u64::MAX).saturating_sub(playing.progress_ms.unwrap_or(0));
            // Spotify reports the next item with a short delay.
            every.min(Duration::from_millis(remaining.saturating_add(1000)))
        }
        _ => every.saturating_mul(3),
    }
}

/// Describes the playback, with the progress at the time `since` after the response.
pub fn describe(playing: Option<&CurrentlyPlaying>, since: Duration) -> String {
    let title = title(playing);
    let Some((playing, progress)) =
        playing.and_then(|playing| Some((playing, playing.progress()?)))
    else {
        return title;
    };
    let since = if playing.is_playing { since } else { Duration::ZERO };
    let progress = progress + since;
    match playing.item.as_ref().and_then(Item::duration) {
        Some(length) if length > Duration::ZERO => {
            format!("{title}  {} / {}", clock(progress.min(length)), clock(length))
        }
        _ => title,
    }
}

/// Describes the item that plays or is paused.
fn title(playing: Option<&CurrentlyPlaying>) -> String {
    let Some(playing) = playing else { return "■ Nothing is playing.".to_owned() };
    let sign = if playing.is_playing { '▶' } else { '⏸' };
    let name = match (&playing.item, &playing.currently_playing_type) {
        (_, Some(PlayingType::Ad)) => "An advertisement".to_owned(),
        (Some(Item::Removed) | None, _) => "Unknown item".to_owned(),
        (Some(item @ Item::Local(_)), _) => format!("{} (local file)", name_and_artists(item)),
        (Some(item), _) => name_and_artists(item),
    };
    format!("{sign} {name}")
}

fn name_and_artists(item: &Item) -> String {
    match (item.name().unwrap_or_default(), &*reading::by_whom(item)) {
        ("", _) => "Untitled item".to_owned(),
        (name, "") => name.to_owned(),
        (name, by) => format!("{name} – {by}"),
    }
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// Starts the playback on the fake Spotify server.
fn start_playback(spotify: &Spotify, server: &Server) -> Result<(), Error> {
    let device = spotify.get_devices().send()?.into_iter().find_map(|device| device.id);
    let tracks = server.catalog().tracks();
    let call = spotify.start_playback().uris(tracks.iter().take(3)).position_ms(83_000);
    call.device_id(device).send().map(drop)
}
