//! A release as the payers' tables: the fixtures of `tests/fixtures/cms` asked on both sides of every date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

mod support;

use std::path::Path;

use spinecode_core::ServiceDate;
use spinecode_core::facts::{CodeRow, Confidence, Facts, Laterality, Row};
use spinecode_core::tables::{BuiltIn, Layered, Program, Tables, Unchecked};
use spinecode_core::{Name, Window};
use spinecode_release::{DiffOptions, Input, Options, Release, Table, build, diff};
use support::{code, csv, mue, opps_rows, ptp, view};

const PRACTITIONER: Program = Program::Practitioner;

fn small() -> Release {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/cms");
    let files = std::fs::read_dir(folder).unwrap().flatten().map(|file| file.path());
    let inputs: Vec<Input> = files
        .filter(|path| path.extension().is_some_and(|ending| ending != "md"))
        .map(Input::file)
        .collect();
    let built = build(&inputs, None, &Options::default()).unwrap();
    Release::from_bytes(built.bytes().to_vec()).unwrap()
}

/// Column 1, column 2, whether a modifier opens it, where it stands; or why not.
fn pair(tables: &dyn Tables, program: Program, one: &str, other: &str, on: &str) -> String {
    match tables.pair(program, code(one), code(other), view(on, None)) {
        Ok(None) => "none".to_owned(),
        Ok(Some(pair)) => format!(
            "{}/{} {} {}{}{}",
            pair.column1,
            pair.column2,
            u8::from(pair.bypassable),
            pair.basis.row.id,
            if pair.start_unknown { " start unknown" } else { "" },
            if pair.basis.nearest { " nearest" } else { "" }
        ),
        Err(why) => why.as_str().to_owned(),
    }
}

fn limit(tables: &dyn Tables, program: Program, one: &str, on: &str, as_of: Option<&str>) -> String {
    match tables.limit(program, code(one), view(on, as_of)) {
        Ok(None) => "none".to_owned(),
        Ok(Some(limit)) => format!(
            "{} by {} {}{}",
            limit.units,
            limit.mai,
            limit.basis.row.id,
            if limit.basis.nearest { " nearest" } else { "" }
        ),
        Err(why) => why.as_str().to_owned(),
    }
}

fn primaries(tables: &dyn Tables, one: &str, on: &str) -> String {
    match tables.primaries(code(one), view(on, None)) {
        Ok(rows) => rows
            .iter()
            .map(|row| {
                let primary = row.code.map_or("contractor".to_owned(), |code| code.to_string());
                format!("{}:{primary}", row.edit_type)
            })
            .collect::<Vec<_>>()
            .join(" "),
        Err(why) => why.as_str().to_owned(),
    }
}

#[test]
fn pairs_hold_on_their_days() {
    let release = small();
    let tables = release.loaded();
    let here = |one, other, on| pair(&tables, PRACTITIONER, one, other, on);
    let edition = "ptp_practitioner 2024-10-01";
    assert_eq!(here("64493", "99213", "2019-12-31"), format!("64493/99213 1 {edition}"));
    assert_eq!(here("99213", "64493", "2020-01-01"), format!("64493/99213 1 {edition}"));
    assert_eq!(here("64493", "99213", "2013-03-31"), "none");
    assert_eq!(here("X9001", "X9002", "2023-03-31"), "none");
    assert_eq!(here("X9001", "X9002", "2023-04-01"), format!("X9001/X9002 0 {edition}"));
    assert_eq!(here("X9001", "X9002", "2024-06-30"), format!("X9001/X9002 0 {edition}"));
    assert_eq!(here("X9001", "X9002", "2024-07-01"), "none");
    assert_eq!(here("X9001", "X9003", "2024-06-30"), "none");
    assert_eq!(here("X9001", "X9003", "2024-07-01"), format!("X9001/X9003 1 {edition}"));
    // Never in force: indicator 9, and a row that ended on the day it began.
    assert_eq!(here("27096", "64493", "2011-04-01"), "none");
    assert_eq!(here("X9002", "X9003", "2018-01-01"), "none");
    assert_eq!(here("64493", "99213", "2024-12-31"), format!("64493/99213 1 {edition}"));
    assert_eq!(here("64493", "99213", "2025-01-01"), "past_verification");
    let hospital = |on| pair(&tables, Program::Hospital, "X9001", "X9002", on);
    assert_eq!(hospital("2023-12-31"), "none");
    assert_eq!(hospital("2024-07-01"), "X9001/X9002 1 ptp_hospital 2024-10-01");
}

#[test]
fn limits_are_those_of_their_quarter() {
    let release = small();
    let (tables, near) = (release.loaded(), release.nearest());
    let here = |on| limit(&tables, PRACTITIONER, "X9001", on, None);
    assert_eq!(here("2023-12-31"), "no_table");
    assert_eq!(here("2024-01-01"), "2 by 3 mue_practitioner 2024-01-01");
    assert_eq!(here("2024-03-31"), "2 by 3 mue_practitioner 2024-01-01");
    assert_eq!(here("2024-04-01"), "no_table");
    assert_eq!(here("2024-07-01"), "3 by 3 mue_practitioner 2024-07-01");
    assert_eq!(here("2024-10-01"), "3 by 2 mue_practitioner 2024-10-01");
    assert_eq!(here("2025-01-01"), "past_verification");
    assert_eq!(limit(&tables, PRACTITIONER, "X9003", "2024-09-30", None), "none");
    assert_eq!(
        limit(&tables, PRACTITIONER, "X9003", "2024-10-01", None),
        "0 by 2 mue_practitioner 2024-10-01"
    );
    assert_eq!(
        limit(&tables, Program::Hospital, "X9001", "2024-07-01", None),
        "5 by 3 mue_hospital 2024-07-01"
    );
    assert!(
        tables
            .limit(PRACTITIONER, code("X9002"), view("2024-01-01", None))
            .unwrap()
            .unwrap()
            .is_per_line()
    );
    // The nearest quarter, of two alike the earlier; never one that had not been published.
    let near = |on, as_of| limit(&near, PRACTITIONER, "X9001", on, as_of);
    assert_eq!(near("2024-03-31", None), "2 by 3 mue_practitioner 2024-01-01");
    assert_eq!(near("2010-05-05", None), "2 by 3 mue_practitioner 2024-01-01 nearest");
    assert_eq!(near("2024-05-15", None), "2 by 3 mue_practitioner 2024-01-01 nearest");
    assert_eq!(near("2024-05-17", None), "3 by 3 mue_practitioner 2024-07-01 nearest");
    assert_eq!(near("2024-06-30", None), "3 by 3 mue_practitioner 2024-07-01 nearest");
    assert_eq!(
        near("2024-06-30", Some("2024-06-30")),
        "2 by 3 mue_practitioner 2024-01-01 nearest"
    );
    assert_eq!(near("2031-01-01", None), "3 by 2 mue_practitioner 2024-10-01 nearest");
    assert_eq!(near("2023-06-30", Some("2023-06-30")), "no_table");
}

#[test]
fn add_ons_have_the_primaries_of_the_day() {
    let release = small();
    let tables = release.loaded();
    assert_eq!(primaries(&tables, "77003", "2019-12-31"), "1:62270 1:62284");
    assert_eq!(primaries(&tables, "77003", "2020-01-01"), "1:62284 1:64449");
    assert_eq!(primaries(&tables, "64494", "2022-12-31"), "1:64493");
    assert_eq!(primaries(&tables, "64494", "2023-01-01"), "1:64490 1:64493");
    assert_eq!(primaries(&tables, "64493", "2023-01-01"), "");
    assert_eq!(primaries(&tables, "X9004", "2024-01-01"), "2:contractor");
    assert_eq!(primaries(&tables, "X9005", "2024-04-01"), "3:contractor 3:X9001");
    assert_eq!(primaries(&tables, "X9005", "2024-03-31"), "");
}

#[test]
fn the_fee_schedule_and_addendum_b_are_asked() {
    let release = small();
    let tables = release.loaded();
    let row = tables
        .indicators(code("77003"), view("2024-07-01", None))
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.status, row.global_days, row.pctc, row.bilateral),
        ("A", "ZZZ", "0", "0")
    );
    let row = tables
        .indicators(code("64628"), view("2024-07-01", None))
        .unwrap()
        .unwrap();
    assert!(row.not_outside_facilities && !row.not_in_facilities);
    assert_eq!(row.total_hundredths, Some((455, 240)));
    assert_eq!(row.basis.row.id, "fee_schedule 2024-07-01");
    let missing = tables.indicators(code("64628"), view("2024-05-01", None));
    assert_eq!(missing.err(), Some(Unchecked::NoTable));
    assert!(
        tables
            .indicators(code("X9009"), view("2024-07-01", None))
            .unwrap()
            .is_none()
    );
    let opps = |one| {
        tables
            .opps_status(code(one), view("2024-08-01", None))
            .map(|row| row.map(|row| row.0))
    };
    assert_eq!(opps("77003"), Ok(Some("N")));
    assert_eq!(opps("99213"), Ok(None));
    // What the lists of codes say: in the edition of the day, or in those around it; never by silence.
    let lived = |one: &str, on| tables.lived(code(one), ServiceDate::parse(on).unwrap());
    assert_eq!(lived("64493", "2024-02-01"), Ok(true));
    assert_eq!(lived("64493", "2024-05-01"), Ok(true));
    assert_eq!(lived("X9001", "2024-05-01"), Err(Unchecked::NoCodeList));
    assert_eq!(lived("64493", "2023-12-31"), Err(Unchecked::NoCodeList));
    assert_eq!(lived("64493", "2024-10-01"), Err(Unchecked::NoCodeList));
    assert_eq!(lived("X9002", "2024-08-01"), Err(Unchecked::NoCodeList));
}

fn lives(one: &str, from: &str) -> CodeRow {
    CodeRow {
        row: Row {
            id: Name::Borrowed("code"),
            window: Window {
                from: ServiceDate::parse(from),
                until: None,
            },
            known_from: None,
            verified_through: None,
            confidence: Confidence::High,
            citations: Vec::new(),
        },
        code: code(one),
        label: Name::Borrowed("label"),
        never_valid: false,
        laterality: Laterality::NotLateral,
        add_on: false,
        split: false,
        suggestion: None,
        replaced_by: Vec::new(),
    }
}

#[test]
fn a_pair_whose_start_is_unknown_holds_where_both_codes_lived() {
    let rows = ["X0001|X0002||*|*|1", "X0003|X0004||*|20191231|0"];
    let input = Input::from_bytes("ccipra-v302r0.TXT", ptp(&rows));
    let options = Options {
        unknown_starts: true,
        ..Options::default()
    };
    let release = Release::from_bytes(build(&[input], None, &options).unwrap().bytes().to_vec()).unwrap();
    let loaded = release.loaded();
    let mut facts = Facts::default();
    for (one, from) in [
        ("X0001", "2012-01-01"),
        ("X0002", "2015-01-01"),
        ("X0003", "2010-01-01"),
    ] {
        facts.codes.insert(code(one), vec![lives(one, from)]);
    }
    let built_in = BuiltIn(&facts);
    let layers: [&dyn Tables; 2] = [&loaded, &built_in];
    let tables = Layered(&layers);
    let here = |one, other, on| pair(&tables, PRACTITIONER, one, other, on);
    let held = "X0001/X0002 1 ptp_practitioner 2024-07-01";
    assert_eq!(here("X0001", "X0002", "2014-12-31"), "start_unknown");
    assert_eq!(here("X0001", "X0002", "2015-01-01"), format!("{held} start unknown"));
    // From the first quarter on that holds it, it is in force whatever its first day.
    assert_eq!(here("X0001", "X0002", "2024-06-30"), format!("{held} start unknown"));
    assert_eq!(here("X0001", "X0002", "2024-07-01"), held);
    assert_eq!(
        pair(&loaded, PRACTITIONER, "X0001", "X0002", "2015-01-01"),
        format!("{held} start unknown")
    );
    // Of X0004 no list says anything.
    assert_eq!(here("X0003", "X0004", "2019-12-31"), "start_unknown");
    assert_eq!(here("X0003", "X0004", "2020-01-01"), "none");
}

#[test]
fn the_first_that_can_say_says() {
    let release = small();
    let (loaded, near) = (release.loaded(), release.nearest());
    let facts = Facts::default();
    let built_in = BuiltIn(&facts);
    let all: [&dyn Tables; 3] = [&loaded, &built_in, &near];
    let tables = Layered(&all);
    assert_eq!(tables.id(), release.id());
    assert_eq!(
        limit(&tables, PRACTITIONER, "X9001", "2024-04-01", None),
        "2 by 3 mue_practitioner 2024-01-01 nearest"
    );
    let two = Layered(all.get(..2).unwrap());
    assert_eq!(limit(&two, PRACTITIONER, "X9001", "2024-04-01", None), "no_table");
    assert_eq!(
        limit(&two, PRACTITIONER, "X9001", "2026-04-01", None),
        "past_verification"
    );
    assert_eq!(
        pair(&tables, PRACTITIONER, "64493", "99213", "2026-01-01"),
        "64493/99213 1 ptp_practitioner 2024-10-01 nearest"
    );
}

#[test]
fn two_releases_are_compared_row_by_row() {
    let of = |files: &[(&str, Vec<u8>)]| {
        let inputs: Vec<Input> = files
            .iter()
            .map(|(name, bytes)| Input::from_bytes(name, bytes.clone()))
            .collect();
        Release::from_bytes(build(&inputs, None, &Options::default()).unwrap().bytes().to_vec()).unwrap()
    };
    let old = of(&[
        (
            "ccipra-v302r0.TXT",
            ptp(&[
                "X0001|X0002||20200101|*|1",
                "X0001|X0003||20200101|*|0",
                "X0001|X0004||20200101|*|1",
            ]),
        ),
        (
            "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv",
            mue("Practitioner", &["X0001|2|2 Date of Service Edit: Policy|CMS Policy"]),
        ),
    ]);
    let new = of(&[
        (
            "ccipra-v303r0.TXT",
            ptp(&[
                "X0001|X0002||20200101|20240930|1",
                "X0001|X0003||20200101|*|1",
                "X0001|X0005||20241001|*|1",
            ]),
        ),
        (
            "MCR_MUE_PractitionerServices_Eff_10-01-2024.csv",
            mue("Practitioner", &["X0001|3|2 Date of Service Edit: Policy|CMS Policy"]),
        ),
        ("2024_October_Addendum_B.csv", csv(&opps_rows(2024, &["X0001|T|5443"]))),
    ]);
    let options = DiffOptions::default();
    let found = diff(&old, &new, &options).unwrap();
    let shown: Vec<String> = found
        .tables
        .iter()
        .flat_map(|table| table.rows.iter())
        .map(|row| {
            let fields = row.fields.iter().map(|field| {
                format!(
                    "{} {:?} {:?}",
                    field.field,
                    field.old.as_deref().unwrap_or("-"),
                    field.new.as_deref().unwrap_or("-")
                )
            });
            format!(
                "{} {} {} {}: {}",
                row.change,
                row.code,
                row.with,
                row.first_day,
                fields.collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "ended X0001 X0002 2020-01-01: last_day \"\" \"2024-09-30\"",
            "changed X0001 X0003 2020-01-01: indicator \"0\" \"1\"",
            "ended X0001 X0004 2020-01-01: last_day \"\" \"-\", indicator \"1\" \"-\", rationale \"Misuse of Column Two code with Column One code\" \"-\"",
            "added X0001 X0005 2024-10-01: last_day \"-\" \"\", indicator \"-\" \"1\", rationale \"-\" \"Misuse of Column Two code with Column One code\"",
            "changed X0001  : units \"2\" \"3\"",
        ]
    );
    let counts: Vec<_> = found
        .tables
        .iter()
        .map(|table| {
            (
                table.table.as_str(),
                table.added,
                table.ended,
                table.changed,
                table.old_quarter.is_some(),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("ptp_practitioner", 1, 2, 1, true),
            ("mue_practitioner", 0, 0, 1, true),
            ("opps_b", 1, 0, 0, false)
        ]
    );
    assert_eq!(
        diff(&old, &old, &options)
            .unwrap()
            .tables
            .iter()
            .map(|table| table.rows.len())
            .sum::<usize>(),
        0
    );
    let only = DiffOptions {
        tables: vec![Table::PtpPractitioner],
        codes: vec![code("X0005")],
        summary: false,
    };
    let found = diff(&old, &new, &only).unwrap();
    assert_eq!(found.tables.len(), 1);
    assert_eq!(found.tables.iter().map(|table| table.rows.len()).sum::<usize>(), 1);
}
