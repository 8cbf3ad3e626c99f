//! `print!` and `println!` of a command-line program: where those of the standard library panic, they end the program.
//! Import them with this module: `use common::output::{self, println};`.

// Some programs use only one of them.
#![allow(unused_imports, unused_macros)]

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

/// Prints to standard output. If the reader has closed it, as `head` does, ends the program quietly, with the exit code
/// that shells report for SIGPIPE. If it cannot be written, as on a full disk, ends the program with the error.
pub fn write(text: Arguments<'_>) {
    if cfg!(test) {
        // The test harness captures only this.
        #[allow(clippy::print_stdout)]
        return std::print!("{text}");
    }
    let mut output = io::stdout().lock();
    match output.write_fmt(text).and_then(|()| output.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(141),
        Err(error) => {
            let _ = writeln!(io::stderr(), "Error: cannot write to standard output: {error}");
            process::exit(1);
        }
    }
}

macro_rules! print {
    ($($text:tt)*) => { output::write(format_args!($($text)*)) };
}

macro_rules! println {
    ($($text:tt)*) => { output::write(format_args!("{}\n", format_args!($($text)*))) };
}

pub(crate) use {print, println};
