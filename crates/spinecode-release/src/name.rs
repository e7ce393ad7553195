//! What the name of a file says of its content: CMS's files carry table, quarter, revision and part in their names.

use crate::day::Day;
use crate::table::Table;

/// The year before the first of NCCI's versions: version 30.2 is the third quarter of the thirtieth year after it.
const NCCI_YEAR_ZERO: i32 = 1994;
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// What a name claims; what it does not say is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) table: Option<Table>,
    pub(crate) start: Option<Day>,
    pub(crate) revision: Option<u8>,
    pub(crate) part: Option<u8>,
    /// The name follows CMS's pattern, but its version is none.
    pub(crate) bad_version: bool,
}

/// Reads one name, whatever its case, folder and ending.
pub(crate) fn read(name: &str) -> Named {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    pairs(&name)
        .or_else(|| limits(&name))
        .or_else(|| add_ons(&name))
        .or_else(|| fee_schedule(&name))
        .or_else(|| opps(&name))
        .unwrap_or_default()
}

/// `ccipra-v302r0-f1`, `ccioph-v302r0-f4`.
fn pairs(name: &str) -> Option<Named> {
    let (table, rest) = [("ccipra", Table::PtpPractitioner), ("ccioph", Table::PtpHospital)]
        .into_iter()
        .find_map(|(word, table)| Some((table, after(name, word)?)))?;
    let mut named = Named {
        table: Some(table),
        ..Named::default()
    };
    let Some((version, rest)) = after(rest, "v").and_then(|rest| number(rest, 3)) else {
        named.bad_version = true;
        return Some(named);
    };
    let quarter = version % 10;
    if quarter < 4 {
        named.start = Day::first_of(NCCI_YEAR_ZERO + version / 10, quarter * 3 + 1);
    }
    named.bad_version = named.start.is_none();
    if let Some((revision, _)) = rest.strip_prefix('r').and_then(|rest| number(rest, 1)) {
        named.revision = u8::try_from(revision).ok();
    }
    let part = after(rest, "-f").and_then(|rest| number(rest, 1));
    named.part = part.and_then(|(part, _)| u8::try_from(part).ok());
    Some(named)
}

/// `MCR_MUE_PractitionerServices_Eff_07-01-2024`.
fn limits(name: &str) -> Option<Named> {
    let rest = after(name, "mcr_mue_")?;
    let table = [
        ("practitionerservices", Table::MuePractitioner),
        ("outpatienthospitalservices", Table::MueHospital),
        ("dmesupplierservices", Table::MueDme),
    ]
    .into_iter()
    .find_map(|(word, table)| rest.starts_with(word).then_some(table));
    let start = after(rest, "_eff_").and_then(|rest| {
        let (month, rest) = number(rest, 2)?;
        let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
        let (year, _) = number(rest.strip_prefix('-')?, 4)?;
        Day::civil(year, month, day)
    });
    Some(Named {
        table,
        start,
        bad_version: start.is_none(),
        ..Named::default()
    })
}

/// `AOC_V2026Q2-MCR`, `AOC_V2025Q4_01-MCR`.
fn add_ons(name: &str) -> Option<Named> {
    let rest = after(name, "aoc_v")?;
    let version = number(rest, 4).and_then(|(year, rest)| {
        let (quarter, rest) = number(rest.strip_prefix('q')?, 1)?;
        let start = Day::first_of(year, (1..=4).contains(&quarter).then_some(quarter * 3 - 2)?)?;
        let revision = rest.strip_prefix('_').and_then(|rest| number(rest, 2));
        Some((start, revision.and_then(|(revision, _)| u8::try_from(revision).ok())))
    });
    Some(Named {
        table: Some(Table::AddOn),
        start: version.map(|(start, _)| start),
        revision: version.and_then(|(_, revision)| revision),
        bad_version: version.is_none(),
        ..Named::default()
    })
}

/// `PPRRVU24_JUL`, `PPRRVU2026_Jan_nonQPP`; of their ZIPs (`rvu24ar`) the trailing `r` of a replacement alone.
fn fee_schedule(name: &str) -> Option<Named> {
    if let Some(rest) = after(name, "pprrvu") {
        let start = number(rest, 4)
            .or_else(|| number(rest, 2).map(|(year, rest)| (year + 2000, rest)))
            .and_then(|(year, rest)| Day::first_of(year, month(rest)?));
        return Some(Named {
            table: Some(Table::FeeSchedule),
            start,
            bad_version: start.is_none(),
            ..Named::default()
        });
    }
    let (year, rest) = number(name.strip_prefix("rvu")?, 2)?;
    let letter = rest.bytes().next()?.checked_sub(b'a').filter(|letter| *letter < 4)?;
    Some(Named {
        table: None,
        start: Day::first_of(2000 + year, i32::from(letter) * 3 + 1),
        revision: Some(u8::from(rest.as_bytes().get(1) == Some(&b'r'))),
        ..Named::default()
    })
}

/// `2024_July_Addendum_B`, `january-2026-opps-addendum-b-corrected`.
fn opps(name: &str) -> Option<Named> {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is_b = words.windows(2).any(|pair| pair == ["addendum", "b"]);
    if !is_b || words.contains(&"asc") {
        return None;
    }
    let year = words
        .iter()
        .find_map(|word| number(word, 4).filter(|(year, rest)| rest.is_empty() && (2000..2100).contains(year)));
    let month = words
        .iter()
        .find_map(|word| month(word).filter(|_| word.bytes().all(|byte| byte.is_ascii_alphabetic())));
    let start = year
        .zip(month)
        .and_then(|((year, _), month)| Day::first_of(year, month));
    let corrected = words
        .iter()
        .any(|word| word.starts_with("correct") || word.starts_with("revis"));
    Some(Named {
        table: Some(Table::OppsB),
        start,
        revision: corrected.then_some(1),
        ..Named::default()
    })
}

/// What stands behind a word.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.split_once(word).map(|(_, rest)| rest)
}

/// A number of so many digits at the beginning, and what follows it.
fn number(text: &str, digits: usize) -> Option<(i32, &str)> {
    let (head, rest) = text.split_at_checked(digits)?;
    let plain = head.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| head.parse().ok())?.map(|number| (number, rest))
}

/// The month whose name begins the text, behind any `_` or `-`.
fn month(text: &str) -> Option<i32> {
    let text = text.trim_start_matches(['_', '-', ' ']);
    let at = MONTHS.iter().position(|month| text.starts_with(month))?;
    i32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(name: &str) -> String {
        let named = read(name);
        format!(
            "{} {} r{} f{}{}",
            named.table.map_or("?", Table::as_str),
            named.start.map_or("?".to_owned(), |day| day.date().to_string()),
            named.revision.map_or("?".to_owned(), |revision| revision.to_string()),
            named.part.map_or("?".to_owned(), |part| part.to_string()),
            if named.bad_version { " bad" } else { "" },
        )
    }

    #[test]
    fn the_names_of_cms_say_what_a_file_is() {
        for (name, said) in [
            ("ccipra-v302r0-f1.TXT", "ptp_practitioner 2024-07-01 r0 f1"),
            (
                "medicare-ncci-2026q4-hospital-ptp-edits-ccioph-v323r1-f4.zip",
                "ptp_hospital 2026-10-01 r1 f4",
            ),
            ("ccipra-v304r0-f1.txt", "ptp_practitioner ? r0 f1 bad"),
            ("ccipra.txt", "ptp_practitioner ? r? f? bad"),
            (
                "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv",
                "mue_practitioner 2024-07-01 r? f?",
            ),
            (
                "a/MCR_MUE_OutpatientHospitalServices_Eff_10-01-2025.xlsx",
                "mue_hospital 2025-10-01 r? f?",
            ),
            ("MCR_MUE_DMESupplierServices_Eff_13-01-2025.csv", "mue_dme ? r? f? bad"),
            ("AOC_V2026Q2-MCR.xlsx", "add_on 2026-04-01 r? f?"),
            ("AOC_V2025Q4_01-MCR.txt", "add_on 2025-10-01 r1 f?"),
            ("AOC_V2025Q5-MCR.txt", "add_on ? r? f? bad"),
            ("PPRRVU24_JUL.csv", "fee_schedule 2024-07-01 r? f?"),
            ("PPRRVU2026_Jan_nonQPP.csv", "fee_schedule 2026-01-01 r? f?"),
            ("rvu24ar.zip", "? 2024-01-01 r1 f?"),
            ("RVU25D.zip", "? 2025-10-01 r0 f?"),
            ("2024_July_Addendum_B.06202024.xlsx", "opps_b 2024-07-01 r? f?"),
            ("january-2026-opps-addendum-b-corrected.zip", "opps_b 2026-01-01 r1 f?"),
            ("readme.txt", "? ? r? f?"),
            ("ccipra-v3é2r0.txt", "ptp_practitioner ? r? f? bad"),
        ] {
            assert_eq!(tell(name), said, "{name}");
        }
    }
}
