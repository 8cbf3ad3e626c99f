//! Calls of endpoints that are unavailable to apps in development mode, on a local socket.

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};

use super::support::{Reply, Seen, Server, answer, json};
use tonearm::param::TimestampedId;
use tonearm::{Error, QuotaMode, Spotify, Timestamp};

const FORBIDDEN: &str = r#"{"error":{"status":403,"message":"Forbidden"}}"#;
const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";
const TRACK: &str = "4iV5W9uYEdYUVa79Axb7Rh";

fn ids(numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    numbers.map(|n| format!("{n:022}")).collect()
}

fn is_library(seen: &Seen) -> bool {
    seen.target().starts_with("/v1/me/library")
}

/// A server for an app in development mode: `other` responds to the library endpoints, all others return 403.
fn development(other: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |seen, _| if is_library(seen) { other(seen) } else { json(403, FORBIDDEN) })
}

fn client(server: &Server, mode: QuotaMode) -> Spotify {
    Spotify::builder()
        .token("token-of-the-test")
        .base_url(server.base_url())
        .quota_mode(mode)
        .build()
        .unwrap()
}

/// Method and path of each request, without the query.
fn paths(server: &Server) -> Vec<String> {
    let path = |seen: &Seen| seen.target().split('?').next().unwrap_or_default().to_owned();
    server.seen().iter().map(|seen| format!("{} {}", seen.method(), path(seen))).collect()
}

/// The ids or URIs in the query of a request.
fn listed(seen: &Seen) -> Vec<String> {
    let list = seen
        .target()
        .split(['?', '&'])
        .find_map(|pair| pair.strip_prefix("uris=").or_else(|| pair.strip_prefix("ids=")));
    list.unwrap_or_default().split(',').map(str::to_owned).collect()
}

#[test]
fn each_fallback_endpoint_costs_one_rejected_request() {
    let server = development(|_| json(200, ""));
    let spotify = server.client();
    spotify.save_albums(ids(1..=45)).send().unwrap();
    assert_eq!(paths(&server), ["PUT /v1/me/albums", "PUT /v1/me/library", "PUT /v1/me/library"]);
    let seen = server.seen();
    assert_eq!(listed(&seen[0]).len(), 20, "the documented endpoint accepts 20 ids a request");
    let sent: Vec<String> = seen[1..].iter().flat_map(listed).collect();
    assert_eq!(
        sent,
        ids(1..=45).iter().map(|id| format!("spotify:album:{id}")).collect::<Vec<_>>()
    );
    assert_eq!(listed(&seen[1]).len(), 40, "the fallback endpoint accepts 40 ids a request");

    // Another endpoint with the same fallback, called by a clone of the client.
    let before = server.seen().len();
    spotify.clone().follow_artists(ids(1..=1)).send().unwrap();
    spotify.save_tracks(ids(1..=2)).send().unwrap();
    assert_eq!(paths(&server)[before..], ["PUT /v1/me/library", "PUT /v1/me/library"]);
    // An endpoint with another fallback.
    spotify.remove_saved_albums(ids(1..=1)).send().unwrap();
    spotify.remove_saved_shows(ids(1..=1)).send().unwrap();
    assert_eq!(
        paths(&server)[before + 2..],
        ["DELETE /v1/me/albums", "DELETE /v1/me/library", "DELETE /v1/me/library"]
    );
    // `.request()` now returns the fallback request as well.
    let shown = spotify.save_shows(ids(1..=1)).request().unwrap();
    assert_eq!((shown.path().as_str(), &*shown.endpoint().name), ("/v1/me/library", "save_items"));
}

#[test]
fn fallback_is_not_remembered_if_it_fails_too() {
    let server = Server::start(|_, _| json(403, FORBIDDEN));
    let spotify = server.client();
    for _ in 0..2 {
        let error = spotify.get_playlist_tracks(PLAYLIST).send().unwrap_err();
        assert!(matches!(error, Error::NotPlaylistOwner(_)), "{error}");
    }
    let both = format!("GET /v1/playlists/{PLAYLIST}/tracks|GET /v1/playlists/{PLAYLIST}/items");
    assert_eq!(paths(&server).join("|"), format!("{both}|{both}"));
}

#[test]
fn a_403_without_a_reason_means_that_the_endpoint_is_unavailable() {
    for body in [
        FORBIDDEN,
        r#"{"error":{"status":403,"message":"Forbidden."}}"#,
        r#"{"error":{"status":403}}"#,
        r#"{"error":{"status":403,"message":null}}"#,
        r#"{"error":{"status":403,"message":""}}"#,
        "",
        "Forbidden",
    ] {
        let server = Server::start(move |seen, _| match is_library(seen) {
            true => json(200, "[true]"),
            false if body.starts_with('{') => json(403, body),
            false => answer(403, &[("content-type", "text/plain")], body.as_bytes()),
        });
        let spotify = server.client();
        assert_eq!(spotify.are_tracks_saved([TRACK]).send().unwrap(), [true], "{body}");
        // An endpoint without a fallback endpoint.
        let error = spotify.get_audio_features(TRACK).send().unwrap_err();
        assert!(matches!(error, Error::EndpointUnavailable(_)), "{body}: {error}");
        assert_eq!(error.status(), Some(403));
        // An endpoint that is available to every app.
        let error = spotify.get_me().send().unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{body}: {error}");
        // An endpoint for playlists of the user. A proxy may return the bodies that are not JSON.
        let error = spotify.get_playlist_items("3cEYpjA9oz9GiPac4AsH4n").send().unwrap_err();
        let is_foreign = matches!(error, Error::NotPlaylistOwner(_));
        assert!(is_foreign == body.starts_with('{'), "{body}: {error:?}");
        assert!(is_foreign || matches!(error, Error::Forbidden(_)), "{body}: {error}");
    }
}

#[test]
fn a_fake_server_sends_a_403_without_a_body() {
    let server = tonearm::fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    let empty = tonearm::fake::Reply::new(403);
    server.script("/me/tracks/contains").then(empty);
    assert_eq!(spotify.are_tracks_saved([TRACK]).send().unwrap(), [false]);
    let paths: Vec<_> = server.requests().into_iter().map(|sent| sent.path).collect();
    assert_eq!(paths, ["/v1/me/tracks/contains", "/v1/me/library/contains"]);
}

#[test]
fn other_403_errors_do_not_trigger_the_fallback() {
    type Is = fn(&Error) -> bool;
    let refusals: [(&str, Is); 6] = [
        (r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#, |error| {
            matches!(error, Error::InsufficientScope(_))
        }),
        ("User not registered in the Developer Dashboard", |error| {
            matches!(error, Error::UserNotRegistered(_))
        }),
        (
            "Active premium subscription required for the owner of the app. When the subscription status \
             changes, it can take a few hours before requests are allowed again.",
            |error| matches!(error, Error::OwnerWithoutPremium(_)),
        ),
        (
            r#"{"error":{"status":403,"message":"You cannot add tracks to a playlist you don't own."}}"#,
            |error| matches!(error, Error::NotPlaylistOwner(_)),
        ),
        // A body such as a proxy returns.
        ("<html><h1>403 Forbidden</h1></html>", |error| matches!(error, Error::Forbidden(_))),
        (r#"{"error":{"status":403,"message":"","reason":"OTHER"}}"#, |error| {
            matches!(error, Error::Forbidden(_))
        }),
    ];
    for (body, is_it) in refusals {
        let server = Server::start(move |_, _| json(403, body));
        let spotify = server.client();
        let uris = ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"];
        let error = spotify.add_playlist_tracks(PLAYLIST, uris).send().unwrap_err();
        assert!(is_it(&error), "{body}: {error:?}");
        assert_eq!(error.status(), Some(403));
        assert_eq!(error.call(), Some("add_playlist_tracks"));
        assert_eq!(server.seen().len(), 1, "{body}");
    }
}

#[test]
fn error_messages_name_the_cause_of_a_403_or_404() {
    let text = |status: u16, body: &'static str, call: fn(&Spotify) -> Error| {
        let server = Server::start(move |_, _| json(status, body));
        call(&client(&server, QuotaMode::Extended)).to_string()
    };
    let owner = "Active premium subscription required for the owner of the app. When the subscription status changes, it can take a few hours before requests are allowed again.";
    insta::assert_snapshot!(text(403, owner, |s| s.get_me().send().unwrap_err()), @"get_me: Spotify returned 403: `Active premium subscription required for the owner of the app. When the subscrip…`; the owner of the app needs a Premium subscription, which takes effect after some hours");
    insta::assert_snapshot!(text(403, r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#, |s| s.save_tracks([TRACK]).send().unwrap_err()), @"save_tracks: the token lacks a scope: expected `user-library-modify`; log in again with this scope; Spotify returned 403: `Insufficient client scope`");
    insta::assert_snapshot!(text(403, r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#, |s| s.create_playlist("x").send().unwrap_err()), @"create_playlist: the token lacks a scope: expected `playlist-modify-public` if the playlist is public, `playlist-modify-private` if it is private; log in again with this scope; Spotify returned 403: `Insufficient client scope`");
    insta::assert_snapshot!(text(403, r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#, |s| s.get_playlist_items(PLAYLIST).send().unwrap_err()), @"get_playlist_items: the token lacks a scope: expected `playlist-read-private` for private playlists of the user, `playlist-read-collaborative` for collaborative playlists; log in again with this scope; Spotify returned 403: `Insufficient client scope`");
    insta::assert_snapshot!(text(403, FORBIDDEN, |s| s.get_playlist_items(PLAYLIST).send().unwrap_err()), @"get_playlist_items: Spotify returned 403: `Forbidden`; the app is in development mode, so the user must own the playlist or collaborate on it");
    insta::assert_snapshot!(text(403, FORBIDDEN, |s| s.save_tracks([TRACK]).send().unwrap_err()), @"save_tracks: not available to apps in development mode since 2026-02-11; use `QuotaMode::Auto` for the fallback endpoint `save_items`; Spotify returned 403: `Forbidden`");
    insta::assert_snapshot!(text(403, FORBIDDEN, |s| s.get_markets().send().unwrap_err()), @"get_markets: not available to apps in development mode since 2026-02-11; Spotify's replacement is `GET /me`, whose `country` is the user's market; Spotify returned 403: `Forbidden`");
    insta::assert_snapshot!(text(403, FORBIDDEN, |s| s.get_categories().send().unwrap_err()), @"get_categories: not available to apps in development mode since 2026-02-11; Spotify offers no replacement; Spotify returned 403: `Forbidden`");
    insta::assert_snapshot!(text(404, "", |s| s.get_genre_seeds().send().unwrap_err()), @"get_genre_seeds: available only to apps that had extended access before 2024-11-27; Spotify offers no replacement; Spotify returned 404");
    insta::assert_snapshot!(text(403, FORBIDDEN, |s| s.get_me().send().unwrap_err()), @"get_me: Spotify returned 403: `Forbidden`; Spotify gives no reason: check the app and its users in the dashboard");
}

#[test]
fn endpoints_closed_in_2024_are_unavailable_on_403_and_404() {
    for (status, body) in [
        (403, FORBIDDEN),
        (404, ""),
        (404, r#"{"error":{"status":404,"message":"Not found."}}"#),
        (404, r#"{"error":{"status":404,"message":"Service not found"}}"#),
    ] {
        let server = Server::start(move |_, _| json(status, body));
        let spotify = server.client();
        for error in [
            spotify.get_audio_features(TRACK).send().unwrap_err(),
            spotify.get_many_audio_features([TRACK]).send().unwrap_err(),
            spotify.get_genre_seeds().send().unwrap_err(),
        ] {
            let Error::EndpointUnavailable(closed) = &error else { panic!("{error}") };
            assert_eq!(closed.since, Some("2024-11-27".parse().unwrap()));
            assert_eq!(closed.replacement, None);
            assert_eq!(error.status(), Some(status));
            assert!(!error.is_retryable());
        }
        assert_eq!(server.seen().len(), 3);
    }
    // For endpoints that became unavailable later, and for those available to all apps, a 404 is `NotFound`.
    let server = Server::start(|_, _| json(404, ""));
    for error in [
        server.client().get_categories().send().unwrap_err(),
        server.client().get_track(TRACK).send().unwrap_err(),
    ] {
        assert!(matches!(error, Error::NotFound(_)), "{error}");
    }
    // An app with access requests an object that does not exist.
    let server = Server::start(|_, _| {
        json(404, r#"{"error":{"status":404,"message":"analysis not found"}}"#)
    });
    let error = server.client().get_audio_features(TRACK).send().unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
}

#[test]
fn explicit_quota_mode_never_tries_the_other_endpoint() {
    let server = development(|_| json(200, ""));
    let error = client(&server, QuotaMode::Extended).save_albums(ids(1..=45)).send().unwrap_err();
    let Error::EndpointUnavailable(closed) = error else { panic!("{error}") };
    assert_eq!(
        (&*closed.call, closed.fallback.as_deref(), closed.unsupported_option),
        ("save_albums", Some("save_items"), None)
    );
    assert_eq!(paths(&server), ["PUT /v1/me/albums"]);

    let spotify = client(&server, QuotaMode::Development);
    spotify.save_albums(ids(1..=45)).send().unwrap();
    assert_eq!(paths(&server)[1..], ["PUT /v1/me/library", "PUT /v1/me/library"]);
    // Calls without a fallback are rejected before sending.
    let error = spotify.get_new_releases().send().unwrap_err();
    insta::assert_snapshot!(error, @"get_new_releases: not available to apps in development mode since 2026-02-11; Spotify's replacement is `GET /search` with `tag:new`, which can return other albums; nothing was sent");
    assert!(spotify.get_many_audio_features([TRACK]).request().is_err());
    assert!(spotify.get_categories().items().next().unwrap().is_err());
    assert_eq!(server.seen().len(), 3);
    assert_eq!(error.status(), None);
}

#[test]
fn fallback_checks_keep_the_order_of_the_caller() {
    // Ids with even numbers are saved.
    let server = development(|seen| {
        let saved: Vec<bool> =
            listed(seen).iter().map(|uri| uri.ends_with(['0', '2', '4', '6', '8'])).collect();
        json(200, format!("{saved:?}"))
    });
    let asked: Vec<String> = ids(1..=99).into_iter().rev().collect();
    let saved = server.client().are_albums_saved(&asked).send().unwrap();
    assert_eq!(saved, (1..=99).rev().map(|n| n % 2 == 0).collect::<Vec<_>>());
    assert_eq!(server.seen().len(), 1 + 3);
    // A check of one playlist returns a single value.
    let spotify = server.client();
    assert!(spotify.is_following_playlist("0000000000000000000002").send().unwrap());
    assert!(!spotify.is_following_playlist("0000000000000000000001").send().unwrap());
}

#[test]
fn batch_reads_fall_back_to_concurrent_single_reads() {
    // Each request waits for three others. The test hangs unless they are concurrent.
    let meeting = Arc::new(Barrier::new(4));
    let server = Server::start(move |seen, _| match seen.target().strip_prefix("/v1/artists/") {
        Some(id) if id.ends_with('7') => {
            meeting.wait();
            json(404, r#"{"error":{"status":404,"message":"Resource not found"}}"#)
        }
        Some(id) => {
            meeting.wait();
            json(
                200,
                format!(
                    r#"{{"id":"{id}","name":"Artist {id}","type":"artist","uri":"spotify:artist:{id}","images":[]}}"#
                ),
            )
        }
        None => json(403, FORBIDDEN),
    });
    let spotify = server.builder().build().unwrap();
    let asked = ids(1..=20);
    let artists = spotify.get_artists(&asked).send().unwrap();
    let found: Vec<Option<String>> =
        artists.into_iter().map(|artist| artist.map(|artist| artist.id.to_string())).collect();
    let expected: Vec<Option<String>> =
        asked.iter().map(|id| (!id.ends_with('7')).then(|| id.clone())).collect();
    assert_eq!(found, expected);
    let seen = server.seen();
    assert_eq!(seen.len(), 1 + 20);
    let connections: BTreeSet<usize> = seen.iter().map(|seen| seen.connection).collect();
    assert_eq!(
        connections.len(),
        4,
        "the client uses the maximum number of connections, and keeps them"
    );
    assert!(seen[1..].iter().all(|seen| seen.target().starts_with("/v1/artists/")));
    // The client now uses the fallback without trying the documented endpoint.
    assert_eq!(spotify.get_artists(&asked[..4]).send().unwrap().len(), 4);
    assert_eq!(server.seen().len(), 1 + 20 + 4);
}

#[test]
fn server_error_stops_single_reads_except_in_send_raw() {
    let server = Server::start(|seen, _| match seen.target().strip_prefix("/v1/artists/") {
        Some(id) if id.ends_with('3') => json(500, ""),
        Some(id) if id.ends_with('5') => json(404, "gone"),
        Some(id) => json(200, format!(r#"{{"id":"{id}","name":"x","type":"artist","images":[]}}"#)),
        None => json(403, FORBIDDEN),
    });
    let spotify = Spotify::builder()
        .token("t")
        .base_url(server.base_url())
        .connections(1)
        .retries(0)
        .build()
        .unwrap();
    let error = spotify.get_artists(ids(1..=50)).send().unwrap_err();
    assert_eq!((error.status(), error.call()), (Some(500), Some("get_artists")));
    assert_eq!(server.seen().len(), 1 + 3);
    // `send_raw` returns all responses, including those with an error status.
    let raw = spotify.get_artists(ids(1..=5)).send_raw().unwrap();
    assert_eq!(raw.iter().map(|raw| raw.status()).collect::<Vec<_>>(), [200, 200, 500, 200, 404]);
    assert_eq!(raw[4].body(), b"gone");
    let bad = Spotify::builder().token("t").connections(0).build().unwrap_err();
    insta::assert_snapshot!(bad, @"connections: expected from 1 to 64, found 0");
}

#[test]
fn fallback_rejects_added_at_instead_of_dropping_it() {
    let server = development(|_| json(200, ""));
    let spotify = server.client();
    let timed = || {
        let added_at: Timestamp = "2010-01-01T00:00:00Z".parse().unwrap();
        [
            TimestampedId::from(TRACK.parse::<tonearm::TrackId>().unwrap()),
            (TRACK.parse::<tonearm::TrackId>().unwrap(), added_at).into(),
        ]
    };
    let error = spotify.save_tracks(timed()).send().unwrap_err();
    insta::assert_snapshot!(error, @"save_tracks: not available to apps in development mode since 2026-02-11; the fallback endpoint `save_items` does not support `added_at`: leave it out; Spotify returned 403: `Forbidden`");
    let Error::EndpointUnavailable(closed) = &error else { panic!("{error}") };
    assert_eq!(
        (closed.unsupported_option.as_deref(), closed.fallback.as_deref()),
        (Some("added_at"), Some("save_items"))
    );
    assert_eq!(paths(&server), ["PUT /v1/me/tracks"]);
    // The client has switched to the fallback, so the call is rejected before sending.
    spotify.save_tracks([TRACK]).send().unwrap();
    let before = server.seen().len();
    let error = spotify.save_tracks(timed()).send().unwrap_err();
    insta::assert_snapshot!(error, @"save_tracks: not available to apps in development mode since 2026-02-11; the fallback endpoint `save_items` does not support `added_at`: leave it out; nothing was sent");
    let pinned = client(&server, QuotaMode::Development).save_tracks(timed()).send().unwrap_err();
    assert_eq!(pinned.to_string(), error.to_string());
    assert_eq!(server.seen().len(), before);
}

#[test]
fn private_follow_uses_the_documented_endpoint_or_fails() {
    let server = development(|_| json(200, ""));
    let spotify = server.client();
    // The fallback follows publicly, so `public(true)` is accepted.
    spotify.follow_playlist(PLAYLIST).public(true).send().unwrap();
    let library = format!("/v1/me/library?uris=spotify:playlist:{PLAYLIST}");
    assert_eq!(server.seen()[1].target(), library);
    // The client has switched to the fallback. It still sends the documented request, which Spotify has been
    // observed to accept.
    let error = spotify.follow_playlist(PLAYLIST).public(false).send().unwrap_err();
    insta::assert_snapshot!(error, @"follow_playlist: not available to apps in development mode since 2026-02-11; the fallback endpoint `save_items` does not support `public`: leave it out; Spotify returned 403: `Forbidden`");
    let followers = format!("PUT /v1/playlists/{PLAYLIST}/followers");
    assert_eq!(paths(&server)[2..], [followers.as_str()]);
    let pinned = client(&server, QuotaMode::Development);
    assert!(pinned.follow_playlist(PLAYLIST).public(false).send().is_err());
    assert_eq!(server.seen().len(), 3);

    let still = Server::start(|_, _| json(200, ""));
    still.client().follow_playlist(PLAYLIST).public(false).send().unwrap();
    assert_eq!(paths(&still), [followers]);
}

/// Serves the profile of the user `mira`, and creates playlists.
fn mira(seen: &Seen) -> Reply {
    let path = seen.target().split('?').next().unwrap_or_default();
    match (seen.method(), path) {
        ("GET", "/v1/me") => json(200, r#"{"id":"mira","type":"user","display_name":"Mira"}"#),
        ("GET", "/v1/me/playlists") => {
            json(200, r#"{"items":[],"limit":50,"offset":0,"total":0,"next":null}"#)
        }
        ("POST", "/v1/me/playlists") => json(
            201,
            format!(r#"{{"id":"{PLAYLIST}","name":"New","type":"playlist","snapshot_id":"a"}}"#),
        ),
        _ => json(403, FORBIDDEN),
    }
}

#[test]
fn user_endpoints_fall_back_only_for_the_current_user() {
    let server = Server::start(|seen, _| mira(seen));
    let spotify = server.client();
    let made = spotify.create_playlist_for_user("mira", "New").public(false).send().unwrap();
    assert_eq!(made.id.as_str(), PLAYLIST);
    assert_eq!(
        paths(&server),
        ["POST /v1/users/mira/playlists", "GET /v1/me", "POST /v1/me/playlists"]
    );
    let body: serde_json::Value = serde_json::from_slice(&server.seen()[2].body).unwrap();
    assert_eq!(body, serde_json::json!({ "name": "New", "public": false }));
    // A playlist for another user is rejected; none is created for the current user instead.
    let error = spotify.create_playlist_for_user("smedjan", "New").send().unwrap_err();
    insta::assert_snapshot!(error, @"create_playlist_for_user: not available to apps in development mode since 2026-02-11; the fallback endpoint `create_playlist` works only for the user of the token, and `user_id` is another user; nothing was sent");
    assert_eq!(server.seen().len(), 3, "the client remembers the fallback and the user");
    assert!(spotify.get_user_playlists("mira").send().unwrap().items.is_empty());
    let error = spotify.get_user_playlists("smedjan").send().unwrap_err();
    assert!(
        matches!(&error, Error::EndpointUnavailable(closed) if closed.unsupported_option.as_deref() == Some("user_id")),
        "{error}"
    );
    assert_eq!(spotify.get_user("mira").send().unwrap().display_name.as_deref(), Some("Mira"));
    assert!(spotify.get_user("smedjan").send().is_err());
    // Without a user id, the call returns the current user.
    let pinned = client(&server, QuotaMode::Development);
    let before = server.seen().len();
    assert_eq!(pinned.get_user(None).send().unwrap().id.as_str(), "mira");
    assert_eq!(paths(&server)[before..], ["GET /v1/me"]);
}

#[test]
fn partial_write_on_the_fallback_lists_the_callers_ids() {
    let server = Server::start(|seen, number| match (is_library(seen), number) {
        (true, 1) => json(200, ""),
        (true, _) => json(500, ""),
        _ => json(403, FORBIDDEN),
    });
    let error = server.client().save_tracks(ids(1..=70)).send().unwrap_err();
    let Error::PartialWrite(partial) = error else { panic!("{error}") };
    assert_eq!(partial.call, "save_tracks");
    assert_eq!((partial.completed, partial.remaining), (ids(1..=40), ids(41..=70)));
}

#[test]
fn uncertain_write_is_not_repeated_on_the_fallback() {
    let server = Server::canned([Reply::Last(Vec::new()), json(200, "")]);
    let error = server.client().save_albums(ids(1..=3)).send().unwrap_err();
    assert!(matches!(&error, Error::Transport(fault) if fault.may_have_taken_effect), "{error}");
    assert_eq!(error.call(), Some("save_albums"));
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn write_rejected_midway_sends_only_the_rest_to_the_fallback() {
    let server = Server::start(|seen, number| match (is_library(seen), number) {
        (false, 0) | (true, _) => json(200, ""),
        _ => json(403, FORBIDDEN),
    });
    server.client().save_albums(ids(1..=45)).send().unwrap();
    let seen = server.seen();
    let at = |n: usize| listed(&seen[n]);
    assert_eq!(at(0), ids(1..=20));
    assert_eq!(at(1), ids(21..=40), "refused");
    let uris = |ids: Vec<String>| ids.iter().map(|id| format!("spotify:album:{id}")).collect();
    let expected: Vec<String> = uris(ids(21..=45));
    assert_eq!(seen[2..].iter().flat_map(listed).collect::<Vec<_>>(), expected);
}

#[test]
fn fallback_urls_stay_within_2000_characters() {
    let server = development(|_| json(200, ""));
    // User ids can be long, and each letter of these takes twelve characters in a URI in a query.
    let users: Vec<String> = (0..50).map(|n| format!("{}{n}", "é".repeat(20))).collect();
    server.client().follow_users(&users).send().unwrap();
    let seen = server.seen();
    let origin = server.origin().len();
    let lengths: Vec<usize> = seen[1..].iter().map(|seen| origin + seen.target().len()).collect();
    assert!(lengths.iter().all(|length| *length <= 2000), "{lengths:?}");
    assert!(lengths[..lengths.len() - 1].iter().all(|length| *length > 1700), "{lengths:?}");
    let sent: Vec<String> = seen[1..].iter().flat_map(listed).collect();
    assert_eq!(sent.len(), 50);
    assert!((0..50).all(|n| sent[n].ends_with(&format!("%25A9{n}"))));
    // A single user id that exceeds the limit is still sent.
    let long = "é".repeat(300);
    server.client().follow_users([long.as_str(), "smedjan"]).send().unwrap();
    assert_eq!(server.seen().len() - seen.len(), 1 + 2);
}

#[test]
fn pagination_continues_on_the_fallback_with_renamed_fields() {
    let server = Server::start(|seen, _| {
        let target = seen.target();
        if !target.contains("/items?") {
            return json(403, FORBIDDEN);
        }
        let next = if target.contains("offset=") {
            "null".to_owned()
        } else {
            let host = seen.header("host").unwrap();
            format!(r#""http://{host}/v1/playlists/{PLAYLIST}/items?offset=1&limit=1""#)
        };
        json(
            200,
            format!(
                r#"{{"items":[{{"item":{{"type":"track","id":"{TRACK}","name":"x","uri":"spotify:track:{TRACK}"}}}}],"limit":1,"offset":0,"total":2,"next":{next}}}"#
            ),
        )
    });
    let spotify = server.client();
    let walk =
        spotify.get_playlist_tracks(PLAYLIST).fields("items(track(id,name)),next,total").limit(1);
    assert_eq!(walk.collect_all().unwrap().len(), 2);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert!(
        seen[0].target().contains("fields=items%28track%28id,name%29%29,next,total"),
        "{}",
        seen[0].target()
    );
    for request in &seen[1..] {
        assert!(
            request.target().contains("fields=items%28item%28id,name%29%29,next,total"),
            "{}",
            request.target()
        );
    }
}

#[test]
fn page_size_is_reduced_to_the_fallback_maximum() {
    let server = Server::start(|seen, _| match seen.target() {
        target if !target.contains("/items?") => json(403, FORBIDDEN),
        target if target.contains("limit=100") => {
            json(400, r#"{"error":{"status":400,"message":"Invalid limit"}}"#)
        }
        _ => json(200, r#"{"items":[],"limit":50,"offset":0,"total":0,"next":null}"#),
    });
    assert!(server.client().get_playlist_tracks(PLAYLIST).collect_all().unwrap().is_empty());
    assert!(server.seen().last().unwrap().target().contains("limit=50"));
}

#[test]
fn send_raw_returns_the_fallback_response() {
    let server = development(|_| json(200, "[true]"));
    let spotify = server.client();
    let raw = spotify.is_following_playlist(PLAYLIST).send_raw().unwrap();
    assert_eq!((raw.status(), raw.body()), (200, b"[true]".as_slice()));
    // If the fallback does not support a parameter, Spotify's 403 is returned.
    let timed = [(
        TRACK.parse::<tonearm::TrackId>().unwrap(),
        "2010-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
    )];
    let raw = spotify.save_tracks(timed).send_raw().unwrap();
    assert_eq!(raw.iter().map(|raw| raw.status()).collect::<Vec<_>>(), [403]);
    let own: Vec<Vec<bool>> = spotify.are_tracks_saved([TRACK]).send_as().unwrap();
    assert_eq!(own, [[true]]);
}
