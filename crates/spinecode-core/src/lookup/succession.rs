//! Which facts lead to which codes on a day, and what became what between two days: both read from the same rows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, Evidence, Succession, Way, WhenFact};
use crate::anatomy::Place;
use crate::code::Code;
use crate::context::GUIDANCE;
use crate::date::{ServiceDate, View};
use crate::facts::{Condition, FactType, Facts, Family, GuidanceRow, Per, RoleRow, Row, Test};
use crate::name::Name;

/// Facts and the values they may have.
pub(crate) type When = BTreeMap<Name, BTreeSet<Name>>;

const TECHNIQUE: &str = "technique";
const TEMPERATURE: &str = "temperature_celsius";

/// One way to code sets: under these facts these sets, with these separate codes.
#[derive(Clone, Default)]
pub(crate) struct Path<'a> {
    pub(crate) when: When,
    pub(crate) sets: Vec<&'a Name>,
    pub(crate) adds: Vec<(Code, Per, &'a GuidanceRow)>,
    pub(crate) rows: Vec<&'a Row>,
    /// It holds only where no earlier one does.
    ordered: bool,
    /// The service whose guidance leads here; `None`: any.
    service: Option<&'a Name>,
    /// No row leads here: the family's rule does, by logic of its own.
    pub(crate) unled: bool,
}

/// A role with the facts that lead to it.
pub(crate) struct Led<'a> {
    pub(crate) role: &'a RoleRow,
    pub(crate) path: Path<'a>,
}

/// Services of a family in `guidance.csv`: itself, those its choices name, and those named after it without codes of their own.
pub(crate) fn services<'a>(facts: &'a Facts, family: &str) -> Vec<(&'a Name, &'a Family)> {
    let mut found: Vec<(&Name, &Family)> = facts
        .families
        .iter()
        .filter(|(name, _)| *name == family || owner(facts, name) == family)
        .collect();
    found.sort_by_key(|(name, _)| *name);
    found
}

/// Whether a family of the tables is only a service of another one: guidance without codes or kinds.
pub(crate) fn is_service(facts: &Facts, name: &str, rows: &Family) -> bool {
    rows.roles.is_empty() && !facts.kinds.iter().any(|kind| kind.family.as_deref() == Some(name))
}

/// The family that a service belongs to: itself, one whose choices name it, or the longest that its name begins with.
pub(crate) fn owner<'a>(facts: &'a Facts, service: &'a Name) -> &'a Name {
    let whole = facts
        .families
        .get(service)
        .is_none_or(|rows| !is_service(facts, service, rows));
    if whole {
        return service;
    }
    let families = || {
        facts
            .families
            .iter()
            .filter(|(name, rows)| !is_service(facts, name, rows))
    };
    let names = |rows: &Family| rows.choices.iter().any(|row| row.service.as_ref() == Some(service));
    let starts = |name: &Name| {
        service
            .strip_prefix(name.as_ref())
            .is_some_and(|rest| rest.starts_with('_'))
    };
    let naming = families().filter(|(_, rows)| names(rows)).map(|(name, _)| name).min();
    let begun = families().map(|(name, _)| name).filter(|name| starts(name));
    naming
        .or_else(|| begun.max_by_key(|name| name.len()))
        .unwrap_or(service)
}

/// Every way to a family's code sets on a date.
pub(crate) fn paths<'a>(asked: &Asked<'a>, family: &str, view: View) -> Vec<Path<'a>> {
    let facts = asked.facts;
    let Some((own, rows)) = facts.families.get_key_value(family) else {
        return Vec::new();
    };
    let mut found: Vec<Path<'a>> = Vec::new();
    if rows.choices.is_empty() {
        techniques(facts, family, view, &mut found);
        for (name, service) in services(facts, family) {
            guided(name, service, view, &mut found);
        }
    } else {
        chosen(facts, own, rows, view, &mut found);
    }
    // What no row leads to is the rule's own choice; a set named after a value of a fact is that fact's.
    let whatever: Vec<&GuidanceRow> = rows
        .guidance
        .iter()
        .filter(|row| row.modality.is_none() && row.row.seen(view))
        .collect();
    for role in rows.roles.iter().filter(|role| role.row.seen(view)) {
        if found.iter().any(|path| path.sets.contains(&&role.variant)) {
            continue;
        }
        found.push(Path {
            when: stated_by(facts, family, &role.variant).into_iter().collect(),
            sets: vec![&role.variant],
            adds: whatever.iter().filter_map(|row| added(row)).collect(),
            service: Some(own),
            unled: true,
            ..Path::default()
        });
    }
    found
}

/// Ways that a technique opens by itself, narrower ones first.
fn techniques<'a>(facts: &'a Facts, family: &str, view: View, found: &mut Vec<Path<'a>>) {
    let mut rows: Vec<_> = facts
        .techniques
        .iter()
        .filter(|row| row.family == family && row.row.seen(view))
        .collect();
    rows.sort_by_key(|row| row.below_celsius.is_none());
    for row in rows {
        let Some(variant) = &row.variant else { continue };
        let mut when = one(TECHNIQUE, row.technique.clone());
        if let Some(limit) = row.below_celsius {
            when.extend(one(TEMPERATURE, Name::Owned(format!("below {limit}"))));
        }
        found.push(Path {
            when,
            sets: vec![variant],
            rows: vec![&row.row],
            ordered: true,
            ..Path::default()
        });
    }
}

/// Ways that guidance opens.
fn guided<'a>(name: &'a Name, rows: &'a Family, view: View, found: &mut Vec<Path<'a>>) {
    for row in rows.guidance.iter().filter(|row| row.row.seen(view)) {
        found.push(Path {
            when: row.modality.clone().map(|word| one(GUIDANCE, word)).unwrap_or_default(),
            sets: vec![&row.variant],
            adds: added(row).into_iter().collect(),
            rows: vec![&row.row],
            service: Some(name),
            ..Path::default()
        });
    }
}

/// Ways that the choices of a family open, each with what guidance does beside it.
fn chosen<'a>(facts: &'a Facts, own: &'a Name, rows: &'a Family, view: View, found: &mut Vec<Path<'a>>) {
    for choice in rows.choices.iter().filter(|row| row.row.seen(view)) {
        let mut when: When = choice
            .when
            .iter()
            .map(|one| (one.fact.clone(), asked_of(one)))
            .collect();
        // Where sources disagree, the position taken is one more condition.
        if let Some((conflict, position)) = &choice.position {
            when.insert(conflict.clone(), BTreeSet::from([position.clone()]));
        }
        let plain = Path {
            when,
            sets: choice.sets.iter().map(|set| &set.name).collect(),
            rows: vec![&choice.row],
            ordered: true,
            ..Path::default()
        };
        let service = choice.service.as_ref().unwrap_or(own);
        let guides: Vec<&GuidanceRow> = facts
            .families
            .get(service)
            .map(|rows| rows.guidance.iter().filter(|row| row.row.seen(view)).collect())
            .unwrap_or_default();
        let mut rest: BTreeSet<Name> = values(facts, own, GUIDANCE);
        if let Some(wanted) = plain.when.get(GUIDANCE) {
            rest.retain(|word| wanted.contains(word));
        }
        for guide in &guides {
            let mine = guide
                .modality
                .clone()
                .map(|word| one(GUIDANCE, word))
                .unwrap_or_default();
            let Some(when) = both(&plain.when, &mine) else { continue };
            match &guide.modality {
                Some(word) => {
                    rest.remove(word);
                }
                None => rest.clear(),
            }
            let mut path = plain.clone();
            path.when = when;
            path.adds.extend(added(guide));
            path.rows.push(&guide.row);
            found.push(path);
        }
        if guides.is_empty() || !rest.is_empty() {
            let mut path = plain;
            if !guides.is_empty() {
                path.when.insert(Name::Borrowed(GUIDANCE), rest);
            }
            found.push(path);
        }
    }
}

/// The values that a condition asks for; a range as `low..high`.
fn asked_of(condition: &Condition) -> BTreeSet<Name> {
    match &condition.test {
        Test::OneOf(words) => words.iter().cloned().collect(),
        Test::Within(low, high) => {
            let text = |limit: &Option<i64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
            BTreeSet::from([Name::Owned(format!("{}..{}", text(low), text(high)))])
        }
    }
}

/// The values a fact may have for the kinds of a family.
fn values(facts: &Facts, family: &Name, fact: &str) -> BTreeSet<Name> {
    let kinds = facts.kinds.iter().filter(|kind| kind.family.as_ref() == Some(family));
    let rows = kinds.filter_map(|kind| facts.fact(&kind.kind, fact));
    rows.flat_map(|row| row.values.iter().cloned()).collect()
}

/// A range as limits, where the text is one.
fn range(text: &str) -> Option<(i64, i64)> {
    let (low, high) = text.split_once("..")?;
    let limit = |text: &str, open: i64| if text.is_empty() { Some(open) } else { text.parse().ok() };
    Some((limit(low, i64::MIN)?, limit(high, i64::MAX)?))
}

/// What two lists of values share; ranges share what lies in both.
fn shared(one: &BTreeSet<Name>, other: &BTreeSet<Name>) -> BTreeSet<Name> {
    let mut found: BTreeSet<Name> = one.intersection(other).cloned().collect();
    for (mine, theirs) in one
        .iter()
        .flat_map(|mine| other.iter().map(move |theirs| (mine, theirs)))
    {
        if let (Some((low, high)), Some((from, to))) = (range(mine), range(theirs))
            && mine != theirs
            && low.max(from) <= high.min(to)
        {
            let text = |limit: i64, open: i64| {
                if limit == open {
                    String::new()
                } else {
                    limit.to_string()
                }
            };
            let (low, high) = (text(low.max(from), i64::MIN), text(high.min(to), i64::MAX));
            found.insert(Name::Owned(format!("{low}..{high}")));
        }
    }
    found
}

fn added(row: &GuidanceRow) -> Option<(Code, Per, &GuidanceRow)> {
    row.add.map(|(code, per)| (code, per, row))
}

fn one(fact: &'static str, value: Name) -> When {
    BTreeMap::from([(Name::Borrowed(fact), BTreeSet::from([value]))])
}

/// The fact of a family's kinds that a word is a value of, where the tables use one word for both.
fn stated_by(facts: &Facts, family: &str, word: &Name) -> Option<(Name, BTreeSet<Name>)> {
    let kinds = facts.kinds.iter().filter(|kind| kind.family.as_deref() == Some(family));
    let mut own = kinds.flat_map(|kind| facts.kind_facts.get(&kind.kind).into_iter().flatten());
    let fact = own.find(|row| row.value_type != FactType::Number && row.values.contains(word))?;
    Some((fact.fact.clone(), BTreeSet::from([word.clone()])))
}

/// Every role of a family on a date, once for each way to it.
pub(crate) fn led<'a>(asked: &Asked<'a>, family: &str, view: View) -> Vec<Led<'a>> {
    let Some(rows) = asked.facts.families.get(family) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in paths(asked, family, view) {
        for role in &rows.roles {
            if role.row.seen(view) && path.sets.contains(&&role.variant) {
                let mut path = path.clone();
                path.when.extend(stated_by(asked.facts, family, &role.role));
                found.push(Led { role, path });
            }
        }
    }
    found
}

/// Both conditions together; `None` where they exclude each other.
fn both(one: &When, other: &When) -> Option<When> {
    let mut merged = one.clone();
    for (fact, values) in other {
        match merged.get_mut(fact) {
            None => {
                merged.insert(fact.clone(), values.clone());
            }
            Some(known) => {
                *known = shared(known, values);
                if known.is_empty() {
                    return None;
                }
            }
        }
    }
    Some(merged)
}

/// Whether an earlier way takes all that these conditions leave.
fn taken_before(paths: &[Path<'_>], at: usize, when: &When) -> bool {
    paths.iter().take(at).filter(|path| path.ordered).any(|path| {
        path.when
            .iter()
            .all(|(fact, values)| when.get(fact).is_some_and(|mine| mine.is_subset(values)))
    })
}

/// What became what in a family between two days, as far as a code has part in it.
pub(crate) fn between<'a>(asked: &Asked<'a>, family: &str, code: Code, old: View, new: View) -> Vec<Change<'a>> {
    let Some(rows) = asked.facts.families.get(family) else {
        return Vec::new();
    };
    let places = Places { rows, old, new };
    let (before, after) = (paths(asked, family, old), paths(asked, family, new));
    let roles = |path: &Path<'a>, view: View| -> Vec<&'a RoleRow> {
        let seen = rows.roles.iter().filter(|role| role.row.seen(view));
        seen.filter(|role| path.sets.contains(&&role.variant)).collect()
    };
    let with_roles = |paths: &[Path<'a>], view: View| -> Vec<(Vec<&'a RoleRow>, bool)> {
        let all = paths.iter().map(|path| {
            let roles = roles(path, view);
            let part = roles.iter().any(|role| role.code == code) || path.adds.iter().any(|(add, _, _)| *add == code);
            (roles, part)
        });
        all.collect()
    };
    let (roles_before, roles_after) = (with_roles(&before, old), with_roles(&after, new));
    let mut found: Vec<Change<'a>> = Vec::new();
    for (old_at, (old_path, (mine, left))) in before.iter().zip(&roles_before).enumerate() {
        for (new_at, (new_path, (theirs, came))) in after.iter().zip(&roles_after).enumerate() {
            if !left && !came {
                continue;
            }
            let Some(when) = both(&old_path.when, &new_path.when) else {
                continue;
            };
            if taken_before(&before, old_at, &when) || taken_before(&after, new_at, &when) {
                continue;
            }
            if old_path
                .service
                .zip(new_path.service)
                .is_some_and(|(one, other)| one != other)
            {
                continue;
            }
            // What a rule chooses by itself goes where its name goes, or role by role into a set that is new.
            let by_name = (old_path.unled || new_path.unled) && old_path.sets != new_path.sets;
            let had = |paths: &[Path<'_>], sets: &[&Name]| paths.iter().any(|path| path.sets == sets);
            if by_name && had(&before, &new_path.sets) && had(&after, &old_path.sets) {
                continue;
            }
            for role in mine {
                let mut when = when.clone();
                when.extend(stated_by(asked.facts, family, &role.role));
                let mut partners = partners(role, mine, theirs, &places);
                if by_name {
                    partners.retain(|other| other.role == role.role);
                    if partners.is_empty() {
                        continue;
                    }
                }
                let ends = partners.iter().map(|one| Some(*one));
                let none = partners.is_empty().then_some(None);
                for partner in ends.chain(none) {
                    let stated = partner.and_then(|one| stated_by(asked.facts, family, &one.role));
                    let Some(when) = both(&when, &stated.into_iter().collect()) else {
                        continue;
                    };
                    found.extend(change(family, role, partner, when, old_path, new_path));
                }
            }
        }
    }
    found
}

/// One change under one set of facts.
#[derive(Clone)]
pub(crate) struct Change<'a> {
    pub(crate) families: Vec<Name>,
    pub(crate) when: When,
    pub(crate) before: Vec<Code>,
    pub(crate) after: Vec<Code>,
    pub(crate) beside: Vec<Code>,
    pub(crate) role_before: Name,
    pub(crate) role_after: Name,
    pub(crate) unit_before: Name,
    pub(crate) unit_after: Name,
    pub(crate) rows: Vec<&'a Row>,
}

fn change<'a>(
    family: &str,
    role: &'a RoleRow,
    partner: Option<&'a RoleRow>,
    when: When,
    old: &Path<'a>,
    new: &Path<'a>,
) -> Option<Change<'a>> {
    let codes = |role: Option<&RoleRow>, path: &Path<'_>| -> BTreeSet<Code> {
        let own = role.map(|role| role.code);
        // A level that has no code of its own any more brings no guidance of its own either.
        let added = path.adds.iter().map(|(code, _, _)| *code).filter(|_| role.is_some());
        own.into_iter().chain(added).collect()
    };
    let (before, after) = (codes(Some(role), old), codes(partner, new));
    let beside: Vec<Code> = before.intersection(&after).copied().collect();
    let only = |mine: &BTreeSet<Code>, other: &BTreeSet<Code>| mine.difference(other).copied().collect::<Vec<Code>>();
    let (gone, come) = (only(&before, &after), only(&after, &before));
    if gone.is_empty() {
        return None;
    }
    // Where the code stays and only its guidance changes, it is the guidance that is told of.
    let own = partner.is_none_or(|partner| partner.code != role.code);
    let part = |role: &RoleRow| {
        let region = role
            .region
            .as_ref()
            .map(|region| format!(", {region}"))
            .unwrap_or_default();
        let count = match role.nth_to {
            _ if role.per.is_level() => String::new(),
            Some(to) if to > 1 => format!(", {} to {to}", role.nth_from),
            None if role.nth_from > 1 => format!(", {} and more", role.nth_from),
            _ => String::new(),
        };
        Name::Owned(format!("{}{region}{count}", role.role))
    };
    let told = |role: Option<&RoleRow>| role.filter(|_| own).map(part).unwrap_or_default();
    let unit = |role: Option<&RoleRow>, path: &Path<'_>| match role {
        Some(role) if own => Name::Borrowed(role.per.as_str()),
        _ => path
            .adds
            .first()
            .map(|(_, per, _)| Name::Borrowed(per.as_str()))
            .unwrap_or_default(),
    };
    let mut rows: Vec<&'a Row> = vec![&role.row];
    rows.extend(&old.rows);
    rows.extend(partner.map(|partner| &partner.row));
    rows.extend(&new.rows);
    Some(Change {
        families: vec![Name::Owned(family.to_owned())],
        when,
        before: gone,
        after: come,
        beside,
        role_before: told(Some(role)),
        role_after: told(partner),
        unit_before: unit(Some(role), old),
        unit_after: unit(partner, new),
        rows,
    })
}

/// Where the regions of two days lie.
struct Places<'a> {
    rows: &'a Family,
    old: View,
    new: View,
}

impl Places<'_> {
    fn of(&self, region: &Name, view: View) -> BTreeSet<&Place> {
        let rows = self
            .rows
            .junctions
            .iter()
            .filter(|row| row.region == *region && row.row.seen(view));
        rows.flat_map(|row| &row.places).collect()
    }

    fn meet(&self, old: &RoleRow, new: &RoleRow) -> bool {
        match (&old.region, &new.region) {
            (Some(one), Some(other)) if one != other => {
                let there = self.of(other, self.new);
                self.of(one, self.old).iter().any(|place| there.contains(place))
            }
            _ => true,
        }
    }
}

/// The roles that took over what a role covered.
fn partners<'a>(role: &RoleRow, mine: &[&'a RoleRow], theirs: &[&'a RoleRow], places: &Places<'_>) -> Vec<&'a RoleRow> {
    let here: Vec<&RoleRow> = theirs
        .iter()
        .copied()
        .filter(|other| places.meet(role, other))
        .collect();
    // A region that kept its name kept its work; only one that is gone is looked for elsewhere.
    let named: Vec<&RoleRow> = here
        .iter()
        .copied()
        .filter(|other| other.region == role.region)
        .collect();
    let here = if named.is_empty() { here } else { named };
    let same: Vec<&RoleRow> = here.iter().copied().filter(|other| other.role == role.role).collect();
    if !same.is_empty() {
        return same;
    }
    let near = |known: &RoleRow| known.region.is_none() || known.region == role.region;
    let claimed = |other: &RoleRow| mine.iter().any(|known| near(known) && known.role == other.role);
    let covers = |other: &RoleRow| {
        if role.per.is_level() && other.per.is_level() {
            role.nth_to.is_none_or(|to| other.nth_from <= to) && other.nth_to.is_none_or(|to| role.nth_from <= to)
        } else {
            role.nth_from <= 1
        }
    };
    here.into_iter()
        .filter(|other| !claimed(other) && covers(other))
        .collect()
}

/// Joins what differs in one fact only, and drops conditions that name every value.
pub(crate) fn join<'a>(facts: &Facts, mut changes: Vec<Change<'a>>) -> Vec<Change<'a>> {
    let key = |one: &Change<'_>| {
        (
            one.before.clone(),
            one.after.clone(),
            one.beside.clone(),
            one.role_before.clone(),
            one.role_after.clone(),
            one.unit_before.clone(),
            one.unit_after.clone(),
        )
    };
    changes.sort_by(|a, b| (key(a), &a.families, &a.when).cmp(&(key(b), &b.families, &b.when)));
    let mut joined: Vec<Change<'a>> = Vec::new();
    for one in changes {
        let mut one = one;
        // A join may open the way to another, so it is tried until nothing more joins.
        while let Some(at) = joined.iter().position(|known| {
            key(known) == key(&one) && known.families == one.families && joint(&known.when, &one.when).is_some()
        }) {
            let known = joined.remove(at);
            one.when = joint(&known.when, &one.when).unwrap_or_default();
            one.rows.extend(known.rows);
        }
        joined.push(one);
    }
    for one in &mut joined {
        let families = &one.families;
        one.when
            .retain(|fact, values| !every_value(facts, families, fact, values));
    }
    // The same change in several families is told once; where only the guidance changed, beside whatever it guided.
    let mut told: Vec<Change<'a>> = Vec::new();
    for one in joined {
        let guides = |one: &Change<'_>| one.role_before.is_empty() && one.role_after.is_empty();
        let same = told.iter_mut().find(|known| {
            if guides(known) && guides(&one) {
                (&known.before, &known.after) == (&one.before, &one.after)
            } else {
                key(known) == key(&one) && known.when == one.when
            }
        });
        match same {
            Some(known) => {
                known.families.extend(one.families);
                known.rows.extend(one.rows);
                known.beside.extend(one.beside);
                known.when.retain(|fact, _| one.when.contains_key(fact));
                for (fact, values) in &mut known.when {
                    values.extend(one.when.get(fact).into_iter().flatten().cloned());
                }
            }
            None => told.push(one),
        }
    }
    for one in &mut told {
        one.families.sort();
        one.families.dedup();
        one.beside.sort();
        one.beside.dedup();
        one.rows.sort_by(|a, b| a.id.cmp(&b.id));
        one.rows.dedup_by(|a, b| a.id == b.id);
    }
    told.sort_by(|a, b| (key(a), &a.families, &a.when).cmp(&(key(b), &b.families, &b.when)));
    told
}

/// Two conditions as one, where one implies the other or they differ in one fact only.
fn joint(one: &When, other: &When) -> Option<When> {
    let implies = |narrow: &When, wide: &When| {
        wide.iter()
            .all(|(fact, values)| narrow.get(fact).is_some_and(|mine| mine.is_subset(values)))
    };
    if implies(one, other) {
        return Some(other.clone());
    }
    if implies(other, one) {
        return Some(one.clone());
    }
    if !one.keys().eq(other.keys()) {
        return None;
    }
    let mut differing = one.iter().filter(|(fact, values)| other.get(*fact) != Some(values));
    let (fact, values) = differing.next()?;
    if differing.next().is_some() {
        return None;
    }
    let mut merged = one.clone();
    let all = values.union(other.get(fact)?).cloned().collect();
    merged.insert(fact.clone(), all);
    Some(merged)
}

/// Whether a condition names every value that the families' kinds allow, so that it says nothing.
fn every_value(facts: &Facts, families: &[Name], fact: &Name, values: &BTreeSet<Name>) -> bool {
    let kinds = facts
        .kinds
        .iter()
        .filter(|kind| kind.family.as_ref().is_some_and(|family| families.contains(family)));
    let mut rows = kinds.filter_map(|kind| facts.fact(&kind.kind, fact)).peekable();
    rows.peek().is_some()
        && rows.all(|row| !row.values.is_empty() && row.values.iter().all(|value| values.contains(value)))
}

/// Facts as the answer tells them.
pub(crate) fn told(when: &When) -> Vec<WhenFact> {
    when.iter()
        .map(|(fact, values)| WhenFact {
            fact: fact.clone(),
            values: values.iter().cloned().collect(),
        })
        .collect()
}

/// Ways as the answer tells them: joined, sorted.
pub(crate) fn told_ways(facts: &Facts, families: &[Name], whens: Vec<When>) -> Vec<Way> {
    let mut joined: Vec<When> = Vec::new();
    for mut when in whens {
        while let Some(at) = joined.iter().position(|known| joint(known, &when).is_some()) {
            let known = joined.remove(at);
            when = joint(&known, &when).unwrap_or_default();
        }
        joined.push(when);
    }
    let mut ways: Vec<Way> = joined
        .into_iter()
        .map(|mut when| {
            when.retain(|fact, values| !every_value(facts, families, fact, values));
            Way { when: told(&when) }
        })
        .collect();
    ways.sort();
    ways.dedup();
    // Where nothing is needed, nothing else is worth telling.
    if ways.iter().any(|way| way.when.is_empty()) {
        ways.clear();
    }
    ways
}

/// A change as the answer tells it.
pub(crate) fn succession(change: Change<'_>, first_day: ServiceDate, on: ServiceDate) -> Succession {
    Succession {
        first_day,
        families: change.families,
        when: told(&change.when),
        before: change.before,
        after: change.after,
        beside: change.beside,
        role_before: change.role_before,
        role_after: change.role_after,
        unit_before: change.unit_before,
        unit_after: change.unit_after,
        basis: Name::Borrowed("rows"),
        evidence: change.rows.into_iter().map(|row| Evidence::of(row, on)).collect(),
    }
}
