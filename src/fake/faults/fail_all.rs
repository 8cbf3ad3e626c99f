//! Failures of every request.

use crate::fake::http::Response;

/// A reason for requests to fail with 403: see [`Server::fail_all`](crate::fake::Server::fail_all).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The user is not registered in the dashboard, where the owner of an app in development mode can add five users. Like
    /// Spotify's, the response to every request is plain text.
    UserNotRegistered,
    /// The owner of an app in development mode has no Premium subscription. Like Spotify's, the response to every request is
    /// plain text.
    OwnerWithoutPremium,
    /// The user has no Premium subscription: the commands of the player fail with the reason `PREMIUM_REQUIRED`, and all other
    /// requests succeed.
    UserWithoutPremium,
}

impl Failure {
    /// Returns the response to every request; `None` if only some requests fail.
    pub(crate) fn response(self) -> Option<Response> {
        let message = match self {
            Failure::UserNotRegistered => "User not registered in the Developer Dashboard",
            Failure::OwnerWithoutPremium => {
                "Active premium subscription required for the owner of the app. When the \
                 subscription status changes, it can take a few hours before requests are \
                 allowed again."
            }
            Failure::UserWithoutPremium => return None,
        };
        let response = Response::empty(403).with_body(message);
        Some(response.with_header("content-type", "text/plain; charset=utf-8"))
    }
}
