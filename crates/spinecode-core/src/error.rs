//! What is wrong with an input: every violation at once, each naming the field, the value and what would be right.

use serde::{Deserialize, Serialize};

/// Longest echo of a value, in characters.
pub const ECHO: usize = 32;

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// Why an input could not be taken. The text form is stable and published.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $variant,)+
        }

        impl Reason {
            /// All reasons, in their published order.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant,)+];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Reason::$variant => $text,)+ }
            }

            /// Reads the text form.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.as_str() == text)
            }
        }
    };
}

reasons! {
    /// The text is not JSON.
    NotJson = "not_json",
    /// A value has the wrong JSON type.
    WrongType = "wrong_type",
    /// A key that a case, site or option does not have.
    UnknownKey = "unknown_key",
    /// A required field is missing.
    MissingField = "missing_field",
    /// The date is not written YYYY-MM-DD, or is no day.
    NotIsoDate = "not_iso_date",
    /// The date of service lies before the first day that the facts cover.
    DateOutOfRange = "date_out_of_range",
    /// The kind of procedure is not in the published list.
    UnknownKind = "unknown_kind",
    /// The fact is not in the published list.
    UnknownFact = "unknown_fact",
    /// The fact exists, but this kind does not allow it.
    FactNotAllowed = "fact_not_allowed",
    /// The value is not one of those published for the field.
    UnknownValue = "unknown_value",
    /// No such place in a spine, or an interspace out of order.
    ImpossibleLevel = "impossible_level",
    /// A place of a type that this kind is not done at.
    WrongSiteType = "wrong_site_type",
    /// One site given twice with different facts.
    ConflictingSite = "conflicting_site",
    /// The nerves named do not serve the levels named.
    NervesContradictLevels = "nerves_contradict_levels",
    /// Two procedures carry one id.
    DuplicateId = "duplicate_id",
    /// A reference to a procedure that the case does not have.
    UnknownReference = "unknown_reference",
    /// A number outside its limits.
    NumberOutOfRange = "number_out_of_range",
    /// More items than a case or call may hold.
    TooMany = "too_many",
    /// No profile of that name.
    UnknownProfile = "unknown_profile",
    /// No rule of that id.
    UnknownRule = "unknown_rule",
    /// The text is not written as a procedure code: five letters or digits.
    NotACode = "not_a_code",
}

/// One fault of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// JSON path of the field, such as `procedures[0].levels[1]`.
    pub path: String,
    /// Why.
    pub reason: Reason,
    /// The value, where it is coded vocabulary, cut at 32 characters; never an identifier or note text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What would be right.
    pub expected: String,
    /// The near name, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Violation {
    /// A violation at a path.
    pub fn new(path: impl Into<String>, reason: Reason, expected: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason,
            value: None,
            expected: expected.into(),
            suggestion: None,
        }
    }

    /// The same fault, of a part of something larger.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        self.path = if self.path.is_empty() {
            parent.to_owned()
        } else {
            format!("{parent}.{}", self.path)
        };
        self
    }

    /// Echoes a value of coded vocabulary, cut at 32 characters.
    #[must_use]
    pub fn echo(mut self, value: &str) -> Self {
        self.value = Some(value.chars().take(ECHO).collect());
        self
    }

    /// Adds the near name.
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<&str>) -> Self {
        self.suggestion = suggestion.map(str::to_owned);
        self
    }

    /// One sentence for a person.
    pub fn message(&self) -> String {
        let mut text = format!("{}: {}", self.path, self.reason.as_str().replace('_', " "));
        if let Some(value) = &self.value {
            text.push_str(&format!(" `{value}`"));
        }
        if let Some(suggestion) = &self.suggestion {
            text.push_str(&format!("; did you mean `{suggestion}`?"));
        }
        if !self.expected.is_empty() {
            text.push_str(&format!(" (expected: {})", self.expected));
        }
        text
    }
}

/// An input that could not be taken, with all its violations.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}", summary(.violations))]
pub struct InputError {
    /// Every violation found, in order of path.
    pub violations: Vec<Violation>,
}

impl InputError {
    /// One violation as an error.
    pub fn one(violation: Violation) -> Self {
        Self {
            violations: vec![violation],
        }
    }
}

fn summary(violations: &[Violation]) -> String {
    let sentences: Vec<String> = violations.iter().map(Violation::message).collect();
    format!("invalid input: {}", sentences.join(" | "))
}
