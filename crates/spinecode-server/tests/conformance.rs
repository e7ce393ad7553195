//! The questions of `tests/conformance` over a real socket: remote answers are those of the engine in process, whole, and a
//! client in another language gets the same bytes. What the answers must say is judged in process by `spinecode-engine`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at its first fault"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use prost::Message;
use serde_json::Value;
use spinecode_core::explain::{Canonical, WhatIf};
use spinecode_core::{CodedCase, RawCase, TraceLevel};
use spinecode_engine::{Engine, Error, LocalEngine, Options};
use spinecode_proto::{coded_case_bytes, v1};
use spinecode_server::{RemoteEngine, ServerConfig, bind};

/// One question: a case under a profile.
struct Question {
    name: String,
    case: RawCase,
    options: Options,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

/// The case of an ask: the shared facts, its date, its changes.
fn case_of(shared: &Value, ask: &Value) -> Value {
    let mut case = shared.clone();
    case["date_of_service"] = ask["on"].clone();
    for (path, value) in ask["change"].as_object().into_iter().flatten() {
        let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
        let pointer = parent
            .split('.')
            .filter(|step| !step.is_empty())
            .map(|step| format!("/{step}"));
        let parent = case
            .pointer_mut(&pointer.collect::<String>())
            .expect("a path of the case");
        match (parent, value) {
            (Value::Object(object), Value::Null) => {
                object.remove(last);
            }
            (Value::Object(object), value) => {
                object.insert(last.to_owned(), value.clone());
            }
            (parent, value) => parent[last.parse::<usize>().expect("a position")] = value.clone(),
        }
    }
    case
}

/// Every question in the order of the Node client: files by path, cases, asks; `cpt`, then the other profiles named.
fn questions() -> Vec<Question> {
    let folder = root().join("tests/conformance");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    let mut questions = Vec::new();
    for path in paths {
        let file: Value = serde_yaml_ng::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            for ask in case["asks"].as_array().unwrap() {
                let mut profiles = vec!["cpt".to_owned()];
                if ask["error"].is_null() {
                    let named = ["billed", "withheld"].iter().filter_map(|key| ask[key].as_object());
                    let mut named: Vec<String> = named.flatten().map(|(profile, _)| profile.clone()).collect();
                    named.sort();
                    named.dedup();
                    profiles.extend(named.into_iter().filter(|profile| profile != "cpt"));
                }
                for profile in profiles {
                    questions.push(Question {
                        name: format!("{}: {} {profile} {}", path.display(), case["name"], ask["on"]),
                        case: RawCase::from_value(&case_of(&case["case"], ask)).unwrap(),
                        options: Options {
                            payer: Some(profile),
                            as_of: ask["as_of"].as_str().map(str::to_owned),
                            release: None,
                            trace: TraceLevel::Ids,
                        },
                    });
                }
            }
        }
    }
    questions
}

fn serve() -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let engine = Arc::new(LocalEngine::new().unwrap());
            let server = bind(ServerConfig::default(), engine).await.unwrap();
            tell.send(server.url()).unwrap();
            server.serve(std::future::pending()).await.unwrap();
        });
    });
    told.recv().unwrap()
}

#[test]
fn remote_answers_are_those_of_the_engine_in_process() {
    let local = LocalEngine::new().unwrap();
    let remote = RemoteEngine::connect(&serve()).unwrap();
    assert_eq!(remote.info(), local.info());
    for rule in local.info().unwrap().rules {
        assert_eq!(remote.rule(&rule), local.rule(&rule));
    }
    assert_eq!(remote.rule("no-such-rule"), local.rule("no-such-rule"));

    let questions = questions();
    assert!(questions.len() > 500, "the conformance cases are there");
    for Question { name, case, options } in &questions {
        for trace in [TraceLevel::None, TraceLevel::Ids, TraceLevel::Full] {
            let options = Options {
                trace,
                ..options.clone()
            };
            let (local, remote) = (local.code(case, &options), remote.code(case, &options));
            assert_eq!(remote, local, "{name}");
            let bytes = |answer: &Result<CodedCase, Error>| answer.as_ref().map(CodedCase::canonical_json).ok();
            assert_eq!(bytes(&remote), bytes(&local), "{name}");
        }
    }
    let cases: Vec<RawCase> = questions.into_iter().map(|question| question.case).collect();
    let options = Options::default();
    assert!(remote.code_many(&cases, &options) == local.code_many(&cases, &options));
}

#[test]
fn answers_written_straight_to_bytes_are_the_messages_of_prost() {
    let local = LocalEngine::new().unwrap();
    for Question { name, case, options } in questions() {
        for trace in [TraceLevel::None, TraceLevel::Ids, TraceLevel::Full] {
            let options = Options {
                trace,
                ..options.clone()
            };
            if let Ok(answer) = local.code(&case, &options) {
                let written = coded_case_bytes(&answer, false);
                assert_eq!(written, v1::CodedCase::from(answer).encode_to_vec(), "{name}");
            }
        }
    }
}

/// The line that the Node client writes of an answer.
fn line(answer: &Result<CodedCase, Error>) -> String {
    match answer {
        Ok(coded) => coded.canonical_json(),
        Err(error) => {
            let violations = error.violations().iter();
            let told: Vec<String> = violations
                .map(|one| format!("{} {}", one.path, one.reason.as_str()))
                .collect();
            serde_json::json!({ "error": told }).to_string()
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
    let out = tempfile::NamedTempFile::new().unwrap();
    let run = Command::new("node")
        .arg(node.join("conformance.mjs"))
        .arg(serve())
        .arg(root().join("tests/conformance"))
        .arg("--out")
        .arg(out.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    print!("{said}");

    let local = LocalEngine::new().unwrap();
    let written = std::fs::read_to_string(out.path()).unwrap();
    let questions = questions();
    assert_eq!(written.lines().count(), questions.len());
    for (Question { name, case, options }, written) in questions.iter().zip(written.lines()) {
        assert_eq!(written, line(&local.code(case, options)), "{name}");
    }
}

#[test]
fn remote_explanations_are_those_of_the_engine_in_process() {
    let local = LocalEngine::new().unwrap();
    let remote = RemoteEngine::connect(&serve()).unwrap();
    let mut codes: Vec<String> = local.facts().codes.keys().map(ToString::to_string).collect();
    codes.sort();
    let changes = [
        vec!["payer=medicare".to_owned()],
        vec!["date_of_service=2009-12-31".to_owned()],
        vec![
            "procedures.0.guidance=unknown".to_owned(),
            "setting=asc_facility".to_owned(),
        ],
        vec!["guidance".to_owned()],
    ];
    for (at, Question { name, case, options }) in questions().iter().enumerate() {
        assert_eq!(remote.explain(case, options), local.explain(case, options), "{name}");
        let code = &codes[at * 7 % codes.len()];
        let why = local.why_not(case, code, options);
        assert_eq!(remote.why_not(case, code, options), why, "{name} {code}");
        let change = &changes[at % changes.len()];
        let what_if = local.what_if(case, change, options);
        let far = remote.what_if(case, change, options);
        assert_eq!(far, what_if, "{name} {change:?}");
        let json = |told: &Result<WhatIf, Error>| told.as_ref().map(Canonical::canonical_json).ok();
        assert_eq!(json(&far), json(&what_if));
        if at % 8 == 0 {
            assert_eq!(remote.eras(case, options), local.eras(case, options), "{name}");
        }
    }
    assert!(remote.why_not(&questions()[0].case, "6", &Options::default()).is_err());
}
