//! Reads one case as JSON from standard input and prints its account: `cargo run -p spinecode-engine --example account`.

use std::io::Read;

use spinecode_core::{TraceLevel, text};
use spinecode_engine::{Engine, LocalEngine, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut case = String::new();
    std::io::stdin().read_to_string(&mut case)?;
    let options = Options {
        trace: TraceLevel::Full,
        ..Options::default()
    };
    let coded = LocalEngine::new()?.code_json(&case, &options)?;
    if std::env::args().any(|word| word == "json") {
        println!("{}", coded.canonical_json());
        return Ok(());
    }
    println!("{}", text::account(&coded));
    Ok(())
}
