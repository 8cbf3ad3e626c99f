//! What holds for every text in a file of the table: the body of the fuzz target `table`.

use crate::codegen::{Table, compile_files, files, samples};

/// The words that rows refer to.
const VOCABULARY: [(&str, &str); 2] = [
    ("spec/ids.toml", include_str!("../../spec/ids.toml")),
    ("spec/scopes.toml", include_str!("../../spec/scopes.toml")),
];

/// Any text as a file beside the words of the table, as that of a program beside them, and alone: the compiler
/// answers, with Rust or with what is wrong.
pub fn table(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = ("spec/any.toml".to_owned(), text);
    compiles(std::slice::from_ref(&file));
    let words = VOCABULARY.map(|(path, text)| (path.to_owned(), text.to_owned()));
    compiles_beside(&words, std::slice::from_ref(&file));
    let files: Vec<_> = words.into_iter().chain([file]).collect();
    compiles(&files);
}

/// Whether it is a table. Then what it becomes is Rust; if not, every mistake has its line.
pub fn compiles(files: &[(String, String)]) -> bool {
    compiles_beside(files, &[])
}

/// The same of the files of a program beside those of the crate.
fn compiles_beside(files: &[(String, String)], own: &[(String, String)]) -> bool {
    match compile_files(files, own) {
        Ok(table) => {
            let generated = generated(&table);
            for (name, text) in generated.iter().filter(|(name, _)| name.ends_with(".rs")) {
                if let Err(error) = syn::parse_file(text) {
                    panic!("{name} is no Rust: {error}\n{files:#?}{own:#?}");
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

/// All Rust that a table becomes, by the name of its file.
pub fn generated(table: &Table) -> Vec<(&'static str, String)> {
    let mut generated = files(table);
    generated.push(("samples.rs", samples(table)));
    generated
}
