//! The NCCI add-on table: an add-on code needs one of its listed primaries.

use crate::answer::Notice;
use crate::context::Draft;
use crate::date::View;
use crate::layers::{ADD_ON_TABLE_RULE, not_checked, withhold};
use crate::name::Name;
use crate::render::{Bill, Request, named};
use crate::tables::{Primary, Unchecked};
use crate::trace::StepKind;

/// Judges every add-on line.
pub(super) fn apply(request: Request<'_>, view: View, draft: &Draft, bill: &mut Bill) {
    let mut unchecked = None;
    let mut at = 0;
    while let Some(billed) = bill.lines.get(at) {
        let code = billed.line.code;
        let drafted = draft.lines.get(billed.draft);
        let primaries = match request.tables.primaries(code, view) {
            Ok(primaries) => primaries,
            Err(why) => {
                let is_add_on = drafted.is_some_and(|line| line.add_on);
                unchecked = unchecked.or(is_add_on.then_some(why));
                at += 1;
                continue;
            }
        };
        let Some(first) = primaries.first() else {
            at += 1;
            continue;
        };
        let primary = primaries.iter().find_map(|primary| {
            let listed = primary.code?;
            let stands = bill
                .lines
                .iter()
                .any(|other| other.line.code == listed && other.line.performed_by == billed.line.performed_by);
            stands.then_some((listed, primary.basis.row))
        });
        if let Some((primary, row)) = primary {
            bill.trace.step(
                StepKind::RowApplied,
                None,
                || code.to_string(),
                Some(row),
                || primary.to_string(),
            );
            at += 1;
            continue;
        }
        // Without a closed list the contractor may take another primary: the table alone keeps nothing off.
        if !primaries.iter().all(Primary::is_of_closed_list) {
            unchecked = unchecked.or(Some(Unchecked::NoTable));
            at += 1;
            continue;
        }
        match drafted.and_then(|line| line.by_position.clone()) {
            // The payer's own text asks for this form although its table lacks the pair: send it, and say so.
            Some(conflict) => {
                bill.trace.row(first.basis.row);
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
                    first.basis.row,
                    &[],
                );
            }
        }
    }
    if let Some(why) = unchecked {
        not_checked(bill, "add_on_table", why.as_str());
    }
}
