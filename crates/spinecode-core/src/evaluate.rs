//! One evaluation: the rules over a case, under given positions and assumptions.

use std::collections::BTreeMap;

use crate::case::Case;
use crate::context::{Assumed, Context, Draft, Recorder, Unknown};
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
    for rule in FAMILIES {
        for group in sessions(case, rule.family, &whole) {
            (rule.code)(&mut ctx, &group)?;
        }
    }
    let has_file = |family: &Name| FAMILIES.iter().any(|rule| rule.family == family);
    // There are many families of rows, and most cases hold none of them: they are not gone through in vain.
    if !case
        .procedures
        .iter()
        .all(|one| one.family.as_ref().is_some_and(has_file))
    {
        for family in &facts.families_of_rows {
            for group in sessions(case, family, &whole) {
                rules::by_rows::code(&mut ctx, family, &group)?;
            }
        }
    }
    for (at, procedure) in case.procedures.iter().enumerate() {
        let of_rows = |family: &Name| facts.families_of_rows.contains(family);
        if !procedure
            .family
            .as_ref()
            .is_some_and(|family| has_file(family) || of_rows(family))
        {
            ctx.out_of_scope(at);
        }
    }
    rules::separate_visit::settle(&mut ctx)?;
    rules::guidance::report(&mut ctx);
    Ok((ctx.draft, ctx.trace))
}

/// The procedures of one family, by encounter and performer, in an order that does not hang on how they were written down.
fn sessions(case: &Case, family: &str, whole: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Option<&Name>, Option<&Name>, Vec<usize>)> = Vec::new();
    for (at, procedure) in case.procedures.iter().enumerate() {
        if procedure.family.as_deref() != Some(family) || whole.contains(&at) {
            continue;
        }
        let (encounter, performer) = (procedure.encounter.as_ref(), procedure.performed_by.as_ref());
        match groups.iter_mut().find(|(e, p, _)| *e == encounter && *p == performer) {
            Some((_, _, members)) => members.push(at),
            None => groups.push((encounter, performer, vec![at])),
        }
    }
    groups.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    groups.into_iter().map(|(_, _, members)| members).collect()
}
