//! Answers that explain themselves: why not, what if, over all eras.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at its first fault"
)]

use serde_json::{Value, json};
use spinecode_core::explain::{Canonical, WhyNot, eras_text, explained_text, what_if_text, why_not_text};
use spinecode_core::render::key;
use spinecode_core::{RawCase, Status};
use spinecode_engine::{Engine, LocalEngine, Options};

fn engine() -> LocalEngine {
    LocalEngine::new().unwrap()
}

fn case(on: &str, procedures: Value) -> RawCase {
    let case = json!({
        "date_of_service": on, "place_of_service": "11", "setting": "professional", "procedures": procedures,
    });
    RawCase::from_value(&case).unwrap()
}

fn facet(levels: &[&str]) -> Value {
    json!([{"kind": "facet_injection", "target": "joint", "levels": levels, "side": "left", "guidance": "fluoroscopy"}])
}

fn why(case: &RawCase, code: &str, payer: &str) -> WhyNot {
    let options = Options {
        payer: Some(payer.to_owned()),
        ..Options::default()
    };
    engine().why_not(case, code, &options).unwrap()
}

fn first_change(why: &WhyNot) -> (String, String) {
    let change = why.changes.first().unwrap_or_else(|| panic!("{}", why_not_text(why)));
    (change.change.path.clone(), change.change.value.clone())
}

#[test]
fn each_condition_has_its_reason_and_its_smallest_change() {
    let one = case("2024-03-05", facet(&["L4-L5"]));
    for (code, reason, change) in [
        ("64493", "reported", None),
        (
            "64494",
            "level_not_reached",
            Some(("procedures[0].levels", "L3-L4,L4-L5")),
        ),
        ("64490", "other_region", Some(("procedures[0].levels", "T12-L1,L4-L5"))),
        ("20552", "other_code_set", None),
        (
            "0216T",
            "other_code_set",
            Some(("procedures[0].guidance", "ultrasound")),
        ),
        ("64475", "deleted", Some(("date_of_service", "2009-12-31"))),
        ("77003", "guidance_included", Some(("date_of_service", "2009-12-31"))),
        ("62270", "no_procedure_of_its_family", None),
        ("99999", "no_code_list", None),
    ] {
        let why = why(&one, code, "cpt");
        assert_eq!(why.reason, reason, "{code}: {}", why_not_text(&why));
        if let Some((path, value)) = change {
            assert_eq!(first_change(&why), (path.to_owned(), value.to_owned()), "{code}");
        }
    }
    let early = case("2009-12-31", facet(&["L4-L5"]));
    let not_yet = why(&early, "64493", "cpt");
    assert_eq!(not_yet.reason, "not_yet_live");
    assert_eq!(not_yet.args["from"], "2010-01-01");
    assert_eq!(first_change(&not_yet), ("date_of_service".into(), "2010-01-01".into()));
}

#[test]
fn an_unknown_fact_is_the_smallest_change() {
    let open = case(
        "2024-03-05",
        json!([{"kind": "lumbar_puncture", "levels": ["L3-L4"], "purpose": "diagnostic"}]),
    );
    let why = why(&open, "62328", "cpt");
    assert_eq!(why.reason, "needs_facts");
    assert_eq!(why.subject.as_deref(), Some("procedures[0].guidance"));
    assert_eq!(first_change(&why).0, "procedures[0].guidance");
}

#[test]
fn a_line_kept_off_the_claim_says_by_what() {
    let both = case(
        "2011-03-05",
        json!([
            {"id": "a", "kind": "facet_denervation", "levels": ["L4-L5"], "side": "left", "guidance": "fluoroscopy",
             "technique": "radiofrequency"},
            {"id": "b", "kind": "facet_injection", "levels": ["L2-L3"], "side": "left", "guidance": "fluoroscopy"},
        ]),
    );
    let why = why(&both, "64493", "medicare");
    assert_eq!(why.reason, "kept_off_the_claim", "{}", why_not_text(&why));
    assert_eq!(why.args["layer"], "ptp");
    assert!(why.row.is_some() && !why.citations.is_empty());
    assert!(why.changes.iter().any(|change| change.change.path == "payer"));
}

#[test]
fn every_change_proposed_does_what_it_says() {
    let engine = engine();
    let cases = [
        case("2024-03-05", facet(&["L4-L5"])),
        case("2008-03-05", facet(&["C4-C5", "C5-C6"])),
        case(
            "2024-03-05",
            json!([{"kind": "facet_denervation", "levels": ["T12-L1"], "side": "bilateral", "guidance": "none",
                    "technique": "radiofrequency"}]),
        ),
    ];
    let mut codes: Vec<_> = engine.facts().codes.keys().copied().collect();
    codes.sort();
    let (mut proposed, mut asked) = (0, 0);
    for case in &cases {
        for code in &codes {
            let why = engine.why_not(case, code.as_str(), &Options::default()).unwrap();
            asked += 1;
            for remedy in &why.changes {
                proposed += 1;
                let change = format!("{}={}", remedy.change.path, remedy.change.value);
                let then = engine.what_if(case, std::slice::from_ref(&change), &Options::default());
                let then = then.unwrap();
                assert_eq!(then.after.billed, remedy.billed, "{code} {change}");
                assert!(
                    then.after.reported.iter().any(|line| line.code == *code),
                    "{code} {change}"
                );
            }
        }
    }
    assert!(proposed > 15, "{proposed} of {asked}");
}

#[test]
fn what_if_tells_what_differs_and_nothing_else() {
    let engine = engine();
    let one = case("2024-03-05", facet(&["L4-L5"]));
    let same = engine
        .what_if(&one, &["guidance=fluoroscopy".into()], &Options::default())
        .unwrap();
    assert!(same.difference.is_empty());
    let both = engine
        .what_if(&one, &["side=bilateral".into()], &Options::default())
        .unwrap();
    assert_eq!(both.difference.billed.changed.len(), 1);
    assert_eq!(key(&both.difference.billed.changed[0].after), "64493-50");
    let more = engine
        .what_if(
            &one,
            &["levels=L4-L5,L5-S1".into(), "date_of_service=2009-12-31".into()],
            &Options::default(),
        )
        .unwrap();
    let new: Vec<String> = more.difference.billed.new.iter().map(key).collect();
    assert_eq!(new, ["64475-LT", "64476-LT", "77003"]);
    let asked = engine
        .what_if(&one, &["guidance=unknown".into()], &Options::default())
        .unwrap();
    assert_eq!(asked.after.status, Status::NeedsFacts);
    assert_eq!(asked.difference.questions_new.len(), 2);
    assert!(what_if_text(&asked).contains("question +"));
}

#[test]
fn changes_at_fault_are_told_like_any_input() {
    let engine = engine();
    let one = case("2024-03-05", facet(&["L4-L5"]));
    for (change, path) in [
        ("guidance", "change"),
        ("guidence=ct", "guidence"),
        ("guidance=xray", "procedures[0].guidance"),
        ("procedures.7.guidance=ct", "procedures"),
        ("levels=L4-L6", "procedures[0].levels[0]"),
        ("date_of_service=March", "date_of_service"),
    ] {
        let error = engine.what_if(&one, &[change.into()], &Options::default()).unwrap_err();
        assert_eq!(error.violations()[0].path, path, "{change}: {error}");
    }
    let two = case(
        "2024-03-05",
        json!([
            {"id": "a", "kind": "facet_injection", "levels": ["L4-L5"], "side": "left", "guidance": "ct"},
            {"id": "b", "kind": "facet_injection", "levels": ["L5-S1"], "side": "left", "guidance": "ct"},
        ]),
    );
    let error = engine
        .what_if(&two, &["guidance=none".into()], &Options::default())
        .unwrap_err();
    assert!(error.violations()[0].expected.contains("procedures.0.guidance"));
    assert!(
        engine
            .what_if(&two, &["procedures.b.guidance=fluoroscopy".into()], &Options::default())
            .is_ok()
    );
    assert!(engine.why_not(&two, "6449", &Options::default()).is_err());
}

#[test]
fn the_answer_is_the_same_on_the_first_and_last_day_of_a_stretch_and_differs_on_the_next() {
    let engine = engine();
    let one = case("2024-03-05", facet(&["T12-L1", "L1-L2"]));
    for payer in ["cpt", "medicare"] {
        let options = Options {
            payer: Some(payer.into()),
            ..Options::default()
        };
        let eras = engine.eras(&one, &options).unwrap();
        assert!(eras.stretches.len() >= 3, "{}", eras_text(&eras));
        assert_eq!(eras.turns.len() + 1, eras.stretches.len());
        assert_eq!(eras.stretches[0].from.to_string(), "2005-01-01");
        assert!(eras.stretches.last().unwrap().last_day.is_none());
        for (stretch, next) in eras.stretches.iter().zip(eras.stretches.iter().skip(1)) {
            assert_eq!(stretch.last_day.unwrap().next(), next.from);
            for day in [stretch.from, stretch.last_day.unwrap()] {
                let mut that_day = one.clone();
                that_day.date_of_service = day.to_string();
                let coded = engine.code(&that_day, &options).unwrap();
                assert_eq!(
                    coded.billed.iter().map(key).collect::<Vec<_>>(),
                    stretch.billed.iter().map(key).collect::<Vec<_>>()
                );
            }
        }
        for turn in &eras.turns {
            assert!(!turn.difference.is_empty());
            assert!(
                !turn.began.is_empty() || !turn.ended.is_empty(),
                "{}: {turn:?}",
                turn.on
            );
            assert!(
                turn.began
                    .iter()
                    .chain(&turn.ended)
                    .all(|note| !note.citations.is_empty())
            );
        }
    }
}

#[test]
fn every_reported_line_stands_in_the_tree_on_its_rule_and_rows() {
    let engine = engine();
    let one = case("2008-03-05", facet(&["C4-C5", "C5-C6"]));
    let explained = engine.explain(&one, &Options::default()).unwrap();
    let lines: Vec<_> = explained.tree.iter().filter(|node| node.what == "line").collect();
    assert_eq!(lines.len(), explained.coded.reported.len());
    for line in lines {
        let has = |what: &str| line.children.iter().any(|child| child.what == what);
        assert!(has("rule") && has("choose"), "{}", explained_text(&explained));
        assert!(line.children.iter().any(|child| !child.citations.is_empty()));
    }
    assert!(explained_text(&explained).contains("64472"));
    let back: spinecode_core::explain::Explained = serde_json::from_str(&explained.canonical_json()).unwrap();
    assert_eq!(back.canonical_json(), explained.canonical_json());
}
