//! The checker of the tables of coverage: names that point at something, and rows that say what their kind needs.

use std::collections::BTreeSet;

use spinecode_core::facts::Facts;
use spinecode_core::facts::coverage::{DiagnosisList, LimitKind, PolicyLimitRow, Span};

use super::fault;
use crate::TableError;

pub(super) fn coverage(facts: &Facts, found: &mut Vec<TableError>) {
    let coverage = &facts.coverage;
    for (payer, holder) in facts.payers.keys().filter_map(|payer| {
        let holder = coverage.payers.get(payer)?;
        Some((payer, holder))
    }) {
        let contractor = coverage.contractors.iter().any(|row| row.contractor == *holder);
        if !contractor && coverage.holder_bits(holder) == 0 {
            fault(found, "payers.csv", payer, format!("no policy is of `{holder}`"));
        }
    }
    let topics: BTreeSet<&str> = coverage.topics.iter().map(|topic| topic.name.as_ref()).collect();
    let policies: BTreeSet<&str> = coverage.policies.iter().map(|row| row.policy.as_ref()).collect();
    let lists: BTreeSet<&str> = coverage.diagnoses.iter().map(|row| row.list.as_ref()).collect();
    for row in &coverage.policies {
        for topic in row.topics.iter().filter(|topic| !topics.contains(topic.as_ref())) {
            let message = format!("no group is of topic `{topic}`");
            fault(found, "coverage_policies.csv", &row.row.id, message);
        }
        let has_list = row
            .article
            .iter()
            .chain([&row.policy])
            .any(|list| lists.contains(list.as_ref()));
        let needs_list = matches!(row.diagnoses, DiagnosisList::Closed | DiagnosisList::Partial);
        if needs_list && !has_list {
            let message = "its diagnoses are not in coverage_diagnoses.csv".to_owned();
            fault(found, "coverage_policies.csv", &row.row.id, message);
        }
    }
    for row in &coverage.limits {
        if !topics.contains(row.topic.as_ref()) {
            let message = format!("no group is of topic `{}`", row.topic);
            fault(found, "coverage_limits.csv", &row.row.id, message);
        }
        for policy in row.policies.iter().filter(|policy| !policies.contains(policy.as_ref())) {
            fault(
                found,
                "coverage_limits.csv",
                &row.row.id,
                format!("no policy `{policy}`"),
            );
        }
        if let Some(message) = lacks(row) {
            fault(found, "coverage_limits.csv", &row.row.id, message.to_owned());
        }
    }
    for row in &coverage.diagnoses {
        let set = |name: &str| {
            coverage
                .diagnoses
                .iter()
                .any(|other| other.list == row.list && other.set == name)
        };
        if let Some(needs) = row.needs.as_deref().filter(|needs| !set(needs)) {
            fault(
                found,
                "coverage_diagnoses.csv",
                &row.row.id,
                format!("no set `{needs}` in its list"),
            );
        }
    }
}

/// What a limit of its kind must say and does not.
fn lacks(row: &PolicyLimitRow) -> Option<&'static str> {
    match row.kind {
        LimitKind::Levels | LimitKind::Sessions | LimitKind::Units | LimitKind::Regions if row.limit == 0 => {
            Some("needs `limit`")
        }
        LimitKind::Earlier if row.limit == 0 || row.other == 0 => Some("needs `limit` and `other`"),
        LimitKind::Interval if matches!(row.span, Span::Day | Span::Lifetime) => {
            Some("needs a `window` of days or months")
        }
        LimitKind::Modifier | LimitKind::ModifierAlike if row.with.is_empty() => Some("needs `with`"),
        LimitKind::NotIn if row.places.is_empty() && row.settings.is_empty() => Some("needs `places` or `settings`"),
        LimitKind::OnlyIn if row.places.is_empty() => Some("needs `places`"),
        LimitKind::NotCovered if row.position.is_none() => Some("needs `position`"),
        LimitKind::Beside if row.other == 0 => Some("needs `other`"),
        _ => None,
    }
}
