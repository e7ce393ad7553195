//! The project's own checks and generators. Run as `cargo xtask COMMAND`.

mod docs;
mod facts;
mod new_rule;
mod source;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Checks and generators of this repository",
    max_term_width = 100
)]
struct Cli {
    /// Root of the checkout to work on, instead of the one this was built in
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the invariants of ARCHITECTURE.md that the compiler does not
    Tidy,
    /// Write docs/rules from the rules' own comments and the facts
    Docs {
        /// Write nothing; fail where a page differs
        #[arg(long)]
        check: bool,
    },
    /// Prove that code and edit agree over every combination of what can be done (a release build; minutes)
    Closure {
        /// Given on to the proof; `-- --help` tells them
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Make the skeleton of a rule: file, registry line, row of the facts and a failing conformance case
    NewRule {
        /// Family, such as `facet_injection`; a new one is made
        family: String,
        /// What is decided, in snake_case, such as `same_joint_twice`
        name: String,
        /// Key of the source in citations.toml; a placeholder that the facts' checker refuses when left out
        #[arg(long, value_name = "KEY")]
        citation: Option<String>,
    },
}

/// Runs the proof, which is a program of its own so that these checks need no engine.
fn closure(root: &Path, rest: &[String]) -> Outcome {
    let status = std::process::Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["run", "--release", "--quiet", "-p", "spinecode-closure", "--"])
        .args(rest)
        .status();
    match status {
        Ok(status) if status.success() => Ok("closure: ok".to_owned()),
        Ok(status) => Err(vec![format!("closure ended with {status}")]),
        Err(why) => Err(vec![format!("closure could not be run: {why}")]),
    }
}

/// What a command says: nothing on success, or everything that is wrong.
type Outcome = Result<String, Vec<String>>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let root = cli.root.unwrap_or_else(built_in);
    let outcome = match &cli.command {
        Command::Tidy => tidy::run(&root),
        Command::Docs { check } => docs::run(&root, *check),
        Command::Closure { rest } => closure(&root, rest),
        Command::NewRule { family, name, citation } => new_rule::run(&root, family, name, citation.as_deref()),
    };
    match outcome {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in &faults {
                eprintln!("{fault}");
            }
            eprintln!("{} faults", faults.len());
            ExitCode::FAILURE
        }
    }
}

fn built_in() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Reads a file, naming it in the fault.
fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))
}

/// Every file below a folder whose name ends so, in order of path; none where the folder is absent.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
