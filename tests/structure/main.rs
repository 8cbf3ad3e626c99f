//! Checks of the project's source code.

mod layers;

#[test]
fn figures_of_the_readme_are_rows_of_the_benchmarks() {
    let read = |path: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        std::fs::read_to_string(path).expect("a text")
    };
    let cells = |row: &str| row.split_once(" | ").map(|(_, figures)| figures.to_owned());
    let benchmarks = read("benches/README.md");
    let measured: Vec<String> = benchmarks.lines().filter_map(cells).collect();
    let readme = read("README.md");
    let (_, speed) = readme.split_once("\n## Speed\n").expect("the section");
    let rows: Vec<&str> = speed.lines().skip_while(|line| !line.starts_with("| --- ")).collect();
    let rows = rows.iter().skip(1).take_while(|line| line.starts_with('|'));
    let unknown = |row: &&&str| cells(row).is_none_or(|figures| !measured.contains(&figures));
    assert_eq!(rows.clone().count(), 3);
    assert_eq!(rows.filter(unknown).collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// The number of characters of code that fit into a page of the documentation in a window of 1,200 pixels.
const CODE_WIDTH: usize = 93;

#[test]
fn code_in_documentation_fits_into_the_page() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut folders, mut wide, mut blocks) = (vec![root.join("src")], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_guide = path.extension().is_some_and(|extension| extension == "md");
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut is_code = false;
            let text = std::fs::read_to_string(&path).expect("text");
            for (number, line) in text.lines().enumerate() {
                let doc = line.trim_start();
                let doc = doc.strip_prefix("///").or_else(|| doc.strip_prefix("//!"));
                let doc = doc.map(|doc| doc.strip_prefix(' ').unwrap_or(doc));
                let Some(text) = doc.or(is_guide.then_some(line)) else {
                    is_code = false;
                    continue;
                };
                if text.starts_with("```") {
                    is_code = !is_code;
                    blocks += usize::from(is_code);
                } else if is_code && !text.starts_with("# ") && text.chars().count() > CODE_WIDTH {
                    wide.push(format!("{}:{}: {text}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(blocks > 150, "only {blocks} blocks of code found");
    assert!(wide.is_empty(), "wrap these lines at {CODE_WIDTH} characters: {wide:#?}");
}

/// A caller, a server or a file must not cause a panic. A comment above each one says why it is right or cannot happen.
#[test]
fn each_panic_has_a_reason() {
    const PANICS: [&str; 6] =
        ["panic!(", "unreachable!(", "todo!(", "unimplemented!(", ".unwrap()", ".expect("];
    let (mut found, mut bare) = (0, Vec::new());
    for path in layers::rust_files(&layers::root().join("src")) {
        // This is compiled for tests only.
        if path.components().any(|part| part.as_os_str() == "fuzzing") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        let code = layers::without_tests(&layers::blanked(&text));
        let mut before = "";
        for ((number, line), code) in text.lines().enumerate().zip(code.lines()) {
            if PANICS.iter().any(|panic| code.contains(panic)) {
                found += 1;
                if !before.trim_start().starts_with("// ") {
                    bare.push(format!("{}:{}: {line}", path.display(), number + 1));
                }
            }
            before = line;
        }
    }
    assert!(found >= 6, "only {found} panics found");
    assert!(bare.is_empty(), "write the reason in a comment above these lines: {bare:#?}");
}
