//! What FIFO queues remember: for five minutes, over a start, and sequence numbers for good.

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Fixture;
use crate::settings::QueueWaits;
use crate::sqs::keeper;
use crate::store::StoreError;

const ATTRIBUTES: [(&str, &str); 2] = [("FifoQueue", "true"), ("ContentBasedDeduplication", "true")];

fn queue(mut input: Value) -> Value {
    input["QueueUrl"] = json!("http://h/000000000000/q.fifo");
    input
}

async fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let attributes: Value =
        ATTRIBUTES.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    fixture.ok("CreateQueue", json!({ "QueueName": "q.fifo", "Attributes": attributes })).await;
    fixture
}

async fn send(fixture: &Fixture, body: &str) -> (String, String) {
    let sent = fixture.ok("SendMessage", queue(json!({ "MessageBody": body, "MessageGroupId": "g" }))).await;
    let text = |name: &str| sent[name].as_str().unwrap().to_owned();
    (text("MessageId"), text("SequenceNumber"))
}

async fn remembered(fixture: &Fixture) -> i64 {
    let query = "SELECT (SELECT count(*) FROM sqs_deduplication) + (SELECT count(*) FROM sqs_attempt)";
    let read =
        move |db: &rusqlite::Connection| Ok::<_, StoreError>(db.query_row(query, [], |row| row.get(0))?);
    fixture.store.read(read).await.unwrap()
}

#[tokio::test]
async fn a_duplicate_is_known_for_five_minutes_and_over_a_start() {
    let fixture = fixture().await;
    let first = send(&fixture, "x").await;
    let fixture = fixture.again();
    assert_eq!(send(&fixture, "x").await, first);
    fixture.execute("UPDATE sqs_deduplication SET sent_at = sent_at - 290000").await;
    assert_eq!(send(&fixture, "x").await, first);
    fixture.execute("UPDATE sqs_deduplication SET sent_at = sent_at - 10000").await;
    let second = send(&fixture, "x").await;
    assert!(second.1 > first.1 && second.0 != first.0);
    assert_eq!(fixture.counts("q.fifo").await, (2, 0));
}

#[tokio::test]
async fn what_is_remembered_no_longer_is_cleared_away() {
    let fixture = fixture().await;
    for number in 0..250 {
        send(&fixture, &number.to_string()).await;
    }
    fixture.receive(queue(json!({ "ReceiveRequestAttemptId": "a" }))).await;
    assert_eq!(remembered(&fixture).await, 251);
    fixture.execute("UPDATE sqs_deduplication SET sent_at = sent_at - 300000").await;
    fixture.execute("UPDATE sqs_attempt SET received_at = received_at - 300000").await;
    keeper::round(&fixture.sqs, &CancellationToken::new()).await.unwrap();
    assert_eq!((remembered(&fixture).await, fixture.rows().await), (0, 250));
}

#[tokio::test]
async fn sequence_numbers_go_on_where_no_message_is_left() {
    let fixture = fixture().await;
    let (_, first) = send(&fixture, "x").await;
    let handle = fixture.receive(queue(json!({}))).await[0]["ReceiptHandle"].clone();
    fixture.ok("DeleteMessage", queue(json!({ "ReceiptHandle": handle }))).await;
    fixture.execute("DELETE FROM sqs_deduplication").await;
    assert_eq!(fixture.rows().await, 0);
    let fixture = fixture.again();
    let (_, second) = send(&fixture, "x").await;
    assert!(second > first, "{second} after {first}");
}

#[tokio::test]
async fn an_expired_message_frees_its_group() {
    let fixture = fixture().await;
    send(&fixture, "old").await;
    assert_eq!(fixture.receive(queue(json!({ "VisibilityTimeout": 43200 }))).await.len(), 1);
    send(&fixture, "new").await;
    assert_eq!(fixture.receive(queue(json!({}))).await.len(), 0);
    let age = "UPDATE sqs_message SET sent_at = sent_at - 345600000 WHERE body = 'old'";
    fixture.execute(age).await;
    keeper::round(&fixture.sqs, &CancellationToken::new()).await.unwrap();
    assert_eq!(fixture.receive(queue(json!({}))).await[0]["Body"], "new");
}

#[tokio::test]
async fn a_purge_forgets_what_was_sent_at_once_and_for_good() {
    let mut fixture = fixture().await;
    send(&fixture, "a").await;
    fixture.ok("PurgeQueue", queue(json!({}))).await;
    for _ in 0..2 {
        send(&fixture, "a").await;
        keeper::round(&fixture.sqs, &CancellationToken::new()).await.unwrap();
        fixture = fixture.again();
    }
    assert_eq!(fixture.counts("q.fifo").await, (1, 0));
    assert_eq!(fixture.receive(queue(json!({ "MaxNumberOfMessages": 10 }))).await.len(), 1);
}

#[tokio::test]
async fn a_blocked_group_costs_the_others_nothing() {
    let fixture = fixture().await;
    send(&fixture, "head").await;
    fixture.receive(queue(json!({ "VisibilityTimeout": 43200 }))).await;
    fixture
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
             INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
             received_at, sent_at, uuid, group_id, deduplication_id, sequence, body) \
             SELECT (1 << 40) + 1024 + i, 1, 1, 0, 0, 0, 0, 99999999999999, randomblob(16), 'g', i, i, 'x' FROM n",
        )
        .await;
    let fixture = fixture.again();
    let other = json!({ "MessageBody": "other", "MessageGroupId": "h" });
    fixture.ok("SendMessage", queue(other)).await;
    let started = std::time::Instant::now();
    assert_eq!(fixture.receive(queue(json!({}))).await[0]["Body"], "other");
    assert!(started.elapsed().as_millis() < 500, "{:?}", started.elapsed());
}

#[tokio::test]
async fn callers_wait_where_the_settings_say_so() {
    let fixture = Fixture::with(QueueWaits::AsAws);
    fixture.ok("CreateQueue", json!({ "QueueName": "q" })).await;
    fixture.ok("PurgeQueue", json!({})).await;
    let (status, refusal) = fixture.call("PurgeQueue", json!({})).await;
    assert_eq!((status, refusal["__type"].as_str()), (403, Some("com.amazonaws.sqs#PurgeQueueInProgress")));
    assert_eq!(refusal["message"], "Only one PurgeQueue operation on q is allowed every 60 seconds.");
    fixture.ok("DeleteQueue", json!({})).await;
    let (status, refusal) = fixture.call("CreateQueue", json!({ "QueueName": "q" })).await;
    assert_eq!((status, refusal["__type"].as_str()), (400, Some("com.amazonaws.sqs#QueueDeletedRecently")));
    fixture.execute("UPDATE sqs_wait SET since = since - 60000").await;
    fixture.ok("CreateQueue", json!({ "QueueName": "q" })).await;
    fixture.ok("PurgeQueue", json!({})).await;
}

#[tokio::test]
async fn a_reset_leaves_nothing_and_peeking_changes_nothing() {
    let fixture = fixture().await;
    send(&fixture, "a").await;
    send(&fixture, "b").await;
    fixture.receive(queue(json!({}))).await;
    let peeked = fixture.sqs.peek("q.fifo", 10).await.unwrap().unwrap();
    let shown: Vec<_> = peeked.iter().map(|message| (message.body.as_str(), message.receives)).collect();
    assert_eq!(shown, [("a", 1), ("b", 0)]);
    assert!(matches!(peeked[0].state, crate::sqs::MessageState::InFlight(_)));
    assert_eq!(fixture.sqs.peek("none", 10).await.unwrap(), None);
    assert_eq!(fixture.counts("q.fifo").await, (1, 1));
    fixture.sqs.reset().await.unwrap();
    assert_eq!(fixture.sqs.snapshot().await.unwrap(), []);
    assert_eq!((fixture.rows().await, remembered(&fixture).await), (0, 0));
}
