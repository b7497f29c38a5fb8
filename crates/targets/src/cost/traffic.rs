//! The two amounts of traffic an estimate is made for.

use serde::Serialize;

use super::Amount;

/// What is assumed of a month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Traffic {
    /// `low` or `high`.
    pub name: &'static str,
    /// Requests to the system, in millions.
    pub million_requests: f64,
    /// What it answers to the internet, in GB.
    pub out_gb: f64,
    /// Messages of each queue, in millions; each takes three requests: send, receive, delete.
    pub million_messages: f64,
    /// Logs of each service, in GB.
    pub log_gb: f64,
    /// Objects in each bucket, in GB.
    pub stored_gb: f64,
    /// Changes of each bucket's objects, in thousands; reads are ten times as many.
    pub thousand_puts: f64,
    /// Data of each cluster database, in GB, where the manifest names no disk.
    pub database_gb: f64,
    /// Requests to the disk of each cluster database, in millions.
    pub million_io: f64,
}

/// A new service: a request every two seconds or so.
pub(super) const LOW: Traffic = Traffic {
    name: "low",
    million_requests: 1.0,
    out_gb: 10.0,
    million_messages: 0.1,
    log_gb: 1.0,
    stored_gb: 5.0,
    thousand_puts: 100.0,
    database_gb: 10.0,
    million_io: 5.0,
};

/// A busy one: 114 requests a second on average.
pub(super) const HIGH: Traffic = Traffic {
    name: "high",
    million_requests: 300.0,
    out_gb: 3000.0,
    million_messages: 30.0,
    log_gb: 50.0,
    stored_gb: 500.0,
    thousand_puts: 10_000.0,
    database_gb: 200.0,
    million_io: 500.0,
};

/// One of the assumptions, with either traffic.
pub(super) fn of(what: impl Fn(&Traffic) -> f64) -> Amount {
    Amount { low: what(&LOW), high: what(&HIGH) }
}
