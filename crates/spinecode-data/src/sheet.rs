//! The tables that judge a claim sheet line by line: modifiers, sections of the code set, limits of the form,
//! indicators of the fee schedule.

use spinecode_core::code::Modifier;
use spinecode_core::facts::{Facts, FormLimit, FormLimitRow};
use spinecode_core::fee::{FeeIndicator, FeeRow, Standing, StandingRow};
use spinecode_core::modifiers::{Class, ClassRow, Fit, Meaning, ModifierRow, Opens, Sender};

use crate::load::{Loader, replace};
use crate::table::{Faults, Record};

/// A cell of modifiers, parted by spaces.
fn modifiers(record: &Record<'_>, column: &str, faults: &mut Faults) -> Vec<Modifier> {
    let mut found = Vec::new();
    for word in record.text(column).split_whitespace() {
        match Modifier::parse(word) {
            Some(modifier) => found.push(modifier),
            None => record.fault(column, format!("`{word}` is not a two-character modifier"), faults),
        }
    }
    found
}

/// The words of a published list, as a cell is chosen from them.
macro_rules! one_of {
    ($record:expr, $column:literal, $type:ty, $default:expr, $faults:expr) => {{
        let words: Vec<(&str, $type)> = <$type>::ALL.iter().map(|word| (word.as_str(), *word)).collect();
        $record.choice($column, &words, $faults).unwrap_or($default)
    }};
}

impl Loader<'_> {
    pub(crate) fn sheet(&mut self, facts: &mut Facts) {
        let columns = [
            "modifier", "label", "means", "on", "setting", "ncci", "asserts", "not_with",
        ];
        self.dated("modifiers.csv", &columns, |record, faults| {
            let modifier = modifiers(record, "modifier", faults).first().copied();
            if modifier.is_none() {
                record.fault("modifier", "must not be empty", faults);
            }
            let modifier = modifier.unwrap_or(Modifier::PLACEHOLDER);
            let row = ModifierRow {
                row: record.row("modifier", modifier.as_str(), faults),
                modifier,
                label: record.required("label", faults),
                means: one_of!(record, "means", Meaning, Meaning::Other, faults),
                on: one_of!(record, "on", Fit, Fit::Any, faults),
                sender: one_of!(record, "setting", Sender, Sender::Any, faults),
                opens: one_of!(record, "ncci", Opens, Opens::No, faults),
                asserts: record.yes("asserts", faults),
                not_with: modifiers(record, "not_with", faults),
            };
            replace(facts.modifiers.entry(modifier).or_default(), row, |row| &row.row.id);
        });
        self.dated("code_classes.csv", &["first", "last", "class"], |record, faults| {
            let first = record.code("first", faults);
            let row = ClassRow {
                row: record.row("class", first.as_str(), faults),
                first,
                last: record.code("last", faults),
                class: one_of!(record, "class", Class, Class::Medicine, faults),
            };
            replace(&mut facts.classes, row, |row| &row.row.id);
        });
        self.dated("form_limits.csv", &["claim_type", "what", "limit"], |record, faults| {
            let key = ["what", "claim_type"].map(|column| record.text(column)).join("/");
            let row = FormLimitRow {
                row: record.row("form_limit", &key, faults),
                claim_type: record.optional("claim_type"),
                what: one_of!(record, "what", FormLimit, FormLimit::Modifiers, faults),
                limit: record.number("limit", faults).unwrap_or_default(),
            };
            replace(&mut facts.form_limits, row, |row| &row.row.id);
        });
        self.dated(
            "fee_indicators.csv",
            &["indicator", "value", "standing"],
            |record, faults| {
                let key = ["indicator", "value"].map(|column| record.text(column)).join("/");
                let indicator = one_of!(record, "indicator", FeeIndicator, FeeIndicator::Status, faults);
                let row = StandingRow {
                    row: record.row("fee_indicator", &key, faults),
                    indicator,
                    value: record.required("value", faults),
                    standing: one_of!(record, "standing", Standing, Standing::NotApplicable, faults),
                };
                if let Some(rows) = facts.standings.get_mut(indicator as usize) {
                    rows.insert(row.value.clone(), row);
                }
            },
        );
        let columns = [
            "code",
            "status",
            "global_days",
            "pctc",
            "multiple",
            "bilateral",
            "assistant",
            "co_surgeons",
            "team",
            "not_outside_facilities",
            "not_in_facilities",
        ];
        self.dated("fee_schedule.csv", &columns, |record, faults| {
            let code = record.code("code", faults);
            let row = FeeRow {
                row: record.row("fee", code.as_str(), faults),
                code,
                status: record.required("status", faults),
                global_days: record.required("global_days", faults),
                pctc: record.required("pctc", faults),
                multiple: record.required("multiple", faults),
                bilateral: record.required("bilateral", faults),
                assistant: record.required("assistant", faults),
                co_surgeons: record.required("co_surgeons", faults),
                team: record.required("team", faults),
                not_outside_facilities: record.yes("not_outside_facilities", faults),
                not_in_facilities: record.yes("not_in_facilities", faults),
                minor: false,
            };
            replace(facts.fees.entry(code).or_default(), row, |row| &row.row.id);
        });
    }
}
