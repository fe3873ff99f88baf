//! Instants: what a clock says, and the day that it is then in Québec.

use std::fmt;
use std::sync::OnceLock;
use std::time::SystemTime;

use jiff::tz::TimeZone;

use super::Date;

/// Civil time of Québec since 2007 (`America/Toronto`): five hours behind UTC, four from the second Sunday of March to the
/// first of November, at two in the morning. Stated here as a rule, so that the answer depends on no file of the machine.
const CIVIL_TIME_OF_QUEBEC: &str = "EST5EDT,M3.2.0,M11.1.0";

/// An instant. The core reads no clock: whoever asks says when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The civil day in Québec, which decides what is in force.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use rattache::domain::Timestamp;
    ///
    /// // 2028-04-01 at 03:30 UTC is still the evening of 31 March in Québec.
    /// let instant = SystemTime::UNIX_EPOCH + Duration::from_secs(1_838_172_600);
    /// assert_eq!(Timestamp::from(instant).day_in_quebec().to_string(), "2028-03-31");
    /// ```
    #[must_use]
    pub fn day_in_quebec(self) -> Date {
        static ZONE: OnceLock<TimeZone> = OnceLock::new();
        let zone = ZONE.get_or_init(|| TimeZone::posix(CIVIL_TIME_OF_QUEBEC).expect("a test reads this rule"));
        zone.to_datetime(self.0).date().into()
    }
}

impl From<SystemTime> for Timestamp {
    /// An instant of the system's clock; one that no calendar holds is taken as the nearest that it does.
    fn from(time: SystemTime) -> Self {
        let nearest = if time < SystemTime::UNIX_EPOCH { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Self(jiff::Timestamp::try_from(time).unwrap_or(nearest))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339, in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(instant: &str) -> String {
        Timestamp(instant.parse().unwrap()).day_in_quebec().to_string()
    }

    #[test]
    fn a_day_begins_at_midnight_in_quebec_in_winter_and_in_summer() {
        for (instant, expected) in [
            ("2026-01-15T04:59:59Z", "2026-01-14"),
            ("2026-01-15T05:00:00Z", "2026-01-15"),
            ("2026-07-01T03:59:59Z", "2026-06-30"),
            ("2026-07-01T04:00:00Z", "2026-07-01"),
            // The change of 8 March 2026 comes at two in the morning: its own midnight is still that of winter.
            ("2026-03-08T04:59:59Z", "2026-03-07"),
            ("2026-03-08T05:00:00Z", "2026-03-08"),
            ("2026-03-09T04:00:00Z", "2026-03-09"),
            ("2026-11-01T03:59:59Z", "2026-10-31"),
            ("2026-11-02T04:59:59Z", "2026-11-01"),
            ("2026-11-02T05:00:00Z", "2026-11-02"),
        ] {
            assert_eq!(day(instant), expected, "{instant}");
        }
    }

    #[test]
    fn an_instant_before_1970_and_one_beyond_the_calendar_have_a_day() {
        let second = std::time::Duration::from_secs(1);
        assert_eq!(Timestamp::from(SystemTime::UNIX_EPOCH - second).day_in_quebec().to_string(), "1969-12-31");
        let far = SystemTime::UNIX_EPOCH.checked_add(second * u32::MAX * 100);
        assert!(far.is_none_or(|far| Timestamp::from(far).day_in_quebec().year() == 9999));
    }
}
