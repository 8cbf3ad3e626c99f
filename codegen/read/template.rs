//! Templates: text with the names of parameters in braces. A template is a path, `/playlists/{playlist_id}/followers`,
//! or a value that contains others, `spotify:album:{album_ids}`.

use std::fmt::{self, Display, Formatter};

use super::super::diagnostics::phrase;

/// Text and named placeholders, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

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
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(open);
            let gap = after.strip_prefix('{').and_then(|after| after.split_once('}'));
            let Some((name, after)) = gap.filter(|(name, _)| !name.contains('{')) else {
                return Err(format!("`{{` and `}}` come in pairs, found {}", phrase::shown(text)));
            };
            if name.is_empty() {
                return Err("expected the name of a parameter between `{` and `}`, found nothing"
                    .to_owned());
            }
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Name(name.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(PathTemplate(parts))
    }

    /// Returns the names in braces, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Returns the path without names, to compare paths that differ only in names.
    pub fn shape(&self) -> String {
        let gap = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Name(_) => "{}".to_owned(),
        };
        self.0.iter().map(gap).collect()
    }
}

impl Display for PathTemplate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Name(name) => write!(f, "{{{name}}}"),
        })
    }
}
