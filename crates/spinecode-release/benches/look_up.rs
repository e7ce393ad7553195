//! Opening a release and asking it, on invented tables of fixed size.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test panics"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use spinecode_core::date::View;
use spinecode_core::tables::{Program, Tables as _};
use spinecode_core::{Code, ServiceDate};
use spinecode_release::{Input, Load, MueTable, Options, PtpTable, Release, build};

/// Codes; each stands over so many others, as in the practitioner table.
const CODES: u32 = 5000;
const FAN: u32 = 500;

fn name(number: u32) -> String {
    format!("{}{:04}", char::from(b'A' + (number / 1000) as u8), number % 1000)
}

fn release() -> Vec<u8> {
    let mut pairs = String::from(
        "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier 0=not allowed\tPTP Edit Rationale\r\n",
    );
    let mut limits =
        String::from("HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n");
    for one in 0..CODES {
        for step in 1..=FAN {
            // A step that shares no factor with the number of codes, so that no pair stands twice.
            let other = (one + step * 7) % CODES;
            pairs.push_str(&format!(
                "{}\t{}\t\t20{:02}0101\t*\t{}\tMisuse of Column Two code with Column One code\r\n",
                name(one),
                name(other),
                step % 24,
                step % 2
            ));
        }
        limits.push_str(&format!(
            "{},{},2 Date of Service Edit: Policy,CMS Policy\r\n",
            name(one),
            one % 9
        ));
    }
    let inputs = [
        Input::from_bytes("ccipra-v302r0.TXT", pairs.into_bytes()),
        Input::from_bytes("MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", limits.into_bytes()),
    ];
    build(&inputs, None, &Options::default()).unwrap().bytes().to_vec()
}

fn look_up(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cms.release");
    let bytes = release();
    let pairs = CODES * FAN;
    println!(
        "{pairs} pairs, {} bytes, {} a pair",
        bytes.len(),
        bytes.len() as f64 / f64::from(pairs)
    );
    std::fs::write(&path, &bytes).unwrap();
    criterion.bench_function("open, 2,500,000 pairs", |bencher| {
        bencher.iter(|| Release::open(black_box(&path), Load::Map).unwrap());
    });
    let view = View {
        on: ServiceDate::parse("2024-08-01").unwrap(),
        as_of: None,
    };
    let code = |number: u32| Code::parse(&name(number % CODES)).unwrap();
    criterion.bench_function("open, and the first question", |bencher| {
        bencher.iter(|| {
            let release = Release::open(black_box(&path), Load::Map).unwrap();
            release
                .pairs(code(0), code(7), view, PtpTable::Practitioner)
                .unwrap()
                .count()
        });
    });
    let release = Release::open(&path, Load::Map).unwrap();
    let hits: Vec<(Code, Code)> = (0..1024)
        .map(|at| (code(at * 37), code(at * 37 + 7 * (at % FAN + 1))))
        .collect();
    let misses: Vec<(Code, Code)> = (0..1024).map(|at| (code(at * 37), code(at * 37 + 3))).collect();
    let mut at = 0;
    for (what, codes, expected) in [
        ("pair that stands", &hits, true),
        ("pair that does not", &misses, false),
    ] {
        criterion.bench_function(what, |bencher| {
            bencher.iter(|| {
                at = (at + 1) % codes.len();
                let (one, other) = codes[at];
                let pair = release.pairs(one, other, view, PtpTable::Practitioner).unwrap().next();
                assert_eq!(
                    pair.is_some_and(|pair| pair.is_bypassable() || pair.column1() == one),
                    expected
                );
            });
        });
    }
    let tables = release.loaded();
    criterion.bench_function("pair, as the rules ask it", |bencher| {
        bencher.iter(|| {
            at = (at + 1) % hits.len();
            let (one, other) = hits[at];
            tables.pair(Program::Practitioner, one, other, view).unwrap().is_some()
        });
    });
    criterion.bench_function("limit", |bencher| {
        bencher.iter(|| {
            at = (at + 1) % hits.len();
            release
                .limits(hits[at].0, view, MueTable::Practitioner)
                .unwrap()
                .unwrap()
                .units()
        });
    });
}

criterion_group!(benches, look_up);
criterion_main!(benches);
