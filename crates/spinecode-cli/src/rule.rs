//! `spinecode rule`: one rule, its versions and its sources.

use std::io::Write as _;
use std::process::ExitCode;

use spinecode_engine::{CitationInfo, RuleInfo, RuleVersion};

use crate::args::{RuleArgs, RuleFormat};
use crate::failure::Failure;
use crate::open;

pub(crate) fn run(args: &RuleArgs) -> Result<ExitCode, Failure> {
    let rule = open::engine(&args.engine)?.rule(&args.id)?;
    let text = match args.format {
        RuleFormat::Json => serde_json::to_string(&rule).map_err(std::io::Error::from)? + "\n",
        RuleFormat::Text => account(&rule),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn account(rule: &RuleInfo) -> String {
    let mut text = format!(
        "{}  {}\nfamily {}, layer {}\n",
        rule.id, rule.name, rule.family, rule.layer
    );
    for version in &rule.versions {
        text.push_str(&format!(
            "\nversion {}, {}, confidence {}\n  {}\n",
            version.version,
            days(version),
            version.confidence,
            version.what
        ));
        for citation in &version.citations {
            text.push_str(&source(citation));
        }
    }
    text
}

fn days(version: &RuleVersion) -> String {
    match (&version.from, &version.last_day) {
        (Some(from), Some(last)) => format!("{from} to {last}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => "on every date".to_owned(),
    }
}

fn source(citation: &CitationInfo) -> String {
    let mut text = format!("  [{}] {}", citation.id, citation.title);
    match (&citation.authority_from, &citation.authority_to) {
        (Some(from), Some(to)) => text.push_str(&format!(" (authority {from} to {to})")),
        (Some(from), None) => text.push_str(&format!(" (authority from {from})")),
        (None, Some(to)) => text.push_str(&format!(" (authority to {to})")),
        (None, None) => {}
    }
    text.push('\n');
    if !citation.link.is_empty() {
        text.push_str(&format!("      {}\n", citation.link));
    }
    text
}
