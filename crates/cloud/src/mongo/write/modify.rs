//! `findAndModify`: one document found, changed or removed, and given back as it was or is.

use std::sync::Arc;

use bson::{Bson, Document, doc};

use super::super::access::Access;
use super::super::catalog::Collection;
use super::super::dispatch::Reply;
use super::super::error::{Code, Result};
use super::super::query::context::Context;
use super::super::query::projection::Projection;
use super::super::query::update::{Outcome, Update};
use super::super::retry;
use super::super::search::{Quantity, Reach, Search, check_collation};
use super::super::session::Membership;
use super::super::work::Work;
use super::insert::prepare;
use super::{OwnedSite, Site, delete};

const FIELDS: &[&str] = &[
    "query",
    "sort",
    "remove",
    "update",
    "new",
    "fields",
    "upsert",
    "bypassDocumentValidation",
    "collation",
    "arrayFilters",
    "hint",
    "let",
];

/// What is to be done.
#[derive(Debug)]
struct Modify {
    search: Search,
    action: Action,
    given: Given,
    fields: Option<Projection>,
    upsert: bool,
}

#[derive(Debug)]
enum Action {
    Remove,
    Update(Box<Update>),
}

/// Which version the client gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    Before,
    After,
}

/// `findAndModify`.
pub(in crate::mongo) async fn find_and_modify(work: &mut Work) -> Result<Reply> {
    work.arguments.only(FIELDS)?;
    let site = OwnedSite { namespace: work.namespace()?, context: work.mongo.context(&work.variables()?)? };
    site.namespace.check_writable()?;
    let modify = Arc::new(Modify::read(work, &site.context)?);
    work.ensure(&site.namespace).await?;
    let mut reach = if work.transaction.is_some() { Reach::All } else { Reach::Documents(super::REACH) };
    let mut known = None;
    loop {
        let (modify, here, membership) = (Arc::clone(&modify), site.clone(), work.membership.clone());
        let candidates = known.take();
        let tried = Arc::clone(&modify);
        let reply =
            work.write(move |access| tried.attempt(access, &here, candidates, reach, &membership)).await?;
        if let Some(reply) = reply {
            return Ok(reply.into());
        }
        // Too far for the writer: looked for beside it, and tried again with what was found. If somebody comes
        // between too often, or there is none, the writer has to look.
        let namespace = site.namespace.clone();
        let looked = Arc::clone(&modify);
        let found =
            work.read(move |access| delete::find(access, &namespace, &looked.search, Quantity::One)).await?;
        reach = Reach::All;
        known = Some(found).filter(|found| !found.is_empty());
    }
}

impl Modify {
    fn read(work: &Work, context: &Arc<Context>) -> Result<Self> {
        let arguments = &work.arguments;
        check_collation(arguments.get("collation"))?;
        let flag =
            |name: &str| Ok::<_, super::super::error::Failure>(arguments.flag(name)?.unwrap_or_default());
        let (remove, upsert, new) = (flag("remove")?, flag("upsert")?, flag("new")?);
        let action = match (remove, arguments.get("update")) {
            (true, Some(_)) => {
                return Err(Code::FailedToParse.saying("Cannot specify both an update and remove=true"));
            }
            (true, None) if upsert => {
                return Err(Code::FailedToParse.saying("Cannot specify both upsert=true and remove=true"));
            }
            (true, None) if new => {
                let message = "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document";
                return Err(Code::FailedToParse.saying(message));
            }
            (true, None) => Action::Remove,
            (false, Some(update)) => {
                let filters = super::update::array_filters(arguments.get("arrayFilters"))?;
                Action::Update(Box::new(Update::parse(update, &filters, context)?))
            }
            (false, None) => {
                return Err(Code::FailedToParse.saying("Either an update or remove=true must be specified"));
            }
        };
        let filter = arguments.document("query")?.cloned().unwrap_or_default();
        let fields = arguments.document("fields")?.filter(|fields| !fields.is_empty());
        Ok(Self {
            search: Search::parse(&filter, arguments.document("sort")?, arguments.get("hint"), context)?,
            action,
            given: if new { Given::After } else { Given::Before },
            fields: fields.map(|fields| Projection::parse(fields, context)).transpose()?,
            upsert,
        })
    }

    /// Does it and keeps the answer; nothing is done when the document is out of reach.
    fn attempt(
        &self,
        access: &Access<'_>,
        site: &OwnedSite,
        candidates: Option<Vec<i64>>,
        reach: Reach,
        membership: &Membership,
    ) -> Result<Option<Document>> {
        if let Membership::Retryable { session, number } = membership
            && let Some(reply) = retry::answered(access.db, session, *number)?
        {
            return Ok(Some(reply));
        }
        let Some(reply) = self.run(access, site, candidates, reach)? else { return Ok(None) };
        if let Membership::Retryable { session, number } = membership {
            retry::note(access.db, session, *number, &reply)?;
        }
        Ok(Some(reply))
    }

    fn run(
        &self,
        access: &Access<'_>,
        site: &OwnedSite,
        candidates: Option<Vec<i64>>,
        reach: Reach,
    ) -> Result<Option<Document>> {
        let at = Site { access, namespace: &site.namespace, context: &site.context };
        let Some(collection) = access.collection(&site.namespace)? else { return self.none(&at).map(Some) };
        if let Some(found) = self.first(access, &collection, &candidates.unwrap_or_default())? {
            return self.change(access, &collection, found).map(Some);
        }
        let Some(ids) = self.search.ids(access, &collection, Quantity::One, reach)? else { return Ok(None) };
        match self.first(access, &collection, &ids)? {
            Some(found) => self.change(access, &collection, found).map(Some),
            None => self.none(&at).map(Some),
        }
    }

    /// The first of the documents that is still there and still matches.
    fn first(&self, access: &Access<'_>, _: &Collection, ids: &[i64]) -> Result<Option<(i64, Document)>> {
        for id in ids {
            let Some(bytes) = access.document(*id)? else { continue };
            let document = Document::from_reader(bytes.as_slice())?;
            if self.search.matches(&document)? {
                return Ok(Some((*id, document)));
            }
        }
        Ok(None)
    }

    fn change(
        &self,
        access: &Access<'_>,
        collection: &Collection,
        found: (i64, Document),
    ) -> Result<Document> {
        let (id, before) = found;
        let Action::Update(update) = &self.action else {
            access.remove(collection, id, &before)?;
            return Ok(doc! { "lastErrorObject": { "n": 1 }, "value": self.shown(&before)? });
        };
        let matched = self.search.filter.find(&before)?.unwrap_or_default();
        let after = match update.apply(&before, &matched)? {
            Outcome::Changed(after) => {
                access.replace(collection, id, &before, &after)?;
                after
            }
            Outcome::Unchanged => before.clone(),
        };
        let value = self.shown(if self.given == Given::After { &after } else { &before })?;
        Ok(doc! { "lastErrorObject": { "n": 1, "updatedExisting": true }, "value": value })
    }

    fn none(&self, at: &Site<'_>) -> Result<Document> {
        let (Action::Update(update), true) = (&self.action, self.upsert) else {
            let last = match self.action {
                Action::Remove => doc! { "n": 0 },
                Action::Update(_) => doc! { "n": 0, "updatedExisting": false },
            };
            return Ok(doc! { "lastErrorObject": last, "value": Bson::Null });
        };
        let document = prepare(update.upsert(&self.search.filter)?)?;
        at.access.insert(&at.ensure()?, &document)?;
        let id = document.get("_id").cloned().unwrap_or(Bson::Null);
        let value = if self.given == Given::After { self.shown(&document)? } else { Bson::Null };
        let last = doc! { "n": 1, "updatedExisting": false, "upserted": id };
        Ok(doc! { "lastErrorObject": last, "value": value })
    }

    fn shown(&self, document: &Document) -> Result<Bson> {
        let matched = self.search.find(document)?;
        Ok(match &self.fields {
            Some(fields) => fields.apply(document, &matched.unwrap_or_default())?.into(),
            None => document.clone().into(),
        })
    }
}
