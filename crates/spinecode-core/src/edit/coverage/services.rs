//! The services that count: the claim's own lines, those of the person's other claims of the call, and the history.

use crate::case::Setting;
use crate::code::{Code, Modifier};
use crate::date::ServiceDate;
use crate::edit::desk::{At, Desk};
use crate::edit::read::{Claim, ClaimLine};
use crate::edit::sides::{Sides, units_as_sides};
use crate::facts::coverage::{CodeUse, Coverage, Ordinal, Span};

/// One service.
#[derive(Clone, Debug)]
pub(super) struct Service<'a> {
    /// Where it stands; `None`: in the history.
    pub(super) at: Option<At>,
    pub(super) line: &'a ClaimLine,
    pub(super) code: Code,
    pub(super) known: &'a CodeUse,
    /// Who sent it; `None`: the history does not say.
    setting: Option<Setting>,
    /// Groups on its date, as bits.
    pub(super) groups: u64,
    /// Topics on its date, as bits.
    pub(super) topics: u64,
    /// Its levels.
    pub(super) ordinal: Option<Ordinal>,
    /// Its code region; where regions meet at a treated junction, the one it counts with.
    pub(super) region: Option<usize>,
    pub(super) sides: Sides,
}

impl<'a> Service<'a> {
    fn of(at: Option<At>, claim: &Claim, line: &'a ClaimLine, claim_at: usize, desk: &Desk<'a>) -> Option<Self> {
        let coverage = &desk.facts.coverage;
        let code = line.code.filter(|_| line.left_out.is_none())?;
        let known = coverage.codes.get(&code)?;
        let on = line.date;
        let memberships = || known.groups.iter().filter(|one| one.window.holds(on));
        let ordinal = known.ordinals.iter().find(|one| one.window.holds(on)).copied();
        let profile = desk.profiles.get(claim_at).map(|(profile, _)| *profile)?;
        let view = desk.view(on);
        let row = desk.facts.code(code, view);
        let doubled = row.is_some_and(|row| units_as_sides(profile, view, claim.setting, row));
        Some(Self {
            at,
            line,
            code,
            known,
            setting: at.map(|_| claim.setting),
            groups: memberships().fold(0, |bits, one| bits | one.group),
            topics: memberships().fold(0, |bits, one| bits | one.topic),
            ordinal,
            region: ordinal.and_then(|ordinal| ordinal.region),
            sides: Sides::read(line, &profile.modifiers, doubled),
        })
    }

    pub(super) fn on(&self) -> ServiceDate {
        self.line.date
    }

    pub(super) fn setting(&self) -> Option<Setting> {
        self.setting
    }

    pub(super) fn carries(&self, modifiers: &[Modifier]) -> bool {
        modifiers.iter().any(|modifier| self.line.has(*modifier))
    }

    /// Its first level: 1 for first and only codes.
    pub(super) fn first_level(&self) -> u32 {
        self.ordinal.map_or(1, |ordinal| ordinal.from)
    }

    /// Whether both may have been done on one side.
    pub(super) fn shares_side(&self, other: &Self) -> bool {
        let (one, other) = (self.sides, other.sides);
        let untold = |sides: Sides| sides.left == 0 && sides.right == 0;
        untold(one) || untold(other) || (one.left > 0 && other.left > 0) || (one.right > 0 && other.right > 0)
    }

    fn same_line(&self, other: &Self) -> bool {
        let (one, other) = (self.line, other.line);
        one.date == other.date
            && one.code == other.code
            && one.units == other.units
            && one.modifiers.len() == other.modifiers.len()
            && one.modifiers.iter().all(|modifier| other.has(*modifier))
    }
}

/// The services of a person, seen from one claim and one date.
#[derive(Clone)]
pub(super) struct Services<'a> {
    pub(super) coverage: &'a Coverage,
    claim: usize,
    setting: Setting,
    /// Whether earlier services were given at all.
    pub(super) history: bool,
    /// The date that is judged.
    pub(super) date: ServiceDate,
    /// By date.
    all: std::rc::Rc<Vec<Service<'a>>>,
}

impl<'a> Services<'a> {
    /// Those that a claim must know of, seen from a date.
    pub(super) fn of(claim_at: usize, date: ServiceDate, desk: &Desk<'a>) -> Self {
        let mut all: Vec<Service<'a>> = Vec::new();
        let mut history = false;
        let mut setting = Setting::Undetermined;
        if let Some(claim) = desk.claims.get(claim_at) {
            setting = claim.setting;
            all.extend(of_lines(claim, claim_at, desk));
            // The same service may come again from elsewhere: the facility's claim, or a history that holds this call's claims.
            let mut add = |service: Service<'a>| {
                if !all.iter().any(|known| known.same_line(&service)) {
                    all.push(service);
                }
            };
            for (other_at, other) in desk.claims.iter().enumerate() {
                let same_person = claim.person.is_some() && claim.person == other.person && !desk.alone;
                if other_at != claim_at && same_person {
                    of_lines(other, other_at, desk).for_each(&mut add);
                }
            }
            if let Some(lines) = &claim.history {
                history = true;
                (lines.iter())
                    .filter_map(|line| Service::of(None, claim, line, claim_at, desk))
                    .for_each(&mut add);
            }
        }
        all.sort_by_key(Service::on);
        for day in all.chunk_by_mut(|one, other| one.on() == other.on()) {
            join_regions(day);
        }
        Self {
            coverage: &desk.facts.coverage,
            claim: claim_at,
            setting,
            history,
            date,
            all: all.into(),
        }
    }

    /// The same services, seen from a date.
    pub(super) fn on(&self, date: ServiceDate) -> Self {
        Self { date, ..self.clone() }
    }

    /// Those of the date.
    pub(super) fn today(&self) -> impl Iterator<Item = &Service<'a>> {
        self.within(Span::Day)
    }

    /// Those of a span that ends on the date.
    pub(super) fn within(&self, span: Span) -> impl Iterator<Item = &Service<'a>> {
        self.all
            .iter()
            .filter(move |service| span.holds(service.on(), self.date))
    }

    /// The claim's own of the date.
    pub(super) fn own(&self) -> impl Iterator<Item = &Service<'a>> {
        (self.today()).filter(|service| service.at.is_some_and(|at| at.claim == self.claim))
    }

    /// Those of the date that were sent as this claim was: a facility and a clinician both report one service.
    pub(super) fn alike(&self) -> impl Iterator<Item = &Service<'a>> {
        self.today().filter(|service| service.setting == Some(self.setting))
    }
}

fn of_lines<'a>(claim: &'a Claim, claim_at: usize, desk: &Desk<'a>) -> impl Iterator<Item = Service<'a>> {
    claim.lines.iter().enumerate().filter_map(move |(line_at, line)| {
        let at = At {
            claim: claim_at,
            line: line_at,
        };
        Service::of(Some(at), claim, line, claim_at, desk)
    })
}

/// A first code of one region whose next level lies in another is one region with it: the two met at a treated junction.
fn join_regions(day: &mut [Service<'_>]) {
    let of_group = |one: &Service<'_>, other: &Service<'_>| one.groups & other.groups != 0;
    let lone = |one: &Service<'_>, first: bool, day: &[Service<'_>]| {
        let mut others = day
            .iter()
            .filter(|other| of_group(one, other) && other.region == one.region);
        (one.first_level() == 1) == first && others.all(|other| (other.first_level() == 1) == first)
    };
    let next = day
        .iter()
        .find(|one| one.region.is_some() && lone(one, false, day))
        .cloned();
    let Some(next) = next else { return };
    let first = (day.iter()).position(|one| {
        one.region.is_some() && one.region != next.region && of_group(one, &next) && lone(one, true, day)
    });
    if let Some(one) = first.and_then(|at| day.get_mut(at)) {
        one.region = next.region;
    }
}
