//! How a call of one's own ends: `send` and its relatives.

use serde::de::DeserializeOwned;

use super::CustomCall;
use crate::call::Call;
use crate::endpoint::{Method, ParamKind, ParamLocation};
use crate::error::Error;
use crate::json::value::Value;
use crate::page::AnyPage;
use crate::paging::{CollectError, Items, Pages};
use crate::request::Request;
use crate::request::value::BadValue;
use crate::transport::RawResponse;

/// # Ends
impl CustomCall {
    /// The request that `send` would make, without sending it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a path that cannot be sent to, or a bad value.
    pub fn request(&self) -> Result<Request, Error> {
        self.call(None).request()
    }

    /// The request that `send` would make, as a list of one.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a path that cannot be sent to, or a bad value.
    pub fn requests(&self) -> Result<Vec<Request>, Error> {
        self.call(None).requests()
    }

    /// Sends the call; what Spotify answers is thrown away.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; else what [`Error`] lists for every call.
    pub fn send(self) -> Result<(), Error> {
        self.call(None).send_unit()
    }

    /// Sends the call and decodes the answer, or the member that [`within`](CustomCall::within) names: into a
    /// [model](crate::model), [`Page`](crate::Page), `serde_json::Value` or a type of your own.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; else what [`Error`] lists for every call.
    pub fn send_as<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.call(None).send()
    }

    /// Sends the call and answers with what came, undecoded.
    ///
    /// A status that is no success is an answer here too.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] if no answer came.
    pub fn send_raw(self) -> Result<RawResponse, Error> {
        self.call(None).send_raw()
    }

    /// Every item of every page, read as they are asked for, whether the list is counted or goes by cursors.
    ///
    /// Starts at `offset`, `after` or `before` if the query has one; give it `limit` for pages larger than
    /// Spotify's usual ones. Ends after the first error, and after a page without a link to the next: where
    /// `fields` chooses members, ask for `next` too. Rows that are null are passed over, unreadable ones with a
    /// warning in the log. For `GET` alone.
    pub fn items<T: DeserializeOwned + Send + 'static>(self) -> Items<AnyPage<T>> {
        Items::new(self.walk())
    }

    /// Every page, read as they are asked for. Ends after the first error. For `GET` alone.
    pub fn pages<T: DeserializeOwned + Send + 'static>(self) -> Pages<AnyPage<T>> {
        Pages::new(self.walk())
    }

    /// Every item of every page, in a list. For `GET` alone.
    ///
    /// Pages that are counted are read several at once, as many as
    /// [`connections`](crate::SpotifyBuilder::connections) says, and come in order. If the list changes meanwhile
    /// it is read once more, so that no row is there twice or missing; if it does not stand still, page by page.
    ///
    /// # Errors
    ///
    /// [`CollectError`] with the first error that a page gave, what was read before it, and where to go on. `?` makes
    /// an [`Error`] of it.
    pub fn collect_all<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> Result<Vec<T>, CollectError<T>> {
        Items::<AnyPage<T>>::new(self.walk()).collect_all()
    }

    /// The call that a walk begins with.
    fn walk(mut self) -> Call {
        if self.method != Method::Get {
            let problem =
                "expected a GET, by which pages are read, found another method: use `.send_as`";
            let bad = Some(Err(BadValue::new("", problem)));
            self = self.set(ParamLocation::Query, ParamKind::Text, "method", bad);
        }
        for (index, value) in &mut self.values {
            let key = self.params.get(*index).map(|param| &*param.key);
            // A walk counts on.
            if let (Some("limit" | "offset"), Ok(Value::Text(text))) = (key, &value)
                && let Ok(number) = text.as_str().parse()
            {
                *value = Ok(Value::Integer(number));
            }
        }
        self.call(None)
    }
}
