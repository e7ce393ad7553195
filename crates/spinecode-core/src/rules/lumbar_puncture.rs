//! # Lumbar puncture
//!
//! ## What it does
//! One puncture an encounter, coded by its purpose; guidance either is a code of its own or leads to the guided code.
//!
//! ## When it applies
//! From the first day covered; the guided codes are dated in `roles.csv`, what guidance does in `guidance.csv`.
//!
//! ## Example
//! A diagnostic puncture under fluoroscopy: puncture and guidance codes while guidance was separate, one code since.
//!
//! ## Sources
//! See `rules.csv`, rule `LPU-001`.

use smallvec::smallvec;

use crate::context::{Context, Outcome, Positions};
use crate::facts::{GuidanceRow, RoleRow};
use crate::rules::guidance;

/// Family of the fact tables.
pub const FAMILY: &str = "lumbar_puncture";
/// One puncture by purpose.
pub const PURPOSE_RULE: &str = "LPU-001";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    let Some(rule) = ctx.rule(PURPOSE_RULE) else {
        return Ok(());
    };
    let Some(family) = ctx.family(FAMILY) else {
        return Ok(());
    };
    let view = ctx.view;
    let mut punctures: Vec<(&RoleRow, &GuidanceRow, usize, usize)> = Vec::with_capacity(group.len());
    for &at in group {
        let purpose = ctx.need_word(at, "purpose")?;
        let Some(row) = guidance::resolve(ctx, FAMILY, at)? else {
            ctx.out_of_scope(at);
            continue;
        };
        let role = family
            .roles
            .iter()
            .enumerate()
            .find(|(_, role)| role.variant == row.variant && role.role == purpose && role.row.seen(view));
        match role {
            Some((rank, role)) => punctures.push((role, row, rank, at)),
            None => ctx.out_of_scope(at),
        }
    }
    // The table's order is the order of rank: drainage before diagnosis, guided before not.
    punctures.sort_by_key(|(_, _, rank, at)| (*rank, *at));
    let Some(&(role, row, _, _)) = punctures.first() else {
        return Ok(());
    };
    for &(other, _, _, at) in punctures.iter().skip(1) {
        if other.code != role.code {
            ctx.exclude(
                &rule.id,
                other.code,
                "one_per_encounter",
                smallvec![at],
                &[],
                &other.row,
            );
        }
    }
    let mut procedures: Positions = punctures.iter().map(|(_, _, _, at)| *at).collect();
    procedures.sort_unstable();
    ctx.line(
        rule,
        role.code,
        1,
        None,
        (procedures, Vec::new()),
        &[&role.row, &row.row],
    );
    for (_, row, _, at) in punctures {
        guidance::note(ctx, at, row, &[]);
    }
    Ok(())
}
