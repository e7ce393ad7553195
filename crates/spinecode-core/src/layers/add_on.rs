//! The NCCI add-on table: an add-on code needs one of its listed primaries.

use crate::answer::Notice;
use crate::context::Draft;
use crate::date::View;
use crate::layers::{ADD_ON_TABLE_RULE, not_checked, withhold};
use crate::name::Name;
use crate::render::{Bill, Request, named};
use crate::trace::StepKind;

/// Judges every add-on line.
pub(super) fn apply(request: Request<'_>, view: View, draft: &Draft, bill: &mut Bill) {
    let mut unknown = false;
    let mut at = 0;
    while let Some(billed) = bill.lines.get(at) {
        let code = billed.line.code;
        let drafted = draft.lines.get(billed.draft);
        let is_add_on = drafted.is_some_and(|line| line.add_on);
        let rows = request
            .facts
            .add_ons
            .get(&billed.line.code)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut live = rows.iter().filter(|row| row.row.seen(view));
        let Some(first) = live.clone().next().filter(|_| is_add_on) else {
            unknown |= is_add_on;
            at += 1;
            continue;
        };
        let primary = live.find(|row| {
            bill.lines
                .iter()
                .any(|other| other.line.code == row.primary && other.line.performed_by == billed.line.performed_by)
        });
        if let Some(row) = primary {
            bill.trace.step(
                StepKind::RowApplied,
                None,
                || code.to_string(),
                Some(&row.row),
                || row.primary.to_string(),
            );
            at += 1;
            continue;
        }
        match drafted.and_then(|line| line.by_position.clone()) {
            // The payer's own text asks for this form although its table lacks the pair: send it, and say so.
            Some(conflict) => {
                bill.trace.row(&first.row);
                bill.notices.push(Notice {
                    reason: Name::Borrowed("add_on_table_disagrees"),
                    subject: Some(code.to_string()),
                    args: named(&[("conflict", conflict)]),
                });
                at += 1;
            }
            None => {
                let kept_off = bill.lines.remove(at);
                withhold(
                    bill,
                    request,
                    view,
                    kept_off,
                    ("add_on_table", ADD_ON_TABLE_RULE, "no_listed_primary"),
                    &first.row,
                    &[],
                );
            }
        }
    }
    if unknown {
        not_checked(bill, "add_on_table", "no_table");
    }
}
