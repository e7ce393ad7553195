//! The smallest sets of changes after which a claim passes.
