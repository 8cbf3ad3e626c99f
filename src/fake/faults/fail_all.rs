//! Refusals of everything, for tests of what a program makes of them.

use crate::fake::http::Response;

/// Why a [`Server`](crate::fake::Server) refuses all requests, whatever they ask for; see
/// [`Server::fail_all`](crate::fake::Server::fail_all).
///
/// Both are answered with 403 and a body of plain text, as Spotify does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The user of the token is not on the list of those who may use the app: an app in development
    /// mode has up to five, whom its owner enters in the dashboard.
    UserNotRegistered,
    /// The owner of the app has no Premium, which apps in development mode need.
    OwnerWithoutPremium,
}

impl Failure {
    pub(crate) fn respond(self) -> Response {
        Response::text(
            403,
            match self {
                Failure::UserNotRegistered => "User not registered in the Developer Dashboard",
                Failure::OwnerWithoutPremium => {
                    "Active premium subscription required for the owner of the app. When the \
                     subscription status changes, it can take a few hours before requests are \
                     allowed again."
                }
            },
        )
    }
}
