//! `spinecode lookup` and `spinecode coverage`: what is known of a code, and where it stands.

use std::io::Write as _;
use std::process::ExitCode;

use spinecode_core::ServiceDate;
use spinecode_core::lookup::{coverage_account, coverage_html, lookup_account, lookup_html};
use spinecode_engine::LookupOptions;

use crate::args::{CoverageArgs, Format, LookupArgs};
use crate::failure::Failure;
use crate::open;

pub(crate) fn run(args: &LookupArgs) -> Result<ExitCode, Failure> {
    let answer = open::engine(&args.engine)?.lookup(&args.code, &options(args.on, args.as_of))?;
    write(match args.format {
        Format::Json => answer.canonical_json() + "\n",
        Format::Text => lookup_account(&answer),
        Format::Html => page(&args.code, &lookup_html(&answer)),
    })
}

pub(crate) fn coverage(args: &CoverageArgs) -> Result<ExitCode, Failure> {
    let answer = open::engine(&args.engine)?.coverage(args.code.as_deref(), &options(args.on, args.as_of))?;
    write(match args.format {
        Format::Json => answer.canonical_json() + "\n",
        Format::Text => coverage_account(&answer),
        Format::Html => page("Coverage", &coverage_html(&answer)),
    })
}

fn options(on: Option<ServiceDate>, as_of: Option<ServiceDate>) -> LookupOptions {
    LookupOptions {
        on: on.map(|day| day.to_string()),
        as_of: as_of.map(|day| day.to_string()),
    }
}

fn write(text: String) -> Result<ExitCode, Failure> {
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// A code that was read is letters and digits, so the title needs no escape.
fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{body}\n</body>\n</html>\n",
        title.trim()
    )
}
