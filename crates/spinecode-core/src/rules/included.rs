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

use crate::anatomy::{Place, Side};
use crate::case::{Procedure, Site};
use crate::code::Code;
use crate::context::{Context, GUIDANCE};
use crate::name::Name;

/// A procedure taken in by another.
pub const INCLUDED_RULE: &str = "INC-001";

/// Finds what is taken in, before anything is counted. Returns the procedures that are taken in whole.
pub fn take_in(ctx: &mut Context<'_>) -> Vec<usize> {
    let facts = ctx.facts;
    let view = ctx.view;
    let procedures = &ctx.case.procedures;
    let mut whole = Vec::new();
    if procedures.len() < 2 {
        return whole;
    }
    for row in facts.bundles.iter().filter(|row| row.row.seen(view)) {
        for (at, loser) in procedures.iter().enumerate() {
            if loser.family.as_ref() != Some(&row.includes) {
                continue;
            }
            let winners = procedures.iter().enumerate().filter(|(other, winner)| {
                *other != at
                    && winner.family.as_ref() == Some(&row.family)
                    && winner.encounter == loser.encounter
                    && !loser.distinct_from.contains(other)
                    && !winner.distinct_from.contains(&at)
            });
            let winners: Vec<&Procedure> = winners.map(|(_, winner)| winner).collect();
            if winners.is_empty() {
                continue;
            }
            let mut taken: Vec<&Site> = Vec::new();
            if row.same_site {
                taken.extend(
                    loser
                        .sites
                        .iter()
                        .filter(|site| winners.iter().any(|winner| covers(ctx, winner, site))),
                );
                if taken.is_empty() {
                    continue;
                }
            }
            if ctx.rule(INCLUDED_RULE).is_none() {
                continue;
            }
            ctx.trace.row(&row.row);
            if let Some(code) = representative(ctx, at) {
                let by = winners.first().map(|winner| winner.id.clone()).unwrap_or_default();
                ctx.exclude(&row.rule, code, "included_in_procedure", vec![at], &[("procedure", by)]);
            }
            if !row.same_site || taken.len() == loser.sites.len() {
                whole.push(at);
            } else {
                let taken: Vec<_> = taken
                    .into_iter()
                    .map(|site| (at, site.place.clone(), site.side))
                    .collect();
                ctx.taken_in.extend(taken);
            }
        }
    }
    whole
}

/// Whether a winner's sites cover a site: the same place, or the joint and its nerves.
fn covers(ctx: &Context<'_>, winner: &Procedure, site: &Site) -> bool {
    // Where sides do not count, one needle's side is no other place.
    let sided = !winner.sides.is_empty();
    let on_side = |other: &Site| match (other.side.or(winner.side).filter(|_| sided), site.side) {
        (Some(one), Some(two)) => {
            let ((left, right), (wanted_left, wanted_right)) = (one.halves(), two.halves());
            one == Side::Bilateral
                || one == two
                || (left && wanted_left && !wanted_right)
                || (right && wanted_right && !wanted_left)
        }
        _ => true,
    };
    let nerve_of = |nerve: &Name, joint| {
        ctx.facts
            .nerves
            .iter()
            .any(|row| row.joint == joint && row.nerves.contains(nerve))
    };
    let here: Vec<&Site> = winner.sites.iter().filter(|other| on_side(other)).collect();
    if here.iter().any(|other| other.place == site.place) {
        return true;
    }
    match &site.place {
        Place::Joint(joint) => ctx
            .facts
            .nerves
            .iter()
            .filter(|row| row.usual && row.joint == *joint)
            .any(|row| {
                row.nerves
                    .iter()
                    .all(|nerve| here.iter().any(|other| other.place == Place::Nerve(nerve.clone())))
            }),
        Place::Nerve(nerve) => here
            .iter()
            .any(|other| matches!(other.place, Place::Joint(joint) if nerve_of(nerve, joint))),
        _ => false,
    }
}

/// The code one would first think of for a procedure, to name it where it has no line.
fn representative(ctx: &Context<'_>, at: usize) -> Option<Code> {
    let procedure = ctx.procedure(at)?;
    let family = ctx.family(procedure.family.as_deref()?)?;
    let roles = || {
        family
            .roles
            .iter()
            .filter(|row| row.row.seen(ctx.view) && row.nth_from == 1)
    };
    let purpose = ctx.peek_word(at, "purpose");
    let variant = family
        .guidance
        .iter()
        .filter(|row| row.row.seen(ctx.view))
        .find(|row| row.modality.is_none() || row.modality.as_deref() == ctx.peek_word(at, GUIDANCE))
        .map(|row| &row.variant);
    let roles = || roles().filter(move |row| variant.is_none_or(|variant| row.variant == *variant));
    let region = procedure.sites.iter().find_map(|site| {
        family
            .junctions
            .iter()
            .find(|row| row.row.seen(ctx.view) && row.places.contains(&site.place))
            .map(|row| &row.region)
    });
    roles()
        .find(|row| Some(row.role.as_ref()) == purpose)
        .or_else(|| roles().find(|row| row.region.is_some() && row.region.as_ref() == region))
        .or_else(|| roles().next())
        .map(|row| row.code)
}
