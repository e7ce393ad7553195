//! `Engine`: one class and one set of methods, over the engine in process or a remote one.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyTuple};
use rayon::ThreadPool;
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::report;
use spinecode_core::{RawCase, Reason, TraceLevel, Violation};
use spinecode_engine::{
    EditOptions, Engine as CoreEngine, EngineInfo as CoreInfo, Error, Load, LocalEngine, LookupOptions, Options,
    Sources,
};
use spinecode_server::{RemoteEngine, RemoteOptions};

use crate::answer::{Asked, CodedCase};
use crate::dates::DateText;
use crate::drawing::Drawing;
use crate::error::{exception, violated};
use crate::explain::{Eras, Explained, WhatIf, WhyNot};
use crate::info::{self, EngineInfo, RuleInfo};
use crate::lookup::{Coverage, LintReport, Lookup};
use crate::read::{self, Given};
use crate::report::EditReport;
use crate::value::{Reduced, View};

/// Cases coded before signals are looked at again, so that Ctrl-C stops a long batch.
const CHUNK: usize = 2048;

/// How a release is taken into memory.
const MAP: &str = "map";
const COPY: &str = "copy";

/// A path as Python is told it.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Where an engine's answers come from: what it takes to open it again in another process.
#[derive(Clone)]
enum Origin {
    Local(Sources),
    Remote(Address),
}

/// How a server is reached, as `connect` was told.
#[derive(Clone)]
struct Address {
    url: String,
    ca: Option<PathBuf>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    domain: Option<String>,
    /// Seconds.
    timeout: Option<f64>,
}

/// An engine, and the process that opened it.
struct Open {
    process: u32,
    engine: Arc<dyn CoreEngine>,
}

/// Codes cases, in process or remotely.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct Engine {
    origin: Origin,
    open: Mutex<Open>,
}

/// The engine over the built-in facts alone: one for the whole process, because its facts never change.
fn built_in(py: Python<'_>) -> PyResult<Arc<dyn CoreEngine>> {
    static ENGINE: PyOnceLock<Arc<LocalEngine>> = PyOnceLock::new();
    let engine = ENGINE.get_or_try_init(py, || LocalEngine::new().map(Arc::new));
    Ok(Arc::clone(engine.map_err(|error| exception(py, error))?) as Arc<dyn CoreEngine>)
}

/// Worker threads of this process. A forked child has none of its parent's threads, so it makes its own.
fn workers(py: Python<'_>) -> PyResult<Arc<ThreadPool>> {
    // Taken only while attached to the interpreter and never while waiting, so no fork finds it held.
    static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    match pool.take() {
        Some((owner, threads)) if owner == process => {
            *pool = Some((owner, Arc::clone(&threads)));
            return Ok(threads);
        }
        // Dropping a pool wakes its threads, which are not in this process.
        Some((_, threads)) => std::mem::forget(threads),
        None => {}
    }
    let threads = rayon::ThreadPoolBuilder::new()
        .thread_name(|index| format!("spinecode-{index}"))
        .build()
        .map(Arc::new)
        .map_err(|fault| exception(py, Error::Unsupported(format!("no worker threads: {fault}"))))?;
    *pool = Some((process, Arc::clone(&threads)));
    Ok(threads)
}

fn options(
    py: Python<'_>,
    payer: Option<String>,
    as_of: Option<DateText>,
    release: Option<String>,
    trace: &str,
) -> PyResult<Options> {
    let trace = TraceLevel::parse(trace).ok_or_else(|| {
        let fault = Violation::new("trace", Reason::UnknownValue, "none, ids, full")
            .echo(trace)
            .suggest(spinecode_core::name::nearest(trace, ["none", "ids", "full"]));
        violated(py, vec![fault])
    })?;
    Ok(Options {
        payer,
        as_of: as_of.map(|date| date.0),
        release,
        trace,
    })
}

fn lookup_options(on: Option<DateText>, as_of: Option<DateText>) -> LookupOptions {
    LookupOptions {
        on: on.map(|date| date.0),
        as_of: as_of.map(|date| date.0),
    }
}

/// What must be equal for two engines to give the same answers.
fn fingerprint(info: &CoreInfo) -> String {
    let profiles: Vec<_> = info
        .profiles
        .iter()
        .map(|profile| (&profile.name, &profile.hash))
        .collect();
    serde_json::json!({
        "engine": info.engine,
        "facts": info.facts,
        "release": info.release,
        "overlay": info.overlay,
        "profiles": profiles,
    })
    .to_string()
}

impl Origin {
    fn open(&self, py: Python<'_>) -> PyResult<Arc<dyn CoreEngine>> {
        match self {
            Self::Local(sources) if *sources == Sources::default() => built_in(py),
            Self::Local(sources) => {
                let engine = py.detach(|| LocalEngine::open(sources));
                Ok(Arc::new(engine.map_err(|error| exception(py, error))?))
            }
            Self::Remote(address) => {
                let options = address.options()?;
                let engine = py.detach(|| RemoteEngine::connect_with(&address.url, &options));
                Ok(Arc::new(engine.map_err(|error| exception(py, error))?))
            }
        }
    }
}

impl Address {
    fn options(&self) -> PyResult<RemoteOptions> {
        let mut options = RemoteOptions {
            ca: self.ca.clone(),
            cert: self.cert.clone(),
            key: self.key.clone(),
            domain: self.domain.clone(),
            ..RemoteOptions::default()
        };
        if let Some(seconds) = self.timeout {
            options.deadline = Duration::try_from_secs_f64(seconds)
                .ok()
                .filter(|timeout| !timeout.is_zero())
                .ok_or_else(|| PyValueError::new_err("timeout: seconds, more than zero"))?;
            options.connect_timeout = options.connect_timeout.min(options.deadline);
        }
        Ok(options)
    }
}

impl Engine {
    fn of(py: Python<'_>, origin: Origin) -> PyResult<Self> {
        let engine = origin.open(py)?;
        let process = std::process::id();
        Ok(Self {
            origin,
            open: Mutex::new(Open { process, engine }),
        })
    }

    fn local(py: Python<'_>, facts: Option<PathBuf>, release: Option<PathBuf>, load: &str) -> PyResult<Self> {
        let load = match load {
            MAP => Load::Map,
            COPY => Load::Copy,
            other => {
                let fault = Violation::new("load", Reason::UnknownValue, "map, copy")
                    .echo(other)
                    .suggest(spinecode_core::name::nearest(other, [MAP, COPY]));
                return Err(violated(py, vec![fault]));
            }
        };
        // A worker that unpickles this engine may stand in another folder.
        let absolute = |path: Option<PathBuf>| path.map(std::path::absolute).transpose();
        let sources = Sources {
            facts: absolute(facts)?,
            release: absolute(release)?,
            load,
        };
        Self::of(py, Origin::Local(sources))
    }

    /// The engine, for this process: a connection does not survive a fork, so the child makes its own.
    fn here(&self, py: Python<'_>) -> PyResult<Arc<dyn CoreEngine>> {
        let process = std::process::id();
        {
            // Held only while attached to the interpreter and never while waiting, so no fork finds it held.
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            if open.process == process || matches!(self.origin, Origin::Local(_)) {
                return Ok(Arc::clone(&open.engine));
            }
        }
        let engine = self.origin.open(py)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.process != process {
            let parents = std::mem::replace(&mut open.engine, Arc::clone(&engine));
            open.process = process;
            // Dropping the parent's connection would wake its threads, which are not in this process.
            std::mem::forget(parents);
        }
        Ok(engine)
    }

    fn about(&self, py: Python<'_>) -> PyResult<CoreInfo> {
        let engine = self.here(py)?;
        py.detach(|| engine.info()).map_err(|error| exception(py, error))
    }

    /// Asks about one case.
    fn told<T: Send>(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        ask: impl FnOnce(&dyn CoreEngine, &RawCase) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let given = read::given(case)?;
        let raw = given.raw();
        let engine = self.here(py)?;
        py.detach(|| ask(&*engine, raw)).map_err(|error| exception(py, error))
    }

    /// Edits claims, each report or error in its place.
    fn edited(
        &self,
        py: Python<'_>,
        claims: &[RawClaim],
        options: &EditOptions,
    ) -> PyResult<Vec<Result<report::EditReport, Error>>> {
        let engine = self.here(py)?;
        if matches!(self.origin, Origin::Remote(_)) || claims.len() < CHUNK {
            return Ok(py.detach(|| engine.edit(claims, options)));
        }
        let threads = workers(py)?;
        Ok(py.detach(|| threads.install(|| engine.edit(claims, options))))
    }

    fn sources(&self) -> Option<&Sources> {
        match &self.origin {
            Origin::Local(sources) => Some(sources),
            Origin::Remote(_) => None,
        }
    }

    /// Codes a chunk, each answer or error in its place.
    fn chunk(
        &self,
        py: Python<'_>,
        cases: &[RawCase],
        options: &Options,
    ) -> PyResult<Vec<Result<spinecode_core::CodedCase, Error>>> {
        let engine = self.here(py)?;
        if matches!(self.origin, Origin::Remote(_)) {
            return Ok(py.detach(|| engine.code_many(cases, options)));
        }
        let threads = workers(py)?;
        Ok(py.detach(|| threads.install(|| engine.code_many(cases, options))))
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (facts=None, release=None, load="map"))]
    fn new(py: Python<'_>, facts: Option<PathBuf>, release: Option<PathBuf>, load: &str) -> PyResult<Self> {
        Self::local(py, facts, release, load)
    }

    /// Folder of the user's own facts and profiles, where one was given.
    #[getter]
    fn facts(&self) -> Option<String> {
        self.sources()?.facts.as_deref().map(shown)
    }

    /// File of the release of CMS's tables, where one was given.
    #[getter]
    fn release(&self) -> Option<String> {
        self.sources()?.release.as_deref().map(shown)
    }

    /// Address of the server, for an engine made by `connect`.
    #[getter]
    fn url(&self) -> Option<&str> {
        match &self.origin {
            Origin::Local(_) => None,
            Origin::Remote(address) => Some(&address.url),
        }
    }

    /// Codes one case.
    #[pyo3(signature = (case, payer=None, as_of=None, release=None, trace="ids"))]
    fn code(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
        trace: &str,
    ) -> PyResult<CodedCase> {
        let options = options(py, payer, as_of, release, trace)?;
        let case = read::given(case)?;
        let engine = self.here(py)?;
        let raw = case.raw();
        let answer = py.detach(|| engine.code(raw, &options));
        let answer = answer.map_err(|error| exception(py, error))?;
        Ok(CodedCase::to(answer, Asked { engine, case, options }))
    }

    /// Draws one case: the spine with what was done, labelled with the codes of its answer.
    #[pyo3(signature = (case, payer=None, as_of=None, release=None))]
    fn draw(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
    ) -> PyResult<Drawing> {
        let options = options(py, payer, as_of, release, TraceLevel::None.as_str())?;
        let case = read::given(case)?;
        let engine = self.here(py)?;
        let raw = case.raw();
        let drawn = py.detach(|| engine.draw(raw, &options));
        drawn.map(Drawing::of).map_err(|error| exception(py, error))
    }

    /// Codes many cases; each answer, or the exception that says why there is none, in its place.
    #[pyo3(signature = (cases, payer=None, as_of=None, release=None, trace="ids"))]
    fn code_many<'py>(
        &self,
        py: Python<'py>,
        cases: &Bound<'py, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
        trace: &str,
    ) -> PyResult<Bound<'py, PyList>> {
        let options = options(py, payer, as_of, release, trace)?;
        let results = PyList::empty(py);
        let mut cases = cases.try_iter()?;
        loop {
            let mut read = Vec::new();
            for case in cases.by_ref().take(CHUNK) {
                match read::given(&case?) {
                    Err(fault) if !fault.is_instance_of::<PyException>(py) => return Err(fault),
                    given => read.push(given),
                }
            }
            if read.is_empty() {
                return Ok(results);
            }
            let raw: Vec<RawCase> = read.iter().flatten().map(|case| case.raw().clone()).collect();
            let mut answers = self.chunk(py, &raw, &options)?.into_iter();
            let engine = self.here(py)?;
            for case in read {
                let outcome = case.and_then(|case| match answers.next() {
                    Some(answer) => {
                        let answer = answer.map_err(|error| exception(py, error))?;
                        let (engine, options) = (Arc::clone(&engine), options.clone());
                        Ok(CodedCase::to(answer, Asked { engine, case, options }))
                    }
                    None => Err(crate::error::lost()),
                });
                match outcome {
                    Ok(answer) => results.append(Py::new(py, answer)?)?,
                    Err(fault) => results.append(fault.into_value(py))?,
                }
            }
            py.check_signals()?;
        }
    }

    /// Edits one claim, or several that are judged together by billing day.
    #[pyo3(signature = (claims, payer=None, as_of=None, release=None, *, alone=false, repair=false, nearest_quarter=false))]
    #[expect(clippy::too_many_arguments, reason = "the options of an edit, by keyword")]
    fn edit<'py>(
        &self,
        py: Python<'py>,
        claims: &Bound<'py, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
        alone: bool,
        repair: bool,
        nearest_quarter: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = EditOptions {
            payer,
            as_of: as_of.map(|date| date.0),
            release,
            alone,
            repair,
            nearest_quarter,
        };
        let report = |one: Result<report::EditReport, Error>| {
            one.map(|one| EditReport(View::whole(one)))
                .map_err(|error| exception(py, error))
        };
        if read::is_one_claim(claims) {
            let claim = read::claim(claims)?;
            let told = self.edited(py, &[claim], &options)?.into_iter().next();
            let told = report(told.ok_or_else(crate::error::lost)?)?;
            return Ok(Bound::new(py, told)?.into_any());
        }
        let read = claims
            .try_iter()?
            .map(|claim| read::claim(&claim?))
            .collect::<PyResult<Vec<RawClaim>>>()?;
        let reports = PyList::empty(py);
        for told in self.edited(py, &read, &options)? {
            reports.append(Bound::new(py, report(told)?)?)?;
        }
        Ok(reports.into_any())
    }

    /// Edits many claims, judged together by billing day; each report, or the exception that says why there is none, in its
    /// place.
    #[pyo3(signature = (claims, payer=None, as_of=None, release=None, *, alone=false, repair=false, nearest_quarter=false))]
    #[expect(clippy::too_many_arguments, reason = "the options of an edit, by keyword")]
    fn edit_many<'py>(
        &self,
        py: Python<'py>,
        claims: &Bound<'py, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
        alone: bool,
        repair: bool,
        nearest_quarter: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let options = EditOptions {
            payer,
            as_of: as_of.map(|date| date.0),
            release,
            alone,
            repair,
            nearest_quarter,
        };
        let mut given = Vec::new();
        let mut raw = Vec::new();
        for claim in claims.try_iter()? {
            match read::claim(&claim?) {
                Ok(claim) => {
                    raw.push(claim);
                    given.push(None);
                }
                Err(fault) if !fault.is_instance_of::<PyException>(py) => return Err(fault),
                Err(fault) => given.push(Some(fault)),
            }
        }
        let mut told = self.edited(py, &raw, &options)?.into_iter();
        let reports = PyList::empty(py);
        for unread in given {
            let outcome = match unread {
                Some(fault) => Err(fault),
                None => match told.next() {
                    Some(told) => told.map_err(|error| exception(py, error)),
                    None => Err(crate::error::lost()),
                },
            };
            match outcome {
                Ok(report) => reports.append(Bound::new(py, EditReport(View::whole(report)))?)?,
                Err(fault) => reports.append(fault.into_value(py))?,
            }
        }
        Ok(reports)
    }

    /// Codes one case written as JSON.
    #[pyo3(signature = (text, payer=None, as_of=None, release=None, trace="ids"))]
    fn code_json(
        &self,
        py: Python<'_>,
        text: &str,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
        trace: &str,
    ) -> PyResult<CodedCase> {
        let options = options(py, payer, as_of, release, trace)?;
        let engine = self.here(py)?;
        let case = RawCase::from_json(text).map_err(|fault| violated(py, vec![fault]))?;
        let answer = py.detach(|| engine.code(&case, &options));
        let answer = answer.map_err(|error| exception(py, error))?;
        let case = Given::Read(Box::new(case));
        Ok(CodedCase::to(answer, Asked { engine, case, options }))
    }

    /// What is known of one code on a date.
    #[pyo3(signature = (code, on=None, as_of=None))]
    fn lookup(&self, py: Python<'_>, code: &str, on: Option<DateText>, as_of: Option<DateText>) -> PyResult<Lookup> {
        let engine = self.here(py)?;
        let asked = lookup_options(on, as_of);
        let answer = py.detach(|| engine.lookup(code, &asked));
        answer
            .map(|answer| Lookup(View::whole(answer)))
            .map_err(|error| exception(py, error))
    }

    /// Which layers hold data for a code or for every code, and from where.
    #[pyo3(signature = (code=None, on=None, as_of=None))]
    fn coverage(
        &self,
        py: Python<'_>,
        code: Option<&str>,
        on: Option<DateText>,
        as_of: Option<DateText>,
    ) -> PyResult<Coverage> {
        let engine = self.here(py)?;
        let asked = lookup_options(on, as_of);
        let answer = py.detach(|| engine.coverage(code, &asked));
        answer
            .map(|answer| Coverage(View::whole(answer)))
            .map_err(|error| exception(py, error))
    }

    /// What the checks of the facts find.
    fn lint(&self, py: Python<'_>) -> PyResult<LintReport> {
        let engine = self.here(py)?;
        let report = py.detach(|| engine.lint()).map_err(|error| exception(py, error))?;
        Ok(LintReport(View::whole(report)))
    }

    /// The whole tree of one answer.
    #[pyo3(signature = (case, payer=None, as_of=None, release=None))]
    fn explain(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
    ) -> PyResult<Explained> {
        let options = options(py, payer, as_of, release, "full")?;
        let told = self.told(py, case, |engine, case| engine.explain(case, &options))?;
        Ok(Explained(View::whole(told)))
    }

    /// Why a code is not in the answer.
    #[pyo3(signature = (case, code, payer=None, as_of=None, release=None))]
    fn why_not(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        code: &str,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
    ) -> PyResult<WhyNot> {
        let options = options(py, payer, as_of, release, "full")?;
        let told = self.told(py, case, |engine, case| engine.why_not(case, code, &options))?;
        Ok(WhyNot(View::whole(told)))
    }

    /// The answer before and after changes.
    #[pyo3(signature = (case, changes, payer=None, as_of=None, release=None))]
    fn what_if(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        changes: &Bound<'_, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
    ) -> PyResult<WhatIf> {
        let options = options(py, payer, as_of, release, "full")?;
        let changes = read::changes(changes)?;
        let told = self.told(py, case, |engine, case| engine.what_if(case, &changes, &options))?;
        Ok(WhatIf(View::whole(told)))
    }

    /// One case over all eras of the facts.
    #[pyo3(signature = (case, payer=None, as_of=None, release=None))]
    fn eras(
        &self,
        py: Python<'_>,
        case: &Bound<'_, PyAny>,
        payer: Option<String>,
        as_of: Option<DateText>,
        release: Option<String>,
    ) -> PyResult<Eras> {
        let options = options(py, payer, as_of, release, "full")?;
        let told = self.told(py, case, |engine, case| engine.eras(case, &options))?;
        Ok(Eras(View::whole(told)))
    }

    /// One rule, with its versions and sources.
    fn rule(&self, py: Python<'_>, id: &str) -> PyResult<RuleInfo> {
        let engine = self.here(py)?;
        let rule = py.detach(|| engine.rule(id)).map_err(|error| exception(py, error))?;
        Ok(RuleInfo(View::whole(rule)))
    }

    /// What this engine is and rests on.
    fn info(&self, py: Python<'_>) -> PyResult<EngineInfo> {
        Ok(EngineInfo(View::whole(self.about(py)?)))
    }

    /// The kinds of procedures it knows.
    fn kinds<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        info::kinds(py, &self.about(py)?)
    }

    /// The payer profiles it knows.
    fn profiles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        info::profiles(py, &self.about(py)?)
    }

    fn __repr__(&self) -> String {
        match &self.origin {
            Origin::Local(sources) => {
                let given = [("facts", &sources.facts), ("release", &sources.release)];
                let given = given
                    .into_iter()
                    .filter_map(|(name, path)| Some((name, path.as_deref()?)));
                let mut given: Vec<String> = given.map(|(name, path)| format!("{name}={:?}", shown(path))).collect();
                if sources.load == Load::Copy {
                    given.push("load=\"copy\"".to_owned());
                }
                format!("Engine({})", given.join(", "))
            }
            Origin::Remote(address) => format!("connect({:?})", address.url),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py, (Reopen, String)>> {
        let py = slf.py();
        let engine = slf.get();
        let reopen = py.import("spinecode._spinecode")?.getattr("_reopen")?;
        let how = match &engine.origin {
            Origin::Local(at) => {
                let load = if at.load == Load::Copy { COPY } else { MAP };
                (Some((at.facts.clone(), at.release.clone(), load.to_owned())), None)
            }
            Origin::Remote(at) => {
                let at = at.clone();
                (None, Some((at.url, at.ca, at.cert, at.key, at.domain, at.timeout)))
            }
        };
        Ok((reopen, (how, fingerprint(&engine.about(py)?))))
    }
}

/// What a pickled engine is opened from: the arguments of `Engine`, or those of `connect`.
type Reopen = (Option<Local>, Option<Arguments>);
type Local = (Option<PathBuf>, Option<PathBuf>, String);
type Arguments = (
    String,
    Option<PathBuf>,
    Option<PathBuf>,
    Option<PathBuf>,
    Option<String>,
    Option<f64>,
);

/// The other end of pickling an engine: opens it again, and refuses when it would not give the same answers.
#[pyfunction]
#[pyo3(signature = (how, knowledge, /))]
pub(crate) fn _reopen(py: Python<'_>, how: Reopen, knowledge: &str) -> PyResult<Engine> {
    let engine = match how {
        (_, Some((url, ca, cert, key, domain, timeout))) => connect(py, url, ca, cert, key, domain, timeout)?,
        (Some((facts, release, load)), None) => Engine::local(py, facts, release, &load)?,
        (None, None) => Engine::local(py, None, None, MAP)?,
    };
    let here = fingerprint(&engine.about(py)?);
    if here == knowledge {
        return Ok(engine);
    }
    Err(exception(
        py,
        Error::Knowledge(format!(
            "the pickled engine rested on {knowledge}, the engine here rests on {here}"
        )),
    ))
}

/// Connects to a server: an engine with the same methods and the same answers as the one in process.
#[pyfunction]
#[pyo3(signature = (url, ca=None, cert=None, key=None, domain=None, timeout=None))]
pub(crate) fn connect(
    py: Python<'_>,
    url: String,
    ca: Option<PathBuf>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    domain: Option<String>,
    timeout: Option<f64>,
) -> PyResult<Engine> {
    // A worker that unpickles this engine may stand in another folder.
    let absolute = |file: Option<PathBuf>| file.map(std::path::absolute).transpose();
    let address = Address {
        url,
        ca: absolute(ca)?,
        cert: absolute(cert)?,
        key: absolute(key)?,
        domain,
        timeout,
    };
    Engine::of(py, Origin::Remote(address))
}

/// The kinds of procedures that the engine in process knows.
#[pyfunction]
pub(crate) fn kinds(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    Engine::local(py, None, None, MAP)?.kinds(py)
}

/// The payer profiles that the engine in process knows.
#[pyfunction]
pub(crate) fn profiles(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    Engine::local(py, None, None, MAP)?.profiles(py)
}

/// Seconds that the engine alone takes to code a case `times` times: what `benches/objects.py` compares Python with.
#[pyfunction]
#[pyo3(signature = (engine, case, times, trace, /))]
pub(crate) fn _core_seconds(
    py: Python<'_>,
    engine: &Bound<'_, Engine>,
    case: &Bound<'_, PyAny>,
    times: u32,
    trace: &str,
) -> PyResult<f64> {
    let options = options(py, None, None, None, trace)?;
    let given = read::given(case)?;
    let raw = given.raw();
    let engine = engine.get().here(py)?;
    py.detach(|| {
        let begun = Instant::now();
        for _ in 0..times {
            black_box(engine.code(black_box(raw), black_box(&options)))?;
        }
        Ok(begun.elapsed().as_secs_f64())
    })
    .map_err(|error| exception(py, error))
}
