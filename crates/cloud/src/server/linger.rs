//! Staying awake for a moment after an answer, because the next request of a busy client is about to come.
//!
//! A thread that sleeps until its next request is woken late: tens of microseconds on a laptop, more in a virtual
//! machine, which is as long as a request takes here. So while one client's requests follow each other closely, the
//! runtime keeps looking for the next one instead of going to sleep. Where they don't, or where several clients keep it
//! awake anyway, nothing is spent.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How soon the next request has to come to be waited for awake.
const MOMENT: Duration = Duration::from_micros(150);

/// Knows how closely requests follow each other.
#[derive(Debug)]
pub(super) struct Linger {
    begun: Instant,
    under_way: AtomicUsize,
    /// When the last answer was given, in nanoseconds since `begun`.
    answered: AtomicU64,
    /// Whether the last request came within a moment of the answer before it, and no other while it was under way.
    close: AtomicBool,
    answer: Notify,
}

/// A request under way.
pub(super) struct UnderWay<'a>(&'a Linger);

impl Linger {
    pub(super) fn new() -> Self {
        Self {
            begun: Instant::now(),
            under_way: AtomicUsize::new(0),
            answered: AtomicU64::new(0),
            close: AtomicBool::new(false),
            answer: Notify::new(),
        }
    }

    /// Notes a request, until the value is dropped.
    pub(super) fn request(&self) -> UnderWay<'_> {
        let alone = self.under_way.fetch_add(1, Ordering::Relaxed) == 0;
        self.close.store(alone && self.since_answer() < MOMENT, Ordering::Relaxed);
        UnderWay(self)
    }

    /// Keeps the runtime awake where that pays, until `shutdown`. A runtime of many threads has others to wake up
    /// in time, so there it does nothing.
    pub(super) async fn run(&self, shutdown: &CancellationToken) {
        if Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread {
            return;
        }
        while shutdown.run_until_cancelled(self.answer.notified()).await.is_some() {
            while self.under_way.load(Ordering::Relaxed) == 0 && self.since_answer() < MOMENT {
                tokio::task::yield_now().await;
            }
        }
    }

    fn since_answer(&self) -> Duration {
        self.begun.elapsed().saturating_sub(Duration::from_nanos(self.answered.load(Ordering::Relaxed)))
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let linger = self.0;
        if linger.under_way.fetch_sub(1, Ordering::Relaxed) == 1 {
            let now = u64::try_from(linger.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
            linger.answered.store(now, Ordering::Relaxed);
            if linger.close.load(Ordering::Relaxed) {
                linger.answer.notify_one();
            }
        }
    }
}
