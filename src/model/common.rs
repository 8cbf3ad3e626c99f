//! What several objects have in common.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::json::object::object;
use crate::json::scalar::{FromScalar, Scalar};
use crate::json::shape::{Shape, Shaped};
use crate::types::enums::api_enum;
use crate::types::small_text::SmallText;
use crate::types::text_traits::text_type;

object! {
    /// A picture at one of its sizes. Addresses of playlist covers may die within a day.
    Image {
        /// The address of the picture.
        url: String,
        /// The height in pixels, where it is known.
        height: Option<u32>,
        /// The width in pixels, where it is known.
        width: Option<u32>,
    }

    /// A copyright statement.
    Copyright {
        /// The statement.
        text: String,
        /// `C` for the copyright, `P` for that of the recording.
        kind: Option<CopyrightKind> = "type",
    }

    /// Why something cannot be played.
    Restriction {
        /// The reason, where Spotify gives one.
        reason: Option<RestrictionReason>,
    }

    /// The codes of an album or track outside Spotify.
    ExternalIds {
        /// International Standard Recording Code, of a track.
        isrc: Option<String>,
        /// International Article Number.
        ean: Option<String>,
        /// Universal Product Code, of an album.
        upc: Option<String>,
    }

    /// The addresses of something for people, where it has no id of its own.
    ExternalUrls {
        /// The address at Spotify.
        spotify: Option<String>,
    }

    /// How many follow somebody.
    Followers {
        /// Always null so far.
        href: Option<String>,
        /// How many there are; `None` if that is not known.
        total: Option<u32>,
    }

    /// How far the user has listened. Only with the scope `user-read-playback-position`.
    ResumePoint {
        /// Whether the user has listened to the end.
        fully_played: bool,
        /// Where the user stopped, in milliseconds.
        resume_position_ms: u64,
    }
}

api_enum! {
    /// What a copyright statement is about.
    open CopyrightKind {
        /// The copyright.
        Copyright = "C",
        /// The copyright of the recording (performance).
        Performance = "P",
    }

    /// Why something cannot be played.
    open RestrictionReason {
        /// It is not available in the market.
        Market = "market",
        /// It is not available for the user's subscription.
        Product = "product",
        /// It is explicit, and the user's account does not play explicit content.
        Explicit = "explicit",
        /// It has to be paid for.
        PaymentRequired = "payment_required",
    }

    /// How much of a [`ReleaseDate`] is known.
    open DatePrecision {
        /// The year.
        Year = "year",
        /// Year and month.
        Month = "month",
        /// All of it.
        Day = "day",
    }
}

/// The day, month or year of a release, as Spotify writes it: `1981-12-15`, `1981-12`, `1981`.
///
/// Releases that were taken down have `0000`: the text is kept, and no part of it is known.
///
/// ```
/// use tonearm::model::ReleaseDate;
///
/// let date: ReleaseDate = "1981-12".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (Some(1981), Some(12), None));
/// assert_eq!("0000".parse::<ReleaseDate>()?.year(), None);
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReleaseDate(SmallText);

impl ReleaseDate {
    /// The date as Spotify wrote it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The year, if it is known.
    pub fn year(&self) -> Option<u16> {
        self.part(0, 4, 1..=9999)
    }

    /// The month from 1 to 12, if it is known.
    pub fn month(&self) -> Option<u8> {
        self.year()?;
        self.part(1, 2, 1..=12).and_then(|month| u8::try_from(month).ok())
    }

    /// The day from 1 to 31, if it is known.
    pub fn day(&self) -> Option<u8> {
        self.month()?;
        self.part(2, 2, 1..=31).and_then(|day| u8::try_from(day).ok())
    }

    fn part(
        &self,
        index: usize,
        digits: usize,
        range: std::ops::RangeInclusive<u16>,
    ) -> Option<u16> {
        let part = self.as_str().split('-').nth(index)?;
        let number = part.parse().ok()?;
        (part.len() == digits && range.contains(&number)).then_some(number)
    }
}

impl FromStr for ReleaseDate {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(ReleaseDate(SmallText::new(text)))
    }
}

text_type!(ReleaseDate);

impl Debug for ReleaseDate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for ReleaseDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SmallText::deserialize(deserializer).map(ReleaseDate)
    }
}

impl Shaped for ReleaseDate {
    const SHAPE: Shape = Shape::Text;
}

impl FromScalar for ReleaseDate {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        scalar.text().map(|text| ReleaseDate(SmallText::new(&text)))
    }
}
