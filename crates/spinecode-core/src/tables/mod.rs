//! What a payer's tables say of codes on a date: one interface for the built-in rows and for a release of CMS's files.
//!
//! A table that cannot say answers with [`Unchecked`], never with "no row".

mod built_in;
mod layered;

pub use built_in::BuiltIn;
pub use layered::Layered;

use crate::code::Code;
use crate::date::{ServiceDate, View, Window};
use crate::facts::Row;

macro_rules! unchecked {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// Why something was not checked. The text form is stable and published.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Unchecked {
            $($(#[$doc])* $variant,)+
        }

        impl Unchecked {
            /// All reasons, in their published order.
            pub const ALL: &'static [Unchecked] = &[$(Unchecked::$variant,)+];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Unchecked::$variant => $text,)+ }
            }

            /// Reads the text form.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.as_str() == text)
            }
        }
    };
}

unchecked! {
    /// No loaded table covers it on that date.
    NoTable = "no_table",
    /// No loaded list holds the code.
    NoCodeList = "no_code_list",
    /// The date lies after what was verified.
    PastVerification = "past_verification",
    /// The table does not say when the row began.
    StartUnknown = "start_unknown",
    /// It hangs on earlier services, and no history was given.
    NoHistory = "no_history",
    /// The payer's name is not mapped to a profile.
    UnmappedPayer = "unmapped_payer",
    /// The claim does not say who sends it.
    UndeterminedSetting = "undetermined_setting",
}

/// Which of CMS's sets of tables judges a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// Practitioners and ambulatory surgical centres.
    Practitioner,
    /// Outpatient hospitals.
    Hospital,
}

/// Where a row of a table stands. It borrows, so that asking a table copies no text.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'t> {
    /// The built-in row, or the edition of a release's table as a row, whose id is such as `ptp_practitioner 2024-07-01`.
    pub row: &'t Row,
    /// The day asked lies outside the editions loaded; the nearest edition was taken, as the caller allowed.
    pub nearest: bool,
}

/// A procedure-to-procedure pair in force.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'t> {
    /// The code that is paid.
    pub column1: Code,
    /// The code that is denied.
    pub column2: Code,
    /// Indicator 1: an NCCI-associated modifier may open it.
    pub bypassable: bool,
    /// The table does not say when the pair began: it holds only where both codes lived on the date. [`Layered`] has looked;
    /// a pair that it gives holds.
    pub start_unknown: bool,
    /// The days it is in force.
    pub window: Window,
    /// Where it stands.
    pub basis: Basis<'t>,
}

/// A limit of units.
#[derive(Clone, Copy, Debug)]
pub struct Limit<'t> {
    /// Units.
    pub units: u32,
    /// Adjudication indicator: 1 per line, 2 per date absolutely, 3 per date with appeal.
    pub mai: u8,
    /// Where it stands.
    pub basis: Basis<'t>,
}

/// A primary of an add-on code.
#[derive(Clone, Copy, Debug)]
pub struct Primary<'t> {
    /// The primary; `None`: the contractor says which.
    pub code: Option<Code>,
    /// 1: closed list, 2: no list, 3: a list that the contractor may add to.
    pub edit_type: u8,
    /// Where it stands.
    pub basis: Basis<'t>,
}

/// Indicators of the physician fee schedule.
#[derive(Clone, Copy, Debug)]
pub struct Indicators<'t> {
    /// Status letter.
    pub status: &'t str,
    /// Global days: `000`, `010`, `090`, `XXX`, `YYY`, `ZZZ`, `MMM`; empty where not said.
    pub global_days: &'t str,
    /// Professional and technical parts.
    pub pctc: &'t str,
    /// Multiple procedures.
    pub multiple: &'t str,
    /// Both sides.
    pub bilateral: &'t str,
    /// Assistant at surgery.
    pub assistant: &'t str,
    /// Two surgeons.
    pub co_surgeons: &'t str,
    /// A team.
    pub team: &'t str,
    /// No payment outside facilities.
    pub not_outside_facilities: bool,
    /// No payment inside facilities.
    pub not_in_facilities: bool,
    /// Relative value units in hundredths, outside facilities and inside; where known.
    pub total_hundredths: Option<(u32, u32)>,
    /// Where it stands.
    pub basis: Basis<'t>,
}

impl Limit<'_> {
    /// Whether each line is judged by itself; else all lines of the date together.
    pub fn is_per_line(&self) -> bool {
        self.mai == 1
    }
}

impl Primary<'_> {
    /// Whether only listed primaries do.
    pub fn is_of_closed_list(&self) -> bool {
        self.edit_type == 1
    }
}

/// A set of payer's tables. What it cannot say is `Err`.
pub trait Tables: Send + Sync {
    /// Identity, as answers name it.
    fn id(&self) -> &str;

    /// The pair of two codes, in either direction; of a pair whose start is unknown, see [`Pair::start_unknown`].
    fn pair(&self, program: Program, one: Code, other: Code, view: View) -> Result<Option<Pair<'_>>, Unchecked>;

    /// The unit limit of a code; `None`: the table of the date holds none.
    fn limit(&self, program: Program, code: Code, view: View) -> Result<Option<Limit<'_>>, Unchecked>;

    /// The primaries of an add-on code; none: the table of the date holds it as no add-on.
    fn primaries(&self, add_on: Code, view: View) -> Result<Vec<Primary<'_>>, Unchecked>;

    /// The fee schedule's indicators of a code, of the whole service.
    fn indicators(&self, code: Code, view: View) -> Result<Option<Indicators<'_>>, Unchecked>;

    /// The status of a code under outpatient prospective payment.
    fn opps_status(&self, code: Code, view: View) -> Result<Option<(&str, Basis<'_>)>, Unchecked>;

    /// Whether any list of codes says that the code lived on the date.
    fn lived(&self, code: Code, on: ServiceDate) -> Result<bool, Unchecked>;
}
