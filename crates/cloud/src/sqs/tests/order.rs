//! FIFO queues against a small model: whatever is sent, received, released and deleted, each group gives its messages
//! in order, none behind a hidden one, and all that it can.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Fixture;

/// One thing somebody does. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Act {
    Send { group: u8 },
    Receive { most: usize },
    Delete { held: usize },
    Release { held: usize },
    Restart,
    Purge,
}

/// What is in the queue: each group's bodies in order, and of those in flight the handle.
#[derive(Debug, Default)]
struct Model {
    groups: BTreeMap<String, Vec<(String, Option<String>)>>,
    sent: usize,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..4_u8).prop_map(|group| Act::Send { group }),
        6 => (1..=10_usize).prop_map(|most| Act::Receive { most }),
        5 => any::<usize>().prop_map(|held| Act::Delete { held }),
        3 => any::<usize>().prop_map(|held| Act::Release { held }),
        1 => Just(Act::Restart),
        1 => Just(Act::Purge),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_group_gives_its_messages_in_order(acts in prop::collection::vec(act(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(acts));
    }
}

async fn run(acts: Vec<Act>) {
    let mut fixture = Fixture::new();
    let attributes = json!({ "FifoQueue": "true", "ContentBasedDeduplication": "true" });
    fixture.ok("CreateQueue", json!({ "QueueName": "q.fifo", "Attributes": attributes })).await;
    let mut model = Model::default();
    for act in acts {
        match act {
            Act::Send { group } => model.send(&fixture, &group.to_string()).await,
            Act::Receive { most } => model.receive(&fixture, most).await,
            Act::Delete { held } => model.settle(&fixture, "DeleteMessage", held).await,
            Act::Release { held } => model.settle(&fixture, "ChangeMessageVisibility", held).await,
            Act::Restart => fixture = fixture.again(),
            Act::Purge => {
                fixture.ok("PurgeQueue", queue(json!({}))).await;
                model.groups.clear();
            }
        }
    }
    let (hidden, visible) = model.counts();
    assert_eq!(fixture.counts("q.fifo").await, (visible, hidden));
}

fn queue(mut input: Value) -> Value {
    input["QueueUrl"] = json!("http://h/000000000000/q.fifo");
    input
}

impl Model {
    async fn send(&mut self, fixture: &Fixture, group: &str) {
        let body = self.sent.to_string();
        self.sent += 1;
        fixture.ok("SendMessage", queue(json!({ "MessageBody": body, "MessageGroupId": group }))).await;
        self.groups.entry(group.to_owned()).or_default().push((body, None));
    }

    async fn receive(&mut self, fixture: &Fixture, most: usize) {
        let input = json!({
            "MaxNumberOfMessages": most, "VisibilityTimeout": 600, "AttributeNames": ["MessageGroupId"],
        });
        let received = fixture.receive(queue(input)).await;
        assert_eq!(received.len(), self.receivable().values().sum::<usize>().min(most));
        let mut runs: Vec<(String, Vec<Value>)> = Vec::new();
        for message in received {
            let group = message["Attributes"]["MessageGroupId"].as_str().unwrap().to_owned();
            match runs.last_mut() {
                Some((last, run)) if *last == group => run.push(message),
                _ => runs.push((group, vec![message])),
            }
        }
        let available = self.receivable();
        for (at, (group, run)) in runs.iter().enumerate() {
            assert!(at + 1 == runs.len() || run.len() == available[group], "a group is given as a whole");
            assert!(runs.iter().filter(|(other, _)| other == group).count() == 1, "and at once");
            for ((body, handle), message) in self.groups.get_mut(group).unwrap().iter_mut().zip(run) {
                assert_eq!((message["Body"].as_str().unwrap(), &*handle), (body.as_str(), &None));
                *handle = Some(message["ReceiptHandle"].as_str().unwrap().to_owned());
            }
        }
    }

    /// Deletes one of those in flight, or makes it visible again.
    async fn settle(&mut self, fixture: &Fixture, operation: &str, held: usize) {
        let mut in_flight: Vec<(String, usize)> = Vec::new();
        for (group, messages) in &self.groups {
            let held = messages.iter().enumerate().filter(|(_, (_, handle))| handle.is_some());
            in_flight.extend(held.map(|(at, _)| (group.clone(), at)));
        }
        if in_flight.is_empty() {
            return;
        }
        let (group, at) = in_flight.swap_remove(held % in_flight.len());
        let messages = self.groups.get_mut(&group).unwrap();
        let handle = messages[at].1.take();
        fixture.ok(operation, queue(json!({ "ReceiptHandle": handle, "VisibilityTimeout": 0 }))).await;
        if operation == "DeleteMessage" {
            messages.remove(at);
        }
    }

    /// How many each group could give.
    fn receivable(&self) -> BTreeMap<String, usize> {
        let prefix = |messages: &Vec<(String, Option<String>)>| {
            messages.iter().take_while(|(_, handle)| handle.is_none()).count()
        };
        self.groups.iter().map(|(group, messages)| (group.clone(), prefix(messages))).collect()
    }

    /// In flight, and not.
    fn counts(&self) -> (u64, u64) {
        let all = self.groups.values().flatten();
        let (held, free): (Vec<_>, Vec<_>) = all.partition(|(_, handle)| handle.is_some());
        (held.len().try_into().unwrap(), free.len().try_into().unwrap())
    }
}
