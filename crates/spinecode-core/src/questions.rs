//! Unknown facts: which codings remain possible, and which questions tell them apart. Nothing is assumed in the answer;
//! assumptions only show what each answer to a question would mean.

use std::collections::BTreeMap;

use crate::anatomy::{Place, Side};
use crate::answer::{Assumption, Question};
use crate::case::{FactValue, Site, shared_site};
use crate::context::{Assumed, AssumedValue, Draft, Recorder, Unknown, Wanted};
use crate::evaluate::{Subject, evaluate};
use crate::facts::{Effect, FactRow, FactType};
use crate::name::Name;
use crate::render::Bill;
use crate::trace::TraceLevel;

/// Most questions in an answer.
pub const MOST_QUESTIONS: usize = 3;
/// Most codings in an answer.
pub const MOST_CODINGS: usize = 24;
/// Most evaluations spent on one case with many unknowns (some tens of milliseconds); beyond it the answer says that the
/// list of codings is cut.
const MOST_EVALUATIONS: usize = 5_000;

/// One way the unknowns may turn out.
pub struct Leaf {
    /// Under these assumptions.
    pub assumed: Vec<Assumed>,
    /// The code-set answer.
    pub draft: Draft,
    /// Its trace.
    pub trace: Recorder,
    /// What the profile sends.
    pub bill: Bill,
}

impl Leaf {
    /// The coding in short: what is reported and what is billed.
    pub fn coding(&self) -> Vec<String> {
        let reported = self.bill.reported_keys.iter().map(|key| format!("reported {key}"));
        reported.chain(self.bill.keys()).collect()
    }
}

/// Works out every leaf; says whether there were too many to work out.
pub fn leaves(
    subject: Subject<'_>,
    level: TraceLevel,
    bill: &mut dyn FnMut(&[Assumed], &Draft) -> Bill,
) -> (Vec<Leaf>, bool) {
    let mut found = Vec::new();
    let mut budget = MOST_EVALUATIONS;
    visit(subject, level, &mut Vec::new(), &mut found, &mut budget, bill);
    (found, budget == 0)
}

fn visit(
    subject: Subject<'_>,
    level: TraceLevel,
    assumed: &mut Vec<Assumed>,
    found: &mut Vec<Leaf>,
    budget: &mut usize,
    bill: &mut dyn FnMut(&[Assumed], &Draft) -> Bill,
) {
    if *budget == 0 {
        return;
    }
    *budget -= 1;
    match evaluate(subject, None, assumed, level) {
        Ok((draft, trace)) if consistent(subject, assumed) => {
            let bill = bill(assumed, &draft);
            found.push(Leaf {
                assumed: assumed.clone(),
                draft,
                trace,
                bill,
            });
        }
        Ok(_) => {}
        Err(unknown) => {
            for value in domain(subject, &unknown) {
                assumed.push(Assumed {
                    unknown: unknown.clone(),
                    value,
                });
                visit(subject, level, assumed, found, budget, bill);
                assumed.pop();
            }
        }
    }
}

/// Whether the assumptions could be a case: one site is never done in two ways.
fn consistent(subject: Subject<'_>, assumed: &[Assumed]) -> bool {
    let procedures = &subject.case.procedures;
    let assumed_for = |at: usize| assumed.iter().filter(move |one| one.unknown.procedure == at);
    let side = |at: usize| {
        move |site: &Site| {
            site.side.or_else(|| {
                assumed_for(at).find_map(|one| {
                    if let AssumedValue::Side(side) = one.value {
                        Some(side)
                    } else {
                        None
                    }
                })
            })
        }
    };
    let value = |at: usize, fact: &Name| {
        let stated = procedures.get(at).and_then(|procedure| procedure.fact(fact));
        stated.or_else(|| {
            assumed_for(at).find_map(|one| match (&one.unknown.wanted, &one.value) {
                (Wanted::Fact(name), AssumedValue::Fact(value)) if name == fact => Some(value),
                _ => None,
            })
        })
    };
    assumed.iter().all(|one| {
        let (Wanted::Fact(fact), at) = (&one.unknown.wanted, one.unknown.procedure) else {
            return true;
        };
        let Some(mine) = procedures.get(at) else { return true };
        procedures
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .all(|(other, theirs)| {
                let differs = matches!((value(at, fact), value(other, fact)), (Some(one), Some(two)) if one != two);
                !differs || shared_site(mine, theirs, side(at), side(other)).is_none()
            })
    })
}

fn fact_row<'a>(subject: Subject<'a>, unknown: &Unknown) -> Option<&'a FactRow> {
    let name = match &unknown.wanted {
        Wanted::Fact(name) => name.as_ref(),
        Wanted::Side => "side",
        Wanted::Levels => "levels",
    };
    subject
        .facts
        .fact(&subject.case.procedures.get(unknown.procedure)?.kind, name)
}

/// The values an unknown may take.
fn domain(subject: Subject<'_>, unknown: &Unknown) -> Vec<AssumedValue> {
    let Some(procedure) = subject.case.procedures.get(unknown.procedure) else {
        return Vec::new();
    };
    let fact = |value| AssumedValue::Fact(value);
    match &unknown.wanted {
        Wanted::Side => [Side::Left, Side::Right, Side::Bilateral]
            .into_iter()
            .filter(|side| procedure.sides.is_empty() || procedure.sides.contains(side))
            .map(AssumedValue::Side)
            .collect(),
        Wanted::Levels => some_levels(subject, unknown.procedure),
        Wanted::Fact(_) => {
            let Some(row) = fact_row(subject, unknown) else {
                return Vec::new();
            };
            match row.value_type {
                FactType::Word => row.values.iter().cloned().map(FactValue::Word).map(fact).collect(),
                FactType::Flag => [true, false].into_iter().map(FactValue::Flag).map(fact).collect(),
                FactType::Number => row
                    .values
                    .iter()
                    .filter_map(|value| value.parse().ok())
                    .map(FactValue::Number)
                    .map(fact)
                    .collect(),
                // None, each alone, and several: what rules that read lists tell apart.
                FactType::Words => std::iter::once(Vec::new())
                    .chain(row.values.iter().map(|word| vec![word.clone()]))
                    .chain([row.values.iter().take(2).cloned().collect()])
                    .map(FactValue::Words)
                    .map(fact)
                    .collect(),
            }
        }
    }
}

/// Up to three levels in each body region (or in the one named), standing for any as many.
fn some_levels(subject: Subject<'_>, at: usize) -> Vec<AssumedValue> {
    const MOST: usize = 3;
    let Some(procedure) = subject.case.procedures.get(at) else {
        return Vec::new();
    };
    let named: Vec<&Name> = procedure
        .sites
        .iter()
        .filter_map(|site| {
            if let Place::Region(name) = &site.place {
                Some(name)
            } else {
                None
            }
        })
        .filter_map(|name| subject.facts.region_bodies.get(name))
        .collect();
    let family = procedure
        .family
        .as_ref()
        .and_then(|family| subject.facts.families.get(family));
    let usual = subject.facts.kind(&procedure.kind).and_then(|kind| kind.sites.first());
    let mut regions: BTreeMap<&Name, Vec<Place>> = BTreeMap::new();
    for row in family.map(|family| family.junctions.as_slice()).unwrap_or_default() {
        let wanted = named.is_empty() || named.contains(&&row.body_region);
        if row.position.is_some() || !row.row.seen(subject.view) || !wanted {
            continue;
        }
        let places = row
            .places
            .iter()
            .filter(|place| !place.is_transitional())
            .filter(|place| match usual.map(Name::as_ref) {
                // A foramen that belongs to an interspace is counted, and asked for, as it.
                Some("foramen") => matches!(place, Place::Foramen(_) | Place::Interspace(_)),
                usual => usual == Some(place.site_type()),
            });
        regions.entry(&row.body_region).or_default().extend(places.cloned());
    }
    regions
        .into_iter()
        .flat_map(|(region, places)| {
            (1..=MOST.min(places.len()))
                .map(move |count| AssumedValue::Levels(places.iter().take(count).cloned().collect(), region.clone()))
        })
        .collect()
}

/// Path of an unknown in the case.
pub fn path(unknown: &Unknown) -> String {
    let fact = match &unknown.wanted {
        Wanted::Fact(name) => name.as_ref(),
        Wanted::Side => "side",
        Wanted::Levels => "levels",
    };
    format!("procedures[{}].{fact}", unknown.procedure)
}

/// An assumption as an answer shows it.
pub fn assumption(assumed: &Assumed) -> Assumption {
    Assumption {
        path: path(&assumed.unknown),
        value: value_text(&assumed.value),
    }
}

fn value_text(value: &AssumedValue) -> Name {
    match value {
        AssumedValue::Fact(value) => value.text(),
        AssumedValue::Side(side) => Name::Borrowed(side.as_str()),
        AssumedValue::Levels(places, region) => Name::Owned(format!("{} {region}", places.len())),
    }
}

/// An unknown that only adds lines, once settled: the value that adds nothing, and what each other value adds.
pub struct Settled {
    /// The unknown.
    pub unknown: Unknown,
    /// Value, and the billed lines it would add.
    pub adds: Vec<(Name, Vec<String>)>,
}

/// Takes out the unknowns that could only add a separate line: the leaves kept are those without it.
pub fn settle_additive(subject: Subject<'_>, leaves: &mut Vec<Leaf>) -> Vec<Settled> {
    let mut settled = Vec::new();
    let mut unknowns: Vec<Unknown> = Vec::new();
    for assumed in leaves.iter().flat_map(|leaf| &leaf.assumed) {
        let may_add = fact_row(subject, &assumed.unknown).is_some_and(|row| row.effect == Effect::MayAdd);
        if may_add && !unknowns.contains(&assumed.unknown) {
            unknowns.push(assumed.unknown.clone());
        }
    }
    for unknown in unknowns {
        let Some(base) = base_value(leaves, &unknown) else {
            continue;
        };
        let mut adds: Vec<(Name, Vec<String>)> = Vec::new();
        for leaf in leaves.iter() {
            let Some(mine) = leaf.assumed.iter().find(|assumed| assumed.unknown == unknown) else {
                continue;
            };
            let Some(bare) = same_but(leaves, leaf, &unknown, &base) else {
                continue;
            };
            let more = beyond(&bare.bill.keys(), &leaf.bill.keys());
            let value = value_text(&mine.value);
            if !more.is_empty() && !adds.iter().any(|(known, _)| *known == value) {
                adds.push((value, more));
            }
        }
        leaves.retain(|leaf| {
            leaf.assumed
                .iter()
                .find(|assumed| assumed.unknown == unknown)
                .is_none_or(|assumed| assumed.value == base)
        });
        if !adds.is_empty() {
            settled.push(Settled { unknown, adds });
        }
    }
    settled
}

/// The value whose coding every other value's coding contains, whatever the other unknowns turn out to be.
fn base_value(leaves: &[Leaf], unknown: &Unknown) -> Option<AssumedValue> {
    let of = |leaf: &Leaf| {
        leaf.assumed
            .iter()
            .find(|assumed| assumed.unknown == *unknown)
            .map(|assumed| assumed.value.clone())
    };
    let mut values: Vec<AssumedValue> = Vec::new();
    for value in leaves.iter().filter_map(of) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values.into_iter().find(|value| {
        leaves.iter().filter(|leaf| of(leaf).is_some()).all(|leaf| {
            same_but(leaves, leaf, unknown, value).is_some_and(|bare| {
                contains(&leaf.bill.keys(), &bare.bill.keys())
                    && contains(&leaf.bill.reported_keys, &bare.bill.reported_keys)
            })
        })
    })
}

/// The leaf that differs from another in the value of one unknown alone.
fn same_but<'l>(leaves: &'l [Leaf], leaf: &Leaf, unknown: &Unknown, value: &AssumedValue) -> Option<&'l Leaf> {
    leaves.iter().find(|other| {
        other.assumed.len() == leaf.assumed.len()
            && leaf.assumed.iter().all(|assumed| {
                other.assumed.iter().any(|theirs| {
                    theirs.unknown == assumed.unknown
                        && theirs.value
                            == if assumed.unknown == *unknown {
                                value.clone()
                            } else {
                                assumed.value.clone()
                            }
                })
            })
    })
}

/// Lines with their units spelled out: two units are one unit and one more.
fn units(lines: &[String]) -> Vec<&str> {
    lines
        .iter()
        .flat_map(|line| {
            let (one, count) = match line.split_once(" x") {
                Some((one, rest)) => (
                    one,
                    rest.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(1),
                ),
                None => (line.as_str(), 1),
            };
            std::iter::repeat_n(one, count)
        })
        .collect()
}

fn contains(larger: &[String], smaller: &[String]) -> bool {
    let mut rest = units(larger);
    units(smaller).iter().all(|line| {
        rest.iter()
            .position(|known| known == line)
            .map(|at| rest.remove(at))
            .is_some()
    })
}

fn beyond(smaller: &[String], larger: &[String]) -> Vec<String> {
    let mut rest = units(smaller);
    let mut more: Vec<(&str, usize)> = Vec::new();
    for line in units(larger) {
        if let Some(at) = rest.iter().position(|known| *known == line) {
            rest.remove(at);
        } else if let Some((_, count)) = more.iter_mut().find(|(known, _)| *known == line) {
            *count += 1;
        } else {
            more.push((line, 1));
        }
    }
    more.into_iter()
        .map(|(line, count)| {
            if count == 1 {
                line.to_owned()
            } else {
                format!("{line} x{count}")
            }
        })
        .collect()
}

/// The questions that tell the leaves apart, the most informative first.
pub fn ask(subject: Subject<'_>, leaves: &[Leaf]) -> Vec<Question> {
    let mut ranked: Vec<(usize, usize, Question)> = Vec::new();
    let mut seen: Vec<&Unknown> = Vec::new();
    for unknown in leaves
        .iter()
        .flat_map(|leaf| leaf.assumed.iter().map(|assumed| &assumed.unknown))
    {
        if seen.contains(&unknown) {
            continue;
        }
        seen.push(unknown);
        // What is left to decide once this is known: codings within each value, over all values.
        let mut by_value: BTreeMap<Name, Vec<Vec<String>>> = BTreeMap::new();
        let mut values: Vec<Name> = Vec::new();
        for leaf in leaves {
            let value = leaf
                .assumed
                .iter()
                .find(|assumed| assumed.unknown == *unknown)
                .map(|assumed| value_text(&assumed.value));
            if let Some(value) = &value
                && !values.contains(value)
            {
                values.push(value.clone());
            }
            let codings = by_value.entry(value.unwrap_or_default()).or_default();
            let keys = leaf.coding();
            if !codings.contains(&keys) {
                codings.push(keys);
            }
        }
        let all: Vec<&Vec<String>> = by_value.values().flatten().collect();
        if all.iter().all(|coding| Some(coding) == all.first()) {
            continue;
        }
        let left: usize = by_value.values().map(|codings| codings.len() * codings.len()).sum();
        let row = fact_row(subject, unknown);
        let procedure = subject.case.procedures.get(unknown.procedure);
        ranked.push((
            left,
            ranked.len(),
            Question {
                path: path(unknown),
                procedure: procedure.map(|procedure| procedure.id.clone()).unwrap_or_default(),
                fact: row.map(|row| row.fact.clone()).unwrap_or_default(),
                text: row.map(|row| row.question.clone()).unwrap_or_default(),
                values,
            },
        ));
    }
    ranked.sort_by_key(|(left, order, _)| (*left, *order));
    ranked
        .into_iter()
        .take(MOST_QUESTIONS)
        .map(|(_, _, question)| question)
        .collect()
}
