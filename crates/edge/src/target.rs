//! One replica as all workers see it: counters they write without locks, and what the probes say.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::balance::{Candidate, Standing};
use crate::health::{self, Health, Judgement, Probe};
use crate::snapshot::{TargetSnapshot, TargetState};

/// Keeps a counter that every worker writes on cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Padded<T>(pub(crate) T);

/// A replica. Shared by all workers for as long as any request or configuration names it.
#[derive(Debug)]
pub(crate) struct Target {
    /// Unique in this process: a target that is removed and added again is another one.
    pub(crate) key: u64,
    pub(crate) id: String,
    pub(crate) address: SocketAddr,
    /// What the affinity cookie carries for it.
    pub(crate) cookie: String,
    pub(crate) counts: Padded<Counts>,
    health: AtomicU8,
    flags: Flags,
    /// Milliseconds from `added` to when it became healthy.
    healthy_since: AtomicU64,
    added: Instant,
    record: Mutex<Record>,
    /// Told when the last request of a draining target ends.
    pub(crate) emptied: Notify,
    /// Told when a worker could not connect.
    pub(crate) suspicion: Notify,
}

/// What every request writes, together so that it moves between processors as one.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) in_flight: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) failures: AtomicU64,
}

#[derive(Debug, Default)]
struct Flags {
    /// No new claims.
    draining: AtomicBool,
    /// A connection to it failed and no probe has passed since.
    suspected: AtomicBool,
    /// What is in flight has to end now.
    cut: AtomicBool,
    /// No configuration names it any more.
    retired: AtomicBool,
}

#[derive(Debug, Default)]
struct Record {
    judgement: Judgement,
    reason: Option<String>,
}

impl Target {
    /// A target nothing is known of; `health` is what it starts with.
    pub(crate) fn new(key: u64, id: &str, address: SocketAddr, cookie: String, health: Health) -> Self {
        Self {
            key,
            id: id.to_owned(),
            address,
            cookie,
            counts: Padded::default(),
            health: AtomicU8::new(health as u8),
            flags: Flags::default(),
            healthy_since: AtomicU64::new(0),
            added: Instant::now(),
            record: Mutex::new(Record { judgement: Judgement { health, against: 0 }, reason: None }),
            emptied: Notify::new(),
            suspicion: Notify::new(),
        }
    }

    /// How the balancer should see it at this moment.
    pub(crate) fn candidate(&self, slow_start: Duration) -> Candidate {
        let share = if slow_start.is_zero() { 1000 } else { self.share(slow_start) };
        let outstanding = self.counts.0.in_flight.load(Ordering::Relaxed);
        Candidate { standing: self.standing(), outstanding, share }
    }

    /// Whether it may be chosen.
    pub(crate) fn standing(&self) -> Standing {
        if self.is_draining() {
            Standing::Excluded
        } else if self.is_suspected() || self.health() != Health::Healthy {
            Standing::LastResort
        } else {
            Standing::Ready
        }
    }

    /// Takes in one more probe and returns the verdict.
    pub(crate) fn judge(&self, probe: Probe, decide: impl FnOnce(Judgement, &Probe, Duration) -> Judgement) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let before = record.judgement.health;
        record.judgement = decide(record.judgement, &probe, self.added.elapsed());
        let after = record.judgement.health;
        if after == Health::Healthy && before != Health::Healthy {
            self.healthy_since.store(millis(self.added.elapsed()), Ordering::Relaxed);
        }
        if after != before {
            tracing::info!(target = %self.id, address = %self.address, from = ?before, to = ?after, "target health");
        }
        match probe {
            Probe::Passed => {
                self.flags.suspected.store(false, Ordering::Release);
                record.reason = None;
            }
            Probe::Failed(reason) => record.reason = Some(reason),
        }
        self.health.store(after as u8, Ordering::Release);
    }

    /// Marks a failed connection: nobody chooses it until a probe passes, and the next probe comes at once.
    pub(crate) fn suspect(&self, reason: String) {
        if !self.flags.suspected.swap(true, Ordering::AcqRel) {
            self.record.lock().unwrap_or_else(PoisonError::into_inner).reason = Some(reason);
            self.suspicion.notify_one();
        }
    }

    /// Starts the drain: no claim that begins after this call succeeds.
    pub(crate) fn start_drain(&self) {
        self.flags.draining.store(true, Ordering::SeqCst);
    }

    /// Tells what is in flight to end; returns how much there was.
    pub(crate) fn cut(&self) -> u64 {
        self.flags.cut.store(true, Ordering::SeqCst);
        self.counts.0.in_flight.load(Ordering::SeqCst)
    }

    /// Says that no configuration names it any more.
    pub(crate) fn retire(&self) {
        self.flags.retired.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.flags.draining.load(Ordering::SeqCst)
    }

    pub(crate) fn is_suspected(&self) -> bool {
        self.flags.suspected.load(Ordering::Acquire)
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.flags.cut.load(Ordering::Relaxed)
    }

    /// Whether kept connections to it have no future.
    pub(crate) fn is_over(&self) -> bool {
        self.flags.retired.load(Ordering::Acquire) || self.is_draining()
    }

    pub(crate) fn health(&self) -> Health {
        match self.health.load(Ordering::Acquire) {
            state if state == Health::Healthy as u8 => Health::Healthy,
            state if state == Health::Unhealthy as u8 => Health::Unhealthy,
            _ => Health::Initial,
        }
    }

    /// What a reader outside sees.
    pub(crate) fn snapshot(&self) -> TargetSnapshot {
        let state = match (self.is_draining(), self.health()) {
            (true, _) => TargetState::Draining,
            (false, Health::Initial) => TargetState::Initial,
            (false, Health::Healthy) if !self.is_suspected() => TargetState::Healthy,
            (false, _) => TargetState::Unhealthy,
        };
        let reason = self.record.lock().unwrap_or_else(PoisonError::into_inner).reason.clone();
        TargetSnapshot {
            state,
            reason: reason.filter(|_| state != TargetState::Healthy),
            in_flight: self.counts.0.in_flight.load(Ordering::Relaxed),
            requests: self.counts.0.requests.load(Ordering::Relaxed),
            failures: self.counts.0.failures.load(Ordering::Relaxed),
        }
    }

    fn share(&self, slow_start: Duration) -> u64 {
        let healthy_for =
            millis(self.added.elapsed()).saturating_sub(self.healthy_since.load(Ordering::Relaxed));
        health::share(Duration::from_millis(healthy_for), slow_start)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
