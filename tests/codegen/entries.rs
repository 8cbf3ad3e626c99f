//! Messages about the keys of an entry, such as `name`, `path` and `fallback`, and about duplicate entries.

use insta::assert_snapshot;

use crate::test_table::{edited, entry, problems_after, problems_of, problems_with};

#[test]
fn test_table_has_no_problems() {
    assert_snapshot!(problems_of(&edited(&[])), @"nothing");
}

#[test]
fn invalid_entry_names_are_reported() {
    assert_snapshot!(problems_after(r#""get_album""#, r#""GetAlbum""#), @r#"
    spec/albums.toml:6:16: a name is written in snake_case, found `GetAlbum`: write `get_album`
      |
    6 | name         = "GetAlbum"
      |                ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""get__album_""#), @r#"
    spec/albums.toml:6:16: a name is written in snake_case, found `get__album_`: write `get_album`
      |
    6 | name         = "get__album_"
      |                ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""2nd album""#), @r#"
    spec/albums.toml:6:16: a name is written in snake_case, found `2nd album`: letters a to z and digits, with a single `_` between words
      |
    6 | name         = "2nd album"
      |                ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""get_älbum""#), @r#"
    spec/albums.toml:6:16: a name is written in snake_case, found `get_älbum`: letters a to z and digits, with a single `_` between words
      |
    6 | name         = "get_älbum"
      |                ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""""#), @r#"
    spec/albums.toml:6:16: a name is written in snake_case, found nothing: letters a to z and digits, with a single `_` between words
      |
    6 | name         = ""
      |                ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""match""#), @r#"
    spec/albums.toml:6:16: `match` is a keyword of Rust: choose another name
      |
    6 | name         = "match"
      |                ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""gen""#), @r#"
    spec/albums.toml:6:16: `gen` is a keyword of Rust: choose another name
      |
    6 | name         = "gen"
      |                ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""from_token""#), @r#"
    spec/albums.toml:6:16: `Spotify` already has a method `from_token`: choose another name
      |
    6 | name         = "from_token"
      |                ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""time_range""#), @r#"
    spec/albums.toml:6:16: the request type of this entry would be called `TimeRange`, which is the name of another type: choose another name
      |
    6 | name         = "time_range"
      |                ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""request""#), @r#"
    spec/albums.toml:6:16: `Spotify` already has a method `request`: choose another name
      |
    6 | name         = "request"
      |                ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""get_album""#, r#""page""#), @r#"
    spec/albums.toml:6:16: the request type of this entry would be called `Page`, which is the name of another type: choose another name
      |
    6 | name         = "page"
      |                ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn duplicate_entry_names_are_reported() {
    assert_snapshot!(problems_after(r#""get_saved_albums""#, r#""get_album""#), @r#"
    spec/albums.toml:26:16: the name `get_album` is taken by the entry at spec/albums.toml:6
       |
    26 | name         = "get_album"
       |                ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    let entries = entry("get_top_5", "/a", "") + &entry("get_top5", "/b", "");
    assert_snapshot!(problems_with(&entries), @r#"
    spec/zoo.toml:16:8: the request type of this entry would be called `GetTop5`, like that of `get_top_5`: choose another name
       |
    16 | name = "get_top5"
       |        ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn duplicate_requests_are_reported() {
    let entries = entry(
        "get_a",
        "/things/{a}",
        "params = [{ name = \"a\", in = \"path\", type = \"u32\", required = true, example = 1, doc = \"A.\" }]\n",
    ) + &entry(
        "get_b",
        "/things/{b}",
        "params = [{ name = \"b\", in = \"path\", type = \"u32\", required = true, example = 1, doc = \"B.\" }]\n",
    );
    assert_snapshot!(problems_with(&entries), @r#"
    spec/zoo.toml:21:8: `get_a` already sends GET /things/{a}: such entries need different fixed or required parameters
       |
    21 | path = "/things/{b}"
       |        ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn fixed_and_required_parameters_distinguish_entries() {
    let entries = entry("follow_artists", "/things", "fixed = { type = \"artist\" }\n")
        + &entry("follow_users", "/things", "fixed = { type = \"user\" }\n")
        + &entry("get_things", "/things", "");
    assert_snapshot!(problems_with(&entries), @"nothing");
    let required = |name: &str| {
        format!(
            "params = [{{ name = \"{name}\", in = \"query\", type = \"u32\", required = true, example = 1, doc = \"A.\" }}]\n"
        )
    };
    let entries = entry("replace", "/things", &required("uris"))
        + &entry("reorder", "/things", &required("range_start"));
    assert_snapshot!(problems_with(&entries), @"nothing");
    let optional = required("uris").replace("required = true, ", "");
    let entries = entry("replace", "/things", &optional) + &entry("reorder", "/things", "");
    assert_snapshot!(problems_with(&entries), @r#"
    spec/zoo.toml:21:8: `replace` already sends GET /things: such entries need different fixed or required parameters
       |
    21 | path = "/things"
       |        ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_texts_are_reported() {
    assert_snapshot!(problems_after(r#""Get an album.""#, r#""""#), @r#"
    spec/albums.toml:7:16: the `summary` is empty: write one sentence
      |
    7 | summary      = ""
      |                ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Get an album.""#, r#""  ""#), @r#"
    spec/albums.toml:7:16: the `summary` is empty: write one sentence
      |
    7 | summary      = "  "
      |                ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Get an album.""#, r#""Get an album""#), @r#"
    spec/albums.toml:7:29: the `summary` ends with a period: add one
      |
    7 | summary      = "Get an album"
      |                             ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Get an album.""#, "\"\"\"\nGet an album.\nOr not.\"\"\""), @r#"
    spec/albums.toml:7:16: the `summary` is one sentence on one line, found several lines
      |
    7 | summary      = """
      |                ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Get an album.""#, r#"" Get an album.""#), @r#"
    spec/albums.toml:7:16: the `summary` has spaces around it: remove them
      |
    7 | summary      = " Get an album."
      |                ^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""A size.""#, r#""A size""#), @r#"
    spec/albums.toml:16:106: the `doc` of a parameter ends with a period: add one
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size" },
       |                                                                                                          ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("\"get-an-album\"", "\"\""), @r#"
    spec/albums.toml:8:16: `reference` is the end of the address of Spotify's page, as in `get-an-album`, found nothing
      |
    8 | reference    = ""
      |                ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("\"get-an-album\"", "\"https://spotify.com/get-an-album\""), @r#"
    spec/albums.toml:8:16: `reference` is the end of the address of Spotify's page, as in `get-an-album`, found `https://spotify.com/get-an-album`
      |
    8 | reference    = "https://spotify.com/get-an-album"
      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("\"`PUT /me/library` with URIs\"", "\"\""), @r#"
    spec/albums.toml:51:16: `replacement` is empty: fill it in or remove the key
       |
    51 | replacement  = ""
       |                ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"token        = "app"
returns      = "Album""#, "notes = \" \"\ntoken        = \"app\"\nreturns      = \"Album\""), @r#"
    spec/albums.toml:11:9: `notes` is empty: fill it in or remove the key
       |
    11 | notes = " "
       |         ^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_method_token_availability_and_status_are_reported() {
    assert_snapshot!(problems_after(r#""PUT""#, r#""PATCH""#), @r#"
    spec/albums.toml:44:16: `method` must be `GET`, `POST`, `PUT` or `DELETE`, found `PATCH`
       |
    44 | method       = "PATCH"
       |                ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("token        = \"app\"\nreturns      = \"User\"", "token        = \"client\"\nreturns      = \"User\""), @r#"
    spec/users.toml:55:16: `token` must be `user` or `app`, found `client`
       |
    55 | token        = "client"
       |                ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("availability = \"extended\"\nreplacement", "availability = \"closed\"\nreplacement"), @r#"
    spec/albums.toml:50:16: `availability` must be `all`, `extended` or `legacy`, found `closed`
       |
    50 | availability = "closed"
       |                ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("[204]", "[204, 404, 204, -1]"), @"
    spec/albums.toml:48:22: a status of success is from 200 to 299, found 404
       |
    48 | success      = [204, 404, 204, -1]
       |                      ^^^
    spec/albums.toml:48:27: the status 204 is named twice
       |
    48 | success      = [204, 404, 204, -1]
       |                           ^^^
    spec/albums.toml:48:32: a status of success is from 200 to 299, found -1
       |
    48 | success      = [204, 404, 204, -1]
       |                                ^^
    3 mistakes in the table of endpoints
    ");
}

#[test]
fn invalid_scopes_are_reported() {
    assert_snapshot!(problems_after(r#"["user-library-read"]"#, r#"["user-library-reed"]"#), @r#"
    spec/albums.toml:32:30: unknown scope `user-library-reed`: did you mean `user-library-read`?
       |
    32 | scopes       = { required = ["user-library-reed"] }
       |                              ^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"["user-library-read"]"#, r#"["fly"]"#), @r#"
    spec/albums.toml:32:30: unknown scope `fly`: add it as a `[[scope]]`
       |
    32 | scopes       = { required = ["fly"] }
       |                              ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"{ required = ["user-library-read"] }"#, r#"{ conditional = { "user-reed" = "sometimes." } }"#), @r#"
    spec/albums.toml:32:34: unknown scope `user-reed`: add it as a `[[scope]]`
       |
    32 | scopes       = { conditional = { "user-reed" = "sometimes." } }
       |                                  ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"{ required = ["user-library-read"] }"#, r#"{ alternative = ["user-library-read"] }"#), @r#"
    spec/albums.toml:32:33: `alternative` is a choice between scopes, found one: use `required`
       |
    32 | scopes       = { alternative = ["user-library-read"] }
       |                                 ^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"["user-library-read"] }"#, r#"["user-library-read"], unlocks = { "user-library-read" = "more." } }"#), @r#"
    spec/albums.toml:32:64: the scope `user-library-read` is named twice
       |
    32 | scopes       = { required = ["user-library-read"], unlocks = { "user-library-read" = "more." } }
       |                                                                ^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"{ required = ["user-library-read"] }"#, r#"{ requires = ["user-library-read"] }"#), @r#"
    spec/albums.toml:32:18: `scopes` has an unknown key, `requires`: did you mean `required`?
       |
    32 | scopes       = { requires = ["user-library-read"] }
       |                  ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_paths_are_reported() {
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""albums/{id}""#), @r#"
    spec/albums.toml:10:16: a path begins with `/`, as in "/albums/{album_id}", found `albums/{id}`
       |
    10 | path         = "albums/{id}"
       |                ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums/{id""#), @r#"
    spec/albums.toml:10:16: `{` and `}` come in pairs, found `/albums/{id`
       |
    10 | path         = "/albums/{id"
       |                ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums/{}""#), @r#"
    spec/albums.toml:10:16: expected the name of a parameter between `{` and `}`, found nothing
       |
    10 | path         = "/albums/{}"
       |                ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums/{id}?market=FI""#), @r#"
    spec/albums.toml:10:16: a path has no query and no escapes, found `?`: use `params` and `fixed`
       |
    10 | path         = "/albums/{id}?market=FI"
       |                ^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums/{id}/ä""#), @r#"
    spec/albums.toml:10:16: a path is made of a-z, A-Z, 0-9, `-`, `_`, `.`, `~`, `/` and `{names}`, found `ä`
       |
    10 | path         = "/albums/{id}/ä"
       |                ^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums//{id}/""#), @r#"
    spec/albums.toml:10:16: a path has a name between two slashes and no slash at its end
       |
    10 | path         = "/albums//{id}/"
       |                ^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn mismatched_path_parameters_are_reported() {
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums/{id}/{disc}""#), @r#"
    spec/albums.toml:10:16: `{disc}` needs a parameter with `in = "path"` and this key
       |
    10 | path         = "/albums/{id}/{disc}"
       |                ^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""/albums/{id}""#, r#""/albums""#), @r#"
    spec/albums.toml:15:45: the path has no `{id}`: put it there, or write `in = "query"`
       |
    15 |     { name = "album_id", in = "path", key = "id", type = "AlbumId", required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
       |                                             ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"key = "id", type"#, "type"), @r#"
    spec/albums.toml:10:16: `{id}` needs a parameter with `in = "path"` and this key
       |
    10 | path         = "/albums/{id}"
       |                ^^^^^^^^^^^^^^
    spec/albums.toml:15:14: the path has no `{album_id}`: put it there, or write `in = "query"`
       |
    15 |     { name = "album_id", in = "path", type = "AlbumId", required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
       |              ^^^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "AlbumId", required = true, example = "3"#, r#"type = "AlbumId", example = "3"#), @r#"
    spec/albums.toml:15:14: a path parameter is `required = true`, or has `when_absent` with the path without it
       |
    15 |     { name = "album_id", in = "path", key = "id", type = "AlbumId", example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
       |              ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_when_absent_is_reported() {
    assert_snapshot!(problems_after(r#"when_absent = "/me""#, r#"required = true, when_absent = "/me""#), @r#"
    spec/users.toml:59:86: only a path parameter that is neither required nor a list has `when_absent`
       |
    59 |     { name = "user_id", in = "path", type = "UserId", required = true, when_absent = "/me", example = "smedjan", doc = "The user." },
       |                                                                                      ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8", min"#, r#"when_absent = "/me", type = "u8", min"#), @r#"
    spec/albums.toml:16:50: only a path parameter that is neither required nor a list has `when_absent`
       |
    16 |     { name = "size", in = "query", when_absent = "/me", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                                  ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"when_absent = "/me""#, r#"when_absent = "me""#), @r#"
    spec/users.toml:59:69: a path begins with `/`, as in "/albums/{album_id}", found `me`
       |
    59 |     { name = "user_id", in = "path", type = "UserId", when_absent = "me", example = "smedjan", doc = "The user." },
       |                                                                     ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"when_absent = "/me""#, r#"when_absent = "/me/{user_id}""#), @r#"
    spec/users.toml:59:69: `{user_id}` is filled in after this parameter, so it must be a path parameter below it
       |
    59 |     { name = "user_id", in = "path", type = "UserId", when_absent = "/me/{user_id}", example = "smedjan", doc = "The user." },
       |                                                                     ^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    // A placeholder in `when_absent` that a later parameter fills in.
    let below = |more: &str| {
        let id = |name: &str, more: &str| {
            format!(
                r#"    {{ name = "{name}", in = "path", type = "UserId", {more} example = "smedjan", doc = "A user." }},"#
            )
        };
        let params =
            [id("first", r#"when_absent = "/zoo/{second}","#), id("second", more)].join("\n");
        problems_with(&entry(
            "get_zoo",
            "/zoo/{first}/{second}",
            &format!("params = [\n{params}\n]\n"),
        ))
    };
    assert_eq!(below("required = true,"), "nothing");
}

#[test]
fn invalid_fallbacks_are_reported() {
    assert_snapshot!(problems_after(r#"endpoint = "are_items_saved""#, r#"endpoint = "are_item_saved""#), @r#"
    spec/albums.toml:66:29: no endpoint has the name `are_item_saved`: did you mean `are_items_saved`?
       |
    66 | fallback     = { endpoint = "are_item_saved", uris = "spotify:album:{album_ids}" }
       |                             ^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"endpoint = "are_items_saved""#, r#"endpoint = "fly""#), @r#"
    spec/albums.toml:66:29: no endpoint has the name `fly`
       |
    66 | fallback     = { endpoint = "fly", uris = "spotify:album:{album_ids}" }
       |                             ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"endpoint = "are_items_saved", uris = "spotify:album:{album_ids}""#, r#"endpoint = "get_user""#), @r#"
    spec/albums.toml:66:29: `get_user` has `availability = "extended"`, so an app in development mode cannot call it either
       |
    66 | fallback     = { endpoint = "get_user" }
       |                             ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#", uris = "spotify:album:{album_ids}""#, ""), @r#"
    spec/albums.toml:66:29: `are_items_saved` needs `uris`: add a template for it
       |
    66 | fallback     = { endpoint = "are_items_saved" }
       |                             ^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#", uris = "spotify:album:{album_ids}""#, r#", uri = "spotify:album:{album_ids}""#), @r#"
    spec/albums.toml:66:29: `are_items_saved` needs `uris`: add a template for it
       |
    66 | fallback     = { endpoint = "are_items_saved", uri = "spotify:album:{album_ids}" }
       |                             ^^^^^^^^^^^^^^^^^
    spec/albums.toml:66:48: `are_items_saved` has no parameter `uri`: did you mean `uris`?
       |
    66 | fallback     = { endpoint = "are_items_saved", uri = "spotify:album:{album_ids}" }
       |                                                ^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""spotify:album:{album_ids}""#, r#""spotify:album:{album_id}""#), @r#"
    spec/albums.toml:66:55: `are_albums_saved` has no parameter `album_id`: did you mean `album_ids`?
       |
    66 | fallback     = { endpoint = "are_items_saved", uris = "spotify:album:{album_id}" }
       |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""spotify:album:{album_ids}""#, r#""spotify:album:{album_ids""#), @r#"
    spec/albums.toml:66:55: `{` and `}` come in pairs, found `spotify:album:{album_ids`
       |
    66 | fallback     = { endpoint = "are_items_saved", uris = "spotify:album:{album_ids" }
       |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""spotify:album:{album_ids}""#, r#""spotify:track:{album_ids}""#), @r#"
    spec/albums.toml:66:55: `uris` takes URIs of `album` or `user`, found `track`
       |
    66 | fallback     = { endpoint = "are_items_saved", uris = "spotify:track:{album_ids}" }
       |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"{ endpoint = "are_items_saved", uris"#, r#"{ uris"#), @r#"
    spec/albums.toml:66:16: `fallback` lacks `endpoint` (the name of the endpoint that does the same)
       |
    66 | fallback     = { uris = "spotify:album:{album_ids}" }
       |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_fixed_values_are_reported() {
    assert_snapshot!(problems_after(r#"{ type = "artist" }"#, r#"{ limit = 5 }"#), @"
    spec/users.toml:14:18: `limit` is in `fixed` and in `params`: remove it from `fixed` or from `params`
       |
    14 | fixed        = { limit = 5 }
       |                  ^^^^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(problems_after(r#"{ type = "artist" }"#, r#"{ type = ["artist"] }"#), @r#"
    spec/users.toml:14:25: a fixed value is a string, an integer or a boolean, found a list
       |
    14 | fixed        = { type = ["artist"] }
       |                         ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"{ type = "artist" }"#, r#"{ "ty pe" = "artist" }"#), @r#"
    spec/users.toml:14:18: a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`, found `ty pe`
       |
    14 | fixed        = { "ty pe" = "artist" }
       |                  ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}
