//! Scopes, the permissions that a user grants to an app.

use std::convert::Infallible;
use std::fmt::{self, Display, Formatter};
use std::ops::{BitOr, BitOrAssign, Sub, SubAssign};
use std::str::FromStr;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::enums::api_enum;

include!(concat!(env!("OUT_DIR"), "/scopes.rs"));

/// A set of scopes. It prints as Spotify writes it, separated by spaces.
///
/// ```
/// use tonearm::{Scope, Scopes, endpoint};
///
/// // The scopes that a program needs for the calls it makes.
/// let scopes = Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS, &endpoint::SAVE_TRACKS]);
/// assert_eq!(scopes.to_string(), "user-library-modify user-library-read");
/// assert!(scopes.contains(&Scope::UserLibraryRead));
///
/// // `|` is the union of two sets, and `-` the difference.
/// let more = scopes.clone() | Scope::UserTopRead;
/// assert_eq!((more - scopes).to_string(), "user-top-read");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(
    /// Sorted, without duplicates. With a `BTreeSet`, the crate would take 2% longer to compile.
    Vec<Scope>,
);

impl Scopes {
    /// Creates an empty set.
    pub fn empty() -> Self {
        Scopes::default()
    }

    /// Returns the scopes of both sets; the same as `|`.
    pub fn union(&self, other: &Scopes) -> Scopes {
        self.clone() | other
    }

    /// Returns the scopes of this set that the other lacks; the same as `-`.
    pub fn difference(&self, other: &Scopes) -> Scopes {
        self.clone() - other
    }

    /// Returns whether the set contains every scope of the other.
    pub fn contains_all(&self, other: &Scopes) -> bool {
        other.0.iter().all(|scope| self.contains(scope))
    }

    /// Returns whether the set contains a scope.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.binary_search(scope).is_ok()
    }

    /// Returns the scopes, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// Returns the number of scopes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Parses scopes, as `FromStr` does.
    pub(crate) fn read(text: &str) -> Self {
        let words = text.split(|c: char| c.is_whitespace() || c == ',');
        words.filter(|word| !word.is_empty()).map(Scope::from).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut set = Scopes::empty();
        set.extend(scopes);
        set
    }
}

impl Extend<Scope> for Scopes {
    fn extend<I: IntoIterator<Item = Scope>>(&mut self, scopes: I) {
        for scope in scopes {
            if let Err(index) = self.0.binary_search(&scope) {
                self.0.insert(index, scope);
            }
        }
    }
}

impl IntoIterator for Scopes {
    type Item = Scope;
    type IntoIter = std::vec::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Scopes {
    type Item = &'a Scope;
    type IntoIter = std::vec::IntoIter<&'a Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().collect::<Vec<_>>().into_iter()
    }
}

impl From<Scope> for Scopes {
    fn from(scope: Scope) -> Self {
        Scopes(vec![scope])
    }
}

impl From<&Scope> for Scopes {
    fn from(scope: &Scope) -> Self {
        scope.clone().into()
    }
}

impl From<&Scopes> for Scopes {
    fn from(scopes: &Scopes) -> Self {
        scopes.clone()
    }
}

/// For no scopes use [`Scopes::empty`].
impl<S: Into<Scope>, const N: usize> From<[S; N]> for Scopes {
    fn from(scopes: [S; N]) -> Self {
        scopes.into_iter().map(Into::into).collect()
    }
}

impl<S: Into<Scope>> From<Vec<S>> for Scopes {
    fn from(scopes: Vec<S>) -> Self {
        scopes.into_iter().map(Into::into).collect()
    }
}

impl<S: Clone + Into<Scope>> From<&[S]> for Scopes {
    fn from(scopes: &[S]) -> Self {
        scopes.iter().cloned().map(Into::into).collect()
    }
}

impl<T: Into<Scopes>> BitOr<T> for Scopes {
    type Output = Scopes;

    fn bitor(mut self, other: T) -> Scopes {
        self |= other;
        self
    }
}

impl<T: Into<Scopes>> BitOrAssign<T> for Scopes {
    fn bitor_assign(&mut self, other: T) {
        self.extend(other.into());
    }
}

impl<T: Into<Scopes>> Sub<T> for Scopes {
    type Output = Scopes;

    fn sub(mut self, other: T) -> Scopes {
        self -= other;
        self
    }
}

impl<T: Into<Scopes>> SubAssign<T> for Scopes {
    fn sub_assign(&mut self, other: T) {
        let other = other.into();
        self.0.retain(|scope| !other.contains(scope));
    }
}

/// Parses scopes that are separated by white space or commas, and keeps unknown ones.
impl FromStr for Scopes {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Scopes::read(text))
    }
}

/// Serializes as it prints, as one string.
impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Deserializes from one string, or from a list of strings.
impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SetVisitor;
        impl<'de> Visitor<'de> for SetVisitor {
            type Value = Scopes;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("scopes as a string or as a list")
            }

            fn visit_str<E>(self, text: &str) -> Result<Scopes, E> {
                Ok(Scopes::read(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scopes, A::Error> {
                let mut scopes = Scopes::empty();
                while let Some(scope) = list.next_element::<Scope>()? {
                    scopes.extend([scope]);
                }
                Ok(scopes)
            }
        }
        // A format without type information can't `deserialize_any`. It contains the string that `Serialize` wrote.
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(SetVisitor)
        } else {
            deserializer.deserialize_str(SetVisitor)
        }
    }
}

impl Display for Scopes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut words: Vec<&str> = self.0.iter().map(Scope::as_str).collect();
        words.sort_unstable();
        f.pad(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_scopes_is_a_list_of_their_names() {
        let scopes = Scopes::from(["user-top-read", "streaming", "user-soa-link"]);
        assert_eq!(
            format!("{scopes:?}"),
            r#"Scopes([Streaming, UserTopRead, Other("user-soa-link")])"#
        );
        assert_eq!(format!("{:?}", Scopes::empty()), "Scopes([])");
    }

    #[test]
    fn scopes_support_union_and_difference() {
        let some = Scopes::from([Scope::Streaming, Scope::UserTopRead]);
        let other = Scopes::from([Scope::UserTopRead, Scope::Other("user-soa-link".into())]);
        assert_eq!(some.union(&other), some.clone() | other.clone());
        assert_eq!(some.union(&other).len(), 3);
        assert_eq!(some.difference(&other), some.clone() - other.clone());
        assert_eq!(some.difference(&other), Scope::Streaming.into());
        assert!(some.union(&other).contains_all(&other) && !some.contains_all(&other));
        assert!(some.contains_all(&Scopes::empty()));
        let mut changed = some.clone();
        changed |= Scope::UserReadEmail;
        changed -= [Scope::Streaming, Scope::UserReadEmail];
        assert_eq!(changed.into_iter().collect::<Vec<_>>(), [Scope::UserTopRead]);
    }
}
