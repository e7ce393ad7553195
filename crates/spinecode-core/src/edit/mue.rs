//! # Medically unlikely edits
//!
//! ## What it does
//! Holds the units of a code against the payer's limit: each line by itself, or all lines of the date together, as the
//! indicator says. Over the limit, every line that was counted is denied, not what is too much alone.
//!
//! ## When it applies
//! By the quarter of the date and by the table of practitioners or hospitals. A limit of 0 is never paid.
//!
//! ## Example
//! A first-level code on a right and on a left line is two units of one: the limit is made for one line that says both sides.
//! A surgery centre writes the two lines by rule, so there the busier side is counted.

use crate::case::Setting;
use crate::code::Code;
use crate::date::View;
use crate::edit::desk::{At, Day, Desk, Found, Spot};
use crate::edit::read::Units;
use crate::edit::report::{Layer, Verdict};
use crate::edit::sides::{Mark, units_as_sides};
use crate::layers::MUE_RULE;
use crate::name::Name;
use crate::tables::{Limit, Unchecked};

/// The indicator of a limit on one line.
const PER_LINE: u8 = 1;
/// The indicator of a limit that no appeal lifts.
const ABSOLUTE: u8 = 2;

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[MUE_RULE];

/// Judges the lines of a day.
pub(super) fn judge(day: &Day<'_>, desk: &mut Desk<'_>) {
    let Some(program) = day.program() else {
        for spot in &day.lines {
            desk.not_checked(spot.at, Layer::Mue, Unchecked::UndeterminedSetting);
        }
        return;
    };
    for (at, spot) in day.lines.iter().enumerate() {
        if !day.is_first(at) {
            continue;
        }
        match desk.tables.limit(program, spot.code, day.view) {
            // Not every code has a limit, and some are not published.
            Ok(None) => {}
            Ok(Some(limit)) if limit.mai == PER_LINE => {
                for line in day.of(spot.code) {
                    let units = counted(line);
                    if units > most(&limit) {
                        over(desk, spot.code, &[line.at], units, &limit);
                    } else {
                        desk.say(line.at, Layer::Mue, Verdict::Pass);
                    }
                }
            }
            Ok(Some(limit)) => of_date(day, desk, spot.code, &limit),
            Err(why) => {
                for line in day.of(spot.code) {
                    desk.not_checked(line.at, Layer::Mue, why);
                }
            }
        }
    }
}

/// All lines of a code on the date together.
fn of_date(day: &Day<'_>, desk: &mut Desk<'_>, code: Code, limit: &Limit<'_>) {
    let centre = day.setting == Setting::AscFacility;
    let (mut left, mut right, mut rest) = (0, 0, 0);
    for line in day.of(code) {
        let units = counted(line);
        match Mark::of(line.line, &day.profile.modifiers) {
            Mark::Left if centre => left += units,
            Mark::Right if centre => right += units,
            _ => rest += units,
        }
    }
    let units = rest + left.max(right);
    if units <= most(limit) {
        for line in day.of(code) {
            desk.say(line.at, Layer::Mue, Verdict::Pass);
        }
    } else if centre && rest <= 2 * most(limit) && rest == units && may_be_sides(day, desk, code, day.view) {
        // Two units on one line are another way in which a centre writes both sides; what limit then holds is not published.
        for line in day.of(code) {
            desk.not_checked(line.at, Layer::Mue, Unchecked::NoTable);
        }
    } else {
        let mut lines: Vec<Spot<'_>> = day.of(code).copied().collect();
        // The line with most units is the one to look at first, in whatever order they came.
        lines.sort_by(|one, other| {
            let key = |spot: &Spot<'_>| (std::cmp::Reverse(counted(spot)), spot.claim.claim_id.clone());
            (key(one), &one.line.number).cmp(&(key(other), &other.line.number))
        });
        let lines: Vec<At> = lines.iter().map(|line| line.at).collect();
        over(desk, code, &lines, units, limit);
    }
}

/// Whether units without a side may be both sides of a one-sided code.
fn may_be_sides(day: &Day<'_>, desk: &Desk<'_>, code: Code, view: View) -> bool {
    match desk.facts.code(code, view) {
        Some(row) => units_as_sides(day.profile, view, day.setting, row),
        None => match desk.tables.indicators(code, view) {
            Ok(Some(row)) => BOTH_SIDES_PAID.contains(&row.bilateral),
            _ => true,
        },
    }
}

/// Bilateral indicators under which both sides are more than one.
const BOTH_SIDES_PAID: [&str; 2] = ["1", "3"];

/// Units in thousandths; the form layer speaks of those below nothing.
fn counted(spot: &Spot<'_>) -> i64 {
    spot.line.units.0.max(0)
}

/// Finds lines over their limit.
fn over(desk: &mut Desk<'_>, code: Code, lines: &[At], units: i64, limit: &Limit<'_>) {
    for line in lines {
        desk.say(*line, Layer::Mue, Verdict::Fail);
    }
    let appeal = if limit.mai == ABSOLUTE { "no" } else { "yes" };
    let found = Found {
        args: vec![
            ("code", Name::Owned(code.to_string())),
            ("units", Name::Owned(Units(units).to_string())),
            ("limit", Name::Owned(limit.units.to_string())),
            ("mai", Name::Owned(limit.mai.to_string())),
            ("appeal", Name::Borrowed(appeal)),
        ],
        basis: Some(limit.basis),
        ..Found::default()
    };
    desk.find(MUE_RULE, Verdict::Fail, lines, found);
}

/// The limit in thousandths.
fn most(limit: &Limit<'_>) -> i64 {
    Units::of(limit.units).0
}
