//! Who is measured, and what each has to do.

use std::hint::black_box;

/// A client of Spotify's, as a program uses it. Failures end the measurement: a figure of half the work is none.
pub trait Contender: Sync {
    /// Its name in the table.
    fn name(&self) -> &'static str;
    /// Asks for the user's profile so many times.
    fn me(&self, base: &str, times: usize);
    /// Asks for a page of saved tracks so many times, and decodes it or takes its bytes.
    fn page(&self, base: &str, times: usize, is_decoded: bool);
    /// All saved tracks, on so many connections and held until the end; how many there are.
    fn walk(&self, base: &str, connections: usize) -> usize;
    /// All saved tracks one after the other, held one page at a time; how many there are.
    fn iterate(&self, base: &str) -> usize;
    /// Whether so many tracks are saved. `None`: there is no such call.
    fn contains(&self, base: &str, ids: &[String], connections: usize) -> Option<usize>;
}

/// Ourselves.
pub struct Tonearm;

impl Tonearm {
    fn client(base: &str, connections: usize) -> tonearm::Spotify {
        let builder = tonearm::Spotify::builder().token("token").base_url(base);
        builder.connections(connections).build().expect("settings are good")
    }
}

impl Contender for Tonearm {
    fn name(&self) -> &'static str {
        "tonearm"
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

    fn walk(&self, base: &str, connections: usize) -> usize {
        let spotify = Tonearm::client(base, connections);
        let tracks = spotify.get_my_saved_tracks().collect_all().expect("all tracks");
        black_box(tracks).len()
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
        Some(spotify.are_tracks_saved(ids).send().expect("answers").len())
    }
}
