//! The rules. Most families are rows alone and answer by [`by_rows`] (`families.csv` lists them); one whose logic rows cannot
//! say has a file and a registry line here. A rule is time-less; its dates, codes and limits are rows.

pub mod by_rows;
pub mod facet_denervation;
pub mod facet_injection;
pub mod guidance;
pub mod included;
pub mod lumbar_puncture;
pub mod myelography;
pub mod sacroplasty;
pub mod separate_visit;
pub mod spinal_ct;
pub mod vertebral_augmentation;
pub mod vertebroplasty;

use crate::context::{Context, Outcome};

/// What the registry holds of a family.
pub struct FamilyRule {
    /// Family, as the fact tables name it.
    pub family: &'static str,
    /// Codes one session of it.
    pub code: for<'a, 'c> fn(&'c mut Context<'a>, &'c [usize]) -> Outcome,
}

/// Every family that has a rule file, in the order in which its lines are written.
pub const FAMILIES: &[FamilyRule] = &[
    FamilyRule {
        family: facet_denervation::FAMILY,
        code: facet_denervation::code,
    },
    FamilyRule {
        family: facet_injection::FAMILY,
        code: facet_injection::code,
    },
    FamilyRule {
        family: lumbar_puncture::FAMILY,
        code: lumbar_puncture::code,
    },
    FamilyRule {
        family: myelography::FAMILY,
        code: myelography::code,
    },
    FamilyRule {
        family: spinal_ct::FAMILY,
        code: spinal_ct::code,
    },
    FamilyRule {
        family: vertebral_augmentation::FAMILY,
        code: vertebral_augmentation::code,
    },
    FamilyRule {
        family: vertebroplasty::FAMILY,
        code: vertebroplasty::code,
    },
    FamilyRule {
        family: sacroplasty::FAMILY,
        code: sacroplasty::code,
    },
];

/// Every rule id that code decides by, beside those of `families.csv`; each has its versions, dates and sources in `rules.csv`.
pub const RULE_IDS: &[&str] = &[
    crate::layers::ADD_ON_TABLE_RULE,
    facet_denervation::LEVELS_RULE,
    facet_denervation::TECHNIQUE_RULE,
    facet_injection::LEVELS_RULE,
    facet_injection::WITHOUT_IMAGE_RULE,
    guidance::GUIDANCE_RULE,
    included::INCLUDED_RULE,
    lumbar_puncture::PURPOSE_RULE,
    crate::layers::MUE_RULE,
    myelography::INJECTION_RULE,
    myelography::IMAGING_RULE,
    crate::render::OUTCOME_RULE,
    crate::layers::PTP_HARD_RULE,
    crate::layers::PTP_DISTINCT_RULE,
    crate::render::RENDER_RULE,
    sacroplasty::SIDES_RULE,
    separate_visit::SEPARATE_RULE,
    spinal_ct::REGION_RULE,
    vertebral_augmentation::BODIES_RULE,
    vertebroplasty::BODIES_RULE,
];
