//! Where a plan's first documents end: found by counting entries, without reading the documents.

use rusqlite::{OptionalExtension as _, params};

use super::Position;
use crate::mongo::access::Access;
use crate::mongo::catalog::Collection;
use crate::mongo::error::Result;
use crate::mongo::index::Index;
use crate::mongo::plan::ranges::KeyRange;
use crate::mongo::plan::{AccessPath, Plan, Way};

/// Where a scan goes on that leaves out its first documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mongo) enum Skipped {
    /// Behind the last of them.
    Behind(Position),
    /// There are no more than those.
    Everything,
    /// That takes a look at each.
    Unknown,
}

impl Access<'_> {
    /// Where the plan's first `count` documents end. Only for a search that all documents of the plan are found by.
    pub(in crate::mongo) fn skip(&self, collection: &Collection, plan: &Plan, count: u64) -> Result<Skipped> {
        let before = count.checked_sub(1).and_then(|before| i64::try_from(before).ok());
        let (Some(before), None) = (before, self.pending) else { return Ok(Skipped::Unknown) };
        let found = match &plan.path {
            AccessPath::Collection => self.document_behind(collection, plan.direction, before)?,
            AccessPath::Index { index, ranges } => match ranges.as_slice() {
                [range] if !index.multikey => self.entry_behind(index, range, plan.direction, before)?,
                _ => return Ok(Skipped::Unknown),
            },
        };
        Ok(found.map_or(Skipped::Everything, Skipped::Behind))
    }

    /// The collection's document that has `before` others before it.
    fn document_behind(&self, collection: &Collection, way: Way, before: i64) -> Result<Option<Position>> {
        let sql = match way {
            Way::Forward => {
                "SELECT id FROM mongo_document WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1 OFFSET ?"
            }
            Way::Backward => {
                "SELECT id FROM mongo_document WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1 OFFSET ?"
            }
        };
        let (first, last) = collection.range();
        let mut select = self.db.prepare_cached(sql)?;
        let id = select.query_row(params![first, last, before], |row| row.get(0)).optional()?;
        Ok(id.map(|document| Position { document, ..Position::default() }))
    }

    /// The range's entry that has `before` others before it.
    fn entry_behind(
        &self,
        index: &Index,
        range: &KeyRange,
        way: Way,
        before: i64,
    ) -> Result<Option<Position>> {
        let sql = match way {
            Way::Forward => {
                "SELECT key, document FROM mongo_entry WHERE idx = ? AND key >= ? AND key < ? \
                 ORDER BY key, document LIMIT 1 OFFSET ?"
            }
            Way::Backward => {
                "SELECT key, document FROM mongo_entry WHERE idx = ? AND key >= ? AND key < ? \
                 ORDER BY key DESC, document DESC LIMIT 1 OFFSET ?"
            }
        };
        let mut select = self.db.prepare_cached(sql)?;
        let found = select.query_row(params![index.id, range.low, range.high, before], |row| {
            Ok(Position { range: 0, key: row.get(0)?, document: row.get(1)? })
        });
        Ok(found.optional()?)
    }
}
