//! The property of every text, as a file of `spec/`, that the fuzz target `table` checks.

use crate::codegen::{Table, compile_files, files, samples};

/// The files whose names endpoint definitions refer to.
const VOCABULARY: [(&str, &str); 2] = [
    ("spec/ids.toml", include_str!("../../spec/ids.toml")),
    ("spec/scopes.toml", include_str!("../../spec/scopes.toml")),
];

/// Compiles any text: as a file of the crate, as a file of a program, and alone. The compiler returns Rust or
/// problems.
pub fn table(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = ("spec/any.toml".to_owned(), text);
    compiles(std::slice::from_ref(&file));
    let vocabulary = VOCABULARY.map(|(path, text)| (path.to_owned(), text.to_owned()));
    compiles_beside(&vocabulary, std::slice::from_ref(&file));
    let files: Vec<_> = vocabulary.into_iter().chain([file]).collect();
    compiles(&files);
}

/// Returns whether the files compile. Checks that the output is Rust, or that every problem has a line.
pub fn compiles(files: &[(String, String)]) -> bool {
    compiles_beside(files, &[])
}

/// Like [`compiles`], with the files of a program in addition to those of the crate.
fn compiles_beside(files: &[(String, String)], own: &[(String, String)]) -> bool {
    match compile_files(files, own) {
        Ok(table) => {
            let generated = generated(&table);
            for (name, text) in generated.iter().filter(|(name, _)| name.ends_with(".rs")) {
                if let Err(error) = syn::parse_file(text) {
                    panic!("{name} isn't valid Rust: {error}\n{files:#?}{own:#?}");
                }
            }
            true
        }
        Err(problems) => {
            let text = problems.to_string();
            let last = text.lines().last().unwrap_or_default();
            assert!(last.ends_with(" in the table of endpoints"), "{text}");
            false
        }
    }
}

/// Returns all generated Rust, by file name.
pub fn generated(table: &Table) -> Vec<(&'static str, String)> {
    let mut generated = files(table);
    generated.push(("samples.rs", samples(table)));
    generated
}
