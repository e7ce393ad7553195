//! Explanations, every field both ways.

use spinecode_core::Name;
use spinecode_core::explain::{
    Change, Difference, Eras, Explained, LineChange, LineDifference, Node, Remedy, RowNote, Stretch, Turn, WhatIf,
    WhyNot,
};

use crate::answer::{
    WireError, all, names, read_args, read_code, read_date, read_status, some, text, texts, write_args,
};
use crate::date::wire_date;
use crate::v1;

fn into<T, W: From<T>>(items: Vec<T>) -> Vec<W> {
    items.into_iter().map(W::from).collect()
}

fn status(status: spinecode_core::Status) -> i32 {
    v1::CodingStatus::from(status).into()
}

impl From<Explained> for v1::Explained {
    fn from(explained: Explained) -> Self {
        Self {
            tree: into(explained.tree),
            coded_case: Some(explained.coded.into()),
        }
    }
}

impl TryFrom<v1::Explained> for Explained {
    type Error = WireError;

    fn try_from(wire: v1::Explained) -> Result<Self, WireError> {
        Ok(Self {
            tree: all(wire.tree)?,
            coded: some("explained.coded_case", wire.coded_case)?.try_into()?,
        })
    }
}

impl From<Node> for v1::Node {
    fn from(node: Node) -> Self {
        Self {
            what: text(node.what),
            subject: node.subject,
            result: node.result,
            rule: node.rule.map(text),
            row: node.row.map(text),
            from_date: node.from.map(wire_date),
            last_date: node.last_day.map(wire_date),
            confidence: node.confidence.map(text),
            citations: texts(node.citations),
            children: into(node.children),
        }
    }
}

impl TryFrom<v1::Node> for Node {
    type Error = WireError;

    fn try_from(wire: v1::Node) -> Result<Self, WireError> {
        let day = |field, date: Option<_>| date.map(|date| read_date(field, &date)).transpose();
        Ok(Self {
            what: wire.what.into(),
            subject: wire.subject,
            result: wire.result,
            rule: wire.rule.map(Name::Owned),
            row: wire.row.map(Name::Owned),
            from: day("node.from_date", wire.from_date)?,
            last_day: day("node.last_date", wire.last_date)?,
            confidence: wire.confidence.map(Name::Owned),
            citations: names(wire.citations),
            children: all(wire.children)?,
        })
    }
}

impl From<Change> for v1::Change {
    fn from(change: Change) -> Self {
        Self {
            path: change.path,
            value: change.value,
        }
    }
}

impl From<v1::Change> for Change {
    fn from(wire: v1::Change) -> Self {
        Self {
            path: wire.path,
            value: wire.value,
        }
    }
}

impl From<WhyNot> for v1::WhyNot {
    fn from(why: WhyNot) -> Self {
        Self {
            case_id: why.case_id,
            service_date: Some(wire_date(why.date_of_service)),
            code: why.code.as_str().to_owned(),
            label: why.label.map(text),
            reason: text(why.reason),
            subject: why.subject,
            args: write_args(why.args),
            rule: why.rule.map(text),
            row: why.row.map(text),
            citations: texts(why.citations),
            lines: into(why.lines),
            changes: into(why.changes),
            knowledge: Some(why.knowledge.into()),
        }
    }
}

impl TryFrom<v1::WhyNot> for WhyNot {
    type Error = WireError;

    fn try_from(wire: v1::WhyNot) -> Result<Self, WireError> {
        Ok(Self {
            case_id: wire.case_id,
            date_of_service: read_date(
                "why_not.service_date",
                &some("why_not.service_date", wire.service_date)?,
            )?,
            code: read_code("why_not.code", &wire.code)?,
            label: wire.label.map(Name::Owned),
            reason: wire.reason.into(),
            subject: wire.subject,
            args: read_args(wire.args),
            rule: wire.rule.map(Name::Owned),
            row: wire.row.map(Name::Owned),
            citations: names(wire.citations),
            lines: all(wire.lines)?,
            changes: all(wire.changes)?,
            knowledge: some("why_not.knowledge", wire.knowledge)?.try_into()?,
        })
    }
}

impl From<Remedy> for v1::Remedy {
    fn from(remedy: Remedy) -> Self {
        Self {
            change: Some(remedy.change.into()),
            billed: into(remedy.billed),
        }
    }
}

impl TryFrom<v1::Remedy> for Remedy {
    type Error = WireError;

    fn try_from(wire: v1::Remedy) -> Result<Self, WireError> {
        Ok(Self {
            change: some("remedy.change", wire.change)?.into(),
            billed: all(wire.billed)?,
        })
    }
}

impl From<WhatIf> for v1::WhatIf {
    fn from(what_if: WhatIf) -> Self {
        Self {
            changes: into(what_if.changes),
            difference: Some(what_if.difference.into()),
            before: Some(what_if.before.into()),
            after: Some(what_if.after.into()),
        }
    }
}

impl TryFrom<v1::WhatIf> for WhatIf {
    type Error = WireError;

    fn try_from(wire: v1::WhatIf) -> Result<Self, WireError> {
        Ok(Self {
            changes: into(wire.changes),
            difference: some("what_if.difference", wire.difference)?.try_into()?,
            before: some("what_if.before", wire.before)?.try_into()?,
            after: some("what_if.after", wire.after)?.try_into()?,
        })
    }
}

impl From<Difference> for v1::Difference {
    fn from(difference: Difference) -> Self {
        Self {
            status_before: status(difference.status_before),
            status_after: status(difference.status_after),
            reported: Some(difference.reported.into()),
            billed: Some(difference.billed.into()),
            withheld_gone: into(difference.withheld_gone),
            withheld_new: into(difference.withheld_new),
            not_reported_gone: into(difference.not_reported_gone),
            not_reported_new: into(difference.not_reported_new),
            questions_gone: into(difference.questions_gone),
            questions_new: into(difference.questions_new),
            notices_gone: into(difference.notices_gone),
            notices_new: into(difference.notices_new),
        }
    }
}

impl TryFrom<v1::Difference> for Difference {
    type Error = WireError;

    fn try_from(wire: v1::Difference) -> Result<Self, WireError> {
        Ok(Self {
            status_before: read_status(wire.status_before)?,
            status_after: read_status(wire.status_after)?,
            reported: some("difference.reported", wire.reported)?.try_into()?,
            billed: some("difference.billed", wire.billed)?.try_into()?,
            withheld_gone: all(wire.withheld_gone)?,
            withheld_new: all(wire.withheld_new)?,
            not_reported_gone: all(wire.not_reported_gone)?,
            not_reported_new: all(wire.not_reported_new)?,
            questions_gone: into(wire.questions_gone),
            questions_new: into(wire.questions_new),
            notices_gone: into(wire.notices_gone),
            notices_new: into(wire.notices_new),
        })
    }
}

impl From<LineDifference> for v1::LineDifference {
    fn from(lines: LineDifference) -> Self {
        Self {
            gone: into(lines.gone),
            new: into(lines.new),
            changed: into(lines.changed),
        }
    }
}

impl TryFrom<v1::LineDifference> for LineDifference {
    type Error = WireError;

    fn try_from(wire: v1::LineDifference) -> Result<Self, WireError> {
        Ok(Self {
            gone: all(wire.gone)?,
            new: all(wire.new)?,
            changed: all(wire.changed)?,
        })
    }
}

impl From<LineChange> for v1::LineChange {
    fn from(change: LineChange) -> Self {
        Self {
            before: Some(change.before.into()),
            after: Some(change.after.into()),
        }
    }
}

impl TryFrom<v1::LineChange> for LineChange {
    type Error = WireError;

    fn try_from(wire: v1::LineChange) -> Result<Self, WireError> {
        Ok(Self {
            before: some("line_change.before", wire.before)?.try_into()?,
            after: some("line_change.after", wire.after)?.try_into()?,
        })
    }
}

impl From<Eras> for v1::Eras {
    fn from(eras: Eras) -> Self {
        Self {
            case_id: eras.case_id,
            stretches: into(eras.stretches),
            turns: into(eras.turns),
            knowledge: Some(eras.knowledge.into()),
        }
    }
}

impl TryFrom<v1::Eras> for Eras {
    type Error = WireError;

    fn try_from(wire: v1::Eras) -> Result<Self, WireError> {
        Ok(Self {
            case_id: wire.case_id,
            stretches: all(wire.stretches)?,
            turns: all(wire.turns)?,
            knowledge: some("eras.knowledge", wire.knowledge)?.try_into()?,
        })
    }
}

impl From<Stretch> for v1::Stretch {
    fn from(stretch: Stretch) -> Self {
        Self {
            from_date: Some(wire_date(stretch.from)),
            last_date: stretch.last_day.map(wire_date),
            status: status(stretch.status),
            reported: into(stretch.reported),
            billed: into(stretch.billed),
            withheld: into(stretch.withheld),
            not_reported: into(stretch.not_reported),
            questions: into(stretch.questions),
            notices: into(stretch.notices),
        }
    }
}

impl TryFrom<v1::Stretch> for Stretch {
    type Error = WireError;

    fn try_from(wire: v1::Stretch) -> Result<Self, WireError> {
        let last_day = wire.last_date.map(|date| read_date("stretch.last_date", &date));
        Ok(Self {
            from: read_date("stretch.from_date", &some("stretch.from_date", wire.from_date)?)?,
            last_day: last_day.transpose()?,
            status: read_status(wire.status)?,
            reported: all(wire.reported)?,
            billed: all(wire.billed)?,
            withheld: all(wire.withheld)?,
            not_reported: all(wire.not_reported)?,
            questions: into(wire.questions),
            notices: into(wire.notices),
        })
    }
}

impl From<Turn> for v1::Turn {
    fn from(turn: Turn) -> Self {
        Self {
            on_date: Some(wire_date(turn.on)),
            difference: Some(turn.difference.into()),
            ended: into(turn.ended),
            began: into(turn.began),
        }
    }
}

impl TryFrom<v1::Turn> for Turn {
    type Error = WireError;

    fn try_from(wire: v1::Turn) -> Result<Self, WireError> {
        Ok(Self {
            on: read_date("turn.on_date", &some("turn.on_date", wire.on_date)?)?,
            difference: some("turn.difference", wire.difference)?.try_into()?,
            ended: into(wire.ended),
            began: into(wire.began),
        })
    }
}

impl From<RowNote> for v1::RowNote {
    fn from(note: RowNote) -> Self {
        Self {
            row: text(note.row),
            citations: texts(note.citations),
        }
    }
}

impl From<v1::RowNote> for RowNote {
    fn from(wire: v1::RowNote) -> Self {
        Self {
            row: wire.row.into(),
            citations: names(wire.citations),
        }
    }
}
