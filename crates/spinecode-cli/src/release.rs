//! `spinecode data build`, `info` and `diff`: releases of CMS's tables.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use spinecode_release::{Declared, Diff, DiffOptions, Info, Input, Load, Options, Release};

use crate::args::{BuildArgs, DiffArgs, DiffFormat, InfoArgs, RuleFormat};
use crate::failure::Failure;

/// The release in the folder where one stands, when none is named.
const RELEASE: &str = "cms.release";

pub(crate) fn build(args: &BuildArgs) -> Result<ExitCode, Failure> {
    let base = match &args.base {
        Some(path) => Some(Release::open(path, Load::Copy)?),
        None => None,
    };
    let inputs: Vec<Input> = args.files.iter().map(|file| input(file)).collect();
    let options = Options {
        partial: args.partial,
        unknown_starts: args.unknown_starts,
    };
    let built = spinecode_release::build(&inputs, base.as_ref(), &options)?;
    for note in built.notes() {
        // Nobody is left to be told that standard error is closed.
        let _ = writeln!(std::io::stderr().lock(), "{note}");
    }
    built.write(&args.output).map_err(|why| Failure::WriteFile {
        file: args.output.clone(),
        why,
    })?;
    let release = Release::open(&args.output, Load::Map)?;
    tell(&release.info(false), args.format)
}

/// `FILE`, or `TABLE@DATE=FILE` where its name does not say what it is.
fn input(text: &str) -> Input {
    let said = text
        .split_once('=')
        .and_then(|(said, file)| Some((Declared::parse(said)?, file)));
    match said {
        Some((declared, file)) => Input::file(file).declared(declared),
        None => Input::file(text),
    }
}

pub(crate) fn info(args: &InfoArgs) -> Result<ExitCode, Failure> {
    let path = args.release.as_deref().unwrap_or(Path::new(RELEASE));
    let release = Release::open(path, args.load.into())?;
    if args.verify {
        release.verify()?;
    }
    tell(&release.info(args.verify), args.format)
}

pub(crate) fn diff(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let open = |path: &Path| Release::open(path, args.load.into());
    let options = DiffOptions {
        tables: args.table.clone(),
        codes: args.code.clone(),
        summary: args.summary,
    };
    let diff = spinecode_release::diff(&open(&args.old)?, &open(&args.new)?, &options)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    match args.format {
        DiffFormat::Json => {
            serde_json::to_writer(&mut out, &diff).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
        }
        DiffFormat::Text => differences(&diff, &mut out)?,
        DiffFormat::Csv => rows(&diff, &mut out)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What a release without the table is told as.
fn quarter(day: Option<&str>) -> &str {
    day.unwrap_or("no such table")
}

fn differences(diff: &Diff, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "from release {}\n  to release {}", diff.old, diff.new)?;
    for table in &diff.tables {
        let (old, new) = (table.old_quarter.as_deref(), table.new_quarter.as_deref());
        writeln!(
            out,
            "\n{}, {} to {}: {} added, {} ended, {} changed",
            table.table,
            quarter(old),
            quarter(new),
            table.added,
            table.ended,
            table.changed
        )?;
        for row in &table.rows {
            let key = [&row.code, &row.with].map(String::as_str).join(" ");
            write!(out, "  {:<7}  {:<11}", row.change, key.trim_end())?;
            if !row.first_day.is_empty() {
                write!(out, "  from {}", row.first_day)?;
            }
            for field in &row.fields {
                let said = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
                match (said(&field.old), said(&field.new)) {
                    (None, None) => {}
                    (Some(old), None) => write!(out, "  {} was {old}", field.field)?,
                    (None, Some(new)) => write!(out, "  {} {new}", field.field)?,
                    (Some(old), Some(new)) => write!(out, "  {} {old} -> {new}", field.field)?,
                }
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// A row for each field of each row that differs.
fn rows(diff: &Diff, out: &mut impl Write) -> std::io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(["table", "change", "code", "with", "first_day", "field", "old", "new"])?;
    for table in &diff.tables {
        for row in &table.rows {
            for field in &row.fields {
                rows.write_record([
                    table.table.as_str(),
                    row.change,
                    &row.code,
                    &row.with,
                    &row.first_day,
                    field.field,
                    field.old.as_deref().unwrap_or_default(),
                    field.new.as_deref().unwrap_or_default(),
                ])?;
            }
        }
    }
    rows.flush()
}

fn tell(info: &Info, format: RuleFormat) -> Result<ExitCode, Failure> {
    let text = match format {
        RuleFormat::Json => serde_json::to_string(info).map_err(std::io::Error::from)? + "\n",
        RuleFormat::Text => account(info),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn account(info: &Info) -> String {
    let mut text = format!(
        "release {}\nformat {}, {} bytes, {} codes{}\n",
        info.release,
        info.format_version,
        info.bytes,
        info.codes,
        if info.verified { ", every hash verified" } else { "" }
    );
    for table in &info.tables {
        text.push_str(&format!("\n{}, {} rows in the file\n", table.table, table.rows));
        for quarter in &table.quarters {
            text.push_str(&format!(
                "  {} to {}  {} rows",
                quarter.from, quarter.last_day, quarter.rows
            ));
            if quarter.withdrawn > 0 {
                text.push_str(&format!(", {} never in force left out", quarter.withdrawn));
            }
            if quarter.revision > 0 {
                text.push_str(&format!(", revision {}", quarter.revision));
            }
            if quarter.start_unknown {
                text.push_str(", start_unknown");
            }
            if quarter.partial {
                text.push_str(", partial");
            }
            text.push('\n');
        }
    }
    text.push('\n');
    for section in &info.sections {
        text.push_str(&format!(
            "{}  {:>10}  {}\n",
            section.hash, section.bytes, section.section
        ));
    }
    text
}
