//! Files that are not what was written: the start says which, and leaves them as they are.

use std::path::{Path, PathBuf};

use cloud::{Cloud, Data, Settings};
use http::Request;
use serde_json::json;

use crate::queue::Queue;
use crate::server::{Process, Server, send};

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
    refused(Vec::clear).await;
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

#[tokio::test]
async fn a_page_that_was_changed_is_said_to_who_needs_it_and_others_go_on() {
    let folder = folder(End::Closed).await;
    let path = folder.path().join("cloud.db");
    let sound = std::fs::read(&path).unwrap();
    let mut damaged = sound.clone();
    let is_leaf = |page: &[u8]| page[0] == 0x0D && page.windows(4).any(|text| text == b"7-37");
    let page = damaged.chunks_mut(4096).skip(1).find(|page| is_leaf(page)).unwrap();
    flip(&mut page[..8]);
    std::fs::write(&path, &damaged).unwrap();
    let server = Server::with(settings(folder.path())).await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    let refusal = loop {
        let answer = queue.call("ReceiveMessage", json!({ "MaxNumberOfMessages": 10 })).await.unwrap();
        if answer.status != 200 {
            break answer;
        }
        assert!(answer.text().contains("Messages"), "the damage was passed over");
    };
    assert!(refusal.text().contains("`cloud.db` in the data folder is damaged"), "{}", refusal.text());
    let other = Queue::create(server.address, "other", json!({})).await;
    other.send("goes on").await.unwrap();
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
}

#[tokio::test]
async fn a_file_of_an_object_that_was_changed_is_named_to_who_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(settings(folder.path())).await;
    for (path, length) in [("/shelf", 0), ("/shelf/whole", 50_000), ("/shelf/large", 3_000_000)] {
        assert_eq!(send(server.address, Request::put(path), vec![7; length]).await.unwrap().status, 200);
    }
    let file = file_of(&folder.path().join("objects"), 3_000_000).unwrap();
    let name = file.strip_prefix(folder.path()).unwrap().display();
    let bytes = std::fs::read(&file).unwrap();
    for (left, what) in [(Some(2_000_000), "has 2000000 bytes instead of 3000000"), (None, "is gone")] {
        match left {
            Some(length) => std::fs::write(&file, &bytes[..length]).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let copy = Request::put("/shelf/copy").header("x-amz-copy-source", "/shelf/large");
        for request in [Request::get("/shelf/large"), copy] {
            let answer = send(server.address, request, "").await.unwrap();
            assert_eq!(answer.status, 500);
            let said = format!("the bytes of this object are damaged: `{name}` in the data folder {what};");
            assert!(answer.text().contains(&said), "{}", answer.text());
        }
        assert_eq!(send(server.address, Request::get("/shelf/whole"), "").await.unwrap().status, 200);
    }
    std::fs::write(&file, &bytes).unwrap();
    let restored = send(server.address, Request::get("/shelf/large"), "").await.unwrap();
    assert_eq!((restored.status, restored.body.len()), (200, bytes.len()));
}

fn file_of(folder: &Path, length: u64) -> Option<PathBuf> {
    std::fs::read_dir(folder).unwrap().flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            file_of(&path, length)
        } else {
            (entry.metadata().unwrap().len() == length).then_some(path)
        }
    })
}
