//! Responses that differ from Spotify's documentation, and how the models decode them.

use super::support::{Server, read, response, text, with};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tonearm::Error;
use tonearm::model::*;
use tonearm::{
    AlbumGroup, CursorPage, Date, Market, MarketSet, Page, RepeatMode, Scope, SkipReason, Timestamp,
};

fn members(name: &str) -> Value {
    response(name).parse().unwrap()
}

#[test]
fn integers_are_read_from_floats_strings_and_objects() {
    let duration =
        |sent: Value| read::<Track>(&with("track", &[("/duration_ms", sent)])).duration_ms;
    assert_eq!(duration(json!(156_923.0)), 156_923);
    assert_eq!(duration(json!({"totalMilliseconds": 187_000})), 187_000);
    assert_eq!(duration(json!({"totalMilliseconds": 187_000.5})), 187_000);
    assert_eq!(duration(json!("187000")), 187_000);
    for nothing in [json!(null), json!(-1), json!(1e300), json!(u64::MAX), json!([]), json!({})] {
        assert_eq!(duration(nothing.clone()), 0, "{nothing}");
    }

    let artist: Artist = read(r#"{"id": "1", "followers": {"total": 4.9E7}, "popularity": 85.0}"#);
    assert_eq!(artist.followers.map(|followers| followers.total), Some(Some(49_000_000)));
    assert_eq!(artist.popularity, Some(85));

    let image: Image = read(r#"{"url": "u", "height": 640.0, "width": null}"#);
    assert_eq!((image.height, image.width), (Some(640), None));
}

#[test]
fn null_lists_and_elements_are_ignored() {
    let artist: Artist = read(
        r#"{"id": "1", "images": [null, {"url": "u", "width": 640}, null], "genres": ["a", null]}"#,
    );
    assert_eq!(artist.images.len(), 1);
    assert_eq!(artist.genres, ["a"]);
    let artist: Artist = read(r#"{"id": "1", "images": null, "genres": null}"#);
    assert_eq!((artist.images.len(), artist.genres.len()), (0, 0));
    let playlist: SimplifiedPlaylist = read(&response("simplified_playlist.tracks"));
    assert!(playlist.images.is_empty());
}

#[test]
fn enum_values_ignore_case_and_keep_unknown_spelling() {
    let album_type =
        |sent| read::<Album>(&with("album", &[("/album_type", json!(sent))])).album_type.unwrap();
    assert_eq!(album_type("COMPILATION"), AlbumType::Compilation);
    assert_eq!(album_type("Ep"), AlbumType::Ep);
    assert_eq!(album_type("Mix-Tape"), AlbumType::Other("Mix-Tape".into()));
    assert_eq!(album_type("Mix-Tape").to_string(), "Mix-Tape");
    for (sent, text) in [("EP", "ep"), ("ep", "Ep"), ("Mix-Tape", "mix-tape")] {
        assert!(album_type(sent) == text && album_type(sent) == *text, "{sent}");
        assert!(album_type(sent) != "album" && album_type(sent) != "", "{sent}");
    }
    assert!(Scope::Streaming == "streaming" && RepeatMode::Off == "off");
    let album: Album = read(&with("album", &[("/release_date_precision", json!("minute"))]));
    assert_eq!(album.release_date_precision, Some(DatePrecision::Other("minute".into())));
}

#[test]
fn every_documented_enum_value_is_known() {
    macro_rules! assert_known {
        ($($words:ident: $($word:literal)+;)+) => {$($({
            let value: $words = read(&json!($word).to_string());
            assert!(!matches!(value, $words::Other(_)), $word);
            assert_eq!(value.as_str(), $word);
        })+)+};
    }
    assert_known! {
        AlbumGroup: "album" "single" "compilation" "appears_on";
        AlbumType: "album" "single" "compilation" "ep";
        ContextType: "album" "artist" "playlist" "show" "collection" "collectionyourepisodes";
        CopyrightType: "C" "P";
        DatePrecision: "year" "month" "day";
        DeviceType: "Computer" "Tablet" "Smartphone" "Smartwatch" "Speaker" "TV" "AVR" "STB"
            "AudioDongle" "GameConsole" "CastVideo" "CastAudio" "Automobile" "Unknown";
        PlayingType: "track" "episode" "ad" "unknown";
        Product: "premium" "free" "open";
        RepeatMode: "off" "track" "context";
        RestrictionReason: "market" "product" "explicit" "payment_required";
        SeedType: "ARTIST" "TRACK" "GENRE";
    }
}

#[test]
fn release_dates_keep_their_text() {
    let date = |sent: Value| read::<Album>(&with("album", &[("/release_date", sent)])).release_date;
    let parts = |sent: &str| {
        let date = date(json!(sent)).unwrap();
        assert_eq!((date.to_string(), json!(date)), (sent.to_owned(), json!(sent)));
        (date.year(), date.month(), date.day())
    };
    assert_eq!(parts("1981-12-15"), (Some(1981), Some(12), Some(15)));
    assert_eq!(parts("1981-12"), (Some(1981), Some(12), None));
    assert_eq!(parts("1981"), (Some(1981), None, None));
    for unknown in ["0000", "0000-00-00", "", "last year", "+981", "198", "19810-12"] {
        assert_eq!(parts(unknown), (None, None, None), "{unknown}");
    }
    for text in ["1981-13-15", "1981-00-00", "1981-+1", "1981-1-1", "1981-"] {
        assert_eq!(parts(text), (Some(1981), None, None), "{text}");
    }
    for text in ["1981-02-29", "1981-02-00", "1981-02-+1"] {
        assert_eq!(parts(text), (Some(1981), Some(2), None), "{text}");
    }
    assert_eq!(date(json!(null)), None);
}

#[test]
fn release_date_is_a_span_of_days() {
    use DatePrecision::{Day, Month, Year};

    for (text, precision, earliest, latest) in [
        ("1981", Year, "1981-01-01", "1981-12-31"),
        ("1981-12", Month, "1981-12-01", "1981-12-31"),
        ("1980-02", Month, "1980-02-01", "1980-02-29"),
        ("1981-02-30", Month, "1981-02-01", "1981-02-28"),
        ("1981-12-15", Day, "1981-12-15", "1981-12-15"),
    ] {
        let date: ReleaseDate = read(&json!(text).to_string());
        assert_eq!(date.precision(), Some(precision), "{text}");
        assert_eq!(date.earliest(), earliest.parse::<Date>().ok(), "{text}");
        assert_eq!(date.latest(), latest.parse::<Date>().ok(), "{text}");
    }
    let unknown: ReleaseDate = read("\"0000-00-00\"");
    assert_eq!((unknown.precision(), unknown.earliest(), unknown.latest()), (None, None, None));
    assert_eq!(
        format!("{unknown:?} {:?}", read::<ReleaseDate>("\"\"")),
        "ReleaseDate(0000-00-00) ReleaseDate()"
    );
}

#[test]
fn timestamps_markets_and_ids_serialize_as_strings() {
    let saved: SavedTrack = read(
        r#"{"added_at": "2016-12-31T23:59:59Z", "track": {"id": "2", "available_markets": ["SE", 7, "FI", null, "xx"]}}"#,
    );
    assert_eq!(saved.added_at.unwrap().to_string(), "2016-12-31T23:59:59Z");
    assert_eq!(json!(saved.added_at), json!("2016-12-31T23:59:59Z"));
    assert_eq!(saved.added_at, Some(Timestamp::from_unix_seconds(1_483_228_799)));
    let markets = saved.track.available_markets.unwrap();
    assert_eq!(markets, MarketSet::from_iter([Market::FI, Market::SE]));
    assert_eq!((format!("{markets:?}"), json!(markets)), ("{FI, SE}".into(), json!(["FI", "SE"])));
    let id = saved.track.id.unwrap();
    assert_eq!((id.to_string(), json!(id)), ("2".into(), json!("2")));
    // A time that cannot be read becomes `None`; the item is kept.
    assert_eq!(read::<SavedTrack>(r#"{"added_at": "long ago", "track": {}}"#).added_at, None);
}

#[test]
fn local_files_have_no_ids() {
    let track: Track = read(&response("track.local"));
    assert!(track.is_local);
    assert_eq!((&track.id, track.href()), (&None, None));
    assert_eq!(
        text(track.uri()).as_deref(),
        Some("spotify:local:Naapurin+b%C3%A4ndi:Kellarinauha:Humina:187")
    );
    assert_eq!((track.kind().as_deref(), track.external_url()), (Some("track"), None));
    let album = track.album.unwrap();
    assert_eq!((album.id, album.album_type, album.release_date), (None, None, None));
    assert_eq!(track.artists[0].id, None);
    assert_eq!(track.external_ids.unwrap().isrc, None);
}

#[test]
fn removed_tracks_are_empty_but_keep_their_id() {
    let track: Track = read(&response("track.emptied"));
    assert!(track.id.is_some() && track.uri().is_some());
    assert_eq!((&*track.name, track.duration_ms, track.is_playable), ("", 0, Some(false)));
    assert_eq!(track.album.unwrap().release_date.unwrap().year(), None);
}

#[test]
fn episode_sent_as_a_track_keeps_its_kind() {
    let track: Track = read(&response("track.episode"));
    assert_eq!(track.kind().as_deref(), Some("episode"));
    assert_eq!(track.uri().unwrap().kind(), "episode");
    assert_eq!(track.artists[0].name, "");
    assert_eq!(track.artists[0].kind().as_deref(), Some("Myrskylyhty"));
    assert_eq!(track.album.unwrap().album_type, Some(AlbumType::Other("show".into())));
}

#[test]
fn episodes_without_show_and_object_publishers_are_decoded() {
    let episode: Episode = read(&response("episode.thin"));
    assert_eq!((episode.show, episode.images.len()), (None, 0));
    let publisher = json!({"name": "Saaristoradio"});
    let show: SimplifiedShow = read(&with("simplified_show", &[("/publisher", publisher.clone())]));
    assert_eq!(show.publisher, None);
    let book: SimplifiedAudiobook =
        read(&with("simplified_audiobook", &[("/publisher", publisher)]));
    assert_eq!(book.publisher, None);
}

#[test]
fn simplified_playlist_prefers_items_over_tracks() {
    let total = |members: &str| {
        let playlist: SimplifiedPlaylist = read(&format!(r#"{{"id": "1", {members}}}"#));
        playlist.items.map(|items| items.total)
    };
    assert_eq!(total(r#""items": {"total": 1}"#), Some(Some(1)));
    assert_eq!(total(r#""tracks": {"total": 2}"#), Some(Some(2)));
    assert_eq!(total(r#""items": {"total": 1}, "tracks": {"total": 2}"#), Some(Some(1)));
    assert_eq!(total(r#""tracks": {"total": 2}, "items": {"total": 1}"#), Some(Some(1)));
    assert_eq!(total(r#""items": null, "tracks": {"total": 2}"#), Some(Some(2)));
    assert_eq!(total(r#""tracks": {"total": 2}, "items": null"#), Some(Some(2)));
    assert_eq!(total(r#""items": {"total": 1}, "tracks": null"#), Some(Some(1)));
    assert_eq!(total(r#""items": {"total": null}"#), Some(None));
    assert_eq!(total(r#""items": null"#), None);
}

#[test]
fn saved_audiobooks_are_read_plain_or_wrapped() {
    let plain: Page<SavedAudiobook> = read(&response("saved_audiobooks"));
    let wrapped: Page<SavedAudiobook> = read(&response("saved_audiobooks.wrapped"));
    assert_eq!(plain.items[0].added_at, None);
    assert_eq!(wrapped.items[0].added_at.unwrap().to_string(), "2024-11-02T18:45:00Z");
    assert_eq!(plain.items[0].audiobook, wrapped.items[0].audiobook);

    let added_at = r#""added_at": "2024-11-02T18:45:00Z""#;
    for json in [
        format!(r#"{{"audiobook": {{"id": "1"}}, {added_at}}}"#),
        format!(
            r#"{{"uri": "x", {added_at}, "new": [{{}}], "audiobook": {{"id": "1"}}, "id": 7}}"#
        ),
        format!(r#"{{"audiobook": {{"id": "1"}}, "id": null, {added_at}}}"#),
        format!(r#"{{"id": "1", "name": "", {added_at}}}"#),
    ] {
        let saved: SavedAudiobook = read(&json);
        assert_eq!((saved.audiobook.id.as_str(), saved.added_at.is_some()), ("1", true), "{json}");
    }
    for json in [r#"{"added_at": null}"#, r#"{"audiobook": null}"#, "{}", "7"] {
        assert!(serde_json::from_str::<SavedAudiobook>(json).is_err(), "{json}");
    }
    let error = serde_json::from_str::<SavedAudiobook>(r#"{"audiobook": {"id": "1"}, "x": }"#);
    assert!(error.is_err(), "invalid JSON after the audiobook is an error");
}

#[test]
fn chapters_have_the_uris_of_episodes() {
    let chapter: Chapter = read(&response("chapter"));
    assert_eq!(chapter.kind().as_deref(), Some("chapter"));
    assert_eq!(chapter.uri().kind(), "episode");
    assert_eq!(chapter.id, "0qKvBHiYlQQ1lF9yVEoy4x");
    // A player sends chapters as episodes, with an audiobook in place of the show.
    let item: Item = read(&response("chapter"));
    let episode = item.as_episode().unwrap();
    assert_eq!((&*episode.name, &episode.show), ("Ensimmäinen talvi", &None));
}

#[test]
fn search_results_skip_null_items() {
    let found: SearchResults = read(&response("search_results.development"));
    let playlists = found.playlists.unwrap();
    assert_eq!((playlists.items.len(), playlists.skipped.len(), playlists.total), (1, 2, Some(5)));
    let tracks = found.tracks.unwrap();
    assert_eq!((tracks.skipped[0].index, &tracks.skipped[0].reason), (1, &SkipReason::Null));
    assert_eq!(found.shows.unwrap().items.len(), 0);
    assert_eq!((found.albums, found.episodes, found.audiobooks), (None, None, None));
}

#[test]
fn recommended_tracks_are_full_or_simplified() {
    let tracks = json!([members("simplified_track"), null, members("track")]);
    let found: Recommendations = read(&json!({"tracks": tracks, "seeds": null}).to_string());
    let albums: Vec<bool> = found.tracks.iter().map(|track| track.album.is_some()).collect();
    assert_eq!((albums, found.seeds.len()), (vec![false, true], 0));
}

#[test]
fn floats_are_read_from_integers_and_strings_or_default_to_zero() {
    let energy =
        |sent: Value| read::<AudioFeatures>(&with("audio_features", &[("/energy", sent)])).energy;
    assert_eq!(energy(json!(0.842)), 0.842);
    assert_eq!(energy(json!(1)), 1.0);
    assert_eq!(energy(json!(-1)), -1.0);
    assert_eq!(energy(json!("8.42E-1")), 0.842);
    for nothing in [json!(null), json!("NaN"), json!(1e300), json!([1]), json!({}), json!(true)] {
        assert_eq!(energy(nothing.clone()), 0.0, "{nothing}");
    }
    assert_eq!(read::<Section>(r#"{"start": "inf", "duration": "NaN"}"#).start, 0.0);
    let features: AudioFeatures = read(&response("audio_features"));
    assert!(serde_json::to_string(&features).unwrap().contains(r#""tempo":118.211,"#));
    assert_eq!(read::<AudioFeatures>(r#"{"id": "1", "key": -1}"#).key, Some(-1));

    let pitches = |sent: &str| read::<Segment>(&format!(r#"{{"pitches": {sent}}}"#)).pitches;
    assert_eq!(&*pitches("[0.5, null, 1, {}, \"0.25\"]"), [0.5, 1.0, 0.25]);
    assert_eq!((pitches("null").len(), pitches("[]").len()), (0, 0));
    let segment: Segment = read(&response("segment"));
    assert_eq!((segment.start, segment.pitches.len(), segment.timbre.len()), (1234.56789, 12, 12));
}

#[test]
fn unusual_ids_are_kept_and_missing_ids_are_an_error() {
    let user: User = read(&response("user.public"));
    assert_eq!(user.id, "wind miller ✿");
    assert_eq!(user.uri().to_string(), "spotify:user:wind%20miller%20%E2%9C%BF");
    // An unescaped URI differs from the one derived from the id, so it is kept.
    let user = json!({"id": "wind.miller ✿", "uri": "spotify:user:wind.miller ✿"});
    assert_eq!(json!(read::<User>(&user.to_string()))["uri"], user["uri"]);
    let track: Track = read(r#"{"id": "an id longer than the twenty-two that fit in place"}"#);
    assert_eq!(json!(track)["id"], "an id longer than the twenty-two that fit in place");
    // Spotify sends this for deleted accounts.
    let owner: PlaylistOwner = read(r#"{"id": "", "uri": "spotify:user:"}"#);
    assert_eq!((&owner.id, text(owner.uri()).as_deref()), (&None, Some("spotify:user:")));
    assert!(serde_json::from_str::<Album>(r#"{"name": "without an id"}"#).is_err());
    assert!(serde_json::from_str::<Album>(r#"{"id": null}"#).is_err());
}

#[test]
fn null_after_an_id_does_not_replace_it() {
    // A `Value` keeps only the last of two fields with the same key.
    fn written<T: DeserializeOwned + Serialize>(json: &str) -> Value {
        json!(serde_json::from_str::<T>(json).unwrap_or_else(|error| panic!("{json}: {error}")))
    }
    for ids in [
        r#""id": "1", "id": null"#,
        r#""id": null, "id": "1""#,
        r#""id": "0", "id": "1", "id": null"#,
    ] {
        let json = format!(r#"{{"type": "track", {ids}}}"#);
        for found in [
            &written::<Album>(&json),
            &written::<LinkedTrack>(&json),
            &written::<Item>(&json),
            &written::<Page<SimplifiedTrack>>(&format!(r#"{{"items": [{json}]}}"#))["items"][0],
            &written::<SimplifiedPlaylist>(&format!(r#"{{"id": "2", "owner": {json}}}"#))["owner"],
        ] {
            assert_eq!(found["id"], "1", "{json} is read as {found}");
        }
        let album = Server::json(&json).client().get_album("382ObEPsp2rxGrnsizN5TX").send();
        assert_eq!(album.unwrap().id, "1", "{json}");
    }
}

#[test]
fn absent_null_canonical_and_other_links_round_trip_distinctly() {
    let canonical = json!({
        "href": "https://api.spotify.com/v1/artists/a1", "uri": "spotify:artist:a1",
        "type": "artist", "external_urls": {"spotify": "https://open.spotify.com/artist/a1"},
    });
    let other = json!({
        "href": "https://api.spotify.com/v1/artists/a2", "uri": "spotify:artist:a2",
        "type": "Artist", "external_urls": {"spotify": "https://open.spotify.com/intl-fi/artist/a1"},
    });
    for id in [json!("a1"), json!(null)] {
        for key in ["href", "uri", "type", "external_urls"] {
            let mut forms = vec![
                json!({"id": id, "name": "A"}),
                json!({"id": id, "name": "A", key: null}),
                json!({"id": id, "name": "A", key: canonical[key]}),
                json!({"id": id, "name": "A", key: other[key]}),
            ];
            if key == "external_urls" {
                forms.push(json!({"id": id, "name": "A", key: {}}));
            }
            let read: Vec<SimplifiedArtist> =
                forms.iter().map(|form| read(&form.to_string())).collect();
            for (index, (form, artist)) in forms.iter().zip(&read).enumerate() {
                assert_eq!(&json!(artist), form);
                assert_eq!(read.iter().position(|same| same == artist), Some(index), "{form}");
                let sent = form.get(key).and_then(|sent| sent.get("spotify").or(Some(sent)));
                let sent = sent.and_then(Value::as_str);
                let found = [artist.href(), artist.kind(), artist.external_url()];
                let found = found.iter().flatten().next().map(|found| &**found);
                assert_eq!(found, sent.filter(|_| key != "uri"));
                let of_id = artist.id.as_ref().map(|id| id.uri().to_string());
                let sent_uri = sent.filter(|_| key == "uri").map(str::to_owned);
                assert_eq!(text(artist.uri()), sent_uri.or(of_id), "{form}");
            }
        }
    }
}

#[test]
fn links_derivable_from_the_id_are_not_stored() {
    let album = format!("{:?}", read::<Album>(&response("album")));
    assert_eq!(album.matches("links: canonical").count(), album.matches("links: ").count());
    assert_eq!(album.matches("links: ").count(), 9);
    let other: SimplifiedArtist = read(r#"{"id": "a1", "uri": "spotify:artist:a2"}"#);
    assert!(format!("{other:?}").ends_with(r#"links: {"spotify:artist:a2"} }"#), "{other:?}");
    let empty: SimplifiedArtist = read(r#"{"id": "a1", "external_urls": {}}"#);
    assert!(format!("{empty:?}").ends_with("links: canonical }"), "{empty:?}");
}

#[test]
fn album_with_only_an_id_gets_default_fields() {
    let least = json!({
        "id": "1", "name": "", "artists": [], "images": [], "genres": [],
        "copyrights": [],
    });
    assert_eq!(json!(read::<Album>(r#"{"id": "1"}"#)), least);
    assert_eq!(json!(read::<Album>(&least.to_string())), least);
    assert_eq!(json!(read::<LinkedTrack>("{}")), json!({"id": null}));
}

#[test]
fn incomplete_pages_get_default_fields() {
    let page: Page<SimplifiedTrack> =
        read(r#"{"items": [{"id": "1"}, null], "total": null, "limit": null, "next": null}"#);
    assert_eq!((page.total, page.limit, page.offset, page.next), (None, 2, 0, None));
    assert_eq!((page.items.len(), page.skipped.len()), (1, 1));
    assert_eq!((page.skipped[0].index, &page.skipped[0].reason), (1, &SkipReason::Null));
    assert_eq!(&*page.skipped[0].raw, "null");

    let empty: Page<SimplifiedTrack> = read(r#"{"items": null}"#);
    assert_eq!((empty.items.len(), empty.total), (0, None));
    assert!(serde_json::from_str::<Page<SimplifiedTrack>>("{}").is_err());

    let page: CursorPage<Artist> = read(r#"{"items": [], "cursors": null}"#);
    assert_eq!((page.cursors.after, page.cursors.before, page.total), (None, None, None));
    let page: CursorPage<Artist> = read(
        r#"{"items": [], "cursors": {"after": 1484811043508, "x": 1}, "total": 3.0, "limit": 20.0}"#,
    );
    assert_eq!(page.cursors.after.as_deref(), Some("1484811043508"));
    assert_eq!((page.total, page.limit), (Some(3), 20));
}

#[test]
fn deeply_nested_json_does_not_overflow_the_stack() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let objects = r#"{"total":"#.repeat(10_000) + "1" + &"}".repeat(10_000);
    let track = |key: &str, value: &str| {
        serde_json::from_str::<Track>(&format!(r#"{{"{key}": {value}, "is_local": true}}"#))
    };
    for key in ["artists", "album", "external_urls", "linked_from", "available_markets"] {
        assert!(track(key, &format!(r#"{{"spotify": {deep}"#)).is_err(), "{key}");
        assert_eq!(track(key, &deep).is_err(), key == "artists", "{key}");
    }
    assert!(track("duration_ms", &objects).is_err());
    assert!(serde_json::from_str::<Page<Track>>(&format!(r#"{{"items": {deep}}}"#)).is_err());
    // Unknown fields and values of the wrong type are ignored, however deeply nested.
    for key in ["unknown", "name", "preview_url", "explicit", "duration_ms"] {
        assert!(track(key, &deep).unwrap().is_local, "{key}");
    }
}

#[test]
fn restriction_is_read_under_both_of_its_keys() {
    let paid = json!({"reason": "payment_required"});
    for name in ["chapter", "episode", "track"] {
        let json = with(name, &[("/restrictions", json!("-")), ("/restriction", paid.clone())]);
        let restrictions = match name {
            "chapter" => read::<Chapter>(&json).restrictions,
            "episode" => read::<Episode>(&json).restrictions,
            _ => read::<Track>(&json).restrictions,
        };
        let reason = restrictions.unwrap().reason;
        assert_eq!(reason, Some(RestrictionReason::PaymentRequired), "{name}");
        let item = read::<Item>(&json);
        let restrictions = match &item {
            Item::Track(track) => &track.restrictions,
            other => &other.as_episode().unwrap().restrictions,
        };
        assert!(restrictions.is_some(), "{name}");
    }
}

/// An object in which only the type is left.
fn hollow(kind: &str) -> Value {
    json!({"id": null, "name": null, "uri": null, "href": null, "type": kind, "show": {"id": null}})
}

#[test]
fn entries_whose_content_is_gone_are_skipped_as_null() {
    fn check<T>(key: &str, name: &str)
    where
        Page<T>: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
        T: std::fmt::Debug + PartialEq + 'static,
    {
        let whole: Value = response(name).parse().unwrap();
        let item = match whole.get("items") {
            Some(items) => items[0].clone(),
            None => whole,
        };
        let entry =
            |content: Value| json!({"zz": [1], key: content, "added_at": "2024-06-30T21:04:00Z"});
        let items = [entry(Value::Null), item.clone(), entry(hollow(key)), item];
        let page: Page<T> = read(&json!({"items": items, "total": 4}).to_string());
        assert_eq!((page.items.len(), page.skipped.len()), (2, 2), "{name}");
        let skipped: Vec<_> = page.skipped.iter().map(|item| (item.index, &item.reason)).collect();
        assert_eq!(skipped, [(0, &SkipReason::Null), (2, &SkipReason::Null)], "{name}");
        // If the key is missing, Spotify may have renamed it, so this is an error.
        let renamed = json!({"items": [{"added_at": null}]}).to_string();
        assert!(serde_json::from_str::<Page<T>>(&renamed).is_err(), "{name}");
    }
    check::<SavedTrack>("track", "saved_tracks");
    check::<SavedAlbum>("album", "saved_albums");
    check::<SavedShow>("show", "saved_shows");
    check::<SavedEpisode>("episode", "saved_episodes");
    check::<SavedAudiobook>("audiobook", "saved_audiobooks");
    check::<SavedAudiobook>("audiobook", "saved_audiobooks.wrapped");
    check::<PlayHistory>("track", "play_history");
}

#[test]
fn chapters_in_players_and_playlists_are_episodes() {
    let chapter = json!({
        "id": "0qKvBHiYlQQ1lF9yVEoy4x", "type": "chapter", "name": "One",
        "uri": "spotify:episode:0qKvBHiYlQQ1lF9yVEoy4x",
    });
    let row: PlaylistItem = read(&json!({"item": chapter}).to_string());
    let playback: Playback = read(&json!({"item": chapter}).to_string());
    for item in [row.item, playback.item.unwrap()] {
        let episode = item.as_episode().unwrap();
        assert_eq!(episode.kind().as_deref(), Some("chapter"));
        assert_eq!(episode.uri().to_string(), "spotify:episode:0qKvBHiYlQQ1lF9yVEoy4x");
        assert_eq!(json!(item)["type"], "chapter");
    }
}

#[test]
fn unknown_counts_are_absent() {
    let none = |json: &str, key: &str| {
        let pointer = format!("/{key}");
        with(json, &[(&pointer, Value::Null)])
    };
    assert_eq!(read::<Album>(&none("album", "total_tracks")).total_tracks, None);
    assert_eq!(
        read::<SimplifiedAlbum>(&none("simplified_album", "total_tracks")).total_tracks,
        None
    );
    assert_eq!(read::<Show>(&none("show", "total_episodes")).total_episodes, None);
    assert_eq!(read::<Audiobook>(&none("audiobook", "total_chapters")).total_chapters, None);
    let artist: Artist = read(r#"{"id": "1", "followers": {"href": null, "total": null}}"#);
    assert_eq!(artist.followers.unwrap().total, None);
    let seed: RecommendationSeed = read(&none("recommendation_seed", "initialPoolSize"));
    assert_eq!(seed.initial_pool_size, None);
    let page: Page<SimplifiedTrack> = read(r#"{"items": [{"id": "1"}], "total": null}"#);
    assert_eq!((page.total, json!(page).get("total")), (None, None));
}

#[test]
fn an_object_that_cannot_be_read_does_not_cost_the_one_around_it() {
    let show = |show: Value| {
        let playback = json!({"item": with_show(show), "is_playing": true});
        let playback: Playback = read(&playback.to_string());
        assert!(playback.is_playing);
        playback.item.unwrap().as_episode().unwrap().show.clone()
    };
    fn with_show(show: Value) -> Value {
        let mut episode: Value = response("episode").parse().unwrap();
        episode["show"] = show;
        episode
    }
    for broken in
        [json!({"id": null}), json!({"name": "A"}), json!({"id": null, "uri": "spotify:show:1"})]
    {
        assert_eq!(show(broken.clone()), None, "{broken}");
    }
    for broken in [json!(""), json!(7), json!(true), json!([{"id": "1"}]), json!(null)] {
        assert_eq!(show(broken.clone()), None, "{broken}");
        let item: PlaylistItem = read(&json!({"added_by": broken, "item": null}).to_string());
        assert_eq!(item.added_by, None);
        let playlist: SimplifiedPlaylist = read(&json!({"id": "1", "owner": broken}).to_string());
        assert_eq!((playlist.id.as_str(), playlist.owner), ("1", None), "{broken}");
        let artist = json!({"id": "1", "external_urls": broken}).to_string();
        assert_eq!(read::<Artist>(&artist).external_url(), None);
    }
}

/// The client leaves out the parts of a response that serde alone would reject.
#[test]
fn the_client_loses_the_smallest_part_that_cannot_be_read() {
    let track = json!({
        "id": "1", "name": "A", "artists": [{"name": "B"}, 7, null], "album": {"id": "2", "images": "none"},
        "available_markets": 7, "external_ids": {"isrc": ["x"]}, "uri": "spotify:track:1",
    });
    let show = json!({"id": "3", "name": "C", "copyrights": {}, "languages": ["en", {}, "fi"]});
    let episode =
        json!({"id": "4", "type": "episode", "show": show, "images": [{"url": "u"}, "v"]});
    let playback =
        json!({"item": track, "device": {"name": "D", "volume_percent": "loud"}, "actions": 7});
    let queue = json!({"currently_playing": 7, "queue": [track, episode, 7]});
    let album = json!({"id": "2", "name": "E", "tracks": 7});
    let server = Server::canned(
        [playback, queue, album].map(|json| super::support::json(200, json.to_string())),
    );
    let spotify = server.client();

    let Item::Track(track) = spotify.get_playback().send().unwrap().unwrap().item.unwrap() else {
        panic!()
    };
    assert_eq!((&*track.name, track.artists.len(), &track.available_markets), ("A", 1, &None));
    assert_eq!(track.album.as_ref().unwrap().images, []);
    let queue = spotify.get_queue().send().unwrap();
    assert_eq!((queue.currently_playing, queue.queue.len()), (None, 2));
    let episode = queue.queue[1].as_episode().unwrap();
    assert_eq!((episode.images.len(), episode.show.as_ref().unwrap().languages.len()), (1, 2));
    let album = spotify.get_album("382ObEPsp2rxGrnsizN5TX").send().unwrap();
    assert_eq!((&*album.name, album.tracks), ("E", None));
}

#[test]
fn halves_of_characters_are_replaced() {
    let devices = r#"{"devices": [{"id": "1", "name": "Ada\u2019s \ud83d"}, {"id": "2", "name": "\ud83d\ude00 \\ud83d"}]}"#;
    let tracks =
        r#"{"items": [{"track": {"id": "1", "name": "\uDE00x", "artists": [7]}}, {"track": 7}]}"#;
    let broken = r#"{"id": "1", "display_name": "\ud83d", "images": [}"#;
    let bodies = [devices, tracks, devices, broken];
    let server = Server::canned(bodies.map(|body| super::support::json(200, body)));
    let spotify = server.client();
    let devices = spotify.get_devices().send().unwrap();
    assert_eq!(
        (&*devices[0].name, &*devices[1].name),
        ("Ada\u{2019}s \u{fffd}", "\u{1f600} \\ud83d")
    );
    let page = spotify.get_my_saved_tracks().send().unwrap();
    assert_eq!((&*page.items[0].track.name, page.skipped.len()), ("\u{fffd}x", 1));
    let own: Value = spotify.get_devices().send_as().unwrap();
    assert_eq!(own["devices"][0]["name"], "Ada\u{2019}s \u{fffd}");
    let Err(Error::Decode(error)) = spotify.get_me().send() else { panic!() };
    assert_eq!((&*error.path, &*error.body), ("images[0]", broken.as_bytes()));
}
