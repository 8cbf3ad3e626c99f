//! Calls of the table by name, with values as text.

use std::fmt::{self, Debug, Formatter};

use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::client::Spotify;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Endpoint, Method};
use crate::error::Error;
use crate::page::AnyPage;
use crate::paging::{CollectError, Items, Pages};
use crate::request::Request;
use crate::transport::RawResponse;
use crate::types::display::Quoted;
use crate::types::phrase::did_you_mean;

/// A call of an endpoint in the table by its name, from [`Spotify::call`].
///
/// It is the same call as that of the method with this name: checked, split into requests, retried, and sent to the
/// fallback endpoint. Setters never fail. An unknown name or an invalid value makes `send_raw` and its siblings return
/// [`Error::InvalidArgument`] before anything is sent.
#[derive(Clone)]
#[must_use = "nothing is sent until `.send_raw()` or one of its siblings"]
pub struct NamedCall {
    call: Call,
}

impl Debug for NamedCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

/// # Calls by name
impl Spotify {
    /// Creates a call of an endpoint in the [table](crate::endpoint) by its name, with values as text, for scripts and
    /// command lines: see [`NamedCall`].
    ///
    /// ```
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let artist_id = "0TnOYISbd1XYRBk9myaseg";
    /// let call = spotify.call("get_artist_albums").set("artist_id", artist_id).set("limit", "10");
    /// assert_eq!(
    ///     call.request()?.url(),
    ///     "https://api.spotify.com/v1/artists/0TnOYISbd1XYRBk9myaseg/albums?limit=10",
    /// );
    ///
    /// let error = spotify.call("get_artists_albums").request().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "call: `name`: expected the name of an endpoint, found `get_artists_albums`: \
    ///      did you mean `get_artist_albums`?; nothing was sent",
    /// );
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// [`Spotify::endpoints`] lists the names, and the parameters of each endpoint.
    pub fn call(&self, name: &str) -> NamedCall {
        let known = || Spotify::endpoints().iter().copied();
        if let Some(endpoint) = known().find(|endpoint| endpoint.name == name) {
            return NamedCall { call: Call::new(self, endpoint).of_own_type() };
        }
        let nobody = Endpoint::custom(Method::Get, String::new(), "call".to_owned());
        let near = did_you_mean(name, known().map(|endpoint| &*endpoint.name));
        let problem = format!("expected the name of an endpoint, found {}{near}", Quoted(name));
        let mut call = Call::with_values(self, EndpointRef::from(nobody), Vec::new());
        call.reject("name", name, &problem);
        NamedCall { call }
    }
}

impl NamedCall {
    /// Sets a parameter by its name in the table. The last value counts.
    ///
    /// | type | text |
    /// | --- | --- |
    /// | a number, `bool`, market or enum | `50`, `true`, `FI`, `album` |
    /// | an id | the id, a URI or a link |
    /// | a time | `2017-05-26T00:00:00Z` |
    /// | a track to save | an id, or with the time it was added `4iV5W9uYEdYUVa79Axb7Rh@2017-05-26T00:00:00Z` |
    /// | an attribute of [`get_recommendations`](Spotify::get_recommendations) | `min_energy=0.4` |
    /// | a picture | its base64 |
    /// | a list | the elements, separated by commas |
    pub fn set(mut self, name: &str, text: impl AsRef<str>) -> Self {
        let params = &self.call.endpoint().params;
        match params.iter().position(|param| param.name == name) {
            Some(index) => self.call.set_text(index, text.as_ref()),
            // The name of the endpoint is wrong already.
            None if self.endpoint().is_none() => {}
            None => {
                let names: Vec<_> = params.iter().map(|param| param.name.clone()).collect();
                let expected = match names.as_slice() {
                    [] => "no parameter".to_owned(),
                    names => format!("one of `{}`", names.join("`, `")),
                };
                let near = did_you_mean(name, names.iter().map(|name| &**name));
                let problem = format!("expected {expected}, found {}{near}", Quoted(name));
                self.call.reject(name, text.as_ref(), &problem);
            }
        }
        self
    }

    /// Returns the endpoint; `None` if no endpoint has this name.
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        let name = &self.call.endpoint().name;
        Spotify::endpoints().iter().copied().find(|endpoint| endpoint.name == *name)
    }

    /// Returns the request that `send_raw` would send, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if a name or a value is invalid or missing, or if the list needs no request or several.
    pub fn request(&self) -> Result<Request, Error> {
        self.call.request()
    }

    /// Returns all requests that `send_raw` would send, in order, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if a name or a value is invalid or missing.
    pub fn requests(&self) -> Result<Vec<Request>, Error> {
        self.call.requests()
    }

    /// Sends the call and returns the undecoded response of each request, also if its status is an error.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] if no response arrives.
    pub fn send_raw(self) -> Result<Vec<RawResponse>, Error> {
        self.call.send_raw_all()
    }

    /// Sends the call and decodes the response of each request, or the field of it that the method with this name
    /// returns, into a [model](crate::model), `serde_json::Value` or your own type. A response without a body is left
    /// out.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let devices: Vec<serde_json::Value> = spotify.call("get_devices").send_as()?;
    /// assert_eq!(devices[0][0]["name"], "Writing desk");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; and the errors that [`Error`] lists for every call.
    pub fn send_as<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> {
        self.call.send_each()
    }

    /// Decodes a response that [`send_raw`](NamedCall::send_raw) returned, or the field of it that the method with this
    /// name returns. A page skips items that cannot be read.
    ///
    /// # Errors
    ///
    /// The error of the method, for a response with this status and this body.
    pub fn decode<T: DeserializeOwned>(&self, response: &RawResponse) -> Result<T, Error> {
        self.call.decode(response)
    }

    /// Returns an iterator over the items of all pages: see [`CustomCall::items`](super::CustomCall::items). The endpoint
    /// must return pages.
    pub fn items<T: DeserializeOwned + Send + 'static>(self) -> Items<AnyPage<T>> {
        Items::new(self.first_page())
    }

    /// Returns an iterator over all pages. The endpoint must return pages.
    pub fn pages<T: DeserializeOwned + Send + 'static>(self) -> Pages<AnyPage<T>> {
        Pages::new(self.first_page())
    }

    /// Reads all pages and returns their items. The endpoint must return pages.
    ///
    /// # Errors
    ///
    /// [`CollectError`] with the first error, the items before it, and where to continue.
    pub fn collect_all<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> Result<Vec<T>, CollectError<T>> {
        Items::<AnyPage<T>>::new(self.first_page()).collect_all()
    }

    /// The call for the first page.
    fn first_page(mut self) -> Call {
        if self.endpoint().is_some_and(|endpoint| !endpoint.returns_pages()) {
            let problem = "expected an endpoint that returns pages, found another";
            self.call.reject("pages", "", problem);
        }
        self.call
    }
}
