//! Reads the replicas' log files: what is there, then what comes. Works also when `up` is dead.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::sleep;

use self::reader::{From, Reader};
use crate::project::Project;

mod reader;

/// From one look for new lines to the next.
const POLL: Duration = Duration::from_millis(100);

/// One line a replica printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Its service.
    pub service: String,
    /// The replica, `api-1`.
    pub replica: String,
    /// When it was read from the replica, RFC 3339 in UTC with milliseconds.
    pub time: String,
    /// What was printed.
    pub text: String,
}

/// Which lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Of these services; empty means all.
    pub services: Vec<String>,
    /// So many of the last lines of each replica.
    pub tail: usize,
    /// Go on as new lines come, until the receiver goes away.
    pub follow: bool,
}

/// Why there are no lines.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// No service of that name ever ran here.
    #[error("there is no log of service `{service}`; there are logs of {known}")]
    UnknownService {
        /// The name that was asked for.
        service: String,
        /// Names that have logs.
        known: String,
    },
    /// Nothing ever ran here.
    #[error("there are no logs in {directory}; `taxiway up {directory}` makes some")]
    NoLogs {
        /// The folder that was asked about.
        directory: String,
    },
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Its path.
        path: String,
        /// The system's answer.
        source: std::io::Error,
    },
}

/// Sends the lines that match `query` to `lines`, in the order of their times.
///
/// # Errors
/// When there are no logs, or none of a service that was named, or a file cannot be read.
pub async fn logs(directory: &Path, query: &LogQuery, lines: mpsc::Sender<LogLine>) -> Result<(), LogsError> {
    let no_logs = || LogsError::NoLogs { directory: directory.display().to_string() };
    let folder = Project::find(directory).map_err(|_| no_logs())?.logs();
    let known = services(&folder).ok_or_else(no_logs)?;
    if let Some(unknown) = query.services.iter().find(|service| !known.contains(*service)) {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        return Err(LogsError::UnknownService { service: unknown.clone(), known });
    }
    let mut readers = BTreeMap::new();
    let mut from = From::Last(query.tail);
    loop {
        open_new(&folder, &query.services, from, &mut readers)?;
        if send(read_all(&mut readers)?, &lines).await == Receiver::Gone || !query.follow {
            return Ok(());
        }
        // What appears from now on is new from its first line.
        from = From::Start;
        sleep(POLL).await;
    }
}

/// Whether somebody still reads.
#[derive(PartialEq, Eq)]
enum Receiver {
    There,
    Gone,
}

async fn send(batch: Vec<LogLine>, lines: &mpsc::Sender<LogLine>) -> Receiver {
    for line in batch {
        if lines.send(line).await.is_err() {
            return Receiver::Gone;
        }
    }
    if lines.is_closed() { Receiver::Gone } else { Receiver::There }
}

fn services(folder: &Path) -> Option<BTreeSet<String>> {
    let names = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names: BTreeSet<String> = names.collect();
    (!names.is_empty()).then_some(names)
}

fn open_new(
    folder: &Path,
    wanted: &[String],
    from: From,
    readers: &mut BTreeMap<PathBuf, Reader>,
) -> Result<(), LogsError> {
    let services = services(folder).unwrap_or_default();
    for service in services.into_iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
        let Ok(entries) = fs::read_dir(folder.join(&service)) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.extension().is_some_and(|extension| extension == "log") && !readers.contains_key(&path) {
                let reader =
                    Reader::open(&service, &path, from).map_err(|source| unreadable(&path, source))?;
                readers.insert(path, reader);
            }
        }
    }
    Ok(())
}

fn read_all(readers: &mut BTreeMap<PathBuf, Reader>) -> Result<Vec<LogLine>, LogsError> {
    let mut batch = Vec::new();
    for (path, reader) in readers {
        batch.extend(reader.read().map_err(|source| unreadable(path, source))?);
    }
    // Stable: lines of one replica stay in their order.
    batch.sort_by(|one, other| one.time.cmp(&other.time));
    Ok(batch)
}

fn unreadable(path: &Path, source: std::io::Error) -> LogsError {
    LogsError::Read { path: path.display().to_string(), source }
}
