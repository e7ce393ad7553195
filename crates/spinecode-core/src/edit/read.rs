//! The judged claim. What cannot be taken at all is an error that names the field; what a payer would refuse (a modifier of
//! three letters, five modifiers, a code of four) is kept as written for the form layer to find, so that the rest is judged.

use crate::case::{Case, Setting};
use crate::code::{Code, Modifier};
use crate::date::ServiceDate;
use crate::edit::claim::{RawClaim, RawLine};
use crate::error::{ECHO, InputError, Reason, Violation};
use crate::facts::{Facts, SettingRow};
use crate::name::{Name, nearest};

/// Most lines in one claim, and in its history.
pub const MOST_LINES: usize = 5000;

/// Units in thousandths: the 837 allows three digits behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units(pub i64);

impl Units {
    /// One unit.
    pub const ONE: i64 = 1000;

    /// Whole units; `None` where a part is left, or none.
    pub fn whole(self) -> Option<u32> {
        (self.0 > 0 && self.0 % Self::ONE == 0)
            .then(|| u32::try_from(self.0 / Self::ONE).ok())
            .flatten()
    }

    /// So many whole units.
    pub fn of(whole: u32) -> Self {
        Self(i64::from(whole) * Self::ONE)
    }

    fn parse(text: &str) -> Option<Self> {
        decimal(text, 3).map(Self)
    }
}

impl std::fmt::Display for Units {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.0.abs() / Self::ONE, self.0.abs() % Self::ONE);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            write!(out, "{sign}{whole}")
        } else {
            let text = format!("{sign}{whole}.{part:03}");
            out.write_str(text.trim_end_matches('0'))
        }
    }
}

/// A decimal number, in units of its last digit.
fn decimal(text: &str, digits: usize) -> Option<i64> {
    let (minus, bare) = text.strip_prefix('-').map_or((false, text), |bare| (true, bare));
    let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
    let digit = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || !digit(whole) || !digit(part) || part.len() > digits {
        return None;
    }
    let number: i64 = format!("{whole}{part:0<digits$}").parse().ok()?;
    Some(if minus { -number } else { number })
}

/// Why a line takes no part in the judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// Its claim voids another.
    Void,
    /// Its claim replaces another.
    Replacement,
    /// It was reversed.
    Reversed,
    /// It was denied.
    Denied,
}

impl LeftOut {
    /// The text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Replacement => "replacement",
            Self::Reversed => "reversed",
            Self::Denied => "denied",
        }
    }
}

/// What a line's `status` may be.
const STATUSES: [(&str, Option<LeftOut>); 5] = [
    ("denied", Some(LeftOut::Denied)),
    ("reversed", Some(LeftOut::Reversed)),
    ("void", Some(LeftOut::Void)),
    ("paid", None),
    ("pending", None),
];

/// What `frequency_code` may be.
const FREQUENCIES: [(&str, Option<LeftOut>); 4] = [
    ("1", None),
    ("7", Some(LeftOut::Replacement)),
    ("8", Some(LeftOut::Void)),
    ("", None),
];

/// A modifier as it stands on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Two letters or digits.
    Modifier(Modifier),
    /// Anything else; what it was, cut.
    Misshapen(String),
}

/// One judged line.
#[derive(Clone, Debug)]
pub struct ClaimLine {
    /// Its number on the claim, or its position from 1.
    pub number: Name,
    /// The code; `None`: not written as one, see `written_code`.
    pub code: Option<Code>,
    /// The code as written, cut, where it is none.
    pub written_code: Option<String>,
    /// Well-shaped modifiers, in their order.
    pub modifiers: Vec<Modifier>,
    /// All modifiers as written, only where one is misshapen.
    pub written_modifiers: Vec<Written>,
    /// Units.
    pub units: Units,
    /// Date of service.
    pub date: ServiceDate,
    /// Place of service: the line's own, else the claim's; `None`: not said, or not two digits that CMS lists.
    pub place: Option<Name>,
    /// Positions of its diagnoses, from 1; 0 where it was no number.
    pub pointers: Vec<u32>,
    /// Charge in cents.
    pub charge: Option<i64>,
    /// Why it takes no part.
    pub left_out: Option<LeftOut>,
}

impl ClaimLine {
    /// Whether it carries a modifier.
    pub fn has(&self, modifier: Modifier) -> bool {
        self.modifiers.contains(&modifier)
    }
}

/// A judged claim.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The caller's id.
    pub claim_id: Option<String>,
    /// Whose it is.
    pub person: Option<String>,
    /// The payer's name as written.
    pub payer: Option<String>,
    /// The payer's plan as written.
    pub plan: Option<String>,
    /// Two letters, upper case.
    pub state: Option<Name>,
    /// `professional` or `institutional`, where it says so.
    pub claim_type: Option<&'static str>,
    /// Who sends it, derived.
    pub setting: Setting,
    /// Who did the work, for the billing entity.
    pub rendering: Option<String>,
    /// Who bills.
    pub billing: Option<String>,
    /// Group and specialty, where both are given.
    pub group: Option<(String, String)>,
    /// Medicare specialty code.
    pub specialty: Option<String>,
    /// When the payer received it.
    pub received: Option<ServiceDate>,
    /// Age in years.
    pub age: Option<u32>,
    /// Diagnoses without the point, upper case.
    pub diagnoses: Vec<String>,
    /// Its lines.
    pub lines: Vec<ClaimLine>,
    /// Earlier lines of the person; `None`: not given.
    pub history: Option<Vec<ClaimLine>>,
    /// What was documented.
    pub case: Option<Case>,
}

impl Claim {
    /// Judges a raw claim; every violation at once.
    pub fn read(raw: &RawClaim, facts: &Facts) -> Result<Self, InputError> {
        let mut reader = Reader {
            facts,
            violations: raw.misread.clone(),
        };
        let claim = reader.claim(raw);
        if reader.violations.is_empty() {
            return Ok(claim);
        }
        reader
            .violations
            .sort_by(|a, b| (&a.path, a.reason).cmp(&(&b.path, b.reason)));
        reader.violations.dedup();
        Err(InputError {
            violations: reader.violations,
        })
    }
}

struct Reader<'f> {
    facts: &'f Facts,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    fn add(&mut self, violation: Violation) {
        // A fault of shape at the same place has been told.
        if !self.violations.iter().any(|known| known.path == violation.path) {
            self.violations.push(violation);
        }
    }

    fn claim(&mut self, raw: &RawClaim) -> Claim {
        let claim_type = raw.claim_type.as_deref().and_then(|written| {
            let known = CLAIM_TYPES.into_iter().find(|known| *known == written);
            if known.is_none() {
                self.add(
                    Violation::new("claim_type", Reason::UnknownValue, CLAIM_TYPES.join(", "))
                        .echo(written)
                        .suggest(nearest(written, CLAIM_TYPES)),
                );
            }
            known
        });
        let place = self.place(raw.place_of_service.as_deref(), "place_of_service");
        let left_out = self.word(raw.frequency_code.as_deref(), "frequency_code", &FREQUENCIES);
        let received = raw.received_date.as_deref().and_then(|text| {
            let date = ServiceDate::parse(text);
            if date.is_none() {
                self.add(Violation::new("received_date", Reason::NotIsoDate, "a date, YYYY-MM-DD").echo(text));
            }
            date
        });
        let age = raw.patient_age.as_deref().and_then(|text| {
            let age = text.parse().ok().filter(|age| *age <= OLDEST);
            if age.is_none() {
                let expected = format!("whole years, 0 to {OLDEST}");
                self.add(Violation::new("patient_age", Reason::NumberOutOfRange, expected));
            }
            age
        });
        let state = raw.state.as_deref().and_then(|text| {
            let upper = text.to_ascii_uppercase();
            let two = upper.len() == 2 && upper.bytes().all(|byte| byte.is_ascii_uppercase());
            if !two {
                self.add(Violation::new("state", Reason::UnknownValue, "two letters, such as OH").echo(text));
            }
            two.then_some(Name::Owned(upper))
        });
        if raw.lines.is_empty() {
            self.add(Violation::new("lines", Reason::MissingField, "at least one line"));
        }
        let lines = self.lines(&raw.lines, "lines", place.as_ref(), left_out);
        let history = raw
            .history
            .as_ref()
            .map(|history| self.lines(history, "history", None, None));
        let first_place = place
            .clone()
            .or_else(|| lines.iter().find_map(|line| line.place.clone()));
        let setting = setting(self.facts, raw, claim_type, first_place.as_deref());
        let case = raw.case.as_ref().and_then(|raw| {
            let mut raw = raw.clone();
            // What the claim says need not be said again in its case.
            if raw.date_of_service.is_empty()
                && let Some(line) = lines.first()
            {
                raw.date_of_service = line.date.to_string();
            }
            if raw.setting.is_none() && setting != Setting::Undetermined {
                raw.setting = Some(setting.as_str().to_owned());
            }
            if raw.place_of_service.is_none() {
                raw.place_of_service = first_place.as_ref().map(|place| place.to_string());
            }
            match Case::read(&raw, self.facts) {
                Ok(case) => Some(case),
                Err(faults) => {
                    for fault in faults.violations {
                        self.add(fault.under("case"));
                    }
                    None
                }
            }
        });
        Claim {
            claim_id: raw.claim_id.clone(),
            person: raw.person_id.clone(),
            payer: raw.payer.clone(),
            plan: raw.plan.clone(),
            state,
            claim_type,
            setting,
            rendering: raw.rendering_npi.clone(),
            billing: raw.billing_npi.clone(),
            group: raw.group_id.clone().zip(raw.specialty.clone()),
            specialty: raw.specialty.clone(),
            received,
            age,
            diagnoses: raw.diagnoses.iter().map(|code| plain(code)).collect(),
            lines,
            history,
            case,
        }
    }

    /// A two-digit place of service.
    fn place(&mut self, written: Option<&str>, path: &str) -> Option<Name> {
        let written = written?;
        let known = self.facts.places.get_key_value(written).map(|(name, _)| name.clone());
        if known.is_none() {
            let expected = "a two-digit CMS place of service code";
            self.add(Violation::new(path, Reason::UnknownValue, expected).echo(written));
        }
        known
    }

    fn word<T: Copy>(&mut self, written: Option<&str>, path: &str, words: &[(&str, Option<T>)]) -> Option<T> {
        let written = written?;
        let known = words.iter().find(|(word, _)| *word == written);
        if known.is_none() {
            let list: Vec<&str> = words
                .iter()
                .map(|(word, _)| *word)
                .filter(|word| !word.is_empty())
                .collect();
            self.add(Violation::new(path, Reason::UnknownValue, list.join(", ")).echo(written));
        }
        known.and_then(|(_, value)| *value)
    }

    fn lines(
        &mut self,
        raw: &[RawLine],
        list: &str,
        place: Option<&Name>,
        left_out: Option<LeftOut>,
    ) -> Vec<ClaimLine> {
        if raw.len() > MOST_LINES {
            self.add(Violation::new(
                list,
                Reason::TooMany,
                format!("at most {MOST_LINES} lines"),
            ));
            return Vec::new();
        }
        let mut lines = Vec::with_capacity(raw.len());
        for (at, line) in raw.iter().enumerate() {
            if let Some(line) = self.line(line, at, list, place, left_out) {
                lines.push(line);
            }
        }
        lines
    }

    fn line(
        &mut self,
        raw: &RawLine,
        at: usize,
        list: &str,
        place: Option<&Name>,
        left_out: Option<LeftOut>,
    ) -> Option<ClaimLine> {
        let path = |field: &str| format!("{list}[{at}].{field}");
        let number = raw.line_number.as_ref().map_or_else(
            || Name::Owned((at + 1).to_string()),
            |number| Name::Owned(number.clone()),
        );
        let date = ServiceDate::parse(&raw.date_of_service);
        if raw.date_of_service.is_empty() {
            self.add(Violation::new(
                path("date_of_service"),
                Reason::MissingField,
                "a date, YYYY-MM-DD",
            ));
        } else if date.is_none() {
            let violation = Violation::new(path("date_of_service"), Reason::NotIsoDate, "a date, YYYY-MM-DD");
            self.add(violation.echo(&raw.date_of_service));
        }
        if raw.code.is_empty() {
            self.add(Violation::new(path("code"), Reason::MissingField, "a procedure code"));
        }
        let code = Code::parse(&raw.code);
        let units = match raw.units.as_deref() {
            None => Some(Units(Units::ONE)),
            Some(text) => {
                let units = Units::parse(text);
                if units.is_none() {
                    let expected = "a number with up to three digits behind the point";
                    self.add(Violation::new(path("units"), Reason::NumberOutOfRange, expected).echo(text));
                }
                units
            }
        };
        let charge = raw.charge.as_deref().and_then(|text| {
            let cents = decimal(text, 2);
            if cents.is_none() {
                let expected = "dollars with up to two digits behind the point";
                self.add(Violation::new(path("charge"), Reason::NumberOutOfRange, expected));
            }
            cents
        });
        let own = match raw.place_of_service.as_deref() {
            Some(written) => self.place(Some(written), &path("place_of_service")),
            None => place.cloned(),
        };
        let status = self.word(raw.status.as_deref(), &path("status"), &STATUSES);
        // An empty place among the modifiers is none.
        let said = || raw.modifiers.iter().filter(|text| !text.is_empty());
        let written: Vec<Written> = said()
            .map(|text| {
                Modifier::parse(text).map_or_else(
                    || Written::Misshapen(text.chars().take(ECHO).collect()),
                    Written::Modifier,
                )
            })
            .collect();
        let modifiers: Vec<Modifier> = said().filter_map(|text| Modifier::parse(text)).collect();
        let pointers = raw
            .diagnosis_pointers
            .iter()
            .map(|text| text.trim().parse().unwrap_or_default());
        Some(ClaimLine {
            number,
            code,
            written_code: code.is_none().then(|| raw.code.chars().take(ECHO).collect()),
            written_modifiers: if modifiers.len() == written.len() {
                Vec::new()
            } else {
                written
            },
            modifiers,
            units: units?,
            date: date?,
            place: own,
            pointers: pointers.collect(),
            charge,
            left_out: left_out.or(status),
        })
    }
}

/// Kinds of claims.
const CLAIM_TYPES: [&str; 2] = ["professional", "institutional"];
/// Nobody is older.
const OLDEST: u32 = 150;

/// A diagnosis without its point, upper case: `M54.16` is `M5416`.
fn plain(code: &str) -> String {
    code.chars()
        .filter(|letter| *letter != '.')
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// Who sends the claim, by the first row of `settings.csv` that holds.
fn setting(facts: &Facts, raw: &RawClaim, claim_type: Option<&str>, place: Option<&str>) -> Setting {
    let other_rendering = match (&raw.rendering_npi, &raw.billing_npi) {
        (Some(one), Some(other)) => one != other,
        (one, _) => one.is_some(),
    };
    let is = |wanted: &Option<Name>, said: Option<&str>| wanted.as_deref().is_none_or(|wanted| said == Some(wanted));
    let bill = raw.bill_type_code.as_deref().map(|code| code.trim_start_matches('0'));
    let holds = |row: &&SettingRow| {
        is(&row.claim_type, claim_type)
            && row
                .bill_type
                .as_deref()
                .is_none_or(|wanted| bill.is_some_and(|bill| bill.starts_with(wanted)))
            && is(&row.place, place)
            && is(&row.specialty, raw.specialty.as_deref())
            && (!row.other_rendering || other_rendering)
    };
    facts
        .settings
        .iter()
        .find(holds)
        .map_or(Setting::Undetermined, |row| row.setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_to_the_thousandth() {
        assert_eq!(Units::parse("2").and_then(Units::whole), Some(2));
        assert_eq!(Units::parse("2.000").and_then(Units::whole), Some(2));
        assert_eq!(Units::parse("1.5").map(|units| units.whole()), Some(None));
        assert_eq!(Units::parse("0").map(|units| units.whole()), Some(None));
        assert_eq!(Units::parse("-1"), Some(Units(-1000)));
        for text in ["2", "1.5", "-0.25", "0"] {
            assert_eq!(Units::parse(text).map(|units| units.to_string()).as_deref(), Some(text));
        }
        for bad in ["", "one", "1.2345", ".5", "1e3", "99999999999999999999"] {
            assert_eq!(Units::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn diagnoses_lose_their_point() {
        assert_eq!(plain("m54.16"), "M5416");
    }
}
