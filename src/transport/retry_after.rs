//! The header `Retry-After`.

use std::time::Duration;

use crate::types::timestamp::Timestamp;

/// 100 years, the longest wait that can be added to a clock without a risk of overflow.
pub(super) const LONGEST: Duration = Duration::from_secs(36_525 * 86_400);

/// Reads the wait in the header `Retry-After`, which is a number of seconds or a date. `None` if it is missing, zero,
/// negative or malformed.
pub(crate) fn retry_after(header: Option<&str>, now: Timestamp) -> Option<Duration> {
    let text = header?.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 => {
            Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(LONGEST)
        }
        Ok(_) => return None,
        Err(_) => {
            let millis = http_date(text)?.unix_millis().checked_sub(now.unix_millis())?;
            Duration::from_millis(u64::try_from(millis).ok()?)
        }
    };
    (!wait.is_zero()).then_some(wait.min(LONGEST))
}

/// Parses an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    let mut words = text.split([' ', '-']).filter(|word| !word.is_empty());
    let (_weekday, day, month, year, time) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = 1 + months.iter().position(|name| month.eq_ignore_ascii_case(name))?;
    if words.next().is_some_and(|zone| !zone.eq_ignore_ascii_case("GMT")) {
        return None;
    }
    let day: u8 = day.parse().ok()?;
    format!("{year}-{month:02}-{day:02}T{time}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "1994-11-06T08:49:07Z".parse().unwrap();
        let wait = |text| retry_after(Some(text), now);
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(retry_after(None, now), None);
        for (text, expected) in [
            ("17", seconds(17)),
            (" 1 ", seconds(1)),
            ("86207", seconds(86_207)),
            ("864000", seconds(864_000)),
            ("31622400", seconds(31_622_400)),
            ("1.2", seconds(2)),
            ("0", None),
            ("0.0", None),
            ("-5", None),
            ("", None),
            ("soon", None),
            ("NaN", None),
            ("inf", Some(LONGEST)),
            ("99999999999999999999999999", Some(LONGEST)),
            ("18446744073709551615", Some(LONGEST)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", seconds(30)),
            ("sun, 6 nov 1994 08:49:37 gmt", seconds(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", None),
            ("Sun, 06 Nov 1994 08:48:00 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 31 Feb 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 99999 08:49:37 GMT", None),
            ("Sun, 06 Nov", None),
            ("a b c d e f", None),
        ] {
            assert_eq!(wait(text), expected, "{text}");
        }
    }
}
