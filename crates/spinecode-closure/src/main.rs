//! Proof by exhaustion: every combination of up to three procedures, over eras and profiles, is coded and its claim edited; the
//! two must agree. Beside it, cases that differ only in what makes no difference must be answered alike.
//!
//! `cargo xtask closure` runs it in a release build; `--help` tells the parts.

mod agree;
mod equivalent;
mod random;
mod signature;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use rayon::prelude::*;
use spinecode_engine::LocalEngine;

use crate::agree::{Tally, agree};
use crate::random::Random;
use crate::signature::{PLACES, Signature, case, eras, signatures};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(
    name = "closure",
    about = "Code and edit agree over every combination",
    max_term_width = 100
)]
struct Cli {
    /// Triples drawn at random; every one with `--all`
    #[arg(long, default_value_t = 1_000_000)]
    triples: u64,
    /// Pairs of equivalent raw cases drawn at random
    #[arg(long, default_value_t = 1_000_000)]
    equivalent: u64,
    /// Every triple, which takes hours
    #[arg(long)]
    all: bool,
    /// What the random draws begin with
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let engine = match LocalEngine::new() {
        Ok(engine) => engine,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::FAILURE;
        }
    };
    let begun = Instant::now();
    let (signatures, before) = signatures(&engine);
    let eras = eras(engine.facts());
    let profiles: Vec<String> = engine.facts().profiles.keys().map(ToString::to_string).collect();
    println!(
        "{} signatures, {} coded differently; {} eras, {} profiles, {} settings",
        before,
        signatures.len(),
        eras.len(),
        profiles.len(),
        PLACES.len()
    );
    let run = |picked: &[&Signature], era: usize, profile: usize, place: usize| -> Tally {
        let (Some(on), Some(payer), Some(place)) = (eras.get(era), profiles.get(profile), PLACES.get(place)) else {
            return Tally::default();
        };
        agree(&engine, &case(picked, *on, *place), payer, || {
            picked.iter().map(|one| one.text()).collect::<Vec<_>>().join(" + ")
        })
    };
    // Every era, profile and setting of a combination.
    let everywhere = |picked: &[&Signature]| -> Tally {
        let mut tally = Tally::default();
        for era in 0..eras.len() {
            for profile in 0..profiles.len() {
                for place in 0..PLACES.len() {
                    tally = tally.and(run(picked, era, profile, place));
                }
            }
        }
        tally
    };
    let mut faults = 0;
    let singles = signatures
        .par_iter()
        .map(|one| everywhere(&[one]))
        .reduce(Tally::default, Tally::and);
    faults += tell("singles", &singles, begun);
    // Each pair once, its era, profile and setting by turns, so that all meet.
    let pairs = (0..signatures.len())
        .into_par_iter()
        .map(|first| {
            let mut tally = Tally::default();
            for second in first..signatures.len() {
                let (Some(one), Some(other)) = (signatures.get(first), signatures.get(second)) else {
                    continue;
                };
                let turn = first + second;
                for profile in 0..profiles.len() {
                    let era = (turn * 7 + profile) % eras.len().max(1);
                    tally = tally.and(run(&[one, other], era, profile, turn % PLACES.len()));
                }
            }
            tally
        })
        .reduce(Tally::default, Tally::and);
    faults += tell("pairs", &pairs, begun);
    let triples = if cli.all {
        (0..signatures.len())
            .into_par_iter()
            .map(|first| {
                let mut tally = Tally::default();
                for second in first..signatures.len() {
                    for third in second..signatures.len() {
                        let picked: Vec<&Signature> = [first, second, third]
                            .iter()
                            .filter_map(|at| signatures.get(*at))
                            .collect();
                        let turn = first + second * 3 + third * 5;
                        tally = tally.and(run(
                            &picked,
                            turn % eras.len().max(1),
                            turn % profiles.len().max(1),
                            turn % PLACES.len(),
                        ));
                    }
                }
                tally
            })
            .reduce(Tally::default, Tally::and)
    } else {
        (0..cli.triples)
            .into_par_iter()
            .map(|turn| {
                let mut random = Random::new(cli.seed, turn);
                let picked: Vec<&Signature> = (0..3)
                    .filter_map(|_| signatures.get(random.below(signatures.len())))
                    .collect();
                run(
                    &picked,
                    random.below(eras.len()),
                    random.below(profiles.len()),
                    random.below(PLACES.len()),
                )
            })
            .reduce(Tally::default, Tally::and)
    };
    faults += tell("triples", &triples, begun);
    let (tried, unlike) = equivalent::run(&engine, cli.equivalent, cli.seed);
    println!(
        "equivalent: {tried} pairs of raw cases that differ only in levels' names, writing and order; {} answered unlike ({:.0} s)",
        unlike.len(),
        begun.elapsed().as_secs_f64()
    );
    for one in unlike.iter().take(10) {
        println!("  {one}");
    }
    faults += unlike.len() as u64;
    if faults == 0 {
        println!("closure: code and edit agree");
        ExitCode::SUCCESS
    } else {
        println!("closure: {faults} disagreements");
        ExitCode::FAILURE
    }
}

/// Tells what came of a part, and gives its disagreements.
fn tell(what: &str, tally: &Tally, begun: Instant) -> u64 {
    println!(
        "{what}: {} cases asked, {} coded, {} claims edited, {} disagreements ({:.0} s)",
        tally.cases,
        tally.coded,
        tally.claims,
        tally.disagreements,
        begun.elapsed().as_secs_f64()
    );
    for (layer, (real, not)) in &tally.layers {
        println!("  {}: {real} lines judged, {not} not checked", layer.as_str());
    }
    for fault in &tally.faults {
        println!("  {fault}");
    }
    tally.disagreements
}
