//! The command line as a script sees it: exit codes, what stands on standard output, what is said on standard error.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test's helpers fail by panic, as its body does"
)]

mod running;

use std::path::{Path, PathBuf};

use running::{Said, say};
use serde_json::Value;

/// One coded case, one that needs facts, one out of scope; then bad ones of three sorts.
const GOOD: [&str; 3] = [
    r#"{"case_id":"a","date_of_service":"2024-03-05","place_of_service":"11","setting":"professional","procedures":[{"kind":"facet_injection","target":"joint","levels":["L4-L5"],"side":"left","guidance":"fluoroscopy"}]}"#,
    r#"{"date_of_service":"2024-03-05","setting":"professional","procedures":[{"kind":"lumbar_puncture","purpose":"diagnostic"}]}"#,
    r#"{"date_of_service":"2020-12-31","setting":"professional","procedures":[{"kind":"office_visit"}]}"#,
];
const SEVERAL_FAULTS: &str = r#"{"date_of_service":"2004-12-31","procedures":[{"kind":"facet_injecton"},{"kind":"facet_injection","levels":["L7"],"guidance":"xray"}]}"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_path_buf()
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn help_reads_as_it_should() {
    for (name, args) in [
        ("help", &["--help"][..]),
        ("help_code", &["code", "--help"]),
        ("help_edit", &["edit", "--help"]),
        ("help_explain", &["explain", "--help"]),
        ("help_schema", &["schema", "--help"]),
        ("help_rule", &["rule", "--help"]),
        ("help_data_build", &["data", "build", "--help"]),
        ("help_data_info", &["data", "info", "--help"]),
        ("help_lookup", &["lookup", "--help"]),
        ("help_coverage", &["coverage", "--help"]),
        ("help_data_lint", &["data", "lint", "--help"]),
        ("help_serve", &["serve", "--help"]),
    ] {
        let said = say(args, "");
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        insta::assert_snapshot!(name, said.out);
    }
}

#[test]
fn wrong_usage_exits_2_and_writes_nothing_to_standard_output() {
    for (name, args) in [
        ("usage_no_command", &[][..]),
        ("usage_unknown_format", &["code", "--format", "csv"]),
        ("usage_bad_date", &["code", "--on", "05/03/2024"]),
        (
            "usage_facts_with_remote",
            &["code", "--facts", "here", "--remote", "http://there"],
        ),
        ("usage_tls_without_remote", &["code", "--tls-ca", "ca.pem"]),
        ("usage_no_calls_at_once", &["serve", "--concurrency", "0"]),
        ("usage_cert_without_key", &["serve", "--tls-cert", "cert.pem"]),
        ("file_missing", &["code", "no-such-file.jsonl"]),
        ("rule_unknown", &["rule", "FJI-00l"]),
        ("lookup_malformed", &["lookup", "6449", "--on", "2004-12-31"]),
        (
            "lint_cases_with_remote",
            &["data", "lint", "--cases", "here", "--remote", "http://there"],
        ),
        ("lint_no_cases", &["data", "lint", "--cases", "no-such-folder"]),
        ("no_server", &["rule", "FJI-001", "--remote", "http://127.0.0.1:1"]),
    ] {
        let said = say(args, "");
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?}");
        insta::assert_snapshot!(name, said.err);
    }
}

#[test]
fn each_case_has_its_answer_on_its_line() {
    let said = say(&["code"], &GOOD.join("\n"));
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let statuses: Vec<Value> = said.out.lines().map(|line| json(line)["status"].clone()).collect();
    assert_eq!(statuses, ["coded", "needs_facts", "out_of_scope"]);
}

#[test]
fn bad_items_keep_their_place_and_the_rest_go_on() {
    let input = format!(
        "{}\nnothing\n{}\n\n{SEVERAL_FAULTS}\n[]\n{}\n",
        GOOD[0], GOOD[1], GOOD[2]
    );
    let said = say(&["code"], &input);
    assert_eq!(said.code, 2);
    let lines: Vec<Value> = said.out.lines().map(json).collect();
    let wrong: Vec<bool> = lines.iter().map(|line| line.get("error").is_some()).collect();
    assert_eq!(wrong, [false, true, false, true, true, false], "{}", said.out);
    assert_eq!(lines[3]["error"]["violations"].as_array().unwrap().len(), 4);
    insta::assert_snapshot!("bad_items", said.err);
    assert_eq!(say(&["code"], GOOD[0]).out.trim(), said.out.lines().next().unwrap());
}

#[test]
fn no_cases_are_no_fault() {
    let said = say(&["code", "-"], "\n");
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
}

#[test]
fn files_are_coded_in_the_order_named_and_faults_name_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let tall = serde_json::to_string_pretty(&json(GOOD[0])).unwrap();
    let list = format!("[{},\n{}]", GOOD[1], GOOD[2]);
    let said = say(
        &["code", &file("tall.json", &tall), &file("list.json", &list), "-"],
        GOOD[0],
    );
    assert_eq!((said.code, said.out.lines().count()), (0, 4), "{}", said.err);
    assert_eq!(said.out.lines().next(), said.out.lines().last());
    let said = say(&["code", &file("bad.jsonl", &format!("{}\n{{}}\n", GOOD[0]))], "");
    assert!(said.err.contains("bad.jsonl, line 2: "), "{}", said.err);
}

#[test]
fn options_override_the_case() {
    let on = |date| json(&say(&["code", "--on", date], GOOD[0]).out);
    assert_eq!(on("2009-12-31")["billed"][0]["code"], "64475");
    assert_eq!(on("2010-01-01")["billed"][0]["code"], "64493");
    let medicare = json(&say(&["code", "--payer", "medicare"], GOOD[0]).out);
    assert_eq!(medicare["knowledge"]["profile"], "medicare");
    let early = json(&say(&["code", "--as-of", "2024-01-31"], GOOD[0]).out);
    assert_eq!(early["knowledge"]["as_of"], "2024-01-31");
    let trace = |level| json(&say(&["code", "--trace", level], GOOD[0]).out)["explanation"].clone();
    assert_eq!(trace("none"), Value::Null);
    assert_eq!(trace("ids")["steps"].as_array().unwrap().len(), 0);
    assert!(!trace("full")["steps"].as_array().unwrap().is_empty());
}

#[test]
fn accounts_are_to_be_read() {
    let input = format!("{}\n{}\n{{}}\n", GOOD[0], GOOD[1]);
    let said = say(&["code", "--format", "text"], &input);
    assert_eq!(said.code, 2);
    assert!(
        said.out.starts_with("a\n2024-03-05  profile cpt  coded\n"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("64493-LT") && said.out.contains("Line 3 has no answer: "),
        "{}",
        said.out
    );
    let said = say(&["code", "--format", "html"], &input);
    assert!(
        said.out.starts_with("<!doctype html>") && said.out.ends_with("</html>\n"),
        "{}",
        said.out
    );
    assert_eq!(said.out.matches("class=\"spinecode\"").count(), 2);
    assert_eq!(said.out.matches("<svg").count(), 2);
    // One drawing a line, an empty one for the case at fault.
    let said = say(&["code", "--format", "svg"], &input);
    let begins: Vec<&str> = said.out.lines().map(|line| line.get(..4).unwrap_or_default()).collect();
    assert_eq!(begins, ["<svg", "<svg", ""]);
}

#[test]
fn a_long_input_is_coded_whole_and_in_order() {
    let input: String = (0..3000)
        .map(|at| GOOD[0].replace(r#""a""#, &format!("\"{at}\"")) + "\n")
        .collect();
    let said = say(&["code", "--trace", "none"], &input);
    assert_eq!(said.code, 0);
    for (at, line) in said.out.lines().enumerate() {
        assert!(line.starts_with(&format!("{{\"case_id\":\"{at}\"")), "{line}");
    }
    assert_eq!(said.out.lines().count(), 3000);
}

#[test]
fn releases_are_built_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let header = "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier 0=not allowed\tPTP Edit Rationale\r\n";
    let row = "X0001\tX0002\t\t20240101\t*\t1\tMisuse of Column Two code with Column One code\r\n";
    std::fs::write(path("ccipra-v302r0.txt"), format!("{header}{row}")).unwrap();
    std::fs::write(path("mine.txt"), format!("{header}{row}").replace("X0002", "X0003")).unwrap();
    let (pairs, mine) = (path("ccipra-v302r0.txt"), path("mine.txt"));
    let (first, both, again) = (path("first.release"), path("both.release"), path("again.release"));
    let hospital = format!("ptp_hospital@2024-07-01={mine}");

    let said = say(&["data", "build", &pairs, "-o", &first], "");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    insta::assert_snapshot!("release_text", said.out);
    let said = say(
        &[
            "data", "build", &hospital, "--base", &first, "-o", &both, "--format", "json",
        ],
        "",
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(json(&said.out)["tables"][1]["table"], "ptp_hospital");
    assert_eq!(say(&["data", "build", &hospital, &pairs, "-o", &again], "").code, 0);
    assert_eq!(std::fs::read(&both).unwrap(), std::fs::read(&again).unwrap());
    for load in ["map", "copy"] {
        let said = say(&["data", "info", &both, "--verify", "--load", load], "");
        assert_eq!((said.code, json(&said.out)["verified"].as_bool()), (0, Some(true)));
    }

    let said = say(&["data", "build", &mine, "-o", &both], "");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(
        said.err
            .contains("`mine.txt`: found pair edits whose setting nothing says"),
        "{}",
        said.err
    );
    let mut damaged = std::fs::read(&both).unwrap();
    damaged[20] ^= 1;
    std::fs::write(&both, damaged).unwrap();
    let said = say(&["data", "info", &both], "");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("the release is damaged"), "{}", said.err);
    assert_eq!(say(&["data", "info", &path("none.release")], "").code, 2);
}

#[test]
fn rules_are_shown() {
    let Said { code, out, .. } = say(&["rule", "MYE-002"], "");
    assert_eq!((code, json(&out)["versions"].as_array().unwrap().len()), (0, 2));
    insta::assert_snapshot!("rule_text", say(&["rule", "MYE-002", "--format", "text"], "").out);
}

#[test]
fn schemas_take_what_the_engine_takes_and_answers() {
    let validator = |of: &str| jsonschema::validator_for(&json(&say(&["schema", of], "").out)).unwrap();
    let (case, answer) = (validator("case"), validator("answer"));
    let mut cases: Vec<Value> = GOOD.iter().map(|case| json(case)).collect();
    let demo = std::fs::read_to_string(root().join("tests/demo/scenarios.jsonl")).unwrap();
    cases.extend(demo.lines().map(json));
    cases.extend(conformance());
    assert!(cases.len() > 100, "{}", cases.len());
    for one in &cases {
        let faults: Vec<String> = case.iter_errors(one).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{one}\n{faults:?}");
    }
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let said = say(
        &["code", "--trace", "full"],
        &format!("{lines}{SEVERAL_FAULTS}\nnothing\n"),
    );
    assert_eq!(said.out.lines().count(), cases.len() + 2);
    for line in said.out.lines() {
        let faults: Vec<String> = answer.iter_errors(&json(line)).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{line}\n{faults:?}");
    }
    for bad in [
        r#"{"procedures":[{"kind":"lumbar_puncture"}]}"#,
        r#"{"date_of_service":"2024-03-05","procedures":[{"kind":"facet_injecton"}]}"#,
        r#"{"date_of_service":"2024-03-05","procedures":[{"kind":"lumbar_puncture","device":"balloon"}]}"#,
        r#"{"date_of_service":"2024-03-05","procedures":[{"kind":"lumbar_puncture","guidance":"xray"}]}"#,
        r#"{"date_of_service":"2024-03-05","procedures":[{"kind":"vertebroplasty","sites":[{"joint":"L4-L5"}]}]}"#,
    ] {
        assert!(!case.is_valid(&json(bad)), "{bad}");
    }
}

/// The conformance cases that the engine answers, each for its first date.
fn conformance() -> Vec<Value> {
    let mut cases = Vec::new();
    let mut folders = vec![root().join("tests/conformance")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let topic: Value = serde_yaml_ng::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                for case in topic["cases"].as_array().unwrap() {
                    let ask = &case["asks"][0];
                    if ask.get("error").is_none() && ask.get("change").is_none() {
                        let mut given = case["case"].clone();
                        given["date_of_service"] = ask["on"].clone();
                        cases.push(given);
                    }
                }
            }
        }
    }
    cases
}

#[test]
fn a_code_is_looked_up() {
    let said = say(&["lookup", "64475", "--on", "2012-05-05"], "");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let answer = json(&said.out);
    assert_eq!(
        (&answer["status"], &answer["last_day"]),
        (&"ended".into(), &"2009-12-31".into())
    );
    let text = say(&["lookup", "64475", "--on", "2012-05-05", "--format", "text"], "");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, shown) = readme
        .split_once("$ spinecode lookup 64475 --on 2012-05-05 --format text\n")
        .unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    // The README leaves lines out and cuts the sources; what it shows must be said.
    for line in shown
        .lines()
        .filter(|line| !line.trim().is_empty() && line.trim() != "...")
    {
        let said = text
            .out
            .lines()
            .any(|one| one.starts_with(line.trim_end_matches(" ...")));
        assert!(said, "README shows `{line}`:\n{}", text.out);
    }
    let html = say(&["lookup", "64475", "--on", "2012-05-05", "--format", "html"], "");
    assert!(
        html.out.starts_with("<!doctype html>") && html.out.contains("<a href=\"https://"),
        "{}",
        html.out
    );
}

#[test]
fn a_code_of_no_list_is_no_fault() {
    let said = say(&["lookup", "j3301", "--on", "2024-03-05", "--format", "text"], "");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("not in the loaded lists"), "{}", said.out);
    assert!(!said.out.contains("unknown"), "{}", said.out);
}

#[test]
fn coverage_tells_every_layer() {
    let one = json(&say(&["coverage", "64493", "--on", "2024-07-01"], "").out);
    let layers = one["codes"][0]["layers"].as_array().unwrap();
    let holds: Vec<(&str, bool)> = layers
        .iter()
        .map(|layer| (layer["layer"].as_str().unwrap(), layer["holds"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        holds,
        [
            ("form", true),
            ("code_life", true),
            ("code_set", true),
            ("ptp", true),
            ("mue", true),
            ("add_on_table", true),
            ("fee_schedule", false),
            ("coverage", false)
        ]
    );
    let before = json(&say(&["coverage", "64493", "--on", "2024-06-30"], "").out);
    assert_eq!(before["codes"][0]["layers"][4]["reason"], "not_on_that_date");
    let all = say(&["coverage", "--format", "text"], "");
    assert!(
        all.out.lines().filter(|line| line.starts_with("64493")).count() == 1,
        "{}",
        all.out
    );
}

#[test]
fn lint_exits_1_on_errors_only_when_asked_to() {
    let cases = root().join("tests/conformance");
    let said = say(&["data", "lint", "--check", "--cases", &cases.to_string_lossy()], "");
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let report = json(&said.out);
    assert!(
        report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["made"] == true)
    );
    // A code that no case leads to and no list excuses.
    let folder = tempfile::tempdir().unwrap();
    let header = "code,status,label,laterality,add_on,split,replaced_by,suggestion,from,last_day,known_from,verified_through,confidence,citations\n";
    let row = "99999,valid,Nobody's,not_lateral,no,no,,,2020-01-01,,,2026-01-01,low,memory\n";
    std::fs::write(folder.path().join("codes.csv"), format!("{header}{row}")).unwrap();
    let facts = folder.path().to_string_lossy().into_owned();
    let said = say(&["data", "lint", "--facts", &facts, "--format", "text"], "");
    assert_eq!(said.code, 0);
    assert!(
        said.out.contains("error: codes.csv 99999: no case leads to it"),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("warning: codes.csv code:99999@2020-01-01: rests on memory alone"),
        "{}",
        said.out
    );
    assert_eq!(say(&["data", "lint", "--facts", &facts, "--check"], "").code, 1);
}
