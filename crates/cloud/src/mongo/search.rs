//! A filter with its sort and hint, and the documents it finds.

use std::sync::Arc;

use bson::{Bson, Document};

use super::access::Access;
use super::catalog::Collection;
use super::error::{Code, Result};
use super::plan::{Order, Plan, Wanted};
use super::query::context::Context;
use super::query::filter::{Filter, Match};
use super::query::sort::Sort;
use super::scan::{Position, Step};

/// What is looked for, parsed.
#[derive(Debug, Clone)]
pub(super) struct Search {
    pub(super) filter: Filter,
    pub(super) written: Document,
    pub(super) sort: Option<Sort>,
    pub(super) hint: Option<Bson>,
}

/// What is done with each document that matches: its id, its bytes, and what they say.
pub(super) type Meet<'v> = dyn FnMut(i64, &[u8], &Document) -> Result<Step> + 'v;

/// How many documents may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// This many: what the one writer may be kept from others' work for.
    Documents(usize),
    All,
}

/// How many documents are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    One,
    Every,
}

impl Search {
    pub(super) fn parse(
        written: &Document,
        sort: Option<&Document>,
        hint: Option<&Bson>,
        context: &Arc<Context>,
    ) -> Result<Self> {
        let sort = sort.filter(|sort| !sort.is_empty() && !sort.contains_key("$natural"));
        Ok(Self {
            filter: Filter::parse(written, context)?,
            written: written.clone(),
            sort: sort.map(Sort::parse).transpose()?,
            hint: hint.filter(|hint| !is_empty(hint)).cloned(),
        })
    }

    /// A filter that is parsed already.
    pub(super) fn of(filter: Filter, hint: Option<&Bson>) -> Self {
        Self { filter, written: Document::new(), sort: None, hint: hint.cloned() }
    }

    pub(super) fn plan(&self, access: &Access<'_>, collection: &Collection) -> Result<Plan> {
        let pending = access.pending.map(|pending| pending.borrow());
        let changed = pending.is_some_and(|pending| pending.of(collection.id).next().is_some());
        let wanted = Wanted {
            filter: &self.filter,
            written: &self.written,
            sort: self.sort.as_ref(),
            hint: self.hint.as_ref(),
            indexes_complete: !changed,
        };
        Plan::choose(collection, &wanted)
    }

    /// Whether it looks for one document by its `_id`, which is found without a scan.
    pub(super) fn names_one(&self) -> bool {
        let id = self.written.get("_id");
        let equals = |id: &Bson| !matches!(id, Bson::Document(_) | Bson::RegularExpression(_));
        self.hint.is_none() && id.is_some_and(equals)
    }

    /// Whether a document is one of those looked for.
    pub(super) fn matches(&self, document: &Document) -> Result<bool> {
        Ok(self.filter.is_empty() || self.filter.matches(document)?)
    }

    /// Whether a document is one of those looked for, and through which element of an array.
    pub(super) fn find(&self, document: &Document) -> Result<Option<Match>> {
        if self.filter.is_empty() {
            return Ok(Some(Match::default()));
        }
        Ok(self.filter.find(document)?)
    }

    /// Visits the documents that match, in the plan's order, from behind `from`.
    pub(super) fn each(
        &self,
        access: &Access<'_>,
        collection: &Collection,
        plan: &Plan,
        from: Option<&Position>,
        visit: &mut Meet<'_>,
    ) -> Result<Option<Position>> {
        access.scan(collection, plan, from, &mut |id, bytes| {
            let document = Document::from_reader(bytes)?;
            if self.matches(&document)? { visit(id, bytes, &document) } else { Ok(Step::Next) }
        })
    }

    /// The ids of the documents that match, in the order that is wanted; `None` when they are out of reach.
    pub(super) fn ids(
        &self,
        access: &Access<'_>,
        collection: &Collection,
        quantity: Quantity,
        reach: Reach,
    ) -> Result<Option<Vec<i64>>> {
        let plan = self.plan(access, collection)?;
        let (mut found, mut looked) = (Found::new(quantity, plan.order), 0_usize);
        let mut beyond = false;
        access.scan(collection, &plan, None, &mut |id, bytes| {
            looked += 1;
            if matches!(reach, Reach::Documents(most) if looked > most) {
                beyond = true;
                return Ok(Step::Stop);
            }
            let document = Document::from_reader(bytes)?;
            if !self.matches(&document)? {
                return Ok(Step::Next);
            }
            found.add(id, self.sort.as_ref(), &document)
        })?;
        Ok(if beyond { None } else { Some(found.into_ids()) })
    }
}

/// The ids found so far, with their sort keys where the plan does not give the order.
struct Found {
    quantity: Quantity,
    order: Order,
    ids: Vec<(Vec<u8>, i64)>,
}

impl Found {
    fn new(quantity: Quantity, order: Order) -> Self {
        Self { quantity, order, ids: Vec::new() }
    }

    fn add(&mut self, id: i64, sort: Option<&Sort>, document: &Document) -> Result<Step> {
        let key = match sort.filter(|_| self.order == Order::Other) {
            Some(sort) => sort.key(document)?,
            None => Vec::new(),
        };
        if self.quantity == Quantity::Every {
            self.ids.push((key, id));
            return Ok(Step::Next);
        }
        if self.ids.first().is_none_or(|(best, _)| key < *best) {
            self.ids = vec![(key, id)];
        }
        Ok(if self.order == Order::AsWanted { Step::Stop } else { Step::Next })
    }

    fn into_ids(mut self) -> Vec<i64> {
        if self.order == Order::Other {
            self.ids.sort();
        }
        self.ids.into_iter().map(|(_, id)| id).collect()
    }
}

/// The collation of a command or statement: only the one that compares bytes is here.
///
/// # Errors
/// 115 for any other.
pub(super) fn check_collation(collation: Option<&Bson>) -> Result<()> {
    match collation {
        None | Some(Bson::Null) => Ok(()),
        Some(Bson::Document(collation))
            if collation.is_empty() || collation.get_str("locale").is_ok_and(|text| text == "simple") =>
        {
            Ok(())
        }
        Some(_) => Err(Code::CommandNotSupported.saying(
            "collation is not supported by this cloud, except for the locale `simple`; leave it out, or normalise \
             the text before it is stored",
        )),
    }
}

fn is_empty(hint: &Bson) -> bool {
    match hint {
        Bson::Document(hint) => hint.is_empty(),
        Bson::String(hint) => hint.is_empty(),
        _ => false,
    }
}
