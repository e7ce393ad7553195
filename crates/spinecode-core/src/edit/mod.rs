//! `edit`: is this claim right, and what is the smallest change that makes it right?
//!
//! Claims are read ([`read`]), laid on a desk by billing day ([`desk`]), and pass layer by layer; each layer says of every line
//! what it found, or why it did not look.

pub mod account;
mod add_on_table;
pub mod chart;
pub mod claim;
mod code_life;
mod code_set;
mod coverage;
pub mod desk;
mod documented;
mod fee_schedule;
mod form;
mod mue;
mod ptp;
pub mod read;
mod repair;
pub mod report;
pub mod sides;
pub mod text;

use std::collections::BTreeMap;

use crate::answer::{Args, Knowledge, Notice};
use crate::date::ServiceDate;
use crate::edit::desk::{Desk, code_text};
use crate::edit::read::Claim;
use crate::edit::report::{EditReport, LineVerdicts, Verdict};
use crate::facts::Facts;
use crate::name::Name;
use crate::tables::Tables;

/// Every rule id by which something can be found.
pub fn rule_ids() -> impl Iterator<Item = &'static str> {
    [
        form::RULES,
        code_life::RULES,
        code_set::RULES,
        documented::RULES,
        ptp::RULES,
        mue::RULES,
        add_on_table::RULES,
        fee_schedule::RULES,
        coverage::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// How claims are to be edited.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// The payer's tables.
    pub tables: &'a dyn Tables,
    /// Release that the tables come from, where one is loaded.
    pub release: Option<&'a str>,
    /// Payer name; overrides the claims' own.
    pub payer: Option<&'a str>,
    /// Only what had been published by this day.
    pub as_of: Option<ServiceDate>,
    /// Engine version.
    pub engine: &'static str,
    /// Each claim by itself.
    pub alone: bool,
    /// Look for repairs too.
    pub repair: bool,
}

/// Edits claims that are judged together; one report a claim, in their order.
pub fn edit(request: Request<'_>, claims: &[Claim]) -> Vec<EditReport> {
    let mut reports = judge(request, claims);
    if request.repair {
        mend(request, claims, &mut reports);
    }
    reports
}

/// Looks for repairs of every claim that fails, among the claims of the same person.
fn mend(request: Request<'_>, claims: &[Claim], reports: &mut [EditReport]) {
    let mut people: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, claim) in claims.iter().enumerate() {
        if let Some(person) = claim.person.as_deref().filter(|_| !request.alone) {
            people.entry(person).or_default().push(at);
        }
    }
    for (at, (claim, report)) in claims.iter().zip(reports).enumerate() {
        let of_person = claim.person.as_deref().and_then(|person| people.get(person));
        let together: Vec<usize> = of_person.cloned().unwrap_or_else(|| vec![at]);
        let home = together.iter().position(|other| *other == at).unwrap_or_default();
        let near: Vec<Claim> = together.iter().filter_map(|at| claims.get(*at)).cloned().collect();
        let mended = repair::repairs(request, &near, home, &report.findings);
        report.repairs = mended.repairs;
        report.questions.extend(mended.questions);
    }
}

/// What every layer says of claims.
fn judge(request: Request<'_>, claims: &[Claim]) -> Vec<EditReport> {
    let mut desk = Desk::new(request.facts, request.tables, request.as_of, claims, request.payer);
    desk.alone = request.alone;
    for claim in 0..claims.len() {
        form::judge(claim, &mut desk);
        // First the case, where there is one: what it supports of a code decides what the code set asks of the lines.
        documented::judge(claim, &mut desk);
    }
    for day in desk.days(request.alone) {
        form::judge_day(&day, &mut desk);
        code_life::judge(&day, &mut desk);
        code_set::judge(&day, &mut desk);
        if day.profile.has_layer("ptp") {
            ptp::judge(&day, &mut desk);
        }
        if day.profile.has_layer("mue") {
            mue::judge(&day, &mut desk);
        }
        if day.profile.has_layer("add_on_table") {
            add_on_table::judge(&day, &mut desk);
        }
        if day.profile.has_layer("fee_schedule") {
            fee_schedule::judge(&day, &mut desk);
        }
    }
    for claim in 0..claims.len() {
        coverage::judge(claim, &mut desk);
    }
    let sheets = std::mem::take(&mut desk.sheets);
    claims
        .iter()
        .zip(&desk.profiles)
        .zip(sheets)
        .map(|((claim, (profile, unmapped)), mut sheet)| {
            sheet.findings.sort();
            sheet.findings.dedup();
            let lines: Vec<LineVerdicts> = claim
                .lines
                .iter()
                .zip(&sheet.verdicts)
                .map(|(line, layers)| LineVerdicts {
                    line: line.number.clone(),
                    code: code_text(line),
                    left_out: line.left_out.map(|why| Name::Borrowed(why.as_str())),
                    layers: *layers,
                })
                .collect();
            let mut left_out = BTreeMap::new();
            for why in claim.lines.iter().filter_map(|line| line.left_out) {
                *left_out.entry(Name::Borrowed(why.as_str())).or_default() += 1;
            }
            let gravest = lines
                .iter()
                .flat_map(|line| line.layers.iter().map(|said| said.verdict))
                .max();
            let notices = unmapped.then(|| Notice {
                reason: Name::Borrowed("unmapped_payer"),
                subject: None,
                args: Args::from([(Name::Borrowed("profile"), profile.name.clone())]),
            });
            EditReport {
                claim_id: claim.claim_id.clone(),
                setting: Name::Borrowed(claim.setting.as_str()),
                verdict: gravest.unwrap_or(Verdict::NotApplicable),
                lines,
                findings: sheet.findings,
                repairs: Vec::new(),
                questions: sheet.questions,
                left_out,
                notices: notices.into_iter().collect(),
                knowledge: Knowledge {
                    engine: Name::Borrowed(request.engine),
                    facts: request.facts.hash.clone(),
                    release: request.release.map(|release| Name::Owned(release.to_owned())),
                    profile: profile.name.clone(),
                    profile_hash: profile.hash.clone(),
                    overlay: request.facts.overlay.clone(),
                    as_of: request.as_of,
                },
            }
        })
        .collect()
}
