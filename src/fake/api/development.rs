//! The effects of the app's quota mode: unavailable endpoints, lower limits and missing fields.

use crate::client::QuotaMode;
use crate::endpoint::{Availability, Endpoint, ParamInfo};
use crate::fake::http::Response;
use crate::json::value::Value;
use crate::model::shape::MODELS;

/// The endpoints to which the app has access.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) mode: QuotaMode,
    /// `true` if the app had extended access before 27 November 2024.
    pub(crate) is_legacy: bool,
}

impl Access {
    /// Returns the error response of an endpoint, if it is not available to the app.
    pub(crate) fn unavailable(self, endpoint: &Endpoint) -> Option<Response> {
        // Spotify still serves some endpoints that it has replaced.
        let still_works =
            endpoint.fallback.as_ref().is_some_and(|fallback| fallback.original_still_works);
        let is_extended = self.mode != QuotaMode::Development;
        let is_available = match endpoint.availability {
            Availability::All => true,
            Availability::ExtendedQuota => is_extended,
            Availability::Legacy => is_extended && self.is_legacy,
        };
        if is_available || still_works {
            return None;
        }
        Some(match endpoint.unavailable_status {
            403 => forbidden(),
            // Spotify sends no body.
            status => Response::empty(status),
        })
    }
}

// The quota mode of the app that a server responds to. `Auto` means extended quota mode.
impl QuotaMode {
    /// The maximum of a parameter.
    pub(crate) fn max(self, param: &ParamInfo) -> Option<i64> {
        param.development_max.filter(|_| self == QuotaMode::Development).or(param.max)
    }

    /// Returns whether an endpoint accepts only playlists that the user owns or collaborates on.
    pub(crate) fn is_owner_only(self, endpoint: &Endpoint) -> bool {
        self == QuotaMode::Development && endpoint.params.iter().any(|param| param.owner_only)
    }

    /// Removes the fields that the app does not get.
    pub(crate) fn stripped(self, mut json: Value) -> Value {
        if self == QuotaMode::Development {
            strip(&mut json);
        }
        json
    }
}

/// The error for an unavailable endpoint, and for a playlist of another user.
pub(crate) fn forbidden() -> Response {
    Response::error(403, "Forbidden")
}

/// Returns `true` if objects of a type lack this field. Users have all fields, contrary to Spotify's documentation.
fn is_stripped(kind: &str, key: &str) -> bool {
    let models = MODELS.iter().filter(|model| model.kind == Some(kind));
    models.flat_map(|model| model.fields).any(|field| field.extended.contains(&key))
}

/// Removes the fields that apps in development mode do not get, at any depth.
fn strip(json: &mut Value) {
    match json {
        Value::List(values) => values.iter_mut().for_each(strip),
        Value::Object(fields) => {
            let kind = fields.iter().find_map(|(key, value)| match value {
                Value::Text(kind) if *key == "type" => Some(kind.as_str()),
                _ => None,
            });
            if let Some(kind) = kind.map(str::to_owned) {
                fields.retain(|(key, _)| !is_stripped(&kind, key));
            }
            fields.iter_mut().for_each(|(_, value)| strip(value));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::value::json_object;

    #[test]
    fn fields_are_removed_by_object_type_at_any_depth() {
        let track = || {
            json_object! {
                "type": "track",
                "name": "a",
                "linked_from": json_object! { "type": "track", "id": "b", "popularity": 1_usize },
                "artists": vec![json_object! { "type": "artist", "id": "c", "genres": Value::Null }],
                "popularity": 2_usize,
            }
        };
        let page = || json_object! { "items": vec![json_object! { "item": track() }, Value::Null] };
        let user = || json_object! { "type": "user", "followers": 3_usize, "popularity": 4_usize };
        let json = || json_object! { "tracks": page(), "added_by": user(), "label": "d" };
        let all = json().to_json();
        assert_eq!(QuotaMode::Extended.stripped(json()).to_json(), all);
        assert_eq!(
            QuotaMode::Development.stripped(json()).to_json(),
            r#"{"tracks":{"items":[{"item":{"type":"track","name":"a","artists":[{"type":"artist","id":"c"}]}},null]},"added_by":{"type":"user","followers":3,"popularity":4},"label":"d"}"#,
        );
    }
}
