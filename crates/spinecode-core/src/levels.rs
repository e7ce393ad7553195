//! Level arithmetic: sites to counted places, places to code regions, levels to first / second / third-and-beyond units.

use smallvec::{SmallVec, smallvec};

use crate::anatomy::{Interspace, Place, Root, Side, Vertebra};
use crate::context::{COMPLETED, Context, Positions, REDUCED, Unknown};
use crate::facts::{
    CodeRow, Confidence, JunctionRow, Laterality, NerveRow, Per, PrimaryRow, Reach, RoleRow, Row, RuleRow,
};
use crate::name::Name;
use crate::trace::StepKind;

/// One place treated, with the sides and procedures that treated it.
#[derive(Clone, Debug)]
pub struct Treated<'a> {
    /// The place, as the unit counts it.
    pub place: Place,
    /// Sides, for one-sided codes; `None` where sides do not count.
    pub side: Option<Side>,
    /// Procedures.
    pub procedures: Positions,
    /// Code region and the row that gives it.
    pub region: Option<&'a JunctionRow>,
}

/// Collects what a group of procedures treated, counted by `per`, joining both sides of one place.
pub fn treated<'a>(
    ctx: &mut Context<'a>,
    family: &str,
    group: &[usize],
    per: Per,
    one_sided: bool,
) -> Result<Vec<Treated<'a>>, Unknown> {
    let mut found: Vec<Treated<'a>> = Vec::new();
    for &at in group {
        for (place, side) in places(ctx, at, per, one_sided)? {
            match found.iter_mut().find(|known| known.place == place) {
                Some(known) => {
                    if !known.procedures.contains(&at) {
                        known.procedures.push(at);
                    }
                    known.side = match (known.side, side) {
                        (Some(one), Some(other)) => Some(join(one, other)),
                        (one, other) => one.or(other),
                    };
                }
                None => found.push(Treated {
                    place,
                    side,
                    procedures: smallvec![at],
                    region: None,
                }),
            }
        }
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    for one in &mut found {
        one.region = region(ctx, family, &one.place);
        tell_region(ctx, &one.place, one.region);
    }
    Ok(found)
}

fn join(one: Side, other: Side) -> Side {
    let ((left, right), (more_left, more_right)) = (one.halves(), other.halves());
    Side::of_halves(left || more_left, right || more_right)
}

/// The counted places of one procedure: joints from nerves, nerves from joints, as the unit of the date wants.
fn places(ctx: &mut Context<'_>, at: usize, per: Per, one_sided: bool) -> Result<Vec<(Place, Option<Side>)>, Unknown> {
    let sites = ctx.need_sites(at)?;
    let mut named: Vec<(Place, Option<Side>)> = Vec::with_capacity(sites.len());
    for site in sites.iter() {
        let side = if one_sided {
            Some(ctx.need_side(at, site)?)
        } else {
            site.side
        };
        if let Some(side) = ctx.left_of(at, &site.place, side) {
            let place = counted_as(&site.place, per);
            match named.iter_mut().find(|(known, _)| *known == place) {
                Some((_, known)) => {
                    *known = known.zip(side).map(|(one, other)| join(one, other)).or(*known).or(side);
                }
                None => named.push((place, side)),
            }
        }
    }
    let has_joint = named.iter().any(|(place, _)| matches!(place, Place::Joint(_)));
    let has_nerve = named.iter().any(|(place, _)| matches!(place, Place::Nerve(_)));
    match per {
        Per::Joint if has_joint => named.retain(|(place, _)| matches!(place, Place::Joint(_))),
        Per::Joint if has_nerve => return Ok(joints_of(ctx, at, &named)),
        Per::Nerve if has_nerve => named.retain(|(place, _)| matches!(place, Place::Nerve(_))),
        Per::Nerve if has_joint => return Ok(nerves_of(ctx, at, &named)),
        _ => {}
    }
    Ok(named)
}

/// A foramen named by its root, as the interspace it belongs to: one level however it is written.
fn counted_as(place: &Place, per: Per) -> Place {
    match (place, per) {
        (Place::Foramen(root), Per::Foramen) => root.interspace().map_or_else(|| place.clone(), Place::Interspace),
        _ => place.clone(),
    }
}

/// Joints whose nerves are all there on a side; a nerve left over is a level begun, and said so.
fn joints_of(ctx: &mut Context<'_>, at: usize, named: &[(Place, Option<Side>)]) -> Vec<(Place, Option<Side>)> {
    let facts = ctx.facts;
    let view = ctx.view;
    let mut found: Vec<(Place, Option<Side>)> = Vec::new();
    for side in [Side::Left, Side::Right] {
        let here: SmallVec<[(&Name, u64); 8]> = named
            .iter()
            .filter(|(_, of)| {
                let (left, right) = of.unwrap_or(Side::Bilateral).halves();
                if side == Side::Left { left } else { right }
            })
            .filter_map(|(place, _)| {
                if let Place::Nerve(nerve) = place {
                    Some((nerve, facts.nerve_bit(nerve)))
                } else {
                    None
                }
            })
            .collect();
        if here.is_empty() {
            continue;
        }
        let bits = here.iter().fold(0, |all, (_, bit)| all | bit);
        let served = |wanted: bool| {
            let sets = facts
                .nerve_sets
                .iter()
                .filter(move |(set, usual, _)| *usual == wanted && set & bits == *set);
            sets.filter_map(|(_, _, at)| facts.nerves.get(*at))
                .filter(|row| row.row.seen(view))
        };
        let mut rows: SmallVec<[&NerveRow; 8]> = served(true).collect();
        let used = rows.iter().fold(0, |all, row| all | row.bits);
        // Another way of naming counts only for joints that take a nerve that none found the usual way does.
        for row in served(false) {
            if row.bits & !used != 0 && !rows.iter().any(|known| known.joint == row.joint) {
                rows.push(row);
            }
        }
        let used = rows.iter().fold(0, |all, row| all | row.bits);
        for row in &rows {
            ctx.trace.step(
                StepKind::Merge,
                None,
                || row.nerves.join(" "),
                Some(&row.row),
                || format!("{} {}", row.joint, side.as_str()),
            );
            add(&mut found, Place::Joint(row.joint), side);
        }
        let lone = here.iter().copied().filter(|(_, bit)| {
            // A nerve beside a joint already counted adds nothing to it (S1 beside L5).
            bit & used == 0
                && !facts
                    .nerves
                    .iter()
                    .any(|row| row.bits & bit != 0 && rows.iter().any(|known| known.joint == row.joint))
        });
        for (nerve, _) in lone {
            let Some(row) = facts
                .nerves
                .iter()
                .rev()
                .find(|row| row.usual && row.nerves.last() == Some(nerve))
                .or_else(|| facts.nerves.iter().find(|row| row.usual && row.nerves.contains(nerve)))
            else {
                continue;
            };
            ctx.trace.step(
                StepKind::Merge,
                None,
                || nerve.to_string(),
                Some(&row.row),
                || format!("{} {} in part", row.joint, side.as_str()),
            );
            add(&mut found, Place::Joint(row.joint), side);
            let subject = Some(format!("procedures[{at}]"));
            ctx.notice("incomplete_joint", subject, &[("nerve", nerve.clone())]);
        }
    }
    found
}

fn add(found: &mut Vec<(Place, Option<Side>)>, place: Place, side: Side) {
    match found.iter_mut().find(|(known, _)| *known == place) {
        Some((_, known)) => *known = Some(known.map_or(side, |known| join(known, side))),
        None => found.push((place, Some(side))),
    }
}

/// The nerves of joints, by the usual way.
fn nerves_of(ctx: &mut Context<'_>, at: usize, named: &[(Place, Option<Side>)]) -> Vec<(Place, Option<Side>)> {
    let facts = ctx.facts;
    let view = ctx.view;
    let mut found: Vec<(Place, Option<Side>)> = Vec::new();
    for (place, side) in named {
        let Place::Joint(joint) = place else { continue };
        let Some(row) = facts
            .nerves
            .iter()
            .find(|row| row.usual && row.joint == *joint && row.row.seen(view))
        else {
            ctx.notice(
                "nerves_unknown",
                Some(format!("procedures[{at}]")),
                &[("joint", Name::Owned(joint.to_string()))],
            );
            continue;
        };
        ctx.trace.step(
            StepKind::Expand,
            None,
            || joint.to_string(),
            Some(&row.row),
            || row.nerves.join(" "),
        );
        for nerve in &row.nerves {
            add(&mut found, Place::Nerve(nerve.clone()), side.unwrap_or(Side::Bilateral));
        }
    }
    found
}

/// The code region of a place in a family.
pub fn region<'a>(ctx: &mut Context<'a>, family: &str, place: &Place) -> Option<&'a JunctionRow> {
    let family = ctx.family(family)?;
    let view = ctx.view;
    family
        .junctions_at(place)
        .filter(|row| row.row.seen(view))
        .find(|row| ctx.holds(&row.position))
}

/// Tells the code region of a counted place.
pub fn tell_region(ctx: &mut Context<'_>, place: &Place, region: Option<&JunctionRow>) {
    if let Some(row) = region {
        ctx.trace.step(
            StepKind::RowApplied,
            None,
            || place.to_string(),
            Some(&row.row),
            || row.region.to_string(),
        );
    }
}

/// Turns treated places into lines of a family's code set.
pub fn code_levels<'a>(
    ctx: &mut Context<'a>,
    family: &str,
    variant: &str,
    treated: &[Treated<'a>],
    rule: &RuleRow,
    behind: &[&'a Row],
) {
    let Some(facts) = ctx.family(family) else { return };
    let view = ctx.view;
    let roles: SmallVec<[&'a RoleRow; 8]> = facts
        .roles
        .iter()
        .filter(|row| row.row.seen(view) && row.variant == variant)
        .collect();
    let mut counted: SmallVec<[&Treated<'a>; 8]> = SmallVec::new();
    for one in treated {
        let role = role_at(&roles, one, 1);
        match role {
            None => {
                for &at in &one.procedures {
                    ctx.out_of_scope(at);
                }
            }
            Some(role) if role.role == "unlisted" => unlisted(ctx, rule, role, one, behind),
            Some(_) => counted.push(one),
        }
    }
    for sequence in sequences(ctx, facts.primaries.as_slice(), &counted) {
        allocate(ctx, rule, &roles, &sequence, behind);
    }
}

fn role_at<'a>(roles: &[&'a RoleRow], one: &Treated<'_>, nth: u32) -> Option<&'a RoleRow> {
    let region = one.region.map(|row| &row.region)?;
    roles.iter().copied().find(|role| {
        role.region.as_ref().is_none_or(|of| of == region)
            && role.nth_from <= nth
            && role.nth_to.is_none_or(|to| nth <= to)
    })
}

/// Unlisted work is reported once a session, whatever its extent.
fn unlisted<'a>(ctx: &mut Context<'a>, rule: &RuleRow, role: &'a RoleRow, one: &Treated<'a>, behind: &[&'a Row]) {
    let site = (one.place.clone(), one.side);
    let performer = one
        .procedures
        .first()
        .and_then(|at| ctx.procedure(*at))
        .and_then(|p| p.performed_by.clone());
    let known = ctx
        .draft
        .lines
        .iter_mut()
        .find(|line| line.code == role.code && line.performed_by == performer);
    if let Some(line) = known {
        ctx.trace.step(
            StepKind::Merge,
            Some(&rule.id),
            || one.place.to_string(),
            Some(&role.row),
            || role.code.to_string(),
        );
        line.sites.push(site);
        for &at in &one.procedures {
            if !line.procedures.contains(&at) {
                line.procedures.push(at);
            }
        }
        return;
    }
    let mut rows = vec![&role.row];
    rows.extend_from_slice(behind);
    ctx.line(rule, role.code, 1, None, (one.procedures.clone(), vec![site]), &rows);
}

/// Levels in their order.
type Levels<'t, 'a> = SmallVec<[&'t Treated<'a>; 8]>;

/// A run of levels that share one first-level code.
struct Sequence<'t, 'a> {
    levels: Levels<'t, 'a>,
    row: Option<&'a PrimaryRow>,
}

fn sequences<'t, 'a>(
    ctx: &mut Context<'a>,
    primaries: &'a [PrimaryRow],
    counted: &[&'t Treated<'a>],
) -> SmallVec<[Sequence<'t, 'a>; 1]> {
    let view = ctx.view;
    let mut regions: SmallVec<[&Name; 4]> = SmallVec::new();
    for one in counted {
        if let Some(row) = one.region
            && !regions.contains(&&row.region)
        {
            regions.push(&row.region);
        }
    }
    let in_region = |region: &Name| {
        counted
            .iter()
            .copied()
            .filter(|one| one.region.is_some_and(|row| row.region == *region))
            .collect::<Levels<'t, 'a>>()
    };
    // One region alone asks nothing of the conflicts between readings of two.
    if regions.len() > 1 {
        for row in primaries.iter().filter(|row| row.row.seen(view)) {
            let applies = match (row.reach, &row.junction) {
                (Reach::PerRegion, _) => false,
                (Reach::PerSession, _) => true,
                (Reach::JoinedAtJunction, Some((upper, lower))) => {
                    counted.iter().any(|one| one.place == *upper) && counted.iter().any(|one| one.place == *lower)
                }
                (Reach::JoinedAtJunction, None) => false,
            };
            if applies && ctx.holds(&row.position) {
                let levels = regions.iter().flat_map(|region| ordered(in_region(region))).collect();
                ctx.trace.step(
                    StepKind::Merge,
                    None,
                    || regions.iter().map(|r| r.as_ref()).collect::<Vec<_>>().join(" + "),
                    Some(&row.row),
                    || "one session".to_owned(),
                );
                return smallvec![Sequence { levels, row: Some(row) }];
            }
        }
    }
    regions
        .iter()
        .map(|region| Sequence {
            levels: ordered(in_region(region)),
            row: None,
        })
        .collect()
}

/// Which level is first is not a rule of the code set; the both-sided one is, so that the answer does not hang on the writing order.
fn ordered<'t, 'a>(mut levels: Levels<'t, 'a>) -> Levels<'t, 'a> {
    let both_first = |one: &Treated<'_>| one.side != Some(Side::Bilateral);
    levels.sort_by(|a, b| (both_first(a), &a.place).cmp(&(both_first(b), &b.place)));
    levels
}

struct Bucket<'a> {
    role: &'a RoleRow,
    region: Option<&'a Row>,
    side: Option<Side>,
    levels: Vec<(Place, Option<Side>)>,
    procedures: Positions,
}

fn allocate<'a>(
    ctx: &mut Context<'a>,
    rule: &RuleRow,
    roles: &[&'a RoleRow],
    sequence: &Sequence<'_, 'a>,
    behind: &[&'a Row],
) {
    let mut buckets: SmallVec<[Bucket<'a>; 2]> = SmallVec::new();
    let mut nth = 0;
    for one in &sequence.levels {
        nth += 1;
        let Some(role) = role_at(roles, one, nth) else {
            for &at in &one.procedures {
                ctx.out_of_scope(at);
            }
            continue;
        };
        ctx.trace.step(
            StepKind::Count,
            Some(&rule.id),
            || one.place.to_string(),
            Some(&role.row),
            || match one
                .side
                .filter(|_| ctx.facts.code(role.code, ctx.view).is_some_and(is_unilateral))
            {
                Some(side) => format!("{} {nth} {}", role.per.as_str(), side.as_str()),
                None => format!("{} {nth}", role.per.as_str()),
            },
        );
        let side = one.side.filter(|_| ctx.is_unilateral(role.code));
        // A capped role is counted by side at the end; the others keep their sides apart.
        let key = if role.cap.is_some() { None } else { side };
        let found = buckets
            .iter_mut()
            .find(|bucket| bucket.role.row.id == role.row.id && (role.cap.is_some() || bucket.side == key));
        let bucket = match found {
            Some(bucket) => bucket,
            None => {
                let region = one.region.map(|row| &row.row);
                buckets.push(Bucket {
                    role,
                    region,
                    side: key,
                    levels: Vec::with_capacity(sequence.levels.len()),
                    procedures: Positions::new(),
                });
                match buckets.last_mut() {
                    Some(bucket) => bucket,
                    None => continue,
                }
            }
        };
        bucket.levels.push((one.place.clone(), side));
        for &at in &one.procedures {
            if !bucket.procedures.contains(&at) {
                bucket.procedures.push(at);
            }
        }
    }
    for mut bucket in buckets {
        bucket.procedures.sort_unstable();
        let mut rows: SmallVec<[&Row; 6]> = smallvec![&bucket.role.row];
        rows.extend(bucket.region);
        rows.extend_from_slice(behind);
        rows.extend(sequence.row.map(|row| &row.row));
        let before = ctx.draft.lines.len();
        let role = bucket.role;
        let short = describes_more(role, bucket.levels.len());
        match bucket.role.cap {
            Some(cap) if ctx.is_unilateral(bucket.role.code) => capped_by_side(ctx, rule, &bucket, cap, &rows),
            Some(cap) => {
                let units = u32::try_from(bucket.levels.len()).unwrap_or(u32::MAX);
                ctx.line(
                    rule,
                    bucket.role.code,
                    units.min(cap),
                    None,
                    (bucket.procedures.clone(), bucket.levels.clone()),
                    &rows,
                );
                over_cap(ctx, rule, &bucket, units > cap, cap);
            }
            None => {
                let units = u32::try_from(bucket.levels.len()).unwrap_or(u32::MAX);
                let Bucket {
                    side,
                    procedures,
                    levels,
                    ..
                } = bucket;
                ctx.line(rule, role.code, units, side, (procedures, levels), &rows);
            }
        }
        if short {
            reduced(ctx, before, role);
            // Usual, but no source says so of any code.
            for line in ctx.draft.lines.iter_mut().skip(before) {
                line.confidence = Confidence::Low;
            }
        }
        if let Some((conflict, _)) = sequence.row.and_then(|row| row.position.as_ref()) {
            for line in ctx.draft.lines.iter_mut().skip(before) {
                line.by_position = Some(conflict.clone());
            }
        }
    }
}

/// Whether the one unit of a role describes more levels than were done (two bodies, where one was treated).
fn describes_more(role: &RoleRow, levels: usize) -> bool {
    let described = role.nth_to.map(|to| (to + 1).saturating_sub(role.nth_from));
    role.cap == Some(1) && described.is_some_and(|described| usize::try_from(described).is_ok_and(|many| many > levels))
}

/// Marks lines made since as reduced work, where the case does not say how it ended.
pub fn reduced(ctx: &mut Context<'_>, since: usize, role: &RoleRow) {
    let mut any = false;
    for line in ctx
        .draft
        .lines
        .iter_mut()
        .skip(since)
        .filter(|line| line.code == role.code)
    {
        if line.outcome.as_deref().is_none_or(|outcome| outcome == COMPLETED) {
            line.outcome = Some(Name::Borrowed(REDUCED));
            any = true;
        }
    }
    if any {
        let subject = Some(role.code.to_string());
        ctx.notice("reduced_by_extent", subject, &[("described", role.row.id.clone())]);
    }
}

fn is_unilateral(row: &CodeRow) -> bool {
    row.laterality == Laterality::Unilateral
}

fn capped_by_side(ctx: &mut Context<'_>, rule: &RuleRow, bucket: &Bucket<'_>, cap: u32, rows: &[&Row]) {
    let count = |left: bool| {
        let levels = bucket.levels.iter().filter(|(_, side)| {
            let halves = side.unwrap_or(Side::Midline).halves();
            if left { halves.0 } else { halves.1 }
        });
        u32::try_from(levels.count()).unwrap_or(u32::MAX)
    };
    let (left, right) = (count(true), count(false));
    let (left_units, right_units) = (left.min(cap), right.min(cap));
    let both = left_units.min(right_units);
    for (units, side) in [
        (both, Side::Bilateral),
        (left_units - both, Side::Left),
        (right_units - both, Side::Right),
    ] {
        ctx.line(
            rule,
            bucket.role.code,
            units,
            Some(side),
            (bucket.procedures.clone(), bucket.levels.clone()),
            rows,
        );
    }
    over_cap(ctx, rule, bucket, left > cap || right > cap, cap);
}

fn over_cap(ctx: &mut Context<'_>, rule: &RuleRow, bucket: &Bucket<'_>, over: bool, cap: u32) {
    if over {
        let levels = bucket
            .levels
            .iter()
            .map(|(place, _)| place.to_string())
            .collect::<Vec<_>>()
            .join(" ");
        ctx.exclude(
            &rule.id,
            bucket.role.code,
            "cap_reached",
            bucket.procedures.clone(),
            &[("cap", Name::Owned(cap.to_string())), ("sites", Name::Owned(levels))],
            &bucket.role.row,
        );
    }
}

/// Places from one to another of the same type, in order; what a range in a fact table stands for.
pub fn range(site_type: &str, first: &str, last: &str) -> Option<Vec<Place>> {
    match site_type {
        "vertebra" => {
            let (first, last) = (Vertebra::parse(first)?, Vertebra::parse(last)?);
            Some(
                (first.index()..=last.index())
                    .filter_map(Vertebra::at)
                    .map(Place::Vertebra)
                    .collect(),
            )
        }
        "joint" | "interspace" => {
            let (first, last) = (Interspace::parse(first)?, Interspace::parse(last)?);
            let spaces = (first.upper().index()..=last.upper().index()).flat_map(|upper| {
                (0..Vertebra::COUNT)
                    .filter_map(move |lower| Interspace::new(Vertebra::at(upper)?, Vertebra::at(lower)?))
            });
            Some(
                spaces
                    .map(|space| {
                        if site_type == "joint" {
                            Place::Joint(space)
                        } else {
                            Place::Interspace(space)
                        }
                    })
                    .collect(),
            )
        }
        "foramen" => {
            let roots = Root::between(Root::parse(first)?, Root::parse(last)?);
            Some(roots.map(Place::Foramen).collect())
        }
        "nerve" if first != last => {
            let roots = Root::between(Root::parse(first)?, Root::parse(last)?);
            Some(roots.map(|root| Place::Nerve(Name::Owned(root.to_string()))).collect())
        }
        "nerve" => Some(vec![Place::Nerve(Name::Owned(first.to_owned()))]),
        "region" => (first == last).then(|| vec![Place::Region(Name::Owned(first.to_owned()))]),
        _ => None,
    }
}
