//! CodingService.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use prost::Message;
use spinecode_core::{CodedCase, InputError, RawCase, Reason, Violation, text};
use spinecode_engine::{Engine, Error, Options};
use spinecode_proto::google::rpc;
use spinecode_proto::v1::code_case_result::Result as Outcome;
use spinecode_proto::v1::coding_service_server::CodingService;
use spinecode_proto::v1::{
    self, Case, CodeCaseRequest, CodeCaseResponse, CodeCaseResult, CodeCaseStreamRequest, CodeCaseStreamResponse,
    CodeCasesRequest, CodeCasesResponse, RequestOptions,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::ServerConfig;
use super::stream::{self, GO, StreamWorker};
use crate::{options, status};

/// Unary answers up to this size are not compressed: it would cost more than coding the case.
const PLAIN_BYTES: usize = 8 * 1024;

/// Codes with an engine.
pub(super) struct Coding {
    engine: Arc<dyn Engine>,
    permits: Arc<Semaphore>,
    max_calls: usize,
    max_items: usize,
    inline_bytes: usize,
    deadline: Duration,
    cut_off: watch::Receiver<bool>,
}

impl Coding {
    pub(super) fn new(engine: Arc<dyn Engine>, config: &ServerConfig, cut_off: watch::Receiver<bool>) -> Self {
        let max_calls = config.max_concurrent_calls.min(Semaphore::MAX_PERMITS);
        Self {
            engine,
            permits: Arc::new(Semaphore::new(max_calls)),
            max_calls,
            max_items: config.max_bulk_items,
            inline_bytes: config.inline_bytes,
            deadline: config.request_deadline,
            cut_off,
        }
    }

    pub(super) fn engine(&self) -> Arc<dyn Engine> {
        self.engine.clone()
    }

    pub(super) fn permit(&self) -> Result<OwnedSemaphorePermit, Status> {
        let permit = self.permits.clone().try_acquire_owned();
        permit.map_err(|_| status::overloaded(self.max_calls))
    }

    /// Largest request answered on the async thread, in bytes.
    pub(super) fn inline_bytes(&self) -> usize {
        self.inline_bytes
    }

    /// Most items of one call.
    pub(super) fn max_items(&self) -> usize {
        self.max_items
    }

    /// Answers the messages of a stream with `answer`, in their order.
    pub(super) fn stream<Q, A>(
        &self,
        requests: Streaming<Q>,
        answer: impl Fn(&dyn Engine, Vec<Q>) -> Vec<A> + Clone + Send + Sync + 'static,
    ) -> Result<Response<BoxStream<'static, Result<A, Status>>>, Status>
    where
        Q: Message + Default + 'static,
        A: Send + 'static,
    {
        let permit = self.permit()?;
        let (answers, reader) = mpsc::channel(stream::WAITING);
        let worker = StreamWorker {
            engine: self.engine.clone(),
            inline_bytes: self.inline_bytes,
            cut_off: self.cut_off.clone(),
            answer,
            answers,
        };
        tokio::spawn(async move {
            let _permit = permit;
            worker.run(requests).await;
        });
        Ok(Response::new(ReceiverStream::new(reader).boxed()))
    }

    /// Work off the async threads, within the deadline. It holds its permit until it ends, also when its caller has gone.
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        permit: OwnedSemaphorePermit,
        work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
    ) -> Result<T, Status> {
        let given_up = GivenUp(Arc::new(AtomicBool::new(false)));
        let flag = given_up.0.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&flag)
        });
        match tokio::time::timeout(self.deadline, task).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(status::in_trailers(status::internal())),
            Err(_) => Err(status::deadline(self.deadline)),
        }
    }
}

/// Tells work done elsewhere that nobody waits for it: this is dropped with the call.
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why an item has no answer.
enum Fault {
    Engine(Error),
    Panic,
}

/// What an answer carries beside its fields.
#[derive(Clone, Copy)]
struct Form {
    canonical: bool,
    messages: bool,
}

impl Form {
    fn of(canonical: bool, options: Option<&RequestOptions>) -> Self {
        Self {
            canonical,
            messages: options.is_some_and(|options| options.include_messages),
        }
    }

    /// The answer and its canonical JSON.
    fn write(self, case: CodedCase) -> (v1::CodedCase, Option<String>) {
        let canonical = self.canonical.then(|| case.canonical_json());
        let messages = self.messages.then(|| Messages::of(&case));
        let mut wire = case.into();
        if let Some(messages) = messages {
            messages.fill(&mut wire);
        }
        (wire, canonical)
    }
}

/// The core's sentences on an answer, in the order of its fields.
struct Messages {
    withheld: Vec<String>,
    not_reported: Vec<String>,
    notices: Vec<String>,
}

impl Messages {
    fn of(case: &CodedCase) -> Self {
        Self {
            withheld: case.withheld.iter().map(text::withheld).collect(),
            not_reported: case.not_reported.iter().map(text::not_reported).collect(),
            notices: case.notices.iter().map(text::notice).collect(),
        }
    }

    fn fill(self, wire: &mut v1::CodedCase) {
        for (one, message) in wire.withheld.iter_mut().zip(self.withheld) {
            one.message = Some(message);
        }
        for (one, message) in wire.not_reported.iter_mut().zip(self.not_reported) {
            one.message = Some(message);
        }
        for (one, message) in wire.notices.iter_mut().zip(self.notices) {
            one.message = Some(message);
        }
    }
}

pub(super) fn read(case: Option<Case>, wire: Option<&RequestOptions>) -> (RawCase, Options) {
    let mut case = RawCase::from(case.unwrap_or_default());
    let options = options::read(wire, &mut case.misread);
    (case, options)
}

fn code(engine: &dyn Engine, case: Option<Case>, wire: Option<&RequestOptions>) -> Result<CodedCase, Fault> {
    let (case, options) = read(case, wire);
    match catch_unwind(AssertUnwindSafe(|| engine.code(&case, &options))) {
        Ok(answer) => answer.map_err(Fault::Engine),
        Err(_) => Err(Fault::Panic),
    }
}

/// Codes cases that share their options; one result a case.
fn code_all(
    engine: &dyn Engine,
    cases: Vec<Option<Case>>,
    wire: Option<&RequestOptions>,
    form: Form,
) -> Vec<CodeCaseResult> {
    let mut options = Options::default();
    let count = cases.len();
    let cases: Vec<RawCase> = cases
        .into_iter()
        .map(|case| {
            let (case, read) = read(case, wire);
            options = read;
            case
        })
        .collect();
    let answers = catch_unwind(AssertUnwindSafe(|| engine.code_many(&cases, &options)));
    let answers = answers.ok().filter(|answers| answers.len() == count);
    match answers {
        Some(answers) => answers
            .into_iter()
            .map(|answer| result(answer.map_err(Fault::Engine), form))
            .collect(),
        None => (0..count).map(|_| result(Err(Fault::Panic), form)).collect(),
    }
}

fn result(answer: Result<CodedCase, Fault>, form: Form) -> CodeCaseResult {
    let (result, canonical_json) = match answer {
        Ok(case) => {
            let (case, canonical) = form.write(case);
            (Outcome::CodedCase(case), canonical)
        }
        Err(fault) => (Outcome::Error(item_status(&fault)), None),
    };
    CodeCaseResult {
        result: Some(result),
        canonical_json,
    }
}

fn item_status(fault: &Fault) -> rpc::Status {
    match fault {
        Fault::Engine(error) => status::of_error(error),
        Fault::Panic => status::internal(),
    }
}

fn unary(answer: Result<CodedCase, Fault>, form: Form) -> Result<Response<CodeCaseResponse>, Status> {
    let case = answer.map_err(|fault| match fault {
        Fault::Engine(error) => status::of_error_in_trailers(&error),
        Fault::Panic => status::in_trailers(status::internal()),
    })?;
    let canonical_json = form.canonical.then(|| case.canonical_json());
    let answer = CodeCaseResponse::new(&case, form.messages, canonical_json);
    let small = answer.encoded_len() <= PLAIN_BYTES;
    let mut response = Response::new(answer);
    if small {
        response.disable_compression();
    }
    Ok(response)
}

#[tonic::async_trait]
impl CodingService for Coding {
    async fn code_case(&self, request: Request<CodeCaseRequest>) -> Result<Response<CodeCaseResponse>, Status> {
        let permit = self.permit()?;
        let request = request.into_inner();
        let form = Form::of(request.include_canonical_json, request.options.as_ref());
        if request.encoded_len() <= self.inline_bytes {
            // Coding a small case takes microseconds; handing it to another thread and back takes as long again and would
            // hold the async thread no shorter.
            return unary(code(&*self.engine, request.case, request.options.as_ref()), form);
        }
        let engine = self.engine.clone();
        let work = move |_: &AtomicBool| code(&*engine, request.case, request.options.as_ref());
        // Boxed: it is rare, and would make the future of every call larger.
        unary(Box::pin(self.apart(permit, work)).await?, form)
    }

    async fn code_cases(&self, request: Request<CodeCasesRequest>) -> Result<Response<CodeCasesResponse>, Status> {
        let permit = self.permit()?;
        let request = request.into_inner();
        if request.cases.len() > self.max_items {
            let fault = Violation::new("cases", Reason::TooMany, format!("at most {} cases", self.max_items));
            return Err(status::of_error_in_trailers(&Error::Input(InputError::one(fault))));
        }
        let engine = self.engine.clone();
        let results = self
            .apart(permit, move |given_up| {
                let form = Form::of(request.include_canonical_json, request.options.as_ref());
                let mut results = Vec::with_capacity(request.cases.len());
                let mut cases = request.cases.into_iter().map(Some);
                loop {
                    let go: Vec<_> = cases.by_ref().take(GO).collect();
                    if go.is_empty() || given_up.load(Ordering::Relaxed) {
                        return results;
                    }
                    results.extend(code_all(&*engine, go, request.options.as_ref(), form));
                }
            })
            .await?;
        Ok(Response::new(CodeCasesResponse { results }))
    }

    type CodeCaseStreamStream = BoxStream<'static, Result<CodeCaseStreamResponse, Status>>;

    async fn code_case_stream(
        &self,
        request: Request<Streaming<CodeCaseStreamRequest>>,
    ) -> Result<Response<Self::CodeCaseStreamStream>, Status> {
        self.stream(request.into_inner(), code_items)
    }
}

/// Codes items of a stream in order; neighbours with equal options go to the engine together.
fn code_items(engine: &dyn Engine, items: Vec<CodeCaseStreamRequest>) -> Vec<CodeCaseStreamResponse> {
    let mut answers = Vec::with_capacity(items.len());
    let mut items = items.into_iter().peekable();
    while let Some(first) = items.next() {
        let (options, canonical) = (first.options, first.include_canonical_json);
        let mut ids = vec![first.request_id];
        let mut cases = vec![first.case];
        while let Some(next) = items.next_if(|next| next.options == options && next.include_canonical_json == canonical)
        {
            ids.push(next.request_id);
            cases.push(next.case);
        }
        let form = Form::of(canonical, options.as_ref());
        let results = code_all(engine, cases, options.as_ref(), form);
        answers.extend(
            ids.into_iter()
                .zip(results)
                .map(|(request_id, result)| CodeCaseStreamResponse {
                    request_id,
                    result: Some(result),
                }),
        );
    }
    answers
}
