//! The scopes of a row as written.

use super::table_reader::TableReader;
use super::value::{At, Literal};

/// `scopes = { … }`
#[derive(Debug, Default)]
pub struct Scopes {
    pub required: Vec<At<String>>,
    pub alternative: Vec<At<String>>,
    pub conditional: Vec<Conditional>,
    /// Whether there are more of these, which could not be read.
    pub lacks_conditional: bool,
    /// Those of the last two that a login asks for.
    pub recommended: Vec<At<String>>,
    /// A scope and what the answer holds only with it.
    pub unlocks: Vec<(At<String>, At<String>)>,
}

/// A scope, and the case in which it is needed.
#[derive(Debug)]
pub struct Conditional {
    pub scope: At<String>,
    pub when: At<String>,
    /// For these kinds of URI.
    pub kinds: Vec<At<String>>,
    /// For this value of this parameter.
    pub param: Option<At<String>>,
    pub is: Option<At<Literal>>,
}

impl Scopes {
    pub fn read(reader: &mut TableReader<'_, '_>) -> Option<Self> {
        let required = reader.texts("required");
        let alternative = reader.texts("alternative");
        let conditional = reader.entries(
            "conditional",
            "scope",
            |scope, when| Conditional { scope, when, kinds: Vec::new(), param: None, is: None },
            |scope, reader| {
                let when = reader.text("when", "the case, \"for tracks.\"");
                let kinds = reader.texts("kinds");
                let param = reader.maybe_text("param");
                let is = reader.literal("is");
                Some(Conditional { scope, when: when?, kinds, param, is })
            },
        );
        Some(Scopes {
            required,
            alternative,
            lacks_conditional: conditional.iter().any(Option::is_none),
            conditional: conditional.into_iter().flatten().collect(),
            recommended: reader.texts("recommended"),
            unlocks: reader.text_map("unlocks"),
        })
    }

    /// Every scope that is named, with those that only add to the answer.
    pub fn all(&self) -> impl Iterator<Item = &At<String>> {
        let conditional = self.conditional.iter().map(|conditional| &conditional.scope);
        let unlocks = self.unlocks.iter().map(|(scope, _)| scope);
        self.required.iter().chain(&self.alternative).chain(conditional).chain(unlocks)
    }
}
