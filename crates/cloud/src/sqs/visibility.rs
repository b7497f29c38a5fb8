//! Changing how long a received message stays hidden.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
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

/// The longest a message can stay hidden after it was received, in seconds: 12 hours.
pub(super) const MAXIMUM: i64 = 43_200;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct VisibilityInput {
    queue_url: String,
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct VisibilityBatchInput {
    queue_url: String,
    entries: Vec<VisibilityEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct VisibilityEntry {
    id: String,
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

/// One message's new timeout.
#[derive(Debug)]
struct Wanted {
    handle: String,
    receipt: Receipt,
    seconds: i64,
}

/// Where a message stands, and when it was received last (ms since 1970).
struct Found {
    standing: Standing,
    received_at: i64,
    /// Over all queues it was in.
    receives: i64,
    group_id: Option<String>,
}

/// `ChangeMessageVisibility`.
pub(super) async fn one(sqs: &Sqs, input: VisibilityInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let wanted = Wanted::new(&queue, input.receipt_handle, input.visibility_timeout)?;
    let mut outcomes = change(sqs, queue, vec![wanted]).await?;
    outcomes.pop().unwrap_or(Ok(())).map(|()| Nothing {})
}

/// `ChangeMessageVisibilityBatch`.
pub(super) async fn batch(
    sqs: &Sqs,
    input: VisibilityBatchInput,
) -> Result<BatchOutput<DoneEntry>, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let ids = input.entries.iter().map(|entry| entry.id.as_str());
    batch::check("ChangeMessageVisibilityBatchRequestEntry", ids)?;
    let mut refused = Vec::new();
    let mut ids = Vec::new();
    let mut wanted = Vec::new();
    for entry in input.entries {
        match Wanted::new(&queue, entry.receipt_handle, entry.visibility_timeout) {
            Ok(one) => {
                ids.push(entry.id);
                wanted.push(one);
            }
            Err(error) => refused.push((entry.id, Err(error))),
        }
    }
    let outcomes = change(sqs, queue, wanted).await?;
    Ok(batch::output(ids.into_iter().zip(outcomes).chain(refused), |id, ()| DoneEntry { id }))
}

/// Checks a timeout that a caller gave.
fn check(seconds: i64) -> Result<i64, SqsError> {
    if (0..=MAXIMUM).contains(&seconds) {
        return Ok(seconds);
    }
    Err(SqsError::InvalidParameter {
        name: "VisibilityTimeout",
        value: seconds.to_string(),
        reason: format!("VisibilityTimeout must be an integer between 0 and {MAXIMUM}."),
    })
}

impl Wanted {
    fn new(queue: &Queue, handle: String, seconds: Option<i64>) -> Result<Self, SqsError> {
        let receipt = Receipt::decode(&handle, queue)?;
        let seconds = check(seconds.ok_or(SqsError::MissingParameter("VisibilityTimeout"))?)?;
        Ok(Self { handle, receipt, seconds })
    }
}

/// Changes all of them in one write; each has its own outcome.
async fn change(
    sqs: &Sqs,
    queue: Arc<Queue>,
    wanted: Vec<Wanted>,
) -> Result<Vec<Result<(), SqsError>>, SqsError> {
    let job = move |connection: &Connection| {
        let outcomes: Vec<_> = wanted.iter().map(|wanted| change_one(connection, &queue, wanted)).collect();
        // What the store could not do undoes the whole write; what the caller got wrong is the caller's.
        match outcomes.iter().find(|outcome| matches!(outcome, Err(SqsError::Store(_)))) {
            Some(Err(error)) => Err(error.clone()),
            _ => Ok(outcomes),
        }
    };
    let apply = |outcomes: &Vec<Result<Change, SqsError>>| {
        outcomes.iter().flatten().for_each(|change| queue::apply(std::slice::from_ref(change)));
    };
    let outcomes = sqs.store().write_then(job, apply).await?;
    Ok(outcomes.into_iter().map(|outcome| outcome.map(drop)).collect())
}

fn change_one(connection: &Connection, queue: &Arc<Queue>, wanted: &Wanted) -> Result<Change, SqsError> {
    let now = now_ms();
    let id = wanted.receipt.id;
    let found = find(connection, wanted.receipt)?.filter(|_| !queue.is_purged(id));
    let found = found.ok_or_else(|| gone(&wanted.handle))?;
    let hidden = found.standing.until > now;
    let latest = found.receives == i64::from(wanted.receipt.receive);
    if queue.is_fifo() && !(hidden && latest) {
        return Err(gone(&wanted.handle));
    }
    // Where the timeout ran out and nobody else got the message since, AWS lets its receiver hide it again; where it
    // was ended, or was none, the message is not in flight.
    if !hidden && (!latest || found.standing.until <= found.received_at) {
        return Err(SqsError::MessageNotInflight(wanted.handle.clone()));
    }
    let until = now + wanted.seconds * 1000;
    if until - found.received_at > MAXIMUM * 1000 {
        return Err(beyond_limit(wanted.seconds));
    }
    let received_at = if wanted.seconds == 0 { until } else { found.received_at };
    connection
        .prepare_cached("UPDATE sqs_message SET visible_at = ?2, received_at = ?3 WHERE id = ?1")?
        .execute(params![id, until, received_at])?;
    if let Some(group) = found.group_id.filter(|_| queue.is_fifo()) {
        fifo::refresh(connection, queue, &group)?;
    }
    let to = Standing { until, ..found.standing };
    Ok(Change { queue: Arc::clone(queue), id, from: Some(found.standing), to: Some(to) })
}

fn find(connection: &Connection, receipt: Receipt) -> rusqlite::Result<Option<Found>> {
    let mut select = connection.prepare_cached(
        "SELECT visible_at, receives, received_at, receives_before + receives, group_id FROM sqs_message \
         WHERE id = ?1 AND uuid = ?2",
    )?;
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Found {
            standing: Standing::new(row.get(0)?, row.get(1)?),
            received_at: row.get(2)?,
            receives: row.get(3)?,
            group_id: row.get(4)?,
        })
    };
    select.query_row(params![receipt.id, receipt.uuid.as_bytes()], row).optional()
}

fn gone(handle: &str) -> SqsError {
    SqsError::InvalidParameter {
        name: "ReceiptHandle",
        value: handle.to_owned(),
        reason: "Message does not exist or is not available for visibility timeout change.".to_owned(),
    }
}

fn beyond_limit(seconds: i64) -> SqsError {
    SqsError::InvalidParameter {
        name: "VisibilityTimeout",
        value: seconds.to_string(),
        reason: format!("Total VisibilityTimeout for the message is beyond the limit [{MAXIMUM} seconds]"),
    }
}
