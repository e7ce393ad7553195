//! A look-up for people: the same sentences as text and as HTML, each with how it is verified.

use super::{
    CitationInfo, CodeCoverage, CodePair, Companion, Coverage, Evidence, GuidanceUse, Inclusion, LayerHolding,
    LifeStretch, Lookup, RoleUse, RuleUse, Sibling, Succession, TableHolding, UnitLimit, Way, WhenFact,
};
use crate::answer::Notice;
use crate::code::Code;
use crate::date::ServiceDate;
use crate::name::Name;
use crate::text::{escape, notice};

/// A sentence and what it rests on.
type Said<'a> = (String, Vec<&'a Evidence>);

/// The whole look-up as a readable account.
pub fn lookup_account(answer: &Lookup) -> String {
    let mut out = vec![heading(answer), format!("  {}", state(answer))];
    for (title, sentences) in sections(answer) {
        out.push(format!("  {title}"));
        for (sentence, evidence) in sentences {
            out.push(format!("    {sentence}{}", verified(&evidence)));
        }
    }
    if !answer.citations.is_empty() {
        out.push("  sources".to_owned());
        out.extend(answer.citations.iter().map(|one| format!("    {}", source(one))));
    }
    out.push(String::new());
    out.join("\n")
}

/// The whole look-up as an HTML fragment: lists, readable in light and dark, no script.
pub fn lookup_html(answer: &Lookup) -> String {
    let mut out = format!(
        "<div class=\"spinecode\"><p><b>{}</b><br>{}</p>",
        escape(&heading(answer)),
        escape(&state(answer))
    );
    for (title, sentences) in sections(answer) {
        let items = sentences.iter().map(|(sentence, evidence)| {
            format!(
                "<li>{} <small>{}</small></li>",
                escape(sentence),
                escape(verified(evidence).trim())
            )
        });
        out.push_str(&format!(
            "<p>{}</p><ul>{}</ul>",
            escape(&capital(title)),
            items.collect::<String>()
        ));
    }
    if !answer.citations.is_empty() {
        let items = answer.citations.iter().map(|one| {
            let title = if one.link.starts_with("http") {
                format!("<a href=\"{}\">{}</a>", escape(&one.link), escape(&one.title))
            } else {
                escape(&one.title)
            };
            format!("<li>{} {title}{}</li>", escape(&one.id), escape(&authority(one)))
        });
        out.push_str(&format!("<p>Sources</p><ul>{}</ul>", items.collect::<String>()));
    }
    let knowledge = &answer.knowledge;
    out.push_str(&format!(
        "<p><small>engine {}, facts {}</small></p></div>",
        escape(&knowledge.engine),
        escape(&knowledge.facts)
    ));
    out
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn heading(answer: &Lookup) -> String {
    match &answer.label {
        Some(label) => format!("{}  {label}", answer.code),
        None => answer.code.to_string(),
    }
}

fn state(answer: &Lookup) -> String {
    let as_of = answer
        .knowledge
        .as_of
        .map(|day| format!(", as published by {day}"))
        .unwrap_or_default();
    let what = match answer.status.as_ref() {
        "not_in_loaded_lists" => {
            return format!(
                "not in the loaded lists; it was not checked whether it is a code on {}{as_of}",
                answer.on
            );
        }
        "ended" => answer.last_day.map(|day| format!("ended on {day}")),
        "not_yet" => answer.first_day.map(|day| format!("not yet: it begins on {day}")),
        "never_valid" => Some("never a code".to_owned()),
        _ => None,
    };
    format!(
        "on {}{as_of}: {}",
        answer.on,
        what.unwrap_or(answer.status.replace('_', " "))
    )
}

/// Titles with their sentences; empty ones are left out.
fn sections<'a>(answer: &'a Lookup) -> Vec<(&'static str, Vec<Said<'a>>)> {
    let mut found: Vec<(&'static str, Vec<Said<'a>>)> = Vec::new();
    let mut add = |title: &'static str, sentences: Vec<Said<'a>>| {
        if !sentences.is_empty() {
            found.push((title, sentences));
        }
    };
    fn each<'a, T>(list: &'a [T], say: fn(&T) -> String, of: fn(&T) -> &Evidence) -> Vec<Said<'a>> {
        list.iter().map(|one| (say(one), vec![of(one)])).collect()
    }
    let untold: Vec<Said<'_>> = answer
        .not_derived
        .iter()
        .map(|why| (format!("no case is coded to it: {why}"), Vec::new()))
        .collect();
    add("known, not derived", untold);
    add("life", each(&answer.life, stretch, |one| &one.evidence));
    let kinds = answer.kinds.iter().map(|kind| {
        let words = if kind.synonyms.is_empty() {
            String::new()
        } else {
            format!(" (also {})", kind.synonyms.join(", "))
        };
        (
            format!("{}: {}{words}; family {}", kind.kind, kind.label, kind.family),
            Vec::new(),
        )
    });
    add("kinds that lead to it", kinds.collect());
    let of = |in_force: bool| -> Vec<Said<'_>> {
        let roles = answer.roles.iter().filter(|one| one.in_force == in_force);
        roles.map(|one| (role(one), vec![&one.evidence])).collect()
    };
    add("role on that date", of(true));
    add("role on other dates", of(false));
    add(
        "primaries and add-ons",
        each(&answer.companions, companion, |one| &one.evidence),
    );
    add("guidance", each(&answer.guidance, guidance, |one| &one.evidence));
    add("taking in", each(&answer.inclusions, inclusion, |one| &one.evidence));
    add("unit limit", each(&answer.limits, limit, |one| &one.evidence));
    add("pairs", each(&answer.pairs, pair, |one| &one.evidence));
    fn became(list: &[Succession]) -> Vec<Said<'_>> {
        list.iter()
            .map(|one| (succession(one), one.evidence.iter().collect()))
            .collect()
    }
    add("what it replaced", became(&answer.replaces));
    add("what replaced it", became(&answer.replaced_by));
    add("instead", each(&answer.instead, sibling, |one| &one.evidence));
    add("rules", each(&answer.rules, rule, |one| &one.evidence));
    let notices: Vec<Said<'_>> = answer
        .notices
        .iter()
        .map(|one: &Notice| (notice(one), Vec::new()))
        .collect();
    add("notices", notices);
    found
}

fn words(names: &[Name]) -> String {
    names
        .iter()
        .map(|name| name.replace('_', " "))
        .collect::<Vec<_>>()
        .join(" or ")
}

fn codes(codes: &[Code]) -> String {
    codes.iter().map(Code::to_string).collect::<Vec<_>>().join(" + ")
}

fn when(facts: &[WhenFact]) -> String {
    let all: Vec<String> = facts
        .iter()
        .map(|one| format!("{} is {}", one.fact.replace('_', " "), words(&one.values)))
        .collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(", when {}", all.join(" and "))
    }
}

fn ways(ways: &[Way]) -> String {
    let all: Vec<String> = ways.iter().map(|way| when(&way.when)).collect();
    all.join("; or")
}

fn days(first: Option<ServiceDate>, last: Option<ServiceDate>) -> String {
    match (first, last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first} on"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => "on every date".to_owned(),
    }
}

/// What a sentence rests on, in brackets.
fn verified(evidence: &[&Evidence]) -> String {
    let Some(weakest) = evidence.iter().min_by_key(|one| match one.confidence.as_ref() {
        "low" => 0,
        "medium" => 1,
        _ => 2,
    }) else {
        return String::new();
    };
    let mut cited: Vec<&str> = evidence
        .iter()
        .flat_map(|one| &one.citations)
        .map(Name::as_ref)
        .collect();
    cited.sort_unstable();
    cited.dedup();
    let through = evidence
        .iter()
        .filter(|one| one.last_day.is_none())
        .filter_map(|one| one.verified_through)
        .min();
    let past = evidence.iter().any(|one| one.past_verification);
    let through = match through {
        Some(day) if past => format!(", verified only through {day}"),
        Some(day) => format!(", verified through {day}"),
        None => String::new(),
    };
    format!("  [{}{through}: {}]", weakest.confidence, cited.join(", "))
}

fn stretch(one: &LifeStretch) -> String {
    let mut text = format!(
        "{}: {}; {}",
        days(one.evidence.first_day, one.evidence.last_day),
        one.label,
        one.laterality.replace('_', " ")
    );
    if !one.valid {
        text.push_str("; never a code");
    }
    if one.add_on {
        text.push_str("; add-on code");
    }
    if one.split {
        text.push_str("; professional and technical parts");
    }
    text
}

fn role(one: &RoleUse) -> String {
    let levels = match (one.nth_from, one.nth_to) {
        (from, Some(to)) if from == to => format!("number {from}"),
        (from, Some(to)) => format!("numbers {from} to {to}"),
        (1, None) => String::new(),
        (from, None) => format!("number {from} and beyond"),
    };
    let parts = [
        Some(format!("{} of {}", one.role.replace('_', " "), one.family)),
        Some(format!("code set {}", one.code_set)),
        one.region.as_ref().map(|region| format!("region {region}")),
        Some(format!("a unit counts: {}", one.unit)),
        Some(levels).filter(|text| !text.is_empty()),
        one.cap.map(|cap| format!("at most {cap} a side")),
        (!one.in_force).then(|| days(one.evidence.first_day, one.evidence.last_day)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ") + &ways(&one.ways)
}

fn companion(one: &Companion) -> String {
    format!(
        "{} {}  {} ({})",
        one.relation.replace('_', "-"),
        one.code,
        one.label,
        one.layer.replace('_', " ")
    )
}

fn guidance(one: &GuidanceUse) -> String {
    let what = one
        .guidance
        .as_ref()
        .map_or("whatever guidance".to_owned(), |word| format!("guidance {word}"));
    let effect = match one.effect.as_ref() {
        "separate" => format!(
            "add {}, a unit counts: {}",
            codes(&one.codes),
            one.unit.as_deref().unwrap_or_default()
        ),
        "included" => format!("included, never beside it: {}", words_of(&one.codes)),
        _ => "no code of its own".to_owned(),
    };
    format!("{}, {what}: {effect}; code set {}", one.service, one.code_set)
}

fn words_of(codes: &[Code]) -> String {
    codes.iter().map(Code::to_string).collect::<Vec<_>>().join(", ")
}

fn inclusion(one: &Inclusion) -> String {
    let (what, scope) = match one.scope.as_ref() {
        "same_site" => ("", "at the same site"),
        "same_level" => ("", "at the same level"),
        "guidance" => ("guidance of ", "in the same region"),
        _ => ("", "in the same session"),
    };
    format!("{} takes in {what}{} {scope} ({})", one.family, one.includes, one.rule)
}

fn limit(one: &UnitLimit) -> String {
    format!("at most {} a day, indicator {}", one.units, one.mai)
}

fn pair(one: &CodePair) -> String {
    let opens = if one.bypassable { "unless distinct" } else { "always" };
    format!(
        "{} keeps {} off {opens} (table {})",
        one.column1, one.column2, one.table
    )
}

fn succession(one: &Succession) -> String {
    let after = match one.after.as_slice() {
        [] => "no code of its own".to_owned(),
        some => codes(some),
    };
    let mut text = format!("{}: {} -> {after}", one.first_day, codes(&one.before));
    if !one.beside.is_empty() {
        text.push_str(&format!(", beside {}", words_of(&one.beside)));
    }
    text.push_str(&when(&one.when));
    if one.role_before != one.role_after && !one.role_after.is_empty() {
        text.push_str(&format!("; {} -> {}", one.role_before, one.role_after));
    }
    if one.unit_before != one.unit_after && !one.unit_after.is_empty() {
        text.push_str(&format!(
            "; a unit counted {}, since {}",
            one.unit_before, one.unit_after
        ));
    }
    if one.basis == "code_table" {
        text.push_str("; the code table says so, no rows part it");
    }
    text
}

fn sibling(one: &Sibling) -> String {
    let differs: Vec<String> = one
        .differs
        .iter()
        .map(|one| format!("{} {} instead of {}", one.fact.replace('_', " "), one.there, one.here))
        .collect();
    let differs = if differs.is_empty() {
        String::new()
    } else {
        format!(": {}", differs.join(", "))
    };
    format!(
        "{}  {} ({}){differs}{}",
        one.code,
        one.label,
        one.relation,
        ways(&one.ways)
    )
}

fn rule(one: &RuleUse) -> String {
    format!("{}/{} {}: {}", one.id, one.version, one.name, one.what)
}

fn source(one: &CitationInfo) -> String {
    let link = if one.link.is_empty() {
        String::new()
    } else {
        format!("  {}", one.link)
    };
    format!("{}: {}{}{link}", one.id, one.title, authority(one))
}

fn authority(one: &CitationInfo) -> String {
    match (&one.authority_from, &one.authority_to) {
        (Some(from), Some(to)) => format!(" (authority {from} to {to})"),
        (Some(from), None) => format!(" (authority from {from})"),
        (None, Some(to)) => format!(" (authority to {to})"),
        (None, None) => String::new(),
    }
}

/// The coverage as a readable account.
pub fn coverage_account(answer: &Coverage) -> String {
    let mut out = vec![coverage_heading(answer)];
    for one in &answer.codes {
        out.push(format!("{}  {}", one.code, labelled(one)));
        out.extend(
            one.layers
                .iter()
                .map(|layer| format!("  {:<14}{}", layer.layer, held(layer))),
        );
    }
    out.push(String::new());
    out.join("\n")
}

/// The coverage as an HTML fragment: one table, a row a code and layer.
pub fn coverage_html(answer: &Coverage) -> String {
    let rows = answer.codes.iter().flat_map(|one| {
        one.layers.iter().map(move |layer| {
            let cells = [
                one.code.to_string(),
                labelled(one),
                layer.layer.to_string(),
                held(layer),
            ];
            format!(
                "<tr>{}</tr>",
                cells.map(|cell| format!("<td>{}</td>", escape(&cell))).concat()
            )
        })
    });
    format!(
        "<div class=\"spinecode\"><table><caption style=\"text-align:left\">{}</caption><thead><tr><th>code</th><th>what</th><th>layer</th><th>from where</th></tr></thead><tbody>{}</tbody></table></div>",
        escape(&coverage_heading(answer)),
        rows.collect::<String>()
    )
}

fn coverage_heading(answer: &Coverage) -> String {
    let from = answer
        .coverage_from
        .map(|day| format!("; the facts begin on {day}"))
        .unwrap_or_default();
    match answer.on {
        Some(on) => format!("Coverage on {on}{from}"),
        None => format!("Coverage on every date{from}"),
    }
}

fn labelled(one: &CodeCoverage) -> String {
    one.label
        .as_ref()
        .map_or("not in the loaded lists".to_owned(), ToString::to_string)
}

fn held(layer: &LayerHolding) -> String {
    match &layer.reason {
        Some(reason) if !layer.holds => format!("none ({})", reason.replace('_', " ")),
        _ => layer.tables.iter().map(table).collect::<Vec<_>>().join("; "),
    }
}

fn table(one: &TableHolding) -> String {
    let through = one
        .verified_through
        .map(|day| format!(", verified through {day}"))
        .unwrap_or_default();
    let rows = if one.rows == 1 { "row" } else { "rows" };
    format!(
        "{} {} {rows}, {}{through}, {}: {}",
        one.rows,
        one.table,
        days(one.first_day, one.last_day),
        one.confidence,
        one.citations.join(", ")
    )
}
