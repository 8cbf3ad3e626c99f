//! The requests of each call, one snapshot per endpoint, and the requests of its fallback in development mode.
//!
//! The calls come from the examples in `spec/`: the smallest, one with every parameter, and one that is split.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use tonearm::endpoint::Availability;
use tonearm::{Endpoint, QuotaMode, Request, Spotify};

use crate::spec;

use super::samples::samples;

fn text_of(sample: &super::samples::Sample, spotify: &Spotify) -> String {
    let mut text = String::new();
    for call in &sample.calls {
        let requests =
            (call.requests)(spotify).unwrap_or_else(|error| panic!("{}: {error}", call.text));
        writeln!(text, "{}\n", call.text).unwrap();
        write(&mut text, &requests);
    }
    text + &scopes(sample.endpoint)
}

fn write(text: &mut String, requests: &[Request]) {
    let count = requests.len();
    for (index, request) in requests.iter().enumerate() {
        // Of many similar requests, only the first and the last.
        if count > 4 && (1..count - 1).contains(&index) {
            continue;
        }
        if count > 1 {
            writeln!(text, "request {} of {count}", index + 1).unwrap();
        }
        writeln!(text, "{request}\n").unwrap();
    }
}

/// Returns the requests of the same calls in development mode.
fn in_development(sample: &super::samples::Sample, spotify: &Spotify) -> String {
    if sample.endpoint.availability == Availability::All {
        return String::new();
    }
    let mut text = "\nin a development-mode app:\n\n".to_owned();
    let owner_only = &spec::entry(&sample.endpoint.name)["fallback"]["owner_only"];
    for (param, _) in owner_only.as_object().into_iter().flatten() {
        writeln!(text, "only if `{param}` is the user of the token\n").unwrap();
    }
    for call in &sample.calls {
        writeln!(text, "{}\n", call.text).unwrap();
        match (call.requests)(spotify) {
            Ok(requests) => write(&mut text, &requests),
            Err(error) => writeln!(text, "{error}\n").unwrap(),
        }
    }
    text
}

fn scopes(endpoint: &Endpoint) -> String {
    let mut text = String::new();
    let scopes = &endpoint.scopes;
    let joined = |scopes: &[tonearm::Scope], between: &str| {
        scopes.iter().map(|scope| scope.to_string()).collect::<Vec<_>>().join(between)
    };
    match (&*scopes.required, scopes.alternative) {
        ([], []) if scopes.conditional.is_empty() => text.push_str("scopes: none\n"),
        ([], []) => {}
        (required, []) => writeln!(text, "scopes: {}", joined(required, ", ")).unwrap(),
        (_, alternative) => writeln!(text, "scopes: {}", joined(alternative, " or ")).unwrap(),
    }
    for tonearm::endpoint::ConditionalScope { scope, when, .. } in scopes.conditional {
        writeln!(text, "scope {scope}: {when}").unwrap();
    }
    for tonearm::endpoint::UnlockingScope { scope, adds, .. } in scopes.unlocks {
        writeln!(text, "with {scope}: {adds}").unwrap();
    }
    text
}

#[test]
fn every_entry_makes_the_request_of_its_snapshot() {
    let spotify = Spotify::from_token("token").unwrap();
    let mode = QuotaMode::Development;
    let closed = Spotify::builder().token("token").quota_mode(mode).build().unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots/requests");
    settings.bind(|| {
        for sample in samples() {
            let text = text_of(&sample, &spotify) + &in_development(&sample, &closed);
            insta::assert_snapshot!(&*sample.endpoint.name, text);
        }
    });
    // After the snapshots, because `INSTA_UPDATE=always` makes those of new entries.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/requests");
    let snapshots: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".snap").map(str::to_owned))
        .collect();
    let rows: BTreeSet<String> =
        Spotify::endpoints().iter().map(|row| row.name.to_string()).collect();
    let stale: Vec<_> = snapshots.difference(&rows).collect();
    assert!(
        stale.is_empty(),
        "snapshots without an entry: {stale:?}; delete them in tests/snapshots/requests"
    );
}

#[test]
fn every_endpoint_has_a_sample_and_metadata() {
    let sampled: Vec<_> = samples().iter().map(|sample| &*sample.endpoint.name).collect();
    let endpoints: Vec<_> = Spotify::endpoints().iter().map(|endpoint| &*endpoint.name).collect();
    assert_eq!(sampled, endpoints);
    for endpoint in Spotify::endpoints() {
        assert!(
            !endpoint.summary.is_empty() && !endpoint.reference.is_empty(),
            "{}",
            endpoint.name
        );
        let has_list = endpoint.params.iter().any(|param| param.list && param.required);
        assert!(endpoint.max_ids().is_none() || has_list, "{}", endpoint.name);
    }
}

#[test]
fn line_breaks_in_parameters_are_escaped() {
    let spotify = Spotify::from_token("token").unwrap();
    let request = spotify.search_for("a\n    limit = 1", tonearm::search_item::Track).request();
    insta::assert_snapshot!(request.unwrap(), @r"
    GET /v1/search
        q = a\n    limit = 1
        type = track
    ");
    let request = spotify.get_category("a\r\nb").request().unwrap();
    insta::assert_snapshot!(request, @r"GET /v1/browse/categories/a\r\nb");
}
