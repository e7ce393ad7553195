//! The account of an answer, until the core writes it.

use spinecode_core::CodedCase;

/// To be read.
pub(crate) fn text(answer: &CodedCase) -> String {
    answer.canonical_json()
}

/// To be looked at.
pub(crate) fn html(answer: &CodedCase) -> String {
    answer.canonical_json()
}
