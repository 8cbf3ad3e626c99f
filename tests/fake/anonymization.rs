//! Recordings contain no tokens and no data that identifies a user.

use std::collections::BTreeSet;

use tonearm::endpoint::{ParamKind, ParamLocation};
use tonearm::fake::{Recorder, Reply, Server};
use tonearm::param::Jpeg;
use tonearm::{App, Scope, Scopes, Spotify};

use super::recording::{Checkpoint, recording};

/// Logs in, and returns the app and every secret value of the login.
fn log_in(server: &Server) -> (App, Vec<String>) {
    server.rotate_refresh_tokens(true);
    let (app, browser) = (server.app().client_secret(server.client_secret()), server.browser());
    let code = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let seen = std::sync::Arc::clone(&code);
    app.login(Scope::ALL.iter().cloned().collect::<Scopes>())
        .unwrap()
        .browser(move |url| {
            let redirect = browser.approve(url)?;
            let query = redirect.split_once("code=").unwrap().1;
            *seen.lock().unwrap() = query.split('&').next().unwrap().to_owned();
            browser.visit(&redirect).map(drop)
        })
        .run()
        .unwrap();
    let code = code.lock().unwrap().clone();
    let token = app.stored_token().unwrap().unwrap();
    let secrets = vec![
        code,
        token.access_token().reveal().to_owned(),
        token.refresh_token().unwrap().reveal().to_owned(),
        server.client_secret().to_owned(),
    ];
    (app, secrets)
}

/// Collects the values in a response that identify a user.
fn collect_personal(json: &serde_json::Value, found: &mut BTreeSet<String>) {
    use serde_json::Value;
    match json {
        Value::Array(values) => values.iter().for_each(|value| collect_personal(value, found)),
        Value::Object(members) => {
            let is = |kind: &str| members.get("type").is_some_and(|found| found == kind);
            let is_device = members.contains_key("is_restricted");
            for (key, value) in members {
                let is_personal = match key.as_str() {
                    "email" | "display_name" | "account_id" => true,
                    "id" => is("user") || is("playlist") || is_device,
                    "name" => is("playlist") || is_device,
                    "description" => is("playlist"),
                    _ => false,
                };
                match value.as_str() {
                    Some(text) if is_personal && !text.is_empty() => {
                        found.insert(text.to_owned());
                    }
                    _ => collect_personal(value, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn recording_contains_no_secrets_or_personal_data() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let (app, mut secrets) = log_in(&server);
    let builder = Spotify::builder().app(&app).base_url(server.base_url());
    let spotify = builder.recorder(&recorder).build().unwrap();

    // The response of a server that repeats a request header in its error message.
    let echo = format!(r#"{{"error":{{"status":400,"message":"Bearer {} is odd"}}}}"#, secrets[1]);
    let reply = Reply::new(400).header("set-cookie", "sp_t=COOKIE-SECRET").body(echo);
    server.script("/me/albums").then(reply);
    assert!(spotify.get_my_saved_albums().send().is_err());

    let mut names = BTreeSet::new();
    let mut note = |raw: Result<tonearm::RawResponse, tonearm::Error>| {
        let raw = raw.unwrap();
        assert!(raw.status() < 300, "{raw:?}");
        collect_personal(&serde_json::from_slice(raw.body()).unwrap_or_default(), &mut names);
    };
    note(spotify.get_me().send_raw());
    server.expire_access_tokens();
    note(spotify.get_my_playlists().limit(50).send_raw());
    note(spotify.get_devices().send_raw());
    let other = &server.catalog().playlists()[60];
    let device = spotify.get_devices().send().unwrap().into_iter().find_map(|device| device.id);
    let device = device.unwrap();
    let user = server.catalog().users()[7].clone();
    note(spotify.transfer_playback(&device).send_raw());
    note(spotify.start_playback().context_uri(other.uri()).device_id(&device).send_raw());
    note(spotify.get_playback().send_raw());
    note(spotify.get_playlist(other).send_raw());
    note(spotify.get_playlist_items(other).limit(50).fields("items(added_by(id))").send_raw());
    note(
        spotify.get_playlist(other).fields("name,description,id,owner(id,display_name)").send_raw(),
    );
    note(spotify.search("love", [tonearm::SearchType::Playlist]).send_raw());
    note(spotify.get_user(&user).send_raw());
    note(spotify.get_user_playlists(&user).send_raw());
    spotify.follow_users([&user]).send().unwrap();
    spotify.are_items_saved([user.uri(), other.uri()]).send().unwrap();
    note(spotify.create_playlist("For Lena's wedding").description("From aunt Ada").send_raw());
    let own = &server.catalog().playlists()[0];
    note(spotify.change_playlist_details(own).name("Lena's secrets").send_raw());
    note(spotify.upload_playlist_cover(own, Jpeg::from_bytes([0xff, 0xd8, 0xff, 0xd9])).send_raw());
    recorder.save().unwrap();

    let token = app.stored_token().unwrap().unwrap();
    secrets.extend(
        [token.access_token(), token.refresh_token().unwrap()]
            .map(|secret| secret.reveal().to_owned()),
    );
    secrets.extend(
        [server.token(), "COOKIE-SECRET", "Bearer BQ", "/9j/", "127.0.0.1"].map(str::to_owned),
    );
    let unique: BTreeSet<_> = secrets.iter().collect();
    assert_eq!(
        unique.len(),
        11,
        "expected a new access token and a new refresh token: {secrets:?}"
    );
    names.extend(["Lena", "aunt Ada", user.as_str(), device.as_str()].map(str::to_owned));
    assert!(names.len() > 100, "{names:?}");
    let text = place.text();
    for secret in secrets.iter().chain(&names) {
        assert!(!text.contains(secret.as_str()), "{secret}");
    }
    for kept in
        ["user-1", "Person 1", "playlist00000000000001", "device-1", "image/jpeg, 8 characters"]
    {
        assert!(text.contains(kept), "{kept}");
    }
    assert!(text.contains("Bearer … is odd"));
    assert!(!text.contains("expired"), "expected no 401 that led to a token refresh");
}

/// Personal data in other places: texts of models, HTML, headers, and responses of other calls.
#[test]
fn personal_data_in_free_text_is_anonymized() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let spotify = recording(&server, &recorder);
    let base = server.base_url();
    let body = format!(
        r#"{{
            "name": "One Two", "description": "by Ada Lovelace", "id": "37i9dQZF1DX4UtSsGT1Sbe", "type": "playlist",
            "collaborative": false, "empty": {{}}, "numbers": [1, 2.5, -3],
            "owner": {{"id": "ada#l/2", "type": "user", "display_name": "Ada Lovelace", "uri": "spotify:user:ada%23l%2F2"}},
            "href": "{base}/playlists/37i9dQZF1DX4UtSsGT1Sbe?fields=a",
            "items": {{"next": "{base}/playlists/37i9dQZF1DX4UtSsGT1Sbe/items?offset=50", "items": [
                {{"added_by": {{"id": "spotify", "type": "user", "display_name": "Spotify"}}, "item": null}},
                {{"added_by": {{"id": "", "uri": "spotify:user:"}}, "item": {{"type": "track", "name": "Ada Lovelace and Bob",
                    "uri": "spotify:user:ada%23l%2F2:playlist:37i9dQZF1DX4UtSsGT1Sbe",
                    "url": "see https://open.spotify.com/intl-de/user/bob?si=1, spotify:user:bob."}}}},
                {{"added_by": {{"id": "eve", "display_name": "Ada Lovelace-Byron"}}, "item": {{"type": "artist", "id": "bob",
                    "name": "9.9.9.9 at 12:30, v1.2.3.4, 1.2.3.4."}}}},
                {{"item": {{"type": "track", "name": "Mail (ada.l+x@mail.example.org), not @ada, a@b or Ada Lovelace-Byron"}}}}
            ]}}
        }}"#
    );
    let page =
        "<p>Blocked: 203.0.113.9:443 / 2a02:8109:9c40::42. Ask ops@cdn.example, Ada Lovelace.</p>";
    server
        .script("*")
        .then(Reply::new(200).body(body))
        .then(
            Reply::new(403)
                .header("content-type", "text/html")
                .header("x-client-ip", "9.9.9.9")
                .body(page),
        )
        .then(Reply::new(302).header("location", format!("{base}/users/bob")))
        .then(
            Reply::new(200)
                .body(r#"[{"url": "https://image.example/ada", "height": null, "width": 7}]"#),
        )
        .then(Reply::new(429).header("retry-after", "99999").header("set-cookie", "a=b"));
    let playlist = "37i9dQZF1DX4UtSsGT1Sbe";
    spotify.get_playlist(playlist).fields("name").send_raw().unwrap();
    spotify.follow_users(["bob", "ada#l/2"]).send().unwrap_err();
    spotify.get_user("ada#l/2").send_raw().unwrap();
    spotify.get_playlist_cover(playlist).send().unwrap();
    spotify.get_track("7ouMYWpwJ422jRcDASZB7P").send_raw().unwrap();
    recorder.save().unwrap();
    insta::assert_snapshot!(place.text(), @r#"
    {
      "tonearm_recording": 1,
      "exchanges": [
        {
          "request": {
            "method": "GET",
            "path": "/v1/playlists/playlist00000000000001",
            "query": { "additional_types": "track,episode", "fields": "name" }
          },
          "response": {
            "status": 200,
            "headers": { "content-type": "application/json; charset=utf-8" },
            "body": {
              "name": "Playlist 1",
              "description": "Description 1",
              "id": "playlist00000000000001",
              "type": "playlist",
              "collaborative": false,
              "empty": {},
              "numbers": [1, 2.5, -3],
              "owner": { "id": "user-1", "type": "user", "display_name": "Person 1", "uri": "spotify:user:user-1" },
              "href": "https://api.spotify.com/v1/playlists/playlist00000000000001?fields=a",
              "items": {
                "next": "https://api.spotify.com/v1/playlists/playlist00000000000001/items?offset=50",
                "items": [
                  {
                    "added_by": { "id": "spotify", "type": "user", "display_name": "Spotify" },
                    "item": null
                  },
                  {
                    "added_by": { "id": "", "uri": "spotify:user:" },
                    "item": {
                      "type": "track",
                      "name": "Person 1 and Bob",
                      "uri": "spotify:user:user-1:playlist:playlist00000000000001",
                      "url": "see https://open.spotify.com/intl-de/user/user-2?si=1, spotify:user:user-2."
                    }
                  },
                  {
                    "added_by": { "id": "user-3", "display_name": "Person 2" },
                    "item": { "type": "artist", "id": "bob", "name": "192.0.2.1 at 12:30, v1.2.3.4, 192.0.2.1." }
                  },
                  {
                    "item": {
                      "type": "track",
                      "name": "Mail (person-1@example.com), not @ada, a@b or Person 2"
                    }
                  }
                ]
              }
            }
          }
        },
        {
          "request": {
            "method": "PUT",
            "path": "/v1/me/following",
            "query": { "ids": "user-2,user-1", "type": "user" }
          },
          "response": {
            "status": 403,
            "headers": { "content-type": "text/html" },
            "text": "<p>Blocked: 192.0.2.1:443 / 2001:db8::1. Ask person-2@example.com, Person 1.</p>"
          }
        },
        {
          "request": {
            "method": "GET",
            "path": "/v1/users/user-1"
          },
          "response": {
            "status": 302,
            "headers": { "location": "https://api.spotify.com/v1/users/user-2" }
          }
        },
        {
          "request": {
            "method": "GET",
            "path": "/v1/playlists/playlist00000000000001/images"
          },
          "response": {
            "status": 200,
            "headers": { "content-type": "application/json; charset=utf-8" },
            "body": [{ "url": "https://i.scdn.co/image/playlist-1", "height": null, "width": 7 }]
          }
        },
        {
          "request": {
            "method": "GET",
            "path": "/v1/tracks/7ouMYWpwJ422jRcDASZB7P"
          },
          "response": {
            "status": 429,
            "headers": { "retry-after": "99999" }
          }
        }
      ]
    }
    "#);
}

#[test]
fn keep_and_remove_override_anonymization() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let recorder =
        recorder.keep("product").keep("user.id").keep("playlist.id").keep("email").keep("country");
    let recorder = recorder
        .remove("followers")
        .remove("country")
        .remove("images")
        .remove("q")
        .remove("track.name");
    let recorder = recorder.remove("popularity").remove("explicit");
    let spotify = recording(&server, &recorder);
    let [user, playlist] = ["ada.lovelace", "37i9dQZF1DX4UtSsGT1Sbe"];
    server.script("*").then(Reply::new(200).body(format!(
        r#"{{"id": "{user}", "type": "user", "email": "ada@example.org", "country": "FI", "product": "free",
            "display_name": "Ada", "followers": {{"total": 3}}, "uri": "spotify:user:{user}", "images": [1]}}"#
    ))).then(Reply::new(200).body(format!(
        r#"{{"tracks": [{{"type": "track", "name": "Ada", "popularity": 3, "explicit": true, "id": null}},
                        {{"type": "track", "name": "Ada"}}, {{"type": "album", "name": "Ada"}}],
            "uri": "spotify:playlist:{playlist}"}}"#
    )));
    spotify.get_user(user).send_raw().unwrap();
    spotify.search("secret", [tonearm::SearchType::Track]).send_raw().unwrap();
    recorder.save().unwrap();
    insta::assert_snapshot!(place.text(), @r#"
    {
      "tonearm_recording": 1,
      "exchanges": [
        {
          "request": {
            "method": "GET",
            "path": "/v1/users/ada.lovelace"
          },
          "response": {
            "status": 200,
            "headers": { "content-type": "application/json; charset=utf-8" },
            "body": {
              "id": "ada.lovelace",
              "type": "user",
              "email": "ada@example.org",
              "country": "US",
              "product": "free",
              "display_name": "Person 1",
              "followers": {},
              "uri": "spotify:user:ada.lovelace",
              "images": []
            }
          }
        },
        {
          "request": {
            "method": "GET",
            "path": "/v1/search",
            "query": { "q": "q-1", "type": "track" }
          },
          "response": {
            "status": 200,
            "headers": { "content-type": "application/json; charset=utf-8" },
            "body": {
              "tracks": [
                { "type": "track", "name": "name-1", "popularity": 0, "explicit": false, "id": null },
                { "type": "track", "name": "name-1" },
                { "type": "album", "name": "Ada" }
              ],
              "uri": "spotify:playlist:37i9dQZF1DX4UtSsGT1Sbe"
            }
          }
        }
      ]
    }
    "#);
}

/// The recorder finds the ids of users, playlists and devices by their place in a path, or by the parameter's key.
#[test]
fn user_playlist_and_device_parameters_have_expected_keys() {
    let mut count = 0;
    for endpoint in Spotify::endpoints() {
        for param in endpoint.params.iter().filter(|param| param.location == ParamLocation::Path) {
            let folder = match param.kind {
                ParamKind::Id("user") => "users",
                ParamKind::Id("playlist") => "playlists",
                _ => continue,
            };
            let place = format!("/{folder}/{{{}}}", param.key);
            assert!(endpoint.path.contains(&place), "{}: {}", endpoint.name, endpoint.path);
            count += 1;
        }
        let devices = endpoint.params.iter().filter(|param| param.name.contains("device"));
        for param in devices {
            assert!(
                ["device_id", "device_ids"].contains(&&*param.key),
                "{}: {}",
                endpoint.name,
                param.key
            );
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn a_name_is_removed_from_exchanges_that_were_written_before_it_was_found() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let spotify = recording(&server, &recorder);
    let note = |name: &str| Reply::new(200).body(format!(r#"{{"note": "from {name}"}}"#));
    server.script("*").then(note("Mira Halvorsen")).then(note(r#"Ada \"Al\" Lovelace"#));
    let track = "7ouMYWpwJ422jRcDASZB7P";
    (0..2).for_each(|_| drop(spotify.get_track(track).send_raw().unwrap()));
    let text = || std::fs::read_to_string(place.path()).unwrap();
    assert!(text().contains("from Mira Halvorsen"), "{}", text());

    // The second name has characters that JSON escapes.
    let profile = r#"{"type": "user", "id": "ada", "display_name": "Ada \"Al\" Lovelace"}"#;
    server.script("*").then_normal().then(Reply::new(200).body(profile));
    (0..2).for_each(|_| drop(spotify.get_me().send_raw().unwrap()));
    recorder.save().unwrap();
    assert!(!text().contains("Halvorsen") && !text().contains("Lovelace"), "{}", text());
    assert_eq!(text().matches("from Person").count(), 2);
}
