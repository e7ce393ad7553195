//! Edit reports as Python objects.

use pyo3::IntoPyObject;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDict, PyMappingProxy, PyTuple};
use spinecode_core::Modifier;
use spinecode_core::edit::report::{self, Change, Layer};
use spinecode_core::edit::{account, text};

use crate::answer::{Knowledge, Notice, Question, args, names};
use crate::dates::to_date;
use crate::value::{View, view_class};

fn mapping<'py, V: IntoPyObject<'py>>(
    py: Python<'py>,
    entries: impl Iterator<Item = (impl AsRef<str>, V)>,
) -> PyResult<Bound<'py, PyMappingProxy>> {
    let dict = PyDict::new(py);
    for (key, value) in entries {
        dict.set_item(key.as_ref(), value)?;
    }
    Ok(PyMappingProxy::new(py, dict.as_mapping()))
}

view_class! {
    /// A line that a finding or a change is about.
    LineRef(report::LineRef) ["claim_id", "line", "code"] {
        /// The claim it stands on, where that is another one of the same billing day.
        #[getter]
        fn claim_id(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.claim_id.as_deref())
        }

        /// Its number.
        #[getter]
        fn line(&self) -> PyResult<&str> {
            Ok(&self.core()?.line)
        }

        /// Its code as written.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(&self.core()?.code)
        }

        /// The line as people name it.
        fn __str__(&self) -> PyResult<String> {
            Ok(text::line(self.core()?))
        }
    }
}

view_class! {
    /// What the layers say of one line.
    LineVerdicts(report::LineVerdicts) ["line", "code", "left_out", "verdicts", "not_checked"] {
        /// Its number.
        #[getter]
        fn line(&self) -> PyResult<&str> {
            Ok(&self.core()?.line)
        }

        /// Its code as written.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(&self.core()?.code)
        }

        /// Why it took no part: `void`, `replacement`, `reversed` or `denied`.
        #[getter]
        fn left_out(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.left_out.as_deref())
        }

        /// What each layer says: `pass`, `fail`, `warn`, `bypassed`, `not_applicable` or `not_checked`.
        #[getter]
        fn verdicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            let line = self.core()?;
            let each = Layer::ALL.iter().map(|layer| (layer.as_str(), line.of(*layer).verdict.as_str()));
            mapping(py, each)
        }

        /// Why a layer was not checked, or not wholly.
        #[getter]
        fn not_checked<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            let line = self.core()?;
            let each = Layer::ALL.iter();
            let each = each.filter_map(|layer| Some((layer.as_str(), line.of(*layer).unchecked?.as_str())));
            mapping(py, each)
        }
    }
}

view_class! {
    /// What a payer likely answers. Suggested, never the payer's own word.
    Adjustment(report::Adjustment) ["group", "carc", "rarc"] {
        /// Group: `CO`, `PR`, `OA` ...
        #[getter]
        fn group(&self) -> PyResult<&str> {
            Ok(&self.core()?.group)
        }

        /// Claim adjustment reason code.
        #[getter]
        fn carc(&self) -> PyResult<&str> {
            Ok(&self.core()?.carc)
        }

        /// Remittance advice remark codes.
        #[getter]
        fn rarc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.rarc)
        }
    }
}

view_class! {
    /// One thing found.
    Finding(report::Finding) ["rule", "name", "layer", "severity", "verdict", "lines", "args", "modifier", "adjustment", "rows", "citations", "confidence"] shown ["rule", "verdict", "lines", "args", "modifier"] {
        /// Rule id, never reused.
        #[getter]
        fn rule(&self) -> PyResult<&str> {
            Ok(&self.core()?.rule)
        }

        /// The rule's name.
        #[getter]
        fn name(&self) -> PyResult<&str> {
            Ok(&self.core()?.name)
        }

        /// Layer.
        #[getter]
        fn layer(&self) -> PyResult<&'static str> {
            Ok(self.core()?.layer.as_str())
        }

        /// How grave: `info`, `warning` or `error`.
        #[getter]
        fn severity(&self) -> PyResult<&'static str> {
            Ok(self.core()?.severity.as_str())
        }

        /// What it says of the first line.
        #[getter]
        fn verdict(&self) -> PyResult<&'static str> {
            Ok(self.core()?.verdict.as_str())
        }

        /// The lines; the one that must change first.
        #[getter]
        fn lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.lines.iter().map(|one| LineRef(View::whole(one.clone()))))
        }

        /// Arguments: the other code, the limit ...
        #[getter]
        fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            args(py, &self.core()?.args)
        }

        /// The modifier that bypassed, or would.
        #[getter]
        fn modifier(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.modifier.as_ref().map(Modifier::as_str))
        }

        /// What a payer likely answers.
        #[getter]
        fn adjustment(&self) -> PyResult<Option<Adjustment>> {
            Ok(self.core()?.adjustment.clone().map(|one| Adjustment(View::whole(one))))
        }

        /// Rows of the facts, or editions of a release's tables.
        #[getter]
        fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.rows)
        }

        /// Sources.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }

        /// How sure the facts behind it are: `high`, `medium` or `low`.
        #[getter]
        fn confidence(&self) -> PyResult<&str> {
            Ok(&self.core()?.confidence)
        }

        /// It rests on the nearest edition loaded, not on that of the date.
        #[getter]
        fn nearest_edition(&self) -> PyResult<bool> {
            Ok(self.core()?.nearest_edition)
        }

        /// The finding as a sentence.
        fn __str__(&self) -> PyResult<String> {
            Ok(text::finding(self.core()?))
        }
    }
}

view_class! {
    /// One change of a claim.
    ClaimChange(report::Change) ["action", "line", "modifier", "to", "units", "code", "modifiers", "date_of_service"] {
        /// `drop_line`, `add_modifier`, `drop_modifier`, `move_modifier`, `set_units`, `replace_code` or `add_line`.
        #[getter]
        fn action(&self) -> PyResult<&'static str> {
            Ok(self.core()?.action())
        }

        /// The line; absent for one that is added.
        #[getter]
        fn line(&self) -> PyResult<Option<LineRef>> {
            Ok(self.core()?.line().cloned().map(|line| LineRef(View::whole(line))))
        }

        /// The modifier, where one is added, dropped or moved.
        #[getter]
        fn modifier(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.modifier().map(Modifier::as_str))
        }

        /// The line that a modifier goes to.
        #[getter]
        fn to(&self) -> PyResult<Option<LineRef>> {
            Ok(match self.core()? {
                Change::MoveModifier { to, .. } => Some(LineRef(View::whole(to.clone()))),
                _ => None,
            })
        }

        /// The new units.
        #[getter]
        fn units(&self) -> PyResult<Option<u32>> {
            Ok(match self.core()? {
                Change::SetUnits { units, .. } | Change::AddLine { units, .. } => Some(*units),
                _ => None,
            })
        }

        /// The new code.
        #[getter]
        fn code(&self) -> PyResult<Option<&str>> {
            Ok(match self.core()? {
                Change::ReplaceCode { code, .. } | Change::AddLine { code, .. } => Some(code.as_str()),
                _ => None,
            })
        }

        /// Modifiers of a line that is added.
        #[getter]
        fn modifiers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            match self.core()? {
                Change::AddLine { modifiers, .. } => PyTuple::new(py, modifiers.iter().map(Modifier::as_str)),
                _ => Ok(PyTuple::empty(py)),
            }
        }

        /// Date of a line that is added.
        #[getter]
        fn date_of_service<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            match self.core()? {
                Change::AddLine { date_of_service, .. } => to_date(py, *date_of_service).map(Some),
                _ => Ok(None),
            }
        }

        /// The change as people write it.
        fn __str__(&self) -> PyResult<String> {
            Ok(text::change(self.core()?))
        }
    }
}

view_class! {
    /// A set of changes after which the claim passes.
    Repair(report::Repair) ["changes", "meaning", "if_documented", "settles"] {
        /// The changes, all of them.
        #[getter]
        fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.changes.iter().map(|one| ClaimChange(View::whole(one.clone()))))
        }

        /// What the changed claim says that the old one did not.
        #[getter]
        fn meaning<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.meaning)
        }

        /// What must be documented for it; empty: it asserts nothing new.
        #[getter]
        fn if_documented<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.if_documented)
        }

        /// Rules of the findings that it settles.
        #[getter]
        fn settles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.settles)
        }

        /// The repair as a sentence.
        fn __str__(&self) -> PyResult<String> {
            Ok(text::repair(self.core()?))
        }
    }
}

view_class! {
    /// What is said of one claim.
    EditReport(report::EditReport) ["verdict", "findings", "lines", "repairs", "questions", "left_out", "notices", "knowledge", "setting", "claim_id"] shown ["claim_id", "verdict", "setting", "findings", "repairs", "questions", "left_out", "notices"] {
        /// The gravest verdict of any layer and line.
        #[getter]
        fn verdict(&self) -> PyResult<&'static str> {
            Ok(self.core()?.verdict.as_str())
        }

        /// What was found.
        #[getter]
        fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.findings.iter().map(|one| Finding(View::whole(one.clone()))))
        }

        /// Each line, layer by layer.
        #[getter]
        fn lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.lines.iter().map(|one| LineVerdicts(View::whole(one.clone()))))
        }

        /// Smallest sets of changes that pass, the best first; only where asked for.
        #[getter]
        fn repairs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.repairs.iter().map(|one| Repair(View::whole(one.clone()))))
        }

        /// Clinical facts that would decide between repairs.
        #[getter]
        fn questions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.questions.iter().map(|one| Question(View::whole(one.clone()))))
        }

        /// How many lines took no part, by reason.
        #[getter]
        fn left_out<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            mapping(py, self.core()?.left_out.iter().map(|(why, count)| (why.as_ref(), *count)))
        }

        /// Limits of the knowledge.
        #[getter]
        fn notices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.notices.iter().map(|one| Notice(View::whole(one.clone()))))
        }

        /// What the report rests on.
        #[getter]
        fn knowledge(&self) -> PyResult<Knowledge> {
            Ok(Knowledge(View::whole(self.core()?.knowledge.clone())))
        }

        /// Who sends the claim, as derived.
        #[getter]
        fn setting(&self) -> PyResult<&str> {
            Ok(&self.core()?.setting)
        }

        /// The caller's id.
        #[getter]
        fn claim_id(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.claim_id.as_deref())
        }

        /// Every finding as a row of a frame.
        #[pyo3(signature = (library=None))]
        fn to_frame<'py>(slf: &Bound<'py, Self>, library: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
            let py = slf.py();
            let frames = py.import("spinecode._frames")?;
            frames.call_method1("to_frame", (PyTuple::new(py, [slf])?, library))
        }

        /// The whole report as a readable account.
        fn __str__(&self) -> PyResult<String> {
            Ok(account::account(self.core()?))
        }

        /// The whole report for a notebook.
        fn _repr_html_(&self) -> PyResult<String> {
            Ok(account::html(self.core()?))
        }
    }
}
