//! The tables of coverage: contractors, policies, groups of codes, limits, diagnoses, authorisations.

use spinecode_core::case::Setting;
use spinecode_core::code::Modifier;
use spinecode_core::facts::Facts;
use spinecode_core::facts::coverage::{
    AuthorizationRow, ContractorRow, DiagnosisList, DiagnosisRow, GroupRow, LimitKind, PolicyLimitRow, PolicyRow,
    Scope, Span,
};
use spinecode_core::name::Name;

use super::{Loader, replace};
use crate::table::{Faults, Record, keep};

impl Loader<'_> {
    pub(super) fn coverage(&mut self, facts: &mut Facts) {
        self.holders(facts);
        self.groups(facts);
        self.limits(facts);
        self.diagnoses(facts);
        self.authorizations(facts);
    }

    /// Contractors first: policies of a program are those of its jurisdictions.
    fn holders(&mut self, facts: &mut Facts) {
        let coverage = &mut facts.coverage;
        let columns = ["program", "contractor", "jurisdiction", "states"];
        self.dated("contractors.csv", &columns, |record, faults| {
            let jurisdiction = record.required("jurisdiction", faults);
            let row = ContractorRow {
                row: record.row("contractor", &jurisdiction, faults),
                program: record.required("program", faults),
                contractor: record.required("contractor", faults),
                jurisdiction: jurisdiction.clone(),
                states: record.words("states"),
                bit: coverage.add_holders(&[jurisdiction]),
            };
            replace(&mut coverage.contractors, row, |row| &row.row.id);
        });
        let columns = ["policy", "article", "holders", "topics", "diagnoses"];
        self.dated("coverage_policies.csv", &columns, |record, faults| {
            let key = ["policy", "holders", "topics"]
                .map(|column| record.text(column).replace(' ', "+"))
                .join("/");
            let holders = record.words("holders");
            if holders.is_empty() {
                record.fault("holders", "must not be empty", faults);
            }
            let row = PolicyRow {
                row: record.row("policy", &key, faults),
                policy: record.required("policy", faults),
                article: record.optional("article"),
                mask: coverage.add_holders(&holders),
                holders,
                topics: record.words("topics"),
                diagnoses: record
                    .choice("diagnoses", &DiagnosisList::ALL, faults)
                    .unwrap_or(DiagnosisList::Unread),
            };
            replace(&mut coverage.policies, row, |row| &row.row.id);
        });
        // Each holder is a bit.
        if u32::try_from(coverage.holders.len()).is_ok_and(|count| count > u64::BITS) {
            let message = format!("name {} holders; at most {}", coverage.holders.len(), u64::BITS);
            self.faults.add("coverage_policies.csv", 0, "holders", message);
        }
    }

    fn groups(&mut self, facts: &mut Facts) {
        let coverage = &mut facts.coverage;
        self.dated("coverage_groups.csv", &["group", "topic", "codes"], |record, faults| {
            let group = record.required("group", faults);
            let row = GroupRow {
                row: record.row("coverage_group", &group, faults),
                topic: record.optional("topic"),
                codes: record.codes("codes", faults),
                group: group.clone(),
            };
            coverage.add_group(&group);
            replace(&mut coverage.groups, row, |row| &row.row.id);
        });
        if u32::try_from(coverage.group_names.len()).is_ok_and(|count| count > u64::BITS) {
            let message = format!("names {} groups; at most {}", coverage.group_names.len(), u64::BITS);
            self.faults.add("coverage_groups.csv", 0, "group", message);
        }
    }

    fn limits(&mut self, facts: &mut Facts) {
        let coverage = &mut facts.coverage;
        let columns = [
            "name", "topic", "policies", "kind", "group", "other", "when", "per", "limit", "window", "with", "without",
            "places", "settings", "instead", "position", "verdict",
        ];
        self.dated("coverage_limits.csv", &columns, |record, faults| {
            let key = ["name", "policies"]
                .map(|column| record.text(column).replace(' ', "+"))
                .join("/");
            let group = |column: &str, faults: &mut Faults| {
                let names = record.words(column);
                let bits = coverage.group_bits(&names);
                if names.len() != bits.count_ones() as usize {
                    record.fault(column, "names a group that coverage_groups.csv does not have", faults);
                }
                bits
            };
            let verdicts = [("fail", true), ("warn", false)];
            let row = PolicyLimitRow {
                row: record.row("coverage_limit", &key, faults),
                name: record.required("name", faults),
                topic: record.required("topic", faults),
                policies: record.words("policies"),
                kind: record
                    .choice("kind", &LimitKind::ALL, faults)
                    .unwrap_or(LimitKind::NotCovered),
                group: group("group", faults),
                other: group("other", faults),
                when: group("when", faults),
                scope: record.choice("per", &Scope::ALL, faults).unwrap_or(Scope::Session),
                limit: record.number("limit", faults).unwrap_or_default(),
                span: Span::parse(record.text("window")).unwrap_or_else(|| {
                    record.fault("window", "is none of 14d, 12mo, lifetime", faults);
                    Span::Day
                }),
                with: modifiers(record, "with", faults),
                without: modifiers(record, "without", faults),
                places: record.words("places"),
                settings: settings(record, faults),
                instead: (!record.text("instead").is_empty()).then(|| record.code("instead", faults)),
                position: record.optional("position"),
                refused: record.choice("verdict", &verdicts, faults).unwrap_or_default(),
            };
            if row.group == 0 {
                record.fault("group", "must not be empty", faults);
            }
            replace(&mut coverage.limits, row, |row| &row.row.id);
        });
    }

    fn diagnoses(&mut self, facts: &mut Facts) {
        let coverage = &mut facts.coverage;
        let columns = ["list", "set", "groups", "needs", "diagnoses"];
        self.dated("coverage_diagnoses.csv", &columns, |record, faults| {
            let key = ["list", "set"].map(|column| record.text(column)).join("/");
            let groups = record.words("groups");
            let bits = coverage.group_bits(&groups);
            if bits == 0 || groups.len() != bits.count_ones() as usize {
                record.fault("groups", "are not all in coverage_groups.csv", faults);
            }
            let plain = |code: &Name| keep(&code.replace('.', "").to_uppercase());
            let row = DiagnosisRow {
                row: record.row("coverage_diagnosis", &key, faults),
                list: record.required("list", faults),
                set: record.required("set", faults),
                diagnoses: record.words("diagnoses").iter().map(plain).collect(),
                groups: bits,
                needs: record.optional("needs"),
            };
            replace(&mut coverage.diagnoses, row, |row| &row.row.id);
        });
    }

    fn authorizations(&mut self, facts: &mut Facts) {
        let coverage = &mut facts.coverage;
        let columns = ["program", "holders", "codes", "settings", "places", "states"];
        self.dated("prior_authorization.csv", &columns, |record, faults| {
            let key = ["program", "settings", "codes"]
                .map(|column| record.text(column).replace(' ', "+"))
                .join("/");
            let row = AuthorizationRow {
                row: record.row("authorization", &key, faults),
                program: record.required("program", faults),
                mask: coverage.add_holders(&record.words("holders")),
                settings: settings(record, faults),
                places: record.words("places"),
                states: record.words("states"),
                codes: record.codes("codes", faults),
            };
            replace(&mut coverage.authorizations, row, |row| &row.row.id);
        });
    }
}

fn modifiers(record: &Record<'_>, column: &str, faults: &mut Faults) -> Vec<Modifier> {
    let words = record.words(column);
    let found: Vec<Modifier> = words.iter().filter_map(|word| Modifier::parse(word)).collect();
    if found.len() != words.len() {
        record.fault(column, "holds a word that is no two-character modifier", faults);
    }
    found
}

fn settings(record: &Record<'_>, faults: &mut Faults) -> Vec<Setting> {
    let words = record.words("settings");
    let known = |word: &Name| Setting::ALL.into_iter().find(|setting| setting.as_str() == word);
    let found: Vec<Setting> = words.iter().filter_map(known).collect();
    if found.len() != words.len() {
        record.fault("settings", "holds a word that is no setting", faults);
    }
    found
}
