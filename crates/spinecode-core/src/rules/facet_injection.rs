//! # Facet joint injection and medial branch block
//!
//! ## What it does
//! Counts joints (a joint, or the branches that serve it, is one level), sorts them into code regions, and reports the
//! first, second and further levels of the code set that the guidance leads to.
//!
//! ## When it applies
//! From the first day covered; code sets and caps are dated in `roles.csv`, guidance in `guidance.csv`.
//!
//! ## Example
//! Medial branches L2, L3, L4 and the L5 dorsal ramus on the right: three joints, so first, second and third-and-beyond.
//!
//! ## Sources
//! See `rules.csv`, rules `FJI-001` and `FJI-002`.

use crate::case::FactValue;
use crate::context::{Context, Outcome, Positions};
use crate::facts::{Per, RuleRow};
use crate::levels;
use crate::name::Name;
use crate::rules::guidance;

/// Family of the fact tables.
pub const FAMILY: &str = "facet_injection";
/// Levels of joints.
pub const LEVELS_RULE: &str = "FJI-001";
/// Without the imaging that the codes need.
pub const WITHOUT_IMAGE_RULE: &str = "FJI-002";

/// The code set for work without the imaging that the facet codes need: counted by muscles.
const BY_MUSCLES: &str = "by_muscles";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    for (variant, members) in guidance::by_variant(ctx, FAMILY, group)? {
        let procedures: Positions = members.iter().map(|(at, _)| *at).collect();
        if variant == BY_MUSCLES {
            let Some(rule) = ctx.rule(WITHOUT_IMAGE_RULE) else {
                continue;
            };
            by_muscles(ctx, rule, &variant, &procedures)?;
            continue;
        }
        let Some(rule) = ctx.rule(LEVELS_RULE) else { continue };
        let treated = levels::treated(ctx, FAMILY, &procedures, Per::Joint, true)?;
        let rows: Vec<_> = members.iter().map(|(_, row)| &row.row).collect();
        levels::code_levels(ctx, FAMILY, &variant, &treated, rule, &rows);
        for (at, row) in members {
            guidance::note(ctx, at, row, &treated);
        }
    }
    Ok(())
}

fn by_muscles(ctx: &mut Context<'_>, rule: &RuleRow, variant: &Name, procedures: &[usize]) -> Outcome {
    let Some(family) = ctx.family(FAMILY) else {
        return Ok(());
    };
    let view = ctx.view;
    let mut muscles = 0;
    for &at in procedures {
        if let FactValue::Number(number) = ctx.need(at, "muscles")? {
            muscles = u32::try_from(*number).unwrap_or(u32::MAX).saturating_add(muscles);
        }
    }
    let role = family.roles.iter().find(|row| {
        row.variant == *variant
            && row.row.seen(view)
            && row.nth_from <= muscles.max(1)
            && row.nth_to.is_none_or(|to| muscles <= to)
    });
    match role {
        Some(role) => ctx.line(
            rule,
            role.code,
            1,
            None,
            (Positions::from_slice(procedures), Vec::new()),
            &[&role.row],
        ),
        None => procedures.iter().for_each(|at| ctx.out_of_scope(*at)),
    }
    Ok(())
}
