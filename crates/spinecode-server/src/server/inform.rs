//! InfoService.

use std::sync::Arc;

use spinecode_engine::Engine;
use spinecode_proto::v1::info_service_server::InfoService;
use spinecode_proto::v1::{GetRuleRequest, GetRuleResponse, GetServerInfoRequest, GetServerInfoResponse, ServerLimits};
use tonic::{Request, Response, Status};

use super::ServerConfig;
use crate::{info, status};

/// Tells what the engine is.
pub(super) struct Inform {
    engine: Arc<dyn Engine>,
    limits: ServerLimits,
}

impl Inform {
    pub(super) fn new(engine: Arc<dyn Engine>, config: &ServerConfig) -> Self {
        let whole = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Self {
            engine,
            limits: ServerLimits {
                max_message_bytes: whole(config.max_message_bytes),
                max_bulk_items: whole(config.max_bulk_items),
                request_deadline_millis: u64::try_from(config.request_deadline.as_millis()).unwrap_or(u64::MAX),
            },
        }
    }
}

#[tonic::async_trait]
impl InfoService for Inform {
    async fn get_server_info(
        &self,
        _request: Request<GetServerInfoRequest>,
    ) -> Result<Response<GetServerInfoResponse>, Status> {
        let told = self
            .engine
            .info()
            .map_err(|error| status::of_error_in_trailers(&error))?;
        Ok(Response::new(info::write_info(told, self.limits)))
    }

    async fn get_rule(&self, request: Request<GetRuleRequest>) -> Result<Response<GetRuleResponse>, Status> {
        let rule = self
            .engine
            .rule(&request.get_ref().rule_id)
            .map_err(|error| status::of_error_in_trailers(&error))?;
        Ok(Response::new(GetRuleResponse {
            rule: Some(info::write_rule(rule)),
        }))
    }
}
