//! What can be done, up to what makes a difference: procedures of every kind, with every value of its facts and every pattern
//! of sites, of which only one is kept where several are coded alike in every era under every profile.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use spinecode_core::anatomy::Side;
use spinecode_core::date::ServiceDate;
use spinecode_core::facts::{FactRow, FactType, Facts, KindRow, Row};
use spinecode_core::render::key;
use spinecode_core::{RawCase, RawProcedure, RawSite, RawValue};
use spinecode_engine::{Engine, LocalEngine, Options};

/// Beyond this many combinations of a kind's facts, each is varied alone.
const MOST_COMBINATIONS: usize = 64;
/// Guidance of every sort; it is every kind's fact.
const GUIDANCE: &str = "guidance";

/// Patterns of neighbouring and distant levels, by interspace: one to five in a region, over each junction, in two regions.
const LEVELS: [&[&str]; 15] = [
    &["C4-C5"],
    &["C3-C4", "C4-C5"],
    &["C3-C4", "C4-C5", "C5-C6", "C6-C7"],
    &["C7-T1"],
    &["C6-C7", "C7-T1"],
    &["T6-T7"],
    &["T5-T6", "T6-T7", "T7-T8"],
    &["T12-L1"],
    &["T11-T12", "T12-L1"],
    &["T12-L1", "L1-L2"],
    &["L4-L5"],
    &["L4-L5", "L5-S1"],
    &["L3-L4", "L4-L5", "L5-S1"],
    &["L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"],
    &["C4-C5", "L4-L5"],
];
/// The same patterns by vertebra or root.
const BODIES: [&[&str]; 13] = [
    &["C5"],
    &["C5", "C6"],
    &["T7"],
    &["T7", "T8", "T9"],
    &["T12", "L1"],
    &["L4"],
    &["L4", "L5"],
    &["L3", "L4", "L5"],
    &["L2", "L3", "L4", "L5"],
    &["S1"],
    &["L5", "S1"],
    &["C5", "L4"],
    &["T7", "L4"],
];

/// One procedure, standing for all that are coded like it.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) procedure: RawProcedure,
}

impl Signature {
    /// In short.
    pub(crate) fn text(&self) -> String {
        let facts: Vec<String> = self
            .procedure
            .facts
            .iter()
            .map(|(fact, value)| format!("{fact}={value:?}"))
            .collect();
        let sites: Vec<String> = self
            .procedure
            .sites
            .iter()
            .map(|site| format!("{} {}", site.place, site.side.as_deref().unwrap_or("-")))
            .collect();
        let side = self.procedure.side.as_deref().unwrap_or("-");
        format!(
            "{} [{}] {side} {}",
            self.procedure.kind,
            sites.join(", "),
            facts.join(" ")
        )
    }
}

/// Where a case is done.
pub(crate) const PLACES: [(&str, &str); 3] = [
    ("professional", "11"),
    ("asc_facility", "24"),
    ("outpatient_hospital", "22"),
];

/// The days on which something that decides a code begins.
pub(crate) fn eras(facts: &Facts) -> Vec<ServiceDate> {
    let decides = [
        "codes.csv",
        "roles.csv",
        "guidance.csv",
        "choices.csv",
        "junctions.csv",
        "primaries.csv",
        "bundles.csv",
        "ptp_pairs.csv",
        "unit_limits.csv",
        "add_on_primaries.csv",
    ];
    let begins = |(table, row): (&str, &Row)| row.window.from.filter(|_| decides.contains(&table));
    let mut days: BTreeSet<ServiceDate> = facts.every_row().filter_map(begins).collect();
    days.extend(facts.coverage_from);
    days.into_iter()
        .filter(|day| facts.coverage_from.is_none_or(|first| first <= *day))
        .collect()
}

/// A case of procedures.
pub(crate) fn case(procedures: &[&Signature], on: ServiceDate, (setting, place): (&str, &str)) -> RawCase {
    RawCase {
        date_of_service: on.to_string(),
        setting: Some(setting.to_owned()),
        place_of_service: Some(place.to_owned()),
        procedures: procedures.iter().map(|one| one.procedure.clone()).collect(),
        ..RawCase::default()
    }
}

/// Every signature, one a way of being coded.
pub(crate) fn signatures(engine: &LocalEngine) -> (Vec<Signature>, usize) {
    let facts = engine.facts();
    let eras = eras(facts);
    let all: Vec<Signature> = facts
        .kinds
        .iter()
        .filter(|kind| kind.family.is_some())
        .flat_map(|kind| of_kind(facts, kind))
        .collect();
    let count = all.len();
    let keyed: Vec<(String, Signature)> = all
        .into_par_iter()
        .map(|signature| (coded(engine, &signature, &eras), signature))
        .collect();
    let mut kept: BTreeMap<String, Signature> = BTreeMap::new();
    for (key, signature) in keyed {
        kept.entry(key).or_insert(signature);
    }
    (kept.into_values().collect(), count)
}

/// How a signature is coded everywhere.
fn coded(engine: &LocalEngine, signature: &Signature, eras: &[ServiceDate]) -> String {
    let mut text = signature.procedure.kind.clone();
    for on in eras {
        for place in PLACES {
            for payer in engine.facts().profiles.keys() {
                let options = Options {
                    payer: Some(payer.to_string()),
                    ..Options::default()
                };
                text.push('\n');
                match engine.code(&case(&[signature], *on, place), &options) {
                    Ok(answer) => {
                        text.push_str(answer.status.as_str());
                        for line in answer.reported.iter().chain(&answer.billed) {
                            text.push(' ');
                            text.push_str(&key(line));
                        }
                        for one in &answer.not_reported {
                            text.push_str(&format!(" -{}:{}", one.code, one.reason));
                        }
                    }
                    Err(_) => text.push_str("refused"),
                }
            }
        }
    }
    text
}

fn of_kind(facts: &Facts, kind: &KindRow) -> Vec<Signature> {
    let own: Vec<&FactRow> = facts
        .kind_facts
        .get(&kind.kind)
        .map(|rows| rows.iter().collect())
        .unwrap_or_default();
    let guidance = facts.fact(&kind.kind, GUIDANCE);
    let mut combinations = vec![Vec::new()];
    let lists: Vec<(&FactRow, Vec<RawValue>)> = own
        .into_iter()
        .filter(|row| row.fact != GUIDANCE)
        .map(|row| (row, values(row)))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let product: usize = lists.iter().map(|(_, values)| values.len()).product();
    if product <= MOST_COMBINATIONS {
        for (row, values) in &lists {
            combinations = combinations
                .into_iter()
                .flat_map(|known: Vec<(String, RawValue)>| {
                    values.iter().map(move |value| {
                        let mut next = known.clone();
                        next.push((row.fact.to_string(), value.clone()));
                        next
                    })
                })
                .collect();
        }
    } else {
        let first: Vec<(String, RawValue)> = lists
            .iter()
            .filter_map(|(row, values)| Some((row.fact.to_string(), values.first()?.clone())))
            .collect();
        combinations = vec![first.clone()];
        for (at, (_, values)) in lists.iter().enumerate() {
            for value in values.iter().skip(1) {
                let mut next = first.clone();
                if let Some(slot) = next.get_mut(at) {
                    slot.1 = value.clone();
                }
                combinations.push(next);
            }
        }
    }
    let mut found = Vec::new();
    for facts_of in &combinations {
        for modality in guidance.map(values).unwrap_or_default() {
            for (sites, side) in places(kind) {
                let mut known = facts_of.clone();
                known.push((GUIDANCE.to_owned(), modality.clone()));
                found.push(Signature {
                    procedure: RawProcedure {
                        kind: kind.kind.to_string(),
                        sites,
                        side,
                        facts: known,
                        ..RawProcedure::default()
                    },
                });
            }
        }
    }
    found
}

/// Values worth trying.
fn values(row: &FactRow) -> Vec<RawValue> {
    match row.value_type {
        FactType::Word => row.values.iter().map(|word| RawValue::Word(word.to_string())).collect(),
        FactType::Flag => vec![RawValue::Flag(true), RawValue::Flag(false)],
        FactType::Number => row
            .values
            .iter()
            .filter_map(|number| number.parse().ok().map(RawValue::Number))
            .collect(),
        FactType::Words => {
            let all: Vec<String> = row.values.iter().map(|word| word.to_string()).collect();
            let mut sets: Vec<RawValue> = all.iter().map(|word| RawValue::Words(vec![word.clone()])).collect();
            sets.push(RawValue::Words(all));
            sets.push(RawValue::Words(Vec::new()));
            sets
        }
    }
}

/// Sites with their sides, or the side of a procedure without sites.
fn places(kind: &KindRow) -> Vec<(Vec<RawSite>, Option<String>)> {
    let sides: Vec<Option<String>> = if kind.sides.is_empty() {
        vec![None]
    } else {
        kind.sides.iter().map(|side| Some(side.as_str().to_owned())).collect()
    };
    let patterns: &[&[&str]] = match kind.sites.first().map(AsRef::as_ref) {
        Some("joint" | "interspace") => &LEVELS,
        Some("vertebra" | "foramen") => &BODIES,
        _ => return sides.into_iter().map(|side| (Vec::new(), side)).collect(),
    };
    let place_type = kind.sites.first().map(ToString::to_string).unwrap_or_default();
    let mut found = Vec::new();
    for pattern in patterns.iter().filter(|pattern| kind.counted || pattern.len() == 1) {
        let site = |place: &str, side: &Option<String>| RawSite {
            place_type: place_type.clone(),
            place: place.to_owned(),
            side: side.clone(),
        };
        for side in &sides {
            found.push((pattern.iter().map(|place| site(place, side)).collect(), None));
        }
        // One level on both sides, the others on one.
        if pattern.len() > 1 && sides.len() > 1 {
            let (both, one) = (Side::Bilateral.as_str().to_owned(), Side::Left.as_str().to_owned());
            let mixed = pattern.iter().enumerate().map(|(at, place)| {
                let side = if at == 0 { &both } else { &one };
                site(place, &Some(side.clone()))
            });
            found.push((mixed.collect(), None));
        }
    }
    found
}
