//! Timestamps in RFC 3339.

use std::fmt::{self, Debug, Display, Formatter};
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::calendar::{self, Outside};
use super::display::Quoted;
use super::small_text::parsed;
use super::text_traits::{text_error, try_from_text};

/// A point in time in UTC, with millisecond precision, in the years 0 to 9999.
///
/// It prints and parses as RFC 3339, and converts from and to [`SystemTime`]. The features `chrono-0_4`, `jiff-0_2` and
/// `time-0_3` add conversions from and to `chrono::DateTime<Utc>`, `jiff::Timestamp` and `time::OffsetDateTime`.
///
/// ```
/// use std::time::Duration;
/// use tonearm::Timestamp;
///
/// let added_at: Timestamp = "2017-05-26T00:00:00Z".parse()?;
/// assert_eq!(added_at.unix_seconds(), 1_495_756_800);
/// assert_eq!(added_at.to_string(), "2017-05-26T00:00:00Z");
/// assert_eq!("2017-05-26T02:30:00+02:30".parse(), Ok(added_at));
///
/// let played_at = added_at + Duration::from_secs(90);
/// assert_eq!(played_at - added_at, Duration::from_secs(90));
/// assert_eq!(played_at.date().to_string(), "2017-05-26");
/// assert_eq!(Timestamp::from(added_at.date()), added_at);
/// # Ok::<(), tonearm::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    /// Milliseconds since 1970.
    millis: i64,
}

const DAY: i64 = 86_400_000;
/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z.
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// A date of the calendar, in the years 0 to 9999. It prints and parses as `2017-05-26`.
///
/// Create it with [`new`](Self::new), from text, or with [`Timestamp::date`]. [`Timestamp::from`] returns the time 00:00 UTC
/// of a date:
///
/// ```
/// use tonearm::{Date, Timestamp};
///
/// let date: Date = "2026-11-30".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (2026, 11, 30));
/// assert_eq!(Some(date), Date::new(2026, 11, 30));
/// assert_eq!(Timestamp::from(date).to_string(), "2026-11-30T00:00:00Z");
/// assert_eq!(Date::new(2026, 2, 30), None);
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// The features `chrono-0_4`, `jiff-0_2` and `time-0_3` convert a [`Timestamp`] to a type with more methods.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Creates a date from a year from 0 to 9999, a month from 1 to 12 and a day from 1; `None` if it isn't in the calendar.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = calendar::outside(year.into(), month.into(), day.into()).is_none();
        exists.then_some(Date { year, month, day })
    }

    /// Returns the year, from 0 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Debug for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The time 00:00 UTC.
impl From<Date> for Timestamp {
    fn from(date: Date) -> Timestamp {
        let (year, month, day) = (date.year.into(), date.month.into(), date.day.into());
        Timestamp { millis: days(year, month, day) * DAY }
    }
}

/// Only a date of the calendar, in the years 0 to 9999, with all ten characters.
impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let midnight = parse(&format!("{}T00:00:00Z", text.trim()));
        let date = midnight.map(|millis| Timestamp { millis }.date());
        date.map_err(|outside| InvalidDate::new("`2017-05-26`", text, outside))
    }
}

try_from_text!(Date);

/// The error returned when parsing text that isn't a [`Date`], or the date of a release.
///
/// If the text has the format of a date, but the date isn't in the calendar, the message contains the range of the wrong
/// part:
///
/// ```
/// let error = "2026-02-30".parse::<tonearm::Date>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "expected a date in the calendar, found `2026-02-30`; use a day from 01 to 28 in 2026-02"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidDate {
    examples: &'static str,
    pub(crate) found: Box<str>,
    pub(crate) outside: Option<Outside>,
}

impl Display for InvalidDate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (examples, found) = (self.examples, Quoted(&self.found));
        match self.outside {
            None => write!(f, "expected a date such as {examples}, found {found}"),
            Some(range) => {
                write!(f, "expected a date in the calendar, found {found}; use {range}")
            }
        }
    }
}

text_error!(InvalidDate);

impl InvalidDate {
    /// Creates the error for text with another format than the examples, or with a part that is outside its range.
    pub(crate) fn new(examples: &'static str, found: &str, outside: Option<Outside>) -> Self {
        InvalidDate { examples, found: found.into(), outside }
    }
}

/// The error returned when parsing text that isn't a time in RFC 3339.
///
/// If the text has the format of a time, but a part is outside its range, the message contains the range:
/// `use an hour from 00 to 23`.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidTimestamp {
    pub(crate) found: Box<str>,
    outside: Option<Outside>,
}

impl Display for InvalidTimestamp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let found = Quoted(&self.found);
        match self.outside {
            None => write!(f, "expected a time such as `2017-05-26T00:00:00Z`, found {found}"),
            Some(range) => write!(f, "expected a valid date and time, found {found}; use {range}"),
        }
    }
}

text_error!(InvalidTimestamp);

impl Timestamp {
    /// Returns the current time of this machine's clock.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Creates a timestamp from the seconds since 1970, clamped to the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Timestamp::from_unix_millis(seconds.saturating_mul(1000))
    }

    /// Creates a timestamp from the milliseconds since 1970, clamped to the years 0 to 9999.
    pub fn from_unix_millis(millis: i64) -> Self {
        Timestamp { millis: millis.clamp(*RANGE.start(), *RANGE.end()) }
    }

    /// Returns the date in UTC, which prints as `2017-05-26`.
    pub fn date(self) -> Date {
        let (year, month, day) = date(self.millis.div_euclid(DAY));
        // The year is at most 9999.
        let small = |part: i64| u8::try_from(part).unwrap_or_default();
        Date { year: u16::try_from(year).unwrap_or_default(), month: small(month), day: small(day) }
    }

    /// Returns the seconds since 1970, rounded down.
    pub fn unix_seconds(self) -> i64 {
        self.millis.div_euclid(1000)
    }

    /// Returns the milliseconds since 1970.
    pub fn unix_millis(self) -> i64 {
        self.millis
    }

    /// Returns the same day of a later month, or the last day of the month if it is shorter.
    pub(crate) fn plus_months(self, months: i64) -> Self {
        let (year, month, day) = date(self.millis.div_euclid(DAY));
        let months = year * 12 + month - 1 + months;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let day = day.min(calendar::days_of(year, month));
        Timestamp::from_unix_millis(days(year, month, day) * DAY + self.millis.rem_euclid(DAY))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = match time.duration_since(UNIX_EPOCH) {
            Ok(elapsed) => i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX),
            Err(error) => {
                i64::try_from(error.duration().as_millis()).map_or(i64::MIN, |millis| -millis)
            }
        };
        Timestamp::from_unix_millis(millis)
    }
}

/// Windows has no moments before 1601; there an earlier one becomes that of 1601.
impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let distance = Duration::from_millis(timestamp.millis.unsigned_abs());
        let time = match timestamp.millis {
            0.. => UNIX_EPOCH.checked_add(distance),
            _ => UNIX_EPOCH.checked_sub(distance),
        };
        // From 1601, where Windows begins, to 1970.
        let least = || UNIX_EPOCH.checked_sub(Duration::from_secs(11_644_473_600));
        time.or_else(least).unwrap_or(UNIX_EPOCH)
    }
}

/// Clamped to the year 9999; fractions of a millisecond are ignored.
impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, duration: Duration) -> Timestamp {
        Timestamp::from_unix_millis(self.millis.saturating_add(millis_in(duration)))
    }
}

/// Clamped to the year 0; fractions of a millisecond are ignored.
impl Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, duration: Duration) -> Timestamp {
        Timestamp::from_unix_millis(self.millis.saturating_sub(millis_in(duration)))
    }
}

/// Zero if `earlier` is the later of the two, as for [`Instant`](std::time::Instant).
impl Sub for Timestamp {
    type Output = Duration;

    fn sub(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.millis - earlier.millis).unwrap_or_default())
    }
}

impl AddAssign<Duration> for Timestamp {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl SubAssign<Duration> for Timestamp {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

fn millis_in(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Conversions from and to a type of another crate.
#[cfg(any(feature = "chrono-0_4", feature = "jiff-0_2", feature = "time-0_3"))]
macro_rules! converts {
    ($feature:literal $other:ty: |$time:ident| $millis:expr, |$timestamp:ident| $into:expr $(, $doc:literal)?) => {
        /// Fractions of a millisecond are rounded down. Clamped to the years 0 to 9999.
        #[cfg_attr(docsrs, doc(cfg(feature = $feature)))]
        impl From<$other> for Timestamp {
            fn from($time: $other) -> Timestamp {
                Timestamp::from_unix_millis($millis)
            }
        }

        $(#[doc = $doc])?
        #[cfg_attr(docsrs, doc(cfg(feature = $feature)))]
        impl From<Timestamp> for $other {
            fn from($timestamp: Timestamp) -> $other {
                $into
            }
        }
    };
}

#[cfg(feature = "chrono-0_4")]
converts!("chrono-0_4" chrono::DateTime<chrono::Utc>:
    |time| time.timestamp_millis(),
    // chrono has all the years of `Timestamp`.
    |timestamp| chrono::DateTime::from_timestamp_millis(timestamp.millis).unwrap_or_default());

#[cfg(feature = "jiff-0_2")]
converts!("jiff-0_2" jiff::Timestamp:
    // jiff rounds milliseconds towards zero.
    |time| i64::try_from(time.as_nanosecond().div_euclid(1_000_000)).unwrap_or_default(),
    |timestamp| {
        let time = jiff::Timestamp::from_millisecond(timestamp.millis);
        time.unwrap_or(jiff::Timestamp::MAX)
    },
    "Clamped to [`jiff::Timestamp::MAX`], which is 26 hours before the end of the year 9999.");

#[cfg(feature = "time-0_3")]
converts!("time-0_3" time::OffsetDateTime:
|time| i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or_default(),
|timestamp| {
    let nanos = i128::from(timestamp.millis) * 1_000_000;
    // time has all the years of `Timestamp`.
    time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
});

impl Display for Timestamp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let date = self.date();
        let rest = self.millis.rem_euclid(DAY);
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, millis) = (rest / 1000 % 60, rest % 1000);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}")?;
        if millis != 0 {
            write!(f, ".{millis:03}")?;
        }
        f.write_str("Z")
    }
}

impl Debug for Timestamp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let millis = parse(text.trim()).and_then(|millis| match RANGE.contains(&millis) {
            true => Ok(millis),
            false => Err(Some(Outside::YearInUtc)),
        });
        let invalid = |outside| InvalidTimestamp { found: text.into(), outside };
        millis.map(|millis| Timestamp { millis }).map_err(invalid)
    }
}

try_from_text!(Timestamp);

/// Parses a time in RFC 3339 to milliseconds since 1970.
fn parse(text: &str) -> Result<i64, Option<Outside>> {
    let [year, month, day, millis] = calendar::parse(text)?;
    Ok(days(year, month, day) * DAY + millis)
}

/// Returns the days since 1970-01-01. Its years begin in March, which makes the leap day their last day.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Returns the year, month and day of a number of days since 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a time in RFC 3339")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a date")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_round_trip_through_text() {
        for day in (-719_528..2_932_897).step_by(17) {
            let moment = Timestamp::from_unix_millis(day * DAY + 3_723_000);
            assert_eq!(moment.to_string().parse(), Ok(moment), "{moment}");
        }
        for text in [
            "0000-01-01T00:00:00Z",
            "1969-12-31T23:59:59.001Z",
            "2024-02-29T12:00:00Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|moment| moment.to_string()), Ok(text.into()));
        }
    }

    #[test]
    fn dates_of_the_calendar_are_parsed() {
        for text in ["0000-01-01", "2024-02-29", "2026-11-30", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()), Ok(text.into()));
            // A line that a user has typed.
            assert_eq!(format!(" {text}\n").parse::<Date>(), text.parse());
        }
        for text in
            ["", "2026-11-3", "20261130", "2026/11/30", "+026-11-30", "2026-11-30T00:00:00Z"]
        {
            let error = text.parse::<Date>().unwrap_err().to_string();
            assert_eq!(error, format!("expected a date such as `2017-05-26`, found `{text}`"));
        }
    }

    #[test]
    fn part_outside_its_range_is_named() {
        for (text, range) in [
            ("2026-02-30", "a day from 01 to 28 in 2026-02"),
            ("2026-11-31", "a day from 01 to 30 in 2026-11"),
            ("2026-11-00", "a day from 01 to 30 in 2026-11"),
            ("2023-02-29", "a day from 01 to 28 in 2023-02"),
            ("1900-02-29", "a day from 01 to 28 in 1900-02"),
            ("2024-02-30", "a day from 01 to 29 in 2024-02"),
            ("2000-02-30", "a day from 01 to 29 in 2000-02"),
            ("0099-12-32", "a day from 01 to 31 in 0099-12"),
            ("2026-00-10", "a month from 01 to 12"),
            ("2026-13-32", "a month from 01 to 12"),
        ] {
            let message = text.parse::<Date>().unwrap_err().to_string();
            let expected = format!("expected a date in the calendar, found `{text}`; use {range}");
            assert_eq!(message, expected);
            let time = format!("{text}T00:00:00Z");
            let message = time.parse::<Timestamp>().unwrap_err().to_string();
            let expected = format!("expected a valid date and time, found `{time}`; use {range}");
            assert_eq!(message, expected);
        }
        for (time, range) in [
            ("25:00:00Z", "an hour from 00 to 23"),
            ("24:00:00Z", "an hour from 00 to 23"),
            ("23:60:00Z", "a minute from 00 to 59"),
            ("23:59:61Z", "a second from 00 to 60"),
            ("00:00:00+24:00", "an offset from -23:59 to +23:59"),
            ("00:00:00.5-02:60", "an offset from -23:59 to +23:59"),
        ] {
            let text = format!("2026-02-28T{time}");
            let message = text.parse::<Timestamp>().unwrap_err().to_string();
            let expected = format!("expected a valid date and time, found `{text}`; use {range}");
            assert_eq!(message, expected);
            // serde returns the same message.
            let error = serde_json::from_value::<Timestamp>(text.into()).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        for text in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
            let message = text.parse::<Timestamp>().unwrap_err().to_string();
            assert!(
                message.ends_with("; use a time in the years 0000 to 9999 in UTC"),
                "{message}"
            );
        }
    }

    #[test]
    fn plus_months_follows_the_calendar() {
        for (from, to) in [
            ("2026-06-18T09:30:00.5Z", "2026-12-18T09:30:00.500Z"),
            ("2026-08-31T23:59:59Z", "2027-02-28T23:59:59Z"),
            ("2027-08-31T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("2026-12-01T00:00:00Z", "2027-06-01T00:00:00Z"),
        ] {
            let later = from.parse::<Timestamp>().unwrap().plus_months(6);
            assert_eq!(later.to_string(), to, "{from}");
        }
    }

    #[test]
    fn zones_fractions_and_leap_seconds_are_parsed() {
        let moment: Timestamp = "2016-12-31T23:59:60Z".parse().unwrap();
        assert_eq!(moment.to_string(), "2017-01-01T00:00:00Z");
        assert_eq!(
            "2017-01-01T05:45:00.1234567+05:45".parse::<Timestamp>().unwrap().unix_millis(),
            moment.unix_millis() + 123
        );
        assert_eq!(
            "2017-01-01 00:00:00.5z".parse::<Timestamp>().unwrap().unix_millis(),
            moment.unix_millis() + 500
        );
        let time: SystemTime = "1960-01-01T00:00:00Z".parse::<Timestamp>().unwrap().into();
        assert_eq!(Timestamp::from(time).to_string(), "1960-01-01T00:00:00Z");
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for text in [
            "",
            "2017",
            "2017-05-26",
            "2017-05-26T00:00:00",
            "2017-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2017-05-26T24:00:00Z",
            "2017-05-26T00:00:00.Z",
            "2017-05-26T00:00:00+2:00",
            "2017-05-26T00:00:00+24:00",
            "2017-05-26T00:00:00-02:60",
            "２017-05-26T00:00:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }
}
