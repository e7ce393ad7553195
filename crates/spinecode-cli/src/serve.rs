//! `spinecode serve`: the engine over gRPC until a signal says to stop.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use spinecode_engine::Engine;
use spinecode_server::{Drained, ServerConfig, ServerTls};

use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::open;

pub(crate) fn run(args: ServeArgs) -> Result<ExitCode, Failure> {
    let engine: Arc<dyn Engine> = Arc::new(open::local(args.facts.as_deref(), args.release.as_deref(), args.load)?);
    let tls = match (args.tls_cert, args.tls_key) {
        (Some(cert), Some(key)) => Some(ServerTls {
            cert,
            key,
            client_ca: args.client_ca,
        }),
        _ => None,
    };
    let mut config = ServerConfig {
        listen: args.listen,
        tls,
        ..ServerConfig::default()
    };
    if let Some(bytes) = args.max_message_bytes {
        config.max_message_bytes = bytes;
    }
    if let Some(calls) = args.concurrency {
        config.max_concurrent_calls = calls;
    }
    if let Some(seconds) = args.deadline {
        config.request_deadline = Duration::from_secs(seconds);
    }
    if let Some(seconds) = args.drain {
        config.drain_limit = Duration::from_secs(seconds);
    }
    let drained = spinecode_server::serve_until_signal(config, engine, |address| {
        let mut out = std::io::stdout().lock();
        // A server whose starter does not listen for the address serves all the same.
        let _ = writeln!(out, "listening on {address}").and_then(|()| out.flush());
    })?;
    if drained == Drained::CutOff {
        Failure::CutOff.tell();
    }
    Ok(ExitCode::SUCCESS)
}
