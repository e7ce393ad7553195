//! Answers, every field both ways, so that a client rebuilds the same canonical JSON.

use spinecode_core::answer::{
    Args, Assumption, Coding, Knowledge, Line, NotReported, Notice, Question, Status, Withheld,
};
use spinecode_core::trace::{Explanation, Step, StepKind};
use spinecode_core::{Code, CodedCase, Modifier, Name, ServiceDate, TraceLevel};

use crate::date::{service_date, wire_date};
use crate::v1;

/// An answer that this version cannot read, as from a newer peer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable answer: {field} is {found}")]
pub struct WireError {
    field: &'static str,
    found: String,
}

impl WireError {
    pub(crate) fn new(field: &'static str, found: impl Into<String>) -> Self {
        Self {
            field,
            found: found.into(),
        }
    }

    pub(crate) fn missing(field: &'static str) -> Self {
        Self::new(field, "missing")
    }

    pub(crate) fn unknown(field: &'static str, number: i32) -> Self {
        Self::new(field, format!("{number}, which this version does not know"))
    }
}

pub(crate) fn text(name: Name) -> String {
    name.into_owned()
}

pub(crate) fn texts(names: Vec<Name>) -> Vec<String> {
    names.into_iter().map(Name::into_owned).collect()
}

pub(crate) fn names(texts: Vec<String>) -> Vec<Name> {
    texts.into_iter().map(Name::Owned).collect()
}

pub(crate) fn write_args(args: Args) -> std::collections::BTreeMap<String, String> {
    args.into_iter().map(|(key, value)| (text(key), text(value))).collect()
}

pub(crate) fn read_args(wire: std::collections::BTreeMap<String, String>) -> Args {
    wire.into_iter()
        .map(|(key, value)| (Name::Owned(key), Name::Owned(value)))
        .collect()
}

pub(crate) fn all<W, T: TryFrom<W, Error = WireError>>(wire: Vec<W>) -> Result<Vec<T>, WireError> {
    wire.into_iter().map(T::try_from).collect()
}

/// A message that must be there.
pub(crate) fn some<W>(field: &'static str, wire: Option<W>) -> Result<W, WireError> {
    wire.ok_or(WireError::missing(field))
}

pub(crate) fn read_code(field: &'static str, text: &str) -> Result<Code, WireError> {
    Code::parse(text).ok_or_else(|| WireError::new(field, "no five-character code"))
}

pub(crate) fn read_date(field: &'static str, date: &crate::google::r#type::Date) -> Result<ServiceDate, WireError> {
    service_date(date).ok_or_else(|| WireError::new(field, "no day"))
}

impl From<Status> for v1::CodingStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Coded => Self::Coded,
            Status::NeedsFacts => Self::NeedsFacts,
            Status::OutOfScope => Self::OutOfScope,
        }
    }
}

pub(crate) fn read_status(number: i32) -> Result<Status, WireError> {
    match v1::CodingStatus::try_from(number) {
        Ok(v1::CodingStatus::Coded) => Ok(Status::Coded),
        Ok(v1::CodingStatus::NeedsFacts) => Ok(Status::NeedsFacts),
        Ok(v1::CodingStatus::OutOfScope) => Ok(Status::OutOfScope),
        Ok(v1::CodingStatus::Unspecified) => Err(WireError::missing("status")),
        Err(_) => Err(WireError::unknown("status", number)),
    }
}

impl From<TraceLevel> for v1::TraceLevel {
    fn from(level: TraceLevel) -> Self {
        match level {
            TraceLevel::None => Self::None,
            TraceLevel::Ids => Self::Ids,
            TraceLevel::Full => Self::Full,
        }
    }
}

impl From<v1::TraceLevel> for TraceLevel {
    fn from(level: v1::TraceLevel) -> Self {
        match level {
            v1::TraceLevel::Unspecified => Self::default(),
            v1::TraceLevel::None => Self::None,
            v1::TraceLevel::Ids => Self::Ids,
            v1::TraceLevel::Full => Self::Full,
        }
    }
}

impl From<StepKind> for v1::StepKind {
    fn from(step: StepKind) -> Self {
        match step {
            StepKind::FactRead => Self::FactRead,
            StepKind::RowApplied => Self::RowApplied,
            StepKind::Window => Self::Window,
            StepKind::Expand => Self::Expand,
            StepKind::Merge => Self::Merge,
            StepKind::Count => Self::Count,
            StepKind::Choose => Self::Choose,
            StepKind::Exclude => Self::Exclude,
            StepKind::Ask => Self::Ask,
            StepKind::Render => Self::Render,
        }
    }
}

fn read_step_kind(number: i32) -> Result<StepKind, WireError> {
    Ok(match v1::StepKind::try_from(number) {
        Ok(v1::StepKind::FactRead) => StepKind::FactRead,
        Ok(v1::StepKind::RowApplied) => StepKind::RowApplied,
        Ok(v1::StepKind::Window) => StepKind::Window,
        Ok(v1::StepKind::Expand) => StepKind::Expand,
        Ok(v1::StepKind::Merge) => StepKind::Merge,
        Ok(v1::StepKind::Count) => StepKind::Count,
        Ok(v1::StepKind::Choose) => StepKind::Choose,
        Ok(v1::StepKind::Exclude) => StepKind::Exclude,
        Ok(v1::StepKind::Ask) => StepKind::Ask,
        Ok(v1::StepKind::Render) => StepKind::Render,
        Ok(v1::StepKind::Unspecified) => return Err(WireError::missing("explanation.steps.step")),
        Err(_) => return Err(WireError::unknown("explanation.steps.step", number)),
    })
}

impl From<Line> for v1::Line {
    fn from(line: Line) -> Self {
        Self {
            code: line.code.as_str().to_owned(),
            label: text(line.label),
            units: line.units,
            modifiers: line.modifiers.iter().map(|m| m.as_str().to_owned()).collect(),
            side: line.side.map_or(v1::Side::Unspecified, Into::into).into(),
            procedures: texts(line.procedures),
            sites: texts(line.sites),
            performed_by: line.performed_by.map(text),
            rule: text(line.rule),
            confidence: text(line.confidence),
            verified_through_date: line.verified_through.map(wire_date),
        }
    }
}

impl TryFrom<v1::Line> for Line {
    type Error = WireError;

    fn try_from(wire: v1::Line) -> Result<Self, WireError> {
        let side = v1::Side::try_from(wire.side).map_err(|_| WireError::unknown("line.side", wire.side))?;
        let modifiers = wire.modifiers.iter().map(|text| {
            Modifier::parse(text).ok_or_else(|| WireError::new("line.modifiers", "no two-character modifier"))
        });
        Ok(Self {
            code: read_code("line.code", &wire.code)?,
            label: wire.label.into(),
            units: wire.units,
            modifiers: modifiers.collect::<Result<_, _>>()?,
            side: crate::case::side(side),
            procedures: names(wire.procedures),
            sites: names(wire.sites),
            performed_by: wire.performed_by.map(Name::Owned),
            rule: wire.rule.into(),
            confidence: wire.confidence.into(),
            verified_through: wire
                .verified_through_date
                .map(|date| read_date("line.verified_through_date", &date))
                .transpose()?,
        })
    }
}

impl From<Withheld> for v1::Withheld {
    fn from(withheld: Withheld) -> Self {
        Self {
            line: Some(withheld.line.into()),
            layer: text(withheld.layer),
            rule: text(withheld.rule),
            reason: text(withheld.reason),
            args: write_args(withheld.args),
            row: text(withheld.row),
            message: None,
        }
    }
}

impl TryFrom<v1::Withheld> for Withheld {
    type Error = WireError;

    fn try_from(wire: v1::Withheld) -> Result<Self, WireError> {
        Ok(Self {
            line: wire.line.ok_or(WireError::missing("withheld.line"))?.try_into()?,
            layer: wire.layer.into(),
            rule: wire.rule.into(),
            reason: wire.reason.into(),
            args: read_args(wire.args),
            row: wire.row.into(),
        })
    }
}

impl From<NotReported> for v1::NotReported {
    fn from(service: NotReported) -> Self {
        Self {
            code: service.code.as_str().to_owned(),
            reason: text(service.reason),
            rule: text(service.rule),
            procedures: texts(service.procedures),
            args: write_args(service.args),
            message: None,
        }
    }
}

impl TryFrom<v1::NotReported> for NotReported {
    type Error = WireError;

    fn try_from(wire: v1::NotReported) -> Result<Self, WireError> {
        Ok(Self {
            code: read_code("not_reported.code", &wire.code)?,
            reason: wire.reason.into(),
            rule: wire.rule.into(),
            procedures: names(wire.procedures),
            args: read_args(wire.args),
        })
    }
}

impl From<Question> for v1::Question {
    fn from(question: Question) -> Self {
        Self {
            path: question.path,
            procedure: text(question.procedure),
            fact: text(question.fact),
            text: text(question.text),
            values: texts(question.values),
        }
    }
}

impl From<v1::Question> for Question {
    fn from(wire: v1::Question) -> Self {
        Self {
            path: wire.path,
            procedure: wire.procedure.into(),
            fact: wire.fact.into(),
            text: wire.text.into(),
            values: names(wire.values),
        }
    }
}

impl From<Coding> for v1::Coding {
    fn from(coding: Coding) -> Self {
        let assuming = coding.assuming.into_iter().map(|assumption| v1::Assumption {
            path: assumption.path,
            value: text(assumption.value),
        });
        Self {
            assuming: assuming.collect(),
            reported: coding.reported.into_iter().map(Into::into).collect(),
            billed: coding.billed.into_iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::Coding> for Coding {
    type Error = WireError;

    fn try_from(wire: v1::Coding) -> Result<Self, WireError> {
        let assuming = wire.assuming.into_iter().map(|assumption| Assumption {
            path: assumption.path,
            value: assumption.value.into(),
        });
        Ok(Self {
            assuming: assuming.collect(),
            reported: all(wire.reported)?,
            billed: all(wire.billed)?,
        })
    }
}

impl From<Notice> for v1::Notice {
    fn from(notice: Notice) -> Self {
        Self {
            reason: text(notice.reason),
            subject: notice.subject,
            args: write_args(notice.args),
            message: None,
        }
    }
}

impl From<v1::Notice> for Notice {
    fn from(wire: v1::Notice) -> Self {
        Self {
            reason: wire.reason.into(),
            subject: wire.subject,
            args: read_args(wire.args),
        }
    }
}

impl From<Knowledge> for v1::Knowledge {
    fn from(knowledge: Knowledge) -> Self {
        Self {
            engine: text(knowledge.engine),
            facts: text(knowledge.facts),
            release: knowledge.release.map(text),
            profile: text(knowledge.profile),
            profile_hash: text(knowledge.profile_hash),
            overlay: knowledge.overlay.map(text),
            as_of_date: knowledge.as_of.map(wire_date),
        }
    }
}

impl TryFrom<v1::Knowledge> for Knowledge {
    type Error = WireError;

    fn try_from(wire: v1::Knowledge) -> Result<Self, WireError> {
        Ok(Self {
            engine: wire.engine.into(),
            facts: wire.facts.into(),
            release: wire.release.map(Name::Owned),
            profile: wire.profile.into(),
            profile_hash: wire.profile_hash.into(),
            overlay: wire.overlay.map(Name::Owned),
            as_of: wire
                .as_of_date
                .map(|date| read_date("knowledge.as_of_date", &date))
                .transpose()?,
        })
    }
}

impl From<Explanation> for v1::Explanation {
    fn from(explanation: Explanation) -> Self {
        let steps = explanation.steps.into_iter().map(|step| v1::Step {
            step: v1::StepKind::from(step.step).into(),
            rule: step.rule.map(text),
            subject: step.subject,
            row: step.row.map(text),
            result: step.result,
        });
        Self {
            level: v1::TraceLevel::from(explanation.level).into(),
            rules: texts(explanation.rules),
            rows: texts(explanation.rows),
            citations: texts(explanation.citations),
            steps: steps.collect(),
        }
    }
}

impl TryFrom<v1::Explanation> for Explanation {
    type Error = WireError;

    fn try_from(wire: v1::Explanation) -> Result<Self, WireError> {
        let level = match v1::TraceLevel::try_from(wire.level) {
            Ok(v1::TraceLevel::Unspecified) => return Err(WireError::missing("explanation.level")),
            Ok(level) => level.into(),
            Err(_) => return Err(WireError::unknown("explanation.level", wire.level)),
        };
        let steps = wire.steps.into_iter().map(|step| {
            Ok(Step {
                step: read_step_kind(step.step)?,
                rule: step.rule.map(Name::Owned),
                subject: step.subject,
                row: step.row.map(Name::Owned),
                result: step.result,
            })
        });
        Ok(Self {
            level,
            rules: names(wire.rules),
            rows: names(wire.rows),
            citations: names(wire.citations),
            steps: steps.collect::<Result<_, _>>()?,
        })
    }
}

impl From<CodedCase> for v1::CodedCase {
    fn from(case: CodedCase) -> Self {
        Self {
            case_id: case.case_id,
            service_date: Some(wire_date(case.date_of_service)),
            status: v1::CodingStatus::from(case.status).into(),
            reported: case.reported.into_iter().map(Into::into).collect(),
            billed: case.billed.into_iter().map(Into::into).collect(),
            withheld: case.withheld.into_iter().map(Into::into).collect(),
            not_reported: case.not_reported.into_iter().map(Into::into).collect(),
            questions: case.questions.into_iter().map(Into::into).collect(),
            codings: case.codings.into_iter().map(Into::into).collect(),
            notices: case.notices.into_iter().map(Into::into).collect(),
            knowledge: Some(case.knowledge.into()),
            explanation: case.explanation.map(Into::into),
        }
    }
}

impl TryFrom<v1::CodedCase> for CodedCase {
    type Error = WireError;

    fn try_from(wire: v1::CodedCase) -> Result<Self, WireError> {
        let date = wire.service_date.ok_or(WireError::missing("service_date"))?;
        Ok(Self {
            case_id: wire.case_id,
            date_of_service: read_date("service_date", &date)?,
            status: read_status(wire.status)?,
            reported: all(wire.reported)?,
            billed: all(wire.billed)?,
            withheld: all(wire.withheld)?,
            not_reported: all(wire.not_reported)?,
            questions: wire.questions.into_iter().map(Into::into).collect(),
            codings: all(wire.codings)?,
            notices: wire.notices.into_iter().map(Into::into).collect(),
            knowledge: wire.knowledge.ok_or(WireError::missing("knowledge"))?.try_into()?,
            explanation: wire.explanation.map(TryInto::try_into).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_peer_adds_to_a_closed_list_is_an_error_that_names_it() {
        let error = read_status(9).unwrap_err();
        assert_eq!(
            error.to_string(),
            "unreadable answer: status is 9, which this version does not know"
        );
        let line = v1::Line {
            code: "ABCDE".into(),
            side: 9,
            ..Default::default()
        };
        assert!(Line::try_from(line).is_err());
        assert!(read_step_kind(0).is_err());
        for step in StepKind::ALL {
            assert_eq!(read_step_kind(v1::StepKind::from(step).into()), Ok(step));
        }
    }
}
