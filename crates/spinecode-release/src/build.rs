//! Builds a release: finds out what each file is, reads the editions in order, merges them as rows.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::container;
use crate::day::Day;
use crate::fault::{Fault, echo};
use crate::header::{self, Header, Kind};
use crate::name::{self, Named};
use crate::record::{
    AddOnRecord, CONTRACTOR_DEFINED, CodeBytes, FeeRecord, LimitRecord, Numbers, OppsRecord, PairRecord, Parsed,
    Reading, Record, Texts,
};
use crate::release::{
    CODES, NO_EDITION, NotChecked, OpenError, Release, TEXTS, editions_section, index_section, rows_section,
    write_edition,
};
use crate::source::{Input, Sheet, sheets};
use crate::table::{Edition, Table};

/// After so many faults of one file the rest is not told.
const MOST_FAULTS: usize = 20;
/// Parts that CMS's pair edits come in.
const PARTS: u8 = 4;
/// Most rows of one edition: three times the largest table.
const MOST_ROWS: usize = 8 << 20;

/// What is allowed beside CMS's own whole files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Pair edits may lack parts. The release then never says that a pair is not there.
    pub partial: bool,
    /// Pair edits may lack their effective date (empty or `*`): rows are marked `start_unknown`.
    pub unknown_starts: bool,
}

/// Why there is no release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The files are not right; all faults that were found.
    #[error("{}", faults(.0))]
    Faults(Vec<Fault>),
    /// The base is damaged.
    #[error("the base: {0}")]
    Base(#[from] OpenError),
    /// The tables are larger than a release can hold.
    #[error("a release holds at most {most} {what}")]
    TooLarge {
        /// Of what there are too many.
        what: &'static str,
        /// How many it holds.
        most: usize,
    },
    /// There is nothing to build from.
    #[error("no file of CMS was given")]
    Nothing,
}

impl BuildError {
    /// The faults of the files.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Faults(faults) => faults,
            _ => &[],
        }
    }
}

fn faults(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

impl From<Fault> for BuildError {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

/// A built release.
#[derive(Debug)]
pub struct Built {
    bytes: Vec<u8>,
    notes: Vec<String>,
}

impl Built {
    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What a person should know: files that were passed over, rows that contradict each other.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Writes the file beside its place and renames it there, so that a reader sees the old one or the new one, whole.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let written = std::fs::File::create(&part).and_then(|mut file| {
            file.write_all(&self.bytes)?;
            file.sync_all()
        });
        let renamed = written.and_then(|()| std::fs::rename(&part, path));
        if renamed.is_err() {
            // The fault that led here is the one to tell.
            let _ = std::fs::remove_file(&part);
        }
        renamed
    }
}

/// A file whose place in the release is known.
struct Placed {
    sheet: Sheet,
    header: Header,
    table: Table,
    start: Day,
    revision: u8,
    part: Option<u8>,
}

/// Reads the files and builds a release of them, on top of a base where one is given.
///
/// The bytes depend on what the files hold alone: not on their order, not on their folder, not on the day.
///
/// # Errors
/// Where a file is damaged, cut off, of another table or version than its name or the caller says, or contradicts another.
pub fn build(inputs: &[Input], base: Option<&Release>, options: &Options) -> Result<Built, BuildError> {
    if let Some(base) = base {
        base.verify()?;
    }
    let mut notes = Vec::new();
    let mut faults = Vec::new();
    let mut placed = Vec::new();
    for input in inputs {
        match place(input, &mut notes) {
            Ok(found) => placed.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(BuildError::Faults(faults));
    }
    if placed.is_empty() && base.is_none() {
        return Err(BuildError::Nothing);
    }
    // Whatever order they came in.
    placed.sort_by(|one, other| {
        (one.table, one.start, one.part, &one.sheet.label).cmp(&(
            other.table,
            other.start,
            other.part,
            &other.sheet.label,
        ))
    });
    let mut building = Building {
        base,
        options,
        texts: Texts::default(),
        notes,
        digests: BTreeMap::new(),
    };
    // First, so that the numbers of the base's rows hold.
    building.texts.0 = base.map(|base| base.texts().to_vec()).unwrap_or_default();
    let ptp_practitioner = building.table::<PairRecord>(Table::PtpPractitioner, &placed)?;
    let ptp_hospital = building.table::<PairRecord>(Table::PtpHospital, &placed)?;
    let mue_practitioner = building.table::<LimitRecord>(Table::MuePractitioner, &placed)?;
    let mue_hospital = building.table::<LimitRecord>(Table::MueHospital, &placed)?;
    let mue_dme = building.table::<LimitRecord>(Table::MueDme, &placed)?;
    let add_on = building.table::<AddOnRecord>(Table::AddOn, &placed)?;
    let fee_schedule = building.table::<FeeRecord>(Table::FeeSchedule, &placed)?;
    let opps_b = building.table::<OppsRecord>(Table::OppsB, &placed)?;

    let mut writer = Writer::default();
    for merged in [&ptp_practitioner, &ptp_hospital] {
        writer.gather(merged);
    }
    for merged in [&mue_practitioner, &mue_hospital, &mue_dme] {
        writer.gather(merged);
    }
    writer.gather(&add_on);
    writer.gather(&fee_schedule);
    writer.gather(&opps_b);
    writer.settle(&building.texts)?;
    writer.table(Table::PtpPractitioner, ptp_practitioner)?;
    writer.table(Table::PtpHospital, ptp_hospital)?;
    writer.table(Table::MuePractitioner, mue_practitioner)?;
    writer.table(Table::MueHospital, mue_hospital)?;
    writer.table(Table::MueDme, mue_dme)?;
    writer.table(Table::AddOn, add_on)?;
    writer.table(Table::FeeSchedule, fee_schedule)?;
    writer.table(Table::OppsB, opps_b)?;
    Ok(Built {
        bytes: container::write(&writer.sections),
        notes: building.notes,
    })
}

/// Finds out what the files of an input are.
fn place(input: &Input, notes: &mut Vec<String>) -> Result<Vec<Placed>, Fault> {
    let (found, passed_over) = sheets(input)?;
    notes.extend(passed_over.into_iter().map(|label| format!("passed over: {label}")));
    let members = found.len();
    let mut placed = Vec::new();
    for sheet in found {
        let own = sheet.names.first().map(|name| name::read(name)).unwrap_or_default();
        // A ZIP of CMS holds more than the table (localities, notes). What has the name of a table must be one.
        let may_be_other = sheet.names.len() > 1 && own.table.is_none() && sheet.declared.is_none();
        match header::read(&sheet) {
            Ok(header) => placed.push(identify(sheet, own, header)?),
            Err(_) if may_be_other => notes.push(format!("passed over: {}", sheet.label)),
            Err(fault) => return Err(fault),
        }
    }
    if placed.is_empty() && members > 0 {
        return Err(Fault::of(
            input.name(),
            "no table of CMS among its files",
            "PTP, MUE, add-on, fee schedule (PPRRVU) or OPPS Addendum B",
        ));
    }
    if members == 0 {
        return Err(Fault::of(input.name(), "no text, CSV or XLSX file", "a table of CMS"));
    }
    Ok(placed)
}

/// Settles table, quarter, revision and part from columns, names and what the caller says, which must agree.
fn identify(sheet: Sheet, own: Named, header: Header) -> Result<Placed, Fault> {
    let label = sheet.label.clone();
    let around = sheet.names.get(1).map(|name| name::read(name)).unwrap_or_default();
    let said = sheet.declared.map(|declared| Named {
        table: Some(declared.table),
        start: Some(declared.start),
        revision: declared.revision,
        ..Named::default()
    });
    if own.bad_version {
        return Err(Fault::of(
            &label,
            "a name whose version is none",
            "a quarter, as in `ccipra-v302r0-f1` or `_Eff_07-01-2024`",
        ));
    }
    let claims = [said, Some(own), Some(around)];
    let agreed = |what: &str, values: [Option<String>; 3]| -> Result<(), Fault> {
        let values: BTreeSet<String> = values.into_iter().flatten().collect();
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (Some(one), Some(other)) => Err(Fault::of(
                &label,
                format!("{what} {one} and {other} claimed for one file"),
                "one, the same in its name, its ZIP's name and what you say",
            )),
            _ => Ok(()),
        }
    };
    agreed(
        "tables",
        claims.map(|named| named?.table.map(|table| table.what().to_owned())),
    )?;
    agreed(
        "quarters",
        claims.map(|named| named?.start.map(|day| day.date().to_string())),
    )?;
    agreed(
        "revisions",
        claims.map(|named| named?.revision.map(|revision| revision.to_string())),
    )?;
    agreed("parts", claims.map(|named| named?.part.map(|part| part.to_string())))?;
    let claim = |of: fn(&Named) -> Option<Table>| claims.iter().flatten().find_map(of);
    let claimed = claim(|named| named.table);
    if let Some(table) = claimed.filter(|table| !header.kind.fits(*table)) {
        return Err(Fault::of(
            &label,
            format!("the columns of {}", header.kind.what()),
            format!("those of {}, as it is named", table.what()),
        ));
    }
    let table = header.kind.table().or(claimed).ok_or_else(|| {
        Fault::of(
            &label,
            "pair edits whose setting nothing says",
            "`ccipra` or `ccioph` in the name, or `ptp_practitioner@DATE=FILE`",
        )
    })?;
    let start = claims.iter().flatten().find_map(|named| named.start).ok_or_else(|| {
        Fault::of(
            &label,
            "a name without a quarter",
            format!("CMS's own name, or `{table}@YYYY-MM-DD=FILE`"),
        )
    })?;
    check_title(&label, &header, start)?;
    Ok(Placed {
        table,
        start,
        revision: claims.iter().flatten().find_map(|named| named.revision).unwrap_or(0),
        part: claims.iter().flatten().find_map(|named| named.part),
        sheet,
        header,
    })
}

/// The year that the titles of payment files carry must be that of the quarter.
fn check_title(label: &str, header: &Header, start: Day) -> Result<(), Fault> {
    let title = header.title.to_ascii_lowercase();
    let number = |text: &str| -> Option<i16> { text.get(..4)?.parse().ok() };
    let year = match header.kind {
        Kind::FeeSchedule => title
            .find(" national physician fee schedule")
            .and_then(|at| number(title.get(at.checked_sub(4)?..)?)),
        Kind::OppsB => title.split_once(" for cy ").and_then(|(_, rest)| number(rest)),
        _ => None,
    };
    match year.filter(|year| *year != start.date().year()) {
        Some(year) => Err(Fault::of(
            label,
            format!("the title of {year}"),
            format!("that of {}, as it is named", start.date().year()),
        )),
        None => Ok(()),
    }
}

/// A table, merged: rows with the editions that hold them.
struct Merged<R> {
    editions: Vec<Edition>,
    runs: Vec<(R, u8, u8)>,
}

struct Building<'a> {
    base: Option<&'a Release>,
    options: &'a Options,
    texts: Texts,
    notes: Vec<String>,
    /// What the editions of the pair tables hold, to know one given as the other.
    digests: BTreeMap<(Day, [u8; 32]), Table>,
}

impl Building<'_> {
    fn table<R: Record>(&mut self, table: Table, placed: &[Placed]) -> Result<Merged<R>, BuildError> {
        let damaged = |_: NotChecked| BuildError::Base(OpenError::Damaged("a table of the base"));
        let (base_editions, base_runs) = match self.base {
            Some(base) => (base.quarters(table).to_vec(), base.runs::<R>(table).map_err(damaged)?),
            None => Default::default(),
        };
        let of_table: Vec<&Placed> = placed.iter().filter(|placed| placed.table == table).collect();
        let mut starts: BTreeMap<Day, Vec<&Placed>> = BTreeMap::new();
        for edition in &base_editions {
            starts.entry(edition.start).or_default();
        }
        for placed in of_table {
            starts.entry(placed.start).or_default().push(placed);
        }
        if starts.len() >= usize::from(NO_EDITION) {
            return Err(BuildError::TooLarge {
                what: "quarters of a table",
                most: usize::from(NO_EDITION) - 1,
            });
        }
        let mut merge = Merge::default();
        for (start, files) in starts {
            let from_base = base_editions
                .iter()
                .enumerate()
                .find(|(_, edition)| edition.start == start)
                .map(|(at, edition)| (*edition, rows_of(&base_runs, at)));
            let (edition, rows) = self.edition(table, start, &files, from_base)?;
            self.compare(table, start, &rows)?;
            merge.add(edition, rows);
        }
        Ok(merge.done())
    }

    /// The rows of one edition, sorted, from the base or from files. Of several revisions the last one counts.
    fn edition<R: Record>(
        &mut self,
        table: Table,
        start: Day,
        files: &[&Placed],
        base: Option<(Edition, Vec<R>)>,
    ) -> Result<(Edition, Vec<R>), BuildError> {
        let newest = files.iter().map(|placed| placed.revision).max();
        for older in files.iter().filter(|placed| Some(placed.revision) < newest) {
            self.notes
                .push(format!("replaced by a later revision: {}", older.sheet.label));
        }
        let base = match (base, newest) {
            (Some(base), None) => return Ok(base),
            (Some(base), Some(newest)) if base.0.revision > newest => {
                self.notes
                    .push(format!("{table} of {}: the base holds a later revision", start.date()));
                return Ok(base);
            }
            (base, newest) => base.filter(|(edition, _)| Some(edition.revision) == newest),
        };
        let files = files.iter().filter(|placed| Some(placed.revision) == newest);
        let mut parts: BTreeMap<Option<u8>, (&Placed, Part<R>)> = BTreeMap::new();
        for placed in files {
            let part = self.read::<R>(placed)?;
            match parts.get(&placed.part) {
                None => {
                    parts.insert(placed.part, (placed, part));
                }
                Some((first, known)) if known.rows == part.rows => {
                    self.notes.push(format!(
                        "the same rows as {}: {}",
                        first.sheet.label, placed.sheet.label
                    ));
                }
                Some((first, known)) => {
                    return Err(differing(placed, &first.sheet.label, &known.rows, &part.rows).into());
                }
            }
        }
        let partial = self.check_parts(&parts)?;
        let mut rows = Vec::new();
        let mut withdrawn = 0;
        let mut unknown_starts = false;
        let mut label = String::new();
        for (placed, part) in parts.into_values() {
            rows.extend(part.rows);
            withdrawn += part.withdrawn;
            unknown_starts |= part.unknown_starts;
            label.clone_from(&placed.sheet.label);
        }
        rows.sort_unstable();
        rows.dedup();
        R::settle(&mut rows);
        rows.sort_unstable();
        self.contradictions(table, start, &label, &rows)?;
        let edition = Edition {
            start,
            revision: newest.unwrap_or(0),
            partial,
            unknown_starts,
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            withdrawn,
        };
        match base {
            Some((_, known_rows)) if known_rows != rows => Err(Fault::of(
                &label,
                format!("other rows for {table} of {} than the base has", start.date()),
                "the same rows, or a later revision",
            )
            .into()),
            Some((known, _)) => Ok((known, rows)),
            None => Ok((edition, rows)),
        }
    }

    /// Reads every row of a file.
    fn read<R: Record>(&mut self, placed: &Placed) -> Result<Part<R>, BuildError> {
        let mut part = Part {
            rows: Vec::new(),
            withdrawn: 0,
            unknown_starts: false,
            span: None,
        };
        let mut faults = Vec::new();
        let label = &placed.sheet.label;
        let mut too_many = false;
        let version_ends = placed.start.next_quarter();
        placed.sheet.rows(&mut |row| {
            if row.line < placed.header.first || row.is_blank() {
                return ControlFlow::Continue(());
            }
            let mut reading = Reading {
                row,
                columns: &placed.header.columns,
                texts: &mut self.texts,
                unknown_starts: self.options.unknown_starts,
            };
            match R::parse(&mut reading) {
                Ok(Parsed::Row(record)) => {
                    if record.begins().is_some_and(|from| from >= version_ends) {
                        faults.push(
                            Fault::of(
                                label,
                                "a row that begins after the quarter of the file",
                                format!("rows of {} or before", placed.start.date()),
                            )
                            .at(row.line),
                        );
                    }
                    part.unknown_starts |= record.is_start_unknown();
                    part.rows.push(record);
                }
                Ok(Parsed::Withdrawn) => part.withdrawn += 1,
                Err(bad) => faults.push(Fault {
                    file: label.clone(),
                    line: Some(row.line),
                    column: placed.header.columns.get(bad.column).copied(),
                    found: bad.found,
                    expected: bad.expected.to_owned(),
                }),
            }
            if let Some(code) = placed
                .header
                .columns
                .first()
                .and_then(|(at, _)| header::code(row.cell(*at)))
            {
                part.span = Some(part.span.map_or((code, code), |(low, high): (CodeBytes, CodeBytes)| {
                    (low.min(code), high.max(code))
                }));
            }
            too_many = part.rows.len() > MOST_ROWS;
            if faults.len() >= MOST_FAULTS || too_many {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        if too_many {
            faults.push(Fault::of(
                label,
                format!("more than {MOST_ROWS} rows"),
                "a table of CMS",
            ));
        }
        if !faults.is_empty() {
            return Err(BuildError::Faults(faults));
        }
        part.rows.sort_unstable();
        part.rows.dedup();
        Ok(part)
    }

    /// Every part of a table that comes in parts, each with its own range of codes.
    fn check_parts<R>(&self, parts: &BTreeMap<Option<u8>, (&Placed, Part<R>)>) -> Result<bool, BuildError> {
        let numbered: Vec<(u8, &(&Placed, Part<R>))> = parts
            .iter()
            .filter_map(|(part, read)| part.map(|part| (part, read)))
            .collect();
        let Some((_, (first, _))) = numbered.first() else {
            return Ok(false);
        };
        if parts.len() > numbered.len() {
            return Err(Fault::of(
                &first.sheet.label,
                "a part beside a whole file of the quarter",
                "either",
            )
            .into());
        }
        let mut before: Option<(&Placed, CodeBytes)> = None;
        for (_, (placed, part)) in &numbered {
            let Some((low, high)) = part.span else { continue };
            if let Some((earlier, end)) = before.filter(|(_, end)| low < *end) {
                return Err(Fault::of(
                    &placed.sheet.label,
                    format!("codes from {}", echo(&String::from_utf8_lossy(&low))),
                    format!(
                        "codes behind {}, where `{}` ends",
                        echo(&String::from_utf8_lossy(&end)),
                        earlier.sheet.label
                    ),
                )
                .into());
            }
            before = Some((placed, high));
        }
        let given: BTreeSet<u8> = numbered.iter().map(|(part, _)| *part).collect();
        let missing: Vec<String> = (1..=PARTS)
            .filter(|part| !given.contains(part))
            .map(|part| format!("f{part}"))
            .collect();
        if !missing.is_empty() && !self.options.partial {
            return Err(Fault::of(
                &first.sheet.label,
                format!("no part {} of the quarter", missing.join(", ")),
                "all four parts, or `--partial`",
            )
            .into());
        }
        Ok(!missing.is_empty())
    }

    /// Rows of one edition that cannot both be: refused in tables of a quarter, told in tables with dates, where both are kept.
    fn contradictions<R: Record>(
        &mut self,
        table: Table,
        start: Day,
        label: &str,
        rows: &[R],
    ) -> Result<(), BuildError> {
        let mut pairs = rows.windows(2).filter_map(|pair| match pair {
            [one, other] if one.contradicts(other) => Some(one.key()),
            _ => None,
        });
        let Some(first) = pairs.next() else { return Ok(()) };
        let code = String::from_utf8_lossy(&first).into_owned();
        if !table.is_dated() {
            return Err(Fault::of(label, format!("two different rows for `{code}`"), "one").into());
        }
        self.notes.push(format!(
            "{table} of {}: {} rows begin with another of the same codes, the first at {code}",
            start.date(),
            pairs.count() + 1
        ));
        Ok(())
    }

    /// Refuses a pair table that was given for both settings.
    fn compare<R: Record>(&mut self, table: Table, start: Day, rows: &[R]) -> Result<(), BuildError> {
        if rows.is_empty() || !matches!(table, Table::PtpPractitioner | Table::PtpHospital) {
            return Ok(());
        }
        let mut hash = Sha256::new();
        rows.iter().for_each(|row| row.feed(&mut hash));
        let digest = (start, hash.finalize().into());
        match self.digests.insert(digest, table).filter(|other| *other != table) {
            Some(other) => Err(Fault::of(
                &format!("{table} of {}", start.date()),
                format!("the very rows of {other}"),
                "the table of its own setting",
            )
            .into()),
            None => Ok(()),
        }
    }
}

/// What a file holds.
struct Part<R> {
    rows: Vec<R>,
    withdrawn: u32,
    unknown_starts: bool,
    /// First and last code of its first column.
    span: Option<(CodeBytes, CodeBytes)>,
}

fn differing<R: Record>(placed: &Placed, other: &str, known: &[R], rows: &[R]) -> Fault {
    let first = known.iter().zip(rows).find(|(one, other)| one != other);
    let code = first
        .map(|(_, row)| row.key())
        .or_else(|| rows.get(known.len()).or_else(|| known.get(rows.len())).map(Record::key))
        .unwrap_or_default();
    Fault::of(
        &placed.sheet.label,
        format!(
            "the same quarter as `{other}` with other rows, the first at `{}`",
            String::from_utf8_lossy(&code)
        ),
        "each quarter once, or a later revision in the name",
    )
}

/// The rows of one edition out of a merged table, sorted.
fn rows_of<R: Record>(runs: &[(R, u8, u8)], edition: usize) -> Vec<R> {
    let mut rows: Vec<R> = runs
        .iter()
        .filter(|(_, first, until)| usize::from(*first) <= edition && edition < usize::from(*until))
        .map(|(record, ..)| *record)
        .collect();
    rows.sort_unstable();
    rows
}

/// Editions merged one after another: a row stays open as long as the editions hold it unchanged.
struct Merge<R> {
    editions: Vec<Edition>,
    open: Vec<(R, u8)>,
    closed: Vec<(R, u8, u8)>,
}

impl<R> Default for Merge<R> {
    fn default() -> Self {
        Self {
            editions: Vec::new(),
            open: Vec::new(),
            closed: Vec::new(),
        }
    }
}

impl<R: Record> Merge<R> {
    fn add(&mut self, edition: Edition, rows: Vec<R>) {
        let at = u8::try_from(self.editions.len()).unwrap_or(NO_EDITION);
        self.editions.push(edition);
        let mut open = std::mem::take(&mut self.open).into_iter().peekable();
        self.open.reserve(rows.len());
        for row in rows {
            while let Some((gone, first)) = open.next_if(|(known, _)| *known < row) {
                self.closed.push((gone, first, at));
            }
            let first = open.next_if(|(known, _)| *known == row).map_or(at, |(_, first)| first);
            self.open.push((row, first));
        }
        self.closed.extend(open.map(|(gone, first)| (gone, first, at)));
    }

    fn done(mut self) -> Merged<R> {
        self.closed
            .extend(self.open.into_iter().map(|(row, first)| (row, first, NO_EDITION)));
        Merged {
            editions: self.editions,
            runs: self.closed,
        }
    }
}

/// Numbers the codes and texts of all tables, and writes the sections.
#[derive(Default)]
struct Writer {
    gathered: BTreeSet<CodeBytes>,
    codes: Vec<CodeBytes>,
    used: BTreeSet<u8>,
    /// A text's number in the file, by its number while building.
    ranks: BTreeMap<u8, u8>,
    sections: Vec<(u32, Vec<u8>)>,
}

impl Numbers for Writer {
    fn number(&self, code: CodeBytes) -> Option<u16> {
        self.codes
            .binary_search(&code)
            .ok()
            .and_then(|at| u16::try_from(at).ok())
    }

    fn code(&self, number: u16) -> Option<CodeBytes> {
        self.codes.get(usize::from(number)).copied()
    }
}

impl Writer {
    fn gather<R: Record>(&mut self, merged: &Merged<R>) {
        let mut last = None;
        for (row, ..) in &merged.runs {
            if last != Some(row.key()) {
                last = Some(row.key());
                self.gathered.insert(row.key());
            }
            self.gathered.extend(row.other());
            self.used.extend(row.text());
        }
    }

    fn settle(&mut self, texts: &Texts) -> Result<(), BuildError> {
        let most = usize::from(CONTRACTOR_DEFINED) - 1;
        if self.gathered.len() > most {
            return Err(BuildError::TooLarge { what: "codes", most });
        }
        self.codes = std::mem::take(&mut self.gathered).into_iter().collect();
        let mut sorted: Vec<(&str, u8)> = self
            .used
            .iter()
            .map(|number| (texts.0.get(usize::from(*number)).map_or("", String::as_str), *number))
            .collect();
        sorted.sort_unstable();
        let mut bytes = Vec::new();
        for (rank, (text, number)) in (0..).zip(sorted) {
            self.ranks.insert(number, rank);
            bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
            bytes.extend(text.as_bytes());
        }
        self.sections.push((CODES, self.codes.concat()));
        self.sections.push((TEXTS, bytes));
        Ok(())
    }

    fn table<R: Record>(&mut self, table: Table, merged: Merged<R>) -> Result<(), BuildError> {
        if merged.editions.is_empty() {
            return Ok(());
        }
        let mut runs = merged.runs;
        for (row, ..) in &mut runs {
            if let Some(rank) = row.text().and_then(|text| self.ranks.get(&text)) {
                *row = row.with_text(*rank);
            }
        }
        runs.sort_unstable();
        let mut editions = Vec::new();
        merged
            .editions
            .iter()
            .for_each(|edition| write_edition(edition, &mut editions));
        let mut index = Vec::with_capacity((self.codes.len() + 1) * 4);
        let mut rows = Vec::with_capacity(runs.len() * (R::WIDTH + 2));
        let mut at = runs.iter().peekable();
        let mut count = 0_u32;
        for code in &self.codes {
            index.extend(count.to_le_bytes());
            while let Some((row, first, until)) = at.next_if(|(row, ..)| row.key() == *code) {
                // Every code was gathered, so it has a number.
                row.write(self, &mut rows).ok_or(BuildError::TooLarge {
                    what: "codes",
                    most: self.codes.len(),
                })?;
                rows.extend([*first, *until]);
                count += 1;
            }
        }
        index.extend(count.to_le_bytes());
        self.sections.push((editions_section(table), editions));
        self.sections.push((index_section(table), index));
        self.sections.push((rows_section(table), rows));
        Ok(())
    }
}
