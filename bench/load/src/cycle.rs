//! Send, receive, delete: one message, or a batch.

use std::time::Instant;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::answer::{Message, Received, Sent};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::plan::Queue;
use crate::tally::Tally;
use crate::work::{Client, Left};

/// Answers without a message in a row that mean the server has lost one.
const EMPTY_LIMIT: u32 = 10_000;

/// Sends, receives and deletes.
pub(crate) struct Cycle<'a> {
    load: &'a Queue,
    messages: Messages,
}

/// The bodies of requests that send.
pub(crate) enum Messages {
    /// The same every time.
    Standard(Bytes),
    /// In a group of the connection's own, each message with an id of its own.
    Fifo { url: String, text: String, group: String, batch: usize, sent: u64 },
}

impl<'a> Cycle<'a> {
    pub(crate) fn new(load: &'a Queue, connection: u16) -> Self {
        Self { load, messages: Messages::new(load, connection) }
    }

    async fn send(&mut self, connection: &mut Connection) -> Result<(), Failure> {
        let body = self.messages.next();
        if self.load.batch == 1 {
            connection.json("AmazonSQS.SendMessage", body).await?;
            return Ok(());
        }
        let answer = connection.json("AmazonSQS.SendMessageBatch", body).await?;
        taken_whole(self.load.batch, &answer)
    }

    /// As many messages as were sent, perhaps other clients': every client sends before it receives, so there are
    /// enough.
    async fn take(&self, connection: &mut Connection, tally: &mut Tally) -> Result<(), Failure> {
        let mut left = self.load.batch;
        let mut empty = 0;
        while left > 0 {
            let begun = Instant::now();
            let receipts = self.receive(connection, left).await?;
            if receipts.is_empty() {
                tally.empty();
                empty += 1;
                if empty == EMPTY_LIMIT {
                    return Err(Failure::NothingReceived(EMPTY_LIMIT));
                }
                continue;
            }
            tally.step("receive", begun.elapsed());
            let begun = Instant::now();
            self.delete(connection, &receipts).await?;
            tally.step("delete", begun.elapsed());
            left -= receipts.len().min(left);
        }
        Ok(())
    }

    async fn receive(&self, connection: &mut Connection, most: usize) -> Result<Vec<String>, Failure> {
        let wanted = json!({ "QueueUrl": self.load.url, "MaxNumberOfMessages": most, "WaitTimeSeconds": 0 });
        let answer = connection.json("AmazonSQS.ReceiveMessage", wanted.to_string().into()).await?;
        let received: Received = Connection::read("ReceiveMessage", &answer)?;
        let sent = self.load.body_bytes;
        let receipt = |message: Message| match message.body.len() {
            received if received == sent => Ok(message.receipt_handle.into_owned()),
            received => Err(Failure::Changed { what: "a message", sent, received }),
        };
        received.messages.into_iter().map(receipt).collect()
    }

    async fn delete(&self, connection: &mut Connection, receipts: &[String]) -> Result<(), Failure> {
        let url = &self.load.url;
        if let ([receipt], 1) = (receipts, self.load.batch) {
            let body = json!({ "QueueUrl": url, "ReceiptHandle": receipt });
            connection.json("AmazonSQS.DeleteMessage", body.to_string().into()).await?;
            return Ok(());
        }
        let entry =
            |(id, receipt): (usize, &String)| json!({ "Id": id.to_string(), "ReceiptHandle": receipt });
        let entries: Vec<_> = receipts.iter().enumerate().map(entry).collect();
        let body = json!({ "QueueUrl": url, "Entries": entries });
        let answer = connection.json("AmazonSQS.DeleteMessageBatch", body.to_string().into()).await?;
        taken_whole(receipts.len(), &answer)
    }
}

impl Client for Cycle<'_> {
    async fn once(&mut self, connection: &mut Connection, tally: &mut Tally) -> Result<Left, Failure> {
        let begun = Instant::now();
        self.send(connection).await?;
        tally.step("send", begun.elapsed());
        self.take(connection, tally).await?;
        Ok(Left::More)
    }
}

impl Messages {
    /// A queue is a FIFO queue when its name ends in `.fifo` (API reference, CreateQueue).
    pub(crate) fn new(load: &Queue, connection: u16) -> Self {
        let (url, batch, text) = (load.url.clone(), load.batch, "x".repeat(load.body_bytes));
        if url.ends_with(".fifo") {
            return Self::Fifo { url, text, group: format!("group-{connection}"), batch, sent: 0 };
        }
        Self::Standard(request(&url, batch, |_| json!({ "MessageBody": text })))
    }

    pub(crate) fn next(&mut self) -> Bytes {
        match self {
            Self::Standard(body) => body.clone(),
            Self::Fifo { url, text, group, batch, sent } => {
                let first = *sent;
                *sent += *batch as u64;
                request(url, *batch, |place| {
                    let id = format!("{group}-{}", first + place as u64);
                    json!({ "MessageBody": text, "MessageGroupId": group, "MessageDeduplicationId": id })
                })
            }
        }
    }
}

/// A request that sends one message, or a batch.
fn request(url: &str, batch: usize, message: impl Fn(usize) -> Value) -> Bytes {
    let with = |mut value: Value, name: &str, text: &str| {
        if let Some(members) = value.as_object_mut() {
            members.insert(name.to_owned(), text.into());
        }
        value
    };
    let body = if batch == 1 {
        with(message(0), "QueueUrl", url)
    } else {
        let entries: Vec<_> =
            (0..batch).map(|place| with(message(place), "Id", &place.to_string())).collect();
        json!({ "QueueUrl": url, "Entries": entries })
    };
    body.to_string().into()
}

pub(crate) fn taken_whole(entries: usize, answer: &Bytes) -> Result<(), Failure> {
    let sent: Sent = Connection::read("a batch", answer)?;
    if sent.successful.len() == entries {
        return Ok(());
    }
    Err(Failure::NotTaken(String::from_utf8_lossy(answer).chars().take(200).collect()))
}
