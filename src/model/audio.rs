//! Audio features and audio analysis, for apps that had extended access before 27 November 2024.
//!
//! Times and durations are `f64`, in seconds. Other numbers that Spotify sends with at most seven digits are `f32`, because
//! an analysis has thousands of segments. `serde_json::to_string` writes the same digits; `serde_json::to_value` converts
//! them to `f64`, which has more digits.

use super::common::durations;
use crate::json::object::object;
use crate::json::scalar::UnixSeconds;
use crate::types::id::TrackId;
use crate::types::timestamp::Timestamp;

object! {
    floats:
    /// The audio features of a track.
    AudioFeatures[TrackId] {
        /// The confidence that the track is acoustic, from 0 to 1.
        acousticness: f32,
        /// The suitability for dancing, from 0 to 1.
        danceability: f32,
        /// The intensity, from 0 to 1.
        energy: f32,
        /// The confidence that the track has no vocals, from 0 to 1.
        instrumentalness: f32,
        /// The key, from 0 for C and 1 for C sharp to 11 for B; -1 if Spotify found none.
        key: Option<i32>,
        /// The confidence that the track was performed before an audience, from 0 to 1.
        liveness: f32,
        /// The mean loudness in decibels, mostly from -60 to 0.
        loudness: f32,
        /// 1 for major, 0 for minor.
        mode: Option<i32>,
        /// The proportion of spoken words, from 0 to 1. A track above 0.66 consists almost entirely of them.
        speechiness: f32,
        /// Beats per minute, estimated.
        tempo: f32,
        /// Beats per bar, estimated, from 3 to 7.
        time_signature: Option<u32>,
        /// The positivity of the mood, from 0 for sad to 1 for happy.
        valence: f32,
        /// The duration in milliseconds.
        duration_ms: u64,
        /// The address of the track in the Web API.
        track_href: Option<String>,
        /// The address of the track's [`AudioAnalysis`] in the Web API.
        analysis_url: Option<String>,
    }

    /// The structure of a track, from sections to single sounds.
    #[derive(Default)]
    AudioAnalysis {
        /// The conditions of the analysis.
        meta: Option<AnalysisMeta>,
        /// The properties of the whole track.
        track: Option<AnalysisTrack>,
        /// The bars.
        bars: Vec<TimeInterval>,
        /// The beats.
        beats: Vec<TimeInterval>,
        /// The tatums: the shortest pulses that a listener perceives. Beats are multiples of them.
        tatums: Vec<TimeInterval>,
        /// The sections, which differ in rhythm or timbre, such as verse and chorus.
        sections: Vec<Section>,
        /// The segments: single sounds.
        segments: Vec<Segment>,
    }

    /// The conditions of the analysis of a track.
    #[derive(Default)]
    AnalysisMeta {
        /// The version of the analyser.
        analyzer_version: Option<String>,
        /// The platform of the analyser.
        platform: Option<String>,
        /// The result of the analyser in words.
        detailed_status: Option<String>,
        /// The result of the analyser: 0 for success, 1 for failure.
        status_code: Option<i32>,
        /// The time of the analysis. JSON contains it in seconds since 1970.
        timestamp: Option<Timestamp> as UnixSeconds,
        /// The duration of the analysis in seconds.
        analysis_time: Option<f64>,
        /// The method that decoded the audio.
        input_process: Option<String>,
    }

    /// The properties of a whole track in an analysis.
    #[derive(Default)]
    AnalysisTrack {
        /// The number of analysed samples.
        num_samples: u64,
        /// The duration of the track in seconds.
        duration: f64,
        /// Meant for a digest of the samples; always empty.
        sample_md5: Option<String>,
        /// The start of the analysed part in seconds; 0, because the whole track is analysed.
        offset_seconds: u32,
        /// The length of the analysed part in seconds; 0 if the whole track is analysed.
        window_seconds: u32,
        /// The sample rate of the analysis in samples per second.
        analysis_sample_rate: u32,
        /// The number of channels; 1 if they were mixed into one.
        analysis_channels: u32,
        /// The end of the fade-in in seconds; 0 without a fade-in.
        end_of_fade_in: f64,
        /// The start of the fade-out in seconds; the duration of the track without a fade-out.
        start_of_fade_out: f64,
        /// The mean loudness in decibels, mostly from -60 to 0.
        loudness: f32,
        /// Beats per minute, estimated.
        tempo: f32,
        /// The confidence in the tempo, from 0 to 1.
        tempo_confidence: f32,
        /// Beats per bar, estimated, from 3 to 7.
        time_signature: Option<u32>,
        /// The confidence in the time signature, from 0 to 1.
        time_signature_confidence: f32,
        /// The key, from 0 for C and 1 for C sharp to 11 for B; -1 if Spotify found none.
        key: Option<i32>,
        /// The confidence in the key, from 0 to 1.
        key_confidence: f32,
        /// 1 for major, 0 for minor.
        mode: Option<i32>,
        /// The confidence in the mode, from 0 to 1.
        mode_confidence: f32,
        /// A fingerprint of the audio, as an Echo Nest Musical Fingerprint.
        codestring: Option<String>,
        /// The version of that format.
        code_version: Option<f32>,
        /// A fingerprint of the audio, as an Echoprint.
        echoprintstring: Option<String>,
        /// The version of that format.
        echoprint_version: Option<f32>,
        /// Text that synchronizes the analysis with the samples, as a Synchstring.
        synchstring: Option<String>,
        /// The version of that format.
        synch_version: Option<f32>,
        /// The onsets of notes, as a Rhythmstring.
        rhythmstring: Option<String>,
        /// The version of that format.
        rhythm_version: Option<f32>,
    }

    /// A bar, beat or tatum.
    #[derive(Default)]
    TimeInterval {
        /// The start in seconds.
        start: f64,
        /// The duration in seconds.
        duration: f64,
        /// The confidence in the interval, from 0 to 1.
        confidence: f32,
    }

    /// A section of a track, such as a verse or a chorus.
    #[derive(Default)]
    Section {
        /// The start in seconds.
        start: f64,
        /// The duration in seconds.
        duration: f64,
        /// The confidence in the boundaries of the section, from 0 to 1.
        confidence: f32,
        /// The mean loudness in decibels.
        loudness: f32,
        /// Beats per minute, estimated.
        tempo: f32,
        /// The confidence in the tempo, from 0 to 1.
        tempo_confidence: f32,
        /// The key, from 0 for C and 1 for C sharp to 11 for B; -1 if Spotify found none.
        key: Option<i32>,
        /// The confidence in the key, from 0 to 1.
        key_confidence: f32,
        /// 1 for major, 0 for minor, -1 if Spotify found neither.
        mode: Option<i32>,
        /// The confidence in the mode, from 0 to 1.
        mode_confidence: f32,
        /// Beats per bar, estimated, from 3 to 7.
        time_signature: Option<u32>,
        /// The confidence in the time signature, from 0 to 1.
        time_signature_confidence: f32,
    }

    /// A sound that is roughly uniform.
    #[derive(Default)]
    Segment {
        /// The start in seconds.
        start: f64,
        /// The duration in seconds.
        duration: f64,
        /// The confidence in the boundaries of the segment, from 0 to 1.
        confidence: f32,
        /// The loudness at the start in decibels.
        loudness_start: f32,
        /// The peak loudness in decibels.
        loudness_max: f32,
        /// The time of the peak loudness, in seconds from the start of the segment.
        loudness_max_time: f64,
        /// The loudness at the end in decibels. Only useful for the last segment, because it equals the start of the next
        /// one.
        loudness_end: f32,
        /// The strength of each of the 12 notes from C to B, from 0 to 1.
        pitches: Box<[f32]>,
        /// The timbre: 12 numbers around 0, the most significant one first.
        timbre: Box<[f32]>,
    }
}

durations!(AudioFeatures);
