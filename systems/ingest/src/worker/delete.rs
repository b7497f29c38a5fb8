//! Deletes written messages from the queue, as many per call as are there.

use std::sync::Arc;

use aws_sdk_sqs::types::DeleteMessageBatchRequestEntry;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::link::Pauses;
use super::write::Delivery;
use crate::aws;

/// Entries a batch may have (SQS `DeleteMessageBatch`).
const MAX_ENTRIES: usize = 10;

/// Deletes until every lane has ended and nothing is left.
pub(crate) async fn run(worker: Arc<Worker>, mut written: mpsc::Receiver<Delivery>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(MAX_ENTRIES);
    while written.recv_many(&mut batch, MAX_ENTRIES).await > 0 {
        delete(&worker, &batch, &stop).await;
        batch.clear();
    }
}

/// Tries until the queue answers, or once more after `stop`. What can't be deleted is delivered again and then written
/// to the key it already has.
async fn delete(worker: &Worker, batch: &[Delivery], stop: &CancellationToken) {
    let mut pauses = Pauses::new();
    loop {
        let call = worker.sqs.delete_message_batch().queue_url(&worker.settings.queue_url);
        match call.set_entries(Some(entries(batch))).send().await {
            Ok(answer) => {
                worker.queue.up();
                for entry in answer.failed {
                    tracing::warn!(
                        code = entry.code,
                        reason = entry.message,
                        "a written message can't be deleted"
                    );
                }
                return;
            }
            Err(error) => worker.queue.down(aws::reason(&error)),
        }
        if stop.is_cancelled() {
            return;
        }
        worker.heartbeat.beat();
        pauses.next(stop).await;
    }
}

fn entries(batch: &[Delivery]) -> Vec<DeleteMessageBatchRequestEntry> {
    let entry = |(index, delivery): (usize, &Delivery)| {
        let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string());
        entry.receipt_handle(&delivery.receipt).build().ok()
    };
    batch.iter().enumerate().filter_map(entry).collect()
}
