//! Finds duplicates in a playlist, and removes all copies except the first.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example duplicates -- https://open.spotify.com/playlist/…    # only lists them
//! cargo run --example duplicates -- --fake --same-name --remove                                # without an account
//! ```
//!
//! Spotify removes all copies of a track together, because the request cannot contain positions. The program therefore
//! removes the first copy too, and adds it again at its position, with the current time. It writes a plan to a file
//! before it removes anything. If it is interrupted, start it again with `--remove` to complete the plan.

mod common;

use std::collections::hash_map::{Entry, HashMap};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, long, positional};
use common::account::{self, Choice};
use common::library::Item;
use common::output::{self, println};
use common::{Fallible, count, exit, library, parse, reading};
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
        .help("Treat tracks with the same name and artists as duplicates, even with different ids")
        .switch();
    let remove =
        long("remove").help("Remove the duplicates, instead of only listing them").switch();
    let account = account::choice();
    let playlist = positional("PLAYLIST").help("Link, URI or id of the playlist").optional();
    let all = construct!(Arguments { same_name, remove, account, playlist });
    all.to_options().descr("Finds duplicates in a Spotify playlist.")
}

fn main() -> ExitCode {
    exit(run(&parse(arguments())))
}

fn run(arguments: &Arguments) -> Fallible<()> {
    let reading = [Scope::PlaylistReadPrivate, Scope::PlaylistReadCollaborative];
    let writing = [Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];
    let scopes = Scopes::from(reading) | Scopes::from(writing);
    let account = arguments.account.open(scopes, &account::bar())?;
    let playlist = match (&arguments.playlist, &account.server) {
        (Some(playlist), _) => playlist.clone(),
        (None, Some(server)) => sample(&account.spotify, server)?,
        (None, None) => return Err("expected a playlist, found none; see `--help`".into()),
    };
    let plan_file = PathBuf::from(format!("duplicates-{playlist}.json"));
    clean(&account.spotify, &playlist, &plan_file, arguments.same_name, arguments.remove)
}

/// Lists the duplicates in a playlist, and removes them if `remove` is set.
pub fn clean(
    spotify: &Spotify,
    id: &PlaylistId,
    plan_file: &Path,
    same_name: bool,
    remove: bool,
) -> Fallible<()> {
    let name = spotify.get_playlist(id).send()?.name;
    let address = spotify.get_playlist(id).request()?.url();
    if let Some(plan) = library::load::<Plan>(plan_file)? {
        let file = plan_file.display();
        if plan.playlist != address {
            return Err(format!(
                "{file}: expected the plan of a run that was interrupted for {address}, found one for {}; delete the file \
                 if that run was a rehearsal, or complete it there",
                plan.playlist
            )
            .into());
        }
        if remove {
            println!("“{name}”: completing the previous run, which was interrupted");
            return carry_out(spotify, id, &plan, plan_file);
        }
        println!(
            "“{name}”: the previous run was interrupted; with `--remove`, this program completes {file}"
        );
    }
    let items = items(spotify, id)?;
    let copies = copies(&items, same_name);
    for (position, first) in &copies {
        let title = items.get(*position).map(Item::title).unwrap_or_default();
        println!("{:>5}  {title}, first at {}", position + 1, first + 1);
    }
    println!("“{name}”: {}, {}", count(items.len(), "item"), count(copies.len(), "duplicate"));
    if copies.is_empty() || !remove {
        return Ok(());
    }
    let plan = plan(address, &items, &copies);
    library::save(plan_file, &plan)?;
    carry_out(spotify, id, &plan, plan_file)
}

/// Reads all items in order. An item that cannot be decoded is empty.
fn items(spotify: &Spotify, id: &PlaylistId) -> Result<Vec<Item>, Error> {
    let mut items = Vec::new();
    for page in spotify.get_playlist_items(id).pages() {
        let page = page?;
        let skipped: HashSet<usize> = page.skipped.iter().map(|item| item.index).collect();
        let mut read = page.items.iter().map(reading::playlist_item);
        for index in 0..read.len() + skipped.len() {
            let item = if skipped.contains(&index) { None } else { read.next() };
            items.push(item.unwrap_or_default());
        }
    }
    Ok(items)
}

/// Returns the positions of copies, each with the position of the first copy.
fn copies(items: &[Item], same_name: bool) -> BTreeMap<usize, usize> {
    let (mut copies, mut first) = (BTreeMap::new(), HashMap::new());
    for (position, item) in items.iter().enumerate() {
        let key = match &item.uri {
            Some(SpotifyUri::Track(_)) if same_name => item.title().to_lowercase(),
            Some(uri @ (SpotifyUri::Track(_) | SpotifyUri::Episode(_))) => uri.to_string(),
            // The Web API cannot remove local files and unavailable items.
            _ => continue,
        };
        match first.entry(key) {
            Entry::Vacant(entry) => drop(entry.insert(position)),
            Entry::Occupied(entry) => drop(copies.insert(position, *entry.get())),
        }
    }
    copies
}

/// The planned changes to a playlist.
#[derive(Serialize, Deserialize)]
struct Plan {
    /// The address of the playlist. A copy on another server has the same id.
    playlist: String,
    remove: Vec<SpotifyUri>,
    /// The first copies, which are removed with the others, by their final position.
    put_back: BTreeMap<usize, SpotifyUri>,
}

fn plan(playlist: String, items: &[Item], copies: &BTreeMap<usize, usize>) -> Plan {
    let removed = items.iter().enumerate().filter(|(position, _)| copies.contains_key(position));
    let removed: HashSet<&SpotifyUri> = removed.filter_map(|(_, item)| item.uri.as_ref()).collect();
    let kept = items.iter().enumerate().filter(|(position, _)| !copies.contains_key(position));
    let put_back = kept.enumerate().filter_map(|(position, (_, item))| {
        let uri = item.uri.clone().filter(|uri| removed.contains(uri))?;
        Some((position, uri))
    });
    let put_back = put_back.collect();
    Plan { playlist, remove: removed.into_iter().cloned().collect(), put_back }
}

/// Executes the remaining part of a plan.
fn carry_out(spotify: &Spotify, id: &PlaylistId, plan: &Plan, plan_file: &Path) -> Fallible<()> {
    let items = items(spotify, id)?;
    let copies =
        |uri: &SpotifyUri| items.iter().filter(|item| item.uri.as_ref() == Some(uri)).count();
    let kept: HashSet<&SpotifyUri> = plan.put_back.values().collect();
    // If a single copy of an item to put back is left, its duplicates were removed before.
    let too_many = |uri: &&SpotifyUri| copies(uri) > usize::from(kept.contains(uri));
    let remove: Vec<&SpotifyUri> = plan.remove.iter().filter(too_many).collect();
    if let Err(error) = spotify.remove_playlist_items(id, remove.iter().copied()).send() {
        // If nothing was removed, there is nothing to complete.
        if !error.may_have_taken_effect() && !matches!(error, Error::PartialWrite(_)) {
            library::forget(plan_file)?;
        }
        return Err(error.into());
    }
    for (position, uri) in &plan.put_back {
        if copies(uri) != 1 {
            let position = u32::try_from(*position)?;
            spotify.add_playlist_items(id, [uri]).position(position).send().map_err(|error| {
                format!(
                    "{error}\nSome items are not added again yet. Start the program again with `--remove` to complete {}.",
                    plan_file.display()
                )
            })?;
        }
    }
    println!("Removed the duplicates, and added {} again.", count(plan.put_back.len(), "item"));
    library::forget(plan_file)
}

/// Creates a playlist with duplicates.
fn sample(spotify: &Spotify, server: &Server) -> Result<PlaylistId, Error> {
    let tracks = server.catalog().tracks();
    // The tracks 2358 and 2357 are other versions of 38 and 42.
    let indices = [38, 100, 2358, 101, 100, 42, 102, 2357, 2357, 101, 100];
    let playlist = spotify.create_playlist("For the road").send()?.id;
    spotify.add_playlist_items(&playlist, indices.iter().filter_map(|n| tracks.get(*n))).send()?;
    Ok(playlist)
}
