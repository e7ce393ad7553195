//! Limits of size, number, time and concurrency.

use std::time::Duration;

use spinecode_core::RawCase;
use spinecode_engine::{Engine, Options};
use spinecode_proto::v1::coding_service_client::CodingServiceClient;
use spinecode_proto::v1::{CodeCaseRequest, CodeCasesRequest};
use spinecode_server::{RemoteEngine, RemoteOptions, ServerConfig};
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::fake::{Fake, case};
use crate::raw::{channel, reason};
use crate::running::Running;

fn large(bytes: usize) -> RawCase {
    let mut large = case("large", "facet_injection");
    large.diagnoses = vec!["x".repeat(bytes)];
    large
}

fn bulk(kind: &str, count: usize) -> CodeCasesRequest {
    CodeCasesRequest {
        cases: (0..count).map(|at| (&case(&at.to_string(), kind)).into()).collect(),
        ..CodeCasesRequest::default()
    }
}

#[test]
fn a_request_too_large_is_refused_and_the_rest_go_on() {
    let server = Running::start(ServerConfig {
        max_message_bytes: 64 * 1024,
        ..ServerConfig::default()
    });
    let remote = RemoteEngine::connect(&server.url).unwrap();
    let options = Options::default();
    let refused = remote.code(&large(100_000), &options).unwrap_err();
    assert_eq!(refused.class(), "transport");
    assert!(refused.to_string().contains("too large"), "{refused}");
    // Above what is coded on the async thread, below the limit.
    assert_eq!(
        remote.code(&large(40_000), &options),
        Fake.code(&large(40_000), &options)
    );

    let mut asked: Vec<RawCase> = (0..300).map(|at| case(&at.to_string(), "facet_injection")).collect();
    for at in [0, 150, 151, 299] {
        asked[at] = large(100_000);
    }
    for (at, (remote, local)) in remote
        .code_many(&asked, &options)
        .iter()
        .zip(Fake.code_many(&asked, &options))
        .enumerate()
    {
        match at {
            0 | 150 | 151 | 299 => assert!(
                remote
                    .as_ref()
                    .is_err_and(|error| error.to_string().contains("too large"))
            ),
            _ => assert_eq!(remote, &local, "{at}"),
        }
    }
}

#[tokio::test]
async fn too_many_items_are_a_violation() {
    let server = Running::start(ServerConfig {
        max_bulk_items: 10,
        ..ServerConfig::default()
    });
    let mut client = CodingServiceClient::new(channel(&server).await);
    assert!(client.code_cases(bulk("facet_injection", 10)).await.is_ok());
    let status = client.code_cases(bulk("facet_injection", 11)).await.unwrap_err();
    assert_eq!(reason(&status), "ERROR_REASON_TOO_MANY");
}

#[tokio::test]
async fn a_call_past_the_deadline_ends_with_its_limit() {
    let server = Running::start(ServerConfig {
        request_deadline: Duration::from_millis(100),
        inline_bytes: 0,
        ..ServerConfig::default()
    });
    let mut client = CodingServiceClient::new(channel(&server).await);
    let status = client.code_cases(bulk("slow", 3)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(reason(&status), "ERROR_REASON_DEADLINE");
    let limit = status
        .get_details_error_info()
        .unwrap()
        .metadata
        .get("limit_millis")
        .cloned();
    assert_eq!(limit.as_deref(), Some("100"));

    let unary = CodeCaseRequest {
        case: Some((&case("slow", "slow")).into()),
        ..CodeCaseRequest::default()
    };
    assert_eq!(
        client.code_case(unary).await.unwrap_err().code(),
        Code::DeadlineExceeded
    );
    assert!(client.code_cases(bulk("facet_injection", 3)).await.is_ok());
}

#[tokio::test]
async fn a_callers_own_deadline_goes_before_the_servers() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let mut request = Request::new(bulk("slow", 20));
    request.set_timeout(Duration::from_millis(50));
    let before = std::time::Instant::now();
    assert!(client.code_cases(request).await.is_err());
    assert!(before.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_remote_engine_keeps_its_own_deadline() {
    let server = Running::start(ServerConfig::default());
    let options = RemoteOptions {
        deadline: Duration::from_millis(50),
        ..RemoteOptions::default()
    };
    let remote = RemoteEngine::connect_with(&server.url, &options).unwrap();
    let late = remote.code(&case("slow", "slow"), &Options::default()).unwrap_err();
    assert_eq!(late.to_string(), "transport: no answer within 50 ms");
    let many = remote.code_many(
        &[case("slow", "slow"), case("x", "facet_injection")],
        &Options::default(),
    );
    assert!(
        many.iter()
            .all(|answer| answer.as_ref().is_err_and(|error| error.class() == "transport"))
    );
}

#[tokio::test]
async fn calls_above_the_limit_are_refused_not_queued() {
    let server = Running::start(ServerConfig {
        max_concurrent_calls: 1,
        ..ServerConfig::default()
    });
    let mut client = CodingServiceClient::new(channel(&server).await);
    let mut other = client.clone();
    let first = tokio::spawn(async move { other.code_cases(bulk("slow", 4)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let status = client.code_cases(bulk("facet_injection", 1)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(reason(&status), "ERROR_REASON_OVERLOADED");
    assert!(first.await.unwrap().is_ok());
    assert!(client.code_cases(bulk("facet_injection", 1)).await.is_ok());
}
