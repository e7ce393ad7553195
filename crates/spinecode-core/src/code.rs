//! Procedure codes and modifiers.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A CPT or HCPCS code: five characters, upper case letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code([u8; 5]);

impl Hash for Code {
    /// As one number: tables are looked up by code more often than by anything else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b, c, d, e] = self.0;
        state.write_u64(u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]));
    }
}

impl Code {
    /// Stands in for a code that could not be read, in a table that is then refused.
    pub const PLACEHOLDER: Self = Self(*b"00000");

    /// Reads a code; `None` when it is not five letters or digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 5] = text.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphanumeric)
            .then(|| Self(bytes.map(|byte| byte.to_ascii_uppercase())))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        // INVARIANT: only ASCII letters and digits pass `parse`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A two-character claim modifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modifier([u8; 2]);

impl Modifier {
    /// Stands in for a modifier that could not be read, in a file that is then refused.
    pub const PLACEHOLDER: Self = Self(*b"00");

    /// Reads a modifier; `None` when it is not two letters or digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphanumeric)
            .then(|| Self(bytes.map(|byte| byte.to_ascii_uppercase())))
    }

    /// The modifier as text.
    pub fn as_str(&self) -> &str {
        // INVARIANT: only ASCII letters and digits pass `parse`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

macro_rules! text_like {
    ($type:ty, $what:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.as_str())
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = String::deserialize(input)?;
                <$type>::parse(&text)
                    .ok_or_else(|| serde::de::Error::custom(format!(concat!("`{}` is not a ", $what), text)))
            }
        }
    };
}
text_like!(Code, "five-character code");
text_like!(Modifier, "two-character modifier");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_five_characters() {
        assert_eq!(
            Code::parse("0213t").map(|code| code.to_string()),
            Some("0213T".to_owned())
        );
        assert_eq!(Code::parse("6449"), None);
        assert_eq!(Code::parse("6449 "), None);
        assert_eq!(Modifier::parse("rt").map(|m| m.to_string()), Some("RT".to_owned()));
        assert_eq!(Modifier::parse("5"), None);
    }
}
