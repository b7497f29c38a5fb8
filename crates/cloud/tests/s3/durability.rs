//! A process killed again and again: what was acknowledged is there and whole, what was deleted is gone.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Request;

use crate::server::{Process, send};

const KILLS: u32 = 40;
const WRITERS: u32 = 4;

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

type Ledger = Arc<Mutex<BTreeMap<String, Known>>>;

/// Sizes on both sides of what lives in the database and of one piece of a file.
fn body(round: u32, step: u32) -> Vec<u8> {
    let sizes = [0, 10, 5_000, 16 * 1024, 40_000, 600_000];
    let size = sizes[(round.wrapping_mul(7) + step) as usize % sizes.len()];
    let mark = format!("{round}/{step};").into_bytes();
    mark.iter().copied().cycle().take(size).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_any_kill() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::default();
    let mut process = Process::start(folder.path());
    send(process.address, Request::put("/shelf"), "").await.unwrap();
    for round in 0..KILLS {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(write(process.address, ledger.clone(), round, writer)))
            .collect();
        // A random moment: each round dies at another point of the writers' work.
        tokio::time::sleep(Duration::from_millis(u64::from(round * 37 % 83) + 5)).await;
        process.kill();
        for writer in writers {
            writer.await.unwrap();
        }
        process = Process::start(folder.path());
        check(process.address, &ledger).await;
    }
    let listed = send(process.address, Request::get("/shelf?list-type=2"), "").await.unwrap();
    let present = ledger.lock().unwrap().values().filter(|known| matches!(known, Known::Holds(_))).count();
    assert_eq!(listed.text().matches("<Key>").count(), present);
    process.kill();
    assert_eq!(std::fs::read_dir(folder.path().join("objects/incoming")).unwrap().count(), 0);
    assert!(files(&folder.path().join("objects")) <= present, "files nobody names were left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_room_is_said_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let process = start_with_short_files(folder.path());
    send(process.address, Request::put("/shelf"), "").await.unwrap();
    let kept = send(process.address, Request::put("/shelf/kept"), vec![1; 3 << 20]).await.unwrap();
    assert_eq!(kept.status, 200);
    for key in ["/shelf/new", "/shelf/kept"] {
        let refused = send(process.address, Request::put(key), vec![2; 12 << 20]).await.unwrap();
        assert_eq!(refused.status, 507, "{}", refused.text());
        assert!(refused.text().contains("<Code>InsufficientStorage</Code><Message>The disk that holds"));
    }
    assert_eq!(send(process.address, Request::get("/shelf/new"), "").await.unwrap().status, 404);
    assert_eq!(send(process.address, Request::get("/shelf/kept"), "").await.unwrap().body, vec![1; 3 << 20]);
    assert_eq!(send(process.address, Request::put("/shelf/small"), "x").await.unwrap().status, 200);
    assert_eq!(std::fs::read_dir(folder.path().join("objects/incoming")).unwrap().count(), 0);
    process.kill();
}

/// A server that can write no file longer than 4 MiB: for large files its disk is full.
fn start_with_short_files(folder: &Path) -> Process {
    let limited = "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.arg("-c").arg(limited).arg(std::env::current_exe().unwrap());
    Process::run(command, folder)
}

/// Writes and deletes until the server is gone.
async fn write(address: SocketAddr, ledger: Ledger, round: u32, writer: u32) {
    for step in 0.. {
        let key = format!("/shelf/{writer}/{}", step % 7);
        let before = ledger.lock().unwrap().get(&key).cloned().unwrap_or(Known::Gone);
        let deletes = step % 5 == 4;
        let bytes = (!deletes).then(|| body(round, step));
        ledger.lock().unwrap().insert(key.clone(), Known::Either(Box::new(before), bytes.clone()));
        let request = if deletes { Request::delete(&key) } else { Request::put(&key) };
        let Some(answer) = send(address, request, bytes.clone().unwrap_or_default()).await else { return };
        assert!(answer.status < 300, "{}", answer.text());
        ledger.lock().unwrap().insert(key, bytes.map_or(Known::Gone, Known::Holds));
    }
}

/// Compares every key, and notes what the undecided ones turned out to be.
async fn check(address: SocketAddr, ledger: &Ledger) {
    let known = ledger.lock().unwrap().clone();
    for (key, known) in known {
        let answer = send(address, Request::get(&key), "").await.unwrap();
        let found = (answer.status == 200).then(|| answer.body.to_vec());
        assert!(
            agrees(&known, found.as_deref()),
            "{key}: {} bytes found",
            found.map_or(0, |found| found.len())
        );
        ledger.lock().unwrap().insert(key, found.map_or(Known::Gone, Known::Holds));
    }
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
