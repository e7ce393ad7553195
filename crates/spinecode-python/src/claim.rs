//! The claim as Python objects: thin classes over the core's own input types. Nothing is judged here.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};
use spinecode_core::edit::claim::{RawClaim, RawLine};
use spinecode_core::{RawCase, ServiceDate, Violation};

use crate::dates;
use crate::error;
use crate::input::{Case, Items, Written, checked, ordered, put, put_list};
use crate::read;
use crate::value::{Value, value_class, written};

impl Serialize for Written<'_, RawLine> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let line = self.0;
        let mut map = out.serialize_map(None)?;
        put(&mut map, "line_number", line.line_number.as_ref())?;
        map.serialize_entry("code", &line.code)?;
        put_list(&mut map, "modifiers", &line.modifiers)?;
        put(&mut map, "units", line.units.as_ref())?;
        map.serialize_entry("date_of_service", &line.date_of_service)?;
        put(&mut map, "place_of_service", line.place_of_service.as_ref())?;
        put_list(&mut map, "diagnosis_pointers", &line.diagnosis_pointers)?;
        put(&mut map, "charge", line.charge.as_ref())?;
        put(&mut map, "status", line.status.as_ref())?;
        map.end()
    }
}

impl Serialize for Written<'_, RawClaim> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let claim = self.0;
        let mut map = out.serialize_map(None)?;
        put(&mut map, "claim_id", claim.claim_id.as_ref())?;
        put(&mut map, "person_id", claim.person_id.as_ref())?;
        put(&mut map, "payer", claim.payer.as_ref())?;
        put(&mut map, "plan", claim.plan.as_ref())?;
        put(&mut map, "state", claim.state.as_ref())?;
        put(&mut map, "claim_type", claim.claim_type.as_ref())?;
        put(&mut map, "bill_type_code", claim.bill_type_code.as_ref())?;
        put(&mut map, "place_of_service", claim.place_of_service.as_ref())?;
        put(&mut map, "rendering_npi", claim.rendering_npi.as_ref())?;
        put(&mut map, "billing_npi", claim.billing_npi.as_ref())?;
        put(&mut map, "group_id", claim.group_id.as_ref())?;
        put(&mut map, "specialty", claim.specialty.as_ref())?;
        put(&mut map, "frequency_code", claim.frequency_code.as_ref())?;
        put(&mut map, "received_date", claim.received_date.as_ref())?;
        put(&mut map, "patient_age", claim.patient_age.as_ref())?;
        put_list(&mut map, "diagnoses", &claim.diagnoses)?;
        map.serialize_entry("lines", &claim.lines.iter().map(Written).collect::<Vec<_>>())?;
        if let Some(history) = &claim.history {
            map.serialize_entry("history", &history.iter().map(Written).collect::<Vec<_>>())?;
        }
        if let Some(case) = &claim.case {
            map.serialize_entry("case", &Written(case))?;
        }
        map.end()
    }
}

/// A date as Python's, or the text that is none.
fn date<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    Ok(match ServiceDate::parse(text) {
        Some(date) => dates::to_date(py, date)?.into_any(),
        None => PyString::new(py, text).into_any(),
    })
}

/// Arguments as the JSON object that the core's reader judges.
fn object(arguments: &[(&str, Option<&Bound<'_, PyAny>>)]) -> PyResult<Json> {
    let mut object = Map::new();
    for (name, value) in arguments {
        if let Some(value) = value {
            object.insert((*name).to_owned(), read::claim_json(value)?);
        }
    }
    Ok(Json::Object(object))
}

/// A case in one order of its facts, so that equal claims are equal however they were written.
fn case_ordered(mut case: RawCase) -> RawCase {
    case.procedures = case.procedures.into_iter().map(ordered).collect();
    case
}

fn lines(items: &Items<'_>, path: &str, misread: &mut Vec<Violation>) -> PyResult<Vec<RawLine>> {
    let each = items.0.iter().enumerate();
    each.map(|(at, item)| match item.cast::<ClaimLine>() {
        Ok(line) => Ok(line.get().0.clone()),
        Err(_) => Ok(RawLine::from_value(
            &read::claim_json(item)?,
            &format!("{path}[{at}]"),
            misread,
        )),
    })
    .collect()
}

fn line_tuple<'py>(py: Python<'py>, lines: &[RawLine]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, lines.iter().map(|line| ClaimLine(line.clone())))
}

/// One line of a claim, as written.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct ClaimLine(pub(crate) RawLine);

impl ClaimLine {
    const SHOWN: &'static [&'static str] = &[
        "code",
        "date_of_service",
        "modifiers",
        "units",
        "line_number",
        "place_of_service",
        "diagnosis_pointers",
        "charge",
        "status",
    ];
}

impl Value for ClaimLine {
    fn as_json(data: &Bound<'_, PyAny>) -> PyResult<Json> {
        read::claim_json(data)
    }

    fn json(&self) -> PyResult<String> {
        written(&Written(&self.0))
    }

    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self> {
        let mut misread = Vec::new();
        let line = RawLine::from_value(&value, "", &mut misread);
        checked(py, Self(line), misread)
    }

    fn same(&self, other: &Self) -> PyResult<bool> {
        Ok(self.0 == other.0)
    }
}

value_class! {
    ClaimLine ["code", "date_of_service", "modifiers", "units", "line_number", "place_of_service", "diagnosis_pointers", "charge", "status"] {
        #[new]
        #[pyo3(signature = (code, date_of_service, modifiers=None, units=None, *, line_number=None, place_of_service=None, diagnosis_pointers=None, charge=None, status=None), text_signature = "(code, date_of_service, modifiers=(), units=None, *, line_number=None, place_of_service=None, diagnosis_pointers=(), charge=None, status=None)")]
        #[expect(clippy::too_many_arguments, reason = "the fields of a line, by keyword")]
        fn new(
            py: Python<'_>,
            code: &Bound<'_, PyAny>,
            date_of_service: &Bound<'_, PyAny>,
            modifiers: Option<&Bound<'_, PyAny>>,
            units: Option<&Bound<'_, PyAny>>,
            line_number: Option<&Bound<'_, PyAny>>,
            place_of_service: Option<&Bound<'_, PyAny>>,
            diagnosis_pointers: Option<&Bound<'_, PyAny>>,
            charge: Option<&Bound<'_, PyAny>>,
            status: Option<&Bound<'_, PyAny>>,
        ) -> PyResult<Self> {
            let object = object(&[
                ("line_number", line_number),
                ("code", Some(code)),
                ("modifiers", modifiers),
                ("units", units),
                ("date_of_service", Some(date_of_service)),
                ("place_of_service", place_of_service),
                ("diagnosis_pointers", diagnosis_pointers),
                ("charge", charge),
                ("status", status),
            ])?;
            Self::of_json(py, object)
        }

        /// Its number on the claim.
        #[getter]
        fn line_number(&self) -> Option<&str> {
            self.0.line_number.as_deref()
        }

        /// Procedure code.
        #[getter]
        fn code(&self) -> &str {
            &self.0.code
        }

        /// Modifiers in their order.
        #[getter]
        fn modifiers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.modifiers)
        }

        /// Units, as written.
        #[getter]
        fn units(&self) -> Option<&str> {
            self.0.units.as_deref()
        }

        /// Date of service; text that is no ISO date stays as it was written.
        #[getter]
        fn date_of_service<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
            date(py, &self.0.date_of_service)
        }

        /// Two-digit place of service.
        #[getter]
        fn place_of_service(&self) -> Option<&str> {
            self.0.place_of_service.as_deref()
        }

        /// Positions of its diagnoses, from 1, as written.
        #[getter]
        fn diagnosis_pointers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.diagnosis_pointers)
        }

        /// Charge in dollars, as written.
        #[getter]
        fn charge(&self) -> Option<&str> {
            self.0.charge.as_deref()
        }

        /// `paid`, `pending`, `denied`, `reversed` or `void`.
        #[getter]
        fn status(&self) -> Option<&str> {
            self.0.status.as_deref()
        }

        /// The line as written on a claim: code, modifiers, units where they are given.
        fn __str__(&self) -> String {
            let mut text = self.0.code.clone();
            for modifier in &self.0.modifiers {
                text.push('-');
                text.push_str(modifier);
            }
            if let Some(units) = &self.0.units {
                text.push_str(&format!(" x{units}"));
            }
            text
        }
    }
}

/// A claim, as written.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct Claim(pub(crate) RawClaim);

impl Claim {
    const SHOWN: &'static [&'static str] = &[
        "lines",
        "claim_id",
        "person_id",
        "payer",
        "plan",
        "state",
        "claim_type",
        "bill_type_code",
        "place_of_service",
        "rendering_npi",
        "billing_npi",
        "group_id",
        "specialty",
        "frequency_code",
        "received_date",
        "patient_age",
        "diagnoses",
        "history",
        "case",
    ];
}

impl Value for Claim {
    fn as_json(data: &Bound<'_, PyAny>) -> PyResult<Json> {
        read::claim_json(data)
    }

    fn json(&self) -> PyResult<String> {
        written(&Written(&self.0))
    }

    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self> {
        let mut claim = RawClaim::from_value(&value).map_err(|violation| error::violated(py, vec![violation]))?;
        let misread = std::mem::take(&mut claim.misread);
        claim.case = claim.case.map(case_ordered);
        checked(py, Self(claim), misread)
    }

    fn same(&self, other: &Self) -> PyResult<bool> {
        Ok(self.0 == other.0)
    }
}

value_class! {
    Claim ["lines", "claim_id", "person_id", "payer", "state", "claim_type", "place_of_service", "rendering_npi", "billing_npi", "diagnoses", "history", "case"] {
        #[new]
        #[pyo3(signature = (lines, *, claim_id=None, person_id=None, payer=None, plan=None, state=None, claim_type=None, bill_type_code=None, place_of_service=None, rendering_npi=None, billing_npi=None, group_id=None, specialty=None, frequency_code=None, received_date=None, patient_age=None, diagnoses=None, history=None, case=None), text_signature = "(lines, *, claim_id=None, person_id=None, payer=None, plan=None, state=None, claim_type=None, bill_type_code=None, place_of_service=None, rendering_npi=None, billing_npi=None, group_id=None, specialty=None, frequency_code=None, received_date=None, patient_age=None, diagnoses=(), history=None, case=None)")]
        #[expect(clippy::too_many_arguments, reason = "the fields of a claim, by keyword")]
        fn new(
            py: Python<'_>,
            lines: Items<'_>,
            claim_id: Option<&Bound<'_, PyAny>>,
            person_id: Option<&Bound<'_, PyAny>>,
            payer: Option<&Bound<'_, PyAny>>,
            plan: Option<&Bound<'_, PyAny>>,
            state: Option<&Bound<'_, PyAny>>,
            claim_type: Option<&Bound<'_, PyAny>>,
            bill_type_code: Option<&Bound<'_, PyAny>>,
            place_of_service: Option<&Bound<'_, PyAny>>,
            rendering_npi: Option<&Bound<'_, PyAny>>,
            billing_npi: Option<&Bound<'_, PyAny>>,
            group_id: Option<&Bound<'_, PyAny>>,
            specialty: Option<&Bound<'_, PyAny>>,
            frequency_code: Option<&Bound<'_, PyAny>>,
            received_date: Option<&Bound<'_, PyAny>>,
            patient_age: Option<&Bound<'_, PyAny>>,
            diagnoses: Option<&Bound<'_, PyAny>>,
            history: Option<Items<'_>>,
            case: Option<&Bound<'_, PyAny>>,
        ) -> PyResult<Self> {
            let object = object(&[
                ("claim_id", claim_id),
                ("person_id", person_id),
                ("payer", payer),
                ("plan", plan),
                ("state", state),
                ("claim_type", claim_type),
                ("bill_type_code", bill_type_code),
                ("place_of_service", place_of_service),
                ("rendering_npi", rendering_npi),
                ("billing_npi", billing_npi),
                ("group_id", group_id),
                ("specialty", specialty),
                ("frequency_code", frequency_code),
                ("received_date", received_date),
                ("patient_age", patient_age),
                ("diagnoses", diagnoses),
            ])?;
            let mut claim = RawClaim::from_value(&object).map_err(|violation| error::violated(py, vec![violation]))?;
            let mut misread = std::mem::take(&mut claim.misread);
            claim.lines = self::lines(&lines, "lines", &mut misread)?;
            claim.history = history
                .map(|history| self::lines(&history, "history", &mut misread))
                .transpose()?;
            if let Some(case) = case {
                let mut case = read::given(case)?.raw().clone();
                misread.extend(case.misread.drain(..).map(|fault| fault.under("case")));
                claim.case = Some(case_ordered(case));
            }
            checked(py, Self(claim), misread)
        }

        /// Its lines.
        #[getter]
        fn lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            line_tuple(py, &self.0.lines)
        }

        /// Your own id, echoed in the report.
        #[getter]
        fn claim_id(&self) -> Option<&str> {
            self.0.claim_id.as_deref()
        }

        /// Whose claim it is; claims of one person are judged together by billing day.
        #[getter]
        fn person_id(&self) -> Option<&str> {
            self.0.person_id.as_deref()
        }

        /// The payer's name.
        #[getter]
        fn payer(&self) -> Option<&str> {
            self.0.payer.as_deref()
        }

        /// The payer's plan.
        #[getter]
        fn plan(&self) -> Option<&str> {
            self.0.plan.as_deref()
        }

        /// Two-letter state.
        #[getter]
        fn state(&self) -> Option<&str> {
            self.0.state.as_deref()
        }

        /// `professional` or `institutional`.
        #[getter]
        fn claim_type(&self) -> Option<&str> {
            self.0.claim_type.as_deref()
        }

        /// Type of bill of an institutional claim.
        #[getter]
        fn bill_type_code(&self) -> Option<&str> {
            self.0.bill_type_code.as_deref()
        }

        /// Two-digit place of service of lines that say none.
        #[getter]
        fn place_of_service(&self) -> Option<&str> {
            self.0.place_of_service.as_deref()
        }

        /// Who did the work.
        #[getter]
        fn rendering_npi(&self) -> Option<&str> {
            self.0.rendering_npi.as_deref()
        }

        /// Who bills.
        #[getter]
        fn billing_npi(&self) -> Option<&str> {
            self.0.billing_npi.as_deref()
        }

        /// Group practice.
        #[getter]
        fn group_id(&self) -> Option<&str> {
            self.0.group_id.as_deref()
        }

        /// Medicare specialty code.
        #[getter]
        fn specialty(&self) -> Option<&str> {
            self.0.specialty.as_deref()
        }

        /// 1 original, 7 replacement, 8 void.
        #[getter]
        fn frequency_code(&self) -> Option<&str> {
            self.0.frequency_code.as_deref()
        }

        /// When the payer received it.
        #[getter]
        fn received_date<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
            self.0.received_date.as_deref().map(|text| date(py, text)).transpose()
        }

        /// Age in years, as written.
        #[getter]
        fn patient_age(&self) -> Option<&str> {
            self.0.patient_age.as_deref()
        }

        /// ICD-10-CM codes, in the order of the claim.
        #[getter]
        fn diagnoses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, &self.0.diagnoses)
        }

        /// Earlier lines of the same person; `None`: not given, which is not the same as none.
        #[getter]
        fn history<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
            self.0.history.as_ref().map(|history| line_tuple(py, history)).transpose()
        }

        /// What was documented.
        #[getter]
        fn case(&self) -> Option<Case> {
            self.0.case.clone().map(Case)
        }
    }
}
