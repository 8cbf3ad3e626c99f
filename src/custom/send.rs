//! The methods that send a custom call.

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

/// # Sending
impl CustomCall {
    /// Returns the request that `send` would send, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the path or a value is invalid.
    pub fn request(&self) -> Result<Request, Error> {
        self.call(None).request()
    }

    /// Returns the same as [`request`](CustomCall::request), in a list.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the path or a value is invalid.
    pub fn requests(&self) -> Result<Vec<Request>, Error> {
        self.call(None).requests()
    }

    /// Sends the call and ignores the response.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; and the errors that [`Error`] lists for every call.
    pub fn send(self) -> Result<(), Error> {
        self.call(None).send_unit()
    }

    /// Sends the call and decodes the response, or the field of it that [`within`](CustomCall::within) names, into a
    /// [model](crate::model), [`Page`](crate::Page), `serde_json::Value` or your own type.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; and the errors that [`Error`] lists for every call.
    pub fn send_as<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.call(None).send()
    }

    /// Sends the call and returns the undecoded response, also if its status is an error.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] without a response.
    pub fn send_raw(self) -> Result<RawResponse, Error> {
        self.call(None).send_raw()
    }

    /// Returns an iterator over the items of all pages, with offsets or with cursors. It requires a `GET`.
    ///
    /// It starts at the `offset`, `after` or `before` of the query; set `limit` for larger pages than Spotify's default.
    /// It ends after the first error, and after a page without `next`, so a `fields` parameter must include `next`. It
    /// skips null items, and items that cannot be decoded, with a warning in the log.
    pub fn items<T: DeserializeOwned + Send + 'static>(self) -> Items<AnyPage<T>> {
        Items::new(self.first_page())
    }

    /// Returns an iterator over all pages. It requires a `GET`, and ends after the first error.
    pub fn pages<T: DeserializeOwned + Send + 'static>(self) -> Pages<AnyPage<T>> {
        Pages::new(self.first_page())
    }

    /// Returns the first `count` items of the list, and requests no more than these. It requires a `GET`.
    ///
    /// The pages have the size of the query's `limit`, or else Spotify's default.
    ///
    /// # Errors
    ///
    /// [`CollectError`] with the first error and the items before it. `?` converts it to an [`Error`].
    pub fn first<T: DeserializeOwned + Send + 'static>(
        self,
        count: usize,
    ) -> Result<Vec<T>, CollectError<T>> {
        Items::<AnyPage<T>>::new(self.first_page()).first(count)
    }

    /// Reads all pages and returns their items. It requires a `GET`.
    ///
    /// It reads pages with offsets concurrently, on [`connections`](crate::SpotifyBuilder::connections): see the
    /// [guide](crate::guide::paging#several-pages).
    ///
    /// # Errors
    ///
    /// [`CollectError`] with the first error, the items before it, and where to continue. `?` converts it to an
    /// [`Error`].
    pub fn collect_all<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> Result<Vec<T>, CollectError<T>> {
        Items::<AnyPage<T>>::new(self.first_page()).collect_all()
    }

    /// Builds the call for the first page.
    fn first_page(mut self) -> Call {
        if self.method != Method::Get {
            let problem = "expected a GET for pagination, found another method; use `.send_as`";
            let bad = Some(Err(BadValue::new("", problem)));
            self = self.set(ParamLocation::Query, ParamKind::Text, "method", bad);
        }
        for (index, value) in &mut self.values {
            let key = self.params.get(*index).map(|param| &*param.key);
            // Pagination calculates with these.
            if let (Some("limit" | "offset"), Ok(Value::Text(text))) = (key, &value)
                && let Ok(number) = text.as_str().parse()
            {
                *value = Ok(Value::Integer(number));
            }
        }
        self.call(None)
    }
}
