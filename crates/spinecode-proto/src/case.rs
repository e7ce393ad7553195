//! Cases as written, both ways without loss.

use spinecode_core::anatomy::Side;
use spinecode_core::error::ECHO;
use spinecode_core::{RawCase, RawProcedure, RawSite, RawValue, Reason, Violation};

use crate::date::{iso_text, wire_date_of_text};
use crate::v1;

impl From<Side> for v1::Side {
    fn from(side: Side) -> Self {
        match side {
            Side::Left => Self::Left,
            Side::Right => Self::Right,
            Side::Bilateral => Self::Bilateral,
            Side::Midline => Self::Midline,
        }
    }
}

/// The side that a wire value says; `None` when it says none.
pub(crate) fn side(wire: v1::Side) -> Option<Side> {
    match wire {
        v1::Side::Unspecified => None,
        v1::Side::Left => Some(Side::Left),
        v1::Side::Right => Some(Side::Right),
        v1::Side::Bilateral => Some(Side::Bilateral),
        v1::Side::Midline => Some(Side::Midline),
    }
}

/// A written side: the enum when it is a published word, else the text.
fn write_side(written: Option<&String>) -> (i32, Option<String>) {
    match written.map(|text| (text, Side::parse(text))) {
        None => (v1::Side::Unspecified.into(), None),
        Some((_, Some(side))) => (v1::Side::from(side).into(), None),
        Some((text, None)) => (v1::Side::Unspecified.into(), Some(text.clone())),
    }
}

fn read_side(number: i32, text: Option<String>) -> Option<String> {
    match v1::Side::try_from(number) {
        Ok(wire) => side(wire).map(|side| side.as_str().to_owned()).or(text),
        // A side of a newer peer must not read as "not said": this text is no side, and the core says so at its path.
        Err(_) => Some(format!("side {number}")),
    }
}

impl From<&RawCase> for v1::Case {
    fn from(case: &RawCase) -> Self {
        let service_date = wire_date_of_text(&case.date_of_service);
        Self {
            case_id: case.case_id.clone(),
            service_date,
            service_date_text: match service_date {
                Some(_) => String::new(),
                None => case.date_of_service.clone(),
            },
            place_of_service: case.place_of_service.clone(),
            setting: case.setting.clone(),
            payer: case.payer.clone(),
            state: case.state.clone(),
            diagnoses: case.diagnoses.clone(),
            procedures: case.procedures.iter().map(Into::into).collect(),
            misread: case.misread.iter().map(Into::into).collect(),
        }
    }
}

impl From<&RawProcedure> for v1::Procedure {
    fn from(procedure: &RawProcedure) -> Self {
        let (side, side_text) = write_side(procedure.side.as_ref());
        Self {
            id: procedure.id.clone(),
            kind: procedure.kind.clone(),
            sites: procedure.sites.iter().map(Into::into).collect(),
            levels: procedure.levels.clone(),
            nerves: procedure.nerves.clone(),
            side,
            side_text,
            performed_by: procedure.performed_by.clone(),
            encounter: procedure.encounter.clone(),
            distinct_from: procedure.distinct_from.clone(),
            facts: procedure
                .facts
                .iter()
                .map(|(fact, value)| (fact.clone(), value.into()))
                .collect(),
        }
    }
}

impl From<&RawSite> for v1::Site {
    fn from(site: &RawSite) -> Self {
        let (side, side_text) = write_side(site.side.as_ref());
        Self {
            place_type: site.place_type.clone(),
            place: site.place.clone(),
            side,
            side_text,
        }
    }
}

impl From<&RawValue> for v1::FactValue {
    fn from(value: &RawValue) -> Self {
        use v1::fact_value::Value;
        let value = match value {
            RawValue::Word(word) => Value::Word(word.clone()),
            RawValue::Flag(flag) => Value::Flag(*flag),
            RawValue::Number(number) => Value::Number(*number),
            RawValue::Words(words) => Value::Words(v1::Words { words: words.clone() }),
        };
        Self { value: Some(value) }
    }
}

impl From<v1::Case> for RawCase {
    fn from(wire: v1::Case) -> Self {
        let mut misread: Vec<Violation> = wire.misread.into_iter().map(Into::into).collect();
        let procedures = wire.procedures.into_iter().enumerate();
        Self {
            case_id: wire.case_id,
            date_of_service: wire.service_date.as_ref().map_or(wire.service_date_text, iso_text),
            place_of_service: wire.place_of_service,
            setting: wire.setting,
            payer: wire.payer,
            state: wire.state,
            diagnoses: wire.diagnoses,
            procedures: procedures
                .map(|(at, procedure)| read_procedure(at, procedure, &mut misread))
                .collect(),
            misread,
        }
    }
}

fn read_procedure(at: usize, wire: v1::Procedure, misread: &mut Vec<Violation>) -> RawProcedure {
    let mut facts = Vec::with_capacity(wire.facts.len());
    for (fact, value) in wire.facts {
        match read_value(value) {
            Some(value) => facts.push((fact, value)),
            None => {
                let name: String = fact.chars().take(ECHO).collect();
                misread.push(Violation::new(
                    format!("procedures[{at}].{name}"),
                    Reason::WrongType,
                    "a word, true or false, a whole number, or a list of words",
                ));
            }
        }
    }
    RawProcedure {
        id: wire.id,
        kind: wire.kind,
        sites: wire.sites.into_iter().map(Into::into).collect(),
        levels: wire.levels,
        nerves: wire.nerves,
        side: read_side(wire.side, wire.side_text),
        performed_by: wire.performed_by,
        encounter: wire.encounter,
        distinct_from: wire.distinct_from,
        facts,
    }
}

/// `None` for a value with none set, as an older reader sees a kind of value that it does not know.
fn read_value(wire: v1::FactValue) -> Option<RawValue> {
    use v1::fact_value::Value;
    Some(match wire.value? {
        Value::Word(word) => RawValue::Word(word),
        Value::Flag(flag) => RawValue::Flag(flag),
        Value::Number(number) => RawValue::Number(number),
        Value::Words(words) => RawValue::Words(words.words),
    })
}

impl From<v1::Site> for RawSite {
    fn from(wire: v1::Site) -> Self {
        Self {
            place_type: wire.place_type,
            place: wire.place,
            side: read_side(wire.side, wire.side_text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_of_a_newer_peer_is_no_side_but_is_said() {
        let read = RawSite::from(v1::Site {
            side: 77,
            ..Default::default()
        });
        assert_eq!(read.side.as_deref(), Some("side 77"));
    }

    #[test]
    fn a_fact_without_a_value_is_a_violation_at_its_path() {
        let procedure = v1::Procedure {
            facts: [("guidance".to_owned(), v1::FactValue { value: None })].into(),
            ..Default::default()
        };
        let read = RawCase::from(v1::Case {
            procedures: vec![v1::Procedure::default(), procedure],
            ..Default::default()
        });
        let [fault] = read.misread.as_slice() else {
            panic!("one violation: {:?}", read.misread);
        };
        assert_eq!(
            (fault.path.as_str(), fault.reason),
            ("procedures[1].guidance", Reason::WrongType)
        );
        assert!(read.procedures[1].facts.is_empty());
    }

    #[test]
    fn the_date_goes_before_its_text() {
        let mut wire = v1::Case {
            service_date_text: "yesterday".into(),
            ..Default::default()
        };
        assert_eq!(RawCase::from(wire.clone()).date_of_service, "yesterday");
        wire.service_date = wire_date_of_text("2024-03-05");
        assert_eq!(RawCase::from(wire).date_of_service, "2024-03-05");
    }
}
