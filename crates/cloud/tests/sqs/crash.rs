//! A process killed with -9 again and again, at any moment, under clients that send, receive and delete. What was
//! acknowledged is there, what was deleted never comes back, and no receive count goes down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::queue::{Queue, Received};
use crate::server::Process;

const KILLS: usize = 30;
const CLIENTS: usize = 4;

/// What the clients were told.
#[derive(Debug, Default)]
struct Ledger {
    /// Body by id of what was acknowledged.
    sent: BTreeMap<String, String>,
    /// Ids whose deletion was acknowledged.
    deleted: BTreeSet<String>,
    /// Ids whose deletion was asked for and not answered: either way is right.
    unsure: BTreeSet<String>,
    /// The highest receive count seen, by id.
    receives: BTreeMap<String, u64>,
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_survives() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let mut seed = std::process::id();
    for kill in 0..KILLS {
        let process = Process::start(folder.path());
        let queue = Queue::create(process.address, "q", json!({})).await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| tokio::spawn(work(queue.clone(), format!("{kill}-{client}"), Arc::clone(&ledger))))
            .collect();
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        tokio::time::sleep(Duration::from_millis(u64::from(seed >> 24))).await;
        process.kill();
        for client in clients {
            client.await.unwrap();
        }
    }
    let process = Process::start(folder.path());
    check(&process, &ledger).await;
    process.kill();
}

/// Sends, receives and deletes until the server is gone.
async fn work(queue: Queue, name: String, ledger: Arc<Mutex<Ledger>>) {
    for number in 0.. {
        let body = format!("{name}-{number}");
        let Some(id) = queue.send(&body).await else { return };
        ledger.lock().unwrap().sent.insert(id, body);
        if number % 2 == 0 {
            continue;
        }
        let Some(received) = queue.receive(0, 0).await else { return };
        for (place, message) in received.into_iter().enumerate() {
            saw(&ledger, &message);
            if place > 0 {
                continue;
            }
            ledger.lock().unwrap().unsure.insert(message.id.clone());
            if queue.delete(&message.handle).await.is_none() {
                return;
            }
            ledger.lock().unwrap().deleted.insert(message.id);
        }
    }
}

/// Remembers a receive that was answered: after a crash the message's count must not be lower.
fn saw(ledger: &Mutex<Ledger>, message: &Received) {
    let mut ledger = ledger.lock().unwrap();
    let highest = ledger.receives.entry(message.id.clone()).or_default();
    *highest = message.receives.max(*highest);
}

/// Takes everything out and holds it against the ledger.
async fn check(process: &Process, ledger: &Mutex<Ledger>) {
    let queue = Queue::create(process.address, "q", json!({})).await;
    let (visible, in_flight, delayed) = queue.counts().await;
    assert_eq!((in_flight, delayed), (0, 0));
    let mut found = BTreeMap::new();
    loop {
        let messages = queue.receive(43_200, 0).await.unwrap();
        if messages.is_empty() {
            break;
        }
        found.extend(messages.into_iter().map(|message| (message.id.clone(), message)));
    }
    assert_eq!(u64::try_from(found.len()).unwrap(), visible, "the numbers are right after a crash");
    let ledger = ledger.lock().unwrap();
    for (id, body) in &ledger.sent {
        match found.get(id) {
            Some(message) => {
                assert!(!ledger.deleted.contains(id), "{body} came back");
                assert_eq!(&message.body, body);
                let known = ledger.receives.get(id).copied().unwrap_or(0);
                assert!(message.receives > known, "{body}: {} after {known}", message.receives);
            }
            None => assert!(ledger.unsure.contains(id), "{body} is lost"),
        }
    }
    assert!(ledger.deleted.len() > KILLS, "the clients got something done");
    println!("{} sent, {} deleted, {} left", ledger.sent.len(), ledger.deleted.len(), found.len());
}
