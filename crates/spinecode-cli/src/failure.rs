//! What a person is told when there is no answer. Machines read the answer's own place on standard output instead.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use spinecode_core::{InputError, Violation};
use spinecode_engine::Error;

/// Exit code for bad input, bad usage, and any question that found no answer.
pub(crate) const BAD_INPUT: u8 = 2;

/// Exit code of `--check` where there are findings of severity error.
pub(crate) const FINDINGS: u8 = 1;

/// Why there is nothing to write.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file could not be read.
    #[error("cannot read `{}`: {why}", file.display())]
    Read {
        file: PathBuf,
        #[source]
        why: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{}`: {why}", file.display())]
    WriteFile {
        file: PathBuf,
        #[source]
        why: std::io::Error,
    },
    /// No release can be built.
    #[error("no release was built\n{0}")]
    Build(#[from] spinecode_release::BuildError),
    /// A release cannot be opened.
    #[error("{0}")]
    Release(#[from] spinecode_release::OpenError),
    /// A table of a release cannot be read.
    #[error("{0}")]
    Table(#[from] spinecode_release::NotChecked),
    /// Standard output broke.
    #[error("cannot write the answer: {0}")]
    Write(#[from] std::io::Error),
    /// The engine cannot answer.
    #[error("{}", what(.error, .at.as_deref()))]
    Engine { at: Option<String>, error: Error },
    /// The server could not be started, or broke.
    #[error("cannot serve: {0}")]
    Serve(#[from] spinecode_server::ServeError),
    /// The drain limit passed.
    #[error("stopped with calls under way, which were cut off at the drain limit")]
    CutOff,
    /// The server broke off, so the rest was not asked.
    #[error("the server gives no answers, so the rest of the input was not sent")]
    Gone,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine { at: None, error }
    }
}

impl Failure {
    pub(crate) fn read(file: &Path, why: std::io::Error) -> Self {
        Self::Read {
            file: file.to_path_buf(),
            why,
        }
    }

    /// A fault of what was given on the command line.
    pub(crate) fn input(fault: Violation) -> Self {
        Error::Input(InputError::one(fault)).into()
    }

    /// An engine error about one item of the input.
    pub(crate) fn at(place: String, error: Error) -> Self {
        Self::Engine { at: Some(place), error }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Engine { error, .. } => error.violations(),
            _ => &[],
        }
    }

    /// Writes to standard error: a drawn report on a terminal, plain lines elsewhere.
    pub(crate) fn tell(&self) {
        let mut out = std::io::stderr().lock();
        let text = if out.is_terminal() {
            format!("{:?}", miette::Report::new(Drawn::from(self)))
        } else {
            self.plain()
        };
        // Nobody is left to be told that standard error is closed.
        let _ = writeln!(out, "{}", text.trim_end());
    }

    fn plain(&self) -> String {
        let mut text = format!("error: {self}");
        for violation in self.violations() {
            text.push_str(&format!("\n  {}", violation.message().trim_start_matches(": ")));
        }
        text
    }
}

fn what(error: &Error, at: Option<&str>) -> String {
    let said = match error {
        Error::Input(_) => match error.violations().len() {
            1 => "the input has 1 fault".to_owned(),
            many => format!("the input has {many} faults"),
        },
        other => other.to_string(),
    };
    at.map_or(said.clone(), |at| format!("{at}: {said}"))
}

/// A failure as miette draws it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Drawn {
    message: String,
    help: Option<String>,
    related: Vec<Drawn>,
}

impl From<&Failure> for Drawn {
    fn from(failure: &Failure) -> Self {
        Self {
            message: failure.to_string(),
            help: None,
            related: failure.violations().iter().map(Self::of_violation).collect(),
        }
    }
}

impl Drawn {
    fn of_violation(violation: &Violation) -> Self {
        let mut message = violation.reason.as_str().replace('_', " ");
        if let Some(value) = &violation.value {
            message.push_str(&format!(" `{value}`"));
        }
        if !violation.path.is_empty() {
            message.push_str(&format!(" in {}", violation.path));
        }
        let help = match (&violation.suggestion, violation.expected.as_str()) {
            (Some(near), _) => Some(format!("did you mean `{near}`?")),
            (None, "") => None,
            (None, expected) => Some(format!("expected: {expected}")),
        };
        Self {
            message,
            help,
            related: Vec::new(),
        }
    }
}

impl miette::Diagnostic for Drawn {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(
            self.related.iter().map(|drawn| drawn as &dyn miette::Diagnostic),
        ))
    }
}
