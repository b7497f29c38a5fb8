//! A worker's kept connections to targets. Only its thread touches them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::target::Target;
use crate::upstream::Upstream;

/// Connections kept per target and worker; one more is closed.
const KEPT_PER_TARGET: usize = 256;
/// Sweeps after which a connection that nobody used is closed.
const SWEEPS_KEPT: u32 = 60;

/// Kept connections by target, the one used last on top.
#[derive(Default)]
pub(crate) struct Pool {
    kept: RefCell<BTreeMap<u64, Vec<Kept>>>,
}

struct Kept {
    upstream: Upstream,
    sweeps: u32,
}

/// How old a kept connection may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Any: the request can be sent again when the connection turns out to be dead.
    Any,
    /// Used since the last sweep but one: the request cannot be sent again, and the target may be about to close what
    /// it has not seen used for seconds.
    Recent,
}

impl Pool {
    /// A kept connection that was ready when it was last looked at, or `None`. The target may have closed it since: then
    /// the exchange gives the request back unsent.
    pub(crate) fn take(&self, target: &Target, freshness: Freshness) -> Option<Upstream> {
        loop {
            let kept = self.kept.borrow_mut().get_mut(&target.key)?.pop()?;
            if freshness == Freshness::Recent && kept.sweeps > 1 {
                self.kept.borrow_mut().entry(target.key).or_default().push(kept);
                return None;
            }
            if kept.upstream.seems_ready() {
                return Some(kept.upstream);
            }
        }
    }

    /// Keeps a connection whose exchange is over, if it can serve another.
    pub(crate) fn put(&self, target: &Target, mut upstream: Upstream) {
        if target.is_over() || !(upstream.seems_ready() || upstream.is_ready()) {
            return;
        }
        let mut all = self.kept.borrow_mut();
        let kept = all.entry(target.key).or_default();
        if kept.len() < KEPT_PER_TARGET {
            kept.push(Kept { upstream, sweeps: 0 });
        }
    }

    /// Closes what the target closed, what nobody used for a minute of sweeps, and everything to targets that are not
    /// `alive` any more.
    pub(crate) fn sweep(&self, alive: impl Fn(u64) -> bool) {
        self.kept.borrow_mut().retain(|key, kept| {
            kept.retain_mut(|kept| {
                kept.sweeps += 1;
                kept.sweeps <= SWEEPS_KEPT && kept.upstream.is_ready()
            });
            !kept.is_empty() && alive(*key)
        });
    }

    /// Whether nothing is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.borrow().is_empty()
    }
}
