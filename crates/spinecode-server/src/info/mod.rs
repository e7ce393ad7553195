//! What an engine is, and its rules, on the wire.

#[cfg(feature = "client")]
mod read;
#[cfg(feature = "server")]
mod write;

#[cfg(feature = "client")]
pub(crate) use read::{read_info, read_rule};
#[cfg(feature = "server")]
pub(crate) use write::{write_info, write_rule};
