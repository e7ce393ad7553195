//! Dev.
use spinecode_engine::*;
fn main() {
    let engine = LocalEngine::new().unwrap();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let asked = LookupOptions {
        on: args.get(1).cloned(),
        as_of: None,
    };
    let answer = engine.lookup(&args[0], &asked).unwrap();
    println!("{}", core::lookup::lookup_account(&answer));
}
