//! Parses dates and times, and names the part that is outside its range.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// A part of a date or a time that is outside its range. It prints the range: `a month from 01 to 12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// The year, and the first possible one.
    Year(i64),
    Month,
    /// The day of this year and month.
    Day(i64, i64),
    Hour,
    Minute,
    Second,
    Offset,
    /// The year after the conversion to UTC.
    YearInUtc,
}

impl Display for Outside {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outside::Year(first) => return write!(f, "a year from {first:04} to 9999"),
            Outside::Month => "a month from 01 to 12",
            Outside::Day(year, month) => {
                let last = days_of(*year, *month);
                return write!(f, "a day from 01 to {last} in {year:04}-{month:02}");
            }
            Outside::Hour => "an hour from 00 to 23",
            Outside::Minute => "a minute from 00 to 59",
            Outside::Second => "a second from 00 to 60",
            Outside::Offset => "an offset from -23:59 to +23:59",
            Outside::YearInUtc => "a time in the years 0000 to 9999 in UTC",
        })
    }
}

/// Parses `2017-05-26T00:00:00[.123](Z|+02:00)` to year, month, day, and milliseconds since the beginning of the day in
/// UTC. The error is `None` if the text has another format.
pub fn parse(text: &str) -> Result<[i64; 4], Option<Outside>> {
    let Fields { date: [year, month, day], time: [hour, minute, second], millis, zone } =
        fields(text.as_bytes()).ok_or(None)?;
    let (sign, hours, minutes) = zone;
    // A leap second is counted as the second after it.
    let outside = outside(year, month, day)
        .or((hour > 23).then_some(Outside::Hour))
        .or((minute > 59).then_some(Outside::Minute))
        .or((second > 60).then_some(Outside::Second))
        .or((hours > 23 || minutes > 59).then_some(Outside::Offset));
    if outside.is_some() {
        return Err(outside);
    }
    let minutes = hour * 60 + minute - sign * (hours * 60 + minutes);
    Ok([year, month, day, (minutes * 60 + second) * 1000 + millis])
}

/// Returns the part of a date that is outside its range; `None` if the calendar has the date.
pub fn outside(year: i64, month: i64, day: i64) -> Option<Outside> {
    if !(0..=9999).contains(&year) {
        Some(Outside::Year(0))
    } else if !(1..=12).contains(&month) {
        Some(Outside::Month)
    } else {
        let exists = (1..=days_of(year, month)).contains(&day);
        (!exists).then_some(Outside::Day(year, month))
    }
}

/// Returns the number of days of a month.
pub fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The numbers in a text with the format of a time.
struct Fields {
    date: [i64; 3],
    time: [i64; 3],
    millis: i64,
    /// The sign, the hours and the minutes of the offset from UTC.
    zone: (i64, i64, i64),
}

fn fields(text: &[u8]) -> Option<Fields> {
    let number = |range: Range<usize>| -> Option<i64> {
        text.get(range)?.iter().try_fold(0, |number, digit| match digit {
            b'0'..=b'9' => Some(number * 10 + i64::from(digit - b'0')),
            _ => None,
        })
    };
    let is = |at: usize, bytes: &[u8]| text.get(at).is_some_and(|byte| bytes.contains(byte));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let mut zone = 19;
    let mut millis = 0;
    if is(19, b".") {
        zone = 20 + text.get(20..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = number(20..zone.min(23)).filter(|_| zone > 20)?;
        millis = digits * [100, 10, 1].get(zone.min(23) - 21)?;
    }
    let zone = match text.get(zone..)? {
        b"Z" | b"z" => (1, 0, 0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => (
            if *sign == b'+' { 1 } else { -1 },
            number(zone + 1..zone + 3)?,
            number(zone + 4..zone + 6)?,
        ),
        _ => return None,
    };
    Some(Fields {
        date: [number(0..4)?, number(5..7)?, number(8..10)?],
        time: [number(11..13)?, number(14..16)?, number(17..19)?],
        millis,
        zone,
    })
}
