//! Where every room says what happened: to the caller's display, to `.taxiway/up.log`, to who follows a restart.

use std::path::PathBuf;

use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;

use crate::Event;
use crate::logs::{LogFile, timestamp};

/// Events a slow receiver may be behind before it misses the oldest.
const BACKLOG: usize = 1024;

/// Says what happened. Never waits and never fails: nothing that runs may depend on who listens.
#[derive(Debug, Clone)]
pub(crate) struct Reporter {
    events: broadcast::Sender<Event>,
}

impl Reporter {
    /// A reporter, and the task that hands everything on until `Failed` or `Stopped`.
    pub(crate) fn start(journal: PathBuf, receiver: mpsc::Sender<Event>) -> (Self, JoinHandle<()>) {
        let (events, subscription) = broadcast::channel(BACKLOG);
        (Self { events }, tokio::spawn(hand_on(subscription, journal, receiver)))
    }

    /// Says it.
    pub(crate) fn say(&self, event: Event) {
        let _nobody_listens = self.events.send(event);
    }

    /// Says a sentence for a person.
    pub(crate) fn note(&self, message: impl Into<String>) {
        self.say(Event::Note { message: message.into() });
    }

    /// What is said from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}

async fn hand_on(mut events: broadcast::Receiver<Event>, journal: PathBuf, receiver: mpsc::Sender<Event>) {
    let mut journal = LogFile::new(journal);
    loop {
        match events.recv().await {
            Ok(event) => {
                keep(&mut journal, &event);
                let is_last = matches!(event, Event::Failed { .. } | Event::Stopped { .. });
                let _display_is_gone = receiver.send(event).await;
                // A log's thread may hold a reporter for as long as a grandchild holds the log's pipe.
                if is_last {
                    return;
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

// The journal is a convenience: where the disk is full, the display still has the event.
fn keep(journal: &mut LogFile, event: &Event) {
    if let Ok(json) = serde_json::to_string(event) {
        let _disk_is_full = journal.append(format!("{} {json}\n", timestamp()).as_bytes());
    }
}
