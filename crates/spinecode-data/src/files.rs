//! The files: built-in ones compiled in, overlay ones read once.

use std::path::Path;

use crate::DataError;

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        /// Every built-in file with its text, sorted by name.
        pub const BUILT_IN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../facts/", $name))),)+];
    };
}

built_in!(
    "add_on_primaries.csv",
    "adjustments.csv",
    "bundles.csv",
    "choices.csv",
    "citations.toml",
    "code_classes.csv",
    "codes.csv",
    "conflicts.csv",
    "contractors.csv",
    "coverage_diagnoses.csv",
    "coverage_groups.csv",
    "coverage_limits.csv",
    "coverage_policies.csv",
    "families.csv",
    "fee_indicators.csv",
    "fee_schedule.csv",
    "form_limits.csv",
    "gaps.csv",
    "guidance.csv",
    "junctions.csv",
    "kind_facts.csv",
    "kinds.csv",
    "meta.toml",
    "modifiers.csv",
    "nerves.csv",
    "not_derived.csv",
    "outcomes.csv",
    "payers.csv",
    "places_of_service.csv",
    "primaries.csv",
    "prior_authorization.csv",
    "profiles/cpt.toml",
    "profiles/medicare.toml",
    "ptp_pairs.csv",
    "regions.csv",
    "roles.csv",
    "rules.csv",
    "set_relations.csv",
    "settings.csv",
    "techniques.csv",
    "time_steps.csv",
    "unit_limits.csv",
);

/// One file of the user's own, its text kept for the life of the process as the built-in ones are.
pub(crate) type OwnFile = (String, &'static str);

/// Reads the tables and profiles of a folder; a file that is no table of ours is refused by name.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<OwnFile>, DataError> {
    let mut files = Vec::new();
    for sub in ["", "profiles"] {
        let here = if sub.is_empty() {
            folder.to_path_buf()
        } else {
            folder.join(sub)
        };
        if !sub.is_empty() && !here.is_dir() {
            continue;
        }
        let list =
            std::fs::read_dir(&here).map_err(|fault| DataError::Folder(format!("{}: {fault}", here.display())))?;
        for entry in list {
            let entry = entry.map_err(|fault| DataError::Folder(format!("{}: {fault}", here.display())))?;
            let path = entry.path();
            if path.is_dir() {
                continue;
            }
            let base = entry.file_name().to_string_lossy().into_owned();
            let name = if sub.is_empty() { base } else { format!("{sub}/{base}") };
            let known =
                BUILT_IN.iter().any(|(known, _)| *known == name) || (sub == "profiles" && name.ends_with(".toml"));
            if !known {
                if name.ends_with(".csv") || name.ends_with(".toml") {
                    return Err(DataError::Folder(format!("`{name}` is no table of the facts")));
                }
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|fault| DataError::Folder(format!("{name}: {fault}")))?;
            // The facts are read once an engine and live as long; leaking makes their words `'static` as the built-in ones are.
            files.push((name, &*Box::leak(text.into_boxed_str())));
        }
    }
    files.sort();
    Ok(files)
}
