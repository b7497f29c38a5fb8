//! Receiving: what a receiver asks for, waiting for it, and how a message is shown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use self::take::{DeadLetters, Outcome, Search, Take, Taken};
use super::attribute_value::{self, Attribute};
use super::error::SqsError;
use super::fifo::sequence;
use super::message::{self, body_digest};
use super::queue::{self, Queue};
use super::{Sqs, visibility};
use crate::call::Call;
use crate::clock::now_ms;

mod take;

/// Messages of one queue that are received and not deleted (SQS Developer Guide, quotas).
pub(crate) const MOST_IN_FLIGHT: i64 = 120_000;

/// System attributes by name (API reference, ReceiveMessage). Some are never there on a standard queue.
const SYSTEM_ATTRIBUTES: [&str; 11] = [
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
    "SqsManagedSseEnabled",
];

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ReceiveInput {
    queue_url: String,
    /// The earlier name of `MessageSystemAttributeNames`, which SDKs still send.
    attribute_names: Vec<String>,
    message_system_attribute_names: Vec<String>,
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    receive_request_attempt_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReceiveOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<MessageOutput>,
}

#[derive(Debug, Serialize)]
struct MessageOutput {
    #[serde(rename = "MessageId")]
    message_id: String,
    #[serde(rename = "ReceiptHandle")]
    receipt_handle: String,
    #[serde(rename = "MD5OfBody")]
    body_digest: String,
    #[serde(rename = "Body")]
    body: String,
    #[serde(rename = "Attributes", skip_serializing_if = "BTreeMap::is_empty")]
    system: BTreeMap<&'static str, String>,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    attributes_digest: Option<String>,
    #[serde(rename = "MessageAttributes", skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, Attribute>,
}

/// A checked request.
#[derive(Debug)]
struct Request {
    most: usize,
    visibility_seconds: i64,
    wait: Duration,
    system: Vec<String>,
    attributes: Vec<String>,
    attempt: Option<String>,
}

/// `ReceiveMessage`. With a wait it answers as soon as there is a message: one that is sent, or one whose delay
/// or visibility timeout ends.
pub(super) async fn receive(sqs: &Sqs, input: ReceiveInput, call: &Call) -> Result<ReceiveOutput, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let request = Request::new(input, &queue)?;
    let deadline = Instant::now() + request.wait;
    let taken = wait(sqs, &queue, &request, deadline, call).await?;
    let account = &sqs.place().account;
    let messages = taken.into_iter().map(|taken| show(taken, &request, account)).collect();
    Ok(ReceiveOutput { messages })
}

/// Looks, and looks again whenever there is reason to, until there is a message or the wait is over.
async fn wait(
    sqs: &Sqs,
    queue: &Arc<Queue>,
    request: &Request,
    deadline: Instant,
    call: &Call,
) -> Result<Vec<Taken>, SqsError> {
    loop {
        // Registered before looking, so that nothing that comes in between is missed.
        let arrival = queue.arrivals.notified();
        tokio::pin!(arrival);
        arrival.as_mut().enable();
        if queue.is_deleted() {
            return Err(SqsError::QueueDoesNotExist);
        }
        let numbers = queue.numbers();
        let full = numbers.in_flight >= MOST_IN_FLIGHT;
        // Of a FIFO queue AWS says that it answers with nothing.
        if full && request.wait.is_zero() && !queue.is_fifo() {
            return Err(over_limit());
        }
        let again = request.attempt.is_some() && numbers.in_flight > 0;
        if (numbers.visible > 0 || again) && !full {
            let taken = take(sqs, queue, request).await?;
            if !taken.is_empty() {
                return Ok(taken);
            }
        }
        if Instant::now() >= deadline {
            return Ok(Vec::new());
        }
        let until = deadline.min(next_look(numbers.next));
        tokio::select! {
            () = arrival => {}
            () = tokio::time::sleep_until(until) => {}
            () = call.shutdown.cancelled() => return Ok(Vec::new()),
        }
    }
}

async fn take(sqs: &Sqs, queue: &Arc<Queue>, request: &Request) -> Result<Vec<Taken>, SqsError> {
    loop {
        let attributes = queue.attributes();
        let dead_letters = attributes.redrive.as_ref().and_then(|redrive| {
            Some(DeadLetters { queue: sqs.by_key(&redrive.target)?, max_receives: redrive.max_receives })
        });
        let job = Take {
            queue: Arc::clone(queue),
            most: request.most,
            visibility_ms: request.visibility_seconds * 1000,
            retention_ms: attributes.retention_seconds * 1000,
            dead_letters,
            attempt: request.attempt.clone(),
        };
        let committed = |outcome: &Outcome| queue::apply(&outcome.changes);
        let outcome = sqs.store().write_then(move |connection| job.run(connection), committed).await?;
        if outcome.search == Search::Done || !outcome.taken.is_empty() {
            return Ok(outcome.taken);
        }
    }
}

impl Request {
    fn new(input: ReceiveInput, queue: &Queue) -> Result<Self, SqsError> {
        let attributes = queue.attributes();
        let most = within(
            "MaxNumberOfMessages",
            input.max_number_of_messages,
            1,
            10,
            "Must be between 1 and 10, if provided.",
        )?;
        let wait = within(
            "WaitTimeSeconds",
            input.wait_time_seconds,
            0,
            20,
            "Must be >= 0 and <= 20, if provided.",
        )?;
        let visibility = within(
            "VisibilityTimeout",
            input.visibility_timeout,
            0,
            visibility::MAXIMUM,
            "Must be >= 0 and <= 43200, if provided.",
        )?;
        let attempt = message::checked("ReceiveRequestAttemptId", input.receive_request_attempt_id.as_ref())?;
        if let Some(attempt) = attempt.filter(|_| !queue.is_fifo()) {
            return Err(message::not_for_this_kind("ReceiveRequestAttemptId", attempt));
        }
        let mut system = input.message_system_attribute_names;
        system.extend(input.attribute_names);
        if let Some(name) = system.iter().find(|name| !SYSTEM_ATTRIBUTES.contains(&name.as_str())) {
            return Err(SqsError::InvalidAttributeName { name: name.clone() });
        }
        let wait_seconds = wait.unwrap_or(attributes.wait_seconds);
        Ok(Self {
            most: most.and_then(|most| usize::try_from(most).ok()).unwrap_or(1),
            visibility_seconds: visibility.unwrap_or(attributes.visibility_seconds),
            wait: Duration::from_secs(u64::try_from(wait_seconds).unwrap_or(0)),
            system,
            attributes: input.message_attribute_names,
            attempt: input.receive_request_attempt_id,
        })
    }

    fn wants(&self, name: &str) -> bool {
        self.system.iter().any(|wanted| wanted == "All" || wanted == name)
    }
}

fn within(
    name: &'static str,
    value: Option<i64>,
    least: i64,
    most: i64,
    reason: &str,
) -> Result<Option<i64>, SqsError> {
    match value {
        Some(value) if !(least..=most).contains(&value) => {
            Err(SqsError::InvalidParameter { name, value: value.to_string(), reason: reason.to_owned() })
        }
        within => Ok(within),
    }
}

fn over_limit() -> SqsError {
    SqsError::OverLimit(format!(
        "Too many messages in flight: the queue has {MOST_IN_FLIGHT} that are received and not deleted."
    ))
}

/// When the next hidden message becomes visible, on the clock that timers use.
fn next_look(next: Option<i64>) -> Instant {
    let left = next.map_or(i64::from(u32::MAX), |next| next - now_ms()).max(1);
    Instant::now() + Duration::from_millis(u64::try_from(left).unwrap_or(1))
}

fn show(taken: Taken, request: &Request, account: &str) -> MessageOutput {
    let stored = taken.attributes.as_deref().filter(|_| !request.attributes.is_empty());
    let attributes =
        stored.map(|stored| attribute_value::select(stored, &request.attributes)).unwrap_or_default();
    MessageOutput {
        message_id: taken.uuid.to_string(),
        receipt_handle: taken.receipt.encode(),
        body_digest: body_digest(&taken.body),
        system: if request.system.is_empty() { BTreeMap::new() } else { system(&taken, request, account) },
        body: taken.body,
        attributes_digest: attribute_value::digest(&attributes),
        attributes,
    }
}

fn system(taken: &Taken, request: &Request, account: &str) -> BTreeMap<&'static str, String> {
    let mut all = BTreeMap::from([
        ("SenderId", account.to_owned()),
        ("SentTimestamp", taken.sent_at.to_string()),
        ("ApproximateReceiveCount", taken.receives.to_string()),
        ("ApproximateFirstReceiveTimestamp", taken.first_received_at.to_string()),
    ]);
    all.extend(taken.group_id.clone().map(|group| ("MessageGroupId", group)));
    all.extend(taken.deduplication_id.clone().map(|id| ("MessageDeduplicationId", id)));
    all.extend(taken.sequence.map(|sequence| ("SequenceNumber", sequence::text(sequence))));
    all.extend(taken.trace_header.clone().map(|header| ("AWSTraceHeader", header)));
    all.extend(taken.source.clone().map(|arn| ("DeadLetterQueueSourceArn", arn)));
    all.retain(|name, _| request.wants(name));
    all
}
