//! What replicas print: one pipe per replica, read by one thread, kept in a rotating file and a short tail in memory.
//!
//! A replica's standard output and standard error share the pipe, so their order is kept. The thread never stops
//! reading, so a full disk or a flood never stops the replica.

use std::path::PathBuf;
use std::time::Duration;

use time::OffsetDateTime;
use time::macros::format_description;

pub(crate) use self::collect::{Collected, collect};
pub(crate) use self::file::{LogFile, older};
pub(crate) use self::tail::Tail;

mod collect;
mod file;
mod tail;

/// How long the last lines of a process that ended may take to arrive: a grandchild may hold the pipe for ever.
const LAST_LINES: Duration = Duration::from_millis(200);

/// The length of [`timestamp`] and the space after it.
pub(crate) const TIMESTAMP_LENGTH: usize = "2026-01-31T12:00:00.000Z".len();

/// Now in UTC, RFC 3339 with milliseconds.
pub(crate) fn timestamp() -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::now_utc().format(form).unwrap_or_default()
}

/// The log of a replica: `<logs>/<service>/<replica>.log`.
pub(crate) fn path(logs: &std::path::Path, service: &str, replica: &str) -> PathBuf {
    logs.join(service).join(format!("{replica}.log"))
}

/// Lines of a log, as an error ends with them: each on a line of its own.
pub(crate) fn quoted(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  | {line}")).collect()
}
