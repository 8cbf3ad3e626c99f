//! Messages about keys that few entries have, such as `element_key`, `sum_limit` and `renames`.

use insta::assert_snapshot;

use crate::test_table::{edited, entry, problems_after, problems_with};

const SIZE: &str = r#"{ name = "size", in = "query", type = "u8","#;
const FLAG: &str = r#"{ name = "flag", in = "query", type = "bool","#;
const TITLE: &str = r#"{ name = "title", in = "query", type = "String", example = "Tron","#;

#[test]
fn misplaced_body_keys_are_reported() {
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", element_key = "uri", type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:51: only a list in the body has an `element_key`
       |
    19 |     { name = "title", in = "query", element_key = "uri", type = "String", example = "Tron", doc = "A title." },
       |                                                   ^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", sent_as_list = true, type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:14: `sent_as_list` is for one value in the body, which is sent as a list of one
       |
    19 |     { name = "title", in = "query", sent_as_list = true, type = "String", example = "Tron", doc = "A title." },
       |              ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", type = "Jpeg", example = "/9j/2Q==","#), @r#"
    spec/albums.toml:19:44: a `Jpeg` is the whole body: `in = "body"` and `required = true`
       |
    19 |     { name = "title", in = "query", type = "Jpeg", example = "/9j/2Q==", doc = "A title." },
       |                                            ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", type = "Tuning", example = "min_energy=1","#), @r#"
    spec/albums.toml:19:44: each value of a `Tuning` has its own key: `in = "query"` and `list = true`
       |
    19 |     { name = "title", in = "query", type = "Tuning", example = "min_energy=1", doc = "A title." },
       |                                            ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", type = "Tuning", list = true, example = ["energy"],"#), @r#"
    spec/albums.toml:19:78: the example of `title` must be an attribute with a target, as in "min_energy=0.4", found the string `energy`
       |
    19 |     { name = "title", in = "query", type = "Tuning", list = true, example = ["energy"], doc = "A title." },
       |                                                                              ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

/// Returns the problems of a PUT with these parameters.
fn put(params: &[&str]) -> String {
    let params: String = params.iter().map(|param| format!("    {{ {param} }},\n")).collect();
    let put = entry("put_zoo", "/zoo", &format!("params = [\n{params}]\n"));
    problems_with(&put.replace("GET", "PUT"))
}

#[test]
fn keys_of_lists_in_the_body_are_for_nothing_else() {
    let of = |key: &str, place: &str, list: bool| {
        let example = if list { r#"["Tron"]"# } else { r#""Tron""# };
        put(&[&format!(
            r#"name = "title", in = "{place}", list = {list}, {key} = "titles", type = "String", example = {example}, doc = "A title.""#
        )])
    };
    for key in ["bare_key", "element_key"] {
        assert_eq!(of(key, "body", true), "nothing");
        for (place, list) in [("query", true), ("body", false)] {
            let text = of(key, place, list);
            assert!(text.contains("only a list in the body has a"), "{text}");
            assert!(text.contains("\n1 mistake in the table"), "{text}");
        }
    }
}

#[test]
fn misplaced_keys_for_other_places_are_reported() {
    let of = |place: &str, list: bool, keys: &str| {
        let example = if list { r#"["Tron"]"# } else { r#""Tron""# };
        put(&[&format!(
            r#"name = "title", in = "{place}", list = {list}, {keys}, type = "String", example = {example}, doc = "A title.""#
        )])
    };
    for (place, other) in [("query", "body"), ("body", "query")] {
        assert_eq!(of(place, true, &format!(r#"also_in = "{other}", also_max = 7"#)), "nothing");
        let text = of(place, true, &format!(r#"also_in = "{place}""#));
        assert!(text.contains(r#"`also_in` is the other one of "query" and "body""#), "{text}");
        let text = of(place, true, r#"also_in = "path""#);
        assert!(text.contains("`also_in` must be `query` or `body`"), "{text}");
        for (list, keys) in [(true, "also_max = 7"), (false, r#"also_in = "body", also_max = 7"#)] {
            let text = of("query", list, keys);
            assert!(text.contains("`also_max` is for a list with `also_in`"), "{text}");
        }
    }
    assert_eq!(of("body", true, "also_bare = true"), "nothing");
    for (place, list) in [("query", true), ("body", false)] {
        let text = of(place, list, "also_bare = true");
        assert!(text.contains("`also_bare` is for a list in the body"), "{text}");
    }
}

#[test]
fn maximum_length_of_a_body_is_positive() {
    let of = |max: i64| problems_with(&entry("get_zoo", "/zoo", &format!("max_body = {max}\n")));
    assert_eq!(of(1), "nothing");
    let text = of(0);
    assert!(text.contains("`max_body` is a number of bytes, at least 1"), "{text}");
}

#[test]
fn a_picture_is_the_whole_body() {
    let picture = |more: &str, example: &str| {
        format!(
            r#"name = "picture", in = "body", type = "Jpeg", {more} example = {example}, doc = "A picture.""#
        )
    };
    let (title, one) = (r#"type = "String", example = "Tron", doc = "A title.""#, r#""/9j/2Q==""#);
    let in_query = format!(r#"name = "title", in = "query", {title}"#);
    assert_eq!(put(&[&picture("required = true,", one), &in_query]), "nothing");
    assert_snapshot!(put(&[&picture("required = true,", one), &format!(r#"name = "title", in = "body", {title}"#)]), @r#"
    spec/zoo.toml:15:45: a `Jpeg` is the whole body, so no other parameter is in the body
       |
    15 |     { name = "picture", in = "body", type = "Jpeg", required = true, example = "/9j/2Q==", doc = "A picture." },
       |                                             ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(put(&[&picture("", one)]), @r#"
    spec/zoo.toml:15:45: a `Jpeg` is the whole body: `in = "body"` and `required = true`
       |
    15 |     { name = "picture", in = "body", type = "Jpeg",  example = "/9j/2Q==", doc = "A picture." },
       |                                             ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(put(&[&picture("list = true, required = true,", &format!("[{one}]"))]), @r#"
    spec/zoo.toml:15:45: a `Jpeg` is the whole body: `in = "body"` and `required = true`
       |
    15 |     { name = "picture", in = "body", type = "Jpeg", list = true, required = true, example = ["/9j/2Q=="], doc = "A picture." },
       |                                             ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn arguments_may_have_the_names_of_methods() {
    let param = |rest: &str| {
        put(&[&format!(
            r#"name = "send", {rest} type = "String", example = "Tron", doc = "A title.""#
        )])
    };
    assert_eq!(param(r#"in = "query", required = true,"#), "nothing");
    // Without `in`, the compiler doesn't know whether the parameter is a setter.
    assert_snapshot!(param(""), @r#"
    spec/zoo.toml:15:14: the parameter `send` lacks `in` ("path", "query" or "body")
       |
    15 |     { name = "send",  type = "String", example = "Tron", doc = "A title." },
       |              ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_presets_and_exclusions_are_reported() {
    assert_snapshot!(problems_after(FLAG, r#"{ name = "flag", in = "query", preset = 1, type = "bool","#), @r#"
    spec/albums.toml:17:45: the preset of `flag` must be `true` or `false`, found the integer `1`
       |
    17 |     { name = "flag", in = "query", preset = 1, type = "bool", example = true, doc = "A flag." },
       |                                             ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(FLAG, r#"{ name = "flag", in = "query", preset = true, required = true, type = "bool","#), @r#"
    spec/albums.toml:17:45: a required parameter has no `preset`: remove one of the two
       |
    17 |     { name = "flag", in = "query", preset = true, required = true, type = "bool", example = true, doc = "A flag." },
       |                                             ^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(FLAG, r#"{ name = "flag", in = "query", excludes = ["sise"], type = "bool","#), @r#"
    spec/albums.toml:17:48: `excludes` names optional parameters, found `sise`, which is not a parameter
       |
    17 |     { name = "flag", in = "query", excludes = ["sise"], type = "bool", example = true, doc = "A flag." },
       |                                                ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(FLAG, r#"{ name = "flag", in = "query", excludes = ["flag"], type = "bool","#), @r#"
    spec/albums.toml:17:48: `excludes` names optional parameters, found `flag`, which is itself
       |
    17 |     { name = "flag", in = "query", excludes = ["flag"], type = "bool", example = true, doc = "A flag." },
       |                                                ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(FLAG, r#"{ name = "flag", in = "query", excludes = ["album_id"], type = "bool","#), @r#"
    spec/albums.toml:17:48: `excludes` names optional parameters, found `album_id`, but a required one excludes nothing
       |
    17 |     { name = "flag", in = "query", excludes = ["album_id"], type = "bool", example = true, doc = "A flag." },
       |                                                ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn exclusions_of_required_parameters_are_reported() {
    let param = |name: &str, rest: &str| {
        format!(
            r#"name = "{name}", in = "query", {rest} type = "String", example = "Tron", doc = "A title.""#
        )
    };
    let (free, fixed) =
        (param("free", ""), param("fixed", "required = true, excludes = [\"free\"],"));
    assert_snapshot!(put(&[&free, &fixed]), @r#"
    spec/zoo.toml:16:66: `excludes` names optional parameters, found `free`, but a required one excludes nothing
       |
    16 |     { name = "fixed", in = "query", required = true, excludes = ["free"], type = "String", example = "Tron", doc = "A title." },
       |                                                                  ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_eq!(put(&[&free, &param("other", "excludes = [\"free\"],")]), "nothing");
    // The parameter without a name may be the one that is excluded.
    let unnamed = param("lost", "").replace("name = \"lost\",", "");
    let text = put(&[&unnamed, &param("other", "excludes = [\"lost\"],")]);
    assert!(!text.contains("excludes"), "{text}");
}

#[test]
fn invalid_development_max_and_sum_limit_are_reported() {
    assert_snapshot!(problems_after(SIZE, r#"{ name = "size", in = "query", development_max = 9, type = "u8","#), @r#"
    spec/albums.toml:16:54: `development_max` is less than `max`, and at least `min`
       |
    16 |     { name = "size", in = "query", development_max = 9, type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
       |                                                      ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(problems_after(FLAG, r#"{ name = "flag", in = "query", development_max = 9, type = "bool","#), @r#"
    spec/albums.toml:17:54: only an integer has `min` and `max`: remove them
       |
    17 |     { name = "flag", in = "query", development_max = 9, type = "bool", example = true, doc = "A flag." },
       |                                                      ^
    1 mistake in the table of endpoints
    "#);
    for (max, is_right) in [(0, false), (1, true), (8, true), (9, false)] {
        let text = problems_after(
            SIZE,
            &format!(r#"{{ name = "size", in = "query", documented_max = {max}, type = "u8","#),
        );
        let problem = "`documented_max` is less than `max`, and at least `min`";
        assert_eq!(text.contains(problem), !is_right, "{max}: {text}");
        assert_eq!(text == "nothing", is_right, "{max}: {text}");
    }
    let total = |total: &str| {
        problems_after(
            "returns      = \"Album\"",
            &format!("returns      = \"Album\"\nsum_limit = {total}"),
        )
    };
    assert_snapshot!(total(r#"{ params = ["size", "flag"], max = 9 }"#), @r#"
    spec/albums.toml:13:33: `sum_limit.params` names integers or lists among the parameters, found `flag`
       |
    13 | sum_limit = { params = ["size", "flag"], max = 9 }
       |                                 ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(total(r#"{ params = ["size"], max = 9 }"#), @r#"
    spec/albums.toml:13:13: `sum_limit` is for two parameters or more: for one, use its `max`
       |
    13 | sum_limit = { params = ["size"], max = 9 }
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(total(r#"{ params = ["size", "size"], min = 10, max = 9 }"#), @r#"
    spec/albums.toml:13:58: `min` is 10, which is above `max`, 9
       |
    13 | sum_limit = { params = ["size", "size"], min = 10, max = 9 }
       |                                                          ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(total(r#"{ params = ["size", "size"] }"#), @r#"
    spec/albums.toml:13:13: `sum_limit` lacks `max` (the greatest sum that Spotify accepts)
       |
    13 | sum_limit = { params = ["size", "size"] }
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_any_of_is_reported() {
    let any_of = |names: &str| {
        problems_after(
            "returns      = \"Album\"",
            &format!("returns      = \"Album\"\nany_of       = {names}"),
        )
    };
    assert_snapshot!(any_of(r#"["size", "album_id", "nobody"]"#), @r#"
    spec/albums.toml:13:25: `any_of` names parameters that are not required, found `album_id`
       |
    13 | any_of       = ["size", "album_id", "nobody"]
       |                         ^^^^^^^^^^
    spec/albums.toml:13:37: `any_of` names parameters that are not required, found `nobody`
       |
    13 | any_of       = ["size", "album_id", "nobody"]
       |                                     ^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(any_of(r#"["size"]"#), @r#"
    spec/albums.toml:13:17: `any_of` is for two parameters or more: for one, use its `required`
       |
    13 | any_of       = ["size"]
       |                 ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_advance_and_then_are_reported() {
    let chunk = |chunk: &str| {
        problems_after(r#"batch        = { by = "album_ids", max = 20, join = "unit" }"#, chunk)
    };
    assert_snapshot!(chunk(r#"batch        = { by = "album_ids", max = 20, join = "unit", advance = "place" }"#), @r#"
    spec/albums.toml:49:71: `batch.advance` names an integer among the parameters, found `place`
       |
    49 | batch        = { by = "album_ids", max = 20, join = "unit", advance = "place" }
       |                                                                       ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(chunk(r#"batch        = { by = "album_ids", max = 20, join = "unit", then = "save_album" }"#), @r#"
    spec/albums.toml:49:68: no endpoint has the name `save_album`: did you mean `save_albums`?
       |
    49 | batch        = { by = "album_ids", max = 20, join = "unit", then = "save_album" }
       |                                                                    ^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(chunk(r#"batch        = { by = "album_ids", max = 20, join = "unit", then = "are_albums_saved" }"#), @r#"
    spec/albums.toml:49:68: `are_albums_saved` requires `album_ids`, for which `save_albums` has no parameter with the same name and type
       |
    49 | batch        = { by = "album_ids", max = 20, join = "unit", then = "are_albums_saved" }
       |                                                                    ^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(chunk(r#"batch        = { by = "album_ids", max = 20, join = "unit", then = "get_album" }"#), @r#"
    spec/albums.toml:49:68: `get_album` continues with `album_ids`, so its `batch.by` must be the same
       |
    49 | batch        = { by = "album_ids", max = 20, join = "unit", then = "get_album" }
       |                                                                    ^^^^^^^^^^^
    spec/albums.toml:49:68: `get_album` requires `album_id`, for which `save_albums` has no parameter with the same name and type
       |
    49 | batch        = { by = "album_ids", max = 20, join = "unit", then = "get_album" }
       |                                                                    ^^^^^^^^^^^
    2 mistakes in the table of endpoints
    "#);
    let last = |returns: &str, empty: &str| {
        problems_after(
            "returns      = \"()\"\nsuccess      = [204]\nbatch        = { by = \"album_ids\", max = 20, join = \"unit\" }",
            &format!(
                "returns      = \"{returns}\"\nbatch        = {{ by = \"album_ids\", max = 20, join = \"last\"{empty} }}"
            ),
        )
    };
    assert_snapshot!(last("Snapshot", ""), @r#"
    spec/albums.toml:48:53: `last` keeps the last response, and an empty list has none, so `returns` is an `Option<…>`, found `Snapshot`
       |
    48 | batch        = { by = "album_ids", max = 20, join = "last" }
       |                                                     ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(last("Option<Snapshot>", ", send_empty = true"), @r#"
    spec/albums.toml:48:53: `last` keeps the last response, and there is always one, so `returns` is a single value, found `Option<Snapshot>`
       |
    48 | batch        = { by = "album_ids", max = 20, join = "last", send_empty = true }
       |                                                     ^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn pointer_without_an_item_is_reported() {
    assert_snapshot!(problems_after(r#"{ value = "long_term","#, r#"{ value = "long_term", pointer = "x","#), @r#"
    spec/vocabulary.toml:29:38: only a value with an `item` has a `pointer`
       |
    29 |     { value = "long_term", pointer = "x", doc = "about one year." },
       |                                      ^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn misplaced_renames_are_reported() {
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", renames = { track = "item" }, type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:49: `renames` is for a parameter with `field_filter = true`
       |
    19 |     { name = "title", in = "query", renames = { track = "item" }, type = "String", example = "Tron", doc = "A title." },
       |                                                 ^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn misplaced_field_filter_is_reported() {
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "query", field_filter = true, required = true, type = "String", example = "Tron","#), @r#"
    spec/albums.toml:19:14: `field_filter` is for an optional parameter in the query
       |
    19 |     { name = "title", in = "query", field_filter = true, required = true, type = "String", example = "Tron", doc = "A title." },
       |              ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_element_key_and_pointer_are_reported() {
    assert_snapshot!(problems_after(TITLE, r#"{ name = "title", in = "body", list = true, element_key = "a b", type = "String", example = ["Tron"],"#), @r#"
    spec/albums.toml:19:28: a GET has no body: write `in = "query"`, or another `method`
       |
    19 |     { name = "title", in = "body", list = true, element_key = "a b", type = "String", example = ["Tron"], doc = "A title." },
       |                            ^^^^^^
    spec/albums.toml:19:63: a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`, found `a b`
       |
    19 |     { name = "title", in = "body", list = true, element_key = "a b", type = "String", example = ["Tron"], doc = "A title." },
       |                                                               ^^^^^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(problems_after(r#"item = "Artist", doc"#, r#"item = "Artist", pointer = "a.b", doc"#), @r#"
    spec/vocabulary.toml:37:53: `pointer` is the name of one field, or `[0]` for the first element of a list, found `a.b`
       |
    37 |     { value = "artists", item = "Artist", pointer = "a.b", doc = "the top artists." },
       |                                                     ^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn then_endpoint_with_a_smaller_maximum_is_reported() {
    let entry = entry(
        "move_albums",
        "/me/album-moves",
        r#"batch = { by = "album_ids", max = 50, join = "concat", then = "are_albums_saved" }
params = [{ name = "album_ids", in = "query", type = "AlbumId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX"], doc = "The albums." }]
"#,
    );
    let entry = entry.replace(r#"returns = "Album""#, r#"returns = "Vec<bool>""#);
    assert_snapshot!(problems_with(&entry), @r#"
    spec/zoo.toml:14:63: `are_albums_saved` accepts 19 per request, which is less than the batch size of 50
       |
    14 | batch = { by = "album_ids", max = 50, join = "concat", then = "are_albums_saved" }
       |                                                               ^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn sample_sets_an_optional_parameter_for_sum_limit() {
    // If the argument were generated as a setter, the sample would call a method that doesn't exist.
    let entry = entry(
        "get_mix",
        "/mixes/{album_id}",
        r#"sum_limit = { params = ["width", "weight"], min = 1, max = 9 }
params = [
    { name = "width", in = "query", type = "u8", required = true, example = 5, doc = "A width." },
    { name = "weight", in = "query", type = "u8", example = 3, doc = "A weight." },
    { name = "album_id", in = "path", type = "AlbumId", required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
]
"#,
    );
    let mut files = crate::test_table::files();
    files.push((
        "spec/zoo.toml".to_owned(),
        format!("[area]\nname = \"Zoo\"\nsummary = \"More.\"\n{entry}"),
    ));
    let generated =
        crate::generate_files(&files, &[]).map_err(|problems| problems.to_string()).unwrap();
    let text: String = generated.iter().map(|(_, text)| text.as_str()).collect();
    assert!(!text.contains(".width("), "{text}");
    assert!(text.contains(r#"get_mix(5, "382ObEPsp2rxGrnsizN5TX").weight(3).send()"#), "{text}");
}

#[test]
fn carriage_return_in_a_text_generates_valid_rust() {
    let summary = "summary      = \"Get a user, or with `None` the current one.\"\n";
    let files = edited(&[(summary, &format!("{summary}replacement = \"one\\ranother\"\n"))]);
    let generated =
        crate::generate_files(&files, &[]).map_err(|problems| problems.to_string()).unwrap();
    for (name, text) in generated {
        assert!(syn::parse_file(&text).is_ok() && !text.contains('\r'), "{name}");
    }
}
