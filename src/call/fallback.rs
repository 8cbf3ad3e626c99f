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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{FOLLOW_USERS, GET_PLAYLIST_TRACKS, SAVE_TRACKS};

    fn mapped(
        endpoint: &Endpoint,
        values: &[(usize, Value)],
    ) -> Result<Vec<(usize, Value)>, Cow<'static, str>> {
        map_params(endpoint, endpoint.fallback.as_ref().unwrap(), values)
    }

    #[test]
    fn field_that_the_fallback_lacks_is_reported() {
        let id = || Value::text("4iV5W9uYEdYUVa79Axb7Rh");
        let timed =
            Value::Object(vec![("id".into(), id()), ("added_at".into(), Value::text("2010"))]);
        let list = |values| [(0, Value::List(values))];
        assert_eq!(mapped(&SAVE_TRACKS, &list(vec![id(), timed])), Err("added_at".into()));
        let alone = Value::Object(vec![("id".into(), id())]);
        let uri = Value::text("spotify:track:4iV5W9uYEdYUVa79Axb7Rh");
        assert_eq!(
            mapped(&SAVE_TRACKS, &list(vec![id(), alone])),
            Ok(vec![(0, Value::List(vec![uri.clone(), uri]))])
        );
    }

    #[test]
    fn user_ids_are_escaped_in_uris() {
        let uris = mapped(&FOLLOW_USERS, &[(0, Value::List(vec![Value::text("a,b é")]))]);
        let uri = Value::text("spotify:user:a%2Cb%20%C3%A9");
        assert_eq!(uris, Ok(vec![(0, Value::List(vec![uri]))]));
    }

    #[test]
    fn numbers_are_mapped_unchanged() {
        let index = |endpoint: &Endpoint, name| {
            endpoint.params.iter().position(|p| p.name == name).unwrap()
        };
        let fallback = GET_PLAYLIST_TRACKS.fallback.unwrap();
        let limit = index(&GET_PLAYLIST_TRACKS, "limit");
        assert_eq!(
            mapped(&GET_PLAYLIST_TRACKS, &[(limit, Value::Integer(7))]),
            Ok(vec![(index(fallback.endpoint, "limit"), Value::Integer(7))])
        );
    }
}
