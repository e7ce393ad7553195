//! Messages as engine types.

use spinecode_core::Name;
use spinecode_engine::{EngineInfo, FactInfo, KindInfo, ProfileInfo, RuleInfo, RuleVersion};
use spinecode_proto::{iso_text, v1};

fn names(texts: Vec<String>) -> Vec<Name> {
    texts.into_iter().map(Name::Owned).collect()
}

/// Reads what a remote engine is.
pub(crate) fn read_info(wire: v1::GetServerInfoResponse) -> EngineInfo {
    let profiles = wire.profiles.into_iter().map(|profile| ProfileInfo {
        name: profile.name.into(),
        hash: profile.hash.into(),
        label: profile.label.into(),
        layers: names(profile.layers),
    });
    let kinds = wire.kinds.into_iter().map(|kind| {
        let facts = kind.facts.into_iter().map(|fact| FactInfo {
            fact: fact.fact.into(),
            value_type: fact.value_type.into(),
            values: names(fact.values),
            question: fact.question.into(),
        });
        KindInfo {
            kind: kind.kind.into(),
            label: kind.label.into(),
            family: kind.family.map(Name::Owned),
            sites: names(kind.sites),
            facts: facts.collect(),
        }
    });
    EngineInfo {
        engine: wire.engine.into(),
        facts: wire.facts.into(),
        release: wire.release.map(Name::Owned),
        overlay: wire.overlay.map(Name::Owned),
        coverage_from: wire.coverage_from_date.as_ref().map(iso_text).unwrap_or_default(),
        profiles: profiles.collect(),
        kinds: kinds.collect(),
        rules: names(wire.rules),
        layers: names(wire.layers),
        violation_reasons: names(wire.violation_reasons),
        notice_reasons: names(wire.notice_reasons),
        exclusion_reasons: names(wire.exclusion_reasons),
        why_not_reasons: names(wire.why_not_reasons),
        edit_layers: names(wire.edit_layers),
        verdicts: names(wire.verdicts),
        severities: names(wire.severities),
        unchecked_reasons: names(wire.unchecked_reasons),
        finding_rules: names(wire.finding_rules),
    }
}

/// Reads a rule.
pub(crate) fn read_rule(wire: v1::Rule) -> RuleInfo {
    let versions = wire.versions.into_iter().map(|version| RuleVersion {
        version: version.version,
        from: version.from_date.as_ref().map(iso_text),
        last_day: version.last_date.as_ref().map(iso_text),
        what: version.what.into(),
        confidence: version.confidence.into(),
        citations: version.citations.into_iter().map(Into::into).collect(),
    });
    RuleInfo {
        id: wire.id.into(),
        name: wire.name.into(),
        family: wire.family.into(),
        layer: wire.layer.into(),
        versions: versions.collect(),
    }
}
