//! Finds what is in a playlist more than once, and removes all copies but the first.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example duplicates -- https://open.spotify.com/playlist/…    # only tells
//! cargo run --example duplicates -- --fake --same-name --remove                                # without an account
//! ```
//!
//! Spotify removes all copies of a track at once, and takes no places for it. So the one that stays goes too, and is
//! put back where it was, as added now. Before anything is removed a file says what is to be put back: if the program
//! is stopped in between, start it again.

mod common;

use std::collections::hash_map::{Entry, HashMap};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, long, positional};
use common::account::{self, Choice};
use common::library::Row;
use common::{Fallible, count, exit, library, reading};
use serde::{Deserialize, Serialize};
use tonearm::fake::Server;
use tonearm::{Error, PlaylistId, Scope, Scopes, Spotify, SpotifyUri};

#[derive(Clone, Debug)]
struct Arguments {
    same_name: bool,
    remove: bool,
    account: Choice,
    playlist: Option<PlaylistId>,
}

fn arguments() -> OptionParser<Arguments> {
    let same_name = long("same-name")
        .help("Tracks with the same name and artists are the same, whatever their ids")
        .switch();
    let remove = long("remove").help("Remove them; otherwise they are only told").switch();
    let account = account::choice();
    let playlist = positional("PLAYLIST").help("Its address, URI or id").optional();
    let all = construct!(Arguments { same_name, remove, account, playlist });
    all.to_options().descr("Finds what is in a Spotify playlist more than once.")
}

fn main() -> ExitCode {
    exit(run(&arguments().run()))
}

fn run(arguments: &Arguments) -> Fallible<()> {
    let reading = [Scope::PlaylistReadPrivate, Scope::PlaylistReadCollaborative];
    let writing = [Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];
    let scopes = Scopes::from(reading) | Scopes::from(writing);
    let account = arguments.account.open(scopes, &account::bar())?;
    let playlist = match (&arguments.playlist, &account.server) {
        (Some(playlist), _) => playlist.clone(),
        (None, Some(server)) => sample(&account.spotify, server)?,
        (None, None) => return Err("expected the address of a playlist, see `--help`".into()),
    };
    let plan_file = PathBuf::from(format!("duplicates-{playlist}.json"));
    clean(&account.spotify, &playlist, &plan_file, arguments.same_name, arguments.remove)
}

/// Tells the duplicates of a playlist, and removes them if that is wanted.
pub fn clean(
    spotify: &Spotify,
    id: &PlaylistId,
    plan_file: &Path,
    same_name: bool,
    remove: bool,
) -> Fallible<()> {
    let name = spotify.get_playlist(id).send()?.name;
    if let Some(plan) = library::load(plan_file)? {
        println!("“{name}”: the last run was stopped, this one does the rest of it.");
        return carry_out(spotify, id, &plan, plan_file);
    }
    let rows = rows(spotify, id)?;
    let copies = copies(&rows, same_name);
    for (place, first) in &copies {
        let title = rows.get(*place).map(Row::title).unwrap_or_default();
        println!("{:>5}  {title}, first at {}", place + 1, first + 1);
    }
    println!("“{name}”: {}, {} too many.", count(rows.len(), "item"), copies.len());
    if copies.is_empty() || !remove {
        return Ok(());
    }
    let plan = plan(&rows, &copies);
    library::save(plan_file, &plan)?;
    carry_out(spotify, id, &plan, plan_file)
}

/// All rows, at their places: those that cannot be read have one too.
fn rows(spotify: &Spotify, id: &PlaylistId) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for page in spotify.get_playlist_items(id).pages() {
        let page = page?;
        let unread: HashSet<usize> = page.skipped.iter().map(|row| row.index).collect();
        let mut read = page.items.into_iter().map(reading::playlist_row);
        for place in 0..read.len() + unread.len() {
            let row = if unread.contains(&place) { None } else { read.next() };
            rows.push(row.unwrap_or_default());
        }
    }
    Ok(rows)
}

/// The places of copies, each with that of the first of its kind.
fn copies(rows: &[Row], same_name: bool) -> BTreeMap<usize, usize> {
    let (mut copies, mut first) = (BTreeMap::new(), HashMap::new());
    for (place, row) in rows.iter().enumerate() {
        let key = match &row.uri {
            Some(SpotifyUri::Track(_)) if same_name => row.title().to_lowercase(),
            Some(uri @ (SpotifyUri::Track(_) | SpotifyUri::Episode(_))) => uri.to_string(),
            // What is gone, and files of one's own, the Web API cannot remove.
            _ => continue,
        };
        match first.entry(key) {
            Entry::Vacant(entry) => drop(entry.insert(place)),
            Entry::Occupied(entry) => drop(copies.insert(place, *entry.get())),
        }
    }
    copies
}

/// What is done to a playlist.
#[derive(Serialize, Deserialize)]
struct Plan {
    remove: Vec<SpotifyUri>,
    /// What goes with its copies and must stay, and its place at the end of it all.
    put_back: BTreeMap<usize, SpotifyUri>,
}

fn plan(rows: &[Row], copies: &BTreeMap<usize, usize>) -> Plan {
    let removed = rows.iter().enumerate().filter(|(place, _)| copies.contains_key(place));
    let removed: HashSet<&SpotifyUri> = removed.filter_map(|(_, row)| row.uri.as_ref()).collect();
    let kept = rows.iter().enumerate().filter(|(place, _)| !copies.contains_key(place));
    let put_back = kept.enumerate().filter_map(|(place, (_, row))| {
        let uri = row.uri.clone().filter(|uri| removed.contains(uri))?;
        Some((place, uri))
    });
    Plan { put_back: put_back.collect(), remove: removed.into_iter().cloned().collect() }
}

/// Does what is left of a plan, whatever of it has been done already.
fn carry_out(spotify: &Spotify, id: &PlaylistId, plan: &Plan, plan_file: &Path) -> Fallible<()> {
    let rows = rows(spotify, id)?;
    let copies = |uri: &SpotifyUri| rows.iter().filter(|row| row.uri.as_ref() == Some(uri)).count();
    let kept: HashSet<&SpotifyUri> = plan.put_back.values().collect();
    // Of what is put back one copy may be there: then it is done.
    let too_many = |uri: &&SpotifyUri| copies(uri) > usize::from(kept.contains(uri));
    let remove: Vec<&SpotifyUri> = plan.remove.iter().filter(too_many).collect();
    if let Err(error) = spotify.remove_playlist_items(id, remove.iter().copied()).send() {
        // Where nothing was removed there is nothing to go on with.
        if !error.may_have_taken_effect() && !matches!(error, Error::PartialWrite(_)) {
            library::forget(plan_file)?;
        }
        return Err(error.into());
    }
    for (place, uri) in &plan.put_back {
        if copies(uri) != 1 {
            let place = u32::try_from(*place)?;
            spotify.add_playlist_items(id, [uri]).position(place).send().map_err(|error| {
                format!(
                    "{error}\nNot all is put back yet: start again, {} has the rest.",
                    plan_file.display()
                )
            })?;
        }
    }
    println!("All copies are removed, and {} put back.", count(plan.put_back.len(), "first one"));
    library::forget(plan_file)
}

/// A playlist to try it on.
fn sample(spotify: &Spotify, server: &Server) -> Result<PlaylistId, Error> {
    let tracks = server.catalog().tracks();
    // Of 38 and 42 there are other versions, 2358 and 2357.
    let places = [38, 100, 2358, 101, 100, 42, 102, 2357, 2357, 101, 100];
    let playlist = spotify.create_playlist("For the road").send()?.id;
    spotify.add_playlist_items(&playlist, places.iter().filter_map(|n| tracks.get(*n))).send()?;
    Ok(playlist)
}
