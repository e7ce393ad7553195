//! Coverage policies: levels, sessions, intervals, diagnoses, places, authorisation.

use crate::edit::desk::Desk;

/// Judges one claim.
pub(super) fn judge(_claim: usize, _desk: &mut Desk<'_>) {}
