//! Raw cases that agree in all that matters (kinds, facts, and per region how many levels left, right and both) must be answered
//! alike, whatever their levels are called, in whatever order and writing they come.

use rayon::prelude::*;
use spinecode_core::answer::CodedCase;
use spinecode_core::render::key;
use spinecode_core::{RawCase, RawProcedure, RawSite};
use spinecode_engine::{Engine, LocalEngine, Options};

use crate::random::Random;
use crate::signature::{PLACES, Signature, case, eras, signatures};

/// Levels inside a region, away from its junctions: one may stand for another.
const INTERSPACES: [&[&str]; 3] = [
    &["C3-C4", "C4-C5", "C5-C6"],
    &["T3-T4", "T4-T5", "T5-T6", "T6-T7", "T7-T8", "T8-T9"],
    &["L1-L2", "L2-L3", "L3-L4", "L4-L5"],
];
/// The same by vertebra or root.
const BODIES: [&[&str]; 3] = [
    &["C3", "C4", "C5", "C6"],
    &["T3", "T4", "T5", "T6", "T7", "T8", "T9"],
    &["L2", "L3", "L4"],
];
/// Site types whose members can stand for each other.
const TYPES: [(&str, &[&[&str]]); 4] = [
    ("joint", &INTERSPACES),
    ("interspace", &INTERSPACES),
    ("vertebra", &BODIES),
    ("foramen", &BODIES),
];
const SIDES: [&str; 3] = ["left", "right", "bilateral"];

/// Draws pairs of equivalent cases; gives how many, and those answered unlike.
pub(crate) fn run(engine: &LocalEngine, count: u64, seed: u64) -> (u64, Vec<String>) {
    let (mut signatures, _) = signatures(engine);
    // The pattern of sites is drawn here; one signature a kind and set of facts is enough.
    signatures.sort_by_key(Signature::text);
    let eras = eras(engine.facts());
    let profiles: Vec<String> = engine.facts().profiles.keys().map(ToString::to_string).collect();
    let unlike: Vec<String> = (0..count)
        .into_par_iter()
        .filter_map(|turn| {
            let mut random = Random::new(seed, turn);
            let picked: Vec<&Signature> = (0..1 + random.below(2))
                .filter_map(|_| signatures.get(random.below(signatures.len())))
                .collect();
            let on = eras.get(random.below(eras.len()))?;
            let place = PLACES.get(random.below(PLACES.len()))?;
            let payer = profiles.get(random.below(profiles.len()))?;
            let mut one = case(&picked, *on, *place);
            redraw(engine, &mut one, &mut random);
            let other = renamed(&one, &mut random);
            let options = Options {
                payer: Some(payer.clone()),
                ..Options::default()
            };
            let (first, second) = (engine.code(&one, &options), engine.code(&other, &options));
            let alike = match (&first, &second) {
                (Ok(first), Ok(second)) => answer(first) == answer(second),
                (Err(first), Err(second)) => first.violations().len() == second.violations().len(),
                _ => false,
            };
            (!alike).then(|| format!("{payer} {} | {}", one.to_value(), other.to_value()))
        })
        .collect();
    (count, unlike)
}

/// What of an answer must be alike.
fn answer(coded: &CodedCase) -> (&'static str, Vec<String>, Vec<String>) {
    let keys = |lines: &[spinecode_core::Line]| {
        let mut keys: Vec<String> = lines.iter().map(key).collect();
        keys.sort();
        keys
    };
    (coded.status.as_str(), keys(&coded.reported), keys(&coded.billed))
}

fn levels_of(place_type: &str) -> Option<&'static [&'static [&'static str]]> {
    TYPES
        .iter()
        .find(|(name, _)| *name == place_type)
        .map(|(_, levels)| *levels)
}

/// Draws new sites for procedures that are done at counted levels.
fn redraw(engine: &LocalEngine, case: &mut RawCase, random: &mut Random) {
    for procedure in &mut case.procedures {
        let Some(kind) = engine.facts().kind(&procedure.kind).filter(|kind| kind.counted) else {
            continue;
        };
        let place_type = kind.sites.first().map(ToString::to_string).unwrap_or_default();
        let Some(regions) = levels_of(&place_type) else {
            continue;
        };
        procedure.sites.clear();
        procedure.side = None;
        for _ in 0..1 + random.below(5) {
            let Some(place) = regions
                .get(random.below(regions.len()))
                .and_then(|places| places.get(random.below(places.len())))
            else {
                continue;
            };
            if procedure.sites.iter().any(|site| site.place == *place) {
                continue;
            }
            let side = SIDES.get(random.below(SIDES.len())).filter(|_| !kind.sides.is_empty());
            procedure.sites.push(RawSite {
                place_type: place_type.clone(),
                place: (*place).to_owned(),
                side: side.map(|side| (*side).to_owned()),
            });
        }
    }
}

/// The same case with its levels called otherwise, in another order and writing.
fn renamed(case: &RawCase, random: &mut Random) -> RawCase {
    let mut next = case.clone();
    let mut types: Vec<&str> = case
        .procedures
        .iter()
        .flat_map(|procedure| procedure.sites.iter().map(|site| site.place_type.as_str()))
        .collect();
    types.sort_unstable();
    types.dedup();
    // Where levels of several types meet, another name could part what met: then only order and writing change.
    if let [only] = types.as_slice()
        && let Some(regions) = levels_of(only)
    {
        for region in regions {
            let mut names: Vec<&str> = region.to_vec();
            random.shuffle(&mut names);
            for (procedure, old) in next.procedures.iter_mut().zip(&case.procedures) {
                for (site, was) in procedure.sites.iter_mut().zip(&old.sites) {
                    if let Some(at) = region.iter().position(|name| *name == was.place)
                        && let Some(name) = names.get(at)
                    {
                        site.place = (*name).to_owned();
                    }
                }
            }
        }
    }
    for procedure in &mut next.procedures {
        random.shuffle(&mut procedure.sites);
        for site in &mut procedure.sites {
            site.place = rewritten(&site.place, random);
        }
    }
    name(&mut next.procedures);
    random.shuffle(&mut next.procedures);
    next
}

/// Gives procedures ids, so that their order can change.
fn name(procedures: &mut [RawProcedure]) {
    for (at, procedure) in procedures.iter_mut().enumerate() {
        procedure.id.get_or_insert_with(|| format!("p{}", at + 1));
    }
}

/// `L4-L5` is `L4-5` and `L4/L5` too.
fn rewritten(place: &str, random: &mut Random) -> String {
    let Some((upper, lower)) = place.split_once('-') else {
        return place.to_owned();
    };
    match random.below(4) {
        0 => format!("{upper}/{lower}"),
        1 if upper.get(..1) == lower.get(..1) => format!("{upper}-{}", lower.get(1..).unwrap_or_default()),
        2 => place.to_lowercase(),
        _ => place.to_owned(),
    }
}
