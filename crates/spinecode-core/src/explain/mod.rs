//! Answers that explain themselves: the tree of an answer, why a code is not in it, what another fact would change, and one
//! case over all eras. Nothing here knows coding: everything is read from traces of the ordinary evaluation.

mod change;
mod difference;
mod eras;
mod show;
mod tree;
mod why_not;

use serde::{Deserialize, Serialize};

use crate::answer::{Args, CodedCase, Knowledge, Line, NotReported, Notice, Question, Status, Withheld};
use crate::case::Case;
use crate::code::Code;
use crate::date::ServiceDate;
use crate::error::InputError;
use crate::facts::{Facts, Profile};
use crate::input::RawCase;
use crate::name::Name;
use crate::render::{Request, code_case};
use crate::tables::Tables;
use crate::trace::TraceLevel;

pub use difference::{Difference, LineChange, LineDifference, difference};
pub use show::{
    eras_html, eras_text, explained_html, explained_text, what_if_html, what_if_text, why_not_html, why_not_sentence,
    why_not_text,
};
pub use why_not::REASONS as WHY_NOT_REASONS;

/// Finds the profile of a payer's name, and says whether the name is not mapped.
pub type ProfileOf<'a> = dyn Fn(Option<&str>) -> (&'a Profile, bool) + 'a;

/// What is asked about, and under what.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// The payers' tables.
    pub tables: &'a dyn Tables,
    /// Release that the tables come from, where one is loaded.
    pub release: Option<&'a str>,
    /// The case as written.
    pub case: &'a RawCase,
    /// Payer named beside the case; goes before the case's own.
    pub payer: Option<&'a str>,
    /// Only what had been published by this day.
    pub as_of: Option<ServiceDate>,
    /// Engine version.
    pub engine: &'static str,
    /// Profiles by payer.
    pub profile_of: &'a ProfileOf<'a>,
}

impl Asked<'_> {
    fn code(&self, raw: &RawCase, payer: Option<&str>, trace: TraceLevel) -> Result<CodedCase, InputError> {
        Ok(self.code_case(&Case::read(raw, self.facts)?, payer, trace))
    }

    fn code_case(&self, case: &Case, payer: Option<&str>, trace: TraceLevel) -> CodedCase {
        let (profile, unmapped) = (self.profile_of)(payer.or(case.payer.as_deref()));
        code_case(Request {
            facts: self.facts,
            tables: self.tables,
            release: self.release,
            case,
            profile,
            unmapped,
            as_of: self.as_of,
            engine: self.engine,
            trace,
        })
    }

    /// The whole tree of the answer, and whether its trace follows from the facts.
    pub fn explain(&self) -> Result<Explained, InputError> {
        let case = Case::read(self.case, self.facts)?;
        let coded = self.code_case(&case, self.payer, TraceLevel::Full);
        Ok(Explained {
            tree: tree::tree(self.facts, &case, &coded),
            coded,
        })
    }

    /// Why a code is not in the answer, and the smallest single change that would put it there.
    pub fn why_not(&self, code: &str) -> Result<WhyNot, InputError> {
        why_not::why_not(*self, code)
    }

    /// The answer before and after changes, each written `FACT=VALUE`.
    pub fn what_if(&self, changes: &[String]) -> Result<WhatIf, InputError> {
        let before = self.code(self.case, self.payer, TraceLevel::Ids)?;
        let mut edited = change::Edited {
            case: self.case.clone(),
            payer: self.payer.map(str::to_owned),
        };
        let mut done = Vec::with_capacity(changes.len());
        let mut violations = Vec::new();
        for text in changes {
            match edited.apply(self.facts, text) {
                Ok(change) => done.push(change),
                Err(violation) => violations.push(violation),
            }
        }
        if !violations.is_empty() {
            return Err(InputError { violations });
        }
        let after = self.code(&edited.case, edited.payer.as_deref(), TraceLevel::Ids)?;
        Ok(WhatIf {
            changes: done,
            difference: difference(&before, &after),
            before,
            after,
        })
    }

    /// The case over all eras of the facts.
    pub fn eras(&self) -> Result<Eras, InputError> {
        eras::eras(*self)
    }
}

/// The whole explanation of one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// What was decided, and under each decision what it rests on.
    pub tree: Vec<Node>,
    /// The answer, with every step.
    pub coded: CodedCase,
}

/// One statement of an explanation, and those that it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// What it is: `line`, `withheld`, `not_reported`, `question`, `notice`, `rule`, `steps` or a kind of step.
    pub what: Name,
    /// What it is about.
    pub subject: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// The rule that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// The row of the facts it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Name>,
    /// First day of service of that row. Absent: before the facts begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ServiceDate>,
    /// Last day of service of that row. Absent: not known to have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<ServiceDate>,
    /// How sure that row is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Name>,
    /// Where that row was read.
    pub citations: Vec<Name>,
    /// What it rests on.
    pub children: Vec<Node>,
}

/// One change of a case, as it was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Path of the fact.
    pub path: String,
    /// The value it was given; empty: none.
    pub value: String,
}

/// An answer before and after changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIf {
    /// The changes, in the order given.
    pub changes: Vec<Change>,
    /// What differs.
    pub difference: Difference,
    /// The answer as it stands.
    pub before: CodedCase,
    /// The answer with the changes.
    pub after: CodedCase,
}

/// Why a code is not in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyNot {
    /// The caller's id of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// Date of service.
    pub date_of_service: ServiceDate,
    /// The code asked about.
    pub code: Code,
    /// Our own label of it, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Name>,
    /// The first condition that fails: a published reason.
    pub reason: Name,
    /// What it is about: a path of the case, a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Arguments.
    pub args: Args,
    /// The rule that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// The row of the facts it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Name>,
    /// Where that row was read.
    pub citations: Vec<Name>,
    /// The lines that do report it, where they do.
    pub lines: Vec<Line>,
    /// Single changes that would put it into the answer, the smallest first.
    pub changes: Vec<Remedy>,
    /// What the answer rests on.
    pub knowledge: Knowledge,
}

/// A single change that would put a code into the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// The change.
    pub change: Change,
    /// What would then be billed.
    pub billed: Vec<Line>,
}

/// One case over all eras of the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eras {
    /// The caller's id of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// The stretches of dates in which the answer stays the same, oldest first.
    pub stretches: Vec<Stretch>,
    /// What changed between one stretch and the next, and why.
    pub turns: Vec<Turn>,
    /// What the answers rest on.
    pub knowledge: Knowledge,
}

/// Dates of service on which the answer is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// First day.
    pub from: ServiceDate,
    /// Last day. Absent: not known to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<ServiceDate>,
    /// Whether the case could be coded.
    pub status: Status,
    /// The code-set answer.
    pub reported: Vec<Line>,
    /// What the profile sends.
    pub billed: Vec<Line>,
    /// Kept off the claim.
    pub withheld: Vec<Withheld>,
    /// Services without a line of their own.
    pub not_reported: Vec<NotReported>,
    /// What would be asked.
    pub questions: Vec<Question>,
    /// Doubts, limits, advice, as on its first day.
    pub notices: Vec<Notice>,
}

/// What changed on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// First day of the later stretch.
    pub on: ServiceDate,
    /// What differs.
    pub difference: Difference,
    /// Rows behind the earlier answer that ended.
    pub ended: Vec<RowNote>,
    /// Rows behind the later answer that began.
    pub began: Vec<RowNote>,
}

/// A row of the facts and where it was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowNote {
    /// The row.
    pub row: Name,
    /// Its citations.
    pub citations: Vec<Name>,
}

/// Canonical JSON of an explanation: the same bytes on every face. Rules in `docs/canonical-json.md`.
pub trait Canonical: Serialize {
    /// Writes it.
    fn canonical_json(&self) -> String {
        // INVARIANT: every key is a string and every value a plain one, so writing cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Canonical for Explained {}
impl Canonical for WhyNot {}
impl Canonical for WhatIf {}
impl Canonical for Eras {}
