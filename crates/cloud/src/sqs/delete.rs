//! Deleting messages that were received.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use super::Sqs;
use super::batch::{self, BatchOutput, DoneEntry};
use super::error::SqsError;
use super::operations::Nothing;
use super::queue::{self, Change, Queue};
use super::receipt::Receipt;
use super::tally::Standing;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct DeleteInput {
    queue_url: String,
    receipt_handle: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct DeleteBatchInput {
    queue_url: String,
    entries: Vec<DeleteEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct DeleteEntry {
    id: String,
    receipt_handle: String,
}

/// `DeleteMessage`: also succeeds when the message is gone already.
pub(super) async fn one(sqs: &Sqs, input: DeleteInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let receipt = Receipt::decode(&input.receipt_handle, &queue)?;
    delete(sqs, queue, vec![receipt]).await.map(|()| Nothing {})
}

/// `DeleteMessageBatch`.
pub(super) async fn batch(sqs: &Sqs, input: DeleteBatchInput) -> Result<BatchOutput<DoneEntry>, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    batch::check("DeleteMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
    let decode = |entry: DeleteEntry| (entry.id, Receipt::decode(&entry.receipt_handle, &queue));
    let results: Vec<_> = input.entries.into_iter().map(decode).collect();
    let receipts: Vec<Receipt> =
        results.iter().filter_map(|(_, result)| result.as_ref().ok().copied()).collect();
    delete(sqs, queue, receipts).await?;
    Ok(batch::output(results, |id, _| DoneEntry { id }))
}

async fn delete(sqs: &Sqs, queue: Arc<Queue>, receipts: Vec<Receipt>) -> Result<(), SqsError> {
    let job = move |connection: &Connection| {
        let mut changes = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            changes.extend(remove(connection, &queue, receipt)?);
        }
        Ok::<_, SqsError>(changes)
    };
    sqs.store().write_then(job, |changes: &Vec<Change>| queue::apply(changes)).await.map(drop)
}

fn remove(connection: &Connection, queue: &Arc<Queue>, receipt: Receipt) -> rusqlite::Result<Option<Change>> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_message WHERE id = ?1 AND uuid = ?2 RETURNING visible_at, receives",
    )?;
    let parameters = params![receipt.id, receipt.uuid.as_bytes()];
    let gone = delete.query_row(parameters, |row| Ok(Standing::new(row.get(0)?, row.get(1)?))).optional()?;
    Ok(gone.map(|from| Change { queue: Arc::clone(queue), id: receipt.id, from: Some(from), to: None }))
}
