//! What is written reads back equal: decode(encode(x)) = x, through the bytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at its first fault"
)]

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use prost::Message;
use spinecode_core::anatomy::Side;
use spinecode_core::answer::{
    Args, Assumption, Coding, Knowledge, Line, NotReported, Notice, Question, Status, Withheld,
};
use spinecode_core::edit::claim::{RawClaim, RawLine};
use spinecode_core::edit::report::{
    Adjustment, Change, EditReport, Finding, Layer, LayerVerdict, LineRef, LineVerdicts, Repair, Severity, Verdict,
};
use spinecode_core::tables::Unchecked;
use spinecode_core::trace::{Explanation, Step, StepKind};
use spinecode_core::{
    Code, CodedCase, Modifier, Name, RawCase, RawProcedure, RawSite, RawValue, Reason, ServiceDate, TraceLevel,
    Violation, text,
};
use spinecode_proto::{coded_case_bytes, v1};

fn word() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z_]{1,12}", "\\PC{0,20}"]
}

fn name() -> impl Strategy<Value = Name> {
    word().prop_map(Name::Owned)
}

fn names() -> impl Strategy<Value = Vec<Name>> {
    vec(name(), 0..3)
}

fn date_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        Just("0000-03-05".to_owned()),
        Just("--03-05".to_owned()),
        word(),
    ]
}

fn side_text() -> impl Strategy<Value = Option<String>> {
    of(prop_oneof![
        Just("left".to_owned()),
        Just("right".to_owned()),
        Just("bilateral".to_owned()),
        Just("midline".to_owned()),
        Just("Left".to_owned()),
        word(),
    ])
}

fn violation() -> impl Strategy<Value = Violation> {
    (
        word(),
        proptest::sample::select(Reason::ALL),
        of(word()),
        word(),
        of(word()),
    )
        .prop_map(|(path, reason, value, expected, suggestion)| Violation {
            path,
            reason,
            value,
            expected,
            suggestion,
        })
}

fn value() -> impl Strategy<Value = RawValue> {
    prop_oneof![
        word().prop_map(RawValue::Word),
        any::<bool>().prop_map(RawValue::Flag),
        any::<i64>().prop_map(RawValue::Number),
        vec(word(), 0..3).prop_map(RawValue::Words),
    ]
}

fn site() -> impl Strategy<Value = RawSite> {
    (word(), word(), side_text()).prop_map(|(place_type, place, side)| RawSite {
        place_type,
        place,
        side,
    })
}

fn procedure() -> impl Strategy<Value = RawProcedure> {
    let who = (of(word()), word(), of(word()), of(word()), vec(word(), 0..3));
    let places = (vec(site(), 0..3), vec(word(), 0..3), vec(word(), 0..3), side_text());
    // A wire map has each fact once, sorted by name, as JSON objects read here have.
    (who, places, btree_map(word(), value(), 0..4)).prop_map(
        |((id, kind, performed_by, encounter, distinct_from), (sites, levels, nerves, side), facts)| RawProcedure {
            id,
            kind,
            sites,
            levels,
            nerves,
            side,
            performed_by,
            encounter,
            distinct_from,
            facts: facts.into_iter().collect(),
        },
    )
}

fn case() -> impl Strategy<Value = RawCase> {
    let head = (of(word()), date_text(), of(word()), of(word()), of(word()), of(word()));
    (head, vec(word(), 0..3), vec(procedure(), 0..3), vec(violation(), 0..2)).prop_map(
        |((case_id, date_of_service, place_of_service, setting, payer, state), diagnoses, procedures, misread)| {
            RawCase {
                case_id,
                date_of_service,
                place_of_service,
                setting,
                payer,
                state,
                diagnoses,
                procedures,
                misread,
            }
        },
    )
}

fn date() -> impl Strategy<Value = ServiceDate> {
    (1i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| ServiceDate(jiff::civil::date(year, month, day)))
}

fn code() -> impl Strategy<Value = Code> {
    "[0-9A-Z]{5}".prop_map(|text| Code::parse(&text).unwrap())
}

fn args() -> impl Strategy<Value = Args> {
    btree_map(name(), name(), 0..3)
}

fn line() -> impl Strategy<Value = Line> {
    let modifiers = vec("[0-9A-Z]{2}".prop_map(|text| Modifier::parse(&text).unwrap()), 0..3);
    let what = (
        code(),
        name(),
        any::<u32>(),
        modifiers,
        of(proptest::sample::select(&Side::ALL[..])),
    );
    let whose = (names(), names(), of(name()), name(), name(), of(date()));
    (what, whose).prop_map(
        |(
            (code, label, units, modifiers, side),
            (procedures, sites, performed_by, rule, confidence, verified_through),
        )| Line {
            code,
            label,
            units,
            modifiers,
            side,
            procedures,
            sites,
            performed_by,
            rule,
            confidence,
            verified_through,
        },
    )
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    vec(line(), 0..3)
}

fn withheld() -> impl Strategy<Value = Withheld> {
    (line(), name(), name(), name(), args(), name()).prop_map(|(line, layer, rule, reason, args, row)| Withheld {
        line,
        layer,
        rule,
        reason,
        args,
        row,
    })
}

fn not_reported() -> impl Strategy<Value = NotReported> {
    (code(), name(), name(), names(), args()).prop_map(|(code, reason, rule, procedures, args)| NotReported {
        code,
        reason,
        rule,
        procedures,
        args,
    })
}

fn question() -> impl Strategy<Value = Question> {
    (word(), name(), name(), name(), names()).prop_map(|(path, procedure, fact, text, values)| Question {
        path,
        procedure,
        fact,
        text,
        values,
    })
}

fn coding() -> impl Strategy<Value = Coding> {
    let assumption = (word(), name()).prop_map(|(path, value)| Assumption { path, value });
    (vec(assumption, 0..3), lines(), lines()).prop_map(|(assuming, reported, billed)| Coding {
        assuming,
        reported,
        billed,
    })
}

fn notice() -> impl Strategy<Value = Notice> {
    (name(), of(word()), args()).prop_map(|(reason, subject, args)| Notice { reason, subject, args })
}

fn knowledge() -> impl Strategy<Value = Knowledge> {
    (name(), name(), of(name()), name(), name(), of(name()), of(date())).prop_map(
        |(engine, facts, release, profile, profile_hash, overlay, as_of)| Knowledge {
            engine,
            facts,
            release,
            profile,
            profile_hash,
            overlay,
            as_of,
        },
    )
}

fn explanation() -> impl Strategy<Value = Explanation> {
    let step = (
        proptest::sample::select(&StepKind::ALL[..]),
        of(name()),
        of(word()),
        of(name()),
        of(word()),
    )
        .prop_map(|(step, rule, subject, row, result)| Step {
            step,
            rule,
            subject,
            row,
            result,
        });
    let level = proptest::sample::select(vec![TraceLevel::None, TraceLevel::Ids, TraceLevel::Full]);
    (level, names(), names(), names(), vec(step, 0..4)).prop_map(|(level, rules, rows, citations, steps)| Explanation {
        level,
        rules,
        rows,
        citations,
        steps,
    })
}

fn coded_case() -> impl Strategy<Value = CodedCase> {
    let status = proptest::sample::select(vec![Status::Coded, Status::NeedsFacts, Status::OutOfScope]);
    let head = (of(word()), date(), status, lines(), lines());
    let rest = (
        vec(withheld(), 0..2),
        vec(not_reported(), 0..2),
        vec(question(), 0..2),
        vec(coding(), 0..2),
        vec(notice(), 0..2),
    );
    (head, rest, knowledge(), of(explanation())).prop_map(
        |(
            (case_id, date_of_service, status, reported, billed),
            (withheld, not_reported, questions, codings, notices),
            knowledge,
            explanation,
        )| CodedCase {
            case_id,
            date_of_service,
            status,
            reported,
            billed,
            withheld,
            not_reported,
            questions,
            codings,
            notices,
            knowledge,
            explanation,
        },
    )
}

fn claim_line() -> impl Strategy<Value = RawLine> {
    let head = (of(word()), word(), vec(word(), 0..3), of(word()), date_text());
    (head, of(word()), vec(word(), 0..3), of(word()), of(word())).prop_map(
        |((line_number, code, modifiers, units, date_of_service), place_of_service, pointers, charge, status)| {
            RawLine {
                line_number,
                code,
                modifiers,
                units,
                date_of_service,
                place_of_service,
                diagnosis_pointers: pointers,
                charge,
                status,
            }
        },
    )
}

fn claim() -> impl Strategy<Value = RawClaim> {
    let who = (
        of(word()),
        of(word()),
        of(word()),
        of(word()),
        of(word()),
        of(word()),
        of(word()),
        of(word()),
    );
    let whom = (
        of(word()),
        of(word()),
        of(word()),
        of(word()),
        of(word()),
        of(date_text()),
        of(word()),
    );
    let what = (
        vec(word(), 0..3),
        vec(claim_line(), 0..3),
        of(vec(claim_line(), 0..3)),
        of(case()),
        vec(violation(), 0..2),
    );
    (who, whom, what).prop_map(
        |(
            (claim_id, person_id, payer, plan, state, claim_type, bill_type_code, place_of_service),
            (rendering_npi, billing_npi, group_id, specialty, frequency_code, received_date, patient_age),
            (diagnoses, lines, history, case, misread),
        )| RawClaim {
            claim_id,
            person_id,
            payer,
            plan,
            state,
            claim_type,
            bill_type_code,
            place_of_service,
            rendering_npi,
            billing_npi,
            group_id,
            specialty,
            frequency_code,
            received_date,
            patient_age,
            diagnoses,
            lines,
            history,
            case,
            misread,
        },
    )
}

fn modifier() -> impl Strategy<Value = Modifier> {
    "[0-9A-Z]{2}".prop_map(|text| Modifier::parse(&text).unwrap())
}

fn verdict() -> impl Strategy<Value = Verdict> {
    proptest::sample::select(Verdict::ALL)
}

fn line_ref() -> impl Strategy<Value = LineRef> {
    (of(word()), name(), name()).prop_map(|(claim_id, line, code)| LineRef { claim_id, line, code })
}

fn line_verdicts() -> impl Strategy<Value = LineVerdicts> {
    let said = (verdict(), of(proptest::sample::select(Unchecked::ALL)))
        .prop_map(|(verdict, unchecked)| LayerVerdict { verdict, unchecked });
    (name(), name(), of(name()), proptest::array::uniform8(said)).prop_map(|(line, code, left_out, layers)| {
        LineVerdicts {
            line,
            code,
            left_out,
            layers,
        }
    })
}

fn finding() -> impl Strategy<Value = Finding> {
    let adjustment = (name(), name(), names()).prop_map(|(group, carc, rarc)| Adjustment { group, carc, rarc });
    let head = (
        name(),
        name(),
        proptest::sample::select(Layer::ALL),
        proptest::sample::select(Severity::ALL),
        verdict(),
    );
    let rest = (vec(line_ref(), 0..3), args(), of(modifier()), of(adjustment));
    (head, rest, names(), names(), name(), any::<bool>()).prop_map(
        |(
            (rule, name, layer, severity, verdict),
            (lines, args, modifier, adjustment),
            rows,
            citations,
            sure,
            nearest,
        )| {
            Finding {
                rule,
                name,
                layer,
                severity,
                verdict,
                lines,
                args,
                modifier,
                adjustment,
                rows,
                citations,
                confidence: sure,
                nearest_edition: nearest,
            }
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        line_ref().prop_map(|line| Change::DropLine { line }),
        (line_ref(), modifier()).prop_map(|(line, modifier)| Change::AddModifier { line, modifier }),
        (line_ref(), modifier()).prop_map(|(line, modifier)| Change::DropModifier { line, modifier }),
        (line_ref(), modifier(), line_ref()).prop_map(|(line, modifier, to)| Change::MoveModifier {
            line,
            modifier,
            to
        }),
        (line_ref(), any::<u32>()).prop_map(|(line, units)| Change::SetUnits { line, units }),
        (line_ref(), code()).prop_map(|(line, code)| Change::ReplaceCode { line, code }),
        (code(), any::<u32>(), vec(modifier(), 0..3), date()).prop_map(|(code, units, modifiers, date_of_service)| {
            Change::AddLine {
                code,
                units,
                modifiers,
                date_of_service,
            }
        }),
    ]
}

fn edit_report() -> impl Strategy<Value = EditReport> {
    let repair =
        (vec(change(), 0..3), names(), names(), names()).prop_map(|(changes, meaning, if_documented, settles)| {
            Repair {
                changes,
                meaning,
                if_documented,
                settles,
            }
        });
    let head = (
        of(word()),
        name(),
        verdict(),
        vec(line_verdicts(), 0..3),
        vec(finding(), 0..3),
    );
    let rest = (
        vec(repair, 0..2),
        vec(question(), 0..2),
        btree_map(name(), any::<u32>(), 0..3),
        vec(notice(), 0..2),
    );
    (head, rest, knowledge()).prop_map(
        |((claim_id, setting, verdict, lines, findings), (repairs, questions, left_out, notices), knowledge)| {
            EditReport {
                claim_id,
                setting,
                verdict,
                lines,
                findings,
                repairs,
                questions,
                left_out,
                notices,
                knowledge,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_claim_reads_back_equal(claim in claim()) {
        let bytes = v1::Claim::from(&claim).encode_to_vec();
        prop_assert_eq!(RawClaim::from(v1::Claim::decode(bytes.as_slice()).unwrap()), claim);
    }

    #[test]
    fn a_report_reads_back_equal_and_gives_the_same_canonical_json(report in edit_report()) {
        let bytes = v1::EditReport::from(report.clone()).encode_to_vec();
        let read = EditReport::try_from(v1::EditReport::decode(bytes.as_slice()).unwrap()).unwrap();
        prop_assert_eq!(read.canonical_json(), report.canonical_json());
        prop_assert_eq!(&EditReport::from_json(&report.canonical_json()).unwrap(), &report);
        prop_assert_eq!(read, report);
    }

    #[test]
    fn a_case_reads_back_equal(case in case()) {
        let bytes = v1::Case::from(&case).encode_to_vec();
        prop_assert_eq!(RawCase::from(v1::Case::decode(bytes.as_slice()).unwrap()), case);
    }

    #[test]
    fn an_answer_reads_back_equal_and_gives_the_same_canonical_json(answer in coded_case()) {
        let bytes = v1::CodedCase::from(answer.clone()).encode_to_vec();
        let read = CodedCase::try_from(v1::CodedCase::decode(bytes.as_slice()).unwrap()).unwrap();
        prop_assert_eq!(read.canonical_json(), answer.canonical_json());
        prop_assert_eq!(read, answer);
    }

    #[test]
    fn an_answer_written_straight_is_the_message_of_prost(answer in coded_case()) {
        let mut message = v1::CodedCase::from(answer.clone());
        prop_assert_eq!(coded_case_bytes(&answer, false), message.encode_to_vec());
        for (wire, one) in message.withheld.iter_mut().zip(&answer.withheld) {
            wire.message = Some(text::withheld(one));
        }
        for (wire, one) in message.not_reported.iter_mut().zip(&answer.not_reported) {
            wire.message = Some(text::not_reported(one));
        }
        for (wire, one) in message.notices.iter_mut().zip(&answer.notices) {
            wire.message = Some(text::notice(one));
        }
        prop_assert_eq!(coded_case_bytes(&answer, true), message.encode_to_vec());
    }

    #[test]
    fn a_unary_answer_reads_back_equal(answer in coded_case(), canonical in of(word())) {
        let bytes = v1::CodeCaseResponse::new(&answer, false, canonical.clone()).encode_to_vec();
        let read = v1::CodeCaseResponse::decode(bytes.as_slice()).unwrap();
        prop_assert_eq!(&read.canonical_json, &canonical);
        prop_assert_eq!(CodedCase::try_from(read).unwrap(), answer);
    }

    #[test]
    fn no_message_breaks_the_reader(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(wire) = v1::Case::decode(bytes.as_slice()) {
            let _ = RawCase::from(wire);
        }
        if let Ok(wire) = v1::Claim::decode(bytes.as_slice()) {
            let _ = RawClaim::from(wire);
        }
        if let Ok(wire) = v1::EditReport::decode(bytes.as_slice()) {
            let _ = EditReport::try_from(wire);
        }
        if let Ok(wire) = v1::CodedCase::decode(bytes.as_slice()) {
            let _ = CodedCase::try_from(wire);
        }
        if let Ok(wire) = v1::CodeCaseResponse::decode(bytes.as_slice()) {
            let _ = CodedCase::try_from(wire);
        }
    }
}
