//! A payer's table layers over the billed lines: what they keep off the claim, and what was not checked.

mod add_on;
pub(crate) mod fee_schedule;
mod mue;
mod ptp;

use crate::answer::{Notice, Withheld};
use crate::case::Setting;
use crate::context::Draft;
use crate::date::View;
use crate::facts::Row;
use crate::name::Name;
use crate::render::{Bill, BilledLine, Request, key, named};
use crate::tables::Program;
use crate::trace::StepKind;

/// Never both: a pair that no modifier opens.
pub const PTP_HARD_RULE: &str = "PTP-001";
/// Both only where they are distinct, and said so.
pub const PTP_DISTINCT_RULE: &str = "PTP-002";
/// Units over a day's limit.
pub const MUE_RULE: &str = "MUE-001";
/// An add-on code beside none of its listed primaries.
pub const ADD_ON_TABLE_RULE: &str = "AOC-001";

/// Paid with other services only.
pub const BUNDLED_RULE: &str = "FEE-012";
/// No code of the programme.
pub const INVALID_RULE: &str = "FEE-013";
/// No benefit of the programme.
pub const NOT_COVERED_RULE: &str = "FEE-014";

/// Passes the bill through the layers that the profile names.
pub fn apply(request: Request<'_>, view: View, draft: &Draft, bill: &mut Bill) {
    if request.profile.has_layer("ptp") {
        ptp::apply(request, view, draft, bill);
    }
    if request.profile.has_layer("mue") {
        mue::apply(request, view, bill);
    }
    if request.profile.has_layer("add_on_table") {
        add_on::apply(request, view, draft, bill);
    }
    if request.profile.has_layer("fee_schedule") {
        fee_schedule::apply(request, view, bill);
    }
}

/// Keeps a line, or units of it, off the claim.
fn withhold(
    bill: &mut Bill,
    request: Request<'_>,
    view: View,
    kept_off: BilledLine,
    (layer, rule, reason): (&'static str, &'static str, &'static str),
    row: &Row,
    args: &[(&'static str, Name)],
) {
    if let Some(rule) = request.facts.rule(rule, view) {
        bill.trace.window(rule);
    }
    bill.trace.step(
        StepKind::Exclude,
        Some(&Name::Borrowed(rule)),
        || key(&kept_off.line),
        Some(row),
        || reason.to_owned(),
    );
    bill.withheld.push(Withheld {
        line: kept_off.line,
        layer: Name::Borrowed(layer),
        rule: Name::Borrowed(rule),
        reason: Name::Borrowed(reason),
        args: named(args),
        row: row.id.clone(),
    });
}

/// The set of CMS's tables that judges the case.
fn program(request: Request<'_>) -> Program {
    if request.case.setting == Setting::OutpatientHospital {
        Program::Hospital
    } else {
        Program::Practitioner
    }
}

/// Says that a layer was not checked, and why.
fn not_checked(bill: &mut Bill, layer: &'static str, reason: &'static str) {
    bill.notices.push(Notice {
        reason: Name::Borrowed("not_checked"),
        subject: Some(layer.to_owned()),
        args: named(&[("why", Name::Borrowed(reason))]),
    });
}
