//! Validates the values of parameters by the rules of the endpoint.

use super::Call;
use crate::client::QuotaMode;
use crate::endpoint::{ParamInfo, ParamKind, ParamLocation};
use crate::error::Error;
use crate::json::value::Value;
use crate::types::display::Quoted;
use crate::types::id::uri_kind;

impl Call {
    /// Returns the values of all parameters, or the error of the first rule that one breaks.
    pub(super) fn validated(&self) -> Result<Vec<(usize, Value)>, Error> {
        let mut values = Vec::with_capacity(self.values.len());
        for (index, param) in self.endpoint.params.iter().enumerate() {
            match self.values.iter().find(|(at, _)| *at == index) {
                Some((_, Ok(value))) => {
                    self.check(index, param, value)?;
                    values.push((index, value.clone()));
                }
                Some((_, Err(bad))) if bad.is_too_large => {
                    return Err(self.out_of_range(index, param, &bad.value));
                }
                Some((_, Err(bad))) => {
                    return Err(self.invalid(param.name.clone(), &bad.value, &bad.problem));
                }
                None => {
                    let default = self.spotify.default_for(self.endpoint.method, param.kind);
                    let value = default.or_else(|| param.preset.map(Value::text));
                    values.extend(value.map(|value| (index, value)));
                }
            }
        }
        self.check_together(&values)?;
        Ok(values)
    }

    /// Checks the rules about several parameters.
    fn check_together(&self, values: &[(usize, Value)]) -> Result<(), Error> {
        let params = &self.endpoint.params;
        let is_given = |index: &usize| values.iter().any(|(given, _)| given == index);
        let mut required = (0..).zip(params.iter()).filter(|(_, param)| param.required);
        if let Some((_, param)) = required.find(|(index, _)| !is_given(index)) {
            return Err(self.invalid(param.name.clone(), "", "expected a value, found none"));
        }
        let given = || values.iter().filter_map(|(index, _)| params.get(*index));
        for (index, value) in values {
            let is_split = self.endpoint.batch.is_some_and(|chunk| chunk.param == *index);
            if let (Value::List(list), Some(param)) = (value, params.get(*index))
                && list.is_empty()
                && !is_split
                && !self.endpoint.is_custom()
            {
                let problem = match param.required {
                    true => "expected at least one value, found an empty list",
                    false => "expected at least one value, found an empty list; leave it out",
                };
                return Err(self.invalid(param.name.clone(), "", problem));
            }
        }
        for param in given() {
            if let Some(other) = given().find(|other| param.excludes.contains(&&*other.name)) {
                let problem =
                    format!("expected no `{}` beside it, found both; leave one out", other.name);
                return Err(self.invalid(param.name.clone(), "", &problem));
            }
        }
        self.check_any(values)?;
        let Some(total) = self.endpoint.sum_limit else { return Ok(()) };
        let amount = |index: &usize| match values.iter().find(|(at, _)| at == index) {
            Some((_, Value::Integer(number))) => *number,
            Some((_, Value::List(values))) => i64::try_from(values.len()).unwrap_or(i64::MAX),
            _ => params.get(*index).and_then(|param| param.default?.parse().ok()).unwrap_or(0),
        };
        let sum = total.params.iter().map(amount).fold(0, i64::saturating_add);
        if (total.min..=total.max).contains(&sum) {
            return Ok(());
        }
        let names: Vec<_> = total.params.iter().filter_map(|index| params.get(*index)).collect();
        let together = names.iter().map(|param| format!("`{}`", param.name)).collect::<Vec<_>>();
        let last = names.last().map_or(&self.endpoint.name, |param| &param.name);
        let range = match total.min {
            0 => format!("at most {}", total.max),
            min => format!("from {min} to {}", total.max),
        };
        let problem =
            format!("expected the sum of {} to be {range}, found {sum}", together.join(" and "));
        Err(self.invalid(last.clone(), &sum.to_string(), &problem))
    }

    /// An error if the endpoint requires at least one of several parameters, and none is set.
    fn check_any(&self, values: &[(usize, Value)]) -> Result<(), Error> {
        let wanted = self.endpoint.any_of;
        if values.iter().any(|(index, _)| wanted.contains(index)) {
            return Ok(());
        }
        let names = wanted.iter().filter_map(|index| self.endpoint.params.get(*index));
        let names: Vec<_> = names.map(|param| &*param.name).collect();
        let Some(first) = names.first() else { return Ok(()) };
        let problem = format!("expected at least one of `{}`, found none", names.join("`, `"));
        Err(self.invalid((*first).to_owned().into(), "", &problem))
    }

    fn check(&self, index: usize, param: &ParamInfo, value: &Value) -> Result<(), Error> {
        match value {
            Value::List(values) => {
                values.iter().try_for_each(|value| self.check(index, param, value))
            }
            Value::Integer(number) => {
                let (min, max, _) = self.range(index, param);
                if (min..=max.unwrap_or(i64::MAX)).contains(number) {
                    return Ok(());
                }
                Err(self.out_of_range(index, param, &number.to_string()))
            }
            Value::Text(text) if param.kind == ParamKind::Jpeg => {
                let (length, max) = (text.as_str().len(), param.max.unwrap_or(i64::MAX));
                if i64::try_from(length).is_ok_and(|length| length <= max) {
                    return Ok(());
                }
                let problem = format!(
                    "expected at most {max} characters of base64, found {length}; use a smaller image"
                );
                let shown = text.as_str().get(..40).unwrap_or_default();
                Err(self.invalid(param.name.clone(), shown, &problem))
            }
            // Spotify accepts empty text as a description, for example. A custom call may send any text.
            Value::Text(text)
                if text.as_str().trim().is_empty()
                    && (param.kind != ParamKind::Text
                        || param.required
                        || param.list
                        || param.location == ParamLocation::Query
                            && !self.endpoint.is_custom()) =>
            {
                Err(self.invalid(
                    param.name.clone(),
                    text.as_str(),
                    "expected text, found empty text",
                ))
            }
            // Servers resolve these segments even if they are escaped.
            Value::Text(text)
                if param.location == ParamLocation::Path && matches!(text.as_str(), "." | "..") =>
            {
                let problem = format!("expected a value for a path, found `{text}`");
                Err(self.invalid(param.name.clone(), text.as_str(), &problem))
            }
            Value::Text(text) if param.kind == ParamKind::Uri && !param.kinds.is_empty() => {
                let kind = uri_kind(text.as_str());
                if param.kinds.contains(&kind) {
                    return Ok(());
                }
                let kinds = match param.kinds {
                    [first @ .., last] if !first.is_empty() => {
                        format!("{} or {last}", first.join(", "))
                    }
                    kinds => kinds.concat(),
                };
                let found = Quoted(text.as_str());
                let problem = format!("expected a URI of the kind {kinds}, found {found}");
                Err(self.invalid(param.name.clone(), text.as_str(), &problem))
            }
            _ => Ok(()),
        }
    }

    /// The least and the greatest number that a parameter may have, and whether the latter is that of development mode.
    fn range(&self, index: usize, param: &ParamInfo) -> (i64, Option<i64>, bool) {
        let is_development = self.spotify.quota_mode() == QuotaMode::Development;
        let less = self.endpoint.development_max(index).filter(|_| is_development);
        (param.min.unwrap_or(i64::MIN), less.or(param.max), less.is_some())
    }

    fn out_of_range(&self, index: usize, param: &ParamInfo, found: &str) -> Error {
        let (min, max, is_development) = self.range(index, param);
        let mode = if is_development { " in development mode" } else { "" };
        let is_less = found.starts_with('-');
        let problem = match max {
            Some(max) => format!("expected a number from {min} to {max}{mode}, found {found}"),
            None if is_less => format!("expected a number of at least {min}, found {found}"),
            None => format!("expected a number from {min} to {}, found {found}", i64::MAX),
        };
        self.invalid(param.name.clone(), found, &problem)
    }
}
