//! Days as the release holds them: sixteen bits, counted from the Unix epoch.

use jiff::civil::Date;
use spinecode_core::ServiceDate;

/// A day; the first and the last value stand for an open side of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) u16);

// The proleptic calendar's own arithmetic: 400 years, and the days from the first of March of year 0 to the epoch.
const DAYS_OF_ERA: i32 = 146_097;
const DAYS_TO_EPOCH: i32 = 719_468;

impl Day {
    /// In force before our facts begin; also every earlier day.
    pub(crate) const OPEN_FROM: Self = Self(0);
    /// Not known to have ended; also every later day.
    pub(crate) const OPEN_UNTIL: Self = Self(u16::MAX);

    /// The day of a date; dates outside the range take its ends.
    pub(crate) fn of(date: Date) -> Self {
        let month = i32::from(date.month());
        let year = i32::from(date.year()) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(date.day()) - 1;
        let days = era * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_EPOCH;
        Self(u16::try_from(days.max(0)).unwrap_or(u16::MAX))
    }

    /// The date of a day.
    pub(crate) fn date(self) -> Date {
        let days = i32::from(self.0) + DAYS_TO_EPOCH;
        let era = days.div_euclid(DAYS_OF_ERA);
        let of_era = days.rem_euclid(DAYS_OF_ERA);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        let narrow = |value: i32| i8::try_from(value).unwrap_or(1);
        Date::new(i16::try_from(year).unwrap_or(0), narrow(month), narrow(day)).unwrap_or(Date::ZERO)
    }

    /// The same as a date of service.
    pub(crate) fn service_date(self) -> ServiceDate {
        ServiceDate(self.date())
    }

    /// The day after; the open end is its own.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The first day of a month; `None` where there is no such month or it lies outside the range.
    pub(crate) fn first_of(year: i32, month: i32) -> Option<Self> {
        Self::civil(year, month, 1)
    }

    /// A calendar day; `None` where there is none or it lies outside the range.
    pub(crate) fn civil(year: i32, month: i32, day: i32) -> Option<Self> {
        let date = Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()?;
        let day = Self::of(date);
        (day > Self::OPEN_FROM && day < Self::OPEN_UNTIL).then_some(day)
    }

    /// The first day of the calendar quarter after this day's.
    pub(crate) fn next_quarter(self) -> Self {
        let date = self.date();
        let month = i32::from(date.month());
        let next = (month - 1) / 3 * 3 + 4;
        let year = i32::from(date.year());
        let (year, month) = if next > 12 { (year + 1, 1) } else { (year, next) };
        Self::first_of(year, month).unwrap_or(Self::OPEN_UNTIL)
    }

    /// Reads `YYYYMMDD`.
    pub(crate) fn calendar(text: &str) -> Option<Self> {
        let number = digits(text, 8)?;
        Self::civil(number / 10_000, number / 100 % 100, number % 100)
    }

    /// Reads `YYYYDDD`, the day of the year last.
    pub(crate) fn ordinal(text: &str) -> Option<Self> {
        let number = digits(text, 7)?;
        let (year, of_year) = (number / 1000, number % 1000);
        let first = Self::first_of(year, 1)?;
        let next = Self::first_of(year + 1, 1)?;
        let day = Self(first.0.checked_add(u16::try_from(of_year.checked_sub(1)?).ok()?)?);
        (of_year > 0 && day < next).then_some(day)
    }
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_the_whole_range() {
        let mut date = Date::new(1970, 1, 1).unwrap();
        for number in 0..u16::MAX {
            assert_eq!(Day::of(date), Day(number), "{date}");
            assert_eq!(Day(number).date(), date);
            date = date.tomorrow().unwrap();
        }
        assert_eq!(Day::of(Date::new(1950, 5, 5).unwrap()), Day::OPEN_FROM);
        assert_eq!(Day::of(Date::new(2300, 5, 5).unwrap()), Day::OPEN_UNTIL);
    }

    #[test]
    fn both_ways_of_writing_are_read() {
        let day = |text| Day::calendar(text).map(|day| day.date().to_string());
        assert_eq!(day("20240229").as_deref(), Some("2024-02-29"));
        assert_eq!(Day::ordinal("2024060"), Day::calendar("20240229"));
        assert_eq!(Day::ordinal("2024366"), Day::calendar("20241231"));
        for bad in ["20230229", "2024-229", "", "99991231", "0", "2024022９"] {
            assert_eq!(Day::calendar(bad), None, "{bad}");
        }
        for bad in ["2023366", "2023000", "20230", "-023001"] {
            assert_eq!(Day::ordinal(bad), None, "{bad}");
        }
    }

    #[test]
    fn quarters_end_where_the_next_begins() {
        let next = |text| Day::calendar(text).unwrap().next_quarter().date().to_string();
        assert_eq!(next("20240701"), "2024-10-01");
        assert_eq!(next("20240930"), "2024-10-01");
        assert_eq!(next("20241001"), "2025-01-01");
        assert_eq!(next("20260201"), "2026-04-01");
    }
}
