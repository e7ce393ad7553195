//! What differs between two answers.

use serde::{Deserialize, Serialize};

use crate::answer::{CodedCase, Line, NotReported, Notice, Question, Status, Withheld};
use crate::render::key;

/// A line that stayed with another writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChange {
    /// As it was.
    pub before: Line,
    /// As it is.
    pub after: Line,
}

/// What differs between two lists of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDifference {
    /// Lines that are gone.
    pub gone: Vec<Line>,
    /// Lines that are new.
    pub new: Vec<Line>,
    /// Lines of one code whose units, modifiers, side or sites changed.
    pub changed: Vec<LineChange>,
}

impl LineDifference {
    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty() && self.changed.is_empty()
    }
}

/// What differs between two answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Status of the first.
    pub status_before: Status,
    /// Status of the second.
    pub status_after: Status,
    /// In the code-set answer.
    pub reported: LineDifference,
    /// In what the profile sends.
    pub billed: LineDifference,
    /// Kept off the claim no longer.
    pub withheld_gone: Vec<Withheld>,
    /// Newly kept off the claim.
    pub withheld_new: Vec<Withheld>,
    /// Services no longer without a line.
    pub not_reported_gone: Vec<NotReported>,
    /// Services newly without a line.
    pub not_reported_new: Vec<NotReported>,
    /// Questions that are settled.
    pub questions_gone: Vec<Question>,
    /// New questions.
    pub questions_new: Vec<Question>,
    /// Notices that are gone.
    pub notices_gone: Vec<Notice>,
    /// New notices.
    pub notices_new: Vec<Notice>,
}

impl Difference {
    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        self.status_before == self.status_after
            && self.reported.is_empty()
            && self.billed.is_empty()
            && self.withheld_gone.is_empty()
            && self.withheld_new.is_empty()
            && self.not_reported_gone.is_empty()
            && self.not_reported_new.is_empty()
            && self.questions_gone.is_empty()
            && self.questions_new.is_empty()
            && self.notices_gone.is_empty()
            && self.notices_new.is_empty()
    }
}

/// What differs between two answers.
pub fn difference(before: &CodedCase, after: &CodedCase) -> Difference {
    // A line kept off by the next row of the same pair is kept off all the same.
    let off = |one: &Withheld, other: &Withheld| {
        key(&one.line) == key(&other.line) && one.reason == other.reason && one.args == other.args
    };
    let (withheld_gone, withheld_new) = apart_by(&before.withheld, &after.withheld, off);
    let (not_reported_gone, not_reported_new) = apart(&before.not_reported, &after.not_reported);
    let (questions_gone, questions_new) = apart(&before.questions, &after.questions);
    let (notices_gone, notices_new) = apart(&before.notices, &after.notices);
    Difference {
        status_before: before.status,
        status_after: after.status,
        reported: lines(&before.reported, &after.reported),
        billed: lines(&before.billed, &after.billed),
        withheld_gone,
        withheld_new,
        not_reported_gone,
        not_reported_new,
        questions_gone,
        questions_new,
        notices_gone,
        notices_new,
    }
}

fn apart<T: PartialEq + Clone>(before: &[T], after: &[T]) -> (Vec<T>, Vec<T>) {
    apart_by(before, after, T::eq)
}

fn apart_by<T: Clone>(before: &[T], after: &[T], same: impl Fn(&T, &T) -> bool) -> (Vec<T>, Vec<T>) {
    let without = |one: &[T], other: &[T]| -> Vec<T> {
        let missing = |item: &&T| !other.iter().any(|known| same(item, known));
        one.iter().filter(missing).cloned().collect()
    };
    (without(before, after), without(after, before))
}

fn lines(before: &[Line], after: &[Line]) -> LineDifference {
    let same = |one: &Line, other: &Line| key(one) == key(other) && one.sites == other.sites;
    let mut gone: Vec<&Line> = Vec::new();
    let mut new: Vec<&Line> = after.iter().collect();
    for line in before {
        match new.iter().position(|other| same(line, other)) {
            Some(at) => {
                new.remove(at);
            }
            None => gone.push(line),
        }
    }
    let mut changed = Vec::new();
    gone.retain(|line| match new.iter().position(|other| other.code == line.code) {
        Some(at) => {
            changed.push(LineChange {
                before: (*line).clone(),
                after: new.remove(at).clone(),
            });
            false
        }
        None => true,
    });
    LineDifference {
        gone: gone.into_iter().cloned().collect(),
        new: new.into_iter().cloned().collect(),
        changed,
    }
}
