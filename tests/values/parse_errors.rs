//! The error messages of `FromStr` for invalid text.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use insta::assert_snapshot;
use tonearm::model::ReleaseDate;
use tonearm::{AlbumId, PlaylistId, SpotifyUri, TimeRange, Timestamp, TrackId, UserId};

fn message<T: FromStr<Err: Display> + Debug>(text: &str) -> String {
    match text.parse::<T>() {
        Ok(value) => panic!("`{text}` was parsed as {value:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn invalid_id_is_reported_with_the_expected_forms() {
    assert_snapshot!(message::<UserId>(".."), @"expected a user id, URI or link, found `..`");
    assert_snapshot!(message::<UserId>("spotify:user:bob:collection"), @"expected a user id, URI or link, found `spotify:user:bob:collection`");
    assert_snapshot!(message::<AlbumId>(""), @"expected an album id, URI or link, found empty text");
    assert_snapshot!(message::<AlbumId>("spotify:album:"), @"expected an album id, URI or link, found empty text");
    assert_snapshot!(message::<UserId>("  "), @"expected a user id, URI or link, found empty text");
    assert_snapshot!(message::<AlbumId>("382ObEPsp2rxGrnsizN5T"), @"expected an album id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `382ObEPsp2rxGrnsizN5T` (21 characters)");
    assert_snapshot!(message::<TrackId>("https://open.spotify.com/album/382ObEPsp2rxGrnsizN5TX"), @"expected a track id, URI or link, found the album `https://open.spotify.com/album/382ObEPsp2rxGrnsizN5TX`");
    for short in [
        "https://spotify.app.link/abc?_p=1",
        "spoti.fi/3xyz",
        "https://spotify.link/abc",
        "HTTPS://Spotify.Link/abc",
    ] {
        for message in
            [message::<TrackId>(short), message::<UserId>(short), message::<SpotifyUri>(short)]
        {
            assert!(
                message.contains(&format!("found the short link `{short}`; open it")),
                "{message}"
            );
        }
    }
    assert_snapshot!(message::<TrackId>("https://spotify.link/abc"), @"expected a track id, URI or link, found the short link `https://spotify.link/abc`; open it in a browser and use the address it redirects to");
    assert_snapshot!(message::<SpotifyUri>("https://spotify.link/abc"), @"expected a URI or a link, found the short link `https://spotify.link/abc`; open it in a browser and use the address it redirects to");
    assert_snapshot!(message::<UserId>("https://spotify.link/abc"), @"expected a user id, URI or link, found the short link `https://spotify.link/abc`; open it in a browser and use the address it redirects to");
    assert_snapshot!(message::<TrackId>("https://example.com/track/7ouMYWpwJ422jRcDASZB7P"), @"expected a track id, URI or link to open.spotify.com, found the link `https://example.com/track/7ouMYWpwJ422jRcDASZB7P`");
    assert_snapshot!(message::<AlbumId>("api.spotify.com/v1/albums/382ObEPsp2rxGrnsizN5TX"), @"expected an album id, URI or link to open.spotify.com, found the link `api.spotify.com/v1/albums/382ObEPsp2rxGrnsizN5TX`");
    assert_snapshot!(message::<SpotifyUri>("https://example.com/track/7ouMYWpwJ422jRcDASZB7P"), @"expected a URI or a link to open.spotify.com, found the link `https://example.com/track/7ouMYWpwJ422jRcDASZB7P`");
    assert_snapshot!(message::<UserId>("https://example.com/user/bob"), @"expected a user id, URI or link to open.spotify.com, found the link `https://example.com/user/bob`");
    assert_snapshot!(message::<TrackId>("Open.Spotify.com/search"), @"expected a track id, URI or link, found `Open.Spotify.com/search`");
    assert_snapshot!(message::<TrackId>("https://open.spotify.com/search"), @"expected a track id, URI or link, found `https://open.spotify.com/search`");
    assert_snapshot!(message::<PlaylistId>("https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4"), @"expected a playlist id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4` (with an id of 21 characters)");
    assert_snapshot!(message::<TrackId>("spotify:track:päivä"), @"expected a track id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `spotify:track:päivä` (with an id of 5 characters)");
    assert_snapshot!(message::<TrackId>("a\nb"), @r"expected a track id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `a\nb` (3 characters)");
    assert_snapshot!(message::<TrackId>("a\u{2028}b\u{202e}c"), @r"expected a track id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `a\u{2028}b\u{202e}c` (5 characters)");
    assert_snapshot!(message::<TrackId>("spotify:al\nbum:x"), @r"expected a track id, URI or link, found the al\nbum `spotify:al\nbum:x`");
    assert_snapshot!(message::<SpotifyUri>("7ouMYWpwJ422jRcDASZB7P"), @"expected a URI such as `spotify:track:…` or a link, found `7ouMYWpwJ422jRcDASZB7P`");
    assert_snapshot!(message::<SpotifyUri>("spotify:track:7"), @"expected a track id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `spotify:track:7` (with an id of 1 character)");
}

#[test]
fn invalid_value_of_an_enum_is_reported_with_its_values() {
    assert_snapshot!(message::<TimeRange>("forever"), @"expected one of long_term, medium_term, short_term, found `forever`");
}

#[test]
fn invalid_timestamp_is_reported_with_an_example() {
    assert_snapshot!(message::<Timestamp>("yesterday"), @"expected a time such as `2017-05-26T00:00:00Z`, found `yesterday`");
}

#[test]
fn invalid_release_date_is_reported_with_examples() {
    assert_snapshot!(message::<ReleaseDate>("banana"), @"expected a date such as `1981-12-15`, `1981-12` or `1981`, found `banana`");
    for text in [
        "",
        "0000",
        "0000-00-00",
        "1981-13",
        "1981-02-29",
        "1981-",
        "1981-12-15-",
        "1981-12-15T00:00:00Z",
        " 1981",
        "+981",
    ] {
        assert!(message::<ReleaseDate>(text).contains("expected a date"), "{text}");
    }
    assert_snapshot!(message::<ReleaseDate>("2026-02-30"), @"expected a date in the calendar, found `2026-02-30`; use a day from 01 to 28 in 2026-02");
    assert_snapshot!(message::<ReleaseDate>("1981-13"), @"expected a date in the calendar, found `1981-13`; use a month from 01 to 12");
    assert_snapshot!(message::<ReleaseDate>("0000"), @"expected a date in the calendar, found `0000`; use a year from 0001 to 9999");
    assert_snapshot!(message::<ReleaseDate>("1981-"), @"expected a date such as `1981-12-15`, `1981-12` or `1981`, found `1981-`");
}
