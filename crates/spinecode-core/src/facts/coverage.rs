//! Coverage policies as rows: who decides for whom, what a policy limits, which diagnoses support a service, what needs
//! authorisation. One engine (`edit::coverage`) reads them; a new policy or payer is rows alone.

use rustc_hash::FxHashMap as HashMap;

use crate::case::Setting;
use crate::code::{Code, Modifier};
use crate::date::{ServiceDate, Window};
use crate::facts::{Family, Row};
use crate::name::Name;

/// Who administers a public program in which states.
#[derive(Clone, Debug)]
pub struct ContractorRow {
    /// Dates and sources.
    pub row: Row,
    /// The program; a policy whose holder it is holds for all its jurisdictions.
    pub program: Name,
    /// The contractor; a payer may be named by it.
    pub contractor: Name,
    /// The jurisdiction: policies are kept by it.
    pub jurisdiction: Name,
    /// States of it. A state may lie in two; then both are asked.
    pub states: Vec<Name>,
    /// The jurisdiction as the bit of a holder.
    pub bit: u64,
}

/// What is known of a policy's diagnosis list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagnosisList {
    /// All of it is in `coverage_diagnoses.csv`.
    Closed,
    /// A part of it is.
    Partial,
    /// The policy has none: coverage is by indication in words.
    Narrative,
    /// It has one that nobody read.
    Unread,
}

impl DiagnosisList {
    /// All, with their text forms.
    pub const ALL: [(&'static str, Self); 4] = [
        ("closed", Self::Closed),
        ("partial", Self::Partial),
        ("narrative", Self::Narrative),
        ("unread", Self::Unread),
    ];
}

/// A coverage policy: whose, on what, from when.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    /// Dates and sources.
    pub row: Row,
    /// Its number; a payer may be named by it.
    pub policy: Name,
    /// The article that holds its codes and diagnoses.
    pub article: Option<Name>,
    /// Jurisdictions, programs or payers whose policy it is.
    pub holders: Vec<Name>,
    /// Topics that it decides.
    pub topics: Vec<Name>,
    /// Its diagnosis list.
    pub diagnoses: DiagnosisList,
    /// Holders as bits.
    pub mask: u64,
}

/// Codes that policies speak of together.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// Dates and sources.
    pub row: Row,
    /// Name.
    pub group: Name,
    /// The topic it belongs to; `None`: it only stands beside others (sedation).
    pub topic: Option<Name>,
    /// Its codes.
    pub codes: Vec<Code>,
}

/// What a limit asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// Not more levels: by the code's ordinal in a region, or all added up.
    Levels,
    /// Not more sessions (dates) in the window.
    Sessions,
    /// Not more units in the window.
    Units,
    /// Not sooner than the window after the last session.
    Interval,
    /// Not without so many earlier sessions of another group.
    Earlier,
    /// Not more regions in one session.
    Regions,
    /// Every line carries one of the modifiers.
    Modifier,
    /// Where one line of the session carries it, every line does.
    ModifierAlike,
    /// Not on both sides.
    OneSide,
    /// Not in these places and settings.
    NotIn,
    /// In these places only.
    OnlyIn,
    /// Not covered at all.
    NotCovered,
    /// Not beside another group in one session.
    Beside,
}

impl LimitKind {
    /// All, with their text forms.
    pub const ALL: [(&'static str, Self); 13] = [
        ("levels", Self::Levels),
        ("sessions", Self::Sessions),
        ("units", Self::Units),
        ("interval", Self::Interval),
        ("earlier", Self::Earlier),
        ("regions", Self::Regions),
        ("modifier", Self::Modifier),
        ("modifier_alike", Self::ModifierAlike),
        ("one_side", Self::OneSide),
        ("not_in", Self::NotIn),
        ("only_in", Self::OnlyIn),
        ("not_covered", Self::NotCovered),
        ("beside", Self::Beside),
    ];
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole session.
    Session,
    /// Each code region by itself.
    Region,
    /// Each code region by itself, and only what shares a side.
    Side,
}

impl Scope {
    /// All, with their text forms; empty is the session.
    pub const ALL: [(&'static str, Self); 4] = [
        ("", Self::Session),
        ("session", Self::Session),
        ("region", Self::Region),
        ("side", Self::Side),
    ];
}

/// How far back is counted, ending on the date of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// That day alone.
    Day,
    /// So many days.
    Days(u32),
    /// So many calendar months: a rolling year has 365 or 366 days.
    Months(u32),
    /// All that is known.
    Lifetime,
}

impl Span {
    /// Reads `14d`, `12mo`, `lifetime`; empty is the day.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::Day),
            "lifetime" => Some(Self::Lifetime),
            _ => match text.strip_suffix("mo") {
                Some(months) => months.parse().ok().map(Self::Months),
                None => text.strip_suffix('d')?.parse().ok().map(Self::Days),
            },
        }
    }

    /// The text form.
    pub fn text(self) -> String {
        match self {
            Self::Day => String::new(),
            Self::Days(days) => format!("{days}d"),
            Self::Months(months) => format!("{months}mo"),
            Self::Lifetime => "lifetime".to_owned(),
        }
    }

    /// Whether a day lies in the span that ends on `on`. A year that ends on 5 January begins on 6 January.
    pub fn holds(self, day: ServiceDate, on: ServiceDate) -> bool {
        let length = match self {
            Self::Day => return day == on,
            Self::Lifetime => return day <= on,
            Self::Days(days) => jiff::Span::new().try_days(days),
            Self::Months(months) => jiff::Span::new().try_months(months),
        };
        let before = length.and_then(|length| on.0.checked_sub(length));
        // A span that reaches before the calendar holds all of it.
        day <= on && before.is_ok_and(|before| before < day.0)
    }
}

/// What a policy limits.
#[derive(Clone, Debug)]
pub struct PolicyLimitRow {
    /// Dates and sources.
    pub row: Row,
    /// Its name: stable, published in the findings as `limit_name`.
    pub name: Name,
    /// The topic.
    pub topic: Name,
    /// Policies of the topic that it holds for; empty: all.
    pub policies: Vec<Name>,
    /// What it asks.
    pub kind: LimitKind,
    /// The codes it asks it of, as a bit.
    pub group: u64,
    /// The other codes, as a bit.
    pub other: u64,
    /// Codes that must stand beside for it to hold, as a bit.
    pub when: u64,
    /// What is counted together.
    pub scope: Scope,
    /// The most, or the least.
    pub limit: u32,
    /// How far back.
    pub span: Span,
    /// Counts only sessions with one of these; asks for one of these.
    pub with: Vec<Modifier>,
    /// Counts only sessions without these.
    pub without: Vec<Modifier>,
    /// Places of service.
    pub places: Vec<Name>,
    /// Settings.
    pub settings: Vec<Setting>,
    /// What is reported instead.
    pub instead: Option<Code>,
    /// How the policy puts it: `investigational`, `not_covered`, `trial_only` ...
    pub position: Option<Name>,
    /// Certain: it is refused. Otherwise it is doubtful ("not routinely").
    pub refused: bool,
}

/// Diagnoses that support a service.
#[derive(Clone, Debug)]
pub struct DiagnosisRow {
    /// Dates and sources.
    pub row: Row,
    /// The article or policy whose list it is.
    pub list: Name,
    /// Name of the set within the list.
    pub set: Name,
    /// ICD-10-CM codes without their point.
    pub diagnoses: Vec<Name>,
    /// The codes that it supports, as bits of groups.
    pub groups: u64,
    /// A set of which the claim must carry one too.
    pub needs: Option<Name>,
}

/// Services that need authorisation before they are done.
#[derive(Clone, Debug)]
pub struct AuthorizationRow {
    /// Dates and sources.
    pub row: Row,
    /// The program's name.
    pub program: Name,
    /// For whose members, as bits of holders.
    pub mask: u64,
    /// Settings.
    pub settings: Vec<Setting>,
    /// Places of service; empty: any.
    pub places: Vec<Name>,
    /// States; empty: any.
    pub states: Vec<Name>,
    /// Codes.
    pub codes: Vec<Code>,
}

/// A code in a group.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The group, as a bit.
    pub group: u64,
    /// Its topic, as a bit; 0: none.
    pub topic: u64,
    /// The days.
    pub window: Window,
}

/// Which levels a code reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordinal {
    /// The days.
    pub window: Window,
    /// Position in `regions`; `None`: any, or more than one.
    pub region: Option<usize>,
    /// First level it covers.
    pub from: u32,
    /// Last one; `None`: and beyond.
    pub to: Option<u32>,
    /// Most units a side.
    pub cap: Option<u32>,
}

/// What coverage knows of a code.
#[derive(Clone, Debug, Default)]
pub struct CodeUse {
    /// Its groups.
    pub groups: Vec<Membership>,
    /// Its levels, by the family tables.
    pub ordinals: Vec<Ordinal>,
    /// Positions in `authorizations`.
    pub authorizations: Vec<usize>,
}

/// A topic, with the rows that speak of it.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// Name.
    pub name: Name,
    /// Positions in `policies`.
    pub policies: Vec<usize>,
    /// Positions in `limits`.
    pub limits: Vec<usize>,
}

/// All that is known of coverage.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Who administers a program where.
    pub contractors: Vec<ContractorRow>,
    /// Policies.
    pub policies: Vec<PolicyRow>,
    /// Groups of codes.
    pub groups: Vec<GroupRow>,
    /// Limits.
    pub limits: Vec<PolicyLimitRow>,
    /// Diagnoses.
    pub diagnoses: Vec<DiagnosisRow>,
    /// Authorisations.
    pub authorizations: Vec<AuthorizationRow>,
    /// Lower-case payer name -> the holder of its policies.
    pub payers: HashMap<Name, Name>,
    /// Holders; each is the bit of its position.
    pub holders: Vec<Name>,
    /// Names of groups; each is the bit of its position.
    pub group_names: Vec<Name>,
    /// Topics; each is the bit of its position.
    pub topics: Vec<Topic>,
    /// Names of code regions.
    pub regions: Vec<Name>,
    /// What is known of each code.
    pub codes: HashMap<Code, CodeUse>,
}

/// The bit of a name in a list; 0 for a name that is not there.
fn bit<'n>(names: impl IntoIterator<Item = &'n Name>, wanted: &str) -> u64 {
    let at = names.into_iter().position(|name| name == wanted);
    at.and_then(|at| u32::try_from(at).ok())
        .and_then(|at| 1u64.checked_shl(at))
        .unwrap_or_default()
}

/// A name's bit, with the name added where it is new.
fn added(names: &mut Vec<Name>, name: &Name) -> u64 {
    if !names.contains(name) {
        names.push(name.clone());
    }
    bit(names.iter(), name)
}

impl Coverage {
    /// A group's bit; a new name gets the next one.
    pub fn add_group(&mut self, group: &Name) -> u64 {
        added(&mut self.group_names, group)
    }

    /// The bits of groups.
    pub fn group_bits(&self, groups: &[Name]) -> u64 {
        groups.iter().map(|group| bit(&self.group_names, group)).sum()
    }

    /// The bit of a topic.
    pub fn topic_bit(&self, topic: &str) -> u64 {
        bit(self.topics.iter().map(|topic| &topic.name), topic)
    }

    /// The bits of a holder: of a program, those of all its jurisdictions.
    pub fn holder_bits(&self, holder: &str) -> u64 {
        let own = bit(&self.holders, holder);
        let of_program = self.contractors.iter().filter(|row| row.program == holder);
        of_program.fold(own, |bits, row| bits | bit(&self.holders, &row.jurisdiction))
    }

    /// The bits of holders, each with a bit of its own where it is no program.
    pub fn add_holders(&mut self, holders: &[Name]) -> u64 {
        for holder in holders {
            if self.holder_bits(holder) == 0 {
                added(&mut self.holders, holder);
            }
        }
        holders.iter().fold(0, |bits, holder| bits | self.holder_bits(holder))
    }

    /// The names of holders.
    pub fn holder_names(&self, mask: u64) -> String {
        let held = |at: usize| u32::try_from(at).ok().and_then(|at| mask.checked_shr(at)).unwrap_or(0) & 1 == 1;
        let names = self.holders.iter().enumerate().filter(|(at, _)| held(*at));
        names.map(|(_, name)| name.as_ref()).collect::<Vec<_>>().join(" ")
    }

    /// Builds the indexes.
    pub(super) fn index(&mut self, families: &HashMap<Name, Family>) {
        self.codes.clear();
        self.topics.clear();
        for row in &self.groups {
            if let Some(topic) = &row.topic
                && !self.topics.iter().any(|known| known.name == *topic)
            {
                self.topics.push(Topic {
                    name: topic.clone(),
                    ..Topic::default()
                });
            }
        }
        for topic in &mut self.topics {
            let policies = self.policies.iter().enumerate();
            topic.policies = policies
                .filter(|(_, row)| row.topics.contains(&topic.name))
                .map(|(at, _)| at)
                .collect();
            let limits = self.limits.iter().enumerate();
            topic.limits = limits
                .filter(|(_, row)| row.topic == topic.name)
                .map(|(at, _)| at)
                .collect();
        }
        for row in &self.groups {
            let membership = Membership {
                group: bit(&self.group_names, &row.group),
                topic: row.topic.as_ref().map_or(0, |topic| self.topic_bit(topic)),
                window: row.row.window,
            };
            for code in &row.codes {
                self.codes.entry(*code).or_default().groups.push(membership);
            }
        }
        for (at, row) in self.authorizations.iter().enumerate() {
            for code in &row.codes {
                self.codes.entry(*code).or_default().authorizations.push(at);
            }
        }
        for family in families.values() {
            for role in &family.roles {
                let Some(known) = self.codes.get_mut(&role.code) else {
                    continue;
                };
                let region = role.region.as_ref().map(|region| {
                    added(&mut self.regions, region);
                    self.regions
                        .iter()
                        .position(|known| known == region)
                        .unwrap_or_default()
                });
                let ordinal = Ordinal {
                    window: role.row.window,
                    region,
                    from: role.nth_from,
                    to: role.nth_to,
                    cap: role.cap,
                };
                // The same code in two regions stands for either.
                match known
                    .ordinals
                    .iter_mut()
                    .find(|one| one.window.overlaps(&ordinal.window))
                {
                    Some(one) if one.region != ordinal.region => one.region = None,
                    Some(_) => {}
                    None => known.ordinals.push(ordinal),
                }
            }
        }
    }

    /// Every dated row, with the table it stands in.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, &Row)> {
        let contractors = self.contractors.iter().map(|row| ("contractors.csv", &row.row));
        let policies = self.policies.iter().map(|row| ("coverage_policies.csv", &row.row));
        let groups = self.groups.iter().map(|row| ("coverage_groups.csv", &row.row));
        let limits = self.limits.iter().map(|row| ("coverage_limits.csv", &row.row));
        let diagnoses = self.diagnoses.iter().map(|row| ("coverage_diagnoses.csv", &row.row));
        let authorizations = self.authorizations.iter();
        let authorizations = authorizations.map(|row| ("prior_authorization.csv", &row.row));
        contractors
            .chain(policies)
            .chain(groups)
            .chain(limits)
            .chain(diagnoses)
            .chain(authorizations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> ServiceDate {
        ServiceDate::parse(text).unwrap()
    }

    #[test]
    fn a_rolling_year_ends_on_the_day() {
        let year = Span::parse("12mo").unwrap();
        assert!(year.holds(day("2024-01-05"), day("2024-01-05")));
        assert!(year.holds(day("2023-01-06"), day("2024-01-05")));
        assert!(!year.holds(day("2023-01-05"), day("2024-01-05")), "365 days");
        assert!(!year.holds(day("2024-01-06"), day("2024-01-05")), "later");
        assert!(year.holds(day("2024-01-06"), day("2025-01-05")), "366 days");
        assert!(!year.holds(day("2024-01-05"), day("2025-01-05")));
        assert!(year.holds(day("2023-03-01"), day("2024-02-29")));
        assert!(!year.holds(day("2023-02-28"), day("2024-02-29")));
    }

    #[test]
    fn days_and_lifetimes() {
        let fortnight = Span::parse("14d").unwrap();
        assert!(fortnight.holds(day("2024-03-02"), day("2024-03-15")));
        assert!(!fortnight.holds(day("2024-03-01"), day("2024-03-15")));
        let life = Span::parse("lifetime").unwrap();
        assert!(life.holds(day("1999-01-01"), day("2024-03-15")));
        assert!(!life.holds(day("2024-03-16"), day("2024-03-15")));
        assert_eq!(Span::parse(""), Some(Span::Day));
        assert_eq!(Span::parse("a year"), None);
        for text in ["", "14d", "12mo", "lifetime"] {
            assert_eq!(Span::parse(text).unwrap().text(), text);
        }
    }
}
