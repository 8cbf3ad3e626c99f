//! What plays, where, and what played before.

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::common::ExternalUrls;
use super::item::Item;
use super::track::Track;
use crate::json::object::{Object, listed, object, object_impls, related_objects};
use crate::json::shape::field;
use crate::json::wrapper::read_wrapped;
use crate::types::enums::api_enum;
use crate::types::id::DeviceId;
use crate::types::timestamp::Timestamp;

related_objects! {
    [] {
        /// What it plays from; none for single tracks.
        context: Option<Context>,
        /// When the state last changed, in milliseconds since 1970.
        timestamp: u64,
        /// How far it has played, in milliseconds, where that is known.
        progress_ms: Option<u64>,
        /// Whether it plays; `false` if it is paused.
        is_playing: bool,
        /// What it plays; none for advertisements, in private sessions, and for episodes if the call
        /// did not ask for them.
        item: Option<Item>,
        /// What kind of thing it plays.
        currently_playing_type: Option<PlayingType>,
        /// What the player may do now.
        actions: Option<Actions>,
    }

    /// What a user's player plays.
    CurrentlyPlaying {}

    /// The state of a user's player: what plays, on which device, and how.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// match spotify.get_playback().send()? {
    ///     Some(playback) => println!("{:?}", playback.item.as_ref().and_then(|item| item.name())),
    ///     None => println!("no player is active"),
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Playback {
        /// The device it plays on.
        device: Option<Device>,
        /// Whether it repeats what it plays.
        repeat_state: Option<RepeatState>,
        /// Whether it plays in random order.
        shuffle_state: bool,
        /// Whether Spotify mixes in tracks of its own choice, where it says so.
        smart_shuffle: Option<bool>,
    }
}

object! {
    /// A device that can play.
    Device {
        /// The id, which may change at any time; none for some devices.
        id: Option<DeviceId>,
        /// The name, as its owner or its maker chose it.
        name: Box<str>,
        /// What it is.
        kind: Option<DeviceType> = "type",
        /// Whether it is the one that plays, or would.
        is_active: bool,
        /// Whether it is in a private session.
        is_private_session: bool,
        /// Whether it takes no commands from the Web API.
        is_restricted: bool,
        /// How loud it is, from 0 to 100, where that is known.
        volume_percent: Option<u32>,
        /// Whether the Web API can set how loud it is, where Spotify says so.
        supports_volume: Option<bool>,
    }

    /// What something is played from.
    Context {
        /// What it is.
        kind: Option<ContextType> = "type",
        /// The Spotify URI.
        uri: Option<Box<str>>,
        /// The address in the Web API.
        href: Option<Box<str>>,
        /// The addresses for people.
        external_urls: Option<ExternalUrls>,
    }

    /// What a player may not do now; what Spotify does not name, it may.
    #[derive(Default, Eq)]
    Disallows {
        /// Interrupt what plays.
        interrupting_playback: bool,
        /// Pause.
        pausing: bool,
        /// Resume.
        resuming: bool,
        /// Go to another place in the track.
        seeking: bool,
        /// Go on to the next track.
        skipping_next: bool,
        /// Go back to the track before.
        skipping_prev: bool,
        /// Change whether it repeats what it plays from.
        toggling_repeat_context: bool,
        /// Change whether it repeats the track.
        toggling_repeat_track: bool,
        /// Change whether it plays in random order.
        toggling_shuffle: bool,
        /// Go on playing on another device.
        transferring_playback: bool,
    }

    /// What plays, and what comes after it.
    Queue {
        /// What plays, if anything does.
        currently_playing: Option<Item>,
        /// What comes after it; empty while a mix of Spotify's plays.
        queue: Vec<Item>,
    }

    /// A track that a user has played.
    PlayHistory {
        /// The track.
        track: Track,
        /// When it was played.
        played_at: Option<Timestamp>,
        /// What it was played from; not known for some accounts.
        context: Option<Context>,
    }
}

api_enum! {
    /// Whether a player repeats what it plays.
    open RepeatState {
        /// It does not.
        Off = "off",
        /// It repeats the track.
        Track = "track",
        /// It repeats the album, playlist, or whatever it plays from.
        Context = "context",
    }

    /// What kind of thing a player plays.
    open PlayingType {
        /// A track.
        Track = "track",
        /// An episode.
        Episode = "episode",
        /// An advertisement.
        Ad = "ad",
        /// Spotify does not know either.
        Unknown = "unknown",
    }

    /// What a device is.
    open DeviceType {
        /// A computer.
        Computer = "Computer",
        /// A tablet.
        Tablet = "Tablet",
        /// A telephone.
        Smartphone = "Smartphone",
        /// A watch.
        Smartwatch = "Smartwatch",
        /// A loudspeaker.
        Speaker = "Speaker",
        /// A television set.
        Tv = "TV",
        /// An amplifier with inputs for audio and video.
        Avr = "AVR",
        /// A set-top box.
        Stb = "STB",
        /// A dongle for audio.
        AudioDongle = "AudioDongle",
        /// A game console.
        GameConsole = "GameConsole",
        /// Chromecast with video.
        CastVideo = "CastVideo",
        /// Chromecast with audio only.
        CastAudio = "CastAudio",
        /// A car.
        Automobile = "Automobile",
        /// Spotify does not know either.
        Unknown = "Unknown",
    }

    /// What something is played from.
    open ContextType {
        /// An album.
        Album = "album",
        /// An artist.
        Artist = "artist",
        /// A playlist.
        Playlist = "playlist",
        /// A show.
        Show = "show",
        /// The tracks that the user saved.
        Collection = "collection",
        /// The episodes that the user saved.
        CollectionYourEpisodes = "collectionyourepisodes",
    }
}

/// What a player may do now.
///
/// Spotify documents what is within `disallows` as if it stood here; both are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Actions {
    /// What it may not do.
    pub disallows: Disallows,
}

impl Serialize for Actions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("disallows", &self.disallows)?;
        map.end()
    }
}

object_impls!(Actions);

listed!(Actions unwraps "disallows" { field::<Disallows>(&["disallows"]), });

impl<'de> Object<'de> for Actions {
    const EXPECTED: &'static str = "an object with `disallows`";

    fn visit<A: MapAccess<'de>>(map: A) -> Result<Actions, A::Error> {
        let (disallows, _) = read_wrapped(map, "disallows")?;
        Ok(Actions { disallows })
    }
}
