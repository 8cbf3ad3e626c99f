//! Runs the targets as tests, on the inputs in `fuzz/corpus` and on random changes of them.

use std::path::{Path, PathBuf};

use super::models::SAMPLES;
use super::{Body, TARGETS};

/// The number of changed inputs for each target, and of random ones.
const CASES: usize = 400;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// Returns the inputs in the repository for a target. The published package has none.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    if !fuzz().exists() {
        return vec![Vec::new()];
    }
    let folder = fuzz().join("corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("{}: {error}; add the folder as described in `fuzz/README.md`", folder.display())
    });
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A sequence of random-looking numbers that is the same in every run, so failures are reproducible.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn bytes(&mut self, max: usize) -> Vec<u8> {
        (0..self.below(max)).map(|_| self.below(256) as u8).collect()
    }

    /// Returns text with a meaning in some format, a few bytes, or letters and digits.
    fn piece(&mut self) -> Vec<u8> {
        const MEANINGFUL: &str = "spotify:|SPOTIFY:|user:|https://|HTTPS://|open.spotify.com/|Open.Spotify.com/|/|embed|\
                                  intl-|..|:|?|#|%2|%ff|@|\n|\r|,| |\u{2028}|\u{202e}|é|\"|null|{";
        let meaningful: Vec<_> = MEANINGFUL.split('|').collect();
        match self.below(3) {
            0 => meaningful[self.below(meaningful.len())].into(),
            1 => self.bytes(4),
            _ => (0..1 + self.below(39)).map(|_| b'0' + self.below(75) as u8).collect(),
        }
    }

    /// Returns one of the inputs with up to five changes.
    fn edited(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut input = inputs[self.below(inputs.len())].clone();
        for _ in 0..self.below(6) {
            let start = self.below(input.len() + 1);
            match self.below(3) {
                0 => drop(input.splice(start..start, self.piece())),
                1 => drop(input.drain(start..input.len().min(start + 1 + self.below(19)))),
                // Insert a part of another input.
                _ => {
                    let other = &inputs[self.below(inputs.len())];
                    let from = self.below(other.len() + 1);
                    let part = &other[from..other.len().min(from + 1 + self.below(39))];
                    drop(input.splice(start..start, part.iter().copied()));
                }
            }
        }
        input
    }
}

/// Runs a target; if it panics, prints the input.
fn run(body: Body, input: &[u8]) {
    struct Shown<'a>(&'a [u8]);
    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("the input is b\"{}\"", self.0.escape_ascii());
            }
        }
    }
    let _shown = Shown(input);
    body(input);
}

fn check(inputs: &[Vec<u8>], body: Body) {
    inputs.iter().for_each(|input| run(body, input));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..CASES {
        run(body, &random.edited(inputs));
        run(body, &random.bytes(200));
    }
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
        fn every_fuzz_target_is_tested() {
            let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($target)),*]);
        }
    };
}

properties!(errors ids links markets models requests scopes shapes stored times waits);

/// `tests/codegen/mutations.rs` tests the target `table`.
#[test]
fn every_fuzz_target_file_has_a_property() {
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
fn sample_responses_satisfy_the_models_property() {
    let samples: Vec<Vec<u8>> =
        SAMPLES.iter().map(|sample| format!("{}\n{}", sample.name, sample.json).into()).collect();
    check(&samples, super::models);
}
