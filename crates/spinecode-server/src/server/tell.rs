//! LookupService.

use std::collections::BTreeSet;
use std::sync::Arc;

use spinecode_core::lookup::{Coverage, lookup_account};
use spinecode_core::{InputError, Reason, Violation};
use spinecode_engine::{Engine, Error, LookupOptions};
use spinecode_proto::google::r#type::Date;
use spinecode_proto::iso_text;
use spinecode_proto::v1::lookup_service_server::LookupService;
use spinecode_proto::v1::{
    LintFactsRequest, LintFactsResponse, ListCoverageRequest, ListCoverageResponse, LookUpCodeRequest,
    LookUpCodeResponse,
};
use tonic::{Request, Response, Status};

use crate::status;

/// Most codes in one page of the coverage.
const PAGE: usize = 200;

/// Tells what is known.
pub(super) struct Tell {
    engine: Arc<dyn Engine>,
}

impl Tell {
    pub(super) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    /// Asks off the async threads: the whole coverage and lint take longer than a case.
    async fn apart<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Engine) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Status> {
        let engine = Arc::clone(&self.engine);
        match tokio::task::spawn_blocking(move || ask(engine.as_ref())).await {
            Ok(told) => told.map_err(|error| status::of_error_in_trailers(&error)),
            Err(_) => Err(status::in_trailers(status::internal())),
        }
    }
}

fn asked(on: (Option<Date>, Option<String>), as_of: (Option<Date>, Option<String>)) -> LookupOptions {
    let text = |(date, text): (Option<Date>, Option<String>)| date.as_ref().map(iso_text).or(text);
    LookupOptions {
        on: text(on),
        as_of: text(as_of),
    }
}

#[tonic::async_trait]
impl LookupService for Tell {
    async fn look_up_code(&self, request: Request<LookUpCodeRequest>) -> Result<Response<LookUpCodeResponse>, Status> {
        let request = request.into_inner();
        let options = asked(
            (request.on_date, request.on_text),
            (request.as_of_date, request.as_of_text),
        );
        let code = request.code;
        let answer = self.apart(move |engine| engine.lookup(&code, &options)).await?;
        Ok(Response::new(LookUpCodeResponse {
            canonical_json: request.include_canonical_json.then(|| answer.canonical_json()),
            text: request.include_text.then(|| lookup_account(&answer)),
            lookup: Some(answer.into()),
        }))
    }

    async fn list_coverage(
        &self,
        request: Request<ListCoverageRequest>,
    ) -> Result<Response<ListCoverageResponse>, Status> {
        let request = request.into_inner();
        let options = asked(
            (request.on_date, request.on_text),
            (request.as_of_date, request.as_of_text),
        );
        let code = request.code;
        let answer = self
            .apart(move |engine| engine.coverage(code.as_deref(), &options))
            .await?;
        let (page, next) = page(answer, request.page_size, &request.page_token)
            .map_err(|error| status::of_error_in_trailers(&error))?;
        Ok(Response::new(ListCoverageResponse {
            canonical_json: request.include_canonical_json.then(|| page.canonical_json()),
            coverage: Some(page.into()),
            next_page_token: next,
        }))
    }

    async fn lint_facts(&self, request: Request<LintFactsRequest>) -> Result<Response<LintFactsResponse>, Status> {
        let report = self.apart(|engine| engine.lint()).await?;
        Ok(Response::new(LintFactsResponse {
            canonical_json: request
                .get_ref()
                .include_canonical_json
                .then(|| report.canonical_json()),
            report: Some(report.into()),
        }))
    }
}

/// The codes of one page with the sources they name, and the token of the next.
fn page(mut all: Coverage, size: u32, token: &str) -> Result<(Coverage, String), Error> {
    let from = match token {
        "" => 0,
        token => token
            .parse::<usize>()
            .ok()
            .filter(|from| *from < all.codes.len())
            .ok_or_else(|| {
                let expected = "`next_page_token` of the answer before";
                Error::Input(InputError::one(Violation::new(
                    "page_token",
                    Reason::UnknownValue,
                    expected,
                )))
            })?,
    };
    let size = match usize::try_from(size) {
        Ok(size @ 1..=PAGE) => size,
        _ => PAGE,
    };
    let left = all.codes.len().saturating_sub(from);
    let next = if left > size {
        (from + size).to_string()
    } else {
        String::new()
    };
    all.codes = all.codes.into_iter().skip(from).take(size).collect();
    let tables = all
        .codes
        .iter()
        .flat_map(|code| &code.layers)
        .flat_map(|layer| &layer.tables);
    let named: BTreeSet<&str> = tables.flat_map(|table| &table.citations).map(AsRef::as_ref).collect();
    all.citations.retain(|one| named.contains(one.id.as_ref()));
    Ok((all, next))
}
