//! Limits of the form itself: counts of modifiers, diagnoses and pointers, units, shapes, duplicates, impossible dates and
//! places. What it counts against are rows of `form_limits.csv`, `modifiers.csv` and `places_of_service.csv`.

use crate::case::Setting;
use crate::code::{Code, Modifier};
use crate::date::{ServiceDate, View};
use crate::edit::desk::{At, Day, Desk, Found, Spot};
use crate::edit::read::{Claim, ClaimLine, Written};
use crate::edit::report::{Layer, Verdict};
use crate::facts::{Facts, FormLimit, FormLimitRow, Row};
use crate::modifiers::{Class, Meaning};
use crate::name::Name;
use crate::tables::Unchecked;

/// More modifiers than a line holds.
const MODIFIER_COUNT: &str = "FRM-001";
/// A modifier that is not two letters or digits.
const MODIFIER_SHAPE: &str = "FRM-002";
/// Two digits that are no modifier.
const NO_MODIFIER: &str = "FRM-003";
/// A modifier before its first or after its last day.
const MODIFIER_LIFE: &str = "FRM-004";
/// One modifier twice on a line.
const MODIFIER_TWICE: &str = "FRM-005";
/// Modifiers that contradict each other on one line.
const MODIFIERS_CLASH: &str = "FRM-006";
/// More diagnoses than a claim holds.
const DIAGNOSIS_COUNT: &str = "FRM-007";
/// A diagnosis that is not written as one.
const DIAGNOSIS_SHAPE: &str = "FRM-008";
/// One diagnosis twice.
const DIAGNOSIS_TWICE: &str = "FRM-009";
/// More pointers than a line holds.
const POINTER_COUNT: &str = "FRM-010";
/// A pointer to no diagnosis.
const POINTER_ASTRAY: &str = "FRM-011";
/// A line without a pointer beside lines that have one.
const POINTER_MISSING: &str = "FRM-012";
/// Units that are not above zero.
const UNITS_NONE: &str = "FRM-013";
/// Part of a unit where units are whole.
const UNITS_PART: &str = "FRM-014";
/// A code that is not written as one.
const CODE_SHAPE: &str = "FRM-015";
/// More lines than a claim holds.
const LINE_COUNT: &str = "FRM-016";
/// The same line twice.
const DUPLICATE: &str = "FRM-017";
/// Done after the payer received the claim.
const AFTER_RECEIPT: &str = "FRM-018";
/// Done before the facts begin.
const BEFORE_FACTS: &str = "FRM-019";
/// Done before the patient was born.
const BEFORE_BIRTH: &str = "FRM-020";
/// No place of service.
const PLACE_MISSING: &str = "FRM-021";
/// A place of service that was not in use on the date.
const PLACE_LIFE: &str = "FRM-022";
/// A charge that no form takes.
const CHARGE: &str = "FRM-023";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[
    MODIFIER_COUNT,
    MODIFIER_SHAPE,
    NO_MODIFIER,
    MODIFIER_LIFE,
    MODIFIER_TWICE,
    MODIFIERS_CLASH,
    DIAGNOSIS_COUNT,
    DIAGNOSIS_SHAPE,
    DIAGNOSIS_TWICE,
    POINTER_COUNT,
    POINTER_ASTRAY,
    POINTER_MISSING,
    UNITS_NONE,
    UNITS_PART,
    CODE_SHAPE,
    LINE_COUNT,
    DUPLICATE,
    AFTER_RECEIPT,
    BEFORE_FACTS,
    BEFORE_BIRTH,
    PLACE_MISSING,
    PLACE_LIFE,
    CHARGE,
];

const PROFESSIONAL: &str = "professional";
const INSTITUTIONAL: &str = "institutional";

/// The limits of one claim, one of each kind.
struct Limits<'f>([Option<&'f FormLimitRow>; FormLimit::ALL.len()]);

impl<'f> Limits<'f> {
    fn of(facts: &'f Facts, claim_type: &str, view: View) -> Self {
        let mut found = [None; FormLimit::ALL.len()];
        for row in &facts.form_limits {
            if row.claim_type.as_deref().is_none_or(|wanted| wanted == claim_type)
                && row.row.seen(view)
                && let Some(slot) = found.get_mut(row.what as usize)
            {
                *slot = Some(row);
            }
        }
        Self(found)
    }

    fn get(&self, what: FormLimit) -> Option<&'f FormLimitRow> {
        self.0.get(what as usize).copied().flatten()
    }

    /// The row, where there are more than it allows.
    fn over(&self, what: FormLimit, count: usize) -> Option<&'f FormLimitRow> {
        self.get(what)
            .filter(|row| u32::try_from(count).is_ok_and(|count| count > row.limit))
    }
}

/// Numbers as arguments.
fn number(number: impl ToString) -> Name {
    Name::Owned(number.to_string())
}

fn found<'r>(args: Vec<(&'static str, Name)>, row: Option<&'r Row>) -> Found<'r> {
    Found {
        args,
        rows: row.into_iter().collect(),
        ..Found::default()
    }
}

/// Judges one claim.
pub(super) fn judge(claim_at: usize, desk: &mut Desk<'_>) {
    let claims = desk.claims;
    let Some(claim) = claims.get(claim_at) else { return };
    let taking_part = || {
        let lines = claim.lines.iter().enumerate();
        lines.filter(|(_, line)| line.left_out.is_none())
    };
    let Some((first, first_line)) = taking_part().next() else {
        return;
    };
    let derived = if claim.setting == Setting::OutpatientHospital {
        INSTITUTIONAL
    } else {
        PROFESSIONAL
    };
    let claim_type = claim.claim_type.unwrap_or(derived);
    let limits = Limits::of(desk.facts, claim_type, desk.view(first_line.date));
    let first = At {
        claim: claim_at,
        line: first,
    };
    whole(claim, first, &limits, desk);
    let unborn = unborn(claim);
    // Only the clinician's form has pointers.
    let pointed = claim_type == PROFESSIONAL && claim.lines.iter().any(|line| !line.pointers.is_empty());
    for (at, line) in taking_part() {
        let at = At {
            claim: claim_at,
            line: at,
        };
        desk.say(at, Layer::Form, Verdict::Pass);
        code(line, at, desk);
        if !line.modifiers.is_empty() || !line.written_modifiers.is_empty() {
            modifiers(line, at, &limits, desk);
        }
        units(line, at, desk);
        if pointed {
            pointers(claim, line, at, &limits, desk);
        }
        dates(claim, line, at, unborn, desk);
        place(claim, line, at, desk);
        charge(line, at, &limits, desk);
    }
}

/// What concerns the claim as a whole; told of its first line.
fn whole(claim: &Claim, first: At, limits: &Limits<'_>, desk: &mut Desk<'_>) {
    let args = |count: usize, row: &FormLimitRow| vec![("count", number(count)), ("limit", number(row.limit))];
    if let Some(row) = limits.over(FormLimit::Lines, claim.lines.len()) {
        let over = usize::try_from(row.limit).unwrap_or(usize::MAX);
        let at = At { line: over, ..first };
        let args = args(claim.lines.len(), row);
        desk.find(LINE_COUNT, Verdict::Fail, &[at], found(args, Some(&row.row)));
    }
    if let Some(row) = limits.over(FormLimit::Diagnoses, claim.diagnoses.len()) {
        let args = args(claim.diagnoses.len(), row);
        desk.find(DIAGNOSIS_COUNT, Verdict::Fail, &[first], found(args, Some(&row.row)));
    }
    // A diagnosis is named by its position alone.
    let version = limits.get(FormLimit::IcdVersion);
    for (at, diagnosis) in claim.diagnoses.iter().enumerate() {
        if let Some(row) = version.filter(|row| !is_diagnosis(diagnosis, row.limit)) {
            let args = vec![("diagnosis", number(at + 1)), ("icd_version", number(row.limit))];
            desk.find(DIAGNOSIS_SHAPE, Verdict::Fail, &[first], found(args, Some(&row.row)));
        }
        if let Some(other) = claim.diagnoses.iter().take(at).position(|known| known == diagnosis) {
            let args = vec![("diagnosis", number(at + 1)), ("other", number(other + 1))];
            desk.find(DIAGNOSIS_TWICE, Verdict::Warn, &[first], found(args, None));
        }
    }
}

/// The shape of a diagnosis, without its point: the tenth revision has a letter, a digit and up to five more letters or digits;
/// the ninth three digits, or V and two, or E and three, and up to two digits more.
fn is_diagnosis(code: &str, version: u32) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut letters = code.bytes();
    let first = letters.next();
    if version < TENTH {
        let (stem, rest) = match first {
            Some(b'E') => (4, code.get(1..)),
            Some(b'V') => (3, code.get(1..)),
            _ => (3, Some(code)),
        };
        return rest.is_some_and(digits) && (stem..=stem + 2).contains(&code.len());
    }
    first.is_some_and(|byte| byte.is_ascii_alphabetic())
        && letters.next().is_some_and(|byte| byte.is_ascii_digit())
        && (3..=7).contains(&code.len())
        && letters.all(|byte| byte.is_ascii_alphanumeric())
}

/// The revision of the diagnosis codes whose shape begins with a letter.
const TENTH: u32 = 10;

/// Four digits and a digit or letter, or a letter and four digits.
fn is_code(code: Code) -> bool {
    match code.as_str().as_bytes() {
        [first, middle @ .., last] => {
            let digits = middle.iter().all(u8::is_ascii_digit);
            digits && (first.is_ascii_digit() || last.is_ascii_digit())
        }
        _ => false,
    }
}

fn code(line: &ClaimLine, at: At, desk: &mut Desk<'_>) {
    if !line.code.is_some_and(is_code) {
        let args = vec![("code", super::desk::code_text(line))];
        desk.find(CODE_SHAPE, Verdict::Fail, &[at], found(args, None));
    }
}

fn modifiers(line: &ClaimLine, at: At, limits: &Limits<'_>, desk: &mut Desk<'_>) {
    let facts = desk.facts;
    let view = desk.view(line.date);
    let count = line.modifiers.len().max(line.written_modifiers.len());
    if let Some(row) = limits.over(FormLimit::Modifiers, count) {
        let args = vec![("count", number(count)), ("limit", number(row.limit))];
        desk.find(MODIFIER_COUNT, Verdict::Fail, &[at], found(args, Some(&row.row)));
    }
    for written in &line.written_modifiers {
        if let Written::Misshapen(text) = written {
            let args = vec![("modifier", Name::Owned(text.clone()))];
            desk.find(MODIFIER_SHAPE, Verdict::Fail, &[at], found(args, None));
        }
    }
    for (place, modifier) in line.modifiers.iter().enumerate() {
        let named = || vec![("modifier", number(modifier))];
        if line.modifiers.iter().take(place).any(|known| known == modifier) {
            desk.find(MODIFIER_TWICE, Verdict::Fail, &[at], found(named(), None));
            continue;
        }
        let Some(rows) = facts.modifiers.get(modifier) else {
            // The code set's own modifiers are two digits, and the table holds all of them; those with letters are open.
            if is_number(*modifier) {
                desk.find(NO_MODIFIER, Verdict::Fail, &[at], found(named(), None));
            } else {
                desk.not_checked(at, Layer::Form, Unchecked::NoCodeList);
            }
            continue;
        };
        let Some(row) = rows.iter().find(|row| row.row.seen(view)) else {
            match rows.iter().find(|row| row.row.window.holds(view.on)) {
                // In force, but not published by then.
                Some(_) => desk.not_checked(at, Layer::Form, Unchecked::NoCodeList),
                None => {
                    let row = rows.first().map(|row| &row.row);
                    let mut args = named();
                    args.extend(life(rows.iter().map(|row| &row.row)));
                    desk.find(MODIFIER_LIFE, Verdict::Fail, &[at], found(args, row));
                }
            }
            continue;
        };
        for other in row.not_with.iter().filter(|other| line.has(**other)) {
            let mut args = named();
            args.push(("other", number(other)));
            desk.find(MODIFIERS_CLASH, Verdict::Fail, &[at], found(args, Some(&row.row)));
        }
    }
}

fn is_number(modifier: Modifier) -> bool {
    modifier.as_str().bytes().all(|byte| byte.is_ascii_digit())
}

/// First and last day over all stretches, as arguments.
pub(super) fn life<'r>(rows: impl Iterator<Item = &'r Row> + Clone) -> Vec<(&'static str, Name)> {
    let first = rows.clone().map(|row| row.window.from).min().flatten();
    let open = rows.clone().any(|row| row.window.until.is_none());
    let last = rows.filter_map(|row| row.window.until).max().filter(|_| !open);
    let last = last.and_then(|until| until.0.yesterday().ok());
    let mut args = Vec::new();
    args.extend(first.map(|day| ("first_day", number(day))));
    args.extend(last.map(|day| ("last_day", number(day))));
    args
}

fn units(line: &ClaimLine, at: At, desk: &mut Desk<'_>) {
    if line.units.whole().is_some() {
        return;
    }
    let args = vec![("units", number(line.units))];
    if line.units.0 <= 0 {
        desk.find(UNITS_NONE, Verdict::Fail, &[at], found(args, None));
        return;
    }
    // Drugs are measured, anesthesia is timed; of a code of no known section nothing is said.
    let class = line.code.and_then(|code| desk.facts.class(code, desk.view(line.date)));
    if class.is_some_and(|class| !matches!(class, Class::Drug | Class::Anesthesia)) {
        desk.find(UNITS_PART, Verdict::Fail, &[at], found(args, None));
    }
}

fn pointers(claim: &Claim, line: &ClaimLine, at: At, limits: &Limits<'_>, desk: &mut Desk<'_>) {
    if line.pointers.is_empty() {
        desk.find(POINTER_MISSING, Verdict::Fail, &[at], found(Vec::new(), None));
    }
    if let Some(row) = limits.over(FormLimit::Pointers, line.pointers.len()) {
        let args = vec![("count", number(line.pointers.len())), ("limit", number(row.limit))];
        desk.find(POINTER_COUNT, Verdict::Fail, &[at], found(args, Some(&row.row)));
    }
    for pointer in &line.pointers {
        let there = usize::try_from(*pointer).is_ok_and(|to| (1..=claim.diagnoses.len()).contains(&to));
        if !there {
            let args = vec![
                ("pointer", number(pointer)),
                ("diagnoses", number(claim.diagnoses.len())),
            ];
            desk.find(POINTER_ASTRAY, Verdict::Fail, &[at], found(args, None));
        }
    }
}

/// Whoever is so many full years old on a day was not yet born on this one, nor before: the age holds when the payer received
/// the claim, or else on its last date.
fn unborn(claim: &Claim) -> Option<ServiceDate> {
    let age = i16::try_from(claim.age?).ok()?;
    let told = claim
        .received
        .or_else(|| claim.lines.iter().map(|line| line.date).max())?;
    let years = jiff::Span::new().try_years(age.checked_add(1)?).ok()?;
    told.0.checked_sub(years).ok().map(ServiceDate)
}

fn dates(claim: &Claim, line: &ClaimLine, at: At, unborn: Option<ServiceDate>, desk: &mut Desk<'_>) {
    if let Some(received) = claim.received.filter(|received| *received < line.date) {
        let args = vec![("date", number(line.date)), ("received", number(received))];
        desk.find(AFTER_RECEIPT, Verdict::Fail, &[at], found(args, None));
    }
    if let Some(first) = desk.facts.coverage_from.filter(|first| line.date < *first) {
        let args = vec![("date", number(line.date)), ("first_day", number(first))];
        desk.find(BEFORE_FACTS, Verdict::NotChecked, &[at], found(args, None));
        desk.not_checked(at, Layer::Form, Unchecked::NoTable);
    }
    if unborn.is_some_and(|unborn| line.date <= unborn) {
        let args = vec![("date", number(line.date))];
        desk.find(BEFORE_BIRTH, Verdict::Fail, &[at], found(args, None));
    }
}

fn place(claim: &Claim, line: &ClaimLine, at: At, desk: &mut Desk<'_>) {
    let facts = desk.facts;
    let Some(place) = &line.place else {
        // A hospital's form has none; of a claim that does not say which form it is, nothing is said.
        if claim.claim_type == Some(PROFESSIONAL) {
            desk.find(PLACE_MISSING, Verdict::Fail, &[at], found(Vec::new(), None));
        }
        return;
    };
    let Some(rows) = facts.places.get(place) else { return };
    let holds = |row: &&crate::facts::PlaceRow| row.row.window.holds(line.date);
    if !rows.iter().any(|row| holds(&row)) {
        let mut args = vec![("place", place.clone())];
        args.extend(life(rows.iter().map(|row| &row.row)));
        let row = rows.first().map(|row| &row.row);
        desk.find(PLACE_LIFE, Verdict::Fail, &[at], found(args, row));
    }
}

fn charge(line: &ClaimLine, at: At, limits: &Limits<'_>, desk: &mut Desk<'_>) {
    let Some(cents) = line.charge else { return };
    let Some(row) = limits.get(FormLimit::Charge) else {
        return;
    };
    if cents < 0 || cents / 100 > i64::from(row.limit) {
        let args = vec![("limit", number(row.limit))];
        desk.find(CHARGE, Verdict::Fail, &[at], found(args, Some(&row.row)));
    }
}

/// Lines of one billing day that say the same: same code and modifiers, none of which says that it was done once more.
pub(super) fn judge_day(day: &Day<'_>, desk: &mut Desk<'_>) {
    for (at, spot) in day.lines.iter().enumerate() {
        let earlier = day.lines.iter().take(at);
        let Some(other) = earlier
            .filter(|other| other.code == spot.code)
            .find(|other| alike(other, spot))
        else {
            continue;
        };
        if desk
            .facts
            .meaning(&spot.line.modifiers, Meaning::Repeat, day.view)
            .is_some()
        {
            continue;
        }
        let args = vec![("code", number(spot.code))];
        // Where the case documents as many, the two are two services: a payer may still take them for one.
        let verdict = match desk.documented(spot.at.claim, spot.code) {
            Some(true) => Verdict::Warn,
            _ => Verdict::Fail,
        };
        desk.find(DUPLICATE, verdict, &[spot.at, other.at], found(args, None));
    }
}

/// Whether two lines bear the same modifiers, whatever their order.
fn alike(one: &Spot<'_>, other: &Spot<'_>) -> bool {
    let (one, other) = (&one.line.modifiers, &other.line.modifiers);
    one.len() == other.len() && one.iter().all(|modifier| other.contains(modifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_shape() {
        for good in ["64493", "0213T", "J3301", "A4550", "1036F"] {
            assert!(is_code(Code::parse(good).unwrap()), "{good}");
        }
        for bad in ["ABCDE", "6A493", "JJ301"] {
            assert!(!is_code(Code::parse(bad).unwrap()), "{bad}");
        }
    }

    #[test]
    fn diagnoses_have_the_shape_of_their_revision() {
        for good in ["M5416", "M47816", "S32010A", "Z00"] {
            assert!(is_diagnosis(good, 10), "{good}");
        }
        for bad in ["7244", "M5", "MM416", "M54.16", "S32010AXX", ""] {
            assert!(!is_diagnosis(bad, 10), "{bad}");
        }
        for good in ["7244", "724", "72402", "V5789", "E8889"] {
            assert!(is_diagnosis(good, 9), "{good}");
        }
        for bad in ["M5416", "72", "724022", "V5"] {
            assert!(!is_diagnosis(bad, 9), "{bad}");
        }
    }
}
