//! The edit report: what `edit` answers. Field order is the canonical JSON's order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::answer::{Args, Knowledge, Notice, Question};
use crate::case::Setting;
use crate::code::{Code, Modifier};
use crate::date::ServiceDate;
use crate::name::{Name, words};
use crate::tables::Unchecked;

words! {
    /// What a finding belongs to.
    Layer {
        /// Limits of the form itself.
        Form = "form",
        /// Whether the code lived on the date.
        CodeLife = "code_life",
        /// What the code set says of the lines together.
        CodeSet = "code_set",
        /// NCCI procedure-to-procedure pairs.
        Ptp = "ptp",
        /// Medically unlikely edits.
        Mue = "mue",
        /// The NCCI add-on table.
        AddOnTable = "add_on_table",
        /// Indicators of the fee schedule.
        FeeSchedule = "fee_schedule",
        /// Coverage policies.
        Coverage = "coverage",
    }
}

words! {
    /// What a layer says of a line. The later one weighs more.
    Verdict {
        /// The layer has nothing to say of it.
        NotApplicable = "not_applicable",
        /// Judged, and right.
        Pass = "pass",
        /// Not judged, or not wholly.
        NotChecked = "not_checked",
        /// A table would deny it; a modifier keeps it payable.
        Bypassed = "bypassed",
        /// Doubtful.
        Warn = "warn",
        /// Wrong.
        Fail = "fail",
    }
}

words! {
    /// How grave a finding is.
    Severity {
        /// To be known.
        Info = "info",
        /// To be looked at.
        Warning = "warning",
        /// To be mended before it is sent.
        Error = "error",
    }
}

impl Verdict {
    /// How grave a finding of this verdict is.
    pub fn severity(self) -> Severity {
        match self {
            Self::Fail => Severity::Error,
            Self::Warn => Severity::Warning,
            _ => Severity::Info,
        }
    }
}

/// What one layer says of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerVerdict {
    /// The gravest that was said.
    pub verdict: Verdict,
    /// Why a part, or all, was not checked.
    pub unchecked: Option<Unchecked>,
}

/// What the layers say of one line, in the layers' published order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineVerdicts {
    /// The line's number.
    pub line: Name,
    /// Its code as written.
    pub code: Name,
    /// Why it took no part.
    pub left_out: Option<Name>,
    /// One a layer.
    pub layers: [LayerVerdict; Layer::ALL.len()],
}

impl LineVerdicts {
    /// What a layer says.
    pub fn of(&self, layer: Layer) -> LayerVerdict {
        // INVARIANT: there is one a layer, so the default is never taken.
        self.layers.get(layer as usize).copied().unwrap_or(LayerVerdict {
            verdict: Verdict::NotApplicable,
            unchecked: None,
        })
    }
}

/// The JSON of [`LineVerdicts`]: verdicts and reasons by layer's name.
#[derive(Serialize, Deserialize)]
struct LineVerdictsJson {
    line: Name,
    code: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_out: Option<Name>,
    verdicts: BTreeMap<Layer, Verdict>,
    not_checked: BTreeMap<Layer, Name>,
}

impl Serialize for LineVerdicts {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let each = || Layer::ALL.iter().copied().zip(self.layers);
        LineVerdictsJson {
            line: self.line.clone(),
            code: self.code.clone(),
            left_out: self.left_out.clone(),
            verdicts: each().map(|(layer, said)| (layer, said.verdict)).collect(),
            not_checked: each()
                .filter_map(|(layer, said)| Some((layer, Name::Borrowed(said.unchecked?.as_str()))))
                .collect(),
        }
        .serialize(out)
    }
}

impl<'de> Deserialize<'de> for LineVerdicts {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let json = LineVerdictsJson::deserialize(input)?;
        let mut layers = [LayerVerdict {
            verdict: Verdict::NotApplicable,
            unchecked: None,
        }; Layer::ALL.len()];
        for (layer, said) in Layer::ALL.iter().zip(&mut layers) {
            said.verdict = json.verdicts.get(layer).copied().unwrap_or(Verdict::NotApplicable);
            said.unchecked = json.not_checked.get(layer).and_then(|reason| Unchecked::parse(reason));
        }
        Ok(Self {
            line: json.line,
            code: json.code,
            left_out: json.left_out,
            layers,
        })
    }
}

/// A line that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineRef {
    /// The claim it stands on, where that is another one of the same billing day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<String>,
    /// Its number.
    pub line: Name,
    /// Its code as written.
    pub code: Name,
}

/// What a payer likely answers. Suggested, never the payer's own word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Adjustment {
    /// Group: `CO`, `PR`, `OA` ...
    pub group: Name,
    /// Claim adjustment reason code.
    pub carc: Name,
    /// Remittance advice remark codes.
    pub rarc: Vec<Name>,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Rule id, never reused.
    pub rule: Name,
    /// The rule's name.
    pub name: Name,
    /// Layer.
    pub layer: Layer,
    /// How grave.
    pub severity: Severity,
    /// `fail`, `warn`, `bypassed` or `not_checked`.
    pub verdict: Verdict,
    /// The lines; the one that must change first.
    pub lines: Vec<LineRef>,
    /// Arguments: the other code, the limit ...
    pub args: Args,
    /// The modifier that bypassed, or would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modifier: Option<Modifier>,
    /// What a payer likely answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<Adjustment>,
    /// Rows of the facts, or editions of a release's tables.
    pub rows: Vec<Name>,
    /// Sources.
    pub citations: Vec<Name>,
    /// How sure the facts behind it are.
    pub confidence: Name,
    /// It rests on the nearest edition loaded, not on that of the date.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nearest_edition: bool,
}

/// One change of a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Change {
    /// Take the line off.
    DropLine {
        /// The line.
        line: LineRef,
    },
    /// Put a modifier on the line.
    AddModifier {
        /// The line.
        line: LineRef,
        /// The modifier.
        modifier: Modifier,
    },
    /// Take a modifier off the line.
    DropModifier {
        /// The line.
        line: LineRef,
        /// The modifier.
        modifier: Modifier,
    },
    /// Put a modifier into another place of the line.
    MoveModifier {
        /// The line.
        line: LineRef,
        /// The modifier.
        modifier: Modifier,
        /// The line it goes to, where that is another one.
        to: LineRef,
    },
    /// Change the units.
    SetUnits {
        /// The line.
        line: LineRef,
        /// The new units.
        units: u32,
    },
    /// Report another code.
    ReplaceCode {
        /// The line.
        line: LineRef,
        /// The new code.
        code: Code,
    },
    /// Add a line.
    AddLine {
        /// Its code.
        code: Code,
        /// Its units.
        units: u32,
        /// Its modifiers.
        modifiers: Vec<Modifier>,
        /// Its date.
        date_of_service: ServiceDate,
    },
}

impl Change {
    /// Which change it is, as the JSON names it.
    pub fn action(&self) -> &'static str {
        match self {
            Self::DropLine { .. } => "drop_line",
            Self::AddModifier { .. } => "add_modifier",
            Self::DropModifier { .. } => "drop_modifier",
            Self::MoveModifier { .. } => "move_modifier",
            Self::SetUnits { .. } => "set_units",
            Self::ReplaceCode { .. } => "replace_code",
            Self::AddLine { .. } => "add_line",
        }
    }

    /// The line it changes; `None`: it adds one.
    pub fn line(&self) -> Option<&LineRef> {
        match self {
            Self::DropLine { line }
            | Self::AddModifier { line, .. }
            | Self::DropModifier { line, .. }
            | Self::MoveModifier { line, .. }
            | Self::SetUnits { line, .. }
            | Self::ReplaceCode { line, .. } => Some(line),
            Self::AddLine { .. } => None,
        }
    }

    /// The modifier that is added, dropped or moved.
    pub fn modifier(&self) -> Option<&Modifier> {
        match self {
            Self::AddModifier { modifier, .. }
            | Self::DropModifier { modifier, .. }
            | Self::MoveModifier { modifier, .. } => Some(modifier),
            _ => None,
        }
    }
}

/// A set of changes after which the claim passes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Repair {
    /// The changes, all of them.
    pub changes: Vec<Change>,
    /// Published word for what the changed claim says that the old one did not.
    pub meaning: Vec<Name>,
    /// What must be documented for it, in published words; empty: it asserts nothing new.
    pub if_documented: Vec<Name>,
    /// Rules of the findings that it settles.
    pub settles: Vec<Name>,
}

/// What is said of one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditReport {
    /// The caller's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<String>,
    /// Who sends it, as derived.
    pub setting: Name,
    /// The gravest verdict of any layer and line.
    pub verdict: Verdict,
    /// Each line, layer by layer.
    pub lines: Vec<LineVerdicts>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Smallest sets of changes that pass, the best first; only where asked for.
    pub repairs: Vec<Repair>,
    /// Clinical facts that would decide between repairs.
    pub questions: Vec<Question>,
    /// Lines that took no part, by reason.
    pub left_out: BTreeMap<Name, u32>,
    /// Limits of the knowledge.
    pub notices: Vec<Notice>,
    /// What the report rests on.
    pub knowledge: Knowledge,
}

impl EditReport {
    /// Canonical JSON: the same bytes on every face.
    pub fn canonical_json(&self) -> String {
        // INVARIANT: every key is a string and every value a plain one, so writing cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads canonical JSON.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The setting as a word of the engine.
    pub fn setting(&self) -> Setting {
        Setting::ALL
            .into_iter()
            .find(|setting| setting.as_str() == self.setting)
            .unwrap_or(Setting::Undetermined)
    }
}
