//! Runs every case of `tests/claims` in process. The format is described in that folder's README.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test harness of its own: a broken case file should stop it loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use spinecode_core::edit::rule_ids;
use spinecode_engine::{Engine, LocalEngine};

#[path = "support/claims.rs"]
mod support;
use support::{Asked, asks};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/claims");
    let engines = Arc::new(support::Engines::open());
    let mut trials = Vec::new();
    let mut all: Vec<Asked> = Vec::new();
    for (name, asked) in asks(&root) {
        let asked = match asked {
            Ok(asked) => asked,
            Err(fault) => {
                trials.push(Trial::test(name, move || Err(Failed::from(fault))));
                continue;
            }
        };
        all.push(asked.clone());
        let engines = engines.clone();
        trials.push(Trial::test(name, move || {
            let faults = asked.judge(engines.of(&asked));
            if faults.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(faults.join("\n  ")))
            }
        }));
    }
    if let Ok(path) = std::env::var("WRITE_CLAIMS") {
        support::write(Path::new(&path), &engines, &all);
    }
    trials.push(Trial::test(
        "every rule finds in one ask and is silent in another",
        move || {
            let mut found: BTreeMap<&str, usize> = rule_ids().map(|id| (id, 0)).collect();
            let mut reports = 0;
            for asked in &all {
                let engine: &LocalEngine = engines.of(asked);
                for report in engine.edit(&asked.claims, &asked.options).into_iter().flatten() {
                    reports += 1;
                    let rules: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule.as_ref()).collect();
                    for rule in rules {
                        *found
                            .get_mut(rule)
                            .unwrap_or_else(|| panic!("{rule} is in no layer's RULES")) += 1;
                    }
                }
            }
            let never: Vec<&str> = found
                .iter()
                .filter(|(_, count)| **count == 0)
                .map(|(id, _)| *id)
                .collect();
            let always: Vec<&str> = found
                .iter()
                .filter(|(_, count)| reports > 0 && **count == reports)
                .map(|(id, _)| *id)
                .collect();
            if never.is_empty() && always.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(format!(
                    "never found: {never:?}; never silent: {always:?}"
                )))
            }
        },
    ));
    libtest_mimic::run(&arguments, trials).exit();
}
