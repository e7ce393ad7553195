//! The claim against what was documented. The case is coded by the same rules that answer `code`; what is billed and what it
//! supports are compared by code and side, whatever the writing.

use crate::answer::{CodedCase, Line, NotReported, Question, Status};
use crate::case::Case;
use crate::code::{Code, Modifier};
use crate::date::View;
use crate::edit::chart::{Chart, Stand};
use crate::edit::desk::{At, Desk, Found};
use crate::edit::read::{Claim, ClaimLine};
use crate::edit::report::Verdict;
use crate::edit::sides::Sides;
use crate::facts::{ChoiceRow, Facts, Laterality, Profile, Relation, Row};
use crate::modifiers::Meaning;
use crate::name::Name;
use crate::render::{self, Request};
use crate::trace::TraceLevel;

/// More units, levels or sides than documented.
const OVER: &str = "DOC-001";
/// Fewer units, levels or sides than documented.
const UNDER: &str = "DOC-002";
/// A documented service without a line.
const MISSED: &str = "DOC-003";
/// Another code reports what was documented.
const OTHER_CODE: &str = "DOC-004";
/// The other side was documented.
const OTHER_SIDE: &str = "DOC-005";
/// Guidance that the documented work includes.
const GUIDANCE: &str = "DOC-006";
/// A part of other documented work.
const COMPONENT: &str = "DOC-007";
/// Nothing documented supports it, or the code set keeps it off.
const UNSUPPORTED: &str = "DOC-008";
/// A modifier that asserts what was not documented.
const ASSERTED: &str = "DOC-009";
/// A modifier that what was documented asks for.
const UNMARKED: &str = "DOC-010";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[
    OVER,
    UNDER,
    MISSED,
    OTHER_CODE,
    OTHER_SIDE,
    GUIDANCE,
    COMPONENT,
    UNSUPPORTED,
    ASSERTED,
    UNMARKED,
];

/// Aspects in which a code differs from the one supported, where it is no fact of the case.
const REGION: &str = "region";
const LEVEL: &str = "level";
const ERA: &str = "era";
const PROCEDURE: &str = "procedure";
const GUIDANCE_FACT: &str = "guidance";
const TECHNIQUE: &str = "technique";
/// Nothing of it is in the case.
const NOT_DOCUMENTED: &str = "not_documented";

/// Judges one claim.
pub(super) fn judge(at: usize, desk: &mut Desk<'_>) {
    let claims = desk.claims;
    let Some(claim) = claims.get(at) else { return };
    let (Some(case), Some((profile, unmapped))) = (&claim.case, desk.profiles.get(at).copied()) else {
        return;
    };
    let coded = render::code_case(Request {
        facts: desk.facts,
        tables: desk.tables,
        release: None,
        case,
        profile,
        unmapped,
        as_of: desk.as_of,
        engine: "",
        trace: TraceLevel::None,
    });
    if coded.status == Status::NeedsFacts {
        let asked = coded.questions.into_iter().map(|question| Question {
            path: format!("case.{}", question.path),
            ..question
        });
        desk.ask(at, asked.collect());
        return;
    }
    let view = desk.view(case.date);
    let billed = Billed::all(desk, at, claim, case, profile, view);
    if billed.is_empty() {
        return;
    }
    let supported = Supported::all(&coded, profile, &billed);
    Comparison {
        facts: desk.facts,
        chart: &desk.facts.chart,
        case,
        coded: &coded,
        view,
        billed: &billed,
        supported: &supported,
    }
    .tell(desk, at, claim);
}

/// A code of the claim on the day of the case.
struct Billed<'c> {
    code: Code,
    lines: Vec<(At, &'c ClaimLine)>,
    sides: Sides,
    units: u32,
    /// It did not live on the date: another layer speaks of it.
    dead: bool,
}

impl<'c> Billed<'c> {
    fn all(desk: &Desk<'_>, at: usize, claim: &'c Claim, case: &Case, profile: &Profile, view: View) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (line_at, line) in claim.lines.iter().enumerate() {
            let Some(code) = line.code.filter(|_| line.left_out.is_none() && line.date == case.date) else {
                continue;
            };
            let at = At {
                claim: at,
                line: line_at,
            };
            let row = desk.facts.code(code, view);
            let sides = Sides::of(line, &profile.modifiers);
            let units = line.units.whole().unwrap_or_default();
            match all.iter_mut().find(|one| one.code == code) {
                Some(one) => {
                    one.lines.push((at, line));
                    one.sides = one.sides.plus(sides);
                    one.units = one.units.saturating_add(units);
                }
                None => all.push(Self {
                    code,
                    lines: vec![(at, line)],
                    sides,
                    units,
                    dead: row.is_none(),
                }),
            }
        }
        all
    }

    fn ats(&self) -> Vec<At> {
        self.lines.iter().rev().map(|(at, _)| *at).collect()
    }

    fn modifiers(&self) -> impl Iterator<Item = (At, Modifier)> {
        self.lines
            .iter()
            .flat_map(|(at, line)| line.modifiers.iter().map(|modifier| (*at, *modifier)))
    }
}

/// A code that the case supports.
struct Supported<'l> {
    code: Code,
    lines: Vec<&'l Line>,
    sides: Sides,
    units: u32,
    /// The part of it that a payer's tables keep off, and that need not be billed.
    withheld: u32,
}

impl<'l> Supported<'l> {
    /// What is billed, with what a payer's tables keep off: that was documented too.
    fn all(coded: &'l CodedCase, profile: &Profile, billed: &[Billed<'_>]) -> Vec<Self> {
        let kept: Vec<&Line> = coded.withheld.iter().map(|kept| &kept.line).collect();
        let lines: Vec<&Line> = coded.billed.iter().chain(kept.iter().copied()).collect();
        let performers = performers(&lines, billed);
        let mut all: Vec<Self> = Vec::new();
        for line in lines
            .into_iter()
            .filter(|line| performers.contains(&line.performed_by.as_ref()))
        {
            let sides = Sides::written(&line.modifiers, line.units, &profile.modifiers);
            let withheld = if kept.iter().any(|kept| std::ptr::eq(*kept, line)) {
                sides.units()
            } else {
                0
            };
            match all.iter_mut().find(|one| one.code == line.code) {
                Some(one) => {
                    one.lines.push(line);
                    one.sides = one.sides.plus(sides);
                    one.units = one.units.saturating_add(line.units);
                    one.withheld = one.withheld.saturating_add(withheld);
                }
                None => all.push(Self {
                    code: line.code,
                    lines: vec![line],
                    sides,
                    units: line.units,
                    withheld,
                }),
            }
        }
        all
    }
}

/// Whose work the claim reports: of several performers those whose codes it holds, the one with most of them first.
fn performers<'l>(lines: &[&'l Line], billed: &[Billed<'_>]) -> Vec<Option<&'l Name>> {
    let mut left: Vec<Option<&Name>> = lines.iter().map(|line| line.performed_by.as_ref()).collect();
    left.sort_unstable();
    left.dedup();
    if left.len() < 2 {
        return left;
    }
    let of = |performer: Option<&Name>, code: Code| {
        lines
            .iter()
            .any(|line| line.code == code && line.performed_by.as_ref() == performer)
    };
    let mut chosen: Vec<Option<&Name>> = Vec::new();
    loop {
        let gain = |performer: &Option<&Name>| {
            billed
                .iter()
                .filter(|one| of(*performer, one.code) && !chosen.iter().any(|known| of(*known, one.code)))
                .count()
        };
        // Of equals the first by name, so that the answer does not hang on the order of writing.
        let best = left.iter().copied().rev().max_by_key(gain);
        match best.filter(|best| gain(best) > 0) {
            Some(best) => {
                chosen.push(best);
                left.retain(|one| *one != best);
            }
            None if chosen.is_empty() => return left,
            None => return chosen,
        }
    }
}

struct Comparison<'x> {
    facts: &'x Facts,
    chart: &'x Chart,
    case: &'x Case,
    coded: &'x CodedCase,
    view: View,
    billed: &'x [Billed<'x>],
    supported: &'x [Supported<'x>],
}

fn named(code: Code) -> Name {
    Name::Owned(code.to_string())
}

fn number(number: u32) -> Name {
    Name::Owned(number.to_string())
}

impl<'x> Comparison<'x> {
    fn tell(&self, desk: &mut Desk<'_>, at: usize, claim: &Claim) {
        let mut explained: Vec<Code> = Vec::new();
        for one in self.billed.iter().filter(|one| !one.dead) {
            match self.supported.iter().find(|known| known.code == one.code) {
                Some(known) => {
                    let within = self.amount(desk, one, known);
                    desk.supports(at, one.code, within);
                    self.marks(desk, one, known);
                }
                None if self.is_ours(one.code) => explained.extend(self.unsupported(desk, one)),
                None => {}
            }
        }
        // A code that is dead stands for one that lives: its own layer says which.
        if self.billed.iter().any(|one| one.dead) {
            return;
        }
        let first = claim
            .lines
            .iter()
            .position(|line| line.left_out.is_none() && line.date == self.case.date);
        let Some(first) = first.map(|line| At { claim: at, line }) else {
            return;
        };
        let due = |known: &&Supported<'_>| !explained.contains(&known.code) && known.sides.units() > known.withheld;
        for known in self.missing().filter(due) {
            let rows = self.rows_of(known.code);
            self.find(
                desk,
                (MISSED, Verdict::Warn),
                &[self.kin(known.code).unwrap_or(first)],
                vec![("code", named(known.code)), ("units", number(known.units))],
                rows,
            );
        }
    }

    fn find(
        &self,
        desk: &mut Desk<'_>,
        (rule, verdict): (&'static str, Verdict),
        lines: &[At],
        mut args: Vec<(&'static str, Name)>,
        rows: Vec<&'x Row>,
    ) {
        // Where sources disagree over the case, another reading of it may support the line.
        let disputed = [OVER, UNDER, MISSED, OTHER_CODE].contains(&rule);
        let conflict = self
            .coded
            .notices
            .iter()
            .find(|notice| disputed && notice.reason == "conflict");
        let conflict = conflict.and_then(|notice| notice.subject.clone());
        let verdict = if conflict.is_some() { Verdict::Warn } else { verdict };
        args.extend(conflict.map(|conflict| ("conflict", Name::Owned(conflict))));
        let found = Found {
            args,
            rows,
            ..Found::default()
        };
        desk.find(rule, verdict, lines, found);
    }

    /// A code that the families' tables know; drugs and other specialties' work are not judged by the case.
    fn is_ours(&self, code: Code) -> bool {
        !self.chart.ever(code).is_empty() || self.chart.is_guidance(code)
    }

    fn rows_of(&self, code: Code) -> Vec<&'x Row> {
        self.chart
            .stands(code, self.view)
            .map(|stand| &stand.row)
            .take(1)
            .collect()
    }

    fn missing(&self) -> impl Iterator<Item = &'x Supported<'x>> {
        let (supported, billed) = (self.supported, self.billed);
        supported
            .iter()
            .filter(move |known| !billed.iter().any(|one| one.code == known.code))
    }

    /// A line of the family of a code.
    fn kin(&self, code: Code) -> Option<At> {
        let families: Vec<usize> = self.chart.stands(code, self.view).map(|stand| stand.family).collect();
        let near = |one: &&Billed<'_>| {
            self.chart
                .stands(one.code, self.view)
                .any(|stand| families.contains(&stand.family))
        };
        self.billed
            .iter()
            .find(near)
            .and_then(|one| one.lines.first())
            .map(|(at, _)| *at)
    }

    /// Units and sides of a code that is supported.
    fn amount(&self, desk: &mut Desk<'_>, one: &Billed<'_>, known: &Supported<'_>) -> bool {
        let one_sided = self
            .facts
            .code(one.code, self.view)
            .is_some_and(|row| row.laterality == Laterality::Unilateral);
        let (over, under, other_side) = if one_sided {
            against(one.sides, known.sides)
        } else {
            (
                one.units.saturating_sub(known.units),
                known.units.saturating_sub(one.units),
                false,
            )
        };
        let (units, supported) = if one_sided {
            (one.sides.units(), known.sides.units())
        } else {
            (one.units, known.units)
        };
        let mut args = vec![
            ("code", named(one.code)),
            ("units", number(units)),
            ("supported", number(supported)),
        ];
        if over > 0 && !one_sided {
            args.push(("limit", number(supported)));
        }
        let rule = if other_side {
            (OTHER_SIDE, Verdict::Fail)
        } else if over > 0 {
            (OVER, Verdict::Fail)
        } else if under > known.withheld {
            (UNDER, Verdict::Warn)
        } else {
            return true;
        };
        let within = rule.0 == UNDER;
        self.find(desk, rule, &one.ats(), args, self.rows_of(one.code));
        within
    }

    /// Modifiers of a code that is supported: those that say what was done.
    fn marks(&self, desk: &mut Desk<'_>, one: &Billed<'_>, known: &Supported<'_>) {
        let stated = [Meaning::Reduced, Meaning::Discontinued];
        let asked = [
            Meaning::Reduced,
            Meaning::Discontinued,
            Meaning::SeparateVisit,
            Meaning::ProfessionalPart,
        ];
        let supports = |modifier: Modifier| known.lines.iter().any(|line| line.modifiers.contains(&modifier));
        for (at, modifier) in one.modifiers() {
            let Some(row) = self.facts.modifier(modifier, self.view) else {
                continue;
            };
            if stated.contains(&row.means) && !supports(modifier) {
                let args = vec![
                    ("code", named(one.code)),
                    ("modifier", Name::Owned(modifier.to_string())),
                ];
                self.find(desk, (ASSERTED, Verdict::Fail), &[at], args, vec![&row.row]);
            }
        }
        let all: Vec<Modifier> = one.modifiers().map(|(_, modifier)| modifier).collect();
        let wanted = known.lines.iter().flat_map(|line| line.modifiers.iter().copied());
        for modifier in wanted {
            let Some(row) = self.facts.modifier(modifier, self.view) else {
                continue;
            };
            if asked.contains(&row.means) && self.facts.meaning(&all, row.means, self.view).is_none() {
                let args = vec![
                    ("code", named(one.code)),
                    ("modifier", Name::Owned(modifier.to_string())),
                ];
                self.find(desk, (UNMARKED, Verdict::Warn), &one.ats(), args, vec![&row.row]);
                return;
            }
        }
    }

    /// A code that the case does not support: why, and which code it may stand for. Gives the missing codes it explains.
    fn unsupported(&self, desk: &mut Desk<'_>, one: &Billed<'_>) -> Option<Code> {
        self.asserted(desk, one);
        if let Some(kept) = self.coded.not_reported.iter().find(|kept| kept.code == one.code) {
            self.kept_off(desk, one, kept);
            return None;
        }
        if self.chart.is_guidance(one.code) {
            let by = self.includes_guidance(one.code);
            let other = by.map(|(code, _)| ("other", named(code)));
            let mut args = vec![("code", named(one.code))];
            args.extend(other);
            let rows = by.map(|(_, row)| row).into_iter().collect();
            if by.is_none() {
                args.push(("reason", Name::Borrowed(NOT_DOCUMENTED)));
            }
            let rule = if by.is_some() { GUIDANCE } else { UNSUPPORTED };
            self.find(desk, (rule, Verdict::Fail), &one.ats(), args, rows);
            return None;
        }
        let families: Vec<&Name> = self
            .case
            .procedures
            .iter()
            .filter_map(|procedure| procedure.family.as_ref())
            .collect();
        let in_case = |stand: &&Stand| {
            self.chart
                .family(stand)
                .is_some_and(|family| families.contains(&&family.name))
        };
        let mut stands = self.chart.stands(one.code, self.view).filter(in_case);
        if let Some(stand) = stands.next() {
            return self.of_the_family(desk, one, stand);
        }
        if let Some(stand) = self.chart.ever(one.code).iter().find(in_case) {
            let missing = self.missing_of(stand);
            if let Some((known, _)) = missing.first() {
                self.another(desk, one, known.code, Name::Borrowed(ERA), Some(stand));
                return Some(known.code);
            }
        }
        if self.coded.status == Status::OutOfScope {
            return None;
        }
        let other = self.missing().find(|known| !self.chart.is_guidance(known.code));
        if let Some(known) = other {
            self.another(desk, one, known.code, Name::Borrowed(PROCEDURE), None);
            return Some(known.code);
        }
        let args = vec![("code", named(one.code)), ("reason", Name::Borrowed(NOT_DOCUMENTED))];
        self.find(
            desk,
            (UNSUPPORTED, Verdict::Fail),
            &one.ats(),
            args,
            self.rows_of(one.code),
        );
        None
    }

    /// Modifiers by which an unsupported line claims to be distinct or separate.
    fn asserted(&self, desk: &mut Desk<'_>, one: &Billed<'_>) {
        let claims = [Meaning::Distinct, Meaning::SeparateVisit];
        for (at, modifier) in one.modifiers() {
            let row = self.facts.modifier(modifier, self.view);
            if let Some(row) = row.filter(|row| claims.contains(&row.means)) {
                let args = vec![
                    ("code", named(one.code)),
                    ("modifier", Name::Owned(modifier.to_string())),
                ];
                self.find(desk, (ASSERTED, Verdict::Fail), &[at], args, vec![&row.row]);
            }
        }
    }

    /// A service that the coded case tells no line for.
    fn kept_off(&self, desk: &mut Desk<'_>, one: &Billed<'_>, kept: &NotReported) {
        let of_procedure = |id: &Name| {
            let lines = self.supported.iter().flat_map(|known| &known.lines);
            lines
                .into_iter()
                .find(|line| line.procedures.contains(id))
                .map(|line| line.code)
        };
        let by = kept.args.get("procedure").and_then(of_procedure);
        let by = by.or_else(|| kept.procedures.iter().find_map(of_procedure));
        let mut args = vec![
            ("code", named(one.code)),
            ("reason", kept.reason.clone()),
            ("decided_by", kept.rule.clone()),
        ];
        args.extend(by.map(|code| ("other", named(code))));
        let rule = match kept.reason.as_ref() {
            "guidance_included" => GUIDANCE,
            "included_in_procedure" if self.chart.is_guidance(one.code) => GUIDANCE,
            "included_in_procedure" => COMPONENT,
            _ => UNSUPPORTED,
        };
        let rows = self.facts.rule(&kept.rule, self.view).map(|rule| &rule.row);
        self.find(
            desk,
            (rule, Verdict::Fail),
            &one.ats(),
            args,
            rows.into_iter().collect(),
        );
    }

    /// A supported code whose set includes a guidance code.
    fn includes_guidance(&self, guidance: Code) -> Option<(Code, &'x Row)> {
        self.supported.iter().find_map(|known| {
            self.chart.stands(known.code, self.view).find_map(|stand| {
                let set = self.chart.set(stand)?;
                let guide = set.guides.iter().find(|guide| {
                    guide.code == guidance && guide.adds.is_none() && guide.exact && guide.seen(self.view)
                })?;
                Some((known.code, &guide.row))
            })
        })
    }

    /// Missing codes of a family, with their places.
    fn missing_of(&self, stand: &Stand) -> Vec<(&'x Supported<'x>, &'x Stand)> {
        let (chart, view) = (self.chart, self.view);
        let of_family = move |known: &'x Supported<'x>| {
            let place = chart
                .stands(known.code, view)
                .find(|place| place.family == stand.family)?;
            Some((known, place))
        };
        let mut all: Vec<_> = self.missing().filter_map(of_family).collect();
        // The nearest first: one set before another, one region before another, one level before another.
        all.sort_by_key(|(known, place)| {
            (
                place.set != stand.set,
                !place.meets(stand),
                place.nth_from != stand.nth_from,
                known.code,
            )
        });
        all
    }

    /// An unsupported code of a family that the case has.
    fn of_the_family(&self, desk: &mut Desk<'_>, one: &Billed<'_>, stand: &'x Stand) -> Option<Code> {
        let claimed: Vec<(Code, &Stand)> = self
            .supported
            .iter()
            .filter(|known| self.billed.iter().any(|one| one.code == known.code))
            .flat_map(|known| {
                self.chart
                    .stands(known.code, self.view)
                    .map(|place| (known.code, place))
            })
            .filter(|(_, place)| place.family == stand.family)
            .collect();
        // A further level of what is supported and claimed.
        if stand.nth_from > 1
            && claimed
                .iter()
                .any(|(_, place)| place.set == stand.set && place.meets(stand))
        {
            let args = vec![
                ("code", named(one.code)),
                ("units", number(one.units)),
                ("supported", number(0)),
            ];
            self.find(desk, (OVER, Verdict::Fail), &one.ats(), args, vec![&stand.row]);
            return None;
        }
        if let Some((known, place)) = self.missing_of(stand).first() {
            self.another(desk, one, known.code, self.aspects(stand, place), Some(stand));
            return Some(known.code);
        }
        let related = claimed.iter().find_map(|(code, place)| {
            let (family, set, other) = (
                self.chart.family(place)?,
                self.chart.set(place)?,
                self.chart.set(stand)?,
            );
            let row = family.relations.iter().find(|row| {
                row.relation != Relation::Guidance
                    && (row.holds(place, set, stand, other, self.view)
                        || (row.is_mutual() && row.holds(stand, other, place, set, self.view)))
            })?;
            Some((*code, &row.row))
        });
        if let Some((code, row)) = related {
            let args = vec![("code", named(one.code)), ("other", named(code))];
            self.find(desk, (COMPONENT, Verdict::Fail), &one.ats(), args, vec![row]);
            return None;
        }
        if let Some((code, _)) = claimed
            .iter()
            .find(|(_, place)| place.set == stand.set && !place.meets(stand))
        {
            self.another(desk, one, *code, Name::Borrowed(REGION), Some(stand));
            return None;
        }
        let args = vec![("code", named(one.code)), ("reason", Name::Borrowed(NOT_DOCUMENTED))];
        self.find(desk, (UNSUPPORTED, Verdict::Fail), &one.ats(), args, vec![&stand.row]);
        None
    }

    /// Another code is supported: of the same family as the place `of`, or of another procedure.
    fn another(&self, desk: &mut Desk<'_>, one: &Billed<'_>, other: Code, aspect: Name, of: Option<&'x Stand>) {
        let first = |code: Code| self.chart.stands(code, self.view).next();
        let family = |stand: &Stand| self.chart.family(stand).map(|family| family.name.clone());
        let mut args = vec![
            ("code", named(one.code)),
            ("successors", named(other)),
            ("aspect", aspect),
        ];
        let families = [of.or_else(|| first(one.code)), of.or_else(|| first(other))];
        for (key, stand) in ["family", "other_family"].into_iter().zip(families) {
            args.extend(stand.and_then(family).map(|family| (key, family)));
        }
        let rows = of.map_or_else(|| self.rows_of(other), |stand| vec![&stand.row]);
        self.find(desk, (OTHER_CODE, Verdict::Fail), &one.ats(), args, rows);
    }

    /// In what a place differs from the one that is supported: facts of the case, region, level.
    fn aspects(&self, stand: &Stand, supported: &Stand) -> Name {
        let mut words: Vec<&str> = Vec::new();
        if !stand.meets(supported) {
            words.push(REGION);
        }
        if stand.set == supported.set {
            if words.is_empty() {
                words.push(LEVEL);
            }
            return Name::Owned(words.join(" "));
        }
        let names = self.chart.set(stand).zip(self.chart.set(supported));
        let family = self
            .chart
            .family(stand)
            .and_then(|family| self.facts.families.get(&family.name));
        if let Some(((one, other), family)) = names.zip(family) {
            let leads = |set: &Name| {
                let set = set.clone();
                family
                    .choices
                    .iter()
                    .filter(move |row| row.row.seen(self.view) && row.sets.iter().any(|lead| lead.name == set))
            };
            let nearest = leads(&one.name)
                .flat_map(|row| leads(&other.name).map(move |other| apart(row, other)))
                .min_by_key(Vec::len);
            match nearest {
                Some(facts) => words.extend(facts.into_iter().map(|fact: &Name| fact.as_ref())),
                None if family.choices.is_empty() => {
                    let by_guidance = family
                        .guidance
                        .iter()
                        .any(|row| row.variant == one.name && row.row.seen(self.view));
                    words.push(if by_guidance { GUIDANCE_FACT } else { TECHNIQUE });
                }
                None => words.push(ERA),
            }
        }
        Name::Owned(words.join(" "))
    }
}

/// Facts that two choices ask differently.
fn apart<'r>(one: &'r ChoiceRow, other: &'r ChoiceRow) -> Vec<&'r Name> {
    let differs = |row: &'r ChoiceRow, against: &'r ChoiceRow| {
        row.when.iter().filter_map(move |condition| {
            let same = against
                .when
                .iter()
                .any(|other| other.fact == condition.fact && other.test == condition.test);
            (!same).then_some(&condition.fact)
        })
    };
    let mut facts: Vec<&Name> = differs(one, other).chain(differs(other, one)).collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// Billed sides against supported ones: units too many, units too few, and whether it is only the other side.
fn against(billed: Sides, known: Sides) -> (u32, u32, bool) {
    let left = billed.left.min(known.left);
    let right = billed.right.min(known.right);
    let (mut more_left, mut more_right) = (billed.left - left, billed.right - right);
    let (rest_left, rest_right) = (known.left - left, known.right - right);
    let mut open = known.unsided;
    for more in [&mut more_left, &mut more_right] {
        let filled = open.min(*more);
        *more -= filled;
        open -= filled;
    }
    // A unit on a side not told may be any that is still open.
    let rest = rest_left + rest_right + open;
    let loose = billed.unsided.min(rest);
    let (over, under) = (more_left + more_right + billed.unsided - loose, rest - loose);
    let other_side = billed.unsided == 0
        && over > 0
        && over == under
        && ((more_left > 0 && more_left == rest_right) || (more_right > 0 && more_right == rest_left));
    (over, under, other_side)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(left: u32, right: u32, unsided: u32) -> Sides {
        Sides { left, right, unsided }
    }

    #[test]
    fn a_side_not_told_fits_any() {
        assert_eq!(against(sides(0, 0, 1), sides(1, 0, 0)), (0, 0, false));
        assert_eq!(against(sides(0, 0, 2), sides(1, 1, 0)), (0, 0, false));
        assert_eq!(against(sides(0, 0, 1), sides(1, 1, 0)), (0, 1, false));
        assert_eq!(against(sides(0, 0, 3), sides(0, 1, 0)), (2, 0, false));
    }

    #[test]
    fn the_other_side_is_told_as_such() {
        assert_eq!(against(sides(1, 0, 0), sides(0, 1, 0)), (1, 1, true));
        assert_eq!(against(sides(1, 1, 0), sides(0, 1, 0)), (1, 0, false));
    }
}
