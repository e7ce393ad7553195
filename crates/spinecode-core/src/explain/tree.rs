//! The tree of an answer: under each decision the rule, the rows and the facts of the case that it rests on, from the trace.

use crate::answer::{CodedCase, Line};
use crate::case::Case;
use crate::explain::Node;
use crate::explain::eras::last_day;
use crate::facts::{Facts, Row, RuleRow};
use crate::name::Name;
use crate::render::key;
use crate::text;
use crate::trace::{Step, StepKind};

/// Builds the tree.
pub(super) fn tree(facts: &Facts, case: &Case, coded: &CodedCase) -> Vec<Node> {
    let steps = coded
        .explanation
        .as_ref()
        .map(|told| told.steps.as_slice())
        .unwrap_or_default();
    let mut maker = Maker {
        facts,
        case,
        steps,
        used: vec![false; steps.len()],
    };
    let mut nodes: Vec<Node> = Vec::new();
    for line in &coded.reported {
        nodes.push(maker.line(coded, line));
    }
    for one in &coded.withheld {
        let mut node = Node {
            what: Name::Borrowed("withheld"),
            subject: key(&one.line),
            result: Some(text::withheld(one)),
            ..Node::default()
        };
        node.children.extend(maker.rule(coded, &one.rule));
        node.children.extend(maker.row(&one.row));
        nodes.push(node);
    }
    for one in &coded.not_reported {
        let mut node = Node {
            what: Name::Borrowed("not_reported"),
            subject: one.code.to_string(),
            result: Some(text::not_reported(one)),
            ..Node::default()
        };
        node.children.extend(maker.rule(coded, &one.rule));
        node.children
            .extend(maker.steps_where(|step| step.step == StepKind::Exclude && is(&step.subject, one.code.as_str())));
        nodes.push(node);
    }
    for one in &coded.questions {
        let mut node = Node {
            what: Name::Borrowed("question"),
            subject: one.path.clone(),
            result: Some(one.text.to_string()),
            ..Node::default()
        };
        node.children
            .extend(maker.steps_where(|step| step.step == StepKind::Ask && is(&step.subject, &one.path)));
        nodes.push(node);
    }
    nodes.extend(coded.notices.iter().map(|notice| Node {
        what: Name::Borrowed("notice"),
        subject: notice.reason.to_string(),
        result: Some(text::notice(notice)),
        ..Node::default()
    }));
    let rest = maker.rest();
    if !rest.is_empty() {
        nodes.push(Node {
            what: Name::Borrowed("steps"),
            children: rest,
            ..Node::default()
        });
    }
    nodes
}

fn is(text: &Option<String>, wanted: &str) -> bool {
    text.as_deref() == Some(wanted)
}

struct Maker<'a> {
    facts: &'a Facts,
    case: &'a Case,
    steps: &'a [Step],
    used: Vec<bool>,
}

impl Maker<'_> {
    fn line(&mut self, coded: &CodedCase, line: &Line) -> Node {
        let billed: Vec<String> = coded
            .billed
            .iter()
            .filter(|other| other.code == line.code && other.performed_by == line.performed_by)
            .map(key)
            .collect();
        let mut node = Node {
            what: Name::Borrowed("line"),
            subject: key(line),
            result: Some(if billed.is_empty() {
                line.label.to_string()
            } else {
                format!("billed {}", billed.join(", "))
            }),
            rule: Some(line.rule.clone()),
            confidence: Some(line.confidence.clone()),
            last_day: None,
            ..Node::default()
        };
        node.children.extend(self.rule(coded, &line.rule));
        // Which procedures the line reports, by their places in the case.
        let positions: Vec<usize> = (0..self.case.procedures.len())
            .filter(|at| {
                let procedure = self.case.procedures.get(*at);
                procedure.is_some_and(|procedure| line.procedures.contains(&procedure.id))
            })
            .collect();
        let of_line = |subject: &str| {
            positions
                .iter()
                .any(|at| subject.starts_with(&format!("procedures[{at}]")))
        };
        let sites: Vec<&str> = line.sites.iter().filter_map(|site| site.split(' ').next()).collect();
        let about_site = |text: &str| {
            let place = text.split(' ').next().unwrap_or_default();
            sites.contains(&place)
        };
        let chosen = |step: &Step| {
            step.step == StepKind::Choose
                && is(&step.subject, line.code.as_str())
                && step.rule.as_ref() == Some(&line.rule)
        };
        let rows: Vec<&Name> = self
            .steps
            .iter()
            .filter(|step| chosen(step))
            .filter_map(|step| step.row.as_ref())
            .collect();
        let rows: Vec<Name> = rows.into_iter().cloned().collect();
        let side_of = |subject: &str| {
            let place = subject.rsplit(" of ").next().unwrap_or_default();
            sites.is_empty() || sites.contains(&place) || !subject.contains(" of ")
        };
        let wanted = |step: &Step| {
            let subject = step.subject.as_deref().unwrap_or_default();
            let result = step.result.as_deref().unwrap_or_default();
            match step.step {
                StepKind::FactRead => of_line(subject) && side_of(subject),
                StepKind::RowApplied => of_line(subject) || about_site(subject),
                StepKind::Merge | StepKind::Expand => {
                    about_site(result) || about_site(subject) || result.split(' ').any(&about_site)
                }
                StepKind::Count => about_site(subject) && step.row.as_ref().is_some_and(|row| rows.contains(row)),
                StepKind::Choose => chosen(step),
                StepKind::Exclude => is(&step.subject, line.code.as_str()),
                StepKind::Render => is(&step.subject, line.code.as_str()),
                StepKind::Window | StepKind::Ask => false,
            }
        };
        let children = self.steps_where(wanted);
        node.children.extend(children);
        node
    }

    /// Nodes of the steps that are wanted, in their order; several decisions may rest on one step.
    fn steps_where(&mut self, wanted: impl Fn(&Step) -> bool) -> Vec<Node> {
        let mut nodes = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            if wanted(step) {
                if let Some(used) = self.used.get_mut(at) {
                    *used = true;
                }
                nodes.push(self.step(step));
            }
        }
        nodes
    }

    /// Steps under no decision yet; windows stand as rules.
    fn rest(&self) -> Vec<Node> {
        let unused = self.steps.iter().zip(&self.used).filter(|(_, used)| !**used);
        unused
            .map(|(step, _)| step)
            .filter(|step| step.step != StepKind::Window)
            .map(|step| self.step(step))
            .collect()
    }

    fn step(&self, step: &Step) -> Node {
        let mut node = Node {
            what: Name::Borrowed(step.step.as_str()),
            subject: step.subject.clone().unwrap_or_default(),
            result: step.result.clone(),
            rule: step.rule.clone(),
            row: step.row.clone(),
            ..Node::default()
        };
        if let Some(row) = step.row.as_ref().and_then(|id| self.find(id)) {
            dated(&mut node, row);
        }
        node
    }

    fn find(&self, id: &str) -> Option<&Row> {
        self.facts.every_row().find(|(_, row)| row.id == id).map(|(_, row)| row)
    }

    fn row(&self, id: &Name) -> Option<Node> {
        let row = self.find(id)?;
        let mut node = Node {
            what: Name::Borrowed(StepKind::RowApplied.as_str()),
            row: Some(id.clone()),
            ..Node::default()
        };
        dated(&mut node, row);
        Some(node)
    }

    /// The version of a rule that the answer names.
    fn rule(&self, coded: &CodedCase, id: &Name) -> Option<Node> {
        let used = coded
            .explanation
            .as_ref()
            .map(|told| told.rules.as_slice())
            .unwrap_or_default();
        let versions: &[RuleRow] = self.facts.rules.get(id).map(Vec::as_slice).unwrap_or_default();
        let version = versions.iter().find(|version| used.contains(&version.label))?;
        let mut node = Node {
            what: Name::Borrowed("rule"),
            subject: version.label.to_string(),
            result: Some(version.what.to_string()),
            row: Some(version.row.id.clone()),
            ..Node::default()
        };
        dated(&mut node, &version.row);
        Some(node)
    }
}

fn dated(node: &mut Node, row: &Row) {
    node.from = row.window.from;
    node.last_day = last_day(&row.window);
    node.confidence = Some(Name::Borrowed(row.confidence.as_str()));
    node.citations.clone_from(&row.citations);
}
