//! The rows of each table, while a release is built: how a row of a file becomes one, and how it is written and read back.
//!
//! INVARIANT: the order of a record's fields is the order of the rows in a release, its first code first.

use sha2::{Digest as _, Sha256};

use crate::day::Day;
use crate::fault::echo;
use crate::header::code;
use crate::source::Row;

/// The five characters of a code.
pub(crate) type CodeBytes = [u8; 5];
/// Stands where the add-on table names no primary, since the contractor does.
pub(crate) const CONTRACTOR_DEFINED: u16 = u16::MAX;
const CONTRACTOR_DEFINED_TEXT: &str = "CCCCC";

/// Bits of a pair's attributes.
pub(crate) mod bit {
    /// Column 1 is the higher of the two codes.
    pub(crate) const HIGH_FIRST: u8 = 1;
    /// A modifier may open the pair.
    pub(crate) const OPEN: u8 = 2;
    /// The file does not say when the row began.
    pub(crate) const START_UNKNOWN: u8 = 4;
}

/// What a row of a file came to.
pub(crate) enum Parsed<R> {
    Row(R),
    /// Never in force.
    Withdrawn,
}

/// A cell that is not right: which column of the layout, what was found, what would be right.
pub(crate) struct Bad {
    pub(crate) column: usize,
    pub(crate) found: String,
    pub(crate) expected: &'static str,
}

/// What reading a row needs beside the row.
pub(crate) struct Reading<'a> {
    pub(crate) row: &'a Row,
    pub(crate) columns: &'a [(usize, &'static str)],
    pub(crate) texts: &'a mut Texts,
    pub(crate) unknown_starts: bool,
}

impl Reading<'_> {
    fn cell(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |(at, _)| self.row.cell(*at))
    }

    fn bad(&self, column: usize, expected: &'static str) -> Bad {
        Bad {
            column,
            found: echo(self.cell(column)),
            expected,
        }
    }

    fn code(&self, column: usize) -> Result<CodeBytes, Bad> {
        code(self.cell(column)).ok_or_else(|| self.bad(column, "a code of five capitals and digits"))
    }

    /// One capital or digit; a space where the cell is empty.
    fn letters<const N: usize>(&self, column: usize, expected: &'static str) -> Result<[u8; N], Bad> {
        let cell = self.cell(column).as_bytes();
        let plain = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if cell.len() > N || !cell.iter().all(plain) {
            return Err(self.bad(column, expected));
        }
        let mut letters = [b' '; N];
        for (to, from) in letters.iter_mut().zip(cell) {
            *to = *from;
        }
        Ok(letters)
    }

    /// A number with at most two digits behind the point, in hundredths.
    fn hundredths(&self, column: usize) -> Result<u32, Bad> {
        let bad = || self.bad(column, "a number with up to two digits behind the point");
        let (whole, part) = match self.cell(column).split_once('.') {
            Some((whole, part)) => (whole, part),
            None => (self.cell(column), ""),
        };
        let whole: u32 = match whole {
            "" if part.is_empty() => return Err(bad()),
            "" => 0,
            whole if whole.bytes().all(|byte| byte.is_ascii_digit()) => whole.parse().map_err(|_| bad())?,
            _ => return Err(bad()),
        };
        let part = part.trim_end_matches('0');
        if part.len() > 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad());
        }
        let part: u32 = format!("{part:0<2}").parse().map_err(|_| bad())?;
        whole
            .checked_mul(100)
            .and_then(|whole| whole.checked_add(part))
            .ok_or_else(bad)
    }

    fn text(&mut self, column: usize) -> Result<u8, Bad> {
        let at = self.columns.get(column).map_or(usize::MAX, |(at, _)| *at);
        self.texts
            .put(self.row.cell(at))
            .ok_or_else(|| self.bad(column, "one of at most 255 short texts"))
    }
}

/// The short texts of the files: reasons of edits, notes of add-ons.
#[derive(Default)]
pub(crate) struct Texts(pub(crate) Vec<String>);

const MOST_TEXTS: usize = 255;
const LONGEST_TEXT: usize = 255;

impl Texts {
    pub(crate) fn put(&mut self, text: &str) -> Option<u8> {
        // The last few are the likeliest, and the list is short.
        if let Some(at) = self.0.iter().position(|known| known == text) {
            return u8::try_from(at).ok();
        }
        if self.0.len() == MOST_TEXTS || text.len() > LONGEST_TEXT || text.chars().any(char::is_control) {
            return None;
        }
        self.0.push(text.to_owned());
        u8::try_from(self.0.len() - 1).ok()
    }
}

/// The codes of a release, sorted: a code's place is its number.
pub(crate) trait Numbers {
    fn number(&self, code: CodeBytes) -> Option<u16>;
    fn code(&self, number: u16) -> Option<CodeBytes>;
}

/// A row of a table.
/// What a row says, for people.
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) with: String,
    pub(crate) first_day: String,
    /// Always the same fields for a table, in their order.
    pub(crate) fields: Vec<(&'static str, String)>,
}

/// The field that holds the last day in force.
const LAST_DAY: &str = "last_day";

impl Told {
    /// Whether the other one was only given its last day.
    pub(crate) fn ended(&self, since: &Self) -> bool {
        let mut fields = self.fields.iter().zip(&since.fields);
        fields.all(|((name, old), (_, new))| old == new || (*name == LAST_DAY && old.is_empty()))
    }
}

fn letters(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

/// A first day; empty where it is open.
fn first_day(day: Day) -> String {
    if day > Day::OPEN_FROM {
        day.date().to_string()
    } else {
        String::new()
    }
}

/// The last day before an end; empty where it is open.
fn last_day(until: Day) -> String {
    let last = Day(until.0.saturating_sub(1));
    if until < Day::OPEN_UNTIL {
        last.date().to_string()
    } else {
        String::new()
    }
}

pub(crate) trait Record: Copy + Ord {
    /// Bytes of a row in the file: the record without its first code.
    const WIDTH: usize;
    /// The code that it is found by.
    fn key(&self) -> CodeBytes;
    /// A second code that it names.
    fn other(&self) -> Option<CodeBytes> {
        None
    }
    /// The text that it names.
    fn text(&self) -> Option<u8> {
        None
    }
    /// The same with another number of its text.
    #[must_use]
    fn with_text(self, _text: u8) -> Self {
        self
    }
    /// Whether two rows of one edition cannot both be.
    fn contradicts(&self, other: &Self) -> bool;
    /// Changes rows of one edition, sorted, where one row's dates follow from another's.
    fn settle(_rows: &mut [Self]) {}
    /// The day it begins, where the file of a version cannot hold a later one.
    fn begins(&self) -> Option<Day> {
        None
    }
    /// Whether the file does not say when it began.
    fn is_start_unknown(&self) -> bool {
        false
    }
    /// What makes it the same row in another release, with everything else empty.
    #[must_use]
    fn identity(&self) -> Self;
    /// What it says, field by field.
    fn told(&self, text: &str) -> Told;
    /// Hashes it, without what depends on the build.
    fn feed(&self, hash: &mut Sha256);
    fn parse(reading: &mut Reading<'_>) -> Result<Parsed<Self>, Bad>;
    fn write(&self, numbers: &dyn Numbers, out: &mut Vec<u8>) -> Option<()>;
    fn read(key: CodeBytes, bytes: &[u8], numbers: &dyn Numbers) -> Option<Self>;
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

/// A pair edit, under its lower code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PairRecord {
    pub(crate) low: CodeBytes,
    pub(crate) high: CodeBytes,
    pub(crate) high_first: bool,
    pub(crate) from: Day,
    pub(crate) until: Day,
    pub(crate) bits: u8,
    pub(crate) text: u8,
}

impl Record for PairRecord {
    const WIDTH: usize = 8;

    fn key(&self) -> CodeBytes {
        self.low
    }
    fn other(&self) -> Option<CodeBytes> {
        Some(self.high)
    }
    fn text(&self) -> Option<u8> {
        Some(self.text)
    }
    fn with_text(self, text: u8) -> Self {
        Self { text, ..self }
    }

    fn contradicts(&self, other: &Self) -> bool {
        let known = (self.bits | other.bits) & bit::START_UNKNOWN == 0;
        known
            && (self.low, self.high, self.high_first, self.from)
                == (other.low, other.high, other.high_first, other.from)
    }

    fn begins(&self) -> Option<Day> {
        Some(self.from)
    }
    fn is_start_unknown(&self) -> bool {
        self.bits & bit::START_UNKNOWN != 0
    }

    fn identity(&self) -> Self {
        Self {
            until: Day::OPEN_FROM,
            bits: 0,
            text: 0,
            ..*self
        }
    }
    fn told(&self, text: &str) -> Told {
        let (one, other) = if self.high_first {
            (self.high, self.low)
        } else {
            (self.low, self.high)
        };
        Told {
            code: letters(&one),
            with: letters(&other),
            first_day: first_day(self.from),
            fields: vec![
                (LAST_DAY, last_day(self.until)),
                ("indicator", u8::from(self.bits & bit::OPEN != 0).to_string()),
                ("rationale", text.to_owned()),
            ],
        }
    }

    /// A row whose start is unknown began no earlier than the row of the same pair before it ended.
    fn settle(rows: &mut [Self]) {
        let mut before: Option<Self> = None;
        for row in rows {
            if let Some(before) = before
                && (before.low, before.high, before.high_first) == (row.low, row.high, row.high_first)
                && row.bits & bit::START_UNKNOWN != 0
                && before.until < row.until
            {
                row.from = row.from.max(before.until);
            }
            before = Some(*row);
        }
    }

    fn feed(&self, hash: &mut Sha256) {
        hash.update(self.low);
        hash.update(self.high);
        hash.update(self.from.0.to_le_bytes());
        hash.update(self.until.0.to_le_bytes());
        hash.update([self.bits]);
    }

    fn parse(reading: &mut Reading<'_>) -> Result<Parsed<Self>, Bad> {
        let (column1, column2) = (reading.code(0)?, reading.code(1)?);
        if column1 == column2 {
            return Err(reading.bad(1, "another code than column 1"));
        }
        if !matches!(reading.cell(2), "" | "*") {
            return Err(reading.bad(2, "nothing or `*`"));
        }
        let mut bits = 0;
        let from = match reading.cell(3) {
            "*" | "" if reading.unknown_starts => {
                bits |= bit::START_UNKNOWN;
                Day::OPEN_FROM
            }
            cell => Day::calendar(cell).ok_or_else(|| reading.bad(3, "a day YYYYMMDD"))?,
        };
        let until = match reading.cell(4) {
            "*" => Day::OPEN_UNTIL,
            cell => Day::calendar(cell)
                .ok_or_else(|| reading.bad(4, "a day YYYYMMDD or `*`"))?
                .next(),
        };
        let never = match reading.cell(5) {
            "0" => false,
            "1" => {
                bits |= bit::OPEN;
                false
            }
            "9" => true,
            _ => return Err(reading.bad(5, "0, 1 or 9")),
        };
        if reading.cell(6).is_empty() {
            return Err(reading.bad(6, "the reason of the edit"));
        }
        let text = reading.text(6)?;
        // A row that ends on the day it began was taken back as if it had never been.
        let known = bits & bit::START_UNKNOWN == 0;
        if never || (known && until <= from.next()) {
            return Ok(Parsed::Withdrawn);
        }
        let high_first = column1 > column2;
        if high_first {
            bits |= bit::HIGH_FIRST;
        }
        Ok(Parsed::Row(Self {
            low: column1.min(column2),
            high: column1.max(column2),
            high_first,
            from,
            until,
            bits,
            text,
        }))
    }

    fn write(&self, numbers: &dyn Numbers, out: &mut Vec<u8>) -> Option<()> {
        out.extend(numbers.number(self.high)?.to_le_bytes());
        out.extend(self.from.0.to_le_bytes());
        out.extend(self.until.0.to_le_bytes());
        out.extend([self.bits, self.text]);
        Some(())
    }

    fn read(key: CodeBytes, bytes: &[u8], numbers: &dyn Numbers) -> Option<Self> {
        let [bits, text] = array(bytes, 6)?;
        Some(Self {
            low: key,
            high: numbers.code(u16_at(bytes, 0)?)?,
            high_first: bits & bit::HIGH_FIRST != 0,
            from: Day(u16_at(bytes, 2)?),
            until: Day(u16_at(bytes, 4)?),
            bits,
            text,
        })
    }
}

/// A limit of units.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LimitRecord {
    code: CodeBytes,
    units: u32,
    adjudication: u8,
    text: u8,
}

impl Record for LimitRecord {
    const WIDTH: usize = 6;

    fn key(&self) -> CodeBytes {
        self.code
    }
    fn text(&self) -> Option<u8> {
        Some(self.text)
    }
    fn with_text(self, text: u8) -> Self {
        Self { text, ..self }
    }
    fn contradicts(&self, other: &Self) -> bool {
        self.code == other.code
    }
    fn identity(&self) -> Self {
        Self {
            units: 0,
            adjudication: 0,
            text: 0,
            ..*self
        }
    }
    fn told(&self, text: &str) -> Told {
        Told {
            code: letters(&self.code),
            with: String::new(),
            first_day: String::new(),
            fields: vec![
                ("units", self.units.to_string()),
                ("adjudication", self.adjudication.to_string()),
                ("rationale", text.to_owned()),
            ],
        }
    }
    fn feed(&self, hash: &mut Sha256) {
        hash.update(self.code);
        hash.update(self.units.to_le_bytes());
        hash.update([self.adjudication]);
    }

    fn parse(reading: &mut Reading<'_>) -> Result<Parsed<Self>, Bad> {
        let code = reading.code(0)?;
        let cell = reading.cell(1);
        let units = Some(cell)
            .filter(|cell| cell.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|cell| cell.parse().ok())
            .ok_or_else(|| reading.bad(1, "a whole number of units"))?;
        // `2 Date of Service Edit: Policy`, or the number alone.
        let adjudication = match reading.cell(2).as_bytes() {
            [number @ b'1'..=b'3'] | [number @ b'1'..=b'3', b' ', ..] => number - b'0',
            _ => return Err(reading.bad(2, "1, 2 or 3, and what it means")),
        };
        Ok(Parsed::Row(Self {
            code,
            units,
            adjudication,
            text: reading.text(3)?,
        }))
    }

    fn write(&self, _: &dyn Numbers, out: &mut Vec<u8>) -> Option<()> {
        out.extend(self.units.to_le_bytes());
        out.extend([self.adjudication, self.text]);
        Some(())
    }

    fn read(key: CodeBytes, bytes: &[u8], _: &dyn Numbers) -> Option<Self> {
        let [adjudication, text] = array(bytes, 4)?;
        Some(Self {
            code: key,
            units: u32_at(bytes, 0)?,
            adjudication,
            text,
        })
    }
}

/// An add-on code and a primary of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AddOnRecord {
    code: CodeBytes,
    /// `None`: the contractor defines the primaries.
    primary: Option<CodeBytes>,
    from: Day,
    until: Day,
    kind: u8,
    text: u8,
}

impl Record for AddOnRecord {
    const WIDTH: usize = 8;

    fn key(&self) -> CodeBytes {
        self.code
    }
    fn other(&self) -> Option<CodeBytes> {
        self.primary
    }
    fn text(&self) -> Option<u8> {
        Some(self.text)
    }
    fn with_text(self, text: u8) -> Self {
        Self { text, ..self }
    }
    fn contradicts(&self, other: &Self) -> bool {
        (self.code, self.primary, self.from) == (other.code, other.primary, other.from)
    }
    fn identity(&self) -> Self {
        Self {
            until: Day::OPEN_FROM,
            kind: 0,
            text: 0,
            ..*self
        }
    }
    fn told(&self, text: &str) -> Told {
        Told {
            code: letters(&self.code),
            with: self.primary.map(|primary| letters(&primary)).unwrap_or_default(),
            first_day: first_day(self.from),
            fields: vec![
                (LAST_DAY, last_day(self.until)),
                ("edit_type", self.kind.to_string()),
                ("note", text.to_owned()),
            ],
        }
    }
    fn feed(&self, hash: &mut Sha256) {
        hash.update(self.code);
        hash.update(self.primary.unwrap_or_default());
        hash.update(self.from.0.to_le_bytes());
        hash.update(self.until.0.to_le_bytes());
        hash.update([self.kind]);
    }

    fn parse(reading: &mut Reading<'_>) -> Result<Parsed<Self>, Bad> {
        const DAY: &str = "a day YYYYDDD";
        let code = reading.code(0)?;
        let primary = match reading.cell(1) {
            CONTRACTOR_DEFINED_TEXT => None,
            _ => Some(reading.code(1)?),
        };
        let kind = match reading.cell(2) {
            "1" => 1,
            "2" => 2,
            "3" => 3,
            _ => return Err(reading.bad(2, "1, 2 or 3")),
        };
        let from = Day::ordinal(reading.cell(6)).ok_or_else(|| reading.bad(6, DAY))?;
        // The row ends with the first of the edit, the add-on and the primary to end.
        let mut until = Day::OPEN_UNTIL;
        for column in [4, 5, 7] {
            let cell = reading.cell(column);
            // Empty or all zeros: it has not ended.
            if !cell.bytes().all(|byte| byte == b'0') {
                let last = Day::ordinal(cell).ok_or_else(|| reading.bad(column, "a day YYYYDDD or nothing"))?;
                until = until.min(last.next());
            }
        }
        let text = reading.text(3)?;
        if until <= from.next() {
            return Ok(Parsed::Withdrawn);
        }
        Ok(Parsed::Row(Self {
            code,
            primary,
            from,
            until,
            kind,
            text,
        }))
    }

    fn write(&self, numbers: &dyn Numbers, out: &mut Vec<u8>) -> Option<()> {
        let primary = match self.primary {
            None => CONTRACTOR_DEFINED,
            Some(primary) => numbers.number(primary)?,
        };
        out.extend(primary.to_le_bytes());
        out.extend(self.from.0.to_le_bytes());
        out.extend(self.until.0.to_le_bytes());
        out.extend([self.kind, self.text]);
        Some(())
    }

    fn read(key: CodeBytes, bytes: &[u8], numbers: &dyn Numbers) -> Option<Self> {
        let [kind, text] = array(bytes, 6)?;
        let primary = match u16_at(bytes, 0)? {
            CONTRACTOR_DEFINED => None,
            number => Some(numbers.code(number)?),
        };
        Some(Self {
            code: key,
            primary,
            from: Day(u16_at(bytes, 2)?),
            until: Day(u16_at(bytes, 4)?),
            kind,
            text,
        })
    }
}

/// The indicators of a code, alone or with a modifier of its components.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FeeRecord {
    code: CodeBytes,
    modifier: [u8; 2],
    /// Letters in the order of `FEE_LETTERS`, a space where the cell is empty.
    letters: [u8; FEE_LETTERS],
    endoscopic_base: CodeBytes,
    /// Work, non-facility total, facility total, in hundredths.
    values: [u32; 3],
}

/// Status, NA of the non-facility and the facility setting, PC/TC, global days (3), multiple, bilateral, assistant,
/// co-surgeons, team, supervision (2), imaging family (2).
pub(crate) const FEE_LETTERS: usize = 16;
/// Their names and widths, in their order.
const FEE_FIELDS: [(&str, usize); 12] = [
    ("status", 1),
    ("non_facility_na", 1),
    ("facility_na", 1),
    ("pctc", 1),
    ("global_days", 3),
    ("multiple_procedure", 1),
    ("bilateral", 1),
    ("assistant", 1),
    ("co_surgeons", 1),
    ("team", 1),
    ("supervision", 2),
    ("imaging_family", 2),
];

impl Record for FeeRecord {
    const WIDTH: usize = 2 + FEE_LETTERS + 5 + 12;

    fn key(&self) -> CodeBytes {
        self.code
    }
    fn contradicts(&self, other: &Self) -> bool {
        (self.code, self.modifier) == (other.code, other.modifier)
    }
    fn identity(&self) -> Self {
        Self {
            letters: [b' '; FEE_LETTERS],
            endoscopic_base: [b' '; 5],
            values: [0; 3],
            ..*self
        }
    }
    fn told(&self, _text: &str) -> Told {
        let mut rest = self.letters.as_slice();
        let mut fields = Vec::new();
        for (name, width) in FEE_FIELDS {
            let (value, more) = rest.split_at_checked(width).unwrap_or((rest, &[]));
            rest = more;
            fields.push((name, letters(value)));
        }
        fields.push(("endoscopic_base", letters(&self.endoscopic_base)));
        let names = ["work", "non_facility_total", "facility_total"];
        for (name, hundredths) in names.into_iter().zip(self.values) {
            fields.push((name, format!("{}.{:02}", hundredths / 100, hundredths % 100)));
        }
        Told {
            code: letters(&self.code),
            with: letters(&self.modifier),
            first_day: String::new(),
            fields,
        }
    }
    fn feed(&self, hash: &mut Sha256) {
        hash.update(self.code);
        hash.update(self.modifier);
        hash.update(self.letters);
    }

    fn parse(reading: &mut Reading<'_>) -> Result<Parsed<Self>, Bad> {
        const INDICATOR: &str = "an indicator of one capital or digit";
        let code = reading.code(0)?;
        let modifier = reading.letters(1, "a modifier of two capitals and digits, or nothing")?;
        if reading.cell(2).is_empty() {
            return Err(reading.bad(2, INDICATOR));
        }
        let [status] = reading.letters(2, INDICATOR)?;
        let not_applicable = |column| match reading.cell(column) {
            "" => Ok(b' '),
            "NA" => Ok(b'N'),
            _ => Err(reading.bad(column, "`NA` or nothing")),
        };
        let [pctc] = reading.letters(8, INDICATOR)?;
        let [global1, global2, global3] = reading.letters(9, "000, 010, 090, MMM, XXX, YYY or ZZZ")?;
        let [multiple] = reading.letters(10, INDICATOR)?;
        let [bilateral] = reading.letters(11, INDICATOR)?;
        let [assistant] = reading.letters(12, INDICATOR)?;
        let [co_surgeons] = reading.letters(13, INDICATOR)?;
        let [team] = reading.letters(14, INDICATOR)?;
        let endoscopic_base = match reading.cell(15) {
            "" => [b' '; 5],
            _ => reading.code(15)?,
        };
        let [supervision1, supervision2] = reading.letters(16, "a supervision level of two characters")?;
        let [family1, family2] = reading.letters(17, "an imaging family of two digits")?;
        Ok(Parsed::Row(Self {
            code,
            modifier,
            letters: [
                status,
                not_applicable(4)?,
                not_applicable(5)?,
                pctc,
                global1,
                global2,
                global3,
                multiple,
                bilateral,
                assistant,
                co_surgeons,
                team,
                supervision1,
                supervision2,
                family1,
                family2,
            ],
            endoscopic_base,
            values: [reading.hundredths(3)?, reading.hundredths(6)?, reading.hundredths(7)?],
        }))
    }

    fn write(&self, _: &dyn Numbers, out: &mut Vec<u8>) -> Option<()> {
        out.extend(self.modifier);
        out.extend(self.letters);
        out.extend(self.endoscopic_base);
        self.values.iter().for_each(|value| out.extend(value.to_le_bytes()));
        Some(())
    }

    fn read(key: CodeBytes, bytes: &[u8], _: &dyn Numbers) -> Option<Self> {
        let values = 2 + FEE_LETTERS + 5;
        Some(Self {
            code: key,
            modifier: array(bytes, 0)?,
            letters: array(bytes, 2)?,
            endoscopic_base: array(bytes, 2 + FEE_LETTERS)?,
            values: [
                u32_at(bytes, values)?,
                u32_at(bytes, values + 4)?,
                u32_at(bytes, values + 8)?,
            ],
        })
    }
}

/// The status of a code under outpatient prospective payment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OppsRecord {
    code: CodeBytes,
    status: [u8; 2],
    /// 0: none.
    group: u16,
}

impl Record for OppsRecord {
    const WIDTH: usize = 4;

    fn key(&self) -> CodeBytes {
        self.code
    }
    fn contradicts(&self, other: &Self) -> bool {
        self.code == other.code
    }
    fn identity(&self) -> Self {
        Self {
            status: [b' '; 2],
            group: 0,
            ..*self
        }
    }
    fn told(&self, _text: &str) -> Told {
        let group = Some(self.group).filter(|group| *group > 0);
        Told {
            code: letters(&self.code),
            with: String::new(),
            first_day: String::new(),
            fields: vec![
                ("status", letters(&self.status)),
                (
                    "classification",
                    group.map(|group| group.to_string()).unwrap_or_default(),
                ),
            ],
        }
    }
    fn feed(&self, hash: &mut Sha256) {
        hash.update(self.code);
        hash.update(self.status);
    }

    fn parse(reading: &mut Reading<'_>) -> Result<Parsed<Self>, Bad> {
        let code = reading.code(0)?;
        if reading.cell(1).is_empty() {
            return Err(reading.bad(1, "a status indicator"));
        }
        let status = reading.letters(1, "a status indicator of one or two characters")?;
        let group = match reading.cell(2) {
            "" => 0,
            cell => Some(cell)
                .filter(|cell| cell.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|cell| cell.parse().ok())
                .ok_or_else(|| reading.bad(2, "an APC number or nothing"))?,
        };
        Ok(Parsed::Row(Self { code, status, group }))
    }

    fn write(&self, _: &dyn Numbers, out: &mut Vec<u8>) -> Option<()> {
        out.extend(self.status);
        out.extend(self.group.to_le_bytes());
        Some(())
    }

    fn read(key: CodeBytes, bytes: &[u8], _: &dyn Numbers) -> Option<Self> {
        Some(Self {
            code: key,
            status: array(bytes, 0)?,
            group: u16_at(bytes, 2)?,
        })
    }
}
