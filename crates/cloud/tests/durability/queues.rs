//! Clients that send, receive and delete, one by one and in batches. What was acknowledged is there, what was deleted
//! never comes back, and no receive count goes down.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::kills::{Client, Driver};
use crate::queue::{Queue, Received, json as read};

crate::at_every_level!(Queues);

/// What the clients were told.
#[derive(Debug, Default)]
struct Ledger {
    /// Body by id of what was acknowledged.
    sent: BTreeMap<String, String>,
    /// Messages sent and not answered for: either way is right.
    unanswered: usize,
    /// Ids whose deletion was acknowledged.
    deleted: BTreeSet<String>,
    /// Ids whose deletion was asked for and not answered: either way is right.
    unsure: BTreeSet<String>,
    /// The highest receive count seen, by id.
    receives: BTreeMap<String, u64>,
}

/// Clients of one queue.
#[derive(Debug, Default)]
struct Queues {
    ledger: Mutex<Ledger>,
}

impl Driver for Queues {
    async fn begin(&self, address: SocketAddr) {
        queue(address).await;
    }

    async fn work(&self, address: SocketAddr, mut client: Client) {
        let queue = queue_at(address);
        for step in 0.. {
            let name = format!("{}-{}-{step}", client.round, client.number);
            let done = match client.random.below(4) {
                0 => self.send_batch(&queue, &name).await,
                1 => self.send(&queue, name).await,
                2 => self.take(&queue).await,
                _ => self.take_batch(&queue).await,
            };
            if done.is_none() {
                return;
            }
        }
    }

    /// The numbers are right after a crash.
    async fn check(&self, address: SocketAddr) {
        let (visible, in_flight, delayed) = queue(address).await.counts().await;
        assert_eq!((in_flight, delayed), (0, 0));
        let ledger = self.ledger();
        let kept = ledger.sent.len() - ledger.deleted.len();
        let range = kept.saturating_sub(ledger.unsure.len())..=kept + ledger.unanswered;
        assert!(range.contains(&usize::try_from(visible).unwrap()), "{visible} are there, not {range:?}");
    }

    /// Takes everything out and holds it against the ledger.
    async fn finish(&self, address: SocketAddr, _: &Path) {
        let queue = queue(address).await;
        let mut found = BTreeMap::new();
        loop {
            let messages = queue.receive(43_200, 0).await.unwrap();
            if messages.is_empty() {
                break;
            }
            found.extend(messages.into_iter().map(|message| (message.id.clone(), message)));
        }
        let ledger = self.ledger();
        for (id, body) in &ledger.sent {
            match found.get(id) {
                Some(message) => {
                    assert!(!ledger.deleted.contains(id), "{body} came back");
                    assert_eq!(&message.body, body);
                    let known = ledger.receives.get(id).copied().unwrap_or(0);
                    assert!(message.receives > known, "{body}: {} after {known}", message.receives);
                }
                None => {
                    let gone = ledger.deleted.contains(id) || ledger.unsure.contains(id);
                    assert!(gone, "{body} is lost");
                }
            }
        }
    }

    fn acknowledged(&self) -> usize {
        let ledger = self.ledger();
        ledger.sent.len() + ledger.deleted.len()
    }
}

impl Queues {
    async fn send(&self, queue: &Queue, body: String) -> Option<()> {
        self.ledger().unanswered += 1;
        let id = queue.send(&body).await?;
        self.sent([(id, body)]);
        Some(())
    }

    async fn send_batch(&self, queue: &Queue, name: &str) -> Option<()> {
        let bodies: Vec<String> = (0..10).map(|number| format!("{name}-{number}")).collect();
        let entry = |(id, body): (usize, &String)| json!({ "Id": id.to_string(), "MessageBody": body });
        let entries: Vec<Value> = bodies.iter().enumerate().map(entry).collect();
        self.ledger().unanswered += bodies.len();
        let answer = read(&queue.call("SendMessageBatch", json!({ "Entries": entries })).await?);
        let ids = answer["Successful"].as_array().unwrap().iter();
        let ids: Vec<String> = ids.map(|sent| sent["MessageId"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), bodies.len(), "{answer}");
        self.sent(ids.into_iter().zip(bodies));
        Some(())
    }

    /// Receives, and deletes the first.
    async fn take(&self, queue: &Queue) -> Option<()> {
        let received = self.receive(queue).await?;
        let Some(first) = received.into_iter().next() else { return Some(()) };
        self.ledger().unsure.insert(first.id.clone());
        queue.delete(&first.handle).await?;
        self.deleted([first]);
        Some(())
    }

    /// Receives, and deletes all but the first.
    async fn take_batch(&self, queue: &Queue) -> Option<()> {
        let mut received = self.receive(queue).await?;
        received.drain(..received.len().min(1));
        if received.is_empty() {
            return Some(());
        }
        self.ledger().unsure.extend(received.iter().map(|message| message.id.clone()));
        let entry = |(id, message): (usize, &Received)| json!({ "Id": id.to_string(), "ReceiptHandle": message.handle });
        let entries: Vec<Value> = received.iter().enumerate().map(entry).collect();
        let answer = read(&queue.call("DeleteMessageBatch", json!({ "Entries": entries })).await?);
        assert_eq!(answer["Failed"].as_array().map_or(0, Vec::len), 0, "{answer}");
        self.deleted(received);
        Some(())
    }

    /// Remembers receives that were answered: after a crash a message's count must not be lower.
    async fn receive(&self, queue: &Queue) -> Option<Vec<Received>> {
        let received = queue.receive(0, 0).await?;
        let mut ledger = self.ledger();
        for message in &received {
            let highest = ledger.receives.entry(message.id.clone()).or_default();
            *highest = message.receives.max(*highest);
        }
        Some(received)
    }

    fn sent(&self, messages: impl IntoIterator<Item = (String, String)>) {
        let mut ledger = self.ledger();
        for (id, body) in messages {
            ledger.sent.insert(id, body);
            ledger.unanswered -= 1;
        }
    }

    fn deleted(&self, messages: impl IntoIterator<Item = Received>) {
        let mut ledger = self.ledger();
        for message in messages {
            // Another client may have sent it without an answer: then nobody counts it.
            if ledger.sent.contains_key(&message.id) {
                ledger.unsure.remove(&message.id);
                ledger.deleted.insert(message.id);
            }
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap()
    }
}

async fn queue(address: SocketAddr) -> Queue {
    Queue::create(address, "q", json!({})).await
}

/// The same without asking the server, which may be gone.
fn queue_at(address: SocketAddr) -> Queue {
    Queue { address, url: format!("http://{address}/000000000000/q") }
}
