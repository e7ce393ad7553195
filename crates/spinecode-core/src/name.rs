//! Names of the published vocabulary.

use std::borrow::Cow;

/// A word of a published list (kind, fact, rule id, reason ...): borrowed from the facts, owned when it came over the wire.
pub type Name = Cow<'static, str>;

/// The nearest of `candidates` to `written`, when it is near enough to be worth suggesting.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()),
                candidate,
            )
        })
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .filter(|(distance, candidate)| {
            *distance * 5 <= candidate.chars().count() * 2 || (candidate.starts_with(&wanted) && wanted.len() > 2)
        })
        .map(|(_, candidate)| candidate)
}

/// A closed list of words: an enum with its published order and its stable text forms.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$each:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $type {
            $($(#[$each])* $variant,)+
        }

        impl $type {
            /// All of them, in their published order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads the text form.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let kinds = ["facet_injection", "facet_denervation", "lumbar_puncture"];
        assert_eq!(nearest("facet_injecton", kinds), Some("facet_injection"));
        assert_eq!(nearest("Lumbar_puncture", kinds), Some("lumbar_puncture"));
        assert_eq!(nearest("appendectomy", kinds), None);
    }
}
