//! Where the operations of a document and the rows of the table differ.

use std::collections::BTreeSet;

use tonearm::Scope;
use tonearm::endpoint::{Availability, Endpoint, ParamInfo, ParamKind};

use super::openapi::{Api, Operation, Param};
use super::schema::Schema;
use super::sent::{Sent, sent};
use super::spec;

/// What is said where one side has nothing.
pub const ABSENT: &str = "absent";

/// The body that a row with a picture sends.
const JPEG: &str = "image/jpeg";

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is about: `query limit minimum`.
    pub about: String,
    /// What the document says.
    pub document: String,
    /// What the rows say.
    pub table: String,
    /// The rows that say so; none if the whole table has nothing.
    pub rows: Vec<&'static str>,
}

/// An operation and its differences.
#[derive(Debug)]
pub struct Compared {
    pub method: String,
    pub path: String,
    pub differences: Vec<Difference>,
    pub kind: Kind,
}

/// What was compared.
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

/// Compares the rows in their order; after them come the operations that no row has.
pub fn compare(api: &Api<'_>, rows: &[&'static Endpoint]) -> Vec<Compared> {
    let mut all: Vec<Compared> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut told = BTreeSet::new();
    let in_table = |operation: &Operation<'_>| {
        rows.iter()
            .any(|row| row.method.as_str() == operation.method && speaks_for(row, &operation.path))
    };
    for row in rows {
        let (method, path) = (row.method.as_str(), &*row.path);
        if !seen.insert((method, bare(path))) {
            continue;
        }
        let own: Vec<&'static Endpoint> = rows
            .iter()
            .copied()
            .filter(|other| other.method == row.method && bare(&other.path) == bare(path))
            .collect();
        let names: Vec<&'static str> = own.iter().map(|row| &*row.name).collect();
        let mut found = Differences::default();
        match operation_of(&api.operations, row) {
            Some(operation) => {
                let beside = rows.iter().copied().filter(|other| {
                    other.method == row.method
                        && bare(&other.path) != bare(path)
                        && speaks_for(other, path)
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
                    told.extend(others.iter().map(|other| (&other.method, &other.path)));
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
        if in_table(operation) || told.contains(&(method, path)) {
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

/// The operation of a row.
pub fn operation_of<'o, 'a>(
    operations: &'o [Operation<'a>],
    row: &Endpoint,
) -> Option<&'o Operation<'a>> {
    let (method, path) = (row.method.as_str(), bare(&row.path));
    operations.iter().find(|known| known.method == method && bare(&known.path) == path)
}

/// Whether this is what was compared for a row.
pub fn is_of(compared: &Compared, row: &Endpoint) -> bool {
    compared.kind == Kind::Operation
        && compared.method == row.method.as_str()
        && bare(&compared.path) == bare(&row.path)
}

/// A path without the names of its parameters, which are not sent.
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

/// The names of a path's parameters, in order.
fn names_in(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Whether a row sends requests to a path: its own, or that without a path parameter.
fn speaks_for(row: &Endpoint, path: &str) -> bool {
    let path_without =
        |param: &ParamInfo| spec::param(&row.name, &param.name)["when_absent"].as_str();
    let shorter = row.params.iter().filter_map(path_without);
    std::iter::once(&*row.path).chain(shorter).any(|known| bare(known) == bare(path))
}

/// Differences, each told once with all the rows that it is about.
#[derive(Default)]
pub struct Differences(pub Vec<Difference>);

impl Differences {
    pub fn add(
        &mut self,
        about: impl Into<String>,
        document: impl Into<String>,
        table: impl Into<String>,
        rows: &[&'static str],
    ) {
        let (about, document, table) = (about.into(), document.into(), table.into());
        let same = |known: &&mut Difference| {
            known.about == about && known.document == document && known.table == table
        };
        match self.0.iter_mut().find(same) {
            Some(known) => {
                known.rows.extend(
                    rows.iter().filter(|row| !known.rows.contains(row)).collect::<Vec<_>>(),
                );
            }
            None => self.0.push(Difference { about, document, table, rows: rows.to_vec() }),
        }
    }

    /// Adds a difference if the two sides are not the same.
    fn check(
        &mut self,
        about: String,
        document: Option<String>,
        table: Option<String>,
        row: &'static str,
    ) {
        if document != table {
            let shown = |side: Option<String>| side.unwrap_or_else(|| ABSENT.to_owned());
            self.add(about, shown(document), shown(table), &[row]);
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
    let own_names: Vec<&'static str> = own.iter().map(|row| &*row.name).collect();
    if operation.path != path {
        found.add("path", &operation.path, path, &own_names);
    }
    deprecated(operation, own, found);
    scopes(operation, own, found);
    success(operation, own, found);
    let is_picture = |row: &&Endpoint| row.params.iter().any(|param| param.kind == ParamKind::Jpeg);
    let (with_picture, others) = own.iter().copied().partition::<Vec<_>, _>(is_picture);
    for body in &operation.other_bodies {
        if others.len() == own.len() || body != JPEG {
            found.add("body", body, ABSENT, &[]);
        }
    }
    if !operation.other_bodies.iter().any(|body| body == JPEG) {
        for row in with_picture {
            found.add("body", ABSENT, JPEG, &[&row.name]);
        }
    }

    // The document's names of path parameters give way to the table's, by their order.
    let renames: Vec<_> = names_in(&operation.path).into_iter().zip(names_in(path)).collect();
    let named = |param: &Param| -> String {
        let renamed =
            renames.iter().find(|(theirs, _)| param.within == "path" && *theirs == param.key);
        renamed.map_or_else(|| param.key.clone(), |(_, ours)| (*ours).to_owned())
    };
    let sends: Vec<(&'static str, bool, Vec<Sent>)> = own
        .iter()
        .map(|row| (&*row.name, true, sent(row)))
        .chain(beside.iter().map(|row| {
            // On its shorter path a row sends all but what stood in the longer one.
            let names = names_in(path);
            let rest = sent(row).into_iter();
            let rest = rest.filter(|sent| sent.within != "path" || names.contains(&sent.key));
            (&*row.name, false, rest.collect())
        }))
        .collect();
    for param in &operation.params {
        let key = named(param);
        let label = format!("{} {key}", param.within);
        let mut uses = Vec::new();
        // Rows that send other things by one operation make none of them required.
        let mut is_everywhere = true;
        for (row, is_own, sent) in &sends {
            match sent.iter().find(|sent| sent.within == param.within && sent.key == key) {
                Some(sent) => uses.push((*row, sent)),
                None if *is_own => {
                    is_everywhere = false;
                    if param.required {
                        found.add(format!("{label} required"), "yes", ABSENT, &[row]);
                    }
                }
                None => {}
            }
        }
        if !uses.is_empty() {
            // Of a key in query and body a call sends one, so neither is required in truth.
            let twin = operation
                .params
                .iter()
                .any(|other| other.key == param.key && other.within != param.within);
            if !twin {
                required(param, &label, &uses, is_everywhere, found);
            }
            param_against(param, &label, &uses, found);
        } else if !param.required || own.is_empty() {
            found.add(label, told(param), ABSENT, &[]);
        } else {
            // One line is enough for a required parameter that no row sends.
            found.0.retain(|known| known.about != format!("{label} required"));
            found.add(label, told(param), ABSENT, &[]);
        }
    }
    for (row, _, sent) in &sends {
        for sent in sent {
            let known = operation
                .params
                .iter()
                .any(|param| sent.within == param.within && sent.key == named(param));
            if !known {
                let need = if sent.required { "required" } else { "optional" };
                let label = format!("{} {}", sent.within, sent.key);
                found.add(label, ABSENT, format!("{need} {}", sent.kind()), &[row]);
            }
        }
    }
}

/// A parameter of the document in words: `required string`.
fn told(param: &Param) -> String {
    let need = if param.required { "required" } else { "optional" };
    format!("{need} {}", param.schema.kind().as_deref().unwrap_or("parameter of no type"))
}

fn deprecated(operation: &Operation<'_>, own: &[&'static Endpoint], found: &mut Differences) {
    for row in own {
        let open_to = match row.availability {
            Availability::All => "open to all",
            Availability::ExtendedQuota => "open to extended",
            Availability::Legacy => "closed since 2024",
            _ => continue,
        };
        if operation.deprecated == (row.availability == Availability::All) {
            let document = if operation.deprecated { "yes" } else { "no" };
            found.add("deprecated", document, open_to, &[&row.name]);
        }
    }
}

fn scopes(operation: &Operation<'_>, own: &[&'static Endpoint], found: &mut Differences) {
    let with: Vec<(&Scope, &str, &'static str)> = own
        .iter()
        .flat_map(|row| {
            let (scopes, name) = (&row.scopes, &*row.name);
            let conditional =
                scopes.conditional.iter().map(move |case| (&case.scope, "conditional", name));
            let unlocks =
                scopes.unlocks.iter().map(move |(scope, _)| (scope, "unlocks more", name));
            let required = scopes.required.iter().map(move |scope| (scope, "required", name));
            let alternative =
                scopes.alternative.iter().map(move |scope| (scope, "alternative", name));
            required.chain(alternative).chain(conditional).chain(unlocks)
        })
        .collect();
    for scope in &operation.scopes {
        if !with.iter().any(|(known, ..)| known.as_str() == scope) {
            found.add(format!("scope {scope}"), "asked for", ABSENT, &[]);
        }
    }
    for (scope, kind, row) in with {
        if !operation.scopes.contains(scope.as_str()) {
            found.add(format!("scope {scope}"), ABSENT, kind, &[row]);
        }
    }
}

fn success(operation: &Operation<'_>, own: &[&'static Endpoint], found: &mut Differences) {
    // A document with the range says that any of them may come.
    if operation.success.iter().any(|status| status.eq_ignore_ascii_case("2xx")) {
        return;
    }
    let joined = |statuses: Vec<String>| (!statuses.is_empty()).then(|| statuses.join(", "));
    let document = joined(operation.success.iter().cloned().collect());
    for row in own {
        let ours: BTreeSet<String> = spec::success(&row.name).iter().map(u16::to_string).collect();
        found.check(
            "success".into(),
            document.clone(),
            joined(ours.into_iter().collect()),
            &row.name,
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
    let by_all = is_everywhere && uses.iter().all(|(_, sent)| sent.required);
    for (row, sent) in uses {
        if sent.required != param.required && (param.required || by_all) {
            found.add(format!("{label} required"), yes(param.required), yes(sent.required), &[row]);
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
    for (row, sent) in uses {
        if let Some(kind) = schema.kind()
            && sent.element.is_some()
            && !same_type(&kind, sent)
        {
            found.add(format!("{label} type"), kind, sent.kind(), &[row]);
        }
        if sent.element == Some("integer") && !sent.list {
            let number = |number: Option<i64>| number.map(|number| number.to_string());
            // A document need not say that an unsigned number is at least 0.
            let min = sent.min.filter(|min| !(*min == 0 && sent.unsigned && schema.min.is_none()));
            found.check(format!("{label} minimum"), schema.min.clone(), number(min), row);
            found.check(format!("{label} maximum"), schema.max.clone(), number(sent.max), row);
        }
        if !sent.fixed {
            let default = sent.default.map(str::to_owned);
            let in_text = sent.default.filter(|value| schema.names_default(value));
            let document = schema.default.clone().or(in_text.map(str::to_owned));
            found.check(format!("{label} default"), document, default, row);
        }
        members(schema, label, sent, row, found);
        if sent.list && sent.words.is_none() {
            let most = schema.max_ids().map(|most| most.to_string());
            let ours = sent.max_ids.map(|most| most.to_string());
            found.check(format!("{label} maximum of ids"), most, ours, row);
        }
    }
    words(param, label, uses, found);
}

/// The fields of an object in the body, or of each element of a list.
fn members(schema: &Schema, label: &str, sent: &Sent, row: &'static str, found: &mut Differences) {
    let schema = schema.items.as_deref().unwrap_or(schema);
    if schema.members.is_empty() || sent.element != Some("object") {
        return;
    }
    for (key, member) in
        schema.members.iter().filter(|(key, _)| !sent.members.contains(key.as_str()))
    {
        let kind = member.kind().unwrap_or_else(|| "something".to_owned());
        found.add(format!("{label} field {key}"), kind, ABSENT, &[]);
    }
    for key in sent.members.iter().filter(|key| !schema.members.contains_key(**key)) {
        found.add(format!("{label} field {key}"), ABSENT, "present", &[row]);
    }
}

/// A list in a path or query is text with commas between: Spotify's document calls it `string` mostly.
fn same_type(document: &str, sent: &Sent) -> bool {
    match sent.list {
        // In a query one value is a list of one.
        false if sent.within == "query" && document == format!("array of {}", sent.kind()) => true,
        false => document == sent.kind(),
        true if sent.within != "body" && document == "string" => true,
        true => document == "array" || document == sent.kind(),
    }
}

fn words(param: &Param, label: &str, uses: &[(&'static str, &Sent)], found: &mut Differences) {
    let words = param.schema.all_words();
    let ours = |sent: &Sent| sent.words.clone().unwrap_or_default();
    if !words.is_empty() {
        for (row, sent) in uses.iter().filter(|(_, sent)| sent.words.is_none()) {
            if sent.element == Some("string") {
                found.add(format!("{label} words"), words.join(", "), "any text", &[row]);
            }
        }
        if uses.iter().all(|(_, sent)| sent.words.is_some()) {
            let all: Vec<&str> = uses.iter().flat_map(|(_, sent)| ours(sent)).collect();
            for word in words.iter().filter(|word| !all.contains(&word.as_str())) {
                found.add(format!("{label} word {word}"), "present", ABSENT, &[]);
            }
        }
    }
    for (row, sent) in uses {
        for word in ours(sent) {
            // Where the document lists no words its text may name them.
            let known = if words.is_empty() {
                sent.fixed || param.schema.names(word)
            } else {
                words.iter().any(|known| known == word)
            };
            if !known {
                found.add(format!("{label} word {word}"), ABSENT, "present", &[row]);
            }
        }
    }
}
