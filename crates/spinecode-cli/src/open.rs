//! Opens the engine that the arguments name.

use spinecode_engine::{Engine, LocalEngine};

use crate::args::EngineArgs;
use crate::failure::Failure;

pub(crate) fn engine(args: &EngineArgs) -> Result<Box<dyn Engine>, Failure> {
    if let Some(url) = &args.remote {
        return remote(url, args);
    }
    let engine = match &args.facts {
        Some(folder) => LocalEngine::with_overlay(folder)?,
        None => LocalEngine::new()?,
    };
    Ok(Box::new(engine))
}

fn remote(_url: &str, _args: &EngineArgs) -> Result<Box<dyn Engine>, Failure> {
    Err(spinecode_engine::Error::Unsupported("asking a server".to_owned()).into())
}
