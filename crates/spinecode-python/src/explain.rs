//! Explanations as Python objects: views on the core's own values.

use pyo3::prelude::*;
use pyo3::types::{PyDate, PyMappingProxy, PyTuple};
use spinecode_core::explain;

use crate::answer::{CodedCase, Knowledge, Line, NotReported, Notice, Question, Withheld, args, names};
use crate::dates::to_date;
use crate::value::{View, view_class};

view_class! {
    /// The whole explanation of one answer; `str` gives the tree as text.
    Explained(explain::Explained) ["tree", "coded"] shown ["coded"] {
        /// What was decided, and under each decision what it rests on.
        #[getter]
        fn tree<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.tree.iter().cloned().map(|one| Node(View::whole(one))))
        }

        /// The answer, with every step.
        #[getter]
        fn coded(&self) -> PyResult<CodedCase> {
            Ok(CodedCase::alone(self.core()?.coded.clone()))
        }

        /// As rows of a frame.
        #[pyo3(signature = (library=None))]
        fn to_frame<'py>(slf: &Bound<'py, Self>, library: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
            let frames = slf.py().import("spinecode._frames")?;
            frames.call_method1("explained_frame", (slf, library))
        }

        fn __str__(&self) -> PyResult<String> {
            Ok(explain::explained_text(self.core()?))
        }

        fn _repr_html_(&self) -> PyResult<String> {
            Ok(explain::explained_html(self.core()?))
        }
    }
}

view_class! {
    /// One statement of an explanation, and those that it rests on.
    Node(explain::Node) [
        "what", "subject", "result", "rule", "row", "first_day", "last_day", "confidence", "citations", "children",
    ] shown ["what", "subject", "result", "rule", "row"] {
        /// `line`, `withheld`, `not_reported`, `question`, `notice`, `rule`, `steps` or a kind of step.
        #[getter]
        fn what(&self) -> PyResult<&str> {
            Ok(&self.core()?.what)
        }

        /// What it is about.
        #[getter]
        fn subject(&self) -> PyResult<&str> {
            Ok(&self.core()?.subject)
        }

        /// What came of it.
        #[getter]
        fn result(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.result.as_deref())
        }

        /// The rule that decided.
        #[getter]
        fn rule(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.rule.as_deref())
        }

        /// The row of the facts it rests on.
        #[getter]
        fn row(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.row.as_deref())
        }

        /// First day of service of that row; none: before the facts begin.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.from.map(|date| to_date(py, date)).transpose()
        }

        /// Last day of service of that row; none: not known to have ended.
        #[getter]
        fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.last_day.map(|date| to_date(py, date)).transpose()
        }

        /// How sure that row is.
        #[getter]
        fn confidence(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.confidence.as_deref())
        }

        /// Where that row was read.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }

        /// What it rests on.
        #[getter]
        fn children<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.children.iter().cloned().map(|one| Node(View::whole(one))))
        }
    }
}

view_class! {
    /// One change of a case, as it was applied.
    Change(explain::Change) ["path", "value"] {
        /// Path of the fact.
        #[getter]
        fn path(&self) -> PyResult<&str> {
            Ok(&self.core()?.path)
        }

        /// The value it was given; empty: it was taken away.
        #[getter]
        fn value(&self) -> PyResult<&str> {
            Ok(&self.core()?.value)
        }
    }
}

view_class! {
    /// Why a code is not in an answer; `str` says it in words.
    WhyNot(explain::WhyNot) [
        "code", "reason", "subject", "args", "rule", "row", "citations", "lines", "changes", "label",
        "date_of_service", "case_id",
    ] shown ["code", "reason", "subject", "args", "changes"] {
        /// The code asked about.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// The first condition that fails: a published reason.
        #[getter]
        fn reason(&self) -> PyResult<&str> {
            Ok(&self.core()?.reason)
        }

        /// What it is about: a path of the case, a code.
        #[getter]
        fn subject(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.subject.as_deref())
        }

        /// Arguments of the reason; read only.
        #[getter]
        fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            args(py, &self.core()?.args)
        }

        /// The rule that decided.
        #[getter]
        fn rule(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.rule.as_deref())
        }

        /// The row of the facts it rests on.
        #[getter]
        fn row(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.row.as_deref())
        }

        /// Where that row was read.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }

        /// The lines that do report it, where they do.
        #[getter]
        fn lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.lines.iter().cloned().map(|one| Line(View::whole(one))))
        }

        /// Single changes that would put it into the answer, the smallest first.
        #[getter]
        fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.changes.iter().cloned().map(|one| Remedy(View::whole(one))))
        }

        /// Our own short label of the code, where it is known.
        #[getter]
        fn label(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.label.as_deref())
        }

        /// Date of service.
        #[getter]
        fn date_of_service<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
            to_date(py, self.core()?.date_of_service)
        }

        /// The caller's id of the case.
        #[getter]
        fn case_id(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.case_id.as_deref())
        }

        /// What the answer rests on.
        #[getter]
        fn knowledge(&self) -> PyResult<Knowledge> {
            Ok(Knowledge(View::whole(self.core()?.knowledge.clone())))
        }

        /// As rows of a frame.
        #[pyo3(signature = (library=None))]
        fn to_frame<'py>(slf: &Bound<'py, Self>, library: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
            let frames = slf.py().import("spinecode._frames")?;
            frames.call_method1("why_not_frame", (slf, library))
        }

        fn __str__(&self) -> PyResult<String> {
            Ok(explain::why_not_text(self.core()?))
        }

        fn _repr_html_(&self) -> PyResult<String> {
            Ok(explain::why_not_html(self.core()?))
        }
    }
}

view_class! {
    /// A single change that would put a code into the answer.
    Remedy(explain::Remedy) ["change", "billed"] {
        /// The change.
        #[getter]
        fn change(&self) -> PyResult<Change> {
            Ok(Change(View::whole(self.core()?.change.clone())))
        }

        /// What would then be billed.
        #[getter]
        fn billed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.billed.iter().cloned().map(|one| Line(View::whole(one))))
        }
    }
}

view_class! {
    /// An answer before and after changes; `str` gives the difference as text.
    WhatIf(explain::WhatIf) ["changes", "difference", "before", "after"] shown ["changes", "difference"] {
        /// The changes, in the order given.
        #[getter]
        fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.changes.iter().cloned().map(|one| Change(View::whole(one))))
        }

        /// What differs.
        #[getter]
        fn difference(&self) -> PyResult<Difference> {
            Ok(Difference(View::whole(self.core()?.difference.clone())))
        }

        /// The answer as it stands.
        #[getter]
        fn before(&self) -> PyResult<CodedCase> {
            Ok(CodedCase::alone(self.core()?.before.clone()))
        }

        /// The answer with the changes.
        #[getter]
        fn after(&self) -> PyResult<CodedCase> {
            Ok(CodedCase::alone(self.core()?.after.clone()))
        }

        /// As rows of a frame.
        #[pyo3(signature = (library=None))]
        fn to_frame<'py>(slf: &Bound<'py, Self>, library: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
            let frames = slf.py().import("spinecode._frames")?;
            frames.call_method1("what_if_frame", (slf, library))
        }

        fn __str__(&self) -> PyResult<String> {
            Ok(explain::what_if_text(self.core()?))
        }

        fn _repr_html_(&self) -> PyResult<String> {
            Ok(explain::what_if_html(self.core()?))
        }
    }
}

view_class! {
    /// What differs between two answers.
    Difference(explain::Difference) [
        "status_before", "status_after", "reported", "billed", "withheld_gone", "withheld_new",
        "not_reported_gone", "not_reported_new", "questions_gone", "questions_new", "notices_gone", "notices_new",
    ] shown ["status_before", "status_after", "billed"] {
        /// Status of the first.
        #[getter]
        fn status_before(&self) -> PyResult<&'static str> {
            Ok(self.core()?.status_before.as_str())
        }

        /// Status of the second.
        #[getter]
        fn status_after(&self) -> PyResult<&'static str> {
            Ok(self.core()?.status_after.as_str())
        }

        /// In the code-set answer.
        #[getter]
        fn reported(&self) -> PyResult<LineDifference> {
            Ok(LineDifference(View::whole(self.core()?.reported.clone())))
        }

        /// In what the profile sends.
        #[getter]
        fn billed(&self) -> PyResult<LineDifference> {
            Ok(LineDifference(View::whole(self.core()?.billed.clone())))
        }

        /// Kept off the claim no longer.
        #[getter]
        fn withheld_gone<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.withheld_gone.iter().cloned().map(|one| Withheld(View::whole(one))))
        }

        /// Newly kept off the claim.
        #[getter]
        fn withheld_new<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.withheld_new.iter().cloned().map(|one| Withheld(View::whole(one))))
        }

        /// Services no longer without a line.
        #[getter]
        fn not_reported_gone<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.not_reported_gone.iter().cloned().map(|one| NotReported(View::whole(one))))
        }

        /// Services newly without a line.
        #[getter]
        fn not_reported_new<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.not_reported_new.iter().cloned().map(|one| NotReported(View::whole(one))))
        }

        /// Questions that are settled.
        #[getter]
        fn questions_gone<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.questions_gone.iter().cloned().map(|one| Question(View::whole(one))))
        }

        /// New questions.
        #[getter]
        fn questions_new<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.questions_new.iter().cloned().map(|one| Question(View::whole(one))))
        }

        /// Notices that are gone.
        #[getter]
        fn notices_gone<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.notices_gone.iter().cloned().map(|one| Notice(View::whole(one))))
        }

        /// New notices.
        #[getter]
        fn notices_new<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.notices_new.iter().cloned().map(|one| Notice(View::whole(one))))
        }
    }
}

view_class! {
    /// What differs between two lists of lines.
    LineDifference(explain::LineDifference) ["gone", "new", "changed"] {
        /// Lines that are gone.
        #[getter]
        fn gone<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.gone.iter().cloned().map(|one| Line(View::whole(one))))
        }

        /// Lines that are new.
        #[getter(new)]
        fn new_lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.new.iter().cloned().map(|one| Line(View::whole(one))))
        }

        /// Lines of one code whose units, modifiers, side or sites changed.
        #[getter]
        fn changed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.changed.iter().cloned().map(|one| LineChange(View::whole(one))))
        }
    }
}

view_class! {
    /// A line that stayed with another writing.
    LineChange(explain::LineChange) ["before", "after"] {
        /// As it was.
        #[getter]
        fn before(&self) -> PyResult<Line> {
            Ok(Line(View::whole(self.core()?.before.clone())))
        }

        /// As it is.
        #[getter]
        fn after(&self) -> PyResult<Line> {
            Ok(Line(View::whole(self.core()?.after.clone())))
        }
    }
}

view_class! {
    /// One case over all eras of the facts; `str` gives it as text.
    Eras(explain::Eras) ["stretches", "turns", "knowledge", "case_id"] shown ["stretches"] {
        /// The stretches of dates in which the answer stays the same, oldest first.
        #[getter]
        fn stretches<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.stretches.iter().cloned().map(|one| Stretch(View::whole(one))))
        }

        /// What changed between one stretch and the next, and why.
        #[getter]
        fn turns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.turns.iter().cloned().map(|one| Turn(View::whole(one))))
        }

        /// What the answers rest on.
        #[getter]
        fn knowledge(&self) -> PyResult<Knowledge> {
            Ok(Knowledge(View::whole(self.core()?.knowledge.clone())))
        }

        /// The caller's id of the case.
        #[getter]
        fn case_id(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.case_id.as_deref())
        }

        /// As rows of a frame.
        #[pyo3(signature = (library=None))]
        fn to_frame<'py>(slf: &Bound<'py, Self>, library: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
            let frames = slf.py().import("spinecode._frames")?;
            frames.call_method1("eras_frame", (slf, library))
        }

        fn __str__(&self) -> PyResult<String> {
            Ok(explain::eras_text(self.core()?))
        }

        fn _repr_html_(&self) -> PyResult<String> {
            Ok(explain::eras_html(self.core()?))
        }
    }
}

view_class! {
    /// Dates of service on which the answer is the same.
    Stretch(explain::Stretch) [
        "first_day", "last_day", "status", "reported", "billed", "withheld", "not_reported", "questions", "notices",
    ] shown ["first_day", "last_day", "status", "billed"] {
        /// First day.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
            to_date(py, self.core()?.from)
        }

        /// Last day; none: not known to end.
        #[getter]
        fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.last_day.map(|date| to_date(py, date)).transpose()
        }

        /// `coded`, `needs_facts` or `out_of_scope`.
        #[getter]
        fn status(&self) -> PyResult<&'static str> {
            Ok(self.core()?.status.as_str())
        }

        /// The code-set answer.
        #[getter]
        fn reported<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.reported.iter().cloned().map(|one| Line(View::whole(one))))
        }

        /// What the profile sends.
        #[getter]
        fn billed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.billed.iter().cloned().map(|one| Line(View::whole(one))))
        }

        /// Kept off the claim.
        #[getter]
        fn withheld<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.withheld.iter().cloned().map(|one| Withheld(View::whole(one))))
        }

        /// Services without a line of their own.
        #[getter]
        fn not_reported<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.not_reported.iter().cloned().map(|one| NotReported(View::whole(one))))
        }

        /// What would be asked.
        #[getter]
        fn questions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.questions.iter().cloned().map(|one| Question(View::whole(one))))
        }

        /// Doubts, limits, advice, as on the first day.
        #[getter]
        fn notices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.notices.iter().cloned().map(|one| Notice(View::whole(one))))
        }
    }
}

view_class! {
    /// What changed on a day, and why.
    Turn(explain::Turn) ["on", "difference", "ended", "began"] shown ["on", "ended", "began"] {
        /// First day of the later stretch.
        #[getter]
        fn on<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
            to_date(py, self.core()?.on)
        }

        /// What differs.
        #[getter]
        fn difference(&self) -> PyResult<Difference> {
            Ok(Difference(View::whole(self.core()?.difference.clone())))
        }

        /// Rows behind the earlier answer that ended.
        #[getter]
        fn ended<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.ended.iter().cloned().map(|one| RowNote(View::whole(one))))
        }

        /// Rows behind the later answer that began.
        #[getter]
        fn began<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.began.iter().cloned().map(|one| RowNote(View::whole(one))))
        }
    }
}

view_class! {
    /// A row of the facts and where it was read.
    RowNote(explain::RowNote) ["row", "citations"] {
        /// The row.
        #[getter]
        fn row(&self) -> PyResult<&str> {
            Ok(&self.core()?.row)
        }

        /// Its citations.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }
    }
}
