//! Getting and setting attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::Sqs;
use super::attributes::{self, Attributes};
use super::create::encode;
use super::error::SqsError;
use super::fifo;
use super::names::Place;
use super::operations::Nothing;
use super::queue::{self, Change, Description, Queue};
use super::redrive;
use crate::clock::now_ms;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct GetInput {
    queue_url: String,
    attribute_names: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetOutput {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SetInput {
    queue_url: String,
    attributes: Option<BTreeMap<String, String>>,
}

/// `GetQueueAttributes`.
pub(super) fn get(sqs: &Sqs, input: &GetInput) -> Result<GetOutput, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let names = input.attribute_names.as_deref().unwrap_or_default();
    let all = names.iter().any(|name| name == "All");
    if let Some(name) = names.iter().find(|name| *name != "All" && !attributes::is_known(name)) {
        return Err(SqsError::InvalidAttributeName { name: name.clone() });
    }
    let mut attributes = every(&queue);
    attributes.retain(|name, _| all || names.contains(name));
    Ok(GetOutput { attributes })
}

/// `SetQueueAttributes`.
pub(super) async fn set(sqs: &Sqs, input: SetInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let changes = input.attributes.ok_or(SqsError::MissingParameter("Attributes"))?;
    if changes.is_empty() {
        return Err(SqsError::MissingParameter("Attribute.Name"));
    }
    change(sqs, &queue, changes).await.map(|()| Nothing {})
}

/// Puts `changes` over a queue's attributes.
pub(super) async fn change(
    sqs: &Sqs,
    queue: &Arc<Queue>,
    changes: BTreeMap<String, String>,
) -> Result<(), SqsError> {
    let wanted = queue.attributes().with(changes.clone(), sqs.place())?;
    // A policy that stays as it is keeps its target even when that one has gone since.
    if changes.contains_key("RedrivePolicy") {
        check_redrive(sqs, &wanted, &queue.key)?;
    }
    let place = sqs.place().clone();
    rewrite(sqs, queue, move |now| {
        let attributes = now.attributes.with(changes, &place)?;
        Ok(Description { attributes: Arc::new(attributes), ..now })
    })
    .await
}

/// Changes what is set on a queue, in one write: `edit` sees what is there and says what is to be. What is there
/// is read from the store, since memory only follows at the end of a batch of writes.
pub(super) async fn rewrite<F>(sqs: &Sqs, queue: &Arc<Queue>, edit: F) -> Result<(), SqsError>
where
    F: FnOnce(Description) -> Result<Description, SqsError> + Send + 'static,
{
    let id = queue.id;
    let place = sqs.place().clone();
    let [writing, described] = [Arc::clone(queue), Arc::clone(queue)];
    let job = move |connection: &Connection| {
        let before = stored(connection, id, &place)?.ok_or(SqsError::QueueDoesNotExist)?;
        let delay = before.attributes.delay_seconds;
        let now = now_ms();
        let description = Description { modified_at: now, ..edit(before)? };
        update(connection, id, &description)?;
        let after = description.attributes.delay_seconds;
        let changes = if writing.is_fifo() && after != delay {
            fifo::delay::change(connection, &writing, after, now)?
        } else {
            Vec::new()
        };
        Ok::<_, SqsError>((description, changes))
    };
    let applied = move |(description, changes): &(Description, Vec<Change>)| {
        described.describe(description.clone());
        queue::apply(changes);
    };
    sqs.store().write_then(job, applied).await.map(drop)
}

/// A redrive policy's target has to be there, to be of the same kind, and to want the queue's dead letters.
/// `source` is the queue's key.
pub(super) fn check_redrive(sqs: &Sqs, attributes: &Attributes, source: &str) -> Result<(), SqsError> {
    let Some(redrive) = &attributes.redrive else { return Ok(()) };
    let policy = attributes.set.get("RedrivePolicy").cloned().unwrap_or_default();
    redrive::check_complete(&policy)?;
    // A queue may be its own target, which is then as it is to be.
    let target = match sqs.by_key(&redrive.target) {
        _ if redrive.target == source => Arc::new(attributes.clone()),
        Some(target) => target.attributes(),
        None => return Err(redrive::invalid(&policy, "Dead letter target does not exist.")),
    };
    if target.kind() != attributes.kind() {
        let reason = "Dead-letter queue must be same type of queue as the source.";
        return Err(redrive::invalid(&policy, reason));
    }
    if target.allow.admits(&sqs.place().arn_of(source)) {
        return Ok(());
    }
    let reason = "The dead letter target's RedriveAllowPolicy does not allow this queue as a source.";
    Err(redrive::invalid(&policy, reason))
}

fn stored(connection: &Connection, id: i64, place: &Place) -> Result<Option<Description>, SqsError> {
    let mut select =
        connection.prepare_cached("SELECT attributes, tags, modified_at FROM sqs_queue WHERE id = ?1")?;
    let row = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?));
    let Some((attributes, tags, modified_at)) = select.query_row([id], row).optional()? else {
        return Ok(None);
    };
    Description::decode(&attributes, &tags, modified_at, place).map(Some)
}

fn update(connection: &Connection, id: i64, description: &Description) -> Result<(), SqsError> {
    let mut update = connection
        .prepare_cached("UPDATE sqs_queue SET attributes = ?2, tags = ?3, modified_at = ?4 WHERE id = ?1")?;
    let attributes = encode(&description.attributes.set)?;
    update.execute(params![id, attributes, encode(&description.tags)?, description.modified_at])?;
    Ok(())
}

fn every(queue: &Queue) -> BTreeMap<String, String> {
    let description = queue.description();
    let numbers = queue.numbers();
    let mut all = description.attributes.effective();
    all.extend(
        [
            ("ApproximateNumberOfMessages", numbers.visible.to_string()),
            ("ApproximateNumberOfMessagesDelayed", numbers.delayed.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", numbers.in_flight.to_string()),
            ("CreatedTimestamp", (queue.created_at / 1000).to_string()),
            ("LastModifiedTimestamp", (description.modified_at / 1000).to_string()),
            ("QueueArn", queue.arn.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    all
}
