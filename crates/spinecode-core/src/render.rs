//! From draft to answer: what the profile sends, what its tables keep off, and the coded case. A pure last step; no rule
//! knows how a payer writes.

use crate::anatomy::{Side, site_text};
use crate::answer::{Args, CodedCase, Coding, Knowledge, Line, NotReported, Notice, Status, Withheld};
use crate::case::{Case, Setting};
use crate::code::Modifier;
use crate::context::{Assumed, Draft, DraftLine, Recorder, outcome_modifier};
use crate::date::{ServiceDate, View};
use crate::evaluate::{Subject, evaluate};
use crate::facts::{BilateralStyle, Confidence, Facts, Profile, Row};
use crate::layers;
use crate::name::Name;
use crate::questions::{self, Leaf, MOST_CODINGS};
use crate::tables::Tables;
use crate::trace::{Explanation, StepKind, TraceLevel};

/// Reduced or discontinued work.
pub const OUTCOME_RULE: &str = "OUT-001";
/// How the payer writes sides and parts.
pub const RENDER_RULE: &str = "RND-001";

/// Subject of the step with which the profile's writing begins.
pub const PROFILE: &str = "profile";

/// How the case is to be answered.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// The payers' tables.
    pub tables: &'a dyn Tables,
    /// Release that the tables come from, where one is loaded.
    pub release: Option<&'a str>,
    /// Case.
    pub case: &'a Case,
    /// Profile.
    pub profile: &'a Profile,
    /// The payer's name was not mapped.
    pub unmapped: bool,
    /// Only what had been published by this day.
    pub as_of: Option<ServiceDate>,
    /// Engine version.
    pub engine: &'static str,
    /// Trace level.
    pub trace: TraceLevel,
}

/// A line to be billed, with the draft line behind it.
#[derive(Clone, Debug)]
pub struct BilledLine {
    /// The line.
    pub line: Line,
    /// The draft line behind it.
    pub draft: usize,
}

/// What a profile makes of a draft.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    /// Lines sent.
    pub lines: Vec<BilledLine>,
    /// Lines kept off.
    pub withheld: Vec<Withheld>,
    /// Notices of the rendering and the layers.
    pub notices: Vec<Notice>,
    /// Conflicts in which the profile takes another position than the code set, with that position.
    pub positions: Vec<(Name, Name)>,
    /// The code-set lines, under the code set's positions.
    pub reported: Vec<Line>,
    /// Those lines in short, to compare codings; filled only while codings are compared.
    pub reported_keys: Vec<String>,
    /// Rows that applied.
    pub trace: Recorder,
}

impl Bill {
    /// The billed lines in short, to compare codings.
    pub fn keys(&self) -> Vec<String> {
        self.lines.iter().map(|billed| key(&billed.line)).collect()
    }
}

/// A line in short: `64493-RT x1`, with who performed it where that is another.
pub fn key(line: &Line) -> String {
    let mut text = line.code.to_string();
    for modifier in &line.modifiers {
        text.push('-');
        text.push_str(modifier.as_str());
    }
    if let Some(side) = line.side {
        text.push(' ');
        text.push_str(side.as_str());
    }
    if line.units != 1 {
        text.push_str(&format!(" x{}", line.units));
    }
    if let Some(performer) = &line.performed_by {
        text.push_str(" by ");
        text.push_str(performer);
    }
    text
}

/// Codes a case.
pub fn code_case(request: Request<'_>) -> CodedCase {
    let view = View {
        on: request.case.date,
        as_of: request.as_of,
    };
    let subject = Subject {
        facts: request.facts,
        case: request.case,
        view,
    };
    // The common case has no unknown: one evaluation, no search.
    if let Ok((draft, trace)) = evaluate(subject, None, &[], request.trace) {
        let bill = bill(request, subject, &[], &draft);
        let status = if draft.out_of_scope.is_empty() {
            Status::Coded
        } else {
            Status::OutOfScope
        };
        return answer(
            request,
            view,
            status,
            Leaf {
                assumed: Vec::new(),
                draft,
                trace,
                bill,
            },
            Vec::new(),
        );
    }
    let (mut leaves, cut) = questions::leaves(subject, request.trace, &mut |assumed, draft| {
        let mut bill = bill(request, subject, assumed, draft);
        bill.reported_keys = bill.reported.iter().map(key).collect();
        bill
    });
    let settled = questions::settle_additive(subject, &mut leaves);
    let notices = settled
        .iter()
        .flat_map(|settled| {
            settled.adds.iter().map(|(value, lines)| Notice {
                reason: Name::Borrowed("if_done_add"),
                subject: Some(questions::path(&settled.unknown)),
                args: args([("value", value.clone()), ("lines", Name::Owned(lines.join(", ")))]),
            })
        })
        .collect();
    let mut codings: Vec<&Leaf> = Vec::new();
    for leaf in &leaves {
        let known = |other: &&Leaf| other.coding() == leaf.coding();
        if !codings.iter().any(known) {
            codings.push(leaf);
        }
    }
    if codings.len() <= 1 {
        return match leaves.into_iter().next() {
            Some(leaf) => {
                let status = if leaf.draft.out_of_scope.is_empty() {
                    Status::Coded
                } else {
                    Status::OutOfScope
                };
                answer(request, view, status, leaf, notices)
            }
            None => undecided(request, view, subject, notices),
        };
    }
    let mut coded = undecided(request, view, subject, notices);
    coded.questions = questions::ask(subject, &leaves);
    if codings.len() > MOST_CODINGS || cut {
        let count = Name::Owned(codings.len().to_string());
        coded.notices.push(Notice {
            reason: "codings_cut".into(),
            subject: None,
            args: args([("possible", count)]),
        });
    }
    coded.codings = codings
        .into_iter()
        .take(MOST_CODINGS)
        .map(|leaf| Coding {
            assuming: leaf.assumed.iter().map(questions::assumption).collect(),
            reported: leaf.bill.reported.clone(),
            billed: leaf.bill.lines.iter().map(|billed| billed.line.clone()).collect(),
        })
        .collect();
    coded.notices.sort();
    if request.trace > TraceLevel::None {
        let mut trace = Recorder::new(request.trace);
        for leaf in &leaves {
            trace.rules.extend(leaf.trace.rules.iter().cloned());
            trace.rows.extend(leaf.trace.rows.iter().cloned());
            trace.citations.extend(leaf.trace.citations.iter().cloned());
        }
        for question in &coded.questions {
            trace.step(
                StepKind::Ask,
                None,
                || question.path.clone(),
                None,
                || question.values.join(" "),
            );
        }
        coded.explanation = Some(explanation(trace));
    }
    coded
}

fn undecided(request: Request<'_>, view: View, subject: Subject<'_>, notices: Vec<Notice>) -> CodedCase {
    let mut coded = CodedCase {
        case_id: request.case.case_id.clone(),
        date_of_service: view.on,
        status: Status::NeedsFacts,
        reported: Vec::new(),
        billed: Vec::new(),
        withheld: Vec::new(),
        not_reported: Vec::new(),
        questions: Vec::new(),
        codings: Vec::new(),
        notices,
        knowledge: knowledge(request),
        explanation: None,
    };
    for (at, procedure) in subject.case.procedures.iter().enumerate() {
        if procedure.family.is_none() {
            coded.notices.push(out_of_scope_notice(at, &procedure.kind));
        }
    }
    coded.notices.extend(payer_notice(request));
    coded.notices.sort();
    coded
}

fn payer_notice(request: Request<'_>) -> Option<Notice> {
    request.unmapped.then(|| Notice {
        reason: Name::Borrowed("unmapped_payer"),
        subject: None,
        args: args([("profile", request.profile.name.clone())]),
    })
}

fn out_of_scope_notice(at: usize, kind: &Name) -> Notice {
    Notice {
        reason: Name::Borrowed("out_of_scope"),
        subject: Some(format!("procedures[{at}]")),
        args: args([("kind", kind.clone())]),
    }
}

fn args<const N: usize>(pairs: [(&'static str, Name); N]) -> Args {
    let mut args = Args::new();
    for (key, value) in pairs {
        args.insert(Name::Borrowed(key), value);
    }
    args
}

fn knowledge(request: Request<'_>) -> Knowledge {
    Knowledge {
        engine: Name::Borrowed(request.engine),
        facts: request.facts.hash.clone(),
        release: request.release.map(|release| Name::Owned(release.to_owned())),
        profile: request.profile.name.clone(),
        profile_hash: request.profile.hash.clone(),
        overlay: request.facts.overlay.clone(),
        as_of: request.as_of,
    }
}

fn explanation(mut trace: Recorder) -> Explanation {
    for list in [&mut trace.rules, &mut trace.rows, &mut trace.citations] {
        list.sort_unstable();
        list.dedup();
    }
    Explanation {
        level: trace.level,
        rules: trace.rules,
        rows: trace.rows,
        citations: trace.citations,
        steps: trace.steps,
    }
}

/// Puts an answer together.
fn answer(request: Request<'_>, view: View, status: Status, leaf: Leaf, mut notices: Vec<Notice>) -> CodedCase {
    let Leaf {
        draft, mut trace, bill, ..
    } = leaf;
    let ids = |positions: &[usize]| procedure_ids(request.case, positions);
    notices.extend(payer_notice(request));
    for at in &draft.out_of_scope {
        if let Some(procedure) = request.case.procedures.get(*at) {
            notices.push(out_of_scope_notice(*at, &procedure.kind));
        }
    }
    notices.extend(draft.notices.iter().map(|notice| Notice {
        reason: Name::Borrowed(notice.reason),
        subject: notice.subject.clone(),
        args: notice.args.clone(),
    }));
    conflict_notices(request, view, &draft, &bill, &mut notices);
    verification_notices(view, &draft, &mut notices);
    for procedure in request
        .case
        .procedures
        .iter()
        .flat_map(|procedure| procedure.sites.iter())
    {
        if procedure.place.is_transitional() {
            let subject = Some(procedure.place.to_string());
            notices.push(Notice {
                reason: Name::Borrowed("transitional_anatomy"),
                subject,
                args: Args::new(),
            });
        }
    }
    notices.extend(bill.notices);
    notices.sort();
    notices.dedup();
    let mut exclusions = draft.exclusions;
    exclusions.sort();
    // A code that has a line of its own in the session is not "not reported" for another's sake alone: both are said.
    let not_reported = exclusions
        .into_iter()
        .map(|one| NotReported {
            code: one.code,
            reason: Name::Borrowed(one.reason),
            rule: one.rule,
            procedures: ids(&one.procedures),
            args: one.args,
        })
        .collect();
    let explanation = (request.trace > TraceLevel::None).then(|| {
        trace.rules.extend(bill.trace.rules);
        trace.rows.extend(bill.trace.rows);
        trace.citations.extend(bill.trace.citations);
        trace.steps.extend(bill.trace.steps);
        explanation(trace)
    });
    CodedCase {
        case_id: request.case.case_id.clone(),
        date_of_service: view.on,
        status,
        reported: bill.reported,
        billed: bill.lines.into_iter().map(|billed| billed.line).collect(),
        withheld: bill.withheld,
        not_reported,
        questions: Vec::new(),
        codings: Vec::new(),
        notices,
        knowledge: knowledge(request),
        explanation,
    }
}

/// Shows every disagreement that mattered: the positions, who holds them, and the one taken.
fn conflict_notices(request: Request<'_>, view: View, draft: &Draft, bill: &Bill, notices: &mut Vec<Notice>) {
    for (conflict, reported) in &draft.positions {
        let billed = bill
            .positions
            .iter()
            .find(|(known, _)| known == conflict)
            .map_or(reported, |(_, position)| position);
        notices.push(conflict_notice(request, view, conflict, reported, billed));
    }
}

fn conflict_notice(request: Request<'_>, view: View, conflict: &Name, reported: &Name, billed: &Name) -> Notice {
    let mut args = args([("reported", reported.clone()), ("billed", billed.clone())]);
    for row in request
        .facts
        .conflicts
        .iter()
        .filter(|row| row.conflict == *conflict && row.row.seen(view))
    {
        args.insert(Name::Owned(format!("position {}", row.position)), row.holder.clone());
    }
    Notice {
        reason: Name::Borrowed("conflict"),
        subject: Some(conflict.to_string()),
        args,
    }
}

fn verification_notices(view: View, draft: &Draft, notices: &mut Vec<Notice>) {
    let past = |line: &&DraftLine| line.verified_through.is_some_and(|day| day < view.on);
    if let Some(day) = draft
        .lines
        .iter()
        .filter(past)
        .filter_map(|line| line.verified_through)
        .min()
    {
        let mut codes = String::with_capacity(6 * draft.lines.len());
        for line in draft.lines.iter().filter(past) {
            if !codes.is_empty() {
                codes.push(' ');
            }
            codes.push_str(line.code.as_str());
        }
        notices.push(Notice {
            reason: Name::Borrowed("past_verification"),
            subject: Some(codes),
            args: args([("verified_through", Name::Owned(day.to_string()))]),
        });
    }
    for line in draft.lines.iter().filter(|line| line.confidence == Confidence::Low) {
        notices.push(Notice {
            reason: Name::Borrowed("low_confidence"),
            subject: Some(line.code.to_string()),
            args: args([("rule", line.rule.clone())]),
        });
    }
    for line in draft.lines.iter().filter(|line| line.from_memory) {
        notices.push(Notice {
            reason: Name::Borrowed("from_memory"),
            subject: Some(line.code.to_string()),
            args: args([("rule", line.rule.clone())]),
        });
    }
}

fn procedure_ids(case: &Case, positions: &[usize]) -> Vec<Name> {
    positions
        .iter()
        .filter_map(|at| case.procedures.get(*at))
        .map(|procedure| procedure.id.clone())
        .collect()
}

/// The code-set lines.
fn reported(request: Request<'_>, view: View, draft: &Draft) -> Vec<Line> {
    draft.lines.iter().map(|line| plain(request, view, line)).collect()
}

/// A draft line as a line: side kept apart, no payer's writing.
fn plain(request: Request<'_>, view: View, line: &DraftLine) -> Line {
    let facility = request.case.setting.is_facility();
    let outcome = line
        .outcome
        .as_deref()
        .and_then(|outcome| outcome_modifier(request.facts, view, outcome, facility));
    Line {
        code: line.code,
        label: line.label.clone(),
        units: line.units,
        modifiers: outcome.into_iter().collect(),
        side: line.side,
        procedures: procedure_ids(request.case, &line.procedures),
        sites: line.sites.iter().map(|(place, side)| site_text(place, *side)).collect(),
        performed_by: line.performed_by.clone(),
        rule: line.rule.clone(),
        confidence: Name::Borrowed(line.confidence.as_str()),
        verified_through: line.verified_through,
    }
}

/// What the profile sends: rendered, then passed through its table layers.
pub fn bill(request: Request<'_>, subject: Subject<'_>, assumed: &[Assumed], draft: &Draft) -> Bill {
    let mut bill = Bill {
        reported: reported(request, subject.view, draft),
        trace: Recorder::new(request.trace),
        ..Bill::default()
    };
    bill.trace.step(
        StepKind::Render,
        None,
        || PROFILE.to_owned(),
        None,
        || request.profile.name.to_string(),
    );
    let differs = draft.positions.iter().any(|(conflict, taken)| {
        request
            .profile
            .positions
            .get(conflict)
            .is_some_and(|position| position != taken)
    });
    if differs {
        // Another position of the profile is another reading of the same case, evaluated by the same rules.
        if let Ok((own, trace)) = evaluate(subject, Some(&request.profile.positions), assumed, request.trace) {
            bill.positions.clone_from(&own.positions);
            let begun = std::mem::replace(&mut bill.trace, trace);
            bill.trace.steps.splice(0..0, begun.steps);
            render(
                request,
                subject.view,
                &own,
                reported(request, subject.view, &own),
                &mut bill,
            );
            layers::apply(request, subject.view, &own, &mut bill);
            return bill;
        }
    }
    render(request, subject.view, draft, bill.reported.clone(), &mut bill);
    layers::apply(request, subject.view, draft, &mut bill);
    bill
}

fn render(request: Request<'_>, view: View, draft: &Draft, lines: Vec<Line>, bill: &mut Bill) {
    let profile = request.profile;
    let marks = &profile.modifiers;
    let setting = request.case.setting;
    let place = request.case.place_of_service.as_ref();
    let place_row = place.and_then(|place| request.facts.places.get(place)?.iter().find(|row| row.row.seen(view)));
    let mut depends_on_setting = false;
    note_rule(request, view, RENDER_RULE, bill);
    bill.lines.reserve(lines.len());
    for (at, (line, mut plain)) in draft.lines.iter().zip(lines).enumerate() {
        let side = plain.side.take();
        if line.outcome.as_deref().is_some_and(|outcome| outcome != "completed") {
            note_rule(request, view, OUTCOME_RULE, bill);
            if plain.modifiers.is_empty() {
                let subject = Some(line.code.to_string());
                bill.notices.push(Notice {
                    reason: "outcome_undecided".into(),
                    subject,
                    args: Args::new(),
                });
            }
        }
        if line.split && !setting.is_facility() {
            depends_on_setting |= setting == Setting::Undetermined;
            match place_row {
                Some(row) if row.facility => {
                    bill.trace.row(&row.row);
                    plain.modifiers.push(marks.professional);
                }
                Some(_) => {}
                None => bill.notices.push(Notice {
                    reason: "place_of_service_missing".into(),
                    subject: Some(line.code.to_string()),
                    args: args([("modifier", Name::Owned(marks.professional.to_string()))]),
                }),
            }
        }
        let Bill { lines, trace, .. } = &mut *bill;
        let mut push = |mut line: Line, modifier: Option<Modifier>, units: u32, row: Option<&Row>| {
            line.units = units;
            line.modifiers.extend(modifier);
            order(&mut line.modifiers, &profile.modifier_order);
            let rule = Name::Borrowed(RENDER_RULE);
            trace.step(
                StepKind::Render,
                Some(&rule),
                || line.code.to_string(),
                row,
                || key(&line),
            );
            lines.push(BilledLine { line, draft: at });
        };
        match side {
            None | Some(Side::Midline) => push(plain, None, line.units, None),
            Some(Side::Left) => push(plain, Some(marks.left), line.units, None),
            Some(Side::Right) => push(plain, Some(marks.right), line.units, None),
            Some(Side::Bilateral) => {
                let row = style(profile, view, setting, line.add_on);
                let dated = row.map(|row| &row.row);
                depends_on_setting |=
                    setting == Setting::Undetermined && profile.styles.iter().any(|row| !row.settings.is_empty());
                match row.map_or(BilateralStyle::Modifier50, |row| row.style) {
                    BilateralStyle::Modifier50 => push(plain, Some(marks.bilateral), line.units, dated),
                    BilateralStyle::UnitsDoubled => push(plain, None, line.units.saturating_mul(2), dated),
                    BilateralStyle::RtLtLines => {
                        push(plain.clone(), Some(marks.right), line.units, dated);
                        push(plain, Some(marks.left), line.units, dated);
                    }
                }
                if let Some((conflict, position)) = row.and_then(|row| row.position.as_ref()) {
                    // Reported lines keep the side apart: the writing is in dispute, not the code set's answer.
                    let notice = conflict_notice(request, view, conflict, &Name::Borrowed("side_kept_apart"), position);
                    bill.notices.push(notice);
                }
            }
        }
    }
    if depends_on_setting {
        bill.notices.push(Notice {
            reason: "setting_undetermined".into(),
            subject: None,
            args: Args::new(),
        });
    }
}

/// Notes a rule of the rendering as used.
fn note_rule(request: Request<'_>, view: View, id: &str, bill: &mut Bill) {
    if let Some(rule) = request.facts.rule(id, view) {
        bill.trace.window(rule);
    }
}

/// The row of a profile that says how a both-sided unit is written; the narrower row comes first.
pub(crate) fn style(profile: &Profile, view: View, setting: Setting, add_on: bool) -> Option<&crate::facts::StyleRow> {
    let setting = if setting == Setting::Undetermined {
        Setting::Professional
    } else {
        setting
    };
    profile
        .styles
        .iter()
        .filter(|row| row.row.seen(view))
        .filter(|row| row.add_on.is_none_or(|only| only == add_on))
        .filter(|row| row.settings.is_empty() || row.settings.iter().any(|name| name == setting.as_str()))
        .max_by_key(|row| (!row.settings.is_empty(), row.add_on.is_some()))
}

/// Puts modifiers into the payer's order.
pub fn order(modifiers: &mut [Modifier], order: &[Modifier]) {
    modifiers.sort_by_key(|modifier| order.iter().position(|known| known == modifier).unwrap_or(order.len()));
}

/// Arguments from pairs, for the layers.
pub fn named(pairs: &[(&'static str, Name)]) -> Args {
    let mut args = Args::new();
    for (key, value) in pairs {
        args.insert(Name::Borrowed(*key), value.clone());
    }
    args
}
