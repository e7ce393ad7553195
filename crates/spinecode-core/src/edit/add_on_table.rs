//! The NCCI add-on table.

use crate::edit::desk::{Day, Desk};

/// Rules that it finds by.
pub(super) const RULES: &[&str] = &[];

/// Judges the lines of a day.
pub(super) fn judge(_day: &Day<'_>, _desk: &mut Desk<'_>) {}
