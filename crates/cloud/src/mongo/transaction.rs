//! The end of a transaction: everything it wrote, in one commit, or nothing.
//!
//! What a transaction reads is one moment. When somebody else has changed a document since then that it wrote, its
//! commit is refused with a write conflict, and the driver begins it anew.

use std::collections::BTreeSet;

use bson::raw::RawDocumentBuf;
use bson::{Document, doc};
use rusqlite::{Connection, OptionalExtension as _};

use super::Mongo;
use super::access::{Access, Limit};
use super::catalog::{self, Collection};
use super::dispatch::Reply;
use super::error::{Code, Failure, Result, TRANSIENT};
use super::pending::{Change, Pending};
use super::retry;
use super::session::{Held, Membership, Transaction};
use super::work::Work;

/// `commitTransaction`. One that has been committed may be committed again.
pub(super) async fn commit(work: &mut Work) -> Result<Reply> {
    let (mut held, number) = hold(work).await?;
    let Membership::Transaction { session, .. } = &work.membership else { return Err(outside("commit")) };
    if held.is_committed(number) || committed_before(&work.mongo, session, number).await? {
        held.note_committed(number);
        return Ok(RawDocumentBuf::new().into());
    }
    let Transaction { snapshot, pending, .. } = *held.take(number)?;
    drop(snapshot);
    if !pending.is_empty() {
        let session = session.clone();
        let job = move |db: &Connection| {
            apply(db, &pending)?;
            retry::note(db, &session, number, &doc! { "committed": true })
        };
        work.mongo.store().write(job).await?;
    }
    held.note_committed(number);
    Ok(RawDocumentBuf::new().into())
}

/// `abortTransaction`.
pub(super) async fn abort(work: &mut Work) -> Result<Reply> {
    let (mut held, number) = hold(work).await?;
    drop(held.take(number)?);
    Ok(RawDocumentBuf::new().into())
}

async fn hold(work: &Work) -> Result<(Held, i64)> {
    let Membership::Transaction { session, number, .. } = &work.membership else {
        return Err(outside(&work.arguments.name));
    };
    Ok((work.mongo.sessions().hold(session).await?, *number))
}

fn outside(command: &str) -> Failure {
    Code::InvalidOptions.saying(format!("{command} must be run within a transaction"))
}

/// Whether an earlier process has committed it: the client did not get the answer and asks again.
async fn committed_before(mongo: &Mongo, session: &[u8], number: i64) -> Result<bool> {
    let session = session.to_vec();
    let noted = mongo.store().look(move |db| retry::find(db, &session)).await?;
    Ok(noted.is_some_and(|(last, reply)| last == number && reply.contains_key("committed")))
}

/// Writes what was held back.
fn apply(db: &Connection, pending: &Pending) -> Result<()> {
    let access = Access::new(db, None, Limit::default());
    let ids: BTreeSet<i64> = pending.changes().keys().map(|id| catalog::collection_of(*id)).collect();
    for id in ids {
        let collection = by_id(db, id)?.ok_or_else(conflict)?;
        let changes: Vec<(i64, &Change)> = pending.of(id).collect();
        apply_to(&access, &collection, &changes).map_err(|failure| match failure.code {
            // Somebody else took the key meanwhile; anew, the transaction will see it.
            Code::DuplicateKey => conflict(),
            _ => failure,
        })?;
    }
    Ok(())
}

/// Old versions go first, so that keys of unique indexes are free for whom the transaction gave them to.
fn apply_to(access: &Access<'_>, collection: &Collection, changes: &[(i64, &Change)]) -> Result<()> {
    for (id, change) in changes {
        let Some(before) = &change.before else { continue };
        if access.document(*id)?.as_ref() != Some(before) {
            return Err(conflict());
        }
        access.remove(collection, *id, &decode(before)?)?;
    }
    for (id, change) in changes {
        match (&change.before, &change.after) {
            (Some(_), Some(after)) => access.insert_as(collection, *id, &decode(after)?)?,
            (None, Some(after)) => access.insert(collection, &decode(after)?)?,
            (_, None) => {}
        }
    }
    Ok(())
}

fn decode(bytes: &[u8]) -> Result<Document> {
    Ok(Document::from_reader(bytes)?)
}

fn by_id(db: &Connection, id: i64) -> Result<Option<Collection>> {
    let mut select = db.prepare_cached("SELECT db, name FROM mongo_collection WHERE id = ?")?;
    let name: Option<(String, String)> =
        select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match name {
        Some((db_name, collection)) => {
            catalog::read(db, &super::namespace::Namespace { db: db_name, collection })
        }
        None => Ok(None),
    }
}

fn conflict() -> Failure {
    let message = "Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your \
                   operation or multi-document transaction.";
    Code::WriteConflict.saying(message).labelled(TRANSIENT)
}
