//! What each call does and says, by its name in the table.

use super::check::Call;
use super::development::forbidden;
use super::objects::View;
use super::page::{self, Place};
use super::route::ROOT;
use super::{catalog, fields, player, playlists};
use crate::endpoint::ParamKind;
use crate::fake::catalog::{Catalog, mixed};
use crate::fake::http::Answer;
use crate::fake::json::{Json, object};
use crate::fake::state::library::{Entry, Library};
use crate::fake::state::player::Player;
use crate::fake::state::playlists::Shelf;

/// What the user of the tokens has, and what is to be changed by calls.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) catalog: &'static Catalog,
    /// The user, as an index.
    pub(crate) me: usize,
    pub(crate) library: Library,
    pub(crate) shelf: Shelf,
    pub(crate) player: Player,
}

/// What a call says that has gone well.
pub(crate) enum Said {
    Nothing,
    Json(Json),
    /// The whole answer, with what stands beside the member that the table knows.
    Whole(Json),
    /// An answer of which the table does not know the status.
    Answer(Answer),
}

pub(crate) type Outcome = Result<Said, Answer>;

impl State {
    pub(crate) fn new(catalog: &'static Catalog) -> Self {
        State {
            catalog,
            me: 0,
            library: Library::new(catalog),
            shelf: Shelf::new(catalog, 0),
            player: Player::new(catalog),
        }
    }

    /// The state for a user who has nothing yet: the last one, whom nobody follows and who owns no playlist.
    pub(crate) fn of_new_user(catalog: &'static Catalog) -> Self {
        let me = catalog.users.len().saturating_sub(1);
        State {
            catalog,
            me,
            library: Library::empty(catalog, me),
            shelf: Shelf::new(catalog, me),
            player: Player::unused(),
        }
    }

    /// Does what a call asks for. `origin` is the address of this server.
    pub(crate) fn answer(&mut self, call: &Call<'_>, origin: &str) -> Answer {
        let status = call.row.success.first().copied().unwrap_or(200);
        match self.permitted(call).and_then(|()| self.said(call, origin)) {
            Ok(Said::Nothing) => Answer::empty(status),
            Ok(Said::Json(json)) => {
                let json = call.mode.shown(json);
                let json = match call.selected() {
                    Some(fields) => fields::filtered(json, fields),
                    None => json,
                };
                // The table knows in which member the answer stands, or that it is in a list.
                let json = match call.row.pointer.as_deref() {
                    Some("[0]") => Json::List(vec![json]),
                    Some(member) => Json::Object(vec![(member, json)]),
                    None => json,
                };
                Answer::json(status, &json)
            }
            Ok(Said::Whole(json)) => Answer::json(status, &call.mode.shown(json)),
            Ok(Said::Answer(answer)) | Err(answer) => answer,
        }
    }

    /// Refuses a playlist of somebody else, where the app may name the user's only.
    fn permitted(&self, call: &Call<'_>) -> Result<(), Answer> {
        let named = call.subject().and_then(|uri| self.shelf.find(uri));
        match named.is_some_and(|n| !self.shelf.takes_part(n)) && call.mode.is_kept_to_own(call.row)
        {
            true => Err(forbidden()),
            false => Ok(()),
        }
    }

    fn said(&mut self, call: &Call<'_>, origin: &str) -> Outcome {
        let carried = carried(call);
        let base = format!("{origin}{ROOT}");
        let view = View {
            catalog: self.catalog,
            me: self.me,
            base: &base,
            scopes: call.scopes,
            mode: call.mode,
            has_market: call.has_market(),
            carried: &carried,
        };
        let said = |json| Ok(Said::Json(json));
        match &*call.row.name {
            "save_albums" | "save_audiobooks" | "save_episodes" | "save_shows" | "save_tracks"
            | "save_items" | "follow_artists" | "follow_users" => {
                for item in call.items() {
                    self.library.add(&item.uri, item.added_at);
                }
                Ok(Said::Nothing)
            }
            "remove_saved_albums"
            | "remove_saved_audiobooks"
            | "remove_saved_episodes"
            | "remove_saved_shows"
            | "remove_saved_tracks"
            | "remove_saved_items"
            | "unfollow_artists"
            | "unfollow_users" => {
                for item in call.items() {
                    self.library.remove(&item.uri);
                }
                Ok(Said::Nothing)
            }
            "are_albums_saved"
            | "are_audiobooks_saved"
            | "are_episodes_saved"
            | "are_shows_saved"
            | "are_tracks_saved"
            | "are_items_saved"
            | "is_following_artists"
            | "is_following_users" => {
                let saved = call.items().iter().map(|item| self.library.contains(&item.uri).into());
                said(saved.collect::<Vec<Json>>().into())
            }
            "get_my_saved_albums" => {
                let row = |entry: &Entry| saved(entry, "album", view.album(entry.index));
                said(listed(call, &view, &self.library.newest("album"), |entry| row(entry)))
            }
            "get_my_saved_tracks" => {
                let row = |entry: &Entry| saved(entry, "track", view.track(entry.index));
                said(listed(call, &view, &self.library.newest("track"), |entry| row(entry)))
            }
            "get_my_saved_shows" => {
                let row = |entry: &Entry| saved(entry, "show", view.show(entry.index));
                said(listed(call, &view, &self.library.newest("show"), |entry| row(entry)))
            }
            "get_my_saved_episodes" => {
                let row = |entry: &Entry| saved(entry, "episode", view.episode(entry.index));
                said(listed(call, &view, &self.library.newest("episode"), |entry| row(entry)))
            }
            // Spotify wraps all saved things but these.
            "get_my_saved_audiobooks" => {
                let row = |entry: &Entry| view.audiobook(entry.index);
                said(listed(call, &view, &self.library.newest("audiobook"), |entry| row(entry)))
            }
            "get_my_followed_artists" => said(self.followed_artists(call, &view)),
            "get_my_top_items" => said(top_items(call, &view)),
            "get_me" => {
                let user = self.catalog.users.get(self.me).ok_or_else(|| not_found("User"))?;
                said(view.own_user(user))
            }
            "get_user" => {
                let n = self.user(call)?;
                let user = self.catalog.users.get(n).ok_or_else(|| not_found("User"))?;
                said(view.public_user(user, n))
            }
            "get_my_playlists" => said(self.own_playlists(call, &view)),
            "get_user_playlists" => match self.user(call)? {
                user if user == self.me => said(self.own_playlists(call, &view)),
                user => said(self.playlists_of(user, call, &view)),
            },
            "follow_playlist" => {
                let playlist = call.subject().ok_or_else(|| not_found("Playlist"))?;
                self.shelf.find(playlist).ok_or_else(|| not_found("Playlist"))?;
                self.library.follow_playlist(playlist, call.boolean("public").unwrap_or(true));
                Ok(Said::Nothing)
            }
            "unfollow_playlist" => {
                call.subject().into_iter().for_each(|playlist| self.library.remove(playlist));
                Ok(Said::Nothing)
            }
            "is_following_playlist" => {
                let entry = call.subject().and_then(|playlist| self.library.get(playlist));
                said(entry.is_some_and(|entry| self.is_visible(entry, call)).into())
            }
            name => {
                if let Some(outcome) = catalog::read(call, &view) {
                    return outcome;
                }
                if let Some(outcome) = playlists::answer(self, call, &view) {
                    return outcome;
                }
                if let Some(outcome) = player::answer(self, call, &view) {
                    return outcome;
                }
                let message = format!("The fake Spotify server does not answer `{name}` yet");
                Err(Answer::refusal(501, &message))
            }
        }
    }

    /// The user in the path.
    pub(crate) fn user(&self, call: &Call<'_>) -> Result<usize, Answer> {
        let user = call.subject().and_then(|user| self.catalog.find(user));
        user.ok_or_else(|| not_found("User"))
    }

    fn followed_artists(&self, call: &Call<'_>, view: &View<'_>) -> Json {
        let followed = self.library.by_id("artist");
        let after = call.item("after");
        let begin = followed.partition_point(|(uri, _)| after.is_some_and(|after| *uri <= after));
        let place = Place { limit: call.number("limit"), offset: begin, total: followed.len() };
        let rows = place.rows(&followed);
        let is_last = begin + rows.len() >= followed.len();
        let last = rows.last().filter(|_| !is_last).and_then(|(uri, _)| id_of(uri));
        let items = rows.iter().map(|(_, entry)| view.artist(entry.index)).collect();
        page::cursor_page(
            &address(call, view),
            &kept(call),
            place.limit,
            (after.and_then(id_of), last),
            place.total,
            items,
        )
    }

    /// The playlists that the user owns or follows, as far as the token may see them.
    fn own_playlists(&self, call: &Call<'_>, view: &View<'_>) -> Json {
        let mut entries = self.library.newest("playlist");
        entries.retain(|entry| self.is_visible(entry, call));
        listed(call, view, &entries, |entry| {
            playlists::summary(&self.shelf, view, entry.index, entry.is_public)
        })
    }

    /// Whether a token sees a playlist in the library.
    fn is_visible(&self, entry: &Entry, call: &Call<'_>) -> bool {
        let playlist = self.shelf.playlist(entry.index);
        let is_collaborative = playlist.is_some_and(|playlist| playlist.is_collaborative);
        playlists::may_see(call, is_collaborative, entry.is_public)
    }

    /// The public playlists of another user.
    fn playlists_of(&self, user: usize, call: &Call<'_>, view: &View<'_>) -> Json {
        let playlists = self.catalog.playlists.iter().enumerate();
        let public: Vec<_> = playlists
            .filter(|(_, playlist)| playlist.owner == user && playlist.is_public)
            .collect();
        listed(call, view, &public, |(n, playlist)| view.playlist(playlist, *n, true))
    }
}

/// Rows in an order that the span of time decides, and that stays the same.
fn top_items(call: &Call<'_>, view: &View<'_>) -> Json {
    let seed = call
        .text("time_range")
        .unwrap_or_default()
        .bytes()
        .fold(7, |seed, byte| mixed(seed ^ u64::from(byte)));
    let ranked = |length: usize, count: usize| {
        let mut numbers: Vec<usize> = (0..length).collect();
        numbers.sort_by_cached_key(|n| mixed(seed ^ u64::try_from(*n).unwrap_or(0)));
        numbers.truncate(count);
        numbers
    };
    match call.text("type") {
        Some("artists") => {
            let top = ranked(view.catalog.artists.len(), 90);
            listed(call, view, &top, |n| view.artist(*n))
        }
        _ => {
            let top = ranked(view.catalog.tracks.len(), 180);
            listed(call, view, &top, |n| view.track(*n))
        }
    }
}

/// A saved thing under the name of its kind, with the time.
fn saved(entry: &Entry, kind: &'static str, item: Json) -> Json {
    object! { "added_at": entry.added_at.to_string() }.with([(kind, item)])
}

/// The page of a list that a call asks for.
pub(crate) fn listed<T>(
    call: &Call<'_>,
    view: &View<'_>,
    list: &[T],
    row: impl Fn(&T) -> Json,
) -> Json {
    let place = Place::asked(call, list.len());
    let items = place.rows(list).iter().map(row).collect();
    page::offset_page(&address(call, view), &kept(call), place, items)
}

/// The address of the list, without its query.
pub(crate) fn address(call: &Call<'_>, view: &View<'_>) -> String {
    let path = call.target.raw_path.strip_prefix(ROOT).unwrap_or_default();
    format!("{}{path}", view.base)
}

/// The query of a request without the place in the list, and the locale: links to other pages keep it.
pub(crate) fn kept<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let query = call.target.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    query
        .filter(|(key, _)| !matches!(*key, "limit" | "offset" | "after" | "before" | "locale"))
        .chain(locale(call))
        .collect()
}

/// The market and the locale of a request.
fn carried<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let market = call.row.params.iter().find(|param| param.kind == ParamKind::Market);
    let market = market.and_then(|param| Some((&*param.key, call.text(&param.key)?)));
    market.into_iter().chain(locale(call)).collect()
}

fn locale<'a>(call: &'a Call<'_>) -> Option<(&'a str, &'a str)> {
    // Some rows have a parameter for it.
    call.text("locale").or(call.language).map(|language| ("locale", language))
}

fn id_of(uri: &crate::types::id::SpotifyUri) -> Option<&str> {
    match uri {
        crate::types::id::SpotifyUri::Artist(id) => Some(id.as_str()),
        _ => None,
    }
}

pub(crate) fn not_found(what: &str) -> Answer {
    Answer::refusal(404, &format!("{what} not found"))
}
