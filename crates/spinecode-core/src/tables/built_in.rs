//! The built-in rows as tables: what policy decides without any file. They are never whole, so "no row" is "no table".

use crate::code::Code;
use crate::date::{ServiceDate, View};
use crate::facts::{Facts, Row};
use crate::tables::{Basis, Indicators, Limit, Pair, Primary, Program, Tables, Unchecked};

/// The built-in rows.
#[derive(Clone, Copy)]
pub struct BuiltIn<'f>(pub &'f Facts);

fn basis(row: &Row) -> Basis<'_> {
    Basis { row, nearest: false }
}

/// Whether a row stands in a program's table.
fn is_of(table: &str, program: Program) -> bool {
    match table {
        "both" => true,
        "hospital" => program == Program::Hospital,
        _ => program == Program::Practitioner,
    }
}

impl Tables for BuiltIn<'_> {
    fn id(&self) -> &str {
        &self.0.hash
    }

    fn pair(&self, program: Program, one: Code, other: Code, view: View) -> Result<Option<Pair<'_>>, Unchecked> {
        let find = |column1: Code, column2: Code| {
            let rows = self.0.pairs.get(&column1)?;
            rows.iter()
                .find(|row| row.column2 == column2 && row.row.seen(view) && is_of(&row.table, program))
        };
        let row = find(one, other)
            .or_else(|| find(other, one))
            .ok_or(Unchecked::NoTable)?;
        Ok(Some(Pair {
            column1: row.column1,
            column2: row.column2,
            bypassable: row.bypassable,
            start_unknown: false,
            window: row.row.window,
            basis: basis(&row.row),
        }))
    }

    fn limit(&self, program: Program, code: Code, view: View) -> Result<Option<Limit<'_>>, Unchecked> {
        let rows = self.0.limits.get(&code).ok_or(Unchecked::NoTable)?;
        let mut live = rows.iter().filter(|row| row.row.seen(view));
        let row = live.find(|row| is_of(&row.table, program)).ok_or(Unchecked::NoTable)?;
        Ok(Some(Limit {
            units: row.units,
            mai: row.mai,
            basis: basis(&row.row),
        }))
    }

    fn primaries(&self, add_on: Code, view: View) -> Result<Vec<Primary<'_>>, Unchecked> {
        let rows = self.0.add_ons.get(&add_on).ok_or(Unchecked::NoTable)?;
        let live: Vec<Primary<'_>> = rows
            .iter()
            .filter(|row| row.row.seen(view))
            .map(|row| Primary {
                code: Some(row.primary),
                edit_type: 1,
                basis: basis(&row.row),
            })
            .collect();
        if live.is_empty() {
            Err(Unchecked::NoTable)
        } else {
            Ok(live)
        }
    }

    fn indicators(&self, code: Code, view: View) -> Result<Option<Indicators<'_>>, Unchecked> {
        let rows = self.0.fees.get(&code).ok_or(Unchecked::NoTable)?;
        let row = rows.iter().find(|row| row.row.seen(view)).ok_or(Unchecked::NoTable)?;
        Ok(Some(Indicators {
            status: &row.status,
            global_days: &row.global_days,
            pctc: &row.pctc,
            multiple: &row.multiple,
            bilateral: &row.bilateral,
            assistant: &row.assistant,
            co_surgeons: &row.co_surgeons,
            team: &row.team,
            not_outside_facilities: row.not_outside_facilities,
            not_in_facilities: row.not_in_facilities,
            total_hundredths: None,
            basis: basis(&row.row),
        }))
    }

    fn opps_status(&self, _code: Code, _view: View) -> Result<Option<(&str, Basis<'_>)>, Unchecked> {
        Err(Unchecked::NoTable)
    }

    fn lived(&self, code: Code, on: ServiceDate) -> Result<bool, Unchecked> {
        let rows = self.0.codes.get(&code).ok_or(Unchecked::NoCodeList)?;
        let holding = rows.iter().find(|row| !row.never_valid && row.row.window.holds(on));
        match holding.map(|row| row.row.verified_through) {
            Some(Some(last)) if last < on => Err(Unchecked::PastVerification),
            Some(_) => Ok(true),
            None => Ok(false),
        }
    }
}
