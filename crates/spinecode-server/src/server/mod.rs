//! The server: binding, layers, and stopping without breaking calls off.

mod coding;
mod config;
mod drawing;
mod edit;
mod explain;
mod inform;
mod observe;
mod pieces;
mod stream;
mod tell;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use spinecode_engine::Engine;
use spinecode_proto::FILE_DESCRIPTOR_SET;
use spinecode_proto::v1::coding_service_server::CodingServiceServer;
use spinecode_proto::v1::drawing_service_server::DrawingServiceServer;
use spinecode_proto::v1::edit_service_server::EditServiceServer;
use spinecode_proto::v1::explain_service_server::ExplainServiceServer;
use spinecode_proto::v1::info_service_server::InfoServiceServer;
use spinecode_proto::v1::lookup_service_server::LookupServiceServer;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::codegen::Service;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};
use tonic_health::ServingStatus;

pub use config::{ServerConfig, ServerTls};

use coding::Coding;
use drawing::Draw;
use edit::Edit;
use explain::Explain;
use inform::Inform;
use pieces::Pieces;
use tell::Tell;

/// How long calls cut off at the drain limit have to tell their clients.
const LAST_WORD: Duration = Duration::from_secs(1);
/// How often an idle connection is asked whether its peer is still there, and how long it has to answer.
const KEEPALIVE: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a server could not be started, or broke.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {fault}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        fault: std::io::Error,
    },
    /// A certificate file cannot be read.
    #[error("cannot read `{}`: {fault}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system says.
        fault: std::io::Error,
    },
    /// The certificates cannot be used.
    #[error("cannot use the certificate or key: {0}")]
    Tls(String),
    /// The system gives no threads or signals.
    #[error("cannot set up the server: {0}")]
    Setup(String),
    /// The server broke while serving.
    #[error("the server broke: {0}")]
    Broke(String),
}

/// How a server stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every call under way finished.
    Whole,
    /// The drain limit passed with calls under way, which were cut off.
    CutOff,
}

/// A server that listens but does not answer yet: its address can be told.
pub struct BoundServer {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<ServerTlsConfig>,
    config: ServerConfig,
    engine: Arc<dyn Engine>,
    added: Routes,
}

/// Listens.
pub async fn bind(config: ServerConfig, engine: Arc<dyn Engine>) -> Result<BoundServer, ServeError> {
    let tls = config.tls.as_ref().map(tls).transpose()?;
    let listen = |fault| ServeError::Listen {
        address: config.listen,
        fault,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    Ok(BoundServer {
        listener,
        address,
        tls,
        config,
        engine,
        added: Routes::default(),
    })
}

/// Listens and answers until `shutdown` is ready, then drains.
pub async fn serve(
    config: ServerConfig,
    engine: Arc<dyn Engine>,
    shutdown: impl Future<Output = ()>,
) -> Result<Drained, ServeError> {
    bind(config, engine).await?.serve(shutdown).await
}

/// Listens, tells the address, and answers until the process gets SIGTERM or SIGINT, then drains; blocks.
pub fn serve_until_signal(
    config: ServerConfig,
    engine: Arc<dyn Engine>,
    on_bound: impl FnOnce(SocketAddr),
) -> Result<Drained, ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("spinecode-serve")
        .build()
        .map_err(|fault| ServeError::Setup(fault.to_string()))?;
    runtime.block_on(async {
        // The signal is listened for before the address is told: whoever learns it may stop the server at once.
        let signal = stop_signal().map_err(|fault| ServeError::Setup(fault.to_string()))?;
        let server = bind(config, engine).await?;
        on_bound(server.local_addr());
        server.serve(signal).await
    })
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a signal to wait for, the server runs until its process ends.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

impl BoundServer {
    /// The address it listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The address as a client writes it.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves one more service beside the engine's, behind the same layers; its calls have no limit but its own.
    pub fn add_service<S>(mut self, service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>,
        S: NamedService + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        self.added = self.added.add_service(service);
        self
    }

    /// Answers until `shutdown` is ready, then drains: health says NOT_SERVING, new calls are refused, calls under way
    /// finish or, at the drain limit, are cut off.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> Result<Drained, ServeError> {
        let config = self.config;
        let (cut_off, is_cut_off) = watch::channel(false);
        let (mut health, health_service) = tonic_health::server::health_reporter();

        let coding = Arc::new(Coding::new(self.engine.clone(), &config, is_cut_off));
        let draw = DrawingServiceServer::new(Draw(coding.clone()))
            .max_decoding_message_size(config.max_message_bytes)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .send_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Zstd);
        let edit = EditServiceServer::new(Edit(coding.clone()))
            .max_decoding_message_size(config.max_message_bytes)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .send_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Zstd);
        let explain = ExplainServiceServer::new(Explain(coding.clone()))
            .max_decoding_message_size(config.max_message_bytes)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .send_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Zstd);
        let coding = CodingServiceServer::from_arc(coding)
            .max_decoding_message_size(config.max_message_bytes)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .send_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Zstd);
        let inform = InfoServiceServer::new(Inform::new(self.engine.clone(), &config))
            .max_decoding_message_size(config.max_message_bytes)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .send_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Zstd);
        let tell = LookupServiceServer::new(Tell::new(self.engine))
            .max_decoding_message_size(config.max_message_bytes)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .send_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Zstd);
        let services = [
            "",
            named(&coding),
            named(&draw),
            named(&edit),
            named(&explain),
            named(&inform),
            named(&tell),
        ];
        for service in services {
            health.set_service_status(service, ServingStatus::Serving).await;
        }
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()
            .map_err(|fault| ServeError::Setup(fault.to_string()))?;

        let mut builder = Server::builder()
            .http2_keepalive_interval(Some(KEEPALIVE))
            .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
            .layer(observe::layer())
            .layer(tower_http::map_response_body::MapResponseBodyLayer::new(Pieces::new));
        if let Some(tls) = self.tls {
            builder = builder.tls_config(tls).map_err(|fault| ServeError::Tls(told(&fault)))?;
        }
        let (refuse, is_refused) = oneshot::channel::<()>();
        let server = builder
            .add_routes(self.added)
            .add_service(health_service)
            .add_service(reflection)
            .add_service(coding)
            .add_service(draw)
            .add_service(edit)
            .add_service(explain)
            .add_service(inform)
            .add_service(tell)
            .serve_with_incoming_shutdown(TcpIncoming::from(self.listener).with_nodelay(Some(true)), async {
                // The sender is never dropped before it has sent.
                let _ = is_refused.await;
            });
        let mut server = pin!(server);
        let broke = |fault: tonic::transport::Error| ServeError::Broke(told(&fault));

        tokio::select! {
            ended = &mut server => return ended.map(|()| Drained::Whole).map_err(broke),
            () = shutdown => {}
        }
        tracing::info!("stopping: calls under way finish");
        for service in services {
            health.set_service_status(service, ServingStatus::NotServing).await;
        }
        tokio::select! {
            ended = &mut server => return ended.map(|()| Drained::Whole).map_err(broke),
            () = tokio::time::sleep(config.drain_notice) => {}
        }
        let _ = refuse.send(());
        // A watch of the health would hold its connection open for ever; it ends with the status it watches.
        for service in services {
            health.clear_service_status(service).await;
        }
        match tokio::time::timeout(config.drain_limit, &mut server).await {
            Ok(ended) => ended.map(|()| Drained::Whole).map_err(broke),
            Err(_) => {
                tracing::warn!("stopping: the drain limit passed with calls under way");
                let _ = cut_off.send(true);
                // Past this the connections end with the runtime.
                let _ = tokio::time::timeout(LAST_WORD, &mut server).await;
                Ok(Drained::CutOff)
            }
        }
    }
}

fn named<S: NamedService>(_: &S) -> &'static str {
    S::NAME
}

/// An error with its causes: tonic's own text is only "transport error".
fn told(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(fault) = cause {
        text = format!("{text}: {fault}");
        cause = fault.source();
    }
    text
}

fn tls(files: &ServerTls) -> Result<ServerTlsConfig, ServeError> {
    let read = |file: &Path| {
        std::fs::read(file).map_err(|fault| ServeError::File {
            file: file.to_owned(),
            fault,
        })
    };
    let mut tls = ServerTlsConfig::new().identity(Identity::from_pem(read(&files.cert)?, read(&files.key)?));
    if let Some(ca) = &files.client_ca {
        tls = tls.client_ca_root(Certificate::from_pem(read(ca)?));
    }
    Ok(tls)
}
