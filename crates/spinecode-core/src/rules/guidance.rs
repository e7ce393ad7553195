//! # Imaging guidance
//!
//! ## What it does
//! Finds, for a service and a kind of guidance, which code set it leads to, which separate code it earns and which codes it
//! takes in; merges separate guidance over the session (once a region, a body or an encounter).
//!
//! ## When it applies
//! Always; what it finds is dated in `guidance.csv`.
//!
//! ## Example
//! Two lumbar facet joints under fluoroscopy in 2008 earn one unit of the spinal guidance code, in 2012 none.
//!
//! ## Sources
//! See `rules.csv`, rule `GDE-001`.

use smallvec::smallvec;

use crate::context::{ANOTHER_CLINICIAN, Context, DraftLine, GUIDANCE, GUIDANCE_BY, GuidanceRequest, Unknown};
use crate::facts::{GuidanceRow, Per};
use crate::levels::Treated;
use crate::name::Name;
use crate::trace::StepKind;

/// Separate guidance, once a unit of the session.
pub const GUIDANCE_RULE: &str = "GDE-001";

/// Value: no imaging was used.
const NONE: &str = "none";

/// The guidance row of one procedure; `None` where the facts hold none for that date.
pub fn resolve<'a>(ctx: &mut Context<'a>, service: &str, at: usize) -> Result<Option<&'a GuidanceRow>, Unknown> {
    let view = ctx.view;
    let Some(family) = ctx.family(service) else {
        return Ok(None);
    };
    let said = ctx.peek_word(at, GUIDANCE);
    let (mut own, mut any, mut dated) = (None, None, false);
    for row in family.guidance.iter().filter(|row| row.row.seen(view)) {
        dated = true;
        let found = match row.modality.as_deref() {
            None => &mut any,
            modality if modality == said => &mut own,
            Some(_) => continue,
        };
        found.get_or_insert(row);
    }
    // Where guidance changes no code it is not asked; where it is said, its own row tells what is taken in.
    if own.is_some() || (any.is_none() && dated) {
        ctx.need_word(at, GUIDANCE)?;
    }
    let found = own.or(any);
    if let Some(row) = found {
        ctx.trace.step(
            StepKind::RowApplied,
            None,
            || format!("procedures[{at}].{GUIDANCE}"),
            Some(&row.row),
            || row.variant.to_string(),
        );
    }
    Ok(found)
}

/// One code set of a service, with the procedures that lead to it.
pub type VariantGroup<'a> = (Name, Vec<(usize, &'a GuidanceRow)>);

/// Groups the procedures of a session by the code set that their guidance leads to.
pub fn by_variant<'a>(ctx: &mut Context<'a>, service: &str, group: &[usize]) -> Result<Vec<VariantGroup<'a>>, Unknown> {
    let mut variants: Vec<VariantGroup<'a>> = Vec::new();
    for &at in group {
        match resolve(ctx, service, at)? {
            None => ctx.out_of_scope(at),
            Some(row) => match variants.iter_mut().find(|(variant, _)| *variant == row.variant) {
                Some((_, members)) => members.push((at, row)),
                None => variants.push((row.variant.clone(), vec![(at, row)])),
            },
        }
    }
    variants.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(variants)
}

/// Notes what the guidance of one procedure earns, and says which codes it takes in.
pub fn note<'a>(ctx: &mut Context<'a>, at: usize, row: &'a GuidanceRow, treated: &[Treated<'a>]) {
    let stated = ctx.peek_word(at, GUIDANCE).filter(|word| *word != NONE);
    if stated.is_some() {
        for &code in &row.included {
            ctx.exclude(
                &Name::Borrowed(GUIDANCE_RULE),
                code,
                "guidance_included",
                smallvec![at],
                &[],
                &row.row,
            );
        }
    }
    let Some((code, per)) = row.add else { return };
    let mine = || treated.iter().filter(|one| one.procedures.contains(&at));
    let mut keys: Vec<Name> = match per {
        Per::Region => mine()
            .filter_map(|one| one.region.map(|row| row.body_region.clone()))
            .collect(),
        Per::Vertebra => mine().map(|one| Name::Owned(one.place.to_string())).collect(),
        _ => vec![Name::Borrowed("")],
    };
    if keys.is_empty() {
        // A place that nobody named is one place.
        keys.push(
            ctx.procedure(at)
                .and_then(|procedure| procedure.region.clone())
                .unwrap_or_default(),
        );
    }
    keys.sort();
    keys.dedup();
    ctx.guidance.push(GuidanceRequest {
        code,
        per,
        keys,
        procedure: at,
        row: &row.row,
    });
}

/// Writes the separate guidance of the session: each code once a key and performer.
pub fn report(ctx: &mut Context<'_>) {
    if ctx.guidance.is_empty() {
        return;
    }
    let Some(rule) = ctx.rule(GUIDANCE_RULE) else { return };
    let mut requests = std::mem::take(&mut ctx.guidance);
    requests.sort_by_key(|request| (request.code, request.procedure));
    let mut done: Vec<(usize, Option<Name>, Vec<Name>)> = Vec::new();
    for request in &requests {
        let Some(procedure) = ctx.procedure(request.procedure) else {
            continue;
        };
        let performer = if ctx.peek_word(request.procedure, GUIDANCE_BY) == Some(ANOTHER_CLINICIAN) {
            Some(Name::Borrowed(ANOTHER_CLINICIAN))
        } else {
            procedure.performed_by.clone()
        };
        let known = done.iter_mut().find(|(line, by, _)| {
            *by == performer && ctx.draft.lines.get(*line).is_some_and(|line| line.code == request.code)
        });
        let mut keys: Vec<Name> = request.keys.clone();
        if let Some(encounter) = &procedure.encounter {
            keys.iter_mut()
                .for_each(|key| *key = Name::Owned(format!("{key} {encounter}")));
        }
        // The keys that are new, by their published names: an encounter's own name is the caller's.
        let fresh: Vec<&Name> = request
            .keys
            .iter()
            .zip(&keys)
            .filter(|(_, key)| known.as_ref().is_none_or(|(_, _, seen)| !seen.contains(key)))
            .map(|(name, _)| name)
            .collect();
        ctx.trace.step(
            StepKind::Count,
            Some(&rule.id),
            || format!("procedures[{}]", request.procedure),
            Some(request.row),
            || {
                let told = fresh.iter().map(|key| format!(" {key}")).collect::<String>();
                format!("{} {}{}", request.per.as_str(), fresh.len(), told.trim_end())
            },
        );
        match known {
            Some((line, _, seen)) => {
                keys.retain(|key| !seen.contains(key));
                let more = u32::try_from(keys.len()).unwrap_or(0);
                seen.extend(keys);
                if let Some(line) = ctx.draft.lines.get_mut(*line) {
                    line.units += more;
                    line.procedures.push(request.procedure);
                }
            }
            None => {
                let units = u32::try_from(keys.len()).unwrap_or(1);
                let at = ctx.draft.lines.len();
                ctx.line(
                    rule,
                    request.code,
                    units,
                    None,
                    (smallvec![request.procedure], Vec::new()),
                    &[request.row],
                );
                if let Some(line) = ctx.draft.lines.get_mut(at) {
                    mark(line, &performer);
                }
                done.push((at, performer, keys));
            }
        }
    }
}

fn mark(line: &mut DraftLine, performer: &Option<Name>) {
    line.guidance = true;
    line.outcome = None;
    line.performed_by.clone_from(performer);
}
