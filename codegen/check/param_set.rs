//! The rules that apply to all parameters of an entry together.

use super::super::diagnostics::Location;
use super::super::read::{At, template::PathTemplate};
use super::super::table::{Endpoint, Kind, Param, ParamLocation};
use super::Checker;

impl Checker<'_> {
    pub(super) fn param_set(&self, endpoint: &Endpoint) {
        for (index, param) in endpoint.params.iter().enumerate() {
            let (earlier, rest) = endpoint.params.split_at(index);
            let later = rest.get(1..).unwrap_or_default();
            self.not_twice(param, earlier);
            self.excludes(param, endpoint);
            let is_in_body = |param: &Param| param.is_surely_in(ParamLocation::Body);
            let bodies = endpoint.params.iter().filter(|param| is_in_body(param)).count();
            if param.kind == Some(Kind::Jpeg) && bodies > 1 {
                let message = "a `Jpeg` is the whole body, so no other parameter is in the body";
                self.problem(&param.ty.location, message);
            }
            if let Some(at) = param.location.as_ref().filter(|_| is_in_body(param))
                && endpoint.method.value == "GET"
            {
                let message = "a GET has no body: write `in = \"query\"`, or another `method`";
                self.problem(&at.location, message);
            }
            for name in param.when_absent.iter().flat_map(|path| path.value.names()) {
                let is_it =
                    |other: &Param| other.key.value == name && other.is_in(ParamLocation::Path);
                if let Some(at) = param.when_absent.as_ref().filter(|_| !later.iter().any(is_it)) {
                    let message = format!(
                        "`{{{name}}}` is filled in after this parameter, so it must be a path parameter below it"
                    );
                    self.problem(&at.location, message);
                }
            }
        }
        if let Some(path) = &endpoint.path {
            self.path_params(endpoint, path);
        }
    }

    fn not_twice(&self, param: &Param, earlier: &[Param]) {
        let Param { name, key, location, .. } = param;
        // A missing name is already reported.
        let mut earlier = earlier.iter().filter(|other| !other.name.value.is_empty());
        if earlier.clone().any(|other| other.name.value == name.value) {
            let message = format!("two parameters have the name {name}");
            self.problem(&name.location, message);
        } else if let Some(at) = location
            && earlier.any(|other| {
                let place = other.location.as_ref().map(|at| at.value);
                other.key.value == key.value && place == Some(at.value)
            })
        {
            let part = format!("{:?}", at.value).to_lowercase();
            let message = format!("two parameters have the key {key} in the {part}");
            self.problem(&key.location, message);
        }
    }

    fn excludes(&self, param: &Param, endpoint: &Endpoint) {
        for name in &param.excludes {
            let problem = match endpoint.param(&name.value) {
                None if endpoint.has_unnamed_params => continue,
                None => "which is not a parameter",
                Some(known) if known.required || param.required => {
                    "but a required one excludes nothing"
                }
                Some(_) if param.name.value == name.value => "which is itself",
                Some(_) => continue,
            };
            let message = format!("`excludes` names optional parameters, found {name}, {problem}");
            self.problem(&name.location, message);
        }
    }

    /// Checks that each name in the path is a parameter, and that each path parameter is in the path.
    fn path_params(&self, endpoint: &Endpoint, path: &At<PathTemplate>) {
        let is_key = |param: &&Param, name: &str| {
            param.key.value == name && param.is_in(ParamLocation::Path)
        };
        for name in path.value.names() {
            if !endpoint.has_unnamed_params
                && !endpoint.params.iter().any(|param| is_key(&param, name))
            {
                let message =
                    format!("`{{{name}}}` needs a parameter with `in = \"path\"` and this key");
                self.problem(&path.location, message);
            }
        }
        for param in &endpoint.params {
            let is_in_path = param.is_surely_in(ParamLocation::Path);
            let is_named = path.value.names().any(|name| name == param.key.value);
            if is_in_path && !is_named && !param.key.value.is_empty() {
                let message = format!(
                    "the path has no `{{{}}}`: put it there, or write `in = \"query\"`",
                    param.key.value
                );
                self.problem(&param.key.location, message);
            }
        }
    }

    /// Returns the indices of the parameters in a key, and reports each that breaks the rule.
    pub(super) fn indices(
        &self,
        names: &[At<String>],
        endpoint: &Endpoint,
        rule: &str,
        is_right: impl Fn(&Param) -> bool,
    ) -> Vec<usize> {
        let mut indices = Vec::new();
        for name in names {
            match endpoint.param(&name.value) {
                Some(param) if is_right(param) => indices.extend(endpoint.index_of(&name.value)),
                None if endpoint.has_unnamed_params => {}
                _ => self.broken(name, rule),
            }
        }
        indices
    }

    /// Checks that a key has two or more parameters.
    pub(super) fn at_least_two(&self, count: usize, location: &Location, key: &str, other: &str) {
        if count < 2 {
            let message =
                format!("`{key}` is for two parameters or more: for one, use its `{other}`");
            self.problem(location, message);
        }
    }
}
