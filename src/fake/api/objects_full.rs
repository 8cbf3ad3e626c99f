//! More objects of the catalog as JSON: full objects, chapters, categories, audio features and analyses.

use super::objects::{API, View, album_type, duration_of_track, images, percent, release};
use crate::endpoint::{GET_AUDIOBOOK_CHAPTERS, GET_SHOW_EPISODES};
use crate::fake::catalog::markets::Markets;
use crate::fake::catalog::{mixed, names, seed};
use crate::json::value::{Value, json_object};
use crate::types::id::IdKind;

impl View<'_> {
    /// A show, whole, with the first page of its episodes.
    pub(crate) fn whole_show(&self, n: usize) -> Value {
        let Some(show) = self.catalog.shows.get(n) else { return Value::Null };
        let (id, rows) = (show.id.as_str(), show.episodes.clone());
        let episodes = self.first_page(&GET_SHOW_EPISODES, id, rows, Self::simplified_episode);
        self.show(n).with([("episodes", episodes)])
    }

    /// An audiobook, whole, with the first page of its chapters.
    pub(crate) fn whole_audiobook(&self, n: usize) -> Value {
        let Some(audiobook) = self.catalog.audiobooks.get(n) else { return Value::Null };
        let (id, rows) = (audiobook.id.as_str(), audiobook.chapters.clone());
        let chapters = self.first_page(&GET_AUDIOBOOK_CHAPTERS, id, rows, Self::simplified_chapter);
        self.audiobook(n).with([("chapters", chapters)])
    }

    /// A chapter, whole, with its audiobook.
    pub(crate) fn chapter(&self, n: usize) -> Value {
        let Some(chapter) = self.catalog.chapters.get(n) else { return Value::Null };
        self.simplified_chapter(n).with([("audiobook", self.audiobook(chapter.audiobook))])
    }

    pub(crate) fn simplified_chapter(&self, n: usize) -> Value {
        let chapters = &self.catalog.chapters;
        let Some((chapter, audiobook)) = chapters
            .get(n)
            .and_then(|chapter| Some((chapter, self.catalog.audiobooks.get(chapter.audiobook)?)))
        else {
            return Value::Null;
        };
        let id = chapter.id.text();
        let number = 1 + n - audiobook.chapters.start;
        let text = format!("Part {number} of {}.", audiobook.name);
        let duration = 240_000 + n * 104_729 % 2_400_000;
        let (date, precision) = release(chapter.audiobook);
        let json = json_object! {
            "audio_preview_url": Value::Null,
            "chapter_number": number,
            "description": text.as_str(),
            "duration_ms": duration,
            "explicit": chapter.audiobook % 15 == 8,
            // In web addresses and URIs a chapter is an episode.
            "external_urls": json_object! { "spotify": format!("https://open.spotify.com/episode/{id}") },
            "href": format!("{API}/chapters/{id}"),
            "html_description": format!("<p>{text}</p>"),
            "id": id,
            "images": images(mixed(seed("audiobook", chapter.audiobook)), &[640, 300, 64]),
            "is_externally_hosted": false,
            "is_playable": true,
            "languages": vec!["en".into()],
            "name": names::chapter(n, number),
            "release_date": date,
            "release_date_precision": precision,
            "type": "episode",
            "uri": format!("spotify:episode:{id}"),
        };
        let json = if self.has_market {
            json
        } else {
            json.with([("available_markets", Markets::Audiobooks.json())])
        };
        self.with_resume_point(json, n, duration)
    }

    /// An album in the list of an artist's.
    pub(crate) fn artist_album(&self, n: usize, artist: usize) -> Value {
        self.simplified_album(n).with([("album_group", self.album_group(n, artist).into())])
    }

    /// The `album_group` of an album for an artist.
    pub(crate) fn album_group(&self, n: usize, artist: usize) -> &'static str {
        match self.catalog.albums.get(n) {
            Some(album) if album.artist == artist => album_type(n, album),
            _ => "appears_on",
        }
    }

    pub(crate) fn category(&self, n: usize) -> Value {
        let Some((id, name)) = CATEGORIES.get(n) else { return Value::Null };
        let icon = format!("https://t.scdn.co/images/{:016x}.jpeg", mixed(seed("category", n)));
        // Some icons have no size.
        let size = || if n % 5 == 3 { Value::Null } else { 274_usize.into() };
        json_object! {
            "href": format!("{API}/browse/categories/{id}"),
            "icons": vec![json_object! { "height": size(), "url": icon, "width": size() }],
            "id": *id,
            "name": *name,
        }
    }

    /// The audio features of a track.
    pub(crate) fn audio_features(&self, n: usize) -> Value {
        let Some(track) = self.catalog.tracks.get(n) else { return Value::Null };
        let sound = Sound::of(n);
        let id = track.id.text();
        json_object! {
            "acousticness": sound.part(1),
            "analysis_url": format!("{API}/audio-analysis/{id}"),
            "danceability": sound.part(2),
            "duration_ms": duration_of_track(n),
            "energy": sound.part(3),
            "id": id,
            "instrumentalness": sound.part(4),
            "key": sound.key,
            "liveness": sound.part(5),
            "loudness": sound.loudness(6),
            "mode": sound.mode,
            "speechiness": sound.part(7),
            "tempo": decimal(sound.tempo),
            "time_signature": sound.signature,
            "track_href": format!("{API}/tracks/{id}"),
            "type": "audio_features",
            "uri": format!("spotify:track:{id}"),
            "valence": sound.part(8),
        }
    }

    /// The structure of a track: its sections, and the bars, beats and sounds with which it begins.
    pub(crate) fn audio_analysis(&self, n: usize) -> Value {
        let sound = Sound::of(n);
        let duration = duration_of_track(n);
        let beat = 60_000_000 / sound.tempo.max(1);
        let beats = BARS * sound.signature;
        json_object! {
            "meta": json_object! {
                "analyzer_version": "4.0.0",
                "platform": "Linux",
                "detailed_status": "OK",
                "status_code": 0_usize,
                "timestamp": 1_495_193_577 + n * 61,
                "analysis_time": decimal(4_000 + n * 37 % 6_000),
                "input_process": "libvorbisfile L+R 44100->22050",
            },
            "track": sound.whole(duration),
            "bars": sound.intervals(BARS, beat * sound.signature, 1_000),
            "beats": sound.intervals(beats, beat, 2_000),
            "tatums": sound.intervals(2 * beats, beat / 2, 3_000),
            "sections": sound.sections(duration),
            "segments": sound.segments(2 * beats, beat / 2),
        }
    }
}

/// How many bars an analysis has.
const BARS: usize = 6;
/// How many sections a track has.
const SECTIONS: usize = 4;

/// The properties that audio features and analysis derive from.
struct Sound {
    seed: u64,
    /// In thousandths of a beat per minute.
    tempo: usize,
    signature: usize,
    key: i64,
    mode: i64,
}

impl Sound {
    fn of(n: usize) -> Self {
        let below = |end: u64, salt: u64| mixed(seed("sound", n) ^ salt) % end;
        let small = |end, salt| i64::try_from(below(end, salt)).unwrap_or(0);
        Sound {
            seed: mixed(seed("sound", n)),
            tempo: 62_000 + usize::try_from(below(120_000, 1)).unwrap_or(0),
            signature: if n % 9 == 5 { 3 } else { 4 },
            // -1 is no key.
            key: small(13, 2) - 1,
            mode: small(2, 3),
        }
    }

    fn thousandths(&self, salt: usize) -> usize {
        let salt = u64::try_from(salt).unwrap_or(0);
        usize::try_from(mixed(self.seed ^ salt) % 1_001).unwrap_or(0)
    }

    /// From 0 to 1.
    fn part(&self, salt: usize) -> Value {
        decimal(self.thousandths(salt))
    }

    /// In decibels, from -20 to -3.
    fn loudness(&self, salt: usize) -> Value {
        decimal_below_zero(3_000 + 17 * self.thousandths(salt))
    }

    fn whole(&self, duration: usize) -> Value {
        json_object! {
            "num_samples": duration * 22_050 / 1_000,
            "duration": decimal(duration),
            "sample_md5": "",
            "offset_seconds": 0_usize,
            "window_seconds": 0_usize,
            "analysis_sample_rate": 22_050_usize,
            "analysis_channels": 1_usize,
            "end_of_fade_in": decimal(self.thousandths(9)),
            "start_of_fade_out": decimal(duration - 4 * self.thousandths(10)),
            "loudness": self.loudness(6),
            "tempo": decimal(self.tempo),
            "tempo_confidence": self.part(11),
            "time_signature": self.signature,
            "time_signature_confidence": self.part(12),
            "key": self.key,
            "key_confidence": self.part(13),
            "mode": self.mode,
            "mode_confidence": self.part(14),
            "codestring": format!("eJx{:016x}", self.seed),
            "code_version": decimal(3_150),
            "echoprintstring": format!("eJy{:016x}", self.seed),
            "echoprint_version": decimal(4_150),
            "synchstring": format!("eJz{:016x}", self.seed),
            "synch_version": decimal(1_000),
            "rhythmstring": format!("eJw{:016x}", self.seed),
            "rhythm_version": decimal(1_000),
        }
    }

    fn intervals(&self, count: usize, length: usize, salt: usize) -> Value {
        let interval = |n: usize| {
            json_object! {
                "start": decimal(n * length),
                "duration": decimal(length),
                "confidence": self.part(salt + n),
            }
        };
        (0..count).map(interval).collect()
    }

    fn sections(&self, duration: usize) -> Value {
        let section = |n: usize| {
            let salt = 4_000 + 10 * n;
            json_object! {
                "start": decimal(n * duration / SECTIONS),
                "duration": decimal((n + 1) * duration / SECTIONS - n * duration / SECTIONS),
                "confidence": self.part(salt),
                "loudness": self.loudness(salt + 1),
                "tempo": decimal(self.tempo + n * 40),
                "tempo_confidence": self.part(salt + 2),
                "key": self.key,
                "key_confidence": self.part(salt + 3),
                // -1 is no result.
                "mode": if n == 2 { -1 } else { self.mode },
                "mode_confidence": self.part(salt + 4),
                "time_signature": self.signature,
                "time_signature_confidence": self.part(salt + 5),
            }
        };
        (0..SECTIONS).map(section).collect()
    }

    fn segments(&self, count: usize, length: usize) -> Value {
        let segment = |n: usize| {
            let salt = 5_000 + 50 * n;
            let pitches = (0..12).map(|k| self.part(salt + 10 + k)).collect::<Vec<_>>();
            let timbre = (0..12).map(|k| match k % 2 {
                0 => decimal(40 * self.thousandths(salt + 30 + k)),
                _ => decimal_below_zero(40 * self.thousandths(salt + 30 + k)),
            });
            json_object! {
                "start": decimal(n * length),
                "duration": decimal(length),
                "confidence": self.part(salt),
                "loudness_start": self.loudness(salt + 1),
                "loudness_max": self.loudness(salt + 2),
                "loudness_max_time": decimal(length * self.thousandths(salt + 3) / 1_001),
                "loudness_end": if n + 1 == count { self.loudness(salt + 4) } else { decimal(0) },
                "pitches": pitches,
                "timbre": timbre.collect::<Vec<_>>(),
            }
        };
        (0..count).map(segment).collect()
    }
}

/// A number of thousandths.
fn decimal(thousandths: usize) -> Value {
    Value::Number(u32::try_from(thousandths).map_or(0.0, f64::from) / 1_000.0)
}

fn decimal_below_zero(thousandths: usize) -> Value {
    match decimal(thousandths) {
        Value::Number(number) => Value::Number(0.0 - number),
        json => json,
    }
}

/// The popularity of an album or a track, as its object has it.
pub(crate) fn popularity(kind: &str, n: usize) -> i64 {
    match percent(mixed(seed(kind, n))) {
        Value::Integer(number) => number,
        _ => 0,
    }
}

/// The categories by their ids and names.
pub(crate) const CATEGORIES: [(&str, &str); 27] = [
    ("party", "Party"),
    ("0JQ5DAqbMKFQIL0AXnG5AK", "Harbour Songs"),
    ("0JQ5DAqbMKFCfObibaOZbv", "Slow Disco"),
    ("focus", "Focus"),
    ("sleep", "Sleep"),
    ("dinner", "Dinner"),
    ("travel", "Travel"),
    ("workout", "Workout"),
    ("rainy_days", "Rainy Days"),
    ("0JQ5DAqbMKFFtlLYUHv8bT", "Kettle Jazz"),
    ("morning", "Morning"),
    ("kids", "Kids & Family"),
    ("gaming", "Gaming"),
    ("romance", "Love"),
    ("chamber_pop", "Chamber Pop"),
    ("decades", "Decades"),
    ("polka_noir", "Polka Noir"),
    ("punk", "Punk"),
    ("ambient", "Ambient"),
    ("folk", "Folk & Acoustic"),
    ("0JQ5DAqbMKFIpEuaCnimBj", "Tape Hiss"),
    ("instrumental", "Instrumental"),
    ("in_the_car", "In the Car"),
    ("at_home", "At Home"),
    ("summer", "Summer"),
    ("winter", "Winter"),
    ("spoken_word", "Spoken Word"),
];
