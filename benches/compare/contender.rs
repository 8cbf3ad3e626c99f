//! The clients to measure, and their jobs.

use std::hint::black_box;

/// A client of the Web API. An error ends the measurement, because a partial result cannot be compared.
pub trait Contender: Sync {
    /// Returns the name in the table.
    fn name(&self) -> &'static str;
    /// Reads the user's profile `times` times.
    fn me(&self, base: &str, times: usize);
    /// Reads a page of saved tracks `times` times, and decodes it if `is_decoded` is set.
    fn page(&self, base: &str, times: usize, is_decoded: bool);
    /// Decodes a page of saved tracks `times` times with `serde_json::from_slice`.
    fn decode(&self, body: &[u8], times: usize);
    /// Reads all saved tracks into memory on this number of connections, and returns their number; `None` without
    /// concurrent requests.
    fn collect(&self, base: &str, connections: usize) -> Option<usize>;
    /// Iterates over all saved tracks, with one page in memory, and returns their number.
    fn iterate(&self, base: &str) -> usize;
    /// Checks whether tracks are saved, and returns the number of results; `None` without such a call.
    fn contains(&self, base: &str, ids: &[String], connections: usize) -> Option<usize>;
}

/// This crate.
pub struct Tonearm;

impl Tonearm {
    fn client(base: &str, connections: usize) -> tonearm::Spotify {
        let builder = tonearm::Spotify::builder().token("token").base_url(base);
        builder.connections(connections).build().expect("valid settings")
    }
}

impl Contender for Tonearm {
    fn name(&self) -> &'static str {
        "Tonearm"
    }

    fn me(&self, base: &str, times: usize) {
        let spotify = Tonearm::client(base, 1);
        for _ in 0..times {
            black_box(spotify.get_me().send().expect("the profile"));
        }
    }

    fn page(&self, base: &str, times: usize, is_decoded: bool) {
        let spotify = Tonearm::client(base, 1);
        for _ in 0..times {
            let call = spotify.get_my_saved_tracks().limit(50).offset(5_000);
            if is_decoded {
                drop(black_box(call.send().expect("a page")))
            } else {
                drop(black_box(call.send_raw().expect("bytes")))
            }
        }
    }

    fn decode(&self, body: &[u8], times: usize) {
        use tonearm::{Page, model::SavedTrack};
        for _ in 0..times {
            let page = serde_json::from_slice::<Page<SavedTrack>>(black_box(body));
            drop(black_box(page.expect("a page")));
        }
    }

    fn collect(&self, base: &str, connections: usize) -> Option<usize> {
        let spotify = Tonearm::client(base, connections);
        let tracks = spotify.get_my_saved_tracks().collect_all().expect("all tracks");
        Some(black_box(tracks).len())
    }

    fn iterate(&self, base: &str) -> usize {
        let spotify = Tonearm::client(base, 1);
        let mut count = 0;
        for track in spotify.get_my_saved_tracks().items() {
            black_box(track.expect("a track"));
            count += 1;
        }
        count
    }

    fn contains(&self, base: &str, ids: &[String], connections: usize) -> Option<usize> {
        let spotify = Tonearm::client(base, connections);
        Some(spotify.are_tracks_saved(ids).send().expect("results").len())
    }
}
