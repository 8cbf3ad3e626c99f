//! What is said about the keys for requests of unusual shape.

use insta::assert_snapshot;

use crate::table::{row, said, said_with};

const SIZE: &str = r#"{ name = "size", in = "query", type = "u8","#;
const FLAG: &str = r#"{ name = "flag", in = "query", type = "bool","#;
const TITLE: &str = r#"{ name = "title", in = "query", type = "String", example = "Tron","#;

#[test]
fn members_of_a_body() {
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "query", each = "uri", type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:44: only a list in the body has `each`, the member that holds an element
       |
    19 |     { name = "title", in = "query", each = "uri", type = "String", example = "Tron", doc = "A title." },
       |                                            ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "query", in_list = true, type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:14: `in_list` is for one value in the body that is sent as a list of one
       |
    19 |     { name = "title", in = "query", in_list = true, type = "String", example = "Tron", doc = "A title." },
       |              ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "query", type = "Jpeg", example = "/9j/2Q==","#), @r#"
    spec/albums.toml:19:44: a `Jpeg` is the whole body: `in = "body"` and `required = true`
       |
    19 |     { name = "title", in = "query", type = "Jpeg", example = "/9j/2Q==", doc = "A title." },
       |                                            ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "query", type = "Tuning", example = "min_energy=1","#), @r#"
    spec/albums.toml:19:44: a `Tuning` has its key in it: `in = "query"` and `list = true`
       |
    19 |     { name = "title", in = "query", type = "Tuning", example = "min_energy=1", doc = "A title." },
       |                                            ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "query", type = "Tuning", list = true, example = ["energy"],"#), @r#"
    spec/albums.toml:19:78: the example of `title` must be an attribute with a wish, as in "min_energy=0.4", found the string `energy`
       |
    19 |     { name = "title", in = "query", type = "Tuning", list = true, example = ["energy"], doc = "A title." },
       |                                                                              ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn presets_and_exclusions() {
    assert_snapshot!(said(FLAG, r#"{ name = "flag", in = "query", preset = 1, type = "bool","#), @r#"
    spec/albums.toml:17:45: the preset of `flag` must be `true` or `false`, found the integer `1`
       |
    17 |     { name = "flag", in = "query", preset = 1, type = "bool", example = true, doc = "A flag." },
       |                                             ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(FLAG, r#"{ name = "flag", in = "query", preset = true, required = true, type = "bool","#), @r#"
    spec/albums.toml:17:45: a required parameter has no `preset`: remove one of the two
       |
    17 |     { name = "flag", in = "query", preset = true, required = true, type = "bool", example = true, doc = "A flag." },
       |                                             ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(FLAG, r#"{ name = "flag", in = "query", excludes = ["sise"], type = "bool","#), @r#"
    spec/albums.toml:17:48: `excludes` names optional parameters, found `sise`, which no parameter is called
       |
    17 |     { name = "flag", in = "query", excludes = ["sise"], type = "bool", example = true, doc = "A flag." },
       |                                                ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(FLAG, r#"{ name = "flag", in = "query", excludes = ["flag"], type = "bool","#), @r#"
    spec/albums.toml:17:48: `excludes` names optional parameters, found `flag`, which is itself
       |
    17 |     { name = "flag", in = "query", excludes = ["flag"], type = "bool", example = true, doc = "A flag." },
       |                                                ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(FLAG, r#"{ name = "flag", in = "query", excludes = ["album_id"], type = "bool","#), @r#"
    spec/albums.toml:17:48: `excludes` names optional parameters, found `album_id`, but a required one excludes nothing
       |
    17 |     { name = "flag", in = "query", excludes = ["album_id"], type = "bool", example = true, doc = "A flag." },
       |                                                ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn smaller_ranges_and_totals() {
    assert_snapshot!(said(SIZE, r#"{ name = "size", in = "query", development_max = 9, type = "u8","#), @r#"
    spec/albums.toml:16:54: `development_max` is less than `max`, and at least `min`
       |
    16 |     { name = "size", in = "query", development_max = 9, type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                                      ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(said(FLAG, r#"{ name = "flag", in = "query", development_max = 9, type = "bool","#), @r#"
    spec/albums.toml:17:54: only an integer has `min` and `max`: remove them
       |
    17 |     { name = "flag", in = "query", development_max = 9, type = "bool", example = true, doc = "A flag." },
       |                                                      ^
    1 mistake in the table of endpoints
    "#);
    let total = |total: &str| {
        said("returns     = \"Album\"", &format!("returns     = \"Album\"\ntotal       = {total}"))
    };
    assert_snapshot!(total(r#"{ params = ["size", "flag"], max = 9 }"#), @r#"
    spec/albums.toml:13:35: `total.params` names integers or lists among the parameters, found `flag`
       |
    13 | total       = { params = ["size", "flag"], max = 9 }
       |                                   ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(total(r#"{ params = ["size"], max = 9 }"#), @r#"
    spec/albums.toml:13:15: a total is of two parameters or more: for one, use its `max`
       |
    13 | total       = { params = ["size"], max = 9 }
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(total(r#"{ params = ["size", "size"], min = 10, max = 9 }"#), @r#"
    spec/albums.toml:13:60: `min` is 10, which is above `max`, 9
       |
    13 | total       = { params = ["size", "size"], min = 10, max = 9 }
       |                                                            ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(total(r#"{ params = ["size", "size"] }"#), @r#"
    spec/albums.toml:13:15: `total` lacks `max` (the greatest sum that Spotify takes)
       |
    13 | total       = { params = ["size", "size"] }
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn one_of_several() {
    let any_of = |names: &str| {
        said("returns     = \"Album\"", &format!("returns     = \"Album\"\nany_of      = {names}"))
    };
    assert_snapshot!(any_of(r#"["size", "album_id", "nobody"]"#), @r#"
    spec/albums.toml:13:24: `any_of` names parameters that are not required, found `album_id`
       |
    13 | any_of      = ["size", "album_id", "nobody"]
       |                        ^^^^^^^^^^
    spec/albums.toml:13:36: `any_of` names parameters that are not required, found `nobody`
       |
    13 | any_of      = ["size", "album_id", "nobody"]
       |                                    ^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(any_of(r#"["size"]"#), @r#"
    spec/albums.toml:13:16: `any_of` is of two parameters or more: for one, use its `required`
       |
    13 | any_of      = ["size"]
       |                ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn lists_that_go_on() {
    let chunk =
        |chunk: &str| said(r#"chunk       = { by = "album_ids", max = 20, join = "unit" }"#, chunk);
    assert_snapshot!(chunk(r#"chunk       = { by = "album_ids", max = 20, join = "unit", advance = "place" }"#), @r#"
    spec/albums.toml:49:70: `chunk.advance` names an integer among the parameters, found `place`
       |
    49 | chunk       = { by = "album_ids", max = 20, join = "unit", advance = "place" }
       |                                                                      ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(chunk(r#"chunk       = { by = "album_ids", max = 20, join = "unit", then = "save_album" }"#), @r#"
    spec/albums.toml:49:67: no row has the name `save_album`: did you mean `save_albums`?
       |
    49 | chunk       = { by = "album_ids", max = 20, join = "unit", then = "save_album" }
       |                                                                   ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(chunk(r#"chunk       = { by = "album_ids", max = 20, join = "unit", then = "are_albums_saved" }"#), @r#"
    spec/albums.toml:49:67: `are_albums_saved` needs `album_ids`, which `save_albums` does not have alike
       |
    49 | chunk       = { by = "album_ids", max = 20, join = "unit", then = "are_albums_saved" }
       |                                                                   ^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(chunk(r#"chunk       = { by = "album_ids", max = 20, join = "unit", then = "get_album" }"#), @r#"
    spec/albums.toml:49:67: `get_album` is to take the rest of `album_ids`, so its `chunk.by` names that too
       |
    49 | chunk       = { by = "album_ids", max = 20, join = "unit", then = "get_album" }
       |                                                                   ^^^^^^^^^^^
    spec/albums.toml:49:67: `get_album` needs `album_id`, which `save_albums` does not have alike
       |
    49 | chunk       = { by = "album_ids", max = 20, join = "unit", then = "get_album" }
       |                                                                   ^^^^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    let last = |returns: &str, empty: &str| {
        said(
            "returns     = \"()\"\nsuccess     = [204]\nchunk       = { by = \"album_ids\", max = 20, join = \"unit\" }",
            &format!(
                "returns     = \"{returns}\"\nchunk       = {{ by = \"album_ids\", max = 20, join = \"last\"{empty} }}"
            ),
        )
    };
    assert_snapshot!(last("Snapshot", ""), @r#"
    spec/albums.toml:48:52: `last` keeps the last answer, and an empty list has none, so `returns` is an `Option<…>`, found `Snapshot`
       |
    48 | chunk       = { by = "album_ids", max = 20, join = "last" }
       |                                                    ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(last("Option<Snapshot>", ", send_empty = true"), @r#"
    spec/albums.toml:48:52: `last` keeps the last answer, and there is one, so `returns` is a single value, found `Option<Snapshot>`
       |
    48 | chunk       = { by = "album_ids", max = 20, join = "last", send_empty = true }
       |                                                    ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn words_with_an_answer() {
    assert_snapshot!(said(r#"{ word = "long_term","#, r#"{ word = "long_term", within = "x","#), @r#"
    spec/vocabulary.toml:29:36: only a word with an `answer` says `within` which member it stands
       |
    29 |     { word = "long_term", within = "x", doc = "about one year." },
       |                                    ^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn choosing_members_is_for_an_optional_parameter_of_the_query() {
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "query", selects = true, required = true, type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:14: `selects` is for an optional parameter in the query, which walks look at
       |
    19 |     { name = "title", in = "query", selects = true, required = true, type = "String", example = "Tron", doc = "A title." },
       |              ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn keys_within_a_list_and_members_of_words() {
    assert_snapshot!(said(TITLE, r#"{ name = "title", in = "body", list = true, each = "a b", type = "String", example = ["Tron"],"#), @r#"
    spec/albums.toml:19:28: a GET has no body: write `in = "query"`, or another `method`
       |
    19 |     { name = "title", in = "body", list = true, each = "a b", type = "String", example = ["Tron"], doc = "A title." },
       |                            ^^^^^^
    spec/albums.toml:19:56: a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`, found `a b`
       |
    19 |     { name = "title", in = "body", list = true, each = "a b", type = "String", example = ["Tron"], doc = "A title." },
       |                                                        ^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(said(r#"answer = "Artist", doc"#, r#"answer = "Artist", within = "a.b", doc"#), @r#"
    spec/vocabulary.toml:37:53: `within` is the name of one member, or `[0]` for the first of a list, found `a.b`
       |
    37 |     { word = "artists", answer = "Artist", within = "a.b", doc = "the top artists." },
       |                                                     ^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn the_row_that_takes_the_rest_takes_as_many() {
    let row = row(
        "move_albums",
        "/me/album-moves",
        r#"chunk = { by = "album_ids", max = 50, join = "concat", then = "are_albums_saved" }
params = [{ name = "album_ids", in = "query", type = "AlbumId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX"], doc = "The albums." }]
"#,
    );
    let row = row.replace(r#"returns = "Album""#, r#"returns = "Vec<bool>""#);
    assert_snapshot!(said_with(&row), @r#"
    spec/zoo.toml:14:63: `are_albums_saved` takes 19 in a request, fewer than the 50 that it is to be given
       |
    14 | chunk = { by = "album_ids", max = 50, join = "concat", then = "are_albums_saved" }
       |                                                               ^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn the_sample_of_several_wanted_is_a_setter() {
    // Were the argument taken for a setter, the sample would call a method that is not there.
    let row = row(
        "get_mix",
        "/mixes/{album_id}",
        r#"total = { params = ["width", "weight"], min = 1, max = 9 }
params = [
    { name = "width", in = "query", type = "u8", required = true, example = 5, doc = "A width." },
    { name = "weight", in = "query", type = "u8", example = 3, doc = "A weight." },
    { name = "album_id", in = "path", type = "AlbumId", required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
]
"#,
    );
    let mut files = crate::table::files();
    files.push((
        "spec/zoo.toml".to_owned(),
        format!("[area]\nname = \"Zoo\"\nsummary = \"More.\"\n{row}"),
    ));
    let generated = crate::codegen::generate_files(&files, &[])
        .map_err(|problems| problems.to_string())
        .unwrap();
    let text: String = generated.iter().map(|(_, text)| text.as_str()).collect();
    assert!(!text.contains(".width("), "{text}");
    assert!(text.contains(r#"get_mix(5, "382ObEPsp2rxGrnsizN5TX").weight(3).send()"#), "{text}");
}

#[test]
fn a_carriage_return_in_a_text_makes_no_bad_rust() {
    let summary = "summary     = \"Get a user, or with `None` the current one.\"\n";
    let files =
        crate::table::edited(&[(summary, &format!("{summary}replacement = \"one\\ranother\"\n"))]);
    let generated = crate::codegen::generate_files(&files, &[])
        .map_err(|problems| problems.to_string())
        .unwrap();
    for (name, text) in generated {
        assert!(syn::parse_file(&text).is_ok() && !text.contains('\r'), "{name}");
    }
}
