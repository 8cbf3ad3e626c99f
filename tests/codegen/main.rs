//! The compiler for `spec/`: the generated Rust, and the messages about mistakes.

#[path = "../../codegen/mod.rs"]
#[allow(dead_code, unused_imports)] // The build scripts use the rest.
mod codegen;

mod definitions;
mod documentation;
mod elsewhere;
mod entries;
mod fallback;
mod files;
mod mutations;
mod overlay;
mod params;
mod property;
mod rare_keys;
mod returns;
mod scopes;
mod test_table;

use std::path::Path;

use codegen::{Problems, compile, compile_files};
use property::generated;

/// Returns all Rust that is generated from files, by file name.
fn generate_files(
    files: &[(String, String)],
    overlay: &[(String, String)],
) -> Result<Vec<(&'static str, String)>, Problems> {
    compile_files(files, overlay).map(|table| generated(&table))
}

/// Returns the generated file with this name.
fn file<'a>(files: &'a [(&'static str, String)], name: &str) -> &'a str {
    files.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}

/// Returns the calls and then the descriptors.
fn endpoints(files: &[(&'static str, String)]) -> String {
    format!("{}{}", file(files, "calls.rs"), file(files, "table.rs"))
}

/// A snapshot of each entry and its generated Rust.
#[test]
fn five_entries_generate_the_expected_code() {
    let shapes = [
        // An object whose path is valid without its parameter.
        "get_user",
        // A page.
        "get_saved_albums",
        // Lists for several batches of ids, joined.
        "are_albums_saved",
        // A write with several ids in the body, and no response body.
        "save_albums",
        // A response whose type depends on an argument.
        "get_top_items",
    ];
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots/codegen");
    for name in shapes {
        let files = test_table::alone(name);
        let entry = files.first().map(|(_, text)| text.clone()).unwrap_or_default();
        let generated =
            generate_files(&files, &[]).map_err(|problems| problems.to_string()).unwrap();
        let text = format!("{}\n\n{}", entry.trim(), endpoints(&generated));
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

fn spec() -> Vec<(String, String)> {
    let mut paths: Vec<_> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (format!("spec/{name}"), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn generated_code_is_deterministic() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let compiled = || compile(&dir, None).map_err(|problems| problems.to_string()).unwrap();
    let first = generated(&compiled());
    assert!(first == generated(&compiled()));
    let names: Vec<_> = first.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["table.rs", "calls.rs", "enums.rs", "ids.rs", "scopes.rs", "elsewhere.md", "samples.rs"]
    );
    // The place of the files changes only comments.
    let elsewhere = generate_files(&spec(), &[]).unwrap();
    for (name, text) in
        elsewhere.iter().filter(|(name, _)| !["table.rs", "calls.rs"].contains(name))
    {
        assert!(file(&first, name) == text, "{name}");
    }
}
