//! The queues at a moment, for whoever shows or scales by them.

use std::time::Duration;

use super::{Sqs, keeper};
use crate::clock::now_ms;
use crate::store::StoreError;

/// One queue at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSnapshot {
    /// Its name, with its region and a slash before it where that is not the cloud's own.
    pub name: String,
    /// The path of its URL, `/000000000000/name`: behind any host that reaches the cloud it is the queue's URL.
    pub path: String,
    /// Its Amazon resource name.
    pub arn: String,
    /// Messages a receive would get.
    pub visible: u64,
    /// Messages received and not deleted, whose visibility timeout has not ended.
    pub in_flight: u64,
    /// Messages sent with a delay that has not ended.
    pub delayed: u64,
    /// Age of the oldest message that is not deleted.
    pub oldest: Option<Duration>,
    /// Name of the queue its dead letters go to.
    pub dead_letters_to: Option<String>,
}

/// All queues, in order of name.
pub(crate) async fn queues(sqs: &Sqs) -> Result<Vec<QueueSnapshot>, StoreError> {
    let mut snapshots = Vec::new();
    for queue in sqs.all() {
        let numbers = queue.numbers();
        let holds = numbers.visible + numbers.in_flight + numbers.delayed > 0;
        let oldest = if holds { keeper::oldest(sqs, &queue).await? } else { None };
        snapshots.push(QueueSnapshot {
            path: sqs.place().path(&queue.key),
            arn: queue.arn.clone(),
            visible: unsigned(numbers.visible),
            in_flight: unsigned(numbers.in_flight),
            delayed: unsigned(numbers.delayed),
            oldest: oldest.map(|sent_at| Duration::from_millis(unsigned(now_ms() - sent_at))),
            dead_letters_to: queue.attributes().redrive.as_ref().map(|redrive| redrive.target.clone()),
            name: queue.key.clone(),
        });
    }
    Ok(snapshots)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
