//! Mutated files: the compiler returns valid Rust or problems.

use crate::property::compiles;

/// Pseudo-random numbers that are the same in every run: xorshift.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Values that are invalid for some key.
const VALUES: [&str; 41] = [
    "\"\"",
    "\" \"",
    "\"é大🎵\"",
    "\"\\u0000\"",
    "\"a\\nb.\"",
    "\"a\\rb.\"",
    "'\"'",
    "\"{}\"",
    "\"}{\"",
    "\"{a}{a}\"",
    "\"/\"",
    "\"self\"",
    "\"Self\"",
    "\"gen\"",
    "\"_\"",
    "\"K\"",
    "\"Page<K>\"",
    "\"()\"",
    "\"( )\"",
    "\"Vec<>\"",
    "\"Page<>\"",
    "\"Vec<dyn Send>\"",
    "\"fn() -> u8\"",
    "\"[u8; { 1 }]\"",
    "\"TopItem::Item\"",
    "\"[0]\"",
    "\"user\"",
    "0",
    "-1",
    "4294967295",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "1e9",
    "nan",
    "true",
    "[]",
    "[[]]",
    "{}",
    "{ id = 1 }",
    "2017-05-26T00:00:00Z",
];
const CHARACTERS: [char; 14] =
    ['"', '{', '}', '[', ']', '=', ',', '_', '\n', '\r', '\t', '\u{feff}', 'é', '\u{301}'];

fn mutated(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let at = dice.below(lines.len());
    match dice.below(8) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let line = dice.pick(&lines).cloned().unwrap_or_default();
            lines[at] = line;
        }
        3 => lines.swap(at, dice.below(text.lines().count())),
        // A value that ends at a comma, a brace or the end of the line.
        4 | 5 => {
            let value = dice.pick(&VALUES).copied().unwrap_or_default();
            let starts: Vec<usize> = lines[at].match_indices("= ").map(|(at, _)| at + 2).collect();
            if let Some(start) = dice.pick(&starts).copied() {
                let end =
                    lines[at][start..].find([',', '}']).map_or(lines[at].len(), |at| start + at);
                lines[at].replace_range(start..end, value);
            }
        }
        // A character.
        _ => {
            let mut line: Vec<char> = lines[at].chars().collect();
            let place = dice.below(line.len() + 1);
            let new = dice.pick(&CHARACTERS).copied().unwrap_or_default();
            match (dice.below(3), place < line.len()) {
                (0, true) => drop(line.remove(place)),
                (1, true) => line[place] = new,
                _ => line.insert(place, new),
            }
            lines[at] = line.into_iter().collect();
        }
    }
    lines.join("\n")
}

#[test]
fn mutated_table_generates_rust_or_reports_problems() {
    let spec = crate::spec();
    let named = |name: &str| spec.iter().find(|(path, _)| path.ends_with(name)).cloned().unwrap();
    let areas: Vec<_> = spec.iter().filter(|(_, text)| text.contains("[area]")).cloned().collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..1200 {
        // A few files, which leaves time for more runs. Other files refer to the entries of library.toml.
        let mut files = vec![named("ids.toml"), named("library.toml"), named("scopes.toml")];
        files.extend(dice.pick(&areas).filter(|area| !area.0.ends_with("library.toml")).cloned());
        for _ in 0..=dice.below(3) {
            let file = if dice.below(4) == 0 { dice.below(files.len()) } else { files.len() - 1 };
            files[file].1 = mutated(&files[file].1, &mut dice);
        }
        if compiles(&files) { right += 1 } else { wrong += 1 }
    }
    // Both results must be frequent.
    assert!(right > 80 && wrong > 1000, "{right} right, {wrong} wrong");
}

/// The seeds of fuzzing, and the inputs that it found; see `fuzz/README.md`. The package doesn't contain them.
#[test]
fn fuzz_inputs_generate_rust_or_report_problems() {
    let fuzz = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    if !fuzz.exists() {
        return;
    }
    let files = std::fs::read_dir(fuzz.join("corpus/table")).unwrap();
    let inputs: Vec<_> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(inputs.len() > 10, "only {} inputs", inputs.len());
    inputs.iter().for_each(|input| crate::property::table(input));
}
