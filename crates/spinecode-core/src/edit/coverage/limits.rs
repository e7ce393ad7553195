//! The kinds of limits, each over the services of one date.

use super::services::{Service, Services};
use super::{Args, Broken};
use crate::code::Code;
use crate::date::ServiceDate;
use crate::edit::desk::At;
use crate::edit::sides::Sides;
use crate::facts::coverage::{LimitKind, Ordinal, PolicyLimitRow, Scope, Span};
use crate::name::Name;

/// What a limit says of a date.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) broken: Vec<Broken>,
    /// Lines for which it hangs on earlier services that were not given.
    pub(super) no_history: Vec<At>,
}

/// Judges one limit.
pub(super) fn judge<'s>(limit: &'s PolicyLimitRow, services: &'s Services<'_>) -> Judged {
    let mut judged = Judged::default();
    let own: Vec<&Service<'_>> = services.own().filter(|one| one.groups & limit.group != 0).collect();
    let look = Look { limit, services };
    match limit.kind {
        LimitKind::Levels if limit.span == Span::Day => look.levels(&own, &mut judged),
        LimitKind::Levels => look.lifetime_levels(&own, &mut judged),
        LimitKind::Sessions => look.sessions(&own, &mut judged),
        LimitKind::Units => look.units(&own, &mut judged),
        LimitKind::Interval => look.interval(&own, &mut judged),
        LimitKind::Earlier => look.earlier(&own, &mut judged),
        LimitKind::Regions => look.regions(&own, &mut judged),
        LimitKind::Modifier => {
            for one in own.iter().filter(|one| !one.carries(&limit.with)) {
                let modifier = limit.with.first().map(|modifier| Name::Owned(modifier.to_string()));
                judged.one(one, vec![("modifier", modifier.unwrap_or_default())]);
            }
        }
        LimitKind::ModifierAlike => look.modifier_alike(&own, &mut judged),
        LimitKind::OneSide => look.one_side(&own, &mut judged),
        LimitKind::NotIn | LimitKind::OnlyIn => look.place(&own, &mut judged),
        LimitKind::NotCovered => {
            for one in own {
                judged.one(one, Vec::new());
            }
        }
        LimitKind::Beside => look.beside(&mut judged),
    }
    judged
}

impl Judged {
    /// One line that must change.
    fn one(&mut self, service: &Service<'_>, args: Args) {
        self.several(&[service], args);
    }

    /// Lines that must all change.
    fn several(&mut self, services: &[&Service<'_>], args: Args) {
        let all = services.len();
        self.some(services, all, args);
    }

    /// Lines of which the first `change` must change.
    fn some(&mut self, services: &[&Service<'_>], change: usize, mut args: Args) {
        let lines: Vec<At> = services.iter().filter_map(|one| one.at).collect();
        if let Some(first) = services.first() {
            args.push(("code", Name::Owned(first.code.to_string())));
        }
        self.broken.push(Broken { lines, change, args });
    }

    fn unknown(&mut self, own: &[&Service<'_>]) {
        self.no_history.extend(own.iter().filter_map(|one| one.at));
    }
}

/// Added up; a claim may say any number of units.
fn total(counts: impl Iterator<Item = u32>) -> u32 {
    counts.fold(0, u32::saturating_add)
}

fn number(value: impl ToString) -> Name {
    Name::Owned(value.to_string())
}

/// One limit over the services of one date.
#[derive(Clone, Copy)]
struct Look<'s, 'a> {
    limit: &'s PolicyLimitRow,
    services: &'s Services<'a>,
}

impl<'s, 'a> Look<'s, 'a> {
    /// The regions of the claim's own services, each once; one for the whole session where regions do not matter.
    fn scopes<'o>(&self, own: &'o [&Service<'_>]) -> impl Iterator<Item = Option<usize>> + 'o {
        let session = self.limit.scope == Scope::Session;
        let known = move |at: usize, region| own.iter().take(at).any(|one| session || one.region == region);
        (own.iter().enumerate())
            .filter(move |(at, one)| !known(*at, one.region))
            .map(move |(_, one)| one.region.filter(|_| !session))
    }

    fn in_scope(&self, service: &Service<'_>, region: Option<usize>) -> bool {
        self.limit.scope == Scope::Session || service.region == region
    }

    /// The services of the limit's codes in a scope.
    fn of_group(
        &self,
        services: impl Iterator<Item = &'s Service<'a>>,
        region: Option<usize>,
    ) -> impl Iterator<Item = &'s Service<'a>> {
        let look = *self;
        services.filter(move |one| one.groups & look.limit.group != 0 && look.in_scope(one, region))
    }

    /// The arguments that every limit has.
    fn args(&self, count: Option<u32>, region: Option<usize>) -> Args {
        let mut args: Args = Vec::new();
        if let Some(count) = count {
            args.push(("count", number(count)));
        }
        if self.limit.limit > 0 {
            args.push(("limit", number(self.limit.limit)));
        }
        if self.limit.span != Span::Day {
            args.push(("window", Name::Owned(self.limit.span.text())));
        }
        if let Some(name) = region.and_then(|at| self.services.coverage.regions.get(at)) {
            args.push(("region", name.clone()));
        }
        args
    }

    /// Whether a session, the limit's services of one date, is of the kind that is counted.
    fn counts(&self, session: &[&Service<'_>]) -> bool {
        let carried = |modifiers: &[_]| session.iter().any(|one| one.carries(modifiers));
        (self.limit.with.is_empty() || carried(&self.limit.with)) && !carried(&self.limit.without)
    }

    /// The dates of counted sessions in a span, the last one last.
    fn dates(&self, span: Span, region: Option<usize>) -> Vec<ServiceDate> {
        let all: Vec<&Service<'_>> = self.of_group(self.services.within(span), region).collect();
        let sessions = all.chunk_by(|one, other| one.on() == other.on());
        let counted = sessions.filter(|session| self.counts(session));
        counted
            .filter_map(|session| session.first())
            .map(|one| one.on())
            .collect()
    }

    fn levels(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        for region in self.scopes(own) {
            let tallies = tally(self.of_group(self.services.alike(), region));
            let count = if self.limit.scope == Scope::Session {
                total(tallies.iter().map(Tally::levels))
            } else {
                tallies.iter().map(Tally::last).max().unwrap_or_default()
            };
            if count <= self.limit.limit {
                continue;
            }
            // The codes of the highest levels go first.
            let mut lines: Vec<&Service<'_>> = self.of_group(own.iter().copied(), region).collect();
            lines.sort_by_key(|one| std::cmp::Reverse(one.first_level()));
            let last = |one: &&Service<'_>| {
                tallies
                    .iter()
                    .find(|tally| tally.code == one.code)
                    .map_or(0, Tally::last)
            };
            let over = lines.iter().filter(|one| last(one) > self.limit.limit).count();
            judged.some(&lines, over.max(1), self.args(Some(count), region));
        }
    }

    fn lifetime_levels(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        let all: Vec<&Service<'_>> = self.of_group(self.services.within(self.limit.span), None).collect();
        let sessions = all.chunk_by(|one, other| one.on() == other.on());
        let count = sessions.map(|session| total(tally(session.iter().copied()).iter().map(Tally::levels)));
        self.over(total(count), own, None, judged);
    }

    fn sessions(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        let carried = |one: &Service<'_>| one.groups & self.limit.group != 0 && one.carries(&self.limit.with);
        if !self.limit.with.is_empty() && !self.services.today().any(carried) {
            return;
        }
        for region in self.scopes(own) {
            let here: Vec<&Service<'_>> = self.of_group(own.iter().copied(), region).collect();
            let today: Vec<&Service<'_>> = self.of_group(self.services.today(), region).collect();
            if self.counts(&today) {
                let count = u32::try_from(self.dates(self.limit.span, region).len()).unwrap_or(u32::MAX);
                self.over(count, &here, region, judged);
            }
        }
    }

    fn units(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        let here = |one: &&Service<'_>| {
            self.limit.places.is_empty()
                || one
                    .line
                    .place
                    .as_ref()
                    .is_some_and(|place| self.limit.places.contains(place))
        };
        for region in self.scopes(own) {
            let lines: Vec<&Service<'_>> = self.of_group(own.iter().copied(), region).filter(here).collect();
            if lines.is_empty() {
                continue;
            }
            let units = |one: &Service<'_>| one.line.units.whole().unwrap_or_default();
            let count = if self.limit.span == Span::Day {
                total(self.of_group(self.services.alike(), region).filter(here).map(units))
            } else {
                let all = self.services.within(self.limit.span);
                total(self.of_group(all, region).filter(here).map(units))
            };
            self.over(count, &lines, region, judged);
        }
    }

    /// All lines must change where the count is over the limit; where it is not, a span needs the history to say so.
    fn over(&self, count: u32, lines: &[&Service<'_>], region: Option<usize>, judged: &mut Judged) {
        if count > self.limit.limit {
            judged.several(lines, self.args(Some(count), region));
        } else if self.limit.span != Span::Day && !self.services.history {
            judged.unknown(lines);
        }
    }

    fn interval(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        let on = self.services.date;
        if !self.limit.with.is_empty() && !own.iter().any(|one| one.carries(&self.limit.with)) {
            return;
        }
        // What may be done more often after another service (the month after an implant).
        if self
            .services
            .within(self.limit.span)
            .any(|one| one.groups & self.limit.other != 0)
        {
            return;
        }
        for region in self.scopes(own) {
            let here: Vec<&Service<'_>> = self.of_group(own.iter().copied(), region).collect();
            if !self.counts(&here) {
                continue;
            }
            let meets =
                |one: &Service<'_>| self.limit.scope != Scope::Side || here.iter().any(|line| line.shares_side(one));
            let earlier: Vec<&Service<'_>> = self
                .of_group(self.services.within(self.limit.span), region)
                .filter(|one| one.on() < on && meets(one))
                .collect();
            let mut sessions = earlier.chunk_by(|one, other| one.on() == other.on());
            let last = sessions.rfind(|session| self.counts(session));
            match last.and_then(|session| session.first()) {
                Some(last) => {
                    let mut args = self.args(None, region);
                    args.push(("last", number(last.on())));
                    judged.several(&here, args);
                }
                None if !self.services.history => judged.unknown(&here),
                None => {}
            }
        }
    }

    fn earlier(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        let on = self.services.date;
        for region in self.scopes(own) {
            let here: Vec<&Service<'_>> = self.of_group(own.iter().copied(), region).collect();
            // Once done, it may be repeated within the span.
            let repeated = self
                .of_group(self.services.within(self.limit.span), region)
                .any(|one| one.on() < on);
            let before: Vec<&Service<'_>> = (self.services.within(Span::Lifetime))
                .filter(|one| one.on() < on && one.groups & self.limit.other != 0 && self.in_scope(one, region))
                .collect();
            let sessions = before.chunk_by(|one, other| one.on() == other.on());
            let count = sessions.filter(|session| self.counts(session)).count();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            if repeated || count >= self.limit.limit {
                continue;
            }
            if self.services.history {
                judged.several(&here, self.args(Some(count), region));
            } else {
                judged.unknown(&here);
            }
        }
    }

    fn regions(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        let firsts = || {
            self.of_group(self.services.today(), None)
                .filter(|one| one.first_level() == 1)
        };
        let mut regions: Vec<usize> = firsts().filter_map(|one| one.region).collect();
        regions.sort_unstable();
        regions.dedup();
        let count = u32::try_from(regions.len()).unwrap_or(u32::MAX);
        if count <= self.limit.limit {
            return;
        }
        // What was done already stays, else the region of the lowest code, in whatever order the lines stand.
        let kept = firsts().min_by_key(|one| (one.at.is_some(), one.code));
        let over = |one: &&Service<'_>| kept.is_some_and(|kept| one.region != kept.region);
        let mut lines: Vec<&Service<'_>> = own.iter().copied().filter(over).collect();
        let change = lines.len();
        if change == 0 {
            return;
        }
        lines.extend(kept);
        judged.some(&lines, change, self.args(Some(count), None));
    }

    fn modifier_alike(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        if !own.iter().any(|one| one.carries(&self.limit.with)) {
            return;
        }
        for region in self.scopes(own) {
            let here: Vec<&Service<'_>> = self.of_group(own.iter().copied(), region).collect();
            let (with, without): (Vec<&Service<'_>>, Vec<&Service<'_>>) =
                here.into_iter().partition(|one| one.carries(&self.limit.with));
            if with.is_empty() || without.is_empty() {
                continue;
            }
            let change = without.len();
            let lines: Vec<&Service<'_>> = without.into_iter().chain(with).collect();
            let mut args = self.args(None, region);
            if let Some(modifier) = self.limit.with.first() {
                args.push(("modifier", number(modifier)));
            }
            judged.some(&lines, change, args);
        }
    }

    fn one_side(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        for tally in tally(own.iter().copied()).iter().filter(|tally| tally.sides.both() > 0) {
            let lines: Vec<&Service<'_>> = own.iter().copied().filter(|one| one.code == tally.code).collect();
            judged.several(&lines, self.args(None, None));
        }
    }

    fn place(&self, own: &[&'s Service<'a>], judged: &mut Judged) {
        for one in own {
            let listed = one.line.place.as_ref().map(|place| self.limit.places.contains(place));
            let outside = match self.limit.kind {
                LimitKind::OnlyIn => listed == Some(false),
                _ => {
                    listed == Some(true)
                        || one
                            .setting()
                            .is_some_and(|setting| self.limit.settings.contains(&setting))
                }
            };
            if !outside {
                continue;
            }
            let mut args = self.args(None, None);
            if let Some(place) = &one.line.place {
                args.push(("place", place.clone()));
            }
            if let Some(setting) = one.setting() {
                args.push(("setting", Name::Borrowed(setting.as_str())));
            }
            judged.one(one, args);
        }
    }

    /// The other service is the one that is not paid, where it stands on a claim.
    fn beside(&self, judged: &mut Judged) {
        let claims = |one: &&Service<'_>| self.services.own().any(|own| own.at == one.at && own.at.is_some());
        for other in self.services.today().filter(|one| one.groups & self.limit.other != 0) {
            let meets = |one: &&Service<'_>| {
                one.at != other.at
                    && one.groups & self.limit.group != 0
                    && (self.limit.scope == Scope::Session || one.region == other.region)
                    && (self.limit.scope != Scope::Side || one.shares_side(other))
            };
            // The lowest code, in whatever order the lines stand.
            let Some(one) = self.services.today().filter(meets).min_by_key(|one| one.code) else {
                continue;
            };
            if !claims(&one) && !claims(&other) {
                continue;
            }
            let (first, second) = if other.at.is_some() { (other, one) } else { (one, other) };
            let mut args = self.args(None, None);
            args.push(("other", number(second.code)));
            judged.some(&[first, second], 1, args);
        }
    }
}

/// One code of a session, all its lines together.
struct Tally {
    code: Code,
    ordinal: Option<Ordinal>,
    sides: Sides,
}

fn tally<'s, 'a: 's>(services: impl Iterator<Item = &'s Service<'a>>) -> Vec<Tally> {
    let mut codes: Vec<Tally> = Vec::new();
    for service in services {
        match codes.iter_mut().find(|one| one.code == service.code) {
            Some(one) => one.sides = one.sides.plus(service.sides),
            None => codes.push(Tally {
                code: service.code,
                ordinal: service.ordinal,
                sides: service.sides,
            }),
        }
    }
    codes
}

impl Tally {
    /// Levels that it reports; both sides of one are one. A code of fixed levels reports them in one unit.
    fn levels(&self) -> u32 {
        let units = self.sides.busier();
        match self.ordinal {
            Some(Ordinal { from, to: Some(to), .. }) => {
                to.saturating_sub(from).saturating_add(1).min(units.saturating_mul(to))
            }
            Some(Ordinal { cap: Some(cap), .. }) => units.min(cap),
            _ => units,
        }
    }

    /// The last level that it reports, counted from the first one of its region.
    fn last(&self) -> u32 {
        let before = self.ordinal.map_or(0, |ordinal| ordinal.from.saturating_sub(1));
        before.saturating_add(self.levels())
    }
}
