//! `collStats`, `dbStats` and `validate`: how much there is, and whether it fits together.

use bson::{Bson, Document, doc};
use rusqlite::params;

use super::access::Access;
use super::catalog::Collection;
use super::count;
use super::dispatch::Reply;
use super::error::Result;
use super::index::Index;
use super::namespace::check_database;
use super::plan::{AccessPath, Order, Plan, Way};
use super::scan::Step;
use super::work::Work;

/// What is found wrong with a collection is listed up to this many.
const PROBLEMS: usize = 20;

/// Documents of a collection, and their bytes.
fn documents(access: &Access<'_>, collection: &Collection) -> Result<(i64, i64)> {
    let (first, last) = collection.range();
    let sql =
        "SELECT count(*), coalesce(sum(length(document)), 0) FROM mongo_document WHERE id BETWEEN ? AND ?";
    Ok(access.db.prepare_cached(sql)?.query_row([first, last], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Entries of an index, and their bytes.
fn entries(access: &Access<'_>, index: &Index) -> Result<(i64, i64)> {
    let sql = "SELECT count(*), coalesce(sum(length(key) + 8), 0) FROM mongo_entry WHERE idx = ?";
    Ok(access.db.prepare_cached(sql)?.query_row([index.id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Bytes of a database's documents and indexes.
pub(super) fn database_size(access: &Access<'_>, db: &str) -> Result<i64> {
    let mut total = 0;
    for collection in access.collections(db)? {
        total += documents(access, &collection)?.1;
        for index in &collection.indexes {
            total += entries(access, index)?.1;
        }
    }
    Ok(total)
}

/// `collStats`.
pub(super) async fn collection(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    work.arguments.only(&["scale", "verbose"])?;
    let scale = i64::try_from(work.arguments.count("scale")?.unwrap_or(1).max(1)).unwrap_or(1);
    let namespace = work.namespace()?;
    let stats = work
        .read(move |access| {
            let Some(collection) = access.collection(&namespace)? else {
                return Ok(doc! {
                    "ns": namespace.to_string(), "size": 0, "count": 0, "storageSize": 0, "totalSize": 0,
                    "nindexes": 0, "totalIndexSize": 0, "indexSizes": {}, "scaleFactor": scale, "capped": false,
                });
            };
            of(access, &collection, scale)
        })
        .await?;
    Ok(stats.into())
}

fn of(access: &Access<'_>, collection: &Collection, scale: i64) -> Result<Document> {
    let (count, size) = documents(access, collection)?;
    let (mut sizes, mut indexes) = (Document::new(), 0);
    for index in &collection.indexes {
        let (_, bytes) = entries(access, index)?;
        sizes.insert(&index.name, bytes / scale);
        indexes += bytes;
    }
    let mut stats = doc! { "ns": collection.namespace.to_string(), "size": size / scale, "count": count };
    if count > 0 {
        stats.insert("avgObjSize", size / count);
    }
    stats.extend(doc! {
        "numOrphanDocs": 0, "storageSize": size / scale, "freeStorageSize": 0, "capped": false,
        "nindexes": number(collection.indexes.len()), "indexBuilds": [], "totalIndexSize": indexes / scale,
        "totalSize": (size + indexes) / scale, "indexSizes": sizes, "scaleFactor": scale,
    });
    Ok(stats)
}

/// `dbStats`.
pub(super) async fn database(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    work.arguments.only(&["scale", "freeStorage"])?;
    let scale = i64::try_from(work.arguments.count("scale")?.unwrap_or(1).max(1)).unwrap_or(1);
    let db = work.arguments.db.clone();
    check_database(&db)?;
    let stats = work.read(move |access| of_database(access, &db, scale)).await?;
    Ok(stats.into())
}

fn of_database(access: &Access<'_>, db: &str, scale: i64) -> Result<Document> {
    let collections = access.collections(db)?;
    let (mut objects, mut data, mut indexes, mut index_size) = (0, 0, 0, 0);
    for collection in &collections {
        let (count, size) = documents(access, collection)?;
        objects += count;
        data += size;
        indexes += collection.indexes.len();
        for index in &collection.indexes {
            index_size += entries(access, index)?.1;
        }
    }
    Ok(doc! {
        "db": db, "collections": number(collections.len()), "views": 0, "objects": objects,
        "avgObjSize": if objects > 0 { data / objects } else { 0 }, "dataSize": data / scale,
        "storageSize": data / scale, "indexes": number(indexes), "indexSize": index_size / scale,
        "totalSize": (data + index_size) / scale, "scaleFactor": scale,
    })
}

/// `validate`: every document against every index, and every index against the documents.
pub(super) async fn validate(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    work.arguments.only(&[
        "full",
        "repair",
        "metadata",
        "checkBSONConformance",
        "background",
        "fixMultikey",
    ])?;
    let namespace = work.namespace()?;
    let found = work
        .read(move |access| {
            let collection = access.existing(&namespace)?;
            checked(access, &collection)
        })
        .await?;
    Ok(found.into())
}

fn checked(access: &Access<'_>, collection: &Collection) -> Result<Document> {
    let (mut problems, mut count) = (Vec::<Bson>::new(), 0_i64);
    let mut expected = vec![0_i64; collection.indexes.len()];
    let sql = "SELECT EXISTS (SELECT 1 FROM mongo_entry WHERE idx = ? AND key = ? AND document = ?)";
    let mut select = access.db.prepare_cached(sql)?;
    let everything = Plan { path: AccessPath::Collection, direction: Way::Forward, order: Order::AsWanted };
    access.scan(collection, &everything, None, &mut |id, bytes| {
        count += 1;
        let document = Document::from_reader(bytes)?;
        for (index, expected) in collection.indexes.iter().zip(&mut expected) {
            for key in index.keys(&document)?.keys {
                *expected += 1;
                let there: bool = select.query_row(params![index.id, key, id], |row| row.get(0))?;
                if !there && problems.len() < PROBLEMS {
                    problems.push(format!("index {} has no entry for the document {id}", index.name).into());
                }
            }
        }
        Ok(Step::Next)
    })?;
    let mut keys = Document::new();
    for (index, expected) in collection.indexes.iter().zip(expected) {
        let (found, _) = entries(access, index)?;
        keys.insert(&index.name, found);
        if found != expected {
            let problem = format!("index {} has {found} entries, and the documents {expected}", index.name);
            problems.push(problem.into());
        }
    }
    Ok(doc! {
        "ns": collection.namespace.to_string(), "uuid": collection.uuid.to_string(), "nInvalidDocuments": 0,
        "nrecords": count, "nIndexes": number(collection.indexes.len()), "keysPerIndex": keys,
        "valid": problems.is_empty(), "repaired": false, "warnings": [], "errors": problems,
        "extraIndexEntries": [], "missingIndexEntries": [],
    })
}

/// A number of collections or indexes on the wire.
pub(super) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// How many documents all collections have together, for snapshots.
pub(super) fn everything(access: &Access<'_>) -> Result<(u64, u64)> {
    let (mut collections, mut documents) = (0, 0);
    for db in access.databases()? {
        for collection in access.collections(&db)? {
            collections += 1;
            documents += count::all(access, &collection)?;
        }
    }
    Ok((collections, documents))
}
