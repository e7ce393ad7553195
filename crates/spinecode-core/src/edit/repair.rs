//! The smallest sets of changes after which a claim passes.
//!
//! Nothing here knows a rule: candidates are tried on the claim, the layers judge the result, and what they let pass is a repair.
//! So whatever is proposed passes, by construction. A change that asserts something (a distinct service, a side, a service
//! done) says what must be documented for it; none invents it.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Question;
use crate::code::{Code, Modifier};
use crate::context::outcome_modifier;
use crate::date::View;
use crate::edit::read::{Claim, ClaimLine, Units};
use crate::edit::report::{Change, Finding, Layer, LineRef, Repair, Verdict};
use crate::edit::{Request, judge};
use crate::facts::{Facts, Laterality, Profile};
use crate::lookup::{self, Succession};
use crate::name::Name;
use crate::render::{self, code_case};
use crate::trace::TraceLevel;

/// Most repairs proposed.
const MOST_REPAIRS: usize = 5;
/// Repairs looked for, of which the best are proposed.
const ENOUGH_REPAIRS: usize = 12;
/// Most changes in one repair: beyond these a claim is better written anew.
const MOST_CHANGES: usize = 8;
/// Most changed claims judged for one claim.
const MOST_TRIALS: usize = 400;
/// Most questions asked.
const MOST_QUESTIONS: usize = 3;

/// Outcome whose modifier marks a visit apart from the procedure of the day.
const SEPARATE_VISIT: &str = "separate_visit";

/// What a change can say that the claim did not, and the question that decides it.
const ASSERTED: [(&str, &str); 7] = [
    (
        "distinct_service",
        "Was it done at another site, on another side, or at another encounter than the service it is kept from?",
    ),
    (
        "separate_visit",
        "Was the visit significant and separate from the procedure of the day?",
    ),
    ("left_side", "Was it done on the left side?"),
    ("right_side", "Was it done on the right side?"),
    ("both_sides", "Was it done on both sides?"),
    (
        "professional_part",
        "Did the clinician only read or supervise, with the equipment another's?",
    ),
    (
        "service_done",
        "Was the service of the added or replaced code done, and is it documented?",
    ),
];

/// Words of changes after which the claim says what it said.
const SAME: [&str; 2] = ["written_otherwise", "as_documented"];

/// What to change, with what it says.
struct Candidate {
    changes: Vec<Change>,
    claim: Claim,
    meaning: Vec<Name>,
    asserts: Vec<Name>,
}

/// A claim on its way to passing.
struct State {
    claim: Claim,
    changes: Vec<Change>,
    meaning: BTreeSet<Name>,
    asserts: BTreeSet<Name>,
    settles: BTreeSet<Name>,
    /// The finding that the last change was made against: where it stays, the change leads nowhere.
    against: Option<Finding>,
}

/// What came of the search.
#[derive(Default)]
pub(super) struct Repairs {
    pub(super) repairs: Vec<Repair>,
    pub(super) questions: Vec<Question>,
}

/// Findings that a repair must settle: coverage is outside, no change of codes answers it.
fn failing(finding: &&Finding) -> bool {
    finding.verdict == Verdict::Fail && finding.layer != Layer::Coverage
}

/// Looks for repairs of the claim at a position among claims that are judged together.
pub(super) fn repairs(request: Request<'_>, claims: &[Claim], home: usize, findings: &[Finding]) -> Repairs {
    let (Some(claim), true) = (claims.get(home), findings.iter().any(|one| failing(&one))) else {
        return Repairs::default();
    };
    let bench = Bench { request, claims, home };
    let others = bench.try_with(claim).map_or(0, |tried| tried.others);
    let mut queue = vec![State {
        claim: claim.clone(),
        changes: Vec::new(),
        meaning: BTreeSet::new(),
        asserts: BTreeSet::new(),
        settles: BTreeSet::new(),
        against: None,
    }];
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut found: Vec<(usize, State)> = Vec::new();
    let mut trials = 0;
    // Smallest first, then what asserts least, then in the order in which it was thought of.
    while let Some(at) = (0..queue.len()).min_by_key(|at| {
        queue.get(*at).map_or((usize::MAX, usize::MAX), |state| {
            (state.changes.len(), state.asserts.len())
        })
    }) {
        let state = queue.remove(at);
        if trials >= MOST_TRIALS || found.len() >= ENOUGH_REPAIRS {
            break;
        }
        if !seen.insert(written(&state.claim)) {
            continue;
        }
        trials += 1;
        let Some(tried) = bench.try_with(&state.claim) else {
            break;
        };
        let stays = |known: &Finding| {
            let same = |one: &Finding| one.rule == known.rule && one.lines == known.lines;
            tried.findings.iter().filter(failing).any(same)
        };
        if state.against.as_ref().is_some_and(stays) {
            continue;
        }
        let Some(first) = tried.findings.iter().find(failing) else {
            // What a smaller one does as well without asserting more is no repair of its own.
            let bigger = |(warnings, known): &(usize, State)| {
                *warnings <= tried.warnings
                    && known.changes.iter().all(|change| state.changes.contains(change))
                    && known.asserts.is_subset(&state.asserts)
            };
            if tried.others <= others && !state.changes.is_empty() && !found.iter().any(bigger) {
                found.push((tried.warnings, state));
            }
            continue;
        };
        for candidate in bench.candidates(&state.claim, first) {
            let again = candidate
                .changes
                .iter()
                .any(|change| state.changes.iter().any(|known| meets(known, change)));
            if again || state.changes.len() + candidate.changes.len() > MOST_CHANGES {
                continue;
            }
            queue.push(state.with(candidate, first));
        }
    }
    // First what asserts nothing, of it first what says the same in other writing; then the smallest.
    found.sort_by_cached_key(|(warnings, state)| {
        let says_less = state.meaning.iter().any(|word| !SAME.contains(&word.as_ref()));
        let size = state.changes.len();
        (state.asserts.len(), says_less, size, *warnings, state.changes.clone())
    });
    found.truncate(MOST_REPAIRS);
    let repairs: Vec<Repair> = found.into_iter().map(|(_, state)| state.repair()).collect();
    let questions = questions(request.facts, &repairs);
    Repairs { repairs, questions }
}

impl State {
    fn with(&self, candidate: Candidate, settled: &Finding) -> Self {
        let mut next = Self {
            claim: candidate.claim,
            changes: self.changes.clone(),
            meaning: self.meaning.clone(),
            asserts: self.asserts.clone(),
            settles: self.settles.clone(),
            against: Some(settled.clone()),
        };
        next.changes.extend(candidate.changes);
        next.meaning.extend(candidate.meaning);
        next.asserts.extend(candidate.asserts);
        next.settles.insert(settled.rule.clone());
        next
    }

    fn repair(self) -> Repair {
        Repair {
            changes: self.changes,
            meaning: self.meaning.into_iter().collect(),
            if_documented: self.asserts.into_iter().collect(),
            settles: self.settles.into_iter().collect(),
        }
    }
}

/// Whether two changes touch the same: no part of a line is changed twice in one repair, and no changed line is dropped.
fn meets(known: &Change, change: &Change) -> bool {
    let ((line, what, modifier), (other, of_it, of_other)) = (part(known), part(change));
    let same = what == of_it && modifier == of_other;
    line == other && (same || what == "line" || of_it == "line")
}

/// What a change touches: the line, what of it, which modifier.
fn part(change: &Change) -> (&str, &'static str, Option<Modifier>) {
    match change {
        Change::DropLine { line } => (&line.line, "line", None),
        Change::AddModifier { line, modifier }
        | Change::DropModifier { line, modifier }
        | Change::MoveModifier { line, modifier, .. } => (&line.line, "modifier", Some(*modifier)),
        Change::SetUnits { line, .. } => (&line.line, "units", None),
        Change::ReplaceCode { line, .. } => (&line.line, "code", None),
        Change::AddLine { code, .. } => (code.as_str(), "line", None),
    }
}

/// A claim in short, so that none is tried twice.
fn written(claim: &Claim) -> Vec<String> {
    let mut lines: Vec<String> = claim
        .lines
        .iter()
        .map(|line| format!("{} {:?} {:?} {:?}", line.number, line.code, line.modifiers, line.units))
        .collect();
    lines.sort_unstable();
    lines
}

/// What the layers say of a changed claim.
struct Tried {
    findings: Vec<Finding>,
    warnings: usize,
    /// Failing findings of the other claims.
    others: usize,
}

/// Where changed claims are tried.
struct Bench<'a> {
    request: Request<'a>,
    claims: &'a [Claim],
    home: usize,
}

impl Bench<'_> {
    fn try_with(&self, claim: &Claim) -> Option<Tried> {
        let mut claims = self.claims.to_vec();
        claims.get_mut(self.home)?.clone_from(claim);
        let mut reports = judge(self.request, &claims);
        if self.home >= reports.len() {
            return None;
        }
        let own = reports.swap_remove(self.home);
        Some(Tried {
            warnings: own.findings.iter().filter(|one| one.verdict == Verdict::Warn).count(),
            findings: own.findings,
            others: reports
                .iter()
                .flat_map(|report| &report.findings)
                .filter(failing)
                .count(),
        })
    }

    /// Everything worth trying against a finding.
    fn candidates(&self, claim: &Claim, finding: &Finding) -> Vec<Candidate> {
        let places: Vec<usize> = finding
            .lines
            .iter()
            .filter(|line| line.claim_id.is_none())
            .filter_map(|wanted| {
                claim
                    .lines
                    .iter()
                    .position(|line| line.number == wanted.line && super::desk::code_text(line) == wanted.code)
            })
            .collect();
        let mut found = Vec::new();
        let Some(first) = places.first().copied() else {
            return found;
        };
        let Some(line) = claim.lines.get(first) else {
            return found;
        };
        let facts = self.request.facts;
        let profile = facts.profile(self.request.payer.or(claim.payer.as_deref())).0;
        let view = View {
            on: line.date,
            as_of: self.request.as_of,
        };
        self.supported(claim, profile, &mut found);
        sides(claim, first, &places, profile, &mut found);
        units(claim, first, finding, &mut found);
        codes(self.request, claim, first, finding, &mut found);
        modifiers(facts, claim, &places, finding, profile, &mut found);
        let visit = outcome_modifier(facts, view, SEPARATE_VISIT, claim.setting.is_facility());
        let marks = &profile.modifiers;
        let mut add = |modifier: Modifier, asserts: &'static str| {
            let has = claim.lines.get(first).is_some_and(|line| line.has(modifier));
            if !has {
                found.push(changed(claim, first, asserts, Some(asserts), |line, named| {
                    line.modifiers.push(modifier);
                    render::order(&mut line.modifiers, &profile.modifier_order);
                    Change::AddModifier { line: named, modifier }
                }));
            }
        };
        add(marks.distinct, "distinct_service");
        if let Some(visit) = visit {
            add(visit, "separate_visit");
        }
        add(marks.professional, "professional_part");
        // A side would open a pair mechanically; that two services are distinct is said by what says so.
        if finding.layer != Layer::Ptp {
            add(marks.left, "left_side");
            add(marks.right, "right_side");
        }
        add(marks.bilateral, "both_sides");
        if claim.lines.iter().filter(|line| line.left_out.is_none()).count() > 1 {
            let mut next = claim.clone();
            let named = line_ref(line);
            next.lines.remove(first);
            found.push(Candidate {
                changes: vec![Change::DropLine { line: named }],
                claim: next,
                meaning: vec![Name::Borrowed("service_not_billed")],
                asserts: Vec::new(),
            });
        }
        found.retain(|candidate| !candidate.changes.is_empty());
        found
    }

    /// What the documented case supports, line by line: nothing is asserted that is not documented.
    fn supported(&self, claim: &Claim, profile: &Profile, found: &mut Vec<Candidate>) {
        let Some(case) = &claim.case else { return };
        let coded = code_case(render::Request {
            facts: self.request.facts,
            tables: self.request.tables,
            release: self.request.release,
            case,
            profile,
            unmapped: false,
            as_of: self.request.as_of,
            engine: self.request.engine,
            trace: TraceLevel::None,
        });
        if coded.billed.is_empty() {
            return;
        }
        let mut next = claim.clone();
        let mut changes = Vec::new();
        let mut wanted = coded.billed;
        let known = |code: Code| self.request.facts.codes.contains_key(&code);
        // Lines that the case says nothing of (drugs, other specialties) ride along.
        next.lines.retain_mut(|line| {
            let Some(code) = line.code.filter(|code| known(*code) && line.left_out.is_none()) else {
                return true;
            };
            let Some(at) = wanted.iter().position(|want| want.code == code) else {
                changes.push(Change::DropLine { line: line_ref(line) });
                return false;
            };
            let want = wanted.remove(at);
            if line.units.whole() != Some(want.units) {
                changes.push(Change::SetUnits {
                    line: line_ref(line),
                    units: want.units,
                });
                line.units = Units(i64::from(want.units) * Units::ONE);
            }
            for modifier in line.modifiers.clone() {
                if !want.modifiers.contains(&modifier) {
                    changes.push(Change::DropModifier {
                        line: line_ref(line),
                        modifier,
                    });
                }
            }
            for modifier in &want.modifiers {
                if !line.has(*modifier) {
                    changes.push(Change::AddModifier {
                        line: line_ref(line),
                        modifier: *modifier,
                    });
                }
            }
            line.modifiers = want.modifiers;
            true
        });
        let Some(model) = claim.lines.first() else { return };
        for want in wanted {
            next.lines.push(ClaimLine {
                number: Name::Owned(format!("new{}", next.lines.len() + 1)),
                code: Some(want.code),
                written_code: None,
                modifiers: want.modifiers.clone(),
                written_modifiers: Vec::new(),
                units: Units(i64::from(want.units) * Units::ONE),
                charge: None,
                left_out: None,
                ..model.clone()
            });
            changes.push(Change::AddLine {
                code: want.code,
                units: want.units,
                modifiers: want.modifiers,
                date_of_service: model.date,
            });
        }
        found.push(Candidate {
            changes,
            claim: next,
            meaning: vec![Name::Borrowed("as_documented")],
            asserts: Vec::new(),
        });
    }
}

/// A line as changes name it.
fn line_ref(line: &ClaimLine) -> LineRef {
    LineRef {
        claim_id: None,
        line: line.number.clone(),
        code: super::desk::code_text(line),
    }
}

/// One change of one line.
fn changed(
    claim: &Claim,
    at: usize,
    meaning: &'static str,
    asserts: Option<&'static str>,
    change: impl FnOnce(&mut ClaimLine, LineRef) -> Change,
) -> Candidate {
    let mut next = claim.clone();
    let mut changes = Vec::new();
    if let Some(line) = next.lines.get_mut(at) {
        let named = line_ref(line);
        changes.push(change(line, named));
    }
    Candidate {
        changes,
        claim: next,
        meaning: vec![Name::Borrowed(meaning)],
        asserts: asserts.map(Name::Borrowed).into_iter().collect(),
    }
}

/// Takes modifiers off, one at a time: those of the first line, then those of the lines it stands against.
///
/// A side of a one-sided code says what was done: it stays, unless another side stands beside it.
fn modifiers(
    facts: &Facts,
    claim: &Claim,
    places: &[usize],
    finding: &Finding,
    profile: &Profile,
    found: &mut Vec<Candidate>,
) {
    let marks = &profile.modifiers;
    let sides = [marks.bilateral, marks.left, marks.right];
    for at in places {
        let Some(line) = claim.lines.get(*at) else { continue };
        for (place, modifier) in line.modifiers.iter().copied().enumerate() {
            // What a finding names is taken off first.
            let one_sided = line
                .code
                .and_then(|code| facts.codes.get(&code)?.last())
                .is_some_and(|row| row.laterality == Laterality::Unilateral);
            let alone = sides.iter().filter(|side| line.has(**side)).count() == 1;
            if one_sided && alone && sides.contains(&modifier) {
                continue;
            }
            let named = finding.modifier.is_none_or(|wanted| wanted == modifier);
            if !named && *at != places.first().copied().unwrap_or_default() {
                continue;
            }
            found.push(changed(claim, *at, "modifier_taken_off", None, |line, named| {
                line.modifiers.remove(place);
                Change::DropModifier { line: named, modifier }
            }));
        }
    }
}

/// Other units: the limit that the finding names, one, and one less.
fn units(claim: &Claim, at: usize, finding: &Finding, found: &mut Vec<Candidate>) {
    let Some(line) = claim.lines.get(at) else { return };
    let limit = finding.args.get("limit").and_then(|limit| limit.parse::<u32>().ok());
    let now = line.units.whole().unwrap_or_default();
    let mut tried: Vec<u32> = Vec::new();
    for units in [limit, now.checked_sub(1), Some(1)].into_iter().flatten() {
        let fewer = units >= 1 && (now == 0 || units < now);
        if !fewer || tried.contains(&units) {
            continue;
        }
        tried.push(units);
        found.push(changed(claim, at, "fewer_units", None, |line, named| {
            line.units = Units(i64::from(units) * Units::ONE);
            Change::SetUnits { line: named, units }
        }));
    }
}

/// Other codes: what became of a code that did not live, and what the finding names instead.
fn codes(request: Request<'_>, claim: &Claim, at: usize, finding: &Finding, found: &mut Vec<Candidate>) {
    let Some(line) = claim.lines.get(at) else { return };
    let Some(code) = line.code else { return };
    let mut replace = |new: Code, asserts: Vec<Name>| {
        let mut candidate = changed(claim, at, "other_code", None, |line, named| {
            line.code = Some(new);
            Change::ReplaceCode { line: named, code: new }
        });
        candidate.asserts = asserts;
        found.push(candidate);
    };
    for new in named(finding, &["instead", "successors", "suggestion"]) {
        if finding.layer != Layer::CodeLife && new != code {
            replace(new, vec![Name::Borrowed("service_done")]);
        }
    }
    if finding.layer == Layer::CodeLife {
        let card = lookup::lookup(
            lookup::Asked {
                facts: request.facts,
                on: None,
                as_of: request.as_of,
                engine: request.engine,
            },
            code,
        );
        let forward = card
            .replaced_by
            .iter()
            .flat_map(|one| one.after.iter().map(move |to| (one, *to)));
        let back = card
            .replaces
            .iter()
            .flat_map(|one| one.before.iter().map(move |to| (one, *to)));
        let mut ways: BTreeMap<Code, Vec<&Succession>> = BTreeMap::new();
        for (succession, to) in forward.chain(back) {
            if to != code {
                ways.entry(to).or_default().push(succession);
            }
        }
        for (to, successions) in ways {
            replace(to, conditions(&successions));
        }
    }
    for primary in named(finding, &["primary", "missing", "others"]) {
        let mut next = claim.clone();
        next.lines.push(ClaimLine {
            number: Name::Owned(format!("new{}", next.lines.len() + 1)),
            code: Some(primary),
            written_code: None,
            units: Units(Units::ONE),
            charge: None,
            ..line.clone()
        });
        found.push(Candidate {
            changes: vec![Change::AddLine {
                code: primary,
                units: 1,
                modifiers: line.modifiers.clone(),
                date_of_service: line.date,
            }],
            claim: next,
            meaning: vec![Name::Borrowed("service_added")],
            asserts: vec![Name::Borrowed("service_done")],
        });
        if primary != code {
            let mut candidate = changed(claim, at, "other_code", None, |line, named| {
                line.code = Some(primary);
                Change::ReplaceCode {
                    line: named,
                    code: primary,
                }
            });
            candidate.asserts = vec![Name::Borrowed("service_done")];
            found.push(candidate);
        }
    }
}

/// Codes that a finding names under one of these arguments.
fn named(finding: &Finding, keys: &[&str]) -> BTreeSet<Code> {
    let texts = keys.iter().filter_map(|key| finding.args.get(*key));
    texts
        .flat_map(|text| text.split([' ', ',', '+', ';']))
        .filter_map(Code::parse)
        .collect()
}

/// What must hold for one of the successions to a code, as a repair tells it: `guidance=ct|fluoroscopy`. A fact of which one of
/// them asks nothing need not be known.
fn conditions(successions: &[&Succession]) -> Vec<Name> {
    let mut wanted: BTreeMap<&Name, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for when in successions.iter().flat_map(|succession| &succession.when) {
        let known = wanted.entry(&when.fact).or_default();
        known.0 += 1;
        known.1.extend(when.values.iter().map(AsRef::as_ref));
    }
    wanted
        .into_iter()
        .filter(|(_, (count, _))| *count == successions.len())
        .map(|(fact, (_, values))| Name::Owned(format!("{fact}={}", Vec::from_iter(values).join("|"))))
        .collect()
}

/// Other ways of writing the same sides: two lines as one, one line as two, two units for both.
fn sides(claim: &Claim, first: usize, places: &[usize], profile: &Profile, found: &mut Vec<Candidate>) {
    let marks = &profile.modifiers;
    let Some(line) = claim.lines.get(first) else { return };
    let same = vec![Name::Borrowed("written_otherwise")];
    // Left and right on two lines become one line.
    let partner = places
        .iter()
        .copied()
        .chain(0..claim.lines.len())
        .find(|at| *at != first && claim.lines.get(*at).is_some_and(|other| other.code == line.code));
    if let Some(at) = partner
        && let Some(other) = claim.lines.get(at)
        && ((line.has(marks.left) && other.has(marks.right)) || (line.has(marks.right) && other.has(marks.left)))
        && line.units == other.units
    {
        let (keep, drop) = (first.min(at), first.max(at));
        let mut next = claim.clone();
        let mut changes = Vec::new();
        if let Some(kept) = next.lines.get_mut(keep) {
            for side in [marks.left, marks.right] {
                if let Some(place) = kept.modifiers.iter().position(|known| *known == side) {
                    changes.push(Change::DropModifier {
                        line: line_ref(kept),
                        modifier: side,
                    });
                    kept.modifiers.remove(place);
                }
            }
            changes.push(Change::AddModifier {
                line: line_ref(kept),
                modifier: marks.bilateral,
            });
            kept.modifiers.push(marks.bilateral);
            render::order(&mut kept.modifiers, &profile.modifier_order);
        }
        if let Some(gone) = claim.lines.get(drop) {
            changes.push(Change::DropLine { line: line_ref(gone) });
            next.lines.remove(drop);
        }
        found.push(Candidate {
            changes,
            claim: next,
            meaning: same.clone(),
            asserts: Vec::new(),
        });
    }
    let Some(place) = line.modifiers.iter().position(|known| *known == marks.bilateral) else {
        return;
    };
    let mut bare = line.clone();
    bare.modifiers.remove(place);
    // One line of both sides becomes two.
    let mut next = claim.clone();
    let mut right = bare.clone();
    right.modifiers.push(marks.right);
    let mut left = bare.clone();
    left.modifiers.push(marks.left);
    left.number = Name::Owned(format!("new{}", next.lines.len() + 1));
    let mut changes = vec![
        Change::DropModifier {
            line: line_ref(line),
            modifier: marks.bilateral,
        },
        Change::AddModifier {
            line: line_ref(line),
            modifier: marks.right,
        },
    ];
    if let (Some(code), Some(units)) = (line.code, line.units.whole()) {
        changes.push(Change::AddLine {
            code,
            units,
            modifiers: left.modifiers.clone(),
            date_of_service: line.date,
        });
        if let Some(slot) = next.lines.get_mut(first) {
            *slot = right;
        }
        next.lines.push(left);
        found.push(Candidate {
            changes,
            claim: next,
            meaning: same.clone(),
            asserts: Vec::new(),
        });
        // Both sides as doubled units.
        let doubled = units.saturating_mul(2);
        let mut next = claim.clone();
        bare.units = Units(i64::from(doubled) * Units::ONE);
        if let Some(slot) = next.lines.get_mut(first) {
            *slot = bare;
        }
        found.push(Candidate {
            changes: vec![
                Change::DropModifier {
                    line: line_ref(line),
                    modifier: marks.bilateral,
                },
                Change::SetUnits {
                    line: line_ref(line),
                    units: doubled,
                },
            ],
            claim: next,
            meaning: same,
            asserts: Vec::new(),
        });
    }
}

/// The clinical facts that decide between repairs.
fn questions(facts: &Facts, repairs: &[Repair]) -> Vec<Question> {
    let mut asked: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for word in repairs.iter().flat_map(|repair| &repair.if_documented) {
        match word.split_once('=') {
            Some((fact, values)) => asked
                .entry(Name::Owned(fact.to_owned()))
                .or_default()
                .extend(values.split('|').map(|value| Name::Owned(value.to_owned()))),
            None => {
                asked.entry(word.clone()).or_default();
            }
        }
    }
    asked
        .into_iter()
        .filter_map(|(fact, values)| {
            let own = ASSERTED.iter().find(|(word, _)| *word == fact);
            let text = match own {
                Some((_, text)) => Name::Borrowed(*text),
                None => facts
                    .kind_facts
                    .values()
                    .flatten()
                    .filter(|row| row.fact == fact)
                    .map(|row| row.question.clone())
                    .min()?,
            };
            let values = if values.is_empty() {
                vec![Name::Borrowed("true"), Name::Borrowed("false")]
            } else {
                values.into_iter().collect()
            };
            Some(Question {
                path: "case".to_owned(),
                procedure: Name::Borrowed(""),
                fact,
                text,
                values,
            })
        })
        .take(MOST_QUESTIONS)
        .collect()
}
