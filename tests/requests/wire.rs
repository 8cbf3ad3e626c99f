//! The requests of all sample calls as bytes on a socket, compared with the dry run.

use std::collections::BTreeSet;

use super::support::{Seen, Server, json};

/// Returns a received request in the format of `Request`'s `Display`, or a problem in it.
fn read(seen: &Seen) -> Result<String, String> {
    let (path, query) = seen.target().split_once('?').unwrap_or((seen.target(), ""));
    let mut text = format!("{} {}", seen.method(), decoded(path)?);
    let mut keys = BTreeSet::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or(format!("`{pair}` has no value"))?;
        if !keys.insert(key) {
            return Err(format!("the key `{key}` is sent twice"));
        }
        text += &format!("\n    {} = {}", decoded(key)?, decoded(value)?);
    }
    if seen.header("transfer-encoding").is_some() {
        return Err("the body is chunked".to_owned());
    }
    let length = seen.header("content-length");
    match (seen.method(), seen.body.len()) {
        ("GET" | "DELETE", 0) if length.is_some() => {
            return Err("a body of length 0 is announced".to_owned());
        }
        ("GET" | "DELETE", 0) => {}
        (_, found) if length != Some(&found.to_string()) => {
            return Err(format!("the length of {found} is announced as {length:?}"));
        }
        _ => {}
    }
    if !seen.body.is_empty() {
        let body = String::from_utf8(seen.body.clone()).map_err(|error| error.to_string())?;
        match seen.header("content-type") {
            Some("application/json") => {
                text.extend(pretty(&body)?.lines().map(|line| format!("\n    {line}")));
            }
            Some("image/jpeg") if !body.contains(char::is_whitespace) => {
                text += &format!("\n    image/jpeg: {body} ({} characters)", body.len());
            }
            other => return Err(format!("the body is announced as {other:?}")),
        }
    }
    match (seen.header("authorization"), seen.header("host"), seen.header("accept-encoding")) {
        (Some("Bearer token-of-the-test"), Some(_), Some("gzip")) => Ok(text),
        headers => Err(format!("authorization, host and accept-encoding are {headers:?}")),
    }
}

/// Formats JSON with its fields in the order sent.
fn pretty(body: &str) -> Result<String, String> {
    let mut out = Vec::new();
    let mut writer = serde_json::Serializer::pretty(&mut out);
    let mut reader = serde_json::Deserializer::from_str(body);
    let json = Ordered::deserialize_from(&mut reader).map_err(|e| e.to_string())?;
    reader.end().map_err(|e| e.to_string())?;
    serde::Serialize::serialize(&json, &mut writer).map_err(|e| e.to_string())?;
    if serde_json::to_string(&json).map_err(|e| e.to_string())? != body {
        return Err(format!("the body is not compact: {body}"));
    }
    String::from_utf8(out).map_err(|e| e.to_string())
}

/// JSON that keeps the order of its fields.
enum Ordered {
    Plain(serde_json::Value),
    List(Vec<Ordered>),
    Object(Vec<(String, Ordered)>),
}

impl Ordered {
    fn deserialize_from<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(reader)
    }
}

impl<'de> serde::Deserialize<'de> for Ordered {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Ordered;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("JSON")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Ordered, E> {
                Ok(Ordered::Plain(value.into()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Ordered, E> {
                Ok(Ordered::Plain(value.into()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Ordered, E> {
                Ok(Ordered::Plain(value.into()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Ordered, E> {
                Ok(Ordered::Plain(value.into()))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<Ordered, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = seq.next_element()? {
                    list.push(value);
                }
                Ok(Ordered::List(list))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Ordered, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Ordered::Object(members))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl serde::Serialize for Ordered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Ordered::Plain(value) => value.serialize(serializer),
            Ordered::List(list) => serializer.collect_seq(list),
            Ordered::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

/// Percent-decodes a text. Returns an error for a character that must be escaped.
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.push(
                    u8::from_str_radix(&hex, 16).map_err(|_| format!("`%{hex}` in `{text}`"))?,
                );
            }
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'/'
            | b','
            | b':' => {
                bytes.push(byte);
            }
            other => return Err(format!("`{}` stands unescaped in `{text}`", char::from(other))),
        }
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

#[test]
fn sent_requests_match_their_description() {
    let server = Server::start(|_, _| json(200, "{}"));
    let spotify = server.client();
    let mut sent = 0;
    for sample in super::samples::samples() {
        for call in &sample.calls {
            let requests = (call.requests)(&spotify).unwrap();
            (call.send)(&spotify).unwrap();
            let seen = server.seen().split_off(sent);
            sent += seen.len();
            assert_eq!(seen.len(), requests.len(), "{}", call.text);
            for (seen, request) in seen.iter().zip(&requests) {
                assert_eq!(read(seen).as_deref(), Ok(&*format!("{request:#}")), "{}", call.text);
                let url = format!("{}{}", server.origin(), seen.target());
                assert_eq!(request.url(), url, "{}", call.text);
            }
        }
    }
    assert!(sent > 100, "only {sent} requests");
    let connections = server.seen().iter().map(|seen| seen.connection).max();
    assert_eq!(connections, Some(0), "expected one connection");
}

#[test]
fn user_ids_are_escaped_in_paths_and_lists() {
    let server = Server::json("{}");
    let spotify = server.client();
    for name in ["a/b", "a#b", "a?b=c", "50%", "zoë å", "...", "a,b"] {
        let request = spotify.get_user(name).request();
        let raw = spotify.get_user(name).send_raw();
        if name.contains(',') {
            assert!(request.is_ok() && raw.is_ok(), "a comma is part of the name")
        } else {
            assert_eq!(raw.unwrap().status(), 200)
        }
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.target().matches('/').count(), 3, "{}", seen.target());
        assert_eq!(read(&seen).unwrap(), format!("GET /v1/users/{name}"));
    }
    // Servers that decode escapes before they resolve a path treat `%2E%2E` as `..`.
    let count = server.seen().len();
    assert!([".", ".."].into_iter().all(|name| spotify.get_user(name).send_raw().is_err()));
    assert_eq!(server.seen().len(), count, "expected no request");
    let id: tonearm::UserId = serde_json::from_str("\"..\"").unwrap();
    assert!(
        spotify.get_user(&id).request().is_err(),
        "expected an error for an id from a response, too"
    );
    spotify.follow_users(["a&b=c", "d#e", "f g"]).send().unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.target(), "/v1/me/following?type=user&ids=a%26b%3Dc,d%23e,f%20g");
}

#[test]
fn only_configured_headers_are_sent() {
    let server = Server::json("{}");
    let spotify = tonearm::Spotify::builder()
        .token("token-of-the-test")
        .base_url(server.base_url() + "/")
        .user_agent("program/1.0")
        .locale("fi_FI")
        .market(tonearm::Market::SE)
        .build()
        .unwrap();
    spotify.get_my_saved_tracks().send_raw().unwrap();
    spotify.get_my_saved_tracks().market(tonearm::Market::FI).send_raw().unwrap();
    spotify.remove_saved_shows(["5CfCWKI5pZ28U0uOzXkDHe"]).send().unwrap();
    let seen = server.seen();
    let mut headers: Vec<_> =
        seen[0].head.lines().skip(1).filter(|line| !line.starts_with("host:")).collect();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            "accept-encoding: gzip",
            "accept-language: fi-FI",
            "accept: application/json",
            "authorization: Bearer token-of-the-test",
            "user-agent: program/1.0",
        ]
    );
    let targets: Vec<_> = seen.iter().map(Seen::target).collect();
    assert_eq!(
        targets,
        [
            "/v1/me/tracks?market=SE",
            "/v1/me/tracks?market=FI",
            "/v1/me/shows?ids=5CfCWKI5pZ28U0uOzXkDHe"
        ],
        "expected the default market in reads that have the parameter"
    );
}

/// The parser in this file rejects wrong requests.
#[test]
fn invalid_requests_are_detected() {
    let seen = |head: &str, body: &[u8]| Seen {
        head: format!(
            "{head}\r\nhost: x\r\naccept-encoding: gzip\r\nauthorization: Bearer token-of-the-test"
        ),
        body: body.to_vec(),
        connection: 0,
    };
    let error = |head: &str, body: &[u8]| read(&seen(head, body)).unwrap_err();
    assert!(read(&seen("PUT /v1/me/albums?ids=a,b HTTP/1.1\r\ncontent-length: 0", b"")).is_ok());
    insta::assert_snapshot!(error("PUT /v1/me/albums?ids=a HTTP/1.1\r\ntransfer-encoding: chunked", b"0\r\n\r\n"), @"the body is chunked");
    insta::assert_snapshot!(error("PUT /v1/me/albums?ids=a HTTP/1.1", b""), @"the length of 0 is announced as None");
    insta::assert_snapshot!(error("GET /v1/me HTTP/1.1\r\ncontent-length: 0", b""), @"a body of length 0 is announced");
    insta::assert_snapshot!(error("GET /v1/users/zo\u{eb} HTTP/1.1", b""), @"`Ã` stands unescaped in `/v1/users/zoë`");
    insta::assert_snapshot!(error("GET /v1/me/albums/contains?ids=a&ids=b HTTP/1.1", b""), @"the key `ids` is sent twice");
    insta::assert_snapshot!(error("PUT /v1/me/tracks HTTP/1.1\r\ncontent-length: 2", b"{}"), @"the body is announced as None");
}
