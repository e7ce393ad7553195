//! The desk on which claims are judged: which lines are judged together, and what the layers said of each line.

use rustc_hash::FxHashMap;

use crate::answer::{Args, Question};
use crate::case::Setting;
use crate::code::{Code, Modifier};
use crate::date::{ServiceDate, View};
use crate::edit::read::{Claim, ClaimLine};
use crate::edit::report::{Adjustment, Finding, Layer, LayerVerdict, LineRef, Verdict};
use crate::facts::{Confidence, Facts, Profile, Row};
use crate::name::Name;
use crate::tables::{Basis, Program, Tables, Unchecked};

/// Where a line stands: positions of its claim and of the line in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// Position of the claim.
    pub claim: usize,
    /// Position of the line.
    pub line: usize,
}

/// A line that takes part, with its claim.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    /// Where it stands.
    pub at: At,
    /// Its claim.
    pub claim: &'a Claim,
    /// The line.
    pub line: &'a ClaimLine,
    /// Its code.
    pub code: Code,
}

/// The lines that are judged together: one person, date, setting and billing entity.
#[derive(Debug)]
pub struct Day<'a> {
    /// Date of service and what had been published.
    pub view: View,
    /// Who sends the claims.
    pub setting: Setting,
    /// The payer's profile.
    pub profile: &'a Profile,
    /// Lines with a readable code, in the order of the claims.
    pub lines: Vec<Spot<'a>>,
}

impl<'a> Day<'a> {
    /// Whether no line before this one has its code: what is asked once a code is asked there.
    pub fn is_first(&self, at: usize) -> bool {
        let code = self.lines.get(at).map(|spot| spot.code);
        !self.lines.iter().take(at).any(|spot| Some(spot.code) == code)
    }

    /// The lines of a code.
    pub fn of(&self, code: Code) -> impl Iterator<Item = &Spot<'a>> {
        self.lines.iter().filter(move |spot| spot.code == code)
    }

    /// The set of CMS's tables that judges it; `None`: the setting is not determined.
    pub fn program(&self) -> Option<Program> {
        match self.setting {
            Setting::Professional | Setting::AscFacility => Some(Program::Practitioner),
            Setting::OutpatientHospital => Some(Program::Hospital),
            Setting::Undetermined => None,
        }
    }
}

/// What is known of one thing found, before it is written down.
#[derive(Clone, Debug, Default)]
pub struct Found<'r> {
    /// Named arguments.
    pub args: Vec<(&'static str, Name)>,
    /// The modifier that bypassed, or would.
    pub modifier: Option<Modifier>,
    /// Rows of the facts that decided.
    pub rows: Vec<&'r Row>,
    /// Where a row of the tables stands.
    pub basis: Option<Basis<'r>>,
}

/// What was said of one claim.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// One a line.
    pub(super) verdicts: Vec<[LayerVerdict; Layer::ALL.len()]>,
    pub(super) findings: Vec<Finding>,
    pub(super) questions: Vec<Question>,
    /// Codes that its documented case supports, and whether they are billed within what it supports.
    pub(super) supported: Vec<(Code, bool)>,
}

/// Claims on the desk, and what was said of them.
pub struct Desk<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// The payer's tables.
    pub tables: &'a dyn Tables,
    /// Only what had been published by this day.
    pub as_of: Option<ServiceDate>,
    /// The claims that are judged together.
    pub claims: &'a [Claim],
    /// Payer name that overrides the claims' own.
    pub payer: Option<&'a str>,
    /// Each claim by itself.
    pub alone: bool,
    /// The profile of each claim, and whether its payer's name was not mapped.
    pub profiles: Vec<(&'a Profile, bool)>,
    pub(super) sheets: Vec<Sheet>,
}

impl<'a> Desk<'a> {
    /// A desk with nothing said yet.
    pub fn new(
        facts: &'a Facts,
        tables: &'a dyn Tables,
        as_of: Option<ServiceDate>,
        claims: &'a [Claim],
        payer: Option<&'a str>,
    ) -> Self {
        let untouched = LayerVerdict {
            verdict: Verdict::NotApplicable,
            unchecked: None,
        };
        Self {
            facts,
            tables,
            as_of,
            claims,
            payer,
            alone: false,
            profiles: claims
                .iter()
                .map(|claim| facts.profile(payer.or(claim.payer.as_deref())))
                .collect(),
            sheets: claims
                .iter()
                .map(|claim| Sheet {
                    verdicts: vec![[untouched; Layer::ALL.len()]; claim.lines.len()],
                    findings: Vec::new(),
                    questions: Vec::new(),
                    supported: Vec::new(),
                })
                .collect(),
        }
    }

    /// The law of a date.
    pub fn view(&self, on: ServiceDate) -> View {
        View { on, as_of: self.as_of }
    }

    /// Says what a layer finds of a line; of several, the gravest stands.
    pub fn say(&mut self, at: At, layer: Layer, verdict: Verdict) {
        if let Some(said) = self.said(at, layer) {
            said.verdict = said.verdict.max(verdict);
        }
    }

    /// Says that a layer, or a part of it, was not checked for a line, and why; of several reasons the first published stands.
    pub fn not_checked(&mut self, at: At, layer: Layer, why: Unchecked) {
        if let Some(said) = self.said(at, layer) {
            said.verdict = said.verdict.max(Verdict::NotChecked);
            said.unchecked = Some(said.unchecked.map_or(why, |known| known.min(why)));
        }
    }

    /// What a layer has said of a line so far.
    pub fn verdict(&self, at: At, layer: Layer) -> Verdict {
        let sheet = self.sheets.get(at.claim).and_then(|sheet| sheet.verdicts.get(at.line));
        sheet
            .and_then(|layers| layers.get(layer as usize))
            .map_or(Verdict::NotApplicable, |said| said.verdict)
    }

    fn said(&mut self, at: At, layer: Layer) -> Option<&mut LayerVerdict> {
        self.sheets
            .get_mut(at.claim)?
            .verdicts
            .get_mut(at.line)?
            .get_mut(layer as usize)
    }

    /// Writes a finding down, on the claim of its first line, which is the one that must change; every line is given the verdict.
    pub fn find(&mut self, rule: &'static str, verdict: Verdict, lines: &[At], found: Found<'_>) {
        let Some(first) = lines.first().copied() else { return };
        let Some(line) = self.line(first) else { return };
        let view = self.view(line.date);
        let row = self.facts.rule(rule, view);
        let layer = row.and_then(|row| Layer::parse(&row.layer)).unwrap_or(Layer::Form);
        let mut rows: Vec<&Row> = row.map(|row| &row.row).into_iter().collect();
        rows.extend(found.rows.iter().copied());
        rows.extend(found.basis.map(|basis| basis.row));
        let mut citations: Vec<Name> = rows.iter().flat_map(|row| row.citations.iter().cloned()).collect();
        citations.sort_unstable();
        citations.dedup();
        let confidence = rows.iter().map(|row| row.confidence).min().unwrap_or(Confidence::Low);
        let mut ids: Vec<Name> = rows.iter().map(|row| row.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let adjustment = self.facts.adjustment(rule, view).map(|row| Adjustment {
            group: row.group.clone(),
            carc: row.carc.clone(),
            rarc: row.rarc.clone(),
        });
        let finding = Finding {
            rule: Name::Borrowed(rule),
            name: row.map(|row| row.name.clone()).unwrap_or_default(),
            layer,
            severity: verdict.severity(),
            verdict,
            lines: lines.iter().filter_map(|at| self.line_ref(*at, first.claim)).collect(),
            args: found
                .args
                .into_iter()
                .map(|(key, value)| (Name::Borrowed(key), value))
                .collect::<Args>(),
            modifier: found.modifier,
            // A line that is payable is not denied.
            adjustment: adjustment.filter(|_| verdict >= Verdict::Warn),
            rows: ids,
            citations,
            confidence: Name::Borrowed(confidence.as_str()),
            nearest_edition: found.basis.is_some_and(|basis| basis.nearest),
        };
        for at in lines.iter().take(1) {
            self.say(*at, layer, verdict);
        }
        for at in lines.iter().skip(1) {
            self.say(*at, layer, Verdict::Pass);
        }
        if let Some(sheet) = self.sheets.get_mut(first.claim) {
            sheet.findings.push(finding);
        }
    }

    /// Asks for facts of a claim's case.
    pub fn ask(&mut self, claim: usize, questions: Vec<Question>) {
        if let Some(sheet) = self.sheets.get_mut(claim) {
            sheet.questions.extend(questions);
        }
    }

    /// Notes that the documented case of a claim supports a code, and whether it is billed within that.
    pub(super) fn supports(&mut self, claim: usize, code: Code, within: bool) {
        if let Some(sheet) = self.sheets.get_mut(claim) {
            sheet.supported.push((code, within));
        }
    }

    /// Whether the documented case of a claim supports a code: `None` where it does not, or there is no case; else whether the
    /// code is billed within what the case supports.
    pub fn documented(&self, claim: usize, code: Code) -> Option<bool> {
        let supported = &self.sheets.get(claim)?.supported;
        supported
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, within)| *within)
    }

    fn line(&self, at: At) -> Option<&'a ClaimLine> {
        self.claims.get(at.claim)?.lines.get(at.line)
    }

    /// A line as a report of the claim `home` names it.
    pub fn line_ref(&self, at: At, home: usize) -> Option<LineRef> {
        let line = self.line(at)?;
        let claim_id = self.claims.get(at.claim).and_then(|claim| claim.claim_id.clone());
        Some(LineRef {
            claim_id: claim_id.filter(|_| at.claim != home),
            line: line.number.clone(),
            code: code_text(line),
        })
    }

    /// The lines that are judged together, in the order of the claims; `alone` keeps each claim by itself.
    pub fn days(&self, alone: bool) -> Vec<Day<'a>> {
        // A day is found by its clinician, or by group and specialty; a line that is found both ways joins the two.
        let mut groups = Groups::default();
        let mut known: FxHashMap<(Key<'a>, Entity<'a>), usize> = FxHashMap::default();
        let mut spots: Vec<(usize, Spot<'a>)> = Vec::new();
        for (claim_at, claim) in self.claims.iter().enumerate() {
            let entities = Entity::of(claim);
            for (line_at, line) in claim.lines.iter().enumerate() {
                let Some(code) = line.code.filter(|_| line.left_out.is_none()) else {
                    continue;
                };
                let key = Key {
                    // Claims that name no person are nobody's: each is judged by itself.
                    claim: (alone || claim.person.is_none()).then_some(claim_at),
                    person: claim.person.as_deref(),
                    date: line.date,
                    setting: claim.setting.as_str(),
                    payer: claim.payer.as_deref(),
                };
                let group = groups.add();
                for entity in entities.into_iter().flatten() {
                    let other = *known.entry((key, entity)).or_insert(group);
                    groups.join(group, other);
                }
                let at = At {
                    claim: claim_at,
                    line: line_at,
                };
                spots.push((group, Spot { at, claim, line, code }));
            }
        }
        let mut days: Vec<Day<'a>> = Vec::new();
        let mut places: FxHashMap<usize, usize> = FxHashMap::default();
        for (group, spot) in spots {
            let at = *places.entry(groups.root(group)).or_insert_with(|| {
                days.push(Day {
                    view: self.view(spot.line.date),
                    setting: spot.claim.setting,
                    // INVARIANT: there is one profile a claim.
                    profile: self
                        .profiles
                        .get(spot.at.claim)
                        .map_or_else(|| self.facts.profile(None).0, |own| own.0),
                    lines: Vec::new(),
                });
                days.len() - 1
            });
            if let Some(day) = days.get_mut(at) {
                day.lines.push(spot);
            }
        }
        days
    }
}

/// Groups that are joined: each knows its parent, the root is its own.
#[derive(Default)]
struct Groups(Vec<usize>);

impl Groups {
    fn add(&mut self) -> usize {
        self.0.push(self.0.len());
        self.0.len() - 1
    }

    fn root(&self, mut at: usize) -> usize {
        while let Some(parent) = self.0.get(at).copied().filter(|parent| *parent != at) {
            at = parent;
        }
        at
    }

    /// The earlier root stays, so that days come in the order of the claims.
    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(parent) = self.0.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }
}

/// What a billing day is kept by, beside the billing entity.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key<'a> {
    claim: Option<usize>,
    person: Option<&'a str>,
    date: ServiceDate,
    setting: &'static str,
    payer: Option<&'a str>,
}

/// Who bills, in one of the ways in which it is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Entity<'a> {
    Clinician(Option<&'a str>),
    Group(&'a str, &'a str),
    Facility(Option<&'a str>),
}

impl<'a> Entity<'a> {
    fn of(claim: &'a Claim) -> [Option<Self>; 2] {
        if claim.setting.is_facility() {
            return [Some(Self::Facility(claim.billing.as_deref())), None];
        }
        let clinician = claim.rendering.as_deref().or(claim.billing.as_deref());
        let group = claim
            .group
            .as_ref()
            .map(|(group, specialty)| Self::Group(group, specialty));
        [Some(Self::Clinician(clinician)), group]
    }
}

/// A line's code as written.
pub(super) fn code_text(line: &ClaimLine) -> Name {
    match (&line.code, &line.written_code) {
        (Some(code), _) => Name::Owned(code.to_string()),
        (None, Some(written)) => Name::Owned(written.clone()),
        (None, None) => Name::Borrowed(""),
    }
}
