//! One thread, one runtime, its own connections and its own pool. Workers share counters and the table, nothing else.

use std::cell::RefCell;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, Cache};
use tokio::runtime::LocalOptions;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::client::Client;
use crate::connection;
use crate::gate::Seat;
use crate::identity::Dice;
use crate::pool::Pool;
use crate::stream::ClientStream;
use crate::sweep::{self, Watched};
use crate::table::{ListenerId, Table};
use crate::target::Padded;
use crate::watch::Watch;

/// What the thread is told.
pub(crate) enum Command {
    /// Serve this connection.
    Serve(Arrival),
    /// End the connections of one listener, or all, after what they are doing.
    Close(Option<ListenerId>),
    /// Some target was cut off: let every connection look.
    Wake,
    /// Drop everything.
    Stop,
}

/// A connection on its way from the accept loop to its worker.
pub(crate) struct Arrival {
    pub(crate) stream: TcpStream,
    pub(crate) seat: Seat,
    pub(crate) listener: ListenerId,
    pub(crate) peer: SocketAddr,
    pub(crate) local: SocketAddr,
}

/// What its owner keeps of a worker.
#[derive(Debug)]
pub(crate) struct WorkerHandle {
    /// At most one `Serve` per seat is ever queued, so the connection limit bounds the queue.
    commands: mpsc::UnboundedSender<Command>,
    requests: Arc<Padded<AtomicU64>>,
}

/// The table of this moment, behind a count of this thread's own: the shared one would travel between processors with
/// every request.
struct Present {
    cache: Cache<Arc<ArcSwap<Table>>, Arc<Table>>,
    table: Rc<Held>,
}

/// A table that outlives its swap for as long as somebody here reads it.
pub(crate) struct Held(Arc<Table>);

impl std::ops::Deref for Held {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.0
    }
}

/// What all connections of one thread share.
pub(crate) struct Worker {
    pub(crate) pool: Rc<Pool>,
    pub(crate) dice: Dice,
    pub(crate) watched: RefCell<Vec<Watched>>,
    /// Told when there is something to look at again.
    pub(crate) stirred: Notify,
    table: RefCell<Present>,
    requests: Arc<Padded<AtomicU64>>,
}

impl WorkerHandle {
    /// Starts the thread; waits until its runtime stands.
    ///
    /// # Errors
    /// The system has no thread, descriptor or memory left for it.
    pub(crate) async fn start(index: usize, table: Arc<ArcSwap<Table>>) -> io::Result<Self> {
        let (commands, receiver) = mpsc::unbounded_channel();
        let (ready, started) = oneshot::channel();
        let requests = Arc::new(Padded::default());
        let counter = Arc::clone(&requests);
        std::thread::Builder::new()
            .name(format!("edge-worker-{index}"))
            .spawn(move || run(table, counter, receiver, ready))?;
        started.await.unwrap_or_else(|_| Err(io::Error::other("the worker thread ended at once")))?;
        Ok(Self { commands, requests })
    }

    /// Tells the worker; one that has ended needs no telling.
    pub(crate) fn tell(&self, command: Command) {
        let _ended = self.commands.send(command);
    }

    /// Waits until the worker obeys no more.
    pub(crate) async fn ended(&self) {
        self.commands.closed().await;
    }

    /// Requests its connections brought.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.0.load(Ordering::Relaxed)
    }
}

impl Worker {
    /// The configuration of this moment.
    pub(crate) fn table(&self) -> Rc<Held> {
        let mut present = self.table.borrow_mut();
        let Present { cache, table } = &mut *present;
        let current = cache.load();
        if !Arc::ptr_eq(current, &table.0) {
            *table = Rc::new(Held(Arc::clone(current)));
        }
        Rc::clone(table)
    }

    pub(crate) fn count_request(&self) {
        self.requests.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether there is nothing to sweep.
    pub(crate) fn is_quiet(&self) -> bool {
        self.watched.borrow().is_empty() && self.pool.is_empty()
    }

    fn serve(self: &Rc<Self>, arrival: Arrival) -> io::Result<()> {
        let watch = Arc::new(Watch::new());
        let table = self.table();
        let stream = ClientStream {
            stream: tokio::net::TcpStream::from_std(arrival.stream)?,
            watch: Arc::clone(&watch),
            head_bytes: table.limits.header_bytes,
            _seat: arrival.seat,
        };
        let client =
            Client::new(Rc::clone(self), Arc::clone(&watch), arrival.listener, arrival.peer, arrival.local);
        self.watched.borrow_mut().push(Watched::new(watch, arrival.listener));
        self.stirred.notify_one();
        tokio::task::spawn_local(async move {
            connection::serve(stream, Rc::new(client), &table.limits).await;
        });
        Ok(())
    }
}

fn run(
    table: Arc<ArcSwap<Table>>,
    requests: Arc<Padded<AtomicU64>>,
    commands: mpsc::UnboundedReceiver<Command>,
    ready: oneshot::Sender<io::Result<()>>,
) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = match builder.enable_io().enable_time().build_local(LocalOptions::default()) {
        Ok(runtime) => runtime,
        Err(error) => {
            let _nobody_waits = ready.send(Err(error));
            return;
        }
    };
    let _nobody_waits = ready.send(Ok(()));
    let worker = Rc::new(Worker {
        pool: Rc::default(),
        dice: Dice::new(),
        watched: RefCell::default(),
        stirred: Notify::new(),
        table: RefCell::new(Present { table: Rc::new(Held(table.load_full())), cache: Cache::new(table) }),
        requests,
    });
    runtime.block_on(obey(worker, commands));
}

async fn obey(worker: Rc<Worker>, mut commands: mpsc::UnboundedReceiver<Command>) {
    tokio::task::spawn_local(sweep::run(Rc::clone(&worker)));
    while let Some(command) = commands.recv().await {
        match command {
            Command::Serve(arrival) => {
                if let Err(error) = worker.serve(arrival) {
                    tracing::debug!(%error, "client connection was gone already");
                }
            }
            Command::Close(listener) => {
                let all = worker.watched.borrow();
                let meant = |watched: &&Watched| listener.is_none_or(|listener| watched.listener == listener);
                all.iter().filter(meant).for_each(Watched::close);
            }
            Command::Wake => worker.watched.borrow().iter().for_each(Watched::wake),
            Command::Stop => return,
        }
    }
}
