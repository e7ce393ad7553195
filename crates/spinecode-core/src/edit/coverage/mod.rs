//! Coverage policies: levels, sessions, intervals, diagnoses, places, authorisation.
//!
//! Rows say what a policy limits (`facts::coverage`); one engine of a few kinds of conditions reads them. A claim is judged by
//! every policy that may be meant: with a state by its contractor's, without one by all contractors'. Where they agree, that is
//! the verdict; where they differ, or one is not known, the line is not checked, and what some of them would find is told.

mod diagnoses;
mod limits;
mod services;
pub(in crate::edit) mod text;

use crate::date::{ServiceDate, View};
use crate::edit::desk::{At, Desk, Found};
use crate::edit::read::{Claim, ClaimLine};
use crate::edit::report::{Layer, Verdict};
use crate::facts::Row;
use crate::facts::coverage::{Coverage, LimitKind, PolicyRow, Topic};
use crate::name::Name;
use crate::tables::Unchecked;
use services::Services;

/// More levels or bodies than covered.
const LEVELS: &str = "COV-001";
/// More sessions than covered.
const SESSIONS: &str = "COV-002";
/// More units than covered.
const UNITS: &str = "COV-003";
/// Too soon after the last session.
const INTERVAL: &str = "COV-004";
/// Earlier services are missing.
const EARLIER: &str = "COV-005";
/// More regions in one session than covered.
const REGIONS: &str = "COV-006";
/// The modifier that says the policy is met is missing.
const MODIFIER: &str = "COV-007";
/// No second side is covered.
const ONE_SIDE: &str = "COV-008";
/// Not paid in this place or setting.
const PLACE: &str = "COV-009";
/// Not covered.
const NOT_COVERED: &str = "COV-010";
/// Not covered in one session with another service.
const BESIDE: &str = "COV-011";
/// No diagnosis supports it.
const DIAGNOSIS: &str = "COV-012";
/// Needs prior authorisation.
const AUTHORIZATION: &str = "COV-013";

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[
    LEVELS,
    SESSIONS,
    UNITS,
    INTERVAL,
    EARLIER,
    REGIONS,
    MODIFIER,
    ONE_SIDE,
    PLACE,
    NOT_COVERED,
    BESIDE,
    DIAGNOSIS,
    AUTHORIZATION,
];

/// The rule by which a limit of a kind is found broken.
fn rule_of(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Levels => LEVELS,
        LimitKind::Sessions => SESSIONS,
        LimitKind::Units => UNITS,
        LimitKind::Interval => INTERVAL,
        LimitKind::Earlier => EARLIER,
        LimitKind::Regions => REGIONS,
        LimitKind::Modifier | LimitKind::ModifierAlike => MODIFIER,
        LimitKind::OneSide => ONE_SIDE,
        LimitKind::NotIn | LimitKind::OnlyIn => PLACE,
        LimitKind::NotCovered => NOT_COVERED,
        LimitKind::Beside => BESIDE,
    }
}

/// Arguments of a finding.
type Args = Vec<(&'static str, Name)>;

/// A limit broken once: its lines, of which the first `change` must change.
struct Broken {
    lines: Vec<At>,
    change: usize,
    args: Args,
}

/// Judges one claim.
pub(super) fn judge(claim_at: usize, desk: &mut Desk<'_>) {
    let coverage = &desk.facts.coverage;
    let Some(claim) = desk.claims.get(claim_at) else { return };
    let unmapped = desk.profiles.get(claim_at).is_some_and(|(_, unmapped)| *unmapped);
    let known =
        |line: &ClaimLine| line.left_out.is_none() && line.code.is_some_and(|code| coverage.codes.contains_key(&code));
    if !unmapped && !claim.lines.iter().any(known) {
        return;
    }
    let payer = desk.payer.or(claim.payer.as_deref());
    let who = who(coverage, payer);
    if matches!(who, Who::Nobody) {
        for (line_at, line) in claim.lines.iter().enumerate() {
            let at = At {
                claim: claim_at,
                line: line_at,
            };
            if unmapped && line.left_out.is_none() {
                desk.not_checked(at, Layer::Coverage, Unchecked::UnmappedPayer);
            } else if payer.is_some_and(|payer| !is_default(desk, payer)) && known(line) {
                desk.not_checked(at, Layer::Coverage, Unchecked::NoTable);
            }
        }
        return;
    }
    let mut dates: Vec<ServiceDate> = (claim.lines.iter())
        .filter(|line| known(line))
        .map(|line| line.date)
        .collect();
    dates.sort_unstable();
    dates.dedup();
    let Some(first) = dates.first() else { return };
    let services = Services::of(claim_at, *first, desk);
    for on in dates {
        session(&services.on(on), claim, who, desk);
    }
}

/// A payer that is no payer: the profile that stands for the code set.
fn is_default(desk: &Desk<'_>, payer: &str) -> bool {
    payer.trim().eq_ignore_ascii_case(&desk.facts.profile(None).0.name)
}

/// Whose policies hold for a payer.
#[derive(Clone, Copy)]
enum Who<'a> {
    /// No policy of the payer is known.
    Nobody,
    /// Those of a holder or a contractor.
    Holder(&'a str),
    /// These, whatever the state.
    Mask(u64),
}

/// A payer is named by its own name, or by its policy's number (`commercial:CAM-394`).
fn who<'a>(coverage: &'a Coverage, payer: Option<&str>) -> Who<'a> {
    let Some(payer) = payer else { return Who::Nobody };
    // Most names come as the file has them.
    let written = coverage.payers.get(payer);
    if let Some(holder) = written.or_else(|| coverage.payers.get(payer.trim().to_lowercase().as_str())) {
        return Who::Holder(holder);
    }
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let named = bare(payer.rsplit(':').next().unwrap_or(payer));
    let of_policy = coverage.policies.iter().filter(|row| bare(&row.policy) == named);
    match of_policy.fold(0, |mask, row| mask | row.mask) {
        0 => Who::Nobody,
        mask => Who::Mask(mask),
    }
}

impl Who<'_> {
    /// The holders that may be meant on a date, as bits.
    fn mask(self, coverage: &Coverage, state: Option<&str>, view: View) -> u64 {
        let holder = match self {
            Self::Nobody => return 0,
            Self::Mask(mask) => return mask,
            Self::Holder(holder) => holder,
        };
        let contractors = || {
            (coverage.contractors.iter())
                .filter(|row| row.row.seen(view) && (row.program == holder || row.contractor == holder))
        };
        let all = contractors().fold(0, |mask, row| mask | row.bit);
        if all == 0 {
            return coverage.holder_bits(holder);
        }
        let Some(state) = state else { return all };
        let here = contractors().filter(|row| row.states.iter().any(|known| known == state));
        match here.fold(0, |mask, row| mask | row.bit) {
            // A contractor that is named beyond its states is taken at its word; a program has no such place.
            0 if contractors().all(|row| row.program != holder) => all,
            mask => mask,
        }
    }
}

/// Judges the lines of one date.
fn session(services: &Services<'_>, claim: &Claim, who: Who<'_>, desk: &mut Desk<'_>) {
    let coverage = &desk.facts.coverage;
    let view = desk.view(services.date);
    let mask = who.mask(coverage, claim.state.as_deref(), view);
    let topics = services.today().fold(0, |bits, service| bits | service.topics);
    let bits = (0u32..).map(|at| 1u64.checked_shl(at).unwrap_or_default());
    for (bit, topic) in bits.zip(&coverage.topics).filter(|(bit, _)| topics & bit != 0) {
        let policies: Vec<&PolicyRow> = (topic.policies.iter())
            .filter_map(|at| coverage.policies.get(*at))
            .filter(|row| row.mask & mask != 0 && row.row.seen(view))
            .collect();
        Judge {
            coverage,
            services,
            view,
            mask,
            topic,
            bit,
            policies,
        }
        .topic(claim, desk);
    }
    authorizations(services, claim, mask, view, desk);
}

/// The policies of one topic, over the services of one date.
struct Judge<'d, 'a> {
    coverage: &'d Coverage,
    services: &'d Services<'a>,
    view: View,
    /// The holders that may be meant.
    mask: u64,
    topic: &'d Topic,
    bit: u64,
    /// The topic's policies in force that may be meant.
    policies: Vec<&'d PolicyRow>,
}

impl<'d> Judge<'d, '_> {
    fn policies(&self) -> impl Iterator<Item = &'d PolicyRow> {
        self.policies.iter().copied()
    }

    fn topic(&self, claim: &Claim, desk: &mut Desk<'_>) {
        let known = self.policies().fold(0, |mask, row| mask | row.mask) & self.mask;
        for service in self.services.own().filter(|service| service.topics & self.bit != 0) {
            let Some(at) = service.at else { continue };
            desk.say(at, Layer::Coverage, Verdict::Pass);
            if known == 0 || known != self.mask {
                desk.not_checked(at, Layer::Coverage, Unchecked::NoTable);
            }
        }
        let own_groups = self.services.own().fold(0, |bits, service| bits | service.groups);
        let groups = self.services.today().fold(0, |bits, service| bits | service.groups);
        for limit in self.topic.limits.iter().filter_map(|at| self.coverage.limits.get(*at)) {
            // Another claim's service may stand beside one of this claim's.
            let asked = match limit.kind {
                LimitKind::Beside => groups & limit.group != 0 && groups & limit.other != 0,
                _ => own_groups & limit.group != 0,
            };
            if !asked || !limit.row.seen(self.view) || (limit.when != 0 && groups & limit.when == 0) {
                continue;
            }
            let of_it = |row: &&PolicyRow| limit.policies.is_empty() || limit.policies.contains(&row.policy);
            let here = self.policies().filter(of_it).fold(0, |mask, row| mask | row.mask) & self.mask;
            if here == 0 {
                continue;
            }
            let judged = limits::judge(limit, self.services);
            for at in judged.no_history {
                desk.not_checked(at, Layer::Coverage, Unchecked::NoHistory);
            }
            for mut broken in judged.broken {
                let verdict = if limit.refused { Verdict::Fail } else { Verdict::Warn };
                broken.args.insert(0, ("limit_name", limit.name.clone()));
                if let Some(position) = &limit.position {
                    broken.args.push(("position", position.clone()));
                }
                if let Some(code) = limit.instead {
                    broken.args.push(("instead", Name::Owned(code.to_string())));
                }
                let modifier = matches!(limit.kind, LimitKind::Modifier | LimitKind::ModifierAlike)
                    .then(|| limit.with.first().copied())
                    .flatten();
                let rows = [&limit.row]
                    .into_iter()
                    .chain(self.policies().filter(of_it).map(|row| &row.row));
                let found = Found {
                    modifier,
                    rows: rows.collect(),
                    ..Found::default()
                };
                self.find(rule_of(limit.kind), verdict, here, broken, found, desk);
            }
        }
        self.diagnoses(claim, desk);
    }

    /// Writes down what is found under the holders `here`: certain where no other may be meant.
    fn find(
        &self,
        rule: &'static str,
        verdict: Verdict,
        here: u64,
        broken: Broken,
        mut found: Found<'_>,
        desk: &mut Desk<'_>,
    ) {
        let sure = here == self.mask;
        let verdict = if sure { verdict } else { Verdict::NotChecked };
        found.args = broken.args;
        found.args.push(("topic", self.topic.name.clone()));
        found.args.push(("policy", self.names(here, &found.rows)));
        if !sure {
            found
                .args
                .push(("holders", Name::Owned(self.coverage.holder_names(here))));
        }
        desk.find(rule, verdict, &broken.lines, found);
        for at in broken.lines.iter().take(broken.change) {
            desk.say(*at, Layer::Coverage, verdict);
            if !sure {
                desk.not_checked(*at, Layer::Coverage, Unchecked::NoTable);
            }
        }
    }

    /// The policies among the rows of a finding.
    fn names(&self, here: u64, rows: &[&Row]) -> Name {
        let cited = |policy: &&PolicyRow| policy.mask & here != 0 && rows.iter().any(|row| row.id == policy.row.id);
        let mut names: Vec<&str> = self.policies().filter(cited).map(|row| row.policy.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        Name::Owned(names.join(" "))
    }
}

/// What must be asked for before it is done.
fn authorizations(services: &Services<'_>, claim: &Claim, mask: u64, view: View, desk: &mut Desk<'_>) {
    for service in services.own() {
        let rows = service.known.authorizations.iter();
        for row in rows.filter_map(|at| services.coverage.authorizations.get(*at)) {
            let place = service.line.place.as_ref();
            let here = row.row.seen(view)
                && row.mask & mask != 0
                && (row.settings.is_empty() || row.settings.contains(&claim.setting))
                // A claim form without places says none.
                && (row.places.is_empty() || place.is_none_or(|place| row.places.contains(place)));
            let Some(at) = service.at.filter(|_| here) else {
                continue;
            };
            match &claim.state {
                None if !row.states.is_empty() => desk.not_checked(at, Layer::Coverage, Unchecked::NoTable),
                Some(state) if !row.states.is_empty() && !row.states.contains(state) => {}
                _ => {
                    let found = Found {
                        args: vec![
                            ("limit_name", Name::Borrowed("prior_authorization")),
                            ("code", Name::Owned(service.code.to_string())),
                            ("program", row.program.clone()),
                        ],
                        rows: vec![&row.row],
                        ..Found::default()
                    };
                    desk.find(AUTHORIZATION, Verdict::Warn, &[at], found);
                }
            }
        }
    }
}
