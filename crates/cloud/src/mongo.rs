//! MongoDB's wire protocol over the same database: what the official drivers need for ordinary applications.
//! After MongoDB 7.0's manual, its wire protocol page and the drivers' specifications.

#[expect(dead_code, reason = "the commands that ask it are on their way")]
mod query;

pub(crate) use self::query::known;
