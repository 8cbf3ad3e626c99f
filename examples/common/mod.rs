//! Code that several examples share. Each example uses a part of it.
#![allow(dead_code)]

pub mod account;
pub mod created;
pub mod library;
pub mod reading;

use std::error::Error;
use std::process::ExitCode;

/// A result whose error is printed for the user.
pub type Fallible<T> = Result<T, Box<dyn Error>>;

/// Prints the error, if any, and returns the exit code.
pub fn exit(result: Fallible<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Formats a number with a noun: `1 track`, `2 tracks`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
