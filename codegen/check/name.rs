//! Names in Rust: of calls, parameters and types.

use proc_macro2::{Ident, Span};

use super::super::diagnostics::phrase;
use super::super::read::At;
use super::Checker;

/// Types that the generated code uses from the crate or from Rust, so that the table cannot define
/// them again: a second one would hide the first.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "Arg", "AsRef", "AsciiSet", "Box", "Call", "Choice", "Chunk", "Clone", "Closed", "Copy", "Cow",
    "CursorPage", "Cursors", "Debug", "Decode", "Default", "Deserialize", "DeserializeOwned",
    "Deserializer", "Fallback", "Display", "Drop", "Endpoint", "EndpointScopes", "Eq",
    "Err", "Error", "Event", "Fn", "FnMut", "FnOnce", "Form", "FallbackParam", "Formatter", "From", "FromStr", "Hash",
    "IdKind", "In", "InsufficientScope", "Into", "IntoIterator", "Invalid", "InvalidId", "InvalidTimestamp", "Items",
    "Iterator", "Join", "Jpeg", "K", "Limit", "Link", "Market", "MarketSet", "Method", "Missing", "SkipReason",
    "None", "Ok", "OpenTo", "Opt", "Option", "Ord", "Own", "Page", "Paged", "Pages", "Param",
    "ParamKind", "Partial", "PartialEq", "PartialOrd", "PhantomData", "Place", "QuotaMode", "RateLimited", "RawResponse", "Refusal",
    "Request", "Result", "Scope", "Scopes", "Self", "Send", "Setup", "Sized", "SmallText", "Some",
    "Spotify", "SpotifyBuilder", "SpotifyUri", "Stopped", "String", "Sync", "T", "Text", "Timestamp",
    "TimestampedId", "ToOwned", "ToString", "Token", "Total", "Transport", "TryFrom", "TryInto", "Tuning",
    "UnknownMarket", "UnknownValue", "Unpin", "Value", "Vec", "Why", "Words",
];

impl Checker<'_> {
    /// A name in snake case that Rust takes as an identifier. The advice is for a keyword.
    pub(super) fn identifier(&mut self, name: &At<String>, advice: &str) -> Option<Ident> {
        let text = &name.value;
        if !is_snake(text) {
            let better = snake(text.trim_matches('_'));
            let better = Some(better).filter(|better| text.is_ascii() && is_snake(better));
            let advice = match better {
                Some(better) => format!("write `{better}`"),
                None => "letters a to z and digits, with a single `_` between words".to_owned(),
            };
            let message =
                format!("a name is written in snake_case, found {}: {advice}", phrase::shown(text));
            self.problem(&name.location, message);
            return None;
        }
        if is_keyword(text) {
            self.problem(&name.location, format!("`{text}` is a keyword of Rust: {advice}"));
            return None;
        }
        Some(ident(text))
    }

    /// The name of a type that the table defines, in upper camel case and not taken.
    pub(super) fn type_name(&mut self, name: &At<String>) -> Option<Ident> {
        let ident = self.free_type_name(name);
        // Rows may use the name that was meant.
        self.poisoned.types.nameless |= ident.is_none();
        ident
    }

    fn free_type_name(&mut self, name: &At<String>) -> Option<Ident> {
        let text = &name.value;
        if !text.starts_with(|c: char| c.is_ascii_uppercase())
            || !text.chars().all(|c| c.is_ascii_alphanumeric())
        {
            let message = format!(
                "a type is written in UpperCamelCase, as in `TimeRange`, found {}",
                phrase::shown(text)
            );
            self.problem(&name.location, message);
            return None;
        }
        if is_taken_type(text) {
            let message = format!("`{text}` is a type of the crate or of Rust: take another name");
            self.problem(&name.location, message);
            return None;
        }
        if let Some(first) = self.types.get(text) {
            let message = format!(
                "the name `{text}` is taken by a type at {}: take another",
                self.origin(first)
            );
            self.problem(&name.location, message);
            return None;
        }
        self.types.insert(text.clone(), name.location.clone());
        Some(ident(text))
    }

    /// The type of an answer: one that can be read from JSON and written down anywhere.
    pub(super) fn rust_type(&mut self, ty: &At<String>) -> Option<syn::Type> {
        // The parser goes as deep as the text does, so that is bounded.
        let parsed = Some(&ty.value).filter(|text| text.len() <= 200);
        let parsed = parsed.and_then(|text| syn::parse_str(text).ok()).filter(is_plain);
        if parsed.is_none() {
            let message = format!(
                "`returns` is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`, found {}",
                phrase::shown(&ty.value)
            );
            self.problem(&ty.location, message);
        }
        parsed
    }
}

pub(super) fn is_taken_type(name: &str) -> bool {
    TYPES.contains(&name)
}

pub(super) fn is_keyword(text: &str) -> bool {
    // `gen` is one since the edition of 2024, which `syn` does not assume.
    text == "gen" || syn::parse_str::<Ident>(text).is_err()
}

/// Names with arguments that are such types, and tuples of them.
fn is_plain(ty: &syn::Type) -> bool {
    let is_plain_segment = |segment: &syn::PathSegment| match &segment.arguments {
        syn::PathArguments::None => true,
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().all(|argument| match argument {
                syn::GenericArgument::Type(ty) => is_plain(ty),
                _ => false,
            })
        }
        syn::PathArguments::Parenthesized(_) => false,
    };
    match ty {
        syn::Type::Path(path) => {
            path.qself.is_none() && path.path.segments.iter().all(is_plain_segment)
        }
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        _ => false,
    }
}

/// A name that was checked already, or of which it does not matter, because a mistake in it is told.
pub(super) fn ident(text: &str) -> Ident {
    syn::parse_str(text).unwrap_or_else(|_| {
        let plain: String =
            text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        Ident::new(&format!("_{plain}_"), Span::call_site())
    })
}

/// Words of a to z and 0 to 9, the first beginning with a letter, with one `_` between two.
pub(super) fn is_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('_').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// `user-library-read` and `are_albums_saved` to `UserLibraryRead` and `AreAlbumsSaved`.
pub fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

/// `TopItem` and `Saved things` to `top_item` and `saved_things`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            c if c.is_ascii_uppercase() => {
                if index > 0 && !out.ends_with('_') {
                    out.push('_');
                }
                out.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out
}
