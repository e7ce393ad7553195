//! Claims as written, both ways without loss.

use spinecode_core::edit::claim::{RawClaim, RawLine};

use crate::date::{iso_text, wire_date_of_text};
use crate::v1;

impl From<&RawClaim> for v1::Claim {
    fn from(claim: &RawClaim) -> Self {
        let received_date = claim.received_date.as_deref().and_then(wire_date_of_text);
        let lines = |lines: &[RawLine]| lines.iter().map(Into::into).collect();
        Self {
            claim_id: claim.claim_id.clone(),
            person_id: claim.person_id.clone(),
            payer: claim.payer.clone(),
            plan: claim.plan.clone(),
            state: claim.state.clone(),
            claim_type: claim.claim_type.clone(),
            bill_type_code: claim.bill_type_code.clone(),
            place_of_service: claim.place_of_service.clone(),
            rendering_npi: claim.rendering_npi.clone(),
            billing_npi: claim.billing_npi.clone(),
            group_id: claim.group_id.clone(),
            specialty: claim.specialty.clone(),
            frequency_code: claim.frequency_code.clone(),
            received_date,
            received_date_text: claim.received_date.clone().filter(|_| received_date.is_none()),
            patient_age: claim.patient_age.clone(),
            diagnoses: claim.diagnoses.clone(),
            lines: lines(&claim.lines),
            history: claim
                .history
                .as_deref()
                .map(|history| v1::ClaimHistory { lines: lines(history) }),
            case: claim.case.as_ref().map(Into::into),
            misread: claim.misread.iter().map(Into::into).collect(),
        }
    }
}

impl From<&RawLine> for v1::ClaimLine {
    fn from(line: &RawLine) -> Self {
        let service_date = wire_date_of_text(&line.date_of_service);
        Self {
            line_number: line.line_number.clone(),
            code: line.code.clone(),
            modifiers: line.modifiers.clone(),
            units: line.units.clone(),
            service_date,
            service_date_text: match service_date {
                Some(_) => String::new(),
                None => line.date_of_service.clone(),
            },
            place_of_service: line.place_of_service.clone(),
            diagnosis_pointers: line.diagnosis_pointers.clone(),
            charge: line.charge.clone(),
            status: line.status.clone(),
        }
    }
}

impl From<v1::Claim> for RawClaim {
    fn from(wire: v1::Claim) -> Self {
        let lines = |lines: Vec<v1::ClaimLine>| lines.into_iter().map(Into::into).collect();
        Self {
            claim_id: wire.claim_id,
            person_id: wire.person_id,
            payer: wire.payer,
            plan: wire.plan,
            state: wire.state,
            claim_type: wire.claim_type,
            bill_type_code: wire.bill_type_code,
            place_of_service: wire.place_of_service,
            rendering_npi: wire.rendering_npi,
            billing_npi: wire.billing_npi,
            group_id: wire.group_id,
            specialty: wire.specialty,
            frequency_code: wire.frequency_code,
            received_date: wire.received_date.as_ref().map(iso_text).or(wire.received_date_text),
            patient_age: wire.patient_age,
            diagnoses: wire.diagnoses,
            lines: lines(wire.lines),
            history: wire.history.map(|history| lines(history.lines)),
            case: wire.case.map(Into::into),
            misread: wire.misread.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<v1::ClaimLine> for RawLine {
    fn from(wire: v1::ClaimLine) -> Self {
        Self {
            line_number: wire.line_number,
            code: wire.code,
            modifiers: wire.modifiers,
            units: wire.units,
            date_of_service: wire.service_date.as_ref().map_or(wire.service_date_text, iso_text),
            place_of_service: wire.place_of_service,
            diagnosis_pointers: wire.diagnosis_pointers,
            charge: wire.charge,
            status: wire.status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_history_is_not_an_empty_one() {
        let read = |history| {
            RawClaim::from(v1::Claim {
                history,
                ..Default::default()
            })
            .history
        };
        assert_eq!(read(None), None);
        assert_eq!(read(Some(v1::ClaimHistory::default())), Some(Vec::new()));
    }
}
