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
pub(crate) mod route;
pub(crate) mod template;

use crate::endpoint::Endpoint;
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::json::value::Value;
use check::Call;
use development::forbidden;
use objects::View;

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
type Handler = fn(&mut State, &Call<'_>, &View<'_>) -> Outcome;

type Handlers = &'static [(&'static Endpoint, Handler)];

const HANDLERS: [Handlers; 4] =
    [catalog::HANDLERS, library::HANDLERS, playlists::HANDLERS, player::HANDLERS];

fn ok_json(json: impl Into<Value>) -> Outcome {
    Ok(Body::Json(json.into()))
}

fn not_found(what: &str) -> Response {
    Response::error(404, &format!("{what} not found"))
}

/// Responds to a call. `origin` is that of this server.
pub(crate) fn respond(state: &mut State, call: &Call<'_>, origin: &str) -> Response {
    let status = call.endpoint.success.first().copied().unwrap_or(200);
    match outcome(state, call, origin) {
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

fn outcome(state: &mut State, call: &Call<'_>, origin: &str) -> Outcome {
    let playlist = call.subject().and_then(|uri| state.playlists.find(uri));
    let is_foreign = playlist.is_some_and(|n| !state.playlists.can_edit(n));
    if is_foreign && call.mode.is_owner_only(call.endpoint) {
        let error = playlist.and_then(|n| playlists::unavailable(state.catalog, n));
        return Err(error.unwrap_or_else(forbidden));
    }
    let carried = page::carried(call);
    let view = View {
        catalog: state.catalog,
        me: state.me,
        base: &format!("{origin}{}", route::ROOT),
        scopes: call.scopes,
        mode: call.mode,
        has_market: call.has_market(),
        carried: &carried,
    };
    let mut handlers = HANDLERS.into_iter().flatten();
    match handlers.find(|(endpoint, _)| std::ptr::eq(*endpoint, call.endpoint)) {
        Some((_, handler)) => handler(state, call, &view),
        // Endpoints that a program adds with `TONEARM_SPEC` have no handler.
        None => {
            let name = &call.endpoint.name;
            Err(Response::error(
                501,
                &format!("The fake Spotify server has no handler for `{name}`"),
            ))
        }
    }
}

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
