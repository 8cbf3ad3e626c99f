//! Typed ids and URIs, parsed from an id, a URI or a link.

use std::borrow::{Borrow, Cow};
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::display::{Escaped, Quoted};
use super::small_text::SmallText;
use super::text_traits::{text_error, text_type, try_from_text};

/// The format of an id.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// 22 characters of 0-9, a-z and A-Z.
    Base62,
    /// Any text.
    Text,
    /// Any text, and no URI.
    Bare,
}

/// The properties of a kind of id.
pub(crate) trait IdKind {
    /// The kind in URIs and links: `album`.
    const URI: &'static str;
    /// The first path segment of the object in the Web API: `albums`.
    #[cfg_attr(not(feature = "fake"), allow(dead_code))]
    const PATH: &'static str;
    /// The URI before the id.
    const URI_START: &'static str;
    /// The address in the Web API before the id.
    const HREF: &'static str;
    /// The address of the page in the web player before the id.
    const WEB: &'static str;
    fn from_text(text: &str) -> Self;
    fn text(&self) -> &str;
    fn bytes(&self) -> &[u8];
}

/// The error returned when parsing text that isn't a valid id, URI or link.
///
/// Its message contains the expected kind and the text that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidId {
    expected: &'static str,
    pub(crate) found: Box<str>,
    problem: Problem,
}

/// The expected kind of a [`SpotifyUri`].
const ANY_ITEM: &str = "item";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Problem {
    Empty,
    OtherKind,
    Form,
    /// Text that cannot be an id without a URI.
    Word,
    Bare,
    ShortLink,
    /// A link whose host is not the web player.
    OtherLink,
    Name,
}

impl Display for InvalidId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let InvalidId { expected, found, problem } = self;
        let article = if expected.starts_with(['a', 'e']) { "an" } else { "a" };
        match problem {
            Problem::Word => write!(f, "expected {article} {expected} id"),
            Problem::Bare => f.write_str("expected a URI such as `spotify:track:…` or a link"),
            Problem::ShortLink if *expected == ANY_ITEM => f.write_str("expected a URI or a link"),
            Problem::OtherLink if *expected == ANY_ITEM => {
                f.write_str("expected a URI or a link to open.spotify.com")
            }
            Problem::OtherLink => {
                write!(f, "expected {article} {expected} id, URI or link to open.spotify.com")
            }
            Problem::Form => write!(
                f,
                "expected {article} {expected} id of 22 characters (0-9, a-z, A-Z), a URI or a link"
            ),
            _ => write!(f, "expected {article} {expected} id, URI or link"),
        }?;
        let quoted = Quoted(found);
        match problem {
            Problem::Empty => f.write_str(", found empty text"),
            Problem::Word if found.is_empty() => f.write_str(", found empty text"),
            Problem::Bare | Problem::Name | Problem::Word => write!(f, ", found {quoted}"),
            Problem::Form => {
                let (before, length) = match reference(found) {
                    Some((_, id)) => ("with an id of ", id.chars().count()),
                    None => ("", found.chars().count()),
                };
                let plural = if length == 1 { "" } else { "s" };
                write!(f, ", found {quoted} ({before}{length} character{plural})")
            }
            Problem::OtherKind => {
                let kind = reference(found).map(|(kind, _)| kind.to_owned()).unwrap_or_default();
                write!(f, ", found the {} {quoted}", Escaped(&kind, 40))
            }
            Problem::OtherLink => write!(f, ", found the link {quoted}"),
            Problem::ShortLink => write!(
                f,
                ", found the short link {quoted}; open it in a browser and use the address it redirects to"
            ),
        }
    }
}

text_error!(InvalidId);

/// Returns the text after a scheme or an origin, ignoring its case, as RFC 3986 demands for schemes and hosts.
pub(crate) fn strip_start<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    let (found, rest) = text.split_at_checked(start.len())?;
    found.eq_ignore_ascii_case(start).then_some(rest)
}

/// Returns the part of a URI after `spotify:`.
pub(crate) fn after_scheme(text: &str) -> Option<&str> {
    strip_start(text, "spotify:")
}

/// Returns whether a host is that of the web player.
fn is_player(host: &str) -> bool {
    ["open.spotify.com", "play.spotify.com"].iter().any(|known| host.eq_ignore_ascii_case(known))
}

/// Returns the kind and the id in a URI or a link; `None` for any other text.
fn reference(text: &str) -> Option<(&str, Cow<'_, str>)> {
    let decoded = |id| percent_decode_str(id).decode_utf8_lossy();
    if let Some(uri) = after_scheme(text) {
        let mut parts = uri.splitn(4, ':');
        return match (parts.next()?, parts.next(), parts.next(), parts.next()) {
            // The format of playlist URIs until 2018.
            ("user", Some(_), Some(kind), Some(id)) => Some((kind, decoded(id))),
            (kind, Some(id), None, None) => Some((kind, decoded(id))),
            _ => None,
        };
    }
    let link = strip_start(text, "https://").or_else(|| strip_start(text, "http://"));
    let (host, path) = link.unwrap_or(text).split_once('/')?;
    if !is_player(host) {
        return None;
    }
    let path = path.split(['?', '#']).next()?;
    // Only leading segments are skipped, because `embed` after the kind can be a user name.
    let mut parts = path
        .split('/')
        .filter(|part| !part.is_empty())
        .skip_while(|part| matches!(*part, "embed" | "embed-podcast") || part.starts_with("intl-"));
    match (parts.next()?, parts.next()?, parts.next(), parts.next()) {
        ("user", _, Some(kind), Some(id)) => Some((kind, decoded(id))),
        // Objects have more pages than one: `/artist/…/discography/all`.
        (kind, id, ..) => Some((kind, decoded(id))),
    }
}

/// The kind in a URI. That of `spotify:user:…:collection`, the saved tracks of a user, is `collection`.
pub(crate) fn uri_kind(uri: &str) -> &str {
    let mut parts = uri.split(':').skip(1);
    match (parts.next(), parts.nth(1)) {
        (Some("user"), Some(kind)) => kind,
        (kind, _) => kind.unwrap_or_default(),
    }
}

/// Returns `true` if text is a link that leads to another one.
fn is_short_link(text: &str) -> bool {
    text.contains('/') && {
        let text = text.to_ascii_lowercase();
        ["spotify.link/", "spotify.app.link/", "spoti.fi/"].iter().any(|host| text.contains(host))
    }
}

/// Returns the problem with text that is a link, but not to an object of the web player.
fn link_problem(text: &str, form: Form) -> Option<Problem> {
    if is_short_link(text) {
        return Some(Problem::ShortLink);
    }
    let has_host = || text.split_once('/').is_some_and(|(host, _)| host.contains('.'));
    let link = match text.split_once("://") {
        Some((scheme, link)) if !scheme.contains(':') => link,
        // A user name may look like a link without a scheme.
        _ if form == Form::Base62 && after_scheme(text).is_none() && has_host() => text,
        _ => return None,
    };
    let host = link.split(['/', '?', '#']).next()?;
    Some(if is_player(host) { Problem::Name } else { Problem::OtherLink })
}

pub(crate) fn parse_id(
    text: &str,
    expected: &'static str,
    also: &[&str],
    form: Form,
) -> Result<SmallText, InvalidId> {
    let text = text.trim();
    let error = |problem| Err(InvalidId { expected, found: text.into(), problem });
    if form == Form::Bare {
        let is_id = !text.is_empty() && is_name(text);
        return if is_id { Ok(SmallText::new(text)) } else { error(Problem::Word) };
    }
    let id = match reference(text) {
        Some((kind, id)) if kind == expected || also.contains(&kind) => id,
        Some(_) => return error(Problem::OtherKind),
        None => match link_problem(text, form) {
            Some(problem) => return error(problem),
            None if after_scheme(text).is_some() && form == Form::Base62 => {
                return error(Problem::Form);
            }
            None => Cow::Borrowed(text),
        },
    };
    match form {
        _ if id.is_empty() => error(Problem::Empty),
        Form::Base62 if id.len() != 22 || !id.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            error(Problem::Form)
        }
        Form::Text if !is_name(&id) => error(Problem::Name),
        _ => Ok(SmallText::new(&id)),
    }
}

/// Reads an id in JSON: an id, a URI or a link. Other text is an id, in case Spotify changes their format.
fn deserialize_id<'de, D: Deserializer<'de>, T: IdKind + FromStr<Err = InvalidId>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = SmallText::deserialize(deserializer)?;
    let trimmed = text.as_str().trim();
    if trimmed.is_empty() || is_short_link(trimmed) || reference(trimmed).is_some() {
        return trimmed.parse().map_err(serde::de::Error::custom);
    }
    Ok(T::from_text(text.as_str()))
}

/// Returns whether text can be a user name: it parses as itself, and isn't `.` or `..`, which servers resolve even if
/// they are escaped.
fn is_name(text: &str) -> bool {
    !matches!(text, "." | "..")
        && text.trim() == text
        && after_scheme(text).is_none()
        && !text.contains("://")
        && !is_short_link(text)
        && reference(text).is_none()
}

/// The characters to escape in a path segment and in the id of a URI: all except unreserved ones.
pub(crate) const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn write_uri(f: &mut impl fmt::Write, kind: &str, id: &str) -> fmt::Result {
    write!(f, "spotify:{kind}:{}", utf8_percent_encode(id, SEGMENT))
}

/// Implements what ids with a URI have.
macro_rules! uri_type {
    ($name:ident, $uri:literal) => {
        impl $name {
            #[doc = concat!("Returns the URI, `spotify:", $uri, ":…`.")]
            pub fn uri(&self) -> SpotifyUri {
                self.clone().into()
            }

            #[doc = concat!("Returns the link for browsers, `https://open.spotify.com/", $uri, "/…`.")]
            pub fn external_url(&self) -> String {
                format!("{}{}", Self::WEB, utf8_percent_encode(self.as_str(), SEGMENT))
            }
        }

        /// Fails if the URI is of another kind.
        impl TryFrom<&SpotifyUri> for $name {
            type Error = InvalidId;

            fn try_from(uri: &SpotifyUri) -> Result<Self, InvalidId> {
                uri.to_string().parse()
            }
        }
    };
}

macro_rules! id_type {
    ($name:ident, $uri:literal, $path:literal, $form:expr $(, $also:literal)*) => {
        impl $name {
            /// Returns the id without kind or prefix.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl IdKind for $name {
            const URI: &'static str = $uri;
            const PATH: &'static str = $path;
            const URI_START: &'static str = concat!("spotify:", $uri, ":");
            const HREF: &'static str = concat!("https://api.spotify.com/v1/", $path, "/");
            const WEB: &'static str = concat!("https://open.spotify.com/", $uri, "/");

            #[inline]
            fn from_text(text: &str) -> Self {
                $name(SmallText::new(text))
            }

            fn text(&self) -> &str {
                self.as_str()
            }

            #[inline]
            fn bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_id(text, $uri, &[$($also),*], $form).map($name)
            }
        }

        try_from_text!($name);

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        text_type!($name);

        impl Debug for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        /// Lets you look up ids in a map by text: an id compares, orders and hashes like its text.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        /// Reads an id, a URI or a link. Any other text, except empty text, is read as an id, so a malformed id does not
        /// lose the object that contains it. A call rejects it as an argument. Use `str::parse` to validate user input.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_id(deserializer)
            }
        }
    };
}

macro_rules! spotify_uri {
    ($($variant:ident: $id:ident),*) => {
        /// A URI of any kind: `spotify:album:…`, `spotify:user:…`.
        ///
        /// Parses URIs and links, whose scheme and host may be in any case. A bare id is an error, because its kind is unknown. In a response, other text is read as
        /// [`SpotifyUri::Other`]. A call rejects that as an argument, with one exception: `context_uri` of
        /// [`start_playback`](crate::Spotify::start_playback) accepts the saved tracks of a user,
        /// `spotify:user:…:collection`, which are [`SpotifyUri::Other`] too.
        ///
        /// ```
        /// use tonearm::SpotifyUri;
        ///
        /// let uri: SpotifyUri = "https://open.spotify.com/track/7ouMYWpwJ422jRcDASZB7P".parse()?;
        /// assert_eq!(uri.to_string(), "spotify:track:7ouMYWpwJ422jRcDASZB7P");
        /// assert_eq!(uri.kind(), "track");
        /// # Ok::<(), tonearm::InvalidId>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum SpotifyUri {
            $(
                #[doc = concat!("The URI of a [`", stringify!($id), "`].")]
                $variant($id),
            )*
            /// A file on the user's machine, `spotify:local:…`: the whole URI.
            Local(Box<str>),
            /// The saved tracks of a user, `spotify:user:…:collection`, a URI of a kind that this version of the crate
            /// doesn't know, or one with a malformed id: the whole URI.
            ///
            /// A later version may have a variant for a URI that is in `Other` today. Instead of matching `Other`, compare
            /// [`kind`](Self::kind) or the text: `uri.kind() == "collection"`.
            Other(Box<str>),
        }

        impl SpotifyUri {
            /// Reads text of a response. Text that does not parse is kept.
            pub(crate) fn from_response(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| SpotifyUri::Other(text.into()))
            }

            /// Returns the kind, the part after `spotify:`; `collection` for the saved tracks of a user,
            /// `spotify:user:…:collection`.
            pub fn kind(&self) -> &str {
                match self {
                    $(SpotifyUri::$variant(_) => $id::URI,)*
                    SpotifyUri::Local(_) => "local",
                    SpotifyUri::Other(uri) => $crate::types::id::uri_kind(uri),
                }
            }
        }

        impl Display for SpotifyUri {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                match self {
                    $(SpotifyUri::$variant(id) => write_uri(f, $id::URI, id.as_str()),)*
                    SpotifyUri::Local(uri) | SpotifyUri::Other(uri) => f.write_str(uri),
                }
            }
        }

        impl FromStr for SpotifyUri {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let text = text.trim();
                // The scheme in the case in which Spotify writes it.
                let whole = |rest: &str| ["spotify:", rest].concat().into();
                match (after_scheme(text), reference(text)) {
                    (Some(rest), _) if rest.starts_with("local:") => {
                        Ok(SpotifyUri::Local(whole(rest)))
                    }
                    $((_, Some(($id::URI, _))) => text.parse().map(SpotifyUri::$variant),)*
                    (Some(rest), _) => Ok(SpotifyUri::Other(whole(rest))),
                    (None, _) => {
                        let problem = link_problem(text, Form::Base62).unwrap_or(Problem::Bare);
                        Err(InvalidId { expected: ANY_ITEM, found: text.into(), problem })
                    }
                }
            }
        }

        try_from_text!(SpotifyUri);

        $(
            impl From<$id> for SpotifyUri {
                fn from(id: $id) -> Self {
                    SpotifyUri::$variant(id)
                }
            }
        )*

        impl Serialize for SpotifyUri {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for SpotifyUri {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = SmallText::deserialize(deserializer)?;
                Ok(SpotifyUri::from_response(text.as_str()))
            }
        }

        /// Calls a macro for each type of id that has a URI.
        macro_rules! for_each_uri_id {
            ($each:ident) => { $($each!($id);)* };
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/ids.rs"));

// Clippy calls the import redundant, but it makes the macro importable from other modules.
#[allow(clippy::single_component_path_imports)]
pub(crate) use {for_each_id, for_each_uri_id};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_parsed_from_pasted_links_and_uris() {
        for text in [
            "7ouMYWpwJ422jRcDASZB7P",
            " 7ouMYWpwJ422jRcDASZB7P\n",
            "spotify:track:7ouMYWpwJ422jRcDASZB7P",
            "https://open.spotify.com/track/7ouMYWpwJ422jRcDASZB7P",
            "http://open.spotify.com/track/7ouMYWpwJ422jRcDASZB7P#0:30",
            "open.spotify.com/track/7ouMYWpwJ422jRcDASZB7P/",
            "https://open.spotify.com/intl-pt/track/7ouMYWpwJ422jRcDASZB7P?si=5f6c&context=x",
            "https://open.spotify.com/embed/track/7ouMYWpwJ422jRcDASZB7P?utm_source=generator",
            "https://play.spotify.com/track/7ouMYWpwJ422jRcDASZB7P",
        ] {
            assert_eq!(
                text.parse::<TrackId>().map(|id| id.to_string()),
                Ok("7ouMYWpwJ422jRcDASZB7P".into()),
                "{text}"
            );
        }
        for text in [
            "spotify:user:bob:playlist:3cEYpjA9oz9GiPac4AsH4n",
            "https://open.spotify.com/user/bob/playlist/3cEYpjA9oz9GiPac4AsH4n",
        ] {
            assert_eq!(
                text.parse::<PlaylistId>().map(|id| id.to_string()),
                Ok("3cEYpjA9oz9GiPac4AsH4n".into())
            );
        }
    }

    #[test]
    fn schemes_and_hosts_ignore_case_and_ids_do_not() {
        let id = "7ouMYWpwJ422jRcDASZB7P".parse::<TrackId>().unwrap();
        for start in [
            "HTTPS://Open.Spotify.com/track/",
            "Http://PLAY.SPOTIFY.COM/embed/track/",
            "Open.spotify.com/intl-pt/track/",
            "SPOTIFY:track:",
            "Spotify:user:bob:track:",
        ] {
            let text = format!("{start}{id}");
            assert_eq!(text.parse().as_ref(), Ok(&id), "{text}");
            assert_eq!(text.parse(), Ok(SpotifyUri::Track(id.clone())), "{text}");
            assert_eq!(serde_json::from_value::<TrackId>(text.into()).ok(), Some(id.clone()));
            let lower = format!("{start}{id}").to_lowercase();
            assert_ne!(lower.parse().as_ref(), Ok(&id), "{lower}");
            for kind in ["Track", "ALBUM"] {
                let other = format!("{}{id}", start.replace("track", kind));
                assert!(other.parse::<TrackId>().is_err(), "{other}");
            }
        }
        for (text, uri) in [
            ("Spotify:local:A:b:C:1", "spotify:local:A:b:C:1"),
            ("SPOTIFY:user:Ada:collection", "spotify:user:Ada:collection"),
        ] {
            assert_eq!(text.parse::<SpotifyUri>().map(|uri| uri.to_string()), Ok(uri.into()));
        }
        let user = "HTTPS://OPEN.SPOTIFY.COM/user/Ada".parse::<UserId>();
        assert_eq!(user.map(String::from), Ok("Ada".into()));
        for text in ["SPOTIFY:track:x", "Spotify:user:ada:collection", "Https://Example.com/user/x"]
        {
            assert!(text.parse::<UserId>().is_err(), "{text}");
        }
    }

    #[test]
    fn pages_below_the_address_of_an_object_lead_to_it() {
        let artist = Ok("5gCVozH1XRcgWBHJxsuCDY".parse::<ArtistId>().unwrap());
        for page in
            ["discography/all", "discography", "discography/album?si=1", "related", "a/b/c/d"]
        {
            let link =
                format!("https://open.spotify.com/intl-fi/artist/5gCVozH1XRcgWBHJxsuCDY/{page}");
            assert_eq!(link.parse(), artist, "{link}");
            assert_eq!(link.parse::<SpotifyUri>().unwrap().kind(), "artist", "{link}");
        }
        let bob = "https://open.spotify.com/user/bob/playlists".parse::<UserId>();
        assert_eq!(bob.map(String::from), Ok("bob".into()));
        assert!("https://open.spotify.com/artist/x/discography/all".parse::<ArtistId>().is_err());
    }

    #[test]
    fn saved_tracks_of_a_user_are_a_collection() {
        for uri in
            ["spotify:user:ada:collection", "spotify:collection", "spotify:user:ada:collection:x"]
        {
            let uri: SpotifyUri = uri.parse().unwrap();
            assert_eq!(uri.kind(), "collection", "{uri}");
        }
        assert_eq!("spotify:user:ada".parse::<SpotifyUri>().unwrap().kind(), "user");
    }

    #[test]
    fn chapter_ids_are_parsed_from_episode_links() {
        let id: ChapterId = "spotify:episode:0IsXVP0JmcB2adSE338GkK".parse().unwrap();
        assert_eq!("https://open.spotify.com/episode/0IsXVP0JmcB2adSE338GkK".parse(), Ok(id));
        assert!("spotify:track:0IsXVP0JmcB2adSE338GkK".parse::<ChapterId>().is_err());
    }

    #[test]
    fn user_ids_with_any_character_round_trip() {
        for name in [
            "smedjan",
            "j.r_r-t",
            "Zoë Ångström",
            "a#b%c/d",
            "1148501919",
            "embed",
            "intl-x",
            "...",
        ] {
            let id: UserId = name.parse().unwrap();
            assert_eq!(id.as_str(), name);
            assert_eq!(id.uri().to_string().parse::<UserId>().as_ref(), Ok(&id), "{}", id.uri());
            assert_eq!(
                id.external_url().parse::<UserId>().as_ref(),
                Ok(&id),
                "{}",
                id.external_url()
            );
        }
    }

    #[test]
    fn user_ids_reject_path_steps_and_addresses() {
        for text in [
            ".",
            "..",
            "spotify:user:%2E%2E",
            "https://open.spotify.com/user/.",
            "https://open.spotify.com/user/",
            "https://example.com/user/bob",
            "spotify:user:%20bob",
            "spotify:user:spotify%3Atrack%3A7ouMYWpwJ422jRcDASZB7P",
        ] {
            assert!(text.parse::<UserId>().is_err(), "{text}");
        }
    }
}
