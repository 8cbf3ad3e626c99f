//! Pages with items that cannot be read, and responses that cannot be decoded, through the client.

use super::support::{Reply, Server, answer, json, read, response};
use serde_json::{Value, json};
use tonearm::model::{Album, SavedAlbum, SavedTrack, User};
use tonearm::{Error, Page, SkipReason, SkippedItem};

/// Lists each skipped item as `index: reason: raw`.
fn missing(rows: &[SkippedItem]) -> String {
    let line = |row: &SkippedItem| match &row.reason {
        SkipReason::Null => format!("{}: null: {}\n", row.index, row.raw),
        SkipReason::Unreadable(why) => format!("{}: {why}: {}\n", row.index, row.raw),
        other => panic!("{other:?}"),
    };
    rows.iter().map(line).collect()
}

/// Returns the error of a call for a response that cannot be decoded, and its message.
fn decode_error(answer: Reply) -> (String, tonearm::error::DecodeError) {
    let error = Server::canned([answer]).client().get_me().send().unwrap_err();
    let message = error.to_string();
    assert!(!error.is_retryable());
    assert_eq!((error.call(), error.status()), (Some("get_me"), Some(200)));
    match error {
        Error::Decode(decode) => (message, *decode),
        other => panic!("{other:?}"),
    }
}

#[test]
fn invalid_items_are_skipped_and_reported_with_a_reason() {
    let body = r#"{
        "items": [
            {"added_at": "2024-06-30T21:04:00Z", "track": {"id": "1", "name": "first"}},
            null,
            7,
            {"track": "x"},
            {"added_at": null, "track": {"id": "2", "name": "second", "artists": [{"name": "A"}, true]}},
            {"added_at": "2024-06-30T21:04:00Z"},
            {"added_at": "2024-06-30T21:04:00Z", "track": null},
            {"track": {"id": "3", "name": "last", "available_markets": ["FI"]}}
        ],
        "total": 8, "limit": 50, "offset": 0, "next": null
    }"#;
    let server = Server::canned([json(200, body), json(200, body), json(200, body)]);
    let spotify = server.client();

    let page = spotify.get_my_saved_tracks().send().unwrap();
    let names = |tracks: &[SavedTrack]| -> Vec<String> {
        tracks.iter().map(|saved| saved.track.name.to_string()).collect()
    };
    assert_eq!(names(&page.items), ["first", "second", "last"]);
    assert_eq!(page.items[1].track.artists.len(), 1);
    assert_eq!((page.total, page.limit), (Some(8), 50));
    insta::assert_snapshot!(missing(&page.skipped), @r#"
    1: null: null
    2: invalid type: integer `7`, expected the object SavedTrack at line 1 column 1: 7
    3: `track`: invalid type: string "x", expected the object Track at line 1 column 13: {"track": "x"}
    5: missing field `track` at line 1 column 36: {"added_at": "2024-06-30T21:04:00Z"}
    6: null: {"added_at": "2024-06-30T21:04:00Z", "track": null}
    "#);

    let items: Result<Vec<SavedTrack>, _> = spotify.get_my_saved_tracks().items().collect();
    assert_eq!(names(&items.unwrap()), ["first", "second", "last"]);
    let pages: Vec<Page<SavedTrack>> =
        spotify.get_my_saved_tracks().pages().collect::<Result<_, _>>().unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].skipped, page.skipped);
    assert_eq!(server.seen().len(), 3);
    assert!(server.seen()[0].head.starts_with("GET /v1/me/tracks HTTP/1.1\r\n"));

    // Only the client skips items; serde alone fails.
    assert!(serde_json::from_str::<Page<SavedTrack>>(body).is_err());
    read::<Page<SavedTrack>>(&response("saved_tracks"));
}

#[test]
fn null_items_are_skipped_and_reported() {
    let body = r#"{"items": [null, {"track": {"id": "1"}}, null], "total": 3}"#;
    let page = Server::canned([json(200, body)]).client().get_my_saved_tracks().send().unwrap();
    assert_eq!(page.items.len(), 1);
    insta::assert_snapshot!(missing(&page.skipped), @r"
    0: null: null
    2: null: null
    ");
}

#[test]
fn item_without_content_is_skipped_with_its_text() {
    let saved = r#"{"items": [
        {"added_at": "2024-06-30T21:04:00Z", "album": null},
        {"album": {"id": "1"}},
        {"album": {"id": null, "uri": null, "name": "gone"}}
    ], "total": 3}"#;
    let several = r#"{"audiobooks": [
        {"id": "1", "chapters": {"items": [{"id": null, "uri": null}]}},
        null,
        {"id": "2"}
    ]}"#;
    let server = Server::canned([json(200, saved), json(200, several)]);
    let spotify = server.client();
    let page = spotify.get_my_saved_albums().send().unwrap();
    insta::assert_snapshot!(missing(&page.skipped), @r#"
    0: null: {"added_at": "2024-06-30T21:04:00Z", "album": null}
    2: null: {"album": {"id": null, "uri": null, "name": "gone"}}
    "#);

    // Around a page whose last item has no content, everything is kept.
    let audiobooks =
        spotify.get_audiobooks(["1".repeat(22), "9".repeat(22), "2".repeat(22)]).send().unwrap();
    let ids: Vec<_> =
        audiobooks.iter().map(|found| found.as_ref().map(|it| it.id.as_str())).collect();
    assert_eq!(ids, [Some("1"), None, Some("2")]);
    let chapters = &audiobooks[0].as_ref().unwrap().chapters.as_ref().unwrap();
    insta::assert_snapshot!(missing(&chapters.skipped), @r#"0: null: {"id": null, "uri": null}"#);

    // Serde alone doesn't have the text.
    let page: Page<SavedAlbum> = read(saved);
    assert_eq!(missing(&page.skipped), "0: null: null\n2: null: null\n");
}

#[test]
fn page_nested_in_an_item_skips_invalid_items() {
    let mut body: Value = response("saved_albums").parse().unwrap();
    let rows = body.pointer_mut("/items/0/album/tracks/items").unwrap().as_array_mut().unwrap();
    rows.insert(1, json!("nobody"));
    rows.push(Value::Null);
    let page = Server::canned([json(200, body.to_string())])
        .client()
        .get_my_saved_albums()
        .send()
        .unwrap();
    assert_eq!((page.items.len(), page.skipped.len()), (1, 0));
    let tracks = page.items[0].album.tracks.as_ref().unwrap();
    assert_eq!(tracks.items.len(), 2);
    insta::assert_snapshot!(missing(&tracks.skipped), @r#"
    1: invalid type: string "nobody", expected the object SimplifiedTrack at line 1 column 8: "nobody"
    3: null: null
    "#);
}

#[test]
fn page_in_a_field_skips_invalid_items() {
    let mut body: Value = response("followed_artists").parse().unwrap();
    let rows = body.pointer_mut("/artists/items").unwrap().as_array_mut().unwrap();
    rows.insert(0, json!({"name": "without an id"}));
    rows.insert(1, json!({"id": null, "uri": "spotify:artist:1"}));
    let server = Server::canned([json(200, body.to_string())]);
    let page = server.client().get_my_followed_artists().send().unwrap();
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.cursors.after.as_deref(), Some(page.items[1].id.as_str()));
    insta::assert_snapshot!(missing(&page.skipped), @r#"
    0: missing field `id` at line 1 column 24: {"name":"without an id"}
    1: expected the id of the artist, found none at line 1 column 36: {"id":null,"uri":"spotify:artist:1"}
    "#);
    assert!(server.seen()[0].head.starts_with("GET /v1/me/following?type=artist HTTP/1.1\r\n"));
}

#[test]
fn deeply_nested_item_is_skipped() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let body = format!(r#"{{"items": [{deep}, {{"track": {{"id": "1", "album": {deep}}}}}]}}"#);
    let page = Server::canned([json(200, body)]).client().get_my_saved_tracks().send().unwrap();
    assert_eq!((page.items.len(), page.skipped.len()), (1, 1));
    assert_eq!(&*page.skipped[0].raw, deep);
    let (message, _) = decode_error(json(200, &deep));
    insta::assert_snapshot!(message, @"get_me: cannot decode the response: invalid type: sequence, expected the object User at line 1 column 0, near `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`; `send_as` decodes it into another type, and `send_raw` returns it undecoded");
    let me = Server::json(&format!(r#"{{"id": "1", "images": {deep}}}"#)).client().get_me().send();
    assert_eq!(me.unwrap().images, []);
}

#[test]
fn decode_error_names_the_path_and_the_problem() {
    let (message, decode) = decode_error(json(200, r#"{"display_name": "Tuuli"}"#));
    assert_eq!(&*decode.path, ".");
    insta::assert_snapshot!(message, @r#"get_me: cannot decode the response: missing field `id` at line 1 column 25, near `{"display_name": "Tuuli"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);

    let (message, _) = decode_error(json(200, r#"{"id": null, "display_name": "Tuuli"}"#));
    insta::assert_snapshot!(message, @r#"get_me: cannot decode the response: expected the user, found neither an id nor a URI at line 1 column 37, near `{"id": null, "display_name": "Tuuli"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);

    let (message, _) = decode_error(json(200, "[]"));
    insta::assert_snapshot!(message, @"get_me: cannot decode the response: invalid type: sequence, expected the object User at line 1 column 0, near `[]`; `send_as` decodes it into another type, and `send_raw` returns it undecoded");

    // JSON is decoded whatever its content type is.
    let (message, _) = decode_error(answer(200, &[("content-type", "text/plain")], b"true"));
    insta::assert_snapshot!(message, @"get_me: cannot decode the response: invalid type: boolean `true`, expected the object User at line 1 column 4, near `true`; `send_as` decodes it into another type, and `send_raw` returns it undecoded");
}

#[test]
fn decode_error_names_the_path_within_pages_and_items() {
    let server = Server::canned([
        json(200, r#"{"artists": {"items": {"1": 7}, "cursors": "none"}}"#),
        json(200, r#"{"albums": {"items": []}}"#),
        json(200, r#"{"items": {"track": 1}}"#),
        json(200, r#"{"items": [{"track": {"name": "A"}}, {"track": {"name": ["B"]}}]}"#),
        json(200, r#"{"items": []}"#),
        json(200, "[true, false, true]"),
        json(200, r#"[true, "perhaps"]"#),
    ]);
    let spotify = server.client();
    let error = spotify.get_my_followed_artists().send().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_my_followed_artists: cannot decode `artists.items` in the response: invalid type: map, expected a list of items at line 1 column 22, near `{"artists": {"items": {"1": 7}, "cursors": "none"}}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    let error = spotify.get_my_followed_artists().send().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_my_followed_artists: cannot decode the response: missing field `artists` at line 1 column 25, near `{"albums": {"items": []}}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    let error = spotify.get_my_saved_tracks().send().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_my_saved_tracks: cannot decode `items` in the response: invalid type: map, expected a list of items at line 1 column 10, near `{"items": {"track": 1}}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Rows {
        items: Vec<Row>,
    }
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Row {
        track: Strict,
    }
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Strict {
        name: String,
    }
    let error = spotify.get_my_saved_tracks().send_as::<Rows>().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_my_saved_tracks: cannot decode `items[1].track.name` in the response: invalid type: sequence, expected a string at line 1 column 56, near `ck": {"name": "A"}}, {"track": {"name": ["B"]}}]}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    let error = spotify.get_my_saved_tracks().send_as::<Vec<Album>>().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_my_saved_tracks: cannot decode the response: invalid type: map, expected a sequence at line 1 column 0, near `{"items": []}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);

    let ids = ["382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo"];
    let error = spotify.are_albums_saved(ids).send().unwrap_err();
    insta::assert_snapshot!(error, @"are_albums_saved: cannot decode the response: expected 2 values, one for each id, found 3, near `[true, false, true]`; `send_as` decodes it into another type, and `send_raw` returns it undecoded");
    let error = spotify.are_albums_saved(ids).send().unwrap_err();
    insta::assert_snapshot!(error, @r#"are_albums_saved: cannot decode `[1]` in the response: invalid type: string "perhaps", expected a boolean at line 1 column 16, near `[true, "perhaps"]`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
}

#[test]
fn decode_error_shortens_content_to_one_line() {
    let body = json!({ "items": "perhaps ".repeat(1_000_000) }).to_string();
    let error = Server::json(&body).client().get_my_saved_tracks().send().unwrap_err();
    let message = error.to_string();
    insta::assert_snapshot!(message, @r#"get_my_saved_tracks: cannot decode `items` in the response: invalid type: string "perhaps perhaps perhaps perhaps perhaps perhaps perhaps perhaps perhaps perhap…perhaps perhaps perhaps perhaps perhaps perhaps ", expected a list of items at line 1 column 8000011, near `erhaps perhaps perhaps perhaps perhaps "}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);

    let body = json!({ "a\nb".repeat(100): "c\nd" }).to_string();
    let answers = [json(200, body), json(403, r#"{"error": {"message": "no", "reason": "a\nb"}}"#)];
    let server = Server::canned(answers);
    let spotify = server.client();
    let error = spotify.get_me().send_as::<std::collections::BTreeMap<String, u8>>().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_me: cannot decode `a\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nba\nb…` in the response: invalid type: string "c\nd", expected u8 at line 1 column 410, near `a\nba\nba\nba\nba\nba\nba\nba\nb":"c\nd"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    let error = spotify.get_me().send().unwrap_err();
    insta::assert_snapshot!(error, @r"get_me: Spotify returned 403: `no`, reason a\nb; Spotify does not allow this to the app or the user");
}

#[test]
fn decode_error_shows_a_body_that_is_not_json() {
    let html = "<!DOCTYPE html>\n<html>\n  <head><title>Sign in to the café network</title></head>";
    let (message, decode) =
        decode_error(answer(200, &[("content-type", "text/html; charset=utf-8")], html.as_bytes()));
    assert_eq!(decode.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(&*decode.body, html.as_bytes());
    insta::assert_snapshot!(message, @"get_me: expected JSON, found text/html; charset=utf-8, `<!DOCTYPE html> <html> <head><title>Sign in to the café network</title></head`; check the network, the base URL and the proxy");

    let (message, decode) = decode_error(json(200, ""));
    assert!(decode.body.is_empty());
    insta::assert_snapshot!(message, @"get_me: expected JSON, found an empty body with status 200; retry, or ignore the body with `send_raw`");

    let whole = response("user");
    let (message, _) = decode_error(json(200, &whole[..whole.len() / 2]));
    insta::assert_snapshot!(message, @r#"get_me: expected complete JSON, found its beginning: EOF while parsing an object at line 14 column 18, near `"height": 300, "width": 300`; retry"#);
    let (message, _) = decode_error(json(200, whole.replace("\"images\": [", "\"images\": [,")));
    insta::assert_snapshot!(message, @r#"get_me: expected JSON, found other text: expected value at line 10 column 14, near `"display_name": "Tuuli", "images": [, { "url": "https://i.scdn.co/i`; check the network, the base URL and the proxy"#);
    let (message, _) = decode_error(json(200, format!("{whole}{whole}")));
    insta::assert_snapshot!(message, @r#"get_me: expected JSON, found other text: trailing characters at line 35 column 1, near `true, "filter_locked": false } } { "href": "https://api.spotify.com/v1/u`; check the network, the base URL and the proxy"#);
    let mut latin = format!("{{\"email\": \"{}\", ", "x".repeat(99)).into_bytes();
    latin.extend(b"\"id\": \"tuuli\", \"display_name\": \"T\xE4uli\"}");
    let (message, _) = decode_error(json(200, latin));
    insta::assert_snapshot!(message, @r#"get_me: cannot decode the response: byte 146 is not UTF-8, near `xxxx", "id": "tuuli", "display_name": "T�uli"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);

    // White space around JSON is allowed.
    let server = Server::canned([json(200, format!("\n {whole} \n"))]);
    let user: User = server.client().get_me().send().unwrap();
    assert_eq!(user.display_name.as_deref(), Some("Tuuli"));
}

#[test]
fn market_lists_are_decoded_by_models_and_custom_types() {
    use serde_json::{Value, json};
    let track = |id: &str| json!({"track": {"id": id, "name": id, "available_markets": ["FI", "SE"], "artists": []}});
    let rows = [track("7ouMYWpwJ422jRcDASZB7P"), track("4iV5W9uYEdYUVa79Axb7Rh")];
    let body = json!({"items": rows, "total": 2, "limit": 50, "offset": 0, "next": null});
    let server = crate::support::Server::json(&body.to_string());
    let spotify = server.client();

    let page = spotify.get_my_saved_tracks().send().unwrap();
    for saved in &page.items {
        let markets: Vec<_> =
            saved.track.available_markets.iter().flat_map(|set| set.iter()).collect();
        assert_eq!(markets, [tonearm::Market::FI, tonearm::Market::SE]);
    }
    // Other types read the list of markets as it was sent.
    assert_eq!(spotify.get_my_saved_tracks().send_as::<Value>().unwrap(), body);
    assert_eq!(spotify.get("/me/tracks").send_as::<Value>().unwrap(), body);
    let own: Vec<Value> =
        spotify.get("/me/tracks").items().collect::<Result<_, tonearm::Error>>().unwrap();
    assert_eq!(own, rows);
}
