//! Restores a backup into an account: that it was made of, or another one.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example restore -- library.json
//! cargo run --example restore -- --fake library.json              # into a made-up account that is empty
//! ```
//!
//! What is there already is left as it is, so it can be stopped and started again: nothing is done twice. Playlists of
//! one's own are made anew in another account; which has become which is kept in `library.restored.json`.
//!
//! Saved tracks keep their times, unless the app is in development mode. Everything else is as of now: it is sent in its
//! order, and what goes in one request Spotify may turn. Playlists lose when and by whom things were added.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, positional};
use common::account::{self, Choice};
use common::library::{self, Library, List, Playlist, Row};
use common::{Fallible, count, created, exit, reading};
use indicatif::ProgressBar;
use tonearm::{Error, PlaylistId, Scope, Scopes, Spotify, SpotifyUri, UserId, endpoint};

fn arguments() -> OptionParser<(Choice, PathBuf)> {
    let account = account::choice();
    let file = positional("FILE").help("What `backup` wrote");
    construct!(account, file).to_options().descr("Restores a Spotify library from a file.")
}

fn main() -> ExitCode {
    let (choice, file) = arguments().run();
    exit(run(&choice, &file))
}

fn run(choice: &Choice, file: &Path) -> Fallible<()> {
    let library = library::open(file)?;
    let bar = account::bar();
    let calls = [&endpoint::SAVE_TRACKS, &endpoint::FOLLOW_ARTISTS];
    let playlists = [Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];
    let scopes = reading::scopes() | Scopes::for_endpoints(calls) | Scopes::from(playlists);
    let account = choice.open(scopes, &bar)?;
    let made = file.with_extension("restored.json");
    if let Some(server) = &account.server {
        // It begins anew each time, with an account that has nothing.
        server.reset_to_new_user();
        library::forget(&made)?;
    }
    restore(&account.spotify, &library, &made, &bar)
}

/// Restores all it can.
pub fn restore(
    spotify: &Spotify,
    library: &Library,
    made: &Path,
    bar: &ProgressBar,
) -> Fallible<()> {
    if !library.is_complete() {
        return Err("the backup is not complete: start `backup` with it once more".into());
    }
    let me = spotify.get_me().send()?.id;
    let mut restorer = Restorer { spotify, bar, me, made, keeps_times: true };
    let mut failed = 0;
    let mut tell = |what: String, result: Fallible<String>| {
        failed += usize::from(result.is_err());
        let text = result.unwrap_or_else(|error| format!("not restored: {error}"));
        bar.suspend(|| println!("{what}: {text}"));
    };
    for (noun, list) in library.lists() {
        bar.set_prefix(format!("{noun}s"));
        tell(count(list.rows.len(), noun), restorer.put_back(list));
    }
    bar.set_prefix("playlists");
    bar.set_length(library.playlists.rows.len() as u64);
    bar.set_position(0);
    let mut in_place = 0;
    // Those that were made or followed last stand first.
    for playlist in library.playlists.rows.iter().rev() {
        let result = restorer.playlist(playlist, &library.user);
        // What may go well the next time is waited for, so that the order stays.
        let waits =
            matches!(&result, Err(error) if error.downcast_ref().is_some_and(Error::is_retryable));
        in_place += usize::from(result.is_ok());
        if let Some(result) = result.transpose() {
            tell(format!("“{}”", playlist.title()), result);
        }
        if waits {
            break;
        }
        bar.inc(1);
    }
    let playlists = count(library.playlists.rows.len(), "playlist");
    tell(playlists, Ok(format!("{in_place} in place")));
    bar.finish_and_clear();
    if !restorer.keeps_times {
        println!(
            "Tracks are saved as of now, for Spotify takes no times from an app in development mode."
        );
    }
    match failed {
        0 => Ok(()),
        _ => Err("not all is restored; start again to go on".into()),
    }
}

struct Restorer<'a> {
    spotify: &'a Spotify,
    bar: &'a ProgressBar,
    me: UserId,
    made: &'a Path,
    /// Whether the app may say when a track was saved.
    keeps_times: bool,
}

impl Restorer<'_> {
    /// Saves or follows what is in the list and not in the account, and says how many that were.
    fn put_back(&mut self, list: &List<Row>) -> Fallible<String> {
        // Spotify shows what was saved last first.
        let rows: Vec<&Row> = list.rows.iter().rev().filter(|row| row.uri.is_some()).collect();
        let saved =
            self.spotify.are_items_saved(rows.iter().filter_map(|row| row.uri.as_ref())).send()?;
        let absent = rows.iter().zip(saved).filter(|(_, saved)| !saved);
        let absent: Vec<&Row> = absent.map(|(row, _)| *row).collect();
        self.bar.set_length(absent.len() as u64);
        self.bar.set_position(0);
        for some in absent.chunks(100) {
            let mut sent = self.save(some);
            // What is left of a write goes on from where it stopped, as long as that gets it any further.
            while let Err(Error::PartialWrite(stopped)) = &sent
                && !stopped.completed.is_empty()
            {
                sent = stopped.resume(self.spotify);
            }
            sent?;
            self.bar.inc(some.len() as u64);
        }
        Ok(format!("{} put back, {} there already", absent.len(), rows.len() - absent.len()))
    }

    /// Saves tracks with their times, if the app may, and anything else as of now.
    fn save(&mut self, rows: &[&Row]) -> Result<(), Error> {
        let uris = || rows.iter().filter_map(|row| row.uri.clone());
        let are_tracks = uris().all(|uri| matches!(uri, SpotifyUri::Track(_)));
        if are_tracks && self.keeps_times {
            let times = rows.iter().map(|row| row.added_at);
            let tracks = uris().map(|uri| uri.to_string()).zip(times);
            match self.spotify.save_tracks(tracks).send() {
                Err(Error::EndpointUnavailable(closed))
                    if closed.unsupported_option.as_deref() == Some("added_at") =>
                {
                    self.keeps_times = false
                }
                sent => return sent,
            }
        }
        self.spotify.save_items(uris()).send()
    }

    /// Follows a playlist, or makes and fills it; says what a person should know of it.
    fn playlist(&self, playlist: &Playlist, user: &UserId) -> Fallible<Option<String>> {
        let is_own = playlist.is_of(user);
        let id = if is_own && *user != self.me {
            created::create_once(self.spotify, &self.me, playlist, self.made)?
        } else {
            playlist.id.clone()
        };
        if self.spotify.are_items_saved([&id]).send()? != [true] {
            self.spotify.save_items([&id]).send()?;
        }
        if !is_own {
            return Ok(None);
        }
        let rows = || playlist.items.rows.iter().filter_map(|row| row.uri.clone());
        let wanted: Vec<SpotifyUri> = rows().filter(is_spotifys).collect();
        let files = rows().count() - wanted.len();
        match self.fill(&id, &wanted)? {
            false => Ok(Some("other things are in it now, it is left as it is".to_owned())),
            true if files > 0 && id != playlist.id => {
                let files = count(files, "item");
                Ok(Some(format!("without {files} that cannot be added, such as your own files")))
            }
            true => Ok(None),
        }
    }

    /// Adds what is missing at the end of a playlist. False if it holds something else.
    fn fill(&self, id: &PlaylistId, wanted: &[SpotifyUri]) -> Result<bool, Error> {
        let mut present = self.items(id)?;
        loop {
            let Some(rest) = wanted.strip_prefix(&*present) else { return Ok(false) };
            match self.spotify.add_playlist_items(id, rest).send() {
                Ok(_) => return Ok(true),
                // Whether some of them were added the playlist itself knows.
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
        let uris = items.iter().filter_map(|row| row.item.uri()?.parse().ok());
        Ok(uris.filter(is_spotifys).collect())
    }
}

/// Whether something can be added to a playlist: files of one's own cannot.
fn is_spotifys(uri: &SpotifyUri) -> bool {
    matches!(uri, SpotifyUri::Track(_) | SpotifyUri::Episode(_))
}
