//! The layers of the source tree: a folder imports only folders below it.

use std::path::{Path, PathBuf};

/// The folders of `src/` from the lowest to the highest. Folders on one line don't import each other.
const SRC: &[&[&str]] = &[
    &["types"],
    &["json"],
    &["endpoint"],
    &["request"],
    &["error"],
    &["page"],
    &["model", "transport"],
    &["auth"],
    &["client"],
    &["call"],
    &["paging"],
    &["calls", "custom"],
    &["fake", "fuzzing"],
    &["guide"],
    &["bin"],
];

/// The folders of `src/fake/`.
const FAKE: &[&[&str]] = &[
    &["lock", "library"],
    &["http", "catalog"],
    &["state"],
    &["api"],
    &["accounts"],
    &["faults"],
    &["record"],
    &["admin"],
    &["server"],
];

/// The folders of `codegen/`.
const CODEGEN: &[&[&str]] = &[&["diagnostics"], &["read"], &["table"], &["check"], &["emit"]];

#[test]
fn imports_only_point_to_lower_layers() {
    let src = upward_imports("src", &[], SRC);
    let fake = upward_imports("src/fake", &["fake"], FAKE);
    let codegen = upward_imports("codegen", &[], CODEGEN);
    let lines = [src, fake, codegen].concat();
    assert!(lines.is_empty(), "these imports point up or through `lib.rs`: {lines:#?}");
}

#[test]
fn upward_imports_are_detected() {
    let text = "use super::id;\nuse crate::types::{id, small_text};\n// crate::client::Spotify\n\
                fn f() { crate::client::Spotify::from_token(\"crate::call::x\"); }\n\
                macro_rules! m { () => { $crate::call::Call } }\nuse crate::{model::Album, Error};\n\
                #[cfg(test)]\nmod tests {\n    use crate::fake::Server;\n}\n";
    let found = violations(Path::new("src/json/x.rs"), text, &["json", "x"], &[], SRC);
    insta::assert_snapshot!(found.join("\n"), @r"
    src/json/x.rs:4: json may not import client
    src/json/x.rs:5: json may not import call
    src/json/x.rs:6: json may not import model
    src/json/x.rs:6: `crate::Error` is not the name of a folder: import it from where it is defined
    ");
}

/// Only these files are directly in `src/`.
#[test]
fn src_contains_only_folders_and_known_files() {
    let mut names: Vec<String> = std::fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.retain(|name| !["calls.rs", "guide.rs", "lib.rs"].contains(&name.as_str()));
    assert!(names.is_empty(), "move these into a folder: {names:?}");
}

pub(super) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Returns the violations in all files of a folder. `prefix` is the module of that folder.
fn upward_imports(folder: &str, prefix: &[&str], layers: &[&[&str]]) -> Vec<String> {
    let mut found = Vec::new();
    for path in rust_files(&root().join(folder)) {
        let path = path.strip_prefix(root()).unwrap();
        let within = path.strip_prefix(folder).unwrap().with_extension("");
        let mut module: Vec<&str> = prefix.to_vec();
        module.extend(within.iter().map(|part| part.to_str().unwrap()));
        if matches!(module.last(), Some(&"mod" | &"lib")) {
            module.pop();
        }
        // The parent module declares and re-exports them.
        if module.len() == prefix.len() {
            continue;
        }
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        found.extend(violations(path, &text, &module, prefix, layers));
    }
    found
}

pub(super) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Returns one line for each path in a file that leads to a folder that isn't below its own.
fn violations(
    file: &Path,
    text: &str,
    module: &[&str],
    prefix: &[&str],
    layers: &[&[&str]],
) -> Vec<String> {
    let rank = |folder: &str| layers.iter().position(|layer| layer.contains(&folder));
    let own = module[prefix.len()];
    let own_rank = rank(own).unwrap_or_else(|| panic!("{own} isn't in the list of layers"));
    let mut found = Vec::new();
    for (line, path) in paths(text, module) {
        let Some(target) = path.strip_prefix(prefix).and_then(|rest| rest.first()) else {
            continue;
        };
        let mut report =
            |problem: String| found.push(format!("{}:{line}: {problem}", file.display()));
        match rank(target) {
            _ if *target == own => {}
            Some(target_rank) if target_rank < own_rank => {}
            Some(_) => report(format!("{own} may not import {target}")),
            // The templates of the generator contain code of the crate.
            None if file.starts_with("codegen") => {}
            None if prefix.is_empty() => report(format!(
                "`crate::{target}` is not the name of a folder: import it from where it is defined"
            )),
            None => report(format!("{own} imports {target} through the folder above")),
        }
    }
    found
}

/// Returns the absolute paths that begin with `crate` or `super` outside comments, strings and tests, with their lines.
fn paths<'t>(text: &'t str, module: &[&'t str]) -> Vec<(usize, Vec<&'t str>)> {
    let code = without_tests(&blanked(text));
    let mut found = Vec::new();
    // The modules in braces around the current place, by the depth of their braces.
    let (mut depth, mut inner): (usize, Vec<usize>) = (0, Vec::new());
    let mut place = 0;
    while place < code.len() {
        let rest = &code[place..];
        let word = rest.len() - rest.trim_start_matches(is_word).len();
        let before = code[..place].chars().next_back();
        match &rest[..word] {
            "mod" if after_name(&rest[word..]).starts_with('{') => inner.push(depth),
            "crate" | "super" if before != Some(':') && rest[word..].starts_with("::") => {
                let line = 1 + code[..place].matches('\n').count();
                let mut base = module.to_vec();
                base.extend(inner.iter().map(|_| "{}"));
                let mut tail = rest;
                if let Some(after) = tail.strip_prefix("crate::") {
                    (base, tail) = (Vec::new(), after);
                }
                while let Some(after) = tail.strip_prefix("super::") {
                    base.pop();
                    tail = after;
                }
                let offset = code.len() - tail.len();
                for name in first_names(tail) {
                    let at = offset + name.start;
                    let mut path = base.clone();
                    path.push(&text[at..at + name.length]);
                    // The second segment, if the first one is the parent of the folders.
                    let second = text[at + name.length..]
                        .strip_prefix("::")
                        .map(|next| &next[..next.len() - next.trim_start_matches(is_word).len()]);
                    path.extend(second.filter(|second| !second.is_empty()));
                    found.push((line, path));
                }
            }
            _ => {}
        }
        let step = word.max(rest.chars().next().map_or(1, char::len_utf8));
        match rest.as_bytes()[0] {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                inner.retain(|outer| *outer < depth);
            }
            _ => {}
        }
        place += step;
    }
    found
}

struct Name {
    start: usize,
    length: usize,
}

/// Returns the names at the beginning of a path: one, or those in its braces.
fn first_names(tail: &str) -> Vec<Name> {
    let word = |start: usize| Name {
        start,
        length: tail[start..].len() - tail[start..].trim_start_matches(is_word).len(),
    };
    if !tail.starts_with('{') {
        return vec![word(0)].into_iter().filter(|name| name.length > 0).collect();
    }
    let (mut depth, mut names, mut expects) = (0, Vec::new(), false);
    for (at, c) in tail.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            _ => {}
        }
        expects |= depth == 1 && matches!(c, '{' | ',');
        if expects && is_word(c) {
            names.push(word(at));
            expects = false;
        }
    }
    names
}

fn after_name(text: &str) -> &str {
    text.trim_start().trim_start_matches(is_word).trim_start()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Replaces comments and the contents of strings with blanks, byte for byte.
pub(super) fn blanked(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let blank = |code: &mut String, part: &str| {
        for c in part.chars() {
            match c {
                '\n' => code.push('\n'),
                c => code.push_str(&" ".repeat(c.len_utf8())),
            }
        }
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(raw) = rest
            .strip_prefix("r")
            .filter(|raw| !code.ends_with(is_word) && raw.trim_start_matches('#').starts_with('"'))
        {
            let marks = raw.len() - raw.trim_start_matches('#').len();
            let close = format!("\"{}", "#".repeat(marks));
            let open = 2 + marks;
            rest[open..].find(&close).map_or(rest.len(), |at| open + at + close.len())
        } else if c == '"' {
            let mut escaped = false;
            let close = rest[1..].find(|c| {
                let is_end = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                is_end
            });
            close.map_or(rest.len(), |at| at + 2)
        } else if rest.starts_with("'\\") || rest[1..].chars().nth(1) == Some('\'') && c == '\'' {
            2 + rest[2..].find('\'').map_or(0, |at| at + 1)
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let (part, after) = rest.split_at(end);
        blank(&mut code, part);
        rest = after;
    }
    code
}

/// Replaces modules that are only compiled for tests with blanks.
pub(super) fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(start) = kept.find("#[cfg(test)]") {
        let open = kept[start..].find(['{', ';']).map_or(kept.len(), |at| start + at);
        let mut depth = 0;
        let end = kept[open..].char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(open + at + c.len_utf8())
        });
        let end = end.unwrap_or(kept.len());
        let blank: String =
            kept[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
    }
    kept
}
