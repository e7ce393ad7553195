//! Payer profiles: one TOML file each; a profile may inherit another and name only what differs.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use spinecode_core::answer::hex;
use spinecode_core::code::Modifier;
use spinecode_core::date::{ServiceDate, Window};
use spinecode_core::facts::{BilateralStyle, Confidence, Profile, RenderModifiers, Row, StyleRow};
use spinecode_core::name::Name;

use crate::table::{Faults, keep};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    label: String,
    inherits: Option<String>,
    layers: Option<Vec<String>>,
    modifier_order: Option<Vec<String>>,
    modifiers: Option<Marks>,
    #[serde(default)]
    positions: BTreeMap<String, String>,
    #[serde(default)]
    bilateral: Vec<Style>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    bilateral: String,
    left: String,
    right: String,
    professional: String,
    distinct: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Style {
    style: String,
    add_on: Option<bool>,
    #[serde(default)]
    settings: Vec<String>,
    from: Option<String>,
    last_day: Option<String>,
    known_from: Option<String>,
    verified_through: Option<String>,
    confidence: String,
    citations: Vec<String>,
    conflict: Option<String>,
    position: Option<String>,
}

/// Reads every profile; a fault names its file.
pub(crate) fn read(files: &HashMap<&str, &'static str>, faults: &mut Faults) -> BTreeMap<Name, Profile> {
    let mut parsed: BTreeMap<String, (String, File, Name)> = BTreeMap::new();
    for (file, text) in files {
        match toml::from_str::<File>(text) {
            Ok(profile) => {
                let hash = keep(&hex(&Sha256::digest(text.as_bytes())));
                parsed.insert(profile.name.clone(), ((*file).to_owned(), profile, hash));
            }
            Err(fault) => faults.add(file, 0, "", fault.message()),
        }
    }
    let names: Vec<String> = parsed.keys().cloned().collect();
    let mut profiles = BTreeMap::new();
    for name in names {
        if let Some(profile) = build(&name, &parsed, &mut Vec::new(), faults) {
            profiles.insert(keep(&name), profile);
        }
    }
    profiles
}

fn build(
    name: &str,
    parsed: &BTreeMap<String, (String, File, Name)>,
    chain: &mut Vec<String>,
    faults: &mut Faults,
) -> Option<Profile> {
    let (file, own, hash) = parsed.get(name)?;
    if chain.contains(&name.to_owned()) {
        faults.add(file, 0, "inherits", "a profile cannot inherit itself");
        return None;
    }
    chain.push(name.to_owned());
    let parent = match &own.inherits {
        Some(parent) => {
            let found = build(parent, parsed, chain, faults);
            if found.is_none() {
                faults.add(file, 0, "inherits", format!("no profile `{parent}`"));
            }
            found
        }
        None => None,
    };
    let modifier = |text: &str, column: &str, faults: &mut Faults| {
        Modifier::parse(text).unwrap_or_else(|| {
            faults.add(file, 0, column, format!("`{text}` is not a two-character modifier"));
            Modifier::PLACEHOLDER
        })
    };
    let modifiers = match (&own.modifiers, parent.as_ref()) {
        (Some(marks), _) => RenderModifiers {
            bilateral: modifier(&marks.bilateral, "bilateral", faults),
            left: modifier(&marks.left, "left", faults),
            right: modifier(&marks.right, "right", faults),
            professional: modifier(&marks.professional, "professional", faults),
            distinct: modifier(&marks.distinct, "distinct", faults),
        },
        (None, Some(parent)) => parent.modifiers.clone(),
        (None, None) => {
            faults.add(file, 0, "modifiers", "a profile that inherits none names its modifiers");
            return None;
        }
    };
    let modifier_order = match (&own.modifier_order, parent.as_ref()) {
        (Some(order), _) => order
            .iter()
            .map(|text| modifier(text, "modifier_order", faults))
            .collect(),
        (None, Some(parent)) => parent.modifier_order.clone(),
        (None, None) => Vec::new(),
    };
    let layers = match (&own.layers, parent.as_ref()) {
        (Some(layers), _) => layers.iter().map(|layer| keep(layer)).collect(),
        (None, Some(parent)) => parent.layers.clone(),
        (None, None) => Vec::new(),
    };
    let mut positions = parent
        .as_ref()
        .map(|parent| parent.positions.clone())
        .unwrap_or_default();
    positions.extend(
        own.positions
            .iter()
            .map(|(conflict, position)| (keep(conflict), keep(position))),
    );
    let styles = if own.bilateral.is_empty() {
        parent.as_ref().map(|parent| parent.styles.clone()).unwrap_or_default()
    } else {
        own.bilateral
            .iter()
            .enumerate()
            .filter_map(|(at, style)| style_row(name, file, at, style, faults))
            .collect()
    };
    // The hash covers what is inherited too: another parent is another profile.
    let hash = match &parent {
        Some(parent) => keep(&hex(&Sha256::digest(format!("{hash}{}", parent.hash).as_bytes()))),
        None => hash.clone(),
    };
    Some(Profile {
        name: keep(name),
        label: keep(&own.label),
        hash,
        layers,
        positions,
        styles,
        modifiers,
        modifier_order,
    })
}

fn style_row(profile: &str, file: &str, at: usize, style: &Style, faults: &mut Faults) -> Option<StyleRow> {
    let mut date = |text: &Option<String>, column: &str| {
        text.as_ref().and_then(|text| {
            let date = ServiceDate::parse(text);
            if date.is_none() {
                faults.add(file, 0, column, format!("`{text}` is not a date, YYYY-MM-DD"));
            }
            date
        })
    };
    let from = date(&style.from, "from");
    let last_day = date(&style.last_day, "last_day");
    let known_from = date(&style.known_from, "known_from");
    let verified_through = date(&style.verified_through, "verified_through");
    let written = match style.style.as_str() {
        "modifier_50" => BilateralStyle::Modifier50,
        "rt_lt_lines" => BilateralStyle::RtLtLines,
        "units_doubled" => BilateralStyle::UnitsDoubled,
        other => {
            faults.add(
                file,
                0,
                "style",
                format!("`{other}` is none of modifier_50, rt_lt_lines, units_doubled"),
            );
            return None;
        }
    };
    let Some(confidence) = Confidence::parse(&style.confidence) else {
        faults.add(file, 0, "confidence", "must be high, medium or low");
        return None;
    };
    if style.citations.is_empty() {
        faults.add(file, 0, "citations", "every fact is cited");
    }
    let start = from.map_or_else(|| "start".to_owned(), |from| from.to_string());
    Some(StyleRow {
        row: Row {
            id: keep(&format!("bilateral:{profile}/{at}@{start}")),
            window: Window {
                from,
                until: last_day.map(ServiceDate::next),
            },
            known_from,
            verified_through: verified_through.or(last_day),
            confidence,
            citations: style.citations.iter().map(|id| keep(id)).collect(),
        },
        add_on: style.add_on,
        settings: style.settings.iter().map(|setting| keep(setting)).collect(),
        style: written,
        position: style
            .conflict
            .as_ref()
            .zip(style.position.as_ref())
            .map(|(conflict, position)| (keep(conflict), keep(position))),
    })
}
