//! No log line, error or printed value contains a secret. The test runs every flow at the most verbose log level, and
//! prints every error and value with `Display` and `Debug`.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Mutex;
use std::time::Duration;

use super::support::{Reply, Seen, Server, answer, json};
use tonearm::auth::{FileStore, MemoryStore, TokenStore};
use tonearm::{App, Error, Scope, Scopes, Secret, Spotify, SpotifyBuilder, Token, fake};

/// Collects all log lines.
struct Sink(Mutex<Vec<String>>);

static SINK: Sink = Sink(Mutex::new(Vec::new()));

impl log::Log for Sink {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push(format!(
            "{} {}: {}",
            record.level(),
            record.target(),
            record.args()
        ));
    }

    fn flush(&self) {}
}

/// The printed texts, and the secrets that must not be in them.
#[derive(Default)]
struct Outcome {
    printed: Vec<String>,
    secrets: Vec<String>,
}

impl Outcome {
    fn value(&mut self, value: &impl Debug) {
        self.printed.push(format!("{value:?} {value:#?}"));
    }

    fn error<T>(&mut self, result: Result<T, Error>) -> Error {
        let Err(error) = result else { panic!("expected an error") };
        self.printed.push(format!("{error} {error:?} {error:#?}"));
        // The errors inside the variants are public, so they are printed too.
        match &error {
            Error::LoginRequired(inner) => self.value(inner),
            Error::InvalidClient(inner) | Error::Status(inner) | Error::Unauthorized(inner) => {
                self.value(inner)
            }
            Error::LoginFailed(inner) => self.value(inner),
            Error::Store(inner) => self.value(inner),
            Error::Transport(inner) => self.value(inner),
            Error::Config(inner) => self.value(inner),
            _ => {}
        }
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            self.printed.push(format!("{inner} {inner:?} {inner:#?}"));
            source = inner.source();
        }
        error
    }

    /// Collects the secrets that were sent in forms and headers.
    fn sent(&mut self, server: &Server) {
        for seen in server.seen() {
            let form = String::from_utf8_lossy(&seen.body).into_owned();
            let values = form.split('&').filter_map(|pair| pair.split_once('='));
            let secret = ["code", "code_verifier", "refresh_token", "client_secret"];
            self.secrets.extend(
                values.filter(|(key, _)| secret.contains(key)).map(|(_, value)| value.to_owned()),
            );
            let header = seen.header("authorization").and_then(|header| header.split_once(' '));
            self.secrets.extend(header.map(|(_, secret)| secret.to_owned()));
        }
    }
}

const ACCESS: &str = "BQ-SECRET-access";
const REFRESH: &str = "AQ-SECRET-refresh";
const CODE: &str = "AQ-SECRET-code";
const CLIENT: &str = "CS-SECRET-client";

fn granted() -> Reply {
    json(
        200,
        format!(
            r#"{{"access_token":"{ACCESS}","token_type":"Bearer","expires_in":3600,"scope":"user-read-email","refresh_token":"{REFRESH}"}}"#
        ),
    )
}

/// An accounts service and a Web API in one.
fn spotify(accounts: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |seen, _| match seen.target() {
        "/api/token" => accounts(seen),
        _ if seen.header("authorization") == Some(&format!("Bearer {ACCESS}")) => {
            json(200, r#"{"id":"mira","type":"user","uri":"spotify:user:mira"}"#)
        }
        _ => json(401, r#"{"error":{"status":401,"message":"The access token expired"}}"#),
    })
}

fn app(server: &Server) -> App {
    App::new("id").accounts_url(server.origin()).redirect_uri("http://127.0.0.1/callback")
}

fn client(server: &Server, app: &App) -> Spotify {
    builder(server, app).build().unwrap()
}

fn builder(server: &Server, app: &App) -> SpotifyBuilder {
    Spotify::builder().app(app).base_url(server.base_url()).sleep_with(|_| {})
}

/// The address to which Spotify would send the browser.
fn redirected(login: &tonearm::Login) -> String {
    let url = login.url();
    let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    format!("http://127.0.0.1/callback?code={CODE}&state={state}")
}

#[test]
fn no_secret_is_logged_or_printed() {
    log::set_logger(&SINK).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let mut outcome = Outcome::default();
    outcome.secrets.extend([ACCESS, REFRESH, CODE, CLIENT].map(str::to_owned));
    let folder = std::env::temp_dir().join(format!("tonearm-secrets-{}", std::process::id()));
    successful_flows(&mut outcome, &folder);
    servers_that_echo_secrets(&mut outcome);
    responses_that_repeat_the_token(&mut outcome, &folder);
    truncated_responses(&mut outcome);
    invalid_settings(&mut outcome);
    corrupt_stores(&mut outcome, &folder);
    fake_server_flows(&mut outcome);
    warning_before_the_login_expires();
    std::fs::remove_dir_all(&folder).unwrap();

    outcome.secrets.retain(|secret| !secret.is_empty());
    outcome.secrets.sort();
    outcome.secrets.dedup();
    // There are at least a verifier, a header with the client secret, and the four secrets above.
    assert!(outcome.secrets.len() >= 8, "{:?}", outcome.secrets);
    assert!(outcome.secrets.iter().any(|secret| secret.len() == 64), "no verifier was sent");
    let logged = SINK.0.lock().unwrap().clone();
    assert!(logged.iter().any(|line| line.starts_with("TRACE ureq")), "the log is not verbose");
    assert!(logged.iter().any(|line| line.contains("token request by refresh_token: 200")));
    // `ureq` logs raw bytes, sixteen to a line. They are joined here, because a secret may span several lines.
    let dumped: String = logged
        .iter()
        .filter(|line| line.starts_with("TRACE ureq_proto::util"))
        .filter_map(|line| line.get(line.len().checked_sub(16)?..))
        .collect();
    assert!(
        dumped.contains("POST./api/token.HTTP/1.1..") && dumped.contains("GET./v1/me.HTTP/1.1..")
    );
    let lines: BTreeSet<&String> = logged.iter().chain(&outcome.printed).chain([&dumped]).collect();
    for line in lines {
        for secret in &outcome.secrets {
            assert!(!line.contains(secret.as_str()), "{secret} in: {line}");
        }
        assert!(!line.contains("SECRET"), "{line}");
    }
}

fn successful_flows(outcome: &mut Outcome, folder: &std::path::Path) {
    let server = spotify(|_| granted());
    for app in [app(&server), app(&server).client_secret(CLIENT)] {
        let store = FileStore::at(folder.join("good.json"), "id");
        store.clear().unwrap();
        let app = app.store(store);
        let login = app.login([Scope::UserReadEmail]).unwrap();
        outcome.value(&login);
        let token = login.finish(&redirected(&login)).unwrap();
        outcome.value(&token);
        outcome.value(&token.to_json());
        let spotify = client(&server, &app);
        spotify.get_me().send().unwrap();
        outcome.value(&app);
        outcome.value(&spotify);
        outcome.value(&Spotify::builder().app(&app));
    }
    let handed_in = app(&server).refresh_token(REFRESH);
    client(&server, &handed_in).get_me().send().unwrap();
    let own = Spotify::builder()
        .client_credentials(app(&server).client_secret(CLIENT))
        .base_url(server.base_url());
    outcome.value(&own);
    own.build().unwrap().get_markets().send_raw().unwrap();
    let bare = Spotify::builder().token(ACCESS).base_url(server.base_url());
    outcome.value(&bare);
    bare.build().unwrap().get_me().send().unwrap();
    outcome.value(&Secret::new(CLIENT));
    outcome.sent(&server);
    // A login through the listener, whose request contains the code.
    let login = app(&server).login(Scopes::empty()).unwrap().quiet().browser({
        move |url| {
            let of_url = |key: &str| {
                let value =
                    url.split(&format!("{key}=")).nth(1).unwrap().split('&').next().unwrap();
                value.replace("%3A", ":").replace("%2F", "/")
            };
            let page = fake::Server::start()?.browser();
            let redirect_uri = of_url("redirect_uri");
            page.visit(&format!("{redirect_uri}?code={CODE}&state=guessed"))?;
            page.visit(&format!("{redirect_uri}/favicon.ico?code={CODE}"))?;
            page.visit(&format!("{redirect_uri}?code={CODE}&state={}", of_url("state"))).map(drop)
        }
    });
    login.run().unwrap();
    outcome.sent(&server);
}

fn servers_that_echo_secrets(outcome: &mut Outcome) {
    let repeats = |status: u16, error: &'static str| {
        spotify(move |seen| {
            let sent = String::from_utf8_lossy(&seen.body).replace('"', "");
            let sent = format!("{sent} {}", seen.header("authorization").unwrap_or_default());
            json(status, format!(r#"{{"error":"{error}","error_description":"refused: {sent}"}}"#))
        })
    };
    let cases = [
        (400, "invalid_grant"),
        (400, "invalid_client"),
        (400, "invalid_request"),
        (500, "server_error"),
        (200, ACCESS),
    ];
    for server in cases.map(|(status, error)| repeats(status, error)) {
        logs_in_and_refreshes(outcome, &server);
        outcome.sent(&server);
    }
    // Every encoding of the secret, in every part of the response.
    for (number, _) in forms("").iter().enumerate() {
        for (place, reply) in responses("").iter().enumerate() {
            // Other responses are retried after a wait.
            let Reply::Bytes(bytes) = reply else { continue };
            if !bytes.starts_with(b"HTTP/1.1 40") && !bytes.starts_with(b"HTTP/1.1 200") {
                continue;
            }
            let server = spotify(move |seen| {
                let form = String::from_utf8_lossy(&seen.body).into_owned();
                let secret = form.split('&').find_map(|pair| {
                    ["code=", "refresh_token="].iter().find_map(|key| pair.strip_prefix(key))
                });
                let secret = secret.unwrap_or(CLIENT);
                responses(&forms(secret).swap_remove(number)).swap_remove(place)
            });
            let app = app(&server).client_secret(CLIENT);
            let login = app.login(Scopes::empty()).unwrap();
            outcome.error(login.finish(&redirected(&login)));
            outcome.error(client(&server, &app.clone().refresh_token(REFRESH)).get_me().send());
            let own = builder(&server, &app).client_credentials(app);
            outcome.error(own.build().unwrap().get_markets().send());
        }
    }
    let all = [REFRESH, CODE, CLIENT].map(forms).concat();
    outcome.secrets.extend(all.iter().map(|form| form.replace('\\', r"\\")));
    outcome.secrets.extend(all);
}

fn logs_in_and_refreshes(outcome: &mut Outcome, server: &Server) {
    let login = app(server).login(Scopes::empty()).unwrap();
    outcome.error(login.finish(&redirected(&login)));
    for app in [app(server), app(server).client_secret(CLIENT)] {
        let spotify = client(server, &app.refresh_token(REFRESH));
        outcome.error(spotify.get_me().send());
        outcome.error(spotify.get_me().send());
    }
    let own = Spotify::builder().client_credentials(app(server).client_secret(CLIENT));
    outcome.error(own.base_url(server.base_url()).build().unwrap().get_markets().send());
}

/// The encodings in which a server may send a secret.
fn forms(secret: &str) -> Vec<String> {
    let each = |of: fn(u8) -> String| secret.bytes().map(of).collect::<String>();
    vec![
        secret.to_owned(),
        secret.to_uppercase(),
        secret.to_lowercase(),
        each(|byte| format!("%{byte:02x}")),
        each(|byte| format!("\\u{byte:04X}")),
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("&#x{byte:x};")),
        each(|byte| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        }),
    ]
}

/// Responses that contain this text, each in another part.
fn responses(text: &str) -> Vec<Reply> {
    let bytes = |head: &str, body: &str| {
        let length = body.len();
        Reply::Bytes(format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}").into())
    };
    let message =
        format!(r#"{{"error":{{"status":404,"message":"no {text}","reason":"{text}"}}}}"#);
    let (html, split) = (format!("<html><b>{text}</b></html>"), text.len() / 2);
    let mut responses = vec![
        bytes(&format!("400 no {text}"), ""),
        bytes(&format!("400 No\r\nserver: {text}\r\nx-{text}: {text}\r\nlocation: {text}"), ""),
        bytes(&format!("400 No\r\ncontent-type: {text}; q={text}\r\ndate: {text}"), "{"),
        bytes(&format!("200 OK\r\ncontent-type: {text}"), &html),
        bytes(&format!("200 OK\r\ncontent-encoding: {text}\r\nretry-after: {text}"), &html),
        json(200, &message),
        json(200, format!(r#"{{"id":"me","images":"{text}"}}"#)),
        json(200, format!(r#"{{"id":"me","images":[{{"url":{{"{text}":7}}}}]}}"#)),
        json(200, format!(r#"{{"id":"me","images":{{"{text}":"#)),
        json(200, format!(r#"{{"items":[{{"track":"{text}"}},"{text}"],"total":2}}"#)),
        json(200, format!(r#"{{"items":[{{"track":null}}],"next":"https://x/{text}?{text}"}}"#)),
        Reply::Bytes(
            format!(
                "HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n{:x};{text}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                split,
                &text[..split],
                text.len() - split,
                &text[split..]
            )
            .into(),
        ),
        Reply::Last(format!("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{text}").into()),
        Reply::Last(format!("HTTP/1.1 {text}\r\n\r\n{text}").into()),
        Reply::Last(format!("HTTP/1.1 200 OK\r\n{text}\r\n\r\n").into()),
    ];
    for status in [400, 401, 403, 404, 429, 500, 503] {
        responses.push(json(status, &message));
        responses.push(answer(status, &[("content-type", "text/html")], html.as_bytes()));
    }
    responses
}

/// The Web API returns the token in a next link or a cursor, so the next URL would contain it.
fn links_that_repeat_the_token(outcome: &mut Outcome, form: &str) {
    for is_in_link in [true, false] {
        let form = form.to_owned();
        let server = Server::start(move |seen, _| {
            let host = seen.header("host").unwrap();
            let (link, cursor) = if is_in_link { (&*form, "x") } else { ("x", &*form) };
            json(
                200,
                format!(
                    r#"{{"items":[{{"played_at":"2026-01-01T00:00:00Z","track":{{"id":"382ObEPsp2rxGrnsizN5TX","name":"x"}}}}],"next":"http://{host}/v1/me/player/recently-played?before={link}","cursors":{{"before":"{cursor}"}}}}"#
                ),
            )
        });
        let spotify = server.builder().token(ACCESS).build().unwrap();
        let played: Result<Vec<_>, Error> = spotify.get_recently_played().items().take(9).collect();
        let error = outcome.error(played);
        assert!(matches!(error, Error::Paging(_)), "{error}");
        outcome.printed.extend(server.seen().iter().map(|seen| seen.target().to_owned()));
    }
}

/// The Web API returns the token in every part of the response and in every encoding.
fn responses_that_repeat_the_token(outcome: &mut Outcome, folder: &std::path::Path) {
    for form in forms(ACCESS) {
        // The text itself, and as `Debug` and JSON escape it.
        outcome.secrets.extend([form.clone(), form.replace('\\', r"\\")]);
        links_that_repeat_the_token(outcome, &form);
        for reply in responses(&form) {
            let body = match &reply {
                Reply::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                _ => String::new(),
            };
            let server = Server::start(move |_, _| reply.clone());
            let path = folder.join("recording.json");
            let recorder = fake::Recorder::new(&path);
            let builder = server.builder().token(ACCESS).recorder(&recorder);
            let spotify = builder.retries(0).sleep_with(|_| {}).build().unwrap();
            let _ = spotify.get_me().send().map_err(|error| outcome.error::<()>(Err(error)));
            let tracks = spotify.get_my_saved_tracks();
            let _ = tracks.send().map_err(|error| outcome.error::<()>(Err(error)));
            for item in spotify.get_my_saved_tracks().items() {
                let _ = item.map_err(|error| outcome.error::<()>(Err(error)));
            }
            let _ = spotify.skip_to_next().send().map_err(|error| outcome.error::<()>(Err(error)));
            if let Ok(raw) = spotify.get_me().send_raw() {
                let sent = String::from_utf8_lossy(raw.body());
                assert!(body.contains("chunked") || body.ends_with(&*sent), "{sent} of {body}");
                outcome.value(&raw);
            }
            recorder.save().unwrap();
            if let Ok(recording) = std::fs::read_to_string(&path) {
                outcome.printed.push(recording);
                std::fs::remove_file(&path).unwrap();
            }
        }
    }
}

fn truncated_responses(outcome: &mut Outcome) {
    let body = format!(r#"{{"access_token":"{ACCESS}","refresh_token":"{REFRESH}","#);
    let replies = [
        Reply::Last(Vec::new()),
        Reply::Silence(Vec::new()),
        Reply::Last(format!("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{body}").into_bytes()),
        json(200, &body),
        json(200, format!(r#"{{"access_token":"{ACCESS}\n"}}"#)),
        json(200, format!(r#"["{ACCESS}"]"#)),
        json(503, format!("<html>{ACCESS}</html>")),
        json(500, format!("{body}\"a\":1}}")),
        json(300, format!("{body}\"a\":1}}")),
        json(429, format!("{body}\"error\":\"{ACCESS}\"}}")),
        json(401, format!("{body}\"error\":\"invalid_client\"}}")),
        json(400, format!(r#"{{"error":"{ACCESS}","error_description":"not {REFRESH}"}}"#)),
        json(400, format!(r#"{{"error":"invalid_grant","error_description":"{ACCESS} ended"}}"#)),
        json(
            403,
            format!(r#"{{"error":{{"status":403,"message":"{ACCESS}","reason":"{ACCESS}"}}}}"#),
        ),
        json(404, ACCESS),
        answer(302, &[("location", "/login")], b""),
    ];
    for reply in replies {
        let timeout = match reply {
            Reply::Silence(_) => Duration::from_secs(2),
            _ => Duration::from_secs(600),
        };
        let server = spotify(move |_| reply.clone());
        let builder = builder(&server, &app(&server).refresh_token(REFRESH));
        outcome.error(builder.call_timeout(timeout).build().unwrap().get_me().send());
        outcome.sent(&server);
    }
    let nowhere = App::new("id").refresh_token(REFRESH).accounts_url("http://127.0.0.1:1");
    let builder = Spotify::builder().app(nowhere).sleep_with(|_| {});
    outcome.error(builder.build().unwrap().get_me().send());
    // The Web API rejects the token, and the refreshed one too.
    let server = spotify(|_| json(200, r#"{"access_token":"BQ-SECRET-other"}"#));
    let spotify = client(&server, &app(&server).refresh_token(REFRESH));
    outcome.error(spotify.get_me().send());
    outcome.sent(&server);
}

fn invalid_settings(outcome: &mut Outcome) {
    for secret in ["CS SECRET", "CS-SECRET\n", "\u{fc}-SECRET"] {
        let app = App::new("id").client_secret(secret);
        outcome.error(Spotify::builder().client_credentials(&app).build());
        outcome.error(Spotify::builder().token(secret).build());
    }
    let login = App::new("id").redirect_uri("http://127.0.0.1/").login(Scopes::empty()).unwrap();
    for address in [
        format!("?code={CODE}"),
        format!("?code={CODE}&state=guessed-SECRET"),
        format!("?error=access_denied&code={CODE}&state=x"),
        CODE.to_owned(),
    ] {
        outcome.error(login.finish(&address));
    }
}

fn corrupt_stores(outcome: &mut Outcome, folder: &std::path::Path) {
    let path = folder.join("bad.json");
    let store = FileStore::at(&path, "id");
    for text in [
        format!(r#"{{"access_token":"{ACCESS}"}}"#),
        format!(
            r#"{{"tonearm":1,"client_id":"id","token":{{"access_token":"{ACCESS}","expires_at":"{REFRESH}"}}}}"#
        ),
        format!("{ACCESS} {REFRESH}"),
        format!(r#"{{"tonearm":"{ACCESS}"}}"#),
    ] {
        std::fs::write(&path, text).unwrap();
        let app = App::new("id").store(store.clone());
        outcome.error(Spotify::builder().app(&app).build().unwrap().get_me().send());
        outcome.error(app.stored_token());
        outcome.error(app.log_out());
    }
    outcome.value(&store);
    let memory = MemoryStore::new();
    let json = format!(
        r#"{{"access_token":"{ACCESS}","refresh_token":"{REFRESH}","expires_at":"2026-01-01T00:00:00Z"}}"#
    );
    memory.save(&Token::from_json(&json).unwrap()).unwrap();
    outcome.value(&memory);
    outcome.value(&memory.lock(std::time::Instant::now()).unwrap());
}

fn fake_server_flows(outcome: &mut Outcome) {
    let server = fake::Server::start().unwrap();
    server.rotate_refresh_tokens(true);
    let (app, browser) = (server.app(), server.browser());
    let login = app.login([Scope::UserReadEmail]).unwrap();
    let redirected = browser.approve(&login.url()).unwrap();
    let code = redirected.split("code=").nth(1).unwrap().split('&').next().unwrap();
    outcome.secrets.push(code.replace("%2D", "-"));
    let mut tokens = vec![login.finish(&redirected).unwrap()];
    let builder = Spotify::builder().app(&app).base_url(server.base_url());
    let spotify = builder.sleep_with(|_| {}).build().unwrap();
    for _ in 0..2 {
        server.expire_access_tokens();
        spotify.get_me().send().unwrap();
        tokens.push(app.stored_token().unwrap().unwrap());
    }
    server.fail_token_requests(4);
    server.expire_access_tokens();
    outcome.error(spotify.get_me().send());
    server.revoke_consent();
    outcome.error(spotify.get_me().send());
    for token in &tokens {
        outcome.secrets.push(token.access_token().reveal().to_owned());
        outcome.secrets.extend(token.refresh_token().map(|token| token.reveal().to_owned()));
    }
    // The recorded requests don't print secrets either.
    outcome.value(&server.requests());
    outcome.value(&server);
}

/// A warning is logged in the last two weeks before a login expires, and none earlier.
fn warning_before_the_login_expires() {
    let server = spotify(|_| granted());
    let day = 86_400;
    let now = tonearm::Timestamp::now().unix_seconds();
    // Six months have from 181 to 184 days.
    for (days_ago, is_warned) in [(1, false), (166, false), (171, true), (190, true)] {
        let authorized_at = tonearm::Timestamp::from_unix_seconds(now - days_ago * day);
        let store = MemoryStore::new();
        let json = format!(
            r#"{{"access_token":"BQ","refresh_token":"{REFRESH}","expires_at":"2026-01-01T00:00:00Z","authorized_at":"{authorized_at}"}}"#
        );
        let token = Token::from_json(&json).unwrap();
        store.save(&token).unwrap();
        let end = token.login_expires_at().unwrap();
        client(&server, &app(&server).store(store)).get_me().send().unwrap();
        let warning = format!(
            "WARN tonearm::auth::refresh: the login expires at {end}, six months after the user logged in; log in again before that"
        );
        let logged = SINK.0.lock().unwrap();
        assert_eq!(logged.contains(&warning), is_warned, "{days_ago} days");
    }
}
