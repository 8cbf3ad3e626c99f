//! Targets for recommended tracks.

use super::value::BadValue;
use crate::json::value::Value;
use crate::types::display::Quoted;
use crate::types::enums::TunableAttribute;

/// A minimum, maximum or target for an attribute of recommended tracks.
///
/// Create it with the methods of [`TunableAttribute`], or from text such as `min_energy=0.4`.
///
/// ```
/// # use tonearm::{*, param::*};
/// # let spotify = Spotify::from_token("token")?;
/// let request = spotify
///     .get_recommendations()
///     .seed_genres(["jazz"])
///     .tune([TunableAttribute::Energy.at_least(0.4), TunableAttribute::Tempo.target(120.0)])
///     .request()?;
/// assert_eq!(request.query_value("min_energy").as_deref(), Some("0.4"));
/// assert_eq!(request.query_value("target_tempo").as_deref(), Some("120"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    /// `min_energy`
    key: Box<str>,
    value: f64,
}

impl TunableAttribute {
    /// Selects only tracks with at least this value.
    pub fn at_least(self, value: f64) -> Tuning {
        Tuning { key: format!("min_{self}").into(), value }
    }

    /// Selects only tracks with at most this value.
    pub fn at_most(self, value: f64) -> Tuning {
        Tuning { key: format!("max_{self}").into(), value }
    }

    /// Prefers tracks with about this value.
    pub fn target(self, value: f64) -> Tuning {
        Tuning { key: format!("target_{self}").into(), value }
    }
}

impl Tuning {
    pub(super) fn to_value(&self) -> Result<Value, BadValue> {
        if self.value.is_finite() {
            Ok(Value::List(vec![Value::text(&self.key), Value::Number(self.value)]))
        } else {
            Err(BadValue::new(&self.key, "expected a finite number"))
        }
    }

    /// Parses text such as `min_energy=0.4`.
    pub(super) fn parse(text: &str) -> Result<Self, BadValue> {
        let tuning = text.split_once('=').and_then(|(key, value)| {
            let attribute =
                ["min_", "max_", "target_"].iter().find_map(|start| key.strip_prefix(start))?;
            attribute.parse::<TunableAttribute>().ok()?;
            Some(Tuning { key: key.into(), value: value.trim().parse().ok()? })
        });
        tuning.ok_or_else(|| {
            let problem = format_args!(
                "expected an attribute and a value such as `min_energy=0.4`, found {}",
                Quoted(text)
            );
            BadValue::new(text, problem)
        })
    }
}
