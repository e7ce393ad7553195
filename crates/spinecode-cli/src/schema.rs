//! `spinecode schema`: JSON Schema of what goes in and comes out, made from the engine's own published lists.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use spinecode_core::anatomy::Side;
use spinecode_core::trace::StepKind;
use spinecode_core::{Name, Reason, TraceLevel};
use spinecode_engine::{EngineInfo, Error, FactInfo, KindInfo};

use crate::args::{SchemaArgs, SchemaOf};
use crate::failure::Failure;
use crate::open;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

pub(crate) fn run(args: &SchemaArgs) -> Result<ExitCode, Failure> {
    if args.of == SchemaOf::Claim {
        return Err(Error::Unsupported(
            "claims are not read by this version; `case` and `answer` have schemas".to_owned(),
        )
        .into());
    }
    let info = open::engine(&args.engine)?.info()?;
    let schema = match args.of {
        SchemaOf::Answer => answer(&info),
        SchemaOf::Case | SchemaOf::Claim => case(&info),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(std::io::Error::from)?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}

/// The schema of a case: one branch a kind, each with the facts and site types it allows.
pub(crate) fn case(info: &EngineInfo) -> Value {
    let branches: Vec<Value> = info
        .kinds
        .iter()
        .map(|kind| json!({"$ref": format!("#/$defs/{}", kind.kind)}))
        .collect();
    let mut definitions = Map::new();
    definitions.insert("date".into(), date());
    definitions.insert("side".into(), json!({"enum": Side::ALL.map(Side::as_str)}));
    for kind in &info.kinds {
        definitions.insert(kind.kind.to_string(), procedure(kind));
    }
    json!({
        "$schema": DRAFT,
        "title": "spinecode case",
        "description": format!(
            "What was done for one patient on one date, from {} on. A key left out is unknown, never absent.",
            info.coverage_from
        ),
        "type": "object",
        "additionalProperties": false,
        "required": ["date_of_service", "procedures"],
        "properties": {
            "case_id": {"type": "string", "description": "Your own id, echoed in the answer."},
            "date_of_service": {"$ref": "#/$defs/date"},
            "place_of_service": {"type": "string", "pattern": "^[0-9]{2}$", "description": "Two-digit place of service code."},
            "setting": {"enum": ["professional", "asc_facility", "outpatient_hospital", "undetermined"]},
            "payer": {
                "type": "string",
                "description": format!("Payer's name. Profiles: {}.", list(info.profiles.iter().map(|profile| &profile.name))),
            },
            "state": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "diagnoses": {"type": "array", "items": {"type": "string"}, "description": "ICD-10-CM codes."},
            "procedures": {"type": "array", "minItems": 1, "items": {"oneOf": branches}},
        },
        "$defs": definitions,
    })
}

fn procedure(kind: &KindInfo) -> Value {
    let texts = |about: &str| json!({"type": "array", "items": {"type": "string"}, "description": about});
    let mut properties = Map::new();
    let mut put = |key: &str, schema: Value| properties.insert(key.to_owned(), schema);
    put(
        "id",
        json!({"type": "string", "description": "Your own id; its position when left out."}),
    );
    put("kind", json!({"const": kind.kind}));
    put(
        "performed_by",
        json!({"type": "string", "description": "Who did it: any name that tells clinicians apart."}),
    );
    put(
        "encounter",
        json!({"type": "string", "description": "Which meeting of patient and clinician."}),
    );
    put(
        "distinct_from",
        texts("Ids of procedures that this one is documented as distinct from."),
    );
    put("side", json!({"$ref": "#/$defs/side"}));
    if !kind.sites.is_empty() {
        let sites: Vec<Value> = kind.sites.iter().map(site).collect();
        put("sites", json!({"type": "array", "items": {"oneOf": sites}}));
        if kind.sites.iter().any(|site| site != "nerve") {
            put(
                "levels",
                texts("Short form: places of the kind's usual type, all with `side`."),
            );
        }
        if kind.sites.iter().any(|site| site == "nerve") {
            put("nerves", texts("Short form: nerves, all with `side`."));
        }
    }
    for fact in &kind.facts {
        put(&fact.fact, value(fact));
    }
    json!({
        "title": kind.label,
        "type": "object",
        "additionalProperties": false,
        "required": ["kind"],
        "properties": properties,
    })
}

fn site(place: &Name) -> Value {
    let mut properties = Map::new();
    properties.insert(place.to_string(), json!({"type": "string"}));
    properties.insert("side".into(), json!({"$ref": "#/$defs/side"}));
    json!({"type": "object", "additionalProperties": false, "required": [place], "properties": properties})
}

fn value(fact: &FactInfo) -> Value {
    let mut schema = match fact.value_type.as_ref() {
        "words" => json!({"type": "array", "items": {"enum": fact.values}, "uniqueItems": true}),
        "flag" => json!({"type": "boolean"}),
        "number" => json!({"type": "integer"}),
        _ => json!({"enum": fact.values}),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".into(), fact.question.as_ref().into());
    }
    schema
}

/// The schema of what `code` writes on a line: a coded case, or the error in its place.
pub(crate) fn answer(info: &EngineInfo) -> Value {
    let text = || json!({"type": "string"});
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    let many = |name: &str| json!({"type": "array", "items": {"$ref": format!("#/$defs/{name}")}});
    let args = || json!({"type": "object", "additionalProperties": {"type": "string"}, "description": "Named arguments, in key order."});
    let rule = || json!({"enum": info.rules});
    let exclusion = || json!({"enum": info.exclusion_reasons});
    let levels = [TraceLevel::None, TraceLevel::Ids, TraceLevel::Full].map(TraceLevel::as_str);
    let code = || json!({"type": "string", "pattern": "^[0-9A-Z][0-9]{3}[0-9A-Z]$"});
    json!({
        "$schema": DRAFT,
        "title": "spinecode answer",
        "description": "One line of `spinecode code`: a coded case, or the error in its place. What is unknown is left out; empty lists are written.",
        "oneOf": [{"$ref": "#/$defs/coded_case"}, {"$ref": "#/$defs/failure"}],
        "$defs": {
            "date": date(),
            "coded_case": object(&["case_id", "explanation"], json!({
                "case_id": text(),
                "date_of_service": {"$ref": "#/$defs/date"},
                "status": {"enum": ["coded", "needs_facts", "out_of_scope"]},
                "reported": many("line"),
                "billed": many("line"),
                "withheld": many("withheld"),
                "not_reported": many("not_reported"),
                "questions": {"type": "array", "maxItems": 3, "items": {"$ref": "#/$defs/question"}},
                "codings": {"type": "array", "maxItems": 24, "items": {"$ref": "#/$defs/coding"}},
                "notices": many("notice"),
                "knowledge": {"$ref": "#/$defs/knowledge"},
                "explanation": {"$ref": "#/$defs/explanation"},
            })),
            "line": object(&["side", "performed_by", "verified_through"], json!({
                "code": code(),
                "label": text(),
                "units": {"type": "integer", "minimum": 1},
                "modifiers": {"type": "array", "items": {"type": "string", "pattern": "^[0-9A-Z]{2}$"}},
                "side": {"enum": Side::ALL.map(Side::as_str)},
                "procedures": texts(),
                "sites": texts(),
                "performed_by": text(),
                "rule": rule(),
                "confidence": {"enum": ["high", "medium", "low"]},
                "verified_through": {"$ref": "#/$defs/date"},
            })),
            "withheld": object(&[], json!({
                "line": {"$ref": "#/$defs/line"},
                "layer": {"enum": info.layers},
                "rule": rule(),
                "reason": exclusion(),
                "args": args(),
                "row": text(),
            })),
            "not_reported": object(&[], json!({
                "code": code(),
                "reason": exclusion(),
                "rule": rule(),
                "procedures": texts(),
                "args": args(),
            })),
            "question": object(&[], json!({
                "path": text(),
                "procedure": text(),
                "fact": text(),
                "text": text(),
                "values": texts(),
            })),
            "coding": object(&[], json!({
                "assuming": {"type": "array", "items": object(&[], json!({"path": text(), "value": text()}))},
                "reported": many("line"),
                "billed": many("line"),
            })),
            "notice": object(&["subject"], json!({
                "reason": {"enum": info.notice_reasons},
                "subject": text(),
                "args": args(),
            })),
            "knowledge": object(&["release", "overlay", "as_of"], json!({
                "engine": text(),
                "facts": text(),
                "release": text(),
                "profile": {"enum": info.profiles.iter().map(|profile| &profile.name).collect::<Vec<_>>()},
                "profile_hash": text(),
                "overlay": text(),
                "as_of": {"$ref": "#/$defs/date"},
            })),
            "explanation": object(&[], json!({
                "level": {"enum": levels},
                "rules": texts(),
                "rows": texts(),
                "citations": texts(),
                "steps": {"type": "array", "items": object(&["rule", "subject", "row", "result"], json!({
                    "step": {"enum": StepKind::ALL.map(StepKind::as_str)},
                    "rule": text(),
                    "subject": text(),
                    "row": text(),
                    "result": text(),
                }))},
            })),
            "failure": object(&[], json!({
                "error": object(&[], json!({
                    "class": {"enum": ["input", "knowledge", "unsupported", "transport"]},
                    "message": text(),
                    "violations": many("violation"),
                })),
            })),
            "violation": object(&["value", "suggestion"], json!({
                "path": text(),
                "reason": {"enum": Reason::ALL.iter().map(|reason| reason.as_str()).collect::<Vec<_>>()},
                "value": text(),
                "expected": text(),
                "suggestion": text(),
            })),
        },
    })
}

/// An object whose keys are all written, but for those named.
fn object(may_miss: &[&str], properties: Value) -> Value {
    let required: Vec<String> = properties
        .as_object()
        .into_iter()
        .flat_map(|properties| properties.keys().cloned())
        .filter(|key| !may_miss.contains(&key.as_str()))
        .collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

fn date() -> Value {
    json!({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
}

fn list<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
