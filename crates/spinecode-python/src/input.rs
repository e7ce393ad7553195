//! The case as Python objects: thin classes over the core's own input types. Nothing is judged here.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyMappingProxy, PyString, PyTuple};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value as Json;
use spinecode_core::input::{RawCase, RawProcedure, RawSite, RawValue, SITE_TYPES};
use spinecode_core::{ServiceDate, Violation};

use crate::dates::{self, DateText};
use crate::error;
use crate::read;
use crate::value::{Value, value_class, written};

/// Writes an input type in the order in which its fields are documented, leaving out what was not given.
pub(crate) struct Written<'a, T>(pub(crate) &'a T);

pub(crate) fn put<M: SerializeMap>(map: &mut M, key: &str, value: Option<&String>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}

pub(crate) fn put_list<M: SerializeMap>(map: &mut M, key: &str, values: &[String]) -> Result<(), M::Error> {
    if values.is_empty() {
        Ok(())
    } else {
        map.serialize_entry(key, values)
    }
}

impl Serialize for Written<'_, RawCase> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let case = self.0;
        let mut map = out.serialize_map(None)?;
        put(&mut map, "case_id", case.case_id.as_ref())?;
        map.serialize_entry("date_of_service", &case.date_of_service)?;
        put(&mut map, "place_of_service", case.place_of_service.as_ref())?;
        put(&mut map, "setting", case.setting.as_ref())?;
        put(&mut map, "payer", case.payer.as_ref())?;
        put(&mut map, "state", case.state.as_ref())?;
        put_list(&mut map, "diagnoses", &case.diagnoses)?;
        map.serialize_entry("procedures", &case.procedures.iter().map(Written).collect::<Vec<_>>())?;
        map.end()
    }
}

impl Serialize for Written<'_, RawProcedure> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let procedure = self.0;
        let mut map = out.serialize_map(None)?;
        put(&mut map, "id", procedure.id.as_ref())?;
        map.serialize_entry("kind", &procedure.kind)?;
        if !procedure.sites.is_empty() {
            map.serialize_entry("sites", &procedure.sites.iter().map(Written).collect::<Vec<_>>())?;
        }
        put_list(&mut map, "levels", &procedure.levels)?;
        put_list(&mut map, "nerves", &procedure.nerves)?;
        put(&mut map, "side", procedure.side.as_ref())?;
        put(&mut map, "performed_by", procedure.performed_by.as_ref())?;
        put(&mut map, "encounter", procedure.encounter.as_ref())?;
        put_list(&mut map, "distinct_from", &procedure.distinct_from)?;
        for (fact, value) in &procedure.facts {
            match value {
                RawValue::Word(word) => map.serialize_entry(fact, word)?,
                RawValue::Flag(flag) => map.serialize_entry(fact, flag)?,
                RawValue::Number(number) => map.serialize_entry(fact, number)?,
                RawValue::Words(words) => map.serialize_entry(fact, words)?,
            }
        }
        map.end()
    }
}

impl Serialize for Written<'_, RawSite> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(None)?;
        map.serialize_entry(&self.0.place_type, &self.0.place)?;
        put(&mut map, "side", self.0.side.as_ref())?;
        map.end()
    }
}

/// Facts in one order, so that equal procedures are equal however they were written.
pub(crate) fn ordered(mut procedure: RawProcedure) -> RawProcedure {
    procedure.facts.sort_by(|one, other| one.0.cmp(&other.0));
    procedure
}

/// One act of a kind, from a `Procedure` or a mapping.
fn procedure_of(item: &Bound<'_, PyAny>, path: &str, misread: &mut Vec<Violation>) -> PyResult<RawProcedure> {
    if let Ok(procedure) = item.cast::<Procedure>() {
        return Ok(procedure.get().0.clone());
    }
    Ok(ordered(RawProcedure::from_value(&read::json(item)?, path, misread)))
}

/// Faults of shape found while building an object are told at once: an object holds only what can be written.
pub(crate) fn checked<T>(py: Python<'_>, value: T, misread: Vec<Violation>) -> PyResult<T> {
    if misread.is_empty() {
        Ok(value)
    } else {
        Err(error::violated(py, misread))
    }
}

/// The items of a list or tuple.
pub(crate) struct Items<'py>(pub(crate) Vec<Bound<'py, PyAny>>);

impl<'a, 'py> FromPyObject<'a, 'py> for Items<'py> {
    type Error = PyErr;

    fn extract(value: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(items) = value.cast::<PyList>() {
            return Ok(Self(items.iter().collect()));
        }
        if let Ok(items) = value.cast::<PyTuple>() {
            return Ok(Self(items.iter().collect()));
        }
        Err(PyTypeError::new_err(format!(
            "a list or tuple, not {}",
            value.get_type().name()?
        )))
    }
}

/// What was done for one patient on one date.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct Case(pub(crate) RawCase);

impl Case {
    const SHOWN: &'static [&'static str] = &[
        "date_of_service",
        "procedures",
        "place_of_service",
        "setting",
        "payer",
        "state",
        "diagnoses",
        "case_id",
    ];
}

impl Value for Case {
    fn json(&self) -> PyResult<String> {
        written(&Written(&self.0))
    }

    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self> {
        let mut case = RawCase::from_value(&value).map_err(|violation| error::violated(py, vec![violation]))?;
        let misread = std::mem::take(&mut case.misread);
        case.procedures = case.procedures.into_iter().map(ordered).collect();
        checked(py, Self(case), misread)
    }

    fn same(&self, other: &Self) -> PyResult<bool> {
        Ok(self.0 == other.0)
    }
}

value_class! {
    Case ["date_of_service", "procedures", "place_of_service", "setting", "payer", "state", "diagnoses", "case_id"] {
        #[new]
        #[pyo3(signature = (date_of_service, procedures, place_of_service=None, setting=None, payer=None, state=None, diagnoses=Vec::new(), case_id=None), text_signature = "(date_of_service, procedures, place_of_service=None, setting=None, payer=None, state=None, diagnoses=(), case_id=None)")]
        #[expect(clippy::too_many_arguments, reason = "the fields of a case, by keyword")]
        fn new(
            py: Python<'_>,
            date_of_service: DateText,
            procedures: Items<'_>,
            place_of_service: Option<String>,
            setting: Option<String>,
            payer: Option<String>,
            state: Option<String>,
            diagnoses: Vec<String>,
            case_id: Option<String>,
        ) -> PyResult<Self> {
            let mut misread = Vec::new();
            let procedures = procedures
                .0
                .iter()
                .enumerate()
                .map(|(at, item)| procedure_of(item, &format!("procedures[{at}]"), &mut misread))
                .collect::<PyResult<_>>()?;
            let case = RawCase {
                case_id,
                date_of_service: date_of_service.0,
                place_of_service,
                setting,
                payer,
                state,
                diagnoses,
                procedures,
                misread: Vec::new(),
            };
            checked(py, Self(case), misread)
        }

        /// Date of service; text that is no ISO date stays as it was written.
        #[getter]
        fn date_of_service<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
            Ok(match ServiceDate::parse(&self.0.date_of_service) {
                Some(date) => dates::to_date(py, date)?.into_any(),
                None => PyString::new(py, &self.0.date_of_service).into_any(),
            })
        }

        /// What was done.
        #[getter]
        fn procedures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.0.procedures.iter().map(|procedure| Procedure(procedure.clone())))
        }

        /// Two-digit place of service code.
        #[getter]
        fn place_of_service(&self) -> Option<&str> {
            self.0.place_of_service.as_deref()
        }

        /// Setting of the claim.
        #[getter]
        fn setting(&self) -> Option<&str> {
            self.0.setting.as_deref()
        }

        /// The payer's name.
        #[getter]
        fn payer(&self) -> Option<&str> {
            self.0.payer.as_deref()
        }

        /// Two-letter state.
        #[getter]
        fn state(&self) -> Option<&str> {
            self.0.state.as_deref()
        }

        /// ICD-10-CM codes.
        #[getter]
        fn diagnoses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.diagnoses)
        }

        /// The caller's own id.
        #[getter]
        fn case_id(&self) -> Option<&str> {
            self.0.case_id.as_deref()
        }
    }
}

/// One act of a kind.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct Procedure(pub(crate) RawProcedure);

impl Value for Procedure {
    fn json(&self) -> PyResult<String> {
        written(&Written(&self.0))
    }

    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self> {
        let mut misread = Vec::new();
        let procedure = ordered(RawProcedure::from_value(&value, "", &mut misread));
        checked(py, Self(procedure), misread)
    }

    fn same(&self, other: &Self) -> PyResult<bool> {
        Ok(self.0 == other.0)
    }
}

impl Procedure {
    const SHOWN: &'static [&'static str] = &[
        "kind",
        "levels",
        "nerves",
        "sites",
        "side",
        "id",
        "performed_by",
        "encounter",
        "distinct_from",
        "**facts",
    ];
}

/// A fact's value; `None` says that it is unknown, as leaving it out does.
fn fact_value(fact: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<RawValue>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(word) = value.cast::<PyString>() {
        return Ok(Some(RawValue::Word(word.to_str()?.to_owned())));
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Some(RawValue::Flag(flag.is_true())));
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(Some(RawValue::Number(value.extract()?)));
    }
    if let Ok(words) = value.extract::<Items<'_>>() {
        let words = words
            .0
            .iter()
            .map(|word| word.extract::<String>())
            .collect::<PyResult<_>>();
        if let Ok(words) = words {
            return Ok(Some(RawValue::Words(words)));
        }
    }
    Err(PyTypeError::new_err(format!(
        "fact `{fact}`: a word, True or False, a whole number, or a list of words, not {}",
        value.get_type().name()?
    )))
}

value_class! {
    Procedure ["kind", "levels", "nerves", "sites", "side", "id", "performed_by", "encounter", "distinct_from", "facts"] {
        #[new]
        #[pyo3(signature = (kind, *, levels=Vec::new(), nerves=Vec::new(), sites=Items(Vec::new()), side=None, id=None, performed_by=None, encounter=None, distinct_from=Vec::new(), **facts), text_signature = "(kind, *, levels=(), nerves=(), sites=(), side=None, id=None, performed_by=None, encounter=None, distinct_from=(), **facts)")]
        #[expect(clippy::too_many_arguments, reason = "the fields of a procedure, by keyword")]
        fn new(
            py: Python<'_>,
            kind: String,
            levels: Vec<String>,
            nerves: Vec<String>,
            sites: Items<'_>,
            side: Option<String>,
            id: Option<String>,
            performed_by: Option<String>,
            encounter: Option<String>,
            distinct_from: Vec<String>,
            facts: Option<&Bound<'_, PyDict>>,
        ) -> PyResult<Self> {
            let mut misread = Vec::new();
            let mut all = Vec::new();
            for (fact, value) in facts.into_iter().flatten() {
                let fact: String = fact.extract()?;
                if let Some(value) = fact_value(&fact, &value)? {
                    all.push((fact, value));
                }
            }
            let mut procedure = RawProcedure {
                id,
                kind,
                levels,
                nerves,
                side,
                performed_by,
                encounter,
                distinct_from,
                facts: all,
                ..RawProcedure::default()
            };
            for (at, item) in sites.0.iter().enumerate() {
                if let Ok(site) = item.cast::<Site>() {
                    procedure.sites.push(site.get().0.clone());
                } else {
                    procedure.sites.extend(site_of(&read::json(item)?, &format!("sites[{at}]"), &mut misread));
                }
            }
            checked(py, Self(ordered(procedure)), misread)
        }

        /// Kind, from the published list.
        #[getter]
        fn kind(&self) -> &str {
            &self.0.kind
        }

        /// Short form: places of the kind's usual type, all with `side`.
        #[getter]
        fn levels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.levels)
        }

        /// Short form: nerves, all with `side`.
        #[getter]
        fn nerves<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.nerves)
        }

        /// Places, each with its own side.
        #[getter]
        fn sites<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.0.sites.iter().map(|site| Site(site.clone())))
        }

        /// Side of the short forms, or of a procedure without places.
        #[getter]
        fn side(&self) -> Option<&str> {
            self.0.side.as_deref()
        }

        /// The caller's id; the procedure's position when absent.
        #[getter]
        fn id(&self) -> Option<&str> {
            self.0.id.as_deref()
        }

        /// Who did it.
        #[getter]
        fn performed_by(&self) -> Option<&str> {
            self.0.performed_by.as_deref()
        }

        /// Which meeting of patient and clinician.
        #[getter]
        fn encounter(&self) -> Option<&str> {
            self.0.encounter.as_deref()
        }

        /// Ids of procedures that this one is documented as distinct from.
        #[getter]
        fn distinct_from<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.distinct_from)
        }

        /// All other facts, by name; read only.
        #[getter]
        fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            let facts = PyDict::new(py);
            for (fact, value) in &self.0.facts {
                match value {
                    RawValue::Word(word) => facts.set_item(fact, word)?,
                    RawValue::Flag(flag) => facts.set_item(fact, flag)?,
                    RawValue::Number(number) => facts.set_item(fact, number)?,
                    RawValue::Words(words) => facts.set_item(fact, PyTuple::new(py, words)?)?,
                }
            }
            Ok(PyMappingProxy::new(py, facts.as_mapping()))
        }
    }
}

/// Exactly one place, with its side.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct Site(pub(crate) RawSite);

impl Site {
    pub(crate) fn to_value(&self) -> Json {
        serde_json::to_value(Written(&self.0)).unwrap_or_default()
    }

    fn place_of(&self, place_type: &str) -> Option<&str> {
        (self.0.place_type == place_type).then_some(self.0.place.as_str())
    }
}

/// Reads a site through the one reader of the core, which reads sites as part of a procedure.
fn site_of(value: &Json, path: &str, misread: &mut Vec<Violation>) -> Option<RawSite> {
    let mut found = Vec::new();
    let procedure = RawProcedure::from_value(&serde_json::json!({"sites": [value]}), "", &mut found);
    for mut violation in found {
        let within = violation.path.strip_prefix("sites[0]").unwrap_or(&violation.path);
        let at = format!("{path}{within}");
        violation.path = at.strip_prefix('.').unwrap_or(&at).to_owned();
        misread.push(violation);
    }
    procedure.sites.into_iter().next()
}

impl Value for Site {
    fn json(&self) -> PyResult<String> {
        written(&Written(&self.0))
    }

    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self> {
        let mut misread = Vec::new();
        let site = site_of(&value, "", &mut misread).unwrap_or_default();
        checked(py, Self(site), misread)
    }

    fn same(&self, other: &Self) -> PyResult<bool> {
        Ok(self.0 == other.0)
    }
}

impl Site {
    const SHOWN: &'static [&'static str] = &[
        "joint",
        "interspace",
        "foramen",
        "vertebra",
        "nerve",
        "region",
        "structure",
        "side",
    ];
}

value_class! {
    Site ["place_type", "place", "side"] {
        #[new]
        #[pyo3(signature = (*, joint=None, interspace=None, foramen=None, vertebra=None, nerve=None, region=None, structure=None, side=None))]
        #[expect(clippy::too_many_arguments, reason = "one keyword for each type of place")]
        fn new(
            joint: Option<String>,
            interspace: Option<String>,
            foramen: Option<String>,
            vertebra: Option<String>,
            nerve: Option<String>,
            region: Option<String>,
            structure: Option<String>,
            side: Option<String>,
        ) -> PyResult<Self> {
            let places = [joint, interspace, foramen, vertebra, nerve, region, structure];
            let mut given = SITE_TYPES
                .iter()
                .zip(places)
                .filter_map(|(place_type, place)| place.map(|place| (*place_type, place)));
            match (given.next(), given.next()) {
                (Some((place_type, place)), None) => Ok(Self(RawSite {
                    place_type: place_type.to_owned(),
                    place,
                    side,
                })),
                _ => Err(PyTypeError::new_err(format!(
                    "a site is exactly one place: pass one of {}",
                    SITE_TYPES.join(", ")
                ))),
            }
        }

        /// Type of the place.
        #[getter]
        fn place_type(&self) -> &str {
            &self.0.place_type
        }

        /// The place, as written.
        #[getter]
        fn place(&self) -> &str {
            &self.0.place
        }

        /// Its side.
        #[getter]
        fn side(&self) -> Option<&str> {
            self.0.side.as_deref()
        }

        /// The place, if it is a facet joint.
        #[getter]
        fn joint(&self) -> Option<&str> {
            self.place_of("joint")
        }

        /// The place, if it is a disc space.
        #[getter]
        fn interspace(&self) -> Option<&str> {
            self.place_of("interspace")
        }

        /// The place, if it is a foramen.
        #[getter]
        fn foramen(&self) -> Option<&str> {
            self.place_of("foramen")
        }

        /// The place, if it is a vertebra.
        #[getter]
        fn vertebra(&self) -> Option<&str> {
            self.place_of("vertebra")
        }

        /// The place, if it is a nerve.
        #[getter]
        fn nerve(&self) -> Option<&str> {
            self.place_of("nerve")
        }

        /// The place, if it is a region.
        #[getter]
        fn region(&self) -> Option<&str> {
            self.place_of("region")
        }

        /// The place, if it is a muscle, limb joint, bursa ...
        #[getter]
        fn structure(&self) -> Option<&str> {
            self.place_of("structure")
        }
    }
}
