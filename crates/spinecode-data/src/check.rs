//! The checker: what must hold between tables. It runs on every load, so that no engine answers from broken facts.

mod coverage;

use std::collections::BTreeSet;

use spinecode_core::anatomy::Side;
use spinecode_core::code::Code;
use spinecode_core::date::{ServiceDate, View, Window};
use spinecode_core::facts::{ChoiceSet, Condition, FactRow, FactType, Facts, KindRow, Per, Row, Test};
use spinecode_core::name::Name;
use spinecode_core::text::EXCLUSION_REASONS;

use crate::TableError;

/// Every fault between the tables.
pub fn check(facts: &Facts) -> Vec<TableError> {
    let mut found = Vec::new();
    overlaps(facts, &mut found);
    citations(facts, &mut found);
    code_lives(facts, &mut found);
    references(facts, &mut found);
    variants(facts, &mut found);
    unasked_guidance(facts, &mut found);
    rows_alone(facts, &mut found);
    relations(facts, &mut found);
    coverage::coverage(facts, &mut found);
    found
}

/// Every relation names code sets of its family.
fn relations(facts: &Facts, found: &mut Vec<TableError>) {
    for row in &facts.relations {
        let roles = facts.families.get(&row.family).map(|family| family.roles.as_slice());
        let roles = roles.unwrap_or_default();
        let instead = row
            .instead
            .as_deref()
            .map(|named| named.split('/').next().unwrap_or(named));
        let sets = [row.set.as_deref(), row.other_set.as_deref(), instead];
        for set in sets.into_iter().flatten() {
            if !roles.iter().any(|role| role.variant == set) {
                let message = format!("`{set}` is no code set of {}", row.family);
                fault(found, "set_relations.csv", &row.row.id, message);
            }
        }
    }
}

fn fault(found: &mut Vec<TableError>, file: &str, row: &str, message: String) {
    found.push(TableError {
        file: file.to_owned(),
        line: 0,
        column: row.to_owned(),
        message,
    });
}

/// Two rows of one key never hold on the same day.
fn overlaps(facts: &Facts, found: &mut Vec<TableError>) {
    let mut all: Vec<(&'static str, &Row)> = Vec::new();
    for (file, row) in facts.every_row() {
        all.push((file, row));
    }
    all.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    let key = |row: &Row| row.id.split('@').next().unwrap_or_default().to_owned();
    for (at, (file, row)) in all.iter().enumerate() {
        for (_, other) in all.iter().skip(at + 1).take_while(|(_, other)| key(other) == key(row)) {
            if row.window.overlaps(&other.window) {
                fault(found, file, &row.id, format!("overlaps {}", other.id));
            }
        }
    }
    // Versions of a rule share an id and must not share a day either.
    for (id, versions) in &facts.rules {
        for (at, row) in versions.iter().enumerate() {
            for other in versions.iter().skip(at + 1) {
                if row.row.window.overlaps(&other.row.window) {
                    fault(
                        found,
                        "rules.csv",
                        id,
                        format!("versions {} and {} overlap", row.version, other.version),
                    );
                }
            }
        }
    }
}

/// Every fact is cited by a known source.
fn citations(facts: &Facts, found: &mut Vec<TableError>) {
    for (file, row) in facts.every_row() {
        for id in &row.citations {
            if !facts.citations.contains_key(id) {
                fault(
                    found,
                    file,
                    &row.id,
                    format!("cites `{id}`, which citations.toml does not have"),
                );
            }
        }
    }
}

/// Every code that a row can put into an answer lives on each day of that row.
fn code_lives(facts: &Facts, found: &mut Vec<TableError>) {
    let mut lives = |file: &str, row: &Row, code: Code| {
        for day in edges(facts, &row.window) {
            let alive = facts
                .codes
                .get(&code)
                .is_some_and(|rows| rows.iter().any(|life| !life.never_valid && life.row.window.holds(day)));
            if !alive {
                fault(found, file, &row.id, format!("{code} does not live on {day}"));
            }
        }
    };
    for family in facts.families.values() {
        for role in &family.roles {
            lives("roles.csv", &role.row, role.code);
        }
        for step in &family.steps {
            lives("time_steps.csv", &step.row, step.code);
        }
        for guidance in &family.guidance {
            if let Some((code, _)) = guidance.add {
                lives("guidance.csv", &guidance.row, code);
            }
            for code in &guidance.included {
                lives("guidance.csv", &guidance.row, *code);
            }
        }
    }
    for row in facts.add_ons.values().flatten() {
        lives("add_on_primaries.csv", &row.row, row.add_on);
        lives("add_on_primaries.csv", &row.row, row.primary);
    }
    for row in facts.fees.values().flatten() {
        lives("fee_schedule.csv", &row.row, row.code);
    }
    for row in facts.limits.values().flatten() {
        lives("unit_limits.csv", &row.row, row.code);
    }
    for row in facts.pairs.values().flatten() {
        lives("ptp_pairs.csv", &row.row, row.column1);
        lives("ptp_pairs.csv", &row.row, row.column2);
    }
    for row in &facts.coverage.groups {
        for code in &row.codes {
            lives("coverage_groups.csv", &row.row, *code);
        }
    }
    for row in &facts.coverage.authorizations {
        for code in &row.codes {
            lives("prior_authorization.csv", &row.row, *code);
        }
    }
    for row in facts.codes.values().flatten() {
        for code in row.replaced_by.iter().chain(&row.suggestion) {
            if !facts.codes.contains_key(code) {
                fault(
                    found,
                    "codes.csv",
                    &row.row.id,
                    format!("names {code}, which the table does not have"),
                );
            }
        }
    }
}

/// First and last day of a window that our facts cover, and every boundary of a code's life inside it.
fn edges(facts: &Facts, window: &Window) -> Vec<ServiceDate> {
    let first = window.from.max(facts.coverage_from);
    let last = window.until.and_then(|until| until.0.yesterday().ok()).map(ServiceDate);
    let boundaries = facts
        .codes
        .values()
        .flatten()
        .flat_map(|row| [row.row.window.from, row.row.window.until])
        .flatten();
    let mut days: BTreeSet<ServiceDate> = boundaries
        .filter(|day| window.holds(*day) && Some(*day) >= first)
        .collect();
    days.extend(first);
    days.extend(last);
    days.into_iter().collect()
}

/// Names that point into other tables point at something.
fn references(facts: &Facts, found: &mut Vec<TableError>) {
    for kind in &facts.kinds {
        if let Some(family) = &kind.family
            && !facts.families.contains_key(family)
        {
            fault(found, "kinds.csv", &kind.kind, format!("family `{family}` has no rows"));
        }
    }
    for kind in facts.kind_facts.keys() {
        if kind != "*" && facts.kind(kind).is_none() {
            fault(found, "kind_facts.csv", kind, "no such kind".to_owned());
        }
    }
    let positions: BTreeSet<(&Name, &Name)> = facts
        .conflicts
        .iter()
        .map(|row| (&row.conflict, &row.position))
        .collect();
    let tied = facts.families.values().flat_map(|family| {
        let junctions = family.junctions.iter().map(|row| (&row.row.id, &row.position));
        let primaries = family.primaries.iter().map(|row| (&row.row.id, &row.position));
        let choices = family.choices.iter().map(|row| (&row.row.id, &row.position));
        junctions.chain(primaries).chain(choices)
    });
    for (id, position) in tied {
        if let Some((conflict, position)) = position
            && !positions.contains(&(conflict, position))
        {
            fault(
                found,
                "conflicts.csv",
                id,
                format!("no position `{position}` of `{conflict}`"),
            );
        }
    }
    for profile in facts.profiles.values() {
        for pair in &profile.positions {
            if !positions.contains(&pair) {
                fault(
                    found,
                    "conflicts.csv",
                    &profile.name,
                    format!("no position `{}` of `{}`", pair.1, pair.0),
                );
            }
        }
    }
    for (payer, profile) in &facts.payers {
        if !facts.profiles.contains_key(profile) {
            fault(found, "payers.csv", payer, format!("no profile `{profile}`"));
        }
    }
    for conflict in facts.conflicts.iter().map(|row| &row.conflict).collect::<BTreeSet<_>>() {
        let bases = facts
            .conflicts
            .iter()
            .filter(|row| row.conflict == *conflict && row.base)
            .count();
        if bases == 0 {
            fault(
                found,
                "conflicts.csv",
                conflict,
                "no position is the code set's".to_owned(),
            );
        }
    }
    for row in &facts.bundles {
        if !facts.rules.contains_key(&row.rule) {
            fault(found, "bundles.csv", &row.row.id, format!("no rule `{}`", row.rule));
        }
        for (family, conditions) in [(&row.includes, &row.when), (&row.family, &row.by)] {
            let kinds = kinds_of(facts, family);
            let odd = conditions.iter().filter_map(|one| odd_condition(facts, &kinds, one));
            let unknown = row
                .alike
                .iter()
                .filter(|fact| facts_named(facts, &kinds, fact).next().is_none())
                .map(|fact| format!("reads `{fact}`, which no kind of `{family}` allows"));
            for message in odd.chain(unknown) {
                fault(found, "bundles.csv", &row.row.id, message);
            }
        }
    }
}

/// Whatever guidance leads to has codes on the same days.
fn variants(facts: &Facts, found: &mut Vec<TableError>) {
    for (service, family) in &facts.families {
        // Where choices lead to the code sets, guidance only adds and includes.
        if family.roles.is_empty() || !family.choices.is_empty() {
            continue;
        }
        for row in &family.guidance {
            for day in edges(facts, &row.row.window) {
                let view = View { on: day, as_of: None };
                if !family
                    .roles
                    .iter()
                    .any(|role| role.variant == row.variant && role.row.seen(view))
                {
                    let message = format!("leads to `{service}/{}`, which has no code on {day}", row.variant);
                    fault(found, "guidance.csv", &row.row.id, message);
                }
            }
        }
    }
}

/// Where guidance is not asked, no kind of it may decide: rows of one kind beside a row for whatever was used differ only in
/// what they take in.
fn unasked_guidance(facts: &Facts, found: &mut Vec<TableError>) {
    for (service, family) in &facts.families {
        for any in family.guidance.iter().filter(|row| row.modality.is_none()) {
            let beside = family.guidance.iter().filter(|row| row.modality.is_some());
            for row in beside.filter(|row| row.row.window.overlaps(&any.row.window)) {
                if row.variant != any.variant || row.add.is_some() {
                    let message = format!("decides for `{service}`, where {} does not ask", any.row.id);
                    fault(found, "guidance.csv", &row.row.id, message);
                }
            }
        }
    }
}

/// Families that rows describe whole: their rule, and that every choice reads facts of its kinds and leads to codes.
fn rows_alone(facts: &Facts, found: &mut Vec<TableError>) {
    for name in &facts.families_of_rows {
        let family = facts.families.get(name);
        if !family
            .and_then(|family| family.rule.as_ref())
            .is_some_and(|rule| facts.rules.contains_key(rule))
        {
            fault(
                found,
                "families.csv",
                name,
                "its rule has no row in rules.csv".to_owned(),
            );
        }
        if !facts.kinds.iter().any(|kind| kind.family.as_ref() == Some(name)) {
            fault(found, "families.csv", name, "no kind of procedure is of it".to_owned());
        }
    }
    for (name, family) in &facts.families {
        let kinds = kinds_of(facts, name);
        for row in &family.choices {
            for condition in &row.when {
                if let Some(message) = odd_condition(facts, &kinds, condition) {
                    fault(found, "choices.csv", &row.row.id, message);
                }
            }
            let counts = |fact: &Name| {
                facts_named(facts, &kinds, fact).any(|row| matches!(row.value_type, FactType::Number | FactType::Word))
            };
            if row.count.as_ref().is_some_and(|fact| !counts(fact)) {
                fault(
                    found,
                    "choices.csv",
                    &row.row.id,
                    "`count` is no number or word of the kind".to_owned(),
                );
            }
            let says = |fact: &Name| facts_named(facts, &kinds, fact).any(|row| row.value_type == FactType::Word);
            if row
                .sets
                .iter()
                .filter_map(|set| set.by.as_ref())
                .any(|fact| !says(fact))
            {
                let message = "who did a part is no word of the kind".to_owned();
                fault(found, "choices.csv", &row.row.id, message);
            }
            if row.why.as_deref().is_some_and(|why| !EXCLUSION_REASONS.contains(&why)) {
                fault(
                    found,
                    "choices.csv",
                    &row.row.id,
                    "`why` is no published reason".to_owned(),
                );
            }
            if row.why.is_some() == row.not_reported.is_empty() {
                let message = "`not_reported` and `why` go together".to_owned();
                fault(found, "choices.csv", &row.row.id, message);
            }
            if let Some(code) = row.not_reported.iter().find(|code| !facts.codes.contains_key(*code)) {
                fault(
                    found,
                    "choices.csv",
                    &row.row.id,
                    format!("names {code}, which codes.csv does not have"),
                );
            }
            for day in edges(facts, &row.row.window) {
                let view = View { on: day, as_of: None };
                let has = |set: &Name| {
                    family
                        .roles
                        .iter()
                        .any(|role| role.variant == *set && role.row.seen(view))
                };
                let stepless = family.roles.iter().find(|role| {
                    role.per == Per::Minute
                        && role.row.seen(view)
                        && !family
                            .steps
                            .iter()
                            .any(|step| step.row.seen(view) && step.variant == role.variant && step.code == role.code)
                });
                if let Some(role) = stepless {
                    let message = format!("{} has no step on {day}", role.row.id);
                    fault(found, "time_steps.csv", &role.row.id, message);
                }
                if let Some(ChoiceSet { name: set, .. }) = row.sets.iter().find(|set| !has(&set.name)) {
                    let message = format!("leads to `{name}/{set}`, which has no code on {day}");
                    fault(found, "choices.csv", &row.row.id, message);
                }
            }
        }
    }
    for code in facts.not_derived.keys().filter(|code| !facts.codes.contains_key(*code)) {
        fault(
            found,
            "not_derived.csv",
            code.as_str(),
            "codes.csv does not have it".to_owned(),
        );
    }
}

fn kinds_of<'a>(facts: &'a Facts, family: &str) -> Vec<&'a KindRow> {
    let of_it = |kind: &&KindRow| kind.family.as_deref() == Some(family);
    facts.kinds.iter().filter(of_it).collect()
}

fn facts_named<'a>(facts: &'a Facts, kinds: &'a [&KindRow], fact: &'a str) -> impl Iterator<Item = &'a FactRow> {
    kinds.iter().filter_map(move |kind| facts.fact(&kind.kind, fact))
}

/// What is wrong with a condition: a fact that no kind of the family allows, or a value that the fact does not have.
fn odd_condition(facts: &Facts, kinds: &[&KindRow], condition: &Condition) -> Option<String> {
    let fact = condition.fact.as_ref();
    let words: Vec<&str> = match fact {
        "kind" => kinds.iter().map(|kind| kind.kind.as_ref()).collect(),
        "setting" => vec!["facility", "professional"],
        "side" => Side::ALL.map(Side::as_str).to_vec(),
        "levels" | "region_levels" => {
            let number = matches!(condition.test, Test::Within(..));
            return (!number).then(|| format!("asks words of `{fact}`, which is a number"));
        }
        _ => {
            let rows: Vec<&FactRow> = facts_named(facts, kinds, fact).collect();
            if rows.is_empty() {
                return Some(format!("reads `{fact}`, which no kind of the family allows"));
            }
            if matches!(condition.test, Test::Within(..)) {
                let number = rows.iter().all(|row| row.value_type == FactType::Number);
                return (!number).then(|| format!("asks for limits of `{fact}`, which is no number"));
            }
            let flag = rows.iter().any(|row| row.value_type == FactType::Flag);
            let flags = if flag { vec!["true", "false"] } else { Vec::new() };
            rows.iter()
                .flat_map(|row| &row.values)
                .map(Name::as_ref)
                .chain(flags)
                .collect()
        }
    };
    match &condition.test {
        Test::OneOf(wanted) => {
            let odd = wanted.iter().find(|word| !words.contains(&word.as_ref()))?;
            Some(format!("asks whether `{fact}` is `{odd}`, which is none of its values"))
        }
        Test::Within(..) => Some(format!("asks for limits of `{fact}`, which is no number")),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_built_in_facts_have_no_fault() {
        if let Err(fault) = crate::built_in() {
            panic!("{}", fault.to_string().replace("; ", "\n"));
        }
    }
}
