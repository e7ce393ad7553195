//! The commands on a small copy of the repository, so that they do not rot unseen.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panic, as its body does")]

use std::path::Path;
use std::process::Command;

struct Copy(tempfile::TempDir);

struct Said {
    ok: bool,
    text: String,
}

impl Copy {
    /// What the commands read, of this checkout.
    fn of_checkout() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let copy = tempfile::tempdir().unwrap();
        for folder in [
            "crates/spinecode-core/src",
            "crates/spinecode-data/facts",
            "tests/conformance",
        ] {
            copy_folder(&root.join(folder), &copy.path().join(folder));
        }
        Self(copy)
    }

    fn xtask(&self, args: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(args)
            .arg("--root")
            .arg(self.0.path())
            .output()
            .unwrap();
        Said {
            ok: output.status.success(),
            text: String::from_utf8([output.stdout, output.stderr].concat()).unwrap(),
        }
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.path().join(file)).unwrap()
    }

    /// What tidy says of one check; the checks that need cargo or git have no copy to look at.
    fn tidy(&self, check: &str) -> Vec<String> {
        let said = self.xtask(&["tidy"]).text;
        said.lines()
            .filter(|line| line.starts_with(check))
            .map(str::to_owned)
            .collect()
    }

    fn citation(&self) -> String {
        let facts = self.read("crates/spinecode-data/facts/citations.toml");
        let key = facts.lines().find_map(|line| line.strip_prefix("id = ")).unwrap();
        key.trim_matches('"').to_owned()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn a_new_rule_of_a_known_family_has_all_its_parts() {
    let copy = Copy::of_checkout();
    let citation = copy.citation();
    let said = copy.xtask(&[
        "new-rule",
        "facet_injection",
        "same_joint_twice",
        "--citation",
        &citation,
    ]);
    assert!(said.ok, "{}", said.text);
    let core = "crates/spinecode-core/src/rules";
    assert!(
        copy.read(&format!("{core}/facet_injection.rs"))
            .contains("pub mod same_joint_twice;")
    );
    assert!(
        copy.read(&format!("{core}/mod.rs"))
            .contains("facet_injection::same_joint_twice::RULE,")
    );
    assert!(
        copy.read(&format!("{core}/facet_injection/same_joint_twice.rs"))
            .contains("FJI-0")
    );
    assert!(
        copy.read("crates/spinecode-data/facts/rules.csv")
            .contains(",same-joint-twice,facet_injection,")
    );
    assert!(
        copy.read("tests/conformance/facet_injection/same_joint_twice.yaml")
            .contains("rules: [FJI-0")
    );
    // The parts agree with each other: registry, row and case.
    assert!(copy.tidy("rules:").is_empty() && copy.tidy("conformance").is_empty());
}

#[test]
fn a_new_family_gets_letters_of_its_own_and_nothing_is_overwritten() {
    let copy = Copy::of_checkout();
    let citation = copy.citation();
    let args = [
        "new-rule",
        "quadrant_mapping",
        "quadrants_mapped",
        "--citation",
        &citation,
    ];
    let said = copy.xtask(&args);
    assert!(said.ok && said.text.starts_with("QUA-001 made"), "{}", said.text);
    let registry = copy.read("crates/spinecode-core/src/rules/mod.rs");
    for part in [
        "pub mod quadrant_mapping;",
        "family: quadrant_mapping::FAMILY,",
        "quadrant_mapping::RULE,",
    ] {
        assert!(registry.contains(part), "{part}");
    }
    assert!(copy.tidy("rules:").is_empty() && copy.tidy("conformance").is_empty());
    let again = copy.xtask(&args);
    assert!(!again.ok && again.text.contains("exists"), "{}", again.text);
}

#[test]
fn a_rule_without_its_source_is_refused_by_tidy() {
    let copy = Copy::of_checkout();
    assert!(copy.xtask(&["new-rule", "facet_injection", "same_joint_twice"]).ok);
    assert_eq!(copy.tidy("conformance").len(), 1);
    let said = copy.xtask(&["new-rule", "Facet", "x"]);
    assert!(!said.ok && said.text.contains("not snake_case"), "{}", said.text);
}

#[test]
fn pages_are_written_checked_and_stale_ones_found() {
    let copy = Copy::of_checkout();
    assert!(!copy.xtask(&["docs", "--check"]).ok);
    assert!(copy.xtask(&["docs"]).ok && copy.xtask(&["docs", "--check"]).ok);
    std::fs::write(copy.0.path().join("docs/rules/gone.md"), "").unwrap();
    assert!(!copy.xtask(&["docs", "--check"]).ok);
    assert!(copy.xtask(&["docs"]).ok && copy.xtask(&["docs", "--check"]).ok);
}

#[test]
fn a_code_in_a_rule_and_a_misspelt_case_are_found() {
    let copy = Copy::of_checkout();
    assert!(copy.tidy("no code").is_empty(), "{:?}", copy.tidy("no code"));
    let rules = copy.0.path().join("crates/spinecode-core/src/rules");
    std::fs::write(rules.join("bad.rs"), "pub const A: &str = \"64493\";\n").unwrap();
    assert_eq!(copy.tidy("no code").len(), 1);
    let case = copy.0.path().join("tests/conformance/bad.yaml");
    std::fs::write(case, "family: f\ntopic: t\ncasez: []\n").unwrap();
    assert_eq!(copy.tidy("conformance").len(), 1);
}
