//! The table of personal fields and their replacements in a recording.

use crate::endpoint::{Endpoint, ParamKind, ParamLocation};

/// A kind of object that belongs to a user and has an id.
pub(crate) struct Kind {
    /// The `type` of the objects, also in URIs and links.
    pub(crate) word: &'static str,
    /// The path segment in the Web API.
    pub(crate) folder: &'static str,
    /// Ids that belong to no user.
    pub(crate) public: &'static [&'static str],
    /// Fields with such objects, which may lack a `type`.
    pub(crate) fields: &'static [&'static str],
    /// The models of responses that are such an object.
    pub(crate) models: &'static [&'static str],
    /// The area of endpoints whose request bodies describe such an object.
    pub(crate) area: &'static str,
    /// Fields and parameters with such ids that the endpoint definitions declare as text.
    pub(crate) keys: &'static [&'static str],
}

pub(crate) const KINDS: [Kind; 3] = [
    Kind {
        word: "user",
        folder: "users",
        public: &["spotify"],
        fields: &["owner", "added_by"],
        models: &["User"],
        area: "",
        keys: &[],
    },
    Kind {
        word: "playlist",
        folder: "playlists",
        public: &[],
        fields: &["playlist", "playlists"],
        models: &["Playlist", "SimplifiedPlaylist"],
        area: "Playlists",
        keys: &[],
    },
    Kind {
        word: "device",
        folder: "",
        public: &[],
        fields: &["device", "devices"],
        models: &["Device"],
        area: "",
        keys: &["device_id", "device_ids"],
    },
];

/// The replacement of a value.
#[derive(Clone, Copy)]
pub(crate) enum Replacement {
    /// This text with a number, the same for the same value. `#` is a digit.
    Numbered(&'static str),
    /// The same for every string within the value.
    Within(&'static str),
    /// This text.
    Fixed(&'static str),
    Null,
}

/// A personal field.
pub(crate) struct PersonalField {
    /// Its name, with a kind and a dot before it if it is personal in objects of that kind only.
    pub(crate) name: &'static str,
    pub(crate) replacement: Replacement,
    /// Whether its value is removed from other texts too.
    pub(crate) everywhere: bool,
}

const fn field(name: &'static str, replacement: Replacement) -> PersonalField {
    PersonalField { name, replacement, everywhere: false }
}

const fn everywhere(name: &'static str, replacement: Replacement) -> PersonalField {
    PersonalField { name, replacement, everywhere: true }
}

pub(crate) const FIELDS: [PersonalField; 15] = [
    everywhere("email", Replacement::Numbered(EMAIL)),
    everywhere("display_name", Replacement::Numbered("Person #")),
    everywhere("account_id", Replacement::Numbered("account-#")),
    field("birthdate", Replacement::Fixed("1970-01-01")),
    field("country", Replacement::Fixed("US")),
    field("product", Replacement::Fixed("premium")),
    field("explicit_content", Replacement::Null),
    everywhere("user.id", Replacement::Numbered("user-#")),
    field("user.images", Replacement::Within("https://i.scdn.co/image/user-#")),
    // The client accepts 22 letters and digits as an id.
    field("playlist.id", Replacement::Numbered("playlist##############")),
    field("playlist.name", Replacement::Numbered("Playlist #")),
    field("playlist.description", Replacement::Numbered("Description #")),
    field("playlist.images", Replacement::Within("https://i.scdn.co/image/playlist-#")),
    field("device.id", Replacement::Numbered("device-#")),
    field("device.name", Replacement::Numbered("Device #")),
];

pub(crate) const EMAIL: &str = "person-#@example.com";

/// The model of a response that is a list of images, and the field with the same images.
pub(crate) const IMAGES: (&str, &str) = ("Image", "playlist.images");

/// A shorter value may be a common word, so it stays in other texts.
pub(crate) const MIN_HIDDEN: usize = 8;

/// The kind of the ids in a parameter of an endpoint.
pub(crate) fn kind_of(
    endpoint: &Endpoint,
    within: ParamLocation,
    key: &str,
) -> Option<&'static Kind> {
    let param =
        endpoint.params.iter().find(|param| param.location == within && param.key == key)?;
    match param.kind {
        ParamKind::Id(word) => KINDS.iter().find(|kind| kind.word == word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_names_every_field() {
        let source = include_str!("recorder.rs");
        let lines = source.lines().filter(|line| line.starts_with("/// | `"));
        let documented: Vec<&str> = lines.flat_map(|line| line.split('|').nth(1)).collect();
        for field in &FIELDS {
            let name = format!("`{}`", field.name);
            assert!(documented.iter().any(|line| line.contains(&name)), "{name}: {documented:?}");
        }
        for key in KINDS.iter().flat_map(|kind| kind.keys) {
            assert!(documented.iter().any(|line| line.contains(key)), "{key}");
        }
    }
}
