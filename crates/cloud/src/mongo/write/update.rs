//! `update`.

use std::pin::Pin;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::access::Access;
use super::super::arguments::type_name;
use super::super::catalog::Collection;
use super::super::dispatch::Reply;
use super::super::error::{Code, Result};
use super::super::query::context::Context;
use super::super::query::update::{Outcome, Update as Change};
use super::super::search::{Quantity, Search, check_collation};
use super::super::work::Work;
use super::delete::{find, reach};
use super::insert::prepare;
use super::{Done, OwnedSite, Site, Statement, only, required};

/// Documents changed in one commit when many are.
const CHUNK: usize = 256;

/// One update.
#[derive(Debug)]
pub(in crate::mongo) struct Update {
    statement: Document,
}

/// What an update means.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) search: Search,
    pub(super) change: Change,
    pub(super) quantity: Quantity,
    upsert: Upsert,
}

/// What is done when nothing matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Upsert {
    Nothing,
    Insert,
}

const FIELDS: &[&str] = &["q", "u", "c", "multi", "upsert", "arrayFilters", "hint", "collation"];

/// `update`: `updates` with `ordered`.
pub(in crate::mongo) async fn update(work: &mut Work) -> Result<Reply> {
    work.arguments.only(&["updates", "ordered", "bypassDocumentValidation", "let"])?;
    let updates = work.arguments.statements("updates")?;
    let updates =
        updates.iter().map(|one| Ok(Update { statement: one.document()? })).collect::<Result<_>>()?;
    super::run::<Update>(work, updates).await
}

impl Update {
    fn meaning(&self, context: &Arc<Context>) -> Result<Meaning> {
        let name = "update.updates";
        only(&self.statement, name, FIELDS)?;
        check_collation(self.statement.get("collation"))?;
        let Bson::Document(filter) = required(&self.statement, name, "q")? else {
            return Err(Code::TypeMismatch.saying("BSON field 'update.updates.q' must be an object"));
        };
        let context = match self.statement.get("c") {
            Some(Bson::Document(constants)) => &with(context, constants),
            _ => context,
        };
        let filters = array_filters(self.statement.get("arrayFilters"))?;
        let change = Change::parse(required(&self.statement, name, "u")?, &filters, context)?;
        let quantity = if flag(&self.statement, "multi") { Quantity::Every } else { Quantity::One };
        if quantity == Quantity::Every && change.is_replacement() {
            let message = "multi update is not supported for replacement-style update";
            return Err(Code::FailedToParse.saying(message));
        }
        let upsert = if flag(&self.statement, "upsert") { Upsert::Insert } else { Upsert::Nothing };
        let search = Search::parse(filter, None, self.statement.get("hint"), context)?;
        Ok(Meaning { search, change, quantity, upsert })
    }
}

impl Statement for Update {
    fn run(&self, at: &Site<'_>) -> Result<Done> {
        let meaning = self.meaning(at.context)?;
        let Some(collection) = at.access.collection(at.namespace)? else {
            return meaning.upsert(at);
        };
        let found = meaning.search.ids(at.access, &collection, meaning.quantity, reach(at.access))?;
        let Some(ids) = found else { return Ok(Done::Beyond) };
        let tally = meaning.apply(at.access, &collection, &ids)?;
        if tally.matched == 0 { meaning.upsert(at) } else { Ok(tally.done()) }
    }

    fn run_apart<'w>(
        self: Arc<Self>,
        work: &'w mut Work,
        site: OwnedSite,
    ) -> Pin<Box<dyn Future<Output = Result<Done>> + Send + 'w>> {
        Box::pin(async move {
            let meaning = Arc::new(self.meaning(&site.context)?);
            loop {
                let (look, namespace) = (Arc::clone(&meaning), site.namespace.clone());
                let ids =
                    work.read(move |access| find(access, &namespace, &look.search, look.quantity)).await?;
                if ids.is_empty() {
                    return insert_if_none(work, &meaning, &site).await;
                }
                let tally = change_all(work, &meaning, &site, &ids).await?;
                if tally.matched > 0 || meaning.quantity == Quantity::Every {
                    return Ok(tally.done());
                }
            }
        })
    }
}

/// Changes what was found, some documents in each commit.
async fn change_all(work: &mut Work, meaning: &Arc<Meaning>, site: &OwnedSite, ids: &[i64]) -> Result<Tally> {
    let mut tally = Tally::default();
    for ids in ids.chunks(CHUNK) {
        let (meaning, namespace, ids) = (Arc::clone(meaning), site.namespace.clone(), ids.to_vec());
        let more = work
            .write(move |access| match access.collection(&namespace)? {
                Some(collection) => meaning.apply(access, &collection, &ids),
                None => Ok(Tally::default()),
            })
            .await?;
        tally = Tally { matched: tally.matched + more.matched, modified: tally.modified + more.modified };
    }
    Ok(tally)
}

/// Nothing was found beside the writer. An upsert looks again where nobody can come between.
async fn insert_if_none(work: &mut Work, meaning: &Arc<Meaning>, site: &OwnedSite) -> Result<Done> {
    if meaning.upsert == Upsert::Nothing {
        return Ok(Done::Updated { matched: 0, modified: 0 });
    }
    let (meaning, site) = (Arc::clone(meaning), site.clone());
    work.write(move |access| {
        let at = Site { access, namespace: &site.namespace, context: &site.context };
        let ids = find(access, &site.namespace, &meaning.search, meaning.quantity)?;
        let Some(collection) = access.collection(&site.namespace)? else { return meaning.upsert(&at) };
        let tally = meaning.apply(access, &collection, &ids)?;
        if tally.matched == 0 { meaning.upsert(&at) } else { Ok(tally.done()) }
    })
    .await
}

/// How many documents an update found, and how many it changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    matched: i64,
    modified: i64,
}

impl Tally {
    fn done(self) -> Done {
        Done::Updated { matched: self.matched, modified: self.modified }
    }
}

impl Meaning {
    /// Changes those of the documents that are still there and still match.
    fn apply(&self, access: &Access<'_>, collection: &Collection, ids: &[i64]) -> Result<Tally> {
        let mut tally = Tally::default();
        for id in ids {
            let Some(bytes) = access.document(*id)? else { continue };
            let before = Document::from_reader(bytes.as_slice())?;
            let Some(matched) = self.search.filter.find(&before)? else { continue };
            tally.matched += 1;
            if let Outcome::Changed(after) = self.change.apply(&before, &matched)? {
                access.replace(collection, *id, &before, &after)?;
                tally.modified += 1;
            }
        }
        Ok(tally)
    }

    fn upsert(&self, at: &Site<'_>) -> Result<Done> {
        if self.upsert == Upsert::Nothing {
            return Ok(Done::Updated { matched: 0, modified: 0 });
        }
        let document = prepare(self.change.upsert(&self.search.filter)?)?;
        at.access.insert(&at.ensure()?, &document)?;
        Ok(Done::Upserted(document.get("_id").cloned().unwrap_or(Bson::Null)))
    }
}

/// The surroundings with a statement's own constants.
fn with(context: &Context, constants: &Document) -> Arc<Context> {
    let mut more = Context::new(context.now, context.random_bits());
    more.variables.extend(context.variables.clone());
    more.variables.extend(constants.clone());
    Arc::new(more)
}

fn flag(statement: &Document, name: &str) -> bool {
    match statement.get(name) {
        Some(Bson::Boolean(flag)) => *flag,
        Some(other) => super::super::arguments::whole(other).is_some_and(|number| number != 0),
        None => false,
    }
}

/// # Errors
/// 14 for an element that is no document.
pub(super) fn array_filters(filters: Option<&Bson>) -> Result<Vec<Document>> {
    match filters {
        None | Some(Bson::Null) => Ok(Vec::new()),
        Some(Bson::Array(filters)) => filters
            .iter()
            .map(|filter| match filter {
                Bson::Document(filter) => Ok(filter.clone()),
                other => {
                    let found = type_name(other);
                    let message = format!("BSON field 'arrayFilters' has an element of the wrong type '{found}', expected type 'object'");
                    Err(Code::TypeMismatch.saying(message))
                }
            })
            .collect(),
        Some(other) => {
            Err(super::super::arguments::wrong_type("update.updates.arrayFilters", other, "array"))
        }
    }
}
