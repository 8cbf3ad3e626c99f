//! The compile errors for arguments of the wrong type: only the lines from this crate, because those of rustc change.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Each line of the body is one wrong call.
const CALLS: [(&str, [&str; 3]); 10] = [
    (
        "spotify.get_album(track)",
        [
            "this parameter takes `AlbumId`, not `TrackId`",
            "expected `AlbumId` or text with it",
            PARAM,
        ],
    ),
    (
        "spotify.get_album(7)",
        [
            "this parameter takes `AlbumId`, not `{integer}`",
            "expected `AlbumId` or text with it",
            PARAM,
        ],
    ),
    (
        "spotify.get_album(Some(\"x\"))",
        [
            "this parameter takes `AlbumId`, not `Option<&str>`",
            "expected `AlbumId` or text with it",
            PARAM,
        ],
    ),
    (
        "spotify.get_my_saved_tracks().market(7)",
        [
            "this parameter takes `Option<Market>`, not `{integer}`",
            "expected `Option<Market>` or text with it",
            PARAM,
        ],
    ),
    (
        "spotify.are_albums_saved(album)",
        [
            "this parameter takes a list of `AlbumId`, not `AlbumId`",
            "expected a list of `AlbumId`",
            LIST,
        ],
    ),
    (
        "spotify.are_albums_saved([track])",
        [
            "this parameter takes a list of `AlbumId`, not `[TrackId; 1]`",
            "expected a list of `AlbumId`",
            LIST,
        ],
    ),
    (
        "spotify.get_my_saved_tracks().limit(text)",
        [
            "this parameter takes a number (`Option<u32>`), not `String`",
            "expected an integer, or a `Duration` for a time",
            NUMBER,
        ],
    ),
    (
        "spotify.set_volume(\"50\")",
        [
            "this parameter takes a number (`u32`), not `&str`",
            "expected an integer, or a `Duration` for a time",
            NUMBER,
        ],
    ),
    (
        "spotify.create_playlist(7)",
        ["this parameter takes text (`String`), not `{integer}`", "expected text", TEXT],
    ),
    (
        "spotify.get(\"/me\").query(\"q\", ())",
        [
            "a parameter of a custom call cannot be `()`",
            "expected text, a number, `bool`, an id, a list of these or an `Option`",
            "pass `value.to_string()` for other types; send an object with `.body(&value)`",
        ],
    ),
];

const PARAM: &str = "pass a value of that type or a reference to one, or text that is parsed: an id, a URI, a link, a \
                     market, a time; only setters take an `Option`";
const LIST: &str = "pass an array, a slice, a `Vec` or an iterator with such values or text; for a single one write \
                    `[value]`";
const NUMBER: &str = "pass an integer of any type, or milliseconds or a `Duration` for a time; parse text first, as in \
    `text.parse::<u32>()?`";
const TEXT: &str = "pass a `&str` or a `String`; `.to_string()` makes text of other values";

#[test]
fn arguments_of_wrong_types_have_messages_of_our_own() {
    let (rustc, folder) = (env!("TEST_RUSTC"), std::env::current_exe().unwrap());
    let folder = folder.parent().unwrap();
    let lines: Vec<String> = CALLS
        .iter()
        .map(|(call, _)| {
            format!("pub fn f(spotify: &Spotify, album: AlbumId, track: TrackId, text: String) {{ let _ = {call}; }}")
        })
        .enumerate()
        .map(|(number, line)| line.replace("fn f", &format!("fn f{number}")))
        .collect();
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong_arguments.rs");
    std::fs::write(&source, format!("use tonearm::*;\n{}", lines.join("\n"))).unwrap();
    let output = Command::new(rustc)
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
            "--error-format",
            "json",
        ])
        .args(["-A", "unused"])
        .arg("--out-dir")
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg("-L")
        .arg(format!("dependency={}", folder.display()))
        .arg("--extern")
        .arg(format!("tonearm={}", newest_library(folder).display()))
        .arg(&source)
        .output()
        .unwrap();
    let mut errors = String::from_utf8(output.stderr).unwrap();
    // Versions of rustc print paths with more or fewer segments.
    for path in ["tonearm::", "std::string::", "std::option::"] {
        errors = errors.replace(path, "");
    }
    let errors: Vec<serde_json::Value> =
        errors.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for (line, (call, expected)) in (2..).zip(CALLS) {
        let of_line = |error: &&serde_json::Value| error["spans"][0]["line_start"] == line;
        let error = errors.iter().find(of_line).unwrap_or_else(|| panic!("{call}: {errors:#?}"));
        let labels = error["spans"].as_array().unwrap().iter().map(|span| &span["label"]);
        let notes = error["children"].as_array().unwrap().iter().map(|child| &child["message"]);
        let texts: Vec<&str> = [&error["message"]]
            .into_iter()
            .chain(labels)
            .chain(notes)
            .filter_map(|text| text.as_str())
            .collect();
        for text in expected {
            assert!(texts.contains(&text), "{call}: expected {text:?} among {texts:#?}");
        }
    }
}

/// The library that this test is linked with: cargo has just built it, or found it fresh.
fn newest_library(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_library = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("libtonearm-") && name.ends_with(".rlib")
    };
    let modified = |path: &PathBuf| {
        path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
    };
    files.filter(is_library).max_by_key(modified).unwrap()
}
