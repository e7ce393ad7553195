//! CMS's quarterly files, read strictly, and the *release* made of them: one file that is mapped into memory and asked by date.
//!
//! [`build()`] reads the official layouts (pair edits, unit limits, add-on edits, fee schedule, OPPS Addendum B; text, CSV or XLSX,
//! inside their ZIPs or not), merges any number of quarters, and gives the bytes of a release: the same bytes for the same files,
//! in whatever order they come. [`Release`] opens one and answers. The format is told in `docs/release-format.md`.
//!
//! ```
//! use spinecode_core::date::View;
//! use spinecode_core::{Code, ServiceDate};
//! use spinecode_release::{Input, MueTable, Options, Release, build};
//!
//! let file = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n\
//!             X0001,2,3 Date of Service Edit: Clinical,Clinical: Data\r\n";
//! let input = Input::from_bytes("MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", file.into());
//! let built = build(&[input], None, &Options::default()).unwrap();
//! let release = Release::from_bytes(built.bytes().to_vec()).unwrap();
//!
//! let view = View { on: ServiceDate::parse("2024-09-30").unwrap(), as_of: None };
//! let limit = release.limits(Code::parse("X0001").unwrap(), view, MueTable::Practitioner).unwrap().unwrap();
//! assert_eq!((limit.units(), limit.adjudication()), (2, 3));
//! ```

mod build;
mod container;
mod day;
mod diff;
mod fault;
mod header;
mod info;
mod name;
mod record;
mod release;
mod source;
mod table;
mod tables;
#[cfg(test)]
mod tests;

pub use build::{BuildError, Built, Options, build};
pub use container::{FORMAT_VERSION, READER_VERSION};
pub use diff::{Diff, DiffOptions, FieldDiff, RowDiff, TableDiff, diff};
pub use fault::Fault;
pub use info::{EditionInfo, Info, SectionInfo, TableInfo};
pub use release::{
    AddOnPrimary, AmbulatoryStatus, FeeSchedule, Limit, Load, MueTable, NotChecked, OpenError, Pair, PtpTable, Release,
    Rows,
};
pub use source::{Declared, Input};
pub use table::{Edition, Table};
pub use tables::ReleaseTables;
