//! Requests to Spotify's accounts service.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::value::RawValue;
use ureq::http::HeaderValue;
use zeroize::{Zeroize, Zeroizing};

use super::app::App;
use super::store::Cooldowns;
use super::token::Token;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Endpoint, Method};
use crate::error::{
    ApiError, Error, ErrorBody, LoginRequired, LoginRequiredKind, Meaning, RateLimited,
};
use crate::request::Base;
use crate::transport::config::{Config, base, config_error};
use crate::transport::event::Position;
use crate::transport::retry::{RETRIES, Retries};
use crate::transport::{Deadline, RateLimiter, RawResponse, Response, Secrets, Service, Transport};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// The accounts service, for one app.
pub(super) struct Accounts {
    transport: Transport,
    pub(super) base: Base,
    pub(super) client_id: Box<str>,
    secret: Option<Secret>,
    /// `Basic …`, for an app with a secret.
    authorization: Option<HeaderValue>,
    pub(super) retries: Retries,
    /// The minimum timeout of a request, even if the deadline of the call is earlier.
    least_time: Duration,
}

/// The grants. Their names are the values of `grant_type`, and the names of these calls in errors.
static CLIENT_CREDENTIALS: Endpoint = grant("client_credentials");
static REFRESH_TOKEN: Endpoint = grant("refresh_token");
#[cfg(feature = "login")]
static AUTHORIZATION_CODE: Endpoint = grant("authorization_code");

/// Returns a grant. It is retried even if the response was lost, after which Spotify may have revoked the token or
/// code. Without the retry, the user would have to log in anyway. With it, the request succeeds if Spotify did not
/// receive the first one, or accepts the token or code again.
const fn grant(name: &'static str) -> Endpoint {
    let mut grant = Endpoint::new(name, Method::Post, "/api/token");
    grant.idempotent = true;
    grant
}

/// The minimum timeout of a token request. A shorter one could lose the new token after Spotify has revoked the old
/// one.
const LEAST_TIME: Duration = Duration::from_secs(10);

impl Accounts {
    pub(super) fn new(app: &App, mut settings: Config) -> Result<Self, Error> {
        if app.client_id.is_empty() || app.client_id.chars().any(|c| !c.is_ascii_graphic()) {
            let problem = "expected the client id from Spotify's dashboard, found text that is empty or \
                           contains white space";
            return Err(config_error("client_id", problem.to_owned()));
        }
        let (base, is_loopback) =
            base("accounts_url", "https://accounts.spotify.com", &app.accounts_url)?;
        settings.serve(is_loopback);
        let least_time = settings.read_timeout.min(LEAST_TIME);
        let authorization = app.client_secret.as_ref().map(|secret| basic(&app.client_id, secret));
        Ok(Accounts {
            transport: Transport::new(settings, &base)?,
            base,
            client_id: app.client_id.clone(),
            secret: app.client_secret.clone(),
            authorization: authorization.transpose()?,
            retries: Retries {
                limits: RateLimiter::new(None)
                    .shared(Service::Accounts, Some(Arc::new(Cooldowns(app.store.clone())))),
                most: RETRIES,
                observer: None,
                sleeper: None,
            },
            least_time,
        })
    }

    #[cfg(feature = "login")]
    pub(super) fn deadline(&self) -> Deadline {
        self.transport.deadline()
    }

    /// Requests a token for the app itself.
    pub(super) fn client_credentials(&self, deadline: Deadline) -> Result<Token, Error> {
        let token = self.request(&CLIENT_CREDENTIALS, Form::new(), &[], deadline)?;
        Ok(token.with_default_scopes(Scopes::empty()))
    }

    pub(super) fn refresh(&self, token: &Secret, deadline: Deadline) -> Result<Token, Error> {
        let form = Form::new().with("refresh_token", token.reveal());
        self.request(&REFRESH_TOKEN, form, &[token], deadline)
    }

    #[cfg(feature = "login")]
    pub(super) fn code(
        &self,
        code: &Secret,
        redirect_uri: &str,
        verifier: Option<&Secret>,
        deadline: Deadline,
    ) -> Result<Token, Error> {
        let mut form = Form::new().with("code", code.reveal()).with("redirect_uri", redirect_uri);
        if let Some(verifier) = verifier {
            form = form.with("code_verifier", verifier.reveal());
        }
        let secrets: Vec<&Secret> = std::iter::once(code).chain(verifier).collect();
        self.request(&AUTHORIZATION_CODE, form, &secrets, deadline)
    }

    #[cfg(feature = "login")]
    pub(super) fn authorize_url(&self, query: &[(&str, &str)]) -> String {
        let form = query.iter().fold(Form::new(), |form, (key, value)| form.with(key, value));
        format!("{}/authorize?{}", self.base.url, form.0.as_str())
    }

    fn request(
        &self,
        grant: &'static Endpoint,
        form: Form,
        secrets: &[&Secret],
        deadline: Deadline,
    ) -> Result<Token, Error> {
        let mut form = form.with("grant_type", &grant.name);
        if self.authorization.is_none() {
            form = form.with("client_id", &self.client_id);
        }
        let sent_at = Cell::new(Timestamp::now());
        let call = EndpointRef::Table(grant);
        let mut response = self.retries.send(grant, &call, Position::ONLY, deadline, || {
            sent_at.set(Timestamp::now());
            let deadline = Deadline::after(deadline.left().max(self.least_time));
            let authorization = self.authorization.as_ref();
            let raw = self
                .transport
                .post_form(&grant.name, &self.base, &grant.path, authorization, &form.0, deadline)
                .inspect_err(|error| {
                    log::debug!("token request by {}: no response: {error}", grant.name)
                })?;
            log::debug!("token request by {}: {}", grant.name, raw.status);
            Ok(self.to_response(grant, raw, secrets))
        })?;
        let status = response.raw.status;
        let token = response.is_success().then(|| read_token(&response.raw.body, sent_at.get()));
        response.raw.body.zeroize();
        if let Some(failure) = response.into_api_error(&call) {
            return Err(self.error(grant, failure));
        }
        token.flatten().ok_or_else(|| {
            // The message contains neither the body nor the error of serde, because both may contain a token.
            let message = "a response without an access token".into();
            let body = ErrorBody { message, reason: None, is_json: false };
            let name = grant.name.clone();
            Error::Status(Box::new(ApiError::new(name, status, Meaning::Other, body, None)))
        })
    }

    /// Converts a response, and wipes the body of an error response. The error contains only the error code, and a
    /// description that is limited to ordinary words: a server may repeat the request, or send a token with any status.
    fn to_response(&self, grant: &Endpoint, mut raw: RawResponse, secrets: &[&Secret]) -> Response {
        if (200..300).contains(&raw.status) {
            return Response::judged(raw, None);
        }
        let mut body = ErrorBody::parse(self.without(secrets, &raw.body).as_bytes());
        raw.body.zeroize();
        let is_code = |text: &str| {
            text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        body.reason = body.reason.filter(|reason| is_code(reason));
        let words = body.message.split_whitespace().filter(|_| body.is_json);
        let words = words.map(|word| if is_plain(word) { word } else { "…" });
        body.message = words.collect::<Vec<_>>().join(" ");
        let meaning = match body.reason.as_deref() {
            Some("invalid_client" | "unauthorized_client") if is_client_error(raw.status) => {
                Meaning::InvalidClient
            }
            _ => match Meaning::of_status(raw.status, &body) {
                Meaning::RateLimit(kind) => Meaning::RateLimit(kind),
                _ if is_client_error(raw.status) => Meaning::TokenRequest,
                meaning => meaning,
            },
        };
        let wait = raw.retry_after();
        let failure = ApiError::new(grant.name.clone(), raw.status, meaning, body, wait);
        Response::judged(raw, Some(failure))
    }

    /// Removes the secrets of the request from a body, because a server may repeat them.
    fn without(&self, secrets: &[&Secret], body: &[u8]) -> String {
        let secrets = secrets.iter().copied().chain(&self.secret);
        let form = secrets.fold(Form::new(), |form, secret| form.with("secret", secret.reveal()));
        let secrets = Secrets::new(self.authorization.as_ref(), &form.0);
        String::from_utf8_lossy(&secrets.redact(body)).into_owned()
    }

    /// Returns the error of a response without a token. It depends only on the value of `error`, not on the
    /// description.
    fn error(&self, grant: &Endpoint, error: ApiError) -> Error {
        match error.meaning {
            Meaning::InvalidClient => Error::InvalidClient(Box::new(error)),
            Meaning::RateLimit(kind) => Error::RateLimited(Box::new(RateLimited::new(kind, error))),
            _ if error.reason.as_deref() == Some("invalid_grant")
                && is_client_error(error.status) =>
            {
                Error::LoginRequired(Box::new(LoginRequired {
                    kind: match &*grant.name {
                        "authorization_code" => LoginRequiredKind::Code,
                        _ => LoginRequiredKind::RefreshToken,
                    },
                    message: error.message,
                    client_id: self.client_id.to_string(),
                    call: None,
                }))
            }
            _ => Error::Status(Box::new(error)),
        }
    }
}

fn is_client_error(status: u16) -> bool {
    (400..500).contains(&status)
}

/// Returns whether a word of a description is an ordinary word, and not a token or an address.
fn is_plain(word: &str) -> bool {
    let word = word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '_' && c != '-');
    let is_number = word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_lower =
        |text: &str| text.chars().all(|c| c.is_lowercase() || matches!(c, '_' | '-' | '\''));
    let after_first = word.char_indices().nth(1).map_or("", |(at, _)| &word[at..]);
    let is_word = is_lower(after_first) || word.chars().all(char::is_uppercase);
    word == "…" || is_number || (word.chars().count() <= 24 && is_word)
}

/// Reads the token in a response.
fn read_token(body: &[u8], sent_at: Timestamp) -> Option<Token> {
    /// An optional field of an unexpected type is ignored.
    #[derive(Deserialize)]
    struct TokenResponse<'a> {
        access_token: Zeroizing<String>,
        #[serde(borrow)]
        refresh_token: Option<&'a RawValue>,
        #[serde(borrow)]
        scope: Option<&'a RawValue>,
        #[serde(borrow)]
        expires_in: Option<&'a RawValue>,
    }
    // serde also accepts a list with the fields in order.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let read: Option<TokenResponse<'_>> = serde_json::from_slice(body).ok();
    let read = read.filter(|read| is_object && is_sendable(&read.access_token))?;
    let text = |raw: &RawValue| serde_json::from_str::<Zeroizing<String>>(raw.get()).ok();
    let refresh_token = read.refresh_token.and_then(text);
    // A number, or a number in quotation marks.
    let seconds = read.expires_in.and_then(|raw| raw.get().trim_matches(['"', ' ']).parse().ok());
    let seconds = seconds.filter(|seconds| (1.0..=31_536_000.0).contains(seconds));
    let lifetime = Duration::from_secs_f64(seconds.unwrap_or(3600.0));
    let millis = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
    Some(Token {
        access_token: Secret::new(read.access_token.as_str()),
        refresh_token: refresh_token
            .filter(|text| !text.is_empty())
            .map(|text| Secret::new(text.as_str())),
        scopes: read.scope.and_then(text).map(|scopes| Scopes::read(&scopes)),
        expires_at: Timestamp::from_unix_millis(sent_at.unix_millis().saturating_add(millis)),
        received_at: sent_at,
        authorized_at: None,
    })
}

/// Returns whether the text is valid as a token in a header.
fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let plain = Zeroizing::new(format!("{client_id}:{}", secret.reveal()));
    let header = Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes())));
    let header = HeaderValue::from_str(&header).ok().filter(|_| is_sendable(secret.reveal()));
    let mut header = header.ok_or_else(|| {
        let problem = "expected the client secret from Spotify's dashboard, found text that is empty or \
                       contains white space";
        config_error("client_secret", problem.to_owned())
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// An escaped form or query. It is wiped, because most of its values are secrets.
struct Form(Zeroizing<String>);

/// The characters that a form does not escape.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Form {
    fn new() -> Self {
        // Enough capacity for a code and its verifier, because a reallocation would leave a copy.
        Form(Zeroizing::new(String::with_capacity(2048)))
    }

    fn with(mut self, key: &str, value: &str) -> Self {
        let separator = if self.0.is_empty() { "" } else { "&" };
        self.0.extend([separator, key, "="]);
        self.0.extend(utf8_percent_encode(value, FORM));
        self
    }
}
