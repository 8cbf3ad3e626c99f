//! Calls that read the catalog: single objects, lists of objects, their parts, and search.

use std::collections::HashSet;

use serde_json::Value;
use tonearm::model::{FeaturedPlaylists, Segment};
use tonearm::{
    AlbumGroup, AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, Error, Market, RawResponse,
    Scope, SearchType, ShowId, SpotifyUri, TrackId, endpoint, search_item,
};

use super::objects::compare;
use super::{ask, ask_with, json, of_app, refusal, spec, start, with_scopes};

const UNKNOWN: &str = "0000000000000000000000";

#[test]
fn catalog_ids_and_names_are_unique_and_stable() {
    let (server, spotify) = start();
    let catalog = server.catalog();
    // Snapshots of later versions contain the same ids.
    assert_eq!(catalog.albums()[0], "kASjPRHycoCi1LxygdEgI2");
    assert_eq!(catalog.users()[0], "mira.halvorsen");
    macro_rules! check {
        ($($ids:ident),*) => {$(
            let ids = catalog.$ids();
            for id in &ids {
                let uri = SpotifyUri::from(id.clone());
                assert_eq!(uri.to_string().parse().as_ref(), Ok(&uri));
            }
            assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        )*};
    }
    check!(artists, albums, tracks, shows, episodes, audiobooks, chapters, users, playlists);
    macro_rules! names {
        ($($ids:ident: $get:ident),*) => {$(
            let objects = spotify.$get(catalog.$ids()).send().unwrap();
            let names: HashSet<_> = objects.iter().flatten().map(|object| &object.name).collect();
            assert_eq!(names.len(), objects.len());
        )*};
    }
    names!(artists: get_artists, albums: get_albums, shows: get_shows, audiobooks: get_audiobooks);
}

/// Reads all ids of one kind, one by one and in lists with an unknown id among them.
macro_rules! one_and_several {
    ($ids:ident, $one:ident, $several:ident, $id:ty) => {{
        let (server, spotify) = start();
        let ids = server.catalog().$ids();
        let unknown: $id = UNKNOWN.parse().unwrap();
        let mut some: Vec<$id> = ids.iter().rev().step_by(3).take(70).cloned().collect();
        some.insert(33, unknown.clone());
        let several = spotify.$several(&some).send().unwrap();
        assert_eq!(several.len(), some.len());
        for (index, (id, found)) in some.iter().zip(&several).enumerate() {
            assert_eq!(found.as_ref().map(|found| &found.id == id), (index != 33).then_some(true));
        }
        let one = spotify.$one(&some[0]).send().unwrap();
        assert!(one.id == some[0]);
        match spotify.$one(&unknown).send() {
            Err(Error::NotFound(refusal)) => {
                assert_eq!(&*refusal.message, "Resource not found");
            }
            other => panic!("{other:?}"),
        }
        let target = server.requests().last().unwrap().path.clone();
        let target = target.strip_prefix("/v1").unwrap();
        let body = r#"{"error":{"status":404,"message":"Resource not found"}}"#;
        assert_eq!(ask(&server, "GET", target, ""), (404, body.to_owned()));
    }};
}

#[test]
fn objects_are_returned_singly_and_in_batches() {
    one_and_several!(albums, get_album, get_albums, AlbumId);
    one_and_several!(artists, get_artist, get_artists, ArtistId);
    one_and_several!(audiobooks, get_audiobook, get_audiobooks, AudiobookId);
    one_and_several!(chapters, get_chapter, get_chapters, ChapterId);
    one_and_several!(episodes, get_episode, get_episodes, EpisodeId);
    one_and_several!(shows, get_show, get_shows, ShowId);
}

#[test]
fn tracks_match_their_audio_features_and_analysis() {
    let (server, spotify) = start();
    let mut ids: Vec<TrackId> = server.catalog().tracks().into_iter().take(120).collect();
    ids.insert(7, UNKNOWN.parse().unwrap());
    let is_of = |n: usize, id: Option<Option<&TrackId>>| {
        assert_eq!(id, (n != 7).then_some(Some(&ids[n])));
    };
    let tracks = spotify.get_tracks(&ids).send().unwrap();
    let features = spotify.get_many_audio_features(&ids).send().unwrap();
    assert_eq!((tracks.len(), features.len()), (ids.len(), ids.len()));
    for (n, (track, features)) in tracks.iter().zip(&features).enumerate() {
        is_of(n, track.as_ref().map(|track| track.id.as_ref()));
        is_of(n, features.as_ref().map(|features| Some(&features.id)));
        let (Some(track), Some(features)) = (track, features) else { continue };
        assert_eq!(features.duration_ms, track.duration_ms);
        assert!(
            (-1..=11).contains(&features.key.unwrap()) && (-60.0..0.0).contains(&features.loudness)
        );
        assert!((0.0..=1.0).contains(&features.valence) && features.tempo > 60.0);
    }
    let track = spotify.get_track(&ids[0]).send().unwrap();
    assert_eq!(Some(&track), tracks[0].as_ref());
    let features_of = spotify.get_audio_features(&ids[0]).send().unwrap();
    assert_eq!(Some(&features_of), features[0].as_ref());

    let analysis = spotify.get_audio_analysis(&ids[0]).send().unwrap();
    let whole = analysis.track.as_ref().unwrap();
    assert_eq!((whole.duration * 1000.0).round() as u64, track.duration_ms);
    assert_eq!(
        (whole.tempo, whole.key, whole.mode),
        (features_of.tempo, features_of.key, features_of.mode)
    );
    let beats = features_of.time_signature.unwrap() as usize;
    assert_eq!(analysis.beats.len(), analysis.bars.len() * beats);
    assert_eq!(analysis.tatums.len(), analysis.beats.len() * 2);
    let end = analysis.sections.last().map(|last| last.start + last.duration).unwrap();
    assert!((end - whole.duration).abs() < 0.01);
    let ends =
        analysis.bars.windows(2).map(|bars| (bars[0].start + bars[0].duration, bars[1].start));
    assert!(ends.into_iter().all(|(end, next)| (end - next).abs() < 0.01));
    let in_segment = |of: &Segment| of.start + of.loudness_max_time <= of.start + of.duration;
    assert!(analysis.segments.iter().all(in_segment));
    assert!(analysis.segments.iter().all(|sound| sound.pitches.len() + sound.timbre.len() == 24));
    assert!(matches!(spotify.get_audio_analysis(&ids[7]).send(), Err(Error::NotFound(_))));
    assert!(matches!(spotify.get_audio_features(&ids[7]).send(), Err(Error::NotFound(_))));
    assert!(matches!(spotify.get_track(&ids[7]).send(), Err(Error::NotFound(_))));
}

#[test]
fn album_tracks_refer_back_to_their_album() {
    let (server, spotify) = start();
    let albums = spotify.get_albums(server.catalog().albums()).send().unwrap();
    let mut all = Vec::new();
    for album in albums.iter().flatten() {
        let mut tracks = spotify.get_album_tracks(&album.id).limit(20).collect_all().unwrap();
        assert_eq!(tracks.len(), album.total_tracks.unwrap() as usize);
        let first = &album.tracks.as_ref().unwrap().items;
        assert_eq!(tracks[..first.len()], first[..]);
        all.extend(
            tracks.drain(..).map(|track| (track.id.unwrap(), album.id.clone(), track.artists)),
        );
        if all.len() > 500 {
            break;
        }
    }
    let catalog = server.catalog().tracks();
    assert!(all.iter().map(|(id, ..)| id).eq(&catalog[..all.len()]));
    let tracks = spotify.get_tracks(all.iter().map(|(id, ..)| id)).send().unwrap();
    for (track, (_, album, artists)) in tracks.into_iter().zip(all) {
        let track = track.unwrap();
        assert_eq!((track.album.unwrap().id, track.artists), (Some(album), artists));
    }
    let unknown: AlbumId = UNKNOWN.parse().unwrap();
    assert!(matches!(spotify.get_album_tracks(&unknown).send(), Err(Error::NotFound(_))));
}

#[test]
fn artist_albums_top_tracks_and_related_artists_are_consistent() {
    let (server, spotify) = start();
    let albums = spotify.get_albums(server.catalog().albums()).send().unwrap();
    for artist in server.catalog().artists().iter().step_by(40) {
        let own =
            albums.iter().flatten().filter(|album| album.artists[0].id.as_ref() == Some(artist));
        let own: HashSet<_> = own.map(|album| album.id.clone()).collect();
        let all = spotify.get_artist_albums(artist).limit(1).collect_all().unwrap();
        let ids: HashSet<_> = all.iter().map(|album| album.id.clone()).collect();
        assert_eq!(ids.len(), all.len());
        assert!(own.is_subset(&ids) && !own.is_empty());
        for album in &all {
            let is_own = own.contains(&album.id);
            assert_eq!(album.album_group == Some(AlbumGroup::AppearsOn), !is_own);
            if !is_own {
                let tracks = spotify.get_album_tracks(&album.id).collect_all().unwrap();
                let mut artists = tracks.iter().flat_map(|track| &track.artists);
                assert!(artists.any(|of| of.id.as_ref() == Some(artist)));
            }
        }
        let mut in_groups = Vec::new();
        for group in
            [AlbumGroup::Album, AlbumGroup::Single, AlbumGroup::AppearsOn, AlbumGroup::Compilation]
        {
            let albums =
                spotify.get_artist_albums(artist).include_groups([&group]).collect_all().unwrap();
            let is_of = |of: &AlbumGroup| of.as_str() == group.as_str();
            assert!(albums.iter().all(|album| album.album_group.as_ref().is_some_and(is_of)));
            let dates = albums.iter().filter_map(|album| album.release_date.as_ref()?.earliest());
            let dates: Vec<_> = dates.collect();
            assert!(dates.is_sorted_by(|later, earlier| later >= earlier), "{dates:?}");
            in_groups.extend(albums);
        }
        assert_eq!(in_groups, all);
        let two = [AlbumGroup::Album, AlbumGroup::Single];
        let two = spotify.get_artist_albums(artist).include_groups(two).limit(1).send().unwrap();
        if let Some(next) = two.next {
            assert!(
                next.contains("include_groups=album%2Csingle")
                    || next.contains("include_groups=album,single"),
                "{next}"
            );
        }

        let top = spotify.get_artist_top_tracks(artist).send().unwrap();
        assert!((1..=10).contains(&top.len()));
        assert!(top.is_sorted_by(|a, b| a.popularity >= b.popularity));
        assert!(
            top.iter().all(|track| track.artists.iter().any(|of| of.id.as_ref() == Some(artist)))
        );
        let related = spotify.get_artist_related_artists(artist).send().unwrap();
        assert_eq!(related.iter().map(|of| &of.id).collect::<HashSet<_>>().len(), 20);
        let back = spotify.get_artist_related_artists(&related[0].id).send().unwrap();
        assert!(back.iter().any(|of| of.id == *artist));
    }
    let (status, body) =
        ask(&server, "GET", &format!("/artists/{UNKNOWN}/albums?include_groups=album,lp"), "");
    assert_eq!(status, 400, "{body}");
    let unknown: ArtistId = UNKNOWN.parse().unwrap();
    assert!(matches!(spotify.get_artist_albums(&unknown).send(), Err(Error::NotFound(_))));
    assert!(matches!(spotify.get_artist_top_tracks(&unknown).send(), Err(Error::NotFound(_))));
    assert!(matches!(spotify.get_artist_related_artists(&unknown).send(), Err(Error::NotFound(_))));
}

#[test]
fn shows_and_audiobooks_contain_their_episodes_and_chapters() {
    let (server, spotify) = start();
    for id in server.catalog().shows().iter().take(12) {
        let show = spotify.get_show(id).send().unwrap();
        let episodes = spotify.get_show_episodes(id).limit(2).collect_all().unwrap();
        assert_eq!(episodes.len(), show.total_episodes.unwrap() as usize);
        assert_eq!(show.episodes.unwrap().items, episodes);
        for episode in &episodes {
            let whole = spotify.get_episode(&episode.id).send().unwrap();
            assert_eq!((&whole.show.unwrap().id, &whole.name), (id, &episode.name));
        }
    }
    let mut chapters_of_all = Vec::new();
    for id in server.catalog().audiobooks().iter().take(8) {
        let book = spotify.get_audiobook(id).send().unwrap();
        let chapters = spotify.get_audiobook_chapters(id).collect_all().unwrap();
        assert_eq!(chapters.len(), book.total_chapters.unwrap() as usize);
        let first = book.chapters.unwrap();
        assert_eq!(first.items, chapters[..chapters.len().min(50)]);
        assert_eq!(first.next.is_some(), chapters.len() > 50);
        assert!(chapters.iter().zip(0..).all(|(chapter, number)| chapter.chapter_number == number));
        let whole = spotify.get_chapter(&chapters[3].id).send().unwrap();
        assert_eq!(whole.audiobook.as_ref().unwrap().id, *id);
        assert_eq!(whole.uri().to_string(), format!("spotify:episode:{}", whole.id));
        chapters_of_all.extend(chapters.into_iter().map(|chapter| chapter.id));
    }
    assert!(chapters_of_all.len() > 100);
    assert_eq!(chapters_of_all, server.catalog().chapters()[..chapters_of_all.len()]);

    let bare = with_scopes(&server, &[]);
    let (show, book) = (&server.catalog().shows()[0], &server.catalog().audiobooks()[0]);
    for (client, has_point) in [(&spotify, true), (&bare, false)] {
        let episodes = client.get_show_episodes(show).send().unwrap().items;
        assert!(episodes.iter().all(|episode| episode.resume_point.is_some() == has_point));
        let chapters = client.get_audiobook_chapters(book).send().unwrap().items;
        assert!(chapters.iter().all(|chapter| chapter.resume_point.is_some() == has_point));
    }
    let point = with_scopes(&server, &[Scope::UserReadPlaybackPosition]);
    assert!(point.get_chapter(&chapters_of_all[0]).send().unwrap().resume_point.is_some());
}

#[test]
fn browse_endpoints_return_consistent_results() {
    let (server, spotify) = start();
    let albums = spotify.get_new_releases().limit(30).collect_all().unwrap();
    assert_eq!(albums.iter().map(|album| &album.id).collect::<HashSet<_>>().len(), 100);
    let year = |n: usize| albums[n].release_date.as_ref().map(|date| date.to_string());
    assert!((1..100).all(|n| year(n - 1) >= year(n)));

    let categories = spotify.get_categories().limit(10).collect_all().unwrap();
    assert_eq!(categories.iter().map(|category| &category.id).collect::<HashSet<_>>().len(), 27);
    for category in &categories {
        assert_eq!(&spotify.get_category(&category.id).send().unwrap(), category);
        let playlists =
            spotify.get_category_playlists(&category.id).limit(3).collect_all().unwrap();
        assert!(playlists.len() > 10, "{}", playlists.len());
        assert!(playlists.iter().all(|playlist| playlist.public == Some(true)));
    }
    assert!(matches!(spotify.get_category("nothing").send(), Err(Error::NotFound(_))));
    assert!(matches!(spotify.get_category_playlists("nothing").send(), Err(Error::NotFound(_))));
    let next = spotify.get_categories().locale("fi_FI").limit(1).send().unwrap().next.unwrap();
    assert!(next.ends_with("/browse/categories?offset=1&limit=1&locale=fi_FI"), "{next}");

    let featured = spotify.get_featured_playlists().collect_all().unwrap();
    assert!(featured.len() > 40);
    let page = spotify.get_featured_playlists().send_as::<FeaturedPlaylists>().unwrap();
    assert_eq!(page.message.as_deref(), Some("Something for every hour"));
    assert_eq!(page.playlists.items, featured[..20]);

    let markets = spotify.get_markets().send().unwrap();
    assert!(markets.len() == 184 && markets.contains(&Market::GB));
    assert!(markets.iter().all(|market| Market::ALL.contains(market)));
    let genres: Vec<String> = spotify.get_genre_seeds().send().unwrap();
    assert!(genres.is_sorted() && genres.len() == 7);
    assert_eq!(server.requests().iter().filter(|request| request.status >= Some(500)).count(), 0);
}

#[test]
fn market_parameter_replaces_the_list_of_markets() {
    let (server, spotify) = start();
    let catalog = server.catalog();
    // The first track isn't playable in the user's market; the second is.
    for (album, is_playable) in [(4, false), (5, true)] {
        let album = &catalog.albums()[album];
        let here = spotify.get_album(album).market(Market::FI).send().unwrap();
        assert_eq!((here.is_playable, here.available_markets.is_none()), (Some(is_playable), true));
        assert_eq!(here.restrictions.is_some(), !is_playable);
        let track = here.tracks.unwrap().items.remove(0).id.unwrap();
        let there = spotify.get_track(&track).send().unwrap();
        assert!(there.is_playable.is_none() && there.available_markets.is_some());
        let here = spotify.get_track(&track).market(Market::FI).send().unwrap();
        assert!(here.is_playable == Some(is_playable) && here.available_markets.is_none());
    }
    let chapter = &catalog.chapters()[0];
    let there = spotify.get_chapter(chapter).send().unwrap();
    assert_eq!(there.available_markets.unwrap().len(), 6);
    let here = spotify.get_chapter(chapter).market(Market::FI).send().unwrap();
    assert!(here.is_playable == Some(true) && here.available_markets.is_none());
    // Shows and audiobooks contain the list in any case, and never `is_playable`.
    let (show, episode) = (&catalog.shows()[0], &catalog.episodes()[0]);
    let of_episode = json(&server, &format!("/episodes/{episode}?market=GB"))["show"].clone();
    let book = &catalog.audiobooks()[0];
    for (object, count) in [
        (json(&server, &format!("/shows/{show}?market=GB")), 184),
        (json(&server, &format!("/shows?ids={show}&market=GB"))["shows"][0].clone(), 184),
        (of_episode, 184),
        (json(&server, &format!("/audiobooks/{book}?market=GB")), 6),
        (
            json(&server, "/search?q=the&type=audiobook&market=GB")["audiobooks"]["items"][0]
                .clone(),
            6,
        ),
    ] {
        assert_eq!(object["available_markets"].as_array().unwrap().len(), count, "{object}");
        assert!(object.get("is_playable").is_none(), "{object}");
    }
    let chapter = json(&server, &format!("/chapters/{chapter}"));
    assert!(chapter.get("is_externally_hosted").is_none());
    assert_eq!(chapter["chapter_number"], 0);
}

/// An app has no country, so the market of the request counts.
#[test]
fn market_of_an_app_is_the_requested_one() {
    let (server, _) = start();
    let catalog = server.catalog();
    let header = of_app(&server);
    let get = |target: &str| {
        let (status, body) = ask_with(&server, "GET", target, &header, "");
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let album = &catalog.albums()[4];
    for (market, is_playable) in [("US", true), ("GB", false)] {
        let album = get(&format!("/albums/{album}?market={market}")).1;
        assert_eq!(album["is_playable"], is_playable, "{market}");
        assert_eq!(album.get("restrictions").is_none(), is_playable, "{market}");
        assert_eq!(album["tracks"]["items"][0]["is_playable"], is_playable, "{market}");
        // The country of the user's account has priority over the requested market.
        let album =
            json(&server, &format!("/albums/{}?market={market}", album["id"].as_str().unwrap()));
        assert_eq!(album["is_playable"], false, "{market}");
    }
    // A search finds only what the market has.
    let title = get(&format!("/albums/{album}")).1["name"].as_str().unwrap().replace(' ', "%20");
    let found = |market: &str| {
        let target = format!("/search?q=album:%22{title}%22&type=album&market={market}");
        get(&target).1["albums"]["total"].as_u64().unwrap()
    };
    assert_eq!(found("US"), found("GB") + 1);
    // Spotify sells audiobooks in a few countries, and has no podcasts for an app that names no country.
    let book = &catalog.audiobooks()[0];
    assert_eq!(get(&format!("/audiobooks/{book}?market=US")).0, 200);
    assert_eq!(get(&format!("/audiobooks/{book}?market=FI")).0, 404);
    assert_eq!(
        get(&format!("/audiobooks?ids={book}&market=FI")).1["audiobooks"],
        serde_json::json!([null])
    );
    let show = &catalog.shows()[0];
    assert_eq!(get(&format!("/shows/{show}?market=FI")).0, 200);
    for target in [format!("/shows/{show}"), format!("/shows/{show}/episodes")] {
        assert_eq!(get(&target).0, 404, "{target}");
    }
    assert_eq!(get("/search?q=the&type=show").1["shows"]["total"], 0);
    assert!(get("/search?q=the&type=show&market=FI").1["shows"]["total"].as_u64() > Some(0));
}

#[test]
fn unavailable_tracks_are_relinked_to_another_edition() {
    let (server, spotify) = start();
    let first = server.catalog().albums()[17].clone();
    let asked = spotify.get_album_tracks(&first).send().unwrap().items;
    let id = asked[2].id.clone().unwrap();
    let path = format!("/tracks/{id}");
    assert!(json(&server, &path).get("linked_from").is_none());
    let track = json(&server, &format!("{path}?market=GB"));
    assert_eq!(track["linked_from"]["id"], id.as_str());
    assert_eq!(track["linked_from"]["uri"], format!("spotify:track:{id}"));
    let other = server.catalog().albums().pop().unwrap();
    assert_eq!(track["album"]["id"], other.as_str());
    assert_eq!(track["is_playable"], true);
    assert_eq!(track["name"], *asked[2].name);
    assert_ne!(track["id"], id.as_str());
    // The other edition itself is available everywhere, and has the same recordings.
    let again = json(&server, &format!("/tracks/{}?market=GB", track["id"].as_str().unwrap()));
    assert!(again.get("linked_from").is_none());
    assert_eq!(again["external_ids"], json(&server, &path)["external_ids"]);
    let all = json(&server, &format!("/albums/{first}/tracks?market=GB"))["items"].clone();
    let linked = all.as_array().unwrap().iter().map(|track| track["linked_from"]["id"].clone());
    assert!(linked.eq(asked.iter().map(|track| Value::from(track.id.as_ref().unwrap().as_str()))));
    // An album isn't relinked, and neither are tracks without another edition.
    assert_eq!(json(&server, &format!("/albums/{first}?market=GB"))["is_playable"], false);
    let album = &server.catalog().albums()[4];
    let unavailable =
        json(&server, &format!("/albums/{album}/tracks?market=GB"))["items"][0].clone();
    assert_eq!(
        (&unavailable["is_playable"], unavailable.get("linked_from")),
        (&false.into(), None)
    );
}

#[test]
fn last_show_has_hundreds_of_episodes() {
    let (server, spotify) = start();
    let show = server.catalog().shows().pop().unwrap();
    let episodes = spotify.get_show_episodes(&show).limit(50).collect_all().unwrap();
    let ids: HashSet<_> = episodes.iter().map(|episode| &episode.id).collect();
    assert_eq!(
        (ids.len(), spotify.get_show(&show).send().unwrap().total_episodes),
        (320, Some(320))
    );
    assert!(
        episodes
            .iter()
            .map(|episode| &episode.id)
            .eq(&server.catalog().episodes()[episodes_before(&server)..])
    );
}

fn episodes_before(server: &tonearm::fake::Server) -> usize {
    server.catalog().episodes().len() - 320
}

#[test]
fn category_names_follow_the_locale() {
    let (server, _) = start();
    let name = |target: &str| json(&server, target)["name"].clone();
    let party = "/browse/categories/party";
    assert_eq!(name(party), "Party");
    assert_eq!(name(&format!("{party}?locale=fi_FI")), "Juhlat");
    // An unknown language is English, and so is a name without a translation.
    assert_eq!(name(&format!("{party}?locale=xx_XX")), "Party");
    assert_eq!(name("/browse/categories/polka_noir?locale=fi_FI"), "Polka Noir");
    let all = json(&server, "/browse/categories?locale=de_DE&limit=50");
    let all = all["categories"]["items"].as_array().unwrap();
    assert!(all.iter().any(|category| category["name"] == "Abendessen"));
}

#[test]
fn search_operators_and_genres_have_effect() {
    let (server, spotify) = start();
    let found = |query: &str| -> HashSet<TrackId> {
        let tracks = spotify.search_for(query, search_item::Track).limit(50).items();
        tracks.map(|track| track.unwrap().id.unwrap()).collect()
    };
    let (lantern, harbour) = (found("lantern"), found("harbour"));
    assert!(!lantern.is_empty() && !harbour.is_empty());
    let either: HashSet<_> = lantern.union(&harbour).cloned().collect();
    assert_eq!(found("lantern OR harbour"), either);
    assert_eq!(
        found("track:lantern OR track:harbour"),
        &found("track:lantern") | &found("track:harbour")
    );
    let both = found("lantern harbour");
    assert_eq!(found("lantern NOT harbour"), &lantern - &both);
    assert_eq!(
        found("lantern NOT track:\"the lantern\""),
        &lantern - &found("track:\"the lantern\" lantern")
    );
    // Operators are in capitals.
    assert!(found("lantern or harbour").is_empty() && found("NOT lantern").is_empty());

    let page =
        spotify.search_for("genre:\"kettle jazz\"", search_item::Artist).limit(50).send().unwrap();
    assert!(!page.items.is_empty());
    assert!(
        page.items.iter().all(|artist| artist.genres.iter().any(|genre| &**genre == "kettle jazz"))
    );
    let with_genre: HashSet<_> = page.items.iter().map(|artist| artist.id.clone()).collect();
    let all = spotify.get_artists(server.catalog().artists()).send().unwrap();
    let expected =
        all.iter().flatten().filter(|artist| artist.genres.iter().any(|of| &**of == "kettle jazz"));
    assert_eq!(expected.map(|artist| artist.id.clone()).collect::<HashSet<_>>(), with_genre);
    let tracks =
        spotify.search_for("genre:dusk", search_item::Track).limit(50).send().unwrap().items;
    let of_first = tracks[0].album.as_ref().unwrap().artists[0].id.clone().unwrap();
    assert!(
        spotify.get_artist(&of_first).send().unwrap().genres.iter().any(|genre| &**genre == "dusk")
    );
    for album in
        spotify.search_for("tag:hipster", search_item::Album).limit(20).send().unwrap().items
    {
        assert!(
            spotify.get_album(album.id.as_ref().unwrap()).send().unwrap().popularity < Some(10)
        );
    }
}

#[test]
fn recommendations_follow_tuning_and_market() {
    let (server, spotify) = start();
    let artist = &server.catalog().artists()[3];
    let get = |query: &str| {
        json(&server, &format!("/recommendations?seed_artists={artist}&limit=50&{query}"))
    };
    let ids = |json: &Value| -> Vec<TrackId> {
        let tracks = json["tracks"].as_array().unwrap();
        tracks.iter().map(|track| track["id"].as_str().unwrap().parse().unwrap()).collect()
    };
    let sound = |json: &Value| spotify.get_many_audio_features(ids(json)).send().unwrap();
    let between = get("min_energy=0.4&max_energy=0.6&max_tempo=100");
    assert_eq!(ids(&between).len(), 50);
    for features in sound(&between).into_iter().flatten() {
        assert!((0.4..=0.6).contains(&features.energy) && features.tempo <= 100.0, "{features:?}");
    }
    let sizes = &between["seeds"][0];
    assert!(sizes["afterFilteringSize"].as_u64() < sizes["initialPoolSize"].as_u64());
    assert_eq!(sizes["afterRelinkingSize"], sizes["afterFilteringSize"]);
    let near: Vec<i64> = sound(&get("target_valence=0.25"))
        .into_iter()
        .flatten()
        .map(|of| ((of.valence - 0.25).abs() * 1_000.0).round() as i64)
        .collect();
    assert!(near.is_sorted() && near[49] < 100, "{near:?}");
    assert!(
        get("min_popularity=90")["tracks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|track| track["popularity"].as_i64() >= Some(90))
    );
    assert!(ids(&get("min_energy=2")).is_empty());
    let invalid =
        ask(&server, "GET", &format!("/recommendations?seed_artists={artist}&min_energy=loud"), "");
    assert_eq!(invalid, refusal(400, "Invalid min_energy"));

    let here = get("market=GB");
    let sizes = &here["seeds"][0];
    assert!(sizes["afterRelinkingSize"].as_u64() < sizes["afterFilteringSize"].as_u64());
    assert!(here["tracks"].as_array().unwrap().iter().all(|track| track["is_playable"] == true));
}

#[test]
fn search_matches_words_and_field_filters() {
    let (server, spotify) = start();
    let all = [
        SearchType::Album,
        SearchType::Artist,
        SearchType::Playlist,
        SearchType::Track,
        SearchType::Show,
        SearchType::Episode,
        SearchType::Audiobook,
    ];
    let found = spotify.search("LANTERN", all).send().unwrap();
    macro_rules! names {
        ($page:expr) => {{
            let page = $page.as_ref().unwrap();
            assert!(page.total > Some(0) && !page.items.is_empty());
            let is_by_name = |name: &str| name.to_lowercase().contains("lantern");
            assert!(is_by_name(&page.items[0].name));
        }};
    }
    names!(found.albums);
    names!(found.playlists);
    names!(found.tracks);
    names!(found.shows);
    names!(found.episodes);
    names!(found.audiobooks);
    names!(found.artists);
    let one = spotify.search("lantern", [SearchType::Album]).send().unwrap();
    assert_eq!(one.albums.unwrap().items, found.albums.unwrap().items);
    assert!(one.tracks.is_none() && one.artists.is_none());

    // A search by name, artist, album, ISRC or year finds the track.
    let track = spotify.get_track(&server.catalog().tracks()[100]).send().unwrap();
    let album = track.album.clone().unwrap();
    let artist = track.artists[0].name.clone();
    let isrc = track.external_ids.clone().unwrap().isrc.unwrap();
    let year = album.release_date.as_ref().unwrap().to_string()[..4].to_owned();
    for query in [
        format!("{} artist:{artist}", track.name),
        format!("track:{} album:{}", track.name, album.name),
        format!("album:\"{}\" {}", album.name, track.name),
        format!("artist:\"{artist}\" {} {}", track.name, album.name),
        format!("isrc:{isrc}"),
        format!("track:{} year:{year} artist:{artist}", track.name),
        format!("year:1980-{year} track:\"{}\" album:\"{}\"", track.name, album.name),
    ] {
        let found = spotify.search_for(&*query, search_item::Track).limit(50).send().unwrap();
        assert!(found.items.contains(&track), "{query}");
        assert!(found.total < Some(20), "{query}: {:?}", found.total);
    }
    let upc =
        spotify.get_album(album.id.as_ref().unwrap()).send().unwrap().external_ids.unwrap().upc;
    let found =
        spotify.search_for(format!("upc:{}", upc.unwrap()), search_item::Album).send().unwrap();
    assert_eq!(found.items, [album]);
    for album in spotify.search_for("tag:new", search_item::Album).items() {
        assert!(album.unwrap().release_date.unwrap().to_string().starts_with("2023"));
    }
    for nothing in ["artist:Zzyzx", "zzyzx", "&", "tag:old", "upc:1 lantern", "year:1700"] {
        let found = spotify.search(nothing, all).send().unwrap();
        let totals = (found.albums.unwrap().total, found.tracks.unwrap().total);
        assert_eq!(totals, (Some(0), Some(0)), "{nothing}");
        let totals = (found.shows.unwrap().total, found.playlists.unwrap().total);
        assert_eq!(totals, (Some(0), Some(0)), "{nothing}");
    }
    for odd in
        ["\"", "artist:", ":", "\"\" artist:\"", "year:-", "tag:", "İ:ß", "track:\"a:b\"c", ",,,"]
    {
        assert!(spotify.search(odd, all).send().unwrap().tracks.is_some(), "{odd}");
    }
    let status_and_body = |target: &str| ask(&server, "GET", target, "");
    assert_eq!(status_and_body("/search?q=&type=album").0, 400);
    assert_eq!(status_and_body("/search?q=a&type=album,lp").0, 400);
    assert_eq!(status_and_body("/search?q=a").0, 400);
    assert_eq!(status_and_body("/search?type=track").0, 400);
}

#[test]
fn search_is_paginated_up_to_1000_results() {
    let (server, spotify) = start();
    let albums: Vec<_> =
        spotify.search_for("a", search_item::Album).limit(7).items().map(Result::unwrap).collect();
    let page = spotify.search_for("a", search_item::Album).send().unwrap();
    assert_eq!(albums.len(), page.total.unwrap() as usize);
    assert!(albums.len() > 50);
    assert_eq!(albums.iter().map(|album| &album.id).collect::<HashSet<_>>().len(), albums.len());

    // Spotify writes `query` instead of `q` in its links. Each link leads to pages of one type.
    let both = [SearchType::Track, SearchType::Album];
    let found = spotify.search("the a", both).limit(3).market(Market::FI).send().unwrap();
    let next = found.tracks.unwrap().next.unwrap().to_string();
    let target = next.strip_prefix(&server.base_url()).unwrap();
    assert_eq!(target, "/search?offset=3&limit=3&query=the%20a&type=track&market=FI");
    let (status, body) = ask(&server, "GET", target, "");
    let page: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &page["tracks"]["offset"]), (200, &Value::from(3)));
    assert!(page.get("albums").is_none());

    let many = || spotify.search_for("the", search_item::Track);
    let last = many().limit(50).offset(950).send().unwrap();
    assert!(last.total > Some(1000) && last.items.len() == 50);
    let first: HashSet<_> = many().items().take(1000).map(|track| track.unwrap().id).collect();
    assert_eq!(first.len(), 1000);
    // The client rejects a larger range, and so does the server.
    assert!(many().limit(50).offset(951).send().is_err());
    let refusal = r#"{"error":{"status":400,"message":"Limit + Offset exceeds maximum of 1000"}}"#;
    for place in ["limit=50&offset=951", "offset=981", "limit=2&offset=999"] {
        let target = format!("/search?q=the&type=track&{place}");
        assert_eq!(ask(&server, "GET", &target, ""), (400, refusal.to_owned()), "{place}");
    }
    assert_eq!(ask(&server, "GET", "/search?q=the&type=track&offset=980", "").0, 200);
}

/// The only response of a call. A call with a list of ids returns a list of responses.
trait OnlyResponse {
    fn only(&self) -> &RawResponse;
}

impl OnlyResponse for RawResponse {
    fn only(&self) -> &RawResponse {
        self
    }
}

impl OnlyResponse for Vec<RawResponse> {
    fn only(&self) -> &RawResponse {
        assert_eq!(self.len(), 1);
        &self[0]
    }
}

/// Models serialize to the JSON that the server sent; see also `objects.rs`, which covers the library.
#[test]
fn catalog_responses_round_trip_through_the_models() {
    let (server, spotify) = start();
    let catalog = server.catalog();
    let mut count = 0;
    let mut check = |row: &tonearm::Endpoint, written: String, sent: &[u8]| {
        let sent: Value = serde_json::from_slice(sent).unwrap();
        let sent = spec::entry(&row.name)["pointer"].as_str().map_or(&sent, |field| &sent[field]);
        assert!(!sent.is_null(), "{}", row.name);
        // Parses the text, because that preserves the digits of small numbers.
        compare(&row.name, &serde_json::from_str(&written).unwrap(), sent);
        count += 1;
    };
    macro_rules! check {
        ($($row:ident: $call:expr;)*) => {$(
            let written = serde_json::to_string(&$call.send().unwrap()).unwrap();
            check(&endpoint::$row, written, $call.send_raw().unwrap().only().body());
        )*};
    }
    let fi = Market::FI;
    let (albums, artists, tracks) = (catalog.albums(), catalog.artists(), catalog.tracks());
    let (books, chapters) = (catalog.audiobooks(), catalog.chapters());
    let (shows, episodes) = (catalog.shows(), catalog.episodes());
    let all = [
        SearchType::Album,
        SearchType::Artist,
        SearchType::Playlist,
        SearchType::Track,
        SearchType::Show,
        SearchType::Episode,
        SearchType::Audiobook,
    ];
    check! {
        GET_ALBUM: spotify.get_album(&albums[3]);
        GET_ALBUM: spotify.get_album(&albums[4]).market(fi);
        GET_ALBUMS: spotify.get_albums(&albums[..20]);
        GET_ALBUM_TRACKS: spotify.get_album_tracks(&albums[4]).market(fi);
        GET_NEW_RELEASES: spotify.get_new_releases();
        GET_ARTIST: spotify.get_artist(&artists[2]);
        GET_ARTISTS: spotify.get_artists(&artists[..50]);
        GET_ARTIST_ALBUMS: spotify.get_artist_albums(&artists[7]);
        GET_ARTIST_TOP_TRACKS: spotify.get_artist_top_tracks(&artists[7]);
        GET_ARTIST_RELATED_ARTISTS: spotify.get_artist_related_artists(&artists[7]);
        GET_AUDIOBOOK: spotify.get_audiobook(&books[5]);
        GET_AUDIOBOOK: spotify.get_audiobook(&books[5]).market(fi);
        GET_AUDIOBOOKS: spotify.get_audiobooks(&books[..9]);
        GET_AUDIOBOOK_CHAPTERS: spotify.get_audiobook_chapters(&books[5]);
        GET_CATEGORIES: spotify.get_categories();
        GET_CATEGORY: spotify.get_category("party");
        GET_CATEGORY_PLAYLISTS: spotify.get_category_playlists("party");
        GET_FEATURED_PLAYLISTS: spotify.get_featured_playlists();
        GET_CHAPTER: spotify.get_chapter(&chapters[5]);
        GET_CHAPTER: spotify.get_chapter(&chapters[5]).market(fi);
        GET_CHAPTERS: spotify.get_chapters(&chapters[..9]);
        GET_EPISODE: spotify.get_episode(&episodes[5]);
        GET_EPISODES: spotify.get_episodes(&episodes[..9]);
        GET_SHOW: spotify.get_show(&shows[3]);
        GET_SHOW: spotify.get_show(&shows[3]).market(fi);
        GET_SHOWS: spotify.get_shows(&shows[..9]);
        GET_SHOW_EPISODES: spotify.get_show_episodes(&shows[3]);
        GET_TRACK: spotify.get_track(&tracks[3]);
        GET_TRACKS: spotify.get_tracks(&tracks[..50]).market(fi);
        GET_GENRE_SEEDS: spotify.get_genre_seeds();
        GET_MARKETS: spotify.get_markets();
        GET_AUDIO_FEATURES: spotify.get_audio_features(&tracks[3]);
        GET_MANY_AUDIO_FEATURES: spotify.get_many_audio_features(&tracks[..50]);
        GET_AUDIO_ANALYSIS: spotify.get_audio_analysis(&tracks[3]);
        SEARCH: spotify.search("the", all);
        SEARCH: spotify.search("the", all).market(fi);
    }
    assert_eq!(count, 36);
}

#[test]
fn recommendations_depend_on_their_seeds() {
    let (server, spotify) = start();
    let artist = &server.catalog().artists()[3];
    let call = |genre: &str| {
        spotify.get_recommendations().seed_artists([artist]).seed_genres([genre]).limit(7)
    };
    let jazz = call("jazz").send().unwrap();
    assert_eq!((jazz.tracks.len(), jazz.seeds.len()), (7, 2));
    assert_eq!(&*jazz.seeds[0].id, artist.as_str());
    assert_eq!(jazz, call("jazz").send().unwrap());
    assert_ne!(jazz.tracks, call("blues").send().unwrap().tracks);
}
