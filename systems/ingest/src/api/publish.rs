//! Puts messages on the queue, several per call when there is a rush.
//!
//! One task owns what waits. A message is sent at once while few calls are under way; beyond that only full batches go,
//! so that a rush costs a tenth of the calls and a quiet time costs no delay.

use std::collections::VecDeque;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// Entries a batch may have (SQS `SendMessageBatch`).
const MAX_ENTRIES: usize = 10;

/// Bytes a batch may have. SQS takes 1 MiB (256 KiB before August 2025, and many stand-ins still); a message that
/// is larger goes alone, so that its verdict is its own.
const MAX_BATCH_BYTES: usize = 256 * 1024;

/// Calls under way up to which nothing waits for company.
const EAGER_CALLS: usize = 4;

/// Calls under way at most.
const MAX_CALLS: usize = 32;

/// Messages that may wait; beyond that requests wait to hand theirs over.
const MAX_WAITING: usize = 1024;

/// Where messages go.
pub(crate) trait Queue: Clone + Send + Sync + 'static {
    /// Sends up to ten messages and says of each, in order, which identifier it got.
    fn send(&self, bodies: Vec<String>) -> impl Future<Output = Vec<Result<String, NotQueued>>> + Send;
}

/// The queue does not have the message, as far as anyone knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotQueued;

/// Hands messages to the task that sends them.
#[derive(Debug, Clone)]
pub(crate) struct Publisher(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    body: String,
    answer: oneshot::Sender<Result<String, NotQueued>>,
}

#[derive(Debug, Clone, Default)]
struct Counts {
    messages: Counter,
    calls: Counter,
}

impl Publisher {
    /// Starts the task. It ends after the last publisher is gone and everything is sent.
    pub(crate) fn start<Q: Queue>(queue: Q, registry: &mut Registry) -> Self {
        let (sender, arrivals) = mpsc::channel(MAX_WAITING);
        let counts = Counts::default();
        registry.register("ingest_messages_queued", "Messages the queue has", counts.messages.clone());
        registry.register("ingest_queue_calls", "Calls that carried them", counts.calls.clone());
        tokio::spawn(own(queue, arrivals, counts));
        Self(sender)
    }

    /// Comes back when the queue has the message, with its identifier.
    ///
    /// # Errors
    /// When the queue refused it or could not be reached.
    pub(crate) async fn publish(&self, body: String) -> Result<String, NotQueued> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Waiting { body, answer }).await.map_err(|_| NotQueued)?;
        answered.await.unwrap_or(Err(NotQueued))
    }
}

async fn own<Q: Queue>(queue: Q, mut arrivals: mpsc::Receiver<Waiting>, counts: Counts) {
    let mut waiting = VecDeque::new();
    let mut calls = JoinSet::new();
    let mut open = true;
    while open || !waiting.is_empty() {
        while let Ok(arrived) = arrivals.try_recv() {
            waiting.push_back(arrived);
        }
        while let Some(batch) = next_batch(&mut waiting, calls.len()) {
            calls.spawn(carry(queue.clone(), batch, counts.clone()));
        }
        tokio::select! {
            arrived = arrivals.recv(), if open && waiting.len() < MAX_WAITING => match arrived {
                Some(arrived) => waiting.push_back(arrived),
                None => open = false,
            },
            Some(_) = calls.join_next() => {}
        }
    }
    calls.join_all().await;
}

/// What goes next, if anything should. Whoever gave up waiting is passed over.
fn next_batch(waiting: &mut VecDeque<Waiting>, calls: usize) -> Option<Vec<Waiting>> {
    while waiting.front().is_some_and(|message| message.answer.is_closed()) {
        waiting.pop_front();
    }
    let due = if calls < EAGER_CALLS { !waiting.is_empty() } else { waiting.len() >= MAX_ENTRIES };
    if !due || calls >= MAX_CALLS {
        return None;
    }
    let mut bytes = 0;
    let fitting = waiting.iter().take(MAX_ENTRIES).take_while(|message| {
        bytes += message.body.len();
        bytes <= MAX_BATCH_BYTES
    });
    let count = fitting.count().max(1);
    Some(waiting.drain(..count).collect())
}

async fn carry<Q: Queue>(queue: Q, batch: Vec<Waiting>, counts: Counts) {
    let (bodies, answers): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|message| (message.body, message.answer)).unzip();
    counts.calls.inc();
    let verdicts = queue.send(bodies).await;
    for (answer, verdict) in answers.into_iter().zip(verdicts) {
        counts.messages.inc_by(u64::from(verdict.is_ok()));
        let _ = answer.send(verdict);
    }
}

#[cfg(test)]
mod tests;
