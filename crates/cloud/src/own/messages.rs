//! The messages in front of a queue, for people: nobody receives them, and nothing about them changes.

use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::Value;

use super::{JSON, refusal};
use crate::answer::{self, Body};
use crate::sqs::{MessageState, PeekedMessage, Sqs};

/// Messages that are shown when nobody says how many.
const USUAL: usize = 10;

/// Messages that are shown at most: they are in memory together, and each may be 1 MiB.
pub(crate) const MOST: usize = 100;

/// What `GET /_taxiway/queues/NAME/messages` answers with.
#[derive(Debug, Serialize)]
struct Listing {
    queue: String,
    messages: Vec<Line>,
}

/// One message.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    state: &'static str,
    /// When that state ends by itself, seconds since 1970.
    until: Option<f64>,
    /// Seconds since 1970.
    sent: f64,
    receives: u64,
    group: Option<String>,
    deduplication: Option<String>,
    dead_lettered_from: Option<String>,
    /// As SQS's JSON protocol has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Value>,
    body: String,
}

pub(super) async fn list(sqs: &Sqs, queue: &str, query: Option<&str>) -> Response<Body> {
    let most = match most(query.unwrap_or_default()) {
        Ok(most) => most,
        Err(sentence) => return refusal(StatusCode::BAD_REQUEST, &sentence),
    };
    match sqs.peek(queue, most).await {
        Ok(Some(messages)) => {
            let messages = messages.into_iter().map(line).collect();
            let listing = Listing { queue: queue.to_owned(), messages };
            answer::answer(StatusCode::OK, JSON, serde_json::to_vec(&listing).unwrap_or_default())
        }
        Ok(None) => refusal(StatusCode::NOT_FOUND, &format!("there is no queue `{queue}`")),
        Err(error) => refusal(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

fn most(query: &str) -> Result<usize, String> {
    let Some(text) = query.split('&').find_map(|pair| pair.strip_prefix("max=")) else { return Ok(USUAL) };
    let most = text.parse().ok().filter(|most| (1..=MOST).contains(most));
    most.ok_or_else(|| format!("max is a number from 1 to {MOST}, not `{text}`"))
}

fn line(message: PeekedMessage) -> Line {
    let (state, until) = match message.state {
        MessageState::Visible => ("visible", None),
        MessageState::InFlight(until) => ("in_flight", Some(seconds(until))),
        MessageState::Delayed(until) => ("delayed", Some(seconds(until))),
    };
    Line {
        id: message.id,
        state,
        until,
        sent: seconds(message.sent_at),
        receives: message.receives,
        group: message.group,
        deduplication: message.deduplication_id,
        dead_lettered_from: message.dead_lettered_from,
        attributes: message.attributes.and_then(|text| serde_json::from_str(&text).ok()),
        body: message.body,
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
