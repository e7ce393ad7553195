//! The bytes of answers, as docs/canonical-json.md promises them; and the README's Rust example.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panic, as its body does")]

mod running;

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_path_buf()
}

/// Hashes change with every fact; all else must not.
fn without_hashes(line: &str) -> String {
    let mut text = String::new();
    for (at, part) in line.split('"').enumerate() {
        let quote = if at == 0 { "" } else { "\"" };
        let hash = part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        text.push_str(quote);
        text.push_str(if hash { "HASH" } else { part });
    }
    text
}

#[test]
fn golden_answers_are_the_same_bytes() {
    compare(&["code"], "cases.jsonl", "answers.jsonl");
}

#[test]
fn golden_reports_are_the_same_bytes() {
    compare(&["edit", "--repair"], "claims.jsonl", "reports.jsonl");
}

/// What a command answers to a golden file of its input.
fn compare(args: &[&str], input: &str, output: &str) {
    let folder = root().join("tests/golden");
    let asked = std::fs::read_to_string(folder.join(input)).unwrap();
    let said = running::say(args, &asked);
    let answers: String = said.out.lines().map(|line| without_hashes(line) + "\n").collect();
    let file = folder.join(output);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &answers).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap();
    for (answer, golden) in answers.lines().zip(golden.lines()) {
        assert_eq!(answer, golden);
    }
    assert_eq!(answers.len(), golden.len());
}

#[test]
fn golden_answers_keep_the_rules_of_the_page() {
    let text = std::fs::read_to_string(root().join("tests/golden/answers.jsonl")).unwrap();
    assert!(!text.contains("null") && !text.contains("\": ") && !text.contains(", \""));
    assert!(text.contains("Müller \\\"x\\\" \\\\ tab\\t \\u001f / é 日本"));
    for list in [
        "reported",
        "billed",
        "withheld",
        "not_reported",
        "questions",
        "codings",
        "notices",
    ] {
        let written = text
            .lines()
            .filter(|line| line.contains(&format!("\"{list}\":[")))
            .count();
        let answers = text.lines().filter(|line| !line.starts_with("{\"error\"")).count();
        assert_eq!(written, answers, "{list}");
    }
}

mod readme {
    include!("readme/example.rs");

    #[test]
    fn the_rust_example_of_the_readme_holds() {
        main().unwrap();
        let readme = std::fs::read_to_string(super::root().join("README.md")).unwrap();
        assert!(readme.contains(&format!("```rust\n{}```", include_str!("readme/example.rs"))));
    }
}
