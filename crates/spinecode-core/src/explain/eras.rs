//! One case over all eras: evaluated on every day on which some row of the facts begins or ends, equal neighbours joined.

use std::collections::BTreeSet;

use crate::answer::{CodedCase, Line};
use crate::case::Case;
use crate::date::{ServiceDate, Window};
use crate::error::InputError;
use crate::explain::{Asked, Eras, RowNote, Stretch, Turn, difference};
use crate::facts::{Facts, Row};
use crate::name::Name;
use crate::render::key;
use crate::trace::TraceLevel;

/// Works the stretches out.
pub(super) fn eras(asked: Asked<'_>) -> Result<Eras, InputError> {
    let facts = asked.facts;
    let mut case = Case::read(asked.case, facts)?;
    let first = facts.coverage_from.unwrap_or(case.date);
    let days: BTreeSet<ServiceDate> = std::iter::once(first)
        .chain(
            facts
                .every_row()
                .flat_map(|(_, row)| [row.window.from, row.window.until])
                .flatten(),
        )
        .filter(|day| *day >= first)
        .collect();
    let mut answers: Vec<CodedCase> = Vec::new();
    let mut turns: Vec<Turn> = Vec::new();
    // The rows behind a stretch may change while its answer does not: what ended is looked for in its last ones.
    let mut latest: Option<CodedCase> = None;
    for day in days {
        case.date = day;
        let answer = asked.code_case(&case, asked.payer, TraceLevel::Ids);
        match &latest {
            Some(before) if same(before, &answer) => {}
            before => {
                turns.extend(before.as_ref().map(|before| turn(facts, before, &answer)));
                answers.push(answer.clone());
            }
        }
        latest = Some(answer);
    }
    let ends = answers.iter().skip(1).map(|next| next.date_of_service);
    let ends: Vec<Option<ServiceDate>> = ends.map(Some).chain([None]).collect();
    let knowledge = match answers.first() {
        Some(answer) => answer.knowledge.clone(),
        None => asked.code_case(&case, asked.payer, TraceLevel::None).knowledge,
    };
    Ok(Eras {
        case_id: asked.case.case_id.clone(),
        stretches: answers
            .into_iter()
            .zip(ends)
            .map(|(answer, until)| Stretch {
                from: answer.date_of_service,
                last_day: until.and_then(|until| {
                    last_day(&Window {
                        from: None,
                        until: Some(until),
                    })
                }),
                status: answer.status,
                reported: answer.reported,
                billed: answer.billed,
                withheld: answer.withheld,
                not_reported: answer.not_reported,
                questions: answer.questions,
                notices: answer.notices,
            })
            .collect(),
        turns,
        knowledge,
    })
}

/// Last day of a window.
pub(super) fn last_day(window: &Window) -> Option<ServiceDate> {
    window.until.and_then(|until| until.0.yesterday().ok()).map(ServiceDate)
}

/// Equal in what a claim or a question would hold; how long the facts were verified is not the answer.
fn same(before: &CodedCase, after: &CodedCase) -> bool {
    let keys = |lines: &[Line]| -> Vec<(String, Vec<Name>)> {
        lines.iter().map(|line| (key(line), line.sites.clone())).collect()
    };
    let withheld = |answer: &CodedCase| -> Vec<(String, Name)> {
        let lines = answer.withheld.iter();
        lines.map(|one| (key(&one.line), one.reason.clone())).collect()
    };
    before.status == after.status
        && keys(&before.reported) == keys(&after.reported)
        && keys(&before.billed) == keys(&after.billed)
        && withheld(before) == withheld(after)
        && before.not_reported == after.not_reported
        && before.questions == after.questions
        && before.codings.len() == after.codings.len()
        && before
            .codings
            .iter()
            .zip(&after.codings)
            .all(|(one, other)| one.assuming == other.assuming && keys(&one.billed) == keys(&other.billed))
}

/// What changed, and the rows behind it that ended or began on that day.
fn turn(facts: &Facts, before: &CodedCase, after: &CodedCase) -> Turn {
    let on = after.date_of_service;
    let behind = |answer: &CodedCase| -> BTreeSet<Name> {
        let explanation = answer.explanation.as_ref();
        let rows = explanation.into_iter().flat_map(|told| told.rows.iter());
        let labels: BTreeSet<&Name> = explanation.into_iter().flat_map(|told| told.rules.iter()).collect();
        let rules = facts
            .rules
            .values()
            .flatten()
            .filter(|rule| labels.contains(&rule.label));
        rows.cloned().chain(rules.map(|rule| rule.row.id.clone())).collect()
    };
    let (old, new) = (behind(before), behind(after));
    let mut ended = Vec::new();
    let mut began = Vec::new();
    for (_, row) in facts.every_row() {
        if row.window.until == Some(on) && old.contains(&row.id) {
            ended.push(note(row));
        }
        if row.window.from == Some(on) && new.contains(&row.id) {
            began.push(note(row));
        }
    }
    ended.sort();
    began.sort();
    Turn {
        on,
        difference: difference(before, after),
        ended,
        began,
    }
}

fn note(row: &Row) -> RowNote {
    RowNote {
        row: row.id.clone(),
        citations: row.citations.clone(),
    }
}
