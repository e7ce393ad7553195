//! Look-ups, coverage and lint, as Python objects.

use pyo3::prelude::*;
use pyo3::types::{PyDate, PyMappingProxy, PyTuple};
use spinecode_core::{lint, lookup};

use crate::answer::{Notice, args, names};
use crate::dates::to_date;
use crate::info::CitationInfo;
use crate::value::{View, view_class};

view_class! {
    /// How a fact is verified.
    Evidence(lookup::Evidence) ["row", "first_day", "last_day", "known_from", "verified_through", "confidence", "citations", "past_verification"] {
        /// Row of the facts.
        #[getter]
        fn row(&self) -> PyResult<&str> {
            Ok(&self.core()?.row)
        }

        /// First day it holds for. Absent: before the facts begin.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.first_day.map(|day| to_date(py, day)).transpose()
        }

        /// Last day it holds for. Absent: not known to have ended.
        #[getter]
        fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.last_day.map(|day| to_date(py, day)).transpose()
        }

        /// When it was published, where that was later than its first day.
        #[getter]
        fn known_from<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.known_from.map(|day| to_date(py, day)).transpose()
        }

        /// Last day on which it was verified. Absent: it is a reading of the sources that has no such day.
        #[getter]
        fn verified_through<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.verified_through.map(|day| to_date(py, day)).transpose()
        }

        /// How sure it is: `high`, `medium` or `low`.
        #[getter]
        fn confidence(&self) -> PyResult<&str> {
            Ok(&self.core()?.confidence)
        }

        /// Keys of its sources.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }

        /// The date asked for lies after the last day on which it was verified.
        #[getter]
        fn past_verification(&self) -> PyResult<bool> {
            Ok(self.core()?.past_verification)
        }
    }
}

view_class! {
    /// A fact of the case and the values of it that lead there.
    WhenFact(lookup::WhenFact) ["fact", "values"] {
        /// The fact, or the name of a disagreement between sources: then the values are positions in it.
        #[getter]
        fn fact(&self) -> PyResult<&str> {
            Ok(&self.core()?.fact)
        }

        /// One of these.
        #[getter]
        fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.values)
        }
    }
}

view_class! {
    /// One stretch of a code's life.
    LifeStretch(lookup::LifeStretch) ["label", "valid", "laterality", "add_on", "split", "evidence"] {
        /// Our own short label in this stretch.
        #[getter]
        fn label(&self) -> PyResult<&str> {
            Ok(&self.core()?.label)
        }

        /// A code in this stretch; false for a misprint that never was one.
        #[getter]
        fn valid(&self) -> PyResult<bool> {
            Ok(self.core()?.valid)
        }

        /// Sides: `unilateral`, `bilateral_inherent` or `not_lateral`.
        #[getter]
        fn laterality(&self) -> PyResult<&str> {
            Ok(&self.core()?.laterality)
        }

        /// An add-on code in this stretch.
        #[getter]
        fn add_on(&self) -> PyResult<bool> {
            Ok(self.core()?.add_on)
        }

        /// Professional and technical parts are billed apart.
        #[getter]
        fn split(&self) -> PyResult<bool> {
            Ok(self.core()?.split)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// A kind of procedure that leads to the code.
    LeadingKind(lookup::LeadingKind) ["kind", "label", "family", "synonyms"] {
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

        /// Family that codes it.
        #[getter]
        fn family(&self) -> PyResult<&str> {
            Ok(&self.core()?.family)
        }

        /// Other words for it.
        #[getter]
        fn synonyms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.synonyms)
        }
    }
}

view_class! {
    /// The part a code plays in a family.
    RoleUse(lookup::RoleUse) ["family", "code_set", "region", "role", "nth_from", "nth_to", "cap", "unit", "ways", "in_force", "evidence"] {
        /// Family.
        #[getter]
        fn family(&self) -> PyResult<&str> {
            Ok(&self.core()?.family)
        }

        /// Code set of the family; for separate guidance, the code set it stands beside.
        #[getter]
        fn code_set(&self) -> PyResult<&str> {
            Ok(&self.core()?.code_set)
        }

        /// Code region. Absent: any.
        #[getter]
        fn region(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.region.as_deref())
        }

        /// `first`, `second`, `third_plus`, `additional` ..., or `guidance` for separate guidance.
        #[getter]
        fn role(&self) -> PyResult<&str> {
            Ok(&self.core()?.role)
        }

        /// First level, in order of counting, that it covers.
        #[getter]
        fn nth_from(&self) -> PyResult<u32> {
            Ok(self.core()?.nth_from)
        }

        /// Last such level. Absent: and beyond.
        #[getter]
        fn nth_to(&self) -> PyResult<Option<u32>> {
            Ok(self.core()?.nth_to)
        }

        /// Most units a side a session. Absent: no cap.
        #[getter]
        fn cap(&self) -> PyResult<Option<u32>> {
            Ok(self.core()?.cap)
        }

        /// What one unit counts.
        #[getter]
        fn unit(&self) -> PyResult<&str> {
            Ok(&self.core()?.unit)
        }

        /// Facts that lead to it; each list is one way.
        #[getter]
        fn ways<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.ways.iter().map(|one| Way(View::whole(one.clone()))))
        }

        /// Whether it plays this part on the date asked for.
        #[getter]
        fn in_force(&self) -> PyResult<bool> {
            Ok(self.core()?.in_force)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// One way to a code set: all of these facts together.
    Way(lookup::Way) ["when"] {
        /// The facts; none: nothing more is needed.
        #[getter]
        fn when<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.when.iter().map(|one| WhenFact(View::whole(one.clone()))))
        }
    }
}

view_class! {
    /// A code that stands beside this one, on the date asked for.
    Companion(lookup::Companion) ["code", "label", "relation", "layer", "evidence"] {
        /// The other code.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// Its label.
        #[getter]
        fn label(&self) -> PyResult<&str> {
            Ok(&self.core()?.label)
        }

        /// What the other is to this one: `primary` or `add_on`.
        #[getter]
        fn relation(&self) -> PyResult<&str> {
            Ok(&self.core()?.relation)
        }

        /// Who says so: `code_set` or `add_on_table`.
        #[getter]
        fn layer(&self) -> PyResult<&str> {
            Ok(&self.core()?.layer)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// What guidance does, on the date asked for.
    GuidanceUse(lookup::GuidanceUse) ["service", "guidance", "effect", "codes", "unit", "code_set", "evidence"] {
        /// Service it guides: a family, or a part of one.
        #[getter]
        fn service(&self) -> PyResult<&str> {
            Ok(&self.core()?.service)
        }

        /// `none`, `fluoroscopy`, `ct`, `ultrasound`, `mr`. Absent: whatever it was.
        #[getter]
        fn guidance(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.guidance.as_deref())
        }

        /// `included`, `separate`, or `no_code` where the facts name none.
        #[getter]
        fn effect(&self) -> PyResult<&str> {
            Ok(&self.core()?.effect)
        }

        /// The guidance codes concerned.
        #[getter]
        fn codes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.codes.iter().map(|code| code.as_str()))
        }

        /// What one unit of separate guidance counts.
        #[getter]
        fn unit(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.unit.as_deref())
        }

        /// The code set it leads to.
        #[getter]
        fn code_set(&self) -> PyResult<&str> {
            Ok(&self.core()?.code_set)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// One family taking in another, on the date asked for.
    Inclusion(lookup::Inclusion) ["family", "includes", "scope", "rule", "evidence"] {
        /// The family that is reported.
        #[getter]
        fn family(&self) -> PyResult<&str> {
            Ok(&self.core()?.family)
        }

        /// The family that is not.
        #[getter]
        fn includes(&self) -> PyResult<&str> {
            Ok(&self.core()?.includes)
        }

        /// `same_site`, `same_level`, `session`, or `guidance` where only its guidance is taken in.
        #[getter]
        fn scope(&self) -> PyResult<&str> {
            Ok(&self.core()?.scope)
        }

        /// The rule.
        #[getter]
        fn rule(&self) -> PyResult<&str> {
            Ok(&self.core()?.rule)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// A limit of units, on the date asked for.
    UnitLimit(lookup::UnitLimit) ["units", "mai", "evidence"] {
        /// Units a day.
        #[getter]
        fn units(&self) -> PyResult<u32> {
            Ok(self.core()?.units)
        }

        /// Adjudication indicator.
        #[getter]
        fn mai(&self) -> PyResult<u32> {
            Ok(self.core()?.mai)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// A procedure-to-procedure pair, on the date asked for.
    CodePair(lookup::CodePair) ["column1", "column2", "bypassable", "table", "evidence"] {
        /// Column 1.
        #[getter]
        fn column1(&self) -> PyResult<&str> {
            Ok(self.core()?.column1.as_str())
        }

        /// Column 2: the line that is denied.
        #[getter]
        fn column2(&self) -> PyResult<&str> {
            Ok(self.core()?.column2.as_str())
        }

        /// A modifier can make both payable.
        #[getter]
        fn bypassable(&self) -> PyResult<bool> {
            Ok(self.core()?.bypassable)
        }

        /// `practitioner`, `hospital` or `both`.
        #[getter]
        fn table(&self) -> PyResult<&str> {
            Ok(&self.core()?.table)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// What became what on a day, and under which facts.
    Succession(lookup::Succession) ["first_day", "families", "when", "before", "after", "beside", "role_before", "role_after", "unit_before", "unit_after", "basis", "evidence"] {
        /// First day of the new law.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
            to_date(py, self.core()?.first_day)
        }

        /// Families in which it happened; none where the code table alone says it.
        #[getter]
        fn families<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.families)
        }

        /// The facts that part this succession from others of the same code; none: always.
        #[getter]
        fn when<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.when.iter().map(|one| WhenFact(View::whole(one.clone()))))
        }

        /// Codes before.
        #[getter]
        fn before<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.before.iter().map(|code| code.as_str()))
        }

        /// Codes since; none: no code of its own any more.
        #[getter]
        fn after<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.after.iter().map(|code| code.as_str()))
        }

        /// Codes that stay, one or another beside it.
        #[getter]
        fn beside<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.beside.iter().map(|code| code.as_str()))
        }

        /// Part played before, with its region, such as `first, lumbosacral`.
        #[getter]
        fn role_before(&self) -> PyResult<&str> {
            Ok(&self.core()?.role_before)
        }

        /// Part played since.
        #[getter]
        fn role_after(&self) -> PyResult<&str> {
            Ok(&self.core()?.role_after)
        }

        /// What one unit counted before.
        #[getter]
        fn unit_before(&self) -> PyResult<&str> {
            Ok(&self.core()?.unit_before)
        }

        /// What one unit counts since.
        #[getter]
        fn unit_after(&self) -> PyResult<&str> {
            Ok(&self.core()?.unit_after)
        }

        /// `rows`: derived from the rows that the rules decide by; `code_table`: stated of the code alone.
        #[getter]
        fn basis(&self) -> PyResult<&str> {
            Ok(&self.core()?.basis)
        }

        /// How it is verified.
        #[getter]
        fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.evidence.iter().map(|one| Evidence(View::whole(one.clone()))))
        }
    }
}

view_class! {
    /// What tells two codes of a family apart.
    CodeDifference(lookup::CodeDifference) ["fact", "here", "there"] {
        /// `code_set`, `region`, `role`, `unit`, `guidance` or `date`.
        #[getter]
        fn fact(&self) -> PyResult<&str> {
            Ok(&self.core()?.fact)
        }

        /// Of the code asked for.
        #[getter]
        fn here(&self) -> PyResult<&str> {
            Ok(&self.core()?.here)
        }

        /// Of the other.
        #[getter]
        fn there(&self) -> PyResult<&str> {
            Ok(&self.core()?.there)
        }
    }
}

view_class! {
    /// A code to use instead on that date.
    Sibling(lookup::Sibling) ["code", "label", "relation", "families", "differs", "ways", "evidence"] {
        /// The code.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// Its label.
        #[getter]
        fn label(&self) -> PyResult<&str> {
            Ok(&self.core()?.label)
        }

        /// `sibling`, `successor`, `predecessor` or `suggestion`.
        #[getter]
        fn relation(&self) -> PyResult<&str> {
            Ok(&self.core()?.relation)
        }

        /// Families they share.
        #[getter]
        fn families<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.families)
        }

        /// By what it differs.
        #[getter]
        fn differs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.differs.iter().map(|one| CodeDifference(View::whole(one.clone()))))
        }

        /// Facts that lead to it; each is one way.
        #[getter]
        fn ways<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.ways.iter().map(|one| Way(View::whole(one.clone()))))
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// A rule that decides about the code on that date.
    RuleUse(lookup::RuleUse) ["id", "version", "name", "layer", "what", "evidence"] {
        /// Id.
        #[getter]
        fn id(&self) -> PyResult<&str> {
            Ok(&self.core()?.id)
        }

        /// Version in force.
        #[getter]
        fn version(&self) -> PyResult<u32> {
            Ok(self.core()?.version)
        }

        /// Name of the decision.
        #[getter]
        fn name(&self) -> PyResult<&str> {
            Ok(&self.core()?.name)
        }

        /// Layer.
        #[getter]
        fn layer(&self) -> PyResult<&str> {
            Ok(&self.core()?.layer)
        }

        /// What it does.
        #[getter]
        fn what(&self) -> PyResult<&str> {
            Ok(&self.core()?.what)
        }

        /// How it is verified.
        #[getter]
        fn evidence(&self) -> PyResult<Evidence> {
            Ok(Evidence(View::whole(self.core()?.evidence.clone())))
        }
    }
}

view_class! {
    /// What a look-up rests on.
    Basis(lookup::Basis) ["engine", "facts", "release", "overlay", "as_of"] {
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

        /// Hash of the user's own facts, where given.
        #[getter]
        fn overlay(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.overlay.as_deref())
        }

        /// Only what had been published by this day.
        #[getter]
        fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.as_of.map(|day| to_date(py, day)).transpose()
        }
    }
}

view_class! {
    /// What is known of one code on one date.
    Lookup(lookup::Lookup) ["code", "on", "status", "label", "first_day", "last_day", "life", "roles", "replaces", "replaced_by", "instead", "notices"] shown ["code", "on", "status", "label", "first_day", "last_day"] {
        /// The code.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// The date it was looked up for.
        #[getter]
        fn on<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
            to_date(py, self.core()?.on)
        }

        /// State on that date: `alive`, `not_yet`, `ended`, `interrupted`, `never_valid` or `not_in_loaded_lists`.
        #[getter]
        fn status(&self) -> PyResult<&str> {
            Ok(&self.core()?.status)
        }

        /// Our own short label, on that date or on the nearest day of its life.
        #[getter]
        fn label(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.label.as_deref())
        }

        /// First day of its life. Absent: before the facts begin, or never.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.first_day.map(|day| to_date(py, day)).transpose()
        }

        /// Last day of its life. Absent: not known to have ended, or never.
        #[getter]
        fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.last_day.map(|day| to_date(py, day)).transpose()
        }

        /// Why no case leads to it, where it is known but not derived.
        #[getter]
        fn not_derived(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.not_derived.as_deref())
        }

        /// Each stretch of its life, oldest first.
        #[getter]
        fn life<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.life.iter().map(|one| LifeStretch(View::whole(one.clone()))))
        }

        /// Kinds of procedure that lead to it.
        #[getter]
        fn kinds<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.kinds.iter().map(|one| LeadingKind(View::whole(one.clone()))))
        }

        /// Parts it plays, those in force first.
        #[getter]
        fn roles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.roles.iter().map(|one| RoleUse(View::whole(one.clone()))))
        }

        /// Primaries and add-on codes on that date.
        #[getter]
        fn companions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.companions.iter().map(|one| Companion(View::whole(one.clone()))))
        }

        /// What guidance does on that date.
        #[getter]
        fn guidance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.guidance.iter().map(|one| GuidanceUse(View::whole(one.clone()))))
        }

        /// What its families take in, and what takes them in, on that date.
        #[getter]
        fn inclusions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.inclusions.iter().map(|one| Inclusion(View::whole(one.clone()))))
        }

        /// Limits of units on that date.
        #[getter]
        fn limits<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.limits.iter().map(|one| UnitLimit(View::whole(one.clone()))))
        }

        /// Pairs on that date.
        #[getter]
        fn pairs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.pairs.iter().map(|one| CodePair(View::whole(one.clone()))))
        }

        /// What it replaced.
        #[getter]
        fn replaces<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.replaces.iter().map(|one| Succession(View::whole(one.clone()))))
        }

        /// What replaced it.
        #[getter]
        fn replaced_by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.replaced_by.iter().map(|one| Succession(View::whole(one.clone()))))
        }

        /// What to use instead on that date, and by what it differs.
        #[getter]
        fn instead<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.instead.iter().map(|one| Sibling(View::whole(one.clone()))))
        }

        /// Rules of its families on that date.
        #[getter]
        fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.rules.iter().map(|one| RuleUse(View::whole(one.clone()))))
        }

        /// Every source named above.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.citations.iter().map(|one| CitationInfo(View::whole(one.clone()))))
        }

        /// Doubts and limits of the knowledge.
        #[getter]
        fn notices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.notices.iter().map(|one| Notice(View::whole(one.clone()))))
        }

        /// What the answer rests on.
        #[getter]
        fn knowledge(&self) -> PyResult<Basis> {
            Ok(Basis(View::whole(self.core()?.knowledge.clone())))
        }

        /// The whole as text to be read.
        fn to_text(&self) -> PyResult<String> {
            Ok(lookup::lookup_account(self.core()?))
        }

        fn _repr_html_(&self) -> PyResult<String> {
            Ok(lookup::lookup_html(self.core()?))
        }
    }
}

view_class! {
    /// What one table holds.
    TableHolding(lookup::TableHolding) ["table", "rows", "first_day", "last_day", "verified_through", "confidence", "citations"] {
        /// Table.
        #[getter]
        fn table(&self) -> PyResult<&str> {
            Ok(&self.core()?.table)
        }

        /// How many rows.
        #[getter]
        fn rows(&self) -> PyResult<u32> {
            Ok(self.core()?.rows)
        }

        /// First day they hold for. Absent: before the facts begin.
        #[getter]
        fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.first_day.map(|day| to_date(py, day)).transpose()
        }

        /// Last day they hold for. Absent: not known to have ended.
        #[getter]
        fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.last_day.map(|day| to_date(py, day)).transpose()
        }

        /// Day through which all of them were verified.
        #[getter]
        fn verified_through<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.verified_through.map(|day| to_date(py, day)).transpose()
        }

        /// The weakest of them: `high`, `medium` or `low`.
        #[getter]
        fn confidence(&self) -> PyResult<&str> {
            Ok(&self.core()?.confidence)
        }

        /// Keys of their sources.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            names(py, &self.core()?.citations)
        }
    }
}

view_class! {
    /// What one layer holds for a code.
    LayerHolding(lookup::LayerHolding) ["layer", "holds", "reason", "tables"] {
        /// Layer.
        #[getter]
        fn layer(&self) -> PyResult<&str> {
            Ok(&self.core()?.layer)
        }

        /// Whether it holds data.
        #[getter]
        fn holds(&self) -> PyResult<bool> {
            Ok(self.core()?.holds)
        }

        /// Why it does not: `no_table`, `no_code_list`, `not_on_that_date`, `not_derived` or `past_verification`.
        #[getter]
        fn reason(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.reason.as_deref())
        }

        /// Its tables.
        #[getter]
        fn tables<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.tables.iter().map(|one| TableHolding(View::whole(one.clone()))))
        }
    }
}

view_class! {
    /// What the layers hold for one code.
    CodeCoverage(lookup::CodeCoverage) ["code", "label", "layers"] {
        /// The code.
        #[getter]
        fn code(&self) -> PyResult<&str> {
            Ok(self.core()?.code.as_str())
        }

        /// Our own short label. Absent: no loaded list holds the code.
        #[getter]
        fn label(&self) -> PyResult<Option<&str>> {
            Ok(self.core()?.label.as_deref())
        }

        /// Every layer, in their order.
        #[getter]
        fn layers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.layers.iter().map(|one| LayerHolding(View::whole(one.clone()))))
        }
    }
}

view_class! {
    /// Which layers hold data for which codes.
    Coverage(lookup::Coverage) ["on", "coverage_from", "codes", "citations", "knowledge"] shown ["on", "coverage_from"] {
        /// Date asked for. Absent: every date.
        #[getter]
        fn on<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.on.map(|day| to_date(py, day)).transpose()
        }

        /// First date of service that the facts cover.
        #[getter]
        fn coverage_from<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
            self.core()?.coverage_from.map(|day| to_date(py, day)).transpose()
        }

        /// Codes, sorted.
        #[getter]
        fn codes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.codes.iter().map(|one| CodeCoverage(View::whole(one.clone()))))
        }

        /// Every source named above.
        #[getter]
        fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.citations.iter().map(|one| CitationInfo(View::whole(one.clone()))))
        }

        /// What the answer rests on.
        #[getter]
        fn knowledge(&self) -> PyResult<Basis> {
            Ok(Basis(View::whole(self.core()?.knowledge.clone())))
        }

        /// The whole as text to be read.
        fn to_text(&self) -> PyResult<String> {
            Ok(lookup::coverage_account(self.core()?))
        }

        fn _repr_html_(&self) -> PyResult<String> {
            Ok(lookup::coverage_html(self.core()?))
        }
    }
}

view_class! {
    /// One thing found.
    LintFinding(lint::LintFinding) ["severity", "check", "table", "subject", "args"] {
        /// `error` or `warning`.
        #[getter]
        fn severity(&self) -> PyResult<&str> {
            Ok(&self.core()?.severity)
        }

        /// The check that found it.
        #[getter]
        fn check(&self) -> PyResult<&str> {
            Ok(&self.core()?.check)
        }

        /// Table of the facts.
        #[getter]
        fn table(&self) -> PyResult<&str> {
            Ok(&self.core()?.table)
        }

        /// Row, key or source that it is about.
        #[getter]
        fn subject(&self) -> PyResult<&str> {
            Ok(&self.core()?.subject)
        }

        /// Arguments.
        #[getter]
        fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
            args(py, &self.core()?.args)
        }
    }
}

view_class! {
    /// One check, and whether it could be made.
    LintCheck(lint::LintCheck) ["check", "severity", "made", "found"] {
        /// Name.
        #[getter]
        fn check(&self) -> PyResult<&str> {
            Ok(&self.core()?.check)
        }

        /// Severity of what it finds.
        #[getter]
        fn severity(&self) -> PyResult<&str> {
            Ok(&self.core()?.severity)
        }

        /// Whether it was made: some need the conformance cases.
        #[getter]
        fn made(&self) -> PyResult<bool> {
            Ok(self.core()?.made)
        }

        /// How much it found.
        #[getter]
        fn found(&self) -> PyResult<u32> {
            Ok(self.core()?.found)
        }
    }
}

view_class! {
    /// What lint found.
    LintReport(lint::LintReport) ["rows", "cases", "checks", "findings", "knowledge"] shown ["rows", "cases"] {
        /// How many rows of the facts were looked at.
        #[getter]
        fn rows(&self) -> PyResult<u32> {
            Ok(self.core()?.rows)
        }

        /// How many questions of conformance cases were asked.
        #[getter]
        fn cases(&self) -> PyResult<u32> {
            Ok(self.core()?.cases)
        }

        /// Every check.
        #[getter]
        fn checks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.checks.iter().map(|one| LintCheck(View::whole(one.clone()))))
        }

        /// What was found: errors first.
        #[getter]
        fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, self.core()?.findings.iter().map(|one| LintFinding(View::whole(one.clone()))))
        }

        /// What the answer rests on.
        #[getter]
        fn knowledge(&self) -> PyResult<Basis> {
            Ok(Basis(View::whole(self.core()?.knowledge.clone())))
        }

        /// The whole as text to be read.
        fn to_text(&self) -> PyResult<String> {
            Ok(lint::lint_account(self.core()?))
        }
    }
}
