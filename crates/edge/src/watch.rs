//! What a client connection is doing, written by the connection as it goes and read by its worker's sweeper, so that
//! no request needs a timer of its own.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Waker;
use std::time::Duration;

use crate::config::Timeouts;

/// What an idle connection keeps of its tape's memory.
const TAPE_KEPT_BYTES: usize = 2048;

/// What a connection waits for, in the order a request goes through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The rest of a request's head; also the first byte after accept.
    Head = 0,
    /// The next request.
    Idle = 1,
    /// The rest of the request's body, or a connection to the target.
    Exchange = 2,
    /// The target's answer to a request that is sent.
    Waiting = 3,
    /// The client to take the response.
    Responding = 4,
    /// Either side of an upgraded connection.
    Upgraded = 5,
}

/// The state of one connection. Everything in it is written by one thread; atomics are there because hyper wants the
/// socket of an upgradable connection to be `Send`.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Phase in the low three bits, a count of steps above them.
    stamp: AtomicU32,
    expired: AtomicBool,
    closing: AtomicBool,
    /// Whether a request body was left unread, so that closing at once could take the answer away from the client.
    unread: AtomicBool,
    /// Whether `tape` begins with the head of the request at hand. A pipelined request's head may have come in unrecorded.
    taped: AtomicBool,
    waker: Mutex<Option<Waker>>,
    tape: Mutex<Vec<u8>>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self {
            stamp: AtomicU32::new(Phase::Head as u32),
            expired: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            taped: AtomicBool::new(false),
            waker: Mutex::new(None),
            tape: Mutex::new(Vec::new()),
        }
    }

    /// Begins a phase.
    pub(crate) fn enter(&self, phase: Phase) {
        let count = self.stamp.load(Ordering::Relaxed) & !7;
        self.stamp.store(count.wrapping_add(8) | phase as u32, Ordering::Relaxed);
        self.expired.store(false, Ordering::Relaxed);
    }

    /// Notes that bytes moved. A head that is still coming in gets no more time for it.
    pub(crate) fn progress(&self) {
        let stamp = self.stamp.load(Ordering::Relaxed);
        if phase(stamp) != Phase::Head {
            self.stamp.store(stamp.wrapping_add(8), Ordering::Relaxed);
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        phase(self.stamp.load(Ordering::Relaxed))
    }

    /// A value that is the same for as long as nothing happens.
    pub(crate) fn stamp(&self) -> u32 {
        self.stamp.load(Ordering::Relaxed)
    }

    /// Says that the phase took too long.
    pub(crate) fn expire(&self) {
        self.expired.store(true, Ordering::Relaxed);
        self.wake();
    }

    pub(crate) fn is_expired(&self) -> bool {
        self.expired.load(Ordering::Relaxed)
    }

    /// Asks the connection to end after what it is doing.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        self.wake();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    pub(crate) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// Names the task to wake.
    pub(crate) fn attend(&self, waker: &Waker) {
        let mut known = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *known = Some(waker.clone());
        }
    }

    pub(crate) fn wake(&self) {
        if let Some(waker) = &*self.waker.lock().unwrap_or_else(PoisonError::into_inner) {
            waker.wake_by_ref();
        }
    }

    /// Keeps the bytes of a head, at most `most` of them.
    pub(crate) fn record(&self, bytes: &[u8], most: usize) {
        let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.taped.load(Ordering::Relaxed) {
            tape.clear();
            tape.shrink_to(TAPE_KEPT_BYTES);
            self.taped.store(true, Ordering::Relaxed);
        }
        let room = most.saturating_sub(tape.len()).min(bytes.len());
        tape.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    /// Whether a head was being recorded; the next one begins a new tape.
    pub(crate) fn end_tape(&self) -> bool {
        self.taped.swap(false, Ordering::Relaxed)
    }

    /// Whether a part of a head came in that has not become a request.
    pub(crate) fn is_within_head(&self) -> bool {
        self.taped.load(Ordering::Relaxed)
    }

    /// Reads the tape.
    pub(crate) fn recorded<T>(&self, read: impl FnOnce(&[u8]) -> T) -> T {
        read(&self.tape.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How long a phase may go on without a step.
pub(crate) fn patience(phase: Phase, timeouts: &Timeouts) -> Duration {
    match phase {
        Phase::Head => timeouts.header_read,
        Phase::Waiting => timeouts.response,
        Phase::Idle | Phase::Exchange | Phase::Responding | Phase::Upgraded => timeouts.idle,
    }
}

/// How often a worker looks: an eighth of the shortest patience, so that nothing ends more than an eighth late.
pub(crate) fn pace(timeouts: &Timeouts) -> Duration {
    let shortest = timeouts.header_read.min(timeouts.idle).min(timeouts.response);
    (shortest / 8).clamp(Duration::from_millis(5), Duration::from_secs(1))
}

fn phase(stamp: u32) -> Phase {
    match stamp & 7 {
        0 => Phase::Head,
        1 => Phase::Idle,
        2 => Phase::Exchange,
        3 => Phase::Waiting,
        4 => Phase::Responding,
        _ => Phase::Upgraded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_gets_no_more_time_for_each_byte() {
        let watch = Watch::new();
        let begun = watch.stamp();
        watch.progress();
        assert_eq!(watch.stamp(), begun);
        watch.enter(Phase::Responding);
        let responding = watch.stamp();
        watch.progress();
        assert_ne!(watch.stamp(), responding);
        assert_eq!(watch.phase(), Phase::Responding);
    }

    #[test]
    fn the_tape_is_bounded() {
        let watch = Watch::new();
        watch.record(&[b'x'; 100], 64);
        watch.record(&[b'x'; 100], 64);
        assert_eq!(watch.recorded(<[u8]>::len), 64);
        assert!(watch.end_tape() && !watch.end_tape());
        watch.record(b"next", 64);
        assert_eq!(watch.recorded(<[u8]>::len), 4, "a new head begins a new tape");
    }

    #[test]
    fn the_pace_follows_the_shortest_wait() {
        let mut timeouts = Timeouts::default();
        assert_eq!(pace(&timeouts), Duration::from_secs(1));
        timeouts.response = Duration::from_millis(400);
        assert_eq!(pace(&timeouts), Duration::from_millis(50));
    }
}
