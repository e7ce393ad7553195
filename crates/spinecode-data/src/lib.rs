//! Dated, cited facts: readable tables in `facts/`, one loader, one checker.
//!
//! Built-in tables are compiled in, so that a fresh install answers with no file and no network. A folder of the user's own
//! tables can lie over them: a row with the id of a built-in row replaces it, any other row is added.

mod cases;
mod check;
mod choices;
mod files;
mod load;
mod profiles;
mod relations;
mod sheet;
mod table;

use std::path::Path;

use spinecode_core::facts::Facts;

pub use cases::cases;
pub use check::check;
pub use files::BUILT_IN;

/// What is wrong with a table: file, line, column and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, column `{column}`: {message}")]
pub struct TableError {
    /// File.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: u64,
    /// Column.
    pub column: String,
    /// What is wrong.
    pub message: String,
}

/// Why facts could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A table has faults; all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Tables(Vec<TableError>),
    /// The folder of the user's own facts could not be read.
    #[error("{0}")]
    Folder(String),
}

/// The built-in facts.
pub fn built_in() -> Result<Facts, DataError> {
    load::load(&[])
}

/// The built-in facts under a folder of the user's own.
pub fn with_overlay(folder: &Path) -> Result<Facts, DataError> {
    load::load(&files::read_folder(folder)?)
}
