//! # Sacroplasty, and the bodies of the neighbouring families
//!
//! ## What it does
//! Sacral augmentation is coded by where the needles went: one side, or both. Bodies of vertebroplasty and augmentation are
//! counted here too, because a sacral body belongs to this family while theirs have no code for it.
//!
//! ## When it applies
//! From the first day covered; before its codes began the work was unlisted.
//!
//! ## Example
//! Needles through both alae: the two-sided code, one unit.
//!
//! ## Sources
//! See `rules.csv`, rule `SAC-001`.

use crate::anatomy::Side;
use crate::context::{Context, Outcome, Positions};
use crate::facts::{GuidanceRow, Per};
use crate::levels;
use crate::rules::guidance;

/// Family of the fact tables.
pub const FAMILY: &str = "sacroplasty";
/// By sides.
pub const SIDES_RULE: &str = "SAC-001";

/// The disagreement over plain cement in the sacrum.
const PLAIN_CEMENT: &str = "SACRAL_PLAIN_CEMENT";
/// The code region of a sacral body that a family leaves to this one.
const SACRAL: &str = "sacral";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    for (_, members) in guidance::by_variant(ctx, FAMILY, group)? {
        let procedures: Positions = members.iter().map(|(at, _)| *at).collect();
        if procedures.iter().any(|at| ctx.peek_word(*at, "device") == Some("none")) {
            ctx.position(&PLAIN_CEMENT.into());
        }
        by_side(ctx, &procedures)?;
        for (at, row) in members {
            guidance::note(ctx, at, row, &[]);
        }
    }
    Ok(())
}

/// The code for needles on one side or both.
fn by_side(ctx: &mut Context<'_>, procedures: &[usize]) -> Outcome {
    let Some(rule) = ctx.rule(SIDES_RULE) else {
        return Ok(());
    };
    let Some(family) = ctx.family(FAMILY) else {
        return Ok(());
    };
    let view = ctx.view;
    let roles = || family.roles.iter().filter(|row| row.row.seen(view));
    if let Some(role) = roles().find(|row| row.role == "unlisted") {
        ctx.line(
            rule,
            role.code,
            1,
            None,
            (Positions::from_slice(procedures), Vec::new()),
            &[&role.row],
        );
        return Ok(());
    }
    let (mut left, mut right) = (false, false);
    for &at in procedures {
        let halves = ctx.need_procedure_side(at)?.halves();
        left |= halves.0;
        right |= halves.1;
    }
    let side = Side::of_halves(left, right);
    let wanted = if side == Side::Bilateral {
        "both_sides"
    } else {
        "one_side"
    };
    match roles().find(|row| row.role == wanted) {
        Some(role) => {
            let line_side = ctx.is_unilateral(role.code).then_some(side);
            ctx.line(
                rule,
                role.code,
                1,
                line_side,
                (Positions::from_slice(procedures), Vec::new()),
                &[&role.row],
            );
        }
        None => procedures.iter().for_each(|at| ctx.out_of_scope(*at)),
    }
    Ok(())
}

/// Counts bodies of a family; sacral ones that it has no code for are coded here.
pub fn bodies(ctx: &mut Context<'_>, family: &str, rule_id: &str, group: &[usize]) -> Outcome {
    for (variant, members) in guidance::by_variant(ctx, family, group)? {
        let Some(rule) = ctx.rule(rule_id) else { continue };
        let procedures: Positions = members.iter().map(|(at, _)| *at).collect();
        let treated = levels::treated(ctx, family, &procedures, Per::Vertebra, false)?;
        let (sacral, own): (Vec<_>, Vec<_>) = treated
            .iter()
            .cloned()
            .partition(|one| one.region.is_some_and(|row| row.region == SACRAL));
        let rows: Vec<_> = members.iter().map(|(_, row)| &row.row).collect();
        levels::code_levels(ctx, family, &variant, &own, rule, &rows);
        if !sacral.is_empty() {
            let mut procedures: Positions = sacral.iter().flat_map(|one| one.procedures.iter().copied()).collect();
            procedures.sort_unstable();
            procedures.dedup();
            by_side(ctx, &procedures)?;
        }
        let earned: Vec<(usize, &GuidanceRow)> = members;
        for (at, row) in earned {
            guidance::note(ctx, at, row, &treated);
        }
    }
    Ok(())
}
