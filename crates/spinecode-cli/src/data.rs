//! `spinecode data`: work on the facts themselves.

use std::io::Write as _;
use std::process::ExitCode;

use spinecode_core::lint::lint_account;

use crate::args::{DataArgs, DataCommand, LintArgs, RuleFormat};
use crate::failure::{FINDINGS, Failure};
use crate::{open, release};

pub(crate) fn run(args: &DataArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        DataCommand::Build(args) => release::build(args),
        DataCommand::Info(args) => release::info(args),
        DataCommand::Diff(args) => release::diff(args),
        DataCommand::Lint(args) => lint(args),
    }
}

fn lint(args: &LintArgs) -> Result<ExitCode, Failure> {
    let report = match &args.cases {
        Some(folder) => {
            let asked = &args.engine;
            open::local(asked.facts.as_deref(), asked.release.as_deref(), asked.load)?.lint_with_cases(folder)?
        }
        None => open::engine(&args.engine)?.lint()?,
    };
    let text = match args.format {
        RuleFormat::Json => report.canonical_json() + "\n",
        RuleFormat::Text => lint_account(&report),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(if args.check && report.errors() > 0 {
        ExitCode::from(FINDINGS)
    } else {
        ExitCode::SUCCESS
    })
}
