//! Send, receive, delete.

use std::rc::Rc;
use std::time::Instant;

use serde_json::{Value, json};
use thiserror::Error;

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
    #[error("a received message has no receipt handle")]
    NoReceipt,
}

/// Cycles on a connection of its own until the plan's time is over.
pub(crate) async fn repeat(plan: Rc<Plan>, started: Instant) -> Result<Tally, Failure> {
    let mut connection = Connection::new(plan.address);
    let send = json!({ "QueueUrl": plan.queue_url, "MessageBody": "x".repeat(plan.body_bytes) });
    let mut tally = Tally::default();
    while started.elapsed() < plan.duration {
        let begun = Instant::now();
        connection.call("SendMessage", &send).await?;
        let receipt = receive(&mut connection, &plan, &mut tally).await?;
        connection
            .call("DeleteMessage", &json!({ "QueueUrl": plan.queue_url, "ReceiptHandle": receipt }))
            .await?;
        tally.cycle(begun.elapsed());
    }
    Ok(tally)
}

/// Some message, perhaps another client's: every client sends one before it receives one, so there is one for each.
async fn receive(connection: &mut Connection, plan: &Plan, tally: &mut Tally) -> Result<Value, Failure> {
    let arguments = json!({ "QueueUrl": plan.queue_url, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 0 });
    for _ in 0..EMPTY_LIMIT {
        let answer = connection.call("ReceiveMessage", &arguments).await?;
        if let Some(message) = answer.pointer("/Messages/0") {
            return receipt(message, plan.body_bytes);
        }
        tally.empty();
    }
    Err(Failure::NothingReceived)
}

fn receipt(message: &Value, sent: usize) -> Result<Value, Failure> {
    let received = message.get("Body").and_then(Value::as_str).map_or(0, str::len);
    if received != sent {
        return Err(Failure::Changed { sent, received });
    }
    message.get("ReceiptHandle").cloned().ok_or(Failure::NoReceipt)
}
