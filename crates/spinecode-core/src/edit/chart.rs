//! The families' tables turned round, once when the facts are loaded: from a code to its places in the code sets, and from a code
//! set to what guidance does to it. A claim names codes, not procedures; this is how the same rows judge it.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::Code;
use crate::date::View;
use crate::facts::{
    BundleScope, ChoiceRow, Condition, Facts, GuidanceRow, Per, Reach, Relation, RelationRow, RoleRow, Row, Test,
};
use crate::name::Name;

/// Fact of a choice's condition.
const GUIDANCE: &str = "guidance";
/// No guidance at all.
const NONE: &str = "none";
/// Role of work without a code of its own.
const UNLISTED: &str = "unlisted";

/// Position of a code set in the chart.
pub type SetId = usize;
/// Position of a family in the chart.
pub type FamilyId = usize;

/// One place of a code in a family's code sets.
#[derive(Clone, Debug)]
pub struct Stand {
    /// Family.
    pub family: FamilyId,
    /// Code set.
    pub set: SetId,
    /// Code region; `None`: any.
    pub region: Option<Name>,
    /// Role.
    pub role: Name,
    /// First ordinal of the level it covers.
    pub nth_from: u32,
    /// Last ordinal; `None`: and beyond.
    pub nth_to: Option<u32>,
    /// What one unit counts.
    pub per: Per,
    /// Most units a side a session, as the role says or as what it counts makes it; `None`: no limit.
    pub cap: Option<u32>,
    /// Where it stands.
    pub row: Row,
}

impl Stand {
    fn of(family: FamilyId, set: SetId, role: &RoleRow) -> Self {
        let span = role.nth_to.map(|to| (to + 1).saturating_sub(role.nth_from));
        let counted = match role.per {
            Per::Encounter | Per::Side | Per::Region => Some(1),
            Per::Minute => None,
            _ => span,
        };
        Self {
            family,
            set,
            region: role.region.clone(),
            role: role.role.clone(),
            nth_from: role.nth_from,
            nth_to: role.nth_to,
            per: role.per,
            cap: role.cap.or(counted),
            row: role.row.clone(),
        }
    }

    /// Whether it covers the level of that ordinal.
    pub fn covers(&self, nth: u32) -> bool {
        self.nth_from <= nth && self.nth_to.is_none_or(|to| nth <= to)
    }

    /// Whether two places lie in one region, or one of them in any.
    pub fn meets(&self, other: &Self) -> bool {
        match (&self.region, &other.region) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }

    /// Work without a code of its own.
    pub fn is_unlisted(&self) -> bool {
        self.role == UNLISTED
    }
}

/// What a kind of guidance does to a code set.
#[derive(Clone, Debug)]
pub struct Guide {
    /// The guidance code.
    pub code: Code,
    /// It is added, and by what it counts; `None`: it is included.
    pub adds: Option<Per>,
    /// The code set is coded with that guidance; else it leads to the set `twin`.
    pub exact: bool,
    /// The code set that this guidance leads to.
    pub twin: Option<SetId>,
    /// The row of `guidance.csv`.
    pub row: Row,
    /// The row of `choices.csv` that leads there.
    pub choice: Option<Row>,
}

impl Guide {
    /// Whether it is the law of a date.
    pub fn seen(&self, view: View) -> bool {
        self.row.seen(view) && self.choice.as_ref().is_none_or(|row| row.seen(view))
    }
}

/// A code set of a family.
#[derive(Clone, Debug)]
pub struct CodeSet {
    /// Family.
    pub family: FamilyId,
    /// Name, as in `roles.csv`.
    pub name: Name,
    /// What guidance does to it.
    pub guides: Vec<Guide>,
    /// Rows by which it is coded without guidance.
    pub unguided: Vec<Row>,
    /// The codes in it.
    pub codes: Vec<Code>,
    /// A later level of it has a code of its own.
    pub has_further: bool,
}

/// How far one first-level code of a family reaches, with the regions at a junction.
#[derive(Clone, Debug)]
pub struct Joined {
    /// Position in the family's `primaries`.
    pub row: Row,
    /// The conflict and position under which it holds.
    pub position: Option<(Name, Name)>,
    /// Region whose first code leads, and region of the levels it leads; `None`: any of the session.
    pub regions: Option<(Name, Name)>,
}

/// A family.
#[derive(Clone, Debug)]
pub struct ChartedFamily {
    /// Name.
    pub name: Name,
    /// Where one first code serves several regions.
    pub joined: Vec<Joined>,
    /// Body regions of each code region.
    pub bodies: BTreeMap<Name, Vec<Name>>,
    /// Relations between its code sets.
    pub relations: Vec<RelationRow>,
    /// Families whose work it takes in for the whole session, whatever the facts: position, and position in `bundles`.
    pub takes_in: Vec<(FamilyId, usize)>,
    /// Whether two of its codes, or one of it and one of another family, can stand against each other.
    pub parted: bool,
    /// Families whose guidance it takes in.
    pub takes_guidance: Vec<(FamilyId, Row)>,
}

/// The tables turned round.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Code sets.
    pub sets: Vec<CodeSet>,
    /// Families.
    pub families: Vec<ChartedFamily>,
    stands: FxHashMap<Code, Vec<Stand>>,
    guidance: FxHashSet<Code>,
}

impl Chart {
    /// Turns the tables round.
    pub fn of(facts: &Facts) -> Self {
        let mut names: Vec<&Name> = facts
            .families
            .iter()
            .filter(|(_, family)| !family.roles.is_empty())
            .map(|(name, _)| name)
            .collect();
        names.sort();
        let mut chart = Self::default();
        for (at, name) in names.iter().enumerate() {
            let family = charted(facts, name, &names);
            chart.families.push(family);
            chart.sets_of(facts, at, name);
        }
        chart.guidance = facts
            .families
            .values()
            .flat_map(|family| &family.guidance)
            .flat_map(|row| row.included.iter().copied().chain(row.add.map(|(code, _)| code)))
            .filter(|code| !chart.stands.contains_key(code))
            .collect();
        chart
    }

    fn sets_of(&mut self, facts: &Facts, at: FamilyId, name: &Name) {
        let Some(family) = facts.families.get(name) else { return };
        let first = self.sets.len();
        for role in &family.roles {
            let known = self.sets.iter().skip(first).position(|set| set.name == role.variant);
            let set = match known {
                Some(known) => first + known,
                None => {
                    self.sets.push(CodeSet {
                        family: at,
                        name: role.variant.clone(),
                        guides: Vec::new(),
                        unguided: Vec::new(),
                        codes: Vec::new(),
                        has_further: false,
                    });
                    self.sets.len() - 1
                }
            };
            if let Some(of) = self.sets.get_mut(set) {
                let added = facts
                    .codes
                    .get(&role.code)
                    .is_some_and(|rows| rows.iter().any(|row| row.add_on));
                of.has_further |= role.nth_from > 1 && added;
                if !of.codes.contains(&role.code) {
                    of.codes.push(role.code);
                }
            }
            self.stands.entry(role.code).or_default().push(Stand::of(at, set, role));
        }
        let own: Vec<(SetId, Name)> = self
            .sets
            .iter()
            .enumerate()
            .skip(first)
            .map(|(id, set)| (id, set.name.clone()))
            .collect();
        for (id, variant) in &own {
            let (guides, unguided) = if family.choices.is_empty() {
                by_variant(facts, name, variant, &own)
            } else {
                by_choice(facts, name, &family.choices, variant, &own)
            };
            if let Some(set) = self.sets.get_mut(*id) {
                set.guides = guides;
                set.unguided = unguided;
            }
        }
    }

    /// The places of a code on a date.
    pub fn stands(&self, code: Code, view: View) -> impl Iterator<Item = &Stand> + Clone {
        let all = self.stands.get(&code).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(move |stand| stand.row.seen(view))
    }

    /// The places of a code on any date.
    pub fn ever(&self, code: Code) -> &[Stand] {
        self.stands.get(&code).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a code is guidance and nothing else.
    pub fn is_guidance(&self, code: Code) -> bool {
        self.guidance.contains(&code)
    }

    /// The code set of a place.
    pub fn set(&self, stand: &Stand) -> Option<&CodeSet> {
        self.sets.get(stand.set)
    }

    /// The family of a place.
    pub fn family(&self, stand: &Stand) -> Option<&ChartedFamily> {
        self.families.get(stand.family)
    }

    /// The code of a set in the same role and region as a place.
    pub fn same_place(&self, set: SetId, stand: &Stand, view: View) -> Option<Code> {
        let set_row = self.sets.get(set)?;
        set_row.codes.iter().copied().find(|code| {
            self.stands(*code, view).any(|other| {
                other.set == set
                    && other.nth_from == stand.nth_from
                    && other.meets(stand)
                    && (other.role == stand.role || set_row.codes.len() == 1)
            })
        })
    }
}

fn charted(facts: &Facts, name: &Name, names: &[&Name]) -> ChartedFamily {
    let family = facts.families.get(name);
    let junctions = family.map(|family| family.junctions.as_slice()).unwrap_or_default();
    let mut bodies: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
    for row in junctions {
        let known = bodies.entry(row.region.clone()).or_default();
        if !known.contains(&row.body_region) {
            known.push(row.body_region.clone());
        }
    }
    let primaries = family.map(|family| family.primaries.as_slice()).unwrap_or_default();
    let joined = primaries.iter().filter(|row| row.reach != Reach::PerRegion).map(|row| {
        let region = |place| {
            junctions
                .iter()
                .rev()
                .find(|row| row.places.contains(place))
                .map(|row| row.region.clone())
        };
        Joined {
            row: row.row.clone(),
            position: row.position.clone(),
            regions: row
                .junction
                .as_ref()
                .and_then(|(upper, lower)| region(upper).zip(region(lower))),
        }
    });
    let id = |wanted: &Name| names.iter().position(|name| *name == wanted);
    let mut takes_in = Vec::new();
    let mut takes_guidance = Vec::new();
    for (at, row) in facts.bundles.iter().enumerate().filter(|(_, row)| row.family == *name) {
        let Some(other) = id(&row.includes) else { continue };
        if row.scope == BundleScope::Guidance {
            takes_guidance.push((other, row.row.clone()));
        } else if row.scope == BundleScope::Session
            && row.when.is_empty()
            && row.by.is_empty()
            && row.alike.is_empty()
            && row.includes != *name
        {
            takes_in.push((other, at));
        }
    }
    let joined: Vec<Joined> = joined.collect();
    let relations: Vec<RelationRow> = facts
        .relations
        .iter()
        .filter(|row| row.family == *name)
        .cloned()
        .collect();
    let parted = !relations.is_empty() || !takes_in.is_empty() || joined.iter().any(|join| join.regions.is_none());
    ChartedFamily {
        name: name.clone(),
        joined,
        parted,
        bodies,
        relations,
        takes_in,
        takes_guidance,
    }
}

/// What a row of guidance says of codes.
fn guides_of(row: &GuidanceRow, exact: bool, twin: Option<SetId>, choice: Option<&ChoiceRow>) -> Vec<Guide> {
    let guide = |code, adds| Guide {
        code,
        adds,
        exact,
        twin,
        row: row.row.clone(),
        choice: choice.map(|row| row.row.clone()),
    };
    let added = row.add.iter().map(|(code, per)| guide(*code, Some(*per)));
    added
        .chain(row.included.iter().map(|code| guide(*code, None)))
        .collect()
}

/// Guidance of a family whose guidance rows name the code set they lead to.
fn by_variant(facts: &Facts, name: &Name, variant: &Name, own: &[(SetId, Name)]) -> (Vec<Guide>, Vec<Row>) {
    let (mut guides, mut unguided) = (Vec::new(), Vec::new());
    let mut services: Vec<&Name> = facts
        .families
        .keys()
        .filter(|service| {
            *service == name
                || service
                    .strip_prefix(name.as_ref())
                    .is_some_and(|rest| rest.starts_with('_'))
        })
        .collect();
    services.sort();
    let rows = services.into_iter().filter_map(|service| facts.families.get(service));
    for row in rows.flat_map(|service| &service.guidance) {
        let exact = row.variant == *variant;
        if exact && row.modality.as_deref().is_none_or(|modality| modality == NONE) {
            unguided.push(row.row.clone());
        }
        let twin = own.iter().find(|(_, set)| *set == row.variant).map(|(id, _)| *id);
        guides.extend(guides_of(row, exact, twin, None));
    }
    (guides, unguided)
}

fn modality_holds(when: &[Condition], modality: Option<&Name>) -> bool {
    let asked = when.iter().find(|condition| condition.fact == GUIDANCE);
    match (asked.map(|condition| &condition.test), modality) {
        (Some(Test::OneOf(words)), Some(modality)) => words.contains(modality),
        _ => true,
    }
}

/// Guidance of a family whose choices lead to its code sets.
fn by_choice(
    facts: &Facts,
    name: &Name,
    choices: &[ChoiceRow],
    variant: &Name,
    own: &[(SetId, Name)],
) -> (Vec<Guide>, Vec<Row>) {
    let (mut guides, mut unguided) = (Vec::new(), Vec::new());
    let leads = |row: &&ChoiceRow| row.sets.iter().any(|set| set.name == *variant);
    for choice in choices.iter().filter(leads) {
        let service = choice.service.as_ref().unwrap_or(name);
        let rows = facts
            .families
            .get(service)
            .map(|service| service.guidance.as_slice())
            .unwrap_or_default();
        for row in rows.iter().filter(|row| row.row.window.overlaps(&choice.row.window)) {
            let exact = modality_holds(&choice.when, row.modality.as_ref());
            if exact && row.modality.as_deref().is_none_or(|modality| modality == NONE) {
                unguided.push(row.row.clone());
            }
            let rest = |when: &[Condition]| {
                when.iter()
                    .filter(|condition| condition.fact != GUIDANCE)
                    .cloned()
                    .collect::<Vec<_>>()
            };
            let twin = choices
                .iter()
                .find(|other| {
                    !exact
                        && other.row.window.overlaps(&choice.row.window)
                        && modality_holds(&other.when, row.modality.as_ref())
                        && rest(&other.when) == rest(&choice.when)
                })
                .and_then(|other| other.sets.first())
                .and_then(|set| own.iter().find(|(_, name)| *name == set.name))
                .map(|(id, _)| *id);
            guides.extend(guides_of(row, exact, twin, Some(choice)));
        }
    }
    (guides, unguided)
}

impl RelationRow {
    /// Whether two places stand in this relation, the first one taking in the second.
    pub fn holds(&self, one: &Stand, one_set: &CodeSet, other: &Stand, other_set: &CodeSet, view: View) -> bool {
        let is = |wanted: &Option<Name>, found: &Name| wanted.as_ref().is_none_or(|wanted| wanted == found);
        self.row.seen(view)
            && is(&self.set, &one_set.name)
            && is(&self.role, &one.role)
            && is(&self.other_set, &other_set.name)
            && is(&self.other_role, &other.role)
            && (!self.same_region || one.meets(other))
    }

    /// Whether it holds in either direction.
    pub fn is_mutual(&self) -> bool {
        self.relation == Relation::Exclusive
    }
}
