//! `examples/conformance`, against a fake server with and without deviations.

#[path = "../../examples/common/mod.rs"]
#[allow(clippy::duplicate_mod)]
mod common;
#[path = "../../examples/conformance/run/mod.rs"]
#[allow(dead_code, clippy::duplicate_mod)]
mod run;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use bpaf::Parser;
use common::account::{Settings, Source, choice};
use indicatif::ProgressBar;
use run::{Account, DECIDED, Difference, Report};
use serde_json::Value;
use tonearm::endpoint::{Method, TokenKind};
use tonearm::fake::{Failure, Fault, Reply, Server};
use tonearm::{App, Login, QuotaMode, Scope, Scopes, Spotify, SpotifyBuilder};

const MODES: [QuotaMode; 2] = [QuotaMode::Extended, QuotaMode::Development];

/// A folder for a report, deleted on drop.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("tonearm-conform-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn report(&self) -> PathBuf {
        self.0.join("report")
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.report().join(name)).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.report()) else { return Vec::new() };
        let mut names: Vec<String> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn server(mode: QuotaMode) -> Server {
    Server::builder().quota_mode(mode).start().unwrap()
}

fn account(server: &Server) -> Account {
    with(server.client_builder(), server.token())
}

fn with(builder: SpotifyBuilder, token: &str) -> Account {
    let token = token.to_owned();
    let secrets = Box::new(move || vec![token.clone()]);
    Account {
        builder: builder.sleep_with(|_| {}),
        held: None,
        secrets,
        server: None,
        failed_login: None,
    }
}

fn conform(
    account: &Account,
    folder: &Path,
    writes: bool,
) -> Result<(Report, Vec<Difference>), String> {
    run::conform(account, folder, writes, DECIDED, &ProgressBar::hidden())
        .map_err(|error| error.to_string())
}

/// Returns the differences, one per line.
fn lines(differences: &[Difference]) -> String {
    let line = |difference: &Difference| {
        format!("{}: {} -> {}\n", difference.about, difference.table, difference.spotify)
    };
    differences.iter().map(line).collect()
}

/// Returns the response of a call with a changed body.
fn changed(
    spotify: &Spotify,
    name: &str,
    values: &[(&str, &str)],
    change: impl Fn(&mut Value),
) -> Reply {
    let call = values.iter().fold(spotify.call(name), |call, (name, text)| call.set(name, text));
    let response = call.send_raw().unwrap().remove(0);
    assert_eq!(response.status(), 200, "{name}");
    let mut body: Value = serde_json::from_slice(response.body()).unwrap();
    change(&mut body);
    Reply::new(200).body(body.to_string())
}

#[test]
fn a_faithful_server_gives_no_differences_and_writes_leave_nothing() {
    for mode in MODES {
        let (server, folder) = (server(mode), Folder::new());
        let playlists = |server: &Server| -> Vec<String> {
            let playlists = server.client().unwrap().get_my_playlists().collect_all().unwrap();
            playlists.into_iter().map(|playlist| playlist.id.to_string()).collect()
        };
        let before = (server.library(), playlists(&server));
        server.clear_requests();
        let (report, differences) = conform(&account(&server), &folder.report(), true).unwrap();
        assert_eq!(lines(&differences), "");
        assert_eq!((report.stopped, report.remains), (None, vec![]));
        let not_checked: Vec<_> =
            report.endpoints.iter().filter(|(_, checked)| checked.not_checked.is_some()).collect();
        assert_eq!(not_checked.len(), 0);
        let reads = Spotify::endpoints().iter().filter(|endpoint| endpoint.method == Method::Get);
        assert!(reads.clone().all(|endpoint| report.endpoints.contains_key(&*endpoint.name)));
        let decoded = |name: &str| {
            report.endpoints[name]
                .requests
                .iter()
                .all(|it| it.result == "decoded" || it.status != Some(200))
        };
        assert!(reads.clone().all(|endpoint| decoded(&endpoint.name)));
        // One request beyond a maximum is sufficient for each endpoint.
        let beyond = |name: &str| {
            report.endpoints[name].requests.iter().filter(|it| it.what == "beyond").count()
        };
        assert!(reads.clone().all(|endpoint| beyond(&endpoint.name) <= 1));
        assert_eq!(before, (server.library(), playlists(&server)));
        let requests = server.requests().len();
        // The guide has the number of requests in each mode.
        let guide = include_str!("../../src/guide/conformance.md");
        let app = if mode == QuotaMode::Development { "development" } else { "extended quota" };
        let row = guide.lines().find(|line| line.starts_with(&format!("| in {app} mode |")));
        let is_there = row.unwrap().ends_with(&format!("| {requests} |"));
        assert!(is_there, "write {requests} in the row of {app} mode in src/guide/conformance.md");

        // The recording can be replayed, and no file contains private values.
        assert_eq!(folder.files(), ["recording-1.json", "report.json", "report.md"]);
        assert!(Server::replay(folder.report().join("recording-1.json")).is_ok());
        for file in folder.files() {
            let text = folder.text(&file);
            for private in [
                server.token(),
                "mira.halvorsen",
                "Mira Halvorsen",
                "Mira's phone",
                playlists(&server)[0].as_str(),
            ] {
                assert!(!text.contains(private), "{file}: {private}");
            }
        }
        let error = conform(&account(&server), &folder.report(), false).err().unwrap();
        assert!(
            error.ends_with(
                "the report is complete; remove the folder, or choose another with `--folder`"
            ),
            "{error}"
        );
    }
}

/// Scripts a deviation of each kind.
fn deviate(server: &Server) {
    let spotify = server.client_builder().quota_mode(QuotaMode::Extended).build().unwrap();
    let catalog = server.catalog();
    let album = catalog.albums()[0].to_string();
    let artist = catalog.artists()[0].to_string();
    let reply = |name: &str, values: &[(&str, &str)], change: &dyn Fn(&mut Value)| {
        changed(&spotify, name, values, change)
    };
    let invalid_limit =
        || Reply::new(400).body(r#"{"error":{"status":400,"message":"Invalid limit"}}"#);
    let script = |path: &str| server.script(path).method(Method::Get);

    // All replies are prepared before the first script, because a script counts every request.
    let album = [("album_id", &*album)];
    let mood = reply("get_album", &album, &|json| json["mood"] = "blue".into());
    let mixtape = reply("get_album", &album, &|json| json["album_type"] = "mixtape".into());
    let nameless = reply("get_artist", &[("artist_id", &artist)], &|json| {
        json.as_object_mut().unwrap().remove("name");
    });
    let shorter = reply("get_my_saved_shows", &[("limit", "20"), ("offset", "1")], &|_| {});
    let longer =
        reply("get_my_saved_episodes", &[("limit", "50")], &|json| json["limit"] = 51.into());
    let default = reply("get_my_saved_tracks", &[("limit", "5")], &|_| {});
    let unreadable =
        reply("get_my_saved_audiobooks", &[], &|json| json["items"][1] = "gone".into());
    let devices = spotify.get_devices().send_raw().unwrap().into_body();

    // A field that the model doesn't have, then a new enum value.
    script("/albums/{id}").then(mood).then(mixtape);
    // A required field of the model is missing.
    script("/artists/{id}").then(nameless);
    // A lower maximum, by an error and by a shorter page.
    script("/me/albums").then_normal().then(invalid_limit());
    script("/me/shows").then_normal().then(shorter);
    // A higher maximum, and another default.
    script("/me/episodes").then_normal().then_normal().then(longer);
    script("/me/tracks").then(default);
    // An endpoint that became unavailable.
    script("/me/top/{type}").then(Fault::Status(403));
    // An item that can't be decoded.
    script("/me/audiobooks").then(unreadable);
    // Another success status.
    script("/me/player/devices").then(Reply::new(203).body(devices));
    // A rate limit and a temporary failure, which aren't deviations.
    script("/episodes/{id}")
        .then(Fault::RateLimited { retry_after: std::time::Duration::from_secs(2) });
    script("/shows/{id}").then(Fault::Status(503));
    server.clear_requests();
}

#[test]
fn each_deviation_is_named_once() {
    for mode in MODES {
        let (server, folder) = (server(mode), Folder::new());
        deviate(&server);
        let (report, differences) = conform(&account(&server), &folder.report(), false).unwrap();
        assert_eq!(server.pending_faults(), 0);
        let text = folder.text("report.md");
        let (_, text) = text.split_once("## Differences").unwrap();
        let (text, _) = text.split_once("\n## ").unwrap();
        let skipped = &report.endpoints["get_my_saved_audiobooks"].requests[0].skipped;
        assert_eq!(skipped.len(), 1);
        match mode {
            QuotaMode::Development => insta::assert_snapshot!(lines(&differences), @r#"
            get_my_saved_albums limit maximum: 50 -> below 50
            get_my_saved_episodes limit maximum: 50 -> at least 51
            get_devices success: 200 -> 203
            get_my_saved_shows limit maximum: 50 -> 20
            get_my_saved_tracks limit default: 20 -> 5
            get_my_top_items availability: all -> unavailable in development mode
            Album.mood: absent -> text
            Album.album_type: no such value -> "mixtape"
            Artist.name: promised -> left out
            get_my_saved_audiobooks.response: object -> text
            "#),
            _ => insta::assert_snapshot!(text, @r#"


            1. **get_my_saved_albums limit maximum**: 50 in the table, below 50 at Spotify. Spotify returned 400, "Invalid limit", for 50, and accepted 20.

               To follow Spotify, in `spec/albums.toml`, `get_my_saved_albums`:

               ```toml
               { name = "limit", in = "query", type = "u32", min = 1, max = 20, default = 20, example = 20, doc = "How many albums a page holds at most." },
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_my_saved_albums limit maximum", table = "50", spotify = "below 50", because = "" },
               ```

            2. **get_my_saved_episodes limit maximum**: 50 in the table, at least 51 at Spotify. Spotify accepted 51.

               To follow Spotify, in `spec/episodes.toml`, `get_my_saved_episodes`:

               ```toml
               { name = "limit", in = "query", type = "u32", min = 1, max = 51, default = 20, example = 50, doc = "How many episodes a page holds at most." },
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_my_saved_episodes limit maximum", table = "50", spotify = "at least 51", because = "" },
               ```

            3. **get_devices success**: 200 in the table, 203 at Spotify. Spotify returned 203.

               To follow Spotify, in `spec/player.toml`, `get_devices`:

               ```toml
               success = [203]
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_devices success", table = "200", spotify = "203", because = "" },
               ```

            4. **get_my_saved_shows limit maximum**: 50 in the table, 20 at Spotify. A request for 50 returned a page of 20.

               To follow Spotify, in `spec/shows.toml`, `get_my_saved_shows`:

               ```toml
               { name = "limit", in = "query", type = "u32", min = 1, max = 20, default = 20, example = 20, doc = "How many shows a page holds at most." },
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_my_saved_shows limit maximum", table = "50", spotify = "20", because = "" },
               ```

            5. **get_my_saved_tracks limit default**: 20 in the table, 5 at Spotify. A request without `limit` returned a page of 5.

               To follow Spotify, in `spec/tracks.toml`, `get_my_saved_tracks`:

               ```toml
               { name = "limit", in = "query", type = "u32", min = 1, max = 50, default = 5, example = 50, doc = "How many tracks a page holds at most." },
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_my_saved_tracks limit default", table = "20", spotify = "5", because = "" },
               ```

            6. **get_my_top_items availability**: all in the table, unavailable in extended quota mode at Spotify. Spotify returned 403 without a reason.

               To follow Spotify, in `spec/users.toml`, `get_my_top_items`:

               ```toml
               availability = "legacy"
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_my_top_items availability", table = "all", spotify = "unavailable in extended quota mode", because = "" },
               ```

            7. **Album.mood**: absent in the table, text at Spotify. 1 object, in the responses of get_album.

               To follow Spotify, in `src/model/`, `Album`:

               ```rust
               mood: Option<Box<str>>,
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "Album.mood", table = "absent", spotify = "text", because = "" },
               ```

            8. **Album.album_type**: no such value in the table, "mixtape" at Spotify. 1 object, in the responses of get_album.

               To follow Spotify, in `src/model/`, the enum of `Album.album_type`:

               ```rust
               Mixtape = "mixtape",
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "Album.album_type", table = "no such value", spotify = "\"mixtape\"", because = "" },
               ```

            9. **Artist.name**: promised in the table, left out at Spotify. 1 object of 143, in the responses of get_artist.

               To follow Spotify, in `src/model/`, `Artist`:

               ```rust
               name: Option<_>,
               ```

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "Artist.name", table = "promised", spotify = "left out", because = "" },
               ```

            10. **get_my_saved_audiobooks.response**: object in the table, text at Spotify. 1 object, in the responses of get_my_saved_audiobooks.

               To keep it, in `examples/conformance/decided.toml`:

               ```toml
               { about = "get_my_saved_audiobooks.response", table = "object", spotify = "text", because = "" },
               ```
            "#),
        }
        assert!(skipped[0].starts_with("item 1: "), "{skipped:?}");
    }
}

#[test]
fn decided_differences_are_left_out() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    let spotify = server.client().unwrap();
    let shorter = changed(&spotify, "get_my_saved_tracks", &[("limit", "5")], |_| {});
    server.script("/me/tracks").then(shorter);
    server.script("/me/following").then(Fault::QuotaExceeded);
    let bar = ProgressBar::hidden();
    let conform =
        |decided: &str| run::conform(&account(&server), &folder.report(), false, decided, &bar);
    let (_, differences) = conform(DECIDED).unwrap();
    assert_eq!(lines(&differences), "get_my_saved_tracks limit default: 20 -> 5\n");

    // The line in the report becomes the decision when a reason is added.
    server.script("/me/following").then(Fault::QuotaExceeded);
    let line = differences[0].decision().replace("because = \"\"", "because = \"seen\"");
    let (_, differences) = conform(&format!("decided = [\n{line}\n]")).unwrap();
    assert_eq!(lines(&differences), "");
    for (text, problem) in [
        (
            format!("decided = [{}]", line.replace("\"seen\"", "\"\"")),
            "expected text for `because` in each entry, found none",
        ),
        ("decided = 1".to_owned(), "expected a list `decided`, found none"),
        ("decided = [".to_owned(), "decided.toml: "),
    ] {
        let error = conform(&text).err().unwrap().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn a_run_stops_at_a_quota_and_continues_another_day() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    server.script("/me/following").then_normal().then(Fault::QuotaExceeded);
    let (report, differences) = conform(&account(&server), &folder.report(), true).unwrap();
    assert_eq!(lines(&differences), "");
    let stopped = report.stopped.unwrap();
    assert!(stopped.contains("QUOTA_EXCEEDED") && stopped.contains("continue after"), "{stopped}");
    assert!(folder.text("report.md").contains("**Not complete**"));
    assert!(!report.endpoints.contains_key("get_my_followed_artists"));
    // The program finishes all reads before the first write.
    assert!(server.requests().iter().all(|request| request.method == "GET"));

    server.clear_requests();
    let (report, differences) = conform(&account(&server), &folder.report(), false).unwrap();
    assert_eq!((report.stopped, lines(&differences)), (None, String::new()));
    let requests = |path: &str| server.requests().iter().filter(|it| it.path == path).count();
    // An endpoint that was checked is only called for the ids in its response.
    assert_eq!((requests("/v1/me/albums"), requests("/v1/me/following")), (1, 3));
    assert_eq!(
        folder.files(),
        ["recording-1.json", "recording-2.json", "report.json", "report.md"]
    );
}

#[test]
fn an_expired_token_is_refreshed_or_the_run_stops() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    let app = server.app().refresh_token(server.issue_refresh_token(Scope::ALL));
    let builder = Spotify::builder().app(app).base_url(server.base_url());
    server.script("/me/shows").then(Fault::Status(401));
    server.script("/me/following").then(Fault::QuotaExceeded);
    let (report, differences) = conform(&with(builder, "none"), &folder.report(), false).unwrap();
    assert_eq!(lines(&differences), "");
    assert_eq!(report.endpoints["get_my_saved_shows"].requests.len(), 3);
    assert!(report.stopped.unwrap().contains("QUOTA_EXCEEDED"));

    // A token from another program can't be refreshed.
    server.script("/me/following").then(Fault::Status(401));
    let (report, _) = conform(&account(&server), &folder.report(), false).unwrap();
    let stopped = report.stopped.unwrap();
    assert!(
        stopped.contains("the token is missing, invalid or expired")
            && stopped.contains("log in again"),
        "{stopped}"
    );
}

#[test]
fn an_app_that_spotify_rejects_is_reported() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    for (failure, advice) in [
        (Failure::UserNotRegistered, "under User Management"),
        (Failure::OwnerWithoutPremium, "the owner of the app needs a Premium subscription"),
    ] {
        server.fail_all(Some(failure));
        server.clear_requests();
        let (report, differences) = conform(&account(&server), &folder.report(), true).unwrap();
        assert_eq!((lines(&differences), server.requests().len()), (String::new(), 1));
        let stopped = report.stopped.unwrap();
        assert!(stopped.contains(advice), "{stopped}");
    }
    server.fail_all(None);
    let (report, _) =
        conform(&with(server.client_builder().token("wrong"), "wrong"), &folder.report(), false)
            .unwrap();
    assert!(report.stopped.unwrap().contains("log in again"));
}

/// Returns the account of an app after a login in a browser, and the error if the login failed.
fn after_login(
    server: &Server,
    app: &App,
    secret: Option<&str>,
    login: impl FnOnce(Login) -> Login,
) -> Account {
    let login = login(app.login(Scope::ALL).unwrap()).quiet().run();
    let settings = Settings {
        builder: Spotify::builder().app(app).base_url(server.base_url()).sleep_with(|_| {}),
        server: None,
        token: None,
        app: Some(app.clone()),
        login: login.err(),
    };
    Account::new(settings, secret.map(str::to_owned))
}

/// A user who visits the page of a login, and cancels.
fn refuse(server: &Server) -> impl FnOnce(Login) -> Login {
    let browser = server.browser();
    |login| login.browser(move |url| browser.visit(&browser.refuse(url)?).map(drop))
}

#[test]
fn without_an_app_nothing_is_checked() {
    let choice = choice().to_options();
    let source = choice.run_inner(&[]).unwrap().source(|_| None);
    let error = source.map(drop).unwrap_err().to_string();
    insta::assert_snapshot!(error, @"expected the client id of your app in SPOTIFY_CLIENT_ID, or a token in SPOTIFY_TOKEN, found neither; register http://127.0.0.1/callback as the redirect URI of the app, or use `--fake` without an app");
    let source = |name: &str| (name == "SPOTIFY_TOKEN").then(|| "token".to_owned());
    assert!(matches!(choice.run_inner(&[]).unwrap().source(source).unwrap(), Source::Token(_)));
}

#[test]
fn report_names_the_fake_server() {
    for arguments in [&["--fake"][..], &["--development"], &[]] {
        let is_fake = !arguments.is_empty();
        let (other, folder) = (server(QuotaMode::Development), Folder::new());
        let account = if is_fake {
            let source = choice().to_options().run_inner(arguments).unwrap().source(|_| None);
            let settings = source.unwrap().settings(Scopes::default(), &ProgressBar::hidden());
            Account::new(settings.unwrap(), None)
        } else {
            account(&other)
        };
        let server = account.server.as_ref().unwrap_or(&other);
        server.fail_all(Some(Failure::UserNotRegistered));
        conform(&account, &folder.report(), false).unwrap();
        let row = "| server | the fake Spotify server of Tonearm |";
        assert_eq!(folder.text("report.md").contains(row), is_fake, "{arguments:?}");
    }
}

#[test]
fn after_a_refused_login_calls_without_a_user_are_checked() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    let refused = |secret| after_login(&server, &server.app(), secret, refuse(&server));
    // Without the client secret there is no token at all.
    let (report, _) = conform(&refused(None), &folder.report(), true).unwrap();
    insta::assert_snapshot!(report.stopped.as_ref().unwrap(), @"login: the user did not consent: `access_denied`; log in again and accept. Nothing is checked without a token; with the client secret in SPOTIFY_CLIENT_SECRET, the calls that need no user are.");
    assert_eq!((report.requests, report.checked()), (0, 0));
    let text = folder.text("report.md");
    let (_, unchecked) = text.split_once("| endpoints | reason |").unwrap();
    let reads = Spotify::endpoints().iter().filter(|endpoint| endpoint.method == Method::Get);
    assert!(reads.clone().all(|endpoint| unchecked.contains(&*endpoint.name)));
    assert!(text.contains("| scopes | none: there is no token |"), "{text}");
    assert_eq!(folder.files(), ["report.json", "report.md"]);

    // With it, the report continues with the token of the app.
    server.clear_requests();
    let account = refused(Some(server.client_secret()));
    let (report, differences) = conform(&account, &folder.report(), true).unwrap();
    assert_eq!(lines(&differences), "");
    insta::assert_snapshot!(report.stopped.as_ref().unwrap(), @"login: the user did not consent: `access_denied`; log in again and accept. The check uses the token of the app, and leaves out the calls that need a user.");
    // The fake server has none of the other examples in `spec/`.
    assert!(report.endpoints["search"].not_checked.is_none());
    let why = "the call needs a user, and the login failed";
    let of_users = reads.clone().filter(|endpoint| endpoint.token == TokenKind::User);
    assert!(
        of_users.clone().all(|endpoint| {
            report.endpoints[&*endpoint.name].not_checked.as_deref() == Some(why)
        })
    );
    let unchecked = report.not_checked();
    let (_, named) = unchecked.iter().find(|(reason, _)| *reason == why).unwrap();
    assert_eq!(named.len(), of_users.count());
    assert!(server.requests().iter().all(|it| !it.path.starts_with("/v1/me/")));
    assert!(folder.text("report.md").contains("| scopes | none: the token is that of the app |"));
    assert!(!folder.text("report.json").contains(server.client_secret()));

    // A login that succeeds another day completes it.
    server.clear_requests();
    let browser = server.browser();
    let account = after_login(&server, &server.app(), None, |login| {
        login.browser(move |url| browser.approve_and_redirect(url).map(drop))
    });
    let (report, differences) = conform(&account, &folder.report(), false).unwrap();
    assert_eq!((lines(&differences), report.stopped.clone()), (String::new(), None));
    assert_eq!((report.checked(), report.not_checked().len()), (reads.count(), 0));
    let searches = server.requests().iter().filter(|it| it.path == "/v1/search").count();
    assert_eq!(searches, 0, "checked before");
}

#[test]
fn after_a_refused_login_for_more_scopes_the_stored_token_is_used() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    let (app, browser) = (server.app(), server.browser());
    let login = app.login([Scope::UserLibraryRead]).unwrap().quiet();
    login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run().unwrap();
    let account = after_login(&server, &app, Some(server.client_secret()), refuse(&server));
    let (report, differences) = conform(&account, &folder.report(), false).unwrap();
    assert_eq!(lines(&differences), "");
    insta::assert_snapshot!(report.stopped.as_ref().unwrap(), @"login: the user did not consent: `access_denied`; log in again and accept. The check uses the stored token, which lacks scopes.");
    assert_eq!(report.scopes.as_deref(), Some("user-library-read"));
    assert!(report.endpoints["get_my_saved_albums"].not_checked.is_none());
    assert!(report.endpoints["get_devices"].not_checked.is_some());
}

#[test]
fn wrong_client_id_or_secret_ends_the_check_with_a_report() {
    let server = server(QuotaMode::Development);
    let wrong = App::new("0".repeat(32)).accounts_url(server.accounts_url());
    let wrong = wrong.redirect_uri("http://127.0.0.1/callback");
    // Spotify shows an error page and doesn't redirect, so the login ends after its time limit.
    let no_redirect = |login: Login| login.no_browser().timeout(std::time::Duration::ZERO);
    for (app, secret) in
        [(&wrong, None), (&wrong, Some(server.client_secret())), (&server.app(), Some("wrong"))]
    {
        let folder = Folder::new();
        let account = after_login(&server, app, secret, no_redirect);
        let (report, differences) = conform(&account, &folder.report(), false).unwrap();
        assert_eq!((lines(&differences), report.checked()), (String::new(), 0));
        let stopped = report.stopped.unwrap();
        match secret {
            None => {
                insta::assert_snapshot!(stopped, @"login: expected a login within 0 s, found none; log in again. Nothing is checked without a token; with the client secret in SPOTIFY_CLIENT_SECRET, the calls that need no user are.")
            }
            Some(_) => assert!(
                stopped.contains("Spotify rejected the client id or the secret"),
                "{stopped}"
            ),
        }
        assert!(folder.text("report.md").contains("**Not complete**"));
    }
    assert!(server.requests().iter().all(|request| request.path == "/api/token"));
}

/// Returns the endpoints that weren't checked, one per line.
fn not_checked(report: &Report) -> String {
    let lines = report
        .endpoints
        .iter()
        .filter_map(|(name, checked)| Some(format!("{name}: {}\n", checked.not_checked.as_ref()?)));
    lines.collect()
}

#[test]
fn an_empty_account_is_checked_as_far_as_that_goes() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    server.reset_to_new_user();
    let (report, differences) = conform(&account(&server), &folder.report(), false).unwrap();
    assert_eq!((lines(&differences), report.stopped.clone()), (String::new(), None));
    insta::assert_snapshot!(not_checked(&report), @r"
    get_album: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_album_tracks: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_audiobook: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_audiobook_chapters: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_chapter: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_episode: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_playlist: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_playlist_cover: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_playlist_items: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_show: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_show_episodes: the account has nothing for this call, and Spotify does not have the example of `spec/`
    get_track: the account has nothing for this call, and Spotify does not have the example of `spec/`
    ");
}

#[test]
fn writes_with_an_empty_library_and_an_empty_search_leave_nothing() {
    for mode in MODES {
        let (server, folder) = (server(mode), Folder::new());
        server.reset_to_new_user();
        let page =
            r#"{"tracks": {"items": [], "limit": 20, "offset": 0, "total": 0, "next": null}}"#;
        server.script("/search").then_times(100, Reply::new(200).body(page));
        let page = r#"{"items": [], "limit": 20, "offset": 0, "total": 0, "next": null}"#;
        server.script("/me/top/{type}").then_times(100, Reply::new(200).body(page));
        let (report, _) = conform(&account(&server), &folder.report(), true).unwrap();
        // Only in extended quota mode other endpoints return tracks, such as those of new releases.
        let has_tracks = mode == QuotaMode::Extended;
        let stopped = "`--write` found no track that is not in the library.".to_owned();
        assert_eq!(report.stopped, (!has_tracks).then_some(stopped), "{mode:?}");
        assert_eq!(report.endpoints.contains_key("create_playlist"), has_tracks);
        assert!(report.remains.is_empty() && server.library().is_empty());
        assert_eq!(server.requests().iter().any(|request| request.took_effect), has_tracks);
    }
}

#[test]
fn unfinished_report_is_continued_only_at_the_same_place() {
    let folder = Folder::new();
    let fake = || {
        let server = server(QuotaMode::Extended);
        Account { server: Some(Server::start().unwrap()), ..account(&server) }
    };
    let stopped = |is_fake: bool| {
        let account = if is_fake { fake() } else { Account { server: None, ..fake() } };
        conform(&account, &folder.report(), false)
    };
    for is_fake in [true, false] {
        // The server is gone, so the check stops.
        let (report, _) = stopped(is_fake).unwrap();
        assert!(report.stopped.is_some());
        let error = stopped(!is_fake).map(|_| ()).unwrap_err();
        let (_, error) = error.split_once(": ").unwrap();
        assert_eq!(
            error,
            if is_fake {
                "the unfinished report is of a fake Spotify server, and cannot be continued without `--fake`; remove the folder, or choose another with `--folder`"
            } else {
                "the unfinished report is of Spotify, and cannot be continued with `--fake`; remove the folder, or choose another with `--folder`"
            }
        );
        stopped(is_fake).unwrap();
        fs::remove_dir_all(folder.report()).unwrap();
    }
}

#[test]
fn missing_scopes_and_premium_are_reported_and_the_rest_is_checked() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    // The scopes of a token from another program are unknown.
    let few = [Scope::UserLibraryRead, Scope::PlaylistReadPrivate];
    let token = server.issue_token(few.clone());
    let reason = r#"{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}"#;
    server.script("/albums/{id}").then(Reply::new(403).body(reason));
    let builder = || server.client_builder().token(&token);
    let (report, differences) = conform(&with(builder(), &token), &folder.report(), false).unwrap();
    assert_eq!(lines(&differences), "");
    insta::assert_snapshot!(not_checked(&report), @"
    get_album: Spotify returned 403: `Player command failed: Premium required`, reason PREMIUM_REQUIRED; the user of the token needs a Premium subscription; if they have one, try again
    get_currently_playing: the token lacks a scope: expected `user-read-playback-state` or `user-read-currently-playing`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    get_devices: the token lacks a scope: expected `user-read-playback-state`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    get_my_followed_artists: the token lacks a scope: expected `user-follow-read`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    get_my_top_items: the token lacks a scope: expected `user-top-read`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    get_playback: the token lacks a scope: expected `user-read-playback-state`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    get_queue: the token lacks a scope: expected `user-read-playback-state` or `user-read-currently-playing`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    get_recently_played: the token lacks a scope: expected `user-read-recently-played`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
    ");

    // If the scopes are known, these endpoints are called only to check whether they require the scope.
    let folder = Folder::new();
    let app = server.app().refresh_token(server.issue_refresh_token(few.clone()));
    let builder = Spotify::builder().app(app).base_url(server.base_url());
    let account =
        Account { held: Some(few.into_iter().collect::<Scopes>()), ..with(builder, "none") };
    let top =
        changed(&server.client().unwrap(), "get_my_top_items", &[("item_type", "artists")], |_| {});
    server.script("/me/top/{type}").then(top);
    let (report, differences) = conform(&account, &folder.report(), false).unwrap();
    assert_eq!(lines(&differences), "get_my_top_items scopes: user-top-read -> not needed\n");
    assert!(not_checked(&report).contains("get_devices: the token lacks a scope"));
}

#[test]
fn a_report_with_a_private_value_is_not_written() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    // The recorder replaces a name only in its exact spelling.
    let note = changed(&server.client().unwrap(), "get_me", &[], |json| {
        json["note"] = "MIRA HALVORSEN was here".into()
    });
    server.script("/me").then(note);
    server.script("/me/following").then(Fault::QuotaExceeded);
    let error = conform(&account(&server), &folder.report(), false).err().unwrap();
    insta::assert_snapshot!(error, @"recording-1.json would contain the name of a user: nothing is written; please report this, without the value");
    assert_eq!(folder.files(), [""; 0]);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_loses_no_report() {
    let (server, folder) = (server(QuotaMode::Development), Folder::new());
    server.script("/me/albums").then_normal().then(Fault::QuotaExceeded);
    fs::create_dir_all(folder.report()).unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.report().join("report.new")).unwrap();
    let error = conform(&account(&server), &folder.report(), false).err().unwrap();
    let error = error.replace(&*folder.0.to_string_lossy(), "…");
    let first = error.lines().next().unwrap();
    assert_eq!(first, "cannot write …/report/report.md: No space left on device (os error 28)");
    assert!(error.contains("# Tonearm against Spotify") && error.contains("**Not complete**"));
    // The next run starts from the beginning.
    assert_eq!(folder.files(), ["recording-1.json"]);
    server.script("/me/albums").then(Fault::QuotaExceeded);
    conform(&account(&server), &folder.report(), false).unwrap();
}

#[test]
fn writes_that_fail_leave_nothing_or_say_what_is_left() {
    let server = server(QuotaMode::Development);
    let run = || {
        let folder = Folder::new();
        let mut account = account(&server);
        account.builder = account.builder.retries(0);
        let (report, _) = conform(&account, &folder.report(), true).unwrap();
        (report, folder.text("report.md"))
    };
    let before = server.library();
    let playlists = || server.client().unwrap().get_my_playlists().send().unwrap().total;
    let count = playlists();
    // The response is lost, and then the quota is exceeded during the run.
    server.script("/me/playlists").method(Method::Post).then(Fault::ResetAfterProcessing);
    let (report, _) = run();
    assert_eq!((report.remains, playlists()), (vec![], count));
    server.script("/me/library").method(Method::Put).then(Fault::QuotaExceeded);
    let (report, text) = run();
    assert_eq!((report.remains, server.library(), playlists()), (vec![], before.clone(), count));
    assert!(text.contains("**Not complete**"), "{text}");
    // The first failed removal of each is that of the check; the others are those of the cleanup.
    server
        .script("/playlists/{playlist_id}/followers")
        .method(Method::Delete)
        .then(Fault::Status(503));
    server
        .script("/me/library")
        .method(Method::Delete)
        .then(Fault::Status(503))
        .then(Fault::Status(503))
        .then(Fault::Status(503));
    // An addition that may have taken effect is a partial write.
    let items = server.script("/playlists/{playlist_id}/items");
    items.method(Method::Post).then(Fault::Status(504));
    let (report, text) = run();
    let missing = not_checked(&report);
    assert!(missing.starts_with("add_playlist_items: "), "{missing}");
    assert_eq!(report.remains.len(), 2, "{:?}", report.remains);
    assert!(text.contains("**Left in the account**: the saved track spotify:track:"), "{text}");
    assert!(
        text.contains("**Left in the account**: the playlist Tonearm conformance check: "),
        "{text}"
    );
    // The next run removes the playlist.
    run();
    assert_eq!(playlists(), count);
}
