//! A release as the payers' tables that the rules ask.

use spinecode_core::date::View;
use spinecode_core::tables::{Basis, Indicators, Limit, Pair, Primary, Program, Tables, Unchecked};
use spinecode_core::{Code, ServiceDate};

use crate::release::{self, MueTable, NotChecked, PtpTable, Reach, Release};
use crate::table::Table;

/// A release as tables.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseTables<'r> {
    release: &'r Release,
    reach: Reach,
}

impl Release {
    /// As tables that speak of the days of the quarters loaded.
    pub fn loaded(&self) -> ReleaseTables<'_> {
        ReleaseTables {
            release: self,
            reach: Reach::Loaded,
        }
    }

    /// As tables that speak of other days too, by the nearest quarter; what they say of these is marked so.
    pub fn nearest(&self) -> ReleaseTables<'_> {
        ReleaseTables {
            release: self,
            reach: Reach::Nearest,
        }
    }
}

impl From<NotChecked> for Unchecked {
    fn from(why: NotChecked) -> Self {
        match why {
            NotChecked::PastVerification => Self::PastVerification,
            // Of a damaged table the engine answers nothing: it asks `Release::is_damaged` in the end.
            NotChecked::NoTable | NotChecked::NoQuarter | NotChecked::Partial | NotChecked::Damaged => Self::NoTable,
        }
    }
}

impl From<Program> for PtpTable {
    fn from(program: Program) -> Self {
        match program {
            Program::Practitioner => Self::Practitioner,
            Program::Hospital => Self::Hospital,
        }
    }
}

impl From<Program> for MueTable {
    fn from(program: Program) -> Self {
        match program {
            Program::Practitioner => Self::Practitioner,
            Program::Hospital => Self::Hospital,
        }
    }
}

impl Tables for ReleaseTables<'_> {
    fn id(&self) -> &str {
        self.release.id()
    }

    fn pair(&self, program: Program, one: Code, other: Code, view: View) -> Result<Option<Pair<'_>>, Unchecked> {
        let mut rows = self
            .release
            .pairs_within(one, other, view, program.into(), self.reach)?;
        let basis = rows.basis();
        Ok(rows.next().zip(basis).map(|(pair, basis)| Pair {
            column1: pair.column1(),
            column2: pair.column2(),
            bypassable: pair.is_bypassable(),
            // A quarter's files hold what is in force on its first day: a row is in force from the first quarter on that
            // holds it, until it ends.
            start_unknown: pair.is_start_unknown() && pair.known_from().is_none_or(|known| view.on < known),
            window: pair.window(),
            basis,
        }))
    }

    fn limit(&self, program: Program, code: Code, view: View) -> Result<Option<Limit<'_>>, Unchecked> {
        let table = MueTable::from(program).into();
        let mut rows = self
            .release
            .of_quarter::<release::Limit<'_>>(code, view, table, self.reach)?;
        let basis = rows.basis();
        Ok(rows.next().zip(basis).map(|(limit, basis)| Limit {
            units: limit.units(),
            mai: limit.adjudication(),
            basis,
        }))
    }

    fn primaries(&self, add_on: Code, view: View) -> Result<Vec<Primary<'_>>, Unchecked> {
        let rows = self.release.primaries_within(add_on, view, self.reach)?;
        let Some(basis) = rows.basis() else {
            return Ok(Vec::new());
        };
        let primaries = rows.map(|row| Primary {
            code: row.primary(),
            edit_type: row.edit_type(),
            basis,
        });
        Ok(primaries.collect())
    }

    fn indicators(&self, code: Code, view: View) -> Result<Option<Indicators<'_>>, Unchecked> {
        let table = Table::FeeSchedule;
        let mut rows = self
            .release
            .of_quarter::<release::FeeSchedule<'_>>(code, view, table, self.reach)?;
        let basis = rows.basis();
        let whole = rows.find(|row| row.modifier().is_none());
        Ok(whole.zip(basis).map(|(row, basis)| Indicators {
            status: row.status(),
            global_days: row.global_days(),
            pctc: row.pctc(),
            multiple: row.multiple_procedure(),
            bilateral: row.bilateral(),
            assistant: row.assistant(),
            co_surgeons: row.co_surgeons(),
            team: row.team(),
            not_outside_facilities: row.not_applicable_outside_facilities(),
            not_in_facilities: row.not_applicable_in_facilities(),
            total_hundredths: Some((row.non_facility_total_hundredths(), row.facility_total_hundredths())),
            basis,
        }))
    }

    fn opps_status(&self, code: Code, view: View) -> Result<Option<(&str, Basis<'_>)>, Unchecked> {
        let table = Table::OppsB;
        let mut rows = self
            .release
            .of_quarter::<release::AmbulatoryStatus<'_>>(code, view, table, self.reach)?;
        let basis = rows.basis();
        Ok(rows.next().map(|row| row.status()).zip(basis))
    }

    /// By the codes of the fee schedule and of Addendum B; that they lack a code says nothing.
    fn lived(&self, code: Code, on: ServiceDate) -> Result<bool, Unchecked> {
        self.release.is_listed(code, on).ok_or(Unchecked::NoCodeList)
    }
}
