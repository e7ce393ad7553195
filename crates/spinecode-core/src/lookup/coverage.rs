//! Which layers hold data for a code, and from where.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, Basis, CitationInfo, CodeCoverage, Coverage, LayerHolding, TableHolding, last_day};
use crate::code::Code;
use crate::date::View;
use crate::facts::Row;
use crate::name::Name;

/// The layers, in their order, with what may hold data of a single code.
const LAYERS: [&str; 8] = [
    "form",
    "code_life",
    "code_set",
    "ptp",
    "mue",
    "add_on_table",
    "fee_schedule",
    "coverage",
];

/// Rows of a layer for one code, each with its table.
type Rows<'a> = BTreeMap<&'static str, Vec<(&'static str, &'a Row)>>;

/// Which layers hold data: for one code, or for every code of the tables.
pub fn coverage(asked: Asked<'_>, code: Option<Code>) -> Coverage {
    let mut all = rows(&asked);
    let codes: BTreeSet<Code> = match code {
        Some(code) => BTreeSet::from([code]),
        None => all.keys().copied().collect(),
    };
    let general = general(&asked);
    let codes: Vec<CodeCoverage> = codes
        .into_iter()
        .map(|code| one(&asked, code, all.remove(&code).unwrap_or_default(), &general))
        .collect();
    let cited: BTreeSet<Name> = codes
        .iter()
        .flat_map(|code| &code.layers)
        .flat_map(|layer| &layer.tables)
        .flat_map(|table| table.citations.iter().cloned())
        .collect();
    let knowledge: Basis = asked.basis();
    Coverage {
        on: asked.on,
        coverage_from: asked.facts.coverage_from,
        codes,
        citations: CitationInfo::all(asked.facts, cited.iter()),
        knowledge,
    }
}

/// Rows of the form of a line: they hold for every code alike.
fn general<'a>(asked: &Asked<'a>) -> Vec<(&'static str, &'a Row)> {
    let facts = asked.facts;
    let outcomes = facts.outcomes.iter().map(|row| ("outcomes.csv", &row.row));
    let places = facts.places.values().flatten();
    outcomes
        .chain(places.map(|row| ("places_of_service.csv", &row.row)))
        .collect()
}

/// Every row that speaks of a code, by code and layer.
fn rows<'a>(asked: &Asked<'a>) -> BTreeMap<Code, Rows<'a>> {
    let facts = asked.facts;
    let mut found: BTreeMap<Code, Rows<'a>> = BTreeMap::new();
    let mut add = |code: Code, layer: &'static str, table: &'static str, row: &'a Row| {
        if asked.published(row) {
            found
                .entry(code)
                .or_default()
                .entry(layer)
                .or_default()
                .push((table, row));
        }
    };
    for row in facts.codes.values().flatten() {
        add(row.code, "code_life", "codes.csv", &row.row);
    }
    for family in facts.families.values() {
        for row in &family.roles {
            add(row.code, "code_set", "roles.csv", &row.row);
        }
        for row in &family.choices {
            for code in &row.not_reported {
                add(*code, "code_set", "choices.csv", &row.row);
            }
        }
        for row in &family.guidance {
            let codes: BTreeSet<Code> = row
                .add
                .iter()
                .map(|(code, _)| *code)
                .chain(row.included.iter().copied())
                .collect();
            for code in codes {
                add(code, "code_set", "guidance.csv", &row.row);
            }
        }
    }
    for row in facts.pairs.values().flatten() {
        add(row.column1, "ptp", "ptp_pairs.csv", &row.row);
        add(row.column2, "ptp", "ptp_pairs.csv", &row.row);
    }
    for row in facts.limits.values().flatten() {
        add(row.code, "mue", "unit_limits.csv", &row.row);
    }
    for row in facts.add_ons.values().flatten() {
        add(row.add_on, "add_on_table", "add_on_primaries.csv", &row.row);
        add(row.primary, "add_on_table", "add_on_primaries.csv", &row.row);
    }
    found
}

fn one<'a>(asked: &Asked<'a>, code: Code, mut rows: Rows<'a>, general: &[(&'static str, &'a Row)]) -> CodeCoverage {
    let listed = rows.contains_key("code_life");
    rows.insert("form", general.to_vec());
    let layers = LAYERS.map(|layer| {
        let all = rows.remove(layer).unwrap_or_default();
        let known = !all.is_empty();
        let mut tables: BTreeMap<&'static str, Vec<&Row>> = BTreeMap::new();
        for (table, row) in all {
            let seen = asked.on.is_none_or(|on| {
                let view = View { on, as_of: asked.as_of };
                row.seen(view)
            });
            if seen && asked.published(row) {
                tables.entry(table).or_default().push(row);
            }
        }
        let tables: Vec<TableHolding> = tables.into_iter().map(|(table, rows)| holding(table, &rows)).collect();
        let holds = !tables.is_empty();
        let reason = match (holds, known, layer) {
            (true, _, _) => None,
            (_, true, _) => Some("not_on_that_date"),
            (_, _, "code_life") => Some("no_code_list"),
            (_, _, "code_set") if listed => Some("not_derived"),
            (_, _, "code_set") => Some("no_code_list"),
            _ => Some("no_table"),
        };
        LayerHolding {
            layer: Name::Borrowed(layer),
            holds,
            reason: reason.map(Name::Borrowed),
            tables,
        }
    });
    let lives = asked.facts.codes.get(&code).into_iter().flatten();
    let mut lives: Vec<_> = lives.filter(|row| asked.published(&row.row)).collect();
    lives.sort_by_key(|row| row.row.window.from);
    let on = asked
        .on
        .and_then(|on| lives.iter().find(|row| row.row.window.holds(on)));
    CodeCoverage {
        code,
        label: on.or(lives.last()).map(|row| row.label.clone()),
        layers: layers.into(),
    }
}

fn holding(table: &'static str, rows: &[&Row]) -> TableHolding {
    let open = |day: Option<Option<_>>| day.flatten();
    let first = rows.iter().map(|row| row.window.from).min();
    // An open end is the latest of all.
    let last = rows
        .iter()
        .map(|row| last_day(&row.window))
        .max_by_key(|day| (day.is_none(), *day));
    let through = rows.iter().filter_map(|row| row.verified_through).min();
    let cited: BTreeSet<&Name> = rows.iter().flat_map(|row| &row.citations).collect();
    let weakest = rows.iter().map(|row| row.confidence).min();
    TableHolding {
        table: Name::Borrowed(table),
        rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        first_day: open(first),
        last_day: open(last),
        verified_through: through,
        confidence: Name::Borrowed(weakest.map_or("", |one| one.as_str())),
        citations: cited.into_iter().cloned().collect(),
    }
}
