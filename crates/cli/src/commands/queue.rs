//! `taxiway queue`: looks into the queues of a running cloud, and puts things right in them.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::arguments::Queue;
use crate::reach::{Client, Trouble, did_you_mean};
use crate::report::Failure;
use crate::runtime;

mod ls;
mod message;
mod peek;
mod purge;
mod redrive;
mod send;

/// A queue as the cloud lists it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Listed {
    name: String,
    /// Of its URL.
    path: String,
    arn: String,
    visible: u64,
    in_flight: u64,
    delayed: u64,
    oldest_seconds: Option<f64>,
    dead_letter_queue: Option<String>,
}

impl Listed {
    fn messages(&self) -> u64 {
        self.visible + self.in_flight + self.delayed
    }
}

pub(crate) fn run(verb: &Queue) -> Result<(), Failure> {
    runtime::block_on(async {
        match verb {
            Queue::Ls(arguments) => ls::run(arguments).await,
            Queue::Peek(arguments) => peek::run(arguments).await,
            Queue::Send(arguments) => send::run(arguments).await,
            Queue::Redrive(arguments) => redrive::run(arguments).await,
            Queue::Purge(arguments) => purge::run(arguments).await,
        }
    })?
}

/// The project's folder, where the first of several words is one, and the words after it.
pub(super) fn split(words: &[String]) -> (Option<&str>, &[String]) {
    match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && Path::new(first).join("taxiway.yaml").is_file() => {
            (Some(first), rest)
        }
        _ => (None, words),
    }
}

/// So many messages, for a sentence.
fn messages(count: u64) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

/// All queues, in order of name.
async fn list(client: &Client) -> Result<Vec<Listed>, Trouble> {
    let path = "/_taxiway/queues";
    let mut listing = client.get(path).await?;
    let queues = listing.get_mut("queues").map(Value::take).unwrap_or_default();
    serde_json::from_value(queues).map_err(|error| Trouble::Refused {
        code: String::new(),
        message: format!(
            "the list of queues is not what this taxiway reads ({error}); is the cloud another version?"
        ),
    })
}

/// The queue of this name, or of this resource of the running system.
async fn find(client: &Client, name: &str) -> Result<Listed, Failure> {
    let queues = list(client).await?;
    pick(&queues, name, client.place.system.as_deref()).cloned().ok_or_else(|| {
        let (url, hint) =
            (&client.place.url, did_you_mean(name, queues.iter().map(|queue| queue.name.as_str())));
        Failure::Sentence(format!("there is no queue `{name}` at {url}; {hint}"))
    })
}

/// The name itself comes first; then the name `up` gave a resource.
fn pick<'a>(queues: &'a [Listed], name: &str, system: Option<&str>) -> Option<&'a Listed> {
    let prefixed = system.map(|system| format!("{system}-{name}"));
    let names = std::iter::once(name.to_owned()).chain(prefixed);
    let candidates: Vec<String> = names.flat_map(|name| [format!("{name}.fifo"), name]).collect();
    let exact = queues.iter().find(|queue| queue.name == name);
    exact.or_else(|| queues.iter().find(|queue| candidates.contains(&queue.name)))
}

/// One operation of SQS on a queue.
async fn on(client: &Client, queue: &Listed, operation: &str, mut input: Value) -> Result<Value, Trouble> {
    if let Some(fields) = input.as_object_mut() {
        fields.insert("QueueUrl".to_owned(), json!(format!("{}{}", client.place.url, queue.path)));
    }
    client.ask(&format!("AmazonSQS.{operation}"), &input).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str) -> Listed {
        let input = json!({
            "name": name, "path": "", "arn": "", "visible": 0, "in_flight": 0, "delayed": 0,
            "oldest_seconds": null, "dead_letter_queue": null,
        });
        serde_json::from_value(input).expect("a queue")
    }

    #[test]
    fn a_resource_s_name_does() {
        let queues = ["mail", "shop-mail", "shop-orders.fifo"].map(listed);
        let name = |typed, system| pick(&queues, typed, system).map(|queue| queue.name.as_str());
        assert_eq!(name("mail", Some("shop")), Some("mail"));
        assert_eq!(name("orders", Some("shop")), Some("shop-orders.fifo"));
        assert_eq!(name("orders", None), None);
        assert_eq!(name("shop-orders", None), Some("shop-orders.fifo"));
    }
}
