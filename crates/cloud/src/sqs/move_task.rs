//! Moving messages out of a dead-letter queue, as a task that can be listed and cancelled. A task is in the
//! store, so it goes on after a restart.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::Sqs;
use super::error::SqsError;
use super::queue::Queue;
use crate::clock::now_ms;

pub(super) use self::run::resume;

mod run;

/// The fastest rate a caller may name, messages per second.
const MOST_PER_SECOND: i64 = 500;

/// Tasks in one answer.
const MOST_LISTED: i64 = 10;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct StartInput {
    source_arn: String,
    destination_arn: Option<String>,
    max_number_of_messages_per_second: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StartOutput {
    task_handle: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ListInput {
    source_arn: String,
    max_results: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListOutput {
    results: Vec<Listed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_handle: Option<String>,
    status: String,
    source_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_number_of_messages_per_second: Option<i64>,
    approximate_number_of_messages_moved: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate_number_of_messages_to_move: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
    started_timestamp: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct CancelInput {
    task_handle: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelOutput {
    approximate_number_of_messages_moved: i64,
}

/// A task that is to be written down.
struct Start {
    handle: String,
    source: String,
    destination: Option<String>,
    rate: Option<i64>,
    to_move: i64,
    upto: i64,
}

/// `StartMessageMoveTask`.
pub(super) async fn start(sqs: &Sqs, input: StartInput) -> Result<StartOutput, SqsError> {
    let source = source(sqs, &input.source_arn)?;
    if sqs.sources_of(&source).is_empty() {
        return Err(SqsError::InvalidValue(
            "Source queue must be configured as a Dead Letter Queue.".to_owned(),
        ));
    }
    let destination = match &input.destination_arn {
        None => None,
        Some(arn) if *arn == source.arn => {
            return Err(SqsError::InvalidValue(
                "Source queue arn and destination queue arn cannot be the same.".to_owned(),
            ));
        }
        Some(arn) => Some(destination(sqs, arn, &source)?),
    };
    let rate = check_rate(input.max_number_of_messages_per_second)?;
    let handle = handle(&input.source_arn);
    let task = Start {
        handle: handle.clone(),
        source: source.key.clone(),
        destination: destination.map(|queue| queue.key.clone()),
        rate,
        to_move: source.numbers().visible,
        upto: source.last_id(),
    };
    sqs.store().write(move |connection| task.insert(connection)).await?;
    sqs.inner.chores.notify_one();
    Ok(StartOutput { task_handle: handle })
}

/// `ListMessageMoveTasks`: the latest first; a handle only where it can be used.
pub(super) async fn list(sqs: &Sqs, input: ListInput) -> Result<ListOutput, SqsError> {
    let source = source(sqs, &input.source_arn)?;
    let most = input.max_results.unwrap_or(1);
    if !(1..=MOST_LISTED).contains(&most) {
        return Err(SqsError::InvalidParameter {
            name: "MaxResults",
            value: most.to_string(),
            reason: format!("Must be between 1 and {MOST_LISTED}, if provided."),
        });
    }
    let place = sqs.place().clone();
    let query = move |connection: &Connection| {
        let mut select = connection.prepare_cached(
            "SELECT handle, status, destination, rate, moved, to_move, reason, started_at FROM sqs_move_task \
             WHERE source = ?1 ORDER BY started_at DESC, rowid DESC LIMIT ?2",
        )?;
        let listed = |row: &Row<'_>| Listed::read(row, &source, &|key| place.arn_of(key));
        let rows = select.query_map(params![source.key, most], listed)?;
        Ok::<_, SqsError>(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    };
    Ok(ListOutput { results: sqs.store().read(query).await? })
}

/// `CancelMessageMoveTask`: what was moved stays moved.
pub(super) async fn cancel(sqs: &Sqs, input: CancelInput) -> Result<CancelOutput, SqsError> {
    if input.task_handle.is_empty() {
        return Err(SqsError::MissingParameter("TaskHandle"));
    }
    let arn = read_handle(&input.task_handle)
        .ok_or_else(|| SqsError::InvalidValue("Value for parameter TaskHandle is invalid.".to_owned()))?;
    source(sqs, &arn)?;
    let moved = sqs.store().write(move |connection| stop(connection, &input.task_handle)).await?;
    Ok(CancelOutput { approximate_number_of_messages_moved: moved })
}

impl Start {
    fn insert(&self, connection: &Connection) -> Result<(), SqsError> {
        let running: i64 = connection
            .prepare_cached("SELECT count(*) FROM sqs_move_task WHERE source = ?1 AND status = 'RUNNING'")?
            .query_row([&self.source], |row| row.get(0))?;
        if running > 0 {
            let reason = "There is already a task running. Only one active task is allowed for a source queue arn at a given time.";
            return Err(SqsError::InvalidValue(reason.to_owned()));
        }
        connection
            .prepare_cached(
                "INSERT INTO sqs_move_task (handle, source, destination, rate, status, moved, to_move, upto, \
                 started_at) VALUES (?1, ?2, ?3, ?4, 'RUNNING', 0, ?5, ?6, ?7)",
            )?
            .execute(params![
                self.handle,
                self.source,
                self.destination,
                self.rate,
                self.to_move,
                self.upto,
                now_ms()
            ])?;
        trim(connection, &self.source)
    }
}

impl Listed {
    fn read(row: &Row<'_>, source: &Queue, arn: &dyn Fn(&str) -> String) -> rusqlite::Result<Self> {
        let status: String = row.get(1)?;
        let handle: String = row.get(0)?;
        let destination: Option<String> = row.get(2)?;
        Ok(Self {
            task_handle: (status == "RUNNING").then_some(handle),
            source_arn: source.arn.clone(),
            destination_arn: destination.map(|key| arn(&key)),
            max_number_of_messages_per_second: row.get(3)?,
            approximate_number_of_messages_moved: row.get(4)?,
            approximate_number_of_messages_to_move: row.get(5)?,
            failure_reason: row.get(6)?,
            started_timestamp: row.get(7)?,
            status,
        })
    }
}

fn source(sqs: &Sqs, arn: &str) -> Result<Arc<Queue>, SqsError> {
    if arn.is_empty() {
        return Err(SqsError::MissingParameter("SourceArn"));
    }
    check_arn("SourceArn", arn)?;
    sqs.by_arn(arn).ok_or(SqsError::ResourceNotFound(
        "The resource that you specified for the SourceArn parameter doesn't exist.",
    ))
}

fn destination(sqs: &Sqs, arn: &str, source: &Queue) -> Result<Arc<Queue>, SqsError> {
    check_arn("DestinationArn", arn)?;
    let destination = sqs.by_arn(arn).ok_or(SqsError::ResourceNotFound(
        "The resource that you specified for the DestinationArn parameter doesn't exist.",
    ))?;
    if destination.kind != source.kind {
        let reason = "The destination queue must be same type of queue as the source.";
        return Err(SqsError::InvalidValue(reason.to_owned()));
    }
    Ok(destination)
}

fn check_arn(parameter: &str, arn: &str) -> Result<(), SqsError> {
    if arn.starts_with("arn:") && arn.split(':').count() == 6 {
        return Ok(());
    }
    Err(SqsError::InvalidValue(format!(
        "You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
    )))
}

fn check_rate(rate: Option<i64>) -> Result<Option<i64>, SqsError> {
    match rate {
        Some(rate) if !(1..=MOST_PER_SECOND).contains(&rate) => Err(SqsError::InvalidParameter {
            name: "MaxNumberOfMessagesPerSecond",
            value: rate.to_string(),
            reason: format!("Must be between 1 and {MOST_PER_SECOND}, if provided."),
        }),
        within => Ok(within),
    }
}

fn handle(source_arn: &str) -> String {
    STANDARD.encode(json!({ "taskId": Uuid::new_v4().to_string(), "sourceArn": source_arn }).to_string())
}

/// The source's ARN in a handle.
fn read_handle(handle: &str) -> Option<String> {
    let bytes = STANDARD.decode(handle).ok()?;
    let content: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    content.get("taskId")?;
    content.get("sourceArn")?.as_str().map(str::to_owned)
}

fn stop(connection: &Connection, handle: &str) -> Result<i64, SqsError> {
    let found: Option<(String, i64)> = connection
        .prepare_cached("SELECT status, moved FROM sqs_move_task WHERE handle = ?1")?
        .query_row([handle], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (status, moved) = found.ok_or(SqsError::ResourceNotFound("Task does not exist."))?;
    if status != "RUNNING" {
        let reason = format!("Only active tasks can be cancelled. Current task status is {status}.");
        return Err(SqsError::UnsupportedOperation(reason));
    }
    connection
        .prepare_cached("UPDATE sqs_move_task SET status = 'CANCELLED' WHERE handle = ?1")?
        .execute([handle])?;
    Ok(moved)
}

/// Keeps only as many tasks of a queue as can be listed.
fn trim(connection: &Connection, source: &str) -> Result<(), SqsError> {
    connection
        .prepare_cached(
            "DELETE FROM sqs_move_task WHERE source = ?1 AND rowid NOT IN \
             (SELECT rowid FROM sqs_move_task WHERE source = ?1 ORDER BY started_at DESC, rowid DESC LIMIT ?2)",
        )?
        .execute(params![source, MOST_LISTED])?;
    Ok(())
}
