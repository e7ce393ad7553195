//! # Myelography
//!
//! ## What it does
//! The injection is reported by the needle's way in, once an encounter; the reading by the regions imaged. Where one clinician
//! injects by the lumbar way and reads, the later code set has one code for both.
//!
//! ## When it applies
//! Version 1 reports injection and reading apart; version 2 joins them. Their dates are in `rules.csv`.
//!
//! ## Example
//! A lumbar injection with neck and chest imaged by the same radiologist: two codes at first, one code since.
//!
//! ## Sources
//! See `rules.csv`, rules `MYE-001` and `MYE-002`.

use smallvec::smallvec;

use crate::anatomy::Place;
use crate::case::FactValue;
use crate::context::{ANOTHER_CLINICIAN, Context, Outcome};
use crate::facts::{GuidanceRow, RoleRow};
use crate::name::Name;
use crate::rules::guidance;

/// Family of the fact tables.
pub const FAMILY: &str = "myelography";
/// Injection by the needle's way in.
pub const INJECTION_RULE: &str = "MYE-001";
/// Reading by regions, apart or joined with the injection.
pub const IMAGING_RULE: &str = "MYE-002";

/// The service whose guidance is asked when no radiographic myelogram was read.
const INJECTION_ONLY: &str = "myelography_injection_only";
/// The version that joins injection and reading.
const JOINED: u32 = 2;

/// Codes one session.
pub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {
    let Some(injection) = ctx.rule(INJECTION_RULE) else {
        return Ok(());
    };
    let Some(imaging) = ctx.rule(IMAGING_RULE) else {
        return Ok(());
    };
    let Some(family) = ctx.family(FAMILY) else {
        return Ok(());
    };
    let view = ctx.view;
    let role = |variant: &str, role: &str| {
        family
            .roles
            .iter()
            .find(move |row| row.variant == variant && row.role == role && row.row.seen(view))
    };

    let mut approaches: Vec<(&str, Vec<usize>)> = Vec::new();
    for &at in group {
        let approach = ctx.need_word(at, "approach")?;
        match approaches.iter_mut().find(|(known, _)| *known == approach) {
            Some((_, members)) => members.push(at),
            None => approaches.push((approach, vec![at])),
        }
    }
    approaches.sort();

    let mut regions: Vec<Name> = Vec::new();
    let mut readers = Vec::new();
    for &at in group {
        // A second needle of the same study need not repeat what was imaged.
        let said = ctx.peek(at, "imaged_regions").is_some();
        if !said && group.iter().any(|other| ctx.peek(*other, "imaged_regions").is_some()) {
            continue;
        }
        if let FactValue::Words(words) = ctx.need(at, "imaged_regions")? {
            if !words.is_empty() && ctx.peek(at, "formal_report") == Some(&FactValue::Flag(false)) {
                for row in [role("reading", words.first().map_or("", Name::as_ref))]
                    .into_iter()
                    .flatten()
                {
                    ctx.exclude(&imaging.id, row.code, "not_documented", smallvec![at], &[], &row.row);
                }
                continue;
            }
            if !words.is_empty() {
                readers.push(at);
            }
            for word in words {
                if !regions.contains(word) {
                    regions.push(word.clone());
                }
            }
        }
    }
    regions.sort();
    let imaged = match regions.as_slice() {
        [] => None,
        [one] => Some(one.as_ref()),
        _ => Some("two_or_more"),
    };
    let sites = || {
        regions
            .iter()
            .map(|region| (Place::Region(region.clone()), None))
            .collect::<Vec<_>>()
    };

    let by_lumbar = approaches.iter().any(|(approach, _)| *approach == "lumbar");
    let only_lumbar = by_lumbar && approaches.len() == 1;
    let mut reader = None;
    let mut joined: Option<&RoleRow> = None;
    if let Some(imaged) = imaged {
        let mut another = false;
        for &at in &readers {
            let who = if imaging.version == JOINED && only_lumbar {
                Some(ctx.need_word(at, "imaging_read_by")?)
            } else {
                ctx.peek_word(at, "imaging_read_by")
            };
            another |= who == Some(ANOTHER_CLINICIAN);
        }
        reader = another.then_some(Name::Borrowed(ANOTHER_CLINICIAN));
        if imaging.version == JOINED && only_lumbar && !another {
            joined = role("joined", imaged);
        }
    }

    let mut procedures = group.to_vec();
    procedures.sort_unstable();
    match (joined, imaged) {
        (Some(row), _) => ctx.line(imaging, row.code, 1, None, (procedures.into(), sites()), &[&row.row]),
        (None, imaged) => {
            for (approach, members) in &approaches {
                match role("injection", approach) {
                    Some(row) => ctx.line(
                        injection,
                        row.code,
                        1,
                        None,
                        (members.as_slice().into(), Vec::new()),
                        &[&row.row],
                    ),
                    None => members.iter().for_each(|at| ctx.out_of_scope(*at)),
                }
            }
            if let Some(row) = imaged.and_then(|imaged| role("reading", imaged)) {
                let before = ctx.draft.lines.len();
                ctx.line(
                    imaging,
                    row.code,
                    1,
                    None,
                    (readers.as_slice().into(), sites()),
                    &[&row.row],
                );
                if let (Some(reader), Some(line)) = (reader, ctx.draft.lines.get_mut(before)) {
                    line.performed_by = Some(reader);
                }
            }
        }
    }

    for &at in group {
        let service = if imaged.is_some() { FAMILY } else { INJECTION_ONLY };
        // A reading takes the guidance in whatever it was; only an injection alone asks for it.
        let row: Option<&GuidanceRow> = guidance::resolve(ctx, service, at)?;
        if let Some(row) = row {
            guidance::note(ctx, at, row, &[]);
        }
    }
    Ok(())
}
