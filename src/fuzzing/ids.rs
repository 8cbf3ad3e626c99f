//! Properties of ids, URIs and links.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::assert_message;
use crate::types::id::*;

/// Checks text as every kind of id, and as a URI.
pub fn ids(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    macro_rules! check {
        ($id:ident) => {
            id::<$id>(&text, |id| id.uri().to_string(), $id::external_url);
        };
    }
    for_each_uri_id!(check);
    uri(&text);
}

fn id<T>(text: &str, uri: fn(&T) -> String, link: fn(&T) -> String)
where
    T: IdKind + FromStr<Err = InvalidId> + Clone + PartialEq + Debug + Display,
    T: Into<SpotifyUri> + Serialize + DeserializeOwned,
{
    let id: T = match text.parse() {
        Ok(id) => id,
        Err(error) => return assert_message(&error),
    };
    // The id of a user is any name. All others consist of letters and digits.
    match T::URI {
        "user" => assert!(!matches!(id.text(), "" | "." | ".."), "{id:?} in a path"),
        _ => assert!(
            id.text().len() == 22 && id.text().bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{id:?}"
        ),
    }
    assert_eq!(id.to_string(), id.text());
    for written in [id.to_string(), uri(&id), link(&id)] {
        assert_eq!(written.parse().as_ref(), Ok(&id), "{written}");
    }
    for address in [uri(&id), link(&id)] {
        assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
    }
    let json = serde_json::to_string(&id).expect("text serializes");
    assert_eq!(serde_json::from_str::<T>(&json).ok(), Some(id.clone()));
    let id_as_uri: SpotifyUri = id.clone().into();
    assert_eq!((id_as_uri.to_string(), id_as_uri.kind()), (uri(&id), T::URI));
    assert_eq!(uri(&id).parse(), Ok(id_as_uri));
}

fn uri(text: &str) {
    let uri: SpotifyUri = match text.parse() {
        Ok(uri) => uri,
        Err(error) => return assert_message(&error),
    };
    assert!(uri.to_string().starts_with("spotify:"), "{uri}");
    assert_eq!(uri.to_string().parse().as_ref(), Ok(&uri));
    let json = serde_json::to_string(&uri).expect("text serializes");
    assert_eq!(serde_json::from_str::<SpotifyUri>(&json).ok(), Some(uri));
}
