//! A call by name sends the same requests as the method of that name.

use serde_json::{Value, json};
use tonearm::custom::NamedCall;
use tonearm::endpoint::{ParamKind, ParamLocation};
use tonearm::fake::Server;
use tonearm::model::{Album, SavedTrack, Track};
use tonearm::{AnyPage, Error, Page, QuotaMode, Request, SkipReason, Spotify, search_item};

use super::samples::samples;

fn client() -> Spotify {
    Spotify::from_token("token").unwrap()
}

/// Returns a call by name with these parameters.
fn named(spotify: &Spotify, name: &str, values: &[(&str, &str)]) -> NamedCall {
    values.iter().fold(spotify.call(name), |call, (name, text)| call.set(name, text))
}

#[test]
fn every_endpoint_is_called_by_its_name_with_text() {
    let spotify = client();
    for sample in samples() {
        for request in sample.calls.iter().flat_map(|call| (call.requests)(&spotify).unwrap()) {
            let endpoint = sample.endpoint;
            if request.endpoint() != endpoint {
                continue;
            }
            let mut call = spotify.call(&endpoint.name);
            let body: Value =
                request.body().and_then(|body| body.parse().ok()).unwrap_or(Value::Null);
            let path = request.path();
            for param in &*endpoint.params {
                let text = match param.location {
                    ParamLocation::Query if param.kind == ParamKind::Tuning => {
                        let wishes = request.query().filter(|(key, _)| key.contains('_'));
                        let wishes =
                            wishes.filter(|(key, _)| endpoint.params.iter().all(|p| p.key != *key));
                        let wishes: Vec<_> =
                            wishes.map(|(key, value)| format!("{key}={value}")).collect();
                        (!wishes.is_empty()).then(|| wishes.join(","))
                    }
                    ParamLocation::Query => request.query_value(&param.key),
                    ParamLocation::Path => {
                        let place = endpoint
                            .path
                            .split('/')
                            .position(|part| part == format!("{{{}}}", param.key));
                        let segments: Vec<&str> =
                            path.strip_prefix("/v1").unwrap().split('/').collect();
                        let is_whole = segments.len() == endpoint.path.split('/').count();
                        is_whole.then(|| segments[place.unwrap()].to_owned())
                    }
                    ParamLocation::Body if param.kind == ParamKind::Jpeg => request.body(),
                    ParamLocation::Body => text_of(&body, param),
                    other => panic!("no sample has a parameter in {other:?}"),
                };
                call = text.into_iter().fold(call, |call, text| call.set(&param.name, text));
            }
            let found = call.request().unwrap();
            let parts = |request: &Request| (request.method(), request.url(), request.body());
            assert_eq!(parts(&found), parts(&request), "{}: {call:?}", endpoint.name);
        }
    }
}

/// Returns the value of a parameter in a body, as text.
fn text_of(body: &Value, param: &tonearm::endpoint::ParamInfo) -> Option<String> {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => match (fields.get("id"), fields.get("added_at")) {
            (Some(id), Some(at)) => format!("{}@{}", id.as_str().unwrap(), at.as_str().unwrap()),
            _ => fields.values().next().unwrap().as_str().unwrap().to_owned(),
        },
        other => other.to_string(),
    };
    let pointer = format!("/{}", param.key.replace('.', "/"));
    let found = body.pointer(&pointer).or_else(|| {
        // Ids without times are sent under another key.
        body.get("ids").filter(|_| param.kind == ParamKind::TimestampedId)
    })?;
    match found {
        Value::Array(list) => Some(list.iter().map(plain).collect::<Vec<_>>().join(",")),
        value => Some(plain(value)),
    }
}

#[test]
fn invalid_names_and_values_are_rejected_before_sending() {
    let server = Server::start().unwrap();
    let spotify = server.client().unwrap();
    let error = |name: &str, values: &[(&str, &str)]| {
        let call = named(&spotify, name, values);
        let error = call.request().unwrap_err().to_string();
        assert_eq!(call.clone().send_raw().unwrap_err().to_string(), error);
        assert_eq!(call.items::<Value>().next().unwrap().unwrap_err().to_string(), error);
        error
    };
    let artist = ("artist_id", "0TnOYISbd1XYRBk9myaseg");
    insta::assert_snapshot!(error("get_artist_album", &[("limit", "3")]), @"call: `name`: expected the name of an endpoint, found `get_artist_album`: did you mean `get_artist_albums`?; nothing was sent");
    insta::assert_snapshot!(error("fly", &[]), @"call: `name`: expected the name of an endpoint, found `fly`; nothing was sent");
    insta::assert_snapshot!(error("", &[]), @"call: `name`: expected the name of an endpoint, found ``; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[artist, ("limt", "3")]), @"get_artist_albums: `limt`: expected one of `artist_id`, `include_groups`, `market`, `limit`, `offset`, found `limt`: did you mean `limit`?; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[artist, ("limit", "51")]), @"get_artist_albums: `limit`: expected a number from 1 to 50, found 51; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[artist, ("limit", "-1")]), @"get_artist_albums: `limit`: expected a number from 1 to 50, found -1; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[artist, ("limit", "ten")]), @"get_artist_albums: `limit`: expected a whole number, found `ten`; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[artist, ("market", "FIN")]), @"get_artist_albums: `market`: expected a two-letter ISO 3166-1 country code, found `FIN`; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[artist, ("include_groups", "album,lp")]), @"get_artist_albums: `include_groups`: expected one of album, single, appears_on, compilation, found `lp`; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[("artist_id", "spotify:album:0TnOYISbd1XYRBk9myaseg")]), @"get_artist_albums: `artist_id`: expected an artist id, URI or link, found the album `spotify:album:0TnOYISbd1XYRBk9myaseg`; nothing was sent");
    insta::assert_snapshot!(error("get_artist_albums", &[("limit", "3")]), @"get_artist_albums: `artist_id`: expected a value, found none; nothing was sent");
    insta::assert_snapshot!(error("get_me", &[("limit", "3")]), @"get_me: `limit`: expected no parameter, found `limit`; nothing was sent");
    insta::assert_snapshot!(error("save_tracks", &[("track_ids", "4iV5W9uYEdYUVa79Axb7Rh@2026-02-30T00:00:00Z")]), @"save_tracks: `track_ids`: expected a valid date and time, found `2026-02-30T00:00:00Z`; use a day from 01 to 28 in 2026-02; nothing was sent");
    insta::assert_snapshot!(error("save_tracks", &[("track_ids", "4iV5W9uYEdYUVa79Axb7Rh@noon")]), @"save_tracks: `track_ids`: expected a time such as `2017-05-26T00:00:00Z`, found `noon`; nothing was sent");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn pages_of_an_endpoint_without_pages_are_rejected() {
    let mut items = client().call("get_me").items::<Value>();
    insta::assert_snapshot!(items.next().unwrap().unwrap_err(), @"get_me: `pages`: expected an endpoint that returns pages, found another; nothing was sent");
}

#[test]
fn results_are_those_of_the_methods() {
    for mode in [QuotaMode::Extended, QuotaMode::Development] {
        let server = Server::builder().quota_mode(mode).start().unwrap();
        let spotify = server.client().unwrap();
        let ids = server.catalog().tracks()[..3].to_vec();
        let list = ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
        let tracks = spotify.get_tracks(&ids).send().unwrap();

        // In development mode, each id is one request.
        let call = spotify.call("get_tracks").set("track_ids", &list);
        let found: Vec<Value> = call.clone().send_as().unwrap();
        let found = match mode {
            QuotaMode::Extended => found[0].clone(),
            _ => Value::Array(found),
        };
        assert_eq!(serde_json::from_value::<Vec<Option<Track>>>(found).unwrap(), tracks);
        assert_eq!(call.send_raw().unwrap().len(), if mode == QuotaMode::Extended { 1 } else { 3 });
    }
    let server = Server::start().unwrap();
    let spotify = server.client().unwrap();
    let saved = spotify.call("get_my_saved_tracks").set("limit", "50");
    let all = spotify.get_my_saved_tracks().collect_all().unwrap();
    assert_eq!(saved.clone().collect_all::<SavedTrack>().unwrap(), all);
    let page = saved.pages::<SavedTrack>().next().unwrap().unwrap();
    assert_eq!(page.items(), &all[..50]);

    // `send_as` returns the JSON as Spotify sent it, without the changes that the client makes for its models.
    let album = spotify.call("get_album").set("album_id", server.catalog().albums()[0].as_str());
    let raw: Value = serde_json::from_slice(album.clone().send_raw().unwrap()[0].body()).unwrap();
    assert!(raw["available_markets"].as_array().unwrap().len() > 1);
    assert_eq!(album.send_as::<Value>().unwrap(), [raw]);
    let items = spotify.call("get_new_releases").items::<Value>();
    assert!(items.take(30).all(|item| item.unwrap()["available_markets"].is_array()));

    // The value of a parameter selects the field of the response.
    let search = spotify.call("search_for").set("q", "lantern").set("item_type", "track");
    let expected = spotify.search_for("lantern", search_item::Track).send().unwrap();
    let found: Vec<AnyPage<Track>> = search.send_as().unwrap();
    assert_eq!(found[0].items(), expected.items);

    // The response to a write has no body.
    let album = &server.catalog().albums()[1];
    let save = spotify.call("save_albums").set("album_ids", album.uri().to_string());
    assert_eq!(save.send_as::<Value>().unwrap(), [Value::Null; 0]);
    assert!(server.library().contains(&album.clone().into()));
}

#[test]
fn a_raw_response_is_decoded_as_the_method_does() {
    let server = Server::start().unwrap();
    let spotify = server.client().unwrap();
    let call = spotify.call("get_my_saved_tracks").set("limit", "2");
    let mut body: Value = call.clone().send_as::<Value>().unwrap().remove(0);
    body["items"][0]["track"] = json!("no track");
    server.script("/me/tracks").then(tonearm::fake::Reply::new(200).body(body.to_string()));
    let response = call.clone().send_raw().unwrap().remove(0);
    let page: Page<SavedTrack> = call.decode(&response).unwrap();
    assert_eq!((page.items.len(), page.skipped[0].index), (1, 0));
    assert!(
        matches!(&page.skipped[0].reason, SkipReason::Unreadable(why) if why.contains("`track`"))
    );

    let call = spotify.call("get_album").set("album_id", "0000000000000000000000");
    let response = call.clone().send_raw().unwrap().remove(0);
    assert!(matches!(call.decode::<Album>(&response), Err(Error::NotFound(_))));
}
