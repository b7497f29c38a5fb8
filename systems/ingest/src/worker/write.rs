//! Writes one message to the bucket, however long that takes.
//!
//! A bucket that fails is no fault of the message: it is tried again and again while the message is kept invisible, so
//! that an outage, however long, sends no good message to the dead-letter queue.

use aws_sdk_s3::primitives::ByteStream;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::link::Pauses;
use crate::aws;

/// A message in this worker's hands.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// The message's identifier.
    pub(crate) id: String,
    /// What deletes this delivery of it.
    pub(crate) receipt: String,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The object is there.
    Written,
    /// The worker had to stop before the bucket answered; the queue delivers the message again at once.
    GivenBack,
}

/// Writes `body` under `key` and keeps the message invisible meanwhile.
pub(crate) async fn until_done(
    worker: &Worker,
    delivery: &Delivery,
    key: &str,
    body: String,
    stop: &CancellationToken,
) -> Outcome {
    let half = worker.settings.visibility / 2;
    let mut extension = interval_at(Instant::now() + half, half);
    extension.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let writing = attempts(worker, key, body.into_bytes().into(), stop);
    tokio::pin!(writing);
    let outcome = loop {
        tokio::select! {
            outcome = &mut writing => break outcome,
            _ = extension.tick() => set_visibility(worker, delivery, worker.visibility_seconds()).await,
        }
    };
    if outcome == Outcome::GivenBack {
        set_visibility(worker, delivery, 0).await;
    }
    outcome
}

/// After `stop` the attempt under way is finished and none is begun.
async fn attempts(worker: &Worker, key: &str, body: bytes::Bytes, stop: &CancellationToken) -> Outcome {
    let mut pauses = Pauses::new();
    loop {
        worker.heartbeat.beat();
        let call =
            worker.s3.put_object().bucket(&worker.settings.bucket).key(key).content_type("application/json");
        match call.body(ByteStream::from(body.clone())).send().await {
            Ok(_) => {
                worker.bucket.up();
                return Outcome::Written;
            }
            Err(error) => worker.bucket.down(aws::reason(&error)),
        }
        pauses.next(stop).await;
        if stop.is_cancelled() {
            return Outcome::GivenBack;
        }
    }
}

/// A failure is only noted: the worst it brings is one more delivery.
async fn set_visibility(worker: &Worker, delivery: &Delivery, seconds: i32) {
    let call = worker.sqs.change_message_visibility().queue_url(&worker.settings.queue_url);
    let call = call.receipt_handle(&delivery.receipt).visibility_timeout(seconds);
    if let Err(error) = call.send().await {
        tracing::warn!(message_id = delivery.id, error = aws::reason(&error), "visibility can't be changed");
    }
}
