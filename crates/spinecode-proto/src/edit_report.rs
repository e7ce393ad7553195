//! Edit reports, every field both ways, so that a client rebuilds the same canonical JSON.

use spinecode_core::edit::report::{
    Adjustment, Change, EditReport, Finding, Layer, LayerVerdict, LineRef, LineVerdicts, Repair, Severity, Verdict,
};
use spinecode_core::tables::Unchecked;
use spinecode_core::{Modifier, Name};

use crate::answer::{WireError, all, names, read_args, read_code, read_date, some, text, texts, write_args};
use crate::date::wire_date;
use crate::v1;

impl From<Verdict> for v1::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::NotApplicable => Self::NotApplicable,
            Verdict::Pass => Self::Pass,
            Verdict::NotChecked => Self::NotChecked,
            Verdict::Bypassed => Self::Bypassed,
            Verdict::Warn => Self::Warn,
            Verdict::Fail => Self::Fail,
        }
    }
}

fn read_verdict(number: i32) -> Result<Verdict, WireError> {
    match v1::Verdict::try_from(number) {
        Ok(v1::Verdict::NotApplicable) => Ok(Verdict::NotApplicable),
        Ok(v1::Verdict::Pass) => Ok(Verdict::Pass),
        Ok(v1::Verdict::NotChecked) => Ok(Verdict::NotChecked),
        Ok(v1::Verdict::Bypassed) => Ok(Verdict::Bypassed),
        Ok(v1::Verdict::Warn) => Ok(Verdict::Warn),
        Ok(v1::Verdict::Fail) => Ok(Verdict::Fail),
        Ok(v1::Verdict::Unspecified) => Err(WireError::missing("verdict")),
        Err(_) => Err(WireError::unknown("verdict", number)),
    }
}

impl From<Severity> for v1::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

fn read_severity(number: i32) -> Result<Severity, WireError> {
    match v1::Severity::try_from(number) {
        Ok(v1::Severity::Info) => Ok(Severity::Info),
        Ok(v1::Severity::Warning) => Ok(Severity::Warning),
        Ok(v1::Severity::Error) => Ok(Severity::Error),
        Ok(v1::Severity::Unspecified) => Err(WireError::missing("finding.severity")),
        Err(_) => Err(WireError::unknown("finding.severity", number)),
    }
}

/// A layer is judged by its rules; one of a newer peer cannot be told of here.
fn read_layer(layer: &str) -> Result<Layer, WireError> {
    Layer::parse(layer).ok_or_else(|| WireError::new("layer", format!("`{layer}`, which this version does not know")))
}

fn read_modifier(text: &str) -> Result<Modifier, WireError> {
    Modifier::parse(text).ok_or_else(|| WireError::new("modifier", "no two-character modifier"))
}

impl From<LineVerdicts> for v1::LineVerdicts {
    fn from(line: LineVerdicts) -> Self {
        let layers = Layer::ALL
            .iter()
            .zip(line.layers)
            .map(|(layer, said)| v1::LayerVerdict {
                layer: layer.as_str().to_owned(),
                verdict: v1::Verdict::from(said.verdict).into(),
                not_checked: said.unchecked.map(|why| why.as_str().to_owned()),
            });
        Self {
            layers: layers.collect(),
            line: text(line.line),
            code: text(line.code),
            left_out: line.left_out.map(text),
        }
    }
}

impl TryFrom<v1::LineVerdicts> for LineVerdicts {
    type Error = WireError;

    fn try_from(wire: v1::LineVerdicts) -> Result<Self, WireError> {
        let mut layers = [LayerVerdict {
            verdict: Verdict::NotApplicable,
            unchecked: None,
        }; Layer::ALL.len()];
        for said in wire.layers {
            let layer = read_layer(&said.layer)?;
            let unchecked = said.not_checked.map(|why| {
                Unchecked::parse(&why)
                    .ok_or_else(|| WireError::new("not_checked", format!("`{why}`, which this version does not know")))
            });
            if let Some(place) = layers.get_mut(layer as usize) {
                place.verdict = read_verdict(said.verdict)?;
                place.unchecked = unchecked.transpose()?;
            }
        }
        Ok(Self {
            line: wire.line.into(),
            code: wire.code.into(),
            left_out: wire.left_out.map(Name::Owned),
            layers,
        })
    }
}

impl From<LineRef> for v1::LineRef {
    fn from(line: LineRef) -> Self {
        Self {
            claim_id: line.claim_id,
            line: text(line.line),
            code: text(line.code),
        }
    }
}

impl From<v1::LineRef> for LineRef {
    fn from(wire: v1::LineRef) -> Self {
        Self {
            claim_id: wire.claim_id,
            line: wire.line.into(),
            code: wire.code.into(),
        }
    }
}

impl From<Adjustment> for v1::Adjustment {
    fn from(adjustment: Adjustment) -> Self {
        Self {
            group: text(adjustment.group),
            carc: text(adjustment.carc),
            rarc: texts(adjustment.rarc),
        }
    }
}

impl From<v1::Adjustment> for Adjustment {
    fn from(wire: v1::Adjustment) -> Self {
        Self {
            group: wire.group.into(),
            carc: wire.carc.into(),
            rarc: names(wire.rarc),
        }
    }
}

impl From<Finding> for v1::Finding {
    fn from(finding: Finding) -> Self {
        Self {
            rule: text(finding.rule),
            name: text(finding.name),
            layer: finding.layer.as_str().to_owned(),
            severity: v1::Severity::from(finding.severity).into(),
            verdict: v1::Verdict::from(finding.verdict).into(),
            lines: finding.lines.into_iter().map(Into::into).collect(),
            args: write_args(finding.args),
            modifier: finding.modifier.map(|modifier| modifier.as_str().to_owned()),
            adjustment: finding.adjustment.map(Into::into),
            rows: texts(finding.rows),
            citations: texts(finding.citations),
            confidence: text(finding.confidence),
            nearest_edition: finding.nearest_edition,
            message: None,
        }
    }
}

impl TryFrom<v1::Finding> for Finding {
    type Error = WireError;

    fn try_from(wire: v1::Finding) -> Result<Self, WireError> {
        Ok(Self {
            rule: wire.rule.into(),
            name: wire.name.into(),
            layer: read_layer(&wire.layer)?,
            severity: read_severity(wire.severity)?,
            verdict: read_verdict(wire.verdict)?,
            lines: wire.lines.into_iter().map(Into::into).collect(),
            args: read_args(wire.args),
            modifier: wire.modifier.as_deref().map(read_modifier).transpose()?,
            adjustment: wire.adjustment.map(Into::into),
            rows: names(wire.rows),
            citations: names(wire.citations),
            confidence: wire.confidence.into(),
            nearest_edition: wire.nearest_edition,
        })
    }
}

impl From<Change> for v1::ClaimChange {
    fn from(change: Change) -> Self {
        use v1::claim_change::Change as Wire;
        let line = |line: LineRef| Some(line.into());
        let word = |modifier: Modifier| modifier.as_str().to_owned();
        Self {
            change: Some(match change {
                Change::DropLine { line: at } => Wire::DropLine(v1::DropLine { line: line(at) }),
                Change::AddModifier { line: at, modifier } => Wire::AddModifier(v1::AddModifier {
                    line: line(at),
                    modifier: word(modifier),
                }),
                Change::DropModifier { line: at, modifier } => Wire::DropModifier(v1::DropModifier {
                    line: line(at),
                    modifier: word(modifier),
                }),
                Change::MoveModifier { line: at, modifier, to } => Wire::MoveModifier(v1::MoveModifier {
                    line: line(at),
                    modifier: word(modifier),
                    to: line(to),
                }),
                Change::SetUnits { line: at, units } => Wire::SetUnits(v1::SetUnits { line: line(at), units }),
                Change::ReplaceCode { line: at, code } => Wire::ReplaceCode(v1::ReplaceCode {
                    line: line(at),
                    code: code.as_str().to_owned(),
                }),
                Change::AddLine {
                    code,
                    units,
                    modifiers,
                    date_of_service,
                } => Wire::AddLine(v1::AddLine {
                    code: code.as_str().to_owned(),
                    units,
                    modifiers: modifiers.into_iter().map(word).collect(),
                    service_date: Some(wire_date(date_of_service)),
                }),
            }),
        }
    }
}

impl TryFrom<v1::ClaimChange> for Change {
    type Error = WireError;

    fn try_from(wire: v1::ClaimChange) -> Result<Self, WireError> {
        use v1::claim_change::Change as Wire;
        let line = |line: Option<v1::LineRef>| some("change.line", line).map(LineRef::from);
        Ok(match some("change", wire.change)? {
            Wire::DropLine(change) => Self::DropLine {
                line: line(change.line)?,
            },
            Wire::AddModifier(change) => Self::AddModifier {
                line: line(change.line)?,
                modifier: read_modifier(&change.modifier)?,
            },
            Wire::DropModifier(change) => Self::DropModifier {
                line: line(change.line)?,
                modifier: read_modifier(&change.modifier)?,
            },
            Wire::MoveModifier(change) => Self::MoveModifier {
                line: line(change.line)?,
                modifier: read_modifier(&change.modifier)?,
                to: line(change.to)?,
            },
            Wire::SetUnits(change) => Self::SetUnits {
                line: line(change.line)?,
                units: change.units,
            },
            Wire::ReplaceCode(change) => Self::ReplaceCode {
                line: line(change.line)?,
                code: read_code("change.code", &change.code)?,
            },
            Wire::AddLine(change) => Self::AddLine {
                code: read_code("change.code", &change.code)?,
                units: change.units,
                modifiers: change
                    .modifiers
                    .iter()
                    .map(|modifier| read_modifier(modifier))
                    .collect::<Result<_, _>>()?,
                date_of_service: read_date(
                    "change.service_date",
                    &some("change.service_date", change.service_date)?,
                )?,
            },
        })
    }
}

impl From<Repair> for v1::Repair {
    fn from(repair: Repair) -> Self {
        Self {
            changes: repair.changes.into_iter().map(Into::into).collect(),
            meaning: texts(repair.meaning),
            if_documented: texts(repair.if_documented),
            settles: texts(repair.settles),
            message: None,
        }
    }
}

impl TryFrom<v1::Repair> for Repair {
    type Error = WireError;

    fn try_from(wire: v1::Repair) -> Result<Self, WireError> {
        Ok(Self {
            changes: all(wire.changes)?,
            meaning: names(wire.meaning),
            if_documented: names(wire.if_documented),
            settles: names(wire.settles),
        })
    }
}

impl From<EditReport> for v1::EditReport {
    fn from(report: EditReport) -> Self {
        Self {
            claim_id: report.claim_id,
            setting: text(report.setting),
            verdict: v1::Verdict::from(report.verdict).into(),
            lines: report.lines.into_iter().map(Into::into).collect(),
            findings: report.findings.into_iter().map(Into::into).collect(),
            repairs: report.repairs.into_iter().map(Into::into).collect(),
            questions: report.questions.into_iter().map(Into::into).collect(),
            left_out: report
                .left_out
                .into_iter()
                .map(|(why, count)| (text(why), count))
                .collect(),
            notices: report.notices.into_iter().map(Into::into).collect(),
            knowledge: Some(report.knowledge.into()),
        }
    }
}

impl TryFrom<v1::EditReport> for EditReport {
    type Error = WireError;

    fn try_from(wire: v1::EditReport) -> Result<Self, WireError> {
        Ok(Self {
            claim_id: wire.claim_id,
            setting: wire.setting.into(),
            verdict: read_verdict(wire.verdict)?,
            lines: all(wire.lines)?,
            findings: all(wire.findings)?,
            repairs: all(wire.repairs)?,
            questions: wire.questions.into_iter().map(Into::into).collect(),
            left_out: wire
                .left_out
                .into_iter()
                .map(|(why, count)| (Name::Owned(why), count))
                .collect(),
            notices: wire.notices.into_iter().map(Into::into).collect(),
            knowledge: some("knowledge", wire.knowledge)?.try_into()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_lists_are_the_core_s_and_more_is_an_error() {
        for verdict in Verdict::ALL {
            let wire = v1::Verdict::from(*verdict);
            assert_eq!(
                wire.as_str_name(),
                format!("VERDICT_{}", verdict.as_str().to_uppercase())
            );
            assert_eq!(read_verdict(wire.into()), Ok(*verdict));
        }
        for severity in Severity::ALL {
            let wire = v1::Severity::from(*severity);
            assert_eq!(
                wire.as_str_name(),
                format!("SEVERITY_{}", severity.as_str().to_uppercase())
            );
            assert_eq!(read_severity(wire.into()), Ok(*severity));
        }
        assert!(read_verdict(0).is_err());
        assert!(read_verdict(77).is_err());
        assert!(read_severity(0).is_err());
        assert!(Change::try_from(v1::ClaimChange { change: None }).is_err());
    }

    #[test]
    fn a_layer_of_a_newer_peer_is_an_error_that_names_it() {
        let wire = v1::LineVerdicts {
            layers: vec![v1::LayerVerdict {
                layer: "phase_of_moon".into(),
                verdict: v1::Verdict::Pass.into(),
                not_checked: None,
            }],
            ..Default::default()
        };
        let error = LineVerdicts::try_from(wire).unwrap_err();
        assert!(error.to_string().contains("phase_of_moon"), "{error}");
    }
}
