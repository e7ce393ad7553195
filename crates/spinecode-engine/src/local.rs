//! The engine in process (interim shape while the rules land).

use spinecode_core::RawCase;
use spinecode_core::answer::CodedCase;

use crate::{EngineInfo, Error, Options, RuleInfo};

/// Core rules over the built-in facts.
pub struct LocalEngine(());

impl LocalEngine {
    /// Opens the built-in facts.
    pub fn new() -> Result<Self, Error> {
        Ok(Self(()))
    }

    /// Opens the built-in facts under a folder of the user's own facts and profiles.
    pub fn with_overlay(_folder: &std::path::Path) -> Result<Self, Error> {
        Ok(Self(()))
    }
}

impl crate::Engine for LocalEngine {
    fn code(&self, _case: &RawCase, _options: &Options) -> Result<CodedCase, Error> {
        Err(Error::Unsupported("interim".into()))
    }
    fn code_many(&self, cases: &[RawCase], options: &Options) -> Vec<Result<CodedCase, Error>> {
        cases.iter().map(|case| self.code(case, options)).collect()
    }
    fn rule(&self, _id: &str) -> Result<RuleInfo, Error> {
        Err(Error::Unsupported("interim".into()))
    }
    fn info(&self) -> Result<EngineInfo, Error> {
        Err(Error::Unsupported("interim".into()))
    }
}
