//! The rules over all rows.

use std::collections::HashMap;

use super::super::path::PathTemplate;
use super::super::row::Row;
use super::Checker;

impl Checker<'_> {
    pub(super) fn duplicates(&mut self, rows: &[&Row]) {
        let mut names: HashMap<&str, &Row> = HashMap::new();
        let mut requests: HashMap<(String, Vec<String>), &Row> = HashMap::new();
        for row in rows {
            if let Some(first) = names.insert(&row.name.value, row) {
                let (file, line) = self.problems.line_of(&first.name.place);
                self.problem(
                    &row.name.place,
                    format!("the name `{}` is taken by {file}:{line}", row.name.value),
                );
            }
            let mut told_apart: Vec<String> = row
                .fixed
                .iter()
                .map(|(key, value)| format!("{}={:?}", key.value, value.value))
                .chain(
                    row.params
                        .iter()
                        .filter(|p| p.required && p.within.value != "path")
                        .map(|p| p.key.value.clone()),
                )
                .collect();
            told_apart.sort();
            let request = format!("{} {}", row.method.value, without_names(&row.path.value));
            if let Some(first) = requests.insert((request.clone(), told_apart), row) {
                let message = format!(
                    "`{}` already sends {} {}, and no fixed or required parameter tells the two apart",
                    first.name.value, row.method.value, row.path.value
                );
                self.problem(&row.path.place, message);
            }
        }
    }

    pub(super) fn development(&mut self, row: &Row, rows: &[&Row]) {
        let Some(development) = &row.development else { return };
        let Some(target) = rows.iter().find(|target| target.name.value == development.row.value)
        else {
            self.problem(
                &development.row.place,
                format!("no row has the name `{}`", development.row.value),
            );
            return;
        };
        if target.open_to.value != "all" {
            let message = format!(
                "`{}` is not open to all apps, so it is no form for development mode",
                target.name.value
            );
            self.problem(&development.row.place, message);
        }
        for (name, template) in &development.params {
            if !target.params.iter().any(|param| param.name.value == name.value) {
                self.problem(
                    &name.place,
                    format!("`{}` has no parameter `{}`", target.name.value, name.value),
                );
            }
            match PathTemplate::parse(&format!("/{}", template.value)) {
                Ok(parsed) => {
                    for gap in parsed.names() {
                        if !row.params.iter().any(|param| param.name.value == gap) {
                            let message =
                                format!("`{{{gap}}}` is no parameter of `{}`", row.name.value);
                            self.problem(&template.place, message);
                        }
                    }
                }
                Err(message) => self.problem(&template.place, message),
            }
        }
        for param in target.params.iter().filter(|param| param.required) {
            if !development.params.iter().any(|(name, _)| name.value == param.name.value) {
                let message = format!(
                    "`{}` requires `{}`, which is not given",
                    target.name.value, param.name.value
                );
                self.problem(&development.row.place, message);
            }
        }
    }
}

fn without_names(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '{') && c != '}';
        if !inside {
            out.push(c);
        }
    }
    out
}
