//! Templates: text with the names of parameters in braces. A template is a path, `/playlists/{playlist_id}/followers`,
//! or a value that contains others, `spotify:album:{album_ids}`.

use super::super::diagnostics::phrase;

/// Text whose braces come in pairs around names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate(String);

impl PathTemplate {
    /// Parses a path. The error is the text of a message.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err(format!(
                "a path begins with `/`, as in \"/albums/{{album_id}}\", found {}",
                phrase::shown(text)
            ));
        }
        if let Some(bad) = text.chars().find(|c| matches!(c, '?' | '#' | '%')) {
            return Err(format!(
                "a path has no query and no escapes, found `{bad}`: use `params` and `fixed`"
            ));
        }
        if let Some(bad) = text.chars().find(|c| {
            !c.is_ascii_alphanumeric() && !matches!(c, '/' | '{' | '}' | '-' | '_' | '.' | '~')
        }) {
            return Err(format!(
                "a path is made of a-z, A-Z, 0-9, `-`, `_`, `.`, `~`, `/` and `{{names}}`, found `{bad}`"
            ));
        }
        if text.len() > 1 && (text.ends_with('/') || text.contains("//")) {
            return Err("a path has a name between two slashes and no slash at its end".to_owned());
        }
        Self::parse_value(text)
    }

    /// Parses text with placeholders.
    pub fn parse_value(text: &str) -> Result<Self, String> {
        for (index, piece) in text.split('{').enumerate() {
            match (index, piece.split_once('}')) {
                (0, None) => {}
                (1.., Some(("", _))) => {
                    let message =
                        "expected the name of a parameter between `{` and `}`, found nothing";
                    return Err(message.to_owned());
                }
                (1.., Some((_, after))) if !after.contains('}') => {}
                _ => {
                    let found = phrase::shown(text);
                    return Err(format!("`{{` and `}}` come in pairs, found {found}"));
                }
            }
        }
        Ok(PathTemplate(text.to_owned()))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the names in braces, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
    }

    /// Returns the path without names, to compare paths that differ only in names.
    pub fn shape(&self) -> String {
        let pieces = self.0.split('{');
        let pieces = pieces.map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after));
        pieces.collect::<Vec<_>>().join("{}")
    }
}
