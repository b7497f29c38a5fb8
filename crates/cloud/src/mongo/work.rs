//! One command under way: what it was given, and how it reaches the documents.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use bson::Document;
use rusqlite::Connection;

use super::Mongo;
use super::access::{Access, Limit};
use super::arguments::Arguments;
use super::catalog::{self, Collection};
use super::error::{Code, Result};
use super::namespace::Namespace;
use super::session::{Membership, SessionId, Transaction, session_id};
use crate::store::StoreError;

/// A command and its surroundings.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) mongo: Mongo,
    pub(super) arguments: Arguments,
    pub(super) membership: Membership,
    pub(super) session: Option<SessionId>,
    /// The transaction it belongs to.
    pub(super) transaction: Option<Box<Transaction>>,
    /// Whether the transaction must end with it, although it gives an answer.
    pub(super) spoilt: bool,
    limit: Limit,
}

/// Where a read runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thread {
    Another,
    This,
}

impl Work {
    pub(super) fn new(mongo: Mongo, arguments: Arguments) -> Result<Self> {
        let allowed = arguments.count("maxTimeMS")?.filter(|milliseconds| *milliseconds > 0);
        let deadline = allowed.and_then(|allowed| Instant::now().checked_add(Duration::from_millis(allowed)));
        let (membership, session) = (Membership::read(&arguments)?, session_id(&arguments)?);
        let limit = Limit { deadline };
        Ok(Self { mongo, arguments, membership, session, transaction: None, spoilt: false, limit })
    }

    /// The collection the command is for.
    pub(super) fn namespace(&self) -> Result<Namespace> {
        Namespace::new(&self.arguments.db, self.arguments.target()?)
    }

    /// The command's `let`.
    pub(super) fn variables(&self) -> Result<Document> {
        Ok(self.arguments.document("let")?.cloned().unwrap_or_default())
    }

    /// Runs `job` against one moment of the database, or against what the transaction sees.
    pub(super) async fn read<T, F>(&mut self, job: F) -> Result<T>
    where
        F: FnOnce(&Access<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.read_on(Thread::Another, job).await
    }

    /// As [`Work::read`], for a job that looks at one document or so: it runs right here.
    pub(super) async fn look<T, F>(&mut self, job: F) -> Result<T>
    where
        F: FnOnce(&Access<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.read_on(Thread::This, job).await
    }

    async fn read_on<T, F>(&mut self, thread: Thread, job: F) -> Result<T>
    where
        F: FnOnce(&Access<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        if let Some(transaction) = self.transaction.take() {
            return self.within(transaction, job).await;
        }
        let limit = self.limit;
        let query = move |db: &Connection| at_one_moment(db, limit, job);
        match thread {
            Thread::Another => self.mongo.store().read(query).await,
            Thread::This => self.mongo.store().look(query).await,
        }
    }

    /// Runs `job` where it may write: in one commit, or in the transaction.
    pub(super) async fn write<T, F>(&mut self, job: F) -> Result<T>
    where
        F: FnOnce(&Access<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let limit = self.limit;
        match self.transaction.take() {
            Some(transaction) => self.within(transaction, job).await,
            None => self.mongo.store().write(move |db| job(&Access::new(db, None, limit))).await,
        }
    }

    /// Creates the collection where it is missing. A transaction's collection is there at once, for everybody.
    pub(super) async fn ensure(&mut self, namespace: &Namespace) -> Result<()> {
        if self.transaction.is_none() {
            return Ok(());
        }
        let wanted = namespace.clone();
        if self.look(move |access| access.collection(&wanted)).await?.is_some() {
            return Ok(());
        }
        let wanted = namespace.clone();
        let made: Result<Collection> = self.mongo.store().write(move |db| catalog::ensure(db, &wanted)).await;
        if let Some(transaction) = &mut self.transaction {
            transaction.pending.note_created(made?);
        }
        Ok(())
    }

    async fn within<T, F>(&mut self, transaction: Box<Transaction>, job: F) -> Result<T>
    where
        F: FnOnce(&Access<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let limit = self.limit;
        let run = tokio::task::spawn_blocking(move || {
            let mut transaction = transaction;
            let pending = RefCell::new(std::mem::take(&mut transaction.pending));
            let result = job(&Access::new(transaction.snapshot.connection(), Some(&pending), limit));
            transaction.pending = pending.into_inner();
            (transaction, result)
        });
        let (transaction, result) = run.await.map_err(|_| StoreError::Closed)?;
        self.transaction = Some(transaction);
        result
    }

    /// # Errors
    /// 263 in a transaction.
    pub(super) fn refuse_in_transaction(&self) -> Result<()> {
        if self.transaction.is_some() {
            let message = format!("Cannot run '{}' in a multi-document transaction.", self.arguments.name);
            return Err(Code::OperationNotSupportedInTransaction.saying(message));
        }
        Ok(())
    }
}

fn at_one_moment<T>(db: &Connection, limit: Limit, job: impl FnOnce(&Access<'_>) -> Result<T>) -> Result<T> {
    let _moment = db.unchecked_transaction()?;
    job(&Access::new(db, None, limit))
}
