//! What a unary CodeCase costs the server: CPU time of its only thread per call, against an echo of the same bytes.
//!
//! Both echoes read nothing: they take the bytes of the request and give the bytes of the answer, so that all move the same
//! bytes over the wire.
//!
//! - *echo behind the same server*: a service of our own server, behind its layers and with its codings. The ratio to it says
//!   what coding costs beside carrying the bytes; the aim is at most 1.5.
//! - *bare echo*: a tonic server with nothing round it. The ratio to it says what the whole of our server costs.
//!
//! Calls go one after another over one loopback connection, as from a client that waits for each answer, and then several at
//! once. A ratio is the median of rounds in which the servers take turns.

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
use spinecode_proto::v1::{self, CodeCaseRequest, CodeCaseResponse, RequestOptions};
use spinecode_server::{ServerConfig, bind};
use tokio::runtime::{Builder, Handle, Runtime};
use tonic::codec::{CompressionEncoding, EnabledCompressionEncodings};
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

// The allocator of `spinecode serve`; the echoes have it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CASE: &str = r#"{"date_of_service":"2024-03-05","place_of_service":"22","setting":"professional","payer":"medicare",
 "procedures":[
  {"kind":"facet_injection","target":"medial_branch","nerves":["L3","L4","L5"],"side":"left","guidance":"fluoroscopy"},
  {"kind":"vertebroplasty","levels":["T12","L1"],"guidance":"fluoroscopy"}]}"#;
const ECHO: &str = "/bench.Echo/Echo";
const ROUNDS: usize = 101;
/// Calls of a round: few, so that what else the machine does falls on all servers alike.
const CALLS: u64 = 160;
/// Calls under way at once in the second comparison.
const TOGETHER: u64 = 16;

type Codec = ProstCodec<Bytes, Bytes>;

/// Answers every request with these bytes.
#[derive(Clone)]
struct Echo(Bytes);

impl NamedService for Echo {
    const NAME: &'static str = "bench.Echo";
}

impl UnaryService<Bytes> for Echo {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        let mut response = Response::new(self.0.clone());
        response.disable_compression();
        std::future::ready(Ok(response))
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
        let echo = self.clone();
        // The codings that CodingService takes.
        let mut codings = EnabledCompressionEncodings::default();
        codings.enable(CompressionEncoding::Gzip);
        codings.enable(CompressionEncoding::Zstd);
        Box::pin(async move {
            let grpc = Grpc::new(Codec::default());
            let mut grpc = grpc.apply_compression_config(codings, codings);
            Ok(grpc.unary(echo, request).await)
        })
    }
}

/// A server whose work is all done by one thread.
struct Measured(Handle);

impl Measured {
    /// Starts a server; `start` gives its address and its service, which runs for ever.
    fn start<F: Future<Output = ()>>(
        name: &str,
        start: impl AsyncFnOnce() -> (String, F) + Send + 'static,
    ) -> (Self, String) {
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name(name.to_owned());
        let run = move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let (url, serving) = start().await;
                tell.send((Handle::current(), url)).expect("a reader");
                serving.await;
            });
        };
        thread.spawn(run).expect("a thread");
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

/// Our own server, with an echo where wanted.
async fn ours(echo: Option<Echo>) -> (String, impl Future<Output = ()>) {
    let engine = Arc::new(LocalEngine::new().expect("built-in facts"));
    let mut server = bind(ServerConfig::default(), engine).await.expect("a port");
    if let Some(echo) = echo {
        server = server.add_service(echo);
    }
    let url = server.url();
    let serving = async move {
        server.serve(std::future::pending()).await.expect("a server");
    };
    (url, serving)
}

async fn channel(url: String) -> Channel {
    let endpoint = Endpoint::from_shared(url).expect("an address").tcp_nodelay(true);
    endpoint.connect().await.expect("a connection")
}

/// Something to be called: how, and whose time it takes.
struct Subject {
    server: Measured,
    call: Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Subject {
    fn code(client: &Runtime, request: CodeCaseRequest) -> Self {
        let (server, url) = Measured::start("code", async || ours(None).await);
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

    fn echo_behind_ours(client: &Runtime, request: Bytes, echo: Echo) -> Self {
        let (server, url) = Measured::start("echo", async move || ours(Some(echo)).await);
        Self::of_echo(client, server, url, request)
    }

    fn bare_echo(client: &Runtime, request: Bytes, echo: Echo) -> Self {
        let (server, url) = Measured::start("bare", async move || {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            let serving = async move {
                let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
                let server = Server::builder().add_service(echo).serve_with_incoming(incoming);
                server.await.expect("a server");
            };
            (url, serving)
        });
        Self::of_echo(client, server, url, request)
    }

    fn of_echo(client: &Runtime, server: Measured, url: String, bytes: Bytes) -> Self {
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

fn compare(client: &Runtime, code: &Subject, echoes: [(&str, &Subject); 2], together: u64) {
    let per_call = |subject: &Subject| subject.time(client, CALLS, together).as_secs_f64() * 1e6 / CALLS as f64;
    let mut codes = Vec::new();
    let mut others = [(); 2].map(|()| (Vec::new(), Vec::new()));
    for _ in 0..ROUNDS {
        let code = per_call(code);
        codes.push(code);
        for ((_, echo), (times, ratios)) in echoes.iter().zip(&mut others) {
            let echo = per_call(echo);
            times.push(echo);
            ratios.push(code / echo);
        }
    }
    println!(
        "server CPU per call, {together} at once: CodeCase {:.1} us",
        median(codes)
    );
    for ((name, _), (times, ratios)) in echoes.into_iter().zip(others) {
        println!("  {name}: {:.1} us, ratio {:.2}", median(times), median(ratios));
    }
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
    let answer = engine.code(&case, &options).expect("an answer");
    let answer = Bytes::from(CodeCaseResponse::new(&answer, false, None).encode_to_vec());
    println!("request {} bytes, answer {} bytes", bytes.len(), answer.len());

    let client = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let echo = Echo(answer);
    let code = Subject::code(&client, request);
    let behind_ours = Subject::echo_behind_ours(&client, bytes.clone(), echo.clone());
    let bare = Subject::bare_echo(&client, bytes, echo);
    let echoes = [("echo behind the same server", &behind_ours), ("bare echo", &bare)];

    let mut criterion = Criterion::default().configure_from_args();
    for (name, subject) in [("CodeCase", &code)].into_iter().chain(echoes) {
        criterion.bench_function(&format!("server CPU, {name}"), |bench| {
            bench.iter_custom(|calls| subject.time(&client, calls, 1));
        });
    }
    criterion.final_summary();
    for together in [1, TOGETHER] {
        compare(&client, &code, echoes, together);
    }
}
