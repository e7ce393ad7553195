//! How the code sets of one family stand to each other on one day.

use spinecode_core::facts::{Facts, Relation, RelationRow};

use crate::load::{Loader, replace};

impl Loader<'_> {
    pub(crate) fn relations(&mut self, facts: &mut Facts) {
        let columns = [
            "family",
            "set",
            "role",
            "other_set",
            "other_role",
            "relation",
            "same_region",
            "instead",
        ];
        let relations = [
            ("includes", Relation::Includes),
            ("exclusive", Relation::Exclusive),
            ("guidance", Relation::Guidance),
        ];
        self.dated("set_relations.csv", &columns, |record, faults| {
            let key = ["family", "set", "role", "other_set", "other_role", "relation"]
                .map(|column| record.text(column))
                .join("/");
            let row = RelationRow {
                row: record.row("relation", &key, faults),
                family: record.required("family", faults),
                set: record.optional("set"),
                role: record.optional("role"),
                other_set: record.optional("other_set"),
                other_role: record.optional("other_role"),
                relation: record
                    .choice("relation", &relations, faults)
                    .unwrap_or(Relation::Exclusive),
                same_region: record.yes("same_region", faults),
                instead: record.optional("instead"),
            };
            replace(&mut facts.relations, row, |row| &row.row.id);
        });
    }
}
