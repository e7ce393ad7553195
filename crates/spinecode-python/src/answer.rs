//! The coded case as Python objects: views on the core's own answer, built when asked for.

use std::sync::Arc;

use pyo3::PyClass;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDict, PyMappingProxy, PyTuple};
use serde_json::Value as Json;
use spinecode_core::answer::{self, Args};
use spinecode_core::{Name, text, trace};
use spinecode_engine::{Engine, Error, Options};

use crate::dates::to_date;
use crate::error::exception;
use crate::read::Given;
use crate::value::{self, Find, Value, View, value_class, view_class};

/// Objects made for each index, as a tuple.
fn tuple_of<'py, C>(
    py: Python<'py>,
    length: usize,
    make: impl Fn(usize) -> PyResult<C>,
) -> PyResult<Bound<'py, PyTuple>>
where
    C: PyClass + Into<PyClassInitializer<C>>,
{
    let items: Vec<Py<C>> = (0..length)
        .map(|index| Py::new(py, make(index)?))
        .collect::<PyResult<_>>()?;
    PyTuple::new(py, items)
}

pub(crate) fn names<'py>(py: Python<'py>, names: &[Name]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, names.iter().map(|name| name.as_ref()))
}

pub(crate) fn args<'py>(py: Python<'py>, args: &Args) -> PyResult<Bound<'py, PyMappingProxy>> {
    let dict = PyDict::new(py);
    for (key, value) in args {
        dict.set_item(key.as_ref(), value.as_ref())?;
    }
    Ok(PyMappingProxy::new(py, dict.as_mapping()))
}

/// The answer of `code`.
#[pyclass(frozen, module = "spinecode")]
pub(crate) struct CodedCase(pub(crate) Arc<answer::CodedCase>, Option<Asked>);

/// The question an answer answers, kept so that the answer can be drawn; no part of its value.
pub(crate) struct Asked {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) case: Given,
    pub(crate) options: Options,
}

impl CodedCase {
    /// An answer that stands alone.
    pub(crate) fn alone(answer: answer::CodedCase) -> Self {
        Self(Arc::new(answer), None)
    }

    /// An answer with its question.
    pub(crate) fn to(answer: answer::CodedCase, asked: Asked) -> Self {
        Self(Arc::new(answer), Some(asked))
    }

    fn draw(&self, py: Python<'_>) -> PyResult<String> {
        let Some(asked) = &self.1 else {
            let why = "an answer without its case cannot be drawn: `Engine.draw(case)` draws a case";
            return Err(exception(py, Error::Unsupported(why.to_owned())));
        };
        let case = asked.case.raw();
        let drawn = py.detach(|| asked.engine.draw(case, &asked.options));
        drawn.map_err(|error| exception(py, error))
    }

    const SHOWN: &'static [&'static str] = &[
        "date_of_service",
        "status",
        "case_id",
        "billed",
        "withheld",
        "not_reported",
        "questions",
        "notices",
    ];

    fn part<T>(&self, find: Find<T>, index: usize) -> View<T> {
        View::Part(Arc::clone(&self.0), find, [index, 0])
    }
}

impl Value for CodedCase {
    fn json(&self) -> PyResult<String> {
        Ok(self.0.canonical_json())
    }

    fn of_json(py: Python<'_>, value: Json) -> PyResult<Self> {
        Ok(Self::alone(value::taken(py, value, "CodedCase")?))
    }

    fn same(&self, other: &Self) -> PyResult<bool> {
        Ok(self.0 == other.0)
    }
}

value_class! {
    CodedCase [
        "status", "reported", "billed", "withheld", "not_reported", "questions", "codings", "notices", "knowledge",
        "explanation", "date_of_service", "case_id",
    ] {
        /// `coded`, `needs_facts` or `out_of_scope`.
        #[getter]
        fn status(&self) -> &'static str {
            self.0.status.as_str()
        }

        /// The code-set answer, the same under every profile.
        #[getter]
        fn reported<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.reported.len(), |index| Ok(Line(self.part(|case, [at, _]| case.reported.get(at), index))))
        }

        /// What the profile sends.
        #[getter]
        fn billed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.billed.len(), |index| Ok(Line(self.part(|case, [at, _]| case.billed.get(at), index))))
        }

        /// Reported, but kept off the claim by a payer's table.
        #[getter]
        fn withheld<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.withheld.len(), |index| Ok(Withheld(self.part(|case, [at, _]| case.withheld.get(at), index))))
        }

        /// Services without a line of their own, and why.
        #[getter]
        fn not_reported<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.not_reported.len(), |index| {
                Ok(NotReported(self.part(|case, [at, _]| case.not_reported.get(at), index)))
            })
        }

        /// At most three, the most informative first.
        #[getter]
        fn questions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.questions.len(), |index| Ok(Question(self.part(|case, [at, _]| case.questions.get(at), index))))
        }

        /// At most 24 codings that remain possible.
        #[getter]
        fn codings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.codings.len(), |index| Ok(Coding(self.part(|case, [at, _]| case.codings.get(at), index))))
        }

        /// Doubts, limits, advice.
        #[getter]
        fn notices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.0.notices.len(), |index| Ok(Notice(self.part(|case, [at, _]| case.notices.get(at), index))))
        }

        /// What the answer rests on.
        #[getter]
        fn knowledge(&self) -> Knowledge {
            Knowledge(self.part(|case, _| Some(&case.knowledge), 0))
        }

        /// The trace, as far as asked for.
        #[getter]
        fn explanation(&self) -> Option<Explanation> {
            self.0.explanation.as_ref()?;
            Some(Explanation(self.part(|case, _| case.explanation.as_ref(), 0)))
        }

        /// Date of service.
        #[getter]
        fn date_of_service<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
            to_date(py, self.0.date_of_service)
        }

        /// The caller's id.
        #[getter]
        fn case_id(&self) -> Option<&str> {
            self.0.case_id.as_deref()
        }

        /// SHA-256 of the canonical JSON without the explanation.
        #[getter]
        fn hash(&self) -> String {
            self.0.hash()
        }

        /// Every line as a row of a frame.
        #[pyo3(signature = (library=None))]
        fn to_frame<'py>(slf: &Bound<'py, Self>, library: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
            let py = slf.py();
            let frames = py.import("spinecode._frames")?;
            frames.call_method1("to_frame", (PyTuple::new(py, [slf])?, library))
        }

        /// The spine with what was done, as SVG.
        fn svg(&self, py: Python<'_>) -> PyResult<String> {
            self.draw(py)
        }

        fn _repr_html_(&self, py: Python<'_>) -> String {
            // Tables are worth showing where the drawing cannot be had.
            let drawing = self.1.as_ref().and_then(|_| self.draw(py).ok());
            text::html(&self.0, drawing.as_deref())
        }
    }
}

view_class! {
    /// One line of an answer.
    Line(answer::Line) [
        "code", "units", "modifiers", "side", "procedures", "sites", "performed_by", "label", "rule", "confidence",
        "verified_through",
    ] shown ["code", "units", "modifiers", "side", "sites", "performed_by"] {
        /// Procedure code.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// Our own short label of the code.
        #[getter]
        fn label(&self) -> PyResult<&str> {
            Ok(&self.core()?.label)
        }

        /// Whole units.
        #[getter]
        fn units(&self) -> PyResult<u32> {
            Ok(self.core()?.units)
        }

        /// Modifiers in the payer's order.
        #[getter]
        fn modifiers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.modifiers.iter().map(spinecode_core::Modifier::as_str))
        }

        /// Side, for a one-sided code, in `reported`.
        #[getter]
        fn side(&self) -> PyResult<Option<&'static str>> {
            Ok(self.core()?.side.map(spinecode_core::anatomy::Side::as_str))
        }

        /// Ids of the procedures that the line reports.
        #[getter]
        fn procedures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.procedures)
        }

        /// Sites that the line reports.
        #[getter]
        fn sites<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.sites)
        }

        /// Who performed it, where the case says.
        #[getter]
        fn performed_by(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.performed_by.as_deref())
        }

        /// The rule that decided the line.
        #[getter]
        fn rule(&self) -> PyResult<&str> {
            Ok(&self.core()?.rule)
        }

        /// How sure the facts behind the line are.
        #[getter]
        fn confidence(&self) -> PyResult<&str> {
            Ok(&self.core()?.confidence)
        }

        /// Last day on which the facts behind the line were verified.
        #[getter]
        fn verified_through<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.verified_through.map(|date| to_date(py, date)).transpose()
        }

        /// The line as written on a claim: code, modifiers, units where they are not one.
        fn __str__(&self) -> PyResult<String> {
            let line = self.core()?;
            let mut text = line.code.to_string();
            for modifier in &line.modifiers {
                text.push('-');
                text.push_str(modifier.as_str());
            }
            if line.units != 1 {
                text.push_str(&format!(" x{}", line.units));
            }
            Ok(text)
        }
    }
}

view_class! {
    /// A reported line, or units of it, that a payer's table keeps off the claim.
    Withheld(answer::Withheld) ["line", "layer", "rule", "reason", "args", "row"] {
        /// The line as it would have been billed.
        #[getter]
        fn line(&self) -> PyResult<Line> {
            let line = self.0.part(0, |case, [at, _]| Some(&case.withheld.get(at)?.line), |own, _| Some(&own.line))?;
            Ok(Line(line))
        }

        /// Layer that keeps it off.
        #[getter]
        fn layer(&self) -> PyResult<&str> {
            Ok(&self.core()?.layer)
        }

        /// Rule that keeps it off.
        #[getter]
        fn rule(&self) -> PyResult<&str> {
            Ok(&self.core()?.rule)
        }

        /// Published reason.
        #[getter]
        fn reason(&self) -> PyResult<&str> {
            Ok(&self.core()?.reason)
        }

        /// Arguments of the reason.
        #[getter]
        fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            args(py, &self.core()?.args)
        }

        /// The row of the facts.
        #[getter]
        fn row(&self) -> PyResult<&str> {
            Ok(&self.core()?.row)
        }
    }
}

view_class! {
    /// A service done or expected that has no line of its own.
    NotReported(answer::NotReported) ["code", "reason", "rule", "procedures", "args"] {
        /// The code one might have used.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// Published reason.
        #[getter]
        fn reason(&self) -> PyResult<&str> {
            Ok(&self.core()?.reason)
        }

        /// Rule that decided.
        #[getter]
        fn rule(&self) -> PyResult<&str> {
            Ok(&self.core()?.rule)
        }

        /// Ids of the procedures concerned.
        #[getter]
        fn procedures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.procedures)
        }

        /// Arguments of the reason.
        #[getter]
        fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            args(py, &self.core()?.args)
        }
    }
}

view_class! {
    /// A fact to be asked.
    Question(answer::Question) ["path", "procedure", "fact", "text", "values"] {
        /// Path of the fact in the case.
        #[getter]
        fn path(&self) -> PyResult<&str> {
            Ok(&self.core()?.path)
        }

        /// Id of the procedure.
        #[getter]
        fn procedure(&self) -> PyResult<&str> {
            Ok(&self.core()?.procedure)
        }

        /// The fact.
        #[getter]
        fn fact(&self) -> PyResult<&str> {
            Ok(&self.core()?.fact)
        }

        /// The question for a person.
        #[getter]
        fn text(&self) -> PyResult<&str> {
            Ok(&self.core()?.text)
        }

        /// The values it may take.
        #[getter]
        fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.values)
        }
    }
}

view_class! {
    /// One answer to the questions, assumed.
    Assumption(answer::Assumption) ["path", "value"] {
        /// Path of the fact.
        #[getter]
        fn path(&self) -> PyResult<&str> {
            Ok(&self.core()?.path)
        }

        /// Its value.
        #[getter]
        fn value(&self) -> PyResult<&str> {
            Ok(&self.core()?.value)
        }
    }
}

view_class! {
    /// A coding that remains possible.
    Coding(answer::Coding) ["assuming", "reported", "billed"] {
        /// Under these answers.
        #[getter]
        fn assuming<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.core()?.assuming.len(), |index| {
                let view = self.0.part(
                    index,
                    |case, [at, index]| case.codings.get(at)?.assuming.get(index),
                    |coding, index| coding.assuming.get(index),
                )?;
                Ok(Assumption(view))
            })
        }

        /// The code-set answer.
        #[getter]
        fn reported<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.core()?.reported.len(), |index| {
                let view = self.0.part(
                    index,
                    |case, [at, index]| case.codings.get(at)?.reported.get(index),
                    |coding, index| coding.reported.get(index),
                )?;
                Ok(Line(view))
            })
        }

        /// What the profile sends.
        #[getter]
        fn billed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.core()?.billed.len(), |index| {
                let view = self.0.part(
                    index,
                    |case, [at, index]| case.codings.get(at)?.billed.get(index),
                    |coding, index| coding.billed.get(index),
                )?;
                Ok(Line(view))
            })
        }
    }
}

view_class! {
    /// A doubt, a limit of the knowledge, or advice.
    Notice(answer::Notice) ["reason", "subject", "args"] {
        /// Published reason.
        #[getter]
        fn reason(&self) -> PyResult<&str> {
            Ok(&self.core()?.reason)
        }

        /// What it is about: a code, a path, a conflict.
        #[getter]
        fn subject(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.subject.as_deref())
        }

        /// Arguments of the reason.
        #[getter]
        fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            args(py, &self.core()?.args)
        }
    }
}

view_class! {
    /// What an answer rests on.
    Knowledge(answer::Knowledge) ["engine", "facts", "release", "profile", "profile_hash", "overlay", "as_of"] {
        /// Engine version.
        #[getter]
        fn engine(&self) -> PyResult<&str> {
            Ok(&self.core()?.engine)
        }

        /// Hash of the built-in facts.
        #[getter]
        fn facts(&self) -> PyResult<&str> {
            Ok(&self.core()?.facts)
        }

        /// Release id, where one was loaded.
        #[getter]
        fn release(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.release.as_deref())
        }

        /// Profile name.
        #[getter]
        fn profile(&self) -> PyResult<&str> {
            Ok(&self.core()?.profile)
        }

        /// Hash of the profile.
        #[getter]
        fn profile_hash(&self) -> PyResult<&str> {
            Ok(&self.core()?.profile_hash)
        }

        /// Hash of the user's own facts, where given.
        #[getter]
        fn overlay(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.overlay.as_deref())
        }

        /// Only what had been published by this day.
        #[getter]
        fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.as_of.map(|date| to_date(py, date)).transpose()
        }
    }
}

view_class! {
    /// The trace carried by an answer.
    Explanation(trace::Explanation) ["level", "rules", "rows", "citations", "steps"] {
        /// How much is told: `none`, `ids` or `full`.
        #[getter]
        fn level(&self) -> PyResult<&'static str> {
            Ok(self.core()?.level.as_str())
        }

        /// Rules that decided, as `ID/version`.
        #[getter]
        fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.rules)
        }

        /// Rows of the facts that applied.
        #[getter]
        fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.rows)
        }

        /// Citations of those rows and rules.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }

        /// Every step, at level `full`.
        #[getter]
        fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            tuple_of(py, self.core()?.steps.len(), |index| {
                let view = self.0.part(
                    index,
                    |case, [_, index]| case.explanation.as_ref()?.steps.get(index),
                    |explanation, index| explanation.steps.get(index),
                )?;
                Ok(Step(view))
            })
        }
    }
}

view_class! {
    /// One step of an evaluation.
    Step(trace::Step) ["step", "rule", "subject", "row", "result"] {
        /// Which of the closed set.
        #[getter]
        fn step(&self) -> PyResult<&'static str> {
            Ok(self.core()?.step.as_str())
        }

        /// The rule that took it.
        #[getter]
        fn rule(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.rule.as_deref())
        }

        /// What it is about: a path of the case, a code, a site.
        #[getter]
        fn subject(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.subject.as_deref())
        }

        /// The row of the facts it rests on.
        #[getter]
        fn row(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.row.as_deref())
        }

        /// What came of it.
        #[getter]
        fn result(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.result.as_deref())
        }
    }
}
