//! What all value classes share: equality, hash, repr, pickling and the ways to and from dictionaries and JSON.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyMappingProxy, PyTuple, PyType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use spinecode_core::answer::CodedCase;
use spinecode_core::error::Reason;

use crate::error;
use crate::read;

/// A class that stands for one value.
pub(crate) trait Value: Sized {
    /// The value as JSON text; equal values give equal text.
    fn json(&self) -> PyResult<String>;

    /// Reads a JSON value.
    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self>;

    /// Python's own values as JSON; what no JSON has becomes something that no field of the value takes.
    fn as_json(data: &Bound<'_, PyAny>) -> PyResult<Json> {
        read::json(data)
    }

    /// Whether two stand for the same value.
    fn same(&self, other: &Self) -> PyResult<bool>;
}

/// Where a part is found in an answer.
pub(crate) type Find<T> = fn(&CodedCase, [usize; 2]) -> Option<&T>;

/// A value of the core: one that stands alone, or a part of an answer, found anew each time so that nothing is copied.
pub(crate) enum View<T: 'static> {
    Whole(Arc<T>),
    Part(Arc<CodedCase>, Find<T>, [usize; 2]),
}

impl<T> View<T> {
    /// A value that stands alone.
    pub(crate) fn whole(value: T) -> Self {
        Self::Whole(Arc::new(value))
    }

    /// The value.
    pub(crate) fn get(&self) -> PyResult<&T> {
        match self {
            Self::Whole(value) => Ok(value),
            Self::Part(answer, find, at) => find(answer, *at).ok_or_else(error::lost),
        }
    }

    /// A part of this value.
    pub(crate) fn part<U: Clone>(
        &self,
        index: usize,
        in_answer: Find<U>,
        in_whole: fn(&T, usize) -> Option<&U>,
    ) -> PyResult<View<U>> {
        match self {
            Self::Whole(value) => in_whole(value, index).cloned().map(View::whole).ok_or_else(error::lost),
            Self::Part(answer, _, [outer, _]) => Ok(View::Part(Arc::clone(answer), in_answer, [*outer, index])),
        }
    }
}

/// Writes a value of the core.
pub(crate) fn written<T: Serialize>(value: &T) -> PyResult<String> {
    serde_json::to_string(value).map_err(|_fault| error::lost())
}

/// Reads a value of the core. The fault is told without the text: it may hold anything.
pub(crate) fn taken<T: DeserializeOwned>(py: Python<'_>, value: Json, what: &str) -> PyResult<T> {
    serde_json::from_value(value).map_err(|_fault| {
        error::violation(
            py,
            "",
            Reason::WrongType,
            &format!("what `{what}.to_dict` or `to_json` gives"),
        )
    })
}

pub(crate) fn to_dict<'py>(py: Python<'py>, value: &impl Value) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    LOADS.import(py, "json", "loads")?.call1((value.json()?,))
}

pub(crate) fn from_dict<T: Value>(data: &Bound<'_, PyAny>) -> PyResult<T> {
    T::of_json(data.py(), T::as_json(data)?)
}

pub(crate) fn from_json<T: Value>(py: Python<'_>, text: &str) -> PyResult<T> {
    match serde_json::from_str(text) {
        Ok(value) => T::of_json(py, value),
        Err(fault) => Err(error::violation(
            py,
            "",
            Reason::NotJson,
            &format!(
                "a JSON object; reading stopped at line {} column {}",
                fault.line(),
                fault.column()
            ),
        )),
    }
}

pub(crate) fn hash(value: &impl Value) -> PyResult<u64> {
    let mut hasher = DefaultHasher::new();
    value.json()?.hash(&mut hasher);
    Ok(hasher.finish())
}

/// `Name(field=value, ...)` of the fields that say something.
pub(crate) fn repr(value: &Bound<'_, PyAny>, fields: &[&str]) -> PyResult<String> {
    let mut said = Vec::new();
    for field in fields {
        let part = value.getattr(field.trim_start_matches('*'))?;
        if let Ok(mapping) = part.cast::<PyMappingProxy>() {
            let entries = mapping.try_iter()?;
            // `**facts` are keywords of the constructor; any other mapping is one argument.
            let open = field.starts_with('*');
            let mut pairs = Vec::new();
            for entry in entries {
                let (key, value) = entry?;
                let value = value.repr()?;
                pairs.push(if open {
                    format!("{key}={value}")
                } else {
                    format!("{}: {value}", key.repr()?)
                });
            }
            if open {
                said.append(&mut pairs);
            } else if !pairs.is_empty() {
                said.push(format!("{field}={{{}}}", pairs.join(", ")));
            }
        } else if !(part.is_none() || part.cast::<PyTuple>().is_ok_and(|items| items.is_empty())) {
            said.push(format!("{field}={}", part.repr()?));
        }
    }
    Ok(format!("{}({})", value.get_type().name()?, said.join(", ")))
}

/// What `__reduce__` gives: a function, and what to call it with.
pub(crate) type Reduced<'py, A> = (Bound<'py, PyAny>, A);

/// How a value is pickled: as the JSON that its own class reads.
pub(crate) fn reduce<'py>(
    value: &Bound<'py, PyAny>,
    json: String,
) -> PyResult<Reduced<'py, (Bound<'py, PyType>, String)>> {
    static RESTORE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let restore = RESTORE.import(value.py(), "spinecode._spinecode", "_restore")?;
    Ok((restore.clone(), (value.get_type(), json)))
}

/// The other end of `reduce`.
#[pyfunction]
#[pyo3(signature = (cls, text, /))]
pub(crate) fn _restore<'py>(cls: &Bound<'py, PyType>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    cls.call_method1("from_json", (text,))
}

/// Gives a frozen class its methods, and those that every value class has.
macro_rules! value_class {
    (@text $field:literal) => { &'static str };
    ($class:ident [$($field:literal),+ $(,)?] { $($body:tt)* }) => {
        #[pymethods]
        impl $class {
            $($body)*

            #[classattr]
            fn __match_args__() -> ($($crate::value::value_class!(@text $field),)+) {
                ($($field,)+)
            }

            /// As plain dictionaries, lists, strings and numbers.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                $crate::value::to_dict(py, self)
            }

            /// Reads what `to_dict` gives.
            #[staticmethod]
            fn from_dict(data: &Bound<'_, PyAny>) -> PyResult<Self> {
                $crate::value::from_dict(data)
            }

            /// As JSON text.
            fn to_json(&self) -> PyResult<String> {
                $crate::value::Value::json(self)
            }

            /// Reads what `to_json` gives.
            #[staticmethod]
            fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
                $crate::value::from_json(py, text)
            }

            fn __eq__(&self, other: &Self) -> PyResult<bool> {
                $crate::value::Value::same(self, other)
            }

            fn __hash__(&self) -> PyResult<u64> {
                $crate::value::hash(self)
            }

            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                $crate::value::repr(slf.as_any(), Self::SHOWN)
            }

            fn __reduce__<'py>(
                slf: &Bound<'py, Self>,
            ) -> PyResult<$crate::value::Reduced<'py, (Bound<'py, pyo3::types::PyType>, String)>> {
                $crate::value::reduce(slf.as_any(), $crate::value::Value::json(slf.get())?)
            }
        }
    };
}

/// Makes a class over a value of the core; `shown` are the fields of its repr.
macro_rules! view_class {
    ($(#[$doc:meta])* $class:ident($core:ty) [$($field:literal),+ $(,)?] shown [$($shown:literal),+ $(,)?] { $($body:tt)* }) => {
        $(#[$doc])*
        #[pyclass(frozen, module = "spinecode")]
        pub(crate) struct $class(pub(crate) $crate::value::View<$core>);

        impl $class {
            const SHOWN: &'static [&'static str] = &[$($shown),+];

            fn core(&self) -> PyResult<&$core> {
                self.0.get()
            }
        }

        impl $crate::value::Value for $class {
            fn json(&self) -> PyResult<String> {
                $crate::value::written(self.core()?)
            }

            fn of_json(py: Python<'_>, value: serde_json::Value) -> PyResult<Self> {
                Ok(Self($crate::value::View::whole($crate::value::taken(py, value, stringify!($class))?)))
            }

            fn same(&self, other: &Self) -> PyResult<bool> {
                Ok(self.core()? == other.core()?)
            }
        }

        $crate::value::value_class! { $class [$($field),+] { $($body)* } }
    };
    ($(#[$doc:meta])* $class:ident($core:ty) [$($field:literal),+ $(,)?] { $($body:tt)* }) => {
        $crate::value::view_class! {
            $(#[$doc])* $class($core) [$($field),+] shown [$($field),+] { $($body)* }
        }
    };
}

pub(crate) use {value_class, view_class};
