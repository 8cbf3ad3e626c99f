//! Calls made from the `example` values of rows: for the documentation and for `calls.rs`, which
//! only tests include.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::check::{Endpoint, Kind, Param, Returns, Table};
use super::super::read::{At, Literal};
use super::file;

/// `calls.rs`: every row's smallest and fullest call, and one that has to be split.
pub fn calls(table: &Table) -> String {
    let rows = table.areas.iter().flat_map(|area| &area.endpoints).map(|row| {
        let mut texts = vec![smallest(row, table), fullest(row, table)];
        texts.dedup();
        texts.extend(otherwise(row, table));
        texts.extend(split(row, table));
        texts.extend(other_words(row, table));
        let calls = texts.iter().map(|text| {
            let call: TokenStream = text.parse().unwrap_or_default();
            quote!(SampleCall {
                text: #text,
                requests: |spotify| #call.requests(),
                send: |spotify| #call.send_raw().map(drop),
            })
        });
        let name = &row.const_name;
        quote!(Sample { endpoint: &endpoint::#name, calls: Vec::from([#(#calls),*]) })
    });
    file(quote! {
        /// The calls of every row, in the order of the table.
        pub fn samples() -> Vec<Sample> {
            Vec::from([#(#rows),*])
        }
    })
}

/// The lines of a row's example in the documentation.
pub fn example(row: &Endpoint, table: &Table) -> Vec<String> {
    let call = fullest(row, table);
    match &row.returns {
        Returns::Unit => vec![format!("{call}.send()?;")],
        Returns::Page { .. } | Returns::CursorPage { .. } => vec![
            format!("let page = {call}.send()?;"),
            String::new(),
            format!("for item in {}.items() {{", smallest(row, table)),
            "    println!(\"{:?}\", item?);".to_owned(),
            "}".to_owned(),
        ],
        Returns::One(_) | Returns::Maybe(_) => vec![format!("let answer = {call}.send()?;")],
    }
}

/// The lines of an example that shows what a row sends.
pub fn dry_run(row: &Endpoint, table: &Table) -> Vec<String> {
    let call = fullest(row, table);
    match row.batch {
        Some(_) => vec![
            "// What would be sent; nothing is.".to_owned(),
            format!("for request in {call}.requests()? {{"),
            "    println!(\"{request}\");".to_owned(),
            "}".to_owned(),
        ],
        None => vec![
            format!("let request = {call}.request()?;"),
            "println!(\"{request}\");      // what would be sent; nothing is".to_owned(),
        ],
    }
}

/// Required arguments only, lists with one element; and one setter where Spotify wants at least one of several.
fn smallest(row: &Endpoint, table: &Table) -> String {
    let text = call(row, |param| small_value(param, table));
    let wanted = row.sum_limit.as_ref().filter(|sum_limit| sum_limit.min > 0);
    let setter = |index: &usize| row.params.get(*index).filter(|param| !param.is_argument());
    let wanted =
        wanted.map(|sum_limit| &sum_limit.params).into_iter().chain([&row.any_of]).flatten();
    match wanted.into_iter().find_map(setter) {
        Some(param) => format!("{text}.{}({})", param.name, full_value(param, table)),
        None => text,
    }
}

/// Every argument and every setter; of those that exclude each other, the first.
fn fullest(row: &Endpoint, table: &Table) -> String {
    with_setters(row, &setters(row, row.params.iter()), table)
}

/// The setters that the fullest call leaves out, with all that they do not exclude.
fn otherwise(row: &Endpoint, table: &Table) -> Option<String> {
    let taken = setters(row, row.params.iter());
    let is_taken = |param: &&Param| taken.iter().any(|known| known.name == param.name);
    let (taken, left): (Vec<&Param>, Vec<&Param>) = row.params.iter().partition(is_taken);
    let others = setters(row, left.into_iter().chain(taken));
    let text = with_setters(row, &others, table);
    (text != fullest(row, table)).then_some(text)
}

/// Setters that can stand in one call, as many as there are, those named first before others.
fn setters<'a>(row: &'a Endpoint, wanted: impl Iterator<Item = &'a Param>) -> Vec<&'a Param> {
    let excludes = |a: &Param, b: &Param| a.excludes.iter().any(|name| b.name == *name);
    let mut taken: Vec<&Param> = Vec::new();
    for param in wanted.filter(|param| !param.is_argument()) {
        if !taken.iter().any(|other| excludes(param, other) || excludes(other, param)) {
            taken.push(param);
        }
    }
    let location = |param: &&Param| row.params.iter().position(|other| other.name == param.name);
    taken.sort_by_key(location);
    taken
}

fn with_setters(row: &Endpoint, setters: &[&Param], table: &Table) -> String {
    let mut text = call(row, |param| full_value(param, table));
    for param in setters {
        text.push_str(&format!(".{}({})", param.name, full_value(param, table)));
    }
    text
}

/// A call with three ids more than one request takes.
fn split(row: &Endpoint, table: &Table) -> Option<String> {
    let batch = row.batch.as_ref()?;
    let list = row.params.get(batch.param)?;
    let count = batch.max.saturating_add(3);
    let advance = batch.advance.and_then(|index| row.params.get(index));
    let advance = advance.filter(|param| !param.is_argument());
    let setter = advance.map(|param| format!(".{}({})", param.name, full_value(param, table)));
    let text = call(row, |param| {
        if param.name != list.name {
            return full_value(param, table);
        }
        let element = match &param.kind {
            Kind::Uri => {
                format!("spotify:{}:{{n:022}}", param.kinds.first().map_or("track", String::as_str))
            }
            Kind::Id(index) => match table.ids.get(*index) {
                Some(id) if !id.base62 => format!("{}-{{n}}", id.example),
                _ => "{n:022}".to_owned(),
            },
            Kind::Text => "{n}".to_owned(),
            _ => "{n:022}".to_owned(),
        };
        format!("(1..={count}).map(|n| format!({element:?}))")
    });
    Some(text + &setter.unwrap_or_default())
}

/// The smallest call for each other word, where the word decides the answer.
fn other_words(row: &Endpoint, table: &Table) -> Vec<String> {
    let choice = row.params.iter().find_map(|param| match param.kind {
        Kind::Enum(index) => {
            Some((param, table.enums.get(index).filter(|enums| enums.selects_item)?))
        }
        _ => None,
    });
    let Some((choice, enums)) = choice else { return Vec::new() };
    let others =
        enums.values.iter().filter(|word| Literal::Text(word.word.clone()) != choice.example);
    let with = |word: &Ident| {
        call(row, |param| match param.name == choice.name {
            true => format!("{}::{word}", enums.module),
            false => small_value(param, table),
        })
    };
    others.map(|word| with(&word.name)).collect()
}

fn call(row: &Endpoint, argument: impl Fn(&Param) -> String) -> String {
    let arguments: Vec<_> =
        row.params.iter().filter(|param| param.is_argument()).map(argument).collect();
    format!("spotify.{}({})", row.name, arguments.join(", "))
}

fn small_value(param: &Param, table: &Table) -> String {
    match (&param.example, param.list, param.required) {
        (_, _, false) => "None".to_owned(),
        (Literal::List(elements), true, true) => {
            list(elements.get(..1).unwrap_or(elements), param, table)
        }
        (example, ..) => value(example, param, table),
    }
}

fn full_value(param: &Param, table: &Table) -> String {
    match (&param.example, param.list) {
        (Literal::List(elements), true) => list(elements, param, table),
        (example, _) => value(example, param, table),
    }
}

fn list(elements: &[At<Literal>], param: &Param, table: &Table) -> String {
    let mixed = elements.iter().any(|e| matches!(e.value, Literal::Table(_)))
        && elements.iter().any(|e| matches!(e.value, Literal::Text(_)));
    let elements: Vec<_> = elements
        .iter()
        .map(|element| match (value(&element.value, param, table), mixed) {
            (value, true) => format!("TimestampedId::from({value})"),
            (value, false) => value,
        })
        .collect();
    format!("[{}]", elements.join(", "))
}

/// A value as a user writes it in Rust.
fn value(literal: &Literal, param: &Param, table: &Table) -> String {
    match (literal, &param.kind) {
        (Literal::Text(text), Kind::Market) => format!("Market::{text}"),
        (Literal::Text(text), Kind::Enum(index)) => {
            let enums = &table.enums[*index];
            let word = enums.values.iter().find(|word| word.word == *text);
            let scope = if enums.selects_item { &enums.module } else { &enums.name };
            word.map(|word| format!("{scope}::{}", word.name)).unwrap_or_default()
        }
        (Literal::Text(text), Kind::Jpeg) => format!("Jpeg::from_base64({text:?})"),
        (Literal::Text(text), _) => format!("{text:?}"),
        (Literal::Integer(number), _) => number.to_string(),
        (Literal::Boolean(boolean), _) => boolean.to_string(),
        (Literal::Table(entries), _) => {
            let values: Vec<_> =
                entries.iter().map(|(_, entry)| value(&entry.value, param, table)).collect();
            format!("({})", values.join(", "))
        }
        (Literal::List(elements), _) => list(elements, param, table),
    }
}
