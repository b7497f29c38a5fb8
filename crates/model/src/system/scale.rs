//! How many replicas, and what changes that.

use super::{Percent, Span};

/// Bounds and targets. Every target that is present is tracked; the one that asks for most wins.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Fewest replicas. 0 only where something can wake the service.
    pub min: u32,
    /// Most replicas.
    pub max: u32,
    /// Target for the average share of the processor in use.
    pub cpu_percentage: Option<Percent>,
    /// Target for the average share of the memory in use.
    pub memory_percentage: Option<Percent>,
    /// Target for requests per replica per minute, as ALBRequestCountPerTarget counts them.
    pub requests: Option<u32>,
    /// Target for the time a message waits.
    pub queue_delay: Option<QueueDelay>,
    /// Changes by the clock.
    pub schedule: Vec<ScheduledScale>,
    /// How long after a change the next must wait.
    pub cooldown: Cooldown,
}

/// Backlog per replica: the acceptable latency divided by the time one message takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueDelay {
    /// How long a message may wait.
    pub acceptable_latency: Span,
    /// How long one replica works on one message.
    pub msg_processing_time: Span,
}

/// Waits after a change, per direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cooldown {
    /// After removing replicas.
    pub scale_in: Span,
    /// After adding replicas.
    pub scale_out: Span,
}

/// New bounds at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledScale {
    /// Cron expression of five fields, UTC.
    pub at: String,
    /// Fewest replicas from then on.
    pub min: Option<u32>,
    /// Most replicas from then on.
    pub max: Option<u32>,
}
