//! The engine: one synchronous trait over plain types, answered in process by [`LocalEngine`] or over gRPC by the
//! remote engine of `spinecode-server`.

mod local;

use serde::{Deserialize, Serialize};
use spinecode_core::answer::CodedCase;
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::report::EditReport;
use spinecode_core::error::{InputError, Reason, Violation};
use spinecode_core::explain::{Eras, Explained, WhatIf, WhyNot};
use spinecode_core::{Name, RawCase, TraceLevel};

pub use local::{LocalEngine, Sources};
pub use spinecode_core as core;
pub use spinecode_core::lint::LintReport;
pub use spinecode_core::lookup::{CitationInfo, Coverage, Lookup};
pub use spinecode_release as release;
pub use spinecode_release::Load;

/// What is asked beside the case itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Payer name; overrides the case's own.
    pub payer: Option<String>,
    /// Only what had been published by this day (`YYYY-MM-DD`).
    pub as_of: Option<String>,
    /// Release id that the answer must rest on, or its beginning. Refused where another release is loaded, or none.
    pub release: Option<String>,
    /// How much of the evaluation is told.
    pub trace: TraceLevel,
}

/// What is asked beside the claims themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditOptions {
    /// Payer name; overrides the claims' own.
    pub payer: Option<String>,
    /// Only what had been published by this day (`YYYY-MM-DD`).
    pub as_of: Option<String>,
    /// Release id that the report must rest on, or its beginning. Refused where another release is loaded, or none.
    pub release: Option<String>,
    /// Judge each claim by itself, not with the others of its billing day.
    pub alone: bool,
    /// Look for the smallest changes that pass.
    pub repair: bool,
    /// Judge dates outside the quarters loaded by the nearest quarter; findings then say so.
    pub nearest_quarter: bool,
}

/// What is asked beside a code that is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupOptions {
    /// Date of service (`YYYY-MM-DD`); `None`: for a look-up the last day of the code's life that was verified, for the
    /// coverage every date.
    pub on: Option<String>,
    /// Only what had been published by this day (`YYYY-MM-DD`).
    pub as_of: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is at fault; all violations at once.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The facts could not be loaded, or differ from those asked for.
    #[error("knowledge: {0}")]
    Knowledge(String),
    /// This engine cannot do that.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// The remote engine could not be reached, or broke off.
    #[error("transport: {0}")]
    Transport(String),
}

impl Error {
    /// Class of the error, stable: `input`, `knowledge`, `unsupported`, `transport`.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Input(_) => "input",
            Self::Knowledge(_) => "knowledge",
            Self::Unsupported(_) => "unsupported",
            Self::Transport(_) => "transport",
        }
    }

    /// The violations of an input error.
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Input(error) => &error.violations,
            _ => &[],
        }
    }

    /// One JSON object, as a batch writes in the place of an answer.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            class: &'a str,
            message: String,
            violations: &'a [Violation],
        }
        #[derive(Serialize)]
        struct Wrapper<'a> {
            error: Body<'a>,
        }
        let body = Body {
            class: self.class(),
            message: self.to_string(),
            violations: self.violations(),
        };
        serde_json::to_string(&Wrapper { error: body }).unwrap_or_default()
    }
}

/// One published kind of procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindInfo {
    /// Name.
    pub kind: Name,
    /// Our own short label.
    pub label: Name,
    /// Family that codes it; absent while the kind is known but not coded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Name>,
    /// Site types it may be done at.
    pub sites: Vec<Name>,
    /// Facts it allows.
    pub facts: Vec<FactInfo>,
}

/// One fact a kind allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactInfo {
    /// Name.
    pub fact: Name,
    /// `word`, `words`, `flag` or `number`.
    pub value_type: Name,
    /// Values, for words.
    pub values: Vec<Name>,
    /// The question asked when it is unknown.
    pub question: Name,
}

/// One version of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// Version, from 1.
    pub version: u32,
    /// First day, or absent: before the facts begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day in force, or absent: not known to have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// What this version does.
    pub what: Name,
    /// `high`, `medium` or `low`.
    pub confidence: Name,
    /// Citations.
    pub citations: Vec<CitationInfo>,
}

/// A rule, with its versions and sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Id, never reused.
    pub id: Name,
    /// Name of the fault or decision.
    pub name: Name,
    /// Family, or `all`.
    pub family: Name,
    /// Layer.
    pub layer: Name,
    /// Versions, oldest first.
    pub versions: Vec<RuleVersion>,
}

/// What an engine is and rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Engine version.
    pub engine: Name,
    /// Hash of the built-in facts.
    pub facts: Name,
    /// Release id, where one is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Name>,
    /// Hash of the user's own facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Name>,
    /// First date of service covered.
    pub coverage_from: String,
    /// Profiles: name and hash.
    pub profiles: Vec<ProfileInfo>,
    /// Kinds.
    pub kinds: Vec<KindInfo>,
    /// Rule ids.
    pub rules: Vec<Name>,
    /// Layers.
    pub layers: Vec<Name>,
    /// Reasons of violations.
    pub violation_reasons: Vec<Name>,
    /// Reasons of notices.
    pub notice_reasons: Vec<Name>,
    /// Reasons of services not reported and lines withheld.
    pub exclusion_reasons: Vec<Name>,
    /// Reasons why a code is not in an answer, beside those.
    pub why_not_reasons: Vec<Name>,
    /// Layers of an edit report, in their order.
    pub edit_layers: Vec<Name>,
    /// Verdicts, the gravest last.
    pub verdicts: Vec<Name>,
    /// Severities of findings, the gravest last.
    pub severities: Vec<Name>,
    /// Reasons why something was not checked.
    pub unchecked_reasons: Vec<Name>,
    /// Rules that findings may name.
    pub finding_rules: Vec<Name>,
}

/// A payer profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileInfo {
    /// Name.
    pub name: Name,
    /// Hash.
    pub hash: Name,
    /// Label.
    pub label: Name,
    /// Layers it names.
    pub layers: Vec<Name>,
}

/// The one set of questions, in process or remote.
pub trait Engine: Send + Sync {
    /// Codes one case.
    fn code(&self, case: &RawCase, options: &Options) -> Result<CodedCase, Error>;

    /// Codes many; each answer or error in its place.
    fn code_many(&self, cases: &[RawCase], options: &Options) -> Vec<Result<CodedCase, Error>>;

    /// Edits claims; those of one billing day are judged together. Each report or error stands in its claim's place, and a
    /// claim that cannot be read spoils no other.
    fn edit(&self, claims: &[RawClaim], options: &EditOptions) -> Vec<Result<EditReport, Error>>;

    /// What is known of one code. A code that no loaded list holds is answered with that state, not refused.
    fn lookup(&self, code: &str, asked: &LookupOptions) -> Result<Lookup, Error>;

    /// Which layers hold data, and from where: for one code, or for every code of the tables.
    fn coverage(&self, code: Option<&str>, asked: &LookupOptions) -> Result<Coverage, Error>;

    /// What the checks of the facts find, those that need conformance cases apart.
    fn lint(&self) -> Result<LintReport, Error>;
    /// Draws what a case says was done, with the codes of its answer, as SVG.
    fn draw(&self, case: &RawCase, options: &Options) -> Result<String, Error>;

    /// One rule.
    fn rule(&self, id: &str) -> Result<RuleInfo, Error>;

    /// What this engine is.
    fn info(&self) -> Result<EngineInfo, Error>;

    /// The whole tree of one answer.
    fn explain(&self, case: &RawCase, options: &Options) -> Result<Explained, Error>;

    /// Why a code is not in the answer, and the smallest single change that would put it there.
    fn why_not(&self, case: &RawCase, code: &str, options: &Options) -> Result<WhyNot, Error>;

    /// The answer before and after changes, each written `FACT=VALUE`, and the difference.
    fn what_if(&self, case: &RawCase, changes: &[String], options: &Options) -> Result<WhatIf, Error>;

    /// One case over all eras of the facts.
    fn eras(&self, case: &RawCase, options: &Options) -> Result<Eras, Error>;

    /// Codes one case written as JSON.
    fn code_json(&self, text: &str, options: &Options) -> Result<CodedCase, Error> {
        let case = RawCase::from_json(text).map_err(|violation| Error::Input(InputError::one(violation)))?;
        self.code(&case, options)
    }
}

/// An input error with one violation.
pub fn input_error(path: &str, reason: Reason, expected: impl Into<String>) -> Error {
    Error::Input(InputError::one(Violation::new(path, reason, expected)))
}
