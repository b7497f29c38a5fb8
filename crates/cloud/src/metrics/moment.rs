//! What is looked up when somebody asks: queues, buckets, collections, the log's size, the process's memory.

use std::path::Path;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::PREFIX;
use crate::s3::BucketSnapshot;
use crate::server::Services;
use crate::sqs::QueueSnapshot;
use crate::store::{Store, StoreError};

/// Queues, and buckets, that are told one by one, in order of name; how many there are is told apart.
pub(crate) const SHOWN: usize = 200;

/// The cloud at a moment.
#[derive(Debug)]
pub(super) struct Moment {
    queues: Vec<QueueSnapshot>,
    buckets: Vec<BucketSnapshot>,
    collections: usize,
    cursors: usize,
    log_bytes: u64,
    resident_bytes: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InQueue {
    queue: String,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfQueue {
    queue: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBucket {
    bucket: String,
}

impl Moment {
    pub(super) async fn look(services: &Services, store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            queues: services.sqs.snapshot().await?,
            buckets: services.s3.buckets().await?,
            collections: services.mongo.collections().await?,
            cursors: services.mongo.open_cursors(),
            log_bytes: log_bytes(&store.file()),
            resident_bytes: resident_bytes(),
        })
    }

    pub(super) fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix(PREFIX);
        self.of_queues(&mut registry);
        self.of_buckets(&mut registry);
        count(&mut registry, "collections", "Collections of documents", self.collections);
        count(&mut registry, "cursors", "Cursors that document clients have open", self.cursors);
        gauge(&mut registry, "log", "Size of the database's log", Unit::Bytes, self.log_bytes);
        if let Some(bytes) = self.resident_bytes {
            gauge(&mut registry, "resident_memory", "Memory of the whole process", Unit::Bytes, bytes);
        }
        registry
    }

    fn of_queues(&self, registry: &mut Registry) {
        let messages = Family::<InQueue, Gauge>::default();
        let oldest = Family::<OfQueue, Gauge<f64, AtomicU64>>::default();
        for queue in self.queues.iter().take(SHOWN) {
            for (state, count) in
                [("visible", queue.visible), ("in_flight", queue.in_flight), ("delayed", queue.delayed)]
            {
                let labels = InQueue { queue: queue.name.clone(), state };
                messages.get_or_create(&labels).set(signed(count));
            }
            let age = queue.oldest.unwrap_or_default().as_secs_f64();
            let _previous = oldest.get_or_create(&OfQueue { queue: queue.name.clone() }).set(age);
        }
        registry.register("queue_messages", "Messages in a queue", messages);
        let about = "Age of the oldest message in a queue, 0 where there is none";
        registry.register_with_unit("queue_oldest_message", about, Unit::Seconds, oldest);
        count(registry, "queues", "Queues, also those beyond the first 200", self.queues.len());
    }

    fn of_buckets(&self, registry: &mut Registry) {
        let (objects, bytes) = (Family::<OfBucket, Gauge>::default(), Family::<OfBucket, Gauge>::default());
        for bucket in self.buckets.iter().take(SHOWN) {
            let labels = OfBucket { bucket: bucket.name.clone() };
            objects.get_or_create(&labels).set(signed(bucket.objects));
            bytes.get_or_create(&labels).set(signed(bucket.bytes));
        }
        registry.register("bucket_objects", "Objects that a listing of a bucket shows", objects);
        registry.register_with_unit("bucket_objects_size", "Their size", Unit::Bytes, bytes);
        count(registry, "buckets", "Buckets, also those beyond the first 200", self.buckets.len());
    }
}

fn gauge(registry: &mut Registry, name: &str, about: &str, unit: Unit, value: u64) {
    let gauge = Gauge::<i64>::default();
    gauge.set(signed(value));
    registry.register_with_unit(name, about, unit, gauge);
}

fn count(registry: &mut Registry, name: &str, about: &str, value: usize) {
    let gauge = Gauge::<i64>::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(name, about, gauge);
}

/// Size of the write-ahead log beside the database; none is none.
fn log_bytes(database: &Path) -> u64 {
    std::fs::metadata(database.with_extension("db-wal")).map_or(0, |log| log.len())
}

/// Resident memory as Linux tells it (proc(5), `VmRSS` in kB); elsewhere nobody does.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib * 1024)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
