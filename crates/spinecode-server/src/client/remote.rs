//! The engine trait over a connection.

use std::future::Future;

use spinecode_core::edit::claim::RawClaim;
use spinecode_core::edit::report::EditReport;
use spinecode_core::explain::{Eras, Explained, WhatIf, WhyNot};
use spinecode_core::{CodedCase, RawCase};
use spinecode_engine::{
    Coverage, EditOptions, Engine, EngineInfo, Error, LintReport, Lookup, LookupOptions, Options, RuleInfo,
};
use tokio::runtime::{Builder, Handle, Runtime};

use super::{CodingClient, RemoteOptions};

/// A remote engine for code that is not async: the connection lives on a thread of its own.
pub struct RemoteEngine {
    client: CodingClient,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    process: u32,
    url: String,
}

impl RemoteEngine {
    /// Connects with the default options.
    pub fn connect(url: &str) -> Result<Self, Error> {
        Self::connect_with(url, &RemoteOptions::default())
    }

    /// Connects.
    pub fn connect_with(url: &str, options: &RemoteOptions) -> Result<Self, Error> {
        outside_of_a_runtime()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("spinecode-remote")
            .enable_all()
            .build()
            .map_err(|fault| Error::Transport(format!("cannot start the connection's thread: {fault}")))?;
        let client = runtime.block_on(CodingClient::connect(url, options))?;
        Ok(Self {
            client,
            runtime: Some(runtime),
            process: std::process::id(),
            url: url.to_owned(),
        })
    }

    /// The address, as given.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait<T>(&self, call: impl Future<Output = T>) -> Result<T, Error> {
        outside_of_a_runtime()?;
        // A forked process has this value but not the thread behind it, and would wait for ever.
        let same_process = std::process::id() == self.process;
        match self.runtime.as_ref().filter(|_| same_process) {
            Some(runtime) => Ok(runtime.block_on(call)),
            None => Err(Error::Transport(
                "this connection was opened by another process; connect again after a fork".into(),
            )),
        }
    }
}

impl Drop for RemoteEngine {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            if std::process::id() == self.process {
                // A runtime may not wait for its threads inside another one, where this value may well be dropped.
                runtime.shutdown_background();
            } else {
                // The threads are the parent's.
                std::mem::forget(runtime);
            }
        }
    }
}

impl std::fmt::Debug for RemoteEngine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("RemoteEngine")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

fn outside_of_a_runtime() -> Result<(), Error> {
    match Handle::try_current() {
        Err(_) => Ok(()),
        Ok(_) => Err(Error::Unsupported(
            "a blocking remote engine inside an async runtime would hold its thread up; use `CodingClient` there"
                .into(),
        )),
    }
}

impl Engine for RemoteEngine {
    fn code(&self, case: &RawCase, options: &Options) -> Result<CodedCase, Error> {
        self.wait(self.client.code(case, options))?
    }

    fn code_many(&self, cases: &[RawCase], options: &Options) -> Vec<Result<CodedCase, Error>> {
        match self.wait(self.client.code_many(cases, options)) {
            Ok(answers) => answers,
            Err(error) => vec![Err(error); cases.len()],
        }
    }

    fn edit(&self, claims: &[RawClaim], options: &EditOptions) -> Vec<Result<EditReport, Error>> {
        match self.wait(self.client.edit(claims, options)) {
            Ok(reports) => reports,
            Err(error) => vec![Err(error); claims.len()],
        }
    }

    fn lookup(&self, code: &str, asked: &LookupOptions) -> Result<Lookup, Error> {
        self.wait(self.client.lookup(code, asked))?
    }

    fn coverage(&self, code: Option<&str>, asked: &LookupOptions) -> Result<Coverage, Error> {
        self.wait(self.client.coverage(code, asked))?
    }

    fn lint(&self) -> Result<LintReport, Error> {
        self.wait(self.client.lint())?
    }

    fn draw(&self, case: &RawCase, options: &Options) -> Result<String, Error> {
        self.wait(self.client.draw(case, options))?
    }

    fn explain(&self, case: &RawCase, options: &Options) -> Result<Explained, Error> {
        self.wait(self.client.explain(case, options))?
    }

    fn why_not(&self, case: &RawCase, code: &str, options: &Options) -> Result<WhyNot, Error> {
        self.wait(self.client.why_not(case, code, options))?
    }

    fn what_if(&self, case: &RawCase, changes: &[String], options: &Options) -> Result<WhatIf, Error> {
        self.wait(self.client.what_if(case, changes, options))?
    }

    fn eras(&self, case: &RawCase, options: &Options) -> Result<Eras, Error> {
        self.wait(self.client.eras(case, options))?
    }

    fn rule(&self, id: &str) -> Result<RuleInfo, Error> {
        self.wait(self.client.rule(id))?
    }

    fn info(&self) -> Result<EngineInfo, Error> {
        self.wait(self.client.info())?
    }
}
