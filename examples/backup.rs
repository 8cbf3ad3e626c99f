//! Backs up a whole library to a file, and resumes an interrupted backup.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example backup -- library.json
//! cargo run --example backup -- --fake library.json               # without an account
//! ```
//!
//! A backup has the saved tracks, albums, shows, episodes and audiobooks, the followed artists, and the playlists with
//! their items. You can stop the program at any time and start it again: it requests only the pages that the file does
//! not have. `restore` restores a backup into an account, `changes` lists the changes since a backup, and the fake Spotify
//! server serves it, to try a program on a copy of the library.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bpaf::{OptionParser, Parser, construct, positional};
use common::account::{self, Choice};
use common::library::{self, Item, Library, List, Playlist};
use common::output::{self, print, println};
use common::{Fallible, count, exit, parse, reading};
use indicatif::ProgressBar;
use tonearm::Spotify;

fn arguments() -> OptionParser<(Choice, PathBuf)> {
    let account = account::choice();
    let file =
        positional("FILE").help("The file for the library, which may have an incomplete backup");
    construct!(account, file).to_options().descr("Backs up a Spotify library to a file.")
}

fn main() -> ExitCode {
    let (choice, file) = parse(arguments());
    exit(run(&choice, &file))
}

fn run(choice: &Choice, file: &Path) -> Fallible<()> {
    let bar = account::bar();
    let account = choice.open(reading::scopes(), &bar)?;
    let library = back_up(&account.spotify, file, &bar)?;
    print!("{}", summary(&library));
    println!("The backup in {} is complete.", file.display());
    Ok(())
}

/// Reads the parts of the library that the file does not have, and saves them while it reads.
pub fn back_up(spotify: &Spotify, file: &Path, bar: &ProgressBar) -> Fallible<Library> {
    let me = spotify.get_me().send()?.id;
    let mut library = library::load_backup(file)?.unwrap_or_else(|| Library::new(me.clone()));
    if library.user != me {
        let (file, user) = (file.display(), &library.user);
        return Err(format!(
            "{file}: expected a backup of {me}, found one of {user}; choose another file"
        )
        .into());
    }
    if library.is_complete() {
        println!(
            "The backup of {} is already complete; choose another file for a new one.",
            library.begun_at
        );
        return Ok(library);
    }
    // Each save writes the whole file, so save at most once a second, and spend at most a tenth of the time on it.
    let (mut saved_at, mut pause) = (Instant::now(), Duration::from_secs(1));
    let read = reading::read(spotify, &mut library, bar, |library| {
        if saved_at.elapsed() < pause {
            return Ok(());
        }
        let begun_at = Instant::now();
        library::save(file, library)?;
        pause = Duration::from_secs(1).max(begun_at.elapsed() * 9);
        saved_at = Instant::now();
        Ok(())
    });
    library::save(file, &library)?;
    match read {
        Ok(()) => Ok(library),
        Err(error) => Err(format!(
            "{error}\nThe items read so far are in {}; run `backup` again to resume.",
            file.display()
        )
        .into()),
    }
}

/// Returns the number of items of each kind, and the number of items that Spotify does not return.
pub fn summary(library: &Library) -> String {
    let (mut text, mut unavailable) = (String::new(), String::new());
    let absent = |list: &List<Item>| list.unreadable.len() + list.notes.len();
    for (noun, list) in library.lists() {
        text += &format!("{:>6} {noun}s\n", list.items.len());
        if absent(list) > 0 {
            unavailable += &format!("  - {}\n", count(absent(list), noun));
        }
    }
    let playlists = &library.playlists.items;
    let items: usize = playlists.iter().map(|playlist| playlist.items.items.len()).sum();
    text += &format!("{:>6} playlists with {}\n", playlists.len(), count(items, "item"));
    let null = library.playlists.unreadable.len() + library.playlists.notes.len();
    if null > 0 {
        unavailable += &format!("  - {}\n", count(null, "playlist"));
    }
    let removed = |playlist: &Playlist| {
        let items = playlist.items.items.iter();
        items.filter(|item| item.uri.is_none()).count() + absent(&playlist.items)
    };
    let all_removed: usize = playlists.iter().map(removed).sum();
    if all_removed > 0 {
        unavailable += &format!("  - {} in playlists\n", count(all_removed, "removed item"));
    }
    let closed: Vec<&str> =
        playlists.iter().filter(|list| list.unavailable.is_some()).map(Playlist::title).collect();
    if let Some(first) = closed.first() {
        let closed = count(closed.len(), "playlist");
        unavailable += &format!("  - the items of {closed} of other users, such as “{first}”\n");
    }
    if !unavailable.is_empty() {
        text += &format!("Spotify does not return:\n{unavailable}");
    }
    text
}
