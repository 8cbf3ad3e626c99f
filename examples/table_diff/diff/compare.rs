//! Compares the operations of a document with the endpoints of the table.

use std::collections::BTreeSet;

use tonearm::Scope;
use tonearm::endpoint::{Availability, Endpoint, ParamInfo, ParamKind};

use super::openapi::{Api, Operation, Param};
use super::schema::Schema;
use super::sent::{Sent, sent};
use super::spec;

/// The text for a side that has no value.
pub const ABSENT: &str = "absent";

/// The content type of an endpoint that uploads a picture.
const JPEG: &str = "image/jpeg";

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The subject, such as `query limit minimum`.
    pub about: String,
    /// The value in the document.
    pub document: String,
    /// The value in the table.
    pub table: String,
    /// The endpoints with this value. Empty if the whole table lacks it.
    pub endpoints: Vec<&'static str>,
}

/// An operation and its differences.
#[derive(Debug)]
pub struct Compared {
    pub method: String,
    pub path: String,
    pub differences: Vec<Difference>,
    pub kind: Kind,
}

/// The subject of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// An operation of the table.
    Operation,
    /// An operation that the table lacks.
    Lacking,
    /// A schema of the document with the model that reads it.
    Model,
    /// An operation whose response was recorded.
    Recorded,
}

/// Compares the endpoints in their order, and appends the operations that are not in the table.
pub fn compare(api: &Api<'_>, endpoints: &[&'static Endpoint]) -> Vec<Compared> {
    let mut all: Vec<Compared> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut with_other_method = BTreeSet::new();
    let in_table = |operation: &Operation<'_>| {
        endpoints.iter().any(|endpoint| {
            endpoint.method.as_str() == operation.method && sends_to(endpoint, &operation.path)
        })
    };
    for endpoint in endpoints {
        let (method, path) = (endpoint.method.as_str(), &*endpoint.path);
        if !seen.insert((method, bare(path))) {
            continue;
        }
        let own: Vec<&'static Endpoint> = endpoints
            .iter()
            .copied()
            .filter(|other| other.method == endpoint.method && bare(&other.path) == bare(path))
            .collect();
        let names: Vec<&'static str> = own.iter().map(|endpoint| &*endpoint.name).collect();
        let mut found = Differences::default();
        match operation_of(&api.operations, endpoint) {
            Some(operation) => {
                let beside = endpoints.iter().copied().filter(|other| {
                    other.method == endpoint.method
                        && bare(&other.path) != bare(path)
                        && sends_to(other, path)
                });
                operation_against(operation, path, &own, &beside.collect::<Vec<_>>(), &mut found);
            }
            None => {
                let others: Vec<&Operation<'_>> = api
                    .operations
                    .iter()
                    .filter(|known| bare(&known.path) == bare(path) && !in_table(known))
                    .collect();
                if others.is_empty() {
                    found.add("operation", ABSENT, "present", &names)
                } else {
                    with_other_method
                        .extend(others.iter().map(|other| (&other.method, &other.path)));
                    let methods = others.iter().map(|other| other.method.as_str());
                    found.add("method", methods.collect::<Vec<_>>().join(" "), method, &names);
                }
            }
        }
        all.push(Compared {
            method: method.to_owned(),
            path: path.to_owned(),
            differences: found.0,
            kind: Kind::Operation,
        });
    }
    for operation in &api.operations {
        let Operation { method, path, .. } = operation;
        if in_table(operation) || with_other_method.contains(&(method, path)) {
            continue;
        }
        let mut found = Differences::default();
        found.add("operation", "present", ABSENT, &[]);
        all.push(Compared {
            method: method.clone(),
            path: path.clone(),
            differences: found.0,
            kind: Kind::Lacking,
        });
    }
    all
}

/// Returns the operation of an endpoint.
pub fn operation_of<'o, 'a>(
    operations: &'o [Operation<'a>],
    endpoint: &Endpoint,
) -> Option<&'o Operation<'a>> {
    let (method, path) = (endpoint.method.as_str(), bare(&endpoint.path));
    operations.iter().find(|known| known.method == method && bare(&known.path) == path)
}

/// Returns whether this is the comparison of an endpoint.
pub fn is_of(compared: &Compared, endpoint: &Endpoint) -> bool {
    compared.kind == Kind::Operation
        && compared.method == endpoint.method.as_str()
        && bare(&compared.path) == bare(&endpoint.path)
}

/// Returns a path without the names of its parameters, which are not sent.
fn bare(path: &str) -> String {
    let mut bare = String::new();
    let mut inside = false;
    for char in path.chars() {
        match char {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        bare.push(char);
    }
    bare
}

/// Returns the names of a path's parameters, in order.
fn names_in(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Returns whether an endpoint sends requests to a path: its own, or the one without an optional path parameter.
fn sends_to(endpoint: &Endpoint, path: &str) -> bool {
    let path_without =
        |param: &ParamInfo| spec::param(&endpoint.name, &param.name)["when_absent"].as_str();
    let shorter = endpoint.params.iter().filter_map(path_without);
    std::iter::once(&*endpoint.path).chain(shorter).any(|known| bare(known) == bare(path))
}

/// Differences, each once with all its endpoints.
#[derive(Default)]
pub struct Differences(pub Vec<Difference>);

impl Differences {
    pub fn add(
        &mut self,
        about: impl Into<String>,
        document: impl Into<String>,
        table: impl Into<String>,
        endpoints: &[&'static str],
    ) {
        let (about, document, table) = (about.into(), document.into(), table.into());
        let same = |known: &&mut Difference| {
            known.about == about && known.document == document && known.table == table
        };
        match self.0.iter_mut().find(same) {
            Some(known) => {
                known.endpoints.extend(
                    endpoints
                        .iter()
                        .filter(|endpoint| !known.endpoints.contains(endpoint))
                        .collect::<Vec<_>>(),
                );
            }
            None => {
                self.0.push(Difference { about, document, table, endpoints: endpoints.to_vec() })
            }
        }
    }

    /// Adds a difference if the two sides are not the same.
    fn check(
        &mut self,
        about: String,
        document: Option<String>,
        table: Option<String>,
        endpoint: &'static str,
    ) {
        if document != table {
            let shown = |side: Option<String>| side.unwrap_or_else(|| ABSENT.to_owned());
            self.add(about, shown(document), shown(table), &[endpoint]);
        }
    }
}

fn operation_against(
    operation: &Operation<'_>,
    path: &str,
    own: &[&'static Endpoint],
    beside: &[&'static Endpoint],
    found: &mut Differences,
) {
    let own_names: Vec<&'static str> = own.iter().map(|endpoint| &*endpoint.name).collect();
    if operation.path != path {
        found.add("path", &operation.path, path, &own_names);
    }
    deprecated(operation, own, found);
    scopes(operation, own, found);
    success(operation, own, found);
    let is_picture =
        |endpoint: &&Endpoint| endpoint.params.iter().any(|param| param.kind == ParamKind::Jpeg);
    let (with_picture, others) = own.iter().copied().partition::<Vec<_>, _>(is_picture);
    for body in &operation.other_bodies {
        if others.len() == own.len() || body != JPEG {
            found.add("body", body, ABSENT, &[]);
        }
    }
    if !operation.other_bodies.iter().any(|body| body == JPEG) {
        for endpoint in with_picture {
            found.add("body", ABSENT, JPEG, &[&endpoint.name]);
        }
    }

    // Compare path parameters by position, and use the names of the table.
    let renames: Vec<_> = names_in(&operation.path).into_iter().zip(names_in(path)).collect();
    let named = |param: &Param| -> String {
        let renamed =
            renames.iter().find(|(theirs, _)| param.within == "path" && *theirs == param.key);
        renamed.map_or_else(|| param.key.clone(), |(_, ours)| (*ours).to_owned())
    };
    let sends: Vec<(&'static str, bool, Vec<Sent>)> = own
        .iter()
        .map(|endpoint| (&*endpoint.name, true, sent(endpoint)))
        .chain(beside.iter().map(|endpoint| {
            // On its shorter path, an endpoint sends all parameters except the optional path parameter.
            let names = names_in(path);
            let rest = sent(endpoint).into_iter();
            let rest = rest.filter(|sent| sent.within != "path" || names.contains(&sent.key));
            (&*endpoint.name, false, rest.collect())
        }))
        .collect();
    for param in &operation.params {
        let key = named(param);
        let label = format!("{} {key}", param.within);
        let mut uses = Vec::new();
        // If endpoints share an operation but send different parameters, none of these is required.
        let mut is_everywhere = true;
        for (endpoint, is_own, sent) in &sends {
            match sent.iter().find(|sent| sent.within == param.within && sent.key == key) {
                Some(sent) => uses.push((*endpoint, sent)),
                None if *is_own => {
                    is_everywhere = false;
                    if param.required {
                        found.add(format!("{label} required"), "yes", ABSENT, &[endpoint]);
                    }
                }
                None => {}
            }
        }
        if !uses.is_empty() {
            // If a key is in both query and body, a call sends only one of them, so neither is required.
            let twin = operation
                .params
                .iter()
                .any(|other| other.key == param.key && other.within != param.within);
            if !twin {
                required(param, &label, &uses, is_everywhere, found);
            }
            param_against(param, &label, &uses, found);
        } else if !param.required || own.is_empty() {
            found.add(label, describe(param), ABSENT, &[]);
        } else {
            // Report a required parameter that no endpoint sends only once.
            found.0.retain(|known| known.about != format!("{label} required"));
            found.add(label, describe(param), ABSENT, &[]);
        }
    }
    for (endpoint, _, sent) in &sends {
        for sent in sent {
            let known = operation
                .params
                .iter()
                .any(|param| sent.within == param.within && sent.key == named(param));
            if !known {
                let need = if sent.required { "required" } else { "optional" };
                let label = format!("{} {}", sent.within, sent.key);
                found.add(label, ABSENT, format!("{need} {}", sent.kind()), &[endpoint]);
            }
        }
    }
}

/// Describes a parameter of the document: `required string`.
fn describe(param: &Param) -> String {
    let need = if param.required { "required" } else { "optional" };
    format!("{need} {}", param.schema.kind().as_deref().unwrap_or("parameter of no type"))
}

fn deprecated(operation: &Operation<'_>, own: &[&'static Endpoint], found: &mut Differences) {
    for endpoint in own {
        let available_to = match endpoint.availability {
            Availability::All => "available to all",
            Availability::ExtendedQuota => "available with extended quota",
            Availability::Legacy => "available to legacy apps",
            _ => continue,
        };
        if operation.deprecated == (endpoint.availability == Availability::All) {
            let document = if operation.deprecated { "yes" } else { "no" };
            found.add("deprecated", document, available_to, &[&endpoint.name]);
        }
    }
}

fn scopes(operation: &Operation<'_>, own: &[&'static Endpoint], found: &mut Differences) {
    let with: Vec<(&Scope, &str, &'static str)> = own
        .iter()
        .flat_map(|endpoint| {
            let (scopes, name) = (&endpoint.scopes, &*endpoint.name);
            let conditional =
                scopes.conditional.iter().map(move |case| (&case.scope, "conditional", name));
            let unlocks = scopes.unlocks.iter().map(move |it| (&it.scope, "unlocks more", name));
            let required = scopes.required.iter().map(move |scope| (scope, "required", name));
            let alternative =
                scopes.alternative.iter().map(move |scope| (scope, "alternative", name));
            required.chain(alternative).chain(conditional).chain(unlocks)
        })
        .collect();
    for scope in &operation.scopes {
        if !with.iter().any(|(known, ..)| known.as_str() == scope) {
            found.add(format!("scope {scope}"), "listed", ABSENT, &[]);
        }
    }
    for (scope, kind, endpoint) in with {
        if !operation.scopes.contains(scope.as_str()) {
            found.add(format!("scope {scope}"), ABSENT, kind, &[endpoint]);
        }
    }
}

fn success(operation: &Operation<'_>, own: &[&'static Endpoint], found: &mut Differences) {
    // The range `2XX` allows any of them.
    if operation.success.iter().any(|status| status.eq_ignore_ascii_case("2xx")) {
        return;
    }
    let joined = |statuses: Vec<String>| (!statuses.is_empty()).then(|| statuses.join(", "));
    let document = joined(operation.success.iter().cloned().collect());
    for endpoint in own {
        let ours: BTreeSet<String> =
            spec::success(&endpoint.name).iter().map(u16::to_string).collect();
        found.check(
            "success".into(),
            document.clone(),
            joined(ours.into_iter().collect()),
            &endpoint.name,
        );
    }
}

fn required(
    param: &Param,
    label: &str,
    uses: &[(&'static str, &Sent)],
    is_everywhere: bool,
    found: &mut Differences,
) {
    let yes = |required: bool| if required { "yes" } else { "no" };
    let all_require = is_everywhere && uses.iter().all(|(_, sent)| sent.required);
    for (endpoint, sent) in uses {
        if sent.required != param.required && (param.required || all_require) {
            found.add(
                format!("{label} required"),
                yes(param.required),
                yes(sent.required),
                &[endpoint],
            );
        }
    }
}

fn param_against(
    param: &Param,
    label: &str,
    uses: &[(&'static str, &Sent)],
    found: &mut Differences,
) {
    let schema = &param.schema;
    for (endpoint, sent) in uses {
        if let Some(kind) = schema.kind()
            && sent.element.is_some()
            && !same_type(&kind, sent)
        {
            found.add(format!("{label} type"), kind, sent.kind(), &[endpoint]);
        }
        if sent.element == Some("integer") && !sent.list {
            let number = |number: Option<i64>| number.map(|number| number.to_string());
            // The minimum 0 of an unsigned number may be missing in the document.
            let min = sent.min.filter(|min| !(*min == 0 && sent.unsigned && schema.min.is_none()));
            found.check(format!("{label} minimum"), schema.min.clone(), number(min), endpoint);
            found.check(format!("{label} maximum"), schema.max.clone(), number(sent.max), endpoint);
        }
        if !sent.fixed {
            let default = sent.default.map(str::to_owned);
            let in_text = sent.default.filter(|value| schema.names_default(value));
            let document = schema.default.clone().or(in_text.map(str::to_owned));
            found.check(format!("{label} default"), document, default, endpoint);
        }
        fields(schema, label, sent, endpoint, found);
        if sent.list && sent.values.is_none() {
            let most = schema.max_ids().map(|most| most.to_string());
            let ours = sent.max_ids.map(|most| most.to_string());
            found.check(format!("{label} maximum of ids"), most, ours, endpoint);
        }
    }
    values(param, label, uses, found);
}

/// Compares the fields of an object in the body, or of the elements of a list.
fn fields(
    schema: &Schema,
    label: &str,
    sent: &Sent,
    endpoint: &'static str,
    found: &mut Differences,
) {
    let schema = schema.items.as_deref().unwrap_or(schema);
    if schema.fields.is_empty() || sent.element != Some("object") {
        return;
    }
    for (key, field) in schema.fields.iter().filter(|(key, _)| !sent.fields.contains(key.as_str()))
    {
        let kind = field.kind().unwrap_or_else(|| "something".to_owned());
        found.add(format!("{label} field {key}"), kind, ABSENT, &[]);
    }
    for key in sent.fields.iter().filter(|key| !schema.fields.contains_key(**key)) {
        found.add(format!("{label} field {key}"), ABSENT, "present", &[endpoint]);
    }
}

/// Compares types. A list in a path or query is sent as text with commas, for which Spotify's document mostly has
/// `string`.
fn same_type(document: &str, sent: &Sent) -> bool {
    match sent.list {
        // In a query, a single value and a list of one value are the same.
        false if sent.within == "query" && document == format!("array of {}", sent.kind()) => true,
        false => document == sent.kind(),
        true if sent.within != "body" && document == "string" => true,
        true => document == "array" || document == sent.kind(),
    }
}

fn values(param: &Param, label: &str, uses: &[(&'static str, &Sent)], found: &mut Differences) {
    let values = param.schema.all_values();
    let ours = |sent: &Sent| sent.values.clone().unwrap_or_default();
    if !values.is_empty() {
        for (endpoint, sent) in uses.iter().filter(|(_, sent)| sent.values.is_none()) {
            if sent.element == Some("string") {
                found.add(format!("{label} values"), values.join(", "), "any text", &[endpoint]);
            }
        }
        if uses.iter().all(|(_, sent)| sent.values.is_some()) {
            let all: Vec<&str> = uses.iter().flat_map(|(_, sent)| ours(sent)).collect();
            for value in values.iter().filter(|value| !all.contains(&value.as_str())) {
                found.add(format!("{label} value {value}"), "present", ABSENT, &[]);
            }
        }
    }
    for (endpoint, sent) in uses {
        for value in ours(sent) {
            // If the document lists no values, its text may contain them.
            let known = if values.is_empty() {
                sent.fixed || param.schema.names(value)
            } else {
                values.iter().any(|known| known == value)
            };
            if !known {
                found.add(format!("{label} value {value}"), ABSENT, "present", &[endpoint]);
            }
        }
    }
}
