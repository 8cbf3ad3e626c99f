//! Tells what has changed in a library since a backup.
//!
//! ```sh
//! cargo run --example changes -- january.json february.json
//! SPOTIFY_CLIENT_ID=… cargo run --example changes -- february.json       # against the account as it is now
//! cargo run --example changes -- --fake library.json                     # without an account
//! ```

mod common;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, positional};
use common::account::{self, Choice};
use common::library::{self, Library, Playlist, Row};
use common::{Fallible, count, exit, reading};
use tonearm::fake::Server;
use tonearm::{Error, PlaylistId, Spotify, SpotifyUri};

fn arguments() -> OptionParser<(Choice, PathBuf, Option<PathBuf>)> {
    let account = account::choice();
    let old = positional("OLD").help("What `backup` wrote");
    let new =
        positional("NEW").help("What it wrote later; otherwise the account is read").optional();
    construct!(account, old, new).to_options().descr("Tells what has changed in a Spotify library.")
}

fn main() -> ExitCode {
    let (choice, old, new) = arguments().run();
    exit(run(&choice, &old, new.as_deref()))
}

fn run(choice: &Choice, old: &Path, new: Option<&Path>) -> Fallible<()> {
    let old = whole(old)?;
    let new = match new {
        Some(new) => whole(new)?,
        None => {
            let bar = account::bar();
            let account = choice.open(reading::scopes(), &bar)?;
            if let Some(server) = &account.server {
                live(&account.spotify, server)?;
            }
            let mut new = Library::new(account.spotify.get_me().send()?.id);
            reading::read(&account.spotify, &mut new, &bar, |_| Ok(()))?;
            new
        }
    };
    if old.user != new.user {
        return Err(format!(
            "expected two libraries of one user, found {} and {}",
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
    let closed = new.playlists.rows.iter().filter(|playlist| playlist.closed.is_some()).count();
    if closed > 0 {
        println!("Not compared: {} of other people.", count(closed, "playlist"));
    }
    Ok(())
}

fn whole(path: &Path) -> Fallible<Library> {
    match library::open(path)? {
        library if library.is_complete() => Ok(library),
        _ => {
            Err(format!("{}: not complete, start `backup` with it once more", path.display())
                .into())
        }
    }
}

/// What has changed in a list or a playlist, line by line.
#[derive(Debug, PartialEq)]
pub struct Changes {
    /// `saved tracks`, or the name of a playlist.
    pub of: String,
    /// Each one change: `+ Title – Artist`.
    pub lines: Vec<String>,
}

/// The lists and playlists in which something has changed.
pub fn changes(old: &Library, new: &Library) -> Vec<Changes> {
    let mut all = Vec::new();
    for ((noun, old), (_, new)) in old.lists().into_iter().zip(new.lists()) {
        let ((_, went), (_, came)) = (split(&old.rows, &new.rows), split(&new.rows, &old.rows));
        all.push(Changes { of: format!("{noun}s"), lines: lines(&came, &went) });
    }
    let (before, now) = (by_id(old), by_id(new));
    let told = |sign, playlist: &Playlist| format!("{sign} “{}”", playlist.name);
    let came = new.playlists.rows.iter().filter(|playlist| !before.contains_key(&playlist.id));
    let went = old.playlists.rows.iter().filter(|playlist| !now.contains_key(&playlist.id));
    let lines = came.map(|of| told('+', of)).chain(went.map(|of| told('-', of))).collect();
    all.push(Changes { of: "playlists".to_owned(), lines });
    for new in &new.playlists.rows {
        if let Some(old) = before.get(&new.id) {
            all.push(Changes { of: format!("“{}”", new.name), lines: within(old, new) });
        }
    }
    all.retain(|changes| !changes.lines.is_empty());
    all
}

fn by_id(library: &Library) -> HashMap<&PlaylistId, &Playlist> {
    library.playlists.rows.iter().map(|playlist| (&playlist.id, playlist)).collect()
}

/// What has changed in a playlist, as far as Spotify tells what is in it.
fn within(old: &Playlist, new: &Playlist) -> Vec<String> {
    let (stayed, went) = split(&old.items.rows, &new.items.rows);
    let (stays, came) = split(&new.items.rows, &old.items.rows);
    let mut told = Vec::new();
    if old.name != new.name {
        told.push(format!("was called “{}”", old.name));
    }
    if old.description != new.description {
        told.push("has another description".to_owned());
    }
    if old.public != new.public {
        let is_public = new.public == Some(true);
        told.push(if is_public { "is public now" } else { "is private now" }.to_owned());
    }
    if old.closed.is_some() || new.closed.is_some() {
        return told;
    }
    told.extend(lines(&came, &went));
    if !stayed.iter().map(|row| &row.uri).eq(stays.iter().map(|row| &row.uri)) {
        told.push("is in another order".to_owned());
    }
    told
}

fn lines(came: &[&Row], went: &[&Row]) -> Vec<String> {
    let came = came.iter().map(|row| format!("+ {}", row.title()));
    came.chain(went.iter().map(|row| format!("- {}", row.title()))).collect()
}

/// The rows that others have too, and those that they do not have, copy by copy.
fn split<'a>(rows: &'a [Row], others: &[Row]) -> (Vec<&'a Row>, Vec<&'a Row>) {
    let mut left: HashMap<&SpotifyUri, usize> = HashMap::new();
    for uri in others.iter().filter_map(|row| row.uri.as_ref()) {
        *left.entry(uri).or_default() += 1;
    }
    let with_uri = rows.iter().filter_map(|row| Some((row, row.uri.as_ref()?)));
    let (both, one): (Vec<_>, Vec<_>) = with_uri.partition(|(_, uri)| match left.get_mut(uri) {
        Some(copies) if *copies > 0 => {
            *copies -= 1;
            true
        }
        _ => false,
    });
    let rows = |pairs: Vec<(&'a Row, _)>| pairs.into_iter().map(|(row, _)| row).collect();
    (rows(both), rows(one))
}

/// Lets some time pass on the fake Spotify server.
fn live(spotify: &Spotify, server: &Server) -> Result<(), Error> {
    let (catalog, saved) = (server.catalog(), spotify.get_my_saved_tracks().limit(1).send()?);
    spotify
        .remove_saved_tracks(saved.items.iter().filter_map(|saved| saved.track.id.as_ref()))
        .send()?;
    spotify.save_albums(catalog.albums().iter().skip(1).take(2)).send()?;
    spotify.create_playlist("Rainy day").send()?;
    let Some(own) = catalog.playlists().into_iter().next() else { return Ok(()) };
    spotify.change_playlist_details(&own).name("Songs for later").send()?;
    spotify.add_playlist_items(&own, catalog.tracks().iter().take(2)).send()?;
    spotify.reorder_playlist_items(&own, 0, 9).send()?;
    Ok(())
}
