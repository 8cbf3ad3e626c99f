//! The rules of a parameter, and of the parameters of a row.

use super::super::path::PathTemplate;
use super::super::row::{self, At, Literal, Row};
use super::name::ident;
use super::{Checker, In, Kind, Param};

/// Methods that every request type has, so that no setter may be called so.
const METHODS: [&str; 8] =
    ["collect_all", "items", "pages", "request", "requests", "send", "send_as", "send_raw"];
const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

impl Checker<'_> {
    fn kind(&mut self, ty: &At<String>) -> Option<Kind> {
        self.rust_type(ty)?;
        let name = ty.value.as_str();
        let kind = match name {
            "bool" => Some(Kind::Boolean),
            "String" => Some(Kind::Text),
            "SpotifyUri" => Some(Kind::Uri),
            "Market" => Some(Kind::Market),
            "Timestamp" => Some(Kind::Timestamp),
            "TimestampedId" => Some(Kind::TimestampedId),
            _ if INTEGERS.contains(&name) => Some(Kind::Integer(ident(name))),
            _ => None,
        };
        let kind = kind
            .or_else(|| self.table.ids.iter().position(|id| id.name == name).map(Kind::Id))
            .or_else(|| {
                self.table.words.iter().position(|words| words.name == name).map(Kind::Words)
            });
        if kind.is_none() {
            self.problem(
                &ty.place,
                format!(
                    "unknown type `{name}`: a parameter is an integer (`u32`), `bool`, `String`, `Market`, \
                     `Timestamp`, `TimestampedId`, `SpotifyUri`, or a type from an `[[id]]` or `[[words]]` of the table"
                ),
            );
        }
        kind
    }

    pub(super) fn param(&mut self, param: &row::Param) -> Option<Param> {
        let name = self.identifier(&param.name);
        let places = [("path", In::Path), ("query", In::Query), ("body", In::Body)];
        let within = self.one_of(&param.within, "`in`", &places);
        if within.is_some_and(|within| !param.required && within != In::Path)
            && METHODS.contains(&param.name.value.as_str())
        {
            let message = format!(
                "`{}` is a method of every request and cannot be a setter too: rename it and set `key`",
                param.name.value
            );
            self.problem(&param.name.place, message);
        }
        if param.doc.value.trim().is_empty() {
            self.problem(&param.doc.place, "a parameter needs a `doc`: one sentence about it");
        }
        let kind = self.kind(&param.ty);
        if let (Some(min), Some(max)) = (&param.min, &param.max)
            && min.value > max.value
        {
            self.problem(
                &min.place,
                format!("`min` is {} and above `max`, {}", min.value, max.value),
            );
        }
        if let Some(at) = param.min.as_ref().or(param.max.as_ref())
            && kind.as_ref().is_some_and(|kind| !matches!(kind, Kind::Integer(_)))
        {
            self.problem(&at.place, "only an integer has `min` and `max`");
        }
        if let Some(at) = &param.when_absent {
            if within != Some(In::Path) || param.required {
                self.problem(
                    &at.place,
                    "`when_absent` belongs to a path parameter that is not required",
                );
            } else if let Err(message) = PathTemplate::parse(&at.value) {
                self.problem(&at.place, message);
            }
        } else if within == Some(In::Path) && !param.required {
            let message = "a path parameter is `required = true`, or says with `when_absent` which path serves without it";
            self.problem(&param.name.place, message);
        }
        let kind = kind?;
        if let Some(at) = param.kinds.iter().find(|_| kind != Kind::Uri) {
            self.problem(&at.place.clone(), "only a `SpotifyUri` has `kinds`");
        }
        for word in &param.kinds {
            if !self.table.ids.iter().any(|id| id.uri == word.value) {
                self.problem(&word.place, format!("no `[[id]]` has the uri `{}`", word.value));
            }
        }
        if let Some(default) = &param.default {
            self.literal_fits(default, &kind, param, "the default");
        }
        let example = match &param.example {
            Some(example) => {
                match (&example.value, param.list) {
                    (Literal::List(elements), true) if !elements.is_empty() => {
                        for element in elements {
                            let element =
                                At { value: element.clone(), place: example.place.clone() };
                            self.literal_fits(&element, &kind, param, "the example");
                        }
                    }
                    (_, true) => self.problem(
                        &example.place,
                        "the example of a list is a list of at least one value",
                    ),
                    (_, false) => self.literal_fits(example, &kind, param, "the example"),
                }
                Some(example.value.clone())
            }
            None => {
                let message =
                    "a parameter needs an `example`: snapshots and documentation are made from it";
                self.problem(&param.name.place, message);
                None
            }
        };
        Some(Param {
            name: name?,
            key: param.key.value.clone(),
            within: within?,
            kind,
            list: param.list,
            required: param.required,
            min: param.min.as_ref().map(|min| min.value),
            max: param.max.as_ref().map(|max| max.value),
            default: param.default.as_ref().map(|default| default.value.clone()),
            example: example?,
            doc: param.doc.value.clone(),
            when_absent: param.when_absent.as_ref().map(|path| path.value.clone()),
            kinds: param.kinds.iter().map(|kind| kind.value.clone()).collect(),
            bare_key: param.bare_key.as_ref().map(|key| key.value.clone()),
        })
    }

    /// Rules over all parameters of a row.
    pub(super) fn params_together(&mut self, row: &Row, path: Option<&PathTemplate>) {
        for (index, param) in row.params.iter().enumerate() {
            let place = &param.name.place;
            let earlier = &row.params[..index];
            if earlier.iter().any(|other| other.name.value == param.name.value) {
                self.problem(place, format!("two parameters have the name `{}`", param.name.value));
            }
            if earlier.iter().any(|other| {
                other.key.value == param.key.value && other.within.value == param.within.value
            }) {
                self.problem(
                    place,
                    format!(
                        "two parameters have the key `{}` in the {}",
                        param.key.value, param.within.value
                    ),
                );
            }
            if param.within.value == "body" && row.method.value == "GET" {
                self.problem(&param.within.place, "a GET has no body");
            }
        }
        let Some(path) = path else { return };
        let in_path = |param: &&row::Param| param.within.value == "path";
        for name in path.names() {
            if !row.params.iter().filter(in_path).any(|param| param.key.value == name) {
                self.problem(
                    &row.path.place,
                    format!("`{{{name}}}` has no parameter with `in = \"path\"` and that key"),
                );
            }
        }
        for param in row.params.iter().filter(in_path) {
            if !path.names().any(|name| name == param.key.value) {
                self.problem(
                    &param.name.place,
                    format!("the path has no `{{{}}}`", param.key.value),
                );
            }
        }
    }
}
