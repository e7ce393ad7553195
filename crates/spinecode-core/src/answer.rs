//! The coded case: what `code` answers. Field order is the canonical JSON's order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::anatomy::Side;
use crate::code::{Code, Modifier};
use crate::date::ServiceDate;
use crate::name::Name;
use crate::trace::Explanation;

/// Whether the case could be coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of it.
    Coded,
    /// A fact that decides a code, unit or side is unknown.
    NeedsFacts,
    /// A procedure lies outside the knowledge; lines, if any, are those of the other procedures.
    OutOfScope,
}

impl Status {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coded => "coded",
            Self::NeedsFacts => "needs_facts",
            Self::OutOfScope => "out_of_scope",
        }
    }
}

/// One line of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Procedure code.
    pub code: Code,
    /// Our own short label of the code.
    pub label: Name,
    /// Whole units.
    pub units: u32,
    /// Modifiers in the payer's order; in `reported` only those that assert what was done.
    pub modifiers: Vec<Modifier>,
    /// Side, for a one-sided code, in `reported`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Ids of the procedures that the line reports, in the case's order.
    pub procedures: Vec<Name>,
    /// Sites that the line reports, such as `L4-L5 left`.
    pub sites: Vec<Name>,
    /// Who performed it, where the case says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_by: Option<Name>,
    /// The rule that decided the line.
    pub rule: Name,
    /// How sure the facts behind the line are: `high`, `medium` or `low`, the weakest row counts.
    pub confidence: Name,
    /// Last day on which the facts behind the line were verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_through: Option<ServiceDate>,
}

/// A reported line, or units of it, that a payer's table keeps off the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The line as it would have been billed, with the units kept off.
    pub line: Line,
    /// Layer: `ptp`, `mue` or `add_on_table`.
    pub layer: Name,
    /// Rule that keeps it off.
    pub rule: Name,
    /// Published reason.
    pub reason: Name,
    /// Arguments: the other code, the limit ...
    pub args: Args,
    /// The row of the facts.
    pub row: Name,
}

/// Named arguments, in key order.
pub type Args = BTreeMap<Name, Name>;

/// A service done or expected that has no line of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotReported {
    /// The code one might have used.
    pub code: Code,
    /// Published reason.
    pub reason: Name,
    /// Rule that decided.
    pub rule: Name,
    /// Ids of the procedures concerned.
    pub procedures: Vec<Name>,
    /// Arguments.
    pub args: Args,
}

/// A fact to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Path of the fact in the case, such as `procedures[0].guidance`.
    pub path: String,
    /// Id of the procedure.
    pub procedure: Name,
    /// The fact.
    pub fact: Name,
    /// The question for a person.
    pub text: Name,
    /// The values it may take.
    pub values: Vec<Name>,
}

/// One answer to the questions, assumed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Assumption {
    /// Path of the fact.
    pub path: String,
    /// Its value.
    pub value: Name,
}

/// A coding that remains possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// Under these answers.
    pub assuming: Vec<Assumption>,
    /// The code-set answer.
    pub reported: Vec<Line>,
    /// What the profile sends.
    pub billed: Vec<Line>,
}

/// A doubt, a limit of the knowledge, or advice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// Published reason.
    pub reason: Name,
    /// What it is about: a code, a path, a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Arguments.
    pub args: Args,
}

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Engine version.
    pub engine: Name,
    /// Hash of the built-in facts.
    pub facts: Name,
    /// Release id, where one was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Name>,
    /// Profile name.
    pub profile: Name,
    /// Hash of the profile.
    pub profile_hash: Name,
    /// Hash of the user's own facts, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Name>,
    /// Only what had been published by this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<ServiceDate>,
}

/// The answer of `code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodedCase {
    /// The caller's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// Date of service.
    pub date_of_service: ServiceDate,
    /// Whether it could be coded.
    pub status: Status,
    /// The code-set answer, the same under every profile.
    pub reported: Vec<Line>,
    /// What the profile sends.
    pub billed: Vec<Line>,
    /// Reported, but kept off the claim by a payer's table.
    pub withheld: Vec<Withheld>,
    /// Services without a line of their own, and why.
    pub not_reported: Vec<NotReported>,
    /// At most three, the most informative first.
    pub questions: Vec<Question>,
    /// At most 24 codings that remain possible.
    pub codings: Vec<Coding>,
    /// Doubts, limits, advice.
    pub notices: Vec<Notice>,
    /// What the answer rests on.
    pub knowledge: Knowledge,
    /// The trace, as far as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

impl CodedCase {
    /// Canonical JSON: the same bytes on every face. Rules in `docs/canonical-json.md`.
    pub fn canonical_json(&self) -> String {
        // INVARIANT: every key is a string and every value a plain one, so writing cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads canonical JSON.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// SHA-256 of the canonical JSON without the explanation, in hexadecimal.
    pub fn hash(&self) -> String {
        let bare = Self {
            explanation: None,
            ..self.clone()
        };
        hex(&Sha256::digest(bare.canonical_json().as_bytes()))
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_lower_case_and_padded() {
        assert_eq!(hex(&[0, 255, 16]), "00ff10");
    }
}
