//! The remote engine against the engine in process, whole answers compared.

use spinecode_core::{RawCase, RawProcedure, RawSite, RawValue, TraceLevel};
use spinecode_engine::{Engine, Error, Options};
use spinecode_server::{CodingClient, RemoteEngine, RemoteOptions, ServerConfig};

use crate::fake::{Fake, case};
use crate::running::Running;

/// The engine's words after its own panic never reach a client.
fn is_fault_of_the_server(answer: &Result<spinecode_core::CodedCase, Error>) -> bool {
    matches!(answer, Err(Error::Transport(text)) if text.contains("a fault of the server") && !text.contains("told to"))
}

fn cases() -> Vec<RawCase> {
    let mut full = case("full", "facet_injection");
    full.place_of_service = Some("22".into());
    full.setting = Some("professional".into());
    full.payer = Some("medicare".into());
    full.state = Some("OH".into());
    full.procedures.push(RawProcedure {
        id: Some("p2".into()),
        kind: "facet_denervation".into(),
        sites: vec![RawSite {
            place_type: "nerve".into(),
            place: "L5".into(),
            side: Some("right".into()),
        }],
        performed_by: Some("A".into()),
        encounter: Some("1".into()),
        distinct_from: vec!["p1".into()],
        facts: vec![
            ("contrast".into(), RawValue::Flag(true)),
            ("guidance".into(), RawValue::Word("ct".into())),
            ("imaged_regions".into(), RawValue::Words(vec![])),
            ("muscles".into(), RawValue::Number(-3)),
        ],
        ..RawProcedure::default()
    });
    let mut bad = case("bad", "injection");
    bad.date_of_service = "2023-02-29".into();
    bad.procedures[0].side = Some("Left".into());
    let mut unwritten = case("unwritten", "facet_injection");
    unwritten.date_of_service = "03/05/2024".into();
    let misread = RawCase::from_json(r#"{"date_of_service": "2024-03-05", "procedure": [], "state": 7}"#).unwrap();
    let mut many = case("many", "injection");
    many.procedures = vec![many.procedures[0].clone(); 400];
    vec![
        RawCase::default(),
        case("one", "facet_injection"),
        full,
        bad,
        unwritten,
        misread,
        case("knowledge", "knowledge"),
        many,
    ]
}

fn options() -> Vec<Options> {
    let asked = |as_of: Option<&str>, release: Option<&str>, trace| Options {
        payer: Some("medicare".into()),
        as_of: as_of.map(str::to_owned),
        release: release.map(str::to_owned),
        trace,
    };
    vec![
        Options::default(),
        asked(Some("2024-07-01"), None, TraceLevel::None),
        asked(Some("2024-7-1"), None, TraceLevel::Full),
        asked(None, Some("r1"), TraceLevel::Ids),
    ]
}

#[test]
fn remote_answers_and_errors_are_those_of_the_engine() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(&server.url).unwrap();
    for options in options() {
        for case in cases() {
            let (local, remote) = (Fake.code(&case, &options), remote.code(&case, &options));
            assert_eq!(remote, local, "{:?}", case.case_id);
            if let (Ok(local), Ok(remote)) = (local, remote) {
                assert_eq!(remote.canonical_json(), local.canonical_json());
                assert_eq!(remote.hash(), local.hash());
            }
        }
    }
    assert_eq!(remote.info(), Fake.info());
    assert_eq!(remote.rule("FJI-004"), Fake.rule("FJI-004"));
    assert_eq!(remote.rule("FJI-4"), Fake.rule("FJI-4"));
    assert_eq!(
        remote.code_json("{", &Options::default()),
        Fake.code_json("{", &Options::default())
    );
}

#[test]
fn many_cases_come_back_in_order_with_bad_ones_in_place() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(&server.url).unwrap();
    let mut asked: Vec<RawCase> = (0..1000).map(|at| case(&at.to_string(), "facet_injection")).collect();
    for (at, odd) in cases().into_iter().enumerate() {
        asked[at * 113 + 7] = odd;
    }
    for options in options() {
        assert!(remote.code_many(&asked, &options) == Fake.code_many(&asked, &options));
    }
    assert_eq!(remote.code_many(&[], &Options::default()), []);
}

#[test]
fn an_engine_that_panics_is_a_fault_of_the_server_and_nothing_else_breaks() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(&server.url).unwrap();
    assert!(is_fault_of_the_server(
        &remote.code(&case("p", "panic"), &Options::default())
    ));
    let answers = remote.code_many(&[case("p", "panic"), case("q", "facet_injection")], &Options::default());
    assert_eq!(answers.len(), 2);
    assert!(is_fault_of_the_server(&answers[0]));
    assert!(remote.code(&case("q", "facet_injection"), &Options::default()).is_ok());
}

#[test]
fn gzip_changes_nothing() {
    let server = Running::start(ServerConfig::default());
    let options = RemoteOptions {
        compress: true,
        ..RemoteOptions::default()
    };
    let remote = RemoteEngine::connect_with(&server.url, &options).unwrap();
    let asked = cases();
    for options in self::options() {
        assert_eq!(remote.code_many(&asked, &options), Fake.code_many(&asked, &options));
        assert_eq!(remote.code(&asked[2], &options), Fake.code(&asked[2], &options));
    }
    assert_eq!(remote.info(), Fake.info());
}

#[test]
fn a_connection_shared_by_threads_answers_each() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(server.url.trim_start_matches("http://")).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let remote = &remote;
            scope.spawn(move || {
                for at in 0..20 {
                    let case = case(&format!("{thread}-{at}"), "facet_injection");
                    assert_eq!(
                        remote.code(&case, &Options::default()),
                        Fake.code(&case, &Options::default())
                    );
                }
            });
        }
    });
}

#[tokio::test]
async fn a_blocking_engine_inside_a_runtime_says_what_to_use_instead() {
    let server = Running::start(ServerConfig::default());
    let refused = RemoteEngine::connect(&server.url).unwrap_err();
    assert!(
        matches!(&refused, Error::Unsupported(text) if text.contains("CodingClient")),
        "{refused}"
    );

    let url = server.url.clone();
    let remote = std::thread::spawn(move || RemoteEngine::connect(&url).unwrap())
        .join()
        .unwrap();
    let asked = case("one", "facet_injection");
    assert_eq!(
        remote.code(&asked, &Options::default()).unwrap_err().class(),
        "unsupported"
    );
    assert_eq!(
        remote
            .code_many(std::slice::from_ref(&asked), &Options::default())
            .len(),
        1
    );
    // Dropping it here must not panic.
    drop(remote);

    let client = CodingClient::connect(&server.url, &RemoteOptions::default())
        .await
        .unwrap();
    assert_eq!(
        client.code(&asked, &Options::default()).await,
        Fake.code(&asked, &Options::default())
    );
}

#[test]
fn a_server_that_is_not_there_is_a_transport_error() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let refused = RemoteEngine::connect(&format!("http://{free}")).unwrap_err();
    assert_eq!(refused.class(), "transport");
    assert!(refused.to_string().contains(&free.to_string()), "{refused}");
    assert_eq!(RemoteEngine::connect("ftp://x").unwrap_err().class(), "transport");
}
