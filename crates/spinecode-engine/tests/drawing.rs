//! Drawings over the built-in facts: what is where, what is never there, and that they hang on nothing but the question.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test's helpers fail by panic, as its body does"
)]

use spinecode_core::RawCase;
use spinecode_engine::{Engine, LocalEngine, Options};

fn draw(engine: &LocalEngine, case: &str) -> String {
    let case = RawCase::from_json(case).unwrap();
    engine.draw(&case, &Options::default()).unwrap()
}

fn of(procedures: &str) -> String {
    let engine = LocalEngine::new().unwrap();
    draw(
        &engine,
        &format!(r#"{{"date_of_service": "2024-03-05", "setting": "professional", "procedures": [{procedures}]}}"#),
    )
}

/// Elements open and close in order, attributes are quoted, no `<` or `&` stands loose.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        for piece in text.split('&').skip(1) {
            let entity = piece.split(';').next().unwrap_or_default();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "&{piece}");
        }
        let end = tag.find('>').unwrap();
        let inside = &tag[1..end];
        assert_eq!(inside.matches('"').count() % 2, 0, "{inside}");
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()));
        } else if !inside.ends_with('/') {
            open.push(inside.split(' ').next().unwrap_or_default().to_owned());
        }
        rest = &tag[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(rest.trim(), "");
}

/// Values of an attribute of all elements of a name.
fn values(svg: &str, element: &str, attribute: &str) -> Vec<f64> {
    let wanted = format!(" {attribute}=\"");
    svg.split(&format!("<{element}"))
        .skip(1)
        .filter_map(|one| {
            one.split('>')
                .next()?
                .split(&wanted)
                .nth(1)?
                .split('"')
                .next()?
                .parse()
                .ok()
        })
        .collect()
}

const MIDLINE: f64 = 398.0;
const FACETS: &str = r#"{"kind": "facet_injection", "target": "joint", "levels": ["L3-L4", "L4-L5", "L5-S1"], "side": "SIDE", "guidance": "fluoroscopy"}"#;

#[test]
fn each_level_is_marked_on_its_side_and_labelled_with_its_code() {
    for (side, left, right, sides) in [("left", 3, 0, 1), ("right", 0, 3, 1), ("bilateral", 3, 3, 2)] {
        let svg = of(&FACETS.replace("SIDE", side));
        assert_well_formed(&svg);
        let places = values(&svg, "ellipse", "cx");
        let count = |on: &dyn Fn(f64) -> bool| places.iter().filter(|x| on(**x)).count();
        assert_eq!(
            (count(&|x| x < MIDLINE), count(&|x| x > MIDLINE)),
            (left, right),
            "{side}"
        );
        for (place, code) in [("L3-L4", "64493"), ("L4-L5", "64494"), ("L5-S1", "64495")] {
            let label = format!(">{place} <tspan font-weight=\"700\">{code}</tspan>");
            assert_eq!(svg.matches(&label).count(), sides, "{side} {place}");
        }
        assert!(!svg.contains("Dashed"));
    }
}

#[test]
fn an_unknown_side_is_asked_on_both() {
    let svg = of(&FACETS.replace(r#""side": "SIDE", "#, ""));
    assert_eq!(values(&svg, "ellipse", "cx").len(), 6);
    for part in ["L4-L5 left?", "L4-L5 right?", "Dashed: not said.", "Asked: "] {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn an_unknown_level_is_a_dashed_bracket() {
    let svg = of(
        r#"{"kind": "facet_injection", "target": "joint", "sites": [{"region": "lumbar"}], "side": "left", "guidance": "fluoroscopy"}"#,
    );
    assert!(values(&svg, "ellipse", "cx").is_empty());
    assert!(svg.contains("lumbar, which level?") && svg.contains("stroke-dasharray"));
}

#[test]
fn nerves_are_marked_and_the_joints_they_serve_labelled() {
    let svg = of(
        r#"{"kind": "facet_injection", "target": "medial_branch", "nerves": ["L3", "L4", "L5"], "side": "left", "guidance": "fluoroscopy"}"#,
    );
    for label in ["L4-L5 (L3 L4)", "L5-S1 (L4 L5)"] {
        assert!(svg.contains(label), "{label}");
    }
}

#[test]
fn what_has_no_place_on_the_spine_is_listed_not_drawn() {
    let svg = of(r#"{"kind": "office_visit"}"#);
    assert_well_formed(&svg);
    assert!(svg.contains("Office visit [no place on the spine]"));
    assert!(!svg.contains("seen from behind") && !svg.contains(">L4<"));
}

#[test]
fn the_whole_spine_has_every_vertebra_once_in_order() {
    let svg = of(
        r#"{"kind": "vertebroplasty", "levels": ["T7"]}, {"kind": "facet_injection", "target": "joint", "levels": ["C3-C4", "L4-L5"], "side": "left"}"#,
    );
    let wanted: Vec<String> = [('C', 7), ('T', 12), ('L', 5), ('S', 4)]
        .iter()
        .flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number}")))
        .collect();
    let mut from = 0;
    for name in wanted {
        let text = format!(">{name}</text>");
        assert_eq!(svg.matches(&text).count(), 1, "{name}");
        let at = svg.find(&text).unwrap();
        assert!(at > from, "{name}");
        from = at;
    }
}

#[test]
fn labels_never_overlap() {
    let engine = LocalEngine::new().unwrap();
    let regions: [(&str, &[&str]); 3] = [
        ("C", &["C2-C3", "C3-C4", "C4-C5", "C5-C6", "C6-C7", "C7-T1"]),
        (
            "T",
            &[
                "T1-T2", "T2-T3", "T3-T4", "T4-T5", "T5-T6", "T6-T7", "T7-T8", "T8-T9", "T9-T10", "T10-T11", "T11-T12",
                "T12-L1",
            ],
        ),
        ("L", &["L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"]),
    ];
    for most in 1..=regions.len() {
        let levels: Vec<String> = regions
            .iter()
            .take(most)
            .flat_map(|(_, levels)| levels.iter().map(|one| format!("\"{one}\"")))
            .collect();
        let levels = levels.join(", ");
        let bodies: Vec<String> = (1..=12).map(|number| format!("\"T{number}\"")).collect();
        let bodies = bodies.join(", ");
        let svg = draw(
            &engine,
            &format!(
                r#"{{"date_of_service": "2024-03-05", "setting": "professional", "procedures": [
                {{"kind": "facet_injection", "target": "joint", "levels": [{levels}], "side": "bilateral", "guidance": "fluoroscopy"}},
                {{"kind": "facet_denervation", "technique": "radiofrequency", "levels": [{levels}], "side": "right"}},
                {{"kind": "vertebroplasty", "levels": [{bodies}]}}]}}"#
            ),
        );
        assert_well_formed(&svg);
        for x in ["238", "558"] {
            let begin = format!("<text x=\"{x}\" y=\"");
            let rows = svg.split(&begin).skip(1);
            let mut rows: Vec<f64> = rows.filter_map(|one| one.split('"').next()?.parse().ok()).collect();
            assert!(!rows.is_empty());
            rows.sort_by(f64::total_cmp);
            assert!(rows.windows(2).all(|pair| pair[1] - pair[0] >= 15.0), "{x}: {rows:?}");
        }
    }
}

#[test]
fn order_and_repetition_change_no_byte() {
    let one = FACETS.replace("SIDE", "left");
    let other = r#"{"kind": "vertebroplasty", "levels": ["T12", "L1"]}"#;
    let first = of(&format!("{one}, {other}"));
    assert_eq!(first, of(&format!("{one}, {other}")));
    assert_eq!(first, of(&format!("{other}, {one}")));
    assert!(!first.trim_end().contains('\n'), "a drawing is one line");
}

#[test]
fn nothing_of_the_callers_own_words_is_drawn() {
    let engine = LocalEngine::new().unwrap();
    let svg = draw(
        &engine,
        r#"{"case_id": "Jane <Doe>", "date_of_service": "2024-03-05", "payer": "Aunt & Sons", "diagnoses": ["M54.16"],
            "procedures": [{"id": "mrn-1", "kind": "facet_injection", "target": "joint", "levels": ["l4/5"], "side": "left",
                            "guidance": "fluoroscopy", "performed_by": "Dr Who", "encounter": "ward 9"}]}"#,
    );
    assert_well_formed(&svg);
    for word in ["Jane", "Doe", "Aunt", "M54.16", "mrn", "Who", "ward"] {
        assert!(!svg.contains(word), "{word}");
    }
    assert!(svg.contains("L4-L5"));
}

#[test]
fn every_kind_can_be_drawn_at_every_site_it_allows() {
    let engine = LocalEngine::new().unwrap();
    let info = engine.info().unwrap();
    for kind in &info.kinds {
        for site in std::iter::once(None).chain(kind.sites.iter().map(Some)) {
            let places: &[&str] = match site.map(|site| site.as_ref()) {
                Some("joint") => &["C2-C3", "T12-L1", "L5-S1"],
                Some("interspace") => &["C5-C6", "L4-L5"],
                Some("foramen") => &["C8", "T12", "L5", "S1"],
                Some("vertebra") => &["C2", "T12", "S1"],
                Some("nerve") => &["TON", "C8", "L5"],
                Some("region") => &["cervical", "sacral"],
                _ => &[],
            };
            for side in ["", r#", "side": "left""#, r#", "side": "bilateral""#] {
                let sites: Vec<String> = places
                    .iter()
                    .map(|place| format!(r#"{{"{}": "{place}"}}"#, site.unwrap()))
                    .collect();
                let case = format!(
                    r#"{{"date_of_service": "2024-03-05", "procedures": [{{"kind": "{}", "sites": [{}]{side}}}]}}"#,
                    kind.kind,
                    sites.join(", ")
                );
                let case = RawCase::from_json(&case).unwrap();
                // A side or place that the kind has not is refused before anything is drawn.
                if let Ok(svg) = engine.draw(&case, &Options::default()) {
                    assert_well_formed(&svg);
                    assert!(svg.contains(r#"role="img""#) && svg.contains("<title") && svg.contains("<desc"));
                }
            }
        }
    }
}
