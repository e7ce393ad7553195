//! NCCI procedure-to-procedure pairs that policy decides without any file.

use smallvec::SmallVec;

use crate::answer::Notice;
use crate::case::{Case, Setting};
use crate::context::Draft;
use crate::date::View;
use crate::facts::PairRow;
use crate::layers::{PTP_DISTINCT_RULE, PTP_HARD_RULE, not_checked, withhold};
use crate::name::Name;
use crate::render::{Bill, BilledLine, Request, named, order};
use crate::trace::StepKind;

/// Judges every pair of lines of one performer.
pub(super) fn apply(request: Request<'_>, view: View, draft: &Draft, bill: &mut Bill) {
    let table = if request.case.setting == Setting::OutpatientHospital {
        "hospital"
    } else {
        "practitioner"
    };
    // Each line's own pairs, sought once: every line is held against every other.
    let pairs = |first: &BilledLine| request.facts.pairs.get(&first.line.code).map(Vec::as_slice);
    let mut pairs: SmallVec<[&[PairRow]; 8]> = bill
        .lines
        .iter()
        .map(|first| pairs(first).unwrap_or_default())
        .collect();
    let mut at = 0;
    while let Some(second) = bill.lines.get(at) {
        let code = second.line.code;
        let verdict = bill
            .lines
            .iter()
            .zip(&pairs)
            .filter(|(first, rows)| !rows.is_empty() && first.line.performed_by == second.line.performed_by)
            .find_map(|(first, rows)| {
                let row = rows.iter().find(|row| {
                    row.column2 == code && row.row.seen(view) && (row.table == "both" || row.table == table)
                })?;
                let open = row.bypassable && distinct(request.case, draft, first.draft, second.draft);
                Some((row, first.line.code, open))
            });
        match verdict {
            None => at += 1,
            Some((row, first, true)) => {
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
                            ("column1", Name::Owned(first.to_string())),
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
                    Some(&row.row),
                    || mark.to_string(),
                );
                at += 1;
            }
            Some((row, first, false)) => {
                let kept_off = bill.lines.remove(at);
                pairs.remove(at);
                let (rule, reason) = if row.bypassable {
                    (PTP_DISTINCT_RULE, "ptp_not_distinct")
                } else {
                    (PTP_HARD_RULE, "ptp_never_both")
                };
                let args = [("column1", Name::Owned(first.to_string()))];
                withhold(bill, request, view, kept_off, ("ptp", rule, reason), &row.row, &args);
            }
        }
    }
    not_checked(bill, "ptp", "only_built_in_pairs");
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
