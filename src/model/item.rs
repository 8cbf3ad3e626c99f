//! The items of playlists, players and queues: tracks, episodes, local files, and kinds that are not known yet.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

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
use crate::json::shape::{Absence, Listed, Shape, Shaped};
use crate::types::id::{EpisodeId, IdKind, ShowId, TrackId};
use crate::types::market::MarketSet;

/// An item of a playlist, a player or a queue.
///
/// Without `additional_types` Spotify sends episodes with the fields of tracks. They are read and written as episodes,
/// with the name and the address of their show, the covers, and no description. Other items are written as they were
/// read.
///
/// ```
/// use tonearm::model::Item;
///
/// let item: Item = serde_json::from_str(
///     r#"{"id": "7ouMYWpwJ422jRcDASZB7P", "name": "Knights of Cydonia", "type": "track"}"#,
/// )?;
/// assert_eq!(item.name(), Some("Knights of Cydonia"));
/// match item {
///     Item::Track(track) | Item::Local(track) => println!("{} artists", track.artists.len()),
///     Item::Episode(episode) => println!("{}", episode.description),
///     other => println!("{:?}", other.uri()),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// A track of Spotify's.
    Track(Box<Track>),
    /// An episode of a show, or a chapter of an audiobook.
    Episode(Box<Episode>),
    /// A file on the user's own machine: it has no id, and `spotify:local:…` as its URI.
    Local(Box<Track>),
    /// An item that was removed, or is not available to this app or in this market.
    Removed,
    /// An item of a kind that this version of the crate does not know.
    Unknown(Box<UnknownItem>),
}

object! {
    /// An item of a kind that this version of the crate does not know, or of no kind.
    UnknownItem {
        /// What Spotify says it is.
        kind: Option<String> = "type",
        /// The Spotify id.
        id: Option<String>,
        /// The Spotify URI.
        uri: Option<String>,
        /// The address in the Web API.
        href: Option<String>,
        /// The addresses for people.
        external_urls: Option<ExternalUrls>,
        /// The name.
        name: Option<String>,
        /// How long it is, in milliseconds.
        duration_ms: Option<u64>,
        /// Pictures, widest first.
        images: Vec<Image>,
    }
}

impl Item {
    /// Returns the Spotify id; `None` for local files and removed items.
    pub fn id(&self) -> Option<&str> {
        match self {
            Item::Track(track) | Item::Local(track) => track.id.as_ref().map(TrackId::as_str),
            Item::Episode(episode) => Some(episode.id.as_str()),
            Item::Removed => None,
            Item::Unknown(unknown) => unknown.id.as_deref(),
        }
    }

    /// Returns the Spotify URI; `spotify:local:…` for a local file.
    pub fn uri(&self) -> Option<Cow<'_, str>> {
        match self {
            Item::Track(track) | Item::Local(track) => track.uri(),
            Item::Episode(episode) => episode.uri(),
            Item::Removed => None,
            Item::Unknown(unknown) => unknown.uri.as_deref().map(Cow::Borrowed),
        }
    }

    /// Returns the name; it is empty for an item that was taken down.
    pub fn name(&self) -> Option<&str> {
        match self {
            Item::Track(track) | Item::Local(track) => Some(&track.name),
            Item::Episode(episode) => Some(&episode.name),
            Item::Removed => None,
            Item::Unknown(unknown) => unknown.name.as_deref(),
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

/// A missing item was removed.
impl<'de> LenientField<'de> for Item {
    fn missing() -> Option<Self> {
        Some(Item::Removed)
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Item::deserialize(deserializer)
    }

    fn skip_serializing(&self) -> bool {
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

    /// Reads the fields of tracks and of episodes, because the last field may be the one with the kind.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        read_members!(map, [id: Option<TrackId>, links] {
            name: Option<String>,
            duration_ms: Option<u64>,
            explicit: bool,
            available_markets: Option<MarketSet>,
            is_playable: Option<bool>,
            restrictions: Option<Restriction> = "restrictions" | "restriction",
            // Of tracks.
            artists: Vec<SimplifiedArtist>,
            album: Option<SimplifiedAlbum>,
            track_number: u32,
            disc_number: u32,
            popularity: Option<u32>,
            external_ids: Option<ExternalIds>,
            linked_from: Option<LinkedTrack>,
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
        // Those of tracks and of episodes look alike.
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
                uri: links.text(Link::Uri).map(Into::into),
                href: links.text(Link::Href).map(Into::into),
                external_urls: links.web().map(|spotify| ExternalUrls { spotify }),
                name: name.flatten(),
                duration_ms: duration_ms.flatten(),
                images: images.unwrap_or_default(),
            })),
        })
    }
}

/// The kind of an item.
#[derive(Clone, Copy)]
enum Kind {
    Track,
    Episode,
    Local,
    Unknown,
}

impl Kind {
    /// The kind by the field `type`, else by the URI, else by the show or the album. The fields `track` and `episode`
    /// are ignored, because they are wrong at times.
    fn of(links: &Seen<'_>, has_show: bool, has_album: bool) -> Kind {
        let of_uri = links
            .text(Link::Uri)
            .and_then(|uri| uri.strip_prefix("spotify:")?.split_once(':'))
            .map(|(word, _)| word);
        let word = links.text(Link::Type).filter(|word| !word.is_empty()).or(of_uri);
        match word {
            _ if of_uri == Some("local") => Kind::Local,
            Some(word) if word.eq_ignore_ascii_case("track") => Kind::Track,
            // A chapter of an audiobook, in playlists and players.
            Some(word) if word.eq_ignore_ascii_case("chapter") => Kind::Episode,
            Some(word) if word.eq_ignore_ascii_case("episode") => Kind::Episode,
            None if has_show => Kind::Episode,
            None if has_album => Kind::Track,
            _ => Kind::Unknown,
        }
    }
}

/// The id in the URI of an episode.
fn episode_in(uri: &str) -> Option<EpisodeId> {
    let id = uri.strip_prefix("spotify:episode:").filter(|id| !id.is_empty())?;
    Some(EpisodeId::from_text(id))
}

/// The show that an episode with the fields of a track has in the place of its album.
fn show_of(album: SimplifiedAlbum, artists: &[SimplifiedArtist]) -> Option<SimplifiedShow> {
    let id = ShowId::from_text(album.id.as_ref()?.as_str());
    let links = album.links.sent(&album.id).links(&id);
    // The show's name may stand where an artist has the word `artist`.
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
