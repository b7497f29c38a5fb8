//! One lane: receive a batch, write its messages side by side, again.

use std::sync::Arc;

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::link::Pauses;
use super::write::{self, Delivery, Outcome};
use crate::{aws, message};

/// What a receive brought.
enum Received {
    Messages(Vec<Message>),
    Failed,
    Stopped,
}

/// Works until `stop`; the batch at hand is finished. Receipts of what is written go to `written`.
pub(crate) async fn run(worker: Arc<Worker>, written: mpsc::Sender<Delivery>, stop: CancellationToken) {
    let mut pauses = Pauses::new();
    loop {
        worker.heartbeat.beat();
        match receive(&worker, &stop).await {
            Received::Stopped => return,
            Received::Failed => pauses.next(&stop).await,
            Received::Messages(messages) => {
                pauses = Pauses::new();
                if messages.is_empty() {
                    let _ = tokio::time::timeout(worker.settings.sleep_on_empty, stop.cancelled()).await;
                }
                handle_all(&worker, messages, &written, &stop).await;
            }
        }
    }
}

async fn receive(worker: &Worker, stop: &CancellationToken) -> Received {
    let wait = i32::try_from(worker.settings.poll_wait.as_secs()).unwrap_or(0);
    let call = worker
        .sqs
        .receive_message()
        .queue_url(&worker.settings.queue_url)
        .max_number_of_messages(worker.settings.max_messages)
        .wait_time_seconds(wait)
        .visibility_timeout(worker.visibility_seconds())
        .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount);
    let answer = tokio::select! {
        biased;
        () = stop.cancelled() => return Received::Stopped,
        answer = call.send() => answer,
    };
    match answer {
        Ok(received) => {
            worker.queue.up();
            Received::Messages(received.messages.unwrap_or_default())
        }
        Err(error) => {
            worker.queue.down(aws::reason(&error));
            Received::Failed
        }
    }
}

async fn handle_all(
    worker: &Arc<Worker>,
    messages: Vec<Message>,
    written: &mpsc::Sender<Delivery>,
    stop: &CancellationToken,
) {
    let mut tasks = JoinSet::new();
    for message in messages {
        tasks.spawn(handle(Arc::clone(worker), message, written.clone(), stop.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a message was dropped and will be delivered again");
        }
        worker.heartbeat.beat();
    }
}

async fn handle(
    worker: Arc<Worker>,
    message: Message,
    written: mpsc::Sender<Delivery>,
    stop: CancellationToken,
) {
    let receives = receive_count(&message).to_owned();
    let (Some(id), Some(receipt)) = (message.message_id, message.receipt_handle) else {
        tracing::error!("the queue delivered a message without an identifier or receipt; it is left alone");
        return;
    };
    let body = message.body.unwrap_or_default();
    let key = match message::object_key(&worker.settings.environment, &id, &body) {
        Ok(key) => key,
        Err(reason) => {
            tracing::warn!(message_id = id, receives, %reason, "left for the dead-letter queue");
            return;
        }
    };
    let delivery = Delivery { id, receipt };
    match write::until_done(&worker, &delivery, &key, body, &stop).await {
        Outcome::Written => {
            tracing::debug!(message_id = delivery.id, key, "written");
            // The receiver outlives every lane; were it gone, the message would be delivered again.
            let _ = written.send(delivery).await;
        }
        Outcome::GivenBack => tracing::info!(message_id = delivery.id, "given back to the queue"),
    }
}

fn receive_count(message: &Message) -> &str {
    let attributes = message.attributes.as_ref();
    attributes
        .and_then(|all| all.get(&MessageSystemAttributeName::ApproximateReceiveCount))
        .map_or("?", String::as_str)
}
