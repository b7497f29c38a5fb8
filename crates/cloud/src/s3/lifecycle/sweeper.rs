//! The sweeper: looks through the buckets that have rules, a page at a time, and removes what is due.
//!
//! A page is judged on a reader and removed in one write, which judges each object again: somebody may have written
//! it anew in between.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, params};
use tokio_util::sync::CancellationToken;

use super::Rule;
use crate::s3::buckets::{self, Bucket};
use crate::s3::config::Config;
use crate::s3::error::{Error, Result};
use crate::s3::lock::Bypass;
use crate::s3::objects::{self, COLUMNS, Object};
use crate::s3::versions::{self, Version};
use crate::s3::{S3, dates};

use super::Clock;

/// Rows looked at before the next request gets its turn.
const PAGE: usize = 500;

/// How often a day is looked: what is due goes within the hour.
const LOOKS_A_DAY: u32 = 24;
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// Rows of one page, and where the next one begins.
struct Page<T, P> {
    due: Vec<T>,
    next: Option<P>,
}

/// A version that is due, as it was seen.
struct Doomed {
    key: String,
    version: String,
    number: i64,
}

/// A place among older versions: key, and number within it.
type Place = (Vec<u8>, i64);

impl S3 {
    /// Removes what is due, again and again, until `ended`.
    pub(crate) async fn keep(self, ended: CancellationToken) {
        let pause = (self.inner.clock.day() / LOOKS_A_DAY).max(PAUSE_MIN);
        loop {
            if ended.run_until_cancelled(self.sweep_lifecycles()).await.is_none() {
                return;
            }
            if ended.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    async fn sweep_lifecycles(&self) {
        for (name, config) in self.configs_with_rules() {
            if let Err(error) = self.sweep_bucket(&name, &config).await {
                tracing::warn!(
                    bucket = name,
                    error = error.message,
                    "a bucket's lifecycle rules were not carried out"
                );
            }
        }
    }

    async fn sweep_bucket(&self, name: &str, config: &Arc<Config>) -> Result<()> {
        let wanted = name.to_owned();
        let bucket = self.store().read(move |db| buckets::find(db, &wanted)).await?;
        self.sweep_current(bucket, config).await?;
        self.sweep_older(bucket, config).await?;
        self.sweep_uploads(bucket, config).await?;
        self.sweep_all();
        Ok(())
    }

    async fn sweep_current(&self, bucket: Bucket, config: &Arc<Config>) -> Result<()> {
        let mut from = Some(Vec::new());
        while let Some(place) = from {
            let (rules, clock) = (Arc::clone(config), self.inner.clock);
            let look = move |db: &Connection| current(db, bucket, &rules.lifecycle, clock, &place);
            let page = self.store().read(look).await?;
            from = page.next;
            self.remove_due(page.due, move |db, doomed| expire(db, bucket, &doomed)).await?;
        }
        Ok(())
    }

    async fn sweep_older(&self, bucket: Bucket, config: &Arc<Config>) -> Result<()> {
        let mut from = Some((Vec::new(), i64::MAX));
        while let Some(place) = from {
            let (rules, clock) = (Arc::clone(config), self.inner.clock);
            let look = move |db: &Connection| older(db, bucket, &rules.lifecycle, clock, &place);
            let page = self.store().read(look).await?;
            from = page.next;
            let remove = move |db: &Connection, doomed: Doomed| {
                match versions::remove(db, &bucket, &doomed.key, &doomed.version, Bypass::NotAsked) {
                    // A lock stands above a rule.
                    Err(error) if error.code == crate::s3::error::Code::AccessDenied => Ok(()),
                    removal => removal.map(drop),
                }
            };
            self.remove_due(page.due, remove).await?;
        }
        Ok(())
    }

    async fn sweep_uploads(&self, bucket: Bucket, config: &Arc<Config>) -> Result<()> {
        let mut from = Some(0);
        while let Some(place) = from {
            let (rules, clock) = (Arc::clone(config), self.inner.clock);
            let look = move |db: &Connection| uploads(db, bucket, &rules.lifecycle, clock, place);
            let page = self.store().read(look).await?;
            from = page.next;
            self.remove_due(page.due, abort).await?;
        }
        Ok(())
    }

    async fn remove_due<T, F>(&self, due: Vec<T>, remove: F) -> Result<()>
    where
        T: Send + 'static,
        F: Fn(&Connection, T) -> Result<()> + Send + 'static,
    {
        if due.is_empty() {
            return Ok(());
        }
        self.store().write(move |db| due.into_iter().try_for_each(|one| remove(db, one))).await
    }
}

fn current(
    db: &Connection,
    bucket: Bucket,
    rules: &[Rule],
    clock: Clock,
    after: &[u8],
) -> Result<Page<Doomed, Vec<u8>>> {
    let sql =
        format!("SELECT key, {COLUMNS} FROM s3_object WHERE bucket = ? AND key > ? ORDER BY key LIMIT ?");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![bucket.id, after, PAGE])?;
    let (mut due, mut next, mut count, now) = (Vec::new(), None, 0, dates::now());
    while let Some(row) = rows.next()? {
        let (place, object): (Vec<u8>, Object) = (row.get(0)?, objects::read(row, 1)?);
        let key = String::from_utf8_lossy(&place).into_owned();
        if rules.iter().filter_map(|rule| rule.expires(clock, &key, &object)).any(|when| when <= now) {
            due.push(Doomed { key, version: object.version, number: object.number });
        }
        (next, count) = (Some(place), count + 1);
    }
    Ok(Page { due, next: next.filter(|_| count == PAGE) })
}

/// Removes an object, or hides it, if it is still the one that was judged.
fn expire(db: &Connection, bucket: Bucket, doomed: &Doomed) -> Result<()> {
    let now = objects::find(db, bucket.id, &doomed.key)?;
    let same = |object: &Object| object.version == doomed.version && object.number == doomed.number;
    match now.filter(same) {
        Some(object) => versions::remove_latest(db, &bucket, &doomed.key, Some(&object)).map(drop),
        None => Ok(()),
    }
}

fn older(
    db: &Connection,
    bucket: Bucket,
    rules: &[Rule],
    clock: Clock,
    (key, number): &Place,
) -> Result<Page<Doomed, Place>> {
    let sql = format!(
        "SELECT marker, {COLUMNS}, key, superseded FROM s3_version WHERE bucket = ?1 AND key >= ?2 AND (key > ?2 \
         OR number < ?3) ORDER BY key, number DESC LIMIT ?4"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![bucket.id, key, number, PAGE])?;
    let (mut due, mut next, mut count, now) = (Vec::new(), None, 0, dates::now());
    while let Some(row) = rows.next()? {
        let version = versions::read(row)?;
        let place: Vec<u8> = row.get("key")?;
        let superseded: Option<i64> = row.get("superseded")?;
        let key = String::from_utf8_lossy(&place).into_owned();
        let (id, number) = match &version {
            Version::Object(object) => (object.version.clone(), object.number),
            Version::Marker(marker) => (marker.version.clone(), marker.number),
        };
        let when = |rule: &Rule| when_older(db, bucket, rule, clock, &key, &version, superseded).transpose();
        let first = rules.iter().filter_map(when).collect::<Result<Vec<_>>>()?.into_iter().min();
        if first.is_some_and(|when| when <= now) {
            due.push(Doomed { key, version: id, number });
        }
        (next, count) = (Some((place, number)), count + 1);
    }
    Ok(Page { due, next: next.filter(|_| count == PAGE) })
}

fn when_older(
    db: &Connection,
    bucket: Bucket,
    rule: &Rule,
    clock: Clock,
    key: &str,
    version: &Version,
    superseded: Option<i64>,
) -> Result<Option<i64>> {
    match (version, superseded) {
        (Version::Marker(marker), None) => {
            let alone = count(db, bucket, key, 0)? == 1;
            Ok(rule.expires_marker(clock, key, marker.modified).filter(|_| alone))
        }
        (Version::Object(object), Some(superseded)) if rule.noncurrent.is_some() => {
            // The latest version is either no row of this table, or a marker that nothing supersedes.
            let newer = count(db, bucket, key, object.number + 1)? - lone_marker(db, bucket, key)?;
            Ok(rule.expires_older(clock, key, object, superseded, newer))
        }
        (Version::Marker(marker), Some(superseded)) => {
            let noncurrent = rule.noncurrent.filter(|_| key.starts_with(&rule.filter.prefix));
            let newer = count(db, bucket, key, marker.number + 1)? - lone_marker(db, bucket, key)?;
            Ok(noncurrent.filter(|rule| newer >= rule.keep).map(|rule| clock.after(superseded, rule.days)))
        }
        _ => Ok(None),
    }
}

/// Rows of a key from a number on.
fn count(db: &Connection, bucket: Bucket, key: &str, from: i64) -> Result<i64> {
    let sql = "SELECT count(*) FROM s3_version WHERE bucket = ? AND key = ? AND number >= ?";
    Ok(db.prepare_cached(sql)?.query_row(params![bucket.id, key.as_bytes(), from], |row| row.get(0))?)
}

/// 1 where the latest version of a key is a delete marker.
fn lone_marker(db: &Connection, bucket: Bucket, key: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM s3_version WHERE bucket = ? AND key = ? AND superseded IS NULL";
    Ok(db.prepare_cached(sql)?.query_row(params![bucket.id, key.as_bytes()], |row| row.get(0))?)
}

fn uploads(
    db: &Connection,
    bucket: Bucket,
    rules: &[Rule],
    clock: Clock,
    after: i64,
) -> Result<Page<i64, i64>> {
    let sql = "SELECT id, key, begun FROM s3_upload WHERE bucket = ? AND id > ? AND etag IS NULL ORDER BY id LIMIT ?";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![bucket.id, after, PAGE], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let next = rows.last().filter(|_| rows.len() == PAGE).map(|(id, _, _)| *id);
    let now = dates::now();
    let is_due = |key: &[u8], begun: i64| {
        let key = String::from_utf8_lossy(key);
        rules.iter().filter_map(|rule| rule.aborts(clock, &key, begun)).any(|when| when <= now)
    };
    let due = rows.into_iter().filter(|(_, key, begun)| is_due(key, *begun)).map(|(id, _, _)| id).collect();
    Ok(Page { due, next })
}

fn abort(db: &Connection, upload: i64) -> Result<()> {
    let sql = "SELECT count(*) FROM s3_upload WHERE id = ? AND etag IS NULL";
    let open: i64 = db.prepare_cached(sql)?.query_row([upload], |row| row.get(0))?;
    if open == 0 {
        return Ok::<_, Error>(());
    }
    objects::discard_upload(db, upload)
}
