//! Sentences for people, one a finding, repair or change, made from rule id and arguments. Machines read the structure.

use crate::answer::Args;
use crate::edit::coverage;
use crate::edit::report::{Change, Finding, LineRef, Repair, Verdict};

fn arg<'a>(args: &'a Args, key: &str) -> &'a str {
    args.get(key).map_or("", |value| value.as_ref())
}

/// A finding as a sentence: the line that must change, and what is said of it. A rule whose sentence is not written out is
/// told by its name and arguments.
pub fn finding(one: &Finding) -> String {
    let arg = |key| arg(&one.args, key);
    let said = match one.rule.as_ref() {
        "PTP-001" => format!("never paid beside {}; no modifier opens the pair", arg("other")),
        "PTP-002" => {
            let modifier = one.modifier.map(|modifier| modifier.to_string()).unwrap_or_default();
            if one.verdict == Verdict::Bypassed {
                format!(
                    "paid beside {} because {modifier} says that they are distinct",
                    arg("other")
                )
            } else {
                format!(
                    "not paid beside {} unless they are distinct, which {modifier} would say",
                    arg("other")
                )
            }
        }
        "MUE-001" => {
            let (units, limit) = (arg("units"), arg("limit"));
            let per = if arg("mai") == "1" { "line" } else { "date" };
            let appeal = if arg("appeal") == "yes" {
                "more can be paid on appeal"
            } else {
                "no appeal lifts it"
            };
            format!("{units} units where a {per} is paid {limit}; {appeal}")
        }
        "AOC-001" => "none of its listed primaries is on the claim".to_owned(),
        "SET-001" if one.args.contains_key("conflict") => {
            format!(
                "an added code whose first one lies in another region; sources disagree ({})",
                arg("conflict")
            )
        }
        "SET-001" => match arg("missing") {
            "" => "an added code without a code that it is added to".to_owned(),
            codes => format!("an added code without {codes}"),
        },
        "SET-002" => format!("level {} is missing before it ({})", arg("level"), arg("missing")),
        "SET-003" | "SET-008" => format!("{} units where {} can be reported", arg("units"), arg("limit")),
        "SET-004" => format!(
            "a first level's code with {} units; further levels take the added codes",
            arg("units")
        ),
        "SET-005" => format!("a second first-level code beside {}; a session has one", arg("other")),
        "SET-006" => format!(
            "{} includes its guidance, and nothing else of the day may own it",
            arg("other")
        ),
        "SET-007" => format!(
            "with {} on the claim the guided code is {}",
            arg("other"),
            arg("successors")
        ),
        "SET-009" => format!("a part of {}", arg("other")),
        "SET-010" => format!("never beside {} in one session", arg("other")),
        "SET-011" => "takes no mark of both sides".to_owned(),
        "SET-012" => format!("has no sides, so {} says nothing", arg("modifier")),
        "SET-013" => "both sides are written on two lines here, one a side".to_owned(),
        "SET-014" => format!("modifier {} is not made for it", arg("modifier")),
        "SET-015" => format!("is not parted, so {} does not fit", arg("modifier")),
        "SET-016" => format!("a visit beside {}, without the mark of a separate one", arg("other")),
        "DOC-001" => format!("{} units, and the case supports {}", arg("units"), arg("supported")),
        "DOC-002" => format!(
            "{} units, although the case supports {}",
            arg("units"),
            arg("supported")
        ),
        "DOC-003" => format!(
            "the case also supports {} x{}, which is not billed",
            arg("code"),
            arg("units")
        ),
        "DOC-004" => format!(
            "the case supports {} instead (it differs in: {})",
            arg("successors"),
            arg("aspect")
        ),
        "DOC-005" => "the case documents the other side".to_owned(),
        "DOC-006" => match arg("other") {
            "" => "guidance that the documented work includes".to_owned(),
            other => format!("guidance that {other} includes"),
        },
        "DOC-007" => format!("a part of {}, as documented", arg("other")),
        "DOC-008" => format!("the case does not support it ({})", arg("reason")),
        "DOC-009" => format!("modifier {} asserts what the case does not document", arg("modifier")),
        "DOC-010" => format!("the case asks for modifier {}", arg("modifier")),
        "AOC-002" => "its listed primary is itself refused, and it is paid only beside one that is paid".to_owned(),
        "FRM-001" => format!("{} modifiers, the form holds {}", arg("count"), arg("limit")),
        "FRM-002" => "a modifier that is not two letters or digits".to_owned(),
        "FRM-003" => format!("{} is no modifier", arg("modifier")),
        "FRM-004" => format!(
            "modifier {} was not in force on the date{}",
            arg("modifier"),
            days(&one.args)
        ),
        "FRM-005" => format!("modifier {} stands twice", arg("modifier")),
        "FRM-006" => format!(
            "modifiers {} and {} contradict each other",
            arg("modifier"),
            arg("other")
        ),
        "FRM-007" => format!(
            "{} diagnoses on the claim, the form holds {}",
            arg("count"),
            arg("limit")
        ),
        "FRM-008" => format!(
            "diagnosis {} of the claim is not written as a code of revision {}",
            arg("diagnosis"),
            arg("icd_version")
        ),
        "FRM-009" => format!(
            "diagnoses {} and {} of the claim are one",
            arg("other"),
            arg("diagnosis")
        ),
        "FRM-010" => format!("points to {} diagnoses, the form allows {}", arg("count"), arg("limit")),
        "FRM-011" => format!("points to diagnosis {} of {}", arg("pointer"), arg("diagnoses")),
        "FRM-012" => "points to no diagnosis".to_owned(),
        "FRM-013" => format!("{} units", arg("units")),
        "FRM-014" => format!("{} units of what is counted whole", arg("units")),
        "FRM-015" => "not written as a code".to_owned(),
        "FRM-016" => format!("{} lines on the claim, the form holds {}", arg("count"), arg("limit")),
        "FRM-017" => format!("says the same as {}", others(one)),
        "FRM-018" => format!("dated {}, after the claim came in on {}", arg("date"), arg("received")),
        "FRM-019" => format!("dated {}; the facts begin on {}", arg("date"), arg("first_day")),
        "FRM-020" => format!("dated {}, before the patient was born", arg("date")),
        "FRM-021" => "no place of service".to_owned(),
        "FRM-022" => format!(
            "place of service {} was not in use on the date{}",
            arg("place"),
            days(&one.args)
        ),
        "FRM-023" => "a charge below zero or above what the form holds".to_owned(),
        "LIF-001" => format!("not yet a code on the date{}{}", days(&one.args), instead(&one.args)),
        "LIF-002" => format!("no code any more on the date{}{}", days(&one.args), instead(&one.args)),
        "LIF-003" => format!("never a code{}", instead(&one.args)),
        "FEE-001" => format!("not paid for both sides, bilateral indicator {}", arg("value")),
        "FEE-002" => "its amount is that of both sides already".to_owned(),
        "FEE-003" => format!(
            "both sides on two lines, with {}; one line with {} is the form",
            others(one),
            arg("modifier")
        ),
        "FEE-004" => format!(
            "a surgery centre writes both sides on two lines, not with {}",
            arg("modifier")
        ),
        "FEE-005" => format!(
            "exempt from the reduction for several procedures, takes no {}",
            arg("modifier")
        ),
        "FEE-006" | "FEE-007" | "FEE-008" => {
            let who = match one.rule.as_ref() {
                "FEE-006" => "an assistant",
                "FEE-007" => "two surgeons",
                _ => "a team",
            };
            let how = if one.verdict == Verdict::Fail {
                "never paid"
            } else {
                "paid only where its need is documented"
            };
            format!("{who}: {how}, indicator {}", arg("value"))
        }
        "FEE-009" => format!("has no parts, takes no {}", arg("modifier")),
        "FEE-010" => format!(
            "in a facility the clinician bills the professional part alone, with {}",
            arg("modifier")
        ),
        "FEE-011" => "in a facility the technical part is the facility's".to_owned(),
        "FEE-012" => format!("paid with other services only, status {}", arg("value")),
        "FEE-013" => format!("not a code of the programme, status {}", arg("value")),
        "FEE-014" => format!("not covered by the fee schedule, status {}", arg("value")),
        "FEE-015" => format!("the fee schedule has no amount for place of service {}", arg("place")),
        "FEE-016" => format!(
            "within the days of {} of {}, which last until {}; unrelated visits say {}",
            arg("other"),
            arg("other_date"),
            arg("last_day"),
            arg("modifier")
        ),
        "FEE-017" => format!(
            "on the day of {}; a visit at which surgery was decided says {}",
            arg("other"),
            arg("modifier")
        ),
        "FEE-018" => format!(
            "within the days of {} of {}, which last until {}; what was planned says {}",
            arg("other"),
            arg("other_date"),
            arg("last_day"),
            arg("modifier")
        ),
        _ => coverage::text::said(one).unwrap_or_else(|| by_name(one)),
    };
    match one.lines.split_first() {
        Some((first, _)) => format!("{}: {said}.", line(first)),
        None => format!("{said}."),
    }
}

/// The other lines of a finding.
fn others(one: &Finding) -> String {
    let others: Vec<String> = one.lines.iter().skip(1).map(line).collect();
    others.join(", ")
}

/// First and last day, in brackets, as far as they are told.
fn days(args: &Args) -> String {
    match (args.get("first_day"), args.get("last_day")) {
        (Some(first), Some(last)) => format!(" (from {first} to {last})"),
        (Some(first), None) => format!(" (from {first})"),
        (None, Some(last)) => format!(" (until {last})"),
        (None, None) => String::new(),
    }
}

/// What one reports instead of a code, or why nothing.
fn instead(args: &Args) -> String {
    let mut said = String::new();
    for (key, word) in [("successors", "now"), ("predecessors", "then")] {
        if let Some(codes) = args.get(key) {
            said.push_str(&format!("; {word} {}", codes.replace(' ', " or ")));
        }
    }
    if let Some(condition) = args.get("condition") {
        said.push_str(&format!(" ({})", condition.replace('_', " ")));
    }
    if let (Some(before), Some(after)) = (args.get("unit_before"), args.get("unit_after")) {
        said.push_str(&format!("; a unit was one {before}, it is one {after}").replace('_', " "));
    }
    let dropped = match args.get("why").map(AsRef::as_ref) {
        Some("included") => "; included in other work of the day, so the line is dropped",
        Some("no_primary") => "; none of its primaries is on the claim, so the line is dropped",
        Some("no_successor") => "; nothing took its place",
        _ => "",
    };
    said.push_str(dropped);
    said
}

/// The rule's name, the other lines and the arguments.
fn by_name(one: &Finding) -> String {
    let mut said = one.name.replace('-', " ");
    let others = others(one);
    if !others.is_empty() {
        said.push_str(&format!(", with {others}"));
    }
    let args: Vec<String> = one.args.iter().map(|(key, value)| format!("{key} {value}")).collect();
    if !args.is_empty() {
        said.push_str(&format!(" ({})", args.join(", ")));
    }
    said
}

/// A line as people name it, with its claim where that is another one.
pub fn line(one: &LineRef) -> String {
    let claim = one
        .claim_id
        .as_ref()
        .map(|claim| format!(" of claim {claim}"))
        .unwrap_or_default();
    format!("{} on line {}{claim}", one.code, one.line)
}

/// A change as a sentence without its stop.
pub fn change(one: &Change) -> String {
    match one {
        Change::DropLine { line: at } => format!("drop {}", line(at)),
        Change::AddModifier { line: at, modifier } => format!("put {modifier} on {}", line(at)),
        Change::DropModifier { line: at, modifier } => format!("take {modifier} off {}", line(at)),
        Change::MoveModifier { line: at, modifier, to } if at == to => {
            format!("put {modifier} into another place of {}", line(at))
        }
        Change::MoveModifier { line: at, modifier, to } => {
            format!("move {modifier} from {} to {}", line(at), line(to))
        }
        Change::SetUnits { line: at, units } => format!("report {units} units of {}", line(at)),
        Change::ReplaceCode { line: at, code } => format!("report {code} in place of {}", line(at)),
        Change::AddLine {
            code,
            units,
            modifiers,
            date_of_service,
        } => {
            let modifiers: String = modifiers.iter().map(|modifier| format!("-{modifier}")).collect();
            format!("add {code}{modifiers} x{units} on {date_of_service}")
        }
    }
}

/// A repair as a sentence.
pub fn repair(one: &Repair) -> String {
    let changes: Vec<String> = one.changes.iter().map(change).collect();
    let mut said = changes.join("; ");
    if !one.if_documented.is_empty() {
        let words: Vec<String> = one.if_documented.iter().map(|word| word.replace('_', " ")).collect();
        said.push_str(&format!(", if documented: {}", words.join(", ")));
    }
    said.push('.');
    if let Some(first) = said.get(..1) {
        let first = first.to_uppercase();
        said.replace_range(..1, &first);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Modifier};

    fn on(line: &'static str, claim: Option<&str>) -> LineRef {
        LineRef {
            claim_id: claim.map(str::to_owned),
            line: line.into(),
            code: "64493".into(),
        }
    }

    #[test]
    fn a_repair_is_one_sentence() {
        let said = repair(&Repair {
            changes: vec![
                Change::AddModifier {
                    line: on("2", None),
                    modifier: Modifier::parse("59").unwrap(),
                },
                Change::ReplaceCode {
                    line: on("1", Some("c2")),
                    code: Code::parse("64494").unwrap(),
                },
            ],
            meaning: Vec::new(),
            if_documented: vec!["distinct_service".into()],
            settles: Vec::new(),
        });
        assert_eq!(
            said,
            "Put 59 on 64493 on line 2; report 64494 in place of 64493 on line 1 of claim c2, if documented: distinct service."
        );
    }
}
