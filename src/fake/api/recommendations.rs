//! Recommendations: tracks that pass the filters of a request, in an order that depends on its seeds and targets.

use super::check::Call;
use super::objects::View;
use super::params::invalid;
use super::{Outcome, ok_json};
use crate::endpoint::{Endpoint, ParamKind};
use crate::fake::catalog::{id_of, mixed};
use crate::fake::http::Response;
use crate::fake::state::State;
use crate::json::value::{Value, json_object};

pub(super) fn respond(_: &State, call: &Call<'_>, view: &View<'_>) -> Outcome {
    let tunings = tunings(call)?;
    let pool = view.catalog.drawn_tracks;
    let mut fitting: Vec<(usize, f64)> =
        (0..pool).filter_map(|n| Some((n, distance(n, &tunings, view)?))).collect();
    let after_filtering = fitting.len();
    if let Some(market) = view.market {
        fitting.retain(|(n, _)| view.catalog.markets_of_track(*n).contains(market));
    }
    let sizes = [pool, after_filtering, fitting.len()];
    let mut seeds = Vec::new();
    let mut mix = 11;
    let mut seed = |kind: &'static str, id: &str, href: Value| {
        mix = id.bytes().fold(mix, |mix, byte| mixed(mix ^ u64::from(byte)));
        let [initial, filtered, relinked] = sizes;
        seeds.push(json_object! {
            "initialPoolSize": initial, "afterFilteringSize": filtered, "afterRelinkingSize": relinked,
            "id": id, "type": kind, "href": href,
        });
    };
    for (key, kind, path) in
        [("seed_artists", "ARTIST", "artists"), ("seed_tracks", "TRACK", "tracks")]
    {
        for item in call.items_of(key) {
            let id = id_of(&item.uri);
            seed(kind, &id, format!("{}/{path}/{id}", view.base).into());
        }
    }
    call.texts("seed_genres").iter().for_each(|genre| seed("GENRE", genre, Value::Null));
    // The nearest to the targets first. Without targets, all distances are 0.
    let rank = |n: usize| mixed(mix ^ u64::try_from(n).unwrap_or(0));
    fitting
        .sort_by(|(a, near), (b, far)| near.total_cmp(far).then_with(|| rank(*a).cmp(&rank(*b))));
    let chosen = fitting.into_iter().take(call.number("limit")).map(|(n, _)| view.track(n));
    ok_json(json_object! { "seeds": seeds, "tracks": chosen.collect::<Value>() })
}

/// A target for an attribute of the tracks.
struct Tuning<'a> {
    prefix: &'static str,
    attribute: &'a str,
    target: f64,
}

/// The prefixes of the keys of targets.
const PREFIXES: [&str; 3] = ["min_", "max_", "target_"];

/// Reads the targets, each of which has its own key: `min_energy=0.4`.
fn tunings<'a>(call: &'a Call<'_>) -> Result<Vec<Tuning<'a>>, Response> {
    if !accepts_tunings(call.endpoint) {
        return Ok(Vec::new());
    }
    let pairs = call.target.query.iter().filter_map(|(key, value)| {
        let mut prefixes = PREFIXES.into_iter();
        let (prefix, attribute) =
            prefixes.find_map(|prefix| Some((prefix, key.strip_prefix(prefix)?)))?;
        let target = value.parse::<f64>().ok().filter(|target| target.is_finite());
        Some(match target {
            Some(target) => Ok(Tuning { prefix, attribute, target }),
            None => Err(invalid(key)),
        })
    });
    pairs.collect()
}

fn accepts_tunings(endpoint: &Endpoint) -> bool {
    endpoint.params.iter().any(|param| param.kind == ParamKind::Tuning)
}

/// Returns the distance of a track from the targets; `None` if it exceeds a minimum or a maximum. An unknown attribute
/// has no effect.
fn distance(n: usize, tunings: &[Tuning<'_>], view: &View<'_>) -> Option<f64> {
    let mut distance = 0.0;
    for Tuning { prefix, attribute, target } in tunings {
        let Some(value) = view.sound(n, attribute) else { continue };
        match *prefix {
            "min_" if value < *target => return None,
            "max_" if value > *target => return None,
            "target_" => distance += (value - target).abs() / target.abs().max(1.0),
            _ => {}
        }
    }
    Some(distance)
}
