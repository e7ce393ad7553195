//! # A procedure that another of the session takes in
//!
//! ## What it does
//! Where one family includes another (at one site, or in the whole session), the included one has no line.
//!
//! ## When it applies
//! As dated in `bundles.csv`.
//!
//! ## Example
//! A facet joint injected and denervated in one session: only the denervation is reported.
//!
//! ## Sources
//! See `rules.csv`, rule `INC-001`, and the rows of `bundles.csv`.

use smallvec::smallvec;

use crate::anatomy::{Place, Side};
use crate::case::Site;
use crate::code::Code;
use crate::context::{Context, GUIDANCE, Unknown};
use crate::facts::{BundleRow, BundleScope};
use crate::name::Name;
use crate::rules::by_rows;

/// A procedure taken in by another.
pub const INCLUDED_RULE: &str = "INC-001";

/// Finds what is taken in, before anything is counted. Returns the procedures that are taken in whole.
pub fn take_in(ctx: &mut Context<'_>) -> Result<Vec<usize>, Unknown> {
    let facts = ctx.facts;
    let view = ctx.view;
    let procedures = &ctx.case.procedures;
    let mut whole = Vec::new();
    if procedures.len() < 2 {
        return Ok(whole);
    }
    let here = |family: &Name| procedures.iter().any(|one| one.family.as_ref() == Some(family));
    let meets = facts
        .bundles
        .iter()
        .filter(|row| here(&row.includes) && here(&row.family));
    for row in meets.filter(|row| row.scope != BundleScope::Guidance && row.row.seen(view)) {
        for (at, loser) in procedures.iter().enumerate() {
            if loser.family.as_ref() != Some(&row.includes) {
                continue;
            }
            let near: Vec<usize> = procedures
                .iter()
                .enumerate()
                .filter(|(other, winner)| {
                    *other != at
                        && winner.family.as_ref() == Some(&row.family)
                        && winner.encounter == loser.encounter
                        && !loser.distinct_from.contains(other)
                        && !winner.distinct_from.contains(&at)
                })
                .map(|(other, _)| other)
                .collect();
            let winners = meant(ctx, row, at, near)?;
            if winners.is_empty() {
                continue;
            }
            let mut taken: Vec<(usize, Place, Option<Side>)> = Vec::new();
            let mut left_over = false;
            if row.scope != BundleScope::Session {
                let sides = row.scope == BundleScope::SameSite;
                for site in &loser.sites {
                    left_over |= !take_in_site(ctx, at, site, &winners, sides, &mut taken)?;
                }
                if taken.is_empty() {
                    continue;
                }
            }
            if ctx.rule(INCLUDED_RULE).is_none() {
                continue;
            }
            ctx.trace.row(&row.row);
            let place = taken.iter().map(|(_, place, _)| place).min();
            if let Some(code) = representative(ctx, at, place) {
                let by = winners
                    .iter()
                    .filter_map(|other| procedures.get(*other))
                    .map(|winner| winner.id.clone())
                    .min();
                let args = [("procedure", by.unwrap_or_default())];
                ctx.exclude(&row.rule, code, "included_in_procedure", smallvec![at], &args, &row.row);
            }
            if left_over {
                ctx.taken_in.extend(taken);
            } else {
                whole.push(at);
            }
        }
    }
    Ok(whole)
}

/// The procedures near by that take this one in, as far as the row asks anything of either.
fn meant(ctx: &mut Context<'_>, row: &BundleRow, at: usize, near: Vec<usize>) -> Result<Vec<usize>, Unknown> {
    if near.is_empty() || !by_rows::holds(ctx, &row.when, &[at], at)? {
        return Ok(Vec::new());
    }
    let mut meant = Vec::new();
    'near: for other in near {
        if !by_rows::holds(ctx, &row.by, &[other], other)? {
            continue;
        }
        for fact in &row.alike {
            if let Name::Borrowed(fact) = *fact
                && ctx.need(at, fact)? != ctx.need(other, fact)?
            {
                continue 'near;
            }
        }
        meant.push(other);
    }
    Ok(meant)
}

/// Takes in the sides of one site that the winners cover; says whether nothing of the site is left.
fn take_in_site(
    ctx: &mut Context<'_>,
    at: usize,
    site: &Site,
    winners: &[usize],
    sides: bool,
    taken: &mut Vec<(usize, Place, Option<Side>)>,
) -> Result<bool, Unknown> {
    let near: Vec<(usize, &Site)> = winners
        .iter()
        .filter_map(|other| Some((*other, ctx.case.procedures.get(*other)?)))
        .flat_map(|(other, winner)| winner.sites.iter().map(move |theirs| (other, theirs)))
        .filter(|(_, theirs)| meets(ctx, &theirs.place, &site.place))
        .collect();
    if near.is_empty() {
        return Ok(false);
    }
    // Where sides do not count, one needle's side is no other place.
    let sided = ctx.procedure(at).is_some_and(|procedure| !procedure.sides.is_empty());
    if !sided || !sides {
        taken.push((at, site.place.clone(), None));
        return Ok(true);
    }
    let wanted = ctx.need_side(at, site)?.halves();
    let mut all = true;
    for (half, is_wanted) in [(Side::Left, wanted.0), (Side::Right, wanted.1)] {
        if !is_wanted {
            continue;
        }
        let mut here: Vec<&Place> = Vec::new();
        for (other, theirs) in &near {
            let (left, right) = ctx.need_side(*other, theirs)?.halves();
            if if half == Side::Left { left } else { right } {
                here.push(&theirs.place);
            }
        }
        if covers(ctx, &here, &site.place) {
            taken.push((at, site.place.clone(), Some(half)));
        } else {
            all = false;
        }
    }
    Ok(all)
}

/// Whether two places have to do with each other: the same place, or a joint and a nerve of it.
fn meets(ctx: &Context<'_>, theirs: &Place, ours: &Place) -> bool {
    let serves = |nerve: &Name, joint| {
        ctx.facts
            .nerves
            .iter()
            .any(|row| row.joint == joint && row.nerves.contains(nerve))
    };
    match (theirs, ours) {
        // A foramen lies at the interspace of its root.
        (Place::Foramen(root), Place::Interspace(space)) | (Place::Interspace(space), Place::Foramen(root)) => {
            root.interspace() == Some(*space)
        }
        (Place::Joint(joint), Place::Nerve(nerve)) | (Place::Nerve(nerve), Place::Joint(joint)) => {
            serves(nerve, *joint)
        }
        _ => theirs == ours,
    }
}

/// Whether places on one side cover a place: the place itself, the joint of a nerve, or all nerves of a joint.
fn covers(ctx: &Context<'_>, here: &[&Place], ours: &Place) -> bool {
    if here.contains(&ours) {
        return true;
    }
    match ours {
        Place::Joint(joint) => ctx
            .facts
            .nerves
            .iter()
            .filter(|row| row.usual && row.joint == *joint)
            .any(|row| {
                row.nerves
                    .iter()
                    .all(|nerve| here.contains(&&Place::Nerve(nerve.clone())))
            }),
        Place::Nerve(_) => here.iter().any(|place| matches!(place, Place::Joint(_))),
        _ => false,
    }
}

/// The code one would first think of for a procedure, to name it where it has no line.
fn representative(ctx: &mut Context<'_>, at: usize, place: Option<&Place>) -> Option<Code> {
    let procedure = ctx.procedure(at)?;
    let name = procedure.family.as_deref()?;
    let family = ctx.family(name)?;
    let purpose = ctx.peek_word(at, "purpose");
    let variant = if family.choices.is_empty() {
        family
            .guidance
            .iter()
            .filter(|row| row.row.seen(ctx.view))
            .find(|row| row.modality.is_none() || row.modality.as_deref() == ctx.peek_word(at, GUIDANCE))
            .map(|row| row.variant.clone())
    } else {
        by_rows::first_set(ctx, name, at)
    };
    let entry = by_rows::entry(ctx, at);
    let place = place
        .or(entry.as_ref())
        .or_else(|| procedure.sites.first().map(|site| &site.place));
    let roles = || {
        let seen = family
            .roles
            .iter()
            .filter(|row| row.row.seen(ctx.view) && row.nth_from == 1);
        seen.filter(|row| variant.as_ref().is_none_or(|variant| row.variant == *variant))
    };
    let region = place
        .and_then(|place| family.junctions_at(place).find(|row| row.row.seen(ctx.view)))
        .map(|row| &row.region);
    roles()
        .find(|row| Some(row.role.as_ref()) == purpose)
        .or_else(|| roles().find(|row| row.region.is_some() && row.region.as_ref() == region))
        .or_else(|| roles().next())
        .map(|row| row.code)
}
