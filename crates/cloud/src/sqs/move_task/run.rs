//! Doing the moves, a few messages at a time.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clock::now_ms;
use crate::sqs::Sqs;
use crate::sqs::error::SqsError;
use crate::sqs::fifo::{self, sequence};
use crate::sqs::queue::{self, Change, Queue};
use crate::sqs::tally::Standing;

/// Messages moved in one write where no rate is named.
const CHUNK: i64 = 100;

/// Steps in a second where a rate is named: what is moved in each is the rate divided by this, rounded up.
const STEPS_PER_SECOND: i64 = 10;

/// A task that is running.
struct Task {
    handle: String,
    source: String,
    destination: Option<String>,
    rate: Option<i64>,
    upto: i64,
}

/// What one step did.
enum Step {
    /// It moved so many; there may be more.
    Moved(i64),
    /// The task is at its end, one way or the other.
    Ended,
}

/// A message that is to be moved.
struct Candidate {
    id: i64,
    visible_at: i64,
    receives: i64,
    source: Option<String>,
    group_id: Option<String>,
}

/// Where messages are moved to.
enum Route {
    To(Arc<Queue>),
    /// Each back to where it came from.
    Back,
}

/// Runs all tasks that are running, each for itself. Returns when none is left, or at the end of the service.
pub(crate) async fn resume(sqs: &Sqs, ended: &CancellationToken) -> Result<(), SqsError> {
    let tasks = sqs.store().read(running).await?;
    for task in tasks {
        if sqs.inner.claim(&task.handle) {
            let sqs = sqs.clone();
            let ended = ended.clone();
            tokio::spawn(async move {
                ended.run_until_cancelled(run(&sqs, &task)).await;
                sqs.inner.release(&task.handle);
            });
        }
    }
    Ok(())
}

async fn run(sqs: &Sqs, task: &Task) {
    loop {
        match step(sqs, task).await {
            Ok(Step::Moved(moved)) => pause(task.rate, moved).await,
            Ok(Step::Ended) => return,
            Err(error) => {
                tracing::warn!(%error, "a move task could not go on; it is tried again");
                return;
            }
        }
    }
}

/// Keeps the rate.
async fn pause(rate: Option<i64>, moved: i64) {
    let Some(rate) = rate else { return tokio::task::yield_now().await };
    let millis = u64::try_from(moved * 1000 / rate).unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

async fn step(sqs: &Sqs, task: &Task) -> Result<Step, SqsError> {
    let registry = sqs.clone();
    let (handle, upto) = (task.handle.clone(), task.upto);
    let most = task.rate.map_or(CHUNK, |rate| (rate + STEPS_PER_SECOND - 1) / STEPS_PER_SECOND);
    let source = sqs.by_key(&task.source);
    let route = match &task.destination {
        None => Some(Route::Back),
        Some(name) => sqs.by_key(name).map(Route::To),
    };
    let job = move |connection: &Connection| {
        if !is_running(connection, &handle)? {
            return Ok((Step::Ended, Vec::new()));
        }
        let (Some(source), Some(route)) = (source, route) else {
            return fail(connection, &handle, "AWS.SimpleQueueService.NonExistentQueue");
        };
        advance(connection, &registry, &handle, &source, &route, upto, most)
    };
    let applied = |(_, changes): &(Step, Vec<Change>)| queue::apply(changes);
    sqs.store().write_long(job, applied).await.map(|(step, _)| step)
}

fn advance(
    connection: &Connection,
    sqs: &Sqs,
    handle: &str,
    source: &Arc<Queue>,
    route: &Route,
    upto: i64,
    most: i64,
) -> Result<(Step, Vec<Change>), SqsError> {
    let candidates = candidates(connection, source, upto, most)?;
    if candidates.is_empty() {
        finish(connection, handle, "COMPLETED", None)?;
        return Ok((Step::Ended, Vec::new()));
    }
    let mut changes = Vec::with_capacity(candidates.len() * 2);
    let mut moved = 0;
    for candidate in &candidates {
        let target = match route {
            Route::To(queue) => Some(Arc::clone(queue)),
            Route::Back => candidate.source.as_deref().and_then(|arn| sqs.by_arn(arn)),
        };
        let Some(target) = target else {
            count(connection, handle, moved)?;
            finish(connection, handle, "FAILED", Some("CouldNotDetermineMessageSource"))?;
            return Ok((Step::Ended, changes));
        };
        changes.extend(transfer(connection, candidate, source, &target)?);
        moved += 1;
    }
    count(connection, handle, moved)?;
    Ok((Step::Moved(moved), changes))
}

/// A moved message is a new one: it has a new id and age, and has not been received (SQS Developer Guide,
/// "Configure a dead-letter queue redrive").
fn transfer(
    connection: &Connection,
    candidate: &Candidate,
    source: &Arc<Queue>,
    target: &Arc<Queue>,
) -> rusqlite::Result<[Change; 2]> {
    let now = now_ms();
    let (id, sequence) = if target.is_fifo() {
        let id = sequence::next_id(connection, target)?;
        (id, Some(id))
    } else {
        (target.next_id(), None)
    };
    let mut copy = connection.prepare_cached(
        "INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
         received_at, sent_at, uuid, attributes, trace_header, group_id, deduplication_id, sequence, body) \
         SELECT ?1, ?2, ?3, 0, 0, 0, 0, ?3, ?4, attributes, trace_header, group_id, deduplication_id, ?5, body \
         FROM sqs_message WHERE id = ?6",
    )?;
    copy.execute(params![id, target.id, now, Uuid::new_v4().as_bytes(), sequence, candidate.id])?;
    connection.prepare_cached("DELETE FROM sqs_message WHERE id = ?1")?.execute([candidate.id])?;
    if let Some(group) = candidate.group_id.as_deref().filter(|_| source.is_fifo()) {
        fifo::arrived(connection, target, group, id, now)?;
        fifo::refresh(connection, source, group)?;
    }
    let from = Standing::new(candidate.visible_at, candidate.receives);
    Ok([
        Change { queue: Arc::clone(target), id, from: None, to: Some(Standing::new(now, 0)) },
        Change { queue: Arc::clone(source), id: candidate.id, from: Some(from), to: None },
    ])
}

fn candidates(
    connection: &Connection,
    source: &Queue,
    upto: i64,
    most: i64,
) -> rusqlite::Result<Vec<Candidate>> {
    if source.is_fifo() {
        return in_order(connection, source, upto, most);
    }
    let mut select = connection.prepare_cached(
        "SELECT id, visible_at, receives, source, group_id FROM sqs_message INDEXED BY sqs_message_visible \
         WHERE queue = ?1 AND visible_at <= ?2 AND id <= ?3 AND id > ?4 ORDER BY visible_at, id LIMIT ?5",
    )?;
    let rows =
        select.query_map(params![source.id, now_ms(), upto, source.purged_to(), most], Candidate::read)?;
    rows.collect()
}

/// A FIFO queue's messages leave it as they would be received, so that each group keeps its order.
fn in_order(
    connection: &Connection,
    source: &Queue,
    upto: i64,
    most: i64,
) -> rusqlite::Result<Vec<Candidate>> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut ids = fifo::receivable(connection, source, now_ms(), most)?;
    ids.retain(|id| *id <= upto);
    let mut select = connection
        .prepare_cached("SELECT id, visible_at, receives, source, group_id FROM sqs_message WHERE id = ?1")?;
    ids.into_iter().map(|id| select.query_row([id], Candidate::read)).collect()
}

impl Candidate {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            visible_at: row.get(1)?,
            receives: row.get(2)?,
            source: row.get(3)?,
            group_id: row.get(4)?,
        })
    }
}

fn running(connection: &Connection) -> Result<Vec<Task>, SqsError> {
    let mut select = connection.prepare_cached(
        "SELECT handle, source, destination, rate, upto FROM sqs_move_task WHERE status = 'RUNNING'",
    )?;
    let task = |row: &Row<'_>| {
        Ok(Task {
            handle: row.get(0)?,
            source: row.get(1)?,
            destination: row.get(2)?,
            rate: row.get(3)?,
            upto: row.get(4)?,
        })
    };
    Ok(select.query_map([], task)?.collect::<rusqlite::Result<Vec<_>>>()?)
}

fn is_running(connection: &Connection, handle: &str) -> rusqlite::Result<bool> {
    let mut select = connection.prepare_cached("SELECT status FROM sqs_move_task WHERE handle = ?1")?;
    let status: Option<String> = select.query_row([handle], |row| row.get(0)).optional()?;
    Ok(status.as_deref() == Some("RUNNING"))
}

fn fail(connection: &Connection, handle: &str, reason: &str) -> Result<(Step, Vec<Change>), SqsError> {
    finish(connection, handle, "FAILED", Some(reason))?;
    Ok((Step::Ended, Vec::new()))
}

fn finish(connection: &Connection, handle: &str, status: &str, reason: Option<&str>) -> rusqlite::Result<()> {
    let mut update =
        connection.prepare_cached("UPDATE sqs_move_task SET status = ?2, reason = ?3 WHERE handle = ?1")?;
    update.execute(params![handle, status, reason]).map(drop)
}

fn count(connection: &Connection, handle: &str, moved: i64) -> rusqlite::Result<()> {
    let mut update =
        connection.prepare_cached("UPDATE sqs_move_task SET moved = moved + ?2 WHERE handle = ?1")?;
    update.execute(params![handle, moved]).map(drop)
}
