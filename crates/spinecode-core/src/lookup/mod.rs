//! Look up: what a code is on a date, what became of it, what goes with it, and from which rows and sources that is known.
//!
//! All of it is read from the rows that the rules decide by; nothing here knows a family.

mod account;
mod card;
mod coverage;
pub(crate) mod succession;

use serde::{Deserialize, Serialize};

use crate::answer::Notice;
use crate::code::Code;
use crate::date::{ServiceDate, Window};
use crate::facts::{Facts, Row};
use crate::name::Name;

pub use account::{coverage_account, coverage_html, lookup_account, lookup_html};
pub(crate) use card::instead;
pub use card::lookup;
pub use coverage::coverage;

/// Published states of a code on a date.
pub const STATES: &[&str] = &[
    "alive",
    "ended",
    "interrupted",
    "never_valid",
    "not_in_loaded_lists",
    "not_yet",
];

/// What is asked of the facts about a code.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// The date of service; `None`: the last day of its life that was verified.
    pub on: Option<ServiceDate>,
    /// Only what had been published by this day.
    pub as_of: Option<ServiceDate>,
    /// Engine version.
    pub engine: &'static str,
}

/// How a fact is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Row of the facts.
    pub row: Name,
    /// First day it holds for. Absent: before the facts begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<ServiceDate>,
    /// Last day it holds for. Absent: not known to have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<ServiceDate>,
    /// When it was published, where that was later than its first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<ServiceDate>,
    /// Last day on which it was verified. Absent: it is a reading of the sources that has no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_through: Option<ServiceDate>,
    /// How sure it is: `high`, `medium` or `low`.
    pub confidence: Name,
    /// Keys of its sources.
    pub citations: Vec<Name>,
    /// The date asked for lies after the last day on which it was verified.
    pub past_verification: bool,
}

/// A fact of the case and the values of it that lead there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WhenFact {
    /// The fact, or the name of a disagreement between sources: then the values are positions in it.
    pub fact: Name,
    /// One of these.
    pub values: Vec<Name>,
}

/// One stretch of a code's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeStretch {
    /// Our own short label in this stretch.
    pub label: Name,
    /// A code in this stretch; false for a misprint that never was one.
    pub valid: bool,
    /// Sides: `unilateral`, `bilateral_inherent` or `not_lateral`.
    pub laterality: Name,
    /// An add-on code in this stretch.
    pub add_on: bool,
    /// Professional and technical parts are billed apart.
    pub split: bool,
    /// How it is verified.
    pub evidence: Evidence,
}

/// A kind of procedure that leads to the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadingKind {
    /// Name.
    pub kind: Name,
    /// Our own short label.
    pub label: Name,
    /// Family that codes it.
    pub family: Name,
    /// Other words for it.
    pub synonyms: Vec<Name>,
}

/// The part a code plays in a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleUse {
    /// Family.
    pub family: Name,
    /// Code set of the family; for separate guidance, the code set it stands beside.
    pub code_set: Name,
    /// Code region. Absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Name>,
    /// `first`, `second`, `third_plus`, `additional` ..., or `guidance` for separate guidance.
    pub role: Name,
    /// First level, in order of counting, that it covers.
    pub nth_from: u32,
    /// Last such level. Absent: and beyond.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth_to: Option<u32>,
    /// Most units a side a session. Absent: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// What one unit counts.
    pub unit: Name,
    /// Facts that lead to it; each list is one way.
    pub ways: Vec<Way>,
    /// Whether it plays this part on the date asked for.
    pub in_force: bool,
    /// How it is verified.
    pub evidence: Evidence,
}

/// One way to a code set: all of these facts together.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Way {
    /// The facts; none: nothing more is needed.
    pub when: Vec<WhenFact>,
}

/// A code that stands beside this one, on the date asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// The other code.
    pub code: Code,
    /// Its label.
    pub label: Name,
    /// What the other is to this one: `primary` or `add_on`.
    pub relation: Name,
    /// Who says so: `code_set` or `add_on_table`.
    pub layer: Name,
    /// How it is verified.
    pub evidence: Evidence,
}

/// What guidance does, on the date asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidanceUse {
    /// Service it guides: a family, or a part of one.
    pub service: Name,
    /// `none`, `fluoroscopy`, `ct`, `ultrasound`, `mr`. Absent: whatever it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<Name>,
    /// `included`, `separate`, or `no_code` where the facts name none.
    pub effect: Name,
    /// The guidance codes concerned.
    pub codes: Vec<Code>,
    /// What one unit of separate guidance counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Name>,
    /// The code set it leads to.
    pub code_set: Name,
    /// How it is verified.
    pub evidence: Evidence,
}

/// One family taking in another, on the date asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inclusion {
    /// The family that is reported.
    pub family: Name,
    /// The family that is not.
    pub includes: Name,
    /// `same_site`, `same_level`, `session`, or `guidance` where only its guidance is taken in, in the same region.
    pub scope: Name,
    /// The rule.
    pub rule: Name,
    /// How it is verified.
    pub evidence: Evidence,
}

/// A limit of units, on the date asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLimit {
    /// Units a day.
    pub units: u32,
    /// Adjudication indicator.
    pub mai: u32,
    /// How it is verified.
    pub evidence: Evidence,
}

/// A procedure-to-procedure pair, on the date asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePair {
    /// Column 1.
    pub column1: Code,
    /// Column 2: the line that is denied.
    pub column2: Code,
    /// A modifier can make both payable.
    pub bypassable: bool,
    /// `practitioner`, `hospital` or `both`.
    pub table: Name,
    /// How it is verified.
    pub evidence: Evidence,
}

/// What became what on a day, and under which facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// First day of the new law.
    pub first_day: ServiceDate,
    /// Families in which it happened; none where the code table alone says it.
    pub families: Vec<Name>,
    /// The facts that part this succession from others of the same code; none: always.
    pub when: Vec<WhenFact>,
    /// Codes before.
    pub before: Vec<Code>,
    /// Codes since; none: no code of its own any more.
    pub after: Vec<Code>,
    /// Codes that stay, one or another beside it.
    pub beside: Vec<Code>,
    /// Part played before, with its region, such as `first, lumbosacral`.
    pub role_before: Name,
    /// Part played since.
    pub role_after: Name,
    /// What one unit counted before.
    pub unit_before: Name,
    /// What one unit counts since.
    pub unit_after: Name,
    /// `rows`: derived from the rows that the rules decide by; `code_table`: stated of the code alone.
    pub basis: Name,
    /// How it is verified.
    pub evidence: Vec<Evidence>,
}

/// What tells two codes of a family apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CodeDifference {
    /// `code_set`, `region`, `role`, `unit`, `guidance` or `date`.
    pub fact: Name,
    /// Of the code asked for.
    pub here: Name,
    /// Of the other.
    pub there: Name,
}

/// A code to use instead on that date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sibling {
    /// The code.
    pub code: Code,
    /// Its label.
    pub label: Name,
    /// `sibling`, `successor`, `predecessor` or `suggestion`.
    pub relation: Name,
    /// Families they share.
    pub families: Vec<Name>,
    /// By what it differs.
    pub differs: Vec<CodeDifference>,
    /// Facts that lead to it; each is one way.
    pub ways: Vec<Way>,
    /// How it is verified.
    pub evidence: Evidence,
}

/// A rule that decides about the code on that date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleUse {
    /// Id.
    pub id: Name,
    /// Version in force.
    pub version: u32,
    /// Name of the decision.
    pub name: Name,
    /// Layer.
    pub layer: Name,
    /// What it does.
    pub what: Name,
    /// How it is verified.
    pub evidence: Evidence,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitationInfo {
    /// Key.
    pub id: Name,
    /// Title.
    pub title: Name,
    /// Where.
    pub link: Name,
    /// First date of service for which it is authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_from: Option<String>,
    /// Last such date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_to: Option<String>,
}

/// What a look-up rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Engine version.
    pub engine: Name,
    /// Hash of the built-in facts.
    pub facts: Name,
    /// Release id, where one was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Name>,
    /// Hash of the user's own facts, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Name>,
    /// Only what had been published by this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<ServiceDate>,
}

/// What is known of one code on one date. Field order is the canonical JSON's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// The code.
    pub code: Code,
    /// The date it was looked up for.
    pub on: ServiceDate,
    /// State on that date: `alive`, `not_yet`, `ended`, `interrupted`, `never_valid` or `not_in_loaded_lists`.
    pub status: Name,
    /// Our own short label, on that date or on the nearest day of its life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Name>,
    /// First day of its life. Absent: before the facts begin, or never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<ServiceDate>,
    /// Last day of its life. Absent: not known to have ended, or never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<ServiceDate>,
    /// Why no case leads to it, where it is known but not derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_derived: Option<Name>,
    /// Each stretch of its life, oldest first.
    pub life: Vec<LifeStretch>,
    /// Kinds of procedure that lead to it.
    pub kinds: Vec<LeadingKind>,
    /// Parts it plays, those in force first.
    pub roles: Vec<RoleUse>,
    /// Primaries and add-on codes on that date.
    pub companions: Vec<Companion>,
    /// What guidance does on that date.
    pub guidance: Vec<GuidanceUse>,
    /// What its families take in, and what takes them in, on that date.
    pub inclusions: Vec<Inclusion>,
    /// Limits of units on that date.
    pub limits: Vec<UnitLimit>,
    /// Pairs on that date.
    pub pairs: Vec<CodePair>,
    /// What it replaced.
    pub replaces: Vec<Succession>,
    /// What replaced it.
    pub replaced_by: Vec<Succession>,
    /// What to use instead on that date, and by what it differs.
    pub instead: Vec<Sibling>,
    /// Rules of its families on that date.
    pub rules: Vec<RuleUse>,
    /// Every source named above.
    pub citations: Vec<CitationInfo>,
    /// Doubts and limits of the knowledge.
    pub notices: Vec<Notice>,
    /// What the answer rests on.
    pub knowledge: Basis,
}

/// What one table holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableHolding {
    /// Table.
    pub table: Name,
    /// How many rows.
    pub rows: u32,
    /// First day they hold for. Absent: before the facts begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<ServiceDate>,
    /// Last day they hold for. Absent: not known to have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<ServiceDate>,
    /// Day through which all of them were verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_through: Option<ServiceDate>,
    /// The weakest of them: `high`, `medium` or `low`.
    pub confidence: Name,
    /// Keys of their sources.
    pub citations: Vec<Name>,
}

/// What one layer holds for a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerHolding {
    /// Layer.
    pub layer: Name,
    /// Whether it holds data.
    pub holds: bool,
    /// Why it does not: `no_table`, `no_code_list`, `not_on_that_date`, `not_derived` or `past_verification`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// Its tables.
    pub tables: Vec<TableHolding>,
}

/// What the layers hold for one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeCoverage {
    /// The code.
    pub code: Code,
    /// Our own short label. Absent: no loaded list holds the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Name>,
    /// Every layer, in their order.
    pub layers: Vec<LayerHolding>,
}

/// Which layers hold data for which codes. Field order is the canonical JSON's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Date asked for. Absent: every date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<ServiceDate>,
    /// First date of service that the facts cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage_from: Option<ServiceDate>,
    /// Codes, sorted.
    pub codes: Vec<CodeCoverage>,
    /// Every source named above.
    pub citations: Vec<CitationInfo>,
    /// What the answer rests on.
    pub knowledge: Basis,
}

impl LifeStretch {
    fn evidence_holds(&self, on: ServiceDate) -> bool {
        let Evidence {
            first_day, last_day, ..
        } = &self.evidence;
        first_day.is_none_or(|first| first <= on) && last_day.is_none_or(|last| on <= last)
    }
}

impl Lookup {
    /// Canonical JSON: the same bytes on every face. Rules in `docs/canonical-json.md`.
    pub fn canonical_json(&self) -> String {
        // INVARIANT: every key is a string and every value a plain one, so writing cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Coverage {
    /// Canonical JSON: the same bytes on every face. Rules in `docs/canonical-json.md`.
    pub fn canonical_json(&self) -> String {
        // INVARIANT: as above.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Asked<'_> {
    /// Whether a row had been published.
    fn published(&self, row: &Row) -> bool {
        self.as_of
            .is_none_or(|as_of| row.known_from.or(row.window.from).is_none_or(|known| known <= as_of))
    }

    pub(crate) fn basis(&self) -> Basis {
        Basis {
            engine: Name::Borrowed(self.engine),
            facts: self.facts.hash.clone(),
            release: None,
            overlay: self.facts.overlay.clone(),
            as_of: self.as_of,
        }
    }
}

impl CitationInfo {
    /// A source by its key.
    pub fn of(facts: &Facts, id: &Name) -> Self {
        let found = facts.citations.get(id);
        Self {
            id: id.clone(),
            title: found.map(|one| one.title.clone()).unwrap_or_default(),
            link: found.map(|one| one.link.clone()).unwrap_or_default(),
            authority_from: found.and_then(|one| one.authority.from).map(|day| day.to_string()),
            authority_to: found
                .and_then(|one| last_day(&one.authority))
                .map(|day| day.to_string()),
        }
    }

    fn all<'a>(facts: &Facts, ids: impl Iterator<Item = &'a Name>) -> Vec<Self> {
        let mut ids: Vec<&Name> = ids.collect();
        ids.sort();
        ids.dedup();
        ids.into_iter().map(|id| Self::of(facts, id)).collect()
    }
}

impl Evidence {
    fn of(row: &Row, on: ServiceDate) -> Self {
        Self {
            row: row.id.clone(),
            first_day: row.window.from,
            last_day: last_day(&row.window),
            known_from: row.known_from,
            verified_through: row.verified_through,
            confidence: Name::Borrowed(row.confidence.as_str()),
            citations: row.citations.clone(),
            past_verification: row.window.holds(on) && row.verified_through.is_some_and(|through| through < on),
        }
    }
}

/// Last day inside a window.
fn last_day(window: &Window) -> Option<ServiceDate> {
    window.until.and_then(|until| until.0.yesterday().ok()).map(ServiceDate)
}
