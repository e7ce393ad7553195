//! One evaluation: the rules over a case, under given positions and assumptions.

use std::collections::BTreeMap;

use smallvec::{SmallVec, smallvec};

use crate::case::{Case, Procedure};
use crate::context::{Assumed, Context, Draft, Positions, Recorder, Unknown};
use crate::date::View;
use crate::facts::Facts;
use crate::name::Name;
use crate::rules::{self, FAMILIES};
use crate::trace::TraceLevel;

/// What an evaluation is of.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// Case.
    pub case: &'a Case,
    /// Date of service and `as_of`.
    pub view: View,
}

/// Runs the rules once; stops at the first fact that is needed and unknown.
pub fn evaluate<'a>(
    subject: Subject<'a>,
    positions: Option<&'a BTreeMap<Name, Name>>,
    assumed: &'a [Assumed],
    level: TraceLevel,
) -> Result<(Draft, Recorder), Unknown> {
    let Subject { facts, case, view } = subject;
    let mut ctx = Context {
        facts,
        case,
        view,
        positions,
        assumed,
        trace: Recorder::new(level),
        draft: Draft::default(),
        guidance: Vec::new(),
        taken_in: Vec::new(),
    };
    let whole = rules::included::take_in(&mut ctx)?;
    // There are many families, and most cases hold one or two: each procedure finds its own, then those are gone through.
    let mut orders: SmallVec<[Option<usize>; 8]> = SmallVec::with_capacity(case.procedures.len());
    orders.extend(case.procedures.iter().map(|procedure| order(facts, procedure)));
    let mut families: SmallVec<[usize; 8]> = orders.iter().flatten().copied().collect();
    families.sort_unstable();
    families.dedup();
    for family in families {
        for group in sessions(case, |at| orders.get(at) == Some(&Some(family)) && !whole.contains(&at)) {
            let of_rows = family
                .checked_sub(FAMILIES.len())
                .and_then(|at| facts.families_of_rows.get(at));
            match (FAMILIES.get(family), of_rows) {
                (Some(rule), _) => (rule.code)(&mut ctx, &group)?,
                (None, Some(name)) => rules::by_rows::code(&mut ctx, name, &group)?,
                (None, None) => {}
            }
        }
    }
    for (at, order) in orders.iter().enumerate() {
        if order.is_none() {
            ctx.out_of_scope(at);
        }
    }
    rules::separate_visit::settle(&mut ctx)?;
    rules::guidance::report(&mut ctx);
    Ok((ctx.draft, ctx.trace))
}

/// Where a procedure's family stands in the order in which lines are written: those with a rule file, then those of rows.
fn order(facts: &Facts, procedure: &Procedure) -> Option<usize> {
    let family = procedure.family.as_ref()?;
    let with_file = FAMILIES.iter().position(|rule| rule.family == family);
    with_file.or_else(|| {
        let of_rows = facts.families_of_rows.iter().position(|name| name == family);
        of_rows.map(|at| FAMILIES.len() + at)
    })
}

/// Positions of one encounter and performer.
type Group<'a> = (Option<&'a Name>, Option<&'a Name>, Positions);

/// The procedures meant, by encounter and performer, in an order that does not hang on how they were written down.
fn sessions(case: &Case, meant: impl Fn(usize) -> bool) -> SmallVec<[Positions; 1]> {
    let mut groups: SmallVec<[Group<'_>; 1]> = SmallVec::new();
    for (at, procedure) in case.procedures.iter().enumerate() {
        if !meant(at) {
            continue;
        }
        let (encounter, performer) = (procedure.encounter.as_ref(), procedure.performed_by.as_ref());
        match groups.iter_mut().find(|(e, p, _)| *e == encounter && *p == performer) {
            Some((_, _, members)) => members.push(at),
            None => groups.push((encounter, performer, smallvec![at])),
        }
    }
    groups.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    groups.into_iter().map(|(_, _, members)| members).collect()
}
