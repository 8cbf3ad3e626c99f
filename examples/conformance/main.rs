//! Checks the table and the models against Spotify, with an account of anybody.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example conformance
//! cargo run --example conformance -- --fake                # without an account
//! ```
//!
//! It reads only. It writes a folder with a report that contains no tokens and nothing about people.

#[path = "../common/mod.rs"]
mod common;
mod run;

use std::process::ExitCode;

use common::account;

fn main() -> ExitCode {
    let arguments = common::parse(run::arguments());
    match run::run(&arguments, &account::bar()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::from(2)
        }
    }
}
