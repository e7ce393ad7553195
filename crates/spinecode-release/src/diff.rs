//! What changed from one release to another: the last quarter of each table, row by row.

use std::cmp::Ordering;

use serde::Serialize;
use spinecode_core::Code;

use crate::record::{AddOnRecord, FeeRecord, LimitRecord, OppsRecord, PairRecord, Record, Told};
use crate::release::{NotChecked, Release};
use crate::table::{Edition, Table};

/// What is compared; an empty list is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiffOptions {
    /// Tables.
    pub tables: Vec<Table>,
    /// Codes, on either side of a pair.
    pub codes: Vec<Code>,
    /// Count the rows and leave them out.
    pub summary: bool,
}

/// What changed between two releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Id of the older release.
    pub old: String,
    /// Id of the newer release.
    pub new: String,
    /// The tables that either holds.
    pub tables: Vec<TableDiff>,
}

/// What changed in a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableDiff {
    /// Its name.
    pub table: String,
    /// First day of its last quarter in the older release; absent: that holds no such table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_quarter: Option<String>,
    /// First day of its last quarter in the newer release; absent: that holds no such table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_quarter: Option<String>,
    /// Rows of the newer one alone.
    pub added: usize,
    /// Rows that are gone, or were given their last day.
    pub ended: usize,
    /// Rows that say something else.
    pub changed: usize,
    /// The rows, unless one release lacks the table or only numbers were asked for.
    pub rows: Vec<RowDiff>,
}

/// A row that is not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowDiff {
    /// `added`, `ended` or `changed`.
    pub change: &'static str,
    /// The code: column 1 of a pair, the add-on code.
    pub code: String,
    /// Column 2, the primary, or the modifier of a component.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub with: String,
    /// First day in force, where rows have days of their own and the files say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_day: String,
    /// What it says otherwise.
    pub fields: Vec<FieldDiff>,
}

/// What a row said, and says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDiff {
    /// The field.
    pub field: &'static str,
    /// Before; absent: there was no such row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// Since; absent: there is no such row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// Compares what two releases hold in the last quarter of each table.
///
/// # Errors
/// Where a table is damaged.
pub fn diff(old: &Release, new: &Release, options: &DiffOptions) -> Result<Diff, NotChecked> {
    let mut tables = Vec::new();
    for table in Table::ALL {
        let asked = options.tables.is_empty() || options.tables.contains(&table);
        let held = old.tables().chain(new.tables()).any(|held| held == table);
        if !asked || !held {
            continue;
        }
        let sides = Sides {
            old,
            new,
            table,
            options,
        };
        tables.push(match table {
            Table::PtpPractitioner | Table::PtpHospital => sides.compare::<PairRecord>(),
            Table::MuePractitioner | Table::MueHospital | Table::MueDme => sides.compare::<LimitRecord>(),
            Table::AddOn => sides.compare::<AddOnRecord>(),
            Table::FeeSchedule => sides.compare::<FeeRecord>(),
            Table::OppsB => sides.compare::<OppsRecord>(),
        }?);
    }
    Ok(Diff {
        old: old.id().to_owned(),
        new: new.id().to_owned(),
        tables,
    })
}

/// One table of both releases.
#[derive(Clone, Copy)]
struct Sides<'a> {
    old: &'a Release,
    new: &'a Release,
    table: Table,
    options: &'a DiffOptions,
}

/// Rows of the last quarter, sorted; `None`: the table is not held.
fn last_quarter<R: Record>(release: &Release, table: Table) -> Result<Option<Vec<R>>, NotChecked> {
    let Some(last) = release.quarters(table).len().checked_sub(1) else {
        return Ok(None);
    };
    let runs = release.runs::<R>(table)?;
    let rows = runs
        .into_iter()
        .filter(|(_, first, until)| usize::from(*first) <= last && last < usize::from(*until));
    let mut rows: Vec<R> = rows.map(|(row, _, _)| row).collect();
    rows.sort_unstable();
    Ok(Some(rows))
}

impl Sides<'_> {
    fn compare<R: Record>(self) -> Result<TableDiff, NotChecked> {
        let quarter = |release: &Release| release.quarters(self.table).last().map(Edition::start);
        let (before, since) = (
            last_quarter::<R>(self.old, self.table)?,
            last_quarter::<R>(self.new, self.table)?,
        );
        let mut found = TableDiff {
            table: self.table.to_string(),
            old_quarter: quarter(self.old).map(|day| day.to_string()),
            new_quarter: quarter(self.new).map(|day| day.to_string()),
            added: 0,
            ended: 0,
            changed: 0,
            rows: Vec::new(),
        };
        // A table that only one of them holds is not told row by row.
        let whole = before.is_some() && since.is_some() && !self.options.summary;
        let (before, since) = (before.unwrap_or_default(), since.unwrap_or_default());
        let (mut before, mut since) = (before.iter().peekable(), since.iter().peekable());
        loop {
            let order = match (before.peek(), since.peek()) {
                (None, None) => return Ok(found),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => one.identity().cmp(&other.identity()),
            };
            let one = before.next_if(|_| order.is_le());
            let other = since.next_if(|_| order.is_ge());
            if let Some(row) = self.row(one, other) {
                match row.change {
                    "added" => found.added += 1,
                    "ended" => found.ended += 1,
                    _ => found.changed += 1,
                }
                if whole {
                    found.rows.push(row);
                }
            }
        }
    }

    fn row<R: Record>(self, one: Option<&R>, other: Option<&R>) -> Option<RowDiff> {
        let codes = &self.options.codes;
        let key = one.or(other)?;
        let mine = |code: &Code| {
            [Some(key.key()), key.other()]
                .into_iter()
                .flatten()
                .any(|own| own == code.as_str().as_bytes())
        };
        if !codes.is_empty() && !codes.iter().any(mine) {
            return None;
        }
        let text = |release: &Release, row: &R| {
            let text = row.text().map(|text| release.texts().get(usize::from(text)).cloned());
            text.flatten().unwrap_or_default()
        };
        if let (Some(one), Some(other)) = (one, other)
            && one.with_text(0) == other.with_text(0)
            && text(self.old, one) == text(self.new, other)
        {
            return None;
        }
        let told = |release: &Release, row: Option<&R>| row.map(|row| row.told(&text(release, row)));
        let (one, other) = (told(self.old, one), told(self.new, other));
        let change = match (&one, &other) {
            (None, _) => "added",
            (Some(_), None) => "ended",
            (Some(one), Some(other)) if one.ended(other) => "ended",
            _ => "changed",
        };
        let names = one.iter().chain(&other).next()?.fields.iter().map(|(name, _)| *name);
        let value = |told: &Option<Told>, at: usize| {
            let fields = told.as_ref().map(|told| &told.fields);
            fields.and_then(|fields| fields.get(at)).map(|(_, value)| value.clone())
        };
        let fields = names.enumerate().map(|(at, field)| FieldDiff {
            field,
            old: value(&one, at),
            new: value(&other, at),
        });
        let fields = fields.filter(|field| field.old != field.new).collect();
        let told = one.or(other)?;
        Some(RowDiff {
            change,
            code: told.code,
            with: told.with,
            first_day: told.first_day,
            fields,
        })
    }
}
