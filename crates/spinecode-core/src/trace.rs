//! The trace of an evaluation: what was read, which rows applied, what was decided. The explanation is this and nothing else.

use serde::{Deserialize, Serialize};

use crate::name::Name;

/// How much of the evaluation is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceLevel {
    /// Nothing.
    None,
    /// Rules, rows and citations, by id.
    #[default]
    Ids,
    /// Every step.
    Full,
}

impl TraceLevel {
    /// The text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Ids => "ids",
            Self::Full => "full",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Ids, Self::Full]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

/// The closed set of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A fact of the case was read.
    FactRead,
    /// A row of the facts applied.
    RowApplied,
    /// A version of a rule was in force.
    Window,
    /// One thing became several (levels to sites, joints to nerves).
    Expand,
    /// Several became one (nerves to joints, both sides to one level).
    Merge,
    /// Units were counted.
    Count,
    /// A code was chosen.
    Choose,
    /// A code or service was left out, with its reason.
    Exclude,
    /// An unknown fact was asked for.
    Ask,
    /// A reported line became billed lines.
    Render,
}

impl StepKind {
    /// All steps, in their published order.
    pub const ALL: [StepKind; 10] = [
        Self::FactRead,
        Self::RowApplied,
        Self::Window,
        Self::Expand,
        Self::Merge,
        Self::Count,
        Self::Choose,
        Self::Exclude,
        Self::Ask,
        Self::Render,
    ];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FactRead => "fact_read",
            Self::RowApplied => "row_applied",
            Self::Window => "window",
            Self::Expand => "expand",
            Self::Merge => "merge",
            Self::Count => "count",
            Self::Choose => "choose",
            Self::Exclude => "exclude",
            Self::Ask => "ask",
            Self::Render => "render",
        }
    }
}

/// One step of an evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which of the closed set.
    pub step: StepKind,
    /// The rule that took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// What it is about: a path of the case, a code, a site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The row of the facts it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Name>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// The explanation carried by an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// How much is told.
    pub level: TraceLevel,
    /// Rules that decided, as `ID/version`, sorted.
    pub rules: Vec<Name>,
    /// Rows of the facts that applied, sorted.
    pub rows: Vec<Name>,
    /// Citations of those rows and rules, sorted.
    pub citations: Vec<Name>,
    /// Every step, at level `full`.
    pub steps: Vec<Step>,
}
