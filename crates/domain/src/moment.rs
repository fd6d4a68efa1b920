//! The one clock that schools live by: China keeps UTC+8 all year, everywhere.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, offset};
use jiff::{Timestamp, Unit};

/// The offset of Chinese civil time.
const CHINA: Offset = offset(8);

/// What a clock on a school's wall shows at this instant.
pub fn wall_clock(at: Timestamp) -> DateTime {
    CHINA.to_datetime(at)
}

/// The school's civil day at this instant.
pub fn day_of(at: Timestamp) -> Date {
    wall_clock(at).date()
}

/// The instant at which a clock on a school's wall shows this day and time.
pub fn instant(day: Date, time: Time) -> Timestamp {
    CHINA
        .to_timestamp(DateTime::from_parts(day, time))
        .expect("every civil time of years that schools plan for exists under a fixed offset")
}

/// Whole milliseconds since 1970, as the store keeps instants.
pub fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The instant of these milliseconds, or nothing when no calendar reaches so far.
pub fn from_millis(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}

/// The instant without what is finer than a millisecond, so that it reads back from the store as it was.
pub fn rounded(at: Timestamp) -> Timestamp {
    at.round(Unit::Millisecond).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_school_day_begins_at_sixteen_hundred_utc_of_the_day_before() {
        let at = instant(date(2026, 9, 1), time(0, 0, 0, 0));
        assert_eq!(at.to_string(), "2026-08-31T16:00:00Z");
        assert_eq!(day_of(at), date(2026, 9, 1));
    }

    #[test]
    fn milliseconds_read_back() {
        let at = instant(date(2026, 9, 1), time(15, 10, 0, 0));
        assert_eq!(from_millis(millis(at)), Some(at));
    }
}
