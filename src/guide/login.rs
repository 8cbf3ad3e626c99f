//! Logging in: from a client id to a token that lasts.
//!
//! # An app of your own
//!
//! Spotify lets programs in as *apps*. Make one on <https://developer.spotify.com/dashboard>: it takes a name, a
//! description and a redirect URI, and an account with Premium. For a program on somebody's machine register
//! `http://127.0.0.1/callback`, without a port. What you take from there is the client id.
//!
//! # A person logs in
//!
//! ```no_run
//! # #[cfg(feature = "login")] {
//! use tonearm::auth::FileStore;
//! use tonearm::{App, Scopes, Spotify, endpoint};
//!
//! let app = App::new("client-id")
//!     .redirect_uri("http://127.0.0.1/callback")
//!     .store(FileStore::for_app("client-id")?);
//! let scopes = Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS, &endpoint::SAVE_TRACKS]);
//! app.login(scopes)?.run_if_needed()?;
//!
//! let spotify = Spotify::builder().app(app).build()?;
//! # }
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! The browser opens, the person agrees, and the token goes into the store. Over SSH there is no browser: the address
//! is printed, and the one at which a browser elsewhere ends is pasted. `run_if_needed` does nothing if the store has a
//! token that permits all of this; `run` always asks.
//!
//! What a login asks for is made from the calls that the program makes, so that it asks for no more than it needs. A
//! call that the token does not permit is not sent: [`Error::InsufficientScope`] names what is needed and what is held.
//!
//! # A web server
//!
//! A program with a page of its own for the redirect shows `Login::url`, keeps the login with the person's session, and
//! hands `Login::finish` the address to which Spotify sends the browser:
//!
//! ```
//! # #[cfg(all(feature = "fake", feature = "login"))] {
//! use tonearm::{Scope, Spotify};
//! # use tonearm::fake;
//! # let server = fake::Server::start()?;
//! # let browser = server.browser();
//! # let app = server.app();
//!
//! let login = app.login([Scope::UserLibraryRead])?;
//! let address = login.url();                          // the person goes there …
//! # let comes_back_to = browser.approve(&address)?;
//! login.finish(&comes_back_to)?;                      // … and comes back here, with a code
//!
//! let client = Spotify::builder().app(&app);
//! # let client = client.base_url(server.base_url());
//! let spotify = client.build()?;
//! println!("{} saved tracks", spotify.get_my_saved_tracks().send()?.total);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Without a person
//!
//! Albums, artists, tracks and search need no user. The app's own token is enough, and takes the client secret:
//!
//! ```
//! use tonearm::{App, Spotify};
//!
//! let app = App::new("client-id").secret("client-secret");
//! let spotify = Spotify::builder().client_credentials(app).build()?;
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! Each call says whose token it takes. A token from elsewhere goes into [`SpotifyBuilder::token`]; nobody can renew
//! it, so it works for an hour. A refresh token from elsewhere goes into [`App::refresh_token`].
//!
//! # When a login ends
//!
//! The client renews the token by itself, once for all its threads and for all programs that share the store. A login
//! ends when the person takes the permission back, and six months after it was made. Then, and only then, a call is
//! [`Error::LoginRequired`], and the store is empty:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::{Error, Spotify};
//!
//! # let server = tonearm::fake::Server::start()?;
//! # let app = server.app().refresh_token(server.refresh_token(["user-library-read"]));
//! # let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build()?;
//! # spotify.get_my_saved_tracks().send()?;
//! # server.revoke();
//! # server.expire_access_tokens();
//! match spotify.get_my_saved_tracks().send() {
//!     Ok(page) => println!("{} saved tracks", page.total),
//!     Err(Error::LoginRequired(why)) => println!("{why}"),         // send the person through `login` again
//!     Err(error) => return Err(error.into()),
//! }
//! # assert!(matches!(spotify.get_me().send(), Err(Error::LoginRequired(_))));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A fault of the network or of Spotify never ends a login.
//!
//! The module [`auth`] has all the details: which redirect URI comes back how, where tokens are kept, stores of your
//! own, and what is secret.
//!
//! [`Error::InsufficientScope`]: crate::Error::InsufficientScope
//! [`Error::LoginRequired`]: crate::Error::LoginRequired
//! [`SpotifyBuilder::token`]: crate::SpotifyBuilder::token
//! [`App::refresh_token`]: crate::auth::App::refresh_token
//! [`auth`]: crate::auth
