//! Why a service did not become healthy, as a person reads it.

use std::time::Duration;

/// Lines of its log that a failure shows.
pub(super) const SHOWN_LINES: usize = 10;

/// Why a service did not become healthy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartFailure {
    /// It ends again and again.
    #[error(
        "service `{service}` ended {exits} times in a row, the last time with {outcome}; \
         find out why and run `taxiway up` again{}",
        quoted(log, path)
    )]
    CrashLoop {
        /// Its name.
        service: String,
        /// How many times.
        exits: u32,
        /// How it ended the last time.
        outcome: String,
        /// The last lines of its log.
        log: Vec<String>,
        /// Where the whole log is.
        path: String,
    },
    /// Its health check never passed.
    #[error(
        "replica `{replica}` of service `{service}` was not healthy after {waited:?}: {reason}; \
         it must answer GET {check} on 127.0.0.1 at the port its PORT variable names; --timeout gives it longer{}",
        quoted(log, path)
    )]
    NeverHealthy {
        /// Its name.
        service: String,
        /// The replica.
        replica: String,
        /// How long it had.
        waited: Duration,
        /// The health check's path.
        check: String,
        /// What the last health check saw.
        reason: String,
        /// The last lines of its log.
        log: Vec<String>,
        /// Where the whole log is.
        path: String,
    },
    /// The system did not start its process.
    #[error("cannot start a process of service `{service}`: {reason}")]
    NotStarted {
        /// Its name.
        service: String,
        /// The system's answer.
        reason: String,
    },
}

fn quoted(log: &[String], path: &str) -> String {
    if log.is_empty() {
        return "; it printed nothing".to_owned();
    }
    let lines: String = log.iter().map(|line| format!("\n  | {line}")).collect();
    format!("\nlast lines of {path}:{lines}")
}
