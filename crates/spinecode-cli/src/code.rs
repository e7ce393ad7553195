//! `spinecode code`: cases in, one coded case each out, in the order of the input.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use spinecode_core::{CodedCase, InputError, RawCase, text};
use spinecode_engine::{Engine, Error, Options};

use crate::args::{CodeArgs, CodeFormat as Format};
use crate::failure::{BAD_INPUT, Failure};
use crate::items::{Item, Items};
use crate::open;

pub(crate) fn run(args: CodeArgs) -> Result<ExitCode, Failure> {
    let sources = sources(args.files)?;
    let engine = open::engine(&args.engine)?;
    let mut run = Run {
        engine: &*engine,
        options: Options {
            payer: args.payer,
            as_of: args.as_of.map(|day| day.to_string()),
            release: None,
            trace: args.trace.into(),
        },
        on: args.on.map(|day| day.to_string()),
        format: args.format,
        out: BufWriter::new(io::stdout().lock()),
        progress: Progress::new("cases coded"),
        bad: false,
    };
    match run.all(sources) {
        // A reader that has seen enough (`head`) is no fault.
        Err(Failure::Write(why)) if why.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(failure) => {
            run.progress.end();
            Err(failure)
        }
        Ok(()) if run.bad => Ok(ExitCode::from(BAD_INPUT)),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

pub(crate) struct Source {
    /// `None`: standard input.
    pub(crate) name: Option<PathBuf>,
    pub(crate) reader: Box<dyn Read>,
}

/// Opens every file before the first case is coded: a name mistyped is told at once.
pub(crate) fn sources(files: Vec<PathBuf>) -> Result<Vec<Source>, Failure> {
    let named = if files.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        files
    };
    named
        .into_iter()
        .map(|name| {
            if name.as_os_str() == "-" {
                return Ok(Source {
                    name: None,
                    reader: Box::new(io::stdin()),
                });
            }
            let file = File::open(&name).map_err(|why| Failure::read(&name, why))?;
            Ok(Source {
                name: Some(name),
                reader: Box::new(file),
            })
        })
        .collect()
}

struct Run<'a, W: Write> {
    engine: &'a dyn Engine,
    options: Options,
    on: Option<String>,
    format: Format,
    out: W,
    progress: Progress,
    bad: bool,
}

/// What is written for one case.
struct Answer {
    coded: CodedCase,
    drawing: Option<String>,
}

impl<W: Write> Run<'_, W> {
    fn all(&mut self, sources: Vec<Source>) -> Result<(), Failure> {
        if self.format == Format::Html {
            self.out.write_all(HTML_HEAD.as_bytes())?;
        }
        for source in sources {
            let name = source.name;
            let mut items = Items::new(source.reader, RawCase::from_json);
            loop {
                let read = items.chunk();
                let chunk =
                    read.map_err(|why| Failure::read(name.as_deref().unwrap_or("standard input".as_ref()), why))?;
                if chunk.is_empty() {
                    break;
                }
                self.chunk(chunk, name.as_ref())?;
            }
        }
        if self.format == Format::Html {
            self.out.write_all(HTML_FOOT.as_bytes())?;
        }
        self.out.flush()?;
        self.progress.end();
        Ok(())
    }

    fn chunk(&mut self, items: Vec<Item<RawCase>>, name: Option<&PathBuf>) -> Result<(), Failure> {
        let mut cases = Vec::with_capacity(items.len());
        let mut places = Vec::with_capacity(items.len());
        for item in items {
            let unread = match item.value {
                Ok(mut case) => {
                    if let Some(on) = &self.on {
                        case.date_of_service.clone_from(on);
                    }
                    cases.push(case);
                    None
                }
                Err(violation) => Some(Error::Input(InputError::one(violation))),
            };
            places.push((item.line, unread));
        }
        let answers = self.answers(&cases);
        let gone = !answers.is_empty() && answers.iter().all(|answer| matches!(answer, Err(Error::Transport(_))));
        let mut answers = answers.into_iter();
        let coded = places.len();
        let mut gone_told = false;
        for (line, unread) in places {
            let answer = match unread {
                Some(error) => Err(error),
                None => answers
                    .next()
                    .unwrap_or_else(|| Err(Error::Transport("the answer is missing".to_owned()))),
            };
            self.write(line, &answer)?;
            if let Err(error) = answer {
                self.bad = true;
                // One word is enough for a server that is not there.
                if !(gone && gone_told && matches!(error, Error::Transport(_))) {
                    gone_told |= matches!(error, Error::Transport(_));
                    let place = name.map_or(format!("line {line}"), |name| {
                        format!("{}, line {line}", name.display())
                    });
                    self.progress.tell(&Failure::at(place, error));
                }
            }
        }
        self.out.flush()?;
        self.progress.add(coded);
        if gone { Err(Failure::Gone) } else { Ok(()) }
    }

    /// The answers, each with its drawing where the format has one.
    fn answers(&self, cases: &[RawCase]) -> Vec<Result<Answer, Error>> {
        let answers = self.engine.code_many(cases, &self.options).into_iter();
        let drawn = |(answer, case): (Result<CodedCase, Error>, &RawCase)| {
            Ok(Answer {
                coded: answer?,
                drawing: match self.format {
                    Format::Html | Format::Svg => Some(self.engine.draw(case, &self.options)?),
                    Format::Json | Format::Text => None,
                },
            })
        };
        answers.zip(cases).map(drawn).collect()
    }

    fn write(&mut self, line: usize, answer: &Result<Answer, Error>) -> io::Result<()> {
        let answer = answer.as_ref().map(|answer| (&answer.coded, answer.drawing.as_deref()));
        match (self.format, answer) {
            (Format::Json, Ok((answer, _))) => writeln!(self.out, "{}", answer.canonical_json()),
            (Format::Json, Err(error)) => writeln!(self.out, "{}", error.to_json()),
            (Format::Text, Ok((answer, _))) => {
                if let Some(id) = &answer.case_id {
                    writeln!(self.out, "{id}")?;
                }
                writeln!(self.out, "{}\n", text::account(answer).trim_end())
            }
            (Format::Text, Err(error)) => writeln!(self.out, "Line {line} has no answer: {error}\n"),
            (Format::Html, Ok((answer, drawing))) => {
                writeln!(self.out, "{}", text::html(answer, drawing).trim_end())
            }
            (Format::Svg, Ok((_, drawing))) => writeln!(self.out, "{}", drawing.unwrap_or_default().trim_end()),
            // Its line stays empty, so that the lines stay those of the input; standard error tells why.
            (Format::Svg, Err(_)) => writeln!(self.out),
            (Format::Html, Err(error)) => {
                let said = escaped(&error.to_string());
                writeln!(self.out, "<p>Line {line} has no answer: {said}</p>")
            }
        }
    }
}

const HTML_HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Coded cases</title>\
     <style>:root{color-scheme:light dark}</style></head>\n<body>\n";
const HTML_FOOT: &str = "</body>\n</html>\n";

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Counts on standard error, where a person waits longer than a moment and the answers go elsewhere.
pub(crate) struct Progress {
    /// What is counted.
    what: &'static str,
    begun: Instant,
    wanted: bool,
    done: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_secs(2);

    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            begun: Instant::now(),
            wanted: io::stderr().is_terminal() && !io::stdout().is_terminal(),
            done: 0,
            bar: None,
        }
    }

    pub(crate) fn add(&mut self, items: usize) {
        self.done += items as u64;
        if self.wanted && self.bar.is_none() && self.begun.elapsed() > Self::PATIENCE {
            let style = ProgressStyle::with_template(&format!("{{spinner}} {{human_pos}} {}, {{per_sec}}", self.what));
            let bar = ProgressBar::new_spinner().with_elapsed(self.begun.elapsed());
            self.bar = Some(match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            });
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    pub(crate) fn tell(&self, failure: &Failure) {
        match &self.bar {
            Some(bar) => bar.suspend(|| failure.tell()),
            None => failure.tell(),
        }
    }

    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
