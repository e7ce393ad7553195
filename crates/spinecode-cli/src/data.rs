//! `spinecode data`: work on the facts themselves.

use std::process::ExitCode;

use crate::args::{DataArgs, DataCommand};
use crate::failure::Failure;
use crate::release;

pub(crate) fn run(args: &DataArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        DataCommand::Build(args) => release::build(args),
        DataCommand::Info(args) => release::info(args),
    }
}
