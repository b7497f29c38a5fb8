//! A queue to test with: calls of the JSON protocol, each on a connection of its own.

use std::net::SocketAddr;

use http::Request;
use serde_json::{Value, json};

use crate::server::{Answer, send};

/// A queue on a server that may go away and come back at another address.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    pub(crate) address: SocketAddr,
    pub(crate) url: String,
}

/// A message as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) body: String,
    pub(crate) handle: String,
    pub(crate) receives: u64,
}

impl Queue {
    /// Creates it, or finds it.
    pub(crate) async fn create(address: SocketAddr, name: &str, attributes: Value) -> Self {
        let input = json!({ "QueueName": name, "Attributes": attributes });
        let created = call(address, "CreateQueue", &input).await.unwrap();
        assert_eq!(created.status, 200, "{}", created.text());
        let url = json(&created)["QueueUrl"].as_str().unwrap().to_owned();
        Self { address, url }
    }

    /// The same queue behind another address.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self { address, url: self.url.clone() }
    }

    /// One call on it; `None` when the server went away.
    pub(crate) async fn call(&self, operation: &str, mut input: Value) -> Option<Answer> {
        input["QueueUrl"] = json!(self.url);
        call(self.address, operation, &input).await
    }

    /// One call on it that must work.
    pub(crate) async fn ok(&self, operation: &str, input: Value) -> Value {
        let answer = self.call(operation, input).await.expect("an answer");
        assert_eq!(answer.status, 200, "{operation}: {}", answer.text());
        json(&answer)
    }

    /// Sends one; its id once it is acknowledged.
    pub(crate) async fn send(&self, body: &str) -> Option<String> {
        let answer = self.call("SendMessage", json!({ "MessageBody": body })).await?;
        (answer.status == 200).then(|| json(&answer)["MessageId"].as_str().unwrap().to_owned())
    }

    /// Receives up to ten.
    pub(crate) async fn receive(&self, visibility: u32, wait: u32) -> Option<Vec<Received>> {
        let input = json!({
            "MaxNumberOfMessages": 10, "VisibilityTimeout": visibility, "WaitTimeSeconds": wait,
            "AttributeNames": ["ApproximateReceiveCount"],
        });
        let answer = self.call("ReceiveMessage", input).await?;
        let answer = json(&answer);
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        Some(messages.iter().map(Received::read).collect())
    }

    /// Whether the deletion was acknowledged.
    pub(crate) async fn delete(&self, handle: &str) -> Option<()> {
        let answer = self.call("DeleteMessage", json!({ "ReceiptHandle": handle })).await?;
        (answer.status == 200).then_some(())
    }

    /// Visible, in flight, delayed.
    pub(crate) async fn counts(&self) -> (u64, u64, u64) {
        let found = self.ok("GetQueueAttributes", json!({ "AttributeNames": ["All"] })).await;
        let count = |kind: &str| {
            let name = format!("ApproximateNumberOfMessages{kind}");
            found["Attributes"][name].as_str().unwrap().parse().unwrap()
        };
        (count(""), count("NotVisible"), count("Delayed"))
    }
}

impl Received {
    fn read(message: &Value) -> Self {
        let text = |name: &str| message[name].as_str().unwrap().to_owned();
        let receives = message["Attributes"]["ApproximateReceiveCount"].as_str().unwrap();
        Self {
            id: text("MessageId"),
            body: text("Body"),
            handle: text("ReceiptHandle"),
            receives: receives.parse().unwrap(),
        }
    }
}

/// One call of the JSON protocol; `None` when the server went away.
pub(crate) async fn call(address: SocketAddr, operation: &str, input: &Value) -> Option<Answer> {
    let request = Request::post("/").header("x-amz-target", format!("AmazonSQS.{operation}"));
    send(address, request.header("content-type", "application/x-amz-json-1.0"), input.to_string()).await
}

pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_str(answer.text()).unwrap()
}
