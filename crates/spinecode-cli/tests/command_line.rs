//! The command line as a script sees it: exit codes, what stands on standard output, what is said on standard error.

use assert_cmd::Command;

fn spinecode(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spinecode"));
    command.args(args).env("COLUMNS", "100").env("NO_COLOR", "1");
    command
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

fn say(args: &[&str], input: &str) -> Said {
    let output = spinecode(args).write_stdin(input).output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn help_reads_as_it_should() {
    for (name, args) in [
        ("help", &["--help"][..]),
        ("help_code", &["code", "--help"]),
        ("help_schema", &["schema", "--help"]),
        ("help_rule", &["rule", "--help"]),
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
        ("schema_of_claims", &["schema", "claim"]),
        ("file_missing", &["code", "no-such-file.jsonl"]),
    ] {
        let said = say(args, "");
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?}");
        insta::assert_snapshot!(name, said.err);
    }
}

#[test]
fn lines_that_are_no_json_have_an_error_in_their_place() {
    let said = say(&["code"], "nothing\n\n[]\n3\n");
    assert_eq!(said.code, 2);
    assert_eq!(said.out.lines().count(), 3, "{}", said.out);
    for line in said.out.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["error"]["class"], "input", "{line}");
    }
    insta::assert_snapshot!("lines_that_are_no_json", said.err);
}

#[test]
fn no_cases_are_no_fault() {
    let said = say(&["code", "-"], "\n");
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
}
