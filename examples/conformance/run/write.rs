//! The writes: to one private playlist that is created for them, and to one track that was not saved.

use serde_json::Value;
use tonearm::endpoint::Endpoint;
use tonearm::{Error, Spotify};

use super::check::Checker;
use super::ids::Chosen;
use super::judge::Obstacle;
use super::plan::Arguments;
use super::report::Checked;

/// The name of the playlist.
pub const NAME: &str = "Tonearm conformance check";

/// A small JPEG.
const COVER: &str = "/9j/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD/wAALCABAAEABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AAAAAAAAAAAAAAAAAAAAAAP/Z";

/// A call, and its arguments besides the id of the playlist. `{tracks}` are two tracks, `{track}` is the first of them.
type Step = (&'static str, &'static [(&'static str, &'static str)]);

const CREATE: Step = (
    "create_playlist",
    &[("name", NAME), ("public", "false"), ("description", "It can be removed.")],
);

const STEPS: &[Step] = &[
    ("change_playlist_details", &[("name", NAME), ("description", "It may be removed.")]),
    ("add_playlist_items", &[("uris", "{tracks}"), ("position", "0")]),
    ("reorder_playlist_items", &[("range_start", "1"), ("insert_before", "0")]),
    ("replace_playlist_items", &[("uris", "{tracks}")]),
    ("remove_playlist_items", &[("uris", "{track}")]),
    ("add_playlist_tracks", &[("uris", "{tracks}"), ("position", "0")]),
    ("reorder_playlist_tracks", &[("range_start", "1"), ("insert_before", "0")]),
    ("replace_playlist_tracks", &[("uris", "{tracks}")]),
    ("remove_playlist_tracks", &[("uris", "{track}")]),
    ("upload_playlist_cover", &[("cover", COVER)]),
    ("follow_playlist", &[("public", "false")]),
    ("save_tracks", &[("track_ids", "{track}")]),
    ("remove_saved_tracks", &[("track_ids", "{track}")]),
    ("save_items", &[("uris", "{track}")]),
    ("remove_saved_items", &[("uris", "{track}")]),
    ("unfollow_playlist", &[]),
];

/// The calls that `--write` makes.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    let names = || [CREATE].into_iter().chain(STEPS.iter().copied()).map(|(name, _)| name);
    let known = Spotify::endpoints().iter().copied();
    known.filter(move |endpoint| names().any(|name| endpoint.name == *name))
}

/// Describes the changes that `--write` makes, to ask for the user's consent.
pub fn described() -> String {
    let names: Vec<&str> = endpoints().map(|endpoint| &*endpoint.name).collect();
    format!(
        "--write creates a private playlist with the name “{NAME}”, changes what is in it, and unfollows it.\n\
         Playlists with this name that are left from before are unfollowed too.\n\
         It saves one track that is not in your library, and removes it again. It changes nothing else.\n\
         The calls: {}.\n",
        names.join(", ")
    )
}

impl Checker<'_> {
    /// Makes the calls, and then removes what is left of them with a client that may use fallbacks.
    pub fn check_writes(&mut self, cleaner: &Spotify) {
        self.private.public(NAME);
        let tracks = self.found.uris("track");
        let Some(track) = first_unsaved(cleaner, &tracks) else {
            return self.stop("`--write` found no track that is not in the library");
        };
        let second = tracks.iter().find(|uri| **uri != track).unwrap_or(&track);
        let texts = [("{tracks}", format!("{track},{second}")), ("{track}", track.clone())];
        let mut playlist = None;
        let made = self.step(CREATE, &[], None);
        if let Ok(Some(json)) = &made {
            playlist = json["id"].as_str().map(str::to_owned);
        }
        if let (Ok(_), Some(playlist)) = (&made, &playlist) {
            for step in STEPS {
                if let Err(why) = self.step(*step, &texts, Some(playlist)) {
                    self.stop(&why);
                    break;
                }
            }
        } else if let Err(why) = made {
            self.stop(&why);
        }
        self.report.remains = clean(cleaner, &track, playlist);
    }

    /// Makes one call. The error ends all of them.
    fn step(
        &mut self,
        (name, values): Step,
        texts: &[(&str, String)],
        playlist: Option<&str>,
    ) -> Result<Option<Value>, String> {
        let Some(endpoint) = Spotify::endpoints().iter().find(|it| it.name == name) else {
            return Err(format!("the table has no `{name}`"));
        };
        let param = |name: &str| endpoint.params.iter().find(|param| param.name == name);
        let chosen = |text: &str| {
            let text =
                texts.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
            Chosen { text, is_found: true }
        };
        let mut arguments = Arguments::new();
        arguments.extend(param("playlist_id").zip(playlist).map(|(param, id)| (param, chosen(id))));
        for (name, text) in values {
            let Some(param) = param(name) else {
                return Err(format!("`{}` has no `{name}`", endpoint.name));
            };
            arguments.push((param, chosen(text)));
        }
        let mut checked = Checked::default();
        let result = self.check_one(endpoint, &arguments, "write", &mut checked);
        let result = match result {
            Ok(response) => Ok(response.and_then(|it| serde_json::from_slice(it.body()).ok())),
            Err(Obstacle::Endpoint(why)) => {
                checked.not_checked = Some(why);
                Ok(None)
            }
            Err(Obstacle::All(why)) => Err(why),
        };
        self.report.endpoints.insert(endpoint.name.to_string(), checked);
        result
    }
}

/// The first of these that is not in the library.
fn first_unsaved(spotify: &Spotify, uris: &[String]) -> Option<String> {
    let uris = uris.get(..40).unwrap_or(uris);
    let saved = spotify.are_items_saved(uris).send().ok()?;
    uris.iter().zip(saved).find(|(_, is_saved)| !is_saved).map(|(uri, _)| uri.clone())
}

/// Removes what is left, and returns what could not be removed. A response may have been lost, and a run interrupted,
/// so playlists are found by their name too.
fn clean(spotify: &Spotify, track: &str, playlist: Option<String>) -> Vec<String> {
    let mut left = vec![track.to_owned()];
    left.extend(playlist.map(|id| format!("spotify:playlist:{id}")));
    let mut remains = Vec::new();
    for playlist in spotify.get_my_playlists().items() {
        match playlist {
            Ok(playlist) if &*playlist.name == NAME => left.push(playlist.id.uri().to_string()),
            Ok(_) => {}
            Err(error) => remains.push(format!("perhaps a playlist named “{NAME}”: {error}")),
        }
    }
    left.sort();
    left.dedup();
    let problems = left.into_iter().filter_map(|uri| {
        let problem = remove(spotify, &uri).err()?;
        // The id of a playlist leads to its owner.
        let what = if uri == track {
            format!("the saved track {uri}")
        } else {
            format!("the playlist {NAME}")
        };
        Some(format!("{what}: {problem}"))
    });
    remains.extend(problems);
    remains
}

/// Removes something from the library, if it is there.
fn remove(spotify: &Spotify, uri: &str) -> Result<(), Error> {
    if spotify.are_items_saved([uri]).send()?.contains(&true) {
        spotify.remove_saved_items([uri]).send()?;
    }
    Ok(())
}
