//! What the documentation says about a call.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::check::{Availability, Endpoint, Fallback, Join, Kind, Param, Returns, Table};
use super::samples;

const REFERENCE: &str = "https://developer.spotify.com/documentation/web-api/reference/";

pub(super) fn method_docs(row: &Endpoint, table: &Table) -> Vec<String> {
    let mut lines = vec![row.summary.clone(), String::new()];
    if let Some(notes) = &row.notes {
        lines.extend(notes.trim().lines().map(str::to_owned));
        lines.push(String::new());
    }
    lines.push(format!("`{} {}`", row.method, row.path));
    lines.push(String::new());
    lines.push(format!("- **Answer**: [{}]({}::send)", item(row), row.type_name));
    lines.extend(options(row).map(|names| format!("- **Options**: {names}")));
    lines.push(format!(
        "- **Token**: {}",
        if row.user_token { "a user's" } else { "a user's, or the app's own (client credentials)" }
    ));
    lines.extend(scope_docs(row, table).into_iter().map(|line| format!("- {line}")));
    if let Some(batch) = &row.batch {
        let joined = match batch.join {
            Join::Concat => ", and the answers are joined in the order of the ids",
            Join::Unit => ", in order",
            Join::Last => ", in order, and the last answer is kept",
        };
        lines.push(format!(
            "- **Ids a request**: {}; more are sent in several requests{joined}. None: nothing is sent.",
            batch.max
        ));
    }
    lines.extend(page_size(row).map(|text| format!("- **Rows a page**: {text}")));
    lines.push(format!("- **Open to**: {}", available_to(row)));
    lines.extend(
        in_development(row, table)
            .map(|text| format!("- **For an app in development mode**: {text}")),
    );
    lines.push(String::new());
    for param in row.params.iter().filter(|param| param.is_argument()) {
        lines.push(format!("`{}`: {}", param.name, param_docs(param, table)));
        lines.push(String::new());
    }
    lines.push("# Errors".to_owned());
    lines.push(String::new());
    lines.push(match row.batch.as_ref().map(|batch| batch.join) {
        Some(Join::Unit | Join::Last) => "From `.send()`: [`Error::InvalidArgument`] before anything is sent, \
            [`Error::PartialWrite`] if it stopped halfway, and what [`Error`] lists for every call."
            .to_owned(),
        _ => "From `.send()`: [`Error::InvalidArgument`] before anything is sent, and what [`Error`] lists for \
            every call."
            .to_owned(),
    });
    lines.push(String::new());
    lines.push("# Examples".to_owned());
    lines.push(String::new());
    lines.push("```no_run".to_owned());
    lines.push("# use tonearm::*;".to_owned());
    lines.push("# let spotify = Spotify::from_token(\"token\")?;".to_owned());
    lines.extend(samples::example(row, table));
    lines.push("# Ok::<(), Error>(())".to_owned());
    lines.push("```".to_owned());
    lines.push(String::new());
    lines.push(format!(
        "Spotify's page: [{}]({REFERENCE}{}). {}",
        row.reference,
        row.reference,
        origin(row)
    ));
    lines
}

/// What is said of the type with which a call begins.
pub(super) fn request_docs(row: &Endpoint, table: &Table) -> Vec<String> {
    let mut lines = vec![
        format!("The request of [`Spotify::{}`]: {}", row.name, lower_first(&row.summary)),
        String::new(),
        origin(row),
        String::new(),
        "# Examples".to_owned(),
        String::new(),
        "```".to_owned(),
        "# use tonearm::*;".to_owned(),
        "# let spotify = Spotify::from_token(\"token\")?;".to_owned(),
    ];
    lines.extend(samples::dry_run(row, table));
    lines.push("# Ok::<(), Error>(())".to_owned());
    lines.push("```".to_owned());
    lines
}

/// The type of the answer.
fn item(row: &Endpoint) -> String {
    let tokens = match &row.returns {
        Returns::Unit => return "none".to_owned(),
        Returns::One(ty)
        | Returns::Page { page: ty, .. }
        | Returns::CursorPage { page: ty, .. } => quote!(#ty),
        Returns::Maybe(ty) => quote!(Option<#ty>),
    };
    format!("`{}`", tokens.to_string().replace(' ', ""))
}

/// The setters of a row, if it has any.
fn options(row: &Endpoint) -> Option<String> {
    let setters = row.params.iter().filter(|param| !param.is_argument());
    let links = setters.map(|param| format!("[`{0}`]({1}::{0})", param.name, row.type_name));
    Some(links.collect::<Vec<_>>().join(", ")).filter(|links| !links.is_empty())
}

/// How many rows a page has, for calls that answer with pages.
fn page_size(row: &Endpoint) -> Option<String> {
    let limit = page_limit(row)?;
    let mut text = match (limit.min, limit.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(max)) => format!("at most {max}"),
        _ => return None,
    };
    if let Some(default) = &limit.default {
        text.push_str(&format!(", {default} unless `limit` says otherwise"));
    }
    if let Some(max) = limit.development_max {
        text.push_str(&format!("; at most {max} for an app in development mode"));
    }
    Some(text + "; walks over all pages ask for the most")
}

fn page_limit(row: &Endpoint) -> Option<&Param> {
    match row.returns {
        Returns::Page { .. } | Returns::CursorPage { .. } => {
            row.params.iter().find(|param| param.name == "limit")
        }
        Returns::Unit | Returns::One(_) | Returns::Maybe(_) => None,
    }
}

fn scope_docs(row: &Endpoint, table: &Table) -> Vec<String> {
    let word = |scope: &Ident| {
        let known = table.scopes.iter().find(|known| known.variant == *scope);
        format!("`{}`", known.map_or("", |known| known.word.as_str()))
    };
    let scopes = &row.scopes;
    let mut lines = Vec::new();
    if !scopes.required.is_empty() {
        let enums = scopes.required.iter().map(word).collect::<Vec<_>>().join(", ");
        lines.push(format!("**Scopes**: {enums}"));
    }
    if !scopes.alternative.is_empty() {
        let enums = scopes.alternative.iter().map(word).collect::<Vec<_>>().join(" or ");
        lines.push(format!("**Scopes**: {enums}"));
    }
    for case in &scopes.conditional {
        lines.push(format!("**Scope** {}: {}", word(&case.scope), case.when));
    }
    for (scope, what) in &scopes.unlocks {
        lines.push(format!("With the scope {}: {what}", word(scope)));
    }
    if lines.is_empty() {
        lines.push("**Scopes**: none".to_owned());
    }
    lines
}

fn available_to(row: &Endpoint) -> String {
    let text = match row.availability {
        Availability::All => "every app".to_owned(),
        Availability::ExtendedQuota => {
            "apps in extended quota mode; closed to development-mode apps since February 2026"
                .to_owned()
        }
        Availability::Legacy => "apps that had extended access before 27 November 2024".to_owned(),
    };
    let is_owned =
        row.availability == Availability::All && row.params.iter().any(|param| param.owner_only);
    let text = match is_owned {
        true => {
            format!(
                "{text}; in development mode only for what the user owns or takes part in, else [`Error::NotPlaylistOwner`]"
            )
        }
        false => text,
    };
    match &row.replacement {
        // What stands in for it is told on a line of its own.
        Some(replacement) if row.fallback.is_none() => {
            format!("{text}. Replaced by: {replacement}")
        }
        _ => text,
    }
}

/// What happens for an app in development mode, where the row is closed to it.
fn in_development(row: &Endpoint, table: &Table) -> Option<String> {
    if row.availability == Availability::All {
        return None;
    }
    let form = row.fallback.as_ref();
    let Some((form, target)) = form.and_then(|form| Some((form, table.row(&form.row)?))) else {
        return Some("nothing; [`Error::EndpointUnavailable`] says so".to_owned());
    };
    let request = format!("[`Spotify::{}`], `{} {}`", target.name, target.method, target.path);
    let mut text = match (form.element_key, &target.batch) {
        (Some(_), _) => format!(
            "{request}, one for each id, several at a time; an id that is not known is `None`"
        ),
        (None, Some(batch)) => format!("{request}, in its place, at most {} a request", batch.max),
        (None, None) => format!("{request}, in its place"),
    };
    if let Some(own) = form.own.as_ref().and_then(|(own, _)| row.params.get(*own)) {
        text.push_str(&format!(
            ", if `{}` is the user of the token; else [`Error::EndpointUnavailable`]",
            own.name
        ));
    }
    for name in unsaid(row, form, target) {
        text.push_str(&format!("; it takes no `{name}`, so a call with one is refused"));
    }
    Some(text + ". See [`QuotaMode`]")
}

/// The names of what a form cannot say.
fn unsaid(row: &Endpoint, form: &Fallback, target: &Endpoint) -> Vec<String> {
    let is_own = |index| form.own.as_ref().is_some_and(|(own, _)| *own == index);
    let names = row.params.iter().enumerate().filter_map(|(index, param)| {
        match form.params.iter().find(|given| given.from == index) {
            None if is_own(index) => None,
            None => Some(param.name.to_string()),
            Some(given) => {
                let taken = target.params.get(given.to).map(|param| &param.kind);
                // An id with a time becomes an id.
                let loses = param.kind == Kind::TimestampedId && taken != Some(&param.kind);
                loses.then(|| "added_at".to_owned())
            }
        }
    });
    names.collect()
}

/// Every row, who may call it, and what an app in development mode gets.
pub(super) fn availability(table: &Table) -> Vec<String> {
    let mut lines = vec![
        "Every endpoint, which apps Spotify lets call it, and what is called for an app in development"
            .to_owned(),
        "mode. See [`QuotaMode`](crate::QuotaMode).".to_owned(),
        String::new(),
        "| call | request | open to | in an app in development mode |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(table.rows().map(|row| {
        let link = |row: &Endpoint| format!("[`{0}`](crate::Spotify::{0})", row.name);
        let form = row.fallback.as_ref();
        let instead = match form.and_then(|form| Some((form, table.row(&form.row)?))) {
            Some((form, target)) => {
                let mut text = format!("{} `{} {}`", link(target), target.method, target.path);
                if form.element_key.is_some() {
                    text.push_str(", one for each id");
                }
                if form.own.is_some() {
                    text.push_str(", for the user's own alone");
                }
                for name in unsaid(row, form, target) {
                    text.push_str(&format!(", without `{name}`"));
                }
                text
            }
            None if row.availability == Availability::All => "the same".to_owned(),
            None => "closed".to_owned(),
        };
        format!(
            "| {} | `{} {}` | {} | {instead} |",
            link(row),
            row.method,
            row.path,
            open_word(row)
        )
    }));
    lines
}

fn open_word(row: &Endpoint) -> &'static str {
    match row.availability {
        Availability::All => "all",
        Availability::ExtendedQuota => "extended",
        Availability::Legacy => "closed 2024",
    }
}

pub(super) fn table_line(row: &Endpoint, table: &Table) -> String {
    let all = row
        .scopes
        .required
        .iter()
        .chain(&row.scopes.alternative)
        .chain(row.scopes.conditional.iter().map(|case| &case.scope));
    let scopes = all
        .filter_map(|scope| table.scopes.iter().find(|known| known.variant == *scope))
        .map(|scope| format!("`{}`", scope.word))
        .collect::<Vec<_>>()
        .join(", ");
    let scopes = match (scopes.is_empty(), row.user_token) {
        (true, true) => "none".to_owned(),
        (true, false) => "no user".to_owned(),
        (false, _) => scopes,
    };
    let open = open_word(row);
    let instead = match &row.fallback {
        Some(form) => format!("[`{0}`](crate::Spotify::{0})", form.method_name),
        None if row.availability == Availability::All => "the same".to_owned(),
        None => "closed".to_owned(),
    };
    let ids = row.batch.as_ref().map(|batch| format!("{} ids", batch.max));
    let rows = page_limit(row).and_then(|limit| match (limit.max?, limit.development_max) {
        (max, Some(less)) => Some(format!("{max} rows, {less} in development mode")),
        (max, None) => Some(format!("{max} rows")),
    });
    let most = ids.into_iter().chain(rows).collect::<Vec<_>>().join(", ");
    format!(
        "| [`{name}`](crate::Spotify::{name}) | `{} {}` | {scopes} | {most} | {open} | {instead} |",
        row.method,
        row.path,
        name = row.name
    )
}

pub(super) fn param_docs(param: &Param, table: &Table) -> String {
    let mut text = param.doc.clone();
    match (param.min, param.max) {
        (Some(min), Some(max)) => text.push_str(&format!(" From {min} to {max}.")),
        (Some(min), None) => text.push_str(&format!(" At least {min}.")),
        (None, Some(max)) if param.kind == Kind::Jpeg => {
            text.push_str(&format!(" At most {max} characters of base64."));
        }
        (None, Some(max)) => text.push_str(&format!(" At most {max}.")),
        (None, None) => {}
    }
    if let Some(max) = param.development_max {
        text.push_str(&format!(" At most {max} for an app in development mode."));
    }
    if let Kind::Enum(index) = param.kind {
        let enums = &table.enums[index];
        let link = if enums.selects_item { &enums.module } else { &enums.name };
        text.push_str(&format!(" See [`{link}`]."));
    }
    if let Some(default) = &param.default {
        text.push_str(&format!(" Spotify's default: {}.", default));
    }
    text
}

/// Which row a thing comes from. Its file is a link if [`file_link`] stands behind it.
pub(super) fn origin(row: &Endpoint) -> String {
    format!("From the row `{}` in {}, line {}.", row.name, file_of(row), row.origin.1)
}

/// The file of a row, and that it is a link.
pub(super) fn file_of(row: &Endpoint) -> String {
    match is_of_crate(&row.origin.0) {
        true => format!("[`{}`]", row.origin.0),
        false => format!("`{}`", row.origin.0),
    }
}

/// Whether a file lies in the crate's own folder; those of a program are named by their whole path.
fn is_of_crate(file: &str) -> bool {
    file.starts_with("spec/")
}

/// Where the file of a row is to be read: in the package on docs.rs, in the version that this one is.
pub(super) fn file_link(row: Option<&Endpoint>) -> Option<TokenStream> {
    let file = &row.filter(|row| is_of_crate(&row.origin.0))?.origin.0;
    let begin = format!(" [`{file}`]: https://docs.rs/crate/tonearm/");
    let end = format!("/source/{file}");
    Some(quote!(#[doc = ""] #[doc = concat!(#begin, env!("CARGO_PKG_VERSION"), #end)]))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
