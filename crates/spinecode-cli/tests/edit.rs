//! `spinecode edit` as a script sees it.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panic, as its body does")]

mod running;

use std::path::{Path, PathBuf};

use running::{Server, say};
use serde_json::Value;

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}

fn json(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Rows of two claims of one person and of one that cannot be read, not in order.
const ROWS: &str = "\
claim_id,claim_line_number,claim_type,person_id,claim_line_start_date,hcpcs_code,hcpcs_modifier_1,service_unit_quantity,place_of_service_code,payer,rendering_npi,diagnosis_code_1
c1,1,professional,p1,2024-03-05,64493,,1,22,medicare,1,M47.816
bad,1,professional,p2,05/03/2024,64493,,1,22,medicare,1,M47.816
c2,1,professional,p1,2024-03-05,64493,,1,22,medicare,1,M47.816
c1,2,professional,p1,2024-03-05,64494,,1.0,22,medicare,1,M47.816
";

/// The same claims as JSON Lines.
const LINES: &str = r#"{"claim_id":"c1","claim_type":"professional","person_id":"p1","payer":"medicare","rendering_npi":"1","diagnoses":["M47.816"],"lines":[{"line_number":"1","code":"64493","units":1,"place_of_service":"22","date_of_service":"2024-03-05"},{"line_number":2,"code":"64494","units":"1","place_of_service":"22","date_of_service":"2024-03-05"}]}
{"claim_id":"bad","claim_type":"professional","person_id":"p2","payer":"medicare","rendering_npi":"1","diagnoses":["M47.816"],"lines":[{"line_number":"1","code":"64493","units":1,"place_of_service":"22","date_of_service":"05/03/2024"}]}
{"claim_id":"c2","claim_type":"professional","person_id":"p1","payer":"medicare","rendering_npi":"1","diagnoses":["M47.816"],"lines":[{"line_number":"1","code":"64493","units":1,"place_of_service":"22","date_of_service":"2024-03-05"}]}
"#;

#[test]
fn csv_and_json_give_the_same_reports_and_claims_of_a_day_are_judged_together() {
    let (csv, lines) = (say(&["edit"], ROWS), say(&["edit"], LINES));
    assert_eq!((csv.code, lines.code), (2, 2));
    assert_eq!(csv.out, lines.out);
    assert!(csv.err.contains("line 3"), "{}", csv.err);
    let reports = json(&csv.out);
    assert_eq!(reports[1]["error"]["violations"][0]["path"], "lines[0].date_of_service");
    let others = |report: &Value| {
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .flat_map(|one| one["lines"].as_array().unwrap().clone())
            .any(|line| line["claim_id"] == "c1")
    };
    assert!(
        others(&reports[2]),
        "the second claim repeats a line of the first: {}",
        reports[2]
    );
    let alone = json(&say(&["edit", "--alone"], ROWS).out);
    assert!(!others(&alone[2]), "{}", alone[2]);
    assert_eq!(alone[0]["lines"].as_array().unwrap().len(), 2);
}

#[test]
fn a_check_fails_on_findings_of_severity_error_alone() {
    let (first, second) = (LINES.lines().next().unwrap(), LINES.lines().nth(2).unwrap());
    let both = format!("{first}\n{second}");
    assert_eq!(say(&["edit", "--check"], &both).code, 1);
    assert_eq!(say(&["edit"], &both).code, 0);
    assert_eq!(say(&["edit", "--check"], LINES).code, 2);
    assert_eq!(say(&["edit", "--check"], "").code, 0);
}

#[test]
fn history_is_attached_by_person() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("earlier.csv");
    let row = "h1,1,professional,p1,2023-01-05,64493,,1,22,medicare,1,M47.816\n";
    std::fs::write(&file, format!("{}\n{row}", ROWS.lines().next().unwrap())).unwrap();
    let name = file.to_string_lossy().into_owned();
    let claim = LINES.lines().next().unwrap();
    let with = say(&["edit", "--history", &name], claim);
    assert_eq!((with.code, with.err.as_str()), (0, ""));
    let own = claim.replace(
        r#""lines":"#,
        r#""history":[{"line_number":"1","code":"64493","units":1,"place_of_service":"22","date_of_service":"2023-01-05"}],"lines":"#,
    );
    assert_eq!(with.out, say(&["edit"], &own).out);
    // What cannot be read of it would be missed: no report is given.
    std::fs::write(&file, "{\"person_id\":3}\n{").unwrap();
    let broken = say(&["edit", "--history", &name], claim);
    assert_eq!((broken.code, broken.out.as_str()), (2, ""));
}

#[test]
fn reports_go_to_a_file_and_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("reports.jsonl").to_string_lossy().into_owned();
    let said = say(&["edit", "-o", &file], ROWS);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), say(&["edit"], ROWS).out);

    let text = say(&["edit", "--format", "text", "--repair"], ROWS).out;
    assert!(text.contains("c2  professional  profile medicare"), "{text}");
    assert!(text.contains("line  code   form"), "{text}");
    assert!(text.contains("The claim of line 3 has no report"), "{text}");
    let html = say(&["edit", "--format", "html"], ROWS).out;
    assert!(
        html.starts_with("<!doctype html>") && html.contains("<th>code set</th>"),
        "{html}"
    );
    let table = say(&["edit", "--format", "csv"], ROWS).out;
    let mut rows = table.lines();
    assert!(
        rows.next()
            .unwrap()
            .starts_with("claim_id,line,code,rule,name,layer,severity,verdict")
    );
    assert!(rows.any(|row| row.starts_with("c2,1,64493,FRM-")), "{table}");
}

#[test]
fn columns_of_other_names_are_mapped_and_what_cannot_be_read_is_told() {
    let renamed = ROWS.replacen("hcpcs_code", "proc", 1);
    assert_eq!(
        say(&["edit", "--map", "hcpcs_code=proc"], &renamed).out,
        say(&["edit"], ROWS).out
    );
    let missing = say(&["edit"], &renamed);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
    assert!(missing.err.contains("--map hcpcs_code=COLUMN"), "{}", missing.err);
    let wrong = say(&["edit", "--map", "hcpcs=proc"], ROWS);
    assert!(
        wrong.code == 2 && wrong.err.contains("did you mean `hcpcs_code`?"),
        "{}",
        wrong.err
    );
    let parquet = say(&["edit"], "PAR1...");
    assert!(parquet.code == 2 && parquet.err.contains("Parquet"), "{}", parquet.err);
}

#[test]
fn a_server_gives_the_same_bytes() {
    let server = Server::start(&[]);
    let url = format!("http://{}", server.address);
    for flags in [
        &["edit"][..],
        &["edit", "--repair", "--alone"],
        &["edit", "--payer", "cpt", "--as-of", "2024-01-01"],
    ] {
        let far = [flags, &["--remote", &url]].concat();
        let (near, far) = (say(flags, ROWS), say(&far, ROWS));
        assert_eq!((far.code, &far.out), (near.code, &near.out));
    }
}

#[test]
fn schemas_take_what_is_read_and_written() {
    let of = |name: &str| {
        let schema: Value = serde_json::from_str(&say(&["schema", name], "").out).unwrap();
        jsonschema::validator_for(&schema).unwrap_or_else(|fault| panic!("{name}: {fault}"))
    };
    let (claim, report) = (of("claim"), of("report"));
    let golden = |file: &str| std::fs::read_to_string(root().join("tests/golden").join(file)).unwrap();
    for (at, line) in golden("claims.jsonl").lines().enumerate() {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        assert_eq!(claim.is_valid(&value), value["claim_id"] != "bad", "claim {at}");
    }
    for line in say(&["edit", "--repair"], &golden("claims.jsonl")).out.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let faults: Vec<String> = report.iter_errors(&value).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{line}\n{faults:?}");
    }
}
