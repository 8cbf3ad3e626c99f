//! Ids, URIs and links.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::assert_told;
use crate::types::id::*;

/// Text as every kind of id, and as a URI.
pub fn ids(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    macro_rules! check {
        ($id:ident) => {
            id::<$id>(&text, $id::uri, $id::link);
        };
    }
    for_each_id!(check);
    uri(&text);
}

fn id<T>(text: &str, uri: fn(&T) -> String, link: fn(&T) -> String)
where
    T: IdKind + FromStr<Err = InvalidId> + Clone + PartialEq + Debug + Display,
    T: Into<SpotifyUri> + Serialize + DeserializeOwned,
{
    let id: T = match text.parse() {
        Ok(id) => id,
        Err(error) => return assert_told(&error),
    };
    // A user's id is any name; all others are made of letters and digits.
    match T::URI {
        "user" => assert!(!matches!(id.text(), "" | "." | ".."), "{id:?} fits into no path"),
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
    let json = serde_json::to_string(&id).expect("text can be written");
    assert_eq!(serde_json::from_str::<T>(&json).ok(), Some(id.clone()));
    let over_all: SpotifyUri = id.clone().into();
    assert_eq!((over_all.to_string(), over_all.kind()), (uri(&id), T::URI));
    assert_eq!(uri(&id).parse(), Ok(over_all));
}

fn uri(text: &str) {
    let uri: SpotifyUri = match text.parse() {
        Ok(uri) => uri,
        Err(error) => return assert_told(&error),
    };
    assert!(uri.to_string().starts_with("spotify:"), "{uri}");
    assert_eq!(uri.to_string().parse().as_ref(), Ok(&uri));
    let json = serde_json::to_string(&uri).expect("text can be written");
    assert_eq!(serde_json::from_str::<SpotifyUri>(&json).ok(), Some(uri));
}
