//! The bounds that a person may meet, from the constants that hold them, for docs/cloud.md.

use std::fmt::Write as _;
use std::time::Duration;

use crate::mongo::bounds;
use crate::{metrics, own, s3, server, sqs, ssm};

/// A table of what is bounded and by how much, in Markdown.
#[must_use]
pub fn table() -> String {
    let mut text = "| what | bound |\n|---|---|\n".to_owned();
    for (what, bound) in rows().into_iter().chain(of_documents()) {
        let _infallible = writeln!(text, "| {what} | {bound} |");
    }
    text
}

fn rows() -> [(&'static str, String); 15] {
    let served = server::Limits::default();
    [
        ("Connections at once; one more is answered with 503", served.connections.to_string()),
        ("A request's head, with the headers in it", bytes(served.buffer as u64)),
        ("Time for a request's head to arrive, also on a kept connection", time(served.head)),
        ("Time for a client to take some of its answer", time(served.stall)),
        ("A request to any service but S3", bytes(server::BODY_LIMIT as u64)),
        ("Time for such a request's body to arrive", time(server::BODY_TIMEOUT)),
        ("All such bodies together; more wait", bytes(server::ROOM as u64)),
        ("A pause inside an object's body", time(s3::IDLE)),
        ("Messages in flight in a queue", sqs::MOST_IN_FLIGHT.to_string()),
        ("A message, and a batch of them", bytes(sqs::BATCH_BYTES as u64)),
        ("A key of an object", format!("{} bytes", s3::KEY_MAX_BYTES)),
        ("An object in one request, or a part", bytes(s3::MAX_BYTES)),
        ("Versions kept of a parameter", ssm::VERSIONS_MAX.to_string()),
        ("Messages that one look shows", own::MESSAGES_MOST.to_string()),
        ("Queues, and buckets, with metrics of their own", metrics::SHOWN.to_string()),
    ]
}

/// The bounds of the document service; connections are counted with the others.
fn of_documents() -> [(&'static str, String); 14] {
    let size = |size: usize| bytes(size as u64);
    [
        ("A document", size(bounds::MAX_DOCUMENT)),
        ("Documents in one another", bounds::DEPTH.to_string()),
        ("A message of a document client", size(bounds::MAX_MESSAGE)),
        ("Time for such a message to arrive, once begun", time(bounds::MESSAGE_TIMEOUT)),
        ("All long ones of them together; more wait", size(bounds::ROOM)),
        ("Statements of one write command", bounds::MAX_BATCH.to_string()),
        ("Open cursors; for one more the idlest is closed", bounds::CURSORS.to_string()),
        ("Time a cursor is kept for that nobody asks", time(bounds::CURSOR_IDLE)),
        ("Results that wait in all cursors", size(bounds::CURSOR_BYTES)),
        ("What a sort holds", size(bounds::SORT_BYTES)),
        ("Transactions at the same time", bounds::TRANSACTIONS.to_string()),
        ("Time a transaction may take", time(bounds::TRANSACTION_LIFETIME)),
        ("What a transaction writes", size(bounds::TRANSACTION_BYTES)),
        ("Indexes of a collection", bounds::INDEXES.to_string()),
    ]
}

/// Bytes in the largest whole unit.
fn bytes(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = units.into_iter().find(|(size, _)| bytes.is_multiple_of(*size));
    unit.map_or_else(|| format!("{bytes} bytes"), |(size, name)| format!("{} {name}", bytes / size))
}

fn time(time: Duration) -> String {
    format!("{} s", time.as_secs())
}
