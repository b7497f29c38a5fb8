//! `create`, `drop`, `dropDatabase`, `renameCollection`, `collMod`, `listCollections` and `listDatabases`.

use bson::raw::RawDocumentBuf;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document, doc};
use rusqlite::params;

use super::access::Access;
use super::arguments::Arguments;
use super::catalog::{self, Collection};
use super::cursor;
use super::dispatch::Reply;
use super::error::{Code, Result};
use super::index::spec::check_seconds;
use super::namespace::{self, Namespace};
use super::query::compare;
use super::query::filter::Filter;
use super::search::check_collation;
use super::work::Work;

/// What a collection may be elsewhere, and not here.
const KINDS: &[(&str, &str)] = &[
    ("capped", "a capped collection"),
    ("viewOn", "a view"),
    ("pipeline", "a view"),
    ("timeseries", "a time series collection"),
    ("clusteredIndex", "a clustered collection"),
    ("validator", "a validator"),
    ("changeStreamPreAndPostImages", "a change stream"),
    ("encryptedFields", "queryable encryption"),
    ("expireAfterSeconds", "a time series collection"),
];

const CREATE: &[&str] = &[
    "size",
    "max",
    "flags",
    "autoIndexId",
    "idIndex",
    "storageEngine",
    "validationLevel",
    "validationAction",
    "indexOptionDefaults",
    "collation",
    "capped",
    "viewOn",
    "pipeline",
    "timeseries",
    "clusteredIndex",
    "validator",
    "changeStreamPreAndPostImages",
    "encryptedFields",
    "expireAfterSeconds",
];

/// `create`.
pub(super) async fn create(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(CREATE)?;
    check_collation(arguments.get("collation"))?;
    check_kind(arguments)?;
    let namespace = work.namespace()?;
    let create = move |access: &Access<'_>| {
        if access.collection(&namespace)?.is_some() {
            let message = format!("Collection {namespace} already exists.");
            return Err(Code::NamespaceExists.saying(message));
        }
        catalog::create(access.db, &namespace, &Document::new())
    };
    if work.transaction.is_none() {
        work.write(create).await?;
        return Ok(Document::new().into());
    }
    // It is there for everybody at once; the transaction's snapshot would not show it.
    let limit = super::access::Limit::default();
    let made = work.mongo.store().write(move |db| create(&Access::new(db, None, limit))).await?;
    if let Some(transaction) = &mut work.transaction {
        transaction.pending.note_created(made);
    }
    Ok(Document::new().into())
}

fn check_kind(arguments: &Arguments) -> Result<()> {
    for (option, what) in KINDS {
        let is_asked = match arguments.get(option) {
            None | Some(Bson::Boolean(false)) => false,
            Some(Bson::Document(document)) => !document.is_empty(),
            Some(_) => true,
        };
        if is_asked {
            let message =
                format!("{what} (`{option}`) is not supported by this cloud; create a plain collection");
            return Err(Code::CommandNotSupported.saying(message));
        }
    }
    Ok(())
}

/// `drop`. Of a collection that is not there it does nothing, as since MongoDB 7.0.
pub(super) async fn drop(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    let namespace = work.namespace()?;
    let shown = namespace.to_string();
    let dropped = work
        .write(move |access| {
            let found = access.collection(&namespace)?;
            found.iter().try_for_each(|collection| catalog::drop_collection(access.db, collection))?;
            Ok(found.map(|collection| collection.indexes.len()))
        })
        .await?;
    work.mongo.tidy();
    Ok(match dropped {
        Some(indexes) => {
            doc! { "nIndexesWas": i32::try_from(indexes).unwrap_or(i32::MAX), "ns": shown }.into()
        }
        None => Document::new().into(),
    })
}

/// `dropDatabase`.
pub(super) async fn drop_database(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    let db = work.arguments.db.clone();
    namespace::check_database(&db)?;
    let dropped = work
        .write(move |access| {
            let collections = access.collections(&db)?;
            collections.iter().try_for_each(|collection| catalog::drop_collection(access.db, collection))?;
            Ok(if collections.is_empty() { None } else { Some(db) })
        })
        .await?;
    work.mongo.tidy();
    Ok(dropped.map_or_else(Document::new, |db| doc! { "dropped": db }).into())
}

/// `renameCollection`.
pub(super) async fn rename(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    let arguments = &work.arguments;
    check_admin(arguments)?;
    arguments.only(&["to", "dropTarget"])?;
    let from = Namespace::parse(arguments.target()?)?;
    let to = Namespace::parse(arguments.text("to")?.ok_or_else(|| arguments.missing("to"))?)?;
    let replace = arguments.flag("dropTarget")?.unwrap_or_default();
    if from == to {
        return Err(Code::IllegalOperation.saying("Can't rename a collection to itself"));
    }
    to.check_writable()?;
    work.write(move |access| {
        let missing = || Code::NamespaceNotFound.saying(format!("Source collection {from} does not exist"));
        access.collection(&from)?.ok_or_else(missing)?;
        if access.collection(&to)?.is_some() && !replace {
            return Err(Code::NamespaceExists.saying("target namespace exists"));
        }
        catalog::put_in_place(access.db, &from, &to)
    })
    .await?;
    Ok(Document::new().into())
}

/// `collMod`: of an index, when documents expire, and whether it is hidden.
pub(super) async fn modify(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    let arguments = &work.arguments;
    arguments.only(&["index", "validator", "validationLevel", "validationAction", "viewOn", "pipeline"])?;
    check_kind(arguments)?;
    let namespace = work.namespace()?;
    let change = arguments.document("index")?.cloned();
    let reply = work
        .write(move |access| {
            let collection = access.existing(&namespace)?;
            change.map_or_else(|| Ok(Document::new()), |change| modify_index(access, &collection, &change))
        })
        .await?;
    Ok(reply.into())
}

fn modify_index(access: &Access<'_>, collection: &Collection, change: &Document) -> Result<Document> {
    let found = match (change.get("name"), change.get("keyPattern")) {
        (Some(Bson::String(name)), None) => collection.index_named(name),
        (None, Some(Bson::Document(key))) => {
            collection.indexes.iter().find(|index| compare::compare_documents(&index.key(), key).is_eq())
        }
        _ => {
            return Err(
                Code::InvalidOptions.saying("Must specify either index name or key pattern, not both")
            );
        }
    };
    let index = found.ok_or_else(|| {
        let namespace = &collection.namespace;
        Code::IndexNotFound
            .saying(format!("cannot find index {} for ns {namespace}", super::index::shown(change)))
    })?;
    let (mut spec, mut reply) = (index.spec.clone(), Document::new());
    if let Some(seconds) = change.get("expireAfterSeconds") {
        let seconds = check_seconds(seconds)?;
        if let Some(old) = spec.insert("expireAfterSeconds", i32::try_from(seconds).unwrap_or(i32::MAX)) {
            reply.insert("expireAfterSeconds_old", old);
        }
        reply.insert("expireAfterSeconds_new", seconds);
    }
    if let Some(Bson::Boolean(hidden)) = change.get("hidden") {
        reply.insert("hidden_old", spec.get_bool("hidden").unwrap_or_default());
        reply.insert("hidden_new", *hidden);
        spec.insert("hidden", *hidden);
    }
    let sql = "UPDATE mongo_index SET spec = ? WHERE id = ?";
    access.db.prepare_cached(sql)?.execute(params![spec.to_vec()?, index.id])?;
    Ok(reply)
}

/// `listCollections`.
pub(super) async fn list(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(&["filter", "nameOnly", "authorizedCollections", "cursor"])?;
    let db = arguments.db.clone();
    namespace::check_database(&db)?;
    let filter = arguments.document("filter")?.cloned().unwrap_or_default();
    let filter = Filter::parse(&filter, &work.mongo.plain_context())?;
    let name_only = arguments.flag("nameOnly")?.unwrap_or_default();
    let namespace = Namespace { db: db.clone(), collection: "$cmd.listCollections".to_owned() };
    let listed = work
        .read(move |access| {
            let mut listed = Vec::new();
            for collection in access.collections(&db)? {
                let whole = described(&collection);
                if filter.matches(&whole)? {
                    let shown = if name_only {
                        doc! { "name": collection.namespace.collection, "type": "collection" }
                    } else {
                        whole
                    };
                    listed.push(RawDocumentBuf::from_bytes(shown.to_vec()?)?);
                }
            }
            Ok(listed)
        })
        .await?;
    Ok(cursor::list(work, &namespace, listed)?.into())
}

fn described(collection: &Collection) -> Document {
    let uuid = Binary { subtype: BinarySubtype::Uuid, bytes: collection.uuid.as_bytes().to_vec() };
    doc! {
        "name": &collection.namespace.collection,
        "type": "collection",
        "options": collection.options.clone(),
        "info": { "readOnly": false, "uuid": uuid },
        "idIndex": { "v": 2, "key": { "_id": 1 }, "name": "_id_" },
    }
}

/// `listDatabases`.
pub(super) async fn list_databases(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    check_admin(arguments)?;
    arguments.only(&["filter", "nameOnly", "authorizedDatabases"])?;
    let filter = arguments.document("filter")?.cloned().unwrap_or_default();
    let filter = Filter::parse(&filter, &work.mongo.plain_context())?;
    let name_only = arguments.flag("nameOnly")?.unwrap_or_default();
    let all = work
        .read(|access| {
            let sized = access.databases()?.into_iter().map(|db| {
                let size = super::stats::database_size(access, &db)?;
                Ok(doc! { "name": db, "sizeOnDisk": size, "empty": false })
            });
            sized.collect::<Result<Vec<_>>>()
        })
        .await?;
    let (mut shown, mut total) = (Vec::<Bson>::new(), 0);
    for database in all {
        if filter.matches(&database)? {
            total += database.get_i64("sizeOnDisk").unwrap_or(0);
            let name = database.get_str("name").unwrap_or_default().to_owned();
            shown.push(if name_only { doc! { "name": name }.into() } else { database.into() });
        }
    }
    let mut reply = doc! { "databases": shown };
    if !name_only {
        reply.insert("totalSize", total);
        reply.insert("totalSizeMb", total / (1024 * 1024));
    }
    Ok(reply.into())
}

/// # Errors
/// 13 for a command that only the database `admin` has.
pub(super) fn check_admin(arguments: &Arguments) -> Result<()> {
    if arguments.db == "admin" {
        return Ok(());
    }
    let message = format!("{} may only be run against the admin database.", arguments.name);
    Err(Code::Unauthorized.saying(message))
}
