//! `count` and `distinct`.

use std::collections::HashSet;

use bson::{Bson, Document, doc};

use super::access::Access;
use super::catalog::Collection;
use super::dispatch::Reply;
use super::error::{Code, Result};
use super::query::key;
use super::scan::Step;
use super::search::{Search, check_collation};
use super::wire::MAX_DOCUMENT;
use super::work::Work;

/// The error of a `distinct` whose values don't fit into a reply.
const DISTINCT_TOO_BIG: i32 = 17217;

/// `count`.
pub(super) async fn count(work: &mut Work) -> Result<Reply> {
    work.refuse_in_transaction()?;
    let arguments = &work.arguments;
    arguments.only(&["query", "limit", "skip", "hint", "collation", "fields"])?;
    check_collation(arguments.get("collation"))?;
    let filter = arguments.document("query")?.cloned().unwrap_or_default();
    let search = Search::parse(&filter, None, arguments.get("hint"), &work.mongo.plain_context())?;
    // A negative limit is a positive one, as it is to MongoDB.
    let limit = arguments.whole("limit")?.map(i64::unsigned_abs).filter(|limit| *limit > 0);
    let skip = arguments.count("skip")?.unwrap_or(0);
    let namespace = work.namespace()?;
    let most = limit.map(|limit| limit.saturating_add(skip));
    let found = work
        .read(move |access| match access.collection(&namespace)? {
            Some(collection) => matching(access, &collection, &search, most),
            None => Ok(0),
        })
        .await?;
    let counted = found.min(most.unwrap_or(u64::MAX)).saturating_sub(skip);
    Ok(doc! { "n": i32::try_from(counted).unwrap_or(i32::MAX) }.into())
}

fn matching(access: &Access<'_>, collection: &Collection, search: &Search, most: Option<u64>) -> Result<u64> {
    if search.filter.is_empty() && search.hint.is_none() {
        return all(access, collection);
    }
    let plan = search.plan(access, collection)?;
    let mut count = 0;
    search.each(access, collection, &plan, None, &mut |_, _, _| {
        count += 1;
        Ok(if most == Some(count) { Step::Stop } else { Step::Next })
    })?;
    Ok(count)
}

/// All documents of a collection: the keys of `_id` are smaller than the documents.
pub(super) fn all(access: &Access<'_>, collection: &Collection) -> Result<u64> {
    let Some(index) = collection.indexes.first() else { return Ok(0) };
    let mut select = access.db.prepare_cached("SELECT count(*) FROM mongo_entry WHERE idx = ?")?;
    Ok(select.query_row([index.id], |row| row.get(0))?)
}

/// `distinct`.
pub(super) async fn distinct(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(&["key", "query", "hint", "collation"])?;
    check_collation(arguments.get("collation"))?;
    let key = arguments.text("key")?.ok_or_else(|| arguments.missing("key"))?.to_owned();
    let filter = arguments.document("query")?.cloned().unwrap_or_default();
    let search = Search::parse(&filter, None, arguments.get("hint"), &work.mongo.plain_context())?;
    let namespace = work.namespace()?;
    let values = work
        .read(move |access| match access.collection(&namespace)? {
            Some(collection) => values(access, &collection, &search, &key),
            None => Ok(Vec::new()),
        })
        .await?;
    Ok(doc! { "values": values }.into())
}

fn values(access: &Access<'_>, collection: &Collection, search: &Search, key: &str) -> Result<Vec<Bson>> {
    let plan = search.plan(access, collection)?;
    let path: Vec<&str> = key.split('.').collect();
    let (mut seen, mut values, mut bytes) = (HashSet::new(), Vec::new(), 0);
    search.each(access, collection, &plan, None, &mut |_, _, document| {
        at(document, &path, &mut |value| {
            let encoded = key::encode(value);
            let size = encoded.len();
            if seen.insert(encoded) {
                bytes += size;
                values.push(value.clone());
            }
        });
        if bytes > MAX_DOCUMENT {
            return Err(Code::Location(DISTINCT_TOO_BIG).saying("distinct too big, 16mb cap"));
        }
        Ok(Step::Next)
    })?;
    Ok(values)
}

/// Every value at the end of a path, the elements of arrays one by one.
fn at<'d>(document: &'d Document, path: &[&str], visit: &mut dyn FnMut(&'d Bson)) {
    let Some((first, rest)) = path.split_first() else { return };
    if let Some(value) = document.get(first) {
        within(value, rest, visit);
    }
}

fn within<'d>(value: &'d Bson, path: &[&str], visit: &mut dyn FnMut(&'d Bson)) {
    match (value, path) {
        (Bson::Array(items), []) => items.iter().for_each(visit),
        (value, []) => visit(value),
        (Bson::Document(document), path) => at(document, path, visit),
        (Bson::Array(items), [first, rest @ ..]) => {
            if let Some(item) = first.parse::<usize>().ok().and_then(|place| items.get(place)) {
                within(item, rest, visit);
            }
            let documents = items.iter().filter_map(Bson::as_document);
            documents.for_each(|document| at(document, path, visit));
        }
        _ => {}
    }
}
