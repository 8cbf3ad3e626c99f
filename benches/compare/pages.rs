//! The bodies of the server's responses: a library of saved tracks as an app in development mode or in extended quota mode
//! gets it. Tracks and albums have the same markets. Ids and names depend only on the index, so the bodies are the same on
//! every machine.

use std::fmt::Write as _;

/// The markets in which most of Spotify's catalog is available.
const MARKETS: &[&str] = &[
    "AR", "AU", "AT", "BE", "BO", "BR", "BG", "CA", "CL", "CO", "CR", "CY", "CZ", "DK", "DO", "DE",
    "EC", "EE", "SV", "FI", "FR", "GR", "GT", "HN", "HK", "HU", "IS", "IE", "IT", "LV", "LT", "LU",
    "MY", "MT", "MX", "NL", "NZ", "NI", "NO", "PA", "PY", "PE", "PH", "PL", "PT", "SG", "SK", "ES",
    "SE", "CH", "TW", "TR", "UY", "US", "GB", "AD", "LI", "MC", "ID", "JP", "TH", "VN", "RO", "IL",
    "ZA", "SA", "AE", "BH", "QA", "OM", "KW", "EG", "MA", "DZ", "TN", "LB", "JO", "PS", "IN", "BY",
    "KZ", "MD", "UA", "AL", "BA", "HR", "ME", "MK", "RS", "SI", "KR", "BD", "PK", "LK", "GH", "KE",
    "NG", "TZ", "UG", "AG", "AM", "BS", "BB", "BZ", "BT", "BW", "BF", "CV", "CW", "DM", "FJ", "GM",
    "GE", "GD", "GW", "GY", "HT", "JM", "KI", "LS", "LR", "MW", "MV", "ML", "MH", "FM", "NA", "NR",
    "NE", "PW", "PG", "PR", "WS", "SM", "ST", "SN", "SC", "SL", "SB", "KN", "LC", "VC", "SR", "TL",
    "TO", "TT", "TV", "VU", "AZ", "BN", "BI", "KH", "CM", "TD", "KM", "GQ", "SZ", "GA", "GN", "KG",
    "LA", "MO", "MR", "MN", "NP", "RW", "TG", "UZ", "ZW", "BJ", "MG", "MU", "MZ", "AO", "CI", "DJ",
    "ZM", "CD", "CG",
];

/// The profile of the user.
pub fn me() -> String {
    r#"{"country":"FI","display_name":"Aino Example","email":"aino@example.org","explicit_content":{"filter_enabled":false,"filter_locked":false},"external_urls":{"spotify":"https://open.spotify.com/user/aino-example"},"followers":{"href":null,"total":12},"href":"https://api.spotify.com/v1/users/aino-example","id":"aino-example","images":[{"height":300,"url":"https://i.scdn.co/image/ab6775700000ee85a1b2c3d4e5f60718293a4b5c","width":300},{"height":64,"url":"https://i.scdn.co/image/ab67757000003b82a1b2c3d4e5f60718293a4b5c","width":64}],"product":"premium","type":"user","uri":"spotify:user:aino-example"}"#.to_owned()
}

/// The quota mode of the app that gets the bodies.
#[derive(Clone, Copy, PartialEq)]
pub enum Quota {
    /// Without the markets, the popularity and the preview, which Spotify sends to no new app.
    Development,
    Extended,
}

/// Returns a page of saved tracks. `base` is the base URL of its links.
pub fn saved_tracks(quota: Quota, base: &str, total: usize, offset: usize, limit: usize) -> String {
    let end = (offset + limit).min(total);
    let link = |offset: usize| format!("{base}/me/tracks?offset={offset}&limit={limit}");
    let maybe = |link: Option<String>| link.map_or("null".to_owned(), |link| format!("\"{link}\""));
    let mut page = String::with_capacity(4_000 * limit);
    let _ = write!(page, r#"{{"href":"{}","items":["#, link(offset));
    for index in offset..end {
        if index > offset {
            page.push(',');
        }
        saved_track(&mut page, quota, index);
    }
    let next = maybe((end < total).then(|| link(end)));
    let previous = maybe((offset > 0).then(|| link(offset.saturating_sub(limit))));
    let _ = write!(
        page,
        r#"],"limit":{limit},"next":{next},"offset":{offset},"previous":{previous},"total":{total}}}"#
    );
    page
}

fn saved_track(page: &mut String, quota: Quota, index: usize) {
    let mut random = Random(index as u64 + 1);
    let artists: Vec<(String, String)> =
        (0..1 + random.below(3)).map(|_| (random.id(), random.name(2))).collect();
    let markets = match quota {
        Quota::Development => String::new(),
        Quota::Extended => {
            format!(r#""available_markets":["{}"],"#, some_markets(&mut random).join("\",\""))
        }
    };
    let (album, track) = (random.id(), random.id());
    let (month, day) = (1 + random.below(12), 1 + random.below(28));
    let _ = write!(
        page,
        r#"{{"added_at":"20{:02}-{month:02}-{day:02}T{:02}:{:02}:00Z","track":{{"album":{{"album_type":"album","artists":["#,
        10 + random.below(16),
        random.below(24),
        random.below(60)
    );
    artist(page, artists.first());
    let _ = write!(page, "],{markets}");
    links(page, "album", &album);
    page.push_str(r#","images":["#);
    let cover = random.hex(24);
    for (index, (size, kind)) in [(640, "b273"), (300, "1e02"), (64, "4851")].iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(
            page,
            r#"{comma}{{"height":{size},"url":"https://i.scdn.co/image/ab67616d0000{kind}{cover}","width":{size}}}"#
        );
    }
    let _ = write!(
        page,
        r#"],"name":"{}","release_date":"19{:02}-{day:02}-{month:02}","release_date_precision":"day","total_tracks":{},"type":"album","uri":"spotify:album:{album}"}},"artists":["#,
        random.name(3),
        60 + random.below(40),
        8 + random.below(12)
    );
    for index in 0..artists.len() {
        if index > 0 {
            page.push(',');
        }
        artist(page, artists.get(index));
    }
    let _ = write!(
        page,
        r#"],{markets}"disc_number":1,"duration_ms":{},"explicit":{},"external_ids":{{"isrc":"FI{}"}},"#,
        120_000 + random.below(300_000),
        random.below(8) == 0,
        random.hex(10)
    );
    links(page, "track", &track);
    let name = random.name(3);
    let extended = match (quota, random.below(100)) {
        (Quota::Development, _) => String::new(),
        (Quota::Extended, popularity) => {
            format!(r#""popularity":{popularity},"preview_url":null,"#)
        }
    };
    let _ = write!(
        page,
        r#","is_local":false,"name":"{name}",{extended}"track_number":{},"type":"track","uri":"spotify:track:{track}"}}}}"#,
        1 + random.below(12)
    );
}

fn artist(page: &mut String, artist: Option<&(String, String)>) {
    let Some((id, name)) = artist else { return };
    page.push('{');
    links(page, "artist", id);
    let _ = write!(page, r#","name":"{name}","type":"artist","uri":"spotify:artist:{id}"}}"#);
}

fn links(page: &mut String, kind: &str, id: &str) {
    let _ = write!(
        page,
        r#""external_urls":{{"spotify":"https://open.spotify.com/{kind}/{id}"}},"href":"https://api.spotify.com/v1/{kind}s/{id}","id":"{id}""#
    );
}

/// Returns 178 markets.
fn some_markets(random: &mut Random) -> Vec<&'static str> {
    let mut markets = MARKETS.to_vec();
    while markets.len() > 178 {
        markets.remove(random.below(markets.len()));
    }
    markets
}

/// Random-looking numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut n = self.0;
        n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        n ^ (n >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn letters(&mut self, count: usize, alphabet: &[u8]) -> String {
        (0..count).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    fn id(&mut self) -> String {
        self.letters(22, b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }

    fn hex(&mut self, count: usize) -> String {
        self.letters(count, b"0123456789abcdef")
    }

    fn name(&mut self, words: usize) -> String {
        const WORDS: &[&str] = &[
            "Winter", "Café", "Northern", "Light", "Song", "of", "the", "Sea", "Yö", "Blue",
            "Hour", "Train", "Home", "Quiet", "Fire", "Dance", "Long", "Road", "Silver", "Rain",
        ];
        let words: Vec<&str> = (0..words).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join(" ")
    }
}
