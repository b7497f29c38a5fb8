//! A queue: made, or its attributes brought up to date.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Outcome, Queue};
use crate::ask::ask;
use crate::server::Services;

/// What can only be said when a queue is made (Amazon SQS API Reference, `SetQueueAttributes`).
const AT_BIRTH: &str = "FifoQueue";

pub(super) async fn provide(services: &Services, queue: &Queue) -> Result<Outcome, String> {
    let attributes = attributes(services, queue);
    let input = json!({ "QueueName": queue.name, "Attributes": attributes, "tags": queue.tags });
    // `GetQueueUrl` would also be content with one that another region has.
    if !services.sqs.has(&queue.name) {
        ask(services, "AmazonSQS.CreateQueue", &input).await?;
        return Ok(Outcome::Made);
    }
    let url = services.sqs.path(&queue.name);
    let changed: BTreeMap<_, _> = attributes.into_iter().filter(|(name, _)| name != AT_BIRTH).collect();
    if !changed.is_empty() {
        ask(services, "AmazonSQS.SetQueueAttributes", &json!({ "QueueUrl": url, "Attributes": changed }))
            .await?;
    }
    if !queue.tags.is_empty() {
        ask(services, "AmazonSQS.TagQueue", &json!({ "QueueUrl": url, "Tags": queue.tags })).await?;
    }
    Ok(Outcome::There)
}

fn attributes(services: &Services, queue: &Queue) -> BTreeMap<String, String> {
    let mut attributes = queue.attributes.clone();
    if let Some((letters, tries)) = &queue.dead_letter {
        let policy = json!({ "deadLetterTargetArn": services.sqs.arn(letters), "maxReceiveCount": tries });
        attributes.insert("RedrivePolicy".to_owned(), policy.to_string());
    }
    attributes
}
