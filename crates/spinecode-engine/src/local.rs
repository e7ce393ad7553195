//! The engine in process: core rules over built-in facts, with the user's own over them where given.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use spinecode_core::answer::CodedCase;
use spinecode_core::case::Case;
use spinecode_core::date::{ServiceDate, Window};
use spinecode_core::edit;
use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::read::Claim;
use spinecode_core::edit::report::{EditReport, Layer, Severity, Verdict};
use spinecode_core::error::{InputError, Reason, Violation};
use spinecode_core::explain::{Asked, Eras, Explained, WHY_NOT_REASONS, WhatIf, WhyNot};
use spinecode_core::facts::{FactType, Facts, RuleRow};
use spinecode_core::input::PROCEDURE_KEYS;
use spinecode_core::name::nearest;
use spinecode_core::render::{Request, code_case};
use spinecode_core::tables::{BuiltIn, Layered, Tables, Unchecked};
use spinecode_core::{Code, Name, RawCase, drawing, lint, lookup, text};
use spinecode_release::{Load, Release};

use crate::{
    CitationInfo, Coverage, EditOptions, Engine, EngineInfo, Error, FactInfo, KindInfo, LintReport, Lookup,
    LookupOptions, Options, ProfileInfo, RuleInfo, RuleVersion,
};

/// Version of this engine, as answers name it.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Below this many cases a thread pool costs more than it gives.
const FEW: usize = 64;
/// Near codes told of one that is not written as a code.
const NEAR_CODES: usize = 3;

/// What an engine rests on beside the built-in facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Folder of the user's own facts and profiles, laid over the built-in ones.
    pub facts: Option<PathBuf>,
    /// A release of CMS's tables: they are asked first, the built-in rows where they cannot say.
    pub release: Option<PathBuf>,
    /// How the release is taken into memory.
    pub load: Load,
}

/// Core rules over the built-in facts.
pub struct LocalEngine {
    facts: Facts,
    release: Option<Release>,
}

impl LocalEngine {
    /// Opens the built-in facts.
    pub fn new() -> Result<Self, Error> {
        Self::open(&Sources::default())
    }

    /// Opens the built-in facts under a folder of the user's own facts and profiles.
    pub fn with_overlay(folder: &Path) -> Result<Self, Error> {
        Self::open(&Sources {
            facts: Some(folder.to_path_buf()),
            ..Sources::default()
        })
    }

    /// Opens the built-in facts under a release of CMS's tables.
    pub fn with_release(file: &Path, load: Load) -> Result<Self, Error> {
        Self::open(&Sources {
            release: Some(file.to_path_buf()),
            load,
            ..Sources::default()
        })
    }

    /// Opens the built-in facts and what lies over them.
    pub fn open(sources: &Sources) -> Result<Self, Error> {
        let facts = match &sources.facts {
            Some(folder) => spinecode_data::with_overlay(folder),
            None => spinecode_data::built_in(),
        };
        let release = sources.release.as_ref().map(|file| Release::open(file, sources.load));
        Ok(Self {
            facts: facts.map_err(|fault| Error::Knowledge(fault.to_string()))?,
            release: release
                .transpose()
                .map_err(|fault| Error::Knowledge(fault.to_string()))?,
        })
    }

    /// The same over an open release.
    pub fn and_release(self, release: Release) -> Self {
        Self {
            release: Some(release),
            ..self
        }
    }

    /// The release whose tables it asks.
    pub fn release(&self) -> Option<&Release> {
        self.release.as_ref()
    }

    /// Id of the release.
    fn release_id(&self) -> Option<&str> {
        self.release.as_ref().map(Release::id)
    }

    /// Answers by the tables: those of the release, then the built-in rows, then, where it is allowed, the release's nearest
    /// quarter.
    pub fn by_tables<T>(&self, nearest: bool, answer: impl FnOnce(&dyn Tables) -> T) -> Result<T, Error> {
        let built_in = BuiltIn(&self.facts);
        let Some(release) = &self.release else {
            return Ok(answer(&built_in));
        };
        let (loaded, near) = (release.loaded(), release.nearest());
        let answered = if nearest {
            answer(&Layered(&[&loaded, &built_in, &near]))
        } else {
            answer(&Layered(&[&loaded, &built_in]))
        };
        if release.is_damaged() {
            let what = "the release is damaged: `spinecode data info --verify` tells what it still holds";
            return Err(Error::Knowledge(what.to_owned()));
        }
        Ok(answered)
    }

    /// The facts it rests on.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What the checks of the facts find, with the conformance cases of a folder.
    pub fn lint_with_cases(&self, folder: &Path) -> Result<LintReport, Error> {
        let cases = spinecode_data::cases(folder).map_err(|fault| Error::Knowledge(fault.to_string()))?;
        Ok(lint::lint(self.everything(), Some(&cases)))
    }

    fn everything(&self) -> lookup::Asked<'_> {
        lookup::Asked {
            facts: &self.facts,
            on: None,
            as_of: None,
            engine: VERSION,
        }
    }

    /// Judges a raw case once, for coding it under several options.
    pub fn prepare(&self, case: &RawCase) -> Result<Case, Error> {
        Ok(Case::read(case, &self.facts)?)
    }

    /// Codes a judged case.
    pub fn code_prepared(&self, case: &Case, options: &Options) -> Result<CodedCase, Error> {
        let ready = self.ready(options)?;
        self.code_ready(case, options, ready)
    }

    /// Judges the options.
    fn ready(&self, options: &Options) -> Result<Ready, Error> {
        match (options.release.as_deref(), self.release_id()) {
            (None, _) => {}
            (Some(_), None) => {
                return Err(Error::Unsupported("no release is loaded; leave `release` out".into()));
            }
            (Some(asked), Some(id)) if !asked.is_empty() && id.starts_with(&asked.to_ascii_lowercase()) => {}
            (Some(_), Some(id)) => {
                return Err(Error::Knowledge(format!("another release is loaded: `{id}`")));
            }
        }
        let mut faults = Vec::new();
        let as_of = day("as_of", options.as_of.as_deref(), &mut faults);
        refuse(faults)?;
        Ok(Ready { as_of })
    }

    /// Judges what is asked of a code; all faults are told at once.
    fn asked_of_code(
        &self,
        code: Option<&str>,
        asked: &LookupOptions,
    ) -> Result<(Option<Code>, lookup::Asked<'_>), Error> {
        let mut faults = Vec::new();
        let read = code.and_then(|text| {
            let code = Code::parse(text);
            if code.is_none() {
                let mut known: Vec<&str> = self.facts.codes.keys().map(Code::as_str).collect();
                known.sort_unstable();
                let near = near_codes(text, &known);
                let expected = match near.as_slice() {
                    [] => "five letters or digits".to_owned(),
                    near => format!("five letters or digits, such as {}", near.join(", ")),
                };
                let violation = Violation::new("code", Reason::NotACode, expected);
                faults.push(violation.echo(text).suggest(near.first().copied()));
            }
            code
        });
        let on = day("on", asked.on.as_deref(), &mut faults);
        if let (Some(on), Some(first)) = (on, self.facts.coverage_from)
            && on < first
        {
            let violation = Violation::new("on", Reason::DateOutOfRange, format!("a date from {first} on"));
            faults.push(violation.echo(&on.to_string()));
        }
        let as_of = day("as_of", asked.as_of.as_deref(), &mut faults);
        refuse(faults)?;
        let asked = lookup::Asked {
            facts: &self.facts,
            on,
            as_of,
            engine: VERSION,
        };
        Ok((read, asked))
    }

    /// Judges options and case; faults of both are told together.
    fn judged(&self, case: &RawCase, options: &Options) -> Result<(Ready, Case), Error> {
        match (self.ready(options), self.prepare(case)) {
            (Ok(ready), Ok(case)) => Ok((ready, case)),
            (Err(Error::Input(mut one)), Err(Error::Input(two))) => {
                one.violations.extend(two.violations);
                Err(Error::Input(one))
            }
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
        }
    }

    fn code_ready(&self, case: &Case, options: &Options, ready: Ready) -> Result<CodedCase, Error> {
        let (profile, unmapped) = self.facts.profile(options.payer.as_deref().or(case.payer.as_deref()));
        self.by_tables(false, |tables| {
            code_case(Request {
                facts: &self.facts,
                tables,
                release: self.release_id(),
                case,
                profile,
                unmapped,
                as_of: ready.as_of,
                engine: VERSION,
                trace: options.trace,
            })
        })
    }

    /// Answers a question about an answer.
    fn asked<T>(
        &self,
        case: &RawCase,
        options: &Options,
        ask: impl FnOnce(Asked<'_>) -> Result<T, InputError>,
    ) -> Result<T, Error> {
        let ready = self.ready(options)?;
        let answer = self.by_tables(false, |tables| {
            ask(Asked {
                facts: &self.facts,
                tables,
                release: self.release_id(),
                case,
                payer: options.payer.as_deref(),
                as_of: ready.as_of,
                engine: VERSION,
                profile_of: &|payer| self.facts.profile(payer),
            })
        })?;
        Ok(answer?)
    }

    fn version(&self, row: &RuleRow) -> RuleVersion {
        RuleVersion {
            version: row.version,
            from: row.row.window.from.map(|day| day.to_string()),
            last_day: last_day(&row.row.window),
            what: row.what.clone(),
            confidence: Name::Borrowed(row.row.confidence.as_str()),
            citations: row
                .row
                .citations
                .iter()
                .map(|id| CitationInfo::of(&self.facts, id))
                .collect(),
        }
    }
}

#[derive(Clone, Copy)]
struct Ready {
    as_of: Option<ServiceDate>,
}

/// Reads a date of the options.
fn day(path: &str, text: Option<&str>, faults: &mut Vec<Violation>) -> Option<ServiceDate> {
    let text = text?;
    let day = ServiceDate::parse(text);
    if day.is_none() {
        faults.push(Violation::new(path, Reason::NotIsoDate, "a date, YYYY-MM-DD").echo(text));
    }
    day
}

fn refuse(violations: Vec<Violation>) -> Result<(), Error> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::Input(InputError { violations }))
    }
}

/// Codes that begin with the text, then those written much like it, the nearest first.
fn near_codes<'a>(text: &str, known: &[&'a str]) -> Vec<&'a str> {
    let text = text.to_uppercase();
    let (begun, mut rest): (Vec<&str>, Vec<&str>) = known
        .iter()
        .copied()
        .partition(|code| !text.is_empty() && code.starts_with(&text));
    let mut near: Vec<&str> = begun.into_iter().take(NEAR_CODES).collect();
    while near.len() < NEAR_CODES {
        let Some(one) = nearest(&text, rest.iter().copied()) else {
            break;
        };
        rest.retain(|code| *code != one);
        near.push(one);
    }
    near
}

fn last_day(window: &Window) -> Option<String> {
    window
        .until
        .and_then(|until| until.0.yesterday().ok())
        .map(|day| day.to_string())
}

impl Engine for LocalEngine {
    fn code(&self, case: &RawCase, options: &Options) -> Result<CodedCase, Error> {
        let (ready, case) = self.judged(case, options)?;
        self.code_ready(&case, options, ready)
    }

    fn draw(&self, case: &RawCase, options: &Options) -> Result<String, Error> {
        let (ready, case) = self.judged(case, options)?;
        let coded = self.code_ready(&case, options, ready)?;
        Ok(drawing::svg(&self.facts, &case, &coded))
    }

    fn code_many(&self, cases: &[RawCase], options: &Options) -> Vec<Result<CodedCase, Error>> {
        if cases.len() < FEW {
            return cases.iter().map(|case| self.code(case, options)).collect();
        }
        cases.par_iter().map(|case| self.code(case, options)).collect()
    }

    fn edit(&self, claims: &[RawClaim], options: &EditOptions) -> Vec<Result<EditReport, Error>> {
        let asked = Options {
            release: options.release.clone(),
            as_of: options.as_of.clone(),
            ..Options::default()
        };
        let ready = match self.ready(&asked) {
            Ok(ready) => ready,
            Err(fault) => return claims.iter().map(|_| Err(fault.clone())).collect(),
        };
        let read: Vec<Result<Claim, Error>> = claims
            .iter()
            .map(|claim| Ok(Claim::read(claim, &self.facts)?))
            .collect();
        let good: Vec<Claim> = read.iter().filter_map(|claim| claim.as_ref().ok().cloned()).collect();
        let reports = self.by_tables(options.nearest_quarter, |tables| {
            let request = edit::Request {
                facts: &self.facts,
                tables,
                release: self.release_id(),
                payer: options.payer.as_deref(),
                as_of: ready.as_of,
                engine: VERSION,
                alone: options.alone,
                repair: options.repair,
            };
            edit::edit(request, &good)
        });
        let mut reports = match reports {
            Ok(reports) => reports.into_iter(),
            Err(fault) => return claims.iter().map(|_| Err(fault.clone())).collect(),
        };
        read.into_iter()
            .filter_map(|claim| match claim {
                Ok(_) => reports.next().map(Ok),
                Err(fault) => Some(Err(fault)),
            })
            .collect()
    }

    fn lookup(&self, code: &str, asked: &LookupOptions) -> Result<Lookup, Error> {
        match self.asked_of_code(Some(code.trim()), asked)? {
            (Some(code), asked) => Ok(lookup::lookup(asked, code)),
            // INVARIANT: a code that could not be read was refused above.
            (None, _) => Err(crate::input_error("code", Reason::NotACode, "five letters or digits")),
        }
    }

    fn coverage(&self, code: Option<&str>, asked: &LookupOptions) -> Result<Coverage, Error> {
        let (code, asked) = self.asked_of_code(code.map(str::trim), asked)?;
        Ok(lookup::coverage(asked, code))
    }

    fn lint(&self) -> Result<LintReport, Error> {
        Ok(lint::lint(self.everything(), None))
    }

    fn explain(&self, case: &RawCase, options: &Options) -> Result<Explained, Error> {
        self.asked(case, options, |asked| asked.explain())
    }

    fn why_not(&self, case: &RawCase, code: &str, options: &Options) -> Result<WhyNot, Error> {
        self.asked(case, options, |asked| asked.why_not(code))
    }

    fn what_if(&self, case: &RawCase, changes: &[String], options: &Options) -> Result<WhatIf, Error> {
        self.asked(case, options, |asked| asked.what_if(changes))
    }

    fn eras(&self, case: &RawCase, options: &Options) -> Result<Eras, Error> {
        self.asked(case, options, |asked| asked.eras())
    }

    fn rule(&self, id: &str) -> Result<RuleInfo, Error> {
        let versions = self
            .facts
            .rules
            .get(id)
            .or_else(|| self.facts.rules.get(id.to_uppercase().as_str()));
        let Some(first) = versions.and_then(|versions| versions.first()) else {
            let ids = self.facts.rules.keys().map(Name::as_ref);
            let violation = Violation::new("rule", Reason::UnknownRule, "a rule id, such as those `info` lists")
                .echo(id)
                .suggest(nearest(id, ids));
            return Err(Error::Input(InputError::one(violation)));
        };
        Ok(RuleInfo {
            id: first.id.clone(),
            name: first.name.clone(),
            family: first.family.clone(),
            layer: first.layer.clone(),
            versions: versions.into_iter().flatten().map(|row| self.version(row)).collect(),
        })
    }

    fn info(&self) -> Result<EngineInfo, Error> {
        let facts = &self.facts;
        let names = |list: &[&'static str]| list.iter().map(|name| Name::Borrowed(*name)).collect::<Vec<_>>();
        let kinds = facts.kinds.iter().map(|kind| KindInfo {
            kind: kind.kind.clone(),
            label: kind.label.clone(),
            family: kind.family.clone(),
            sites: kind.sites.clone(),
            facts: facts
                .facts_of(&kind.kind)
                .filter(|row| !PROCEDURE_KEYS.contains(&row.fact.as_ref()))
                .map(|row| FactInfo {
                    fact: row.fact.clone(),
                    value_type: Name::Borrowed(match row.value_type {
                        FactType::Word => "word",
                        FactType::Words => "words",
                        FactType::Flag => "flag",
                        FactType::Number => "number",
                    }),
                    values: if row.value_type == FactType::Number {
                        Vec::new()
                    } else {
                        row.values.clone()
                    },
                    question: row.question.clone(),
                })
                .collect(),
        });
        let mut layers: Vec<Name> = facts
            .profiles
            .values()
            .flat_map(|profile| profile.layers.iter().cloned())
            .collect();
        layers.sort();
        layers.dedup();
        Ok(EngineInfo {
            engine: Name::Borrowed(VERSION),
            facts: facts.hash.clone(),
            release: self.release_id().map(|id| Name::Owned(id.to_owned())),
            overlay: facts.overlay.clone(),
            coverage_from: facts.coverage_from.map(|day| day.to_string()).unwrap_or_default(),
            profiles: facts
                .profiles
                .values()
                .map(|profile| ProfileInfo {
                    name: profile.name.clone(),
                    hash: profile.hash.clone(),
                    label: profile.label.clone(),
                    layers: profile.layers.clone(),
                })
                .collect(),
            kinds: kinds.collect(),
            rules: facts.rules.keys().cloned().collect(),
            layers,
            violation_reasons: Reason::ALL
                .iter()
                .map(|reason| Name::Borrowed(reason.as_str()))
                .collect(),
            notice_reasons: names(text::NOTICE_REASONS),
            exclusion_reasons: names(text::EXCLUSION_REASONS),
            why_not_reasons: names(WHY_NOT_REASONS),
            edit_layers: Layer::ALL.iter().map(|layer| Name::Borrowed(layer.as_str())).collect(),
            verdicts: Verdict::ALL.iter().map(|word| Name::Borrowed(word.as_str())).collect(),
            severities: Severity::ALL.iter().map(|word| Name::Borrowed(word.as_str())).collect(),
            unchecked_reasons: Unchecked::ALL.iter().map(|why| Name::Borrowed(why.as_str())).collect(),
            finding_rules: edit::rule_ids().map(Name::Borrowed).collect(),
        })
    }
}
