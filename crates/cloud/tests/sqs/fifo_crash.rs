//! A process killed with -9 again and again under clients of a FIFO queue. A send that was not answered is sent again
//! with the same deduplication id, as senders do: each number is received once and in order, whatever was killed when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::queue::{Queue, json as read};
use crate::server::Process;

const KILLS: usize = 20;
const GROUPS: usize = 3;
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

type Ledger = Arc<Mutex<Vec<Group>>>;

#[tokio::test(flavor = "multi_thread")]
async fn each_number_is_received_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let ledger: Ledger = Arc::new(Mutex::new((0..GROUPS).map(|_| Group::default()).collect()));
    let mut seed = std::process::id();
    for _ in 0..KILLS {
        let process = Process::start(folder.path());
        let queue = queue(&process).await;
        let mut clients = vec![tokio::spawn(take(queue.clone(), Arc::clone(&ledger), Until::Killed))];
        clients
            .extend((0..GROUPS).map(|group| tokio::spawn(send(queue.clone(), group, Arc::clone(&ledger)))));
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        tokio::time::sleep(Duration::from_millis(u64::from(seed >> 24))).await;
        process.kill();
        for client in clients {
            client.await.unwrap();
        }
    }
    let process = Process::start(folder.path());
    let rest = take(queue(&process).await, Arc::clone(&ledger), Until::Empty);
    tokio::time::timeout(DEADLINE, rest).await.expect("in time");
    check(&ledger.lock().unwrap());
    process.kill();
}

/// When a receiver stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Killed,
    /// Everything acknowledged is deleted.
    Empty,
}

async fn queue(process: &Process) -> Queue {
    let attributes = json!({ "FifoQueue": "true", "VisibilityTimeout": "1" });
    Queue::create(process.address, "q.fifo", attributes).await
}

/// Sends a group's numbers until the server is gone. What was under way then is sent first the next time.
async fn send(queue: Queue, group: usize, ledger: Ledger) {
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

async fn take(queue: Queue, ledger: Ledger, until: Until) {
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
    let received = |group: &Group| group.taken.last().map_or(0, |(last, _)| last + 1);
    groups.iter().all(|group| received(group) >= group.next)
}

fn check(groups: &[Group]) {
    for group in groups {
        let (mut expected, mut latest) = (0, Deletion::Acknowledged);
        for (number, deletion) in &group.taken {
            let again = number + 1 == expected && latest == Deletion::Unsure;
            assert!(*number == expected || again, "{number} came where {expected} was next");
            (expected, latest) = (number + 1, *deletion);
        }
        assert!(expected >= group.next, "{expected} of {} came", group.next);
        assert!(group.next > KILLS / 4, "the clients got something done");
    }
    println!("{:?} sent", groups.iter().map(|group| group.next).collect::<Vec<_>>());
}
