//! What is to be seen: which acts, at which places and halves, with which codes. Derived from the kinds and places of the
//! case and from the lines of its answer, so that a new family is drawn as soon as its rows are there.

use crate::anatomy::{Interspace, Place, Root, Side, Vertebra};
use crate::answer::{CodedCase, Line, Status};
use crate::case::{Case, FactValue, Procedure, Site};
use crate::drawing::spine::{Half, Spot};
use crate::facts::{Facts, NerveRow};
use crate::name::Name;

/// All that the picture shows.
pub(super) struct Plan {
    /// Date of service.
    pub(super) date: String,
    /// Whether it could be coded.
    pub(super) status: Status,
    /// What was done, in the order of the published kinds.
    pub(super) acts: Vec<Act>,
    /// Where.
    pub(super) marks: Vec<Mark>,
    /// What is asked.
    pub(super) questions: Vec<String>,
    /// Interspaces that are named, for the transitional ones among them.
    pub(super) named: Vec<Interspace>,
}

/// All procedures of one kind.
pub(super) struct Act {
    /// Our own label of the kind.
    pub(super) label: Name,
    /// Which colour and pattern.
    pub(super) slot: usize,
    /// Its lines, as billed.
    pub(super) lines: Vec<String>,
    /// Places that are not on the spine, and places unsaid.
    pub(super) aside: Vec<String>,
}

/// One place of one act, on one half.
#[derive(Clone, PartialEq)]
pub(super) struct Mark {
    /// Position of the act.
    pub(super) act: usize,
    /// Where.
    pub(super) spot: Spot,
    /// On which half.
    pub(super) half: Half,
    /// Side and level are known.
    pub(super) sure: bool,
    /// A joint that is treated by way of its nerves: shown round them.
    pub(super) ring: bool,
    /// What the place is called.
    pub(super) name: String,
    /// The codes that report it; a question mark where a question decides.
    pub(super) codes: Vec<String>,
    /// Whether it has a label of its own.
    pub(super) labelled: bool,
}

/// Colours and patterns that differ from each other.
pub(super) const SLOTS: usize = 7;

impl Plan {
    /// The plan of a case and its answer.
    pub(super) fn of(facts: &Facts, case: &Case, coded: &CodedCase) -> Self {
        let mut kinds: Vec<(usize, &Name)> = case
            .procedures
            .iter()
            .filter_map(|one| Some((*facts.kinds_by_name.get(&one.kind)?, &one.kind)))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        let named: Vec<Interspace> = case
            .procedures
            .iter()
            .flat_map(|one| &one.sites)
            .filter_map(|site| match &site.place {
                Place::Joint(space) | Place::Interspace(space) => Some(*space),
                Place::Vertebra(body) if body.is_transitional() => Interspace::new(*body, Vertebra::parse("S1")?),
                _ => None,
            })
            .collect();
        let mut plan = Self {
            date: case.date.to_string(),
            status: coded.status,
            acts: Vec::with_capacity(kinds.len()),
            marks: Vec::new(),
            questions: Vec::with_capacity(coded.questions.len()),
            named,
        };
        let several = kinds.len() > 1;
        for question in &coded.questions {
            let procedure = case.procedures.iter().find(|one| one.id == question.procedure);
            let label = procedure.and_then(|one| facts.kind(&one.kind)).map(|row| &row.label);
            // The same question of two kinds is two questions.
            let text = match label.filter(|_| several) {
                Some(label) => format!("{label}: {}", question.text),
                None => question.text.to_string(),
            };
            if !plan.questions.contains(&text) {
                plan.questions.push(text);
            }
        }
        for (at, kind) in kinds {
            plan.act(facts, case, coded, at, kind);
        }
        plan.marks.sort_by(|a, b| {
            let key = |mark: &Mark| (mark.act, mark.name.clone(), mark.half);
            key(a).cmp(&key(b))
        });
        plan
    }

    fn act(&mut self, facts: &Facts, case: &Case, coded: &CodedCase, at: usize, kind: &Name) {
        let procedures: Vec<&Procedure> = case.procedures.iter().filter(|one| one.kind == *kind).collect();
        let mut maker = Maker {
            facts,
            coded,
            named: &self.named,
            act: self.acts.len(),
            marks: Vec::new(),
            aside: Vec::new(),
        };
        for procedure in &procedures {
            maker.procedure(procedure);
        }
        maker.aside.sort();
        maker.aside.dedup();
        let taken = |slot: &usize| self.acts.iter().any(|act| act.slot == *slot);
        // A kind keeps its colour from picture to picture, unless another of the same picture has it.
        let slot = (0..).map(|step| at % SLOTS + step).find(|slot| {
            let slot = if self.acts.len() < SLOTS { slot % SLOTS } else { *slot };
            !taken(&slot)
        });
        let slot = slot.unwrap_or_default();
        let ids: Vec<&Name> = procedures.iter().map(|one| &one.id).collect();
        self.acts.push(Act {
            label: facts.kind(kind).map(|row| row.label.clone()).unwrap_or_default(),
            slot: if self.acts.len() < SLOTS { slot % SLOTS } else { slot },
            lines: lines(coded, &ids),
            aside: maker.aside,
        });
        for mark in maker.marks {
            match self.marks.iter_mut().find(|known| {
                (known.act, &known.spot, known.half, known.ring) == (mark.act, &mark.spot, mark.half, mark.ring)
            }) {
                Some(known) => {
                    known.sure &= mark.sure;
                    known.labelled |= mark.labelled;
                    for code in mark.codes {
                        if !known.codes.contains(&code) {
                            known.codes.push(code);
                        }
                    }
                }
                None => self.marks.push(mark),
            }
        }
    }

    /// Whether the spine has anything to show.
    pub(super) fn is_spinal(&self) -> bool {
        !self.marks.is_empty()
    }
}

struct Maker<'a> {
    facts: &'a Facts,
    coded: &'a CodedCase,
    named: &'a [Interspace],
    act: usize,
    marks: Vec<Mark>,
    aside: Vec<String>,
}

impl Maker<'_> {
    fn procedure(&mut self, one: &Procedure) {
        let side_asked = self.asked(one, "side");
        for site in &one.sites {
            self.site(one, site, side_asked);
        }
        self.joints_of_nerves(one);
        let mut elsewhere = false;
        for (_, value) in &one.facts {
            elsewhere |= self.regions_of_fact(one, value);
        }
        if one.sites.is_empty() {
            self.no_site(one, side_asked, elsewhere);
        }
    }

    fn asked(&self, one: &Procedure, what: &str) -> bool {
        let questions = &self.coded.questions;
        questions
            .iter()
            .any(|question| question.procedure == one.id && question.fact.contains(what))
    }

    fn site(&mut self, one: &Procedure, site: &Site, side_asked: bool) {
        let place = &site.place;
        let name = called(place);
        let Some(spot) = self.spot(one, place) else {
            let side = site.side.map_or_else(String::new, |side| format!(" {}", side.as_str()));
            self.aside.push(format!("{name}{side}"));
            return;
        };
        // A region is a place of its own only where levels do not count.
        let level_said = !matches!(place, Place::Region(_)) || one.done_at_regions || !one.counted;
        let name = if level_said {
            name
        } else {
            format!("{name}, which level?")
        };
        for (half, side_said) in halves(&spot, site.side, side_asked) {
            // Where no level is said, every line of the procedure may be meant.
            let codes = self.codes(one, half, |text| !level_said || self.reports(text, place));
            self.marks.push(Mark {
                act: self.act,
                spot: spot.clone(),
                half,
                sure: level_said && side_said,
                ring: false,
                name: sided(&name, half, side_said),
                codes,
                labelled: true,
            });
        }
    }

    /// Blocks of nerves are reported by the joints they serve: each joint is shown round its nerves and has the label.
    fn joints_of_nerves(&mut self, one: &Procedure) {
        let nerves: Vec<(&Name, Option<Side>)> = one
            .sites
            .iter()
            .filter_map(|site| match &site.place {
                Place::Nerve(name) => Some((name, site.side)),
                _ => None,
            })
            .collect();
        if nerves.is_empty() {
            return;
        }
        let mut joints: Vec<Interspace> = all_lines(self.coded)
            .filter(|line| line.procedures.contains(&one.id))
            .flat_map(|line| &line.sites)
            .filter_map(|site| Interspace::parse(site_parts(site).0))
            .collect();
        joints.sort_unstable();
        joints.dedup();
        for joint in joints {
            let spot = Spot::Joint(joint);
            for half in [Half::Left, Half::Right] {
                let here = nerves.iter().filter(|(_, side)| on(*side, half)).map(|(name, _)| *name);
                let serving = self.serving(joint, &here.collect::<Vec<_>>());
                let codes = self.codes(one, half, |text| text == joint.to_string());
                let known = self.marks.iter().any(|mark| mark.spot == spot && mark.half == half);
                if serving.is_empty() || codes.is_empty() || known {
                    continue;
                }
                for mark in self.marks.iter_mut().filter(|mark| mark.half == half) {
                    mark.labelled &= !serving.iter().any(|name| mark.name.split(' ').next() == Some(name));
                }
                let sure = nerves.iter().all(|(_, side)| side.is_some());
                let names: Vec<&str> = serving.iter().map(|name| name.as_ref()).collect();
                let name = format!("{joint} ({})", names.join(" "));
                self.marks.push(Mark {
                    act: self.act,
                    spot: spot.clone(),
                    half,
                    sure,
                    ring: true,
                    name: sided(&name, half, sure),
                    codes,
                    labelled: true,
                });
            }
        }
    }

    /// Regions that a fact names (imaged, read ...); whether there were any.
    fn regions_of_fact(&mut self, one: &Procedure, value: &FactValue) -> bool {
        let FactValue::Words(words) = value else {
            return false;
        };
        let mut any = false;
        for word in words.iter().filter(|word| self.facts.region_names.contains(word)) {
            if let Some(spot) = landmark(word) {
                any = true;
                let codes = self.codes(one, Half::Middle, |text| text == word);
                self.marks.push(Mark {
                    act: self.act,
                    spot,
                    half: Half::Middle,
                    sure: true,
                    ring: false,
                    name: spoken(word),
                    codes,
                    labelled: true,
                });
            }
        }
        any
    }

    /// A procedure without a site: where its published name, or its usual region, says.
    fn no_site(&mut self, one: &Procedure, side_asked: bool, elsewhere: bool) {
        let told = one.facts.iter().filter(|(fact, _)| WHERE.contains(&fact.as_ref()));
        let told = told.filter_map(|(_, value)| match value {
            FactValue::Word(word) => Some((
                interspace(word).map(Spot::Space).or_else(|| landmark(word))?,
                Some(word),
            )),
            _ => None,
        });
        let named = landmark(&one.kind).or_else(|| one.region.as_deref().and_then(landmark));
        let (spot, word) = told.into_iter().next().unzip();
        let (spot, word) = (spot.or(named), word.flatten());
        let Some(spot) = spot else {
            // Facts may have said where.
            if !elsewhere && one.counted {
                self.aside.push("levels not said".to_owned());
            } else if let Some(side) = one.side {
                self.aside.push(side.as_str().to_owned());
            }
            return;
        };
        let name = match spot {
            Spot::Stretch(..) if one.counted => "level not said".to_owned(),
            Spot::Stretch(first, last) => word.map_or_else(|| format!("{first} to {last}"), |word| spoken(word)),
            Spot::Sacroiliac => "sacroiliac joint".to_owned(),
            Spot::Coccyx => "coccyx".to_owned(),
            Spot::Space(space) => space.to_string(),
            _ => "sacral hiatus".to_owned(),
        };
        for (half, side_said) in halves(&spot, one.side, side_asked) {
            let codes = self.codes(one, half, |_| true);
            self.marks.push(Mark {
                act: self.act,
                spot: spot.clone(),
                half,
                sure: side_said && !one.counted,
                ring: false,
                name: sided(&name, half, side_said),
                codes,
                labelled: true,
            });
        }
    }

    fn spot(&self, one: &Procedure, place: &Place) -> Option<Spot> {
        match place {
            Place::Joint(space) => Some(Spot::Joint(*space)),
            // What is done at foramina may be named by interspaces.
            Place::Interspace(space) if self.usual_site(one) == Some("foramen") => {
                let root = Root::all().find(|root| root.interspace() == Some(*space));
                Some(root.map_or(Spot::Space(*space), Spot::Foramen))
            }
            Place::Interspace(space) => Some(Spot::Space(*space)),
            Place::Foramen(root) => Some(Spot::Foramen(*root)),
            Place::Vertebra(body) => Some(Spot::Body(*body)),
            Place::Nerve(name) => self.nerve(name),
            // A kind that names its own spot is done there, whatever the region round it is called.
            Place::Region(name) => landmark(&one.kind).filter(is_point).or_else(|| landmark(name)),
            // Of muscles, limb joints and bursae only these lie here.
            Place::Structure(name) => landmark(name).filter(is_point),
        }
    }

    fn usual_site(&self, one: &Procedure) -> Option<&str> {
        self.facts.kind(&one.kind)?.sites.first().map(Name::as_ref)
    }

    /// Where a nerve crosses bone: the table of joints has them in order, so the first of a joint lies on its upper
    /// vertebra, the last on its lower one, and an only one on the joint.
    fn nerve(&self, name: &Name) -> Option<Spot> {
        if let Some(root) = Root::parse(name).filter(|root| root.parts().0 == 'S') {
            return Some(Spot::Lateral(root));
        }
        let fits = |row: &&NerveRow| self.named.contains(&row.joint) || !row.joint.is_transitional();
        let rows = || self.facts.nerves.iter().filter(fits);
        let usual = rows().filter(|row| row.usual).chain(rows().filter(|row| !row.usual));
        usual.into_iter().find_map(|row| {
            let first = row.nerves.first() == Some(name);
            let last = row.nerves.last() == Some(name);
            match (first, last) {
                (true, true) => Some(Spot::AtJoint(row.joint)),
                (true, false) => Some(Spot::Branch(row.joint.upper())),
                (false, true) => Some(Spot::Branch(row.joint.lower())),
                (false, false) => None,
            }
        })
    }

    /// Of these nerves those that serve a joint: named the usual way where all of them are there, else any way.
    fn serving<'n>(&self, joint: Interspace, nerves: &[&'n Name]) -> Vec<&'n Name> {
        let of_joint = || self.facts.nerves.iter().filter(|row| row.joint == joint);
        let whole = of_joint().find(|row| row.usual && row.nerves.iter().all(|name| nerves.contains(&name)));
        let any = |name: &Name| of_joint().any(|row| row.nerves.contains(name));
        let serving = nerves.iter().copied();
        serving
            .filter(|name| whole.map_or_else(|| any(name), |row| row.nerves.contains(name)))
            .collect()
    }

    fn serves(&self, nerve: &Name, joint: Interspace) -> bool {
        let mut rows = self.facts.nerves.iter();
        rows.any(|row| row.joint == joint && row.nerves.contains(nerve))
    }

    /// Whether a line's site, as its text names it, is this place as the family counts it.
    fn reports(&self, text: &str, place: &Place) -> bool {
        text == place.to_string()
            || match place {
                Place::Foramen(root) => root.interspace().is_some_and(|space| text == space.to_string()),
                Place::Joint(joint) => self
                    .facts
                    .nerve_names
                    .iter()
                    .any(|name| name == text && self.serves(name, *joint)),
                _ => false,
            }
    }

    /// Codes of the lines that report a place; where none names its sites, those of the procedure's lines.
    fn codes(&self, one: &Procedure, half: Half, reports: impl Fn(&str) -> bool) -> Vec<String> {
        let at_site = |line: &Line| {
            line.sites.iter().any(|site| {
                let (text, side) = site_parts(site);
                reports(text) && on(side, half)
            })
        };
        let found = codes(self.coded, &one.id, at_site);
        if found.is_empty() {
            return codes(self.coded, &one.id, |line| line.sites.is_empty());
        }
        found
    }
}

/// Halves of a place that a side covers, each with whether that is known.
fn halves(spot: &Spot, side: Option<Side>, asked: bool) -> Vec<(Half, bool)> {
    let lateral = !matches!(
        spot,
        Spot::Space(_) | Spot::Body(_) | Spot::Stretch(..) | Spot::Hiatus | Spot::Coccyx
    );
    let whole = matches!(spot, Spot::Space(_) | Spot::Body(_));
    if matches!(spot, Spot::Hiatus | Spot::Coccyx) {
        return vec![(Half::Middle, true)];
    }
    match side {
        Some(Side::Left) => vec![(Half::Left, true)],
        Some(Side::Right) => vec![(Half::Right, true)],
        Some(Side::Bilateral) if whole => vec![(Half::Middle, true)],
        Some(Side::Bilateral) => vec![(Half::Left, true), (Half::Right, true)],
        Some(Side::Midline) => vec![(Half::Middle, true)],
        None if lateral || asked => vec![(Half::Left, false), (Half::Right, false)],
        None => vec![(Half::Middle, true)],
    }
}

/// A place's name, with the half it may be on where that is not known.
fn sided(name: &str, half: Half, side_said: bool) -> String {
    match half {
        Half::Left if !side_said => format!("{name} left?"),
        Half::Right if !side_said => format!("{name} right?"),
        _ => name.to_owned(),
    }
}

/// Whether something on a side touches a half.
fn on(side: Option<Side>, half: Half) -> bool {
    let Some(side) = side else { return true };
    let (left, right) = side.halves();
    match half {
        Half::Left => left,
        Half::Right => right,
        Half::Middle => true,
    }
}

/// Facts that say where something was done, of kinds that may be without sites.
const WHERE: [&str; 2] = ["target", "approach"];

fn is_point(spot: &Spot) -> bool {
    !matches!(spot, Spot::Stretch(..))
}

/// The place on the spine that a published word names.
fn landmark(word: &str) -> Option<Spot> {
    let word = word.to_ascii_lowercase();
    let holds = |part: &str| word.contains(part);
    if holds("sacroiliac") {
        return Some(Spot::Sacroiliac);
    }
    if holds("caudal") {
        return Some(Spot::Hiatus);
    }
    if holds("coccy") || holds("impar") {
        return Some(Spot::Coccyx);
    }
    // Plexuses and ganglia in front of the spine, by the vertebrae behind them.
    let before = [
        ("stellate", "C6", "T1"),
        ("celiac", "T12", "L1"),
        ("splanchnic", "T11", "T12"),
        ("hypogastric", "L5", "S1"),
    ];
    if let Some((_, first, last)) = before.iter().find(|(part, ..)| word.contains(part)) {
        return Some(Spot::Stretch(Vertebra::parse(first)?, Vertebra::parse(last)?));
    }
    let parts = [
        ("cervi", "C1", "C7"),
        ("thora", "T1", "T12"),
        ("lumb", "L1", "L5"),
        ("sacr", "S1", "S5"),
    ];
    let mut named = parts.iter().filter(|(part, ..)| word.contains(part));
    let first = named.next()?;
    let last = named.next_back().unwrap_or(first);
    Some(Spot::Stretch(Vertebra::parse(first.1)?, Vertebra::parse(last.2)?))
}

/// An interspace that a published word names: `c1_c2`.
fn interspace(word: &str) -> Option<Interspace> {
    Interspace::parse(&word.replace('_', "-"))
}

/// A published word as people write it.
fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

fn called(place: &Place) -> String {
    match place {
        Place::Region(name) | Place::Structure(name) => spoken(name),
        place => place.to_string(),
    }
}

/// The text of a site of a line: its place, and its side where it has one.
fn site_parts(site: &str) -> (&str, Option<Side>) {
    match site.rsplit_once(' ').map(|(place, side)| (place, Side::parse(side))) {
        Some((place, Some(side))) => (place, Some(side)),
        _ => (site, None),
    }
}

fn all_lines(coded: &CodedCase) -> impl Iterator<Item = &Line> {
    let possible = coded.codings.iter().flat_map(|coding| &coding.reported);
    coded.reported.iter().chain(possible)
}

/// Codes of those lines of a procedure; with a question mark where not every coding that remains possible has them.
fn codes(coded: &CodedCase, id: &Name, wanted: impl Fn(&Line) -> bool) -> Vec<String> {
    let wanted = |line: &&Line| line.procedures.contains(id) && wanted(line);
    let mut found: Vec<String> = Vec::new();
    let mut add = |code: String| {
        if !found.contains(&code) {
            found.push(code);
        }
    };
    for line in coded.reported.iter().filter(wanted) {
        add(line.code.to_string());
    }
    for line in coded
        .codings
        .iter()
        .flat_map(|coding| coding.reported.iter().filter(wanted))
    {
        let everywhere = coded.codings.iter().all(|coding| {
            coding
                .reported
                .iter()
                .any(|other| other.procedures.contains(id) && other.code == line.code)
        });
        add(format!("{}{}", line.code, if everywhere { "" } else { "?" }));
    }
    // The order in which the case was written shows nowhere.
    found.sort();
    found
}

/// Lines of an act as they are billed, or the codes that remain possible.
fn lines(coded: &CodedCase, ids: &[&Name]) -> Vec<String> {
    let ours = |line: &&Line| line.procedures.iter().any(|id| ids.contains(&id));
    let mut found: Vec<String> = Vec::new();
    for line in coded.billed.iter().filter(ours) {
        // Who performed it stays out of the picture: a name would be the caller's own words.
        let mut text = line.code.to_string();
        for modifier in &line.modifiers {
            text.push('-');
            text.push_str(modifier.as_str());
        }
        if line.units != 1 {
            text.push_str(&format!(" \u{d7}{}", line.units));
        }
        found.push(text);
    }
    for id in ids {
        for code in codes(coded, id, |_| coded.billed.is_empty()) {
            if !found.contains(&code) {
                found.push(code);
            }
        }
    }
    found.sort();
    found
}
