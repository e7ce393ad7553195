//! Civil dates: `datetime.date` on the Python side, ISO text on the engine's.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateAccess, PyDateTime, PyString};
use spinecode_core::ServiceDate;

/// The ISO text of a `datetime.date`; a moment is no date.
pub(crate) fn iso(value: &Bound<'_, PyAny>) -> Option<String> {
    let date = value.cast::<PyDate>().ok()?;
    if value.is_instance_of::<PyDateTime>() {
        return None;
    }
    Some(format!(
        "{:04}-{:02}-{:02}",
        date.get_year(),
        date.get_month(),
        date.get_day()
    ))
}

/// A date argument: `datetime.date`, or text that the engine judges.
pub(crate) struct DateText(pub(crate) String);

impl<'a, 'py> FromPyObject<'a, 'py> for DateText {
    type Error = PyErr;

    fn extract(value: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(Self(text.to_str()?.to_owned()));
        }
        iso(&value)
            .map(Self)
            .ok_or_else(|| PyTypeError::new_err("a date is a datetime.date or ISO text; of a datetime, pass `.date()`"))
    }
}

/// A date of the core as `datetime.date`.
pub(crate) fn to_date<'py>(py: Python<'py>, date: ServiceDate) -> PyResult<Bound<'py, PyDate>> {
    let (month, day) = (date.0.month().unsigned_abs(), date.0.day().unsigned_abs());
    PyDate::new(py, i32::from(date.0.year()), month, day)
}

/// ISO text as `datetime.date`, where it is one.
pub(crate) fn text_to_date<'py>(py: Python<'py>, text: &str) -> PyResult<Option<Bound<'py, PyDate>>> {
    ServiceDate::parse(text).map(|date| to_date(py, date)).transpose()
}
