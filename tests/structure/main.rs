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
