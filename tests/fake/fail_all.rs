//! A server that returns an error for every request.

use tonearm::QuotaMode;
use tonearm::fake::{Failure, Server};

use super::{ask, ask_with, raw, refusal, split};

#[test]
fn fail_all_rejects_every_request_in_plain_text() {
    let (extended, development) = (
        Server::start().unwrap(),
        Server::builder().quota_mode(QuotaMode::Development).start().unwrap(),
    );
    for server in [&extended, &development] {
        let ask_raw = |target: &str| {
            let token = server.token();
            let head = "HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
            raw(server, format!("GET /v1{target} {head}authorization: Bearer {token}\r\n\r\n"))
        };
        for (reason, text) in [
            (Failure::UserNotRegistered, "User not registered in the Developer Dashboard"),
            (
                Failure::OwnerWithoutPremium,
                "Active premium subscription required for the owner of the app. When the \
                 subscription status changes, it can take a few hours before requests are allowed \
                 again.",
            ),
        ] {
            server.fail_all(Some(reason));
            // Also for unavailable endpoints and malformed requests.
            for target in ["/me", "/markets", "/albums?ids=x", "/me/tracks?limit=999"] {
                let response = ask_raw(target);
                assert_eq!(split(&response), (403, text.to_owned()), "{target}");
                assert!(response.contains("\r\ncontent-type: text/plain"), "{response}");
                assert!(!response.contains("json"), "{response}");
            }
            let album = format!("/me/library?uris=spotify:album:{}", server.catalog().albums()[1]);
            let before = server.library();
            assert_eq!(ask(server, "DELETE", &album, "").0, 403);
            assert_eq!(ask(server, "PUT", &album, "").0, 403);
            assert_eq!(server.library(), before);
            let wrong = ask_with(server, "GET", "/me", "authorization: Bearer x\r\n", "");
            assert_eq!(wrong, refusal(401, "Invalid access token"));
            assert_eq!(ask_with(server, "GET", "/me", "", "").0, 401);
        }
        server.fail_all(None);
        assert_eq!(ask(server, "GET", "/me", "").0, 200);
        assert!(ask_raw("/me").contains("content-type: application/json"));
    }
}

#[test]
fn only_player_commands_fail_for_a_user_without_premium() {
    let server = Server::start().unwrap();
    server.fail_all(Some(Failure::UserWithoutPremium));
    let expected = r#"{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}"#;
    for (method, target) in [
        ("PUT", "/me/player/play"),
        ("PUT", "/me/player/pause"),
        ("PUT", "/me/player"),
        ("POST", "/me/player/next"),
        ("PUT", "/me/player/volume?volume_percent=7"),
    ] {
        assert_eq!(ask(&server, method, target, ""), (403, expected.to_owned()), "{target}");
    }
    assert_eq!(ask(&server, "GET", "/me/player/devices", "").0, 200);
    assert_eq!(ask(&server, "GET", "/me/player", "").0, 204);
    assert_eq!(ask(&server, "GET", "/me/tracks", "").0, 200);
    let wrong = ask_with(&server, "PUT", "/me/player/play", "authorization: Bearer x\r\n", "");
    assert_eq!(wrong, refusal(401, "Invalid access token"));
    server.reset();
    assert_eq!(ask(&server, "PUT", "/me/player/pause", "").0, 404);
}
