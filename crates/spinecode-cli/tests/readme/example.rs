use spinecode_engine::{Engine, LocalEngine, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::new()?;
    let case = r#"{"date_of_service": "2009-03-05", "setting": "professional", "place_of_service": "11",
        "procedures": [{"kind": "facet_injection", "levels": ["L4-L5"], "side": "left",
                        "target": "joint", "guidance": "fluoroscopy"}]}"#;
    let answer = engine.code_json(case, &Options::default())?;
    let codes: Vec<&str> = answer.billed.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes, ["64475", "77003"]);
    Ok(())
}
