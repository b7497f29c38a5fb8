//! One writer for all requests: whoever comes while a commit is under way shares the next one.

use tokio::sync::{mpsc, oneshot};

use super::{Added, Store, StoreError};
use crate::document::Addition;

/// Documents in a commit.
const MAX_BATCH: usize = 512;

/// Memory of a commit's documents, in bytes.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Documents that may wait; beyond that requests wait to hand theirs over.
const MAX_WAITING: usize = 1024;

/// Hands documents to the task that writes them.
#[derive(Debug, Clone)]
pub(crate) struct Writer(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    addition: Addition,
    answer: oneshot::Sender<Result<Added, StoreError>>,
}

impl Writer {
    /// Starts the task. It ends after the last writer is gone and everything is written.
    pub(crate) fn start(store: Store, quota: u32) -> Self {
        let (sender, arrivals) = mpsc::channel(MAX_WAITING);
        tokio::spawn(own(store, quota, arrivals));
        Self(sender)
    }

    /// Comes back when the document is kept for good, or was refused.
    ///
    /// # Errors
    /// When it is not kept, as far as anyone knows.
    pub(crate) async fn add(&self, addition: Addition) -> Result<Added, StoreError> {
        let gone = || StoreError::Unavailable("the writer has stopped".to_owned());
        let (answer, answered) = oneshot::channel();
        self.0.send(Waiting { addition, answer }).await.map_err(|_| gone())?;
        answered.await.unwrap_or_else(|_| Err(gone()))
    }
}

async fn own(store: Store, quota: u32, mut arrivals: mpsc::Receiver<Waiting>) {
    while let Some(first) = arrivals.recv().await {
        let mut bytes = first.addition.size();
        let mut batch = vec![first];
        while batch.len() < MAX_BATCH && bytes < MAX_BATCH_BYTES {
            let Ok(next) = arrivals.try_recv() else { break };
            bytes += next.addition.size();
            batch.push(next);
        }
        write(&store, quota, batch).await;
    }
}

/// Whoever gave up waiting is passed over. What the store refuses as a whole is tried one by one, so that nobody is
/// refused for a neighbour's document.
async fn write(store: &Store, quota: u32, batch: Vec<Waiting>) {
    let batch = batch.into_iter().filter(|waiting| !waiting.answer.is_closed());
    let (additions, answers): (Vec<_>, Vec<_>) =
        batch.map(|waiting| (waiting.addition, waiting.answer)).unzip();
    let alone = (additions.len() > 1).then(|| additions.clone());
    match (store.add(additions, quota, None).await, alone) {
        (Ok(verdicts), _) => {
            for (answer, verdict) in answers.into_iter().zip(verdicts) {
                let _ = answer.send(Ok(verdict));
            }
        }
        (Err(StoreError::Refused(_)), Some(additions)) => {
            for (answer, addition) in answers.into_iter().zip(additions) {
                let verdict = store.add(vec![addition], quota, None).await;
                let _ = answer
                    .send(verdict.map(|verdicts| verdicts.first().copied().unwrap_or(Added::OverQuota)));
            }
        }
        (Err(error), _) => {
            for answer in answers {
                let _ = answer.send(Err(error.clone()));
            }
        }
    }
}
