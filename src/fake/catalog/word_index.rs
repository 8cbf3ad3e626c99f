//! An index of the words in the texts of objects, for searches.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// An index of all objects of one kind.
#[derive(Debug, Default)]
pub(crate) struct WordIndex {
    /// The number of objects.
    pub(crate) count: usize,
    /// The occurrences of each word, in lowercase.
    words: BTreeMap<String, Vec<Occurrence>>,
    /// The whole texts of each field, with their objects.
    texts: HashMap<&'static str, Vec<(String, usize)>>,
}

/// The place of a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occurrence {
    pub(crate) object: usize,
    pub(crate) field: &'static str,
    /// Whether it is in the name of the object.
    pub(crate) is_in_name: bool,
}

impl WordIndex {
    /// Adds the next object, with its texts by field. The first text is its name.
    pub(crate) fn add(&mut self, texts: impl IntoIterator<Item = (&'static str, String)>) {
        let object = self.count;
        self.count += 1;
        for (position, (field, text)) in texts.into_iter().enumerate() {
            for word in words(&text) {
                let occurrence = Occurrence { object, field, is_in_name: position == 0 };
                self.words.entry(word).or_default().push(occurrence);
            }
            self.texts.entry(field).or_default().push((text, object));
        }
    }

    /// Returns the occurrences of all words that begin with `start`.
    pub(crate) fn beginning_with(&self, start: &str) -> impl Iterator<Item = &Occurrence> {
        let from = self.words.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        from.take_while(move |(word, _)| word.starts_with(start)).flat_map(|(_, found)| found)
    }

    /// Returns the whole texts of a field, with their objects.
    pub(crate) fn texts(&self, field: &str) -> &[(String, usize)] {
        self.texts.get(field).map_or(&[], Vec::as_slice)
    }
}

/// Returns the words of a text in lowercase.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
