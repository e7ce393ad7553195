//! The judged case: what was done for one patient on one date, every word of it from the published vocabulary.
//! Reading is parsing: a [`Case`] that exists is well formed, and reading finds every violation at once.

use std::fmt::Arguments;
use std::sync::Arc;

use crate::anatomy::{Interspace, Place, Root, Side, Vertebra};
use crate::date::ServiceDate;
use crate::error::{ECHO, InputError, Reason, Violation};
use crate::facts::{FactRow, FactType, Facts, KindRow};
use crate::input::{PROCEDURE_KEYS, RawCase, RawProcedure, RawValue};
use crate::name::{Name, nearest};

/// Most procedures in one case.
pub const MOST_PROCEDURES: usize = 200;
/// Most sites in one procedure.
pub const MOST_SITES: usize = 200;

/// Who sends the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A clinician's claim.
    Professional,
    /// An ambulatory surgery centre's own claim.
    AscFacility,
    /// A hospital outpatient department's own claim.
    OutpatientHospital,
    /// Not said.
    Undetermined,
}

impl Setting {
    /// All settings, in their published order.
    pub const ALL: [Setting; 4] = [
        Self::Professional,
        Self::AscFacility,
        Self::OutpatientHospital,
        Self::Undetermined,
    ];

    /// The text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Professional => "professional",
            Self::AscFacility => "asc_facility",
            Self::OutpatientHospital => "outpatient_hospital",
            Self::Undetermined => "undetermined",
        }
    }

    /// A facility's own claim.
    pub fn is_facility(self) -> bool {
        matches!(self, Self::AscFacility | Self::OutpatientHospital)
    }
}

/// A fact's value.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A word of the fact's list.
    Word(Name),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Several words of the fact's list, in its order, none twice.
    Words(Vec<Name>),
}

impl FactValue {
    /// The value as text, as questions and traces show it.
    pub fn text(&self) -> Name {
        match self {
            Self::Word(word) => word.clone(),
            Self::Flag(true) => Name::Borrowed("true"),
            Self::Flag(false) => Name::Borrowed("false"),
            Self::Number(number) => Name::Owned(number.to_string()),
            Self::Words(words) => Name::Owned(words.join(" ")),
        }
    }
}

/// One place with its side.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The place.
    pub place: Place,
    /// Its side, where said.
    pub side: Option<Side>,
}

/// One act of a kind.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// Id: the caller's, or its position.
    pub id: Name,
    /// Kind.
    pub kind: Name,
    /// Family that codes it.
    pub family: Option<Name>,
    /// Sides its sites may have; empty: none.
    pub sides: Vec<Side>,
    /// Its sites.
    pub sites: Vec<Site>,
    /// Side of the procedure itself, where it has one and no site says otherwise.
    pub side: Option<Side>,
    /// Who did it.
    pub performed_by: Option<Name>,
    /// Which encounter.
    pub encounter: Option<Name>,
    /// Positions of procedures it is documented as distinct from.
    pub distinct_from: Vec<usize>,
    /// All other facts.
    pub facts: Vec<(Name, FactValue)>,
    /// What silence states of the facts of its kind, where the published vocabulary says so.
    pub unsaid: Arc<[(Name, FactValue)]>,
    /// Body region of the kind, for guidance when no site says.
    pub region: Option<Name>,
    /// Its sites are counted.
    pub counted: bool,
    /// A region is where it is done, not a level left unsaid.
    pub done_at_regions: bool,
}

impl Procedure {
    /// A fact, where said.
    pub fn fact(&self, name: &str) -> Option<&FactValue> {
        self.facts.iter().find(|(fact, _)| fact == name).map(|(_, value)| value)
    }

    /// What silence states of a fact, where it is not said.
    pub fn unsaid(&self, name: &str) -> Option<&FactValue> {
        self.unsaid
            .iter()
            .find(|(fact, _)| fact == name)
            .map(|(_, value)| value)
    }
}

/// What was done for one patient on one date.
#[derive(Clone, Debug)]
pub struct Case {
    /// The caller's id.
    pub case_id: Option<String>,
    /// Date of service.
    pub date: ServiceDate,
    /// Two-digit place of service.
    pub place_of_service: Option<Name>,
    /// Setting.
    pub setting: Setting,
    /// Payer name.
    pub payer: Option<String>,
    /// What was done.
    pub procedures: Vec<Procedure>,
}

impl Case {
    /// Judges a raw case; every violation at once.
    pub fn read(raw: &RawCase, facts: &Facts) -> Result<Self, InputError> {
        let mut reader = Reader {
            facts,
            violations: raw.misread.clone(),
        };
        let case = reader.case(raw);
        if reader.violations.is_empty() {
            Ok(case)
        } else {
            reader
                .violations
                .sort_by(|a, b| (&a.path, a.reason).cmp(&(&b.path, b.reason)));
            reader.violations.dedup();
            Err(InputError {
                violations: reader.violations,
            })
        }
    }
}

struct Reader<'f> {
    facts: &'f Facts,
    violations: Vec<Violation>,
}

/// Interns a value of a published list, so that a judged case owns no text of the caller's for it.
fn published<'a>(list: impl IntoIterator<Item = &'a Name>, written: &str) -> Option<Name> {
    list.into_iter().find(|name| name.as_ref() == written).cloned()
}

impl Reader<'_> {
    fn add(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    fn misread_at(&self, path: &str) -> bool {
        self.violations.iter().any(|violation| violation.path == path)
    }

    fn case(&mut self, raw: &RawCase) -> Case {
        let date = self.date(&raw.date_of_service);
        let place_of_service = raw.place_of_service.as_deref().and_then(|place| {
            let known = self.facts.places.get_key_value(place).map(|(name, _)| name.clone());
            if known.is_none() {
                self.add(
                    Violation::new(
                        "place_of_service",
                        Reason::UnknownValue,
                        "a two-digit CMS place of service code",
                    )
                    .echo(place),
                );
            }
            known
        });
        let setting = match raw.setting.as_deref() {
            None => Setting::Undetermined,
            Some(text) => Setting::ALL
                .into_iter()
                .find(|setting| setting.as_str() == text)
                .unwrap_or_else(|| {
                    let words = Setting::ALL.map(Setting::as_str);
                    self.add(
                        Violation::new("setting", Reason::UnknownValue, words.join(", "))
                            .echo(text)
                            .suggest(nearest(text, words)),
                    );
                    Setting::Undetermined
                }),
        };
        if raw.procedures.is_empty() && !self.misread_at("procedures") {
            self.add(Violation::new(
                "procedures",
                Reason::MissingField,
                "at least one procedure",
            ));
        }
        if raw.procedures.len() > MOST_PROCEDURES {
            self.add(Violation::new(
                "procedures",
                Reason::TooMany,
                format!("at most {MOST_PROCEDURES} procedures"),
            ));
        }
        let ids: Vec<Name> = raw
            .procedures
            .iter()
            .enumerate()
            .map(|(at, procedure)| match &procedure.id {
                Some(id) => Name::Owned(id.clone()),
                None => position_id(at),
            })
            .collect();
        let mut procedures = Vec::with_capacity(raw.procedures.len());
        for (at, procedure) in raw.procedures.iter().take(MOST_PROCEDURES).enumerate() {
            if ids.iter().take(at).any(|id| Some(id) == ids.get(at)) {
                self.add(Violation::new(
                    format!("procedures[{at}].id"),
                    Reason::DuplicateId,
                    "an id of its own",
                ));
            }
            if let Some(procedure) = self.procedure(procedure, at, &ids) {
                procedures.push(procedure);
            }
        }
        if self.violations.is_empty() {
            self.conflicting_sites(&procedures);
        }
        Case {
            case_id: raw.case_id.clone(),
            date,
            place_of_service,
            setting,
            payer: raw.payer.clone(),
            procedures,
        }
    }

    fn date(&mut self, text: &str) -> ServiceDate {
        let first = self.facts.coverage_from.unwrap_or(ServiceDate(jiff::civil::Date::ZERO));
        let path = "date_of_service";
        if self.misread_at(path) {
            return first;
        }
        if text.is_empty() {
            self.add(Violation::new(path, Reason::MissingField, "a date, YYYY-MM-DD"));
            return first;
        }
        let Some(date) = ServiceDate::parse(text) else {
            self.add(Violation::new(path, Reason::NotIsoDate, "a date, YYYY-MM-DD").echo(text));
            return first;
        };
        if date < first {
            self.add(Violation::new(path, Reason::DateOutOfRange, format!("{first} or later")).echo(text));
        }
        date
    }

    fn procedure(&mut self, raw: &RawProcedure, at: usize, ids: &[Name]) -> Option<Procedure> {
        // Paths are put together only for a fault: most cases have none.
        let path = format_args!("procedures[{at}]");
        let facts = self.facts;
        if raw.kind.is_empty() {
            if !self.misread_at(&path.to_string()) && !self.misread_at(&format!("{path}.kind")) {
                self.add(Violation::new(
                    format!("{path}.kind"),
                    Reason::MissingField,
                    "a kind of procedure",
                ));
            }
            return None;
        }
        let Some(kind) = facts.kind(&raw.kind) else {
            let words = facts.kinds.iter().flat_map(|kind| {
                std::iter::once(&kind.kind)
                    .chain(&kind.synonyms)
                    .map(move |word| (word.as_ref(), kind.kind.as_ref()))
            });
            let near = nearest(&raw.kind, words.clone().map(|(word, _)| word));
            let near = near
                .and_then(|near| words.clone().find(|(word, _)| *word == near))
                .map(|(_, kind)| kind);
            self.add(
                Violation::new(
                    format!("{path}.kind"),
                    Reason::UnknownKind,
                    "a kind of the published list",
                )
                .echo(&raw.kind)
                .suggest(near),
            );
            return None;
        };
        let side = self.side(raw.side.as_deref(), kind, format_args!("{path}.side"));
        let distinct_from = raw
            .distinct_from
            .iter()
            .enumerate()
            .filter_map(|(index, id)| {
                let found = ids.iter().position(|known| known == id).filter(|found| *found != at);
                if found.is_none() {
                    self.add(Violation::new(
                        format!("{path}.distinct_from[{index}]"),
                        Reason::UnknownReference,
                        "the id of another procedure of the case",
                    ));
                }
                found
            })
            .collect();
        let values: Vec<(Name, FactValue)> = raw
            .facts
            .iter()
            .filter_map(|(name, value)| self.fact(kind, name, value, format_args!("{path}.{name:.ECHO$}")))
            .collect();
        let sites = self.sites(raw, kind, side, path);
        Some(Procedure {
            id: ids.get(at).cloned().unwrap_or_default(),
            kind: kind.kind.clone(),
            family: kind.family.clone(),
            sides: kind.sides.clone(),
            sites,
            side,
            performed_by: raw.performed_by.clone().map(Name::Owned),
            encounter: raw.encounter.clone().map(Name::Owned),
            distinct_from,
            facts: values,
            unsaid: kind.unsaid.clone(),
            region: kind.region.clone(),
            counted: kind.counted,
            done_at_regions: kind.sites.first().is_some_and(|site| site == "region"),
        })
    }

    fn side(&mut self, text: Option<&str>, kind: &KindRow, path: Arguments<'_>) -> Option<Side> {
        let text = text?;
        let side = Side::parse(text);
        // A side is never wrong on a kind without sides (the needle came from somewhere); it is only not used.
        let allowed = side.is_some_and(|side| kind.sides.is_empty() || kind.sides.contains(&side));
        if !allowed {
            let words: Vec<&str> = if kind.sides.is_empty() {
                Side::ALL.iter().map(|side| side.as_str()).collect()
            } else {
                kind.sides.iter().map(|side| side.as_str()).collect()
            };
            self.add(
                Violation::new(path.to_string(), Reason::UnknownValue, words.join(", "))
                    .echo(text)
                    .suggest(nearest(text, words.iter().copied())),
            );
            return None;
        }
        side
    }

    fn fact(&mut self, kind: &KindRow, name: &str, value: &RawValue, path: Arguments<'_>) -> Option<(Name, FactValue)> {
        let facts = self.facts;
        let Some(row) = facts.fact(&kind.kind, name) else {
            let allowed: Vec<&str> = facts.facts_of(&kind.kind).map(|row| row.fact.as_ref()).collect();
            let elsewhere = facts.kind_facts.values().flatten().any(|row| row.fact == name);
            let reason = if elsewhere {
                Reason::FactNotAllowed
            } else {
                Reason::UnknownFact
            };
            let near = nearest(name, allowed.iter().copied().chain(PROCEDURE_KEYS));
            self.add(
                Violation::new(
                    path.to_string(),
                    reason,
                    format!("a fact of {}: {}", kind.kind, allowed.join(", ")),
                )
                .suggest(near.filter(|near| *near != name)),
            );
            return None;
        };
        self.value(row, value, path).map(|value| (row.fact.clone(), value))
    }

    fn value(&mut self, row: &FactRow, value: &RawValue, path: Arguments<'_>) -> Option<FactValue> {
        let words = || row.values.iter().map(Name::as_ref).collect::<Vec<&str>>().join(", ");
        match (row.value_type, value) {
            (FactType::Word, RawValue::Word(word)) => {
                let known = published(&row.values, word);
                if known.is_none() {
                    self.unknown_word(row, word, path);
                }
                known.map(FactValue::Word)
            }
            (FactType::Words, RawValue::Words(list)) => {
                for (index, word) in list.iter().enumerate() {
                    if published(&row.values, word).is_none() {
                        self.unknown_word(row, word, format_args!("{path}[{index}]"));
                    }
                }
                Some(FactValue::Words(
                    row.values
                        .iter()
                        .filter(|known| list.iter().any(|word| *known == word))
                        .cloned()
                        .collect(),
                ))
            }
            (FactType::Flag, RawValue::Flag(flag)) => Some(FactValue::Flag(*flag)),
            (FactType::Number, RawValue::Number(number)) => {
                if !(0..=10_000).contains(number) {
                    self.add(Violation::new(
                        path.to_string(),
                        Reason::NumberOutOfRange,
                        "a whole number from 0 to 10000",
                    ));
                    return None;
                }
                Some(FactValue::Number(*number))
            }
            (FactType::Word, _) => self.wrong_type(path, format!("one of {}", words())),
            (FactType::Words, _) => self.wrong_type(path, format!("a list of {}", words())),
            (FactType::Flag, _) => self.wrong_type(path, "true or false".to_owned()),
            (FactType::Number, _) => self.wrong_type(path, "a whole number".to_owned()),
        }
    }

    fn wrong_type(&mut self, path: Arguments<'_>, expected: String) -> Option<FactValue> {
        self.add(Violation::new(path.to_string(), Reason::WrongType, expected));
        None
    }

    fn unknown_word(&mut self, row: &FactRow, word: &str, path: Arguments<'_>) {
        let words: Vec<&str> = row.values.iter().map(Name::as_ref).collect();
        self.add(
            Violation::new(path.to_string(), Reason::UnknownValue, words.join(", "))
                .echo(word)
                .suggest(nearest(word, words.iter().copied())),
        );
    }

    fn sites(&mut self, raw: &RawProcedure, kind: &KindRow, side: Option<Side>, path: Arguments<'_>) -> Vec<Site> {
        let mut sites: Vec<Site> = Vec::with_capacity(raw.sites.len() + raw.levels.len() + raw.nerves.len());
        if raw.sites.len() + raw.levels.len() + raw.nerves.len() > MOST_SITES {
            self.add(Violation::new(
                path.to_string(),
                Reason::TooMany,
                format!("at most {MOST_SITES} sites"),
            ));
            return sites;
        }
        for (index, site) in raw.sites.iter().enumerate() {
            let at = format_args!("{path}.sites[{index}]");
            let own = self.side(site.side.as_deref(), kind, format_args!("{at}.side"));
            if !kind.sites.iter().any(|allowed| *allowed == site.place_type) {
                self.add(Violation::new(
                    format!("{at}.{}", site.place_type),
                    Reason::WrongSiteType,
                    format!("{} is done at: {}", kind.kind, kind.sites.join(", ")),
                ));
                continue;
            }
            if let Some(place) = self.place(&site.place_type, &site.place, format_args!("{at}.{}", site.place_type)) {
                self.put(
                    &mut sites,
                    Site {
                        place,
                        side: own.or(side),
                    },
                    at,
                );
            }
        }
        let usual = kind.sites.first().map(Name::as_ref).unwrap_or("interspace");
        for (index, level) in raw.levels.iter().enumerate() {
            let at = format_args!("{path}.levels[{index}]");
            // A foramen is named by its root or by the interspace it belongs to.
            let as_interspace = usual == "foramen" && Interspace::parse(level).is_some();
            let usual = if as_interspace { "interspace" } else { usual };
            if let Some(place) = self.place(usual, level, at) {
                self.put(&mut sites, Site { place, side }, at);
            }
        }
        let nerves_allowed = kind.sites.iter().any(|allowed| allowed == "nerve");
        for (index, nerve) in raw.nerves.iter().enumerate() {
            let at = format_args!("{path}.nerves[{index}]");
            if !nerves_allowed {
                self.add(Violation::new(
                    at.to_string(),
                    Reason::WrongSiteType,
                    format!("{} is done at: {}", kind.kind, kind.sites.join(", ")),
                ));
                continue;
            }
            if let Some(place) = self.place("nerve", nerve, at) {
                self.put(&mut sites, Site { place, side }, at);
            }
        }
        self.nerves_serve_levels(&sites, raw, path);
        sites
    }

    /// Adds a site; the same place again joins the sides, unless one says less than the other.
    fn put(&mut self, sites: &mut Vec<Site>, site: Site, path: Arguments<'_>) {
        let Some(known) = sites.iter_mut().find(|known| known.place == site.place) else {
            sites.push(site);
            return;
        };
        match (known.side, site.side) {
            (Some(one), Some(other)) => {
                let ((left, right), (more_left, more_right)) = (one.halves(), other.halves());
                known.side = Some(Side::of_halves(left || more_left, right || more_right));
            }
            (None, None) => {}
            _ => self.add(Violation::new(
                path.to_string(),
                Reason::ConflictingSite,
                "one place given once, or each time with its side",
            )),
        }
    }

    fn place(&mut self, site_type: &str, text: &str, path: Arguments<'_>) -> Option<Place> {
        let text = text.trim();
        let (place, expected) = match site_type {
            "joint" => (
                Interspace::parse(text).map(Place::Joint),
                "an interspace, upper vertebra first, such as L4-L5",
            ),
            "interspace" => (
                Interspace::parse(text).map(Place::Interspace),
                "an interspace, upper vertebra first, such as L4-L5",
            ),
            "foramen" => (
                Root::parse(text).map(Place::Foramen),
                "a nerve root: C1-C8, T1-T12, L1-L5, S1-S5",
            ),
            "vertebra" => (
                Vertebra::parse(text)
                    .filter(|body| body.index() > 0)
                    .map(Place::Vertebra),
                "one vertebra: C1-C7, T1-T12, L1-L5, S1-S5",
            ),
            "nerve" => {
                let name = text.to_ascii_uppercase();
                (
                    published(&self.facts.nerve_names, &name).map(Place::Nerve),
                    "a nerve of the facet joints, such as L4 or TON",
                )
            }
            "region" => {
                let name = text.to_ascii_lowercase();
                let known = published(&self.facts.region_names, &name).map(Place::Region);
                if known.is_none() {
                    let words: Vec<&str> = self.facts.region_names.iter().map(Name::as_ref).collect();
                    self.add(
                        Violation::new(path.to_string(), Reason::UnknownValue, words.join(", "))
                            .echo(text)
                            .suggest(nearest(&name, words.iter().copied())),
                    );
                }
                return known;
            }
            _ => (None, "a place of the published list"),
        };
        if place.is_none() {
            self.add(Violation::new(path.to_string(), Reason::ImpossibleLevel, expected).echo(text));
        }
        place
    }

    /// Where joints and nerves are both named, each must serve the other, under any way of naming.
    fn nerves_serve_levels(&mut self, sites: &[Site], raw: &RawProcedure, path: Arguments<'_>) {
        let serves = |joint: &Interspace, nerve: &Name| {
            self.facts
                .nerves
                .iter()
                .any(|row| row.joint == *joint && row.nerves.contains(nerve))
        };
        let joints: Vec<&Interspace> = sites
            .iter()
            .filter_map(|site| {
                if let Place::Joint(joint) = &site.place {
                    Some(joint)
                } else {
                    None
                }
            })
            .collect();
        let nerves: Vec<&Name> = sites
            .iter()
            .filter_map(|site| {
                if let Place::Nerve(nerve) = &site.place {
                    Some(nerve)
                } else {
                    None
                }
            })
            .collect();
        if joints.is_empty() || nerves.is_empty() {
            return;
        }
        let idle_nerve = nerves
            .iter()
            .find(|nerve| !joints.iter().any(|joint| serves(joint, nerve)));
        let idle_joint = joints
            .iter()
            .find(|joint| !nerves.iter().any(|nerve| serves(joint, nerve)));
        if idle_nerve.is_some() || idle_joint.is_some() {
            let field = if raw.nerves.is_empty() { "sites" } else { "nerves" };
            let expected = match (idle_nerve, idle_joint) {
                (Some(nerve), _) => format!("nerves that serve the levels named; {nerve} serves none of them"),
                (None, Some(joint)) => format!("nerves that serve the levels named; none serves {joint}"),
                (None, None) => String::new(),
            };
            let violation = Violation::new(format!("{path}.{field}"), Reason::NervesContradictLevels, expected);
            self.add(violation);
        }
    }

    /// One site of one kind twice in a session with different facts is a contradiction, not two services.
    fn conflicting_sites(&mut self, procedures: &[Procedure]) {
        for (at, later) in procedures.iter().enumerate() {
            for (before, earlier) in procedures.iter().enumerate().take(at) {
                let differs = later
                    .facts
                    .iter()
                    .find(|(fact, value)| earlier.fact(fact).is_some_and(|other| other != value))
                    .map(|(fact, _)| fact);
                let Some(fact) = differs else { continue };
                let Some(place) = shared_site(earlier, later, |site| site.side, |site| site.side) else {
                    continue;
                };
                let violation = Violation::new(
                    format!("procedures[{at}]"),
                    Reason::ConflictingSite,
                    format!("{place} given once; procedures[{before}] names it with another {fact}"),
                );
                self.add(violation);
                break;
            }
        }
    }
}

/// A site that two procedures of one counted kind and session share, under given sides.
pub fn shared_site<'p>(
    earlier: &'p Procedure,
    later: &Procedure,
    side_of_earlier: impl Fn(&Site) -> Option<Side>,
    side_of_later: impl Fn(&Site) -> Option<Side>,
) -> Option<&'p Place> {
    let same_session = earlier.counted
        && earlier.kind == later.kind
        && earlier.encounter == later.encounter
        && earlier.performed_by == later.performed_by;
    let shared = |site: &&Site| {
        later
            .sites
            .iter()
            .any(|other| other.place == site.place && sides_meet(side_of_earlier(site), side_of_later(other)))
    };
    earlier
        .sites
        .iter()
        .filter(|_| same_session)
        .find(shared)
        .map(|site| &site.place)
}

fn sides_meet(one: Option<Side>, other: Option<Side>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            let ((left, right), (other_left, other_right)) = (one.halves(), other.halves());
            one == other || (left && other_left) || (right && other_right)
        }
        _ => true,
    }
}

const POSITIONS: [&str; 16] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15",
];

/// The id of a procedure that has none: its position, without an allocation for the usual few.
fn position_id(at: usize) -> Name {
    POSITIONS
        .get(at)
        .map_or_else(|| Name::Owned(at.to_string()), |text| Name::Borrowed(text))
}
