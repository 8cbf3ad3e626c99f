//! Requests to Spotify's accounts service.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use ureq::http::HeaderValue;
use zeroize::{Zeroize, Zeroizing};

use super::app::App;
use super::clock::ClockReading;
use super::token::{Token, after};
use crate::error::{
    ApiError, Error, ErrorBody, LoginRequired, LoginRequiredCause, Meaning, RateLimitKind,
    RateLimited,
};
use crate::request::Base;
use crate::transport::config::{Config, base, config_error};
use crate::transport::{Deadline, RawResponse, Transport};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;

/// The accounts service, as one app speaks to it.
pub(super) struct Accounts {
    transport: Transport,
    base: Base,
    client_id: Box<str>,
    secret: Option<Secret>,
    /// `Basic …`, for an app with a secret.
    authorization: Option<HeaderValue>,
}

/// A token as it was received.
pub(super) struct Granted {
    pub(super) access_token: Secret,
    /// Often missing: then the one that was sent is still good.
    pub(super) refresh_token: Option<Secret>,
    /// What Spotify says it granted, in its own words.
    pub(super) scope: Option<String>,
    pub(super) lifetime: Duration,
    pub(super) asked: ClockReading,
}

impl Granted {
    /// The token that is stored after it: what the answer does not say stays as it was.
    pub(super) fn after(self, before: Option<&Token>, sent: &Secret) -> Token {
        // A renewal may leave the scopes out, or send an empty text for them.
        let scopes = self.scope.filter(|scope| !scope.trim().is_empty()).map(|scope| {
            let Ok(scopes) = scope.parse::<Scopes>();
            scopes
        });
        Token {
            access_token: self.access_token,
            refresh_token: Some(self.refresh_token.unwrap_or_else(|| sent.clone())),
            scopes: scopes.or_else(|| before.and_then(|token| token.scopes.clone())),
            expires_at: after(self.asked.wall, self.lifetime),
            received_at: self.asked.wall,
            authorized_at: before.and_then(|token| token.authorized_at),
        }
    }

    /// The token of a login or of the client itself, with the scopes that were asked for: RFC 6749 lets
    /// a server leave them out if those are the ones it granted.
    pub(super) fn first(self, asked_for: Scopes, is_login: bool) -> Token {
        let scopes = self.scope.map(|scope| {
            let Ok(scopes) = scope.parse::<Scopes>();
            scopes
        });
        Token {
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            scopes: Some(scopes.unwrap_or(asked_for)),
            expires_at: after(self.asked.wall, self.lifetime),
            received_at: self.asked.wall,
            authorized_at: is_login.then_some(self.asked.wall),
        }
    }
}

/// What a request for a token is called where calls have the name of their endpoint.
#[derive(Clone, Copy)]
enum Grant {
    ClientCredentials,
    RefreshToken,
    #[cfg(feature = "login")]
    Code,
}

impl Grant {
    fn name(self) -> &'static str {
        match self {
            Grant::ClientCredentials => "client_credentials",
            Grant::RefreshToken => "refresh_token",
            #[cfg(feature = "login")]
            Grant::Code => "authorization_code",
        }
    }
}

impl Accounts {
    pub(super) fn new(app: &App, mut settings: Config) -> Result<Self, Error> {
        if app.client_id.is_empty() || app.client_id.chars().any(|c| !c.is_ascii_graphic()) {
            let problem = "expected the client id that Spotify's dashboard shows, found text that is empty or \
                           has white space in it";
            return Err(config_error("client_id", problem.to_owned()));
        }
        let (base, is_loopback) =
            base("accounts_url", "https://accounts.spotify.com", &app.accounts_url)?;
        settings.serve(is_loopback);
        let authorization = app.secret.as_ref().map(|secret| basic(&app.client_id, secret));
        Ok(Accounts {
            transport: Transport::new(settings)?,
            base,
            client_id: app.client_id.clone(),
            secret: app.secret.clone(),
            authorization: authorization.transpose()?,
        })
    }

    /// Scheme, host and port.
    pub(super) fn origin(&self) -> &str {
        self.base.origin()
    }

    #[cfg(feature = "login")]
    pub(super) fn deadline(&self) -> Deadline {
        self.transport.deadline()
    }

    pub(super) fn client_credentials(&self, deadline: Deadline) -> Result<Granted, Error> {
        self.ask(Grant::ClientCredentials, Form::new(), &[], deadline)
    }

    pub(super) fn refresh(&self, token: &Secret, deadline: Deadline) -> Result<Granted, Error> {
        let form = Form::new().with("refresh_token", token.reveal());
        self.ask(Grant::RefreshToken, form, &[token], deadline)
    }

    #[cfg(feature = "login")]
    pub(super) fn code(
        &self,
        code: &Secret,
        redirect_uri: &str,
        verifier: Option<&Secret>,
        deadline: Deadline,
    ) -> Result<Granted, Error> {
        let mut form = Form::new().with("code", code.reveal()).with("redirect_uri", redirect_uri);
        if let Some(verifier) = verifier {
            form = form.with("code_verifier", verifier.reveal());
        }
        let secrets: Vec<&Secret> = std::iter::once(code).chain(verifier).collect();
        self.ask(Grant::Code, form, &secrets, deadline)
    }

    #[cfg(feature = "login")]
    pub(super) fn authorize_url(&self, query: &[(&str, &str)]) -> String {
        let mut form = Form::new();
        for (key, value) in query {
            form = form.with(key, value);
        }
        format!("{}/authorize?{}", self.base.url, form.0.as_str())
    }

    fn ask(
        &self,
        grant: Grant,
        form: Form,
        secrets: &[&Secret],
        deadline: Deadline,
    ) -> Result<Granted, Error> {
        let mut form = form.with("grant_type", grant.name());
        if self.authorization.is_none() {
            form = form.with("client_id", &self.client_id);
        }
        let asked = ClockReading::now();
        let answer = self.transport.post_form(
            grant.name(),
            &self.base,
            "/api/token",
            self.authorization.as_ref(),
            &form.0,
            deadline,
        );
        match &answer {
            Ok(answer) => log::debug!("a token by {}: {}", grant.name(), answer.status()),
            Err(error) => log::debug!("a token by {}: no answer: {error}", grant.name()),
        }
        let mut answer = answer?;
        if answer.status != 200 {
            answer.body = self.without(secrets, &answer.body).into();
            return Err(self.error(grant, &answer));
        }
        granted(grant, answer, asked)
    }

    /// A body without what was sent: a server may repeat it in what it says of it.
    fn without(&self, secrets: &[&Secret], body: &[u8]) -> String {
        let mut text = String::from_utf8_lossy(body).into_owned();
        let basic = self.authorization.as_ref().and_then(|header| header.to_str().ok());
        let basic = basic.and_then(|header| header.strip_prefix("Basic "));
        let secrets = secrets.iter().copied().chain(&self.secret).map(Secret::reveal);
        // A word of a few letters is no secret, and may be a part of any other word.
        for secret in secrets.chain(basic).filter(|secret| secret.len() >= 8) {
            let escaped = utf8_percent_encode(secret, FORM).to_string();
            text = text.replace(secret, "…").replace(&escaped, "…");
        }
        text
    }

    /// The error of a response without a token. Only the value of `error` counts, never its description.
    fn error(&self, grant: Grant, response: &RawResponse) -> Error {
        let body = ErrorBody::parse(&response.body);
        let meaning = Meaning::of_status(response.status, &body);
        let is_client_error = (400..500).contains(&response.status);
        let reason = body.reason.as_deref().filter(|_| is_client_error);
        if reason == Some("invalid_grant") {
            let cause = match grant {
                #[cfg(feature = "login")]
                Grant::Code => LoginRequiredCause::Code,
                _ => LoginRequiredCause::RefreshToken,
            };
            return Error::LoginRequired(Box::new(LoginRequired {
                cause,
                message: body.message,
                client_id: self.client_id.clone(),
            }));
        }
        let is_invalid_client = matches!(reason, Some("invalid_client" | "unauthorized_client"));
        let error = api_error(grant, response.status, meaning, body, response.retry_after());
        match meaning {
            _ if is_invalid_client => Error::InvalidClient(Box::new(error)),
            Meaning::RateLimit(_) => {
                Error::RateLimited(Box::new(RateLimited::new(RateLimitKind::Rate, error)))
            }
            _ => Error::Status(Box::new(error)),
        }
    }
}

/// The token in an answer.
fn granted(grant: Grant, answer: RawResponse, asked: ClockReading) -> Result<Granted, Error> {
    let RawResponse { body, .. } = &answer;
    #[derive(Deserialize)]
    struct Answer {
        access_token: Zeroizing<String>,
        #[serde(default)]
        refresh_token: Option<Zeroizing<String>>,
        #[serde(default)]
        scope: Option<String>,
        #[serde(default)]
        expires_in: Option<f64>,
    }
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let read: Result<Answer, _> = serde_json::from_slice(body);
    let mut answer = answer;
    answer.body.zeroize();
    // serde takes a list for an object with its members in order, which no accounts service sends.
    let Some(read) = read.ok().filter(|read| is_object && is_sendable(&read.access_token)) else {
        // Neither the body nor what serde says of it: both may hold a token.
        let message = "something without an access token in it".into();
        let body = ErrorBody { message, reason: None, is_json: false };
        let error = api_error(grant, answer.status, Meaning::Other, body, None);
        return Err(Error::Status(Box::new(error)));
    };
    let secret = |text: &Zeroizing<String>| Secret::new(text.as_str());
    let seconds = read.expires_in.filter(|seconds| (1.0..=31_536_000.0).contains(seconds));
    Ok(Granted {
        access_token: secret(&read.access_token),
        refresh_token: read.refresh_token.as_ref().filter(|text| !text.is_empty()).map(secret),
        scope: read.scope,
        lifetime: Duration::from_secs_f64(seconds.unwrap_or(3600.0)),
        asked,
    })
}

/// Without the body, in which a server may repeat what it was sent.
fn api_error(
    grant: Grant,
    status: u16,
    meaning: Meaning,
    ErrorBody { message, reason, .. }: ErrorBody,
    retry_after: Option<Duration>,
) -> ApiError {
    ApiError {
        endpoint: grant.name().into(),
        status,
        message,
        reason,
        retry_after,
        body: Box::default(),
        may_have_taken_effect: false,
        is_idempotent: true,
        meaning,
    }
}

/// Whether text can stand in a header as a token.
pub(super) fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let wrong = || {
        let problem = "expected the client secret that Spotify's dashboard shows, found text that is empty or \
                       has white space in it";
        config_error("secret", problem.to_owned())
    };
    if !is_sendable(secret.reveal()) {
        return Err(wrong());
    }
    let plain = Zeroizing::new(format!("{client_id}:{}", secret.reveal()));
    let header = Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes())));
    let mut header = HeaderValue::from_str(&header).map_err(|_| wrong())?;
    header.set_sensitive(true);
    Ok(header)
}

/// A form or a query, escaped. Wiped, because most of what is in it is secret.
struct Form(Zeroizing<String>);

/// What stands unescaped in a form.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Form {
    fn new() -> Self {
        // Room for a code and its verifier, so that the text is not moved while it grows.
        Form(Zeroizing::new(String::with_capacity(2048)))
    }

    fn with(mut self, key: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.extend(utf8_percent_encode(key, FORM));
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, FORM));
        self
    }
}
