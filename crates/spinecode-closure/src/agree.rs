//! Whether code and edit agree on a case: what is billed has no failing finding that the coded case did not announce.

use std::collections::BTreeMap;

use spinecode_core::RawCase;
use spinecode_core::answer::{CodedCase, Line, Status};
use spinecode_core::edit::claim::{RawClaim, RawLine};
use spinecode_core::edit::report::{EditReport, Layer, Verdict};
use spinecode_engine::{EditOptions, Engine, LocalEngine, Options};

/// What was counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Cases asked.
    pub(crate) cases: u64,
    /// Of these, coded.
    pub(crate) coded: u64,
    /// Claims edited.
    pub(crate) claims: u64,
    /// Verdicts of layers that looked, and of layers that had no table, by layer.
    pub(crate) layers: BTreeMap<Layer, (u64, u64)>,
    /// Disagreements, the first ones in words.
    pub(crate) faults: Vec<String>,
    /// All of them.
    pub(crate) disagreements: u64,
}

/// Disagreements told in words.
const TOLD: usize = 40;

impl Tally {
    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.cases += other.cases;
        self.coded += other.coded;
        self.claims += other.claims;
        self.disagreements += other.disagreements;
        for (layer, (real, not)) in other.layers {
            let known = self.layers.entry(layer).or_default();
            known.0 += real;
            known.1 += not;
        }
        self.faults.extend(other.faults);
        self.faults.truncate(TOLD);
        self
    }
}

/// Codes a case, edits what is billed, and counts.
pub(crate) fn agree(engine: &LocalEngine, case: &RawCase, payer: &str, text: impl Fn() -> String) -> Tally {
    let mut tally = Tally {
        cases: 1,
        ..Tally::default()
    };
    let options = Options {
        payer: Some(payer.to_owned()),
        ..Options::default()
    };
    let Ok(coded) = engine.code(case, &options) else {
        return tally;
    };
    if coded.status != Status::Coded {
        return tally;
    }
    tally.coded = 1;
    let asked = EditOptions {
        payer: Some(payer.to_owned()),
        ..EditOptions::default()
    };
    let claims = claims(case, &coded, payer);
    for (answer, claim) in engine.edit(&claims, &asked).into_iter().zip(&claims) {
        match answer {
            Ok(report) => {
                tally.claims += 1;
                count(&mut tally, &report);
                for finding in report.findings.iter().filter(|one| {
                    one.verdict == Verdict::Fail && one.layer != Layer::Coverage && !announced(&coded, one)
                }) {
                    tally.disagreements += 1;
                    if tally.faults.len() < TOLD {
                        tally.faults.push(format!(
                            "{} {payer} {}: {} {} {:?} {:?} on {:?}",
                            case.date_of_service,
                            text(),
                            finding.rule,
                            finding.name,
                            finding.lines.iter().map(|line| line.code.as_ref()).collect::<Vec<_>>(),
                            finding.args,
                            claim
                                .lines
                                .iter()
                                .map(|line| format!("{}-{}", line.code, line.modifiers.join("-")))
                                .collect::<Vec<_>>(),
                        ));
                    }
                }
            }
            Err(fault) => {
                tally.disagreements += 1;
                tally
                    .faults
                    .push(format!("{} {payer} {}: {fault}", case.date_of_service, text()));
            }
        }
    }
    tally
}

fn count(tally: &mut Tally, report: &EditReport) {
    for line in &report.lines {
        for layer in Layer::ALL {
            let said = line.of(*layer);
            let known = tally.layers.entry(*layer).or_default();
            match said.verdict {
                Verdict::NotApplicable => {}
                Verdict::NotChecked => known.1 += 1,
                _ => known.0 += 1,
            }
        }
    }
}

/// Whether the coded case told of what the report finds.
fn announced(coded: &CodedCase, finding: &spinecode_core::edit::report::Finding) -> bool {
    let code = finding.lines.first().map(|line| line.code.as_ref());
    coded.notices.iter().any(|notice| {
        notice.subject.is_some() && notice.subject.as_deref() == code && notice.reason == "add_on_table_disagrees"
    })
}

/// The claims of what is billed: one a clinician, each with the documented case.
pub(crate) fn claims(case: &RawCase, coded: &CodedCase, payer: &str) -> Vec<RawClaim> {
    let mut performers: Vec<Option<&str>> = Vec::new();
    for line in &coded.billed {
        if !performers.contains(&line.performed_by.as_deref()) {
            performers.push(line.performed_by.as_deref());
        }
    }
    let (claim_type, bill_type, specialty) = match case.setting.as_deref() {
        Some("outpatient_hospital") => ("institutional", Some("131"), None),
        Some("asc_facility") => ("professional", None, Some("49")),
        _ => ("professional", None, None),
    };
    let several = performers.len() > 1;
    performers
        .into_iter()
        .map(|performer| RawClaim {
            person_id: Some("p".to_owned()),
            payer: Some(payer.to_owned()),
            claim_type: Some(claim_type.to_owned()),
            bill_type_code: bill_type.map(str::to_owned),
            specialty: specialty.map(str::to_owned),
            place_of_service: case.place_of_service.clone(),
            rendering_npi: performer.map(str::to_owned),
            billing_npi: Some("b".to_owned()),
            diagnoses: vec!["M5450".to_owned()],
            lines: coded
                .billed
                .iter()
                .filter(|line| line.performed_by.as_deref() == performer)
                .map(|line| raw_line(line, &case.date_of_service))
                .collect(),
            // What another clinician did is documented for the claims together, not for one of them.
            case: (!several).then(|| case.clone()),
            ..RawClaim::default()
        })
        .collect()
}

fn raw_line(line: &Line, on: &str) -> RawLine {
    RawLine {
        code: line.code.to_string(),
        modifiers: line.modifiers.iter().map(ToString::to_string).collect(),
        units: Some(line.units.to_string()),
        date_of_service: on.to_owned(),
        diagnosis_pointers: vec!["1".to_owned()],
        ..RawLine::default()
    }
}
