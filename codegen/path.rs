//! The path template of a row: `/playlists/{playlist_id}/followers`.

use std::fmt::{self, Display, Formatter};

/// A path as text and named gaps, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

impl PathTemplate {
    /// Parses a template; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err(format!("a path must begin with `/`, found `{text}`"));
        }
        if let Some(bad) =
            text.chars().find(|c| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '%'))
        {
            return Err(format!(
                "a path holds plain characters without query or escapes, found `{bad}`"
            ));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(open);
            let Some((name, after)) = after.strip_prefix('{').and_then(|a| a.split_once('}'))
            else {
                return Err(format!("`{{` and `}}` must come in pairs in the path `{text}`"));
            };
            if name.is_empty() || name.contains('{') {
                return Err(format!(
                    "a name must stand between `{{` and `}}` in the path `{text}`"
                ));
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

    /// The names between braces, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
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
