//! Prints requests as text, for dry runs.

use std::fmt::{self, Display, Formatter};

use percent_encoding::percent_decode_str;

use super::{Body, Request};
use crate::json::value::Value;
use crate::types::display::Escaped;

impl Display for Request {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = percent_decode_str(&self.path).decode_utf8_lossy();
        let line = |text: &str| Escaped(text, usize::MAX).to_string();
        write!(f, "{} {}{}", self.method(), self.base.path(), line(&path))?;
        for (key, value) in &self.query {
            match value {
                Value::List(values) => write_values(f, key, values)?,
                value => write_values(f, key, std::slice::from_ref(value))?,
            }
        }
        if let Some(Body::Text { content_type, text }) = &self.body {
            write_text(f, content_type, &text.to_string())?;
        }
        if let Some(Body::Json(body)) = &self.body {
            // Serializing a `Value` does not fail.
            let text =
                serde_json::to_string_pretty(&shortened(body, f.alternate())).unwrap_or_default();
            text.lines().try_for_each(|line| write!(f, "\n    {line}"))?;
        }
        Ok(())
    }
}

/// Writes a parameter. Of more than five values it writes the first two and the last, except in alternate form.
pub(crate) fn write_values<T: Display>(
    f: &mut Formatter<'_>,
    key: &str,
    values: &[T],
) -> fmt::Result {
    let line = |value: &T| Escaped(&value.to_string(), usize::MAX).to_string();
    write!(f, "\n    {} = ", Escaped(key, usize::MAX))?;
    match values {
        [first, second, .., last] if values.len() > 5 && !f.alternate() => {
            let (first, second, last) = (line(first), line(second), line(last));
            write!(f, "{first},{second},…,{last} ({} values)", values.len())
        }
        values => f.write_str(&values.iter().map(line).collect::<Vec<_>>().join(",")),
    }
}

/// Writes the beginning of a body that isn't JSON.
pub(crate) fn write_text(f: &mut Formatter<'_>, content_type: &str, text: &str) -> fmt::Result {
    let shown = Escaped(text, 40);
    write!(f, "\n    {content_type}: {shown} ({} characters)", text.len())
}

/// Shortens long lists in a body, unless `whole` is set.
fn shortened(body: &Value, whole: bool) -> Value {
    match body {
        Value::Object(fields) => Value::Object(
            fields.iter().map(|(key, value)| (key.clone(), shortened(value, whole))).collect(),
        ),
        Value::List(values) if values.len() > 5 && !whole => Value::List(vec![
            values[0].clone(),
            values[1].clone(),
            Value::text(&format!("… ({} more)", values.len() - 3)),
            values[values.len() - 1].clone(),
        ]),
        other => other.clone(),
    }
}
