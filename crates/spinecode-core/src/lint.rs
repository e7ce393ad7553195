//! Lint: what in the facts is unreachable, contradicts, is undeclared or rests on too little. Pure, over the facts and, where
//! they are given, the conformance cases.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::answer::Args;
use crate::case::Case;
use crate::code::Code;
use crate::context::GUIDANCE;
use crate::date::{ServiceDate, View, Window};
use crate::edit;
use crate::facts::{
    ChoiceRow, Condition, Confidence, ConflictRow, FactRow, FactType, Facts, Family, GapRow, KindRow, Row, Test,
};
use crate::input::RawCase;
use crate::lookup::succession::{owner, paths};
use crate::lookup::{Asked, Basis};
use crate::name::Name;
use crate::render::{Request, code_case};
use crate::rules::RULE_IDS;
use crate::tables::BuiltIn;
use crate::trace::TraceLevel;

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LintFinding {
    /// `error` or `warning`.
    pub severity: Name,
    /// The check that found it.
    pub check: Name,
    /// Table of the facts.
    pub table: Name,
    /// Row, key or source that it is about.
    pub subject: Name,
    /// Arguments.
    pub args: Args,
}

/// One check, and whether it could be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LintCheck {
    /// Name.
    pub check: Name,
    /// Severity of what it finds.
    pub severity: Name,
    /// Whether it was made: some need the conformance cases.
    pub made: bool,
    /// How much it found.
    pub found: u32,
}

/// What lint found. Field order is the canonical JSON's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LintReport {
    /// How many rows of the facts were looked at.
    pub rows: u32,
    /// How many questions of conformance cases were asked.
    pub cases: u32,
    /// Every check.
    pub checks: Vec<LintCheck>,
    /// What was found: errors first.
    pub findings: Vec<LintFinding>,
    /// What the answer rests on.
    pub knowledge: Basis,
}

/// One question of a conformance case.
#[derive(Clone, Debug)]
pub struct AskedCase {
    /// The case, with its date.
    pub case: RawCase,
    /// Only what had been published by this day.
    pub as_of: Option<ServiceDate>,
}

/// Conformance cases, as far as lint reads them.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Every question.
    pub asks: Vec<AskedCase>,
    /// Sources that the cases cite.
    pub citations: BTreeSet<String>,
}

/// The checks, each with the severity of what it finds and whether it needs the conformance cases.
const CHECKS: [(&str, &str, bool); 17] = [
    (ROLE_UNREACHABLE, ERROR, false),
    (REGION_UNREACHABLE, ERROR, false),
    (CHOICE_UNREACHABLE, ERROR, false),
    (GUIDANCE_UNREACHABLE, ERROR, false),
    (CONTRADICTION, ERROR, false),
    (UNDECLARED_GAP, ERROR, false),
    (CODE_WITHOUT_HOME, ERROR, false),
    (RULE_WITHOUT_CASES, ERROR, true),
    (CITATION_UNUSED, ERROR, true),
    (GAP_WITHOUT_GAP, WARNING, false),
    (KIND_WITHOUT_FAMILY, WARNING, false),
    (FACT_UNREAD, WARNING, false),
    (VALUE_UNREAD, WARNING, false),
    (POSITION_UNUSED, WARNING, false),
    (WEAK_SOURCE, WARNING, false),
    (UNVERIFIED, WARNING, false),
    (ROW_NOT_EXERCISED, WARNING, true),
];
const ERROR: &str = "error";
const WARNING: &str = "warning";
const ROLE_UNREACHABLE: &str = "role_unreachable";
const REGION_UNREACHABLE: &str = "region_unreachable";
const CHOICE_UNREACHABLE: &str = "choice_unreachable";
const GUIDANCE_UNREACHABLE: &str = "guidance_unreachable";
const CONTRADICTION: &str = "contradiction";
const UNDECLARED_GAP: &str = "undeclared_gap";
const CODE_WITHOUT_HOME: &str = "code_without_home";
const RULE_WITHOUT_CASES: &str = "rule_without_cases";
const CITATION_UNUSED: &str = "citation_unused";
const GAP_WITHOUT_GAP: &str = "gap_without_gap";
const KIND_WITHOUT_FAMILY: &str = "kind_without_family";
const FACT_UNREAD: &str = "fact_unread";
const VALUE_UNREAD: &str = "value_unread";
const POSITION_UNUSED: &str = "position_unused";
const WEAK_SOURCE: &str = "weak_source";
const UNVERIFIED: &str = "unverified";
const ROW_NOT_EXERCISED: &str = "row_not_exercised";

impl LintReport {
    /// Canonical JSON: the same bytes on every face. Rules in `docs/canonical-json.md`.
    pub fn canonical_json(&self) -> String {
        // INVARIANT: every key is a string and every value a plain one, so writing cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|one| one.severity == ERROR).count()
    }
}

/// Looks for faults in the facts; with conformance cases, also for what no case shows.
pub fn lint(asked: Asked<'_>, cases: Option<&Cases>) -> LintReport {
    let mut lint = Lint {
        asked,
        facts: asked.facts,
        findings: Vec::new(),
    };
    lint.reachable();
    lint.choices();
    lint.guidance();
    lint.contradictions();
    lint.gaps();
    lint.homes();
    lint.vocabulary();
    lint.sources();
    if let Some(cases) = cases {
        lint.shown(cases);
    }
    let mut findings = lint.findings;
    findings.sort();
    findings.dedup();
    let found = |check: &str| findings.iter().filter(|one| one.check == check).count();
    LintReport {
        rows: whole(asked.facts.every_row().count()),
        cases: whole(cases.map_or(0, |cases| cases.asks.len())),
        checks: CHECKS
            .iter()
            .map(|(check, severity, needs_cases)| LintCheck {
                check: Name::Borrowed(check),
                severity: Name::Borrowed(severity),
                made: !needs_cases || cases.is_some(),
                found: whole(found(check)),
            })
            .collect(),
        findings,
        knowledge: asked.basis(),
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

struct Lint<'a> {
    asked: Asked<'a>,
    facts: &'a Facts,
    findings: Vec<LintFinding>,
}

impl<'a> Lint<'a> {
    fn find(&mut self, check: &'static str, table: &str, subject: &str, args: &[(&'static str, String)]) {
        let severity = CHECKS
            .iter()
            .find(|(name, _, _)| *name == check)
            .map_or(ERROR, |one| one.1);
        self.findings.push(LintFinding {
            severity: Name::Borrowed(severity),
            check: Name::Borrowed(check),
            table: Name::Owned(table.to_owned()),
            subject: Name::Owned(subject.to_owned()),
            args: args
                .iter()
                .map(|(key, value)| (Name::Borrowed(*key), Name::Owned(value.clone())))
                .collect(),
        });
    }

    /// Days on which something of a family begins, inside a window and what the facts cover.
    fn days(&self, window: &Window, rows: impl Iterator<Item = &'a Row>) -> Vec<ServiceDate> {
        let edges = rows.flat_map(|row| [row.window.from, row.window.until]).flatten();
        let first = window.from.max(self.facts.coverage_from);
        let mut days: BTreeSet<ServiceDate> = edges.filter(|day| window.holds(*day) && Some(*day) >= first).collect();
        days.extend(first.filter(|day| window.holds(*day)));
        days.into_iter().collect()
    }

    fn family_rows(family: &'a Family) -> impl Iterator<Item = &'a Row> {
        let roles = family.roles.iter().map(|row| &row.row);
        let guidance = family.guidance.iter().map(|row| &row.row);
        let choices = family.choices.iter().map(|row| &row.row);
        let junctions = family.junctions.iter().map(|row| &row.row);
        roles.chain(guidance).chain(choices).chain(junctions)
    }

    /// A role that no case can reach: nothing leads to its code set, or no place lies in its region.
    fn reachable(&mut self) {
        for (name, family) in sorted(&self.facts.families) {
            // A rule file leads to sets by logic of its own; only the conformance cases show whether it does.
            let by_rows = self.facts.families_of_rows.contains(name);
            for role in &family.roles {
                let days = self.days(&role.row.window, Self::family_rows(family));
                let led = days.iter().any(|day| {
                    let view = View { on: *day, as_of: None };
                    let paths = paths(&self.asked, name, view);
                    paths
                        .iter()
                        .any(|path| !path.unled && path.sets.contains(&&role.variant))
                });
                if by_rows && !led {
                    self.find(
                        ROLE_UNREACHABLE,
                        "roles.csv",
                        &role.row.id,
                        &[("code_set", role.variant.to_string())],
                    );
                }
                let Some(region) = &role.region else { continue };
                let lies = days.iter().any(|day| {
                    let view = View { on: *day, as_of: None };
                    family
                        .junctions
                        .iter()
                        .any(|row| row.region == *region && row.row.seen(view))
                });
                // A region that is a body region of a site needs no place.
                if !lies && !self.facts.region_names.contains(region) {
                    self.find(
                        REGION_UNREACHABLE,
                        "roles.csv",
                        &role.row.id,
                        &[("region", region.to_string())],
                    );
                }
            }
        }
    }

    /// A choice that an earlier one always takes, or two that ask the same and lead elsewhere.
    fn choices(&mut self) {
        for (_, family) in sorted(&self.facts.families) {
            for (at, row) in family.choices.iter().enumerate() {
                let earlier = family.choices.iter().take(at).find(|other| {
                    let lasts = other.row.window.from <= row.row.window.from
                        && (other.row.window.until.is_none()
                            || other.row.window.until >= row.row.window.until && row.row.window.until.is_some());
                    lasts && other.position.is_none() && covers(&other.when, &row.when)
                });
                if let Some(earlier) = earlier {
                    self.find(
                        CHOICE_UNREACHABLE,
                        "choices.csv",
                        &row.row.id,
                        &[("behind", earlier.row.id.to_string())],
                    );
                }
            }
        }
    }

    /// Guidance of a service that no family has, or of a kind that no fact may state.
    fn guidance(&mut self) {
        for (name, family) in sorted(&self.facts.families) {
            if family.guidance.is_empty() {
                continue;
            }
            let owner = owner(self.facts, name);
            let kinds: Vec<&KindRow> = self
                .facts
                .kinds
                .iter()
                .filter(|kind| kind.family.as_ref() == Some(owner))
                .collect();
            for row in &family.guidance {
                if kinds.is_empty() {
                    self.find(
                        GUIDANCE_UNREACHABLE,
                        "guidance.csv",
                        &row.row.id,
                        &[("service", name.to_string())],
                    );
                }
                let Some(modality) = &row.modality else { continue };
                let stated = kinds.iter().any(|kind| {
                    let fact = self.facts.fact(&kind.kind, GUIDANCE);
                    fact.is_some_and(|fact| fact.values.contains(modality))
                });
                if !kinds.is_empty() && !stated {
                    self.find(
                        GUIDANCE_UNREACHABLE,
                        "guidance.csv",
                        &row.row.id,
                        &[("guidance", modality.to_string())],
                    );
                }
            }
        }
    }

    /// Two rows of one key on one day that disagree. Rows of one id are refused when the tables are loaded.
    fn contradictions(&mut self) {
        for family in sorted(&self.facts.families).map(|(_, family)| family) {
            for (one, other) in pairs(&family.roles) {
                let region = one.region.is_none() || other.region.is_none() || one.region == other.region;
                let levels = one.per.is_level()
                    && other.per.is_level()
                    && one.nth_to.is_none_or(|to| other.nth_from <= to)
                    && other.nth_to.is_none_or(|to| one.nth_from <= to);
                if one.variant == other.variant
                    && region
                    && levels
                    && one.code != other.code
                    && meet(&one.row, &other.row)
                {
                    self.disagree("roles.csv", &one.row, &other.row);
                }
            }
            for (one, other) in pairs(&family.guidance) {
                let whatever = one.modality.is_none() != other.modality.is_none();
                // Beside a row for whatever guidance, one of its own tells what is taken in; it never leads elsewhere.
                if whatever && one.variant != other.variant && meet(&one.row, &other.row) {
                    self.disagree("guidance.csv", &one.row, &other.row);
                }
            }
            for (one, other) in pairs(&family.junctions) {
                let place = one.places.iter().any(|place| other.places.contains(place));
                let differ = (&one.region, &one.body_region) != (&other.region, &other.body_region);
                if place && differ && one.position.is_none() && other.position.is_none() && meet(&one.row, &other.row) {
                    self.disagree("junctions.csv", &one.row, &other.row);
                }
            }
            for (one, other) in pairs(&family.choices) {
                if one.when == other.when && one.position == other.position && meet(&one.row, &other.row) {
                    self.disagree("choices.csv", &one.row, &other.row);
                }
            }
        }
        for rows in sorted(&self.facts.pairs).map(|(_, rows)| rows) {
            for (one, other) in pairs(rows) {
                let table = one.table == other.table || one.table == BOTH || other.table == BOTH;
                if one.column2 == other.column2
                    && table
                    && one.bypassable != other.bypassable
                    && meet(&one.row, &other.row)
                {
                    self.disagree("ptp_pairs.csv", &one.row, &other.row);
                }
            }
        }
        let lives = |code: Code, day: ServiceDate| {
            let rows = self.facts.codes.get(&code).into_iter().flatten();
            rows.into_iter().any(|row| row.row.window.holds(day))
        };
        let mut odd = Vec::new();
        for row in self.facts.codes.values().flatten() {
            // A successor lives on the first day without its predecessor.
            if let Some(until) = row.row.window.until {
                let gone: Vec<Code> = row
                    .replaced_by
                    .iter()
                    .copied()
                    .filter(|code| !lives(*code, until))
                    .collect();
                if !gone.is_empty() && gone.len() == row.replaced_by.len() {
                    odd.push((row.row.id.clone(), gone));
                }
            }
        }
        for (id, gone) in odd {
            let codes: Vec<String> = gone.iter().map(Code::to_string).collect();
            self.find(
                CONTRADICTION,
                "codes.csv",
                &id,
                &[("successor_not_alive", codes.join(" "))],
            );
        }
    }

    fn disagree(&mut self, table: &str, one: &Row, other: &Row) {
        self.find(CONTRADICTION, table, &one.id, &[("with", other.id.to_string())]);
    }

    /// Days on which a key that rows speak of has none, without a word of it; and words of gaps that are none.
    fn gaps(&mut self) {
        let mut keys: BTreeMap<(&'static str, String), Vec<Window>> = BTreeMap::new();
        for (name, family) in sorted(&self.facts.families) {
            let modalities: BTreeSet<&Name> = family.guidance.iter().filter_map(|row| row.modality.as_ref()).collect();
            for modality in modalities {
                let rows = family.guidance.iter();
                let rows = rows.filter(|row| row.modality.as_ref().is_none_or(|of| of == modality));
                keys.insert(
                    ("guidance", format!("{name}/{modality}")),
                    rows.map(|row| row.row.window).collect(),
                );
            }
            let variants: BTreeSet<&Name> = family.roles.iter().map(|row| &row.variant).collect();
            for variant in variants {
                let rows = family
                    .roles
                    .iter()
                    .filter(|row| row.variant == *variant && row.nth_from == 1);
                keys.insert(
                    ("roles", format!("{name}/{variant}")),
                    rows.map(|row| row.row.window).collect(),
                );
            }
        }
        for (id, versions) in &self.facts.rules {
            keys.insert(
                ("rules", id.to_string()),
                versions.iter().map(|row| row.row.window).collect(),
            );
        }
        let first = self.facts.coverage_from;
        for ((table, key), windows) in &keys {
            let declared = |gap: &&GapRow| gap.table == *table && gap.key == key.as_str();
            let all: Vec<Window> = windows
                .iter()
                .copied()
                .chain(self.facts.gaps.iter().filter(declared).map(|gap| gap.window))
                .collect();
            if let Some(day) = first.and_then(|first| uncovered(first, &all)) {
                self.find(
                    UNDECLARED_GAP,
                    &format!("{table}.csv"),
                    key,
                    &[("from", day.to_string())],
                );
            }
        }
        for gap in &self.facts.gaps {
            let rows = keys
                .iter()
                .find(|((table, key), _)| gap.table == *table && gap.key == key.as_str());
            let empty = rows.is_some_and(|(_, windows)| windows.iter().all(|window| !window.overlaps(&gap.window)));
            if !empty {
                let subject = format!("{}/{}", gap.table, gap.key);
                let from = gap.window.from.map_or("start".to_owned(), |day| day.to_string());
                self.find(GAP_WITHOUT_GAP, "gaps.csv", &subject, &[("from", from)]);
            }
        }
    }

    /// Every code has a home: a case leads to it, or it is listed with a reason.
    fn homes(&mut self) {
        let mut reached: BTreeSet<Code> = BTreeSet::new();
        for family in self.facts.families.values() {
            reached.extend(family.roles.iter().map(|row| row.code));
            reached.extend(family.guidance.iter().filter_map(|row| row.add.map(|(code, _)| code)));
        }
        for (code, rows) in sorted(&self.facts.codes) {
            let listed = self.facts.not_derived.contains_key(code);
            let never = rows.iter().all(|row| row.never_valid);
            if !never && !listed && !reached.contains(code) {
                self.find(CODE_WITHOUT_HOME, "codes.csv", code.as_str(), &[]);
            }
            if listed && (never || reached.contains(code)) {
                let with = if never {
                    "codes.csv"
                } else {
                    "roles.csv or guidance.csv"
                };
                self.find(
                    CONTRADICTION,
                    "not_derived.csv",
                    code.as_str(),
                    &[("with", with.to_owned())],
                );
            }
        }
    }

    /// Kinds that nothing codes; facts and values that no row reads; positions that no row takes.
    fn vocabulary(&mut self) {
        for kind in &self.facts.kinds {
            let Some(name) = &kind.family else {
                self.find(KIND_WITHOUT_FAMILY, "kinds.csv", &kind.kind, &[]);
                continue;
            };
            // What a rule file reads stands in the code; conformance cases show it.
            if !self.facts.families_of_rows.contains(name) {
                continue;
            }
            let Some(family) = self.facts.families.get(name) else {
                continue;
            };
            for fact in self.facts.kind_facts.get(&kind.kind).into_iter().flatten() {
                self.fact(kind, family, fact);
            }
        }
        let taken: BTreeSet<(&Name, &Name)> = {
            let families = self.facts.families.values().flat_map(|family| {
                let junctions = family.junctions.iter().map(|row| &row.position);
                let primaries = family.primaries.iter().map(|row| &row.position);
                junctions
                    .chain(primaries)
                    .chain(family.choices.iter().map(|row| &row.position))
            });
            let styles = self
                .facts
                .profiles
                .values()
                .flat_map(|profile| profile.styles.iter().map(|row| &row.position));
            families
                .chain(styles)
                .flatten()
                .map(|(conflict, position)| (conflict, position))
                .collect()
        };
        let named: BTreeSet<&Name> = taken.iter().map(|(conflict, _)| *conflict).collect();
        let idle: Vec<&ConflictRow> = self
            .facts
            .conflicts
            .iter()
            .filter(|row| !named.contains(&row.conflict))
            .collect();
        for row in idle {
            self.find(POSITION_UNUSED, "conflicts.csv", &row.row.id, &[]);
        }
    }

    fn fact(&mut self, kind: &KindRow, family: &Family, fact: &FactRow) {
        let subject = format!("{}/{}", kind.kind, fact.fact);
        let reads = |row: &&ChoiceRow| {
            row.count.as_ref() == Some(&fact.fact)
                || row.when.iter().any(|one| one.fact == fact.fact)
                || row.sets.iter().any(|set| set.by.as_ref() == Some(&fact.fact))
        };
        let reading: Vec<&ChoiceRow> = family.choices.iter().filter(reads).collect();
        // A value that names a region says where the work was entered; the name of who did it is read as such.
        let by = reading
            .iter()
            .any(|row| row.sets.iter().any(|set| set.by.as_ref() == Some(&fact.fact)));
        let places = fact.values.iter().any(|value| self.facts.region_names.contains(value));
        let guides = fact.fact == GUIDANCE && !family.guidance.is_empty();
        if reading.is_empty() && !guides && !places {
            self.find(FACT_UNREAD, "kind_facts.csv", &subject, &[]);
            return;
        }
        if fact.value_type == FactType::Number {
            return;
        }
        for value in &fact.values {
            let named = reading
                .iter()
                .flat_map(|row| &row.when)
                .any(|one| one.fact == fact.fact && matches!(&one.test, Test::OneOf(words) if words.contains(value)));
            let guided = guides
                && family
                    .guidance
                    .iter()
                    .any(|row| row.modality.as_ref().is_none_or(|word| word == value));
            let place = self.facts.region_names.contains(value);
            if !named && !guided && !by && !place {
                self.find(
                    VALUE_UNREAD,
                    "kind_facts.csv",
                    &subject,
                    &[("value", value.to_string())],
                );
            }
        }
    }

    /// Rows that rest on one source alone which is not sure, and open ones that nobody verified through any day.
    fn sources(&mut self) {
        let rows: Vec<(&'static str, &Row)> = self.facts.every_row().collect();
        for (table, row) in rows {
            if let ([only], true) = (row.citations.as_slice(), row.confidence < Confidence::High) {
                let args = [
                    ("source", only.to_string()),
                    ("confidence", row.confidence.as_str().to_owned()),
                ];
                self.find(WEAK_SOURCE, table, &row.id, &args);
            }
            // A rule is a reading of its sources, and an open conflict has no last day either.
            if row.verified_through.is_none()
                && row.window.until.is_none()
                && table != "rules.csv"
                && table != "profiles"
            {
                self.find(UNVERIFIED, table, &row.id, &[]);
            }
        }
    }

    /// What no conformance case shows.
    fn shown(&mut self, cases: &Cases) {
        let mut fired: BTreeMap<Name, usize> = BTreeMap::new();
        let mut applied: BTreeSet<Name> = BTreeSet::new();
        let mut answered = 0;
        for ask in &cases.asks {
            let Ok(case) = Case::read(&ask.case, self.facts) else {
                continue;
            };
            let mut rules: BTreeSet<Name> = BTreeSet::new();
            for profile in self.facts.profiles.values() {
                let coded = code_case(Request {
                    facts: self.facts,
                    tables: &BuiltIn(self.facts),
                    release: None,
                    case: &case,
                    profile,
                    unmapped: false,
                    as_of: ask.as_of,
                    engine: self.asked.engine,
                    trace: TraceLevel::Ids,
                });
                let Some(explanation) = coded.explanation else { continue };
                let ids = explanation.rules.iter().filter_map(|rule| rule.split('/').next());
                rules.extend(ids.map(|id| Name::Owned(id.to_owned())));
                applied.extend(explanation.rows);
            }
            answered += 1;
            for rule in rules {
                *fired.entry(rule).or_default() += 1;
            }
        }
        // Rules by which only claims are edited are shown by `tests/claims`, whose runner holds them to the same.
        let edits = |id: &str| edit::rule_ids().any(|known| known == id) && !RULE_IDS.contains(&id);
        for id in self.facts.rules.keys().filter(|id| !edits(id)) {
            let count = fired.get(id).copied().unwrap_or_default();
            if count == 0 || count == answered {
                let lacks = if count == 0 { "firing" } else { "silence" };
                self.find(RULE_WITHOUT_CASES, "rules.csv", id, &[("lacks", lacks.to_owned())]);
            }
        }
        let mut cited: BTreeSet<&str> = cases.citations.iter().map(String::as_str).collect();
        let rows: Vec<(&'static str, &Row)> = self.facts.every_row().collect();
        cited.extend(rows.iter().flat_map(|(_, row)| &row.citations).map(Name::as_ref));
        cited.extend(self.facts.basis_citations.iter().map(Name::as_ref));
        for id in self.facts.citations.keys().filter(|id| !cited.contains(id.as_ref())) {
            self.find(CITATION_UNUSED, "citations.toml", id, &[]);
        }
        for (table, row) in rows {
            let decides = [
                "roles.csv",
                "guidance.csv",
                "choices.csv",
                "techniques.csv",
                "bundles.csv",
            ]
            .contains(&table);
            if decides && !applied.contains(&row.id) {
                self.find(ROW_NOT_EXERCISED, table, &row.id, &[]);
            }
        }
    }
}

const BOTH: &str = "both";

/// A map in the order of its keys.
fn sorted<K: Ord, V>(map: &rustc_hash::FxHashMap<K, V>) -> impl Iterator<Item = (&K, &V)> {
    let sorted: BTreeMap<&K, &V> = map.iter().collect();
    sorted.into_iter()
}

/// Every pair of a list.
fn pairs<T>(list: &[T]) -> impl Iterator<Item = (&T, &T)> {
    list.iter()
        .enumerate()
        .flat_map(move |(at, one)| list.iter().skip(at + 1).map(move |other| (one, other)))
}

fn meet(one: &Row, other: &Row) -> bool {
    one.window.overlaps(&other.window)
}

/// Whether conditions hold wherever others do.
fn covers(wide: &[Condition], narrow: &[Condition]) -> bool {
    wide.iter().all(|one| {
        narrow.iter().any(|other| {
            // A condition that does not ask lets silence pass to one that does.
            one.fact == other.fact
                && (!one.silent || other.silent)
                && match (&one.test, &other.test) {
                    (Test::OneOf(all), Test::OneOf(some)) => some.iter().all(|word| all.contains(word)),
                    (Test::Within(low, high), Test::Within(from, to)) => {
                        low.is_none_or(|low| from.is_some_and(|from| low <= from))
                            && high.is_none_or(|high| to.is_some_and(|to| to <= high))
                    }
                    _ => false,
                }
        })
    })
}

/// The first day from `first` on that no window holds.
fn uncovered(first: ServiceDate, windows: &[Window]) -> Option<ServiceDate> {
    let mut next = first;
    let mut all = windows.to_vec();
    all.sort_by_key(|window| window.from);
    for window in all {
        if window.from.is_some_and(|from| from > next) {
            return Some(next);
        }
        match window.until {
            None => return None,
            Some(until) => next = next.max(until),
        }
    }
    Some(next)
}

/// A finding as a sentence.
pub fn sentence(one: &LintFinding) -> String {
    let arg = |key: &str| one.args.get(key).map_or("", |value| value.as_ref());
    let what = match one.check.as_ref() {
        ROLE_UNREACHABLE => format!("no row leads to code set {}", arg("code_set")),
        REGION_UNREACHABLE => format!("no place lies in region {}", arg("region")),
        CHOICE_UNREACHABLE => format!("{} always holds before it", arg("behind")),
        GUIDANCE_UNREACHABLE if arg("service").is_empty() => format!("no kind may state guidance {}", arg("guidance")),
        GUIDANCE_UNREACHABLE => format!("service {} belongs to no family with a kind", arg("service")),
        CONTRADICTION if arg("with").is_empty() => {
            format!("names {}, which does not live then", arg("successor_not_alive"))
        }
        CONTRADICTION => format!("disagrees with {}", arg("with")),
        UNDECLARED_GAP => format!("nothing holds from {} on, and gaps.csv does not say so", arg("from")),
        CODE_WITHOUT_HOME => "no case leads to it and not_derived.csv does not list it".to_owned(),
        RULE_WITHOUT_CASES => format!("lacks a case of its {}", arg("lacks")),
        CITATION_UNUSED => "is used by no fact and no case".to_owned(),
        GAP_WITHOUT_GAP => format!(
            "the gap declared from {} on is none, or its key is not in the table",
            arg("from")
        ),
        KIND_WITHOUT_FAMILY => "no family codes it".to_owned(),
        FACT_UNREAD => "no row reads it".to_owned(),
        VALUE_UNREAD => format!("no row reads value {}", arg("value")),
        POSITION_UNUSED => "no row hangs on its conflict".to_owned(),
        WEAK_SOURCE => format!("rests on {} alone, confidence {}", arg("source"), arg("confidence")),
        UNVERIFIED => "is open and was verified through no day".to_owned(),
        ROW_NOT_EXERCISED => "no conformance case applies it".to_owned(),
        other => other.replace('_', " "),
    };
    format!(
        "{}: {} {}: {what} ({})",
        one.severity, one.table, one.subject, one.check
    )
}

/// The whole report as a readable account.
pub fn lint_account(report: &LintReport) -> String {
    let mut out: Vec<String> = report.findings.iter().map(sentence).collect();
    out.extend(report.checks.iter().map(|one| {
        let found = if one.made {
            format!("{} found", one.found)
        } else {
            "not made, for want of conformance cases".to_owned()
        };
        format!("{:<22}{:<9}{found}", one.check, one.severity)
    }));
    let errors = report.errors();
    out.push(format!(
        "{} rows, {} questions of cases: {errors} errors, {} warnings\n",
        report.rows,
        report.cases,
        report.findings.len() - errors
    ));
    out.join("\n")
}
