//! The questions of `tests/claims` over a real socket: remote reports are those of the engine in process, whole, and a client in
//! another language gets the same bytes. What the reports must say is judged in process by `spinecode-engine`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at its first fault"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::report::EditReport;
use spinecode_engine::{EditOptions, Engine, Error, LocalEngine};
use spinecode_server::{RemoteEngine, ServerConfig, bind};

#[path = "../../spinecode-engine/tests/support/claims.rs"]
mod support;
use support::{Asked, Engines, asks};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every question that can be asked, in the order of its files.
fn questions() -> Vec<(String, Asked)> {
    let all = asks(&root().join("tests/claims"));
    all.into_iter()
        .filter_map(|(name, asked)| Some((name, asked.ok()?)))
        .collect()
}

/// Serves an engine on a thread of its own.
fn serve(engine: Arc<dyn Engine>) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let server = bind(ServerConfig::default(), engine).await.unwrap();
            tell.send(server.url()).unwrap();
            server.serve(std::future::pending()).await.unwrap();
        });
    });
    told.recv().unwrap()
}

fn bytes(reports: &[Result<EditReport, Error>]) -> Vec<String> {
    let each = reports.iter();
    each.map(|report| match report {
        Ok(report) => report.canonical_json(),
        Err(error) => error.to_json(),
    })
    .collect()
}

#[test]
fn remote_reports_are_those_of_the_engine_in_process() {
    let engines = Engines::open();
    let mut servers: BTreeMap<Option<String>, RemoteEngine> = BTreeMap::new();
    let questions = questions();
    assert!(questions.len() > 50, "the cases are there");
    for (name, asked) in &questions {
        let remote = servers.entry(asked.release.clone()).or_insert_with(|| {
            let engine = Engines::one(asked.release.as_deref());
            RemoteEngine::connect(&serve(Arc::new(engine))).unwrap()
        });
        let near = engines.of(asked).edit(&asked.claims, &asked.options);
        let far = remote.edit(&asked.claims, &asked.options);
        assert_eq!(bytes(&far), bytes(&near), "{name}");
        assert_eq!(far, near, "{name}");
    }
}

#[test]
fn many_claims_at_once_are_reported_as_in_process() {
    let local = LocalEngine::new().unwrap();
    let remote = RemoteEngine::connect(&serve(Arc::new(LocalEngine::new().unwrap()))).unwrap();
    let mut claims: Vec<RawClaim> = Vec::new();
    for (at, (_, asked)) in questions().into_iter().enumerate() {
        // Each question's claims are of a person of their own, some of two.
        claims.extend(asked.claims.into_iter().map(|claim| RawClaim {
            person_id: Some(format!("p{}", at / 2)),
            ..claim
        }));
    }
    for alone in [false, true] {
        let options = EditOptions {
            alone,
            ..EditOptions::default()
        };
        let (far, near) = (remote.edit(&claims, &options), local.edit(&claims, &options));
        for (at, (far, near)) in far.iter().zip(&near).enumerate() {
            assert_eq!(far, near, "{at}");
        }
    }
}

#[test]
fn a_client_in_another_language_gets_the_same_bytes() {
    let node = root().join("tests/node");
    if Command::new("node").arg("--version").output().is_err() {
        println!("skipped: Node is absent");
        return;
    }
    if !node.join("node_modules").is_dir() {
        println!("skipped: the Node client is not installed; run `npm ci` in tests/node");
        return;
    }
    // The Node client's server has no release.
    let questions: Vec<Asked> = questions()
        .into_iter()
        .map(|(_, asked)| asked)
        .filter(|asked| asked.release.is_none())
        .collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    support::write(file.path(), &Engines::open(), &questions);
    let asked = std::fs::read_to_string(file.path()).unwrap();
    assert!(asked.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let run = Command::new("node")
        .arg(node.join("claims.mjs"))
        .arg(serve(Arc::new(LocalEngine::new().unwrap())))
        .arg(file.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    print!("{said}");
}
