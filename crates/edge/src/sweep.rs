//! A worker's clock: one look over all its connections instead of a timer in each.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::Timeouts;
use crate::table::ListenerId;
use crate::watch::{Watch, pace, patience};
use crate::worker::Worker;

/// A connection as the sweeper knows it.
pub(crate) struct Watched {
    watch: Arc<Watch>,
    pub(crate) listener: ListenerId,
    stamp: u32,
    since: Instant,
}

impl Watched {
    pub(crate) fn new(watch: Arc<Watch>, listener: ListenerId) -> Self {
        let stamp = watch.stamp();
        Self { watch, listener, stamp, since: Instant::now() }
    }

    /// Asks the connection to end after what it is doing.
    pub(crate) fn close(&self) {
        self.watch.close();
    }

    /// Lets the connection look whether its target was cut off.
    pub(crate) fn wake(&self) {
        self.watch.wake();
    }

    /// Whether the connection is still there.
    fn look(&mut self, now: Instant, timeouts: &Timeouts) -> bool {
        let stamp = self.watch.stamp();
        if stamp != self.stamp {
            (self.stamp, self.since) = (stamp, now);
        } else if is_over(now.duration_since(self.since), patience(self.watch.phase(), timeouts)) {
            self.since = now;
            self.watch.expire();
        }
        Arc::strong_count(&self.watch) > 1
    }
}

/// Sweeps for as long as the worker runs; sleeps when there is nothing to look at.
pub(crate) async fn run(worker: Rc<Worker>) {
    loop {
        if worker.is_quiet() {
            worker.stirred.notified().await;
        }
        tokio::time::sleep(pace(&worker.table().timeouts)).await;
        sweep(&worker, Instant::now());
    }
}

fn sweep(worker: &Worker, now: Instant) {
    let table = worker.table();
    worker.watched.borrow_mut().retain_mut(|watched| watched.look(now, &table.timeouts));
    let alive: BTreeSet<u64> =
        table.targets().filter(|(_, target)| !target.is_over()).map(|(_, target)| target.key).collect();
    worker.pool.sweep(|key| alive.contains(&key));
}

fn is_over(unchanged: Duration, patience: Duration) -> bool {
    unchanged >= patience
}
