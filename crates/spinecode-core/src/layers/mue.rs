//! Medically unlikely edits: units of a code a day.

use crate::case::Setting;
use crate::date::View;
use crate::layers::{MUE_RULE, not_checked, program, withhold};
use crate::name::Name;
use crate::render::{Bill, Request};
use crate::tables::Unchecked;
use crate::trace::StepKind;

/// Judges the units of each code and performer.
pub(super) fn apply(request: Request<'_>, view: View, bill: &mut Bill) {
    // The both-sided writing on two lines is the ASC's own; the limits are set for one line and modifier 50.
    let two_lines = request.case.setting == Setting::AscFacility;
    let program = program(request);
    let mut unchecked = two_lines.then_some(Unchecked::NoTable);
    let mut at = 0;
    while let Some(billed) = bill.lines.get(at).filter(|_| !two_lines) {
        let code = billed.line.code;
        let limit = match request.tables.limit(program, code, view) {
            Ok(Some(limit)) => limit,
            known => {
                unchecked = unchecked.or(known.err());
                at += 1;
                continue;
            }
        };
        bill.trace.step(
            StepKind::RowApplied,
            None,
            || code.to_string(),
            Some(limit.basis.row),
            || limit.units.to_string(),
        );
        let before: u32 = bill
            .lines
            .iter()
            .take(if limit.is_per_line() { 0 } else { at })
            .filter(|other| other.line.code == code && other.line.performed_by == billed.line.performed_by)
            .map(|other| other.line.units)
            .sum();
        let allowed = limit.units.saturating_sub(before);
        if billed.line.units <= allowed {
            at += 1;
            continue;
        }
        let mut kept_off = billed.clone();
        kept_off.line.units -= allowed;
        let args = [
            ("limit", Name::Owned(limit.units.to_string())),
            ("mai", Name::Owned(limit.mai.to_string())),
        ];
        if allowed == 0 {
            bill.lines.remove(at);
        } else if let Some(billed) = bill.lines.get_mut(at) {
            billed.line.units = allowed;
            at += 1;
        }
        withhold(
            bill,
            request,
            view,
            kept_off,
            ("mue", MUE_RULE, "over_unit_limit"),
            limit.basis.row,
            &args,
        );
    }
    if let Some(why) = unchecked {
        not_checked(bill, "mue", why.as_str());
    }
}
