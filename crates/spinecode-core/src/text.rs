//! Sentences and accounts for people, rendered from the answer's structure on demand. Machines read the structure.

use crate::answer::{Args, CodedCase, Coding, Line, NotReported, Notice, Question, Status, Withheld};
use crate::render::key;

/// Published reasons of notices.
pub const NOTICE_REASONS: &[&str] = &[
    "add_on_table_disagrees",
    "codings_cut",
    "conflict",
    "date_assumed",
    "distinct_service_asserted",
    "from_memory",
    "if_done_add",
    "incomplete_joint",
    "low_confidence",
    "nerves_unknown",
    "not_checked",
    "out_of_scope",
    "outcome_undecided",
    "past_verification",
    "place_of_service_missing",
    "reduced_by_extent",
    "setting_undetermined",
    "transitional_anatomy",
    "unmapped_payer",
];

/// Published reasons of services not reported and of lines withheld.
pub const EXCLUSION_REASONS: &[&str] = &[
    "cap_reached",
    "guidance_included",
    "included_in_procedure",
    "no_code_on_date",
    "no_listed_primary",
    "not_documented",
    "not_paid_by_status",
    "not_separate",
    "one_per_encounter",
    "over_unit_limit",
    "ptp_never_both",
    "ptp_not_distinct",
    "too_few_minutes",
];

fn arg<'a>(args: &'a Args, key: &str) -> &'a str {
    args.get(key).map_or("", |value| value.as_ref())
}

/// A notice as a sentence.
pub fn notice(notice: &Notice) -> String {
    let subject = notice.subject.as_deref().unwrap_or_default();
    let arg = |key| arg(&notice.args, key);
    match notice.reason.as_ref() {
        "add_on_table_disagrees" => format!(
            "{subject} is billed as the payer's text asks ({}), although its add-on table lists no such primary.",
            arg("conflict")
        ),
        "codings_cut" => format!("{} codings are possible; only the first are shown.", arg("possible")),
        "conflict" => {
            let positions: Vec<String> = notice
                .args
                .iter()
                .filter_map(|(key, holder)| Some(format!("{} ({holder})", key.strip_prefix("position ")?)))
                .collect();
            format!(
                "Sources disagree ({subject}): {}. Reported by: {}; billed by: {}.",
                positions.join("; "),
                arg("reported"),
                arg("billed")
            )
        }
        "date_assumed" => format!("No date was given: looked up for {subject}, the last day that was verified."),
        "distinct_service_asserted" => format!(
            "{subject} carries {} beside {}: the case documents different sites or services.",
            arg("modifier"),
            arg("column1")
        ),
        "from_memory" => {
            format!("{subject} rests on a fact that nobody read in a source; verify before relying on it.")
        }
        "if_done_add" => format!(
            "{subject} is not known: if it was {}, add {}.",
            arg("value"),
            arg("lines")
        ),
        "incomplete_joint" => format!(
            "{subject}: nerve {} alone serves no joint whole; counted as one level, consider reduced service.",
            arg("nerve")
        ),
        "low_confidence" => match arg("doubt") {
            "" => format!("{subject} rests on facts of low confidence; verify before relying on it."),
            doubt if arg("technique").is_empty() => format!("{subject}: {doubt}."),
            doubt => format!("{subject} ({}): {doubt}.", arg("technique")),
        },
        "nerves_unknown" => format!("{subject}: no table names the nerves of joint {}.", arg("joint")),
        "not_checked" => format!(
            "Layer {subject} was not checked, or not in full: {}.",
            arg("why").replace('_', " ")
        ),
        "out_of_scope" => format!("{subject} ({}) lies outside the knowledge on that date.", arg("kind")),
        "outcome_undecided" => {
            format!("{subject}: the modifier depends on whether anaesthesia had begun; the case does not say.")
        }
        "past_verification" => {
            format!(
                "{subject}: verified through {}, before the date of service.",
                arg("verified_through")
            )
        }
        "place_of_service_missing" => {
            format!(
                "{subject} takes {} where another owns the equipment; the place of service is missing.",
                arg("modifier")
            )
        }
        "reduced_by_extent" => {
            format!("{subject} describes more than was done; it is written as reduced work, as most sources would.")
        }
        "setting_undetermined" => "The setting is not given; lines are written as a clinician's.".to_owned(),
        "transitional_anatomy" => format!("{subject} is transitional anatomy; check the level count."),
        "unmapped_payer" => {
            format!(
                "The payer's name is not mapped to a profile; profile {} was used, coverage was not checked.",
                arg("profile")
            )
        }
        other => format!("{} {subject}", other.replace('_', " ")),
    }
}

/// A service without a line as a sentence.
pub fn not_reported(one: &NotReported) -> String {
    let code = one.code;
    let arg = |key| arg(&one.args, key);
    match one.reason.as_ref() {
        "cap_reached" => format!(
            "{code} is reported at most {} a side a session; levels {}.",
            arg("cap"),
            arg("sites")
        ),
        "guidance_included" => format!(
            "{code}: this guidance is part of the procedure ({}).",
            one.procedures.join(", ")
        ),
        "included_in_procedure" => format!("{code} is part of procedure {} of the same session.", arg("procedure")),
        "no_code_on_date" => format!("{code} has no successor: the service has no code of its own on that date."),
        "not_documented" => format!("{code}: there is no formal report of the study."),
        "not_separate" => format!("{code}: the work is no service of its own."),
        "too_few_minutes" => format!("{code}: the service did not last long enough for a unit."),
        "one_per_encounter" => format!("{code}: one puncture an encounter is reported."),
        other => format!("{code}: {}.", other.replace('_', " ")),
    }
}

/// A line kept off as a sentence.
pub fn withheld(one: &Withheld) -> String {
    let line = key(&one.line);
    let arg = |key| arg(&one.args, key);
    match one.reason.as_ref() {
        "ptp_never_both" => format!("{line}: never beside {} on one claim.", arg("column1")),
        "ptp_not_distinct" => format!(
            "{line}: beside {} only for a distinct site or service, which the case does not document.",
            arg("column1")
        ),
        "over_unit_limit" => format!(
            "{line}: above the limit of {} a day (indicator {}).",
            arg("limit"),
            arg("mai")
        ),
        "not_paid_by_status" => format!("{line}: the fee schedule does not pay it (status {}).", arg("status")),
        "no_listed_primary" => format!("{line}: none of its listed primaries is on the claim."),
        other => format!("{line}: {}.", other.replace('_', " ")),
    }
}

/// A question as a sentence.
pub(crate) fn question(one: &Question) -> String {
    format!("{} ({}: {})", one.text, one.path, one.values.join(", "))
}

/// A coding that remains possible, with what it assumes.
fn coding(one: &Coding) -> String {
    let assuming: Vec<String> = one
        .assuming
        .iter()
        .map(|one| format!("{} = {}", one.path, one.value))
        .collect();
    let lines: Vec<String> = one.billed.iter().map(key).collect();
    format!("{}  if {}", lines.join(", "), assuming.join(", "))
}

fn line_text(line: &Line) -> String {
    let sites = if line.sites.is_empty() {
        String::new()
    } else {
        format!("  [{}]", line.sites.join(", "))
    };
    let through = line
        .verified_through
        .map(|day| format!("  (verified through {day})"))
        .unwrap_or_default();
    format!("{:<16} {}{sites}{through}", key(line), line.label)
}

/// The whole answer as a readable account.
pub fn account(coded: &CodedCase) -> String {
    let mut out = Vec::new();
    let as_of = coded
        .knowledge
        .as_of
        .map(|day| format!(", as published by {day}"))
        .unwrap_or_default();
    out.push(format!(
        "{}  profile {}  {}{as_of}",
        coded.date_of_service,
        coded.knowledge.profile,
        match coded.status {
            Status::Coded => "coded",
            Status::NeedsFacts => "needs facts",
            Status::OutOfScope => "out of scope",
        }
    ));
    let mut section = |title: &str, mut lines: Vec<String>| {
        lines.dedup();
        if !lines.is_empty() {
            out.push(format!("  {title}"));
            out.extend(lines.into_iter().map(|line| format!("    {line}")));
        }
    };
    section("billed", coded.billed.iter().map(line_text).collect());
    let reported: Vec<String> = coded.reported.iter().map(line_text).collect();
    let same = coded
        .reported
        .iter()
        .map(|line| (line.code, line.units))
        .eq(coded.billed.iter().map(|line| (line.code, line.units)));
    if !same {
        section("code set", reported);
    }
    section("kept off the claim", coded.withheld.iter().map(withheld).collect());
    section("not reported", coded.not_reported.iter().map(not_reported).collect());
    section("questions", coded.questions.iter().map(question).collect());
    section("possible codings", coded.codings.iter().map(coding).collect());
    section("notices", coded.notices.iter().map(notice).collect());
    if let Some(explanation) = &coded.explanation {
        section("rules", vec![explanation.rules.join(" ")]);
        section("citations", vec![explanation.citations.join(" ")]);
        section(
            "steps",
            explanation
                .steps
                .iter()
                .map(|step| {
                    let parts = [
                        Some(step.step.as_str().to_owned()),
                        step.rule.as_ref().map(ToString::to_string),
                        step.subject.clone(),
                        step.result.clone().map(|result| format!("-> {result}")),
                        step.row.as_ref().map(|row| format!("({row})")),
                    ];
                    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
                })
                .collect(),
        );
    }
    out.push(String::new());
    out.join("\n")
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The whole answer as an HTML fragment: its drawing where one is given, tables and lists; readable in light and dark, no
/// script.
pub fn html(coded: &CodedCase, drawing: Option<&str>) -> String {
    let knowledge = &coded.knowledge;
    let mut out = format!(
        "<div class=\"spinecode\"><p><b>{}{} · {} · profile {}</b></p>",
        coded
            .case_id
            .as_ref()
            .map(|id| format!("{} · ", escape(id)))
            .unwrap_or_default(),
        coded.date_of_service,
        coded.status.as_str().replace('_', " "),
        escape(&knowledge.profile),
    );
    out.push_str(drawing.unwrap_or_default().trim_end());
    out.push_str(&table("Billed", &coded.billed));
    out.push_str(&table("Reported", &coded.reported));
    let mut list = |title: &str, mut sentences: Vec<String>| {
        sentences.dedup();
        if !sentences.is_empty() {
            let items: Vec<String> = sentences
                .iter()
                .map(|text| format!("<li>{}</li>", escape(text)))
                .collect();
            out.push_str(&format!("<p>{title}</p><ul>{}</ul>", items.concat()));
        }
    };
    list("Kept off the claim", coded.withheld.iter().map(withheld).collect());
    list("Not reported", coded.not_reported.iter().map(not_reported).collect());
    list("Questions", coded.questions.iter().map(question).collect());
    list("Possible codings", coded.codings.iter().map(coding).collect());
    list("Notices", coded.notices.iter().map(notice).collect());
    if let Some(explanation) = coded
        .explanation
        .as_ref()
        .filter(|explanation| !explanation.citations.is_empty())
    {
        out.push_str(&format!(
            "<p>Sources: {}</p>",
            escape(&explanation.citations.join(", "))
        ));
    }
    out.push_str(&format!(
        "<p><small>engine {}, facts {}</small></p></div>",
        escape(&knowledge.engine),
        escape(&knowledge.facts)
    ));
    out
}

/// Lines as an HTML table; nothing where there are none.
fn table(title: &str, lines: &[Line]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let head = ["line", "what", "sites", "rule", "verified through"]
        .map(|name| format!("<th>{name}</th>"))
        .concat();
    let rows = lines.iter().map(|line| {
        let through = line.verified_through.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            &key(line),
            line.label.as_ref(),
            &line.sites.join(", "),
            line.rule.as_ref(),
            &through,
        ];
        format!(
            "<tr>{}</tr>",
            cells.map(|cell| format!("<td>{}</td>", escape(cell))).concat()
        )
    });
    format!(
        "<table><caption style=\"text-align:left\">{title}</caption><thead><tr>{head}</tr></thead><tbody>{}</tbody></table>",
        rows.collect::<String>()
    )
}
