//! What Spotify hears in a track: features and analysis. Only for apps that had extended access before
//! 27 November 2024.
//!
//! Times are in seconds. Numbers that Spotify sends with no more than seven digits are `f32`, since an
//! analysis has thousands of segments. `serde_json::to_string` writes them with the same digits;
//! `serde_json::to_value` makes `f64` of them, and more digits.

use crate::json::object::object;
use crate::types::id::TrackId;

object! {
    /// What a track sounds like.
    AudioFeatures[TrackId] {
        /// How sure Spotify is that it is acoustic, from 0 to 1.
        acousticness: f32,
        /// How well one can dance to it, from 0 to 1.
        danceability: f32,
        /// How intense it is, from 0 to 1.
        energy: f32,
        /// How sure Spotify is that it has no vocals, from 0 to 1.
        instrumentalness: f32,
        /// The key, from 0 for C, 1 for C sharp to 11 for B; -1 if none was found.
        key: Option<i32>,
        /// How sure Spotify is that there was an audience, from 0 to 1.
        liveness: f32,
        /// The mean loudness in decibels, mostly from -60 to 0.
        loudness: f32,
        /// 1 for major, 0 for minor.
        mode: Option<i32>,
        /// How much of it is spoken words, from 0 to 1; above 0.66 nearly all of it.
        speechiness: f32,
        /// Beats per minute, estimated.
        tempo: f32,
        /// Beats per bar, estimated, from 3 to 7.
        time_signature: Option<u32>,
        /// How happy it sounds, from 0 to 1.
        valence: f32,
        /// How long the track is, in milliseconds.
        duration_ms: u64,
        /// The address of the track in the Web API.
        track_href: Option<String>,
        /// The address of the track's [`AudioAnalysis`] in the Web API.
        analysis_url: Option<String>,
    }

    /// The structure of a track, from its sections down to single sounds.
    AudioAnalysis {
        /// How it was analysed.
        meta: Option<AnalysisMeta>,
        /// What holds for the track as a whole.
        track: Option<AnalysisTrack>,
        /// The bars.
        bars: Vec<TimeInterval>,
        /// The beats.
        beats: Vec<TimeInterval>,
        /// The smallest pulses that a listener would feel; beats are made of them.
        tatums: Vec<TimeInterval>,
        /// The parts of the track that differ in rhythm or timbre, such as verse and chorus.
        sections: Vec<Section>,
        /// The single sounds.
        segments: Vec<Segment>,
    }

    /// How a track was analysed.
    AnalysisMeta {
        /// The version of the analyser.
        analyzer_version: Option<String>,
        /// The platform that it ran on.
        platform: Option<String>,
        /// How it went, in words.
        detailed_status: Option<String>,
        /// How it went: 0 if well, 1 if not.
        status_code: Option<i32>,
        /// When it was analysed, in seconds since 1970.
        timestamp: Option<i64>,
        /// How long it took, in seconds.
        analysis_time: Option<f64>,
        /// How the audio was decoded.
        input_process: Option<String>,
    }

    /// What holds for an analysed track as a whole.
    AnalysisTrack {
        /// How many samples were analysed.
        num_samples: u64,
        /// How long the track is, in seconds.
        duration: f64,
        /// For a digest of the samples; empty.
        sample_md5: Option<String>,
        /// Where in the track the analysis begins, in seconds: 0, for all of it is analysed.
        offset_seconds: u32,
        /// How much of the track is analysed, in seconds: 0, for all of it is.
        window_seconds: u32,
        /// The samples per second.
        analysis_sample_rate: u32,
        /// The channels; 1 if they were mixed into one.
        analysis_channels: u32,
        /// Where the fade-in ends, in seconds; 0 if there is none.
        end_of_fade_in: f64,
        /// Where the fade-out begins, in seconds; the track's duration if there is none.
        start_of_fade_out: f64,
        /// The mean loudness in decibels, mostly from -60 to 0.
        loudness: f32,
        /// Beats per minute, estimated.
        tempo: f32,
        /// How sure the tempo is, from 0 to 1.
        tempo_confidence: f32,
        /// Beats per bar, estimated, from 3 to 7.
        time_signature: Option<u32>,
        /// How sure the time signature is, from 0 to 1.
        time_signature_confidence: f32,
        /// The key, from 0 for C, 1 for C sharp to 11 for B; -1 if none was found.
        key: Option<i32>,
        /// How sure the key is, from 0 to 1.
        key_confidence: f32,
        /// 1 for major, 0 for minor.
        mode: Option<i32>,
        /// How sure the mode is, from 0 to 1.
        mode_confidence: f32,
        /// A fingerprint of the audio, as an Echo Nest Musical Fingerprint.
        codestring: Option<String>,
        /// The version of that format.
        code_version: Option<f32>,
        /// A fingerprint of the audio, as an Echoprint.
        echoprintstring: Option<String>,
        /// The version of that format.
        echoprint_version: Option<f32>,
        /// What aligns the analysis with the samples, as a Synchstring.
        synchstring: Option<String>,
        /// The version of that format.
        synch_version: Option<f32>,
        /// The onsets of notes, as a Rhythmstring.
        rhythmstring: Option<String>,
        /// The version of that format.
        rhythm_version: Option<f32>,
    }

    /// A bar, beat or tatum.
    TimeInterval {
        /// Where it begins, in seconds.
        start: f64,
        /// How long it is, in seconds.
        duration: f32,
        /// How sure it is, from 0 to 1.
        confidence: f32,
    }

    /// A part of a track, such as a verse or a chorus.
    Section {
        /// Where it begins, in seconds.
        start: f64,
        /// How long it is, in seconds.
        duration: f64,
        /// How sure it is that it is a section of its own, from 0 to 1.
        confidence: f32,
        /// The mean loudness in decibels.
        loudness: f32,
        /// Beats per minute, estimated.
        tempo: f32,
        /// How sure the tempo is, from 0 to 1.
        tempo_confidence: f32,
        /// The key, from 0 for C, 1 for C sharp to 11 for B; -1 if none was found.
        key: Option<i32>,
        /// How sure the key is, from 0 to 1.
        key_confidence: f32,
        /// 1 for major, 0 for minor, -1 if neither was found.
        mode: Option<i32>,
        /// How sure the mode is, from 0 to 1.
        mode_confidence: f32,
        /// Beats per bar, estimated, from 3 to 7.
        time_signature: Option<u32>,
        /// How sure the time signature is, from 0 to 1.
        time_signature_confidence: f32,
    }

    /// A sound that stays much the same while it lasts.
    Segment {
        /// Where it begins, in seconds.
        start: f64,
        /// How long it is, in seconds.
        duration: f32,
        /// How sure it is that it is a sound of its own, from 0 to 1.
        confidence: f32,
        /// The loudness where it begins, in decibels.
        loudness_start: f32,
        /// The loudness where it is loudest, in decibels.
        loudness_max: f32,
        /// Where it is loudest, in seconds from its beginning.
        loudness_max_time: f32,
        /// The loudness where it ends, in decibels: that with which the next segment begins, so that
        /// it says something of the last one only.
        loudness_end: f32,
        /// How strong each of the 12 notes from C to B is, from 0 to 1.
        pitches: Box<[f32]>,
        /// The timbre, as 12 numbers around 0, the one that says most first.
        timbre: Box<[f32]>,
    }
}
