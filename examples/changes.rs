//! Lists the changes in a library since a backup.
//!
//! ```sh
//! cargo run --example changes -- january.json february.json
//! SPOTIFY_CLIENT_ID=… cargo run --example changes -- february.json       # compares with the account
//! cargo run --example changes -- --fake library.json                     # without an account
//! ```

mod common;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, positional};
use common::account::{self, Choice};
use common::library::{self, Item, Library, Playlist};
use common::output::{self, println};
use common::{Fallible, count, exit, parse, reading};
use tonearm::fake::Server;
use tonearm::{Error, PlaylistId, Spotify, SpotifyUri};

fn arguments() -> OptionParser<(Choice, PathBuf, Option<PathBuf>)> {
    let account = account::choice();
    let old = positional("OLD").help("File written by `backup`");
    let new = positional("NEW").help("Later file. Default: the library of the account").optional();
    construct!(account, old, new).to_options().descr("Lists the changes in a Spotify library.")
}

fn main() -> ExitCode {
    let (choice, old, new) = parse(arguments());
    exit(run(&choice, &old, new.as_deref()))
}

fn run(choice: &Choice, old: &Path, new: Option<&Path>) -> Fallible<()> {
    let old = open_complete(old)?;
    let new = match new {
        Some(new) => open_complete(new)?,
        None => {
            let bar = account::bar();
            let account = choice.open(reading::scopes(), &bar)?;
            if let Some(server) = &account.server {
                change_library(&account.spotify, server)?;
            }
            let mut new = Library::new(account.spotify.get_me().send()?.id);
            reading::read(&account.spotify, &mut new, &bar, |_| Ok(()))?;
            new
        }
    };
    if old.user != new.user {
        return Err(format!(
            "expected two libraries of the same user, found {} and {}",
            old.user, new.user
        )
        .into());
    }
    let changes = changes(&old, &new);
    match changes.iter().map(|changes| changes.lines.len()).sum() {
        0 => println!("Nothing has changed since {}.", old.begun_at),
        number => println!("{} since {}", count(number, "change"), old.begun_at),
    }
    for Changes { of, lines } in changes {
        println!("{of}");
        lines.iter().for_each(|line| println!("  {line}"));
    }
    let closed =
        new.playlists.items.iter().filter(|playlist| playlist.unavailable.is_some()).count();
    if closed > 0 {
        println!("Not compared: {} of other users", count(closed, "playlist"));
    }
    Ok(())
}

fn open_complete(path: &Path) -> Fallible<Library> {
    match library::open(path)? {
        library if library.is_complete() => Ok(library),
        _ => Err(format!(
            "{}: expected a complete backup, found a part; complete it with `backup`",
            path.display()
        )
        .into()),
    }
}

/// The changes in a list or a playlist.
#[derive(Debug, PartialEq)]
pub struct Changes {
    /// `saved tracks`, or the name of a playlist.
    pub of: String,
    /// One change per line: `+ Title – Artist`.
    pub lines: Vec<String>,
}

/// Returns the changed lists and playlists.
pub fn changes(old: &Library, new: &Library) -> Vec<Changes> {
    let mut all = Vec::new();
    for ((noun, old), (_, new)) in old.lists().zip(new.lists()) {
        let ((_, removed), (_, added)) =
            (split(&old.items, &new.items), split(&new.items, &old.items));
        all.push(Changes { of: format!("{noun}s"), lines: lines(&added, &removed) });
    }
    let (old_ids, new_ids) = (by_id(old), by_id(new));
    let line = |sign, playlist: &Playlist| format!("{sign} “{}”", playlist.name);
    let added = new.playlists.items.iter().filter(|playlist| !old_ids.contains_key(&playlist.id));
    let removed = old.playlists.items.iter().filter(|playlist| !new_ids.contains_key(&playlist.id));
    let lines = added.map(|new| line('+', new)).chain(removed.map(|old| line('-', old))).collect();
    all.push(Changes { of: "playlists".to_owned(), lines });
    for new in &new.playlists.items {
        if let Some(old) = old_ids.get(&new.id) {
            all.push(Changes { of: format!("“{}”", new.name), lines: within(old, new) });
        }
    }
    all.retain(|changes| !changes.lines.is_empty());
    all
}

fn by_id(library: &Library) -> HashMap<&PlaylistId, &Playlist> {
    library.playlists.items.iter().map(|playlist| (&playlist.id, playlist)).collect()
}

/// Returns the changes in a playlist. Its items are compared if Spotify returns them.
fn within(old: &Playlist, new: &Playlist) -> Vec<String> {
    let (old_common, removed) = split(&old.items.items, &new.items.items);
    let (new_common, added) = split(&new.items.items, &old.items.items);
    let mut changes = Vec::new();
    if old.name != new.name {
        changes.push(format!("previous name: “{}”", old.name));
    }
    if old.description != new.description {
        changes.push("new description".to_owned());
    }
    if old.public != new.public {
        let is_public = new.public == Some(true);
        changes.push(if is_public { "now public" } else { "now private" }.to_owned());
    }
    if old.unavailable.is_some() || new.unavailable.is_some() {
        return changes;
    }
    changes.extend(lines(&added, &removed));
    if !old_common.iter().map(|item| &item.uri).eq(new_common.iter().map(|item| &item.uri)) {
        changes.push("new order".to_owned());
    }
    changes
}

fn lines(added: &[&Item], removed: &[&Item]) -> Vec<String> {
    let added = added.iter().map(|item| format!("+ {}", item.title()));
    added.chain(removed.iter().map(|item| format!("- {}", item.title()))).collect()
}

/// Splits `items` into those that are also in `others`, and those that are not. It compares the number of copies too.
fn split<'a>(items: &'a [Item], others: &[Item]) -> (Vec<&'a Item>, Vec<&'a Item>) {
    let mut counts: HashMap<&SpotifyUri, usize> = HashMap::new();
    for uri in others.iter().filter_map(|item| item.uri.as_ref()) {
        *counts.entry(uri).or_default() += 1;
    }
    let with_uri = items.iter().filter_map(|item| Some((item, item.uri.as_ref()?)));
    let (common, unique): (Vec<_>, Vec<_>) =
        with_uri.partition(|(_, uri)| match counts.get_mut(uri) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        });
    let items = |pairs: Vec<(&'a Item, _)>| pairs.into_iter().map(|(item, _)| item).collect();
    (items(common), items(unique))
}

/// Makes changes in the library on the fake Spotify server.
fn change_library(spotify: &Spotify, server: &Server) -> Result<(), Error> {
    let (catalog, saved) = (server.catalog(), spotify.get_my_saved_tracks().limit(1).send()?);
    spotify
        .remove_saved_tracks(saved.items.iter().filter_map(|saved| saved.track.id.as_ref()))
        .send()?;
    spotify.save_albums(catalog.albums().iter().skip(1).take(2)).send()?;
    spotify.create_playlist("Rainy day").send()?;
    let Some(playlist) = catalog.playlists().into_iter().next() else { return Ok(()) };
    spotify.change_playlist_details(&playlist).name("Songs for later").send()?;
    spotify.add_playlist_items(&playlist, catalog.tracks().iter().take(2)).send()?;
    spotify.reorder_playlist_items(&playlist).range_start(0).insert_before(9).send()?;
    Ok(())
}
