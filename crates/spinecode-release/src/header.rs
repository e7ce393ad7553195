//! Which table a file is, by its header: CMS's titles, copyright lines and wrapped headers stand before the rows.

use std::ops::ControlFlow;

use crate::fault::{Fault, echo};
use crate::source::{Row, Sheet};
use crate::table::Table;

/// Most rows before the first row of the table.
const MOST_BEFORE: usize = 60;

/// A column that a table must have: its name in messages, and how its header is known.
struct Column {
    name: &'static str,
    fits: fn(&str) -> bool,
}

const fn column(name: &'static str, fits: fn(&str) -> bool) -> Column {
    Column { name, fits }
}

/// One of CMS's layouts.
struct Layout {
    kind: Kind,
    columns: &'static [Column],
}

/// What a file's columns make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Pair edits; the columns do not say of which setting.
    Ptp,
    /// Unit limits of one setting.
    Mue(Table),
    AddOn,
    FeeSchedule,
    OppsB,
}

impl Kind {
    /// Whether a file with these columns can be that table.
    pub(crate) fn fits(self, table: Table) -> bool {
        match self {
            Self::Ptp => matches!(table, Table::PtpPractitioner | Table::PtpHospital),
            Self::Mue(of) => of == table,
            Self::AddOn => table == Table::AddOn,
            Self::FeeSchedule => table == Table::FeeSchedule,
            Self::OppsB => table == Table::OppsB,
        }
    }

    /// The table, where the columns alone say it.
    pub(crate) fn table(self) -> Option<Table> {
        match self {
            Self::Ptp => None,
            Self::Mue(table) => Some(table),
            Self::AddOn => Some(Table::AddOn),
            Self::FeeSchedule => Some(Table::FeeSchedule),
            Self::OppsB => Some(Table::OppsB),
        }
    }

    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Ptp => "pair edits (PTP)",
            Self::Mue(table) => table.what(),
            Self::AddOn => Table::AddOn.what(),
            Self::FeeSchedule => Table::FeeSchedule.what(),
            Self::OppsB => Table::OppsB.what(),
        }
    }
}

// Headers are compared as letters and digits only, lower case; a header wrapped over rows is joined first.
// The order of the columns here is the order in which `Header::columns` gives them.
const LAYOUTS: [Layout; 5] = [
    Layout {
        kind: Kind::Ptp,
        columns: &[
            column("column 1", |text| text.ends_with("column1")),
            column("column 2", |text| text.ends_with("column2")),
            column("in existence prior to 1996", |text| text.contains("inexistence")),
            column("effective date", |text| text.starts_with("effective")),
            column("deletion date", |text| text.starts_with("deletion")),
            column("modifier indicator", |text| text.contains("modifier0notallowed")),
            column("edit rationale", |text| text.ends_with("rationale")),
        ],
    },
    Layout {
        // Which setting, the header of the units says.
        kind: Kind::Mue(Table::MuePractitioner),
        columns: &[
            column("HCPCS/CPT code", |text| text.ends_with("hcpcscptcode")),
            column("MUE value", |text| text.ends_with("muevalues")),
            column("adjudication indicator", |text| {
                text.ends_with("mueadjudicationindicator")
            }),
            column("MUE rationale", |text| text.ends_with("muerationale")),
        ],
    },
    Layout {
        kind: Kind::AddOn,
        columns: &[
            column("add-on code", |text| text == "addoncode"),
            column("primary code", |text| text == "primarycode"),
            column("edit type", |text| text == "aocedittype"),
            column("special instruction notes", |text| {
                text.starts_with("specialinstruction")
            }),
            column("add-on code deletion date", |text| text.starts_with("aocdel")),
            column("primary code deletion date", |text| text.starts_with("primarycodedel")),
            column("edit effective date", |text| text.starts_with("aocediteff")),
            column("edit deletion date", |text| text.starts_with("aoceditdel")),
        ],
    },
    Layout {
        kind: Kind::FeeSchedule,
        columns: &[
            column("HCPCS", |text| text.ends_with("hcpcs")),
            column("modifier", |text| text.ends_with("mod")),
            column("status code", |text| text.ends_with("statuscode")),
            column("work RVU", |text| text.ends_with("workrvu")),
            column("non-facility NA indicator", |text| {
                text.ends_with("nonfacnaindicator") || text.ends_with("nonfacilitynaindicator")
            }),
            column("facility NA indicator", |text| {
                text.ends_with("facilitynaindicator") && !text.contains("nonfac")
            }),
            column("non-facility total", |text| text.ends_with("nonfacilitytotal")),
            column("facility total", |text| {
                text.ends_with("facilitytotal") && !text.contains("nonfac")
            }),
            column("PC/TC indicator", |text| text.ends_with("pctcind")),
            column("global days", |text| text.ends_with("globdays")),
            column("multiple procedure", |text| text.ends_with("multproc")),
            column("bilateral surgery", |text| text.ends_with("bilatsurg")),
            column("assistant at surgery", |text| text.ends_with("asstsurg")),
            column("co-surgeons", |text| text.ends_with("cosurg")),
            column("team surgery", |text| text.ends_with("teamsurg")),
            column("endoscopic base", |text| text.ends_with("endobase")),
            column("physician supervision", |text| text.contains("physiciansupervision")),
            column("imaging family", |text| text.ends_with("imagingfamilyindicator")),
        ],
    },
    Layout {
        kind: Kind::OppsB,
        columns: &[
            column("HCPCS code", |text| text.ends_with("hcpcscode")),
            column("status indicator", |text| {
                text == "si" || text.ends_with("statusindicator")
            }),
            column("APC", |text| text == "apc"),
            column("relative weight", |text| text.ends_with("relativeweight")),
        ],
    },
];

/// What stands before the rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) kind: Kind,
    /// Where each column of the layout stands, with its name.
    pub(crate) columns: Vec<(usize, &'static str)>,
    /// Line of the first row.
    pub(crate) first: u64,
    /// The titles and copyright lines.
    pub(crate) title: String,
}

/// Reads the rows before the table, and says which table it is.
pub(crate) fn read(sheet: &Sheet) -> Result<Header, Fault> {
    let mut stacked: Vec<String> = Vec::new();
    let mut title = String::new();
    let mut before = 0;
    let mut first = None;
    sheet.rows(&mut |row| {
        if is_row(row) {
            first = Some(row.line);
            return ControlFlow::Break(());
        }
        before += 1;
        if before > MOST_BEFORE {
            return ControlFlow::Break(());
        }
        let filled = row.cells().iter().filter(|cell| !cell.is_empty()).count();
        if filled == 1 && !row.cell(0).is_empty() {
            title.push_str(row.cell(0));
            title.push('\n');
            return ControlFlow::Continue(());
        }
        for (at, cell) in row.cells().iter().enumerate() {
            if at == stacked.len() {
                stacked.push(String::new());
            }
            if let Some(text) = stacked.get_mut(at) {
                text.extend(
                    cell.chars()
                        .filter(char::is_ascii_alphanumeric)
                        .map(|letter| letter.to_ascii_lowercase()),
                );
            }
        }
        ControlFlow::Continue(())
    })?;
    let mut best: Option<(usize, &Layout, Vec<&'static str>)> = None;
    for layout in &LAYOUTS {
        let mut columns = Vec::new();
        let mut missing = Vec::new();
        for column in layout.columns {
            let mut places = stacked.iter().enumerate().filter(|(_, text)| (column.fits)(text));
            match (places.next(), places.next()) {
                (Some((at, _)), None) => columns.push((at, column.name)),
                _ => missing.push(column.name),
            }
        }
        if missing.is_empty() {
            let kind = match (layout.kind, columns.get(1)) {
                (Kind::Mue(_), Some((units, _))) => stacked.get(*units).and_then(|text| setting(text)),
                (kind, _) => Some(kind),
            };
            let Some(kind) = kind else { continue };
            let first = first.ok_or_else(|| Fault::of(&sheet.label, "a header and no row", "rows of the table"))?;
            return Ok(Header {
                kind,
                columns,
                first,
                title,
            });
        }
        if best.as_ref().is_none_or(|(most, ..)| columns.len() > *most) {
            best = Some((columns.len(), layout, missing));
        }
    }
    Err(match best {
        Some((known, layout, missing)) if known > 1 => Fault::of(
            &sheet.label,
            format!(
                "a header like that of {} without exactly one column {}",
                layout.kind.what(),
                missing.iter().map(|name| echo(name)).collect::<Vec<_>>().join(", ")
            ),
            "every column of CMS's layout",
        ),
        _ => Fault::of(
            &sheet.label,
            "no header of a table of CMS",
            "PTP, MUE, add-on, fee schedule (PPRRVU) or OPPS Addendum B columns before the first row",
        ),
    })
}

/// Which setting's limits the header of the units names.
fn setting(units: &str) -> Option<Kind> {
    [
        ("practitionerservices", Table::MuePractitioner),
        ("outpatienthospitalservices", Table::MueHospital),
        ("dmesupplierservices", Table::MueDme),
    ]
    .into_iter()
    .find_map(|(word, table)| units.contains(word).then_some(Kind::Mue(table)))
}

/// A row of a table has a code among its first cells; a header or a title has none.
fn is_row(row: &Row) -> bool {
    let filled = row.cells().iter().filter(|cell| !cell.is_empty()).count();
    filled > 1 && row.cells().iter().take(4).any(|cell| code(cell).is_some())
}

/// A procedure code: five capitals and digits, with a digit among them.
pub(crate) fn code(cell: &str) -> Option<[u8; 5]> {
    let bytes: [u8; 5] = cell.as_bytes().try_into().ok()?;
    let fits = bytes
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (fits && bytes.iter().any(u8::is_ascii_digit)).then_some(bytes)
}
