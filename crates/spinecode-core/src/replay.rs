//! Replays a full trace: walks its steps against the facts and the case, and says whether each follows. It calls no rule and
//! no evaluation; what a step claims is looked up and counted anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::anatomy::{Interspace, Root, Side};
use crate::answer::{CodedCase, Line, Status};
use crate::case::{Case, FactValue, Procedure, Setting, Site};
use crate::code::Code;
use crate::context::{ASSUMED, NOTHING};
use crate::date::View;
use crate::facts::{
    AddOnRow, BundleRow, ChoiceRow, Condition, ConflictRow, Facts, Family, GuidanceRow, JunctionRow, Laterality,
    LimitRow, NerveRow, PairRow, Per, PrimaryRow, Profile, RoleRow, Row, RuleRow, StepRow, StyleRow, TechniqueRow,
    Test,
};
use crate::fee::FeeRow;
use crate::layers::fee_schedule::NOT_PAID;
use crate::name::Name;
use crate::render::{PROFILE, key};
use crate::rules::separate_visit::MINOR;
use crate::tables::{Pair, Primary, Program, Tables};
use crate::trace::{Step, StepKind, TraceLevel};

/// The layer of the rules that code.
const CODE_SET: &str = "code_set";

/// Why a trace does not follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Position of the first step that does not follow; `None`: the steps do, but not the answer from them.
    pub step: Option<usize>,
    /// What is wrong.
    pub why: String,
}

/// Replays traces against facts, whose rows it has by their ids.
pub struct Replayer<'a> {
    facts: &'a Facts,
    rows: HashMap<&'a str, Found<'a>>,
    tables: Option<&'a dyn Tables>,
}

impl<'a> Replayer<'a> {
    /// Over facts.
    pub fn new(facts: &'a Facts) -> Self {
        Self {
            facts,
            rows: index(facts),
            tables: None,
        }
    }

    /// Over the payers' tables too: a step that names an edition of a release is held against what they say.
    #[must_use]
    pub fn under(self, tables: &'a dyn Tables) -> Self {
        Self {
            tables: Some(tables),
            ..self
        }
    }

    /// Checks that every step of an answer's full trace follows, and the answer from the steps; gives the number of steps.
    pub fn replay(&self, case: &Case, coded: &CodedCase) -> Result<usize, Refusal> {
        let whole = |why: &str| Refusal {
            step: None,
            why: why.to_owned(),
        };
        let told = coded.explanation.as_ref().ok_or_else(|| whole("no explanation"))?;
        if told.level != TraceLevel::Full {
            return Err(whole("not a full trace"));
        }
        let profile = self.facts.profiles.get(&coded.knowledge.profile);
        let mut walk = Walk {
            facts: self.facts,
            case,
            profile: profile.ok_or_else(|| whole("no such profile"))?,
            coded,
            view: View {
                on: case.date,
                as_of: coded.knowledge.as_of,
            },
            rows: &self.rows,
            tables: self.tables,
            steps: &told.steps,
            pass: Pass::default(),
            first: None,
            billing: false,
            rendered: Vec::new(),
            marked: BTreeSet::new(),
            kept_off: Vec::new(),
            windows: BTreeSet::new(),
            asked: 0,
        };
        for (at, step) in told.steps.iter().enumerate() {
            walk.step(at, step).map_err(|why| Refusal { step: Some(at), why })?;
        }
        walk.end().map_err(|why| Refusal { step: None, why })?;
        Ok(told.steps.len())
    }
}

/// A row by its id, with what it says.
enum Found<'a> {
    Role(&'a Name, &'a RoleRow),
    Guidance(&'a Name, &'a GuidanceRow),
    Junction(&'a Name, &'a JunctionRow),
    Primary(&'a Name, &'a PrimaryRow),
    Choice(&'a Name, &'a Family, &'a ChoiceRow),
    Nerve(&'a NerveRow),
    Technique(&'a TechniqueRow),
    Bundle(&'a BundleRow),
    Conflict(&'a ConflictRow),
    Rule(&'a RuleRow),
    Pair(&'a PairRow),
    Limit(&'a LimitRow),
    AddOn(&'a AddOnRow),
    Style(&'a StyleRow),
    Fee(&'a FeeRow),
    Step(&'a Name, &'a StepRow),
}

impl Found<'_> {
    fn row(&self) -> &Row {
        match self {
            Self::Role(_, row) => &row.row,
            Self::Guidance(_, row) => &row.row,
            Self::Junction(_, row) => &row.row,
            Self::Primary(_, row) => &row.row,
            Self::Choice(_, _, row) => &row.row,
            Self::Nerve(row) => &row.row,
            Self::Technique(row) => &row.row,
            Self::Bundle(row) => &row.row,
            Self::Conflict(row) => &row.row,
            Self::Rule(row) => &row.row,
            Self::Pair(row) => &row.row,
            Self::Limit(row) => &row.row,
            Self::AddOn(row) => &row.row,
            Self::Style(row) => &row.row,
            Self::Fee(row) => &row.row,
            Self::Step(_, row) => &row.row,
        }
    }
}

fn index(facts: &Facts) -> HashMap<&str, Found<'_>> {
    let mut rows: Vec<Found<'_>> = Vec::new();
    for (name, family) in &facts.families {
        rows.extend(family.roles.iter().map(|row| Found::Role(name, row)));
        rows.extend(family.guidance.iter().map(|row| Found::Guidance(name, row)));
        rows.extend(family.junctions.iter().map(|row| Found::Junction(name, row)));
        rows.extend(family.primaries.iter().map(|row| Found::Primary(name, row)));
        rows.extend(family.steps.iter().map(|row| Found::Step(name, row)));
        rows.extend(family.choices.iter().map(|row| Found::Choice(name, family, row)));
    }
    rows.extend(facts.nerves.iter().map(Found::Nerve));
    rows.extend(facts.techniques.iter().map(Found::Technique));
    rows.extend(facts.bundles.iter().map(Found::Bundle));
    rows.extend(facts.conflicts.iter().map(Found::Conflict));
    rows.extend(facts.rules.values().flatten().map(Found::Rule));
    rows.extend(facts.pairs.values().flatten().map(Found::Pair));
    rows.extend(facts.limits.values().flatten().map(Found::Limit));
    rows.extend(facts.add_ons.values().flatten().map(Found::AddOn));
    let styles = facts.profiles.values().flat_map(|profile| &profile.styles);
    rows.extend(styles.map(Found::Style));
    rows.extend(facts.fees.values().flatten().map(Found::Fee));
    // Rows of one table and key are told apart by their first day, so that ids are their own.
    let mut found = HashMap::new();
    for row in rows {
        let id: &str = match &row {
            Found::Role(_, row) => &row.row.id,
            Found::Guidance(_, row) => &row.row.id,
            Found::Junction(_, row) => &row.row.id,
            Found::Primary(_, row) => &row.row.id,
            Found::Choice(_, _, row) => &row.row.id,
            Found::Nerve(row) => &row.row.id,
            Found::Technique(row) => &row.row.id,
            Found::Bundle(row) => &row.row.id,
            Found::Conflict(row) => &row.row.id,
            Found::Rule(row) => &row.row.id,
            Found::Pair(row) => &row.row.id,
            Found::Limit(row) => &row.row.id,
            Found::AddOn(row) => &row.row.id,
            Found::Style(row) => &row.row.id,
            Found::Fee(row) => &row.row.id,
            Found::Step(_, row) => &row.row.id,
        };
        found.insert(id, row);
    }
    found
}

/// Something counted.
struct Counted<'a> {
    rule: &'a str,
    row: &'a str,
    subject: &'a str,
    /// The ordinal, or how many.
    number: u32,
    side: Option<Side>,
    /// A code was chosen for it.
    spent: bool,
}

/// A code chosen.
struct Chosen<'a> {
    code: Code,
    units: u32,
    side: Option<Side>,
    rule: &'a str,
}

/// One evaluation as far as it has been walked.
#[derive(Default)]
struct Pass<'a> {
    /// Facts read, in order.
    reads: Vec<(&'a str, &'a str)>,
    /// Rows applied: subject, row, result.
    applied: Vec<(&'a str, &'a str, &'a str)>,
    windows: BTreeSet<&'a str>,
    /// Places that stand for levels, by procedure.
    sites: BTreeMap<usize, Vec<&'a str>>,
    /// Sides of places: read, merged or expanded.
    sides: BTreeMap<&'a str, (bool, bool)>,
    /// Places that merging and expanding made.
    made: BTreeSet<&'a str>,
    counts: Vec<Counted<'a>>,
    chosen: Vec<Chosen<'a>>,
    excluded: Vec<(&'a str, &'a str, &'a str)>,
    /// Position and kind of the step before.
    before: Option<(StepKind, &'a str, &'a str)>,
}

struct Walk<'a> {
    facts: &'a Facts,
    case: &'a Case,
    profile: &'a Profile,
    coded: &'a CodedCase,
    view: View,
    rows: &'a HashMap<&'a str, Found<'a>>,
    tables: Option<&'a dyn Tables>,
    steps: &'a [Step],
    pass: Pass<'a>,
    /// The code set's pass, once the profile's begins.
    first: Option<Pass<'a>>,
    billing: bool,
    rendered: Vec<(&'a str, &'a str)>,
    marked: BTreeSet<&'a str>,
    kept_off: Vec<(&'a str, &'a str, &'a str, &'a str)>,
    windows: BTreeSet<&'a str>,
    asked: usize,
}

type Follows = Result<(), String>;

fn need(holds: bool, why: &str) -> Follows {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

/// `procedures[2].side` as position and rest.
fn path(subject: &str) -> Option<(usize, &str)> {
    let (at, rest) = subject.strip_prefix("procedures[")?.split_once(']')?;
    Some((at.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

fn halves(side: Option<Side>) -> (bool, bool) {
    side.map_or((false, false), Side::halves)
}

/// Whether a foramen, named by its root, belongs to an interspace.
fn belongs(root: &str, space: &str) -> bool {
    let own = Root::parse(root).and_then(Root::interspace);
    own.is_some() && own == Interspace::parse(space)
}

impl<'a> Walk<'a> {
    fn step(&mut self, at: usize, step: &'a Step) -> Follows {
        let subject = step.subject.as_deref().unwrap_or_default();
        let result = step.result.as_deref().unwrap_or_default();
        let rule = step.rule.as_deref();
        let row = step.row.as_deref();
        need(!result.is_empty(), "nothing came of it")?;
        need(
            subject.is_empty() == (step.step == StepKind::Window),
            "a step is about something",
        )?;
        if let Some(id) = row {
            match self.rows.get(id) {
                Some(found) => need(found.row().seen(self.view), "the row is not the law of that day")?,
                // An edition of a release: what it says is asked where the step is judged.
                None => need(self.tables.is_some(), "no such row")?,
            }
        }
        let codes = matches!(
            step.step,
            StepKind::FactRead | StepKind::Expand | StepKind::Merge | StepKind::Count | StepKind::Choose
        );
        need(
            !codes || !self.billing || self.first.is_some(),
            "the case was coded before the bill",
        )?;
        match step.step {
            StepKind::FactRead => {
                need(rule.is_none() && row.is_none(), "a fact is read by no rule and no row")?;
                self.fact_read(subject, result)?;
            }
            StepKind::RowApplied => {
                need(rule.is_none(), "a row applies by itself")?;
                self.row_applied(subject, row.ok_or("no row")?, result)?;
            }
            StepKind::Window => self.window(at, rule.ok_or("no rule")?, row.ok_or("no row")?, result)?,
            StepKind::Expand => {
                need(rule.is_none(), "levels and nerves expand by themselves")?;
                self.expand(subject, row, result)?;
            }
            StepKind::Merge => self.merge(subject, rule, row.ok_or("no row")?, result)?,
            StepKind::Count => self.count(subject, rule.ok_or("no rule")?, row.ok_or("no row")?, result)?,
            StepKind::Choose => self.choose(subject, rule.ok_or("no rule")?, row.ok_or("no row")?, result)?,
            StepKind::Exclude => self.exclude(subject, rule.ok_or("no rule")?, row.ok_or("no row")?, result)?,
            StepKind::Ask => {
                need(rule.is_none() && row.is_none(), "a question is put by no rule")?;
                self.ask(subject, result)?;
            }
            StepKind::Render => {
                self.render(at, subject, rule, row, result)?;
            }
        }
        self.pass.before = Some((step.step, subject, row.unwrap_or_default()));
        Ok(())
    }

    fn procedure(&self, at: usize) -> Result<&'a Procedure, String> {
        self.case
            .procedures
            .get(at)
            .ok_or_else(|| "no such procedure".to_owned())
    }

    /// The value read of a fact.
    fn read(&self, at: usize, fact: &str) -> Option<&'a str> {
        let subject = format!("procedures[{at}].{fact}");
        let reads = self.pass.reads.iter().rev();
        reads
            .filter(|(known, _)| *known == subject)
            .map(|(_, value)| value.strip_suffix(ASSUMED).unwrap_or(value))
            .next()
    }

    fn fact_read(&mut self, subject: &'a str, result: &'a str) -> Follows {
        let (at, fact) = path(subject).ok_or("not a path of the case")?;
        let procedure = self.procedure(at)?;
        need(
            !self.pass.reads.iter().any(|(known, _)| *known == subject),
            "the fact was read before",
        )?;
        let (value, assumed) = match result.strip_suffix(ASSUMED) {
            Some(value) => (value, true),
            None => (result, false),
        };
        let family = procedure.family.as_deref().unwrap_or_default();
        // Where a rule file codes, guidance and technique may lead to the rule; a visit is judged when all lines are there.
        let leads = !self.of_rows(family) && matches!(fact, "guidance" | "technique");
        need(leads || self.begun(procedure), "no rule of the family is in force")?;
        if let Some(place) = fact.strip_prefix("side of ") {
            let told = self.pass.sites.contains_key(&at) || self.bundled(family);
            need(told, "the levels were not told before")?;
            if let Some((StepKind::RowApplied, _, known)) = self.pass.before
                && let Some(Found::Junction(of, _)) = self.rows.get(known)
            {
                need(*of != family, "a side read after the regions were told")?;
            }
            let side = Side::parse(value).ok_or("no side")?;
            let position = |place: &str| procedure.sites.iter().position(|site| site.place.to_string() == place);
            let stated = position(place)
                .and_then(|index| procedure.sites.get(index))
                .map(|site| site.side);
            let levels = self.pass.sites.get(&at);
            match stated {
                Some(Some(known)) => need(known == side && !assumed, "the case states another side")?,
                Some(None) => need(assumed, "the case states no side")?,
                None => {
                    let stands = levels.is_some_and(|places| places.contains(&place));
                    need(stands, "no such site")?;
                    match procedure.side.or(procedure.sites.iter().find_map(|site| site.side)) {
                        Some(known) => need(known == side, "the case states another side")?,
                        None => need(assumed, "the case states no side")?,
                    }
                }
            }
            // Sites are read in the order of the case.
            let last = self.pass.reads.last().and_then(|(subject, _)| path(subject));
            if let Some((before, fact)) = last
                && let Some(earlier) = fact.strip_prefix("side of ")
                && self.pass.before.is_some_and(|(kind, _, _)| kind == StepKind::FactRead)
                && before == at
            {
                need(
                    position(earlier) < position(place) || position(place).is_none(),
                    "sites out of order",
                )?;
            }
            let known = self.pass.sides.entry(place).or_default();
            let (left, right) = side.halves();
            *known = (known.0 || left, known.1 || right);
        } else if fact == "side" {
            let side = Side::parse(value).ok_or("no side")?;
            match side_of(procedure) {
                Some(known) => need(known == side && !assumed, "the case states another side")?,
                None => need(assumed, "the case states no side")?,
            }
        } else {
            let row = self.facts.fact(&procedure.kind, fact).ok_or("no fact of the kind")?;
            match procedure.fact(fact).or_else(|| procedure.unsaid(fact)) {
                Some(known) => {
                    let text = known.text();
                    let same = text == value || (text.is_empty() && value == NOTHING);
                    need(same && !assumed, "the case states another value")?;
                }
                None => {
                    need(assumed, "the case states no value")?;
                    let words = row.values.iter().any(|word| *word == value);
                    let other = matches!(value, "true" | "false" | NOTHING) || value.parse::<i64>().is_ok();
                    let several = value.split(' ').all(|one| row.values.iter().any(|word| *word == one));
                    need(words || other || several, "not a value of the fact")?;
                }
            }
        }
        self.pass.reads.push((subject, result));
        Ok(())
    }

    fn window(&mut self, at: usize, rule: &'a str, row: &str, result: &'a str) -> Follows {
        let Some(Found::Rule(version)) = self.rows.get(row) else {
            return Err("not the row of a rule".to_owned());
        };
        need(
            version.id == rule && version.label == result,
            "another version is in force",
        )?;
        need(self.pass.windows.insert(rule), "the window was told before")?;
        let of_the_code_set = version.layer == CODE_SET;
        let of_all = version.family == "all";
        let in_place = if self.billing && self.first.is_none() {
            of_all || !of_the_code_set
        } else {
            of_the_code_set || self.billing
        };
        need(in_place, "a rule of another layer")?;
        // Guidance is merged over the session once everything else is coded.
        if rule == crate::rules::guidance::GUIDANCE_RULE {
            let next = self.steps.get(at + 1);
            let counts = next.is_some_and(|next| next.step == StepKind::Count && next.rule.as_deref() == Some(rule));
            need(counts, "guidance is counted where its rule is found")?;
        }
        self.windows.insert(result);
        Ok(())
    }

    fn row_applied(&mut self, subject: &'a str, id: &'a str, result: &'a str) -> Follows {
        need(
            !self
                .pass
                .applied
                .iter()
                .any(|(known, row, _)| *known == subject && *row == id),
            "the row was applied before",
        )?;
        let Some(found) = self.rows.get(id) else {
            need(self.billing, "a table before the bill")?;
            self.edition_applied(subject, id, result)?;
            self.pass.applied.push((subject, id, result));
            return Ok(());
        };
        match found {
            Found::Guidance(service, row) => {
                let (at, fact) = path(subject).ok_or("not a path of the case")?;
                need(fact == "guidance" && row.variant == result, "the row says otherwise")?;
                let family = self.procedure(at)?.family.as_deref().unwrap_or_default();
                let by_choice = self.pass.applied.iter().any(|(known, choice, _)| {
                    path(known).is_some_and(|(other, _)| other == at)
                        && matches!(self.rows.get(choice), Some(Found::Choice(_, _, choice)) if choice.service.as_ref() == Some(service))
                });
                need(by_choice || service.starts_with(family), "a row of another service")?;
                let choices = self
                    .facts
                    .families
                    .get(family)
                    .is_some_and(|family| !family.choices.is_empty());
                let chosen = self.pass.applied.iter().any(|(known, choice, _)| {
                    path(known).is_some_and(|(other, _)| other == at)
                        && matches!(self.rows.get(choice), Some(Found::Choice(..)))
                });
                need(!choices || chosen, "the choice comes first")?;
                let rows = self
                    .facts
                    .families
                    .get(*service)
                    .map(|family| family.guidance.as_slice());
                let seen = || rows.unwrap_or_default().iter().filter(|row| row.row.seen(self.view));
                match &row.modality {
                    None => {
                        let stated = self.procedure(at)?.fact("guidance").map(FactValue::text);
                        let own = seen().any(|row| row.modality.is_some() && row.modality == stated);
                        need(!own, "another row goes before")?;
                    }
                    Some(modality) => {
                        need(self.read(at, "guidance") == Some(modality), "the guidance is another")?;
                        let just_read =
                            matches!(self.pass.before, Some((StepKind::FactRead, before, _)) if before == subject);
                        need(choices || just_read, "the guidance was read for another end")?;
                    }
                }
            }
            Found::Technique(row) => {
                let (at, fact) = path(subject).ok_or("not a path of the case")?;
                let procedure = self.procedure(at)?;
                need(
                    fact == "technique" && self.read(at, fact) == Some(&row.technique),
                    "the technique is another",
                )?;
                let just_read = self.pass.reads.last().and_then(|(subject, _)| path(subject));
                need(just_read == Some((at, fact)), "the technique was read for another end")?;
                need(
                    procedure.family.as_ref() == Some(&row.family),
                    "a row of another family",
                )?;
                need(
                    row.variant.as_deref().unwrap_or("usual") == result,
                    "the row says otherwise",
                )?;
                let temperature = match procedure.fact("temperature_celsius") {
                    Some(FactValue::Number(number)) => Some(*number),
                    _ => None,
                };
                let fits = |row: &TechniqueRow| match row.below_celsius {
                    None => true,
                    Some(limit) => temperature.is_some_and(|temperature| temperature < limit),
                };
                let narrower = self.facts.techniques.iter().any(|other| {
                    other.family == row.family
                        && other.technique == row.technique
                        && other.row.seen(self.view)
                        && other.below_celsius.is_some()
                        && fits(other)
                });
                need(
                    fits(row) && (row.below_celsius.is_some() || !narrower),
                    "another row goes before",
                )?;
            }
            Found::Junction(family, row) => {
                need(
                    row.places.iter().any(|place| place.to_string() == subject),
                    "the row does not hold the place",
                )?;
                need(row.region == result, "the row says otherwise")?;
                self.position_taken(row.position.as_ref())?;
                let known = self
                    .case
                    .procedures
                    .iter()
                    .any(|procedure| procedure.family.as_ref() == Some(family));
                need(known, "no procedure of that family")?;
                let told = self.told(subject);
                let named = self.places().any(|place| place == subject)
                    || self.facts.region_names.iter().any(|name| *name == subject);
                let here = told || (named && self.of_rows(family));
                need(here, "no such site")?;
                // The places of a session are told in the order of the spine, before any of them is counted.
                if let Some((StepKind::RowApplied, before, known)) = self.pass.before
                    && let Some(Found::Junction(of, earlier)) = self.rows.get(known)
                    && of == family
                {
                    let place =
                        |row: &'a JunctionRow, text: &str| row.places.iter().find(|place| place.to_string() == text);
                    need(place(earlier, before) < place(row, subject), "places out of order")?;
                }
                if let Some((StepKind::Count, _, known)) = self.pass.before
                    && let Some(Found::Role(of, role)) = self.rows.get(known)
                {
                    need(
                        of != family || !role.per.is_level(),
                        "a place told after levels were counted",
                    )?;
                }
            }
            Found::Choice(name, family, row) => {
                let (at, rest) = path(subject).ok_or("not a path of the case")?;
                need(rest.is_empty(), "a choice is about a procedure")?;
                need(
                    self.procedure(at)?.family.as_ref() == Some(name),
                    "a row of another family",
                )?;
                let sets: Vec<&str> = row.sets.iter().map(|set| set.name.as_ref()).collect();
                let sets = sets.join(" ");
                need(
                    sets == result || (sets.is_empty() && result == NOTHING),
                    "the row says otherwise",
                )?;
                self.position_taken(row.position.as_ref())?;
                self.first_that_holds(at, family, row)?;
            }
            Found::Conflict(row) => {
                need(
                    row.conflict == subject && row.position == result,
                    "the row says otherwise",
                )?;
                let own = self.profile.positions.get(&row.conflict).filter(|_| self.billing);
                let taken = own.is_none_or(|own| *own == row.position) && (own.is_some() || row.base);
                need(taken, "another position is taken")?;
            }
            Found::Pair(row) => {
                need(self.billing, "a table before the bill")?;
                need(
                    row.column2.as_str() == subject && row.bypassable,
                    "the row says otherwise",
                )?;
                need(self.profile.modifiers.distinct.as_str() == result, "another modifier")?;
                let beside = self.rendered.iter().any(|(code, _)| *code == row.column1.as_str());
                need(beside, "no such line beside it")?;
                self.marked.insert(subject);
            }
            Found::Limit(row) => {
                need(self.billing, "a table before the bill")?;
                need(
                    row.code.as_str() == subject && row.units.to_string() == result,
                    "the row says otherwise",
                )?;
                need(self.rendered.iter().any(|(code, _)| *code == subject), "no such line")?;
            }
            Found::AddOn(row) => {
                need(self.billing, "a table before the bill")?;
                need(
                    row.add_on.as_str() == subject && row.primary.as_str() == result,
                    "the row says otherwise",
                )?;
                let both = [subject, result]
                    .iter()
                    .all(|wanted| self.rendered.iter().any(|(code, _)| code == wanted));
                need(both, "no such line beside it")?;
            }
            Found::Fee(row) => {
                let chosen = self.pass.chosen.iter().any(|known| known.code == row.code);
                need(
                    row.code.as_str() == subject && row.minor && result == MINOR,
                    "the row says otherwise",
                )?;
                need(chosen, "no such line")?;
            }
            Found::Role(..)
            | Found::Step(..)
            | Found::Primary(..)
            | Found::Nerve(_)
            | Found::Bundle(_)
            | Found::Rule(_)
            | Found::Style(_) => {
                return Err("such a row is not applied by itself".to_owned());
            }
        }
        self.pass.applied.push((subject, id, result));
        Ok(())
    }

    /// The set of CMS's tables that judges the case.
    fn program(&self) -> Program {
        if self.case.setting == Setting::OutpatientHospital {
            Program::Hospital
        } else {
            Program::Practitioner
        }
    }

    /// The pair of an edition of which a code is column 2, beside a rendered line.
    fn edition_pair(&self, code: Code, id: &str) -> Option<Pair<'a>> {
        let beside = self.rendered.iter().filter_map(|(code, _)| Code::parse(code));
        let found = beside.filter_map(|one| self.tables?.pair(self.program(), one, code, self.view).ok().flatten());
        let mut found = found.filter(|pair| pair.column2 == code && pair.basis.row.id == id);
        found.next()
    }

    /// What an edition of a release says, asked anew: a limit of units, a primary beside its add-on code, or a pair that the
    /// distinct modifier opens.
    fn edition_applied(&mut self, subject: &'a str, id: &str, result: &str) -> Follows {
        let tables = self.tables.ok_or("no such row")?;
        let code = Code::parse(subject).ok_or("no code")?;
        let rendered = |wanted: &str| self.rendered.iter().any(|(code, _)| *code == wanted);
        need(rendered(subject), "no such line")?;
        let limit = tables.limit(self.program(), code, self.view).ok().flatten();
        if limit.is_some_and(|limit| limit.basis.row.id == id && limit.units.to_string() == result) {
            return Ok(());
        }
        let primaries = tables.primaries(code, self.view).unwrap_or_default();
        let listed = |primary: &Primary<'_>| {
            primary.basis.row.id == id && primary.code.is_some_and(|primary| primary.as_str() == result)
        };
        if primaries.iter().any(listed) {
            return need(rendered(result), "no such line beside it");
        }
        let pair = self.edition_pair(code, id).ok_or("the edition says otherwise")?;
        need(pair.bypassable, "the edition says otherwise")?;
        need(self.profile.modifiers.distinct.as_str() == result, "another modifier")?;
        self.marked.insert(subject);
        Ok(())
    }

    /// Whether an edition of a release keeps a line off the claim.
    fn edition_keeps_off(&self, code: Code, id: &str, result: &str) -> bool {
        let Some(tables) = self.tables else { return false };
        match result {
            "over_unit_limit" => {
                let limit = tables.limit(self.program(), code, self.view).ok().flatten();
                limit.is_some_and(|limit| limit.basis.row.id == id)
            }
            NOT_PAID => {
                let indicators = tables.indicators(code, self.view).ok().flatten();
                indicators.is_some_and(|row| row.basis.row.id == id)
            }
            "no_listed_primary" => {
                let primaries = tables.primaries(code, self.view).unwrap_or_default();
                primaries.first().is_some_and(|primary| primary.basis.row.id == id)
            }
            _ => self
                .edition_pair(code, id)
                .is_some_and(|pair| pair.bypassable == (result == "ptp_not_distinct")),
        }
    }

    /// Every place that the case names.
    fn places(&self) -> impl Iterator<Item = String> + '_ {
        let sites = self.case.procedures.iter().flat_map(|procedure| &procedure.sites);
        sites.map(|site: &Site| site.place.to_string())
    }

    /// Whether the position under which a row holds was taken before.
    fn position_taken(&self, tied: Option<&(Name, Name)>) -> Follows {
        let Some((conflict, position)) = tied else {
            return Ok(());
        };
        let taken = self
            .pass
            .applied
            .iter()
            .any(|(subject, _, result)| subject == conflict && result == position);
        need(taken, "the position was not taken")
    }

    /// Whether a choice is the first whose conditions hold, every fact that they needed having been read in their order.
    fn first_that_holds(&self, at: usize, family: &Family, wanted: &ChoiceRow) -> Follows {
        let mut latest = Vec::new();
        for row in family.choices.iter().filter(|row| row.row.seen(self.view)) {
            let mut holds = true;
            for condition in &row.when {
                match self.condition(at, condition, &mut latest)? {
                    Some(true) => {}
                    Some(false) => {
                        holds = false;
                        break;
                    }
                    // Told by more than the facts of the case: the trace is believed.
                    None => {
                        holds = row.row.id == wanted.row.id;
                        if !holds {
                            break;
                        }
                    }
                }
            }
            if row.row.id == wanted.row.id {
                return need(holds, "a condition of the row does not hold");
            }
            let by_position = row
                .position
                .as_ref()
                .is_none_or(|tied| self.position_taken(Some(tied)).is_ok());
            need(!(holds && by_position), "an earlier row holds")?;
        }
        Err("the row is not of that day".to_owned())
    }

    fn condition(&self, at: usize, condition: &Condition, latest: &mut Vec<usize>) -> Result<Option<bool>, String> {
        let procedure = self.procedure(at)?;
        let is = |word: &str| matches!(&condition.test, Test::OneOf(words) if words.iter().any(|known| known == word));
        let within = |number: i64| {
            matches!(condition.test, Test::Within(low, high)
                if low.is_none_or(|low| low <= number) && high.is_none_or(|high| number <= high))
        };
        match condition.fact.as_ref() {
            "kind" => return Ok(Some(is(&procedure.kind))),
            "setting" => {
                let facility = self.case.setting.is_facility();
                return Ok(Some(is(if facility { "facility" } else { "professional" })));
            }
            "side" | "region_levels" | "levels" => return Ok(None),
            // Summed over those of the session that share more than the trace tells.
            _ if matches!(condition.test, Test::Within(..)) && self.session(at).len() > 1 => return Ok(None),
            _ => {}
        }
        let stated = procedure
            .fact(&condition.fact)
            .or_else(|| procedure.unsaid(&condition.fact));
        let subject = format!("procedures[{at}].{}", condition.fact);
        let read = self.pass.reads.iter().position(|(known, _)| *known == subject);
        if stated.is_none() && condition.silent && read.is_none() {
            return Ok(Some(false));
        }
        let at_read = read.ok_or_else(|| format!("{} was not read", condition.fact))?;
        if !latest.contains(&at_read) {
            let before_all = procedure.family.as_deref().is_some_and(|family| self.bundled(family));
            let in_order = before_all || latest.iter().all(|before| *before < at_read);
            need(in_order, "facts read out of order")?;
            latest.push(at_read);
        }
        let value = self.read(at, &condition.fact).unwrap_or_default();
        Ok(Some(match &condition.test {
            Test::OneOf(_) => match stated {
                Some(FactValue::Words(words)) => words.iter().any(|word| is(word)),
                Some(_) => is(value),
                None => is(value) || value.split(' ').any(is),
            },
            Test::Within(..) => {
                let sum = self.session(at).into_iter().filter_map(|one| {
                    self.read(one, &condition.fact)
                        .and_then(|value| value.parse::<i64>().ok())
                });
                within(sum.sum())
            }
        }))
    }

    /// The procedures of one session with another.
    fn session(&self, at: usize) -> Vec<usize> {
        let Some(one) = self.case.procedures.get(at) else {
            return Vec::new();
        };
        let together = |other: &Procedure| {
            other.family == one.family && other.encounter == one.encounter && other.performed_by == one.performed_by
        };
        (0..self.case.procedures.len())
            .filter(|other| self.case.procedures.get(*other).is_some_and(together))
            .collect()
    }

    fn expand(&mut self, subject: &'a str, row: Option<&str>, result: &'a str) -> Follows {
        let Some(id) = row else {
            let (at, rest) = path(subject).ok_or("not a path of the case")?;
            need(
                rest.is_empty() && !self.pass.sites.contains_key(&at),
                "levels are told once",
            )?;
            let procedure = self.procedure(at)?;
            need(self.begun(procedure), "no rule of the family is in force")?;
            let region = |site: &&Site| matches!(site.place, crate::anatomy::Place::Region(_));
            let open = procedure.sites.is_empty()
                || (!procedure.done_at_regions && procedure.sites.iter().any(|site| region(&site)));
            let stated: Vec<String> = procedure
                .sites
                .iter()
                .filter(|site| procedure.done_at_regions || !region(site))
                .map(|site| site.place.to_string())
                .collect();
            let told: Vec<&str> = result.split(' ').collect();
            let same = told.iter().take(stated.len()).eq(stated.iter());
            need(
                same && (open || told.len() == stated.len()),
                "the case names other levels",
            )?;
            self.pass.sites.insert(at, told);
            return Ok(());
        };
        let Some(Found::Nerve(row)) = self.rows.get(id) else {
            return Err("not a row of nerves".to_owned());
        };
        need(
            row.usual && row.joint.to_string() == subject,
            "the row is of another joint",
        )?;
        need(row.nerves.join(" ") == result, "the row says otherwise")?;
        let known = self.pass.sites.values().flatten().any(|place| *place == subject);
        need(known, "no such site")?;
        let sides = self.pass.sides.get(subject).copied();
        for nerve in result.split(' ') {
            self.pass.made.insert(nerve);
            if let Some((left, right)) = sides {
                let known = self.pass.sides.entry(nerve).or_default();
                *known = (known.0 || left, known.1 || right);
            }
        }
        Ok(())
    }

    fn merge(&mut self, subject: &'a str, rule: Option<&'a str>, id: &'a str, result: &'a str) -> Follows {
        let nerves: Vec<&str> = subject.split(' ').collect();
        match self.rows.get(id) {
            Some(Found::Nerve(row)) => {
                need(rule.is_none(), "nerves merge by themselves")?;
                let (place, rest) = result.split_once(' ').ok_or("no joint and side")?;
                let (side, part) = match rest.strip_suffix(" in part") {
                    Some(side) => (side, true),
                    None => (rest, false),
                };
                let side = Side::parse(side).ok_or("no side")?;
                need(row.joint.to_string() == place, "the row is of another joint")?;
                let all = row.nerves.iter().map(Name::as_ref).eq(nerves.iter().copied());
                let one = matches!(nerves.as_slice(), [one] if row.nerves.iter().any(|nerve| nerve == one));
                need(if part { one } else { all }, "the row names other nerves")?;
                for nerve in &nerves {
                    let named = self.pass.sites.values().flatten().any(|site| site == nerve);
                    let known = self.pass.sides.get(nerve).copied();
                    let (left, right) = side.halves();
                    let there = known.is_none_or(|known| (known.0 || !left) && (known.1 || !right));
                    need(named && there, "the nerve was not treated on that side")?;
                }
                // The joint's name is written within the result, which lives as long as the trace.
                let (left, right) = side.halves();
                let known = self.pass.sides.entry(place).or_default();
                need(
                    !((known.0 && left) || (known.1 && right)),
                    "the joint is merged already",
                )?;
                *known = (known.0 || left, known.1 || right);
                self.pass.made.insert(place);
                Ok(())
            }
            Some(Found::Primary(family, row)) => {
                need(rule.is_none() && result == "one session", "the row says otherwise")?;
                self.position_taken(row.position.as_ref())?;
                for region in subject.split(" + ") {
                    let known = self.pass.applied.iter().any(|(_, id, result)| {
                        *result == region && matches!(self.rows.get(id), Some(Found::Junction(of, _)) if of == family)
                    });
                    need(known, "nothing lies in that region")?;
                }
                let junction = row.junction.as_ref().is_none_or(|(upper, lower)| {
                    [upper, lower].iter().all(|place| {
                        let place = place.to_string();
                        self.pass.applied.iter().any(|(subject, _, _)| *subject == place)
                    })
                });
                need(junction, "the junction was not treated")
            }
            Some(Found::Role(_, row)) => {
                self.in_force(rule.ok_or("no rule")?)?;
                need(
                    row.role == "unlisted" && row.code.as_str() == result,
                    "the row says otherwise",
                )?;
                need(
                    self.pass.chosen.iter().any(|known| known.code == row.code),
                    "the code was not chosen before",
                )?;
                self.region_of(subject, row)
            }
            _ => Err("such a row merges nothing".to_owned()),
        }
    }

    /// The layer of a rule.
    fn layer(&self, rule: &str) -> Option<&str> {
        self.facts.rule(rule, self.view).map(|row| row.layer.as_ref())
    }

    /// Whether one family takes another in, so that some of its facts are read before anything is coded.
    fn bundled(&self, family: &str) -> bool {
        let mut bundles = self.facts.bundles.iter().filter(|row| row.row.seen(self.view));
        let here = |wanted: &Name| {
            self.case
                .procedures
                .iter()
                .any(|one| one.family.as_ref() == Some(wanted))
        };
        bundles
            .any(|row| (row.family == family && here(&row.includes)) || (row.includes == family && here(&row.family)))
    }

    /// Whether a rule of a procedure's family was found in force, or its facts may be read before.
    fn begun(&self, procedure: &Procedure) -> bool {
        let Some(family) = procedure.family.as_deref() else {
            return false;
        };
        let mut windows = self
            .pass
            .windows
            .iter()
            .filter_map(|rule| self.facts.rule(rule, self.view));
        windows.any(|row| row.family == family || row.family == "all") || self.bundled(family)
    }

    /// Whether the row of a procedure's guidance was applied, where a choice was made and there is such a row.
    fn guided(&self, at: usize, family: &Name) -> bool {
        let choice = self
            .pass
            .applied
            .iter()
            .find_map(|(known, id, _)| match self.rows.get(id) {
                Some(Found::Choice(of, _, row)) if path(known) == Some((at, "")) && of == &family => Some(row),
                _ => None,
            });
        let Some(choice) = choice else { return true };
        let service = choice.service.as_ref().unwrap_or(family);
        let rows = self
            .facts
            .families
            .get(service)
            .map(|family| family.guidance.as_slice());
        let mut seen = rows.unwrap_or_default().iter().filter(|row| row.row.seen(self.view));
        let stated = self.read(at, "guidance");
        let due = seen.any(|row| row.modality.is_none() || row.modality.as_deref() == stated);
        let applied = self.pass.applied.iter().any(|(known, id, _)| {
            path(known).is_some_and(|(other, _)| other == at)
                && matches!(self.rows.get(id), Some(Found::Guidance(of, _)) if of == &service)
        });
        !due || applied
    }

    /// What the numbers or words read of a fact may add up to: over any of the procedures that share a code set.
    fn sums(&self, family: &Name, fact: &str) -> BTreeSet<u32> {
        let mut sums = BTreeSet::from([0]);
        for (at, procedure) in self.case.procedures.iter().enumerate() {
            if procedure.family.as_ref() != Some(family) {
                continue;
            }
            let Some(value) = self.read(at, fact) else { continue };
            // A word is one thing, or one on each side.
            let counts: Vec<u32> = value.parse().map_or_else(|_| vec![1, 2], |number| vec![number]);
            let more: Vec<u32> = sums
                .iter()
                .flat_map(|sum| counts.iter().map(move |count| sum + count))
                .collect();
            sums.extend(more);
        }
        if sums.len() > 1 {
            sums.remove(&0);
        }
        sums
    }

    /// Whether rows alone describe a family.
    fn of_rows(&self, family: &str) -> bool {
        self.facts.families_of_rows.iter().any(|name| name == family)
    }

    fn in_force(&self, rule: &str) -> Follows {
        need(self.pass.windows.contains(rule), "the rule was not found in force")
    }

    /// Whether a place lies in the region of a role, by a row applied before.
    fn region_of(&self, place: &str, role: &RoleRow) -> Follows {
        let found = self.pass.applied.iter().any(|(subject, id, result)| {
            *subject == place
                && matches!(self.rows.get(id), Some(Found::Junction(..)))
                && role.region.as_deref().is_none_or(|region| region == *result)
        });
        need(found, "the place lies in another region")
    }

    /// Whether something led to the code set of a role.
    fn set_of(&self, family: &Name, role: &RoleRow) -> Follows {
        let by_row = self.pass.applied.iter().any(|(_, id, result)| {
            let leads = matches!(
                self.rows.get(id),
                Some(Found::Guidance(..) | Found::Technique(_) | Found::Choice(..))
            );
            leads && result.split(' ').any(|set| role.variant == set)
        });
        let by_fact = || self.pass.reads.iter().any(|(_, value)| *value == role.variant.as_ref());
        // Families whose roles are all of one set need nothing to lead there.
        let only = || {
            let roles = self.facts.families.get(family).map(|family| family.roles.as_slice());
            let seen = roles.unwrap_or_default().iter().filter(|row| row.row.seen(self.view));
            seen.clone().all(|row| row.variant == role.variant)
        };
        let by_word = || !by_row && self.word_of(role);
        need(
            by_row || by_fact() || only() || by_word(),
            "nothing leads to that code set",
        )
    }

    /// Whether a role that is a word of the case was read there.
    fn word_of(&self, role: &RoleRow) -> bool {
        let mut words: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (subject, value) in &self.pass.reads {
            let fact = path(subject).map_or("", |(_, fact)| fact);
            let value = value.strip_suffix(ASSUMED).unwrap_or(value);
            words.entry(fact).or_default().extend(value.split(' '));
        }
        words
            .values()
            .any(|words| words.contains(role.role.as_ref()) || (role.role == "two_or_more" && words.len() > 1))
    }

    fn count(&mut self, subject: &'a str, rule: &'a str, id: &'a str, result: &'a str) -> Follows {
        self.in_force(rule)?;
        let mut parts = result.split(' ');
        let per = parts.next().and_then(Per::parse).ok_or("counts nothing known")?;
        let number: u32 = parts.next().and_then(|text| text.parse().ok()).ok_or("no number")?;
        let rest: Vec<&str> = parts.collect();
        let mut side = None;
        match self.rows.get(id) {
            Some(Found::Guidance(_, row)) => {
                need(row.add.is_some_and(|(_, of)| of == per), "the row counts otherwise")?;
                let (at, _) = path(subject).ok_or("not a path of the case")?;
                let applied = self
                    .pass
                    .applied
                    .iter()
                    .any(|(known, row, _)| *row == id && path(known).is_some_and(|(other, _)| other == at));
                need(applied, "the guidance was not found before")?;
                let distinct: BTreeSet<&&str> = rest.iter().collect();
                let unnamed = rest.is_empty() && number <= 1;
                need(unnamed || distinct.len() == number as usize, "another number of places")?;
                for key in &rest {
                    need(self.body_of(at, key), "the place was not treated")?;
                }
                let known = self
                    .pass
                    .counts
                    .iter()
                    .any(|one| one.row == id && one.subject == subject);
                need(!known, "counted before")?;
            }
            Some(Found::Role(family, row)) => {
                need(row.per == per || per.is_level(), "the row counts otherwise")?;
                need(row.per == per, "the row counts otherwise")?;
                self.set_of(family, row)?;
                self.of_family(rule, family)?;
                if self.of_rows(family) {
                    for at in 0..self.case.procedures.len() {
                        need(
                            self.guided(at, family) || self.bundled(family),
                            "what its guidance does was not found",
                        )?;
                    }
                }
                if per.is_level() {
                    self.region_of(subject, row)?;
                    need(
                        row.nth_from <= number && row.nth_to.is_none_or(|to| number <= to),
                        "another role is due",
                    )?;
                    let before = self.pass.counts.last();
                    let follows = match before {
                        Some(before) if number > 1 => {
                            let next = matches!(self.pass.before, Some((StepKind::Count, _, _)));
                            before.number + 1 == number && !before.spent && next
                        }
                        _ => number == 1,
                    };
                    need(follows, "levels are counted one after another")?;
                    let unilateral = self.unilateral(row.code);
                    let known = self.sides_at(subject, per);
                    side = rest.first().and_then(|side| Side::parse(side));
                    need(rest.len() == usize::from(side.is_some()), "more than a side")?;
                    need(side.is_none() || unilateral, "the code has no side")?;
                    need(
                        !(unilateral && side.is_none() && known.is_some()),
                        "the side is missing",
                    )?;
                    need(
                        side.is_none() || known == Some(halves(side)),
                        "another side was treated",
                    )?;
                    need(self.told(subject), "no such site")?;
                    let twice = self
                        .pass
                        .counts
                        .iter()
                        .any(|one| !one.spent && one.subject == subject && one.rule == rule);
                    need(!twice, "counted before")?;
                } else if per == Per::Side && subject == "side" {
                    // A code that takes no side counts the sides treated.
                    let sides =
                        (0..self.case.procedures.len()).filter_map(|at| self.read(at, subject).and_then(Side::parse));
                    let (left, right) = sides
                        .map(Side::halves)
                        .fold((false, false), |(l, r), (left, right)| (l || left, r || right));
                    let most = u32::from(left) + u32::from(right);
                    need(rest.is_empty() && !self.unilateral(row.code), "more than a number")?;
                    need((1..=most).contains(&number), "other sides were read")?;
                } else if matches!(per, Per::Number | Per::Minute) {
                    need(rest.is_empty(), "more than a number")?;
                    let limit = |sum: u32| {
                        let units = (row.nth_to.unwrap_or(sum).min(sum) + 1).saturating_sub(row.nth_from);
                        row.cap.map_or(units, |cap| units.min(cap))
                    };
                    let sums = self.sums(family, subject);
                    need(sums.iter().any(|sum| limit(*sum) == number), "another number was read")?;
                } else {
                    need(number == 1 && rest.is_empty(), "such a role is one unit")?;
                    if let Some((at, _)) = path(subject) {
                        let sided = !self.unilateral(row.code) || self.read(at, "side").is_some();
                        need(sided, "the side was not read")?;
                    }
                    if row.region.is_some() {
                        self.region_of(subject, row)?;
                    } else {
                        let (at, _) = path(subject).ok_or("not a path of the case")?;
                        need(
                            self.procedure(at)?.family.as_ref() == Some(family),
                            "a row of another family",
                        )?;
                    }
                }
            }
            Some(Found::Step(family, row)) => {
                self.of_family(rule, family)?;
                need(per == Per::Minute && rest.is_empty(), "the row counts otherwise")?;
                let sums = self.sums(family, subject);
                let fits = sums.iter().any(|sum| row.units(i64::from(*sum)) == number);
                need(fits, "another number was read")?;
            }
            _ => return Err("such a row counts nothing".to_owned()),
        }
        self.pass.counts.push(Counted {
            rule,
            row: id,
            subject,
            number,
            side,
            spent: false,
        });
        Ok(())
    }

    /// Whether a place was told, or a foramen that belongs to it.
    fn told(&self, place: &str) -> bool {
        let mut sites = self.pass.sites.values().flatten();
        self.pass.made.contains(place) || sites.any(|site| *site == place || belongs(site, place))
    }

    /// The sides on which a place was treated.
    fn sides_at(&self, place: &str, per: Per) -> Option<(bool, bool)> {
        let of_place = |known: &str| known == place || (per == Per::Foramen && belongs(known, place));
        let sides = self
            .pass
            .sides
            .iter()
            .filter(|(known, _)| of_place(known))
            .map(|(_, sides)| *sides);
        sides.reduce(|one, other| (one.0 || other.0, one.1 || other.1))
    }

    fn unilateral(&self, code: Code) -> bool {
        let row = self.facts.code(code, self.view);
        row.is_some_and(|row| row.laterality == Laterality::Unilateral)
    }

    /// Whether a rule codes a family.
    fn of_family(&self, rule: &str, family: &str) -> Follows {
        let row = self.facts.rule(rule, self.view).ok_or("no such rule")?;
        need(row.family == family || row.family == "all", "a rule of another family")
    }

    /// Whether a body region or place is one of a procedure's.
    fn body_of(&self, at: usize, key: &str) -> bool {
        let Some(procedure) = self.case.procedures.get(at) else {
            return false;
        };
        if procedure.region.as_deref() == Some(key) {
            return true;
        }
        let by_name = self.facts.region_bodies.contains_key(key);
        let by_row = self
            .facts
            .families
            .values()
            .flat_map(|family| &family.junctions)
            .any(|row| row.body_region == key);
        by_name || by_row || self.pass.made.contains(key) || self.places().any(|place| place == key)
    }

    fn choose(&mut self, subject: &'a str, rule: &'a str, id: &'a str, result: &'a str) -> Follows {
        self.in_force(rule)?;
        let code = Code::parse(subject).ok_or("no code")?;
        need(
            self.facts.code(code, self.view).is_some_and(|row| !row.never_valid),
            "not a code on that day",
        )?;
        let (units, side) = match result.split_once(' ') {
            Some((units, side)) => (units, Some(Side::parse(side).ok_or("no side")?)),
            None => (result, None),
        };
        let units: u32 = units.parse().map_err(|_| "no units")?;
        need(units > 0, "no units")?;
        need(side.is_none() || self.unilateral(code), "the code has no side")?;
        match self.rows.get(id) {
            Some(Found::Guidance(_, row)) => {
                need(
                    row.add.is_some_and(|(add, _)| add == code) && side.is_none(),
                    "the row adds another code",
                )?;
                let counted = self
                    .pass
                    .counts
                    .iter()
                    .rev()
                    .find(|one| one.row == id && one.rule == rule);
                let last = self.pass.counts.last();
                need(
                    counted.is_some_and(|one| one.number.max(1) == units)
                        && last.is_some_and(|last| last.row == id && !last.spent),
                    "not what was counted",
                )?;
                if let Some(last) = self.pass.counts.last_mut() {
                    last.spent = true;
                }
            }
            Some(Found::Role(family, row)) => {
                need(row.code == code, "the row is of another code")?;
                self.of_family(rule, family)?;
                self.set_of(family, row)?;
                let per = row.per;
                let mine = |one: &&Counted<'_>| one.row == id && one.rule == rule;
                if let Some((StepKind::Exclude, _, before)) = self.pass.before {
                    let included = matches!(self.rows.get(before), Some(Found::Guidance(..)));
                    need(!included, "guidance is taken in after the codes are chosen")?;
                }
                let by_step = self.pass.counts.iter().any(|one| {
                    matches!(self.rows.get(one.row), Some(Found::Step(of, step)) if of == family && step.code == code)
                });
                let any = by_step || self.pass.counts.iter().any(|one| mine(&one));
                need(
                    any || row.role == "unlisted" || !self.of_rows(family),
                    "nothing was counted",
                )?;
                if any && per.is_level() {
                    self.level_units(id, rule, row, units, side)?;
                } else if any {
                    self.units_once(code, rule, row, units)?;
                } else {
                    self.unit_by_word(row, units, side)?;
                }
            }
            _ => return Err("such a row has no code".to_owned()),
        }

        self.pass.chosen.push(Chosen {
            code,
            units,
            side,
            rule,
        });
        Ok(())
    }

    /// Units of a role from the levels counted for it since it was last chosen.
    fn level_units(&mut self, id: &str, rule: &str, row: &RoleRow, units: u32, side: Option<Side>) -> Follows {
        let counted = |wanted: &dyn Fn(&Counted<'_>) -> bool| {
            let mine = self.pass.counts.iter().filter(|one| one.row == id && one.rule == rule);
            u32::try_from(mine.filter(|one| wanted(one)).count()).unwrap_or(u32::MAX)
        };
        let fits = match (row.cap, self.unilateral(row.code)) {
            (Some(cap), true) => {
                let left = counted(&|one| halves(one.side).0).min(cap);
                let right = counted(&|one| halves(one.side).1).min(cap);
                let both = left.min(right);
                match side {
                    Some(Side::Bilateral) => units == both,
                    Some(Side::Left) => units == left - both,
                    Some(Side::Right) => units == right - both,
                    _ => false,
                }
            }
            (Some(cap), false) => units == counted(&|_| true).min(cap),
            (None, _) => units == counted(&|one| one.side == side),
        };
        // Several sessions of one family each count anew; then the levels of the last of them are looked at alone.
        let last_run = || {
            let begin = self
                .pass
                .counts
                .iter()
                .rposition(|one| one.number == 1 && one.rule == rule);
            let run = self.pass.counts.iter().skip(begin.unwrap_or_default());
            let mine = run.filter(|one| one.row == id && (row.cap.is_some() || one.side == side));
            u32::try_from(mine.count()).unwrap_or(u32::MAX)
        };
        need(
            fits || row.cap.map_or(last_run(), |cap| last_run().min(cap)) == units,
            "not what was counted",
        )?;
        for one in self
            .pass
            .counts
            .iter_mut()
            .filter(|one| one.row == id && one.rule == rule)
        {
            one.spent = true;
        }
        Ok(())
    }

    /// Units of a role that is written once: the number counted, or one a region.
    fn units_once(&mut self, code: Code, rule: &str, row: &RoleRow, units: u32) -> Follows {
        let of_code = |one: &&Counted<'_>| {
            let code_of = match self.rows.get(one.row) {
                Some(Found::Role(_, role)) => role.code == code,
                Some(Found::Step(_, step)) => step.code == code,
                _ => false,
            };
            one.rule == rule && code_of
        };
        let mine: Vec<&Counted<'_>> = self.pass.counts.iter().filter(of_code).collect();
        let wanted = if row.per == Per::Region {
            let rows: BTreeSet<&str> = mine.iter().map(|one| one.row).collect();
            u32::try_from(rows.len()).unwrap_or(u32::MAX)
        } else {
            let most = mine.iter().map(|one| one.number).max().unwrap_or_default();
            row.cap.map_or(most, |cap| most.min(cap))
        };
        if matches!(row.per, Per::Number | Per::Minute) {
            // What several sets count of one code adds up, and sides are written apart.
            let most: u32 = mine.iter().map(|one| one.number).sum();
            return need(units <= most, "not what was counted");
        }
        let single = row.per == Per::Region && units == 1;
        need(wanted == units || single, "not what was counted")
    }

    /// A role that a word of the case decides: one unit.
    fn unit_by_word(&self, row: &RoleRow, units: u32, side: Option<Side>) -> Follows {
        need(units == 1, "such a role is one unit")?;
        need(!row.per.is_level() || row.role == "unlisted", "nothing was counted")?;
        let sides = (0..self.case.procedures.len()).filter_map(|at| self.read(at, "side").and_then(Side::parse));
        let (left, right) = sides
            .map(Side::halves)
            .fold((false, false), |(l, r), (left, right)| (l || left, r || right));
        if side.is_some() {
            need(side == Some(Side::of_halves(left, right)), "another side was read")?;
        }
        match row.role.as_ref() {
            "unlisted" => self.unlisted(row),
            "both_sides" => need(left && right, "not both sides"),
            "one_side" => need(left != right, "not one side"),
            _ if row.nth_to.is_some() || row.nth_from > 1 => {
                let numbers = self
                    .pass
                    .reads
                    .iter()
                    .filter_map(|(_, value)| value.strip_suffix(ASSUMED).unwrap_or(value).parse::<u32>().ok());
                let sum: u32 = numbers.sum();
                let within = row.nth_from <= sum.max(1) && row.nth_to.is_none_or(|to| sum <= to);
                need(within || self.word_of(row), "another number was read")
            }
            _ => need(self.word_of(row), "the case says otherwise"),
        }
    }

    fn unlisted(&self, row: &RoleRow) -> Follows {
        match &row.region {
            None => Ok(()),
            Some(region) => need(
                self.pass.applied.iter().any(|(_, _, result)| result == region),
                "nothing lies in that region",
            ),
        }
    }

    fn exclude(&mut self, subject: &'a str, rule: &'a str, id: &'a str, result: &'a str) -> Follows {
        if let Some(off) = self.coded.withheld.iter().find(|off| {
            self.billing && off.rule == rule && off.row == id && off.reason == result && key(&off.line) == subject
        }) {
            self.in_force(rule)?;
            let code = off.line.code;
            let follows = match self.rows.get(id) {
                Some(Found::Pair(row)) => row.column2 == code && (row.bypassable == (result == "ptp_not_distinct")),
                Some(Found::Limit(row)) => row.code == code && result == "over_unit_limit",
                Some(Found::AddOn(row)) => row.add_on == code && result == "no_listed_primary",
                Some(Found::Fee(row)) => row.code == code && result == NOT_PAID,
                Some(_) => false,
                None => self.edition_keeps_off(code, id, result),
            };
            need(follows, "the row does not keep it off")?;
            let told = (subject, rule, id, result);
            need(
                !self.kept_off.contains(&told) || self.coded.withheld.len() > 1,
                "kept off before",
            )?;
            self.kept_off.push(told);
            return Ok(());
        }
        need(
            !self.billing || self.first.is_some(),
            "the case was coded before the bill",
        )?;
        let code = Code::parse(subject).ok_or("no code")?;
        match self.rows.get(id) {
            Some(Found::Guidance(_, row)) => {
                need(
                    result == "guidance_included" && row.included.contains(&code),
                    "the row says otherwise",
                )?;
                let applied = self.pass.applied.iter().any(|(_, known, _)| *known == id);
                need(applied, "the guidance was not found before")?;
                let rank = |code: &str| row.included.iter().position(|known| known.as_str() == code);
                if let Some((StepKind::Exclude, before, known)) = self.pass.before
                    && known == id
                    && before != subject
                {
                    // The codes of one row come in its order, and begin anew with the next procedure.
                    let first = rank(subject) == Some(0);
                    need(first || rank(before) < rank(subject), "codes out of order")?;
                }
            }
            Some(Found::Bundle(row)) => {
                need(
                    result == "included_in_procedure" && row.rule == rule,
                    "the row says otherwise",
                )?;
                let both = [&row.family, &row.includes].into_iter().all(|wanted| {
                    self.case
                        .procedures
                        .iter()
                        .any(|procedure| procedure.family.as_ref() == Some(wanted))
                });
                need(both, "no such procedures together")?;
            }
            Some(Found::Choice(_, _, row)) => {
                self.in_force(rule)?;
                need(
                    row.not_reported.contains(&code) && row.why.as_deref() == Some(result),
                    "the row says otherwise",
                )?;
                let applied = self.pass.applied.iter().any(|(_, known, _)| *known == id);
                need(applied, "the choice was not made before")?;
            }
            Some(Found::Role(family, row)) => {
                self.in_force(rule)?;
                self.of_family(rule, family)?;
                need(row.code == code, "the row is of another code")?;
                match result {
                    "cap_reached" => {
                        let cap = row.cap.ok_or("the row has no cap")?;
                        let mine = self.pass.counts.iter().filter(|one| one.row == id);
                        need(mine.count() > cap as usize, "the cap is not reached")?;
                        need(
                            self.pass.chosen.iter().any(|known| known.code == code),
                            "the code was not chosen before",
                        )?;
                    }
                    "one_per_encounter" | "not_documented" => need(self.word_of(row), "the case says otherwise")?,
                    _ => return Err("not such a reason".to_owned()),
                }
            }
            Some(Found::Fee(_)) => {
                self.in_force(rule)?;
                let applied = self.pass.applied.iter().any(|(_, known, _)| *known == id);
                need(applied && result == "not_separate", "the row was not applied before")?;
                need(
                    self.pass.chosen.iter().any(|known| known.code == code),
                    "the code was not chosen before",
                )?;
                // The line is taken away again, and what was counted for it.
                self.pass.chosen.retain(|known| known.code != code);
                let rows = self.rows;
                let of_code =
                    |one: &Counted<'_>| matches!(rows.get(one.row), Some(Found::Role(_, role)) if role.code == code);
                self.pass.counts.retain(|one| !of_code(one));
            }
            _ => return Err("such a row excludes nothing".to_owned()),
        }
        let second = self.first.is_some();
        let reported = self
            .coded
            .not_reported
            .iter()
            .any(|one| one.code == code && one.reason == result && one.rule == rule);
        need(reported || second, "the answer does not say so")?;
        self.pass.excluded.push((subject, rule, result));
        Ok(())
    }

    fn ask(&mut self, subject: &str, result: &str) -> Follows {
        let question = self.coded.questions.get(self.asked).ok_or("no such question")?;
        self.asked += 1;
        need(
            question.path == subject && question.values.join(" ") == result,
            "the answer asks otherwise",
        )?;
        let (at, fact) = path(subject).ok_or("not a path of the case")?;
        let procedure = self.procedure(at)?;
        let open = match fact {
            "side" => {
                procedure.sides.is_empty()
                    || procedure.side.is_none()
                    || procedure.sites.iter().any(|site| site.side.is_none())
            }
            "levels" => true,
            _ => procedure.fact(fact).is_none(),
        };
        need(open, "the case states it")
    }

    fn render(
        &mut self,
        at: usize,
        subject: &'a str,
        rule: Option<&str>,
        row: Option<&str>,
        result: &'a str,
    ) -> Follows {
        if subject == PROFILE {
            need(rule.is_none(), "a profile is no rule's")?;
            need(
                row.is_none() && result == self.coded.knowledge.profile && !self.billing,
                "another profile",
            )?;
            self.billing = true;
            let next = self.steps.get(at + 1).map(|step| step.step);
            let differs = self.pass.applied.iter().any(|(conflict, id, position)| {
                matches!(self.rows.get(id), Some(Found::Conflict(_)))
                    && self.profile.positions.get(*conflict).is_some_and(|own| own != position)
            });
            if differs && next != Some(StepKind::Render) {
                self.first = Some(std::mem::take(&mut self.pass));
            }
            return Ok(());
        }
        need(self.billing, "a line before the bill")?;
        let rule = rule.ok_or("no rule")?;
        self.in_force(rule)?;
        need(self.layer(rule) == Some("rendering"), "a rule that writes no lines")?;
        let line_code = result.get(..subject.len()).unwrap_or_default();
        need(line_code == subject, "the line is of another code")?;
        let side_chosen = |wanted: Option<Side>| {
            let mut known = self.pass.chosen.iter();
            known.any(|chosen| chosen.code.as_str() == subject && chosen.side == wanted)
        };
        need(
            self.pass.chosen.iter().any(|known| known.code.as_str() == subject),
            "the code was not chosen",
        )?;
        if let Some(id) = row {
            let Some(Found::Style(style)) = self.rows.get(id) else {
                return Err("not a way of writing".to_owned());
            };
            need(side_chosen(Some(Side::Bilateral)), "no line has both sides")?;
            let add_on = Code::parse(subject)
                .and_then(|code| self.facts.code(code, self.view))
                .is_some_and(|row| row.add_on);
            need(style.add_on.is_none_or(|only| only == add_on), "another way of writing")?;
        }
        self.rendered.push((subject, result));
        Ok(())
    }

    /// Whether the answer follows from the steps.
    fn end(mut self) -> Follows {
        need(self.asked == self.coded.questions.len(), "a question is missing")?;
        if self.coded.status == Status::NeedsFacts {
            return Ok(());
        }
        need(self.billing, "the bill is missing")?;
        let told = self.coded.explanation.as_ref().ok_or("no explanation")?;
        let rules: BTreeSet<&str> = told.rules.iter().map(Name::as_ref).collect();
        need(
            rules == self.windows || rules.is_superset(&self.windows),
            "rules that no step found in force",
        )?;
        let missing = rules.difference(&self.windows).next().is_some();
        need(!missing, "a rule was not found in force by a step")?;
        let listed: BTreeSet<&str> = told.rows.iter().map(Name::as_ref).collect();
        let used: BTreeSet<&str> = self.steps.iter().filter_map(|step| step.row.as_deref()).collect();
        need(listed.is_superset(&used), "a row is missing from the list")?;
        // What only stands behind a line (its code's life, its place of service) needs no step of its own.
        let silent = listed.difference(&used).filter(|id| {
            let disagrees = || {
                self.coded
                    .notices
                    .iter()
                    .any(|notice| notice.reason == "add_on_table_disagrees")
            };
            match self.rows.get(**id) {
                None | Some(Found::Primary(..) | Found::Bundle(_) | Found::Junction(..)) => false,
                Some(Found::AddOn(_)) => !disagrees(),
                Some(_) => true,
            }
        });
        if let Some(id) = silent.into_iter().next() {
            return Err(format!("no step applies {id}"));
        }
        let last = std::mem::take(&mut self.pass);
        let first = self.first.take();
        let code_set = first.as_ref().unwrap_or(&last);
        self.lines(code_set)?;
        let excluded: BTreeSet<(&str, &str, &str)> = code_set.excluded.iter().copied().collect();
        for one in &self.coded.not_reported {
            let told = (one.code.as_str(), one.rule.as_ref(), one.reason.as_ref());
            need(excluded.contains(&told), "what is not reported was not excluded")?;
        }
        self.bill(&last)
    }

    /// The code set's lines are those chosen, in their order, with their units.
    fn lines(&self, pass: &Pass<'a>) -> Follows {
        let mut order: Vec<(Code, Option<Side>)> = Vec::new();
        for chosen in &pass.chosen {
            if !order.contains(&(chosen.code, chosen.side)) {
                order.push((chosen.code, chosen.side));
            }
        }
        let mut reported: Vec<(Code, Option<Side>)> = Vec::new();
        for line in &self.coded.reported {
            if !reported.contains(&(line.code, line.side)) {
                reported.push((line.code, line.side));
            }
        }
        need(order == reported, "the lines are not those chosen")?;
        for (code, side) in order {
            let units = |lines: &[Line]| -> u32 {
                let mine = lines.iter().filter(|line| line.code == code && line.side == side);
                mine.map(|line| line.units).sum()
            };
            let chosen = pass.chosen.iter().filter(|one| one.code == code && one.side == side);
            let by_guidance = |one: &&Counted<'_>| matches!(self.rows.get(one.row), Some(Found::Guidance(_, row)) if row.add.is_some_and(|(add, _)| add == code));
            let more = pass
                .counts
                .iter()
                .filter(|one| by_guidance(one) && !one.spent)
                .map(|one| one.number);
            let total: u32 = chosen.map(|one| one.units).chain(more).sum();
            need(total == units(&self.coded.reported), "the units are not those chosen")?;
            let rule = |line: &Line| {
                pass.chosen
                    .iter()
                    .any(|one| one.code == line.code && one.rule == line.rule)
            };
            need(self.coded.reported.iter().all(rule), "a line of another rule")?;
        }
        for (at, one) in pass.counts.iter().enumerate() {
            let chosen = match self.rows.get(one.row) {
                Some(Found::Role(_, row)) => pass.chosen.iter().any(|known| known.code == row.code),
                _ => true,
            };
            need(chosen || one.number == 0, &format!("count {at} led to no code"))?;
        }
        Ok(())
    }

    /// The bill is what was written, less what was kept off.
    fn bill(&self, pass: &Pass<'a>) -> Follows {
        let mut codes: Vec<&str> = Vec::new();
        for chosen in &pass.chosen {
            if !codes.contains(&chosen.code.as_str()) {
                codes.push(chosen.code.as_str());
            }
        }
        let mut written: Vec<&str> = Vec::new();
        for (code, _) in &self.rendered {
            if !written.contains(code) {
                written.push(code);
            }
        }
        need(codes == written, "the lines written are not those chosen")?;
        need(
            self.kept_off.len() == self.coded.withheld.len(),
            "what is kept off has no step",
        )?;
        let bare = |line: &Line| -> String {
            let mut line = line.clone();
            if self.marked.contains(line.code.as_str()) {
                line.modifiers
                    .retain(|modifier| *modifier != self.profile.modifiers.distinct);
            }
            key(&line)
        };
        let mut rest: Vec<&str> = self.rendered.iter().map(|(_, text)| *text).collect();
        let limited = |code: &str| {
            self.coded
                .withheld
                .iter()
                .any(|off| off.layer == "mue" && off.line.code.as_str() == code)
        };
        for line in &self.coded.billed {
            if limited(line.code.as_str()) {
                rest.retain(|text| !text.starts_with(line.code.as_str()));
                continue;
            }
            let text = bare(line);
            let at = rest.iter().position(|known| *known == text);
            rest.remove(at.ok_or("a billed line was not written")?);
        }
        for off in &self.coded.withheld {
            if limited(off.line.code.as_str()) {
                rest.retain(|text| !text.starts_with(off.line.code.as_str()));
                continue;
            }
            let text = bare(&off.line);
            let at = rest.iter().position(|known| *known == text);
            rest.remove(at.ok_or("a line kept off was not written")?);
        }
        let order: Vec<&str> = self.coded.billed.iter().map(|line| line.code.as_str()).collect();
        let mut rendered = self.rendered.iter().map(|(code, _)| *code);
        need(
            order.iter().all(|code| rendered.any(|known| known == *code)),
            "lines out of order",
        )?;
        need(rest.is_empty(), "a line written is neither billed nor kept off")
    }
}

/// The side of a procedure, where it or its sites state one.
fn side_of(procedure: &Procedure) -> Option<Side> {
    let known: Vec<Side> = procedure.sites.iter().filter_map(|site| site.side).collect();
    if known.is_empty() {
        return procedure.side;
    }
    let (left, right) = known
        .iter()
        .map(|side| side.halves())
        .fold((false, false), |(l, r), (left, right)| (l || left, r || right));
    Some(Side::of_halves(left, right))
}
