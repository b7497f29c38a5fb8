//! What runs, as one value: what `status --json` prints and `ps` shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The system at one moment. Its JSON form is fixed: scripts rely on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The system's name.
    pub system: String,
    /// The environment it was resolved for.
    pub environment: Option<String>,
    /// Where the whole stands.
    pub phase: Phase,
    /// Process id of `up`.
    pub pid: u32,
    /// The edge.
    pub edge: EdgeStatus,
    /// The cloud.
    pub cloud: CloudStatus,
    /// Services by name.
    pub services: BTreeMap<String, ServiceStatus>,
    /// Resources by name.
    pub resources: BTreeMap<String, ResourceStatus>,
}

/// Where the whole system stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Not everything that was asked for has been healthy yet.
    #[default]
    Starting,
    /// Everything was healthy once.
    Running,
    /// It was asked to stop, or could not start.
    Stopping,
}

/// The edge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeStatus {
    /// The public listener, `http://localhost:8000`; absent where no service is behind it.
    pub url: Option<String>,
    /// The listener that plays the load balancer itself. The same as `url` where nothing stands before it.
    pub origin_url: Option<String>,
}

/// The cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudStatus {
    /// Its URL, for `AWS_ENDPOINT_URL`.
    pub endpoint: Option<String>,
}

/// One service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceStatus {
    /// `web`, `worker` or `job`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short hash of its definition: the same definition, the same release.
    pub release: String,
    /// How many replicas should run.
    pub desired: u32,
    /// Where it is reached: its own or internal listener, or the shared one.
    pub url: Option<String>,
    /// Replicas in order of their number.
    pub replicas: Vec<ReplicaStatus>,
}

/// One replica.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaStatus {
    /// Its name, `api-1`.
    pub id: String,
    /// Its process id, while it has a process.
    pub pid: Option<u32>,
    /// The port it listens on (web services), while it has a process.
    pub port: Option<u16>,
    /// Where it stands.
    pub state: ReplicaState,
    /// How often it was started again after it ended by itself.
    pub restarts: u32,
    /// Why it is not ready, a sentence, where that is known.
    pub reason: Option<String>,
}

/// Where a replica stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplicaState {
    /// Its process runs and has not passed its health check yet.
    Starting,
    /// It passes its health check, or stays alive where it has none.
    Healthy,
    /// It failed its health check and is being replaced.
    Unhealthy,
    /// It ended and waits to be started again.
    BackingOff,
    /// It ended again and again and waits longer.
    CrashLoop,
    /// It gets no new requests and finishes those in flight.
    Draining,
    /// It was asked to end.
    Stopping,
}

/// One resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceStatus {
    /// `queue`, `bucket`, `parameter`, `secret`, `postgres`, `mongodb`, `redis`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What a service that uses it finds in its environment. Never a secret's value; a password is `***`.
    pub env: BTreeMap<String, String>,
    /// The program behind it, where one was started for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<ReplicaStatus>,
}
