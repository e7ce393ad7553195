//! # The NCCI add-on table
//!
//! ## What it does
//! An add-on code needs one of its listed primaries on a line of the billing day. Of a closed list (type 1) nothing else will
//! do; without a list, or where the contractor may add to it (types 2 and 3), the lack of one is not judged.
//!
//! ## When it applies
//! The rows in force on the date.
//!
//! ## Example
//! A second-level code alone. The table looks at submitted lines; where each listed primary is itself refused by pairs or
//! units, the add-on is doubtful, since it is paid only beside a primary that is.

use crate::edit::desk::{At, Day, Desk, Found, Spot};
use crate::edit::report::{Layer, Verdict};
use crate::layers::ADD_ON_TABLE_RULE;
use crate::name::Name;
use crate::tables::{Primary, Unchecked};

/// Beside a primary that is refused itself.
const REFUSED_PRIMARY_RULE: &str = "AOC-002";
/// The type of a closed list.
const CLOSED: u8 = 1;

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[ADD_ON_TABLE_RULE, REFUSED_PRIMARY_RULE];

/// Judges the lines of a day.
pub(super) fn judge(day: &Day<'_>, desk: &mut Desk<'_>) {
    let tables = desk.tables;
    for (at, spot) in day.lines.iter().enumerate() {
        if !day.is_first(at) {
            continue;
        }
        match tables.primaries(spot.code, day.view) {
            Ok(primaries) if primaries.is_empty() => {}
            Ok(primaries) => of_add_on(day, desk, spot, &primaries),
            Err(why) => {
                // A code that is known to be no add-on needs no table.
                if desk.facts.code(spot.code, day.view).is_none_or(|row| row.add_on) {
                    for line in day.of(spot.code) {
                        desk.not_checked(line.at, Layer::AddOnTable, why);
                    }
                }
            }
        }
    }
}

/// Judges the lines of one add-on code.
fn of_add_on(day: &Day<'_>, desk: &mut Desk<'_>, spot: &Spot<'_>, primaries: &[Primary<'_>]) {
    let listed = |other: &&Spot<'_>| primaries.iter().any(|row| row.code == Some(other.code));
    let refused = |desk: &Desk<'_>, at: At| {
        [Layer::Ptp, Layer::Mue]
            .iter()
            .any(|layer| desk.verdict(at, *layer) == Verdict::Fail)
    };
    if day.lines.iter().filter(listed).any(|other| !refused(desk, other.at)) {
        for line in day.of(spot.code) {
            desk.say(line.at, Layer::AddOnTable, Verdict::Pass);
        }
        return;
    }
    let beside: Vec<At> = day.lines.iter().filter(listed).map(|other| other.at).collect();
    let closed = primaries.iter().all(|row| row.edit_type == CLOSED);
    // Built-in lists hold what this product knows: of another code, only a whole table says that it is no primary.
    let strange = |other: &&Spot<'_>| desk.facts.code(other.code, day.view).is_none();
    let untold = day.lines.iter().filter(strange);
    let untold = untold.filter_map(|other| desk.tables.primaries(other.code, day.view).err());
    if let Some(why) = untold.min().filter(|_| beside.is_empty()) {
        for line in day.of(spot.code) {
            desk.not_checked(line.at, Layer::AddOnTable, why);
        }
        return;
    }
    if !closed && beside.is_empty() {
        // The contractor's own list may hold what stands beside it.
        for line in day.of(spot.code) {
            desk.not_checked(line.at, Layer::AddOnTable, Unchecked::NoTable);
        }
        return;
    }
    let (rule, verdict) = if beside.is_empty() {
        (ADD_ON_TABLE_RULE, Verdict::Fail)
    } else {
        (REFUSED_PRIMARY_RULE, Verdict::Warn)
    };
    for line in day.of(spot.code) {
        let mut lines = vec![line.at];
        lines.extend(&beside);
        let mut args = vec![("code", Name::Owned(spot.code.to_string()))];
        let mut codes: Vec<String> = primaries
            .iter()
            .filter_map(|row| row.code.map(|code| code.to_string()))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        args.push(("primaries", Name::Owned(codes.len().to_string())));
        if codes.len() <= FEW {
            args.push(("others", Name::Owned(codes.join(" "))));
        }
        let found = Found {
            args,
            basis: primaries.first().map(|row| row.basis),
            ..Found::default()
        };
        desk.find(rule, verdict, &lines, found);
    }
}

/// Lists up to this length are told.
const FEW: usize = 12;
