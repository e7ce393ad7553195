//! What a rule may see and say. Rules read facts only here: each read is recorded, and an unknown stops the rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::anatomy::{Place, Side};
use crate::case::{Case, FactValue, Procedure, Site};
use crate::code::{Code, Modifier};
use crate::date::{ServiceDate, View};
use crate::facts::{CodeRow, Confidence, Facts, Family, Laterality, Per, Row, RuleRow};
use crate::name::Name;
use crate::trace::{Step, StepKind, TraceLevel};

/// An unknown that a rule needs: the evaluation stops here and the driver asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Position of the procedure.
    pub procedure: usize,
    /// Which fact.
    pub wanted: Wanted,
}

/// What is wanted of a procedure.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// A fact of its kind.
    Fact(Name),
    /// Its side.
    Side,
    /// Its levels: how many, in which code region of the family.
    Levels,
}

/// A value assumed for an unknown while the possible codings are worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// For what.
    pub unknown: Unknown,
    /// The value.
    pub value: AssumedValue,
}

/// The value of an assumption.
#[derive(Clone, Debug, PartialEq)]
pub enum AssumedValue {
    /// Of a fact.
    Fact(FactValue),
    /// A side.
    Side(Side),
    /// Levels, standing for any as many in one region.
    Levels(Vec<Place>, Name),
}

/// Positions of procedures: most lines have one, which takes no allocation.
pub type Positions = SmallVec<[usize; 2]>;

/// What a line reports: positions of procedures, and sites.
pub type Reports = (Positions, Vec<(Place, Option<Side>)>);

/// A line as the rules make it, before any profile writes it.
#[derive(Clone, Debug)]
pub struct DraftLine {
    /// Code.
    pub code: Code,
    /// Label.
    pub label: Name,
    /// Units.
    pub units: u32,
    /// Side of a one-sided code.
    pub side: Option<Side>,
    /// Modifiers that assert what was done, for clinicians and for facilities.
    pub outcome: Option<Name>,
    /// Positions of the procedures it reports.
    pub procedures: Positions,
    /// Sites it reports.
    pub sites: Vec<(Place, Option<Side>)>,
    /// Performer.
    pub performed_by: Option<Name>,
    /// Rule.
    pub rule: Name,
    /// Weakest fact behind it.
    pub confidence: Confidence,
    /// Last verified day of the facts behind it.
    pub verified_through: Option<ServiceDate>,
    /// An add-on code on that date.
    pub add_on: bool,
    /// Professional and technical parts are billed apart.
    pub split: bool,
    /// A guidance line.
    pub guidance: bool,
    /// A fact behind it rests on memory alone.
    pub from_memory: bool,
    /// The conflict whose position put it where a payer's add-on table may not have it.
    pub by_position: Option<Name>,
}

/// Separate guidance that a procedure earned; merged over the session at the end.
#[derive(Clone, Debug)]
pub struct GuidanceRequest<'a> {
    /// Code.
    pub code: Code,
    /// Unit.
    pub per: Per,
    /// What the unit is counted by: region or body; empty for the encounter.
    pub keys: Vec<Name>,
    /// Procedure.
    pub procedure: usize,
    /// Row.
    pub row: &'a Row,
}

/// A service without a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftExclusion {
    /// Code one might have used.
    pub code: Code,
    /// Reason.
    pub reason: &'static str,
    /// Rule.
    pub rule: Name,
    /// Procedures.
    pub procedures: Positions,
    /// Arguments.
    pub args: BTreeMap<Name, Name>,
}

/// A notice of the rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftNotice {
    /// Reason.
    pub reason: &'static str,
    /// Subject.
    pub subject: Option<String>,
    /// Arguments.
    pub args: BTreeMap<Name, Name>,
}

/// What the rules made of a case under given assumptions.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Lines.
    pub lines: Vec<DraftLine>,
    /// Exclusions.
    pub exclusions: Vec<DraftExclusion>,
    /// Notices.
    pub notices: Vec<DraftNotice>,
    /// Procedures outside the knowledge.
    pub out_of_scope: Vec<usize>,
    /// Conflicts whose position mattered, with the position taken.
    pub positions: Vec<(Name, Name)>,
}

/// Recorder of the trace.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// Level.
    pub level: TraceLevel,
    /// Rules that decided.
    pub rules: Vec<Name>,
    /// Rows that applied.
    pub rows: Vec<Name>,
    /// Their citations.
    pub citations: Vec<Name>,
    /// Steps.
    pub steps: Vec<Step>,
}

impl Recorder {
    /// A recorder of a level.
    pub fn new(level: TraceLevel) -> Self {
        Self {
            level,
            ..Self::default()
        }
    }

    /// Records a step, at level `full`.
    pub fn step(
        &mut self,
        kind: StepKind,
        rule: Option<&Name>,
        subject: impl FnOnce() -> String,
        row: Option<&Row>,
        result: impl FnOnce() -> String,
    ) {
        if self.level == TraceLevel::Full {
            let step = Step {
                step: kind,
                rule: rule.cloned(),
                subject: Some(subject()).filter(|text| !text.is_empty()),
                row: row.map(|row| row.id.clone()),
                result: Some(result()).filter(|text| !text.is_empty()),
            };
            // What was read or found in force stays so: it is told once.
            let once = matches!(
                kind,
                StepKind::FactRead | StepKind::RowApplied | StepKind::Window | StepKind::Expand
            );
            if !once || !self.steps.contains(&step) {
                self.steps.push(step);
            }
        }
        if let Some(row) = row {
            self.row(row);
        }
    }

    /// Records the version of a rule in force.
    pub fn window(&mut self, rule: &RuleRow) {
        self.rule(rule);
        self.step(StepKind::Window, Some(&rule.id), String::new, Some(&rule.row), || {
            rule.label.to_string()
        });
    }

    /// Records a row that applied.
    pub fn row(&mut self, row: &Row) {
        if self.level > TraceLevel::None {
            self.rows.push(row.id.clone());
            self.citations.extend(row.citations.iter().cloned());
        }
    }

    /// Records a rule that decided.
    pub fn rule(&mut self, rule: &RuleRow) {
        if self.level > TraceLevel::None {
            self.rules.push(rule.label.clone());
            self.citations.extend(rule.row.citations.iter().cloned());
        }
    }
}

/// The context of one evaluation.
pub struct Context<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// Case.
    pub case: &'a Case,
    /// Date of service and `as_of`.
    pub view: View,
    /// Positions that differ from the code set's; `None` for the code-set answer.
    pub positions: Option<&'a BTreeMap<Name, Name>>,
    /// Values assumed for unknowns.
    pub assumed: &'a [Assumed],
    /// Trace.
    pub trace: Recorder,
    /// What has been made so far.
    pub draft: Draft,
    /// Guidance earned so far.
    pub guidance: Vec<GuidanceRequest<'a>>,
    /// Sites taken in by another procedure of the session: procedure, place and side.
    pub taken_in: Vec<(usize, Place, Option<Side>)>,
}

/// What a rule ends with.
pub type Outcome = Result<(), Unknown>;

impl<'a> Context<'a> {
    /// The procedure at a position.
    pub fn procedure(&self, at: usize) -> Option<&'a Procedure> {
        self.case.procedures.get(at)
    }

    /// The version of a rule in force, noted as used.
    pub fn rule(&mut self, id: &str) -> Option<&'a RuleRow> {
        let row = self.facts.rule(id, self.view)?;
        self.trace.window(row);
        Some(row)
    }

    /// A fact that may stay unknown: where silence changes nothing that is reported.
    pub fn peek(&self, at: usize, fact: &str) -> Option<&'a FactValue> {
        if let Some(value) = self.procedure(at)?.fact(fact) {
            return Some(value);
        }
        self.assumed
            .iter()
            .find_map(|assumed| match (&assumed.unknown.wanted, &assumed.value) {
                (Wanted::Fact(name), AssumedValue::Fact(value)) if assumed.unknown.procedure == at && name == fact => {
                    Some(value)
                }
                _ => None,
            })
            .or_else(|| self.procedure(at)?.unsaid(fact))
    }

    /// A fact that decides: an unknown stops the rule.
    pub fn need(&mut self, at: usize, fact: &'static str) -> Result<&'a FactValue, Unknown> {
        match self.peek(at, fact) {
            Some(value) => {
                self.trace.step(
                    StepKind::FactRead,
                    None,
                    || format!("procedures[{at}].{fact}"),
                    None,
                    || {
                        let said = self.case.procedures.get(at).is_some_and(|procedure| {
                            procedure.fact(fact).is_some() || procedure.unsaid(fact).is_some()
                        });
                        told(&value.text(), said)
                    },
                );
                Ok(value)
            }
            None => Err(Unknown {
                procedure: at,
                wanted: Wanted::Fact(Name::Borrowed(fact)),
            }),
        }
    }

    /// A word that decides.
    pub fn need_word(&mut self, at: usize, fact: &'static str) -> Result<&'a str, Unknown> {
        Ok(match self.need(at, fact)? {
            FactValue::Word(word) => word.as_ref(),
            _ => "",
        })
    }

    /// A word, where said.
    pub fn peek_word(&self, at: usize, fact: &str) -> Option<&'a str> {
        match self.peek(at, fact)? {
            FactValue::Word(word) => Some(word.as_ref()),
            _ => None,
        }
    }

    /// The side of a site; an unknown stops the rule.
    pub fn need_side(&mut self, at: usize, site: &Site) -> Result<Side, Unknown> {
        let side = site.side.or_else(|| self.assumed_side(at));
        match side {
            Some(side) => {
                self.trace.step(
                    StepKind::FactRead,
                    None,
                    || format!("procedures[{at}].side of {}", site.place),
                    None,
                    || told(side.as_str(), site.side.is_some()),
                );
                Ok(side)
            }
            None => Err(Unknown {
                procedure: at,
                wanted: Wanted::Side,
            }),
        }
    }

    fn assumed_side(&self, at: usize) -> Option<Side> {
        self.assumed.iter().find_map(|assumed| match assumed.value {
            AssumedValue::Side(side) if assumed.unknown.procedure == at => Some(side),
            _ => None,
        })
    }

    /// The side of a procedure that is done on sides without counted sites.
    pub fn need_procedure_side(&mut self, at: usize) -> Result<Side, Unknown> {
        let procedure = self.procedure(at);
        let joined = procedure.and_then(|procedure| {
            let known: Vec<Side> = procedure.sites.iter().filter_map(|site| site.side).collect();
            (!known.is_empty()).then(|| {
                let halves = known.iter().map(|side| side.halves());
                let (left, right) = halves.fold((false, false), |(l, r), (left, right)| (l || left, r || right));
                Side::of_halves(left, right)
            })
        });
        let stated = joined.or(procedure.and_then(|procedure| procedure.side));
        let side = stated.or_else(|| self.assumed_side(at)).ok_or(Unknown {
            procedure: at,
            wanted: Wanted::Side,
        })?;
        self.trace.step(
            StepKind::FactRead,
            None,
            || format!("procedures[{at}].side"),
            None,
            || told(side.as_str(), stated.is_some()),
        );
        Ok(side)
    }

    /// The sites of a procedure, or those assumed; a region stands for levels not said.
    pub fn need_sites(&mut self, at: usize) -> Result<Cow<'a, [Site]>, Unknown> {
        let unknown = Unknown {
            procedure: at,
            wanted: Wanted::Levels,
        };
        let procedure = self.procedure(at).ok_or_else(|| unknown.clone())?;
        let said = |site: &&Site| procedure.done_at_regions || !matches!(site.place, Place::Region(_));
        let mut sites = Cow::Borrowed(procedure.sites.as_slice());
        if sites.is_empty() || !sites.iter().all(|site| said(&site)) {
            let mut known: Vec<Site> = sites.iter().filter(said).cloned().collect();
            let assumed = self.assumed.iter().find_map(|assumed| match &assumed.value {
                AssumedValue::Levels(places, _) if assumed.unknown.procedure == at => Some(places),
                _ => None,
            });
            let side = procedure.sites.iter().find_map(|site| site.side).or(procedure.side);
            known.extend(assumed.ok_or(unknown)?.iter().map(|place| Site {
                place: place.clone(),
                side,
            }));
            sites = Cow::Owned(known);
        }
        self.trace.step(
            StepKind::Expand,
            None,
            || format!("procedures[{at}]"),
            None,
            || {
                let places: Vec<String> = sites.iter().map(|site| site.place.to_string()).collect();
                places.join(" ")
            },
        );
        Ok(sites)
    }

    /// The position taken in a conflict on this date; notes that it mattered.
    pub fn position(&mut self, conflict: &Name) -> Option<Name> {
        if let Some((_, position)) = self.draft.positions.iter().find(|(known, _)| known == conflict) {
            return Some(position.clone());
        }
        let facts = self.facts;
        let view = self.view;
        let mut rows = facts
            .conflicts
            .iter()
            .filter(|row| row.conflict == *conflict && row.row.seen(view));
        let wanted = self.positions.and_then(|positions| positions.get(conflict));
        let row = match wanted {
            Some(position) => rows
                .clone()
                .find(|row| row.position == *position)
                .or_else(|| rows.find(|row| row.base)),
            None => rows.find(|row| row.base),
        }?;
        self.trace.step(
            StepKind::RowApplied,
            None,
            || conflict.to_string(),
            Some(&row.row),
            || row.position.to_string(),
        );
        self.draft.positions.push((conflict.clone(), row.position.clone()));
        Some(row.position.clone())
    }

    /// Whether a row tied to a conflict's position holds here.
    pub fn holds(&mut self, tied: &Option<(Name, Name)>) -> bool {
        match tied {
            None => true,
            Some((conflict, position)) => self.position(conflict).as_ref() == Some(position),
        }
    }

    /// A family's facts.
    pub fn family(&self, name: &str) -> Option<&'a Family> {
        self.facts.families.get(name)
    }

    /// The code's row on the date.
    pub fn code(&self, code: Code) -> Option<&'a CodeRow> {
        self.facts.code(code, self.view)
    }

    /// Whether the code is one-sided on the date.
    pub fn is_unilateral(&self, code: Code) -> bool {
        self.code(code)
            .is_some_and(|row| row.laterality == Laterality::Unilateral)
    }

    /// Adds a line.
    pub fn line(
        &mut self,
        rule: &RuleRow,
        code: Code,
        units: u32,
        side: Option<Side>,
        (procedures, sites): Reports,
        rows: &[&Row],
    ) {
        if units == 0 {
            return;
        }
        let code_row = self.code(code);
        let behind = rows
            .iter()
            .copied()
            .chain(code_row.map(|row| &row.row))
            .chain([&rule.row]);
        let confidence = behind
            .clone()
            .map(|row| row.confidence)
            .min()
            .unwrap_or(Confidence::Low);
        let verified_through = behind.clone().filter_map(|row| row.verified_through).min();
        let from_memory = behind.clone().any(Row::is_from_memory);
        for row in rows.iter().copied().chain(code_row.map(|row| &row.row)) {
            self.trace.row(row);
        }
        self.trace.step(
            StepKind::Choose,
            Some(&rule.id),
            || code.to_string(),
            rows.first().copied(),
            || match side {
                Some(side) => format!("{units} {}", side.as_str()),
                None => units.to_string(),
            },
        );
        let first = procedures.first().copied();
        let performed_by = first
            .and_then(|at| self.procedure(at))
            .and_then(|procedure| procedure.performed_by.clone());
        let outcome = first.and_then(|at| match self.peek(at, OUTCOME)? {
            FactValue::Word(word) => Some(word.clone()),
            _ => None,
        });
        let encounter = |at: &usize| {
            self.case
                .procedures
                .get(*at)
                .and_then(|procedure| procedure.encounter.as_ref())
        };
        // One code and side of one session is one line, whatever regions or rules it came from.
        let known = self.draft.lines.iter_mut().find(|line| {
            line.code == code
                && line.side == side
                && line.performed_by == performed_by
                && line.outcome == outcome
                && !line.guidance
                && line.procedures.first().and_then(encounter) == procedures.first().and_then(encounter)
        });
        if let Some(line) = known {
            line.units = line.units.saturating_add(units);
            line.sites.extend(sites);
            for at in procedures {
                if !line.procedures.contains(&at) {
                    line.procedures.push(at);
                }
            }
            line.procedures.sort_unstable();
            line.confidence = line.confidence.min(confidence);
            line.from_memory |= from_memory;
            line.verified_through = [line.verified_through, verified_through].into_iter().flatten().min();
            return;
        }
        self.draft.lines.push(DraftLine {
            code,
            label: code_row.map(|row| row.label.clone()).unwrap_or_default(),
            units,
            side,
            outcome,
            performed_by,
            procedures,
            sites,
            rule: rule.id.clone(),
            confidence,
            verified_through,
            add_on: code_row.is_some_and(|row| row.add_on),
            split: code_row.is_some_and(|row| row.split),
            guidance: false,
            from_memory,
            by_position: None,
        });
    }

    /// Says that a service has no line, and by which row.
    pub fn exclude(
        &mut self,
        rule: &Name,
        code: Code,
        reason: &'static str,
        procedures: Positions,
        args: &[(&'static str, Name)],
        row: &Row,
    ) {
        self.trace.step(
            StepKind::Exclude,
            Some(rule),
            || code.to_string(),
            Some(row),
            || reason.to_owned(),
        );
        let args = args
            .iter()
            .map(|(key, value)| (Name::Borrowed(*key), value.clone()))
            .collect();
        let exclusion = DraftExclusion {
            code,
            reason,
            rule: rule.clone(),
            procedures,
            args,
        };
        if !self.draft.exclusions.contains(&exclusion) {
            self.draft.exclusions.push(exclusion);
        }
    }

    /// Says a doubt or limit.
    pub fn notice(&mut self, reason: &'static str, subject: Option<String>, args: &[(&'static str, Name)]) {
        let args = args
            .iter()
            .map(|(key, value)| (Name::Borrowed(*key), value.clone()))
            .collect();
        let notice = DraftNotice { reason, subject, args };
        if !self.draft.notices.contains(&notice) {
            self.draft.notices.push(notice);
        }
    }

    /// The facts hold nothing for this procedure on this date.
    pub fn out_of_scope(&mut self, at: usize) {
        if !self.draft.out_of_scope.contains(&at) {
            self.draft.out_of_scope.push(at);
        }
    }

    /// What is left of a site's side once another procedure has taken its part in; `None`: nothing.
    pub fn left_of(&self, at: usize, place: &Place, side: Option<Side>) -> Option<Option<Side>> {
        let mut taken = self
            .taken_in
            .iter()
            .filter(|(procedure, known, _)| *procedure == at && known == place)
            .peekable();
        if taken.peek().is_none() {
            return Some(side);
        }
        let (mut left, mut right) = side.unwrap_or(Side::Midline).halves();
        for (_, _, half) in taken {
            match half {
                Some(Side::Left) => left = false,
                Some(Side::Right) => right = false,
                _ => return None,
            }
        }
        (left || right).then(|| Some(Side::of_halves(left, right)))
    }
}

/// Ends what a trace tells of a fact that the case does not state.
pub const ASSUMED: &str = " assumed";

/// What a trace tells of an empty list.
pub const NOTHING: &str = "nothing";

/// A value as a trace tells it.
fn told(value: &str, said: bool) -> String {
    let value = if value.is_empty() { NOTHING } else { value };
    if said {
        value.to_owned()
    } else {
        format!("{value}{ASSUMED}")
    }
}

/// Fact: how the procedure ended.
pub const OUTCOME: &str = "outcome";
/// Value: nothing was left out.
pub const COMPLETED: &str = "completed";
/// Value: less was done than the code describes.
pub const REDUCED: &str = "reduced";
/// Fact: imaging guidance.
pub const GUIDANCE: &str = "guidance";
/// Fact: who gave the guidance.
pub const GUIDANCE_BY: &str = "guidance_by";
/// Value: not the clinician of the procedure.
pub const ANOTHER_CLINICIAN: &str = "another_clinician";

/// An outcome's modifier, for a setting.
pub fn outcome_modifier(facts: &Facts, view: View, outcome: &str, facility: bool) -> Option<Modifier> {
    facts
        .outcomes
        .iter()
        .find(|row| row.outcome == outcome && row.facility == facility && row.row.seen(view))
        .map(|row| row.modifier)
}
