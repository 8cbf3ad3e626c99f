//! The request of a fallback endpoint, in place of an endpoint that is not available to this app.

use std::borrow::Cow;

use percent_encoding::utf8_percent_encode;

use crate::endpoint::{Endpoint, Fallback, ParamInfo, ParamKind};
use crate::json::value::Value;
use crate::types::id::SEGMENT;

/// Maps the values of the call to the parameters of the fallback endpoint, or returns the name of an option that
/// the fallback endpoint does not support.
pub(super) fn map_params(
    endpoint: &Endpoint,
    fallback: &Fallback,
    values: &[(usize, Value)],
) -> Result<Vec<(usize, Value)>, Cow<'static, str>> {
    let mut mapped = Vec::with_capacity(values.len());
    for (index, value) in values {
        if fallback.owner_only.is_some_and(|owner| owner.param == *index) {
            continue;
        }
        let Some(source) = endpoint.params.get(*index) else { continue };
        let rule = fallback.params.iter().find(|rule| rule.from == *index);
        let target = rule.and_then(|rule| Some((rule, fallback.endpoint.params.get(rule.to)?)));
        let Some((rule, target)) = target else {
            // The default means the same whether it is sent or not.
            if source.default == Some(&*value.to_string()) {
                continue;
            }
            return Err(source.name.clone());
        };
        let map = |value| map_value(value, source, target, rule.prefix);
        let value = match value {
            Value::List(values) => Value::List(values.iter().map(map).collect::<Result<_, _>>()?),
            value if target.list => Value::List(vec![map(value)?]),
            value => map(value)?,
        };
        mapped.push((rule.to, value));
    }
    Ok(mapped)
}

fn map_value(
    value: &Value,
    source: &ParamInfo,
    target: &ParamInfo,
    prefix: &str,
) -> Result<Value, Cow<'static, str>> {
    Ok(match value {
        // An id with fields beside it, for a parameter that takes an id alone.
        Value::Object(fields) if source.kind != target.kind => match fields.as_slice() {
            [(_, id)] => map_value(id, source, target, prefix)?,
            [_, (field, _), ..] => return Err(field.clone()),
            [] => return Err(source.name.clone()),
        },
        Value::Text(text) if !prefix.is_empty() => match target.kind {
            ParamKind::Uri => {
                let id = utf8_percent_encode(text.as_str(), SEGMENT);
                Value::text(&format!("{prefix}{id}"))
            }
            _ => Value::text(&format!("{prefix}{}", text.as_str())),
        },
        value => value.clone(),
    })
}
