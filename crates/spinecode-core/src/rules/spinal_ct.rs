//! # CT of the spine
//!
//! ## What it does
//! One code a region imaged, by contrast; contrast already in the thecal sac counts as with contrast.
//!
//! ## When it applies
//! From the first day covered.
//!
//! ## Example
//! CT of the neck after a myelogram: the with-contrast code of that region.
//!
//! ## Sources
//! See `rules.csv`, rule `SCT-001`.

use crate::context::{Context, Outcome};
use crate::facts::Per;
use crate::levels;

/// Family of the fact tables.
pub const FAMILY: &str = "spinal_ct";
/// By region and contrast.
pub const REGION_RULE: &str = "SCT-001";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    let Some(rule) = ctx.rule(REGION_RULE) else {
        return Ok(());
    };
    for &at in group {
        let contrast = ctx.need_word(at, "contrast")?;
        let treated = levels::treated(ctx, FAMILY, &[at], Per::Region, false)?;
        levels::code_levels(ctx, FAMILY, contrast, &treated, rule, &[]);
    }
    Ok(())
}
