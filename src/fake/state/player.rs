//! The player: its list, its queue and its history.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::fake::catalog::items::MediaItem;
use crate::fake::catalog::{Catalog, mixed};
use crate::json::value::Value;
use crate::types::enums::RepeatMode;
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

/// The state of the user's player. It advances with time only if [`Player::advance`] is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Player {
    /// The active device, by its number.
    pub(crate) active: Option<usize>,
    /// The devices that a test has set, as JSON; `None` for the made-up ones.
    pub(crate) devices: Option<Arc<[Value]>>,
    /// The volumes of the devices, of those that have one.
    pub(crate) volumes: Vec<Option<i64>>,
    pub(crate) context: Option<SpotifyUri>,
    pub(crate) current: Option<MediaItem>,
    /// `true` if the current item is from the queue, not from the list.
    is_from_queue: bool,
    pub(crate) is_playing: bool,
    pub(crate) progress: i64,
    pub(crate) is_shuffled: bool,
    /// The repeat mode; `None` if it is off.
    pub(crate) repeat: Option<RepeatMode>,
    /// The time of the last change, in milliseconds since 1970.
    pub(crate) changed_at: i64,
    /// The time up to which playback has advanced, in milliseconds since 1970, if the clock is not frozen.
    pub(crate) seen_at: Option<i64>,
    /// The items that the user has queued.
    pub(crate) queue: VecDeque<MediaItem>,
    /// The list that it plays.
    list: Vec<MediaItem>,
    /// The indices of the list in playback order.
    order: Vec<usize>,
    /// The position in `order`.
    at: usize,
    /// The plays, newest first.
    pub(crate) history: VecDeque<Play>,
}

/// The number of plays that Spotify keeps.
const HISTORY: usize = 50;

/// The maximum number of items that end in one step of time.
const MAX_ITEMS: usize = 1_000;

/// A track that was played.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    pub(crate) track: usize,
    /// The time in milliseconds since 1970, which is unique.
    pub(crate) at: i64,
    pub(crate) context: Option<SpotifyUri>,
}

/// The time of the newest play on a new server: 2024-06-30T13:47:12.345Z.
const NEWEST: i64 = 1_719_755_232_345;

impl Player {
    /// The initial player of every server: nothing plays, and the history has 50 tracks.
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut at = NEWEST;
        let history = (0..HISTORY).map(|n| {
            let number = u64::try_from(n).unwrap_or(0);
            let track = n * 13 % catalog.drawn_tracks.max(1);
            let album = catalog.tracks.get(track).and_then(|track| catalog.albums.get(track.of));
            let context = album.filter(|_| n % 3 != 1).map(|album| album.id.clone().into());
            let play = Play { track, at, context };
            at -= 120_000 + i64::try_from(mixed(number) % 9_000_000).unwrap_or(0);
            play
        });
        Player { history: history.collect(), ..Player::unused() }
    }

    /// A player without a history.
    pub(crate) fn unused() -> Self {
        Player {
            volumes: [65, 100, 30].map(Some).to_vec(),
            changed_at: NEWEST,
            ..Player::default()
        }
    }

    /// Replaces the devices. Playback stops unless one of them is active.
    pub(crate) fn set_devices(&mut self, devices: Vec<Value>) {
        let volume = |device: &Value| match device.get("volume_percent") {
            Some(Value::Integer(volume)) => Some(*volume),
            _ => None,
        };
        let is_active = |device: &Value| device.get("is_active") == Some(&true.into());
        self.volumes = devices.iter().map(volume).collect();
        self.active = devices.iter().position(is_active);
        self.is_playing &= self.active.is_some();
        self.devices = Some(devices.into());
        self.touch();
    }

    /// Stops, and leaves no device active.
    pub(crate) fn clear(&mut self) {
        self.note();
        self.context = None;
        (self.list, self.queue) = Default::default();
        self.arrange(0);
        self.begin(None);
        self.active = None;
        self.touch();
    }

    /// Plays a list from an index on.
    pub(crate) fn play(&mut self, context: Option<SpotifyUri>, list: Vec<MediaItem>, index: usize) {
        self.note();
        self.context = context;
        self.list = list;
        self.arrange(index);
        self.begin(self.list.get(index).copied());
    }

    /// Plays for some milliseconds: continues with the next item at the end of each.
    pub(crate) fn advance(&mut self, milliseconds: i64, catalog: &Catalog) {
        let mut left = milliseconds.max(0);
        // However much time has passed, one request plays a bounded number of items.
        for _ in 0..MAX_ITEMS {
            let Some(item) = self.current.filter(|_| self.is_playing) else { return };
            let rest = item.duration(catalog).max(1).saturating_sub(self.progress).max(0);
            if left < rest {
                self.progress += left;
                return;
            }
            left -= rest;
            if self.repeat == Some(RepeatMode::Track) {
                self.note();
                self.begin(Some(item));
            } else if !self.skip_to_next() {
                self.end();
            }
            self.touch();
        }
    }

    /// Returns the next items: the queue, then the rest of the list.
    pub(crate) fn following(&self) -> impl Iterator<Item = MediaItem> {
        let rest = self.order.get(self.at + 1..).unwrap_or_default().iter();
        let again = if self.repeats_context() { self.order.as_slice() } else { &[] };
        let listed = rest.chain(again).filter_map(|index| self.list.get(*index));
        self.queue.iter().chain(listed).copied()
    }

    /// Skips to the next item. Returns `false` after the last item.
    pub(crate) fn skip_to_next(&mut self) -> bool {
        let queued = self.queue.pop_front();
        let is_from_queue = queued.is_some();
        let next = match queued {
            Some(item) => item,
            None => {
                let is_last = self.at + 1 >= self.order.len();
                if is_last && !self.repeats_context() {
                    return false;
                }
                let at = if is_last { 0 } else { self.at + 1 };
                let Some(item) = self.listed(at) else { return false };
                self.at = at;
                item
            }
        };
        self.note();
        self.begin(Some(next));
        self.is_from_queue = is_from_queue;
        true
    }

    /// Skips to the previous item of the list. Returns `false` at the first item.
    pub(crate) fn skip_to_previous(&mut self) -> bool {
        let at = match self.at.checked_sub(1) {
            // An item from the queue is played between two items of the list.
            _ if self.is_from_queue => self.at,
            Some(at) => at,
            None if self.repeats_context() => self.order.len().saturating_sub(1),
            None => return false,
        };
        let Some(item) = self.listed(at) else { return false };
        self.note();
        self.at = at;
        self.begin(Some(item));
        true
    }

    pub(crate) fn has_previous(&self) -> bool {
        let has_list = !self.order.is_empty();
        self.at > 0 || has_list && (self.is_from_queue || self.repeats_context())
    }

    /// Stops at the end of the last track.
    pub(crate) fn end(&mut self) {
        self.is_playing = false;
        self.progress = 0;
    }

    pub(crate) fn shuffle(&mut self, is_shuffled: bool) {
        if self.is_shuffled != is_shuffled {
            self.is_shuffled = is_shuffled;
            self.arrange(self.order.get(self.at).copied().unwrap_or(0));
        }
    }

    /// Updates the time of the last change.
    pub(crate) fn touch(&mut self) {
        self.changed_at = Timestamp::now().unix_millis().max(self.changed_at + 1);
    }

    fn repeats_context(&self) -> bool {
        self.repeat == Some(RepeatMode::Context)
    }

    fn listed(&self, at: usize) -> Option<MediaItem> {
        self.list.get(*self.order.get(at)?).copied()
    }

    fn begin(&mut self, item: Option<MediaItem>) {
        self.current = item;
        self.is_from_queue = false;
        self.progress = 0;
        self.is_playing = item.is_some();
    }

    /// Computes the playback order, with the item at `index` as the current one.
    fn arrange(&mut self, index: usize) {
        self.order = (0..self.list.len()).collect();
        self.at = index;
        if self.is_shuffled {
            let chance = |n: &usize| mixed(u64::try_from(*n).unwrap_or(0) ^ 0x5eed);
            self.order.sort_by_cached_key(|n| (*n != index, chance(n)));
            self.at = 0;
        }
    }

    /// Adds the current item to the history. Spotify keeps no history of episodes.
    fn note(&mut self) {
        let Some(MediaItem::Track(track)) = self.current else { return };
        let last = self.history.front().map_or(0, |play| play.at);
        let at = Timestamp::now().unix_millis().max(last + 1);
        self.history.push_front(Play { track, at, context: self.context.clone() });
        self.history.truncate(HISTORY);
    }
}
