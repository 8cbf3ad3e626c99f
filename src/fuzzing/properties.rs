//! The targets in the normal test run: what is in `fuzz/corpus`, and that changed at random.

use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use super::answers::ANSWERS;
use super::{Body, TARGETS};

/// How many inputs each target gets.
const CASES: u32 = 400;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The inputs that are checked in for a target. The package has none.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    if !fuzz().exists() {
        return vec![Vec::new()];
    }
    let folder = fuzz().join("corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("{}: {error}: add what `fuzz/README.md` says", folder.display())
    });
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// One change of an input.
#[derive(Clone, Debug)]
enum Edit {
    Put(Index, Vec<u8>),
    Take(Index, usize),
    /// A part of another input.
    Mix(Index, Index, Index, usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    /// What has a meaning somewhere.
    const VALUES: [&str; 24] = [
        "spotify:",
        "user:",
        "https://",
        "open.spotify.com/",
        "/",
        "embed",
        "intl-",
        "..",
        ":",
        "?",
        "#",
        "%2",
        "%ff",
        "@",
        "\n",
        "\r",
        ",",
        " ",
        "\u{2028}",
        "\u{202e}",
        "é",
        "\"",
        "null",
        "{",
    ];
    let word = prop::sample::select(&VALUES[..]).prop_map(|word| word.as_bytes().to_vec());
    let new = prop_oneof![word, vec(any::<u8>(), 1..4), vec(b'0'..=b'z', 1..40)];
    let edit = prop_oneof![
        (any::<Index>(), new).prop_map(|(at, new)| Edit::Put(at, new)),
        (any::<Index>(), 1..20usize).prop_map(|(at, length)| Edit::Take(at, length)),
        (any::<Index>(), any::<Index>(), any::<Index>(), 1..40usize)
            .prop_map(|(at, other, from, length)| Edit::Mix(at, other, from, length)),
    ];
    vec(edit, 0..6)
}

fn edited(inputs: &[Vec<u8>], which: Index, edits: &[Edit]) -> Vec<u8> {
    let mut input = which.get(inputs).clone();
    for edit in edits {
        let place = |at: &Index, input: &Vec<u8>| at.index(input.len() + 1);
        match edit {
            Edit::Put(at, new) => {
                let at = place(at, &input);
                input.splice(at..at, new.iter().copied());
            }
            Edit::Take(at, length) => {
                let at = place(at, &input);
                let end = input.len().min(at + length);
                input.drain(at..end);
            }
            Edit::Mix(at, other, from, length) => {
                let other = other.get(inputs);
                let from = place(from, other);
                let part = other[from..other.len().min(from + length)].to_vec();
                let at = place(at, &input);
                input.splice(at..at, part);
            }
        }
    }
    input
}

/// The same inputs in every run, so that a failure can be seen again.
fn check(inputs: &[Vec<u8>], body: Body) {
    inputs.iter().for_each(|input| body(input));
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let random = prop::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, random);
    let changed = (any::<Index>(), edits());
    let result = runner.run(&changed, |(which, edits)| {
        body(&edited(inputs, which, &edits));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let result = runner.run(&vec(any::<u8>(), 0..200), |bytes| {
        body(&bytes);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

macro_rules! properties {
    ($($target:ident)*) => {
        $(
            #[test]
            fn $target() {
                check(&corpus(stringify!($target)), super::$target);
            }
        )*

        #[test]
        fn every_target_is_run_here() {
            let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($target)),*]);
        }
    };
}

properties!(errors ids links markets models requests scopes shapes times waits);

/// The table's compiler has its test in `tests/codegen/mutations.rs`.
#[test]
fn every_file_in_fuzz_targets_has_a_body() {
    let Ok(files) = std::fs::read_dir(fuzz().join("fuzz_targets")) else { return };
    let mut found: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    let bodies = TARGETS.iter().map(|(name, _)| *name).chain(["table"]);
    let mut expected: Vec<_> = bodies.map(|name| format!("{name}.rs")).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_answer_is_read_as_it_is() {
    let whole: Vec<Vec<u8>> =
        ANSWERS.iter().map(|answer| format!("{}\n{}", answer.name, answer.json).into()).collect();
    check(&whole, super::models);
}
