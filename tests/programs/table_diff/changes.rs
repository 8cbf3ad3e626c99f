//! Every kind of change, in a document that has no other difference.

use insta::assert_snapshot;
use serde_json::{Value, json};
use tonearm::Spotify;
use tonearm::endpoint::Endpoint;

use super::made::document_of;
use super::{endpoints, lines};

/// The endpoints of these tests: two for one operation, one with a shorter path, one with a body.
const ROWS: [&str; 14] = [
    "get_me",
    "get_my_top_items",
    "get_user",
    "follow_playlist",
    "follow_artists",
    "follow_users",
    "are_albums_saved",
    "save_tracks",
    "search",
    "get_playlist_items",
    "remove_playlist_items",
    "start_playback",
    "upload_playlist_cover",
    "get_markets",
];

/// Returns the differences after a change.
fn after(change: impl Fn(&mut Value)) -> String {
    let endpoints = endpoints(&ROWS);
    let mut document = document_of(&endpoints);
    change(&mut document);
    lines(&document, &endpoints)
}

/// Returns the differences after a change of one operation.
fn changed(method: &str, path: &str, change: impl Fn(&mut Value)) -> String {
    after(|document| {
        let operation = &mut document["paths"][path][method];
        assert!(operation.is_object());
        change(operation);
    })
}

/// Returns the differences after a change of one parameter.
fn param(method: &str, path: &str, name: &str, change: impl Fn(&mut Value)) -> String {
    changed(method, path, |operation| {
        let params = operation["parameters"].as_array_mut().unwrap();
        change(params.iter_mut().find(|param| param["name"] == name).unwrap());
    })
}

const TOP: &str = "/me/top/{type}";
const ALBUMS: &str = "/me/albums/contains";
const FOLLOWERS: &str = "/playlists/{playlist_id}/followers";

fn remove(value: &mut Value, key: &str) {
    value.as_object_mut().unwrap().remove(key).unwrap();
}

#[test]
fn missing_new_and_moved_operations_are_reported() {
    assert_snapshot!(after(|document| remove(&mut document["paths"], "/me")), @r"
    GET /me
        operation: absent in the document, present in get_me
    ");
    assert_snapshot!(after(|document| {
        document["paths"]["/me/moods"] = json!({ "get": {}, "put": {} });
        document["paths"]["/me"]["delete"] = json!({});
    }), @r"
    Operations that the table lacks:
        /me  DELETE
        /me/moods  GET PUT
    ");
    assert_snapshot!(after(|document| {
        let item = &mut document["paths"][TOP];
        item["post"] = item["get"].take();
        remove(item, "get");
    }), @r"
    GET /me/top/{type}
        method: POST in the document, GET in get_my_top_items
    ");
    assert_snapshot!(after(|document| {
        let mut item = document["paths"][TOP].take();
        item["get"]["parameters"][0]["name"] = json!("kind");
        remove(&mut document["paths"], TOP);
        document["paths"]["/me/top/{kind}"] = item;
    }), @r"
    GET /me/top/{type}
        path: /me/top/{kind} in the document, /me/top/{type} in get_my_top_items
    ");
}

#[test]
fn changed_operation_details_are_reported() {
    assert_snapshot!(changed("get", "/me", |operation| operation["deprecated"] = json!(true)), @r"
    GET /me
        deprecated: yes in the document, available to all in get_me
    ");
    assert_snapshot!(changed("get", ALBUMS, |operation| operation["deprecated"] = json!(false)), @r"
    GET /me/albums/contains
        deprecated: no in the document, available with extended quota in are_albums_saved
    ");
    assert_snapshot!(changed("get", TOP, |operation| {
        operation["security"] = json!([{ "oauth_2_0": ["user-top-write"] }]);
    }), @r"
    GET /me/top/{type}
        scope user-top-write: listed in the document, absent in the table
        scope user-top-read: absent in the document, required in get_my_top_items
    ");
    assert_snapshot!(changed("put", "/me/following", |operation| {
        operation["responses"] = json!({ "200": {}, "202": {}, "404": {} });
    }), @r"
    PUT /me/following
        success: 200, 202 in the document, 204 in follow_artists, follow_users
    ");
    assert_snapshot!(changed("get", "/me", |operation| operation["responses"] = json!({ "401": {} })), @r"
    GET /me
        success: absent in the document, 200 in get_me
        response: absent in the document, User in get_me
    ");
    assert_snapshot!(changed("get", "/me", |operation| operation["responses"] = json!({ "2XX": {} })), @r"
    GET /me
        response: absent in the document, User in get_me
    ");
    assert_snapshot!(changed("put", FOLLOWERS, |operation| {
        operation["requestBody"] = json!({ "content": { "image/jpeg": {} } });
    }), @r"
    PUT /playlists/{playlist_id}/followers
        body: image/jpeg in the document, absent in the table
        body public: absent in the document, optional boolean in follow_playlist
    ");
    assert_snapshot!(changed("put", "/me/tracks", |operation| {
        let schema = json!({ "type": "array", "items": { "type": "string" } });
        operation["requestBody"]["content"]["application/json"]["schema"] = schema;
    }), @r"
    PUT /me/tracks
        body: array of string in the document, absent in the table
        body timestamped_ids: absent in the document, optional array of object in save_tracks
        body ids: absent in the document, optional array of string in save_tracks
    ");
}

#[test]
fn missing_and_new_parameters_are_reported() {
    assert_snapshot!(changed("get", TOP, |operation| {
        operation["parameters"].as_array_mut().unwrap().remove(1);
    }), @r"
    GET /me/top/{type}
        query time_range: absent in the document, optional string in get_my_top_items
    ");
    assert_snapshot!(changed("get", TOP, |operation| {
        operation["parameters"].as_array_mut().unwrap().extend([
            json!({ "name": "genre", "in": "query", "schema": { "type": "string" } }),
            json!({ "name": "X-Token", "in": "header", "required": true }),
        ]);
    }), @r"
    GET /me/top/{type}
        query genre: optional string in the document, absent in the table
        header X-Token: required parameter of no type in the document, absent in the table
    ");
    // Two endpoints, one line.
    assert_snapshot!(changed("put", "/me/following", |operation| {
        operation["parameters"].as_array_mut().unwrap().retain(|param| param["name"] != "type");
    }), @r"
    PUT /me/following
        query type: absent in the document, required string in follow_artists, follow_users
    ");
    assert_snapshot!(changed("put", FOLLOWERS, |operation| {
        let schema = &mut operation["requestBody"]["content"]["application/json"]["schema"];
        schema["properties"] = json!({ "position": { "type": "integer" } });
        schema["required"] = json!(["position", "nowhere"]);
    }), @r"
    PUT /playlists/{playlist_id}/followers
        body nowhere: required parameter of no type in the document, absent in the table
        body position: required integer in the document, absent in the table
        body public: absent in the document, optional boolean in follow_playlist
    ");
    // `get_user` also sends requests to this path, but its parameters are those of `get_me`.
    assert_snapshot!(changed("get", "/me", |operation| {
        operation["parameters"] = json!([{ "name": "fields", "in": "query", "required": true }]);
    }), @r"
    GET /me
        query fields: required parameter of no type in the document, absent in the table
    ");
}

#[test]
fn changed_parameters_are_reported() {
    assert_snapshot!(param("get", ALBUMS, "ids", |param| param["required"] = json!(false)), @r"
    GET /me/albums/contains
        query ids required: no in the document, yes in are_albums_saved
    ");
    assert_snapshot!(param("get", TOP, "limit", |param| param["required"] = json!(true)), @r"
    GET /me/top/{type}
        query limit required: yes in the document, no in get_my_top_items
    ");
    assert_snapshot!(param("get", TOP, "limit", |param| {
        param["schema"] = json!({ "type": "integer", "minimum": 0, "maximum": 100.0, "default": 10 });
    }), @r"
    GET /me/top/{type}
        query limit minimum: 0 in the document, 1 in get_my_top_items
        query limit maximum: 100 in the document, 50 in get_my_top_items
        query limit default: 10 in the document, 20 in get_my_top_items
    ");
    assert_snapshot!(param("get", TOP, "limit", |param| param["schema"] = json!({ "type": "integer" })), @r"
    GET /me/top/{type}
        query limit minimum: absent in the document, 1 in get_my_top_items
        query limit maximum: absent in the document, 50 in get_my_top_items
        query limit default: absent in the document, 20 in get_my_top_items
    ");
    assert_snapshot!(param("get", TOP, "limit", |param| {
        param["schema"] = json!({ "type": "integer", "minimum": 1, "maximum": 50, "description": "Default: 20." });
    }), @"");
    assert_snapshot!(param("get", TOP, "offset", |param| param["schema"]["type"] = json!("string")), @r"
    GET /me/top/{type}
        query offset type: string in the document, integer in get_my_top_items
    ");
    assert_snapshot!(param("get", ALBUMS, "ids", |param| {
        param["schema"] = json!({ "type": "string", "description": "A maximum of 50 items." });
    }), @r"
    GET /me/albums/contains
        query ids maximum of ids: 50 in the document, 20 in are_albums_saved
    ");
    assert_snapshot!(param("get", ALBUMS, "ids", |param| {
        param["schema"] = json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 30 });
    }), @r"
    GET /me/albums/contains
        query ids type: array of integer in the document, array of string in are_albums_saved
        query ids maximum of ids: 30 in the document, 20 in are_albums_saved
    ");
    assert_snapshot!(changed("put", "/me/tracks", |operation| {
        let schema = &mut operation["requestBody"]["content"]["application/json"]["schema"];
        schema["properties"]["timestamped_ids"]["items"]["type"] = json!("string");
        schema["required"] = json!(["ids"]);
    }), @r"
    PUT /me/tracks
        body ids required: yes in the document, no in save_tracks
        body timestamped_ids type: array of string in the document, array of object in save_tracks
    ");
    assert_snapshot!(changed("put", FOLLOWERS, |operation| {
        let schema = &mut operation["requestBody"]["content"]["application/json"]["schema"];
        schema["properties"]["public"] = json!({ "type": "string", "default": false });
    }), @r"
    PUT /playlists/{playlist_id}/followers
        body public type: string in the document, boolean in follow_playlist
        body public default: false in the document, true in follow_playlist
    ");
}

#[test]
fn fields_of_requests() {
    let body = "requestBody/content/application~1json/schema/properties";
    let property = |path: &str, method: &str, place: &str, to: Value| {
        changed(method, path, |operation| {
            *operation.pointer_mut(&format!("/{body}/{place}")).unwrap() = to.clone();
        })
    };
    assert_snapshot!(property("/me/tracks", "put", "timestamped_ids/items/properties", json!({ "id": {}, "played_at": { "type": "string" } })), @r"
    PUT /me/tracks
        body timestamped_ids field played_at: string in the document, absent in the table
        body timestamped_ids field added_at: absent in the document, present in save_tracks
    ");
    assert_snapshot!(property("/me/player/play", "put", "offset/properties", json!({ "uri": {}, "time": {} })), @r"
    PUT /me/player/play
        body offset field time: something in the document, absent in the table
        body offset field position: absent in the document, present in start_playback
    ");
    assert_snapshot!(property("/playlists/{playlist_id}/items", "delete", "items/items/properties", json!({ "uri": {}, "positions": { "type": "array" } })), @r"
    DELETE /playlists/{playlist_id}/items
        body items field positions: array in the document, absent in the table
    ");
}

#[test]
fn numbers_that_the_document_need_not_state_and_those_of_development_mode() {
    // The minimum of an unsigned number is 0 by default.
    assert_snapshot!(param("get", TOP, "offset", |param| remove(&mut param["schema"], "minimum")), @"");
    assert_snapshot!(param("get", TOP, "offset", |param| param["schema"]["minimum"] = json!(1)), @r"
    GET /me/top/{type}
        query offset minimum: 1 in the document, 0 in get_my_top_items
    ");
    assert_snapshot!(param("get", TOP, "limit", |param| remove(&mut param["schema"], "minimum")), @r"
    GET /me/top/{type}
        query limit minimum: absent in the document, 1 in get_my_top_items
    ");
    // Spotify enforces 10 in development mode, and documents 50 where it accepts 100.
    let max = |path: &str, to: i64| {
        param("get", path, "limit", |param| param["schema"]["maximum"] = json!(to))
    };
    assert_snapshot!(max("/search", 10), @"");
    assert_snapshot!(max("/search", 50), @r"
    GET /search
        query limit maximum: 50 in the document, 10 in search
    ");
    assert_snapshot!(max("/playlists/{playlist_id}/items", 50), @"");
    assert_snapshot!(max("/playlists/{playlist_id}/items", 100), @r"
    GET /playlists/{playlist_id}/items
        query limit maximum: 100 in the document, 50 in get_playlist_items
    ");
}

#[test]
fn pictures() {
    let cover = "/playlists/{playlist_id}/images";
    assert_snapshot!(changed("put", cover, |operation| remove(operation, "requestBody")), @r"
    PUT /playlists/{playlist_id}/images
        body: absent in the document, image/jpeg in upload_playlist_cover
    ");
    assert_snapshot!(changed("put", cover, |operation| {
        operation["requestBody"]["content"]["image/png"] = json!({});
    }), @r"
    PUT /playlists/{playlist_id}/images
        body: image/png in the document, absent in the table
    ");
}

#[test]
fn responses() {
    let json = |place: &str| format!("/responses/200/content/application~1json/schema{place}");
    let schema = |path: &str, to: Value| {
        changed("get", path, |operation| *operation.pointer_mut(&json("")).unwrap() = to.clone())
    };
    assert_snapshot!(schema("/me", json!({ "type": "array" })), @r"
    GET /me
        response type: array in the document, User in get_me
    ");
    assert_snapshot!(schema(ALBUMS, json!({ "type": "array", "items": { "type": "string" } })), @r"
    GET /me/albums/contains
        response element type: string in the document, boolean in are_albums_saved
    ");
    assert_snapshot!(changed("put", "/me/tracks", |operation| {
        let schema = json!({ "schema": { "type": "object" } });
        operation["responses"]["200"]["content"]["application/json"] = schema;
    }), @r"
    PUT /me/tracks
        response: object in the document, absent in save_tracks
    ");
    assert_snapshot!(changed("get", "/markets", |operation| {
        remove(operation.pointer_mut(&json("/properties")).unwrap(), "markets");
    }), @r"
    GET /markets
        response field markets: absent in the document, array of string in get_markets
    ");
    // A field of a model, in the schema that describes it.
    let field = |place: &str, to: Option<Value>| {
        after(|document| {
            let properties = document.pointer_mut("/components/schemas").unwrap();
            let (schema, field) = place.split_once('.').unwrap();
            match &to {
                Some(to) => properties[schema]["properties"][field] = to.clone(),
                None => remove(&mut properties[schema]["properties"], field),
            }
        })
    };
    assert_snapshot!(field("User.birthdate", Some(json!({ "type": "string" }))), @r"
    User as User
        field birthdate: string in the document, absent in the table
    ");
    assert_snapshot!(field("User.email", None), @r"
    User as User
        field email: absent in the document, string in the table
    ");
    assert_snapshot!(field("Followers.total", Some(json!({ "type": "string" }))), @r"
    Followers as Followers
        field total type: string in the document, integer in the table
    ");
    assert_snapshot!(field("User.images", Some(json!({ "type": "array", "items": { "type": "string" } }))), @r"
    User as User
        field images element type: string in the document, Image in the table
    ");
    assert_snapshot!(field("SimplifiedAlbum.album_type", Some(json!({ "type": "string", "enum": ["album", "single", "live"] }))), @r"
    SimplifiedAlbum as SimplifiedAlbum
        field album_type value live: present in the document, absent in the table
        field album_type value compilation: absent in the document, present in the table
        field album_type value ep: absent in the document, present in the table
    ");
}

/// If `ids` can be sent in the query or the body, neither is required alone, whatever the document contains.
#[test]
fn key_in_query_or_body_is_required_in_neither() {
    assert_snapshot!(changed("put", "/me/following", |operation| {
        let params = operation["parameters"].as_array_mut().unwrap();
        params.iter_mut().find(|param| param["name"] == "ids").unwrap()["required"] = json!(false);
        operation["requestBody"]["content"]["application/json"]["schema"] =
            json!({ "properties": { "ids": { "type": "array", "items": { "type": "string" } } } });
    }), @r"
    PUT /me/following
        body ids: optional array of string in the document, absent in the table
    ");
}

#[test]
fn changed_enum_values_are_reported() {
    let of_type =
        |words: Value| param("get", TOP, "type", |param| param["schema"]["enum"] = words.clone());
    assert_snapshot!(of_type(json!(["artists", "tracks", "albums"])), @r"
    GET /me/top/{type}
        path type value albums: present in the document, absent in the table
    ");
    assert_snapshot!(of_type(json!(["artists"])), @r"
    GET /me/top/{type}
        path type value tracks: absent in the document, present in get_my_top_items
    ");
    // Each endpoint with a fixed value has one of the values.
    assert_snapshot!(param("put", "/me/following", "type", |param| {
        param["schema"]["enum"] = json!(["artist", "show"]);
    }), @r"
    PUT /me/following
        query type value show: present in the document, absent in the table
        query type value user: absent in the document, present in follow_users
    ");
    assert_snapshot!(param("get", "/users/{user_id}", "user_id", |param| {
        param["schema"]["enum"] = json!(["me"]);
    }), @r"
    GET /users/{user_id}
        path user_id values: me in the document, any text in get_user
    ");
    // Spotify's document often lists the values only in a description.
    let in_text = |text: &str| {
        param("get", TOP, "time_range", |param| {
            param["schema"] =
                json!({ "type": "string", "default": "medium_term", "description": text });
        })
    };
    assert_snapshot!(in_text("Either `long_term`, `medium_term` or `short_term`."), @"");
    assert_snapshot!(in_text("Either `long_term` or `medium_term`."), @r"
    GET /me/top/{type}
        query time_range value short_term: absent in the document, present in get_my_top_items
    ");
}

/// Every removal or change of a scalar in a documented operation is reported.
#[test]
fn every_changed_value_is_reported() {
    let all = Spotify::endpoints();
    let mut seen = 0;
    for (at, first) in all.iter().enumerate() {
        // One operation at a time, because a small document is compared quickly.
        let same =
            |endpoint: &Endpoint| endpoint.method == first.method && endpoint.path == first.path;
        if all[..at].iter().any(|endpoint| same(endpoint)) {
            continue;
        }
        let endpoints: Vec<&'static Endpoint> =
            all.iter().copied().filter(|endpoint| same(endpoint)).collect();
        let whole = document_of(&endpoints);
        assert_eq!(lines(&whole, &endpoints), "");
        let mut places = Vec::new();
        collect(&whole["paths"], String::from("/paths"), &mut places);
        for place in places {
            let mut document = whole.clone();
            let value = document.pointer_mut(&place).unwrap();
            *value = match &*value {
                Value::Bool(yes) => json!(!*yes),
                Value::Number(number) => json!(number.as_i64().unwrap() + 7),
                Value::String(text) if text.contains("Maximum") => json!("Maximum: 7 IDs."),
                Value::String(text) => json!(format!("{text}x")),
                _ => continue,
            };
            assert!(
                !lines(&document, &endpoints).is_empty(),
                "the change of {place} isn't reported"
            );
            seen += 1;
        }
    }
    assert!(seen > 200, "only {seen} changes");
}

/// Collects the JSON pointer of every scalar.
fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    let below = |key: &str| format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                collect(member, below(key), places);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, below(&at.to_string()), places);
            }
        }
        _ => places.push(place),
    }
}
