//! What was billed against what the documented case supports.

use crate::edit::desk::Desk;

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[];

/// Judges one claim.
pub(super) fn judge(_claim: usize, _desk: &mut Desk<'_>) {}
