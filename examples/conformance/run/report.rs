//! The report: what was sent, what came back, and where that differs from the table and the models.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};
use tonearm::endpoint::Method;
use tonearm::{Endpoint, Spotify, Timestamp};

use super::common::{Fallible, count};
use super::shapes::{self, Evidence, Finding, Seen};

/// Differences that are known and stay.
pub const DECIDED: &str = include_str!("../decided.toml");

/// Everything that a run found out, and all that another day needs to continue.
#[derive(Serialize, Deserialize)]
pub struct Report {
    /// The version and the commit.
    pub tonearm: String,
    /// `true` if a fake Spotify server was checked.
    #[serde(default)]
    pub is_fake: bool,
    pub begun_at: Timestamp,
    pub app: Option<AppKind>,
    /// The scopes of the token, if they are known.
    pub scopes: Option<String>,
    pub requests: u32,
    pub seconds: u64,
    /// The reason for which the run ended early.
    pub stopped: Option<String>,
    pub endpoints: BTreeMap<String, Checked>,
    pub models: Seen,
    /// The changes that `--write` left in the account.
    pub remains: Vec<String>,
}

/// The kind of the app, as Spotify treats it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppKind {
    Development,
    Extended,
    /// In extended quota mode, with the endpoints that are closed since November 2024.
    Legacy,
}

/// An endpoint.
#[derive(Default, Serialize, Deserialize)]
pub struct Checked {
    pub requests: Vec<Exchange>,
    pub not_checked: Option<String>,
    pub differences: Vec<Difference>,
}

/// A request and its response.
#[derive(Serialize, Deserialize)]
pub struct Exchange {
    /// `smallest`, `fullest`, `beyond`.
    pub what: String,
    pub request: String,
    pub status: Option<u16>,
    pub millis: u64,
    pub result: String,
    /// The items of the page that were skipped, and why.
    pub skipped: Vec<String>,
}

/// A difference between the table, or a model, and Spotify.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// `get_album availability`, `Track.has_lyrics`.
    pub about: String,
    pub table: String,
    pub spotify: String,
    /// A description of the responses that show the difference.
    pub evidence: String,
    /// The file to change.
    pub file: String,
    /// The line to put in the file, which resolves the difference.
    pub line: Option<String>,
}

impl Difference {
    /// A difference about an endpoint.
    pub fn of(
        endpoint: &Endpoint,
        what: &str,
        table: String,
        spotify: String,
        evidence: String,
        line: Option<String>,
    ) -> Self {
        let about = format!("{} {what}", endpoint.name);
        let file = format!("`spec/{}.toml`, `{}`", endpoint.area.to_lowercase(), endpoint.name);
        Difference { about, table, spotify, evidence, file, line }
    }

    /// A request that Spotify rejects, although the table allows it.
    pub fn failed(endpoint: &Endpoint, what: &str, status: u16, message: &str) -> Self {
        let evidence = format!("Spotify returned {status}, {message:?}");
        Difference::of(endpoint, what, "valid".to_owned(), status.to_string(), evidence, None)
    }

    /// The line of `decided.toml` that keeps it as it is.
    pub fn decision(&self) -> String {
        let text = |text: &str| toml_text(text);
        format!(
            "{{ about = {}, table = {}, spotify = {}, because = \"\" }},",
            text(&self.about),
            text(&self.table),
            text(&self.spotify)
        )
    }
}

fn toml_text(text: &str) -> String {
    // The escapes of JSON are escapes of TOML too.
    serde_json::Value::from(text).to_string()
}

impl Report {
    pub fn new() -> Self {
        Report {
            tonearm: version(),
            is_fake: false,
            begun_at: Timestamp::now(),
            app: None,
            scopes: None,
            requests: 0,
            seconds: 0,
            stopped: None,
            endpoints: BTreeMap::new(),
            models: Seen::default(),
            remains: Vec::new(),
        }
    }

    /// The number of endpoints that were checked.
    pub fn checked(&self) -> usize {
        self.endpoints.values().filter(|checked| checked.not_checked.is_none()).count()
    }

    /// The reasons for which endpoints were not checked, each with its endpoints, in the order of the table.
    pub fn not_checked(&self) -> Vec<(&str, Vec<&'static str>)> {
        let mut reasons: Vec<(&str, Vec<&'static str>)> = Vec::new();
        for endpoint in Spotify::endpoints() {
            let reason = match self.endpoints.get(&*endpoint.name) {
                Some(checked) => checked.not_checked.as_deref(),
                None if endpoint.method == Method::Get => Some("the check ended before it"),
                None => None,
            };
            let Some(reason) = reason else { continue };
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, names)) => names.push(&endpoint.name),
                None => reasons.push((reason, vec![&endpoint.name])),
            }
        }
        reasons
    }

    /// The differences that are not decided, those of endpoints in the order of the table first.
    pub fn differences(&self, decided: &[Decided]) -> Vec<Difference> {
        let endpoints = Spotify::endpoints().iter();
        let checked = endpoints.filter_map(|endpoint| self.endpoints.get(&*endpoint.name));
        let of_endpoints = checked.flat_map(|checked| checked.differences.clone());
        let of_models = self.models.0.iter().flat_map(|(model, seen)| {
            let findings = seen.findings.iter();
            findings.map(|(finding, evidence)| of_finding(model, seen.objects, finding, evidence))
        });
        let all = of_endpoints.chain(of_models);
        all.filter(|difference| !decided.iter().any(|known| known.is(difference))).collect()
    }
}

/// A finding about a model as a difference.
fn of_finding(model: &str, objects: u32, finding: &Finding, evidence: &Evidence) -> Difference {
    let seen = count(evidence.objects as usize, "object");
    let endpoints: Vec<&str> = evidence.endpoints.iter().map(String::as_str).take(5).collect();
    let more = evidence.endpoints.len().saturating_sub(endpoints.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let place = format!("in the responses of {}{more}", endpoints.join(", "));
    let (about, table, spotify, line) = match finding {
        Finding::Unknown(key, kind) => {
            let ty = match kind.as_str() {
                "boolean" => "bool",
                "integer" => "i64",
                "number" => "f64",
                "text" => "Box<str>",
                "list" => "Vec<_>",
                _ => "_",
            };
            (key, "absent".to_owned(), kind.clone(), Some(format!("{key}: Option<{ty}>,")))
        }
        Finding::Missing(key) => {
            (key, "promised".to_owned(), "left out".to_owned(), Some(format!("{key}: Option<_>,")))
        }
        Finding::Value(key, value) => {
            let words = value.split(['_', '-', ' ']);
            let variant: String = words
                .flat_map(|word| {
                    let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
                    [first.to_uppercase(), rest.to_lowercase()]
                })
                .collect();
            let line = format!("{variant} = {},", toml_text(value));
            (key, "no such value".to_owned(), toml_text(value), Some(line))
        }
        Finding::Type(key, table, spotify) => (key, table.clone(), spotify.clone(), None),
        Finding::Extended(key) => {
            let table = "not for apps in development mode".to_owned();
            (
                key,
                table,
                "sent to one".to_owned(),
                Some(format!("{key}: _, // without `; extended`")),
            )
        }
    };
    let of = if matches!(finding, Finding::Missing(_)) {
        format!(" of {objects}")
    } else {
        String::new()
    };
    Difference {
        about: format!("{model}.{about}"),
        table,
        spotify,
        evidence: format!("{seen}{of}, {place}"),
        file: match finding {
            Finding::Value(..) => format!("`src/model/`, the enum of `{model}.{about}`"),
            _ => format!("`src/model/`, `{model}`"),
        },
        line,
    }
}

/// A difference that is known and stays.
#[derive(Debug)]
pub struct Decided {
    about: String,
    table: String,
    spotify: String,
}

impl Decided {
    fn is(&self, difference: &Difference) -> bool {
        like(&self.about, &difference.about)
            && like(&self.table, &difference.table)
            && like(&self.spotify, &difference.spotify)
    }
}

/// One `*` stands for anything.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

/// Reads the file with decisions.
pub fn decided(text: &str) -> Fallible<Vec<Decided>> {
    let file = DeTable::parse(text).map_err(|error| format!("decided.toml: {error}"))?;
    let list = file.get_ref().get("decided").map(|list| list.get_ref());
    let Some(DeValue::Array(list)) = list else {
        return Err("decided.toml: expected a list `decided`, found none".into());
    };
    let one = |entry: &DeValue<'_>| {
        let text = |key: &str| {
            let value = entry.as_table().and_then(|table| table.get(key)?.get_ref().as_str());
            let value = value.filter(|text| !text.trim().is_empty()).map(str::to_owned);
            value.ok_or_else(|| {
                format!("decided.toml: expected text for `{key}` in each entry, found none")
            })
        };
        text("because")?;
        Ok(Decided { about: text("about")?, table: text("table")?, spotify: text("spotify")? })
    };
    list.iter().map(|entry| one(entry.get_ref())).collect()
}

/// The report as Markdown: the differences first, then a table for each area.
pub fn markdown(report: &Report, differences: &[Difference]) -> Result<String, std::fmt::Error> {
    let mut text = String::from("# Tonearm against Spotify\n\n");
    let app = match report.app {
        Some(AppKind::Development) => "in development mode",
        Some(AppKind::Extended) => "in extended quota mode",
        Some(AppKind::Legacy) => {
            "in extended quota mode, with the endpoints that closed in November 2024"
        }
        None => "unknown",
    };
    let not_checked = report.not_checked();
    writeln!(text, "| | |\n| --- | --- |")?;
    writeln!(
        text,
        "| result | {}, {} checked, {} not checked |",
        count(differences.len(), "difference"),
        count(report.checked(), "endpoint"),
        not_checked.iter().map(|(_, names)| names.len()).sum::<usize>()
    )?;
    let server = if report.is_fake { "the fake Spotify server of Tonearm" } else { "Spotify" };
    writeln!(text, "| server | {server} |")?;
    writeln!(text, "| app | {app} |")?;
    writeln!(
        text,
        "| scopes | {} |",
        report.scopes.as_deref().unwrap_or("unknown: the token is from elsewhere")
    )?;
    writeln!(text, "| requests | {} in {} s |", report.requests, report.seconds)?;
    writeln!(text, "| begun at | {} |", report.begun_at)?;
    writeln!(text, "| Tonearm | {} |", report.tonearm)?;
    if let Some(stopped) = &report.stopped {
        writeln!(
            text,
            "\n**Not complete**: {stopped} Run the program again with the same folder to continue."
        )?;
    }
    for remains in &report.remains {
        writeln!(text, "\n**Left in the account**: {remains}")?;
    }
    writeln!(text, "\n## Differences\n")?;
    if differences.is_empty() {
        writeln!(text, "None.")?;
    }
    for (number, difference) in (1..).zip(differences) {
        let Difference { about, table, spotify, evidence, file, line } = difference;
        writeln!(
            text,
            "{number}. **{about}**: {table} in the table, {spotify} at Spotify. {}.\n",
            sentence(evidence)
        )?;
        if let Some(line) = line {
            let language = if file.contains("src/") { "rust" } else { "toml" };
            writeln!(
                text,
                "   To follow Spotify, in {file}:\n\n   ```{language}\n   {line}\n   ```\n"
            )?;
        }
        writeln!(
            text,
            "   To keep it, in `examples/conformance/decided.toml`:\n\n   ```toml\n   {}\n   ```\n",
            difference.decision()
        )?;
    }
    if !not_checked.is_empty() {
        writeln!(text, "\n## Not checked\n\n| endpoints | reason |\n| --- | --- |")?;
        for (reason, names) in not_checked {
            writeln!(text, "| {} | {} |", names.join(", "), cell(reason))?;
        }
    }
    writeln!(text, "\n## Requests")?;
    let mut area = "";
    for endpoint in Spotify::endpoints() {
        let Some(checked) = report.endpoints.get(&*endpoint.name) else { continue };
        if area != endpoint.area && !checked.requests.is_empty() {
            area = endpoint.area;
            writeln!(
                text,
                "\n### {area}\n\n| endpoint | | request | status | ms | result |\n| --- | --- | --- | --- | --- | --- |"
            )?;
        }
        for Exchange { what, request, status, millis, result, skipped } in &checked.requests {
            let status = status.map_or("none".to_owned(), |status| status.to_string());
            let skipped =
                skipped.iter().map(|item| format!("; skipped {item}")).collect::<String>();
            let result = cell(&format!("{result}{skipped}"));
            writeln!(
                text,
                "| {} | {what} | `{}` | {status} | {millis} | {result} |",
                endpoint.name,
                cell(request)
            )?;
        }
    }
    let unseen = shapes::unseen(&report.models, report.app == Some(AppKind::Development));
    if !unseen.is_empty() {
        writeln!(
            text,
            "\n## Fields that no response had\n\nThey are optional fields of the models, and the account may have nothing with them.\n"
        )?;
        unseen.iter().try_for_each(|line| writeln!(text, "- {line}"))?;
    }
    Ok(text)
}

/// The version of Tonearm, and the commit if the program is in its repository.
fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty", "--exclude=*"]);
    let output = git.current_dir(env!("CARGO_MANIFEST_DIR")).output();
    match output.ok().and_then(|output| String::from_utf8(output.stdout).ok()) {
        Some(commit) if !commit.trim().is_empty() => format!("{version}, commit {}", commit.trim()),
        _ => version.to_owned(),
    }
}

/// The first letter in upper case.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// A text in a cell of a table, and not longer than a person reads.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|").replace('\n', " ");
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
