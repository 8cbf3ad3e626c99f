//! Backs up a whole library to a file, and goes on where it stopped.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example backup -- library.json
//! cargo run --example backup -- --fake library.json               # without an account
//! ```
//!
//! Saved tracks, albums, shows, episodes and audiobooks, followed artists, and playlists with what is in them. Stop it
//! as you like, and start it again: what has been read is not asked for twice. `restore` puts a backup into an account,
//! `changes` tells what has changed since.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bpaf::{OptionParser, Parser, construct, positional};
use common::account::{self, Choice};
use common::library::{self, Library, Playlist};
use common::{Fallible, count, exit, reading};
use indicatif::ProgressBar;
use tonearm::Spotify;

fn arguments() -> OptionParser<(Choice, PathBuf)> {
    let account = account::choice();
    let file = positional("FILE").help("Where to keep the library, or the part that was read");
    construct!(account, file).to_options().descr("Backs up a Spotify library to a file.")
}

fn main() -> ExitCode {
    let (choice, file) = arguments().run();
    exit(run(&choice, &file))
}

fn run(choice: &Choice, file: &Path) -> Fallible<()> {
    let bar = account::bar();
    let account = choice.open(reading::scopes(), &bar)?;
    let library = back_up(&account.spotify, file, &bar)?;
    print!("{}", summary(&library));
    println!("{} has it all.", file.display());
    Ok(())
}

/// Reads what the file does not have yet, and writes it as it comes.
pub fn back_up(spotify: &Spotify, file: &Path, bar: &ProgressBar) -> Fallible<Library> {
    let me = spotify.get_me().send()?.id;
    let mut library = library::load(file)?.unwrap_or_else(|| Library::new(me.clone()));
    if library.user != me {
        let (file, user) = (file.display(), &library.user);
        return Err(format!(
            "{file}: expected a backup of {me}, found one of {user}; take another name"
        )
        .into());
    }
    if library.is_complete() {
        println!(
            "It was complete already, since {}: for a new one take a new name.",
            library.begun_at
        );
        return Ok(library);
    }
    // The file is written whole each time, so not after each of hundreds of pages.
    let mut kept = Instant::now();
    let read = reading::read(spotify, &mut library, bar, |library| {
        if kept.elapsed() < Duration::from_secs(1) {
            return Ok(());
        }
        kept = Instant::now();
        library::save(file, library)
    });
    library::save(file, &library)?;
    match read {
        Ok(()) => Ok(library),
        Err(error) => {
            Err(format!("{error}\nWhat was read is in {}; start again to go on.", file.display())
                .into())
        }
    }
}

/// What there is, and what Spotify does not give.
pub fn summary(library: &Library) -> String {
    let (mut text, mut absent) = (String::new(), String::new());
    for (noun, list) in library.lists() {
        text += &format!("{:>6} {noun}s\n", list.rows.len());
        if !list.missing.is_empty() {
            absent += &format!("  - {} that it does not show\n", count(list.missing.len(), noun));
        }
    }
    let playlists = &library.playlists.rows;
    let items: usize = playlists.iter().map(|playlist| playlist.items.rows.len()).sum();
    text += &format!("{:>6} playlists with {}\n", playlists.len(), count(items, "item"));
    let gone = |playlist: &Playlist| {
        let rows = playlist.items.rows.iter();
        rows.filter(|row| row.uri.is_none()).count() + playlist.items.missing.len()
    };
    let all_gone: usize = playlists.iter().map(gone).sum();
    if all_gone > 0 {
        absent += &format!(
            "  - {} of playlists that it does not have any more\n",
            count(all_gone, "item")
        );
    }
    let closed: Vec<&str> =
        playlists.iter().filter(|list| list.closed.is_some()).map(Playlist::title).collect();
    if let Some(first) = closed.first() {
        let closed = count(closed.len(), "playlist");
        absent += &format!("  - what is in {closed} of other people, such as “{first}”\n");
    }
    if !absent.is_empty() {
        text += &format!("Spotify does not give\n{absent}");
    }
    text
}
