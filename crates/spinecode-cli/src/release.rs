//! `spinecode data build` and `spinecode data info`: releases of CMS's tables.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use spinecode_release::{Declared, Info, Input, Load, Options, Release};

use crate::args::{BuildArgs, InfoArgs, LoadArg, RuleFormat};
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
    let load = match args.load {
        LoadArg::Map => Load::Map,
        LoadArg::Copy => Load::Copy,
    };
    let release = Release::open(path, load)?;
    if args.verify {
        release.verify()?;
    }
    tell(&release.info(args.verify), args.format)
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
