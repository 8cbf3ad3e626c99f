//! The personal fields, and their replacements in a recording.

use crate::endpoint::{Endpoint, ParamKind, ParamLocation};

/// A kind of object that belongs to a user and has an id.
pub(crate) struct Kind {
    /// The `type` of the objects, which also occurs in URIs and links.
    pub(crate) type_name: &'static str,
    /// The path segment in the Web API.
    pub(crate) segment: &'static str,
    /// The ids that are not personal.
    pub(crate) public: &'static [&'static str],
    /// The fields that contain such objects, which may lack a `type`.
    pub(crate) fields: &'static [&'static str],
    /// The models of responses that consist of such an object.
    pub(crate) models: &'static [&'static str],
    /// The area of endpoints whose request bodies describe such an object.
    pub(crate) area: &'static str,
    /// The fields and parameters with such ids whose endpoint definitions declare text.
    pub(crate) keys: &'static [&'static str],
}

pub(crate) const KINDS: [Kind; 3] = [
    Kind {
        type_name: "user",
        segment: "users",
        public: &["spotify"],
        fields: &["owner", "added_by"],
        models: &["User"],
        area: "",
        keys: &[],
    },
    Kind {
        type_name: "playlist",
        segment: "playlists",
        public: &[],
        fields: &["playlist", "playlists"],
        models: &["Playlist", "SimplifiedPlaylist"],
        area: "Playlists",
        keys: &[],
    },
    Kind {
        type_name: "device",
        segment: "",
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
    /// This text, with `#` replaced by a number that is the same for the same value.
    Numbered(&'static str),
    /// Like `Numbered`, for every string within the value.
    Within(&'static str),
    /// This text.
    Fixed(&'static str),
    Null,
}

/// A personal field.
pub(crate) struct PersonalField {
    /// Its name. It is prefixed with a type and a dot if it is personal only in objects of that type.
    pub(crate) name: &'static str,
    pub(crate) replacement: Replacement,
    /// `true` if its value is also replaced in other texts.
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
    // A valid id has 22 letters and digits.
    field("playlist.id", Replacement::Numbered("playlist##############")),
    field("playlist.name", Replacement::Numbered("Playlist #")),
    field("playlist.description", Replacement::Numbered("Description #")),
    field("playlist.images", Replacement::Within("https://i.scdn.co/image/playlist-#")),
    field("device.id", Replacement::Numbered("device-#")),
    field("device.name", Replacement::Numbered("Device #")),
];

pub(crate) const EMAIL: &str = "person-#@example.com";

/// The model of a response that is a list of images, and the field that contains the same images.
pub(crate) const IMAGES: (&str, &str) = ("Image", "playlist.images");

/// The minimum length of values that are replaced in other texts. A shorter value may be a common word.
pub(crate) const MIN_HIDDEN: usize = 8;

/// Returns the kind of the ids in a parameter of an endpoint.
pub(crate) fn kind_of(
    endpoint: &Endpoint,
    within: ParamLocation,
    key: &str,
) -> Option<&'static Kind> {
    let param =
        endpoint.params.iter().find(|param| param.location == within && param.key == key)?;
    match param.kind {
        ParamKind::Id(name) => KINDS.iter().find(|kind| kind.type_name == name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_lists_every_personal_field() {
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
