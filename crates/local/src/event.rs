//! What happens while a system starts, runs and stops, as a display or a log needs it.

use serde::{Deserialize, Serialize};

/// One thing that happened. As JSON, `{"event":"replica-ready","service":"api","replica":"api-1",…}`.
///
/// Every start ends with exactly one of `Ready` and `Failed`. Durations are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Event {
    /// Processes of an earlier run that was killed were found and ended.
    OrphansEnded {
        /// How many.
        processes: usize,
    },
    /// Something behaves otherwise than the manifest says, or needs a look. A sentence.
    Note {
        /// The sentence.
        message: String,
    },
    /// A service's `prepare` command began.
    Preparing {
        /// Services that need it.
        services: Vec<String>,
        /// The command, as one line.
        command: String,
    },
    /// A `prepare` command printed a line.
    PreparingLine {
        /// The command, as one line.
        command: String,
        /// What it printed.
        line: String,
    },
    /// A `prepare` command ended well.
    Prepared {
        /// The command, as one line.
        command: String,
        /// How long it took.
        elapsed_ms: u64,
    },
    /// The cloud answers.
    CloudListening {
        /// Its URL, for `AWS_ENDPOINT_URL`.
        url: String,
    },
    /// A resource exists and can be used.
    ResourceReady {
        /// Its name in the manifest.
        resource: String,
        /// `queue`, `bucket`, `parameter`, `secret`, `postgres`, `mongodb`, `redis`.
        kind: String,
    },
    /// A listener of the edge accepts connections.
    EdgeListening {
        /// The service it belongs to, or `None` for the shared listener.
        service: Option<String>,
        /// Its URL.
        url: String,
    },
    /// A service waits for another before it starts.
    Waiting {
        /// Its name.
        service: String,
        /// `api to be healthy`.
        condition: String,
    },
    /// A replica's process runs.
    ReplicaStarted {
        /// Its service.
        service: String,
        /// Its name, `api-1`.
        replica: String,
        /// Its process id.
        pid: u32,
        /// The port it was given (web services).
        port: Option<u16>,
    },
    /// A replica passed its health check, or stayed alive long enough where it has none.
    ReplicaReady {
        /// Its service.
        service: String,
        /// Its name.
        replica: String,
        /// Since its process started.
        elapsed_ms: u64,
    },
    /// A replica that ran fails its health check and is being replaced.
    ReplicaUnhealthy {
        /// Its service.
        service: String,
        /// Its name.
        replica: String,
        /// What the health check saw, a sentence.
        reason: String,
    },
    /// A replica's process ended without being asked to.
    ReplicaExited {
        /// Its service.
        service: String,
        /// Its name.
        replica: String,
        /// `exit code 1`, `signal SIGKILL`.
        outcome: String,
        /// When it will be started again, or `None` where it will not.
        restart_in_ms: Option<u64>,
    },
    /// A replica's process ended as it was asked to.
    ReplicaStopped {
        /// Its service.
        service: String,
        /// Its name.
        replica: String,
        /// `exit code 0`, or `signal SIGKILL` where the stop timeout passed.
        outcome: String,
    },
    /// A service exits again and again.
    CrashLoop {
        /// Its name.
        service: String,
        /// The replica that gave the verdict.
        replica: String,
        /// How many times in a row.
        exits: u32,
        /// How it ended the last time.
        outcome: String,
        /// The last lines of its log.
        log: Vec<String>,
    },
    /// A job's run began.
    JobStarted {
        /// Its name.
        service: String,
        /// 1 for the first try.
        attempt: u32,
    },
    /// A job's run ended.
    JobEnded {
        /// Its name.
        service: String,
        /// 1 for the first try.
        attempt: u32,
        /// `exit code 0`.
        outcome: String,
    },
    /// Everything that was asked for is healthy.
    Ready {
        /// The shared listener's URL, where a service is behind it.
        url: Option<String>,
        /// Since `up` began.
        elapsed_ms: u64,
    },
    /// It did not start; everything that ran is stopped.
    Failed {
        /// Why, and what to do.
        message: String,
    },
    /// It stops: services first, then edge and cloud.
    Stopping,
    /// Nothing of it runs any more.
    Stopped {
        /// Since it was asked to.
        elapsed_ms: u64,
    },
}

impl Event {
    /// The one service it is about, where it is about one.
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Waiting { service, .. }
            | Self::ReplicaStarted { service, .. }
            | Self::ReplicaReady { service, .. }
            | Self::ReplicaUnhealthy { service, .. }
            | Self::ReplicaExited { service, .. }
            | Self::ReplicaStopped { service, .. }
            | Self::CrashLoop { service, .. }
            | Self::JobStarted { service, .. }
            | Self::JobEnded { service, .. } => Some(service),
            Self::EdgeListening { service, .. } => service.as_deref(),
            Self::OrphansEnded { .. }
            | Self::Note { .. }
            | Self::Preparing { .. }
            | Self::PreparingLine { .. }
            | Self::Prepared { .. }
            | Self::CloudListening { .. }
            | Self::ResourceReady { .. }
            | Self::Ready { .. }
            | Self::Failed { .. }
            | Self::Stopping
            | Self::Stopped { .. } => None,
        }
    }
}
