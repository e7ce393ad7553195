//! Files as rows of cells: text and sheets, alone or inside a ZIP, never larger than the limits below.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{DataRef, Reader as _, Xlsx};
use zip::ZipArchive;

use crate::day::Day;
use crate::fault::Fault;
use crate::table::Table;

/// Largest file, and largest unpacked member of a ZIP.
const LARGEST: u64 = 512 << 20;
/// Largest sum of what a workbook unpacks to: its sheet of half a million rows is about 200 MB.
const LARGEST_WORKBOOK: u64 = 1 << 30;
/// Most members of a ZIP.
const MOST_MEMBERS: usize = 1000;
/// Most columns of a row; CMS's widest file has 31.
const MOST_COLUMNS: u32 = 64;
/// Longest cell; the longest header of CMS is a paragraph.
const LONGEST_CELL: usize = 8192;

/// What the caller says a file is, where its name does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    pub(crate) table: Table,
    pub(crate) start: Day,
    pub(crate) revision: Option<u8>,
}

impl Declared {
    /// Reads `TABLE@YYYY-MM-DD`, with `rN` behind it for a replacement: `ptp_hospital@2024-07-01r1`.
    pub fn parse(text: &str) -> Option<Self> {
        let (table, rest) = text.split_once('@')?;
        let (date, revision) = match rest.split_once('r') {
            Some((date, revision)) => (date, Some(revision.parse().ok()?)),
            None => (rest, None),
        };
        let date = spinecode_core::ServiceDate::parse(date)?;
        Some(Self {
            table: Table::parse(table)?,
            start: Day::of(date.0),
            revision,
        })
    }
}

/// A file that a release is built from.
#[derive(Clone, Debug)]
pub struct Input {
    name: String,
    origin: Origin,
    pub(crate) declared: Option<Declared>,
}

#[derive(Clone, Debug)]
enum Origin {
    File(PathBuf),
    Memory(Arc<Vec<u8>>),
}

impl Input {
    /// A file on disk. Only its own name counts, never its folder.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            name: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            origin: Origin::File(path),
            declared: None,
        }
    }

    /// A file in memory.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            origin: Origin::Memory(Arc::new(bytes)),
            declared: None,
        }
    }

    /// Says what the file is.
    #[must_use]
    pub fn declared(mut self, declared: Declared) -> Self {
        self.declared = Some(declared);
        self
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn load(&self) -> Result<Arc<Vec<u8>>, Fault> {
        let read = |path: &Path| -> std::io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            std::fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = match &self.origin {
            Origin::Memory(bytes) => Arc::clone(bytes),
            Origin::File(path) => Arc::new(
                read(path)
                    .map_err(|why| Fault::of(&self.name, format!("no readable file ({why})"), "a file of CMS"))?,
            ),
        };
        if bytes.len() as u64 > LARGEST {
            return Err(Fault::of(&self.name, "more than 512 MiB", "a file of CMS"));
        }
        Ok(bytes)
    }
}

/// One table file: an input, or a member of one.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    input: Input,
    member: Option<usize>,
    /// The file's name, `zip!member` for a member.
    pub(crate) label: String,
    /// The names that may say what it is, its own first.
    pub(crate) names: Vec<String>,
    pub(crate) declared: Option<Declared>,
    workbook: bool,
}

/// A row: its line (text) or number (sheet), from 1, and its cells without blanks around them.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) line: u64,
    cells: Vec<String>,
    used: usize,
}

impl Row {
    pub(crate) fn cell(&self, at: usize) -> &str {
        self.cells().get(at).map(String::as_str).unwrap_or_default()
    }

    pub(crate) fn cells(&self) -> &[String] {
        self.cells.get(..self.used).unwrap_or_default()
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.cells().iter().all(String::is_empty)
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.used = 0;
    }

    fn push(&mut self, text: &[u8]) {
        if self.used == self.cells.len() {
            self.cells.push(String::new());
        }
        let Some(cell) = self.cells.get_mut(self.used) else {
            return;
        };
        self.used += 1;
        cell.clear();
        match std::str::from_utf8(text) {
            Ok(text) => cell.push_str(text.trim()),
            // CMS writes Windows' Latin alphabet; what differs from Latin 1 there stands in no cell that is read.
            Err(_) => cell.push_str(text.iter().map(|byte| char::from(*byte)).collect::<String>().trim()),
        }
    }
}

/// The table files of an input, and the members that are passed over.
pub(crate) fn sheets(input: &Input) -> Result<(Vec<Sheet>, Vec<String>), Fault> {
    let bytes = input.load()?;
    let whole = |workbook| Sheet {
        input: input.clone(),
        member: None,
        label: input.name.clone(),
        names: vec![input.name.clone()],
        declared: input.declared,
        workbook,
    };
    if !bytes.starts_with(b"PK") {
        return Ok((vec![whole(false)], Vec::new()));
    }
    let mut archive = open(&input.name, &bytes)?;
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Ok((vec![whole(true)], Vec::new()));
    }
    let mut found = Vec::new();
    let mut passed_over = Vec::new();
    for member in 0..archive.len() {
        let file = archive.by_index(member).map_err(|why| damaged(&input.name, &why))?;
        let name = file.name().map(|name| name.into_owned()).unwrap_or_default();
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let lower = last.to_ascii_lowercase();
        if file.is_dir() || last.is_empty() || name.starts_with("__MACOSX") {
            continue;
        }
        let label = format!("{}!{name}", input.name);
        let workbook = lower.ends_with(".xlsx");
        if !workbook && !lower.ends_with(".txt") && !lower.ends_with(".csv") {
            passed_over.push(label);
            continue;
        }
        found.push(Sheet {
            input: input.clone(),
            member: Some(member),
            label,
            names: vec![last.to_owned(), input.name.clone()],
            declared: input.declared,
            workbook,
        });
    }
    // A workbook beside the text of the same name holds the same rows again.
    let texts: Vec<String> = found.iter().filter(|sheet| !sheet.workbook).map(stem).collect();
    found.retain(|sheet| {
        let twin = sheet.workbook && texts.contains(&stem(sheet));
        if twin {
            passed_over.push(sheet.label.clone());
        }
        !twin
    });
    Ok((found, passed_over))
}

fn stem(sheet: &Sheet) -> String {
    let lower = sheet.label.to_ascii_lowercase();
    lower.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or(lower)
}

fn open<'a>(name: &str, bytes: &'a [u8]) -> Result<ZipArchive<Cursor<&'a [u8]>>, Fault> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|why| damaged(name, &why))?;
    if archive.len() > MOST_MEMBERS {
        return Err(Fault::of(name, format!("{} members", archive.len()), "a ZIP of CMS"));
    }
    Ok(archive)
}

fn damaged(name: &str, why: &dyn std::fmt::Display) -> Fault {
    Fault::of(name, format!("a damaged ZIP ({why})"), "a whole one")
}

impl Sheet {
    fn bytes(&self) -> Result<Arc<Vec<u8>>, Fault> {
        let bytes = self.input.load()?;
        let Some(member) = self.member else { return Ok(bytes) };
        let mut archive = open(&self.input.name, &bytes)?;
        let file = archive.by_index(member).map_err(|why| damaged(&self.label, &why))?;
        let mut unpacked = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut unpacked)
            .map_err(|why| damaged(&self.label, &why))?;
        if unpacked.len() as u64 > LARGEST {
            return Err(Fault::of(&self.label, "more than 512 MiB", "a file of CMS"));
        }
        Ok(Arc::new(unpacked))
    }

    /// Gives every row, until told to stop.
    pub(crate) fn rows(&self, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), Fault> {
        let bytes = self.bytes()?;
        if self.workbook {
            // INVARIANT: no content can crash the process. The workbook reader is not ours, so its panics are caught.
            return catch_unwind(AssertUnwindSafe(|| self.workbook_rows(&bytes, each)))
                .unwrap_or_else(|_| Err(self.bad_workbook(&"its parts contradict each other")));
        }
        self.text_rows(&bytes, each)
    }

    fn text_rows(&self, bytes: &[u8], each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), Fault> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let tabs =
            !self.label.to_ascii_lowercase().ends_with(".csv") && bytes.iter().take(1 << 16).any(|byte| *byte == b'\t');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(if tabs { b'\t' } else { b',' })
            // A tab-delimited file is not quoted: a quotation mark there is one.
            .quoting(!tabs)
            .from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        let mut row = Row::default();
        let (mut line, mut counted) = (1, 0);
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                // Every line of CMS's files is ended; the last row of a file that was cut off is not.
                Ok(false) if row.line > 0 && !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r") => {
                    let fault = Fault::of(
                        &self.label,
                        "a file that ends within a line",
                        "a whole file, its last line ended",
                    );
                    return Err(fault.at(line));
                }
                Ok(false) => return Ok(()),
                Err(why) => return Err(Fault::of(&self.label, format!("no table ({why})"), "rows of cells")),
            }
            // The reader's own count leaves out the line break that it has not yet passed.
            let begins = record.position().map_or(0, csv::Position::byte);
            let begins = usize::try_from(begins).unwrap_or(usize::MAX);
            let after = bytes.get(begins..).unwrap_or_default();
            let breaks = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let passed = bytes.get(counted..begins + breaks).unwrap_or_default();
            line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            counted = begins + breaks;
            row.clear(line);
            if record.len() > MOST_COLUMNS as usize || record.as_slice().len() > LONGEST_CELL {
                let found = format!("a row of {} cells, {} bytes", record.len(), record.as_slice().len());
                return Err(Fault::of(&self.label, found, "a row of a table of CMS").at(line));
            }
            record.iter().for_each(|cell| row.push(cell));
            if each(&row).is_break() {
                return Ok(());
            }
        }
    }

    fn bad_workbook(&self, why: &dyn std::fmt::Display) -> Fault {
        Fault::of(&self.label, format!("a damaged workbook ({why})"), "a whole one")
    }

    fn workbook_rows(&self, bytes: &[u8], each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), Fault> {
        let bad = |why: &dyn std::fmt::Display| self.bad_workbook(why);
        self.measure(bytes)?;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|why| bad(&why))?;
        let first = book.sheet_names().first().cloned().ok_or_else(|| bad(&"no sheet"))?;
        let mut cells = book.worksheet_cells_reader(&first).map_err(|why| bad(&why))?;
        let mut row = Row::default();
        while let Some(cell) = cells.next_cell().map_err(|why| bad(&why))? {
            let (at, column) = cell.get_position();
            let line = u64::from(at) + 1;
            if line < row.line || column >= MOST_COLUMNS || (line == row.line && (column as usize) < row.used) {
                return Err(bad(&"a cell out of its place").at(line));
            }
            if line > row.line {
                if row.line > 0 && each(&row).is_break() {
                    return Ok(());
                }
                row.clear(line);
            }
            while row.used < column as usize {
                row.push(b"");
            }
            match cell.get_value() {
                DataRef::Empty => row.push(b""),
                DataRef::String(text) => row.push(text.as_bytes()),
                DataRef::SharedString(text) => row.push(text.as_bytes()),
                // Written with all its digits and without a point where it is whole.
                DataRef::Float(number) => row.push(number.to_string().as_bytes()),
                DataRef::Int(number) => row.push(number.to_string().as_bytes()),
                DataRef::Bool(truth) => row.push(truth.to_string().as_bytes()),
                DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.push(text.as_bytes()),
                DataRef::DateTime(_) => row.push(b"(a date cell)"),
                DataRef::Error(_) => row.push(b"(an error)"),
            }
        }
        if row.line > 0 {
            let _ = each(&row);
        }
        Ok(())
    }

    /// Unpacks a workbook into nothing, to know how large it is before it is read.
    fn measure(&self, bytes: &[u8]) -> Result<(), Fault> {
        let mut archive = open(&self.label, bytes)?;
        let mut left = LARGEST_WORKBOOK;
        for member in 0..archive.len() {
            let file = archive.by_index(member).map_err(|why| self.bad_workbook(&why))?;
            let size =
                std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|why| self.bad_workbook(&why))?;
            if size > left {
                return Err(Fault::of(&self.label, "a workbook of more than 1 GiB", "a file of CMS"));
            }
            left -= size;
        }
        Ok(())
    }
}
