//! The programs in `examples/`, and their effect on a library, even if they are stopped repeatedly.

// Each program contains the shared module, because each one is also built alone.
#![allow(clippy::duplicate_mod)]

#[path = "../../examples/backup.rs"]
#[allow(dead_code)]
mod backup;
#[path = "../../examples/changes.rs"]
#[allow(dead_code)]
mod changes;
#[path = "../../examples/common/mod.rs"]
mod common;
#[path = "../../examples/duplicates.rs"]
#[allow(dead_code)]
mod duplicates;
#[path = "../../examples/now_playing.rs"]
#[allow(dead_code)]
mod now_playing;
#[path = "../../examples/restore.rs"]
#[allow(dead_code)]
mod restore;

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use self::common::library::{self, Item, Library};
use bpaf::Parser;
use indicatif::ProgressBar;
use serde::de::DeserializeOwned;
use tonearm::endpoint::Method;
use tonearm::fake::{Fault, Reply, Server, TruncateAt};
use tonearm::model::CurrentlyPlaying;
use tonearm::{PlaylistId, QuotaMode, Scopes, Spotify, SpotifyUri, TrackId};

/// A folder for one test, deleted on drop.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tonearm-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns a client without retries, so every fault stops the program.
fn impatient(server: &Server) -> Spotify {
    server.client_builder().retries(0).sleep_with(|_| {}).build().unwrap()
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn back_up(spotify: &Spotify, file: &Path) -> Result<(), String> {
    backup::back_up(spotify, file, &ProgressBar::hidden())
        .map(drop)
        .map_err(|error| error.to_string())
}

fn restore(spotify: &Spotify, file: &Path) -> Result<(), String> {
    let made = file.with_extension("restored.json");
    restore::restore(spotify, &read(file), &made, &ProgressBar::hidden())
        .map_err(|error| error.to_string())
}

/// Removes most playlists from the library, so reading it is faster. Some of the user's own remain, including
/// private and collaborative ones, and some of other users.
fn shorten(server: &Server) {
    let playlists = server.catalog().playlists();
    let rest = playlists[9..40].iter().chain(&playlists[46..]);
    server.client().unwrap().remove_saved_items(rest).send().unwrap();
    server.clear_requests();
}

/// Repeats a program until it succeeds, and returns the number of runs.
fn until_done(mut start: impl FnMut() -> Result<(), String>) -> usize {
    let mut last = None;
    let done = (1..=500).find(|_| {
        last = start().err();
        last.is_none()
    });
    done.unwrap_or_else(|| panic!("after 500 times: {last:?}"))
}

/// Starts a server with the library in a file.
fn copy_of(file: &Path, mode: QuotaMode) -> Server {
    let library = Library::open(file).unwrap();
    Server::builder().quota_mode(mode).library(library).start().unwrap()
}

/// Returns the content of a backup without its time.
fn content(file: &Path) -> serde_json::Value {
    let mut json: serde_json::Value = read(file);
    json.as_object_mut().unwrap().remove("begun_at").unwrap();
    json
}

/// Compares two backups, except for their times.
fn assert_same_content(one: &Path, other: &Path) {
    let (one, other) = (content(one), content(other));
    if let Some(difference) = difference("", &one, &other) {
        panic!("{difference}");
    }
}

/// Returns the first difference of two JSON values.
fn difference(path: &str, one: &serde_json::Value, other: &serde_json::Value) -> Option<String> {
    use serde_json::Value::{Array, Object};
    match (one, other) {
        (Object(one), Object(other)) if one.keys().eq(other.keys()) => one
            .iter()
            .find_map(|(key, value)| difference(&format!("{path}/{key}"), value, other.get(key)?)),
        (Array(one), Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs
                .into_iter()
                .find_map(|(n, (one, other))| difference(&format!("{path}/{n}"), one, other))
        }
        _ => (one != other).then(|| format!("{path}: {one} and {other}")),
    }
}

/// Returns the successful requests that were sent more than once, except the user's profile.
fn sent_twice(server: &Server) -> Vec<String> {
    let mut seen = HashSet::new();
    let requests = server.requests().into_iter().filter(|request| request.status == Some(200));
    let requests = requests.filter(|request| request.path != "/v1/me");
    requests.map(|request| request.to_string()).filter(|text| !seen.insert(text.clone())).collect()
}

#[test]
fn backup_contains_the_whole_library() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    let file = folder.file("library.json");
    back_up(&server.client().unwrap(), &file).unwrap();

    let library: Library = read(&file);
    assert!(library.is_complete());
    let items = library.lists().flat_map(|(_, list)| &list.items);
    let playlists = library.playlists.items.iter().map(|playlist| playlist.id.clone().into());
    let kept: HashSet<SpotifyUri> =
        items.filter_map(|item| item.uri.clone()).chain(playlists).collect();
    // Spotify has no list of the users that a user follows.
    let all = server.library().into_iter().filter(|uri| uri.kind() != "user");
    assert_eq!(kept, all.collect());
    assert_eq!(sent_twice(&server), [""; 0]);

    // A second run sends nothing else.
    let before = server.requests().len();
    back_up(&server.client().unwrap(), &file).unwrap();
    assert_eq!(server.requests().len(), before + 1);
    insta::assert_snapshot!(backup::summary(&read(&file)), @r"
       320 saved tracks
       210 saved albums
       120 saved shows
       260 saved episodes
        40 saved audiobooks
       130 followed artists
        75 playlists with 6861 items
    Spotify does not return:
      - 58 removed items in playlists
    ");
}

#[test]
fn failed_save_leaves_no_new_file() {
    let folder = Folder::new();
    // A file cannot replace a folder.
    let path = folder.file("library.json");
    fs::create_dir(&path).unwrap();
    let error = library::save(&path, &1).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot write `{}`: ", path.display())), "{error}");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
}

#[test]
fn interrupted_backup_resumes_without_repeated_requests() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (whole, file) = (folder.file("whole.json"), folder.file("library.json"));
    back_up(&server.client().unwrap(), &whole).unwrap();
    server.clear_requests();

    server.inject_randomly(
        3,
        [
            (Fault::Status(503), 10),
            (Fault::ResetBeforeProcessing, 5),
            (Fault::TruncateBeforeProcessing(TruncateAt::Body), 5),
        ],
    );
    let starts = until_done(|| back_up(&impatient(&server), &file));
    assert!(starts > 10, "{starts}");
    assert_eq!(content(&file), content(&whole));
    assert_eq!(sent_twice(&server), [""; 0]);
}

#[test]
fn backup_killed_after_any_page_resumes_after_it() {
    let server = Server::start().unwrap();
    shorten(&server);
    let spotify = server.client().unwrap();
    let bar = ProgressBar::hidden();
    let mut on_disk =
        serde_json::to_value(Library::new(server.catalog().users()[0].clone())).unwrap();
    let mut starts = 0;
    // These numbers stop the program at ends of lists and within them.
    for pages in [1, 2, 3, 1, 4, 1, 1, 2].into_iter().cycle() {
        starts += 1;
        let mut library: Library = serde_json::from_value(on_disk.clone()).unwrap();
        let mut left = pages;
        let read = common::reading::read(&spotify, &mut library, &bar, |library| {
            on_disk = serde_json::to_value(library).unwrap();
            left -= 1;
            if left == 0 { Err("killed".into()) } else { Ok(()) }
        });
        if read.is_ok() {
            break;
        }
    }
    assert!(starts > 30, "{starts}");
    assert_eq!(sent_twice(&server), [""; 0]);
    let mut whole = Library::new(server.catalog().users()[0].clone());
    common::reading::read(&spotify, &mut whole, &bar, |_| Ok(())).unwrap();
    let mut whole = serde_json::to_value(whole).unwrap();
    whole["begun_at"] = on_disk["begun_at"].clone();
    assert_eq!(on_disk, whole);
}

#[test]
fn list_changed_between_runs_is_read_again() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (whole, file) = (folder.file("whole.json"), folder.file("library.json"));
    let spotify = impatient(&server);
    server.script("/me/tracks").then_normal().then_normal().then(Fault::Status(500));
    let stopped = back_up(&spotify, &file).unwrap_err();
    assert!(stopped.contains("run `backup` again to resume"), "{stopped}");
    let half: Library = read(&file);
    assert_eq!((half.tracks.items.len(), half.albums.items.len()), (100, 0));

    let first = half.tracks.items[0].uri.clone().unwrap();
    spotify.remove_saved_items([&first]).send().unwrap();
    back_up(&spotify, &file).unwrap();
    back_up(&spotify, &whole).unwrap();
    assert_eq!(content(&file), content(&whole));
}

#[test]
fn backup_in_development_mode_skips_foreign_playlist_items() {
    let (server, folder) =
        (Server::builder().quota_mode(QuotaMode::Development).start().unwrap(), Folder::new());
    let file = folder.file("library.json");
    back_up(&server.client().unwrap(), &file).unwrap();
    let library: Library = read(&file);
    for playlist in &library.playlists.items {
        assert_eq!(
            playlist.unavailable.is_none(),
            playlist.is_of(&library.user),
            "{}",
            playlist.name
        );
        assert_eq!(playlist.items.checkpoint.is_none(), playlist.unavailable.is_none());
    }
    insta::assert_snapshot!(backup::summary(&read(&file)), @r"
       320 saved tracks
       210 saved albums
       120 saved shows
       260 saved episodes
        40 saved audiobooks
       130 followed artists
        75 playlists with 2556 items
    Spotify does not return:
      - 18 removed items in playlists
      - the items of 45 playlists of other users, such as “Borrowed mornings in Zellhof”
    ");
}

#[test]
fn backup_of_a_server_with_a_backup_equals_it() {
    for mode in [QuotaMode::Extended, QuotaMode::Development] {
        let (server, folder) = (Server::builder().quota_mode(mode).start().unwrap(), Folder::new());
        let (old, new) = (folder.file("old.json"), folder.file("new.json"));
        let spotify = server.client().unwrap();
        back_up(&spotify, &old).unwrap();

        let copy = copy_of(&old, mode);
        back_up(&copy.client().unwrap(), &new).unwrap();
        assert_same_content(&new, &old);
        assert_eq!(copy.library(), {
            let users = server.catalog().users();
            let is_followed =
                |uri: &SpotifyUri| matches!(uri, SpotifyUri::User(user) if users.contains(user));
            // Spotify has no list of the users that a user follows.
            let mut all = server.library();
            all.retain(|uri| !is_followed(uri));
            all
        });
    }
}

#[test]
fn rehearsal_changes_only_what_the_program_changes() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (old, new) = (folder.file("old.json"), folder.file("new.json"));
    let (spotify, id) = (server.client().unwrap(), server.catalog().playlists()[0].clone());
    let twice: Vec<TrackId> = server.catalog().tracks()[50..53].to_vec();
    spotify.add_playlist_items(&id, twice.iter().chain(&twice)).send().unwrap();
    back_up(&spotify, &old).unwrap();

    // The rehearsal.
    let copy = copy_of(&old, QuotaMode::Extended);
    let on_copy = copy.client().unwrap();
    duplicates::clean(&on_copy, &id, &folder.file("plan.json"), false, true).unwrap();
    let log = copy.log();
    let writes: Vec<String> = log
        .requests()
        .iter()
        .filter(|request| request.method != "GET")
        .map(|request| request.call.unwrap_or_default().to_owned())
        .collect();
    assert_eq!(writes[0], "remove_playlist_items");
    assert!(writes[1..].iter().all(|call| call == "add_playlist_items"), "{writes:?}");
    back_up(&on_copy, &new).unwrap();
    let message: Vec<String> = changes::changes(&read(&old), &read(&new))
        .into_iter()
        .map(|changes| format!("{}: {}", changes.of, changes.lines.join("; ")))
        .collect();
    insta::assert_snapshot!(message.join("\n"), @"“Copper mornings in Ostervik”: - Waltz for Viggo – Bruno Lindqvist; - The Thistle and the Compass – Bruno Ivanov; - The Sparrow and the Orchard – Farid Grimaldo; - Nakagawa Road – Bruno Fontaine; - The Letter and the Island – Northern Sant Orell Ensemble; - Early Sparrow – Farid Castellan; - Early Sparrow – Farid Castellan; - Orchard in Tarnby Hill – Farid Castellan; - Waltz for Yusuf – Farid Castellan, The Wooden Islands");
    let rest = |file: &Path| {
        let mut json = content(file);
        let playlists = json["playlists"]["items"].as_array_mut().unwrap();
        playlists.retain(|playlist| playlist["id"] != id.as_str());
        json
    };
    assert_eq!(rest(&new), rest(&old));

    // The same program has the same effect on the original.
    duplicates::clean(&spotify, &id, &folder.file("plan.json"), false, true).unwrap();
    let items = |spotify: &Spotify| {
        let items = spotify.get_playlist_items(&id).collect_all().unwrap();
        items.iter().map(|entry| entry.item.uri()).collect::<Vec<_>>()
    };
    assert_eq!(items(&spotify), items(&on_copy));
}

#[test]
fn examples_run_against_a_running_server() {
    let server = Server::builder().token("rehearsal").start().unwrap();
    let url = server.accounts_url();
    for address in [url.clone(), format!("{url}/"), server.base_url()] {
        let choice = common::account::choice().to_options();
        let arguments = ["--server".into(), OsString::from(address)];
        let choice = choice.run_inner(&arguments[..]).unwrap();
        let source = choice.source(|_| Some("rehearsal".to_owned())).unwrap();
        let settings = source.settings(Scopes::default(), &ProgressBar::hidden()).unwrap();
        assert!(settings.server.is_none());
        settings.builder.build().unwrap().get_me().send().unwrap();
    }
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn invalid_backup_files_are_reported_and_kept() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    let file = folder.file("library.json");
    // Windows has another separator.
    let shortened =
        |text: String| text.replace(&*folder.0.to_string_lossy(), "…").replace('\\', "/");
    let message = |text: &str| {
        fs::write(&file, text).unwrap();
        let error = back_up(&server.client().unwrap(), &file).unwrap_err();
        // The files aren't changed.
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        shortened(error)
    };
    insta::assert_snapshot!(message(""), @"`…/library.json`: expected a library, an object with the field `version`, found something else");
    insta::assert_snapshot!(message("{\"user\": \"mira.halvorsen\", "), @"`…/library.json`, line 1, column 27: EOF while parsing a value");
    insta::assert_snapshot!(message("{\"user\": \"mira.halvorsen\"}"), @"`…/library.json`: expected version 1 of the format, found a file without `version`; back up the library again, to another file");
    let mut other = serde_json::to_value(Library::new("pim".parse().unwrap())).unwrap();
    insta::assert_snapshot!(message(&other.to_string()), @"…/library.json: expected a backup of mira.halvorsen, found one of pim; choose another file");
    other["tracks"]["checkpoint"] = "somewhere".into();
    insta::assert_snapshot!(message(&other.to_string()), @"`…/library.json`, line 1, column 431: unknown variant `somewhere`, expected one of `start`, `offset`, `after`, `before`");
    let missing = library::open(&folder.file("none.json")).err().unwrap().to_string();
    insta::assert_snapshot!(shortened(missing), @"…/none.json: file not found; create it with `backup`");
}

/// Returns the items of a playlist that can be restored.
fn playable(items: &[Item]) -> Vec<SpotifyUri> {
    let uris = items.iter().filter_map(|item| item.uri.clone());
    uris.filter(|uri| matches!(uri.kind(), "track" | "episode")).collect()
}

/// Compares a restored library with the backup.
fn assert_same(old: &Path, new: &Path, keeps_times: bool) {
    let (old, new): (Library, Library) = (read(old), read(new));
    for ((noun, old), (_, new)) in old.lists().zip(new.lists()) {
        let uris = |items: &[Item]| items.iter().map(|item| item.uri.clone()).collect::<Vec<_>>();
        assert_eq!(uris(&old.items), uris(&new.items), "{noun}s, in their order");
    }
    let times = |library: &Library| -> Vec<_> {
        library.tracks.items.iter().map(|item| item.added_at).collect()
    };
    assert_eq!(times(&old) == times(&new), keeps_times);
    assert_eq!(old.playlists.items.len(), new.playlists.items.len());
    for (a, b) in old.playlists.items.iter().zip(&new.playlists.items) {
        assert_eq!((&a.name, a.collaborative), (&b.name, b.collaborative));
        if a.is_of(&old.user) {
            assert!(b.is_of(&new.user), "{}", a.name);
            assert_eq!((a.public, &a.description), (b.public, &b.description), "{}", a.name);
            assert_eq!(playable(&a.items.items), playable(&b.items.items), "{}", a.name);
        } else {
            assert_eq!(a.id, b.id);
        }
    }
}

fn writes(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method != "GET").count()
}

#[test]
fn restore_fills_an_empty_account_and_is_idempotent() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (old, new) = (folder.file("old.json"), folder.file("new.json"));
    let spotify = server.client().unwrap();
    back_up(&spotify, &old).unwrap();
    server.reset_to_new_user();
    // A fault during a write of several items doesn't stop the program, which sends the remaining items.
    server.script("/me/tracks").then_normal().then(Fault::Status(503));
    restore(&impatient(&server), &old).unwrap();
    assert_eq!(server.pending_faults(), 0);
    back_up(&spotify, &new).unwrap();
    assert_same(&old, &new, true);

    server.clear_requests();
    restore(&spotify, &old).unwrap();
    assert_eq!(writes(&server), 0);
}

#[test]
fn interrupted_restores_lose_and_duplicate_nothing() {
    for (server, keeps_times) in [
        (Server::start().unwrap(), true),
        (Server::builder().quota_mode(QuotaMode::Development).start().unwrap(), false),
    ] {
        shorten(&server);
        let folder = Folder::new();
        let (old, new) = (folder.file("old.json"), folder.file("new.json"));
        back_up(&server.client().unwrap(), &old).unwrap();
        server.reset_to_new_user();
        // Each run makes some requests, then one fails with a fault, and all later ones with a 503.
        let faults = [
            Fault::ResetAfterProcessing,
            Fault::Status(503),
            Fault::TruncateAfterProcessing(TruncateAt::Head),
        ];
        for (requests, fault) in (5..).step_by(5).zip(faults.into_iter().cycle()) {
            let usual = (0..requests).fold(server.script_all(), |script, _| script.then_normal());
            usual.then(fault);
            server.inject_randomly(0, [(Fault::Status(503), 100)]);
            let is_done = restore(&impatient(&server), &old).is_ok();
            server.inject_randomly(0, []);
            if is_done {
                break;
            }
            assert_eq!(server.pending_faults(), 0);
        }
        (0..server.pending_faults()).for_each(|_| drop(impatient(&server).get_me().send()));
        back_up(&server.client().unwrap(), &new).unwrap();
        assert_same(&old, &new, keeps_times);
    }
}

#[test]
fn playlist_is_created_once_if_the_response_is_lost() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    let (old, new) = (folder.file("old.json"), folder.file("new.json"));
    shorten(&server);
    back_up(&server.client().unwrap(), &old).unwrap();
    server.reset_to_new_user();
    let made = || server.script("/me/playlists").method(Method::Post);
    let filled = || server.script("/playlists/{playlist_id}/items").method(Method::Post);
    made()
        .then(Fault::ResetAfterProcessing)
        .then_normal()
        .then(Fault::TruncateAfterProcessing(TruncateAt::Head))
        .then(Fault::ResetBeforeProcessing);
    // The playlists that are found aren't empty when the program stops again.
    filled()
        .then(Fault::ResetAfterProcessing)
        .then_normal()
        .then(Fault::Status(503))
        .then(Fault::ResetBeforeProcessing);
    let starts = until_done(|| restore(&impatient(&server), &old));
    assert_eq!((starts, server.pending_faults()), (6, 0));
    back_up(&server.client().unwrap(), &new).unwrap();
    assert_same(&old, &new, true);
}

#[test]
fn restore_adds_only_missing_items_to_the_same_account() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (old, new) = (folder.file("old.json"), folder.file("new.json"));
    let spotify = server.client().unwrap();
    back_up(&spotify, &old).unwrap();
    let own = server.catalog().playlists();
    let (deleted, emptied, changed) = (&own[0], &own[3], &own[4]);
    spotify.unfollow_playlist(deleted).send().unwrap();
    spotify.replace_playlist_items(emptied, [""; 0]).send().unwrap();
    let track = &server.catalog().tracks()[0];
    spotify.add_playlist_items(changed, [track]).position(0).send().unwrap();
    spotify.remove_saved_tracks(server.catalog().tracks()).send().unwrap();

    restore(&spotify, &old).unwrap();
    back_up(&spotify, &new).unwrap();
    let library: Library = read(&new);
    assert_eq!(library.tracks.items.len(), 320);
    assert_eq!(library.playlists.items.len(), 15);
    let find = |id: &PlaylistId, library: &Library| {
        let found = library.playlists.items.iter().find(|playlist| playlist.id == *id);
        playable(&found.unwrap().items.items)
    };
    let before: Library = read(&old);
    assert_eq!(find(deleted, &library), find(deleted, &before));
    assert_eq!(find(emptied, &library), find(emptied, &before));
    assert_eq!(find(changed, &library)[0], track.clone().into());
    assert_eq!(find(changed, &library)[1..], find(changed, &before));
}

/// Returns the first page of a list, to be changed.
fn first_page(spotify: &Spotify, path: &str) -> serde_json::Value {
    let call = spotify.get(path).query("limit", 50).query("additional_types", "track,episode");
    serde_json::from_slice(call.send_raw().unwrap().body()).unwrap()
}

fn scripted(server: &Server, path: &str, page: &serde_json::Value) {
    // `serde_json` can't represent half of a surrogate pair.
    let body = page.to_string().replace("<half>", "\\ud83d");
    server.script(path).method(Method::Get).then(Reply::new(200).body(body));
}

#[test]
fn a_library_with_every_oddity_is_backed_up_and_restored() {
    use serde_json::{Value, json};
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (old, new) = (folder.file("old.json"), folder.file("new.json"));
    let spotify = server.client().unwrap();
    let own = &server.catalog().playlists()[..9];
    let description = "Drum & bass / \"Jungle\" <3 it's &amp;";
    spotify.change_playlist_details(&own[1]).description(description).send().unwrap();
    let gone = |kind: &str| json!({"id": null, "name": null, "uri": null, "type": kind, "show": {"id": null}});

    // The list ends early, and some tracks have no data.
    let mut tracks = first_page(&spotify, "/me/tracks");
    tracks["items"][3]["track"] = Value::Null;
    tracks["items"][5]["track"] = gone("track");
    tracks["items"][6]["track"]["album"] = json!("");
    tracks["items"][7]["track"]["artists"] = json!([{"name": "<half>"}, 7]);
    (tracks["next"], tracks["total"]) = (Value::Null, json!(150));
    scripted(&server, "/me/tracks", &tracks);
    let mut albums = first_page(&spotify, "/me/albums");
    albums["items"][0]["album"]["total_tracks"] = Value::Null;
    albums["items"][1]["album"] = Value::Null;
    albums["items"][2]["album"]["available_markets"] = json!(["FI", "xx", 7]);
    scripted(&server, "/me/albums", &albums);
    let mut shows = first_page(&spotify, "/me/shows");
    shows["items"][0]["show"]["total_episodes"] = Value::Null;
    shows["items"][1]["show"] = gone("show");
    scripted(&server, "/me/shows", &shows);
    let mut episodes = first_page(&spotify, "/me/episodes");
    episodes["items"][0]["episode"] = gone("episode");
    episodes["items"][1]["episode"]["show"] = json!({"id": null, "name": "A"});
    episodes["items"][2]["episode"]["restriction"] = json!({"reason": "payment_required"});
    scripted(&server, "/me/episodes", &episodes);
    let mut audiobooks = first_page(&spotify, "/me/audiobooks");
    audiobooks["items"][0] = json!({"added_at": null, "audiobook": null});
    audiobooks["items"][1]["total_chapters"] = Value::Null;
    scripted(&server, "/me/audiobooks", &audiobooks);

    let mut playlists = first_page(&spotify, "/me/playlists");
    let all = playlists["items"].as_array_mut().unwrap();
    let place = |id: &PlaylistId| {
        all.iter().position(|playlist| *id == *playlist["id"].as_str().unwrap()).unwrap()
    };
    let places: Vec<usize> = own.iter().map(place).collect();
    let foreign =
        all.iter().position(|playlist| playlist["owner"]["id"] != "mira.halvorsen").unwrap();
    all[places[0]]["name"] = Value::Null;
    all[places[2]]["name"] = json!("x<half>");
    all[places[3]]["items"]["total"] = Value::Null;
    all[places[3]]["tracks"]["total"] = Value::Null;
    all[foreign]["owner"] = json!("");
    scripted(&server, "/me/playlists", &playlists);
    let path = format!("/playlists/{}/items", own[0]);
    let episode = &server.catalog().episodes()[0];
    let mut items = first_page(&spotify, &path);
    let chapter = json!({"id": episode, "type": "chapter", "uri": format!("spotify:episode:{episode}"), "name": "One"});
    items["items"][0] = json!({"added_by": "", "item": chapter});
    let second = &server.catalog().episodes()[1];
    items["items"][1]["item"] = json!({"id": second, "type": "episode", "name": "Two", "show": {"id": null}, "uri": format!("spotify:episode:{second}")});
    items["items"][2]["item"] = Value::Null;
    items["items"][3]["item"] = json!({"type": "video", "uri": "spotify:video:1", "name": "Three"});
    items["items"][4]["added_by"] = json!("");
    scripted(&server, &path, &items);

    back_up(&spotify, &old).unwrap();
    assert_eq!(server.pending_faults(), 0);
    let library: Library = read(&old);
    insta::assert_snapshot!(backup::summary(&read(&old)), @r"
        48 saved tracks
       209 saved albums
       119 saved shows
       259 saved episodes
        39 saved audiobooks
       130 followed artists
        15 playlists with 1294 items
    Spotify does not return:
      - 102 saved tracks
      - 1 saved album
      - 1 saved show
      - 1 saved episode
      - 1 saved audiobook
      - 12 removed items in playlists
    ");
    let titles: Vec<&str> =
        library.playlists.items.iter().map(|playlist| playlist.title()).collect();
    assert_eq!(titles[places[0]], "Untitled playlist");
    assert_eq!(titles[places[2]], "x\u{fffd}");
    assert_eq!(library.playlists.items[places[1]].description.as_deref(), Some(description));
    let items = &library.playlists.items[places[0]].items.items;
    let kinds: Vec<_> =
        items[..4].iter().map(|item| item.uri.as_ref().map(SpotifyUri::kind)).collect();
    assert_eq!(kinds, [Some("episode"), Some("episode"), None, Some("video")]);

    let copy = copy_of(&old, QuotaMode::Extended);
    back_up(&copy.client().unwrap(), &new).unwrap();
    let (mut kept, mut copied) = (content(&old), content(&new));
    // The copy has no tracks after the last page.
    for json in [&mut kept, &mut copied] {
        let tracks = json["tracks"].as_object_mut().unwrap();
        tracks.retain(|key, _| !["notes", "total"].contains(&key.as_str()));
    }
    assert_eq!(difference("", &copied, &kept), None);
    fs::remove_file(&new).unwrap();

    server.reset_to_new_user();
    restore(&spotify, &old).unwrap();
    server.clear_requests();
    restore(&spotify, &old).unwrap();
    assert_eq!(writes(&server), 0, "expected no remaining writes");
    back_up(&spotify, &new).unwrap();
    let restored: Library = read(&new);
    let kept = |library: &Library| -> Vec<Vec<SpotifyUri>> {
        let lists = library.lists().map(|(_, list)| &list.items);
        let uris = |items: &Vec<Item>| items.iter().filter_map(|item| item.uri.clone()).collect();
        lists.map(uris).collect()
    };
    assert_eq!(kept(&restored), kept(&library));
    for (a, b) in library.playlists.items.iter().zip(&restored.playlists.items) {
        assert_eq!(a.title(), b.title());
        if a.is_of(&library.user) {
            assert_eq!(a.description, b.description, "{}", a.title());
            assert_eq!(playable(&a.items.items), playable(&b.items.items), "{}", a.title());
        }
    }
}

#[test]
fn a_list_that_changes_with_every_page_is_read_to_its_end() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let spotify = server.client().unwrap();
    let page = first_page(&spotify, "/me/tracks");
    let base = server.base_url();
    for n in 1..=30 {
        let mut page = page.clone();
        page["total"] = (100 - n).into();
        page["next"] = match n {
            30 => serde_json::Value::Null,
            n => format!("{base}/me/tracks?offset={n}&limit=1").into(),
        };
        scripted(&server, "/me/tracks", &page);
    }
    let file = folder.file("library.json");
    back_up(&spotify, &file).unwrap();
    assert_eq!(server.pending_faults(), 0);
    let summary = backup::summary(&read(&file));
    let (_, missing) = summary.split_once("Spotify does not return:").unwrap_or_default();
    assert!(missing.contains("saved tracks"), "{summary}");
}

/// Returns the tracks of a playlist, by their index in the catalog.
fn tracks_in(spotify: &Spotify, server: &Server, id: &PlaylistId) -> Vec<usize> {
    let all = server.catalog().tracks();
    let rows = spotify.get_playlist_items(id).collect_all().unwrap();
    let place = |id: &TrackId| all.iter().position(|track| track == id);
    let tracks = rows.iter().map(|row| row.item.as_track().and_then(|track| track.id.as_ref()));
    tracks.map(|id| id.and_then(place).unwrap()).collect()
}

fn playlist_of(spotify: &Spotify, server: &Server, tracks: &[usize]) -> PlaylistId {
    let all = server.catalog().tracks();
    let id = spotify.create_playlist("Doubles").send().unwrap().id;
    spotify.add_playlist_items(&id, tracks.iter().map(|n| &all[*n])).send().unwrap();
    id
}

/// Tracks 38 and 42 have other versions with the same name, 2358 and 2357.
const DOUBLES: [usize; 12] = [38, 1, 2358, 2, 1, 42, 3, 2357, 2357, 2, 1, 42];
const ONCE: [usize; 7] = [38, 1, 2358, 2, 42, 3, 2357];
const ONCE_BY_NAME: [usize; 5] = [38, 1, 2, 42, 3];

#[test]
fn duplicates_are_removed_and_order_is_kept() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    let spotify = server.client().unwrap();
    let plan = folder.file("plan.json");
    for (same_name, once) in [(false, &ONCE[..]), (true, &ONCE_BY_NAME[..])] {
        let id = playlist_of(&spotify, &server, &DOUBLES);
        server.clear_requests();
        duplicates::clean(&spotify, &id, &plan, same_name, false).unwrap();
        assert_eq!((writes(&server), plan.exists()), (0, false), "expected no change in a dry run");
        assert_eq!(tracks_in(&spotify, &server, &id), DOUBLES);

        duplicates::clean(&spotify, &id, &plan, same_name, true).unwrap();
        assert_eq!(tracks_in(&spotify, &server, &id), once);
        server.clear_requests();
        duplicates::clean(&spotify, &id, &plan, same_name, true).unwrap();
        assert_eq!((writes(&server), plan.exists()), (0, false));
    }
}

#[test]
fn items_that_cannot_be_removed_keep_their_position() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    let spotify = server.client().unwrap();
    // The playlist has local files, episodes, and items whose track was removed.
    let id = &server.catalog().playlists()[1];
    let rows = |spotify: &Spotify| -> Vec<String> {
        let rows = spotify.get_playlist_items(id).collect_all().unwrap();
        rows.iter().map(|row| row.item.uri().map_or(String::new(), |uri| uri.to_string())).collect()
    };
    let before = rows(&spotify);
    let is_track = |uri: &&String| uri.starts_with("spotify:track:");
    let tracks: Vec<&String> = before.iter().filter(is_track).collect();
    let twice = [tracks[2], tracks[20], tracks[60], tracks[2]];
    spotify.add_playlist_items(id, twice).position(30).send().unwrap();
    duplicates::clean(&spotify, id, &folder.file("plan.json"), false, true).unwrap();
    // The inserted copy comes first, and the catalog's playlist contains one of its tracks twice.
    let mut seen = HashSet::new();
    let mut once = before.clone();
    once.splice(30..30, twice.into_iter().cloned());
    once.retain(|uri| !is_track(&uri) || seen.insert(uri.clone()));
    assert_eq!(rows(&spotify), once);
    assert_eq!(once.iter().position(|uri| uri == tracks[60]), Some(30));
    assert!(
        before.iter().any(String::is_empty) && before.iter().any(|uri| uri.contains(":local:"))
    );
}

#[test]
fn interrupted_removal_is_completed_by_the_next_run() {
    for (same_name, once) in [(false, &ONCE[..]), (true, &ONCE_BY_NAME[..])] {
        for fault in [Fault::Status(503), Fault::ResetAfterProcessing] {
            let (server, folder) = (Server::start().unwrap(), Folder::new());
            let spotify = impatient(&server);
            let plan = folder.file("plan.json");
            for request in 0.. {
                let id = playlist_of(&spotify, &server, &DOUBLES);
                let usual =
                    (0..request).fold(server.script_all(), |script, _| script.then_normal());
                usual.then(fault.clone());
                let clean = || duplicates::clean(&spotify, &id, &plan, same_name, true);
                let starts = until_done(|| clean().map_err(|error| error.to_string()));
                if server.pending_faults() > 0 {
                    assert!(request > 4, "{request}");
                    break;
                }
                assert_eq!(starts, 2);
                assert_eq!(tracks_in(&spotify, &server, &id), once, "{fault:?} at {request}");
                assert!(!plan.exists());
            }
        }
    }
}

#[test]
fn interrupted_removal_is_not_completed_elsewhere_or_by_listing() {
    let folder = Folder::new();
    let (old, plan) = (folder.file("old.json"), folder.file("plan.json"));
    let server = Server::start().unwrap();
    shorten(&server);
    let spotify = impatient(&server);
    let id = playlist_of(&spotify, &server, &DOUBLES);
    back_up(&spotify, &old).unwrap();

    // The rehearsal stops after the removal.
    let copy = copy_of(&old, QuotaMode::Extended);
    let path = format!("/playlists/{id}/items");
    copy.script(&path).method(Method::Post).then(Fault::Status(503));
    duplicates::clean(&impatient(&copy), &id, &plan, false, true).unwrap_err();
    assert!(plan.exists());

    server.clear_requests();
    for remove in [false, true] {
        let error = duplicates::clean(&spotify, &id, &plan, false, remove).unwrap_err();
        assert!(error.to_string().contains("found one for http://127.0.0.1:"), "{error}");
    }
    assert_eq!(tracks_in(&spotify, &server, &id), DOUBLES);

    copy.clear_requests();
    duplicates::clean(&impatient(&copy), &id, &plan, false, false).unwrap();
    assert_eq!((writes(&copy), plan.exists()), (0, true), "expected no change in a dry run");
    duplicates::clean(&impatient(&copy), &id, &plan, false, true).unwrap();
    assert_eq!((writes(&server), plan.exists()), (0, false));
    assert_eq!(tracks_in(&copy.client().unwrap(), &copy, &id), ONCE);
}

#[test]
fn removal_from_a_foreign_playlist_fails_without_a_plan() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    let spotify = impatient(&server);
    let plan = folder.file("plan.json");
    // A playlist that contains a track twice.
    let id = &server.catalog().playlists()[48];
    let error = duplicates::clean(&spotify, id, &plan, false, true).unwrap_err().to_string();
    assert!(error.contains("You cannot remove tracks from a playlist you don't own."), "{error}");
    assert!(!plan.exists());
}

#[test]
fn only_changes_are_listed() {
    let (server, folder) = (Server::start().unwrap(), Folder::new());
    shorten(&server);
    let (old, new) = (folder.file("old.json"), folder.file("new.json"));
    let spotify = server.client().unwrap();
    let (doubled, twice) = (&server.catalog().playlists()[2], &server.catalog().tracks()[5]);
    spotify.add_playlist_items(doubled, [twice, twice]).send().unwrap();
    back_up(&spotify, &old).unwrap();
    assert_eq!(changes::changes(&read(&old), &read(&old)), []);

    let catalog = server.catalog();
    let (tracks, own) = (catalog.tracks(), catalog.playlists());
    spotify.remove_saved_tracks([&tracks[0]]).send().unwrap();
    spotify.save_albums([&catalog.albums()[1]]).send().unwrap();
    spotify.follow_artists([&catalog.artists()[1]]).send().unwrap();
    spotify.unfollow_playlist(&own[5]).send().unwrap();
    spotify.create_playlist("Rainy day").send().unwrap();
    spotify.change_playlist_details(&own[0]).name("Songs for later").public(false).send().unwrap();
    spotify.add_playlist_items(&own[3], [&tracks[0], &tracks[0]]).send().unwrap();
    spotify.reorder_playlist_items(&own[6]).range_start(0).insert_before(3).send().unwrap();
    spotify.remove_playlist_items(doubled, [twice]).send().unwrap();
    spotify.add_playlist_items(doubled, [twice]).send().unwrap();
    let third = playable(&library_of(&old, &own[8]))[2].clone();
    spotify.remove_playlist_items(&own[8], [&third]).send().unwrap();

    back_up(&spotify, &new).unwrap();
    let message: String = changes::changes(&read(&old), &read(&new))
        .into_iter()
        .map(|changes| format!("{}: {}\n", changes.of, changes.lines.join("; ")))
        .collect();
    insta::assert_snapshot!(message, @r"
    saved tracks: - Copper Lantern – The Copper Lanterns
    saved albums: + Letters from Solenne, No. 2 – Hugo & the Umbrellas
    followed artists: + Bruno Fontaine
    playlists: + “Rainy day”; - “Farid's quiet mix”
    “Songs for later”: previous name: “Copper mornings in Ostervik”; now private
    “Celeste's patient mix”: - Quiet Engine – The Copper Lanterns
    “Paper mornings in Halsey Bay”: + Copper Lantern – The Copper Lanterns; + Copper Lantern – The Copper Lanterns
    “Amber mornings in Ulmstadt”: new order
    “Imani's woollen mix”: - Waltz for Farid – Pavel & the Umbrellas
    ");
}

fn library_of(file: &Path, id: &PlaylistId) -> Vec<Item> {
    let library: Library = read(file);
    library.playlists.items.into_iter().find(|playlist| playlist.id == *id).unwrap().items.items
}

#[test]
fn current_playback_is_described_in_one_line() {
    let line = |json: &str| {
        let playing: CurrentlyPlaying = serde_json::from_str(json).unwrap();
        let line = now_playing::describe(Some(&playing), Duration::from_secs(7));
        format!("{line} (good for {:?})", now_playing::wait(Some(&playing), Duration::from_secs(5)))
    };
    insta::assert_snapshot!(now_playing::describe(None, Duration::ZERO), @"■ Nothing is playing.");
    insta::assert_snapshot!(line(include_str!("../../src/fuzzing/responses/currently_playing.json")), @"▶ Railo – Kuura & Halla  0:51 / 4:01 (good for 5s)");
    insta::assert_snapshot!(line(include_str!("../../src/fuzzing/responses/currently_playing.ad.json")), @"▶ An advertisement (good for 5s)");
    insta::assert_snapshot!(line(r#"{"is_playing": false, "progress_ms": 61000, "item": {"type": "track", "name": "Untitled", "is_local": true, "uri": "spotify:local:::Untitled:90", "duration_ms": 90000, "artists": [{"name": "The Neighbours"}]}}"#), @"⏸ Untitled – The Neighbours (local file)  1:01 / 1:30 (good for 15s)");
    insta::assert_snapshot!(line(r#"{"is_playing": true, "progress_ms": 5028000, "currently_playing_type": "episode", "item": {"type": "episode", "id": "77o6BIVlYM3msb4MMIL1jH", "name": "Part one", "duration_ms": 5030000, "show": {"id": "5CfCWKI5pZ28U0uOzXkDHe", "name": "Slow Radio"}}}"#), @"▶ Part one – Slow Radio  1:23:50 / 1:23:50 (good for 3s)");
    insta::assert_snapshot!(line(r#"{"is_playing": true, "item": null}"#), @"▶ Unknown item (good for 5s)");
    assert_eq!(now_playing::wait(None, Duration::from_secs(5)), Duration::from_secs(15));
}
