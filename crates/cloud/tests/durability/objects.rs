//! Clients that put, upload in parts, copy and delete objects, small ones in the database and large ones in files. What
//! was acknowledged is there and whole, what was deleted is gone, and no file is left that nobody names.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use http::Request;

use crate::kills::{Client, Driver};
use crate::random::Random;
use crate::server::{Answer, send};

crate::at_every_level!(Objects);

/// On both sides of what lives in the database and of one piece of a file.
const SIZES: [usize; 6] = [0, 10, 5_000, 16 * 1024, 40_000, 600_000];

/// Keys of each client.
const KEYS: u64 = 7;

/// For removing the files of what is gone.
const DEADLINE: Duration = Duration::from_secs(30);

/// What a key must be, as far as the client knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Known {
    /// Acknowledged: these bytes.
    Holds(Vec<u8>),
    /// Acknowledged: nothing.
    Gone,
    /// The server died before it answered: the first, or these bytes, or nothing where `None`.
    Either(Box<Known>, Option<Vec<u8>>),
}

/// What the clients were told.
#[derive(Debug, Default)]
struct Objects {
    keys: Mutex<BTreeMap<String, Known>>,
    acknowledged: Mutex<usize>,
}

impl Driver for Objects {
    async fn begin(&self, address: SocketAddr) {
        send(address, Request::put("/shelf"), "").await.unwrap();
    }

    async fn work(&self, address: SocketAddr, mut client: Client) {
        for step in 0.. {
            let key = |number: u64| format!("/shelf/{}/{number}", client.number);
            let (to, from) = (key(client.random.below(KEYS)), key(client.random.below(KEYS)));
            let bytes = body(client.round, step, &mut client.random);
            let done = match client.random.below(8) {
                0 | 1 => self.delete(address, &to).await,
                2 => self.copy(address, &from, &to).await,
                3 => self.upload(address, &to, bytes).await,
                _ => self.put(address, &to, bytes).await,
            };
            if done.is_none() {
                return;
            }
            *self.acknowledged.lock().unwrap() += 1;
        }
    }

    /// Compares every key, and notes what the undecided ones turned out to be.
    async fn check(&self, address: SocketAddr) {
        let known = self.keys().clone();
        for (key, known) in known {
            let answer = send(address, Request::get(&key), "").await.unwrap();
            let found = (answer.status == 200).then(|| answer.body.to_vec());
            let length = found.as_ref().map(Vec::len);
            assert!(agrees(&known, found.as_deref()), "{key}: {length:?} bytes found");
            self.keys().insert(key, found.map_or(Known::Gone, Known::Holds));
        }
    }

    /// Files nobody names are removed.
    async fn finish(&self, address: SocketAddr, folder: &Path) {
        abort_uploads(address).await;
        let listed = send(address, Request::get("/shelf?list-type=2"), "").await.unwrap();
        let present = self.keys().values().filter(|known| matches!(known, Known::Holds(_))).count();
        assert_eq!(listed.text().matches("<Key>").count(), present);
        let deadline = Instant::now() + DEADLINE;
        while files(&folder.join("objects")) > present {
            assert!(Instant::now() < deadline, "files nobody names were left");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(std::fs::read_dir(folder.join("objects/incoming")).unwrap().count(), 0);
    }

    fn acknowledged(&self) -> usize {
        *self.acknowledged.lock().unwrap()
    }
}

impl Objects {
    async fn put(&self, address: SocketAddr, key: &str, bytes: Vec<u8>) -> Option<()> {
        self.attempt(key, Some(&bytes));
        done(send(address, Request::put(key), bytes.clone()).await?);
        self.came_true(key, Some(bytes));
        Some(())
    }

    async fn delete(&self, address: SocketAddr, key: &str) -> Option<()> {
        self.attempt(key, None);
        done(send(address, Request::delete(key), "").await?);
        self.came_true(key, None);
        Some(())
    }

    /// Only what is known to be there is copied.
    async fn copy(&self, address: SocketAddr, from: &str, to: &str) -> Option<()> {
        let source = self.keys().get(from).cloned();
        let Some(Known::Holds(bytes)) = source else { return Some(()) };
        self.attempt(to, Some(&bytes));
        // Onto itself it has to change something.
        let request = Request::put(to).header("x-amz-copy-source", from);
        done(send(address, request.header("x-amz-metadata-directive", "REPLACE"), "").await?);
        self.came_true(to, Some(bytes));
        Some(())
    }

    /// One part is the last one too, and may be small.
    async fn upload(&self, address: SocketAddr, key: &str, bytes: Vec<u8>) -> Option<()> {
        let begun = done(send(address, Request::post(format!("{key}?uploads")), "").await?);
        let upload = between(begun.text(), "<UploadId>", "</UploadId>").next().unwrap().to_owned();
        let part = format!("{key}?partNumber=1&uploadId={upload}");
        let sent = done(send(address, Request::put(part), bytes.clone()).await?);
        let tag = sent.headers["etag"].to_str().unwrap();
        let list = format!("<Part><PartNumber>1</PartNumber><ETag>{tag}</ETag></Part>");
        let list = format!("<CompleteMultipartUpload>{list}</CompleteMultipartUpload>");
        self.attempt(key, Some(&bytes));
        done(send(address, Request::post(format!("{key}?uploadId={upload}")), list).await?);
        self.came_true(key, Some(bytes));
        Some(())
    }

    fn attempt(&self, key: &str, bytes: Option<&[u8]>) {
        let mut keys = self.keys();
        let before = keys.get(key).cloned().unwrap_or(Known::Gone);
        keys.insert(key.to_owned(), Known::Either(Box::new(before), bytes.map(<[u8]>::to_vec)));
    }

    fn came_true(&self, key: &str, bytes: Option<Vec<u8>>) {
        self.keys().insert(key.to_owned(), bytes.map_or(Known::Gone, Known::Holds));
    }

    fn keys(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.keys.lock().unwrap()
    }
}

fn done(answer: Answer) -> Answer {
    assert!(answer.status < 300, "{}", answer.text());
    answer
}

/// Kills leave uploads that nobody goes on with.
async fn abort_uploads(address: SocketAddr) {
    loop {
        let listed = send(address, Request::get("/shelf?uploads"), "").await.unwrap();
        let keys = between(listed.text(), "<Key>", "</Key>");
        let uploads: Vec<_> = keys.zip(between(listed.text(), "<UploadId>", "</UploadId>")).collect();
        for (key, upload) in &uploads {
            let abort = Request::delete(format!("/shelf/{key}?uploadId={upload}"));
            done(send(address, abort, "").await.unwrap());
        }
        if uploads.is_empty() {
            return;
        }
    }
}

fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

fn body(round: usize, step: u32, random: &mut Random) -> Vec<u8> {
    let size = SIZES[usize::try_from(random.below(SIZES.len() as u64)).unwrap()];
    let mark = format!("{round}/{step};").into_bytes();
    mark.iter().copied().cycle().take(size).collect()
}

fn agrees(known: &Known, found: Option<&[u8]>) -> bool {
    match known {
        Known::Holds(bytes) => found == Some(bytes),
        Known::Gone => found.is_none(),
        Known::Either(before, attempt) => agrees(before, found) || attempt.as_deref() == found,
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}
