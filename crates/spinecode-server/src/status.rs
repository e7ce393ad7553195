//! Engine errors as statuses with details, and back without loss.

use std::collections::HashMap;

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

const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const VIOLATIONS: &str = "type.googleapis.com/spinecode.v1.Violations";

/// Most bytes of a status in the trailers of a unary call. Trailers are written in base64, and common clients refuse
/// header lists above 8 KiB.
#[cfg(feature = "server")]
const TRAILER_BYTES: usize = 5 * 1024;
/// Longest message of a status, in characters; the details hold the rest.
#[cfg(feature = "server")]
const MESSAGE_CHARS: usize = 400;

#[cfg(feature = "server")]
fn any(type_url: &str, message: &impl Message) -> Any {
    Any {
        type_url: type_url.to_owned(),
        value: message.encode_to_vec(),
    }
}

#[cfg(feature = "server")]
fn cut(text: &str) -> String {
    text.chars().take(MESSAGE_CHARS).collect()
}

#[cfg(feature = "server")]
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
#[cfg(feature = "server")]
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
#[cfg(feature = "server")]
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

#[cfg(feature = "server")]
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
#[cfg(feature = "server")]
fn describe(violation: &Violation, whole: bool) -> String {
    let sentence = violation.message();
    let start = format!("{}: ", violation.path);
    let sentence = sentence.strip_prefix(&start).unwrap_or(&sentence);
    if whole { sentence.to_owned() } else { cut(sentence) }
}

/// A status as the end of a call.
#[cfg(feature = "server")]
pub(crate) fn in_trailers(status: rpc::Status) -> Status {
    let details = status.encode_to_vec().into();
    Status::with_details(Code::from(status.code), status.message, details)
}

/// The call took too long.
#[cfg(feature = "server")]
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
#[cfg(feature = "server")]
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
#[cfg(feature = "server")]
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
#[cfg(feature = "server")]
pub(crate) fn internal() -> rpc::Status {
    status(
        Code::Internal,
        ErrorReason::Internal,
        "a fault of the server",
        [],
        Vec::new(),
    )
}

/// What a status tells a client.
#[cfg(feature = "client")]
pub(crate) enum Told {
    /// The error, whole.
    All(Error),
    /// An input error whose violations did not all fit; what did fit.
    Part(Error),
}

#[cfg(feature = "client")]
impl Told {
    /// The error, whole or not.
    pub(crate) fn error(self) -> Error {
        match self {
            Self::All(error) | Self::Part(error) => error,
        }
    }
}

/// Reads the status of a call.
#[cfg(feature = "client")]
pub(crate) fn read(status: &Status) -> Told {
    let details = rpc::Status::decode(status.details()).unwrap_or_default().details;
    read_parts(status.code(), status.message(), &details)
}

/// Reads the status of an item.
#[cfg(feature = "client")]
pub(crate) fn read_item(status: &rpc::Status) -> Error {
    read_parts(Code::from(status.code), &status.message, &status.details).error()
}

#[cfg(feature = "client")]
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
#[cfg(feature = "client")]
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

#[cfg(all(test, feature = "server", feature = "client"))]
mod tests {
    use spinecode_core::Reason;

    use super::*;

    fn input(count: usize) -> Error {
        Error::Input(InputError {
            violations: (0..count)
                .map(|at| {
                    Violation::new(
                        format!("procedures[{at}].kind"),
                        Reason::UnknownKind,
                        "a published kind",
                    )
                    .echo("facet_injecton")
                    .suggest(Some("facet_injection"))
                })
                .collect(),
        })
    }

    #[test]
    fn errors_read_back_equal() {
        for error in [
            input(1),
            input(3),
            Error::Input(InputError {
                violations: vec![Violation::new("", Reason::NotJson, "")],
            }),
            Error::Knowledge("facts differ".into()),
            Error::Unsupported("no release is loaded".into()),
            Error::Transport("no route".into()),
        ] {
            assert_eq!(read_item(&of_error(&error)), error);
            match read(&of_error_in_trailers(&error)) {
                Told::All(read) => assert_eq!(read, error),
                Told::Part(_) => panic!("{error} fits"),
            }
        }
        assert_eq!(read_item(&of_error(&input(500))), input(500));
    }

    #[test]
    fn trailers_stay_small_and_say_that_they_are_not_all() {
        let status = of_error_in_trailers(&input(500));
        assert!(status.details().len() <= TRAILER_BYTES);
        match read(&status) {
            Told::Part(Error::Input(part)) => {
                assert!(part.violations.len() > 5);
                assert_eq!(part.violations[0].reason, Reason::UnknownKind);
            }
            _ => panic!("a part"),
        }
    }

    #[test]
    fn bad_request_names_every_field() {
        let details = of_error(&input(3)).details;
        let bad = details.iter().find(|any| any.type_url == BAD_REQUEST).unwrap();
        let bad = BadRequest::decode(bad.value.as_slice()).unwrap();
        let fields: Vec<_> = bad.field_violations.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(
            fields,
            ["procedures[0].kind", "procedures[1].kind", "procedures[2].kind"]
        );
        assert!(
            bad.field_violations[0]
                .description
                .starts_with("unknown kind `facet_injecton`")
        );
    }
}
