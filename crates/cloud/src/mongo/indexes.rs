//! `createIndexes`, `listIndexes` and `dropIndexes`.

use bson::raw::RawDocumentBuf;
use bson::{Bson, Document, doc};
use rusqlite::{Connection, params};

use super::access::{Access, Limit};
use super::catalog::{self, Collection, INDEXES};
use super::cursor;
use super::dispatch::Reply;
use super::error::{Code, Failure, Result};
use super::index::Index;
use super::index::spec::{self, Novelty};
use super::namespace::Namespace;
use super::query::compare;
use super::work::Work;
use crate::store::Store;

/// Documents put into a new index in one commit.
const CHUNK: i64 = 500;

/// `createIndexes`. Others read and write while the index is made.
pub(super) async fn create(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    work.arguments.only(&["indexes", "commitQuorum", "ignoreUnknownIndexOptions"])?;
    let specs = work.arguments.statements("indexes")?;
    if specs.is_empty() {
        return Err(Code::BadValue.saying("Must specify at least one index to create"));
    }
    let specs: Vec<Document> =
        specs.iter().map(|one| spec::check(&one.document()?)).collect::<Result<_>>()?;
    let namespace = work.namespace()?;
    namespace.check_writable()?;
    let mongo = work.mongo.clone();
    let _alone = mongo.building().lock().await;
    let wanted = namespace.clone();
    let (before, made, created) = work.write(move |access| begin(access, &wanted, &specs)).await?;
    if let Err(failure) = build(work.mongo.store(), &namespace, &made).await {
        let names: Vec<i64> = made.iter().map(|index| index.id).collect();
        work.mongo.store().write(move |db| names.iter().try_for_each(|id| forget(db, *id))).await?;
        return Err(failure.after("Index build failed: "));
    }
    let before = i32::try_from(before).unwrap_or(i32::MAX);
    let after = before.saturating_add(i32::try_from(made.len()).unwrap_or(i32::MAX));
    let mut reply = doc! {
        "numIndexesBefore": before, "numIndexesAfter": after, "createdCollectionAutomatically": created,
    };
    if made.is_empty() {
        reply.insert("note", "all indexes already exist");
    }
    Ok(reply.into())
}

/// Makes the rows of new indexes: how many there were, the new ones, whether the collection is new.
fn begin(
    access: &Access<'_>,
    namespace: &Namespace,
    specs: &[Document],
) -> Result<(usize, Vec<Index>, bool)> {
    let found = access.collection(namespace)?;
    let created = found.is_none();
    let mut collection = match found {
        Some(collection) => collection,
        None => catalog::create(access.db, namespace, &Document::new())?,
    };
    let (before, mut made) = (collection.indexes.len(), Vec::new());
    for spec in specs {
        if spec::novelty(spec, &collection.indexes)? == Novelty::Known {
            continue;
        }
        if collection.indexes.len() >= INDEXES {
            let message = format!(
                "add index fails, too many indexes for {namespace} key:{}",
                super::index::shown(&spec.get_document("key").cloned().unwrap_or_default())
            );
            return Err(Code::CannotCreateIndex.saying(message));
        }
        let index = catalog::add_index(access.db, collection.id, spec)?;
        access.db.prepare_cached("UPDATE mongo_index SET building = 1 WHERE id = ?")?.execute([index.id])?;
        collection.indexes.push(index.clone());
        made.push(index);
    }
    Ok((before, made, created))
}

/// Puts the documents that are there into new indexes, some in each commit, and opens the indexes for reading.
async fn build(store: &Store, namespace: &Namespace, made: &[Index]) -> Result<()> {
    let mut from = 0;
    while let Some(last) = {
        let (namespace, made) = (namespace.clone(), made.to_vec());
        store.write(move |db| fill(db, &namespace, &made, from)).await?
    } {
        from = last + 1;
    }
    Ok(())
}

/// Indexes some documents from `from` on: the last one's id, or nothing when the indexes are ready.
fn fill(db: &Connection, namespace: &Namespace, made: &[Index], from: i64) -> Result<Option<i64>> {
    let gone = || Code::OperationFailed.saying(format!("collection {namespace} was dropped"));
    let collection = catalog::read(db, namespace)?.ok_or_else(gone)?;
    let access = Access::new(db, None, Limit::default());
    let (first, end) = collection.range();
    let sql = "SELECT id, document FROM mongo_document WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(params![first.max(from), end, CHUNK])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let document = Document::from_reader(row.get_ref(1)?.as_blob().unwrap_or_default())?;
        for index in made {
            access.index(&collection, index, id, &document)?;
        }
        last = Some(id);
    }
    if last.is_none() {
        for index in made {
            db.prepare_cached("UPDATE mongo_index SET building = 0 WHERE id = ?")?.execute([index.id])?;
        }
    }
    Ok(last)
}

fn forget(db: &Connection, index: i64) -> Result<()> {
    db.prepare_cached("DELETE FROM mongo_index WHERE id = ?")?.execute([index])?;
    db.prepare_cached("INSERT OR IGNORE INTO mongo_doomed (kind, id) VALUES (1, ?)")?.execute([index])?;
    Ok(())
}

/// Forgets indexes that an earlier process had not finished: nobody was told that they are there.
pub(super) fn forget_unfinished(db: &Connection) -> Result<()> {
    let mut select = db.prepare_cached("SELECT id FROM mongo_index WHERE building = 1")?;
    let ids: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    ids.iter().try_for_each(|id| forget(db, *id))
}

/// `listIndexes`.
pub(super) async fn list(work: &mut Work) -> Result<Reply> {
    work.arguments.only(&["cursor", "includeBuildUUIDs", "includeIndexBuildInfo"])?;
    let namespace = work.namespace()?;
    let wanted = namespace.clone();
    let specs = work
        .read(move |access| {
            let missing = || Code::NamespaceNotFound.saying(format!("ns does not exist: {wanted}"));
            let collection = access.collection(&wanted)?.ok_or_else(missing)?;
            let ready = collection.indexes.iter().filter(|index| !index.building);
            ready
                .map(|index| Ok(RawDocumentBuf::from_bytes(index.spec.to_vec()?)?))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    Ok(cursor::list(work, &namespace, specs)?.into())
}

/// `dropIndexes`.
pub(super) async fn drop(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    work.arguments.only(&["index"])?;
    let wanted = work.arguments.get("index").ok_or_else(|| work.arguments.missing("index"))?.clone();
    let namespace = work.namespace()?;
    let (before, all) = work
        .write(move |access| {
            let collection = access.existing(&namespace)?;
            let dropped = chosen(&collection, &wanted)?;
            dropped.iter().try_for_each(|index| catalog::drop_index(access.db, index))?;
            Ok((collection.indexes.len(), wanted.as_str() == Some("*")))
        })
        .await?;
    let mut reply = doc! { "nIndexesWas": i32::try_from(before).unwrap_or(i32::MAX) };
    if all {
        reply.insert("msg", "non-_id indexes dropped for collection");
    }
    Ok(reply.into())
}

/// The indexes that `*`, a name, a key or several names mean.
fn chosen<'c>(collection: &'c Collection, wanted: &Bson) -> Result<Vec<&'c Index>> {
    match wanted {
        Bson::String(all) if all == "*" => {
            Ok(collection.indexes.iter().filter(|index| !index.is_id()).collect())
        }
        Bson::String(name) => {
            let missing = || Code::IndexNotFound.saying(format!("index not found with name [{name}]"));
            droppable(collection.index_named(name).ok_or_else(missing)?).map(|index| vec![index])
        }
        Bson::Document(key) => {
            let same = |index: &&Index| compare::compare_documents(&index.key(), key).is_eq();
            let found = collection.indexes.iter().find(same);
            let missing = || {
                let key = super::index::shown(key);
                Code::IndexNotFound.saying(format!("can't find index with key: {key}"))
            };
            droppable(found.ok_or_else(missing)?).map(|index| vec![index])
        }
        Bson::Array(names) => {
            let each = names.iter().map(|name| chosen(collection, name)).collect::<Result<Vec<_>>>()?;
            Ok(each.into_iter().flatten().collect())
        }
        other => Err(super::arguments::wrong_type("dropIndexes.index", other, "string")),
    }
}

fn droppable(index: &Index) -> Result<&Index> {
    let refused: fn() -> Failure = || Code::InvalidOptions.saying("cannot drop _id index");
    if index.is_id() { Err(refused()) } else { Ok(index) }
}
