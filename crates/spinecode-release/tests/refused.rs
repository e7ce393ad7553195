//! What is refused, and what the message says; no content crashes the process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test panics"
)]

mod support;

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use spinecode_core::tables::{Program, Tables};
use spinecode_release::{Declared, Input, Options, Release, build};
use support::*;

const PTP: &str = "ccipra-v302r0.TXT";

#[test]
fn a_bad_cell_is_named_by_file_line_and_column() {
    for (row, said) in [
        (
            "X001|X0002||20240101|*|1",
            "column 1 (column 1): found `X001`, expected a code of five capitals and digits",
        ),
        ("X0001|x0002||20240101|*|1", "column 2 (column 2): found `x0002`"),
        (
            "X0001|X0001||20240101|*|1",
            "column 2 (column 2): found `X0001`, expected another code than column 1",
        ),
        (
            "X0001|X0002|?|20240101|*|1",
            "column 3 (in existence prior to 1996): found `?`, expected nothing or `*`",
        ),
        (
            "X0001|X0002||20240230|*|1",
            "column 4 (effective date): found `20240230`, expected a day YYYYMMDD",
        ),
        (
            "X0001|X0002||20240101||1",
            "column 5 (deletion date): found nothing, expected a day YYYYMMDD or `*`",
        ),
        (
            "X0001|X0002||20240101|*|2",
            "column 6 (modifier indicator): found `2`, expected 0, 1 or 9",
        ),
        ("X0001|X0002||20240101", "column 5 (deletion date): found nothing"),
        (
            "X0001|X0002||20240101|*|1|",
            "column 7 (edit rationale): found nothing, expected the reason of the edit",
        ),
        (
            "X0001|X0002||20241001|*|1",
            "found a row that begins after the quarter of the file, expected rows of 2024-07-01 or before",
        ),
        ("end of file", "column 1 (column 1): found `end of file`"),
    ] {
        let said_now = refusal(&[input(PTP, ptp(&["X0001|X0009||20240101|*|1", row]))]);
        assert!(said_now.starts_with("`ccipra-v302r0.TXT` line 8"), "{said_now}");
        assert!(said_now.contains(said), "{said_now}");
    }
    for (row, said) in [
        (
            "X0001|2.5|1 Line Edit|CMS Policy",
            "column 2 (MUE value): found `2.5`, expected a whole number of units",
        ),
        ("X0001|5000000000|1 Line Edit|CMS Policy", "found `5000000000`"),
        (
            "X0001|2|4 Line Edit|CMS Policy",
            "column 3 (adjudication indicator): found `4 Line Edit`, expected 1, 2 or 3",
        ),
        ("X0009|1|1 Line Edit|CMS Policy", "two different rows for `X0009`"),
    ] {
        let file = mue("Practitioner", &["X0009|2|1 Line Edit|CMS Policy", row]);
        let said_now = refusal(&[input("MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", file)]);
        assert!(said_now.contains(said), "{said_now}");
    }
    for (row, said) in [
        (
            "1|X0005||X0001||20150101||",
            "column 6 (edit effective date): found `20150101`, expected a day YYYYDDD",
        ),
        (
            "4|X0005||X0001||2015001||",
            "column 1 (edit type): found `4`, expected 1, 2 or 3",
        ),
        (
            "1|X0005|2015|X0001||2015001||",
            "column 3 (add-on code deletion date): found `2015`, expected a day YYYYDDD or nothing",
        ),
    ] {
        for (name, bytes) in [
            ("AOC_V2024Q3-MCR.csv", csv(&add_on_rows(&[row]))),
            ("AOC_V2024Q3-MCR.xlsx", xlsx(&add_on_rows(&[row]))),
        ] {
            let said_now = refusal(&[input(name, bytes)]);
            assert!(
                said_now.starts_with(&format!("`{name}` line 2")) && said_now.contains(said),
                "{said_now}"
            );
        }
    }
    let fee = refusal(&[input(
        "PPRRVU24_JUL.csv",
        csv(&fee_rows(2024, &["X0001||A|000|1|1.523"])),
    )]);
    assert!(fee.contains("line 5, column 6 (work RVU): found `1.523`"), "{fee}");
}

#[test]
fn all_faults_of_a_file_are_told_up_to_twenty() {
    let rows: Vec<&str> = std::iter::repeat_n("X0001|X0002||20240101|*|2", 30).collect();
    assert_eq!(refusal(&[input(PTP, ptp(&rows))]).lines().count(), 20);
}

#[test]
fn a_file_given_as_another_is_refused() {
    let pairs = || ptp(&["X0001|X0002||20240101|*|1"]);
    let limits = || mue("Practitioner", &["X0001|2|1 Line Edit|CMS Policy"]);
    let declared = |text: &str| Declared::parse(text).unwrap();
    let practitioner = "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv";
    let cases: Vec<(Vec<Input>, &str)> = vec![
        (
            vec![input(PTP, limits())],
            "found the columns of practitioner unit limits (MUE), expected those of practitioner pair edits (PTP), as it is named",
        ),
        (
            vec![input("MCR_MUE_OutpatientHospitalServices_Eff_07-01-2024.csv", limits())],
            "expected those of outpatient hospital unit limits (MUE)",
        ),
        (
            vec![input(PTP, pairs()).declared(declared("ptp_hospital@2024-07-01"))],
            "tables outpatient hospital pair edits (PTP) and practitioner pair edits (PTP) claimed for one file",
        ),
        (
            vec![input(PTP, pairs()).declared(declared("ptp_practitioner@2024-10-01"))],
            "quarters 2024-07-01 and 2024-10-01 claimed",
        ),
        (
            vec![input(
                "x-ccioph-v302r0-f1.zip",
                zip(&[("ccipra-v302r0-f1.TXT", pairs())]),
            )],
            "claimed for one file",
        ),
        (
            vec![input("x-ccipra-v303r0.zip", zip(&[("ccipra-v302r0.TXT", pairs())]))],
            "quarters 2024-07-01 and 2024-10-01 claimed",
        ),
        (
            vec![input(
                "x-ccipra-v302r0-f2.zip",
                zip(&[("ccipra-v302r0-f1.TXT", pairs())]),
            )],
            "parts 1 and 2 claimed",
        ),
        (
            vec![input(PTP, pairs()), input("ccioph-v302r0.TXT", pairs())],
            "found the very rows of ptp_practitioner, expected the table of its own setting",
        ),
        (
            vec![input("ccipra-v307r0.TXT", pairs())],
            "a name whose version is none",
        ),
        (
            vec![input("pairs.txt", pairs())],
            "pair edits whose setting nothing says",
        ),
        (vec![input("limits.csv", limits())], "a name without a quarter"),
        (
            vec![
                input(PTP, pairs()),
                input("b/ccipra-v302r0.csv", csv(&ptp_rows(&["X0001|X0003||20240101|*|1"]))),
            ],
            "with other rows, the first at `X0001`",
        ),
        (
            vec![
                input(practitioner, limits()),
                input(
                    &format!("again-{practitioner}"),
                    mue("Practitioner", &["X0001|3|1 Line Edit|CMS Policy"]),
                ),
            ],
            "the same quarter as",
        ),
        (
            vec![input(
                "PPRRVU24_JUL.csv",
                csv(&fee_rows(2023, &["X0001||A|000|1|1.52"])),
            )],
            "found the title of 2023, expected that of 2024",
        ),
        (
            vec![input(
                "2024_July_Addendum_B.csv",
                csv(&opps_rows(2023, &["X0001|T|5443"])),
            )],
            "found the title of 2023",
        ),
        (
            vec![input("readme.txt", b"Hello.\r\n".to_vec())],
            "no header of a table of CMS",
        ),
        (
            vec![input("a.zip", zip(&[("readme.txt", b"Hello.\r\n".to_vec())]))],
            "no table of CMS among its files",
        ),
        (
            vec![input("a.zip", zip(&[("guide.pdf", b"%PDF".to_vec())]))],
            "no text, CSV or XLSX file",
        ),
        (
            vec![input("a.zip", zip(&[("ccipra-v302r0.TXT", b"Hello.\r\n".to_vec())]))],
            "`a.zip!ccipra-v302r0.TXT`: found no header",
        ),
        (vec![input(PTP, tabs(&ptp_rows(&[])))], "a header and no row"),
        (
            vec![input(PTP, tabs(&ptp_rows(&["X0001|X0002||20240101|*|1"])[..3]))],
            "without exactly one column `modifier indicator`",
        ),
        (
            vec![Input::file("/nowhere/ccipra-v302r0.TXT")],
            "`ccipra-v302r0.TXT`: found no readable file",
        ),
    ];
    for (files, said) in cases {
        let said_now = refusal(&files);
        assert!(said_now.contains(said), "{said_now}\n  lacks: {said}");
    }
    let cut = String::from_utf8(pairs()).unwrap().replace("Deletion", "Ending");
    let said = refusal(&[input(PTP, cut.into_bytes())]);
    assert!(
        said.contains("like that of pair edits (PTP) without exactly one column `deletion date`"),
        "{said}"
    );
}

#[test]
fn files_that_are_cut_off_are_refused_or_lack_whole_rows_only() {
    let rows = ["X0001|X0002||20240101|*|1", "X0001|X0003||20240101|20240630|0"];
    let whole = [
        (PTP, ptp(&rows)),
        ("ccipra-v302r0.zip", zip(&[(PTP, ptp(&rows))])),
        ("ccipra-v302r0.xlsx", xlsx(&ptp_rows(&rows))),
    ];
    for (name, bytes) in whole {
        for length in 0..bytes.len() {
            let built = build(&[input(name, bytes[..length].to_vec())], None, &Options::default());
            // A cut of plain text between two rows cannot be told from a shorter file.
            let between = name == PTP && matches!(bytes[length - usize::from(length > 0)], b'\r' | b'\n');
            assert!(built.is_err() || between, "{name} cut at {length}");
        }
    }
}

#[test]
fn a_bomb_is_refused() {
    let mut name = String::from("X0001\t");
    name.push_str(&"0".repeat(1 << 20));
    let said = refusal(&[input(PTP, name.into_bytes())]);
    assert!(said.contains("a row of"), "{said}");
    let members: Vec<(String, Vec<u8>)> = (0..1001).map(|at| (format!("{at}.txt"), Vec::new())).collect();
    let members: Vec<(&str, Vec<u8>)> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    assert!(refusal(&[input("a.zip", zip(&members))]).contains("1001 members"));
    let said = refusal(&[input(
        "ccipra-v302r0.xlsx",
        xlsx_with(r#"<c r="XFD1048576"><v>1</v></c>"#),
    )]);
    assert!(said.contains("a damaged workbook"), "{said}");
}

/// A workbook whose sheet holds these cells alone.
fn xlsx_with(cells: &str) -> Vec<u8> {
    let plain = xlsx(&[]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(plain)).unwrap();
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        let text = text.replace("<sheetData>", &format!("<sheetData><row r=\"1048576\">{cells}</row>"));
        members.push((name, text.into_bytes()));
    }
    let members: Vec<(&str, Vec<u8>)> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    zip(&members)
}

/// Every answer that a release gives to some questions.
fn answers(release: &Release) -> Vec<String> {
    let mut said = Vec::new();
    let codes = ["X0001", "X0002", "X0003", "X0005", "X0006", "E0001"];
    for on in ["2014-12-31", "2024-06-30", "2024-08-01", "2024-11-01"] {
        let view = view(on, None);
        for one in codes {
            for other in codes {
                for table in [
                    spinecode_release::PtpTable::Practitioner,
                    spinecode_release::PtpTable::Hospital,
                ] {
                    said.push(match release.pairs(code(one), code(other), view, table) {
                        Ok(pairs) => format!(
                            "{:?}",
                            pairs
                                .map(|pair| format!("{pair:?} {}", pair.rationale()))
                                .collect::<Vec<_>>()
                        ),
                        Err(why) => why.reason().to_owned(),
                    });
                }
            }
            for table in [
                spinecode_release::MueTable::Practitioner,
                spinecode_release::MueTable::Hospital,
                spinecode_release::MueTable::Dme,
            ] {
                said.push(match release.limits(code(one), view, table) {
                    Ok(limit) => format!(
                        "{:?}",
                        limit.map(|limit| (limit.units(), limit.adjudication(), limit.rationale()))
                    ),
                    Err(why) => why.reason().to_owned(),
                });
            }
            said.push(match release.add_on_primaries(code(one), view) {
                Ok(rows) => format!(
                    "{:?}",
                    rows.map(|row| (row.primary(), row.edit_type(), row.window(), row.note()))
                        .collect::<Vec<_>>()
                ),
                Err(why) => why.reason().to_owned(),
            });
            said.push(match release.fee_schedule(code(one), view) {
                Ok(rows) => format!(
                    "{:?}",
                    rows.map(|row| (row.modifier(), row.status(), row.global_days(), row.work_hundredths()))
                        .collect::<Vec<_>>()
                ),
                Err(why) => why.reason().to_owned(),
            });
            said.push(match release.opps_status(code(one), view) {
                Ok(row) => format!("{:?}", row.map(|row| (row.status().to_owned(), row.classification()))),
                Err(why) => why.reason().to_owned(),
            });
        }
    }
    said
}

/// What the release says as the payers' tables, the nearest quarters too.
fn tables_say(release: &Release) -> Vec<String> {
    let (loaded, near) = (release.loaded(), release.nearest());
    let mut said = Vec::new();
    for tables in [&loaded as &dyn Tables, &near] {
        for one in ["X0001", "X0002", "X0005", "Z9999"] {
            for day in ["1999-12-31", "2024-08-15", "2024-12-31", "2026-01-01"] {
                let (one, view) = (code(one), view(day, None));
                for program in [Program::Practitioner, Program::Hospital] {
                    said.push(format!("{:?}", tables.pair(program, one, code("X0002"), view)));
                    said.push(format!("{:?}", tables.limit(program, one, view)));
                }
                said.push(format!("{:?}", tables.primaries(one, view)));
                said.push(format!("{:?}", tables.indicators(one, view)));
                said.push(format!("{:?}", tables.opps_status(one, view)));
                said.push(format!("{:?}", tables.lived(one, view.on)));
            }
        }
    }
    said
}

/// Writes the hashes of a changed release anew, as somebody would who wants it to be believed.
fn reseal(bytes: &mut [u8]) {
    let number = |bytes: &[u8], at: usize, width: usize| {
        let part = bytes.get(at..at + width).unwrap_or_default();
        part.iter()
            .rev()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let sections = number(bytes, 12, 4).min(64);
    for section in 0..sections {
        let entry = 48 + section * 56;
        let (offset, length) = (number(bytes, entry + 8, 8), number(bytes, entry + 16, 8));
        let content = offset.checked_add(length).and_then(|end| bytes.get(offset..end));
        let hash = content.map(Sha256::digest);
        if let (Some(hash), Some(place)) = (hash, bytes.get_mut(entry + 24..entry + 56)) {
            place.copy_from_slice(&hash);
        }
    }
    let mut root = Sha256::new();
    root.update(bytes.get(..16).unwrap_or_default());
    root.update(bytes.get(48..48 + sections * 56).unwrap_or_default());
    if let Some(place) = bytes.get_mut(16..48) {
        place.copy_from_slice(&root.finalize());
    }
}

#[test]
fn a_changed_byte_is_refused_or_changes_nothing() {
    let whole = bytes(&every_table());
    let right = answers(&release(&every_table()));
    let right_tables = tables_say(&release(&every_table()));
    for at in 0..whole.len() {
        for mask in [1_u8, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= mask;
            let Ok(release) = Release::from_bytes(changed) else {
                continue;
            };
            let verified = release.verify().is_ok();
            for (said, right) in answers(&release).iter().zip(&right) {
                assert!(
                    said == right || (!verified && said == "damaged"),
                    "byte {at}: {said}, not {right}"
                );
            }
            // The engine asks in the end whether the release was damaged, and gives no answer then.
            let same = tables_say(&release) == right_tables;
            assert!(same || release.is_damaged(), "byte {at}");
        }
    }
}

#[test]
fn a_release_that_is_cut_off_or_longer_is_refused() {
    let whole = bytes(&every_table());
    for length in 0..whole.len() {
        assert!(
            Release::from_bytes(whole[..length].to_vec()).is_err(),
            "cut at {length}"
        );
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert!(Release::from_bytes(longer).is_err());
    assert!(
        Release::from_bytes(Vec::new())
            .unwrap_err()
            .to_string()
            .contains("no release")
    );
    let mut newer = whole;
    newer[10] = 2;
    let said = Release::from_bytes(newer).unwrap_err().to_string();
    assert!(said.contains("made for a newer version"), "{said}");
}

fn mutate(bytes: &mut Vec<u8>, changes: &[(u16, u8, u8)]) {
    for (at, what, value) in changes {
        if bytes.is_empty() {
            return;
        }
        let at = usize::from(*at) % bytes.len();
        match what % 4 {
            0 => bytes[at] = *value,
            1 => {
                bytes.remove(at);
            }
            2 => bytes.insert(at, *value),
            _ => bytes.truncate(at),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is done to a file, the builder answers, and what it builds can be asked.
    #[test]
    fn changed_files_never_crash(
        which in 0_usize..12,
        changes in proptest::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..6),
    ) {
        let rows = ["X0001|X0002||20240101|*|1", "X0001|X0003||20240101|20240630|0"];
        let files: [(&str, Vec<u8>); 12] = [
            (PTP, ptp(&rows)),
            ("ccipra-v302r0.zip", zip(&[(PTP, ptp(&rows))])),
            ("ccipra-v302r0.xlsx", xlsx(&ptp_rows(&rows))),
            ("ccipra-v302r0.zip", zip(&[("ccipra-v302r0.xlsx", xlsx(&ptp_rows(&rows)))])),
            ("MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", mue("Practitioner", &["X0001|2|1 Line Edit|CMS Policy"])),
            ("AOC_V2024Q3-MCR.csv", csv(&add_on_rows(&["1|X0005||X0001||2015001||"]))),
            ("AOC_V2024Q3-MCR.xlsx", xlsx(&add_on_rows(&["1|X0005||X0001||2015001||"]))),
            ("PPRRVU24_JUL.csv", csv(&fee_rows(2024, &["X0001||A|000|1|1.52"]))),
            ("2024_July_Addendum_B.csv", csv(&opps_rows(2024, &["X0001|T|5443"]))),
            ("2024_July_Addendum_B.xlsx", xlsx(&opps_rows(2024, &["X0001|T|5443"]))),
            (PTP, ptp(&rows[..1])),
            ("PPRRVU24_JUL.xlsx", xlsx(&fee_rows(2024, &["X0001||A|000|1|1.52"]))),
        ];
        let (name, bytes) = &files[which];
        let mut bytes = bytes.clone();
        mutate(&mut bytes, &changes);
        if let Ok(built) = build(&[input(name, bytes)], None, &Options::default()) {
            let release = Release::from_bytes(built.bytes().to_vec()).unwrap();
            release.verify().unwrap();
            answers(&release);
            tables_say(&release);
        }
    }

    /// Whatever a release holds, also under hashes that fit, it can be asked.
    #[test]
    fn forged_releases_never_crash(
        changes in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..12),
    ) {
        let mut forged = bytes(&every_table());
        for (at, value) in changes {
            let at = usize::from(at) % forged.len();
            forged[at] = value;
        }
        reseal(&mut forged);
        if let Ok(release) = Release::from_bytes(forged) {
            let _ = release.verify();
            answers(&release);
            tables_say(&release);
            release.info(true);
        }
    }

    /// A sheet inside a workbook, changed where it is not compressed.
    #[test]
    fn changed_sheets_never_crash(changes in proptest::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..6)) {
        let mut cells = r#"<c r="A1048576" t="inlineStr"><is><t>X0001</t></is></c><c r="B1048576"><v>1</v></c><c r="C1048576" t="s"><v>0</v></c>"#.as_bytes().to_vec();
        mutate(&mut cells, &changes);
        let _ = build(&[input("ccipra-v302r0.xlsx", xlsx_with(&String::from_utf8_lossy(&cells)))], None, &Options::default());
    }
}
