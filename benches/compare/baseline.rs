//! The baseline: hand-written code for these jobs, which uses `ureq` 3 and `serde_json` and decodes into plain types. It
//! has no checks, no retries and no token refresh, and accepts nothing but what the server sends. It reads
//! the fields that the models have.

use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde::Deserialize;

use crate::contender::Contender;

pub struct Baseline;

#[derive(Deserialize)]
#[allow(dead_code)]
struct Me {
    id: String,
    display_name: Option<String>,
    country: Option<String>,
    email: Option<String>,
    product: Option<String>,
    explicit_content: Option<ExplicitContent>,
    followers: Option<Followers>,
    images: Vec<Image>,
    href: String,
    uri: String,
    external_urls: ExternalUrls,
    r#type: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct ExplicitContent {
    filter_enabled: bool,
    filter_locked: bool,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Followers {
    total: u32,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Page {
    items: Vec<SavedTrack>,
    total: usize,
    limit: u32,
    offset: u32,
    next: Option<String>,
    previous: Option<String>,
    href: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct SavedTrack {
    added_at: String,
    track: Track,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Track {
    id: String,
    name: String,
    album: Album,
    artists: Vec<Artist>,
    #[serde(default)]
    available_markets: Option<Markets>,
    disc_number: u16,
    track_number: u16,
    duration_ms: u32,
    explicit: bool,
    is_local: bool,
    external_ids: ExternalIds,
    #[serde(default)]
    popularity: Option<u8>,
    preview_url: Option<String>,
    href: String,
    uri: String,
    external_urls: ExternalUrls,
    r#type: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Album {
    id: String,
    name: String,
    album_type: AlbumType,
    artists: Vec<Artist>,
    #[serde(default)]
    available_markets: Option<Markets>,
    images: Vec<Image>,
    release_date: String,
    release_date_precision: Precision,
    total_tracks: u16,
    href: String,
    uri: String,
    external_urls: ExternalUrls,
    r#type: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Artist {
    id: String,
    name: String,
    href: String,
    uri: String,
    external_urls: ExternalUrls,
    r#type: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Image {
    url: String,
    width: Option<u16>,
    height: Option<u16>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct ExternalUrls {
    spotify: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct ExternalIds {
    isrc: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum AlbumType {
    Album,
    Single,
    Compilation,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Precision {
    Year,
    Month,
    Day,
}

/// Two letters, stored inline.
#[allow(dead_code)]
struct Market([u8; 2]);

impl<'de> Deserialize<'de> for Market {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        text.as_bytes().try_into().map(Market).map_err(serde::de::Error::custom)
    }
}

/// A set with one bit for each pair of letters. A list of texts would need ten times the memory of the rest of a track.
#[allow(dead_code)]
struct Markets(Box<[u64; 11]>);

impl<'de> Deserialize<'de> for Markets {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Codes;
        impl<'de> serde::de::Visitor<'de> for Codes {
            type Value = Markets;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("markets")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<Markets, A::Error> {
                let mut markets = Markets(Box::new([0; 11]));
                while let Some(Market([a, b])) = seq.next_element()? {
                    let bit = usize::from(a - b'A') * 26 + usize::from(b - b'A');
                    markets.0[bit / 64] |= 1 << (bit % 64);
                }
                Ok(markets)
            }
        }
        deserializer.deserialize_seq(Codes)
    }
}

struct Client<'a> {
    agent: ureq::Agent,
    base: &'a str,
}

impl<'a> Client<'a> {
    fn new(base: &'a str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Client { agent: config.into(), base }
    }

    fn get<T: for<'de> Deserialize<'de>>(&self, path: &str) -> T {
        serde_json::from_slice(&self.bytes(path)).expect("JSON")
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = request.header("authorization", "Bearer token");
        let mut response = request.call().expect("a response");
        response.body_mut().read_to_vec().expect("a body")
    }

    fn page(&self, offset: usize) -> Page {
        self.get(&format!("/me/tracks?limit=50&offset={offset}"))
    }
}

/// Calls `work` with the numbers from 0 to below `end`, on several threads, and returns the results in order.
fn on_threads<T: Send>(end: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads < 2 {
        return (0..end).map(work).collect();
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(end)));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(end) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Relaxed);
                    if index >= end {
                        break;
                    }
                    let result = work(index);
                    done.lock().expect("no panic").push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no panic");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

impl Contender for Baseline {
    fn name(&self) -> &'static str {
        "hand-written"
    }

    fn me(&self, base: &str, times: usize) {
        let client = Client::new(base);
        for _ in 0..times {
            black_box(client.get::<Me>("/me"));
        }
    }

    fn page(&self, base: &str, times: usize, is_decoded: bool) {
        let client = Client::new(base);
        for _ in 0..times {
            if is_decoded {
                drop(black_box(client.page(5_000)))
            } else {
                drop(black_box(client.bytes("/me/tracks?limit=50&offset=5000")))
            }
        }
    }

    fn decode(&self, body: &[u8], times: usize) {
        for _ in 0..times {
            drop(black_box(serde_json::from_slice::<Page>(black_box(body)).expect("a page")));
        }
    }

    fn collect(&self, base: &str, connections: usize) -> Option<usize> {
        let client = Client::new(base);
        let first = client.page(0);
        let total = first.total;
        let pages = total.div_ceil(50).saturating_sub(1);
        let rest = on_threads(pages, connections, |page| client.page((page + 1) * 50).items);
        let mut tracks = first.items;
        tracks.reserve(total.saturating_sub(tracks.len()));
        tracks.extend(rest.into_iter().flatten());
        Some(black_box(tracks).len())
    }

    fn iterate(&self, base: &str) -> usize {
        let client = Client::new(base);
        let mut count = 0;
        loop {
            let page = client.page(count);
            count += black_box(&page.items).len();
            if page.next.is_none() {
                return count;
            }
        }
    }

    fn contains(&self, base: &str, ids: &[String], connections: usize) -> Option<usize> {
        let client = Client::new(base);
        let chunks: Vec<&[String]> = ids.chunks(50).collect();
        let results = on_threads(chunks.len(), connections, |chunk| {
            client.get::<Vec<bool>>(&format!("/me/tracks/contains?ids={}", chunks[chunk].join(",")))
        });
        Some(results.concat().len())
    }
}
