//! Stopping without breaking calls off, and what is logged.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use spinecode_proto::v1::coding_service_client::CodingServiceClient;
use spinecode_proto::v1::{CodeCaseRequest, CodeCaseStreamRequest, CodeCasesRequest};
use spinecode_server::{Drained, ServerConfig, serve_until_signal};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::fake::{Fake, case};
use crate::raw::{channel, reason};
use crate::running::Running;

fn slow(count: usize) -> CodeCasesRequest {
    CodeCasesRequest {
        cases: (0..count).map(|at| (&case(&at.to_string(), "slow")).into()).collect(),
        ..CodeCasesRequest::default()
    }
}

#[tokio::test]
async fn calls_under_way_finish_and_health_says_so() {
    let mut server = Running::start(ServerConfig {
        drain_notice: Duration::from_millis(100),
        ..ServerConfig::default()
    });
    let url = server.url.clone();
    let connection = channel(&server).await;
    let mut health = HealthClient::new(connection.clone())
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        health.message().await.unwrap().unwrap().status,
        ServingStatus::Serving as i32
    );
    let mut client = CodingServiceClient::new(connection);
    let under_way = tokio::spawn(async move { client.code_cases(slow(4)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;

    server.stop();
    assert_eq!(
        health.message().await.unwrap().unwrap().status,
        ServingStatus::NotServing as i32
    );
    assert!(health.message().await.unwrap().is_none(), "the watch ends");
    assert!(!server.is_finished());
    assert_eq!(under_way.await.unwrap().unwrap().into_inner().results.len(), 4);
    assert_eq!(
        tokio::task::spawn_blocking(|| server.wait()).await.unwrap(),
        Drained::Whole
    );
    assert!(Endpoint::from_shared(url).unwrap().connect().await.is_err());
}

#[tokio::test]
async fn a_stream_held_open_is_cut_off_at_the_drain_limit() {
    let server = Running::start(ServerConfig {
        drain_limit: Duration::from_millis(200),
        ..ServerConfig::default()
    });
    let mut client = CodingServiceClient::new(channel(&server).await);
    let (requests, waiting) = tokio::sync::mpsc::channel(1);
    let mut stream = client
        .code_case_stream(ReceiverStream::new(waiting))
        .await
        .unwrap()
        .into_inner();
    let request = CodeCaseStreamRequest {
        case: Some((&case("one", "facet_injection")).into()),
        ..CodeCaseStreamRequest::default()
    };
    requests.send(request).await.unwrap();
    assert!(stream.message().await.unwrap().is_some());
    let stopped = tokio::task::spawn_blocking(|| server.wait());
    let status = stream.message().await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Unavailable, "ERROR_REASON_STOPPING")
    );
    assert_eq!(stopped.await.unwrap(), Drained::CutOff);
}

#[cfg(unix)]
#[test]
fn a_signal_stops_the_server() {
    let (tell, told) = std::sync::mpsc::channel();
    let serving = std::thread::spawn(move || {
        serve_until_signal(ServerConfig::default(), Arc::new(Fake), |address| {
            tell.send(address).unwrap()
        })
    });
    let address = told.recv().unwrap();
    let remote = spinecode_server::RemoteEngine::connect(&address.to_string()).unwrap();
    assert!(spinecode_engine::Engine::info(&remote).is_ok());
    let kill = std::process::Command::new("kill")
        .arg("-TERM")
        .arg(std::process::id().to_string())
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(serving.join().unwrap().unwrap(), Drained::Whole);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_of_a_case_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    // A runtime of one thread, so that the log of this thread is the log of the server.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let server = spinecode_server::bind(ServerConfig::default(), Arc::new(Fake))
                .await
                .unwrap();
            let endpoint = Endpoint::from_shared(server.url()).unwrap();
            let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
            let serving = server.serve(async {
                let _ = stopped.await;
            });
            let asking = async {
                let mut client = CodingServiceClient::new(endpoint.connect().await.unwrap());
                for kind in ["facet_injection", "injection", "knowledge", "panic"] {
                    let mut case = case("Jane-Doe-1970", kind);
                    case.diagnoses = vec!["SECRET-DIAGNOSIS".into()];
                    case.procedures[0].performed_by = Some("Dr-Who".into());
                    let request = CodeCaseRequest {
                        case: Some((&case).into()),
                        ..CodeCaseRequest::default()
                    };
                    let _ = client.code_case(request).await;
                }
                drop(client);
                stop.send(()).unwrap();
            };
            let (served, ()) = tokio::join!(serving, asking);
            assert_eq!(served.unwrap(), Drained::Whole);
        });
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/spinecode.v1.CodingService/CodeCase"), "{log}");
    for secret in ["Jane-Doe", "SECRET", "Dr-Who", "L4-L5", "M54"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
