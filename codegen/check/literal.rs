//! Checks that a value has the type of its parameter.

use super::super::diagnostics::{calendar, phrase};
use super::super::read::{At, Literal};
use super::super::table::{Kind, Param};
use super::Checker;

impl Checker<'_> {
    /// Checks an example, a default or a preset.
    pub(super) fn value_fits(&self, literal: &At<Literal>, param: &Param, what: &str) {
        let Some(kind) = &param.kind else { return };
        let what = format!("{what} of `{}`", param.name.value);
        let elements = match &literal.value {
            Literal::List(elements) if param.list && !elements.is_empty() => elements.as_slice(),
            _ if param.list => {
                let message = format!(
                    "{what} is a list of at least one value, as the parameter is, found {}",
                    literal.value.described()
                );
                self.problem(&literal.location, message);
                return;
            }
            _ => std::slice::from_ref(literal),
        };
        for element in elements {
            if let Some(expected) = self.expected(&element.value, kind, param) {
                let found = element.value.described();
                let message = format!("{what} must be {expected}, found {found}");
                self.problem(&element.location, message);
            }
        }
    }

    /// Returns a description of the accepted values, if the value is not one of them.
    fn expected(&self, literal: &Literal, kind: &Kind, param: &Param) -> Option<String> {
        let text = match literal {
            Literal::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let (fits, expected) = match kind {
            Kind::Integer(ty) => {
                let (least, most) = type_range(&ty.to_string());
                let least = param.min.map_or(least, |min| min.max(least));
                let most = param.max.map_or(most, |max| max.min(most));
                // A `min` above `max` is reported separately.
                let (least, most) =
                    if least > most { type_range(&ty.to_string()) } else { (least, most) };
                let fits =
                    matches!(literal, Literal::Integer(number) if (least..=most).contains(number));
                (fits, format!("an integer from {least} to {most}"))
            }
            Kind::Boolean => {
                (matches!(literal, Literal::Boolean(_)), "`true` or `false`".to_owned())
            }
            Kind::Text => (text.is_some(), "a string".to_owned()),
            Kind::Id(id) if id.base62 => {
                (text.is_some_and(is_base62), "an id of 22 characters (0-9, a-z, A-Z)".to_owned())
            }
            Kind::Id(_) => (text.is_some_and(|text| !text.is_empty()), "an id".to_owned()),
            Kind::Uri => self.uri_expected(text, param),
            Kind::Market => {
                let is_market = |text: &str| {
                    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
                };
                (text.is_some_and(is_market), "two uppercase letters, as in \"FI\"".to_owned())
            }
            Kind::Timestamp => (
                text.is_some_and(is_timestamp),
                format!("a time of the form \"2017-05-26T00:00:00Z\"{}", with_range(text)),
            ),
            Kind::TimestampedId => (
                is_timestamped(literal),
                format!(
                    "an id of 22 characters (0-9, a-z, A-Z), alone or in `{{ id = \"…\", added_at = \"2017-05-26T00:00:00Z\" }}`{}",
                    with_range(added_at(literal))
                ),
            ),
            // The smallest value: an example needs no real picture.
            Kind::Jpeg => (
                text.is_some_and(|text| text.starts_with("/9j/")),
                "the beginning of a JPEG in base64, as in \"/9j/2Q==\"".to_owned(),
            ),
            Kind::Tuning => (
                text.is_some_and(|text| text.contains('_') && text.contains('=')),
                "an attribute with a target, as in \"min_energy=0.4\"".to_owned(),
            ),
            Kind::OneOf(known) => {
                let values = || known.values.iter().map(|value| value.value.as_str());
                (text.is_some_and(|text| values().any(|v| v == text)), phrase::any_of(values()))
            }
        };
        (!fits).then_some(expected)
    }

    fn uri_expected(&self, text: Option<&str>, param: &Param) -> (bool, String) {
        let kinds = || param.kinds.iter().map(String::as_str);
        let is_uri = |text: &str| {
            let Some((kind, id)) =
                text.strip_prefix("spotify:").and_then(|text| text.split_once(':'))
            else {
                return false;
            };
            let form = self.table.ids.iter().find(|known| known.uri == kind);
            let is_form = match form {
                Some(form) if form.base62 => is_base62(id),
                Some(_) => !id.is_empty(),
                None => self.poisoned.is_type(kind),
            };
            let is_known = |kind: &str| self.table.ids.iter().any(|id| id.uri == kind);
            // Unknown kinds are reported separately.
            is_form
                && (param.kinds.is_empty() || kinds().any(|word| word == kind || !is_known(word)))
        };
        let example = match kinds().next() {
            Some(kind) => self.table.ids.iter().find(|id| id.uri == kind),
            None => self.table.ids.first(),
        };
        let example = example.map(|id| format!(", as in \"spotify:{}:{}\"", id.uri, id.example));
        let expected = if param.kinds.is_empty() {
            "a URI".to_owned()
        } else {
            format!("a URI of the kind {}", phrase::any_of(kinds()))
        };
        let expected = expected + &example.unwrap_or_default();
        (text.is_some_and(is_uri), expected)
    }
}

pub(super) fn is_base62(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Returns whether the text is a time such as `2017-05-26T00:00:00Z`.
fn is_timestamp(text: &str) -> bool {
    let is_form = text.len() == "2017-05-26T00:00:00Z".len() && text.contains('T');
    is_form && text.ends_with('Z') && calendar::parse(text).is_ok()
}

/// Returns the range of the part that is outside it, if the text has the form of a time.
fn with_range(text: Option<&str>) -> String {
    let outside = text.and_then(|text| calendar::parse(text).err().flatten());
    outside.map_or(String::new(), |range| format!(" with {range}"))
}

fn is_timestamped(literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) => is_base62(text),
        Literal::Table(entries) => match &entries[..] {
            [(id, At { value: Literal::Text(text), .. }), _] => {
                id == "id" && is_base62(text) && added_at(literal).is_some_and(is_timestamp)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Returns the time of an id with a time.
fn added_at(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Table(entries) => match &entries[..] {
            [_, (key, At { value: Literal::Text(text), .. })] if key == "added_at" => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the range of an integer type. TOML integers have 64 bits with a sign, so the range of `u64` is cut.
pub(super) fn type_range(ty: &str) -> (i64, i64) {
    match ty {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "u64" => (0, i64::MAX),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}
