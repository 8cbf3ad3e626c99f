//! The comparison of the table with an OpenAPI document: everything but the process around it, so that
//! tests can run it.

pub mod compare;
pub mod decided;
pub mod document;
pub mod openapi;
pub mod report;
pub mod schema;
pub mod sent;
pub mod spec;

use std::ffi::OsString;
use std::path::Path;

use tonearm::Spotify;
use tonearm::endpoint::Endpoint;

/// The decided disagreements, which are part of the program like the table itself.
pub const DECIDED: &str = include_str!("../decided.toml");

/// What the process says and how it ends.
pub struct Outcome {
    pub output: String,
    pub error: String,
    pub code: u8,
}

/// The program, from its arguments to its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, decided: &str) -> Outcome {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let found = match arguments.as_slice() {
        [path] => read(path.as_ref()).and_then(|text| diff(&text, Spotify::endpoints(), decided)),
        other => Err(format!(
            "expected one argument, the path of Spotify's OpenAPI document, found {}\n\
             usage: cargo run --example table_diff -- open-api-schema.yaml",
            other.len()
        )),
    };
    match found {
        Ok(report) => Outcome {
            code: u8::from(!report.is_empty()),
            output: report.to_string(),
            error: String::new(),
        },
        Err(problem) => {
            Outcome { code: 2, output: String::new(), error: format!("error: {problem}\n") }
        }
    }
}

/// The text of the document.
fn read(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| format!("expected an OpenAPI document at {shown}, found: {error}"))?;
    String::from_utf8(bytes)
        .map_err(|error| format!("expected {shown} to be UTF-8, found otherwise: {error}"))
}

/// The comparison of a document with rows of the table.
pub fn diff(
    document: &str,
    rows: &[&'static Endpoint],
    decided: &str,
) -> Result<report::Report, String> {
    let decided = decided::read(decided)?;
    let document = document::read(document)?;
    let api = openapi::read(&document)?;
    Ok(report::Report::new(compare::compare(&api, rows), api.problems, decided))
}
