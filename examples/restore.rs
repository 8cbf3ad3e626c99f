//! Restores a backup into the account from which it was made, or into another one.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example restore -- library.json
//! cargo run --example restore -- --fake library.json              # into an empty account of the fake server
//! ```
//!
//! The program does not change items that the account already has, so you can stop it and start it again. For another
//! account, it creates copies of the playlists that the user owns, and saves their ids in `library.restored.json`.
//!
//! Saved tracks keep the times at which they were added, unless the app is in development mode. All other items get the
//! current time. They are sent in their order, but Spotify may reverse the items of one request. Items of playlists
//! lose the time at which they were added and the user who added them.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, positional};
use common::account::{self, Choice};
use common::library::{self, Item, Library, List, Playlist};
use common::output::{self, println};
use common::{Fallible, count, created, exit, parse, reading};
use indicatif::ProgressBar;
use tonearm::{Error, PlaylistId, Scope, Scopes, Spotify, SpotifyUri, UserId, endpoint};

fn arguments() -> OptionParser<(Choice, PathBuf)> {
    let account = account::choice();
    let file = positional("FILE").help("A file that `backup` wrote");
    construct!(account, file).to_options().descr("Restores a Spotify library from a file.")
}

fn main() -> ExitCode {
    let (choice, file) = parse(arguments());
    exit(run(&choice, &file))
}

fn run(choice: &Choice, file: &Path) -> Fallible<()> {
    let library = library::open(file)?;
    let bar = account::bar();
    let calls = [&endpoint::SAVE_TRACKS, &endpoint::FOLLOW_ARTISTS];
    let playlists = [Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];
    let scopes = reading::scopes() | Scopes::for_endpoints(calls) | Scopes::from(playlists);
    let account = choice.open(scopes, &bar)?;
    let copies = file.with_extension("restored.json");
    if let Some(server) = &account.server {
        // Each run begins with an empty account, so the ids of earlier copies are invalid.
        server.reset_to_new_user();
        library::forget(&copies)?;
    }
    restore(&account.spotify, &library, &copies, &bar)
}

/// Restores a library. An error for one list or playlist does not stop the others.
pub fn restore(
    spotify: &Spotify,
    library: &Library,
    copies: &Path,
    bar: &ProgressBar,
) -> Fallible<()> {
    if !library.is_complete() {
        return Err("the backup is not complete; run `backup` with this file again".into());
    }
    let me = spotify.get_me().send()?.id;
    let mut restorer = Restorer { spotify, bar, me, copies, keeps_times: true };
    let mut failed = 0;
    let mut report = |subject: String, result: Fallible<String>| {
        failed += usize::from(result.is_err());
        let text = result.unwrap_or_else(|error| format!("not restored: {error}"));
        bar.suspend(|| println!("{subject}: {text}"));
    };
    for (noun, list) in library.lists() {
        bar.set_prefix(format!("{noun}s"));
        report(count(list.items.len(), noun), restorer.restore_list(list));
    }
    bar.set_prefix("playlists");
    bar.set_length(library.playlists.items.len() as u64);
    bar.set_position(0);
    let mut restored = 0;
    // Spotify lists the playlists that were created or followed last first.
    for playlist in library.playlists.items.iter().rev() {
        let result = restorer.playlist(playlist, &library.user);
        // Stop at an error that a retry may fix, because later playlists would come before this one in the list.
        let must_stop =
            matches!(&result, Err(error) if error.downcast_ref().is_some_and(Error::is_retryable));
        restored += usize::from(result.is_ok());
        if let Some(result) = result.transpose() {
            report(format!("“{}”", playlist.title()), result);
        }
        if must_stop {
            break;
        }
        bar.inc(1);
    }
    let playlists = count(library.playlists.items.len(), "playlist");
    report(playlists, Ok(format!("{restored} restored")));
    bar.finish_and_clear();
    if !restorer.keeps_times {
        println!(
            "The tracks got the current time, because Spotify does not accept times from apps in development mode."
        );
    }
    match failed {
        0 => Ok(()),
        _ => Err("the restore is not complete; run `restore` again to resume".into()),
    }
}

struct Restorer<'a> {
    spotify: &'a Spotify,
    bar: &'a ProgressBar,
    me: UserId,
    copies: &'a Path,
    /// True if Spotify accepts the times of saved tracks from this app.
    keeps_times: bool,
}

impl Restorer<'_> {
    /// Saves or follows the items that the account does not have, and returns a summary.
    fn restore_list(&mut self, list: &List<Item>) -> Fallible<String> {
        // Spotify lists the items that were saved last first.
        let items: Vec<&Item> = list.items.iter().rev().filter(|item| item.uri.is_some()).collect();
        let uris = items.iter().filter_map(|item| item.uri.as_ref());
        let saved = self.spotify.are_items_saved(uris).send()?;
        let absent = items.iter().zip(saved).filter(|(_, saved)| !saved);
        let absent: Vec<&Item> = absent.map(|(item, _)| *item).collect();
        self.bar.set_length(absent.len() as u64);
        self.bar.set_position(0);
        for chunk in absent.chunks(100) {
            let mut sent = self.save(chunk);
            // Resume a partial write as long as each attempt saves more items.
            while let Err(Error::PartialWrite(stopped)) = &sent
                && !stopped.completed.is_empty()
            {
                sent = stopped.resume(self.spotify);
            }
            sent?;
            self.bar.inc(chunk.len() as u64);
        }
        Ok(format!("{} restored, {} already there", absent.len(), items.len() - absent.len()))
    }

    /// Saves tracks with their times if Spotify accepts them, and other items with the current time.
    fn save(&mut self, items: &[&Item]) -> Result<(), Error> {
        let uris = || items.iter().filter_map(|item| item.uri.clone());
        let are_tracks = uris().all(|uri| matches!(uri, SpotifyUri::Track(_)));
        if are_tracks && self.keeps_times {
            let times = items.iter().map(|item| item.added_at);
            let tracks = uris().map(|uri| uri.to_string()).zip(times);
            match self.spotify.save_tracks(tracks).send() {
                Err(Error::EndpointUnavailable(unavailable))
                    if unavailable.unsupported_option.as_deref() == Some("added_at") =>
                {
                    self.keeps_times = false
                }
                sent => return sent,
            }
        }
        self.spotify.save_items(uris()).send()
    }

    /// Follows a playlist, or creates a copy and adds the items. Returns a note for the user if the result differs.
    fn playlist(&self, playlist: &Playlist, user: &UserId) -> Fallible<Option<String>> {
        let is_own = playlist.is_of(user);
        let id = if is_own && *user != self.me {
            created::create_once(self.spotify, &self.me, playlist, self.copies)?
        } else {
            playlist.id.clone()
        };
        if self.spotify.are_items_saved([&id]).send()? != [true] {
            self.spotify.save_items([&id]).send()?;
        }
        if !is_own {
            return Ok(None);
        }
        let uris = || playlist.items.items.iter().filter_map(|item| item.uri.clone());
        let wanted: Vec<SpotifyUri> = uris().filter(can_be_added).collect();
        let local = uris().count() - wanted.len();
        match self.fill(&id, &wanted)? {
            false => Ok(Some("not changed, because it has other items now".to_owned())),
            true if local > 0 && id != playlist.id => {
                let local = count(local, "item");
                Ok(Some(format!("without {local} that Spotify cannot add, such as local files")))
            }
            true => Ok(None),
        }
    }

    /// Adds the missing items at the end of a playlist. Returns false if the playlist has other items.
    fn fill(&self, id: &PlaylistId, wanted: &[SpotifyUri]) -> Result<bool, Error> {
        let mut present = self.items(id)?;
        loop {
            let Some(rest) = wanted.strip_prefix(&*present) else { return Ok(false) };
            match self.spotify.add_playlist_items(id, rest).send() {
                Ok(_) => return Ok(true),
                // Read the playlist again to find out which items were added.
                Err(error) if error.may_have_taken_effect() => {
                    let before = present.len();
                    present = self.items(id)?;
                    if present.len() == before {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn items(&self, id: &PlaylistId) -> Result<Vec<SpotifyUri>, Error> {
        let items = self.spotify.get_playlist_items(id).collect_all()?;
        let uris = items.iter().filter_map(|entry| entry.item.uri());
        Ok(uris.filter(can_be_added).collect())
    }
}

/// Returns whether an item can be added to a playlist. Local files cannot.
fn can_be_added(uri: &SpotifyUri) -> bool {
    matches!(uri, SpotifyUri::Track(_) | SpotifyUri::Episode(_))
}
