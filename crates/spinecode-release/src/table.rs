//! The tables a release may hold, and the editions (quarters) of each.

use spinecode_core::ServiceDate;

use crate::day::Day;

/// A table of CMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// Procedure-to-procedure edits for practitioners and ambulatory surgical centres.
    PtpPractitioner,
    /// Procedure-to-procedure edits for outpatient hospitals.
    PtpHospital,
    /// Unit limits for practitioners.
    MuePractitioner,
    /// Unit limits for outpatient hospitals.
    MueHospital,
    /// Unit limits for suppliers of equipment.
    MueDme,
    /// Add-on code edits.
    AddOn,
    /// Physician fee schedule: the relative value file's indicators.
    FeeSchedule,
    /// Outpatient prospective payment, Addendum B: the status of each code.
    OppsB,
}

impl Table {
    /// Every table, in the order of the file.
    pub const ALL: [Self; 8] = [
        Self::PtpPractitioner,
        Self::PtpHospital,
        Self::MuePractitioner,
        Self::MueHospital,
        Self::MueDme,
        Self::AddOn,
        Self::FeeSchedule,
        Self::OppsB,
    ];

    /// The name by which a person or a file names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PtpPractitioner => "ptp_practitioner",
            Self::PtpHospital => "ptp_hospital",
            Self::MuePractitioner => "mue_practitioner",
            Self::MueHospital => "mue_hospital",
            Self::MueDme => "mue_dme",
            Self::AddOn => "add_on",
            Self::FeeSchedule => "fee_schedule",
            Self::OppsB => "opps_b",
        }
    }

    /// The table of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.as_str() == name)
    }

    /// What it is, for a message.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::PtpPractitioner => "practitioner pair edits (PTP)",
            Self::PtpHospital => "outpatient hospital pair edits (PTP)",
            Self::MuePractitioner => "practitioner unit limits (MUE)",
            Self::MueHospital => "outpatient hospital unit limits (MUE)",
            Self::MueDme => "equipment supplier unit limits (MUE)",
            Self::AddOn => "add-on code edits",
            Self::FeeSchedule => "physician fee schedule relative values",
            Self::OppsB => "OPPS Addendum B",
        }
    }

    /// Whether the rows carry their own dates. Where not, a row is the law of its quarter.
    pub(crate) fn is_dated(self) -> bool {
        matches!(self, Self::PtpPractitioner | Self::PtpHospital | Self::AddOn)
    }

    /// Where it stands in the file.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::PtpPractitioner => 1,
            Self::PtpHospital => 2,
            Self::MuePractitioner => 3,
            Self::MueHospital => 4,
            Self::MueDme => 5,
            Self::AddOn => 6,
            Self::FeeSchedule => 7,
            Self::OppsB => 8,
        }
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One published state of a table: a quarter's files, or one that replaced them within the quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    pub(crate) start: Day,
    pub(crate) revision: u8,
    pub(crate) partial: bool,
    pub(crate) unknown_starts: bool,
    pub(crate) rows: u32,
    pub(crate) withdrawn: u32,
}

impl Edition {
    /// First day the files are for. It stands for the day of publication too, which CMS's files do not print.
    pub fn start(&self) -> ServiceDate {
        self.start.service_date()
    }

    /// First day the files are no longer for: the next calendar quarter, unless a later edition begins before.
    pub fn until(&self) -> ServiceDate {
        self.start.next_quarter().service_date()
    }

    /// 0, or the number of the replacement.
    pub fn revision(&self) -> u8 {
        self.revision
    }

    /// Whether parts of the files were not given: a row that is missing then says nothing.
    pub fn partial(&self) -> bool {
        self.partial
    }

    /// Whether rows lack their first day.
    pub fn unknown_starts(&self) -> bool {
        self.unknown_starts
    }

    /// Rows that can be in force.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Rows that were never in force (withdrawn to their first day), which are left out.
    pub fn withdrawn(&self) -> u32 {
        self.withdrawn
    }
}
