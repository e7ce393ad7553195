//! The conditions of `choices.csv`, as text: `fact=word|word`, `fact=true`, `fact=low..high`; `fact?=...` does not ask.
//! The scope of `bundles.csv`: `guidance`, or `same_site`, `same_level` (whatever the sides) or `session` with conditions on
//! the procedure taken in, `by.fact=...` on the one that takes it in, and `alike=fact|fact` for facts that both must have
//! alike.

use spinecode_core::facts::{BundleScope, ChoiceSet, Condition, Test};
use spinecode_core::name::Name;

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

/// Where one procedure takes in another.
#[derive(Debug, PartialEq)]
pub(crate) struct Scope {
    pub(crate) scope: BundleScope,
    pub(crate) when: Vec<Condition>,
    pub(crate) by: Vec<Condition>,
    pub(crate) alike: Vec<Name>,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            scope: BundleScope::SameSite,
            when: Vec::new(),
            by: Vec::new(),
            alike: Vec::new(),
        }
    }
}

/// Reads a scope; `None` for what is none.
pub(crate) fn scope(text: &str) -> Option<Scope> {
    let mut words = text.split_whitespace();
    let mut scope = Scope {
        scope: match words.next()? {
            "same_site" => BundleScope::SameSite,
            "same_level" => BundleScope::SameLevel,
            "session" => BundleScope::Session,
            "guidance" => BundleScope::Guidance,
            _ => return None,
        },
        ..Scope::default()
    };
    for word in words {
        // Guidance is taken in whatever the procedures are.
        if scope.scope == BundleScope::Guidance {
            return None;
        }
        if let Some(facts) = word.strip_prefix("alike=") {
            scope.alike.extend(facts.split('|').map(keep));
        } else if let Some(word) = word.strip_prefix("by.") {
            scope.by.push(condition(word)?);
        } else {
            scope.when.push(condition(word)?);
        }
    }
    Some(scope)
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
        let generator = || condition("component=generator").into_iter().collect();
        let wanted = Scope {
            scope: BundleScope::Session,
            when: generator(),
            by: generator(),
            alike: vec!["target".into(), "side".into()],
        };
        let text = "session component=generator by.component=generator alike=target|side";
        assert_eq!(scope(text), Some(wanted));
        assert_eq!(scope("same_site"), Some(Scope::default()));
        assert_eq!(scope("guidance component=generator"), None);
        assert_eq!(scope("somewhere"), None);
        assert_eq!(scope("session component"), None);
        for wrong in ["muscles", "=3", "muscles=", "muscles=..", "muscles=a..b"] {
            assert_eq!(condition(wrong), None, "{wrong}");
        }
    }
}
