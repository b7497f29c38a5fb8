//! A process killed again and again: what was acknowledged is there, what was deleted is not, and the indexes fit.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use bson::{Document, doc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::Process;

const KILLS: u32 = 30;

/// What the clients have been told.
#[derive(Debug, Default)]
struct Acknowledged {
    inserted: AtomicI32,
    updated: AtomicI32,
    deleted: AtomicI32,
}

/// A client of one connection; nothing comes back once the server is gone.
struct Client(TcpStream);

impl Client {
    async fn connect(address: SocketAddr) -> Option<Self> {
        TcpStream::connect(address).await.ok().map(Self)
    }

    async fn ask(&mut self, command: Document) -> Option<Document> {
        let payload = [&[0; 5][..], &command.to_vec().unwrap()].concat();
        let length = i32::try_from(16 + payload.len()).unwrap();
        let header = [length, 1, 0, 2013].into_iter().flat_map(|number| number.to_le_bytes());
        let bytes: Vec<u8> = header.chain(payload).collect();
        self.0.write_all(&bytes).await.ok()?;
        let length = usize::try_from(self.0.read_i32_le().await.ok()?).unwrap();
        let mut rest = vec![0; length - 4];
        self.0.read_exact(&mut rest).await.ok()?;
        let answer = Document::from_reader(&rest[17..]).unwrap();
        assert_eq!(answer.get_f64("ok").unwrap(), 1.0, "{answer}");
        Some(answer)
    }
}

/// Inserts a document, updates it, and deletes those ten and more before it.
async fn write(address: SocketAddr, told: Arc<Acknowledged>) -> Option<()> {
    let mut client = Client::connect(address).await?;
    // The last round may have died between the insertion and the update.
    update(&mut client, told.inserted.load(Ordering::SeqCst)).await?;
    loop {
        let next = told.inserted.load(Ordering::SeqCst).max(told.updated.load(Ordering::SeqCst)) + 1;
        let tags = [format!("a{next}"), format!("b{next}")];
        let insert =
            doc! { "insert": "c", "$db": "t", "documents": [{ "_id": next, "n": 0, "tags": tags.to_vec() }] };
        client.ask(insert).await?;
        told.inserted.store(next, Ordering::SeqCst);
        update(&mut client, next).await?;
        told.updated.store(next, Ordering::SeqCst);
        let delete = doc! { "q": { "_id": { "$lte": next - 10 } }, "limit": 0 };
        client.ask(doc! { "delete": "c", "$db": "t", "deletes": [delete] }).await?;
        told.deleted.store(next - 10, Ordering::SeqCst);
    }
}

async fn update(client: &mut Client, id: i32) -> Option<Document> {
    let update = doc! { "q": { "_id": id }, "u": { "$set": { "n": id, "tags": [format!("c{id}")] } } };
    client.ask(doc! { "update": "c", "$db": "t", "updates": [update] }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_any_kill() {
    let folder = tempfile::tempdir().unwrap();
    let told = Arc::new(Acknowledged::default());
    let mut process = Process::start(folder.path());
    prepare(process.address).await;
    for round in 0..KILLS {
        let writer = tokio::spawn(write(process.address, Arc::clone(&told)));
        // A random moment: each round dies at another point of the writer's work.
        tokio::time::sleep(Duration::from_millis(u64::from(round * 31 % 67) + 5)).await;
        process.kill();
        writer.await.unwrap();
        process = Process::start(folder.path());
        check(process.address, &told).await;
    }
    assert!(told.deleted.load(Ordering::SeqCst) > 0, "the writer got nowhere");
    process.kill();
}

async fn prepare(address: SocketAddr) {
    let mut client = Client::connect(address).await.unwrap();
    let indexes = [
        doc! { "key": { "tags": 1 }, "name": "tags", "unique": true },
        doc! { "key": { "n": -1, "_id": 1 }, "name": "n", "sparse": true },
    ];
    client.ask(doc! { "createIndexes": "c", "$db": "t", "indexes": indexes.to_vec() }).await.unwrap();
}

/// One step more than acknowledged may have been done: the one whose answer was lost.
async fn check(address: SocketAddr, told: &Acknowledged) {
    let mut client = Client::connect(address).await.unwrap();
    let find = |filter: Document| doc! { "find": "c", "$db": "t", "filter": filter, "batchSize": 1000 };
    let found = client.ask(find(doc! {})).await.unwrap();
    let batch = found.get_document("cursor").unwrap().get_array("firstBatch").unwrap();
    let numbers: Vec<(i32, i32)> = batch
        .iter()
        .map(|one| one.as_document().unwrap())
        .map(|one| (one.get_i32("_id").unwrap(), one.get_i32("n").unwrap()))
        .collect();
    let (inserted, updated) = (told.inserted.load(Ordering::SeqCst), told.updated.load(Ordering::SeqCst));
    let deleted = told.deleted.load(Ordering::SeqCst);
    for number in (deleted + 2).max(1)..=inserted {
        assert!(numbers.iter().any(|(id, _)| *id == number), "{number} is missing from {numbers:?}");
    }
    for (id, n) in &numbers {
        assert!(*id > deleted, "{id} came back, {deleted} is deleted");
        assert!(*id > updated || n == id, "{id} has {n}, {updated} is updated");
    }
    let validated = client.ask(doc! { "validate": "c", "$db": "t" }).await.unwrap();
    assert!(validated.get_bool("valid").unwrap(), "{validated}");
    let last = numbers.iter().map(|(id, _)| *id).max().unwrap_or(0);
    told.inserted.store(last, Ordering::SeqCst);
}
