//! Prints where the table of endpoints and the models differ from Spotify's OpenAPI document.
//!
//! ```sh
//! curl -sSO https://developer.spotify.com/reference/web-api/open-api-schema.yaml
//! cargo run --example table_diff -- open-api-schema.yaml
//! ```
//!
//! With `--bodies FILE`, a recording of `tonearm::fake::Recorder`, it also prints where recorded responses differ from the
//! document. The exit code is 0 if nothing differs, 1 if something does, and 2 if a file cannot be read. It leaves out
//! the differences in `decided.toml`, beside this file.

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
