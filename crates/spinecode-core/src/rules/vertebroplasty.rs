//! # Vertebroplasty
//!
//! ## What it does
//! Counts vertebral bodies, whatever the needles a body took, and reports first and added ones by code region; how far one
//! first-level code reaches is dated, and disputed for the old codes.
//!
//! ## When it applies
//! From the first day covered; codes, regions and guidance are dated rows.
//!
//! ## Example
//! T12 and L1: a first code for each region in the old reading, one first code and one added body since.
//!
//! ## Sources
//! See `rules.csv`, rule `VTP-001`.

use crate::context::{Context, Outcome};
use crate::rules::sacroplasty;

/// Family of the fact tables.
pub const FAMILY: &str = "vertebroplasty";
/// Bodies by region.
pub const BODIES_RULE: &str = "VTP-001";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    sacroplasty::bodies(ctx, FAMILY, BODIES_RULE, group)
}
