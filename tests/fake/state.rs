//! Saved and followed items, and the calls that read them back.

use tonearm::model::SimplifiedPlaylist;
use tonearm::{Error, QuotaMode, Scope, SpotifyUri, Timestamp, UserId};

use super::{start, with_scopes};

/// Saves, checks, lists and removes all ids of one kind.
macro_rules! saved_and_removed {
    ($ids:ident, $save:ident, $are_saved:ident, $remove:ident, $list:ident, $total:literal) => {{
        let (server, spotify) = start();
        let ids = server.catalog().$ids();
        let saved = spotify.$are_saved(&ids).send().unwrap();
        assert_eq!(saved.iter().filter(|is_saved| **is_saved).count(), $total);
        assert_eq!(spotify.$list().send().unwrap().total, Some($total));
        let unsaved: Vec<_> =
            ids.iter().zip(saved).filter(|(_, is_saved)| !is_saved).map(|(id, _)| id).collect();
        assert!(unsaved.len() >= 100, "{}", unsaved.len());

        spotify.$save(unsaved).send().unwrap();
        assert!(spotify.$are_saved(&ids).send().unwrap().iter().all(|is_saved| *is_saved));
        assert_eq!(spotify.$list().collect_all().unwrap().len(), ids.len());
        spotify.$remove(&ids).send().unwrap();
        assert_eq!(spotify.$list().send().unwrap().total, Some(0));
        assert_eq!(spotify.$list().items().count(), 0);
        let saved = spotify.$are_saved(&ids).send().unwrap();
        assert_eq!((saved.len(), saved.contains(&true)), (ids.len(), false));
    }};
}

#[test]
fn albums_are_saved_and_removed() {
    saved_and_removed!(
        albums,
        save_albums,
        are_albums_saved,
        remove_saved_albums,
        get_my_saved_albums,
        210
    );
}

#[test]
fn shows_are_saved_and_removed() {
    saved_and_removed!(
        shows,
        save_shows,
        are_shows_saved,
        remove_saved_shows,
        get_my_saved_shows,
        120
    );
}

#[test]
fn audiobooks_are_saved_and_removed() {
    saved_and_removed!(
        audiobooks,
        save_audiobooks,
        are_audiobooks_saved,
        remove_saved_audiobooks,
        get_my_saved_audiobooks,
        40
    );
}

#[test]
fn episodes_are_saved_and_removed() {
    saved_and_removed!(
        episodes,
        save_episodes,
        are_episodes_saved,
        remove_saved_episodes,
        get_my_saved_episodes,
        260
    );
}

#[test]
fn saved_tracks_keep_their_given_timestamps() {
    let (server, spotify) = start();
    let saved = spotify.get_my_saved_tracks().collect_all().unwrap();
    assert_eq!(saved.len(), 320);
    assert!(saved.is_sorted_by(|a, b| a.added_at >= b.added_at));
    let newest = saved[0].added_at.unwrap();
    let ids = server.catalog().tracks();
    let is_saved = spotify.are_tracks_saved(&ids[..200]).send().unwrap();
    let mut unsaved =
        ids.iter().zip(is_saved).filter(|(_, is_saved)| !is_saved).map(|(id, _)| id.clone());
    let [old, middle, now] = [(); 3].map(|()| unsaved.next().unwrap());

    let before = Timestamp::now().unix_seconds();
    let moment: Timestamp = "2001-02-03T04:05:59.9Z".parse().unwrap();
    spotify.save_tracks([(&old, moment)]).send().unwrap();
    spotify.save_tracks([(&middle, newest)]).send().unwrap();
    spotify.save_tracks([&now]).send().unwrap();
    let saved = spotify.get_my_saved_tracks().collect_all().unwrap();
    let at = |n: usize| (saved[n].track.id.clone().unwrap(), saved[n].added_at.unwrap());
    assert_eq!(saved.len(), 323);
    assert_eq!(at(0).0, now);
    let added_at = at(0).1.unix_seconds();
    assert!(added_at % 60 == 0 && (before - 60..=before + 60).contains(&added_at));
    // Of two tracks with the same `added_at`, the one saved later comes first.
    assert_eq!(at(1), (middle, newest));
    assert_eq!(at(322), (old.clone(), "2001-02-03T04:05:00Z".parse().unwrap()));
    // Saving a track again without a time changes nothing; with another time, it moves the track.
    spotify.save_tracks([&old]).send().unwrap();
    assert_eq!(spotify.get_my_saved_tracks().collect_all().unwrap(), saved);
    spotify.save_tracks([(&old, newest)]).send().unwrap();
    let again = spotify.get_my_saved_tracks().limit(3).send().unwrap();
    assert_eq!((again.total, again.items[1].track.id.as_ref()), (Some(323), Some(&old)));

    spotify.remove_saved_tracks([&now]).send().unwrap();
    assert_eq!(spotify.get_my_saved_tracks().send().unwrap().total, Some(322));
}

#[test]
fn library_saves_and_removes_items_of_all_kinds() {
    let (server, spotify) = start();
    let catalog = server.catalog();
    let all: Vec<SpotifyUri> = [
        catalog.tracks().into_iter().map(SpotifyUri::from).collect::<Vec<_>>(),
        catalog.albums().into_iter().map(SpotifyUri::from).collect(),
        catalog.episodes().into_iter().map(SpotifyUri::from).collect(),
        catalog.shows().into_iter().map(SpotifyUri::from).collect(),
        catalog.audiobooks().into_iter().map(SpotifyUri::from).collect(),
        catalog.artists().into_iter().map(SpotifyUri::from).collect(),
        catalog.users().into_iter().map(SpotifyUri::from).collect(),
        catalog.playlists().into_iter().map(SpotifyUri::from).collect(),
    ]
    .concat();
    let library = server.library();
    let mut mixed: Vec<SpotifyUri> = Vec::new();
    for kind in ["track", "album", "episode", "show", "audiobook", "artist", "user", "playlist"] {
        let unsaved = all.iter().filter(|uri| uri.kind() == kind && !library.contains(uri));
        mixed.extend(unsaved.take(6).cloned());
    }
    assert_eq!(spotify.are_items_saved(&mixed).send().unwrap(), [false; 48]);
    spotify.save_items(&mixed).send().unwrap();
    assert_eq!(spotify.are_items_saved(&mixed).send().unwrap(), [true; 48]);
    assert_eq!(server.library().len(), library.len() + 48);
    // The older endpoints return what `save_items` saved.
    let artists: Vec<_> = mixed
        .iter()
        .filter_map(|uri| match uri {
            SpotifyUri::Artist(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(spotify.is_following_artists(&artists).send().unwrap(), [true; 6]);
    spotify.remove_saved_items(&mixed[1..]).send().unwrap();
    let saved = spotify.are_items_saved(&mixed).send().unwrap();
    assert!(saved[0] && !saved[1..].contains(&true));

    // Unknown items are accepted and have no effect.
    let unknown = ["spotify:album:0000000000000000000000", "spotify:user:nobody"];
    spotify.save_items(unknown).send().unwrap();
    assert_eq!(spotify.are_items_saved(unknown).send().unwrap(), [false; 2]);
    // User ids that must be escaped twice, in the URI and in the query.
    let odd: Vec<UserId> = catalog.users()[1..4].to_vec();
    assert_eq!(odd[0], "zoë.å#1");
    assert_eq!(spotify.are_items_saved(&odd).send().unwrap(), [true; 3]);
}

#[test]
fn followed_artists_pagination_survives_changes() {
    let (server, spotify) = start();
    let artists = server.catalog().artists();
    let followed = spotify.is_following_artists(&artists).send().unwrap();
    assert_eq!(followed.iter().filter(|followed| **followed).count(), 130);
    let followed_ids: Vec<_> =
        spotify.get_my_followed_artists().items().map(|artist| artist.unwrap().id).collect();
    assert_eq!(followed_ids.len(), 130);

    let mut pages = spotify.get_my_followed_artists().limit(20).pages();
    let first = pages.next().unwrap().unwrap();
    assert_eq!((first.items.len(), first.total), (20, Some(130)));
    let cursor = first.items[19].id.clone();
    assert_eq!(first.cursors.after.as_deref(), Some(cursor.as_str()));
    let next = format!("{}/me/following?type=artist&after={cursor}&limit=20", server.base_url());
    assert_eq!(first.next.as_deref(), Some(next.as_str()));
    spotify.unfollow_artists(&followed_ids[..20]).send().unwrap();
    let rest: Vec<_> = pages.flat_map(|page| page.unwrap().items).map(|artist| artist.id).collect();
    assert_eq!(rest, followed_ids[20..]);
    let last =
        spotify.get_my_followed_artists().after(&followed_ids[109]).limit(50).send().unwrap();
    assert_eq!((last.items.len(), last.next, last.cursors.after), (20, None, None));
    assert_eq!(last.total, Some(110));

    spotify.follow_artists(&artists).send().unwrap();
    assert_eq!(spotify.get_my_followed_artists().collect_all().unwrap().len(), artists.len());
}

#[test]
fn users_are_followed_and_unfollowed() {
    let (server, spotify) = start();
    let users = &server.catalog().users()[1..];
    let followed = spotify.is_following_users(users).send().unwrap();
    assert_eq!(followed.iter().filter(|followed| **followed).count(), 24);
    spotify.unfollow_users(users).send().unwrap();
    assert!(!spotify.is_following_users(users).send().unwrap().contains(&true));
    spotify.follow_users(&users[..1]).send().unwrap();
    assert_eq!(server.requests().last().unwrap().status, Some(204));
    assert_eq!(spotify.is_following_users(&users[..2]).send().unwrap(), [true, false]);
}

fn ids(playlists: &[SimplifiedPlaylist]) -> Vec<&str> {
    playlists.iter().map(|playlist| playlist.id.as_str()).collect()
}

#[test]
fn private_and_collaborative_playlists_require_scopes() {
    let (server, spotify) = start();
    let own = spotify.get_my_playlists().collect_all().unwrap();
    assert_eq!(own.len(), 75);
    let count = |filter: fn(&&SimplifiedPlaylist) -> bool| own.iter().filter(filter).count();
    let collaborative = count(|playlist| playlist.collaborative);
    let private = count(|playlist| playlist.public == Some(false) && !playlist.collaborative);
    assert!(collaborative > 0 && private > 0);
    let seen_with = |scopes: &[Scope]| {
        with_scopes(&server, scopes).get_my_playlists().collect_all().unwrap().len()
    };
    assert_eq!(seen_with(&[]), 75 - private - collaborative);
    assert_eq!(seen_with(&[Scope::PlaylistReadPrivate]), 75 - collaborative);
    assert_eq!(seen_with(&[Scope::PlaylistReadCollaborative]), 75 - private);
    let hidden = own.iter().find(|p| p.public == Some(false) && !p.collaborative).unwrap();
    assert!(spotify.is_following_playlist(&hidden.id).send().unwrap());
    assert!(!with_scopes(&server, &[]).is_following_playlist(&hidden.id).send().unwrap());
}

#[test]
fn playlists_can_be_followed_privately_or_publicly() {
    let (server, spotify) = start();
    let playlists = server.catalog().playlists();
    let (shy, open) = (&playlists[101], &playlists[104]);
    let bare = with_scopes(&server, &[]);
    let seen_before = bare.get_my_playlists().send().unwrap().total.unwrap();
    assert!(!spotify.is_following_playlist(shy).send().unwrap());
    spotify.follow_playlist(shy).public(false).send().unwrap();
    spotify.follow_playlist(open).send().unwrap();
    assert!(spotify.is_following_playlist(shy).send().unwrap());
    let listed = spotify.get_my_playlists().limit(2).send().unwrap();
    assert_eq!(listed.total, Some(77));
    assert_eq!(ids(&listed.items), [open.as_str(), shy.as_str()]);
    assert_eq!([listed.items[0].public, listed.items[1].public], [Some(true), Some(false)]);
    let listed = bare.get_my_playlists().limit(1).send().unwrap();
    assert_eq!((ids(&listed.items)[0], listed.total), (open.as_str(), Some(seen_before + 1)));
    // Following a playlist again changes whether others see it.
    spotify.follow_playlist(shy).public(true).send().unwrap();
    assert_eq!(bare.get_my_playlists().send().unwrap().total, Some(seen_before + 2));
    spotify.unfollow_playlist(shy).send().unwrap();
    assert!(!spotify.is_following_playlist(shy).send().unwrap());

    let unknown = "0000000000000000000000";
    assert!(matches!(spotify.follow_playlist(unknown).send(), Err(Error::NotFound(_))));
    assert!(!spotify.is_following_playlist(unknown).send().unwrap());
    spotify.unfollow_playlist(unknown).send().unwrap();
}

#[test]
fn only_public_playlists_of_other_users_are_listed() {
    let (server, spotify) = start();
    let owner = &server.catalog().users()[4];
    let of_other = spotify.get_user_playlists(owner).collect_all().unwrap();
    assert!(of_other.len() > 2);
    assert!(of_other.iter().all(|playlist| {
        let id = playlist.owner.as_ref().and_then(|owner| owner.id.as_ref());
        playlist.public == Some(true) && id == Some(owner)
    }));
    let me = spotify.get_me().send().unwrap().id;
    let of_me = spotify.get_user_playlists(&me).collect_all().unwrap();
    assert_eq!(ids(&of_me), ids(&spotify.get_my_playlists().collect_all().unwrap()));
    assert_eq!(spotify.get_user_playlists(None).send().unwrap().total, Some(75));
    assert!(matches!(spotify.get_user_playlists("nobody").send(), Err(Error::NotFound(_))));
}

#[test]
fn new_user_starts_empty_and_can_create_playlists() {
    let (server, spotify) = start();
    let catalog = server.catalog();
    let (mira, playlists, track) =
        (catalog.users()[0].clone(), catalog.playlists(), catalog.tracks()[0].clone());
    server.reset_to_new_user();
    let me = spotify.get_me().send().unwrap();
    assert_ne!(me.id, mira);
    assert_eq!(me.email.as_deref(), Some(&*format!("{}@example.com", me.id)));
    assert_eq!(server.library(), []);
    assert_eq!(spotify.get_my_followed_artists().items().count(), 0);
    assert_eq!(spotify.get_my_playlists().items().count(), 0);
    assert_eq!(spotify.get_recently_played().send().unwrap().items.len(), 0);

    // The catalog's playlists belong to another user now: they can be followed, but not changed.
    let error = spotify.add_playlist_items(&playlists[0], [&track]).send().unwrap_err();
    assert!(error.to_string().contains("a playlist you don't own"), "{error}");
    spotify.follow_playlist(&playlists[0]).send().unwrap();
    let made = spotify.create_playlist("Mine").public(false).send().unwrap();
    spotify.add_playlist_items(&made.id, [&track]).send().unwrap();
    let (mine, hers) = {
        let playlists = spotify.get_my_playlists().send().unwrap().items;
        (playlists[0].clone(), playlists[1].clone())
    };
    assert_eq!((mine.public, mine.owner.and_then(|owner| owner.id)), (Some(false), Some(me.id)));
    assert_eq!(hers.owner.and_then(|owner| owner.id), Some(mira));
    let row = spotify.get_playlist_items(&made.id).send().unwrap().items.remove(0);
    assert_eq!(row.added_by.and_then(|user| user.id), catalog.users().pop());

    // Private playlists can be read by id. Following one through the library makes it public.
    assert_eq!(spotify.get_playlist(&playlists[2]).send().unwrap().public, Some(false));
    spotify.save_items([&playlists[2]]).send().unwrap();
    assert_eq!(spotify.get_my_playlists().send().unwrap().items[0].public, Some(true));
}

#[test]
fn new_user_in_development_mode_reads_only_own_playlists() {
    let server =
        tonearm::fake::Server::builder().quota_mode(QuotaMode::Development).start().unwrap();
    server.reset_to_new_user();
    let spotify = server.client().unwrap();
    let error = spotify.get_playlist_items(&server.catalog().playlists()[0]).send().unwrap_err();
    assert!(matches!(error, Error::NotPlaylistOwner(_)), "{error}");
    let made = spotify.create_playlist("Mine").send().unwrap();
    assert_eq!(spotify.get_playlist_items(&made.id).send().unwrap().total, Some(0));
}
