//! Writes docs/rules: a page a family, from the rules' own comments, rules.csv and citations.toml.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::facts::{self, Citation, Constant, Row, cell, names};
use crate::{Outcome, files, read};

const PAGES: &str = "docs/rules";
const MADE: &str = "<!-- Made by `cargo xtask docs`; change the rule's comment or the facts instead. -->\n";

pub(crate) fn run(root: &Path, check: bool) -> Outcome {
    let pages = pages(root).map_err(|fault| vec![fault])?;
    let folder = root.join(PAGES);
    let mut faults = Vec::new();
    for (name, text) in &pages {
        let path = folder.join(name);
        if check {
            if read(&path).ok().as_deref() != Some(text) {
                faults.push(format!("{PAGES}/{name} differs from what `cargo xtask docs` writes"));
            }
        } else if let Err(why) = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, text)) {
            faults.push(format!("{}: {why}", path.display()));
        }
    }
    for path in files(&folder, ".md") {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| !pages.contains_key(&name)) {
            if check {
                faults.push(format!("{}: no family has this page", path.display()));
            } else if let Err(why) = std::fs::remove_file(&path) {
                faults.push(format!("{}: {why}", path.display()));
            }
        }
    }
    if faults.is_empty() {
        let done = if check { "as they should be" } else { "written" };
        Ok(format!("docs: {} pages {done}", pages.len()))
    } else {
        Err(faults)
    }
}

/// The pages, by file name.
fn pages(root: &Path) -> Result<BTreeMap<String, String>, String> {
    let rows = facts::rules(root)?;
    let citations = facts::citations(root)?;
    let constants = facts::constants(root)?;
    let mut families: BTreeMap<&str, BTreeMap<&str, Vec<&Row>>> = BTreeMap::new();
    for row in &rows {
        let family = families.entry(cell(row, "family")).or_default();
        family.entry(cell(row, "id")).or_default().push(row);
    }
    let mut pages = BTreeMap::new();
    let mut index = format!("{MADE}\n# Rules\n\nA rule decides; its dates, codes and limits are rows of the facts.\n");
    for (family, rules) in &families {
        index.push_str(&format!("\n## [{family}]({family}.md)\n\n"));
        for (id, versions) in rules {
            let last = versions.last().copied();
            let name = last.map_or("", |row| cell(row, "name"));
            let what = last.map_or("", |row| cell(row, "what"));
            index.push_str(&format!("- `{id}` {name}: {what}\n"));
        }
        pages.insert(format!("{family}.md"), page(family, rules, &constants, &citations)?);
    }
    pages.insert("README.md".to_owned(), index);
    Ok(pages)
}

fn page(
    family: &str,
    rules: &BTreeMap<&str, Vec<&Row>>,
    constants: &[Constant],
    citations: &BTreeMap<String, Citation>,
) -> Result<String, String> {
    let mut text = format!("{MADE}\n");
    let of_family = |constant: &&Constant| rules.contains_key(constant.id.as_str());
    let sources: BTreeSet<&Path> = constants
        .iter()
        .filter(of_family)
        .map(|constant| constant.file.as_path())
        .collect();
    if sources.len() != 1 {
        text.push_str(&format!(
            "# {}\n\n",
            if family == "all" {
                "Rules of every family"
            } else {
                family
            }
        ));
    }
    for file in &sources {
        let said = module_comment(&read(file)?);
        if said.is_empty() {
            continue;
        }
        // Where several files share a page, each goes one heading down.
        let deeper = sources.len() > 1 && said.starts_with('#');
        for line in said.lines() {
            let down = if deeper && line.starts_with('#') { "#" } else { "" };
            text.push_str(&format!("{down}{line}\n"));
        }
        text.push('\n');
    }
    text.push_str("## The rules\n");
    let mut cited = BTreeSet::new();
    for (id, versions) in rules {
        let name = versions.last().map_or("", |row| cell(row, "name"));
        let layer = versions.last().map_or("", |row| cell(row, "layer"));
        text.push_str(&format!("\n### `{id}` {name}\n\n"));
        if let Some(constant) = constants.iter().find(|constant| constant.id == *id)
            && !constant.doc.is_empty()
        {
            text.push_str(&format!("{} ", constant.doc));
        }
        text.push_str(&format!("Layer: {layer}.\n\n"));
        text.push_str("| version | dates of service | what it does | confidence | sources |\n|---|---|---|---|---|\n");
        for row in versions {
            let keys: Vec<&str> = names(cell(row, "citations")).collect();
            cited.extend(keys.iter().copied());
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                cell(row, "version"),
                days(cell(row, "from"), cell(row, "last_day")),
                cell(row, "what").replace('|', "\\|"),
                cell(row, "confidence"),
                keys.join(", ")
            ));
        }
    }
    text.push_str("\n## Sources\n\n");
    for key in cited {
        let source = citations
            .get(key)
            .ok_or_else(|| format!("rules.csv cites `{key}`, which citations.toml does not hold"))?;
        let field = |name: &str| source.get(name).map_or("", String::as_str);
        let title = match field("link") {
            "" => field("title").to_owned(),
            link => format!("[{}]({link})", field("title")),
        };
        let authority = match (field("authority_from"), field("authority_to")) {
            ("", "") => String::new(),
            (from, to) => format!(", authority {}", days(from, to)),
        };
        text.push_str(&format!("- `{key}` {title}{authority}\n"));
    }
    Ok(text)
}

fn days(from: &str, last: &str) -> String {
    match (from, last) {
        ("", "") => "all".to_owned(),
        ("", last) => format!("to {last}"),
        (from, "") => format!("from {from}"),
        (from, last) => format!("{from} to {last}"),
    }
}

/// The `//!` comment at the head of a file.
fn module_comment(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n").trim().to_owned()
}
