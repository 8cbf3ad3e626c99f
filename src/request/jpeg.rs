//! JPEG images, for the cover of a playlist.

use std::fmt::{self, Formatter};

use base64::Engine;

use super::value::BadValue;
use crate::json::value::Value;

/// A JPEG image, such as the cover of a playlist.
///
/// The client sends it in base64. Size limits apply to that: four characters for three bytes.
///
/// ```
/// use tonearm::param::Jpeg;
///
/// # let bytes = [0xff, 0xd8, 0xff, 0xd9];
/// // let bytes = std::fs::read("cover.jpg")?;
/// let cover = Jpeg::from_bytes(&bytes);
/// assert_eq!(Jpeg::from_base64("/9j/2Q=="), cover);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Jpeg(Box<str>);

impl Jpeg {
    /// Creates an image from the bytes of a JPEG file.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Self {
        Jpeg(base64::engine::general_purpose::STANDARD.encode(bytes).into())
    }

    /// Creates an image from base64, and ignores white space.
    pub fn from_base64(text: &str) -> Self {
        Jpeg(text.chars().filter(|c| !c.is_whitespace()).collect())
    }
}

impl Jpeg {
    pub(super) fn to_value(&self) -> Result<Value, BadValue> {
        // The first three bytes of every JPEG in base64.
        if !self.0.starts_with("/9j/") {
            let shown = self.0.get(..40).unwrap_or(&self.0);
            let problem = "expected a JPEG, which begins with the bytes FF D8 FF";
            return Err(BadValue::new(shown, problem));
        }
        Ok(Value::text(&self.0))
    }
}

impl fmt::Debug for Jpeg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Jpeg({} characters of base64)", self.0.len())
    }
}
