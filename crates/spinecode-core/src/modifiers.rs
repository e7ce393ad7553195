//! What modifiers mean and what sort of work a code is: the rows of `modifiers.csv` and `code_classes.csv`.
//!
//! Rules ask for a meaning, never for a modifier, so that no list of modifiers stands in code.

use crate::code::{Code, Modifier};
use crate::date::View;
use crate::facts::{Facts, Row};
use crate::name::{Name, words};

words! {
    /// What a modifier says.
    Meaning {
        /// Left side.
        Left = "left",
        /// Right side.
        Right = "right",
        /// Both sides.
        BothSides = "both_sides",
        /// A named part of the body.
        BodyPart = "body_part",
        /// Distinct from another service of the date.
        Distinct = "distinct",
        /// The same service once more.
        Repeat = "repeat",
        /// A visit apart from the procedure of the day.
        SeparateVisit = "separate_visit",
        /// The visit at which surgery was decided.
        DecisionVisit = "decision_visit",
        /// A visit that has nothing to do with the procedure whose period runs.
        UnrelatedVisit = "unrelated_visit",
        /// Planned, or staged, within the period of another procedure.
        Staged = "staged",
        /// Back to the operating room within the period.
        UnplannedReturn = "unplanned_return",
        /// A procedure that has nothing to do with the one whose period runs.
        UnrelatedProcedure = "unrelated_procedure",
        /// Part of the care of a period.
        PartOfPeriod = "part_of_period",
        /// The professional part.
        ProfessionalPart = "professional_part",
        /// The technical part.
        TechnicalPart = "technical_part",
        /// One of several procedures.
        Multiple = "multiple",
        /// An assistant at surgery.
        Assistant = "assistant",
        /// Two surgeons.
        CoSurgeons = "co_surgeons",
        /// A team of surgeons.
        Team = "team",
        /// More work than usual.
        Increased = "increased",
        /// Less work than described.
        Reduced = "reduced",
        /// Begun and stopped, or stopped before it began.
        Discontinued = "discontinued",
        /// About anesthesia.
        Anesthesia = "anesthesia",
        /// At a distance.
        Telehealth = "telehealth",
        /// The conditions of a policy are met.
        PolicyMet = "policy_met",
        /// The patient was told that payment is doubtful.
        Waiver = "waiver",
        /// Denial is expected, and the patient was not told.
        NoWaiver = "no_waiver",
        /// No benefit of the programme.
        Excluded = "excluded",
        /// Nothing that a rule asks for.
        Other = "other",
    }
}

words! {
    /// Which services a modifier fits.
    Fit {
        /// Any.
        Any = "any",
        /// Visits.
        Visit = "visit",
        /// Anything but a visit.
        NotVisit = "not_visit",
        /// Anesthesia.
        Anesthesia = "anesthesia",
        /// Imaging.
        Imaging = "imaging",
        /// Laboratory tests.
        Laboratory = "laboratory",
        /// Drugs and contrast.
        Drug = "drug",
    }
}

words! {
    /// On whose claims a modifier is used.
    Sender {
        /// Anybody's.
        Any = "any",
        /// Hospitals and surgery centres.
        Facility = "facility",
        /// Clinicians.
        Professional = "professional",
    }
}

words! {
    /// Whether a modifier opens an NCCI pair of indicator 1.
    Opens {
        /// It does not.
        No = "no",
        /// On the line of the second column alone.
        Column2 = "column2",
        /// On either line.
        Either = "either",
    }
}

words! {
    /// The section of the code set that a code stands in.
    Class {
        /// Anesthesia.
        Anesthesia = "anesthesia",
        /// Surgery, injections among them.
        Surgery = "surgery",
        /// Imaging.
        Imaging = "imaging",
        /// Laboratory.
        Laboratory = "laboratory",
        /// Medicine.
        Medicine = "medicine",
        /// Visits.
        Visit = "visit",
        /// Drugs, contrast and tracers.
        Drug = "drug",
        /// Measures of quality.
        Measure = "measure",
        /// Emerging technology, whatever its section will be.
        Emerging = "emerging",
    }
}

/// A modifier in one stretch of its life.
#[derive(Clone, Debug)]
pub struct ModifierRow {
    /// Dates and sources.
    pub row: Row,
    /// The modifier.
    pub modifier: Modifier,
    /// Our own short label.
    pub label: Name,
    /// What it says.
    pub means: Meaning,
    /// Which services it fits.
    pub on: Fit,
    /// On whose claims.
    pub sender: Sender,
    /// Whether it opens an NCCI pair.
    pub opens: Opens,
    /// It states a clinical fact that must be documented; it is never a matter of style.
    pub asserts: bool,
    /// Modifiers that contradict it on one line; told once a pair.
    pub not_with: Vec<Modifier>,
}

/// A range of codes of one sort.
#[derive(Clone, Debug)]
pub struct ClassRow {
    /// Dates and sources.
    pub row: Row,
    /// First code.
    pub first: Code,
    /// Last code.
    pub last: Code,
    /// The sort.
    pub class: Class,
}

impl Fit {
    /// Whether it takes in a code of that class; one of no known class is not refused.
    pub fn takes(self, class: Option<Class>) -> bool {
        let Some(class) = class else { return true };
        match self {
            Self::Any => true,
            Self::Visit => class == Class::Visit,
            Self::NotVisit => class != Class::Visit,
            Self::Anesthesia => class == Class::Anesthesia,
            Self::Imaging => class == Class::Imaging,
            Self::Laboratory => class == Class::Laboratory,
            Self::Drug => class == Class::Drug,
        }
    }
}

impl Facts {
    /// The row of a modifier on a date.
    pub fn modifier(&self, modifier: Modifier, view: View) -> Option<&ModifierRow> {
        self.modifiers.get(&modifier)?.iter().find(|row| row.row.seen(view))
    }

    /// The first of some modifiers that means that, with its row.
    pub fn meaning<'f>(&'f self, modifiers: &[Modifier], means: Meaning, view: View) -> Option<&'f ModifierRow> {
        modifiers
            .iter()
            .filter_map(|modifier| self.modifier(*modifier, view))
            .find(|row| row.means == means)
    }

    /// What sort of work a code is; `None`: no range holds it.
    pub fn class(&self, code: Code, view: View) -> Option<Class> {
        let holds =
            |row: &&ClassRow| row.first <= code && code <= row.last && alike(row.first, code) && row.row.seen(view);
        self.classes.iter().find(holds).map(|row| row.class)
    }
}

/// Ranges run within one writing: five digits, a letter before, a letter behind.
fn alike(first: Code, code: Code) -> bool {
    let ends = |code: Code| {
        let end = |byte: Option<u8>| byte.filter(u8::is_ascii_alphabetic);
        let bytes = code.as_str().as_bytes();
        (end(bytes.first().copied()), end(bytes.last().copied()))
    };
    ends(first) == ends(code)
}
