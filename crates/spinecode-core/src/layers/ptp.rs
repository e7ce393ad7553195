//! NCCI procedure-to-procedure pairs.

use crate::answer::Notice;
use crate::case::Case;
use crate::context::Draft;
use crate::date::View;
use crate::layers::{PTP_DISTINCT_RULE, PTP_HARD_RULE, not_checked, program, withhold};
use crate::name::Name;
use crate::render::{Bill, Request, named, order};
use crate::tables::Unchecked;
use crate::trace::StepKind;

/// Judges every pair of lines of one performer.
pub(super) fn apply(request: Request<'_>, view: View, draft: &Draft, bill: &mut Bill) {
    let program = program(request);
    let mut unchecked = None;
    let mut at = 0;
    while let Some(second) = bill.lines.get(at) {
        let code = second.line.code;
        let verdict = bill
            .lines
            .iter()
            .filter(|first| first.line.performed_by == second.line.performed_by && first.line.code != code)
            .find_map(
                |first| match request.tables.pair(program, first.line.code, code, view) {
                    Ok(pair) => {
                        let pair = pair.filter(|pair| pair.column2 == code)?;
                        let open = pair.bypassable && distinct(request.case, draft, first.draft, second.draft);
                        Some((pair, open))
                    }
                    Err(why) => {
                        unchecked.get_or_insert(why);
                        None
                    }
                },
            );
        match verdict {
            None => at += 1,
            Some((pair, true)) => {
                let mark = request.profile.modifiers.distinct;
                if let Some(line) = bill
                    .lines
                    .get_mut(at)
                    .filter(|billed| !billed.line.modifiers.contains(&mark))
                {
                    line.line.modifiers.push(mark);
                    order(&mut line.line.modifiers, &request.profile.modifier_order);
                    bill.notices.push(Notice {
                        reason: Name::Borrowed("distinct_service_asserted"),
                        subject: Some(code.to_string()),
                        args: named(&[
                            ("column1", Name::Owned(pair.column1.to_string())),
                            ("modifier", Name::Owned(mark.to_string())),
                        ]),
                    });
                }
                if let Some(rule) = request.facts.rule(PTP_DISTINCT_RULE, view) {
                    bill.trace.window(rule);
                }
                bill.trace.step(
                    StepKind::RowApplied,
                    None,
                    || code.to_string(),
                    Some(pair.basis.row),
                    || mark.to_string(),
                );
                at += 1;
            }
            Some((pair, false)) => {
                let kept_off = bill.lines.remove(at);
                let (rule, reason) = if pair.bypassable {
                    (PTP_DISTINCT_RULE, "ptp_not_distinct")
                } else {
                    (PTP_HARD_RULE, "ptp_never_both")
                };
                let args = [("column1", Name::Owned(pair.column1.to_string()))];
                withhold(
                    bill,
                    request,
                    view,
                    kept_off,
                    ("ptp", rule, reason),
                    pair.basis.row,
                    &args,
                );
            }
        }
    }
    match (request.release, unchecked) {
        (None, _) | (Some(_), Some(Unchecked::NoTable)) => not_checked(bill, "ptp", "only_built_in_pairs"),
        (Some(_), Some(why)) => not_checked(bill, "ptp", why.as_str()),
        (Some(_), None) => {}
    }
}

/// Whether two lines are documented as distinct: of different procedures, at different sites or said to be distinct.
fn distinct(case: &Case, draft: &Draft, first: usize, second: usize) -> bool {
    let (Some(first), Some(second)) = (draft.lines.get(first), draft.lines.get(second)) else {
        return false;
    };
    if first.procedures.iter().any(|at| second.procedures.contains(at)) {
        return false;
    }
    // Guidance of another procedure is that procedure's own.
    if second.guidance {
        return true;
    }
    // Said to be distinct, each of one line from each of the other.
    let distinct = |one: usize, other: usize| {
        let said = |at: usize, from| {
            case.procedures
                .get(at)
                .is_some_and(|procedure| procedure.distinct_from.contains(&from))
        };
        said(one, other) || said(other, one)
    };
    let all = |at: &usize| second.procedures.iter().all(|other| distinct(*at, *other));
    if !first.procedures.is_empty() && !second.procedures.is_empty() && first.procedures.iter().all(all) {
        return true;
    }
    let meets = first.sites.iter().any(|(place, side)| {
        second
            .sites
            .iter()
            .any(|(other, other_side)| place == other && (side.is_none() || other_side.is_none() || side == other_side))
    });
    !first.sites.is_empty() && !second.sites.is_empty() && !meets
}
