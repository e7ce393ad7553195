//! # A visit beside a procedure
//!
//! ## What it does
//! A minor procedure includes the usual visit before it: a visit of the same clinician has a line only where it is documented
//! as significant and separate, and the line says so.
//!
//! ## When it applies
//! To office visits beside a code whose row in `fee_schedule.csv` is minor.
//!
//! ## Example
//! A planned trigger point injection with no further work: no visit. A new problem worked up beside it: the visit, marked.
//!
//! ## Sources
//! See `rules.csv`, rule `VIS-002`, and the rows of `fee_schedule.csv`.

use smallvec::smallvec;

use crate::case::FactValue;
use crate::context::{Context, Outcome};
use crate::name::Name;
use crate::trace::StepKind;

/// Family of the fact tables.
pub const FAMILY: &str = "office_visit";
/// A visit beside a minor procedure.
pub const SEPARATE_RULE: &str = "VIS-002";

/// Fact: significant and separate from the procedure of the day.
const SEPARATE: &str = "separate";
/// Outcome whose modifier marks such a visit.
const SEPARATE_VISIT: &str = "separate_visit";

/// What the trace tells of a minor procedure.
pub const MINOR: &str = "minor";

/// Judges the visits of the case once all its lines are there.
pub fn settle(ctx: &mut Context<'_>) -> Outcome {
    let is_visit = |ctx: &Context<'_>, at: usize| {
        ctx.procedure(at)
            .is_some_and(|procedure| procedure.family.as_deref() == Some(FAMILY))
    };
    let visits: Vec<usize> = (0..ctx.case.procedures.len()).filter(|at| is_visit(ctx, *at)).collect();
    for at in visits {
        let performer = ctx.procedure(at).and_then(|procedure| procedure.performed_by.clone());
        let (facts, view) = (ctx.facts, ctx.view);
        let minor = ctx.draft.lines.iter().find_map(|line| {
            let other = line.performed_by == performer && !line.guidance;
            let row = facts.fees.get(&line.code)?.iter().find(|row| row.row.seen(view))?;
            (other && row.minor).then_some((row, line.procedures.first().copied()))
        });
        let Some((row, beside)) = minor else { continue };
        if !ctx.draft.lines.iter().any(|line| line.procedures.contains(&at)) {
            continue;
        }
        let separate = matches!(ctx.need(at, SEPARATE)?, FactValue::Flag(true));
        let Some(rule) = ctx.rule(SEPARATE_RULE) else {
            return Ok(());
        };
        ctx.trace.step(
            StepKind::RowApplied,
            None,
            || row.code.to_string(),
            Some(&row.row),
            || MINOR.to_owned(),
        );
        if separate {
            for line in ctx.draft.lines.iter_mut().filter(|line| line.procedures.contains(&at)) {
                // What is added for time is no visit of its own and takes no mark.
                if !line.add_on {
                    line.outcome = Some(Name::Borrowed(SEPARATE_VISIT));
                }
            }
            continue;
        }
        let by = beside
            .and_then(|beside| ctx.procedure(beside))
            .map(|procedure| procedure.id.clone())
            .unwrap_or_default();
        let mut codes = Vec::new();
        ctx.draft.lines.retain(|line| {
            let visit = line.procedures.contains(&at);
            if visit {
                codes.push(line.code);
            }
            !visit
        });
        for code in codes {
            ctx.exclude(
                &rule.id,
                code,
                "not_separate",
                smallvec![at],
                &[("procedure", by.clone())],
                &row.row,
            );
        }
    }
    Ok(())
}
