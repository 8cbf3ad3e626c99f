//! The same calls in extended quota mode and in development mode return equal values.
//!
//! The calls are those for users and their library, and those with a fallback endpoint.

use std::collections::BTreeSet;

use serde_json::Value;
use tonearm::endpoint::Availability;
use tonearm::fake::{Catalog, Server};
use tonearm::{Error, QuotaMode, Spotify, TimeRange, top_item};

type Run = fn(&Spotify, &Catalog) -> Result<Value, Error>;

/// Converts the value that a call returned to JSON.
fn json(answer: impl serde::Serialize) -> Result<Value, Error> {
    Ok(serde_json::to_value(answer).unwrap())
}

/// Ids from the catalog, some saved and some not, and one id that does not exist.
macro_rules! some {
    ($catalog:ident.$kind:ident, $id:ident) => {{
        let mut ids: Vec<tonearm::$id> = $catalog.$kind().into_iter().step_by(3).take(47).collect();
        ids.insert(5, "0000000000000000000000".parse().unwrap());
        ids
    }};
}

macro_rules! calls {
    ($($name:ident: |$spotify:ident, $catalog:ident| $call:expr;)*) => {
        &[$((stringify!($name), |$spotify, $catalog| { let _ = $catalog; $call })),*]
    };
}

/// Every call for users and their library, and every call that has a fallback endpoint, in an order in which reads
/// return the effects of earlier writes.
#[rustfmt::skip]
const CALLS: &[(&str, Run)] = calls! {
    get_me: |s, c| json(s.get_me().send()?);
    get_user: |s, c| json(s.get_user(&c.users()[0]).send()?);
    get_my_top_items: |s, c| json(s.get_my_top_items(top_item::Artists).time_range(TimeRange::ShortTerm).send()?);

    are_albums_saved: |s, c| json(s.are_albums_saved(some!(c.albums, AlbumId)).send()?);
    save_albums: |s, c| json(s.save_albums(some!(c.albums, AlbumId)).send()?);
    are_albums_saved: |s, c| json(s.are_albums_saved(some!(c.albums, AlbumId)).send()?);
    remove_saved_albums: |s, c| json(s.remove_saved_albums(&some!(c.albums, AlbumId)[..23]).send()?);
    get_my_saved_albums: |s, c| json(s.get_my_saved_albums().collect_all()?);

    are_tracks_saved: |s, c| json(s.are_tracks_saved(some!(c.tracks, TrackId)).send()?);
    save_tracks: |s, c| json(s.save_tracks(some!(c.tracks, TrackId)).send()?);
    remove_saved_tracks: |s, c| json(s.remove_saved_tracks(&some!(c.tracks, TrackId)[..30]).send()?);
    are_tracks_saved: |s, c| json(s.are_tracks_saved(some!(c.tracks, TrackId)).send()?);
    get_my_saved_tracks: |s, c| json(s.get_my_saved_tracks().collect_all()?);

    are_shows_saved: |s, c| json(s.are_shows_saved(some!(c.shows, ShowId)).send()?);
    save_shows: |s, c| json(s.save_shows(some!(c.shows, ShowId)).send()?);
    remove_saved_shows: |s, c| json(s.remove_saved_shows(&some!(c.shows, ShowId)[..30]).send()?);
    are_shows_saved: |s, c| json(s.are_shows_saved(some!(c.shows, ShowId)).send()?);
    get_my_saved_shows: |s, c| json(s.get_my_saved_shows().collect_all()?);

    are_episodes_saved: |s, c| json(s.are_episodes_saved(some!(c.episodes, EpisodeId)).send()?);
    save_episodes: |s, c| json(s.save_episodes(some!(c.episodes, EpisodeId)).send()?);
    remove_saved_episodes: |s, c| json(s.remove_saved_episodes(&some!(c.episodes, EpisodeId)[..30]).send()?);
    are_episodes_saved: |s, c| json(s.are_episodes_saved(some!(c.episodes, EpisodeId)).send()?);
    get_my_saved_episodes: |s, c| json(s.get_my_saved_episodes().collect_all()?);

    are_audiobooks_saved: |s, c| json(s.are_audiobooks_saved(some!(c.audiobooks, AudiobookId)).send()?);
    save_audiobooks: |s, c| json(s.save_audiobooks(some!(c.audiobooks, AudiobookId)).send()?);
    remove_saved_audiobooks: |s, c| json(s.remove_saved_audiobooks(&some!(c.audiobooks, AudiobookId)[..30]).send()?);
    are_audiobooks_saved: |s, c| json(s.are_audiobooks_saved(some!(c.audiobooks, AudiobookId)).send()?);
    get_my_saved_audiobooks: |s, c| json(s.get_my_saved_audiobooks().collect_all()?);

    is_following_artists: |s, c| json(s.is_following_artists(some!(c.artists, ArtistId)).send()?);
    follow_artists: |s, c| json(s.follow_artists(some!(c.artists, ArtistId)).send()?);
    unfollow_artists: |s, c| json(s.unfollow_artists(&some!(c.artists, ArtistId)[..30]).send()?);
    is_following_artists: |s, c| json(s.is_following_artists(some!(c.artists, ArtistId)).send()?);
    get_my_followed_artists: |s, c| json(s.get_my_followed_artists().collect_all()?);

    is_following_users: |s, c| json(s.is_following_users(c.users()).send()?);
    follow_users: |s, c| json(s.follow_users(&c.users()[20..]).send()?);
    unfollow_users: |s, c| json(s.unfollow_users(&c.users()[..22]).send()?);
    is_following_users: |s, c| json(s.is_following_users(c.users()).send()?);

    is_following_playlist: |s, c| json(s.is_following_playlist(&c.playlists()[90]).send()?);
    follow_playlist: |s, c| json(s.follow_playlist(&c.playlists()[90]).send()?);
    is_following_playlist: |s, c| json(s.is_following_playlist(&c.playlists()[90]).send()?);
    unfollow_playlist: |s, c| json(s.unfollow_playlist(&c.playlists()[90]).send()?);
    is_following_playlist: |s, c| json(s.is_following_playlist(&c.playlists()[90]).send()?);

    are_items_saved: |s, c| json(s.are_items_saved(c.tracks().iter().take(90)).send()?);
    save_items: |s, c| json(s.save_items(c.tracks().iter().take(90)).send()?);
    remove_saved_items: |s, c| json(s.remove_saved_items(c.tracks().iter().take(45)).send()?);

    get_albums: |s, c| json(s.get_albums(some!(c.albums, AlbumId)).send()?);
    get_artists: |s, c| json(s.get_artists(some!(c.artists, ArtistId)).send()?);
    get_audiobooks: |s, c| json(s.get_audiobooks(some!(c.audiobooks, AudiobookId)).send()?);
    get_chapters: |s, c| json(s.get_chapters(some!(c.chapters, ChapterId)).send()?);
    get_episodes: |s, c| json(s.get_episodes(some!(c.episodes, EpisodeId)).send()?);
    get_shows: |s, c| json(s.get_shows(some!(c.shows, ShowId)).send()?);
    get_tracks: |s, c| json(s.get_tracks(some!(c.tracks, TrackId)).send()?);

    create_playlist_for_user: |s, c| json(s.create_playlist_for_user(&c.users()[0], "Made").public(false).send()?);
    get_my_playlists: |s, c| json(s.get_my_playlists().collect_all()?);
    get_user_playlists: |s, c| json(s.get_user_playlists(&c.users()[0]).collect_all()?);
    add_playlist_tracks: |s, c| json(s.add_playlist_tracks(&made(s)?, c.tracks().iter().take(230)).position(0).send()?);
    get_playlist_tracks: |s, c| json(s.get_playlist_tracks(&made(s)?).collect_all()?);
    get_playlist_tracks: |s, c| json(s.get_playlist_tracks(&made(s)?).fields("total,items(track(name,id,type))").send()?.total);
    reorder_playlist_tracks: |s, c| json(s.reorder_playlist_tracks(&made(s)?).range_start(7).insert_before(0).range_length(3).send()?);
    remove_playlist_tracks: |s, c| json(s.remove_playlist_tracks(&made(s)?, c.tracks().iter().take(120)).send()?);
    get_playlist_tracks: |s, c| json(s.get_playlist_tracks(&made(s)?).collect_all()?);
    replace_playlist_tracks: |s, c| json(s.replace_playlist_tracks(&made(s)?, c.tracks().iter().skip(5).take(130)).send()?);
    get_playlist_tracks: |s, c| json(s.get_playlist_tracks(&made(s)?).offset(90).collect_all()?);
};

/// Returns the id of the playlist that an earlier call created.
fn made(spotify: &Spotify) -> Result<tonearm::PlaylistId, Error> {
    let all = spotify.get_my_playlists().collect_all()?;
    let made = all.into_iter().find(|playlist| &*playlist.name == "Made");
    Ok(made.map(|playlist| playlist.id).expect("an earlier call creates the playlist"))
}

/// The fields that Spotify does not send to apps in development mode.
const LOST: [&str; 9] = [
    "album_group",
    "available_markets",
    "followers",
    "genres",
    "label",
    "linked_from",
    "popularity",
    "preview_url",
    "publisher",
];

/// The fields of the current user's profile that the profiles of other users lack.
const OWN: [&str; 5] = ["account_id", "country", "email", "explicit_content", "product"];

/// Compares a value that was returned in development mode with the one returned in extended quota mode.
fn compare(extended: &Value, development: &Value, at: &str) {
    match (extended, development) {
        (Value::Object(whole), Value::Object(part)) => {
            for (key, value) in whole {
                match part.get(key) {
                    // These fields differ: times are those of the test's own writes, URLs contain the server and the
                    // request, and the default page size is smaller.
                    Some(found) if key == "added_at" => {
                        assert_eq!(found.is_string(), value.is_string(), "{at}");
                    }
                    Some(_)
                        if matches!(
                            key.as_str(),
                            "href" | "next" | "previous" | "limit" | "url"
                        ) => {}
                    // The list is empty instead of missing.
                    Some(found) if LOST.contains(&key.as_str()) && found != value => {
                        assert!(found.as_array().is_some_and(Vec::is_empty), "{at}.{key}: {found}");
                    }
                    Some(found) => compare(value, found, &format!("{at}.{key}")),
                    None => assert!(LOST.contains(&key.as_str()), "{at} lacks `{key}`"),
                }
            }
            for key in part.keys().filter(|key| !whole.contains_key(*key)) {
                assert!(at.starts_with("get_user") && OWN.contains(&key.as_str()), "{at}.{key}");
            }
        }
        (Value::Array(whole), Value::Array(part)) => {
            assert_eq!(whole.len(), part.len(), "{at}");
            for (index, (value, found)) in whole.iter().zip(part).enumerate() {
                compare(value, found, &format!("{at}[{index}]"));
            }
        }
        _ => assert_eq!(extended, development, "{at}"),
    }
}

fn both(mode: QuotaMode) -> (Server, Server) {
    let (extended, development) = (
        Server::start().unwrap(),
        Server::builder().quota_mode(QuotaMode::Development).start().unwrap(),
    );
    let of_extended = extended.client().unwrap();
    let of_development = development.client_builder().quota_mode(mode).build().unwrap();
    for (name, call) in CALLS {
        let run = |spotify: &Spotify, server: &Server, kind: &str| {
            call(spotify, server.catalog()).unwrap_or_else(|error| panic!("{kind}: {error}"))
        };
        let expected = run(&of_extended, &extended, "extended");
        let found = run(&of_development, &development, "development");
        compare(&expected, &found, name);
        assert_eq!(extended.library(), development.library(), "after {name}");
    }
    (extended, development)
}

#[test]
fn auto_mode_returns_equal_results_in_both_quota_modes() {
    let (extended, development) = both(QuotaMode::Auto);
    assert!(
        extended.requests().iter().all(|seen| seen.status < Some(400) || seen.status == Some(404))
    );
    // One request is rejected for each fallback endpoint.
    let requests = development.requests();
    let refused = requests.iter().filter(|seen| seen.status == Some(403));
    let forms = |name: &str| {
        let row = Spotify::endpoints().iter().find(|row| row.name == name).unwrap();
        &*row.fallback.unwrap().endpoint.name
    };
    let closed: Vec<&str> = refused.filter_map(|seen| seen.call).map(forms).collect();
    let families: BTreeSet<&str> = closed.iter().copied().collect();
    assert_eq!(families.len(), closed.len(), "{closed:?}");
    let all = Spotify::endpoints().iter().filter_map(|row| Some(&*row.fallback?.endpoint.name));
    assert_eq!(families, all.collect::<BTreeSet<_>>());
}

#[test]
fn development_mode_returns_equal_results_without_a_403() {
    let (_, development) = both(QuotaMode::Development);
    let refused = development.requests().into_iter().filter(|seen| seen.status == Some(403));
    assert_eq!(refused.map(|seen| seen.to_string()).collect::<Vec<_>>(), [] as [&str; 0]);
}

#[test]
fn every_call_with_a_fallback_is_compared() {
    let named: BTreeSet<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    for row in Spotify::endpoints() {
        if row.fallback.is_some() {
            assert!(named.contains(&*row.name), "{} is not compared", row.name);
        }
    }
}

/// Checks that the call for one id returns the same as the call for a list of one.
macro_rules! checks {
    ($spotify:ident, $ids:expr, $one:ident, $many:ident) => {
        for id in $ids {
            let listed = $spotify.$many([&id]).send().unwrap();
            assert_eq!(vec![$spotify.$one(&id).send().unwrap()], listed, "{id}");
            let requests = $spotify.$many([&id]).requests().unwrap();
            assert_eq!($spotify.$one(&id).requests().unwrap(), requests);
        }
    };
}

#[test]
fn a_check_of_one_id_is_the_check_of_a_list_of_it() {
    for mode in [QuotaMode::Extended, QuotaMode::Development] {
        let server = Server::builder().quota_mode(mode).start().unwrap();
        let (spotify, c) = (server.client().unwrap(), server.catalog());
        let track = c.tracks()[0].clone();
        spotify.remove_saved_tracks([&track]).send().unwrap();
        assert!(!spotify.is_track_saved(&track).send().unwrap());
        spotify.save_tracks([&track]).send().unwrap();
        assert!(spotify.is_track_saved(&track).send().unwrap());

        checks!(spotify, some!(c.albums, AlbumId), is_album_saved, are_albums_saved);
        checks!(
            spotify,
            some!(c.audiobooks, AudiobookId),
            is_audiobook_saved,
            are_audiobooks_saved
        );
        checks!(spotify, some!(c.episodes, EpisodeId), is_episode_saved, are_episodes_saved);
        checks!(spotify, some!(c.shows, ShowId), is_show_saved, are_shows_saved);
        checks!(spotify, some!(c.tracks, TrackId), is_track_saved, are_tracks_saved);
        checks!(spotify, some!(c.tracks, TrackId), is_item_saved, are_items_saved);
        checks!(spotify, some!(c.artists, ArtistId), is_following_artist, is_following_artists);
        checks!(spotify, c.users(), is_following_user, is_following_users);
    }
}

#[test]
fn calls_without_fallback_fail_only_in_development_mode() {
    let (extended, development) = (
        Server::start().unwrap(),
        Server::builder().quota_mode(QuotaMode::Development).start().unwrap(),
    );
    let track = extended.catalog().tracks()[0].clone();
    let artist = extended.catalog().artists()[0].clone();
    type Asked<'a> = Box<dyn Fn(&Spotify) -> Result<Value, Error> + 'a>;
    let calls: &[(&str, Asked<'_>)] = &[
        ("get_new_releases", Box::new(|s| json(s.get_new_releases().send()?))),
        ("get_artist_top_tracks", Box::new(|s| json(s.get_artist_top_tracks(&artist).send()?))),
        (
            "get_artist_related_artists",
            Box::new(|s| json(s.get_artist_related_artists(&artist).send()?)),
        ),
        ("get_categories", Box::new(|s| json(s.get_categories().send()?))),
        (
            "get_category",
            Box::new(|s| {
                let first = extended.client()?.get_categories().send()?.items[0].id.clone();
                json(s.get_category(&first).send()?)
            }),
        ),
        (
            "get_category_playlists",
            Box::new(|s| {
                let first = extended.client()?.get_categories().send()?.items[0].id.clone();
                json(s.get_category_playlists(&first).send()?)
            }),
        ),
        ("get_genre_seeds", Box::new(|s| json(s.get_genre_seeds().send()?))),
        ("get_markets", Box::new(|s| json(s.get_markets().send()?))),
        ("get_featured_playlists", Box::new(|s| json(s.get_featured_playlists().send()?))),
        ("get_audio_features", Box::new(|s| json(s.get_audio_features(&track).send()?))),
        (
            "get_many_audio_features",
            Box::new(|s| json(s.get_many_audio_features([&track]).send()?)),
        ),
        ("get_audio_analysis", Box::new(|s| json(s.get_audio_analysis(&track).send()?))),
        (
            "get_recommendations",
            Box::new(|s| json(s.get_recommendations().seed_artists([&artist]).send()?)),
        ),
    ];
    let (open, closed) = (extended.client().unwrap(), development.client().unwrap());
    for (name, call) in calls {
        call(&open).unwrap_or_else(|error| panic!("{error}"));
        let error = call(&closed).unwrap_err();
        let Error::EndpointUnavailable(why) = &error else { panic!("{error}") };
        assert_eq!((&*why.call, &why.fallback), (*name, &None));
    }
    let named: Vec<&str> = calls.iter().map(|(name, _)| *name).collect();
    for row in Spotify::endpoints() {
        if row.availability != Availability::All && row.fallback.is_none() {
            assert!(named.contains(&&*row.name), "{} is not tested", row.name);
        }
    }
}

#[test]
fn unsupported_fallback_options_change_nothing() {
    let development = Server::builder().quota_mode(QuotaMode::Development).start().unwrap();
    let spotify = development.client().unwrap();
    let before = development.library();
    let track = development.catalog().tracks()[1].clone();
    let error = spotify.save_tracks([(track, "2010-01-01T00:00:00Z")]).send();
    let error: Error = error.map(|()| "saved").unwrap_err();
    assert!(
        matches!(&error, Error::EndpointUnavailable(closed) if closed.unsupported_option.as_deref() == Some("added_at")),
        "{error}"
    );
    let playlist = development.catalog().playlists()[100].clone();
    let builder = development.client_builder().quota_mode(QuotaMode::Development);
    let restricted = builder.build().unwrap();
    let error = restricted.follow_playlist(&playlist).public(false).send().unwrap_err();
    assert!(
        matches!(&error, Error::EndpointUnavailable(closed) if closed.unsupported_option.as_deref() == Some("public")),
        "{error}"
    );
    assert_eq!(development.library(), before);
    // In `Auto`, the client sends the original request, which Spotify still accepts.
    spotify.follow_playlist(&playlist).public(false).send().unwrap();
    assert!(development.library().contains(&playlist.into()));
}

#[test]
fn playlist_of_another_user_fails_with_not_playlist_owner() {
    let development = Server::builder().quota_mode(QuotaMode::Development).start().unwrap();
    let spotify = development.client().unwrap();
    let catalog = development.catalog();
    let mine = spotify.get_my_playlists().collect_all().unwrap();
    let me = spotify.get_me().send().unwrap().id;
    let foreign = mine
        .iter()
        .find(|playlist| {
            playlist.owner.as_ref().is_some_and(|owner| owner.id.as_ref() != Some(&me))
                && !playlist.collaborative
        })
        .unwrap();
    for error in [
        spotify.get_playlist_tracks(&foreign.id).send().unwrap_err(),
        spotify.get_playlist_items(&foreign.id).send().unwrap_err(),
        spotify
            .add_playlist_tracks(&foreign.id, catalog.tracks().iter().take(1))
            .send()
            .unwrap_err(),
    ] {
        assert!(matches!(error, Error::NotPlaylistOwner(_)), "{error}");
    }
    assert!(spotify.get_playlist(&foreign.id).send().unwrap().items.is_none());
}

#[test]
fn a_number_above_the_maximum_of_development_mode_is_rejected_before_sending() {
    let server = Server::builder().quota_mode(QuotaMode::Development).start().unwrap();
    let told = server.client_builder().quota_mode(QuotaMode::Development).build().unwrap();
    let artist = server.catalog().artists()[0].clone();
    let playlist = server.catalog().playlists()[0].clone();
    let track = || tonearm::search_item::Track;
    let error = told.search_for("a", track()).limit(50).send().unwrap_err();
    insta::assert_snapshot!(error, @"search_for: `limit`: expected a number from 1 to 10 in development mode, found 50; nothing was sent");
    let pages = || told.get_artist_albums(&artist).limit(11).pages().next().unwrap();
    for error in [
        told.search("a", [tonearm::SearchType::Track]).limit(11).send().unwrap_err(),
        told.get_artist_albums(&artist).limit(11).request().unwrap_err(),
        pages().unwrap_err(),
    ] {
        assert!(matches!(error, Error::InvalidArgument(_)), "{error}");
    }
    assert!(server.requests().is_empty());
    told.search_for("a", track()).limit(10).send().unwrap();
    // Spotify only documents the maximum 50.
    told.get_playlist_items(&playlist).limit(100).send().unwrap();
    let error = told.get_playlist_items(&playlist).limit(101).send().unwrap_err();
    insta::assert_snapshot!(error, @"get_playlist_items: `limit`: expected a number from 1 to 100, found 101; nothing was sent");

    let auto = server.client().unwrap();
    let error = auto.get_artist_albums(&artist).limit(50).send().unwrap_err();
    insta::assert_snapshot!(error, @"get_artist_albums: Spotify returned 400: `Invalid limit`; set `limit` to 10 or less, the maximum in development mode");
}
