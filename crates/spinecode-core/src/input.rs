//! The case as a caller writes it: strings not yet judged. Every face fills this one type; one reader judges it.

use serde_json::Value;

use crate::error::{Reason, Violation};

/// A case as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawCase {
    /// The caller's own id, echoed in the answer.
    pub case_id: Option<String>,
    /// `YYYY-MM-DD`.
    pub date_of_service: String,
    /// Two-digit place of service code.
    pub place_of_service: Option<String>,
    /// `professional`, `asc_facility`, `outpatient_hospital` or `undetermined`.
    pub setting: Option<String>,
    /// The payer's name; a map gives its profile.
    pub payer: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// ICD-10-CM codes; carried, not judged here.
    pub diagnoses: Vec<String>,
    /// What was done.
    pub procedures: Vec<RawProcedure>,
    /// Faults of shape found while reading (wrong types, unknown keys); judged together with the rest.
    pub misread: Vec<Violation>,
}

/// One act of a kind, as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawProcedure {
    /// The caller's id; its position when absent.
    pub id: Option<String>,
    /// Kind, from the published list.
    pub kind: String,
    /// Places, each with its own side.
    pub sites: Vec<RawSite>,
    /// Short form: places of the kind's usual type, all with `side`.
    pub levels: Vec<String>,
    /// Short form: nerves, all with `side`.
    pub nerves: Vec<String>,
    /// Side of the short forms, or of a procedure without places.
    pub side: Option<String>,
    /// Who did it.
    pub performed_by: Option<String>,
    /// Which meeting of patient and clinician.
    pub encounter: Option<String>,
    /// Ids of procedures that this one is documented as distinct from.
    pub distinct_from: Vec<String>,
    /// All other facts, by name.
    pub facts: Vec<(String, RawValue)>,
}

/// A place as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawSite {
    /// `joint`, `interspace`, `foramen`, `vertebra`, `nerve`, `region` or `structure`.
    pub place_type: String,
    /// The place.
    pub place: String,
    /// Its side.
    pub side: Option<String>,
}

/// A fact's value as written.
#[derive(Clone, Debug, PartialEq)]
pub enum RawValue {
    /// A word of a list.
    Word(String),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Several words.
    Words(Vec<String>),
}

/// Site types, in their published order.
pub const SITE_TYPES: [&str; 7] = [
    "joint",
    "interspace",
    "foramen",
    "vertebra",
    "nerve",
    "region",
    "structure",
];
const CASE_KEYS: [&str; 8] = [
    "case_id",
    "date_of_service",
    "place_of_service",
    "setting",
    "payer",
    "state",
    "diagnoses",
    "procedures",
];
/// Keys of a procedure that are not facts of a kind.
pub const PROCEDURE_KEYS: [&str; 9] = [
    "id",
    "kind",
    "sites",
    "levels",
    "nerves",
    "side",
    "performed_by",
    "encounter",
    "distinct_from",
];

impl RawCase {
    /// Reads JSON text. Faults of shape go to `misread`; only text that is not a JSON object fails here.
    pub fn from_json(text: &str) -> Result<Self, Violation> {
        Self::from_value(&json(text)?)
    }

    /// Reads a JSON value.
    pub fn from_value(value: &Value) -> Result<Self, Violation> {
        let Value::Object(object) = value else {
            return Err(Violation::new("", Reason::WrongType, "a JSON object"));
        };
        let mut case = Self::default();
        let mut misread = Vec::new();
        for (key, value) in object {
            let path = key.as_str();
            match path {
                "case_id" => case.case_id = text(value, path, &mut misread),
                "date_of_service" => case.date_of_service = text(value, path, &mut misread).unwrap_or_default(),
                "place_of_service" => case.place_of_service = text(value, path, &mut misread),
                "setting" => case.setting = text(value, path, &mut misread),
                "payer" => case.payer = text(value, path, &mut misread),
                "state" => case.state = text(value, path, &mut misread),
                "diagnoses" => case.diagnoses = texts(value, path, &mut misread),
                "procedures" => match value {
                    Value::Array(items) => {
                        for (at, item) in items.iter().enumerate() {
                            case.procedures
                                .push(procedure(item, &format!("procedures[{at}]"), &mut misread));
                        }
                    }
                    Value::Null => {}
                    _ => misread.push(Violation::new(path, Reason::WrongType, "a list of procedures")),
                },
                _ => misread.push(
                    Violation::new(path_of_key("", key), Reason::UnknownKey, CASE_KEYS.join(", "))
                        .suggest(crate::name::nearest(key, CASE_KEYS)),
                ),
            }
        }
        case.misread = misread;
        Ok(case)
    }

    /// The case as JSON, in the schema's order; what reads back equal.
    pub fn to_value(&self) -> Value {
        let mut object = serde_json::Map::new();
        put(&mut object, "case_id", self.case_id.clone());
        object.insert("date_of_service".into(), self.date_of_service.clone().into());
        put(&mut object, "place_of_service", self.place_of_service.clone());
        put(&mut object, "setting", self.setting.clone());
        put(&mut object, "payer", self.payer.clone());
        put(&mut object, "state", self.state.clone());
        if !self.diagnoses.is_empty() {
            object.insert("diagnoses".into(), self.diagnoses.clone().into());
        }
        object.insert(
            "procedures".into(),
            Value::Array(self.procedures.iter().map(RawProcedure::to_value).collect()),
        );
        Value::Object(object)
    }
}

impl RawProcedure {
    /// The procedure as JSON.
    pub fn to_value(&self) -> Value {
        let mut object = serde_json::Map::new();
        put(&mut object, "id", self.id.clone());
        object.insert("kind".into(), self.kind.clone().into());
        if !self.sites.is_empty() {
            let sites = self.sites.iter().map(|site| {
                let mut object = serde_json::Map::new();
                object.insert(site.place_type.clone(), site.place.clone().into());
                put(&mut object, "side", site.side.clone());
                Value::Object(object)
            });
            object.insert("sites".into(), sites.collect());
        }
        for (key, list) in [("levels", &self.levels), ("nerves", &self.nerves)] {
            if !list.is_empty() {
                object.insert(key.into(), list.clone().into());
            }
        }
        put(&mut object, "side", self.side.clone());
        put(&mut object, "performed_by", self.performed_by.clone());
        put(&mut object, "encounter", self.encounter.clone());
        if !self.distinct_from.is_empty() {
            object.insert("distinct_from".into(), self.distinct_from.clone().into());
        }
        for (fact, value) in &self.facts {
            object.insert(
                fact.clone(),
                match value {
                    RawValue::Word(word) => word.clone().into(),
                    RawValue::Flag(flag) => (*flag).into(),
                    RawValue::Number(number) => (*number).into(),
                    RawValue::Words(words) => words.clone().into(),
                },
            );
        }
        Value::Object(object)
    }

    /// Reads one procedure from JSON; faults of shape are added to `misread` under `path`.
    pub fn from_value(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Self {
        procedure(value, path, misread)
    }
}

/// Reads JSON text.
pub(crate) fn json(text: &str) -> Result<Value, Violation> {
    serde_json::from_str(text).map_err(|fault| {
        let expected = format!(
            "a JSON object; reading stopped at line {} column {}",
            fault.line(),
            fault.column()
        );
        Violation::new("", Reason::NotJson, expected)
    })
}

pub(crate) fn put(object: &mut serde_json::Map<String, Value>, key: &str, value: Option<String>) {
    if let Some(value) = value {
        object.insert(key.into(), value.into());
    }
}

/// A key the caller invented is not coded vocabulary, but it is the field's own name: cut, so that no text can hide in it.
pub(crate) fn path_of_key(parent: &str, key: &str) -> String {
    let key: String = key.chars().take(crate::error::ECHO).collect();
    if parent.is_empty() {
        key
    } else {
        format!("{parent}.{key}")
    }
}

pub(crate) fn text(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        _ => {
            misread.push(Violation::new(path, Reason::WrongType, "a string"));
            None
        }
    }
}

pub(crate) fn texts(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Vec<String> {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| match item {
                Value::String(text) => Some(text.clone()),
                _ => {
                    misread.push(Violation::new(format!("{path}[{at}]"), Reason::WrongType, "a string"));
                    None
                }
            })
            .collect(),
        Value::Null => Vec::new(),
        _ => {
            misread.push(Violation::new(path, Reason::WrongType, "a list of strings"));
            Vec::new()
        }
    }
}

fn procedure(value: &Value, path: &str, misread: &mut Vec<Violation>) -> RawProcedure {
    let mut procedure = RawProcedure::default();
    let Value::Object(object) = value else {
        misread.push(Violation::new(path, Reason::WrongType, "a procedure object"));
        return procedure;
    };
    for (key, value) in object {
        let at = path_of_key(path, key);
        match key.as_str() {
            "id" => procedure.id = text(value, &at, misread),
            "kind" => procedure.kind = text(value, &at, misread).unwrap_or_default(),
            "sites" => match value {
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        if let Some(site) = site(item, &format!("{at}[{index}]"), misread) {
                            procedure.sites.push(site);
                        }
                    }
                }
                Value::Null => {}
                _ => misread.push(Violation::new(at, Reason::WrongType, "a list of sites")),
            },
            "levels" => procedure.levels = texts(value, &at, misread),
            "nerves" => procedure.nerves = texts(value, &at, misread),
            "side" => procedure.side = text(value, &at, misread),
            "performed_by" => procedure.performed_by = text(value, &at, misread),
            "encounter" => procedure.encounter = text(value, &at, misread),
            "distinct_from" => procedure.distinct_from = texts(value, &at, misread),
            _ => {
                let value = match value {
                    Value::Null => continue,
                    Value::String(word) => RawValue::Word(word.clone()),
                    Value::Bool(flag) => RawValue::Flag(*flag),
                    Value::Number(number) if number.is_i64() => RawValue::Number(number.as_i64().unwrap_or_default()),
                    Value::Array(_) => RawValue::Words(texts(value, &at, misread)),
                    _ => {
                        misread.push(Violation::new(
                            at,
                            Reason::WrongType,
                            "a word, true or false, a whole number, or a list of words",
                        ));
                        continue;
                    }
                };
                procedure.facts.push((key.clone(), value));
            }
        }
    }
    procedure
}

fn site(value: &Value, path: &str, misread: &mut Vec<Violation>) -> Option<RawSite> {
    let Value::Object(object) = value else {
        misread.push(Violation::new(
            path,
            Reason::WrongType,
            "a site object such as {\"joint\": \"L4-L5\", \"side\": \"left\"}",
        ));
        return None;
    };
    let mut site = RawSite::default();
    for (key, value) in object {
        let at = path_of_key(path, key);
        if key == "side" {
            site.side = text(value, &at, misread);
        } else if SITE_TYPES.contains(&key.as_str()) {
            if !site.place_type.is_empty() {
                misread.push(Violation::new(at, Reason::UnknownKey, "exactly one place in a site"));
                continue;
            }
            site.place_type.clone_from(key);
            site.place = text(value, &at, misread).unwrap_or_default();
        } else {
            misread.push(
                Violation::new(at, Reason::UnknownKey, format!("{}, side", SITE_TYPES.join(", ")))
                    .suggest(crate::name::nearest(key, SITE_TYPES.iter().copied().chain(["side"]))),
            );
        }
    }
    if site.place_type.is_empty() {
        misread.push(Violation::new(
            path,
            Reason::MissingField,
            format!("one of {}", SITE_TYPES.join(", ")),
        ));
        return None;
    }
    Some(site)
}
