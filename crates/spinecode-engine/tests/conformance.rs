//! Runs every case of `tests/conformance` in process. The format is described in that folder's README.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test harness of its own: a broken case file should stop it loudly"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use serde_json::Value;
use spinecode_core::answer::{CodedCase, Line};
use spinecode_core::edit::rule_ids;
use spinecode_core::render::key;
use spinecode_core::rules::RULE_IDS;
use spinecode_core::{RawCase, TraceLevel};
use spinecode_engine::{Engine, LocalEngine, Options};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code, reason = "read for form")]
    family: String,
    #[allow(dead_code, reason = "read for form")]
    topic: String,
    cases: Vec<ConformanceCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConformanceCase {
    name: String,
    #[allow(dead_code, reason = "read for form")]
    why: String,
    statements: Vec<String>,
    citations: Vec<String>,
    case: Value,
    asks: Vec<Ask>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    on: String,
    as_of: Option<String>,
    #[serde(default)]
    change: BTreeMap<String, Value>,
    status: Option<String>,
    reported: Option<Vec<Text>>,
    billed: Option<BTreeMap<String, Vec<Text>>>,
    withheld: Option<BTreeMap<String, Vec<Text>>>,
    #[serde(default)]
    not_reported: Vec<Text>,
    #[serde(default)]
    questions: Vec<String>,
    codings: Option<Vec<Vec<Text>>>,
    #[serde(default)]
    notices: Vec<String>,
    #[serde(default)]
    no_notices: Vec<String>,
    #[serde(default)]
    rules: Vec<String>,
    error: Option<Vec<String>>,
}

/// A line or code; YAML reads a bare code of digits as a number.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Text {
    Word(String),
    Number(u64),
}

impl Text {
    fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Number(number) => format!("{number:05}"),
        }
    }
}

fn texts(list: &[Text]) -> Vec<String> {
    sorted(
        list.iter()
            .map(Text::text)
            .map(|text| text.trim_end_matches(" x1").to_owned())
            .collect(),
    )
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

/// Lines in the notation of the cases: who performed a line is not part of it.
fn written(lines: &[Line]) -> Vec<String> {
    sorted(
        lines
            .iter()
            .map(|line| {
                key(&Line {
                    performed_by: None,
                    ..line.clone()
                })
            })
            .collect(),
    )
}

/// The case of an ask as JSON: the shared facts, its date, its changes.
fn case_of(case: &Value, ask: &Ask) -> Value {
    let mut case = case.clone();
    case["date_of_service"] = Value::String(ask.on.clone());
    for (path, value) in &ask.change {
        let mut steps: Vec<&str> = path.split('.').collect();
        let last = steps.pop().unwrap();
        let mut at = &mut case;
        for step in steps {
            at = match step.parse::<usize>() {
                Ok(index) => &mut at[index],
                Err(_) => &mut at[step],
            };
        }
        match (value.is_null(), last.parse::<usize>()) {
            (true, _) => {
                if let Value::Object(object) = at {
                    object.remove(last);
                }
            }
            (false, Ok(index)) => at[index] = value.clone(),
            (false, Err(_)) => at[last] = value.clone(),
        }
    }
    case
}

fn expect<T: PartialEq + std::fmt::Debug>(faults: &mut Vec<String>, what: &str, wanted: T, got: T) {
    if wanted != got {
        faults.push(format!("{what}: wanted {wanted:?}, got {got:?}"));
    }
}

fn subset(faults: &mut Vec<String>, what: &str, wanted: &[String], got: &[String]) {
    for one in wanted {
        if !got.contains(one) {
            faults.push(format!("{what}: `{one}` is missing from {got:?}"));
        }
    }
}

fn judge(engine: &LocalEngine, case: &Value, ask: &Ask) -> Vec<String> {
    let mut faults = Vec::new();
    let case = RawCase::from_value(&case_of(case, ask)).expect("a JSON object");
    let code = |payer: &str| {
        engine.code(
            &case,
            &Options {
                payer: Some(payer.to_owned()),
                as_of: ask.as_of.clone(),
                release: None,
                trace: TraceLevel::Ids,
            },
        )
    };
    let answer = code("cpt");
    if let Some(wanted) = &ask.error {
        let got = match &answer {
            Ok(_) => vec!["no error".to_owned()],
            Err(error) => error
                .violations()
                .iter()
                .map(|v| format!("{} {}", v.path, v.reason.as_str()))
                .collect(),
        };
        expect(&mut faults, "error", sorted(wanted.clone()), sorted(got));
        return faults;
    }
    let coded: CodedCase = match answer {
        Ok(coded) => coded,
        Err(error) => return vec![format!("refused: {error}")],
    };
    expect(
        &mut faults,
        "status",
        ask.status.as_deref().unwrap_or("coded"),
        coded.status.as_str(),
    );
    if let Some(reported) = &ask.reported {
        expect(&mut faults, "reported", texts(reported), written(&coded.reported));
    }
    let codes: Vec<String> = coded.not_reported.iter().map(|one| one.code.to_string()).collect();
    subset(
        &mut faults,
        "not_reported",
        &ask.not_reported.iter().map(Text::text).collect::<Vec<_>>(),
        &codes,
    );
    let asked: Vec<String> = coded
        .questions
        .iter()
        .map(|question| question.fact.to_string())
        .collect();
    subset(&mut faults, "questions", &ask.questions, &asked);
    if let Some(codings) = &ask.codings {
        let mut wanted: Vec<Vec<String>> = codings.iter().map(|lines| texts(lines)).collect();
        let mut got: Vec<Vec<String>> = coded.codings.iter().map(|coding| written(&coding.billed)).collect();
        wanted.sort();
        got.sort();
        expect(&mut faults, "codings", wanted, got);
    }
    let reasons: Vec<String> = coded.notices.iter().map(|notice| notice.reason.to_string()).collect();
    subset(&mut faults, "notices", &ask.notices, &reasons);
    for reason in &ask.no_notices {
        if reasons.contains(reason) {
            faults.push(format!("notice `{reason}` should not be there"));
        }
    }
    let rules: Vec<String> = coded
        .explanation
        .iter()
        .flat_map(|explanation| explanation.rules.iter())
        .map(|rule| rule.split('/').next().unwrap_or_default().to_owned())
        .collect();
    subset(&mut faults, "rules", &ask.rules, &rules);
    let profiles = ask.billed.iter().flatten().map(|(profile, _)| profile);
    let profiles: std::collections::BTreeSet<&String> = profiles
        .chain(ask.withheld.iter().flatten().map(|(profile, _)| profile))
        .collect();
    for profile in profiles {
        let coded = match code(profile) {
            Ok(coded) => coded,
            Err(error) => {
                faults.push(format!("{profile}: {error}"));
                continue;
            }
        };
        if let Some(billed) = ask.billed.as_ref().and_then(|billed| billed.get(profile)) {
            expect(
                &mut faults,
                &format!("billed {profile}"),
                texts(billed),
                written(&coded.billed),
            );
        }
        if let Some(withheld) = ask.withheld.as_ref().and_then(|withheld| withheld.get(profile)) {
            let mut got: Vec<String> = coded.withheld.iter().map(|one| one.line.code.to_string()).collect();
            got.sort();
            got.dedup();
            expect(&mut faults, &format!("withheld {profile}"), texts(withheld), got);
        }
        // INVARIANT: the code-set answer is the same under every profile, and an answer read back is itself.
        if let Some(reported) = &ask.reported {
            expect(
                &mut faults,
                &format!("reported {profile}"),
                texts(reported),
                written(&coded.reported),
            );
        }
        let back = CodedCase::from_json(&coded.canonical_json()).expect("canonical JSON reads back");
        expect(&mut faults, "read back", back.canonical_json(), coded.canonical_json());
    }
    faults
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the conformance folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance");
    let engine = std::sync::Arc::new(LocalEngine::new().expect("built-in facts"));
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths.sort();
    let mut trials = Vec::new();
    let mut all: Vec<(Value, Ask)> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let topic = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .with_extension("")
            .display()
            .to_string();
        let file: File = match serde_yaml_ng::from_str(&text) {
            Ok(file) => file,
            Err(fault) => {
                let fault = fault.to_string();
                trials.push(Trial::test(topic, move || Err(Failed::from(fault))));
                continue;
            }
        };
        for case in file.cases {
            assert!(
                !case.statements.is_empty() && !case.citations.is_empty(),
                "{topic}: {} is not cited",
                case.name
            );
            for (at, ask) in case.asks.into_iter().enumerate() {
                all.push((case.case.clone(), ask.clone()));
                let engine = engine.clone();
                let shared = case.case.clone();
                let name = format!("{topic}: {} [{at}] {}", case.name, ask.on);
                let known = engine.facts().citations.clone();
                let citations = case.citations.clone();
                trials.push(Trial::test(name, move || {
                    let mut faults = judge(&engine, &shared, &ask);
                    faults.extend(
                        citations
                            .iter()
                            .filter(|id| !known.contains_key(id.as_str()))
                            .map(|id| format!("no citation `{id}`")),
                    );
                    if faults.is_empty() {
                        Ok(())
                    } else {
                        Err(Failed::from(faults.join("\n  ")))
                    }
                }));
            }
        }
    }
    let engine_for_rules = engine.clone();
    trials.push(Trial::test(
        "every rule fires in one ask and is silent in another",
        move || {
            let mut silent: BTreeMap<String, usize> = BTreeMap::new();
            // Rules by which only claims are edited are the business of `tests/claims`.
            let edits = |id: &str| rule_ids().any(|known| known == id) && !RULE_IDS.contains(&id);
            for id in engine_for_rules.facts().rules.keys().filter(|id| !edits(id)) {
                silent.insert(id.to_string(), 0);
            }
            let (mut fired, mut asks) = (silent.clone(), 0);
            for (case, ask) in &all {
                let Ok(case) = RawCase::from_value(&case_of(case, ask)) else {
                    continue;
                };
                let Ok(coded) = engine_for_rules.code(
                    &case,
                    &Options {
                        payer: Some("medicare".into()),
                        as_of: ask.as_of.clone(),
                        ..Options::default()
                    },
                ) else {
                    continue;
                };
                asks += 1;
                for rule in coded.explanation.iter().flat_map(|explanation| &explanation.rules) {
                    *fired
                        .entry(rule.split('/').next().unwrap_or_default().to_owned())
                        .or_default() += 1;
                }
            }
            let never: Vec<&String> = fired
                .iter()
                .filter(|(_, count)| **count == 0)
                .map(|(id, _)| id)
                .collect();
            // The writing of lines takes part in every coded answer.
            let always: Vec<&String> = fired
                .iter()
                .filter(|(_, count)| **count == asks)
                .map(|(id, _)| id)
                .collect();
            if never.is_empty() && always.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(format!(
                    "never fired: {never:?}; never silent: {always:?}"
                )))
            }
        },
    ));
    libtest_mimic::run(&arguments, trials).exit();
}
