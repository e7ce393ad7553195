//! A release, opened: what its tables hold for a code on a date, as it had been published by a day.
//!
//! INVARIANT: every read of the bytes is bounds-checked and no byte is used before the hash of its section was. A file that was
//! tampered with or damaged gives errors, never a panic and never another answer.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use spinecode_core::date::View;
use spinecode_core::facts::{Confidence, Row};
use spinecode_core::tables::Basis;
use spinecode_core::{Code, Modifier, Name, ServiceDate, Window};

use crate::container::{self, Section};
use crate::day::Day;
use crate::record::{CONTRACTOR_DEFINED, CodeBytes, FEE_LETTERS, Numbers, Record, bit, u16_at, u32_at};
use crate::table::{Edition, Table};

/// Sections that belong to no table.
pub(crate) const CODES: u32 = 1;
pub(crate) const TEXTS: u32 = 2;

/// The sections of a table.
pub(crate) fn editions_section(table: Table) -> u32 {
    table.number() * 16 + 1
}
pub(crate) fn index_section(table: Table) -> u32 {
    table.number() * 16 + 2
}
pub(crate) fn rows_section(table: Table) -> u32 {
    table.number() * 16 + 3
}

/// Bytes of an edition.
pub(crate) const EDITION: usize = 12;
/// The edition in which a row is not known to have ended.
pub(crate) const NO_EDITION: u8 = u8::MAX;
/// The status of a code that is listed only to say that it ended.
const DISCONTINUED: u8 = b'D';

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It cannot be read.
    #[error("cannot read the release `{}`: {why}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        #[source]
        why: std::io::Error,
    },
    /// It is something else.
    #[error("this is no release: it does not begin as one")]
    NoRelease,
    /// A newer version made it.
    #[error("the release was made for a newer version of spinecode (it needs reader {needs}, this is reader {READER})", READER = container::READER_VERSION)]
    TooNew {
        /// The smallest reader that it needs.
        needs: u16,
    },
    /// It is not what was written.
    #[error("the release is damaged: {0}")]
    Damaged(&'static str),
}

/// Why a table does not say whether it holds a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotChecked {
    /// The release does not hold the table.
    #[error("the release does not hold this table")]
    NoTable,
    /// The release holds no quarter of it for the day, or none that had been published by then.
    #[error("the release holds no quarter of this table for the day")]
    NoQuarter,
    /// The day lies after the last quarter.
    #[error("the day lies after the last quarter of this table")]
    PastVerification,
    /// The quarter was built from a part of its files, and the part holds no such row.
    #[error("the quarter was built from a part of its files")]
    Partial,
    /// The section is not what was written.
    #[error("the release is damaged")]
    Damaged,
}

impl NotChecked {
    /// The reason as an answer gives it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoTable => "no_table",
            Self::NoQuarter | Self::Partial => "no_quarter",
            Self::PastVerification => "past_verification",
            Self::Damaged => "damaged",
        }
    }
}

/// Which pair edits are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PtpTable {
    /// Practitioners and ambulatory surgical centres.
    Practitioner,
    /// Outpatient hospitals.
    Hospital,
}

impl From<PtpTable> for Table {
    fn from(table: PtpTable) -> Self {
        match table {
            PtpTable::Practitioner => Self::PtpPractitioner,
            PtpTable::Hospital => Self::PtpHospital,
        }
    }
}

/// Which unit limits are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MueTable {
    /// Practitioners.
    Practitioner,
    /// Outpatient hospitals.
    Hospital,
    /// Suppliers of equipment.
    Dme,
}

impl From<MueTable> for Table {
    fn from(table: MueTable) -> Self {
        match table {
            MueTable::Practitioner => Self::MuePractitioner,
            MueTable::Hospital => Self::MueHospital,
            MueTable::Dme => Self::MueDme,
        }
    }
}

/// How a release is taken into memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Load {
    /// Mapped: opened at once, read where it is asked, shared between processes. The file must be replaced by renaming another
    /// over it, never written in place.
    #[default]
    Map,
    /// Copied, where files are changed in place or lie on a network.
    Copy,
}

enum Bytes {
    Mapped(memmap2::Mmap),
    Copied(Vec<u8>),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Copied(bytes) => bytes,
        }
    }
}

/// A table of an open release.
pub(crate) struct Held {
    table: Table,
    pub(crate) editions: Vec<Edition>,
    index: Section,
    rows: Section,
    width: usize,
    /// Whether index and rows are what was written: looked at once, at the first question.
    whole: OnceLock<bool>,
    /// Each edition as the row that answers name: its window, its first day as the day it was known from.
    pub(crate) laws: Vec<Row>,
}

/// Which editions may speak of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those that are for it.
    Loaded,
    /// Where none is, the nearest that had been published.
    Nearest,
}

/// Editions and days of one table, as far as a question needs them.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    /// Position of the edition.
    pub(crate) edition: usize,
    /// It is not the one of the day.
    pub(crate) nearest: bool,
}

/// An open release. It can be asked from many threads at once.
pub struct Release {
    bytes: Bytes,
    format: u16,
    pub(crate) sections: Vec<Section>,
    codes: Section,
    texts: Vec<String>,
    tables: Vec<Held>,
    /// The numbers of the codes: made at the first question, so that opening stays short.
    numbers: OnceLock<FxHashMap<CodeBytes, u16>>,
    id: String,
}

impl std::fmt::Debug for Release {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Release").field(&self.id()).finish()
    }
}

/// The width of a table's rows in the file, the two bytes of their editions included.
pub(crate) fn width(table: Table) -> usize {
    use crate::record::{AddOnRecord, FeeRecord, LimitRecord, OppsRecord, PairRecord};
    2 + match table {
        Table::PtpPractitioner | Table::PtpHospital => PairRecord::WIDTH,
        Table::MuePractitioner | Table::MueHospital | Table::MueDme => LimitRecord::WIDTH,
        Table::AddOn => AddOnRecord::WIDTH,
        Table::FeeSchedule => FeeRecord::WIDTH,
        Table::OppsB => OppsRecord::WIDTH,
    }
}

impl Release {
    /// Opens a file. Header, section table, codes and editions are verified at once; a table's rows at the first question to it.
    ///
    /// # Errors
    /// Where the file cannot be read, is no release, is damaged or was made for a newer reader.
    pub fn open(path: &Path, load: Load) -> Result<Self, OpenError> {
        let read = |why| OpenError::Read {
            file: path.to_path_buf(),
            why,
        };
        let bytes = match load {
            Load::Copy => Bytes::Copied(std::fs::read(path).map_err(read)?),
            Load::Map => {
                let file = std::fs::File::open(path).map_err(read)?;
                #[expect(
                    unsafe_code,
                    reason = "a map is unsafe for files that shrink under it; releases are replaced by renaming only, and the others can be copied"
                )]
                // SAFETY: the bytes are only read, through bounds-checked slices.
                let map = unsafe { memmap2::Mmap::map(&file) }.map_err(read)?;
                Bytes::Mapped(map)
            }
        };
        Self::read(bytes)
    }

    /// Opens the bytes of a release.
    ///
    /// # Errors
    /// Where they are none, are damaged or were made for a newer reader.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Self::read(Bytes::Copied(bytes))
    }

    fn read(bytes: Bytes) -> Result<Self, OpenError> {
        let parsed = container::parse(bytes.get())?;
        let find = |number| parsed.sections.iter().find(|section| section.number == number).cloned();
        let whole = |section: &Section| {
            bytes
                .get()
                .get(section.range.clone())
                .filter(|bytes| container::hash(bytes) == section.hash)
                .ok_or(OpenError::Damaged("a section is not what was written"))
        };
        let codes = find(CODES).ok_or(OpenError::Damaged("no codes"))?;
        let list = whole(&codes)?;
        let (chunks, rest) = list.as_chunks::<5>();
        let sorted = chunks.windows(2).all(|pair| matches!(pair, [one, two] if one < two));
        if !rest.is_empty() || !sorted || chunks.len() >= usize::from(CONTRACTOR_DEFINED) {
            return Err(OpenError::Damaged("the codes are not sorted"));
        }
        let count = chunks.len();
        let texts = find(TEXTS).ok_or(OpenError::Damaged("no texts"))?;
        let texts = read_texts(whole(&texts)?).ok_or(OpenError::Damaged("the texts"))?;
        let mut tables = Vec::new();
        for table in Table::ALL {
            let Some(editions) = find(editions_section(table)) else {
                continue;
            };
            let editions = read_editions(whole(&editions)?).ok_or(OpenError::Damaged("the editions of a table"))?;
            let (index, rows) = find(index_section(table))
                .zip(find(rows_section(table)))
                .ok_or(OpenError::Damaged("a table without rows"))?;
            let width = width(table);
            if index.range.len() != (count + 1) * 4 || rows.range.len() % width != 0 {
                return Err(OpenError::Damaged("a table's index or rows have not their size"));
            }
            tables.push(Held {
                table,
                laws: editions.iter().map(|edition| law(table, edition)).collect(),
                editions,
                index,
                rows,
                width,
                whole: OnceLock::new(),
            });
        }
        Ok(Self {
            id: hex(&parsed.root),
            numbers: OnceLock::new(),
            format: parsed.format,
            sections: parsed.sections,
            codes,
            texts,
            tables,
            bytes,
        })
    }

    /// The release's id: the root hash, in hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version of the format that it is written in.
    pub fn format_version(&self) -> u16 {
        self.format
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> usize {
        self.bytes.get().len()
    }

    /// How many codes it knows.
    pub fn codes(&self) -> usize {
        self.codes.range.len() / 5
    }

    /// The tables that it holds.
    pub fn tables(&self) -> impl Iterator<Item = Table> + '_ {
        self.tables.iter().map(|held| held.table)
    }

    /// The quarters of a table, by date; none where the release does not hold it.
    pub fn quarters(&self, table: Table) -> &[Edition] {
        self.held(table).map_or(&[], |held| held.editions.as_slice())
    }

    /// The rows that a table takes in the file, over all quarters.
    pub fn stored_rows(&self, table: Table) -> usize {
        self.held(table).map_or(0, |held| held.rows.range.len() / held.width)
    }

    /// Verifies the hash of every section and the index of every table.
    ///
    /// # Errors
    /// Where a section is not what was written.
    pub fn verify(&self) -> Result<(), OpenError> {
        for section in &self.sections {
            if container::hash(self.slice(section)) != section.hash {
                return Err(OpenError::Damaged("a section is not what was written"));
            }
        }
        let whole = self.tables.iter().all(|held| self.is_whole(held));
        whole.then_some(()).ok_or(OpenError::Damaged("a table's index"))
    }

    /// Whether a table that was asked turned out to be damaged. It has said nothing; an answer that it should have gone into
    /// is none.
    pub fn is_damaged(&self) -> bool {
        self.tables.iter().any(|held| held.whole.get() == Some(&false))
    }

    /// The pair edits of two codes, in either direction, that are in force on the day. There is one at most in tables that
    /// do not contradict themselves.
    ///
    /// The law is that of the last quarter published by `view.as_of`.
    ///
    /// # Errors
    /// Where the table cannot say.
    pub fn pairs(
        &self,
        code1: Code,
        code2: Code,
        view: View,
        table: PtpTable,
    ) -> Result<Rows<'_, Pair<'_>>, NotChecked> {
        self.pairs_within(code1, code2, view, table, Reach::Loaded)
    }

    pub(crate) fn pairs_within(
        &self,
        code1: Code,
        code2: Code,
        view: View,
        table: PtpTable,
        reach: Reach,
    ) -> Result<Rows<'_, Pair<'_>>, NotChecked> {
        let held = self.whole(table.into())?;
        let found = published(held, view, reach)?;
        let mut rows = self.empty(held, found, Some(Day::of(view.on.0)));
        if let Some((first, second)) = self.number(bytes_of(code1)).zip(self.number(bytes_of(code2))) {
            let (low, high) = (first.min(second), first.max(second));
            rows.rest = within(self.of_code(held, low), held.width, high);
            rows.low = low;
        }
        or_partial(rows)
    }

    /// The limit of a code's units on the day.
    ///
    /// # Errors
    /// Where the table cannot say.
    pub fn limits(&self, code: Code, view: View, table: MueTable) -> Result<Option<Limit<'_>>, NotChecked> {
        Ok(self.of_quarter(code, view, table.into(), Reach::Loaded)?.next())
    }

    /// The primaries that an add-on code needs one of, in force on the day; none: the code is no add-on of the table.
    ///
    /// The law is that of the last quarter published by `view.as_of`.
    ///
    /// # Errors
    /// Where the table cannot say.
    pub fn add_on_primaries(&self, code: Code, view: View) -> Result<Rows<'_, AddOnPrimary<'_>>, NotChecked> {
        self.primaries_within(code, view, Reach::Loaded)
    }

    pub(crate) fn primaries_within(
        &self,
        code: Code,
        view: View,
        reach: Reach,
    ) -> Result<Rows<'_, AddOnPrimary<'_>>, NotChecked> {
        let held = self.whole(Table::AddOn)?;
        let found = published(held, view, reach)?;
        or_partial(self.rows_of(held, code, found, Some(Day::of(view.on.0))))
    }

    /// The fee schedule's rows of a code on the day: its own, and those of its components.
    ///
    /// # Errors
    /// Where the table cannot say.
    pub fn fee_schedule(&self, code: Code, view: View) -> Result<Rows<'_, FeeSchedule<'_>>, NotChecked> {
        self.of_quarter(code, view, Table::FeeSchedule, Reach::Loaded)
    }

    /// The status of a code under outpatient prospective payment on the day.
    ///
    /// # Errors
    /// Where the table cannot say.
    pub fn opps_status(&self, code: Code, view: View) -> Result<Option<AmbulatoryStatus<'_>>, NotChecked> {
        Ok(self.of_quarter(code, view, Table::OppsB, Reach::Loaded)?.next())
    }

    /// Whether the codes of the edition of the day hold the code, alive; where there is none for the day, those before and
    /// after. `None`: they do not, which says nothing, since no table holds every code.
    pub(crate) fn is_listed(&self, code: Code, on: ServiceDate) -> Option<bool> {
        let number = self.number(bytes_of(code))?;
        let on = Day::of(on.0);
        [Table::FeeSchedule, Table::OppsB].into_iter().find_map(|table| {
            let held = self.whole(table).ok()?;
            let rows = self.of_code(held, number);
            let alive = |edition: usize| {
                rows.chunks_exact(held.width).any(|row| {
                    let [.., first, until] = *row else { return false };
                    let status = if table == Table::OppsB { row.first() } else { row.get(2) };
                    usize::from(first) <= edition && edition < usize::from(until) && status != Some(&DISCONTINUED)
                })
            };
            let next = held.editions.partition_point(|edition| edition.start <= on);
            let now = next.checked_sub(1)?;
            let covered = on < held.editions.get(now)?.start.next_quarter();
            (alive(now) && (covered || (next < held.editions.len() && alive(next)))).then_some(true)
        })
    }

    pub(crate) fn of_quarter<'a, T: FromRow<'a>>(
        &'a self,
        code: Code,
        view: View,
        table: Table,
        reach: Reach,
    ) -> Result<Rows<'a, T>, NotChecked> {
        let held = self.whole(table)?;
        let found = of_day(held, view, reach)?;
        or_partial(self.rows_of(held, code, found, None))
    }

    fn rows_of<'a, T>(&'a self, held: &'a Held, code: Code, found: Found, on: Option<Day>) -> Rows<'a, T> {
        let mut rows = self.empty(held, found, on);
        if let Some(number) = self.number(bytes_of(code)) {
            rows.rest = self.of_code(held, number);
            rows.low = number;
        }
        rows
    }

    fn empty<'a, T>(&'a self, held: &'a Held, found: Found, on: Option<Day>) -> Rows<'a, T> {
        Rows {
            release: self,
            rest: &[],
            held,
            found,
            edition: u8::try_from(found.edition).unwrap_or(NO_EDITION),
            low: 0,
            on,
            of: std::marker::PhantomData,
        }
    }

    fn held(&self, table: Table) -> Option<&Held> {
        self.tables.iter().find(|held| held.table == table)
    }

    fn whole(&self, table: Table) -> Result<&Held, NotChecked> {
        let held = self.held(table).ok_or(NotChecked::NoTable)?;
        self.is_whole(held).then_some(held).ok_or(NotChecked::Damaged)
    }

    fn is_whole(&self, held: &Held) -> bool {
        *held.whole.get_or_init(|| {
            let (index, rows) = (self.slice(&held.index), self.slice(&held.rows));
            let count = u32::try_from(rows.len() / held.width).ok();
            let (offsets, _) = index.as_chunks::<4>();
            let mut before = 0;
            let rising = offsets.iter().all(|offset| {
                let offset = u32::from_le_bytes(*offset);
                let rises = before <= offset;
                before = offset;
                rises
            });
            rising
                && Some(before) == count
                && container::hash(index) == held.index.hash
                && container::hash(rows) == held.rows.hash
        })
    }

    pub(crate) fn slice(&self, section: &Section) -> &[u8] {
        self.bytes.get().get(section.range.clone()).unwrap_or_default()
    }

    /// The rows of a code.
    fn of_code(&self, held: &Held, number: u16) -> &[u8] {
        let index = self.slice(&held.index);
        let at = usize::from(number) * 4;
        let Some((from, to)) = u32_at(index, at).zip(u32_at(index, at + 4)) else {
            return &[];
        };
        self.slice(&held.rows)
            .get(from as usize * held.width..to as usize * held.width)
            .unwrap_or_default()
    }

    fn text(&self, number: u8) -> &str {
        self.texts.get(usize::from(number)).map_or("", String::as_str)
    }

    /// All texts, by number.
    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Every row of a table with the editions that hold it: first, and first that does not.
    pub(crate) fn runs<R: Record>(&self, table: Table) -> Result<Vec<(R, u8, u8)>, NotChecked> {
        let held = match self.whole(table) {
            Err(NotChecked::NoTable) => return Ok(Vec::new()),
            held => held?,
        };
        let mut runs = Vec::with_capacity(self.slice(&held.rows).len() / held.width);
        for number in 0..self.codes() {
            let number = u16::try_from(number).map_err(|_| NotChecked::Damaged)?;
            let key = self.code(number).ok_or(NotChecked::Damaged)?;
            for row in self.of_code(held, number).chunks_exact(held.width) {
                let record = R::read(key, row, self).ok_or(NotChecked::Damaged)?;
                match row.get(R::WIDTH..) {
                    Some(&[first, until]) => runs.push((record, first, until)),
                    _ => return Err(NotChecked::Damaged),
                }
            }
        }
        Ok(runs)
    }
}

impl Numbers for Release {
    fn number(&self, code: CodeBytes) -> Option<u16> {
        let numbers = self.numbers.get_or_init(|| {
            let (codes, _) = self.slice(&self.codes).as_chunks::<5>();
            codes.iter().copied().zip(0..).collect()
        });
        numbers.get(&code).copied()
    }

    fn code(&self, number: u16) -> Option<CodeBytes> {
        let (codes, _) = self.slice(&self.codes).as_chunks::<5>();
        codes.get(usize::from(number)).copied()
    }
}

fn bytes_of(code: Code) -> CodeBytes {
    code.as_str().as_bytes().try_into().unwrap_or_default()
}

fn code_of(bytes: CodeBytes) -> Code {
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(Code::parse)
        .unwrap_or(Code::PLACEHOLDER)
}

/// The rows whose first two bytes are a number; rows are sorted by it.
fn within(rows: &[u8], width: usize, number: u16) -> &[u8] {
    let at = |row: usize| u16_at(rows, row * width).unwrap_or(u16::MAX);
    let (mut from, mut to) = (0, rows.len() / width);
    while from < to {
        let middle = from.midpoint(to);
        if at(middle) < number {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    let count = rows.len() / width;
    let mut end = from;
    while end < count && at(end) == number {
        end += 1;
    }
    rows.get(from * width..end * width).unwrap_or_default()
}

/// The rows, unless there is none and the edition was built from a part of its files.
fn or_partial<'a, T: FromRow<'a>>(rows: Rows<'a, T>) -> Result<Rows<'a, T>, NotChecked> {
    let edition = rows.held.editions.get(rows.found.edition);
    if edition.is_some_and(|edition| edition.partial) && rows.clone().next().is_none() {
        return Err(NotChecked::Partial);
    }
    Ok(rows)
}

/// For rows with dates of their own: the last edition published by `as_of`, which speaks of every day up to its quarter's last.
fn published(held: &Held, view: View, reach: Reach) -> Result<Found, NotChecked> {
    let at = match view.as_of {
        None => held.editions.len(),
        Some(day) => {
            let day = Day::of(day.0);
            held.editions.partition_point(|edition| edition.start <= day)
        }
    };
    let at = at.checked_sub(1).ok_or(NotChecked::NoQuarter)?;
    let edition = held.editions.get(at).ok_or(NotChecked::NoQuarter)?;
    let past = Day::of(view.on.0) >= edition.start.next_quarter();
    if past && reach == Reach::Loaded {
        return Err(NotChecked::PastVerification);
    }
    Ok(Found {
        edition: at,
        nearest: past,
    })
}

/// For rows that are the law of their quarter: the edition of the day.
fn of_day(held: &Held, view: View, reach: Reach) -> Result<Found, NotChecked> {
    let on = Day::of(view.on.0);
    let known = |edition: &Edition| view.as_of.is_none_or(|as_of| edition.start <= Day::of(as_of.0));
    let at = held.editions.partition_point(|edition| edition.start <= on);
    let why = match at.checked_sub(1).and_then(|at| held.editions.get(at)) {
        None => NotChecked::NoQuarter,
        Some(edition) if on < edition.start.next_quarter() && known(edition) => {
            return Ok(Found {
                edition: at - 1,
                nearest: false,
            });
        }
        Some(edition) if on < edition.start.next_quarter() => NotChecked::NoQuarter,
        Some(_) if at == held.editions.len() => NotChecked::PastVerification,
        Some(_) => NotChecked::NoQuarter,
    };
    if reach == Reach::Loaded {
        return Err(why);
    }
    // Days from the day asked to the edition's first or last; of two alike the earlier.
    let distance = |edition: &Edition| {
        let before = edition.start.0.saturating_sub(on.0);
        let after = on.next().0.saturating_sub(edition.start.next_quarter().0);
        before.max(after)
    };
    let near = held.editions.iter().enumerate().filter(|(_, edition)| known(edition));
    let near = near.min_by_key(|(_, edition)| distance(edition)).ok_or(why)?;
    Ok(Found {
        edition: near.0,
        nearest: true,
    })
}

/// An edition as the row that answers name.
fn law(table: Table, edition: &Edition) -> Row {
    let until = edition.start.next_quarter();
    let last_day = until.date().yesterday().unwrap_or(until.date());
    Row {
        id: Name::Owned(format!("{table} {}", edition.start())),
        window: Window {
            from: (!table.is_dated()).then(|| edition.start()),
            until: Some(until.service_date()),
        },
        known_from: Some(edition.start()),
        verified_through: Some(ServiceDate(last_day)),
        confidence: Confidence::High,
        citations: Vec::new(),
    }
}

fn read_editions(bytes: &[u8]) -> Option<Vec<Edition>> {
    let mut editions: Vec<Edition> = Vec::new();
    let chunks = bytes.chunks_exact(EDITION);
    if !chunks.remainder().is_empty() || bytes.is_empty() || bytes.len() / EDITION >= usize::from(NO_EDITION) {
        return None;
    }
    for chunk in chunks {
        let edition = Edition {
            start: Day(u16_at(chunk, 0)?),
            revision: *chunk.get(2)?,
            partial: chunk.get(3)? & 1 != 0,
            unknown_starts: chunk.get(3)? & 2 != 0,
            rows: u32_at(chunk, 4)?,
            withdrawn: u32_at(chunk, 8)?,
        };
        if editions.last().is_some_and(|before| before.start >= edition.start) {
            return None;
        }
        editions.push(edition);
    }
    Some(editions)
}

pub(crate) fn write_edition(edition: &Edition, out: &mut Vec<u8>) {
    out.extend(edition.start.0.to_le_bytes());
    out.push(edition.revision);
    out.push(u8::from(edition.partial) | u8::from(edition.unknown_starts) << 1);
    out.extend(edition.rows.to_le_bytes());
    out.extend(edition.withdrawn.to_le_bytes());
}

fn read_texts(mut bytes: &[u8]) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    while let Some((length, rest)) = bytes.split_first() {
        let (text, rest) = rest.split_at_checked(usize::from(*length))?;
        texts.push(String::from_utf8(text.to_vec()).ok()?);
        bytes = rest;
    }
    Some(texts)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The rows that answer a question.
pub struct Rows<'a, T> {
    release: &'a Release,
    rest: &'a [u8],
    held: &'a Held,
    pub(crate) found: Found,
    edition: u8,
    low: u16,
    /// Only rows in force on the day, where rows have dates of their own.
    on: Option<Day>,
    of: std::marker::PhantomData<T>,
}

impl<'a, T> Rows<'a, T> {
    /// The edition that answers, as a row, and whether it is only the nearest.
    pub(crate) fn basis(&self) -> Option<Basis<'a>> {
        let row = self.held.laws.get(self.found.edition)?;
        let nearest = self.found.nearest;
        Some(Basis { row, nearest })
    }
}

impl<T> Clone for Rows<'_, T> {
    fn clone(&self) -> Self {
        Self {
            release: self.release,
            rest: self.rest,
            held: self.held,
            found: self.found,
            edition: self.edition,
            low: self.low,
            on: self.on,
            of: std::marker::PhantomData,
        }
    }
}

/// A row where it lies.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    release: &'a Release,
    bytes: &'a [u8],
    editions: &'a [Edition],
    key: u16,
    until: u8,
    first: u8,
}

impl Place<'_> {
    fn day(&self, at: usize) -> Day {
        Day(u16_at(self.bytes, at).unwrap_or_default())
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    fn code(&self, number: u16) -> Code {
        self.release.code(number).map_or(Code::PLACEHOLDER, code_of)
    }

    fn window(&self, at: usize) -> Window {
        let (from, until) = (self.day(at), self.day(at + 2));
        Window {
            from: (from > Day::OPEN_FROM).then(|| from.service_date()),
            until: (until < Day::OPEN_UNTIL).then(|| until.service_date()),
        }
    }

    fn edition(&self, at: u8) -> Option<ServiceDate> {
        self.editions.get(usize::from(at)).map(Edition::start)
    }
}

mod sealed {
    /// Made from a row of the file.
    pub trait FromRow<'a> {
        #[doc(hidden)]
        fn from_row(place: super::Place<'a>) -> Self;
    }
}
use sealed::FromRow;

impl<'a, T: FromRow<'a>> Iterator for Rows<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            let (bytes, rest) = self.rest.split_at_checked(self.held.width)?;
            self.rest = rest;
            let [.., first, until] = *bytes else { return None };
            if first > self.edition || self.edition >= until {
                continue;
            }
            let place = Place {
                release: self.release,
                bytes,
                editions: &self.held.editions,
                key: self.low,
                first,
                until,
            };
            // Rows with dates hold them at the same place.
            if self.on.is_some_and(|on| on < place.day(2) || on >= place.day(4)) {
                continue;
            }
            return Some(T::from_row(place));
        }
    }
}

macro_rules! row {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'a>(Place<'a>);

        impl<'a> FromRow<'a> for $name<'a> {
            fn from_row(place: Place<'a>) -> Self {
                Self(place)
            }
        }

        impl $name<'_> {
            /// First quarter loaded that holds the row.
            pub fn known_from(&self) -> Option<ServiceDate> {
                self.0.edition(self.0.first)
            }

            /// First quarter loaded that no longer does; `None`: the last one does.
            pub fn known_until(&self) -> Option<ServiceDate> {
                self.0.edition(self.0.until)
            }
        }
    };
}

row!(
    /// A pair edit.
    Pair
);
row!(
    /// A limit of a code's units.
    Limit
);
row!(
    /// A primary that an add-on code may stand beside.
    AddOnPrimary
);
row!(
    /// The fee schedule's indicators of a code, alone or with the modifier of a component.
    FeeSchedule
);
row!(
    /// The status of a code under outpatient prospective payment.
    AmbulatoryStatus
);

impl<'a> Pair<'a> {
    fn codes(&self) -> (Code, Code) {
        let low = self.0.code(self.0.key);
        let high = self.0.code(u16_at(self.0.bytes, 0).unwrap_or(u16::MAX));
        if self.0.byte(6) & bit::HIGH_FIRST == 0 {
            (low, high)
        } else {
            (high, low)
        }
    }

    /// The code that is paid.
    pub fn column1(&self) -> Code {
        self.codes().0
    }

    /// The code that is denied, unless a modifier opens the pair.
    pub fn column2(&self) -> Code {
        self.codes().1
    }

    /// Whether an NCCI-associated modifier opens the pair (indicator 1); a pair with indicator 9 was never in force and is not held.
    pub fn is_bypassable(&self) -> bool {
        self.0.byte(6) & bit::OPEN != 0
    }

    /// The days of service it is in force on. Where the start is unknown, `from` is a floor or open.
    pub fn window(&self) -> Window {
        self.0.window(2)
    }

    /// Whether the files do not say when it began.
    pub fn is_start_unknown(&self) -> bool {
        self.0.byte(6) & bit::START_UNKNOWN != 0
    }

    /// CMS's reason for the edit.
    pub fn rationale(&self) -> &'a str {
        self.0.release.text(self.0.byte(7))
    }
}

impl std::fmt::Debug for Pair<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Pair")
            .field("column1", &self.column1())
            .field("column2", &self.column2())
            .field("bypassable", &self.is_bypassable())
            .field("window", &self.window())
            .finish_non_exhaustive()
    }
}

impl<'a> Limit<'a> {
    /// Most units.
    pub fn units(&self) -> u32 {
        u32_at(self.0.bytes, 0).unwrap_or_default()
    }

    /// The adjudication indicator: 1 a line, 2 a day by policy, 3 a day by what is usual.
    pub fn adjudication(&self) -> u8 {
        self.0.byte(4)
    }

    /// CMS's reason for the limit.
    pub fn rationale(&self) -> &'a str {
        self.0.release.text(self.0.byte(5))
    }
}

impl<'a> AddOnPrimary<'a> {
    /// The primary; `None`: the contractor defines them.
    pub fn primary(&self) -> Option<Code> {
        let number = u16_at(self.0.bytes, 0).unwrap_or(CONTRACTOR_DEFINED);
        (number != CONTRACTOR_DEFINED).then(|| self.0.code(number))
    }

    /// 1: the list is closed, 2: there is none, 3: the contractor may add to it.
    pub fn edit_type(&self) -> u8 {
        self.0.byte(6)
    }

    /// The days of service it is in force on.
    pub fn window(&self) -> Window {
        self.0.window(2)
    }

    /// CMS's note.
    pub fn note(&self) -> &'a str {
        self.0.release.text(self.0.byte(7))
    }
}

impl<'a> FeeSchedule<'a> {
    fn letters(&self, at: usize, count: usize) -> &'a str {
        self.0
            .bytes
            .get(2 + at..2 + at + count)
            .and_then(|letters| std::str::from_utf8(letters).ok())
            .unwrap_or_default()
            .trim_end()
    }

    fn value(&self, at: usize) -> u32 {
        u32_at(self.0.bytes, 2 + FEE_LETTERS + 5 + at * 4).unwrap_or_default()
    }

    /// The modifier of the component; `None`: the whole service.
    pub fn modifier(&self) -> Option<Modifier> {
        let letters = self
            .0
            .bytes
            .get(..2)
            .and_then(|letters| std::str::from_utf8(letters).ok())?;
        Modifier::parse(letters)
    }

    /// Status: `A` paid, `B` bundled, `C` carrier priced, `N` not covered ...
    pub fn status(&self) -> &'a str {
        self.letters(0, 1)
    }

    /// Whether it is not done outside facilities (`NA`).
    pub fn not_applicable_outside_facilities(&self) -> bool {
        self.letters(1, 1) == "N"
    }

    /// Whether it is not done in facilities (`NA`).
    pub fn not_applicable_in_facilities(&self) -> bool {
        self.letters(2, 1) == "N"
    }

    /// Professional and technical component.
    pub fn pctc(&self) -> &'a str {
        self.letters(3, 1)
    }

    /// Global days: `000`, `010`, `090`, `XXX`, `ZZZ` ...
    pub fn global_days(&self) -> &'a str {
        self.letters(4, 3)
    }

    /// Multiple procedures.
    pub fn multiple_procedure(&self) -> &'a str {
        self.letters(7, 1)
    }

    /// Bilateral surgery.
    pub fn bilateral(&self) -> &'a str {
        self.letters(8, 1)
    }

    /// Assistant at surgery.
    pub fn assistant(&self) -> &'a str {
        self.letters(9, 1)
    }

    /// Two surgeons.
    pub fn co_surgeons(&self) -> &'a str {
        self.letters(10, 1)
    }

    /// A team.
    pub fn team(&self) -> &'a str {
        self.letters(11, 1)
    }

    /// Supervision of diagnostic procedures.
    pub fn supervision(&self) -> &'a str {
        self.letters(12, 2)
    }

    /// Family of diagnostic imaging.
    pub fn imaging_family(&self) -> &'a str {
        self.letters(14, 2)
    }

    /// The base of an endoscopic family.
    pub fn endoscopic_base(&self) -> Option<Code> {
        Code::parse(self.letters(FEE_LETTERS, 5))
    }

    /// Work value, in hundredths.
    pub fn work_hundredths(&self) -> u32 {
        self.value(0)
    }

    /// Total value outside facilities, in hundredths.
    pub fn non_facility_total_hundredths(&self) -> u32 {
        self.value(1)
    }

    /// Total value in facilities, in hundredths.
    pub fn facility_total_hundredths(&self) -> u32 {
        self.value(2)
    }
}

impl<'a> AmbulatoryStatus<'a> {
    /// The status indicator.
    pub fn status(&self) -> &'a str {
        self.0
            .bytes
            .get(..2)
            .and_then(|letters| std::str::from_utf8(letters).ok())
            .unwrap_or_default()
            .trim_end()
    }

    /// The payment classification; `None`: none.
    pub fn classification(&self) -> Option<u16> {
        u16_at(self.0.bytes, 2).filter(|group| *group > 0)
    }
}
