//! Opens the engine that the arguments name.

use std::path::Path;

use spinecode_engine::{Engine, LocalEngine, Sources};
use spinecode_server::{RemoteEngine, RemoteOptions};

use crate::args::{EngineArgs, LoadArg};
use crate::failure::Failure;

/// In process, or over gRPC where a server is named.
pub(crate) fn engine(args: &EngineArgs) -> Result<Box<dyn Engine>, Failure> {
    let Some(url) = &args.remote else {
        return Ok(Box::new(local(
            args.facts.as_deref(),
            args.release.as_deref(),
            args.load,
        )?));
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

/// In process, with the user's own facts and CMS's tables where they are named.
pub(crate) fn local(facts: Option<&Path>, release: Option<&Path>, load: LoadArg) -> Result<LocalEngine, Failure> {
    Ok(LocalEngine::open(&Sources {
        facts: facts.map(Path::to_path_buf),
        release: release.map(Path::to_path_buf),
        load: load.into(),
    })?)
}
