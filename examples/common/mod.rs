//! What the programs beside this folder share. Each of them uses its part.
#![allow(dead_code)]

pub mod account;
pub mod created;
pub mod library;
pub mod reading;

use std::error::Error;
use std::process::ExitCode;

/// What goes wrong here is told to a person, in the words of whoever noticed it.
pub type Fallible<T> = Result<T, Box<dyn Error>>;

/// Ends a program, with what went wrong.
pub fn exit(result: Fallible<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `1 track`, `2 tracks`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
