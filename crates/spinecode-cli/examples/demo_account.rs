//! Reads the demo's answers aloud: one file an era, the same cases in each; a block a scenario, the eras under it.

use std::collections::BTreeMap;
use std::io::Write as _;

use spinecode_core::{CodedCase, Line, text};

/// Room for the longest line key, so that labels stand under each other.
const KEY: usize = 14;
/// Room for three years.
const YEARS: usize = 16;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut eras = Vec::new();
    for file in std::env::args().skip(1) {
        let answers: Result<Vec<CodedCase>, _> = std::fs::read_to_string(&file)?
            .lines()
            .map(CodedCase::from_json)
            .collect();
        eras.push(answers.map_err(|fault| format!("{file}: {fault}"))?.into_iter());
    }
    let mut out = std::io::stdout().lock();
    for number in 1.. {
        let Some(block) = eras.iter_mut().map(Iterator::next).collect::<Option<Vec<_>>>() else {
            break;
        };
        let Some(first) = block.first() else { break };
        writeln!(out, "\n{number}. {}", first.case_id.as_deref().unwrap_or("a case"))?;
        // Eras that were coded alike are told once.
        let mut told: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for answer in &block {
            let year = answer.date_of_service.0.year().to_string();
            let said = account(answer);
            match told.last_mut() {
                Some((years, before)) if *before == said => years.push(year),
                _ => told.push((vec![year], said)),
            }
        }
        for (years, said) in told {
            let mut years = years.join(" ");
            for sentence in said {
                writeln!(out, "   {years:<YEARS$}{sentence}")?;
                years.clear();
            }
        }
    }
    Ok(())
}

fn account(answer: &CodedCase) -> Vec<String> {
    let mut said: Vec<String> = answer.billed.iter().map(|line| billed(line, answer)).collect();
    for withheld in &answer.withheld {
        said.push(format!("kept off the claim: {}", text::withheld(withheld)));
    }
    for question in &answer.questions {
        said.push(format!("asked: {}", question.text));
    }
    // Answers that lead to one coding are told together.
    let mut codings: Vec<(String, BTreeMap<&str, Vec<&str>>)> = Vec::new();
    for coding in &answer.codings {
        let lines = coding.billed.iter().map(key).collect::<Vec<_>>().join(" + ");
        let at = codings
            .iter()
            .position(|(known, _)| *known == lines)
            .unwrap_or_else(|| {
                codings.push((lines, BTreeMap::new()));
                codings.len() - 1
            });
        if let Some((_, facts)) = codings.get_mut(at) {
            for one in &coding.assuming {
                let fact = one.path.rsplit('.').next().unwrap_or(&one.path);
                let values = facts.entry(fact).or_default();
                if !values.contains(&&*one.value) {
                    values.push(&one.value);
                }
            }
        }
    }
    for (lines, facts) in &codings {
        let when: Vec<String> = facts
            .iter()
            .map(|(fact, values)| format!("{fact} is {}", values.join(" or ")))
            .collect();
        said.push(format!("  {lines} if {}", when.join(" and ").replace('_', " ")));
    }
    let mut others: Vec<String> = answer.not_reported.iter().map(text::not_reported).collect();
    // The date up to which a line was verified stands beside the line.
    let notices = answer
        .notices
        .iter()
        .filter(|notice| notice.reason != "past_verification");
    others.extend(notices.map(text::notice));
    others.dedup();
    said.extend(others.into_iter().map(|sentence| format!("- {sentence}")));
    if let Some(explanation) = &answer.explanation {
        said.push(format!("sources: {}", explanation.citations.join(", ")));
    }
    said
}

fn billed(line: &Line, answer: &CodedCase) -> String {
    let by = line
        .performed_by
        .as_ref()
        .map(|by| format!(" ({})", by.replace('_', " ")))
        .unwrap_or_default();
    let through = line
        .verified_through
        .filter(|through| *through < answer.date_of_service)
        .map(|through| format!(" [verified through {through}]"))
        .unwrap_or_default();
    format!("{:<KEY$}{}{by}{through}", key(line), line.label)
}

fn key(line: &Line) -> String {
    let mut key = line.code.to_string();
    for modifier in &line.modifiers {
        key.push_str(&format!("-{}", modifier.as_str()));
    }
    if line.units != 1 {
        key.push_str(&format!(" x{}", line.units));
    }
    key
}
