//! ExplainService.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use spinecode_core::RawCase;
use spinecode_core::explain::Canonical;
use spinecode_engine::{Engine, Error, Options};
use spinecode_proto::v1::explain_service_server::ExplainService;
use spinecode_proto::v1::{
    Case, CompareChangesRequest, CompareChangesResponse, CompareErasRequest, CompareErasResponse, ExplainCaseRequest,
    ExplainCaseResponse, ExplainMissingCodeRequest, ExplainMissingCodeResponse, RequestOptions,
};
use tonic::{Request, Response, Status};

use super::coding::{Coding, read};
use crate::status;

/// Explains with the engine of the coding service, within the same limits.
pub(super) struct Explain(pub(super) Arc<Coding>);

impl Explain {
    /// Asks the engine off the async threads: an explanation is many evaluations.
    async fn ask<T: Canonical + Send + 'static>(
        &self,
        case: Option<Case>,
        options: Option<RequestOptions>,
        canonical: bool,
        ask: impl FnOnce(&dyn Engine, &RawCase, &Options) -> Result<T, Error> + Send + 'static,
    ) -> Result<(T, Option<String>), Status> {
        let permit = self.0.permit()?;
        let engine = self.0.engine();
        let told = self.0.apart(permit, move |_| {
            let (case, options) = read(case, options.as_ref());
            catch_unwind(AssertUnwindSafe(|| ask(&*engine, &case, &options)))
        });
        match told.await? {
            Ok(Ok(told)) => {
                let canonical = canonical.then(|| told.canonical_json());
                Ok((told, canonical))
            }
            Ok(Err(error)) => Err(status::of_error_in_trailers(&error)),
            Err(_) => Err(status::in_trailers(status::internal())),
        }
    }
}

#[tonic::async_trait]
impl ExplainService for Explain {
    async fn explain_case(
        &self,
        request: Request<ExplainCaseRequest>,
    ) -> Result<Response<ExplainCaseResponse>, Status> {
        let asked = request.into_inner();
        let explain = |engine: &dyn Engine, case: &RawCase, options: &Options| engine.explain(case, options);
        let (told, canonical_json) = self
            .ask(asked.case, asked.options, asked.include_canonical_json, explain)
            .await?;
        Ok(Response::new(ExplainCaseResponse {
            explained: Some(told.into()),
            canonical_json,
        }))
    }

    async fn explain_missing_code(
        &self,
        request: Request<ExplainMissingCodeRequest>,
    ) -> Result<Response<ExplainMissingCodeResponse>, Status> {
        let asked = request.into_inner();
        let code = asked.code;
        let why = move |engine: &dyn Engine, case: &RawCase, options: &Options| engine.why_not(case, &code, options);
        let (told, canonical_json) = self
            .ask(asked.case, asked.options, asked.include_canonical_json, why)
            .await?;
        Ok(Response::new(ExplainMissingCodeResponse {
            why_not: Some(told.into()),
            canonical_json,
        }))
    }

    async fn compare_changes(
        &self,
        request: Request<CompareChangesRequest>,
    ) -> Result<Response<CompareChangesResponse>, Status> {
        let asked = request.into_inner();
        let changes = asked.changes;
        let what_if =
            move |engine: &dyn Engine, case: &RawCase, options: &Options| engine.what_if(case, &changes, options);
        let (told, canonical_json) = self
            .ask(asked.case, asked.options, asked.include_canonical_json, what_if)
            .await?;
        Ok(Response::new(CompareChangesResponse {
            what_if: Some(told.into()),
            canonical_json,
        }))
    }

    async fn compare_eras(
        &self,
        request: Request<CompareErasRequest>,
    ) -> Result<Response<CompareErasResponse>, Status> {
        let asked = request.into_inner();
        let eras = |engine: &dyn Engine, case: &RawCase, options: &Options| engine.eras(case, options);
        let (told, canonical_json) = self
            .ask(asked.case, asked.options, asked.include_canonical_json, eras)
            .await?;
        Ok(Response::new(CompareErasResponse {
            eras: Some(told.into()),
            canonical_json,
        }))
    }
}
