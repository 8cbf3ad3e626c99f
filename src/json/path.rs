//! Finds the path in JSON to the value that could not be read: `items[27].track.name`.
//!
//! The path is derived from the position of the error. Tracking the path while decoding would make the compiler build
//! every model twice, for errors that are rare.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use super::field::{HOLLOW, WITHOUT_ID};

/// The maximum depth of serde_json.
const MAX_DEPTH: usize = 128;

/// Returns the path to the value that an error is about, with dots before keys and brackets around indices; `.` for the
/// whole text.
pub(crate) fn of(text: &str, error: &serde_json::Error) -> String {
    let Some(place) = offset(text.as_bytes(), error) else { return ".".into() };
    let mut scan = Scan::new(text);
    scan.go(place);
    // If a value was rejected after it was read, the position is in the list or object around it: at the end, if it was
    // the last value.
    if error.is_data()
        && let Some(closed) = scan.closed.take().filter(|level| level.is_entered())
        && !is_about_whole(&error.to_string())
    {
        scan.levels.push(closed);
    }
    // An unexpected object or list is reported before it is read.
    let is_about_next = match text.as_bytes().get(place) {
        Some(b'{') => error.to_string().starts_with("invalid type: map"),
        Some(b'[') => error.to_string().starts_with("invalid type: sequence"),
        _ => false,
    };
    if let Some(list) = scan.levels.last_mut().filter(|level| level.is_list) {
        match list.state {
            State::Begin | State::Comma if is_about_next => list.enter(),
            // The comma after an invalid value is read before the position is set.
            State::Comma if error.is_data() => list.state = State::Value,
            _ => {}
        }
    }
    if scan.levels.iter().any(Level::is_entered) { scan.to_string() } else { ".".into() }
}

/// Returns whether an error at the end of an object or a list is about the whole of it.
fn is_about_whole(message: &str) -> bool {
    ["missing field", "invalid length", "invalid type", WITHOUT_ID]
        .iter()
        .any(|why| message.starts_with(why))
        || message.contains(HOLLOW)
}

/// Returns the position of an error in JSON; `None` for an error without a position.
pub(crate) fn offset(bytes: &[u8], error: &serde_json::Error) -> Option<usize> {
    let before = error.line().checked_sub(1)?;
    let lines = bytes.split(|byte| *byte == b'\n').take(before).map(|line| line.len() + 1);
    Some(lines.sum::<usize>().saturating_add(error.column()).min(bytes.len()))
}

/// The objects and lists that are open at a position.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    is_begun: bool,
    levels: Vec<Level>,
    /// The object or list that the last step closed.
    closed: Option<Level>,
}

/// An object or a list that is open.
struct Level {
    is_list: bool,
    state: State,
    /// The index of the last value of a list.
    index: usize,
    /// The last key of an object, with its quotes.
    key: Range<usize>,
}

/// The last token of an object or a list.
#[derive(Clone, Copy)]
enum State {
    Begin,
    Key,
    Colon,
    Value,
    Comma,
}

impl Level {
    /// Returns whether the position is in a value, or after it.
    fn is_entered(&self) -> bool {
        matches!(self.state, State::Colon | State::Value)
    }

    /// Enters the next value of a list, or the value after the colon of an object.
    fn enter(&mut self) {
        if let State::Comma = self.state {
            self.index += 1;
        }
        self.state = State::Value;
    }
}

impl<'t> Scan<'t> {
    fn new(text: &'t str) -> Self {
        Scan { text, at: 0, is_begun: false, levels: Vec::new(), closed: None }
    }

    /// Goes on to a place, or to where the text stops to be JSON.
    fn go(&mut self, place: usize) {
        while self.at < place
            && let Some(byte) = self.text.as_bytes().get(self.at)
        {
            match byte {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte if self.step(*byte) => {}
                _ => break,
            }
        }
    }

    /// Goes over what begins with this byte; `false` if nothing can here.
    fn step(&mut self, byte: u8) -> bool {
        self.closed = None;
        let Some(level) = self.levels.last_mut() else {
            return !self.is_begun && self.value(byte);
        };
        match (level.state, level.is_list, byte) {
            (State::Begin | State::Value, true, b']')
            | (State::Begin | State::Value, false, b'}') => {
                self.closed = self.levels.pop();
                self.at += 1;
            }
            (State::Value, _, b',') => {
                level.state = State::Comma;
                self.at += 1;
            }
            (State::Begin | State::Comma, false, b'"') => {
                let end = string_end(self.text, self.at);
                level.key = self.at..end;
                level.state = State::Key;
                self.at = end;
            }
            (State::Key, ..) => {
                level.state = State::Colon;
                self.at += 1;
                return byte == b':';
            }
            (State::Value, ..) | (State::Begin | State::Comma, false, _) => return false,
            (State::Comma, true, b']') => return false,
            (State::Begin | State::Comma, true, _) | (State::Colon, ..) => {
                level.enter();
                return self.value(byte);
            }
        }
        true
    }

    /// Goes over text, a number or a word, and into an object or a list.
    fn value(&mut self, byte: u8) -> bool {
        self.is_begun = true;
        match byte {
            b'{' | b'[' if self.levels.len() < MAX_DEPTH => {
                let is_list = byte == b'[';
                self.levels.push(Level { is_list, state: State::Begin, index: 0, key: 0..0 });
                self.at += 1;
            }
            b'"' => self.at = string_end(self.text, self.at),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => return false,
            _ => {
                let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                let is_end = |byte: &u8| b" \n\t\r\",:[]{}".contains(byte);
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
            }
        }
        true
    }
}

/// The place behind the text in quotes that begins here.
fn string_end(text: &str, start: usize) -> usize {
    let mut at = start + 1;
    while let Some(rest) = text.as_bytes().get(at..)
        && let Some(found) = memchr::memchr2(b'"', b'\\', rest)
    {
        match rest.get(found) {
            Some(b'"') => return at + found + 1,
            _ => at += found + 2,
        }
    }
    text.len()
}

impl Display for Scan<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut dot = "";
        for level in self.levels.iter().filter(|level| level.is_entered()) {
            if level.is_list {
                write!(f, "[{}]", level.index)?;
            } else {
                let quoted = self.text.get(level.key.clone()).unwrap_or_default();
                match serde_json::from_str::<String>(quoted) {
                    Ok(key) => write!(f, "{dot}{key}")?,
                    Err(_) => write!(f, "{dot}{}", quoted.trim_matches('"'))?,
                }
            }
            dot = ".";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use super::*;

    /// Returns the path of the error for this text.
    fn path<T: DeserializeOwned>(text: &str) -> String {
        match serde_json::from_str::<T>(text) {
            Ok(_) => "none".into(),
            Err(error) => of(text, &error),
        }
    }

    #[allow(dead_code)]
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        name: String,
        #[serde(default)]
        marks: Vec<u8>,
        #[serde(default)]
        rows: Vec<Row>,
        #[serde(default)]
        even: Vec<Even>,
        last: Option<Even>,
    }

    /// A type that is rejected after it was read, so its error has no position.
    #[derive(Deserialize)]
    #[serde(try_from = "u8")]
    struct Even;

    impl TryFrom<u8> for Even {
        type Error = &'static str;

        fn try_from(number: u8) -> Result<Self, Self::Error> {
            if number.is_multiple_of(2) { Ok(Even) } else { Err("odd") }
        }
    }

    #[test]
    fn path_points_to_the_invalid_value() {
        let paths = [
            (r#"{"name": 1}"#, "name"),
            (r#"{"name": "a", "marks": [1, 2, "3", 4]}"#, "marks[2]"),
            (r#"{"name": "a", "marks": [1, 2, 256]}"#, "marks[2]"),
            (r#"{"name": "a", "marks": "none"}"#, "marks"),
            (r#"{"name": "a", "marks": {"a": 1}}"#, "marks"),
            (r#"{"name": ["a"]}"#, "name"),
            (r#"{"name": {}, "marks": []}"#, "name"),
            (r#"{"name": "a", "marks": [ [1]]}"#, "marks[0]"),
            (r#"{"name": "a", "marks": [1, {"a": 1}]}"#, "marks[1]"),
            (r#"{"name": "a", "rows": [{"name": "b"}, {"marks": []}]}"#, "rows[1]"),
            (r#"{"name": "a", "rows": [{"name": "b"}, 7]}"#, "rows[1]"),
            (
                "{\"name\": \"a\",\n\n \"rows\":\n[{\"name\": \"é\"},\r\n\t{\"name\": 2}]}",
                "rows[1].name",
            ),
            (
                r#"{"name": "]}\"[{,:\\", "rows": [{"name": "\\", "marks": [null]}]}"#,
                "rows[0].marks[0]",
            ),
            (r#"{"name": "a", "other": 1}"#, "."),
            (r#"{"name": "a", "rows": [{"name": "b", "name": "c"}]}"#, "rows[0]"),
            (r#"{"name": "a", "even": [2, 4, 5, 6]}"#, "even[2]"),
            (r#"{"name": "a", "last": 1, "even": []}"#, "last"),
            (r#"{"name": "a", "even": [2, 5]}"#, "even[1]"),
            (r#"{"name": "a", "rows": [{"name": "b", "last": 1}]}"#, "rows[0].last"),
            ("7", "."),
            ("[]", "."),
            ("{}", "."),
        ];
        for (text, expected) in paths {
            assert_eq!(path::<Row>(text), expected, "{text}");
        }
        let paths = [
            (r#"[[1, 2], [3, "4"]]"#, "[1][1]"),
            (r#"[[1, 2], 3]"#, "[1]"),
            (r#"[[1, 2], {"a": [3]}]"#, "[1]"),
            (r#"{"a": [3]}"#, "."),
            ("[[1],\n[[2]]]", "[1][0]"),
        ];
        for (text, expected) in paths {
            assert_eq!(path::<Vec<Vec<u8>>>(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_in_the_path_are_unescaped() {
        let keys = |text| path::<BTreeMap<String, BTreeMap<String, u8>>>(text);
        assert_eq!(keys(r#"{"a\"b": {"c\\": 1, "\u00e9\n": ""}}"#), "a\"b.é\n");
        assert_eq!(keys(r#"{"": {"": ""}}"#), ".");
        assert_eq!(keys(r#"{"a": {"": []}}"#), "a.");
        assert_eq!(keys(r#"{"a": {"b": 1}, "c": {"a.b[0]": true}}"#), "c.a.b[0]");
    }

    #[test]
    fn path_points_to_the_syntax_error() {
        let paths = [
            ("", "."),
            (" ", "."),
            ("x", "."),
            ("nul", "."),
            ("{} {\"a\": [1", "."),
            ("[1] 2", "."),
            ("[1, 2", "[1]"),
            ("[1, ", "."),
            ("[1, ]", "."),
            ("[1 2]", "[0]"),
            ("[,]", "[0]"),
            ("[1, x]", "[1]"),
            ("[01]", "[0]"),
            ("]", "."),
            ("[}", "[0]"),
            ("{]", "."),
            (r#"{"a"#, "."),
            (r#"{"a""#, "."),
            (r#"{"a" 1}"#, "a"),
            (r#"{"a":"#, "a"),
            (r#"{"a":}"#, "a"),
            (r#"{"a":,"#, "a"),
            (r#"{"a":1,}"#, "."),
            (r#"{"a": [{"b": "c"#, "a[0].b"),
            (r#"{"a": [{"b": "c\"#, "a[0].b"),
            (r#"{"a": [{"b": "\x"}]}"#, "a[0].b"),
            (r#"{"a\x": 1}"#, "."),
            (r#"{"\ud800": tru}"#, "."),
            ("{1: 2}", "."),
        ];
        for (text, expected) in paths {
            assert_eq!(path::<Value>(text), expected, "{text}");
        }
    }

    #[test]
    fn path_depth_is_bounded_like_decoding() {
        let deep = "[".repeat(100_000);
        assert_eq!(path::<Value>(&deep), "[0]".repeat(127));
        let mut scan = Scan::new(&deep);
        scan.go(deep.len());
        assert_eq!((scan.levels.len(), scan.at), (MAX_DEPTH, MAX_DEPTH));
    }

    /// A place may come from another text, and lie within a character.
    #[test]
    fn every_offset_in_any_text_has_a_path() {
        let text =
            r#" {"é\n": [1, {"\ud83c": tru}, "\u00e9", [[], {}], -1e5,, "a" "b"], "c":: {"d"}} "#;
        let bytes = text.as_bytes();
        for start in (0..bytes.len()).filter(|start| text.is_char_boundary(*start)) {
            for end in (start..=bytes.len()).filter(|end| text.is_char_boundary(*end)) {
                for place in start..end + 2 {
                    let text = &text[start..end];
                    let mut scan = Scan::new(text);
                    scan.go(place);
                    assert!(scan.to_string().len() < 40, "{scan} of {text}");
                }
            }
        }
    }

    #[test]
    fn offset_is_computed_from_line_and_column() {
        let place =
            |text: &str| offset(text.as_bytes(), &serde_json::from_str::<u8>(text).unwrap_err());
        assert_eq!(place("\n\n\"é\" "), Some(6));
        assert_eq!(place("[1]"), Some(0));
        assert_eq!(place(""), Some(0));
        let error = serde_json::from_str::<Value>("\n\n\n   x").unwrap_err();
        assert_eq!((offset(b"ab\nc", &error), offset(b"", &error)), (Some(4), Some(0)));
        assert_eq!(offset(b"ab", &serde::de::Error::custom("placeless")), None);
        assert_eq!(&*of("[1]", &serde::de::Error::custom("placeless")), ".");
    }
}
