//! Send, receive, delete: one message, or a batch.

use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;
use serde_json::json;
use thiserror::Error;

use crate::answer::{Received, Sent};
use crate::connection::{CallError, Connection};
use crate::plan::Plan;
use crate::tally::Tally;

/// Answers without a message in a row that mean the server has lost one.
const EMPTY_LIMIT: u32 = 10_000;

/// Why there is no number.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("could not start: {0}")]
    Runtime(std::io::Error),
    #[error("a client ended without a result")]
    Lost,
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("{EMPTY_LIMIT} receives in a row found nothing although a message was sent")]
    NothingReceived,
    #[error("a message of {sent} bytes came back with {received}")]
    Changed { sent: usize, received: usize },
    #[error("a batch was not taken whole: {0}")]
    NotTaken(String),
}

/// Cycles on a connection of its own until the plan's time is over.
pub(crate) async fn repeat(plan: Rc<Plan>, started: Instant) -> Result<Tally, Failure> {
    let mut connection = Connection::new(plan.address);
    let send = send_body(&plan);
    let mut tally = Tally::default();
    while started.elapsed() < plan.duration {
        let begun = Instant::now();
        send_all(&mut connection, &plan, &send).await?;
        take_all(&mut connection, &plan, &mut tally).await?;
        tally.cycle(begun.elapsed());
    }
    Ok(tally)
}

async fn send_all(connection: &mut Connection, plan: &Plan, body: &Bytes) -> Result<(), Failure> {
    if plan.batch == 1 {
        connection.call("SendMessage", body.clone()).await?;
        return Ok(());
    }
    let answer = connection.call("SendMessageBatch", body.clone()).await?;
    taken_whole(plan.batch, &answer)
}

/// As many messages as were sent, perhaps other clients': every client sends before it receives, so there are enough.
async fn take_all(connection: &mut Connection, plan: &Plan, tally: &mut Tally) -> Result<(), Failure> {
    let mut left = plan.batch;
    let mut empty = 0;
    while left > 0 {
        let wanted = json!({ "QueueUrl": plan.queue_url, "MaxNumberOfMessages": left, "WaitTimeSeconds": 0 });
        let answer = connection.call("ReceiveMessage", wanted.to_string().into()).await?;
        let receipts = receipts(&answer, plan.body_bytes)?;
        if receipts.is_empty() {
            tally.empty();
            empty += 1;
            if empty == EMPTY_LIMIT {
                return Err(Failure::NothingReceived);
            }
            continue;
        }
        delete_all(connection, plan, &receipts).await?;
        left -= receipts.len().min(left);
    }
    Ok(())
}

async fn delete_all(connection: &mut Connection, plan: &Plan, receipts: &[String]) -> Result<(), Failure> {
    if let ([receipt], 1) = (receipts, plan.batch) {
        let body = json!({ "QueueUrl": plan.queue_url, "ReceiptHandle": receipt });
        connection.call("DeleteMessage", body.to_string().into()).await?;
        return Ok(());
    }
    let entry = |(id, receipt): (usize, &String)| json!({ "Id": id.to_string(), "ReceiptHandle": receipt });
    let entries: Vec<_> = receipts.iter().enumerate().map(entry).collect();
    let body = json!({ "QueueUrl": plan.queue_url, "Entries": entries });
    let answer = connection.call("DeleteMessageBatch", body.to_string().into()).await?;
    taken_whole(receipts.len(), &answer)
}

fn send_body(plan: &Plan) -> Bytes {
    let message = "x".repeat(plan.body_bytes);
    let body = if plan.batch == 1 {
        json!({ "QueueUrl": plan.queue_url, "MessageBody": message })
    } else {
        let entry = |id: usize| json!({ "Id": id.to_string(), "MessageBody": message });
        let entries: Vec<_> = (0..plan.batch).map(entry).collect();
        json!({ "QueueUrl": plan.queue_url, "Entries": entries })
    };
    body.to_string().into()
}

fn receipts(answer: &Bytes, sent: usize) -> Result<Vec<String>, Failure> {
    let received: Received = Connection::read("ReceiveMessage", answer)?;
    let receipt = |message: crate::answer::Message| match message.body.len() {
        received if received == sent => Ok(message.receipt_handle.into_owned()),
        received => Err(Failure::Changed { sent, received }),
    };
    received.messages.into_iter().map(receipt).collect()
}

fn taken_whole(entries: usize, answer: &Bytes) -> Result<(), Failure> {
    let sent: Sent = Connection::read("a batch", answer)?;
    if sent.successful.len() == entries {
        return Ok(());
    }
    Err(Failure::NotTaken(String::from_utf8_lossy(answer).chars().take(200).collect()))
}
