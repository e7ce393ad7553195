//! An engine whose answers fill every field, and which fails in every way when told to by a kind.

use std::time::Duration;

use spinecode_core::anatomy::Side;
use spinecode_core::answer::{
    Args, Assumption, Coding, Knowledge, Line, NotReported, Notice, Question, Status, Withheld,
};
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::report::EditReport;
use spinecode_core::explain::{Eras, Explained, WhatIf, WhyNot};
use spinecode_core::trace::{Explanation, Step, StepKind};
use spinecode_core::{
    Code, CodedCase, InputError, Modifier, RawCase, RawProcedure, Reason, ServiceDate, TraceLevel, Violation,
};
use spinecode_engine::{
    CitationInfo, Coverage, EditOptions, Engine, EngineInfo, Error, FactInfo, KindInfo, LintReport, Lookup,
    LookupOptions, Options, ProfileInfo, RuleInfo, RuleVersion,
};

pub(crate) struct Fake;

/// A case of one procedure of this kind.
pub(crate) fn case(id: &str, kind: &str) -> RawCase {
    RawCase {
        case_id: Some(id.to_owned()),
        date_of_service: "2024-03-05".to_owned(),
        diagnoses: vec!["M54.16".to_owned()],
        procedures: vec![RawProcedure {
            kind: kind.to_owned(),
            levels: vec!["L4-L5".to_owned()],
            side: Some("left".to_owned()),
            ..RawProcedure::default()
        }],
        ..RawCase::default()
    }
}

fn line(procedure: &RawProcedure, at: usize, on: ServiceDate) -> Line {
    Line {
        code: Code::parse("64493").unwrap(),
        label: procedure.kind.clone().into(),
        units: u32::try_from(at).unwrap() + 1,
        modifiers: vec![Modifier::parse("50").unwrap(), Modifier::parse("59").unwrap()],
        side: procedure.side.as_deref().and_then(Side::parse),
        procedures: vec![procedure.id.clone().unwrap_or(at.to_string()).into()],
        sites: procedure.levels.iter().cloned().map(Into::into).collect(),
        performed_by: procedure.performed_by.clone().map(Into::into),
        rule: "FJI-004".into(),
        confidence: "high".into(),
        verified_through: Some(on),
    }
}

fn args() -> Args {
    [("code".into(), "77003".into()), ("limit".into(), "3".into())].into()
}

impl Engine for Fake {
    fn code(&self, case: &RawCase, options: &Options) -> Result<CodedCase, Error> {
        let mut violations = case.misread.clone();
        let date = ServiceDate::parse(&case.date_of_service);
        if date.is_none() {
            violations
                .push(Violation::new("date_of_service", Reason::NotIsoDate, "YYYY-MM-DD").echo(&case.date_of_service));
        }
        let as_of = options.as_of.as_deref().map(|text| (text, ServiceDate::parse(text)));
        if let Some((text, None)) = as_of {
            violations.push(Violation::new("as_of", Reason::NotIsoDate, "YYYY-MM-DD").echo(text));
        }
        for (at, procedure) in case.procedures.iter().enumerate() {
            if let Some(side) = procedure.side.as_deref().filter(|side| Side::parse(side).is_none()) {
                violations.push(
                    Violation::new(format!("procedures[{at}].side"), Reason::UnknownValue, "left, right").echo(side),
                );
            }
            match procedure.kind.as_str() {
                "panic" => panic!("told to"),
                "slow" => std::thread::sleep(Duration::from_millis(150)),
                "knowledge" => return Err(Error::Knowledge("the facts differ".into())),
                "injection" => violations.push(
                    Violation::new(
                        format!("procedures[{at}].kind"),
                        Reason::UnknownKind,
                        "a published kind",
                    )
                    .echo("injection")
                    .suggest(Some("facet_injection")),
                ),
                _ => {}
            }
        }
        if !violations.is_empty() {
            return Err(InputError { violations }.into());
        }
        if options.release.is_some() {
            return Err(Error::Unsupported("no release is loaded".into()));
        }
        let on = date.unwrap();
        let lines: Vec<Line> = (case.procedures.iter().enumerate())
            .map(|(at, procedure)| line(procedure, at, on))
            .collect();
        let explanation = (options.trace != TraceLevel::None).then(|| Explanation {
            level: options.trace,
            rules: vec!["FJI-004/2".into()],
            rows: vec!["codes:64493".into()],
            citations: vec!["AORN2010".into()],
            steps: StepKind::ALL[..if options.trace == TraceLevel::Full { 10 } else { 0 }]
                .iter()
                .map(|step| Step {
                    step: *step,
                    rule: Some("FJI-004".into()),
                    subject: Some("procedures[0]".into()),
                    row: None,
                    result: Some(step.as_str().into()),
                })
                .collect(),
        });
        Ok(CodedCase {
            case_id: case.case_id.clone(),
            date_of_service: on,
            status: [Status::Coded, Status::NeedsFacts, Status::OutOfScope][case.procedures.len() % 3],
            reported: lines.clone(),
            billed: lines.clone(),
            withheld: lines
                .iter()
                .map(|line| Withheld {
                    line: line.clone(),
                    layer: "ptp".into(),
                    rule: "PTP-001".into(),
                    reason: "hard_pair".into(),
                    args: args(),
                    row: "ptp:1".into(),
                })
                .collect(),
            not_reported: vec![NotReported {
                code: Code::parse("77003").unwrap(),
                reason: "included".into(),
                rule: "GUI-001".into(),
                procedures: vec!["p1".into()],
                args: args(),
            }],
            questions: vec![Question {
                path: "procedures[0].guidance".into(),
                procedure: "p1".into(),
                fact: "guidance".into(),
                text: "Which guidance was used?".into(),
                values: vec!["none".into(), "fluoroscopy".into()],
            }],
            codings: vec![Coding {
                assuming: vec![Assumption {
                    path: "procedures[0].guidance".into(),
                    value: "none".into(),
                }],
                reported: lines.clone(),
                billed: lines,
            }],
            notices: vec![Notice {
                reason: "past_verification".into(),
                subject: None,
                args: args(),
            }],
            knowledge: Knowledge {
                engine: "0.1.0".into(),
                facts: "ab12".into(),
                release: None,
                profile: options
                    .payer
                    .clone()
                    .or(case.payer.clone())
                    .unwrap_or("cpt".into())
                    .into(),
                profile_hash: "cd34".into(),
                overlay: None,
                as_of: as_of.and_then(|(_, date)| date),
            },
            explanation,
        })
    }

    fn code_many(&self, cases: &[RawCase], options: &Options) -> Vec<Result<CodedCase, Error>> {
        cases.iter().map(|case| self.code(case, options)).collect()
    }

    fn edit(&self, claims: &[RawClaim], options: &EditOptions) -> Vec<Result<EditReport, Error>> {
        crate::edit::reports(claims, options)
    }

    fn lookup(&self, code: &str, asked: &LookupOptions) -> Result<Lookup, Error> {
        crate::tell::engine().lookup(code, asked)
    }

    fn coverage(&self, code: Option<&str>, asked: &LookupOptions) -> Result<Coverage, Error> {
        crate::tell::engine().coverage(code, asked)
    }

    fn lint(&self) -> Result<LintReport, Error> {
        crate::tell::engine().lint()
    }

    fn draw(&self, case: &RawCase, options: &Options) -> Result<String, Error> {
        Ok(format!("<svg>{}</svg>", self.code(case, options)?.date_of_service))
    }

    fn explain(&self, case: &RawCase, options: &Options) -> Result<Explained, Error> {
        Ok(Explained {
            tree: Vec::new(),
            coded: self.code(case, options)?,
        })
    }

    fn why_not(&self, _case: &RawCase, _code: &str, _options: &Options) -> Result<WhyNot, Error> {
        Err(Error::Unsupported("a fake".into()))
    }

    fn what_if(&self, _case: &RawCase, _changes: &[String], _options: &Options) -> Result<WhatIf, Error> {
        Err(Error::Unsupported("a fake".into()))
    }

    fn eras(&self, _case: &RawCase, _options: &Options) -> Result<Eras, Error> {
        Err(Error::Unsupported("a fake".into()))
    }

    fn rule(&self, id: &str) -> Result<RuleInfo, Error> {
        if id != "FJI-004" {
            let near = Violation::new("rule_id", Reason::UnknownRule, "a published rule").suggest(Some("FJI-004"));
            return Err(InputError::one(near.echo(id)).into());
        }
        Ok(RuleInfo {
            id: "FJI-004".into(),
            name: "third-and-beyond".into(),
            family: "facet_injection".into(),
            layer: "code_set".into(),
            versions: vec![RuleVersion {
                version: 1,
                from: Some("2010-01-01".into()),
                last_day: None,
                what: "counts the third level and beyond once".into(),
                confidence: "high".into(),
                citations: vec![CitationInfo {
                    id: "AORN2010".into(),
                    title: "A source".into(),
                    link: "a shelf".into(),
                    authority_from: Some("2010-01-01".into()),
                    authority_to: Some("2010-12-31".into()),
                }],
            }],
        })
    }

    fn info(&self) -> Result<EngineInfo, Error> {
        Ok(EngineInfo {
            engine: "0.1.0".into(),
            facts: "ab12".into(),
            release: None,
            overlay: Some("ef56".into()),
            coverage_from: "2005-01-01".into(),
            profiles: vec![ProfileInfo {
                name: "cpt".into(),
                hash: "cd34".into(),
                label: "code set".into(),
                layers: vec!["form".into(), "code_set".into()],
            }],
            kinds: vec![KindInfo {
                kind: "facet_injection".into(),
                label: "facet joint injection".into(),
                family: Some("facet_injection".into()),
                sites: vec!["joint".into(), "nerve".into()],
                facts: vec![FactInfo {
                    fact: "guidance".into(),
                    value_type: "word".into(),
                    values: vec!["none".into()],
                    question: "Which guidance was used?".into(),
                }],
            }],
            rules: vec!["FJI-004".into()],
            layers: vec!["ptp".into()],
            violation_reasons: Reason::ALL.iter().map(|reason| reason.as_str().into()).collect(),
            notice_reasons: vec!["past_verification".into()],
            exclusion_reasons: vec!["included".into()],
            why_not_reasons: vec!["deleted".into()],
            edit_layers: vec!["form".into(), "ptp".into()],
            verdicts: vec!["pass".into(), "fail".into()],
            severities: vec!["error".into()],
            unchecked_reasons: vec!["no_table".into()],
            finding_rules: vec!["PTP-001".into()],
        })
    }
}
