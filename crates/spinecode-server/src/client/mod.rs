//! Asking a server: async, and as a blocking engine.

mod connect;
mod edit;
mod remote;

use std::future::Future;
use std::time::Duration;

use spinecode_core::explain::{Eras, Explained, WhatIf, WhyNot};
use spinecode_core::{CodedCase, RawCase};
use spinecode_engine::{Coverage, EngineInfo, Error, LintReport, Lookup, LookupOptions, Options, RuleInfo};
use spinecode_proto::v1::code_case_result::Result as Outcome;
use spinecode_proto::v1::coding_service_client::CodingServiceClient;
use spinecode_proto::v1::drawing_service_client::DrawingServiceClient;
use spinecode_proto::v1::edit_service_client::EditServiceClient;
use spinecode_proto::v1::explain_service_client::ExplainServiceClient;
use spinecode_proto::v1::info_service_client::InfoServiceClient;
use spinecode_proto::v1::lookup_service_client::LookupServiceClient;
use spinecode_proto::v1::{
    CodeCaseRequest, CodeCaseResult, CodeCaseStreamRequest, CodeCasesRequest, CompareChangesRequest,
    CompareErasRequest, DrawCaseRequest, ExplainCaseRequest, ExplainMissingCodeRequest, GetRuleRequest,
    GetServerInfoRequest, LintFactsRequest, ListCoverageRequest, LookUpCodeRequest,
};
use spinecode_proto::wire_date_of_text;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

pub use connect::RemoteOptions;
pub use remote::RemoteEngine;

use crate::status::{self, Told};
use crate::{info, options};

/// Requests of a stream that wait to be sent.
const WAITING: usize = 64;
/// Largest answer taken, in bytes. Answers are as large as their traces; the server's limit is on requests.
const MAX_ANSWER_BYTES: usize = 256 * 1024 * 1024;

/// Asks a server from async code. Cheap to clone; clones share one connection.
#[derive(Clone, Debug)]
pub struct CodingClient {
    coding: CodingServiceClient<Channel>,
    drawing: DrawingServiceClient<Channel>,
    edit: EditServiceClient<Channel>,
    explain: ExplainServiceClient<Channel>,
    info: InfoServiceClient<Channel>,
    lookup: LookupServiceClient<Channel>,
    deadline: Duration,
}

impl CodingClient {
    /// Connects; `http://` is plain text, `https://` is TLS, neither means plain text.
    pub async fn connect(url: &str, options: &RemoteOptions) -> Result<Self, Error> {
        let channel = connect::channel(url, options).await?;
        let mut coding = CodingServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES);
        let mut drawing = DrawingServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES);
        let mut edit = EditServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES);
        let mut explain = ExplainServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES);
        let mut info = InfoServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES);
        let mut lookup = LookupServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES);
        if options.compress {
            coding = coding
                .send_compressed(CompressionEncoding::Gzip)
                .accept_compressed(CompressionEncoding::Gzip);
            drawing = drawing.accept_compressed(CompressionEncoding::Gzip);
            edit = edit
                .send_compressed(CompressionEncoding::Gzip)
                .accept_compressed(CompressionEncoding::Gzip);
            explain = explain.accept_compressed(CompressionEncoding::Gzip);
            info = info.accept_compressed(CompressionEncoding::Gzip);
            lookup = lookup.accept_compressed(CompressionEncoding::Gzip);
        }
        Ok(Self {
            coding,
            drawing,
            edit,
            explain,
            info,
            lookup,
            deadline: options.deadline,
        })
    }

    /// Codes one case.
    pub async fn code(&self, case: &RawCase, asked: &Options) -> Result<CodedCase, Error> {
        let request = CodeCaseRequest {
            case: Some(case.into()),
            options: Some(options::write(asked)),
            include_canonical_json: false,
        };
        let mut client = self.coding.clone();
        match self.within(client.code_case(self.request(request))).await {
            Ok(response) => response.into_inner().try_into().map_err(unreadable),
            Err(Told::All(error)) => Err(error),
            // The items of a bulk call carry their statuses in the body, which has room for all violations.
            Err(Told::Part(part)) => match self.code_in_bulk(case, asked).await {
                Err(Error::Input(whole)) => Err(Error::Input(whole)),
                _ => Err(part),
            },
        }
    }

    async fn code_in_bulk(&self, case: &RawCase, asked: &Options) -> Result<CodedCase, Error> {
        let request = CodeCasesRequest {
            cases: vec![case.into()],
            options: Some(options::write(asked)),
            include_canonical_json: false,
        };
        let mut client = self.coding.clone();
        let response = self.within(client.code_cases(self.request(request))).await;
        let results = response.map_err(Told::error)?.into_inner().results;
        match results.into_iter().next() {
            Some(result) => read_result(result),
            None => Err(unreadable("no result")),
        }
    }

    /// Codes many over one stream; each answer or error in its place. At most a few dozen requests are under way.
    pub async fn code_many(&self, cases: &[RawCase], asked: &Options) -> Vec<Result<CodedCase, Error>> {
        let mut answers = Vec::with_capacity(cases.len());
        while let Some(rest) = cases.get(answers.len()..).filter(|rest| !rest.is_empty()) {
            let Err(ended) = self.stream(rest, asked, &mut answers).await else {
                break;
            };
            let Some(at_fault) = cases.get(answers.len()) else {
                break;
            };
            match ended {
                // A request too large for the server ends the stream. It is asked alone, and the rest go on.
                Ended::Status(Code::OutOfRange | Code::ResourceExhausted, _) => {
                    answers.push(self.code(at_fault, asked).await);
                }
                Ended::Status(_, error) | Ended::Broken(error) => {
                    answers.resize(cases.len(), Err(error));
                }
            }
        }
        answers.truncate(cases.len());
        answers
    }

    /// Streams cases and adds their answers. An `Err` tells why the stream ended before the last of them.
    async fn stream(
        &self,
        cases: &[RawCase],
        asked: &Options,
        answers: &mut Vec<Result<CodedCase, Error>>,
    ) -> Result<(), Ended> {
        let (requests, waiting) = mpsc::channel(WAITING);
        let asked = options::write(asked);
        let feed = async move {
            for (at, case) in cases.iter().enumerate() {
                let request = CodeCaseStreamRequest {
                    request_id: at.to_string(),
                    case: Some(case.into()),
                    options: Some(asked.clone()),
                    include_canonical_json: false,
                };
                // The server has ended the stream; its status tells why.
                if requests.send(request).await.is_err() {
                    break;
                }
            }
            drop(requests);
            std::future::pending::<std::convert::Infallible>().await
        };
        let mut client = self.coding.clone();
        let collect = async {
            let opened = client.code_case_stream(ReceiverStream::new(waiting));
            let mut stream = self.in_time(opened).await?.into_inner();
            for at in 0..cases.len() {
                let Some(response) = self.in_time(stream.message()).await? else {
                    return Err(Ended::Broken(unreadable("the stream ended early")));
                };
                if response.request_id != at.to_string() {
                    return Err(Ended::Broken(unreadable("answers out of order")));
                }
                answers.push(match response.result {
                    Some(result) => read_result(result),
                    None => Err(unreadable("no result")),
                });
            }
            Ok(())
        };
        tokio::select! {
            biased;
            ended = collect => ended,
            never = feed => match never {},
        }
    }

    /// What is known of one code.
    pub async fn lookup(&self, code: &str, asked: &LookupOptions) -> Result<Lookup, Error> {
        let (on_date, on_text) = day(asked.on.as_deref());
        let (as_of_date, as_of_text) = day(asked.as_of.as_deref());
        let request = LookUpCodeRequest {
            code: code.to_owned(),
            on_date,
            on_text,
            as_of_date,
            as_of_text,
            ..LookUpCodeRequest::default()
        };
        let mut client = self.lookup.clone();
        let response = self.within(client.look_up_code(self.request(request))).await;
        match response.map_err(Told::error)?.into_inner().lookup {
            Some(answer) => answer.try_into().map_err(unreadable),
            None => Err(unreadable("no look-up")),
        }
    }

    /// Which layers hold data, page by page until the last.
    pub async fn coverage(&self, code: Option<&str>, asked: &LookupOptions) -> Result<Coverage, Error> {
        let (on_date, on_text) = day(asked.on.as_deref());
        let (as_of_date, as_of_text) = day(asked.as_of.as_deref());
        let mut whole: Option<Coverage> = None;
        let mut page_token = String::new();
        loop {
            let request = ListCoverageRequest {
                code: code.map(str::to_owned),
                on_date,
                on_text: on_text.clone(),
                as_of_date,
                as_of_text: as_of_text.clone(),
                page_token,
                ..ListCoverageRequest::default()
            };
            let mut client = self.lookup.clone();
            let response = self.within(client.list_coverage(self.request(request))).await;
            let response = response.map_err(Told::error)?.into_inner();
            let page: Coverage = match response.coverage {
                Some(page) => page.try_into().map_err(unreadable)?,
                None => return Err(unreadable("no coverage")),
            };
            let joined = match whole.take() {
                None => page,
                Some(mut joined) => {
                    joined.codes.extend(page.codes);
                    joined.citations.extend(page.citations);
                    joined
                }
            };
            if response.next_page_token.is_empty() {
                return Ok(tidied(joined));
            }
            page_token = response.next_page_token;
            whole = Some(joined);
        }
    }

    /// What the checks of the server's facts find.
    pub async fn lint(&self) -> Result<LintReport, Error> {
        let mut client = self.lookup.clone();
        let response = self
            .within(client.lint_facts(self.request(LintFactsRequest::default())))
            .await;
        match response.map_err(Told::error)?.into_inner().report {
            Some(report) => report.try_into().map_err(unreadable),
            None => Err(unreadable("no report")),
        }
    }

    /// Draws one case.
    pub async fn draw(&self, case: &RawCase, asked: &Options) -> Result<String, Error> {
        let request = DrawCaseRequest {
            case: Some(case.into()),
            options: Some(options::write(asked)),
        };
        let mut client = self.drawing.clone();
        match self.within(client.draw_case(self.request(request))).await {
            Ok(response) => Ok(response.into_inner().svg),
            Err(Told::All(error)) => Err(error),
            // Drawing judges as coding does, and a bulk call has room for all violations.
            Err(Told::Part(part)) => match self.code_in_bulk(case, asked).await {
                Err(Error::Input(whole)) => Err(Error::Input(whole)),
                _ => Err(part),
            },
        }
    }

    /// The whole tree of one answer.
    pub async fn explain(&self, case: &RawCase, asked: &Options) -> Result<Explained, Error> {
        let request = ExplainCaseRequest {
            case: Some(case.into()),
            options: Some(options::write(asked)),
            include_canonical_json: false,
        };
        let mut client = self.explain.clone();
        let response = self.within(client.explain_case(self.request(request))).await;
        let told = response.map_err(Told::error)?.into_inner().explained;
        told.ok_or_else(|| unreadable("no explanation"))?
            .try_into()
            .map_err(unreadable)
    }

    /// Why a code is not in the answer, and the smallest single change that would put it there.
    pub async fn why_not(&self, case: &RawCase, code: &str, asked: &Options) -> Result<WhyNot, Error> {
        let request = ExplainMissingCodeRequest {
            case: Some(case.into()),
            code: code.to_owned(),
            options: Some(options::write(asked)),
            include_canonical_json: false,
        };
        let mut client = self.explain.clone();
        let response = self.within(client.explain_missing_code(self.request(request))).await;
        let told = response.map_err(Told::error)?.into_inner().why_not;
        told.ok_or_else(|| unreadable("no explanation"))?
            .try_into()
            .map_err(unreadable)
    }

    /// The answer before and after changes, each written `FACT=VALUE`.
    pub async fn what_if(&self, case: &RawCase, changes: &[String], asked: &Options) -> Result<WhatIf, Error> {
        let request = CompareChangesRequest {
            case: Some(case.into()),
            changes: changes.to_vec(),
            options: Some(options::write(asked)),
            include_canonical_json: false,
        };
        let mut client = self.explain.clone();
        let response = self.within(client.compare_changes(self.request(request))).await;
        let told = response.map_err(Told::error)?.into_inner().what_if;
        told.ok_or_else(|| unreadable("no comparison"))?
            .try_into()
            .map_err(unreadable)
    }

    /// One case over all eras of the facts.
    pub async fn eras(&self, case: &RawCase, asked: &Options) -> Result<Eras, Error> {
        let request = CompareErasRequest {
            case: Some(case.into()),
            options: Some(options::write(asked)),
            include_canonical_json: false,
        };
        let mut client = self.explain.clone();
        let response = self.within(client.compare_eras(self.request(request))).await;
        let told = response.map_err(Told::error)?.into_inner().eras;
        told.ok_or_else(|| unreadable("no comparison"))?
            .try_into()
            .map_err(unreadable)
    }

    /// One rule.
    pub async fn rule(&self, id: &str) -> Result<RuleInfo, Error> {
        let request = GetRuleRequest { rule_id: id.to_owned() };
        let mut client = self.info.clone();
        let response = self.within(client.get_rule(self.request(request))).await;
        match response.map_err(Told::error)?.into_inner().rule {
            Some(rule) => Ok(info::read_rule(rule)),
            None => Err(unreadable("no rule")),
        }
    }

    /// What the server's engine is.
    pub async fn info(&self) -> Result<EngineInfo, Error> {
        let mut client = self.info.clone();
        let response = self
            .within(client.get_server_info(self.request(GetServerInfoRequest {})))
            .await;
        Ok(info::read_info(response.map_err(Told::error)?.into_inner()))
    }

    /// A request that tells the server how long we wait.
    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.deadline);
        request
    }

    async fn within<T>(&self, call: impl Future<Output = Result<T, Status>>) -> Result<T, Told> {
        match tokio::time::timeout(self.deadline, call).await {
            Ok(Ok(answer)) => Ok(answer),
            // The transport counts our own deadline too, and may be the first to notice.
            Ok(Err(status)) if status.code() == Code::Cancelled => Err(Told::All(self.too_late())),
            Ok(Err(status)) => Err(status::read(&status)),
            Err(_) => Err(Told::All(self.too_late())),
        }
    }

    async fn in_time<T>(&self, call: impl Future<Output = Result<T, Status>>) -> Result<T, Ended> {
        match tokio::time::timeout(self.deadline, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(status)) => Err(Ended::Status(status.code(), status::read(&status).error())),
            Err(_) => Err(Ended::Broken(self.too_late())),
        }
    }

    fn too_late(&self) -> Error {
        Error::Transport(format!("no answer within {} ms", self.deadline.as_millis()))
    }
}

/// Why a stream ended before its last answer.
enum Ended {
    Status(Code, Error),
    Broken(Error),
}

/// A date as it travels: as a date where it is one, else as the text that the server refuses.
fn day(text: Option<&str>) -> (Option<spinecode_proto::google::r#type::Date>, Option<String>) {
    match text.map(|text| (text, wire_date_of_text(text))) {
        None => (None, None),
        Some((_, Some(date))) => (Some(date), None),
        Some((text, None)) => (None, Some(text.to_owned())),
    }
}

/// The sources of all pages, each once, in order.
fn tidied(mut whole: Coverage) -> Coverage {
    whole.citations.sort_by(|a, b| a.id.cmp(&b.id));
    whole.citations.dedup_by(|a, b| a.id == b.id);
    whole
}

fn unreadable(what: impl ToString) -> Error {
    Error::Transport(format!("unexpected answer of the server: {}", what.to_string()))
}

fn read_result(result: CodeCaseResult) -> Result<CodedCase, Error> {
    match result.result {
        Some(Outcome::CodedCase(case)) => case.try_into().map_err(unreadable),
        Some(Outcome::Error(error)) => Err(status::read_item(&error)),
        None => Err(unreadable("neither an answer nor an error")),
    }
}
