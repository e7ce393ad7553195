//! EditService.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::stream::BoxStream;
use prost::Message;
use spinecode_core::edit::claim::{RawClaim, sets};
use spinecode_core::edit::report::EditReport;
use spinecode_core::edit::text as edit_text;
use spinecode_core::{InputError, Reason, Violation, text};
use spinecode_engine::{EditOptions, Engine, Error};
use spinecode_proto::google::rpc;
use spinecode_proto::v1::edit_claim_result::Result as Outcome;
use spinecode_proto::v1::edit_service_server::EditService;
use spinecode_proto::v1::{
    self, Claim, EditClaimResult, EditClaimsRequest, EditClaimsResponse, EditClaimsStreamRequest,
    EditClaimsStreamResponse,
};
use tonic::{Request, Response, Status, Streaming};

use super::coding::Coding;
use super::stream::GO;
use crate::{options, status};

/// Edits with the engine of the coding service, within the same limits.
pub(super) struct Edit(pub(super) Arc<Coding>);

/// What a result carries beside its report.
#[derive(Clone, Copy)]
struct Form {
    canonical: bool,
    messages: bool,
}

impl Form {
    fn of(canonical: bool, options: Option<&v1::EditOptions>) -> Self {
        Self {
            canonical,
            messages: options.is_some_and(|options| options.include_messages),
        }
    }

    fn write(self, report: EditReport) -> EditClaimResult {
        let canonical_json = self.canonical.then(|| report.canonical_json());
        let findings: Vec<String> = self.said(&report.findings, edit_text::finding);
        let repairs: Vec<String> = self.said(&report.repairs, edit_text::repair);
        let notices: Vec<String> = self.said(&report.notices, text::notice);
        let mut wire = v1::EditReport::from(report);
        for (one, message) in wire.findings.iter_mut().zip(findings) {
            one.message = Some(message);
        }
        for (one, message) in wire.repairs.iter_mut().zip(repairs) {
            one.message = Some(message);
        }
        for (one, message) in wire.notices.iter_mut().zip(notices) {
            one.message = Some(message);
        }
        EditClaimResult {
            result: Some(Outcome::Report(wire)),
            canonical_json,
        }
    }

    /// The core's sentences, where they are asked for.
    fn said<T>(self, all: &[T], sentence: impl Fn(&T) -> String) -> Vec<String> {
        all.iter().filter(|_| self.messages).map(sentence).collect()
    }
}

fn failed(error: rpc::Status) -> EditClaimResult {
    EditClaimResult {
        result: Some(Outcome::Error(error)),
        canonical_json: None,
    }
}

/// Why a set is refused whole.
fn too_many(count: usize, most: usize) -> Option<Error> {
    (count > most).then(|| {
        let fault = Violation::new("claims", Reason::TooMany, format!("at most {most} claims"));
        Error::Input(InputError::one(fault))
    })
}

/// Edits claims that are judged together; one result a claim. Sets that do not touch each other go to the engine a few at a
/// time, so that a call given up is noticed between them.
fn edit(
    engine: &dyn Engine,
    claims: Vec<Claim>,
    wire: Option<&v1::EditOptions>,
    form: Form,
    given_up: &dyn Fn() -> bool,
) -> Vec<EditClaimResult> {
    let count = claims.len();
    let mut results: Vec<Option<EditClaimResult>> = vec![None; count];
    let mut claims: Vec<RawClaim> = claims.into_iter().map(RawClaim::from).collect();
    let options = options::read_edit(wire);
    let mut sets = sets(&claims, options.alone).into_iter().peekable();
    while sets.peek().is_some() && !given_up() {
        let mut places: Vec<usize> = Vec::new();
        while let Some(set) = sets.next_if(|set| places.is_empty() || places.len() + set.len() <= GO) {
            places.extend(set);
        }
        // In the order of the claims, so that engines see them as one call would show them.
        places.sort_unstable();
        let go: Vec<RawClaim> = places
            .iter()
            .filter_map(|at| claims.get_mut(*at).map(std::mem::take))
            .collect();
        for (at, result) in places.iter().zip(edit_go(engine, &go, &options, form)) {
            if let Some(place) = results.get_mut(*at) {
                *place = Some(result);
            }
        }
    }
    results
        .into_iter()
        .map(|result| result.unwrap_or_else(|| failed(status::internal())))
        .collect()
}

fn edit_go(engine: &dyn Engine, claims: &[RawClaim], options: &EditOptions, form: Form) -> Vec<EditClaimResult> {
    let reports = catch_unwind(AssertUnwindSafe(|| engine.edit(claims, options)));
    match reports.ok().filter(|reports| reports.len() == claims.len()) {
        Some(reports) => reports
            .into_iter()
            .map(|report| match report {
                Ok(report) => form.write(report),
                Err(error) => failed(status::of_error(&error)),
            })
            .collect(),
        None => claims.iter().map(|_| failed(status::internal())).collect(),
    }
}

#[tonic::async_trait]
impl EditService for Edit {
    async fn edit_claims(&self, request: Request<EditClaimsRequest>) -> Result<Response<EditClaimsResponse>, Status> {
        let permit = self.0.permit()?;
        let request = request.into_inner();
        if let Some(error) = too_many(request.claims.len(), self.0.max_items()) {
            return Err(status::of_error_in_trailers(&error));
        }
        let form = Form::of(request.include_canonical_json, request.options.as_ref());
        if request.encoded_len() <= self.0.inline_bytes() && !request.options.as_ref().is_some_and(|all| all.repair) {
            // As for a small case: another thread would take longer to hand it to than the claim takes.
            let results = edit(
                &*self.0.engine(),
                request.claims,
                request.options.as_ref(),
                form,
                &|| false,
            );
            return Ok(Response::new(EditClaimsResponse { results }));
        }
        let engine = self.0.engine();
        let work = self.0.apart(permit, move |given_up| {
            let given_up = || given_up.load(Ordering::Relaxed);
            edit(&*engine, request.claims, request.options.as_ref(), form, &given_up)
        });
        let results = Box::pin(work).await?;
        Ok(Response::new(EditClaimsResponse { results }))
    }

    type EditClaimsStreamStream = BoxStream<'static, Result<EditClaimsStreamResponse, Status>>;

    async fn edit_claims_stream(
        &self,
        request: Request<Streaming<EditClaimsStreamRequest>>,
    ) -> Result<Response<Self::EditClaimsStreamStream>, Status> {
        let most = self.0.max_items();
        self.0.stream(request.into_inner(), move |engine, sets| {
            sets.into_iter().map(|set| edit_set(engine, set, most)).collect()
        })
    }
}

/// Answers one set of a stream.
fn edit_set(engine: &dyn Engine, set: EditClaimsStreamRequest, most: usize) -> EditClaimsStreamResponse {
    let request_id = set.request_id;
    if let Some(error) = too_many(set.claims.len(), most) {
        return EditClaimsStreamResponse {
            request_id,
            results: Vec::new(),
            error: Some(status::of_error(&error)),
        };
    }
    let form = Form::of(set.include_canonical_json, set.options.as_ref());
    EditClaimsStreamResponse {
        request_id,
        results: edit(engine, set.claims, set.options.as_ref(), form, &|| false),
        error: None,
    }
}
