//! Messages about `[[scope]]`, `[[id]]` and `[[enum]]`.

use insta::assert_snapshot;

use crate::test_table::{generated_after, problems_after};

#[test]
fn invalid_scope_definitions_are_reported() {
    assert_snapshot!(problems_after("name = \"user-top-read\"\n", "name = \"user-library-read\"\n"), @r#"
    spec/vocabulary.toml:6:8: the scope `user-library-read` already exists: remove one
      |
    6 | name = "user-library-read"
      |        ^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"user-top-read\"\n", "name = \"User Top\"\n"), @r#"
    spec/vocabulary.toml:6:8: a scope is written as Spotify does, as in `user-library-read`, found `User Top`
      |
    6 | name = "User Top"
      |        ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"user-top-read\"\n", "name = \"other\"\n"), @r#"
    spec/users.toml:42:30: unknown scope `user-top-read`: add it as a `[[scope]]`
       |
    42 | scopes       = { required = ["user-top-read"] }
       |                              ^^^^^^^^^^^^^^^
    spec/vocabulary.toml:6:8: `Other` is taken: such a scope needs other code
      |
    6 | name = "other"
      |        ^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after("user's top artists and tracks.\"", "user's top artists and tracks\""), @r#"
    spec/vocabulary.toml:7:50: the `summary` of a scope ends with a period: add one
      |
    7 | summary = "read the user's top artists and tracks"
      |                                                  ^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_id_types_are_reported() {
    assert_snapshot!(problems_after("name = \"AlbumId\"\n", "name = \"UserId\"\n"), @r#"
    spec/users.toml:17:64: the example of `after` must be an id of 22 characters (0-9, a-z, A-Z), found the string `smedjan`
       |
    17 |     { name = "after", in = "query", type = "UserId", example = "smedjan", doc = "A cursor." },
       |                                                                ^^^^^^^^^
    spec/users.toml:59:86: the example of `user_id` must be an id of 22 characters (0-9, a-z, A-Z), found the string `smedjan`
       |
    59 |     { name = "user_id", in = "path", type = "UserId", when_absent = "/me", example = "smedjan", doc = "The user." },
       |                                                                                      ^^^^^^^^^
    spec/vocabulary.toml:18:8: the name `UserId` is taken by a type at spec/vocabulary.toml:10: choose another
       |
    18 | name = "UserId"
       |        ^^^^^^^^
    3 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"AlbumId\"\n", "name = \"Album\"\n"), @r#"
    spec/vocabulary.toml:10:8: the name of a type of id ends in `Id`, as in `AlbumId`, found `Album`
       |
    10 | name = "Album"
       |        ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"AlbumId\"\n", "name = \"album_id\"\n"), @r#"
    spec/vocabulary.toml:10:8: a type is written in UpperCamelCase, as in `TimeRange`, found `album_id`
       |
    10 | name = "album_id"
       |        ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"AlbumId\"\n", "name = \"LocalId\"\n"), @r#"
    spec/vocabulary.toml:10:8: `SpotifyUri` has another use for this name: choose another
       |
    10 | name = "LocalId"
       |        ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"AlbumId\"\n", "name = \"TimestampedId\"\n"), @r#"
    spec/vocabulary.toml:10:8: `TimestampedId` is a type of the crate or of Rust: choose another name
       |
    10 | name = "TimestampedId"
       |        ^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("form = \"text\"", "form = \"base64\""), @r#"
    spec/vocabulary.toml:22:8: the `form` of an id must be `base62`, `text` or `bare`, found `base64`
       |
    22 | form = "base64"
       |        ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("uri = \"user\"", "uri = \"album\""), @r#"
    spec/vocabulary.toml:20:7: `AlbumId` already has the uri `album`
       |
    20 | uri = "album"
       |       ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("path = \"albums\"", "path = \"/albums\""), @r#"
    spec/vocabulary.toml:13:8: the `path` of a type of id is one word in lowercase letters, found `/albums`
       |
    13 | path = "/albums"
       |        ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = \"382ObEPsp2rxGrnsizN5TX\"\n", "example = \"382\"\n"), @r#"
    spec/vocabulary.toml:15:11: a base62 id has 22 of 0-9, a-z, A-Z, found `382` with 3
       |
    15 | example = "382"
       |           ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = \"smedjan\"\n", "example = \"a \\\"name\\\"\"\n"), @r#"
    spec/vocabulary.toml:23:11: the example of an id is made of 0-9, a-z, A-Z, `-`, `_` and `.`, found `a "name"`
       |
    23 | example = "a \"name\""
       |           ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn a_type_with_a_name_of_the_root_is_rejected() {
    // The root of the crate exports these beside the types of the table.
    for name in ["App", "Error", "Login", "Page", "RawResponse", "Scope", "Spotify", "Timestamp"] {
        let text = problems_after("name = \"TimeRange\"\n", &format!("name = \"{name}\"\n"));
        assert!(text.contains(&format!("`{name}` is a type of the crate or of Rust")), "{text}");
    }
}

#[test]
fn invalid_enums_are_reported() {
    assert_snapshot!(problems_after("name = \"TimeRange\"\n", "name = \"TopItem\"\n"), @r#"
    spec/users.toml:46:99: the example of `item_type` must be `long_term` or `short_term`, found the string `artists`
       |
    46 |     { name = "item_type", in = "path", key = "type", type = "TopItem", required = true, example = "artists", doc = "Artists or tracks." },
       |                                                                                                   ^^^^^^^^^
    spec/vocabulary.toml:34:8: the name `TopItem` is taken by a type at spec/vocabulary.toml:26: choose another
       |
    34 | name = "TopItem"
       |        ^^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"TimeRange\"\n", "name = \"Time range\"\n"), @r#"
    spec/vocabulary.toml:26:8: a type is written in UpperCamelCase, as in `TimeRange`, found `Time range`
       |
    26 | name = "Time range"
       |        ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"TimeRange\"\n", "name = \"Market\"\n"), @r#"
    spec/vocabulary.toml:26:8: `Market` is a type of the crate or of Rust: choose another name
       |
    26 | name = "Market"
       |        ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("[[enum]]\nname = \"TimeRange\"", "[[enum]]\nname = \"Empty\"\nsummary = \"None.\"\n\n[[enum]]\nname = \"TimeRange\""), @r#"
    spec/vocabulary.toml:26:8: an enum needs `values`, a list of `{ value = "…", doc = "…" }`
       |
    26 | name = "Empty"
       |        ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_open_enums_are_reported() {
    assert_snapshot!(problems_after("summary = \"What to ask for.\"\n", "summary = \"What to ask for.\"\nopen = true\n"), @r#"
    spec/vocabulary.toml:36:8: an enum whose values have an `item` cannot be `open`
       |
    36 | open = true
       |        ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("summary = \"The span of listening.\"\nvalues = [", "summary = \"The span of listening.\"\nopen = true\nvalues = [\n    { value = \"other\", doc = \"another.\" },"), @r#"
    spec/vocabulary.toml:30:15: `Other` is the variant of an `open` enum for unknown values
       |
    30 |     { value = "other", doc = "another." },
       |               ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_enum_values_are_reported() {
    assert_snapshot!(problems_after("value = \"short_term\"", "value = \"long-term\""), @r#"
    spec/vocabulary.toml:30:15: `long_term` is already called `LongTerm` in Rust
       |
    30 |     { value = "long-term", doc = "about four weeks." },
       |               ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("value = \"short_term\"", "value = \"4_weeks\""), @r#"
    spec/vocabulary.toml:30:15: a value begins with a letter and is made of a-z, A-Z, 0-9, `-` and `_`, found `4_weeks`
       |
    30 |     { value = "4_weeks", doc = "about four weeks." },
       |               ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("value = \"short_term\"", "value = \"kürz\""), @r#"
    spec/vocabulary.toml:30:15: a value begins with a letter and is made of a-z, A-Z, 0-9, `-` and `_`, found `kürz`
       |
    30 |     { value = "kürz", doc = "about four weeks." },
       |               ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("value = \"short_term\"", "value = \"self\""), @r#"
    spec/vocabulary.toml:30:15: `Self` cannot be the name of a variant in Rust
       |
    30 |     { value = "self", doc = "about four weeks." },
       |               ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("value = \"tracks\", item = \"Track\"", "value = \"tracks\""), @r#"
    spec/vocabulary.toml:38:15: `tracks` has no `item`, but other values have one: add it to all or to none
       |
    38 |     { value = "tracks", doc = "the top tracks." },
       |               ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("item = \"Track\"", "item = \"Track>\""), @r#"
    spec/vocabulary.toml:38:32: `item` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found `Track>`
       |
    38 |     { value = "tracks", item = "Track>", doc = "the top tracks." },
       |                                ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("item = \"Track\"", "item = \"Vec<Tracks>\""), @r#"
    spec/vocabulary.toml:38:32: the `item` of a value is the name of a model, found `Vec<Tracks>`
       |
    38 |     { value = "tracks", item = "Vec<Tracks>", doc = "the top tracks." },
       |                                ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("value = \"short_term\", ", ""), @r#"
    spec/vocabulary.toml:30:5: this value lacks `value` (as Spotify writes it)
       |
    30 |     { doc = "about four weeks." },
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn bare_ids_have_neither_uri_nor_link() {
    let path = "uri = \"user\"\npath = \"users\"\nform = \"text\"";
    assert_snapshot!(problems_after(path, "uri = \"user\"\npath = \"users\"\nform = \"bare\""), @r#"
    spec/users.toml:32:105: no `[[id]]` has the uri `user`
       |
    32 |     { name = "uris", in = "query", type = "SpotifyUri", list = true, required = true, kinds = ["album", "user"], example = ["spotify:user:smedjan"], doc = "The items." },
       |                                                                                                         ^^^^^^
    spec/vocabulary.toml:21:1: the type of id `UserId` has an unknown key, `path`: expected `name`, `summary`, `uri`, `form`, `example` or `also`
       |
    21 | path = "users"
       | ^^^^
    2 mistakes in the table of endpoints
    "#);
    let enums = "[[enum]]\nname = \"TimeRange\"";
    let device = "[[id]]\nname = \"DeviceId\"\nsummary = \"A device.\"\nuri = \"device\"\nform = \"bare\"\nexample = \"d1\"\n";
    let text = generated_after(enums, &format!("{device}{enums}"));
    assert!(text.contains("spotify_uri! { Album : AlbumId, User : UserId }"), "{text}");
    assert!(!text.contains("uri_type!(DeviceId") && text.contains("Form::Bare"), "{text}");
}
