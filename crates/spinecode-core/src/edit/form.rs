//! Limits of the form itself: counts of modifiers, diagnoses and pointers, units, shapes, duplicates, impossible dates.

use crate::edit::desk::Desk;

/// Judges one claim.
pub(super) fn judge(_claim: usize, _desk: &mut Desk<'_>) {}
