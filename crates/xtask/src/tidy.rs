//! Checks what the compiler does not: the invariants that ARCHITECTURE.md names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_yaml_ng::{Mapping, Value};

use crate::facts::{self, CONFORMANCE};
use crate::{Outcome, files, read, source};

/// Largest tracked file.
const LARGEST: u64 = 1024 * 1024;
/// Crates whose own source may hold codes and dates: they make or check files, and code nothing.
const EXEMPT: [&str; 2] = ["xtask", "spinecode-closure"];
/// What the core may not rest on, by the beginning of the crate's name.
const IMPURE: [&str; 22] = [
    "arrow",
    "async",
    "axum",
    "chrono",
    "crossbeam",
    "futures",
    "getrandom",
    "h2",
    "hyper",
    "log",
    "memmap",
    "mio",
    "parquet",
    "prost",
    "pyo3",
    "rand",
    "rayon",
    "reqwest",
    "tokio",
    "tonic",
    "tower",
    "tracing",
];

/// Gives every fault of one invariant.
type Check = fn(&Path) -> Vec<String>;

pub(crate) fn run(root: &Path) -> Outcome {
    let checks: [(&str, Check); 7] = [
        ("no code or date in Rust", codes_and_dates),
        ("nothing left to do", unfinished),
        ("core is pure, wire and Python types stay in their crates", crates),
        ("rules: registry and rules.csv agree", rules),
        ("conformance cases parse and cite what exists", conformance),
        ("no tracked file above 1 MiB", sizes),
        ("no descriptor file is tracked", descriptors),
    ];
    let mut faults = Vec::new();
    for (name, check) in checks {
        faults.extend(check(root).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    if faults.is_empty() {
        Ok(format!("tidy: {} checks passed", checks.len()))
    } else {
        Err(faults)
    }
}

/// Source files of the crates, with the crate's folder name, tests apart.
fn sources(root: &Path) -> Vec<(String, std::path::PathBuf)> {
    let folder = root.join("crates");
    files(&folder, ".rs")
        .into_iter()
        .filter_map(|path| {
            let mut parts = path.strip_prefix(&folder).ok()?.components();
            let name = parts.next()?.as_os_str().to_string_lossy().into_owned();
            let inside = parts.next()?.as_os_str() == "src";
            let test_file = path.file_stem().is_some_and(|stem| stem == "tests");
            (inside && !test_file && !EXEMPT.contains(&name.as_str())).then_some((name, path))
        })
        .collect()
}

fn codes_and_dates(root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (_, path) in sources(root) {
        match read(&path).and_then(|text| source::codes_and_dates(&text)) {
            Ok(found) => faults.extend(found.into_iter().map(|found| {
                let place = short(root, &path);
                format!("{place}:{}: {} belongs in a row of the facts", found.line, found.what)
            })),
            Err(fault) => faults.push(format!("{}: {fault}", short(root, &path))),
        }
    }
    faults
}

fn unfinished(root: &Path) -> Vec<String> {
    words(root, |_, word| matches!(word, "todo" | "unimplemented"))
}

/// Every word that a check dislikes, with its place.
fn words(root: &Path, bad: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, path) in sources(root) {
        match read(&path).and_then(|text| source::words(&text)) {
            Ok(found) => faults.extend(
                found
                    .into_iter()
                    .filter(|(_, word)| bad(&name, word))
                    .map(|(line, word)| format!("{}:{line}: `{word}`", short(root, &path))),
            ),
            Err(fault) => faults.push(format!("{}: {fault}", short(root, &path))),
        }
    }
    faults
}

fn crates(root: &Path) -> Vec<String> {
    let mut faults = words(root, |name, word| match word {
        // The server frames messages and packs error details, so it knows the wire too.
        "prost" | "prost_types" => !matches!(name, "spinecode-proto" | "spinecode-server"),
        "pyo3" => name != "spinecode-python",
        _ => false,
    });
    // The tree of the core alone: in the workspace's, features that other crates ask for would count too.
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "tree",
            "--package",
            "spinecode-core",
            "--edges",
            "normal",
            "--target",
            "all",
            "--prefix",
            "none",
        ])
        .current_dir(root)
        .output();
    match output {
        Ok(output) if output.status.success() => faults.extend(impure(&String::from_utf8_lossy(&output.stdout))),
        _ => faults.push("cargo tree does not run".to_owned()),
    }
    faults
}

/// The crates of a tree that do more than compute.
fn impure(tree: &str) -> Vec<String> {
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let bad = |name: &&str| {
        IMPURE.iter().any(|start| {
            name.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', '2']))
        })
    };
    names
        .into_iter()
        .filter(bad)
        .map(|name| format!("spinecode-core rests on {name}"))
        .collect()
}

fn rules(root: &Path) -> Vec<String> {
    let read = || -> Result<Vec<String>, String> {
        let rows: BTreeSet<String> = facts::rules(root)?
            .iter()
            .map(|row| facts::cell(row, "id").to_owned())
            .collect();
        let constants = facts::constants(root)?;
        let mut registry = facts::registry(root, &constants)?;
        registry.extend(facts::family_rules(root)?);
        let mut faults = Vec::new();
        faults.extend(
            registry
                .difference(&rows)
                .map(|id| format!("{id} is registered and has no row in rules.csv")),
        );
        faults.extend(
            rows.difference(&registry)
                .map(|id| format!("{id} has rows in rules.csv and is not registered")),
        );
        for constant in constants {
            if !registry.contains(&constant.id) {
                let place = short(root, &constant.file);
                faults.push(format!(
                    "{place}: {} ({}) is not in RULE_IDS",
                    constant.name, constant.id
                ));
            }
        }
        Ok(faults)
    };
    read().unwrap_or_else(|fault| vec![fault])
}

/// A file of tests/conformance, as its README describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topic {
    family: String,
    topic: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    #[serde(default)]
    #[expect(dead_code, reason = "read so that any other key is refused")]
    statements: Vec<String>,
    citations: Vec<String>,
    case: Mapping,
    asks: Vec<Ask>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read so that any other key is refused")]
struct Ask {
    on: String,
    as_of: Option<String>,
    change: Option<Mapping>,
    status: Option<String>,
    reported: Option<Vec<Value>>,
    billed: Option<BTreeMap<String, Vec<Value>>>,
    withheld: Option<BTreeMap<String, Vec<Value>>>,
    not_reported: Option<Vec<Value>>,
    questions: Option<Vec<String>>,
    codings: Option<Vec<Vec<Value>>>,
    notices: Option<Vec<String>>,
    no_notices: Option<Vec<String>>,
    rules: Option<Vec<String>>,
    error: Option<Vec<String>>,
}

fn conformance(root: &Path) -> Vec<String> {
    let known = match facts::citations(root) {
        Ok(known) => known,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let found = files(&root.join(CONFORMANCE), ".yaml");
    if found.is_empty() {
        faults.push("there are none".to_owned());
    }
    for path in found {
        let place = short(root, &path);
        match read(&path).and_then(|text| topic(&text)) {
            Ok(topic) => faults.extend(
                topic
                    .faults(&known)
                    .into_iter()
                    .map(|fault| format!("{place}: {fault}")),
            ),
            Err(fault) => faults.push(format!("{place}: {fault}")),
        }
    }
    faults
}

pub(crate) fn topic(text: &str) -> Result<Topic, String> {
    serde_yaml_ng::from_str(text).map_err(|why| why.to_string())
}

impl Topic {
    fn faults<T>(&self, known: &BTreeMap<String, T>) -> Vec<String> {
        let mut faults = Vec::new();
        if self.family.is_empty() || self.topic.is_empty() {
            faults.push("family or topic is empty".to_owned());
        }
        let mut names = BTreeSet::new();
        for case in &self.cases {
            let name = &case.name;
            if !names.insert(name) {
                faults.push(format!("`{name}` stands twice"));
            }
            if case.why.is_empty() || case.asks.is_empty() || case.case.is_empty() {
                faults.push(format!("`{name}` says no why, asks nothing or has no facts"));
            }
            if case.citations.is_empty() {
                faults.push(format!("`{name}` cites nothing"));
            }
            for key in case.citations.iter().filter(|key| !known.contains_key(*key)) {
                faults.push(format!("`{name}` cites `{key}`, which citations.toml does not hold"));
            }
        }
        faults
    }
}

fn sizes(root: &Path) -> Vec<String> {
    tracked(root)
        .into_iter()
        .filter_map(|name| {
            let size = std::fs::metadata(root.join(&name)).ok()?.len();
            (size > LARGEST).then(|| format!("{name} has {size} bytes"))
        })
        .collect()
}

/// A descriptor file is the licence holder's own and never part of the repository.
fn descriptors(root: &Path) -> Vec<String> {
    tracked(root)
        .into_iter()
        .filter(|name| name.to_lowercase().contains("descriptor"))
        .collect()
}

/// Names that git tracks; none outside a checkout.
fn tracked(root: &Path) -> Vec<String> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    output
        .map(|output| {
            String::from_utf8_lossy(&output.stdout)
                .split('\0')
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default()
}

fn short(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_that_do_more_than_compute_are_named_once() {
        let tree = "spinecode-core v0.1.0\nserde v1.0.0\ntokio-util v0.7.0\nlogos v0.1.0\ntokio-util v0.7.0 (*)\n";
        assert_eq!(impure(tree), ["spinecode-core rests on tokio-util"]);
    }

    const TOPIC: &str = "family: f\ntopic: t\ncases:\n- name: n\n  why: w\n  citations: [A, B]\n  case: {setting: professional}\n  asks: [{on: 2020-01-01, reported: [64493 right]}]\n";

    #[test]
    fn a_conformance_file_is_read_strictly() {
        let known = BTreeMap::from([("A".to_owned(), ())]);
        let faults = topic(TOPIC).unwrap().faults(&known);
        assert_eq!(faults, ["`n` cites `B`, which citations.toml does not hold"]);
        assert!(topic(&TOPIC.replace("reported", "reportd")).is_err());
        assert!(topic(&TOPIC.replace("why", "because")).is_err());
    }
}
