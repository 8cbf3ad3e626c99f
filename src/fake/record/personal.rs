//! What in an exchange tells of a person, and what stands in its place in a recording: the table.

use crate::endpoint::{Endpoint, ParamKind, ParamLocation};

/// Things of people that have ids.
pub(crate) struct Kind {
    /// What objects say they are, and the word in URIs and links.
    pub(crate) word: &'static str,
    /// The folder in the Web API.
    pub(crate) folder: &'static str,
    /// Ids that are nobody's.
    pub(crate) public: &'static [&'static str],
    /// Members with one or several of them, which need not say what they are.
    pub(crate) fields: &'static [&'static str],
    /// The models of answers that are one.
    pub(crate) models: &'static [&'static str],
    /// The area of the table in which the bodies of requests describe one.
    pub(crate) area: &'static str,
    /// Members and parameters with ids of them that the table takes for mere text.
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

/// What is put in the place of a value.
#[derive(Clone, Copy)]
pub(crate) enum Replacement {
    /// This text with a number, which is the same for the same value. The number is as long as there are `#`.
    Numbered(&'static str),
    /// The same with every text within the value.
    Within(&'static str),
    /// Always the same text.
    Fixed(&'static str),
    Null,
}

/// A field that tells of a person.
pub(crate) struct PersonalField {
    /// Its name, behind the word of a kind if it is personal in objects of that kind alone.
    pub(crate) name: &'static str,
    pub(crate) replacement: Replacement,
    /// Whether its value is taken out of other texts too, if it is long enough not to be a common word.
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
    // What they are made of decides what the client takes for an id: 22 letters and digits.
    field("playlist.id", Replacement::Numbered("playlist##############")),
    field("playlist.name", Replacement::Numbered("Playlist #")),
    field("playlist.description", Replacement::Numbered("Description #")),
    field("playlist.images", Replacement::Within("https://i.scdn.co/image/playlist-#")),
    field("device.id", Replacement::Numbered("device-#")),
    field("device.name", Replacement::Numbered("Device #")),
];

pub(crate) const EMAIL: &str = "person-#@example.com";

/// The model of an answer that is images and nothing else, and the field that it is.
pub(crate) const IMAGES: (&str, &str) = ("Image", "playlist.images");

/// A value of fewer bytes may be a common word.
pub(crate) const MIN_HIDDEN: usize = 8;

/// The kind of the ids that the table says are in a parameter of a row.
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
    fn the_documentation_names_every_member() {
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
