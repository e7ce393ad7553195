//! An engine under a release: which one an answer rests on, and what becomes of one that is damaged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test stops at its first fault"
)]

use spinecode_core::edit::claim::RawClaim;
use spinecode_core::replay::Replayer;
use spinecode_core::{RawCase, TraceLevel};
use spinecode_engine::release::Release;
use spinecode_engine::{EditOptions, Engine, Load, LocalEngine, Options};

#[path = "support/small.rs"]
mod small;

const CASE: &str = r#"{"date_of_service":"2024-07-15","place_of_service":"24","payer":"medicare",
    "diagnoses":["M47.816"],"procedures":[{"kind":"facet_injection","levels":["L4-L5"],"side":"left","guidance":"fluoroscopy"}]}"#;

fn engine() -> LocalEngine {
    LocalEngine::new().unwrap().and_release(small::small())
}

fn under(release: Option<&str>) -> Options {
    Options {
        release: release.map(str::to_owned),
        trace: TraceLevel::Full,
        ..Options::default()
    }
}

#[test]
fn an_answer_names_its_release() {
    let engine = engine();
    let case = RawCase::from_json(CASE).unwrap();
    let id = engine.release().unwrap().id().to_owned();
    assert_eq!(engine.info().unwrap().release.as_deref(), Some(id.as_str()));
    for asked in [None, Some(id.as_str()), Some(&id[..8])] {
        let coded = engine.code(&case, &under(asked)).unwrap();
        assert_eq!(coded.knowledge.release.as_deref(), Some(id.as_str()));
    }
    let other = engine.code(&case, &under(Some("0123"))).unwrap_err();
    assert_eq!(other.class(), "knowledge");
    assert!(other.to_string().contains(&id), "{other}");
    let without = LocalEngine::new().unwrap().code(&case, &under(Some(&id))).unwrap_err();
    assert_eq!(without.class(), "unsupported");
}

#[test]
fn coding_asks_the_release_first() {
    let engine = engine();
    let case = RawCase::from_json(CASE).unwrap();
    let coded = engine.code(&case, &under(None)).unwrap();
    let rows = &coded.explanation.as_ref().unwrap().rows;
    assert!(rows.iter().any(|row| row == "mue_practitioner 2024-07-01"), "{rows:?}");
    // A whole table was asked: nothing is left unchecked for want of pairs.
    let unchecked = |coded: &spinecode_core::CodedCase| {
        let notices = coded.notices.iter().filter(|notice| notice.reason == "not_checked");
        notices.filter_map(|notice| notice.subject.clone()).collect::<Vec<_>>()
    };
    assert!(!unchecked(&coded).contains(&"ptp".to_owned()));
    let built_in = LocalEngine::new().unwrap().code(&case, &under(None)).unwrap();
    assert!(unchecked(&built_in).contains(&"ptp".to_owned()));
    assert_eq!(coded.reported, built_in.reported);
    assert_eq!(coded.billed, built_in.billed);
}

#[test]
fn a_trace_under_a_release_follows_from_it() {
    let engine = engine();
    let raw = RawCase::from_json(CASE).unwrap();
    let coded = engine.code(&raw, &under(None)).unwrap();
    let case = engine.prepare(&raw).unwrap();
    let steps = engine
        .by_tables(false, |tables| {
            Replayer::new(engine.facts()).under(tables).replay(&case, &coded)
        })
        .unwrap();
    assert!(steps.is_ok(), "{steps:?}");
    assert!(Replayer::new(engine.facts()).replay(&case, &coded).is_err());
    // An edition that says something else is refused.
    let mut changed = coded.clone();
    let steps = &mut changed.explanation.as_mut().unwrap().steps;
    let of_limit = steps.iter_mut().find(|step| {
        let row = step.row.as_deref();
        row.is_some_and(|row| row.starts_with("mue_practitioner"))
    });
    of_limit.unwrap().result = Some("7".to_owned());
    let refused = engine.by_tables(false, |tables| {
        Replayer::new(engine.facts())
            .under(tables)
            .replay(&case, &changed)
            .is_err()
    });
    assert_eq!(refused, Ok(true));
}

#[test]
fn a_damaged_release_gives_no_answer() {
    let mut bytes = small::small_bytes();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let release = Release::from_bytes(bytes).expect("its rows are looked at when they are asked");
    let engine = LocalEngine::new().unwrap().and_release(release);
    let claim = RawClaim::from_json(
        r#"{"claim_type": "institutional", "bill_type_code": "131", "payer": "medicare", "diagnoses": ["M47.816"],
        "lines": [{"code": "X9001", "units": 1, "date_of_service": "2024-07-15", "charge": "1.00", "diagnosis_pointers": [1]}]}"#,
    )
    .unwrap();
    let reports = engine.edit(&[claim], &EditOptions::default());
    // The last table is Addendum B, which only some layers ask; those that do, refuse.
    for report in reports {
        match report {
            Ok(_) => assert!(!engine.release().unwrap().is_damaged()),
            Err(fault) => assert_eq!(fault.class(), "knowledge"),
        }
    }
    let missing = LocalEngine::with_release(std::path::Path::new("no/such.release"), Load::Map);
    assert_eq!(missing.err().map(|fault| fault.class()), Some("knowledge"));
}
