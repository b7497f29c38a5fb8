//! What takes too long, or too many, to be seen from outside: age, limits and clearing away.

use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Sqs, keeper};
use crate::call::Call;
use crate::settings::{Data, Durability, QueueWaits, Settings};
use crate::store::{Store, StoreError};

mod fifo;
mod order;
mod upgrade;

struct Fixture {
    store: Store,
    sqs: Sqs,
}

impl Fixture {
    fn new() -> Self {
        Self::with(QueueWaits::None)
    }

    fn with(queue_waits: QueueWaits) -> Self {
        let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
        let sqs = Sqs::open(&store, &Settings { queue_waits, ..Settings::default() }).unwrap();
        Self { store, sqs }
    }

    /// The same store after a start.
    fn again(self) -> Self {
        let sqs = Sqs::open(&self.store, &Settings::default()).unwrap();
        Self { sqs, ..self }
    }

    async fn call(&self, operation: &str, mut input: Value) -> (u16, Value) {
        if input.get("QueueUrl").is_none() {
            input["QueueUrl"] = json!("http://h/000000000000/q");
        }
        let call = Call {
            operation: operation.to_owned(),
            body: input.to_string().into(),
            host: "h".to_owned(),
            path: "/".to_owned(),
            trace: None,
            region: None,
            accept: None,
            session: None,
            shutdown: CancellationToken::new(),
            _room: None,
        };
        let (parts, body) = self.sqs.json(call).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status.as_u16(), serde_json::from_slice(&bytes).unwrap())
    }

    async fn ok(&self, operation: &str, input: Value) -> Value {
        let (status, output) = self.call(operation, input).await;
        assert_eq!(status, 200, "{operation}: {output}");
        output
    }

    async fn receive(&self, input: Value) -> Vec<Value> {
        let output = self.ok("ReceiveMessage", input).await;
        output["Messages"].as_array().cloned().unwrap_or_default()
    }

    async fn counts(&self, name: &str) -> (u64, u64) {
        let snapshots = self.sqs.snapshot().await.unwrap();
        let queue = snapshots.into_iter().find(|queue| queue.name == name).unwrap();
        (queue.visible, queue.in_flight)
    }

    /// Changes the store behind the service's back.
    async fn execute(&self, statement: &'static str) {
        self.store.write(move |db| Ok::<_, StoreError>(db.execute_batch(statement)?)).await.unwrap();
    }

    async fn rows(&self) -> i64 {
        let query = "SELECT count(*) FROM sqs_message";
        self.store
            .read(move |db| Ok::<_, StoreError>(db.query_row(query, [], |row| row.get(0))?))
            .await
            .unwrap()
    }

    async fn send(&self, messages: usize) {
        let entry = |id: usize| json!({ "Id": id.to_string(), "MessageBody": "x" });
        for start in (0..messages).step_by(10) {
            let entries: Vec<Value> = (start..messages.min(start + 10)).map(entry).collect();
            self.ok("SendMessageBatch", json!({ "Entries": entries })).await;
        }
    }
}

#[tokio::test]
async fn an_expired_message_is_never_received_and_is_cleared_away() {
    let fixture = Fixture::new();
    fixture
        .ok("CreateQueue", json!({ "QueueName": "q", "Attributes": { "MessageRetentionPeriod": "60" } }))
        .await;
    fixture.send(1).await;
    fixture.execute("UPDATE sqs_message SET sent_at = sent_at - 60000").await;
    fixture.send(1).await;
    assert_eq!(fixture.receive(json!({ "MaxNumberOfMessages": 10 })).await.len(), 1);
    assert_eq!((fixture.counts("q").await, fixture.rows().await), ((0, 1), 1));
    fixture.send(600).await;
    fixture.execute("UPDATE sqs_message SET sent_at = sent_at - 60000").await;
    keeper::round(&fixture.sqs, &CancellationToken::new()).await.unwrap();
    assert_eq!((fixture.counts("q").await, fixture.rows().await), ((0, 0), 0));
}

#[tokio::test]
async fn hopeless_messages_do_not_hide_those_behind_them() {
    let fixture = Fixture::new();
    fixture.ok("CreateQueue", json!({ "QueueName": "dead" })).await;
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
    fixture.ok("CreateQueue", json!({ "QueueName": "q", "Attributes": { "RedrivePolicy": policy } })).await;
    fixture.send(1200).await;
    fixture.execute("UPDATE sqs_message SET receives = 1").await;
    fixture.send(1).await;
    assert_eq!(fixture.receive(json!({})).await.len(), 1);
    assert_eq!((fixture.counts("q").await, fixture.counts("dead").await), ((0, 1), (1200, 0)));
}

#[tokio::test]
async fn no_more_are_in_flight_than_the_limit() {
    let fixture = Fixture::new();
    fixture.ok("CreateQueue", json!({ "QueueName": "q" })).await;
    fixture
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000) \
             INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
             received_at, sent_at, uuid, body) \
             SELECT (1 << 40) + i, 1, 99999999999999, 1, 0, 1, 1, 99999999999999, zeroblob(16), 'x' FROM n",
        )
        .await;
    let fixture = fixture.again();
    assert_eq!(fixture.counts("q").await, (0, 120_000));
    fixture.send(1).await;
    let (status, refusal) = fixture.call("ReceiveMessage", json!({})).await;
    assert_eq!((status, refusal["__type"].as_str()), (403, Some("com.amazonaws.sqs#OverLimit")));
    let waited = fixture.receive(json!({ "WaitTimeSeconds": 1 })).await;
    assert!(waited.is_empty(), "a waiting receive is not refused, it gets nothing");
}

#[tokio::test]
async fn a_purge_goes_on_after_a_start() {
    let fixture = Fixture::new();
    fixture.ok("CreateQueue", json!({ "QueueName": "q" })).await;
    fixture.send(700).await;
    fixture.ok("PurgeQueue", json!({})).await;
    fixture.send(2).await;
    assert_eq!((fixture.counts("q").await, fixture.rows().await), ((2, 0), 702));
    let fixture = fixture.again();
    assert_eq!(fixture.counts("q").await, (2, 0));
    assert_eq!(fixture.receive(json!({})).await.len(), 1, "what is purged does not hide what is not");
    keeper::round(&fixture.sqs, &CancellationToken::new()).await.unwrap();
    assert_eq!((fixture.counts("q").await, fixture.rows().await), ((1, 1), 2));
}

#[tokio::test]
async fn a_deleted_queue_is_cleared_away() {
    let fixture = Fixture::new();
    fixture.ok("CreateQueue", json!({ "QueueName": "q" })).await;
    fixture.send(700).await;
    fixture.ok("DeleteQueue", json!({})).await;
    fixture.ok("CreateQueue", json!({ "QueueName": "q" })).await;
    fixture.send(1).await;
    keeper::round(&fixture.sqs, &CancellationToken::new()).await.unwrap();
    assert_eq!((fixture.counts("q").await, fixture.rows().await), ((1, 0), 1));
}
