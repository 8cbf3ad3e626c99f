//! Code that several examples share. Each example uses a part of it.
#![allow(dead_code)]

pub mod account;
pub mod created;
pub mod library;
pub mod output;
pub mod reading;

use std::error::Error;
use std::io::{self, Write};
use std::process::{self, ExitCode};

use bpaf::{Args, OptionParser, ParseFailure};
use output::println;

/// A result whose error is printed for the user.
pub type Fallible<T> = Result<T, Box<dyn Error>>;

/// Parses the arguments of the program. Ends it after an error, and after `--help`.
pub fn parse<T>(parser: OptionParser<T>) -> T {
    parser.run_inner(Args::current_args()).unwrap_or_else(|failure| {
        match &failure {
            ParseFailure::Stdout(help, full) => println!("{}", help.monochrome(*full)),
            failure => failure.print_message(100),
        }
        process::exit(failure.exit_code())
    })
}

/// Prints the error, if any, and returns the exit code.
pub fn exit(result: Fallible<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Formats a number with a noun: `1 track`, `2 tracks`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
