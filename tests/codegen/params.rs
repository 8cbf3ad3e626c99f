//! Messages about a parameter.

use insta::assert_snapshot;

use crate::test_table::{generated_after, problems_after};

#[test]
fn invalid_parameter_names_are_reported() {
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "Size""#), @r#"
    spec/albums.toml:16:14: a name is written in snake_case, found `Size`: write `size`
       |
    16 |     { name = "Size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "type""#), @r#"
    spec/albums.toml:16:14: `type` is a keyword of Rust: choose another name and set `key = "type"`
       |
    16 |     { name = "type", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "self""#), @r#"
    spec/albums.toml:16:14: `self` is a keyword of Rust: choose another name and set `key = "self"`
       |
    16 |     { name = "self", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "send""#), @r#"
    spec/albums.toml:16:14: `send` is a method of every request and cannot be a setter too: choose another name and set `key = "send"`
       |
    16 |     { name = "send", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "flag""#), @r#"
    spec/albums.toml:17:14: two parameters have the name `flag`, the first at spec/albums.toml:16
       |
    17 |     { name = "flag", in = "query", type = "bool", example = true, doc = "A flag." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "size", key = "flag""#), @r#"
    spec/albums.toml:17:14: two parameters have the key `flag` in the query, the first at spec/albums.toml:16
       |
    17 |     { name = "flag", in = "query", type = "bool", example = true, doc = "A flag." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "size", key = "the size""#), @r#"
    spec/albums.toml:16:28: a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`, found `the size`
       |
    16 |     { name = "size", key = "the size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                            ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_parameter_locations_are_reported() {
    assert_snapshot!(problems_after(r#"name = "size", in = "query""#, r#"name = "size", in = "header""#), @r#"
    spec/albums.toml:16:27: `in` must be `path`, `query` or `body`, found `header`
       |
    16 |     { name = "size", in = "header", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                           ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size", in = "query""#, r#"name = "size", in = "body""#), @r#"
    spec/albums.toml:16:27: a GET has no body: write `in = "query"`, or another `method`
       |
    16 |     { name = "size", in = "body", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                           ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn unknown_parameter_types_are_reported() {
    assert_snapshot!(problems_after(r#"type = "u8""#, r#"type = "usize""#), @r#"
    spec/albums.toml:16:43: unknown type `usize`, expected `bool`, `String`, `Market`, `Timestamp`, `TimestampedId`, `SpotifyUri`, `Jpeg`, `Tuning`, `Duration`, `SystemTime`, `u32` or another integer, or the name of an `[[id]]` or `[[enum]]`
       |
    16 |     { name = "size", in = "query", type = "usize", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                           ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8""#, r#"type = "AlbumID""#), @r#"
    spec/albums.toml:16:43: unknown type `AlbumID`: did you mean `AlbumId`?
       |
    16 |     { name = "size", in = "query", type = "AlbumID", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                           ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8""#, r#"type = "Vec<u8>""#), @r#"
    spec/albums.toml:16:43: unknown type `Vec<u8>`: use the type of an element and `list = true`
       |
    16 |     { name = "size", in = "query", type = "Vec<u8>", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                           ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8""#, r#"type = "Option<u8>""#), @r#"
    spec/albums.toml:16:43: unknown type `Option<u8>`: use the type without `Option`; a parameter without `required` is optional
       |
    16 |     { name = "size", in = "query", type = "Option<u8>", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                           ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_ranges_and_defaults_are_reported() {
    assert_snapshot!(problems_after("min = 1, max = 9", "min = 9, max = 1"), @r#"
    spec/albums.toml:16:55: `min` is 9, which is above `max`, 1
       |
    16 |     { name = "size", in = "query", type = "u8", min = 9, max = 1, default = 3, example = 5, doc = "A size." },
       |                                                       ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("min = 1, max = 9", "min = -1, max = 256"), @r#"
    spec/albums.toml:16:55: `min` is -1, which is out of range for `u8`
       |
    16 |     { name = "size", in = "query", type = "u8", min = -1, max = 256, default = 3, example = 5, doc = "A size." },
       |                                                       ^^
    spec/albums.toml:16:65: `max` is 256, which is out of range for `u8`
       |
    16 |     { name = "size", in = "query", type = "u8", min = -1, max = 256, default = 3, example = 5, doc = "A size." },
       |                                                                 ^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "bool","#, r#"type = "bool", max = 1,"#), @r#"
    spec/albums.toml:17:57: only an integer has `min` and `max`: remove them
       |
    17 |     { name = "flag", in = "query", type = "bool", max = 1, example = true, doc = "A flag." },
       |                                                         ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("default = 3", "default = 10"), @r#"
    spec/albums.toml:16:77: the default of `size` must be an integer from 1 to 9, found the integer `10`
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 10, example = 5, doc = "A size." },
       |                                                                             ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("default = 3", "default = \"3\""), @r#"
    spec/albums.toml:16:77: the default of `size` must be an integer from 1 to 9, found the string `3`
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = "3", example = 5, doc = "A size." },
       |                                                                             ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 9, default = 3, example = 5", "max = 9, example = 10"), @r#"
    spec/albums.toml:16:77: the example of `size` must be an integer from 1 to 9, found the integer `10`
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, example = 10, doc = "A size." },
       |                                                                             ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = 50, doc = \"A limit of", "example = -1, doc = \"A limit of"), @r#"
    spec/users.toml:18:71: the example of `limit` must be an integer from 0 to 50, found the integer `-1`
       |
    18 |     { name = "limit", in = "query", type = "u16", max = 50, example = -1, doc = "A limit of artists." },
       |                                                                       ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("required = true, example = \"artists\"", "required = true, default = \"tracks\", example = \"artists\""), @r#"
    spec/users.toml:46:99: a required parameter has no `default`: remove one of the two
       |
    46 |     { name = "item_type", in = "path", key = "type", type = "TopItem", required = true, default = "tracks", example = "artists", doc = "Artists or tracks." },
       |                                                                                                   ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_examples_are_reported() {
    assert_snapshot!(problems_after("default = 3, example = 5, ", ""), @r#"
    spec/albums.toml:16:14: the parameter `size` lacks `example` (a value, which snapshots and documentation use)
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, doc = "A size." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = 5,", "example = \"5\","), @r#"
    spec/albums.toml:16:90: the example of `size` must be an integer from 1 to 9, found the string `5`
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = "5", doc = "A size." },
       |                                                                                          ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = 5,", "example = 5.0,"), @r#"
    spec/albums.toml:16:90: `example` must be a string, an integer, a boolean, or a list or table of these, found a number with a fraction
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5.0, doc = "A size." },
       |                                                                                          ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = 5,", "example = [5],"), @r#"
    spec/albums.toml:16:90: the example of `size` must be an integer from 1 to 9, found a list
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = [5], doc = "A size." },
       |                                                                                          ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = 5,", "example = 99999999999999999999,"), @r#"
    spec/albums.toml:16:90: `example` must be a string, an integer, a boolean, or a list or table of these, found one of more than 64 bits
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 99999999999999999999, doc = "A size." },
       |                                                                                          ^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("example = true", "example = \"yes\""), @r#"
    spec/albums.toml:17:61: the example of `flag` must be `true` or `false`, found the string `yes`
       |
    17 |     { name = "flag", in = "query", type = "bool", example = "yes", doc = "A flag." },
       |                                                             ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Tron""#, "5"), @r#"
    spec/albums.toml:19:64: the example of `title` must be a string, found the integer `5`
       |
    19 |     { name = "title", in = "query", type = "String", example = 5, doc = "A title." },
       |                                                                ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"required = true, example = "382ObEPsp2rxGrnsizN5TX""#, r#"required = true, example = "382""#), @r#"
    spec/albums.toml:15:96: the example of `album_id` must be an id of 22 characters (0-9, a-z, A-Z), found the string `382`
       |
    15 |     { name = "album_id", in = "path", key = "id", type = "AlbumId", required = true, example = "382", doc = "The album." },
       |                                                                                                ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"example = "smedjan", doc = "The user."#, r#"example = "", doc = "The user."#), @r#"
    spec/users.toml:59:86: the example of `user_id` must be an id, found an empty string
       |
    59 |     { name = "user_id", in = "path", type = "UserId", when_absent = "/me", example = "", doc = "The user." },
       |                                                                                      ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""spotify:album:382ObEPsp2rxGrnsizN5TX""#, r#""382ObEPsp2rxGrnsizN5TX""#), @r#"
    spec/albums.toml:22:85: the example of `uri` must be a URI of the kind `album`, as in "spotify:album:382ObEPsp2rxGrnsizN5TX", found the string `382ObEPsp2rxGrnsizN5TX`
       |
    22 |     { name = "uri", in = "query", type = "SpotifyUri", kinds = ["album"], example = "382ObEPsp2rxGrnsizN5TX", doc = "A URI." },
       |                                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""spotify:album:382ObEPsp2rxGrnsizN5TX""#, r#""spotify:album:382""#), @r#"
    spec/albums.toml:22:85: the example of `uri` must be a URI of the kind `album`, as in "spotify:album:382ObEPsp2rxGrnsizN5TX", found the string `spotify:album:382`
       |
    22 |     { name = "uri", in = "query", type = "SpotifyUri", kinds = ["album"], example = "spotify:album:382", doc = "A URI." },
       |                                                                                     ^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""spotify:album:382ObEPsp2rxGrnsizN5TX""#, r#""spotify:user:smedjan""#), @r#"
    spec/albums.toml:22:85: the example of `uri` must be a URI of the kind `album`, as in "spotify:album:382ObEPsp2rxGrnsizN5TX", found the string `spotify:user:smedjan`
       |
    22 |     { name = "uri", in = "query", type = "SpotifyUri", kinds = ["album"], example = "spotify:user:smedjan", doc = "A URI." },
       |                                                                                     ^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""FI""#, r#""fi""#), @r#"
    spec/albums.toml:20:66: the example of `country` must be two uppercase letters, as in "FI", found the string `fi`
       |
    20 |     { name = "country", in = "query", type = "Market", example = "fi", doc = "A market." },
       |                                                                  ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"example = "2017-05-26T00:00:00Z""#, r#"example = "2017-05-26""#), @r#"
    spec/albums.toml:21:67: the example of `since` must be a time of the form "2017-05-26T00:00:00Z", found the string `2017-05-26`
       |
    21 |     { name = "since", in = "query", type = "Timestamp", example = "2017-05-26", doc = "A moment." },
       |                                                                   ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"example = "2017-05-26T00:00:00Z""#, r#"example = "2026-02-30T00:00:00Z""#), @r#"
    spec/albums.toml:21:67: the example of `since` must be a time of the form "2017-05-26T00:00:00Z" with a day from 01 to 28 in 2026-02, found the string `2026-02-30T00:00:00Z`
       |
    21 |     { name = "since", in = "query", type = "Timestamp", example = "2026-02-30T00:00:00Z", doc = "A moment." },
       |                                                                   ^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"added_at = "2017-05-26T00:00:00Z""#, r#"added_at = "2017-05-26T25:00:00Z""#), @r#"
    spec/albums.toml:53:164: the example of `album_ids` must be an id of 22 characters (0-9, a-z, A-Z), alone or in `{ id = "…", added_at = "2017-05-26T00:00:00Z" }` with an hour from 00 to 23, found a table
       |
    53 |     { name = "album_ids", in = "body", key = "timed", bare_key = "ids", type = "TimestampedId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", { id = "1A2GTWGtFfWp7KSQTwWOyo", added_at = "2017-05-26T25:00:00Z" }], doc = "The albums." },
       |                                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"example = "2017-05-26T00:00:00Z""#, r#"example = 2017-05-26T00:00:00Z"#), @r#"
    spec/albums.toml:21:67: `example` must be a string, an integer, a boolean, or a list or table of these, found a time without quotes
       |
    21 |     { name = "since", in = "query", type = "Timestamp", example = 2017-05-26T00:00:00Z, doc = "A moment." },
       |                                                                   ^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"example = "long_term""#, r#"example = "forever""#), @r#"
    spec/albums.toml:18:66: the example of `word` must be `long_term` or `short_term`, found the string `forever`
       |
    18 |     { name = "word", in = "query", type = "TimeRange", example = "forever", doc = "A word." },
       |                                                                  ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"added_at = "2017-05-26T00:00:00Z""#, r#"added_at = "today""#), @r#"
    spec/albums.toml:53:164: the example of `album_ids` must be an id of 22 characters (0-9, a-z, A-Z), alone or in `{ id = "…", added_at = "2017-05-26T00:00:00Z" }`, found a table
       |
    53 |     { name = "album_ids", in = "body", key = "timed", bare_key = "ids", type = "TimestampedId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", { id = "1A2GTWGtFfWp7KSQTwWOyo", added_at = "today" }], doc = "The albums." },
       |                                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#", added_at = "2017-05-26T00:00:00Z" }"#, " }"), @r#"
    spec/albums.toml:53:164: the example of `album_ids` must be an id of 22 characters (0-9, a-z, A-Z), alone or in `{ id = "…", added_at = "2017-05-26T00:00:00Z" }`, found a table
       |
    53 |     { name = "album_ids", in = "body", key = "timed", bare_key = "ids", type = "TimestampedId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", { id = "1A2GTWGtFfWp7KSQTwWOyo" }], doc = "The albums." },
       |                                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_list_examples_are_reported() {
    assert_snapshot!(problems_after(r#"["382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo"]"#, r#""382ObEPsp2rxGrnsizN5TX""#), @r#"
    spec/albums.toml:68:112: the example of `album_ids` is a list of at least one value, as the parameter is, found the string `382ObEPsp2rxGrnsizN5TX`
       |
    68 |     { name = "album_ids", in = "query", key = "ids", type = "AlbumId", list = true, required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The saved albums." },
       |                                                                                                                ^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"["382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo"]"#, "[]"), @r#"
    spec/albums.toml:68:112: the example of `album_ids` is a list of at least one value, as the parameter is, found an empty list
       |
    68 |     { name = "album_ids", in = "query", key = "ids", type = "AlbumId", list = true, required = true, example = [], doc = "The saved albums." },
       |                                                                                                                ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""1A2GTWGtFfWp7KSQTwWOyo"]"#, r#""1A2", 5]"#), @r#"
    spec/albums.toml:68:139: the example of `album_ids` must be an id of 22 characters (0-9, a-z, A-Z), found the string `1A2`
       |
    68 |     { name = "album_ids", in = "query", key = "ids", type = "AlbumId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", "1A2", 5], doc = "The saved albums." },
       |                                                                                                                                           ^^^^^
    spec/albums.toml:68:146: the example of `album_ids` must be an id of 22 characters (0-9, a-z, A-Z), found the integer `5`
       |
    68 |     { name = "album_ids", in = "query", key = "ids", type = "AlbumId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", "1A2", 5], doc = "The saved albums." },
       |                                                                                                                                                  ^
    2 mistakes in the table of endpoints
    "#);
}

#[test]
fn misplaced_kinds_and_bare_key_are_reported() {
    assert_snapshot!(problems_after(r#"kinds = ["album"]"#, r#"kinds = ["albun", "user", "user"]"#), @r#"
    spec/albums.toml:22:65: no `[[id]]` has the uri `albun`: did you mean `album`?
       |
    22 |     { name = "uri", in = "query", type = "SpotifyUri", kinds = ["albun", "user", "user"], example = "spotify:album:382ObEPsp2rxGrnsizN5TX", doc = "A URI." },
       |                                                                 ^^^^^^^
    spec/albums.toml:22:82: the kind `user` is named twice
       |
    22 |     { name = "uri", in = "query", type = "SpotifyUri", kinds = ["albun", "user", "user"], example = "spotify:album:382ObEPsp2rxGrnsizN5TX", doc = "A URI." },
       |                                                                                  ^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8""#, r#"type = "u8", kinds = ["album"]"#), @r#"
    spec/albums.toml:16:58: only a `SpotifyUri` has `kinds`: remove them
       |
    16 |     { name = "size", in = "query", type = "u8", kinds = ["album"], min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                                          ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8""#, r#"type = "u8", bare_key = "sizes""#), @r#"
    spec/albums.toml:16:60: only a list in the body has a `bare_key`, for elements that are ids alone
       |
    16 |     { name = "size", in = "query", type = "u8", bare_key = "sizes", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                                            ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn a_named_parameter_is_a_required_setter() {
    assert_snapshot!(problems_after(r#"default = 3, example = 5"#, r#"named = true, example = 5"#), @r#"
    spec/albums.toml:16:14: `named` is for a required parameter in the query or the body
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, named = true, example = 5, doc = "A size." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    let text = generated_after(
        r#"default = 3, example = 5"#,
        r#"required = true, named = true, example = 5"#,
    );
    assert!(text.contains("- **Required setters**: [`size`](GetAlbum::size)"), "{text}");
    assert!(text.contains("pub fn size("), "{text}");
}

#[test]
fn any_integer_type_is_an_argument_so_the_range_is_that_of_the_type() {
    let text = generated_after(r#"min = 1, max = 9, default = 3"#, r#"default = 3"#);
    assert!(text.contains(".min(0)") && text.contains(".max(255)"), "{text}");
    let text = generated_after(
        r#"type = "u8", min = 1, max = 9, default = 3"#,
        r#"type = "i64", default = 3"#,
    );
    let size = text
        .split(r#"ParamInfo::query("size""#)
        .nth(1)
        .and_then(|rest| rest.split(".summary(").next());
    assert!(size.is_some_and(|size| !size.contains(".min(")), "{text}");
}
