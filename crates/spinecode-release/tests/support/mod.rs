//! Small files in the exact layouts of CMS, with invented codes.
#![allow(dead_code, reason = "each test binary uses some")]

use std::io::Write as _;

use spinecode_core::date::View;
use spinecode_core::{Code, ServiceDate};
use spinecode_release::{BuildError, Input, Options, Release, build};

pub(crate) const MISUSE: &str = "Misuse of Column Two code with Column One code";

pub(crate) fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

pub(crate) fn view(on: &str, as_of: Option<&str>) -> View {
    View {
        on: ServiceDate::parse(on).unwrap(),
        as_of: as_of.map(|day| ServiceDate::parse(day).unwrap()),
    }
}

/// Rows as text: cells between `|`.
pub(crate) fn cells(rows: &[&str]) -> Vec<Vec<String>> {
    rows.iter()
        .map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The rows of a PTP file, its six lines of titles and wrapped header before them. A row: `col1|col2|*|eff|del|modifier`.
pub(crate) fn ptp_rows(rows: &[&str]) -> Vec<Vec<String>> {
    let mut all = cells(&[
        "CPT only copyright American Medical Association. All rights reserved.",
        "Column1/Column2 Edits",
        "Column 1|Column 2|*=in existence|Effective|Deletion|Modifier|PTP Edit Rationale",
        "||prior to 1996|Date|Date|0=not allowed|",
        "||||*=no data|1=allowed|",
        "|||||9=not applicable|",
    ]);
    all.extend(cells(rows).into_iter().map(|mut row| {
        if row.len() == 6 {
            row.push(MISUSE.to_owned());
        }
        row
    }));
    all
}

pub(crate) fn tabs(rows: &[Vec<String>]) -> Vec<u8> {
    rows.iter()
        .map(|row| row.join("\t") + "\r\n")
        .collect::<String>()
        .into_bytes()
}

pub(crate) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let cell = |cell: &String| {
        if cell.contains([',', '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    rows.iter()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n")
        .collect::<String>()
        .into_bytes()
}

pub(crate) fn ptp(rows: &[&str]) -> Vec<u8> {
    tabs(&ptp_rows(rows))
}

/// A row: `code|units|indicator|rationale`.
pub(crate) fn mue_rows(setting: &str, rows: &[&str]) -> Vec<Vec<String>> {
    let mut all = cells(&[
        "CPT codes and other data only are copyright\nAmerican Medical Association. All rights reserved.|||",
        &format!("HCPCS/\nCPT Code|{setting} Services MUE Values|MUE Adjudication Indicator|MUE Rationale"),
    ]);
    all.extend(cells(rows));
    all
}

pub(crate) fn mue(setting: &str, rows: &[&str]) -> Vec<u8> {
    csv(&mue_rows(setting, rows))
}

/// A row: `type|add-on|its end|primary|its end|from|end|notes`, days YYYYDDD.
pub(crate) fn add_on_rows(rows: &[&str]) -> Vec<Vec<String>> {
    let mut all = cells(&[
        "AOC_Edit_Type|Add_On_Code|AOC_Del_Dt_Julian|Primary_Code|Primary_Code_Del_Dt_Julian|AOC_Edit_Eff_Dt_Julian|AOC_Edit_Del_Dt_Julian|Special_Instruction_Notes",
    ]);
    all.extend(cells(rows));
    all
}

pub(crate) const FEE_HEADER: [&str; 2] = [
    "|||STATUS|NOT USED FOR MEDICARE|WORK|NON-FAC|NON-FAC NA|FACILITY|FACILITY NA|MP|NON-FACILITY|FACILITY|PCTC|GLOB|PRE|INTRA|POST|MULT|BILAT|ASST|CO-|TEAM|ENDO|CONV|PHYSICIAN SUPERVISION OF DIAGNOSTIC|CALCULATION|DIAGNOSTIC IMAGING FAMILY|NON-FACILITY PE USED FOR OPPS PAYMENT|FACILITY PE USED FOR OPPS PAYMENT|MP USED FOR OPPS PAYMENT",
    "HCPCS|MOD|DESCRIPTION|CODE|PAYMENT|RVU|PE RVU|INDICATOR|PE RVU|INDICATOR|RVU|TOTAL|TOTAL|IND|DAYS|OP|OP|OP|PROC|SURG|SURG|SURG|SURG|BASE|FACTOR|PROCEDURES|FLAG|INDICATOR|AMOUNT|AMOUNT|AMOUNT",
];

/// A row: `code|modifier|status|global days|bilateral|work`.
pub(crate) fn fee_rows(year: i32, rows: &[&str]) -> Vec<Vec<String>> {
    let mut all = cells(&[
        &format!("{year} National Physician Fee Schedule Relative Value File July Release"),
        "RELEASED 06/05/2024",
        FEE_HEADER[0],
        FEE_HEADER[1],
    ]);
    all.extend(cells(rows).into_iter().map(|row| {
        let [code, modifier, status, global, bilateral, work] = <[String; 6]>::try_from(row).unwrap();
        let text = format!(
            "{code}|{modifier}|own label|{status}||{work}|3.30|NA|1.20|||4.55|2.40|0|{global}|0.00|0.00|0.00|2|{bilateral}|1|0|0||33.2875|09|0|99|0.00|0.00|0.00"
        );
        cells(&[&text]).remove(0)
    }));
    all
}

/// A row: `code|status|APC`.
pub(crate) fn opps_rows(year: i32, rows: &[&str]) -> Vec<Vec<String>> {
    let mut all = cells(&[
        &format!("Addendum B.-Final OPPS Payment by HCPCS Code for CY {year}"),
        "|||||",
        "HCPCS Code|Short Descriptor|SI|APC|Relative Weight|Payment Rate",
    ]);
    all.extend(cells(rows).into_iter().map(|row| {
        let [code, status, group] = <[String; 3]>::try_from(row).unwrap();
        vec![
            code,
            String::new(),
            status,
            group,
            "1.25".to_owned(),
            "$1,136.02".to_owned(),
        ]
    }));
    all
}

pub(crate) fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet.
pub(crate) fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (at, row) in rows.iter().enumerate() {
        let line = at + 1;
        sheet.push_str(&format!(r#"<row r="{line}">"#));
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let letter = if column < 26 {
                format!("{}", char::from(b'A' + column as u8))
            } else {
                format!("A{}", char::from(b'A' + (column - 26) as u8))
            };
            let text = cell.replace('&', "&amp;").replace('<', "&lt;");
            // Whole numbers stand as numbers in CMS's workbooks, where they are no codes.
            if !cell.starts_with('0') && cell.len() != 5 && cell.bytes().all(|byte| byte.is_ascii_digit()) {
                sheet.push_str(&format!(r#"<c r="{letter}{line}"><v>{text}</v></c>"#));
            } else {
                sheet.push_str(&format!(
                    r#"<c r="{letter}{line}" t="inlineStr"><is><t>{text}</t></is></c>"#
                ));
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    zip(&[
        (
            "[Content_Types].xml",
            br#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#.to_vec(),
        ),
        (
            "_rels/.rels",
            br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_vec(),
        ),
        (
            "xl/workbook.xml",
            br#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Edits" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_vec(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_vec(),
        ),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ])
}

pub(crate) fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input::from_bytes(name, bytes)
}

pub(crate) fn bytes(inputs: &[Input]) -> Vec<u8> {
    build(inputs, None, &Options::default()).unwrap().bytes().to_vec()
}

pub(crate) fn release(inputs: &[Input]) -> Release {
    let release = Release::from_bytes(bytes(inputs)).unwrap();
    release.verify().unwrap();
    release
}

pub(crate) fn refusal(inputs: &[Input]) -> String {
    match build(inputs, None, &Options::default()) {
        Err(error @ BuildError::Faults(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// One of each table, over two quarters.
pub(crate) fn every_table() -> Vec<Input> {
    vec![
        input(
            "ccipra-v302r0.TXT",
            ptp(&[
                "X0002|X0001||20240101|20240630|1",
                "X0001|X0003|*|19960101|*|0",
                "X0001|X0004||20200101|*|9",
            ]),
        ),
        input(
            "ccipra-v303r0.TXT",
            ptp(&[
                "X0002|X0001||20240101|20240630|1",
                "X0001|X0003|*|19960101|*|1",
                "X0001|X0004||20200101|*|9",
            ]),
        ),
        input(
            "ccioph-v302r0.TXT",
            ptp(&["X0001|X0003||20240101|*|1|Mutually exclusive procedures"]),
        ),
        input(
            "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv",
            mue(
                "Practitioner",
                &[
                    "X0001|2|3 Date of Service Edit: Clinical|Clinical: Data",
                    "X0002|0|1 Line Edit|CMS Policy",
                ],
            ),
        ),
        input(
            "MCR_MUE_PractitionerServices_Eff_10-01-2024.csv",
            mue(
                "Practitioner",
                &[
                    "X0001|1|2 Date of Service Edit: Policy|CMS Policy",
                    "X0002|0|1 Line Edit|CMS Policy",
                ],
            ),
        ),
        input(
            "MCR_MUE_OutpatientHospitalServices_Eff_07-01-2024.xlsx",
            xlsx(&mue_rows(
                "Outpatient Hospital",
                &["X0001|4|3 Date of Service Edit: Clinical|Clinical: Data"],
            )),
        ),
        input(
            "MCR_MUE_DMESupplierServices_Eff_07-01-2024.csv",
            mue("DME Supplier", &["E0001|1|1 Line Edit|Nature of Equipment"]),
        ),
        input(
            "AOC_V2024Q3-MCR.xlsx",
            xlsx(&add_on_rows(&[
                "1|X0005||X0001||2015001||",
                "1|X0005||X0002|2023365|2015001||",
                "2|X0006||CCCCC||2013091||Contractor Defined Primary Codes",
            ])),
        ),
        input(
            "PPRRVU24_JUL.csv",
            csv(&fee_rows(
                2024,
                &["X0001||A|000|1|1.52", "X0001|26|A|XXX|0|.5", "X0005||A|ZZZ|1|1"],
            )),
        ),
        input(
            "2024_July_Addendum_B.csv",
            csv(&opps_rows(2024, &["X0001|T|5443", "X0005|N|"])),
        ),
    ]
}
