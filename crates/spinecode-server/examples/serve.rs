//! Serves the built-in facts on a loopback port until it is stopped: `cargo run -p spinecode-server --example serve`.

use std::sync::Arc;

use spinecode_engine::LocalEngine;
use spinecode_server::{ServerConfig, serve_until_signal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Arc::new(LocalEngine::new()?);
    let config = ServerConfig::default();
    serve_until_signal(config, engine, |address| println!("http://{address}"))?;
    Ok(())
}
