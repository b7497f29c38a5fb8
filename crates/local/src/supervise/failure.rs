//! Why a service did not become healthy, as a person reads it.

use std::fmt;
use std::time::Duration;

use super::Noun;

/// Lines of its log that a failure shows.
pub(super) const SHOWN_LINES: usize = 10;

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service => "service",
            Self::Database => "database",
        })
    }
}

/// Why a service did not become healthy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartFailure {
    /// It ends again and again.
    #[error(
        "{noun} `{service}` ended {exits} times in a row, the last time with {outcome}; \
         {} and run `taxiway up` again{}",
        remedy(*noun, log),
        quoted(log, path)
    )]
    CrashLoop {
        /// What it is.
        noun: Noun,
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
    /// It runs and never answered.
    #[error(
        "{noun} `{service}` did not answer after {waited:?}: {reason}; --timeout gives it longer{}",
        quoted(log, path)
    )]
    NeverAnswered {
        /// What it is.
        noun: Noun,
        /// Its name.
        service: String,
        /// How long it had.
        waited: Duration,
        /// What the last try met.
        reason: String,
        /// The last lines of its log.
        log: Vec<String>,
        /// Where the whole log is.
        path: String,
    },
    /// The system did not start its process.
    #[error("cannot start a process of {noun} `{service}`: {reason}")]
    NotStarted {
        /// What it is.
        noun: Noun,
        /// Its name.
        service: String,
        /// The system's answer.
        reason: String,
    },
}

// What a database's log says plainly enough to tell what to do.
fn remedy(noun: Noun, log: &[String]) -> &'static str {
    let says = |text: &str| noun == Noun::Database && log.iter().any(|line| line.contains(text));
    if says("No space left on device") {
        "the disk is full: free some space"
    } else if says("Address already in use") {
        "another program took its port: stop that"
    } else {
        "find out why"
    }
}

fn quoted(log: &[String], path: &str) -> String {
    if log.is_empty() {
        return "; it printed nothing".to_owned();
    }
    let lines = crate::logs::quoted(log);
    format!("\nlast lines of {path}:{lines}")
}
