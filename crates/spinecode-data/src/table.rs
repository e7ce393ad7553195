//! One strict reader for every CSV table: exact headers, typed cells, faults by file, line and column.

use spinecode_core::code::Code;
use spinecode_core::date::{ServiceDate, Window};
use spinecode_core::facts::{Confidence, Row};
use spinecode_core::name::Name;

use crate::TableError;

/// The columns that every dated table ends with.
pub(crate) const DATED: [&str; 6] = [
    "from",
    "last_day",
    "known_from",
    "verified_through",
    "confidence",
    "citations",
];

/// Collects faults while tables are read.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<TableError>);

/// One record of a table.
pub(crate) struct Record<'f> {
    file: &'f str,
    line: u64,
    columns: &'f [&'static str],
    cells: Vec<Name>,
}

/// Reads a table whose header must be exactly `columns`.
pub(crate) fn records<'f>(
    file: &'f str,
    text: &'static str,
    columns: &'f [&'static str],
    faults: &mut Faults,
) -> Vec<Record<'f>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let mut found = Vec::new();
    match reader.headers() {
        Ok(headers) if headers.iter().eq(columns.iter().copied()) => {}
        Ok(headers) => {
            let got: Vec<&str> = headers.iter().collect();
            faults.add(
                file,
                1,
                "",
                format!("the header must be `{}`, not `{}`", columns.join(","), got.join(",")),
            );
            return found;
        }
        Err(fault) => {
            faults.add(file, 1, "", fault.to_string());
            return found;
        }
    }
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.iter().map(|cell| Name::Owned(cell.trim().to_owned())).collect();
                found.push(Record {
                    file,
                    line,
                    columns,
                    cells,
                });
            }
            Err(fault) => {
                let line = fault.position().map_or(0, csv::Position::line);
                faults.add(file, line, "", fault.to_string());
            }
        }
    }
    found
}

impl Faults {
    pub(crate) fn add(&mut self, file: &str, line: u64, column: &str, message: impl Into<String>) {
        self.0.push(TableError {
            file: file.to_owned(),
            line,
            column: column.to_owned(),
            message: message.into(),
        });
    }
}

/// Makes a cell's text `'static`: facts are read once an engine and live as long, and their words are then copied freely.
pub(crate) fn keep(text: &str) -> Name {
    Name::Borrowed(Box::leak(text.to_owned().into_boxed_str()))
}

impl Record<'_> {
    pub(crate) fn text(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| self.cells.get(at)).map_or("", Name::as_ref)
    }

    pub(crate) fn name(&self, column: &str) -> Name {
        keep(self.text(column))
    }

    pub(crate) fn optional(&self, column: &str) -> Option<Name> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(keep)
    }

    pub(crate) fn required(&self, column: &str, faults: &mut Faults) -> Name {
        if self.text(column).is_empty() {
            self.fault(column, "must not be empty", faults);
        }
        self.name(column)
    }

    /// Words of a cell, parted by spaces.
    pub(crate) fn words(&self, column: &str) -> Vec<Name> {
        self.text(column).split_whitespace().map(keep).collect()
    }

    pub(crate) fn fault(&self, column: &str, message: impl Into<String>, faults: &mut Faults) {
        faults.add(self.file, self.line, column, message);
    }

    pub(crate) fn code(&self, column: &str, faults: &mut Faults) -> Code {
        Code::parse(self.text(column)).unwrap_or_else(|| {
            self.fault(
                column,
                format!("`{}` is not a five-character code", self.text(column)),
                faults,
            );
            // INVARIANT: a table with a fault is never used.
            FALLBACK
        })
    }

    pub(crate) fn codes(&self, column: &str, faults: &mut Faults) -> Vec<Code> {
        let words: Vec<&str> = self.text(column).split_whitespace().collect();
        words
            .into_iter()
            .filter_map(|word| {
                let code = Code::parse(word);
                if code.is_none() {
                    self.fault(column, format!("`{word}` is not a five-character code"), faults);
                }
                code
            })
            .collect()
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, column: &str, faults: &mut Faults) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.fault(column, format!("`{text}` is not a number"), faults);
        }
        number
    }

    /// One of a closed set of words.
    pub(crate) fn choice<T: Copy>(&self, column: &str, choices: &[(&str, T)], faults: &mut Faults) -> Option<T> {
        let text = self.text(column);
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fault(column, format!("`{text}` is none of {}", words.join(", ")), faults);
        }
        found
    }

    pub(crate) fn yes(&self, column: &str, faults: &mut Faults) -> bool {
        self.choice(column, &[("yes", true), ("no", false)], faults)
            .unwrap_or_default()
    }

    fn date(&self, column: &str, faults: &mut Faults) -> Option<ServiceDate> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let date = ServiceDate::parse(text);
        if date.is_none() {
            self.fault(column, format!("`{text}` is not a date, YYYY-MM-DD"), faults);
        }
        date
    }

    /// The days of a row, both ends as the tables give them.
    pub(crate) fn window(&self, faults: &mut Faults) -> Window {
        let from = self.date("from", faults);
        let last_day = self.date("last_day", faults);
        if let (Some(from), Some(last_day)) = (from, last_day)
            && last_day < from
        {
            self.fault("last_day", "lies before `from`", faults);
        }
        Window {
            from,
            until: last_day.map(ServiceDate::next),
        }
    }

    /// The dated part. Tables give the last day in force, as the sources do; windows are half-open, so a day is added here.
    pub(crate) fn row(&self, table: &str, key: &str, faults: &mut Faults) -> Row {
        let window = self.window(faults);
        let (from, last_day) = (window.from, self.date("last_day", &mut Faults::default()));
        let confidence = Confidence::parse(self.text("confidence")).unwrap_or_else(|| {
            self.fault("confidence", "must be high, medium or low", faults);
            Confidence::Low
        });
        let citations: Vec<Name> = self
            .text("citations")
            .split(';')
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(keep)
            .collect();
        if citations.is_empty() {
            self.fault("citations", "every fact is cited", faults);
        }
        let start = from.map_or_else(|| "start".to_owned(), |from| from.to_string());
        Row {
            id: keep(&format!("{table}:{key}@{start}")),
            window,
            known_from: self.date("known_from", faults),
            // A closed stretch of the past cannot go out of date after its last day.
            verified_through: self.date("verified_through", faults).or(last_day),
            confidence,
            citations,
        }
    }

    /// A conflict and position, both or neither.
    pub(crate) fn position(&self, faults: &mut Faults) -> Option<(Name, Name)> {
        match (self.optional("conflict"), self.optional("position")) {
            (Some(conflict), Some(position)) => Some((conflict, position)),
            (None, None) => None,
            _ => {
                self.fault("position", "a conflict and its position go together", faults);
                None
            }
        }
    }
}

const FALLBACK: Code = Code::PLACEHOLDER;
