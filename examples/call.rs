//! Calls any endpoint by its name.
//!
//! ```sh
//! cargo run --example call -- --list
//! cargo run --example call -- get_artist_albums --help
//! cargo run --example call -- get_artist_albums 0TnOYISbd1XYRBk9myaseg limit=10
//! cargo run --example call -- --fake --all get_my_saved_tracks
//! ```
//!
//! Required parameters go by position, and every parameter by name. The names, types and limits come from the table.

mod common;

use std::ffi::OsString;
use std::process::ExitCode;

use bpaf::{OptionParser, Parser, construct, long, positional};
use common::account::{self, Choice};
use common::output::{self, print};
use common::{Fallible, exit, parse};
use serde_json::Value;
use tonearm::custom::NamedCall;
use tonearm::endpoint::{Availability, ParamInfo, ParamKind, ParamLocation, TokenKind};
use tonearm::{Endpoint, Scopes, Spotify};

/// The options of the program.
#[derive(Clone, Debug)]
pub struct Arguments {
    account: Choice,
    list: bool,
    dry_run: bool,
    raw: bool,
    all: bool,
    name: Option<String>,
    values: Vec<String>,
}

/// The arguments of the program.
pub fn arguments() -> OptionParser<Arguments> {
    let account = account::choice();
    let list = long("list").help("Print the names of all endpoints").switch();
    let dry_run = long("dry-run").help("Print the requests and send nothing").switch();
    let raw = long("raw").help("Print status, headers and body of each response").switch();
    let all = long("all").help("Read all pages and print one item in a line").switch();
    let name = positional("ENDPOINT").help("The name of an endpoint").optional();
    let values =
        positional("VALUE").help("The value of the next required parameter, or NAME=VALUE").many();
    construct!(Arguments { account, list, dry_run, raw, all, name, values })
        .to_options()
        .descr("Calls any endpoint of the Spotify Web API by its name.")
        .footer("`ENDPOINT --help` describes the endpoint and its parameters.")
}

fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let Some(help) = help_of_endpoint(&given) {
        print!("{help}");
        return ExitCode::SUCCESS;
    }
    exit(run(&parse(arguments()), |text| print!("{text}")))
}

/// Does what the arguments ask for, and passes the result to `print`.
pub fn run(arguments: &Arguments, print: impl Fn(&str)) -> Fallible<()> {
    let Arguments { account, dry_run, raw, all, .. } = arguments;
    let Some(name) = arguments.name.as_deref().filter(|_| !arguments.list) else {
        if !arguments.list {
            return Err("expected the name of an endpoint, found none; `--list` prints them".into());
        }
        print(&list());
        return Ok(());
    };
    // Checked before anybody logs in.
    let offline = Spotify::from_token("dry-run")?;
    let call = with_values(offline.call(name), &arguments.values)?;
    let requests = call.requests()?;
    if *dry_run && !account.is_fake() {
        let text: Vec<String> = requests.iter().map(|request| format!("{request:#}\n")).collect();
        print(&text.concat());
        return Ok(());
    }
    let scopes = Scopes::for_endpoints(call.endpoint());
    let account = account.open(scopes, &account::bar())?;
    let call = with_values(account.spotify.call(name), &arguments.values)?;
    if *dry_run {
        call.requests()?.iter().for_each(|request| {
            print(&format!("{request:#}\n"));
        });
    } else if *all {
        for item in call.items::<Value>() {
            print(&format!("{}\n", item?));
        }
    } else if *raw {
        for response in call.send_raw()? {
            print(&format!("{}\n", response.status()));
            for (name, value) in response.headers() {
                print(&format!("{name}: {}\n", String::from_utf8_lossy(value)));
            }
            print(&format!("\n{}\n", String::from_utf8_lossy(response.body())));
        }
    } else {
        for result in call.send_as::<Value>()? {
            print(&format!("{}\n", serde_json::to_string_pretty(&result)?));
        }
    }
    Ok(())
}

/// Sets the parameters: `NAME=VALUE`, and the required ones that are left by position.
fn with_values(mut call: NamedCall, values: &[String]) -> Fallible<NamedCall> {
    let Some(endpoint) = call.endpoint() else { return Ok(call) };
    let has_name = |value: &str, param: &ParamInfo| {
        value.split_once('=').is_some_and(|(name, _)| name == param.name)
    };
    let is_named = |value: &str| endpoint.params.iter().any(|param| has_name(value, param));
    let mut by_position = endpoint
        .params
        .iter()
        .filter(|param| param.required && !values.iter().any(|value| has_name(value, param)));
    for value in values {
        let pair = value.split_once('=');
        // Text and pictures may contain the sign.
        let takes_any = |param: &ParamInfo| matches!(param.kind, ParamKind::Text | ParamKind::Jpeg);
        let position = by_position
            .clone()
            .next()
            .filter(|param| !is_named(value) && (pair.is_none() || takes_any(param)));
        call = match (position, pair) {
            (Some(param), _) => {
                by_position.next();
                call.set(&param.name, value)
            }
            (None, Some((name, value))) => call.set(name, value),
            (None, None) => {
                let problem = format!(
                    "{}: expected `NAME=VALUE`, found `{value}`; all required parameters have a value",
                    endpoint.name
                );
                return Err(problem.into());
            }
        };
    }
    Ok(call)
}

/// The names of all endpoints, by area.
fn list() -> String {
    let mut text = String::new();
    let mut area = "";
    for endpoint in Spotify::endpoints() {
        if endpoint.area != area {
            area = endpoint.area;
            text += &format!("{area}\n");
        }
        text += &format!("    {:28} {}\n", endpoint.name, endpoint.summary);
    }
    text
}

/// The help of the endpoint among arguments with `--help`.
pub fn help_of_endpoint(given: &[OsString]) -> Option<String> {
    let asks = given.iter().any(|argument| argument == "--help" || argument == "-h");
    let mut named = Spotify::endpoints().iter();
    let endpoint = named.find(|known| given.iter().any(|argument| **argument == *known.name))?;
    asks.then(|| help(endpoint))
}

fn help(endpoint: &Endpoint) -> String {
    let Endpoint { name, summary, method, path, scopes, .. } = endpoint;
    let mut text = format!("{summary}\n\n{method} {path}\n{}\n", endpoint.reference_url());
    let (required, optional): (Vec<&ParamInfo>, Vec<_>) =
        endpoint.params.iter().partition(|param| param.required);
    let usage: Vec<String> = required.iter().map(|param| param.name.to_uppercase()).collect();
    text += &format!(
        "\nUsage: {name} {}{}\n",
        usage.join(" "),
        if optional.is_empty() { "" } else { " NAME=VALUE…" }
    );
    for (heading, params) in
        [("Required, by position or by name", required), ("Optional, by name", optional)]
    {
        if !params.is_empty() {
            text += &format!("\n{heading}:\n");
        }
        for param in params {
            text += &format!("    {:18} {}\n", param.name, param.summary);
            text += &format!("    {:18} {}\n", "", kind(param));
        }
    }
    let word = |scope: &tonearm::Scope| format!("`{scope}`");
    let mut needed: Vec<String> = scopes.required.iter().map(word).collect();
    if !scopes.alternative.is_empty() {
        needed.push(scopes.alternative.iter().map(word).collect::<Vec<_>>().join(" or "));
    }
    let cases = scopes.conditional.iter();
    needed.extend(cases.map(|case| format!("{} {}", word(&case.scope), case.when)));
    let token =
        if endpoint.token == TokenKind::User { "of a user" } else { "of the app or a user" };
    text += &format!("\nToken: {token}\n");
    if !needed.is_empty() {
        text += &format!("Scopes: {}\n", needed.join(", "));
    }
    if endpoint.returns_pages() {
        text += "Pages: `--all` reads all of them\n";
    }
    if let Some(max) = endpoint.max_ids() {
        text += &format!("Ids: {max} in one request; a longer list makes several\n");
    }
    let apps = match endpoint.availability {
        Availability::ExtendedQuota => "in extended quota mode",
        Availability::Legacy => "that had extended access before 27 November 2024",
        _ => "all",
    };
    text += &format!("Apps: {apps}");
    match endpoint.fallback {
        Some(fallback) => {
            text + &format!("; others call `{}` in its place\n", fallback.endpoint.name)
        }
        None => text + "\n",
    }
}

/// The type of a parameter, its range and its default.
fn kind(param: &ParamInfo) -> String {
    let mut text = match param.kind {
        ParamKind::Integer => "a whole number".to_owned(),
        ParamKind::Boolean => "`true` or `false`".to_owned(),
        ParamKind::Id(kind) => format!("{kind} id, URI or link"),
        ParamKind::Uri => "a URI or a link".to_owned(),
        ParamKind::Market => "the code of a market, such as `FI`".to_owned(),
        ParamKind::Timestamp => "a time, such as `2017-05-26T00:00:00Z`".to_owned(),
        ParamKind::TimestampedId => "the id of a track, or `ID@TIME`".to_owned(),
        ParamKind::Jpeg => "a JPEG in base64".to_owned(),
        ParamKind::Tuning => "an attribute, such as `min_energy=0.4`".to_owned(),
        ParamKind::OneOf(values) => format!("one of `{}`", values.join("`, `")),
        _ => "text".to_owned(),
    };
    if param.list {
        text += "; several with commas between them";
    }
    match (param.min, param.max) {
        (Some(min), Some(max)) => text += &format!("; from {min} to {max}"),
        (Some(min), None) => text += &format!("; at least {min}"),
        _ => {}
    }
    if let Some(max) = param.development_max {
        text += &format!(", at most {max} in development mode");
    }
    if let Some(default) = param.default {
        text += &format!("; default {default}");
    }
    if param.location == ParamLocation::Path && !param.required {
        text += "; the current user if left out";
    }
    text
}
