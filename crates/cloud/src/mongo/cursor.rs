//! Cursors: results that are fetched batch by batch, kept for a while and up to a number.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bson::raw::{CStr, RawArrayBuf, RawDocumentBuf, cstr};

use super::arguments::whole;
use super::error::{Code, Failure, Result};
use super::find::Stream;
use super::namespace::Namespace;
use super::session::SessionId;
use super::work::Work;

/// A cursor nobody asks is closed after this (`cursorTimeoutMillis`).
pub(crate) const IDLE: Duration = Duration::from_secs(10 * 60);

/// Cursors open at the same time; one more closes the one that has been idle for longest.
pub(crate) const OPEN: usize = 2000;

/// Bytes of results that wait in all cursors together.
pub(crate) const WAITING: usize = 512 * 1024 * 1024;

/// Documents of a first batch, where the client names no number.
pub(super) const FIRST_BATCH: usize = 101;

/// Bytes of documents in one batch: what fits into a reply with some room for the rest.
pub(super) const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// Documents of one reply.
#[derive(Debug, Default)]
pub(super) struct Batch {
    documents: RawArrayBuf,
    count: usize,
    bytes: usize,
}

/// Where further documents come from.
#[derive(Debug)]
pub(super) enum Source {
    /// They are already there.
    Buffer(VecDeque<RawDocumentBuf>),
    /// They are looked for when they are asked for.
    Stream(Box<Stream>),
}

/// An open cursor.
#[derive(Debug)]
pub(super) struct Cursor {
    pub(super) namespace: Namespace,
    pub(super) session: Option<SessionId>,
    pub(super) source: Source,
}

/// All open cursors.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    all: Mutex<BTreeMap<i64, Kept>>,
}

#[derive(Debug)]
struct Kept {
    used: Instant,
    /// Bytes that wait in it.
    bytes: usize,
    namespace: Namespace,
    session: Option<SessionId>,
    /// Gone while a command fetches from it.
    cursor: Option<Cursor>,
}

impl Batch {
    /// Adds a document, unless the batch would become too long; the first one always fits.
    pub(super) fn push(&mut self, document: &bson::raw::RawDocument) -> Fits {
        let size = document.as_bytes().len();
        if self.count > 0 && self.bytes + size > BATCH_BYTES {
            return Fits::No;
        }
        self.documents.push(document);
        self.count += 1;
        self.bytes += size;
        Fits::Yes
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }
}

/// Whether a document went into a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    Yes,
    No,
}

impl Source {
    fn bytes(&self) -> usize {
        match self {
            Self::Buffer(documents) => documents.iter().map(|document| document.as_bytes().len()).sum(),
            Self::Stream(_) => 0,
        }
    }
}

/// Takes a batch off the front of what waits.
pub(super) fn drain(waiting: &mut VecDeque<RawDocumentBuf>, most: usize) -> Batch {
    let mut batch = Batch::default();
    while batch.len() < most {
        let Some(document) = waiting.front() else { break };
        if batch.push(document) == Fits::No {
            break;
        }
        waiting.pop_front();
    }
    batch
}

/// The reply of a command that gives a batch: `firstBatch` or `nextBatch`.
pub(super) fn reply(id: i64, namespace: &str, field: &CStr, batch: Batch) -> RawDocumentBuf {
    let mut cursor = RawDocumentBuf::new();
    cursor.append(field, batch.documents);
    cursor.append(cstr!("id"), id);
    cursor.append(cstr!("ns"), namespace);
    let mut reply = RawDocumentBuf::new();
    reply.append(cstr!("cursor"), cursor);
    reply
}

/// The reply of a command whose results are all there: a first batch, and a cursor for what does not fit.
pub(super) fn list(
    work: &Work,
    namespace: &Namespace,
    documents: Vec<RawDocumentBuf>,
) -> Result<RawDocumentBuf> {
    let most = match work.arguments.document("cursor")?.and_then(|cursor| cursor.get("batchSize")) {
        Some(count) => whole(count).and_then(|count| usize::try_from(count).ok()).unwrap_or(FIRST_BATCH),
        None => FIRST_BATCH,
    };
    let mut waiting: VecDeque<_> = documents.into();
    let batch = drain(&mut waiting, most);
    let id = if waiting.is_empty() {
        0
    } else {
        let (namespace, session) = (namespace.clone(), work.session.clone());
        work.mongo.cursors().keep(Cursor { namespace, session, source: Source::Buffer(waiting) })?
    };
    Ok(reply(id, &namespace.to_string(), cstr!("firstBatch"), batch))
}

impl Cursors {
    /// Keeps a cursor under a new id.
    ///
    /// # Errors
    /// 146 when too much waits in cursors already.
    pub(super) fn keep(&self, cursor: Cursor) -> Result<i64> {
        let bytes = cursor.source.bytes();
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.values().map(|kept| kept.bytes).sum::<usize>() + bytes > WAITING {
            let message =
                format!("more than {WAITING} bytes of results wait in open cursors; close some of them");
            return Err(Code::ExceededMemoryLimit.saying(message));
        }
        if all.len() >= OPEN
            && let Some(idle) = all.iter().min_by_key(|(_, kept)| kept.used).map(|(id, _)| *id)
        {
            all.remove(&idle);
        }
        let id = loop {
            let id = random_id()?;
            if !all.contains_key(&id) {
                break id;
            }
        };
        all.insert(id, Kept::new(cursor, bytes));
        Ok(id)
    }

    /// Takes a cursor for one fetch; [`Cursors::put_back`] follows unless it is at its end.
    ///
    /// # Errors
    /// 43 where there is no such cursor, 12051 while another command fetches from it, 13 and 50738 for a cursor of
    /// another collection or session.
    pub(super) fn take(&self, id: i64, namespace: &Namespace, session: Option<&SessionId>) -> Result<Cursor> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get_mut(&id).ok_or_else(|| not_found(id))?;
        if kept.namespace != *namespace {
            let message = format!(
                "Requested getMore on namespace '{namespace}', but cursor belongs to a different namespace {}",
                kept.namespace
            );
            return Err(Code::Unauthorized.saying(message));
        }
        if kept.session.as_ref() != session {
            let message = format!("Cannot run getMore on cursor {id}, which was created in another session");
            return Err(Code::Location(50738).saying(message));
        }
        kept.used = Instant::now();
        kept.cursor
            .take()
            .ok_or_else(|| Code::CursorInUse.saying(format!("cursor id {id} is already in use")))
    }

    /// Puts a cursor back after a fetch, unless it has been closed meanwhile.
    pub(super) fn put_back(&self, id: i64, cursor: Cursor) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = all.get_mut(&id) {
            kept.bytes = cursor.source.bytes();
            kept.used = Instant::now();
            kept.cursor = Some(cursor);
        }
    }

    /// Closes a cursor; whether it was there.
    pub(super) fn close(&self, id: i64) -> bool {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&id).is_some()
    }

    /// Closes the cursors of ended sessions.
    pub(super) fn end_sessions(&self, ids: &[SessionId]) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| kept.session.as_ref().is_none_or(|session| !ids.contains(session)));
    }

    /// Closes those that nobody asks.
    pub(super) fn sweep(&self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| kept.used.elapsed() < IDLE);
    }

    pub(super) fn clear(&self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn count(&self) -> usize {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Kept {
    fn new(cursor: Cursor, bytes: usize) -> Self {
        let (namespace, session) = (cursor.namespace.clone(), cursor.session.clone());
        Self { used: Instant::now(), bytes, namespace, session, cursor: Some(cursor) }
    }
}

fn not_found(id: i64) -> Failure {
    Code::CursorNotFound.saying(format!("cursor id {id} not found"))
}

/// A positive number that nobody guesses.
fn random_id() -> Result<i64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| Code::InternalError.saying(format!("no random numbers: {error}")))?;
    Ok(i64::from_le_bytes(bytes) & i64::MAX | 1)
}
