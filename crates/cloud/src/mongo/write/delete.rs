//! `delete`.

use std::pin::Pin;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::access::Access;
use super::super::catalog::Collection;
use super::super::dispatch::Reply;
use super::super::error::{Code, Result};
use super::super::search::{Quantity, Reach, Search, check_collation};
use super::super::work::Work;
use super::{Done, OwnedSite, Site, Statement, only, required};

/// Documents removed in one commit when many are.
const CHUNK: usize = 256;

/// One deletion.
#[derive(Debug)]
pub(in crate::mongo) struct Delete {
    statement: Document,
}

/// `delete`: `deletes` with `ordered`.
pub(in crate::mongo) async fn delete(work: &mut Work) -> Result<Reply> {
    work.arguments.only(&["deletes", "ordered", "let"])?;
    let deletes = work.arguments.statements("deletes")?;
    let deletes =
        deletes.iter().map(|one| Ok(Delete { statement: one.document()? })).collect::<Result<_>>()?;
    super::run::<Delete>(work, deletes).await
}

impl Delete {
    fn search(&self, context: &Arc<super::Context>) -> Result<(Search, Quantity)> {
        only(&self.statement, "delete.deletes", &["q", "limit", "hint", "collation"])?;
        check_collation(self.statement.get("collation"))?;
        let Bson::Document(filter) = required(&self.statement, "delete.deletes", "q")? else {
            return Err(Code::TypeMismatch.saying("BSON field 'delete.deletes.q' must be an object"));
        };
        let limit = required(&self.statement, "delete.deletes", "limit")?;
        let quantity = match super::super::arguments::whole(limit) {
            Some(0) => Quantity::Every,
            Some(1) => Quantity::One,
            _ => {
                let message = format!("The limit field in delete objects must be 0 or 1. Got {limit}");
                return Err(Code::FailedToParse.saying(message));
            }
        };
        Ok((Search::parse(filter, None, self.statement.get("hint"), context)?, quantity))
    }
}

impl Statement for Delete {
    fn run(&self, at: &Site<'_>) -> Result<Done> {
        let (search, quantity) = self.search(at.context)?;
        let Some(collection) = at.access.collection(at.namespace)? else { return Ok(Done::Deleted(0)) };
        let reach = reach(at.access);
        let Some(ids) = search.ids(at.access, &collection, quantity, reach)? else { return Ok(Done::Beyond) };
        remove(at.access, &collection, &search, &ids).map(Done::Deleted)
    }

    fn run_apart<'w>(
        self: Arc<Self>,
        work: &'w mut Work,
        site: OwnedSite,
    ) -> Pin<Box<dyn Future<Output = Result<Done>> + Send + 'w>> {
        Box::pin(async move {
            let (search, quantity) = self.search(&site.context)?;
            let search = Arc::new(search);
            loop {
                let (look, namespace) = (Arc::clone(&search), site.namespace.clone());
                let ids = work.read(move |access| find(access, &namespace, &look, quantity)).await?;
                let mut deleted = 0;
                for ids in ids.chunks(CHUNK) {
                    let (look, namespace, ids) = (Arc::clone(&search), site.namespace.clone(), ids.to_vec());
                    deleted += work
                        .write(move |access| match access.collection(&namespace)? {
                            Some(collection) => remove(access, &collection, &look, &ids),
                            None => Ok(0),
                        })
                        .await?;
                }
                // The one that was found may have been changed or deleted before it could be; then another is looked for.
                if quantity == Quantity::Every || deleted > 0 || ids.is_empty() {
                    return Ok(Done::Deleted(deleted));
                }
            }
        })
    }
}

/// How far a statement may look: in a transaction the writer does not wait for it.
pub(super) fn reach(access: &Access<'_>) -> Reach {
    if access.pending.is_some() { Reach::All } else { Reach::Documents(super::REACH) }
}

/// The ids that match, however far they are.
pub(super) fn find(
    access: &Access<'_>,
    namespace: &super::Namespace,
    search: &Search,
    quantity: Quantity,
) -> Result<Vec<i64>> {
    let Some(collection) = access.collection(namespace)? else { return Ok(Vec::new()) };
    Ok(search.ids(access, &collection, quantity, Reach::All)?.unwrap_or_default())
}

/// Removes those of the documents that are still there and still match.
fn remove(access: &Access<'_>, collection: &Collection, search: &Search, ids: &[i64]) -> Result<i64> {
    let mut removed = 0;
    for id in ids {
        let Some(bytes) = access.document(*id)? else { continue };
        let document = Document::from_reader(bytes.as_slice())?;
        if search.matches(&document)? {
            access.remove(collection, *id, &document)?;
            removed += 1;
        }
    }
    Ok(removed)
}
