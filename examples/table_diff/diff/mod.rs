//! The comparison of the endpoint table with an OpenAPI document. Tests call it without starting a process.

pub mod bodies;
pub mod compare;
pub mod decided;
pub mod document;
pub mod openapi;
pub mod report;
pub mod responses;
pub mod schema;
pub mod sent;
pub mod spec;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use bpaf::{Args, OptionParser, ParseFailure, Parser, construct, long, positional};
use tonearm::Spotify;
use tonearm::endpoint::Endpoint;

/// The list of accepted differences, which is compiled into the program.
pub const DECIDED: &str = include_str!("../decided.toml");

/// The output and the exit code of the process.
pub struct Outcome {
    pub output: String,
    pub error: String,
    pub code: u8,
}

/// The arguments of the program.
#[derive(Debug)]
struct Arguments {
    bodies: Option<PathBuf>,
    document: PathBuf,
}

fn arguments() -> OptionParser<Arguments> {
    let bodies = long("bodies")
        .help("Compare the bodies in this recording of `tonearm::fake::Recorder` with the document too")
        .argument("FILE")
        .optional();
    let document = positional("DOCUMENT").help("Spotify's OpenAPI document, YAML or JSON");
    construct!(Arguments { bodies, document })
        .to_options()
        .descr("Prints the differences between the endpoint table and Spotify's OpenAPI document.")
        .footer("The exit code is 0 if nothing differs, 1 if something differs, and 2 if a file cannot be read.")
}

/// Runs the program with these arguments.
pub fn run(given: impl IntoIterator<Item = OsString>, decided: &str) -> Outcome {
    let given: Vec<OsString> = given.into_iter().collect();
    let arguments = match arguments().run_inner(Args::from(given.as_slice()).set_name("table_diff"))
    {
        Ok(arguments) => arguments,
        Err(ParseFailure::Stderr(problem)) => {
            let error = format!("error: {}\n", problem.monochrome(true));
            return Outcome { code: 2, output: String::new(), error };
        }
        Err(other) => {
            return Outcome { code: 0, output: other.unwrap_stdout(), error: String::new() };
        }
    };
    let report = || {
        let document = read(&arguments.document, "an OpenAPI document")?;
        let bodies =
            arguments.bodies.as_deref().map(|path| read(path, "a recording")).transpose()?;
        diff(&document, Spotify::endpoints(), decided, bodies.as_deref())
    };
    match report() {
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

/// Reads a file as text.
fn read(path: &Path, what: &str) -> Result<String, String> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| format!("expected {what} at {shown}, found: {error}"))?;
    String::from_utf8(bytes)
        .map_err(|error| format!("expected {shown} to be UTF-8, found otherwise: {error}"))
}

/// Compares a document with endpoints of the table, and with a recording.
pub fn diff(
    document: &str,
    endpoints: &[&'static Endpoint],
    decided: &str,
    bodies: Option<&str>,
) -> Result<report::Report, String> {
    let decided = decided::read(decided)?;
    let document = document::read(document)?;
    let mut api = openapi::read(&document)?;
    let mut compared = compare::compare(&api, endpoints);
    responses::compare(&mut api, endpoints, &mut compared);
    if let Some(bodies) = bodies {
        compared.extend(bodies::compare(&mut api, bodies)?);
    }
    Ok(report::Report::new(compared, api.reader.problems, decided))
}
