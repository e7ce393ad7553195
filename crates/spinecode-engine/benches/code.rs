//! One two-procedure case coded in process, by trace level, and with reading the raw case.

#![allow(clippy::expect_used, reason = "a benchmark that cannot start says so")]

use criterion::{Criterion, criterion_group, criterion_main};
use spinecode_core::TraceLevel;
use spinecode_engine::{Engine, LocalEngine, Options};

// The allocator of the command line, the server and the Python module.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CASE: &str = r#"{"date_of_service":"2024-03-05","place_of_service":"22","setting":"professional","payer":"medicare",
 "procedures":[
  {"kind":"facet_injection","target":"medial_branch","nerves":["L3","L4","L5"],"side":"left","guidance":"fluoroscopy"},
  {"kind":"vertebroplasty","levels":["T12","L1"],"guidance":"fluoroscopy"}]}"#;

fn code(bench: &mut Criterion) {
    let engine = LocalEngine::new().expect("built-in facts");
    let raw = spinecode_core::RawCase::from_json(CASE).expect("a case");
    let case = engine.prepare(&raw).expect("a judged case");
    for level in [TraceLevel::None, TraceLevel::Ids, TraceLevel::Full] {
        let options = Options {
            trace: level,
            ..Options::default()
        };
        bench.bench_function(&format!("code two procedures, trace {}", level.as_str()), |b| {
            b.iter(|| engine.code_prepared(&case, &options).expect("an answer"));
        });
    }
    let options = Options {
        trace: TraceLevel::None,
        ..Options::default()
    };
    bench.bench_function("judge and code two procedures, trace none", |b| {
        b.iter(|| engine.code(&raw, &options).expect("an answer"));
    });
    let coded = engine.code(&raw, &options).expect("an answer");
    bench.bench_function("canonical JSON of the answer", |b| b.iter(|| coded.canonical_json()));
}

criterion_group!(benches, code);
criterion_main!(benches);
