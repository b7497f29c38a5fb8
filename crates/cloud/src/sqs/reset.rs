//! Starting over: every queue and everything kept about them goes at once.

use std::sync::Arc;

use rusqlite::Connection;

use super::Sqs;
use super::error::SqsError;
use super::purge;
use super::queue::Queue;

/// All tables with something in them that is about a queue.
const TABLES: [&str; 9] = [
    "sqs_message",
    "sqs_doomed",
    "sqs_move_task",
    "sqs_queue",
    "sqs_group",
    "sqs_deduplication",
    "sqs_attempt",
    "sqs_sequence",
    "sqs_wait",
];

/// Deletes all queues. Whoever waits for a message is told that the queue is gone.
pub(super) async fn reset(sqs: &Sqs) -> Result<(), SqsError> {
    let registry = sqs.clone();
    let job = move |connection: &Connection| {
        for table in TABLES {
            connection.execute(&format!("DELETE FROM {table}"), [])?;
        }
        let queues = registry.all();
        // A send that shares the commit may still come after this and put a message into a queue that is gone.
        for queue in &queues {
            let (first, last) = queue.id_range();
            purge::doom(connection, first, last)?;
        }
        Ok::<_, SqsError>(queues)
    };
    let registry = sqs.clone();
    let removed = move |queues: &Vec<Arc<Queue>>| queues.iter().for_each(|queue| registry.remove(queue));
    sqs.store().write_then(job, removed).await?;
    sqs.inner.chores.notify_one();
    Ok(())
}
