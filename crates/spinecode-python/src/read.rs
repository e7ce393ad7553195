//! Reads what a caller gives as a case: one of our objects, a mapping, or JSON text. Judging it is the engine's work.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde_json::{Map, Value as Json};
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::{RawCase, Reason, Violation};

use crate::claim::{Claim, ClaimLine};
use crate::dates;
use crate::error;
use crate::input::{Case, Procedure, Site};

/// Deepest nesting that is read; a case needs five.
const DEPTH: usize = 16;

/// A value that no JSON has. No field of a case or answer takes a fraction, so the one reader of the core finds it to be
/// of the wrong type at the right path, together with all other faults.
fn foreign() -> Json {
    Json::from(0.5)
}

/// The text of a string; half of a surrogate pair, which Python's strings may hold, is no text.
fn unicode<'a>(text: &'a Bound<'_, PyString>) -> Option<&'a str> {
    text.to_str().ok()
}

/// A Python value as JSON.
pub(crate) fn json(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    nested(value, 0)
}

fn nested(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Json> {
    if depth > DEPTH {
        return Ok(foreign());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(unicode(text).map_or_else(foreign, Json::from));
    }
    if value.is_none() {
        return Ok(Json::Null);
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let mut object = Map::new();
        for (key, item) in dict.iter() {
            let Some(key) = key.cast::<PyString>().ok().and_then(unicode) else {
                return Ok(foreign());
            };
            object.insert(key.to_owned(), nested(&item, depth + 1)?);
        }
        return Ok(Json::Object(object));
    }
    if let Ok(items) = value.cast::<PyList>() {
        return items.iter().map(|item| nested(&item, depth + 1)).collect();
    }
    if let Ok(items) = value.cast::<PyTuple>() {
        return items.iter().map(|item| nested(&item, depth + 1)).collect();
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Json::Bool(flag.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(value.extract::<i64>().map_or_else(|_too_big| foreign(), Json::from));
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        return Ok(Json::from(number.value()));
    }
    if let Some(date) = dates::iso(value) {
        return Ok(Json::from(date));
    }
    if let Ok(case) = value.cast::<Case>() {
        return Ok(case.get().0.to_value());
    }
    if let Ok(procedure) = value.cast::<Procedure>() {
        return Ok(procedure.get().0.to_value());
    }
    if let Ok(site) = value.cast::<Site>() {
        return Ok(site.get().to_value());
    }
    if let Ok(mapping) = value.cast::<PyMapping>() {
        let dict = PyDict::new(value.py());
        dict.update(mapping)?;
        return nested(dict.as_any(), depth + 1);
    }
    Ok(foreign())
}

/// A value of a claim as JSON. Numbers may be decimal there, and come in the types of Python, of `decimal` or of a frame; what
/// no JSON has becomes a flag, which no field of a claim takes.
pub(crate) fn claim_json(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    claim_nested(value, 0)
}

fn claim_nested(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Json> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let foreign = Json::Bool(true);
    if depth > DEPTH {
        return Ok(foreign);
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(unicode(text).map_or(foreign, Json::from));
    }
    if value.is_none() {
        return Ok(Json::Null);
    }
    if let Ok(claim) = value.cast::<Claim>() {
        return Ok(claim.get().0.to_value());
    }
    if let Ok(line) = value.cast::<ClaimLine>() {
        return Ok(line.get().0.to_value());
    }
    if let Ok(mapping) = value.cast::<PyMapping>() {
        let mut object = Map::new();
        for pair in mapping.items()?.iter() {
            let (key, item): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
            let Some(key) = key.cast::<PyString>().ok().and_then(unicode) else {
                return Ok(foreign);
            };
            // A case is written as cases are.
            let case = depth == 0 && key == "case";
            let item = if case {
                json(&item)?
            } else {
                claim_nested(&item, depth + 1)?
            };
            object.insert(key.to_owned(), item);
        }
        return Ok(Json::Object(object));
    }
    if let Ok(items) = value.cast::<PyList>() {
        return items.iter().map(|item| claim_nested(&item, depth + 1)).collect();
    }
    if let Ok(items) = value.cast::<PyTuple>() {
        return items.iter().map(|item| claim_nested(&item, depth + 1)).collect();
    }
    if value.is_instance_of::<PyBool>() {
        return Ok(foreign);
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        let number = number.value();
        // A frame says "no value" so.
        return Ok(if number.is_nan() {
            Json::Null
        } else {
            Json::from(number)
        });
    }
    if let Some(date) = dates::iso(value) {
        return Ok(Json::from(date));
    }
    if value.is_instance(DECIMAL.import(value.py(), "decimal", "Decimal")?)? {
        return Ok(Json::from(value.str()?.to_str()?));
    }
    // Whole numbers of any type that says it is one.
    Ok(value.extract::<i64>().map_or(foreign, Json::from))
}

/// Reads what was given as a claim.
pub(crate) fn claim(given: &Bound<'_, PyAny>) -> PyResult<RawClaim> {
    let py = given.py();
    if let Ok(claim) = given.cast::<Claim>() {
        return Ok(claim.get().0.clone());
    }
    let read = if let Ok(text) = given.cast::<PyString>() {
        unicode(text).map_or_else(|| Err(not_text()), RawClaim::from_json)
    } else if let Ok(bytes) = given.cast::<PyBytes>() {
        std::str::from_utf8(bytes.as_bytes()).map_or_else(|_fault| Err(not_text()), RawClaim::from_json)
    } else if given.cast::<PyMapping>().is_ok() {
        RawClaim::from_value(&claim_json(given)?)
    } else {
        return Err(PyTypeError::new_err(format!(
            "a claim is a spinecode.Claim, a dictionary or JSON text, not {}",
            given.get_type().name()?
        )));
    };
    read.map_err(|violation| error::violated(py, vec![violation]))
}

/// Whether it is one claim, and not several.
pub(crate) fn is_one_claim(given: &Bound<'_, PyAny>) -> bool {
    given.cast::<Claim>().is_ok()
        || given.cast::<PyString>().is_ok()
        || given.cast::<PyBytes>().is_ok()
        || given.cast::<PyMapping>().is_ok()
}

/// A case as given: an object of ours is shared, all else is read.
pub(crate) enum Given {
    Object(Py<Case>),
    Read(Box<RawCase>),
}

impl Given {
    pub(crate) fn raw(&self) -> &RawCase {
        match self {
            Self::Object(case) => &case.get().0,
            Self::Read(case) => case,
        }
    }
}

fn not_text() -> Violation {
    Violation::new("", Reason::NotJson, "a JSON object in UTF-8")
}

/// Reads what was given as a case.
pub(crate) fn given(case: &Bound<'_, PyAny>) -> PyResult<Given> {
    let py = case.py();
    if let Ok(case) = case.cast::<Case>() {
        return Ok(Given::Object(case.clone().unbind()));
    }
    let read = if let Ok(text) = case.cast::<PyString>() {
        unicode(text).map_or_else(|| Err(not_text()), RawCase::from_json)
    } else if let Ok(bytes) = case.cast::<PyBytes>() {
        std::str::from_utf8(bytes.as_bytes()).map_or_else(|_fault| Err(not_text()), RawCase::from_json)
    } else if case.is_instance_of::<PyDict>() || case.cast::<PyMapping>().is_ok() {
        RawCase::from_value(&json(case)?)
    } else {
        return Err(PyTypeError::new_err(format!(
            "a case is a spinecode.Case, a dictionary or JSON text, not {}",
            case.get_type().name()?
        )));
    };
    read.map(|case| Given::Read(Box::new(case)))
        .map_err(|violation| error::violated(py, vec![violation]))
}

/// Reads changes: a mapping of facts to values, one text `FACT=VALUE`, or several.
pub(crate) fn changes(changes: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(text) = changes.cast::<PyString>() {
        return Ok(vec![unicode(text).unwrap_or_default().to_owned()]);
    }
    if let Ok(mapping) = changes.cast::<PyMapping>() {
        let pairs = mapping.items()?;
        return pairs
            .iter()
            .map(|pair| {
                let (fact, value): (String, Bound<'_, PyAny>) = pair.extract()?;
                Ok(format!("{fact}={}", plain(&json(&value)?)))
            })
            .collect();
    }
    changes.try_iter()?.map(|one| one?.extract::<String>()).collect()
}

/// A value as `FACT=VALUE` writes it.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => "unknown".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
