//! Look-ups, coverage and lint, every field both ways, so that a client rebuilds the same canonical JSON.

use spinecode_core::lint::{LintCheck, LintFinding, LintReport};
use spinecode_core::lookup::{
    Basis, CitationInfo, CodeCoverage, CodeDifference, CodePair, Companion, Coverage, Evidence, GuidanceUse, Inclusion,
    LayerHolding, LeadingKind, LifeStretch, Lookup, RoleUse, RuleUse, Sibling, Succession, TableHolding, UnitLimit,
    Way, WhenFact,
};
use spinecode_core::{Code, Name, ServiceDate};

use crate::answer::{WireError, all, names, read_args, read_code, read_date, text, texts, write_args};
use crate::date::{iso_text, wire_date, wire_date_of_text};
use crate::google::r#type::Date;
use crate::v1;

fn code_texts(codes: &[Code]) -> Vec<String> {
    codes.iter().map(Code::to_string).collect()
}

fn codes(field: &'static str, texts: &[String]) -> Result<Vec<Code>, WireError> {
    texts.iter().map(|text| read_code(field, text)).collect()
}

fn date(field: &'static str, wire: Option<&Date>) -> Result<Option<ServiceDate>, WireError> {
    wire.map(|date| read_date(field, date)).transpose()
}

fn needed_date(field: &'static str, wire: Option<&Date>) -> Result<ServiceDate, WireError> {
    date(field, wire)?.ok_or_else(|| WireError::missing(field))
}

fn needed<W, T: TryFrom<W, Error = WireError>>(field: &'static str, wire: Option<W>) -> Result<T, WireError> {
    wire.ok_or_else(|| WireError::missing(field))?.try_into()
}

impl From<CitationInfo> for v1::Citation {
    fn from(it: CitationInfo) -> Self {
        let day = |text: Option<String>| text.as_deref().and_then(wire_date_of_text);
        Self {
            id: text(it.id),
            title: text(it.title),
            link: text(it.link),
            authority_from_date: day(it.authority_from),
            authority_to_date: day(it.authority_to),
        }
    }
}

impl From<v1::Citation> for CitationInfo {
    fn from(it: v1::Citation) -> Self {
        Self {
            id: it.id.into(),
            title: it.title.into(),
            link: it.link.into(),
            authority_from: it.authority_from_date.as_ref().map(iso_text),
            authority_to: it.authority_to_date.as_ref().map(iso_text),
        }
    }
}

impl From<Evidence> for v1::Evidence {
    fn from(it: Evidence) -> Self {
        Self {
            row: text(it.row),
            first_date: it.first_day.map(wire_date),
            last_date: it.last_day.map(wire_date),
            known_from_date: it.known_from.map(wire_date),
            verified_through_date: it.verified_through.map(wire_date),
            confidence: text(it.confidence),
            citations: texts(it.citations),
            past_verification: it.past_verification,
        }
    }
}

impl TryFrom<v1::Evidence> for Evidence {
    type Error = WireError;

    fn try_from(it: v1::Evidence) -> Result<Self, WireError> {
        Ok(Self {
            row: it.row.into(),
            first_day: date("first_date", it.first_date.as_ref())?,
            last_day: date("last_date", it.last_date.as_ref())?,
            known_from: date("known_from_date", it.known_from_date.as_ref())?,
            verified_through: date("verified_through_date", it.verified_through_date.as_ref())?,
            confidence: it.confidence.into(),
            citations: names(it.citations),
            past_verification: it.past_verification,
        })
    }
}

impl From<WhenFact> for v1::WhenFact {
    fn from(it: WhenFact) -> Self {
        Self {
            fact: text(it.fact),
            values: texts(it.values),
        }
    }
}

impl TryFrom<v1::WhenFact> for WhenFact {
    type Error = WireError;

    fn try_from(it: v1::WhenFact) -> Result<Self, WireError> {
        Ok(Self {
            fact: it.fact.into(),
            values: names(it.values),
        })
    }
}

impl From<LifeStretch> for v1::LifeStretch {
    fn from(it: LifeStretch) -> Self {
        Self {
            label: text(it.label),
            valid: it.valid,
            laterality: text(it.laterality),
            add_on: it.add_on,
            split: it.split,
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::LifeStretch> for LifeStretch {
    type Error = WireError;

    fn try_from(it: v1::LifeStretch) -> Result<Self, WireError> {
        Ok(Self {
            label: it.label.into(),
            valid: it.valid,
            laterality: it.laterality.into(),
            add_on: it.add_on,
            split: it.split,
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<LeadingKind> for v1::LeadingKind {
    fn from(it: LeadingKind) -> Self {
        Self {
            kind: text(it.kind),
            label: text(it.label),
            family: text(it.family),
            synonyms: texts(it.synonyms),
        }
    }
}

impl TryFrom<v1::LeadingKind> for LeadingKind {
    type Error = WireError;

    fn try_from(it: v1::LeadingKind) -> Result<Self, WireError> {
        Ok(Self {
            kind: it.kind.into(),
            label: it.label.into(),
            family: it.family.into(),
            synonyms: names(it.synonyms),
        })
    }
}

impl From<RoleUse> for v1::RoleUse {
    fn from(it: RoleUse) -> Self {
        Self {
            family: text(it.family),
            code_set: text(it.code_set),
            region: it.region.map(text),
            role: text(it.role),
            nth_from: it.nth_from,
            nth_to: it.nth_to,
            cap: it.cap,
            unit: text(it.unit),
            ways: it.ways.into_iter().map(Into::into).collect(),
            in_force: it.in_force,
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::RoleUse> for RoleUse {
    type Error = WireError;

    fn try_from(it: v1::RoleUse) -> Result<Self, WireError> {
        Ok(Self {
            family: it.family.into(),
            code_set: it.code_set.into(),
            region: it.region.map(Name::Owned),
            role: it.role.into(),
            nth_from: it.nth_from,
            nth_to: it.nth_to,
            cap: it.cap,
            unit: it.unit.into(),
            ways: all(it.ways)?,
            in_force: it.in_force,
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<Way> for v1::Way {
    fn from(it: Way) -> Self {
        Self {
            when: it.when.into_iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::Way> for Way {
    type Error = WireError;

    fn try_from(it: v1::Way) -> Result<Self, WireError> {
        Ok(Self { when: all(it.when)? })
    }
}

impl From<Companion> for v1::Companion {
    fn from(it: Companion) -> Self {
        Self {
            code: it.code.to_string(),
            label: text(it.label),
            relation: text(it.relation),
            layer: text(it.layer),
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::Companion> for Companion {
    type Error = WireError;

    fn try_from(it: v1::Companion) -> Result<Self, WireError> {
        Ok(Self {
            code: read_code("code", &it.code)?,
            label: it.label.into(),
            relation: it.relation.into(),
            layer: it.layer.into(),
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<GuidanceUse> for v1::GuidanceUse {
    fn from(it: GuidanceUse) -> Self {
        Self {
            service: text(it.service),
            guidance: it.guidance.map(text),
            effect: text(it.effect),
            codes: code_texts(&it.codes),
            unit: it.unit.map(text),
            code_set: text(it.code_set),
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::GuidanceUse> for GuidanceUse {
    type Error = WireError;

    fn try_from(it: v1::GuidanceUse) -> Result<Self, WireError> {
        Ok(Self {
            service: it.service.into(),
            guidance: it.guidance.map(Name::Owned),
            effect: it.effect.into(),
            codes: codes("codes", &it.codes)?,
            unit: it.unit.map(Name::Owned),
            code_set: it.code_set.into(),
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<Inclusion> for v1::Inclusion {
    fn from(it: Inclusion) -> Self {
        Self {
            family: text(it.family),
            includes: text(it.includes),
            scope: text(it.scope),
            rule: text(it.rule),
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::Inclusion> for Inclusion {
    type Error = WireError;

    fn try_from(it: v1::Inclusion) -> Result<Self, WireError> {
        Ok(Self {
            family: it.family.into(),
            includes: it.includes.into(),
            scope: it.scope.into(),
            rule: it.rule.into(),
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<UnitLimit> for v1::UnitLimit {
    fn from(it: UnitLimit) -> Self {
        Self {
            units: it.units,
            mai: it.mai,
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::UnitLimit> for UnitLimit {
    type Error = WireError;

    fn try_from(it: v1::UnitLimit) -> Result<Self, WireError> {
        Ok(Self {
            units: it.units,
            mai: it.mai,
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<CodePair> for v1::CodePair {
    fn from(it: CodePair) -> Self {
        Self {
            column1: it.column1.to_string(),
            column2: it.column2.to_string(),
            bypassable: it.bypassable,
            table: text(it.table),
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::CodePair> for CodePair {
    type Error = WireError;

    fn try_from(it: v1::CodePair) -> Result<Self, WireError> {
        Ok(Self {
            column1: read_code("column1", &it.column1)?,
            column2: read_code("column2", &it.column2)?,
            bypassable: it.bypassable,
            table: it.table.into(),
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<Succession> for v1::Succession {
    fn from(it: Succession) -> Self {
        Self {
            first_date: Some(wire_date(it.first_day)),
            families: texts(it.families),
            when: it.when.into_iter().map(Into::into).collect(),
            before: code_texts(&it.before),
            after: code_texts(&it.after),
            beside: code_texts(&it.beside),
            role_before: text(it.role_before),
            role_after: text(it.role_after),
            unit_before: text(it.unit_before),
            unit_after: text(it.unit_after),
            basis: text(it.basis),
            evidence: it.evidence.into_iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::Succession> for Succession {
    type Error = WireError;

    fn try_from(it: v1::Succession) -> Result<Self, WireError> {
        Ok(Self {
            first_day: needed_date("first_date", it.first_date.as_ref())?,
            families: names(it.families),
            when: all(it.when)?,
            before: codes("before", &it.before)?,
            after: codes("after", &it.after)?,
            beside: codes("beside", &it.beside)?,
            role_before: it.role_before.into(),
            role_after: it.role_after.into(),
            unit_before: it.unit_before.into(),
            unit_after: it.unit_after.into(),
            basis: it.basis.into(),
            evidence: all(it.evidence)?,
        })
    }
}

impl From<CodeDifference> for v1::CodeDifference {
    fn from(it: CodeDifference) -> Self {
        Self {
            fact: text(it.fact),
            here: text(it.here),
            there: text(it.there),
        }
    }
}

impl TryFrom<v1::CodeDifference> for CodeDifference {
    type Error = WireError;

    fn try_from(it: v1::CodeDifference) -> Result<Self, WireError> {
        Ok(Self {
            fact: it.fact.into(),
            here: it.here.into(),
            there: it.there.into(),
        })
    }
}

impl From<Sibling> for v1::Sibling {
    fn from(it: Sibling) -> Self {
        Self {
            code: it.code.to_string(),
            label: text(it.label),
            relation: text(it.relation),
            families: texts(it.families),
            differs: it.differs.into_iter().map(Into::into).collect(),
            ways: it.ways.into_iter().map(Into::into).collect(),
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::Sibling> for Sibling {
    type Error = WireError;

    fn try_from(it: v1::Sibling) -> Result<Self, WireError> {
        Ok(Self {
            code: read_code("code", &it.code)?,
            label: it.label.into(),
            relation: it.relation.into(),
            families: names(it.families),
            differs: all(it.differs)?,
            ways: all(it.ways)?,
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<RuleUse> for v1::RuleUse {
    fn from(it: RuleUse) -> Self {
        Self {
            id: text(it.id),
            version: it.version,
            name: text(it.name),
            layer: text(it.layer),
            what: text(it.what),
            evidence: Some(it.evidence.into()),
        }
    }
}

impl TryFrom<v1::RuleUse> for RuleUse {
    type Error = WireError;

    fn try_from(it: v1::RuleUse) -> Result<Self, WireError> {
        Ok(Self {
            id: it.id.into(),
            version: it.version,
            name: it.name.into(),
            layer: it.layer.into(),
            what: it.what.into(),
            evidence: needed("evidence", it.evidence)?,
        })
    }
}

impl From<Basis> for v1::Basis {
    fn from(it: Basis) -> Self {
        Self {
            engine: text(it.engine),
            facts: text(it.facts),
            release: it.release.map(text),
            overlay: it.overlay.map(text),
            as_of_date: it.as_of.map(wire_date),
        }
    }
}

impl TryFrom<v1::Basis> for Basis {
    type Error = WireError;

    fn try_from(it: v1::Basis) -> Result<Self, WireError> {
        Ok(Self {
            engine: it.engine.into(),
            facts: it.facts.into(),
            release: it.release.map(Name::Owned),
            overlay: it.overlay.map(Name::Owned),
            as_of: date("as_of_date", it.as_of_date.as_ref())?,
        })
    }
}

impl From<Lookup> for v1::Lookup {
    fn from(it: Lookup) -> Self {
        Self {
            code: it.code.to_string(),
            on_date: Some(wire_date(it.on)),
            status: text(it.status),
            label: it.label.map(text),
            first_date: it.first_day.map(wire_date),
            last_date: it.last_day.map(wire_date),
            not_derived: it.not_derived.map(text),
            life: it.life.into_iter().map(Into::into).collect(),
            kinds: it.kinds.into_iter().map(Into::into).collect(),
            roles: it.roles.into_iter().map(Into::into).collect(),
            companions: it.companions.into_iter().map(Into::into).collect(),
            guidance: it.guidance.into_iter().map(Into::into).collect(),
            inclusions: it.inclusions.into_iter().map(Into::into).collect(),
            limits: it.limits.into_iter().map(Into::into).collect(),
            pairs: it.pairs.into_iter().map(Into::into).collect(),
            replaces: it.replaces.into_iter().map(Into::into).collect(),
            replaced_by: it.replaced_by.into_iter().map(Into::into).collect(),
            instead: it.instead.into_iter().map(Into::into).collect(),
            rules: it.rules.into_iter().map(Into::into).collect(),
            citations: it.citations.into_iter().map(Into::into).collect(),
            notices: it.notices.into_iter().map(Into::into).collect(),
            knowledge: Some(it.knowledge.into()),
        }
    }
}

impl TryFrom<v1::Lookup> for Lookup {
    type Error = WireError;

    fn try_from(it: v1::Lookup) -> Result<Self, WireError> {
        Ok(Self {
            code: read_code("code", &it.code)?,
            on: needed_date("on_date", it.on_date.as_ref())?,
            status: it.status.into(),
            label: it.label.map(Name::Owned),
            first_day: date("first_date", it.first_date.as_ref())?,
            last_day: date("last_date", it.last_date.as_ref())?,
            not_derived: it.not_derived.map(Name::Owned),
            life: all(it.life)?,
            kinds: all(it.kinds)?,
            roles: all(it.roles)?,
            companions: all(it.companions)?,
            guidance: all(it.guidance)?,
            inclusions: all(it.inclusions)?,
            limits: all(it.limits)?,
            pairs: all(it.pairs)?,
            replaces: all(it.replaces)?,
            replaced_by: all(it.replaced_by)?,
            instead: all(it.instead)?,
            rules: all(it.rules)?,
            citations: it.citations.into_iter().map(Into::into).collect(),
            notices: it.notices.into_iter().map(Into::into).collect(),
            knowledge: needed("knowledge", it.knowledge)?,
        })
    }
}

impl From<TableHolding> for v1::TableHolding {
    fn from(it: TableHolding) -> Self {
        Self {
            table: text(it.table),
            rows: it.rows,
            first_date: it.first_day.map(wire_date),
            last_date: it.last_day.map(wire_date),
            verified_through_date: it.verified_through.map(wire_date),
            confidence: text(it.confidence),
            citations: texts(it.citations),
        }
    }
}

impl TryFrom<v1::TableHolding> for TableHolding {
    type Error = WireError;

    fn try_from(it: v1::TableHolding) -> Result<Self, WireError> {
        Ok(Self {
            table: it.table.into(),
            rows: it.rows,
            first_day: date("first_date", it.first_date.as_ref())?,
            last_day: date("last_date", it.last_date.as_ref())?,
            verified_through: date("verified_through_date", it.verified_through_date.as_ref())?,
            confidence: it.confidence.into(),
            citations: names(it.citations),
        })
    }
}

impl From<LayerHolding> for v1::LayerHolding {
    fn from(it: LayerHolding) -> Self {
        Self {
            layer: text(it.layer),
            holds: it.holds,
            reason: it.reason.map(text),
            tables: it.tables.into_iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::LayerHolding> for LayerHolding {
    type Error = WireError;

    fn try_from(it: v1::LayerHolding) -> Result<Self, WireError> {
        Ok(Self {
            layer: it.layer.into(),
            holds: it.holds,
            reason: it.reason.map(Name::Owned),
            tables: all(it.tables)?,
        })
    }
}

impl From<CodeCoverage> for v1::CodeCoverage {
    fn from(it: CodeCoverage) -> Self {
        Self {
            code: it.code.to_string(),
            label: it.label.map(text),
            layers: it.layers.into_iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::CodeCoverage> for CodeCoverage {
    type Error = WireError;

    fn try_from(it: v1::CodeCoverage) -> Result<Self, WireError> {
        Ok(Self {
            code: read_code("code", &it.code)?,
            label: it.label.map(Name::Owned),
            layers: all(it.layers)?,
        })
    }
}

impl From<Coverage> for v1::Coverage {
    fn from(it: Coverage) -> Self {
        Self {
            on_date: it.on.map(wire_date),
            coverage_from_date: it.coverage_from.map(wire_date),
            codes: it.codes.into_iter().map(Into::into).collect(),
            citations: it.citations.into_iter().map(Into::into).collect(),
            knowledge: Some(it.knowledge.into()),
        }
    }
}

impl TryFrom<v1::Coverage> for Coverage {
    type Error = WireError;

    fn try_from(it: v1::Coverage) -> Result<Self, WireError> {
        Ok(Self {
            on: date("on_date", it.on_date.as_ref())?,
            coverage_from: date("coverage_from_date", it.coverage_from_date.as_ref())?,
            codes: all(it.codes)?,
            citations: it.citations.into_iter().map(Into::into).collect(),
            knowledge: needed("knowledge", it.knowledge)?,
        })
    }
}

impl From<LintFinding> for v1::LintFinding {
    fn from(it: LintFinding) -> Self {
        Self {
            severity: text(it.severity),
            check: text(it.check),
            table: text(it.table),
            subject: text(it.subject),
            args: write_args(it.args),
        }
    }
}

impl TryFrom<v1::LintFinding> for LintFinding {
    type Error = WireError;

    fn try_from(it: v1::LintFinding) -> Result<Self, WireError> {
        Ok(Self {
            severity: it.severity.into(),
            check: it.check.into(),
            table: it.table.into(),
            subject: it.subject.into(),
            args: read_args(it.args),
        })
    }
}

impl From<LintCheck> for v1::LintCheck {
    fn from(it: LintCheck) -> Self {
        Self {
            check: text(it.check),
            severity: text(it.severity),
            made: it.made,
            found: it.found,
        }
    }
}

impl TryFrom<v1::LintCheck> for LintCheck {
    type Error = WireError;

    fn try_from(it: v1::LintCheck) -> Result<Self, WireError> {
        Ok(Self {
            check: it.check.into(),
            severity: it.severity.into(),
            made: it.made,
            found: it.found,
        })
    }
}

impl From<LintReport> for v1::LintReport {
    fn from(it: LintReport) -> Self {
        Self {
            rows: it.rows,
            cases: it.cases,
            checks: it.checks.into_iter().map(Into::into).collect(),
            findings: it.findings.into_iter().map(Into::into).collect(),
            knowledge: Some(it.knowledge.into()),
        }
    }
}

impl TryFrom<v1::LintReport> for LintReport {
    type Error = WireError;

    fn try_from(it: v1::LintReport) -> Result<Self, WireError> {
        Ok(Self {
            rows: it.rows,
            cases: it.cases,
            checks: all(it.checks)?,
            findings: all(it.findings)?,
            knowledge: needed("knowledge", it.knowledge)?,
        })
    }
}
