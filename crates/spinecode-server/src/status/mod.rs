//! Engine errors as statuses with details, and back without loss.

#[cfg(feature = "client")]
mod read;
#[cfg(feature = "server")]
mod write;

#[cfg(feature = "client")]
pub(crate) use read::{Told, read, read_item};
#[cfg(feature = "server")]
pub(crate) use write::{deadline, in_trailers, internal, of_error, of_error_in_trailers, overloaded, stopping};

const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const VIOLATIONS: &str = "type.googleapis.com/spinecode.v1.Violations";

#[cfg(all(test, feature = "server", feature = "client"))]
mod tests {
    use prost::Message;
    use spinecode_core::{InputError, Reason, Violation};
    use spinecode_engine::Error;
    use tonic_types::pb::BadRequest;

    use super::write::TRAILER_BYTES;
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
