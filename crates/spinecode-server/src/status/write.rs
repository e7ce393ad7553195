//! Engine errors as statuses.

use prost::Message;
use prost_types::Any;
use spinecode_core::{InputError, Violation};
use spinecode_engine::Error;
use spinecode_proto::ERROR_DOMAIN;
use spinecode_proto::google::rpc;
use spinecode_proto::v1::{self, ErrorReason};
use tonic::{Code, Status};
use tonic_types::pb::bad_request::FieldViolation;
use tonic_types::pb::{BadRequest, ErrorInfo};

use super::{BAD_REQUEST, ERROR_INFO, VIOLATIONS};

/// Most bytes of a status in the trailers of a unary call. Trailers are written in base64, and common clients refuse
/// header lists above 8 KiB.
pub(super) const TRAILER_BYTES: usize = 5 * 1024;
/// Longest message of a status, in characters; the details hold the rest.
const MESSAGE_CHARS: usize = 400;

fn any(type_url: &str, message: &impl Message) -> Any {
    Any {
        type_url: type_url.to_owned(),
        value: message.encode_to_vec(),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MESSAGE_CHARS).collect()
}

fn status<'a>(
    code: Code,
    reason: ErrorReason,
    message: &str,
    metadata: impl IntoIterator<Item = (&'a str, String)>,
    more: Vec<Any>,
) -> rpc::Status {
    let info = ErrorInfo {
        reason: reason.as_str_name().to_owned(),
        domain: ERROR_DOMAIN.to_owned(),
        metadata: metadata
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    };
    let mut details = vec![any(ERROR_INFO, &info)];
    details.extend(more);
    rpc::Status {
        code: code.into(),
        message: cut(message),
        details,
    }
}

/// The status of an engine's error, as an item of a bulk call or a stream carries it.
pub(crate) fn of_error(error: &Error) -> rpc::Status {
    let (code, reason, detail) = match error {
        Error::Input(input) => return of_input(input, input.violations.len(), true),
        Error::Knowledge(detail) => (Code::FailedPrecondition, ErrorReason::Knowledge, detail.clone()),
        Error::Unsupported(detail) => (Code::Unimplemented, ErrorReason::Unsupported, detail.clone()),
        Error::Transport(detail) => (Code::Unavailable, ErrorReason::Transport, detail.clone()),
        other => (Code::Internal, ErrorReason::Internal, other.to_string()),
    };
    status(code, reason, &error.to_string(), [("detail", detail)], Vec::new())
}

/// The status of an engine's error in the trailers of a unary call, which must stay small.
pub(crate) fn of_error_in_trailers(error: &Error) -> Status {
    let whole = of_error(error);
    let Error::Input(input) = error else {
        return in_trailers(whole);
    };
    if whole.encoded_len() <= TRAILER_BYTES {
        return in_trailers(whole);
    }
    let mut told = input.violations.len();
    loop {
        let part = of_input(input, told, false);
        if told <= 1 || part.encoded_len() <= TRAILER_BYTES {
            return in_trailers(part);
        }
        told /= 2;
    }
}

fn of_input(input: &InputError, told: usize, complete: bool) -> rpc::Status {
    let count = input.violations.len();
    let mut metadata = vec![("violations", count.to_string()), ("complete", complete.to_string())];
    let mut message = "invalid input".to_owned();
    let mut reason = ErrorReason::Unspecified;
    if let Some(first) = input.violations.first() {
        reason = first.reason.into();
        message = format!("invalid input: {}", first.message());
        metadata.push(("path", cut(&first.path)));
        metadata.push(("expected", cut(&first.expected)));
        metadata.extend(first.value.clone().map(|value| ("value", value)));
        metadata.extend(first.suggestion.clone().map(|near| ("suggestion", near)));
    }
    if count > 1 {
        message = format!("{} (and {} more)", cut(&message), count - 1);
    }
    let fields = input.violations.iter().take(told).map(|violation| FieldViolation {
        field: violation.path.clone(),
        description: describe(violation, complete),
        reason: ErrorReason::from(violation.reason).as_str_name().to_owned(),
        localized_message: None,
    });
    let mut details = vec![any(
        BAD_REQUEST,
        &BadRequest {
            field_violations: fields.collect(),
        },
    )];
    if complete {
        details.push(any(VIOLATIONS, &v1::Violations::from(input)));
    }
    status(Code::InvalidArgument, reason, &message, metadata, details)
}

/// The sentence without its path, which stands beside it.
fn describe(violation: &Violation, whole: bool) -> String {
    let sentence = violation.message();
    let start = format!("{}: ", violation.path);
    let sentence = sentence.strip_prefix(&start).unwrap_or(&sentence);
    if whole { sentence.to_owned() } else { cut(sentence) }
}

/// A status as the end of a call.
pub(crate) fn in_trailers(status: rpc::Status) -> Status {
    let details = status.encode_to_vec().into();
    Status::with_details(Code::from(status.code), status.message, details)
}

/// The call took too long.
pub(crate) fn deadline(limit: std::time::Duration) -> Status {
    in_trailers(status(
        Code::DeadlineExceeded,
        ErrorReason::Deadline,
        &format!("the call took longer than {} ms", limit.as_millis()),
        [("limit_millis", limit.as_millis().to_string())],
        Vec::new(),
    ))
}

/// Too many calls are under way.
pub(crate) fn overloaded(limit: usize) -> Status {
    in_trailers(status(
        Code::ResourceExhausted,
        ErrorReason::Overloaded,
        &format!("{limit} calls are under way, which is the most this server takes; try again later"),
        [("limit", limit.to_string())],
        Vec::new(),
    ))
}

/// The server stops, and its drain limit has passed.
pub(crate) fn stopping() -> Status {
    in_trailers(status(
        Code::Unavailable,
        ErrorReason::Stopping,
        "the server is stopping",
        [],
        Vec::new(),
    ))
}

/// A fault of ours. It says nothing of the case.
pub(crate) fn internal() -> rpc::Status {
    status(
        Code::Internal,
        ErrorReason::Internal,
        "a fault of the server",
        [],
        Vec::new(),
    )
}
