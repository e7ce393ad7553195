//! What an engine is, and its rules, on the wire.

use spinecode_core::Name;
use spinecode_engine::{CitationInfo, EngineInfo, FactInfo, KindInfo, ProfileInfo, RuleInfo, RuleVersion};
use spinecode_proto::{iso_text, v1, wire_date_of_text};

fn texts(names: Vec<Name>) -> Vec<String> {
    names.into_iter().map(Name::into_owned).collect()
}

#[cfg(feature = "client")]
fn names(texts: Vec<String>) -> Vec<Name> {
    texts.into_iter().map(Name::Owned).collect()
}

/// Writes what an engine is.
#[cfg(feature = "server")]
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
        limits: Some(limits),
    }
}

/// Reads what a remote engine is.
#[cfg(feature = "client")]
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
    }
}

/// Writes a rule.
#[cfg(feature = "server")]
pub(crate) fn write_rule(rule: RuleInfo) -> v1::Rule {
    let day = |text: Option<String>| text.as_deref().and_then(wire_date_of_text);
    let versions = rule.versions.into_iter().map(|version| {
        let citations = version.citations.into_iter().map(|citation| v1::Citation {
            id: citation.id.into_owned(),
            title: citation.title.into_owned(),
            link: citation.link.into_owned(),
            authority_from_date: day(citation.authority_from),
            authority_to_date: day(citation.authority_to),
        });
        v1::RuleVersion {
            version: version.version,
            from_date: day(version.from),
            last_date: day(version.last_day),
            what: version.what.into_owned(),
            confidence: version.confidence.into_owned(),
            citations: citations.collect(),
        }
    });
    v1::Rule {
        id: rule.id.into_owned(),
        name: rule.name.into_owned(),
        family: rule.family.into_owned(),
        layer: rule.layer.into_owned(),
        versions: versions.collect(),
    }
}

/// Reads a rule.
#[cfg(feature = "client")]
pub(crate) fn read_rule(wire: v1::Rule) -> RuleInfo {
    let versions = wire.versions.into_iter().map(|version| {
        let citations = version.citations.into_iter().map(|citation| CitationInfo {
            id: citation.id.into(),
            title: citation.title.into(),
            link: citation.link.into(),
            authority_from: citation.authority_from_date.as_ref().map(iso_text),
            authority_to: citation.authority_to_date.as_ref().map(iso_text),
        });
        RuleVersion {
            version: version.version,
            from: version.from_date.as_ref().map(iso_text),
            last_day: version.last_date.as_ref().map(iso_text),
            what: version.what.into(),
            confidence: version.confidence.into(),
            citations: citations.collect(),
        }
    });
    RuleInfo {
        id: wire.id.into(),
        name: wire.name.into(),
        family: wire.family.into(),
        layer: wire.layer.into(),
        versions: versions.collect(),
    }
}
