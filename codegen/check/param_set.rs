//! The rules over all rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{At, Param, RawEndpoint};
use super::Checker;
use super::name::pascal;

impl Checker<'_> {
    pub(super) fn duplicates(&mut self, rows: &[&RawEndpoint]) {
        let mut names: HashMap<String, &RawEndpoint> = HashMap::new();
        let mut requests: HashMap<(String, Vec<String>), &RawEndpoint> = HashMap::new();
        for row in rows {
            let name = &row.name.value;
            match names.entry(pascal(name)) {
                Entry::Occupied(first) if first.get().name.value == *name => {
                    let first = &first.get().name.location;
                    let advice = match self.is_own(&row.location) && !self.is_own(first) {
                        true => {
                            " of the crate: take another name, or replace that entry with \
                             `replaces = true`"
                        }
                        false => "",
                    };
                    let first = self.origin(first);
                    let message =
                        format!("the name `{name}` is taken by the entry at {first}{advice}");
                    self.problem(&row.name.location, message);
                }
                Entry::Occupied(first) => {
                    let message = format!(
                        "the request type of this entry would be called `{}`, as that of `{}` is: take another name",
                        first.key(),
                        first.get().name.value
                    );
                    self.problem(&row.name.location, message);
                }
                Entry::Vacant(vacant) => drop(vacant.insert(row)),
            }
            let Ok(path) = PathTemplate::parse(&row.path.value) else { continue };
            let request = format!("{} {}", row.method.value, path.shape());
            match requests.entry((request, told_apart(row))) {
                Entry::Occupied(first) => {
                    let first = first.get();
                    let (name, method, path) =
                        (&first.name.value, &row.method.value, &first.path.value);
                    let advice = match self.is_own(&row.location) && !self.is_own(&first.location) {
                        true => format!(
                            "; to replace that entry, write `name = \"{name}\"` and `replaces = true`"
                        ),
                        false => String::new(),
                    };
                    let message = format!(
                        "`{name}` sends {method} {path} already: such entries need different fixed or required parameters{advice}"
                    );
                    self.problem(&row.path.location, message);
                }
                Entry::Vacant(vacant) => drop(vacant.insert(row)),
            }
        }
    }

    /// Whether the row that goes on with a list takes what this one has.
    pub(super) fn then(&mut self, row: &RawEndpoint, rows: &[&RawEndpoint]) {
        let Some(batch) = &row.batch else { return };
        let Some(then) = &batch.then else { return };
        let Some(target) = self.row_named(then, rows) else { return };
        let mut is_alike = true;
        for param in target.params.iter().filter(|param| param.required) {
            let is_same = |own: &&Param| {
                own.name.value == param.name.value
                    && own.ty.value == param.ty.value
                    && own.list == param.list
            };
            if !row.params.iter().any(|own| is_same(&own)) && !row.lacks_params {
                let message = format!(
                    "`{}` needs `{}`, which `{}` does not have alike",
                    then.value, param.name.value, row.name.value
                );
                is_alike = false;
                self.problem(&then.location, message);
            }
        }
        let message = match &target.batch {
            Some(rest) if rest.by.value == batch.by.value => {
                if !is_alike || rest.max.value >= batch.max.value {
                    return;
                }
                format!(
                    "`{}` takes {} in a request, fewer than the {} that it is to be given",
                    then.value, rest.max.value, batch.max.value
                )
            }
            _ => format!(
                "`{}` takes the rest of `{}`, so its `batch.by` must be the same",
                then.value, batch.by.value
            ),
        };
        self.problem(&then.location, message);
    }

    /// The row that another one names.
    pub(super) fn row_named<'r>(
        &mut self,
        name: &At<String>,
        rows: &[&'r RawEndpoint],
    ) -> Option<&'r RawEndpoint> {
        let found = rows.iter().copied().find(|row| row.name.value == name.value);
        if found.is_none() && !self.poisoned.rows.holds(&name.value) {
            let known = rows.iter().map(|row| row.name.value.as_str());
            let advice = phrase::did_you_mean(&name.value, known);
            let message =
                format!("no endpoint has the name {}{advice}", phrase::shown(&name.value));
            self.problem(&name.location, message);
        }
        found
    }
}

/// What distinguishes a row from others with its method and path.
fn told_apart(row: &RawEndpoint) -> Vec<String> {
    let fixed = row.fixed.iter().map(|(key, value)| format!("{}={}", key.value, value.value));
    let required =
        row.params.iter().filter(|param| param.required && param.pointer.value != "path");
    let mut all: Vec<String> = fixed
        .chain(
            required
                .map(|param| format!("{}{}", param.key.value, if param.list { "[]" } else { "" })),
        )
        .collect();
    all.sort();
    all
}
