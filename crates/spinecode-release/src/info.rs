//! What a release holds, for people and scripts.

use serde::Serialize;

use crate::release::{CODES, Release, TEXTS, hex};
use crate::table::{Edition, Table};

/// What a release holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Info {
    /// The release's id, the root hash.
    pub release: String,
    /// The version of the file format.
    pub format_version: u16,
    /// Bytes of the file.
    pub bytes: usize,
    /// Codes that it knows.
    pub codes: usize,
    /// Whether every hash was verified.
    pub verified: bool,
    /// The tables.
    pub tables: Vec<TableInfo>,
    /// The sections of the file.
    pub sections: Vec<SectionInfo>,
}

/// A table of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableInfo {
    /// Its name.
    pub table: String,
    /// Rows in the file; a row that several quarters hold stands once.
    pub rows: usize,
    /// Its quarters.
    pub quarters: Vec<EditionInfo>,
}

/// A quarter of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EditionInfo {
    /// First day.
    pub from: String,
    /// Last day, unless a later quarter begins before.
    pub last_day: String,
    /// 0, or the number of the replacement.
    pub revision: u8,
    /// Rows that can be in force.
    pub rows: u32,
    /// Rows that were never in force, which are left out.
    pub withdrawn: u32,
    /// Whether rows lack their first day.
    pub start_unknown: bool,
    /// Whether parts of the files were not given.
    pub partial: bool,
}

/// A section of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionInfo {
    /// Its name.
    pub section: String,
    /// Its bytes.
    pub bytes: usize,
    /// Its hash (SHA-256).
    pub hash: String,
}

impl Release {
    /// What it holds. `verified` is said as it is given: whether [`Release::verify`] was called and passed.
    pub fn info(&self, verified: bool) -> Info {
        Info {
            release: self.id().to_owned(),
            format_version: self.format_version(),
            bytes: self.size(),
            codes: self.codes(),
            verified,
            tables: self
                .tables()
                .map(|table| TableInfo {
                    table: table.to_string(),
                    rows: self.stored_rows(table),
                    quarters: self.quarters(table).iter().map(edition).collect(),
                })
                .collect(),
            sections: self
                .sections
                .iter()
                .map(|section| SectionInfo {
                    section: section_name(section.number),
                    bytes: section.range.len(),
                    hash: hex(&section.hash),
                })
                .collect(),
        }
    }
}

fn edition(edition: &Edition) -> EditionInfo {
    let until = edition.until().0;
    EditionInfo {
        from: edition.start().to_string(),
        last_day: until.yesterday().unwrap_or(until).to_string(),
        revision: edition.revision(),
        rows: edition.rows(),
        withdrawn: edition.withdrawn(),
        start_unknown: edition.unknown_starts(),
        partial: edition.partial(),
    }
}

fn section_name(number: u32) -> String {
    match number {
        CODES => return "codes".to_owned(),
        TEXTS => return "texts".to_owned(),
        _ => {}
    }
    let table = Table::ALL.into_iter().find(|table| table.number() == number / 16);
    let part = match number % 16 {
        1 => "quarters",
        2 => "index",
        3 => "rows",
        _ => "unknown",
    };
    table.map_or_else(|| format!("section {number}"), |table| format!("{table}.{part}"))
}
