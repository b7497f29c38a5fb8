//! How a new release replaces the old, and what stops it.

use std::collections::BTreeMap;

use super::{Percent, Span};

/// How a new release replaces the old.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The way traffic or replicas move.
    pub strategy: Strategy,
    /// After the last shift: how long the old release stays ready to take over.
    pub bake: Span,
    /// Alarms that roll it back, by name.
    pub rollback_on: Vec<String>,
    /// Runs once, before the new release gets traffic.
    pub migrate: Option<Migration>,
    /// Programs at points of the lifecycle; a non-zero exit rolls back.
    pub hooks: BTreeMap<Hook, Program>,
}

/// The way traffic or replicas move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Replica by replica.
    Rolling,
    /// All of the traffic at once, to a full second set.
    BlueGreen,
    /// A first share, a wait, then the rest.
    Canary(Shift),
    /// Equal shares with equal waits.
    Linear(Shift),
    /// The old set ends before the new one starts.
    Recreate,
}

/// A share of the traffic and the wait after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Share that moves, 1–99.
    pub percent: Percent,
    /// Wait after the move.
    pub bake: Span,
}

/// A database migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Local process mode: program, then arguments.
    pub run: Vec<String>,
    /// In a container of the new release: program, then arguments, as the image knows them.
    pub command: Vec<String>,
    /// Whether the old release works on the new schema, so that a rollback is safe.
    pub reversible: bool,
}

/// A program of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Local process mode: program, then arguments.
    pub run: Vec<String>,
    /// In a container of the new release: program, then arguments, as the image knows them.
    pub command: Vec<String>,
}

/// CodeDeploy's scriptable lifecycle events for ECS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// Before the new set exists.
    BeforeInstall,
    /// The new set runs, without traffic.
    AfterInstall,
    /// The test listener reaches the new set.
    AfterTestTraffic,
    /// Before production traffic moves.
    BeforeTraffic,
    /// After production traffic moved.
    AfterTraffic,
}

/// A condition on a metric that holds for some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Service the metric is of, where it is of one.
    pub service: Option<String>,
    /// Resource the metric is of, where it is of one.
    pub resource: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// Which side is bad.
    pub comparison: Comparison,
    /// How long it must hold.
    pub period: Span,
}

/// Which side of a threshold is bad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Comparison {
    /// Bad above this.
    Above(f64),
    /// Bad below this.
    Below(f64),
}

/// What an alarm measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Share of answers that are 5xx, percent.
    Http5xxPercentage,
    /// Share of answers that are 4xx, percent.
    Http4xxPercentage,
    /// 99th percentile of the response time, milliseconds.
    LatencyP99,
    /// 50th percentile of the response time, milliseconds.
    LatencyP50,
    /// Requests per minute.
    Requests,
    /// Average processor use, percent.
    CpuPercentage,
    /// Average memory use, percent.
    MemoryPercentage,
    /// Healthy replicas.
    HealthyReplicas,
    /// Restarts within the period.
    Restarts,
    /// Messages waiting.
    QueueDepth,
    /// Age of the oldest message, seconds.
    QueueAge,
    /// Messages in the dead-letter queue.
    DeadLetters,
    /// Free disk of a database, MiB.
    FreeStorage,
}
