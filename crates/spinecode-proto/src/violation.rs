//! Violations.

use spinecode_core::{InputError, Reason, Violation};

use crate::v1;

impl From<&Violation> for v1::Violation {
    fn from(violation: &Violation) -> Self {
        Self {
            path: violation.path.clone(),
            reason: violation.reason.as_str().to_owned(),
            value: violation.value.clone(),
            expected: violation.expected.clone(),
            suggestion: violation.suggestion.clone(),
        }
    }
}

impl From<v1::Violation> for Violation {
    fn from(wire: v1::Violation) -> Self {
        // A newer peer may publish more reasons. The fault and its path stay; the reason's name goes to where it is read.
        let (reason, expected) = match Reason::parse(&wire.reason) {
            Some(reason) => (reason, wire.expected),
            None => {
                let name: String = wire.reason.chars().take(spinecode_core::error::ECHO).collect();
                (Reason::UnknownValue, format!("{} [reason `{name}`]", wire.expected))
            }
        };
        Self {
            path: wire.path,
            reason,
            value: wire.value,
            expected,
            suggestion: wire.suggestion,
        }
    }
}

impl From<&InputError> for v1::Violations {
    fn from(error: &InputError) -> Self {
        Self {
            violations: error.violations.iter().map(Into::into).collect(),
        }
    }
}

impl From<v1::Violations> for InputError {
    fn from(wire: v1::Violations) -> Self {
        Self {
            violations: wire.violations.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Reason> for v1::ErrorReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NotJson => Self::NotJson,
            Reason::WrongType => Self::WrongType,
            Reason::UnknownKey => Self::UnknownKey,
            Reason::MissingField => Self::MissingField,
            Reason::NotIsoDate => Self::NotIsoDate,
            Reason::DateOutOfRange => Self::DateOutOfRange,
            Reason::UnknownKind => Self::UnknownKind,
            Reason::UnknownFact => Self::UnknownFact,
            Reason::FactNotAllowed => Self::FactNotAllowed,
            Reason::UnknownValue => Self::UnknownValue,
            Reason::ImpossibleLevel => Self::ImpossibleLevel,
            Reason::WrongSiteType => Self::WrongSiteType,
            Reason::ConflictingSite => Self::ConflictingSite,
            Reason::NervesContradictLevels => Self::NervesContradictLevels,
            Reason::DuplicateId => Self::DuplicateId,
            Reason::UnknownReference => Self::UnknownReference,
            Reason::NumberOutOfRange => Self::NumberOutOfRange,
            Reason::TooMany => Self::TooMany,
            Reason::UnknownProfile => Self::UnknownProfile,
            Reason::UnknownRule => Self::UnknownRule,
            Reason::NotACode => Self::NotACode,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = "ERROR_REASON_";

    #[test]
    fn every_core_reason_is_published_under_its_own_name() {
        for reason in Reason::ALL {
            let wire = v1::ErrorReason::from(*reason);
            assert_eq!(
                wire.as_str_name(),
                format!("{PREFIX}{}", reason.as_str().to_uppercase())
            );
        }
    }

    #[test]
    fn every_published_reason_of_a_violation_is_one_of_the_core() {
        let published = (1..100).filter_map(|number| v1::ErrorReason::try_from(number).ok());
        let names: Vec<String> = published
            .map(|reason| reason.as_str_name().trim_start_matches(PREFIX).to_lowercase())
            .collect();
        assert_eq!(names.len(), Reason::ALL.len());
        for name in names {
            assert!(Reason::parse(&name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_reason_of_a_newer_peer_keeps_its_path_and_name() {
        let read = Violation::from(v1::Violation {
            path: "procedures[0].kind".into(),
            reason: "retired_kind".into(),
            expected: "a kind".into(),
            ..Default::default()
        });
        assert_eq!(read.path, "procedures[0].kind");
        assert!(read.expected.contains("retired_kind"));
    }
}
