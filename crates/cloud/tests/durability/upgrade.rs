//! A folder of the first version is brought up to date at the start, with everything in it.

use std::net::SocketAddr;
use std::path::Path;

use cloud::{Cloud, Data, Settings};
use http::Request;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::queue::Queue;
use crate::server::{Server, send};

const NOW: i64 = 4_000_000_000_000;

/// Writes what the first version would have: its tables, a queue with messages, a bucket with an object, a parameter.
fn first_version(folder: &Path) {
    let db = Connection::open(folder.join("cloud.db")).unwrap();
    for text in [
        include_str!("../../src/sqs/schema.sql"),
        include_str!("../../src/s3/schema.sql"),
        include_str!("../../src/ssm/schema.sql"),
    ] {
        db.execute_batch(text).unwrap();
    }
    db.pragma_update(None, "user_version", 1).unwrap();
    db.execute("INSERT INTO sqs_queue VALUES (1, 'old', '{\"VisibilityTimeout\":\"77\"}', '{}', 0, 0)", [])
        .unwrap();
    for number in 1..=3_i64 {
        // The third is in flight.
        let (visible_at, receives) = if number == 3 { (NOW, 1) } else { (0, 0) };
        db.execute(
            "INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
             received_at, sent_at, uuid, body) VALUES (?1, 1, ?2, ?3, 0, 0, 0, ?4, ?5, ?6)",
            params![
                (1_i64 << 40) + number,
                visible_at,
                receives,
                NOW,
                [7_u8; 16],
                format!("message {number}")
            ],
        )
        .unwrap();
    }
    db.execute_batch(
        "INSERT INTO ssm_version (name, version, kind, value, tier, data_type, modified, labels) \
         VALUES ('/old', 1, 'String', CAST('value' AS BLOB), 'Standard', 'text', 0, '[]'); \
         INSERT INTO ssm_parameter (name, version, tags) VALUES ('/old', 1, '{}'); \
         INSERT INTO s3_bucket VALUES (1, 'shelf', 'us-east-1', 0, 1, 5); \
         INSERT INTO s3_bucket_document VALUES (1, 'tagging', '[[\"team\",\"a\"]]'); \
         INSERT INTO s3_content VALUES (1, CAST('bytes' AS BLOB)); \
         INSERT INTO s3_object (bucket, key, size, etag, modified, storage_class, inline, attributes, tags) \
         VALUES (1, CAST('k' AS BLOB), 5, 'e', 0, 'STANDARD', 1, '{}', '[]');",
    )
    .unwrap();
}

#[tokio::test]
async fn everything_of_the_first_version_is_there() {
    let folder = tempfile::tempdir().unwrap();
    first_version(folder.path());
    let settings = Settings { data: Data::Directory(folder.path().to_owned()), ..Settings::default() };
    for _ in 0..2 {
        let server = Server::with(settings.clone()).await;
        let queue = Queue::create(server.address, "old", json!({ "VisibilityTimeout": "77" })).await;
        assert_eq!(queue.counts().await, (2, 1, 0));
        let get = Request::post("/").header("x-amz-target", "AmazonSSM.GetParameter");
        let answer = send(server.address, get, r#"{"Name":"/old"}"#).await.unwrap();
        assert!(answer.text().contains(r#""Value":"value""#), "{}", answer.text());
        let object = send(server.address, Request::get("/shelf/k"), "").await.unwrap();
        assert_eq!((object.status, object.text()), (200, "bytes"));
        let tags = send(server.address, Request::get("/shelf?tagging"), "").await.unwrap();
        assert!(tags.text().contains("<Key>team</Key><Value>a</Value>"), "{}", tags.text());
        let cloud = server.cloud.clone();
        drop(server);
        cloud.close().await;
    }
    let server = Server::with(settings).await;
    let queue = Queue::create(server.address, "old", json!({})).await;
    let mut bodies: Vec<String> =
        queue.receive(30, 0).await.unwrap().into_iter().map(|message| message.body).collect();
    bodies.sort();
    assert_eq!(bodies, ["message 1", "message 2"]);
    versions_begin(server.address).await;
}

/// What was there before becomes the version called null.
async fn versions_begin(address: SocketAddr) {
    let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    send(address, Request::put("/shelf?versioning"), on).await.unwrap();
    send(address, Request::put("/shelf/k"), "after").await.unwrap();
    for (path, text) in [("/shelf/k", "after"), ("/shelf/k?versionId=null", "bytes")] {
        assert_eq!(send(address, Request::get(path), "").await.unwrap().text(), text);
    }
    let listed = send(address, Request::get("/shelf?versions"), "").await.unwrap();
    assert_eq!(listed.text().matches("<Version>").count(), 2);
}

#[tokio::test]
async fn an_upgrade_that_cannot_be_done_leaves_the_old_version() {
    let folder = tempfile::tempdir().unwrap();
    first_version(folder.path());
    let file = folder.path().join("cloud.db");
    let db = Connection::open(&file).unwrap();
    // In the way of a table of the second version, which is not its first.
    db.execute_batch("CREATE TABLE sqs_group (x)").unwrap();
    drop(db);
    let settings = Settings { data: Data::Directory(folder.path().to_owned()), ..Settings::default() };
    let refusal = Cloud::open(&settings).unwrap_err().to_string();
    assert!(refusal.contains("sqs_group"), "{refusal}");
    let db = Connection::open(&file).unwrap();
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let messages: i64 = db.query_row("SELECT count(*) FROM sqs_message", [], |row| row.get(0)).unwrap();
    assert_eq!((version, messages), (1, 3));
}
