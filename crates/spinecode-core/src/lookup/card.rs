//! One code on one date, put together from the rows.

use std::collections::{BTreeMap, BTreeSet};

use super::succession::{self, Change, Led, When};
use super::{
    Asked, CitationInfo, CodeDifference, CodePair, Companion, Evidence, GuidanceUse, Inclusion, LeadingKind,
    LifeStretch, Lookup, RoleUse, RuleUse, Sibling, Succession, UnitLimit, last_day,
};
use crate::answer::Notice;
use crate::code::Code;
use crate::date::{ServiceDate, View, Window};
use crate::facts::{BundleScope, CodeRow, Facts, Family, Laterality, RoleRow, Row};
use crate::name::Name;
use crate::rules::guidance::GUIDANCE_RULE;

/// The part of a separate guidance code.
const GUIDANCE_ROLE: &str = "guidance";
const ALL_FAMILIES: &str = "all";

/// What is known of a code.
pub fn lookup(asked: Asked<'_>, code: Code) -> Lookup {
    let rows: Vec<&CodeRow> = {
        let mut rows: Vec<&CodeRow> = asked.facts.codes.get(&code).into_iter().flatten().collect();
        rows.retain(|row| asked.published(&row.row));
        rows.sort_by_key(|row| row.row.window.from);
        rows
    };
    let assumed = asked.on.is_none();
    let on = asked.on.or_else(|| day_of(&rows)).or(asked.facts.coverage_from);
    // INVARIANT: facts without a first day covered are refused on load.
    let on = on.unwrap_or(ServiceDate(jiff::civil::Date::MIN));
    let view = View { on, as_of: asked.as_of };
    let mut card = Card {
        asked,
        code,
        on,
        view,
        rows,
        parts: Vec::new(),
    };
    card.parts = card.parts_of_code();
    card.write(assumed)
}

/// The codes of a date for the work that a code stood for when it lived: what guides alone goes where the code table says, what
/// is done goes where its families' rows lead.
pub(crate) fn instead(facts: &Facts, code: Code, view: View) -> Vec<Sibling> {
    let asked = Asked {
        facts,
        on: Some(view.on),
        as_of: view.as_of,
        engine: "",
    };
    let mut rows: Vec<&CodeRow> = facts.codes.get(&code).into_iter().flatten().collect();
    rows.retain(|row| asked.published(&row.row));
    rows.sort_by_key(|row| row.row.window.from);
    let mut card = Card {
        asked,
        code,
        on: view.on,
        view,
        rows,
        parts: Vec::new(),
    };
    card.parts = card.parts_of_code();
    // Guidance that became part of the work has no successor in the work's own codes.
    card.parts.retain(|part| part.role.is_some());
    card.on_that_date()
}

/// The last day of a life that was verified.
fn day_of(rows: &[&CodeRow]) -> Option<ServiceDate> {
    let last = rows.last()?;
    last_day(&last.row.window).or(last.row.verified_through)
}

/// A part that the code plays in a family, as a role or as separate guidance.
struct Part<'a> {
    family: &'a Name,
    row: &'a Row,
    role: Option<&'a RoleRow>,
    code_set: &'a Name,
}

struct Card<'a> {
    asked: Asked<'a>,
    code: Code,
    on: ServiceDate,
    view: View,
    rows: Vec<&'a CodeRow>,
    parts: Vec<Part<'a>>,
}

impl<'a> Card<'a> {
    fn write(self, assumed: bool) -> Lookup {
        let status = self.status();
        let nearest = self.nearest();
        let mut answer = Lookup {
            code: self.code,
            on: self.on,
            status: Name::Borrowed(status),
            label: nearest.map(|row| row.label.clone()),
            first_day: self
                .rows
                .first()
                .filter(|row| !row.never_valid)
                .and_then(|row| row.row.window.from),
            last_day: self.rows.last().and_then(|row| last_day(&row.row.window)),
            not_derived: self.asked.facts.not_derived.get(&self.code).cloned(),
            life: self.rows.iter().map(|row| self.stretch(row)).collect(),
            kinds: self.kinds(),
            roles: self.roles(),
            companions: self.companions(),
            guidance: self.guidance(),
            inclusions: self.inclusions(),
            limits: self.limits(),
            pairs: self.pairs(),
            replaces: self.successions(false),
            replaced_by: self.successions(true),
            instead: self.instead(status),
            rules: self.rules(),
            citations: Vec::new(),
            notices: Vec::new(),
            knowledge: self.asked.basis(),
        };
        answer.notices = notices(&answer, assumed);
        let mut cited: BTreeSet<Name> = BTreeSet::new();
        each_evidence(&answer, &mut |_, evidence| {
            cited.extend(evidence.citations.iter().cloned())
        });
        answer.citations = CitationInfo::all(self.asked.facts, cited.iter());
        answer
    }

    fn status(&self) -> &'static str {
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else {
            return "not_in_loaded_lists";
        };
        if let Some(row) = self.rows.iter().find(|row| row.row.seen(self.view)) {
            return if row.never_valid { "never_valid" } else { "alive" };
        }
        if first.row.window.from.is_some_and(|from| self.on < from) {
            return "not_yet";
        }
        if last.row.window.until.is_some_and(|until| until <= self.on) {
            return "ended";
        }
        "interrupted"
    }

    /// The stretch of the date, or the nearest one.
    fn nearest(&self) -> Option<&'a CodeRow> {
        let seen = self.rows.iter().find(|row| row.row.seen(self.view));
        let before = self
            .rows
            .iter()
            .rev()
            .find(|row| row.row.window.from.is_none_or(|from| from <= self.on));
        seen.or(before).or(self.rows.first()).copied()
    }

    fn stretch(&self, row: &CodeRow) -> LifeStretch {
        LifeStretch {
            label: row.label.clone(),
            valid: !row.never_valid,
            laterality: Name::Borrowed(match row.laterality {
                Laterality::Unilateral => "unilateral",
                Laterality::BilateralInherent => "bilateral_inherent",
                Laterality::NotLateral => "not_lateral",
            }),
            add_on: row.add_on,
            split: row.split,
            evidence: self.evidence(&row.row),
        }
    }

    fn evidence(&self, row: &Row) -> Evidence {
        Evidence::of(row, self.on)
    }

    fn label(&self, code: Code) -> Name {
        label(&self.asked, code, self.on)
    }

    /// Every part the code plays, whenever.
    fn parts_of_code(&self) -> Vec<Part<'a>> {
        let mut found = Vec::new();
        for (family, rows) in &self.asked.facts.families {
            for role in rows.roles.iter().filter(|role| role.code == self.code) {
                found.push(Part {
                    family,
                    row: &role.row,
                    role: Some(role),
                    code_set: &role.variant,
                });
            }
            for row in rows
                .guidance
                .iter()
                .filter(|row| row.add.is_some_and(|(code, _)| code == self.code))
            {
                found.push(Part {
                    family,
                    row: &row.row,
                    role: None,
                    code_set: &row.variant,
                });
            }
        }
        found.retain(|part| self.asked.published(part.row));
        found.sort_by(|a, b| (!a.row.seen(self.view), &a.row.id).cmp(&(!b.row.seen(self.view), &b.row.id)));
        found
    }

    /// Families in which the code plays a part of its own on the date; if in none, those in which it ever did.
    fn families(&self) -> Vec<&'a Name> {
        let of = |now: bool| -> BTreeSet<&'a Name> {
            let parts = self.parts.iter().filter(|part| !now || part.row.seen(self.view));
            parts
                .map(|part| succession::owner(self.asked.facts, part.family))
                .collect()
        };
        let now = of(true);
        (if now.is_empty() { of(false) } else { now }).into_iter().collect()
    }

    fn kinds(&self) -> Vec<LeadingKind> {
        let families = self.families();
        let roles = self.roles();
        let live = roles.iter().any(|role| role.in_force);
        let leads = |family: &Name, kind: &Name| {
            let parts = roles
                .iter()
                .filter(|role| role.family == *family && (role.in_force || !live));
            let mut ways = parts.flat_map(|role| &role.ways).peekable();
            ways.peek().is_none()
                || ways.any(|way| {
                    let mut kinds = way.when.iter().filter(|one| one.fact == "kind");
                    kinds.all(|one| one.values.contains(kind))
                })
        };
        let kinds = self.asked.facts.kinds.iter();
        kinds
            .filter_map(|kind| {
                let family = kind.family.as_ref().filter(|family| families.contains(family))?;
                if !leads(family, &kind.kind) {
                    return None;
                }
                Some(LeadingKind {
                    kind: kind.kind.clone(),
                    label: kind.label.clone(),
                    family: family.clone(),
                    synonyms: kind.synonyms.clone(),
                })
            })
            .collect()
    }

    fn roles(&self) -> Vec<RoleUse> {
        let mut led: BTreeMap<(Name, ServiceDate), Vec<Led<'a>>> = BTreeMap::new();
        let mut found = Vec::new();
        for part in &self.parts {
            let family = succession::owner(self.asked.facts, part.family);
            let in_force = part.row.seen(self.view);
            // A part that is not in force is led to as on its own last day, or its first.
            let day = if in_force {
                self.on
            } else {
                self.day_within(&part.row.window)
            };
            let view = View {
                on: day,
                as_of: self.asked.as_of,
            };
            let found_led = led
                .entry((family.clone(), day))
                .or_insert_with(|| succession::led(&self.asked, family, view));
            let whens: Vec<When> = found_led
                .iter()
                .filter(|one| match part.role {
                    Some(role) => one.role.row.id == role.row.id,
                    None => one.path.rows.iter().any(|row| row.id == part.row.id),
                })
                .map(|one| one.path.when.clone())
                .collect();
            let ways = succession::told_ways(self.asked.facts, std::slice::from_ref(family), whens);
            let unit = part.role.map(|role| role.per).or_else(|| {
                let rows = self.asked.facts.families.get(part.family)?;
                let row = rows.guidance.iter().find(|row| row.row.id == part.row.id)?;
                row.add.map(|(_, per)| per)
            });
            found.push(RoleUse {
                family: family.clone(),
                code_set: part.code_set.clone(),
                region: part.role.and_then(|role| role.region.clone()),
                role: part
                    .role
                    .map_or(Name::Borrowed(GUIDANCE_ROLE), |role| role.role.clone()),
                nth_from: part.role.map_or(1, |role| role.nth_from),
                nth_to: part.role.and_then(|role| role.nth_to),
                cap: part.role.and_then(|role| role.cap),
                unit: Name::Borrowed(unit.map_or("", |per| per.as_str())),
                ways,
                in_force,
                evidence: self.evidence(part.row),
            });
        }
        found
    }

    /// The day of a window that lies nearest to the date asked for.
    fn day_within(&self, window: &Window) -> ServiceDate {
        match (window.from, last_day(window)) {
            (Some(from), _) if self.on < from => from,
            (_, Some(last)) if last < self.on => last,
            _ => self.on,
        }
    }

    fn companions(&self) -> Vec<Companion> {
        let mut found: Vec<Companion> = Vec::new();
        let mut add = |code: Code, relation: &'static str, layer: &'static str, row: &Row| {
            found.push(Companion {
                code,
                label: self.label(code),
                relation: Name::Borrowed(relation),
                layer: Name::Borrowed(layer),
                evidence: self.evidence(row),
            });
        };
        let add_on = |code: Code| self.asked.facts.code(code, self.view).is_some_and(|row| row.add_on);
        for part in self.parts.iter().filter(|part| part.row.seen(self.view)) {
            let Some(role) = part.role else { continue };
            let Some(rows) = self.asked.facts.families.get(part.family) else {
                continue;
            };
            let near = |other: &&RoleRow| {
                let region = other.region.is_none() || role.region.is_none() || other.region == role.region;
                other.row.seen(self.view) && other.variant == role.variant && other.code != self.code && region
            };
            for other in rows.roles.iter().filter(near) {
                if add_on(self.code) && !add_on(other.code) && other.nth_from < role.nth_from {
                    add(other.code, "primary", "code_set", &other.row);
                }
                if add_on(other.code) && !add_on(self.code) && role.nth_from < other.nth_from {
                    add(other.code, "add_on", "code_set", &other.row);
                }
            }
        }
        for row in self
            .asked
            .facts
            .add_ons
            .values()
            .flatten()
            .filter(|row| row.row.seen(self.view))
        {
            if row.add_on == self.code {
                add(row.primary, "primary", "add_on_table", &row.row);
            } else if row.primary == self.code {
                add(row.add_on, "add_on", "add_on_table", &row.row);
            }
        }
        found.sort_by(|a, b| {
            let key = |one: &Companion| {
                (
                    one.relation.clone(),
                    one.code,
                    one.layer.clone(),
                    one.evidence.row.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        found.dedup_by(|a, b| a.evidence.row == b.evidence.row && a.relation == b.relation);
        found
    }

    fn guidance(&self) -> Vec<GuidanceUse> {
        let mut found = Vec::new();
        let mine: Vec<(&Name, &Name)> = self
            .parts
            .iter()
            .filter(|part| part.role.is_some() && part.row.seen(self.view))
            .map(|part| (succession::owner(self.asked.facts, part.family), part.code_set))
            .collect();
        for (service, rows) in &self.asked.facts.families {
            let owner = succession::owner(self.asked.facts, service);
            let sets: Vec<&Name> = mine
                .iter()
                .filter(|(family, _)| *family == owner)
                .map(|(_, set)| *set)
                .collect();
            let named = rows
                .guidance
                .iter()
                .any(|row| row.row.seen(self.view) && sets.contains(&&row.variant));
            for row in rows.guidance.iter().filter(|row| row.row.seen(self.view)) {
                // A set that no guidance leads to is under what the family says of any guidance.
                let own = !sets.is_empty() && service == owner;
                let of_set = sets.contains(&&row.variant) || (own && !named && row.modality.is_none());
                let of_code = row.add.is_some_and(|(code, _)| code == self.code) || row.included.contains(&self.code);
                if of_set || of_code {
                    let (effect, codes) = match row.add {
                        Some((code, _)) => ("separate", vec![code]),
                        None if row.included.is_empty() => ("no_code", Vec::new()),
                        None => ("included", row.included.clone()),
                    };
                    found.push(GuidanceUse {
                        service: service.clone(),
                        guidance: row.modality.clone(),
                        effect: Name::Borrowed(effect),
                        codes,
                        unit: row.add.map(|(_, per)| Name::Borrowed(per.as_str())),
                        code_set: row.variant.clone(),
                        evidence: self.evidence(&row.row),
                    });
                }
            }
        }
        found.sort_by(|a: &GuidanceUse, b| (&a.service, &a.evidence.row).cmp(&(&b.service, &b.evidence.row)));
        found
    }

    fn inclusions(&self) -> Vec<Inclusion> {
        let families: Vec<&Name> = self
            .parts
            .iter()
            .filter(|part| part.role.is_some() && part.row.seen(self.view))
            .map(|part| part.family)
            .collect();
        let rows = self.asked.facts.bundles.iter().filter(|row| row.row.seen(self.view));
        let mut found: Vec<Inclusion> = rows
            .filter(|row| families.contains(&&row.family) || families.contains(&&row.includes))
            .map(|row| Inclusion {
                family: row.family.clone(),
                includes: row.includes.clone(),
                scope: Name::Borrowed(match row.scope {
                    BundleScope::SameSite => "same_site",
                    BundleScope::SameLevel => "same_level",
                    BundleScope::Session => "session",
                    BundleScope::Guidance => "guidance",
                }),
                rule: row.rule.clone(),
                evidence: self.evidence(&row.row),
            })
            .collect();
        found.sort_by(|a, b| a.evidence.row.cmp(&b.evidence.row));
        found
    }

    fn limits(&self) -> Vec<UnitLimit> {
        let rows = self.asked.facts.limits.get(&self.code).into_iter().flatten();
        rows.filter(|row| row.row.seen(self.view))
            .map(|row| UnitLimit {
                units: row.units,
                mai: row.mai.into(),
                evidence: self.evidence(&row.row),
            })
            .collect()
    }

    fn pairs(&self) -> Vec<CodePair> {
        let rows = self.asked.facts.pairs.values().flatten();
        let mut found: Vec<CodePair> = rows
            .filter(|row| row.row.seen(self.view) && (row.column1 == self.code || row.column2 == self.code))
            .map(|row| CodePair {
                column1: row.column1,
                column2: row.column2,
                bypassable: row.bypassable,
                table: row.table.clone(),
                evidence: self.evidence(&row.row),
            })
            .collect();
        found.sort_by(|a, b| (a.column1, a.column2, &a.evidence.row).cmp(&(b.column1, b.column2, &b.evidence.row)));
        found
    }

    /// What the code became, or what became it.
    fn successions(&self, forward: bool) -> Vec<Succession> {
        let facts = self.asked.facts;
        let mut days: BTreeMap<ServiceDate, BTreeSet<&Name>> = BTreeMap::new();
        let owners: BTreeSet<&Name> = self
            .parts
            .iter()
            .map(|part| succession::owner(facts, part.family))
            .collect();
        for owner in owners {
            let services = succession::services(facts, owner);
            let rows = rows_of(&services).flat_map(|rows| {
                let roles = rows.roles.iter().map(|row| &row.row);
                roles.chain(rows.guidance.iter().map(|row| &row.row))
            });
            let choices = rows_of(&services).flat_map(|rows| rows.choices.iter().map(|row| &row.row));
            let techniques = facts
                .techniques
                .iter()
                .filter(|row| row.family == *owner)
                .map(|row| &row.row);
            for row in rows
                .chain(choices)
                .chain(techniques)
                .filter(|row| self.asked.published(row))
            {
                for day in [row.window.from, row.window.until].into_iter().flatten() {
                    days.entry(day).or_default().insert(owner);
                }
            }
        }
        let mut found = Vec::new();
        let mut explained: BTreeSet<(Code, Code)> = BTreeSet::new();
        for (day, families) in days {
            let Ok(before) = day.0.yesterday() else { continue };
            let changes: Vec<Change<'_>> = families
                .into_iter()
                .flat_map(|family| self.between(family, ServiceDate(before), day))
                .filter(|change| {
                    let (mine, others) = if forward {
                        (&change.before, true)
                    } else {
                        (&change.after, !change.before.is_empty())
                    };
                    others && mine.contains(&self.code)
                })
                .collect();
            for change in succession::join(facts, changes) {
                for one in &change.before {
                    explained.extend(change.after.iter().map(|other| (*one, *other)));
                }
                found.push(succession::succession(change, day, self.on));
            }
        }
        found.extend(self.stated(forward, &explained));
        found.sort_by(|a, b| {
            (a.first_day, &a.before, &a.after, &a.when).cmp(&(b.first_day, &b.before, &b.after, &b.when))
        });
        found
    }

    fn between(&self, family: &Name, old: ServiceDate, new: ServiceDate) -> Vec<Change<'a>> {
        let view = |on| View {
            on,
            as_of: self.asked.as_of,
        };
        succession::between(&self.asked, family, self.code, view(old), view(new))
    }

    /// What the code table says of codes alone, where the rows say nothing of it.
    fn stated(&self, forward: bool, explained: &BTreeSet<(Code, Code)>) -> Vec<Succession> {
        let mut rows: Vec<&CodeRow> = if forward {
            self.rows.clone()
        } else {
            let all = self.asked.facts.codes.values().flatten();
            all.filter(|row| row.replaced_by.contains(&self.code) && self.asked.published(&row.row))
                .collect()
        };
        rows.sort_by(|a, b| a.row.id.cmp(&b.row.id));
        let mut found = Vec::new();
        for row in rows {
            let Some(day) = row.row.window.until else { continue };
            let mut after: Vec<Code> = row.replaced_by.clone();
            after.retain(|code| !explained.contains(&(row.code, *code)) && (forward || *code == self.code));
            if after.is_empty() {
                continue;
            }
            after.sort();
            found.push(Succession {
                first_day: day,
                families: Vec::new(),
                when: Vec::new(),
                before: vec![row.code],
                after,
                beside: Vec::new(),
                role_before: Name::default(),
                role_after: Name::default(),
                unit_before: Name::default(),
                unit_after: Name::default(),
                basis: Name::Borrowed("code_table"),
                evidence: vec![self.evidence(&row.row)],
            });
        }
        found
    }

    fn instead(&self, status: &str) -> Vec<Sibling> {
        let mut found = match status {
            "alive" => self.siblings(),
            "never_valid" => self.suggestion(),
            "not_in_loaded_lists" => Vec::new(),
            _ => self.on_that_date(),
        };
        found.sort_by(|a, b| (a.code, &a.relation).cmp(&(b.code, &b.relation)));
        found
    }

    fn suggestion(&self) -> Vec<Sibling> {
        let codes = self.rows.iter().filter_map(|row| row.suggestion);
        codes
            .filter_map(|code| {
                let row = self.asked.facts.code(code, self.view)?;
                Some(Sibling {
                    code,
                    label: row.label.clone(),
                    relation: Name::Borrowed("suggestion"),
                    families: Vec::new(),
                    differs: Vec::new(),
                    ways: Vec::new(),
                    evidence: self.evidence(&row.row),
                })
            })
            .collect()
    }

    /// Other codes of its families on that date.
    fn siblings(&self) -> Vec<Sibling> {
        let facts = self.asked.facts;
        let mut found: BTreeMap<Code, (Sibling, Vec<When>)> = BTreeMap::new();
        for family in self.families() {
            let led = succession::led(&self.asked, family, self.view);
            let mine: Vec<&RoleRow> = self
                .parts
                .iter()
                .filter(|part| part.row.seen(self.view) && succession::owner(facts, part.family) == family)
                .filter_map(|part| part.role)
                .collect();
            let guides = self
                .parts
                .iter()
                .any(|part| part.role.is_none() && part.row.seen(self.view));
            if mine.is_empty() && guides {
                self.other_guidance(&led, family, &mut found);
                continue;
            }
            for one in &led {
                let other = one.role;
                if other.code == self.code {
                    continue;
                }
                let mut nearest: Option<Vec<CodeDifference>> = None;
                for role in &mine {
                    let differs = differences(role, other);
                    if nearest.as_ref().is_none_or(|known| differs.len() < known.len()) {
                        nearest = Some(differs);
                    }
                }
                let Some(differs) = nearest else { continue };
                self.put(&mut found, other.code, family, differs, &one.path.when, &other.row);
            }
        }
        self.told(found, "sibling")
    }

    fn put(
        &self,
        found: &mut BTreeMap<Code, (Sibling, Vec<When>)>,
        code: Code,
        family: &Name,
        differs: Vec<CodeDifference>,
        when: &When,
        row: &Row,
    ) {
        let (known, whens) = found.entry(code).or_insert_with(|| {
            let sibling = Sibling {
                code,
                label: self.label(code),
                relation: Name::default(),
                families: Vec::new(),
                differs: Vec::new(),
                ways: Vec::new(),
                evidence: self.evidence(row),
            };
            (sibling, Vec::new())
        });
        if !known.families.contains(family) {
            known.families.push(family.clone());
        }
        if known.differs.is_empty() || differs.len() < known.differs.len() {
            known.differs = differs;
            known.evidence = self.evidence(row);
        }
        whens.push(when.clone());
    }

    fn told(&self, found: BTreeMap<Code, (Sibling, Vec<When>)>, relation: &'static str) -> Vec<Sibling> {
        found
            .into_values()
            .map(|(mut sibling, whens)| {
                sibling.relation = Name::Borrowed(relation);
                sibling.ways = succession::told_ways(self.asked.facts, &sibling.families, whens);
                sibling
            })
            .collect()
    }

    /// The codes of other guidance for the same service.
    fn other_guidance(&self, led: &[Led<'a>], family: &Name, found: &mut BTreeMap<Code, (Sibling, Vec<When>)>) {
        let added = |one: &Led<'a>| -> Vec<_> { one.path.adds.clone() };
        let of = |row: &crate::facts::GuidanceRow| row.modality.clone().unwrap_or_default();
        let mine: BTreeSet<Name> = led
            .iter()
            .flat_map(added)
            .filter(|(code, _, _)| *code == self.code)
            .map(|(_, _, row)| of(row))
            .collect();
        let here = Name::Owned(mine.into_iter().collect::<Vec<_>>().join(" "));
        for one in led {
            for (code, _, row) in &one.path.adds {
                if *code == self.code {
                    continue;
                }
                let differs = vec![CodeDifference {
                    fact: Name::Borrowed(GUIDANCE_ROLE),
                    here: here.clone(),
                    there: of(row),
                }];
                let when = one.path.when.iter().filter(|(fact, _)| *fact == GUIDANCE_ROLE);
                let when: When = when.map(|(fact, values)| (fact.clone(), values.clone())).collect();
                self.put(found, *code, family, differs, &when, &row.row);
            }
        }
    }

    /// The codes of that date for the work that this one stood for on the nearest day of its life.
    fn on_that_date(&self) -> Vec<Sibling> {
        let Some(nearest) = self.nearest() else {
            return Vec::new();
        };
        let day = self.day_within(&nearest.row.window);
        let (later, relation) = if day < self.on {
            (true, "successor")
        } else {
            (false, "predecessor")
        };
        let mut found: BTreeMap<Code, (Sibling, Vec<When>)> = BTreeMap::new();
        let parts = self
            .parts
            .iter()
            .map(|part| succession::owner(self.asked.facts, part.family));
        for family in parts.collect::<BTreeSet<_>>() {
            let (old, new) = if later { (day, self.on) } else { (self.on, day) };
            for change in self.between(family, old, new) {
                let (mine, others) = if later {
                    (&change.before, &change.after)
                } else {
                    (&change.after, &change.before)
                };
                if !mine.contains(&self.code) {
                    continue;
                }
                for code in others {
                    let Some(row) = self.asked.facts.code(*code, self.view) else {
                        continue;
                    };
                    let mut differs = Vec::new();
                    let (role, unit) = if later {
                        (
                            (&change.role_before, &change.role_after),
                            (&change.unit_before, &change.unit_after),
                        )
                    } else {
                        (
                            (&change.role_after, &change.role_before),
                            (&change.unit_after, &change.unit_before),
                        )
                    };
                    for (fact, (here, there)) in [("role", role), ("unit", unit)] {
                        if here != there {
                            differs.push(CodeDifference {
                                fact: Name::Borrowed(fact),
                                here: here.clone(),
                                there: there.clone(),
                            });
                        }
                    }
                    self.put(&mut found, *code, family, differs, &change.when, &row.row);
                }
            }
        }
        let mut told = self.told(found, relation);
        let mut next: Vec<Code> = self.stated_chain(later);
        next.retain(|code| !told.iter().any(|one| one.code == *code));
        for code in next {
            if let Some(row) = self.asked.facts.code(code, self.view) {
                told.push(Sibling {
                    code,
                    label: row.label.clone(),
                    relation: Name::Borrowed(relation),
                    families: Vec::new(),
                    differs: Vec::new(),
                    ways: Vec::new(),
                    evidence: self.evidence(&row.row),
                });
            }
        }
        told
    }

    /// Along the code table's own successors, or predecessors, to those that live on the date.
    fn stated_chain(&self, later: bool) -> Vec<Code> {
        let mut seen: BTreeSet<Code> = BTreeSet::from([self.code]);
        let mut waiting = vec![self.code];
        let mut found = BTreeSet::new();
        while let Some(code) = waiting.pop() {
            let next: Vec<Code> = if later {
                let rows = self.asked.facts.codes.get(&code).into_iter().flatten();
                rows.flat_map(|row| row.replaced_by.iter().copied()).collect()
            } else {
                let rows = self.asked.facts.codes.values().flatten();
                rows.filter(|row| row.replaced_by.contains(&code))
                    .map(|row| row.code)
                    .collect()
            };
            for code in next.into_iter().filter(|code| seen.insert(*code)) {
                if self
                    .asked
                    .facts
                    .code(code, self.view)
                    .is_some_and(|row| !row.never_valid)
                {
                    found.insert(code);
                } else {
                    waiting.push(code);
                }
            }
        }
        found.into_iter().collect()
    }

    fn rules(&self) -> Vec<RuleUse> {
        let families = self.families();
        let included: Vec<Name> = self.inclusions().into_iter().map(|one| one.rule).collect();
        let guides = self.parts.iter().any(|part| part.role.is_none());
        let rows = self
            .asked
            .facts
            .rules
            .values()
            .flatten()
            .filter(|row| row.row.seen(self.view));
        rows.filter(|row| {
            families.contains(&&row.family)
                || included.contains(&row.id)
                || (guides && row.family == ALL_FAMILIES && row.id == GUIDANCE_RULE)
        })
        .map(|row| RuleUse {
            id: row.id.clone(),
            version: row.version,
            name: row.name.clone(),
            layer: row.layer.clone(),
            what: row.what.clone(),
            evidence: self.evidence(&row.row),
        })
        .collect()
    }
}

fn rows_of<'a>(services: &[(&'a Name, &'a Family)]) -> impl Iterator<Item = &'a Family> {
    services.iter().map(|(_, rows)| *rows)
}

fn label(asked: &Asked<'_>, code: Code, on: ServiceDate) -> Name {
    let view = View { on, as_of: asked.as_of };
    let rows = asked.facts.codes.get(&code).into_iter().flatten();
    let row = asked.facts.code(code, view).or_else(|| rows.last());
    row.map(|row| row.label.clone()).unwrap_or_default()
}

/// By what two roles of one family differ.
fn differences(here: &RoleRow, there: &RoleRow) -> Vec<CodeDifference> {
    let any = Name::Borrowed("any");
    let region = |role: &RoleRow| role.region.clone().unwrap_or_else(|| any.clone());
    let facts = [
        ("code_set", here.variant.clone(), there.variant.clone()),
        ("region", region(here), region(there)),
        ("role", here.role.clone(), there.role.clone()),
        (
            "unit",
            Name::Borrowed(here.per.as_str()),
            Name::Borrowed(there.per.as_str()),
        ),
    ];
    facts
        .into_iter()
        .filter(|(_, here, there)| here != there)
        .map(|(fact, here, there)| CodeDifference {
            fact: Name::Borrowed(fact),
            here,
            there,
        })
        .collect()
}

/// Walks every piece of evidence, with the layer it belongs to.
fn each_evidence(answer: &Lookup, take: &mut impl FnMut(&'static str, &Evidence)) {
    answer.life.iter().for_each(|one| take("code_life", &one.evidence));
    answer.roles.iter().for_each(|one| take("code_set", &one.evidence));
    for one in &answer.companions {
        take(
            if one.layer == "code_set" {
                "code_set"
            } else {
                "add_on_table"
            },
            &one.evidence,
        );
    }
    answer.guidance.iter().for_each(|one| take("code_set", &one.evidence));
    answer.inclusions.iter().for_each(|one| take("code_set", &one.evidence));
    answer.limits.iter().for_each(|one| take("mue", &one.evidence));
    answer.pairs.iter().for_each(|one| take("ptp", &one.evidence));
    for one in answer.replaces.iter().chain(&answer.replaced_by) {
        one.evidence.iter().for_each(|one| take("code_set", one));
    }
    answer.instead.iter().for_each(|one| take("instead", &one.evidence));
    answer.rules.iter().for_each(|one| take("code_set", &one.evidence));
}

fn notices(answer: &Lookup, assumed: bool) -> Vec<Notice> {
    let mut found = Vec::new();
    let mut say = |reason: &'static str, subject: String, args: &[(&'static str, String)]| {
        found.push(Notice {
            reason: Name::Borrowed(reason),
            subject: Some(subject),
            args: args
                .iter()
                .map(|(key, value)| (Name::Borrowed(*key), Name::Owned(value.clone())))
                .collect(),
        });
    };
    if answer.status == "not_in_loaded_lists" {
        say("not_checked", "code_life".into(), &[("why", "no_code_list".into())]);
    }
    if answer.status == "alive" {
        let add_on = |one: &Companion| one.layer == "add_on_table";
        let needs_primary = answer
            .life
            .iter()
            .any(|one| one.add_on && one.evidence_holds(answer.on));
        let silent = [
            ("ptp", answer.pairs.is_empty()),
            ("mue", answer.limits.is_empty()),
            ("add_on_table", needs_primary && !answer.companions.iter().any(add_on)),
        ];
        for (layer, _) in silent.into_iter().filter(|(_, silent)| *silent) {
            say("not_checked", layer.into(), &[("why", "no_table".into())]);
        }
    }
    if assumed {
        say("date_assumed", answer.on.to_string(), &[]);
    }
    // One notice a layer, of the fact that was verified least far; each fact tells its own day.
    let mut past: BTreeMap<&str, ServiceDate> = BTreeMap::new();
    let mut low: BTreeSet<&str> = BTreeSet::new();
    each_evidence(answer, &mut |layer, evidence| {
        // Other codes tell their own doubts when they are looked up.
        if layer == "instead" {
            return;
        }
        if let Some(through) = evidence.verified_through.filter(|_| evidence.past_verification) {
            let known = past.entry(layer).or_insert(through);
            *known = through.min(*known);
        }
        if evidence.confidence == "low" {
            low.insert(layer);
        }
    });
    for (layer, through) in past {
        say(
            "past_verification",
            layer.into(),
            &[("verified_through", through.to_string())],
        );
    }
    for layer in low {
        say("low_confidence", layer.into(), &[]);
    }
    found.sort();
    found
}
