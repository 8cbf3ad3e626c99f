//! The programs in `examples/`, and the command `fake-spotify`.

mod call;
mod conformance;
mod examples;
mod fake_spotify;
mod table_diff;

use std::process::{Command, Stdio};

/// Runs a program whose standard output is closed, and returns the exit code and the standard error.
fn ended_without_reader(program: &mut Command) -> (Option<i32>, String) {
    let run = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        ended(program.stdout(writer))
    };
    // Child processes of other tests hold the reader briefly, between `fork` and `exec`.
    std::iter::repeat_with(run).take(10).find(|ended| ended.0 != Some(0)).expect("an error")
}

/// Runs a program whose standard output is a file on a full disk.
fn ended_on_full_disk(program: &mut Command) -> (Option<i32>, String) {
    ended(program.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap()))
}

/// Runs a program whose standard error is closed, and returns the exit code.
fn code_without_messages(program: &mut Command) -> Option<i32> {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let program = program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(writer);
    program.status().unwrap().code()
}

fn ended(program: &mut Command) -> (Option<i32>, String) {
    let output = program.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let output = output.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}
