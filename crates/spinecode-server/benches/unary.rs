//! What a unary CodeCase costs the server: CPU time of its only thread per call, against an echo of the same bytes.
//!
//! The echo is a plain tonic server without layers that gives back the bytes of the request unread. Calls go one after
//! another over one loopback connection, as from a client that waits for each answer. At the end the ratio is printed, the
//! median of rounds in which both take turns; the aim is at most 1.5.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark stops at its first fault"
)]

use std::convert::Infallible;
use std::future::Ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use criterion::Criterion;
use prost::Message;
use prost::bytes::Bytes;
use rustix::time::{ClockId, clock_gettime};
use spinecode_core::{RawCase, TraceLevel};
use spinecode_engine::{Engine, LocalEngine, Options};
use spinecode_proto::v1::coding_service_client::CodingServiceClient;
use spinecode_proto::v1::{self, CodeCaseRequest, RequestOptions};
use spinecode_server::{ServerConfig, bind};
use tokio::runtime::{Builder, Handle, Runtime};
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

const CASE: &str = r#"{"date_of_service":"2024-03-05","place_of_service":"22","setting":"professional","payer":"medicare",
 "procedures":[
  {"kind":"facet_injection","target":"medial_branch","nerves":["L3","L4","L5"],"side":"left","guidance":"fluoroscopy"},
  {"kind":"vertebroplasty","levels":["T12","L1"],"guidance":"fluoroscopy"}]}"#;
const ECHO: &str = "/bench.Echo/Echo";
const ROUNDS: usize = 15;
const CALLS: u64 = 1000;
/// Calls under way at once in the second comparison.
const TOGETHER: u64 = 16;

type Codec = ProstCodec<Bytes, Bytes>;

#[derive(Clone)]
struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "bench.Echo";
}

impl UnaryService<Bytes> for Echo {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        std::future::ready(Ok(Response::new(request.into_inner())))
    }
}

impl Service<http::Request<tonic::body::Body>> for Echo {
    type Response = http::Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<tonic::body::Body>) -> Self::Future {
        Box::pin(async move { Ok(Grpc::new(Codec::default()).unary(Echo, request).await) })
    }
}

/// A server whose work is all done by one thread.
struct Measured(Handle);

impl Measured {
    /// Starts a server; `start` gives its address and its service, which runs for ever.
    fn start<F: Future<Output = ()>>(start: impl AsyncFnOnce() -> (String, F) + Send + 'static) -> (Self, String) {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let (url, serving) = start().await;
                tell.send((Handle::current(), url)).expect("a reader");
                serving.await;
            });
        });
        let (handle, url) = told.recv().expect("a server");
        (Self(handle), url)
    }

    /// CPU time of the server's thread so far.
    async fn cpu(&self) -> Duration {
        let read = self.0.spawn(async {
            let time = clock_gettime(ClockId::ThreadCPUTime);
            Duration::new(
                time.tv_sec.unsigned_abs(),
                time.tv_nsec.unsigned_abs().try_into().unwrap_or(0),
            )
        });
        read.await.expect("the server's thread")
    }
}

async fn channel(url: String) -> Channel {
    let endpoint = Endpoint::from_shared(url).expect("an address").tcp_nodelay(true);
    endpoint.connect().await.expect("a connection")
}

/// One of the two: how to call it, and whose time it takes.
struct Subject {
    server: Measured,
    call: Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Subject {
    fn code(client: &Runtime, request: CodeCaseRequest) -> Self {
        let (server, url) = Measured::start(async || {
            let engine = Arc::new(LocalEngine::new().expect("built-in facts"));
            let server = bind(ServerConfig::default(), engine).await.expect("a port");
            let url = server.url();
            let serving = async move {
                server.serve(std::future::pending()).await.expect("a server");
            };
            (url, serving)
        });
        let coding = CodingServiceClient::new(client.block_on(channel(url)));
        Self {
            server,
            call: Box::new(move || {
                let (mut coding, request) = (coding.clone(), request.clone());
                Box::pin(async move {
                    coding.code_case(request).await.expect("an answer");
                })
            }),
        }
    }

    fn echo(client: &Runtime, bytes: Bytes) -> Self {
        let (server, url) = Measured::start(async || {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            let serving = async move {
                let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
                let server = Server::builder().add_service(Echo).serve_with_incoming(incoming);
                server.await.expect("a server");
            };
            (url, serving)
        });
        let channel = client.block_on(channel(url));
        Self {
            server,
            call: Box::new(move || {
                let mut client = tonic::client::Grpc::new(channel.clone());
                let request = Request::new(bytes.clone());
                Box::pin(async move {
                    client.ready().await.expect("a connection");
                    let path = http::uri::PathAndQuery::from_static(ECHO);
                    client.unary(request, path, Codec::default()).await.expect("an echo");
                })
            }),
        }
    }

    /// The server's CPU time of so many calls, so many of them at once.
    fn time(&self, client: &Runtime, calls: u64, together: u64) -> Duration {
        client.block_on(async {
            let before = self.server.cpu().await;
            for _ in 0..calls.div_ceil(together) {
                futures_util::future::join_all((0..together).map(|_| (self.call)())).await;
            }
            self.server.cpu().await - before
        })
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn compare(client: &Runtime, code: &Subject, echo: &Subject, together: u64) {
    let per_call = |time: Duration| time.as_secs_f64() * 1e6 / CALLS as f64;
    let (mut codes, mut echoes, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let echo = per_call(echo.time(client, CALLS, together));
        let code = per_call(code.time(client, CALLS, together));
        codes.push(code);
        echoes.push(echo);
        ratios.push(code / echo);
    }
    println!(
        "server CPU per call, {together} at once: CodeCase {:.1} us, echo {:.1} us, ratio {:.2}",
        median(codes),
        median(echoes),
        median(ratios)
    );
}

fn main() {
    let case = RawCase::from_json(CASE).expect("a case");
    let request = CodeCaseRequest {
        case: Some((&case).into()),
        options: Some(RequestOptions {
            trace_level: v1::TraceLevel::None.into(),
            ..RequestOptions::default()
        }),
        include_canonical_json: false,
    };
    let bytes = Bytes::from(request.encode_to_vec());
    let options = Options {
        trace: TraceLevel::None,
        ..Options::default()
    };
    let engine = LocalEngine::new().expect("built-in facts");
    let answer = v1::CodedCase::from(engine.code(&case, &options).expect("an answer"));
    println!("request {} bytes, answer {} bytes", bytes.len(), answer.encoded_len());

    let client = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let code = Subject::code(&client, request);
    let echo = Subject::echo(&client, bytes);

    let mut criterion = Criterion::default().configure_from_args();
    for (name, subject) in [
        ("server CPU of a unary CodeCase", &code),
        ("server CPU of an echo", &echo),
    ] {
        criterion.bench_function(name, |bench| {
            bench.iter_custom(|calls| subject.time(&client, calls, 1));
        });
    }
    criterion.final_summary();
    compare(&client, &code, &echo, 1);
    compare(&client, &code, &echo, TOGETHER);
}
