//! Entries of a program in addition to those of the crate.

use std::path::Path;

use insta::assert_snapshot;

use super::file;
use super::test_table::{entry, files};
use crate::codegen::problem_of_folder;
use crate::generate_files;

const HEADING: &str = "[area]\nname = \"Charts\"\nsummary = \"What is heard.\"\n";

fn own(text: &str) -> Vec<(String, String)> {
    vec![("/home/mira/radio/entries/charts.toml".to_owned(), text.to_owned())]
}

/// Returns the problems if a program adds these entries.
fn problems_after(heading: &str, entries: &str) -> String {
    match generate_files(&files(), &own(&format!("{heading}{entries}"))) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => problems.to_string(),
    }
}

/// Returns the generated endpoints.
fn endpoints(text: &str) -> String {
    let generated = generate_files(&files(), &own(text)).map_err(|problems| problems.to_string());
    super::endpoints(&generated.unwrap())
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn custom_entries_add_calls_after_those_of_the_crate() {
    let entry = entry(
        "get_chart",
        "/charts/{id}",
        "scopes = { required = [\"user-top-read\", \"charts-read\"] }\nparams = [\n    { name = \"album_id\", in = \"path\", key = \"id\", type = \"AlbumId\", required = true, example = \"382ObEPsp2rxGrnsizN5TX\", doc = \"The album.\" },\n    { name = \"time_range\", in = \"query\", type = \"TimeRange\", example = \"long_term\", doc = \"The span.\" },\n    { name = \"chart\", in = \"query\", type = \"ChartKind\", example = \"viral\", doc = \"The chart.\" },\n]\n",
    );
    let own_names = "\n[[enum]]\nname = \"ChartKind\"\nsummary = \"What a chart counts.\"\nvalues = [{ value = \"viral\", doc = \"what is shared.\" }]\n\n[[scope]]\nname = \"charts-read\"\nsummary = \"read charts.\"\n";
    let text = endpoints(&format!("{HEADING}{entry}{own_names}"));
    assert!(text.contains("pub mod charts {"), "{text}");
    assert!(
        text.contains("album_id: impl crate::request::argument::IntoParam<crate::types::id::AlbumId>,\n        ) -> GetChart")
    );
    assert!(
        text.contains("Defined as `get_chart` in `/home/mira/radio/entries/charts.toml`, line 5.")
    );
    assert!(!text.contains("/source//"), "docs.rs does not have the files of a program");
    // The endpoints of the crate don't change, and come first.
    let without = generate_files(&files(), &[]).unwrap();
    let first = file(&without, "calls.rs").split("pub mod users").next().unwrap().to_owned();
    assert!(text.starts_with(&first));
    let list = text.rsplit_once("ENDPOINTS").unwrap().1;
    assert!(list.trim_end().ends_with("&GET_CHART,\n];"), "{list}");
}

#[test]
fn custom_entries_can_extend_a_built_in_area() {
    let area = "[area]\nname = \"Albums\"\nsummary = \"Other words.\"\n";
    let text = endpoints(&format!("{area}{}", entry("get_chart", "/charts", "")));
    assert_eq!((count(&text, "pub mod albums"), count(&text, "Other words")), (1, 0));
    let module = text.split("pub mod albums").nth(1).unwrap().split("pub mod ").next().unwrap();
    assert!(module.contains("fn get_album(") && module.contains("fn get_chart("), "{module}");
    assert_snapshot!(problems_after(area, ""), @r#"
    /home/mira/radio/entries/charts.toml:2:8: the area `Albums` has no entries: add `[[endpoint]]` below it, or remove it
      |
    2 | name = "Albums"
      |        ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    // Two files of a program can't define the same new area, like two files of the crate.
    let charts = format!("{HEADING}{}", entry("get_a", "/a", ""));
    let more = format!("{HEADING}{}", entry("get_b", "/b", ""));
    let own = [("/entries/a.toml".to_owned(), charts), ("/entries/b.toml".to_owned(), more)];
    assert_snapshot!(generate_files(&files(), &own).unwrap_err(), @r#"
    /entries/b.toml:2:8: the area `Charts` is already at /entries/a.toml:2: rename one, or put the entries in one file
      |
    2 | name = "Charts"
      |        ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn mistakes_in_custom_entries_name_the_users_file() {
    assert_snapshot!(problems_after(HEADING, &entry("get_chart", "/charts", "scopes = { required = [\"user-top-raed\"] }\n")), @r#"
    /home/mira/radio/entries/charts.toml:14:24: unknown scope `user-top-raed`: did you mean `user-top-read`?
       |
    14 | scopes = { required = ["user-top-raed"] }
       |                        ^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(HEADING, &entry("get_album", "/charts", "")), @r#"
    /home/mira/radio/entries/charts.toml:6:8: the name `get_album` is taken by the entry at spec/albums.toml:6 of the crate: choose another name, or replace that entry with `replaces = true`
      |
    6 | name = "get_album"
      |        ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(HEADING, &entry("get_record", "/albums/{id}", "params = [\n    { name = \"album_id\", in = \"path\", key = \"id\", type = \"AlbumId\", required = true, example = \"382ObEPsp2rxGrnsizN5TX\", doc = \"The album.\" },\n]\n")), @r#"
    /home/mira/radio/entries/charts.toml:10:8: `get_album` already sends GET /albums/{id}: such entries need different fixed or required parameters; to replace that entry, write `name = "get_album"` and `replaces = true`
       |
    10 | path = "/albums/{id}"
       |        ^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("", "\n[[enum]]\nname = \"TimeRange\"\nsummary = \"Mine.\"\nvalues = [{ value = \"a\", doc = \"a.\" }]\n"), @r#"
    /home/mira/radio/entries/charts.toml:3:8: the name `TimeRange` is taken by a type at spec/vocabulary.toml:26: choose another
      |
    3 | name = "TimeRange"
      |        ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn custom_entry_can_replace_a_built_in_one() {
    let replaces = |name: &str, more: &str| {
        entry(
            name,
            "/records/{id}",
            &format!(
                "replaces = true\nparams = [\n    {{ name = \"record_id\", in = \"path\", key = \"id\", type = \"AlbumId\", required = true, example = \"382ObEPsp2rxGrnsizN5TX\", doc = \"The record.\" }},\n]\n{more}"
            ),
        )
    };
    for heading in [HEADING, "[area]\nname = \"Albums\"\nsummary = \"Other words.\"\n"] {
        let text = endpoints(&format!("{heading}{}", replaces("get_album", "")));
        assert_eq!((count(&text, "pub fn get_album("), count(&text, "static GET_ALBUM:")), (1, 1));
        assert!(
            text.contains("record_id: impl") && !text.contains("album_id: impl crate::r"),
            "{text}"
        );
        assert!(text.contains("/records/{id}") && !text.contains("\"/albums/{id}\""));
    }
    assert_snapshot!(problems_after(HEADING, &replaces("get_albun", "")), @r#"
    /home/mira/radio/entries/charts.toml:6:8: `replaces`: the crate has no endpoint with the name `get_albun`: did you mean `get_album`?
      |
    6 | name = "get_albun"
      |        ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    // References from other entries are checked against the replacement.
    assert_snapshot!(problems_after(HEADING, &replaces("are_items_saved", "")), @r#"
    spec/albums.toml:66:29: `are_items_saved` needs `record_id`: add a template for it
       |
    66 | fallback     = { endpoint = "are_items_saved", uris = "spotify:album:{album_ids}" }
       |                             ^^^^^^^^^^^^^^^^^
    spec/albums.toml:66:48: `are_items_saved` has no parameter `uris`
       |
    66 | fallback     = { endpoint = "are_items_saved", uris = "spotify:album:{album_ids}" }
       |                                                ^^^^
    The files in `spec/` belong to the crate: an entry that replaces one of theirs must fit the entries that refer to it.
    2 mistakes in the table of endpoints
    "#);
    let mut files = files();
    files[0].1 = files[0].1.replacen("summary      =", "replaces     = true\nsummary      =", 1);
    assert_snapshot!(generate_files(&files, &[]).unwrap_err(), @r#"
    spec/albums.toml:6:16: `replaces` is for the entries of a program: change the entry `get_album` instead
      |
    6 | name         = "get_album"
      |                ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn mistakes_in_a_replaced_entry_are_reported_too() {
    let mut files = files();
    files[0].1 = files[0].1.replacen("reference    = \"get-an-album\"\n", "", 1);
    let replacement = entry("get_album", "/records", "replaces = true\ntokens = \"app\"\n");
    let own = own(&format!("{HEADING}{replacement}"));
    assert_snapshot!(generate_files(&files, &own).unwrap_err(), @r#"
    spec/albums.toml:5:1: the entry `get_album` lacks `reference` (the end of the address of Spotify's page)
      |
    5 | [[endpoint]]
      | ^^^^^^^^^^^^
    /home/mira/radio/entries/charts.toml:15:1: the entry `get_album` has an unknown key, `tokens`: did you mean `token`?
       |
    15 | tokens = "app"
       | ^^^^^^
    The files in `spec/` belong to the crate: an entry that replaces one of theirs must fit the entries that refer to it.
    2 mistakes in the table of endpoints
    "#);
}

#[test]
fn invalid_spec_folders_are_reported() {
    assert_eq!(problem_of_folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))), None);
    assert_snapshot!(problem_of_folder(Path::new("spec")).unwrap(), @r#"TONEARM_SPEC: expected an absolute path of a folder, found spec; for the folder `endpoints` beside `.cargo` write `TONEARM_SPEC = { value = "endpoints", relative = true }` under `[env]` in `.cargo/config.toml`"#);
    assert_snapshot!(problem_of_folder(Path::new("/not/there")).unwrap(), @r#"TONEARM_SPEC: expected a folder with `*.toml` files, found none at /not/there; for the folder `endpoints` beside `.cargo` write `TONEARM_SPEC = { value = "endpoints", relative = true }` under `[env]` in `.cargo/config.toml`"#);
}
