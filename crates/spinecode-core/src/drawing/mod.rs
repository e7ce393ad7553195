//! A coded case as a picture: the spine seen from behind, what was treated marked at its place and side and labelled with
//! its codes, as SVG. Like the text of an answer it is a rendering: it decides nothing, and equal input gives equal bytes.
//!
//! The patient's left is on the viewer's left, as the operator sees a patient who lies prone. What has no place on the spine
//! is listed below the picture, never drawn; what is asked is drawn dashed.

mod bones;
mod page;
mod pen;
mod plan;
mod spine;

use crate::answer::CodedCase;
use crate::case::Case;
use crate::facts::Facts;

/// The picture of a case and its answer, an SVG document that also stands inside HTML. It holds no word of the caller's
/// but the coded vocabulary: no ids, no names, no notes.
pub fn svg(facts: &Facts, case: &Case, coded: &CodedCase) -> String {
    page::page(&plan::Plan::of(facts, case, coded))
}
