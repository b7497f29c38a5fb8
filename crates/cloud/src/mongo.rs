//! MongoDB's wire protocol over the same database: what the official drivers need for ordinary applications.
//! After MongoDB 7.0's manual, its wire protocol page and the drivers' specifications.
//!
//! A connection ([`connection`]) reads messages ([`wire`]); a command's fields are taken with their types
//! ([`arguments`]); [`dispatch`] says where it is done. Documents are rows in the order of insertion, and every index
//! is rows of keys that compare as the values do ([`records`], [`index`]). What is looked for is planned ([`plan`]),
//! gone along ([`scan`]) and matched by the pure language ([`query`]).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bson::raw::{RawDocumentBuf, cstr};
use bson::spec::BinarySubtype;
use bson::{Binary, Document, Timestamp};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OnceCell, Semaphore};
use tokio_util::sync::CancellationToken;

use self::cursor::Cursors;
use self::query::context::Context;
use self::query::expression::{Expression, Scope};
use self::scram::Verifier;
use self::session::Sessions;
use crate::clock::now_ms;
use crate::metrics::Metrics;
use crate::settings::{Credential, Settings};
use crate::store::{Store, StoreError};

mod access;
mod aggregate;
mod arguments;
mod auth;
pub(crate) mod bounds;
mod catalog;
mod collections;
mod concern;
mod connection;
mod count;
mod cursor;
mod diagnostics;
mod dispatch;
mod error;
mod explain;
mod find;
mod hello;
mod index;
mod indexes;
mod keeper;
mod more;
mod namespace;
mod pending;
mod plan;
pub(crate) mod query;
mod records;
mod retry;
mod scan;
mod scram;
mod search;
mod session;
mod sorter;
mod stats;
mod transaction;
mod users;
mod wire;
mod work;
mod write;

pub(crate) use self::query::known;
pub(crate) use self::users::Ensured;

/// The document service.
#[derive(Debug, Clone)]
pub(crate) struct Mongo {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    sessions: Sessions,
    cursors: Cursors,
    /// Access keys of the settings: with one of them everybody has to come.
    credentials: Vec<Credential>,
    /// What is kept of their secrets, once somebody comes.
    verifiers: OnceCell<BTreeMap<String, Verifier>>,
    /// Room for long messages.
    room: Arc<Semaphore>,
    /// Held while indexes are made.
    building: tokio::sync::Mutex<()>,
    /// Whether what an earlier process left unfinished has been settled.
    ready: OnceCell<()>,
    /// Rung when there is something to clear away.
    chores: Notify,
    started: Instant,
    open: AtomicI32,
    connections: AtomicI32,
    messages: AtomicI32,
    /// The last time that was given out: seconds in the upper half, a count in the lower.
    time: AtomicU64,
    /// Makes `$rand` and `$sample` begin elsewhere in every command.
    seed: AtomicI64,
}

/// How many documents there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentSnapshot {
    /// Collections of all databases.
    pub collections: u64,
    /// Documents in all of them.
    pub documents: u64,
    /// Cursors that clients have open.
    pub cursors: usize,
    /// Connections that are open.
    pub connections: usize,
}

impl Mongo {
    /// Its name beside those of AWS's services, in the health and the metrics.
    pub(crate) const ID: &'static str = "mongodb";

    /// Opens it over the store.
    pub(crate) fn open(store: &Store, settings: &Settings) -> Self {
        let inner = Inner {
            store: store.clone(),
            sessions: Sessions::default(),
            cursors: Cursors::default(),
            credentials: settings.credentials.clone(),
            verifiers: OnceCell::new(),
            room: wire::reading::room(),
            building: tokio::sync::Mutex::default(),
            ready: OnceCell::new(),
            chores: Notify::new(),
            started: Instant::now(),
            open: AtomicI32::new(0),
            connections: AtomicI32::new(0),
            messages: AtomicI32::new(0),
            time: AtomicU64::new(0),
            seed: AtomicI64::new(now_ms()),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Serves one connection, from its first byte on.
    pub(crate) async fn serve(&self, stream: TcpStream, metrics: &Metrics, shutdown: CancellationToken) {
        self.inner.open.fetch_add(1, Ordering::Relaxed);
        let _open = scope(&self.inner.open);
        Box::pin(connection::serve(self.clone(), stream, metrics, shutdown)).await;
    }

    /// Makes a user of a database, unless there is one of that name, who keeps the password.
    ///
    /// # Errors
    /// Why there is none; never with the password.
    pub(crate) async fn ensure_user(&self, db: &str, name: &str, password: &str) -> Result<Ensured, String> {
        users::ensure(self, db, name, password).await.map_err(|failure| failure.to_string())
    }

    /// Clears away what is dropped and expired, until `ended`.
    pub(crate) async fn keep(self, ended: CancellationToken) {
        keeper::run(self, ended).await;
    }

    /// Forgets every collection, user, session and cursor.
    pub(crate) async fn reset(&self) -> Result<(), StoreError> {
        self.inner.cursors.clear();
        self.inner.sessions.clear();
        let job = |db: &rusqlite::Connection| {
            let tables = "DELETE FROM mongo_document; DELETE FROM mongo_entry; DELETE FROM mongo_index; \
                DELETE FROM mongo_collection; DELETE FROM mongo_doomed; DELETE FROM mongo_retry; \
                DELETE FROM mongo_user;";
            Ok(db.execute_batch(tables)?)
        };
        self.inner.store.write(job).await
    }

    /// How many collections there are.
    pub(crate) async fn collections(&self) -> Result<usize, StoreError> {
        let count = |db: &rusqlite::Connection| -> Result<i64, StoreError> {
            Ok(db.query_row("SELECT count(*) FROM mongo_collection", [], |row| row.get(0))?)
        };
        let count = self.inner.store.read(count).await?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    pub(crate) fn open_cursors(&self) -> usize {
        self.inner.cursors.count()
    }

    /// How many documents there are.
    pub(crate) async fn snapshot(&self) -> Result<DocumentSnapshot, StoreError> {
        let count = |db: &rusqlite::Connection| {
            let access = access::Access::new(db, None, access::Limit::default());
            stats::everything(&access).map_err(error::Failure::into_store)
        };
        let (collections, documents) = self.inner.store.read(count).await?;
        let connections = usize::try_from(self.connections()).unwrap_or(0);
        Ok(DocumentSnapshot { collections, documents, cursors: self.inner.cursors.count(), connections })
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    fn cursors(&self) -> &Cursors {
        &self.inner.cursors
    }

    fn room(&self) -> &Arc<Semaphore> {
        &self.inner.room
    }

    fn building(&self) -> &tokio::sync::Mutex<()> {
        &self.inner.building
    }

    fn chores(&self) -> &Notify {
        &self.inner.chores
    }

    fn needs_login(&self) -> bool {
        !self.inner.credentials.is_empty()
    }

    /// What is kept of the settings' access keys, by their ids.
    async fn verifiers(&self) -> error::Result<&BTreeMap<String, Verifier>> {
        let make = || users::of_credentials(self.inner.credentials.clone());
        self.inner.verifiers.get_or_try_init(make).await
    }

    fn uptime(&self) -> Duration {
        self.inner.started.elapsed()
    }

    fn connections(&self) -> i32 {
        self.inner.open.load(Ordering::Relaxed)
    }

    fn connected(&self) -> i32 {
        self.inner.connections.load(Ordering::Relaxed)
    }

    fn next_connection(&self) -> i32 {
        self.inner.connections.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }

    fn next_message(&self) -> i32 {
        self.inner.messages.fetch_add(1, Ordering::Relaxed)
    }

    /// Settles once what an earlier process left unfinished.
    async fn ready(&self) -> error::Result<&()> {
        let settle = || async { self.inner.store.write(indexes::forget_unfinished).await };
        self.inner.ready.get_or_try_init(settle).await
    }

    /// Rings for what has to be cleared away.
    fn tidy(&self) {
        self.inner.chores.notify_one();
    }

    /// What a command without variables gives its query: the time and a seed.
    fn plain_context(&self) -> Arc<Context> {
        Arc::new(self.surroundings())
    }

    /// The same with the command's `let`, whose values may be expressions without a document.
    fn context(&self, variables: &Document) -> error::Result<Arc<Context>> {
        let mut context = self.surroundings();
        context.variables = self::variables(variables, &Document::new(), &self.surroundings())?;
        Ok(Arc::new(context))
    }

    fn surroundings(&self) -> Context {
        let seed = self.inner.seed.fetch_add(0x9E37_79B9, Ordering::Relaxed);
        Context::new(bson::DateTime::now(), seed.cast_unsigned())
    }

    /// Puts the operation's time on a reply: later than that on any before it.
    fn stamp(&self, reply: &mut RawDocumentBuf) {
        let now = self.tick();
        let hash = Binary { subtype: BinarySubtype::Generic, bytes: vec![0; 20] };
        let mut signature = RawDocumentBuf::new();
        signature.append(cstr!("hash"), &hash);
        signature.append(cstr!("keyId"), 0_i64);
        let mut cluster = RawDocumentBuf::new();
        cluster.append(cstr!("clusterTime"), now);
        cluster.append(cstr!("signature"), signature);
        reply.append(cstr!("$clusterTime"), cluster);
        reply.append(cstr!("operationTime"), now);
    }

    fn tick(&self) -> Timestamp {
        let seconds = u64::try_from(now_ms() / 1000).unwrap_or(0) << 32;
        let next = |last: u64| Some(last.max(seconds).wrapping_add(1));
        let last = self.inner.time.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        let now = last.max(seconds).wrapping_add(1);
        let half = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or(0);
        Timestamp { time: half(now >> 32), increment: half(now) }
    }
}

/// The values of variables, evaluated for a document. One that has none is missing.
fn variables(written: &Document, document: &Document, context: &Context) -> error::Result<Document> {
    let mut values = Document::new();
    for (name, value) in written {
        let value = Expression::parse(value)?.evaluate(&Scope::new(document, context))?;
        values.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(values)
}

/// Takes one off a count when it goes.
fn scope(count: &AtomicI32) -> impl Drop {
    struct Scope<'c>(&'c AtomicI32);
    impl Drop for Scope<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    Scope(count)
}
