//! Changes of a case, written `FACT=VALUE`.

use crate::error::{Reason, Violation};
use crate::explain::Change;
use crate::facts::{FactType, Facts};
use crate::input::{PROCEDURE_KEYS, RawCase, RawProcedure, RawSite, RawValue};
use crate::name::nearest;

/// The value that takes a fact away.
const UNKNOWN: &str = "unknown";
/// Facts of the case itself.
const OF_THE_CASE: [&str; 5] = ["date_of_service", "payer", "place_of_service", "setting", "state"];

/// A case with changes, and the payer named beside it.
#[derive(Clone)]
pub(super) struct Edited {
    pub(super) case: RawCase,
    pub(super) payer: Option<String>,
}

impl Edited {
    /// Applies one change.
    pub(super) fn apply(&mut self, facts: &Facts, text: &str) -> Result<Change, Violation> {
        let Some((path, value)) = text.split_once('=') else {
            return Err(Violation::new(
                "change",
                Reason::MissingField,
                "FACT=VALUE, such as guidance=ct or procedures.0.guidance=ct",
            ));
        };
        self.set(facts, path.trim(), value.trim())
    }

    /// Sets a fact; `unknown` and nothing take it away.
    pub(super) fn set(&mut self, facts: &Facts, path: &str, value: &str) -> Result<Change, Violation> {
        let value = if value == UNKNOWN { "" } else { value };
        let given = (!value.is_empty()).then(|| value.to_owned());
        let plain = path.replace('[', ".").replace(']', "");
        let parts: Vec<&str> = plain.split('.').collect();
        let done = |path: String| Change {
            path,
            value: value.to_owned(),
        };
        match parts.as_slice() {
            ["date_of_service"] => self.case.date_of_service = value.to_owned(),
            ["payer"] => {
                // The payer asked about goes before whatever was named beside the case.
                self.payer = None;
                self.case.payer = given;
            }
            ["place_of_service"] => self.case.place_of_service = given,
            ["setting"] => self.case.setting = given,
            ["state"] => self.case.state = given,
            ["procedures", which, rest @ ..] if !rest.is_empty() => {
                let at = self.position(which)?;
                self.set_in(facts, at, rest, value)?;
                return Ok(done(format!("procedures[{at}].{}", rest.join("."))));
            }
            [fact, rest @ ..] => {
                let at = self.only(facts, fact)?;
                let whole: Vec<&str> = std::iter::once(*fact).chain(rest.iter().copied()).collect();
                self.set_in(facts, at, &whole, value)?;
                return Ok(done(format!("procedures[{at}].{}", whole.join("."))));
            }
            [] => {}
        }
        Ok(done(plain))
    }

    fn position(&self, which: &str) -> Result<usize, Violation> {
        let by_id = self
            .case
            .procedures
            .iter()
            .position(|procedure| procedure.id.as_deref() == Some(which));
        by_id
            .or_else(|| which.parse().ok())
            .filter(|at| *at < self.case.procedures.len())
            .ok_or_else(|| {
                let expected = "the id or position of a procedure of the case";
                Violation::new("procedures", Reason::UnknownReference, expected)
            })
    }

    /// The one procedure that a bare fact can be about.
    fn only(&self, facts: &Facts, fact: &str) -> Result<usize, Violation> {
        let allows = |procedure: &RawProcedure| {
            PROCEDURE_KEYS.contains(&fact)
                || facts
                    .kind(&procedure.kind)
                    .is_some_and(|kind| facts.fact(&kind.kind, fact).is_some())
        };
        let procedures = &self.case.procedures;
        let mut able = (0..procedures.len()).filter(|at| procedures.get(*at).is_some_and(allows));
        match (able.next(), able.next()) {
            (Some(at), None) => Ok(at),
            (Some(one), Some(other)) => Err(Violation::new(
                fact,
                Reason::MissingField,
                format!("which procedure: procedures.{one}.{fact} or procedures.{other}.{fact}"),
            )),
            (None, _) => {
                let of_kinds = procedures
                    .iter()
                    .filter_map(|procedure| facts.kind(&procedure.kind))
                    .flat_map(|kind| facts.facts_of(&kind.kind))
                    .map(|row| row.fact.as_ref());
                let known = of_kinds.chain(OF_THE_CASE).chain(PROCEDURE_KEYS);
                Err(Violation::new(
                    fact.chars().take(crate::error::ECHO).collect::<String>(),
                    Reason::UnknownFact,
                    "a fact of the case or of its procedures",
                )
                .suggest(nearest(fact, known)))
            }
        }
    }

    fn set_in(&mut self, facts: &Facts, at: usize, path: &[&str], value: &str) -> Result<(), Violation> {
        let Some(procedure) = self.case.procedures.get_mut(at) else {
            return Ok(());
        };
        let given = (!value.is_empty()).then(|| value.to_owned());
        let list = || -> Vec<String> {
            value
                .split([',', ' '])
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        match path {
            ["kind"] => procedure.kind = value.to_owned(),
            ["id"] => procedure.id = given,
            ["performed_by"] => procedure.performed_by = given,
            ["encounter"] => procedure.encounter = given,
            ["distinct_from"] => procedure.distinct_from = list(),
            ["side"] => {
                procedure.side = given;
                for site in &mut procedure.sites {
                    site.side = None;
                }
            }
            ["levels"] => {
                places_anew(procedure);
                procedure.levels = list();
            }
            ["nerves"] => {
                places_anew(procedure);
                procedure.nerves = list();
            }
            ["sites", index, key] => {
                let site = index
                    .parse()
                    .ok()
                    .and_then(|index: usize| procedure.sites.get_mut(index));
                let Some(site) = site else {
                    return Err(Violation::new(
                        format!("procedures[{at}].sites"),
                        Reason::UnknownReference,
                        "the position of a site of the procedure",
                    ));
                };
                set_site(site, key, given);
            }
            [fact] => {
                procedure.facts.retain(|(name, _)| name != fact);
                if given.is_some() {
                    let kind = facts
                        .kind(&procedure.kind)
                        .map_or(procedure.kind.as_str(), |kind| &kind.kind);
                    let of_type = facts.fact(kind, fact).map(|row| row.value_type);
                    let value = match (of_type, value) {
                        (Some(FactType::Flag), "true" | "yes") => RawValue::Flag(true),
                        (Some(FactType::Flag), "false" | "no") => RawValue::Flag(false),
                        (Some(FactType::Number), number) => match number.parse() {
                            Ok(number) => RawValue::Number(number),
                            Err(_) => RawValue::Word(number.to_owned()),
                        },
                        (Some(FactType::Words), "none") => RawValue::Words(Vec::new()),
                        (Some(FactType::Words), _) => RawValue::Words(list()),
                        _ => RawValue::Word(value.to_owned()),
                    };
                    procedure.facts.push(((*fact).to_owned(), value));
                }
            }
            _ => {
                return Err(Violation::new(
                    format!("procedures[{at}]"),
                    Reason::UnknownKey,
                    "a fact of the procedure, such as guidance, side, levels or sites.0.side",
                ));
            }
        }
        Ok(())
    }
}

/// Takes all places away; a side that all of them shared stays the procedure's.
fn places_anew(procedure: &mut RawProcedure) {
    let shared = procedure
        .sites
        .first()
        .and_then(|first| first.side.clone())
        .filter(|side| procedure.sites.iter().all(|site| site.side.as_ref() == Some(side)));
    procedure.side = procedure.side.take().or(shared);
    procedure.sites.clear();
    procedure.levels.clear();
    procedure.nerves.clear();
}

fn set_site(site: &mut RawSite, key: &str, given: Option<String>) {
    if key == "side" {
        site.side = given;
    } else {
        site.place_type = key.to_owned();
        site.place = given.unwrap_or_default();
    }
}
