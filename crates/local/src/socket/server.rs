//! Answers requests on the control socket while `up` runs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, broadcast, mpsc, watch};
use tokio::time::{sleep, timeout};

use super::protocol::{LINE_LIMIT, Reply, Request};
use crate::Event;
use crate::board::{Board, ServiceBoard};
use crate::reporter::Reporter;

/// Requests at once; the next waits.
const CONNECTIONS: usize = 32;
/// How long a request may take to arrive and an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// After a connection could not be accepted (too many open files, for one).
const BREATH: Duration = Duration::from_millis(100);

/// What the socket's requests are answered from.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) board: watch::Receiver<Board>,
    pub(crate) reporter: Reporter,
    /// Asks `up` to stop.
    pub(crate) stop: mpsc::Sender<()>,
}

/// Answers until the task is dropped.
pub(crate) async fn serve(listener: UnixListener, desk: Desk) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let desk = desk.clone();
                tokio::spawn(async move {
                    let _asker_is_gone = desk.answer(stream).await;
                    drop(place);
                });
            }
            Err(_) => sleep(BREATH).await,
        }
    }
}

impl Desk {
    async fn answer(&self, stream: UnixStream) -> io::Result<()> {
        let (reader, mut writer) = stream.into_split();
        let mut line = String::new();
        let mut reader = BufReader::new(reader.take(LINE_LIMIT));
        timeout(PATIENCE, reader.read_line(&mut line)).await??;
        let reply = match serde_json::from_str(&line) {
            Ok(Request::Restart { service }) => self.restart(&service, &mut writer).await?,
            Ok(Request::ExecEnvironment { service }) => {
                self.find(&service).map_or_else(Reply::Refused, |found| Reply::Environment(found.exec_environment()))
            }
            Ok(Request::Status) => Reply::Status(Box::new(self.board.borrow().status())),
            Ok(Request::Stop) => {
                let _stops_already = self.stop.try_send(());
                Reply::Done
            }
            Err(_) => Reply::Refused(
                "this `up` does not know the request; use the same version of taxiway, or `taxiway down` first"
                    .to_owned(),
            ),
        };
        send(&mut writer, &reply).await
    }

    async fn restart(&self, service: &str, writer: &mut (impl AsyncWriteExt + Unpin)) -> io::Result<Reply> {
        let found = match self.find(service) {
            Ok(found) => found,
            Err(refusal) => return Ok(Reply::Refused(refusal)),
        };
        let Some(supervisor) = found.supervisor else {
            return Ok(Reply::Refused(format!(
                "`{service}` is a job: it runs on its schedule and is not restarted"
            )));
        };
        let mut events = self.reporter.subscribe();
        let restart = supervisor.restart();
        tokio::pin!(restart);
        loop {
            tokio::select! {
                biased;
                event = next_of(&mut events, service) => send(writer, &Reply::Event(event)).await?,
                outcome = &mut restart => return Ok(match outcome {
                    Ok(()) => Reply::Done,
                    Err(reason) => Reply::Refused(format!("cannot restart `{service}`: {reason}")),
                }),
            }
        }
    }

    fn find(&self, service: &str) -> Result<ServiceBoard, String> {
        let board = self.board.borrow();
        board.services.get(service).cloned().ok_or_else(|| {
            let known: Vec<&str> = board.services.keys().map(String::as_str).collect();
            format!("no service `{service}` runs here; there are {}", known.join(", "))
        })
    }
}

async fn next_of(events: &mut broadcast::Receiver<Event>, wanted: &str) -> Event {
    loop {
        match events.recv().await {
            Ok(event) if event.service() == Some(wanted) => return event,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

async fn send(writer: &mut (impl AsyncWriteExt + Unpin), reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    timeout(PATIENCE, writer.write_all(&line)).await?
}
