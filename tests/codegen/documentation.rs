//! The documentation of the generated calls, and the excerpts in `CONTRIBUTING.md`.

use std::collections::BTreeMap;
use std::path::Path;

use syn::{Attribute, Expr, ImplItem, Item, Lit};

use crate::generate_files;
use crate::spec;

/// Returns the code that is generated from `spec/`.
fn endpoints() -> String {
    let generated = generate_files(&spec(), &[]).map_err(|problems| problems.to_string()).unwrap();
    crate::endpoints(&generated)
}

/// Returns the text of doc attributes. A link that `concat!` builds is returned in pieces.
fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let doc = attribute.meta.require_name_value().ok()?;
        match &doc.value {
            _ if !doc.path.is_ident("doc") => None,
            Expr::Lit(line) => match &line.lit {
                Lit::Str(line) => Some(line.value()),
                _ => None,
            },
            Expr::Macro(pieces) => Some(pieces.mac.tokens.to_string()),
            _ => None,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the documentation of every generated static, call and type, by name.
fn all_docs(text: &str) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for item in syn::parse_file(text).unwrap().items {
        match item {
            Item::Static(item) => {
                known.insert(item.ident.to_string(), docs(&item.attrs));
            }
            Item::Mod(area) => {
                for item in area.content.map(|(_, items)| items).unwrap_or_default() {
                    match item {
                        Item::Struct(item) => {
                            known.insert(item.ident.to_string(), docs(&item.attrs));
                        }
                        Item::Impl(block) if is_spotify(&block.self_ty) => {
                            for method in block.items {
                                if let ImplItem::Fn(method) = method {
                                    known.insert(method.sig.ident.to_string(), docs(&method.attrs));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    known
}

/// Returns whether a type is the client, whose methods are the calls.
fn is_spotify(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Spotify"))
}

#[test]
fn endpoint_documentation_names_its_entry() {
    let docs = all_docs(&endpoints());
    let mut entries = 0;
    for (path, text) in spec() {
        let lines: Vec<_> = text.lines().collect();
        for (index, _) in lines.iter().enumerate().filter(|(_, line)| **line == "[[endpoint]]") {
            let value = |key: &str| {
                let mut behind = lines[index..].iter().take(12);
                let line = behind.find(|line| line.split_whitespace().next() == Some(key)).unwrap();
                line.split('"').nth(1).unwrap().to_owned()
            };
            let (name, method, at) = (value("name"), value("method"), value("path"));
            let from = format!("Defined as `{name}` in [`{path}`], line {}.", index + 1);
            let link = format!("\" [`{path}`]: https://docs.rs/crate/tonearm/\"");
            let type_name: String =
                name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            for item in [name.to_uppercase(), name.clone(), type_name] {
                let docs = docs
                    .get(&item)
                    .unwrap_or_else(|| panic!("expected documentation of {item}, found none"));
                assert!(docs.contains(&from), "{item}: expected {from:?} in:\n{docs}");
                assert!(docs.contains(&link), "{item}: expected {link:?} in:\n{docs}");
            }
            let request = format!("`{method} {at}`");
            assert!(docs[&name].contains(&request), "{name}: expected {request}");
            entries += 1;
        }
    }
    assert!(entries > 90, "expected the entries of spec/, found {entries}");
}

/// `send_empty` in an entry means that an empty list is sent.
#[test]
fn documentation_names_the_calls_that_send_nothing_for_an_empty_list() {
    let docs = all_docs(&endpoints());
    let sends_nothing = |name: &str| docs[name].contains("sends nothing for an empty list");
    for name in ["add_playlist_items", "save_tracks", "are_albums_saved"] {
        assert!(sends_nothing(name), "{name}");
    }
    for name in ["replace_playlist_items", "replace_playlist_tracks"] {
        assert!(!sends_nothing(name), "{name}");
        assert!(docs[name].contains("empties the playlist"), "{}", docs[name]);
    }
}

/// Returns the code blocks of a Markdown text with this fence, without their indentation.
fn blocks(text: &str, fence: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start() == fence {
            let indent = line.len() - line.trim_start().len();
            let block = lines.by_ref().take_while(|line| line.trim_start() != "```");
            let block: Vec<_> = block.map(|line| line.get(indent..).unwrap_or_default()).collect();
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// Returns lines without their indentation.
fn flat(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

/// Checks that an excerpt is from a text: the text contains the pieces between lines with `…`, in order.
fn assert_is_from(excerpt: &str, text: &str) {
    let (excerpt, text) = (flat(excerpt), format!("\n{}\n", flat(text)));
    let mut rest = text.as_str();
    for piece in excerpt.split("…\n").map(str::trim).filter(|piece| !piece.is_empty()) {
        let place = rest.find(&format!("\n{piece}\n"));
        let place = place.unwrap_or_else(|| {
            panic!("CONTRIBUTING.md has an excerpt that isn't in the source, or not in this order:\n{piece}")
        });
        rest = &rest[place + piece.len() + 1..];
    }
}

#[test]
fn contributing_excerpts_match_the_generated_code() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let text = std::fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let generated = endpoints();
    let excerpts = blocks(&text, "```rust,ignore");
    let (answered, made): (Vec<_>, Vec<_>) =
        excerpts.iter().partition(|excerpt| excerpt.contains("|_, call, view|"));
    assert_eq!((answered.len(), made.len()), (1, 4));
    let key = std::fs::read_to_string(root.join("codegen/check/param.rs")).unwrap();
    for excerpt in made {
        let is_key = excerpt.contains("reader.");
        assert_is_from(excerpt, if is_key { &key } else { &generated });
    }
    let reads = std::fs::read_to_string(root.join("src/fake/api/catalog.rs")).unwrap();
    assert_is_from(answered[0], &reads);

    // The entry is complete, and the requests are those of its snapshot.
    let entry = blocks(&text, "```toml").into_iter().find(|block| block.contains("[[endpoint]]"));
    let albums = std::fs::read_to_string(root.join("spec/albums.toml")).unwrap();
    assert!(albums.contains(&entry.unwrap()), "the entry differs from spec/albums.toml");
    let requests = blocks(&text, "```text").into_iter().find(|block| block.contains("GET /v1/"));
    let snapshot = root.join("tests/snapshots/requests/are_albums_saved.snap");
    assert_is_from(&requests.unwrap(), &std::fs::read_to_string(snapshot).unwrap());
}
