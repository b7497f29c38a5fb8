//! Bytes that no driver sends: the connection ends, the server goes on.

use std::time::Duration;

use bson::{Bson, Document, doc};
use cloud::coverage::Extent;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::server::Server;

const PATIENCE: Duration = Duration::from_secs(20);

fn message(body: &Document) -> Vec<u8> {
    framed(2013, &[&[0; 5][..], &body.to_vec().unwrap()].concat())
}

fn framed(operation: i32, payload: &[u8]) -> Vec<u8> {
    let length = i32::try_from(16 + payload.len()).unwrap();
    let header = [length, 1, 0, operation].into_iter().flat_map(|number| number.to_le_bytes());
    header.chain(payload.iter().copied()).collect()
}

async fn answer(stream: &mut TcpStream) -> Document {
    let mut header = [0; 16];
    timeout(PATIENCE, stream.read_exact(&mut header)).await.unwrap().unwrap();
    let length = usize::try_from(i32::from_le_bytes(header[..4].try_into().unwrap())).unwrap();
    let mut payload = vec![0; length - 16];
    timeout(PATIENCE, stream.read_exact(&mut payload)).await.unwrap().unwrap();
    Document::from_reader(&payload[5..]).unwrap()
}

async fn ask(stream: &mut TcpStream, body: &Document) -> Document {
    stream.write_all(&message(body)).await.unwrap();
    answer(stream).await
}

async fn ends(server: &Server, bytes: &[u8]) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut rest = Vec::new();
    // A reset is an end too.
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.unwrap().ok();
    assert!(rest.is_empty());
}

#[tokio::test]
async fn malformed_messages_end_their_connection_alone() {
    let server = Server::start().await;
    let mut good = TcpStream::connect(server.address).await.unwrap();
    let ping = doc! { "ping": 1, "$db": "admin" };
    assert_eq!(ask(&mut good, &ping).await.get_f64("ok").unwrap(), 1.0);
    for bytes in [
        framed(2012, &[0; 30]),
        framed(2001, &[0; 30]),
        framed(2013, &[]),
        framed(2013, &[0xFF; 30]),
        framed(2013, &[0, 0, 0, 0, 0, 5, 0, 0, 0, 1]),
        [48_000_001_i32, 1, 0, 2013].into_iter().flat_map(|number| number.to_le_bytes()).collect(),
        [15_i32, 1, 0, 2013].into_iter().flat_map(|number| number.to_le_bytes()).collect(),
        // The opening of TLS, whose length would be a small one.
        vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 0, 0, 0, 0, 0],
    ] {
        ends(&server, &bytes).await;
    }
    assert_eq!(ask(&mut good, &ping).await.get_f64("ok").unwrap(), 1.0);
}

#[tokio::test]
async fn a_message_may_come_byte_by_byte_and_another_at_its_heels() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let ping = message(&doc! { "ping": 1, "$db": "admin" });
    for byte in &ping {
        stream.write_all(&[*byte]).await.unwrap();
        stream.flush().await.unwrap();
    }
    answer(&mut stream).await;
    stream.write_all(&[ping.clone(), ping].concat()).await.unwrap();
    answer(&mut stream).await;
    answer(&mut stream).await;
}

#[tokio::test]
async fn unacknowledged_writes_are_done_and_not_answered() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let insert = doc! { "insert": "a", "$db": "t", "documents": [{ "_id": 1 }], "writeConcern": { "w": 0 } };
    let payload = [&[2, 0, 0, 0, 0][..], &insert.to_vec().unwrap()].concat();
    stream.write_all(&framed(2013, &payload)).await.unwrap();
    let found = ask(&mut stream, &doc! { "count": "a", "$db": "t" }).await;
    assert_eq!(found.get_i32("n").unwrap(), 1);
}

/// What is skipped is not read; what follows has to be what a reader would have come to, in every order and batch.
#[tokio::test]
async fn what_is_skipped_is_what_comes_first() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let documents: Vec<Document> = (0..10)
        .map(|id| doc! { "_id": id, "even": id % 2 == 0, "tags": [id, 100 + id], "rest": "x" })
        .collect();
    ask(&mut stream, &doc! { "insert": "a", "documents": documents, "$db": "t" }).await;
    let keys = [doc! { "even": 1 }, doc! { "tags": 1 }];
    let indexes: Vec<Document> =
        keys.iter().map(|key| doc! { "key": key, "name": key.to_string() }).collect();
    ask(&mut stream, &doc! { "createIndexes": "a", "indexes": indexes, "$db": "t" }).await;

    let upwards: Vec<i32> = (0..10).collect();
    let downwards: Vec<i32> = (0..10).rev().collect();
    for (sort, hint, all) in [
        (doc! {}, doc! {}, &upwards),
        (doc! { "_id": 1 }, doc! {}, &upwards),
        (doc! { "_id": -1 }, doc! {}, &downwards),
        (doc! { "$natural": -1 }, doc! {}, &downwards),
        (doc! { "even": 1 }, doc! {}, &vec![1, 3, 5, 7, 9, 0, 2, 4, 6, 8]),
        (doc! {}, doc! { "tags": 1 }, &upwards),
    ] {
        for (skip, limit, size) in (0..12).flat_map(|skip| [(skip, 0, 100), (skip, 3, 100), (skip, 5, 2)]) {
            let mut find = doc! {
                "find": "a", "sort": &sort, "skip": skip, "limit": limit, "batchSize": size,
                "projection": { "even": 1 }, "$db": "t",
            };
            if !hint.is_empty() {
                find.insert("hint", &hint);
            }
            let most = if limit == 0 { all.len() } else { usize::try_from(limit).unwrap() };
            let expected: Vec<i32> =
                all.iter().copied().skip(usize::try_from(skip).unwrap()).take(most).collect();
            assert_eq!(found(&mut stream, &find).await, expected, "{find}");
        }
    }
}

/// The identifiers of all documents of a cursor, each of which is as it was asked for.
async fn found(stream: &mut TcpStream, find: &Document) -> Vec<i32> {
    let mut found = Vec::new();
    let mut answer = ask(stream, find).await;
    loop {
        let cursor = answer.get_document("cursor").unwrap_or_else(|_| panic!("{answer}"));
        let batch = cursor.get_array("firstBatch").or_else(|_| cursor.get_array("nextBatch")).unwrap();
        for document in batch.iter().filter_map(Bson::as_document) {
            assert!(document.keys().eq(["_id", "even"]), "{document}");
            found.push(document.get_i32("_id").unwrap());
        }
        let id = cursor.get_i64("id").unwrap();
        if id == 0 {
            return found;
        }
        answer = ask(stream, &doc! { "getMore": id, "collection": "a", "batchSize": 2, "$db": "t" }).await;
    }
}

#[tokio::test]
async fn commands_that_are_wrong_are_refused_by_number() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let many: Vec<i32> = (0..10).collect();
    for (command, code) in [
        (doc! { "ping": 1 }, 40571),
        (doc! { "nonsense": 1, "$db": "t" }, 59),
        (doc! { "bulkWrite": 1, "$db": "admin" }, 59),
        (doc! { "find": 1, "$db": "t" }, 73),
        (doc! { "find": "a", "filter": 1, "$db": "t" }, 14),
        (doc! { "find": "a", "unknown": 1, "$db": "t" }, 40415),
        (doc! { "find": "a", "skip": -1, "$db": "t" }, 51024),
        (doc! { "find": "a", "collation": { "locale": "de" }, "$db": "t" }, 115),
        (doc! { "find": "a", "filter": { "$nonsense": 1 }, "$db": "t" }, 2),
        (doc! { "insert": "a", "$db": "t" }, 40414),
        (doc! { "insert": "a", "documents": [], "$db": "t" }, 16),
        (doc! { "insert": "a", "documents": &many, "$db": "t" }, 14),
        (doc! { "insert": "", "documents": [{}], "$db": "t" }, 73),
        (doc! { "insert": "a", "documents": [{}], "$db": "t.x" }, 73),
        (doc! { "getMore": 5_i64, "collection": "a", "$db": "t" }, 43),
        (doc! { "listDatabases": 1, "$db": "t" }, 13),
        (doc! { "commitTransaction": 1, "$db": "admin" }, 72),
        (doc! { "insert": "a", "documents": [{}], "txnNumber": 1_i64, "$db": "t" }, 72),
        (doc! { "aggregate": "a", "pipeline": [], "$db": "t" }, 9),
        (doc! { "aggregate": "a", "pipeline": [{ "$changeStream": {} }], "cursor": {}, "$db": "t" }, 115),
        (doc! { "create": "a", "capped": true, "size": 1000, "$db": "t" }, 115),
        (doc! { "renameCollection": "t.none", "to": "t.b", "$db": "admin" }, 26),
    ] {
        let answer = ask(&mut stream, &command).await;
        assert_eq!(
            (answer.get_f64("ok").unwrap(), answer.get_i32("code").ok()),
            (0.0, Some(code)),
            "{command}: {answer}"
        );
    }
}

#[tokio::test]
async fn the_table_of_commands_says_which_are_here() {
    let server = Server::start().await;
    for command in cloud::coverage::commands() {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let answer = ask(&mut stream, &doc! { command.name: 1, "$db": "admin" }).await;
        let here = answer.get_i32("code").ok() != Some(59);
        assert_eq!(here, command.extent != Extent::Absent, "{}: {answer}", command.name);
        assert!(here || answer.get_str("errmsg").unwrap().contains(command.name), "{answer}");
    }
}
