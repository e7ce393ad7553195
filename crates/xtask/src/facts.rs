//! What the checks read of the facts and of the rules' source.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::{files, read};

pub(crate) const FACTS: &str = "crates/spinecode-data/facts";
pub(crate) const CORE: &str = "crates/spinecode-core/src";
pub(crate) const CONFORMANCE: &str = "tests/conformance";

/// A row of a table, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// The rows of rules.csv, in its order.
pub(crate) fn rules(root: &Path) -> Result<Vec<Row>, String> {
    table(root, "rules.csv")
}

/// The rule ids by which families that rows describe whole answer; empty where no such table is.
pub(crate) fn family_rules(root: &Path) -> Result<BTreeSet<String>, String> {
    const FILE: &str = "families.csv";
    if !root.join(FACTS).join(FILE).exists() {
        return Ok(BTreeSet::new());
    }
    let rows = table(root, FILE)?;
    Ok(rows.iter().map(|row| cell(row, "rule").to_owned()).collect())
}

fn table(root: &Path, file: &str) -> Result<Vec<Row>, String> {
    let path = root.join(FACTS).join(file);
    let fault = |why: csv::Error| format!("{}: {why}", path.display());
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(&path)
        .map_err(fault)?;
    let header = reader.headers().map_err(fault)?.clone();
    reader
        .records()
        .map(|record| {
            let record = record.map_err(fault)?;
            let cells = header.iter().zip(record.iter());
            Ok(cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect())
        })
        .collect()
}

/// A cell; empty where the column is absent.
pub(crate) fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

/// The parts of a cell that lists names.
pub(crate) fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([' ', ';', ',', '|']).filter(|part| !part.is_empty())
}

/// A source, as citations.toml describes it.
pub(crate) type Citation = BTreeMap<String, String>;

/// The sources, by key.
pub(crate) fn citations(root: &Path) -> Result<BTreeMap<String, Citation>, String> {
    let path = root.join(FACTS).join("citations.toml");
    let table: toml::Table = read(&path)?
        .parse()
        .map_err(|why| format!("{}: {why}", path.display()))?;
    let mut found = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(fields) => {
                found.insert(key, plain(&fields));
            }
            toml::Value::Array(entries) => {
                for entry in entries.iter().filter_map(toml::Value::as_table) {
                    let fields = plain(entry);
                    if let Some(key) = fields.get("id").or_else(|| fields.get("key")) {
                        found.insert(key.clone(), fields);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn plain(fields: &toml::Table) -> Citation {
    fields
        .iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect()
}

/// A rule id as the core's source names it.
#[derive(Debug)]
pub(crate) struct Constant {
    pub(crate) name: String,
    pub(crate) id: String,
    /// The line of documentation above it.
    pub(crate) doc: String,
    pub(crate) file: PathBuf,
}

/// Every `const X: &str = "ABC-001"` of the core.
pub(crate) fn constants(root: &Path) -> Result<Vec<Constant>, String> {
    let mut found = Vec::new();
    for file in files(&root.join(CORE), ".rs") {
        let text = read(&file)?;
        let mut doc = String::new();
        for line in text.lines() {
            let line = line.trim();
            if let Some(said) = line.strip_prefix("/// ") {
                doc = said.to_owned();
                continue;
            }
            if let Some((_, rest)) = line.split_once("const ")
                && let Some((name, rest)) = rest.split_once(": &str = \"")
                && let Some((id, _)) = rest.split_once('"')
                && is_rule_id(id)
            {
                found.push(Constant {
                    name: name.to_owned(),
                    id: id.to_owned(),
                    doc: std::mem::take(&mut doc),
                    file: file.clone(),
                });
            }
            doc.clear();
        }
    }
    Ok(found)
}

/// `ABC-001`.
pub(crate) fn is_rule_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(letters, number)| {
        (2..=4).contains(&letters.len())
            && letters.bytes().all(|letter| letter.is_ascii_uppercase())
            && number.len() == 3
            && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// The ids of core's registries: `RULE_IDS` in rules/mod.rs, and `RULES` in each file of edit/; each a list of literals or of
/// paths of constants.
pub(crate) fn registry(root: &Path, constants: &[Constant]) -> Result<BTreeSet<String>, String> {
    let mut all = listed(&root.join(CORE).join("rules/mod.rs"), "RULE_IDS", constants)?;
    for file in files(&root.join(CORE).join("edit"), ".rs") {
        if read(&file)?.contains("RULES: &[&str] = &[") {
            all.extend(listed(&file, "RULES", constants)?);
        }
    }
    Ok(all)
}

fn listed(path: &Path, list: &str, constants: &[Constant]) -> Result<BTreeSet<String>, String> {
    let text = read(path)?;
    let body = text
        .split_once(&format!("{list}: &[&str] = &["))
        .and_then(|(_, rest)| rest.split_once("];"))
        .map(|(body, _)| body)
        .ok_or_else(|| format!("{}: no list `{list}`", path.display()))?;
    body.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(|entry| {
            if let Some(id) = entry.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                return Ok(id.to_owned());
            }
            let mut segments = entry.rsplit("::");
            let name = segments.next().unwrap_or_default();
            let module = segments.next().unwrap_or_default();
            let named: Vec<&Constant> = constants.iter().filter(|constant| constant.name == name).collect();
            let within = |constant: &&&Constant| {
                let bare = constant.file.with_extension("");
                if module.is_empty() {
                    constant.file == path
                } else {
                    bare.components().any(|part| part.as_os_str() == module)
                }
            };
            let ids: BTreeSet<&String> = match named.as_slice() {
                [one] => BTreeSet::from([&one.id]),
                many => many.iter().filter(within).map(|constant| &constant.id).collect(),
            };
            match ids.into_iter().collect::<Vec<_>>().as_slice() {
                [id] => Ok((*id).clone()),
                _ => Err(format!("{}: `{entry}` names no one rule id", path.display())),
            }
        })
        .collect()
}
