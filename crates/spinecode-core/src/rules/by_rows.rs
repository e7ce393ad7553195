//! # A family that rows describe whole
//!
//! ## What it does
//! Chooses the code sets by the first row of `choices.csv` whose conditions hold, lets `guidance.csv` say what guidance does,
//! and counts as the roles of the set say: once an encounter, region or side, by a number of the case, or level by level.
//!
//! ## When it applies
//! To every family of `families.csv`, each under its own rule id; dates, codes and conditions are rows.
//!
//! ## Example
//! A lumbar epidural under fluoroscopy: the single injection and its guidance code at first, the guided code since.
//!
//! ## Sources
//! See the family's rule in `rules.csv` and its rows in `choices.csv`, `guidance.csv` and `roles.csv`.

use std::borrow::Cow;

use smallvec::smallvec;

use crate::anatomy::{Place, Side};
use crate::case::{FactValue, Site};
use crate::context::{ANOTHER_CLINICIAN, Context, NOTHING, Outcome, Positions, Unknown};
use crate::facts::{
    BundleScope, ChoiceRow, ChoiceSet, Condition, Family, GuidanceRow, Per, RoleRow, Row, RuleRow, Test,
};
use crate::levels::{self, Treated};
use crate::name::Name;
use crate::rules::guidance;
use crate::trace::StepKind;

/// Conditions that are not facts of a kind: side and number of levels of the session, who sends the claim, the kind itself, the
/// most places of the session in one code region.
const SIDE: &str = "side";
const LEVELS: &str = "levels";
const REGION_LEVELS: &str = "region_levels";
const SETTING: &str = "setting";
const KIND: &str = "kind";
const FACILITY: &str = "facility";
const PROFESSIONAL: &str = "professional";
/// Fact: the way in.
const APPROACH: &str = "approach";

/// One code set of the session with the procedures that lead to it.
struct Set<'a> {
    name: &'a Name,
    /// Another than the one who did the rest.
    by: Option<&'static str>,
    choice: Option<&'a ChoiceRow>,
    members: Vec<usize>,
    behind: Vec<&'a Row>,
}

/// A line that is written once, however many procedures of the session lead to it; what is counted adds up.
struct Once<'a> {
    role: &'a RoleRow,
    by: Option<&'static str>,
    /// Roles counted already: one code serves several regions.
    roles: Vec<&'a Name>,
    units: u32,
    side: Option<Side>,
    procedures: Positions,
    sites: Vec<(Place, Option<Side>)>,
    behind: Vec<&'a Row>,
    reduced: bool,
    counted: bool,
}

/// Codes one session of a family.
pub fn code(ctx: &mut Context<'_>, name: &str, group: &[usize]) -> Outcome {
    let Some(family) = ctx.family(name) else { return Ok(()) };
    let Some(rule) = family.rule.as_deref().and_then(|id| ctx.rule(id)) else {
        // The family was not coded on that date.
        group.iter().for_each(|at| ctx.out_of_scope(*at));
        return Ok(());
    };
    let mut sets: Vec<Set<'_>> = Vec::new();
    let mut guided: Vec<(usize, &GuidanceRow)> = Vec::new();
    for &at in group {
        let choice = choose(ctx, family, group, at)?;
        if choice.is_none() && !family.choices.is_empty() {
            ctx.out_of_scope(at);
            continue;
        }
        let service = choice.and_then(|row| row.service.as_deref()).unwrap_or(name);
        let guidance = guidance::resolve(ctx, service, at)?;
        guided.extend(guidance.map(|row| (at, row)));
        let names: Vec<(&Name, Option<&'static str>)> = match (choice, guidance) {
            (Some(row), _) => row.sets.iter().map(|set| (&set.name, done_by(ctx, at, set))).collect(),
            (None, Some(row)) => vec![(&row.variant, None)],
            (None, None) => Vec::new(),
        };
        if names.is_empty() && choice.is_none_or(|row| row.not_reported.is_empty()) {
            ctx.out_of_scope(at);
        }
        if let Some(row) = choice {
            say(ctx, name, rule, row, at);
        }
        for (set, by) in names {
            let rows = choice
                .map(|row| &row.row)
                .into_iter()
                .chain(guidance.map(|row| &row.row));
            match sets.iter_mut().find(|known| known.name == set && known.by == by) {
                Some(known) => {
                    known.members.push(at);
                    known.behind.extend(rows);
                }
                None => sets.push(Set {
                    name: set,
                    by,
                    choice,
                    members: vec![at],
                    behind: rows.collect(),
                }),
            }
        }
    }
    sets.sort_by(|a, b| (a.name, a.by).cmp(&(b.name, b.by)));
    let mut once: Vec<Once<'_>> = Vec::new();
    for set in &sets {
        count(ctx, name, family, rule, set, &mut once)?;
    }
    write(ctx, rule, once);
    for (at, row) in guided {
        let here = regions_said(ctx, name, at);
        if !guidance_taken_in(ctx, name, at, row, &here)? {
            guidance::note(ctx, at, row, &here);
        }
    }
    Ok(())
}

/// Who did the part of a set, where not the one who did the rest.
fn done_by(ctx: &Context<'_>, at: usize, set: &ChoiceSet) -> Option<&'static str> {
    let word = ctx.peek_word(at, set.by.as_deref()?);
    (word == Some(ANOTHER_CLINICIAN)).then_some(ANOTHER_CLINICIAN)
}

/// Where the work was entered, where its approach names a region (`caudal`): it decides, whatever lies near.
pub fn entry(ctx: &Context<'_>, at: usize) -> Option<Place> {
    let word = ctx.peek_word(at, APPROACH)?;
    let names = &ctx.facts.region_names;
    names.iter().find(|name| *name == word).cloned().map(Place::Region)
}

/// The first code set that a procedure's facts lead to as far as they are said; leaves no trace in the answer.
pub fn first_set(ctx: &mut Context<'_>, name: &str, at: usize) -> Option<Name> {
    let family = ctx.family(name)?;
    let positions = ctx.draft.positions.len();
    let choice = choose(ctx, family, &[at], at);
    ctx.draft.positions.truncate(positions);
    Some(choice.ok()??.sets.first()?.name.clone())
}

/// Whether the separate guidance of a procedure is part of another's work in the same region (a formal epidurogram's).
fn guidance_taken_in(
    ctx: &mut Context<'_>,
    name: &str,
    at: usize,
    row: &GuidanceRow,
    here: &[Treated<'_>],
) -> Result<bool, Unknown> {
    let (Some((code, _)), Some(mine)) = (row.add, ctx.procedure(at)) else {
        return Ok(false);
    };
    let (facts, view) = (ctx.facts, ctx.view);
    let bundles = facts
        .bundles
        .iter()
        .filter(|bundle| bundle.scope == BundleScope::Guidance);
    for bundle in bundles.filter(|bundle| bundle.includes == name && bundle.row.seen(view)) {
        let Some(family) = ctx.family(&bundle.family) else {
            continue;
        };
        for (other, theirs) in ctx.case.procedures.iter().enumerate() {
            let together = theirs.family.as_ref() == Some(&bundle.family) && theirs.encounter == mine.encounter;
            if !together || mine.distinct_from.contains(&other) || theirs.distinct_from.contains(&at) {
                continue;
            }
            let there = regions_said(ctx, &bundle.family, other);
            let body = |one: &Treated<'_>| one.region.map(|row| row.body_region.clone());
            let apart = !here.is_empty()
                && !there.is_empty()
                && !here
                    .iter()
                    .any(|one| there.iter().any(|their| body(one) == body(their)));
            if apart || choose(ctx, family, &[other], other)?.is_none_or(|row| row.sets.is_empty()) {
                continue;
            }
            if guidance::resolve(ctx, &bundle.family, other)?.is_some_and(|row| row.included.contains(&code)) {
                ctx.trace.row(&bundle.row);
                let args = [("procedure", theirs.id.clone())];
                ctx.exclude(
                    &bundle.rule,
                    code,
                    "included_in_procedure",
                    smallvec![at],
                    &args,
                    &bundle.row,
                );
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The first row whose conditions hold.
fn choose<'a>(
    ctx: &mut Context<'a>,
    family: &'a Family,
    group: &[usize],
    at: usize,
) -> Result<Option<&'a ChoiceRow>, Unknown> {
    let view = ctx.view;
    for row in family.choices.iter().filter(|row| row.row.seen(view)) {
        if holds(ctx, &row.when, group, at)? && ctx.holds(&row.position) {
            ctx.trace.step(
                StepKind::RowApplied,
                None,
                || format!("procedures[{at}]"),
                Some(&row.row),
                || {
                    let sets: Vec<&str> = row.sets.iter().map(|set| set.name.as_ref()).collect();
                    if sets.is_empty() {
                        NOTHING.to_owned()
                    } else {
                        sets.join(" ")
                    }
                },
            );
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Whether all conditions hold of a procedure; numbers are summed over the procedures of the group that share a side and meet the
/// conditions before.
pub fn holds(ctx: &mut Context<'_>, when: &[Condition], group: &[usize], at: usize) -> Result<bool, Unknown> {
    for (position, condition) in when.iter().enumerate() {
        let before = when.get(..position).unwrap_or_default();
        if !holds_one(ctx, before, condition, group, at)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds_one(
    ctx: &mut Context<'_>,
    before: &[Condition],
    condition: &Condition,
    group: &[usize],
    at: usize,
) -> Result<bool, Unknown> {
    let is = |word: &str| matches!(&condition.test, Test::OneOf(words) if words.iter().any(|known| known == word));
    let within = |number: i64| match condition.test {
        Test::Within(low, high) => low.is_none_or(|low| low <= number) && high.is_none_or(|high| number <= high),
        Test::OneOf(_) => false,
    };
    match condition.fact.as_ref() {
        KIND => return Ok(ctx.procedure(at).is_some_and(|procedure| is(&procedure.kind))),
        SETTING => {
            let facility = ctx.case.setting.is_facility();
            return Ok(is(if facility { FACILITY } else { PROFESSIONAL }));
        }
        SIDE => {
            let mates = mates(ctx, before, group, at)?;
            return Ok(is(side_of(ctx, &mates)?.as_str()));
        }
        LEVELS => {
            let mut places: Vec<Place> = Vec::new();
            let mates = mates(ctx, before, group, at)?;
            for mate in on_its_side(ctx, mates, at) {
                places.extend(ctx.need_sites(mate)?.iter().map(|site| site.place.clone()));
            }
            places.sort();
            places.dedup();
            return Ok(within(i64::try_from(places.len()).unwrap_or(i64::MAX)));
        }
        REGION_LEVELS => {
            let most = most_in_one_region(ctx, group);
            return Ok(within(most));
        }
        _ => {}
    }
    let Name::Borrowed(fact) = condition.fact else {
        return Ok(false);
    };
    if condition.silent && ctx.peek(at, fact).is_none() {
        return Ok(false);
    }
    Ok(match &condition.test {
        Test::OneOf(_) => match ctx.need(at, fact)? {
            FactValue::Words(words) => words.iter().any(|word| is(word)),
            value => is(&value.text()),
        },
        Test::Within(..) => {
            let mates = mates(ctx, before, group, at)?;
            let mates = on_its_side(ctx, mates, at);
            let said = |mate: &usize| !condition.silent || ctx.peek(*mate, fact).is_some();
            let mates: Vec<usize> = mates.into_iter().filter(said).collect();
            within(sum(ctx, &mates, fact)?)
        }
    })
}

/// The procedures of the session for which the conditions written before hold too: what is summed is summed over these.
fn mates(ctx: &mut Context<'_>, before: &[Condition], group: &[usize], at: usize) -> Result<Vec<usize>, Unknown> {
    let mut mates = Vec::with_capacity(group.len());
    for &other in group {
        if other == at || holds(ctx, before, group, other)? {
            mates.push(other);
        }
    }
    Ok(mates)
}

/// Those that share a side with one, where sides count and are known.
fn on_its_side(ctx: &mut Context<'_>, mates: Vec<usize>, at: usize) -> Vec<usize> {
    let halves = |ctx: &mut Context<'_>, at: usize| {
        let sided = ctx.procedure(at).is_some_and(|procedure| !procedure.sides.is_empty());
        let side = ctx.need_procedure_side(at).ok().filter(|_| sided);
        side.map_or((true, true), |side| side.halves())
    };
    let (left, right) = halves(ctx, at);
    let mut near = Vec::with_capacity(mates.len());
    for other in mates {
        let (other_left, other_right) = halves(ctx, other);
        if (left && other_left) || (right && other_right) {
            near.push(other);
        }
    }
    near
}

/// The most places that the session names in one code region.
fn most_in_one_region(ctx: &mut Context<'_>, group: &[usize]) -> i64 {
    let mut found: Vec<(&Name, Place)> = Vec::new();
    for &at in group {
        let Some(name) = ctx.procedure(at).and_then(|procedure| procedure.family.as_deref()) else {
            continue;
        };
        for one in regions_said(ctx, name, at) {
            if let Some(row) = one.region
                && !found.contains(&(&row.region, one.place.clone()))
            {
                found.push((&row.region, one.place));
            }
        }
    }
    let in_one = |region: &Name| found.iter().filter(|(known, _)| *known == region).count();
    let most = found.iter().map(|(region, _)| in_one(region)).max();
    most.and_then(|most| i64::try_from(most).ok()).unwrap_or_default()
}

/// A number over the session: muscles of two procedures of one kind are muscles of one session.
fn sum(ctx: &mut Context<'_>, members: &[usize], fact: &'static str) -> Result<i64, Unknown> {
    let mut sum = 0_i64;
    for &at in members {
        if let FactValue::Number(number) = ctx.need(at, fact)? {
            sum = sum.saturating_add(*number);
        }
    }
    Ok(sum)
}

/// What was counted on both sides, and on each; without sides, each is all of it.
#[derive(Default)]
struct Tally {
    both: u32,
    left: u32,
    right: u32,
}

/// Counts a fact over procedures: numbers add up, and of words each different one is one.
fn tally(ctx: &mut Context<'_>, members: &[usize], fact: &'static str, one_sided: bool) -> Result<Tally, Unknown> {
    let mut numbers = Tally::default();
    let mut words: Vec<(Name, (bool, bool))> = Vec::new();
    for &at in members {
        let value = ctx.need(at, fact)?;
        let side = if one_sided {
            side_of(ctx, &[at])?
        } else {
            // Where the code has no sides, the same thing on the other side is another thing; a number counts all of them.
            let known = side_of(ctx, &[at]).unwrap_or(Side::Left);
            let number = matches!(value, FactValue::Number(_));
            if number { Side::Bilateral } else { known }
        };
        let (left, right) = side.halves();
        if let FactValue::Number(number) = value {
            let number = u32::try_from(*number).unwrap_or(u32::MAX);
            numbers.left = numbers.left.saturating_add(if left { number } else { 0 });
            numbers.right = numbers.right.saturating_add(if right { number } else { 0 });
            continue;
        }
        let word = value.text();
        match words.iter_mut().find(|(known, _)| *known == word) {
            Some((_, halves)) => *halves = (halves.0 || left, halves.1 || right),
            None => words.push((word, (left, right))),
        }
    }
    numbers.both = numbers.left.min(numbers.right);
    for (_, (left, right)) in words {
        if one_sided {
            numbers.both += u32::from(left && right);
            numbers.left += u32::from(left);
            numbers.right += u32::from(right);
        } else {
            numbers.both += u32::from(left) + u32::from(right);
        }
    }
    if !one_sided {
        (numbers.left, numbers.right) = (numbers.both, numbers.both);
    }
    Ok(numbers)
}

/// The sides of the session together.
fn side_of(ctx: &mut Context<'_>, members: &[usize]) -> Result<Side, Unknown> {
    let (mut left, mut right) = (false, false);
    for &at in members {
        let halves = ctx.need_procedure_side(at)?.halves();
        left |= halves.0;
        right |= halves.1;
    }
    Ok(Side::of_halves(left, right))
}

/// Says what a choice leaves out and what is doubtful in it.
fn say(ctx: &mut Context<'_>, name: &str, rule: &RuleRow, row: &ChoiceRow, at: usize) {
    let here = regions_said(ctx, name, at);
    for code in &row.not_reported {
        let reason = why(row.why.as_deref());
        // A code of another region is nothing one would have used.
        let mut roles = ctx.family(name).into_iter().flat_map(|family| &family.roles);
        let elsewhere = !here.is_empty()
            && roles.clone().any(|role| role.code == *code)
            && !roles.any(|role| {
                let touches = |region: &Name| {
                    here.iter()
                        .any(|one| one.region.is_some_and(|row| row.region == *region))
                };
                role.code == *code && role.region.as_ref().is_none_or(touches)
            });
        if elsewhere {
            continue;
        }
        ctx.exclude(&rule.id, *code, reason, smallvec![at], &[], &row.row);
    }
    if let Some(doubt) = &row.doubt {
        let args = [("row", row.row.id.clone()), ("doubt", doubt.clone())];
        ctx.notice("low_confidence", Some(format!("procedures[{at}]")), &args);
    }
}

/// The published reason of an exclusion that a row names.
fn why(word: Option<&str>) -> &'static str {
    let mut known = crate::text::EXCLUSION_REASONS.iter().copied();
    known.find(|reason| Some(*reason) == word).unwrap_or("not_documented")
}

/// Counts one code set: levels are written at once, what is reported once waits until all sets are known.
fn count<'a>(
    ctx: &mut Context<'a>,
    name: &str,
    family: &'a Family,
    rule: &RuleRow,
    set: &Set<'a>,
    once: &mut Vec<Once<'a>>,
) -> Outcome {
    let view = ctx.view;
    let roles: Vec<&'a RoleRow> = family
        .roles
        .iter()
        .filter(|row| row.variant == *set.name && row.row.seen(view))
        .collect();
    let Some(first) = roles.first().copied() else {
        set.members.iter().for_each(|at| ctx.out_of_scope(*at));
        return Ok(());
    };
    let reduced = set.choice.is_some_and(|row| row.reduced);
    let one_sided = roles.iter().any(|role| ctx.is_unilateral(role.code));
    if first.per.is_level() {
        let before = ctx.draft.lines.len();
        let treated = levels::treated(ctx, name, &set.members, first.per, one_sided)?;
        levels::code_levels(ctx, name, set.name, &treated, rule, &set.behind);
        if let Some(by) = set.by {
            for line in ctx.draft.lines.iter_mut().skip(before) {
                line.performed_by = Some(Name::Borrowed(by));
            }
        }
        if reduced {
            roles.iter().for_each(|role| levels::reduced(ctx, before, role));
        }
        return Ok(());
    }
    let counted = matches!(first.per, Per::Number | Per::Minute);
    let mut put = |role: &'a RoleRow, units, side, procedures: Positions, sites, behind| {
        put(
            once,
            Once {
                role,
                by: set.by,
                roles: vec![&role.row.id],
                units,
                side,
                procedures,
                sites,
                behind,
                reduced,
                counted,
            },
        );
    };
    if counted {
        let fact = set.choice.and_then(|row| row.count.as_ref());
        let Some(Name::Borrowed(fact)) = fact else {
            set.members.iter().for_each(|at| ctx.out_of_scope(*at));
            return Ok(());
        };
        let tally = tally(ctx, &set.members, fact, one_sided)?;
        for role in roles {
            let step = family
                .steps
                .iter()
                .find(|step| step.variant == *set.name && step.code == role.code && step.row.seen(view));
            let units = |number: u32| {
                let units = match step {
                    Some(step) => step.units(i64::from(number)),
                    None => {
                        let within = role.nth_to.unwrap_or(number).min(number);
                        (within + 1).saturating_sub(role.nth_from)
                    }
                };
                role.cap.map_or(units, |cap| units.min(cap))
            };
            let (both, left, right) = (units(tally.both), units(tally.left), units(tally.right));
            let row = step.map_or(&role.row, |step| &step.row);
            ctx.trace.step(
                StepKind::Count,
                Some(&rule.id),
                || (*fact).to_owned(),
                Some(row),
                || format!("{} {}", role.per.as_str(), left.max(right)),
            );
            let mut behind = set.behind.clone();
            behind.extend(step.map(|step| &step.row));
            let sides = [
                (both, one_sided.then_some(Side::Bilateral)),
                (left.saturating_sub(both), Some(Side::Left)),
                (right.saturating_sub(both), Some(Side::Right)),
            ];
            for (units, side) in sides.into_iter().filter(|(units, _)| *units > 0) {
                put(
                    role,
                    units,
                    side,
                    set.members.as_slice().into(),
                    Vec::new(),
                    behind.clone(),
                );
            }
        }
        return Ok(());
    }
    if first.per == Per::Side && !one_sided {
        // A code that takes no side counts the sides treated: a leg is a unit.
        let (left, right) = side_of(ctx, &set.members)?.halves();
        let units = u32::from(left) + u32::from(right);
        for role in roles {
            ctx.trace.step(
                StepKind::Count,
                Some(&rule.id),
                || SIDE.to_owned(),
                Some(&role.row),
                || format!("{} {units}", role.per.as_str()),
            );
            put(
                role,
                units,
                None,
                set.members.as_slice().into(),
                Vec::new(),
                set.behind.clone(),
            );
        }
        return Ok(());
    }
    for &at in &set.members {
        let side = if one_sided { Some(side_of(ctx, &[at])?) } else { None };
        if let Some(role) = roles.iter().copied().find(|role| role.region.is_none()) {
            let sites = ctx.procedure(at).map(sites_of).unwrap_or_default();
            tell_count(ctx, rule, role, || format!("procedures[{at}]"));
            put(role, 1, side, smallvec![at], sites, set.behind.clone());
            continue;
        }
        for site in sites_at(ctx, at)?.iter() {
            let junction = levels::region(ctx, name, &site.place);
            let found = junction.and_then(|row| {
                let role = roles
                    .iter()
                    .copied()
                    .find(|role| role.region.as_ref() == Some(&row.region))?;
                Some((role, row))
            });
            match found {
                Some((role, row)) => {
                    let mut behind = set.behind.clone();
                    behind.push(&row.row);
                    levels::tell_region(ctx, &site.place, Some(row));
                    tell_count(ctx, rule, role, || site.place.to_string());
                    let sites = vec![(site.place.clone(), if one_sided { site.side } else { None })];
                    put(role, 1, side, smallvec![at], sites, behind);
                }
                None => ctx.out_of_scope(at),
            }
        }
    }
    Ok(())
}

/// Tells that something is counted once.
fn tell_count(ctx: &mut Context<'_>, rule: &RuleRow, role: &RoleRow, subject: impl FnOnce() -> String) {
    ctx.trace
        .step(StepKind::Count, Some(&rule.id), subject, Some(&role.row), || {
            format!("{} 1", role.per.as_str())
        });
}

fn sites_of(procedure: &crate::case::Procedure) -> Vec<(Place, Option<Side>)> {
    procedure
        .sites
        .iter()
        .map(|site| (site.place.clone(), site.side))
        .collect()
}

/// The sites of a procedure: a region is enough where levels are not counted, and so is the way in.
fn sites_at<'a>(ctx: &mut Context<'a>, at: usize) -> Result<Cow<'a, [Site]>, Unknown> {
    if let Some(place) = entry(ctx, at) {
        return Ok(Cow::Owned(vec![Site { place, side: None }]));
    }
    match ctx.procedure(at) {
        Some(procedure) if !procedure.sites.is_empty() => Ok(Cow::Borrowed(procedure.sites.as_slice())),
        _ => ctx.need_sites(at),
    }
}

/// One code of a session is one line, whichever sets, sites or procedures lead to it; what is counted keeps its sides apart.
fn put<'a>(once: &mut Vec<Once<'a>>, line: Once<'a>) {
    let same = |known: &&mut Once<'a>| {
        known.role.code == line.role.code
            && known.by == line.by
            && known.reduced == line.reduced
            && known.counted == line.counted
            && (!line.counted || known.side == line.side)
    };
    let Some(known) = once.iter_mut().find(same) else {
        once.push(line);
        return;
    };
    // A code that has a role in each of several regions is a unit in each.
    let another_region = line.role.per == Per::Region && !line.roles.iter().all(|role| known.roles.contains(role));
    if another_region {
        known.roles.extend(line.roles);
    }
    known.units = if another_region || line.counted {
        known.units.saturating_add(line.units)
    } else {
        known.units.max(line.units)
    };
    known.side = match (known.side, line.side) {
        (Some(one), Some(other)) => {
            let ((left, right), (more_left, more_right)) = (one.halves(), other.halves());
            Some(Side::of_halves(left || more_left, right || more_right))
        }
        (one, other) => one.or(other),
    };
    known.procedures.extend(line.procedures);
    for site in line.sites {
        if !known.sites.contains(&site) {
            known.sites.push(site);
        }
    }
    known.behind.extend(line.behind);
}

fn write(ctx: &mut Context<'_>, rule: &RuleRow, once: Vec<Once<'_>>) {
    for mut line in once {
        line.procedures.sort_unstable();
        line.procedures.dedup();
        line.sites.sort();
        let mut rows = vec![&line.role.row];
        rows.append(&mut line.behind);
        let before = ctx.draft.lines.len();
        let (code, reduced, role) = (line.role.code, line.reduced, line.role);
        ctx.line(rule, code, line.units, line.side, (line.procedures, line.sites), &rows);
        if let (Some(by), Some(line)) = (line.by, ctx.draft.lines.get_mut(before)) {
            line.performed_by = Some(Name::Borrowed(by));
        }
        if reduced {
            levels::reduced(ctx, before, role);
        }
    }
}

/// The sites a procedure names, with their regions: what guidance counted by region is counted by.
fn regions_said<'a>(ctx: &mut Context<'a>, family: &str, at: usize) -> Vec<Treated<'a>> {
    let sites = match (entry(ctx, at), ctx.procedure(at)) {
        (Some(place), _) => vec![(place, None)],
        (None, Some(procedure)) => sites_of(procedure),
        (None, None) => Vec::new(),
    };
    sites
        .into_iter()
        .map(|(place, side)| Treated {
            region: levels::region(ctx, family, &place),
            procedures: smallvec![at],
            place,
            side,
        })
        .collect()
}
