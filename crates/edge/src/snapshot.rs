//! What the edge sees, as one value: read by whoever decides, changed by nobody.

use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The edge at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Where each listener really listens.
    pub listeners: BTreeMap<String, SocketAddr>,
    /// Target group → target id → what is seen of it.
    pub targets: BTreeMap<String, BTreeMap<String, TargetSnapshot>>,
    /// Client connections open.
    pub connections: u64,
    /// Requests answered since the start, whoever answered.
    pub requests: u64,
}

/// One target at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetSnapshot {
    /// How it is judged.
    pub state: TargetState,
    /// Why, in a sentence, where it is not healthy.
    pub reason: Option<String>,
    /// Requests in flight.
    pub in_flight: u64,
    /// Requests forwarded since the target appeared.
    pub requests: u64,
    /// Answers of it that were 5xx, and requests it left unanswered.
    pub failures: u64,
}

/// ALB's target states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetState {
    /// Not judged yet.
    Initial,
    /// Passes.
    Healthy,
    /// Fails.
    Unhealthy,
    /// Gets no new requests; those in flight go on.
    Draining,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrainOutcome {
    /// Nothing is in flight.
    Empty,
    /// The deadline passed first; so many requests were cut off.
    CutOff(u64),
    /// There is no such target.
    Unknown,
}

/// How a stop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopOutcome {
    /// Every connection ended by itself.
    Finished,
    /// The deadline passed first; so many connections were cut off.
    CutOff(u64),
}
