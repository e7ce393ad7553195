//! `Engine`: one class and one set of methods, over the engine in process or a remote one.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyTuple};
use rayon::ThreadPool;
use spinecode_core::{RawCase, Reason, TraceLevel, Violation};
use spinecode_engine::{Engine as CoreEngine, EngineInfo as CoreInfo, Error, LocalEngine, Options};

use crate::answer::CodedCase;
use crate::dates::DateText;
use crate::error::{exception, violated};
use crate::info::{self, EngineInfo, RuleInfo};
use crate::read;
use crate::value::{Reduced, View};

/// Cases coded before signals are looked at again, so that Ctrl-C stops a long batch.
const CHUNK: usize = 2048;

/// Where an engine's answers come from: what it takes to open it again in another process.
enum Origin {
    Local { facts: Option<PathBuf> },
}

/// Codes cases, in process or remotely.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct Engine {
    origin: Origin,
    open: Arc<dyn CoreEngine>,
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

impl Engine {
    fn local(py: Python<'_>, facts: Option<PathBuf>) -> PyResult<Self> {
        let Some(folder) = facts else {
            return Ok(Self {
                origin: Origin::Local { facts: None },
                open: built_in(py)?,
            });
        };
        // A worker that unpickles this engine may stand in another folder.
        let folder = std::path::absolute(folder)?;
        let engine = py
            .detach(|| LocalEngine::with_overlay(&folder))
            .map_err(|error| exception(py, error))?;
        Ok(Self {
            origin: Origin::Local { facts: Some(folder) },
            open: Arc::new(engine),
        })
    }

    fn about(&self, py: Python<'_>) -> PyResult<CoreInfo> {
        py.detach(|| self.open.info()).map_err(|error| exception(py, error))
    }

    /// Codes a chunk, each answer or error in its place.
    fn chunk(
        &self,
        py: Python<'_>,
        cases: &[RawCase],
        options: &Options,
    ) -> PyResult<Vec<Result<spinecode_core::CodedCase, Error>>> {
        let threads = workers(py)?;
        Ok(py.detach(|| threads.install(|| self.open.code_many(cases, options))))
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (facts=None))]
    fn new(py: Python<'_>, facts: Option<PathBuf>) -> PyResult<Self> {
        Self::local(py, facts)
    }

    /// Folder of the user's own facts and profiles, where one was given.
    #[getter]
    fn facts(&self) -> Option<String> {
        match &self.origin {
            Origin::Local { facts } => facts.as_ref().map(|folder| folder.display().to_string()),
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
        let given = read::given(case)?;
        let raw = given.raw();
        let answer = py.detach(|| self.open.code(raw, &options));
        answer
            .map(|answer| CodedCase(Arc::new(answer)))
            .map_err(|error| exception(py, error))
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
            let mut unread = Vec::new();
            let mut raw = Vec::new();
            for case in cases.by_ref().take(CHUNK) {
                match read::given(&case?) {
                    Ok(given) => {
                        unread.push(None);
                        raw.push(given.into_raw());
                    }
                    Err(fault) if fault.is_instance_of::<PyException>(py) => unread.push(Some(fault)),
                    Err(fault) => return Err(fault),
                }
            }
            if unread.is_empty() {
                return Ok(results);
            }
            let mut answers = self.chunk(py, &raw, &options)?.into_iter();
            for fault in unread {
                let outcome = match fault {
                    Some(fault) => Err(fault),
                    None => match answers.next() {
                        Some(answer) => answer.map_err(|error| exception(py, error)),
                        None => Err(crate::error::lost()),
                    },
                };
                match outcome {
                    Ok(answer) => results.append(Py::new(py, CodedCase(Arc::new(answer)))?)?,
                    Err(fault) => results.append(fault.into_value(py))?,
                }
            }
            py.check_signals()?;
        }
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
        let answer = py.detach(|| self.open.code_json(text, &options));
        answer
            .map(|answer| CodedCase(Arc::new(answer)))
            .map_err(|error| exception(py, error))
    }

    /// One rule, with its versions and sources.
    fn rule(&self, py: Python<'_>, id: &str) -> PyResult<RuleInfo> {
        let rule = py.detach(|| self.open.rule(id)).map_err(|error| exception(py, error))?;
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
            Origin::Local { facts: None } => "Engine()".to_owned(),
            Origin::Local { facts: Some(folder) } => format!("Engine(facts={:?})", folder.display().to_string()),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py, (Option<String>, String)>> {
        let py = slf.py();
        let engine = slf.get();
        let reopen = py.import("spinecode._spinecode")?.getattr("_reopen")?;
        Ok((reopen, (engine.facts(), fingerprint(&engine.about(py)?))))
    }
}

/// The other end of pickling an engine: opens it again, and refuses when it would not give the same answers.
#[pyfunction]
#[pyo3(signature = (facts, knowledge, /))]
pub(crate) fn _reopen(py: Python<'_>, facts: Option<PathBuf>, knowledge: &str) -> PyResult<Engine> {
    let engine = Engine::local(py, facts)?;
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

/// The kinds of procedures that the engine in process knows.
#[pyfunction]
pub(crate) fn kinds(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    Engine::local(py, None)?.kinds(py)
}

/// The payer profiles that the engine in process knows.
#[pyfunction]
pub(crate) fn profiles(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    Engine::local(py, None)?.profiles(py)
}
