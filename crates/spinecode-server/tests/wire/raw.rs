//! The wire itself, as a client in any language sees it.

use prost::Message;
use spinecode_core::{RawCase, TraceLevel, text};
use spinecode_engine::{Engine, Options};
use spinecode_proto::google::r#type::Date;
use spinecode_proto::v1::code_case_result::Result as Outcome;
use spinecode_proto::v1::coding_service_client::CodingServiceClient;
use spinecode_proto::v1::info_service_client::InfoServiceClient;
use spinecode_proto::v1::{
    self, Case, CodeCaseRequest, CodeCaseStreamRequest, CodeCasesRequest, GetServerInfoRequest, RequestOptions,
};
use spinecode_server::ServerConfig;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_types::StatusExt;

use crate::fake::{Fake, case};
use crate::running::Running;

pub(crate) async fn channel(server: &Running) -> Channel {
    Endpoint::from_shared(server.url.clone())
        .unwrap()
        .connect()
        .await
        .unwrap()
}

fn asked(case: &RawCase) -> CodeCaseRequest {
    CodeCaseRequest {
        case: Some(case.into()),
        options: None,
        include_canonical_json: true,
    }
}

fn canonical(case: &RawCase, options: &Options) -> String {
    Fake.code(case, options).unwrap().canonical_json()
}

/// The reason that a status carries in its ErrorInfo.
pub(crate) fn reason(status: &Status) -> String {
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.domain, "spinecode.dev");
    info.reason
}

#[tokio::test]
async fn unary_gives_the_answer_and_its_canonical_json_when_asked() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let one = case("one", "facet_injection");
    let answer = client.code_case(asked(&one)).await.unwrap().into_inner();
    assert_eq!(answer.canonical_json, Some(canonical(&one, &Options::default())));
    let read = spinecode_core::CodedCase::try_from(answer).unwrap();
    assert_eq!(Ok(read), Fake.code(&one, &Options::default()));

    let mut plain = asked(&one);
    plain.include_canonical_json = false;
    assert_eq!(client.code_case(plain).await.unwrap().into_inner().canonical_json, None);
}

#[tokio::test]
async fn sentences_come_when_asked_for_and_are_the_cores() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let one = case("one", "facet_injection");
    let local = Fake.code(&one, &Options::default()).unwrap();
    let mut request = asked(&one);
    request.options = Some(RequestOptions {
        include_messages: true,
        ..RequestOptions::default()
    });
    let answer = client.code_case(request).await.unwrap().into_inner();
    assert_eq!(answer.canonical_json, Some(local.canonical_json()));
    let coded = answer.message().unwrap();
    assert_eq!(coded.notices[0].message, Some(text::notice(&local.notices[0])));
    assert_eq!(coded.withheld[0].message, Some(text::withheld(&local.withheld[0])));
    assert_eq!(
        coded.not_reported[0].message,
        Some(text::not_reported(&local.not_reported[0]))
    );

    let plain = client.code_case(asked(&one)).await.unwrap().into_inner();
    assert_eq!(plain.message().unwrap().notices[0].message, None);
}

#[tokio::test]
async fn bad_input_names_every_violation_in_standard_details() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let mut bad = case("bad", "injection");
    bad.procedures[0].side = Some("sideways".into());
    let status = client.code_case(asked(&bad)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(reason(&status), "ERROR_REASON_UNKNOWN_VALUE");
    let info = status.get_details_error_info().unwrap();
    for (key, value) in [
        ("path", "procedures[0].side"),
        ("value", "sideways"),
        ("violations", "2"),
        ("complete", "true"),
    ] {
        assert_eq!(info.metadata.get(key).map(String::as_str), Some(value), "{key}");
    }
    let fields = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = fields
        .iter()
        .map(|field| (field.field.as_str(), field.reason.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            ("procedures[0].side", "ERROR_REASON_UNKNOWN_VALUE"),
            ("procedures[0].kind", "ERROR_REASON_UNKNOWN_KIND")
        ]
    );
}

#[tokio::test]
async fn impossible_dates_and_values_of_newer_peers_are_violations() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    for (year, month, day) in [(2023, 2, 29), (2024, 0, 0), (0, 3, 5), (20240, 3, 5)] {
        let mut request = asked(&case("one", "facet_injection"));
        request.case.as_mut().unwrap().service_date = Some(Date { year, month, day });
        let status = client.code_case(request).await.unwrap_err();
        assert_eq!(reason(&status), "ERROR_REASON_NOT_ISO_DATE");
    }
    let mut request = asked(&case("one", "facet_injection"));
    request.case.as_mut().unwrap().procedures[0].side = 99;
    request.options = Some(RequestOptions {
        trace_level: 99,
        as_of_date: Some(Date::default()),
        ..RequestOptions::default()
    });
    let status = client.code_case(request).await.unwrap_err();
    let fields = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["trace_level", "as_of", "procedures[0].side"]);
}

#[tokio::test]
async fn bulk_gives_each_case_its_answer_or_its_error() {
    let server = Running::start(ServerConfig::default());
    let client = CodingServiceClient::new(channel(&server).await);
    let kinds = ["facet_injection", "injection", "facet_denervation", "knowledge"];
    let cases: Vec<RawCase> = (0..200).map(|at| case(&at.to_string(), kinds[at % 4])).collect();
    let request = CodeCasesRequest {
        cases: cases.iter().map(Into::into).collect(),
        options: Some(RequestOptions {
            trace_level: v1::TraceLevel::None.into(),
            ..RequestOptions::default()
        }),
        include_canonical_json: true,
    };
    let options = Options {
        trace: TraceLevel::None,
        ..Options::default()
    };
    for encoding in [None, Some(CompressionEncoding::Gzip), Some(CompressionEncoding::Zstd)] {
        let mut client = client.clone();
        if let Some(encoding) = encoding {
            client = client.send_compressed(encoding).accept_compressed(encoding);
        }
        let response = client.code_cases(request.clone()).await.unwrap();
        let told = response
            .metadata()
            .get("grpc-encoding")
            .map(|value| value.to_str().unwrap().to_owned());
        let expected = encoding.map(|encoding| {
            if encoding == CompressionEncoding::Gzip {
                "gzip"
            } else {
                "zstd"
            }
        });
        assert_eq!(told.as_deref(), expected);
        let results = response.into_inner().results;
        assert_eq!(results.len(), cases.len());
        for (at, (result, case)) in results.into_iter().zip(&cases).enumerate() {
            match result.result.unwrap() {
                Outcome::CodedCase(_) => {
                    assert_eq!(at % 2, 0);
                    assert_eq!(result.canonical_json, Some(canonical(case, &options)));
                }
                Outcome::Error(status) => {
                    let code = [Code::InvalidArgument, Code::FailedPrecondition][at % 4 / 2];
                    assert_eq!((at % 2, Code::from(status.code)), (1, code));
                    assert_eq!(result.canonical_json, None);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stream_answers_in_order_with_the_callers_ids_and_options() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let kind = |at: usize| if at % 7 == 3 { "injection" } else { "facet_injection" };
    let payer = |at: usize| at.is_multiple_of(5).then(|| "medicare".to_owned());
    let requests = (0..500).map(move |at| CodeCaseStreamRequest {
        request_id: format!("r{at}"),
        case: Some(Case::from(&case(&at.to_string(), kind(at)))),
        options: payer(at).map(|payer| RequestOptions {
            payer: Some(payer),
            ..RequestOptions::default()
        }),
        include_canonical_json: at % 2 == 0,
    });
    let mut stream = client
        .code_case_stream(tokio_stream::iter(requests))
        .await
        .unwrap()
        .into_inner();
    let mut seen = 0;
    while let Some(response) = stream.message().await.unwrap() {
        assert_eq!(response.request_id, format!("r{seen}"));
        let result = response.result.unwrap();
        let options = Options {
            payer: payer(seen),
            ..Options::default()
        };
        match result.result.unwrap() {
            Outcome::CodedCase(_) => {
                let expected = (seen % 2 == 0).then(|| canonical(&case(&seen.to_string(), kind(seen)), &options));
                assert_eq!(result.canonical_json, expected);
            }
            Outcome::Error(status) => assert_eq!((seen % 7, status.code), (3, Code::InvalidArgument as i32)),
        }
        seen += 1;
    }
    assert_eq!(seen, 500);
}

#[tokio::test]
async fn a_stream_answers_a_client_that_waits_for_each_answer() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let (requests, waiting) = tokio::sync::mpsc::channel(1);
    let mut stream = client
        .code_case_stream(ReceiverStream::new(waiting))
        .await
        .unwrap()
        .into_inner();
    for at in 0..50 {
        let request = CodeCaseStreamRequest {
            request_id: at.to_string(),
            case: Some(Case::from(&case("one", "facet_injection"))),
            ..CodeCaseStreamRequest::default()
        };
        requests.send(request).await.unwrap();
        assert_eq!(stream.message().await.unwrap().unwrap().request_id, at.to_string());
    }
    drop(requests);
    assert!(stream.message().await.unwrap().is_none());
}

#[tokio::test]
async fn health_and_reflection_name_the_services() {
    let server = Running::start(ServerConfig::default());
    let channel = channel(&server).await;
    for service in ["", "spinecode.v1.CodingService", "spinecode.v1.InfoService"] {
        let request = HealthCheckRequest {
            service: service.into(),
        };
        let health = HealthClient::new(channel.clone())
            .check(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(health.status, ServingStatus::Serving as i32, "{service}");
    }

    let ask = |message_request| {
        tokio_stream::iter([ServerReflectionRequest {
            host: String::new(),
            message_request: Some(message_request),
        }])
    };
    let mut reflection = ServerReflectionClient::new(channel.clone());
    let list = reflection
        .server_reflection_info(ask(MessageRequest::ListServices(String::new())))
        .await;
    let listed = list
        .unwrap()
        .into_inner()
        .next()
        .await
        .unwrap()
        .unwrap()
        .message_response;
    let Some(MessageResponse::ListServicesResponse(listed)) = listed else {
        panic!("a list");
    };
    let names: Vec<_> = listed.service.into_iter().map(|service| service.name).collect();
    for service in [
        "spinecode.v1.CodingService",
        "spinecode.v1.InfoService",
        "grpc.health.v1.Health",
    ] {
        assert!(names.contains(&service.to_owned()), "{service} in {names:?}");
    }
    let symbol = MessageRequest::FileContainingSymbol("spinecode.v1.ErrorReason".into());
    let found = reflection
        .server_reflection_info(ask(symbol))
        .await
        .unwrap()
        .into_inner()
        .next()
        .await;
    assert!(matches!(
        found.unwrap().unwrap().message_response,
        Some(MessageResponse::FileDescriptorResponse(_))
    ));

    let info = InfoServiceClient::new(channel)
        .get_server_info(GetServerInfoRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(info.limits.unwrap().max_bulk_items, 10_000);
}

#[tokio::test]
async fn an_empty_request_is_judged_as_an_empty_case() {
    let server = Running::start(ServerConfig::default());
    let mut client = CodingServiceClient::new(channel(&server).await);
    let status = client.code_case(CodeCaseRequest::default()).await.unwrap_err();
    assert_eq!(reason(&status), "ERROR_REASON_NOT_ISO_DATE");
    assert!(!status.details().is_empty());
    let violations = tonic_types::pb::Status::decode(status.details()).unwrap().details;
    assert!(
        violations
            .iter()
            .any(|any| any.type_url == "type.googleapis.com/spinecode.v1.Violations")
    );
}
