//! The items of playlists, players and queues: tracks, episodes, local files, and unknown types.

use std::fmt::{self, Formatter};
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use super::common::{
    DatePrecision, ExternalIds, ExternalUrls, Image, ReleaseDate, Restriction, ResumePoint,
};
use super::show::{Episode, SimplifiedShow};
use super::simplified::{LinkedTrack, SimplifiedAlbum, SimplifiedArtist};
use super::track::Track;
use crate::json::decode::item_by_item;
use crate::json::field::{ElementSeed, LenientField, LenientOption, isolated, null_is};
use crate::json::links::{Link, Seen};
use crate::json::object::{object, read_members};
use crate::json::scalar::{FromScalar, Scalar};
use crate::json::shape::{Absence, Listed, Shape, Shaped};
use crate::request::argument::{Convert, Values};
use crate::request::value::BadValue;
use crate::types::id::{ChapterId, EpisodeId, IdKind, ShowId, SpotifyUri, TrackId, after_scheme};
use crate::types::market::MarketSet;

/// An item of a playlist, a player or a queue.
///
/// The client requests tracks and episodes. If you set `additional_types` without `episode`, Spotify sends episodes with
/// the fields of tracks: they are still [`Item::Episode`], with their covers and their show, but without a description.
///
/// Pass `&item` to a call that takes a URI. If the item has none, or a malformed id, the call fails with
/// [`Error::InvalidArgument`](crate::Error::InvalidArgument).
///
/// ```
/// use tonearm::model::Item;
///
/// let item: Item = serde_json::from_str(
///     r#"{"id": "7ouMYWpwJ422jRcDASZB7P", "name": "Knights of Cydonia", "type": "track"}"#,
/// )?;
/// assert_eq!(item.name(), Some("Knights of Cydonia"));
/// assert!(item.is_addable());
/// match item {
///     Item::Track(track) | Item::Local(track) => println!("{} artists", track.artists.len()),
///     Item::Episode(episode) => println!("{}", episode.description),
///     other => println!("{:?}", other.uri()),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Item {
    /// A track in Spotify's catalog.
    Track(Box<Track>),
    /// An episode of a show, or a chapter of an audiobook.
    Episode(Box<Episode>),
    /// A local file of the user. It has no id, and the URI `spotify:local:…`.
    Local(Box<Track>),
    /// An item that was removed, or is not available to this app or in this market: Spotify sends `null` in its place, in
    /// an entry of a playlist with `added_at`.
    Removed,
    /// An item of a type that this version of the crate doesn't know, or that the response does not contain because
    /// `fields` does not select it.
    Unknown(Box<UnknownItem>),
}

/// An [`Item::Unknown`] without fields.
impl Default for Item {
    fn default() -> Self {
        Item::Unknown(Box::default())
    }
}

object! {
    /// An item of a type that this version of the crate doesn't know, or without a type.
    #[derive(Default)]
    UnknownItem {
        /// The type.
        kind: Option<String> = "type",
        /// The Spotify id.
        id: Option<String>,
        /// The Spotify URI.
        uri: Option<SpotifyUri>,
        /// The address in the Web API.
        href: Option<String>,
        /// The addresses of pages for browsers.
        external_urls: Option<ExternalUrls>,
        /// The name.
        name: Option<String>,
        /// The duration in milliseconds.
        duration_ms: Option<u64>,
        /// A picture in several sizes, widest first.
        images: Vec<Image>,
    }
}

impl Item {
    /// Returns the Spotify URI; `None` if the item is removed, or of an unknown type without a URI. Spotify sends the URI
    /// of an episode for a chapter of an audiobook; if it sends none, this is `spotify:chapter:…`.
    ///
    /// For a track that Spotify has replaced for the market, this is the URI of the replacement: see
    /// [`original_uri`](Item::original_uri).
    ///
    /// ```
    /// use tonearm::SpotifyUri;
    /// use tonearm::model::Item;
    ///
    /// let json = r#"{"id": "7ouMYWpwJ422jRcDASZB7P", "type": "track"}"#;
    /// let item: Item = serde_json::from_str(json)?;
    /// let Some(SpotifyUri::Track(id)) = item.uri() else { unreachable!() };
    /// assert_eq!(id, "7ouMYWpwJ422jRcDASZB7P");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn uri(&self) -> Option<SpotifyUri> {
        match self {
            Item::Track(track) | Item::Local(track) => track.uri(),
            Item::Episode(episode) => {
                let is_chapter =
                    episode.kind().is_some_and(|kind| kind.eq_ignore_ascii_case(ChapterId::URI));
                if is_chapter && episode.links.get(Link::Uri, &episode.id).is_none() {
                    return Some(ChapterId::from_text(episode.id.as_str()).into());
                }
                Some(episode.uri())
            }
            Item::Removed => None,
            Item::Unknown(unknown) => unknown.uri.clone(),
        }
    }

    /// Returns the URI of the item as the user added it. For a track that Spotify has replaced for the market, this is
    /// the one in `linked_from`; save, remove and compare items by it.
    ///
    /// To an app in development mode, Spotify doesn't send `linked_from`: for a replaced track, this is then the URI of
    /// the replacement. Read the items without a market, or compare them by `isrc` of
    /// [`external_ids`](super::Track::external_ids). See [markets](crate::guide::recipes#markets).
    ///
    /// ```
    /// use tonearm::model::Item;
    ///
    /// let item: Item = serde_json::from_str(
    ///     r#"{
    ///         "id": "7ouMYWpwJ422jRcDASZB7P",
    ///         "type": "track",
    ///         "linked_from": {"id": "4iV5W9uYEdYUVa79Axb7Rh"}
    ///     }"#,
    /// )?;
    /// let uri = item.original_uri().map(|uri| uri.to_string());
    /// assert_eq!(uri.as_deref(), Some("spotify:track:4iV5W9uYEdYUVa79Axb7Rh"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn original_uri(&self) -> Option<SpotifyUri> {
        let linked = self.as_track().and_then(|track| track.linked_from.as_ref());
        linked.and_then(|linked| linked.uri()).or_else(|| self.uri())
    }

    /// Returns whether Spotify can add the item to a playlist or the queue. It can add tracks and episodes, but not
    /// chapters without the URI of an episode, local files, removed items, items of unknown types and items with a
    /// malformed id.
    pub fn is_addable(&self) -> bool {
        matches!(self, Item::Track(_) | Item::Episode(_))
            && matches!(self.uri(), Some(SpotifyUri::Track(_) | SpotifyUri::Episode(_)))
    }

    /// Returns the name; empty for an item that was taken down.
    pub fn name(&self) -> Option<&str> {
        match self {
            Item::Track(track) | Item::Local(track) => Some(&track.name),
            Item::Episode(episode) => Some(&episode.name),
            Item::Removed => None,
            Item::Unknown(unknown) => unknown.name.as_deref(),
        }
    }

    /// Returns the names of the artists, separated by `, `; for an episode, the name of its show.
    pub fn artist_names(&self) -> Option<String> {
        match self {
            Item::Track(track) | Item::Local(track) => Some(track.artist_names()),
            Item::Episode(episode) => episode.show.as_ref().map(|show| show.name.clone()),
            Item::Removed | Item::Unknown(_) => None,
        }
    }

    /// Returns the duration in milliseconds.
    pub fn duration_ms(&self) -> Option<u64> {
        match self {
            Item::Track(track) | Item::Local(track) => Some(track.duration_ms),
            Item::Episode(episode) => Some(episode.duration_ms),
            Item::Removed => None,
            Item::Unknown(unknown) => unknown.duration_ms,
        }
    }

    /// Returns the duration.
    pub fn duration(&self) -> Option<Duration> {
        self.duration_ms().map(Duration::from_millis)
    }

    /// Returns the track or the local file.
    pub fn as_track(&self) -> Option<&Track> {
        match self {
            Item::Track(track) | Item::Local(track) => Some(track),
            _ => None,
        }
    }

    /// Returns the episode.
    pub fn as_episode(&self) -> Option<&Episode> {
        match self {
            Item::Episode(episode) => Some(episode),
            _ => None,
        }
    }
}

/// A parameter that takes a URI takes an item. One without a URI is an invalid argument.
#[allow(private_interfaces)]
impl Convert<SpotifyUri> for Item {
    fn add_to(&self, values: &mut Values) -> Result<(), BadValue> {
        match self.uri() {
            Some(uri) => Convert::<SpotifyUri>::add_to(&uri, values),
            None => Err(BadValue::new(
                self.name().unwrap_or_default(),
                "expected an item with a URI, found one without",
            )),
        }
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Item::Track(track) | Item::Local(track) => track.serialize(serializer),
            Item::Episode(episode) => episode.serialize(serializer),
            Item::Removed => serializer.serialize_none(),
            Item::Unknown(unknown) => unknown.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(ItemVisitor)
    }
}

/// The item is null if it was removed, and missing if `fields` does not select it.
impl<'de> LenientField<'de> for Item {
    fn missing() -> Option<Self> {
        Some(Item::default())
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Item::deserialize(deserializer)
    }

    fn skip_serializing(&self) -> bool {
        matches!(self, Item::Unknown(unknown) if **unknown == UnknownItem::default())
    }

    fn is_null(&self) -> bool {
        matches!(self, Item::Removed)
    }
}

impl<'de> LenientOption<'de> for Item {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        if item_by_item() {
            return isolated(deserializer, ElementSeed::new());
        }
        Option::deserialize(deserializer)
    }
}

impl Shaped for Item {
    const SHAPE: Shape = Shape::OneOf(&[Track::MODEL, Episode::MODEL, UnknownItem::MODEL]);
    const ABSENCE: Absence = Absence::Default;
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a track, an episode or null")
    }

    null_is!(Item::Removed);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_map(self)
    }

    /// Reads the fields of tracks and of episodes, because the type may come last.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        read_members!(map, [id: Option<TrackId>, links] {
            name: Option<String>,
            duration_ms: Option<u64>,
            explicit: bool,
            available_markets: Option<MarketSet>,
            is_playable: Option<bool>,
            restrictions: Option<Box<Restriction>> = "restrictions" | "restriction",
            // Of tracks.
            artists: Vec<SimplifiedArtist>,
            album: Option<SimplifiedAlbum>,
            track_number: u32,
            disc_number: u32,
            popularity: Option<u32>,
            external_ids: Option<ExternalIds>,
            linked_from: Option<Box<LinkedTrack>>,
            preview_url: Option<String>,
            is_local: bool,
            // Of episodes.
            show: Option<SimplifiedShow>,
            description: String,
            html_description: Option<String>,
            release_date: Option<ReleaseDate>,
            release_date_precision: Option<DatePrecision>,
            resume_point: Option<ResumePoint>,
            languages: Vec<String>,
            language: Option<String>,
            is_externally_hosted: Option<bool>,
            images: Vec<Image>,
            audio_preview_url: Option<String>,
        });
        let (id, show, album) = (id.flatten(), show.flatten(), album.flatten());
        let artists = artists.unwrap_or_default();
        let is_local = is_local.unwrap_or_default();
        let kind = match Kind::of(&links, show.is_some(), album.is_some()) {
            _ if is_local => Kind::Local,
            kind => kind,
        };
        // The ids of tracks and of episodes look alike.
        let episode_id = match (&id, kind) {
            (Some(id), Kind::Episode) => Some(EpisodeId::from_text(id.as_str())),
            (None, Kind::Episode) => links.text(Link::Uri).and_then(episode_in),
            _ => None,
        };
        Ok(match (kind, episode_id) {
            (Kind::Track | Kind::Local, _) => {
                let track = Box::new(Track {
                    links: links.links(&id),
                    id,
                    name: name.flatten().unwrap_or_default(),
                    artists,
                    album,
                    duration_ms: duration_ms.flatten().unwrap_or_default(),
                    track_number: track_number.unwrap_or_default(),
                    disc_number: disc_number.unwrap_or_default(),
                    explicit: explicit.unwrap_or_default(),
                    popularity: popularity.flatten(),
                    external_ids: external_ids.flatten(),
                    available_markets: available_markets.flatten(),
                    is_playable: is_playable.flatten(),
                    linked_from: linked_from.flatten(),
                    restrictions: restrictions.flatten(),
                    preview_url: preview_url.flatten(),
                    is_local,
                });
                match kind {
                    Kind::Local => Item::Local(track),
                    _ => Item::Track(track),
                }
            }
            (Kind::Episode, Some(episode_id)) => {
                let mut images = images.unwrap_or_default();
                let show = match (show, album) {
                    (None, Some(mut album)) => {
                        if images.is_empty() {
                            images = std::mem::take(&mut album.images);
                        }
                        show_of(album, &artists)
                    }
                    (show, _) => show,
                };
                Item::Episode(Box::new(Episode {
                    links: links.links(&episode_id),
                    id: episode_id,
                    name: name.flatten().unwrap_or_default(),
                    show,
                    description: description.unwrap_or_default(),
                    html_description: html_description.flatten(),
                    duration_ms: duration_ms.flatten().unwrap_or_default(),
                    release_date: release_date.flatten(),
                    release_date_precision: release_date_precision.flatten(),
                    resume_point: resume_point.flatten(),
                    explicit: explicit.unwrap_or_default(),
                    languages: languages.unwrap_or_default(),
                    language: language.flatten(),
                    is_playable: is_playable.flatten(),
                    is_externally_hosted: is_externally_hosted.flatten(),
                    images,
                    audio_preview_url: audio_preview_url.flatten(),
                    available_markets: available_markets.flatten(),
                    restrictions: restrictions.flatten(),
                }))
            }
            (Kind::Episode | Kind::Unknown, _) => Item::Unknown(Box::new(UnknownItem {
                kind: links.text(Link::Type).map(Into::into),
                id: id.map(|id| id.as_str().into()),
                uri: links
                    .text(Link::Uri)
                    .and_then(|uri| FromScalar::from_scalar(Scalar::Text(uri.into()))),
                href: links.text(Link::Href).map(Into::into),
                external_urls: links.web().map(|spotify| ExternalUrls { spotify }),
                name: name.flatten(),
                duration_ms: duration_ms.flatten(),
                images: images.unwrap_or_default(),
            })),
        })
    }
}

/// The type of an item.
#[derive(Clone, Copy)]
enum Kind {
    Track,
    Episode,
    Local,
    Unknown,
}

impl Kind {
    /// Judges the type by the field `type`, then by the URI, then by the presence of a show or an album. It ignores the
    /// fields `track` and `episode`, because Spotify has sent wrong values in them.
    fn of(links: &Seen<'_>, has_show: bool, has_album: bool) -> Kind {
        let of_uri = links
            .text(Link::Uri)
            .and_then(|uri| after_scheme(uri)?.split_once(':'))
            .map(|(word, _)| word);
        let word = links.text(Link::Type).filter(|word| !word.is_empty()).or(of_uri);
        match word {
            _ if of_uri == Some("local") => Kind::Local,
            Some(word) if word.eq_ignore_ascii_case(TrackId::URI) => Kind::Track,
            // A chapter of an audiobook, in playlists and players.
            Some(word) if word.eq_ignore_ascii_case(ChapterId::URI) => Kind::Episode,
            Some(word) if word.eq_ignore_ascii_case(EpisodeId::URI) => Kind::Episode,
            None if has_show => Kind::Episode,
            None if has_album => Kind::Track,
            _ => Kind::Unknown,
        }
    }
}

/// Returns the id in the URI of an episode.
fn episode_in(uri: &str) -> Option<EpisodeId> {
    let id = after_scheme(uri)?.strip_prefix("episode:").filter(|id| !id.is_empty())?;
    Some(EpisodeId::from_text(id))
}

/// Returns the show of an episode with the fields of a track, which is in the place of the album.
fn show_of(album: SimplifiedAlbum, artists: &[SimplifiedArtist]) -> Option<SimplifiedShow> {
    let id = ShowId::from_text(album.id.as_ref()?.as_str());
    let links = album.links.sent(&album.id).links(&id);
    // Spotify has sent the name of the show as the `type` of an artist.
    let in_artists = || {
        let kinds = artists.iter().filter_map(SimplifiedArtist::kind);
        kinds.into_iter().find(|kind| kind != "artist").map(Into::into)
    };
    let name = if album.name.is_empty() { in_artists().unwrap_or_default() } else { album.name };
    Some(SimplifiedShow {
        links,
        id,
        name,
        publisher: None,
        description: String::new(),
        html_description: None,
        total_episodes: album.total_tracks,
        explicit: false,
        languages: Vec::new(),
        media_type: None,
        is_externally_hosted: None,
        images: Vec::new(),
        copyrights: Vec::new(),
        available_markets: album.available_markets,
    })
}
