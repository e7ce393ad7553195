//! The server over a real socket: what a client gets is what the engine answers in process.

mod drain;
mod fake;
mod limits;
mod raw;
mod remote;
mod running;
mod secure;
