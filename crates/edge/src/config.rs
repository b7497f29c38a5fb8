//! What the edge should do, as one value. It arrives whole and is swapped whole; nothing changes inside it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Everything the edge knows of its world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Sockets it accepts on, by name. Added and removed by a swap; others keep their connections.
    pub listeners: BTreeMap<String, Listener>,
    /// Groups of equal targets, by name.
    pub target_groups: BTreeMap<String, TargetGroup>,
    /// Bounds on what a client may send or hold.
    pub limits: Limits,
    /// Waits on clients and targets.
    pub timeouts: Timeouts,
}

/// One socket and its rules. The first rule that matches decides; none is the default action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Address to bind; port 0 takes a free one (see `Snapshot`).
    pub address: SocketAddr,
    /// Rules in order of priority.
    pub rules: Vec<Rule>,
    /// What happens to a request that no rule matches.
    pub default: Action,
}

/// A condition on host and path, and what to do. Absent conditions match everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Host pattern without port, `*` and `?` as in an ALB host condition; compared without case.
    pub host: Option<String>,
    /// Path pattern.
    pub path: Option<PathPattern>,
    /// What to do.
    pub action: Action,
}

/// What a path must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPattern {
    /// `/api` matches `/api` and `/api/…`, not `/apis`; `/` matches everything.
    Prefix(String),
    /// `*` and `?` as in an ALB path condition; compared with case, query string not included.
    Glob(String),
}

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send it to a target of one of these groups, chosen per request by weight (0 to 999).
    Forward(Vec<WeightedGroup>),
    /// Answer it here.
    Fixed {
        /// Status code, 200–599.
        status: u16,
        /// `content-type` of the body.
        content_type: String,
        /// The body, at most 1 KiB as on an ALB.
        body: String,
    },
    /// Answer with a redirect. `None` keeps that part of the request.
    Redirect {
        /// 301 or 302.
        status: u16,
        /// `http` or `https`.
        scheme: Option<String>,
        /// Port in the location.
        port: Option<u16>,
    },
}

/// A target group and its share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedGroup {
    /// Its name in `Config::target_groups`.
    pub group: String,
    /// Its share of the sum of weights; 0 gets nothing.
    pub weight: u16,
}

/// Equal targets and how to judge and choose among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetGroup {
    /// How the next target is chosen.
    pub algorithm: Algorithm,
    /// How targets are judged; `None` takes every target for healthy.
    pub health_check: Option<HealthCheck>,
    /// How long a newly healthy target's share grows from zero to full; zero switches this off.
    pub slow_start: Duration,
    /// Keeps a client on its target by cookie for this long; `None` switches this off.
    pub stickiness: Option<Duration>,
    /// Targets by id. An id that stays across a swap keeps its health and connections.
    pub targets: BTreeMap<String, Target>,
}

/// Where a replica listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its address.
    pub address: SocketAddr,
}

/// How the next target is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// In turn.
    #[default]
    RoundRobin,
    /// The one with the fewest requests in flight.
    LeastOutstanding,
}

/// An ALB health check (Elastic Load Balancing user guide, "Health checks for Application Load Balancer target groups").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// Request path.
    pub path: String,
    /// Inclusive ranges of codes that count as success.
    pub success_codes: Vec<(u16, u16)>,
    /// From one check to the next.
    pub interval: Duration,
    /// How long one check may take.
    pub timeout: Duration,
    /// Successes in a row that make an unhealthy target healthy; a new target needs one.
    pub healthy_threshold: u32,
    /// Failures in a row that make a healthy target unhealthy.
    pub unhealthy_threshold: u32,
}

/// Bounds on what a client may send or hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once over all listeners; one more is closed at once.
    pub connections: usize,
    /// Bytes of request line and headers; more is 431.
    pub header_bytes: usize,
    /// Header fields; more is 431.
    pub header_count: usize,
    /// Bytes of a request body; more is 413.
    pub body_bytes: u64,
}

/// Waits on clients and targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// From accept, or from the end of the last request's headers begun, until all headers are in; then 408 or close.
    pub header_read: Duration,
    /// Without a byte in either direction between requests or inside one; ALB's idle timeout.
    pub idle: Duration,
    /// To establish a connection to a target.
    pub connect: Duration,
    /// From the request's last byte to the response's first; then 504.
    pub response: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_bytes: 64 * 1024,
            header_count: 100,
            body_bytes: 100 * 1024 * 1024,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            connect: Duration::from_secs(5),
            response: Duration::from_secs(60),
        }
    }
}
