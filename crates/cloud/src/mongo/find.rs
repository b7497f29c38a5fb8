//! `find`, and what a cursor of it goes on from.

use bson::raw::{RawDocument, RawDocumentBuf, cstr};
use bson::{Bson, Document, doc};

use super::access::Access;
use super::catalog::Collection;
use super::cursor::{self, Batch, Cursor, FIRST_BATCH, Fits, Source};
use super::dispatch::Reply;
use super::error::{Code, Result};
use super::namespace::Namespace;
use super::plan::{Order, Plan};
use super::query::filter::Match;
use super::query::projection::Projection;
use super::query::sort::Sort;
use super::scan::{Position, Skipped, Step};
use super::search::{Search, check_collation};
use super::sorter::Sorter;
use super::work::Work;

/// The error of a cursor whose collection or index has gone.
const PLAN_KILLED: i32 = 175;

/// Documents that are soon read.
const SHORT: u64 = 256;

const FIELDS: &[&str] = &[
    "filter",
    "sort",
    "projection",
    "hint",
    "skip",
    "limit",
    "batchSize",
    "singleBatch",
    "max",
    "min",
    "returnKey",
    "showRecordId",
    "tailable",
    "oplogReplay",
    "noCursorTimeout",
    "awaitData",
    "allowPartialResults",
    "collation",
    "allowDiskUse",
    "let",
    "ntoreturn",
];

/// Options that change what is found, and that are not here.
const ABSENT: &[&str] = &["max", "min", "returnKey", "showRecordId", "tailable", "awaitData", "ntoreturn"];

/// What a `find` asks for.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) namespace: Namespace,
    pub(super) search: Search,
    projection: Option<Projection>,
    skip: u64,
    limit: Option<u64>,
}

/// A find that goes on with every batch.
#[derive(Debug)]
pub(super) struct Stream {
    query: Query,
    collection: i64,
    plan: Plan,
    position: Option<Position>,
    /// Found, but too large for the batch that was full.
    carried: Option<RawDocumentBuf>,
}

/// A document that was looked for.
struct Found<'d> {
    raw: &'d RawDocument,
    document: Option<Document>,
    matched: Match,
}

/// Whether there may be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    None,
    Some,
}

/// `find`.
pub(super) async fn find(work: &mut Work) -> Result<Reply> {
    let query = Query::read(work)?;
    let arguments = &work.arguments;
    let most = arguments.count("batchSize")?.map_or(FIRST_BATCH, size);
    let single = arguments.flag("singleBatch")?.unwrap_or_default();
    let (namespace, session) = (query.namespace.clone(), work.session.clone());
    let keep_all = work.transaction.is_some();
    let little = query.search.names_one() || query.is_short();
    let job = move |access: &Access<'_>| query.begin(access, most, keep_all);
    let (batch, source) = if little { work.look(job).await? } else { work.read(job).await? };
    let id = match source.filter(|_| !single) {
        Some(source) => {
            work.mongo.cursors().keep(Cursor { namespace: namespace.clone(), session, source })?
        }
        None => 0,
    };
    Ok(cursor::reply(id, &namespace.to_string(), cstr!("firstBatch"), batch).into())
}

impl Query {
    /// Reads a `find`'s fields.
    pub(super) fn read(work: &Work) -> Result<Self> {
        let arguments = &work.arguments;
        arguments.only(FIELDS)?;
        check_collation(arguments.get("collation"))?;
        for option in ABSENT {
            if arguments.get(option).is_some_and(|value| *value != Bson::Boolean(false)) {
                let message = format!("find with `{option}` is not supported by this cloud; leave it out");
                return Err(Code::CommandNotSupported.saying(message));
            }
        }
        let context = work.mongo.context(&work.variables()?)?;
        let filter = arguments.document("filter")?.cloned().unwrap_or_default();
        let sort = arguments.document("sort")?;
        let natural = sort.and_then(|sort| sort.get("$natural")).map(|way| doc! { "$natural": way.clone() });
        let natural = natural.map(Bson::Document);
        let projection = arguments.document("projection")?.filter(|projection| !projection.is_empty());
        Ok(Self {
            namespace: work.namespace()?,
            search: Search::parse(&filter, sort, arguments.get("hint").or(natural.as_ref()), &context)?,
            projection: projection.map(|projection| Projection::parse(projection, &context)).transpose()?,
            skip: arguments.count("skip")?.unwrap_or(0),
            limit: arguments.count("limit")?.filter(|limit| *limit > 0),
        })
    }

    /// Whether it reads a few documents at the beginning of all, which an index has in their order: that takes less time than
    /// handing it to another thread.
    fn is_short(&self) -> bool {
        let Search { filter, sort, hint, .. } = &self.search;
        let as_it_is = filter.is_empty() && self.projection.as_ref().is_none_or(Projection::is_whole);
        let in_order = hint.is_none() && sort.as_ref().is_none_or(Sort::is_by_id);
        let few = |limit: u64| limit.saturating_add(self.skip) <= SHORT;
        as_it_is && in_order && self.limit.is_some_and(few)
    }

    /// The first batch, and where the next ones come from.
    fn begin(self, access: &Access<'_>, most: usize, keep_all: bool) -> Result<(Batch, Option<Source>)> {
        let Some(collection) = access.collection(&self.namespace)? else {
            return Ok((Batch::default(), None));
        };
        let plan = self.search.plan(access, &collection)?;
        if plan.order == Order::Other {
            return self.sorted(access, &collection, &plan).map(|sorted| split(sorted, most));
        }
        let id = collection.id;
        let mut stream = Stream { query: self, collection: id, plan, position: None, carried: None };
        if keep_all {
            return stream.all(access, &collection).map(|all| split(all, most));
        }
        let (batch, rest) = stream.fetch_from(access, &collection, most)?;
        Ok((batch, (rest == Rest::Some).then(|| Source::Stream(Box::new(stream)))))
    }

    /// Everything, in order.
    fn sorted(
        &self,
        access: &Access<'_>,
        collection: &Collection,
        plan: &Plan,
    ) -> Result<Vec<RawDocumentBuf>> {
        let most = self.limit.map(|limit| size(limit.saturating_add(self.skip)));
        let mut sorter = Sorter::new(most);
        access.scan(collection, plan, None, &mut |_, bytes| {
            let Some(found) = self.find(bytes)? else { return Ok(Step::Next) };
            let document = found.document.map_or_else(|| Document::from_reader(bytes), Ok)?;
            let key = self.search.sort.as_ref().map(|sort| sort.key(&document)).transpose()?;
            sorter.add(key.unwrap_or_default(), RawDocumentBuf::from_bytes(bytes.to_vec())?)?;
            Ok(Step::Next)
        })?;
        let wanted = sorter.finish().skip(size(self.skip));
        // What `$` stands for is found again, for the few that are shown.
        let shown = wanted.map(|document| match self.find(document.as_bytes())? {
            Some(found) if self.projection.is_some() => self.shown(found),
            _ => Ok(document.clone()),
        });
        shown.collect()
    }

    /// A document, if it is one of those looked for. It is decoded only where something has to be known of it.
    fn find<'d>(&self, bytes: &'d [u8]) -> Result<Option<Found<'d>>> {
        let raw = RawDocument::from_bytes(bytes)?;
        let is_cut = self.projection.as_ref().is_none_or(Projection::is_whole);
        if self.search.filter.is_empty() && is_cut {
            return Ok(Some(Found { raw, document: None, matched: Match::default() }));
        }
        let document = Document::try_from(raw)?;
        let matched = self.search.find(&document)?;
        Ok(matched.map(|matched| Found { raw, document: Some(document), matched }))
    }

    fn shown(&self, found: Found<'_>) -> Result<RawDocumentBuf> {
        match (&self.projection, &found.document) {
            (Some(projection), _) if projection.is_whole() => Ok(projection.cut(found.raw)?),
            (Some(projection), Some(document)) => {
                let shown = projection.apply(document, &found.matched)?;
                Ok(RawDocumentBuf::from_bytes(shown.to_vec()?)?)
            }
            _ => Ok(found.raw.to_owned()),
        }
    }
}

fn split(documents: Vec<RawDocumentBuf>, most: usize) -> (Batch, Option<Source>) {
    let mut waiting = documents.into();
    let batch = cursor::drain(&mut waiting, most);
    let source = if waiting.is_empty() { None } else { Some(Source::Buffer(waiting)) };
    (batch, source)
}

/// A number of documents as memory counts.
pub(super) fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl Stream {
    /// The next batch.
    ///
    /// # Errors
    /// 175 when the collection or the index has gone.
    pub(super) fn fetch(&mut self, access: &Access<'_>, most: usize) -> Result<(Batch, Rest)> {
        let collection = access.collection(&self.query.namespace)?;
        let killed =
            |what: &str| Code::Location(PLAN_KILLED).saying(format!("query plan killed :: {what} dropped"));
        let collection =
            collection.filter(|found| found.id == self.collection).ok_or_else(|| killed("collection"))?;
        if let Some(index) = self.plan.index()
            && !collection.indexes.iter().any(|found| found.id == index.id)
        {
            return Err(killed(&format!("index '{}'", index.name)));
        }
        self.fetch_from(access, &collection, most)
    }

    fn fetch_from(
        &mut self,
        access: &Access<'_>,
        collection: &Collection,
        most: usize,
    ) -> Result<(Batch, Rest)> {
        let mut batch = Batch::default();
        if most == 0 {
            return Ok((batch, Rest::Some));
        }
        if let Some(carried) = self.carried.take() {
            batch.push(&carried);
        }
        if self.query.limit == Some(0) {
            return Ok((batch, Rest::None));
        }
        if batch.len() >= most {
            return Ok((batch, Rest::Some));
        }
        let mut from = self.position.take();
        let plan = self.plan.clone();
        if from.is_none() && self.query.search.filter.is_empty() {
            match access.skip(collection, &plan, self.query.skip)? {
                Skipped::Behind(position) => {
                    self.query.skip = 0;
                    from = Some(position);
                }
                Skipped::Everything => return Ok((batch, Rest::None)),
                Skipped::Unknown => {}
            }
        }
        let stopped = self.each(access, collection, &plan, from.as_ref(), &mut batch, most)?;
        let done = self.query.limit == Some(0) && self.carried.is_none();
        self.position = stopped;
        Ok((batch, if self.position.is_none() || done { Rest::None } else { Rest::Some }))
    }

    fn each(
        &mut self,
        access: &Access<'_>,
        collection: &Collection,
        plan: &Plan,
        from: Option<&Position>,
        batch: &mut Batch,
        most: usize,
    ) -> Result<Option<Position>> {
        access.scan(collection, plan, from, &mut |_, bytes| {
            let Some(found) = self.query.find(bytes)? else { return Ok(Step::Next) };
            if self.query.skip > 0 {
                self.query.skip -= 1;
                return Ok(Step::Next);
            }
            let shown = self.query.shown(found)?;
            if let Some(limit) = &mut self.query.limit {
                *limit -= 1;
            }
            if batch.push(&shown) == Fits::No {
                self.carried = Some(shown);
                return Ok(Step::Stop);
            }
            let full = batch.len() >= most || self.query.limit == Some(0);
            Ok(if full { Step::Stop } else { Step::Next })
        })
    }

    /// Everything at once: what a transaction sees goes with it.
    fn all(mut self, access: &Access<'_>, collection: &Collection) -> Result<Vec<RawDocumentBuf>> {
        let (mut all, mut skip, mut limit) = (Sorter::new(None), self.query.skip, self.query.limit);
        self.query.skip = 0;
        access.scan(collection, &self.plan, None, &mut |_, bytes| {
            let Some(found) = self.query.find(bytes)? else { return Ok(Step::Next) };
            if skip > 0 {
                skip -= 1;
                return Ok(Step::Next);
            }
            all.add(Vec::new(), self.query.shown(found)?)?;
            limit = limit.map(|limit| limit - 1);
            Ok(if limit == Some(0) { Step::Stop } else { Step::Next })
        })?;
        Ok(all.finish().collect())
    }
}
