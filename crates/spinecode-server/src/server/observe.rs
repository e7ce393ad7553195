//! Spans of calls: method, status code and time. Never a request, an answer, a header or an error's text.

use http::Request;
use tower_http::classify::{GrpcCode, GrpcErrorsAsFailures, SharedClassifier};
use tower_http::trace::{MakeSpan, TraceLayer};
use tracing::Span;

/// The layer round every call.
pub(super) type Layer =
    TraceLayer<SharedClassifier<GrpcErrorsAsFailures>, CallSpan, (), tower_http::trace::DefaultOnResponse, ()>;

pub(super) fn layer() -> Layer {
    // A caller's bad input is no failure of ours.
    let classifier = GrpcErrorsAsFailures::new()
        .with_success(GrpcCode::InvalidArgument)
        .with_success(GrpcCode::NotFound)
        .with_success(GrpcCode::Cancelled);
    TraceLayer::new(SharedClassifier::new(classifier))
        .make_span_with(CallSpan)
        .on_request(())
        .on_body_chunk(())
}

/// One span a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallSpan;

impl<B> MakeSpan<B> for CallSpan {
    fn make_span(&mut self, request: &Request<B>) -> Span {
        tracing::info_span!("call", method = method(request.uri().path()))
    }
}

/// The method when it is ours: a path is the caller's text, and any text could hold a name.
fn method(path: &str) -> &'static str {
    const METHODS: [&str; 18] = [
        "/spinecode.v1.CodingService/CodeCase",
        "/spinecode.v1.CodingService/CodeCases",
        "/spinecode.v1.CodingService/CodeCaseStream",
        "/spinecode.v1.DrawingService/DrawCase",
        "/spinecode.v1.EditService/EditClaims",
        "/spinecode.v1.EditService/EditClaimsStream",
        "/spinecode.v1.ExplainService/CompareChanges",
        "/spinecode.v1.ExplainService/CompareEras",
        "/spinecode.v1.ExplainService/ExplainCase",
        "/spinecode.v1.ExplainService/ExplainMissingCode",
        "/spinecode.v1.InfoService/GetServerInfo",
        "/spinecode.v1.InfoService/GetRule",
        "/spinecode.v1.LookupService/LintFacts",
        "/spinecode.v1.LookupService/ListCoverage",
        "/spinecode.v1.LookupService/LookUpCode",
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ];
    METHODS.into_iter().find(|known| *known == path).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_methods_are_named() {
        let known = "/spinecode.v1.CodingService/CodeCase";
        assert_eq!(method(known), known);
        assert_eq!(method("/spinecode.v1.CodingService/JohnDoe"), "unknown");
    }
}
