//! Wire types of `spinecode.v1`, and their conversion to and from core types. Nothing here decides anything: what a core
//! type cannot hold is an error, and what the wire cannot hold as a value travels as text for the core to judge.

mod answer;
mod case;
mod claim;
mod date;
mod edit_report;
mod explain;
mod lookup;
mod response;
mod violation;
mod write;

pub use answer::WireError;
pub use date::{iso_text, wire_date, wire_date_of_text};
pub use write::coded_case_bytes;

/// Generated types of the Google messages in use.
#[allow(missing_docs, clippy::all, reason = "generated code")]
pub mod google {
    /// `google.rpc`.
    pub mod rpc {
        tonic::include_proto!("google.rpc");
    }
    /// `google.type`.
    pub mod r#type {
        tonic::include_proto!("google.r#type");
    }
}

/// Generated types of our own packages.
#[allow(missing_docs, clippy::all, reason = "generated code")]
pub mod spinecode {
    /// `spinecode.v1`.
    pub mod v1 {
        tonic::include_proto!("spinecode.v1");
        pub use crate::response::CodeCaseResponse;
    }
}

pub use spinecode::v1;

/// All descriptors, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/spinecode_descriptor.bin"));

/// The domain of every `google.rpc.ErrorInfo`.
pub const ERROR_DOMAIN: &str = "spinecode.dev";
