//! Sessions as far as they are remembered: the transaction each has open, and how the last one ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bson::{Bson, Document};
use tokio::sync::OwnedMutexGuard;

use super::arguments::{Arguments, wrong_type};
use super::error::{Code, Failure, Result, TRANSIENT};
use super::pending::Pending;
use crate::store::{Snapshot, Store};

/// A transaction is aborted this long after it began (`transactionLifetimeLimitSeconds`).
pub(crate) const LIFETIME: Duration = Duration::from_secs(60);

/// A session is forgotten this long after its last command (`logicalSessionTimeoutMinutes`).
pub(super) const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// Transactions open at the same time. Each holds a connection to the database and its log.
pub(crate) const OPEN: usize = 64;

/// Sessions with a transaction that are remembered.
const SESSIONS: usize = 10_000;

/// Which session a command belongs to: the bytes of `lsid.id`.
pub(super) type SessionId = Vec<u8>;

/// What a command says of its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Membership {
    /// Nothing that matters.
    None,
    /// It may be sent again under the same number, and must be done once.
    Retryable { session: SessionId, number: i64 },
    /// It belongs to a transaction.
    Transaction { session: SessionId, number: i64, begins: bool },
}

/// All sessions that have or had a transaction.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    all: Mutex<HashMap<SessionId, Arc<tokio::sync::Mutex<Session>>>>,
}

/// One session's transaction.
#[derive(Debug)]
pub(super) struct Session {
    number: i64,
    phase: Phase,
    used: Instant,
}

/// How far a transaction is.
#[derive(Debug, Default)]
enum Phase {
    /// There was none yet.
    #[default]
    None,
    Open(Box<Transaction>),
    Aborted,
    Committed,
}

/// An open transaction: what it sees, and what it has written.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) snapshot: Snapshot,
    pub(super) pending: Pending,
    began: Instant,
}

/// A session that a command has for itself.
pub(super) type Held = OwnedMutexGuard<Session>;

impl Membership {
    /// Reads `lsid`, `txnNumber`, `autocommit` and `startTransaction`.
    pub(super) fn read(arguments: &Arguments) -> Result<Self> {
        let number = match arguments.get("txnNumber") {
            None => None,
            Some(Bson::Int64(number)) if *number >= 0 => Some(*number),
            Some(other) => return Err(wrong_type("txnNumber", other, "long")),
        };
        let autocommit = arguments.flag("autocommit")?;
        let begins = arguments.flag("startTransaction")?.unwrap_or_default();
        let Some(number) = number else {
            return if autocommit.is_some() || begins {
                let message = "'autocommit' field requires a transaction number to also be specified";
                Err(Code::InvalidOptions.saying(message))
            } else {
                Ok(Self::None)
            };
        };
        let session = session_id(arguments)?.ok_or_else(|| {
            Code::InvalidOptions.saying("Transaction number requires a session ID to also be specified")
        })?;
        match autocommit {
            Some(false) => Ok(Self::Transaction { session, number, begins }),
            Some(true) => Err(Code::InvalidOptions.saying("Specifying autocommit=true is not allowed.")),
            None => Ok(Self::Retryable { session, number }),
        }
    }
}

/// The bytes of `lsid.id`.
///
/// # Errors
/// 14 for one that is no UUID.
pub(super) fn session_id(arguments: &Arguments) -> Result<Option<SessionId>> {
    let Some(lsid) = arguments.document("lsid")? else { return Ok(None) };
    id_of(lsid).map(Some)
}

/// The bytes of a session's `id`.
pub(super) fn id_of(lsid: &Document) -> Result<SessionId> {
    match lsid.get("id") {
        Some(Bson::Binary(id)) if id.bytes.len() == 16 => Ok(id.bytes.clone()),
        Some(other) => Err(wrong_type("lsid.id", other, "binData")),
        None => Err(Code::IDLFailedToParse.saying("BSON field 'lsid.id' is missing but a required field")),
    }
}

impl Sessions {
    /// The session for one command alone; commands of the same session wait for each other.
    pub(super) async fn hold(&self, id: &SessionId) -> Result<Held> {
        let session = {
            let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= SESSIONS && !all.contains_key(id) {
                let message = format!("{SESSIONS} sessions have a transaction; end some of them");
                return Err(Code::TooManyLogicalSessions.saying(message));
            }
            let new = || {
                let session = Session { number: -1, phase: Phase::None, used: Instant::now() };
                Arc::new(tokio::sync::Mutex::new(session))
            };
            Arc::clone(all.entry(id.clone()).or_insert_with(new))
        };
        let mut held = session.lock_owned().await;
        held.used = Instant::now();
        Ok(held)
    }

    /// Notes the number of a retryable write, which ends the session's open transaction.
    pub(super) async fn pass(&self, id: &SessionId, number: i64) {
        let known = self.all.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if let Some(session) = known {
            session.lock().await.note_number(number);
        }
    }

    /// Forgets sessions and aborts what they have open.
    pub(super) fn end(&self, ids: &[SessionId]) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|id, _| !ids.contains(id));
    }

    /// Forgets all sessions.
    pub(super) fn clear(&self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Aborts transactions that have been open for too long, and forgets sessions that nobody uses.
    pub(super) fn sweep(&self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| {
            let Ok(mut session) = session.try_lock() else { return true };
            if matches!(&session.phase, Phase::Open(open) if open.began.elapsed() > LIFETIME) {
                session.phase = Phase::Aborted;
            }
            session.used.elapsed() < TIMEOUT
        });
    }

    /// How many transactions are open.
    pub(super) fn open(&self) -> usize {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |session: &&Arc<tokio::sync::Mutex<Session>>| {
            session.try_lock().map_or(true, |session| matches!(session.phase, Phase::Open(_)))
        };
        all.values().filter(is_open).count()
    }

    /// Takes the transaction of a command out of its session, or begins it. Until it is put back it counts as
    /// aborted, so that a command that is cut off leaves none behind.
    pub(super) async fn enter(
        &self,
        store: &Store,
        held: &mut Held,
        number: i64,
        begins: bool,
    ) -> Result<Box<Transaction>> {
        if begins {
            held.check_new(number)?;
            if self.open() > OPEN {
                let message = format!("{OPEN} transactions are open; end some of them");
                return Err(Code::TooManyLogicalSessions.saying(message).labelled(TRANSIENT));
            }
            held.number = number;
            held.phase = Phase::Aborted;
            let snapshot = store.snapshot().await?;
            return Ok(Box::new(Transaction {
                snapshot,
                pending: Pending::default(),
                began: Instant::now(),
            }));
        }
        held.take(number)
    }
}

impl Session {
    fn check_new(&self, number: i64) -> Result<()> {
        if number < self.number {
            return Err(self.too_old(number));
        }
        if number == self.number {
            let message = format!("Cannot start a transaction with already used transaction number {number}");
            return Err(Code::ConflictingOperationInProgress.saying(message));
        }
        Ok(())
    }

    /// Takes the open transaction out.
    ///
    /// # Errors
    /// 251 where the session has no such transaction open, 256 where it has been committed.
    pub(super) fn take(&mut self, number: i64) -> Result<Box<Transaction>> {
        self.check_number(number)?;
        match std::mem::replace(&mut self.phase, Phase::Aborted) {
            Phase::Open(open) if open.began.elapsed() <= LIFETIME => Ok(open),
            Phase::Open(_) | Phase::Aborted => {
                let message = format!("Transaction with {{ txnNumber: {number} }} has been aborted.");
                Err(Code::NoSuchTransaction.saying(message).labelled(TRANSIENT))
            }
            Phase::Committed => {
                self.phase = Phase::Committed;
                let message = format!("Transaction with {{ txnNumber: {number} }} has been committed.");
                Err(Code::TransactionCommitted.saying(message))
            }
            Phase::None => {
                self.phase = Phase::None;
                Err(self.no_such(number))
            }
        }
    }

    /// Puts an open transaction back after a command.
    pub(super) fn put_back(&mut self, transaction: Box<Transaction>) {
        self.phase = Phase::Open(transaction);
    }

    pub(super) fn note_committed(&mut self, number: i64) {
        self.number = number;
        self.phase = Phase::Committed;
    }

    /// Whether this transaction has been committed.
    pub(super) fn is_committed(&self, number: i64) -> bool {
        self.number == number && matches!(self.phase, Phase::Committed)
    }

    fn note_number(&mut self, number: i64) {
        if number > self.number {
            self.number = number;
            self.phase = Phase::None;
        }
    }

    fn check_number(&self, number: i64) -> Result<()> {
        if number < self.number {
            return Err(self.too_old(number));
        }
        if number > self.number { Err(self.no_such(number)) } else { Ok(()) }
    }

    fn no_such(&self, number: i64) -> Failure {
        let message = format!(
            "Given transaction number {number} does not match any in-progress transactions. The active transaction \
             number is {}",
            self.number
        );
        Code::NoSuchTransaction.saying(message).labelled(TRANSIENT)
    }

    fn too_old(&self, number: i64) -> Failure {
        let message = format!(
            "Cannot start transaction {number} on session because a newer transaction with txnNumber {} has already \
             started on this session.",
            self.number
        );
        Code::TransactionTooOld.saying(message)
    }
}
