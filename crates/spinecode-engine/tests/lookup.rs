//! Look-ups against what the sources say of codes: states, roles, what became of them and on which facts it hangs.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the helpers they share"
)]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use spinecode_engine::core::lookup::{Succession, WhenFact};
use spinecode_engine::{Engine, LocalEngine, Lookup, LookupOptions};

fn engine() -> &'static LocalEngine {
    static ENGINE: OnceLock<LocalEngine> = OnceLock::new();
    ENGINE.get_or_init(|| LocalEngine::new().unwrap())
}

fn asked(on: &str) -> LookupOptions {
    LookupOptions {
        on: Some(on.to_owned()),
        as_of: None,
    }
}

fn lookup(code: &str, on: &str) -> Lookup {
    engine().lookup(code, &asked(on)).unwrap()
}

fn when(facts: &[WhenFact]) -> String {
    let facts: Vec<String> = facts
        .iter()
        .map(|one| format!("{}={}", one.fact, one.values.join("|")))
        .collect();
    facts.join(" ")
}

/// `before -> after when facts`, with the change of unit where there is one.
fn told(list: &[Succession]) -> BTreeSet<String> {
    let codes =
        |codes: &[spinecode_engine::core::Code]| codes.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
    list.iter()
        .map(|one| {
            let unit = if one.unit_before == one.unit_after {
                String::new()
            } else {
                format!(" {}->{}", one.unit_before, one.unit_after)
            };
            format!(
                "{} {}->{} {}{unit}",
                one.first_day,
                codes(&one.before),
                codes(&one.after),
                when(&one.when)
            )
        })
        .collect()
}

fn holds(found: &BTreeSet<String>, wanted: &str) {
    assert!(found.contains(wanted), "`{wanted}` is not in {found:#?}");
}

#[test]
fn an_old_code_parts_by_the_guidance_into_its_successors() {
    let answer = lookup("64475", "2012-05-05");
    assert_eq!(answer.status, "ended");
    assert_eq!(answer.last_day.unwrap().to_string(), "2009-12-31");
    let found = told(&answer.replaced_by);
    holds(&found, "2010-01-01 64475+77003->64493 guidance=fluoroscopy");
    holds(&found, "2010-01-01 64475+77012->64493 guidance=ct");
    holds(&found, "2010-01-01 64475+76942->0216T guidance=ultrasound");
    holds(&found, "2010-01-01 64475->20552 guidance=none joint->encounter");
    let instead: Vec<(&str, &str)> = answer
        .instead
        .iter()
        .map(|one| (one.code.as_str(), one.relation.as_ref()))
        .collect();
    for code in ["64493", "0216T", "20552", "20553", "64999"] {
        assert!(instead.contains(&(code, "successor")), "{code}: {instead:?}");
    }
}

#[test]
fn a_new_code_names_what_it_replaced_and_the_change_of_unit() {
    let found = told(&lookup("64635", "2024-01-01").replaces);
    holds(
        &found,
        "2012-01-01 64622+77003->64635 guidance=fluoroscopy nerve->joint",
    );
    let found = told(&lookup("62328", "2021-01-01").replaces);
    holds(
        &found,
        "2020-01-01 62270+77003->62328 guidance=fluoroscopy purpose=diagnostic",
    );
    // The unguided code lives on, and says where the guided work went.
    let unguided = lookup("62270", "2021-01-01");
    assert_eq!(unguided.status, "alive");
    holds(
        &told(&unguided.replaced_by),
        "2020-01-01 62270+77012->62328 guidance=ct purpose=diagnostic",
    );
    // A region that is gone is found again by its places.
    holds(
        &told(&lookup("22510", "2016-01-01").replaces),
        "2015-01-01 22520+72291->22510 guidance=fluoroscopy",
    );
}

#[test]
fn a_code_before_its_first_day_names_what_was_used_then() {
    let answer = lookup("64493", "2009-12-31");
    assert_eq!(answer.status, "not_yet");
    let codes: BTreeSet<&str> = answer.instead.iter().map(|one| one.code.as_str()).collect();
    assert!(codes.contains("64475"), "{codes:?}");
    assert!(answer.instead.iter().all(|one| one.relation == "predecessor"));
    assert_eq!(lookup("64493", "2010-01-01").status, "alive");
}

#[test]
fn siblings_tell_by_what_they_differ() {
    let answer = lookup("64493", "2024-03-05");
    let sibling = |code: &str| answer.instead.iter().find(|one| one.code.as_str() == code).unwrap();
    let differs = |code: &str| -> Vec<String> {
        let list = sibling(code).differs.iter();
        list.map(|one| format!("{} {}", one.fact, one.there)).collect()
    };
    assert_eq!(differs("64490"), ["region cervical_thoracic"]);
    assert_eq!(differs("64494"), ["role second"]);
    assert_eq!(differs("0216T"), ["code_set ultrasound"]);
    assert_eq!(when(&sibling("0216T").ways[0].when), "guidance=ultrasound");
}

#[test]
fn what_goes_with_a_code_stands_in_its_layer() {
    let answer = lookup("64493", "2024-07-01");
    let add_ons: BTreeSet<(&str, &str)> = (answer.companions.iter())
        .map(|one| (one.code.as_str(), one.layer.as_ref()))
        .collect();
    assert!(add_ons.contains(&("64494", "code_set")) && add_ons.contains(&("64494", "add_on_table")));
    assert_eq!((answer.limits[0].units, answer.limits[0].mai), (1, 2));
    assert!(
        answer
            .pairs
            .iter()
            .any(|one| one.column2.as_str() == "77003" && one.bypassable)
    );
    let included: Vec<_> = answer.guidance.iter().filter(|one| one.effect == "included").collect();
    assert!(
        included
            .iter()
            .any(|one| one.codes.iter().any(|code| code.as_str() == "77003"))
    );
    assert_eq!(answer.life[0].laterality, "unilateral");
    let separate = lookup("62270", "2019-12-31");
    assert!(
        separate
            .guidance
            .iter()
            .any(|one| one.effect == "separate" && one.codes[0].as_str() == "77003")
    );
}

#[test]
fn never_and_nowhere_are_told_apart() {
    let misprint = lookup("72250", "2006-05-15");
    assert_eq!(misprint.status, "never_valid");
    assert_eq!(misprint.instead[0].code.as_str(), "72255");
    let nowhere = lookup("j3301", "2024-03-05");
    assert_eq!(
        (nowhere.status.as_ref(), nowhere.code.as_str()),
        ("not_in_loaded_lists", "J3301")
    );
    assert_eq!(nowhere.notices[0].reason, "not_checked");
    assert!(nowhere.life.is_empty() && nowhere.instead.is_empty());
}

#[test]
fn the_date_past_verification_is_told_and_an_assumed_date_too() {
    let answer = lookup("64493", "2026-11-21");
    assert!(answer.life[0].evidence.past_verification);
    assert!(answer.notices.iter().any(|one| one.reason == "past_verification"));
    let assumed = engine().lookup("64475", &LookupOptions::default()).unwrap();
    assert_eq!(assumed.on.to_string(), "2009-12-31");
    assert!(assumed.notices.iter().any(|one| one.reason == "date_assumed"));
}

#[test]
fn what_was_not_published_yet_is_not_told() {
    let asked = LookupOptions {
        on: Some("2024-03-05".to_owned()),
        as_of: Some("2019-12-31".to_owned()),
    };
    assert_eq!(engine().lookup("62328", &asked).unwrap().status, "not_in_loaded_lists");
    assert_eq!(engine().lookup("62270", &asked).unwrap().status, "alive");
}

#[test]
fn a_malformed_code_is_bad_input_with_near_ones() {
    let error = engine().lookup("6449", &asked("2004-12-31")).unwrap_err();
    let told: Vec<String> = error
        .violations()
        .iter()
        .map(|one| format!("{} {}", one.path, one.reason.as_str()))
        .collect();
    assert_eq!(told, ["code not_a_code", "on date_out_of_range"]);
    // Near ones are codes of the tables that a slip of the pen could have meant.
    let near = error.violations()[0].suggestion.as_deref().unwrap();
    assert!(engine().facts().codes.keys().any(|code| code.as_str() == near));
}

/// What must hold of every code of the tables, however they grow.
#[test]
fn every_code_of_the_tables_is_looked_up() {
    let facts = engine().facts();
    let mut codes: Vec<_> = facts.codes.keys().copied().collect();
    codes.sort();
    let days = [
        "2005-01-01",
        "2009-12-31",
        "2012-01-01",
        "2016-07-01",
        "2024-03-05",
        "2026-11-21",
    ];
    for (at, on) in days.into_iter().enumerate() {
        // Each code on two of the dates: all of them on all take minutes.
        for code in codes.iter().skip(at % 3).step_by(3) {
            let answer = lookup(code.as_str(), on);
            let life = &facts.codes[code];
            let alive = life
                .iter()
                .any(|row| !row.never_valid && row.row.window.holds(answer.on));
            assert_eq!(answer.status == "alive", alive, "{code} {on}");
            let json = answer.canonical_json();
            assert!(!json.contains("null"), "{code} {on}");
            assert_eq!(serde_json::from_str::<Lookup>(&json).unwrap(), answer, "{code} {on}");
            // Whatever is said to be used instead on a date lives on it.
            for one in &answer.instead {
                let rows = &facts.codes[&one.code];
                assert!(
                    rows.iter().any(|row| row.row.window.holds(answer.on)),
                    "{code} {on}: {}",
                    one.code
                );
            }
            let cited: BTreeSet<&str> = answer.citations.iter().map(|one| one.id.as_ref()).collect();
            for one in answer.life.iter().flat_map(|one| &one.evidence.citations) {
                assert!(cited.contains(one.as_ref()), "{code} {on}: {one}");
            }
        }
    }
}

#[test]
fn each_step_is_told_from_both_its_sides() {
    let facts = engine().facts();
    let mut codes: Vec<_> = facts.codes.keys().copied().collect();
    codes.sort();
    for code in &codes {
        for step in lookup(code.as_str(), "2024-03-05")
            .replaced_by
            .iter()
            .filter(|step| step.basis == "rows")
        {
            for other in &step.after {
                let back = lookup(other.as_str(), "2024-03-05");
                let named = back
                    .replaces
                    .iter()
                    .any(|one| one.first_day == step.first_day && one.before.contains(code));
                assert!(named, "{code} -> {other} on {}", step.first_day);
            }
        }
    }
}

#[test]
fn coverage_names_every_code_and_every_layer() {
    let coverage = engine().coverage(None, &LookupOptions::default()).unwrap();
    assert!(coverage.codes.len() >= engine().facts().codes.len());
    for one in &coverage.codes {
        assert_eq!(one.layers.len(), 8, "{}", one.code);
        for layer in &one.layers {
            assert_eq!(layer.holds, !layer.tables.is_empty(), "{} {}", one.code, layer.layer);
            assert_eq!(layer.holds, layer.reason.is_none(), "{} {}", one.code, layer.layer);
        }
    }
}
