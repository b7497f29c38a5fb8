//! Deleting messages that were received.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;

use super::Sqs;
use super::batch::{self, BatchOutput, DoneEntry};
use super::error::SqsError;
use super::fifo;
use super::operations::Nothing;
use super::queue::{self, Change, Queue};
use super::receipt::Receipt;
use super::tally::Standing;
use crate::clock::now_ms;

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

/// One message that is to go.
struct Wanted {
    handle: String,
    receipt: Receipt,
}

/// `DeleteMessage`: also succeeds when the message is gone already.
pub(super) async fn one(sqs: &Sqs, input: DeleteInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let wanted = Wanted::new(&queue, input.receipt_handle)?;
    let mut outcomes = delete(sqs, queue, vec![wanted]).await?;
    outcomes.pop().unwrap_or(Ok(())).map(|()| Nothing {})
}

/// `DeleteMessageBatch`.
pub(super) async fn batch(sqs: &Sqs, input: DeleteBatchInput) -> Result<BatchOutput<DoneEntry>, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    batch::check("DeleteMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
    let (mut ids, mut wanted, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for entry in input.entries {
        match Wanted::new(&queue, entry.receipt_handle) {
            Ok(one) => {
                ids.push(entry.id);
                wanted.push(one);
            }
            Err(error) => refused.push((entry.id, Err(error))),
        }
    }
    let outcomes = delete(sqs, queue, wanted).await?;
    Ok(batch::output(ids.into_iter().zip(outcomes).chain(refused), |id, ()| DoneEntry { id }))
}

impl Wanted {
    fn new(queue: &Queue, handle: String) -> Result<Self, SqsError> {
        let receipt = Receipt::decode(&handle, queue)?;
        Ok(Self { handle, receipt })
    }
}

/// Deletes all of them in one write; each has its own outcome.
async fn delete(
    sqs: &Sqs,
    queue: Arc<Queue>,
    wanted: Vec<Wanted>,
) -> Result<Vec<Result<(), SqsError>>, SqsError> {
    let job = move |connection: &Connection| {
        let mut changes = Vec::with_capacity(wanted.len());
        let mut outcomes = Vec::with_capacity(wanted.len());
        for one in wanted {
            if queue.is_fifo() && is_expired(connection, &queue, one.receipt)? {
                outcomes.push(Err(expired(one.handle)));
                continue;
            }
            changes.extend(remove(connection, &queue, one.receipt)?);
            outcomes.push(Ok(()));
        }
        Ok::<_, SqsError>((outcomes, changes))
    };
    let apply = |(_, changes): &(Vec<Result<(), SqsError>>, Vec<Change>)| queue::apply(changes);
    sqs.store().write_then(job, apply).await.map(|(outcomes, _)| outcomes)
}

/// Whether a FIFO queue's message is no longer the receiver's: it is visible again, or was given out again.
fn is_expired(connection: &Connection, queue: &Queue, receipt: Receipt) -> rusqlite::Result<bool> {
    let mut select = connection.prepare_cached(
        "SELECT visible_at, receives_before + receives FROM sqs_message WHERE id = ?1 AND uuid = ?2",
    )?;
    let parameters = params![receipt.id, receipt.uuid.as_bytes()];
    let found: Option<(i64, i64)> =
        select.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.filter(|_| !queue.is_purged(receipt.id)).is_some_and(|(visible_at, receives)| {
        visible_at <= now_ms() || receives != i64::from(receipt.receive)
    }))
}

fn expired(handle: String) -> SqsError {
    let reason = "The receipt handle has expired.".to_owned();
    SqsError::InvalidParameter { name: "ReceiptHandle", value: handle, reason }
}

fn remove(connection: &Connection, queue: &Arc<Queue>, receipt: Receipt) -> rusqlite::Result<Option<Change>> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_message WHERE id = ?1 AND uuid = ?2 RETURNING visible_at, receives, group_id",
    )?;
    let parameters = params![receipt.id, receipt.uuid.as_bytes()];
    let gone =
        |row: &Row<'_>| Ok((Standing::new(row.get(0)?, row.get(1)?), row.get::<_, Option<String>>(2)?));
    let Some((from, group)) = delete.query_row(parameters, gone).optional()? else { return Ok(None) };
    if let Some(group) = group.filter(|_| queue.is_fifo()) {
        fifo::refresh(connection, queue, &group)?;
    }
    Ok(Some(Change { queue: Arc::clone(queue), id: receipt.id, from: Some(from), to: None }))
}
