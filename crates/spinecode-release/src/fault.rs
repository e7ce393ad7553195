//! What is wrong with a file, where, and what would be right.

use std::fmt;

/// Longest piece of a file that a message repeats.
const ECHO: usize = 32;

/// One fault of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(crate) file: String,
    pub(crate) line: Option<u64>,
    pub(crate) column: Option<(usize, &'static str)>,
    pub(crate) found: String,
    pub(crate) expected: String,
}

impl Fault {
    /// A fault of a file as a whole.
    pub(crate) fn of(file: &str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The same, at a line.
    pub(crate) fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The file, and the member of a ZIP after `!`.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, or the row of a sheet, from 1.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// The column, from 1.
    pub fn column(&self) -> Option<usize> {
        self.column.map(|(at, _)| at + 1)
    }

    /// What stands there.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What would be right.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`", self.file)?;
        if let Some(line) = self.line {
            write!(out, " line {line}")?;
        }
        if let Some((at, name)) = self.column {
            write!(out, ", column {} ({name})", at + 1)?;
        }
        write!(out, ": found {}, expected {}", self.found, self.expected)
    }
}

/// A cell for a message: cut, in backticks, without line breaks.
pub(crate) fn echo(text: &str) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    let short: String = text
        .chars()
        .take(ECHO)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let more = if text.chars().count() > ECHO { "..." } else { "" };
    format!("`{short}{more}`")
}
