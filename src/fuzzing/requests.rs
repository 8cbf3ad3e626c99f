//! Properties of URLs and bodies with any text.

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use super::{assert_message, client};
use crate::error::Error;
use crate::request::Request;
use crate::types::enums::search_item;
use crate::types::id::UserId;

/// Checks text as a parameter in the path, in the query and in the body.
pub fn requests(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = &*text;
    let spotify = client();
    if let Some(request) = checked(spotify.get_user(text).request()) {
        let id: UserId = text.parse().expect("the request accepted the id");
        assert_eq!(path(&request), ["v1", "users", id.as_str()]);
    }
    if let Some(request) = checked(spotify.get_category(text).request()) {
        assert_eq!(path(&request), ["v1", "browse", "categories", text.trim()]);
    }
    if let Some(request) = checked(spotify.get_category_playlists(text).request()) {
        assert_eq!(path(&request), ["v1", "browse", "categories", text.trim(), "playlists"]);
    }
    if let Some(request) = checked(spotify.search_for(text, search_item::Track).request()) {
        assert_eq!(path(&request), ["v1", "search"]);
        let sent = query(&request);
        assert_eq!(sent, [("q".into(), text.into()), ("type".into(), "track".to_owned())]);
    }
    if let Some(request) = checked(spotify.get_recommendations().seed_genres([text]).request()) {
        let genres: Vec<_> = text.split(',').map(str::trim).collect();
        // A text without a comma is sent unchanged.
        let genres = if text.contains(',') { genres.join(",") } else { text.to_owned() };
        assert_eq!(query(&request), [("seed_genres".into(), genres)]);
    }
    let tuned = spotify.get_recommendations().seed_genres(["jazz"]).tune([text]);
    if let Some(request) = checked(tuned.request()) {
        assert_eq!(query(&request).len(), 2 + text.matches(',').count());
    }
    if let Some(request) = checked(spotify.start_playback().context_uri(text).request()) {
        assert!(request.query().next().is_none(), "it is in the body");
    }
    if let Some(request) = checked(spotify.create_playlist(text).description(text).request()) {
        let body: serde_json::Value =
            request.body().and_then(|body| body.parse().ok()).expect("a body of JSON");
        assert_eq!(body, serde_json::json!({ "name": text, "description": text }));
    }
}

/// Checks that a request and its URL have the same parameters; `None` for an error.
fn checked(request: Result<Request, Error>) -> Option<Request> {
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            assert_message(&error);
            return None;
        }
    };
    let parameters: Vec<(String, String)> =
        request.query().map(|(key, value)| (key.to_owned(), value)).collect();
    assert_eq!(parameters, query(&request));
    let body = request.body().map_or(0, |body| body.len());
    // Each parameter is one line, so text cannot look like another parameter.
    if body == 0 {
        let shown = request.to_string();
        assert_eq!(shown.lines().count(), 1 + parameters.len(), "{shown:?}");
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    }
    Some(request)
}

/// Parses the URL with the HTTP client's parser.
fn uri(request: &Request) -> Uri {
    let url = request.url();
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'), "{url}");
    let uri: Uri = url.parse().unwrap_or_else(|error| panic!("{url}: {error}"));
    assert_eq!((uri.scheme_str(), uri.host()), (Some("https"), Some("api.spotify.com")));
    assert_eq!(uri.path(), request.path());
    uri
}

/// Returns the segments of the path, unescaped.
fn path(request: &Request) -> Vec<String> {
    let uri = uri(request);
    let segments = uri.path().strip_prefix('/').expect("a path begins with a slash").split('/');
    let segments: Vec<String> = segments.map(unescaped).collect();
    // Servers remove these segments, escaped or not.
    assert!(segments.iter().all(|segment| !matches!(&**segment, "" | "." | "..")), "{uri}");
    segments
}

fn query(request: &Request) -> Vec<(String, String)> {
    let uri = uri(request);
    let pairs = uri.query().into_iter().flat_map(|query| query.split('&'));
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').expect("a key has a value");
        (unescaped(key), unescaped(value))
    };
    pairs.map(pair).collect()
}

fn unescaped(text: &str) -> String {
    percent_decode_str(text).decode_utf8().expect("text was escaped").into_owned()
}
