//! A server on a thread of its own.

use std::sync::Arc;
use std::thread::JoinHandle;

use spinecode_server::{Drained, ServeError, ServerConfig, bind};
use tokio::sync::oneshot;

use crate::fake::Fake;

pub(crate) struct Running {
    pub(crate) url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<Drained, ServeError>>>,
}

impl Running {
    pub(crate) fn start(config: ServerConfig) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = bind(config, Arc::new(Fake)).await?;
                tell.send(server.url()).unwrap();
                server
                    .serve(async {
                        let _ = stopped.await;
                    })
                    .await
            })
        });
        let url = match told.recv() {
            Ok(url) => url,
            Err(_) => panic!("no server: {:?}", thread.join()),
        };
        Self {
            url,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Begins to drain.
    pub(crate) fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits for the end of the drain.
    pub(crate) fn wait(mut self) -> Drained {
        self.stop();
        self.thread.take().unwrap().join().unwrap().unwrap()
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.thread.as_ref().is_some_and(JoinHandle::is_finished)
    }
}
