//! What is read from CMS's layouts, on each side of each date.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test panics"
)]

mod support;

use proptest::prelude::*;
use spinecode_release::{Declared, MueTable, NotChecked, Options, PtpTable, Release, Table, build};
use support::*;

fn pair(release: &Release, codes: (&str, &str), on: &str, as_of: Option<&str>) -> String {
    match release.pairs(code(codes.0), code(codes.1), view(on, as_of), PtpTable::Practitioner) {
        Err(why) => why.reason().to_owned(),
        Ok(pairs) => pairs
            .map(|pair| {
                format!(
                    "{}>{} {}",
                    pair.column1(),
                    pair.column2(),
                    u8::from(pair.is_bypassable())
                )
            })
            .collect::<Vec<_>>()
            .join(" "),
    }
}

#[test]
fn a_pair_is_in_force_from_its_first_to_its_last_day() {
    let release = release(&every_table());
    let now = |on| pair(&release, ("X0001", "X0002"), on, None);
    assert_eq!(now("2023-12-31"), "");
    assert_eq!(now("2024-01-01"), "X0002>X0001 1");
    assert_eq!(now("2024-06-30"), "X0002>X0001 1");
    assert_eq!(now("2024-07-01"), "");
    assert_eq!(pair(&release, ("X0002", "X0001"), "2024-06-30", None), "X0002>X0001 1");
    // Indicator 9 was never in force; a code that no file has is no fault.
    assert_eq!(pair(&release, ("X0001", "X0004"), "2024-07-01", None), "");
    assert_eq!(pair(&release, ("X0001", "99999"), "2024-07-01", None), "");
    // The table speaks up to the last day of its quarter.
    assert_eq!(pair(&release, ("X0001", "X0003"), "2024-12-31", None), "X0001>X0003 1");
    assert_eq!(
        pair(&release, ("X0001", "X0003"), "2025-01-01", None),
        "past_verification"
    );
    let pair = release
        .pairs(
            code("X0001"),
            code("X0003"),
            view("2024-07-01", None),
            PtpTable::Hospital,
        )
        .unwrap()
        .next()
        .unwrap();
    assert_eq!(pair.rationale(), "Mutually exclusive procedures");
    assert_eq!(pair.window().from.unwrap().to_string(), "2024-01-01");
    assert_eq!(pair.window().until, None);
    assert!(!pair.is_start_unknown());
}

#[test]
fn what_was_published_by_a_day_decides() {
    let release = release(&every_table());
    let on = "2024-05-05";
    let codes = ("X0001", "X0003");
    assert_eq!(pair(&release, codes, on, Some("2024-06-30")), "no_quarter");
    assert_eq!(pair(&release, codes, on, Some("2024-07-01")), "X0001>X0003 0");
    assert_eq!(pair(&release, codes, on, Some("2024-09-30")), "X0001>X0003 0");
    assert_eq!(pair(&release, codes, on, Some("2024-10-01")), "X0001>X0003 1");
    assert_eq!(pair(&release, codes, on, None), "X0001>X0003 1");
    let found = release
        .pairs(
            code("X0001"),
            code("X0003"),
            view(on, Some("2024-07-01")),
            PtpTable::Practitioner,
        )
        .unwrap()
        .next()
        .unwrap();
    assert_eq!(found.known_from().unwrap().to_string(), "2024-07-01");
    assert_eq!(found.known_until().unwrap().to_string(), "2024-10-01");
    // The unchanged row stands once for both quarters.
    assert_eq!(release.stored_rows(Table::PtpPractitioner), 3);
    let quarters = release.quarters(Table::PtpPractitioner);
    assert_eq!(
        quarters.iter().map(|quarter| quarter.rows()).collect::<Vec<_>>(),
        [2, 2]
    );
    assert_eq!(quarters[0].withdrawn(), 1);
}

#[test]
fn limits_are_the_law_of_their_quarter() {
    let mut files = every_table();
    files.push(input(
        "MCR_MUE_PractitionerServices_Eff_04-01-2025.csv",
        mue("Practitioner", &["X0001|9|1 Line Edit|CMS Policy"]),
    ));
    let release = release(&files);
    let limit = |on, table| {
        release
            .limits(code("X0001"), view(on, None), table)
            .map(|limit| limit.map(|limit| (limit.units(), limit.adjudication(), limit.rationale().to_owned())))
    };
    let practitioner = MueTable::Practitioner;
    assert_eq!(limit("2024-06-30", practitioner), Err(NotChecked::NoQuarter));
    assert_eq!(
        limit("2024-07-01", practitioner),
        Ok(Some((2, 3, "Clinical: Data".to_owned())))
    );
    assert_eq!(
        limit("2024-09-30", practitioner),
        Ok(Some((2, 3, "Clinical: Data".to_owned())))
    );
    assert_eq!(
        limit("2024-10-01", practitioner),
        Ok(Some((1, 2, "CMS Policy".to_owned())))
    );
    assert_eq!(
        limit("2024-12-31", practitioner),
        Ok(Some((1, 2, "CMS Policy".to_owned())))
    );
    assert_eq!(limit("2025-01-01", practitioner), Err(NotChecked::NoQuarter));
    assert_eq!(limit("2025-06-30", practitioner).unwrap().unwrap().0, 9);
    assert_eq!(limit("2025-07-01", practitioner), Err(NotChecked::PastVerification));
    assert_eq!(limit("2024-07-01", MueTable::Hospital).unwrap().unwrap().0, 4);
    assert_eq!(limit("2024-07-01", MueTable::Dme), Ok(None));
    let before = release.limits(code("X0001"), view("2024-10-01", Some("2024-09-30")), practitioner);
    assert_eq!(before.err(), Some(NotChecked::NoQuarter));
}

#[test]
fn an_add_on_has_its_primaries_while_each_lives() {
    let release = release(&every_table());
    let primaries = |on| {
        release
            .add_on_primaries(code("X0005"), view(on, None))
            .unwrap()
            .map(|row| row.primary().unwrap().to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(primaries("2014-12-31"), "");
    assert_eq!(primaries("2015-01-01"), "X0001 X0002");
    assert_eq!(primaries("2023-12-31"), "X0001 X0002");
    assert_eq!(primaries("2024-01-01"), "X0001");
    let mut open = release
        .add_on_primaries(code("X0006"), view("2013-04-01", None))
        .unwrap();
    let row = open.next().unwrap();
    assert_eq!((row.primary(), row.edit_type()), (None, 2));
    assert_eq!(row.note(), "Contractor Defined Primary Codes");
    assert!(
        release
            .add_on_primaries(code("X0006"), view("2013-03-31", None))
            .unwrap()
            .next()
            .is_none()
    );
}

#[test]
fn indicators_and_statuses_are_read() {
    let release = release(&every_table());
    let on = view("2024-09-30", None);
    let rows: Vec<_> = release.fee_schedule(code("X0001"), on).unwrap().collect();
    assert_eq!(rows.len(), 2);
    let whole = rows[0];
    assert_eq!(whole.modifier(), None);
    assert_eq!(
        (whole.status(), whole.global_days(), whole.bilateral()),
        ("A", "000", "1")
    );
    assert_eq!(
        (
            whole.multiple_procedure(),
            whole.assistant(),
            whole.co_surgeons(),
            whole.team()
        ),
        ("2", "1", "0", "0")
    );
    assert_eq!(
        (whole.pctc(), whole.supervision(), whole.imaging_family()),
        ("0", "09", "99")
    );
    assert_eq!(
        (
            whole.work_hundredths(),
            whole.non_facility_total_hundredths(),
            whole.facility_total_hundredths()
        ),
        (152, 455, 240)
    );
    assert!(whole.not_applicable_outside_facilities() && !whole.not_applicable_in_facilities());
    assert_eq!(whole.endoscopic_base(), None);
    assert_eq!(rows[1].modifier().unwrap().to_string(), "26");
    assert_eq!((rows[1].global_days(), rows[1].work_hundredths()), ("XXX", 50));
    assert!(matches!(
        release.fee_schedule(code("X0001"), view("2024-06-30", None)),
        Err(NotChecked::NoQuarter)
    ));
    let status = |text| {
        let row = release.opps_status(code(text), on).unwrap().unwrap();
        (row.status().to_owned(), row.classification())
    };
    assert_eq!(status("X0001"), ("T".to_owned(), Some(5443)));
    assert_eq!(status("X0005"), ("N".to_owned(), None));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let files = every_table();
    let whole = bytes(&files);
    let mut reversed = files.clone();
    reversed.reverse();
    assert_eq!(bytes(&reversed), whole);
    // In one ZIP with what else CMS puts there, from workbooks, and with a file twice.
    let rows = ptp_rows(&["X0002|X0001||20240101|20240630|1"]);
    let text = bytes(&[input("ccipra-v302r0.TXT", tabs(&rows))]);
    let sheet = input("ccipra-v302r0.xlsx", xlsx(&rows));
    let packed = input(
        "ncci-practitioner-ccipra-v302r0.zip",
        zip(&[
            ("a/ccipra-v302r0.TXT", tabs(&rows)),
            ("a/ccipra-v302r0.xlsx", b"never read".to_vec()),
            ("a/readme.txt", b"nothing\r\n".to_vec()),
            ("a/guide.pdf", b"%PDF".to_vec()),
        ]),
    );
    let plain = input("mine.csv", csv(&rows)).declared(Declared::parse("ptp_practitioner@2024-07-01").unwrap());
    for other in [&sheet, &packed, &plain] {
        assert_eq!(bytes(std::slice::from_ref(other)), text, "{}", other.name());
    }
    assert_eq!(bytes(&[plain, packed, sheet]), text);
}

#[test]
fn parts_make_one_quarter() {
    let part = |number: usize, rows: &[&str]| input(&format!("ccipra-v302r0-f{number}.TXT"), ptp(rows));
    let parts = [
        part(1, &["10001|20001||20240101|*|1"]),
        part(2, &["20001|10001||20240101|*|0"]),
        part(3, &["A0001|20001||20240101|*|1"]),
        part(4, &["G0001|20001||20240101|*|1"]),
    ];
    let whole = release(&parts);
    assert_eq!(whole.quarters(Table::PtpPractitioner)[0].rows(), 4);
    let both = whole
        .pairs(
            code("10001"),
            code("20001"),
            view("2024-01-01", None),
            PtpTable::Practitioner,
        )
        .unwrap();
    assert_eq!(both.count(), 2);
    assert!(refusal(&parts[..3]).contains("no part f4"), "{}", refusal(&parts[..3]));
    let partial = Options {
        partial: true,
        ..Options::default()
    };
    let some = build(&parts[..3], None, &partial).unwrap();
    let some = Release::from_bytes(some.bytes().to_vec()).unwrap();
    assert!(some.quarters(Table::PtpPractitioner)[0].partial());
    let ask = |one, other| {
        some.pairs(code(one), code(other), view("2024-01-01", None), PtpTable::Practitioner)
            .map(Iterator::count)
    };
    assert_eq!(ask("10001", "20001"), Ok(2));
    assert_eq!(ask("G0001", "20001"), Err(NotChecked::Partial));
    let mixed = [
        part(1, &["20001|20002||20240101|*|1"]),
        part(2, &["10001|20001||20240101|*|0"]),
    ];
    assert!(
        refusal(&mixed).contains("expected codes behind `20001`"),
        "{}",
        refusal(&mixed)
    );
}

#[test]
fn a_base_gives_the_same_as_all_files_at_once() {
    let files = every_table();
    let whole = bytes(&files);
    for split in 1..files.len() {
        for (first, then) in [files.split_at(split), {
            let (one, other) = files.split_at(split);
            (other, one)
        }] {
            let base = release(first);
            let built = build(then, Some(&base), &Options::default()).unwrap();
            assert_eq!(built.bytes(), whole, "split at {split}");
        }
    }
    // Over a base that already holds them nothing changes; other rows for its quarter are refused.
    let base = release(&files);
    assert_eq!(build(&files, Some(&base), &Options::default()).unwrap().bytes(), whole);
    assert_eq!(build(&[], Some(&base), &Options::default()).unwrap().bytes(), whole);
    let other = input("ccipra-v302r0.TXT", ptp(&["X0002|X0001||20240101|*|1"]));
    let refused = build(&[other], Some(&base), &Options::default())
        .unwrap_err()
        .to_string();
    assert!(refused.contains("than the base has"), "{refused}");
}

#[test]
fn a_revision_replaces_its_quarter() {
    let first = input("ccipra-v302r0.TXT", ptp(&["X0001|X0002||20240101|*|0"]));
    let second = input("ccipra-v302r1.TXT", ptp(&["X0001|X0002||20240101|*|1"]));
    for files in [[first.clone(), second.clone()], [second.clone(), first.clone()]] {
        let release = release(&files);
        assert_eq!(pair(&release, ("X0001", "X0002"), "2024-07-01", None), "X0001>X0002 1");
        assert_eq!(release.quarters(Table::PtpPractitioner)[0].revision(), 1);
    }
    let over = build(
        std::slice::from_ref(&second),
        Some(&release(std::slice::from_ref(&first))),
        &Options::default(),
    )
    .unwrap();
    assert_eq!(over.bytes(), bytes(std::slice::from_ref(&second)));
    let under = build(
        &[first],
        Some(&release(std::slice::from_ref(&second))),
        &Options::default(),
    )
    .unwrap();
    assert_eq!(under.bytes(), bytes(&[second]));
}

#[test]
fn unknown_starts_are_marked_where_they_are_allowed() {
    let file = input(
        "ccipra-v302r0.TXT",
        ptp(&["X0001|X0002||*|20191231|0", "X0001|X0002||*|*|1", "X0001|X0003||*|*|1"]),
    );
    assert!(
        refusal(std::slice::from_ref(&file))
            .contains("line 7, column 4 (effective date): found `*`, expected a day YYYYMMDD")
    );
    let allowed = Options {
        unknown_starts: true,
        ..Options::default()
    };
    let built = build(&[file], None, &allowed).unwrap();
    let release = Release::from_bytes(built.bytes().to_vec()).unwrap();
    assert!(release.quarters(Table::PtpPractitioner)[0].unknown_starts());
    assert_eq!(pair(&release, ("X0001", "X0002"), "2019-12-31", None), "X0001>X0002 0");
    assert_eq!(pair(&release, ("X0001", "X0002"), "2020-01-01", None), "X0001>X0002 1");
    let row = release
        .pairs(
            code("X0001"),
            code("X0003"),
            view("2001-01-01", None),
            PtpTable::Practitioner,
        )
        .unwrap()
        .next()
        .unwrap();
    assert!(row.is_start_unknown());
    assert_eq!(row.window().from, None);
}

#[test]
fn a_release_is_written_by_renaming() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cms.release");
    let built = build(&every_table(), None, &Options::default()).unwrap();
    built.write(&path).unwrap();
    let mapped = Release::open(&path, spinecode_release::Load::Map).unwrap();
    // Readers of the old file keep it.
    build(&every_table()[..1], None, &Options::default())
        .unwrap()
        .write(&path)
        .unwrap();
    mapped.verify().unwrap();
    let copied = Release::open(&path, spinecode_release::Load::Copy).unwrap();
    assert_ne!(mapped.id(), copied.id());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(Release::open(folder.path(), spinecode_release::Load::Map).is_err());
    let info = mapped.info(true);
    assert_eq!(info.tables.len(), 8);
    assert_eq!(info.tables[2].quarters[1].from, "2024-10-01");
    assert_eq!(info.tables[2].quarters[1].last_day, "2024-12-31");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The look-ups say what a walk over the rows of the files says.
    #[test]
    fn look_ups_agree_with_a_walk_over_the_rows(
        rows in proptest::collection::vec((0_u8..12, 0_u8..12, 0_u16..1500, proptest::option::of(0_u16..1500), 0_u8..3), 1..60),
        asks in proptest::collection::vec((0_u8..13, 0_u8..13, 0_u16..3400), 40),
    ) {
        let epoch = spinecode_core::ServiceDate::parse("2015-01-01").unwrap().0;
        let day = |days: u16| epoch.checked_add(jiff::Span::new().days(days)).unwrap();
        let name = |number: u8| format!("X00{number:02}");
        let rows: Vec<_> = rows.into_iter().filter(|row| row.0 != row.1)
            .map(|(one, two, from, length, kind)| (one, two, day(from), length.map(|length| day(from + length)), if kind == 2 { 9 } else { kind }))
            .collect();
        prop_assume!(!rows.is_empty());
        let text: Vec<String> = rows.iter().map(|(one, two, from, last, kind)| {
            let last = last.map_or("*".to_owned(), |last| last.strftime("%Y%m%d").to_string());
            format!("{}|{}||{}|{last}|{kind}", name(*one), name(*two), from.strftime("%Y%m%d"))
        }).collect();
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        let release = release(&[input("ccipra-v302r0.TXT", ptp(&text))]);
        for (one, two, on) in asks {
            let on = day(on);
            let mut expected: Vec<(String, String, bool)> = rows.iter()
                .filter(|(a, b, from, last, kind)| {
                    ((*a, *b) == (one, two) || (*a, *b) == (two, one)) && *kind != 9
                        && *from <= on && last.is_none_or(|last| on <= last && last > *from)
                })
                .map(|(a, b, _, _, kind)| (name(*a), name(*b), *kind == 1))
                .collect();
            expected.sort();
            let view = spinecode_core::date::View { on: spinecode_core::ServiceDate(on), as_of: None };
            let mut found: Vec<(String, String, bool)> = release
                .pairs(code(&name(one)), code(&name(two)), view, PtpTable::Practitioner).unwrap()
                .map(|pair| (pair.column1().to_string(), pair.column2().to_string(), pair.is_bypassable()))
                .collect();
            found.sort();
            expected.dedup();
            found.dedup();
            prop_assert_eq!(found, expected);
        }
    }
}
