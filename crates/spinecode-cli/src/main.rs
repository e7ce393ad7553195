//! The command line for people and scripts. No business decision is taken here: it reads, asks the engine and writes.

mod args;
mod claims;
mod code;
mod data;
mod edit;
mod explain;
mod failure;
mod items;
mod lookup;
mod open;
mod release;
mod rule;
mod schema;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};

// An answer is many small allocations: a third of its cost goes with this allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Code(args) => code::run(args),
        Command::Edit(args) => edit::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Schema(args) => schema::run(&args),
        Command::Lookup(args) => lookup::run(&args),
        Command::Coverage(args) => lookup::coverage(&args),
        Command::Data(args) => data::run(&args),
        Command::Rule(args) => rule::run(&args),
        Command::Serve(args) => serve::run(args),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure::BAD_INPUT)
        }
    }
}
