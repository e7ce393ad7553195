//! One clean claim of five lines through every layer, by the built-in rows and by a release where one is built.

#![allow(clippy::expect_used, reason = "a benchmark that cannot start says so")]

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::read::Claim;
use spinecode_core::edit::{Request, edit};
use spinecode_engine::{LocalEngine, Sources};

// The allocator of the command line, the server and the Python module.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLAIM: &str = r#"{"claim_id":"c1","person_id":"p1","payer":"medicare","claim_type":"professional",
 "place_of_service":"11","state":"OH","rendering_npi":"1","diagnoses":["M47.816"],"history":[],"lines":[
  {"code":"64493","modifiers":["50"],"date_of_service":"2024-07-05","diagnosis_pointers":["1"],"charge":"400"},
  {"code":"64494","modifiers":["50"],"date_of_service":"2024-07-05","diagnosis_pointers":["1"],"charge":"200"},
  {"code":"J1100","units":"4","date_of_service":"2024-07-05","diagnosis_pointers":["1"],"charge":"4"},
  {"code":"J0702","units":"2","date_of_service":"2024-07-05","diagnosis_pointers":["1"],"charge":"8"},
  {"code":"Q9966","units":"3","date_of_service":"2024-07-05","diagnosis_pointers":["1"],"charge":"3"}]}"#;

fn bench(bench: &mut Criterion) {
    let release = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/cms.release");
    let built = Some(release).filter(|file| file.exists());
    for release in std::iter::once(None).chain(built.map(Some)) {
        let by = if release.is_some() {
            "a release"
        } else {
            "built-in rows"
        };
        let engine = LocalEngine::open(&Sources {
            release,
            ..Sources::default()
        })
        .expect("an engine");
        let raw = RawClaim::from_json(CLAIM).expect("a claim");
        let claims = [Claim::read(&raw, engine.facts()).expect("a judged claim")];
        engine
            .by_tables(false, |tables| {
                let request = Request {
                    facts: engine.facts(),
                    tables,
                    release: None,
                    payer: None,
                    as_of: None,
                    engine: "bench",
                    alone: false,
                    repair: false,
                };
                bench.bench_function(&format!("edit a claim of five lines by {by}"), |b| {
                    b.iter(|| edit(request, &claims));
                });
                bench.bench_function(&format!("read and edit it by {by}"), |b| {
                    b.iter(|| {
                        let claim = Claim::read(&raw, engine.facts()).expect("a judged claim");
                        edit(request, std::slice::from_ref(&claim))
                    });
                });
            })
            .expect("whole tables");
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
