//! Files that are not what was written: the start says which, and leaves them as they are.

use std::path::{Path, PathBuf};

use cloud::{Cloud, Data, Settings};
use serde_json::json;

use crate::queue::Queue;
use crate::server::{Process, Server};

const MESSAGES: usize = 200;

fn settings(folder: &Path) -> Settings {
    Settings { data: Data::Directory(folder.to_owned()), ..Settings::default() }
}

/// A folder with some messages in it, from a server that was killed or closed.
async fn folder(end: End) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let queue = Queue::create(process.address, "q", json!({})).await;
    for number in 0..MESSAGES / 10 {
        let entry =
            |id: usize| json!({ "Id": id.to_string(), "MessageBody": format!("{number}-{id}").repeat(200) });
        let entries: Vec<_> = (0..10).map(entry).collect();
        queue.ok("SendMessageBatch", json!({ "Entries": entries })).await;
    }
    process.kill();
    if end == End::Closed {
        let cloud = Cloud::open(&settings(folder.path())).unwrap();
        cloud.close().await;
    }
    folder
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Everything is in the log.
    Killed,
    /// Everything is in the database.
    Closed,
}

/// Changes a file, sees the start refuse it by name without touching it, puts it back, and finds everything.
async fn is_refused(folder: &Path, file: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path: PathBuf = folder.join(file);
    let sound = std::fs::read(&path).unwrap();
    let mut damaged = sound.clone();
    change(&mut damaged);
    std::fs::write(&path, &damaged).unwrap();
    let refusal = Cloud::open(&settings(folder)).unwrap_err().to_string();
    let name = path.canonicalize().unwrap();
    assert!(refusal.starts_with(&format!("`{}` is ", name.display())), "{refusal}");
    assert!(refusal.contains("nothing was changed: "), "{refusal}");
    assert_eq!(std::fs::read(&path).unwrap(), damaged, "it was changed");
    std::fs::write(&path, sound).unwrap();
}

async fn everything_is_there(folder: &Path) {
    let server = Server::with(settings(folder)).await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    assert_eq!(queue.counts().await, (MESSAGES as u64, 0, 0));
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
}

fn flip(bytes: &mut [u8]) {
    for byte in bytes {
        *byte ^= 0xFF;
    }
}

#[tokio::test]
async fn a_database_that_was_changed_or_cut_off_is_refused_by_name() {
    let folder = folder(End::Closed).await;
    let refused = |change: fn(&mut Vec<u8>)| is_refused(folder.path(), "cloud.db", change);
    refused(|bytes| flip(&mut bytes[..16])).await;
    refused(|bytes| flip(&mut bytes[100..4096])).await;
    refused(|bytes| bytes.truncate(bytes.len() / 2)).await;
    refused(|bytes| bytes.truncate(5000)).await;
    refused(|bytes| bytes.fill(b'x')).await;
    // From the middle on, page after page: among them is the index the start counts by.
    refused(|bytes| {
        let pages = bytes.len() / 4096;
        bytes.chunks_mut(4096).skip(1).take(pages).for_each(|page| flip(&mut page[..16]));
    })
    .await;
    everything_is_there(folder.path()).await;
}

#[tokio::test]
async fn a_log_that_was_changed_is_refused_by_name() {
    let folder = folder(End::Killed).await;
    let refused = |change: fn(&mut Vec<u8>)| is_refused(folder.path(), "cloud.db-wal", change);
    refused(|bytes| flip(&mut bytes[..4])).await;
    refused(|bytes| flip(&mut bytes[16..24])).await;
    refused(|bytes| {
        let middle = bytes.len() / 2;
        flip(&mut bytes[middle..middle + 1]);
    })
    .await;
    everything_is_there(folder.path()).await;
}

#[tokio::test]
async fn a_log_that_was_cut_off_keeps_what_is_before() {
    let folder = folder(End::Killed).await;
    let path = folder.path().join("cloud.db-wal");
    let sound = std::fs::read(&path).unwrap();
    std::fs::write(&path, &sound[..sound.len() - 5000]).unwrap();
    let server = Server::with(settings(folder.path())).await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    let (visible, _, _) = queue.counts().await;
    assert_eq!(visible, MESSAGES as u64 - 10, "the last batch was cut off, and nothing else");
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
}
