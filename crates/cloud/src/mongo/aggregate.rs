//! `aggregate`: documents on their way through a pipeline's stages.

use std::collections::VecDeque;

use bson::raw::{RawDocumentBuf, cstr};
use bson::{Bson, Document};

use super::access::Access;
use super::catalog::Collection;
use super::cursor::{self, Cursor, FIRST_BATCH, Source};
use super::dispatch::Reply;
use super::error::{Code, Failure, Result};
use super::find::size;
use super::namespace::Namespace;
use super::plan::Plan;
use super::query::aggregate::{Collections, Documents, Pipeline};
use super::query::error::QueryError;
use super::query::filter::Filter;
use super::scan::{Position, Step};
use super::search::{Search, check_collation};
use super::sorter::Sorter;
use super::work::Work;

mod effect;
mod merge;

/// Documents fetched at once for a pipeline.
const CHUNK: usize = 256;

const FIELDS: &[&str] = &[
    "pipeline",
    "cursor",
    "allowDiskUse",
    "hint",
    "let",
    "collation",
    "bypassDocumentValidation",
    "explain",
    "needsMerge",
    "fromMongos",
];

/// `aggregate`.
pub(super) async fn aggregate(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(FIELDS)?;
    check_collation(arguments.get("collation"))?;
    if arguments.flag("explain")?.unwrap_or_default() {
        let message = "aggregate with `explain` is not supported by this cloud; send the command explain";
        return Err(Code::CommandNotSupported.saying(message));
    }
    let stages = arguments.array("pipeline")?.ok_or_else(|| arguments.missing("pipeline"))?;
    refuse_streams(stages)?;
    let most = batch_size(work)?;
    let context = work.mongo.context(&work.variables()?)?;
    let pipeline = Pipeline::parse(stages, &context)?;
    let namespace = namespace(work)?;
    let hint = arguments.get("hint").cloned();
    if let Some(effect) = pipeline.effect().cloned() {
        effect::run(work, namespace.clone(), pipeline, hint, effect).await?;
        return Ok(cursor::list(work, &namespace, Vec::new())?.into());
    }
    let source = namespace.clone();
    let found = work.read(move |access| collect(access, &source, &pipeline, hint.as_ref())).await?;
    reply(work, namespace, found, most)
}

fn reply(work: &Work, namespace: Namespace, found: Vec<RawDocumentBuf>, most: usize) -> Result<Reply> {
    let mut waiting: VecDeque<_> = found.into();
    let batch = cursor::drain(&mut waiting, most);
    let shown = namespace.to_string();
    let id = if waiting.is_empty() {
        0
    } else {
        let session = work.session.clone();
        work.mongo.cursors().keep(Cursor { namespace, session, source: Source::Buffer(waiting) })?
    };
    Ok(cursor::reply(id, &shown, cstr!("firstBatch"), batch).into())
}

fn batch_size(work: &Work) -> Result<usize> {
    let required = "The 'cursor' option is required, except for aggregate with the explain argument";
    let cursor = work.arguments.document("cursor")?.ok_or_else(|| Code::FailedToParse.saying(required))?;
    match cursor.get("batchSize").map(super::arguments::whole) {
        None => Ok(FIRST_BATCH),
        Some(Some(count)) if count >= 0 => Ok(size(count.unsigned_abs())),
        Some(_) => Err(Code::BadValue.saying("cursor.batchSize must be a number that is not negative")),
    }
}

/// The collection; `{aggregate: 1}` is of the database.
fn namespace(work: &Work) -> Result<Namespace> {
    match work.arguments.get("aggregate") {
        Some(Bson::String(_)) => work.namespace(),
        _ => {
            super::namespace::check_database(&work.arguments.db)?;
            Ok(Namespace { db: work.arguments.db.clone(), collection: "$cmd.aggregate".to_owned() })
        }
    }
}

fn refuse_streams(stages: &[Bson]) -> Result<()> {
    let streams = |stage: &Bson| stage.as_document().is_some_and(|stage| stage.contains_key("$changeStream"));
    if stages.iter().any(streams) {
        let message = "$changeStream is not supported by this cloud; read the collection again, or use a MongoDB server";
        return Err(Code::CommandNotSupported.saying(message));
    }
    Ok(())
}

/// All that the pipeline gives, as far as memory allows.
fn collect(
    access: &Access<'_>,
    namespace: &Namespace,
    pipeline: &Pipeline,
    hint: Option<&Bson>,
) -> Result<Vec<RawDocumentBuf>> {
    let mut all = Sorter::new(None);
    for document in results(access, namespace, pipeline, hint, &Neighbours { access, db: &namespace.db })? {
        let bytes = document?.to_vec()?;
        all.add(Vec::new(), RawDocumentBuf::from_bytes(bytes)?)?;
    }
    Ok(all.finish().collect())
}

/// What the pipeline gives, one by one.
fn results<'a>(
    access: &'a Access<'a>,
    namespace: &Namespace,
    pipeline: &'a Pipeline,
    hint: Option<&Bson>,
    neighbours: &'a Neighbours<'a>,
) -> Result<Documents<'a>> {
    let filter = pipeline.leading_filter().cloned();
    let found = found(access, namespace, filter, hint)?;
    Ok(pipeline.run(found, neighbours))
}

/// The documents of a collection that a filter passes, and maybe others.
fn found<'a>(
    access: &'a Access<'a>,
    namespace: &Namespace,
    filter: Option<Filter>,
    hint: Option<&Bson>,
) -> Result<Documents<'a>> {
    let Some(collection) = access.collection(namespace)? else { return Ok(Box::new(std::iter::empty())) };
    let filter = match filter {
        Some(filter) => filter,
        None => Filter::parse(&Document::new(), &super::index::context())?,
    };
    let plan = Search::of(filter, hint).plan(access, &collection)?;
    Ok(Box::new(Walk {
        access,
        collection,
        plan,
        position: Position::default(),
        fetched: VecDeque::new(),
        state: State::Begin,
    }))
}

/// The other collections of the database, for `$lookup` and `$unionWith`.
struct Neighbours<'a> {
    access: &'a Access<'a>,
    db: &'a str,
}

impl Collections for Neighbours<'_> {
    fn scan<'n>(&'n self, name: &str, filter: Option<&Filter>) -> super::query::error::Result<Documents<'n>> {
        let namespace = Namespace { db: self.db.to_owned(), collection: name.to_owned() };
        found(self.access, &namespace, filter.cloned(), None).map_err(plain)
    }
}

/// A failure as the language knows them.
fn plain(failure: Failure) -> QueryError {
    QueryError::new(failure.code.number(), failure.message)
}

/// Documents along a plan, fetched some at a time.
struct Walk<'a> {
    access: &'a Access<'a>,
    collection: Collection,
    plan: Plan,
    position: Position,
    fetched: VecDeque<Document>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Within,
    End,
}

impl Walk<'_> {
    fn fetch(&mut self) -> Result<()> {
        let from = (self.state == State::Within).then_some(&self.position);
        // What a transaction holds back comes last, and can't be gone on from.
        let most = if self.access.pending.is_some() { usize::MAX } else { CHUNK };
        let fetched = &mut self.fetched;
        let stopped = self.access.scan(&self.collection, &self.plan, from, &mut |_, bytes| {
            fetched.push_back(Document::from_reader(bytes)?);
            Ok(if fetched.len() < most { Step::Next } else { Step::Stop })
        })?;
        self.state = if stopped.is_some() { State::Within } else { State::End };
        self.position = stopped.unwrap_or_default();
        Ok(())
    }
}

impl Iterator for Walk<'_> {
    type Item = super::query::error::Result<Document>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fetched.is_empty()
            && self.state != State::End
            && let Err(failure) = self.fetch()
        {
            self.state = State::End;
            return Some(Err(plain(failure)));
        }
        self.fetched.pop_front().map(Ok)
    }
}
