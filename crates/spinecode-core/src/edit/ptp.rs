//! # Procedure-to-procedure pairs
//!
//! ## What it does
//! Asks the payer's table of every two codes of a billing day. The line of column 2 is the one that is denied, and the one to
//! change; an NCCI-associated modifier opens a pair of indicator 1.
//!
//! ## When it applies
//! The pairs in force on the date, of the practitioner's or the hospital's table. Which modifiers open a pair, and on which
//! line, are dated rows of `modifiers.csv`.
//!
//! ## Example
//! A transforaminal and an interlaminar epidural of one day: the first is denied, unless a modifier says that it is distinct.
//!
//! The table judges mechanically: a side may open a pair that the code set still refuses. That is said by the code set's rules.

use crate::code::{Code, Modifier};
use crate::edit::desk::{At, Day, Desk, Found, Spot};
use crate::edit::report::{Layer, Verdict};
use crate::facts::Facts;
use crate::layers::{PTP_DISTINCT_RULE, PTP_HARD_RULE};
use crate::modifiers::{Class, Opens};
use crate::name::Name;
use crate::tables::{Pair, Unchecked};

/// The outcome whose modifier marks a visit apart from the procedure of the day.
const SEPARATE_VISIT: &str = "separate_visit";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[PTP_HARD_RULE, PTP_DISTINCT_RULE];

/// Judges the lines of a day.
pub(super) fn judge(day: &Day<'_>, desk: &mut Desk<'_>) {
    let Some(program) = day.program() else {
        for spot in &day.lines {
            desk.not_checked(spot.at, Layer::Ptp, Unchecked::UndeterminedSetting);
        }
        return;
    };
    let tables = desk.tables;
    for (at, spot) in day.lines.iter().enumerate() {
        desk.say(spot.at, Layer::Ptp, Verdict::Pass);
        if !day.is_first(at) {
            continue;
        }
        for (other_at, other) in day.lines.iter().enumerate().skip(at + 1) {
            if other.code == spot.code || !day.is_first(other_at) {
                continue;
            }
            match tables.pair(program, spot.code, other.code, day.view) {
                Ok(None) => {}
                Ok(Some(pair)) => of_pair(day, desk, &pair),
                Err(why) => {
                    for line in day.of(spot.code).chain(day.of(other.code)) {
                        desk.not_checked(line.at, Layer::Ptp, why);
                    }
                }
            }
        }
    }
}

/// Judges every line of column 2 against every line of column 1.
fn of_pair(day: &Day<'_>, desk: &mut Desk<'_>, pair: &Pair<'_>) {
    let facts = desk.facts;
    let opens = |spot: &Spot<'_>, column2: bool| {
        let opener = spot.line.modifiers.iter().copied().find(|modifier| {
            let opens = facts.modifier(*modifier, day.view).map(|row| row.opens);
            opens == Some(Opens::Either) || (column2 && opens == Some(Opens::Column2))
        });
        opener.filter(|_| pair.bypassable)
    };
    for denied in day.of(pair.column2) {
        let own = opens(denied, true);
        // The line is paid only where every line of column 1 leaves it open.
        let mut closed: Vec<At> = Vec::new();
        let mut open: Vec<At> = Vec::new();
        let mut opener = own;
        for paid in day.of(pair.column1) {
            match own.or_else(|| opens(paid, false)) {
                Some(modifier) => {
                    opener = opener.or(Some(modifier));
                    open.push(paid.at);
                }
                None => closed.push(paid.at),
            }
        }
        let bypassed = closed.is_empty();
        let mut lines = vec![denied.at];
        lines.extend(if bypassed { open } else { closed });
        let (rule, verdict) = match (pair.bypassable, bypassed) {
            (true, true) => (PTP_DISTINCT_RULE, Verdict::Bypassed),
            (true, false) => (PTP_DISTINCT_RULE, Verdict::Fail),
            (false, _) => (PTP_HARD_RULE, Verdict::Fail),
        };
        let modifier = match verdict {
            Verdict::Bypassed => opener,
            _ if pair.bypassable => Some(would_open(facts, day, pair.column2)),
            _ => None,
        };
        let mut args = vec![
            ("code", Name::Owned(pair.column2.to_string())),
            ("other", Name::Owned(pair.column1.to_string())),
            ("indicator", Name::Borrowed(if pair.bypassable { "1" } else { "0" })),
        ];
        if pair.start_unknown {
            args.push(("start", Name::Borrowed("unknown")));
        }
        let found = Found {
            args,
            modifier,
            basis: Some(pair.basis),
            ..Found::default()
        };
        desk.find(rule, verdict, &lines, found);
    }
}

/// The modifier that says that a line is distinct: of a visit another than of a procedure.
fn would_open(facts: &Facts, day: &Day<'_>, code: Code) -> Modifier {
    let distinct = day.profile.modifiers.distinct;
    if facts.class(code, day.view) != Some(Class::Visit) {
        return distinct;
    }
    let row = facts
        .outcomes
        .iter()
        .find(|row| row.outcome == SEPARATE_VISIT && row.row.seen(day.view));
    row.map_or(distinct, |row| row.modifier)
}
