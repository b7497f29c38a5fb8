//! `getMore` and `killCursors`.

use bson::raw::cstr;
use bson::{Bson, doc};

use super::cursor::{self, Batch, Cursor, Source};
use super::dispatch::Reply;
use super::error::{Code, Result};
use super::find::{Rest, size};
use super::namespace::Namespace;
use super::work::Work;

/// `getMore`: the next batch.
pub(super) async fn get_more(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(&["collection", "batchSize", "term", "lastKnownCommittedOpTime"])?;
    let id = match arguments.get("getMore") {
        Some(Bson::Int64(id)) => *id,
        Some(other) => return Err(arguments.wrong("getMore", other, "long")),
        None => return Err(arguments.missing("getMore")),
    };
    let collection = arguments.text("collection")?.ok_or_else(|| arguments.missing("collection"))?;
    let namespace = Namespace::new(&arguments.db, collection)?;
    // Without a number a batch is as large as a reply may be.
    let most = arguments.count("batchSize")?.filter(|count| *count > 0).map_or(usize::MAX, size);
    let cursor = work.mongo.cursors().take(id, &namespace, work.session.as_ref())?;
    let (batch, cursor) = match fetch(work, cursor, most).await {
        Ok(fetched) => fetched,
        Err(failure) => {
            work.mongo.cursors().close(id);
            return Err(failure);
        }
    };
    let left = match cursor {
        Some(cursor) => {
            work.mongo.cursors().put_back(id, cursor);
            id
        }
        None => {
            work.mongo.cursors().close(id);
            0
        }
    };
    Ok(cursor::reply(left, &namespace.to_string(), cstr!("nextBatch"), batch).into())
}

async fn fetch(work: &mut Work, mut cursor: Cursor, most: usize) -> Result<(Batch, Option<Cursor>)> {
    match cursor.source {
        Source::Buffer(mut waiting) => {
            let batch = cursor::drain(&mut waiting, most);
            let done = waiting.is_empty();
            cursor.source = Source::Buffer(waiting);
            Ok((batch, if done { None } else { Some(cursor) }))
        }
        Source::Stream(mut stream) => {
            let (batch, rest, stream) = work
                .read(move |access| {
                    let (batch, rest) = stream.fetch(access, most)?;
                    Ok((batch, rest, stream))
                })
                .await?;
            cursor.source = Source::Stream(stream);
            Ok((batch, if rest == Rest::None { None } else { Some(cursor) }))
        }
    }
}

/// `killCursors`.
pub(super) async fn kill_cursors(work: &mut Work) -> Result<Reply> {
    work.namespace()?;
    let arguments = &work.arguments;
    arguments.only(&["cursors"])?;
    let ids = arguments.array("cursors")?.ok_or_else(|| arguments.missing("cursors"))?;
    let (mut killed, mut missing) = (Vec::new(), Vec::new());
    for id in ids {
        let Bson::Int64(number) = id else { return Err(arguments.wrong("cursors", id, "long")) };
        if work.mongo.cursors().close(*number) { killed.push(id.clone()) } else { missing.push(id.clone()) }
    }
    let empty: Vec<Bson> = Vec::new();
    let reply = doc! {
        "cursorsKilled": killed, "cursorsNotFound": missing, "cursorsAlive": empty.clone(), "cursorsUnknown": empty,
    };
    if ids.is_empty() {
        return Err(Code::BadValue.saying("Must specify at least one cursor id in: killCursors"));
    }
    Ok(reply.into())
}
