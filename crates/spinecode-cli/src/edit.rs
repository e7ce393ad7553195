//! `spinecode edit`: claims in, one edit report each out, in the order of the input.
//!
//! All claims of the input are judged together by billing day, wherever they stand, so the whole input and its reports are
//! held in memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use spinecode_core::edit::account;
use spinecode_core::edit::claim::{RawClaim, RawLine};
use spinecode_core::edit::report::{EditReport, Severity};
use spinecode_core::{InputError, ServiceDate};
use spinecode_engine::{EditOptions, Engine, Error};

use crate::args::{EditArgs, EditFormat as Format};
use crate::claims::{self, ColumnMap};
use crate::code::{Progress, escaped, sources};
use crate::failure::{BAD_INPUT, FINDINGS, Failure};
use crate::open;

/// Sets of claims that go to the engine in one go: between goes the progress is told.
const GO: usize = 4096;

/// Where a claim stands in the input.
struct Place {
    file: Option<PathBuf>,
    line: usize,
}

impl Place {
    fn told(&self) -> String {
        match &self.file {
            Some(file) => format!("{}, line {}", file.display(), self.line),
            None => format!("line {}", self.line),
        }
    }
}

pub(crate) fn run(args: EditArgs) -> Result<ExitCode, Failure> {
    let map = claims::columns(&args.map)?;
    let history = args.history.map(|file| history(file, &map)).transpose()?;
    let (places, mut read) = all(args.files, &map)?;
    for claim in read.iter_mut().flatten() {
        prepare(claim, args.on, history.as_ref());
    }
    let engine = open::engine(&args.engine)?;
    let options = EditOptions {
        payer: args.payer,
        as_of: args.as_of.map(|day| day.to_string()),
        release: None,
        alone: args.alone,
        repair: args.repair,
        nearest_quarter: args.nearest_quarter,
    };
    let mut progress = Progress::new("claims edited");
    let answers = answers(&*engine, read, &options, &mut progress);
    let out: Box<dyn Write> = match &args.output {
        Some(file) => Box::new(File::create(file).map_err(|why| Failure::WriteFile {
            file: file.clone(),
            why,
        })?),
        None => Box::new(io::stdout().lock()),
    };
    let mut out = BufWriter::new(out);
    let written = write(&mut out, args.format, &places, &answers).and_then(|()| out.flush());
    progress.end();
    match written {
        // A reader that has seen enough (`head`) is no fault.
        Err(why) if why.kind() == ErrorKind::BrokenPipe && args.output.is_none() => return Ok(ExitCode::SUCCESS),
        Err(why) => return Err(Failure::Write(why)),
        Ok(()) => {}
    }
    let mut bad = false;
    let mut gone = false;
    for (place, answer) in places.iter().zip(&answers) {
        let Err(error) = answer else { continue };
        bad = true;
        // One word is enough for a server that is not there.
        let transport = matches!(error, Error::Transport(_));
        if !(gone && transport) {
            Failure::at(place.told(), error.clone()).tell();
        }
        gone |= transport;
    }
    let found = || answers.iter().flatten().any(grave);
    Ok(if bad {
        ExitCode::from(BAD_INPUT)
    } else if args.check && found() {
        ExitCode::from(FINDINGS)
    } else {
        ExitCode::SUCCESS
    })
}

fn grave(report: &EditReport) -> bool {
    report
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}

/// Every claim of the files, or why it is none.
type Read = (Vec<Place>, Vec<Result<RawClaim, Error>>);

fn all(files: Vec<PathBuf>, map: &ColumnMap) -> Result<Read, Failure> {
    let (mut places, mut read) = (Vec::new(), Vec::new());
    for source in sources(files)? {
        let file = source.name.clone();
        for item in claims::read(source, map)? {
            places.push(Place {
                file: file.clone(),
                line: item.line,
            });
            read.push(item.value.map_err(|fault| Error::Input(InputError::one(fault))));
        }
    }
    Ok((places, read))
}

/// Earlier lines by person, each with its claim's id.
type History = HashMap<String, Vec<(Option<String>, RawLine)>>;

/// Reads earlier claims. One that cannot be read ends the run: without it, what hangs on the history would be judged wrongly.
fn history(file: PathBuf, map: &ColumnMap) -> Result<History, Failure> {
    let mut history = History::new();
    let (places, read) = all(vec![file], map)?;
    for (place, claim) in places.iter().zip(read) {
        let mut claim = claim.map_err(|error| Failure::at(place.told(), error))?;
        let misread = std::mem::take(&mut claim.misread);
        if !misread.is_empty() {
            let error = Error::Input(InputError { violations: misread });
            return Err(Failure::at(place.told(), error));
        }
        if let Some(person) = claim.person_id.clone() {
            let id = claim.claim_id.clone();
            let lines = claim.into_history().into_iter().map(|line| (id.clone(), line));
            history.entry(person).or_default().extend(lines);
        }
    }
    Ok(history)
}

/// Gives a claim the date asked for, and the earlier lines of its person.
fn prepare(claim: &mut RawClaim, on: Option<ServiceDate>, history: Option<&History>) {
    if let Some(on) = on {
        for line in &mut claim.lines {
            line.date_of_service = on.to_string();
        }
    }
    // A person whom the history does not name had nothing earlier; a claim that names no person has no history.
    if let (Some(history), Some(person)) = (history, &claim.person_id) {
        let own = claim.history.get_or_insert_default();
        let earlier = history.get(person).into_iter().flatten();
        own.extend(
            earlier
                .filter(|(id, _)| id.is_none() || *id != claim.claim_id)
                .map(|(_, line)| line.clone()),
        );
    }
}

fn answers(
    engine: &dyn Engine,
    read: Vec<Result<RawClaim, Error>>,
    options: &EditOptions,
    progress: &mut Progress,
) -> Vec<Result<EditReport, Error>> {
    let mut answers: Vec<Option<Error>> = Vec::with_capacity(read.len());
    let mut claims: Vec<RawClaim> = Vec::with_capacity(read.len());
    for claim in read {
        match claim {
            Ok(claim) => {
                claims.push(claim);
                answers.push(None);
            }
            Err(error) => answers.push(Some(error)),
        }
    }
    let mut reports: Vec<Option<Result<EditReport, Error>>> = vec![None; claims.len()];
    let mut sets = spinecode_core::edit::claim::sets(&claims, options.alone)
        .into_iter()
        .peekable();
    while sets.peek().is_some() {
        let mut places: Vec<usize> = Vec::new();
        while let Some(set) = sets.next_if(|set| places.is_empty() || places.len() + set.len() <= GO) {
            places.extend(set);
        }
        // In the order of the input, so that a report does not hang on how claims were grouped.
        places.sort_unstable();
        let go: Vec<RawClaim> = places
            .iter()
            .filter_map(|at| claims.get_mut(*at).map(std::mem::take))
            .collect();
        for (at, report) in places.iter().zip(engine.edit(&go, options)) {
            if let Some(place) = reports.get_mut(*at) {
                *place = Some(report);
            }
        }
        progress.add(places.len());
    }
    let missing = || Err(Error::Transport("the report is missing".to_owned()));
    let mut reports = reports.into_iter();
    answers
        .into_iter()
        .map(|unread| match unread {
            Some(error) => Err(error),
            None => reports.next().flatten().unwrap_or_else(missing),
        })
        .collect()
}

const HTML_HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Edited claims</title>\
     <style>:root{color-scheme:light dark}</style></head>\n<body>\n";
const HTML_FOOT: &str = "</body>\n</html>\n";

fn write(
    out: &mut impl Write,
    format: Format,
    places: &[Place],
    answers: &[Result<EditReport, Error>],
) -> io::Result<()> {
    let all = || places.iter().zip(answers);
    match format {
        Format::Json => {
            for (_, answer) in all() {
                match answer {
                    Ok(report) => writeln!(out, "{}", report.canonical_json())?,
                    Err(error) => writeln!(out, "{}", error.to_json())?,
                }
            }
        }
        Format::Text => {
            for (place, answer) in all() {
                match answer {
                    Ok(report) => writeln!(out, "{}", account::account(report))?,
                    Err(error) => writeln!(out, "The claim of {} has no report: {error}\n", place.told())?,
                }
            }
        }
        Format::Html => {
            out.write_all(HTML_HEAD.as_bytes())?;
            for (place, answer) in all() {
                match answer {
                    Ok(report) => writeln!(out, "{}", account::html(report))?,
                    Err(error) => {
                        let said = escaped(&format!("The claim of {} has no report: {error}", place.told()));
                        writeln!(out, "<p>{said}</p>")?;
                    }
                }
            }
            out.write_all(HTML_FOOT.as_bytes())?;
        }
        Format::Csv => {
            let mut table = csv::Writer::from_writer(out);
            table.write_record(account::COLUMNS)?;
            for (place, answer) in all() {
                match answer {
                    Ok(report) => {
                        for finding in &report.findings {
                            table.write_record(account::record(report, finding))?;
                        }
                    }
                    Err(error) => table.write_record(unread(place, error))?,
                }
            }
            table.flush()?;
        }
    }
    Ok(())
}

/// The row of a claim that has no report.
fn unread(place: &Place, error: &Error) -> Vec<String> {
    account::COLUMNS
        .iter()
        .map(|column| match *column {
            "severity" => Severity::Error.as_str().to_owned(),
            "name" => "no-report".to_owned(),
            "message" => format!("The claim of {} has no report: {error}", place.told()),
            _ => String::new(),
        })
        .collect()
}
