//! The traits of the public types: as map keys, through serde, and across threads.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tonearm::error::*;
use tonearm::model::{self, ReleaseDate};
use tonearm::param::*;
use tonearm::*;

const TRACK: &str = "7ouMYWpwJ422jRcDASZB7P";

/// Checks that a value survives a round trip through JSON text and through a `Value`.
#[track_caller]
fn round_trip_json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> String {
    let text = serde_json::to_string(&value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    let tree = serde_json::to_value(&value).unwrap();
    assert_eq!(serde_json::from_value::<T>(tree).unwrap(), value, "{text}");
    text
}

/// Also checks that `Display` prints the text that `FromStr` parses.
#[track_caller]
fn round_trip_text<T>(value: T) -> String
where
    T: Serialize + DeserializeOwned + FromStr<Err: Debug> + Display + Hash + Eq + Clone + Debug,
{
    let text = value.to_string();
    assert_eq!(text.parse::<T>().unwrap(), value, "{text}");
    assert_eq!(
        round_trip_json(value),
        format!("\"{text}\""),
        "JSON contains the text that `Display` prints"
    );
    text
}

macro_rules! round_trip_all {
    ($($name:ident),*) => { $( { $name::ALL.iter().cloned().for_each(|value| drop(round_trip_text(value))); } )* };
}

#[test]
fn ids_and_uris_round_trip_through_text_and_json() {
    fn id<T>(text: &str)
    where
        T: Serialize + DeserializeOwned + FromStr<Err: Debug> + Display + Hash + Eq + Clone + Debug,
        T: for<'a> TryFrom<&'a str, Error: Debug> + TryFrom<String, Error: Debug> + AsRef<str>,
        T: for<'a> TryFrom<&'a SpotifyUri, Error: Debug>,
        T: Into<SpotifyUri> + Into<String> + Ord + std::borrow::Borrow<str>,
    {
        let id = T::try_from(text).unwrap();
        assert_eq!(round_trip_text(id.clone()), text);
        assert_eq!(T::try_from(text.to_owned()).unwrap(), id);
        let (uri, plain): (SpotifyUri, String) = (id.clone().into(), id.clone().into());
        assert_eq!(
            (round_trip_text(uri.clone()).rsplit(':').next(), plain.as_str()),
            (Some(text), text)
        );
        assert_eq!(T::try_from(&uri).unwrap(), id);
        assert_eq!(id.as_ref(), text);
        assert_eq!(HashSet::from([id]).get(text).map(T::as_ref), Some(text), "{uri}");
    }
    id::<AlbumId>(TRACK);
    id::<ArtistId>(TRACK);
    id::<AudiobookId>(TRACK);
    id::<ChapterId>(TRACK);
    id::<EpisodeId>(TRACK);
    id::<PlaylistId>(TRACK);
    id::<ShowId>(TRACK);
    id::<TrackId>(TRACK);
    id::<UserId>("smedjan");
    for text in ["spotify:local:a:b:c:1", "spotify:collection", "spotify:user:x:collection"] {
        assert_eq!(round_trip_text(SpotifyUri::try_from(text).unwrap()), text);
        assert!(TrackId::try_from(&SpotifyUri::try_from(text).unwrap()).is_err());
    }
    let album = SpotifyUri::try_from(format!("spotify:album:{TRACK}")).unwrap();
    insta::assert_snapshot!(TrackId::try_from(&album).unwrap_err(), @"expected a track id, URI or link, found the album `spotify:album:7ouMYWpwJ422jRcDASZB7P`");
    let by_id: BTreeMap<TrackId, u32> = BTreeMap::from([(TRACK.parse().unwrap(), 7)]);
    assert_eq!(by_id.get(TRACK), Some(&7), "a map with ids as keys can be searched by text");
    assert_eq!(round_trip_json(by_id), format!("{{\"{TRACK}\":7}}"));
}

#[test]
fn enums_round_trip_through_text_and_json() {
    fn all<T>(words: &[&str])
    where
        T: Serialize + DeserializeOwned + FromStr<Err: Debug> + Display + Hash + Eq + Clone + Debug,
        T: AsRef<str>,
    {
        for word in words {
            let value = word.parse::<T>().unwrap();
            assert_eq!((value.as_ref(), &*round_trip_text(value.clone())), (*word, *word));
        }
        let error =
            serde_json::from_str::<T>("\"none of them\"").map_err(|error| error.to_string());
        assert!(error.is_ok() || error.is_err_and(|text| text.contains("none of them")));
    }
    all::<TimeRange>(&["long_term", "medium_term", "short_term"]);
    all::<RepeatMode>(&["track", "context", "off"]);
    all::<AlbumGroup>(&["album", "single", "appears_on", "compilation"]);
    all::<AdditionalType>(&["track", "episode"]);
    all::<ExternalContent>(&["audio"]);
    all::<SearchType>(&["album", "audiobook"]);
    all::<TunableAttribute>(&["acousticness", "tempo"]);
    all::<QuotaMode>(&["auto", "extended", "development"]);
    all::<model::AlbumType>(&["album", "ep"]);
    all::<model::ContextType>(&["collection", "x"]);
    all::<model::CopyrightType>(&["C", "x"]);
    all::<model::DatePrecision>(&["day", "x"]);
    all::<model::DeviceType>(&["x"]);
    all::<model::PlayingType>(&["track", "x"]);
    all::<model::Product>(&["premium", "x"]);
    all::<model::RestrictionReason>(&["market", "x"]);
    all::<model::SeedType>(&["x"]);
    insta::assert_snapshot!(serde_json::from_str::<QuotaMode>("\"dev\"").unwrap_err(), @"expected one of auto, extended, development, found `dev` at line 1 column 5");
    insta::assert_snapshot!(serde_json::from_str::<TimeRange>("7").unwrap_err(), @"invalid type: integer `7`, expected a value of TimeRange at line 1 column 1");
}

#[test]
fn enum_of_parameters_and_responses_keeps_an_unknown_value_of_a_response() {
    let sent: RepeatMode = serde_json::from_str("\"shuffle\"").unwrap();
    assert_eq!(sent, RepeatMode::Other("shuffle".into()));
    assert_eq!(serde_json::from_str::<AlbumGroup>("\"Single\"").unwrap(), AlbumGroup::Single);
    insta::assert_snapshot!("shuffle".parse::<RepeatMode>().unwrap_err(), @"expected one of track, context, off, found `shuffle`");

    assert_eq!(RepeatMode::try_from("Track"), Ok(RepeatMode::Track));
    assert_eq!(RepeatMode::try_from("shuffle"), "shuffle".parse::<RepeatMode>());
    assert!(AlbumGroup::try_from("mixtape".to_owned()).is_err());

    let spotify = Spotify::from_token("token").unwrap();
    let request = spotify.set_repeat(sent).request().unwrap();
    assert_eq!(request.query_value("state").as_deref(), Some("shuffle"));
    assert!(spotify.set_repeat("shuffle").request().is_err());
}

#[test]
fn scopes_markets_and_timestamps_round_trip() {
    round_trip_all!(Scope, Market);
    round_trip_text(Scope::Other("user-soa-link".into()));
    round_trip_text(Scopes::empty());
    assert_eq!(Scope::ALL.len(), 19);
    assert!(serde_json::from_str::<tonearm::Checkpoint>(r#"{"offset":-1}"#).is_err());
    let scopes: Scopes = [Scope::UserTopRead, Scope::Streaming].into();
    assert_eq!(round_trip_text(scopes.clone()), "streaming user-top-read");
    assert_eq!(round_trip_json(scopes.clone()), r#""streaming user-top-read""#);
    assert_eq!(serde_json::from_str::<Scopes>(r#"["user-top-read","streaming"]"#).unwrap(), scopes);
    assert_eq!((&scopes).into_iter().count(), scopes.clone().into_iter().count());
    insta::assert_snapshot!(serde_json::from_str::<Scopes>("7").unwrap_err(), @"invalid type: integer `7`, expected scopes as a string or as a list at line 1 column 1");

    let mut markets = MarketSet::from([Market::SE, Market::FI]);
    markets.extend([Market::NO, Market::try_from("fi").unwrap()]);
    assert_eq!((&markets).into_iter().collect::<Vec<_>>(), [Market::FI, Market::NO, Market::SE]);
    assert_eq!(round_trip_json(markets.clone()), r#"["FI","NO","SE"]"#);
    assert!(markets.remove(Market::NO) && !markets.remove(Market::NO));
    assert!(markets.insert(Market::DK) && !markets.insert(Market::DK));
    assert_eq!(markets.iter().collect::<Vec<_>>(), [Market::DK, Market::FI, Market::SE]);

    round_trip_text(Timestamp::from_unix_seconds(1_700_000_000));
    round_trip_text(Timestamp::from_unix_millis(-1));
    round_trip_text(Timestamp::now());
    assert_eq!(round_trip_text(Date::new(2026, 11, 30).unwrap()), "2026-11-30");
    assert_eq!(Date::try_from("2026-11-30"), Ok(Date::new(2026, 11, 30).unwrap()));
    assert!(Timestamp::try_from("1970-01-01T00:00:00Z".to_owned()).is_ok());
    assert!(Timestamp::try_from("1970-01-01").is_err());
    assert_eq!(ReleaseDate::try_from("1981-12").unwrap().month(), Some(12));
    assert_eq!(TimeRange::try_from("long_term"), Ok(TimeRange::LongTerm));
    assert_eq!(format!("{:?}", Date::new(981, 2, 3).unwrap()), "0981-02-03");
    insta::assert_snapshot!(serde_json::from_str::<Date>("7").unwrap_err(), @"invalid type: integer `7`, expected a date at line 1 column 1");
    insta::assert_snapshot!(serde_json::from_str::<Date>("\"1900-02-29\"").unwrap_err(), @"expected a date in the calendar, found `1900-02-29`; use a day from 01 to 28 in 1900-02 at line 1 column 12");
    for date in ["1981-12", "1981", "1981-12-15", "0001-01-01"] {
        let date: ReleaseDate = date.parse().unwrap();
        assert_eq!(date.to_string().parse::<ReleaseDate>().unwrap(), date);
        round_trip_json(date);
    }
}

#[test]
fn checkpoints_and_pages_round_trip_through_json() {
    let after = Checkpoint::After("AQ".into());
    assert_eq!(Checkpoint::default(), Checkpoint::Start);
    let places =
        [Checkpoint::Start, Checkpoint::Offset(100), after, Checkpoint::Before("AQ".into())];
    insta::assert_snapshot!(round_trip_json(places.to_vec()), @r#"["start",{"offset":100},{"after":"AQ"},{"before":"AQ"}]"#);
    let page = r#"{"items":["a"],"limit":1,"offset":2,"total":3,"next":"n"}"#;
    let page: Page<String> = serde_json::from_str(page).unwrap();
    round_trip_json(page);
    let page = r#"{"items":["a"],"limit":1,"cursors":{"after":"AQ"},"next":"n"}"#;
    let page: CursorPage<String> = serde_json::from_str(page).unwrap();
    round_trip_json(page.cursors.clone());
    round_trip_json(page);
    let page: AnyPage<String> = serde_json::from_str(r#"{"items":["a"],"total":1}"#).unwrap();
    round_trip_json(page);
    round_trip_json(serde_json::from_str::<model::Snapshot>(r#"{"snapshot_id":"MTgs"}"#).unwrap());
}

/// Values can be sent to other threads and shared between them.
#[test]
fn public_types_are_send_sync_and_static() {
    fn is<T: Debug + Send + Sync + 'static>() {}
    macro_rules! all { ($($name:ty),* $(,)?) => { $(is::<$name>();)* } }
    all!(AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, DeviceId, EpisodeId);
    all!(PlaylistId, ShowId, TrackId, UserId);
    all!(SpotifyUri, InvalidId, Market, MarketSet, UnknownMarket, Scope, Scopes, UnknownValue);
    all!(
        Timestamp,
        InvalidTimestamp,
        InvalidDate,
        RateLimitKind,
        QuotaMode,
        Secret,
        RawResponse,
        Request,
        Endpoint
    );
    fn survives_a_panic<T: std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
    survives_a_panic::<Spotify>();
    survives_a_panic::<endpoint::tracks::GetMySavedTracks>();
    all!(AdditionalType, ExternalContent, AlbumGroup, RepeatMode, SearchType, TimeRange);
    all!(TunableAttribute, Tuning, Jpeg, TimestampedId);
    all!(Page<TrackId>, CursorPage<TrackId>, AnyPage<TrackId>, Cursors, SkippedItem, SkipReason);
    all!(
        Checkpoint,
        WriteCheckpoint,
        CollectError<TrackId>,
        Items<Page<TrackId>>,
        Pages<CursorPage<TrackId>>,
        Event<'static>
    );
    all!(
        WaitReason,
        Error,
        ConfigError,
        InvalidArgument,
        PagingError,
        PagingErrorKind,
        TransportError,
        TransportErrorKind,
        DecodeError,
        PartialWrite
    );
    all!(
        ApiError,
        RateLimited,
        EndpointUnavailable,
        InsufficientScope,
        LoginRequired,
        LoginFailed,
        LoginFailedKind
    );
    all!(StoreError, StoreErrorKind, LoginRequiredKind, auth::MemoryStore, auth::FileStore);
    all!(Token, App, Spotify, SpotifyBuilder, custom::CustomCall, custom::CustomBatches);
    all!(endpoint::ConditionalScope, endpoint::Fallback, endpoint::EndpointScopes);
    all!(endpoint::ParamLocation, endpoint::UnlockingScope, Date);
    all!(auth::Cooldown, custom::NamedCall);
    all!(
        fake::Server,
        fake::ServerBuilder,
        fake::Library,
        fake::Recorder,
        fake::Log,
        fake::Browser
    );
    all!(fake::Fault, fake::Catalog, fake::Reply, fake::ReceivedRequest);
    all!(endpoint::Method, endpoint::Availability, endpoint::ParamInfo, endpoint::ParamKind);
    all!(endpoint::TokenKind, search_item::Track, top_item::Artists);
    all!(endpoint::tracks::GetMySavedTracks, endpoint::search::SearchFor<search_item::Track>);
    all!(endpoint::library::SaveItems, endpoint::playlists::ChangePlaylistDetails);

    fn goes<T: Send + 'static>() {}
    goes::<Login>();

    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    macro_rules! errors { ($($name:ty),* $(,)?) => { $(error::<$name>();)* } }
    errors!(
        Error,
        ConfigError,
        InvalidArgument,
        PagingError,
        TransportError,
        DecodeError,
        PartialWrite,
        ApiError,
        RateLimited,
        EndpointUnavailable
    );
    errors!(InsufficientScope, LoginRequired, LoginFailed, StoreError, CollectError<TrackId>);
    errors!(InvalidId, UnknownMarket, UnknownValue, InvalidTimestamp, InvalidDate);
}

#[test]
fn endpoints_can_be_hash_map_keys() {
    let calls = HashMap::from([(&endpoint::GET_ME, 1), (&endpoint::GET_ALBUM, 2)]);
    let by_name = Spotify::endpoints().iter().find(|row| row.name == "get_album").unwrap();
    assert_eq!(calls.get(by_name), Some(&2));
    assert_eq!(
        calls.get(&endpoint::GET_ALBUM.clone()),
        Some(&2),
        "compared by name, not by address"
    );
    let row = endpoint::SAVE_ITEMS.clone();
    assert!(row.scopes == endpoint::SAVE_ITEMS.scopes && row.params == endpoint::SAVE_ITEMS.params);
}
