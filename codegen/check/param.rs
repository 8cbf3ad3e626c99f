//! The rules of a parameter, and of the parameters of a row.

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{self, At, RawEndpoint};
use super::literal::type_range;
use super::name::ident;
use super::{Checker, In, Kind, Param};

/// Methods that every request type has, so that no setter may be called so.
const METHODS: [&str; 10] = [
    "clone",
    "collect_all",
    "fmt",
    "items",
    "pages",
    "request",
    "requests",
    "send",
    "send_as",
    "send_raw",
];
const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];
const OTHERS: [&str; 8] =
    ["bool", "String", "Market", "Timestamp", "TimestampedId", "SpotifyUri", "Jpeg", "Tuning"];

impl Checker<'_> {
    pub(super) fn param(&mut self, param: &read::Param) -> Option<Param> {
        let advice = format!("take another name and set `key = \"{}\"`", param.key.value);
        let name = self.identifier(&param.name, &advice);
        let places = [("path", In::Path), ("query", In::Query), ("body", In::Body)];
        let pointer = self.one_of(&param.pointer, "`in`", &places);
        if pointer.is_some_and(|pointer| !param.required && pointer != In::Path)
            && METHODS.contains(&param.name.value.as_str())
        {
            let message = format!(
                "`{}` is a method of every request and cannot be a setter too: {advice}",
                param.name.value
            );
            self.problem(&param.name.location, message);
        }
        let reader = [Some(&param.key), param.bare_key.as_ref(), param.element_key.as_ref()];
        for key in reader.into_iter().flatten().filter(|key| key.value != param.name.value) {
            self.key(key);
        }
        self.sentence(&param.doc, "the `doc` of a parameter");
        if let Some(bare_key) = &param.bare_key
            && !(param.list && pointer == Some(In::Body))
        {
            let message =
                "only a list in the body has a `bare_key`, for elements that are ids alone";
            self.problem(&bare_key.location, message);
        }
        if let Some(element_key) = &param.element_key
            && !(param.list && pointer == Some(In::Body))
        {
            let message = "only a list in the body has an `element_key`";
            self.problem(&element_key.location, message);
        }
        if param.sent_as_list && (param.list || pointer != Some(In::Body)) {
            let message =
                "`sent_as_list` is for one value in the body, which is sent as a list of one";
            self.problem(&param.name.location, message);
        }
        if param.field_filter && (param.required || pointer != Some(In::Query)) {
            let message = "`field_filter` is for an optional parameter in the query";
            self.problem(&param.name.location, message);
        }
        if param.owner_only && pointer != Some(In::Path) {
            let message = "`owner_only` is for an id in the path";
            self.problem(&param.name.location, message);
        }
        if let (Some(preset), true) = (&param.preset, param.required) {
            let message = "a required parameter has no `preset`: remove one of the two";
            self.problem(&preset.location, message);
        }
        self.absence(param, pointer);
        let kind = self.kind(&param.ty);
        self.kinds(param, kind.as_ref());
        if let (Some(default), true) = (&param.default, param.required) {
            let message = "a required parameter has no `default`: remove one of the two";
            self.problem(&default.location, message);
        }
        let kind = kind?;
        self.range(param, &kind);
        if kind == Kind::Jpeg && (pointer != Some(In::Body) || param.list || !param.required) {
            let message = "a `Jpeg` is the whole body: `in = \"body\"` and `required = true`";
            self.problem(&param.ty.location, message);
        }
        if kind == Kind::Tuning && !(param.list && pointer == Some(In::Query)) {
            let message = "a `Tuning` has its key in it: `in = \"query\"` and `list = true`";
            self.problem(&param.ty.location, message);
        }
        for (literal, what) in [
            (&param.default, "the default"),
            (&param.example, "the example"),
            (&param.preset, "the preset"),
        ] {
            if let Some(literal) = literal {
                self.value_fits(literal, &kind, param, what);
            }
        }
        Some(Param {
            name: name?,
            key: param.key.value.clone(),
            pointer: pointer?,
            kind,
            list: param.list,
            required: param.required,
            min: param.min.as_ref().map(|min| min.value),
            max: param.max.as_ref().map(|max| max.value),
            development_max: param.development_max.as_ref().map(|max| max.value),
            default: param.default.as_ref().map(|default| default.value.clone()),
            example: param.example.as_ref().map(|example| example.value.clone())?,
            doc: param.doc.value.clone(),
            when_absent: param.when_absent.as_ref().map(|path| path.value.clone()),
            kinds: param.kinds.iter().map(|kind| kind.value.clone()).collect(),
            bare_key: param.bare_key.as_ref().map(|key| key.value.clone()),
            sent_as_list: param.sent_as_list,
            field_filter: param.field_filter,
            owner_only: param.owner_only,
            element_key: param.element_key.as_ref().map(|key| key.value.clone()),
            excludes: param.excludes.iter().map(|name| name.value.clone()).collect(),
            preset: param.preset.as_ref().map(|preset| preset.value.clone()),
        })
    }

    pub(super) fn key(&mut self, key: &At<String>) {
        if !is_key(&key.value) {
            let message = format!(
                "a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`, found {}",
                phrase::shown(&key.value)
            );
            self.problem(&key.location, message);
        }
    }

    /// What a parameter's type means, if it means anything.
    pub(super) fn kind_of(&self, name: &str) -> Option<Kind> {
        match name {
            "bool" => return Some(Kind::Boolean),
            "String" => return Some(Kind::Text),
            "SpotifyUri" => return Some(Kind::Uri),
            "Market" => return Some(Kind::Market),
            "Timestamp" => return Some(Kind::Timestamp),
            "TimestampedId" => return Some(Kind::TimestampedId),
            "Jpeg" => return Some(Kind::Jpeg),
            "Tuning" => return Some(Kind::Tuning),
            _ if is_integer(name) => return Some(Kind::Integer(ident(name))),
            _ => {}
        }
        let id = self.table.ids.iter().position(|id| id.name == name).map(Kind::Id);
        id.or_else(|| self.table.enums.iter().position(|enums| enums.name == name).map(Kind::Enum))
    }

    fn kind(&mut self, ty: &At<String>) -> Option<Kind> {
        let name = ty.value.as_str();
        let kind = self.kind_of(name);
        if kind.is_some() || self.poisoned.types.holds(name) {
            return kind;
        }
        let ids = self.table.ids.iter().map(|id| id.name.to_string());
        let enums = self.table.enums.iter().map(|enums| enums.name.to_string());
        let own: Vec<String> = ids.chain(enums).collect();
        let known = INTEGERS.into_iter().chain(OTHERS).chain(own.iter().map(String::as_str));
        let advice = if name.starts_with("Vec<") {
            ": give the type of an element and `list = true`".to_owned()
        } else if name.starts_with("Option<") {
            ": give the type without `Option`; what is not `required` may be left out".to_owned()
        } else {
            phrase::did_you_mean(name, known)
        };
        let advice = if advice.is_empty() {
            format!(
                ", expected {}, `u32` or another integer, or the name of an `[[id]]` or `[[enum]]`",
                OTHERS.map(|known| format!("`{known}`")).join(", ")
            )
        } else {
            advice
        };
        self.problem(&ty.location, format!("unknown type {}{advice}", phrase::shown(name)));
        None
    }

    fn absence(&mut self, param: &read::Param, pointer: Option<In>) {
        match &param.when_absent {
            Some(at) if pointer != Some(In::Path) || param.required || param.list => {
                let message =
                    "only a path parameter that is neither required nor a list has `when_absent`";
                self.problem(&at.location, message);
            }
            Some(at) => {
                if let Err(message) = PathTemplate::parse(&at.value) {
                    self.problem(&at.location, message);
                }
            }
            None if pointer == Some(In::Path) && !param.required => {
                let message = "a path parameter is `required = true`, or says with `when_absent` which path serves without it";
                self.problem(&param.name.location, message);
            }
            None => {}
        }
    }

    fn kinds(&mut self, param: &read::Param, kind: Option<&Kind>) {
        if let (Some(kind), Some(at)) = (kind, param.kinds.first())
            && *kind != Kind::Uri
        {
            self.problem(&at.location, "only a `SpotifyUri` has `kinds`: remove them");
            return;
        }
        for (index, word) in param.kinds.iter().enumerate() {
            let known = self.table.ids.iter().any(|id| id.uri == word.value);
            if !known && !self.poisoned.types.holds(&word.value) {
                let uris = self.table.ids.iter().map(|id| id.uri.as_str());
                let advice = phrase::did_you_mean(&word.value, uris);
                let message =
                    format!("no `[[id]]` has the uri {}{advice}", phrase::shown(&word.value));
                self.problem(&word.location, message);
            }
            if param.kinds.iter().take(index).any(|other| other.value == word.value) {
                let message = format!("the kind {} is named twice", phrase::shown(&word.value));
                self.problem(&word.location, message);
            }
        }
    }

    fn range(&mut self, param: &read::Param, kind: &Kind) {
        let (min, max) = (&param.min, &param.max);
        let Kind::Integer(ty) = kind else {
            // The length of a picture has a limit too.
            let max = max.as_ref().filter(|_| *kind != Kind::Jpeg);
            if let Some(at) = min.as_ref().or(max).or(param.development_max.as_ref()) {
                self.problem(&at.location, "only an integer has `min` and `max`: remove them");
            }
            return;
        };
        let (least, most) = type_range(&ty.to_string());
        for (bound, key) in [(min, "min"), (max, "max")] {
            if let Some(bound) = bound
                && !(least..=most).contains(&bound.value)
            {
                let message = format!("`{key}` is {}, which no `{ty}` can be", bound.value);
                self.problem(&bound.location, message);
            }
        }
        if let Some(fallback) = &param.development_max {
            let least = min.as_ref().map_or(least, |min| min.value);
            if !max.as_ref().is_some_and(|max| (least..max.value).contains(&fallback.value)) {
                let message = "`development_max` is less than `max`, and at least `min`";
                self.problem(&fallback.location, message);
            }
        }
        if let (Some(min), Some(max)) = (min, max)
            && min.value > max.value
        {
            let message = format!("`min` is {}, which is above `max`, {}", min.value, max.value);
            self.problem(&min.location, message);
        }
    }

    /// Rules over all parameters of a row.
    pub(super) fn params_together(&mut self, row: &RawEndpoint, path: Option<&PathTemplate>) {
        for (index, param) in row.params.iter().enumerate() {
            let earlier = || row.params.iter().take(index);
            if earlier().any(|other| other.name.value == param.name.value) {
                let message =
                    format!("two parameters have the name {}", phrase::shown(&param.name.value));
                self.problem(&param.name.location, message);
            } else if earlier().any(|other| {
                other.key.value == param.key.value && other.pointer.value == param.pointer.value
            }) {
                let message = format!(
                    "two parameters have the key {} in the {}",
                    phrase::shown(&param.key.value),
                    param.pointer.value
                );
                self.problem(&param.key.location, message);
            }
            for other in &param.excludes {
                let known = row.params.iter().find(|known| known.name.value == other.value);
                let problem = match known {
                    None if row.lacks_params => continue,
                    None => "which no parameter is called",
                    Some(known) if known.required || param.required => {
                        "but a required one excludes nothing"
                    }
                    Some(_) if param.name.value == other.value => "which is itself",
                    Some(_) => continue,
                };
                let message = format!(
                    "`excludes` names optional parameters, found {}, {problem}",
                    phrase::shown(&other.value)
                );
                self.problem(&other.location, message);
            }
            if param.ty.value == "Jpeg"
                && row.params.iter().filter(|other| other.pointer.value == "body").count() > 1
            {
                let message = "a `Jpeg` is the whole body, so no other parameter is in the body";
                self.problem(&param.ty.location, message);
            }
            if param.pointer.value == "body" && row.method.value == "GET" {
                let message = "a GET has no body: write `in = \"query\"`, or another `method`";
                self.problem(&param.pointer.location, message);
            }
            if let Some(at) = &param.when_absent
                && let Ok(path) = PathTemplate::parse(&at.value)
            {
                for name in path.names() {
                    let mut later = row.params.iter().skip(index + 1);
                    if !later.any(|other| other.key.value == name && other.pointer.value == "path")
                    {
                        let message = format!(
                            "`{{{name}}}` is filled in after this parameter, so it must be a path parameter below it"
                        );
                        self.problem(&at.location, message);
                    }
                }
            }
        }
        let Some(path) = path else { return };
        let in_path = || row.params.iter().filter(|param| param.pointer.value == "path");
        for name in path.names() {
            if !row.lacks_params && !in_path().any(|param| param.key.value == name) {
                let message =
                    format!("`{{{name}}}` needs a parameter with `in = \"path\"` and this key");
                self.problem(&row.path.location, message);
            }
        }
        for param in in_path() {
            if !path.names().any(|name| name == param.key.value) {
                let message = format!(
                    "the path has no `{{{}}}`: put it there, or write `in = \"query\"`",
                    param.key.value
                );
                self.problem(&param.key.location, message);
            }
        }
    }
}

pub(super) fn is_integer(ty: &str) -> bool {
    INTEGERS.contains(&ty)
}

/// Whether text can be the name of a value in a query or a body.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
