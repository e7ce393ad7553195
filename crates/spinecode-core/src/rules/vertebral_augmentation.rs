//! # Vertebral augmentation (kyphoplasty)
//!
//! ## What it does
//! Counts vertebral bodies as vertebroplasty does, with its own codes; before they began the work was unlisted.
//!
//! ## When it applies
//! From the first day covered; codes, regions and guidance are dated rows.
//!
//! ## Example
//! L1 and L2 by balloon: a first and an added body; both pedicles of one body are one unit.
//!
//! ## Sources
//! See `rules.csv`, rule `VAU-001`.

use crate::context::{Context, Outcome};
use crate::rules::sacroplasty;

/// Family of the fact tables.
pub const FAMILY: &str = "vertebral_augmentation";
/// Bodies by region.
pub const BODIES_RULE: &str = "VAU-001";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    sacroplasty::bodies(ctx, FAMILY, BODIES_RULE, group)
}
