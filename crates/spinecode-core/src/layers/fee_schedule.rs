//! The fee schedule's status: what a clinician's claim is not paid for, whatever stands beside it.

use crate::case::Setting;
use crate::date::View;
use crate::fee::{FeeIndicator, Standing};
use crate::layers::{BUNDLED_RULE, INVALID_RULE, NOT_COVERED_RULE, withhold};
use crate::name::Name;
use crate::render::{Bill, Request};

/// Keeps off what the schedule does not pay.
pub(super) fn apply(request: Request<'_>, view: View, bill: &mut Bill) {
    if request.case.setting != Setting::Professional {
        return;
    }
    let mut at = 0;
    while let Some(billed) = bill.lines.get(at) {
        let Ok(Some(known)) = request.tables.indicators(billed.line.code, view) else {
            at += 1;
            continue;
        };
        let standing = request.facts.standing(FeeIndicator::Status, known.status);
        let rule = standing
            .filter(|row| row.row.seen(view))
            .and_then(|row| refused_by(row.standing));
        let Some(rule) = rule else {
            at += 1;
            continue;
        };
        let kept_off = bill.lines.remove(at);
        let args = [("status", Name::Owned(known.status.to_owned()))];
        let why = ("fee_schedule", rule, NOT_PAID);
        withhold(bill, request, view, kept_off, why, known.basis.row, &args);
    }
}

/// Why a line is withheld, as the answer names it.
pub(crate) const NOT_PAID: &str = "not_paid_by_status";

/// The rule by which a status is refused.
pub(crate) fn refused_by(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Bundled => Some(BUNDLED_RULE),
        Standing::Invalid => Some(INVALID_RULE),
        Standing::NotCovered => Some(NOT_COVERED_RULE),
        _ => None,
    }
}
