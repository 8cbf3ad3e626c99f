//! Renders more objects of the catalog as JSON: full objects, chapters, categories, audio features and analyses.

use std::borrow::Cow;

use super::objects::{View, album_type, percent, release};
use super::own::{Form, credits};
use super::template::{categories, from_template, placeholder};
use crate::endpoint::{GET_AUDIOBOOK_CHAPTERS, GET_SHOW_EPISODES};
use crate::fake::catalog::items::duration_of_track;
use crate::fake::catalog::markets::Markets;
use crate::fake::catalog::{artist_of, id_of, mixed, names, seed};
use crate::json::value::{Value, json_object};
use crate::types::id::{IdKind, SpotifyUri};

impl View<'_> {
    /// A full show object, with the first page of its episodes.
    pub(crate) fn full_show(&self, n: usize) -> Value {
        self.object(n, Form::Full, &self.catalog.shows, |show| {
            let episodes = self.first_page(&GET_SHOW_EPISODES, show, Self::simplified_episode);
            self.show(n).with([("episodes", episodes)])
        })
    }

    /// A full audiobook object, with the first page of its chapters.
    pub(crate) fn full_audiobook(&self, n: usize) -> Value {
        self.object(n, Form::Full, &self.catalog.audiobooks, |audiobook| {
            let chapters =
                self.first_page(&GET_AUDIOBOOK_CHAPTERS, audiobook, Self::simplified_chapter);
            self.audiobook(n).with([("chapters", chapters)])
        })
    }

    /// A full chapter object, with its audiobook.
    pub(crate) fn chapter(&self, n: usize) -> Value {
        self.object(n, Form::Full, &self.catalog.chapters, |chapter| {
            self.simplified_chapter(n).with([("audiobook", self.audiobook(chapter.of))])
        })
    }

    pub(crate) fn simplified_chapter(&self, n: usize) -> Value {
        self.object(n, Form::Simplified, &self.catalog.chapters, |chapter| {
        let Some(audiobook) = self.catalog.audiobooks.get(chapter.of) else { return Value::Null };
        let (id, number) = (chapter.id.text(), chapter.position + 1);
        let text = format!("Part {number} of {}.", audiobook.name);
        let duration = 240_000 + n * 104_729 % 2_400_000;
        let (date, precision) = release(chapter.of);
        let json = json_object! {
            "audio_preview_url": Value::Null,
            "chapter_number": chapter.position,
            "description": text.as_str(),
            "duration_ms": duration,
            "explicit": chapter.of % 15 == 8,
            // In web addresses and URIs a chapter is an episode.
            "external_urls": json_object! { "spotify": format!("https://open.spotify.com/episode/{id}") },
            "href": format!("{}/chapters/{id}", self.base),
            "html_description": format!("<p>{text}</p>"),
            "id": id,
            "images": self.images(mixed(seed("audiobook", chapter.of)), &[640, 300, 64]),
            "is_playable": true,
            "languages": vec!["en".into()],
            "name": format!("Chapter {number}: {}", names::name("chapter", n)),
            "release_date": date,
            "release_date_precision": precision,
            // Spotify documents `episode`.
            "type": "chapter",
            "uri": format!("spotify:episode:{id}"),
        };
        let json = if self.market.is_some() {
            json
        } else {
            json.with([("available_markets", Markets::Audiobooks.json())])
        };
        self.with_resume_point(json, n, duration)
        })
    }

    /// An album in the list of an artist's albums.
    pub(crate) fn artist_album(&self, n: usize, group: &str) -> Value {
        let album = self.simplified_album(n).retained(|key| key != "album_group");
        album.with([("album_group", group.into())])
    }

    /// The `album_group` of an album for its artist; `None` if it is another artist's.
    pub(crate) fn album_group(&self, n: usize, artist: &SpotifyUri) -> Option<Cow<'_, str>> {
        let own = self.catalog.own.object(n);
        if let Some((_, json)) = own
            && let Some(is_by) = credits(json, artist)
        {
            let kind = json.get("album_group").or_else(|| json.get("album_type"));
            let kind = kind.and_then(Value::as_str).unwrap_or("album");
            return is_by.then(|| kind.to_lowercase().into());
        }
        let n = own.map_or(Some(n), |(uri, _)| self.catalog.made_up(uri))?;
        let album = self.catalog.albums.get(n)?;
        (self.catalog.made_up(artist) == Some(artist_of(n))).then(|| album_type(n, album).into())
    }

    pub(crate) fn category(&self, n: usize) -> Value {
        let Some((id, names)) = categories().get(n) else { return Value::Null };
        // Some icons have no size.
        let size = if n % 5 == 3 { Value::Null } else { 274_usize.into() };
        // `fi_FI` or `fi-FI,sv;q=0.9`. Without a translation, the name is in English.
        let language = self.locale.and_then(|locale| locale.split(['_', '-', ',', ';']).next());
        let language = language.unwrap_or_default().to_lowercase();
        let name = names.get(&language).or_else(|| names.get("en"));
        json_object! {
            "href": format!("{}/browse/categories/{id}", self.base),
            "icons": vec![self.image(mixed(seed("category", n)), 274, size)],
            "id": &**id,
            "name": name.cloned(),
        }
    }

    /// The duration of a track in milliseconds.
    fn duration_of_track(&self, n: usize) -> usize {
        let made_up = || duration_of_track(self.catalog.recording(n));
        self.catalog.own.duration(n).unwrap_or_else(made_up)
    }

    /// The audio features of a track.
    pub(crate) fn audio_features(&self, n: usize) -> Value {
        let own = self.catalog.own.object(n).map(|(uri, _)| id_of(uri));
        let made_up = self.catalog.tracks.get(n).map(|track| track.id.text());
        let Some(id) = own.as_deref().or(made_up) else { return Value::Null };
        let sound = Sound::of(n);
        from_template("audio_features", |key| match key {
            "analysis_url" => format!("{}/audio-analysis/{id}", self.base).into(),
            "duration_ms" => self.duration_of_track(n).into(),
            "id" => id.into(),
            "track_href" => format!("{}/tracks/{id}", self.base).into(),
            "uri" => format!("spotify:track:{id}").into(),
            key => sound.value(key),
        })
    }

    /// An attribute of the sound of a track, or its popularity; `None` if there is no such attribute.
    pub(crate) fn sound(&self, n: usize, attribute: &str) -> Option<f64> {
        let value = match attribute {
            "duration_ms" => self.duration_of_track(n).into(),
            "popularity" => popularity("track", n).into(),
            "key" | "mode" | "tempo" | "time_signature" => Sound::of(n).value(attribute),
            _ => Sound::of(n).value(placeholder("audio_features", attribute)?),
        };
        match value {
            Value::Number(number) => Some(number),
            // None of these integers is large.
            Value::Integer(number) => i32::try_from(number).ok().map(f64::from),
            _ => None,
        }
    }

    /// The structure of a track: all its sections, and its first bars, beats, tatums and segments.
    pub(crate) fn audio_analysis(&self, n: usize) -> Value {
        let sound = Sound::of(n);
        let duration = self.duration_of_track(n);
        let beat = 60_000_000 / sound.tempo.max(1);
        let beats = BARS * sound.signature;
        let parts = |template: &str, count: usize, length: usize| -> Value {
            let part = |n: usize| {
                from_template(template, |key| match key {
                    "start" => decimal(n * length),
                    "duration" => decimal(length),
                    key => sound.value(key),
                })
            };
            (0..count).map(part).collect()
        };
        from_template("audio_analysis", |key| match key {
            "samples" => (duration * 22_050 / 1_000).into(),
            "duration" => decimal(duration),
            "fade_out" => decimal(duration - 2_500),
            "bars" => parts("interval", BARS, beat * sound.signature),
            "beats" => parts("interval", beats, beat),
            "tatums" => parts("interval", 2 * beats, beat / 2),
            "sections" => parts("section", SECTIONS, duration / SECTIONS),
            "segments" => parts("segment", 2 * beats, beat / 2),
            key => sound.value(key),
        })
    }
}

/// The number of bars in an analysis.
const BARS: usize = 6;
/// The number of sections in a track.
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
            // -1 means that no key was detected.
            key: small(13, 2) - 1,
            mode: small(2, 3),
        }
    }

    /// Returns a value of a template. `part 3` is the third of the track's random numbers from 0 to 1.
    fn value(&self, key: &str) -> Value {
        let thousandths = |salt: u64| usize::try_from(mixed(self.seed ^ salt) % 1_001).unwrap_or(0);
        match key {
            "key" => self.key.into(),
            "mode" => self.mode.into(),
            "tempo" => decimal(self.tempo),
            "time_signature" => self.signature.into(),
            // In decibels, from -20 to -3.
            "loudness" => {
                let decibels = u32::try_from(3_000 + 17 * thousandths(6)).unwrap_or(0);
                Value::Number(f64::from(decibels) / -1_000.0)
            }
            key => {
                let salt = key.strip_prefix("part ").and_then(|salt| salt.parse().ok());
                decimal(thousandths(salt.unwrap_or(0)))
            }
        }
    }
}

/// Converts thousandths to a number.
fn decimal(thousandths: usize) -> Value {
    Value::Number(u32::try_from(thousandths).map_or(0.0, f64::from) / 1_000.0)
}

/// The popularity of an album or a track, as in its object.
pub(crate) fn popularity(kind: &str, n: usize) -> i64 {
    match percent(mixed(seed(kind, n))) {
        Value::Integer(number) => number,
        _ => 0,
    }
}
