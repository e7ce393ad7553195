//! The conditions of `choices.csv`, as text: `fact=word|word`, `fact=true`, `fact=low..high`; `fact?=...` does not ask.

use spinecode_core::facts::{ChoiceSet, Condition, Test};

use crate::table::keep;

/// Reads one condition; `None` for what is none.
pub(crate) fn condition(text: &str) -> Option<Condition> {
    let (fact, asked) = text.split_once('=')?;
    let (fact, silent) = match fact.strip_suffix('?') {
        Some(fact) => (fact, true),
        None => (fact, false),
    };
    let test = match asked.split_once("..") {
        Some((low, high)) => Test::Within(limit(low)?, limit(high)?),
        None => Test::OneOf(asked.split('|').map(keep).collect()),
    };
    let written = !fact.is_empty() && !asked.is_empty() && asked != "..";
    written.then(|| Condition {
        fact: keep(fact),
        silent,
        test,
    })
}

/// Reads one code set: `reading`, or `reading@imaging_read_by` where a fact says who did it.
pub(crate) fn set(text: &str) -> ChoiceSet {
    let (name, by) = match text.split_once('@') {
        Some((name, by)) => (name, Some(keep(by))),
        None => (text, None),
    };
    ChoiceSet { name: keep(name), by }
}

/// A limit of a range: empty is none.
fn limit(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        Some(None)
    } else {
        text.parse().ok().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let read = |text| condition(text).map(|one| (one.fact, one.silent, one.test));
        let words = Test::OneOf(vec!["ct".into(), "mr".into()]);
        assert_eq!(read("guidance=ct|mr"), Some(("guidance".into(), false, words)));
        let flag = Test::OneOf(vec!["false".into()]);
        assert_eq!(read("formal_report?=false"), Some(("formal_report".into(), true, flag)));
        assert_eq!(
            read("muscles=1..2"),
            Some(("muscles".into(), false, Test::Within(Some(1), Some(2))))
        );
        assert_eq!(
            read("muscles=3.."),
            Some(("muscles".into(), false, Test::Within(Some(3), None)))
        );
        for wrong in ["muscles", "=3", "muscles=", "muscles=..", "muscles=a..b"] {
            assert_eq!(condition(wrong), None, "{wrong}");
        }
    }
}
