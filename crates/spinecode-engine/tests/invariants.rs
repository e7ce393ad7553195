//! Invariants of the design, on random cases of every coded family.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the helpers they share"
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use spinecode_core::answer::{CodedCase, Line, Status};
use spinecode_core::code::Code;
use spinecode_core::date::View;
use spinecode_core::render::key;
use spinecode_core::{RawCase, ServiceDate, TraceLevel};
use spinecode_engine::{Engine, LocalEngine, Options};

fn engine() -> &'static LocalEngine {
    static ENGINE: std::sync::OnceLock<LocalEngine> = std::sync::OnceLock::new();
    ENGINE.get_or_init(|| LocalEngine::new().expect("built-in facts"))
}

fn options(payer: &str) -> Options {
    Options {
        payer: Some(payer.to_owned()),
        ..Options::default()
    }
}

fn code(case: &Value, options: &Options) -> Result<CodedCase, spinecode_engine::Error> {
    engine().code(&RawCase::from_value(case).expect("an object"), options)
}

fn side() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("left")),
        Just(json!("right")),
        Just(json!("bilateral")),
        Just(Value::Null)
    ]
}

fn guidance() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("fluoroscopy")),
        Just(json!("ct")),
        Just(json!("ultrasound")),
        Just(json!("mr")),
        Just(json!("none")),
        Just(Value::Null)
    ]
}

const JOINTS: [&str; 12] = [
    "C2-C3", "C3-C4", "C4-C5", "C7-T1", "T5-T6", "T11-T12", "T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1",
];
const NERVES: [&str; 12] = [
    "TON", "C3", "C4", "C5", "T11", "T12", "L1", "L2", "L3", "L4", "L5", "S1",
];
const BODIES: [&str; 10] = ["C5", "T7", "T8", "T11", "T12", "L1", "L2", "L3", "L5", "S1"];

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(of, 0..=of.len().min(5))
}

fn word(of: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::select(of)
        .prop_map(|word| json!(word))
        .boxed()
        .prop_union(Just(Value::Null).boxed())
}

fn procedure() -> impl Strategy<Value = Value> {
    let facet = (some(&JOINTS), some(&NERVES), any::<bool>(), side(), guidance()).prop_map(
        |(joints, nerves, by_nerve, side, guidance)| {
            let (levels, nerves) = if by_nerve { (vec![], nerves) } else { (joints, vec![]) };
            json!({"kind": "facet_injection", "levels": levels, "nerves": nerves, "side": side, "guidance": guidance})
        },
    );
    let denervation = (some(&JOINTS), side(), guidance(), word(&["radiofrequency", "pulsed_radiofrequency", "chemical"])).prop_map(
        |(levels, side, guidance, technique)| {
            json!({"kind": "facet_denervation", "levels": levels, "side": side, "guidance": guidance, "technique": technique})
        },
    );
    let bodies = (some(&BODIES), guidance(), any::<bool>()).prop_map(|(levels, guidance, cavity)| {
        let kind = if cavity {
            "vertebral_augmentation"
        } else {
            "vertebroplasty"
        };
        json!({"kind": kind, "levels": levels, "guidance": guidance})
    });
    let puncture = (word(&["diagnostic", "therapeutic"]), guidance())
        .prop_map(|(purpose, guidance)| json!({"kind": "lumbar_puncture", "purpose": purpose, "guidance": guidance}));
    let myelography = (
        word(&["lumbar", "c1_c2"]),
        some(&["cervical", "thoracic", "lumbosacral"]),
        word(&["same_clinician", "another_clinician"]),
        guidance(),
    )
        .prop_map(|(approach, regions, reader, guidance)| {
            json!({"kind": "myelography", "approach": approach, "imaged_regions": regions, "imaging_read_by": reader, "guidance": guidance})
        });
    let sacroplasty = (side(), guidance())
        .prop_map(|(side, guidance)| json!({"kind": "sacroplasty", "side": side, "guidance": guidance}));
    let ct = (
        word(&["none", "intravenous", "intrathecal"]),
        some(&["cervical", "thoracic", "lumbar"]),
    )
        .prop_map(|(contrast, levels)| json!({"kind": "spinal_ct", "contrast": contrast, "levels": levels}));
    prop_oneof![facet, denervation, bodies, puncture, myelography, sacroplasty, ct]
}

fn date() -> impl Strategy<Value = String> {
    let boundaries = [
        "2005-01-01",
        "2005-12-31",
        "2006-01-01",
        "2006-12-31",
        "2007-01-01",
        "2009-06-30",
        "2009-07-01",
        "2009-12-31",
        "2010-01-01",
        "2011-12-31",
        "2012-01-01",
        "2014-12-31",
        "2015-01-01",
        "2016-06-30",
        "2016-07-01",
        "2016-12-31",
        "2017-01-01",
        "2019-12-31",
        "2020-01-01",
        "2022-12-31",
        "2023-01-01",
        "2024-07-01",
        "2025-01-01",
        "2026-11-01",
    ];
    proptest::sample::select(boundaries.to_vec()).prop_map(str::to_owned)
}

fn case() -> impl Strategy<Value = Value> {
    let setting = word(&["professional", "asc_facility", "outpatient_hospital"]);
    (
        date(),
        setting,
        word(&["11", "22", "24"]),
        proptest::collection::vec(procedure(), 1..4),
    )
        .prop_map(|(date, setting, place, mut procedures)| {
            for (at, procedure) in procedures.iter_mut().enumerate() {
                procedure["id"] = json!(format!("p{at}"));
            }
            json!({"date_of_service": date, "setting": setting, "place_of_service": place, "procedures": procedures})
        })
}

fn keys(lines: &[Line]) -> Vec<String> {
    let mut keys: Vec<String> = lines.iter().map(key).collect();
    keys.sort();
    keys
}

/// An answer without what names positions in the case.
fn comparable(coded: &CodedCase) -> (Status, Vec<String>, Vec<String>, Vec<String>, Vec<String>) {
    let mut withheld: Vec<String> = coded
        .withheld
        .iter()
        .map(|one| format!("{} {}", key(&one.line), one.rule))
        .collect();
    withheld.sort();
    let mut excluded: Vec<String> = coded
        .not_reported
        .iter()
        .map(|one| format!("{} {}", one.code, one.reason))
        .collect();
    excluded.sort();
    (
        coded.status,
        keys(&coded.reported),
        keys(&coded.billed),
        withheld,
        excluded,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_procedures_and_sites_changes_nothing(case in case(), payer in proptest::sample::select(vec!["cpt", "medicare"])) {
        let options = options(payer);
        let Ok(straight) = code(&case, &options) else { return Ok(()) };
        let mut turned = case.clone();
        let procedures = turned["procedures"].as_array_mut().unwrap();
        procedures.reverse();
        for procedure in procedures {
            for list in ["levels", "nerves", "imaged_regions"] {
                if let Some(list) = procedure.get_mut(list).and_then(Value::as_array_mut) {
                    list.reverse();
                }
            }
        }
        let turned = code(&turned, &options).expect("the same case");
        prop_assert_eq!(comparable(&straight), comparable(&turned));
        let cut = |coded: &CodedCase| coded.notices.iter().any(|notice| notice.reason == "codings_cut");
        prop_assert_eq!(cut(&straight), cut(&turned));
        if !cut(&straight) {
            let codings = |coded: &CodedCase| {
                let mut codings: Vec<Vec<String>> = coded.codings.iter().map(|coding| keys(&coding.billed)).collect();
                codings.sort();
                codings
            };
            prop_assert_eq!(codings(&straight), codings(&turned));
        }
    }

    #[test]
    fn the_code_set_answer_is_the_same_under_every_profile(case in case()) {
        let Ok(cpt) = code(&case, &options("cpt")) else { return Ok(()) };
        let medicare = code(&case, &options("medicare")).expect("the same case");
        if cpt.status == Status::Coded && medicare.status == Status::Coded {
            prop_assert_eq!(keys(&cpt.reported), keys(&medicare.reported));
        }
    }

    #[test]
    fn the_trace_changes_no_answer_and_reading_back_loses_nothing(case in case()) {
        let with = |trace| code(&case, &Options { trace, ..options("medicare") });
        if let (Ok(none), Ok(full)) = (with(TraceLevel::None), with(TraceLevel::Full)) {
            prop_assert_eq!(none.hash(), full.hash());
            prop_assert_eq!(CodedCase::from_json(&full.canonical_json()).unwrap(), full);
        }
    }

    #[test]
    fn every_code_of_an_answer_lives_on_its_date(case in case(), payer in proptest::sample::select(vec!["cpt", "medicare"])) {
        let Ok(coded) = code(&case, &options(payer)) else { return Ok(()) };
        let view = View { on: coded.date_of_service, as_of: None };
        let lives = |code: Code| engine().facts().code(code, view).is_some_and(|row| !row.never_valid);
        let lines = coded.reported.iter().chain(&coded.billed).chain(coded.codings.iter().flat_map(|coding| &coding.billed));
        for line in lines {
            prop_assert!(lives(line.code), "{} on {}", line.code, coded.date_of_service);
            prop_assert!(line.units > 0);
        }
    }

    #[test]
    fn answering_the_questions_gives_the_coding_that_was_shown(case in case()) {
        let options = options("medicare");
        let Ok(asked) = code(&case, &options) else { return Ok(()) };
        prop_assert!(asked.questions.len() <= 3 && asked.codings.len() <= 24);
        prop_assert_eq!(asked.status == Status::NeedsFacts, !asked.questions.is_empty());
        if asked.status != Status::NeedsFacts {
            return Ok(());
        }
        prop_assert!(asked.reported.is_empty() && asked.billed.is_empty() && asked.codings.len() > 1);
        for coding in &asked.codings {
            let mut answered = case.clone();
            let mut plain = true;
            for one in &coding.assuming {
                let (at, fact) = one.path.strip_prefix("procedures[").unwrap().split_once("].").unwrap();
                let value = match fact {
                    "levels" => { plain = false; break }
                    "imaged_regions" => json!(one.value.split_whitespace().collect::<Vec<_>>()),
                    "muscles" => json!(one.value.parse::<i64>().unwrap()),
                    _ => json!(one.value),
                };
                answered["procedures"][at.parse::<usize>().unwrap()][fact] = value;
            }
            if plain {
                let coded = code(&answered, &options).expect("an answered case");
                prop_assert_ne!(coded.status, Status::NeedsFacts);
                prop_assert_eq!(keys(&coding.reported), keys(&coded.reported));
                prop_assert_eq!(keys(&coding.billed), keys(&coded.billed));
            }
        }
    }

    #[test]
    fn a_procedure_of_another_meeting_and_clinician_leaves_the_others_alone(case in case()) {
        let options = options("cpt");
        let Ok(alone) = code(&case, &options) else { return Ok(()) };
        if alone.status != Status::Coded {
            return Ok(());
        }
        let mut more = case.clone();
        more["procedures"].as_array_mut().unwrap().push(json!({
            "id": "other", "kind": "spinal_ct", "levels": ["cervical"], "contrast": "none", "encounter": "e2", "performed_by": "Z"
        }));
        let more = code(&more, &options).expect("the same case and one more");
        let others: Vec<Line> = more.reported.iter().filter(|line| line.performed_by.as_deref() != Some("Z")).cloned().collect();
        prop_assert_eq!(keys(&alone.reported), keys(&others));
        prop_assert_eq!(more.reported.len(), alone.reported.len() + 1);
    }

    #[test]
    fn what_a_table_keeps_off_is_not_lost(case in case()) {
        let Ok(coded) = code(&case, &options("medicare")) else { return Ok(()) };
        // Where the profile takes another position the codes differ by design.
        if coded.status != Status::Coded || coded.notices.iter().any(|notice| notice.reason == "conflict") {
            return Ok(());
        }
        let both = |line: &&Line| if line.side == Some(spinecode_core::anatomy::Side::Bilateral) { 2 } else { 1 };
        let fifty = |line: &&Line| if line.modifiers.iter().any(|modifier| modifier.as_str() == "50") { 2 } else { 1 };
        let reported: u32 = coded.reported.iter().map(|line| line.units * both(&line)).sum();
        let billed: u32 = coded.billed.iter().map(|line| line.units * fifty(&line)).sum();
        let withheld: u32 = coded.withheld.iter().map(|one| one.line.units * fifty(&&one.line)).sum();
        prop_assert_eq!(reported, billed + withheld);
    }

    #[test]
    fn no_text_makes_it_panic(level in "\\PC{0,12}", kind in "\\PC{0,12}", side in "\\PC{0,6}", date in "[0-9/-]{0,12}") {
        for kind in ["facet_injection", "vertebroplasty", "lumbar_puncture", kind.as_str()] {
            let case = json!({"date_of_service": date, "procedures": [
                {"kind": kind, "levels": [level], "nerves": [level], "side": side, "guidance": level, "sites": [{"joint": level}]}]});
            if let Err(error) = code(&case, &Options::default()) {
                prop_assert!(!error.violations().is_empty());
                for violation in error.violations() {
                    prop_assert!(violation.value.as_ref().is_none_or(|value| value.chars().count() <= 32));
                }
            }
        }
    }
}

proptest! {
    // Each is a batch; the larger ones cross from one thread to many.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn many_are_answered_as_each_alone(cases in proptest::collection::vec(case(), 40..90)) {
        let raw: Vec<RawCase> = cases.iter().map(|case| RawCase::from_value(case).unwrap()).collect();
        let options = options("medicare");
        let text = |answer: &Result<CodedCase, spinecode_engine::Error>| match answer {
            Ok(coded) => coded.canonical_json(),
            Err(error) => error.to_json(),
        };
        let together: Vec<String> = engine().code_many(&raw, &options).iter().map(text).collect();
        let alone: Vec<String> = raw.iter().map(|case| text(&engine().code(case, &options))).collect();
        prop_assert_eq!(together, alone);
    }

}

#[test]
fn the_last_day_and_the_day_after_differ_where_the_code_set_changed() {
    let case = |date: &str| {
        json!({"date_of_service": date, "procedures": [
            {"kind": "facet_injection", "levels": ["L4-L5"], "side": "left", "guidance": "fluoroscopy"}]})
    };
    let before = code(&case("2009-12-31"), &Options::default()).unwrap();
    let after = code(&case("2010-01-01"), &Options::default()).unwrap();
    assert_ne!(keys(&before.reported), keys(&after.reported));
    assert_eq!(before.date_of_service, ServiceDate::parse("2009-12-31").unwrap());
}

#[test]
fn a_table_is_not_checked_before_its_first_day_and_says_so() {
    let unchecked = |date: &str| {
        let case = json!({"date_of_service": date, "place_of_service": "11", "setting": "professional", "procedures": [
            {"kind": "facet_injection", "levels": ["L4-L5", "L5-S1"], "side": "right", "guidance": "fluoroscopy"}]});
        let coded = code(&case, &options("medicare")).unwrap();
        assert_eq!(keys(&coded.billed), ["64493-RT", "64494-RT"]);
        let layers = coded.notices.iter().filter(|notice| notice.reason == "not_checked");
        layers.filter_map(|notice| notice.subject.clone()).collect::<Vec<_>>()
    };
    assert_eq!(unchecked("2013-03-31"), ["add_on_table", "mue", "ptp"]);
    assert_eq!(unchecked("2013-04-01"), ["mue", "ptp"]);
    assert_eq!(unchecked("2024-06-30"), ["mue", "ptp"]);
    assert_eq!(unchecked("2024-07-01"), ["ptp"]);
}
