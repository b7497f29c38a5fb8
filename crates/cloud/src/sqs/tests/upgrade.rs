//! A database of the first version: its queues and messages are there after the upgrade, and FIFO queues can be made.

use rusqlite::Connection;
use serde_json::json;

use super::Fixture;
use crate::settings::{Data, Durability, Settings};
use crate::sqs::Sqs;
use crate::store::Store;

/// What the first version wrote, down to a policy that would be refused today.
const CONTENT: &str = r#"
INSERT INTO sqs_queue VALUES (1, 'dead', '{}', '{}', 1000, 1000);
INSERT INTO sqs_queue VALUES (2, 'q',
    '{"KmsMasterKeyId":"k","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\"}","SqsManagedSseEnabled":"true"}',
    '{"a":"b"}', 1000, 1000);
INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, received_at, sent_at,
    uuid, group_id, body) VALUES ((2 << 40) + 1, 2, 1, 0, 0, 0, 0, 99999999999999, zeroblob(16), 'tenant', 'kept');
PRAGMA user_version = 1;
"#;

#[tokio::test]
async fn what_the_first_version_wrote_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let old = Connection::open(folder.path().join("cloud.db")).unwrap();
    for text in [
        include_str!("../schema.sql"),
        include_str!("../../s3/schema.sql"),
        include_str!("../../ssm/schema.sql"),
        CONTENT,
    ] {
        old.execute_batch(text).unwrap();
    }
    old.close().unwrap();
    let store = Store::open(&Data::Directory(folder.path().to_owned()), Durability::ProcessCrash).unwrap();
    let sqs = Sqs::open(&store, &Settings::default()).unwrap();
    let fixture = Fixture { store, sqs };
    assert_eq!((fixture.counts("q").await, fixture.counts("dead").await), ((1, 0), (0, 0)));
    assert_eq!(fixture.ok("ListQueueTags", json!({})).await["Tags"], json!({ "a": "b" }));
    assert_eq!(fixture.receive(json!({})).await[0]["Body"], "kept");
    let attributes = json!({ "FifoQueue": "true", "ContentBasedDeduplication": "true" });
    fixture.ok("CreateQueue", json!({ "QueueName": "new.fifo", "Attributes": attributes })).await;
    let url = "http://h/000000000000/new.fifo";
    let sent = json!({ "QueueUrl": url, "MessageBody": "x", "MessageGroupId": "g" });
    fixture.ok("SendMessage", sent).await;
    assert_eq!(fixture.receive(json!({ "QueueUrl": url })).await.len(), 1);
    fixture.store.close().await;
}
