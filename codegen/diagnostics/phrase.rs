//! Parts of messages: lists of names, suggestions, and values from `spec/`.

/// Returns `` `a`, `b` or `c` ``.
pub fn any_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    joined(&names, "or")
}

/// Returns `a, b and c`, with this conjunction before the last name.
pub fn joined(names: &[String], conjunction: &str) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

/// Returns `` : did you mean `summary`? `` if a known name is similar, and an empty string otherwise.
pub fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known
        .into_iter()
        .map(|name| (if are_swapped(found, name) { 1 } else { distance(found, name) }, name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min();
    near.map(|(_, name)| format!(": did you mean `{name}`?")).unwrap_or_default()
}

/// Returns whether both have the same letters in a different order.
fn are_swapped(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    sorted(a) == sorted(b)
}

/// Returns the number of characters to insert, remove or replace (the Levenshtein distance).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.chars().zip(row.iter().skip(1)) {
            left = (left + 1).min(above + 1).min(diagonal + usize::from(from != to));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Quotes text of a table for a message, on one line with at most 60 characters.
pub fn shown(text: &str) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    let mut out = String::from("`");
    for c in text.chars().take(60) {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out.push_str(if text.chars().nth(60).is_some() { "…`" } else { "`" });
    out
}
