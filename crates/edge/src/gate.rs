//! How many client connections are open, over all workers and in each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use crate::target::Padded;

/// The count of open connections, per worker.
#[derive(Debug)]
pub(crate) struct Gate {
    loads: Vec<Padded<AtomicUsize>>,
    open: Padded<AtomicUsize>,
    /// Told when the last connection closes.
    pub(crate) emptied: Notify,
}

/// One open connection. Dropping it closes the count.
#[derive(Debug)]
pub(crate) struct Seat {
    gate: Arc<Gate>,
    pub(crate) worker: usize,
}

impl Gate {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            loads: (0..workers).map(|_| Padded::default()).collect(),
            open: Padded::default(),
            emptied: Notify::new(),
        }
    }

    /// A seat at the least loaded worker, or `None` when `most` connections are open.
    pub(crate) fn enter(self: &Arc<Self>, most: usize) -> Option<Seat> {
        if self.open.0.fetch_add(1, Ordering::SeqCst) >= most {
            self.leave_count();
            return None;
        }
        let load = |index: &usize| self.loads.get(*index).map(|load| load.0.load(Ordering::Relaxed));
        let worker = (0..self.loads.len()).min_by_key(load).unwrap_or_default();
        if let Some(load) = self.loads.get(worker) {
            load.0.fetch_add(1, Ordering::Relaxed);
        }
        Some(Seat { gate: Arc::clone(self), worker })
    }

    /// Connections open.
    pub(crate) fn open(&self) -> usize {
        self.open.0.load(Ordering::SeqCst)
    }

    fn leave_count(&self) {
        if self.open.0.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.emptied.notify_waiters();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(load) = self.gate.loads.get(self.worker) {
            load.0.fetch_sub(1, Ordering::Relaxed);
        }
        self.gate.leave_count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_go_to_the_least_loaded_and_end_at_the_limit() {
        let gate = Arc::new(Gate::new(2));
        let seats: Vec<_> = (0..4).filter_map(|_| gate.enter(3)).collect();
        assert_eq!(seats.iter().map(|seat| seat.worker).collect::<Vec<_>>(), [0, 1, 0]);
        assert_eq!(gate.open(), 3);
        drop(seats);
        assert_eq!(gate.open(), 0);
        assert!(gate.enter(3).is_some());
    }
}
