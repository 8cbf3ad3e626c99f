//! Messages about the fallback endpoint for apps in development mode: whether it fits.

use crate::file;
use crate::generate_files;
use crate::test_table::{entry, files, problems_after, problems_with};

/// Returns the messages without their places.
fn messages(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.trim_start().strip_prefix("spec/")?.split_once(": "))
        .map(|(_, message)| message)
        .collect()
}

/// Returns an unavailable endpoint with a fallback, a return type, and more keys.
fn unavailable(development: &str, returns: &str, more: &str) -> String {
    entry("get_zoo", "/zoo", &format!("fallback = {development}\n{more}"))
        .replace("availability = \"all\"", "availability = \"extended\"")
        .replace("returns = \"Album\"", &format!("returns = \"{returns}\""))
}

const IDS: &str = r#"batch = { by = "album_ids", max = 20, join = "concat" }
params = [{ name = "album_ids", in = "query", type = "AlbumId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX"], doc = "Ids." }]"#;

const LIMIT: &str = r#"params = [
    { name = "limit", in = "query", type = "u32", min = 1, max = 50, example = 5, doc = "A limit." },
    { name = "offset", in = "query", type = "u32", min = 0, example = 5, doc = "A place." },
]"#;

#[track_caller]
fn assert_messages(entries: &str, expected: &[&str]) {
    assert_eq!(messages(&problems_with(entries)), expected);
}

#[test]
fn fallback_passes_on_parameters_of_the_same_name() {
    assert_messages(
        &unavailable(r#"{ endpoint = "get_saved_albums" }"#, "Page<SavedAlbum>", LIMIT),
        &[],
    );
    let wide = LIMIT.replace("max = 50", "max = 60");
    assert_messages(
        &unavailable(r#"{ endpoint = "get_saved_albums" }"#, "Page<SavedAlbum>", &wide),
        &["`limit` of `get_saved_albums` has a narrower range than `limit` of `get_zoo`"],
    );
    let signed = LIMIT.replace("\"u32\", min = 0", "\"i32\"");
    assert_messages(
        &unavailable(
            r#"{ endpoint = "get_saved_albums", offset = "{offset}" }"#,
            "Page<SavedAlbum>",
            &signed,
        ),
        &["`offset` of `get_saved_albums` has a narrower range than `offset` of `get_zoo`"],
    );
}

#[test]
fn fallback_sends_one_request_per_list_element() {
    let form = r#"{ endpoint = "get_album", album_id = "{album_ids}" }"#;
    assert_messages(&unavailable(form, "Vec<Option<Album>>", IDS), &[]);
    assert_messages(&unavailable(form, "Vec<Option<SimplifiedAlbum>>", IDS), &[]);
    for wrong in ["Vec<Album>", "Vec<Option<Artist>>"] {
        let message = format!(
            "`get_album` returns `Album`, which does not fit `get_zoo`, which returns `{wrong}`"
        );
        assert_messages(&unavailable(form, wrong, IDS), &[message.as_str()]);
    }
    let others = IDS.replace("by = \"album_ids\"", "by = \"user_ids\"").replace(
        "params = [",
        r#"params = [{ name = "user_ids", in = "query", type = "UserId", list = true, required = true, example = ["smedjan"], doc = "Ids." }, "#,
    );
    assert_messages(
        &unavailable(form, "Vec<Option<Album>>", &others),
        &["only the list of `batch.by` can become one request for each element, found `album_ids`"],
    );
    let entry = unavailable(form, "Vec<Option<Album>>", IDS).replace("\"GET\"", "\"DELETE\"");
    assert_messages(
        &entry,
        &[
            "`get_zoo` sends DELETE and `get_album` sends GET: a fallback endpoint has the same method",
            "only a GET can become one request for each element",
        ],
    );
}

#[test]
fn incompatible_fallback_is_rejected() {
    let open = unavailable(r#"{ endpoint = "get_saved_albums" }"#, "Page<SavedAlbum>", LIMIT)
        .replace("\"extended\"", "\"all\"");
    assert_messages(
        &open,
        &[
            "every app may call this endpoint: `fallback` is for an endpoint that is not available to all",
        ],
    );
    assert_messages(
        &unavailable(r#"{ endpoint = "get_saved_albums" }"#, "Vec<Option<Album>>", IDS),
        &[
            "`get_saved_albums` has no value for `album_ids`, which `get_zoo` requires: add a template with it",
            "`get_saved_albums` returns `Page<SavedAlbum>`, which does not fit `get_zoo`, which returns `Vec<Option<Album>>`",
        ],
    );
    assert_messages(
        &unavailable(
            r#"{ endpoint = "get_album", album_id = "a{album_ids}b" }"#,
            "Vec<Option<Album>>",
            IDS,
        ),
        &[
            "a template is text and then one parameter, as in `spotify:album:{album_ids}`, found `a{album_ids}b`",
        ],
    );
    assert_eq!(
        messages(&problems_after(
            "batch        = { by = \"uris\", max = 40, join = \"concat\" }\navailability = \"all\"",
            "availability = \"all\"",
        )),
        ["`are_items_saved` has no `batch` by `uris`, so its maximum per request is unknown"],
    );
    let scoped = "scopes = { required = [\"user-library-read\"] }\n".to_owned() + IDS;
    assert_messages(
        &unavailable(
            r#"{ endpoint = "get_album", album_id = "{album_ids}" }"#,
            "Vec<Option<Album>>",
            &scoped,
        ),
        &["`get_album` does not name the scope `user-library-read`, which `get_zoo` requires"],
    );
}

#[test]
fn invalid_owner_only_is_reported() {
    let who = entry("get_me", "/me", "");
    let with = |own: &str| {
        let form = format!("{{ endpoint = \"get_saved_albums\", owner_only = {own} }}");
        let user = LIMIT.replace(
            "params = [",
            r#"params = [{ name = "user_id", in = "path", type = "UserId", required = true, example = "smedjan", doc = "A user." }, "#,
        );
        who.clone()
            + &unavailable(&form, "Page<SavedAlbum>", &user)
                .replace("\"/zoo\"", "\"/zoo/{user_id}\"")
    };
    assert_messages(&with(r#"{ user_id = "get_me" }"#), &[]);
    assert_messages(
        &with(r#"{ user_i = "get_me" }"#),
        &["`get_zoo` has no parameter `user_i`: did you mean `user_id`?"],
    );
    assert_messages(
        &with(r#"{ user_id = "get_album" }"#),
        &[
            "`owner_only` names a GET that is available to all apps and has no required parameter, found `get_album`",
        ],
    );
    assert_messages(
        &with(r#"{ user_id = "get_me", limit = "get_me" }"#),
        &["`owner_only` names one parameter: this is the second"],
    );
}

#[test]
fn misplaced_idempotent_and_unavailable_status_are_reported() {
    assert_messages(
        &entry("get_zoo", "/zoo", "idempotent = false"),
        &[
            "only `idempotent = false` is allowed, and only for a PUT or DELETE: the method decides for all others",
        ],
    );
    assert_messages(
        &entry("move_zoo", "/zoo", "idempotent = false").replace("\"GET\"", "\"PUT\""),
        &[],
    );
    assert_messages(
        &entry("get_zoo", "/zoo", "unavailable_status = 404"),
        &[
            "`unavailable_status` is a status from 400 to 499, for an endpoint that is not available to all, found 404",
        ],
    );
    assert_messages(
        &entry("get_zoo", "/zoo", "unavailable_status = 200").replace("\"all\"", "\"extended\""),
        &[
            "`unavailable_status` is a status from 400 to 499, for an endpoint that is not available to all, found 200",
        ],
    );
    assert_messages(
        &entry(
            "get_zoo",
            "/zoo",
            &LIMIT.replace(
                "example = 5, doc = \"A limit.\"",
                "owner_only = true, example = 5, doc = \"A limit.\"",
            ),
        ),
        &["`owner_only` is for an id in the path"],
    );
    for (max, message) in [
        ("90", "`max_url` is a number of bytes from 200 to 65536, found 90"),
        ("100000", "`max_url` is a number of bytes from 200 to 65536, found 100000"),
    ] {
        assert_eq!(
            messages(&problems_after(
                "max = 40, join",
                &format!("max = 40, max_url = {max}, join")
            )),
            [message]
        );
    }
    assert_eq!(
        messages(&problems_after(
            "max = 20, join = \"unit\"",
            "max = 20, max_url = 2000, join = \"unit\""
        )),
        ["`max_url` is for a list in the query"],
    );
}

#[test]
fn fallback_is_generated_as_parameter_indices() {
    let mut files = files();
    let form =
        r#"{ endpoint = "get_album", album_id = "{album_ids}", original_still_works = true }"#;
    files.push((
        "spec/zoo.toml".to_owned(),
        "[area]\nname = \"Zoo\"\nsummary = \"More.\"\n".to_owned()
            + &unavailable(form, "Vec<Option<Album>>", IDS),
    ));
    let generated = generate_files(&files, &[]).map_err(|problems| problems.to_string()).unwrap();
    let text: String = file(&generated, "table.rs").split_whitespace().collect();
    for fallback in [
        ".fallback(Fallback::new(&ARE_ITEMS_SAVED,&[FallbackParam{from:0,to:0,prefix:\"spotify:album:\",},],),)",
        ".fallback(Fallback::new(&GET_ALBUM,&[FallbackParam{from:0,to:0,prefix:\"\",},],).fan_out(0).original_still_works(),)",
    ] {
        assert_eq!(text.matches(fallback).count(), 1, "{fallback} in:\n{text}");
    }
    assert_eq!(text.matches(".fallback(").count(), 2);
}
