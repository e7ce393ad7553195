//! `spinecode schema`: JSON Schema of what goes in and comes out, made from the engine's own published lists.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use spinecode_core::anatomy::Side;
use spinecode_core::trace::StepKind;
use spinecode_core::{Name, Reason, TraceLevel};
use spinecode_engine::{EngineInfo, FactInfo, KindInfo};

use crate::args::{SchemaArgs, SchemaOf};
use crate::failure::Failure;
use crate::open;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

pub(crate) fn run(args: &SchemaArgs) -> Result<ExitCode, Failure> {
    let info = open::engine(&args.engine)?.info()?;
    let schema = match args.of {
        SchemaOf::Answer => answer(&info),
        SchemaOf::Report => report(&info),
        SchemaOf::Case => case(&info),
        SchemaOf::Claim => claim(&info),
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

/// The schema of a claim: the case it may carry is that of [`case`].
pub(crate) fn claim(info: &EngineInfo) -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let decimal = |about: &str| json!({"type": ["string", "number"], "description": about});
    let lines = |about: &str| json!({"type": "array", "items": {"$ref": "#/$defs/line"}, "description": about});
    let mut documented = case(info);
    let mut definitions = Map::new();
    if let Value::Object(documented) = &mut documented {
        documented.remove("$schema");
        if let Some(Value::Object(own)) = documented.remove("$defs") {
            definitions = own;
        }
        // What the claim says need not be said again.
        documented.insert("required".into(), json!(["procedures"]));
    }
    definitions.insert("case".into(), documented);
    definitions.insert(
        "line".into(),
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["code", "date_of_service"],
            "properties": {
                "line_number": decimal("Its number; its position when left out."),
                "code": text("Procedure code."),
                "modifiers": {"type": "array", "items": {"type": "string"}, "description": "In their order."},
                "units": decimal("At most three digits behind the point; 1 when left out."),
                "date_of_service": {"$ref": "#/$defs/date"},
                "place_of_service": text("Two digits; the claim's when left out."),
                "diagnosis_pointers": {
                    "type": "array",
                    "items": {"type": ["string", "integer"]},
                    "description": "Positions of its diagnoses, from 1, the first one first.",
                },
                "charge": decimal("Dollars."),
                "status": {"enum": ["paid", "pending", "denied", "reversed", "void"]},
            },
        }),
    );
    json!({
        "$schema": DRAFT,
        "title": "spinecode claim",
        "description": "A claim as it is sent, on one line of the input of `spinecode edit`. A key left out is not known.",
        "type": "object",
        "additionalProperties": false,
        "required": ["lines"],
        "properties": {
            "claim_id": text("Your own id, echoed in the report."),
            "person_id": text("Whose claim it is; claims of one person are judged together by billing day."),
            "payer": text(&format!(
                "Payer's name. Profiles: {}.",
                list(info.profiles.iter().map(|profile| &profile.name))
            )),
            "plan": text("The payer's plan."),
            "state": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
            "claim_type": {"enum": ["professional", "institutional"]},
            "bill_type_code": text("Type of bill of an institutional claim."),
            "place_of_service": {"type": "string", "pattern": "^[0-9]{2}$", "description": "Of lines that say none."},
            "rendering_npi": text("Who did the work."),
            "billing_npi": text("Who bills."),
            "group_id": text("Group practice; with `specialty` it joins several clinicians to one billing day."),
            "specialty": text("Medicare specialty code."),
            "frequency_code": {"enum": ["", "1", "7", "8"], "description": "1 original, 7 replacement, 8 void."},
            "received_date": {"$ref": "#/$defs/date"},
            "patient_age": decimal("Whole years."),
            "diagnoses": {"type": "array", "items": {"type": "string"}, "description": "ICD-10-CM codes, in the claim's order."},
            "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/line"}},
            "history": lines("Earlier lines of the same person, of any provider; an empty list says that there were none."),
            "case": {"$ref": "#/$defs/case"},
        },
        "$defs": definitions,
    })
}

/// The schema of what `edit` writes on a line: a report, or the error in its place.
pub(crate) fn report(info: &EngineInfo) -> Value {
    let text = || json!({"type": "string"});
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    let many = |name: &str| json!({"type": "array", "items": {"$ref": format!("#/$defs/{name}")}});
    let layer = || json!({"enum": info.edit_layers});
    let verdict = || json!({"enum": info.verdicts});
    let code = || json!({"type": "string", "pattern": "^[0-9A-Z][0-9]{3}[0-9A-Z]$"});
    let modifier = || json!({"type": "string", "pattern": "^[0-9A-Z]{2}$"});
    let line = || json!({"$ref": "#/$defs/line_ref"});
    let units = || json!({"type": "integer", "minimum": 1});
    let each_layer = |schema: Value| {
        let properties: Map<String, Value> = info
            .edit_layers
            .iter()
            .map(|name| (name.to_string(), schema.clone()))
            .collect();
        Value::Object(properties)
    };
    let all: Vec<&str> = info.edit_layers.iter().map(AsRef::as_ref).collect();
    let change = |action: &str, properties: Value| {
        let mut written = json!({"action": {"const": action}});
        if let (Value::Object(written), Value::Object(more)) = (&mut written, properties) {
            written.extend(more);
        }
        object(&[], written)
    };
    let mut definitions = match answer(info) {
        Value::Object(mut schema) => schema.remove("$defs").unwrap_or_default(),
        _ => Value::Null,
    };
    let own = json!({
        "report": object(&["claim_id"], json!({
            "claim_id": text(),
            "setting": {"enum": ["professional", "asc_facility", "outpatient_hospital", "undetermined"]},
            "verdict": verdict(),
            "lines": many("line_verdicts"),
            "findings": many("finding"),
            "repairs": many("repair"),
            "questions": many("question"),
            "left_out": {"type": "object", "additionalProperties": units(), "description": "Lines that took no part, by reason."},
            "notices": many("notice"),
            "knowledge": {"$ref": "#/$defs/knowledge"},
        })),
        "line_verdicts": object(&["left_out"], json!({
            "line": text(),
            "code": text(),
            "left_out": text(),
            "verdicts": object(&[], each_layer(verdict())),
            "not_checked": object(&all, each_layer(json!({"enum": info.unchecked_reasons}))),
        })),
        "line_ref": object(&["claim_id"], json!({"claim_id": text(), "line": text(), "code": text()})),
        "finding": object(&["modifier", "adjustment", "nearest_edition"], json!({
            "rule": {"enum": info.finding_rules},
            "name": text(),
            "layer": layer(),
            "severity": {"enum": info.severities},
            "verdict": verdict(),
            "lines": {"type": "array", "minItems": 1, "items": line()},
            "args": {"type": "object", "additionalProperties": {"type": "string"}},
            "modifier": modifier(),
            "adjustment": object(&[], json!({"group": text(), "carc": text(), "rarc": texts()})),
            "rows": texts(),
            "citations": texts(),
            "confidence": {"enum": ["high", "medium", "low"]},
            "nearest_edition": {"const": true},
        })),
        "repair": object(&[], json!({
            "changes": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/change"}},
            "meaning": texts(),
            "if_documented": texts(),
            "settles": texts(),
        })),
        "change": {"oneOf": [
            change("drop_line", json!({"line": line()})),
            change("add_modifier", json!({"line": line(), "modifier": modifier()})),
            change("drop_modifier", json!({"line": line(), "modifier": modifier()})),
            change("move_modifier", json!({"line": line(), "modifier": modifier(), "to": line()})),
            change("set_units", json!({"line": line(), "units": units()})),
            change("replace_code", json!({"line": line(), "code": code()})),
            change("add_line", json!({
                "code": code(),
                "units": units(),
                "modifiers": {"type": "array", "items": modifier()},
                "date_of_service": {"$ref": "#/$defs/date"},
            })),
        ]},
    });
    if let (Value::Object(definitions), Value::Object(own)) = (&mut definitions, own) {
        for gone in [
            "coded_case",
            "line",
            "withheld",
            "not_reported",
            "coding",
            "explanation",
        ] {
            definitions.remove(gone);
        }
        definitions.extend(own);
    }
    json!({
        "$schema": DRAFT,
        "title": "spinecode report",
        "description": "One line of `spinecode edit`: an edit report, or the error in its place. What is unknown is left out; empty lists are written.",
        "oneOf": [{"$ref": "#/$defs/report"}, {"$ref": "#/$defs/failure"}],
        "$defs": definitions,
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
