//! What the code set says of the lines of a day together: roles, caps, guidance, sides, and what one code takes in of another.
//! All of it is read from the families' tables; a rule here asks for roles and relations, never for codes.

use crate::code::Code;
use crate::date::View;
use crate::edit::chart::{Chart, CodeSet, Guide, Joined, Stand};
use crate::edit::desk::{At, Day, Desk, Found, Spot};
use crate::edit::report::{Layer, Verdict};
use crate::edit::sides::{Mark, Tally, tally};
use crate::facts::{BilateralStyle, BundleScope, Facts, Laterality, Per, Profile, Relation, Row};
use crate::modifiers::{Class, Fit, Meaning};
use crate::name::Name;
use crate::render;
use crate::rules::separate_visit;

/// An add-on code without a code that it is added to.
const ADD_ON: &str = "SET-001";
/// A later level without the level before it.
const SKIPPED: &str = "SET-002";
/// More units than the role has.
const CAP: &str = "SET-003";
/// The first level's code more than once.
const FIRST_AGAIN: &str = "SET-004";
/// First-level codes of two regions where a session has one.
const ONE_PRIMARY: &str = "SET-005";
/// Guidance that the procedure includes.
const GUIDANCE_INCLUDED: &str = "SET-006";
/// A code without guidance beside guidance, where a guided code exists.
const GUIDED_CODE: &str = "SET-007";
/// More units of guidance than there is to guide.
const GUIDANCE_UNITS: &str = "SET-008";
/// A part of another code of the day.
const COMPONENT: &str = "SET-009";
/// Two codes of which a session has one.
const EXCLUSIVE: &str = "SET-010";
/// Both sides on a code that takes no side.
const NO_SIDES: &str = "SET-011";
/// A side on a code that takes none.
const NO_SIDE: &str = "SET-012";
/// Both sides written otherwise than this payer and setting take it.
const SIDE_STYLE: &str = "SET-013";
/// A modifier on a service that it does not fit.
const MISFIT: &str = "SET-014";
/// A part of a code that is not parted.
const NO_PARTS: &str = "SET-015";
/// A visit beside a minor procedure, without the mark of a separate visit.
const VISIT: &str = "SET-016";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[
    ADD_ON,
    SKIPPED,
    CAP,
    FIRST_AGAIN,
    ONE_PRIMARY,
    GUIDANCE_INCLUDED,
    GUIDED_CODE,
    GUIDANCE_UNITS,
    COMPONENT,
    EXCLUSIVE,
    NO_SIDES,
    NO_SIDE,
    SIDE_STYLE,
    MISFIT,
    NO_PARTS,
    VISIT,
];

const LAYER: Layer = Layer::CodeSet;

/// Judges the lines of a day.
pub(super) fn judge(day: &Day<'_>, desk: &mut Desk<'_>) {
    let facts = desk.facts;
    let codes = tally(day, facts);
    let bench = Bench {
        day,
        facts,
        chart: &facts.chart,
        view: day.view,
        codes: &codes,
        supported: supported(day, desk),
    };
    for spot in &day.lines {
        let row = codes.iter().find(|one| one.code == spot.code).and_then(|one| one.row);
        if row.is_some() {
            desk.say(spot.at, LAYER, Verdict::Pass);
        }
        if !spot.line.modifiers.is_empty() {
            bench.modifiers(desk, spot);
        }
    }
    for (at, one) in codes.iter().enumerate() {
        let mut stands = bench.stands(one).peekable();
        if stands.peek().is_some() {
            bench.units(desk, one);
            if one.row.is_some_and(|row| row.add_on) {
                bench.chain(desk, one);
            }
        } else if one.row.is_some() && bench.chart.is_guidance(one.code) {
            bench.guidance(desk, one);
        }
        bench.visit(desk, one);
        if bench.is_parted(one) {
            for (other_at, other) in codes.iter().enumerate() {
                if at != other_at {
                    bench.pair(desk, one, other);
                }
            }
        }
    }
}

/// Codes that the documented cases of the day's claims support, and whether they are billed within that.
fn supported(day: &Day<'_>, desk: &Desk<'_>) -> Vec<(Code, bool)> {
    let documented = day.lines.iter().filter(|spot| spot.claim.case.is_some());
    documented
        .filter_map(|spot| Some((spot.code, desk.documented(spot.at.claim, spot.code)?)))
        .collect()
}

/// A code as an argument.
fn named(code: Code) -> Name {
    Name::Owned(code.to_string())
}

/// A number as an argument.
fn number(number: u32) -> Name {
    Name::Owned(number.to_string())
}

/// Whether a profile holds a position; without a choice of its own it holds the code set's.
fn held(facts: &Facts, profile: &Profile, view: View, position: Option<&(Name, Name)>) -> bool {
    let Some((conflict, position)) = position else {
        return true;
    };
    match profile.positions.get(conflict) {
        Some(own) => own == position,
        None => facts
            .conflicts
            .iter()
            .any(|row| row.base && row.conflict == *conflict && row.position == *position && row.row.seen(view)),
    }
}

/// How well an add-on code stands among the others.
enum Led {
    /// All levels before it are there.
    Whole,
    /// They are there only where another position is taken.
    Disputed(Name),
    /// The first is there, this one is not.
    Skipped(u32),
    /// The first is not there.
    Alone,
}

/// The day with all that is known of it.
struct Bench<'d, 'f> {
    day: &'d Day<'d>,
    facts: &'f Facts,
    chart: &'f Chart,
    view: View,
    codes: &'d [Tally<'f>],
    supported: Vec<(Code, bool)>,
}

impl<'d, 'f> Bench<'d, 'f> {
    /// The places of a code on the date.
    fn stands(&self, one: &Tally<'f>) -> impl Iterator<Item = &'f Stand> + Clone {
        let view = self.view;
        one.stands.iter().filter(move |stand| stand.row.seen(view))
    }

    /// Whether a code can stand against another of the day.
    fn is_parted(&self, one: &Tally<'f>) -> bool {
        one.stands
            .iter()
            .any(|stand| self.chart.family(stand).is_some_and(|family| family.parted))
    }

    /// Whether the documented case supports a code: what it may stand beside, and how often, is then the case's to say.
    fn is_supported(&self, code: Code) -> bool {
        self.supported.iter().any(|(known, _)| *known == code)
    }

    /// The lines of a code, the last one first: what is added last is what must change.
    fn lines(&self, code: Code) -> Vec<At> {
        let lines = self.day.lines.iter().rev();
        lines.filter(|spot| spot.code == code).map(|spot| spot.at).collect()
    }

    /// Whether a line of the code says that it is distinct, or done once more.
    fn set_apart(&self, code: Code) -> bool {
        self.day.lines.iter().any(|spot| {
            spot.code == code
                && !spot.line.modifiers.is_empty()
                && [Meaning::Distinct, Meaning::Repeat]
                    .iter()
                    .any(|means| self.facts.meaning(&spot.line.modifiers, *means, self.view).is_some())
        })
    }

    /// Whether a code that no list holds could own what nobody else does: drugs and the like cannot.
    fn stranger(&self) -> bool {
        self.codes.iter().any(|one| {
            let known = one.row.is_some() || self.facts.codes.contains_key(&one.code);
            let class = self.facts.class(one.code, self.view);
            !known
                && !matches!(
                    class,
                    Some(Class::Drug | Class::Visit | Class::Laboratory | Class::Measure | Class::Anesthesia)
                )
        })
    }

    fn class(&self, code: Code) -> Option<Class> {
        self.facts.class(code, self.view)
    }

    /// Modifiers of one line against its code.
    fn modifiers(&self, desk: &mut Desk<'_>, spot: &Spot<'_>) {
        let (facts, view) = (self.facts, self.view);
        let known = self
            .codes
            .iter()
            .find(|one| one.code == spot.code)
            .and_then(|one| one.row);
        for modifier in &spot.line.modifiers {
            let Some(row) = facts.modifier(*modifier, view) else {
                continue;
            };
            let mut find = |rule, verdict, more: Vec<&Row>| {
                let mut rows = vec![&row.row];
                rows.extend(more);
                let found = Found {
                    args: vec![
                        ("code", named(spot.code)),
                        ("modifier", Name::Owned(modifier.to_string())),
                    ],
                    modifier: Some(*modifier),
                    rows,
                    ..Found::default()
                };
                desk.find(rule, verdict, &[spot.at], found);
            };
            if row.on != Fit::Any && !row.on.takes(self.class(spot.code)) {
                find(MISFIT, Verdict::Fail, Vec::new());
                continue;
            }
            let Some(code) = known else { continue };
            match row.means {
                Meaning::ProfessionalPart | Meaning::TechnicalPart if !code.split => {
                    find(NO_PARTS, Verdict::Fail, vec![&code.row]);
                }
                Meaning::BothSides if code.laterality != Laterality::Unilateral => {
                    find(NO_SIDES, Verdict::Fail, vec![&code.row]);
                }
                Meaning::Left | Meaning::Right if code.laterality == Laterality::NotLateral => {
                    find(NO_SIDE, Verdict::Warn, vec![&code.row]);
                }
                _ => {}
            }
        }
        let Some(code) = known.filter(|code| code.laterality == Laterality::Unilateral) else {
            return;
        };
        if Mark::of(spot.line, &self.day.profile.modifiers) != Mark::Both {
            return;
        }
        let style = render::style(self.day.profile, view, self.day.setting, code.add_on);
        // A setting's own form is a rule of payment. How add-on codes are written elsewhere is a difference of readings, and
        // payers take both.
        let Some(style) = style.filter(|row| row.style != BilateralStyle::Modifier50 && !row.settings.is_empty())
        else {
            return;
        };
        let wanted = match style.style {
            BilateralStyle::RtLtLines => "rt_lt_lines",
            BilateralStyle::UnitsDoubled | BilateralStyle::Modifier50 => "units_doubled",
        };
        let found = Found {
            args: vec![("code", named(spot.code)), ("style", Name::Borrowed(wanted))],
            modifier: Some(self.day.profile.modifiers.bilateral),
            rows: vec![&style.row],
            ..Found::default()
        };
        desk.find(SIDE_STYLE, Verdict::Fail, &[spot.at], found);
    }

    /// Units against what the code's roles have.
    fn units(&self, desk: &mut Desk<'_>, one: &Tally<'f>) {
        let Some(code) = one.row else { return };
        let one_sided = code.laterality == Laterality::Unilateral;
        if (one.units <= 1 && one.lines == 1) || self.supported.contains(&(one.code, true)) {
            return;
        }
        let mut most: Option<(u32, &Stand)> = None;
        for stand in self.stands(one) {
            // Work without a code of its own may be done in several ways at once.
            let (Some(cap), false) = (stand.cap, stand.is_unlisted()) else {
                return;
            };
            // A code that takes no side counts the sides as units.
            let cap = if stand.per == Per::Side && !one_sided {
                cap.saturating_mul(2)
            } else {
                cap
            };
            // A code that has a role in each of several regions is a unit in each.
            most = match most {
                Some((known, first)) if stand.per == Per::Region && stand.set == first.set => {
                    Some((known.saturating_add(cap), first))
                }
                Some((known, first)) if known >= cap => Some((known, first)),
                _ => Some((cap, stand)),
            };
        }
        let Some((cap, stand)) = most else { return };
        let limit = cap;
        let units = if one_sided { one.sides.busier() } else { one.units };
        if units <= limit {
            return;
        }
        // Twice the units without a side may be both sides, written in a way this payer does not take.
        let both = one_sided && one.sides.left.max(one.sides.right) == 0 && units <= limit.saturating_mul(2);
        let verdict = if both || (one.lines > 1 && self.set_apart(one.code)) {
            Verdict::Warn
        } else {
            Verdict::Fail
        };
        let first = stand.nth_from == 1 && self.chart.set(stand).is_some_and(|set| set.has_further);
        let found = Found {
            args: vec![
                ("code", named(one.code)),
                ("units", number(units)),
                ("limit", number(limit)),
            ],
            rows: vec![&stand.row],
            ..Found::default()
        };
        desk.find(
            if first { FIRST_AGAIN } else { CAP },
            verdict,
            &self.lines(one.code),
            found,
        );
    }

    /// An add-on code against the levels before it.
    fn chain(&self, desk: &mut Desk<'_>, one: &Tally<'f>) {
        let mut best: Option<(Led, &Stand)> = None;
        for stand in self.stands(one) {
            let led = self.led(one, stand);
            let rank = |led: &Led| match led {
                Led::Whole => 0,
                Led::Disputed(_) => 1,
                Led::Skipped(_) => 2,
                Led::Alone => 3,
            };
            if best.as_ref().is_none_or(|(known, _)| rank(&led) < rank(known)) {
                best = Some((led, stand));
            }
        }
        let Some((led, stand)) = best else { return };
        let mut args = vec![("code", named(one.code))];
        let (rule, verdict) = match led {
            Led::Whole => return,
            Led::Disputed(conflict) => {
                args.push(("conflict", conflict));
                (ADD_ON, Verdict::Warn)
            }
            Led::Skipped(nth) => {
                args.push(("level", number(nth)));
                args.push(("missing", self.codes_at(stand, nth)));
                (SKIPPED, Verdict::Fail)
            }
            Led::Alone => {
                args.push(("missing", self.codes_at(stand, 1)));
                (ADD_ON, Verdict::Fail)
            }
        };
        for at in self.lines(one.code).into_iter().rev() {
            let found = Found {
                args: args.clone(),
                rows: vec![&stand.row],
                ..Found::default()
            };
            desk.find(rule, verdict, &[at], found);
        }
    }

    /// The codes that a level before would take.
    fn codes_at(&self, stand: &Stand, nth: u32) -> Name {
        let set = self.chart.set(stand);
        let codes = set.map(|set| set.codes.as_slice()).unwrap_or_default();
        let fits = |code: &&Code| {
            self.chart
                .stands(**code, self.view)
                .any(|other| other.set == stand.set && other.covers(nth) && other.meets(stand))
        };
        let found: Vec<&str> = codes.iter().filter(fits).map(Code::as_str).collect();
        Name::Owned(found.join(" "))
    }

    fn led(&self, one: &Tally<'f>, stand: &Stand) -> Led {
        let others = || self.codes.iter().filter(|other| other.code != one.code);
        if stand.nth_from <= 1 {
            // What is added to any code of its family.
            let led = others().any(|other| {
                other.row.is_some_and(|row| !row.add_on) && self.stands(other).any(|place| place.family == stand.family)
            });
            return if led { Led::Whole } else { Led::Alone };
        }
        let mut disputed = None;
        for nth in 1..stand.nth_from {
            let mut found = false;
            for other in others() {
                for place in self.stands(other) {
                    if place.set != stand.set || !place.covers(nth) || place.nth_from >= stand.nth_from {
                        continue;
                    }
                    if place.meets(stand) {
                        found = true;
                        continue;
                    }
                    match self.joined(place, stand) {
                        Some(join) if held(self.facts, self.day.profile, self.view, join.position.as_ref()) => {
                            found = true
                        }
                        Some(join) if disputed.is_none() => {
                            disputed = join.position.as_ref().map(|(conflict, _)| conflict.clone());
                        }
                        _ => {}
                    }
                }
            }
            if !found {
                return match (disputed, nth) {
                    (Some(conflict), _) => Led::Disputed(conflict),
                    (None, 1) => Led::Alone,
                    (None, nth) => Led::Skipped(nth),
                };
            }
        }
        Led::Whole
    }

    /// The row by which the first code of one region leads the levels of another.
    fn joined(&self, lead: &Stand, stand: &Stand) -> Option<&'f Joined> {
        let family = self.chart.family(stand)?;
        family.joined.iter().find(|join| {
            join.row.seen(self.view)
                && join.regions.as_ref().is_none_or(|(upper, lower)| {
                    lead.region.as_ref() == Some(upper) && stand.region.as_ref() == Some(lower)
                })
        })
    }

    /// Guidance against what it may guide.
    fn guidance(&self, desk: &mut Desk<'_>, one: &Tally<'f>) {
        if self.is_supported(one.code) {
            return;
        }
        let mut owners: Vec<(&Stand, Per)> = Vec::new();
        let mut taken: Vec<(Code, &Stand, &Guide)> = Vec::new();
        let mut twins: Vec<(Code, &Guide, Code)> = Vec::new();
        let mut near: Vec<(Code, &Guide)> = Vec::new();
        for other in self.codes {
            for stand in self.stands(other) {
                let Some(set) = self.chart.set(stand) else { continue };
                for guide in set
                    .guides
                    .iter()
                    .filter(|guide| guide.code == one.code && guide.seen(self.view))
                {
                    match (guide.adds, guide.exact) {
                        (Some(per), true) => owners.push((stand, per)),
                        (None, true) => taken.push((other.code, stand, guide)),
                        (_, false) => match self.twin(set, stand, guide) {
                            Some(twin) => twins.push((other.code, guide, twin)),
                            None if guide.adds.is_none() => near.push((other.code, guide)),
                            None => {}
                        },
                    }
                }
            }
        }
        // A study takes in the guidance of one region; where there are more, one of them may own it.
        let enough = |taker: Code| {
            let units = self
                .codes
                .iter()
                .find(|one| one.code == taker)
                .map_or(0, |one| one.units);
            usize::try_from(units).is_ok_and(|units| units >= owners.len())
        };
        let taking: Vec<&Stand> = taken
            .iter()
            .filter(|(code, ..)| enough(*code))
            .map(|(_, taker, _)| *taker)
            .collect();
        owners.retain(|(owner, _)| !taking.iter().any(|taker| self.takes_guidance(taker, owner)));
        if !owners.is_empty() {
            self.guided_units(desk, one, &owners);
            return;
        }
        let lines = || self.lines(one.code).into_iter().rev();
        let doubt = if self.stranger() { Verdict::Warn } else { Verdict::Fail };
        let included = taken.first().map(|(code, _, guide)| (*code, *guide));
        if let Some((code, guide)) = included {
            self.included(desk, one, code, guide, doubt);
        } else if let Some((code, guide, twin)) = twins.first() {
            for at in self.lines(*code).into_iter().rev() {
                let mut all = vec![at];
                all.extend(lines());
                let found = Found {
                    args: vec![
                        ("code", named(*code)),
                        ("other", named(one.code)),
                        ("successors", named(*twin)),
                    ],
                    rows: vec![&guide.row],
                    ..Found::default()
                };
                desk.find(GUIDED_CODE, doubt, &all, found);
            }
        } else if let Some((code, guide)) = near.first().copied() {
            self.included(desk, one, code, guide, doubt);
        } else if one.row.is_some_and(|row| row.add_on) && !self.stranger() {
            for at in lines() {
                let found = Found {
                    args: vec![("code", named(one.code))],
                    rows: one.row.map(|row| &row.row).into_iter().collect(),
                    ..Found::default()
                };
                desk.find(ADD_ON, Verdict::Fail, &[at], found);
            }
        }
    }

    fn included(&self, desk: &mut Desk<'_>, one: &Tally<'f>, by: Code, guide: &Guide, verdict: Verdict) {
        let beside = self.lines(by).pop();
        for at in self.lines(one.code).into_iter().rev() {
            let mut lines = vec![at];
            lines.extend(beside);
            let found = Found {
                args: vec![("code", named(one.code)), ("other", named(by))],
                rows: vec![&guide.row],
                ..Found::default()
            };
            desk.find(GUIDANCE_INCLUDED, verdict, &lines, found);
        }
    }

    /// The guided code that an unguided one gives way to.
    fn twin(&self, set: &CodeSet, stand: &Stand, guide: &Guide) -> Option<Code> {
        if guide.adds.is_some() || !set.unguided.iter().any(|row| row.seen(self.view)) {
            return None;
        }
        self.chart.same_place(guide.twin?, stand, self.view)
    }

    /// Whether one place takes in the separate guidance of another: a study that of its injection.
    fn takes_guidance(&self, taker: &Stand, owner: &Stand) -> bool {
        let (Some(family), Some(set), Some(other)) =
            (self.chart.family(taker), self.chart.set(taker), self.chart.set(owner))
        else {
            return false;
        };
        let by_relation = taker.family == owner.family
            && family
                .relations
                .iter()
                .any(|row| row.relation == Relation::Guidance && row.holds(taker, set, owner, other, self.view));
        by_relation
            || family
                .takes_guidance
                .iter()
                .any(|(id, row)| *id == owner.family && row.seen(self.view))
    }

    /// Units of guidance against what the owners give it to guide.
    fn guided_units(&self, desk: &mut Desk<'_>, one: &Tally<'f>, owners: &[(&Stand, Per)]) {
        if one.units <= 1 {
            return;
        }
        let mut limit = 0_u32;
        let mut bodies: Vec<&Name> = Vec::new();
        let mut once = 0;
        for (stand, per) in owners {
            match per {
                Per::Encounter => once = 1,
                Per::Region => {
                    let here = stand.region.as_ref().zip(self.chart.family(stand));
                    let Some(here) = here.and_then(|(region, family)| family.bodies.get(region)) else {
                        return;
                    };
                    for body in here {
                        if !bodies.contains(&body) {
                            bodies.push(body);
                        }
                    }
                }
                Per::Vertebra => {
                    let units = |other: &&Tally<'f>| self.stands(other).any(|place| place.row.id == stand.row.id);
                    limit = limit.saturating_add(self.codes.iter().filter(units).map(|other| other.units).sum());
                }
                _ => return,
            }
        }
        limit = limit
            .saturating_add(once)
            .saturating_add(u32::try_from(bodies.len()).unwrap_or(u32::MAX));
        if one.units <= limit {
            return;
        }
        let found = Found {
            args: vec![
                ("code", named(one.code)),
                ("units", number(one.units)),
                ("limit", number(limit)),
            ],
            rows: owners.iter().map(|(stand, _)| &stand.row).take(1).collect(),
            ..Found::default()
        };
        let verdict = if self.stranger() { Verdict::Warn } else { Verdict::Fail };
        desk.find(GUIDANCE_UNITS, verdict, &self.lines(one.code), found);
    }

    /// A visit beside a minor procedure.
    fn visit(&self, desk: &mut Desk<'_>, one: &Tally<'f>) {
        // What other families code is no visit.
        let other_work = |stand: &Stand| {
            self.chart
                .family(stand)
                .is_some_and(|family| family.name != separate_visit::FAMILY)
        };
        if one.stands.iter().any(other_work)
            || one.row.is_some_and(|row| row.add_on)
            || self.class(one.code) != Some(Class::Visit)
        {
            return;
        }
        let minor = self.codes.iter().find_map(|other| {
            let rows = self.facts.fees.get(&other.code)?;
            rows.iter()
                .find(|row| row.minor && row.row.seen(self.view))
                .map(|row| (other.code, row))
        });
        let Some((beside, row)) = minor else { return };
        let apart = [Meaning::SeparateVisit, Meaning::DecisionVisit, Meaning::UnrelatedVisit];
        for spot in self.day.lines.iter().filter(|spot| spot.code == one.code) {
            let marked = |means: &Meaning| self.facts.meaning(&spot.line.modifiers, *means, self.view).is_some();
            if apart.iter().any(marked) {
                continue;
            }
            let mut lines = vec![spot.at];
            lines.extend(self.lines(beside).pop());
            let found = Found {
                args: vec![("code", named(one.code)), ("other", named(beside))],
                rows: vec![&row.row],
                ..Found::default()
            };
            desk.find(VISIT, Verdict::Fail, &lines, found);
        }
    }

    /// Two codes against each other, in this direction.
    fn pair(&self, desk: &mut Desk<'_>, one: &Tally<'f>, other: &Tally<'f>) {
        for stand in self.stands(one) {
            let (Some(family), Some(set)) = (self.chart.family(stand), self.chart.set(stand)) else {
                continue;
            };
            if family.relations.is_empty() && family.takes_in.is_empty() && family.joined.is_empty() {
                continue;
            }
            for place in self.stands(other) {
                if place.family == stand.family {
                    if let Some(other_set) = self.chart.set(place)
                        && self.related(desk, (one, stand, set), (other, place, other_set))
                    {
                        return;
                    }
                    if self.two_primaries(desk, (one, stand), (other, place)) {
                        return;
                    }
                } else if self.taken_in(desk, (one, stand), (other, place)) {
                    return;
                }
            }
        }
    }

    fn related(
        &self,
        desk: &mut Desk<'_>,
        (one, stand, set): (&Tally<'f>, &Stand, &CodeSet),
        (other, place, other_set): (&Tally<'f>, &Stand, &CodeSet),
    ) -> bool {
        let Some(family) = self.chart.family(stand) else {
            return false;
        };
        let row = family
            .relations
            .iter()
            .find(|row| row.relation != Relation::Guidance && row.holds(stand, set, place, other_set, self.view));
        let Some(row) = row else { return false };
        let mut args = vec![("code", named(other.code)), ("other", named(one.code))];
        if let Some(instead) = &row.instead {
            let (name, role) = instead
                .split_once('/')
                .map_or((instead.as_ref(), None), |(set, role)| (set, Some(role)));
            let instead = self
                .chart
                .sets
                .iter()
                .find(|set| set.family == stand.family && set.name == name);
            let code = instead.and_then(|set| {
                set.codes.iter().copied().find(|code| {
                    self.chart
                        .stands(*code, self.view)
                        .any(|at| role.is_none_or(|role| at.role == role) && at.meets(stand))
                })
            });
            args.extend(code.map(|code| ("successors", named(code))));
        }
        let rule = if row.is_mutual() { EXCLUSIVE } else { COMPONENT };
        self.against(desk, rule, (one.code, other.code), args, &row.row)
    }

    /// Writes down that a code does not stand beside another, unless the case supports both.
    fn against(
        &self,
        desk: &mut Desk<'_>,
        rule: &'static str,
        (one, other): (Code, Code),
        args: Vec<(&'static str, Name)>,
        row: &Row,
    ) -> bool {
        // A case that supports both tells of two sites or meetings.
        if self.is_supported(one) && self.is_supported(other) {
            return true;
        }
        let verdict = if self.set_apart(one) || self.set_apart(other) {
            Verdict::Warn
        } else {
            Verdict::Fail
        };
        let beside = self.lines(one).pop();
        for at in self.lines(other).into_iter().rev() {
            let mut lines = vec![at];
            lines.extend(beside);
            let found = Found {
                args: args.clone(),
                rows: vec![row],
                ..Found::default()
            };
            desk.find(rule, verdict, &lines, found);
        }
        true
    }

    /// First-level codes of two regions.
    fn two_primaries(
        &self,
        desk: &mut Desk<'_>,
        (one, stand): (&Tally<'f>, &Stand),
        (other, place): (&Tally<'f>, &Stand),
    ) -> bool {
        // One of the two directions is enough.
        let first = |stand: &Stand| stand.nth_from == 1 && !stand.is_unlisted();
        let parted = stand.set == place.set && !stand.meets(place) && first(stand) && first(place);
        let further = self.chart.set(stand).is_some_and(|set| set.has_further);
        if !parted || !further || other.code < one.code {
            return false;
        }
        let Some(family) = self.chart.family(stand) else {
            return false;
        };
        let row = family.joined.iter().find(|join| {
            join.regions.is_none()
                && join.row.seen(self.view)
                && held(self.facts, self.day.profile, self.view, join.position.as_ref())
        });
        let Some(row) = row else { return false };
        let args = vec![("code", named(other.code)), ("other", named(one.code))];
        self.against(desk, ONE_PRIMARY, (one.code, other.code), args, &row.row)
    }

    /// A code of a family that another takes in.
    fn taken_in(
        &self,
        desk: &mut Desk<'_>,
        (one, stand): (&Tally<'f>, &Stand),
        (other, place): (&Tally<'f>, &Stand),
    ) -> bool {
        let Some(family) = self.chart.family(stand) else {
            return false;
        };
        let bundle = family
            .takes_in
            .iter()
            .filter(|(id, _)| *id == place.family)
            .filter_map(|(_, at)| self.facts.bundles.get(*at))
            // Where it is taken in at one place alone, the claim does not say at which; its case does.
            .find(|row| row.scope == BundleScope::Session && row.row.seen(self.view));
        let Some(bundle) = bundle else { return false };
        // A code that several families share may be another's.
        let of_one = |code, id| {
            self.chart
                .stands(code, self.view)
                .all(|stand| stand.family == id && !stand.is_unlisted())
        };
        if !of_one(one.code, stand.family) || !of_one(other.code, place.family) {
            return false;
        }
        let args = vec![("code", named(other.code)), ("other", named(one.code))];
        self.against(desk, COMPONENT, (one.code, other.code), args, &bundle.row)
    }
}
