//! What keeps data: databases, caches, queues, buckets, secrets, keys.

use model::System;
use model::system::{Bucket, Database, Key, Queue, Redis, ResourceKind, Secret};

use super::ledger::{HOURS, Ledger};
use super::{Amount, instances, prices, traffic};
use crate::terraform::database::{Engine, STORAGE_GIB, gibibytes};

/// Requests that a message takes: it is sent, received and deleted.
const REQUESTS_OF_MESSAGE: f64 = 3.0;
/// Reads of an object for each change.
const READS: f64 = 10.0;

pub(super) fn count(system: &System, ledger: &mut Ledger) {
    for (name, resource) in &system.resources {
        match &resource.kind {
            ResourceKind::Queue(of) => queue(ledger, name, of),
            ResourceKind::Bucket(of) => bucket(ledger, name, of),
            ResourceKind::Secret(of) => secret(ledger, name, of),
            ResourceKind::Postgres(of) | ResourceKind::Mongodb(of) => {
                database(ledger, name, &resource.kind, of);
            }
            ResourceKind::Redis(of) => cache(ledger, name, &resource.kind, of),
            // Standard parameters cost nothing.
            ResourceKind::Parameter(_) => {}
        }
    }
}

fn queue(ledger: &mut Ledger, name: &str, queue: &Queue) {
    let price = if queue.fifo { prices::FIFO_QUEUE } else { prices::QUEUE };
    let requests = traffic::of(|traffic| traffic.million_messages).times(REQUESTS_OF_MESSAGE);
    ledger.add(name, "SQS requests", price, requests);
}

fn bucket(ledger: &mut Ledger, name: &str, _bucket: &Bucket) {
    let puts = traffic::of(|traffic| traffic.thousand_puts);
    ledger.add(name, "S3 storage", prices::STORED, traffic::of(|traffic| traffic.stored_gb));
    ledger.add(name, "S3 changes", prices::PUTS, puts);
    ledger.add(name, "S3 reads", prices::GETS, puts.times(READS));
}

fn secret(ledger: &mut Ledger, name: &str, secret: &Secret) {
    ledger.add(name, "Secrets Manager", prices::SECRET, Amount::same(1.0));
    if secret.key == Key::Own {
        ledger.add(name, "KMS key", prices::KEY, Amount::same(1.0));
    }
}

fn database(ledger: &mut Ledger, name: &str, kind: &ResourceKind, database: &Database) {
    let Some(engine) = Engine::of(kind) else { return };
    let class = database.size.as_deref().unwrap_or(engine.class());
    let count = Amount::same(f64::from(database.instances.max(1)));
    match engine {
        Engine::Postgres => {
            let zones = if database.multi_az { 2.0 } else { 1.0 };
            let table = instances::hour(instances::POSTGRES, class);
            ledger.instances(name, class, table, Amount::same(zones));
            let disk = Amount::same(disk(database) * zones);
            ledger.add(name, "RDS storage", prices::RDS_DISK, disk);
        }
        Engine::Aurora => {
            ledger.instances(name, class, instances::hour(instances::AURORA, class), count);
            volume(ledger, name);
        }
        Engine::Documentdb => {
            ledger.instances(name, class, instances::hour(instances::DOCUMENTDB, class), count);
            volume(ledger, name);
        }
        Engine::External => return ledger.add(name, "Secrets Manager", prices::SECRET, Amount::same(1.0)),
        Engine::Redis | Engine::InCluster => return,
    }
    ledger.add(name, "its password", prices::SECRET, Amount::same(1.0));
}

fn disk(database: &Database) -> f64 {
    f64::from(u32::try_from(database.storage.map_or(STORAGE_GIB, gibibytes)).unwrap_or(u32::MAX))
}

/// A cluster's disk grows with its data and is paid for by use.
fn volume(ledger: &mut Ledger, name: &str) {
    ledger.add(name, "cluster storage", prices::CLUSTER_DISK, traffic::of(|traffic| traffic.database_gb));
    ledger.add(name, "cluster I/O", prices::CLUSTER_IO, traffic::of(|traffic| traffic.million_io));
}

fn cache(ledger: &mut Ledger, name: &str, kind: &ResourceKind, redis: &Redis) {
    match Engine::of(kind) {
        Some(engine @ Engine::Redis) => {
            let class = redis.size.as_deref().unwrap_or(engine.class());
            let count = Amount::same(f64::from(redis.instances.max(1)));
            ledger.instances(name, class, instances::hour(instances::CACHE, class), count);
        }
        Some(Engine::External) => ledger.add(name, "Secrets Manager", prices::SECRET, Amount::same(1.0)),
        _ => {}
    }
}

/// A key of the system's own, all month.
pub(super) fn key(ledger: &mut Ledger, name: &str) {
    ledger.add(name, "KMS key", prices::KEY, Amount::same(1.0));
}

/// Hours of a thing that is there once.
pub(super) fn always() -> Amount {
    Amount::same(HOURS)
}
