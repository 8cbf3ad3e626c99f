//! An index of the words in the texts of objects, for searches.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// An index of all objects of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordIndex {
    /// The number of objects.
    pub(crate) count: usize,
    /// The objects that cannot be played in the user's country.
    pub(crate) abroad: Objects,
    /// The fields that contain each word, in lowercase.
    words: BTreeMap<String, Vec<Occurrences>>,
    /// The whole texts of each field, with their objects.
    texts: HashMap<&'static str, Vec<(String, usize)>>,
}

/// The objects that contain a word in a field.
#[derive(Clone, Debug)]
pub(crate) struct Occurrences {
    pub(crate) field: &'static str,
    pub(crate) all: Objects,
    /// Those whose name contains it.
    pub(crate) by_name: Objects,
}

impl WordIndex {
    /// Adds the next object, with its texts by field. The first text is its name. `is_home` is `true` if it can be played in
    /// the user's country.
    pub(crate) fn add(
        &mut self,
        texts: impl IntoIterator<Item = (&'static str, String)>,
        is_home: bool,
    ) {
        let object = self.count;
        self.count += 1;
        if !is_home {
            self.abroad.insert(object);
        }
        for (position, (field, text)) in texts.into_iter().enumerate() {
            for word in words(&text) {
                let fields = self.words.entry(word).or_default();
                let index = fields.iter().position(|found| found.field == field);
                let index = index.unwrap_or_else(|| {
                    let (all, by_name) = Default::default();
                    fields.push(Occurrences { field, all, by_name });
                    fields.len() - 1
                });
                if let Some(found) = fields.get_mut(index) {
                    found.all.insert(object);
                    if position == 0 {
                        found.by_name.insert(object);
                    }
                }
            }
            self.texts.entry(field).or_default().push((text, object));
        }
    }

    /// Returns the occurrences of all words that begin with `start`.
    pub(crate) fn beginning_with(&self, start: &str) -> impl Iterator<Item = &Occurrences> {
        let from = self.words.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        from.take_while(move |(word, _)| word.starts_with(start)).flat_map(|(_, found)| found)
    }

    /// Returns the whole texts of a field, with their objects.
    pub(crate) fn texts(&self, field: &str) -> &[(String, usize)] {
        self.texts.get(field).map_or(&[], Vec::as_slice)
    }

    /// Returns all objects.
    pub(crate) fn all(&self) -> Objects {
        let mut all = Objects(vec![u64::MAX; self.count / 64]);
        all.0.extend(Some((1 << (self.count % 64)) - 1).filter(|word| *word > 0));
        all
    }
}

/// A set of objects, by their numbers: one bit for each. This makes a search fast in a debug build too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects(Vec<u64>);

impl Objects {
    pub(crate) fn insert(&mut self, object: usize) {
        let index = object / 64;
        if self.0.len() <= index {
            self.0.resize(index + 1, 0);
        }
        if let Some(word) = self.0.get_mut(index) {
            *word |= 1 << (object % 64);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|word| usize::try_from(word.count_ones()).unwrap_or(0)).sum()
    }

    /// Adds the objects of another set.
    pub(crate) fn add(&mut self, other: &Objects) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Keeps only the objects that the other set contains, or does not contain.
    pub(crate) fn retain(&mut self, other: &Objects, contained: bool) {
        for (index, word) in self.0.iter_mut().enumerate() {
            let other = other.0.get(index).copied().unwrap_or(0);
            *word &= if contained { other } else { !other };
        }
    }

    /// Returns the numbers of the objects in order.
    pub(crate) fn into_numbers(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, mut rest)| {
            std::iter::from_fn(move || {
                let bit = usize::try_from(rest.trailing_zeros()).ok().filter(|_| rest != 0)?;
                // Clears the lowest bit.
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }
}

/// Returns the words of a text in lowercase.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
