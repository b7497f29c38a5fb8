//! The queue service: standard and FIFO queues with SQS's behaviour, kept in the store.
//!
//! Queues and their numbers are in memory, messages are not: memory does not grow with what waits. Every change
//! is a write of the store, and memory follows once it is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use http::{Response, StatusCode};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::error::SqsError;
use self::names::Place;
pub use self::peek::{MessageState, PeekedMessage};
use self::queue::Queue;
pub(crate) use self::receive::MOST_IN_FLIGHT;
pub(crate) use self::send::BATCH_BYTES;
pub use self::snapshot::QueueSnapshot;
use crate::answer::{self, Body};
use crate::call::Call;
use crate::settings::{QueueWaits, Settings};
use crate::store::{Store, StoreError};

mod attribute_value;
mod attributes;
mod batch;
mod create;
mod delete;
mod describe;
pub(crate) mod error;
mod events;
mod fifo;
mod json;
mod keeper;
mod list;
mod message;
mod move_task;
mod names;
mod operations;
mod peek;
mod permission;
mod purge;
mod query;
mod queue;
mod receipt;
mod receive;
mod recover;
mod redrive;
mod reset;
mod send;
mod snapshot;
mod tags;
mod tally;
mod visibility;
mod waits;

/// The queue service. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Sqs {
    inner: Arc<Inner>,
    /// Where its caller is.
    place: Place,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    waits: QueueWaits,
    /// By key.
    queues: RwLock<BTreeMap<String, Arc<Queue>>>,
    /// Told when there is something to clear away or to move.
    chores: Notify,
    /// Handles of the move tasks somebody is at work on.
    moving: Mutex<BTreeSet<String>>,
}

impl Sqs {
    /// Loads the queues and counts what they hold.
    pub(crate) fn open(store: &Store, settings: &Settings) -> Result<Self, StoreError> {
        let place = Place::home(&settings.region, &settings.account_id);
        let queues = recover::queues(store, &place)?;
        let inner = Inner {
            store: store.clone(),
            waits: settings.queue_waits,
            queues: RwLock::new(queues),
            chores: Notify::new(),
            moving: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner), place })
    }

    /// Answers one request of the JSON protocol.
    pub(crate) async fn json(&self, call: Call) -> Response<Body> {
        match operations::perform(&self.of(&call), &json::Json::new(&call), &call).await {
            Ok(body) => answer::answer(StatusCode::OK, json::CONTENT_TYPE, body),
            Err(error) => json::refusal(&error),
        }
    }

    /// Answers one request of the Query protocol.
    pub(crate) async fn query(&self, call: Call) -> Response<Body> {
        if call.operation.is_empty() {
            return query::nothing_asked();
        }
        let id = answer::request_id();
        let protocol = query::Query::new(&call, &id);
        let done = match query::Query::check(&call) {
            Ok(()) => operations::perform(&self.of(&call), &protocol, &call).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(body) => protocol.done(body),
            Err(error) => protocol.refusal(&error),
        }
    }

    /// Does what has to be done without anybody asking, until `ended`.
    pub(crate) async fn keep(self, ended: CancellationToken) {
        keeper::run(self, ended).await;
    }

    /// Whether the cloud's own region has a queue of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_key(name).is_some()
    }

    /// All queues at this moment.
    pub(crate) async fn snapshot(&self) -> Result<Vec<QueueSnapshot>, StoreError> {
        snapshot::queues(self).await
    }

    /// Up to `most` of a queue's messages without receiving them; nothing where there is no such queue.
    pub(crate) async fn peek(
        &self,
        name: &str,
        most: usize,
    ) -> Result<Option<Vec<PeekedMessage>>, StoreError> {
        peek::peek(self, name, most).await
    }

    /// Deletes every queue and everything that was kept about them.
    pub(crate) async fn reset(&self) -> Result<(), SqsError> {
        reset::reset(self).await
    }

    /// A queue's Amazon resource name.
    pub(crate) fn arn(&self, name: &str) -> String {
        self.place().arn(name)
    }

    /// The path of a queue's URL.
    pub(crate) fn path(&self, name: &str) -> String {
        self.place().path(name)
    }

    /// The same where a caller is.
    fn of(&self, call: &Call) -> Self {
        let place = call.region.as_deref().map_or_else(|| self.place.clone(), |region| self.place.at(region));
        Self { inner: Arc::clone(&self.inner), place }
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn place(&self) -> &Place {
        &self.place
    }

    fn by_key(&self, key: &str) -> Option<Arc<Queue>> {
        self.inner.queues.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// The caller's own queue of this name. Where it has none, the cloud's own, or else any: programs on one machine
    /// often sign for regions that differ, and mean the same queue.
    fn by_name(&self, name: &str) -> Option<Arc<Queue>> {
        let elsewhere = || self.all().into_iter().find(|queue| queue.name == name);
        self.by_key(&self.place().key(name)).or_else(|| self.by_key(name)).or_else(elsewhere)
    }

    fn by_url(&self, url: &str) -> Result<Arc<Queue>, SqsError> {
        let named = self.place().named_in_url(url)?;
        let found = match named.region {
            Some(region) => self.by_key(&self.place().key_in(region, named.name)),
            None => self.by_name(named.name),
        };
        found.ok_or(SqsError::QueueDoesNotExist)
    }

    fn by_arn(&self, arn: &str) -> Option<Arc<Queue>> {
        self.by_key(&self.place().key_in_arn(arn)?)
    }

    /// All queues, in order of key.
    fn all(&self) -> Vec<Arc<Queue>> {
        self.inner.queues.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn add(&self, queue: Arc<Queue>) {
        let mut queues = self.inner.queues.write().unwrap_or_else(PoisonError::into_inner);
        queues.insert(queue.key.clone(), queue);
    }

    fn remove(&self, queue: &Queue) {
        self.inner.queues.write().unwrap_or_else(PoisonError::into_inner).remove(&queue.key);
        queue.delete();
    }

    /// The queues whose dead letters go to `target`.
    fn sources_of(&self, target: &Queue) -> Vec<Arc<Queue>> {
        let sends_here = |queue: &Arc<Queue>| {
            queue.attributes().redrive.as_ref().is_some_and(|redrive| redrive.target == target.key)
        };
        self.all().into_iter().filter(sends_here).collect()
    }
}

impl Inner {
    /// Whether nobody was at work on this move task; now the caller is.
    fn claim(&self, handle: &str) -> bool {
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).insert(handle.to_owned())
    }

    fn release(&self, handle: &str) {
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).remove(handle);
    }
}

#[cfg(test)]
mod tests;
