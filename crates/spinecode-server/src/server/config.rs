//! How a server is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How a server listens, what it takes and how it stops.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Address to listen on; port 0 takes a free one. Default: 127.0.0.1:0.
    pub listen: SocketAddr,
    /// Certificate files. Default: none, plain text.
    pub tls: Option<ServerTls>,
    /// Largest request message, in bytes after decompression. Default: 4 MiB.
    pub max_message_bytes: usize,
    /// Most cases in one bulk call. Default: 10 000.
    pub max_bulk_items: usize,
    /// Most coding calls at once; a stream is one. Further calls are refused, not queued. Default: 1024.
    pub max_concurrent_calls: usize,
    /// Longest time that a unary or bulk call may take. Default: 30 s.
    pub request_deadline: Duration,
    /// On stopping, how long health says NOT_SERVING before new calls are refused. Default: 0.
    pub drain_notice: Duration,
    /// On stopping, how long calls under way may go on. Default: 30 s.
    pub drain_limit: Duration,
    /// Largest unary request coded on the async thread, in bytes; a larger one goes to another. Default: 16 KiB.
    pub inline_bytes: usize,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: None,
            max_message_bytes: 4 * 1024 * 1024,
            max_bulk_items: 10_000,
            max_concurrent_calls: 1024,
            request_deadline: Duration::from_secs(30),
            drain_notice: Duration::ZERO,
            drain_limit: Duration::from_secs(30),
            inline_bytes: 16 * 1024,
        }
    }
}

/// PEM files of a server.
#[derive(Clone, Debug)]
pub struct ServerTls {
    /// Certificate chain.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// Authority that every client's certificate must come from. Default: none, clients need no certificate.
    pub client_ca: Option<PathBuf>,
}
