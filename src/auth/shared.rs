//! One failure of a renewal for all the threads that waited for it.

use std::borrow::Cow;

use crate::error::login::{LoginAgain, StoreError};
use crate::error::{Error, RateLimited, Refusal, Transport, TransportKind};
use crate::transport::rate_limit::Limit;

/// A failure that can be told to several threads.
pub(super) enum Shared {
    LoginAgain(Box<LoginAgain>),
    Refused(Refused, Box<Refusal>),
    Store(Box<StoreError>),
    Broken(Cow<'static, str>, Box<str>, TransportKind, Box<str>),
}

/// Which variant a refusal becomes.
#[derive(Clone, Copy)]
pub(super) enum Refused {
    BadClient,
    RateLimited,
    Status,
}

impl Shared {
    pub(super) fn of(error: &Error) -> Self {
        if let Error::RateLimited(limited) = error
            && let Some(refusal) = &limited.refusal
        {
            return Shared::Refused(Refused::RateLimited, Box::new(refusal.clone()));
        }
        match error {
            Error::LoginAgain(why) => Shared::LoginAgain(why.clone()),
            Error::Store(error) => Shared::Store(Box::new(error.again())),
            Error::BadClient(refusal) => Shared::Refused(Refused::BadClient, refusal.clone()),
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
            Shared::LoginAgain(why) => Error::LoginAgain(why.clone()),
            Shared::Store(error) => Error::Store(Box::new(error.again())),
            Shared::Refused(variant, refusal) => {
                let refusal = refusal.clone();
                match variant {
                    Refused::BadClient => Error::BadClient(refusal),
                    Refused::RateLimited => {
                        Error::RateLimited(Box::new(RateLimited::new(Limit::Rate, *refusal)))
                    }
                    Refused::Status => Error::Status(refusal),
                }
            }
            Shared::Broken(endpoint, server, kind, source) => {
                Error::Transport(Box::new(Transport {
                    endpoint: endpoint.clone(),
                    server: server.clone(),
                    kind: *kind,
                    may_have_happened: false,
                    row: None,
                    source: source.to_string().into(),
                }))
            }
        }
    }
}
