//! Answering a stream: in order, in goes, until it ends, its reader goes or the server stops.

use std::sync::Arc;

use futures_util::StreamExt;
use prost::Message;
use spinecode_engine::Engine;
use tokio::sync::{mpsc, watch};
use tonic::{Status, Streaming};

use crate::status;

/// Items of a bulk call or stream answered in one go; between two goes a call given up is noticed.
pub(super) const GO: usize = 64;
/// Answers of a stream that wait for a slow reader; then its requests are no longer read.
pub(super) const WAITING: usize = 64;
/// Items of a stream so few that they are answered on the async thread.
const FEW: usize = 4;

/// Answers one stream.
pub(super) struct StreamWorker<A, F> {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) inline_bytes: usize,
    pub(super) cut_off: watch::Receiver<bool>,
    /// Answers messages, one answer a message.
    pub(super) answer: F,
    pub(super) answers: mpsc::Sender<Result<A, Status>>,
}

impl<A, F> StreamWorker<A, F>
where
    A: Send + 'static,
{
    pub(super) async fn run<Q>(mut self, requests: Streaming<Q>)
    where
        Q: Message + Default + 'static,
        F: Fn(&dyn Engine, Vec<Q>) -> Vec<A> + Clone + Send + Sync + 'static,
    {
        // What has already arrived is answered in one go; a client that waits for each answer is not kept waiting.
        let mut goes = requests.ready_chunks(GO);
        loop {
            let go = tokio::select! {
                biased;
                // An error here means that the server itself has gone.
                _ = self.cut_off.wait_for(|cut_off| *cut_off) => {
                    // The reader may be the one who holds things up: wait no longer for it.
                    let _ = self.answers.try_send(Err(status::stopping()));
                    return;
                }
                () = self.answers.closed() => return,
                go = goes.next() => go,
            };
            let Some(go) = go else { return };
            // A message that cannot be read ends the stream, after the answers to those before it.
            let mut broken = None;
            let mut items = Vec::with_capacity(go.len());
            for item in go {
                match item {
                    Ok(item) => items.push(item),
                    Err(status) => {
                        broken = Some(status);
                        break;
                    }
                }
            }
            let Some(answers) = self.go(items).await else {
                let _ = self.answers.send(Err(status::in_trailers(status::internal()))).await;
                return;
            };
            for answer in answers {
                let sent = tokio::select! {
                    biased;
                    sent = self.answers.send(Ok(answer)) => sent.is_ok(),
                    _ = self.cut_off.wait_for(|cut_off| *cut_off) => false,
                };
                if !sent {
                    return;
                }
            }
            if let Some(status) = broken {
                let _ = self.answers.send(Err(status)).await;
                return;
            }
        }
    }

    async fn go<Q>(&self, items: Vec<Q>) -> Option<Vec<A>>
    where
        Q: Message + 'static,
        F: Fn(&dyn Engine, Vec<Q>) -> Vec<A> + Clone + Send + Sync + 'static,
    {
        let bytes: usize = items.iter().map(Message::encoded_len).sum();
        if items.len() <= FEW && bytes <= self.inline_bytes {
            return Some((self.answer)(&*self.engine, items));
        }
        let engine = self.engine.clone();
        let answer = self.answer.clone();
        tokio::task::spawn_blocking(move || answer(&*engine, items)).await.ok()
    }
}
