//! The queue service: standard and FIFO queues with SQS's behaviour, kept in the store.
//!
//! Queues and their numbers are in memory, messages are not: memory does not grow with what waits. Every change
//! is a write of the store, and memory follows once it is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use http::{Response, StatusCode};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use self::attributes::Deduplication;
use self::error::SqsError;
use self::names::Place;
pub use self::peek::{MessageState, PeekedMessage};
use self::queue::Queue;
pub(crate) use self::receive::MOST_IN_FLIGHT;
pub(crate) use self::send::BATCH_BYTES;
pub use self::snapshot::QueueSnapshot;
pub use self::spec::{DeadLetter, QueueKind, QueueSpec};
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
mod spec;
mod tags;
mod tally;
mod visibility;
mod waits;

/// The queue service. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Sqs {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    place: Place,
    waits: QueueWaits,
    queues: RwLock<BTreeMap<String, Arc<Queue>>>,
    /// Told when there is something to clear away or to move.
    chores: Notify,
    /// Handles of the move tasks somebody is at work on.
    moving: Mutex<BTreeSet<String>>,
}

impl Sqs {
    /// Loads the queues and counts what they hold.
    pub(crate) fn open(store: &Store, settings: &Settings) -> Result<Self, StoreError> {
        let place = Place { region: settings.region.clone(), account: settings.account_id.clone() };
        let queues = recover::queues(store, &place)?;
        let inner = Inner {
            store: store.clone(),
            place,
            waits: settings.queue_waits,
            queues: RwLock::new(queues),
            chores: Notify::new(),
            moving: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Answers one request of the JSON protocol.
    pub(crate) async fn json(&self, call: Call) -> Response<Body> {
        match operations::perform(self, &json::Json, &call).await {
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
            Ok(()) => operations::perform(self, &protocol, &call).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(body) => query::done(body, &id),
            Err(error) => query::refusal(&error, &id),
        }
    }

    /// Does what has to be done without anybody asking, until `ended`.
    pub(crate) async fn keep(self, ended: CancellationToken) {
        keeper::run(self, ended).await;
    }

    /// Creates the queue, or brings its attributes up to date.
    pub(crate) async fn ensure(&self, spec: &QueueSpec) -> Result<(), SqsError> {
        spec::ensure(self, spec).await
    }

    /// All queues at this moment.
    pub(crate) async fn snapshot(&self) -> Result<Vec<QueueSnapshot>, SqsError> {
        snapshot::queues(self).await
    }

    /// Up to `most` of a queue's messages without receiving them; nothing where there is no such queue.
    pub(crate) async fn peek(&self, name: &str, most: usize) -> Result<Option<Vec<PeekedMessage>>, SqsError> {
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
        format!("/{}/{name}", self.place().account)
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn place(&self) -> &Place {
        &self.inner.place
    }

    fn by_name(&self, name: &str) -> Option<Arc<Queue>> {
        self.inner.queues.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn by_url(&self, url: &str) -> Result<Arc<Queue>, SqsError> {
        self.by_name(self.place().name_in_url(url)?).ok_or(SqsError::QueueDoesNotExist)
    }

    fn by_arn(&self, arn: &str) -> Option<Arc<Queue>> {
        self.by_name(self.place().name_in_arn(arn)?)
    }

    /// All queues, in order of name.
    fn all(&self) -> Vec<Arc<Queue>> {
        self.inner.queues.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn add(&self, queue: Arc<Queue>) {
        let mut queues = self.inner.queues.write().unwrap_or_else(PoisonError::into_inner);
        queues.insert(queue.name.clone(), queue);
    }

    fn remove(&self, queue: &Queue) {
        self.inner.queues.write().unwrap_or_else(PoisonError::into_inner).remove(&queue.name);
        queue.delete();
    }

    /// The queues whose dead letters go to `target`.
    fn sources_of(&self, target: &Queue) -> Vec<Arc<Queue>> {
        let sends_here = |queue: &Arc<Queue>| {
            queue.attributes().redrive.as_ref().is_some_and(|redrive| redrive.target == target.name)
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
