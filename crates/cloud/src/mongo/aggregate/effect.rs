//! `$out` and `$merge`: what a pipeline gives is written to a collection, some documents in each commit.

use bson::raw::RawDocumentBuf;
use bson::{Bson, Document};

use super::super::access::Access;
use super::super::catalog::{self, Collection};
use super::super::error::{Code, Result};
use super::super::index::{Uniqueness, context};
use super::super::namespace::Namespace;
use super::super::query::aggregate::{Effect, Pipeline};
use super::super::search::Search;
use super::super::work::Work;
use super::super::write::insert::prepare;
use super::merge::Merge;

/// Documents written in one commit.
const CHUNK: usize = 256;

/// Runs the pipeline and writes what it gives.
pub(super) async fn run(
    work: &mut Work,
    namespace: Namespace,
    pipeline: Pipeline,
    hint: Option<Bson>,
    effect: Effect,
) -> Result<()> {
    work.refuse_in_transaction()?;
    let db = namespace.db.clone();
    let found = work.read(move |access| super::collect(access, &namespace, &pipeline, hint.as_ref())).await?;
    match effect {
        Effect::Out { database, collection } => {
            let to = Namespace::new(&database.unwrap_or(db), &collection)?;
            to.check_writable()?;
            out(work, to, found).await
        }
        Effect::Merge { database, collection, on, matched, not_matched, variables } => {
            let to = Namespace::new(&database.unwrap_or(db), &collection)?;
            to.check_writable()?;
            merge(work, Merge { to, on, matched, not_matched, variables }, found).await
        }
    }
}

/// Writes a new collection beside the old one, and puts it in its place at the end.
async fn out(work: &mut Work, to: Namespace, found: Vec<RawDocumentBuf>) -> Result<()> {
    let name = format!("tmp.agg_out.{}", uuid::Uuid::new_v4());
    let beside = Namespace::new(&to.db, &name)?;
    let done = fill(work, &to, &beside, &found).await;
    let (failed, dropped) = (done.is_err(), beside.clone());
    let job = move |access: &Access<'_>| {
        if failed {
            let left = access.collection(&dropped)?;
            return left.map_or(Ok(()), |left| catalog::drop_collection(access.db, &left));
        }
        catalog::put_in_place(access.db, &beside, &to)
    };
    work.write(job).await?;
    work.mongo.tidy();
    done
}

/// Makes the new collection, with the indexes of the old one, and its documents.
async fn fill(work: &mut Work, to: &Namespace, beside: &Namespace, found: &[RawDocumentBuf]) -> Result<()> {
    let (to, made) = (to.clone(), beside.clone());
    work.write(move |access| {
        let created = catalog::create(access.db, &made, &Document::new())?;
        let old = access.collection(&to)?.map(|old| old.indexes).unwrap_or_default();
        old.iter()
            .filter(|index| !index.is_id() && !index.building)
            .try_for_each(|index| catalog::add_index(access.db, created.id, &index.spec).map(drop))
    })
    .await?;
    for documents in found.chunks(CHUNK) {
        let (into, documents) = (beside.clone(), documents.to_vec());
        work.write(move |access| {
            let collection = access.existing(&into)?;
            documents.iter().try_for_each(|document| {
                access.insert(&collection, &prepare(Document::try_from(document.as_ref())?)?)
            })
        })
        .await?;
    }
    Ok(())
}

async fn merge(work: &mut Work, merge: Merge, found: Vec<RawDocumentBuf>) -> Result<()> {
    let merge = std::sync::Arc::new(merge);
    let check = std::sync::Arc::clone(&merge);
    work.write(move |access| {
        let collection = catalog::ensure(access.db, &check.to)?;
        check_unique(&collection, &check.on)
    })
    .await?;
    for documents in found.chunks(CHUNK) {
        let (documents, merge) = (documents.to_vec(), std::sync::Arc::clone(&merge));
        let surroundings = work.mongo.context(&work.variables()?)?;
        work.write(move |access| {
            documents
                .iter()
                .try_for_each(|one| merge.one(access, Document::try_from(one.as_ref())?, &surroundings))
        })
        .await?;
    }
    Ok(())
}

/// # Errors
/// 51183 where no unique index is over exactly these fields.
fn check_unique(collection: &Collection, on: &[String]) -> Result<()> {
    let over = |index: &super::super::index::Index| {
        let fields: Vec<String> = index.pattern.iter().map(|(path, _)| path.to_string()).collect();
        fields.len() == on.len() && on.iter().all(|field| fields.contains(field))
    };
    let unique = |index: &super::super::index::Index| {
        index.uniqueness == Uniqueness::Unique && index.partial.is_none() && !index.sparse
    };
    if collection.indexes.iter().any(|index| unique(index) && over(index)) {
        return Ok(());
    }
    Err(Code::Location(51183).saying("Cannot find index to verify that join fields will be unique"))
}

/// The document with these values, if it is there.
pub(super) fn target(
    access: &Access<'_>,
    collection: &Collection,
    filter: &Document,
) -> Result<Option<(i64, Document)>> {
    let search = Search::parse(filter, None, None, &context())?;
    let quantity = super::super::search::Quantity::One;
    let ids = search.ids(access, collection, quantity, super::super::search::Reach::All)?;
    let Some(id) = ids.and_then(|ids| ids.first().copied()) else { return Ok(None) };
    let document = access.document(id)?.map(|bytes| Document::from_reader(bytes.as_slice())).transpose()?;
    Ok(document.map(|document| (id, document)))
}
