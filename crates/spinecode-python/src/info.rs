//! What an engine knows, as Python objects.

use pyo3::prelude::*;
use pyo3::types::{PyDate, PyTuple};
use spinecode_engine as engine;

use crate::answer::names;
use crate::dates::text_to_date;
use crate::value::{View, view_class};

fn date<'py>(py: Python<'py>, text: Option<&String>) -> PyResult<Option<Bound<'py, PyDate>>> {
    text.map_or(Ok(None), |text| text_to_date(py, text))
}

view_class! {
    /// One published kind of procedure.
    KindInfo(engine::KindInfo) ["kind", "label", "family", "sites", "facts"] {
        /// Name.
        #[getter]
        fn kind(&self) -> PyResult<&str> {
            Ok(&self.core()?.kind)
        }

        /// Our own short label.
        #[getter]
        fn label(&self) -> PyResult<&str> {
            Ok(&self.core()?.label)
        }

        /// Family that codes it; absent while the kind is known but not coded.
        #[getter]
        fn family(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.family.as_deref())
        }

        /// Site types it may be done at.
        #[getter]
        fn sites<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.sites)
        }

        /// Facts it allows.
        #[getter]
        fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.facts.iter().map(|fact| FactInfo(View::whole(fact.clone()))))
        }
    }
}

view_class! {
    /// One fact a kind allows.
    FactInfo(engine::FactInfo) ["fact", "value_type", "values", "question"] {
        /// Name.
        #[getter]
        fn fact(&self) -> PyResult<&str> {
            Ok(&self.core()?.fact)
        }

        /// `word`, `words`, `flag` or `number`.
        #[getter]
        fn value_type(&self) -> PyResult<&str> {
            Ok(&self.core()?.value_type)
        }

        /// Values, for words.
        #[getter]
        fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.values)
        }

        /// The question asked when it is unknown.
        #[getter]
        fn question(&self) -> PyResult<&str> {
            Ok(&self.core()?.question)
        }
    }
}

view_class! {
    /// A rule, with its versions and sources.
    RuleInfo(engine::RuleInfo) ["id", "name", "family", "layer", "versions"] {
        /// Id, never reused.
        #[getter]
        fn id(&self) -> PyResult<&str> {
            Ok(&self.core()?.id)
        }

        /// Name of the fault or decision.
        #[getter]
        fn name(&self) -> PyResult<&str> {
            Ok(&self.core()?.name)
        }

        /// Family, or `all`.
        #[getter]
        fn family(&self) -> PyResult<&str> {
            Ok(&self.core()?.family)
        }

        /// Layer.
        #[getter]
        fn layer(&self) -> PyResult<&str> {
            Ok(&self.core()?.layer)
        }

        /// Versions, oldest first.
        #[getter]
        fn versions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.versions.iter().map(|version| RuleVersion(View::whole(version.clone()))))
        }
    }
}

view_class! {
    /// One version of a rule.
    RuleVersion(engine::RuleVersion) ["version", "first_day", "last_day", "what", "confidence", "citations"] {
        /// Version, from 1.
        #[getter]
        fn version(&self) -> PyResult<u32> {
            Ok(self.core()?.version)
        }

        /// First day in force, or None: before the facts begin. `from` in JSON.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            date(py, self.core()?.from.as_ref())
        }

        /// Last day in force, or None: not known to have ended.
        #[getter]
        fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            date(py, self.core()?.last_day.as_ref())
        }

        /// What this version does.
        #[getter]
        fn what(&self) -> PyResult<&str> {
            Ok(&self.core()?.what)
        }

        /// `high`, `medium` or `low`.
        #[getter]
        fn confidence(&self) -> PyResult<&str> {
            Ok(&self.core()?.confidence)
        }

        /// Citations.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.citations.iter().map(|source| CitationInfo(View::whole(source.clone()))))
        }
    }
}

view_class! {
    /// A source.
    CitationInfo(engine::CitationInfo) ["id", "title", "link", "authority_from", "authority_to"] {
        /// Key.
        #[getter]
        fn id(&self) -> PyResult<&str> {
            Ok(&self.core()?.id)
        }

        /// Title.
        #[getter]
        fn title(&self) -> PyResult<&str> {
            Ok(&self.core()?.title)
        }

        /// Where.
        #[getter]
        fn link(&self) -> PyResult<&str> {
            Ok(&self.core()?.link)
        }

        /// First date of service for which it is authority.
        #[getter]
        fn authority_from<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            date(py, self.core()?.authority_from.as_ref())
        }

        /// Last such date.
        #[getter]
        fn authority_to<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            date(py, self.core()?.authority_to.as_ref())
        }
    }
}

view_class! {
    /// A payer profile.
    ProfileInfo(engine::ProfileInfo) ["name", "hash", "label", "layers"] {
        /// Name.
        #[getter]
        fn name(&self) -> PyResult<&str> {
            Ok(&self.core()?.name)
        }

        /// Hash.
        #[getter]
        fn hash(&self) -> PyResult<&str> {
            Ok(&self.core()?.hash)
        }

        /// Label.
        #[getter]
        fn label(&self) -> PyResult<&str> {
            Ok(&self.core()?.label)
        }

        /// Layers it names.
        #[getter]
        fn layers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.layers)
        }
    }
}

view_class! {
    /// What an engine is and rests on.
    EngineInfo(engine::EngineInfo) [
        "engine", "facts", "release", "overlay", "coverage_from", "profiles", "kinds", "rules", "layers",
        "violation_reasons", "notice_reasons", "exclusion_reasons",
    ] shown ["engine", "facts", "release", "overlay", "coverage_from"] {
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

        /// Release id, where one is loaded.
        #[getter]
        fn release(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.release.as_deref())
        }

        /// Hash of the user's own facts.
        #[getter]
        fn overlay(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.overlay.as_deref())
        }

        /// First date of service covered.
        #[getter]
        fn coverage_from<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            date(py, Some(&self.core()?.coverage_from))
        }

        /// Payer profiles.
        #[getter]
        fn profiles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            profiles(py, self.core()?)
        }

        /// Kinds of procedures.
        #[getter]
        fn kinds<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            kinds(py, self.core()?)
        }

        /// Rule ids.
        #[getter]
        fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.rules)
        }

        /// Layers.
        #[getter]
        fn layers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.layers)
        }

        /// Reasons of violations.
        #[getter]
        fn violation_reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.violation_reasons)
        }

        /// Reasons of notices.
        #[getter]
        fn notice_reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.notice_reasons)
        }

        /// Reasons of services not reported and lines withheld.
        #[getter]
        fn exclusion_reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.exclusion_reasons)
        }

        /// Reasons why a code is not in an answer, beside those.
        #[getter]
        fn why_not_reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.why_not_reasons)
        }

        /// Layers of an edit report, in their order.
        #[getter]
        fn edit_layers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.edit_layers)
        }

        /// Verdicts, the gravest last.
        #[getter]
        fn verdicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.verdicts)
        }

        /// Severities of findings, the gravest last.
        #[getter]
        fn severities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.severities)
        }

        /// Reasons why something was not checked.
        #[getter]
        fn unchecked_reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.unchecked_reasons)
        }

        /// Rules that findings may name.
        #[getter]
        fn finding_rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.finding_rules)
        }
    }
}

pub(crate) fn kinds<'py>(py: Python<'py>, info: &engine::EngineInfo) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, info.kinds.iter().map(|kind| KindInfo(View::whole(kind.clone()))))
}

pub(crate) fn profiles<'py>(py: Python<'py>, info: &engine::EngineInfo) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(
        py,
        info.profiles
            .iter()
            .map(|profile| ProfileInfo(View::whole(profile.clone()))),
    )
}
