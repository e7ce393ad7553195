//! Releases that are well-formed and lie: hashes are right, contents are not. No answer is promised, only that there is one.

use proptest::prelude::*;
use spinecode_core::date::View;
use spinecode_core::{Code, ServiceDate};

use crate::container;
use crate::{Input, MueTable, Options, PtpTable, Release, Table, build};

fn sections() -> Vec<(u32, Vec<u8>)> {
    let header = "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier 0=not allowed\tPTP Edit Rationale\r\n";
    let pairs =
        format!("{header}X0001\tX0002\t\t20240101\t*\t1\tMisuse\r\nX0003\tX0002\t\t20240101\t20240630\t0\tMisuse\r\n");
    let limits = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\nX0001,2,1 Line Edit,CMS Policy\r\n";
    let add_ons = "AOC_Edit_Type,Add_On_Code,AOC_Del_Dt,Primary_Code,Primary_Code_Del_Dt,AOC_Edit_Eff_Dt,AOC_Edit_Del_Dt,Special_Instruction_Notes\r\n1,X0003,,X0001,,2015001,,\r\n";
    let inputs = [
        Input::from_bytes("ccipra-v302r0.TXT", pairs.into_bytes()),
        Input::from_bytes("MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", limits.into()),
        Input::from_bytes("AOC_V2024Q3-MCR.csv", add_ons.into()),
    ];
    let built = build(&inputs, None, &Options::default()).unwrap();
    let parsed = container::parse(built.bytes()).unwrap();
    parsed
        .sections
        .iter()
        .map(|section| (section.number, built.bytes()[section.range.clone()].to_vec()))
        .collect()
}

/// Asks everything there is to ask.
fn ask(release: &Release) {
    let codes: Vec<Code> = ["X0001", "X0002", "X0003", "99999"]
        .iter()
        .map(|text| Code::parse(text).unwrap())
        .collect();
    for on in ["1960-01-01", "2024-01-01", "2024-08-01", "2999-12-31"] {
        for as_of in [None, Some("2024-07-01"), Some("1960-01-01")] {
            let view = View {
                on: ServiceDate::parse(on).unwrap(),
                as_of: as_of.map(|day| ServiceDate::parse(day).unwrap()),
            };
            for one in &codes {
                for other in &codes {
                    for pair in release
                        .pairs(*one, *other, view, PtpTable::Practitioner)
                        .into_iter()
                        .flatten()
                    {
                        let _ = format!(
                            "{pair:?} {} {:?} {:?}",
                            pair.rationale(),
                            pair.known_from(),
                            pair.known_until()
                        );
                    }
                }
                if let Ok(Some(limit)) = release.limits(*one, view, MueTable::Practitioner) {
                    let _ = (limit.units(), limit.adjudication(), limit.rationale().len());
                }
                for row in release.add_on_primaries(*one, view).into_iter().flatten() {
                    let _ = (row.primary(), row.window(), row.note().len(), row.known_until());
                }
                for row in release.fee_schedule(*one, view).into_iter().flatten() {
                    let _ = (
                        row.modifier(),
                        row.status().len(),
                        row.endoscopic_base(),
                        row.work_hundredths(),
                    );
                }
                let _ = release
                    .opps_status(*one, view)
                    .map(|row| row.map(|row| row.status().len()));
            }
        }
    }
    let _ = release.verify();
    let _ = release.info(true);
    // As a base, too.
    let _ = build(&[], Some(release), &Options::default());
}

#[test]
fn sections_that_change_places_are_refused() {
    let whole = sections();
    for one in 0..whole.len() {
        for other in one + 1..whole.len() {
            let mut swapped = whole.clone();
            let kept = swapped[one].1.clone();
            swapped[one].1 = swapped[other].1.clone();
            swapped[other].1 = kept;
            let bytes = container::write(&swapped);
            if whole[one].1 != whole[other].1 {
                assert_ne!(bytes, container::write(&whole));
            }
            if let Ok(release) = Release::from_bytes(bytes) {
                ask(&release);
            }
            let mut order = whole.clone();
            order.swap(one, other);
            assert!(Release::from_bytes(container::write(&order)).is_err());
        }
    }
}

#[test]
fn unknown_sections_are_left_alone() {
    let mut more = sections();
    more.push((u32::from(u16::MAX), b"of a later version".to_vec()));
    let release = Release::from_bytes(container::write(&more)).unwrap();
    release.verify().unwrap();
    assert_eq!(
        release.tables().collect::<Vec<_>>(),
        [Table::PtpPractitioner, Table::MuePractitioner, Table::AddOn]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn sections_that_lie_never_crash(
        changes in proptest::collection::vec((any::<u8>(), any::<u16>(), any::<u8>(), any::<u8>()), 1..5),
    ) {
        let mut lying = sections();
        let count = lying.len();
        for (section, at, what, value) in changes {
            let bytes = &mut lying[usize::from(section) % count].1;
            let at = usize::from(at) % (bytes.len() + 1);
            match what % 4 {
                0 | 1 if at < bytes.len() => bytes[at] = value,
                2 => bytes.insert(at, value),
                _ => bytes.truncate(at),
            }
        }
        if let Ok(release) = Release::from_bytes(container::write(&lying)) {
            ask(&release);
        }
    }
}
