//! From any payer's writing back to sides: what each line, and each code of a day, says was done left, right, and on no told
//! side. Rules read sides here; none knows how a payer writes both sides.

use crate::case::Setting;
use crate::code::{Code, Modifier};
use crate::date::View;
use crate::edit::chart::Stand;
use crate::edit::desk::Day;
use crate::edit::read::ClaimLine;
use crate::facts::{BilateralStyle, CodeRow, Facts, Laterality, Profile, RenderModifiers};
use crate::render;

/// What a line's modifiers say of sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// The left side.
    Left,
    /// The right side.
    Right,
    /// Both sides in one mark: each unit is done on both.
    Both,
    /// Left and right on one line: its units are shared between them.
    LeftAndRight,
}

impl Mark {
    /// Of a line.
    pub fn of(line: &ClaimLine, marks: &RenderModifiers) -> Self {
        Self::among(&line.modifiers, marks)
    }

    /// Of a line's modifiers.
    pub fn among(modifiers: &[Modifier], marks: &RenderModifiers) -> Self {
        if modifiers.is_empty() {
            return Self::None;
        }
        let has = |modifier| modifiers.contains(&modifier);
        if has(marks.bilateral) {
            return Self::Both;
        }
        match (has(marks.left), has(marks.right)) {
            (true, true) => Self::LeftAndRight,
            (true, false) => Self::Left,
            (false, true) => Self::Right,
            (false, false) => Self::None,
        }
    }
}

/// Units by side. What is done on both sides counts once left and once right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Left.
    pub left: u32,
    /// Right.
    pub right: u32,
    /// On a side that is not told, or of a code without sides.
    pub unsided: u32,
}

impl Sides {
    /// Of one line. Units that are no whole number count as none; the form layer speaks of them.
    pub fn of(line: &ClaimLine, marks: &RenderModifiers) -> Self {
        Self::written(&line.modifiers, line.units.whole().unwrap_or_default(), marks)
    }

    /// Of a line's modifiers and units.
    pub fn written(modifiers: &[Modifier], units: u32, marks: &RenderModifiers) -> Self {
        let sides = |left, right, unsided| Self { left, right, unsided };
        match Mark::among(modifiers, marks) {
            Mark::None => sides(0, 0, units),
            Mark::Left => sides(units, 0, 0),
            Mark::Right => sides(0, units, 0),
            Mark::Both => sides(units, units, 0),
            // One unit covers both sides there, two are one a side.
            Mark::LeftAndRight => sides(units.div_ceil(2), units.div_ceil(2), 0),
        }
    }

    /// Of one line, where units without a mark may be both sides (see [`units_as_sides`]): two are then one left and one right.
    pub fn read(line: &ClaimLine, marks: &RenderModifiers, units_as_sides: bool) -> Self {
        Self::of(line, marks).paired(units_as_sides)
    }

    /// With units that carry no mark shared between the sides, where they may be both.
    pub fn paired(self, units_as_sides: bool) -> Self {
        let sides = self;
        let pairs = if units_as_sides { sides.unsided / 2 } else { 0 };
        Self {
            left: sides.left.saturating_add(pairs),
            right: sides.right.saturating_add(pairs),
            unsided: sides.unsided - 2 * pairs,
        }
    }

    /// One-sided units together.
    pub fn units(self) -> u32 {
        self.left.saturating_add(self.right).saturating_add(self.unsided)
    }

    /// Units done on both sides.
    pub fn both(self) -> u32 {
        self.left.min(self.right)
    }

    /// Most units that one side must have: a unit on a side not told belongs to one of them, or to a code without sides.
    pub fn busier(self) -> u32 {
        self.left.max(self.right).max(self.unsided)
    }

    /// One line's units with another's.
    pub fn plus(self, other: Self) -> Self {
        Self {
            left: self.left.saturating_add(other.left),
            right: self.right.saturating_add(other.right),
            unsided: self.unsided.saturating_add(other.unsided),
        }
    }
}

/// Whether units of a one-sided code may be written without a mark for both sides: as the profile does, and on a surgery
/// centre's own claim, where one line of two units stands for two lines.
pub fn units_as_sides(profile: &Profile, view: View, setting: Setting, row: &CodeRow) -> bool {
    row.laterality == Laterality::Unilateral
        && (setting == Setting::AscFacility
            || render::style(profile, view, setting, row.add_on)
                .is_some_and(|style| style.style == BilateralStyle::UnitsDoubled))
}

/// One code of a day, all its lines together.
#[derive(Clone, Copy, Debug)]
pub struct Tally<'f> {
    /// The code.
    pub code: Code,
    /// What is known of it on the date; `None`: no built-in list holds it.
    pub row: Option<&'f CodeRow>,
    /// Its places in the families' tables, of any date.
    pub stands: &'f [Stand],
    /// Its units by side.
    pub sides: Sides,
    /// Its units as written, whatever marks they carry.
    pub units: u32,
    /// Position of its first line in the day.
    pub first: usize,
    /// How many lines it has.
    pub lines: usize,
}

/// The codes of a day, in the order of their first lines.
pub fn tally<'f>(day: &Day<'_>, facts: &'f Facts) -> Vec<Tally<'f>> {
    let mut codes: Vec<Tally<'f>> = Vec::with_capacity(day.lines.len());
    for (at, spot) in day.lines.iter().enumerate() {
        let known = codes.iter_mut().find(|one| one.code == spot.code);
        let row = known
            .as_ref()
            .map_or_else(|| facts.code(spot.code, day.view), |one| one.row);
        let doubled = row.is_some_and(|row| units_as_sides(day.profile, day.view, day.setting, row));
        let sides = Sides::read(spot.line, &day.profile.modifiers, doubled);
        let units = spot.line.units.whole().unwrap_or_default();
        match known {
            Some(one) => {
                one.sides = one.sides.plus(sides);
                one.units = one.units.saturating_add(units);
                one.lines += 1;
            }
            None => codes.push(Tally {
                code: spot.code,
                row,
                stands: facts.chart.ever(spot.code),
                sides,
                units,
                first: at,
                lines: 1,
            }),
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::ServiceDate;
    use crate::edit::read::Units;
    use crate::name::Name;

    fn modifier(text: &str) -> Modifier {
        Modifier::parse(text).unwrap()
    }

    fn marks() -> RenderModifiers {
        RenderModifiers {
            bilateral: modifier("50"),
            left: modifier("LT"),
            right: modifier("RT"),
            professional: modifier("26"),
            distinct: modifier("59"),
        }
    }

    fn line(modifiers: &[&str], units: i64) -> ClaimLine {
        ClaimLine {
            number: Name::Borrowed("1"),
            code: Code::parse("64493"),
            written_code: None,
            modifiers: modifiers.iter().map(|text| modifier(text)).collect(),
            written_modifiers: Vec::new(),
            units: Units(units * 1000),
            date: ServiceDate::parse("2024-03-05").unwrap(),
            place: None,
            pointers: Vec::new(),
            charge: None,
            left_out: None,
        }
    }

    fn sides(modifiers: &[&str], units: i64) -> (u32, u32, u32) {
        let sides = Sides::of(&line(modifiers, units), &marks());
        (sides.left, sides.right, sides.unsided)
    }

    #[test]
    fn every_writing_of_both_sides_is_both_sides() {
        assert_eq!(sides(&["50"], 1), (1, 1, 0));
        assert_eq!(sides(&["RT", "LT"], 1), (1, 1, 0));
        assert_eq!(sides(&["LT", "RT"], 2), (1, 1, 0));
        let apart = Sides::of(&line(&["RT"], 1), &marks()).plus(Sides::of(&line(&["LT"], 1), &marks()));
        assert_eq!((apart.left, apart.right, apart.unsided), (1, 1, 0));
        let doubled = Sides::read(&line(&[], 2), &marks(), true);
        assert_eq!((doubled.left, doubled.right, doubled.unsided), (1, 1, 0));
    }

    #[test]
    fn a_side_not_told_is_not_invented() {
        assert_eq!(sides(&[], 3), (0, 0, 3));
        assert_eq!(sides(&["59", "LT"], 2), (2, 0, 0));
        let odd = Sides::read(&line(&[], 3), &marks(), true);
        assert_eq!((odd.left, odd.right, odd.unsided), (1, 1, 1));
    }
}
