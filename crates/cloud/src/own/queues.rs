//! The queues at a glance: what takes a call for each of them through the SQS API, and the age it does not tell.

use http::{Response, StatusCode};
use serde::Serialize;

use super::{JSON, refusal};
use crate::answer::{self, Body};
use crate::sqs::{QueueSnapshot, Sqs};

/// What `GET /_taxiway/queues` answers with.
#[derive(Debug, Serialize)]
struct Listing {
    queues: Vec<Line>,
}

/// One queue.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    /// Of its URL, behind any host that reaches the cloud.
    path: String,
    arn: String,
    visible: u64,
    in_flight: u64,
    delayed: u64,
    /// Age of the oldest message, in seconds.
    oldest_seconds: Option<f64>,
    dead_letter_queue: Option<String>,
}

pub(super) async fn list(sqs: &Sqs) -> Response<Body> {
    match sqs.snapshot().await {
        Ok(queues) => {
            let listing = Listing { queues: queues.into_iter().map(line).collect() };
            answer::answer(StatusCode::OK, JSON, serde_json::to_vec(&listing).unwrap_or_default())
        }
        Err(error) => refusal(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

fn line(queue: QueueSnapshot) -> Line {
    Line {
        name: queue.name,
        path: queue.path,
        arn: queue.arn,
        visible: queue.visible,
        in_flight: queue.in_flight,
        delayed: queue.delayed,
        oldest_seconds: queue.oldest.map(|age| age.as_secs_f64()),
        dead_letter_queue: queue.dead_letters_to,
    }
}
