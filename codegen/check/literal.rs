//! Whether a value is of the type of its parameter.

use super::super::row::{self, At, Literal};
use super::{Checker, Kind};

impl Checker<'_> {
    /// Whether an example or default is of the parameter's type and in its range.
    pub(super) fn literal_fits(
        &mut self,
        literal: &At<Literal>,
        kind: &Kind,
        param: &row::Param,
        what: &str,
    ) {
        let wanted = match (kind, &literal.value) {
            (Kind::Integer(_), Literal::Integer(value)) => {
                let low = param.min.as_ref().is_some_and(|min| *value < min.value);
                let high = param.max.as_ref().is_some_and(|max| *value > max.value);
                if low || high {
                    let message = format!(
                        "{what} of `{}` is {value} and outside {}",
                        param.name.value,
                        range(param)
                    );
                    self.problem(&literal.place, message);
                }
                return;
            }
            (Kind::Integer(_), _) => "an integer".to_owned(),
            (Kind::Boolean, Literal::Boolean(_)) | (Kind::Text, Literal::Text(_)) => return,
            (Kind::Boolean, _) => "`true` or `false`".to_owned(),
            (Kind::Text, _) => "a string".to_owned(),
            (Kind::Id(index), Literal::Text(text))
                if !self.table.ids[*index].base62 || is_base62(text) =>
            {
                return;
            }
            (Kind::Id(index), _) if self.table.ids[*index].base62 => {
                "an id of 22 characters (0-9, a-z, A-Z)".to_owned()
            }
            (Kind::Id(_), _) => "a string".to_owned(),
            (Kind::Uri, Literal::Text(text)) if text.starts_with("spotify:") => return,
            (Kind::Uri, _) => "a URI such as \"spotify:track:…\"".to_owned(),
            (Kind::Market, Literal::Text(text))
                if text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) =>
            {
                return;
            }
            (Kind::Market, _) => "two capital letters".to_owned(),
            (Kind::Timestamp, Literal::Text(text)) if text.ends_with('Z') => return,
            (Kind::Timestamp, _) => "a time such as \"2017-05-26T00:00:00Z\"".to_owned(),
            (Kind::TimestampedId, literal) if is_timestamped(literal) => return,
            (Kind::TimestampedId, _) => "an id, or `{ id = …, added_at = … }`".to_owned(),
            (Kind::Words(index), literal) => {
                let words = &self.table.words[*index].values;
                if matches!(literal, Literal::Text(text) if words.iter().any(|word| word.word == *text))
                {
                    return;
                }
                let words =
                    words.iter().map(|word| format!("\"{}\"", word.word)).collect::<Vec<_>>();
                format!("one of {}", words.join(", "))
            }
        };
        self.problem(&literal.place, format!("{what} of `{}` must be {wanted}", param.name.value));
    }
}

pub(super) fn is_base62(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_timestamped(literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) => is_base62(text),
        Literal::Table(entries) => {
            matches!(&entries[..], [(id, Literal::Text(text)), (at, Literal::Text(_))]
                if id == "id" && is_base62(text) && at == "added_at")
        }
        _ => false,
    }
}

fn range(param: &row::Param) -> String {
    match (&param.min, &param.max) {
        (Some(min), Some(max)) => format!("{} to {}", min.value, max.value),
        (Some(min), None) => format!("{} and more", min.value),
        (None, Some(max)) => format!("{} and less", max.value),
        (None, None) => "no range".to_owned(),
    }
}
