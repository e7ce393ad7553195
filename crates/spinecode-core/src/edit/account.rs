//! An edit report for people: the grid of layers, findings with their sources, repairs; as text, HTML and CSV fields.

use crate::answer::Notice;
use crate::edit::report::{EditReport, Finding, Layer, LayerVerdict, LineVerdicts, Repair, Verdict};
use crate::edit::text;
use crate::text::{escape, notice, question};

/// What a cell of the grid shows; nothing to say is a dash, not looked at is a question mark.
fn cell(said: LayerVerdict) -> &'static str {
    match said.verdict {
        Verdict::NotApplicable => "-",
        Verdict::NotChecked => "?",
        other => other.as_str(),
    }
}

fn heading(layer: Layer) -> String {
    layer.as_str().replace('_', " ")
}

fn head(report: &EditReport) -> String {
    let knowledge = &report.knowledge;
    let claim = report
        .claim_id
        .as_deref()
        .map(|id| format!("{id}  "))
        .unwrap_or_default();
    let release = knowledge
        .release
        .as_ref()
        .map(|release| format!("  release {}", release.chars().take(12).collect::<String>()))
        .unwrap_or_default();
    let as_of = knowledge
        .as_of
        .map(|day| format!(", as published by {day}"))
        .unwrap_or_default();
    format!(
        "{claim}{}  profile {}{release}{as_of}  {}",
        report.setting.replace('_', " "),
        knowledge.profile,
        report.verdict.as_str().replace('_', " ")
    )
}

/// What a payer likely answers, as `CO 97 N20`.
fn adjustment(one: &Finding) -> String {
    let Some(adjustment) = &one.adjustment else {
        return String::new();
    };
    let mut parts = vec![adjustment.group.as_ref(), adjustment.carc.as_ref()];
    parts.extend(adjustment.rarc.iter().map(AsRef::as_ref));
    parts.join(" ")
}

fn finding(one: &Finding) -> String {
    let mut said = format!("{:<8} {}  {}", one.verdict.as_str(), one.rule, text::finding(one));
    let likely = adjustment(one);
    if !likely.is_empty() {
        said.push_str(&format!(" A payer likely answers {likely}."));
    }
    if one.nearest_edition {
        said.push_str(" By the nearest edition loaded.");
    }
    if !one.citations.is_empty() {
        said.push_str(&format!(" [{}]", one.citations.join(", ")));
    }
    said
}

/// Layers that were not checked, or not wholly, with reason and lines.
fn unchecked(report: &EditReport) -> Vec<String> {
    let mut told = Vec::new();
    for layer in Layer::ALL {
        let mut reasons: Vec<_> = report
            .lines
            .iter()
            .filter_map(|line| line.of(*layer).unchecked)
            .collect();
        reasons.sort_unstable();
        reasons.dedup();
        for why in reasons {
            let lines: Vec<&str> = report
                .lines
                .iter()
                .filter(|line| line.of(*layer).unchecked == Some(why))
                .map(|line| line.line.as_ref())
                .collect();
            told.push(format!(
                "{}, {} {}: {}",
                heading(*layer),
                if lines.len() == 1 { "line" } else { "lines" },
                lines.join(", "),
                why.as_str().replace('_', " ")
            ));
        }
    }
    told
}

fn left_out(report: &EditReport) -> Vec<String> {
    let each = report.lines.iter();
    each.filter_map(|line| {
        Some(format!(
            "{} on line {}: {}",
            line.code,
            line.line,
            line.left_out.as_ref()?
        ))
    })
    .collect()
}

fn repairs(all: &[Repair]) -> Vec<String> {
    let each = all.iter().enumerate();
    each.map(|(at, one)| {
        let mut said = format!("{}. {}", at + 1, text::repair(one));
        if !one.settles.is_empty() {
            said.push_str(&format!(" Settles {}.", one.settles.join(", ")));
        }
        said
    })
    .collect()
}

/// The sections below the grid: a title, and its sentences.
fn sections(report: &EditReport) -> [(&'static str, Vec<String>); 6] {
    [
        ("findings", report.findings.iter().map(finding).collect()),
        ("repairs", repairs(&report.repairs)),
        ("questions", report.questions.iter().map(question).collect()),
        ("not checked", unchecked(report)),
        ("left out", left_out(report)),
        (
            "notices",
            report.notices.iter().map(|one: &Notice| notice(one)).collect(),
        ),
    ]
}

/// The whole report as a readable account.
pub fn account(report: &EditReport) -> String {
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(report.lines.len() + 1);
    let mut titles = vec!["line".to_owned(), "code".to_owned()];
    titles.extend(Layer::ALL.iter().map(|layer| heading(*layer)));
    rows.push(titles);
    for line in &report.lines {
        let mut row = vec![line.line.to_string(), line.code.to_string()];
        row.extend(Layer::ALL.iter().map(|layer| cell(line.of(*layer)).to_owned()));
        rows.push(row);
    }
    let widths: Vec<usize> = (0..Layer::ALL.len() + 2)
        .map(|column| {
            let each = rows.iter().filter_map(|row| row.get(column));
            each.map(|cell| cell.chars().count()).max().unwrap_or_default()
        })
        .collect();
    let mut out = vec![head(report)];
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        out.push(format!("  {}", cells.join("  ")).trim_end().to_owned());
    }
    for (title, sentences) in sections(report) {
        if !sentences.is_empty() {
            out.push(format!("  {title}"));
            out.extend(sentences.into_iter().map(|sentence| format!("    {sentence}")));
        }
    }
    out.push(String::new());
    out.join("\n")
}

/// The whole report as an HTML fragment: the grid and lists, readable in light and dark, no script.
pub fn html(report: &EditReport) -> String {
    let titles: String = ["line".to_owned(), "code".to_owned()]
        .into_iter()
        .chain(Layer::ALL.iter().map(|layer| heading(*layer)))
        .map(|title| format!("<th>{title}</th>"))
        .collect();
    let rows: String = report.lines.iter().map(grid_row).collect();
    let mut out = format!(
        "<div class=\"spinecode\"><p><b>{}</b></p><table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>",
        escape(&head(report))
    );
    for (title, sentences) in sections(report) {
        if !sentences.is_empty() {
            let items: String = sentences
                .iter()
                .map(|sentence| format!("<li>{}</li>", escape(sentence)))
                .collect();
            let mut letters = title.chars();
            let title: String = letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default();
            out.push_str(&format!("<p>{title}</p><ul>{items}</ul>"));
        }
    }
    let knowledge = &report.knowledge;
    out.push_str(&format!(
        "<p><small>engine {}, facts {}</small></p></div>",
        escape(&knowledge.engine),
        escape(&knowledge.facts)
    ));
    out
}

fn grid_row(line: &LineVerdicts) -> String {
    let cells: String = Layer::ALL
        .iter()
        .map(|layer| {
            let said = line.of(*layer);
            let shown = if said.verdict >= Verdict::Bypassed {
                format!("<b>{}</b>", cell(said))
            } else {
                cell(said).to_owned()
            };
            let why = said
                .unchecked
                .map(|why| format!(" title=\"{}\"", why.as_str().replace('_', " ")))
                .unwrap_or_default();
            format!("<td{why}>{shown}</td>")
        })
        .collect();
    format!(
        "<tr><td>{}</td><td>{}</td>{cells}</tr>",
        escape(&line.line),
        escape(&line.code)
    )
}

/// Columns of [`record`].
pub const COLUMNS: [&str; 16] = [
    "claim_id",
    "line",
    "code",
    "rule",
    "name",
    "layer",
    "severity",
    "verdict",
    "other_lines",
    "modifier",
    "group",
    "carc",
    "rarc",
    "citations",
    "confidence",
    "message",
];

/// A finding as one row of a table.
pub fn record(report: &EditReport, one: &Finding) -> [String; COLUMNS.len()] {
    let first = one.lines.first();
    let likely = one.adjustment.as_ref();
    [
        report.claim_id.clone().unwrap_or_default(),
        first.map(|line| line.line.to_string()).unwrap_or_default(),
        first.map(|line| line.code.to_string()).unwrap_or_default(),
        one.rule.to_string(),
        one.name.to_string(),
        one.layer.as_str().to_owned(),
        one.severity.as_str().to_owned(),
        one.verdict.as_str().to_owned(),
        one.lines
            .iter()
            .skip(1)
            .map(|line| match &line.claim_id {
                Some(claim) => format!("{claim}:{}", line.line),
                None => line.line.to_string(),
            })
            .collect::<Vec<_>>()
            .join(" "),
        one.modifier.map(|modifier| modifier.to_string()).unwrap_or_default(),
        likely.map(|likely| likely.group.to_string()).unwrap_or_default(),
        likely.map(|likely| likely.carc.to_string()).unwrap_or_default(),
        likely.map(|likely| likely.rarc.join(" ")).unwrap_or_default(),
        one.citations.join(" "),
        one.confidence.to_string(),
        text::finding(one),
    ]
}
