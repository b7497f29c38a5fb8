//! The queue the API sends to.

use aws_config::SdkConfig;
use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchOutput;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

use super::publish::{self, NotQueued};
use crate::aws;

/// One SQS queue.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    client: aws_sdk_sqs::Client,
    url: String,
}

impl Queue {
    /// The queue at this URL.
    pub(crate) fn new(config: &SdkConfig, url: String) -> Self {
        Self { client: aws_sdk_sqs::Client::new(config), url }
    }

    async fn send_one(&self, body: String) -> Result<String, NotQueued> {
        let sent = self.client.send_message().queue_url(&self.url).message_body(body).send().await;
        let sent = sent.map_err(|error| {
            tracing::error!(error = aws::reason(&error), "a message can't be queued");
            NotQueued
        })?;
        sent.message_id.ok_or(NotQueued)
    }

    async fn send_batch(&self, bodies: &[String]) -> Result<Vec<Option<String>>, NotQueued> {
        let entries = bodies.iter().enumerate().filter_map(|(index, body)| {
            SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(body).build().ok()
        });
        let call = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries.collect()));
        let sent = call.send().await.map_err(|error| {
            tracing::error!(error = aws::reason(&error), messages = bodies.len(), "a batch can't be queued");
            NotQueued
        })?;
        Ok(identifiers(sent, bodies.len()))
    }
}

impl publish::Queue for Queue {
    /// An entry that failed inside a batch gets a call of its own, with the retries and the verdict of one.
    async fn send(&self, mut bodies: Vec<String>) -> Vec<Result<String, NotQueued>> {
        if bodies.len() == 1 {
            return vec![self.send_one(bodies.pop().unwrap_or_default()).await];
        }
        let Ok(identifiers) = self.send_batch(&bodies).await else {
            return vec![Err(NotQueued); bodies.len()];
        };
        let mut verdicts = Vec::with_capacity(bodies.len());
        for (body, identifier) in bodies.into_iter().zip(identifiers) {
            verdicts.push(match identifier {
                Some(identifier) => Ok(identifier),
                None => self.send_one(body).await,
            });
        }
        verdicts
    }
}

/// The message identifiers by entry; `None` where the entry failed.
fn identifiers(sent: SendMessageBatchOutput, count: usize) -> Vec<Option<String>> {
    let mut identifiers = vec![None; count];
    for entry in sent.successful {
        let place = entry.id.parse().ok().and_then(|index: usize| identifiers.get_mut(index));
        if let Some(place) = place {
            *place = Some(entry.message_id);
        }
    }
    for entry in sent.failed {
        tracing::warn!(code = entry.code, message = entry.message, "a batch entry is sent again by itself");
    }
    identifiers
}
