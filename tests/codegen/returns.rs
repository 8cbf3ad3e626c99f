//! Messages about what a call returns: its type, its pages and its batches.

use insta::assert_snapshot;

use crate::test_table::problems_after;

#[test]
fn invalid_return_types_are_reported() {
    assert_snapshot!(problems_after(r#""Album""#, r#""Album<""#), @r#"
    spec/albums.toml:12:16: `returns` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found `Album<`
       |
    12 | returns      = "Album<"
       |                ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Album""#, r#""an album""#), @r#"
    spec/albums.toml:12:16: `returns` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found `an album`
       |
    12 | returns      = "an album"
       |                ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Album""#, r#""&'static str""#), @r#"
    spec/albums.toml:12:16: `returns` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found `&'static str`
       |
    12 | returns      = "&'static str"
       |                ^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Album""#, r#""impl Iterator""#), @r#"
    spec/albums.toml:12:16: `returns` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found `impl Iterator`
       |
    12 | returns      = "impl Iterator"
       |                ^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    let deep =
        problems_after(r#""Album""#, &format!("\"{}u8{}\"", "Vec<".repeat(5000), ">".repeat(5000)));
    assert_snapshot!(deep.lines().next().unwrap_or_default(), @"spec/albums.toml:12:16: `returns` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found `Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<…`");
}

#[test]
fn invalid_pointers_are_reported() {
    assert_snapshot!(problems_after(r#"pointer      = "artists""#, r#"pointer = """#), @r#"
    spec/users.toml:13:11: `pointer` is the name of one field, or `[0]` for the first element of a list, found nothing
       |
    13 | pointer = ""
       |           ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"pointer      = "artists""#, r#"pointer = "artists.items""#), @r#"
    spec/users.toml:13:11: `pointer` is the name of one field, or `[0]` for the first element of a list, found `artists.items`
       |
    13 | pointer = "artists.items"
       |           ^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"pointer      = "artists""#, r#"pointer = "[1]""#), @r#"
    spec/users.toml:13:11: `pointer` is the name of one field, or `[0]` for the first element of a list, found `[1]`
       |
    13 | pointer = "[1]"
       |           ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"success      = [204]"#, r#"pointer = "done""#), @r#"
    spec/albums.toml:48:11: a call that returns `()` has no `pointer`: remove it
       |
    48 | pointer = "done"
       |           ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn mismatched_item_types_are_reported() {
    assert_snapshot!(problems_after("Vec<TopItem::Item>", "Vec<TimeRange::Item>"), @r#"
    spec/users.toml:43:16: `TimeRange::Item` needs a parameter of the type `TimeRange`, an enum whose values have an `item`
       |
    43 | returns      = "Vec<TimeRange::Item>"
       |                ^^^^^^^^^^^^^^^^^^^^^^
    spec/users.toml:43:16: `TopItem` selects the item type, so `returns` must contain `TopItem::Item`
       |
    43 | returns      = "Vec<TimeRange::Item>"
       |                ^^^^^^^^^^^^^^^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after("Vec<TopItem::Item>", "Vec<Artist>"), @r#"
    spec/users.toml:43:16: `TopItem` selects the item type, so `returns` must contain `TopItem::Item`
       |
    43 | returns      = "Vec<Artist>"
       |                ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#""Album""#, r#""TopItem::Item""#), @r#"
    spec/albums.toml:12:16: `TopItem::Item` needs a parameter of the type `TopItem`, an enum whose values have an `item`
       |
    12 | returns      = "TopItem::Item"
       |                ^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"type = "u8", min = 1, max = 9, default = 3, example = 5"#, r#"type = "TopItem", example = "tracks""#), @r#"
    spec/albums.toml:16:43: `TopItem` selects the item type, so the parameter needs `required = true` and is not a list
       |
    16 |     { name = "size", in = "query", type = "TopItem", example = "tracks", doc = "A size." },
       |                                           ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"doc = "Artists or tracks." },"#, r#"doc = "Artists or tracks." },
    { name = "other", in = "query", type = "TopItem", required = true, example = "tracks", doc = "Again." },"#), @r#"
    spec/users.toml:47:44: only one parameter selects the item type: this is the second
       |
    47 |     { name = "other", in = "query", type = "TopItem", required = true, example = "tracks", doc = "Again." },
       |                                            ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn incomplete_page_parameters_are_reported() {
    assert_snapshot!(problems_after(r#"    { name = "offset", in = "query", type = "u32", min = 0, example = 20, doc = "An offset." },
"#, ""), @r#"
    spec/albums.toml:33:16: a `Page` needs `offset` among the parameters in the query
       |
    33 | returns      = "Page<SavedAlbum>"
       |                ^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"    { name = "limit", in = "query", type = "u32", min = 1, max = 50, example = 50, doc = "A limit." },
    { name = "offset", in = "query", type = "u32", min = 0, example = 20, doc = "An offset." },
"#, ""), @r#"
    spec/albums.toml:33:16: a `Page` needs `limit` and `offset` among the parameters in the query
       |
    33 | returns      = "Page<SavedAlbum>"
       |                ^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"    { name = "after", in = "query", type = "UserId", example = "smedjan", doc = "A cursor." },
"#, ""), @r#"
    spec/users.toml:12:16: a `CursorPage` needs `after` or `before` among the parameters in the query
       |
    12 | returns      = "CursorPage<Artist>"
       |                ^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"    { name = "limit", in = "query", type = "u16", max = 50, example = 50, doc = "A limit of artists." },
"#, ""), @r#"
    spec/users.toml:12:16: a `CursorPage` needs `limit` among the parameters in the query
       |
    12 | returns      = "CursorPage<Artist>"
       |                ^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 50, example = 50, doc = \"A limit.\"", "example = 50, doc = \"A limit.\""), @r#"
    spec/albums.toml:36:14: `limit` of a `Page` needs a `max`: pagination requests the largest pages
       |
    36 |     { name = "limit", in = "query", type = "u32", min = 1, example = 50, doc = "A limit." },
       |              ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("type = \"u32\", min = 0, example = 20", "type = \"String\", example = \"20\""), @r#"
    spec/albums.toml:37:45: `offset` of a `Page` is one integer, as in "u32"
       |
    37 |     { name = "offset", in = "query", type = "String", example = "20", doc = "An offset." },
       |                                             ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_batches_are_reported() {
    assert_snapshot!(problems_after(r#"by = "album_ids", max = 20"#, r#"by = "ids", max = 20"#), @r#"
    spec/albums.toml:49:23: `batch.by` names a required list of ids, URIs or text, found `ids`, which is not a parameter
       |
    49 | batch        = { by = "ids", max = 20, join = "unit" }
       |                       ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("key = \"ids\", type = \"AlbumId\", list = true, required = true", "key = \"ids\", type = \"AlbumId\", list = true"), @r#"
    spec/albums.toml:64:23: `batch.by` names a required list of ids, URIs or text, found `album_ids`, which has no `required = true`
       |
    64 | batch        = { by = "album_ids", max = 19, join = "concat" }
       |                       ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("key = \"ids\", type = \"AlbumId\", list = true, required = true, example = [\"382ObEPsp2rxGrnsizN5TX\", \"1A2GTWGtFfWp7KSQTwWOyo\"]", "key = \"ids\", type = \"AlbumId\", required = true, example = \"382ObEPsp2rxGrnsizN5TX\""), @r#"
    spec/albums.toml:64:23: `batch.by` names a required list of ids, URIs or text, found `album_ids`, which has no `list = true`
       |
    64 | batch        = { by = "album_ids", max = 19, join = "concat" }
       |                       ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("key = \"ids\", type = \"AlbumId\", list = true, required = true, example = [\"382ObEPsp2rxGrnsizN5TX\", \"1A2GTWGtFfWp7KSQTwWOyo\"]", "key = \"ids\", type = \"u32\", list = true, required = true, example = [1]"), @r#"
    spec/albums.toml:64:23: `batch.by` names a required list of ids, URIs or text, found `album_ids`, whose elements are `u32`
       |
    64 | batch        = { by = "album_ids", max = 19, join = "concat" }
       |                       ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20", "max = 0"), @r#"
    spec/albums.toml:49:42: `batch.max` is from 1 to 1000, found 0
       |
    49 | batch        = { by = "album_ids", max = 0, join = "unit" }
       |                                          ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20", "max = 5000000000"), @r#"
    spec/albums.toml:49:42: `batch.max` is from 1 to 1000, found 5000000000
       |
    49 | batch        = { by = "album_ids", max = 5000000000, join = "unit" }
       |                                          ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20, join = \"unit\"", "max = 20, size = 5"), @r#"
    spec/albums.toml:49:16: `batch` lacks `join` ("concat", "unit" or "last")
       |
    49 | batch        = { by = "album_ids", max = 20, size = 5 }
       |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    spec/albums.toml:49:46: `batch` has an unknown key, `size`: expected `by`, `max`, `join`, `advance`, `then`, `send_empty` or `max_url`
       |
    49 | batch        = { by = "album_ids", max = 20, size = 5 }
       |                                              ^^^^
    2 mistakes in the table of endpoints
    "#);
    let in_path = crate::test_table::edited(&[
        ("\"/me/albums/contains\"", "\"/me/albums/contains/{ids}\""),
        ("in = \"query\", key = \"ids\"", "in = \"path\", key = \"ids\""),
    ]);
    assert_snapshot!(crate::test_table::problems_of(&in_path), @r#"
    spec/albums.toml:64:23: `batch.by` names a required list of ids, URIs or text, found `album_ids`, which is in the path
       |
    64 | batch        = { by = "album_ids", max = 19, join = "concat" }
       |                       ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_batch_joins_are_reported() {
    assert_snapshot!(problems_after("max = 20, join = \"unit\"", "max = 20, join = \"add\""), @r#"
    spec/albums.toml:49:53: `batch.join` must be `concat`, `unit` or `last`, found `add`
       |
    49 | batch        = { by = "album_ids", max = 20, join = "add" }
       |                                                     ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20, join = \"unit\"", "max = 20, join = \"concat\""), @r#"
    spec/albums.toml:49:53: `concat` joins lists, so `returns` is a `Vec<…>`, found `()`
       |
    49 | batch        = { by = "album_ids", max = 20, join = "concat" }
       |                                                     ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 20, join = \"unit\"", "max = 20, join = \"last\""), @r#"
    spec/albums.toml:49:53: `last` keeps the last response, and an empty list has none, so `returns` is an `Option<…>`, found `()`
       |
    49 | batch        = { by = "album_ids", max = 20, join = "last" }
       |                                                     ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 19, join = \"concat\"", "max = 19, join = \"unit\""), @r#"
    spec/albums.toml:64:53: `unit` joins nothing, so `returns` is `()`, found `Vec<bool>`
       |
    64 | batch        = { by = "album_ids", max = 19, join = "unit" }
       |                                                     ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("max = 19, join = \"concat\"", "max = 19, join = \"last\""), @r#"
    spec/albums.toml:64:53: `last` keeps the last response, and an empty list has none, so `returns` is an `Option<…>`, found `Vec<bool>`
       |
    64 | batch        = { by = "album_ids", max = 19, join = "last" }
       |                                                     ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after("\"()\"\nsuccess", "\"Page<Album>\"\nsuccess"), @r#"
    spec/albums.toml:47:16: a `Page` needs `limit` and `offset` among the parameters in the query
       |
    47 | returns      = "Page<Album>"
       |                ^^^^^^^^^^^^^
    spec/albums.toml:47:16: a page cannot come from several requests, found `Page<Album>` and a `batch`: remove one
       |
    47 | returns      = "Page<Album>"
       |                ^^^^^^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
}
