//! The comparison of the table with an OpenAPI document: `examples/table_diff`.

#[path = "../../../examples/table_diff/diff/mod.rs"]
mod diff;

mod changes;
mod decisions;
mod documents;
mod made;

use std::ffi::OsString;
use std::path::PathBuf;

use insta::assert_snapshot;
use serde_json::Value;
use tonearm::Spotify;
use tonearm::endpoint::Endpoint;
use tonearm::model::shape::Shape;

/// Returns endpoints by name, in the given order.
fn endpoints(names: &[&str]) -> Vec<&'static Endpoint> {
    let all = Spotify::endpoints();
    names.iter().map(|name| *all.iter().find(|endpoint| endpoint.name == *name).unwrap()).collect()
}

/// Returns the report for a document and these endpoints.
fn report(document: &str, names: &[&str], decided: &str) -> String {
    match diff::diff(document, &endpoints(names), decided, None) {
        Ok(report) => report.to_string(),
        Err(problem) => format!("error: {problem}"),
    }
}

/// Returns the differences without the summary.
fn lines(document: &Value, endpoints: &[&'static Endpoint]) -> String {
    let report = diff::diff(&document.to_string(), endpoints, "", None).unwrap().to_string();
    let end = report.trim_end().rfind('\n').map_or(0, |at| at + 1);
    report[..end].trim_end().to_owned()
}

/// Writes a file in the directory for test files.
fn file(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn document_made_from_the_table_has_no_differences() {
    let document = made::document_of(Spotify::endpoints()).to_string();
    // The comment keeps the program from parsing the text as JSON, which is also YAML.
    for text in [document.clone(), format!("# A comment.\n{document}")] {
        let report = diff::diff(&text, Spotify::endpoints(), "", None).unwrap();
        assert!(report.is_empty(), "{report}");
    }
}

#[test]
fn exit_code_is_1_if_there_are_differences() {
    let mut document = made::document_of(Spotify::endpoints());
    let run = |document: &Value| {
        let path = file("table_diff_exit_code.json", document.to_string());
        diff::run([path.into_os_string()], "")
    };
    let outcome = run(&document);
    assert_eq!((outcome.code, outcome.error.as_str()), (0, ""), "{}", outcome.output);
    assert!(outcome.output.ends_with("0 decisions that no longer apply.\n"), "{}", outcome.output);

    document["paths"]["/me"]["get"]["deprecated"] = true.into();
    let outcome = run(&document);
    assert_eq!((outcome.code, outcome.error.as_str()), (1, ""));
    assert!(
        outcome.output.starts_with("GET /me\n    deprecated: yes in the document"),
        "{}",
        outcome.output
    );
}

#[test]
fn help_is_not_read_as_a_file() {
    let outcome = diff::run(["--help".into()], "");
    assert_eq!((outcome.code, outcome.error.as_str()), (0, ""));
    assert!(
        outcome.output.contains("Usage: table_diff [--bodies=FILE] DOCUMENT"),
        "{}",
        outcome.output
    );
}

#[test]
fn every_row_returns_a_model_or_nothing() {
    for endpoint in Spotify::endpoints() {
        let returns = diff::spec::entry(&endpoint.name)["returns"].as_str().unwrap();
        let shapes = diff::responses::returned_by(endpoint);
        assert_eq!(shapes.is_empty(), returns == "()", "{}: {returns}", endpoint.name);
        let is_unknown = |shape: &Shape| matches!(shape, Shape::OneOf([]));
        assert!(!shapes.iter().any(|(_, shape)| is_unknown(shape)), "{}: {returns}", endpoint.name);
    }
}

#[test]
fn recorded_bodies_are_compared() {
    let server = tonearm::fake::Server::start().unwrap();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("table_diff_recording.json");
    let recorder = tonearm::fake::Recorder::new(&path);
    let spotify = server.client_builder().recorder(&recorder).connections(1).build().unwrap();
    let album = &server.catalog().albums()[0];
    spotify.get_album(album).send().unwrap();
    spotify.get_me().send().unwrap();
    spotify.get_queue().send().unwrap();
    spotify.are_albums_saved([album]).send().unwrap();
    spotify.get_markets().send().unwrap();
    recorder.save().unwrap();
    let recording = std::fs::read_to_string(&path).unwrap();
    let mut document =
        made::document_of(&endpoints(&["get_album", "get_me", "get_queue", "are_albums_saved"]));
    let report = |document: &Value, recording: &str| {
        let endpoints = endpoints(&["get_album", "get_me"]);
        let report = diff::diff(&document.to_string(), &endpoints, "", Some(recording));
        report.map_or_else(|problem| format!("error: {problem}"), |report| report.to_string())
    };
    assert_snapshot!(report(&document, &recording), @r"
    GET /albums/{id}
        body.tracks.items[].preview_url type: string in the document, null in the recording
        body.tracks.next type: string in the document, null in the recording
        body.tracks.previous type: string in the document, null in the recording
    GET /me
        body.explicit_content type: object in the document, null in the recording
        body.followers.href type: string in the document, null in the recording
    GET /me/player/queue
        body.currently_playing type: object in the document, null in the recording
    GET /markets
        operation: absent in the document, present in the recording
    Operations that the table lacks:
        /me/albums/contains  GET
        /me/player/queue  GET

    2 operations and 13 objects compared: 7 differences in 4 of them, 2 operations that the table lacks, 0 problems of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
    let schemas = &mut document["components"]["schemas"];
    schemas["Album"]["properties"]["total_tracks"]["type"] = "string".into();
    schemas["Album"]["properties"].as_object_mut().unwrap().remove("copyrights");
    schemas["Album"]["properties"]["album_type"]["enum"] = serde_json::json!(["single"]);
    schemas["SimplifiedTrack"]["properties"].as_object_mut().unwrap().remove("is_local");
    schemas["Album"]["required"] = serde_json::json!(["name", "wishes"]);
    schemas["Followers"]["properties"]["href"]["nullable"] = true.into();
    document["paths"]["/me/albums/contains"]["get"]["responses"]["200"] = Value::Null;
    assert_snapshot!(report(&document, &recording), @r"
    SimplifiedTrack as SimplifiedTrack
        field is_local: absent in the document, boolean in the table
    Album as Album
        field album_type value album: absent in the document, present in the table
        field album_type value compilation: absent in the document, present in the table
        field album_type value ep: absent in the document, present in the table
        field total_tracks type: string in the document, integer in the table
        field copyrights: absent in the document, array of Copyright in the table
    GET /albums/{id}
        body.album_type value album: absent in the document, present in the recording
        body.copyrights: absent in the document, array in the recording
        body.total_tracks type: string in the document, integer in the recording
        body.tracks.items[].is_local: absent in the document, boolean in the recording
        body.tracks.items[].preview_url type: string in the document, null in the recording
        body.tracks.next type: string in the document, null in the recording
        body.tracks.previous type: string in the document, null in the recording
        body.wishes: required in the document, absent in the recording
    GET /me
        body.explicit_content type: object in the document, null in the recording
    GET /me/player/queue
        body.currently_playing type: object in the document, null in the recording
    GET /me/albums/contains
        body: absent in the document, array in the recording
    GET /markets
        operation: absent in the document, present in the recording
    Operations that the table lacks:
        /me/albums/contains  GET
        /me/player/queue  GET
    Problems of the document itself:
        GET /me/albums/contains: expected a map, found null

    2 operations and 12 objects compared: 18 differences in 7 of them, 2 operations that the table lacks, 1 problem of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
    assert_snapshot!(report(&document, "[]"), @"error: expected a recording of `tonearm::fake::Recorder`, found other JSON");
    assert_snapshot!(report(&document, "no"), @"error: expected a recording of `tonearm::fake::Recorder`, found: expected ident at line 1 column 2");
}

#[test]
fn unreadable_input_gives_exit_code_2() {
    let run = |arguments: &[OsString]| {
        let outcome = diff::run(arguments.iter().cloned(), "");
        assert_eq!((outcome.code, outcome.output.as_str()), (2, ""));
        let directory = env!("CARGO_TARGET_TMPDIR").to_owned() + std::path::MAIN_SEPARATOR_STR;
        outcome.error.replace(&directory, "")
    };
    let bytes = file("table_diff_bytes.yaml", [b'a', 0xff, 0xfe]);
    assert_snapshot!(run(&[]), @"error: expected `DOCUMENT`, pass `--help` for usage information");
    assert_snapshot!(run(&["one".into(), "two".into()]), @"error: `two` is not expected in this context");
    assert_snapshot!(run(&[bytes.into_os_string()]), @"error: expected table_diff_bytes.yaml to be UTF-8, found otherwise: invalid utf-8 sequence of 1 bytes from index 1");

    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("table_diff_missing.yaml");
    let error = run(&[missing.into_os_string()]);
    assert!(
        error
            .starts_with("error: expected an OpenAPI document at table_diff_missing.yaml, found: "),
        "{error}"
    );
}

#[test]
fn invalid_documents_are_reported() {
    let report = |text: &str| report(text, &[], "");
    assert_snapshot!(report(""), @"error: expected an OpenAPI document, found nothing in it");
    assert_snapshot!(report("<html>not found</html>"), @"error: expected a map with `openapi` and `paths`, found a text");
    assert_snapshot!(report("- a\n- b"), @"error: expected a map with `openapi` and `paths`, found a list");
    assert_snapshot!(report("swagger: '2.0'"), @"error: expected the key `openapi` with 3.x, found `swagger: 2.0`");
    assert_snapshot!(report("message: not found"), @"error: expected the key `openapi` with 3.x, found the keys `message`");
    assert_snapshot!(report("openapi: 4.0.0"), @"error: expected `openapi` to be 3.x, found 4.0.0");
    assert_snapshot!(report("openapi: 3.1.0"), @"error: expected the key `paths`, found none");
    assert_snapshot!(report("openapi: 3.1.0\npaths: []"), @"error: expected `paths` to be a map, found a list");
    assert_snapshot!(report("openapi: 3.1.0\npaths:\n\t/me: {}"), @"error: expected YAML, found: tabs disallowed within this context (block indentation) at byte 23 line 3 column 2");
    assert_snapshot!(report("{ \"openapi\": "), @"error: expected JSON, since the document begins with `{`, found: EOF while parsing a value at line 1 column 13");
    assert_snapshot!(report("openapi: 3.0.0\npaths: {}\n---\na: b"), @"error: expected one YAML document, found another on line 3");
    assert_snapshot!(report("openapi: 3.0.0\n[a, b]: c"), @"error: expected a text as the key of a map, found a map or list on line 2");
    assert_snapshot!(report("openapi: 3.0.0\npaths: &a\n  /me: *a"), @"error: expected an alias of an earlier value, found one of an incomplete value on line 3");
    assert_snapshot!(report(&format!("openapi: 3.0.0\npaths: {}", "[".repeat(5000))), @"error: expected YAML, found: recursion limit exceeded at byte 277 line 2 column 263");
    assert_snapshot!(report(&format!("{{\"openapi\": {}", "[".repeat(5000))), @"error: expected JSON, since the document begins with `{`, found: recursion limit exceeded at line 1 column 139");
    // Ten times ten times ten … times the same list.
    let lists =
        (1..9).map(|at| format!("a{at}: &a{at} [{}]\n", format!("*a{}, ", at - 1).repeat(10)));
    assert_snapshot!(report(&format!("a0: &a0 x\n{}", lists.collect::<String>())), @"error: expected at most 1000000 values, found more by line 7");
}
