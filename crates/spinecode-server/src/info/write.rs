//! Engine types as messages.

use spinecode_core::Name;
use spinecode_engine::{EngineInfo, RuleInfo};
use spinecode_proto::{v1, wire_date_of_text};

fn texts(names: Vec<Name>) -> Vec<String> {
    names.into_iter().map(Name::into_owned).collect()
}

/// Writes what an engine is.
pub(crate) fn write_info(info: EngineInfo, limits: v1::ServerLimits) -> v1::GetServerInfoResponse {
    let profiles = info.profiles.into_iter().map(|profile| v1::Profile {
        name: profile.name.into_owned(),
        hash: profile.hash.into_owned(),
        label: profile.label.into_owned(),
        layers: texts(profile.layers),
    });
    let kinds = info.kinds.into_iter().map(|kind| {
        let facts = kind.facts.into_iter().map(|fact| v1::Fact {
            fact: fact.fact.into_owned(),
            value_type: fact.value_type.into_owned(),
            values: texts(fact.values),
            question: fact.question.into_owned(),
        });
        v1::Kind {
            kind: kind.kind.into_owned(),
            label: kind.label.into_owned(),
            family: kind.family.map(Name::into_owned),
            sites: texts(kind.sites),
            facts: facts.collect(),
        }
    });
    v1::GetServerInfoResponse {
        engine: info.engine.into_owned(),
        facts: info.facts.into_owned(),
        release: info.release.map(Name::into_owned),
        overlay: info.overlay.map(Name::into_owned),
        coverage_from_date: wire_date_of_text(&info.coverage_from),
        profiles: profiles.collect(),
        kinds: kinds.collect(),
        rules: texts(info.rules),
        layers: texts(info.layers),
        violation_reasons: texts(info.violation_reasons),
        notice_reasons: texts(info.notice_reasons),
        exclusion_reasons: texts(info.exclusion_reasons),
        why_not_reasons: texts(info.why_not_reasons),
        edit_layers: texts(info.edit_layers),
        verdicts: texts(info.verdicts),
        severities: texts(info.severities),
        unchecked_reasons: texts(info.unchecked_reasons),
        finding_rules: texts(info.finding_rules),
        limits: Some(limits),
    }
}

/// Writes a rule.
pub(crate) fn write_rule(rule: RuleInfo) -> v1::Rule {
    let day = |text: Option<String>| text.as_deref().and_then(wire_date_of_text);
    let versions = rule.versions.into_iter().map(|version| v1::RuleVersion {
        version: version.version,
        from_date: day(version.from),
        last_date: day(version.last_day),
        what: version.what.into_owned(),
        confidence: version.confidence.into_owned(),
        citations: version.citations.into_iter().map(Into::into).collect(),
    });
    v1::Rule {
        id: rule.id.into_owned(),
        name: rule.name.into_owned(),
        family: rule.family.into_owned(),
        layer: rule.layer.into_owned(),
        versions: versions.collect(),
    }
}
