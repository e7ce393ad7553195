//! Sentences for people, one a finding, repair or change, made from rule id and arguments. Machines read the structure.

use crate::answer::Args;
use crate::edit::report::{Change, Finding, LineRef, Repair};

fn arg<'a>(args: &'a Args, key: &str) -> &'a str {
    args.get(key).map_or("", |value| value.as_ref())
}

/// A finding as a sentence: the line that must change, and what is said of it. A rule whose sentence is not written out is
/// told by its name and arguments.
pub fn finding(one: &Finding) -> String {
    let arg = |key| arg(&one.args, key);
    let said = match one.rule.as_ref() {
        "PTP-001" => format!("never paid beside {}; no modifier opens the pair", arg("column1")),
        "AOC-001" => "none of its listed primaries is on the claim".to_owned(),
        _ => by_name(one),
    };
    match one.lines.split_first() {
        Some((first, _)) => format!("{}: {said}.", line(first)),
        None => format!("{said}."),
    }
}

/// The rule's name, the other lines and the arguments.
fn by_name(one: &Finding) -> String {
    let mut said = one.name.replace('-', " ");
    let others: Vec<String> = one.lines.iter().skip(1).map(line).collect();
    if !others.is_empty() {
        said.push_str(&format!(", with {}", others.join(", ")));
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
