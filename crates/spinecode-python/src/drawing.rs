//! A drawing of a case.

use pyo3::prelude::*;
use pyo3::types::PyType;

/// The spine with what was done, as SVG; a notebook shows it.
#[pyclass(frozen, eq, hash, module = "spinecode")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Drawing {
    svg: String,
}

impl Drawing {
    pub(crate) fn of(svg: String) -> Self {
        Self { svg }
    }
}

#[pymethods]
impl Drawing {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("svg",)
    }

    #[new]
    fn new(svg: String) -> Self {
        Self { svg }
    }

    /// The SVG document, one line.
    #[getter]
    fn svg(&self) -> &str {
        &self.svg
    }

    fn __str__(&self) -> &str {
        &self.svg
    }

    fn __repr__(&self) -> String {
        format!("<Drawing, {} characters of SVG>", self.svg.chars().count())
    }

    /// Inside the page rather than as an image of its own: so it takes the notebook's light or dark theme.
    fn _repr_html_(&self) -> &str {
        &self.svg
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (String,)) {
        (slf.get_type(), (slf.get().svg.clone(),))
    }
}
