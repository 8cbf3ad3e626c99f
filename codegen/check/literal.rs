//! Whether a value is of the type of its parameter.

use super::super::diagnostics::phrase;
use super::super::read::{self, At, Literal};
use super::{Checker, Kind};

impl Checker<'_> {
    /// Checks an example or a default.
    pub(super) fn value_fits(
        &mut self,
        literal: &At<Literal>,
        kind: &Kind,
        param: &read::Param,
        what: &str,
    ) {
        let what = format!("{what} of `{}`", param.name.value);
        match &literal.value {
            Literal::List(elements) if param.list && !elements.is_empty() => {
                for element in elements {
                    self.literal_fits(element, kind, param, &what);
                }
            }
            _ if param.list => {
                let message = format!(
                    "{what} is a list of at least one value, as the parameter is, found {}",
                    literal.value.described()
                );
                self.problem(&literal.location, message);
            }
            _ => self.literal_fits(literal, kind, param, &what),
        }
    }

    fn literal_fits(
        &mut self,
        literal: &At<Literal>,
        kind: &Kind,
        param: &read::Param,
        what: &str,
    ) {
        let Some(wanted) = self.wanted(&literal.value, kind, param) else { return };
        let message = format!("{what} must be {wanted}, found {}", literal.value.described());
        self.problem(&literal.location, message);
    }

    /// What a parameter takes, if the value is not that.
    fn wanted(&self, literal: &Literal, kind: &Kind, param: &read::Param) -> Option<String> {
        let text = match literal {
            Literal::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let (fits, wanted) = match kind {
            Kind::Integer(ty) => {
                let (least, most) = type_range(&ty.to_string());
                let least = param.min.as_ref().map_or(least, |min| min.value.max(least));
                let most = param.max.as_ref().map_or(most, |max| max.value.min(most));
                // A range the wrong way round is told where it stands.
                let (least, most) = if least > most { type_range(&ty.to_string()) } else { (least, most) };
                let fits =
                    matches!(literal, Literal::Integer(number) if (least..=most).contains(number));
                (fits, format!("an integer from {least} to {most}"))
            }
            Kind::Boolean => {
                (matches!(literal, Literal::Boolean(_)), "`true` or `false`".to_owned())
            }
            Kind::Text => (text.is_some(), "a string".to_owned()),
            Kind::Id(index) => self.id_wanted(*index, text),
            Kind::Uri => self.uri_wanted(text, param),
            Kind::Market => {
                let is_market = |text: &str| {
                    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
                };
                (text.is_some_and(is_market), "two capital letters, as in \"FI\"".to_owned())
            }
            Kind::Timestamp => (
                text.is_some_and(is_timestamp),
                "a time of the form \"2017-05-26T00:00:00Z\"".to_owned(),
            ),
            Kind::TimestampedId => (
                is_timestamped(literal),
                "an id of 22 characters (0-9, a-z, A-Z), alone or in `{ id = \"…\", added_at = \"2017-05-26T00:00:00Z\" }`"
                    .to_owned(),
            ),
            // The smallest that is one; nobody wants a real cover in a table.
            Kind::Jpeg => (
                text.is_some_and(|text| text.starts_with("/9j/")),
                "the beginning of a JPEG in base64, as in \"/9j/2Q==\"".to_owned(),
            ),
            Kind::Tuning => (
                text.is_some_and(|text| text.contains('_') && text.contains('=')),
                "an attribute with a wish, as in \"min_energy=0.4\"".to_owned(),
            ),
            Kind::Enum(index) => {
                let enums = self.table.enums.get(*index).map(|enums| enums.values.as_slice());
                let enums = || enums.unwrap_or_default().iter().map(|word| word.word.as_str());
                (text.is_some_and(|text| enums().any(|word| word == text)), phrase::any_of(enums()))
            }
        };
        (!fits).then_some(wanted)
    }

    fn id_wanted(&self, index: usize, text: Option<&str>) -> (bool, String) {
        let base62 = self.table.ids.get(index).is_some_and(|id| id.base62);
        match base62 {
            true => {
                (text.is_some_and(is_base62), "an id of 22 characters (0-9, a-z, A-Z)".to_owned())
            }
            false => (text.is_some_and(|text| !text.is_empty()), "an id".to_owned()),
        }
    }

    fn uri_wanted(&self, text: Option<&str>, param: &read::Param) -> (bool, String) {
        let kinds = || param.kinds.iter().map(|kind| kind.value.as_str());
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
                None => self.poisoned.types.holds(kind),
            };
            let is_known = |kind: &str| self.table.ids.iter().any(|id| id.uri == kind);
            // Kinds that do not exist are told where they stand.
            is_form
                && (param.kinds.is_empty() || kinds().any(|word| word == kind || !is_known(word)))
        };
        let example = match kinds().next() {
            Some(kind) => self.table.ids.iter().find(|id| id.uri == kind),
            None => self.table.ids.first(),
        };
        let example = example.map(|id| format!(", as in \"spotify:{}:{}\"", id.uri, id.example));
        let wanted = match param.kinds.is_empty() {
            true => "a URI".to_owned(),
            false => format!("a URI of the kind {}", phrase::any_of(kinds())),
        };
        let wanted = wanted + &example.unwrap_or_default();
        (text.is_some_and(is_uri), wanted)
    }
}

pub(super) fn is_base62(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `2017-05-26T00:00:00Z`
fn is_timestamp(text: &str) -> bool {
    let pattern = "0000-00-00T00:00:00Z";
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(found, wanted)| match wanted {
            b'0' => found.is_ascii_digit(),
            _ => found == wanted,
        })
}

fn is_timestamped(literal: &Literal) -> bool {
    let is_text = |value: &At<Literal>, is_right: fn(&str) -> bool| matches!(&value.value, Literal::Text(text) if is_right(text));
    match literal {
        Literal::Text(text) => is_base62(text),
        Literal::Table(entries) => match &entries[..] {
            [(id, id_value), (at, at_value)] => {
                id == "id"
                    && at == "added_at"
                    && is_text(id_value, is_base62)
                    && is_text(at_value, is_timestamp)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The numbers that an integer type holds, as far as a table can say them.
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
