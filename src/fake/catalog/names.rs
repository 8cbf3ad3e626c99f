//! Made-up names, which depend only on kind and number, and are unique within a kind.

use std::sync::LazyLock;

use crate::json::value::Value;

/// The patterns of each kind of name, and the lists of words for them. In a pattern, `{Noun a}` is a noun, `{noun a}` a
/// noun in lower case, and `{a}` a number.
static NAMES: LazyLock<Value> =
    LazyLock::new(|| Value::parse(include_bytes!("names.json")).unwrap_or(Value::Null));

/// The name of the `n`th object of a kind.
pub(crate) fn name(kind: &str, n: usize) -> String {
    // Two numbers below 16 and 24, whose pairs are different for 384 consecutive numbers.
    let (a, b) = (n % 16, (n / 16 + n % 16 * 5) % 24);
    let mut parts = pick(kind, n).split('{');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (placeholder, text) = part.split_once('}').unwrap_or((part, ""));
        let (list, index) = placeholder.split_once(' ').unwrap_or(("", placeholder));
        let (index, more) = index.split_once('+').unwrap_or((index, "0"));
        let index = if index == "a" { a } else { b } + more.parse::<usize>().unwrap_or(0);
        name += &match list {
            "" => (index + 1).to_string(),
            list if list.starts_with(char::is_lowercase) => pick(list, index).to_lowercase(),
            list => pick(&list.to_lowercase(), index).to_owned(),
        };
        name += text;
    }
    name
}

/// The name of a publisher or label.
pub(crate) fn company(n: usize) -> String {
    format!("{} {}", pick("place", n * 5 + 1), pick("company", n))
}

/// The id and the name of a user. User ids are any text; some old ones must be escaped in URLs.
pub(crate) fn user(n: usize) -> (String, String) {
    match n {
        0 => ("mira.halvorsen".to_owned(), "Mira Halvorsen".to_owned()),
        1 => ("zoë.å#1".to_owned(), "Zoë Åkerlund".to_owned()),
        2 => ("50% off/on?".to_owned(), "Half Price".to_owned()),
        3 => ("31l0q7yfrt2x5gkd8wzvn4hbm6ca".to_owned(), "Pim Okonedo".to_owned()),
        _ => {
            let name = name("person", n);
            (format!("{}{n}", name.to_lowercase().replace([' ', '\''], "_")), name)
        }
    }
}

/// An element of a list, by its index modulo the length.
fn pick(list: &str, n: usize) -> &'static str {
    match NAMES.get(list) {
        Some(Value::List(words)) if !words.is_empty() => {
            words.get(n % words.len()).and_then(Value::as_str).unwrap_or_default()
        }
        _ => "",
    }
}
