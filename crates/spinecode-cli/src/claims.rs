//! Reads claims: JSON, JSON Lines, or CSV with the columns of the Tuva Project's `medical_claim`.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use spinecode_core::edit::claim::{RawClaim, RawLine};
use spinecode_core::name::nearest;
use spinecode_core::{Reason, Violation};
use spinecode_engine::Error;

use crate::code::Source;
use crate::failure::Failure;
use crate::items::{Item, Items};

/// Other names for columns, by the names used here.
pub(crate) type ColumnMap = HashMap<String, String>;

/// Columns of the claim: the same on each of its rows.
const CLAIM_COLUMNS: [&str; 13] = [
    "claim_id",
    "person_id",
    "payer",
    "plan",
    "state",
    "claim_type",
    "bill_type_code",
    "rendering_npi",
    "billing_npi",
    "group_id",
    "specialty",
    "frequency_code",
    "received_date",
];
/// Columns of a line.
const LINE_COLUMNS: [&str; 8] = [
    "claim_line_number",
    "claim_line_start_date",
    "hcpcs_code",
    "service_unit_quantity",
    "place_of_service_code",
    "charge_amount",
    "status",
    "diagnosis_pointers",
];
/// Without these nothing can be judged.
const REQUIRED: [&str; 2] = ["hcpcs_code", "claim_line_start_date"];
/// Numbered columns, from 1 without a gap.
const MODIFIERS: &str = "hcpcs_modifier_";
const DIAGNOSES: &str = "diagnosis_code_";
const AGE: &str = "patient_age";

/// Whether a name is one that `--map` can map.
fn is_column(name: &str) -> bool {
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|number| number.parse::<u32>().is_ok())
    };
    CLAIM_COLUMNS.contains(&name)
        || LINE_COLUMNS.contains(&name)
        || name == AGE
        || numbered(MODIFIERS)
        || numbered(DIAGNOSES)
}

/// The map of `NAME=COLUMN` arguments.
pub(crate) fn columns(given: &[String]) -> Result<ColumnMap, Failure> {
    let known = || CLAIM_COLUMNS.into_iter().chain(LINE_COLUMNS).chain([AGE]);
    let mut map = ColumnMap::new();
    for one in given {
        let parted = one
            .split_once('=')
            .filter(|(name, column)| is_column(name) && !column.is_empty());
        let Some((name, column)) = parted else {
            let list: Vec<&str> = known().collect();
            let expected = format!(
                "NAME=COLUMN, where NAME is {}, {MODIFIERS}N or {DIAGNOSES}N",
                list.join(", ")
            );
            let name = one.split('=').next().unwrap_or_default();
            let fault = Violation::new("--map", Reason::UnknownKey, expected)
                .echo(one)
                .suggest(nearest(name, known()));
            return Err(Failure::input(fault));
        };
        map.insert(name.to_owned(), column.to_owned());
    }
    Ok(map)
}

/// All claims of a source, each with the line or row it begins on.
pub(crate) fn read(source: Source, map: &ColumnMap) -> Result<Vec<Item<RawClaim>>, Failure> {
    let name = source.name.clone();
    let shown = name.as_deref().unwrap_or(Path::new("standard input"));
    let mut reader = BufReader::new(source.reader);
    let mut first = Vec::new();
    // Enough to tell the formats apart, without waiting for more than a slow writer has written.
    while first.len() < 4 || first.trim_ascii().is_empty() {
        let mut byte = [0];
        match reader.read(&mut byte) {
            Ok(0) => break,
            Ok(_) => first.extend(byte),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(Failure::read(shown, why)),
        }
    }
    if first.starts_with(b"PAR1") {
        return Err(Error::Unsupported(
            "Parquet is not read by this version; write the claims as CSV with the same columns, or as JSON Lines"
                .into(),
        )
        .into());
    }
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).trim_ascii_start();
    let json = text.is_empty() || text.starts_with(b"{") || text.starts_with(b"[");
    let by_name = name
        .as_ref()
        .and_then(|name| name.extension())
        .map(|ending| ending.to_ascii_lowercase());
    let csv = match by_name.as_ref().and_then(|ending| ending.to_str()) {
        Some("csv") => true,
        Some("json" | "jsonl" | "ndjson") => false,
        _ => !json,
    };
    let whole = io::Cursor::new(first).chain(reader);
    if csv {
        return read_csv(whole, map).map_err(|fault| fault.at(shown));
    }
    let mut items = Items::new(whole, RawClaim::from_json);
    let mut all = Vec::new();
    loop {
        let chunk = items.chunk().map_err(|why| Failure::read(shown, why))?;
        if chunk.is_empty() {
            return Ok(all);
        }
        all.extend(chunk);
    }
}

/// Why a table cannot be read at all.
enum TableFault {
    Read(io::Error),
    Input(Violation),
}

impl TableFault {
    fn at(self, file: &Path) -> Failure {
        match self {
            Self::Read(why) => Failure::read(file, why),
            Self::Input(fault) => Failure::at(file.display().to_string(), input(fault)),
        }
    }
}

fn input(fault: Violation) -> Error {
    Error::Input(spinecode_core::InputError::one(fault))
}

/// Where the columns stand.
struct Columns {
    named: HashMap<&'static str, usize>,
    modifiers: Vec<usize>,
    diagnoses: Vec<usize>,
}

impl Columns {
    fn of(header: &StringRecord, map: &ColumnMap) -> Result<Self, Violation> {
        let place = |name: &str| {
            let column = map.get(name).map_or(name, String::as_str);
            header.iter().position(|cell| cell.trim() == column)
        };
        let mut named = HashMap::new();
        for name in CLAIM_COLUMNS.into_iter().chain(LINE_COLUMNS).chain([AGE]) {
            match place(name) {
                Some(at) => {
                    named.insert(name, at);
                }
                None if REQUIRED.contains(&name) || map.contains_key(name) => {
                    let column = map.get(name).map_or(name, String::as_str);
                    let expected = format!("a column `{column}`; `--map {name}=COLUMN` names another");
                    return Err(Violation::new("header", Reason::MissingField, expected)
                        .suggest(nearest(column, header.iter().map(str::trim))));
                }
                None => {}
            }
        }
        let numbered = |prefix: &str| {
            (1..)
                .map_while(|number| place(&format!("{prefix}{number}")))
                .collect::<Vec<usize>>()
        };
        Ok(Self {
            named,
            modifiers: numbered(MODIFIERS),
            diagnoses: numbered(DIAGNOSES),
        })
    }

    fn cell(&self, row: &StringRecord, name: &str) -> Option<String> {
        let at = self.named.get(name)?;
        let cell = row.get(*at)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    fn cells(row: &StringRecord, places: &[usize]) -> Vec<String> {
        let each = places.iter().filter_map(|at| row.get(*at));
        each.map(|cell| cell.trim().to_owned())
            .filter(|cell| !cell.is_empty())
            .collect()
    }

    fn line(&self, row: &StringRecord) -> RawLine {
        let pointers = self.cell(row, "diagnosis_pointers").unwrap_or_default();
        RawLine {
            line_number: self.cell(row, "claim_line_number"),
            code: self.cell(row, "hcpcs_code").unwrap_or_default(),
            modifiers: Self::cells(row, &self.modifiers),
            units: self.cell(row, "service_unit_quantity"),
            date_of_service: self.cell(row, "claim_line_start_date").unwrap_or_default(),
            place_of_service: self.cell(row, "place_of_service_code"),
            diagnosis_pointers: pointers
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            charge: self.cell(row, "charge_amount"),
            status: self.cell(row, "status"),
        }
    }

    /// The claim that a row begins.
    fn claim(&self, row: &StringRecord) -> RawClaim {
        let cell = |name| self.cell(row, name);
        RawClaim {
            claim_id: cell("claim_id"),
            person_id: cell("person_id"),
            payer: cell("payer"),
            plan: cell("plan"),
            state: cell("state"),
            claim_type: cell("claim_type"),
            bill_type_code: cell("bill_type_code"),
            place_of_service: None,
            rendering_npi: cell("rendering_npi"),
            billing_npi: cell("billing_npi"),
            group_id: cell("group_id"),
            specialty: cell("specialty"),
            frequency_code: cell("frequency_code"),
            received_date: cell("received_date"),
            patient_age: cell(AGE),
            diagnoses: Self::cells(row, &self.diagnoses),
            lines: Vec::new(),
            history: None,
            case: None,
            misread: Vec::new(),
        }
    }
}

/// Rows with one `claim_id` are one claim, wherever they stand; a row without one is a claim of its own.
fn read_csv(reader: impl Read, map: &ColumnMap) -> Result<Vec<Item<RawClaim>>, TableFault> {
    let mut table = ReaderBuilder::new().flexible(true).from_reader(reader);
    let header = table.headers().map_err(table_fault)?.clone();
    let columns = Columns::of(&header, map).map_err(TableFault::Input)?;
    let mut claims: Vec<Item<RawClaim>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut row = StringRecord::new();
    loop {
        match table.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(claims),
            Err(fault) => return Err(table_fault(fault)),
        }
        let line = row
            .position()
            .map_or(0, |place| usize::try_from(place.line()).unwrap_or(usize::MAX));
        let id = columns.cell(&row, "claim_id");
        let own = claims.len();
        let at = match &id {
            Some(id) => *known.entry(id.clone()).or_insert(own),
            None => own,
        };
        let begun = at < own;
        if !begun {
            claims.push(Item {
                line,
                value: Ok(columns.claim(&row)),
            });
        }
        let Some(Ok(claim)) = claims.get_mut(at).map(|item| item.value.as_mut()) else {
            continue;
        };
        if row.len() != header.len() {
            let expected = format!("{} columns, as the header has", header.len());
            let path = format!("lines[{}]", claim.lines.len());
            claim.misread.push(Violation::new(path, Reason::WrongType, expected));
        }
        if begun {
            differing(claim, &columns, &row);
        }
        claim.lines.push(columns.line(&row));
    }
}

/// What a later row says otherwise of its claim than the first one: a claim with two persons or two clinicians is not one that
/// can be judged, and one of them must not be passed over.
fn differing(claim: &mut RawClaim, columns: &Columns, row: &StringRecord) {
    let other = columns.claim(row);
    for (name, first, later) in [
        ("person_id", &claim.person_id, other.person_id),
        ("payer", &claim.payer, other.payer),
        ("claim_type", &claim.claim_type, other.claim_type),
        ("bill_type_code", &claim.bill_type_code, other.bill_type_code),
        ("rendering_npi", &claim.rendering_npi, other.rendering_npi),
        ("billing_npi", &claim.billing_npi, other.billing_npi),
        ("frequency_code", &claim.frequency_code, other.frequency_code),
    ] {
        if *first != later && !claim.misread.iter().any(|fault| fault.path == name) {
            let expected = "one value on all rows of the claim";
            claim.misread.push(Violation::new(name, Reason::UnknownValue, expected));
        }
    }
    for diagnosis in other.diagnoses {
        if !claim.diagnoses.contains(&diagnosis) {
            claim.diagnoses.push(diagnosis);
        }
    }
}

fn table_fault(fault: csv::Error) -> TableFault {
    let line = fault.position().map(csv::Position::line);
    match fault.into_kind() {
        csv::ErrorKind::Io(why) => TableFault::Read(why),
        _ => {
            let path = line.map(|line| format!("line {line}")).unwrap_or_default();
            TableFault::Input(Violation::new(path, Reason::WrongType, "CSV in UTF-8"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str, map: &ColumnMap) -> Vec<(usize, RawClaim)> {
        let read = read_csv(text.as_bytes(), map).ok().unwrap();
        read.into_iter().map(|item| (item.line, item.value.unwrap())).collect()
    }

    const HEAD: &str = "claim_id,claim_line_number,claim_type,person_id,claim_line_start_date,hcpcs_code,hcpcs_modifier_1,\
                        hcpcs_modifier_2,service_unit_quantity,place_of_service_code,payer,diagnosis_code_1,diagnosis_code_2,\
                        charge_amount,paid_amount";

    #[test]
    fn rows_of_one_claim_are_one_claim_wherever_they_stand() {
        let text = format!(
            "{HEAD}\nc1,1,professional,p1,2024-03-05,64493,50,59,1.0,22,Medicare,M47.816,M54.50,120.50,9\n\
             c2,1,professional,p2,2024-03-05,64483,,,1,11,,M54.16,,,\n\
             c1,2,professional,p1,2024-03-05,64494,RT,,1,22,Medicare,M47.816,M54.50,,\n"
        );
        let read = table(&text, &ColumnMap::new());
        assert_eq!(read.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
        let claim = &read[0].1;
        assert_eq!(claim.diagnoses, ["M47.816", "M54.50"]);
        assert_eq!(claim.lines.len(), 2);
        assert_eq!(claim.lines[0].modifiers, ["50", "59"]);
        assert_eq!(claim.lines[0].units.as_deref(), Some("1.0"));
        assert_eq!(claim.lines[0].charge.as_deref(), Some("120.50"));
        assert_eq!(claim.lines[1].modifiers, ["RT"]);
        assert!(claim.misread.is_empty());
        assert_eq!(read[1].1.payer, None);
    }

    #[test]
    fn rows_of_a_claim_that_differ_are_a_fault_of_that_claim_alone() {
        let text = "claim_id,person_id,claim_line_start_date,hcpcs_code\nc1,p1,2024-03-05,64493\nc1,p2,2024-03-05,64494\n\
                    c2,p1,2024-03-05,64493\nc2,p1,2024-03-05\n";
        let read = table(text, &ColumnMap::new());
        let paths = |at: usize| {
            read[at]
                .1
                .misread
                .iter()
                .map(|fault| fault.path.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(paths(0), ["person_id"]);
        assert_eq!(paths(1), ["lines[1]"]);
    }

    #[test]
    fn other_names_are_mapped_and_a_missing_column_is_told_with_the_near_one() {
        let text = "id,proc,dos\n7,64493,2024-03-05\n";
        let map = columns(&["hcpcs_code=proc", "claim_line_start_date=dos", "claim_id=id"].map(str::to_owned)).unwrap();
        let read = table(text, &map);
        assert_eq!(read[0].1.claim_id.as_deref(), Some("7"));
        assert_eq!(read[0].1.lines[0].code, "64493");
        let Err(TableFault::Input(fault)) = read_csv("hcpcs_cod,dos\n".as_bytes(), &ColumnMap::new()) else {
            panic!("a fault");
        };
        assert!(fault.message().contains("--map"), "{}", fault.message());
        for bad in ["hcpcs=proc", "hcpcs_code", "hcpcs_code="] {
            assert!(columns(&[bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
