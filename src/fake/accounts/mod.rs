//! The accounts service: the consent page and the tokens.

pub(crate) mod browser;

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
#[cfg(feature = "login")]
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::http::{Incoming, Response};
use crate::fake::api::route::{Target, pairs};
use crate::json::value::{Value, json_object};
use crate::types::scope::{Scope, Scopes};

/// The registered app.
#[derive(Clone, Debug)]
pub(crate) struct RegisteredApp {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Those with a loopback address match with any port.
    pub(crate) redirect_uris: Vec<String>,
    /// `true` if the user consents without a page.
    pub(crate) auto_approve: bool,
}

impl Default for RegisteredApp {
    fn default() -> Self {
        let redirect_uris =
            ["http://127.0.0.1/callback", "http://[::1]/callback", "https://app.example/callback"];
        RegisteredApp {
            id: "1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00".to_owned(),
            secret: "f00e1d2c3b4a5968778695a4b3c2d1e0".to_owned(),
            redirect_uris: redirect_uris.map(str::to_owned).to_vec(),
            auto_approve: false,
        }
    }
}

/// The state of the accounts service.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    app: RegisteredApp,
    pub(crate) rotates: bool,
    /// The number of the next requests that fail with a 503.
    pub(crate) down: u32,
    pub(crate) lifetime: Option<Duration>,
    made: u64,
    codes: HashMap<String, Code>,
    sessions: HashMap<String, Session>,
    /// The sessions of refresh tokens that were revoked or replaced.
    revoked: HashMap<String, Session>,
}

/// With more codes that no app exchanges, or more revoked tokens, the server forgets all of them.
const MAX_UNUSED: usize = 10_000;

/// A code that can be exchanged once.
#[derive(Debug)]
struct Code {
    redirect_uri: String,
    challenge: Option<String>,
    scopes: Scopes,
}

/// The session of a refresh token.
#[derive(Clone, Debug)]
struct Session {
    scopes: Scopes,
    /// The number of the user.
    user: usize,
    /// `true` if it was created with PKCE, and so needs no secret.
    is_public: bool,
}

/// A new access token.
pub(crate) struct Grant {
    /// Its scopes, `None` for the app's own.
    pub(crate) scopes: Option<Scopes>,
    /// The number of the user.
    pub(crate) user: usize,
    /// Further fields of the response.
    pub(crate) more: Vec<(&'static str, Value)>,
}

/// Returns whether a request is for the accounts service.
pub(crate) fn is_for_accounts(path: &str) -> bool {
    path == "/api/token" || path == "/authorize" || path.starts_with("/authorize/")
}

/// The secret values of a request for a token.
const SECRET: [&str; 4] = ["code", "code_verifier", "refresh_token", "client_secret"];

/// Returns a form without its secrets.
pub(crate) fn without_secrets(form: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((key, _)) if SECRET.contains(&key) => format!("{key}=…"),
        _ => pair.to_owned(),
    };
    form.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// Returns a value of a request for the log: `…` for secrets of the accounts service, and for values that differ in
/// every run.
pub(crate) fn shown(path: &str, key: &str, value: &str) -> String {
    match key {
        _ if !is_for_accounts(path) => value.to_owned(),
        "state" | "code_challenge" => "…".to_owned(),
        "redirect_uri" => without_port(value),
        _ if SECRET.contains(&key) => "…".to_owned(),
        _ => value.to_owned(),
    }
}

impl Accounts {
    pub(crate) fn new(app: RegisteredApp) -> Self {
        Accounts { app, ..Accounts::default() }
    }

    /// Restores the initial settings. Codes and tokens of the first user are valid, revoked ones too. Those of other users
    /// are not.
    pub(crate) fn reset(&mut self) {
        self.sessions.extend(self.revoked.drain());
        self.sessions.retain(|_, session| session.user == 0);
        self.rotates = false;
        self.down = 0;
        self.lifetime = None;
    }

    pub(crate) fn revoke_consent(&mut self) {
        self.revoked.extend(self.sessions.drain());
    }

    /// Returns the new token that a request is granted, or another response.
    pub(crate) fn respond(
        &mut self,
        incoming: &Incoming,
        target: &Target,
        port: u16,
    ) -> Result<Grant, Response> {
        if self.down > 0 {
            self.down -= 1;
            return Err(html(503, "<html><body><h1>503 Service Unavailable</h1></body></html>"));
        }
        Err(match (incoming.method.as_str(), target.path.as_str()) {
            ("GET", "/authorize") if self.app.auto_approve => self.agree(target, port)?,
            ("GET", "/authorize") => self.app.consent(target)?,
            ("GET", "/authorize/agree") => self.agree(target, port)?,
            ("GET", "/authorize/cancel") => {
                redirect(&self.app.redirect_uri(target)?, &[("error", "access_denied")], target)
            }
            ("POST", "/api/token") => return self.token(incoming, port),
            ("GET", _) => html(404, "<html><body>Not found</body></html>"),
            _ => Response::empty(405),
        })
    }

    fn agree(&mut self, target: &Target, port: u16) -> Result<Response, Response> {
        let redirect_uri = self.app.redirect_uri(target)?;
        let Ok(scopes) = target.value("scope").unwrap_or_default().parse::<Scopes>();
        if scopes.iter().any(|scope| matches!(scope, Scope::Other(_))) {
            return Ok(redirect(&redirect_uri, &[("error", "invalid_scope")], target));
        }
        self.made += 1;
        let code = format!("AQ-code-{port}-{}", self.made);
        let challenge = target.value("code_challenge").map(str::to_owned);
        let response = redirect(&redirect_uri, &[("code", code.as_str())], target);
        if self.codes.len() >= MAX_UNUSED {
            self.codes.clear();
        }
        self.codes.insert(code, Code { redirect_uri, challenge, scopes });
        Ok(response)
    }

    fn token(&mut self, incoming: &Incoming, port: u16) -> Result<Grant, Response> {
        let is_form = incoming
            .header("content-type")
            .is_some_and(|found| found.starts_with("application/x-www-form-urlencoded"));
        let body = String::from_utf8_lossy(&incoming.body);
        let form = if is_form { pairs(&body) } else { Vec::new() };
        let value = |key: &str| {
            form.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str())
        };
        let client = self.app.client(incoming, value("client_id"), value("client_secret"))?;
        match value("grant_type") {
            "client_credentials" if client == Client::Secret => {
                Ok(Grant { scopes: None, user: 0, more: Vec::new() })
            }
            "client_credentials" => Err(invalid_client()),
            "authorization_code" => {
                let code = (value("code"), value("redirect_uri"), value("code_verifier"));
                self.exchange(client, code, port)
            }
            "refresh_token" => self.refresh(client, value("refresh_token"), port),
            _ => Err(error("unsupported_grant_type", "grant_type parameter is missing")),
        }
    }

    fn exchange(
        &mut self,
        client: Client,
        (code, redirect_uri, verifier): (&str, &str, &str),
        port: u16,
    ) -> Result<Grant, Response> {
        // A code works once, even if the exchange fails.
        let Some(code) = self.codes.remove(code) else {
            return Err(invalid_grant("Invalid authorization code"));
        };
        if code.redirect_uri != redirect_uri {
            return Err(invalid_grant("Invalid redirect URI"));
        }
        match &code.challenge {
            Some(challenge) if !is_verified(challenge, verifier) => {
                return Err(invalid_grant("code_verifier was invalid"));
            }
            None if client == Client::Public => return Err(invalid_client()),
            _ => {}
        }
        let session = Session { scopes: code.scopes, user: 0, is_public: code.challenge.is_some() };
        let refresh_token = self.begin(session.clone(), port);
        let scope = session.scopes.to_string();
        let more = vec![("refresh_token", refresh_token.into()), ("scope", scope.into())];
        Ok(Grant { scopes: Some(session.scopes), user: session.user, more })
    }

    fn refresh(&mut self, client: Client, token: &str, port: u16) -> Result<Grant, Response> {
        let Some(session) = self.sessions.get(token).cloned() else {
            let is_known = self.revoked.contains_key(token);
            let message = if is_known { "Refresh token revoked" } else { "Invalid refresh token" };
            return Err(invalid_grant(message));
        };
        if client == Client::Public && !session.is_public {
            return Err(invalid_client());
        }
        let mut more = vec![("scope", session.scopes.to_string().into())];
        if self.rotates {
            self.sessions.remove(token);
            if self.revoked.len() >= MAX_UNUSED {
                self.revoked.clear();
            }
            self.revoked.insert(token.to_owned(), session.clone());
            more.push(("refresh_token", self.begin(session.clone(), port).into()));
        }
        Ok(Grant { scopes: Some(session.scopes), user: session.user, more })
    }

    fn begin(&mut self, session: Session, port: u16) -> String {
        self.made += 1;
        let token = format!("AQ-refresh-{port}-{}", self.made);
        self.sessions.insert(token.clone(), session);
        token
    }

    /// Issues a refresh token of a user, as a login with PKCE does.
    pub(crate) fn issue_refresh_token(&mut self, scopes: Scopes, user: usize, port: u16) -> String {
        self.begin(Session { scopes, user, is_public: true }, port)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Client {
    /// A client that sent its secret.
    Secret,
    /// A client that sent only its id.
    Public,
}

impl RegisteredApp {
    /// Identifies the client that requests a token, by the header or the form.
    fn client(&self, incoming: &Incoming, id: &str, secret: &str) -> Result<Client, Response> {
        let header = incoming.header("authorization").map(|header| {
            let basic = header.strip_prefix("Basic ").unwrap_or_default();
            let plain = STANDARD.decode(basic).unwrap_or_default();
            String::from_utf8_lossy(&plain).into_owned()
        });
        let (id, secret) = match header.as_deref() {
            Some(plain) => plain.split_once(':').unwrap_or((plain, "")),
            None => (id, secret),
        };
        match (id, secret) {
            ("", "") => Err(Response::json(400, &json_object! { "error": "invalid_client" })),
            (id, secret) if id == self.id && secret == self.secret => Ok(Client::Secret),
            (id, "") if id == self.id => Ok(Client::Public),
            _ => Err(invalid_client()),
        }
    }

    /// The consent page.
    fn consent(&self, target: &Target) -> Result<Response, Response> {
        self.redirect_uri(target)?;
        let query =
            target.query.iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
        let query = query.collect::<Vec<_>>().join("&amp;");
        let scopes = html_escaped(target.value("scope").unwrap_or_default());
        let items = scopes.split(' ').map(|scope| format!("<li>{scope}</li>")).collect::<String>();
        let page = format!(
            "<html><body><h1>Let the app do this?</h1><ul>{items}</ul>\
             <a href=\"/authorize/agree?{query}\">Agree</a> \
             <a href=\"/authorize/cancel?{query}\">Cancel</a></body></html>"
        );
        Ok(html(200, &page))
    }

    /// Returns the redirect URI of a valid request, or Spotify's error page.
    fn redirect_uri(&self, target: &Target) -> Result<String, Response> {
        let error_page = |text: &str| Err(html(400, &format!("<html><body>{text}</body></html>")));
        if target.value("client_id") != Some(&self.id) {
            return error_page("INVALID_CLIENT: Invalid client");
        }
        if target.value("response_type") != Some("code") {
            return error_page("response_type must be code");
        }
        let method = target.value("code_challenge_method");
        if target.value("code_challenge").is_some() && method != Some("S256") {
            return error_page("code_challenge_method must be S256");
        }
        let uri = target.value("redirect_uri").unwrap_or_default();
        let is_registered = |uri: &str| self.redirect_uris.iter().any(|known| known == uri);
        if is_registered(uri) || is_registered(&without_port(uri)) {
            return Ok(uri.to_owned());
        }
        error_page("INVALID_CLIENT: Invalid redirect URI")
    }
}

fn invalid_client() -> Response {
    error("invalid_client", "Invalid client")
}

fn invalid_grant(description: &str) -> Response {
    error("invalid_grant", description)
}

fn error(error: &str, description: &str) -> Response {
    Response::json(400, &json_object! { "error": error, "error_description": description })
}

fn html(status: u16, page: &str) -> Response {
    let response = Response::empty(status).with_body(page);
    response.with_header("content-type", "text/html; charset=utf-8")
}

#[cfg(feature = "login")]
fn is_verified(challenge: &str, verifier: &str) -> bool {
    use sha2::{Digest, Sha256};
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    (43..=128).contains(&verifier.len())
        && verifier.chars().all(is_plain)
        && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
}

/// Without the feature `login`, a client sends no challenge.
#[cfg(not(feature = "login"))]
fn is_verified(_: &str, _: &str) -> bool {
    false
}

/// Returns a loopback URI without its port, as it is registered.
fn without_port(uri: &str) -> String {
    for host in ["http://127.0.0.1", "http://[::1]"] {
        if let Some((port, path)) =
            uri.strip_prefix(host).and_then(|rest| rest.strip_prefix(':')?.split_once('/'))
            && port.bytes().all(|byte| byte.is_ascii_digit())
        {
            return format!("{host}/{path}");
        }
    }
    uri.to_owned()
}

/// Redirects the browser to the app.
fn redirect(uri: &str, response: &[(&str, &str)], target: &Target) -> Response {
    let state = target.value("state").map(|state| ("state", state));
    let query = response.iter().copied().chain(state);
    let query = query.map(|(key, value)| format!("{key}={}", escaped(value)));
    let query = query.collect::<Vec<_>>().join("&");
    let separator = if uri.contains('?') { '&' } else { '?' };
    Response::empty(302).with_header("location", format!("{uri}{separator}{query}"))
}

/// Escapes everything but the characters that a URL leaves unescaped everywhere.
fn escaped(text: &str) -> String {
    const RESERVED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

fn html_escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
