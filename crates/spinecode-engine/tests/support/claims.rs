//! The cases of `tests/claims`: how they are written, and how a report is held against what they expect.

#![allow(dead_code, reason = "shared by several test binaries, each of which uses a part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::report::{Change, EditReport, Finding, Layer, LineRef, Verdict};
use spinecode_engine::{EditOptions, Engine, Error, LocalEngine};

#[path = "small.rs"]
mod small;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    layer: String,
    topic: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    #[serde(default)]
    statements: Vec<String>,
    citations: Vec<String>,
    claim: Value,
    asks: Vec<Ask>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    on: String,
    as_of: Option<String>,
    payer: Option<String>,
    release: Option<String>,
    #[serde(default)]
    nearest_quarter: bool,
    #[serde(default)]
    alone: bool,
    #[serde(default)]
    change: BTreeMap<String, Value>,
    #[serde(default)]
    with: Vec<Value>,
    #[serde(default)]
    verdicts: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    not_checked: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    no_findings: Vec<String>,
    #[serde(default)]
    clean: Vec<String>,
    repairs: Option<Vec<String>>,
    error: Option<Vec<String>>,
}

/// One question with what is expected.
#[derive(Clone)]
pub(crate) struct Asked {
    /// Claims, the case's own first.
    pub(crate) claims: Vec<RawClaim>,
    /// Options.
    pub(crate) options: EditOptions,
    /// Name of the fixture release, where it needs one.
    pub(crate) release: Option<String>,
    citations: Vec<String>,
    ask: Ask,
}

/// Engines that the cases ask for.
pub(crate) struct Engines {
    built_in: LocalEngine,
    small: LocalEngine,
}

impl Engines {
    /// Opens them.
    pub(crate) fn open() -> Self {
        Self {
            built_in: Self::one(None),
            small: Self::one(Some("small")),
        }
    }

    /// A new one over a fixture release, or none.
    pub(crate) fn one(release: Option<&str>) -> LocalEngine {
        let built_in = LocalEngine::new().expect("built-in facts");
        match release {
            None => built_in,
            Some("small") => built_in.and_release(small::small()),
            Some(other) => panic!("no fixture release `{other}`"),
        }
    }

    /// The one that a question asks for.
    pub(crate) fn of(&self, asked: &Asked) -> &LocalEngine {
        match asked.release.as_deref() {
            None => &self.built_in,
            Some("small") => &self.small,
            Some(other) => panic!("no fixture release `{other}`"),
        }
    }
}

/// Every question of a folder, by name.
pub(crate) fn asks(root: &Path) -> Vec<(String, Result<Asked, String>)> {
    let mut paths = Vec::new();
    files(root, &mut paths);
    paths.sort();
    let mut asks = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let topic = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .with_extension("")
            .display()
            .to_string();
        let file: File = match serde_yaml_ng::from_str(&text) {
            Ok(file) => file,
            Err(fault) => {
                asks.push((topic, Err(fault.to_string())));
                continue;
            }
        };
        assert!(
            Layer::parse(&file.layer).is_some() || file.layer == "repair",
            "{topic}: no layer `{}`",
            file.layer
        );
        assert!(!file.topic.is_empty(), "{topic}: no topic");
        for case in file.cases {
            assert!(
                !case.citations.is_empty() && !case.why.is_empty(),
                "{topic}: {} is not cited",
                case.name
            );
            for (at, ask) in case.asks.iter().enumerate() {
                let name = format!("{topic}: {} [{at}] {}", case.name, ask.on);
                asks.push((name, asked(&case, ask)));
            }
        }
    }
    asks
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of claims").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

fn asked(case: &Case, ask: &Ask) -> Result<Asked, String> {
    let mut value = case.claim.clone();
    for (path, new) in &ask.change {
        change(&mut value, path, new);
    }
    let mut claims = vec![claim(value, &ask.on)?];
    for (at, other) in ask.with.iter().enumerate() {
        let mut other = other.clone();
        // What the other claim does not say, it shares with the case's own.
        for key in [
            "person_id",
            "payer",
            "claim_type",
            "place_of_service",
            "rendering_npi",
            "billing_npi",
            "state",
        ] {
            if other.get(key).is_none()
                && let Some(shared) = case.claim.get(key)
            {
                other[key] = shared.clone();
            }
        }
        if other.get("claim_id").is_none() {
            other["claim_id"] = json!(format!("c{}", at + 2));
        }
        claims.push(claim(other, &ask.on)?);
    }
    Ok(Asked {
        claims,
        options: EditOptions {
            payer: ask.payer.clone(),
            as_of: ask.as_of.clone(),
            release: None,
            alone: ask.alone,
            repair: ask.repairs.is_some(),
            nearest_quarter: ask.nearest_quarter,
        },
        release: ask.release.clone(),
        citations: case.citations.clone(),
        ask: ask.clone(),
    })
}

fn change(value: &mut Value, path: &str, new: &Value) {
    let mut steps: Vec<&str> = path.split('.').collect();
    let last = steps.pop().unwrap();
    let mut at = value;
    for step in steps {
        at = match step.parse::<usize>() {
            Ok(index) => &mut at[index],
            Err(_) => &mut at[step],
        };
    }
    match (new.is_null(), last.parse::<usize>()) {
        (true, Ok(index)) => {
            at.as_array_mut().expect("a list").remove(index);
        }
        (true, Err(_)) => {
            at.as_object_mut().expect("an object").remove(last);
        }
        (false, Ok(index)) if at.as_array().is_some_and(|list| list.len() == index) => {
            at.as_array_mut().expect("a list").push(new.clone());
        }
        (false, Ok(index)) => at[index] = new.clone(),
        (false, Err(_)) => at[last] = new.clone(),
    }
}

/// The claim as JSON becomes a raw claim; its lines may be written short, and take the day asked.
fn claim(mut value: Value, on: &str) -> Result<RawClaim, String> {
    for key in ["lines", "history"] {
        let Some(list) = value.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        for item in list.iter_mut() {
            let text = match &*item {
                Value::String(text) => text.clone(),
                Value::Number(number) => format!("{number:0>5}"),
                _ => {
                    if item.get("date_of_service").is_none() {
                        item["date_of_service"] = json!(on);
                    }
                    continue;
                }
            };
            *item = line(&text, on)?;
        }
    }
    let has_case = value.get("case").is_some_and(Value::is_object);
    if has_case && value["case"].get("date_of_service").is_none() {
        value["case"]["date_of_service"] = json!(on);
    }
    RawClaim::from_value(&value).map_err(|fault| fault.expected)
}

/// `64493-RT-59 x2 $120.50 >1,2 @22 on 2024-01-05`.
pub(crate) fn line(text: &str, on: &str) -> Result<Value, String> {
    let mut words = text.split_whitespace();
    let first = words.next().ok_or("an empty line")?;
    let mut parts = first.split('-');
    let code = parts.next().unwrap_or_default();
    let modifiers: Vec<&str> = parts.collect();
    let mut line = json!({"code": code, "modifiers": modifiers, "date_of_service": on});
    while let Some(word) = words.next() {
        if word == "on" {
            line["date_of_service"] = json!(words.next().ok_or("`on` without a date")?);
        } else if let Some(units) = word.strip_prefix('x') {
            line["units"] = json!(units);
        } else if let Some(charge) = word.strip_prefix('$') {
            line["charge"] = json!(charge);
        } else if let Some(pointers) = word.strip_prefix('>') {
            line["diagnosis_pointers"] = json!(pointers.split(',').collect::<Vec<_>>());
        } else if let Some(place) = word.strip_prefix('@') {
            line["place_of_service"] = json!(place);
        } else {
            return Err(format!(
                "`{word}` in `{text}`: xUNITS, $CHARGE, >POINTERS, @PLACE or `on DATE`"
            ));
        }
    }
    Ok(line)
}

/// A finding as the cases write it: `SET-012 fail 4 1`.
pub(crate) fn written(finding: &Finding) -> String {
    let lines: Vec<String> = finding.lines.iter().map(line_ref).collect();
    format!("{} {} {}", finding.rule, finding.verdict.as_str(), lines.join(" "))
}

fn line_ref(line: &LineRef) -> String {
    match &line.claim_id {
        Some(claim) => format!("{claim}:{}", line.line),
        None => line.line.to_string(),
    }
}

/// A change as the cases write it.
pub(crate) fn written_change(change: &Change) -> String {
    match change {
        Change::DropLine { line } => format!("drop {}", line_ref(line)),
        Change::AddModifier { line, modifier } => format!("add {modifier} {}", line_ref(line)),
        Change::DropModifier { line, modifier } => format!("remove {modifier} {}", line_ref(line)),
        Change::MoveModifier { line, modifier, to } => format!("move {modifier} {} {}", line_ref(line), line_ref(to)),
        Change::SetUnits { line, units } => format!("units {} x{units}", line_ref(line)),
        Change::ReplaceCode { line, code } => format!("replace {} {code}", line_ref(line)),
        Change::AddLine {
            code, units, modifiers, ..
        } => {
            let modifiers: Vec<String> = modifiers.iter().map(|modifier| format!("-{modifier}")).collect();
            format!("line {code}{} x{units}", modifiers.concat())
        }
    }
}

impl Asked {
    /// What differs from what is expected.
    pub(crate) fn judge(&self, engine: &LocalEngine) -> Vec<String> {
        let mut faults: Vec<String> = self
            .citations
            .iter()
            .filter(|id| !engine.facts().citations.contains_key(id.as_str()))
            .map(|id| format!("no citation `{id}`"))
            .collect();
        let mut answers = engine.edit(&self.claims, &self.options);
        if answers.len() != self.claims.len() {
            return vec![format!("{} answers to {} claims", answers.len(), self.claims.len())];
        }
        let first = answers.remove(0);
        if let Some(wanted) = &self.ask.error {
            let got: Vec<String> = match &first {
                Ok(_) => vec!["no error".to_owned()],
                Err(error) => violations(error),
            };
            let (mut wanted, mut got) = (wanted.clone(), got);
            wanted.sort();
            got.sort();
            if wanted != got {
                faults.push(format!("error: wanted {wanted:?}, got {got:?}"));
            }
            return faults;
        }
        let report = match first {
            Ok(report) => report,
            Err(error) => return vec![format!("refused: {error} {:?}", violations(&error))],
        };
        self.compare(&report, &mut faults);
        let back = EditReport::from_json(&report.canonical_json()).expect("canonical JSON reads back");
        if back != report {
            faults.push("the canonical JSON does not read back equal".to_owned());
        }
        faults
    }

    fn compare(&self, report: &EditReport, faults: &mut Vec<String>) {
        let of = |layer: &str, line: &str| {
            let layer = Layer::parse(layer).unwrap_or_else(|| panic!("no layer `{layer}`"));
            let said = report.lines.iter().find(|one| one.line == line);
            said.unwrap_or_else(|| panic!("no line `{line}`")).of(layer)
        };
        for (layer, lines) in &self.ask.verdicts {
            for (line, wanted) in lines {
                assert!(Verdict::parse(wanted).is_some(), "no verdict `{wanted}`");
                let got = of(layer, line).verdict.as_str();
                if got != wanted {
                    faults.push(format!("{layer}, line {line}: wanted {wanted}, got {got}"));
                }
            }
        }
        for (layer, lines) in &self.ask.not_checked {
            for (line, wanted) in lines {
                let got = of(layer, line).unchecked.map_or("checked", |why| why.as_str());
                if got != wanted {
                    faults.push(format!(
                        "{layer}, line {line}: wanted not checked for {wanted}, got {got}"
                    ));
                }
            }
        }
        let all: Vec<String> = report.findings.iter().map(written).collect();
        for wanted in &self.ask.findings {
            if !all.contains(wanted) {
                faults.push(format!("`{wanted}` is missing from {all:?}"));
            }
        }
        for rule in &self.ask.no_findings {
            if report.findings.iter().any(|finding| finding.rule == rule.as_str()) {
                faults.push(format!("{rule} should not be found: {all:?}"));
            }
        }
        for layer in &self.ask.clean {
            let layer = Layer::parse(layer).unwrap_or_else(|| panic!("no layer `{layer}`"));
            for finding in &report.findings {
                if finding.layer == layer && finding.verdict >= Verdict::Warn {
                    faults.push(format!("{} should be clean: {}", layer.as_str(), written(finding)));
                }
            }
        }
        if let Some(wanted) = &self.ask.repairs {
            let got: Vec<String> = report
                .repairs
                .iter()
                .map(|repair| repair.changes.iter().map(written_change).collect::<Vec<_>>().join(", "))
                .collect();
            if got.get(..wanted.len()) != Some(wanted.as_slice()) {
                faults.push(format!("repairs: wanted first {wanted:?}, got {got:?}"));
            }
        }
    }
}

fn violations(error: &Error) -> Vec<String> {
    let each = error.violations().iter();
    each.map(|fault| format!("{} {}", fault.path, fault.reason.as_str()))
        .collect()
}

/// Writes every question with its answers, a line each, for the faces that are not Rust.
pub(crate) fn write(path: &Path, engines: &Engines, all: &[Asked]) {
    let lines: Vec<String> = all
        .iter()
        .map(|asked| {
            let answers: Vec<String> = engines
                .of(asked)
                .edit(&asked.claims, &asked.options)
                .into_iter()
                .map(|answer| match answer {
                    Ok(report) => report.canonical_json(),
                    Err(error) => error.to_json(),
                })
                .collect();
            json!({
                "claims": asked.claims.iter().map(RawClaim::to_value).collect::<Vec<_>>(),
                "payer": asked.options.payer,
                "as_of": asked.options.as_of,
                "alone": asked.options.alone,
                "repair": asked.options.repair,
                "nearest_quarter": asked.options.nearest_quarter,
                "release": asked.release,
                "answers": answers,
            })
            .to_string()
        })
        .collect();
    std::fs::write(path, lines.join("\n") + "\n").expect("a writable file");
}
