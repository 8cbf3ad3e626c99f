//! What the server was asked.

use std::fmt::{self, Display, Formatter};

use super::fault::Fault;

/// A request that a [`Server`](super::Server) saw, and the status of its answer.
///
/// Prints as a person would note it, with one query parameter a line:
///
/// ```
/// use tonearm::fake;
///
/// let server = fake::Server::start()?;
/// server.client()?.get_my_saved_tracks().limit(50).offset(20).send()?;
/// assert_eq!(
///     server.requests()[0].to_string(),
///     "GET /v1/me/tracks -> 200\n    limit = 50\n    offset = 20",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenRequest {
    /// The HTTP method: `PUT`. Empty if what came was no HTTP.
    pub method: String,
    /// The path, unescaped: `/v1/me/tracks`.
    pub path: String,
    /// The query parameters in the order they came, unescaped.
    pub query: Vec<(String, String)>,
    /// The headers in the order they came; the value of `authorization` is always `Bearer …`, or
    /// `Basic …` for a request for a token.
    pub headers: Vec<(String, String)>,
    /// The body; bytes that are no UTF-8 are replaced, and so are the secrets of a request for a token.
    pub body: String,
    /// The status of the answer, also of one that a [`Fault`] has lost; 0 if there was none to lose.
    pub status: u16,
    /// The name of the call in the [table](crate::endpoint), if the path and method are those of one.
    pub endpoint: Option<&'static str>,
    /// What was made to go wrong.
    pub fault: Option<Fault>,
}

impl SeenRequest {
    /// The value of one query parameter.
    pub fn query_value(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of one header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }
}

impl Display for SeenRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.method, self.path, self.status)?;
        if let Some(fault) = &self.fault {
            write!(f, ", {fault:?}")?;
        }
        self.query.iter().try_for_each(|(key, value)| write!(f, "\n    {key} = {value}"))
    }
}
