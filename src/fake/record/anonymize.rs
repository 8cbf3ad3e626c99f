//! Removes personal data from a recording.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use percent_encoding::percent_decode_str;

use super::personal::{
    EMAIL, FIELDS, IMAGES, KINDS, Kind, MIN_HIDDEN, PersonalField, Replacement, kind_of,
};
use crate::endpoint::{Endpoint, ParamLocation};
use crate::json::value::Value;

/// Removes personal fields, and stores the replacements so far.
#[derive(Debug, Default)]
pub(crate) struct Anonymizer {
    kept: BTreeSet<String>,
    removed: BTreeSet<String>,
    /// The number of each value, by the pattern of its replacement.
    numbers: HashMap<String, HashMap<String, usize>>,
    /// Values that must not occur in any text, and their replacements, longest first.
    hidden: Vec<(String, String)>,
    /// The same values in the order in which they were found.
    found: Vec<String>,
}

impl Anonymizer {
    /// Keeps a personal field. The error lists the names of all of them.
    pub(crate) fn keep(&mut self, name: &str) -> Result<(), String> {
        if FIELDS.iter().any(|field| field.name == name) {
            self.kept.insert(name.to_owned());
            return Ok(());
        }
        let names = FIELDS.each_ref().map(|field| format!("`{}`", field.name)).join(", ");
        Err(format!("keep: expected one of {names}, found `{name}`"))
    }

    /// Removes an additional field.
    pub(crate) fn remove(&mut self, name: &str) -> Result<(), String> {
        if name.is_empty() || name.split('.').any(str::is_empty) || name.split('.').count() > 2 {
            return Err(format!(
                "remove: expected a field name such as `followers` or `track.name`, found `{name}`"
            ));
        }
        if FIELDS.iter().any(|field| field.name == name) {
            self.kept.remove(name);
        } else {
            self.removed.insert(name.to_owned());
        }
        Ok(())
    }

    /// Replaces a text wherever it occurs.
    pub(crate) fn hide(&mut self, text: &str, replacement: &str) {
        if text.len() < MIN_HIDDEN || self.hidden.iter().any(|(known, _)| known == text) {
            return;
        }
        let index = self.hidden.partition_point(|(known, _)| known.len() > text.len());
        self.hidden.insert(index, (text.to_owned(), replacement.to_owned()));
        self.found.push(text.to_owned());
    }

    /// The values that must not occur anywhere, in the order in which they were found.
    pub(crate) fn hidden_values(&self) -> &[String] {
        &self.found
    }

    /// Removes the values that were found in other exchanges.
    pub(crate) fn without_hidden<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for (value, replacement) in &self.hidden {
            if text.contains(value.as_str()) {
                text = Cow::Owned(text.replace(value.as_str(), replacement));
            }
        }
        text
    }

    /// Anonymizes the body of a response of an endpoint.
    pub(crate) fn response(&mut self, endpoint: &Endpoint, json: Value) -> Value {
        let model = endpoint.returns.rsplit('<').next().unwrap_or_default().trim_end_matches('>');
        let (images, of) = IMAGES;
        if let Some((kind, key)) = of.split_once('.').filter(|_| model == images) {
            return match self.field(key, Some(kind)) {
                Some(field) => self.replace(field, json),
                None => json,
            };
        }
        self.value(json, KINDS.iter().find(|kind| kind.models.contains(&model)))
    }

    /// Anonymizes the body of a request to an endpoint.
    pub(crate) fn request(&mut self, endpoint: &Endpoint, json: Value) -> Value {
        let kind = KINDS.iter().find(|kind| kind.area == endpoint.area);
        let Value::Object(fields) = self.value(json, kind) else { return Value::Null };
        let fields = fields.into_iter().map(|(key, value)| {
            match kind_of(endpoint, ParamLocation::Body, &key) {
                Some(kind) => (key, texts(value, &mut |id| self.id(kind, id))),
                None => (key, value),
            }
        });
        Value::Object(fields.collect())
    }

    /// Anonymizes the value of a query parameter of an endpoint.
    pub(crate) fn query(&mut self, endpoint: &Endpoint, key: &str, value: &str) -> String {
        let of_key = || KINDS.iter().find(|kind| kind.keys.contains(&key));
        match kind_of(endpoint, ParamLocation::Query, key).or_else(of_key) {
            Some(kind) => {
                value.split(',').map(|id| self.id(kind, id)).collect::<Vec<_>>().join(",")
            }
            None if self.removed.contains(key) => self.number(&format!("{key}-#"), value),
            None => self.text(value),
        }
    }

    fn value(&mut self, json: Value, kind: Option<&'static Kind>) -> Value {
        match json {
            Value::Text(text) => self.text(text.as_str()).into(),
            Value::List(values) => {
                values.into_iter().map(|value| self.value(value, kind)).collect()
            }
            Value::Object(_) => self.object(json, kind),
            other => other,
        }
    }

    fn object(&mut self, json: Value, kind: Option<&'static Kind>) -> Value {
        let text = |key| json.get(key).and_then(Value::as_str);
        let type_name = kind.map_or_else(|| text("type"), |kind| Some(kind.type_name));
        let known = KINDS.iter().find(|kind| Some(kind.type_name) == type_name);
        let is_public =
            known.is_some_and(|kind| text("id").is_some_and(|id| kind.public.contains(&id)));
        let type_name = type_name.map(str::to_owned);
        let type_name = type_name.as_deref();
        let Value::Object(fields) = json else { return json };
        let fields = fields.into_iter().map(|(key, value)| {
            if self.is_removed(&key, type_name) {
                let value = self.emptied(&key, value);
                return (key, value);
            }
            let rule = if is_public { None } else { self.field(&key, type_name) };
            let within = KINDS.iter().find(|kind| kind.fields.contains(&&*key));
            let ids = KINDS.iter().find(|kind| kind.keys.contains(&&*key));
            let value = match (rule, ids) {
                (Some(field), _) => self.replace(field, value),
                (None, Some(kind)) => texts(value, &mut |id| self.id(kind, id)),
                // A page contains what its list contains.
                (None, None) if key == "items" => self.value(value, within.or(kind)),
                (None, None) => self.value(value, within),
            };
            (key, value)
        });
        Value::Object(fields.collect())
    }

    /// Returns whether the caller has removed a field.
    fn is_removed(&self, key: &str, type_name: Option<&str>) -> bool {
        let full = type_name.map(|word| format!("{word}.{key}"));
        self.removed.contains(key) || full.is_some_and(|full| self.removed.contains(&full))
    }

    /// Returns the rule for a field.
    fn field(&self, key: &str, type_name: Option<&str>) -> Option<&'static PersonalField> {
        let found = FIELDS.iter().find(|field| match field.name.split_once('.') {
            Some((of, name)) => Some(of) == type_name && name == key,
            None => field.name == key,
        });
        found.filter(|field| !self.kept.contains(field.name))
    }

    fn replace(&mut self, field: &PersonalField, value: Value) -> Value {
        match (field.replacement, value) {
            (_, Value::Null) | (Replacement::Null, _) => Value::Null,
            (_, Value::Text(text)) if text.as_str().is_empty() => "".into(),
            (Replacement::Numbered(pattern), Value::Text(text)) => {
                let replacement = self.number(pattern, text.as_str());
                if field.everywhere {
                    self.hide(text.as_str(), &replacement);
                }
                replacement.into()
            }
            (Replacement::Numbered(pattern) | Replacement::Within(pattern), value) => {
                texts(value, &mut |text| self.number(pattern, text))
            }
            (Replacement::Fixed(text), _) => text.into(),
        }
    }

    /// Replaces a value by one of the same type without content.
    fn emptied(&mut self, key: &str, value: Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Boolean(_) => false.into(),
            Value::Integer(_) | Value::Unsigned(_) | Value::Number(_) => Value::Integer(0),
            Value::Text(text) => self.number(&format!("{key}-#"), text.as_str()).into(),
            Value::List(_) | Value::Serialized(_) => Value::List(Vec::new()),
            Value::Object(_) => Value::Object(Vec::new()),
        }
    }

    /// Returns the replacement of an id.
    fn id(&mut self, kind: &Kind, id: &str) -> String {
        match self.field("id", Some(kind.type_name)) {
            Some(field) if !id.is_empty() && !kind.public.contains(&id) => {
                self.replace(field, id.into()).as_str().unwrap_or_default().to_owned()
            }
            _ => id.to_owned(),
        }
    }

    /// Returns the replacement of a value: the pattern with its number.
    fn number(&mut self, pattern: &str, value: &str) -> String {
        let numbers = self.numbers.entry(pattern.to_owned()).or_default();
        let next = numbers.len() + 1;
        let number = *numbers.entry(value.to_owned()).or_insert(next);
        let width = pattern.matches('#').count();
        pattern.replacen(&"#".repeat(width), &format!("{number:0width$}"), 1)
    }

    /// Anonymizes a text: the ids in its URIs and links, and email and IP addresses.
    pub(crate) fn text(&mut self, text: &str) -> String {
        let text = self.links(text);
        if text.contains('@') && !self.kept.contains("email") {
            addresses(&self.emails(&text))
        } else {
            addresses(&text)
        }
    }

    /// Replaces the ids in `spotify:user:ID`, `/users/ID` and `/user/ID`.
    fn links(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let (mut rest, mut previous) = (text, None);
        let mut of: Option<&'static Kind> = None;
        loop {
            let (segment, after) = rest.split_at(rest.find([':', '/']).unwrap_or(rest.len()));
            match of.take() {
                Some(kind) => {
                    let is_id = |c: char| c.is_alphanumeric() || "-._~%!$*+@".contains(c);
                    let end = segment.find(|c| !is_id(c)).unwrap_or(segment.len());
                    // A period may be the end of a sentence.
                    let end = segment.get(..end).unwrap_or_default().trim_end_matches('.').len();
                    let (id, tail) = segment.split_at(end);
                    let plain = percent_decode_str(id).decode_utf8_lossy();
                    let replacement = self.id(kind, &plain);
                    // An id that is kept stays escaped.
                    shown += if replacement == plain { id } else { &replacement };
                    shown += tail;
                }
                None => shown += segment,
            }
            let Some(mark) = after.chars().next() else { return shown };
            shown.push(mark);
            if previous == Some(mark) {
                of = KINDS.iter().find(|kind| {
                    segment == kind.type_name
                        || mark == '/' && segment == kind.segment && !segment.is_empty()
                });
            }
            previous = Some(mark);
            rest = after.get(1..).unwrap_or_default();
        }
    }

    fn emails(&mut self, text: &str) -> String {
        let is_local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
        let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('@') {
            let local = before.rfind(|c| !is_local(c)).map_or(before, |index| {
                before.get(index..).unwrap_or_default().trim_start_matches(|c| !is_local(c))
            });
            let end = after.find(|c| !is_domain(c)).unwrap_or(after.len());
            let domain = after.get(..end).unwrap_or_default().trim_end_matches(['.', '-']);
            shown += before;
            if local.is_empty() || !domain.contains('.') {
                shown.push('@');
                rest = after;
                continue;
            }
            shown.truncate(shown.len() - local.len());
            shown += &self.number(EMAIL, &format!("{local}@{domain}"));
            rest = after.get(domain.len()..).unwrap_or_default();
        }
        shown + rest
    }
}

/// Changes every text within a value.
pub(crate) fn texts(value: Value, change: &mut impl FnMut(&str) -> String) -> Value {
    match value {
        Value::Text(text) => change(text.as_str()).into(),
        Value::List(values) => values.into_iter().map(|value| texts(value, change)).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (key, texts(value, change)));
            Value::Object(fields.collect())
        }
        other => other,
    }
}

/// Replaces IP addresses in a text by those reserved for documentation.
fn addresses(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '.' || c == ':';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(is_part) {
        let (before, run) = rest.split_at(begin);
        let (run, after) = run.split_at(run.find(|c| !is_part(c)).unwrap_or(run.len()));
        let is_boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let is_separate =
            is_boundary(before.chars().next_back()) && is_boundary(after.chars().next());
        let bare = run.trim_end_matches(['.', ':']);
        // A port may follow.
        let bare = match bare.rsplit_once(':') {
            Some((host, _)) if host.contains('.') && !host.contains(':') => host,
            _ => bare,
        };
        let replacement = match bare.parse() {
            Ok(IpAddr::V4(_)) => Some("192.0.2.1"),
            // Two words separated by colons may look like an address.
            Ok(IpAddr::V6(_)) if bare.split(':').filter(|part| !part.is_empty()).count() > 2 => {
                Some("2001:db8::1")
            }
            _ => None,
        };
        shown += before;
        match replacement.filter(|_| is_separate) {
            Some(replacement) => {
                shown += replacement;
                shown += run.get(bare.len()..).unwrap_or_default();
            }
            None => shown += run,
        }
        rest = after;
    }
    shown + rest
}
