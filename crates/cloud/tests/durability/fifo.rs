//! Clients of a FIFO queue. A send that was not answered is sent again with the same deduplication id, as senders do:
//! each number is received once and in order, whatever was killed when.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;

use crate::kills::{Client, Driver};
use crate::queue::{Queue, json as read};

crate::at_every_level!(Fifo);

/// Message groups, each with a client that sends; one more client receives.
const GROUPS: usize = 3;

const NAME: &str = "q.fifo";

/// For taking out what is left.
const DEADLINE: Duration = Duration::from_secs(60);

/// One group's numbers.
#[derive(Debug, Default)]
struct Group {
    /// The next to send; those before it are acknowledged.
    next: usize,
    /// The sequence number of the latest that was acknowledged.
    sequence: String,
    /// Those that were received, in that order, and what became of their deletion.
    taken: Vec<(usize, Deletion)>,
}

/// What became of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deletion {
    Acknowledged,
    /// It was not answered, or it came too late: either way is right.
    Unsure,
}

/// Clients of one queue.
#[derive(Debug)]
struct Fifo {
    groups: Mutex<Vec<Group>>,
}

impl Default for Fifo {
    fn default() -> Self {
        Self { groups: Mutex::new((0..GROUPS).map(|_| Group::default()).collect()) }
    }
}

impl Driver for Fifo {
    async fn begin(&self, address: SocketAddr) {
        let attributes = json!({ "FifoQueue": "true", "VisibilityTimeout": "1" });
        Queue::create(address, NAME, attributes).await;
    }

    async fn work(&self, address: SocketAddr, client: Client) {
        let queue = queue_at(address);
        match client.number {
            group @ 0..GROUPS => send(&queue, group, &self.groups).await,
            _ => take(&queue, &self.groups, Until::Killed).await,
        }
    }

    async fn check(&self, _: SocketAddr) {
        check_order(&self.groups.lock().unwrap());
    }

    async fn finish(&self, address: SocketAddr, _: &Path) {
        let queue = queue_at(address);
        let rest = take(&queue, &self.groups, Until::Empty);
        tokio::time::timeout(DEADLINE, rest).await.expect("in time");
        let groups = self.groups.lock().unwrap();
        check_order(&groups);
        for group in groups.iter() {
            assert!(group.received() >= group.next, "{} of {} came", group.received(), group.next);
        }
    }

    fn acknowledged(&self) -> usize {
        self.groups.lock().unwrap().iter().map(|group| group.next).sum()
    }
}

impl Group {
    /// How many numbers came, each after the one before it.
    fn received(&self) -> usize {
        self.taken.last().map_or(0, |(last, _)| last + 1)
    }
}

/// When a receiver stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Killed,
    /// Everything acknowledged is deleted.
    Empty,
}

/// The queue without asking the server for it, which may be gone.
fn queue_at(address: SocketAddr) -> Queue {
    Queue { address, url: format!("http://{address}/000000000000/{NAME}") }
}

/// Sends a group's numbers until the server is gone. What was under way then is sent first the next time.
async fn send(queue: &Queue, group: usize, ledger: &Mutex<Vec<Group>>) {
    loop {
        let number = ledger.lock().unwrap()[group].next;
        let input = json!({
            "MessageBody": format!("{group}-{number}"),
            "MessageGroupId": group.to_string(),
            "MessageDeduplicationId": format!("{group}-{number}"),
        });
        let Some(answer) = queue.call("SendMessage", input).await else { return };
        assert_eq!(answer.status, 200, "{}", answer.text());
        let sequence = read(&answer)["SequenceNumber"].as_str().unwrap().to_owned();
        let group = &mut ledger.lock().unwrap()[group];
        assert!(sequence > group.sequence, "{sequence} after {}", group.sequence);
        group.sequence = sequence;
        group.next = number + 1;
    }
}

async fn take(queue: &Queue, ledger: &Mutex<Vec<Group>>, until: Until) {
    while until == Until::Killed || !is_done(&ledger.lock().unwrap()) {
        let input = json!({ "MaxNumberOfMessages": 4, "WaitTimeSeconds": 1 });
        let Some(answer) = queue.call("ReceiveMessage", input).await else { return };
        let messages = read(&answer)["Messages"].as_array().cloned().unwrap_or_default();
        for message in messages {
            let (group, number) = message["Body"].as_str().unwrap().split_once('-').unwrap();
            let (group, number): (usize, usize) = (group.parse().unwrap(), number.parse().unwrap());
            ledger.lock().unwrap()[group].taken.push((number, Deletion::Unsure));
            let handle = json!({ "ReceiptHandle": message["ReceiptHandle"] });
            let Some(answer) = queue.call("DeleteMessage", handle).await else { return };
            // Once one handle has expired, so have those behind it, which will be received again.
            if answer.status != 200 {
                break;
            }
            ledger.lock().unwrap()[group].taken.last_mut().unwrap().1 = Deletion::Acknowledged;
        }
    }
}

/// An unanswered deletion may have happened.
fn is_done(groups: &[Group]) -> bool {
    groups.iter().all(|group| group.received() >= group.next)
}

fn check_order(groups: &[Group]) {
    for group in groups {
        let (mut expected, mut latest) = (0, Deletion::Acknowledged);
        for (number, deletion) in &group.taken {
            let again = number + 1 == expected && latest == Deletion::Unsure;
            assert!(*number == expected || again, "{number} came where {expected} was next");
            (expected, latest) = (number + 1, *deletion);
        }
    }
}
