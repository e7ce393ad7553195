//! DrawingService.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use spinecode_proto::v1::drawing_service_server::DrawingService;
use spinecode_proto::v1::{DrawCaseRequest, DrawCaseResponse};
use tonic::{Request, Response, Status};

use super::coding::{Coding, read};
use crate::status;

/// Draws with the engine of the coding service, within the same limits.
pub(super) struct Draw(pub(super) Arc<Coding>);

#[tonic::async_trait]
impl DrawingService for Draw {
    async fn draw_case(&self, request: Request<DrawCaseRequest>) -> Result<Response<DrawCaseResponse>, Status> {
        let permit = self.0.permit()?;
        let engine = self.0.engine();
        let asked = request.into_inner();
        let drawn = self.0.apart(permit, move |_| {
            let (case, options) = read(asked.case, asked.options.as_ref());
            catch_unwind(AssertUnwindSafe(|| engine.draw(&case, &options)))
        });
        match drawn.await? {
            Ok(Ok(svg)) => Ok(Response::new(DrawCaseResponse { svg })),
            Ok(Err(error)) => Err(status::of_error_in_trailers(&error)),
            Err(_) => Err(status::in_trailers(status::internal())),
        }
    }
}
