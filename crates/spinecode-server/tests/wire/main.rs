//! The server over a real socket: what a client gets is what the engine answers in process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at its first fault"
)]

mod drain;
mod edit;
mod fake;
mod limits;
mod raw;
mod remote;
mod running;
mod secure;
mod tell;
