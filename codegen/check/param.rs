//! Reads and checks the keys of a parameter.

use quote::quote;

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{At, table_reader::TableReader};
use super::super::table::{Kind, Param, ParamLocation, ident};
use super::Checker;
use super::literal::type_range;
use super::names::{PARAM_TYPES, is_key};

/// Methods that every request type has, so setters cannot have these names.
#[rustfmt::skip]
const METHODS: [&str; 13] = [
    "clone", "collect_all", "first", "fmt", "into_iter", "items", "pages", "request", "requests", "send", "send_as",
    "send_raw", "start_at",
];
const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

impl Checker<'_> {
    pub(super) fn param(&self, reader: &mut TableReader<'_>) -> Param {
        let name = reader.text("name", "of the argument or setter");
        let key = reader.maybe::<String>("key");
        let parts = [
            ("path", ParamLocation::Path),
            ("query", ParamLocation::Query),
            ("body", ParamLocation::Body),
        ];
        let location = self.choice(reader, "in", "`in`", &parts);
        let ty = reader.text("type", "\"u32\", \"bool\", \"String\", \"AlbumId\" …");
        let mut param = Param {
            key: key.or_else(|| name.clone()).unwrap_or_default(),
            location,
            kind: ty.as_ref().and_then(|ty| self.kind(ty)),
            ty: ty.unwrap_or_default(),
            list: reader.flag("list"),
            required: reader.flag("required"),
            named: reader.flag("named"),
            ..Param::default()
        };
        if param.named && (!param.required || param.is_surely_in(ParamLocation::Path)) {
            let message = "`named` is for a required parameter in the query or the body";
            self.problem(&reader.name_location(), message);
        }
        let advice = format!("choose another name and set `key = \"{}\"`", param.key.value);
        if let Some(name) = name {
            self.identifier(&name, &advice);
            param.name = name;
        }
        if param.key.value != param.name.value {
            self.key(&param.key);
            param.facts.text("key", Some(&param.key.value));
        }
        param.facts.flag("list", param.list);
        param.facts.flag("required", param.required);
        if param.location.is_some()
            && !param.is_argument()
            && METHODS.contains(&param.name.value.as_str())
        {
            let message = format!(
                "`{}` is a method of every request and cannot be a setter too: {advice}",
                param.name.value
            );
            self.problem(&reader.name_location(), message);
        }
        self.range(reader, &mut param);
        let default = reader.maybe("default");
        param.example =
            reader.required("example", "a value, which snapshots and documentation use");
        let doc = reader.text("doc", "one sentence");
        param.doc = self.sentence(doc, "the `doc` of a parameter");
        self.when_absent(reader, &mut param);
        self.uri_kinds(reader, &mut param);
        self.body_keys(reader, &mut param);
        self.other_place(reader, &mut param);
        self.request_keys(reader, &mut param);
        let preset = reader.maybe("preset");
        for (literal, key) in [(&default, "default"), (&preset, "preset")] {
            let Some(literal) = literal else { continue };
            if param.required {
                let message = format!("a required parameter has no `{key}`: remove one of the two");
                self.problem(&literal.location, message);
            }
            self.value_fits(literal, &param, &format!("the {key}"));
            param.facts.text(key, Some(&literal.value.to_string()));
        }
        if let Some(example) = &param.example {
            self.value_fits(example, &param, "the example");
        }
        param.default = default.map(|default| default.value);
        param
    }

    /// Reads `min`, `max`, `development_max` and `documented_max`.
    fn range(&self, reader: &mut TableReader<'_>, param: &mut Param) {
        let keys = ["min", "max", "development_max", "documented_max"];
        let bounds = keys.map(|key| reader.maybe::<i64>(key));
        let values = bounds.each_ref().map(|bound| bound.as_ref().map(|bound| bound.value));
        [param.min, param.max, param.development_max, param.documented_max] = values;
        for (key, value) in keys.into_iter().zip(values) {
            param.facts.number(key, value);
        }
        let ty = match &param.kind {
            Some(Kind::Integer(ty)) => ty.to_string(),
            None => return,
            Some(kind) => {
                // A picture has `max` too, for its length.
                let is_length = |key: &str| key == "max" && *kind == Kind::Jpeg;
                let mut bounds = keys.iter().zip(&bounds).filter(|(key, _)| !is_length(key));
                if let Some(at) = bounds.find_map(|(_, bound)| bound.as_ref()) {
                    self.problem(&at.location, "only an integer has `min` and `max`: remove them");
                }
                return;
            }
        };
        // An argument may be of any integer type.
        let (least, most) = type_range(&ty);
        if param.min.is_none() && least != i64::MIN {
            param.facts.number("min", Some(least));
        }
        if param.max.is_none() && most < u32::MAX.into() {
            param.facts.number("max", Some(most));
        }
        for (key, bound) in keys.iter().zip(&bounds).take(2) {
            if let Some(bound) = bound.as_ref().filter(|at| !(least..=most).contains(&at.value)) {
                let message =
                    format!("`{key}` is {}, which is out of range for `{ty}`", bound.value);
                self.problem(&bound.location, message);
            }
        }
        let least = param.min.unwrap_or(least);
        for (key, bound) in keys.iter().zip(&bounds).skip(2) {
            let is_less = |value| param.max.is_some_and(|max| (least..max).contains(&value));
            if let Some(bound) = bound.as_ref().filter(|bound| !is_less(bound.value)) {
                let message = format!("`{key}` is less than `max`, and at least `min`");
                self.problem(&bound.location, message);
            }
        }
        if let [Some(min), Some(max), ..] = &bounds
            && min.value > max.value
        {
            let message = format!("`min` is {}, which is above `max`, {}", min.value, max.value);
            self.problem(&min.location, message);
        }
    }

    fn when_absent(&self, reader: &mut TableReader<'_>, param: &mut Param) {
        let is_in_path = param.is_in(ParamLocation::Path);
        let Some(text) = reader.maybe::<String>("when_absent") else {
            if param.is_surely_in(ParamLocation::Path) && !param.required {
                let message = "a path parameter is `required = true`, or has `when_absent` with the path without it";
                self.problem(&reader.name_location(), message);
            }
            return;
        };
        if !is_in_path || param.required || param.list {
            let message =
                "only a path parameter that is neither required nor a list has `when_absent`";
            self.problem(&text.location, message);
        }
        param.facts.text("when_absent", Some(&text.value));
        match PathTemplate::parse(&text.value) {
            Ok(path) => param.when_absent = Some(text.with(path)),
            Err(message) => self.problem(&text.location, message),
        }
    }

    /// Reads `kinds`.
    fn uri_kinds(&self, reader: &mut TableReader<'_>, param: &mut Param) {
        let kinds = reader.list::<String>("kinds");
        param.kinds = kinds.iter().map(|kind| kind.value.clone()).collect();
        param.facts.list("kinds", param.kinds.iter().map(|kind| quote!(#kind)));
        if let (Some(kind), Some(first)) = (&param.kind, kinds.first())
            && *kind != Kind::Uri
        {
            self.problem(&first.location, "only a `SpotifyUri` has `kinds`: remove them");
            return;
        }
        for (index, kind) in kinds.iter().enumerate() {
            // The URI of a user's saved tracks has no id type: `spotify:user:…:collection`.
            let is_known = kind.value == "collection"
                || self.table.ids.iter().any(|id| !id.bare && id.uri == kind.value);
            if !is_known && !self.poisoned.is_type(&kind.value) {
                let uris = self.table.ids.iter().filter(|id| !id.bare).map(|id| id.uri.as_str());
                self.unknown(kind, "no `[[id]]` has the uri", uris);
            }
            if kinds.iter().take(index).any(|other| other.value == kind.value) {
                self.twice(kind, "kind");
            }
        }
    }

    /// Reads the keys for values in the body.
    fn body_keys(&self, reader: &mut TableReader<'_>, param: &mut Param) {
        let is_in_body = param.is_in(ParamLocation::Body);
        for (key, message) in [
            (
                "bare_key",
                "only a list in the body has a `bare_key`, for elements that are ids alone",
            ),
            ("element_key", "only a list in the body has an `element_key`"),
        ] {
            let Some(value) = reader.maybe::<String>(key) else { continue };
            self.key(&value);
            if !param.list || !is_in_body {
                self.problem(&value.location, message);
            }
            param.facts.text(key, Some(&value.value));
        }
        let sent_as_list = reader.flag("sent_as_list");
        if sent_as_list && (param.list || !is_in_body) {
            let message =
                "`sent_as_list` is for one value in the body, which is sent as a list of one";
            self.problem(&reader.name_location(), message);
        }
        param.facts.flag("sent_as_list", sent_as_list);
        if param.kind == Some(Kind::Jpeg) && (!is_in_body || param.list || !param.required) {
            let message = "a `Jpeg` is the whole body: `in = \"body\"` and `required = true`";
            self.problem(&param.ty.location, message);
        }
    }

    /// Reads the keys for other places in which Spotify accepts a parameter.
    fn other_place(&self, reader: &mut TableReader<'_>, param: &mut Param) {
        let also_in = reader.maybe::<String>("also_in");
        if let Some(found) = &also_in {
            let parts = [("query", ParamLocation::Query), ("body", ParamLocation::Body)];
            let place = self.one_of(found, "`also_in`", &parts);
            let is_same = place.is_some_and(|place| param.is_surely_in(place));
            if is_same || param.is_surely_in(ParamLocation::Path) {
                let message = "`also_in` is the other one of \"query\" and \"body\"";
                self.problem(&found.location, message);
            }
            match place {
                Some(ParamLocation::Query) => {
                    param.facts.call("also_in", quote!(ParamLocation::Query));
                }
                Some(_) => param.facts.call("also_in", quote!(ParamLocation::Body)),
                None => {}
            }
        }
        let also_max = reader.maybe::<i64>("also_max");
        if let Some(max) = also_max.as_ref().filter(|_| also_in.is_none() || !param.list) {
            self.problem(&max.location, "`also_max` is for a list with `also_in`");
        }
        param.facts.number("also_max", also_max.map(|max| max.value));
        let also_bare = reader.flag("also_bare");
        if also_bare && !(param.list && param.is_in(ParamLocation::Body)) {
            let message = "`also_bare` is for a list in the body";
            self.problem(&reader.name_location(), message);
        }
        param.facts.flag("also_bare", also_bare);
    }

    /// Reads the keys that affect the whole request.
    fn request_keys(&self, reader: &mut TableReader<'_>, param: &mut Param) {
        param.field_filter = reader.flag("field_filter");
        if param.field_filter && (param.required || !param.is_in(ParamLocation::Query)) {
            let message = "`field_filter` is for an optional parameter in the query";
            self.problem(&reader.name_location(), message);
        }
        param.facts.flag("field_filter", param.field_filter);
        let renames = reader.text_map("renames");
        if let Some((first, _)) = renames.first().filter(|_| !param.field_filter) {
            let message = "`renames` is for a parameter with `field_filter = true`";
            self.problem(&first.location, message);
        }
        let renames = renames.iter().map(|(from, to)| (&from.value, &to.value));
        param.facts.list("renames", renames.map(|(from, to)| quote!((#from, #to))));
        param.owner_only = reader.flag("owner_only");
        if param.owner_only && !param.is_in(ParamLocation::Path) {
            self.problem(&reader.name_location(), "`owner_only` is for an id in the path");
        }
        param.facts.flag("owner_only", param.owner_only);
        param.excludes = reader.list::<String>("excludes");
        let names = param.excludes.iter().map(|name| &name.value);
        param.facts.list("excludes", names.map(|name| quote!(#name)));
        if param.kind == Some(Kind::Tuning) && !(param.list && param.is_in(ParamLocation::Query)) {
            let message =
                "each value of a `Tuning` has its own key: `in = \"query\"` and `list = true`";
            self.problem(&param.ty.location, message);
        }
    }

    pub(super) fn key(&self, key: &At<String>) {
        if !is_key(&key.value) {
            self.broken(key, "a key on the wire is made of a-z, A-Z, 0-9, `_`, `-` and `.`");
        }
    }

    fn kind(&self, ty: &At<String>) -> Option<Kind> {
        let name = ty.value.as_str();
        let kind = match name {
            "bool" => Some(Kind::Boolean),
            "String" => Some(Kind::Text),
            "SpotifyUri" => Some(Kind::Uri),
            "Market" => Some(Kind::Market),
            "Timestamp" => Some(Kind::Timestamp),
            "TimestampedId" => Some(Kind::TimestampedId),
            "Jpeg" => Some(Kind::Jpeg),
            "Duration" | "SystemTime" => Some(Kind::Integer(ident("u64"))),
            "Tuning" => Some(Kind::Tuning),
            _ if INTEGERS.contains(&name) => Some(Kind::Integer(ident(name))),
            _ => {
                let id = self.table.ids.iter().find(|id| id.name == name);
                let known = self.table.enums.iter().find(|known| known.name == name);
                id.cloned().map(Kind::Id).or_else(|| known.cloned().map(Kind::OneOf))
            }
        };
        if kind.is_some() || self.poisoned.is_type(name) {
            return kind;
        }
        let ids = self.table.ids.iter().map(|id| id.name.to_string());
        let enums = self.table.enums.iter().map(|known| known.name.to_string());
        let defined: Vec<String> = ids.chain(enums).collect();
        let known =
            INTEGERS.into_iter().chain(PARAM_TYPES).chain(defined.iter().map(String::as_str));
        let mut advice = if name.starts_with("Vec<") {
            ": use the type of an element and `list = true`".to_owned()
        } else if name.starts_with("Option<") {
            ": use the type without `Option`; a parameter without `required` is optional".to_owned()
        } else {
            phrase::did_you_mean(name, known)
        };
        if advice.is_empty() {
            advice = format!(
                ", expected {}, `u32` or another integer, or the name of an `[[id]]` or `[[enum]]`",
                PARAM_TYPES.map(|known| format!("`{known}`")).join(", ")
            );
        }
        self.problem(&ty.location, format!("unknown type {ty}{advice}"));
        None
    }
}
