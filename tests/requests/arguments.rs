//! Tests of the values that arguments and setters accept and reject.
#![allow(clippy::needless_borrows_for_generic_args)] // References are among what they accept.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tonearm::model::{Device, ReleaseDate};
use tonearm::*;

const ALBUM: &str = "382ObEPsp2rxGrnsizN5TX";
const TRACK: &str = "7ouMYWpwJ422jRcDASZB7P";

fn client() -> Spotify {
    Spotify::from_token("token").unwrap()
}

/// The last query parameter.
fn query(request: Result<Request, Error>) -> String {
    let request = request.unwrap();
    request.query().last().map(|(key, value)| format!("{key}={value}")).unwrap_or_default()
}

#[test]
fn text_of_every_type_is_an_argument_an_option_and_an_element() {
    let spotify = client();
    let (string, boxed): (String, Box<str>) = (ALBUM.into(), ALBUM.into());
    let cow: Cow<'_, str> = Cow::Borrowed(ALBUM);
    macro_rules! check {
        ($($text:expr),* $(,)?) => {$(
            let path = spotify.get_album($text).request().unwrap().path();
            assert_eq!(path, format!("/v1/albums/{ALBUM}"));
            let list = spotify.are_albums_saved([$text]).request();
            assert_eq!(query(list), format!("ids={ALBUM}"));
            for next in [spotify.skip_to_next().device_id($text), spotify.skip_to_next().device_id(Some($text))] {
                assert_eq!(query(next.request()), format!("device_id={ALBUM}"));
            }
            let search = spotify.search($text, [SearchType::Album]).request().unwrap();
            assert_eq!(search.query_value("q").as_deref(), Some(ALBUM));
            let playlist = spotify.get_playlist(ALBUM).fields(Some($text)).request().unwrap();
            assert_eq!(playlist.query_value("fields").as_deref(), Some(ALBUM));
        )*};
    }
    check!(ALBUM, &ALBUM, string.clone(), &string, boxed.clone(), &boxed, cow.clone(), &cow);
}

#[test]
fn options_of_texts_ids_uris_and_markets() {
    let spotify = client();
    let device: Device = serde_json::from_str(r#"{"id": "d1", "name": "Kitchen"}"#).unwrap();
    for call in [
        spotify.skip_to_next().device_id(device.id.as_ref().map(DeviceId::as_str)),
        spotify.skip_to_next().device_id(&device.id),
        spotify.skip_to_next().device_id(device.id.as_ref()),
        spotify.skip_to_next().device_id(device.id),
    ] {
        assert_eq!(query(call.request()), "device_id=d1");
    }
    assert_eq!(query(spotify.skip_to_next().device_id(None::<String>).request()), "");
    let replaced = spotify.skip_to_next().device_id("d1").device_id(None::<&str>);
    assert_eq!(query(replaced.request()), "");

    let tracks = || spotify.get_my_saved_tracks();
    let text: Option<Box<str>> = Some("fi".into());
    for call in [tracks().market("FI"), tracks().market(Some("FI")), tracks().market(text)] {
        assert_eq!(query(call.request()), "market=FI");
    }
    assert_eq!(query(tracks().market(Some(&Market::FI)).request()), "market=FI");

    let uri: SpotifyUri = format!("spotify:album:{ALBUM}").parse().unwrap();
    let id: AlbumId = ALBUM.parse().unwrap();
    let body = |call: endpoint::player::StartPlayback| call.request().unwrap().body().unwrap();
    let play = || spotify.start_playback();
    for call in [
        play().context_uri(&uri),
        play().context_uri(Some(&uri)),
        play().context_uri(&id),
        play().context_uri(Some(id.clone())),
        play().context_uri(Some(uri.to_string())),
    ] {
        assert_eq!(body(call), format!(r#"{{"context_uri":"{uri}"}}"#));
    }
    assert_eq!(spotify.get_album(&uri).request().unwrap().path(), format!("/v1/albums/{ALBUM}"));
    let error = spotify.get_track(uri).request().unwrap_err();
    assert!(error.to_string().starts_with("get_track: `track_id`: expected a track id"), "{error}");
}

#[test]
fn literals_without_a_type() {
    let spotify = client();
    assert_eq!(query(spotify.get_my_saved_tracks().limit(50).request()), "limit=50");
    assert_eq!(query(spotify.get_my_saved_tracks().limit(Some(50)).request()), "limit=50");
    assert_eq!(query(spotify.get_my_saved_tracks().limit(None).request()), "");
    assert_eq!(spotify.get_user(None).request().unwrap().path(), "/v1/me");
    let playlist = spotify.create_playlist("x").public(None).public(true).request().unwrap();
    assert_eq!(playlist.body().unwrap(), r#"{"name":"x","public":true}"#);
}

#[test]
fn numbers_of_every_type() {
    let spotify = client();
    macro_rules! check {
        ($($type:ty)*) => {$(
            let call = spotify.get_my_saved_tracks().limit(7 as $type).offset(&(8 as $type));
            assert_eq!(call.request().unwrap().url(), "https://api.spotify.com/v1/me/tracks?limit=7&offset=8");
        )*};
    }
    check!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    let found = |error: Error| match error {
        Error::InvalidArgument(invalid) => {
            assert_eq!(invalid.param.as_deref(), Some("limit"));
            assert!(invalid.message.ends_with(&*invalid.value), "{invalid}");
            invalid.message.to_string()
        }
        other => panic!("{other}"),
    };
    let limited = |call: endpoint::tracks::GetMySavedTracks| found(call.request().unwrap_err());
    let tracks = || spotify.get_my_saved_tracks();
    let rule = "expected a number from 1 to 50, found ";
    assert_eq!(limited(tracks().limit(u64::MAX)), format!("{rule}18446744073709551615"));
    assert_eq!(limited(tracks().limit(i128::MIN)), format!("{rule}{}", i128::MIN));
    assert_eq!(limited(tracks().limit(-1)), format!("{rule}-1"));
    assert_eq!(limited(tracks().limit(0u8)), format!("{rule}0"));
    let error = |value: i128| tracks().offset(value).request().unwrap_err().to_string();
    let rule = "get_my_saved_tracks: `offset`: expected a number";
    assert_eq!(error(-1), format!("{rule} of at least 0, found -1; nothing was sent"));
    assert_eq!(
        error(i128::MAX),
        format!("{rule} from 0 to {}, found {}; nothing was sent", i64::MAX, i128::MAX)
    );
}

#[test]
fn times_and_durations() {
    let spotify = client();
    let progress: Option<u64> = Some(90_000);
    for call in
        [spotify.seek(Duration::from_secs(90)), spotify.seek(90_000), spotify.seek(90_000_u64)]
    {
        assert_eq!(query(call.request()), "position_ms=90000");
    }
    for call in [
        spotify.start_playback().position_ms(progress),
        spotify.start_playback().position_ms(Some(Duration::from_secs(90))),
    ] {
        assert_eq!(call.request().unwrap().body().unwrap(), r#"{"position_ms":90000}"#);
    }
    let error = spotify.seek(Duration::MAX).request().unwrap_err().to_string();
    assert!(error.contains("`position_ms`: expected a number from 0 to"), "{error}");

    let time = Timestamp::from_unix_millis(1_484_811_043_508);
    let system = UNIX_EPOCH + Duration::from_millis(1_484_811_043_508);
    assert_eq!(SystemTime::from(time), system);
    let played = || spotify.get_recently_played();
    for call in [
        played().after(time),
        played().after(Some(time)),
        played().after(&Some(system)),
        played().after(1_484_811_043_508i64),
    ] {
        assert_eq!(query(call.request()), "after=1484811043508");
    }
}

#[test]
fn positions_are_set_by_name() {
    let spotify = client();
    let call = spotify.reorder_playlist_items(ALBUM).insert_before(7).range_start(3);
    let body = call.request().unwrap().body().unwrap();
    assert_eq!(body, r#"{"range_start":3,"insert_before":7}"#);
    let error = spotify.reorder_playlist_items(ALBUM).range_start(3).send().unwrap_err();
    assert_eq!(
        error.to_string(),
        "reorder_playlist_items: `insert_before`: expected a value, found none; nothing was sent"
    );
}

#[test]
fn empty_values_are_rejected_with_their_parameter() {
    let spotify = client();
    let error = |request: Result<Request, Error>| match request.unwrap_err() {
        Error::InvalidArgument(invalid) => {
            format!("{}: {}", invalid.param.unwrap_or_default(), invalid.message)
        }
        other => panic!("{other}"),
    };
    let album = "album_id: expected an album id, URI or link, found empty text";
    assert_eq!(error(spotify.get_album("").request()), album);
    assert_eq!(error(spotify.get_album(" ").request()), album);
    let albums = "album_ids: expected an album id, URI or link, found empty text";
    assert_eq!(error(spotify.are_albums_saved([ALBUM, ""]).request()), albums);
    assert_eq!(error(spotify.are_albums_saved([format!("{ALBUM},")]).request()), albums);
    let device = "device_id: expected a device id, found empty text";
    assert_eq!(error(spotify.skip_to_next().device_id("").request()), device);
    assert_eq!(error(spotify.skip_to_next().device_id(Some(" ")).request()), device);
    assert_eq!(error(spotify.transfer_playback("").request()), device);
    let by_name = spotify.call("skip_to_next").set("device_id", "");
    assert_eq!(error(by_name.request()), "device_id: expected text, found empty text");
    assert_eq!(
        error(spotify.get_playlist(ALBUM).fields("").request()),
        "fields: expected text, found empty text"
    );
    let described = spotify.create_playlist("x").description("").request().unwrap();
    assert_eq!(described.body().unwrap(), r#"{"name":"x","description":""}"#);
    let category = "category_id: expected a category id, found empty text";
    assert_eq!(error(spotify.get_category("").request()), category);
    let genres = "seed_genres: expected text, found empty text";
    assert_eq!(error(spotify.get_recommendations().seed_genres(["jazz", ""]).request()), genres);
    let user = "user_id: expected a user id, URI or link, found empty text";
    assert_eq!(error(spotify.get_user("").request()), user);
    assert_eq!(
        error(spotify.search("", [SearchType::Album]).request()),
        "q: expected text, found empty text"
    );
    // Spotify would resume the old playback.
    let no_uris = "uris: expected at least one value, found an empty list; leave it out";
    assert_eq!(error(spotify.start_playback().uris([""; 0]).request()), no_uris);
    let tracks = "track_ids: expected a track id, URI or link, found empty text";
    assert_eq!(
        error(
            spotify
                .save_tracks([("", "2010-01-01T00:00:00Z")])
                .requests()
                .map(|mut all| all.remove(0))
        ),
        tracks
    );
}

#[test]
fn errors_of_parsing_become_errors_of_the_crate() {
    fn parse(text: &str) -> Result<(), Error> {
        let _: TrackId = text.parse()?;
        Ok(())
    }
    fn others(text: &str) -> [Error; 7] {
        [
            text.parse::<SpotifyUri>().map_err(Error::from).unwrap_err(),
            text.parse::<Market>().map_err(Error::from).unwrap_err(),
            text.parse::<Timestamp>().map_err(Error::from).unwrap_err(),
            text.parse::<Date>().map_err(Error::from).unwrap_err(),
            text.parse::<ReleaseDate>().map_err(Error::from).unwrap_err(),
            text.parse::<TimeRange>().map_err(Error::from).unwrap_err(),
            text.parse::<DeviceId>()
                .map_err(Error::from)
                .map(|_| ())
                .err()
                .unwrap_or_else(|| "".parse::<DeviceId>().map_err(Error::from).unwrap_err()),
        ]
    }
    assert!(parse(TRACK).is_ok());
    let error = parse("x").unwrap_err();
    assert_eq!(error.to_string(), "x".parse::<TrackId>().unwrap_err().to_string());
    assert_eq!(error.call(), None);
    for error in others("x").into_iter().chain([error]) {
        let Error::InvalidArgument(invalid) = &error else { panic!("{error}") };
        assert_eq!((&invalid.call, &invalid.param), (&None, &None));
        assert!(!error.to_string().contains("nothing was sent"), "{error}");
        assert!(invalid.value.is_empty() || &*invalid.value == "x", "{error}");
    }
}

#[test]
fn ids_are_read_from_uris_and_links_and_never_empty() {
    let read = |text: &str| serde_json::from_value::<TrackId>(text.into());
    for text in [
        TRACK.to_owned(),
        format!("spotify:track:{TRACK}"),
        format!("https://open.spotify.com/track/{TRACK}?si=1"),
    ] {
        assert_eq!(read(&text).unwrap(), TRACK, "{text}");
    }
    assert_eq!(read("a-new-form").unwrap(), "a-new-form");
    for (text, problem) in [
        ("", "found empty text"),
        (" ", "found empty text"),
        ("spotify:album:382ObEPsp2rxGrnsizN5TX", "found the album"),
        ("https://spotify.link/x", "short link"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
    assert!(serde_json::from_value::<DeviceId>("".into()).is_err());
    assert_eq!(serde_json::from_value::<UserId>("spotify:user:j.r".into()).unwrap(), "j.r");
}

#[test]
fn settings_take_what_calls_take() {
    let token = Secret::new("token");
    let builder = || Spotify::builder().token(&token);
    for builder in [
        builder().market("fi"),
        builder().market(Market::FI),
        builder().market(Some(Market::FI)),
        builder().market(Some("FI".to_owned())),
    ] {
        let spotify = builder.build().unwrap();
        assert_eq!(query(spotify.get_my_saved_tracks().request()), "market=FI");
    }
    let error = builder().market("XX").build().unwrap_err().to_string();
    assert_eq!(error, "market: expected a two-letter ISO 3166-1 country code, found `XX`");
    let (string, boxed): (String, Box<str>) = ("token".into(), "token".into());
    for spotify in [
        Spotify::from_token("token"),
        Spotify::from_token(&string),
        Spotify::from_token(string),
        Spotify::from_token(boxed),
        Spotify::from_token(Cow::Borrowed("token")),
        Spotify::from_token(&token),
        Spotify::from_token(token),
    ] {
        spotify.unwrap();
    }
}

#[test]
fn scopes_of_every_form() {
    fn count(scopes: impl Into<Scopes>) -> usize {
        scopes.into().len()
    }
    let list = vec![Scope::UserReadEmail, Scope::UserTopRead];
    assert_eq!(count(Scope::UserReadEmail), 1);
    assert_eq!(count(&Scope::UserReadEmail), 1);
    assert_eq!(count(["user-read-email", "user-top-read"]), 2);
    assert_eq!(count([Scope::UserReadEmail, Scope::UserTopRead]), 2);
    assert_eq!(count(&list[..]), 2);
    assert_eq!(count(list.clone()), 2);
    assert_eq!(count(&Scopes::from(list)), 2);
    let call = client().get("/me/tracks").scopes([Scope::UserLibraryRead, Scope::UserTopRead]);
    assert_eq!(call.request().unwrap().endpoint().scopes.required.len(), 2);
}

mod pairs {
    //! A line for each field of a model that some call takes back, which `tests/build.rs` generates.
    #![allow(clippy::all)]

    use tonearm::model::*;
    use tonearm::param::*;
    use tonearm::*;

    include!(concat!(env!("OUT_DIR"), "/pairs.rs"));

    #[test]
    fn every_field_of_a_model_goes_back_into_the_calls_that_take_such_a_value() {
        let of = |text: &str| PAIRS.iter().filter(|pair| pair.contains(text)).count();
        for pair in [
            "skip_to_next().device_id(&device.id)",
            "get_album(&album.id)",
            "save_items(track.uri())",
            "start_playback().context_uri(&context.uri)",
            "set_volume(value)",
            "start_playback().position_ms(&playback.progress_ms)",
        ] {
            assert!(of(pair) > 0, "{pair} is not among {:#?}", PAIRS);
        }
        assert!(PAIRS.len() > 300, "{} pairs", PAIRS.len());
    }
}

#[test]
fn lists_start_at_a_checkpoint_of_their_kind() {
    let spotify = client();
    let tracks = || spotify.get_my_saved_tracks().offset(20);
    let at = |checkpoint| tracks().start_at(&checkpoint).request().unwrap().query_value("offset");
    assert_eq!(at(Checkpoint::Offset(70)).as_deref(), Some("70"));
    assert_eq!(at(Checkpoint::Start).as_deref(), Some("20"));
    let artists = spotify.get_my_followed_artists().start_at(&Checkpoint::After("3".to_owned()));
    assert_eq!(artists.request().unwrap().query_value("after").as_deref(), Some("3"));

    let error = tracks().start_at(&Checkpoint::After("3".to_owned())).send().unwrap_err();
    insta::assert_snapshot!(error, @"get_my_saved_tracks: `offset`: expected a checkpoint with `offset`, found one with `after`; nothing was sent");
    let error = spotify.get_my_followed_artists().start_at(&Checkpoint::Offset(3)).send();
    insta::assert_snapshot!(error.unwrap_err(), @"get_my_followed_artists: `after`: expected a checkpoint with `after`, found one with `offset`; nothing was sent");
}
