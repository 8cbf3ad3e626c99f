//! Who is measured, and what each has to do.

use std::hint::black_box;

/// A client of Spotify's, as a program uses it. Failures end the measurement: a figure of half the work is none.
pub trait Contender: Sync {
    /// Its name in the table.
    fn name(&self) -> &'static str;
    /// Asks for the user's profile so many times.
    fn me(&self, base: &str, times: usize);
    /// Decodes a page of saved tracks so many times.
    fn decode(&self, page: &[u8], times: usize);
    /// All saved tracks, on so many connections; how many there are. They are held until the end, when
    /// `held` is called.
    fn walk(&self, base: &str, connections: usize, held: &mut dyn FnMut()) -> usize;
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

    fn decode(&self, page: &[u8], times: usize) {
        for _ in 0..times {
            let text = std::str::from_utf8(black_box(page)).expect("text");
            let page: tonearm::Page<tonearm::model::SavedTrack> =
                serde_json::from_str(text).expect("a page");
            black_box(page);
        }
    }

    fn walk(&self, base: &str, connections: usize, held: &mut dyn FnMut()) -> usize {
        let spotify = Tonearm::client(base, connections);
        let tracks = spotify.get_my_saved_tracks().collect_all().expect("all tracks");
        held();
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
