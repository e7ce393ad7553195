//! A payer of one's own that takes another side of a disagreement than the code set's answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at its first fault")]

use std::path::Path;

use serde_json::json;
use spinecode_core::RawCase;
use spinecode_core::render::key;
use spinecode_engine::{Engine, LocalEngine, Options};

#[test]
fn epidurals_by_level_for_a_payer_that_reads_them_so() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("by_level");
    std::fs::create_dir_all(folder.join("profiles")).unwrap();
    let profile = "name = \"by_level\"\nlabel = \"Epidurals by level\"\ninherits = \"cpt\"\n\n\
                   [positions]\nEPIDURAL_UNIT = \"per_level\"\n";
    std::fs::write(folder.join("profiles/by_level.toml"), profile).unwrap();
    std::fs::write(
        folder.join("payers.csv"),
        "payer,profile,coverage\nby_level,by_level,\n",
    )
    .unwrap();
    let engine = LocalEngine::with_overlay(&folder).unwrap();
    let options = Options {
        payer: Some("by_level".to_owned()),
        ..Options::default()
    };
    for (on, reported, billed) in [
        (
            "2006-05-15",
            ["62311", "76005"].as_slice(),
            ["62311 x2", "76005"].as_slice(),
        ),
        ("2008-10-31", &["62311", "77003"], &["62311 x2", "77003"]),
        ("2008-11-01", &["62311", "77003"], &["62311", "77003"]),
    ] {
        let case = json!({
            "date_of_service": on, "place_of_service": "11", "setting": "professional",
            "procedures": [{"kind": "epidural_injection", "levels": ["L2-L3", "L5-S1"], "guidance": "fluoroscopy"}],
        });
        let coded = engine.code(&RawCase::from_value(&case).unwrap(), &options).unwrap();
        let said = |lines: &[spinecode_core::answer::Line]| lines.iter().map(key).collect::<Vec<_>>();
        assert_eq!(said(&coded.reported), reported, "{on}");
        assert_eq!(said(&coded.billed), billed, "{on}");
    }
}
