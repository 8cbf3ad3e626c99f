//! Objects as other objects and lists contain them: without what only the full object has.

use super::common::{Copyright, DatePrecision, Image, ReleaseDate, Restriction, ResumePoint};
use crate::json::object::object;
use crate::types::enums::api_enum;
use crate::types::id::{AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, ShowId, TrackId};
use crate::types::market::MarketSet;

object! {
    /// An artist as albums and tracks name it. That of a local file has no id.
    SimplifiedArtist[Option<ArtistId>] {
        /// The name; none for an entry that is no artist, as in an episode sent as a track.
        name: Option<Box<str>>,
    }
}

api_enum! {
    /// What kind of album it is.
    open AlbumType {
        /// An album.
        Album = "album",
        /// A single.
        Single = "single",
        /// A compilation.
        Compilation = "compilation",
        /// An EP; rare, most come as singles.
        Ep = "ep",
    }
}

object! {
    /// An album as tracks and lists name it. That of a local file has a name only, and no id.
    SimplifiedAlbum[Option<AlbumId>] {
        /// The name; empty for an album that was taken down.
        name: Box<str>,
        /// What kind of album it is; none for that of a local file.
        album_type: Option<AlbumType>,
        /// How many tracks it has; 0 for that of a local file.
        total_tracks: u32,
        /// The artists.
        artists: Vec<SimplifiedArtist>,
        /// When it was released; none for that of a local file.
        release_date: Option<ReleaseDate>,
        /// How much of the date is known; none for that of a local file.
        release_date_precision: Option<DatePrecision>,
        /// Covers, widest first; none for an album that was taken down.
        images: Vec<Image>,
        /// Where it can be played. Not if a market was asked for, nor for apps in development mode.
        available_markets: Option<MarketSet>,
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction>,
    }
}

object! {
    /// The track that was asked for, where another one plays in its place. At times it has no id.
    LinkedTrack[Option<TrackId>] {}
}

object! {
    /// A track as its album names it.
    SimplifiedTrack[Option<TrackId>] {
        /// The name; empty for a track that was taken down.
        name: Box<str>,
        /// The artists.
        artists: Vec<SimplifiedArtist>,
        /// How long it is, in milliseconds.
        duration_ms: u64,
        /// Its number on the disc, from 1.
        track_number: u32,
        /// The number of the disc, from 1.
        disc_number: u32,
        /// Whether it has explicit lyrics; `false` may mean that it is not known.
        explicit: bool,
        /// Where it can be played. Not if a market was asked for, nor for apps in development mode.
        available_markets: Option<MarketSet>,
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// The track that was asked for, if another one plays in its place in this market. Not for
        /// apps in development mode.
        linked_from: Option<LinkedTrack>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        preview_url: Option<Box<str>>,
        /// Whether it is a file on the user's own machine.
        is_local: bool,
    }
}

object! {
    /// A show as episodes and lists name it, without its episodes.
    SimplifiedShow[ShowId] {
        /// The name.
        name: Box<str>,
        /// Who publishes it. Not for apps in development mode.
        publisher: Option<Box<str>>,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// How many episodes it has.
        total_episodes: u32,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as ISO 639 codes.
        languages: Vec<Box<str>>,
        /// `audio`, `video` or `mixed`.
        media_type: Option<Box<str>>,
        /// Whether all episodes are hosted outside Spotify, where that is known.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Where it can be played. Not for apps in development mode.
        available_markets: Option<MarketSet>,
    }
}

object! {
    /// An episode as its show lists it.
    SimplifiedEpisode[EpisodeId] {
        /// The name.
        name: Box<str>,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// How long it is, in milliseconds.
        duration_ms: u64,
        /// When it was released.
        release_date: Option<ReleaseDate>,
        /// How much of the date is known.
        release_date_precision: Option<DatePrecision>,
        /// How far the user has listened. Only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as ISO 639-1 codes.
        languages: Vec<Box<str>>,
        /// The language it is in: what `languages` was before, and still sent at times.
        language: Option<Box<str>>,
        /// Whether it can be played in the market that was asked for; not sent at times.
        is_playable: Option<bool>,
        /// Whether it is hosted outside Spotify, where that is known.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        audio_preview_url: Option<Box<str>>,
        /// Where it can be played; sent at times.
        available_markets: Option<MarketSet>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction>,
    }
}

object! {
    /// Who wrote an audiobook.
    Author {
        /// The name.
        name: Box<str>,
    }
}

object! {
    /// Who reads an audiobook.
    Narrator {
        /// The name.
        name: Box<str>,
    }
}

object! {
    /// An audiobook as lists name it, without its chapters.
    SimplifiedAudiobook[AudiobookId] {
        /// The name.
        name: Box<str>,
        /// Who wrote it.
        authors: Vec<Author>,
        /// Who reads it.
        narrators: Vec<Narrator>,
        /// Who publishes it. Not for apps in development mode.
        publisher: Option<Box<str>>,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// The edition, such as `Unabridged`.
        edition: Option<Box<str>>,
        /// How many chapters it has.
        total_chapters: u32,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as words or ISO 639 codes.
        languages: Vec<Box<str>>,
        /// `audio` in all answers seen.
        media_type: Option<Box<str>>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Where it can be played. Not for apps in development mode.
        available_markets: Option<MarketSet>,
        /// Whether it is hosted outside Spotify; sent at times.
        is_externally_hosted: Option<bool>,
        /// Whether it can be played in the market that was asked for; sent at times.
        is_playable: Option<bool>,
    }
}

object! {
    /// A chapter as its audiobook lists it.
    ///
    /// Spotify names it an episode: its `kind()` is `episode`, its `uri()` `spotify:episode:…`.
    SimplifiedChapter[ChapterId] {
        /// The name.
        name: Box<str>,
        /// Its place in the audiobook, as Spotify numbers chapters.
        chapter_number: u32,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// How long it is, in milliseconds.
        duration_ms: u64,
        /// When it was released.
        release_date: Option<ReleaseDate>,
        /// How much of the date is known.
        release_date_precision: Option<DatePrecision>,
        /// How far the user has listened. Only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as ISO 639-1 codes.
        languages: Vec<Box<str>>,
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// Whether it is hosted outside Spotify; sent at times.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        audio_preview_url: Option<Box<str>>,
        /// Where it can be played. Not for apps in development mode.
        available_markets: Option<MarketSet>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction>,
    }
}
