//! Why a code is not in an answer: the first condition that fails, read from the trace and the facts; and the smallest single
//! change that would put it there, found by trying what the facts publish through the ordinary evaluation.

use std::collections::BTreeSet;

use crate::anatomy::{Place, Side};
use crate::answer::{Args, CodedCase, Line, Status};
use crate::case::{Case, Procedure};
use crate::code::Code;
use crate::date::{ServiceDate, View};
use crate::error::{InputError, Reason, Violation};
use crate::explain::change::Edited;
use crate::explain::eras::last_day;
use crate::explain::{Asked, Change, Remedy, WhyNot};
use crate::facts::{CodeRow, FactRow, FactType, Facts, Per, RoleRow, Row, Test};
use crate::name::Name;
use crate::trace::{Explanation, StepKind, TraceLevel};

/// Published reasons why a code is not in an answer; those of services not reported and lines withheld may stand too.
pub const REASONS: &[&str] = &[
    "deleted",
    "kept_off_the_claim",
    "level_not_reached",
    "needs_facts",
    "never_valid",
    "no_code_list",
    "no_procedure_of_its_family",
    "not_chosen",
    "not_derived",
    "not_yet_live",
    "not_yet_published",
    "other_code_set",
    "other_fact",
    "other_guidance",
    "other_region",
    "reported",
];

/// Most single changes shown.
const MOST_CHANGES: usize = 5;
/// Most levels added in one change: a third level is the furthest ordinal that a role begins at.
const MOST_ADDED: usize = 3;

/// The first condition that fails.
#[derive(Default)]
struct Verdict {
    reason: &'static str,
    named: Option<Name>,
    subject: Option<String>,
    args: Args,
    rule: Option<Name>,
    row: Option<Name>,
    lines: Vec<Line>,
}

impl Verdict {
    fn new(reason: &'static str) -> Self {
        Self {
            reason,
            ..Self::default()
        }
    }

    fn arg(mut self, key: &'static str, value: impl Into<Name>) -> Self {
        self.args.insert(Name::Borrowed(key), value.into());
        self
    }

    fn row(mut self, row: &Row) -> Self {
        self.row = Some(row.id.clone());
        self
    }

    fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

/// Answers.
pub(super) fn why_not(asked: Asked<'_>, code: &str) -> Result<WhyNot, InputError> {
    let facts = asked.facts;
    let read = Case::read(asked.case, facts);
    let Some(code) = Code::parse(code.trim()) else {
        let fault = Violation::new("code", Reason::UnknownValue, "a code of five letters or digits").echo(code);
        let mut violations = vec![fault];
        violations.extend(read.err().into_iter().flat_map(|error| error.violations));
        return Err(InputError { violations });
    };
    let case = read?;
    let coded = asked.code_case(&case, asked.payer, TraceLevel::Full);
    let view = View {
        on: case.date,
        as_of: asked.as_of,
    };
    let verdict = verdict(facts, &case, view, &coded, code);
    let changes = match verdict.reason {
        "reported" | "never_valid" | "no_code_list" | "not_derived" => Vec::new(),
        _ => remedies(asked, &case, view, code, verdict.reason == "kept_off_the_claim"),
    };
    let citations = verdict
        .row
        .as_ref()
        .and_then(|id| facts.every_row().find(|(_, row)| row.id == *id))
        .map(|(_, row)| row.citations.clone());
    let life = facts.codes.get(&code).map(Vec::as_slice).unwrap_or_default();
    let on_the_day = life.iter().find(|row| row.row.seen(view)).or(life.last());
    Ok(WhyNot {
        case_id: asked.case.case_id.clone(),
        date_of_service: case.date,
        code,
        label: on_the_day.map(|row| row.label.clone()),
        reason: verdict.named.unwrap_or(Name::Borrowed(verdict.reason)),
        subject: verdict.subject,
        args: verdict.args,
        rule: verdict.rule,
        row: verdict.row,
        citations: citations.unwrap_or_default(),
        lines: verdict.lines,
        changes,
        knowledge: coded.knowledge,
    })
}

fn verdict(facts: &Facts, case: &Case, view: View, coded: &CodedCase, code: Code) -> Verdict {
    let lines: Vec<Line> = coded.billed.iter().filter(|line| line.code == code).cloned().collect();
    if !lines.is_empty() {
        let rule = lines.first().map(|line| line.rule.clone());
        return Verdict {
            rule,
            lines,
            ..Verdict::new("reported")
        };
    }
    if let Some(off) = coded.withheld.iter().find(|one| one.line.code == code) {
        return Verdict {
            args: off.args.clone(),
            rule: Some(off.rule.clone()),
            row: Some(off.row.clone()),
            lines: coded
                .reported
                .iter()
                .filter(|line| line.code == code)
                .cloned()
                .collect(),
            ..Verdict::new("kept_off_the_claim")
        }
        .arg("why", off.reason.clone())
        .arg("layer", off.layer.clone())
        .arg("profile", coded.knowledge.profile.clone());
    }
    let Some(life) = facts.codes.get(&code) else {
        return Verdict::new("no_code_list");
    };
    if let Some(verdict) = life_of(life, view) {
        return verdict;
    }
    let homes = homes(facts, code, view);
    if homes.is_empty() {
        let why = facts.not_derived.get(&code).cloned().unwrap_or_default();
        let verdict = Verdict::new("not_derived").arg("why", why);
        return match live(life, view) {
            Some(row) => verdict.row(&row.row),
            None => verdict,
        };
    }
    let kinds = || {
        facts.kinds.iter().filter(|kind| {
            kind.family
                .as_ref()
                .is_some_and(|family| homes.iter().any(|home| *home.family == *family))
        })
    };
    let of_family = |procedure: &&Procedure| kinds().any(|kind| kind.kind == procedure.kind);
    if !case.procedures.iter().any(|procedure| of_family(&procedure)) {
        let words: Vec<&str> = kinds().map(|kind| kind.kind.as_ref()).collect();
        let families: BTreeSet<&str> = homes.iter().map(|home| home.family.as_ref()).collect();
        return Verdict::new("no_procedure_of_its_family")
            .arg("family", Vec::from_iter(families).join(" "))
            .arg("kinds", words.join(" "));
    }
    if let Some(one) = coded.not_reported.iter().find(|one| one.code == code) {
        return Verdict {
            named: Some(one.reason.clone()),
            args: one.args.clone(),
            rule: Some(one.rule.clone()),
            row: excluding_row(coded.explanation.as_ref(), code),
            ..Verdict::new("not_chosen")
        }
        .arg("procedures", one.procedures.join(" "));
    }
    if coded.status == Status::NeedsFacts {
        let possible = coded
            .codings
            .iter()
            .find(|coding| coding.reported.iter().any(|line| line.code == code));
        let answers: Vec<String> = possible
            .into_iter()
            .flat_map(|coding| &coding.assuming)
            .map(|one| format!("{} = {}", one.path, one.value))
            .collect();
        let mut verdict = Verdict::new("needs_facts").arg("under", answers.join(", "));
        verdict.subject = coded.questions.first().map(|question| question.path.clone());
        return verdict;
    }
    by_trace(case, view, coded.explanation.as_ref(), &homes)
}

/// The row behind the exclusion of a code.
fn excluding_row(explanation: Option<&Explanation>, code: Code) -> Option<Name> {
    let steps = explanation.map(|told| told.steps.as_slice()).unwrap_or_default();
    let step = steps
        .iter()
        .find(|step| step.step == StepKind::Exclude && step.subject.as_deref() == Some(code.as_str()));
    step.and_then(|step| step.row.clone())
}

fn live(life: &[CodeRow], view: View) -> Option<&CodeRow> {
    life.iter().find(|row| row.row.seen(view) && !row.never_valid)
}

/// Not a code on that day, and why.
fn life_of(life: &[CodeRow], view: View) -> Option<Verdict> {
    if live(life, view).is_some() {
        return None;
    }
    if let Some(row) = life.iter().find(|row| row.never_valid && row.row.window.holds(view.on)) {
        let instead = row.suggestion.map(|code| code.to_string()).unwrap_or_default();
        return Some(Verdict::new("never_valid").arg("instead", instead).row(&row.row));
    }
    let valid = || life.iter().filter(|row| !row.never_valid);
    if let Some(row) = valid().find(|row| row.row.window.holds(view.on)) {
        let known = row.row.known_from.or(row.row.window.from);
        let known = known.map(|day| day.to_string()).unwrap_or_default();
        return Some(Verdict::new("not_yet_published").arg("known_from", known).row(&row.row));
    }
    let before = valid().filter(|row| row.row.window.until.is_some_and(|until| until <= view.on));
    if let Some(row) = before.max_by_key(|row| row.row.window.until) {
        let last = last_day(&row.row.window).map(|day| day.to_string()).unwrap_or_default();
        let successors: Vec<String> = row.replaced_by.iter().map(ToString::to_string).collect();
        return Some(
            Verdict::new("deleted")
                .arg("last_day", last)
                .arg("replaced_by", successors.join(" "))
                .row(&row.row),
        );
    }
    valid().min_by_key(|row| row.row.window.from).map(|row| {
        let from = row.row.window.from.map(|day| day.to_string()).unwrap_or_default();
        Verdict::new("not_yet_live").arg("from", from).row(&row.row)
    })
}

/// A place of a code among the facts of a date.
struct Home<'a> {
    family: &'a Name,
    what: HomeRow<'a>,
}

enum HomeRow<'a> {
    Role(&'a RoleRow),
    Guidance(&'a crate::facts::GuidanceRow),
    /// Named by a choice as what is not reported.
    LeftOut,
}

fn homes(facts: &Facts, code: Code, view: View) -> Vec<Home<'_>> {
    let mut found = Vec::new();
    let mut families: Vec<(&Name, &crate::facts::Family)> = facts.families.iter().collect();
    families.sort_by_key(|(name, _)| *name);
    for (family, rows) in families {
        let roles = rows.roles.iter().filter(|row| row.code == code && row.row.seen(view));
        found.extend(roles.map(|row| Home {
            family,
            what: HomeRow::Role(row),
        }));
        let named = |row: &&crate::facts::GuidanceRow| {
            row.row.seen(view) && (row.add.is_some_and(|(add, _)| add == code) || row.included.contains(&code))
        };
        found.extend(rows.guidance.iter().filter(named).map(|row| Home {
            family,
            what: HomeRow::Guidance(row),
        }));
        let left_out = rows
            .choices
            .iter()
            .filter(|row| row.row.seen(view) && row.not_reported.contains(&code));
        found.extend(left_out.take(1).map(|_| Home {
            family,
            what: HomeRow::LeftOut,
        }));
    }
    found
}

/// What the trace shows to have led elsewhere.
fn by_trace(case: &Case, view: View, explanation: Option<&Explanation>, homes: &[Home<'_>]) -> Verdict {
    let steps = explanation.map(|told| told.steps.as_slice()).unwrap_or_default();
    let in_case = |family: &Name| {
        case.procedures
            .iter()
            .any(|procedure| procedure.family.as_ref() == Some(family))
    };
    let roles: Vec<(&Name, &RoleRow)> = homes
        .iter()
        .filter_map(|home| match home.what {
            HomeRow::Role(row) if in_case(home.family) => Some((home.family, row)),
            _ => None,
        })
        .collect();
    let counted_rows: Vec<&str> = steps
        .iter()
        .filter(|step| matches!(step.step, StepKind::Count | StepKind::Choose))
        .filter_map(|step| step.row.as_deref())
        .collect();
    // A row's id is `role:FAMILY/SET/REGION/ROLE@DAY`, as the loader writes it from the columns.
    let part = |id: &str, at: usize| -> String {
        let key = id.split_once(':').map_or(id, |(_, key)| key);
        let key = key.split('@').next().unwrap_or_default();
        key.split('/').nth(at).unwrap_or_default().to_owned()
    };
    let roles_taken: Vec<&str> = counted_rows
        .iter()
        .copied()
        .filter(|id| id.starts_with("role:"))
        .collect();
    let in_family: Vec<&str> = roles_taken
        .iter()
        .copied()
        .filter(|id| roles.iter().any(|(family, _)| part(id, 0) == ***family))
        .collect();
    if let Some((_, first)) = roles.first() {
        let sets: BTreeSet<&Name> = roles.iter().map(|(_, row)| &row.variant).collect();
        let in_set: Vec<&str> = in_family
            .iter()
            .copied()
            .filter(|id| sets.iter().any(|set| part(id, 1) == ***set))
            .collect();
        if in_set.is_empty() {
            let led = steps.iter().rev().find(|step| {
                step.step == StepKind::RowApplied
                    && step
                        .result
                        .as_ref()
                        .is_some_and(|set| in_family.iter().any(|id| part(id, 1) == *set))
            });
            let taken = led.and_then(|step| step.result.clone());
            let taken = taken.or_else(|| in_family.first().map(|id| part(id, 1)));
            let mut verdict = Verdict::new("other_code_set")
                .arg("wanted", Vec::from_iter(sets.iter().map(|set| set.as_ref())).join(" "))
                .arg("taken", taken.unwrap_or_default());
            verdict.subject = led.and_then(|step| step.subject.clone());
            verdict.row = led.and_then(|step| step.row.clone()).or(Some(first.row.id.clone()));
            return verdict;
        }
        let wanted: BTreeSet<&str> = roles.iter().filter_map(|(_, row)| row.region.as_deref()).collect();
        let in_region: Vec<&str> = in_set
            .iter()
            .copied()
            .filter(|id| wanted.is_empty() || wanted.iter().any(|region| part(id, 2) == **region))
            .collect();
        if in_region.is_empty() {
            return Verdict::new("other_region")
                .arg("wanted", Vec::from_iter(wanted).join(" "))
                .arg("taken", in_set.first().map(|id| part(id, 2)).unwrap_or_default())
                .row(&first.row);
        }
        let ordinal = roles.iter().map(|(_, row)| row.nth_from).min().unwrap_or(1);
        let reached = steps
            .iter()
            .filter(|step| step.step == StepKind::Count)
            .filter(|step| step.row.as_deref().is_some_and(|id| in_region.contains(&id)))
            .filter_map(|step| step.result.as_deref()?.split(' ').nth(1)?.parse::<u32>().ok())
            .max();
        if let Some(reached) = reached.filter(|reached| *reached < ordinal) {
            return Verdict::new("level_not_reached")
                .arg("reached", reached.to_string())
                .arg("needed", ordinal.to_string())
                .row(&first.row);
        }
        let taken = in_region.first().map(|id| part(id, 3)).unwrap_or_default();
        let read = steps
            .iter()
            .find(|step| step.step == StepKind::FactRead && step.result.as_deref() == Some(taken.as_str()));
        if let Some(read) = read {
            return Verdict::new("other_fact")
                .arg("wanted", first.role.clone())
                .arg("stated", taken)
                .about(read.subject.clone().unwrap_or_default())
                .row(&first.row);
        }
        return Verdict::new("not_chosen").row(&first.row);
    }
    let guidance = homes.iter().find_map(|home| match home.what {
        HomeRow::Guidance(row) if in_case(home.family) && row.row.seen(view) => Some((home.family, row)),
        _ => None,
    });
    match guidance {
        Some((family, row)) => {
            let at = case
                .procedures
                .iter()
                .position(|procedure| procedure.family.as_ref() == Some(family))
                .unwrap_or_default();
            let stated = case
                .procedures
                .get(at)
                .and_then(|procedure| procedure.fact(crate::context::GUIDANCE));
            Verdict::new("other_guidance")
                .arg("wanted", row.modality.clone().unwrap_or_default())
                .arg("stated", stated.map(|value| value.text()).unwrap_or_default())
                .about(format!("procedures[{at}].{}", crate::context::GUIDANCE))
                .row(&row.row)
        }
        None => Verdict::new("not_chosen"),
    }
}

/// Tries every single change that the facts publish, the smallest kind first.
fn remedies(asked: Asked<'_>, case: &Case, view: View, code: Code, on_the_claim: bool) -> Vec<Remedy> {
    let start = Edited {
        case: asked.case.clone(),
        payer: asked.payer.map(str::to_owned),
    };
    let mut found: Vec<Remedy> = Vec::new();
    for (path, value) in candidates(asked.facts, case, view, code) {
        if found.len() >= MOST_CHANGES {
            break;
        }
        // One value of a fact is enough: what else it might be is for the facts to say.
        if found.iter().any(|known| known.change.path == path) {
            continue;
        }
        let mut edited = start.clone();
        let Ok(change) = edited.set(asked.facts, &path, &value) else {
            continue;
        };
        let Ok(coded) = asked.code(&edited.case, edited.payer.as_deref(), TraceLevel::None) else {
            continue;
        };
        let has = |lines: &[Line]| lines.iter().any(|line| line.code == code);
        if has(&coded.billed) || (!on_the_claim && has(&coded.reported)) {
            found.push(Remedy {
                change: Change { path, ..change },
                billed: coded.billed,
            });
        }
    }
    // A change that brings the code onto the claim goes before one after which a payer's table keeps it off.
    found.sort_by_key(|remedy| !remedy.billed.iter().any(|line| line.code == code));
    found
}

/// Single changes to try: unknown facts, facts said otherwise, sides, levels added, levels moved, what the procedures have to
/// do with each other, the date, the place and setting, the payer.
fn candidates(facts: &Facts, case: &Case, view: View, code: Code) -> Vec<(String, String)> {
    let mut unknown = Vec::new();
    let mut known = Vec::new();
    let mut sides = Vec::new();
    let mut levels = Vec::new();
    let mut apart = Vec::new();
    let homes = homes(facts, code, view);
    for (at, procedure) in case.procedures.iter().enumerate() {
        for row in facts.facts_of(&procedure.kind) {
            if matches!(row.fact.as_ref(), "side" | "levels") {
                continue;
            }
            let path = format!("procedures[{at}].{}", row.fact);
            let now = procedure.fact(&row.fact).map(|value| value.text());
            let target = if now.is_none() { &mut unknown } else { &mut known };
            for value in values(facts, procedure, row) {
                if now.as_deref() != Some(value.as_str()) {
                    target.push((path.clone(), value));
                }
            }
        }
        for side in &procedure.sides {
            let now = procedure.sites.first().and_then(|site| site.side).or(procedure.side);
            if now != Some(*side) && *side != Side::Midline {
                sides.push((format!("procedures[{at}].side"), side.as_str().to_owned()));
            }
        }
        let others: Vec<String> = case
            .procedures
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, other)| other.id.to_string())
            .collect();
        // Only ids that the caller wrote can be named again.
        if !others.is_empty() && !others.iter().any(|id| id.parse::<usize>().is_ok()) {
            apart.push((format!("procedures[{at}].distinct_from"), others.join(",")));
        }
        if homes.iter().any(|home| procedure.family.as_ref() == Some(home.family)) {
            levels.extend(more_levels(facts, view, at, procedure));
        }
    }
    let mut all = unknown;
    all.extend(known);
    all.extend(sides);
    all.extend(levels);
    all.extend(apart);
    all.extend(dates(facts, view, code));
    all.extend(
        crate::case::Setting::ALL
            .iter()
            .filter(|setting| **setting != case.setting)
            .map(|setting| ("setting".to_owned(), setting.as_str().to_owned())),
    );
    all.extend(
        facts
            .profiles
            .keys()
            .map(|profile| ("payer".to_owned(), profile.to_string())),
    );
    all
}

/// The values that the facts publish for a fact, and for a number the limits that rows name.
fn values(facts: &Facts, procedure: &Procedure, row: &FactRow) -> Vec<String> {
    match row.value_type {
        FactType::Word => row.values.iter().map(ToString::to_string).collect(),
        FactType::Flag => [true, false].iter().map(ToString::to_string).collect(),
        FactType::Number => {
            let of_family = facts
                .techniques
                .iter()
                .filter(|technique| procedure.family.as_ref() == Some(&technique.family));
            let limits = of_family.filter_map(|technique| technique.below_celsius);
            let around = limits.flat_map(|limit| [limit, limit - 1]);
            let family = procedure.family.as_ref().and_then(|family| facts.families.get(family));
            let conditions = family
                .into_iter()
                .flat_map(|family| &family.choices)
                .flat_map(|choice| &choice.when);
            let asked = conditions.filter(|condition| condition.fact == row.fact);
            let within = asked.flat_map(|condition| match condition.test {
                Test::Within(low, high) => [low, high],
                Test::OneOf(_) => [None, None],
            });
            let counted = family.into_iter().flat_map(|family| &family.roles).flat_map(|role| {
                let by_number = role.per == Per::Number;
                [Some(role.nth_from), role.nth_to]
                    .into_iter()
                    .flatten()
                    .filter(move |_| by_number)
            });
            let mut numbers: Vec<i64> = around.chain(within.flatten()).chain(counted.map(i64::from)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            let published = row.values.iter().map(ToString::to_string);
            published.chain(numbers.iter().map(ToString::to_string)).collect()
        }
        FactType::Words => {
            let each = row.values.iter().map(ToString::to_string);
            let two: Vec<&str> = row.values.iter().take(2).map(Name::as_ref).collect();
            each.chain([two.join(","), "none".to_owned()]).collect()
        }
    }
}

/// One to three levels more, the nearest of each code region; and one level of each region alone.
fn more_levels(facts: &Facts, view: View, at: usize, procedure: &Procedure) -> Vec<(String, String)> {
    let Some(family) = procedure.family.as_ref().and_then(|family| facts.families.get(family)) else {
        return Vec::new();
    };
    let usual = facts.kind(&procedure.kind).and_then(|kind| kind.sites.first());
    let here: Vec<&Place> = procedure.sites.iter().map(|site| &site.place).collect();
    let site_type = here.first().map(|place| place.site_type()).or(usual.map(Name::as_ref));
    let key = if site_type == Some("nerve") { "nerves" } else { "levels" };
    if key == "levels" && site_type != usual.map(Name::as_ref) {
        return Vec::new();
    }
    let mut regions: Vec<(&Name, Vec<&Place>)> = Vec::new();
    for row in family.junctions.iter().filter(|row| row.row.seen(view)) {
        let places = row
            .places
            .iter()
            .filter(|place| Some(place.site_type()) == site_type && !place.is_transitional() && !here.contains(place));
        match regions.iter_mut().find(|(region, _)| **region == row.region) {
            Some((_, known)) => known.extend(places),
            None => regions.push((&row.region, places.collect())),
        }
    }
    let mut added = Vec::new();
    let mut moved = Vec::new();
    for (_, mut places) in regions {
        places.dedup();
        // The order of places is their order in the spine: the nearest are those on either side of what was treated.
        let (below, above): (Vec<&Place>, Vec<&Place>) = places
            .iter()
            .partition(|place| here.iter().all(|known| **place > *known));
        let nearest: Vec<&Place> = above.iter().rev().copied().chain(below.iter().copied()).collect();
        let first_below = below.iter().copied().chain(above.iter().rev().copied());
        for order in [nearest.clone(), first_below.collect()] {
            for count in 1..=MOST_ADDED.min(order.len()) {
                let mut all: Vec<&Place> = here.iter().copied().chain(order.iter().take(count).copied()).collect();
                all.sort();
                let text: Vec<String> = all.iter().map(ToString::to_string).collect();
                added.push((count, text.join(",")));
            }
        }
        moved.extend(nearest.first().map(ToString::to_string));
    }
    added.sort_by_key(|(count, _)| *count);
    let path = format!("procedures[{at}].{key}");
    added
        .into_iter()
        .map(|(_, text)| text)
        .chain(moved)
        .map(|text| (path.clone(), text))
        .collect()
}

/// First and last days of the code and of the rows that lead to it, the nearest to the date first.
fn dates(facts: &Facts, view: View, code: Code) -> Vec<(String, String)> {
    let mut days: BTreeSet<ServiceDate> = BTreeSet::new();
    let lives = facts.codes.get(&code).into_iter().flatten().map(|row| &row.row);
    let leading = facts.families.values().flat_map(|family| {
        let roles = family.roles.iter().filter(|row| row.code == code).map(|row| &row.row);
        let named = |row: &&crate::facts::GuidanceRow| row.add.is_some_and(|(add, _)| add == code);
        roles.chain(family.guidance.iter().filter(named).map(|row| &row.row))
    });
    for row in lives.chain(leading) {
        days.extend(row.window.from);
        days.extend(last_day(&row.window));
    }
    let distance = |day: &ServiceDate| day.0.since(view.on.0).map_or(0, |span| span.get_days().abs());
    let mut days: Vec<ServiceDate> = days.into_iter().filter(|day| *day != view.on).collect();
    days.sort_by_key(distance);
    days.into_iter()
        .map(|day| ("date_of_service".to_owned(), day.to_string()))
        .collect()
}
