//! Whether each code lived on its date, and what one reports instead: the successors that live on the date, the facts that part
//! them, and whether the other lines of the day leave room for them.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::edit::desk::{Day, Desk, Found, Spot};
use crate::edit::form::life;
use crate::edit::report::{Layer, Verdict};
use crate::facts::{CodeRow, Confidence, Facts};
use crate::lookup::{self, Sibling};
use crate::name::Name;
use crate::tables::Unchecked;

/// A code before its first day.
const NOT_YET: &str = "LIF-001";
/// A code after its last day.
const DELETED: &str = "LIF-002";
/// A number that never was a code.
const NEVER: &str = "LIF-003";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[NOT_YET, DELETED, NEVER];

/// Judges the lines of a day.
pub(super) fn judge(day: &Day<'_>, desk: &mut Desk<'_>) {
    for spot in &day.lines {
        line(spot, day, desk);
    }
}

fn line(spot: &Spot<'_>, day: &Day<'_>, desk: &mut Desk<'_>) {
    let facts = desk.facts;
    let on = day.view.on;
    let rows = facts.codes.get(&spot.code).map(Vec::as_slice).unwrap_or_default();
    let holding = rows.iter().find(|row| row.row.window.holds(on) && !row.never_valid);
    if let Some(row) = holding {
        // What had not been published by then was no code that anybody could look up.
        if !row.row.seen(day.view) {
            desk.not_checked(spot.at, Layer::CodeLife, Unchecked::NoCodeList);
            return;
        }
        if row.row.verified_through.is_none_or(|last| on <= last) {
            desk.say(spot.at, Layer::CodeLife, Verdict::Pass);
            return;
        }
    }
    match desk.tables.lived(spot.code, on) {
        Ok(true) => desk.say(spot.at, Layer::CodeLife, Verdict::Pass),
        Err(why) => desk.not_checked(spot.at, Layer::CodeLife, why),
        Ok(false) => dead(spot, day, rows, desk),
    }
}

fn dead(spot: &Spot<'_>, day: &Day<'_>, rows: &[CodeRow], desk: &mut Desk<'_>) {
    let facts = desk.facts;
    let on = day.view.on;
    // The stretch that lies nearest before the date, or else the first one after it.
    let before = rows
        .iter()
        .filter(|row| row.row.window.from.is_none_or(|from| from <= on));
    let before = before.max_by_key(|row| row.row.window.from);
    let after = || rows.iter().min_by_key(|row| row.row.window.from);
    let Some(row) = before.or_else(after) else {
        // That the lists of a release lack a code says nothing.
        desk.not_checked(spot.at, Layer::CodeLife, Unchecked::NoCodeList);
        return;
    };
    let mut args = vec![("code", Name::Owned(spot.code.to_string()))];
    let rule = if row.never_valid {
        let told = row.suggestion.map(|code| ("successors", Name::Owned(code.to_string())));
        args.extend(told);
        NEVER
    } else {
        args.extend(life(std::iter::once(&row.row)));
        let mut told = lookup::instead(facts, spot.code, day.view);
        // What the code table names comes first: its units are told.
        told.sort_by_key(|one| !row.replaced_by.contains(&one.code));
        args.extend(main(row, &told).map(|code| ("successor", Name::Owned(code.to_string()))));
        if before_first(row, on) {
            instead(&told, "predecessors", &mut args);
            NOT_YET
        } else {
            let room = Room::of(&told, spot, day, desk);
            instead(&told, "successors", &mut args);
            if let Some(why) = room.none() {
                args.push(("drop", Name::Borrowed("yes")));
                args.push(("why", Name::Borrowed(why)));
            }
            args.extend(room.by.map(|by| ("included_in", Name::Owned(by.to_string()))));
            DELETED
        }
    };
    let verdict = if row.row.confidence == Confidence::Low {
        Verdict::Warn
    } else {
        Verdict::Fail
    };
    let found = Found {
        args,
        rows: vec![&row.row],
        ..Found::default()
    };
    desk.find(rule, verdict, &[spot.at], found);
}

/// The one successor that the code table names, where it lives on the date.
fn main(row: &CodeRow, told: &[Sibling]) -> Option<Code> {
    let mut named = told.iter().filter(|one| row.replaced_by.contains(&one.code));
    let first = named.next()?.code;
    named.next().is_none().then_some(first)
}

fn before_first(row: &CodeRow, on: crate::date::ServiceDate) -> bool {
    row.row.window.from.is_some_and(|from| on < from)
}

/// The codes of that date, with the facts that part them, and what one unit counted and counts.
fn instead(told: &[Sibling], key: &'static str, args: &mut Vec<(&'static str, Name)>) {
    if told.is_empty() {
        return;
    }
    let codes: BTreeSet<Code> = told.iter().map(|one| one.code).collect();
    let codes: Vec<String> = codes.iter().map(Code::to_string).collect();
    args.push((key, Name::Owned(codes.join(" "))));
    let parted: Vec<String> = told.iter().filter_map(condition).collect();
    if !parted.is_empty() {
        args.push(("condition", Name::Owned(parted.join("; "))));
    }
    let units = told.first().into_iter().flat_map(|one| &one.differs);
    let units = units.into_iter().find(|one| one.fact == "unit");
    if let Some(unit) = units {
        // How many of the new units were done hangs on where it was done; that is asked, never reckoned from the old units.
        args.push(("unit_before", unit.here.clone()));
        args.push(("unit_after", unit.there.clone()));
        args.push(("asks", Name::Borrowed("sites")));
    }
}

/// `64490 if guidance=ct|fluoroscopy or approach=open`.
fn condition(one: &Sibling) -> Option<String> {
    let ways: Vec<String> = one
        .ways
        .iter()
        .map(|way| {
            let facts = way.when.iter().map(|fact| {
                let values: Vec<&str> = fact.values.iter().map(Name::as_ref).collect();
                format!("{}={}", fact.fact, values.join("|"))
            });
            facts.collect::<Vec<String>>().join(" ")
        })
        .filter(|way| !way.is_empty())
        .collect();
    (!ways.is_empty()).then(|| format!("{} if {}", one.code, ways.join(" or ")))
}

/// Whether a successor has room beside the other lines of the day.
#[derive(Default)]
struct Room {
    any: bool,
    successors: bool,
    /// A line whose family takes a successor in.
    by: Option<Code>,
}

impl Room {
    fn of(told: &[Sibling], spot: &Spot<'_>, day: &Day<'_>, desk: &Desk<'_>) -> Self {
        let mut room = Self::default();
        let others: Vec<Code> = day
            .lines
            .iter()
            .filter(|other| other.at != spot.at)
            .map(|other| other.code)
            .collect();
        for one in told {
            room.successors = true;
            let primaries = desk.tables.primaries(one.code, day.view).unwrap_or_default();
            let owned = primaries
                .iter()
                .any(|primary| primary.code.is_none_or(|code| others.contains(&code)));
            let by = others
                .iter()
                .find(|other| includes(desk.facts, **other, one.code, day))
                .copied();
            // A primary may be a line that is itself to be replaced.
            let lost = !primaries.is_empty() && others.iter().all(|other| alive(desk.facts, *other, day));
            if owned || (by.is_none() && !lost) {
                room.any = true;
            }
            room.by = room.by.or(by);
        }
        room
    }

    /// Why no successor has room; `None`: one has.
    fn none(&self) -> Option<&'static str> {
        match (self.any, self.successors, self.by) {
            (true, ..) => None,
            (false, false, _) => Some("no_successor"),
            (false, true, Some(_)) => Some("included"),
            (false, true, None) => Some("no_primary"),
        }
    }
}

fn alive(facts: &Facts, code: Code, day: &Day<'_>) -> bool {
    facts.code(code, day.view).is_some()
}

/// Whether the guidance of a family in which a code plays a part takes another code in.
fn includes(facts: &Facts, code: Code, other: Code, day: &Day<'_>) -> bool {
    facts.families.values().any(|family| {
        let part = family
            .roles
            .iter()
            .any(|role| role.code == code && role.row.seen(day.view));
        let mut guides = family.guidance.iter();
        part && guides.any(|row| row.included.contains(&other) && row.row.seen(day.view))
    })
}
