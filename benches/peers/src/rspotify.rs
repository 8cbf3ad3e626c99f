//! rspotify 0.16, which uses `ureq` 2.

use std::hint::black_box;

use rspotify::model::{Page, SavedTrack};
use rspotify::prelude::*;
use rspotify::{AuthCodeSpotify, Config, Credentials, OAuth, Token};

use crate::contender::Contender;

pub struct Rspotify;

fn client(base: &str) -> AuthCodeSpotify {
    let token = Token { access_token: "token".to_owned(), ..Token::default() };
    let config = Config {
        api_base_url: format!("{base}/"),
        token_refreshing: false,
        pagination_chunks: 50,
        ..Config::default()
    };
    let spotify = AuthCodeSpotify::with_config(Credentials::default(), OAuth::default(), config);
    *spotify.token.lock().expect("no panic") = Some(token);
    spotify
}

impl Contender for Rspotify {
    fn name(&self) -> &'static str {
        "rspotify"
    }

    fn me(&self, base: &str, times: usize) {
        let spotify = client(base);
        for _ in 0..times {
            black_box(spotify.me().expect("the profile"));
        }
    }

    fn page(&self, base: &str, times: usize, is_decoded: bool) {
        let spotify = client(base);
        for _ in 0..times {
            if is_decoded {
                let page = spotify.current_user_saved_tracks_manual(None, Some(50), Some(5_000));
                black_box(page.expect("a page"));
            } else {
                let query = [("limit", "50"), ("offset", "5000")].into_iter().collect();
                black_box(spotify.api_get("me/tracks", &query).expect("bytes"));
            }
        }
    }

    fn decode(&self, body: &[u8], times: usize) {
        for _ in 0..times {
            let page = serde_json::from_slice::<Page<SavedTrack>>(black_box(body));
            drop(black_box(page.expect("a page")));
        }
    }

    fn collect(&self, base: &str, connections: usize) -> Option<usize> {
        if connections > 1 {
            return None;
        }
        let spotify = client(base);
        let tracks: Vec<SavedTrack> =
            spotify.current_user_saved_tracks(None).map(|track| track.expect("a track")).collect();
        Some(black_box(tracks).len())
    }

    fn iterate(&self, base: &str) -> usize {
        let spotify = client(base);
        let mut count = 0;
        for track in spotify.current_user_saved_tracks(None) {
            black_box(track.expect("a track"));
            count += 1;
        }
        count
    }

    fn contains(&self, _: &str, _: &[String], _: usize) -> Option<usize> {
        // It doesn't split the list, and Spotify rejects more than 50 ids.
        None
    }
}
