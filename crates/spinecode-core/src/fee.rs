//! Indicators of the physician fee schedule as facts: the rows of `fee_schedule.csv`, and what each letter or digit says, the
//! rows of `fee_indicators.csv`. Rules ask for what an indicator says, never for its letter.

use crate::code::Code;
use crate::facts::{Facts, Row};
use crate::name::{Name, words};

words! {
    /// An indicator. That of the two parts of a service is asked once for each part.
    FeeIndicator {
        /// Status letter.
        Status = "status",
        /// Days whose care is paid with the procedure.
        GlobalDays = "global_days",
        /// The professional part alone.
        ProfessionalPart = "professional_part",
        /// The technical part alone.
        TechnicalPart = "technical_part",
        /// Several procedures.
        Multiple = "multiple",
        /// Both sides.
        Bilateral = "bilateral",
        /// Assistant at surgery.
        Assistant = "assistant",
        /// Two surgeons.
        CoSurgeons = "co_surgeons",
        /// A team.
        Team = "team",
    }
}

words! {
    /// What an indicator says.
    Standing {
        /// It is paid.
        Paid = "paid",
        /// The contractor says what is paid.
        Contractor = "contractor",
        /// Paid where its need is documented.
        IfDocumented = "if_documented",
        /// Not paid, whatever is documented.
        Never = "never",
        /// The amount is that of both sides.
        BothSidesAlready = "both_sides_already",
        /// Paid with other services, never apart.
        Bundled = "bundled",
        /// Not a code for this programme: another one is.
        Invalid = "invalid",
        /// No benefit of the programme, or paid in another way.
        NotCovered = "not_covered",
        /// A minor procedure: the usual visit before it is part of it.
        Minor = "minor",
        /// A major procedure: the visit of the day, unless surgery was decided at it, is part of it.
        Major = "major",
        /// An add-on: its days are those of its primary.
        AddOn = "add_on",
        /// The concept does not apply.
        NotApplicable = "not_applicable",
    }
}

/// The indicators of a code.
#[derive(Clone, Debug)]
pub struct FeeRow {
    /// Dates and sources.
    pub row: Row,
    /// The code.
    pub code: Code,
    /// Status letter.
    pub status: Name,
    /// Global days.
    pub global_days: Name,
    /// Professional and technical parts.
    pub pctc: Name,
    /// Several procedures.
    pub multiple: Name,
    /// Both sides.
    pub bilateral: Name,
    /// Assistant at surgery.
    pub assistant: Name,
    /// Two surgeons.
    pub co_surgeons: Name,
    /// A team.
    pub team: Name,
    /// No amount outside facilities.
    pub not_outside_facilities: bool,
    /// No amount inside facilities.
    pub not_in_facilities: bool,
    /// A minor procedure, by its global days; set when the facts are indexed.
    pub minor: bool,
}

/// What a value of an indicator says.
#[derive(Clone, Debug)]
pub struct StandingRow {
    /// Dates and sources.
    pub row: Row,
    /// The indicator.
    pub indicator: FeeIndicator,
    /// Its letter or digits.
    pub value: Name,
    /// What it says.
    pub standing: Standing,
}

impl Facts {
    /// What a value of an indicator says; `None`: a value that the table does not hold.
    pub fn standing(&self, indicator: FeeIndicator, value: &str) -> Option<&StandingRow> {
        self.standings.get(indicator as usize)?.get(value)
    }
}
