//! Failures of every request.

use crate::fake::http::Response;

/// A reason for every request to fail: see [`Server::fail_all`](crate::fake::Server::fail_all).
///
/// Like Spotify's, the response is a 403 with plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The user is not registered in the dashboard, where the owner of an app in development mode can add five users.
    UserNotRegistered,
    /// The owner of an app in development mode has no Premium subscription.
    OwnerWithoutPremium,
}

impl Failure {
    pub(crate) fn response(self) -> Response {
        let message = match self {
            Failure::UserNotRegistered => "User not registered in the Developer Dashboard",
            Failure::OwnerWithoutPremium => {
                "Active premium subscription required for the owner of the app. When the \
                 subscription status changes, it can take a few hours before requests are \
                 allowed again."
            }
        };
        let response = Response::empty(403).with_body(message);
        response.with_header("content-type", "text/plain; charset=utf-8")
    }
}
