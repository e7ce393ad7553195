//! The Python module `spinecode._spinecode`: glue between Python objects and the engine. It decides nothing: reading a
//! case, judging it and writing the answer are the core's work, the same on every face.

mod answer;
mod claim;
mod dates;
mod drawing;
mod engine;
mod error;
mod explain;
mod info;
mod input;
mod lookup;
mod read;
mod report;
mod value;

use pyo3::prelude::*;

// An answer is many small allocations: a third of its cost goes with this allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Codes spine procedures: the compiled part of `spinecode`.
#[pymodule]
mod _spinecode {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::answer::{
        Assumption, CodedCase, Coding, Explanation, Knowledge, Line, NotReported, Notice, Question, Step, Withheld,
    };
    #[pymodule_export]
    use crate::claim::{Claim, ClaimLine};
    #[pymodule_export]
    use crate::drawing::Drawing;
    #[pymodule_export]
    use crate::engine::{_core_seconds, _reopen, Engine, connect, kinds, profiles};
    #[pymodule_export]
    use crate::error::Violation;
    #[pymodule_export]
    use crate::explain::{
        Change, Difference, Eras, Explained, LineChange, LineDifference, Node, Remedy, RowNote, Stretch, Turn, WhatIf,
        WhyNot,
    };
    #[pymodule_export]
    use crate::info::{CitationInfo, EngineInfo, FactInfo, KindInfo, ProfileInfo, RuleInfo, RuleVersion};
    #[pymodule_export]
    use crate::input::{Case, Procedure, Site};
    #[pymodule_export]
    use crate::lookup::{
        Basis, CodeCoverage, CodeDifference, CodePair, Companion, Coverage, Evidence, GuidanceUse, Inclusion,
        LayerHolding, LeadingKind, LifeStretch, LintCheck, LintFinding, LintReport, Lookup, RoleUse, RuleUse, Sibling,
        Succession, TableHolding, UnitLimit, Way, WhenFact,
    };
    #[pymodule_export]
    use crate::report::{Adjustment, ClaimChange, EditReport, Finding, LineRef, LineVerdicts, Repair};
    #[pymodule_export]
    use crate::value::_restore;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
