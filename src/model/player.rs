//! Players: playback, devices, queues and history.

use std::time::Duration;

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::common::ExternalUrls;
use super::item::Item;
use super::track::Track;
use crate::json::object::{Object, listed, object, object_impls, related_objects};
use crate::json::scalar::UnixMillis;
use crate::json::shape::field;
use crate::json::wrapper::read_wrapped;
use crate::request::argument::{Convert, Values};
use crate::request::value::BadValue;
use crate::types::enums::{RepeatMode, api_enum};
use crate::types::id::{DeviceId, SpotifyUri};
use crate::types::timestamp::Timestamp;

related_objects! {
    [] {
        /// The album, playlist or other context of the playback; `None` for single tracks.
        context: Option<Context>,
        /// The time at which the state last changed. JSON contains it in milliseconds since 1970.
        timestamp: Option<Timestamp> as UnixMillis,
        /// The position in the item in milliseconds, if Spotify knows it.
        progress_ms: Option<u64>,
        /// `true` if the player plays; `false` if it is paused.
        is_playing: bool,
        /// The item; `None` for advertisements, and for episodes if the call doesn't request them.
        item: Option<Item>,
        /// The type of the item.
        currently_playing_type: Option<PlayingType>,
        /// The actions that the player allows.
        actions: Option<Actions>,
    }

    /// The item that the player of a user plays.
    #[derive(Default)]
    CurrentlyPlaying {}

    /// The state of the player of a user: the item, the device and the modes.
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
    #[derive(Default)]
    Playback {
        /// The device that plays.
        device: Option<Device>,
        /// The repeat mode, as [`set_repeat`](crate::Spotify::set_repeat) accepts it.
        repeat_state: Option<RepeatMode>,
        /// `true` if shuffle is on.
        shuffle_state: bool,
        /// `true` if smart shuffle, which adds recommended tracks, is on, if Spotify sends it.
        smart_shuffle: Option<bool>,
    }
}

macro_rules! progress {
    ($($player:ident),*) => {$(
        impl $player {
            /// Returns `progress_ms` as a [`Duration`].
            pub fn progress(&self) -> Option<Duration> {
                self.progress_ms.map(Duration::from_millis)
            }
        }
    )*};
}

progress!(CurrentlyPlaying, Playback);

/// A parameter that takes the id of a device takes the device. One without an id is an invalid argument.
#[allow(private_interfaces)]
impl Convert<DeviceId> for Device {
    fn add_to(&self, values: &mut Values) -> Result<(), BadValue> {
        match &self.id {
            Some(id) => Convert::<DeviceId>::add_to(id, values),
            None => Err(BadValue::new(
                &self.name,
                "expected a device with an id, found one without, which apps can't control",
            )),
        }
    }
}

object! {
    /// A device on which a user can play.
    ///
    /// Pass `&device` to a call that takes a `device_id`. If the device has no id, the call fails with
    /// [`Error::InvalidArgument`](crate::Error::InvalidArgument), rather than command the active device.
    #[derive(Default)]
    Device {
        /// The id, which may change at any time; `None` for a device that apps can't control.
        id: Option<DeviceId>,
        /// The name that the user or the manufacturer has chosen.
        name: String,
        /// The type of the device.
        kind: Option<DeviceType> = "type",
        /// `true` if it is the active device.
        is_active: bool,
        /// `true` if it is in a private session.
        is_private_session: bool,
        /// `true` if it rejects commands of the Web API.
        is_restricted: bool,
        /// The volume from 0 to 100, if Spotify knows it.
        volume_percent: Option<u32>,
        /// `true` if the Web API can set the volume, if Spotify sends it.
        supports_volume: Option<bool>,
    }

    /// The context of a playback, such as an album or a playlist.
    #[derive(Default)]
    Context {
        /// The type of the context.
        kind: Option<ContextType> = "type",
        /// The Spotify URI.
        uri: Option<SpotifyUri>,
        /// The address in the Web API.
        href: Option<String>,
        /// The addresses of pages for browsers.
        external_urls: Option<ExternalUrls>,
    }

    /// The actions that a player doesn't allow. `false` if Spotify doesn't mention an action.
    #[derive(Default)]
    Disallows {
        /// Interrupting the playback.
        interrupting_playback: bool,
        /// Pausing.
        pausing: bool,
        /// Resuming.
        resuming: bool,
        /// Seeking to another position.
        seeking: bool,
        /// Skipping to the next track.
        skipping_next: bool,
        /// Skipping to the previous track.
        skipping_prev: bool,
        /// Repeating the context, or not.
        toggling_repeat_context: bool,
        /// Repeating the track, or not.
        toggling_repeat_track: bool,
        /// Turning shuffle on or off.
        toggling_shuffle: bool,
        /// Transferring the playback to another device.
        transferring_playback: bool,
    }

    /// The current item and the items after it.
    #[derive(Default)]
    Queue {
        /// The current item; `None` if nothing plays.
        currently_playing: Option<Item>,
        /// The items after it; empty while one of Spotify's mixes plays.
        queue: Vec<Item>,
    }

    /// A track in the history of a user.
    #[derive(Default)]
    PlayHistory {
        /// The track.
        track: Track,
        /// The time at which it was played.
        played_at: Option<Timestamp>,
        /// The context of the playback; always `None` for some accounts.
        context: Option<Context>,
    }
}

api_enum! {
    /// The type of the item that a player plays.
    open PlayingType {
        /// A track.
        Track = "track",
        /// An episode.
        Episode = "episode",
        /// An advertisement.
        Ad = "ad",
        /// Spotify sends `unknown`.
        Unknown = "unknown",
    }

    /// The type of a device.
    open DeviceType {
        /// A computer.
        Computer = "Computer",
        /// A tablet.
        Tablet = "Tablet",
        /// A phone.
        Smartphone = "Smartphone",
        /// A watch.
        Smartwatch = "Smartwatch",
        /// A speaker.
        Speaker = "Speaker",
        /// A television.
        Tv = "TV",
        /// An AV receiver.
        Avr = "AVR",
        /// A set-top box.
        Stb = "STB",
        /// An audio dongle.
        AudioDongle = "AudioDongle",
        /// A game console.
        GameConsole = "GameConsole",
        /// Chromecast.
        CastVideo = "CastVideo",
        /// Chromecast Audio.
        CastAudio = "CastAudio",
        /// A car.
        Automobile = "Automobile",
        /// Spotify sends `unknown`.
        Unknown = "Unknown",
    }

    /// The type of a context.
    open ContextType {
        /// An album.
        Album = "album",
        /// An artist.
        Artist = "artist",
        /// A playlist.
        Playlist = "playlist",
        /// A show.
        Show = "show",
        /// The saved tracks of the user.
        Collection = "collection",
        /// The saved episodes of the user.
        CollectionYourEpisodes = "collectionyourepisodes",
    }
}

/// The actions that a player allows.
///
/// Spotify documents the fields of `disallows` as fields of this object, but sends them in `disallows`. The model
/// accepts both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Actions {
    /// The actions that the player doesn't allow.
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
