//! Prints the differences between the endpoint table, the models and Spotify's OpenAPI document.
//!
//! ```sh
//! curl -sSO https://developer.spotify.com/reference/web-api/open-api-schema.yaml
//! cargo run --example table_diff -- open-api-schema.yaml
//! ```
//!
//! With `--bodies FILE`, a recording of `tonearm::fake::Recorder`, it also compares the recorded responses with the
//! document. The exit code is 0 if nothing differs, 1 if something differs, and 2 if a file cannot be read. The program
//! omits the differences that are listed in `decided.toml`, in the same folder.

mod diff;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = diff::run(std::env::args_os().skip(1), diff::DECIDED);
    // Ignore errors: if `head` closes the pipe early, the exit code stays the same.
    let _ = std::io::stdout().write_all(outcome.output.as_bytes());
    let _ = std::io::stderr().write_all(outcome.error.as_bytes());
    ExitCode::from(outcome.code)
}
