//! A queue in memory: its attributes, its numbers, and who waits for a message. The messages are in the store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::Notify;

use super::attributes::{Attributes, Kind};
use super::create::decode;
use super::error::SqsError;
use super::fifo::sequence;
use super::names::Place;
use super::tally::{Numbers, Standing, Tally};
use crate::clock::now_ms;

/// Bits of a message's id below its queue's: a trillion messages in each of eight million queues.
const ARRIVAL_BITS: u32 = 40;

/// One queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) id: i64,
    /// What the service knows it by: the name, with the region before it where that is not the cloud's own.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    /// ms since 1970.
    pub(crate) created_at: i64,
    pub(crate) kind: Kind,
    description: RwLock<Description>,
    tally: Mutex<Tally>,
    /// Told when a message becomes visible, and when the next moment to look comes sooner than it was.
    pub(crate) arrivals: Notify,
    last_id: AtomicI64,
    reserved: AtomicI64,
    purged_to: AtomicI64,
    deleted: AtomicBool,
}

/// What people set on a queue.
#[derive(Debug, Clone)]
pub(crate) struct Description {
    pub(crate) attributes: Arc<Attributes>,
    pub(crate) tags: Arc<BTreeMap<String, String>>,
    /// ms since 1970.
    pub(crate) modified_at: i64,
}

/// A message came, went or changed its standing. Collected while a write runs, applied once it is committed.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) queue: Arc<Queue>,
    /// The message's id.
    pub(crate) id: i64,
    pub(crate) from: Option<Standing>,
    pub(crate) to: Option<Standing>,
}

impl Queue {
    pub(crate) fn new(
        id: i64,
        key: String,
        created_at: i64,
        description: Description,
        place: &Place,
    ) -> Self {
        Self {
            id,
            name: key.rsplit('/').next().unwrap_or_default().to_owned(),
            arn: place.arn_of(&key),
            key,
            created_at,
            kind: description.attributes.kind(),
            description: RwLock::new(description),
            tally: Mutex::default(),
            arrivals: Notify::new(),
            last_id: AtomicI64::new(id << ARRIVAL_BITS),
            reserved: AtomicI64::new(0),
            purged_to: AtomicI64::new(0),
            deleted: AtomicBool::new(false),
        }
    }

    /// The ids its messages can have, first and last.
    pub(crate) fn id_range(&self) -> (i64, i64) {
        (self.id << ARRIVAL_BITS, ((self.id + 1) << ARRIVAL_BITS) - 1)
    }

    /// The queue a message of this id is in.
    pub(crate) fn owner(message_id: i64) -> i64 {
        message_id >> ARRIVAL_BITS
    }

    pub(crate) fn is_fifo(&self) -> bool {
        self.kind == Kind::Fifo
    }

    pub(crate) fn owns(&self, message_id: i64) -> bool {
        Self::owner(message_id) == self.id
    }

    /// The id of the next message to arrive. Called inside of writes only, which come one after
    /// the other.
    pub(crate) fn next_id(&self) -> i64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The id of the latest message that arrived.
    pub(crate) fn last_id(&self) -> i64 {
        self.last_id.load(Ordering::Relaxed)
    }

    /// Ids up to this one are written down as given out; on a FIFO queue only.
    pub(crate) fn reserved(&self) -> i64 {
        self.reserved.load(Ordering::Relaxed)
    }

    /// Sets where ids go on and what is counted, from what was found at the start.
    pub(crate) fn recover(&self, last_id: i64, total: i64, hidden: Vec<(Standing, i64)>) {
        self.last_id.fetch_max(last_id, Ordering::Relaxed);
        self.tally().load(total, hidden);
    }

    pub(crate) fn description(&self) -> Description {
        self.description.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn attributes(&self) -> Arc<Attributes> {
        self.description().attributes
    }

    pub(crate) fn describe(&self, description: Description) {
        *self.description.write().unwrap_or_else(PoisonError::into_inner) = description;
        self.arrivals.notify_waiters();
    }

    pub(crate) fn numbers(&self) -> Numbers {
        self.tally().numbers(now_ms())
    }

    /// Everything up to this id is gone.
    pub(crate) fn purged(&self, last_id: i64) {
        self.purged_to.fetch_max(last_id, Ordering::Relaxed);
        self.tally().clear();
    }

    pub(crate) fn is_purged(&self, message_id: i64) -> bool {
        message_id <= self.purged_to()
    }

    /// The last id that is purged.
    pub(crate) fn purged_to(&self) -> i64 {
        self.purged_to.load(Ordering::Relaxed)
    }

    /// The queue itself is gone; whoever waits for a message finds out.
    pub(crate) fn delete(&self) {
        self.deleted.store(true, Ordering::Relaxed);
        self.arrivals.notify_waiters();
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted.load(Ordering::Relaxed)
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Description {
    /// Reads what is stored of one.
    pub(crate) fn decode(
        attributes: &str,
        tags: &str,
        modified_at: i64,
        place: &Place,
    ) -> Result<Self, SqsError> {
        let attributes = Arc::new(Attributes::new(decode(attributes)?, place)?);
        Ok(Self { attributes, tags: Arc::new(decode(tags)?), modified_at })
    }
}

impl Change {
    /// Brings the numbers up to date and wakes who has to know.
    fn apply(&self) {
        let Self { queue, id, from, to } = self;
        // A purge that came between has already counted it out.
        if queue.is_purged(*id) {
            return;
        }
        if queue.is_fifo() && from.is_none() {
            queue.reserved.fetch_max(sequence::block(*id), Ordering::Relaxed);
        }
        let now = now_ms();
        let mut tally = queue.tally();
        let next = to.and_then(|_| tally.numbers(now).next);
        tally.change(*from, *to);
        drop(tally);
        match to {
            Some(standing) if standing.until <= now => queue.arrivals.notify_one(),
            Some(standing) if next.is_none_or(|next| standing.until < next) => {
                queue.arrivals.notify_waiters();
            }
            // What waited behind it in its group may be next.
            None if queue.is_fifo() => queue.arrivals.notify_one(),
            _ => {}
        }
    }
}

/// Applies what a committed write changed.
pub(crate) fn apply(changes: &[Change]) {
    for change in changes {
        change.apply();
    }
}
