//! What the command line takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use spinecode_core::{Code, ServiceDate, TraceLevel};
use spinecode_release::{Load, Table};

/// Codes spine procedures (CPT and HCPCS) for any date of service from 2005 on.
#[derive(Debug, Parser)]
#[command(name = "spinecode", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Code cases: which codes, units and modifiers report what was done
    Code(CodeArgs),
    /// Edit claims: is each right, by which layer not, and what is the smallest change that makes it right
    Edit(EditArgs),
    /// Explain answers: why, why not, what if, and over all eras
    Explain(ExplainArgs),
    /// Print the JSON Schema of an input or an answer
    Schema(SchemaArgs),
    /// Look up one code: what it is on a date, what became of it, what goes with it, how that is known
    Lookup(LookupArgs),
    /// Tell which layers hold data for a code or for every code, and from where
    Coverage(CoverageArgs),
    /// Work on the facts themselves
    Data(DataArgs),
    /// Show one rule: its versions, their dates and their sources
    Rule(RuleArgs),
    /// Answer over gRPC (spinecode.v1) until SIGTERM or SIGINT
    Serve(ServeArgs),
}

/// Where the answers come from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Engine")]
pub(crate) struct EngineArgs {
    /// Folder of your own facts and profiles, laid over the built-in ones
    #[arg(long, value_name = "DIR", conflicts_with = "remote")]
    pub(crate) facts: Option<PathBuf>,
    /// Release of CMS's tables, as `data build` writes it; it is asked first, the built-in rows where it cannot say
    #[arg(long, value_name = "FILE", conflicts_with = "remote")]
    pub(crate) release: Option<PathBuf>,
    /// How the release is taken into memory
    #[arg(long, value_enum, default_value_t = LoadArg::Map, requires = "release")]
    pub(crate) load: LoadArg,
    /// Ask a server instead of the engine in this program, such as `http://127.0.0.1:50051`
    #[arg(long, value_name = "URL")]
    pub(crate) remote: Option<String>,
    /// Certificates (PEM) to trust the server by, instead of the system's
    #[arg(long, value_name = "FILE", requires = "remote")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// This client's certificate (PEM), where the server asks for one
    #[arg(long, value_name = "FILE", requires = "remote", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key (PEM) of this client's certificate
    #[arg(long, value_name = "FILE", requires = "remote", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Name that the server's certificate must carry, where it is not the host of the URL
    #[arg(long, value_name = "NAME", requires = "remote")]
    pub(crate) tls_domain: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CodeArgs {
    /// Files of cases, each JSON (one case or a list) or JSON Lines; `-` or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How the answers are written
    #[arg(long, value_enum, default_value_t = CodeFormat::Json)]
    pub(crate) format: CodeFormat,
    /// Payer name, instead of the case's own
    #[arg(long, value_name = "NAME")]
    pub(crate) payer: Option<String>,
    /// Use only what had been published by this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<ServiceDate>,
    /// Date of service, instead of the case's own
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) on: Option<ServiceDate>,
    /// How much of the evaluation is told
    #[arg(long, value_enum, default_value_t = Trace::Ids)]
    pub(crate) trace: Trace,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// Files of claims: JSON (one claim or a list), JSON Lines, or CSV with the columns of the Tuva Project's `medical_claim`;
    /// `-` or none: standard input. All are judged together by billing day and held in memory
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// File to write the reports to, instead of standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Look for the smallest changes after which each claim passes
    #[arg(long)]
    pub(crate) repair: bool,
    /// File of earlier claims in the same formats, attached by person; a person it does not name had none
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// Judge each claim by itself, not with the others of its billing day
    #[arg(long)]
    pub(crate) alone: bool,
    /// Judge dates outside the quarters loaded by the nearest quarter; findings then say so
    #[arg(long)]
    pub(crate) nearest_quarter: bool,
    /// Exit with 1 where there are findings of severity error
    #[arg(long)]
    pub(crate) check: bool,
    /// Another name of a CSV column, such as `hcpcs_code=proc_code`; repeat it for several
    #[arg(long, value_name = "NAME=COLUMN")]
    pub(crate) map: Vec<String>,
    /// How the reports are written
    #[arg(long, value_enum, default_value_t = EditFormat::Json)]
    pub(crate) format: EditFormat,
    /// Payer name, instead of the claims' own
    #[arg(long, value_name = "NAME")]
    pub(crate) payer: Option<String>,
    /// Use only what had been published by this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<ServiceDate>,
    /// Date of service of every line, instead of its own
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) on: Option<ServiceDate>,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Files of cases, each JSON (one case or a list) or JSON Lines; `-` or none: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Why this code is not in the answer, and the smallest change that would put it there
    #[arg(long, value_name = "CODE", conflicts_with_all = ["what_if", "eras"])]
    pub(crate) why_not: Option<String>,
    /// The answer before and after a change, such as `guidance=ct`, `payer=medicare` or `procedures.0.side=left`; repeat it
    /// for several changes at once
    #[arg(long, value_name = "FACT=VALUE", conflicts_with = "eras")]
    pub(crate) what_if: Vec<String>,
    /// The case over all eras of the facts: what changed when, and why
    #[arg(long)]
    pub(crate) eras: bool,
    /// How the explanations are written
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
    /// Payer name, instead of the case's own
    #[arg(long, value_name = "NAME")]
    pub(crate) payer: Option<String>,
    /// Use only what had been published by this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<ServiceDate>,
    /// Date of service, instead of the case's own
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) on: Option<ServiceDate>,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Of what
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RuleArgs {
    /// Id of the rule, such as an answer's explanation names it
    pub(crate) id: String,
    /// How the rule is written
    #[arg(long, value_enum, default_value_t = RuleFormat::Json)]
    pub(crate) format: RuleFormat,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LookupArgs {
    /// The code: five letters or digits
    pub(crate) code: String,
    /// Date of service [default: the last day of the code's life that was verified]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) on: Option<ServiceDate>,
    /// Use only what had been published by this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<ServiceDate>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CoverageArgs {
    /// One code [default: every code of the tables]
    pub(crate) code: Option<String>,
    /// Date of service [default: every date]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) on: Option<ServiceDate>,
    /// Use only what had been published by this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<ServiceDate>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Build a release: one file of CMS's tables, from CMS's own files
    Build(BuildArgs),
    /// Tell what a release holds: tables, quarters, rows, dates, hashes
    Info(InfoArgs),
    /// Compare two releases: the rows of each table that were added, ended or changed
    Diff(DiffArgs),
    /// Look for faults in the facts: what is unreachable, contradicts, is undeclared or rests on too little
    Lint(LintArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Folder of conformance cases, such as `tests/conformance`: checks too what no case shows
    #[arg(long, value_name = "DIR", conflicts_with = "remote")]
    pub(crate) cases: Option<PathBuf>,
    /// Exit with 1 where there are errors; warnings are no errors
    #[arg(long)]
    pub(crate) check: bool,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = RuleFormat::Json)]
    pub(crate) format: RuleFormat,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// Files of CMS as they were downloaded (ZIP, text, CSV, XLSX), in any order and of any number of quarters: pair edits
    /// (PTP), unit limits (MUE), add-on codes, fee schedule (PPRRVU), OPPS Addendum B. A file whose name was changed is given
    /// as `TABLE@DATE=FILE`, such as `ptp_hospital@2024-07-01=pairs.txt`
    #[arg(value_name = "FILE", required_unless_present = "base")]
    pub(crate) files: Vec<String>,
    /// File to write; an older one is replaced at once, so that readers see the old or the new one
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Release to add the files to
    #[arg(long, value_name = "RELEASE")]
    pub(crate) base: Option<PathBuf>,
    /// Take pair edits of which parts are missing; the release then never says that a pair is not there
    #[arg(long)]
    pub(crate) partial: bool,
    /// Take pair edits without effective dates; they are marked `start_unknown`
    #[arg(long)]
    pub(crate) unknown_starts: bool,
    /// How what was built is told
    #[arg(long, value_enum, default_value_t = RuleFormat::Text)]
    pub(crate) format: RuleFormat,
}

#[derive(Debug, Args)]
pub(crate) struct InfoArgs {
    /// The release [default: cms.release]
    #[arg(value_name = "RELEASE")]
    pub(crate) release: Option<PathBuf>,
    /// Verify every hash
    #[arg(long)]
    pub(crate) verify: bool,
    /// How the release is taken into memory
    #[arg(long, value_enum, default_value_t = LoadArg::Map)]
    pub(crate) load: LoadArg,
    /// How it is told
    #[arg(long, value_enum, default_value_t = RuleFormat::Json)]
    pub(crate) format: RuleFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older release
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer release
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Only this table, such as `ptp_practitioner`; repeat it for several
    #[arg(long, value_name = "TABLE", value_parser = table)]
    pub(crate) table: Vec<Table>,
    /// Only rows of this code; repeat it for several
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) code: Vec<Code>,
    /// Tell the numbers alone
    #[arg(long)]
    pub(crate) summary: bool,
    /// How the releases are taken into memory
    #[arg(long, value_enum, default_value_t = LoadArg::Map)]
    pub(crate) load: LoadArg,
    /// How the differences are written
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// To be read
    Text,
    /// JSON, on one line
    Json,
    /// A row a difference
    Csv,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LoadArg {
    /// Mapped: opened at once, shared between processes
    #[default]
    Map,
    /// Copied, where the file is changed in place or lies on a network
    Copy,
}

impl From<LoadArg> for Load {
    fn from(load: LoadArg) -> Self {
        match load {
            LoadArg::Map => Self::Map,
            LoadArg::Copy => Self::Copy,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes a free one. It is told as `listening on ADDR`
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50051")]
    pub(crate) listen: SocketAddr,
    /// Folder of your own facts and profiles, laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) facts: Option<PathBuf>,
    /// Release of CMS's tables, as `data build` writes it; it is asked first, the built-in rows where it cannot say
    #[arg(long, value_name = "FILE")]
    pub(crate) release: Option<PathBuf>,
    /// How the release is taken into memory
    #[arg(long, value_enum, default_value_t = LoadArg::Map, requires = "release")]
    pub(crate) load: LoadArg,
    /// Largest request message, in bytes after decompression [default: 4 MiB]
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) max_message_bytes: Option<usize>,
    /// Most coding calls at once; further ones are refused [default: 1024]
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) concurrency: Option<usize>,
    /// Longest time that one call may take, streams apart [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) deadline: Option<u64>,
    /// On stopping, how long calls under way may go on [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) drain: Option<u64>,
    /// Certificate chain (PEM): serve TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key (PEM) of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Take only clients whose certificate comes from this authority (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) client_ca: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Canonical JSON, one answer a line
    Json,
    /// An account to be read
    Text,
    /// An account to be looked at in a browser
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodeFormat {
    /// Canonical JSON, one answer a line
    Json,
    /// An account to be read
    Text,
    /// An account to be looked at in a browser, with its drawing
    Html,
    /// The drawing alone, one a line: the spine, and what was done
    Svg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditFormat {
    /// Canonical JSON, one report a line
    Json,
    /// An account to be read: the grid of layers, findings, repairs
    Text,
    /// An account to be looked at in a browser
    Html,
    /// A table, one row a finding
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleFormat {
    /// JSON, on one line
    Json,
    /// To be read
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trace {
    /// Nothing
    None,
    /// Rules, rows of the facts and citations, by id
    Ids,
    /// Every step
    Full,
}

impl From<Trace> for TraceLevel {
    fn from(trace: Trace) -> Self {
        match trace {
            Trace::None => Self::None,
            Trace::Ids => Self::Ids,
            Trace::Full => Self::Full,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// What `code` takes
    Case,
    /// What `edit` takes
    Claim,
    /// What `code` answers
    Answer,
    /// What `edit` answers
    Report,
}

fn date(text: &str) -> Result<ServiceDate, String> {
    ServiceDate::parse(text).ok_or_else(|| "not a day written YYYY-MM-DD".to_owned())
}

fn table(text: &str) -> Result<Table, String> {
    let names = Table::ALL.map(Table::as_str).join(", ");
    Table::parse(text).ok_or_else(|| format!("no table of that name; there are {names}"))
}

fn code(text: &str) -> Result<Code, String> {
    Code::parse(text).ok_or_else(|| "not a code: five letters or digits".to_owned())
}

fn count(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| "not a whole number above 0".to_owned())
}
