//! Explanations for people: text and HTML made from the structure on demand.

use crate::answer::{Line, Status};
use crate::explain::{Change, Difference, Eras, Explained, LineDifference, Node, RowNote, Stretch, WhatIf, WhyNot};
use crate::render::key;
use crate::text::{self, escape};

fn keys(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    lines.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn status(status: Status) -> String {
    status.as_str().replace('_', " ")
}

/// A statement in words: what, about what, what came of it.
fn said(node: &Node) -> String {
    let mut parts = vec![match node.what.as_ref() {
        "line" => "reported".to_owned(),
        "withheld" => "kept off the claim".to_owned(),
        "steps" => "further steps".to_owned(),
        other => other.replace('_', " "),
    }];
    if let (true, Some(rule)) = (node.what != "line", &node.rule) {
        parts.push(rule.to_string());
    }
    if !node.subject.is_empty() {
        parts.push(node.subject.clone());
    }
    if let Some(result) = &node.result {
        parts.push(match node.what.as_ref() {
            "fact_read" => format!("= {result}"),
            "line" | "withheld" | "not_reported" | "question" | "notice" | "rule" => format!(": {result}"),
            _ => format!("-> {result}"),
        });
    }
    parts.join(" ").replace(" : ", ": ")
}

/// Where a statement was read: its row, its dates, its sources.
fn source(node: &Node) -> String {
    let Some(row) = &node.row else {
        return String::new();
    };
    let from = node.from.map(|day| format!(" from {day}")).unwrap_or_default();
    let to = node.last_day.map(|day| format!(" to {day}")).unwrap_or_default();
    let confidence = node
        .confidence
        .as_ref()
        .filter(|sure| *sure != "high")
        .map(|sure| format!(", {sure} confidence"))
        .unwrap_or_default();
    let citations = if node.citations.is_empty() {
        String::new()
    } else {
        format!("; {}", node.citations.join(" "))
    };
    format!("{row}{from}{to}{confidence}{citations}")
}

fn branch(nodes: &[Node], before: &str, out: &mut String) {
    for (at, node) in nodes.iter().enumerate() {
        let last = at + 1 == nodes.len();
        out.push_str(&format!("{before}{} {}", if last { "└─" } else { "├─" }, said(node)));
        let source = source(node);
        if !source.is_empty() {
            out.push_str(&format!("  [{source}]"));
        }
        out.push('\n');
        branch(
            &node.children,
            &format!("{before}{}", if last { "   " } else { "│  " }),
            out,
        );
    }
}

/// The tree of an answer.
pub fn explained_text(explained: &Explained) -> String {
    let coded = &explained.coded;
    let mut out = format!(
        "{}  profile {}  {}\n",
        coded.date_of_service,
        coded.knowledge.profile,
        status(coded.status)
    );
    branch(&explained.tree, "", &mut out);
    out
}

/// The tree of an answer as an HTML fragment that opens and closes, without script.
pub fn explained_html(explained: &Explained) -> String {
    fn list(nodes: &[Node], depth: usize, out: &mut String) {
        out.push_str("<ul>");
        for node in nodes {
            let source = source(node);
            let text = if source.is_empty() {
                escape(&said(node))
            } else {
                format!("{} <small>{}</small>", escape(&said(node)), escape(&source))
            };
            if node.children.is_empty() {
                out.push_str(&format!("<li>{text}</li>"));
            } else {
                let open = if depth == 0 { " open" } else { "" };
                out.push_str(&format!("<li><details{open}><summary>{text}</summary>"));
                list(&node.children, depth + 1, out);
                out.push_str("</details></li>");
            }
        }
        out.push_str("</ul>");
    }
    let coded = &explained.coded;
    let mut out = format!(
        "<div class=\"spinecode\"><p><b>{} · {} · profile {}</b></p>",
        coded.date_of_service,
        status(coded.status),
        escape(&coded.knowledge.profile)
    );
    list(&explained.tree, 0, &mut out);
    out.push_str("</div>");
    out
}

/// Why a code is not in the answer, as a sentence.
pub fn why_not_sentence(why: &WhyNot) -> String {
    let code = why.code;
    let arg = |key: &str| why.args.get(key).map_or("", |value| value.as_ref());
    let subject = why.subject.as_deref().unwrap_or_default();
    match why.reason.as_ref() {
        "reported" => format!("{code} is reported: {}.", keys(&why.lines)),
        "kept_off_the_claim" => format!(
            "{code} is reported by the code set; profile {} keeps it off the claim ({}, {}).",
            arg("profile"),
            arg("layer"),
            arg("why").replace('_', " ")
        ),
        "no_code_list" => format!("No list that is loaded holds {code}: it was not checked."),
        "never_valid" => format!("{code} was never a code; {} is meant.", arg("instead")),
        "not_yet_live" => format!("{code} began only on {}.", arg("from")),
        "not_yet_published" => format!("{code} was published only on {}.", arg("known_from")),
        "deleted" => match arg("replaced_by") {
            "" => format!("{code} ended on {}.", arg("last_day")),
            next => format!("{code} ended on {}; since then: {next}.", arg("last_day")),
        },
        "not_derived" => match arg("why") {
            "" => format!("{code} is known, but no case leads to it in this version."),
            reason => format!("{code} is known, but no case leads to it: {reason}."),
        },
        "no_procedure_of_its_family" => format!(
            "The case has no procedure that {code} could report; kinds that it reports: {}.",
            arg("kinds")
        ),
        "needs_facts" => match arg("under") {
            "" => format!("The answer waits for {subject}; no value of it leads to {code}."),
            under => format!("The answer waits for {subject}; {code} would be reported with {under}."),
        },
        "other_code_set" => format!(
            "{code} belongs to the code set {}; {subject} leads to {}.",
            arg("wanted"),
            arg("taken")
        ),
        "other_region" => format!(
            "{code} is of region {}; what was treated lies in {}.",
            arg("wanted"),
            arg("taken")
        ),
        "level_not_reached" => format!(
            "{code} begins with level {} of its region; the case reaches {}.",
            arg("needed"),
            arg("reached")
        ),
        "other_fact" => format!("{code} reports {}; {subject} is {}.", arg("wanted"), arg("stated")),
        "other_guidance" => match arg("stated") {
            "" => format!("{code} is for {}; {subject} is not known.", arg("wanted")),
            stated => format!("{code} is for {}; {subject} is {stated}.", arg("wanted")),
        },
        "guidance_included" => format!(
            "{code}: this guidance is part of the procedure ({}).",
            arg("procedures")
        ),
        "included_in_procedure" => format!("{code} is part of procedure {} of the same session.", arg("procedure")),
        "cap_reached" => format!("{code} has reached its cap of {} a side a session.", arg("cap")),
        other => format!("{code}: {}.", other.replace('_', " ")),
    }
}

fn change_text(change: &Change) -> String {
    match change.value.as_str() {
        "" => format!("{} not known", change.path),
        value => format!("{} = {value}", change.path),
    }
}

/// Why a code is not in the answer, and what would put it there.
pub fn why_not_text(why: &WhyNot) -> String {
    let mut out = format!("{}  {}\n", why.date_of_service, why_not_sentence(why));
    if let Some(rule) = &why.rule {
        out.push_str(&format!("  rule {rule}\n"));
    }
    if let Some(row) = &why.row {
        out.push_str(&format!("  row {row}; {}\n", why.citations.join(" ")));
    }
    for (at, remedy) in why.changes.iter().enumerate() {
        let before = if at == 0 { "it would with" } else { "or with" };
        out.push_str(&format!(
            "  {before} {}: {}\n",
            change_text(&remedy.change),
            keys(&remedy.billed)
        ));
    }
    if why.changes.is_empty() && why.reason != "reported" {
        out.push_str("  no single change of the case leads to it\n");
    }
    out
}

/// Why a code is not in the answer, as an HTML fragment.
pub fn why_not_html(why: &WhyNot) -> String {
    let mut out = format!(
        "<div class=\"spinecode\"><p><b>{}</b></p>",
        escape(&why_not_sentence(why))
    );
    if let Some(row) = &why.row {
        let cited = escape(&why.citations.join(" "));
        out.push_str(&format!("<p><small>{} · {cited}</small></p>", escape(row)));
    }
    if !why.changes.is_empty() {
        let rows: String = why
            .changes
            .iter()
            .map(|remedy| {
                format!(
                    "<tr><td>{}</td><td>{}</td></tr>",
                    escape(&change_text(&remedy.change)),
                    escape(&keys(&remedy.billed))
                )
            })
            .collect();
        out.push_str(&format!(
            "<table><thead><tr><th>change</th><th>billed then</th></tr></thead><tbody>{rows}</tbody></table>"
        ));
    }
    out.push_str("</div>");
    out
}

fn line_changes(title: &str, lines: &LineDifference, out: &mut Vec<String>) {
    out.extend(lines.gone.iter().map(|line| format!("{title} - {}", key(line))));
    out.extend(lines.new.iter().map(|line| format!("{title} + {}", key(line))));
    out.extend(lines.changed.iter().map(|change| {
        let (before, after) = (key(&change.before), key(&change.after));
        if before == after {
            let sites = |line: &Line| line.sites.join(", ");
            format!(
                "{title} ~ {after}: [{}] -> [{}]",
                sites(&change.before),
                sites(&change.after)
            )
        } else {
            format!("{title} ~ {before} -> {after}")
        }
    }));
}

/// Every difference, one a line.
fn differences(difference: &Difference, with_notices: bool) -> Vec<String> {
    let mut out = Vec::new();
    if difference.status_before != difference.status_after {
        out.push(format!(
            "status {} -> {}",
            status(difference.status_before),
            status(difference.status_after)
        ));
    }
    line_changes("billed  ", &difference.billed, &mut out);
    line_changes("code set", &difference.reported, &mut out);
    let mut list = |title: &str, sign: char, sentences: Vec<String>| {
        out.extend(sentences.into_iter().map(|text| format!("{title} {sign} {text}")));
    };
    list(
        "kept off",
        '-',
        difference.withheld_gone.iter().map(text::withheld).collect(),
    );
    list(
        "kept off",
        '+',
        difference.withheld_new.iter().map(text::withheld).collect(),
    );
    let not_reported = difference.not_reported_gone.iter().map(text::not_reported);
    list("not reported", '-', not_reported.collect());
    let not_reported = difference.not_reported_new.iter().map(text::not_reported);
    list("not reported", '+', not_reported.collect());
    list(
        "question",
        '-',
        difference.questions_gone.iter().map(text::question).collect(),
    );
    list(
        "question",
        '+',
        difference.questions_new.iter().map(text::question).collect(),
    );
    if with_notices {
        list(
            "notice",
            '-',
            difference.notices_gone.iter().map(text::notice).collect(),
        );
        list("notice", '+', difference.notices_new.iter().map(text::notice).collect());
    }
    out
}

/// The answer before and after, and the difference.
pub fn what_if_text(what_if: &WhatIf) -> String {
    let changes: Vec<String> = what_if.changes.iter().map(change_text).collect();
    let mut out = format!("if {}\n", changes.join(", "));
    for (name, coded) in [("before", &what_if.before), ("after", &what_if.after)] {
        out.push_str(&format!(
            "  {name:<7} {}  {}  {}  {}\n",
            coded.date_of_service,
            coded.knowledge.profile,
            status(coded.status),
            keys(&coded.billed)
        ));
    }
    let lines = differences(&what_if.difference, true);
    if lines.is_empty() {
        out.push_str("  nothing differs\n");
    }
    for line in lines {
        out.push_str(&format!("  {line}\n"));
    }
    out
}

/// The same as an HTML fragment.
pub fn what_if_html(what_if: &WhatIf) -> String {
    let changes: Vec<String> = what_if.changes.iter().map(change_text).collect();
    let rows: String = [("before", &what_if.before), ("after", &what_if.after)]
        .iter()
        .map(|(name, coded)| {
            format!(
                "<tr><td>{name}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                coded.date_of_service,
                escape(&coded.knowledge.profile),
                status(coded.status),
                escape(&keys(&coded.billed))
            )
        })
        .collect();
    let lines = differences(&what_if.difference, true);
    let items: String = lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    let head = ["", "date of service", "profile", "status", "billed"]
        .map(|name| format!("<th>{name}</th>"))
        .concat();
    format!(
        "<div class=\"spinecode\"><p><b>If {}</b></p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><ul>{items}</ul></div>",
        escape(&changes.join(", "))
    )
}

fn days(stretch: &Stretch) -> String {
    match stretch.last_day {
        Some(last) => format!("{} to {last}", stretch.from),
        None => format!("{} on", stretch.from),
    }
}

/// What a stretch says in short: its lines, or what it would ask.
fn answer(stretch: &Stretch) -> String {
    match stretch.status {
        Status::NeedsFacts => {
            let asked: Vec<&str> = stretch
                .questions
                .iter()
                .map(|question| question.path.as_str())
                .collect();
            format!("needs {}", asked.join(", "))
        }
        Status::OutOfScope if stretch.billed.is_empty() => status(stretch.status),
        _ => {
            let off: Vec<String> = stretch.withheld.iter().map(|one| key(&one.line)).collect();
            let off = if off.is_empty() {
                String::new()
            } else {
                format!("  (kept off: {})", off.join(", "))
            };
            format!("{}{off}", keys(&stretch.billed))
        }
    }
}

fn notes(title: &str, rows: &[RowNote]) -> Vec<String> {
    rows.iter()
        .map(|note| format!("{title} {}; {}", note.row, note.citations.join(" ")))
        .collect()
}

/// One case over all eras.
pub fn eras_text(eras: &Eras) -> String {
    let mut out = format!("profile {}\n", eras.knowledge.profile);
    for (at, stretch) in eras.stretches.iter().enumerate() {
        if let Some(turn) = at.checked_sub(1).and_then(|before| eras.turns.get(before)) {
            let lines = differences(&turn.difference, false)
                .into_iter()
                .chain(notes("ended", &turn.ended))
                .chain(notes("began", &turn.began));
            for line in lines {
                out.push_str(&format!("    {line}\n"));
            }
        }
        out.push_str(&format!("{:<26}{}\n", days(stretch), answer(stretch)));
    }
    out
}

/// The same as an HTML fragment.
pub fn eras_html(eras: &Eras) -> String {
    let mut rows = String::new();
    for (at, stretch) in eras.stretches.iter().enumerate() {
        let why = at.checked_sub(1).and_then(|before| eras.turns.get(before)).map(|turn| {
            let lines: Vec<String> = notes("ended", &turn.ended)
                .into_iter()
                .chain(notes("began", &turn.began))
                .collect();
            format!("<small>{}</small>", escape(&lines.join("\n")).replace('\n', "<br>"))
        });
        rows.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            days(stretch),
            escape(&answer(stretch)),
            why.unwrap_or_default()
        ));
    }
    format!(
        "<div class=\"spinecode\"><p><b>Over all eras · profile {}</b></p><table><thead><tr><th>dates of service</th><th>billed</th><th>why it changed</th></tr></thead><tbody>{rows}</tbody></table></div>",
        escape(&eras.knowledge.profile)
    )
}
