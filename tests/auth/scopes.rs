//! The client rejects a call if the token is known to lack a scope, and sends all other calls.

use insta::assert_snapshot;
use tonearm::{Error, Scope, Scopes, Spotify, SpotifyUri, endpoint, fake};

use super::client;

/// Returns a client whose token is known to have these scopes.
fn with(server: &fake::Server, scopes: &[Scope]) -> Spotify {
    let app = server.app().refresh_token(server.issue_refresh_token(scopes));
    let spotify = client(server, &app);
    // The response to the first refresh contains the scopes.
    spotify.get_markets().send().unwrap();
    server.clear_requests();
    spotify
}

/// Returns whether the client rejected a call, and checks that it then sent nothing.
fn is_rejected<T>(server: &fake::Server, result: Result<T, Error>) -> bool {
    let is_sent = !server.requests().is_empty();
    server.clear_requests();
    match result {
        Err(Error::InsufficientScope(scope)) => {
            assert_eq!(scope.api_error.is_some(), is_sent, "{scope}");
            assert!(!is_sent, "Spotify rejected the call instead of the client: {scope}");
            assert!(scope.held.is_some());
            true
        }
        _ => {
            assert!(is_sent);
            false
        }
    }
}

#[test]
fn missing_scope_fails_before_sending() {
    let server = fake::Server::start().unwrap();
    let spotify = with(&server, &[Scope::UserTopRead, Scope::UserReadEmail]);
    let error = spotify.get_my_saved_tracks().send().unwrap_err();
    assert_snapshot!(error, @"get_my_saved_tracks: the token lacks a scope: expected `user-library-read`, found `user-read-email user-top-read`; log in again with this scope; nothing was sent");
    assert!(is_rejected(&server, Err::<(), _>(error)));
    // Before anything of a call that is sent in parts.
    let tracks = server.catalog().tracks();
    let saved = spotify.save_tracks(&tracks[..120]).send();
    assert!(is_rejected(&server, saved));
    assert!(!is_rejected(&server, spotify.get_me().send()));
}

#[test]
fn one_of_several_alternative_scopes_is_enough() {
    let server = fake::Server::start().unwrap();
    for (scope, expected) in [
        (Scope::UserReadPlaybackState, false),
        (Scope::UserReadCurrentlyPlaying, false),
        (Scope::UserModifyPlaybackState, true),
    ] {
        let spotify = with(&server, &[scope]);
        assert_eq!(is_rejected(&server, spotify.get_queue().send()), expected);
        assert_eq!(is_rejected(&server, spotify.get_currently_playing().send()), expected);
    }
}

#[test]
fn required_scopes_depend_on_the_kind_of_uri() {
    let server = fake::Server::start().unwrap();
    let catalog = server.catalog();
    let uris: [(SpotifyUri, [Scope; 2]); 4] = [
        (catalog.tracks()[0].clone().into(), [Scope::UserLibraryModify, Scope::UserLibraryRead]),
        (catalog.shows()[0].clone().into(), [Scope::UserLibraryModify, Scope::UserLibraryRead]),
        (catalog.artists()[0].clone().into(), [Scope::UserFollowModify, Scope::UserFollowRead]),
        (
            catalog.playlists()[0].clone().into(),
            [Scope::PlaylistModifyPrivate, Scope::PlaylistReadPrivate],
        ),
    ];
    for (uri, [modify, read]) in &uris {
        let modifies = with(&server, std::slice::from_ref(modify));
        assert!(!is_rejected(&server, modifies.save_items([uri]).send()), "{uri}");
        assert!(!is_rejected(&server, modifies.remove_saved_items([uri]).send()), "{uri}");
        assert!(is_rejected(&server, modifies.are_items_saved([uri]).send()), "{uri}");
        let reads = with(&server, std::slice::from_ref(read));
        assert!(!is_rejected(&server, reads.are_items_saved([uri]).send()), "{uri}");
        assert!(is_rejected(&server, reads.save_items([uri]).send()), "{uri}");
    }
    // Each URI requires its own scope.
    let library = with(&server, &[Scope::UserLibraryModify]);
    assert!(is_rejected(&server, library.save_items([&uris[0].0, &uris[2].0]).send()));
    assert!(!is_rejected(&server, library.save_items([&uris[0].0, &uris[1].0]).send()));
    let public = with(&server, &[Scope::PlaylistModifyPublic]);
    assert!(!is_rejected(&server, public.save_items([&uris[3].0]).send()));
}

#[test]
fn create_playlist_requires_the_scope_of_its_visibility() {
    let server = fake::Server::start().unwrap();
    let public = with(&server, &[Scope::PlaylistModifyPublic]);
    let private = with(&server, &[Scope::PlaylistModifyPrivate]);
    for (spotify, visible, expected) in [
        (&public, None, false),
        (&public, Some(true), false),
        (&public, Some(false), true),
        (&private, None, true),
        (&private, Some(true), true),
        (&private, Some(false), false),
    ] {
        let created = spotify.create_playlist("Coltrane").public(visible).send();
        assert_eq!(is_rejected(&server, created), expected, "{visible:?}");
    }
}

#[test]
fn calls_are_sent_if_the_needed_scope_is_ambiguous() {
    let server = fake::Server::start().unwrap();
    let track: SpotifyUri = server.catalog().tracks()[0].clone().into();
    let owner = server.client().unwrap();
    let playlist = |is_public| owner.create_playlist("New").public(is_public).send().unwrap().id;
    for (scope, playlist) in [
        (Scope::PlaylistModifyPublic, playlist(true)),
        (Scope::PlaylistModifyPrivate, playlist(false)),
    ] {
        let spotify = with(&server, &[scope]);
        assert!(!is_rejected(&server, spotify.follow_playlist(&playlist).public(false).send()));
        assert!(!is_rejected(&server, spotify.follow_playlist(&playlist).send()));
        assert!(!is_rejected(&server, spotify.add_playlist_items(&playlist, [&track]).send()));
        assert!(!is_rejected(
            &server,
            spotify.change_playlist_details(&playlist).name("Newer").send()
        ));
    }
    let playlist = playlist(true);
    let neither = with(&server, &[Scope::PlaylistReadPrivate]);
    assert!(is_rejected(&server, neither.add_playlist_items(&playlist, [&track]).send()));
    assert!(is_rejected(&server, neither.follow_playlist(&playlist).send()));
}

#[test]
fn existing_client_uses_scopes_of_a_later_login() {
    let server = fake::Server::start().unwrap();
    let app = server.app();
    let log_in = |scopes: Scopes| {
        let login = app.login(scopes).unwrap();
        login.finish(&server.browser().approve(&login.url()).unwrap()).unwrap();
    };
    log_in(Scope::UserReadEmail.into());
    let spotify = client(&server, &app);
    spotify.get_me().send().unwrap();
    assert!(matches!(spotify.get_my_saved_tracks().send(), Err(Error::InsufficientScope(_))));
    log_in(Scopes::from([Scope::UserReadEmail, Scope::UserLibraryRead]));
    spotify.get_my_saved_tracks().send().unwrap();
    spotify.get_my_saved_albums().send().unwrap();
}

#[test]
fn token_with_unknown_scopes_is_sent() {
    let server = fake::Server::start().unwrap();
    let spotify =
        server.client_builder().token(server.issue_token(Scopes::empty())).build().unwrap();
    let error = spotify.get_my_saved_tracks().send().unwrap_err();
    assert!(
        matches!(&error, Error::InsufficientScope(scope) if scope.api_error.is_some()),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn app_token_is_enough_where_a_scope_is_conditional() {
    let server = fake::Server::start().unwrap();
    let app = server.app().client_secret(server.client_secret());
    let spotify =
        Spotify::builder().client_credentials(app).base_url(server.base_url()).build().unwrap();
    spotify.get_markets().send().unwrap();
    server.clear_requests();
    assert!(!is_rejected(&server, spotify.get_playlist(&server.catalog().playlists()[0]).send()));
}

#[test]
fn for_endpoints_returns_the_recommended_scopes() {
    let scopes = |endpoints: &[&endpoint::Endpoint]| {
        Scopes::for_endpoints(endpoints.iter().copied()).to_string()
    };
    assert_eq!(scopes(&[]), "");
    assert_eq!(scopes(&[&endpoint::GET_ALBUM, &endpoint::GET_ME]), "");
    assert_eq!(
        scopes(&[
            &endpoint::GET_MY_SAVED_TRACKS,
            &endpoint::SAVE_TRACKS,
            &endpoint::GET_MY_SAVED_SHOWS
        ]),
        "user-library-modify user-library-read"
    );
    assert_eq!(scopes(&[&endpoint::GET_QUEUE]), "user-read-playback-state");
    assert_eq!(scopes(&[&endpoint::CREATE_PLAYLIST]), "playlist-modify-public");
    assert_eq!(
        scopes(&[&endpoint::ADD_PLAYLIST_ITEMS]),
        "playlist-modify-private playlist-modify-public"
    );
    assert_eq!(scopes(&[&endpoint::SAVE_ITEMS]), "user-library-modify");
    assert_eq!(
        scopes(&[&endpoint::UPLOAD_PLAYLIST_COVER]),
        "playlist-modify-private playlist-modify-public ugc-image-upload"
    );
}

/// With the recommended scopes, every call is sent as the endpoint definitions intend.
#[test]
fn recommended_scopes_are_among_the_alternatives() {
    for endpoint in Spotify::endpoints() {
        let choice: Vec<&Scope> = endpoint
            .scopes
            .alternative
            .iter()
            .chain(endpoint.scopes.conditional.iter().map(|case| &case.scope))
            .collect();
        assert_eq!(choice.is_empty(), endpoint.scopes.recommended.is_empty(), "{}", endpoint.name);
        assert!(
            endpoint.scopes.recommended.iter().all(|scope| choice.contains(&scope)),
            "{}",
            endpoint.name
        );
    }
}

#[test]
fn a_scope_that_unlocks_is_named_if_spotify_rejects_a_token_that_holds_all_others() {
    let refusal = r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#;
    let server = fake::Server::start().unwrap();
    let spotify = with(&server, &[Scope::UserLibraryRead]);
    server.script("/me/episodes").then(fake::Reply::new(403).body(refusal));
    let error = spotify.get_my_saved_episodes().send().unwrap_err();
    assert_snapshot!(error, @"get_my_saved_episodes: the token lacks a scope: expected `user-library-read`, `user-read-playback-position` for `resume_point` of each episode, found `user-library-read`; log in again with this scope; Spotify returned 403: `Insufficient client scope`");
}
