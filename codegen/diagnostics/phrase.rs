//! Pieces of messages.

/// `` `a`, `b` or `c` ``
pub fn any_of<'a>(enums: impl IntoIterator<Item = &'a str>) -> String {
    let enums: Vec<String> = enums.into_iter().map(|word| format!("`{word}`")).collect();
    joined(&enums, "or")
}

/// `a, b and c`, with the word that is given before the last.
pub fn joined(enums: &[String], last: &str) -> String {
    match enums {
        [] => String::new(),
        [word] => word.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// `` : did you mean `summary`? `` if a word is that close, else nothing.
pub fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known
        .into_iter()
        .map(|word| (if are_swapped(found, word) { 1 } else { distance(found, word) }, word))
        .filter(|(distance, word)| *distance <= (word.chars().count() / 3).max(1))
        .min();
    near.map(|(_, word)| format!(": did you mean `{word}`?")).unwrap_or_default()
}

/// Whether the same letters stand in another order.
fn are_swapped(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    sorted(a) == sorted(b)
}

/// How many characters have to be put in, taken out or changed.
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

/// Text of a table in a message: on one line, and not too long.
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
