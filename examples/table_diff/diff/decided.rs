//! Reads the list of accepted differences, each with its reason.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::compare::Difference;

/// An accepted difference.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The line in the file.
    pub line: usize,
    operation: String,
    about: String,
    document: String,
    table: String,
    /// True if the comparison has found this difference.
    pub applies: bool,
}

impl Decided {
    /// Returns whether a difference matches. It compares all fields, so a difference that has changed is reported
    /// again.
    pub fn is(&self, operation: &str, difference: &Difference) -> bool {
        matches(&self.operation, operation)
            && matches(&self.about, &difference.about)
            && matches(&self.document, &difference.document)
            && matches(&self.table, &difference.table)
    }

    /// Describes the difference with the values of the file.
    pub fn describe(&self) -> String {
        let Decided { operation, about, document, table, .. } = self;
        format!("{operation}: {about}: {document} in the document, {table} in the table")
    }
}

/// Returns whether a text matches a pattern, in which one `*` matches any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

/// Reads the file.
pub fn read(text: &str) -> Result<Vec<Decided>, String> {
    let line = |span: Range<usize>| {
        text.get(..span.start).map_or(0, |before| before.matches('\n').count()) + 1
    };
    let wrong = |span: Range<usize>, what: String| format!("decided.toml:{}: {what}", line(span));
    let file = DeTable::parse(text).map_err(|error| {
        wrong(
            error.span().unwrap_or_default(),
            format!("expected TOML, found: {}", error.message()),
        )
    })?;
    let mut all = Vec::new();
    for (key, value) in file.get_ref() {
        let entries = match value.get_ref() {
            DeValue::Array(entries) if key.get_ref() == "decided" => entries,
            _ => {
                let found = key.get_ref();
                return Err(wrong(
                    key.span(),
                    format!("expected `[[decided]]` alone, found `{found}`"),
                ));
            }
        };
        for entry in entries.iter() {
            let DeValue::Table(entry_table) = entry.get_ref() else {
                return Err(wrong(entry.span(), "expected `[[decided]]` to be a table".to_owned()));
            };
            all.push(
                one(entry, entry_table, line(entry.span()))
                    .map_err(|(span, what)| wrong(span, what))?,
            );
        }
    }
    Ok(all)
}

fn one(
    entry: &Spanned<DeValue<'_>>,
    table: &DeTable<'_>,
    line: usize,
) -> Result<Decided, (Range<usize>, String)> {
    const KEYS: [&str; 5] = ["operation", "about", "document", "table", "because"];
    if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(&key.get_ref().as_ref())) {
        let found = key.get_ref();
        return Err((key.span(), format!("expected one of {}, found `{found}`", KEYS.join(", "))));
    }
    let text = |key: &str| match table.get(key) {
        None => Err((entry.span(), format!("expected the key `{key}`, found none"))),
        Some(value) => match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            _ => Err((value.span(), format!("expected `{key}` to be text that is not blank"))),
        },
    };
    text("because")?;
    for key in ["operation", "about", "document", "table"] {
        if text(key)?.matches('*').count() > 1
            && let Some(value) = table.get(key)
        {
            return Err((value.span(), format!("expected at most one `*` in `{key}`, found more")));
        }
    }
    Ok(Decided {
        line,
        operation: text("operation")?,
        about: text("about")?,
        document: text("document")?,
        table: text("table")?,
        applies: false,
    })
}
