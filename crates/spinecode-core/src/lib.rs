//! Vocabulary, rules, evaluation and rendering of spine procedure coding.
//!
//! Pure: no I/O, no clock, no randomness. Same case, same facts, same options: same bytes.

pub mod anatomy;
pub mod answer;
pub mod case;
pub mod code;
pub mod context;
pub mod date;
pub mod drawing;
pub mod edit;
pub mod error;
pub mod evaluate;
pub mod explain;
pub mod facts;
pub mod fee;
pub mod input;
pub mod layers;
pub mod levels;
pub mod lint;
pub mod lookup;
pub mod modifiers;
pub mod name;
pub mod questions;
pub mod render;
pub mod replay;
pub mod rules;
pub mod tables;
pub mod text;
pub mod trace;

pub use answer::{CodedCase, Line, Status};
pub use case::Case;
pub use code::{Code, Modifier};
pub use date::{ServiceDate, Window};
pub use error::{InputError, Reason, Violation};
pub use input::{RawCase, RawProcedure, RawSite, RawValue};
pub use name::Name;
pub use trace::TraceLevel;
