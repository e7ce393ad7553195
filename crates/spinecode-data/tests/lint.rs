//! Lint over the built-in facts and the conformance cases: no errors; and each check finds what it is there to find.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the helpers they share"
)]

use std::path::Path;

use spinecode_core::facts::{Confidence, Facts};
use spinecode_core::lint::{self, LintReport};
use spinecode_core::lookup::Asked;
use spinecode_data::{built_in, cases};

fn asked(facts: &Facts) -> Asked<'_> {
    Asked {
        facts,
        on: None,
        as_of: None,
        engine: "test",
    }
}

fn linted(facts: &Facts) -> LintReport {
    lint::lint(asked(facts), None)
}

#[test]
fn the_built_in_facts_have_no_lint_errors() {
    let facts = built_in().unwrap();
    let cases = cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance")).unwrap();
    let report = lint::lint(asked(&facts), Some(&cases));
    assert!(report.checks.iter().all(|check| check.made));
    let errors: Vec<String> = (report.findings.iter())
        .filter(|one| one.severity == "error")
        .map(lint::sentence)
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    eprintln!("{}", lint::lint_account(&report));
}

#[test]
fn without_cases_it_says_what_it_did_not_check() {
    let facts = built_in().unwrap();
    let report = linted(&facts);
    let left: Vec<&str> = (report.checks.iter())
        .filter(|check| !check.made)
        .map(|check| check.check.as_ref())
        .collect();
    assert_eq!(left, ["rule_without_cases", "citation_unused", "row_not_exercised"]);
    assert_eq!(report.cases, 0);
}

#[test]
fn planted_faults_are_found() {
    let planted = |plant: fn(&mut Facts), check: &str, subject: &str| {
        let mut facts = built_in().unwrap();
        plant(&mut facts);
        facts.index();
        let report = linted(&facts);
        assert!(
            report
                .findings
                .iter()
                .any(|one| one.check == check && one.subject.contains(subject)),
            "{check} {subject}: {:?}",
            report
                .findings
                .iter()
                .filter(|one| one.check == check)
                .collect::<Vec<_>>()
        );
    };
    planted(
        |facts| facts.gaps.clear(),
        "undeclared_gap",
        "facet_injection/fluoroscopy_or_ct",
    );
    planted(
        |facts| {
            let mut gap = facts.gaps[0].clone();
            gap.key = "facet_injection/nothing".into();
            facts.gaps.push(gap);
        },
        "gap_without_gap",
        "roles/facet_injection/nothing",
    );
    planted(
        |facts| {
            let family = facts.families.get_mut("facet_injection").unwrap();
            let mut second = family.roles.iter().find(|row| row.nth_from == 2).unwrap().clone();
            second.nth_from = 1;
            second.region = None;
            second.row.id = "role:planted@2010-01-01".into();
            family.roles.push(second);
        },
        "contradiction",
        "role:",
    );
    planted(
        |facts| {
            let family = facts.families.get_mut("facet_injection").unwrap();
            family.roles[0].region = Some("coccyx".into());
        },
        "region_unreachable",
        "role:facet_injection",
    );
    planted(
        |facts| {
            let family = facts.families.get_mut("facet_injection").unwrap();
            family.guidance[0].modality = Some("x_ray".into());
        },
        "guidance_unreachable",
        "facet_injection",
    );
    planted(
        |facts| {
            for family in facts.families.values_mut() {
                family.roles.retain(|row| row.code.as_str() != "0200T");
            }
        },
        "code_without_home",
        "0200T",
    );
    planted(
        |facts| {
            let family = facts.families.get_mut("facet_injection").unwrap();
            family.roles[0].row.confidence = Confidence::Low;
            family.roles[0].row.citations.truncate(1);
        },
        "weak_source",
        "role:facet_injection",
    );
    planted(|facts| facts.kinds[0].family = None, "kind_without_family", "");
}
