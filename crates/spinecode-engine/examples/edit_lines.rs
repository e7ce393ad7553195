//! Edits claims told as lines of a table and writes what the three NCCI layers say, as tables again: the engine's side of
//! `tests/cms/oracle.py`.
//!
//! usage: `edit_lines LINES OUT [RELEASE]`; LINES is tab-separated, its columns those of [`COLUMNS`], lines of a person together.

#![allow(clippy::expect_used, reason = "a tool for tests that cannot go on says so")]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use spinecode_core::edit::claim::{RawClaim, RawLine};
use spinecode_core::edit::report::Layer;
use spinecode_engine::{EditOptions, Engine as _, LocalEngine, Sources};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Columns of the claims' table.
const COLUMNS: &str = "claim_id person_id payer claim_type bill_type_code place_of_service rendering_npi billing_npi group_id \
    specialty frequency_code line_number code modifiers units date_of_service status";
/// Claims edited at once, whole persons.
const AT_ONCE: usize = 2000;
const LAYERS: [Layer; 3] = [Layer::Ptp, Layer::Mue, Layer::AddOnTable];

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let lines = arguments.next().expect("a file of lines");
    let out = arguments.next().expect("a folder for the answers");
    let engine = LocalEngine::open(&Sources {
        release: arguments.next(),
        ..Sources::default()
    })
    .expect("an engine");
    let mut tables = Out {
        verdicts: table(
            &out.join("verdicts.tsv"),
            "claim_id\tline_number\tlayer\tverdict\tunchecked",
        ),
        findings: table(
            &out.join("findings.tsv"),
            "claim_id\trule\tverdict\tlines\tmodifier\tcode\tother\tunits\tlimit\tmai",
        ),
    };
    let text = std::fs::read_to_string(&lines).expect("a readable file");
    let mut rows = text.lines();
    let header = rows.next().expect("a header");
    assert_eq!(
        header.replace('\t', " "),
        COLUMNS.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    let mut claims: Vec<RawClaim> = Vec::new();
    for row in rows {
        let mut cells = row.split('\t').map(|cell| (!cell.is_empty()).then(|| cell.to_owned()));
        let mut cell = || cells.next().flatten();
        let mut claim = RawClaim {
            claim_id: cell(),
            person_id: cell(),
            payer: cell(),
            claim_type: cell(),
            bill_type_code: cell(),
            place_of_service: cell(),
            rendering_npi: cell(),
            billing_npi: cell(),
            group_id: cell(),
            specialty: cell(),
            frequency_code: cell(),
            ..RawClaim::default()
        };
        let line = RawLine {
            line_number: cell(),
            code: cell().unwrap_or_default(),
            modifiers: cell()
                .unwrap_or_default()
                .split(' ')
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
            units: cell(),
            date_of_service: cell().unwrap_or_default(),
            status: cell(),
            ..RawLine::default()
        };
        match claims.last_mut().filter(|last| last.claim_id == claim.claim_id) {
            Some(last) => last.lines.push(line),
            None => {
                let same = claims
                    .last()
                    .is_some_and(|last| last.person_id == claim.person_id && claim.person_id.is_some());
                if claims.len() >= AT_ONCE && !same {
                    tables.edit(&engine, &claims);
                    claims.clear();
                }
                claim.lines.push(line);
                claims.push(claim);
            }
        }
    }
    tables.edit(&engine, &claims);
}

fn table(path: &Path, header: &str) -> BufWriter<File> {
    let mut file = BufWriter::new(File::create(path).expect("a file for the answers"));
    writeln!(file, "{header}").expect("a written header");
    file
}

struct Out {
    verdicts: BufWriter<File>,
    findings: BufWriter<File>,
}

impl Out {
    fn edit(&mut self, engine: &LocalEngine, claims: &[RawClaim]) {
        for report in engine.edit(claims, &EditOptions::default()) {
            let report = report.expect("a report");
            let claim = report.claim_id.as_deref().unwrap_or_default();
            for line in &report.lines {
                for layer in LAYERS {
                    let said = line.of(layer);
                    let why = said.unchecked.map_or("", |why| why.as_str());
                    let row = [claim, &line.line, layer.as_str(), said.verdict.as_str(), why].join("\t");
                    writeln!(self.verdicts, "{row}").expect("a written verdict");
                }
            }
            for finding in report.findings.iter().filter(|finding| LAYERS.contains(&finding.layer)) {
                let lines: Vec<String> = finding
                    .lines
                    .iter()
                    .map(|line| format!("{}:{}", line.claim_id.as_deref().unwrap_or(claim), line.line))
                    .collect();
                let modifier = finding
                    .modifier
                    .map(|modifier| modifier.to_string())
                    .unwrap_or_default();
                let arg = |name: &str| finding.args.get(name).map_or("", |value| value.as_ref());
                let row = [
                    claim,
                    &finding.rule,
                    finding.verdict.as_str(),
                    &lines.join(" "),
                    &modifier,
                    arg("code"),
                    arg("other"),
                    arg("units"),
                    arg("limit"),
                    arg("mai"),
                ]
                .join("\t");
                writeln!(self.findings, "{row}").expect("a written finding");
            }
        }
    }
}
