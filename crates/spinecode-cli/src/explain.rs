//! `spinecode explain`: why an answer is as it is, why a code is not in it, what if, and over all eras.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use spinecode_core::explain::{self, Canonical};
use spinecode_core::{InputError, RawCase, TraceLevel};
use spinecode_engine::{Engine, Error, Options};

use crate::args::{ExplainArgs, Format};
use crate::code::{escaped, sources};
use crate::failure::{BAD_INPUT, Failure};
use crate::items::Items;
use crate::open;

pub(crate) fn run(args: ExplainArgs) -> Result<ExitCode, Failure> {
    match all(args) {
        // A reader that has seen enough (`head`) is no fault.
        Err(Failure::Write(why)) if why.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        done => done,
    }
}

fn all(args: ExplainArgs) -> Result<ExitCode, Failure> {
    let sources = sources(args.files.clone())?;
    let engine = open::engine(&args.engine)?;
    let options = Options {
        payer: args.payer.clone(),
        as_of: args.as_of.map(|day| day.to_string()),
        release: None,
        trace: TraceLevel::Full,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut bad = false;
    if args.format == Format::Html {
        out.write_all(HTML_HEAD.as_bytes())?;
    }
    for source in sources {
        let name = source.name;
        let mut items = Items::new(source.reader, RawCase::from_json);
        loop {
            let chunk = items
                .chunk()
                .map_err(|why| Failure::read(name.as_deref().unwrap_or("standard input".as_ref()), why))?;
            if chunk.is_empty() {
                break;
            }
            for item in chunk {
                let told = item
                    .value
                    .map_err(|violation| Error::Input(InputError::one(violation)))
                    .and_then(|mut case| {
                        if let Some(on) = args.on {
                            case.date_of_service = on.to_string();
                        }
                        told(&*engine, &case, &options, &args)
                    });
                match told {
                    Ok(text) => writeln!(out, "{}", text.trim_end())?,
                    Err(error) => {
                        bad = true;
                        match args.format {
                            Format::Json => writeln!(out, "{}", error.to_json())?,
                            Format::Text => writeln!(out, "Line {} has no answer: {error}", item.line)?,
                            Format::Html => {
                                let said = escaped(&error.to_string());
                                writeln!(out, "<p>Line {} has no answer: {said}</p>", item.line)?;
                            }
                        }
                        let place = match &name {
                            Some(name) => format!("{}, line {}", name.display(), item.line),
                            None => format!("line {}", item.line),
                        };
                        Failure::at(place, error).tell();
                    }
                }
                if args.format == Format::Text {
                    writeln!(out)?;
                }
            }
            out.flush()?;
        }
    }
    if args.format == Format::Html {
        out.write_all(HTML_FOOT.as_bytes())?;
    }
    out.flush()?;
    Ok(if bad {
        ExitCode::from(BAD_INPUT)
    } else {
        ExitCode::SUCCESS
    })
}

/// One explanation, written as asked.
fn told(engine: &dyn Engine, case: &RawCase, options: &Options, args: &ExplainArgs) -> Result<String, Error> {
    if let Some(code) = &args.why_not {
        let told = engine.why_not(case, code, options)?;
        return Ok(written(
            &told,
            args.format,
            explain::why_not_text,
            explain::why_not_html,
        ));
    }
    if !args.what_if.is_empty() {
        let told = engine.what_if(case, &args.what_if, options)?;
        return Ok(written(
            &told,
            args.format,
            explain::what_if_text,
            explain::what_if_html,
        ));
    }
    if args.eras {
        let told = engine.eras(case, options)?;
        return Ok(written(&told, args.format, explain::eras_text, explain::eras_html));
    }
    let told = engine.explain(case, options)?;
    Ok(written(
        &told,
        args.format,
        explain::explained_text,
        explain::explained_html,
    ))
}

fn written<T: Canonical>(told: &T, format: Format, text: fn(&T) -> String, html: fn(&T) -> String) -> String {
    match format {
        Format::Json => told.canonical_json(),
        Format::Text => text(told),
        Format::Html => html(told),
    }
}

const HTML_HEAD: &str =
    "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Explanations</title></head>\n<body>\n";
const HTML_FOOT: &str = "</body>\n</html>\n";
