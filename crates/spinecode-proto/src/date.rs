//! Civil dates.

use spinecode_core::ServiceDate;
use spinecode_core::date::iso;

use crate::google::r#type::Date;

/// The date as text for the core to judge. What is no whole day gives text that is no ISO date.
pub fn iso_text(date: &Date) -> String {
    let Date { year, month, day } = *date;
    if year == 0 {
        // A day without its year; `0000-03-05` would read as a day of the year 0.
        return format!("--{month:02}-{day:02}");
    }
    // Every call reads a date, and a usual one is written without the machinery of formats.
    let usual = iso(year, month, day).and_then(|text| String::from_utf8(text.into()).ok());
    usual.unwrap_or_else(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The date on the wire.
pub fn wire_date(date: ServiceDate) -> Date {
    Date {
        year: date.0.year().into(),
        month: date.0.month().into(),
        day: date.0.day().into(),
    }
}

/// ISO text as a wire date; `None` for any other text, and for the year 0, which a wire date cannot hold.
pub fn wire_date_of_text(text: &str) -> Option<Date> {
    ServiceDate::parse(text).map(wire_date).filter(|date| date.year > 0)
}

/// A wire date as a day, where it is one.
pub(crate) fn service_date(date: &Date) -> Option<ServiceDate> {
    ServiceDate::parse(&iso_text(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_day_gives_text_that_is_no_iso_date() {
        for (year, month, day) in [
            (2023, 2, 29),
            (2023, 13, 1),
            (2023, 0, 0),
            (2023, 4, 0),
            (0, 3, 5),
            (0, 0, 0),
            (-1, 3, 5),
            (-2023, 3, 5),
            (12023, 3, 5),
            (2023, -1, 5),
            (2023, 1, 100),
            (i32::MIN, i32::MAX, i32::MIN),
        ] {
            let text = iso_text(&Date { year, month, day });
            assert_eq!(ServiceDate::parse(&text), None, "{text}");
        }
    }

    #[test]
    fn iso_text_and_wire_dates_are_one() {
        for text in ["2005-01-01", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(
                wire_date_of_text(text).map(|date| iso_text(&date)).as_deref(),
                Some(text)
            );
        }
        for text in ["0000-03-05", "2023-02-29", "03/05/2024", ""] {
            assert_eq!(wire_date_of_text(text), None, "{text}");
        }
    }
}
