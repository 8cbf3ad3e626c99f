//! Tells where the table of endpoints differs from Spotify's OpenAPI document.
//!
//! ```sh
//! curl -sSO https://developer.spotify.com/reference/web-api/open-api-schema.yaml
//! cargo run --example table_diff -- open-api-schema.yaml
//! ```
//!
//! The exit code is 0 if nothing differs, 1 if something does, and 2 if the document cannot be read.
//! Disagreements that are decided stand in `decided.toml` beside this file and are left out.

mod diff;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = diff::run(std::env::args_os().skip(1), diff::DECIDED);
    // A reader that has seen enough, such as `head`, is no reason for another exit code.
    let _ = std::io::stdout().write_all(outcome.output.as_bytes());
    let _ = std::io::stderr().write_all(outcome.error.as_bytes());
    ExitCode::from(outcome.code)
}
