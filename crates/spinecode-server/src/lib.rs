//! The engine over gRPC: [`serve`] answers `spinecode.v1` with any [`Engine`](spinecode_engine::Engine);
//! [`CodingClient`] asks from async code, [`RemoteEngine`] is the engine trait over it for everything else.
//!
//! Nothing here decides anything about coding, and nothing of a case is logged: spans hold the method, the status code
//! and the time. (At its lowest levels the `h2` log target may print headers, and error details travel in them; keep it
//! at `info` or above.)

mod info;
mod options;
mod status;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "server")]
mod server;

#[cfg(feature = "client")]
pub use client::{CodingClient, RemoteEngine, RemoteOptions};
#[cfg(feature = "server")]
pub use server::{BoundServer, Drained, ServeError, ServerConfig, ServerTls, bind, serve, serve_until_signal};
