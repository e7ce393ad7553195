//! Tables to facts. One function a table; rows of the user's own replace built-in rows of the same id.

mod coverage;

use std::collections::HashMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use spinecode_core::anatomy::{Interspace, Place, Side};
use spinecode_core::answer::hex;
use spinecode_core::case::Setting;
use spinecode_core::code::Modifier;
use spinecode_core::date::{ServiceDate, Window};
use spinecode_core::facts::{
    AddOnRow, AdjustmentRow, BundleRow, ChoiceRow, Citation, CodeRow, ConflictRow, Effect, FactRow, FactType, Facts,
    GapRow, GuidanceRow, JunctionRow, KindRow, Laterality, LimitRow, NerveRow, OutcomeRow, PairRow, Per, PlaceRow,
    PrimaryRow, Reach, RoleRow, RuleRow, SettingRow, StepRow, TechniqueRow,
};
use spinecode_core::levels::range;
use spinecode_core::name::Name;

use crate::files::{BUILT_IN, OwnFile};
use crate::table::{DATED, Faults, Record, keep, records};
use crate::{DataError, choices, profiles};

/// Loads the built-in tables and the user's own over them.
pub(crate) fn load(own: &[OwnFile]) -> Result<Facts, DataError> {
    let mut loader = Loader {
        own,
        faults: Faults::default(),
    };
    let facts = loader.facts();
    let mut faults = loader.faults.0;
    if faults.is_empty() {
        faults.extend(crate::check(&facts));
    }
    if faults.is_empty() {
        Ok(facts)
    } else {
        Err(DataError::Tables(faults))
    }
}

pub(crate) struct Loader<'o> {
    own: &'o [OwnFile],
    faults: Faults,
}

/// Content hash of files: names and texts, in order of name.
fn hash<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Name {
    let mut digest = Sha256::new();
    for (name, text) in files {
        for part in [name, text] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
    }
    keep(&hex(&digest.finalize()))
}

impl Loader<'_> {
    /// Texts of one table: the built-in one, then the user's own.
    fn texts(&self, file: &str) -> Vec<&'static str> {
        let built_in = BUILT_IN.iter().filter(|(name, _)| *name == file).map(|(_, text)| *text);
        let own = self.own.iter().filter(|(name, _)| name == file).map(|(_, text)| *text);
        built_in.chain(own).collect()
    }

    /// Reads every record of a table.
    pub(crate) fn each(
        &mut self,
        file: &'static str,
        columns: &[&'static str],
        mut take: impl FnMut(&Record<'_>, &mut Faults),
    ) {
        for text in self.texts(file) {
            for record in records(file, text, columns, &mut self.faults) {
                take(&record, &mut self.faults);
            }
        }
    }

    /// Reads every record of a dated table.
    pub(crate) fn dated(
        &mut self,
        file: &'static str,
        columns: &[&'static str],
        take: impl FnMut(&Record<'_>, &mut Faults),
    ) {
        let all: Vec<&'static str> = columns.iter().copied().chain(DATED).collect();
        self.each(file, &all, take);
    }

    fn facts(&mut self) -> Facts {
        let mut facts = Facts {
            hash: hash(BUILT_IN.iter().map(|(name, text)| (*name, *text))),
            overlay: (!self.own.is_empty()).then(|| hash(self.own.iter().map(|(name, text)| (name.as_str(), *text)))),
            ..Facts::default()
        };
        self.meta(&mut facts);
        self.citations(&mut facts);
        self.codes(&mut facts);
        self.kinds(&mut facts);
        self.families(&mut facts);
        self.families_of_rows(&mut facts);
        self.nerves(&mut facts);
        self.session_tables(&mut facts);
        self.relations(&mut facts);
        self.payer_tables(&mut facts);
        self.coverage(&mut facts);
        self.sheet(&mut facts);
        self.rules(&mut facts);
        self.profiles(&mut facts);
        facts.index();
        facts
    }

    fn meta(&mut self, facts: &mut Facts) {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Meta {
            coverage_from: String,
            citations: Vec<String>,
        }
        for text in self.texts("meta.toml") {
            match toml::from_str::<Meta>(text) {
                Ok(meta) => match ServiceDate::parse(&meta.coverage_from) {
                    Some(date) => {
                        facts.coverage_from = Some(date);
                        facts.basis_citations = meta.citations.iter().map(|id| keep(id)).collect();
                    }
                    None => self
                        .faults
                        .add("meta.toml", 0, "coverage_from", "is not a date, YYYY-MM-DD"),
                },
                Err(fault) => self.faults.add("meta.toml", 0, "", fault.message()),
            }
        }
    }

    fn citations(&mut self, facts: &mut Facts) {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            id: String,
            title: String,
            link: String,
            authority_from: Option<String>,
            authority_to: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(default)]
            citation: Vec<Raw>,
        }
        for text in self.texts("citations.toml") {
            let file = match toml::from_str::<File>(text) {
                Ok(file) => file,
                Err(fault) => {
                    self.faults.add("citations.toml", 0, "", fault.message());
                    continue;
                }
            };
            for raw in file.citation {
                let mut date = |text: Option<String>, column: &str| {
                    text.and_then(|text| {
                        let date = ServiceDate::parse(&text);
                        if date.is_none() {
                            self.faults.add(
                                "citations.toml",
                                0,
                                column,
                                format!("`{text}` is not a date, YYYY-MM-DD"),
                            );
                        }
                        date
                    })
                };
                let from = date(raw.authority_from, "authority_from");
                let until = date(raw.authority_to, "authority_to").map(ServiceDate::next);
                let id = keep(&raw.id);
                let citation = Citation {
                    id: id.clone(),
                    title: keep(&raw.title),
                    link: keep(&raw.link),
                    authority: Window { from, until },
                };
                facts.citations.insert(id, citation);
            }
        }
    }

    fn codes(&mut self, facts: &mut Facts) {
        let columns = [
            "code",
            "status",
            "label",
            "laterality",
            "add_on",
            "split",
            "replaced_by",
            "suggestion",
        ];
        self.dated("codes.csv", &columns, |record, faults| {
            let code = record.code("code", faults);
            let laterality = record.choice(
                "laterality",
                &[
                    ("unilateral", Laterality::Unilateral),
                    ("bilateral_inherent", Laterality::BilateralInherent),
                    ("not_lateral", Laterality::NotLateral),
                ],
                faults,
            );
            let row = CodeRow {
                row: record.row("code", code.as_str(), faults),
                code,
                label: record.required("label", faults),
                never_valid: record
                    .choice("status", &[("valid", false), ("never_valid", true)], faults)
                    .unwrap_or_default(),
                laterality: laterality.unwrap_or(Laterality::NotLateral),
                add_on: record.yes("add_on", faults),
                split: record.yes("split", faults),
                suggestion: record.codes("suggestion", faults).first().copied(),
                replaced_by: record.codes("replaced_by", faults),
            };
            replace(facts.codes.entry(code).or_default(), row, |row| &row.row.id);
        });
    }

    fn kinds(&mut self, facts: &mut Facts) {
        let columns = [
            "kind", "family", "sites", "counted", "sides", "region", "label", "synonyms",
        ];
        self.each("kinds.csv", &columns, |record, faults| {
            let sides = record.text("sides").split_whitespace().filter_map(|word| {
                let side = Side::parse(word);
                if side.is_none() {
                    record.fault("sides", format!("`{word}` is no side"), faults);
                }
                side
            });
            let row = KindRow {
                sides: sides.collect(),
                kind: record.required("kind", faults),
                family: record.optional("family"),
                sites: record.words("sites"),
                counted: record.yes("counted", faults),
                region: record.optional("region"),
                label: record.required("label", faults),
                synonyms: record.words("synonyms"),
                unsaid: Default::default(),
            };
            replace(&mut facts.kinds, row, |row| &row.kind);
        });
        let columns = ["kind", "fact", "type", "values", "effect", "default", "question"];
        self.each("kind_facts.csv", &columns, |record, faults| {
            let types = [
                ("word", FactType::Word),
                ("words", FactType::Words),
                ("flag", FactType::Flag),
                ("number", FactType::Number),
            ];
            let effects = [("deciding", Effect::Deciding), ("may_add", Effect::MayAdd)];
            let row = FactRow {
                fact: record.required("fact", faults),
                value_type: record.choice("type", &types, faults).unwrap_or(FactType::Word),
                values: record.words("values"),
                effect: record.choice("effect", &effects, faults).unwrap_or(Effect::Deciding),
                default: record.optional("default"),
                question: record.required("question", faults),
            };
            replace(
                facts.kind_facts.entry(record.required("kind", faults)).or_default(),
                row,
                |row| &row.fact,
            );
        });
        self.each("regions.csv", &["region", "body_region"], |record, faults| {
            let name = record.required("region", faults);
            if !facts.region_names.contains(&name) {
                facts.region_names.push(name.clone());
            }
            facts.region_bodies.insert(name, record.required("body_region", faults));
        });
    }

    fn families(&mut self, facts: &mut Facts) {
        let families = &mut facts.families;
        let pers = Per::ALL.map(|per| (per.as_str(), Some(per)));
        let columns = [
            "family", "variant", "region", "role", "nth_from", "nth_to", "cap", "per", "code",
        ];
        self.dated("roles.csv", &columns, |record, faults| {
            let key = ["family", "variant", "region", "role"]
                .map(|column| record.text(column))
                .join("/");
            let row = RoleRow {
                row: record.row("role", &key, faults),
                variant: record.required("variant", faults),
                region: record.optional("region"),
                role: record.required("role", faults),
                nth_from: record.number("nth_from", faults).unwrap_or(1),
                nth_to: record.number("nth_to", faults),
                cap: record.number("cap", faults),
                per: record.choice("per", &pers, faults).flatten().unwrap_or(Per::Encounter),
                code: record.code("code", faults),
            };
            replace(
                &mut families.entry(record.required("family", faults)).or_default().roles,
                row,
                |row| &row.row.id,
            );
        });
        let columns = ["family", "variant", "code", "first_minute", "further_minutes"];
        self.dated("time_steps.csv", &columns, |record, faults| {
            let key = ["family", "variant", "code"]
                .map(|column| record.text(column))
                .join("/");
            let row = StepRow {
                row: record.row("step", &key, faults),
                variant: record.required("variant", faults),
                code: record.code("code", faults),
                first_minute: record.number("first_minute", faults).unwrap_or_default(),
                further_minutes: record.number("further_minutes", faults),
            };
            if row.further_minutes == Some(0) {
                record.fault("further_minutes", "is no step", faults);
            }
            replace(
                &mut families.entry(record.required("family", faults)).or_default().steps,
                row,
                |row| &row.row.id,
            );
        });
        let columns = ["service", "modality", "variant", "add_code", "add_per", "included"];
        self.dated("guidance.csv", &columns, |record, faults| {
            let key = ["service", "modality"].map(|column| record.text(column)).join("/");
            let add = (!record.text("add_code").is_empty()).then(|| {
                let per = record
                    .choice("add_per", &pers, faults)
                    .flatten()
                    .unwrap_or(Per::Encounter);
                (record.code("add_code", faults), per)
            });
            let row = GuidanceRow {
                row: record.row("guidance", &key, faults),
                modality: record.optional("modality"),
                variant: record.required("variant", faults),
                add,
                included: record.codes("included", faults),
            };
            replace(
                &mut families.entry(record.required("service", faults)).or_default().guidance,
                row,
                |row| &row.row.id,
            );
        });
        let columns = [
            "family",
            "site_type",
            "first",
            "last",
            "region",
            "body_region",
            "conflict",
            "position",
        ];
        self.dated("junctions.csv", &columns, |record, faults| {
            let key = ["family", "site_type", "first", "last", "position"]
                .map(|column| record.text(column))
                .join("/");
            let places = range(record.text("site_type"), record.text("first"), record.text("last"));
            if places.as_ref().is_none_or(Vec::is_empty) {
                record.fault("first", "first and last are no range of that site type", faults);
            }
            let row = JunctionRow {
                row: record.row("junction", &key, faults),
                places: places.unwrap_or_default(),
                region: record.required("region", faults),
                body_region: record.required("body_region", faults),
                position: record.position(faults),
            };
            replace(
                &mut families.entry(record.required("family", faults)).or_default().junctions,
                row,
                |row| &row.row.id,
            );
        });
        let columns = ["family", "reach", "upper", "lower", "conflict", "position"];
        self.dated("primaries.csv", &columns, |record, faults| {
            let key = ["family", "reach", "position"]
                .map(|column| record.text(column))
                .join("/");
            let reaches = [
                ("per_region", Reach::PerRegion),
                ("per_session", Reach::PerSession),
                ("joined_at_junction", Reach::JoinedAtJunction),
            ];
            let joint = |column| Interspace::parse(record.text(column)).map(Place::Joint);
            let reach = record.choice("reach", &reaches, faults).unwrap_or(Reach::PerRegion);
            let junction = joint("upper").zip(joint("lower"));
            if reach == Reach::JoinedAtJunction && junction.is_none() {
                record.fault("upper", "a junction has an upper and a lower joint", faults);
            }
            let row = PrimaryRow {
                row: record.row("primary", &key, faults),
                reach,
                junction,
                position: record.position(faults),
            };
            replace(
                &mut families.entry(record.required("family", faults)).or_default().primaries,
                row,
                |row| &row.row.id,
            );
        });
    }

    /// The families that rows describe whole.
    fn families_of_rows(&mut self, facts: &mut Facts) {
        self.each("families.csv", &["family", "rule"], |record, faults| {
            let name = record.required("family", faults);
            facts.families.entry(name.clone()).or_default().rule = Some(record.required("rule", faults));
            if !facts.families_of_rows.contains(&name) {
                facts.families_of_rows.push(name);
            }
        });
        let columns = [
            "family",
            "when",
            "sets",
            "count",
            "service",
            "reduced",
            "not_reported",
            "why",
            "doubt",
            "conflict",
            "position",
        ];
        self.dated("choices.csv", &columns, |record, faults| {
            let mut when = Vec::new();
            for condition in record.text("when").split_whitespace() {
                match choices::condition(condition) {
                    Some(condition) => when.push(condition),
                    None => record.fault("when", format!("`{condition}` is no condition"), faults),
                }
            }
            let key = ["family", "when", "position"]
                .map(|column| record.text(column).replace(' ', "&"))
                .join("/");
            let row = ChoiceRow {
                row: record.row("choice", &key, faults),
                when,
                sets: record.words("sets").iter().map(|set| choices::set(set)).collect(),
                count: record.optional("count"),
                service: record.optional("service"),
                reduced: !record.text("reduced").is_empty() && record.yes("reduced", faults),
                not_reported: record.codes("not_reported", faults),
                why: record.optional("why"),
                doubt: record.optional("doubt"),
                position: record.position(faults),
            };
            let family = facts.families.entry(record.required("family", faults)).or_default();
            replace(&mut family.choices, row, |row| &row.row.id);
        });
        self.each("not_derived.csv", &["code", "reason"], |record, faults| {
            let code = record.code("code", faults);
            facts.not_derived.insert(code, record.required("reason", faults));
        });
    }

    fn nerves(&mut self, facts: &mut Facts) {
        self.dated("nerves.csv", &["joint", "nerves", "naming"], |record, faults| {
            let key = format!("{}/{}", record.text("joint"), record.text("nerves").replace(' ', "+"));
            let Some(joint) = Interspace::parse(record.text("joint")) else {
                record.fault("joint", "is no interspace", faults);
                return;
            };
            let nerves = record.words("nerves");
            for nerve in &nerves {
                if !facts.nerve_names.contains(nerve) {
                    facts.nerve_names.push(nerve.clone());
                }
            }
            let usual = record
                .choice("naming", &[("usual", true), ("other", false)], faults)
                .unwrap_or(true);
            let row = NerveRow {
                row: record.row("nerve", &key, faults),
                joint,
                nerves,
                usual,
                bits: 0,
            };
            replace(&mut facts.nerves, row, |row| &row.row.id);
        });
    }

    fn session_tables(&mut self, facts: &mut Facts) {
        self.dated(
            "techniques.csv",
            &["family", "technique", "below_celsius", "variant", "doubt"],
            |record, faults| {
                let key = ["family", "technique", "below_celsius"]
                    .map(|column| record.text(column))
                    .join("/");
                let row = TechniqueRow {
                    row: record.row("technique", &key, faults),
                    family: record.required("family", faults),
                    technique: record.required("technique", faults),
                    below_celsius: record.number("below_celsius", faults),
                    variant: record.optional("variant"),
                    doubt: record.optional("doubt"),
                };
                replace(&mut facts.techniques, row, |row| &row.row.id);
            },
        );
        self.dated(
            "bundles.csv",
            &["family", "includes", "scope", "rule"],
            |record, faults| {
                let mut key = ["family", "includes"].map(|column| record.text(column)).join("/");
                for condition in record.text("scope").split_whitespace().skip(1) {
                    key.push('&');
                    key.push_str(condition);
                }
                let scope = choices::scope(record.text("scope")).unwrap_or_else(|| {
                    let message = "is none of same_site, same_level, session, guidance, with conditions";
                    record.fault("scope", message, faults);
                    choices::Scope::default()
                });
                let row = BundleRow {
                    row: record.row("bundle", &key, faults),
                    family: record.required("family", faults),
                    includes: record.required("includes", faults),
                    scope: scope.scope,
                    when: scope.when,
                    by: scope.by,
                    alike: scope.alike,
                    rule: record.required("rule", faults),
                };
                replace(&mut facts.bundles, row, |row| &row.row.id);
            },
        );
        self.dated(
            "conflicts.csv",
            &["conflict", "position", "base", "holder"],
            |record, faults| {
                let key = ["conflict", "position"].map(|column| record.text(column)).join("/");
                let row = ConflictRow {
                    row: record.row("conflict", &key, faults),
                    conflict: record.required("conflict", faults),
                    position: record.required("position", faults),
                    base: record.yes("base", faults),
                    holder: record.required("holder", faults),
                };
                replace(&mut facts.conflicts, row, |row| &row.row.id);
            },
        );
        self.dated("outcomes.csv", &["outcome", "claim", "modifier"], |record, faults| {
            let key = ["outcome", "claim"].map(|column| record.text(column)).join("/");
            let Some(modifier) = Modifier::parse(record.text("modifier")) else {
                record.fault("modifier", "is not a two-character modifier", faults);
                return;
            };
            let row = OutcomeRow {
                row: record.row("outcome", &key, faults),
                outcome: record.required("outcome", faults),
                facility: record
                    .choice("claim", &[("professional", false), ("facility", true)], faults)
                    .unwrap_or_default(),
                modifier,
            };
            replace(&mut facts.outcomes, row, |row| &row.row.id);
        });
    }

    fn payer_tables(&mut self, facts: &mut Facts) {
        let columns = ["column1", "column2", "indicator", "table"];
        self.dated("ptp_pairs.csv", &columns, |record, faults| {
            let key = ["column1", "column2", "table"]
                .map(|column| record.text(column))
                .join("/");
            let column1 = record.code("column1", faults);
            let tables = [("practitioner", ()), ("hospital", ()), ("both", ())];
            let _ = record.choice("table", &tables, faults);
            let row = PairRow {
                row: record.row("pair", &key, faults),
                column1,
                column2: record.code("column2", faults),
                bypassable: record
                    .choice("indicator", &[("0", false), ("1", true)], faults)
                    .unwrap_or_default(),
                table: record.name("table"),
            };
            replace(facts.pairs.entry(column1).or_default(), row, |row| &row.row.id);
        });
        let columns = ["code", "units", "mai", "table"];
        self.dated("unit_limits.csv", &columns, |record, faults| {
            let code = record.code("code", faults);
            let tables = [("practitioner", ()), ("hospital", ()), ("both", ())];
            let _ = record.choice("table", &tables, faults);
            let table = record.name("table");
            // Where hospitals have another limit, it stands beside the practitioners' on the same days.
            let key = match table.as_ref() {
                "hospital" => format!("{code}/{table}"),
                _ => code.to_string(),
            };
            let row = LimitRow {
                row: record.row("limit", &key, faults),
                code,
                table,
                units: record.number("units", faults).unwrap_or_default(),
                mai: record.number("mai", faults).unwrap_or_default(),
            };
            replace(facts.limits.entry(code).or_default(), row, |row| &row.row.id);
        });
        self.dated("add_on_primaries.csv", &["add_on", "primary"], |record, faults| {
            let key = ["add_on", "primary"].map(|column| record.text(column)).join("/");
            let add_on = record.code("add_on", faults);
            let row = AddOnRow {
                row: record.row("add_on", &key, faults),
                add_on,
                primary: record.code("primary", faults),
            };
            replace(facts.add_ons.entry(add_on).or_default(), row, |row| &row.row.id);
        });
        self.dated(
            "places_of_service.csv",
            &["place", "facility", "label"],
            |record, faults| {
                let place = record.required("place", faults);
                let row = PlaceRow {
                    row: record.row("place", &place, faults),
                    facility: record.yes("facility", faults),
                    label: record.required("label", faults),
                    place: place.clone(),
                };
                replace(facts.places.entry(place).or_default(), row, |row| &row.row.id);
            },
        );
        let columns = [
            "claim_type",
            "bill_type",
            "place",
            "specialty",
            "other_rendering",
            "setting",
        ];
        let settings = Setting::ALL.map(|setting| (setting.as_str(), setting));
        self.dated("settings.csv", &columns, |record, faults| {
            let key = ["claim_type", "bill_type", "place", "specialty", "other_rendering"]
                .map(|column| record.text(column))
                .join("/");
            let row = SettingRow {
                row: record.row("setting", &key, faults),
                claim_type: record.optional("claim_type"),
                bill_type: record.optional("bill_type"),
                place: record.optional("place"),
                specialty: record.optional("specialty"),
                other_rendering: record.yes("other_rendering", faults),
                setting: record
                    .choice("setting", &settings, faults)
                    .unwrap_or(Setting::Undetermined),
            };
            replace(&mut facts.settings, row, |row| &row.row.id);
        });
        self.dated(
            "adjustments.csv",
            &["rule", "group", "carc", "rarc"],
            |record, faults| {
                let rule = record.required("rule", faults);
                let row = AdjustmentRow {
                    row: record.row("adjustment", &rule, faults),
                    rule: rule.clone(),
                    group: record.required("group", faults),
                    carc: record.required("carc", faults),
                    rarc: record.words("rarc"),
                };
                replace(facts.adjustments.entry(rule).or_default(), row, |row| &row.row.id);
            },
        );
        self.each("payers.csv", &["payer", "profile", "coverage"], |record, faults| {
            let payer = keep(&record.text("payer").to_lowercase());
            facts.payers.insert(payer.clone(), record.required("profile", faults));
            match record.optional("coverage") {
                Some(holder) => facts.coverage.payers.insert(payer, holder),
                None => facts.coverage.payers.remove(&payer),
            };
        });
        self.each(
            "gaps.csv",
            &["table", "key", "from", "last_day", "reason"],
            |record, faults| {
                facts.gaps.push(GapRow {
                    table: record.required("table", faults),
                    key: record.required("key", faults),
                    window: record.window(faults),
                    reason: record.required("reason", faults),
                });
            },
        );
    }

    fn rules(&mut self, facts: &mut Facts) {
        self.dated(
            "rules.csv",
            &["id", "version", "name", "family", "layer", "what"],
            |record, faults| {
                let id = record.required("id", faults);
                let version = record.number("version", faults).unwrap_or(1);
                let label = keep(&format!("{id}/{version}"));
                let row = RuleRow {
                    row: record.row("rule", &label, faults),
                    id: id.clone(),
                    version,
                    name: record.required("name", faults),
                    family: record.required("family", faults),
                    layer: record.required("layer", faults),
                    what: record.required("what", faults),
                    label,
                };
                replace(facts.rules.entry(id).or_default(), row, |row| &row.row.id);
            },
        );
        for versions in facts.rules.values_mut() {
            versions.sort_by_key(|row| row.version);
        }
    }

    fn profiles(&mut self, facts: &mut Facts) {
        let mut files: HashMap<&str, &'static str> = HashMap::new();
        for (name, text) in BUILT_IN.iter().copied() {
            files.insert(name, text);
        }
        for (name, text) in self.own {
            files.insert(name, text);
        }
        files.retain(|name, _| name.starts_with("profiles/"));
        facts.profiles = profiles::read(&files, &mut self.faults);
    }
}

/// Puts a row in; one of the same id gives way.
pub(crate) fn replace<T>(rows: &mut Vec<T>, row: T, id: impl Fn(&T) -> &Name) {
    match rows.iter().position(|known| id(known) == id(&row)) {
        Some(at) => {
            if let Some(slot) = rows.get_mut(at) {
                *slot = row;
            }
        }
        None => rows.push(row),
    }
}
