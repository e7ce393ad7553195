//! What the findings of coverage say, as a sentence without its stop.

use super::{
    AUTHORIZATION, BESIDE, DIAGNOSIS, EARLIER, INTERVAL, LEVELS, MODIFIER, NOT_COVERED, ONE_SIDE, PLACE, REGIONS,
    SESSIONS, UNITS,
};
use crate::edit::report::Finding;

/// The sentence of a finding; `None`: its rule is not of coverage.
pub(in crate::edit) fn said(one: &Finding) -> Option<String> {
    let has = |key: &str| {
        one.args
            .get(key)
            .map(AsRef::as_ref)
            .filter(|text: &&str| !text.is_empty())
    };
    let arg = |key: &str| has(key).unwrap_or("?");
    let region = has("region").map_or_else(String::new, |region| {
        format!(" in the {} region", region.replace('_', " "))
    });
    let within = match has("window") {
        None => " in one session".to_owned(),
        Some("lifetime") => " in a lifetime".to_owned(),
        Some(window) => format!(" within {}", window_text(window)),
    };
    let (count, limit) = (arg("count"), arg("limit"));
    let mut said = match one.rule.as_ref() {
        LEVELS => format!("{count} levels{region}{within}, {limit} are covered"),
        SESSIONS => {
            let name = arg("limit_name");
            let role = ["diagnostic", "therapeutic"]
                .into_iter()
                .find(|role| name.contains(role));
            let role = role.map_or_else(String::new, |role| format!("{role} "));
            format!("{role}session {count}{region}{within}, {limit} are covered")
        }
        UNITS => format!("{count} units{region}{within}, {limit} are covered"),
        INTERVAL => {
            let window = has("window").map_or_else(String::new, window_text);
            format!("the last one{region} was on {}, less than {window} before", arg("last"))
        }
        EARLIER => format!("{limit} earlier services are asked for{region}, the history shows {count}"),
        REGIONS => format!("{count} spinal regions in one session, {limit} is covered"),
        MODIFIER => format!("{} is missing, which says that the policy is met", arg("modifier")),
        ONE_SIDE => "both sides, where one injection is covered".to_owned(),
        PLACE => match (has("place"), has("instead")) {
            (_, Some(instead)) => format!("not paid in this setting; {instead} is reported there"),
            (Some(place), None) => format!("not paid in place of service {place}"),
            (None, None) => "not paid in this setting".to_owned(),
        },
        NOT_COVERED => "not covered".to_owned(),
        BESIDE => format!("not covered, or not routinely, in one session with {}", arg("other")),
        DIAGNOSIS => "none of its diagnoses is on the policy's list".to_owned(),
        AUTHORIZATION => format!("needs prior authorisation ({})", arg("program")),
        _ => return None,
    };
    if let Some(position) = has("position") {
        said.push_str(&format!(" ({})", position.replace('_', " ")));
    }
    if let Some(policy) = has("policy") {
        said.push_str(&format!(", by {policy}"));
    }
    if let Some(holders) = has("holders") {
        said.push_str(&format!(
            "; so where it is decided by {holders}, which the claim does not tell"
        ));
    }
    Some(said)
}

/// `12mo` as people say it.
fn window_text(window: &str) -> String {
    match window.strip_suffix("mo") {
        Some(months) => format!("{months} months"),
        None => format!("{} days", window.trim_end_matches('d')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Args;
    use crate::edit::report::{Layer, Severity, Verdict};
    use crate::name::Name;

    fn finding(rule: &'static str, args: &[(&'static str, &'static str)]) -> Finding {
        Finding {
            rule: Name::Borrowed(rule),
            name: Name::Borrowed(""),
            layer: Layer::Coverage,
            severity: Severity::Error,
            verdict: Verdict::Fail,
            lines: Vec::new(),
            args: args
                .iter()
                .map(|(key, value)| (Name::Borrowed(*key), Name::Borrowed(*value)))
                .collect::<Args>(),
            modifier: None,
            adjustment: None,
            rows: Vec::new(),
            citations: Vec::new(),
            confidence: Name::Borrowed("high"),
            nearest_edition: false,
        }
    }

    #[test]
    fn sessions_are_told_with_their_window() {
        let args = [
            ("limit_name", "facet_diagnostic_sessions"),
            ("count", "5"),
            ("limit", "4"),
            ("window", "12mo"),
            ("region", "cervical_thoracic"),
            ("policy", "L35936"),
        ];
        assert_eq!(
            said(&finding("COV-002", &args)).unwrap(),
            "diagnostic session 5 in the cervical thoracic region within 12 months, 4 are covered, by L35936"
        );
    }

    #[test]
    fn what_only_some_contractors_refuse_names_them() {
        let args = [
            ("count", "3"),
            ("limit", "2"),
            ("holders", "JJ JM"),
            ("policy", "L37632"),
        ];
        assert_eq!(
            said(&finding("COV-003", &args)).unwrap(),
            "3 units in one session, 2 are covered, by L37632; so where it is decided by JJ JM, which the claim does not tell"
        );
        assert_eq!(said(&finding("PTP-001", &[])), None);
    }

    #[test]
    fn every_rule_has_a_sentence() {
        for rule in super::super::RULES {
            let one = Finding {
                rule: Name::Borrowed(rule),
                ..finding("", &[])
            };
            assert!(said(&one).is_some(), "{rule}");
        }
    }
}
