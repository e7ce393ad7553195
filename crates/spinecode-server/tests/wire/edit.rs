//! Editing over a socket: sets of claims, their limits, and their faults.

use std::time::Duration;

use spinecode_core::answer::{Knowledge, Notice, Question};
use spinecode_core::edit::claim::{RawClaim, RawLine, sets};
use spinecode_core::edit::report::{
    Adjustment, Change, EditReport, Finding, Layer, LayerVerdict, LineRef, LineVerdicts, Repair, Severity, Verdict,
};
use spinecode_core::edit::text as edit_text;
use spinecode_core::tables::Unchecked;
use spinecode_core::{Code, InputError, Modifier, Reason, ServiceDate, Violation};
use spinecode_engine::{EditOptions, Engine, Error};
use spinecode_proto::v1::edit_claim_result::Result as Outcome;
use spinecode_proto::v1::edit_service_client::EditServiceClient;
use spinecode_proto::v1::{self, EditClaimsRequest, EditClaimsStreamRequest};
use spinecode_server::{RemoteEngine, RemoteOptions, ServerConfig};
use tokio_stream::StreamExt;
use tonic::Code as Status;

use crate::fake::Fake;
use crate::raw::{channel, reason};
use crate::running::Running;

/// A claim of one line of this code.
fn claim(id: &str, person: Option<&str>, code: &str) -> RawClaim {
    RawClaim {
        claim_id: Some(id.to_owned()),
        person_id: person.map(str::to_owned),
        payer: Some("medicare".to_owned()),
        diagnoses: vec!["M54.16".to_owned()],
        lines: vec![RawLine {
            code: code.to_owned(),
            modifiers: vec!["50".to_owned()],
            units: Some("1".to_owned()),
            date_of_service: "2024-03-05".to_owned(),
            ..RawLine::default()
        }],
        history: Some(Vec::new()),
        ..RawClaim::default()
    }
}

/// Reports that fill every field and name the other claims of the person; codes make them fail in every way.
pub(crate) fn reports(claims: &[RawClaim], options: &EditOptions) -> Vec<Result<EditReport, Error>> {
    let together = sets(claims, options.alone);
    let of = |at: usize| {
        together
            .iter()
            .find(|set| set.contains(&at))
            .cloned()
            .unwrap_or_default()
    };
    claims
        .iter()
        .enumerate()
        .map(|(at, one)| report(claims, one, &of(at), options))
        .collect()
}

fn report(claims: &[RawClaim], claim: &RawClaim, set: &[usize], options: &EditOptions) -> Result<EditReport, Error> {
    let code = claim.lines.first().map(|line| line.code.as_str()).unwrap_or_default();
    match code {
        "PANIC" => panic!("told to"),
        "SLOW1" => std::thread::sleep(Duration::from_millis(150)),
        "KNOWL" => return Err(Error::Knowledge("the facts differ".into())),
        "" => {
            let fault = Violation::new("lines", Reason::MissingField, "at least one line");
            return Err(InputError::one(fault).into());
        }
        _ => {}
    }
    let on = claim
        .lines
        .first()
        .and_then(|line| ServiceDate::parse(&line.date_of_service));
    let Some(on) = on else {
        let faults =
            (0..200).map(|at| Violation::new(format!("lines[{at}].date_of_service"), Reason::NotIsoDate, "a date"));
        let mut violations: Vec<Violation> = claim.misread.clone();
        violations.extend(faults);
        return Err(InputError { violations }.into());
    };
    let line = LineRef {
        claim_id: None,
        line: "1".into(),
        code: code.to_owned().into(),
    };
    let mut lines = vec![line.clone()];
    lines.extend(set.iter().map(|at| LineRef {
        claim_id: claims[*at].claim_id.clone(),
        ..line.clone()
    }));
    let modifier = Modifier::parse("59").unwrap();
    let mut layers = [LayerVerdict {
        verdict: Verdict::Pass,
        unchecked: None,
    }; Layer::ALL.len()];
    layers[3].verdict = Verdict::Fail;
    layers[7] = LayerVerdict {
        verdict: Verdict::NotChecked,
        unchecked: Some(Unchecked::NoHistory),
    };
    let all = vec![
        Change::DropLine { line: line.clone() },
        Change::AddModifier {
            line: line.clone(),
            modifier,
        },
        Change::DropModifier {
            line: line.clone(),
            modifier,
        },
        Change::MoveModifier {
            line: line.clone(),
            modifier,
            to: line.clone(),
        },
        Change::SetUnits {
            line: line.clone(),
            units: 3,
        },
        Change::ReplaceCode {
            line: line.clone(),
            code: Code::parse("64494").unwrap(),
        },
        Change::AddLine {
            code: Code::parse("64493").unwrap(),
            units: 1,
            modifiers: vec![modifier],
            date_of_service: on,
        },
    ];
    Ok(EditReport {
        claim_id: claim.claim_id.clone(),
        setting: "professional".into(),
        verdict: Verdict::Fail,
        lines: vec![LineVerdicts {
            line: "1".into(),
            code: code.to_owned().into(),
            left_out: Some("denied".into()),
            layers,
        }],
        findings: vec![Finding {
            rule: "PTP-001".into(),
            name: "pair-never-both".into(),
            layer: Layer::Ptp,
            severity: Severity::Error,
            verdict: Verdict::Fail,
            lines,
            args: [("column1".into(), "62323".into())].into(),
            modifier: Some(modifier),
            adjustment: Some(Adjustment {
                group: "CO".into(),
                carc: "236".into(),
                rarc: vec!["M15".into()],
            }),
            rows: vec!["ptp:1".into()],
            citations: vec!["PTP".into()],
            confidence: "high".into(),
            nearest_edition: options.nearest_quarter,
        }],
        repairs: vec![Repair {
            changes: all,
            meaning: vec!["service_dropped".into()],
            if_documented: vec!["distinct_service".into()],
            settles: vec!["PTP-001".into()],
        }],
        questions: vec![Question {
            path: "case.procedures[0].guidance".into(),
            procedure: "p1".into(),
            fact: "guidance".into(),
            text: "Which guidance was used?".into(),
            values: vec!["none".into()],
        }],
        left_out: [("denied".into(), 1)].into(),
        notices: vec![Notice {
            reason: "unmapped_payer".into(),
            subject: None,
            args: [].into(),
        }],
        knowledge: Knowledge {
            engine: "0.1.0".into(),
            facts: "ab12".into(),
            release: options.release.clone().map(Into::into),
            profile: options.payer.clone().or(claim.payer.clone()).unwrap_or_default().into(),
            profile_hash: "cd34".into(),
            overlay: None,
            as_of: options.as_of.as_deref().and_then(ServiceDate::parse),
        },
    })
}

fn every_option() -> Vec<EditOptions> {
    vec![
        EditOptions::default(),
        EditOptions {
            payer: Some("cpt".into()),
            as_of: Some("2023-01-01".into()),
            release: Some("r1".into()),
            alone: true,
            repair: true,
            nearest_quarter: true,
        },
    ]
}

#[test]
fn remote_reports_are_those_in_process() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(&server.url).unwrap();
    let mut bad = claim("bad", Some("p1"), "64493");
    bad.lines[0].date_of_service = "March".into();
    bad.misread = vec![Violation::new("linez", Reason::UnknownKey, "lines")];
    let few = [
        claim("a", Some("p1"), "64493"),
        bad,
        claim("b", None, "64494"),
        claim("c", Some("p1"), "64495"),
        claim("d", Some("p2"), "KNOWL"),
        RawClaim::default(),
    ];
    for options in every_option() {
        assert_eq!(remote.edit(&few, &options), Fake.edit(&few, &options));
        for one in &few {
            let one = std::slice::from_ref(one);
            assert_eq!(remote.edit(one, &options), Fake.edit(one, &options));
        }
    }
    assert_eq!(remote.edit(&[], &EditOptions::default()), []);
}

#[test]
fn many_claims_go_over_one_stream_and_persons_stay_together() {
    let server = Running::start(ServerConfig::default());
    let remote = RemoteEngine::connect(&server.url).unwrap();
    // Claims of a person lie far apart; one in three names no person.
    let many: Vec<RawClaim> = (0..1000)
        .map(|at| {
            let person = format!("p{}", at % 301);
            claim(&at.to_string(), (at % 3 > 0).then_some(&person), "64493")
        })
        .collect();
    for options in every_option() {
        let (far, near) = (remote.edit(&many, &options), Fake.edit(&many, &options));
        for (at, (far, near)) in far.iter().zip(&near).enumerate() {
            assert_eq!(far, near, "{at}");
        }
    }
}

#[test]
fn a_set_too_large_is_refused_and_the_rest_go_on() {
    let server = Running::start(ServerConfig {
        max_message_bytes: 64 * 1024,
        ..ServerConfig::default()
    });
    let remote = RemoteEngine::connect(&server.url).unwrap();
    let mut many: Vec<RawClaim> = (0..300).map(|at| claim(&at.to_string(), None, "64493")).collect();
    for at in [0, 150, 299] {
        many[at].diagnoses = vec!["x".repeat(2_000_000)];
    }
    let options = EditOptions::default();
    let near = Fake.edit(&many, &options);
    for (at, (far, near)) in remote.edit(&many, &options).iter().zip(&near).enumerate() {
        match at {
            0 | 150 | 299 => assert!(
                far.as_ref().is_err_and(|error| error.to_string().contains("too large")),
                "{at}"
            ),
            _ => assert_eq!(far, near, "{at}"),
        }
    }
}

#[tokio::test]
async fn a_panic_spoils_its_own_claims_only() {
    let server = Running::start(ServerConfig::default());
    let mut client = EditServiceClient::new(channel(&server).await);
    let set = |id: &str, codes: &[&str]| EditClaimsStreamRequest {
        request_id: id.to_owned(),
        claims: codes.iter().map(|code| (&claim(code, None, code)).into()).collect(),
        include_canonical_json: true,
        ..EditClaimsStreamRequest::default()
    };
    let sent = vec![
        set("one", &["64493", "64494"]),
        set("two", &["PANIC"]),
        set("none", &[]),
        set("three", &["KNOWL"]),
    ];
    let stream = client
        .edit_claims_stream(tokio_stream::iter(sent))
        .await
        .unwrap()
        .into_inner();
    let answers: Vec<_> = stream.map(Result::unwrap).collect().await;
    let told: Vec<(&str, Vec<i32>)> = answers
        .iter()
        .map(|answer| {
            let codes = answer.results.iter().map(|result| match &result.result {
                Some(Outcome::Error(error)) => error.code,
                Some(Outcome::Report(_)) => 0,
                None => -1,
            });
            (answer.request_id.as_str(), codes.collect())
        })
        .collect();
    let internal = i32::from(Status::Internal);
    let failed = i32::from(Status::FailedPrecondition);
    assert_eq!(
        told,
        [
            ("one", vec![0, 0]),
            ("two", vec![internal]),
            ("none", vec![]),
            ("three", vec![failed])
        ]
    );
    let near = Fake.edit(&[claim("64493", None, "64493")], &EditOptions::default());
    assert_eq!(
        answers[0].results[0].canonical_json,
        Some(near[0].as_ref().unwrap().canonical_json())
    );
    assert_eq!(answers[1].results[0].canonical_json, None);
}

#[tokio::test]
async fn too_many_claims_are_a_violation_of_their_set() {
    let server = Running::start(ServerConfig {
        max_bulk_items: 10,
        ..ServerConfig::default()
    });
    let mut client = EditServiceClient::new(channel(&server).await);
    let claims = |count: usize| (0..count).map(|_| (&claim("a", None, "64493")).into()).collect();
    let call = |count| EditClaimsRequest {
        claims: claims(count),
        ..EditClaimsRequest::default()
    };
    assert!(client.edit_claims(call(10)).await.is_ok());
    let status = client.edit_claims(call(11)).await.unwrap_err();
    assert_eq!(reason(&status), "ERROR_REASON_TOO_MANY");

    let sent = [11, 2].map(|count| EditClaimsStreamRequest {
        claims: claims(count),
        ..EditClaimsStreamRequest::default()
    });
    let stream = client
        .edit_claims_stream(tokio_stream::iter(sent))
        .await
        .unwrap()
        .into_inner();
    let answers: Vec<_> = stream.map(Result::unwrap).collect().await;
    assert_eq!(
        answers[0].error.as_ref().map(|error| error.code),
        Some(Status::InvalidArgument.into())
    );
    assert!(answers[0].results.is_empty());
    assert_eq!((answers[1].error.as_ref(), answers[1].results.len()), (None, 2));
}

#[tokio::test]
async fn a_call_past_the_deadline_ends() {
    let server = Running::start(ServerConfig {
        request_deadline: Duration::from_millis(50),
        inline_bytes: 0,
        ..ServerConfig::default()
    });
    let mut client = EditServiceClient::new(channel(&server).await);
    let slow = EditClaimsRequest {
        claims: vec![(&claim("slow", None, "SLOW1")).into()],
        ..EditClaimsRequest::default()
    };
    let status = client.edit_claims(slow).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status)),
        (Status::DeadlineExceeded, "ERROR_REASON_DEADLINE".to_owned())
    );
}

#[test]
fn the_remote_engine_keeps_its_own_deadline() {
    let server = Running::start(ServerConfig::default());
    let options = RemoteOptions {
        deadline: Duration::from_millis(50),
        ..RemoteOptions::default()
    };
    let remote = RemoteEngine::connect_with(&server.url, &options).unwrap();
    for claims in [1, 200] {
        let slow: Vec<RawClaim> = (0..claims).map(|_| claim("slow", None, "SLOW1")).collect();
        for report in remote.edit(&slow, &EditOptions::default()) {
            assert_eq!(report.unwrap_err().to_string(), "transport: no answer within 50 ms");
        }
    }
}

#[tokio::test]
async fn sentences_come_when_asked_for_and_are_the_cores() {
    let server = Running::start(ServerConfig::default());
    let mut client = EditServiceClient::new(channel(&server).await);
    let one = claim("a", None, "64493");
    let near = Fake.edit(std::slice::from_ref(&one), &EditOptions::default());
    let near = near[0].as_ref().unwrap();
    for asked in [true, false] {
        let request = EditClaimsRequest {
            claims: vec![(&one).into()],
            options: Some(v1::EditOptions {
                include_messages: asked,
                ..v1::EditOptions::default()
            }),
            include_canonical_json: true,
        };
        let result = client
            .edit_claims(request)
            .await
            .unwrap()
            .into_inner()
            .results
            .remove(0);
        assert_eq!(result.canonical_json, Some(near.canonical_json()));
        let Some(Outcome::Report(report)) = result.result else {
            panic!("a report")
        };
        assert_eq!(
            report.findings[0].message,
            asked.then(|| edit_text::finding(&near.findings[0]))
        );
        assert_eq!(
            report.repairs[0].message,
            asked.then(|| edit_text::repair(&near.repairs[0]))
        );
        assert_eq!(report.notices[0].message.is_some(), asked);
    }
}
