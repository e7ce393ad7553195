//! What must hold of the built-in tables beyond what the checker refuses on every load.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the helpers they share"
)]

use std::collections::BTreeSet;

use spinecode_core::code::Code;
use spinecode_core::date::{ServiceDate, View};
use spinecode_core::edit::rule_ids;
use spinecode_core::facts::Facts;
use spinecode_core::rules::{FAMILIES, RULE_IDS};
use spinecode_data::{BUILT_IN, DataError, built_in, with_overlay};

fn day(text: &str) -> ServiceDate {
    ServiceDate::parse(text).unwrap()
}

fn view(on: &str) -> View {
    View {
        on: day(on),
        as_of: None,
    }
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn text(file: &str) -> &'static str {
    BUILT_IN.iter().find(|(name, _)| *name == file).unwrap().1
}

fn lines(file: &str) -> usize {
    csv::Reader::from_reader(text(file).as_bytes()).records().count()
}

#[test]
fn a_last_day_is_the_last_day_in_force() {
    let facts = built_in().unwrap();
    for (old, last, next, new) in [
        ("76005", "2006-12-31", "2007-01-01", "77003"),
        ("64475", "2009-12-31", "2010-01-01", "64493"),
        ("64622", "2011-12-31", "2012-01-01", "64635"),
        ("22520", "2014-12-31", "2015-01-01", "22510"),
        ("72291", "2014-12-31", "2015-01-01", "22511"),
    ] {
        assert!(facts.code(code(old), view(last)).is_some(), "{old} lives on {last}");
        assert!(facts.code(code(old), view(next)).is_none(), "{old} is gone on {next}");
        assert!(
            facts.code(code(new), view(last)).is_none(),
            "{new} is not yet there on {last}"
        );
        assert!(facts.code(code(new), view(next)).is_some(), "{new} lives on {next}");
    }
}

#[test]
fn the_misprint_is_a_fact_with_its_suggestion() {
    let facts = built_in().unwrap();
    for on in ["2005-01-01", "2006-05-15", "2026-11-01"] {
        let row = facts.code(code("72250"), view(on)).expect("the misprint is known");
        assert!(row.never_valid);
        assert_eq!(row.suggestion, Some(code("72255")));
    }
}

#[test]
fn no_row_is_given_twice() {
    let facts = built_in().unwrap();
    let families = || facts.families.values();
    assert_eq!(lines("codes.csv"), facts.codes.values().map(Vec::len).sum::<usize>());
    assert_eq!(
        lines("roles.csv"),
        families().map(|family| family.roles.len()).sum::<usize>()
    );
    assert_eq!(
        lines("guidance.csv"),
        families().map(|family| family.guidance.len()).sum::<usize>()
    );
    assert_eq!(
        lines("junctions.csv"),
        families().map(|family| family.junctions.len()).sum::<usize>()
    );
    assert_eq!(
        lines("primaries.csv"),
        families().map(|family| family.primaries.len()).sum::<usize>()
    );
    assert_eq!(lines("nerves.csv"), facts.nerves.len());
    assert_eq!(lines("techniques.csv"), facts.techniques.len());
    assert_eq!(lines("bundles.csv"), facts.bundles.len());
    assert_eq!(
        lines("ptp_pairs.csv"),
        facts.pairs.values().map(Vec::len).sum::<usize>()
    );
    assert_eq!(
        lines("unit_limits.csv"),
        facts.limits.values().map(Vec::len).sum::<usize>()
    );
    assert_eq!(
        lines("add_on_primaries.csv"),
        facts.add_ons.values().map(Vec::len).sum::<usize>()
    );
    assert_eq!(lines("conflicts.csv"), facts.conflicts.len());
    assert_eq!(lines("rules.csv"), facts.rules.values().map(Vec::len).sum::<usize>());
    assert_eq!(lines("kinds.csv"), facts.kinds.len());
}

#[test]
fn every_rule_of_the_code_has_its_row_and_every_row_its_rule() {
    let facts = built_in().unwrap();
    let of_rows = facts.families.values().filter_map(|family| family.rule.as_deref());
    let code: BTreeSet<&str> = RULE_IDS.iter().copied().chain(of_rows).collect();
    let rows: BTreeSet<&str> = facts.rules.keys().map(AsRef::as_ref).collect();
    let edits: BTreeSet<&str> = rule_ids().collect();
    let all: BTreeSet<&str> = code.union(&edits).copied().collect();
    assert_eq!(all, rows);
    assert_eq!(
        code.len(),
        RULE_IDS.len() + facts.families_of_rows.len(),
        "a rule id is listed twice"
    );
    for rule in FAMILIES {
        assert!(
            facts
                .kinds
                .iter()
                .any(|kind| kind.family.as_deref() == Some(rule.family)),
            "{}",
            rule.family
        );
    }
}

fn overlay(files: &[(&str, &str)]) -> Result<Facts, DataError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    with_overlay(folder.path())
}

#[test]
fn a_payer_is_a_file_and_no_code() {
    let profile = r#"
name = "acme"
label = "Acme Health"
inherits = "medicare"
[positions]
VERTEBRAL_TWO_REGIONS = "two_primaries"
[[bilateral]]
style = "rt_lt_lines"
confidence = "medium"
citations = ["memory"]
"#;
    let facts = overlay(&[
        ("profiles/acme.toml", profile),
        ("payers.csv", "payer,profile,coverage\nacme health plan,acme,\n"),
    ])
    .unwrap();
    let acme = facts.profiles.get("acme").expect("the new profile");
    assert!(acme.has_layer("mue"), "layers are inherited");
    let plain = overlay(&[(
        "profiles/plain.toml",
        "name = \"plain\"\nlabel = \"Plain\"\ninherits = \"cpt\"\n",
    )])
    .unwrap();
    assert_eq!(
        plain.profiles["plain"].styles.len(),
        plain.profiles["cpt"].styles.len(),
        "styles are inherited"
    );
    assert_eq!(facts.payers.get("acme health plan").map(AsRef::as_ref), Some("acme"));
    assert!(facts.overlay.is_some());
    assert_eq!(
        facts.hash,
        built_in().unwrap().hash,
        "the built-in facts keep their hash"
    );
}

#[test]
fn a_fault_names_file_line_and_column() {
    let header = "code,status,label,laterality,add_on,split,replaced_by,suggestion,from,last_day,known_from,verified_through,confidence,citations\n";
    let row = "6449,valid,Too short,unilateral,no,no,,,2010-13-01,,,,high,AORN2010\n";
    let DataError::Tables(faults) = overlay(&[("codes.csv", &format!("{header}{row}"))]).unwrap_err() else {
        panic!()
    };
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        told.iter()
            .any(|text| text.contains("codes.csv, line 2, column `code`")),
        "{told:?}"
    );
    assert!(told.iter().any(|text| text.contains("column `from`")), "{told:?}");
    let DataError::Tables(faults) = overlay(&[("roles.csv", "family,variant\nx,y\n")]).unwrap_err() else {
        panic!()
    };
    assert!(faults[0].message.contains("the header must be"), "{faults:?}");
    assert!(matches!(overlay(&[("rolls.csv", "")]), Err(DataError::Folder(_))));
}

#[test]
fn the_checker_refuses_what_contradicts() {
    let refused = |file: &str, rows: &str, wanted: &str| {
        let header = text(file).lines().next().unwrap();
        let DataError::Tables(faults) = overlay(&[(file, &format!("{header}\n{rows}"))]).unwrap_err() else {
            panic!()
        };
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|text| text.contains(wanted)),
            "{wanted} is not in {told:?}"
        );
    };
    let dated = ",,,,high,AORN2010";
    // A second first-level code on the same days.
    refused(
        "roles.csv",
        &format!("facet_injection,fluoroscopy_or_ct,lumbosacral,first,1,1,,joint,64490,2015-01-01{dated}\n"),
        "overlaps",
    );
    // A code on days on which it does not live.
    refused(
        "roles.csv",
        &format!("lumbar_puncture,odd,,diagnostic,1,,,encounter,62328,2010-01-01{dated}\n"),
        "does not live on",
    );
    refused(
        "bundles.csv",
        "facet_injection,spinal_ct,session,XXX-001,2015-01-01,,,,high,AORN2010\n",
        "no rule",
    );
    refused(
        "bundles.csv",
        "facet_injection,spinal_ct,session,INC-001,2015-01-01,,,,high,NOWHERE\n",
        "which citations.toml does not have",
    );
}
