//! Opens the engine that the arguments name.

use std::path::Path;

use spinecode_engine::{Engine, LocalEngine};
use spinecode_server::{RemoteEngine, RemoteOptions};

use crate::args::EngineArgs;
use crate::failure::Failure;

/// In process, or over gRPC where a server is named.
pub(crate) fn engine(args: &EngineArgs) -> Result<Box<dyn Engine>, Failure> {
    let Some(url) = &args.remote else {
        return Ok(Box::new(local(args.facts.as_deref())?));
    };
    let options = RemoteOptions {
        ca: args.tls_ca.clone(),
        cert: args.tls_cert.clone(),
        key: args.tls_key.clone(),
        domain: args.tls_domain.clone(),
        ..RemoteOptions::default()
    };
    Ok(Box::new(RemoteEngine::connect_with(url, &options)?))
}

/// In process, with the user's own facts where a folder is named.
pub(crate) fn local(facts: Option<&Path>) -> Result<LocalEngine, Failure> {
    Ok(match facts {
        Some(folder) => LocalEngine::with_overlay(folder)?,
        None => LocalEngine::new()?,
    })
}
