//! Messages about keys, files and folders, and their format.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;

use crate::codegen::compile;
use crate::test_table::{edited, entry, files, problems_after, problems_of, problems_with};

#[test]
fn an_unknown_key_scope_and_type_of_one_entry_are_reported_together() {
    let edits = [
        ("min = 1, max = 50, example = 50", "minn = 1, max = 50, example = 50"),
        ("required = [\"user-library-read\"]", "required = [\"user-libary-read\"]"),
        (
            r#"name = "offset", in = "query", type = "u32""#,
            r#"name = "offset", in = "query", type = "u23""#,
        ),
    ];
    assert_snapshot!(problems_of(&edited(&edits)), @r#"
    spec/albums.toml:32:30: unknown scope `user-libary-read`: did you mean `user-library-read`?
       |
    32 | scopes       = { required = ["user-libary-read"] }
       |                              ^^^^^^^^^^^^^^^^^^
    spec/albums.toml:36:51: the parameter `limit` has an unknown key, `minn`: did you mean `min`?
       |
    36 |     { name = "limit", in = "query", type = "u32", minn = 1, max = 50, example = 50, doc = "A limit." },
       |                                                   ^^^^
    spec/albums.toml:37:45: unknown type `u23`: did you mean `u32`?
       |
    37 |     { name = "offset", in = "query", type = "u23", min = 0, example = 20, doc = "An offset." },
       |                                             ^^^^^
    3 mistakes in the table of endpoints
    "#);
}

#[test]
fn unknown_keys_are_reported() {
    assert_snapshot!(problems_after("reference    = \"get-an-album\"", "reference    = \"get-an-album\"\nretuns = 5"), @"
    spec/albums.toml:9:1: the entry `get_album` has an unknown key, `retuns`: did you mean `returns`?
      |
    9 | retuns = 5
      | ^^^^^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(problems_after("reference    = \"get-an-album\"", "reference    = \"get-an-album\"\ncolour = 5"), @"
    spec/albums.toml:9:1: the entry `get_album` has an unknown key, `colour`: expected `name`, `replaces`, `summary`, `notes`, `reference`, `method`, `path`, `token`, `params`, `scopes`, `returns`, `pointer`, `success`, `batch`, `fixed`, `availability`, `unavailable_status`, `idempotent`, `total_is_estimate`, `max_body`, `replacement`, `fallback`, `sum_limit`, `any_of`, `aliases` or `shortcuts`
      |
    9 | colour = 5
      | ^^^^^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "size", maximum = 5"#), @r#"
    spec/albums.toml:16:22: the parameter `size` has an unknown key, `maximum`: expected `name`, `key`, `in`, `type`, `list`, `required`, `named`, `min`, `max`, `development_max`, `documented_max`, `default`, `example`, `doc`, `when_absent`, `kinds`, `bare_key`, `element_key`, `sent_as_list`, `also_in`, `also_max`, `also_bare`, `field_filter`, `renames`, `owner_only`, `excludes` or `preset`
       |
    16 |     { name = "size", maximum = 5, in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                      ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"name = "size""#, r#"name = "size", requird = true"#), @r#"
    spec/albums.toml:16:22: the parameter `size` has an unknown key, `requird`: did you mean `required`?
       |
    16 |     { name = "size", requird = true, in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                      ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20, join", "max = 20, min = 1, join"), @r#"
    spec/albums.toml:49:46: `batch` has an unknown key, `min`: expected `by`, `max`, `join`, `advance`, `then`, `send_empty` or `max_url`
       |
    49 | batch        = { by = "album_ids", max = 20, min = 1, join = "unit" }
       |                                              ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"Users\"", "name = \"Users\"\nnotes = \"Some.\""), @r#"
    spec/users.toml:3:1: `area` has an unknown key, `notes`: expected `name` or `summary`
      |
    3 | notes = "Some."
      | ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("[area]\nname = \"Users\"", "[aera]\nx = 1\n[area]\nname = \"Users\""), @"
    spec/users.toml:1:2: this file has an unknown key, `aera`: did you mean `area`?
      |
    1 | [aera]
      |  ^^^^
    1 mistake in the table of endpoints
    ");
}

#[test]
fn missing_keys_are_reported() {
    assert_snapshot!(problems_after("method       = \"GET\"\npath         = \"/albums/{id}\"\ntoken        = \"app\"\n", ""), @r#"
    spec/albums.toml:5:1: the entry `get_album` lacks `method` ("GET", "POST", "PUT" or "DELETE"), `path` ("/albums/{album_id}") and `token` ("user" or "app")
      |
    5 | [[endpoint]]
      | ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name         = \"get_album\"\n", ""), @r#"
    spec/albums.toml:5:1: this entry lacks `name` (of the method, "get_album")
      |
    5 | [[endpoint]]
      | ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(", doc = \"A size.\"", ""), @r#"
    spec/albums.toml:16:14: the parameter `size` lacks `doc` (one sentence)
       |
    16 |     { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5 },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("{ name = \"size\", in = \"query\", ", "{ in = \"query\", "), @r#"
    spec/albums.toml:16:5: this parameter lacks `name` (of the argument or setter)
       |
    16 |     { in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("by = \"album_ids\", max = 20, ", ""), @r#"
    spec/albums.toml:49:16: `batch` lacks `by` (the name of the list) and `max` (how many ids one request takes)
       |
    49 | batch        = { join = "unit" }
       |                ^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"Users\"\n", ""), @r#"
    spec/users.toml:1:1: `area` lacks `name` ("Albums")
      |
    1 | [area]
      | ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("uri = \"album\"\n", ""), @r#"
    spec/vocabulary.toml:9:1: the type of id `AlbumId` lacks `uri` (the name in URIs, "album")
      |
    9 | [[id]]
      | ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn values_of_the_wrong_type_are_reported() {
    assert_snapshot!(problems_after("\"Get an album.\"", "5"), @"
    spec/albums.toml:7:16: `summary` must be a string, found an integer
      |
    7 | summary      = 5
      |                ^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(problems_after("[\"user-library-read\"]", "\"user-library-read\""), @r#"
    spec/albums.toml:32:29: `required` must be a list of strings, found a string
       |
    32 | scopes       = { required = "user-library-read" }
       |                             ^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("{ required = [\"user-library-read\"] }", "[\"user-library-read\"]"), @r#"
    spec/albums.toml:32:16: `scopes` must be a table, found a list
       |
    32 | scopes       = ["user-library-read"]
       |                ^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("[\"user-library-read\"]", "[\"user-library-read\", 5]"), @r#"
    spec/albums.toml:32:51: `required` must be a string, found an integer
       |
    32 | scopes       = { required = ["user-library-read", 5] }
       |                                                   ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20", "max = \"20\""), @r#"
    spec/albums.toml:49:42: `max` must be an integer, found a string
       |
    49 | batch        = { by = "album_ids", max = "20", join = "unit" }
       |                                          ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20", "max = 2e1"), @r#"
    spec/albums.toml:49:42: `max` must be an integer, found a number with a fraction
       |
    49 | batch        = { by = "album_ids", max = 2e1, join = "unit" }
       |                                          ^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20", "max = 0xFFFFFFFFFFFFFFFFFF"), @r#"
    spec/albums.toml:49:42: `max` must be an integer, found one of more than 64 bits
       |
    49 | batch        = { by = "album_ids", max = 0xFFFFFFFFFFFFFFFFFF, join = "unit" }
       |                                          ^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("type = \"AlbumId\", required = true, ", "type = \"AlbumId\", required = \"yes\", "), @r#"
    spec/albums.toml:15:80: `required` must be `true` or `false`, found a string
       |
    15 |     { name = "album_id", in = "path", key = "id", type = "AlbumId", required = "yes", example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
       |                                                                                ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("{ type = \"artist\" }", "5"), @"
    spec/users.toml:14:16: `fixed` must be a table, found an integer
       |
    14 | fixed        = 5
       |                ^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(problems_after("params       = [\n    { name = \"user_id\"", "params = { x = 5 }\nrest = [\n    { name = \"user_id\""), @"
    spec/users.toml:58:10: `params` must be a list of tables, found a table
       |
    58 | params = { x = 5 }
       |          ^^^^^^^^^
    spec/users.toml:59:1: the entry `get_user` has an unknown key, `rest`: expected `name`, `replaces`, `summary`, `notes`, `reference`, `method`, `path`, `token`, `params`, `scopes`, `returns`, `pointer`, `success`, `batch`, `fixed`, `availability`, `unavailable_status`, `idempotent`, `total_is_estimate`, `max_body`, `replacement`, `fallback`, `sum_limit`, `any_of`, `aliases` or `shortcuts`
       |
    59 | rest = [
       | ^^^^
    2 mistakes in the table of endpoints
    ");
    assert_snapshot!(problems_after("[204]", "204"), @"
    spec/albums.toml:48:16: `success` must be a list of integers, found an integer
       |
    48 | success      = 204
       |                ^^^
    1 mistake in the table of endpoints
    ");
}

#[test]
fn invalid_toml_is_reported_with_other_mistakes() {
    let files = edited(&[
        ("[[endpoint]]\nname         = \"get_album\"", "[[endpoint]\nname         = \"get_album\""),
        ("\"get-users-saved-albums\"", "get-users-saved-albums"),
        ("max = 19", "max = zero"),
        // A mistake in another file is reported too. The compiler doesn't check whether its scope and types are defined.
        ("name         = \"get_top_items\"", "name         = \"GetTopItems\""),
    ]);
    assert_snapshot!(problems_of(&files), @r#"
    spec/albums.toml:5:12: this is not TOML: unclosed array table, expected `]`
      |
    5 | [[endpoint]
      |            ^
    spec/albums.toml:28:16: this is not TOML: string values must be quoted, expected literal string
       |
    28 | reference    = get-users-saved-albums
       |                ^^^^^^^^^^^^^^^^^^^^^^
    spec/albums.toml:64:42: this is not TOML: string values must be quoted, expected literal string
       |
    64 | batch        = { by = "album_ids", max = zero, join = "concat" }
       |                                          ^^^^
    spec/users.toml:36:16: a name is written in snake_case, found `GetTopItems`: write `get_top_items`
       |
    36 | name         = "GetTopItems"
       |                ^^^^^^^^^^^^^
    4 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"TimeRange\"", "name = \"TimeRange"), @r#"
    spec/vocabulary.toml:26:18: this is not TOML: invalid basic string, expected `"`
       |
    26 | name = "TimeRange
       |                  ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("token        = \"user\"\nreturns      = \"()\"", "token        = \"user\"\ntoken = \"app\"\nreturns      = \"()\""), @r#"
    spec/albums.toml:47:1: this is not TOML: duplicate key
       |
    47 | token = "app"
       | ^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_areas_are_reported() {
    assert_snapshot!(problems_after("name = \"Users\"", "name = \"Albums\""), @r#"
    spec/users.toml:2:8: the area `Albums` is already at spec/albums.toml:2: rename one, or put the entries in one file
      |
    2 | name = "Albums"
      |        ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"Users\"", "name = \"2 users\""), @r#"
    spec/users.toml:2:8: the name of an area is made of words that begin with a letter, found `2 users`
      |
    2 | name = "2 users"
      |        ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("name = \"Users\"", "name = \"Availability\""), @r#"
    spec/users.toml:2:8: the module `availability` already exists: choose another name
      |
    2 | name = "Availability"
      |        ^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_with(""), @r#"
    spec/zoo.toml:2:8: the area `Zoo` has no entries: add `[[endpoint]]` below it, or remove it
      |
    2 | name = "Zoo"
      |        ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("[area]\nname = \"Users\"\nsummary = \"What users follow and save.\"\n", ""), @"
    spec/users.toml:2:1: a file with `[[endpoint]]` entries needs an `[area]` with `name` and `summary` before them
      |
    2 | [[endpoint]]
      | ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    ");
}

#[test]
fn all_mistakes_are_reported_together() {
    let files = edited(&[
        ("\"get_album\"", "\"getAlbum\""),
        ("name = \"size\", in = \"query\"", "name = \"size\", in = \"head\""),
        ("default = 3", "default = 30"),
        ("path         = \"/me/following\"\n", ""),
        ("type = \"TopItem\"", "type = \"TopItems\""),
        ("form = \"text\"", "form = \"words\""),
        ("max = 19", "max = -1"),
    ]);
    assert_snapshot!(problems_of(&files), @r#"
    spec/albums.toml:6:16: a name is written in snake_case, found `getAlbum`: write `get_album`
      |
    6 | name         = "getAlbum"
      |                ^^^^^^^^^^
    spec/albums.toml:16:27: `in` must be `path`, `query` or `body`, found `head`
       |
    16 |     { name = "size", in = "head", type = "u8", min = 1, max = 9, default = 30, example = 5, doc = "A size." },
       |                           ^^^^^^
    spec/albums.toml:16:76: the default of `size` must be an integer from 1 to 9, found the integer `30`
       |
    16 |     { name = "size", in = "head", type = "u8", min = 1, max = 9, default = 30, example = 5, doc = "A size." },
       |                                                                            ^^
    spec/albums.toml:64:42: `batch.max` is from 1 to 1000, found -1
       |
    64 | batch        = { by = "album_ids", max = -1, join = "concat" }
       |                                          ^^
    spec/users.toml:5:1: the entry `get_followed_artists` lacks `path` ("/albums/{album_id}")
      |
    5 | [[endpoint]]
      | ^^^^^^^^^^^^
    spec/users.toml:45:61: unknown type `TopItems`: did you mean `TopItem`?
       |
    45 |     { name = "item_type", in = "path", key = "type", type = "TopItems", required = true, example = "artists", doc = "Artists or tracks." },
       |                                                             ^^^^^^^^^^
    spec/vocabulary.toml:22:8: the `form` of an id must be `base62`, `text` or `bare`, found `words`
       |
    22 | form = "words"
       |        ^^^^^^^
    7 mistakes in the table of endpoints
    "#);
}

#[test]
fn carets_mark_the_value() {
    assert_snapshot!(problems_after("    { name = \"size\"", "\t\t{\tname = \"Size\""), @r#"
    spec/albums.toml:16:12: a name is written in snake_case, found `Size`: write `size`
       |
    16 |         {    name = "Size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                     ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("{ name = \"size\", in", "{ kinds = [\"Größe, 大小, 🎵\"], name = \"Size\", in"), @r#"
    spec/albums.toml:16:16: only a `SpotifyUri` has `kinds`: remove them
       |
    16 |     { kinds = ["Größe, 大小, 🎵"], name = "Size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                ^^^^^^^^^^^^^^^^^
    spec/albums.toml:16:40: a name is written in snake_case, found `Size`: write `size`
       |
    16 |     { kinds = ["Größe, 大小, 🎵"], name = "Size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                           ^^^^^^
    2 mistakes in the table of endpoints
    "#);
    let combining =
        problems_after("{ name = \"size\", in", "{ key = \"cafe\u{301}\", name = \"Size\", in");
    assert_snapshot!(combining.replace('\u{301}', "(acute)"), @r#"
    spec/albums.toml:16:13: a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`, found `cafe(acute)`
       |
    16 |     { key = "cafe(acute)", name = "Size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |             ^^^^^^
    spec/albums.toml:16:29: a name is written in snake_case, found `Size`: write `size`
       |
    16 |     { key = "cafe(acute)", name = "Size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                            ^^^^^^
    2 mistakes in the table of endpoints
    "#);
    let entries = entry("get_a", "/a", "").replace("An entry.", "Größe");
    assert_snapshot!(problems_with(&entries), @r#"
    spec/zoo.toml:7:17: the `summary` ends with a period: add one
      |
    7 | summary = "Größe"
      |                 ^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn windows_line_endings_are_accepted() {
    let windows = |files: Vec<(String, String)>| {
        files.into_iter().map(|(path, text)| (path, text.replace('\n', "\r\n"))).collect::<Vec<_>>()
    };
    assert_snapshot!(problems_of(&windows(files())), @"nothing");
    let bad = edited(&[
        ("\"PUT\"", "\"PATCH\""),
        ("name = \"Users\"\n", ""),
        ("max = 50, example = 50, doc = \"A limit.\"", "example = 50, doc = \"A limit.\""),
    ]);
    assert_eq!(problems_of(&windows(bad.clone())), problems_of(&bad));
    assert_snapshot!(problems_of(&windows(bad)), @r#"
    spec/albums.toml:36:14: `limit` of a `Page` needs a `max`: pagination requests the largest pages
       |
    36 |     { name = "limit", in = "query", type = "u32", min = 1, example = 50, doc = "A limit." },
       |              ^^^^^^^
    spec/albums.toml:44:16: `method` must be `GET`, `POST`, `PUT` or `DELETE`, found `PATCH`
       |
    44 | method       = "PATCH"
       |                ^^^^^^^
    spec/users.toml:1:1: `area` lacks `name` ("Albums")
      |
    1 | [area]
      | ^^^^^^
    3 mistakes in the table of endpoints
    "#);
}

/// Returns an empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("codegen").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn problems_in(folder: &Path) -> String {
    let text = compile(folder, None).map(|_| ()).unwrap_err().to_string();
    text.replace(&*folder.to_string_lossy().replace('\\', "/"), "spec")
}

#[test]
fn empty_and_unreadable_folders_are_reported() {
    let empty = folder("empty");
    assert_snapshot!(problems_in(&empty), @"
    spec: expected `*.toml` files with `[[endpoint]]` entries, found none
    1 mistake in the table of endpoints
    ");
    fs::write(empty.join("README.md"), "[[endpoint]]").unwrap();
    assert_snapshot!(problems_in(&empty), @"
    spec: expected `*.toml` files with `[[endpoint]]` entries, found none
    1 mistake in the table of endpoints
    ");
    fs::write(empty.join("notes.toml"), "# No entries yet.\n").unwrap();
    assert_snapshot!(problems_in(&empty), @"
    spec: expected `*.toml` files with `[[endpoint]]` entries, found none
    1 mistake in the table of endpoints
    ");

    let missing = empty.join("not/there");
    let message = problems_in(&missing);
    assert!(message.starts_with("spec: cannot be read: "), "{message}");
    assert!(message.ends_with("\n1 mistake in the table of endpoints"), "{message}");

    // The compiler reports the mistakes of other files if one can't be read, and none that result from it.
    let latin = folder("latin");
    fs::write(latin.join("a.toml"), b"name = \"Gr\xf6\xdfe\"").unwrap();
    fs::write(
        latin.join("b.toml"),
        format!(
            "[area]\nname = \"Zoo\"\nsummary = \"More\"\n{}",
            entry("get_a", "/a", "scopes = { required = [\"streaming\"] }")
        ),
    )
    .unwrap();
    assert_snapshot!(problems_in(&latin), @r#"
    spec/a.toml: cannot be read: stream did not contain valid UTF-8
    spec/b.toml:3:16: the `summary` of an area ends with a period: add one
      |
    3 | summary = "More"
      |                ^
    2 mistakes in the table of endpoints
    "#);
}

#[test]
fn table_without_entries_is_reported() {
    assert_snapshot!(problems_of(&[]), @"
    the table: expected `*.toml` files with `[[endpoint]]` entries, found none
    1 mistake in the table of endpoints
    ");
}

#[test]
fn every_mistake_of_an_entry_is_reported_once() {
    let entry = "[area]\nname = \"Zoo\"\nsummary = \"More.\"\n\n[[endpoint]]\nname = \"get_zoo\"\nsummary = \"A zoo.\"\nreference = \"a-zoo\"\nmethod = \"GET\"\ntoken = \"user\"\nscopes = { required = [\"user-top-raed\"] }\nreturns = \"Album\"\navailability = \"all\"\ncolour = 5\nparams = [\n    { name = \"size\", in = \"query\", type = \"Sise\", example = 5, doc = \"A size\" },\n    { in = \"body\", type = \"u8\", min = 3, max = 1, example = 5, doc = \"A number.\" },\n]\n";
    let mut files = files();
    files.push(("spec/zoo.toml".to_owned(), entry.to_owned()));
    assert_snapshot!(problems_of(&files), @r#"
    spec/zoo.toml:5:1: the entry `get_zoo` lacks `path` ("/albums/{album_id}")
      |
    5 | [[endpoint]]
      | ^^^^^^^^^^^^
    spec/zoo.toml:11:24: unknown scope `user-top-raed`: did you mean `user-top-read`?
       |
    11 | scopes = { required = ["user-top-raed"] }
       |                        ^^^^^^^^^^^^^^^
    spec/zoo.toml:14:1: the entry `get_zoo` has an unknown key, `colour`: expected `name`, `replaces`, `summary`, `notes`, `reference`, `method`, `path`, `token`, `params`, `scopes`, `returns`, `pointer`, `success`, `batch`, `fixed`, `availability`, `unavailable_status`, `idempotent`, `total_is_estimate`, `max_body`, `replacement`, `fallback`, `sum_limit`, `any_of`, `aliases` or `shortcuts`
       |
    14 | colour = 5
       | ^^^^^^
    spec/zoo.toml:16:43: unknown type `Sise`, expected `bool`, `String`, `Market`, `Timestamp`, `TimestampedId`, `SpotifyUri`, `Jpeg`, `Tuning`, `Duration`, `SystemTime`, `u32` or another integer, or the name of an `[[id]]` or `[[enum]]`
       |
    16 |     { name = "size", in = "query", type = "Sise", example = 5, doc = "A size" },
       |                                           ^^^^^^
    spec/zoo.toml:16:77: the `doc` of a parameter ends with a period: add one
       |
    16 |     { name = "size", in = "query", type = "Sise", example = 5, doc = "A size" },
       |                                                                             ^
    spec/zoo.toml:17:5: this parameter lacks `name` (of the argument or setter)
       |
    17 |     { in = "body", type = "u8", min = 3, max = 1, example = 5, doc = "A number." },
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    spec/zoo.toml:17:12: a GET has no body: write `in = "query"`, or another `method`
       |
    17 |     { in = "body", type = "u8", min = 3, max = 1, example = 5, doc = "A number." },
       |            ^^^^^^
    spec/zoo.toml:17:39: `min` is 3, which is above `max`, 1
       |
    17 |     { in = "body", type = "u8", min = 3, max = 1, example = 5, doc = "A number." },
       |                                       ^
    8 mistakes in the table of endpoints
    "#);
}
