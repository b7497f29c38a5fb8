//! Going along a plan, document by document, and on from where an earlier command stopped.

use bson::Document;
use rusqlite::{Rows, params};

use super::access::Access;
use super::catalog::Collection;
use super::error::Result;
use super::index::Index;
use super::plan::ranges::KeyRange;
use super::plan::{AccessPath, Plan, Way};

mod skip;

pub(super) use skip::Skipped;

/// Where a scan stopped: behind this document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Position {
    /// Which of the plan's ranges.
    range: usize,
    key: Vec<u8>,
    document: i64,
}

/// Whether to go on after a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Next,
    Stop,
}

/// What is done with each document: its id and its bytes.
pub(super) type Visit<'v> = dyn FnMut(i64, &[u8]) -> Result<Step> + 'v;

impl Access<'_> {
    /// Visits the plan's documents, from behind `from`. The answer is where it was stopped; `None` at the end.
    pub(super) fn scan(
        &self,
        collection: &Collection,
        plan: &Plan,
        from: Option<&Position>,
        visit: &mut Visit<'_>,
    ) -> Result<Option<Position>> {
        let mut scan = Scan { access: self, way: plan.direction, visit };
        let stopped = match &plan.path {
            AccessPath::Collection => scan.collection(collection, from)?,
            AccessPath::Index { index, ranges } => scan.ranges(index, ranges, from)?,
        };
        match stopped {
            Some(position) => Ok(Some(position)),
            None => scan.held_back(collection).map(|()| None),
        }
    }
}

struct Scan<'s, 'v> {
    access: &'s Access<'s>,
    way: Way,
    visit: &'s mut Visit<'v>,
}

impl Scan<'_, '_> {
    fn collection(&mut self, collection: &Collection, from: Option<&Position>) -> Result<Option<Position>> {
        let (mut first, mut last) = collection.range();
        let sql = match self.way {
            Way::Forward => {
                first = from.map_or(first, |from| from.document + 1);
                "SELECT id, document FROM mongo_document WHERE id BETWEEN ? AND ? ORDER BY id"
            }
            Way::Backward => {
                last = from.map_or(last, |from| from.document - 1);
                "SELECT id, document FROM mongo_document WHERE id BETWEEN ? AND ? ORDER BY id DESC"
            }
        };
        let access = self.access;
        let mut select = access.db.prepare_cached(sql)?;
        let mut rows = select.query(params![first, last])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if self.visit(id, row.get_ref(1)?.as_blob().unwrap_or_default())? == Step::Stop {
                return Ok(Some(Position { range: 0, key: Vec::new(), document: id }));
            }
        }
        Ok(None)
    }

    fn ranges(
        &mut self,
        index: &Index,
        ranges: &[KeyRange],
        from: Option<&Position>,
    ) -> Result<Option<Position>> {
        let begin = from.map_or(0, |from| from.range);
        for at in begin..ranges.len() {
            let place = if self.way == Way::Forward { at } else { ranges.len() - 1 - at };
            let Some(range) = ranges.get(place) else { break };
            let access = self.access;
            let from = from.filter(|from| from.range == at);
            let mut select = access.db.prepare_cached(entries(self.way, from.is_some()))?;
            let rows = match from {
                None => select.query(params![index.id, range.low, range.high])?,
                Some(from) => {
                    select.query(params![index.id, range.low, range.high, from.key, from.document])?
                }
            };
            if let Some((key, document)) = self.entries(index, ranges, rows)? {
                return Ok(Some(Position { range: at, key, document }));
            }
        }
        Ok(None)
    }

    fn entries(
        &mut self,
        index: &Index,
        ranges: &[KeyRange],
        mut rows: Rows<'_>,
    ) -> Result<Option<(Vec<u8>, i64)>> {
        while let Some(row) = rows.next()? {
            let (key, bytes) = (row.get_ref(0)?.as_blob(), row.get_ref(2)?.as_blob());
            let (key, bytes) = (key.unwrap_or_default(), bytes.unwrap_or_default());
            if index.multikey && !self.is_first(index, ranges, key, bytes)? {
                continue;
            }
            let id: i64 = row.get(1)?;
            if self.visit(id, bytes)? == Step::Stop {
                return Ok(Some((key.to_vec(), id)));
            }
        }
        Ok(None)
    }

    /// Whether this is the first of the document's keys that the scan meets: it comes once, at that one.
    fn is_first(&self, index: &Index, ranges: &[KeyRange], key: &[u8], document: &[u8]) -> Result<bool> {
        let document = Document::from_reader(document)?;
        let keys = index.keys(&document)?.keys;
        let met = |key: &&Vec<u8>| ranges.iter().any(|range| range.low <= **key && **key < range.high);
        let first =
            if self.way == Way::Forward { keys.iter().find(met) } else { keys.iter().rev().find(met) };
        Ok(first.is_none_or(|first| first == key))
    }

    /// Visits a document of the database, unless the transaction has changed it.
    fn visit(&mut self, id: i64, document: &[u8]) -> Result<Step> {
        self.access.step()?;
        let changed = self.access.pending.is_some_and(|pending| pending.borrow().get(id).is_some());
        if changed { Ok(Step::Next) } else { (self.visit)(id, document) }
    }

    /// Visits what the transaction has written. No command that stops in between goes on in a transaction.
    fn held_back(&mut self, collection: &Collection) -> Result<()> {
        let Some(pending) = self.access.pending else { return Ok(()) };
        let written: Vec<(i64, Vec<u8>)> = pending
            .borrow()
            .of(collection.id)
            .filter_map(|(id, change)| Some((id, change.after.clone()?)))
            .collect();
        for (id, document) in written {
            self.access.step()?;
            if (self.visit)(id, &document)? == Step::Stop {
                break;
            }
        }
        Ok(())
    }
}

fn entries(way: Way, from: bool) -> &'static str {
    match (way, from) {
        (Way::Forward, false) => {
            "SELECT e.key, e.document, d.document FROM mongo_entry e JOIN mongo_document d ON d.id = e.document \
             WHERE e.idx = ? AND e.key >= ? AND e.key < ? ORDER BY e.key, e.document"
        }
        (Way::Forward, true) => {
            "SELECT e.key, e.document, d.document FROM mongo_entry e JOIN mongo_document d ON d.id = e.document \
             WHERE e.idx = ? AND e.key >= ? AND e.key < ? AND (e.key, e.document) > (?, ?) \
             ORDER BY e.key, e.document"
        }
        (Way::Backward, false) => {
            "SELECT e.key, e.document, d.document FROM mongo_entry e JOIN mongo_document d ON d.id = e.document \
             WHERE e.idx = ? AND e.key >= ? AND e.key < ? ORDER BY e.key DESC, e.document DESC"
        }
        (Way::Backward, true) => {
            "SELECT e.key, e.document, d.document FROM mongo_entry e JOIN mongo_document d ON d.id = e.document \
             WHERE e.idx = ? AND e.key >= ? AND e.key < ? AND (e.key, e.document) < (?, ?) \
             ORDER BY e.key DESC, e.document DESC"
        }
    }
}
