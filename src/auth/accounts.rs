//! Requests to Spotify's accounts service.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use ureq::http::HeaderValue;
use zeroize::{Zeroize, Zeroizing};

use super::app::App;
use super::token::Token;
use crate::error::{
    ApiError, Error, ErrorBody, LoginRequired, LoginRequiredCause, Meaning, RateLimitKind,
    RateLimited,
};
use crate::request::Base;
use crate::transport::config::{Config, base, config_error};
use crate::transport::{Deadline, RawResponse, Secrets, Transport};
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
}

/// The values of `grant_type`, which are also the names of these calls in errors.
const CLIENT_CREDENTIALS: &str = "client_credentials";
const REFRESH_TOKEN: &str = "refresh_token";
const AUTHORIZATION_CODE: &str = "authorization_code";

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
            transport: Transport::new(settings, &base)?,
            base,
            client_id: app.client_id.clone(),
            secret: app.secret.clone(),
            authorization: authorization.transpose()?,
        })
    }

    #[cfg(feature = "login")]
    pub(super) fn deadline(&self) -> Deadline {
        self.transport.deadline()
    }

    /// The app's own token.
    pub(super) fn client_credentials(&self, deadline: Deadline) -> Result<Token, Error> {
        let token = self.request(CLIENT_CREDENTIALS, Form::new(), &[], deadline)?;
        Ok(token.with_default_scopes(Scopes::empty()))
    }

    pub(super) fn refresh(&self, token: &Secret, deadline: Deadline) -> Result<Token, Error> {
        let form = Form::new().with("refresh_token", token.reveal());
        self.request(REFRESH_TOKEN, form, &[token], deadline)
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
        self.request(AUTHORIZATION_CODE, form, &secrets, deadline)
    }

    #[cfg(feature = "login")]
    pub(super) fn authorize_url(&self, query: &[(&str, &str)]) -> String {
        let form = query.iter().fold(Form::new(), |form, (key, value)| form.with(key, value));
        format!("{}/authorize?{}", self.base.url, form.0.as_str())
    }

    fn request(
        &self,
        grant: &'static str,
        form: Form,
        secrets: &[&Secret],
        deadline: Deadline,
    ) -> Result<Token, Error> {
        let mut form = form.with("grant_type", grant);
        if self.authorization.is_none() {
            form = form.with("client_id", &self.client_id);
        }
        let sent_at = Timestamp::now();
        let authorization = self.authorization.as_ref();
        let path = "/api/token";
        let response = self
            .transport
            .post_form(grant, &self.base, path, authorization, &form.0, deadline)
            .inspect_err(|error| log::debug!("a token by {grant}: no answer: {error}"))?;
        log::debug!("a token by {grant}: {}", response.status());
        if response.status != 200 {
            return Err(self.error(grant, &response, secrets));
        }
        let status = response.status;
        read_token(response, sent_at).ok_or_else(|| {
            // Neither the body nor the error of serde, which may both contain a token.
            let message = "something without an access token in it".into();
            let body = ErrorBody { message, reason: None, is_json: false };
            Error::Status(Box::new(ApiError::new(grant.into(), status, Meaning::Other, body, None)))
        })
    }

    /// A body without the secrets that were sent, which a server may repeat.
    fn without(&self, secrets: &[&Secret], body: &[u8]) -> String {
        let secrets = secrets.iter().copied().chain(&self.secret);
        let form = secrets.fold(Form::new(), |form, secret| form.with("secret", secret.reveal()));
        let secrets = Secrets::new(self.authorization.as_ref(), &form.0);
        String::from_utf8_lossy(&secrets.redact(body)).into_owned()
    }

    /// The error of a response without a token. Only the value of `error` decides, never its description.
    fn error(&self, grant: &'static str, response: &RawResponse, secrets: &[&Secret]) -> Error {
        let body = ErrorBody::parse(self.without(secrets, &response.body).as_bytes());
        let is_client_error = (400..500).contains(&response.status);
        let meaning = match body.reason.as_deref().filter(|_| is_client_error) {
            Some("invalid_grant") => {
                return Error::LoginRequired(Box::new(LoginRequired {
                    cause: match grant {
                        AUTHORIZATION_CODE => LoginRequiredCause::Code,
                        _ => LoginRequiredCause::RefreshToken,
                    },
                    message: body.message,
                    client_id: self.client_id.clone(),
                }));
            }
            Some("invalid_client" | "unauthorized_client") => Meaning::InvalidClient,
            _ => Meaning::of_status(response.status, &body),
        };
        // Without the body, in which a server may repeat secrets.
        let (status, wait) = (response.status, response.retry_after());
        let error = ApiError::new(grant.into(), status, meaning, body, wait);
        match meaning {
            Meaning::InvalidClient => Error::InvalidClient(Box::new(error)),
            Meaning::RateLimit(_) => {
                Error::RateLimited(Box::new(RateLimited::new(RateLimitKind::Rate, error)))
            }
            _ => Error::Status(Box::new(error)),
        }
    }
}

/// The token in a response.
fn read_token(mut response: RawResponse, sent_at: Timestamp) -> Option<Token> {
    #[derive(Deserialize)]
    struct TokenResponse {
        access_token: Zeroizing<String>,
        refresh_token: Option<Zeroizing<String>>,
        scope: Option<String>,
        expires_in: Option<f64>,
    }
    // serde reads a list as an object with its fields in order, too.
    let is_object = response.body.trim_ascii_start().starts_with(b"{");
    let read: Option<TokenResponse> = serde_json::from_slice(&response.body).ok();
    response.body.zeroize();
    let read = read.filter(|read| is_object && is_sendable(&read.access_token))?;
    let secret = |text: &Zeroizing<String>| Secret::new(text.as_str());
    let seconds = read.expires_in.filter(|seconds| (1.0..=31_536_000.0).contains(seconds));
    let lifetime = Duration::from_secs_f64(seconds.unwrap_or(3600.0));
    let millis = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
    Some(Token {
        access_token: secret(&read.access_token),
        refresh_token: read.refresh_token.as_ref().filter(|text| !text.is_empty()).map(secret),
        scopes: read.scope.map(|scope| {
            let Ok(scopes) = scope.parse();
            scopes
        }),
        expires_at: Timestamp::from_unix_millis(sent_at.unix_millis().saturating_add(millis)),
        received_at: sent_at,
        authorized_at: None,
    })
}

/// Whether a header can carry the text as a token.
fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let plain = Zeroizing::new(format!("{client_id}:{}", secret.reveal()));
    let header = Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes())));
    let header = HeaderValue::from_str(&header).ok().filter(|_| is_sendable(secret.reveal()));
    let mut header = header.ok_or_else(|| {
        let problem = "expected the client secret that Spotify's dashboard shows, found text that is empty or \
                       has white space in it";
        config_error("secret", problem.to_owned())
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// A form or a query, escaped. It is wiped, because most of its values are secrets.
struct Form(Zeroizing<String>);

/// The characters that a form does not escape.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Form {
    fn new() -> Self {
        // Room for a code and its verifier: a text that grows leaves copies behind.
        Form(Zeroizing::new(String::with_capacity(2048)))
    }

    fn with(mut self, key: &str, value: &str) -> Self {
        let separator = if self.0.is_empty() { "" } else { "&" };
        self.0.extend([separator, key, "="]);
        self.0.extend(utf8_percent_encode(value, FORM));
        self
    }
}
