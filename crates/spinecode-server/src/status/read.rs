//! Statuses as engine errors.

use std::collections::HashMap;

use prost::Message;
use prost_types::Any;
use spinecode_core::{InputError, Violation};
use spinecode_engine::Error;
use spinecode_proto::ERROR_DOMAIN;
use spinecode_proto::google::rpc;
use spinecode_proto::v1::{self, ErrorReason};
use tonic::{Code, Status};
use tonic_types::pb::{BadRequest, ErrorInfo};

use super::{BAD_REQUEST, ERROR_INFO, VIOLATIONS};

/// What a status tells a client.
pub(crate) enum Told {
    /// The error, whole.
    All(Error),
    /// An input error whose violations did not all fit; what did fit.
    Part(Error),
}

impl Told {
    /// The error, whole or not.
    pub(crate) fn error(self) -> Error {
        match self {
            Self::All(error) | Self::Part(error) => error,
        }
    }
}

/// Reads the status of a call.
pub(crate) fn read(status: &Status) -> Told {
    let details = rpc::Status::decode(status.details()).unwrap_or_default().details;
    read_parts(status.code(), status.message(), &details)
}

/// Reads the status of an item.
pub(crate) fn read_item(status: &rpc::Status) -> Error {
    read_parts(Code::from(status.code), &status.message, &status.details).error()
}

fn read_parts(code: Code, message: &str, details: &[Any]) -> Told {
    fn find<M: Message + Default>(details: &[Any], type_url: &str) -> Option<M> {
        let found = details.iter().find(|any| any.type_url == type_url)?;
        M::decode(found.value.as_slice()).ok()
    }
    if let Some(violations) = find::<v1::Violations>(details, VIOLATIONS) {
        return Told::All(Error::Input(violations.into()));
    }
    let info: ErrorInfo = find(details, ERROR_INFO).unwrap_or_default();
    let detail = |metadata: &HashMap<String, String>| metadata.get("detail").cloned().unwrap_or(message.to_owned());
    let ours = (info.domain == ERROR_DOMAIN)
        .then(|| ErrorReason::from_str_name(&info.reason))
        .flatten();
    Told::All(match (ours, code) {
        (Some(ErrorReason::Knowledge), _) => Error::Knowledge(detail(&info.metadata)),
        (Some(ErrorReason::Unsupported), _) => Error::Unsupported(detail(&info.metadata)),
        (Some(ErrorReason::Transport), _) => Error::Transport(detail(&info.metadata)),
        (_, Code::InvalidArgument) => match find::<BadRequest>(details, BAD_REQUEST) {
            Some(bad) => return Told::Part(Error::Input(read_fields(bad))),
            None => Error::Transport(format!("the server refused the call: {message}")),
        },
        (_, Code::Unimplemented) => Error::Unsupported(message.to_owned()),
        (_, code) => Error::Transport(format!("{}: {message}", code.description())),
    })
}

/// What BadRequest holds of the violations.
fn read_fields(bad: BadRequest) -> InputError {
    let violations = bad.field_violations.into_iter().map(|field| {
        let reason = field.reason.trim_start_matches("ERROR_REASON_").to_lowercase();
        Violation::from(v1::Violation {
            path: field.field,
            reason,
            expected: field.description,
            ..Default::default()
        })
    });
    InputError {
        violations: violations.collect(),
    }
}
