//! # Facet joint denervation
//!
//! ## What it does
//! Counts nerves or joints, as the unit of the date wants, and reports first and added ones by code region. Work that does
//! not destroy the nerve, or lacks the imaging that the codes need, is unlisted.
//!
//! ## When it applies
//! From the first day covered; the unit changed from nerve to joint with the code set (`roles.csv`).
//!
//! ## Example
//! Branches L3, L4 and the L5 dorsal ramus: three nerves before the change, two joints since.
//!
//! ## Sources
//! See `rules.csv`, rules `FJD-001` and `FJD-002`.

use crate::case::FactValue;
use crate::context::{Context, Outcome, Positions, Unknown};
use crate::facts::{Per, TechniqueRow};
use crate::levels;
use crate::name::Name;
use crate::rules::guidance;
use crate::trace::StepKind;

/// Family of the fact tables.
pub const FAMILY: &str = "facet_denervation";
/// Nerves or joints.
pub const LEVELS_RULE: &str = "FJD-001";
/// Work that is no denervation in the sense of the codes.
pub const TECHNIQUE_RULE: &str = "FJD-002";

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    let mut destroyed = Vec::with_capacity(group.len());
    for &at in group {
        match technique(ctx, at)? {
            Some(row) if row.variant.is_some() => {
                let Some(rule) = ctx.rule(TECHNIQUE_RULE) else { continue };
                let treated = levels::treated(ctx, FAMILY, &[at], Per::Joint, false)?;
                let variant = row.variant.clone().unwrap_or_default();
                levels::code_levels(ctx, FAMILY, &variant, &treated, rule, &[&row.row]);
            }
            Some(row) => {
                ctx.trace.row(&row.row);
                destroyed.push(at);
            }
            None => ctx.out_of_scope(at),
        }
    }
    for (variant, members) in guidance::by_variant(ctx, FAMILY, &destroyed)? {
        let Some(rule) = ctx.rule(LEVELS_RULE) else { continue };
        let procedures: Positions = members.iter().map(|(at, _)| *at).collect();
        let sided = variant == DESTRUCTION;
        let per = per(ctx);
        let treated = levels::treated(ctx, FAMILY, &procedures, per, sided)?;
        let rows: Vec<_> = members.iter().map(|(_, row)| &row.row).collect();
        levels::code_levels(ctx, FAMILY, &variant, &treated, rule, &rows);
        for (at, row) in members {
            guidance::note(ctx, at, row, &treated);
        }
    }
    Ok(())
}

/// The code set of destroyed nerves.
const DESTRUCTION: &str = "destruction";

/// What the trace tells of a technique that leads to the family's usual code sets.
const USUAL: &str = "usual";

/// The disagreement over the old unit, and the position that counts levels.
const UNIT_CONFLICT: &str = "DENERVATION_UNIT";
const BY_LEVEL: &str = "levels";

/// What one unit counts on this date.
fn per(ctx: &mut Context<'_>) -> Per {
    let view = ctx.view;
    // While the unit was a nerve, some payers' wording counted levels.
    if ctx
        .position(&UNIT_CONFLICT.into())
        .is_some_and(|position| position == BY_LEVEL)
    {
        return Per::Joint;
    }
    let roles = ctx
        .family(FAMILY)
        .map(|family| family.roles.as_slice())
        .unwrap_or_default();
    roles
        .iter()
        .find(|row| row.variant == DESTRUCTION && row.row.seen(view))
        .map_or(Per::Joint, |row| row.per)
}

fn technique<'a>(ctx: &mut Context<'a>, at: usize) -> Result<Option<&'a TechniqueRow>, Unknown> {
    let facts = ctx.facts;
    let view = ctx.view;
    let word = ctx.need_word(at, "technique")?;
    let temperature = match ctx.peek(at, "temperature_celsius") {
        Some(FactValue::Number(number)) => Some(*number),
        _ => None,
    };
    let rows = facts
        .techniques
        .iter()
        .filter(|row| row.family == FAMILY && row.technique == word && row.row.seen(view));
    let mut fitting: Vec<&TechniqueRow> = rows
        .filter(|row| match (row.below_celsius, temperature) {
            (None, _) => true,
            (Some(limit), Some(temperature)) => temperature < limit,
            (Some(_), None) => false,
        })
        .collect();
    // A row with a limit is narrower than one without.
    fitting.sort_by_key(|row| row.below_celsius.is_none());
    let row = fitting.first().copied();
    if let Some(row) = row {
        ctx.trace.step(
            StepKind::RowApplied,
            None,
            || format!("procedures[{at}].technique"),
            Some(&row.row),
            || row.variant.as_deref().unwrap_or(USUAL).to_owned(),
        );
    }
    if let Some(doubt) = row.and_then(|row| row.doubt.clone()) {
        let args = [("technique", Name::Owned(word.to_owned())), ("doubt", doubt)];
        ctx.notice("low_confidence", Some(format!("procedures[{at}].technique")), &args);
    }
    Ok(row)
}
