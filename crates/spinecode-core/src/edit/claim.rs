//! A claim as a caller writes it: strings not yet judged. Every face fills this one type; one reader judges it.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::error::{Reason, Violation};
use crate::input::{RawCase, path_of_key, put, text, texts};

/// A claim as written. Names follow the 837 and the Tuva Project's `medical_claim`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawClaim {
    /// The caller's own id, echoed in the report.
    pub claim_id: Option<String>,
    /// Whose claim it is; billing days and history are kept by person.
    pub person_id: Option<String>,
    /// The payer's name; a map gives its profile.
    pub payer: Option<String>,
    /// The payer's plan.
    pub plan: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// `professional` or `institutional`.
    pub claim_type: Option<String>,
    /// Type of bill of an institutional claim.
    pub bill_type_code: Option<String>,
    /// Two-digit place of service of lines that say none.
    pub place_of_service: Option<String>,
    /// Who did the work.
    pub rendering_npi: Option<String>,
    /// Who bills.
    pub billing_npi: Option<String>,
    /// Group practice.
    pub group_id: Option<String>,
    /// Medicare specialty code.
    pub specialty: Option<String>,
    /// 1 original, 7 replacement, 8 void.
    pub frequency_code: Option<String>,
    /// When the payer received it, `YYYY-MM-DD`.
    pub received_date: Option<String>,
    /// Age in years.
    pub patient_age: Option<String>,
    /// ICD-10-CM codes, in the order of the claim.
    pub diagnoses: Vec<String>,
    /// Its lines.
    pub lines: Vec<RawLine>,
    /// Earlier lines of the same person, of any provider; `None`: not given, which is not the same as none.
    pub history: Option<Vec<RawLine>>,
    /// What was documented.
    pub case: Option<RawCase>,
    /// Faults of shape found while reading; judged together with the rest.
    pub misread: Vec<Violation>,
}

/// One line as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawLine {
    /// Its number on the claim; its position when absent.
    pub line_number: Option<String>,
    /// Procedure code.
    pub code: String,
    /// Modifiers in their order.
    pub modifiers: Vec<String>,
    /// Units; one when absent.
    pub units: Option<String>,
    /// `YYYY-MM-DD`.
    pub date_of_service: String,
    /// Two-digit place of service.
    pub place_of_service: Option<String>,
    /// Positions of its diagnoses, from 1, the first one first.
    pub diagnosis_pointers: Vec<String>,
    /// Charge in dollars.
    pub charge: Option<String>,
    /// `denied`, `reversed`, `paid` ...; empty: to be judged.
    pub status: Option<String>,
}

const CLAIM_KEYS: [&str; 19] = [
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
    "lines",
    "history",
    "case",
];
const LINE_KEYS: [&str; 9] = [
    "line_number",
    "code",
    "modifiers",
    "units",
    "date_of_service",
    "place_of_service",
    "diagnosis_pointers",
    "charge",
    "status",
];

impl RawClaim {
    /// Reads JSON text. Faults of shape go to `misread`; only text that is not a JSON object fails here.
    pub fn from_json(text: &str) -> Result<Self, Violation> {
        Self::from_value(&crate::input::json(text)?)
    }

    /// Reads a JSON value.
    pub fn from_value(value: &Value) -> Result<Self, Violation> {
        let Value::Object(object) = value else {
            return Err(Violation::new("", Reason::WrongType, "a JSON object"));
        };
        let mut claim = Self::default();
        let mut misread = Vec::new();
        for (key, value) in object {
            let path = key.as_str();
            let field = match path {
                "claim_id" => &mut claim.claim_id,
                "person_id" => &mut claim.person_id,
                "payer" => &mut claim.payer,
                "plan" => &mut claim.plan,
                "state" => &mut claim.state,
                "claim_type" => &mut claim.claim_type,
                "bill_type_code" => &mut claim.bill_type_code,
                "place_of_service" => &mut claim.place_of_service,
                "rendering_npi" => &mut claim.rendering_npi,
                "billing_npi" => &mut claim.billing_npi,
                "group_id" => &mut claim.group_id,
                "specialty" => &mut claim.specialty,
                "frequency_code" => &mut claim.frequency_code,
                "received_date" => &mut claim.received_date,
                "patient_age" => {
                    claim.patient_age = number(value, path, &mut misread);
                    continue;
                }
                "diagnoses" => {
                    claim.diagnoses = texts(value, path, &mut misread);
                    continue;
                }
                "lines" => {
                    claim.lines = lines(value, path, &mut misread).unwrap_or_default();
                    continue;
                }
                "history" => {
                    claim.history = lines(value, path, &mut misread);
                    continue;
                }
                "case" => {
                    if !value.is_null() {
                        claim.case = case(value, &mut misread);
                    }
                    continue;
                }
                _ => {
                    misread.push(
                        Violation::new(path_of_key("", key), Reason::UnknownKey, CLAIM_KEYS.join(", "))
                            .suggest(crate::name::nearest(key, CLAIM_KEYS)),
                    );
                    continue;
                }
            };
            *field = text(value, path, &mut misread);
        }
        claim.misread = misread;
        Ok(claim)
    }

    /// Its lines as history of the same person. A claim that voids or replaces another says so on its lines; a line takes the
    /// claim's place of service, and loses the diagnoses that only its own claim holds.
    pub fn into_history(self) -> Vec<RawLine> {
        let left_out = matches!(self.frequency_code.as_deref(), Some("7" | "8"));
        let place = self.place_of_service;
        self.lines
            .into_iter()
            .map(|line| RawLine {
                place_of_service: line.place_of_service.or_else(|| place.clone()),
                diagnosis_pointers: Vec::new(),
                status: line.status.or_else(|| left_out.then(|| "void".to_owned())),
                ..line
            })
            .collect()
    }

    /// The claim as JSON, in the schema's order; what reads back equal.
    pub fn to_value(&self) -> Value {
        let mut object = serde_json::Map::new();
        for (key, value) in [
            ("claim_id", &self.claim_id),
            ("person_id", &self.person_id),
            ("payer", &self.payer),
            ("plan", &self.plan),
            ("state", &self.state),
            ("claim_type", &self.claim_type),
            ("bill_type_code", &self.bill_type_code),
            ("place_of_service", &self.place_of_service),
            ("rendering_npi", &self.rendering_npi),
            ("billing_npi", &self.billing_npi),
            ("group_id", &self.group_id),
            ("specialty", &self.specialty),
            ("frequency_code", &self.frequency_code),
            ("received_date", &self.received_date),
            ("patient_age", &self.patient_age),
        ] {
            put(&mut object, key, value.clone());
        }
        object.insert("diagnoses".into(), self.diagnoses.clone().into());
        let written = |lines: &[RawLine]| Value::Array(lines.iter().map(RawLine::to_value).collect());
        object.insert("lines".into(), written(&self.lines));
        if let Some(history) = &self.history {
            object.insert("history".into(), written(history));
        }
        if let Some(case) = &self.case {
            object.insert("case".into(), case.to_value());
        }
        Value::Object(object)
    }
}

impl RawLine {
    /// Reads one line from JSON; faults of shape are added to `misread` under `path`.
    pub fn from_value(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Self {
        let mut line = Self::default();
        let Value::Object(object) = value else {
            misread.push(Violation::new(path, Reason::WrongType, "a line object"));
            return line;
        };
        for (key, value) in object {
            let at = path_of_key(path, key);
            match key.as_str() {
                "line_number" => line.line_number = number(value, &at, misread),
                "code" => line.code = text(value, &at, misread).unwrap_or_default(),
                "modifiers" => line.modifiers = texts(value, &at, misread),
                "units" => line.units = number(value, &at, misread),
                "date_of_service" => line.date_of_service = text(value, &at, misread).unwrap_or_default(),
                "place_of_service" => line.place_of_service = text(value, &at, misread),
                "diagnosis_pointers" => line.diagnosis_pointers = numbers(value, &at, misread),
                "charge" => line.charge = number(value, &at, misread),
                "status" => line.status = text(value, &at, misread),
                _ => misread.push(
                    Violation::new(at, Reason::UnknownKey, LINE_KEYS.join(", "))
                        .suggest(crate::name::nearest(key, LINE_KEYS)),
                ),
            }
        }
        line
    }

    /// The line as JSON, in the schema's order.
    pub fn to_value(&self) -> Value {
        let mut object = serde_json::Map::new();
        put(&mut object, "line_number", self.line_number.clone());
        object.insert("code".into(), self.code.clone().into());
        object.insert("modifiers".into(), self.modifiers.clone().into());
        put(&mut object, "units", self.units.clone());
        object.insert("date_of_service".into(), self.date_of_service.clone().into());
        put(&mut object, "place_of_service", self.place_of_service.clone());
        if !self.diagnosis_pointers.is_empty() {
            object.insert("diagnosis_pointers".into(), self.diagnosis_pointers.clone().into());
        }
        put(&mut object, "charge", self.charge.clone());
        put(&mut object, "status", self.status.clone());
        Value::Object(object)
    }
}

/// Positions of the claims in sets that never touch each other's reports: those of one person are one set, one that names no
/// person, or any that is judged `alone`, is its own. Sets come in the order of their first claims.
pub fn sets(claims: &[RawClaim], alone: bool) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, claim) in claims.iter().enumerate() {
        let own = sets.len();
        let set = match claim.person_id.as_deref().filter(|_| !alone) {
            Some(person) => *known.entry(person).or_insert(own),
            None => own,
        };
        match sets.get_mut(set) {
            Some(set) => set.push(at),
            None => sets.push(vec![at]),
        }
    }
    sets
}

/// A number, or the text of one.
fn number(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        _ => text(value, path, misread),
    }
}

fn numbers(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Vec<String> {
    match value {
        Value::Array(items) => {
            let each = items.iter().enumerate();
            each.filter_map(|(at, item)| number(item, &format!("{path}[{at}]"), misread))
                .collect()
        }
        Value::Null => Vec::new(),
        _ => {
            misread.push(Violation::new(path, Reason::WrongType, "a list of numbers"));
            Vec::new()
        }
    }
}

fn lines(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Option<Vec<RawLine>> {
    match value {
        Value::Array(items) => {
            let each = items.iter().enumerate();
            Some(
                each.map(|(at, item)| RawLine::from_value(item, &format!("{path}[{at}]"), misread))
                    .collect(),
            )
        }
        Value::Null => None,
        _ => {
            misread.push(Violation::new(path, Reason::WrongType, "a list of lines"));
            None
        }
    }
}

/// The documented case; its faults are told under `case.`.
fn case(value: &Value, misread: &mut Vec<Violation>) -> Option<RawCase> {
    match RawCase::from_value(value) {
        Ok(mut case) => {
            misread.extend(case.misread.drain(..).map(|fault| fault.under("case")));
            Some(case)
        }
        Err(fault) => {
            misread.push(fault.under("case"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_one_person_are_one_set() {
        let claims: Vec<RawClaim> = [Some("a"), None, Some("b"), Some("a"), None]
            .into_iter()
            .map(|person| RawClaim {
                person_id: person.map(str::to_owned),
                ..RawClaim::default()
            })
            .collect();
        assert_eq!(sets(&claims, false), [vec![0, 3], vec![1], vec![2], vec![4]]);
        assert_eq!(sets(&claims, true).len(), 5);
    }
}
