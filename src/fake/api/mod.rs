//! The endpoints of the Web API.

pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod development;
pub(crate) mod fields;
pub(crate) mod items;
pub(crate) mod library;
pub(crate) mod objects;
pub(crate) mod objects_full;
pub(crate) mod own;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod player;
pub(crate) mod playlists;
pub(crate) mod recommendations;
pub(crate) mod route;
pub(crate) mod search;
pub(crate) mod template;

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::endpoint::{Endpoint, Method};
use crate::fake::http::{ADMIN, Incoming, Response};
use crate::fake::lock::lock;
use crate::fake::state::State;
use crate::json::value::Value;
use crate::types::id::SpotifyUri;
use check::Call;
use development::forbidden;
use objects::View;
use route::Target;

/// The body of a successful response.
pub(crate) enum Body {
    Empty,
    Json(Value),
    /// The whole body, with fields beside the one that [`Endpoint::pointer`] names.
    WholeJson(Value),
    /// A response whose status is not the one of the endpoint.
    Response(Response),
}

pub(crate) type Outcome = Result<Body, Response>;

/// Responds to the calls of one endpoint.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Runs on a copy of the state, while other threads change it.
    Read(fn(&State, &Call<'_>, &View<'_>) -> Outcome),
    /// Runs alone.
    Write(fn(&mut State, &Call<'_>, &View<'_>) -> Outcome),
}

type Handlers = &'static [(&'static Endpoint, Handler)];

const HANDLERS: [Handlers; 5] =
    [catalog::HANDLERS, search::HANDLERS, library::HANDLERS, playlists::HANDLERS, player::HANDLERS];

fn ok_json(json: impl Into<Value>) -> Outcome {
    Ok(Body::Json(json.into()))
}

fn not_found(what: &str) -> Response {
    Response::error(404, &format!("{what} not found"))
}

/// Responds to a call. `base` is the base URL in links. Also returns the URIs that the user's own library contains without
/// an object, if the response should contain their objects.
pub(crate) fn respond(
    state: &Mutex<State>,
    call: &Call<'_>,
    base: &str,
) -> (Response, Vec<SpotifyUri>) {
    let missing = RefCell::default();
    let response = response(call, outcome(state, call, base, &missing));
    (response, missing.into_inner())
}

fn response(call: &Call<'_>, outcome: Outcome) -> Response {
    let status = call.endpoint.success.first().copied().unwrap_or(200);
    match outcome {
        Ok(Body::Empty) => Response::empty(status),
        Ok(Body::Json(json)) => {
            let json = call.mode.stripped(json);
            let json = match call.selected() {
                Some(fields) => fields::filtered(json, fields),
                None => json,
            };
            let json = match call.endpoint.pointer.as_deref() {
                Some("[0]") => Value::List(vec![json]),
                Some(field) => Value::Object(vec![(field.to_owned().into(), json)]),
                None => json,
            };
            Response::json(status, &json)
        }
        Ok(Body::WholeJson(json)) => Response::json(status, &call.mode.stripped(json)),
        Ok(Body::Response(response)) | Err(response) => response,
    }
}

fn outcome(
    state: &Mutex<State>,
    call: &Call<'_>,
    base: &str,
    missing: &RefCell<Vec<SpotifyUri>>,
) -> Outcome {
    let mut state = lock(state);
    state.advance_to_now();
    let playlist = call.subject().and_then(|uri| state.playlists.find(uri));
    let is_foreign = playlist.is_some_and(|n| !state.playlists.can_edit(n));
    if is_foreign && call.mode.is_owner_only(call.endpoint) {
        let error = playlist.and_then(|n| playlists::unavailable(&state.catalog, n));
        return Err(error.unwrap_or_else(forbidden));
    }
    let carried = page::carried(call);
    let catalog = Arc::clone(&state.catalog);
    let view = View {
        catalog: &catalog,
        me: state.me,
        base,
        scopes: call.scopes,
        mode: call.mode,
        is_of_app: call.is_of_app,
        market: call.market(),
        locale: page::locale(call).map(|(_, locale)| locale),
        carried: &carried,
        missing,
    };
    // Requests about the user's own items do not need the objects.
    if call.endpoint.method == Method::Get && !call.endpoint.path.starts_with("/me/") {
        call.uris().for_each(|uri| view.report(uri));
    }
    let mut handlers = HANDLERS.into_iter().flatten();
    match handlers.find(|(endpoint, _)| std::ptr::eq(*endpoint, call.endpoint)) {
        Some((_, Handler::Write(respond))) => respond(&mut state, call, &view),
        Some((_, Handler::Read(respond))) => {
            let state = {
                let locked = state;
                locked.clone()
            };
            respond(&state, call, &view)
        }
        // Endpoints that a program adds with `TONEARM_SPEC` have no handler.
        None => Err(not_scripted("script", &call.endpoint.path)),
    }
}

/// The response of a custom endpoint without a script. `script` is the method of the server that starts one.
pub(crate) fn not_scripted(script: &str, path: &str) -> Response {
    let message = format!(
        "The fake Spotify server has no response for the custom endpoint `{path}`; script one with \
         `server.{script}(\"{path}\").then(Reply::new(200).body(\"{{}}\"))`, or over HTTP with `POST {ADMIN}/{script}`"
    );
    Response::error(501, &message)
}

/// Returns the response to a request for an image, which needs no token: the one that a user has uploaded, or a made-up
/// JPEG of one pixel.
pub(crate) fn image(
    incoming: &Incoming,
    target: &Target,
    uploaded: impl FnOnce(u64) -> Option<Arc<[u8]>>,
) -> Option<Response> {
    let number = target.path.strip_prefix(objects::IMAGES)?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_number || incoming.method != "GET" {
        return None;
    }
    let seed = number.get(..16).and_then(|seed| u64::from_str_radix(seed, 16).ok());
    let image = match seed.and_then(uploaded) {
        Some(image) => image.to_vec(),
        None => BASE64.decode(PIXEL).ok()?,
    };
    Some(Response::empty(200).with_header("content-type", "image/jpeg").with_body(image))
}

const PIXEL: &str = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////\
    ////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q==";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::ENDPOINTS;

    #[test]
    fn every_endpoint_has_one_handler() {
        let handlers: Vec<_> = HANDLERS.into_iter().flatten().map(|(of, _)| *of).collect();
        for endpoint in ENDPOINTS {
            let count = handlers.iter().filter(|of| std::ptr::eq(**of, *endpoint)).count();
            assert_eq!(count, 1, "handlers of {}", endpoint.name);
        }
        assert_eq!(handlers.len(), ENDPOINTS.len());
    }
}
