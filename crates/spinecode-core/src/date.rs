//! Civil dates and half-open windows.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A date of service: a civil date, never a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceDate(pub Date);

impl ServiceDate {
    /// Reads `YYYY-MM-DD`; nothing else is taken.
    pub fn parse(text: &str) -> Option<Self> {
        let [y, e, a, r, b'-', m, o, b'-', d, t] = *text.as_bytes() else {
            return None;
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_i16, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
            })
        };
        let (month, day) = (number(&[m, o])?, number(&[d, t])?);
        Date::new(
            number(&[y, e, a, r])?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()
        .map(Self)
    }

    /// Orders days by one comparison: every row that is looked at compares two.
    fn order(self) -> i32 {
        i32::from(self.0.year()) << 16 | i32::from(self.0.month()) << 8 | i32::from(self.0.day())
    }

    /// The day after; the last representable day is its own.
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }
}

/// `YYYY-MM-DD` of numbers that such text has room for; whether they are a day is not asked.
pub fn iso(year: i32, month: i32, day: i32) -> Option<[u8; 10]> {
    let mut text = [b'-'; 10];
    let [y, e, a, r, _, m, o, _, d, t] = &mut text;
    for (number, digits) in [
        (year, [y, e, a, r].as_mut_slice()),
        (month, &mut [m, o]),
        (day, &mut [d, t]),
    ] {
        let mut rest = u32::try_from(number).ok()?;
        for digit in digits.iter_mut().rev() {
            **digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        if rest > 0 {
            return None;
        }
    }
    Some(text)
}

impl Ord for ServiceDate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for ServiceDate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for ServiceDate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match iso(self.0.year().into(), self.0.month().into(), self.0.day().into()) {
            Some(text) => out.write_str(std::str::from_utf8(&text).unwrap_or_default()),
            None => write!(out, "{}", self.0),
        }
    }
}

/// Half-open: the first day inside, and the first day after. `None` is open on that side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Window {
    /// First day in force; `None`: in force before our facts begin.
    pub from: Option<ServiceDate>,
    /// First day no longer in force; `None`: not known to have ended.
    pub until: Option<ServiceDate>,
}

impl Window {
    /// Whether the day lies inside.
    pub fn holds(&self, day: ServiceDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether two windows share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |until: Option<ServiceDate>, from: Option<ServiceDate>| matches!((until, from), (Some(until), Some(from)) if until <= from);
        !before(self.until, other.from) && !before(other.until, self.from)
    }
}

/// What is asked of the facts: the law of a date of service, as it had been published by `as_of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The date of service.
    pub on: ServiceDate,
    /// Only what had been published by this day; `None`: all that is known.
    pub as_of: Option<ServiceDate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_iso_dates_are_read() {
        assert!(ServiceDate::parse("2024-02-29").is_some());
        for bad in [
            "2023-02-29",
            "03/05/2024",
            "2024-3-5",
            "20240305",
            "2024-03-05T00:00",
            "2024-13-05",
            "2024-00-05",
            "2024-03-00",
            "2024-0x-05",
            "+024-03-05",
            "2024/03/05",
            "",
        ] {
            assert!(ServiceDate::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn days_are_ordered_as_the_calendar_is() {
        let days = [
            Date::MIN,
            Date::new(-1, 12, 31).unwrap(),
            Date::ZERO,
            Date::new(2023, 12, 31).unwrap(),
            Date::new(2024, 1, 31).unwrap(),
            Date::new(2024, 2, 1).unwrap(),
            Date::MAX,
        ];
        for one in days {
            for other in days {
                assert_eq!(ServiceDate(one).cmp(&ServiceDate(other)), one.cmp(&other));
            }
            assert_eq!(ServiceDate(one).to_string(), one.to_string());
        }
    }

    #[test]
    fn windows_end_the_day_before_until() {
        let window = Window {
            from: ServiceDate::parse("2010-01-01"),
            until: ServiceDate::parse("2012-01-01"),
        };
        let day = |text| ServiceDate::parse(text).unwrap();
        assert!(!window.holds(day("2009-12-31")));
        assert!(window.holds(day("2010-01-01")));
        assert!(window.holds(day("2011-12-31")));
        assert!(!window.holds(day("2012-01-01")));
        assert!(!window.overlaps(&Window {
            from: window.until,
            until: None
        }));
        assert!(window.overlaps(&Window {
            from: ServiceDate::parse("2011-12-31"),
            until: None
        }));
    }
}
