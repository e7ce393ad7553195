//! The shapes of the dated facts and how they are asked. `spinecode-data` fills them; this crate holds no fact itself.

pub mod coverage;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap as HashMap;

use crate::anatomy::{Interspace, Place, Side};
use crate::case::{FactValue, Setting};
use crate::code::{Code, Modifier};
use crate::date::{ServiceDate, View, Window};
use crate::edit::chart::Chart;
use crate::fee::{FeeIndicator, FeeRow, Standing, StandingRow};
use crate::modifiers::{ClassRow, ModifierRow};
use crate::name::{Name, words};

/// How sure a fact is; the weakest of an answer's facts is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Memory only, or sources disagree.
    Low,
    /// One indirect source, or inferred.
    Medium,
    /// Read in a source.
    High,
}

impl Confidence {
    /// The text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

/// What every dated row carries.
#[derive(Clone, Debug)]
pub struct Row {
    /// `table:key@first-day`, stable.
    pub id: Name,
    /// Dates of service it holds for.
    pub window: Window,
    /// When it was published, where that was later than its first day.
    pub known_from: Option<ServiceDate>,
    /// Last day on which it was verified.
    pub verified_through: Option<ServiceDate>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it was read.
    pub citations: Vec<Name>,
}

/// The profile of a payer whose name is not mapped.
const DEFAULT_PROFILE: &str = "cpt";
/// The citation of what nobody read in a source.
const MEMORY: &str = "memory";

impl Row {
    /// Whether it rests on memory alone; an answer that uses it says so.
    pub fn is_from_memory(&self) -> bool {
        matches!(self.citations.as_slice(), [only] if only == MEMORY)
    }

    /// Whether it is the law of that date of service, as published by `as_of`.
    pub fn seen(&self, view: View) -> bool {
        // A rule is published before it begins unless the row says otherwise.
        self.window.holds(view.on)
            && view
                .as_of
                .is_none_or(|as_of| self.known_from.or(self.window.from).is_none_or(|known| known <= as_of))
    }
}

/// How a code stands to the sides of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Laterality {
    /// One unit covers one side.
    Unilateral,
    /// One unit covers one side or both.
    BilateralInherent,
    /// Sides do not apply.
    NotLateral,
}

/// A code in one stretch of its life.
#[derive(Clone, Debug)]
pub struct CodeRow {
    /// Dates and sources.
    pub row: Row,
    /// The code.
    pub code: Code,
    /// Our own short label.
    pub label: Name,
    /// Never a code at all: a misprint, with its suggestion.
    pub never_valid: bool,
    /// Sides.
    pub laterality: Laterality,
    /// An add-on code in this stretch.
    pub add_on: bool,
    /// Professional and technical parts are billed apart.
    pub split: bool,
    /// What one should use instead of a `never_valid` code.
    pub suggestion: Option<Code>,
    /// What replaced it.
    pub replaced_by: Vec<Code>,
}

/// A published kind of procedure.
#[derive(Clone, Debug)]
pub struct KindRow {
    /// Name.
    pub kind: Name,
    /// Family that codes it.
    pub family: Option<Name>,
    /// Site types it may be done at; the first is that of `levels`.
    pub sites: Vec<Name>,
    /// Whether its sites are counted (and must not be given twice with different facts).
    pub counted: bool,
    /// Sides its sites may have; empty: it has none.
    pub sides: Vec<Side>,
    /// Body region for guidance when no site says.
    pub region: Option<Name>,
    /// Label.
    pub label: Name,
    /// Other words for it.
    pub synonyms: Vec<Name>,
    /// What silence states of its facts; indexed.
    pub unsaid: Arc<[(Name, FactValue)]>,
}

/// Type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// One word of a list.
    Word,
    /// Several words of a list.
    Words,
    /// True or false.
    Flag,
    /// A whole number.
    Number,
}

/// What an unknown fact may do to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Decides a code, unit or side: it is asked.
    Deciding,
    /// Where it could only add a separate line it does not block.
    MayAdd,
}

/// A fact that a kind allows.
#[derive(Clone, Debug)]
pub struct FactRow {
    /// Name.
    pub fact: Name,
    /// Type.
    pub value_type: FactType,
    /// Values, for words; `low` and `high` limits, for numbers; values to try when it is unknown.
    pub values: Vec<Name>,
    /// What it may do when unknown.
    pub effect: Effect,
    /// What its absence states, where the published vocabulary says so.
    pub default: Option<Name>,
    /// The question for a person.
    pub question: Name,
}

impl FactRow {
    /// What its absence states, as a value.
    pub fn stated_by_silence(&self) -> Option<FactValue> {
        let text = self.default.as_ref()?;
        match self.value_type {
            FactType::Word => Some(FactValue::Word(text.clone())),
            FactType::Words => Some(FactValue::Words(vec![text.clone()])),
            FactType::Flag => text.parse().ok().map(FactValue::Flag),
            FactType::Number => text.parse().ok().map(FactValue::Number),
        }
    }
}

/// What one unit of a role counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Facet joints.
    Joint,
    /// Nerves.
    Nerve,
    /// Vertebral bodies.
    Vertebra,
    /// Disc spaces.
    Interspace,
    /// Foramina; one that belongs to an interspace counts as it.
    Foramen,
    /// Body regions.
    Region,
    /// Sides of the body.
    Side,
    /// What the case counts: a number of leads or branches on a side, or the different things that its procedures name.
    Number,
    /// Minutes, by the steps of `time_steps.csv`.
    Minute,
    /// Once for the encounter.
    Encounter,
}

impl Per {
    /// All, in their published order.
    pub const ALL: [Per; 10] = [
        Self::Joint,
        Self::Nerve,
        Self::Vertebra,
        Self::Interspace,
        Self::Foramen,
        Self::Region,
        Self::Side,
        Self::Number,
        Self::Minute,
        Self::Encounter,
    ];

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|per| per.as_str() == text)
    }

    /// Whether it counts levels: places of which the first, the second and further ones have roles of their own.
    pub fn is_level(self) -> bool {
        !matches!(
            self,
            Self::Region | Self::Side | Self::Number | Self::Minute | Self::Encounter
        )
    }

    /// The text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joint => "joint",
            Self::Nerve => "nerve",
            Self::Vertebra => "vertebra",
            Self::Interspace => "interspace",
            Self::Foramen => "foramen",
            Self::Region => "region",
            Self::Side => "side",
            Self::Number => "number",
            Self::Minute => "minute",
            Self::Encounter => "encounter",
        }
    }
}

/// A code in its role within a family.
#[derive(Clone, Debug)]
pub struct RoleRow {
    /// Dates and sources.
    pub row: Row,
    /// Which of the family's code sets (`guided`, `ultrasound`, `diagnostic` ...).
    pub variant: Name,
    /// Code region; `None`: any.
    pub region: Option<Name>,
    /// `first`, `second`, `third_plus`, `additional`, `sole` or `unlisted`.
    pub role: Name,
    /// First ordinal of the level it covers.
    pub nth_from: u32,
    /// Last ordinal; `None`: and beyond.
    pub nth_to: Option<u32>,
    /// Most units a side a session.
    pub cap: Option<u32>,
    /// What one unit counts.
    pub per: Per,
    /// The code.
    pub code: Code,
}

/// When the units of a code counted by minutes are reached.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// Dates and sources.
    pub row: Row,
    /// The code set.
    pub variant: Name,
    /// The code.
    pub code: Code,
    /// First minute at which it is reported.
    pub first_minute: i64,
    /// Minutes to each further unit; `None`: there is one unit.
    pub further_minutes: Option<i64>,
}

impl StepRow {
    /// Units after so many minutes.
    pub fn units(&self, minutes: i64) -> u32 {
        let past = minutes.saturating_sub(self.first_minute);
        let further = self
            .further_minutes
            .and_then(|step| past.checked_div(step))
            .unwrap_or(0);
        if past < 0 {
            0
        } else {
            u32::try_from(further.saturating_add(1)).unwrap_or(u32::MAX)
        }
    }
}

/// What a kind of guidance does to a service.
#[derive(Clone, Debug)]
pub struct GuidanceRow {
    /// Dates and sources.
    pub row: Row,
    /// `none`, `fluoroscopy`, `ct`, `ultrasound`, `mr`; `None`: whatever it was.
    pub modality: Option<Name>,
    /// The code set it leads to.
    pub variant: Name,
    /// A separate code.
    pub add: Option<(Code, Per)>,
    /// Codes one might add that are included.
    pub included: Vec<Code>,
}

/// What a condition of a choice asks of one fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// One of these words (`true`, `false` for a flag).
    OneOf(Vec<Name>),
    /// A number within limits, both included; summed over the procedures of the session that share a side and meet the
    /// conditions before.
    Within(Option<i64>, Option<i64>),
}

/// One condition of a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The fact: one of the kind's, or `side`, `levels`, `setting`, `kind`.
    pub fact: Name,
    /// Silence does not stop the rule: the condition then does not hold.
    pub silent: bool,
    /// What is asked of it.
    pub test: Test,
}

/// A code set that a choice leads to.
#[derive(Clone, Debug)]
pub struct ChoiceSet {
    /// Its name in `roles.csv`.
    pub name: Name,
    /// The fact that says who did this part, where not the one who did the rest.
    pub by: Option<Name>,
}

/// A row of a family that rows describe whole: under these conditions, these code sets. The first row that holds, holds.
#[derive(Clone, Debug)]
pub struct ChoiceRow {
    /// Dates and sources.
    pub row: Row,
    /// Conditions, read in this order.
    pub when: Vec<Condition>,
    /// Code sets of `roles.csv` that it leads to, each reported.
    pub sets: Vec<ChoiceSet>,
    /// What a role counted by number or minute counts: a number, or a word of which each different one is one.
    pub count: Option<Name>,
    /// Service of `guidance.csv` that says what guidance does; the family's own when empty.
    pub service: Option<Name>,
    /// Less than the code describes was done: reported as reduced work.
    pub reduced: bool,
    /// Codes one might have used, which are not reported.
    pub not_reported: Vec<Code>,
    /// Why they are not.
    pub why: Option<Name>,
    /// A doubt to be told.
    pub doubt: Option<Name>,
    /// The conflict and position under which it holds.
    pub position: Option<(Name, Name)>,
}

/// What a technique is in the sense of a family's codes.
#[derive(Clone, Debug)]
pub struct TechniqueRow {
    /// Dates and sources.
    pub row: Row,
    /// Family.
    pub family: Name,
    /// Technique.
    pub technique: Name,
    /// Holds only below this temperature, where one is recorded.
    pub below_celsius: Option<i64>,
    /// The code set it leads to by itself; `None`: the family's usual one.
    pub variant: Option<Name>,
    /// A doubt to be told.
    pub doubt: Option<Name>,
}

/// The code region of places.
#[derive(Clone, Debug)]
pub struct JunctionRow {
    /// Dates and sources.
    pub row: Row,
    /// Places it holds for.
    pub places: Vec<Place>,
    /// Code region.
    pub region: Name,
    /// Body region, for guidance counted by region.
    pub body_region: Name,
    /// The conflict and position under which it holds.
    pub position: Option<(Name, Name)>,
}

/// Nerves that together serve a facet joint.
#[derive(Clone, Debug)]
pub struct NerveRow {
    /// Dates and sources.
    pub row: Row,
    /// The joint.
    pub joint: Interspace,
    /// The nerves, all of them.
    pub nerves: Vec<Name>,
    /// The usual way (used for expanding a joint to nerves), or another way of naming.
    pub usual: bool,
    /// The nerves as bits of [`Facts::nerve_bit`].
    pub bits: u64,
}

/// How far one first-level code reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One a code region.
    PerRegion,
    /// One a session.
    PerSession,
    /// One a region, but regions that meet at a treated junction count as one.
    JoinedAtJunction,
}

/// One first-level code for what?
#[derive(Clone, Debug)]
pub struct PrimaryRow {
    /// Dates and sources.
    pub row: Row,
    /// How far it reaches.
    pub reach: Reach,
    /// Upper and lower place of the junction, for `JoinedAtJunction`.
    pub junction: Option<(Place, Place)>,
    /// The conflict and position under which it holds.
    pub position: Option<(Name, Name)>,
}

/// How far a family takes in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleScope {
    /// Where they meet at one site, side by side.
    SameSite,
    /// Where they meet at one level, on whatever side.
    SameLevel,
    /// In the whole session.
    Session,
    /// Its guidance only, in the same region.
    Guidance,
}

/// A family that takes in another.
#[derive(Clone, Debug)]
pub struct BundleRow {
    /// Dates and sources.
    pub row: Row,
    /// The family that is reported.
    pub family: Name,
    /// The family that is not.
    pub includes: Name,
    /// Where, and what of it.
    pub scope: BundleScope,
    /// What must hold of the procedure that is not reported.
    pub when: Vec<Condition>,
    /// What must hold of the procedure that is reported.
    pub by: Vec<Condition>,
    /// Facts that both must have alike.
    pub alike: Vec<Name>,
    /// The rule.
    pub rule: Name,
}

/// How two code sets of one family stand to each other on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The first takes in the second.
    Includes,
    /// One of the two, never both.
    Exclusive,
    /// The first takes in the separate guidance of the second.
    Guidance,
}

/// A relation between two code sets of one family.
#[derive(Clone, Debug)]
pub struct RelationRow {
    /// Dates and sources.
    pub row: Row,
    /// Family.
    pub family: Name,
    /// The first code set; `None`: any.
    pub set: Option<Name>,
    /// Its role; `None`: any.
    pub role: Option<Name>,
    /// The second code set; `None`: any.
    pub other_set: Option<Name>,
    /// Its role; `None`: any.
    pub other_role: Option<Name>,
    /// How they stand to each other.
    pub relation: Relation,
    /// Only where both lie in one code region.
    pub same_region: bool,
    /// The code set that is reported instead of both.
    pub instead: Option<Name>,
}

/// An NCCI procedure-to-procedure pair that policy decides.
#[derive(Clone, Debug)]
pub struct PairRow {
    /// Dates and sources.
    pub row: Row,
    /// Column 1.
    pub column1: Code,
    /// Column 2: the line that is denied.
    pub column2: Code,
    /// A modifier can make both payable.
    pub bypassable: bool,
    /// `practitioner`, `hospital` or `both`.
    pub table: Name,
}

/// A medically unlikely edit.
#[derive(Clone, Debug)]
pub struct LimitRow {
    /// Dates and sources.
    pub row: Row,
    /// The code.
    pub code: Code,
    /// Units a day.
    pub units: u32,
    /// Adjudication indicator.
    pub mai: u8,
    /// `practitioner`, `hospital` or `both`.
    pub table: Name,
}

/// A primary that an add-on code may stand beside.
#[derive(Clone, Debug)]
pub struct AddOnRow {
    /// Dates and sources.
    pub row: Row,
    /// The add-on code.
    pub add_on: Code,
    /// The primary.
    pub primary: Code,
}

/// Days on which a table is meant to hold no row of a key.
#[derive(Clone, Debug)]
pub struct GapRow {
    /// Table, without its ending.
    pub table: Name,
    /// Key, such as `family/variant`.
    pub key: Name,
    /// The days.
    pub window: Window,
    /// Why.
    pub reason: Name,
}

/// One side of a disagreement between sources.
#[derive(Clone, Debug)]
pub struct ConflictRow {
    /// Dates and sources.
    pub row: Row,
    /// The disagreement.
    pub conflict: Name,
    /// The position.
    pub position: Name,
    /// The code-set answer takes this one.
    pub base: bool,
    /// Who holds it, in our words.
    pub holder: Name,
}

/// A version of a rule.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// Dates and sources.
    pub row: Row,
    /// Id.
    pub id: Name,
    /// Version.
    pub version: u32,
    /// Name of the decision.
    pub name: Name,
    /// Family, or `all`.
    pub family: Name,
    /// Layer.
    pub layer: Name,
    /// What it does.
    pub what: Name,
    /// `ID/version`, as the explanation names it.
    pub label: Name,
}

/// The modifier of an outcome.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// Dates and sources.
    pub row: Row,
    /// Outcome.
    pub outcome: Name,
    /// Facility claims; otherwise the clinician's.
    pub facility: bool,
    /// Modifier.
    pub modifier: Modifier,
}

/// A place of service.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Dates and sources.
    pub row: Row,
    /// Two digits.
    pub place: Name,
    /// Somebody else owns the equipment: the clinician bills the professional part.
    pub facility: bool,
    /// Label.
    pub label: Name,
}

/// Who sends a claim, by what the claim says of itself; the first row that holds, holds.
#[derive(Clone, Debug)]
pub struct SettingRow {
    /// Sources.
    pub row: Row,
    /// Claim type; `None`: whatever it is.
    pub claim_type: Option<Name>,
    /// Beginning of the type of bill, without leading zeros.
    pub bill_type: Option<Name>,
    /// Place of service.
    pub place: Option<Name>,
    /// Medicare specialty code.
    pub specialty: Option<Name>,
    /// A rendering clinician is named who is not the biller.
    pub other_rendering: bool,
    /// The setting.
    pub setting: Setting,
}

words! {
    /// What the form of a claim limits.
    FormLimit {
        /// Modifiers on a line.
        Modifiers = "modifiers",
        /// Diagnoses of a claim.
        Diagnoses = "diagnoses",
        /// Diagnosis pointers of a line.
        Pointers = "pointers",
        /// Lines of a claim.
        Lines = "lines",
        /// Whole dollars of a charge.
        Charge = "charge",
        /// Revision of the diagnosis codes.
        IcdVersion = "icd_version",
    }
}

/// A limit of the form of a claim.
#[derive(Clone, Debug)]
pub struct FormLimitRow {
    /// Dates and sources.
    pub row: Row,
    /// Claim type; `None`: whatever it is.
    pub claim_type: Option<Name>,
    /// What is limited.
    pub what: FormLimit,
    /// The most there may be; of a revision, which one.
    pub limit: u32,
}

/// What a payer likely answers to a finding of a rule.
#[derive(Clone, Debug)]
pub struct AdjustmentRow {
    /// Dates and sources.
    pub row: Row,
    /// The rule.
    pub rule: Name,
    /// Group: `CO`, `PR`, `OA` ...
    pub group: Name,
    /// Claim adjustment reason code.
    pub carc: Name,
    /// Remittance advice remark codes.
    pub rarc: Vec<Name>,
}

/// How a both-sided unit of a one-sided code is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BilateralStyle {
    /// One line, modifier 50, units unchanged.
    Modifier50,
    /// Two lines.
    RtLtLines,
    /// One line, units doubled.
    UnitsDoubled,
}

/// A dated row of a profile's bilateral style.
#[derive(Clone, Debug)]
pub struct StyleRow {
    /// Dates and sources.
    pub row: Row,
    /// `Some(true)`: add-on codes only; `Some(false)`: others only.
    pub add_on: Option<bool>,
    /// Settings it holds for; empty: any.
    pub settings: Vec<Name>,
    /// The style.
    pub style: BilateralStyle,
    /// The conflict in which it is a position.
    pub position: Option<(Name, Name)>,
}

/// Modifiers that the rendering writes; a profile names them so that no code does.
#[derive(Clone, Debug)]
pub struct RenderModifiers {
    /// Both sides.
    pub bilateral: Modifier,
    /// Left side.
    pub left: Modifier,
    /// Right side.
    pub right: Modifier,
    /// Professional part.
    pub professional: Modifier,
    /// Distinct service.
    pub distinct: Modifier,
}

/// A payer profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Name,
    /// Hash of its file.
    pub hash: Name,
    /// Layers it names.
    pub layers: Vec<Name>,
    /// Conflict -> position, where it differs from the code set's.
    pub positions: BTreeMap<Name, Name>,
    /// Bilateral styles.
    pub styles: Vec<StyleRow>,
    /// The modifiers it writes.
    pub modifiers: RenderModifiers,
    /// Order of modifiers on a line; others follow.
    pub modifier_order: Vec<Modifier>,
}

impl Profile {
    /// Whether it names a layer.
    pub fn has_layer(&self, layer: &str) -> bool {
        self.layers.iter().any(|name| name == layer)
    }
}

/// What belongs to one family.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// Codes in their roles.
    pub roles: Vec<RoleRow>,
    /// Steps of its codes counted by minutes.
    pub steps: Vec<StepRow>,
    /// Guidance.
    pub guidance: Vec<GuidanceRow>,
    /// Regions of places.
    pub junctions: Vec<JunctionRow>,
    /// One first-level code for what.
    pub primaries: Vec<PrimaryRow>,
    /// The rule that a family described by rows answers by; `None`: it has a rule file.
    pub rule: Option<Name>,
    /// Which code sets it leads to; empty: its guidance says.
    pub choices: Vec<ChoiceRow>,
    /// Positions in `junctions`, by place.
    pub junctions_by_place: HashMap<Place, Vec<usize>>,
}

impl Family {
    /// Rows that speak of a place.
    pub fn junctions_at<'f>(&'f self, place: &Place) -> impl Iterator<Item = &'f JunctionRow> {
        let rows = self
            .junctions_by_place
            .get(place)
            .map(Vec::as_slice)
            .unwrap_or_default();
        rows.iter().filter_map(|at| self.junctions.get(*at))
    }
}

/// A source.
#[derive(Clone, Debug)]
pub struct Citation {
    /// Key.
    pub id: Name,
    /// Title.
    pub title: Name,
    /// Where.
    pub link: Name,
    /// Dates of service for which it is authority.
    pub authority: Window,
}

/// All facts, indexed.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Hash of the built-in facts.
    pub hash: Name,
    /// Hash of the user's own, where given.
    pub overlay: Option<Name>,
    /// First date of service covered.
    pub coverage_from: Option<ServiceDate>,
    /// Sources that set it.
    pub basis_citations: Vec<Name>,
    /// Codes, each with the stretches of its life.
    pub codes: HashMap<Code, Vec<CodeRow>>,
    /// Kinds, in published order.
    pub kinds: Vec<KindRow>,
    /// Positions in `kinds`, by name.
    pub kinds_by_name: HashMap<Name, usize>,
    /// Facts by kind; `*` holds those of every kind.
    pub kind_facts: HashMap<Name, Vec<FactRow>>,
    /// Families.
    pub families: HashMap<Name, Family>,
    /// The families that rows describe whole, in the order in which their lines are written.
    pub families_of_rows: Vec<Name>,
    /// Nerves of the facet joints.
    pub nerves: Vec<NerveRow>,
    /// What a look-up by nerves reads of each row, kept close together: its bits, whether it is the usual way, its position.
    pub nerve_sets: Vec<(u64, bool, usize)>,
    /// Names of those nerves.
    pub nerve_names: Vec<Name>,
    /// Each of those names as one bit.
    pub nerve_bits: HashMap<Name, u64>,
    /// Names of body regions that a site may name, each with its family-independent meaning.
    pub region_names: Vec<Name>,
    /// Body region of each of those names.
    pub region_bodies: HashMap<Name, Name>,
    /// Techniques.
    pub techniques: Vec<TechniqueRow>,
    /// What takes in what.
    pub bundles: Vec<BundleRow>,
    /// How code sets of one family stand to each other.
    pub relations: Vec<RelationRow>,
    /// The families' tables from the codes' side, for claims.
    pub chart: Chart,
    /// NCCI pairs, by column 1.
    pub pairs: HashMap<Code, Vec<PairRow>>,
    /// Unit limits.
    pub limits: HashMap<Code, Vec<LimitRow>>,
    /// Add-on primaries.
    pub add_ons: HashMap<Code, Vec<AddOnRow>>,
    /// Codes of the field that no case is coded to, each with the reason.
    pub not_derived: BTreeMap<Code, Name>,
    /// Declared gaps.
    pub gaps: Vec<GapRow>,
    /// Disagreements.
    pub conflicts: Vec<ConflictRow>,
    /// Rules.
    pub rules: BTreeMap<Name, Vec<RuleRow>>,
    /// Outcomes.
    pub outcomes: Vec<OutcomeRow>,
    /// Indicators of the fee schedule, by code.
    pub fees: HashMap<Code, Vec<FeeRow>>,
    /// What each value of an indicator says, by indicator.
    pub standings: [HashMap<Name, StandingRow>; FeeIndicator::ALL.len()],
    /// Places of service.
    pub places: HashMap<Name, Vec<PlaceRow>>,
    /// Who sends a claim.
    pub settings: Vec<SettingRow>,
    /// Modifiers.
    pub modifiers: HashMap<Modifier, Vec<ModifierRow>>,
    /// Sections of the code set.
    pub classes: Vec<ClassRow>,
    /// Limits of the form.
    pub form_limits: Vec<FormLimitRow>,
    /// What payers likely answer, by rule.
    pub adjustments: HashMap<Name, Vec<AdjustmentRow>>,
    /// Profiles.
    pub profiles: BTreeMap<Name, Profile>,
    /// Lower-case payer name -> profile.
    pub payers: BTreeMap<Name, Name>,
    /// Coverage policies.
    pub coverage: coverage::Coverage,
    /// Sources.
    pub citations: BTreeMap<Name, Citation>,
}

impl Facts {
    /// Builds the indexes; called once when everything is loaded.
    pub fn index(&mut self) {
        for family in self.families.values_mut() {
            family.junctions_by_place.clear();
            for (at, row) in family.junctions.iter().enumerate() {
                for place in &row.places {
                    family.junctions_by_place.entry(place.clone()).or_default().push(at);
                }
            }
        }
        let minor = |days: &str| {
            let said = self
                .standings
                .get(FeeIndicator::GlobalDays as usize)
                .and_then(|rows| rows.get(days));
            said.is_some_and(|row| row.standing == Standing::Minor)
        };
        for row in self.fees.values_mut().flatten() {
            row.minor = minor(&row.global_days);
        }
        self.coverage.index(&self.families);
        self.kinds_by_name = self
            .kinds
            .iter()
            .enumerate()
            .map(|(at, row)| (row.kind.clone(), at))
            .collect();
        let unsaid = |kind: &KindRow| {
            let stated = |row: &FactRow| Some((row.fact.clone(), row.stated_by_silence()?));
            self.facts_of(&kind.kind).filter_map(stated).collect()
        };
        let unsaid: Vec<_> = self.kinds.iter().map(unsaid).collect();
        for (kind, unsaid) in self.kinds.iter_mut().zip(unsaid) {
            kind.unsaid = unsaid;
        }
        let bits = (0u32..).map(|at| 1u64.checked_shl(at).unwrap_or_default());
        self.nerve_bits = self.nerve_names.iter().cloned().zip(bits).collect();
        for row in &mut self.nerves {
            row.bits = row.nerves.iter().filter_map(|nerve| self.nerve_bits.get(nerve)).sum();
        }
        // Transitional anatomy is stated, never inferred from the names of nerves.
        let inferred = self
            .nerves
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.joint.is_transitional());
        self.nerve_sets = inferred.map(|(at, row)| (row.bits, row.usual, at)).collect();
        self.chart = Chart::of(self);
    }

    /// A nerve of the facet joints as one bit; 0 for a name that is none.
    pub fn nerve_bit(&self, nerve: &str) -> u64 {
        self.nerve_bits.get(nerve).copied().unwrap_or_default()
    }

    /// The code's row on a date.
    pub fn code(&self, code: Code, view: View) -> Option<&CodeRow> {
        self.codes.get(&code)?.iter().find(|row| row.row.seen(view))
    }

    /// A kind by name.
    pub fn kind(&self, name: &str) -> Option<&KindRow> {
        self.kinds_by_name.get(name).and_then(|at| self.kinds.get(*at))
    }

    /// The definition of a fact for a kind.
    pub fn fact(&self, kind: &str, fact: &str) -> Option<&FactRow> {
        [kind, "*"]
            .into_iter()
            .find_map(|kind| self.kind_facts.get(kind)?.iter().find(|row| row.fact == fact))
    }

    /// Every fact that a kind allows: its own first, then those of every kind that it does not define itself.
    pub fn facts_of<'f>(&'f self, kind: &str) -> impl Iterator<Item = &'f FactRow> {
        let own = self.kind_facts.get(kind).map(Vec::as_slice).unwrap_or_default();
        let common = self.kind_facts.get("*").map(Vec::as_slice).unwrap_or_default();
        own.iter().chain(
            common
                .iter()
                .filter(move |row| !own.iter().any(|mine| mine.fact == row.fact)),
        )
    }

    /// The version of a rule in force.
    pub fn rule(&self, id: &str, view: View) -> Option<&RuleRow> {
        self.rules.get(id)?.iter().find(|row| row.row.seen(view))
    }

    /// What a payer likely answers to a rule's finding.
    pub fn adjustment(&self, rule: &str, view: View) -> Option<&AdjustmentRow> {
        self.adjustments.get(rule)?.iter().find(|row| row.row.seen(view))
    }

    /// The profile of a payer: by its own name, by the map, or the default; and whether the name was not mapped.
    pub fn profile(&self, payer: Option<&str>) -> (&Profile, bool) {
        let find = |name: &str| self.profiles.get(name);
        let mapped = |payer: &str| self.payers.get(payer.trim().to_lowercase().as_str());
        let named = payer.and_then(|payer| find(payer).or_else(|| mapped(payer).and_then(|name| find(name))));
        match named
            .or_else(|| find(DEFAULT_PROFILE))
            .or_else(|| self.profiles.values().next())
        {
            Some(profile) => (profile, payer.is_some() && named.is_none()),
            // INVARIANT: the checker refuses facts without a profile.
            None => unreachable!("facts without a profile are refused on load"),
        }
    }

    /// Every dated row, with the table it stands in.
    pub fn every_row(&self) -> impl Iterator<Item = (&'static str, &Row)> {
        let families = self.families.values().flat_map(|family| {
            let roles = family.roles.iter().map(|row| ("roles.csv", &row.row));
            let guidance = family.guidance.iter().map(|row| ("guidance.csv", &row.row));
            let junctions = family.junctions.iter().map(|row| ("junctions.csv", &row.row));
            let primaries = family.primaries.iter().map(|row| ("primaries.csv", &row.row));
            let choices = family.choices.iter().map(|row| ("choices.csv", &row.row));
            let steps = family.steps.iter().map(|row| ("time_steps.csv", &row.row));
            roles
                .chain(guidance)
                .chain(junctions)
                .chain(primaries)
                .chain(choices)
                .chain(steps)
        });
        let codes = self.codes.values().flatten().map(|row| ("codes.csv", &row.row));
        let nerves = self.nerves.iter().map(|row| ("nerves.csv", &row.row));
        let techniques = self.techniques.iter().map(|row| ("techniques.csv", &row.row));
        let bundles = self.bundles.iter().map(|row| ("bundles.csv", &row.row));
        let relations = self.relations.iter().map(|row| ("set_relations.csv", &row.row));
        let pairs = self.pairs.values().flatten().map(|row| ("ptp_pairs.csv", &row.row));
        let limits = self.limits.values().flatten().map(|row| ("unit_limits.csv", &row.row));
        let fees = self.fees.values().flatten().map(|row| ("fee_schedule.csv", &row.row));
        let standings = self.standings.iter().flat_map(HashMap::values);
        let standings = standings.map(|row| ("fee_indicators.csv", &row.row));
        let add_ons = self
            .add_ons
            .values()
            .flatten()
            .map(|row| ("add_on_primaries.csv", &row.row));
        let conflicts = self.conflicts.iter().map(|row| ("conflicts.csv", &row.row));
        let rules = self.rules.values().flatten().map(|row| ("rules.csv", &row.row));
        let outcomes = self.outcomes.iter().map(|row| ("outcomes.csv", &row.row));
        let places = self
            .places
            .values()
            .flatten()
            .map(|row| ("places_of_service.csv", &row.row));
        let settings = self.settings.iter().map(|row| ("settings.csv", &row.row));
        let modifiers = self.modifiers.values().flatten();
        let modifiers = modifiers.map(|row| ("modifiers.csv", &row.row));
        let form_limits = self.form_limits.iter().map(|row| ("form_limits.csv", &row.row));
        let classes = self.classes.iter().map(|row| ("code_classes.csv", &row.row));
        let adjustments = self.adjustments.values().flatten();
        let adjustments = adjustments.map(|row| ("adjustments.csv", &row.row));
        // An inherited style is its parent's row, judged there.
        let styles = self.profiles.values().flat_map(|profile| {
            let own = format!("bilateral:{}/", profile.name);
            profile
                .styles
                .iter()
                .filter(move |row| row.row.id.starts_with(&own))
                .map(|row| ("profiles", &row.row))
        });
        families
            .chain(codes)
            .chain(nerves)
            .chain(techniques)
            .chain(bundles)
            .chain(relations)
            .chain(pairs)
            .chain(limits)
            .chain(add_ons)
            .chain(fees)
            .chain(standings)
            .chain(conflicts)
            .chain(rules)
            .chain(outcomes)
            .chain(places)
            .chain(settings)
            .chain(modifiers)
            .chain(classes)
            .chain(form_limits)
            .chain(adjustments)
            .chain(styles)
            .chain(self.coverage.rows())
    }
}
