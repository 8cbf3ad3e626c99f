//! One failure of a renewal for all the threads that waited for it.

use std::borrow::Cow;

use crate::error::login::{LoginRequired, StoreError};
use crate::error::{ApiError, Error, RateLimited, TransportError, TransportKind};
use crate::transport::rate_limit::RateLimitKind;

/// A failure that can be told to several threads.
pub(super) enum Shared {
    LoginRequired(Box<LoginRequired>),
    Refused(Refused, Box<ApiError>),
    Store(Box<StoreError>),
    Broken(Cow<'static, str>, Box<str>, TransportKind, Box<str>),
}

/// Which variant a refusal becomes.
#[derive(Clone, Copy)]
pub(super) enum Refused {
    InvalidClient,
    RateLimited,
    Status,
}

impl Shared {
    pub(super) fn of(error: &Error) -> Self {
        if let Error::RateLimited(limited) = error
            && let Some(refusal) = &limited.api_error
        {
            return Shared::Refused(Refused::RateLimited, Box::new(refusal.clone()));
        }
        match error {
            Error::LoginRequired(why) => Shared::LoginRequired(why.clone()),
            Error::Store(error) => Shared::Store(Box::new(error.again())),
            Error::InvalidClient(refusal) => {
                Shared::Refused(Refused::InvalidClient, refusal.clone())
            }
            Error::Status(refusal) => Shared::Refused(Refused::Status, refusal.clone()),
            Error::Transport(fault) => Shared::Broken(
                fault.endpoint.clone(),
                fault.server.clone(),
                fault.kind,
                fault.source.to_string().into(),
            ),
            // A renewal has no other errors; if it ever does, its words are not lost.
            other => Shared::Broken(
                "refresh_token".into(),
                Box::default(),
                TransportKind::Broken,
                other.to_string().into(),
            ),
        }
    }

    /// What those who wait are told if the one they wait for panicked.
    pub(super) fn broken_off() -> Self {
        let message = "the thread that renewed the token broke off";
        Shared::Broken(
            "refresh_token".into(),
            Box::default(),
            TransportKind::Broken,
            message.into(),
        )
    }

    pub(super) fn error(&self) -> Error {
        match self {
            Shared::LoginRequired(why) => Error::LoginRequired(why.clone()),
            Shared::Store(error) => Error::Store(Box::new(error.again())),
            Shared::Refused(variant, refusal) => {
                let refusal = refusal.clone();
                match variant {
                    Refused::InvalidClient => Error::InvalidClient(refusal),
                    Refused::RateLimited => Error::RateLimited(Box::new(RateLimited::new(
                        RateLimitKind::Rate,
                        *refusal,
                    ))),
                    Refused::Status => Error::Status(refusal),
                }
            }
            Shared::Broken(endpoint, server, kind, source) => {
                Error::Transport(Box::new(TransportError {
                    endpoint: endpoint.clone(),
                    server: server.clone(),
                    kind: *kind,
                    may_have_taken_effect: false,
                    row: None,
                    source: source.to_string().into(),
                }))
            }
        }
    }
}
