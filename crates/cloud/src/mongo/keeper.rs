//! What happens without anybody asking: expired documents go, dropped collections are cleared away, old answers are
//! forgotten, cursors and transactions that nobody asks are closed. In small writes, with rests between them.

use std::time::{Duration, Instant};

use bson::{Bson, Document};
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio_util::sync::CancellationToken;

use super::Mongo;
use super::access::{Access, Limit};
use super::catalog;
use super::error::Result;
use super::index::Index;
use super::namespace::Namespace;
use super::query::compare::Rank;
use super::query::key::{self, Direction};
use super::retry;
use crate::clock::now_ms;

/// How often documents that have expired are looked for. MongoDB looks every 60 s (`ttlMonitorSleepSecs`).
const PERIOD: Duration = Duration::from_secs(5);

/// Documents or entries that go in one write.
const CHUNK: i64 = 200;

/// How many times as long as a write took the next one waits.
const REST: u32 = 3;

/// Runs until `ended`.
pub(super) async fn run(mongo: Mongo, ended: CancellationToken) {
    while !ended.is_cancelled() {
        if let Err(error) = round(&mongo, &ended).await {
            tracing::warn!(%error, "clearing documents away did not work; it is tried again in {} s", PERIOD.as_secs());
        }
        tokio::select! {
            () = mongo.chores().notified() => {}
            () = tokio::time::sleep(PERIOD) => {}
            () = ended.cancelled() => {}
        }
    }
}

async fn round(mongo: &Mongo, ended: &CancellationToken) -> Result<()> {
    mongo.ready().await?;
    mongo.cursors().sweep();
    mongo.sessions().sweep();
    repeat(mongo, ended, clear).await?;
    repeat(mongo, ended, retry::forget).await?;
    for (namespace, index) in expiring(mongo).await? {
        repeat(mongo, ended, move |db| expire(db, &namespace, index)).await?;
    }
    Ok(())
}

/// Does one small write after the other until there is nothing left to do.
async fn repeat<F>(mongo: &Mongo, ended: &CancellationToken, job: F) -> Result<()>
where
    F: Fn(&Connection) -> Result<usize> + Clone + Send + 'static,
{
    while !ended.is_cancelled() {
        let started = Instant::now();
        if mongo.store().write(job.clone()).await? == 0 {
            break;
        }
        ended.run_until_cancelled(tokio::time::sleep(started.elapsed() * REST)).await;
    }
    Ok(())
}

/// Clears some of a dropped collection or index away; zero when nothing is left.
fn clear(db: &Connection) -> Result<usize> {
    let sql = "SELECT kind, id FROM mongo_doomed LIMIT 1";
    let doomed: Option<(i64, i64)> =
        db.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((kind, id)) = doomed else { return Ok(0) };
    let deleted = if kind == 0 {
        let (first, last) = catalog::range(id);
        let sql = "DELETE FROM mongo_document WHERE id IN \
            (SELECT id FROM mongo_document WHERE id BETWEEN ? AND ? LIMIT ?)";
        db.prepare_cached(sql)?.execute([first, last, CHUNK])?
    } else {
        let sql = "DELETE FROM mongo_entry WHERE (idx, key, document) IN \
            (SELECT idx, key, document FROM mongo_entry WHERE idx = ? LIMIT ?)";
        db.prepare_cached(sql)?.execute([id, CHUNK])?
    };
    if deleted == 0 {
        db.prepare_cached("DELETE FROM mongo_doomed WHERE kind = ? AND id = ?")?.execute([kind, id])?;
    }
    Ok(deleted.max(1))
}

/// All indexes by which documents expire.
async fn expiring(mongo: &Mongo) -> Result<Vec<(Namespace, i64)>> {
    let query = |db: &Connection| {
        let access = Access::new(db, None, Limit::default());
        let mut found = Vec::new();
        for name in access.databases()? {
            for collection in access.collections(&name)? {
                let expiring = collection.indexes.iter().filter(|index| index.expires_after().is_some());
                found.extend(expiring.map(|index| (collection.namespace.clone(), index.id)));
            }
        }
        Ok::<_, super::error::Failure>(found)
    };
    mongo.store().read(query).await
}

/// Removes some documents that have expired by an index; how many.
fn expire(db: &Connection, namespace: &Namespace, index: i64) -> Result<usize> {
    let Some(collection) = catalog::read(db, namespace)? else { return Ok(0) };
    let Some(index) = collection.indexes.iter().find(|one| one.id == index && !one.building) else {
        return Ok(0);
    };
    let Some(seconds) = index.expires_after() else { return Ok(0) };
    let horizon = now_ms().saturating_sub(seconds.saturating_mul(1000));
    let access = Access::new(db, None, Limit::default());
    let ids = expired(db, index, horizon)?;
    let mut removed = 0;
    for id in ids {
        let Some(bytes) = access.document(id)? else { continue };
        access.remove(&collection, id, &Document::from_reader(bytes.as_slice())?)?;
        removed += 1;
    }
    Ok(removed)
}

/// The documents whose date, or whose earliest date in an array, is at or before `horizon`, ms since 1970.
fn expired(db: &Connection, index: &Index, horizon: i64) -> Result<Vec<i64>> {
    let (mut low, mut high) =
        (key::rank_start(Rank::Date), key::encode(&Bson::DateTime(bson::DateTime::from_millis(horizon))));
    high.push(0);
    if index.pattern.first().is_some_and(|(_, direction)| *direction == Direction::Descending) {
        let (mut turned_low, mut turned_high) =
            (key::encode(&Bson::DateTime(bson::DateTime::from_millis(horizon))), low);
        key::invert(&mut turned_low);
        key::invert(&mut turned_high);
        (low, high) = (turned_low, super::plan::ranges::after(&turned_high));
    }
    let sql = "SELECT DISTINCT document FROM mongo_entry WHERE idx = ? AND key >= ? AND key < ? LIMIT ?";
    let mut select = db.prepare_cached(sql)?;
    let ids = select.query_map(params![index.id, low, high, CHUNK], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}
