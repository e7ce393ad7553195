//! Indicators of the fee schedule: both sides, several procedures, assistants, parts of a service, days whose care is paid with
//! a procedure, status and place of service. They judge the clinician's claim; of a surgery centre's own claim only how both
//! sides are written; a hospital is paid by other tables.

use crate::case::Setting;
use crate::code::Modifier;
use crate::edit::desk::{Day, Desk, Found, Spot};
use crate::edit::report::{Layer, Verdict};
use crate::edit::sides::Mark;
use crate::facts::{BilateralStyle, Facts};
use crate::fee::{FeeIndicator, Standing};
use crate::layers::{self, BUNDLED_RULE, INVALID_RULE, NOT_COVERED_RULE};
use crate::modifiers::{Class, Meaning, ModifierRow};
use crate::name::Name;
use crate::render;
use crate::tables::{Indicators, Unchecked};

/// Both sides on a code that is not paid for both.
const SIDES_NEVER: &str = "FEE-001";
/// Both sides on a code whose amount is that of both.
const SIDES_ALREADY: &str = "FEE-002";
/// Both sides on two lines where one line with a modifier is the form.
const SIDES_APART: &str = "FEE-003";
/// Both sides on one line where two lines are the form.
const SIDES_TOGETHER: &str = "FEE-004";
/// Several procedures on a code that is exempt.
const MULTIPLE_EXEMPT: &str = "FEE-005";
/// An assistant where none is paid.
const ASSISTANT: &str = "FEE-006";
/// Two surgeons where they are not paid.
const CO_SURGEONS: &str = "FEE-007";
/// A team where it is not paid.
const TEAM: &str = "FEE-008";
/// A part of a service that has no parts.
const NO_PARTS: &str = "FEE-009";
/// The whole of a service whose technical part is the facility's.
const WHOLE_IN_FACILITY: &str = "FEE-010";
/// The technical part billed by a clinician in a facility.
const TECHNICAL_IN_FACILITY: &str = "FEE-011";
/// No amount for the place.
const PLACE: &str = "FEE-015";
/// A visit within the days of a procedure.
const VISIT_IN_PERIOD: &str = "FEE-016";
/// A visit on the day of a major procedure.
const VISIT_OF_DAY: &str = "FEE-017";
/// A procedure within the days of another.
const PROCEDURE_IN_PERIOD: &str = "FEE-018";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[
    SIDES_NEVER,
    SIDES_ALREADY,
    SIDES_APART,
    SIDES_TOGETHER,
    MULTIPLE_EXEMPT,
    ASSISTANT,
    CO_SURGEONS,
    TEAM,
    NO_PARTS,
    WHOLE_IN_FACILITY,
    TECHNICAL_IN_FACILITY,
    BUNDLED_RULE,
    INVALID_RULE,
    NOT_COVERED_RULE,
    PLACE,
    VISIT_IN_PERIOD,
    VISIT_OF_DAY,
    PROCEDURE_IN_PERIOD,
];

/// What one line is judged by.
struct Judged<'a, 'd> {
    spot: &'d Spot<'a>,
    day: &'d Day<'a>,
    indicators: Indicators<'a>,
}

/// Judges the lines of a day.
pub(super) fn judge(day: &Day<'_>, desk: &mut Desk<'_>) {
    match day.setting {
        Setting::Undetermined => {
            for spot in &day.lines {
                desk.not_checked(spot.at, Layer::FeeSchedule, Unchecked::UndeterminedSetting);
            }
        }
        Setting::OutpatientHospital => {}
        Setting::AscFacility => {
            for spot in &day.lines {
                desk.say(spot.at, Layer::FeeSchedule, Verdict::Pass);
                sides_together(spot, day, desk);
            }
        }
        Setting::Professional => {
            for (at, spot) in day.lines.iter().enumerate() {
                professional(at, spot, day, desk);
            }
        }
    }
}

/// How both sides of a line are written, where the profile says.
fn style(spot: &Spot<'_>, day: &Day<'_>, facts: &Facts) -> Option<BilateralStyle> {
    let add_on = facts.code(spot.code, day.view).is_some_and(|row| row.add_on);
    render::style(day.profile, day.view, day.setting, add_on).map(|row| row.style)
}

fn sides_together(spot: &Spot<'_>, day: &Day<'_>, desk: &mut Desk<'_>) {
    let mark = day.profile.modifiers.bilateral;
    if spot.line.has(mark) && style(spot, day, desk.facts) == Some(BilateralStyle::RtLtLines) {
        let found = Found {
            args: code_and(spot, mark),
            modifier: Some(mark),
            ..Found::default()
        };
        desk.find(SIDES_TOGETHER, Verdict::Fail, &[spot.at], found);
    }
}

fn code_and(spot: &Spot<'_>, modifier: Modifier) -> Vec<(&'static str, Name)> {
    vec![
        ("code", Name::Owned(spot.code.to_string())),
        ("modifier", Name::Owned(modifier.to_string())),
    ]
}

fn professional(at: usize, spot: &Spot<'_>, day: &Day<'_>, desk: &mut Desk<'_>) {
    let tables = desk.tables;
    let indicators = match tables.indicators(spot.code, day.view) {
        Ok(Some(indicators)) => indicators,
        // The schedule of the date does not hold it: it is paid by another one.
        Ok(None) => return,
        Err(why) => {
            desk.not_checked(spot.at, Layer::FeeSchedule, why);
            return;
        }
    };
    desk.say(spot.at, Layer::FeeSchedule, Verdict::Pass);
    let judged = Judged { spot, day, indicators };
    judged.status(desk);
    judged.sides(at, desk);
    if !spot.line.modifiers.is_empty() {
        judged.modifiers(desk);
    }
    judged.place(desk);
    let visit = desk.facts.class(spot.code, day.view) == Some(Class::Visit);
    if visit && day.lines.len() > 1 {
        judged.visit_of_day(desk);
    }
    judged.periods(visit, desk);
}

impl<'a> Judged<'a, '_> {
    fn standing(&self, facts: &Facts, indicator: FeeIndicator, value: &str) -> Option<Standing> {
        let row = facts.standing(indicator, value)?;
        row.row.seen(self.day.view).then_some(row.standing)
    }

    fn meaning<'f>(&self, facts: &'f Facts, means: Meaning) -> Option<&'f ModifierRow> {
        facts.meaning(&self.spot.line.modifiers, means, self.day.view)
    }

    /// A finding about this line by one value of an indicator.
    fn find(
        &self,
        desk: &mut Desk<'_>,
        rule: &'static str,
        verdict: Verdict,
        indicator: (FeeIndicator, &str),
        modifier: Option<Modifier>,
    ) {
        let (kind, value) = indicator;
        let mut args = vec![
            ("code", Name::Owned(self.spot.code.to_string())),
            ("indicator", Name::Borrowed(kind.as_str())),
            ("value", Name::Owned(value.to_owned())),
        ];
        args.extend(modifier.map(|modifier| ("modifier", Name::Owned(modifier.to_string()))));
        let rows = desk.facts.standing(kind, value).map(|row| &row.row);
        let found = Found {
            args,
            modifier,
            rows: rows.into_iter().collect(),
            basis: Some(self.indicators.basis),
        };
        desk.find(rule, verdict, &[self.spot.at], found);
    }

    fn status(&self, desk: &mut Desk<'_>) {
        let status = self.indicators.status;
        let standing = self.standing(desk.facts, FeeIndicator::Status, status);
        let Some(rule) = standing.and_then(layers::fee_schedule::refused_by) else {
            return;
        };
        self.find(desk, rule, Verdict::Fail, (FeeIndicator::Status, status), None);
    }

    fn sides(&self, at: usize, desk: &mut Desk<'_>) {
        let line = self.spot.line;
        let marks = &self.day.profile.modifiers;
        let mark = Mark::of(line, marks);
        // The other side on an earlier line of the same code.
        let opposite = match mark {
            Mark::None => return,
            Mark::Left => Some(Mark::Right),
            Mark::Right => Some(Mark::Left),
            Mark::Both | Mark::LeftAndRight => None,
        };
        let earlier = self.day.lines.iter().take(at);
        let other = opposite.and_then(|opposite| {
            earlier
                .filter(|other| other.code == self.spot.code)
                .find(|other| Mark::of(other.line, marks) == opposite)
        });
        if opposite.is_some() && other.is_none() {
            return;
        }
        let value = self.indicators.bilateral;
        let modifier = match (mark, other) {
            (Mark::Both, _) => marks.bilateral,
            (Mark::Left, _) => marks.left,
            _ => marks.right,
        };
        let indicator = (FeeIndicator::Bilateral, value);
        match self.standing(desk.facts, FeeIndicator::Bilateral, value) {
            Some(Standing::BothSidesAlready) => {
                self.find(desk, SIDES_ALREADY, Verdict::Fail, indicator, Some(modifier));
            }
            Some(Standing::Never) if mark == Mark::Both => {
                self.find(desk, SIDES_NEVER, Verdict::Fail, indicator, Some(modifier));
            }
            Some(Standing::Paid) => {
                let one_line = style(self.spot, self.day, desk.facts) == Some(BilateralStyle::Modifier50);
                if let Some(other) = other.filter(|_| one_line) {
                    let found = Found {
                        args: code_and(self.spot, marks.bilateral),
                        modifier: Some(marks.bilateral),
                        basis: Some(self.indicators.basis),
                        ..Found::default()
                    };
                    desk.find(SIDES_APART, Verdict::Warn, &[self.spot.at, other.at], found);
                }
            }
            _ => {}
        }
    }

    fn modifiers(&self, desk: &mut Desk<'_>) {
        let facts = desk.facts;
        if let Some(row) = self.meaning(facts, Meaning::Multiple) {
            let days = self.indicators.global_days;
            let value = self.indicators.multiple;
            if self.standing(facts, FeeIndicator::GlobalDays, days) == Some(Standing::AddOn) {
                let indicator = (FeeIndicator::GlobalDays, days);
                self.find(desk, MULTIPLE_EXEMPT, Verdict::Fail, indicator, Some(row.modifier));
            } else if self.standing(facts, FeeIndicator::Multiple, value) == Some(Standing::Never) {
                let indicator = (FeeIndicator::Multiple, value);
                self.find(desk, MULTIPLE_EXEMPT, Verdict::Warn, indicator, Some(row.modifier));
            }
        }
        for (means, rule, kind, value) in [
            (
                Meaning::Assistant,
                ASSISTANT,
                FeeIndicator::Assistant,
                self.indicators.assistant,
            ),
            (
                Meaning::CoSurgeons,
                CO_SURGEONS,
                FeeIndicator::CoSurgeons,
                self.indicators.co_surgeons,
            ),
            (Meaning::Team, TEAM, FeeIndicator::Team, self.indicators.team),
            (
                Meaning::ProfessionalPart,
                NO_PARTS,
                FeeIndicator::ProfessionalPart,
                self.indicators.pctc,
            ),
            (
                Meaning::TechnicalPart,
                NO_PARTS,
                FeeIndicator::TechnicalPart,
                self.indicators.pctc,
            ),
        ] {
            let Some(row) = self.meaning(facts, means) else {
                continue;
            };
            let verdict = match self.standing(facts, kind, value) {
                Some(Standing::Never) => Verdict::Fail,
                Some(Standing::IfDocumented) => Verdict::Warn,
                _ => continue,
            };
            self.find(desk, rule, verdict, (kind, value), Some(row.modifier));
        }
    }

    fn place(&self, desk: &mut Desk<'_>) {
        let facts = desk.facts;
        let Some(place) = &self.spot.line.place else { return };
        let rows = facts.places.get(place).map(Vec::as_slice).unwrap_or_default();
        let Some(place_row) = rows.iter().find(|row| row.row.seen(self.day.view)) else {
            return;
        };
        let pctc = self.indicators.pctc;
        let splits = self.standing(facts, FeeIndicator::TechnicalPart, pctc) == Some(Standing::Paid);
        if splits {
            if place_row.facility {
                let indicator = (FeeIndicator::TechnicalPart, pctc);
                if let Some(row) = self.meaning(facts, Meaning::TechnicalPart) {
                    self.find(
                        desk,
                        TECHNICAL_IN_FACILITY,
                        Verdict::Fail,
                        indicator,
                        Some(row.modifier),
                    );
                } else if self.meaning(facts, Meaning::ProfessionalPart).is_none() {
                    let part = self.day.profile.modifiers.professional;
                    self.find(desk, WHOLE_IN_FACILITY, Verdict::Fail, indicator, Some(part));
                }
            }
            return;
        }
        let refused = if place_row.facility {
            self.indicators.not_in_facilities
        } else {
            self.indicators.not_outside_facilities
        };
        if refused {
            let args = vec![
                ("code", Name::Owned(self.spot.code.to_string())),
                ("place", place.clone()),
            ];
            let found = Found {
                args,
                rows: vec![&place_row.row],
                basis: Some(self.indicators.basis),
                ..Found::default()
            };
            desk.find(PLACE, Verdict::Warn, &[self.spot.at], found);
        }
    }

    /// A visit on the day of a major procedure is part of it, unless surgery was decided at it or it has nothing to do with it.
    fn visit_of_day(&self, desk: &mut Desk<'_>) {
        let facts = desk.facts;
        let excused = [Meaning::DecisionVisit, Meaning::UnrelatedVisit, Meaning::SeparateVisit];
        if excused.iter().any(|means| self.meaning(facts, *means).is_some()) {
            return;
        }
        let major = self.day.lines.iter().find(|other| {
            let days = desk.tables.indicators(other.code, self.day.view).ok().flatten();
            let standing = days.and_then(|days| self.standing(facts, FeeIndicator::GlobalDays, days.global_days));
            standing == Some(Standing::Major)
        });
        let Some(major) = major else { return };
        let mark = mark_of(facts, Meaning::DecisionVisit, self.day);
        let mut args = vec![
            ("code", Name::Owned(self.spot.code.to_string())),
            ("other", Name::Owned(major.code.to_string())),
        ];
        args.extend(mark.map(|mark| ("modifier", Name::Owned(mark.to_string()))));
        let found = Found {
            args,
            modifier: mark,
            basis: Some(self.indicators.basis),
            ..Found::default()
        };
        desk.find(VISIT_OF_DAY, Verdict::Fail, &[self.spot.at, major.at], found);
    }

    /// Visits and procedures within the days whose care is paid with an earlier procedure of the person.
    fn periods(&self, visit: bool, desk: &mut Desk<'_>) {
        let facts = desk.facts;
        let (excuses, rule): (&[Meaning], _) = if visit {
            (&[Meaning::UnrelatedVisit], VISIT_IN_PERIOD)
        } else {
            (
                &[Meaning::Staged, Meaning::UnplannedReturn, Meaning::UnrelatedProcedure],
                PROCEDURE_IN_PERIOD,
            )
        };
        let excused = excuses.iter().any(|means| self.meaning(facts, *means).is_some());
        let Some(history) = &self.spot.claim.history else {
            // Only of a visit, and of what says that a period runs, does it matter.
            if visit || excused {
                desk.not_checked(self.spot.at, Layer::FeeSchedule, Unchecked::NoHistory);
            }
            return;
        };
        // What has a period of its own is done anew; add-ons go with their primary, and pictures have no part in it.
        let own = self.standing(facts, FeeIndicator::GlobalDays, self.indicators.global_days);
        let concerned = visit || matches!(own, Some(Standing::Minor | Standing::Major));
        if excused || !concerned {
            return;
        }
        for line in history.iter().filter(|line| line.left_out.is_none()) {
            let Some(code) = line.code.filter(|_| line.date < self.day.view.on) else {
                continue;
            };
            let view = desk.view(line.date);
            let Ok(Some(earlier)) = desk.tables.indicators(code, view) else {
                continue;
            };
            let Some(last) = earlier
                .global_days
                .parse::<i64>()
                .ok()
                .and_then(|days| line.date.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok())
            else {
                continue;
            };
            if self.day.view.on.0 > last {
                continue;
            }
            let mark = excuses.first().and_then(|means| mark_of(facts, *means, self.day));
            let mut args = vec![
                ("code", Name::Owned(self.spot.code.to_string())),
                ("other", Name::Owned(code.to_string())),
                ("other_date", Name::Owned(line.date.to_string())),
                ("last_day", Name::Owned(last.to_string())),
            ];
            args.extend(mark.map(|mark| ("modifier", Name::Owned(mark.to_string()))));
            let found = Found {
                args,
                modifier: mark,
                basis: Some(earlier.basis),
                ..Found::default()
            };
            // The history does not say whose work it was: another clinician's period is nobody else's.
            desk.find(rule, Verdict::Warn, &[self.spot.at], found);
            return;
        }
    }
}

/// The modifier that says so; of several the first.
fn mark_of(facts: &Facts, means: Meaning, day: &Day<'_>) -> Option<Modifier> {
    let mut rows: Vec<&ModifierRow> = facts.modifiers.values().flatten().collect();
    rows.retain(|row| row.means == means && row.row.seen(day.view));
    rows.iter().map(|row| row.modifier).min()
}
