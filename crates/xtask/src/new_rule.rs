//! Makes the skeleton of a rule, so that nothing of its parts is forgotten.

use std::path::Path;

use crate::facts::{self, CONFORMANCE, CORE, FACTS, cell};
use crate::{Outcome, read};

/// Stands where a source must be named; the facts' checker knows no such key and refuses it.
const UNCITED: &str = "NAME-THE-SOURCE";

pub(crate) fn run(root: &Path, family: &str, name: &str, citation: Option<&str>) -> Outcome {
    make(root, family, name, citation).map_err(|fault| vec![fault])
}

fn make(root: &Path, family: &str, name: &str, citation: Option<&str>) -> Result<String, String> {
    for (what, word) in [("family", family), ("name", name)] {
        if !is_snake(word) {
            return Err(format!("the {what} `{word}` is not snake_case"));
        }
    }
    let rows = facts::rules(root)?;
    let id = next_id(&rows, family);
    let rules = root.join(CORE).join("rules");
    let registry = rules.join("mod.rs");
    let mut listed = read(&registry)?;
    let known = rules.join(format!("{family}.rs")).exists();
    let (file, entry) = if known {
        (
            rules.join(family).join(format!("{name}.rs")),
            format!("{family}::{name}::RULE"),
        )
    } else {
        (rules.join(format!("{family}.rs")), format!("{family}::RULE"))
    };
    let case = root.join(CONFORMANCE).join(family).join(format!("{name}.yaml"));
    if let Some(taken) = [&file, &case].into_iter().find(|path| path.exists()) {
        return Err(format!("{} exists", taken.display()));
    }

    if known {
        let parent = rules.join(format!("{family}.rs"));
        write(&parent, &with_module(&read(&parent)?, name))?;
    } else {
        listed = with_module(&listed, family);
        listed = before_end_of(&listed, "FAMILIES: &[FamilyRule] = &[", &family_entry(family))
            .ok_or_else(|| format!("{}: no list `FAMILIES`", registry.display()))?;
    }
    listed = before_end_of(&listed, "RULE_IDS: &[&str] = &[", &format!("    {entry},\n"))
        .ok_or_else(|| format!("{}: no list `RULE_IDS`", registry.display()))?;
    write(&registry, &listed)?;
    write(&file, &rule_file(family, name, &id, known))?;
    write(&case, &conformance(family, name, &id, citation.unwrap_or(UNCITED)))?;
    add_row(root, family, name, &id, citation.unwrap_or(UNCITED))?;

    let short = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    Ok(format!(
        "{id} made. Now, in this order:\n  {}: its dates, what it does, its sources\n  {}: a case by hand from a source; it fails until the rule decides\n  {}: the decision{}\n  cargo fmt, cargo xtask docs",
        format_args!("{FACTS}/rules.csv"),
        short(&case),
        short(&file),
        if known {
            format!(", called from rules/{family}.rs")
        } else {
            format!("; {FACTS}/kinds.csv: the kinds of the family")
        },
    ))
}

fn is_snake(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_lowercase())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The family's letters with its next number; for a new family, letters of its name that no other has.
fn next_id(rows: &[facts::Row], family: &str) -> String {
    let ids = |wanted: &str| {
        let of: Vec<(String, u32)> = rows
            .iter()
            .filter(|row| wanted.is_empty() || cell(row, "family") == wanted)
            .filter_map(|row| cell(row, "id").split_once('-'))
            .filter_map(|(letters, number)| Some((letters.to_owned(), number.parse().ok()?)))
            .collect();
        of
    };
    let of_family = ids(family);
    if let Some((letters, _)) = of_family.first() {
        let last = of_family.iter().map(|(_, number)| *number).max().unwrap_or(0);
        return format!("{letters}-{:03}", last + 1);
    }
    let taken: Vec<String> = ids("").into_iter().map(|(letters, _)| letters).collect();
    let letters: Vec<char> = family
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let first = letters.first().copied().unwrap_or('X');
    let pairs = letters
        .iter()
        .enumerate()
        .skip(1)
        .flat_map(|(at, second)| letters.iter().skip(at + 1).map(move |third| (*second, *third)));
    let free = pairs
        .map(|(second, third)| format!("{first}{second}{third}"))
        .find(|letters| !taken.contains(letters));
    format!("{}-001", free.unwrap_or_else(|| "NEW".to_owned()))
}

/// Adds `pub mod NAME;` after the head comment, among its like.
fn with_module(text: &str, name: &str) -> String {
    let line = format!("pub mod {name};\n");
    if let Some(at) = text.find("\npub mod ") {
        let (head, rest) = text.split_at(at + 1);
        return format!("{head}{line}{rest}");
    }
    let head: usize = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with("//!"))
        .map(str::len)
        .sum();
    let (head, rest) = text.split_at(head);
    format!("{head}\n{line}{rest}")
}

fn before_end_of(text: &str, list: &str, entry: &str) -> Option<String> {
    let (head, rest) = text.split_once(list)?;
    let (body, tail) = rest.split_once("];")?;
    Some(format!("{head}{list}{body}{entry}];{tail}"))
}

fn family_entry(family: &str) -> String {
    format!("    FamilyRule {{\n        family: {family}::FAMILY,\n        code: {family}::code,\n    }},\n")
}

fn title(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

fn rule_file(family: &str, name: &str, id: &str, known: bool) -> String {
    let title = title(if known { name } else { family });
    let head = format!(
        "//! # {title}\n//!\n//! ## What it does\n//! Say what it decides.\n//!\n//! ## When it applies\n//! Say which rows date it.\n//!\n//! ## Example\n//! Say one small case and its answer.\n//!\n//! ## Sources\n//! See `rules.csv`, rule `{id}`.\n\nuse crate::context::{{Context, Outcome}};\n\n"
    );
    let says = name.replace('_', " ");
    if known {
        format!(
            "{head}/// {}.\npub const RULE: &str = \"{id}\";\n\n/// Decides over one session.\npub fn decide(ctx: &mut Context<'_>, _group: &[usize]) -> Outcome {{\n    let Some(_rule) = ctx.rule(RULE) else {{\n        return Ok(());\n    }};\n    Ok(())\n}}\n",
            self::title(&says)
        )
    } else {
        format!(
            "{head}/// Family of the fact tables.\npub const FAMILY: &str = \"{family}\";\n/// {}.\npub const RULE: &str = \"{id}\";\n\n/// Codes one session.\npub fn code(ctx: &mut Context<'_>, group: &[usize]) -> Outcome {{\n    for &at in group {{\n        ctx.out_of_scope(at);\n    }}\n    Ok(())\n}}\n",
            self::title(&says)
        )
    }
}

fn conformance(family: &str, name: &str, id: &str, citation: &str) -> String {
    format!(
        "family: {family}\ntopic: {}\ncases:\n  - name: {}\n    why: say which statement of a source this proves\n    citations: [{citation}]\n    case:\n      place_of_service: \"11\"\n      setting: professional\n      procedures:\n        - {{kind: {family}}}\n    asks:\n      - on: 2024-01-02\n        reported: []                # write the lines by hand, from the source\n        rules: [{id}]               # fails until the rule decides\n",
        name.replace('_', " "),
        name.replace('_', " "),
    )
}

fn add_row(root: &Path, family: &str, name: &str, id: &str, citation: &str) -> Result<(), String> {
    let path = root.join(FACTS).join("rules.csv");
    let mut text = read(&path)?;
    let header = text
        .lines()
        .find(|line| !line.starts_with('#'))
        .ok_or_else(|| format!("{}: no header", path.display()))?;
    let cells: Vec<String> = header
        .split(',')
        .map(|column| match column {
            "id" => id.to_owned(),
            "version" => "1".to_owned(),
            "name" => name.replace('_', "-"),
            "family" => family.to_owned(),
            "layer" => "code_set".to_owned(),
            "what" => "Say what it does.".to_owned(),
            "confidence" => "low".to_owned(),
            "citations" => citation.to_owned(),
            _ => String::new(),
        })
        .collect();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&cells.join(","));
    text.push('\n');
    write(&path, &text)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let fault = |why: std::io::Error| format!("{}: {why}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fault)?;
    }
    std::fs::write(path, text).map_err(fault)
}
