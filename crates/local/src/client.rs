//! What the other commands ask of a running `up`, through its control socket, and of its logs.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::project::Project;
use crate::socket::protocol::{LINE_LIMIT, Reply, Request};
use crate::{Event, Status, socket};

pub use self::logs::{LogLine, LogQuery, LogsError, logs};

mod logs;

/// How long a running `up` may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a running `up` gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No `up` runs there.
    #[error("nothing runs in {directory}; `taxiway up {directory}` starts it")]
    NotRunning {
        /// The folder that was asked about.
        directory: String,
    },
    /// It refused, and says why.
    #[error("{0}")]
    Refused(String),
    /// The conversation broke off.
    #[error("`up` in {directory} did not answer: {reason}")]
    Broken {
        /// The folder that was asked about.
        directory: String,
        /// What happened.
        reason: String,
    },
}

/// The system at this moment.
///
/// # Errors
/// When no `up` runs in `directory` or it does not answer.
pub async fn status(directory: &Path) -> Result<Status, ClientError> {
    match ask(directory, &Request::Status, None).await? {
        Reply::Status(status) => Ok(*status),
        other => Err(unexpected(directory, &other)),
    }
}

/// Replaces the replicas of `service` one after another; returns when the last new one is healthy.
///
/// What happens meanwhile goes to `events`.
///
/// # Errors
/// When no `up` runs in `directory`, there is no such service, or the new replica does not become healthy; the old
/// ones that are left go on serving then.
pub async fn restart(
    directory: &Path,
    service: &str,
    events: mpsc::Sender<Event>,
) -> Result<(), ClientError> {
    match ask(directory, &Request::Restart { service: service.to_owned() }, Some(events)).await? {
        Reply::Done => Ok(()),
        other => Err(unexpected(directory, &other)),
    }
}

/// What a replica of `service` has in its environment, secrets' values included. `PORT` is its first replica's.
///
/// # Errors
/// When no `up` runs in `directory` or there is no such service.
pub async fn exec_environment(
    directory: &Path,
    service: &str,
) -> Result<BTreeMap<String, String>, ClientError> {
    match ask(directory, &Request::ExecEnvironment { service: service.to_owned() }, None).await? {
        Reply::Environment(variables) => Ok(variables),
        other => Err(unexpected(directory, &other)),
    }
}

/// Asks the running `up` to stop; returns when it has heard. [`crate::down`] waits until it has stopped.
///
/// # Errors
/// When no `up` runs in `directory` or it does not answer.
pub async fn stop(directory: &Path) -> Result<(), ClientError> {
    match ask(directory, &Request::Stop, None).await? {
        Reply::Done => Ok(()),
        other => Err(unexpected(directory, &other)),
    }
}

async fn ask(
    directory: &Path,
    request: &Request,
    events: Option<mpsc::Sender<Event>>,
) -> Result<Reply, ClientError> {
    let not_running = || ClientError::NotRunning { directory: directory.display().to_string() };
    let project = Project::find(directory).map_err(|_| not_running())?;
    let stream = match socket::connect(&project).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Err(not_running());
        }
        Err(error) => return Err(broken(directory, error)),
    };
    match converse(stream, request, events).await.map_err(|error| broken(directory, error))? {
        Reply::Refused(reason) => Err(ClientError::Refused(reason)),
        reply => Ok(reply),
    }
}

async fn converse(
    mut stream: UnixStream,
    request: &Request,
    events: Option<mpsc::Sender<Event>>,
) -> io::Result<Reply> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    timeout(PATIENCE, stream.write_all(&line)).await??;
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        let mut limited = (&mut reader).take(LINE_LIMIT);
        let read = limited.read_line(&mut line);
        // A restart may take as long as its replicas do; everything else is answered at once.
        let length = if events.is_some() { read.await? } else { timeout(PATIENCE, read).await?? };
        if length == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "it ended meanwhile"));
        }
        match (serde_json::from_str(&line)?, &events) {
            (Reply::Event(event), Some(events)) => drop(events.send(event).await),
            (Reply::Event(_), None) => {}
            (reply, _) => return Ok(reply),
        }
    }
}

fn broken(directory: &Path, error: io::Error) -> ClientError {
    ClientError::Broken { directory: directory.display().to_string(), reason: error.to_string() }
}

fn unexpected(directory: &Path, reply: &Reply) -> ClientError {
    let what = match reply {
        Reply::Event(_) => "an event",
        Reply::Status(_) => "a status",
        Reply::Environment(_) => "an environment",
        Reply::Done | Reply::Refused(_) => "nothing",
    };
    let reason = format!("it answered {what} to another question; it is another version of taxiway");
    ClientError::Broken { directory: directory.display().to_string(), reason }
}
