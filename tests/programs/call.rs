//! `examples/call`.

#[path = "../../examples/call.rs"]
#[allow(dead_code, clippy::duplicate_mod)]
mod program;

use std::cell::RefCell;
use std::ffi::OsString;
use std::process::Command;

use super::{code_without_messages, ended_on_full_disk, ended_without_reader};

/// Returns the output of the program.
fn call(given: &[&str]) -> String {
    let os: Vec<OsString> = given.iter().map(OsString::from).collect();
    if let Some(help) = program::help_of_endpoint(&os) {
        return help;
    }
    let arguments = match program::arguments().run_inner(given) {
        Ok(arguments) => arguments,
        Err(failure) => return failure.unwrap_stderr(),
    };
    let out = RefCell::new(String::new());
    let result = program::run(&arguments, |text| out.borrow_mut().push_str(text));
    let error = result.err().map(|error| format!("Error: {error}")).unwrap_or_default();
    out.into_inner() + &error
}

#[test]
fn parameters_go_by_position_and_by_name() {
    insta::assert_snapshot!(call(&["--dry-run", "get_artist_albums", "0TnOYISbd1XYRBk9myaseg", "limit=10"]), @r"
    GET /v1/artists/0TnOYISbd1XYRBk9myaseg/albums
        limit = 10
    ");
    insta::assert_snapshot!(call(&["--dry-run", "search", "limit=1", "artist=a=b", "album,track"]), @r"
    GET /v1/search
        q = artist=a=b
        type = album,track
        limit = 1
    ");
    insta::assert_snapshot!(call(&["--dry-run", "save_tracks", "4iV5W9uYEdYUVa79Axb7Rh,7ouMYWpwJ422jRcDASZB7P@2017-05-26T00:00:00Z"]), @r#"
    PUT /v1/me/tracks
        {
          "timestamped_ids": [
            {
              "id": "7ouMYWpwJ422jRcDASZB7P",
              "added_at": "2017-05-26T00:00:00Z"
            }
          ]
        }
    PUT /v1/me/tracks
        {
          "ids": [
            "4iV5W9uYEdYUVa79Axb7Rh"
          ]
        }
    "#);
    insta::assert_snapshot!(call(&["--dry-run", "reorder_playlist_items", "3cEYpjA9oz9GiPac4AsH4n", "insert_before=0", "2"]), @r#"
    PUT /v1/playlists/3cEYpjA9oz9GiPac4AsH4n/items
        {
          "range_start": 2,
          "insert_before": 0
        }
    "#);
    insta::assert_snapshot!(call(&["--dry-run", "--development", "get_albums", "382ObEPsp2rxGrnsizN5TX,1A2GTWGtFfWp7KSQTwWOyo"]), @r"
    GET /v1/albums
        ids = 382ObEPsp2rxGrnsizN5TX,1A2GTWGtFfWp7KSQTwWOyo
    ");
}

#[test]
fn mistakes_are_reported_with_a_suggestion() {
    insta::assert_snapshot!(call(&[]), @"Error: expected the name of an endpoint, found none; `--list` prints them");
    insta::assert_snapshot!(call(&["get_artists_albums"]), @"Error: call: `name`: expected the name of an endpoint, found `get_artists_albums`: did you mean `get_artist_albums`?; nothing was sent");
    insta::assert_snapshot!(call(&["get_artist_albums", "0TnOYISbd1XYRBk9myaseg", "limt=10"]), @"Error: get_artist_albums: `limt`: expected one of `artist_id`, `include_groups`, `market`, `limit`, `offset`, found `limt`: did you mean `limit`?; nothing was sent");
    insta::assert_snapshot!(call(&["get_artist_albums", "limt=10"]), @"Error: get_artist_albums: `limt`: expected one of `artist_id`, `include_groups`, `market`, `limit`, `offset`, found `limt`: did you mean `limit`?; nothing was sent");
    insta::assert_snapshot!(call(&["get_artist_albums"]), @"Error: get_artist_albums: `artist_id`: expected a value, found none; nothing was sent");
    insta::assert_snapshot!(call(&["get_me", "10"]), @"Error: get_me: expected `NAME=VALUE`, found `10`; all required parameters have a value");
    insta::assert_snapshot!(call(&["--fake", "get_album", "0000000000000000000000"]), @"Error: get_album: Spotify returned 404: `Resource not found`; the object does not exist, or is not available to this app or user");
    insta::assert_snapshot!(call(&["--fake", "--all", "get_me"]), @"Error: get_me: `pages`: expected an endpoint that returns pages, found another; nothing was sent");
}

#[test]
fn results_are_printed() {
    let market = call(&["--fake", "get_markets"]);
    assert!(market.starts_with("[\n  \"AD\",\n"), "{market}");
    assert_eq!(call(&["--fake", "--all", "get_my_saved_shows"]).lines().count(), 120);
    let raw = call(&["--fake", "--raw", "get_devices"]);
    assert!(
        raw.starts_with("200\ncontent-type: application/json")
            && raw.contains("\n\n{\"devices\":["),
        "{raw}"
    );
    let error = call(&["--fake", "--raw", "get_album", "0000000000000000000000"]);
    assert!(error.starts_with("404\n"), "{error}");
    assert_eq!(call(&["--fake", "skip_to_next"]).lines().count(), 1);
}

#[test]
fn help_comes_from_the_table() {
    insta::assert_snapshot!(call(&["get_artist_albums", "--help"]), @r"
    Returns the albums of an artist.

    GET /artists/{id}/albums
    https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums

    Usage: get_artist_albums ARTIST_ID NAME=VALUE…

    Required, by position or by name:
        artist_id          The artist.
                           artist id, URI or link

    Optional, by name:
        include_groups     Which kinds of album; all if left out.
                           one of `album`, `single`, `appears_on`, `compilation`; several with commas between them
        market             Only what is available in this market. With the token of a user, any market stands for the country of the account.
                           the code of a market, such as `FI`
        limit              How many albums a page holds at most.
                           a whole number; from 1 to 50, at most 10 in development mode; default 20
        offset             The index of the first album, counted from 0.
                           a whole number; at least 0; default 0

    Token: of the app or a user
    Pages: `--all` reads all of them
    Apps: all
    ");
    let list = call(&["--list"]);
    let names = tonearm::Spotify::endpoints().iter().map(|endpoint| &*endpoint.name);
    assert!(names.into_iter().all(|name| list.contains(&format!("    {name} "))), "{list}");
    // Every endpoint has a help text.
    for endpoint in tonearm::Spotify::endpoints() {
        let help = call(&[&endpoint.name, "--help"]);
        assert!(
            endpoint.params.iter().all(|param| help.contains(&format!("    {} ", param.name))),
            "{help}"
        );
    }
}

#[test]
fn running_server_needs_a_token() {
    insta::assert_snapshot!(call(&["--server", "http://127.0.0.1:8080", "get_me"]), @"Error: expected an access token of the server in SPOTIFY_TOKEN, found none; `fake-spotify` prints one when it starts");
}

/// `println!` of the standard library panics, and so does `OptionParser::run`.
#[test]
fn program_ends_without_a_panic_if_the_output_is_closed_or_full() {
    for arguments in [&["--list"][..], &["--help"], &["get_album", "--help"]] {
        let program = || Command::new(env!("CARGO_BIN_EXE_call-under-test"));
        let ended = ended_without_reader(program().args(arguments));
        assert_eq!(ended, (Some(141), String::new()), "{arguments:?}");
        if cfg!(target_os = "linux") {
            let ended = ended_on_full_disk(program().args(arguments));
            let text =
                "Error: cannot write to standard output: No space left on device (os error 28)\n";
            assert_eq!(ended, (Some(1), text.to_owned()), "{arguments:?}");
        }
    }
    let unknown = &mut Command::new(env!("CARGO_BIN_EXE_call-under-test"));
    assert_eq!(code_without_messages(unknown.arg("get_nothing")), Some(1));
}
