//! Objects, dates and methods that several models share.

use std::fmt::{self, Debug, Formatter};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::json::object::object;
use crate::json::scalar::{FromScalar, Scalar};
use crate::json::shape::{Shape, Shaped};
use crate::types::calendar::Outside;
use crate::types::enums::api_enum;
use crate::types::small_text::SmallText;
use crate::types::text_traits::{text_type, try_from_text};
use crate::types::timestamp::{Date, InvalidDate};

object! {
    /// A picture in one of its sizes. The URLs of playlist covers may expire within a day.
    #[derive(Default)]
    Image {
        /// The URL of the picture.
        url: String,
        /// The height in pixels, if Spotify knows it.
        height: Option<u32>,
        /// The width in pixels, if Spotify knows it.
        width: Option<u32>,
    }

    /// A copyright statement.
    #[derive(Default)]
    Copyright {
        /// The statement.
        text: String,
        /// `C` for the copyright of the work, `P` for the copyright of the recording.
        kind: Option<CopyrightType> = "type",
    }

    /// The reason why an object cannot be played.
    #[derive(Default)]
    Restriction {
        /// The reason, if Spotify sends one.
        reason: Option<RestrictionReason>,
    }

    /// The codes of an album or a track outside Spotify.
    #[derive(Default)]
    ExternalIds {
        /// The International Standard Recording Code of a track.
        isrc: Option<String>,
        /// The International Article Number.
        ean: Option<String>,
        /// The Universal Product Code of an album.
        upc: Option<String>,
    }

    /// The addresses of pages for browsers, in an object without a typed id.
    #[derive(Default)]
    ExternalUrls {
        /// The page in the web player.
        spotify: Option<String>,
    }

    /// The followers of an artist, a playlist or a user.
    #[derive(Default)]
    Followers {
        /// So far always null.
        href: Option<String>,
        /// The number of followers; `None` if Spotify doesn't send it.
        total: Option<u32>,
    }

    /// The position at which the user stopped listening. Sent with the scope `user-read-playback-position`.
    #[derive(Default)]
    ResumePoint {
        /// `true` if the user has listened to the end.
        fully_played: bool,
        /// The position in milliseconds.
        resume_position_ms: u64,
    }
}

impl ResumePoint {
    /// Returns `resume_position_ms` as a [`Duration`].
    pub fn resume_position(&self) -> Duration {
        Duration::from_millis(self.resume_position_ms)
    }
}

/// Adds `duration` to models with `duration_ms`.
macro_rules! durations {
    ($($model:ident),*) => {$(
        impl $model {
            /// Returns `duration_ms` as a [`Duration`](std::time::Duration).
            pub fn duration(&self) -> std::time::Duration {
                std::time::Duration::from_millis(self.duration_ms)
            }
        }
    )*};
}

/// Adds `artist_names` to models with `artists`.
macro_rules! artist_names {
    ($($model:ident),*) => {$(
        impl $model {
            /// Returns the names of the artists, separated by `, `.
            pub fn artist_names(&self) -> String {
                let names: Vec<&str> = self.artists.iter().map(|artist| artist.name.as_str()).collect();
                names.join(", ")
            }
        }
    )*};
}

pub(super) use {artist_names, durations};

api_enum! {
    /// The type of a copyright statement.
    open CopyrightType {
        /// The copyright of the work.
        Copyright = "C",
        /// The copyright of the recording (performance).
        Performance = "P",
    }

    /// The reason why an object cannot be played.
    open RestrictionReason {
        /// It is not available in the market.
        Market = "market",
        /// It is not available to the user's subscription.
        Product = "product",
        /// It is explicit, and the user's account doesn't play explicit content.
        Explicit = "explicit",
        /// The user has to pay for it.
        PaymentRequired = "payment_required",
    }

    /// The precision of a [`ReleaseDate`].
    open DatePrecision {
        /// The year is known.
        Year = "year",
        /// The year and the month are known.
        Month = "month",
        /// The day is known.
        Day = "day",
    }
}

/// The date of a release as Spotify sends it, to the day, the month or the year: `1981-12-15`, `1981-12`, `1981`.
///
/// Release dates have no order, because `1981` may be before or after `1981-12`. Compare [`earliest`](Self::earliest) or
/// [`latest`](Self::latest):
///
/// ```
/// use tonearm::Date;
/// use tonearm::model::{DatePrecision, ReleaseDate};
///
/// let date: ReleaseDate = "1981-12".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (Some(1981), Some(12), None));
/// assert_eq!(date.precision(), Some(DatePrecision::Month));
///
/// // Released since 15 December 1981, or maybe earlier in that month?
/// let since: Date = "1981-12-15".parse()?;
/// assert!(date.latest().is_some_and(|latest| latest >= since));
/// assert!(date.earliest().is_some_and(|earliest| earliest < since));
/// # Ok::<(), tonearm::InvalidDate>(())
/// ```
///
/// A response may contain any text, such as `0000` for an album that was taken down. The date keeps the text, and the
/// other methods return `None`. Parsing such text with `parse` is an error.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ReleaseDate(SmallText);

impl ReleaseDate {
    /// Returns the text that Spotify sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the precision, judged by the text; `None` if the text isn't a date.
    pub fn precision(&self) -> Option<DatePrecision> {
        Some(match self.parts()? {
            (_, None, _) => DatePrecision::Year,
            (_, Some(_), None) => DatePrecision::Month,
            (_, Some(_), Some(_)) => DatePrecision::Day,
        })
    }

    /// Returns the year, if it is known.
    pub fn year(&self) -> Option<u16> {
        self.parts().map(|(year, ..)| year)
    }

    /// Returns the month from 1 to 12, if it is known.
    pub fn month(&self) -> Option<u8> {
        self.parts()?.1
    }

    /// Returns the day from 1 to 31, if it is known.
    pub fn day(&self) -> Option<u8> {
        self.parts()?.2
    }

    /// Returns the first day that the date may be: for `1981`, `1981-01-01`. `None` if the text isn't a date.
    pub fn earliest(&self) -> Option<Date> {
        let (year, month, day) = self.parts()?;
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1))
    }

    /// Returns the last day that the date may be: for `1981`, `1981-12-31`. `None` if the text isn't a date.
    pub fn latest(&self) -> Option<Date> {
        let (year, month, day) = self.parts()?;
        let month = month.unwrap_or(12);
        let mut days = day.map_or(28..=31, |day| day..=day).rev();
        days.find_map(|day| Date::new(year, month, day))
    }

    /// The year, the month and the day. A month or a day outside the calendar is unknown.
    fn parts(&self) -> Option<(u16, Option<u8>, Option<u8>)> {
        let mut parts = self.as_str().split('-');
        let year = number(parts.next()?, 4, 1..=9999)?;
        let small = |part: Option<&str>, range| u8::try_from(number(part?, 2, range)?).ok();
        let month = small(parts.next(), 1..=12);
        let day = month.and_then(|month| {
            let day = small(parts.next(), 1..=31)?;
            Date::new(year, month, day).map(|_| day)
        });
        Some((year, month, day))
    }
}

fn number(part: &str, digits: usize, range: RangeInclusive<u16>) -> Option<u16> {
    let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|number| is_number && range.contains(number))
}

/// Accepts a year, a month or a day of the calendar, from the year 1 on.
impl FromStr for ReleaseDate {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = ReleaseDate(SmallText::new(text));
        // Text after the known parts is not a part of a date.
        let known = date.parts().map(|parts| match parts {
            (_, None, _) => "1981".len(),
            (_, Some(_), None) => "1981-12".len(),
            (_, Some(_), Some(_)) => "1981-12-15".len(),
        });
        match known == Some(text.len()) {
            true => Ok(date),
            false => {
                Err(InvalidDate::new("`1981-12-15`, `1981-12` or `1981`", text, outside(text)))
            }
        }
    }
}

/// Returns the part of a year, a month or a day that is outside its range; `None` for text with another format.
fn outside(text: &str) -> Option<Outside> {
    let rest = match text.len() {
        4 => "-01-01",
        7 => "-01",
        _ => "",
    };
    match format!("{text}{rest}").parse::<Date>() {
        Ok(date) => (date.year() == 0).then_some(Outside::Year(1)),
        Err(error) => error.outside,
    }
}

try_from_text!(ReleaseDate);

text_type!(ReleaseDate);

impl Debug for ReleaseDate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "ReleaseDate({})", self.as_str())
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
