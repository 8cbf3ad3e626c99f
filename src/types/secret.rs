//! Text that must not appear in logs or files.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};
use std::hint::black_box;

use zeroize::Zeroizing;

/// A client secret, an authorization code or a token.
///
/// `Debug` hides the text. A secret implements neither `Display` nor serde's traits, so it doesn't get into a log or a
/// file by accident. [`reveal`](Secret::reveal) returns the text. The time of a comparison doesn't depend on where two
/// secrets differ.
///
/// Dropping a secret overwrites its memory with zeros, but not the copies in HTTP headers and bodies.
///
/// ```
/// use tonearm::Secret;
///
/// let secret = Secret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.reveal(), "hunter2");
/// assert!(secret == Secret::new("hunter2") && secret != Secret::new("hunter3"));
/// ```
///
/// ```compile_fail
/// println!("{}", tonearm::Secret::new("hunter2"));
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Creates a secret from text.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// Returns the text. Don't log it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

macro_rules! secret_from {
    ($($text:ty),*) => {$(
        impl From<$text> for Secret {
            fn from(text: $text) -> Self {
                Secret::new(text)
            }
        }
    )*};
}

secret_from!(String, &str, &String, Box<str>, Cow<'_, str>);

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

/// Takes a time that depends on the lengths alone.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        is_same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Secret {}

fn is_same(left: &[u8], right: &[u8]) -> bool {
    let differ = left.iter().zip(right).fold(left.len() ^ right.len(), |differ, (a, b)| {
        // Without `black_box` the compiler may stop at the first difference.
        black_box(differ | usize::from(a ^ b))
    });
    differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_hides_its_text_and_compares_fully() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(…) Secret(…)");
        for (other, is_equal) in [
            ("hunter2", true),
            ("hunter", false),
            ("hunter22", false),
            ("", false),
            ("Hunter2", false),
        ] {
            assert_eq!(secret == Secret::new(other), is_equal, "{other}");
        }
        assert!(Secret::new("") == Secret::new(""));
    }

    #[test]
    fn secret_is_zeroized() {
        let mut secret = Secret::new("hunter2");
        zeroize::Zeroize::zeroize(&mut secret.0);
        assert!(secret.is_empty());
        // `drop` does the same: `Zeroizing` is the only field.
        fn wipes<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        wipes(&secret.0);
    }
}
