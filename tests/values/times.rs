//! Timestamps: arithmetic, dates, and the time types of other crates.

use std::time::Duration;

use tonearm::{Date, Timestamp};

fn timestamp(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn durations_are_added_and_subtracted() {
    let time = timestamp("2024-02-28T23:59:59.500Z");
    assert_eq!(time + Duration::from_millis(500), timestamp("2024-02-29T00:00:00Z"));
    assert_eq!(time + Duration::from_nanos(999_999), time);
    assert_eq!(time - Duration::from_secs(59), timestamp("2024-02-28T23:59:00.500Z"));
    assert_eq!(timestamp("2024-03-01T00:00:00Z") - time, Duration::from_millis(86_400_500));
    assert_eq!(time - timestamp("2024-03-01T00:00:00Z"), Duration::ZERO);
    let mut moved = time;
    moved += Duration::from_secs(1);
    moved -= Duration::from_secs(3);
    assert_eq!(moved, time - Duration::from_secs(2));
}

#[test]
fn sums_end_at_the_years_0_and_9999() {
    let (first, last) = (timestamp("0000-01-01T00:00:00Z"), timestamp("9999-12-31T23:59:59.999Z"));
    assert_eq!(first - Duration::MAX, first);
    assert_eq!(last + Duration::MAX, last);
    assert_eq!(first + (last - first), last);
}

#[test]
fn dates_are_those_of_the_calendar() {
    for (date, text) in [
        ((2017, 5, 26), "2017-05-26T00:00:00Z"),
        ((2024, 2, 29), "2024-02-29T00:00:00Z"),
        ((1969, 12, 31), "1969-12-31T00:00:00Z"),
        ((0, 1, 1), "0000-01-01T00:00:00Z"),
        ((9999, 12, 31), "9999-12-31T00:00:00Z"),
    ] {
        let (year, month, day) = date;
        assert_eq!(Date::new(year, month, day).map(Timestamp::from), Some(timestamp(text)));
        let found = (timestamp(text) + Duration::from_millis(86_399_999)).date();
        assert_eq!((found.year(), found.month(), found.day()), date, "{text}");
        assert_eq!(found.to_string(), text[..10]);
    }
    for (year, month, day) in [
        (2023, 2, 29),
        (2017, 0, 1),
        (2017, 13, 1),
        (2017, 1, 0),
        (2017, 4, 31),
        (10_000, 1, 1),
        (0, 0, 0),
        (u16::MAX, u8::MAX, u8::MAX),
    ] {
        assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
    }
}

#[test]
fn timestamps_convert_from_and_to_other_crates() {
    macro_rules! assert_converts {
        ($($other:ty),*) => {$(
            for text in [
                "0000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "2024-02-29T12:00:00.001Z",
                "9999-12-30T21:59:59.999Z",
            ] {
                let there: $other = timestamp(text).into();
                assert_eq!(Timestamp::from(there), timestamp(text));
            }
        )*};
    }
    assert_converts!(chrono::DateTime<chrono::Utc>, jiff::Timestamp, time::OffsetDateTime);

    let second = timestamp("1970-01-01T00:00:01Z");
    assert_eq!(chrono::DateTime::from(second).timestamp(), 1);
    assert_eq!(jiff::Timestamp::from(second).as_second(), 1);
    assert_eq!(time::OffsetDateTime::from(second).unix_timestamp(), 1);

    // The nanosecond before 1970 is in the millisecond before it.
    let before = timestamp("1969-12-31T23:59:59.999Z");
    assert_eq!(Timestamp::from(chrono::DateTime::from_timestamp_nanos(-1)), before);
    assert_eq!(Timestamp::from(jiff::Timestamp::from_nanosecond(-1).unwrap()), before);
    let nanos = time::OffsetDateTime::from_unix_timestamp_nanos(-1).unwrap();
    assert_eq!(Timestamp::from(nanos), before);

    // Values outside the range of the other type are clamped.
    let last = timestamp("9999-12-31T23:59:59.999Z");
    assert_eq!(Timestamp::from(chrono::DateTime::<chrono::Utc>::MAX_UTC), last);
    assert_eq!(Timestamp::from(chrono::DateTime::from(last)), last);
    assert_eq!(Timestamp::from(time::OffsetDateTime::from(last)), last);
    assert_eq!(jiff::Timestamp::from(last), jiff::Timestamp::MAX);
    assert_eq!(Timestamp::from(jiff::Timestamp::MIN), timestamp("0000-01-01T00:00:00Z"));
}
