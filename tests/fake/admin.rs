//! The admin API.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tonearm::fake::{Fault, Reply, Server, TruncateAt};

use super::{address, ask, connect, raw, split, start};

/// Sends a request to the admin API, and returns status and body of the response.
fn send(server: &Server, method: &str, name: &str, body: &str) -> (u16, String) {
    let length = body.len();
    split(&raw(
        server,
        format!(
            "{method} /_fake/{name} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        ),
    ))
}

/// Returns the result of an operation.
fn get(server: &Server, name: &str) -> Value {
    let (status, body) = send(server, "GET", name, "");
    assert_eq!(status, 200, "{name}: {body}");
    serde_json::from_str(&body).unwrap()
}

fn post(server: &Server, name: &str, body: &Value) -> Value {
    let (status, text) = send(server, "POST", name, &body.to_string());
    assert_eq!(status, 200, "{name}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn refused(server: &Server, name: &str, body: &str) -> String {
    let (status, body) = send(server, "POST", name, body);
    assert_eq!(status, 400, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["error"].as_str().unwrap().to_owned()
}

/// Returns the public methods of `Server`.
fn methods() -> Vec<String> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../src/fake/server"));
    let mut methods = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut block = "";
        for line in text.lines() {
            if line.starts_with("impl") {
                block = line;
            }
            if block == "impl Server {"
                && let Some((name, _)) =
                    line.strip_prefix("    pub fn ").and_then(|rest| rest.split_once('('))
            {
                methods.push(name.to_owned());
            }
        }
    }
    methods
}

/// Each method of a running server is an operation of the same name, or one of these.
#[test]
fn admin_api_has_every_operation_of_the_server() {
    let without_operation = [
        ("builder", "options of the command"),
        ("start", "starts a server"),
        ("replay", "starts a server"),
        ("client", "builds a client"),
        ("client_builder", "builds a client"),
        ("app", "builds an app"),
        ("browser", "a browser is outside of the server"),
        ("base_url", "in `info`"),
        ("accounts_url", "in `info`"),
        ("token", "in `info`"),
        ("client_id", "in `info`"),
        ("client_secret", "in `info`"),
        ("script_all", "`script` for the path `*`"),
    ];
    let only_operations = ["log.txt"];
    let server = Server::start().unwrap();
    let operations = get(&server, "")["operations"].as_array().unwrap().clone();
    let operations = operations.iter().map(|operation| operation["path"].as_str().unwrap());
    let mut operations: Vec<_> =
        operations.map(|path| path.strip_prefix("/_fake/").unwrap().to_owned()).collect();
    operations.retain(|name| !only_operations.contains(&name.as_str()));
    let mut methods = methods();
    for (name, _) in without_operation {
        assert!(methods.iter().any(|method| method == name), "there is no method `{name}`");
    }
    methods.retain(|method| !without_operation.iter().any(|(name, _)| name == method));
    methods.sort();
    operations.sort();
    assert_eq!(operations, methods);
}

#[test]
fn admin_api_changes_tokens_and_users() {
    let (server, _) = start();
    let me = |token: &Value| {
        let token = token.as_str().unwrap();
        let authorization = format!("authorization: Bearer {token}\r\n");
        let (status, body) = super::ask_with(&server, "GET", "/me", &authorization, "");
        let body: Value = serde_json::from_str(&body).unwrap();
        (status, body["id"].as_str().unwrap_or_default().to_owned())
    };
    let info = get(&server, "info");
    assert_eq!(info["base_url"], server.base_url());
    assert_eq!(info["client_id"], server.client_id());
    assert_eq!(info["catalog"]["albums"][0], server.catalog().albums()[0].to_string());
    assert_eq!(me(&info["token"]), (200, info["user_id"].as_str().unwrap().to_owned()));
    let other = post(&server, "add_user", &json!({}));
    assert_eq!(me(&other["token"]), (200, other["id"].as_str().unwrap().to_owned()));
    let limited = post(&server, "issue_token", &json!({"scopes": ["user-read-email"]}));
    assert_eq!(me(&limited["token"]).0, 200);
    let refresh = |token: &Value| {
        let token = token.as_str().unwrap();
        let form = format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={}",
            server.client_id()
        );
        let (status, body) = split(&raw(
            &server,
            format!(
                "POST /api/token HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n\
                 content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
                form.len()
            ),
        ));
        (status, serde_json::from_str::<Value>(&body).unwrap_or_default())
    };
    let token =
        &post(&server, "issue_refresh_token", &json!({"scopes": "user-read-email user-top-read"}))
            ["refresh_token"];
    post(&server, "fail_token_requests", &json!({"times": 1}));
    assert_eq!(refresh(token).0, 503);
    post(&server, "set_access_token_lifetime", &json!({"seconds": 60}));
    let (status, granted) = refresh(token);
    assert_eq!((status, &granted["expires_in"]), (200, &json!(60)));
    assert_eq!(me(&granted["access_token"]).0, 200);
    post(&server, "expire_access_tokens", &json!({}));
    assert_eq!(me(&granted["access_token"]).0, 401);
    post(&server, "rotate_refresh_tokens", &json!({"rotate": true}));
    assert!(refresh(token).1["refresh_token"].is_string());
    assert_eq!(refresh(token).0, 400);
    post(&server, "revoke_consent", &json!({}));
    assert_eq!(refresh(&other["refresh_token"]).0, 400);
    post(&server, "reset_to_new_user", &json!({}));
    assert_ne!(me(&info["token"]).1, info["user_id"].as_str().unwrap());
    assert_eq!(get(&server, "library"), json!({"uris": []}));
    post(&server, "reset", &json!({}));
    assert_eq!(me(&info["token"]).1, info["user_id"].as_str().unwrap());
    assert!(get(&server, "library")["uris"].as_array().unwrap().len() > 1000);
    assert_eq!(
        get(&server, "catalog")["albums"].as_array().unwrap().len(),
        server.catalog().albums().len()
    );
}

/// The table of the guide, the list of the admin API and the parser have the same steps.
#[test]
fn guide_and_admin_api_list_every_step_of_a_script() {
    let guide = include_str!("../../src/guide/testing.md");
    let table = guide.split_once("| step | effect | example |\n| --- | --- | --- |\n").unwrap().1;
    let rows = table.lines().take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, _, example] = cells[..] else { panic!("{line}") };
        let example: Value = serde_json::from_str(example.trim_matches('`')).unwrap();
        json!({"name": name.trim_matches('`'), "example": example})
    });
    let rows: Vec<Value> = rows.collect();
    let (server, _) = start();
    assert_eq!(get(&server, "")["steps"], json!(rows));
    for row in &rows {
        let example = &row["example"];
        let name = example.as_str().or_else(|| Some(example.as_object()?.keys().next()?)).unwrap();
        assert_eq!(row["name"], *name);
        post(&server, "reset", &json!({}));
        post(&server, "script", &json!({"path": "/me", "steps": [example]}));
        let count = if name == "repeat" { 3 } else { 1 };
        assert_eq!(server.pending_faults(), count, "{name}");
        if !["normal", "repeat"].contains(&name) {
            let faults = json!([{"fault": example, "percent": 100}]);
            post(&server, "inject_randomly", &json!({"seed": 1, "faults": faults}));
        }
    }
}

#[test]
fn admin_api_injects_every_fault() {
    let (server, _) = start();
    let reply = Reply::new(418).header("X-A", "b").body(r#"{"tea":[1]}"#);
    let json_reply = json!({"status": 418, "headers": {"X-A": "b"}, "body": {"tea": [1]}});
    let location = || "http://example.com/".to_owned();
    let (steps, faults): (Vec<Value>, Vec<Option<Fault>>) = [
        (json!("normal"), None),
        (json!({"status": 503}), Some(Fault::Status(503))),
        (json!({"status": 200}), Some(Fault::Status(200))),
        (json!({"status": 599}), Some(Fault::Status(599))),
        (
            json!({"rate_limited": {"retry_after": 3}}),
            Some(Fault::RateLimited { retry_after: Duration::from_secs(3) }),
        ),
        (json!("rate_limited_without_header"), Some(Fault::RateLimitedWithoutHeader)),
        (json!("quota_exceeded"), Some(Fault::QuotaExceeded)),
        (
            json!({"redirect": {"location": location()}}),
            Some(Fault::Redirect { location: location() }),
        ),
        (
            json!({"respond_before_processing": json_reply}),
            Some(Fault::RespondBeforeProcessing(reply)),
        ),
        (
            json!({"respond_after_processing": {"status": 200, "body": "text"}}),
            Some(Fault::RespondAfterProcessing(Reply::new(200).body("text"))),
        ),
        (
            json!({"respond_after_processing": {"status": 201, "body": null}}),
            Some(Fault::RespondAfterProcessing(Reply::new(201))),
        ),
        (json!("reset_before_processing"), Some(Fault::ResetBeforeProcessing)),
        (json!("reset_after_processing"), Some(Fault::ResetAfterProcessing)),
        (json!("hang_before_processing"), Some(Fault::HangBeforeProcessing)),
        (json!("hang_after_processing"), Some(Fault::HangAfterProcessing)),
        (
            json!({"truncate_before_processing": "status_line"}),
            Some(Fault::TruncateBeforeProcessing(TruncateAt::StatusLine)),
        ),
        (
            json!({"truncate_after_processing": "head"}),
            Some(Fault::TruncateAfterProcessing(TruncateAt::Head)),
        ),
        (
            json!({"truncate_before_processing": "body"}),
            Some(Fault::TruncateBeforeProcessing(TruncateAt::Body)),
        ),
        (json!("broken_gzip"), Some(Fault::BrokenGzip)),
        (json!("gzip"), Some(Fault::Gzip)),
        (
            json!({"slow": {"pause_ms": 1, "bytes": 2}}),
            Some(Fault::Slow { pause: Duration::from_millis(1), bytes: 2 }),
        ),
    ]
    .into_iter()
    .unzip();
    let script = json!({"path": "/me/player", "method": "GET", "steps": steps});
    post(&server, "script", &script);
    ask(&server, "PUT", "/me/player", "{}");
    assert_eq!(get(&server, "pending_faults"), json!({"pending_faults": steps.len()}));
    post(&server, "reset", &json!({}));
    assert_eq!(server.pending_faults(), 0);
    post(&server, "script", &script);
    let request =
        format!("GET /v1/me/player HTTP/1.1\r\nauthorization: Bearer {}\r\n\r\n", server.token());
    for _ in &steps {
        let mut stream = connect(&server);
        stream.write_all(request.as_bytes()).unwrap();
        // Ends a request without a response. After a reset, both fail.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let injected: Vec<_> = server.requests().into_iter().map(|request| request.fault).collect();
    assert_eq!(injected, faults);
    post(&server, "reset", &json!({}));

    let steps = json!([{"respond_before_processing": json_reply}, {"status": 503}, "normal"]);
    post(&server, "script", &json!({"path": "/me", "steps": steps}));
    let repeated = json!({"repeat": {"times": 2, "step": {"status": 500}}});
    post(&server, "script", &json!({"path": "/me/albums", "steps": [repeated]}));
    assert_eq!([1, 2, 3].map(|_| ask(&server, "GET", "/me/albums", "").0), [500, 500, 200]);
    assert_eq!(ask(&server, "GET", "/me", ""), (418, r#"{"tea":[1]}"#.to_owned()));
    assert_eq!(ask(&server, "GET", "/me", "").0, 503);
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    let text = json!([{"respond_before_processing": {"status": 200, "body": "text"}}]);
    let custom = json!({"path": "/charts/{kind}", "method": "POST", "steps": text});
    post(&server, "script_custom", &custom);
    assert_eq!(ask(&server, "GET", "/charts/viral", "").0, 501);
    assert_eq!(ask(&server, "POST", "/charts/viral", ""), (200, "text".to_owned()));
    assert_eq!(ask(&server, "POST", "/charts/viral", "").0, 501);
    let faults = json!([{"fault": {"status": 502}, "percent": 100}]);
    post(&server, "inject_randomly", &json!({"seed": 7, "faults": faults}));
    assert_eq!(ask(&server, "GET", "/me", "").0, 502);
    assert!(server.injected().contains(&(Fault::Status(502), 1)));
    assert_eq!(
        get(&server, "injected")["injected"][2],
        json!({"fault": "Status(503)", "count": 1})
    );
    post(&server, "inject_randomly", &json!({"seed": 0, "faults": []}));
    for (reason, text) in [
        ("user_not_registered", "User not registered in the Developer Dashboard"),
        ("owner_without_premium", "Active premium subscription required for the owner"),
    ] {
        post(&server, "fail_all", &json!({"reason": reason}));
        let (status, body) = ask(&server, "GET", "/me", "");
        assert!(status == 403 && body.starts_with(text), "{body}");
    }
    post(&server, "fail_all", &json!({"reason": "user_without_premium"}));
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    assert!(ask(&server, "PUT", "/me/player/pause", "").1.contains("PREMIUM_REQUIRED"));
    for none in [json!({"reason": null}), json!(null)] {
        post(&server, "fail_all", &json!({"reason": "user_not_registered"}));
        post(&server, "fail_all", &none);
        assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    }
}

#[test]
fn admin_api_adds_objects_items_and_devices() {
    let (server, spotify) = start();
    let album = "0eFHYz8NmK75zSplL5qlfM";
    let object = json!({"name": "Black Holes", "href": "http://x/", "tracks": {"items": [{"id": "3lPr8ghNDBLc2uZovNyLs9", "type": "track", "name": "Soldier"}]}});
    post(
        &server,
        "add_object",
        &json!({"uri": format!("spotify:album:{album}"), "object": object}),
    );
    let seen = super::json(&server, &format!("/albums/{album}"));
    assert_eq!(
        (&seen["name"], &seen["tracks"]["items"][0]["name"]),
        (&json!("Black Holes"), &json!("Soldier"))
    );
    assert_eq!(seen["href"], format!("{}/albums/{album}", server.base_url()));
    assert_eq!(
        super::json(&server, "/search?q=holes&type=album")["albums"]["items"][0]["id"],
        album
    );
    post(
        &server,
        "add_object",
        &json!({"uri": format!("spotify:album:{album}"), "object": {"name": "New"}}),
    );
    assert_eq!(spotify.get_album(album).send().unwrap().name, "New");
    assert_eq!(super::json(&server, "/search?q=holes&type=album")["albums"]["total"], 0);
    post(
        &server,
        "add_object",
        &json!({"uri": "spotify:user:zz", "object": {"display_name": "Zoe"}}),
    );
    assert_eq!(spotify.get_user("zz").send().unwrap().display_name.as_deref(), Some("Zoe"));
    // Further users see them too.
    let other = post(&server, "add_user", &json!({}))["token"].as_str().unwrap().to_owned();
    let other = server.client_builder().token(other).build().unwrap();
    other.save_albums([album]).send().unwrap();
    assert_eq!(other.get_my_saved_albums().send().unwrap().items[0].album.name, "New");

    let playlist = server.catalog().playlists()[0].to_string();
    let before = spotify.get_playlist(&*playlist).send().unwrap();
    let total = before.items.unwrap().total.unwrap();
    for item in [
        json!({"uri": "spotify:local:Muse:Attic+Tapes:Rain%2FSun:90", "added_by": "zz"}),
        json!({}),
        json!({"uri": "spotify:track:3lPr8ghNDBLc2uZovNyLs9", "added_at": "2026-11-30T09:00:00Z"}),
    ] {
        post(&server, "add_playlist_item", &json!({"playlist_id": playlist, "item": item}));
    }
    let items =
        super::json(&server, &format!("/playlists/{playlist}/items?offset={total}"))["items"]
            .clone();
    assert_eq!(items.as_array().unwrap().len(), 3);
    let file = &items[0]["item"];
    assert_eq!(
        (&file["name"], &file["album"]["name"], &file["duration_ms"]),
        (&json!("Rain/Sun"), &json!("Attic Tapes"), &json!(90_000))
    );
    assert_eq!((&items[0]["is_local"], &items[0]["added_by"]["id"]), (&json!(true), &json!("zz")));
    assert_eq!((&items[1]["item"], &items[2]["item"]), (&Value::Null, &Value::Null));
    assert_eq!(server.requests().pop().unwrap().missing.len(), 1, "the track has no object");
    assert_ne!(spotify.get_playlist(&*playlist).send().unwrap().snapshot_id, before.snapshot_id);

    let desk = json!({"id": "desk", "name": "Desk", "volume_percent": null});
    post(&server, "set_devices", &json!({"devices": [desk, {"name": "Phone"}]}));
    assert_eq!(spotify.get_devices().send().unwrap()[0].name, "Desk");
    post(&server, "reset", &json!({}));
    assert_eq!(ask(&server, "GET", &format!("/albums/{album}"), "").0, 404);
    assert_eq!(spotify.get_playlist(&*playlist).send().unwrap().items.unwrap().total, Some(total));
}

#[test]
fn admin_api_ends_the_rate_limit() {
    let server = Server::builder().rate_limit(1).start().unwrap();
    let status = || ask(&server, "GET", "/me", "").0;
    assert_eq!([status(), status()], [200, 429]);
    post(&server, "end_rate_limit", &json!({}));
    assert_eq!([status(), status()], [200, 429]);
}

#[test]
fn admin_api_moves_playback_on() {
    let (server, spotify) = start();
    let device = spotify.get_devices().send().unwrap().into_iter().find_map(|device| device.id);
    let tracks = &server.catalog().tracks()[..2];
    spotify.start_playback().device_id(device).uris(tracks).send().unwrap();
    post(&server, "advance_playback", &json!({"ms": 30_000}));
    assert_eq!(spotify.get_playback().send().unwrap().unwrap().progress_ms, Some(30_000));
    post(&server, "set_playback", &json!({"playback": {"currently_playing_type": "ad"}}));
    assert_eq!(super::json(&server, "/me/player")["currently_playing_type"], "ad");
    post(&server, "set_playback", &json!({"playback": null}));
    assert_eq!(ask(&server, "GET", "/me/player", "").0, 204);
}

#[test]
fn admin_api_returns_the_log() {
    let (server, spotify) = start();
    spotify.get_my_saved_tracks().limit(3).send().unwrap();
    let expected: Value =
        serde_json::from_str(&serde_json::to_string(&server.log()).unwrap()).unwrap();
    assert_eq!(get(&server, "log"), json!({"dropped": 0, "requests": expected}));
    let (status, text) = send(&server, "GET", "log.txt", "");
    assert_eq!((status, text), (200, format!("{}\n", server.log())));
    let requests = get(&server, "requests");
    let headers = requests["requests"][0]["headers"].as_array().unwrap();
    assert!(
        headers.contains(&json!({"name": "authorization", "value": "Bearer …"})),
        "{headers:?}"
    );
    // That of the client, this one, and those that just end.
    assert!(get(&server, "connections")["connections"].as_u64().unwrap() >= 2);
    assert_eq!(get(&server, "unrecorded"), json!({"unrecorded": []}));
    assert_eq!(get(&server, "unused_recordings"), json!({"unused_recordings": []}));
    // Requests of the admin API are neither logged nor hit by faults.
    server.script_all().then(Fault::Status(500));
    assert_eq!(server.requests().len(), 1);
    post(&server, "clear_requests", &json!({}));
    assert!(server.requests().is_empty());
    assert_eq!(server.pending_faults(), 1);
}

#[test]
fn invalid_admin_requests_are_rejected_with_a_sentence() {
    let (server, _) = start();
    let mut found = Vec::new();
    insta::assert_snapshot!(refused(&server, "script", "{"), @r#"script: EOF while parsing an object at line 1 column 1; expected {"path": "/me", "steps": [{"status": 503}, "normal"]}, and "method" if only one"#);
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me", "step": []}"#), @r#"script: unknown field `step`, expected one of `path`, `method`, `steps` at line 1 column 22; expected {"path": "/me", "steps": [{"status": 503}, "normal"]}, and "method" if only one"#);
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me/trakcs", "steps": ["gzip"]}"#), @"script: expected the path of an endpoint such as `/me/tracks`, or `*` for all, found `/me/trakcs`; for a path that is no endpoint of Spotify's, call `script_custom`");
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me", "steps": ["gzipped"]}"#).split(", expected").next().unwrap(), @"script: expected a step of `normal`, `status`, `rate_limited`, `rate_limited_without_header`, `quota_exceeded`, `respond_before_processing`, `respond_after_processing`, `redirect`, `reset_before_processing`, `reset_after_processing`, `truncate_before_processing`, `truncate_after_processing`, `hang_before_processing`, `hang_after_processing`, `broken_gzip`, `gzip`, `slow`, `repeat`, found `gzipped`");
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me", "steps": ["gzip", {"status": 42}]}"#), @r#"script: `status`: expected a status code from 200 to 599, found `42`; for example `{"status": 503}`"#);
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me", "steps": [{"redirect": {"location": "a\r\nb: c"}}]}"#), @r#"script: `location`: expected a text without control characters, found `"a\r\nb: c"`; for example `{"redirect": {"location": "https://example.com/"}}`"#);
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me", "steps": [{"respond_before_processing": {"status": 200, "headers": {"a b": "c"}}}]}"#), @r#"script: `headers`: expected the name of a header, found `a b`; for example `{"respond_before_processing": {"status": 502, "headers": {"content-type": "text/html"}, "body": "<h1>Bad Gateway</h1>"}}`"#);
    insta::assert_snapshot!(refused(&server, "script", r#"{"path": "/me", "steps": [{"repeat": {"times": 2, "step": {"repeat": {"times": 2, "step": "gzip"}}}}]}"#), @"script: expected a fault or `normal`, found `repeat`");
    let many = [r#"{"repeat": {"times": 65535, "step": "gzip"}}"#; 16].join(", ");
    insta::assert_snapshot!(refused(&server, "script", &format!(r#"{{"path": "/me", "steps": [{many}]}}"#)), @"script: expected steps for at most 1000000 requests, with those of earlier scripts, found 1048560; `reset` removes all steps");
    let half = [r#"{"repeat": {"times": 65535, "step": "gzip"}}"#; 8].join(", ");
    let half = format!(r#"{{"path": "/me", "steps": [{half}]}}"#);
    assert_eq!(send(&server, "POST", "script", &half).0, 200);
    insta::assert_snapshot!(refused(&server, "script", &half), @"script: expected steps for at most 1000000 requests, with those of earlier scripts, found 1048560; `reset` removes all steps");
    post(&server, "reset", &json!({}));
    insta::assert_snapshot!(refused(&server, "add_object", r#"{"uri": "spotify:album:0eFHYz8NmK75zSplL5qlfM", "object": [1]}"#), @"add_object: expected an object for `spotify:album:0eFHYz8NmK75zSplL5qlfM`, found another value");
    for step in [
        r#"{"status": 199}"#,
        r#"{"status": 600}"#,
        r#"{"status": "503"}"#,
        r#""status""#,
        r#"{"rate_limited": 3}"#,
        r#"{"rate_limited": {"retry_after": -1}}"#,
        r#"{"rate_limited": {"retry_in": 1}}"#,
        r#"{"quota_exceeded": {}}"#,
        r#"{"truncate_after_processing": "tail"}"#,
        r#"{"slow": {"pause_ms": 1}}"#,
        r#"{"repeat": {"times": 70000, "step": "gzip"}}"#,
        r#"{"redirect": {"location": null}}"#,
        r#"{"respond_before_processing": {"headers": {}}}"#,
        r#"{"respond_before_processing": {"status": 200, "headers": []}}"#,
        r#"{"status": 503, "gzip": null}"#,
        "503",
    ] {
        let body = format!(r#"{{"path": "/me", "steps": [{step}]}}"#);
        found.push(refused(&server, "script", &body));
    }
    for (name, body) in [
        ("script", "[1, 2]"),
        ("script", r#"{"path": "/me", "method": "DELETE", "steps": []}"#),
        ("script", r#"{"path": "/me/following", "method": "POST", "steps": []}"#),
        ("script", r#"{"path": "/me", "method": "PATCH", "steps": []}"#),
        ("script", r#"{"path": {}, "steps": []}"#),
        ("script", r#"{"path": "/me", "steps": 1}"#),
        ("advance_playback", r#"{"ms": "x"}"#),
        ("rotate_refresh_tokens", r#"{"rotate": 1}"#),
        ("fail_token_requests", r#"{"times": "2"}"#),
        ("add_object", r#"{"uri": "x", "object": {}}"#),
        ("add_object", r#"{"uri": "spotify:album:bad", "object": {}}"#),
        ("add_object", r#"{"uri": "spotify:bogus:0eFHYz8NmK75zSplL5qlfM", "object": {}}"#),
        ("set_devices", r#"{"devices": [{"nam": "x"}]}"#),
        ("set_devices", r#"{"devices": [{"name": "Desk", "nam": "x"}]}"#),
        ("set_devices", r#"{"devices": [1]}"#),
        ("set_devices", r#"{"devices": [[]]}"#),
        ("set_devices", r#"{"devices": [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]}"#),
    ] {
        found.push(refused(&server, name, body));
    }
    insta::assert_snapshot!(found.join("\n"), @r#"
    script: `status`: expected a status code from 200 to 599, found `199`; for example `{"status": 503}`
    script: `status`: expected a status code from 200 to 599, found `600`; for example `{"status": 503}`
    script: `status`: expected a status code from 200 to 599, found `"503"`; for example `{"status": 503}`
    script: `status`: expected `{"status": 503}`, found `"status"`
    script: expected an object with `retry_after`, found `3`; for example `{"rate_limited": {"retry_after": 3}}`
    script: `retry_after`: expected an integer from 0, found `-1`; for example `{"rate_limited": {"retry_after": 3}}`
    script: expected the fields `retry_after`, found `retry_in`; for example `{"rate_limited": {"retry_after": 3}}`
    script: `quota_exceeded`: expected `"quota_exceeded"`, found `{"quota_exceeded":{}}`
    script: `truncate_after_processing`: expected `status_line`, `head` or `body`, found `"tail"`; for example `{"truncate_after_processing": "body"}`
    script: the field `bytes` is missing; for example `{"slow": {"pause_ms": 100, "bytes": 50}}`
    script: `times`: expected an integer from 0 to 65535, found `70000`; for example `{"repeat": {"times": 3, "step": {"status": 503}}}`
    script: `location`: expected a text without control characters, found `null`; for example `{"redirect": {"location": "https://example.com/"}}`
    script: the field `status` is missing; for example `{"respond_before_processing": {"status": 502, "headers": {"content-type": "text/html"}, "body": "<h1>Bad Gateway</h1>"}}`
    script: `headers`: expected an object, found `[]`; for example `{"respond_before_processing": {"status": 502, "headers": {"content-type": "text/html"}, "body": "<h1>Bad Gateway</h1>"}}`
    script: expected a step with one name, found `{"status":503,"gzip":null}`
    script: expected a step such as `{"status": 503}`, found `503`
    script: expected an object, found a list; expected {"path": "/me", "steps": [{"status": 503}, "normal"]}, and "method" if only one
    script: expected a method of `/me`: GET, found DELETE
    script: expected a method of `/me/following`: DELETE, GET, PUT, found POST
    script: `method`: expected one of `GET`, `PUT`, `POST`, `DELETE`, found `PATCH`
    script: invalid type: object, expected a text at line 1 column 9; expected {"path": "/me", "steps": [{"status": 503}, "normal"]}, and "method" if only one
    script: invalid type: integer `1`, expected a list at line 1 column 26; expected {"path": "/me", "steps": [{"status": 503}, "normal"]}, and "method" if only one
    advance_playback: invalid type: text "x", expected an integer from 0 at line 1 column 10; expected {"ms": 30000}
    rotate_refresh_tokens: invalid type: integer `1`, expected `true` or `false` at line 1 column 12; expected {"rotate": true}
    fail_token_requests: invalid type: text "2", expected an integer from 0 at line 1 column 13; expected {"times": 2}
    add_object: `uri`: expected a URI such as `spotify:album:0eFHYz8NmK75zSplL5qlfM`, found `x`
    add_object: `uri`: expected a URI such as `spotify:album:0eFHYz8NmK75zSplL5qlfM`, found `spotify:album:bad`
    add_object: `uri`: expected a URI such as `spotify:album:0eFHYz8NmK75zSplL5qlfM`, found `spotify:bogus:0eFHYz8NmK75zSplL5qlfM`
    set_devices: `devices`: expected the fields `id`, `is_active`, `is_private_session`, `is_restricted`, `name`, `supports_volume`, `type`, `volume_percent`, found `nam`
    set_devices: `devices`: expected the fields `id`, `is_active`, `is_private_session`, `is_restricted`, `name`, `supports_volume`, `type`, `volume_percent`, found `nam`
    set_devices: `devices`: invalid type: integer `1`, expected an object at line 1 column 1
    set_devices: `devices`: invalid type: list, expected an object at line 1 column 0
    set_devices: `devices`: expected each id once, found `a` twice
    "#);
    insta::assert_snapshot!(refused(&server, "add_playlist_item", r#"{"playlist_id": "0eFHYz8NmK75zSplL5qlfM", "item": {}}"#), @"add_playlist_item: expected a playlist of this server, found `spotify:playlist:0eFHYz8NmK75zSplL5qlfM`");
    insta::assert_snapshot!(refused(&server, "script_custom", r#"{"path": "charts", "steps": []}"#), @"script_custom: `path`: expected a path such as `/charts/viral`");
    insta::assert_snapshot!(refused(&server, "fail_all", r#"{"reason": "no"}"#), @"fail_all: `reason`: expected one of `user_not_registered`, `owner_without_premium`, `user_without_premium`, found `no`");
    insta::assert_snapshot!(refused(&server, "issue_token", r#"{"scopes": ["user-read-mail"]}"#), @"issue_token: `scopes`: expected scopes of Spotify's, found `user-read-mail`");
    insta::assert_snapshot!(refused(&server, "inject_randomly", r#"{"seed": 1, "faults": [{"fault": "normal", "percent": 5}]}"#), @"inject_randomly: `faults`: expected a fault, found `normal`");
    insta::assert_snapshot!(refused(&server, "inject_randomly", r#"{"seed": 1, "faults": [{"fault": "gzip", "percent": 101}]}"#), @"inject_randomly: `percent`: expected at most 100 in all, found 101");
    insta::assert_snapshot!(refused(&server, "set_access_token_lifetime", r#"{"seconds": -1}"#), @r#"set_access_token_lifetime: invalid value: integer `-1`, expected an integer from 0 at line 1 column 14; expected {"seconds": 60}"#);
    insta::assert_snapshot!(refused(&server, "reset", "[1]"), @"reset: expected an object, found a list; expected an empty body or {}");
    insta::assert_snapshot!(refused(&server, "reset", "\u{0}"), @"reset: expected value at line 1 column 1; expected an empty body or {}");
    server.set_devices([]);
    insta::assert_snapshot!(refused(&server, "set_playback", r#"{"playback": {}}"#), @"set_playback: expected a device, found none; the user has no other");
    assert_eq!(server.pending_faults(), 0, "no part of a script takes effect");
    insta::assert_snapshot!(send(&server, "GET", "reset", "").1, @r#"{"error":"reset: expected the method POST, found GET"}"#);
    insta::assert_snapshot!(send(&server, "POST", "nothing", "").1, @r#"{"error":"there is no operation `nothing`; `GET /_fake/` lists all"}"#);
    // As `curl -X POST` sends it.
    let response =
        raw(&server, "POST /_fake/reset HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    assert_eq!(split(&response), (200, "{}".to_owned()));
    assert!(server.requests().is_empty());
}

/// Any page that a developer visits can send requests to the machine, also under the name of its own server.
#[test]
fn only_web_pages_of_the_same_machine_may_use_the_admin_api() {
    let (server, _) = start();
    let send = |method: &str, host: &str, origin: &str| {
        let headers = format!("{host}{origin}connection: close\r\n\r\n");
        raw(&server, format!("{method} /_fake/info HTTP/1.1\r\n{headers}")).replace('\r', "")
    };
    let port = address(&server).rsplit_once(':').unwrap().1.to_owned();
    for host in ["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
        for (host, origin) in [
            (format!("host: {host}:{port}\r\n"), String::new()),
            (format!("host: {host}\r\n"), format!("origin: https://{host}\r\n")),
            (String::new(), format!("origin: http://{host}:3000\r\n")),
        ] {
            let response = send("GET", &host, &origin);
            assert!(response.starts_with("HTTP/1.1 200"), "{host}{origin}{response}");
            let allowed = origin.strip_prefix("origin: ").map(|origin| origin.trim().to_owned());
            let found = response.lines().find_map(|line| {
                line.strip_prefix("access-control-allow-origin: ").map(str::to_owned)
            });
            assert_eq!(found, allowed);
        }
    }
    let here = format!("host: 127.0.0.1:{port}\r\n");
    for (host, origin) in [
        (&*here, "origin: https://evil.example\r\n"),
        (&*here, "origin: http://localhost.evil.example:3000\r\n"),
        (&*here, "origin: http://192.0.2.1\r\n"),
        // A page from a file, or in a sandbox.
        (&*here, "origin: null\r\n"),
        ("host: evil.example:8080\r\n", ""),
        ("host: evil.example:8080\r\n", "origin: http://evil.example:8080\r\n"),
    ] {
        for method in ["GET", "POST", "OPTIONS"] {
            let response = send(method, host, origin);
            assert!(response.starts_with("HTTP/1.1 403"), "{method} {host}{origin}{response}");
            assert!(!response.contains("access-control-"), "{response}");
            assert!(!response.contains(server.token()), "{response}");
        }
    }
    let body = |host, origin| split(&send("GET", host, origin).replacen("\n\n", "\r\n\r\n", 1)).1;
    insta::assert_snapshot!(body(&here, "origin: https://evil.example\r\n"), @r#"{"error":"the admin API is not available to web pages of the origin `https://evil.example`; expected one of this machine, such as `http://localhost:3000`"}"#);
    insta::assert_snapshot!(body("host: evil.example\r\n", "").replace(&port, "PORT"), @r#"{"error":"the admin API is not available at the host `evil.example`; call `http://127.0.0.1:PORT/_fake`"}"#);

    // Before a request with a body of JSON, a browser asks.
    let preflight = "access-control-request-headers: content-type\r\n";
    let local = send("OPTIONS", &here, &format!("origin: http://localhost:3000\r\n{preflight}"));
    insta::assert_snapshot!(local, @r"
    HTTP/1.1 204 No Content
    access-control-allow-origin: http://localhost:3000
    access-control-allow-headers: content-type
    vary: origin
    server: fake-spotify
    ");
    insta::assert_snapshot!(send("OPTIONS", &here, ""), @r"
    HTTP/1.1 204 No Content
    server: fake-spotify
    ");
    insta::assert_snapshot!(send("POST", &here, "").split("\n\n").next().unwrap(), @r"
    HTTP/1.1 405 Method Not Allowed
    allow: GET
    content-type: application/json; charset=utf-8
    content-length: 53
    server: fake-spotify
    ");
}
