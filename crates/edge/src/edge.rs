//! The handle: start, swap, drain, snapshot, stop.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::compile::{ConfigError, compile};
use crate::config::Config;
use crate::control::Control;
use crate::gate::Gate;
use crate::listener::{self, BindError, Reception};
use crate::probes::Probes;
use crate::snapshot::{DrainOutcome, Snapshot, StopOutcome};
use crate::table::{ListenerId, Table};
use crate::worker::{Command, WorkerHandle};

/// More workers than this bring nothing on one machine that also runs the targets.
const WORKERS_MOST: usize = 4;

/// A running edge. Clones are handles to the same one; dropping the last ends it without waiting.
#[derive(Debug, Clone)]
pub struct Edge {
    inner: Arc<Inner>,
}

/// Why an edge did not start. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration does not hold together.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A listener cannot be bound.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The system has no room for its threads.
    #[error(
        "the system refused a thread or descriptor for the edge: {0}; raise its limits (`ulimit -a` shows them)"
    )]
    System(#[from] std::io::Error),
}

/// Why a swap changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum SwapError {
    /// The configuration does not hold together.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A new listener cannot be bound.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The edge has been stopped.
    #[error("the edge has been stopped; start a new one")]
    Stopped,
}

struct Inner {
    table: Arc<ArcSwap<Table>>,
    gate: Arc<Gate>,
    workers: Arc<Vec<WorkerHandle>>,
    control: Control,
    /// Held while something changes, so that changes come one after the other.
    book: Mutex<Book>,
}

/// What runs because of the present table.
#[derive(Default)]
struct Book {
    accepting: BTreeMap<ListenerId, JoinHandle<()>>,
    probes: Probes,
    listeners_so_far: u32,
    stopped: bool,
}

/// A socket that is new in a table.
struct Fresh {
    listener: TcpListener,
    id: ListenerId,
    local: SocketAddr,
}

impl Edge {
    /// Starts an edge with as many workers as the machine has processors, at most four.
    ///
    /// # Errors
    /// The configuration does not hold together, or one of its listeners cannot be bound; then none is.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = NonZeroUsize::new(processors.min(WORKERS_MOST)).unwrap_or(NonZeroUsize::MIN);
        Self::start_with(config, workers).await
    }

    /// Starts an edge with so many worker threads. One more thread accepts connections and checks health.
    ///
    /// # Errors
    /// As [`Edge::start`].
    pub async fn start_with(config: Config, workers: NonZeroUsize) -> Result<Self, StartError> {
        let nothing =
            compile(&Config { listeners: BTreeMap::new(), ..config.clone() }, None, &BTreeMap::new())?;
        let table = Arc::new(ArcSwap::from_pointee(nothing));
        let control = Control::start().await?;
        let mut threads = Vec::with_capacity(workers.get());
        for index in 0..workers.get() {
            threads.push(WorkerHandle::start(index, Arc::clone(&table)).await?);
        }
        let gate = Arc::new(Gate::new(workers.get()));
        let workers = Arc::new(threads);
        let edge = Self {
            inner: Arc::new(Inner { table, gate, workers, control, book: Mutex::new(Book::default()) }),
        };
        match edge.swap(config).await {
            Ok(()) => Ok(edge),
            Err(SwapError::Config(error)) => Err(error.into()),
            Err(SwapError::Bind(error)) => Err(error.into()),
            Err(SwapError::Stopped) => Err(std::io::Error::other("stopped at once").into()),
        }
    }

    /// Makes `config` what holds for every request from now on. Requests under way finish as they began. Listeners
    /// whose name and address stay, and targets whose group, id and address stay, keep their connections, health and
    /// counts; a target that is draining stays so until a configuration leaves it out.
    ///
    /// # Errors
    /// The configuration does not hold together, or a new listener cannot be bound; then nothing has changed.
    pub async fn swap(&self, config: Config) -> Result<(), SwapError> {
        let inner = Arc::clone(&self.inner);
        let mut book = inner.book.lock().await;
        if book.stopped {
            return Err(SwapError::Stopped);
        }
        let before = inner.table.load_full();
        compile(&config, Some(&before), &BTreeMap::new())?;
        let fresh = inner.bind_fresh(&config, &before, &mut book.listeners_so_far)?;
        let bound = bound(&config, &before, &fresh);
        let after = Arc::new(compile(&config, Some(&before), &bound)?);
        inner.table.store(Arc::clone(&after));
        inner.accept_on(fresh, &mut book);
        inner.leave_listeners(&after, &mut book).await;
        book.probes.follow(&before, &after, &inner.control);
        Ok(())
    }

    /// Gives a target no new requests and waits until those in flight are done, at most `deadline`; what is left then is
    /// cut off. The target stays draining until a swap leaves it out.
    pub async fn drain(&self, group: &str, target: &str, deadline: Duration) -> DrainOutcome {
        let Some(target) = self.inner.table.load().target(group, target).cloned() else {
            return DrainOutcome::Unknown;
        };
        target.start_drain();
        let emptied = self.inner.control.run(crate::drain::until_empty(Arc::clone(&target), deadline)).await;
        if emptied.unwrap_or(false) {
            return DrainOutcome::Empty;
        }
        let left = target.cut();
        self.inner.workers.iter().for_each(|worker| worker.tell(Command::Wake));
        if left == 0 { DrainOutcome::Empty } else { DrainOutcome::CutOff(left) }
    }

    /// What the edge sees at this moment.
    pub fn snapshot(&self) -> Snapshot {
        let table = self.inner.table.load();
        let listeners = table.listeners.iter().map(|listener| (listener.name.clone(), listener.local));
        let mut targets: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for name in table.groups.keys() {
            targets.insert(name.clone(), BTreeMap::new());
        }
        for (group, target) in table.targets() {
            targets.entry(group.name.clone()).or_default().insert(target.id.clone(), target.snapshot());
        }
        Snapshot {
            listeners: listeners.collect(),
            targets,
            connections: self.inner.gate.open() as u64,
            requests: self.inner.workers.iter().map(WorkerHandle::requests).sum(),
        }
    }

    /// Stops accepting, lets connections end after what they are doing, at most `deadline`, and ends the threads.
    pub async fn stop(&self, deadline: Duration) -> StopOutcome {
        let mut book = self.inner.book.lock().await;
        book.stopped = true;
        for (_, accepting) in std::mem::take(&mut book.accepting) {
            end(accepting).await;
        }
        book.probes.end();
        self.inner.workers.iter().for_each(|worker| worker.tell(Command::Close(None)));
        let emptied = crate::drain::until_closed(Arc::clone(&self.inner.gate), deadline);
        let emptied = self.inner.control.run(emptied).await.unwrap_or(false);
        let left = self.inner.gate.open() as u64;
        self.inner.workers.iter().for_each(|worker| worker.tell(Command::Stop));
        for worker in self.inner.workers.iter() {
            worker.ended().await;
        }
        if emptied || left == 0 { StopOutcome::Finished } else { StopOutcome::CutOff(left) }
    }
}

impl Inner {
    /// Binds what `before` has not bound.
    fn bind_fresh(
        &self,
        config: &Config,
        before: &Table,
        listeners_so_far: &mut u32,
    ) -> Result<BTreeMap<String, Fresh>, BindError> {
        let _in_runtime = self.control.handle().enter();
        let mut fresh = BTreeMap::new();
        for (name, listener) in &config.listeners {
            if before.bound(name, listener.address).is_none() {
                let socket = listener::bind(listener.address)?;
                let local = socket
                    .local_addr()
                    .map_err(|error| BindError::System { address: listener.address, error })?;
                *listeners_so_far += 1;
                fresh.insert(
                    name.clone(),
                    Fresh { listener: socket, id: ListenerId(*listeners_so_far), local },
                );
            }
        }
        Ok(fresh)
    }

    fn accept_on(&self, fresh: BTreeMap<String, Fresh>, book: &mut Book) {
        for Fresh { listener, id, local } in fresh.into_values() {
            let reception = Arc::new(Reception {
                gate: Arc::clone(&self.gate),
                workers: Arc::clone(&self.workers),
                table: Arc::clone(&self.table),
            });
            let accepting = self.control.handle().spawn(listener::accept(listener, id, local, reception));
            book.accepting.insert(id, accepting);
        }
    }

    /// Closes the sockets that `after` does not have and asks their connections to end.
    async fn leave_listeners(&self, after: &Table, book: &mut Book) {
        let gone: Vec<_> =
            book.accepting.keys().copied().filter(|id| after.listener(*id).is_none()).collect();
        for id in gone {
            if let Some(accepting) = book.accepting.remove(&id) {
                end(accepting).await;
            }
            self.workers.iter().for_each(|worker| worker.tell(Command::Close(Some(id))));
        }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Edge").field("connections", &self.gate.open()).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.workers.iter().for_each(|worker| worker.tell(Command::Stop));
    }
}

/// Each listener's number and address, fresh or kept.
fn bound(
    config: &Config,
    before: &Table,
    fresh: &BTreeMap<String, Fresh>,
) -> BTreeMap<String, (ListenerId, SocketAddr)> {
    let place = |(name, listener): (&String, &crate::config::Listener)| {
        let kept = before.bound(name, listener.address);
        let place = fresh.get(name).map(|fresh| (fresh.id, fresh.local)).or(kept)?;
        Some((name.clone(), place))
    };
    config.listeners.iter().filter_map(place).collect()
}

async fn end(task: JoinHandle<()>) {
    task.abort();
    // An aborted task ends with an error; what matters is that its socket is closed now.
    let _aborted = task.await;
}
