//! MongoDB's query language over BSON, pure: no disk, no network, no clock. What a command is given from outside comes
//! in a [`context::Context`]. After MongoDB 7.0's manual ("Query and Projection Operators", "Update Operators",
//! "Aggregation Stages", "Aggregation Expressions").
//!
//! Everything is parsed once and then applied to many documents:
//!
//! | what | parse | apply |
//! |---|---|---|
//! | filter | `Filter::parse(&Document, &Arc<Context>) -> Result<Filter>` | `matches(&Document) -> Result<bool>`; `find(&Document) -> Result<Option<Match>>` (the place for `$`); `bounds(&Path, Arrays) -> Option<Bounds>` for the planner |
//! | sort | `Sort::parse(&Document) -> Result<Sort>` | `key(&Document) -> Result<Vec<u8>>` (byte order is the order), `components()` |
//! | projection | `Projection::parse(&Document, &Arc<Context>) -> Result<Projection>` | `apply(&Document, &Match) -> Result<Document>` |
//! | update | `Update::parse(&Bson, &[Document] /* arrayFilters */, &Arc<Context>) -> Result<Update>` | `apply(&Document, &Match) -> Result<Outcome>` (`Outcome::Unchanged` or `Changed(Document)`), `upsert(&Filter) -> Result<Document>` (the caller adds an `_id` where there is none), `is_replacement()` |
//! | pipeline | `Pipeline::parse(&[Bson], &Arc<Context>) -> Result<Pipeline>` | `run(Documents, &dyn Collections) -> Documents`; `effect() -> Option<&Effect>` (`$out`, `$merge`: the caller's to do), `leading_filter() -> Option<&Filter>` for the planner, `collections()` |
//! | expression | `Expression::parse(&Bson) -> Result<Expression>` | `evaluate(&Scope) -> Result<Option<Bson>>` (nothing is "missing") |
//! | index key | `Path::new(&str)`, `key::Direction` | `path::index_keys(&Document, &[(Path, Direction)]) -> Result<IndexKeys>` (error 171 for parallel arrays) |
//!
//! `Documents<'a>` is `Box<dyn Iterator<Item = Result<Document>> + 'a>`; `Collections` has
//! `scan(&self, name: &str, filter: Option<&Filter>) -> Result<Documents<'_>>`, which may give more than what matches.
//! `compare::compare` is the order of values, `key::encode` the same order as bytes.

pub(crate) mod aggregate;
mod calendar;
pub(crate) mod compare;
pub(crate) mod context;
mod decimal;
mod digits;
pub(crate) mod error;
pub(crate) mod expression;
pub(crate) mod filter;
pub(crate) mod key;
pub(crate) mod known;
mod number;
pub(crate) mod path;
mod pattern;
pub(crate) mod projection;
pub(crate) mod sort;
mod types;
pub(crate) mod update;
mod zone;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod cases;
