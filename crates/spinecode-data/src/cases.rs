//! Conformance cases as lint reads them: every question that expects an answer, and the sources cited.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use spinecode_core::RawCase;
use spinecode_core::date::ServiceDate;
use spinecode_core::lint::{AskedCase, Cases};

use crate::DataError;

#[derive(Deserialize)]
struct Topic {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    citations: Vec<String>,
    case: Value,
    asks: Vec<Ask>,
}

#[derive(Deserialize)]
struct Ask {
    on: String,
    as_of: Option<String>,
    #[serde(default)]
    change: BTreeMap<String, Value>,
}

/// Reads the cases of a folder such as `tests/conformance`: one folder a family, one file a topic.
pub fn cases(folder: &Path) -> Result<Cases, DataError> {
    let wrong = |path: &Path, why: String| DataError::Folder(format!("{}: {why}", path.display()));
    let mut cases = Cases::default();
    for path in topics(folder)? {
        let text = std::fs::read_to_string(&path).map_err(|why| wrong(&path, why.to_string()))?;
        let topic: Topic = serde_yaml_ng::from_str(&text).map_err(|why| wrong(&path, why.to_string()))?;
        for case in topic.cases {
            cases.citations.extend(case.citations);
            for ask in case.asks {
                let mut asked = case.case.clone();
                set(&mut asked, "date_of_service", Value::String(ask.on));
                for (at, value) in ask.change {
                    set(&mut asked, &at, value);
                }
                let Ok(read) = RawCase::from_value(&asked) else {
                    continue;
                };
                cases.asks.push(AskedCase {
                    case: read,
                    as_of: ask.as_of.as_deref().and_then(ServiceDate::parse),
                });
            }
        }
    }
    if cases.asks.is_empty() {
        return Err(wrong(folder, "holds no conformance cases".to_owned()));
    }
    Ok(cases)
}

/// Files of cases, sorted.
fn topics(folder: &Path) -> Result<Vec<std::path::PathBuf>, DataError> {
    let list = |folder: &Path| {
        let entries =
            std::fs::read_dir(folder).map_err(|why| DataError::Folder(format!("{}: {why}", folder.display())));
        entries.map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>())
    };
    let mut found = Vec::new();
    for path in list(folder)? {
        if path.is_dir() {
            found.extend(list(&path)?);
        }
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    found.sort();
    Ok(found)
}

/// Sets a value at a path such as `procedures.0.guidance`; nothing there removes it.
fn set(case: &mut Value, path: &str, value: Value) {
    let mut steps: Vec<&str> = path.split('.').collect();
    let Some(last) = steps.pop() else { return };
    let mut at = case;
    for step in steps {
        let next = match at {
            Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            Value::Object(fields) => fields.get_mut(step),
            _ => None,
        };
        let Some(next) = next else { return };
        at = next;
    }
    match at {
        Value::Object(fields) if value.is_null() => {
            fields.remove(last);
        }
        Value::Object(fields) => {
            fields.insert(last.to_owned(), value);
        }
        Value::Array(items) => {
            if let Some(slot) = last.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                *slot = value;
            }
        }
        _ => {}
    }
}
