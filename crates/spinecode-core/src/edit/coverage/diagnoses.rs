//! Whether a diagnosis of the line is on the policy's list.

use super::services::Service;
use super::{Broken, DIAGNOSIS, Judge};
use crate::edit::desk::{Desk, Found};
use crate::edit::read::Claim;
use crate::edit::report::{Layer, Verdict};
use crate::facts::Row;
use crate::facts::coverage::{DiagnosisList, DiagnosisRow, PolicyRow};
use crate::name::Name;
use crate::tables::Unchecked;

/// What one list says of a line.
enum Said {
    /// It does not speak of the code, or a diagnosis supports it.
    Well,
    /// It cannot say.
    Unknown(Unchecked),
    /// Nothing supports it.
    Unsupported,
}

impl<'d> Judge<'d, '_> {
    pub(super) fn diagnoses(&self, claim: &Claim, desk: &mut Desk<'_>) {
        for service in self.services.own().filter(|one| one.topics & self.bit != 0) {
            let Some(at) = service.at else { continue };
            let mut unsupported = 0;
            let mut rows: Vec<&Row> = Vec::new();
            for policy in self.policies() {
                match self.list(policy, service, claim) {
                    Said::Well => {}
                    Said::Unknown(why) => desk.not_checked(at, Layer::Coverage, why),
                    Said::Unsupported => {
                        unsupported |= policy.mask & self.mask;
                        rows.push(&policy.row);
                    }
                }
            }
            if unsupported == 0 {
                continue;
            }
            let broken = Broken {
                lines: vec![at],
                change: 1,
                args: vec![
                    ("limit_name", Name::Borrowed("diagnosis")),
                    ("code", Name::Owned(service.code.to_string())),
                ],
            };
            let found = Found {
                rows,
                ..Found::default()
            };
            self.find(DIAGNOSIS, Verdict::Fail, unsupported, broken, found, desk);
        }
    }

    fn list(&self, policy: &PolicyRow, service: &Service<'_>, claim: &Claim) -> Said {
        let whole = match policy.diagnoses {
            DiagnosisList::Narrative => return Said::Well,
            DiagnosisList::Unread => return Said::Unknown(Unchecked::NoTable),
            DiagnosisList::Partial => false,
            DiagnosisList::Closed => true,
        };
        let of_list = |row: &&DiagnosisRow| {
            (Some(&row.list) == policy.article.as_ref() || row.list == policy.policy) && row.row.seen(self.view)
        };
        let rows = || self.coverage.diagnoses.iter().filter(of_list);
        if !rows().any(|row| row.groups & service.groups != 0) {
            return Said::Well;
        }
        if claim.diagnoses.is_empty() {
            return Said::Unknown(Unchecked::NoCodeList);
        }
        // A line without pointers is supported by the whole claim.
        let pointed = |at: usize| {
            let pointers = &service.line.pointers;
            pointers.is_empty() || pointers.iter().any(|pointer| usize::try_from(*pointer) == Ok(at + 1))
        };
        let named = |row: &DiagnosisRow, code: &str| row.diagnoses.iter().any(|known| known == code);
        let claims = |set: &str| {
            let of_set = rows().filter(|row| row.set == set);
            of_set
                .into_iter()
                .any(|row| claim.diagnoses.iter().any(|code| named(row, code)))
        };
        let supports = |code: &str| {
            rows()
                .filter(|row| row.groups & service.groups != 0 && named(row, code))
                .any(|row| row.needs.as_deref().is_none_or(claims))
        };
        let supported = claim
            .diagnoses
            .iter()
            .enumerate()
            .any(|(at, code)| pointed(at) && supports(code));
        let past = rows().any(|row| row.row.verified_through.is_some_and(|last| last < self.view.on));
        match (supported, whole, past) {
            (true, _, _) => Said::Well,
            (false, false, _) => Said::Unknown(Unchecked::NoCodeList),
            // A list changes every October: what it did not hold then, it may hold now.
            (false, true, true) => Said::Unknown(Unchecked::PastVerification),
            (false, true, false) => Said::Unsupported,
        }
    }
}
