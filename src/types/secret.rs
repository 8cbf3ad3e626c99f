//! Text that must not be seen.

use std::fmt::{self, Debug, Formatter};
use std::hint::black_box;

use zeroize::Zeroizing;

/// A client secret, a code or a token: text that does not print and is wiped when it is dropped.
///
/// `Debug` shows that there is something, never what; there is no `Display` and no serde, so that it
/// comes into no log or file by accident. Who needs the text says [`reveal`](Secret::reveal). Two
/// secrets are compared in a time that tells nothing of where they differ.
///
/// What is wiped is the memory of this value: copies that HTTP needs for a header or a body are not.
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
    /// Takes text as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself, for those who must have it. Do not log it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::new(text)
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

/// In a time that depends on the length of the other alone.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        is_same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Secret {}

fn is_same(own: &[u8], other: &[u8]) -> bool {
    let differ = own.iter().zip(other).fold(own.len() ^ other.len(), |differ, (a, b)| {
        // Without the box the compiler may stop at the first difference.
        black_box(differ | usize::from(a ^ b))
    });
    differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_nothing_and_compares_whole() {
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
    fn it_is_wiped() {
        let mut secret = Secret::new("hunter2");
        zeroize::Zeroize::zeroize(&mut secret.0);
        assert!(secret.is_empty());
        // What `drop` does with it: `Zeroizing` is the only field.
        fn wipes<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        wipes(&secret.0);
    }
}
