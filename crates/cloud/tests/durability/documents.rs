//! Clients that insert, update and delete documents, and move money in transactions. What was acknowledged is there,
//! what was deleted is not, no money is lost, and every index fits its documents.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};

use bson::spec::BinarySubtype;
use bson::{Binary, Document, doc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kills::{CLIENTS, Client, Driver};

crate::at_every_level!(Documents);

/// Documents a client leaves behind it before it deletes them.
const KEPT: i32 = 10;

/// Money in all accounts.
const MONEY: i32 = 100;

/// What the clients were told.
#[derive(Debug, Default)]
struct Documents {
    writers: [Writer; CLIENTS],
    moved: AtomicUsize,
}

/// What one client was told.
#[derive(Debug, Default)]
struct Writer {
    /// The greatest number it asked to insert.
    asked: AtomicI32,
    /// Documents by their numbers, the latest of them.
    told: Mutex<BTreeMap<i32, Told>>,
    /// Everything up to this number is deleted.
    deleted: AtomicI32,
    count: AtomicUsize,
}

/// What was acknowledged of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Inserted,
    Updated,
}

/// A client of one connection; nothing comes back once the server is gone.
struct Connection(TcpStream);

impl Driver for Documents {
    async fn begin(&self, address: SocketAddr) {
        let mut client = Connection::open(address).await.unwrap();
        let indexes = [
            doc! { "key": { "tags": 1 }, "name": "tags", "unique": true },
            doc! { "key": { "client": 1, "n": -1 }, "name": "n", "sparse": true },
        ];
        client.ask(doc! { "createIndexes": "c", "$db": "t", "indexes": indexes.to_vec() }).await.unwrap();
        for (account, money) in [("a", MONEY), ("b", 0)] {
            let set =
                doc! { "q": { "_id": account }, "u": { "$setOnInsert": { "money": money } }, "upsert": true };
            client.ask(doc! { "update": "accounts", "$db": "t", "updates": [set] }).await.unwrap();
        }
    }

    async fn work(&self, address: SocketAddr, client: Client) {
        match client.number {
            0 => self.transfer(address).await,
            number => self.writers[number].work(address, i32::try_from(number).unwrap()).await,
        };
    }

    async fn check(&self, address: SocketAddr) {
        let mut client = Connection::open(address).await.unwrap();
        for (number, writer) in self.writers.iter().enumerate().skip(1) {
            writer.check(&mut client, i32::try_from(number).unwrap()).await;
        }
        let accounts = client.all("accounts", doc! {}).await;
        let sum: i32 = accounts.iter().map(|account| account.get_i32("money").unwrap()).sum();
        assert_eq!((accounts.len(), sum), (2, MONEY), "{accounts:?}");
    }

    async fn finish(&self, address: SocketAddr, _: &Path) {
        let mut client = Connection::open(address).await.unwrap();
        for collection in ["c", "accounts"] {
            let validated = client.ask(doc! { "validate": collection, "$db": "t" }).await.unwrap();
            assert!(validated.get_bool("valid").unwrap(), "{validated}");
        }
    }

    fn acknowledged(&self) -> usize {
        self.writers.iter().map(|writer| writer.count.load(Ordering::SeqCst)).sum::<usize>()
            + self.moved.load(Ordering::SeqCst)
    }
}

impl Documents {
    /// Moves money to and fro, a transaction each time.
    async fn transfer(&self, address: SocketAddr) -> Option<()> {
        let mut client = Connection::open(address).await?;
        let id = Binary { subtype: BinarySubtype::Uuid, bytes: uuid::Uuid::new_v4().as_bytes().to_vec() };
        for number in 1_i64.. {
            let step = if number % 2 == 0 { 1 } else { -1 };
            let part = doc! { "$db": "t", "lsid": { "id": &id }, "txnNumber": number, "autocommit": false };
            let change = |account: &str, step: i32| doc! { "q": { "_id": account }, "u": { "$inc": { "money": step } } };
            let mut first =
                doc! { "update": "accounts", "updates": [change("a", step)], "startTransaction": true };
            first.extend(part.clone());
            client.ask(first).await?;
            let mut second = doc! { "update": "accounts", "updates": [change("b", -step)] };
            second.extend(part.clone());
            client.ask(second).await?;
            let mut commit = doc! { "commitTransaction": 1 };
            commit.extend(part);
            commit.insert("$db", "admin");
            client.ask(commit).await?;
            self.moved.fetch_add(1, Ordering::SeqCst);
        }
        None
    }
}

impl Writer {
    /// Inserts a document, updates it, and deletes those that are long before it.
    async fn work(&self, address: SocketAddr, number: i32) -> Option<()> {
        let mut client = Connection::open(address).await?;
        loop {
            let next = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            let id = format!("{number}-{next}");
            let tags = [format!("{id}a"), format!("{id}b")];
            let new = doc! { "_id": &id, "client": number, "at": next, "tags": tags.to_vec() };
            client.ask(doc! { "insert": "c", "$db": "t", "documents": [new] }).await?;
            self.note(next, Told::Inserted);
            let update =
                doc! { "q": { "_id": &id }, "u": { "$set": { "n": next, "tags": [format!("{id}c")] } } };
            client.ask(doc! { "update": "c", "$db": "t", "updates": [update] }).await?;
            self.note(next, Told::Updated);
            // Forgotten before it is asked for: without an answer nobody knows.
            self.told.lock().unwrap().retain(|at, _| *at > next - KEPT);
            let old = doc! { "q": { "client": number, "at": { "$lte": next - KEPT } }, "limit": 0 };
            client.ask(doc! { "delete": "c", "$db": "t", "deletes": [old] }).await?;
            self.deleted.store(next - KEPT, Ordering::SeqCst);
        }
    }

    fn note(&self, at: i32, told: Told) {
        self.told.lock().unwrap().insert(at, told);
        self.count.fetch_add(1, Ordering::SeqCst);
    }

    async fn check(&self, client: &mut Connection, number: i32) {
        let (asked, deleted) = (self.asked.load(Ordering::SeqCst), self.deleted.load(Ordering::SeqCst));
        let found = client.all("c", doc! { "client": number }).await;
        let there: BTreeMap<i32, Option<i32>> =
            found.iter().map(|one| (one.get_i32("at").unwrap(), one.get_i32("n").ok())).collect();
        assert!(there.keys().all(|at| *at > deleted && *at <= asked), "{deleted} is deleted: {there:?}");
        for (at, told) in self.told.lock().unwrap().iter() {
            let n = there.get(at);
            assert!(n.is_some(), "{at} is missing from {there:?}");
            assert!(*told == Told::Inserted || n == Some(&Some(*at)), "{at} is updated: {there:?}");
        }
    }
}

impl Connection {
    async fn open(address: SocketAddr) -> Option<Self> {
        TcpStream::connect(address).await.ok().map(Self)
    }

    /// The answer to a command, which must be one.
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
        assert!(!answer.contains_key("writeErrors"), "{answer}");
        Some(answer)
    }

    /// All documents that match; there are few.
    async fn all(&mut self, collection: &str, filter: Document) -> Vec<Document> {
        let find = doc! { "find": collection, "$db": "t", "filter": filter, "batchSize": 1000 };
        let found = self.ask(find).await.unwrap();
        let batch = found.get_document("cursor").unwrap().get_array("firstBatch").unwrap();
        batch.iter().map(|one| one.as_document().unwrap().clone()).collect()
    }
}
