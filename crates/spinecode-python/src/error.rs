//! Errors of the engine as Python exceptions. The classes are Python's own (`spinecode._errors`), so that they pickle
//! and subclass as any exception does.

use pyo3::prelude::*;
use spinecode_core::error::{InputError as CoreInputError, Reason, Violation as CoreViolation};
use spinecode_engine::Error;

use crate::value::{View, view_class};

mod classes {
    pyo3::import_exception!(spinecode._errors, SpinecodeError);
    pyo3::import_exception!(spinecode._errors, InputError);
    pyo3::import_exception!(spinecode._errors, KnowledgeError);
    pyo3::import_exception!(spinecode._errors, UnsupportedError);
    pyo3::import_exception!(spinecode._errors, TransportError);
}

/// The exception of an engine's error.
pub(crate) fn exception(py: Python<'_>, error: Error) -> PyErr {
    let message = error.to_string();
    match error {
        Error::Input(CoreInputError { violations }) => {
            let violations: PyResult<Vec<Py<Violation>>> = violations
                .into_iter()
                .map(|violation| Py::new(py, Violation(View::whole(violation))))
                .collect();
            match violations {
                Ok(violations) => classes::InputError::new_err((message, violations)),
                Err(fault) => fault,
            }
        }
        Error::Knowledge(_) => classes::KnowledgeError::new_err(message),
        Error::Unsupported(_) => classes::UnsupportedError::new_err(message),
        Error::Transport(_) => classes::TransportError::new_err(message),
        _ => classes::SpinecodeError::new_err(message),
    }
}

/// The exception of violations found while reading Python objects.
pub(crate) fn violated(py: Python<'_>, violations: Vec<CoreViolation>) -> PyErr {
    exception(py, Error::Input(CoreInputError { violations }))
}

/// The exception of one violation.
pub(crate) fn violation(py: Python<'_>, path: &str, reason: Reason, expected: &str) -> PyErr {
    violated(py, vec![CoreViolation::new(path, reason, expected)])
}

/// An answer that does not hold what one of its views points at: a fault of this module, not of the caller.
pub(crate) fn lost() -> PyErr {
    classes::SpinecodeError::new_err("internal fault: a part of an answer is missing")
}

view_class! {
    /// One fault of an input.
    Violation(CoreViolation) ["path", "reason", "value", "expected", "suggestion"] {
        /// JSON path of the field, such as `procedures[0].levels[1]`.
        #[getter]
        fn path(&self) -> PyResult<&str> {
            Ok(&self.core()?.path)
        }

        /// Why, from the published list.
        #[getter]
        fn reason(&self) -> PyResult<&'static str> {
            Ok(self.core()?.reason.as_str())
        }

        /// The value, where it is coded vocabulary, cut at 32 characters.
        #[getter]
        fn value(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.value.as_deref())
        }

        /// What would be right.
        #[getter]
        fn expected(&self) -> PyResult<&str> {
            Ok(&self.core()?.expected)
        }

        /// The near name, where there is one.
        #[getter]
        fn suggestion(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.suggestion.as_deref())
        }

        fn __str__(&self) -> PyResult<String> {
            Ok(self.core()?.message())
        }
    }
}
