//! Calls made from the `example` values: for the documentation, and for tests of this crate.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::read::{At, Literal};
use super::super::table::{
    Case, Endpoint, EnumValue, Kind, Param, Shape, Shortcut, Table, const_name,
};
use super::tokens::file;

/// Every endpoint's smallest and fullest call, and one that has to be split.
pub fn samples(table: &Table) -> String {
    let endpoints = table.endpoints().map(|endpoint| {
        let mut texts = vec![smallest(endpoint, None), fullest(endpoint, None)];
        texts.dedup();
        texts.extend(otherwise(endpoint));
        texts.extend(split(endpoint));
        texts.extend(other_values(endpoint));
        let shortcuts = endpoint.shortcuts.iter();
        texts.extend(shortcuts.map(|shortcut| smallest_shortcut(endpoint, shortcut)));
        let calls = texts.iter().map(|text| {
            let call: TokenStream = text.parse().unwrap_or_default();
            quote!(SampleCall {
                text: #text,
                requests: |spotify| #call.requests(),
                send: |spotify| #call.send_raw().map(drop),
            })
        });
        let name = const_name(&endpoint.name.value);
        quote!(Sample { endpoint: &endpoint::#name, calls: Vec::from([#(#calls),*]) })
    });
    file(quote! {
        /// The calls of every endpoint, in the order of the table.
        pub fn samples() -> Vec<Sample> {
            Vec::from([#(#endpoints),*])
        }
    })
}

/// An example with the hidden lines that it needs.
pub(super) fn doc_test(example: &str) -> String {
    let types = ["Jpeg", "TimestampedId"].map(|name| (format!("{name}::"), name));
    let uses = types.iter().filter(|(path, _)| example.contains(path));
    let uses: String = uses.map(|(_, name)| format!("use tonearm::param::{name};\n")).collect();
    format!(
        "# use tonearm::*;\n# let spotify = Spotify::from_token(\"token\")?;\n{uses}{example}\n# Ok::<(), Error>(())"
    )
}

/// An endpoint's example in the documentation.
pub(super) fn example(endpoint: &Endpoint, shortcut: Option<&Shortcut>) -> String {
    let (call, smallest) = (fullest(endpoint, shortcut), smallest(endpoint, shortcut));
    match endpoint.returns.as_ref().map(|returns| &returns.value.shape) {
        Some(Shape::Unit) => in_lines(&format!("{call}.send()?;")),
        Some(Shape::Page(_)) => format!(
            "{}\n\nfor item in {smallest}.items() {{\n    println!(\"{{:?}}\", item?);\n}}",
            in_lines(&format!("let page = {call}.send()?;"))
        ),
        _ => in_lines(&format!("let result = {call}.send()?;")),
    }
}

/// A statement with each method of the chain on its own line, and then each element of a list, if one line is wider than
/// a page of the documentation.
fn in_lines(statement: &str) -> String {
    const WIDTH: usize = 88;
    if statement.len() <= WIDTH {
        return statement.to_owned();
    }
    let with_list = |line: &str| {
        let (before, rest) = line.split_once('[').filter(|_| line.len() > WIDTH)?;
        let (list, after) = rest.rsplit_once(']')?;
        let list = broken(list, ' ', "\n        ");
        Some(format!("{before}[\n        {list},\n    ]{after}"))
    };
    let lines = broken(statement, '.', "\n    .");
    let lines = lines.split('\n').map(|line| with_list(line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

/// Replaces a character where it is neither in brackets nor in a string.
fn broken(text: &str, separator: char, replacement: &str) -> String {
    let (mut lines, mut depth, mut is_text) = (String::new(), 0_usize, false);
    for c in text.chars() {
        match c {
            '"' => is_text = !is_text,
            _ if is_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if c == separator && depth == 0 => {
                lines.push_str(replacement);
                continue;
            }
            _ => {}
        }
        lines.push(c);
    }
    lines
}

/// An example that shows what a call sends.
pub(super) fn dry_run(endpoint: &Endpoint, shortcut: Option<&Shortcut>) -> String {
    let call = fullest(endpoint, shortcut);
    let print = "println!(\"{request}\");      // sends nothing";
    match (&endpoint.batch, shortcut) {
        (Some(_), None) => format!(
            "{}\nfor request in requests {{\n    {print}\n}}",
            in_lines(&format!("let requests = {call}.requests()?;"))
        ),
        _ => format!("{}\n{print}", in_lines(&format!("let request = {call}.request()?;"))),
    }
}

/// Required arguments only, lists with one element; and one setter where Spotify wants at least one of several.
fn smallest(endpoint: &Endpoint, shortcut: Option<&Shortcut>) -> String {
    if let Some(shortcut) = shortcut {
        return smallest_shortcut(endpoint, shortcut);
    }
    let named = endpoint.params.iter().filter(|param| param.named);
    let sum_limit = endpoint.sum_limit.as_ref().filter(|sum_limit| sum_limit.min > 0);
    let mut wanted = sum_limit.iter().flat_map(|sum| &sum.params).chain(&endpoint.any_of);
    let setter = |index: &usize| endpoint.params.get(*index).filter(|param| !param.is_argument());
    let wanted = wanted.find_map(setter);
    with_setters(call(endpoint, small_value), named.chain(wanted))
}

/// A call of a shortcut without setters.
fn smallest_shortcut(endpoint: &Endpoint, shortcut: &Shortcut) -> String {
    let arguments = endpoint.arguments().filter_map(|(_, param)| match &shortcut.case {
        Case::Element { .. } => match param.example.as_ref().map(|example| &example.value) {
            Some(Literal::List(elements)) => Some(value(&elements.first()?.value, param)),
            _ => None,
        },
        Case::Value { .. } => param.selects().is_none().then(|| small_value(param)),
    });
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    format!("spotify.{}({arguments})", shortcut.name.value)
}

/// The smallest call with this value for a parameter.
pub fn call_with(endpoint: &Endpoint, param: &Param, value: &str) -> String {
    let is_given = |other: &Param| other.name.value == param.name.value;
    let mut text = call(endpoint, |other| match is_given(other) {
        true => value.to_owned(),
        false => small_value(other),
    });
    if !param.is_argument() {
        text.push_str(&format!(".{}({value})", param.name.value));
    }
    text
}

/// Every argument and every setter; of those that exclude each other, the first.
fn fullest(endpoint: &Endpoint, shortcut: Option<&Shortcut>) -> String {
    let text = match shortcut {
        Some(shortcut) => smallest_shortcut(endpoint, shortcut),
        None => call(endpoint, full_value),
    };
    with_setters(text, combined(endpoint.setters()))
}

/// The setters that the fullest call leaves out, with all that they do not exclude.
fn otherwise(endpoint: &Endpoint) -> Option<String> {
    let taken = combined(endpoint.setters());
    let is_taken = |param: &Param| taken.iter().any(|known| known.name.value == param.name.value);
    let (taken, left): (Vec<_>, Vec<_>) = endpoint.setters().partition(|(_, p)| is_taken(p));
    let others = combined(left.into_iter().chain(taken));
    let text = with_setters(call(endpoint, full_value), others);
    (text != fullest(endpoint, None)).then_some(text)
}

/// As many of the wanted setters as one call can combine. If two exclude each other, the first one is kept.
fn combined<'a>(wanted: impl Iterator<Item = (usize, &'a Param)>) -> Vec<&'a Param> {
    let mut taken: Vec<(usize, &Param)> = Vec::new();
    for (index, param) in wanted {
        if !taken.iter().any(|(_, other)| param.conflicts_with(other)) {
            taken.push((index, param));
        }
    }
    taken.sort_by_key(|(index, _)| *index);
    taken.into_iter().map(|(_, param)| param).collect()
}

fn with_setters<'a>(mut text: String, setters: impl IntoIterator<Item = &'a Param>) -> String {
    for param in setters {
        text.push_str(&format!(".{}({})", param.name.value, full_value(param)));
    }
    text
}

/// A call with three ids more than one request takes.
fn split(endpoint: &Endpoint) -> Option<String> {
    let (batch, (_, list)) = (endpoint.batch.as_ref()?, endpoint.batch_list()?);
    let count = batch.max.saturating_add(3);
    let advance = batch.advance.and_then(|index| endpoint.params.get(index));
    let advance = advance.filter(|param| !param.is_argument());
    let text = call(endpoint, |param| {
        if param.name.value != list.name.value {
            return full_value(param);
        }
        let element = match &param.kind {
            Some(Kind::Uri) => {
                format!("spotify:{}:{{n:022}}", param.kinds.first().map_or("track", String::as_str))
            }
            Some(Kind::Id(id)) if !id.base62 => format!("{}-{{n}}", id.example),
            Some(Kind::Text) => "{n}".to_owned(),
            _ => "{n:022}".to_owned(),
        };
        format!("(1..={count}).map(|n| format!({element:?}))")
    });
    Some(with_setters(text, advance))
}

/// The smallest call for each other value of the enum that selects the type of the items.
fn other_values(endpoint: &Endpoint) -> Vec<String> {
    let Some((known, selector)) = endpoint.selector() else { return Vec::new() };
    let example = selector.example.as_ref().map(|example| &example.value);
    let is_other = |value: &&EnumValue| example != Some(&Literal::Text(value.value.clone()));
    let call_with = |value: &EnumValue| {
        call(endpoint, |param| match param.selects() {
            Some(_) => format!("{}::{}", known.module, value.variant),
            None => small_value(param),
        })
    };
    known.values.iter().filter(is_other).map(call_with).collect()
}

fn call(endpoint: &Endpoint, argument: impl Fn(&Param) -> String) -> String {
    let arguments: Vec<_> = endpoint.arguments().map(|(_, param)| argument(param)).collect();
    format!("spotify.{}({})", endpoint.name.value, arguments.join(", "))
}

fn small_value(param: &Param) -> String {
    match param.example.as_ref().map(|example| &example.value) {
        _ if !param.required => "None".to_owned(),
        Some(Literal::List(elements)) if param.list => {
            list(elements.get(..1).unwrap_or(elements), param)
        }
        _ => full_value(param),
    }
}

fn full_value(param: &Param) -> String {
    match param.example.as_ref().map(|example| &example.value) {
        Some(Literal::List(elements)) if param.list => list(elements, param),
        Some(example) => value(example, param),
        None => String::new(),
    }
}

fn list(elements: &[At<Literal>], param: &Param) -> String {
    let mixed = elements.iter().any(|e| matches!(e.value, Literal::Table(_)))
        && elements.iter().any(|e| matches!(e.value, Literal::Text(_)));
    let elements: Vec<_> = elements
        .iter()
        .map(|element| {
            let value = value(&element.value, param);
            if mixed { format!("TimestampedId::from({value})") } else { value }
        })
        .collect();
    format!("[{}]", elements.join(", "))
}

/// A value as a user writes it in Rust.
fn value(literal: &Literal, param: &Param) -> String {
    match (literal, &param.kind) {
        (Literal::Text(text), Some(Kind::Market)) => format!("Market::{text}"),
        (Literal::Text(text), Some(Kind::OneOf(known))) => {
            let found = known.values.iter().find(|value| value.value == *text);
            found.map(|value| format!("{}::{}", known.path(), value.variant)).unwrap_or_default()
        }
        (Literal::Text(text), Some(Kind::Jpeg)) => format!("Jpeg::from_base64({text:?})"),
        (Literal::Text(text), _) => format!("{text:?}"),
        (Literal::Integer(number), _) if param.ty.value == "SystemTime" => {
            format!("Timestamp::from_unix_millis({number})")
        }
        // Without a type, a literal is an `i32`.
        (Literal::Integer(number), _) if i32::try_from(*number).is_err() => format!("{number}_i64"),
        (Literal::Integer(number), _) => number.to_string(),
        (Literal::Boolean(boolean), _) => boolean.to_string(),
        (Literal::Table(entries), _) => {
            let values: Vec<_> =
                entries.iter().map(|(_, entry)| value(&entry.value, param)).collect();
            format!("({})", values.join(", "))
        }
        (Literal::List(elements), _) => list(elements, param),
    }
}
